#include "catalog/name.h"

#include <string.h>

/* Greater than any name that text may hold: the last code point, a noncharacter, several times. */
#define LAST TEXT("\U0010FFFF\U0010FFFF\U0010FFFF\U0010FFFF")

bool context_is_default(text_t context)
{
    return context.bytes == 0 || text_is(context, ".");
}

bool subject_name_is_qualified(text_t given)
{
    return text_starts(given, TEXT(":.")) && !text_starts(given, SCOPE_DEFAULT) && !text_is(given, ":.");
}

subject_name_t subject_name_in(text_t context, text_t subject, arena_t *arena)
{
    if (context_is_default(context))
        return (subject_name_t){CONTEXT_DEFAULT, subject, subject};
    return (subject_name_t){
        context, subject,
        text_printf(arena, ":" TEXT_FMT ":" TEXT_FMT, TEXT_ARG(context), TEXT_ARG(subject))};
}

subject_name_t subject_name_parse(text_t given, text_t context, arena_t *arena)
{
    bool says_default = false;
    while (text_starts(given, SCOPE_DEFAULT)) { /* ":.:name" is "name", however often it is said */
        given = text_from(given, SCOPE_DEFAULT.bytes);
        says_default = true;
    }
    if (text_is(given, ":.")) {
        given = TEXT("");
        says_default = true;
    }
    if (!subject_name_is_qualified(given))
        return subject_name_in(says_default ? CONTEXT_DEFAULT : context, given, arena);
    const char *colon = memchr(given.at + 1, ':', given.bytes - 1);
    text_t name = {given.at + 1, colon == NULL ? given.bytes - 1 : (size_t)(colon - given.at) - 1};
    return subject_name_in(name, colon == NULL ? TEXT("") : text_from(given, (size_t)(colon + 1 - given.at)),
                           arena);
}

/* Java's ISO control characters: U+0000 to U+001F and U+007F to U+009F. */
static bool has_controls(text_t text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c < 0x20 || c == 0x7f)
            return true;
        if (c == 0xc2 && i + 1 < text.bytes && (unsigned char)text.at[i + 1] < 0xa0)
            return true;
    }
    return false;
}

static int refuse(const subject_name_t *name, err_t *err)
{
    return err_set(err, ERR_SUBJECT_INVALID, "The specified subject '" TEXT_FMT "' is not a valid.",
                   TEXT_ARG(name->qualified));
}

static int check_parts(const subject_name_t *name, err_t *err)
{
    if (has_controls(name->qualified))
        return refuse(name, err);
    if (name->subject.bytes > SUBJECT_BYTES_MAX)
        return err_set(err, ERR_SUBJECT_INVALID,
                       "The specified subject is not a valid. Its name has %zu bytes; at most %d are taken.",
                       name->subject.bytes, SUBJECT_BYTES_MAX);
    if (name->context.bytes > CONTEXT_BYTES_MAX)
        return err_set(err, ERR_SUBJECT_INVALID,
                       "The specified subject is not a valid. The name of its context has %zu bytes; at most "
                       "%d are taken.",
                       name->context.bytes, CONTEXT_BYTES_MAX);
    if (text_is(name->subject, "__GLOBAL") || text_is(name->subject, "__EMPTY"))
        return refuse(name, err);
    return 0;
}

int subject_name_check(const subject_name_t *name, err_t *err)
{
    if (check_parts(name, err) != 0)
        return -1;
    if (text_eq(name->context, CONTEXT_GLOBAL))
        return refuse(name, err);
    return 0;
}

int scope_check(const subject_name_t *name, err_t *err)
{
    return check_parts(name, err);
}

static text_t context_scope(text_t context, arena_t *arena)
{
    return context_is_default(context) ? SCOPE_DEFAULT
                                       : text_printf(arena, ":" TEXT_FMT ":", TEXT_ARG(context));
}

size_t scope_chain(const subject_name_t *name, arena_t *arena, text_t scopes[SCOPES_MAX])
{
    size_t n = 0;
    if (name->subject.bytes > 0)
        scopes[n++] = name->qualified;
    if (!text_eq(name->context, CONTEXT_GLOBAL))
        scopes[n++] = context_scope(name->context, arena);
    scopes[n++] = SCOPE_EVERYWHERE;
    return n;
}

name_ranges_t name_ranges_everywhere(void)
{
    return (name_ranges_t){{TEXT(""), LAST}, {LAST, LAST}};
}

name_ranges_t name_range_of(const subject_name_t *name, arena_t *arena)
{
    /* U+0001 is no part of a name: nothing comes between a name and itself with it */
    text_t to = text_printf(arena, TEXT_FMT "\x01", TEXT_ARG(name->qualified));
    return (name_ranges_t){{name->qualified, LAST}, {to, LAST}};
}

static text_t later(text_t a, text_t b)
{
    return text_compare(a, b) >= 0 ? a : b;
}

static text_t earlier(text_t a, text_t b)
{
    return text_compare(a, b) <= 0 ? a : b;
}

name_ranges_t name_ranges(text_t context, text_t prefix, arena_t *arena)
{
    text_t from = subject_name_in(context, prefix, arena).qualified;
    text_t to = text_printf(arena, TEXT_FMT TEXT_FMT, TEXT_ARG(from), TEXT_ARG(LAST));
    if (!context_is_default(context))
        return (name_ranges_t){{from, LAST}, {to, LAST}};
    /* all other contexts' subjects start with ":." and "/" comes right after "." */
    return (name_ranges_t){{from, later(from, TEXT(":/"))}, {earlier(to, TEXT(":.")), to}};
}

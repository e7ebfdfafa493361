#include "server/api/select.h"

#include "compat/core/buf.h"

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at < end ? at + 1 : end;
}

/* Past the value that begins here: up to the comma or bracket after it. */
static const char *skip_value(const char *at, const char *end)
{
    size_t depth = 0;
    while (at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == ']' || *at == '}'))
            break;
        depth += *at == '{' || *at == '[';
        depth -= depth > 0 && (*at == '}' || *at == ']');
        at++;
    }
    return at;
}

/* The next member of an object; *at is behind its "{" or behind the member before. */
static bool next_member(const char **at, const char *end, text_t *name, text_t *value)
{
    const char *here = skip_blanks(*at, end);
    if (here < end && *here == ',')
        here = skip_blanks(here + 1, end);
    if (here == end || *here != '"')
        return false;
    const char *closed = skip_string(here, end);
    *name = (text_t){here + 1, (size_t)(closed - here) - 2};
    const char *begin = skip_blanks(closed, end);
    begin = skip_blanks(begin < end ? begin + 1 : end, end);
    const char *behind = skip_value(begin, end);
    *value = text_trim((text_t){begin, (size_t)(behind - begin)});
    *at = behind;
    return true;
}

static bool is_named(text_t name, text_t names)
{
    while (names.bytes > 0) {
        const char *comma = memchr(names.at, ',', names.bytes);
        size_t bytes = comma == NULL ? names.bytes : (size_t)(comma - names.at);
        if (text_eq(text_trim((text_t){names.at, bytes}), name))
            return true;
        names = text_from(names, bytes + (comma != NULL));
    }
    return false;
}

static void add_member(buf_t *out, bool *first, text_t name)
{
    buf_add_s(out, *first ? "\"" : ",\"");
    buf_add(out, name);
    buf_add_s(out, "\":");
    *first = false;
}

static void select_object(buf_t *out, text_t object, text_t names)
{
    const char *at = object.at + 1, *end = object.at + object.bytes;
    text_t name, value;
    bool first = true;
    buf_add_char(out, '{');
    while (next_member(&at, end, &name, &value)) {
        if (!is_named(name, names))
            continue;
        add_member(out, &first, name);
        buf_add(out, value);
    }
    buf_add_char(out, '}');
}

static void select_items(buf_t *out, text_t list, text_t names)
{
    const char *at = list.at + 1, *end = list.at + list.bytes;
    bool first = true;
    buf_add_char(out, '[');
    for (;;) {
        at = skip_blanks(at, end);
        if (at < end && *at == ',')
            at = skip_blanks(at + 1, end);
        if (at == end || *at == ']')
            break;
        const char *behind = skip_value(at, end);
        text_t item = text_trim((text_t){at, (size_t)(behind - at)});
        buf_add_s(out, first ? "" : ",");
        first = false;
        if (item.at[0] == '{')
            select_object(out, item, names);
        else
            buf_add(out, item);
        at = behind;
    }
    buf_add_char(out, ']');
}

static bool is_listing(text_t object)
{
    const char *at = object.at + 1;
    text_t name, value;
    return next_member(&at, object.at + object.bytes, &name, &value) && text_is(name, "items") &&
           value.bytes > 0 && value.at[0] == '[';
}

text_t select_members(text_t object, text_t names, arena_t *arena)
{
    object = text_trim(object);
    if (object.bytes < 2 || object.at[0] != '{')
        return object;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    if (is_listing(object)) {
        const char *at = object.at + 1;
        text_t name, value;
        bool first = true;
        buf_add_char(&out, '{');
        while (next_member(&at, object.at + object.bytes, &name, &value)) {
            add_member(&out, &first, name);
            if (text_is(name, "items"))
                select_items(&out, value, names);
            else
                buf_add(&out, value);
        }
        buf_add_char(&out, '}');
    } else {
        select_object(&out, object, names);
    }
    return buf_end(&out, arena);
}

#include "tests/http/pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/buf.h"

/* Marks a string of a prepared pattern as a word of the pattern language; no JSON of a server holds this character. */
#define MARK '\x01'

/* --- names ------------------------------------------------------------------------------------------------------------- */

static name_t *slot(names_t *names, text_t name)
{
    for (size_t i = 0; i < names->n; i++)
        if (text_eq(names->list[i].name, name))
            return &names->list[i];
    if (names->n == NAMES_MAX)
        abort();
    names->list[names->n].name = text_copy(names->arena, name);
    return &names->list[names->n++];
}

void names_set_json(names_t *names, text_t name, const json_t *value)
{
    char *json = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
    name_t *at = slot(names, name);
    at->json = text_copy(names->arena, text_of(json));
    at->text = json_is_string(value)
                   ? text_copy(names->arena, (text_t){json_string_value(value), json_string_length(value)})
                   : at->json;
    free(json);
}

void names_set(names_t *names, text_t name, text_t value)
{
    json_t *json = json_stringn(value.at, value.bytes);
    names_set_json(names, name, json);
    json_decref(json);
}

const name_t *names_find(const names_t *names, text_t name)
{
    for (size_t i = 0; i < names->n; i++)
        if (text_eq(names->list[i].name, name))
            return &names->list[i];
    return NULL;
}

static size_t word_bytes(text_t text)
{
    size_t n = 0;
    while (n < text.bytes && (isalnum((unsigned char)text.at[n]) || text.at[n] == '_'))
        n++;
    return n;
}

text_t names_expand(const names_t *names, text_t text)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] == '{') {
            text_t rest = text_from(text, i + 1);
            size_t n = word_bytes(rest);
            const name_t *name = NULL;
            if (n > 0 && n < rest.bytes && rest.at[n] == '}')
                name = names_find(names, (text_t){rest.at, n});
            if (name != NULL) {
                buf_add(&out, name->text);
                i += n + 1;
                continue;
            }
        }
        buf_add_char(&out, text.at[i]);
    }
    text_t result = buf_take(&out, names->arena);
    buf_dispose(&out);
    return result;
}

/* --- text with backticks, and patterns, as JSON ------------------------------------------------------------------------- */

static void add_escaped(buf_t *out, char c)
{
    if (c == '"' || c == '\\') {
        buf_add_char(out, '\\');
        buf_add_char(out, c);
    } else if ((unsigned char)c < 0x20) {
        buf_printf(out, "\\u%04x", (unsigned)c);
    } else {
        buf_add_char(out, c);
    }
}

/* From an opening quote or backtick to the closing one; returns the position after it. */
static size_t add_string(buf_t *out, text_t text, size_t i)
{
    char quote = text.at[i++];
    if (quote == '`')
        buf_add_char(out, '"');
    for (; i < text.bytes && text.at[i] != quote; i++) {
        if (quote == '`') {
            add_escaped(out, text.at[i]);
        } else {
            buf_add_char(out, text.at[i]);
            if (text.at[i] == '\\' && i + 1 < text.bytes)
                buf_add_char(out, text.at[++i]);
        }
    }
    buf_add_char(out, '"');
    return i + 1;
}

text_t json_of_text(const names_t *names, text_t text)
{
    text = names_expand(names, text);
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (size_t i = 0; i < text.bytes;) {
        if (text.at[i] == '"')
            buf_add_char(&out, '"');
        if (text.at[i] == '"' || text.at[i] == '`')
            i = add_string(&out, text, i);
        else
            buf_add_char(&out, text.at[i++]);
    }
    text_t result = buf_take(&out, names->arena);
    buf_dispose(&out);
    return result;
}

/* A word outside of strings: JSON's own stay, ours become marked strings. */
static size_t add_word(buf_t *out, text_t text, size_t i)
{
    size_t n = text.at[i] == '$' ? 1 : 0;
    n += word_bytes(text_from(text, i + n));
    text_t word = {text.at + i, n};
    if (text_is(word, "true") || text_is(word, "false") || text_is(word, "null"))
        buf_add(out, word);
    else
        buf_printf(out, "\"\\u0001" TEXT_FMT "\"", TEXT_ARG(word));
    return i + n;
}

static text_t prepare(const names_t *names, text_t text)
{
    text = names_expand(names, text);
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (size_t i = 0; i < text.bytes;) {
        char c = text.at[i];
        char next = i + 1 < text.bytes ? text.at[i + 1] : '\0';
        if (c == '~' &&
            (next == '"' || next == '`')) { /* the opening quote, the mark, then the string without its own */
            buf_add_s(&out, "\"\\u0001~");
            buf_t string;
            buf_init(&string, BUF_NO_MAX);
            i = add_string(&string, text, i + 1);
            text_t inner = buf_text(&string);
            buf_add(&out, next == '`' ? text_from(inner, 1) : inner);
            buf_dispose(&string);
        } else if (c == '"' || c == '`') {
            if (c == '"')
                buf_add_char(&out, '"');
            i = add_string(&out, text, i);
        } else if (c == '.' && next == '.') {
            buf_add_s(&out, "\"\\u0001..\"");
            i += 2;
        } else if (c == '$' || c == '_' || isalpha((unsigned char)c)) {
            i = add_word(&out, text, i);
        } else if (isdigit((unsigned char)c) || c == '-') { /* whole, so that the e of 1e5 is no word */
            do
                buf_add_char(&out, text.at[i++]);
            while (i < text.bytes && strchr("0123456789.eE+-", text.at[i]) != NULL);
        } else {
            buf_add_char(&out, c);
            i++;
        }
    }
    text_t result = buf_take(&out, names->arena);
    buf_dispose(&out);
    return result;
}

/* --- matching ------------------------------------------------------------------------------------------------------------ */

typedef struct {
    names_t *names;
    bool exact;
} matcher_t;

static const char *match(const matcher_t *m, const json_t *pattern, const json_t *actual, const char *path);

static const char *show(arena_t *arena, const json_t *value)
{
    if (value == NULL)
        return "nothing";
    char *json = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    char *copy = arena_printf(arena, "%.600s", json != NULL ? json : "?");
    free(json);
    return copy;
}

static const char *differs(const matcher_t *m, const char *path, const char *wanted, const json_t *actual)
{
    return arena_printf(m->names->arena, "at %s: expected %s, got %s", path[0] != '\0' ? path : "/", wanted,
                        show(m->names->arena, actual));
}

static bool is_uuid(const json_t *value)
{
    const char *s = json_string_value(value);
    if (s == NULL || strlen(s) != 36)
        return false;
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s[i] != '-' : strchr("0123456789abcdef", s[i]) == NULL)
            return false;
    }
    return true;
}

static const char *match_name(const matcher_t *m, text_t name, const json_t *actual, const char *path)
{
    const name_t *known = names_find(m->names, name);
    if (known == NULL) {
        names_set_json(m->names, name, actual);
        return NULL;
    }
    char *json = json_dumps(actual, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
    bool same = text_is(known->json, json);
    free(json);
    if (same)
        return NULL;
    return differs(m, path,
                   arena_printf(m->names->arena, "$" TEXT_FMT " again, which is " TEXT_FMT, TEXT_ARG(name),
                                TEXT_ARG(known->json)),
                   actual);
}

static const char *match_word(const matcher_t *m, const char *word, const json_t *actual, const char *path)
{
    bool fits = false;
    if (actual == NULL)
        fits = false;
    else if (word[0] == '$')
        return match_name(m, text_of(word + 1), actual, path);
    else if (word[0] == '~')
        fits = json_is_string(actual) && strstr(json_string_value(actual), word + 1) != NULL;
    else if (strcmp(word, "_") == 0)
        fits = true;
    else if (strcmp(word, "int") == 0)
        fits = json_is_integer(actual);
    else if (strcmp(word, "text") == 0)
        fits = json_is_string(actual) && json_string_length(actual) > 0;
    else if (strcmp(word, "bool") == 0)
        fits = json_is_boolean(actual);
    else if (strcmp(word, "uuid") == 0)
        fits = is_uuid(actual);
    else
        return arena_printf(m->names->arena, "\"%s\" is no word of a pattern", word);
    return fits ? NULL : differs(m, path, word, actual);
}

static const char *marked(const json_t *pattern)
{
    const char *s = json_string_value(pattern);
    return s != NULL && s[0] == MARK ? s + 1 : NULL;
}

static const char *match_object(const matcher_t *m, const json_t *pattern, const json_t *actual,
                                const char *path)
{
    arena_t *arena = m->names->arena;
    if (!json_is_object(actual))
        return differs(m, path, "an object", actual);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)pattern, key, value)
    {
        const json_t *member = json_object_get(actual, key);
        const char *word = marked(value);
        char *below = arena_printf(arena, "%s/%s", path, key);
        const char *why = NULL;
        if (word != NULL && strcmp(word, "absent") == 0)
            why = member == NULL ? NULL : differs(m, below, "nothing", member);
        else if (member == NULL)
            why = differs(m, below, show(arena, value), NULL);
        else
            why = match(m, value, member, below);
        if (why != NULL)
            return why;
    }
    if (!m->exact)
        return NULL;
    json_object_foreach((json_t *)actual, key, value)
    {
        if (json_object_get(pattern, key) == NULL)
            return differs(m, arena_printf(arena, "%s/%s", path, key), "nothing", value);
    }
    return NULL;
}

/* Arrays where `..` stands for any number of elements. */
static bool match_elements(const matcher_t *m, const json_t *pattern, size_t i, const json_t *actual,
                           size_t j)
{
    size_t n_pattern = json_array_size(pattern), n_actual = json_array_size(actual);
    if (i == n_pattern)
        return j == n_actual;
    const char *word = marked(json_array_get(pattern, i));
    size_t n_names = m->names->n;
    if (word != NULL && strcmp(word, "..") == 0) {
        for (; j <= n_actual; j++) {
            if (match_elements(m, pattern, i + 1, actual, j))
                return true;
            m->names->n = n_names; /* what a failed try remembered */
        }
        return false;
    }
    return j < n_actual && match(m, json_array_get(pattern, i), json_array_get(actual, j), "") == NULL &&
           match_elements(m, pattern, i + 1, actual, j + 1);
}

static const char *match_array(const matcher_t *m, const json_t *pattern, const json_t *actual,
                               const char *path)
{
    arena_t *arena = m->names->arena;
    if (!json_is_array(actual))
        return differs(m, path, "an array", actual);
    size_t n = json_array_size(pattern);
    for (size_t i = 0; i < n; i++) {
        const char *word = marked(json_array_get(pattern, i));
        if (word == NULL || strcmp(word, "..") != 0)
            continue;
        return match_elements(m, pattern, 0, actual, 0) ? NULL
                                                        : differs(m, path, show(arena, pattern), actual);
    }
    if (json_array_size(actual) != n)
        return differs(m, path, arena_printf(arena, "%zu elements, %s", n, show(arena, pattern)), actual);
    for (size_t i = 0; i < n; i++) {
        const char *why = match(m, json_array_get(pattern, i), json_array_get(actual, i),
                                arena_printf(arena, "%s/%zu", path, i));
        if (why != NULL)
            return why;
    }
    return NULL;
}

static const char *match(const matcher_t *m, const json_t *pattern, const json_t *actual, const char *path)
{
    const char *word = marked(pattern);
    if (word != NULL)
        return match_word(m, word, actual, path);
    if (json_is_object(pattern))
        return match_object(m, pattern, actual, path);
    if (json_is_array(pattern))
        return match_array(m, pattern, actual, path);
    bool same = json_is_number(pattern) && json_is_number(actual)
                    ? json_number_value(pattern) == json_number_value(actual)
                    : json_equal(pattern, actual);
    return same ? NULL : differs(m, path, show(m->names->arena, pattern), actual);
}

const char *pattern_match(names_t *names, text_t pattern, const json_t *actual, bool exact)
{
    json_error_t error;
    text_t prepared = prepare(names, pattern);
    json_t *json = json_loadb(prepared.at, prepared.bytes, JSON_DECODE_ANY, &error);
    if (json == NULL)
        return arena_printf(names->arena, "the pattern is no JSON: %s in " TEXT_FMT, error.text,
                            TEXT_ARG(prepared));
    const char *why = match(&(matcher_t){names, exact}, json, actual, "");
    json_decref(json);
    return why;
}

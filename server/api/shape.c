#include "server/api/shape.h"

#include <inttypes.h>
#include <stdlib.h>

#include "compat/core/buf.h"

enum { TEXT_MAX = 64 << 10, TEXTS_MAX = 1000, MEMBERS_MAX = 64, URL_MAX = 2000 };

static int check_members(call_t *c, const json_t *object, const shape_t *members, shape_use_t use, text_t at);

static text_t below(call_t *c, text_t at, const char *name)
{
    return at.bytes == 0 ? text_of(name) : text_printf(c->arena, TEXT_FMT ".%s", TEXT_ARG(at), name);
}

static text_t value_text(const json_t *value)
{
    return (text_t){json_string_value(value), json_string_length(value)};
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

#define SMALL  "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static bool is_word(text_t text, const char *first, const char *further, size_t most)
{
    if (text.bytes == 0 || text.bytes > most || !is_one_of(text.at[0], first))
        return false;
    for (size_t i = 1; i < text.bytes; i++)
        if (!is_one_of(text.at[i], further))
            return false;
    return true;
}

static bool is_url(text_t text)
{
    bool known = text_starts(text, TEXT("https://")) || text_starts(text, TEXT("http://"));
    for (size_t i = 0; known && i < text.bytes; i++)
        known = text.at[i] > ' ' && text.at[i] != '"' && text.at[i] != '<' && text.at[i] != '>';
    return known && text.bytes > 8 && text.bytes <= URL_MAX;
}

static int check_choice(call_t *c, text_t given, const char *const *choices, text_t at)
{
    buf_t list;
    for (size_t i = 0; choices[i] != NULL; i++)
        if (text_is(given, choices[i]))
            return 0;
    buf_init(&list, BUF_NO_MAX);
    for (size_t i = 0; choices[i] != NULL; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : choices[i + 1] != NULL ? ", " : " or ", choices[i]);
    text_t known = buf_end(&list, c->arena);
    return api_invalid(c, at, "\"" TEXT_FMT "\" is not one of " TEXT_FMT, TEXT_ARG(given), TEXT_ARG(known));
}

static int check_text(call_t *c, const json_t *value, const shape_t *shape, text_t at)
{
    text_t text = value_text(value), instant;
    if (text.bytes > TEXT_MAX)
        return api_invalid(c, at, "takes at most %d bytes", TEXT_MAX);
    if (shape->kind == SHAPE_CHOICE)
        return check_choice(c, text, shape->choices, at);
    if (shape->kind == SHAPE_SLUG && !is_word(text, SMALL, SMALL DIGITS "_-", 63))
        return api_invalid(
            c, at,
            "takes 1 to 63 small letters, digits, _ and -, and begins with a letter: \"" TEXT_FMT
            "\" does not",
            TEXT_ARG(text));
    if (shape->kind == SHAPE_LOGIN && !is_word(text, SMALL DIGITS, SMALL DIGITS "._@+-", 127))
        return api_invalid(c, at,
                           "takes 1 to 127 small letters, digits and . _ @ + -, and begins with a letter "
                           "or digit");
    if (shape->kind == SHAPE_URL && !is_url(text))
        return api_invalid(c, at, "must be an address that begins with http:// or https://");
    if (shape->kind == SHAPE_INSTANT && !api_instant_read(text, c->arena, &instant))
        return api_invalid(c, at, "must be an instant like 2026-11-21T09:30:00Z, or a date");
    if ((shape->flags & SHAPE_REQUIRED) != 0 && text_trim(text).bytes == 0)
        return api_invalid(c, at, "must not be empty");
    return 0;
}

static int check_texts(call_t *c, const json_t *list, const shape_t *shape, text_t at)
{
    if (json_array_size(list) > TEXTS_MAX)
        return api_invalid(c, at, "takes at most %d", TEXTS_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *value = json_array_get(list, i);
        text_t place = text_printf(c->arena, TEXT_FMT "[%zu]", TEXT_ARG(at), i);
        if (!json_is_string(value) || json_string_length(value) == 0)
            return api_invalid(c, place, "must be a text that is not empty");
        if (json_string_length(value) > TEXT_MAX)
            return api_invalid(c, place, "takes at most %d bytes", TEXT_MAX);
        if (shape->choices != NULL && check_choice(c, value_text(value), shape->choices, place) != 0)
            return -1;
    }
    return 0;
}

static int check_labels(call_t *c, const json_t *object, text_t at)
{
    const char *key;
    json_t *value;
    if (json_object_size(object) > MEMBERS_MAX)
        return api_invalid(c, at, "takes at most %d", MEMBERS_MAX);
    json_object_foreach((json_t *)object, key,
                        value) if (!json_is_string(value) ||
                                   json_string_length(value) >
                                       URL_MAX) return api_invalid(c, below(c, at, key),
                                                                   "must be a text of at most %d bytes",
                                                                   URL_MAX);
    return 0;
}

static int check_list(call_t *c, const json_t *list, const shape_t *shape, shape_use_t use, text_t at)
{
    if (json_array_size(list) > TEXTS_MAX)
        return api_invalid(c, at, "takes at most %d", TEXTS_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *value = json_array_get(list, i);
        text_t place = text_printf(c->arena, TEXT_FMT "[%zu]", TEXT_ARG(at), i);
        if (!json_is_object(value))
            return api_invalid(c, place, "must be an object");
        if (shape->members != NULL && check_members(c, value, shape->members, use, place) != 0)
            return -1;
    }
    return 0;
}

static int check_int(call_t *c, const json_t *value, const shape_t *shape, text_t at)
{
    json_int_t n = json_integer_value(value);
    if (n < shape->least || n > shape->most)
        return api_invalid(c, at, "must be from %" PRId32 " to %" PRId32, shape->least, shape->most);
    return 0;
}

/* What JSON type a kind is of, and its name in a sentence. */
static const struct {
    json_type type;
    const char *name;
} types[] = {
    [SHAPE_TEXT] = {JSON_STRING, "a text"},      [SHAPE_SLUG] = {JSON_STRING, "a text"},
    [SHAPE_LOGIN] = {JSON_STRING, "a text"},     [SHAPE_URL] = {JSON_STRING, "a text"},
    [SHAPE_CHOICE] = {JSON_STRING, "a text"},    [SHAPE_INSTANT] = {JSON_STRING, "a text"},
    [SHAPE_BOOL] = {JSON_TRUE, "true or false"}, [SHAPE_INT] = {JSON_INTEGER, "an integer"},
    [SHAPE_TEXTS] = {JSON_ARRAY, "a list"},      [SHAPE_LABELS] = {JSON_OBJECT, "an object"},
    [SHAPE_OBJECT] = {JSON_OBJECT, "an object"}, [SHAPE_LIST] = {JSON_ARRAY, "a list"},
};

static int check_value(call_t *c, const json_t *value, const shape_t *shape, shape_use_t use, text_t at)
{
    json_type type = json_is_boolean(value) ? JSON_TRUE : json_typeof(value);
    if (json_is_null(value) && (shape->flags & SHAPE_NULL) != 0)
        return 0;
    if (type != types[shape->kind].type)
        return api_invalid(c, at, "must be %s", types[shape->kind].name);
    switch (shape->kind) {
    case SHAPE_TEXT:
    case SHAPE_SLUG:
    case SHAPE_LOGIN:
    case SHAPE_URL:
    case SHAPE_CHOICE:
    case SHAPE_INSTANT:
        return check_text(c, value, shape, at);
    case SHAPE_BOOL:
        return 0;
    case SHAPE_INT:
        return check_int(c, value, shape, at);
    case SHAPE_TEXTS:
        return check_texts(c, value, shape, at);
    case SHAPE_LABELS:
        return check_labels(c, value, at);
    case SHAPE_OBJECT:
        return shape->members == NULL ? 0 : check_members(c, value, shape->members, use, at);
    case SHAPE_LIST:
        return check_list(c, value, shape, use, at);
    }
    return 0;
}

/* Recursion is bounded by the tables. */
static int check_members(call_t *c, const json_t *object, const shape_t *members, shape_use_t use, text_t at)
{
    const char *known[MEMBERS_MAX] = {NULL};
    size_t n = 0;
    for (; members[n].name != NULL && n < MEMBERS_MAX; n++)
        known[n] = members[n].name;
    if (api_members(c, object, known, n) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(object, members[i].name);
        bool missing = use == SHAPE_WHOLE && (members[i].flags & SHAPE_REQUIRED) != 0;
        if (value == NULL && missing)
            return api_invalid(c, below(c, at, members[i].name), "must be given");
        if (value != NULL && check_value(c, value, &members[i], use, below(c, at, members[i].name)) != 0)
            return -1;
    }
    return 0;
}

int api_shape(call_t *c, const shape_t *members, shape_use_t use, text_t *document)
{
    *document = TEXT("{}");
    if (check_members(c, c->body, members, use, TEXT("")) != 0)
        return -1;
    char *text = json_dumps(c->body, API_PRINTED);
    if (text == NULL)
        return err_set(&c->err, ERR_BODY_MALFORMED, "The request body cannot be printed");
    *document = text_copy(c->arena, text_of(text));
    free(text);
    return 0;
}

#include "server/core/body.h"

#include <inttypes.h>
#include <string.h>

#include "server/core/route.h"

static int malformed(call_t *c, size_t line, size_t column, const char *complaint)
{
    return err_set(&c->err, ERR_BODY_MALFORMED, "Malformed JSON at line %zu, column %zu: %s", line, column,
                   complaint);
}

/* Line and column (in bytes, both from 1) of a position. */
static int malformed_at(call_t *c, size_t position, const char *complaint)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; i < position; i++) {
        if (c->body_text.at[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    return malformed(c, line, position - start + 1, complaint);
}

/* jansson recurses for each level: the depth is known before it begins. */
static int check_depth(call_t *c, int64_t max_depth)
{
    const char *at = c->body_text.at, *end = at + c->body_text.bytes;
    int64_t depth = 0;
    bool in_string = false;
    for (; at < end; at++) {
        if (in_string) {
            if (*at == '\\')
                at++;
            else if (*at == '"')
                in_string = false;
        } else if (*at == '"') {
            in_string = true;
        } else if ((*at == '[' || *at == '{') && ++depth > max_depth) {
            char complaint[80];
            snprintf(complaint, sizeof complaint, "nested deeper than %" PRId64 " levels", max_depth);
            return malformed_at(c, (size_t)(at - c->body_text.at), complaint);
        } else if (*at == ']' || *at == '}') {
            depth--;
        }
    }
    return 0;
}

int body_parse(call_t *c, bool required, int64_t max_depth)
{
    text_t text = text_trim(c->body_text);
    c->body = NULL;
    if (text.bytes == 0)
        return required ? err_set(&c->err, ERR_BODY_INVALID, "The request body is missing") : 0;
    const char *nul = memchr(c->body_text.at, '\0', c->body_text.bytes);
    if (nul != NULL)
        return malformed_at(c, (size_t)(nul - c->body_text.at), "a NUL byte");
    size_t valid = text_utf8_valid(c->body_text);
    if (valid < c->body_text.bytes)
        return malformed_at(c, valid, "not UTF-8");
    if (check_depth(c, max_depth) != 0)
        return -1;
    json_error_t error;
    json_t *body =
        json_loadb(c->body_text.at, c->body_text.bytes, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (body == NULL)
        return malformed(c, error.line > 0 ? (size_t)error.line : 1,
                         error.column > 0 ? (size_t)error.column : 1, error.text);
    if (json_is_null(body)) {
        json_decref(body);
        return required ? err_set(&c->err, ERR_BODY_INVALID, "The request body is null") : 0;
    }
    if (!json_is_object(body)) {
        json_decref(body);
        return err_set(&c->err, ERR_BODY_MALFORMED, "The request body must be a JSON object");
    }
    c->body = body;
    return 0;
}

/* --- members (call.h) -------------------------------------------------------------------------------------------------- */

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    case JSON_NULL:
        return "null";
    }
    return "something else";
}

/* NULL when the member is absent or null. */
static const json_t *member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return value == NULL || json_is_null(value) ? NULL : value;
}

static int wrong_type(call_t *c, const char *name, const char *wanted, const json_t *value)
{
    return err_set(&c->err, ERR_BODY_MALFORMED, "\"%s\" must be %s, not %s", name, wanted, type_name(value));
}

int jx_text(call_t *c, const json_t *object, const char *name, text_t absent, text_t *out)
{
    const json_t *value = member(object, name);
    *out = absent;
    if (value == NULL)
        return 0;
    if (!json_is_string(value))
        return wrong_type(c, name, "a string", value);
    *out = (text_t){json_string_value(value), json_string_length(value)};
    return 0;
}

int jx_int(call_t *c, const json_t *object, const char *name, int64_t absent, int64_t *out)
{
    const json_t *value = member(object, name);
    *out = absent;
    if (value == NULL)
        return 0;
    if (!json_is_integer(value))
        return wrong_type(c, name, "an integer", value);
    *out = json_integer_value(value);
    return 0;
}

int jx_bool(call_t *c, const json_t *object, const char *name, bool absent, bool *out)
{
    const json_t *value = member(object, name);
    *out = absent;
    if (value == NULL)
        return 0;
    if (!json_is_boolean(value))
        return wrong_type(c, name, "true or false", value);
    *out = json_is_true(value);
    return 0;
}

int jx_array(call_t *c, const json_t *object, const char *name, const json_t **out)
{
    *out = member(object, name);
    return *out == NULL || json_is_array(*out) ? 0 : wrong_type(c, name, "an array", *out);
}

int jx_object(call_t *c, const json_t *object, const char *name, const json_t **out)
{
    *out = member(object, name);
    return *out == NULL || json_is_object(*out) ? 0 : wrong_type(c, name, "an object", *out);
}

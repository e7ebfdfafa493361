/* schema_from_bytes.h - JSON Schemas made from bytes: every string of bytes is a schema, and similar bytes are similar schemas. For
 * property tests (bytes from a seed) and fuzzers (bytes from libFuzzer).
 *
 * Names, numbers and strings come from small pools, so that keywords of two schemas meet.
 */
#ifndef AVOW_TESTS_SCHEMA_FROM_BYTES_H
#define AVOW_TESTS_SCHEMA_FROM_BYTES_H

#include "compat/core/buf.h"

typedef struct {
    const uint8_t *at;
    size_t n, used;
    bool recursive; /* may refer to itself */
    bool modern;    /* 2019-09 and later */
    bool patterns;
} bytes_t;

static inline unsigned bytes_below(bytes_t *bytes, unsigned n)
{
    return bytes->used < bytes->n ? bytes->at[bytes->used++] % n : 0;
}

static inline const char *bytes_pick(bytes_t *bytes, const char *const *pool, unsigned n)
{
    return pool[bytes_below(bytes, n)];
}

#define BYTES_PICK(bytes, pool) bytes_pick((bytes), (pool), sizeof(pool) / sizeof *(pool))

static const char *const bytes_names[] = {"a", "b", "c", "ab", "x-1"};
static const char *const bytes_numbers[] = {"0",  "1",    "2",   "3",    "5",  "10",
                                            "-1", "-2.5", "0.5", "1.25", "100"};
static const char *const bytes_sizes[] = {"0", "1", "2", "3", "4"};
static const char *const bytes_multiples[] = {"1", "2", "3", "0.5", "1.5", "0.25", "6"};
static const char *const bytes_types[] = {"null",   "boolean", "integer", "number",
                                          "string", "array",   "object"};
static const char *const bytes_patterns[] = {"^a",  "b$",     "^[a-c]*$", "^.{2}$",
                                             "a|b", "^(?!a)", "\\\\d+",   "^x-"};
static const char *const bytes_values[] = {"null",
                                           "true",
                                           "false",
                                           "0",
                                           "1",
                                           "2.5",
                                           "\"a\"",
                                           "\"\"",
                                           "\"ab\"",
                                           "[]",
                                           "[1]",
                                           "[1,\"a\"]",
                                           "{}",
                                           "{\"a\":1}",
                                           "3",
                                           "-1",
                                           "\"b\"",
                                           "[[]]",
                                           "{\"b\":null,\"a\":\"a\"}"};

static inline void bytes_schema(bytes_t *bytes, buf_t *out, unsigned depth);

static inline void bytes_list(bytes_t *bytes, buf_t *out, unsigned depth)
{
    unsigned n = 1 + bytes_below(bytes, 3);
    buf_add_char(out, '[');
    for (unsigned i = 0; i < n; i++) {
        buf_add_s(out, i > 0 ? "," : "");
        bytes_schema(bytes, out, depth);
    }
    buf_add_char(out, ']');
}

/* Names in turn from a random start: an object must not name one twice. */
static inline void bytes_map(bytes_t *bytes, buf_t *out, unsigned depth, const char *const *pool,
                             unsigned room)
{
    unsigned n = 1 + bytes_below(bytes, 3), from = bytes_below(bytes, room);
    buf_add_char(out, '{');
    for (unsigned i = 0; i < n && i < room; i++) {
        buf_printf(out, "%s\"%s\":", i > 0 ? "," : "", pool[(from + i) % room]);
        bytes_schema(bytes, out, depth);
    }
    buf_add_char(out, '}');
}

static inline void bytes_names_list(bytes_t *bytes, buf_t *out)
{
    unsigned n = 1 + bytes_below(bytes, 3), from = bytes_below(bytes, 5);
    buf_add_char(out, '[');
    for (unsigned i = 0; i < n; i++)
        buf_printf(out, "%s\"%s\"", i > 0 ? "," : "", bytes_names[(from + i) % 5]);
    buf_add_char(out, ']');
}

static inline void bytes_enum(bytes_t *bytes, buf_t *out)
{
    unsigned n = 1 + bytes_below(bytes, 4), room = sizeof bytes_values / sizeof *bytes_values;
    unsigned from = bytes_below(bytes, room), step = 1 + bytes_below(bytes, 5);
    buf_add_char(out, '[');
    for (unsigned i = 0; i < n; i++)
        buf_printf(out, "%s%s", i > 0 ? "," : "", bytes_values[(from + i * step) % room]);
    buf_add_char(out, ']');
}

typedef enum {
    BYTES_NUMBER,
    BYTES_MULTIPLE,
    BYTES_SIZE,
    BYTES_SCHEMA,
    BYTES_LIST,
    BYTES_MAP,
    BYTES_PATTERNS,
    BYTES_NAMES,
    BYTES_ENUM,
    BYTES_VALUE,
    BYTES_TYPE,
    BYTES_PATTERN,
    BYTES_TRUE,
    BYTES_DEPENDENT,
} bytes_argument_t;

static const struct {
    const char *name;
    bytes_argument_t argument;
    bool modern, patterns;
} bytes_keywords[] = {
    {"type", BYTES_TYPE, false, false},
    {"type", BYTES_TYPE, false, false},
    {"properties", BYTES_MAP, false, false},
    {"properties", BYTES_MAP, false, false},
    {"required", BYTES_NAMES, false, false},
    {"additionalProperties", BYTES_SCHEMA, false, false},
    {"minimum", BYTES_NUMBER, false, false},
    {"maximum", BYTES_NUMBER, false, false},
    {"exclusiveMaximum", BYTES_NUMBER, false, false},
    {"multipleOf", BYTES_MULTIPLE, false, false},
    {"minLength", BYTES_SIZE, false, false},
    {"maxLength", BYTES_SIZE, false, false},
    {"minItems", BYTES_SIZE, false, false},
    {"maxItems", BYTES_SIZE, false, false},
    {"minProperties", BYTES_SIZE, false, false},
    {"maxProperties", BYTES_SIZE, false, false},
    {"items", BYTES_SCHEMA, false, false},
    {"contains", BYTES_SCHEMA, false, false},
    {"uniqueItems", BYTES_TRUE, false, false},
    {"enum", BYTES_ENUM, false, false},
    {"const", BYTES_VALUE, false, false},
    {"allOf", BYTES_LIST, false, false},
    {"anyOf", BYTES_LIST, false, false},
    {"oneOf", BYTES_LIST, false, false},
    {"not", BYTES_SCHEMA, false, false},
    {"if", BYTES_SCHEMA, false, false},
    {"then", BYTES_SCHEMA, false, false},
    {"else", BYTES_SCHEMA, false, false},
    {"propertyNames", BYTES_SCHEMA, false, false},
    {"pattern", BYTES_PATTERN, false, true},
    {"patternProperties", BYTES_PATTERNS, false, true},
    {"prefixItems", BYTES_LIST, true, false},
    {"minContains", BYTES_SIZE, true, false},
    {"maxContains", BYTES_SIZE, true, false},
    {"dependentRequired", BYTES_DEPENDENT, true, false},
    {"dependentSchemas", BYTES_MAP, true, false},
    {"unevaluatedProperties", BYTES_SCHEMA, true, false},
    {"unevaluatedItems", BYTES_SCHEMA, true, false},
};
#define BYTES_KEYWORDS (sizeof bytes_keywords / sizeof *bytes_keywords)

static inline void bytes_argument(bytes_t *bytes, buf_t *out, bytes_argument_t argument, unsigned depth)
{
    switch (argument) {
    case BYTES_NUMBER:
        buf_add_s(out, BYTES_PICK(bytes, bytes_numbers));
        break;
    case BYTES_MULTIPLE:
        buf_add_s(out, BYTES_PICK(bytes, bytes_multiples));
        break;
    case BYTES_SIZE:
        buf_add_s(out, BYTES_PICK(bytes, bytes_sizes));
        break;
    case BYTES_SCHEMA:
        bytes_schema(bytes, out, depth);
        break;
    case BYTES_LIST:
        bytes_list(bytes, out, depth);
        break;
    case BYTES_MAP:
        bytes_map(bytes, out, depth, bytes_names, 5);
        break;
    case BYTES_PATTERNS:
        bytes_map(bytes, out, depth, bytes_patterns, 8);
        break;
    case BYTES_NAMES:
        bytes_names_list(bytes, out);
        break;
    case BYTES_ENUM:
        bytes_enum(bytes, out);
        break;
    case BYTES_VALUE:
        buf_add_s(out, BYTES_PICK(bytes, bytes_values));
        break;
    case BYTES_TYPE:
        buf_printf(out, "\"%s\"", BYTES_PICK(bytes, bytes_types));
        break;
    case BYTES_PATTERN:
        buf_printf(out, "\"%s\"", BYTES_PICK(bytes, bytes_patterns));
        break;
    case BYTES_TRUE:
        buf_add_s(out, "true");
        break;
    case BYTES_DEPENDENT:
        buf_printf(out, "{\"%s\":", BYTES_PICK(bytes, bytes_names));
        bytes_names_list(bytes, out);
        buf_add_char(out, '}');
        break;
    }
}

/* A schema object, a boolean where there is no depth left, or a reference to the whole. */
static inline void bytes_schema(bytes_t *bytes, buf_t *out, unsigned depth)
{
    bool used[BYTES_KEYWORDS] = {false};
    unsigned n = 1 + bytes_below(bytes, 3);
    const char *comma = "";
    if (depth == 0 || out->_bytes > 6000) {
        static const char *const ends[] = {"true", "{\"type\":\"integer\"}", "{\"type\":\"string\"}", "false",
                                           "{\"type\":\"object\"}"};
        buf_add_s(out, BYTES_PICK(bytes, ends));
        return;
    }
    if (bytes->recursive && bytes_below(bytes, 5) == 4) {
        static const char *const back[] = {"{\"properties\":{\"a\":{\"$ref\":\"#\"}}}",
                                           "{\"items\":{\"$ref\":\"#\"}}",
                                           "{\"required\":[\"b\"],\"properties\":{\"b\":{\"$ref\":\"#\"}}}",
                                           "{\"additionalProperties\":{\"not\":{\"$ref\":\"#\"}}}",
                                           "{\"contains\":{\"$ref\":\"#\"}}",
                                           "{\"propertyNames\":{\"$ref\":\"#\"}}"};
        buf_add_s(out, BYTES_PICK(bytes, back));
        return;
    }
    buf_add_char(out, '{');
    for (unsigned i = 0; i < n; i++) {
        unsigned k = bytes_below(bytes, BYTES_KEYWORDS);
        bool known =
            (bytes->modern || !bytes_keywords[k].modern) && (bytes->patterns || !bytes_keywords[k].patterns);
        for (unsigned j = 0; j < BYTES_KEYWORDS && known; j++)
            known = !(used[j] && text_is(text_of(bytes_keywords[j].name), bytes_keywords[k].name));
        if (!known)
            continue;
        used[k] = true;
        buf_printf(out, "%s\"%s\":", comma, bytes_keywords[k].name);
        bytes_argument(bytes, out, bytes_keywords[k].argument, depth - 1);
        comma = ",";
    }
    buf_add_char(out, '}');
}

/* A value, of the things that the schemas speak of. */
static inline void bytes_json(bytes_t *bytes, buf_t *out, unsigned depth)
{
    static const char *const numbers[] = {"0",   "1",   "2",   "3",    "4",  "5",   "6",  "-1",
                                          "0.5", "1.5", "2.5", "-2.5", "10", "100", "0.3"};
    static const char *const strings[] = {"\"\"",    "\"a\"",   "\"b\"",  "\"ab\"",
                                          "\"abc\"", "\"x-1\"", "\"12\"", "\"cc\""};
    unsigned kind = bytes_below(bytes, depth == 0 ? 6 : 12), n, from;
    if (kind < 3) {
        buf_add_s(out, BYTES_PICK(bytes, numbers));
    } else if (kind < 5) {
        buf_add_s(out, BYTES_PICK(bytes, strings));
    } else if (kind == 5) {
        buf_add_s(out, BYTES_PICK(bytes, bytes_values));
    } else if (kind < 8) {
        n = bytes_below(bytes, 5);
        buf_add_char(out, '[');
        for (unsigned i = 0; i < n; i++) {
            buf_add_s(out, i > 0 ? "," : "");
            bytes_json(bytes, out, depth - 1);
        }
        buf_add_char(out, ']');
    } else {
        n = bytes_below(bytes, 5);
        from = bytes_below(bytes, 5);
        buf_add_char(out, '{');
        for (unsigned i = 0; i < n; i++) {
            buf_printf(out, "%s\"%s\":", i > 0 ? "," : "", bytes_names[(from + i) % 5]);
            bytes_json(bytes, out, depth - 1);
        }
        buf_add_char(out, '}');
    }
}

#endif

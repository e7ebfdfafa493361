/* av_default.c - is a JSON value the default of a type?
 *
 * Two answers. Avro Java's, asked when a schema is read, takes any string for bytes, fixed and enums. The specification's
 * looks inside; it decides whether a reader can really fill a missing field. Avro 1.12, "Complex Types".
 */
#include "compat/avro/av_parse.h"

#include <string.h>

typedef struct {
    bool java;      /* what Avro Java accepts */
    bool leaned;    /* out: something failed for want of a member's default, which may turn out to fit */
    uint64_t steps; /* left */
    uint32_t depth; /* left */
} ask_t;

static bool is_integer(const jv_t *value, int64_t min, int64_t max)
{
    int64_t n;
    if (value->kind != JV_NUMBER || !jv_to_i64(value, &n) || n < min || n > max)
        return false;
    /* 1.0 is a fraction in a JSON text, whatever its value */
    return !memchr(value->text.at, '.', value->text.bytes) &&
           !memchr(value->text.at, 'e', value->text.bytes) && !memchr(value->text.at, 'E', value->text.bytes);
}

/* Code points 0 to 255; `n` of them, unless n is negative. */
static bool is_bytes(text_t text, int64_t n)
{
    int64_t count = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c > 0xC3)
            return false; /* U+0100 and beyond */
        count += (c & 0xC0) != 0x80;
    }
    return n < 0 || count == n;
}

static bool fits(ask_t *ask, const av_type_t *type, const jv_t *value);

static bool record_fits(ask_t *ask, const av_type_t *type, const jv_t *value)
{
    if (value->kind != JV_OBJECT)
        return false;
    for (uint32_t i = 0; i < type->n; i++) {
        const av_field_t *field = &type->fields[i];
        const jv_t *member = jv_get_text(value, field->name);
        if (member ? fits(ask, field->slot.type, member)
                   : field->fallback && (field->fallback_fits ||
                                         (ask->java && fits(ask, field->slot.type, field->fallback))))
            continue;
        ask->leaned |= !member && field->fallback;
        return false;
    }
    return true;
}

static bool items_fit(ask_t *ask, const av_type_t *type, const jv_t *value)
{
    bool is_array = type->kind == AV_ARRAY;
    if (value->kind != (is_array ? JV_ARRAY : JV_OBJECT))
        return false;
    for (uint32_t i = 0; i < value->n; i++)
        if (!fits(ask, type->item.type, is_array ? &value->items[i] : &value->members[i].value))
            return false;
    return true;
}

static bool branch_fits(ask_t *ask, const av_type_t *type, const jv_t *value)
{
    for (uint32_t i = 0; i < type->n; i++)
        if (fits(ask, type->branches[i].type, value))
            return true;
    return false;
}

static bool fits(ask_t *ask, const av_type_t *type, const jv_t *value)
{
    if (!ask->steps || !ask->depth)
        return false;
    ask->steps--;
    bool is_text = value->kind == JV_STRING, answer = false;
    ask->depth--;
    switch (type->kind) {
    case AV_NULL:
        answer = value->kind == JV_NULL;
        break;
    case AV_BOOLEAN:
        answer = value->kind == JV_TRUE || value->kind == JV_FALSE;
        break;
    case AV_INT:
        answer = is_integer(value, INT32_MIN, INT32_MAX);
        break;
    case AV_LONG:
        answer = is_integer(value, INT64_MIN, INT64_MAX);
        break;
    case AV_FLOAT:
    case AV_DOUBLE:
        answer = value->kind == JV_NUMBER;
        break;
    case AV_STRING:
        answer = is_text;
        break;
    case AV_BYTES:
        answer = is_text && (ask->java || is_bytes(value->text, -1));
        break;
    case AV_FIXED:
        answer = is_text && (ask->java || is_bytes(value->text, type->n));
        break;
    case AV_ENUM:
        answer = is_text && (ask->java || av_symbol_find(type, value->text) >= 0);
        break;
    case AV_ARRAY:
    case AV_MAP:
        answer = items_fit(ask, type, value);
        break;
    case AV_RECORD:
        answer = record_fits(ask, type, value);
        break;
    case AV_UNION:
        answer = branch_fits(ask, type, value);
        break;
    }
    ask->depth++;
    return answer;
}

/* A default nests at most max_depth values, with a union between each two. */
static ask_t ask_of(bool java, uint64_t steps, uint32_t max_depth)
{
    return (ask_t){
        .java = java, .steps = steps, .depth = max_depth < UINT32_MAX / 2 ? 2 * max_depth + 2 : max_depth};
}

bool av_default_fits(const av_type_t *type, const jv_t *value, uint32_t max_depth)
{
    ask_t ask = ask_of(false, LIMITS_DEFAULT.max_steps, max_depth);
    return fits(&ask, type, value);
}

bool av_default_java(const av_type_t *type, const jv_t *value, uint32_t max_depth, uint64_t *steps)
{
    ask_t ask = ask_of(true, *steps, max_depth);
    bool answer = fits(&ask, type, value);
    *steps = ask.steps;
    return answer;
}

/* Parts have higher ids than what holds them, mostly: backwards, one round is enough unless names were used early. */
bool av_defaults_decide(const av_schema_t *schema, uint64_t max_steps)
{
    ask_t ask = ask_of(false, max_steps, schema->limits.max_depth);
    for (bool again = true; again;) {
        bool changed = false;
        ask.leaned = false;
        for (uint32_t i = schema->n_types; i--;) {
            av_type_t *type = schema->types[i];
            for (uint32_t k = 0; type->kind == AV_RECORD && k < type->n; k++) {
                av_field_t *field = &type->fields[k];
                if (!field->fallback || field->fallback_fits || !field->slot.type)
                    continue;
                field->fallback_fits = fits(&ask, field->slot.type, field->fallback);
                changed |= field->fallback_fits;
            }
        }
        again = changed && ask.leaned;
    }
    return ask.steps > 0;
}

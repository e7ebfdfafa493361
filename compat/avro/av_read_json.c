/* av_read_json.c - Avro's JSON encoding, read back: what people paste and what samples are written in. */
#include <stdio.h>

#include "compat/avro/av_number.h"
#include "compat/avro/av_value.h"

typedef struct trail {
    const struct trail *up;
    text_t token; /* TEXT_NONE: `index` counts */
    uint32_t index;
} trail_t;

typedef struct {
    const limits_t *limits;
    arena_t *arena;
    fault_t *fault;
    uint64_t steps;
} reader_t;

static void trail_add(const trail_t *trail, buf_t *out)
{
    if (!trail)
        return;
    trail_add(trail->up, out);
    if (trail->token.at)
        jv_pointer_add(out, trail->token);
    else
        buf_printf(out, "/%u", trail->index);
}

static int fail(reader_t *r, fault_code_t code, const jv_t *at, const trail_t *trail, text_t sentence)
{
    fault_set(r->fault, code, at->line, at->column, "%s", sentence.at);
    if (r->fault) {
        buf_t pointer;
        buf_init(&pointer, BUF_NO_MAX);
        trail_add(trail, &pointer);
        snprintf(r->fault->pointer, sizeof r->fault->pointer, "%s", buf_text(&pointer).at);
        buf_dispose(&pointer);
    }
    return -1;
}

#define SHOWN_MAX 80

static text_t shown(const jv_t *value, arena_t *arena)
{
    buf_t out;
    buf_init(&out, SHOWN_MAX);
    jv_print(&out, value);
    text_t text = text_printf(arena, TEXT_FMT "%s", TEXT_ARG(buf_text(&out)), buf_failed(&out) ? "..." : "");
    buf_dispose(&out);
    return text;
}

static int unfit(reader_t *r, const av_type_t *type, const jv_t *at, const trail_t *trail, const char *hint)
{
    return fail(r, FAULT_VALUE, at, trail,
                text_printf(r->arena, TEXT_FMT " is not a value of " TEXT_FMT "%s%s",
                            TEXT_ARG(shown(at, r->arena)), TEXT_ARG(av_type_text(type, r->arena)),
                            *hint ? ": " : "", hint));
}

static int read_value(reader_t *r, const av_type_t *type, const jv_t *json, uint32_t depth,
                      const trail_t *trail, av_value_t **out);

static int read_integer(reader_t *r, const av_type_t *type, const jv_t *json, const trail_t *trail,
                        int64_t *out)
{
    bool fits = json->kind == JV_NUMBER && av_number_is_integer(json->text) && jv_to_i64(json, out);
    if (fits && type->kind == AV_INT)
        fits = *out >= INT32_MIN && *out <= INT32_MAX;
    if (!fits)
        return unfit(r, type, json, trail,
                     type->kind == AV_INT ? "it needs a whole number of 32 bits"
                                          : "it needs a whole number of 64 bits");
    return 0;
}

/* Numbers, and the words that JSON has no numbers for. */
static int read_real(reader_t *r, const av_type_t *type, const jv_t *json, const trail_t *trail, double *out)
{
    static const char *const words[] = {"NaN", "Infinity", "-Infinity"};
    bool fits = json->kind == JV_NUMBER;
    for (int i = 0; !fits && i < 3; i++)
        fits = jv_is_string(json, words[i]);
    if (!fits)
        return unfit(r, type, json, trail, "it needs a number");
    text_t text = json->kind == JV_NUMBER ? json->text : text_copy(r->arena, json->text);
    *out = av_number_value(text);
    if (type->kind == AV_FLOAT)
        *out = (double)(float)*out;
    return 0;
}

/* Code points 0 to 255, one a byte. */
static int read_bytes(reader_t *r, const av_type_t *type, const jv_t *json, const trail_t *trail, text_t *out)
{
    if (json->kind != JV_STRING)
        return unfit(r, type, json, trail, "bytes are written as a string");
    char *bytes = arena_alloc(r->arena, json->text.bytes + 1);
    size_t n = 0;
    for (size_t i = 0; i < json->text.bytes; i++) {
        unsigned char c = (unsigned char)json->text.at[i];
        if (c > 0xC3)
            return unfit(r, type, json, trail, "bytes are written as characters U+0000 to U+00FF");
        if (c >= 0xC2)
            bytes[n++] = (char)((c & 0x03) << 6 | ((unsigned char)json->text.at[++i] & 0x3F));
        else
            bytes[n++] = (char)c;
    }
    *out = (text_t){bytes, n};
    if (type->kind == AV_FIXED && n != type->n)
        return unfit(r, type, json, trail, "it has another length");
    return 0;
}

static int read_items(reader_t *r, const av_type_t *type, const jv_t *json, uint32_t depth,
                      const trail_t *trail, av_value_t *value)
{
    bool is_array = type->kind == AV_ARRAY;
    if (json->kind != (is_array ? JV_ARRAY : JV_OBJECT))
        return unfit(r, type, json, trail, is_array ? "it needs an array" : "it needs an object");
    value->n = json->n;
    value->items = ARENA_ARRAY(r->arena, av_value_t *, json->n);
    value->keys = is_array ? NULL : ARENA_ARRAY(r->arena, text_t, json->n);
    for (uint32_t i = 0; i < json->n; i++) {
        trail_t step = {trail, is_array ? TEXT_NONE : json->members[i].name, i};
        if (!is_array)
            value->keys[i] = json->members[i].name;
        if (read_value(r, type->item.type, is_array ? &json->items[i] : &json->members[i].value, depth, &step,
                       &value->items[i]) != 0)
            return -1;
    }
    return 0;
}

static int read_record(reader_t *r, const av_type_t *type, const jv_t *json, uint32_t depth,
                       const trail_t *trail, av_value_t *value)
{
    if (json->kind != JV_OBJECT)
        return unfit(r, type, json, trail, "it needs an object");
    for (uint32_t i = 0; i < json->n; i++)
        if (av_field_find(type, json->members[i].name) < 0)
            return fail(r, FAULT_VALUE, &json->members[i].value, trail,
                        text_printf(r->arena, "record " TEXT_FMT " has no field \"" TEXT_FMT "\"",
                                    TEXT_ARG(type->name.full), TEXT_ARG(json->members[i].name)));
    for (uint32_t i = 0; i < type->n; i++) {
        text_t name = type->fields[i].name;
        const jv_t *member = jv_get_text(json, name);
        trail_t step = {trail, name, 0};
        if (!member)
            return fail(r, FAULT_VALUE, json, trail,
                        text_printf(r->arena,
                                    "the field \"" TEXT_FMT "\" of record " TEXT_FMT
                                    " is missing: Avro data has every field, also one with a default",
                                    TEXT_ARG(name), TEXT_ARG(type->name.full)));
        if (read_value(r, type->fields[i].slot.type, member, depth, &step, &value->items[i]) != 0)
            return -1;
    }
    return 0;
}

static text_t branch_name(const av_type_t *branch)
{
    return av_is_named(branch) ? branch->name.full : text_of(av_kind_name(branch->kind));
}

static int read_union(reader_t *r, const av_type_t *type, const jv_t *json, uint32_t depth,
                      const trail_t *trail, av_value_t *value)
{
    bool tagged = json->kind == JV_OBJECT && json->n == 1;
    for (uint32_t i = 0; i < type->n; i++) {
        const av_type_t *branch = type->branches[i].type;
        bool is_null = branch->kind == AV_NULL;
        if (is_null ? json->kind != JV_NULL : !tagged || !av_same(branch_name(branch), json->members[0].name))
            continue;
        trail_t step = {trail, is_null ? TEXT_NONE : json->members[0].name, 0};
        value->branch = i;
        return read_value(r, branch, is_null ? json : &json->members[0].value, depth, is_null ? trail : &step,
                          &value->items[0]);
    }
    return unfit(r, type, json, trail,
                 "a value of a union is null, or an object whose one member is named like the branch, such "
                 "as {\"string\": \"a\"}");
}

static int read_value(reader_t *r, const av_type_t *type, const jv_t *json, uint32_t depth,
                      const trail_t *trail, av_value_t **out)
{
    bool nests = type->kind == AV_RECORD || type->kind == AV_ARRAY || type->kind == AV_MAP;
    if (!r->steps || (nests && !depth))
        return fail(r, FAULT_LIMIT, json, trail,
                    r->steps ? TEXT("the message nests deeper than max_depth allows")
                             : TEXT("the message takes more than max_steps to read"));
    r->steps--;
    av_value_t *value = *out = av_value_new(type, r->arena);
    switch (type->kind) {
    case AV_NULL:
        return json->kind == JV_NULL ? 0 : unfit(r, type, json, trail, "");
    case AV_BOOLEAN:
        value->boolean = json->kind == JV_TRUE;
        return json->kind == JV_TRUE || json->kind == JV_FALSE ? 0 : unfit(r, type, json, trail, "");
    case AV_INT:
    case AV_LONG:
        return read_integer(r, type, json, trail, &value->integer);
    case AV_FLOAT:
    case AV_DOUBLE:
        return read_real(r, type, json, trail, &value->real);
    case AV_STRING:
        value->bytes = json->kind == JV_STRING ? json->text : TEXT("");
        return json->kind == JV_STRING ? 0 : unfit(r, type, json, trail, "it needs a string");
    case AV_BYTES:
    case AV_FIXED:
        return read_bytes(r, type, json, trail, &value->bytes);
    case AV_ENUM:
        value->integer = json->kind == JV_STRING ? av_symbol_find(type, json->text) : -1;
        return value->integer >= 0 ? 0 : unfit(r, type, json, trail, "it is not one of the symbols");
    case AV_ARRAY:
    case AV_MAP:
        return read_items(r, type, json, depth - 1, trail, value);
    case AV_RECORD:
        return read_record(r, type, json, depth - 1, trail, value);
    case AV_UNION:
        return read_union(r, type, json, depth, trail, value);
    }
    return -1;
}

int av_read_json(const av_type_t *type, const jv_t *json, const limits_t *limits, arena_t *arena,
                 av_value_t **out, fault_t *fault)
{
    reader_t r = {limits, arena, fault, limits->max_steps};
    return read_value(&r, type, json, limits->max_depth, NULL, out);
}

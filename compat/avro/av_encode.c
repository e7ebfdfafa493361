/* av_encode.c - values to bytes and to JSON; the smallest value of a type; frames. Recursion follows the value, whose depth
 * was bounded when it was made. */
#include "compat/avro/av_value.h"

#include <string.h>

#include "compat/avro/av_number.h"

/* --- binary ------------------------------------------------------------------------------------------------------------------- */

static void add_bytes(buf_t *out, const void *at, size_t n)
{
    buf_add(out, (text_t){at, n});
}

/* Zigzag, then seven bits a byte, least significant first. */
static void add_long(buf_t *out, int64_t value)
{
    uint64_t n = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    while (n & ~(uint64_t)0x7f) {
        buf_add_char(out, (char)(0x80 | (n & 0x7f)));
        n >>= 7;
    }
    buf_add_char(out, (char)n);
}

static void add_little_endian(buf_t *out, uint64_t bits, int n)
{
    for (int i = 0; i < n; i++)
        buf_add_char(out, (char)(bits >> (8 * i)));
}

static void add_float(buf_t *out, double real)
{
    float single = (float)real;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    add_little_endian(out, bits, 4);
}

static void add_double(buf_t *out, double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    add_little_endian(out, bits, 8);
}

static void add_items(const av_value_t *value, buf_t *out)
{
    if (value->n)
        add_long(out, value->n);
    for (uint32_t i = 0; i < value->n; i++) {
        if (value->type->kind == AV_MAP) {
            add_long(out, (int64_t)value->keys[i].bytes);
            buf_add(out, value->keys[i]);
        }
        av_encode_binary(value->items[i], out);
    }
    add_long(out, 0);
}

void av_encode_binary(const av_value_t *value, buf_t *out)
{
    switch (value->type->kind) {
    case AV_NULL:
        return;
    case AV_BOOLEAN:
        buf_add_char(out, value->boolean);
        return;
    case AV_INT:
    case AV_LONG:
    case AV_ENUM:
        add_long(out, value->integer);
        return;
    case AV_FLOAT:
        add_float(out, value->real);
        return;
    case AV_DOUBLE:
        add_double(out, value->real);
        return;
    case AV_BYTES:
    case AV_STRING:
        add_long(out, (int64_t)value->bytes.bytes);
        buf_add(out, value->bytes);
        return;
    case AV_FIXED:
        buf_add(out, value->bytes);
        return;
    case AV_ARRAY:
    case AV_MAP:
        add_items(value, out);
        return;
    case AV_RECORD:
        for (uint32_t i = 0; i < value->n; i++)
            av_encode_binary(value->items[i], out);
        return;
    case AV_UNION:
        add_long(out, value->branch);
        av_encode_binary(value->items[0], out);
        return;
    }
}

/* --- JSON ------------------------------------------------------------------------------------------------------------------------ */

/* Bytes as code points 0 to 255. */
static void json_bytes(text_t bytes, buf_t *out)
{
    buf_t text;
    buf_init(&text, BUF_NO_MAX);
    for (size_t i = 0; i < bytes.bytes; i++)
        buf_add_code_point(&text, (unsigned char)bytes.at[i]);
    jv_print_string(out, buf_text(&text));
    buf_dispose(&text);
}

static void json_members(const av_value_t *value, buf_t *out)
{
    bool is_array = value->type->kind == AV_ARRAY;
    buf_add_char(out, is_array ? '[' : '{');
    for (uint32_t i = 0; i < value->n; i++) {
        if (i)
            buf_add_char(out, ',');
        if (!is_array) {
            jv_print_string(out, value->type->kind == AV_MAP ? value->keys[i] : value->type->fields[i].name);
            buf_add_char(out, ':');
        }
        av_encode_json(value->items[i], out);
    }
    buf_add_char(out, is_array ? ']' : '}');
}

static void json_union(const av_value_t *value, buf_t *out)
{
    const av_type_t *branch = value->type->branches[value->branch].type;
    if (branch->kind == AV_NULL) {
        buf_add_s(out, "null");
        return;
    }
    buf_add_char(out, '{');
    jv_print_string(out, av_is_named(branch) ? branch->name.full : text_of(av_kind_name(branch->kind)));
    buf_add_char(out, ':');
    av_encode_json(value->items[0], out);
    buf_add_char(out, '}');
}

static void add_integer(buf_t *out, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        buf_add_char(out, '-');
    add_bytes(out, digits + at, sizeof digits - at);
}

void av_encode_json(const av_value_t *value, buf_t *out)
{
    switch (value->type->kind) {
    case AV_NULL:
        buf_add_s(out, "null");
        return;
    case AV_BOOLEAN:
        buf_add_s(out, value->boolean ? "true" : "false");
        return;
    case AV_INT:
    case AV_LONG:
        add_integer(out, value->integer);
        return;
    case AV_ENUM:
        jv_print_string(out, value->type->symbols[value->integer]);
        return;
    case AV_FLOAT:
        av_number_float(out, (float)value->real);
        return;
    case AV_DOUBLE:
        av_number_double(out, value->real);
        return;
    case AV_STRING:
        jv_print_string(out, value->bytes);
        return;
    case AV_BYTES:
    case AV_FIXED:
        json_bytes(value->bytes, out);
        return;
    case AV_ARRAY:
    case AV_MAP:
    case AV_RECORD:
        json_members(value, out);
        return;
    case AV_UNION:
        json_union(value, out);
        return;
    }
}

/* --- the smallest value ------------------------------------------------------------------------------------------------------------ */

av_value_t *av_value_new(const av_type_t *type, arena_t *arena)
{
    av_value_t *value = ARENA_NEW(arena, av_value_t);
    value->type = type;
    if (type->kind == AV_RECORD) {
        value->n = type->n;
        value->items = ARENA_ARRAY(arena, av_value_t *, type->n);
    } else if (type->kind == AV_UNION) {
        value->n = 1;
        value->items = ARENA_ARRAY(arena, av_value_t *, 1);
    } else if (type->kind == AV_FIXED) {
        value->bytes = (text_t){arena_alloc(arena, type->n), type->n};
    } else if (type->kind == AV_STRING || type->kind == AV_BYTES) {
        value->bytes = TEXT("");
    }
    return value;
}

typedef struct {
    const uint32_t *avoid;
    arena_t *arena;
} small_t;

static av_value_t *smallest(const small_t *s, const av_type_t *type, uint32_t depth);

static bool is_better(const small_t *s, const av_type_t *branch, const av_type_t *best)
{
    if (!branch->cost || !best->cost)
        return branch->cost != 0;
    bool avoid = s->avoid && s->avoid[branch->id], avoid_best = s->avoid && s->avoid[best->id];
    return avoid != avoid_best ? avoid_best : branch->cost < best->cost;
}

static bool fill_union(const small_t *s, av_value_t *value, uint32_t depth)
{
    const av_type_t *type = value->type;
    uint32_t best = 0;
    for (uint32_t i = 1; i < type->n; i++)
        if (is_better(s, type->branches[i].type, type->branches[best].type))
            best = i;
    value->branch = best;
    value->items[0] = smallest(s, type->branches[best].type, depth);
    return value->items[0];
}

static av_value_t *smallest(const small_t *s, const av_type_t *type, uint32_t depth)
{
    if (!av_inhabited(type) || !depth)
        return NULL;
    av_value_t *value = av_value_new(type, s->arena);
    if (type->kind == AV_ENUM && s->avoid && s->avoid[type->id])
        value->integer = s->avoid[type->id] - 1;
    if (type->kind == AV_UNION && !fill_union(s, value, depth))
        return NULL;
    for (uint32_t i = 0; type->kind == AV_RECORD && i < type->n; i++) {
        value->items[i] = smallest(s, type->fields[i].slot.type, depth - 1);
        if (!value->items[i])
            return NULL;
    }
    return value;
}

av_value_t *av_smallest(const av_type_t *type, const uint32_t *avoid, const limits_t *limits, arena_t *arena)
{
    small_t s = {avoid, arena};
    return type->cost <= AV_SMALLEST_MAX ? smallest(&s, type, limits->max_depth) : NULL;
}

/* --- frames ------------------------------------------------------------------------------------------------------------------------- */

void av_frame_single(uint64_t rabin, text_t body, buf_t *out)
{
    add_bytes(out, "\xC3\x01", 2);
    add_little_endian(out, rabin, 8);
    buf_add(out, body);
}

bool av_unframe_single(text_t message, uint64_t *rabin, text_t *body)
{
    if (message.bytes < 10 || memcmp(message.at, "\xC3\x01", 2) != 0)
        return false;
    *rabin = 0;
    for (int i = 0; i < 8; i++)
        *rabin |= (uint64_t)(unsigned char)message.at[2 + i] << (8 * i);
    *body = text_from(message, 10);
    return true;
}

void av_frame_confluent(uint32_t id, text_t body, buf_t *out)
{
    buf_add_char(out, 0);
    for (int i = 3; i >= 0; i--)
        buf_add_char(out, (char)(id >> (8 * i)));
    buf_add(out, body);
}

bool av_unframe_confluent(text_t message, uint32_t *id, text_t *body)
{
    if (message.bytes < 5 || message.at[0] != 0)
        return false;
    *id = 0;
    for (int i = 1; i < 5; i++)
        *id = *id << 8 | (unsigned char)message.at[i];
    *body = text_from(message, 5);
    return true;
}

/* avro_values.h - random values of an Avro type, from a seed, for fuzzing and for the oracles. */
#ifndef AVOW_TESTS_FUZZ_AVRO_VALUES_H
#define AVOW_TESTS_FUZZ_AVRO_VALUES_H

#include "compat/avro/av_value.h"

static inline uint64_t draw(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const char *const random_strings[] = {
    "", "a", "\xC3\xA9", "\xE4\xB8\xAD \xF0\x9F\x98\x80", "\x01\"\\/", "long enough to need two bytes? no: "};
static const int64_t random_integers[] = {0, 1, -1, 63, 64, -65, 8191, 2147483647, -2147483647 - 1};
static const double random_reals[] = {0, 1.5, -0.0, 1e10, 3.4028234e38, 0.1, -1e-3};

#define PICK(table, seed) (table)[draw(seed) % (sizeof(table) / sizeof *(table))]

static inline av_value_t *random_value(const av_type_t *type, uint32_t depth, uint64_t *seed, arena_t *arena);

static inline bool random_parts(av_value_t *value, uint32_t depth, uint64_t *seed, arena_t *arena)
{
    const av_type_t *type = value->type;
    for (uint32_t i = 0; i < value->n; i++) {
        const av_type_t *part = type->kind == AV_RECORD  ? type->fields[i].slot.type
                                : type->kind == AV_UNION ? type->branches[value->branch].type
                                                         : type->item.type;
        value->items[i] = random_value(part, depth, seed, arena);
        if (!value->items[i])
            return false;
    }
    return true;
}

/* Maps have one entry at most: two would come back from Java in another order. */
static inline void random_items(av_value_t *value, uint32_t depth, uint64_t *seed, arena_t *arena)
{
    value->n = depth ? draw(seed) % (value->type->kind == AV_MAP ? 2 : 4) : 0;
    value->items = ARENA_ARRAY(arena, av_value_t *, value->n);
    value->keys = ARENA_ARRAY(arena, text_t, value->n);
    for (uint32_t i = 0; i < value->n; i++)
        value->keys[i] = text_printf(arena, "%s%u", PICK(random_strings, seed), i);
    if (!random_parts(value, depth, seed, arena))
        value->n = 0;
}

/* NULL if the type has no value, or none that is small. */
static inline av_value_t *random_value(const av_type_t *type, uint32_t depth, uint64_t *seed, arena_t *arena)
{
    limits_t limits = LIMITS_DEFAULT;
    if (!depth || !av_inhabited(type) || type->cost > 1000)
        return type->cost > 1000 ? NULL : av_smallest(type, NULL, &limits, arena);
    av_value_t *value = av_value_new(type, arena);
    switch (type->kind) {
    case AV_NULL:
    case AV_FIXED:
        break;
    case AV_BOOLEAN:
        value->boolean = draw(seed) & 1;
        break;
    case AV_INT:
        value->integer = PICK(random_integers, seed);
        break;
    case AV_LONG:
        value->integer = draw(seed) % 3 ? PICK(random_integers, seed) : (int64_t)draw(seed);
        break;
    case AV_FLOAT:
        value->real = (double)(float)PICK(random_reals, seed);
        break;
    case AV_DOUBLE:
        value->real = PICK(random_reals, seed);
        break;
    case AV_STRING:
        value->bytes = text_of(PICK(random_strings, seed));
        break;
    case AV_BYTES:
        value->bytes = draw(seed) & 1 ? TEXT("\0\xFF\x80") : text_of(PICK(random_strings, seed));
        break;
    case AV_ENUM:
        value->integer = (int64_t)(draw(seed) % type->n);
        break;
    case AV_ARRAY:
    case AV_MAP:
        random_items(value, depth - 1, seed, arena);
        break;
    case AV_UNION:
        do
            value->branch = (uint32_t)(draw(seed) % type->n);
        while (!av_inhabited(type->branches[value->branch].type));
        return random_parts(value, depth, seed, arena) ? value : NULL;
    case AV_RECORD:
        return random_parts(value, depth - 1, seed, arena) ? value : NULL;
    }
    return value;
}

#endif

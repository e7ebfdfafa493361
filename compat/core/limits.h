/* limits.h - how much an input may cost. Every entry point of the library takes them; running into one is a
 * FAULT_LIMIT or an `undecided`, never a crash or a hang. */
#ifndef AVOW_COMPAT_CORE_LIMITS_H
#define AVOW_COMPAT_CORE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t max_bytes;    /* of one text */
    uint32_t max_depth;  /* nesting of arrays and objects */
    uint32_t max_nodes;  /* JSON values in one text */
    uint32_t max_digits; /* of one number, its exponent written out */
    uint64_t max_steps;  /* counted work of one check, validation or decoding */
} limits_t;

#define LIMITS_DEFAULT                 \
    ((limits_t){.max_bytes = 4u << 20, \
                .max_depth = 512,      \
                .max_nodes = 1000000,  \
                .max_digits = 16384,   \
                .max_steps = 2000000})

#endif

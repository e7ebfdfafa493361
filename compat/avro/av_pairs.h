/* av_pairs.h - a set of pairs of small numbers, each with one number kept beside it. Private to compat/avro.
 *
 * Open addressing on the heap; grows; order of insertion is never visible. `pairs_dispose` frees.
 */
#ifndef AVOW_COMPAT_AVRO_AV_PAIRS_H
#define AVOW_COMPAT_AVRO_AV_PAIRS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t *_keys; /* 0 is free: keys are stored plus one */
    uint32_t *_values;
    uint32_t n, _room;
} pairs_t;

#define PAIRS_EMPTY ((pairs_t){0})

static inline uint64_t pair_key(uint32_t a, uint32_t b)
{
    return ((uint64_t)a << 32 | b) + 1;
}

/* The number beside (a, b), made 0 if the pair is new; `fresh` tells. The pointer is good until the next call. */
uint32_t *pairs_at(pairs_t *pairs, uint32_t a, uint32_t b, bool *fresh);
void pairs_dispose(pairs_t *pairs);

#endif

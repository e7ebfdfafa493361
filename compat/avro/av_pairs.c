#include "compat/avro/av_pairs.h"

#include <stdlib.h>

static uint32_t slot_of(const pairs_t *pairs, uint64_t key)
{
    uint32_t at = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32) & (pairs->_room - 1);
    while (pairs->_keys[at] && pairs->_keys[at] != key)
        at = (at + 1) & (pairs->_room - 1);
    return at;
}

static void grow(pairs_t *pairs)
{
    pairs_t bigger = {.n = pairs->n, ._room = pairs->_room ? pairs->_room * 2 : 64};
    bigger._keys = calloc(bigger._room, sizeof *bigger._keys);
    bigger._values = calloc(bigger._room, sizeof *bigger._values);
    if (!bigger._keys || !bigger._values)
        abort();
    for (uint32_t i = 0; i < pairs->_room; i++)
        if (pairs->_keys[i]) {
            uint32_t at = slot_of(&bigger, pairs->_keys[i]);
            bigger._keys[at] = pairs->_keys[i];
            bigger._values[at] = pairs->_values[i];
        }
    free(pairs->_keys);
    free(pairs->_values);
    *pairs = bigger;
}

uint32_t *pairs_at(pairs_t *pairs, uint32_t a, uint32_t b, bool *fresh)
{
    if ((pairs->n + 1) * 2 > pairs->_room)
        grow(pairs);
    uint64_t key = pair_key(a, b);
    uint32_t at = slot_of(pairs, key);
    *fresh = !pairs->_keys[at];
    if (*fresh) {
        pairs->_keys[at] = key;
        pairs->n++;
    }
    return &pairs->_values[at];
}

void pairs_dispose(pairs_t *pairs)
{
    free(pairs->_keys);
    free(pairs->_values);
    *pairs = PAIRS_EMPTY;
}

/* strict_table.h - the hash tables of the strict engine: from a hash to numbers in a pool. Private to compat/json/strict*.
 *
 * The pool compares; the table only proposes. No result depends on the order of a table.
 */
#ifndef AVOW_COMPAT_JSON_STRICT_TABLE_H
#define AVOW_COMPAT_JSON_STRICT_TABLE_H

#include "compat/json/strict_ir.h"

typedef struct {
    const ir_table_t *table;
    uint32_t hash, at, number;
} table_probe_t;

static inline uint32_t table_mix(uint32_t hash, uint32_t more)
{
    uint64_t wide = ((uint64_t)hash ^ 0x9e3779b9u) * 0x9e3779b97f4a7c15u + more;
    wide ^= wide >> 29;
    wide *= 0xbf58476d1ce4e5b9u;
    return (uint32_t)(wide ^ (wide >> 32));
}

static inline table_probe_t table_probe(const ir_table_t *table, uint32_t hash)
{
    return (table_probe_t){.table = table, .hash = hash, .at = hash};
}

/* The next pool number whose hash is the same; false at the end. */
static inline bool table_next(table_probe_t *probe)
{
    const ir_table_t *table = probe->table;
    if (table->room == 0)
        return false;
    for (;; probe->at++) {
        const struct ir_slot *slot = &table->at[probe->at & (table->room - 1)];
        if (slot->number == 0)
            return false;
        if (slot->hash == probe->hash) {
            probe->number = slot->number - 1;
            probe->at++;
            return true;
        }
    }
}

void table_add(ir_table_t *table, uint32_t hash, uint32_t number);

/* An array of twice the room, or a first one. */
void *table_grow(void *array, uint32_t *room, size_t item_bytes);

#endif

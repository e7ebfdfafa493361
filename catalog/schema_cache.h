/* schema_cache.h - parsed schemas, shared by all threads, so that a check does not parse a subject's history again.
 *
 * One cache for the process: what an id means never changes, so nothing here goes stale. The key holds the identity as
 * well as the id, so that a database restored to an earlier point, where ids are given out again, cannot be mistaken.
 *
 * Threads  any.
 * Memory   bounded by bytes (schema_cache_limit); what was not used since the last look goes first. A schema that is in use lives
 *          on after it left the cache.
 */
#ifndef AVOW_CATALOG_SCHEMA_CACHE_H
#define AVOW_CATALOG_SCHEMA_CACHE_H

#include "compat/compat.h"

typedef struct {
    int32_t context_id, id;
    uint8_t identity[16];
} schema_key_t;

#define SCHEMA_CACHE_BYTES ((size_t)64 << 20)

void schema_cache_limit(size_t bytes); /* 0: keeps nothing. At start-up; SCHEMA_CACHE_BYTES without it */

/* A reference for the caller to return, or NULL. */
schema_t *schema_cache_get(const schema_key_t *key);

/* Takes a reference of its own. */
void schema_cache_put(const schema_key_t *key, const schema_t *schema);

void schema_cache_clear(void);

typedef struct {
    uint64_t hits, misses, evictions;
    size_t entries, bytes;
} schema_cache_stats_t;
schema_cache_stats_t schema_cache_stats(void);

#endif

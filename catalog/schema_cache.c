#include "catalog/schema_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Each shard is a hash table with chains and a ring through all its entries. The hand goes round the ring: an entry that was used
 * since it last passed gets a second chance, another one goes. */
typedef struct entry {
    schema_key_t key;
    const schema_t *schema;
    size_t bytes;
    bool used;
    struct entry *next_in_chain;
    struct entry *prev, *next; /* the ring */
} entry_t;

#define SHARDS  16
#define BUCKETS 1024

typedef struct {
    pthread_mutex_t lock;
    entry_t *buckets[BUCKETS];
    entry_t *hand;
    size_t entries, bytes;
    uint64_t hits, misses, evictions;
} shard_t;

static shard_t shards[SHARDS] = {[0 ... SHARDS - 1] = {.lock = PTHREAD_MUTEX_INITIALIZER}};
static atomic_size_t limit = SCHEMA_CACHE_BYTES;

static uint64_t hash(const schema_key_t *key)
{
    uint64_t identity; /* an MD5: any eight bytes of it are a hash */
    memcpy(&identity, key->identity, sizeof identity);
    return identity ^ ((uint64_t)(uint32_t)key->id * 0x9e3779b97f4a7c15u) ^
           (uint64_t)(uint32_t)key->context_id;
}

static bool same(const schema_key_t *a, const schema_key_t *b)
{
    return a->context_id == b->context_id && a->id == b->id &&
           memcmp(a->identity, b->identity, sizeof a->identity) == 0;
}

static entry_t **find(shard_t *shard, const schema_key_t *key)
{
    entry_t **at = &shard->buckets[hash(key) / SHARDS % BUCKETS];
    while (*at != NULL && !same(&(*at)->key, key))
        at = &(*at)->next_in_chain;
    return at;
}

static void ring_insert(shard_t *shard, entry_t *entry)
{
    if (shard->hand == NULL) {
        entry->prev = entry->next = entry;
        shard->hand = entry;
        return;
    }
    entry->next = shard->hand; /* behind the hand: the last that it comes to */
    entry->prev = shard->hand->prev;
    entry->prev->next = entry;
    entry->next->prev = entry;
}

static void drop(shard_t *shard, entry_t *entry)
{
    entry_t **at = find(shard, &entry->key);
    *at = entry->next_in_chain;
    if (shard->hand == entry)
        shard->hand = entry->next == entry ? NULL : entry->next;
    entry->prev->next = entry->next;
    entry->next->prev = entry->prev;
    shard->entries--;
    shard->bytes -= entry->bytes;
    schema_unref(entry->schema);
    free(entry);
}

static void shrink(shard_t *shard, size_t bytes)
{
    while (shard->bytes > bytes && shard->hand != NULL) {
        entry_t *entry = shard->hand;
        if (entry->used) {
            entry->used = false;
            shard->hand = entry->next;
            continue;
        }
        drop(shard, entry);
        shard->evictions++;
    }
}

schema_t *schema_cache_get(const schema_key_t *key)
{
    shard_t *shard = &shards[hash(key) % SHARDS];
    schema_t *schema = NULL;
    pthread_mutex_lock(&shard->lock);
    entry_t *entry = *find(shard, key);
    if (entry != NULL) {
        entry->used = true;
        schema = schema_ref(entry->schema);
        shard->hits++;
    } else {
        shard->misses++;
    }
    pthread_mutex_unlock(&shard->lock);
    return schema;
}

void schema_cache_put(const schema_key_t *key, const schema_t *schema)
{
    shard_t *shard = &shards[hash(key) % SHARDS];
    size_t most = atomic_load(&limit) / SHARDS;
    size_t bytes = schema_bytes(schema) + sizeof(entry_t);
    if (bytes > most)
        return;
    pthread_mutex_lock(&shard->lock);
    entry_t **at = find(shard, key);
    if (*at == NULL) {
        entry_t *entry = calloc(1, sizeof *entry);
        if (entry == NULL)
            abort();
        entry->key = *key;
        entry->schema = schema_ref(schema);
        entry->bytes = bytes;
        *at = entry;
        ring_insert(shard, entry);
        shard->entries++;
        shard->bytes += bytes;
        shrink(shard, most);
    }
    pthread_mutex_unlock(&shard->lock);
}

void schema_cache_limit(size_t bytes)
{
    atomic_store(&limit, bytes);
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&shards[i].lock);
        shrink(&shards[i], bytes / SHARDS);
        pthread_mutex_unlock(&shards[i].lock);
    }
}

void schema_cache_clear(void)
{
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&shards[i].lock);
        while (shards[i].hand != NULL)
            drop(&shards[i], shards[i].hand);
        pthread_mutex_unlock(&shards[i].lock);
    }
}

schema_cache_stats_t schema_cache_stats(void)
{
    schema_cache_stats_t stats = {0};
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&shards[i].lock);
        stats.hits += shards[i].hits;
        stats.misses += shards[i].misses;
        stats.evictions += shards[i].evictions;
        stats.entries += shards[i].entries;
        stats.bytes += shards[i].bytes;
        pthread_mutex_unlock(&shards[i].lock);
    }
    return stats;
}

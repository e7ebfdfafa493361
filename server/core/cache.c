#include "server/core/cache.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { N_SHARDS = 16, N_SUBJECTS = 8192, FIRST_ROOM = 64 };

/* An entry may be this part of its shard: larger ones would push out too much else. */
enum { LARGEST_PART = 2 };

typedef struct entry {
    cached_t reply; /* first: the two are one pointer */
    atomic_uint refs;
    struct entry *next;           /* of the same slot */
    struct entry *after, *before; /* in the order in which the hand passes; a ring */
    uint64_t hash;
    text_t key;
    depends_t depends;
    uint64_t time;
    size_t subject; /* its place in subjects; N_SUBJECTS: none */
    size_t bytes;
    bool used; /* since the hand passed */
} entry_t;

typedef struct {
    pthread_mutex_t lock;
    entry_t **slots;
    size_t n_slots, n_entries, bytes;
    entry_t *hand;
    uint64_t hits, misses, stale, stores, evictions;
} __attribute__((aligned(64))) shard_t;

struct cache {
    shard_t shards[N_SHARDS];
    size_t max_bytes; /* of one shard */
    uint64_t seed;
    _Atomic int64_t live_until;

    /* The clock, and when each thing last changed by it. */
    _Atomic uint64_t now;
    _Atomic uint64_t schemas, settings, anything;
    _Atomic uint64_t subjects[N_SUBJECTS];
};

/* --- time ------------------------------------------------------------------------------------------------------------ */

cache_time_t cache_begin(const cache_t *cache)
{
    return (cache_time_t){atomic_load(&cache->now)};
}

/* Forgets of different threads may arrive in any order; time never goes back. */
static void advance(_Atomic uint64_t *changed, uint64_t to)
{
    uint64_t seen = atomic_load(changed);
    while (seen < to && !atomic_compare_exchange_weak(changed, &seen, to))
        continue;
}

/* ":.context:subject" and (".context", "subject") are the same place; so are "subject" and (".", "subject"). */
static size_t place_of(const cache_t *cache, text_t context, text_t subject)
{
    return text_hash(subject, text_hash(context, cache->seed)) % N_SUBJECTS;
}

static size_t place_of_qualified(const cache_t *cache, text_t qualified)
{
    if (text_starts(qualified, TEXT(":."))) {
        const char *end = memchr(qualified.at + 1, ':', qualified.bytes - 1);
        if (end != NULL) {
            size_t bytes = (size_t)(end - qualified.at) - 1;
            return place_of(cache, (text_t){qualified.at + 1, bytes}, text_from(qualified, bytes + 2));
        }
    }
    return place_of(cache, TEXT("."), qualified);
}

void cache_forget(cache_t *cache, const audit_t *entry)
{
    /* The clock goes first: whoever reads it from now on begins after this change's COMMIT. */
    uint64_t time = atomic_fetch_add(&cache->now, 1) + 1;
    advance(&cache->anything, time);
    if (entry->subject.at != NULL)
        advance(&cache->subjects[place_of(cache, entry->context, entry->subject)], time);
    switch (audit_forgets(entry->kind)) {
    case FORGET_SUBJECT:
        if (entry->subject.at == NULL) /* all of them, then */
            advance(&cache->schemas, time);
        break;
    case FORGET_SCHEMAS:
        advance(&cache->schemas, time);
        break;
    case FORGET_SETTINGS:
        advance(&cache->settings, time);
        break;
    case FORGET_LINE:
        advance(&cache->settings, time);
        advance(&cache->schemas, time);
        break;
    case FORGET_PEOPLE: /* credentials are remembered elsewhere (auth.h) */
    case FORGET_NOTHING:
        break;
    }
}

void cache_forget_all(cache_t *cache)
{
    uint64_t time = atomic_fetch_add(&cache->now, 1) + 1;
    advance(&cache->anything, time);
    advance(&cache->settings, time);
    advance(&cache->schemas, time);
}

void cache_live_until(cache_t *cache, int64_t monotonic_ns)
{
    atomic_store(&cache->live_until, monotonic_ns);
}

static bool is_live(const cache_t *cache)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now); /* a few ms behind, a few ns to read */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec <= atomic_load(&cache->live_until);
}

static bool is_true(const cache_t *cache, depends_t depends, size_t subject, uint64_t time)
{
    switch (depends) {
    case DEPENDS_NOT_CACHED:
        return false;
    case DEPENDS_ALL:
        return atomic_load(&cache->anything) <= time;
    case DEPENDS_SUBJECT:
        return atomic_load(&cache->settings) <= time && atomic_load(&cache->schemas) <= time &&
               atomic_load(&cache->subjects[subject]) <= time;
    case DEPENDS_SCHEMA:
        return atomic_load(&cache->schemas) <= time &&
               (subject == N_SUBJECTS || atomic_load(&cache->subjects[subject]) <= time);
    }
    return false;
}

/* --- entries --------------------------------------------------------------------------------------------------------- */

static text_t put(char **to, text_t text)
{
    if (text.at == NULL)
        return TEXT_NONE;
    text_t kept = {*to, text.bytes};
    memcpy(*to, text.at, text.bytes);
    (*to)[text.bytes] = '\0';
    *to += text.bytes + 1;
    return kept;
}

/* One block: the entry and every text of it. */
static entry_t *entry_new(text_t key, const reply_t *reply, text_t etag)
{
    size_t room = sizeof(entry_t) + key.bytes + reply->body.bytes + etag.bytes + 3;
    for (size_t i = 0; i < reply->n_headers; i++)
        room += reply->headers[i].value.bytes + 1;
    entry_t *entry = malloc(room);
    if (entry == NULL)
        abort();
    memset(entry, 0, sizeof *entry);
    char *to = (char *)(entry + 1);
    entry->key = put(&to, key);
    entry->reply.status = reply->status;
    entry->reply.content_type = reply->content_type;
    entry->reply.body = put(&to, reply->body);
    entry->reply.etag = put(&to, etag);
    entry->reply.mark = reply->mark;
    entry->reply.n_headers = reply->n_headers;
    for (size_t i = 0; i < reply->n_headers; i++) {
        entry->reply.headers[i].name = reply->headers[i].name;
        entry->reply.headers[i].value = put(&to, reply->headers[i].value);
    }
    entry->bytes = malloc_usable_size(entry) + sizeof(size_t) + sizeof(entry_t *);
    atomic_init(&entry->refs, 1);
    return entry;
}

void cached_ref(const cached_t *cached)
{
    entry_t *entry = (entry_t *)cached;
    atomic_fetch_add_explicit(&entry->refs, 1, memory_order_relaxed);
}

void cached_unref(const cached_t *cached)
{
    entry_t *entry = (entry_t *)cached;
    if (entry != NULL && atomic_fetch_sub_explicit(&entry->refs, 1, memory_order_acq_rel) == 1)
        free(entry);
}

/* --- shards: all under the shard's lock ------------------------------------------------------------------------------ */

static shard_t *shard_of(cache_t *cache, uint64_t hash)
{
    return &cache->shards[hash >> 60];
}
_Static_assert(N_SHARDS == 16, "four bits choose a shard");

static entry_t **slot_of(shard_t *shard, uint64_t hash)
{
    return &shard->slots[hash & (shard->n_slots - 1)];
}

static entry_t **find_slot(shard_t *shard, text_t key, uint64_t hash)
{
    entry_t **at = slot_of(shard, hash);
    while (*at != NULL && !((*at)->hash == hash && text_eq((*at)->key, key)))
        at = &(*at)->next;
    return at;
}

static void take_out(shard_t *shard, entry_t **at)
{
    entry_t *entry = *at;
    *at = entry->next;
    if (shard->hand == entry)
        shard->hand = entry->after == entry ? NULL : entry->after;
    entry->after->before = entry->before;
    entry->before->after = entry->after;
    shard->n_entries--;
    shard->bytes -= entry->bytes;
    cached_unref(&entry->reply);
}

/* Just behind the hand, which then passes it last. */
static void put_in(shard_t *shard, entry_t *entry)
{
    entry_t **at = slot_of(shard, entry->hash);
    entry->next = *at;
    *at = entry;
    if (shard->hand == NULL) {
        entry->after = entry->before = shard->hand = entry;
    } else {
        entry->after = shard->hand;
        entry->before = shard->hand->before;
        entry->before->after = entry;
        entry->after->before = entry;
    }
    shard->n_entries++;
    shard->bytes += entry->bytes;
}

static void grow(shard_t *shard)
{
    if (shard->n_entries < shard->n_slots)
        return;
    entry_t **old = shard->slots;
    size_t n_old = shard->n_slots;
    shard->n_slots = n_old == 0 ? FIRST_ROOM : 2 * n_old;
    shard->slots = calloc(shard->n_slots, sizeof *shard->slots);
    if (shard->slots == NULL)
        abort();
    for (size_t i = 0; i < n_old; i++) {
        for (entry_t *entry = old[i], *next; entry != NULL; entry = next) {
            next = entry->next;
            entry_t **at = slot_of(shard, entry->hash);
            entry->next = *at;
            *at = entry;
        }
    }
    free(old);
}

/* Second chance: what was found since the hand last passed stays for one more round, unless it is out of date. */
static void make_room(cache_t *cache, shard_t *shard, size_t bytes)
{
    while (shard->hand != NULL && shard->bytes + bytes > cache->max_bytes) {
        entry_t *entry = shard->hand;
        if (entry->used && is_true(cache, entry->depends, entry->subject, entry->time)) {
            entry->used = false;
            shard->hand = entry->after;
            continue;
        }
        take_out(shard, find_slot(shard, entry->key, entry->hash));
        shard->evictions++;
    }
}

/* --- the cache ------------------------------------------------------------------------------------------------------- */

cache_t *cache_new(size_t max_bytes)
{
    cache_t *cache = aligned_alloc(64, sizeof *cache);
    if (cache == NULL)
        abort();
    memset(cache, 0, sizeof *cache);
    cache->max_bytes = max_bytes / N_SHARDS;
    /* Keys come from outside: without a seed nobody knows, they could all be made to meet in one slot. */
    if (getrandom(&cache->seed, sizeof cache->seed, 0) != sizeof cache->seed)
        abort();
    for (int i = 0; i < N_SHARDS; i++) {
        pthread_mutex_init(&cache->shards[i].lock, NULL);
        grow(&cache->shards[i]);
    }
    return cache;
}

void cache_free(cache_t *cache)
{
    if (cache == NULL)
        return;
    for (int i = 0; i < N_SHARDS; i++) {
        shard_t *shard = &cache->shards[i];
        while (shard->hand != NULL)
            take_out(shard, find_slot(shard, shard->hand->key, shard->hand->hash));
        free(shard->slots);
        pthread_mutex_destroy(&shard->lock);
    }
    free(cache);
}

void cache_store(cache_t *cache, text_t key, cache_time_t time, const reply_t *reply, text_t etag)
{
    bool success = reply->status >= 200 && reply->status < 300;
    if (reply->status == 0 || (reply->depends == DEPENDS_SCHEMA && !success))
        return;
    size_t subject =
        reply->depends_subject.at == NULL ? N_SUBJECTS : place_of_qualified(cache, reply->depends_subject);
    if ((reply->depends == DEPENDS_SUBJECT && subject == N_SUBJECTS) ||
        !is_true(cache, reply->depends, subject, time._at))
        return;
    if (key.bytes + reply->body.bytes > cache->max_bytes / LARGEST_PART)
        return;
    entry_t *entry = entry_new(key, reply, etag);
    entry->hash = text_hash(key, cache->seed);
    entry->depends = reply->depends;
    entry->subject = subject;
    entry->time = time._at;
    shard_t *shard = shard_of(cache, entry->hash);
    pthread_mutex_lock(&shard->lock);
    entry_t **at = find_slot(shard, key, entry->hash);
    if (*at != NULL)
        take_out(shard, at);
    make_room(cache, shard, entry->bytes);
    grow(shard);
    put_in(shard, entry);
    shard->stores++;
    pthread_mutex_unlock(&shard->lock);
}

const cached_t *cache_find(cache_t *cache, text_t key)
{
    uint64_t hash = text_hash(key, cache->seed);
    shard_t *shard = shard_of(cache, hash);
    const cached_t *found = NULL;
    pthread_mutex_lock(&shard->lock);
    entry_t **at = find_slot(shard, key, hash);
    entry_t *entry = *at;
    if (entry == NULL) {
        shard->misses++;
    } else if (!is_true(cache, entry->depends, entry->subject, entry->time)) {
        shard->stale++;
        take_out(shard, at);
    } else if (entry->depends != DEPENDS_SCHEMA && !is_live(cache)) {
        shard->misses++; /* it may still be true: it stays for when there is news */
    } else {
        shard->hits++;
        entry->used = true;
        found = &entry->reply;
        cached_ref(found);
    }
    pthread_mutex_unlock(&shard->lock);
    return found;
}

cache_stats_t cache_stats(cache_t *cache)
{
    cache_stats_t sum = {.max_bytes = cache->max_bytes * N_SHARDS};
    for (int i = 0; i < N_SHARDS; i++) {
        shard_t *shard = &cache->shards[i];
        pthread_mutex_lock(&shard->lock);
        sum.hits += shard->hits;
        sum.misses += shard->misses;
        sum.stale += shard->stale;
        sum.stores += shard->stores;
        sum.evictions += shard->evictions;
        sum.entries += shard->n_entries;
        sum.bytes += shard->bytes;
        pthread_mutex_unlock(&shard->lock);
    }
    return sum;
}

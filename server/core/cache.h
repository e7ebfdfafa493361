/* cache.h - finished replies, kept until something they were made from changes.
 *
 * One cache is shared by all event loops and workers. A reply is stored under a key (what of the request decides the
 * reply: method, path, query, profile, body) and says what it depends on (depends_t in call.h):
 *
 *   DEPENDS_SCHEMA   a schema by id. Forgotten when a version or a subject is hard deleted and, when depends_subject
 *                    is given too, whenever that subject changes (replies that show a subject and a version). Served while
 *                    the database is down. Only for replies that no registration can change: an id that was found in
 *                    another context than the first one searched, or not at all, is DEPENDS_ALL.
 *   DEPENDS_SUBJECT  one subject, and all settings (config and mode, at any level).
 *   DEPENDS_ALL      forgotten with every change.
 *
 * How it stays true. The cache has a clock that only cache_forget advances. A call takes the time before its transaction
 * begins (cache_begin) and stores its reply with it; each thing that can change keeps the time of its last change. A
 * reply is true while everything it depends on last changed at or before its time. Looking at the time when a reply is *found*, not
 * only when it is stored, decides the races:
 *
 *   - a change commits while the call runs: its time is after the call's, whether the reply is stored before or after
 *     cache_forget. It is never found.
 *   - a call begins after a change was committed and before cache_forget heard of it: it saw the new state, and its
 *     reply is dropped all the same. That costs a miss.
 *   - a call takes the time while cache_forget is at work: the time was advanced first, and the commit was before, so
 *     that the call's transaction sees the change.
 *
 * Own changes are forgotten by the worker after COMMIT and before the reply is sent, so that a client sees its own
 * change at once; other servers' by the follower (follower.h). Without news from the database for longer than
 * about a second, only DEPENDS_SCHEMA is found (cache_live_until).
 *
 * Subjects share a fixed number of change times by hash: a collision costs a miss, never a wrong reply.
 *
 * Cost     a find is one hash of the key, one lock of one of several shards: about 100 ns. Memory is bounded by bytes; the
 *          least recently used (second chance) goes first.
 * Threads  any, for every function but cache_new and cache_free.
 * Memory   an entry is immutable and counted: cache_find gives a reference, cached_unref returns it, from any thread, also
 *          after it was forgotten or evicted.
 */
#ifndef AVOW_SERVER_CORE_CACHE_H
#define AVOW_SERVER_CORE_CACHE_H

#include "catalog/audit.h"
#include "server/core/call.h"

typedef struct cache cache_t;

/* A reply as it was made; `content_type` and header names are the static strings of the reply_t. */
typedef struct {
    int status;
    const char *content_type; /* may be NULL, as in reply_t */
    text_t body;
    text_t etag;   /* as given to cache_store; TEXT_NONE if none */
    unsigned mark; /* as in reply_t */
    size_t n_headers;
    struct {
        const char *name;
        text_t value;
    } headers[8];
} cached_t;

typedef struct {
    uint64_t _at;
} cache_time_t;

cache_t *cache_new(size_t max_bytes); /* 0 bytes: keeps nothing */
void cache_free(cache_t *cache);      /* entries still referenced live on until cached_unref */

/* The time to store a reply with: take it before the transaction begins. */
cache_time_t cache_begin(const cache_t *cache);

/* Copies the reply. Does nothing for DEPENDS_NOT_CACHED, for a reply without status, for DEPENDS_SCHEMA that is
 * not a success, for one that is already out of date, and for one too large. */
void cache_store(cache_t *cache, text_t key, cache_time_t time, const reply_t *reply, text_t etag);

/* A reference to the entry, or NULL. */
const cached_t *cache_find(cache_t *cache, text_t key);
void cached_ref(const cached_t *cached);
void cached_unref(const cached_t *cached); /* NULL is fine */

/* After COMMIT: what this change makes untrue is not found any more when this returns. */
void cache_forget(cache_t *cache, const audit_t *entry);
void cache_forget_all(cache_t *cache);

/* Monotonic time (CLOCK_MONOTONIC, ns) up to which changes of other servers are known well enough. Starts at 0: nothing
 * but DEPENDS_SCHEMA is found until the follower has spoken. */
void cache_live_until(cache_t *cache, int64_t monotonic_ns);

typedef struct {
    uint64_t hits, misses, stale, stores, evictions;
    size_t entries, bytes, max_bytes;
} cache_stats_t;
cache_stats_t cache_stats(cache_t *cache);

#endif

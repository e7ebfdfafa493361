/* route.h - the tables of contents of the APIs: method, path, handler, flags.
 *
 * Paths are split at "/" first and percent-decoded after, so that "a%2Fb" is one segment. `{name}` matches one segment; the
 * n-th one is c->params[n]. Empty segments are dropped (doubled and trailing slashes). The matcher alone tells 404 from 405 and
 * answers HEAD (as GET without the body) and OPTIONS (`Allow`).
 *
 * Threads  an index is built once, before the loops start, and only read after.
 */
#ifndef AVOW_SERVER_CORE_ROUTE_H
#define AVOW_SERVER_CORE_ROUTE_H

#include "server/core/call.h"

typedef enum {
    R_BODY = 1 << 0,     /* a JSON object is required; parsed before the handler runs; database calls only */
    R_BODY_MAY = 1 << 1, /* a JSON object may come; likewise */
    R_WRITE = 1 << 2,    /* changes state: a write transaction; else a read-only one */
    R_CONTEXT = 1 << 3,  /* also under /contexts/{context}/ */
    R_OPEN = 1 << 4,     /* needs no credentials */
    R_CACHE_BODY = 1 << 5, /* a POST that (mostly) reads: see below */
    R_PROFILE_8 = 1 << 6,  /* exists only in the 8.x profile: 404 otherwise */
    R_GROUP = 1 << 7,      /* calls that wait at the same time may share a transaction: see api_t */
    R_LOCKS = 1 << 8,      /* R_WRITE of /api/v1: takes the registry's locks first, then api_write_begin */
} route_flags_t;

/* R_CACHE_BODY: replies may be kept by path and body. Which ones, the handler says by reply_depends: those of a call that only reads,
 * or of one that found that nothing was to be written. */

struct route {
    const char *method;                    /* "GET", "POST", "PUT", "PATCH", "DELETE" */
    const char *path;                      /* "/subjects/{subject}/versions" */
    int (*on_worker)(call_t *c, tx_t *tx); /* exactly one of the two is set */
    int (*on_loop)(call_t *c);
    unsigned flags;
};

/* Which media types an API speaks. */
typedef enum {
    MEDIA_REGISTRY, /* the registry's three types are negotiated, 406 and 415 */
    MEDIA_OWN,      /* each reply names its type; Accept and Content-Type are not looked at */
} media_rule_t;

/* An API: its routes and how it says no. */
typedef struct {
    const char *name; /* shows in logs */
    const route_t *routes;
    size_t n_routes;
    void (*fail)(call_t *c); /* turns c->err into c->reply; NULL is reply_fail (call.h) */

    /* Runs several calls of one R_GROUP route in one transaction, and leaves each with a reply, or with an error, or with neither: then
     * its own handler runs it alone, in a transaction of its own. So it is for all of them when this fails, also when the
     * outcome of COMMIT is unknown: only what may be done twice can be done here. */
    int (*on_group)(call_t *const *calls, size_t n, tx_t *tx);
    const char *prefix; /* "/api/v1": unknown paths below it fail in this API's words; NULL takes none */
    media_rule_t media;

    /* Runs the handler of each database call, and what all calls of this API have in common. NULL: handlers run as they are. */
    int (*around)(call_t *c, tx_t *tx, int (*handler)(call_t *c, tx_t *tx));
} api_t;

typedef struct route_index route_index_t;

/* The first API answers for paths that nobody knows. Two routes for the same method and path abort. */
route_index_t *route_index_new(const api_t *const *apis, size_t n_apis);
void route_index_free(route_index_t *index);

typedef struct {
    const api_t *api;     /* always set */
    const route_t *route; /* NULL for OPTIONS */
    size_t number;        /* of the route among all, for metrics; route_index_n for OPTIONS and failures */
} route_hit_t;

size_t route_index_n(const route_index_t *index);
const route_t *route_index_at(const route_index_t *index, size_t number);

/* Finds the route of c->method and c->path, for c->profile; fills c->params and c->context. -1 and c->err (400, 404 or 405)
 * otherwise. `Allow` is among the reply's headers for 405 and OPTIONS. */
int route_match(const route_index_t *index, call_t *c, route_hit_t *hit);

#endif

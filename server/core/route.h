/* route.h - the tables of contents of the APIs: method, path, handler, flags.
 *
 * Paths are split at "/" first and percent-decoded after, so that "a%2Fb" is one segment. `{name}` matches one segment; the
 * n-th one is c->params[n]. Empty segments are dropped (doubled and trailing slashes). The matcher alone tells 404 from 405 and
 * answers HEAD (as GET without the body) and OPTIONS (`Allow`).
 */
#ifndef AVOW_SERVER_CORE_ROUTE_H
#define AVOW_SERVER_CORE_ROUTE_H

#include "server/core/call.h"

typedef enum {
    R_BODY = 1 << 0,      /* a JSON object is required; parsed before the handler runs */
    R_BODY_MAY = 1 << 1,  /* a JSON object may come */
    R_WRITE = 1 << 2,     /* changes state: a write transaction; else a read-only one */
    R_CONTEXT = 1 << 3,   /* also under /contexts/{context}/ */
    R_OPEN = 1 << 4,      /* needs no credentials */
    R_CACHE_BODY = 1 << 5, /* a POST that only reads: its reply may be cached by path and body */
    R_PROFILE_8 = 1 << 6, /* exists only in the 8.x profile: 404 otherwise */
} route_flags_t;

struct route {
    const char *method; /* "GET", "POST", "PUT", "PATCH", "DELETE" */
    const char *path;   /* "/subjects/{subject}/versions" */
    int (*on_worker)(call_t *c, tx_t *tx); /* exactly one of the two is set */
    int (*on_loop)(call_t *c);
    unsigned flags;
};

/* An API: its routes and how it says no. */
typedef struct {
    const char *name; /* the `route` label's prefix in metrics */
    const route_t *routes;
    size_t n_routes;
    void (*fail)(call_t *c); /* turns c->err into c->reply */
} api_t;

/* Finds the route. NULL and c->err (404 or 405; `Allow` is in the reply's headers) otherwise. Fills params and context. */
const route_t *route_match(const api_t *const *apis, size_t n_apis, call_t *c, const api_t **api);

#endif

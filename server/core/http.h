/* http.h - HTTP: event loops, connections, and requests on their way to handlers and back.
 *
 * Each loop is a thread with its own sockets and its own connections; nothing of h2o is shared between them. Only this folder knows
 * h2o.
 *
 * Threads  http_start, http_drain and http_stop on one thread.
 */
#ifndef AVOW_SERVER_CORE_HTTP_H
#define AVOW_SERVER_CORE_HTTP_H

#include "server/core/identify.h"
#include "server/core/listen.h"
#include "server/core/metrics.h"
#include "server/core/worker.h"

typedef struct http http_t;

#define HTTP_VERIFIERS 2 /* threads that check credentials, each with a connection to the database */

typedef struct {
    const conf_t *conf;
    const route_index_t *routes;
    metrics_t *metrics; /* with a block for each loop */
    cache_t *cache;
    workers_t *workers;
    identify_t *identify;
    struct usage *usage;          /* notes who reads what (usage.h); NULL: nothing is noted */
    const db_options_t *database; /* where the users and tokens of the catalog are looked up */
    size_t n_loops;
} http_options_t;

/* Serves what `listeners` is bound to, which stays the caller's to close. NULL and a sentence when TLS cannot be set up. */
http_t *http_start(const http_options_t *options, listeners_t *listeners, err_t *err);

/* The certificate is read again, for new connections. On -1 the old one stays. */
int http_reload_tls(http_t *http, err_t *err);

/* No new connections; requests under way are answered, replies say `Connection: close`, idle connections are closed. Returns
 * when none is left, or after timeout_ms with what remains cut off. True when all was finished. */
bool http_drain(http_t *http, int64_t timeout_ms);

/* After http_drain and workers_stop. */
void http_stop(http_t *http);

bool http_is_draining(const http_t *http);
size_t http_n_connections(const http_t *http);
uint64_t http_n_accepted(const http_t *http);

#endif

/* worker.h - database calls: a pool of threads, each with its own connection, runs handlers inside one transaction.
 *
 * A call is run once it is its turn: body parsed, handler run (again after a serialization failure, with a clean reply), committed;
 * then what it changed is forgotten from the cache and its reply, if it may be served again, is kept. Calls of an R_GROUP route that
 * wait at the same time share a transaction (route.h, on_group). While the database is
 * down a call is answered ERR_STORE at once: only the follower waits for the database to come back.
 *
 * Threads  worker_submit from any. `done` is called exactly once for each submitted call, on a worker's thread or, when the
 *          workers stop, on the stopping one.
 * Memory   the call and what it points to belong to the worker between worker_submit and `done`.
 */
#ifndef AVOW_SERVER_CORE_WORKER_H
#define AVOW_SERVER_CORE_WORKER_H

#include <stdatomic.h>

#include "server/core/cache.h"
#include "server/core/conf.h"
#include "server/core/follower.h"
#include "server/core/pool.h"
#include "server/core/route.h"

typedef struct workers workers_t;

typedef struct worker_call {
    pool_job_t job; /* first */
    call_t *call;
    const api_t *api;
    text_t key;       /* to keep the reply under; TEXT_NONE: not kept */
    bool gzip;        /* the client takes gzip */
    atomic_bool gone; /* the client has left: do not begin */
    void (*done)(struct worker_call *work);
    cache_time_t _begun;
} worker_call_t;

typedef struct {
    const conf_t *conf;
    const db_options_t *database;
    cache_t *cache;
    follower_t *follower;
} worker_options_t;

workers_t *workers_start(const worker_options_t *options);
void workers_stop(workers_t *workers); /* what runs is finished, what waits is refused */

/* -1 and call->err when it cannot be taken (BUSY, or STORE while the database is down): `done` is not called then. */
int worker_submit(workers_t *workers, worker_call_t *work);

pool_stats_t workers_stats(workers_t *workers);
size_t workers_connected(const workers_t *workers);
bool workers_database_up(const workers_t *workers);

/* Turns call->err into a reply in the words of the API; what the handler had built is dropped. */
void api_fail(const api_t *api, call_t *call);

#endif

#include "server/core/worker.h"

#include <stdlib.h>

#include "server/core/body.h"
#include "server/core/gzip.h"
#include "server/core/log.h"

struct workers {
    worker_options_t options;
    db_options_t database;
    pool_t *pool;
    atomic_size_t connected;
};

/* What a thread owns. */
typedef struct {
    workers_t *workers;
    db_t *db;
    bool was_alive;
    bool lost; /* the last call ended without a connection */
} worker_t;

void api_fail(const api_t *api, call_t *call)
{
    call->reply.status = 0;
    call->reply.depends = DEPENDS_NOT_CACHED;
    if (api->fail != NULL)
        api->fail(call);
    if (call->reply.status == 0)
        reply_fail(call);
    if (call->err.code == ERR_INTERNAL)
        log_error("a call failed for a reason that should not exist", LOG_S("reason", call->err.text),
                  LOG_TEXT("method", call->method), LOG_TEXT("path", call->path),
                  LOG_TEXT("request_id", call->request_id));
}

/* --- one call --------------------------------------------------------------------------------------------------------- */

static int run_handler(tx_t *tx, void *arg)
{
    const worker_call_t *work = arg;
    call_t *call = work->call;
    return work->api->around != NULL ? work->api->around(call, tx, call->route->on_worker)
                                     : call->route->on_worker(call, tx);
}

static void forget_reply(call_t *call)
{
    const unsigned mark = call->reply.mark;
    call->reply = (reply_t){.mark = mark};
}

static void run_again(void *arg)
{
    worker_call_t *work = arg;
    forget_reply(work->call);
    err_clear(&work->call->err);
}

/* A connection that failed is not tried again for a moment (db.h), so that calls fail at once while the database is down. When the
 * follower has reached it again, that moment is over: a fresh connection is made. */
static void renew(worker_t *self)
{
    if (!self->lost)
        return;
    db_close(self->db);
    self->db = db_new(&self->workers->database);
    self->lost = false;
}

static int run_in_transaction(worker_t *self, worker_call_t *work)
{
    call_t *call = work->call;
    bool writes = (call->route->flags & R_WRITE) != 0;
    const worker_options_t *options = &self->workers->options;
    if (!db_is_alive(self->db) && !follower_database_up(options->follower))
        return err_set(&call->err, ERR_STORE, NULL);
    renew(self);
    work->_begun = cache_begin(options->cache);
    err_t err = {.code = ERR_NONE};
    int rc = db_run(self->db, writes ? TX_WRITE : TX_READ, call->arena, run_handler, run_again, work, &err);
    if (rc != 0 && call->err.code == ERR_NONE)
        call->err = err;
    self->lost = !db_is_alive(self->db);
    if (rc == 0 && writes)
        follower_committed(options->follower, self->db);
    return rc;
}

static int run_call(worker_t *self, worker_call_t *work)
{
    call_t *call = work->call;
    const conf_t *conf = self->workers->options.conf;
    int64_t waited_ms = (monotonic_ns() - work->job.queued_ns) / 1000000;
    if (waited_ms > conf->queue_timeout_ms)
        return err_set(&call->err, ERR_BUSY, NULL);
    if ((call->route->flags & (R_BODY | R_BODY_MAY)) != 0 &&
        body_parse(call, (call->route->flags & R_BODY) != 0, conf->max_depth) != 0)
        return -1;
    if (run_in_transaction(self, work) != 0)
        return -1;
    if (call->reply.status == 0)
        return err_set(&call->err, ERR_INTERNAL, "the handler of %s %s made no reply", call->route->method,
                       call->route->path);
    return 0;
}

static void note_connection(worker_t *self)
{
    bool alive = db_is_alive(self->db);
    if (alive != self->was_alive)
        atomic_fetch_add(&self->workers->connected, alive ? 1 : (size_t)-1);
    self->was_alive = alive;
}

static void work_run(pool_job_t *job, void *state)
{
    worker_call_t *work = (worker_call_t *)job;
    worker_t *self = state;
    call_t *call = work->call;
    if (!atomic_load_explicit(&work->gone, memory_order_relaxed)) {
        if (run_call(self, work) != 0) {
            api_fail(work->api, call);
        } else {
            gzip_reply(call, work->gzip, self->workers->options.conf->gzip_min_bytes);
            if (work->key.at != NULL)
                cache_store(self->workers->options.cache, work->key, work->_begun, &call->reply, TEXT_NONE);
        }
        note_connection(self);
    }
    json_decref(call->body);
    call->body = NULL;
    work->done(work);
}

static void work_drop(pool_job_t *job)
{
    worker_call_t *work = (worker_call_t *)job;
    err_set(&work->call->err, ERR_BUSY, "The server is stopping; try again in a moment");
    api_fail(work->api, work->call);
    work->done(work);
}

/* --- the pool ---------------------------------------------------------------------------------------------------------- */

static int nothing(tx_t *tx, void *arg)
{
    (void)tx;
    (void)arg;
    return 0;
}

/* Connects before the first call, which would wait for it otherwise. If that fails, the first call tries again. */
static void *worker_open(void *arg, size_t thread)
{
    (void)thread;
    workers_t *workers = arg;
    worker_t *self = calloc(1, sizeof *self);
    if (self == NULL)
        abort();
    self->workers = workers;
    self->db = db_new(&workers->database);
    arena_t *arena = arena_new();
    err_t err;
    db_run(self->db, TX_READ, arena, nothing, NULL, NULL, &err);
    arena_free(arena);
    note_connection(self);
    self->lost = !self->was_alive;
    return self;
}

static void worker_close(void *state)
{
    worker_t *self = state;
    db_close(self->db);
    free(self);
}

workers_t *workers_start(const worker_options_t *options)
{
    workers_t *workers = calloc(1, sizeof *workers);
    if (workers == NULL)
        abort();
    workers->options = *options;
    workers->database = *options->database;
    workers->pool = pool_start(&(pool_options_t){.name = "worker",
                                                 .n_threads = (size_t)options->conf->workers,
                                                 .max_waiting = (size_t)options->conf->queue,
                                                 .max_bytes = options->conf->queue_bytes,
                                                 .open = worker_open,
                                                 .close = worker_close,
                                                 .arg = workers});
    return workers;
}

void workers_stop(workers_t *workers)
{
    if (workers == NULL)
        return;
    pool_stop(workers->pool);
    free(workers);
}

int worker_submit(workers_t *workers, worker_call_t *work)
{
    if (!workers_database_up(workers))
        return err_set(&work->call->err, ERR_STORE, NULL);
    work->job.run = work_run;
    work->job.drop = work_drop;
    work->job.bytes = work->call->body_text.bytes;
    return pool_submit(workers->pool, &work->job) ? 0 : err_set(&work->call->err, ERR_BUSY, NULL);
}

pool_stats_t workers_stats(workers_t *workers)
{
    return pool_stats(workers->pool);
}

size_t workers_connected(const workers_t *workers)
{
    return atomic_load_explicit(&workers->connected, memory_order_relaxed);
}

bool workers_database_up(const workers_t *workers)
{
    return follower_database_up(workers->options.follower);
}

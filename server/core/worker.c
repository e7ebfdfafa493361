#include "server/core/worker.h"

#include <stdlib.h>
#include <unistd.h>

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
    arena_t *arena; /* of the transactions that several calls share */
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

static int run_transaction(worker_t *self, tx_kind_t kind, arena_t *arena, tx_fn *fn, void (*again)(void *),
                           void *arg, err_t *err)
{
    const worker_options_t *options = &self->workers->options;
    if (!db_is_alive(self->db) && !follower_database_up(options->follower))
        return err_set(err, ERR_STORE, NULL);
    renew(self);
    int rc = db_run(self->db, kind, arena, fn, again, arg, err);
    self->lost = !db_is_alive(self->db);
    if (rc == 0 && kind == TX_WRITE)
        follower_committed(options->follower, self->db);
    return rc;
}

static int run_in_transaction(worker_t *self, worker_call_t *work)
{
    call_t *call = work->call;
    bool writes = (call->route->flags & R_WRITE) != 0;
    err_t err = {.code = ERR_NONE};
    work->_begun = cache_begin(self->workers->options.cache);
    int rc =
        run_transaction(self, writes ? TX_WRITE : TX_READ, call->arena, run_handler, run_again, work, &err);
    if (rc != 0 && call->err.code == ERR_NONE)
        call->err = err;
    return rc;
}

/* What must be so before a transaction is begun. */
static int prepare(worker_t *self, worker_call_t *work)
{
    call_t *call = work->call;
    const conf_t *conf = self->workers->options.conf;
    int64_t waited_ms = (monotonic_ns() - work->job.queued_ns) / 1000000;
    if (waited_ms > conf->queue_timeout_ms)
        return err_set(&call->err, ERR_BUSY, NULL);
    if (call->body != NULL || (call->route->flags & (R_BODY | R_BODY_MAY)) == 0)
        return 0;
    return body_parse(call, (call->route->flags & R_BODY) != 0, conf->max_depth);
}

static int run_call(worker_t *self, worker_call_t *work)
{
    call_t *call = work->call;
    if (prepare(self, work) != 0 || run_in_transaction(self, work) != 0)
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

/* The last thing that is done with a call here. */
static void finish(worker_t *self, worker_call_t *work, int rc)
{
    call_t *call = work->call;
    if (rc != 0) {
        api_fail(work->api, call);
    } else {
        gzip_reply(call, work->gzip, self->workers->options.conf->gzip_min_bytes);
        if (work->key.at != NULL)
            cache_store(self->workers->options.cache, work->key, work->_begun, &call->reply, TEXT_NONE);
    }
    json_decref(call->body);
    call->body = NULL;
    work->done(work);
}

/* Nobody is there to be answered. */
static bool drop_if_gone(worker_call_t *work)
{
    if (!atomic_load_explicit(&work->gone, memory_order_relaxed))
        return false;
    json_decref(work->call->body);
    work->call->body = NULL;
    work->done(work);
    return true;
}

static void work_run(pool_job_t *job, void *state)
{
    worker_call_t *work = (worker_call_t *)job;
    worker_t *self = state;
    if (drop_if_gone(work))
        return;
    int rc = run_call(self, work);
    note_connection(self);
    finish(self, work, rc);
}

/* --- several calls of one route in one transaction ------------------------------------------------------------------------ */

typedef struct {
    worker_call_t *works[POOL_TOGETHER_MAX];
    call_t *calls[POOL_TOGETHER_MAX];
    size_t n;
} group_t;

static int run_group_handler(tx_t *tx, void *arg)
{
    group_t *group = arg;
    return group->works[0]->api->on_group(group->calls, group->n, tx);
}

static void run_group_again(void *arg)
{
    group_t *group = arg;
    for (size_t i = 0; i < group->n; i++)
        run_again(group->works[i]);
}

/* Puts back whom the group could do nothing for, or runs it here when there is no other time. */
static void run_alone(worker_t *self, worker_call_t *work)
{
    if (!pool_put_back(self->workers->pool, &work->job))
        work_run(&work->job, self);
}

static void group_finish(worker_t *self, group_t *group)
{
    for (size_t i = group->n; i-- > 0;) {
        worker_call_t *work = group->works[i];
        if (work->call->err.code != ERR_NONE)
            finish(self, work, -1);
        else if (work->call->reply.status != 0)
            finish(self, work, 0);
        else
            run_alone(self, work);
    }
}

static void work_run_together(pool_job_t *const *jobs, size_t n, void *state)
{
    worker_t *self = state;
    group_t group = {.n = 0};
    cache_time_t begun = cache_begin(self->workers->options.cache);
    for (size_t i = 0; i < n; i++) {
        worker_call_t *work = (worker_call_t *)jobs[i];
        if (drop_if_gone(work))
            continue;
        work->_begun = begun;
        if (prepare(self, work) != 0) {
            finish(self, work, -1);
            continue;
        }
        group.works[group.n] = work;
        group.calls[group.n++] = work->call;
    }
    err_t err = {.code = ERR_NONE};
    if (group.n > 0 &&
        run_transaction(self, TX_WRITE, self->arena, run_group_handler, run_group_again, &group, &err) != 0)
        run_group_again(&group);
    note_connection(self);
    group_finish(self, &group);
    arena_reset(self->arena);
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
    self->arena = arena_new();
    err_t err;
    db_run(self->db, TX_READ, self->arena, nothing, NULL, NULL, &err);
    note_connection(self);
    self->lost = !self->was_alive;
    return self;
}

static void worker_close(void *state)
{
    worker_t *self = state;
    db_close(self->db);
    arena_free(self->arena);
    free(self);
}

/* What is large takes its time, and would take the others'. */
enum { TOGETHER_BYTES = 256 * 1024, GROUPED_BYTES = 64 * 1024 };

/* Few lanes make large groups. Never one alone: one writes while another waits for the disk. */
static size_t n_lanes(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 4 ? 2 : (size_t)processors / 2;
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
                                                 .lanes = n_lanes(),
                                                 .max_together_bytes = TOGETHER_BYTES,
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
    work->job.run_together = work_run_together;
    bool groups = (work->call->route->flags & R_GROUP) != 0 && work->job.bytes <= GROUPED_BYTES;
    work->job.kind = groups ? work->call->route : NULL;
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

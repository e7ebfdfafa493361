#include "server/core/pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
    pool_t *pool;
    size_t number;
    pthread_t thread;
    pthread_cond_t wake;
    pool_job_t *job;    /* handed over while it was idle */
    size_t idle_before; /* the thread below in the pile of idle ones */
} thread_t;

#define NOBODY SIZE_MAX

typedef struct {
    pool_job_t *first, **last;
} line_t;

struct pool {
    pool_options_t options;
    pthread_mutex_t lock; /* all that follows */
    line_t alone, together;
    size_t lanes_used;
    size_t idle; /* top of the pile */
    bool stopping;
    pool_stats_t stats;
    thread_t *threads;
};

/* --- lines --------------------------------------------------------------------------------------------------------------- */

static void line_clear(line_t *line)
{
    line->first = NULL;
    line->last = &line->first;
}

static void line_add(line_t *line, pool_job_t *job)
{
    job->_next = NULL;
    *line->last = job;
    line->last = &job->_next;
}

static void line_add_first(line_t *line, pool_job_t *job)
{
    job->_next = line->first;
    line->first = job;
    if (job->_next == NULL)
        line->last = &job->_next;
}

static pool_job_t *line_take(line_t *line)
{
    pool_job_t *job = line->first;
    line->first = job->_next;
    if (line->first == NULL)
        line->last = &line->first;
    return job;
}

/* --- threads ------------------------------------------------------------------------------------------------------------- */

int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool has_lane(const pool_t *pool)
{
    return pool->lanes_used < pool->options.lanes;
}

/* The line whose turn it is: where somebody has waited longer. NULL: nobody may be taken. */
static line_t *next_line(pool_t *pool)
{
    const pool_job_t *alone = pool->alone.first, *together = has_lane(pool) ? pool->together.first : NULL;
    if (together != NULL && (alone == NULL || together->queued_ns < alone->queued_ns))
        return &pool->together;
    return alone != NULL ? &pool->alone : NULL;
}

/* Those that may be run together with the first one. */
static size_t take_company(pool_t *pool, pool_job_t **jobs)
{
    size_t n = 1, bytes = jobs[0]->bytes;
    while (n < POOL_TOGETHER_MAX && pool->together.first != NULL &&
           pool->together.first->kind == jobs[0]->kind &&
           bytes + pool->together.first->bytes <= pool->options.max_together_bytes) {
        jobs[n] = line_take(&pool->together);
        pool->stats.waiting--;
        bytes += jobs[n++]->bytes;
    }
    return n;
}

/* With the lock held: the next jobs for this thread, or 0 to end. For a job of a kind it has a lane then. */
static size_t next_jobs(pool_t *pool, thread_t *self, pool_job_t **jobs)
{
    line_t *line = next_line(pool);
    if (line != NULL) {
        jobs[0] = line_take(line);
        pool->stats.waiting--;
        pool->lanes_used += jobs[0]->kind != NULL;
    } else {
        if (pool->stopping)
            return 0;
        self->idle_before = pool->idle;
        pool->idle = self->number;
        while (self->job == NULL && !pool->stopping)
            pthread_cond_wait(&self->wake, &pool->lock);
        if (self->job == NULL)
            return 0;
        jobs[0] = self->job;
        self->job = NULL;
    }
    return jobs[0]->kind == NULL ? 1 : take_company(pool, jobs);
}

static void run_jobs(pool_job_t *const *jobs, size_t n, void *state)
{
    if (jobs[0]->kind == NULL)
        jobs[0]->run(jobs[0], state);
    else
        jobs[0]->run_together(jobs, n, state);
}

static void *thread_main(void *arg)
{
    thread_t *self = arg;
    pool_t *pool = self->pool;
    char name[16];
    snprintf(name, sizeof name, "%.11s-%zu", pool->options.name, self->number % 1000);
    pthread_setname_np(pthread_self(), name);
    void *state = pool->options.open == NULL ? NULL : pool->options.open(pool->options.arg, self->number);
    pthread_mutex_lock(&pool->lock);
    pool_job_t *jobs[POOL_TOGETHER_MAX];
    size_t n;
    while ((n = next_jobs(pool, self, jobs)) > 0) {
        bool in_lane = jobs[0]->kind != NULL;
        int64_t bytes = 0;
        for (size_t i = 0; i < n; i++)
            bytes += (int64_t)jobs[i]->bytes;
        pool->stats.running += n;
        pool->stats.groups += in_lane;
        pool->stats.grouped += in_lane ? n : 0;
        pthread_mutex_unlock(&pool->lock);
        run_jobs(jobs, n, state);
        pthread_mutex_lock(&pool->lock);
        pool->lanes_used -= in_lane;
        pool->stats.running -= n;
        pool->stats.bytes -= bytes;
    }
    pthread_mutex_unlock(&pool->lock);
    if (pool->options.close != NULL)
        pool->options.close(state);
    return NULL;
}

pool_t *pool_start(const pool_options_t *options)
{
    pool_t *pool = calloc(1, sizeof *pool);
    thread_t *threads = calloc(options->n_threads, sizeof *threads);
    if (pool == NULL || threads == NULL)
        abort();
    pool->options = *options;
    line_clear(&pool->alone);
    line_clear(&pool->together);
    pool->idle = NOBODY;
    pool->threads = threads;
    pthread_mutex_init(&pool->lock, NULL);
    for (size_t i = 0; i < options->n_threads; i++) {
        threads[i].pool = pool;
        threads[i].number = i;
        pthread_cond_init(&threads[i].wake, NULL);
        if (pthread_create(&threads[i].thread, NULL, thread_main, &threads[i]) != 0)
            abort(); /* no threads at start-up: nothing would work */
    }
    return pool;
}

/* With the lock held: a thread for the job, which is woken once the lock is free, or its place in line. */
static thread_t *place(pool_t *pool, pool_job_t *job, bool waits)
{
    if (waits) {
        line_add(job->kind == NULL ? &pool->alone : &pool->together, job);
        pool->stats.waiting++;
        return NULL;
    }
    thread_t *chosen = &pool->threads[pool->idle];
    pool->idle = chosen->idle_before;
    chosen->job = job;
    pool->lanes_used += job->kind != NULL;
    return chosen;
}

bool pool_submit(pool_t *pool, pool_job_t *job)
{
    job->queued_ns = monotonic_ns();
    pthread_mutex_lock(&pool->lock);
    bool waits = pool->idle == NOBODY || (job->kind != NULL && !has_lane(pool));
    bool full = waits && pool->stats.waiting >= pool->options.max_waiting;
    bool heavy = pool->options.max_bytes > 0 && pool->stats.bytes > 0 &&
                 pool->stats.bytes + (int64_t)job->bytes > pool->options.max_bytes;
    if (full || heavy || pool->stopping) {
        pool->stats.refused++;
        pthread_mutex_unlock(&pool->lock);
        return false;
    }
    pool->stats.submitted++;
    pool->stats.bytes += (int64_t)job->bytes;
    thread_t *chosen = place(pool, job, waits);
    pthread_mutex_unlock(&pool->lock);
    if (chosen != NULL)
        pthread_cond_signal(&chosen->wake);
    return true;
}

bool pool_put_back(pool_t *pool, pool_job_t *job)
{
    thread_t *chosen = NULL;
    pthread_mutex_lock(&pool->lock);
    bool taken = !pool->stopping;
    if (taken) {
        job->kind = NULL;
        pool->stats.bytes += (int64_t)job->bytes;
        if (pool->idle != NOBODY) {
            chosen = place(pool, job, false);
        } else {
            line_add_first(&pool->alone, job);
            pool->stats.waiting++;
        }
    }
    pthread_mutex_unlock(&pool->lock);
    if (chosen != NULL)
        pthread_cond_signal(&chosen->wake);
    return taken;
}

static void drop_all(pool_job_t *waiting)
{
    while (waiting != NULL) {
        pool_job_t *job = waiting;
        waiting = job->_next;
        job->drop(job);
    }
}

void pool_stop(pool_t *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pool_job_t *alone = pool->alone.first, *together = pool->together.first;
    line_clear(&pool->alone);
    line_clear(&pool->together);
    pool->stats.waiting = 0;
    for (size_t i = 0; i < pool->options.n_threads; i++)
        pthread_cond_signal(&pool->threads[i].wake);
    pthread_mutex_unlock(&pool->lock);
    drop_all(alone);
    drop_all(together);
    for (size_t i = 0; i < pool->options.n_threads; i++) {
        pthread_join(pool->threads[i].thread, NULL);
        pthread_cond_destroy(&pool->threads[i].wake);
    }
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool);
}

pool_stats_t pool_stats(pool_t *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool_stats_t stats = pool->stats;
    pthread_mutex_unlock(&pool->lock);
    return stats;
}

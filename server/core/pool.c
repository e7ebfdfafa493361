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

struct pool {
    pool_options_t options;
    pthread_mutex_t lock; /* all that follows */
    pool_job_t *first, **last;
    size_t idle; /* top of the pile */
    bool stopping;
    pool_stats_t stats;
    thread_t *threads;
};

int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* With the lock held: the next job for this thread, or NULL to end. */
static pool_job_t *next_job(pool_t *pool, thread_t *self)
{
    if (pool->first != NULL) {
        pool_job_t *job = pool->first;
        pool->first = job->_next;
        if (pool->first == NULL)
            pool->last = &pool->first;
        pool->stats.waiting--;
        return job;
    }
    if (pool->stopping)
        return NULL;
    self->idle_before = pool->idle;
    pool->idle = self->number;
    while (self->job == NULL && !pool->stopping)
        pthread_cond_wait(&self->wake, &pool->lock);
    pool_job_t *job = self->job;
    self->job = NULL;
    return job;
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
    pool_job_t *job;
    while ((job = next_job(pool, self)) != NULL) {
        size_t bytes = job->bytes;
        pool->stats.running++;
        pthread_mutex_unlock(&pool->lock);
        job->run(job, state);
        pthread_mutex_lock(&pool->lock);
        pool->stats.running--;
        pool->stats.bytes -= (int64_t)bytes;
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
    pool->last = &pool->first;
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

bool pool_submit(pool_t *pool, pool_job_t *job)
{
    job->queued_ns = monotonic_ns();
    job->_next = NULL;
    thread_t *chosen = NULL;
    pthread_mutex_lock(&pool->lock);
    bool full = pool->idle == NOBODY && pool->stats.waiting >= pool->options.max_waiting;
    bool heavy = pool->options.max_bytes > 0 && pool->stats.bytes > 0 &&
                 pool->stats.bytes + (int64_t)job->bytes > pool->options.max_bytes;
    if (full || heavy || pool->stopping) {
        pool->stats.refused++;
        pthread_mutex_unlock(&pool->lock);
        return false;
    }
    pool->stats.submitted++;
    pool->stats.bytes += (int64_t)job->bytes;
    if (pool->idle != NOBODY) {
        chosen = &pool->threads[pool->idle];
        pool->idle = chosen->idle_before;
        chosen->job = job;
    } else {
        *pool->last = job;
        pool->last = &job->_next;
        pool->stats.waiting++;
    }
    pthread_mutex_unlock(&pool->lock);
    if (chosen != NULL)
        pthread_cond_signal(&chosen->wake);
    return true;
}

void pool_stop(pool_t *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pool_job_t *waiting = pool->first;
    pool->first = NULL;
    pool->last = &pool->first;
    pool->stats.waiting = 0;
    for (size_t i = 0; i < pool->options.n_threads; i++)
        pthread_cond_signal(&pool->threads[i].wake);
    pthread_mutex_unlock(&pool->lock);
    while (waiting != NULL) {
        pool_job_t *job = waiting;
        waiting = job->_next;
        job->drop(job);
    }
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

/* pool.h - threads that run jobs from a bounded queue.
 *
 * A job is handed to the thread that became idle last (its caches are warm); when none is idle it waits in line. A full line
 * refuses: it never grows without bound.
 *
 * Jobs of one kind may be run together, by one thread: a thread that takes one takes those that wait behind it as well. Nobody waits for
 * company; but only a few threads, the lanes, run such jobs at a time, so that under load they come together instead of being spread over
 * all threads one by one.
 *
 * Threads  pool_submit and pool_stats from any; start and stop from one.
 * Memory   a job belongs to its submitter and is untouched by the pool once `run` or `drop` was called.
 */
#ifndef AVOW_SERVER_CORE_POOL_H
#define AVOW_SERVER_CORE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POOL_TOGETHER_MAX 32

typedef struct pool pool_t;

typedef struct pool_job pool_job_t;
struct pool_job {
    pool_job_t *_next;
    size_t bytes;      /* what it holds while it waits and runs; counted against max_bytes */
    int64_t queued_ns; /* set by pool_submit, CLOCK_MONOTONIC */
    const void *kind;  /* jobs of the same kind may be run together; NULL: this one alone */
    void (*run)(pool_job_t *job, void *state);
    void (*run_together)(pool_job_t *const *jobs, size_t n, void *state); /* of a kind; n may be 1 */
    void (*drop)(pool_job_t *job);                                        /* the pool stops before its turn */
};

typedef struct {
    const char *name; /* of the threads, at most 11 characters */
    size_t n_threads;
    size_t max_waiting;
    int64_t max_bytes;                       /* 0: not counted */
    size_t lanes;                            /* threads that run jobs together, at a time */
    size_t max_together_bytes;               /* what jobs that are run together may hold */
    void *(*open)(void *arg, size_t thread); /* makes a thread's state, on that thread; may be NULL */
    void (*close)(void *state);
    void *arg;
} pool_options_t;

pool_t *pool_start(const pool_options_t *options);

/* False when the line or max_bytes is full, or the pool is stopping; the job is then still the caller's. */
bool pool_submit(pool_t *pool, pool_job_t *job);

/* For a job that is being run together with others: it will be run again, alone, before whatever waits. False when the pool
 * is stopping; the job is then still the caller's. */
bool pool_put_back(pool_t *pool, pool_job_t *job);

/* Lets what runs finish, drops what waits, joins the threads. */
void pool_stop(pool_t *pool);

typedef struct {
    size_t waiting, running;
    int64_t bytes;
    uint64_t submitted, refused;
    uint64_t groups, grouped; /* how often jobs were run together, and how many */
} pool_stats_t;
pool_stats_t pool_stats(pool_t *pool);

int64_t monotonic_ns(void);

#endif

#include "server/clock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "catalog/due.h"
#include "server/core/log.h"

/* In one turn; what is left is found again in the next. */
enum { TURN_MAX = 500 };

struct due_clock {
    clock_options_t options;
    db_t *db;
    arena_t *found_arena, *arena; /* of the list, of one thing done */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping; /* under lock */
};

static bool is_stopping(due_clock_t *clock)
{
    pthread_mutex_lock(&clock->lock);
    bool stopping = clock->stopping;
    pthread_mutex_unlock(&clock->lock);
    return stopping;
}

typedef struct {
    due_t *list;
    size_t n;
} found_t;

static int find(tx_t *tx, void *arg)
{
    found_t *found = arg;
    return due_find(tx, &found->list, &found->n);
}

typedef struct {
    const due_t *due;
    const policy_t *policy;
} doing_t;

static int do_one(tx_t *tx, void *arg)
{
    static const who_t who = {.actor = TEXT("clock"), .request_id = TEXT("")};
    doing_t *doing = arg;
    return due_do(tx, &who, doing->due, doing->policy);
}

static void do_due(due_clock_t *clock, const due_t *due)
{
    doing_t doing = {due, &clock->options.policy};
    err_t err = {.code = ERR_NONE};
    arena_reset(clock->arena);
    if (db_run(clock->db, TX_WRITE, clock->arena, do_one, NULL, &doing, &err) == 0)
        follower_committed(clock->options.follower, clock->db);
    else if (err.code != ERR_STORE)
        log_warn("something that is due could not be done", LOG_S("what", due_word(due->kind)),
                 LOG_TEXT("name", due->name), LOG_TEXT("reason", err_text(&err)));
}

static void turn(due_clock_t *clock)
{
    found_t found = {0};
    err_t err = {.code = ERR_NONE};
    arena_reset(clock->found_arena);
    if (!follower_database_up(clock->options.follower) ||
        db_run(clock->db, TX_READ, clock->found_arena, find, NULL, &found, &err) != 0)
        return;
    for (size_t i = 0; i < found.n && i < TURN_MAX && !is_stopping(clock); i++)
        do_due(clock, &found.list[i]);
}

/* Returns false when it is time to stop. */
static bool rest(due_clock_t *clock)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += clock->options.interval_ms / 1000;
    until.tv_nsec += clock->options.interval_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&clock->lock);
    while (!clock->stopping && pthread_cond_timedwait(&clock->wake, &clock->lock, &until) != ETIMEDOUT)
        continue;
    bool goes_on = !clock->stopping;
    pthread_mutex_unlock(&clock->lock);
    return goes_on;
}

static void *run(void *arg)
{
    due_clock_t *clock = arg;
    do
        turn(clock);
    while (rest(clock));
    return NULL;
}

due_clock_t *clock_start(const clock_options_t *options)
{
    if (options->interval_ms <= 0)
        return NULL;
    due_clock_t *clock = calloc(1, sizeof *clock);
    if (clock == NULL)
        abort();
    clock->options = *options;
    clock->options.database = NULL; /* not kept: db_new has its copy */
    clock->db = db_new(options->database);
    clock->arena = arena_new();
    clock->found_arena = arena_new();
    pthread_mutex_init(&clock->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&clock->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for other threads */
    if (pthread_create(&clock->thread, NULL, run, clock) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return clock;
}

void clock_stop(due_clock_t *clock)
{
    if (clock == NULL)
        return;
    pthread_mutex_lock(&clock->lock);
    clock->stopping = true;
    pthread_cond_signal(&clock->wake);
    pthread_mutex_unlock(&clock->lock);
    pthread_join(clock->thread, NULL);
    pthread_cond_destroy(&clock->wake);
    pthread_mutex_destroy(&clock->lock);
    db_close(clock->db);
    arena_free(clock->arena);
    arena_free(clock->found_arena);
    free(clock);
}

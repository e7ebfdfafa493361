#include "server/postgres.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/cluster.h"
#include "server/core/log.h"

enum {
    LOOK_MS = 10,           /* how often a start is looked at */
    PREVIOUS_MS = 30000,    /* how long the PostgreSQL of a killed server may take to shut down */
    FIRST_START_MS = 10000, /* how long a start is repeated that fails for what the last run left behind */
    AGAIN_MS = 100,         /* the first pause before another start, doubled up to ... */
    AGAIN_MAX_MS = 5000,
    LONG_LIFE_MS = 10000, /* a life after which the pauses begin anew */
    STOP_MS = 30000,      /* after which it is not asked any more */
};

struct postgres {
    cluster_t cluster;
    char *conninfo;
    pthread_t thread;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    postgres_state_t state; /* of the first start */
    err_t err;              /* why it is POSTGRES_FAILED */
    pid_t pid; /* of whatever child there is; 0: none. Reaped under the lock, so that it is never another's */
    bool stopping, ended; /* asked to; done */

    atomic_bool up;
    _Atomic int64_t restarts;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for a change of anything under the lock, which is held; false when the time is over. */
static bool wait_until(postgres_t *postgres, int64_t ms)
{
    struct timespec at = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    return pthread_cond_clockwait(&postgres->changed, &postgres->lock, CLOCK_MONOTONIC, &at) != ETIMEDOUT;
}

/* False when the server is stopping. */
static bool pause_ms(postgres_t *postgres, int ms)
{
    int64_t until = now_ms() + ms;
    pthread_mutex_lock(&postgres->lock);
    while (!postgres->stopping && wait_until(postgres, until))
        continue;
    bool go_on = !postgres->stopping;
    pthread_mutex_unlock(&postgres->lock);
    return go_on;
}

static void set_state(postgres_t *postgres, postgres_state_t state, const err_t *err)
{
    pthread_mutex_lock(&postgres->lock);
    if (postgres->state == POSTGRES_NOT_YET) {
        postgres->state = state;
        if (err != NULL)
            postgres->err = *err;
    }
    pthread_cond_broadcast(&postgres->changed);
    pthread_mutex_unlock(&postgres->lock);
}

/* --- children: on the thread that watches them, for they die with it --------------------------------------------------- */

/* Notes the child, so that postgres_stop can end it. False, and the child is ended, when it is too late for children. */
static bool adopt(postgres_t *postgres, pid_t pid)
{
    pthread_mutex_lock(&postgres->lock);
    bool stopping = postgres->stopping;
    postgres->pid = pid;
    pthread_mutex_unlock(&postgres->lock);
    if (stopping)
        kill(pid, SIGINT);
    return !stopping;
}

/* True when the child has ended; `wait` for it, or look only. */
static bool reap(postgres_t *postgres, bool wait, int *status)
{
    siginfo_t info = {.si_pid = 0};
    pid_t pid = postgres->pid;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | (wait ? 0 : WNOHANG)) != 0 && errno == EINTR)
        continue;
    if (!wait && info.si_pid == 0)
        return false;
    pthread_mutex_lock(&postgres->lock);
    waitpid(pid, status, 0);
    postgres->pid = 0;
    pthread_mutex_unlock(&postgres->lock);
    return true;
}

static int fail_words(const postgres_t *postgres, err_t *err, const char *what, int words_fd)
{
    char words[512];
    cluster_last_words(&postgres->cluster, words_fd, words, sizeof words);
    return err_set(err, ERR_STORE, "%s failed: %s", what, words);
}

/* --- making and starting ----------------------------------------------------------------------------------------------- */

static int make_step(postgres_t *postgres, int step, err_t *err)
{
    int words_fd = cluster_words_fd(), status = -1;
    pid_t pid = cluster_spawn_step(&postgres->cluster, step, words_fd, err);
    if (pid > 0) {
        adopt(postgres, pid);
        reap(postgres, true, &status);
        if (status != 0)
            fail_words(postgres, err, "Making the PostgreSQL cluster", words_fd);
    }
    close(words_fd);
    return err->code == ERR_NONE ? 0 : -1;
}

static int make_cluster(postgres_t *postgres, err_t *err)
{
    if (cluster_exists(&postgres->cluster)) {
        cluster_forget_unfinished(&postgres->cluster);
        return 0;
    }
    int64_t began = now_ms();
    log_info("making a PostgreSQL cluster", LOG_S("folder", postgres->cluster.data));
    for (int step = 0; step < CLUSTER_STEPS; step++)
        if (make_step(postgres, step, err) != 0)
            return -1;
    if (cluster_finish_making(&postgres->cluster, err) != 0)
        return -1;
    log_info("the PostgreSQL cluster is made", LOG_INT("after_ms", now_ms() - began));
    return 0;
}

/* The PostgreSQL of a server that was killed is told by the kernel and shuts down by itself. */
static int wait_for_previous(postgres_t *postgres, err_t *err)
{
    int64_t until = now_ms() + PREVIOUS_MS;
    bool told = false;
    for (;;) {
        cluster_status_t status = cluster_status(&postgres->cluster);
        if (!status.alive) {
            cluster_remove_stale(&postgres->cluster);
            return 0;
        }
        if (!told)
            log_info("waiting for the PostgreSQL of an earlier server to shut down",
                     LOG_INT("pid", status.pid));
        told = true;
        if (now_ms() > until)
            return err_set(
                err, ERR_STORE,
                "Another PostgreSQL (process %ld) runs on %s and does not end: stop it with kill -INT %ld",
                (long)status.pid, postgres->cluster.data, (long)status.pid);
        if (!pause_ms(postgres, 2 * LOOK_MS))
            return err_set(err, ERR_STORE, "The server is stopping");
    }
}

/* What the last run left behind is gone in a moment: a process that is not reaped yet, memory that backends still hold. */
static bool is_left_behind(const err_t *err)
{
    static const char *const signs[] = {"postmaster.pid", "shared memory block", "already in use",
                                        "socket lock file"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strstr(err->text, signs[i]) != NULL)
            return true;
    return false;
}

/* 0: ready. -1: it ended, and *err says why. */
static int wait_ready(postgres_t *postgres, pid_t pid, int words_fd, err_t *err)
{
    int64_t began = now_ms(), told = began;
    for (;;) {
        int status;
        if (reap(postgres, false, &status))
            return fail_words(postgres, err, "Starting PostgreSQL", words_fd);
        cluster_status_t is = cluster_status(&postgres->cluster);
        if (is.pid == pid && is.ready) {
            log_info("PostgreSQL is ready", LOG_INT("pid", pid), LOG_INT("after_ms", now_ms() - began));
            return 0;
        }
        if (now_ms() - told > 5000) {
            told = now_ms();
            log_info("PostgreSQL is still starting", LOG_INT("pid", pid), LOG_INT("after_ms", told - began));
        }
        if (!pause_ms(postgres, LOOK_MS)) {
            reap(postgres, true, &status); /* it was told */
            return err_set(err, ERR_STORE, "The server is stopping");
        }
    }
}

static bool is_stopping(postgres_t *postgres)
{
    pthread_mutex_lock(&postgres->lock);
    bool stopping = postgres->stopping;
    pthread_mutex_unlock(&postgres->lock);
    return stopping;
}

/* One life of PostgreSQL, to its end. -1: it never came to take connections. */
static int live_once(postgres_t *postgres, err_t *err)
{
    if (wait_for_previous(postgres, err) != 0)
        return -1;
    int words_fd = cluster_words_fd(), status = 0;
    pid_t pid = cluster_spawn_postgres(&postgres->cluster, words_fd, err);
    bool ready = false;
    if (pid > 0) {
        adopt(postgres, pid);
        ready = wait_ready(postgres, pid, words_fd, err) == 0;
    }
    close(words_fd);
    if (!ready)
        return -1;
    atomic_store(&postgres->up, true);
    set_state(postgres, POSTGRES_READY, NULL);
    reap(postgres, true, &status);
    atomic_store(&postgres->up, false);
    if (!is_stopping(postgres))
        log_error("PostgreSQL ended", LOG_INT("pid", pid),
                  LOG_INT("exit", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
                  LOG_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0));
    return 0;
}

/* Life after life, until the server stops or the first one cannot begin. */
static void live(postgres_t *postgres, err_t *err)
{
    int64_t first_until = now_ms() + FIRST_START_MS;
    bool was_ready = false;
    for (int again_ms = AGAIN_MS; !is_stopping(postgres); again_ms *= 2) {
        int64_t began = now_ms();
        err_clear(err);
        if (live_once(postgres, err) == 0)
            was_ready = true;
        else if (was_ready || (is_left_behind(err) && now_ms() < first_until))
            log_warn("PostgreSQL did not start; it is tried again", LOG_S("reason", err->text));
        else
            break;
        if (now_ms() - began > LONG_LIFE_MS)
            again_ms = AGAIN_MS;
        if (again_ms > AGAIN_MAX_MS)
            again_ms = AGAIN_MAX_MS;
        if (pause_ms(postgres, again_ms) && was_ready)
            atomic_fetch_add(&postgres->restarts, 1);
    }
}

static void *watch(void *arg)
{
    postgres_t *postgres = arg;
    err_t err = {.code = ERR_NONE};
    if (make_cluster(postgres, &err) == 0)
        live(postgres, &err);
    set_state(postgres, POSTGRES_FAILED, &err); /* unless it was ready once */
    pthread_mutex_lock(&postgres->lock);
    postgres->ended = true;
    pthread_cond_broadcast(&postgres->changed);
    pthread_mutex_unlock(&postgres->lock);
    return NULL;
}

/* --- the outside --------------------------------------------------------------------------------------------------------- */

/* Nothing of the environment's PG variables may lead elsewhere. Quoted as libpq wants it. */
static char *make_conninfo(const char *sockets)
{
    static const char form[] =
        "host='%s' port=5432 user=avow dbname=avow sslmode=disable gssencmode=disable options=''";
    char quoted[2 * PATH_MAX], *to = quoted;
    for (; *sockets != '\0' && to < quoted + sizeof quoted - 3; sockets++) {
        if (*sockets == '\'' || *sockets == '\\')
            *to++ = '\\';
        *to++ = *sockets;
    }
    *to = '\0';
    size_t bytes = strlen(quoted) + sizeof form;
    char *conninfo = malloc(bytes);
    if (conninfo == NULL)
        abort();
    snprintf(conninfo, bytes, form, quoted);
    return conninfo;
}

postgres_t *postgres_start(const postgres_options_t *options, err_t *err)
{
    postgres_t *postgres = calloc(1, sizeof *postgres);
    if (postgres == NULL)
        abort();
    if (cluster_open(&postgres->cluster, options, err) != 0) {
        free(postgres);
        return NULL;
    }
    postgres->conninfo = make_conninfo(postgres->cluster.sockets);
    postgres->state = POSTGRES_NOT_YET;
    pthread_mutex_init(&postgres->lock, NULL);
    pthread_cond_init(&postgres->changed, NULL);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for other threads */
    if (pthread_create(&postgres->thread, NULL, watch, postgres) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return postgres;
}

postgres_state_t postgres_wait(postgres_t *postgres, int timeout_ms, err_t *err)
{
    int64_t until = now_ms() + timeout_ms;
    pthread_mutex_lock(&postgres->lock);
    while (postgres->state == POSTGRES_NOT_YET && wait_until(postgres, until))
        continue;
    postgres_state_t state = postgres->state;
    if (state == POSTGRES_FAILED)
        *err = postgres->err;
    pthread_mutex_unlock(&postgres->lock);
    return state;
}

const char *postgres_conninfo(const postgres_t *postgres)
{
    return postgres->conninfo;
}

const char *postgres_socket_dir(const postgres_t *postgres)
{
    return postgres->cluster.sockets;
}

bool postgres_is_up(const postgres_t *postgres)
{
    return atomic_load(&postgres->up);
}

int64_t postgres_restarts(const postgres_t *postgres)
{
    return atomic_load(&postgres->restarts);
}

int64_t postgres_pid(postgres_t *postgres)
{
    pthread_mutex_lock(&postgres->lock);
    pid_t pid = postgres->pid;
    pthread_mutex_unlock(&postgres->lock);
    return pid;
}

static void tell(postgres_t *postgres, int signal_number)
{
    pthread_mutex_lock(&postgres->lock);
    postgres->stopping = true;
    if (postgres->pid > 0)
        kill(postgres->pid, signal_number);
    pthread_cond_broadcast(&postgres->changed);
    pthread_mutex_unlock(&postgres->lock);
}

void postgres_stop(postgres_t *postgres)
{
    if (postgres == NULL)
        return;
    tell(postgres, SIGINT);
    int64_t until = now_ms() + STOP_MS;
    pthread_mutex_lock(&postgres->lock);
    while (!postgres->ended && wait_until(postgres, until))
        continue;
    bool ended = postgres->ended;
    pthread_mutex_unlock(&postgres->lock);
    if (!ended) {
        log_warn("PostgreSQL does not shut down; it is ended, and will recover at its next start");
        tell(postgres, SIGQUIT);
    }
    pthread_join(postgres->thread, NULL);
    cluster_close(&postgres->cluster);
    pthread_cond_destroy(&postgres->changed);
    pthread_mutex_destroy(&postgres->lock);
    free(postgres->conninfo);
    free(postgres);
}

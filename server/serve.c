#include "server/serve.h"

#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "catalog/db/migrate.h"
#include "catalog/person.h"
#include "server/api/api.h"
#include "server/api/badge.h"
#include "server/clock.h"
#include "server/core/cache.h"
#include "server/core/conf.h"
#include "server/core/follower.h"
#include "server/core/http.h"
#include "server/core/log.h"
#include "server/core/ops.h"
#include "server/core/password.h"
#include "server/core/usage.h"
#include "server/core/worker.h"
#include "server/notices/notices.h"
#include "server/operator.h"
#include "server/postgres.h"
#include "server/registry/registry.h"
#include "server/ui/ui.h"

#define EXIT_FAILED          1
#define EXIT_USAGE           2
#define LOOPS_MAX            16
#define MALLOC_ARENAS        4 /* threads share them: resident memory does not grow with the number of workers */
#define FIRST_PASSWORD_BYTES 20
/* in the database besides the workers': follower, notices, clock, migrations, and somebody who looks into it */
#define OTHER_SESSIONS      10
#define START_TIMEOUT_MS    15000LL
#define DATABASE_STEP_MS    100
#define POSTGRES_STEP_MS    250
#define CONNECTIONS_STEP_NS 1000000
#define CONNECTIONS_STEPS   1000

/* The first API answers for paths that nobody knows. */
static const api_t *const apis[] = {&registry_api, &api_v1, &badge_api, &ui_api, &ops_api};

typedef struct {
    conf_t conf;
    sigset_t signals;
    size_t n_loops;
    listeners_t *listeners;
    auth_t *auth; /* the file; NULL: none */
    identify_t *identify;
    postgres_t *postgres;
    db_options_t database;
    cache_t *cache;
    follower_t *follower;
    allow_t *allow;
    notices_t *notices;
    due_clock_t *clock;
    usage_t *usage;
    workers_t *workers;
    route_index_t *routes;
    metrics_t *metrics;
    http_t *http;
    bool open;    /* when it started; the gate is asked anew as soon as others are followed */
    bool waited;  /* for the database to be there */
    bool stopped; /* asked to stop before it served */
} server_t;

static size_t n_loops(const conf_t *conf)
{
    if (conf->threads > 0)
        return (size_t)conf->threads;
    cpu_set_t cpus;
    int n = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
    return n < 1 ? 1 : n > LOOPS_MAX ? LOOPS_MAX : (size_t)n;
}

/* --- signals ----------------------------------------------------------------------------------------------------------------- */

/* Every thread inherits this: signals are taken by the main thread, when it asks for them. */
static void signals_block(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static bool asked_to_stop(server_t *server)
{
    const struct timespec now = {0};
    int signal_number;
    while ((signal_number = sigtimedwait(&server->signals, NULL, &now)) > 0)
        if (signal_number != SIGHUP)
            server->stopped = true;
    return server->stopped;
}

static void leave_at_once(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_FAILED); /* PostgreSQL is told by the kernel and shuts down by itself */
}

/* From the first signal on, a second one does not wait for anything. */
static void signals_impatient(const sigset_t *signals)
{
    signal(SIGTERM, leave_at_once);
    signal(SIGINT, leave_at_once);
    signal(SIGHUP, SIG_IGN);
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static void reload(server_t *server)
{
    err_t err = {.code = ERR_NONE};
    if (server->auth != NULL) {
        int rc = auth_reload(server->auth, &err);
        identify_people_changed(server->identify); /* somebody may have been refused a moment ago */
        if (rc == 0)
            log_info("credentials were read again", LOG_INT("credentials", auth_n_credentials(server->auth)));
        else
            log_error("credentials stay as they were", LOG_S("reason", err.text));
    }
    err_clear(&err);
    if (server->conf.tls_cert != NULL) {
        if (http_reload_tls(server->http, &err) == 0)
            log_info("the certificate was read again");
        else
            log_error("the certificate stays as it was", LOG_S("reason", err.text));
    }
}

static void wait_for_stop(server_t *server)
{
    int signal_number = 0;
    while (sigwait(&server->signals, &signal_number) != 0 || signal_number == SIGHUP)
        if (signal_number == SIGHUP)
            reload(server);
    log_info("stopping", LOG_S("signal", signal_number == SIGINT ? "SIGINT" : "SIGTERM"));
}

/* --- starting: each step returns -1 and a sentence ----------------------------------------------------------------------------- */

static int start_postgres(server_t *server, err_t *err)
{
    const conf_t *conf = &server->conf;
    if (conf->database != NULL) {
        server->database.conninfo = conf->database;
        return 0;
    }
    server->postgres = postgres_start(
        &(postgres_options_t){.data_dir = conf->data_dir,
                              .max_connections = (int)conf->workers + OTHER_SESSIONS + HTTP_VERIFIERS},
        err);
    if (server->postgres == NULL)
        return -1;
    postgres_state_t state;
    while ((state = postgres_wait(server->postgres, POSTGRES_STEP_MS, err)) == POSTGRES_NOT_YET)
        if (asked_to_stop(server))
            return -1;
    server->database.conninfo = postgres_conninfo(server->postgres);
    return state == POSTGRES_READY ? 0 : -1;
}

/* A database of one's own may be starting at the same moment: it is given some time. */
static int wait_for_database(server_t *server, err_t *err)
{
    const struct timespec step = {.tv_nsec = DATABASE_STEP_MS * 1000000};
    for (int64_t deadline = monotonic_ns() + START_TIMEOUT_MS * 1000000;;) {
        err_clear(err);
        if (db_reach(&server->database, err) == 0)
            return 0;
        if (asked_to_stop(server) || monotonic_ns() > deadline)
            return -1;
        if (!server->waited)
            log_warn("waiting for the database", LOG_S("reason", err->text));
        server->waited = true;
        nanosleep(&step, NULL);
    }
}

/* A database whose tables somebody has changed is refused now, with the statement that does not fit, not at the first call. */
static int try_statements(const server_t *server, err_t *err)
{
    db_t *db = db_open(&server->database, err);
    db_close(db);
    return db == NULL ? -1 : 0;
}

static int start_database(server_t *server, err_t *err)
{
    const conf_t *conf = &server->conf;
    server->database.connect_timeout_ms = (int)conf->connect_timeout_ms;
    server->database.application = "avow";
    int n_applied = 0;
    if (start_postgres(server, err) != 0 || wait_for_database(server, err) != 0 ||
        migrate(&server->database, &n_applied, err) != 0)
        return -1;
    if (n_applied > 0)
        log_info("migrations applied", LOG_INT("applied", n_applied), LOG_INT("version", migrate_latest()));
    server->database.statement_timeout_ms = (int)conf->statement_timeout_ms;
    return try_statements(server, err);
}

/* The database has just been reached: so will the follower and the workers be. The first clients are not told otherwise. */
static void wait_for_connections(const server_t *server)
{
    const struct timespec step = {.tv_nsec = CONNECTIONS_STEP_NS};
    const size_t n_workers = (size_t)server->conf.workers;
    for (int i = 0; i < CONNECTIONS_STEPS; i++) {
        if (follower_is_live(server->follower) && workers_connected(server->workers) == n_workers)
            return;
        nanosleep(&step, NULL);
    }
}

static void start_notices(server_t *server)
{
    const conf_t *conf = &server->conf;
    char source[512];
    snprintf(source, sizeof source, "%s://%s", conf->tls_cert != NULL ? "https" : "http",
             listeners_name(server->listeners, 0));
    server->notices =
        notices_start(&(notices_options_t){.database = &server->database,
                                           .allow = server->allow,
                                           .policy = conf_policy(conf),
                                           .source = conf->public_url != NULL ? conf->public_url : source});
}

static int start_serving(server_t *server, err_t *err)
{
    const conf_t *conf = &server->conf;
    server->cache = cache_new((size_t)conf->cache_bytes);
    server->follower = follower_start(&(follower_options_t){.database = &server->database,
                                                            .cache = server->cache,
                                                            .alone = server->postgres != NULL,
                                                            .people_changed = identify_people_changed,
                                                            .people = server->identify});
    server->workers = workers_start(&(worker_options_t){
        .conf = conf, .database = &server->database, .cache = server->cache, .follower = server->follower});
    wait_for_connections(server);
    server->routes = route_index_new(apis, sizeof apis / sizeof *apis);
    server->metrics = metrics_new(server->routes, server->n_loops);
    ops_t ops = {.metrics = server->metrics,
                 .cache = server->cache,
                 .follower = server->follower,
                 .workers = server->workers,
                 .migrated = true};
    ops_setup(&ops);
    server->usage = usage_start(&server->database);
    ops_add_metrics(server->metrics);
    server->http = http_start(&(http_options_t){.conf = conf,
                                                .routes = server->routes,
                                                .metrics = server->metrics,
                                                .cache = server->cache,
                                                .workers = server->workers,
                                                .identify = server->identify,
                                                .usage = server->usage,
                                                .database = &server->database,
                                                .n_loops = server->n_loops},
                              server->listeners, err);
    if (server->http == NULL)
        return -1;
    ops_serving(server->http);
    start_notices(server);
    server->clock = clock_start(&(clock_options_t){.database = &server->database,
                                                   .follower = server->follower,
                                                   .policy = conf_policy(conf),
                                                   .interval_ms = conf->clock_interval_ms});
    return 0;
}

/* --- the first administrator -------------------------------------------------------------------------------------------------- */

typedef struct {
    text_t hash;
    bool made;
} first_admin_t;

static int make_admin(tx_t *tx, void *arg)
{
    first_admin_t *first = arg;
    return person_first_admin(tx, first->hash, &first->made, tx_err(tx));
}

/* The password is shown once, here, and has to be replaced at the first sign-in. */
static int start_people(server_t *server, err_t *err)
{
    char password[FIRST_PASSWORD_BYTES + 1];
    first_admin_t first = {.made = false};
    arena_t *arena = arena_new();
    db_t *db = db_new(&server->database);
    secret_make(password, FIRST_PASSWORD_BYTES);
    int rc = 0;
    if (server->conf.auth != ACCESS_OFF) {
        rc = password_hash(text_of(password), arena, &first.hash) != 0
                 ? err_set(err, ERR_INTERNAL, "crypt(3) of this system knows no yescrypt")
                 : db_run(db, TX_WRITE, arena, make_admin, NULL, &first, err);
    }
    if (rc == 0)
        identify_settle(server->identify, db);
    server->open = identify_is_open(server->identify);
    if (first.made)
        printf("The administrator's name is admin and the first password %s\n"
               "It is shown only now, and replaced with PUT /api/v1/users/admin/password "
               "{\"current\": ..., \"password\": ...} or on the page /ui\n",
               password);
    db_close(db);
    arena_free(arena);
    return rc;
}

static void announce_access(const server_t *server)
{
    if (!server->open)
        return;
    printf("*** OPEN: anybody who reaches this server may change anything%s ***\n",
           server->conf.auth == ACCESS_OFF ? " (--auth off)" : ", until an administrator has signed in");
    log_warn("the server is open: anybody may change anything",
             LOG_S("until",
                   server->conf.auth == ACCESS_OFF ? "--auth is not off" : "an administrator has signed in"));
}

static int start(server_t *server, err_t *err)
{
    const conf_t *conf = &server->conf;
    server->n_loops = n_loops(conf);
    if ((server->allow = allow_new(conf->webhook_allow, err)) == NULL)
        return -1;
    address_setup(server->allow);
    server->listeners = listeners_open(conf->listen, server->n_loops, err);
    if (server->listeners == NULL)
        return -1;
    if (conf->auth_file != NULL && (server->auth = auth_new(conf->auth_file, err)) == NULL)
        return -1;
    server->identify = identify_new(server->auth, (access_t)conf->auth);
    if (start_database(server, err) != 0 || start_people(server, err) != 0)
        return -1;
    return start_serving(server, err);
}

static void announce(const server_t *server)
{
    const char *scheme = server->conf.tls_cert != NULL ? "https" : "http";
    for (size_t i = 0; i < listeners_n(server->listeners); i++)
        printf("Avow is ready at %s://%s\n", scheme, listeners_name(server->listeners, i));
    announce_access(server);
    fflush(stdout);
    log_info("serving", LOG_S("listen", listeners_name(server->listeners, 0)),
             LOG_INT("threads", server->n_loops), LOG_INT("workers", server->conf.workers),
             LOG_BOOL("embedded", server->postgres != NULL), LOG_BOOL("tls", server->conf.tls_cert != NULL),
             LOG_BOOL("open", server->open));
}

/* In the reverse order of the start; what was not started is NULL. */
static bool stop(server_t *server)
{
    bool finished = true;
    if (server->http != NULL) {
        finished = http_drain(server->http, server->conf.drain_timeout_ms);
        if (!finished)
            log_warn("not all calls were finished within drain-timeout",
                     LOG_INT("connections", http_n_connections(server->http)));
    }
    clock_stop(server->clock);
    workers_stop(server->workers);
    http_stop(server->http);
    usage_stop(server->usage);
    notices_stop(server->notices);
    follower_stop(server->follower);
    cache_free(server->cache);
    metrics_free(server->metrics);
    route_index_free(server->routes);
    identify_free(server->identify);
    auth_free(server->auth);
    allow_free(server->allow);
    listeners_close(server->listeners);
    postgres_stop(server->postgres);
    return finished;
}

static int run(server_t *server)
{
    err_t err = {.code = ERR_NONE};
    int rc = start(server, &err);
    if (rc == 0) {
        announce(server);
        wait_for_stop(server);
    } else if (!server->stopped) {
        fprintf(stderr, "avow: %s\n", err.text);
        log_error("the server cannot start", LOG_S("reason", err.text));
    }
    signals_impatient(&server->signals);
    bool finished = stop(server);
    if (rc == 0)
        log_info("stopped");
    return rc == 0 && finished ? EXIT_SUCCESS : EXIT_FAILED;
}

int serve_main(int argc, char **argv)
{
    server_t server = {.n_loops = 0};
    err_t err = {.code = ERR_NONE};
    int code = EXIT_SUCCESS;
    switch (conf_read(&server.conf, argc, argv, (conf_env_fn *)getenv, &err)) {
    case CONF_HELP:
        conf_help(stdout);
        break;
    case CONF_SAMPLE:
        conf_sample(stdout);
        break;
    case CONF_BAD:
        fprintf(stderr, "avow: %s\n", err.text);
        code = EXIT_USAGE;
        break;
    case CONF_OK:
        mallopt(M_ARENA_MAX, MALLOC_ARENAS);
        signals_block(&server.signals);
        log_setup((log_level_t)server.conf.log_level, (log_format_t)server.conf.log_format, STDERR_FILENO);
        conf_log(&server.conf);
        code = run(&server);
        break;
    }
    conf_dispose(&server.conf);
    return code;
}

#include "server/core/http.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "server/core/log.h"
#include "server/core/loop.h"
#include "server/core/tls.h"

#define VERIFICATIONS_WAITING 256
#define FILES_RESERVED        128 /* for what is not a client: the database, logs, certificates */

/* Connects with the first lookup. */
static void *verifier_open(void *arg, size_t thread)
{
    (void)thread;
    const http_t *http = arg;
    return db_new(http->options.database);
}

static void verifier_close(void *db)
{
    db_close(db);
}

static void h2o_setup(http_t *http)
{
    const conf_t *conf = http->options.conf;
    h2o_config_init(&http->h2o);
    http->h2o.server_name = h2o_iovec_init("", 0); /* no Server header */
    /* A body somewhat too large is read whole, so that the client can read the refusal; h2o closes the connection beyond this. */
    http->h2o.max_request_entity_size = (size_t)conf->max_body_bytes * 4;
    int64_t patience =
        conf->idle_timeout_ms > conf->request_timeout_ms ? conf->idle_timeout_ms : conf->request_timeout_ms;
    http->h2o.http1.req_timeout = (uint64_t)patience;
    http->h2o.http1.upgrade_to_http2 = conf->http2;
    http->h2o.http2.idle_timeout = (uint64_t)conf->idle_timeout_ms;
    http->host = h2o_config_register_host(&http->h2o, h2o_iovec_init("default", 7), 65535);
    h2o_filter_t *filter = h2o_create_filter(&http->host->fallback_path, sizeof *filter);
    filter->on_setup_ostream = exchange_error_filter;
    h2o_pathconf_t *path = h2o_config_register_path(http->host, "/", 0);
    h2o_create_handler(path, sizeof(exchange_handler_t))->on_req = exchange_on_request;
}

/* As many connections as configured, or as there can be file descriptors. */
static size_t connection_limit(const conf_t *conf)
{
    struct rlimit files;
    size_t wanted = (size_t)conf->max_connections;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return wanted;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    size_t reserved = FILES_RESERVED + (size_t)conf->workers;
    size_t possible =
        files.rlim_cur > 2 * reserved ? (size_t)files.rlim_cur - reserved : (size_t)files.rlim_cur / 2;
    if (wanted > possible) {
        log_warn("max-connections is lowered to what the limit of open files allows",
                 LOG_INT("max_connections", possible), LOG_INT("open_files", files.rlim_cur));
        return possible;
    }
    return wanted;
}

http_t *http_start(const http_options_t *options, listeners_t *listeners, err_t *err)
{
    SSL_CTX *tls = NULL;
    const conf_t *conf = options->conf;
    if (conf->tls_cert != NULL &&
        (tls = tls_context(conf->tls_cert, conf->tls_key, conf->http2, err)) == NULL)
        return NULL;
    http_t *http = calloc(1, sizeof *http);
    loop_t *loops = calloc(options->n_loops, sizeof *loops);
    if (http == NULL || loops == NULL)
        abort();
    http->options = *options;
    http->loops = loops;
    http->n_loops = options->n_loops;
    http->max_conns = connection_limit(conf);
    http->tls = tls;
    http->tls_generation = tls == NULL ? 0 : 1;
    pthread_mutex_init(&http->lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&http->changed, &clock);
    pthread_condattr_destroy(&clock);
    http->verifier = pool_start(&(pool_options_t){.name = "verifier",
                                                  .n_threads = HTTP_VERIFIERS,
                                                  .max_waiting = VERIFICATIONS_WAITING,
                                                  .open = verifier_open,
                                                  .close = verifier_close,
                                                  .arg = http});
    h2o_setup(http);
    http->listeners = listeners;
    for (size_t i = 0; i < http->n_loops; i++) {
        loops[i].http = http;
        loops[i].number = i;
        if (pthread_create(&loops[i].thread, NULL, loop_main, &loops[i]) != 0)
            abort(); /* no threads at start-up: nothing would work */
    }
    pthread_mutex_lock(&http->lock);
    while (http->n_running < http->n_loops)
        pthread_cond_wait(&http->changed, &http->lock);
    pthread_mutex_unlock(&http->lock);
    return http;
}

static void wake_all(http_t *http)
{
    for (size_t i = 0; i < http->n_loops; i++)
        loop_wake(&http->loops[i]);
}

int http_reload_tls(http_t *http, err_t *err)
{
    const conf_t *conf = http->options.conf;
    if (conf->tls_cert == NULL)
        return 0;
    SSL_CTX *tls = tls_context(conf->tls_cert, conf->tls_key, conf->http2, err);
    if (tls == NULL)
        return -1;
    pthread_mutex_lock(&http->lock);
    SSL_CTX *old = http->tls;
    http->tls = tls;
    atomic_fetch_add(&http->tls_generation, 1);
    pthread_mutex_unlock(&http->lock);
    SSL_CTX_free(old);
    wake_all(http);
    return 0;
}

/* Whether all loops were drained before `deadline_ns`. */
static bool wait_drained(http_t *http, int64_t deadline_ns)
{
    struct timespec deadline = {deadline_ns / 1000000000, deadline_ns % 1000000000};
    pthread_mutex_lock(&http->lock);
    int rc = 0;
    while (http->n_drained < http->n_loops && rc == 0)
        rc = pthread_cond_timedwait(&http->changed, &http->lock, &deadline);
    bool all = http->n_drained == http->n_loops;
    pthread_mutex_unlock(&http->lock);
    return all;
}

bool http_drain(http_t *http, int64_t timeout_ms)
{
    atomic_store(&http->draining, true);
    wake_all(http);
    if (wait_drained(http, monotonic_ns() + timeout_ms * 1000000))
        return true;
    atomic_store(&http->cut_off, true);
    wake_all(http);
    return false;
}

void http_stop(http_t *http)
{
    if (http == NULL)
        return;
    atomic_store(&http->draining, true);
    atomic_store(&http->cut_off, true);
    wake_all(http);
    pool_stop(http->verifier);
    wait_drained(http, monotonic_ns() + 2000000000); /* what the workers gave back is on its way */
    atomic_store(&http->finish,
                 true); /* nobody is woken: a draining loop looks often, and is gone soon after */
    for (size_t i = 0; i < http->n_loops; i++)
        pthread_join(http->loops[i].thread, NULL);
    bool clean = true;
    for (size_t i = 0; i < http->n_loops; i++)
        clean = clean && http->loops[i].disposed;
    SSL_CTX_free(http->tls);
    if (!clean)
        return; /* something of h2o still points here; the process is about to end */
    h2o_config_dispose(&http->h2o);
    pthread_mutex_destroy(&http->lock);
    pthread_cond_destroy(&http->changed);
    free(http->loops);
    free(http);
}

bool http_is_draining(const http_t *http)
{
    return atomic_load_explicit(&http->draining, memory_order_relaxed);
}

size_t http_n_connections(const http_t *http)
{
    return atomic_load_explicit(&http->n_conns, memory_order_relaxed);
}

uint64_t http_n_accepted(const http_t *http)
{
    return atomic_load_explicit(&http->n_accepted, memory_order_relaxed);
}

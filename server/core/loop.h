/* loop.h - inside http: an event loop, its connections, and the requests on it.
 *
 *     http.c      the loops together: start, TLS, drain, stop
 *     loop.c      one loop: accepting, counting and closing connections
 *     exchange.c  one request: from h2o to a reply
 *
 * Private to these three files.
 */
#ifndef AVOW_SERVER_CORE_LOOP_H
#define AVOW_SERVER_CORE_LOOP_H

#include <h2o.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/core/http.h"
#include "server/core/negotiate.h"

typedef struct loop loop_t;
typedef struct conn conn_t;
typedef struct exchange exchange_t;

/* A connection, from accept to close. Its socket's on_close data. */
struct conn {
    h2o_linklist_t link;
    loop_t *loop;
    h2o_socket_t *sock;
    SSL_CTX *tls;          /* a reference: h2o notes the bare pointer until the client has said something */
    size_t n_requests;     /* handed to us and not disposed yet */
    int64_t partial_since; /* ns: part of a request is there, the rest is awaited; 0: not so */
};

struct loop {
    http_t *http;
    size_t number;
    pthread_t thread;
    h2o_context_t ctx;
    h2o_accept_ctx_t accept_ctx;
    unsigned tls_generation;
    h2o_socket_t *listeners[LISTEN_MAX];
    size_t n_listeners;
    bool accepting;
    h2o_linklist_t conns;
    size_t n_conns;
    h2o_timeout_entry_t sweep;
    h2o_multithread_receiver_t returned; /* exchanges that come back from another thread */
    metrics_block_t *metrics;
    struct {
        int64_t second;
        unsigned lines, left_out;
    } failures;        /* logged in this second: an outage must not drown the log, nor the loop in it */
    exchange_t *spare; /* kept for reuse */
    size_t n_spare;
    size_t n_away; /* exchanges on other threads */
    int64_t draining_since;
    bool drained;
    bool disposed; /* nothing of h2o was left behind */
};

struct http {
    http_options_t options;
    h2o_globalconf_t h2o;
    h2o_hostconf_t *host;
    pool_t *verifier; /* checks passwords, looks up tokens; each thread's state is its db_t */
    loop_t *loops;
    size_t n_loops;

    atomic_size_t n_conns;
    atomic_ullong n_accepted;
    size_t max_conns;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    SSL_CTX *tls;
    listeners_t *listeners;
    size_t n_drained, n_running;

    atomic_uint tls_generation;
    atomic_bool draining, cut_off, finish;
};

/* --- loop.c ----------------------------------------------------------------------------------------------------------- */

/* A loop's whole life, on its own thread: h2o keeps free lists by thread, so that what one thread makes no other may use. Counts
 * itself in http->n_running when it can be woken. */
void *loop_main(void *loop);
void loop_wake(loop_t *loop);

/* --- exchange.c ------------------------------------------------------------------------------------------------------- */

typedef struct {
    h2o_handler_t super;
} exchange_handler_t;

int exchange_on_request(h2o_handler_t *self, h2o_req_t *req);
void exchange_on_returned(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages);
void exchange_free_spare(loop_t *loop);

/* h2o's own refusals (a body beyond its limit, broken chunks) in our JSON. */
void exchange_error_filter(h2o_filter_t *self, h2o_req_t *req, h2o_ostream_t **slot);

#endif

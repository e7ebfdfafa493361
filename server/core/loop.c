#include "server/core/loop.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "server/core/log.h"

#define ACCEPTS_AT_ONCE 16
#define DRAIN_GRACE_NS \
    (250 * 1000000LL) /* replies say `Connection: close` for so long before idle connections are closed */
#define DRAIN_STEP_MS     20
#define DISPOSE_STEPS_MAX 200
#define LARGE_INPUT       65536

/* --- connections ------------------------------------------------------------------------------------------------------- */

static void listeners_pause(loop_t *loop)
{
    for (size_t i = 0; loop->accepting && i < loop->n_listeners; i++)
        h2o_socket_read_stop(loop->listeners[i]);
    loop->accepting = false;
}

static void on_accept(h2o_socket_t *listener, const char *err);

static void listeners_resume(loop_t *loop)
{
    for (size_t i = 0; !loop->accepting && i < loop->n_listeners; i++)
        h2o_socket_read_start(loop->listeners[i], on_accept);
    loop->accepting = true;
}

static bool is_full(http_t *http)
{
    return atomic_load_explicit(&http->n_conns, memory_order_relaxed) >= http->max_conns;
}

static void give_place_back(http_t *http)
{
    atomic_fetch_sub_explicit(&http->n_conns, 1, memory_order_relaxed);
}

/* A place is taken before a connection is accepted: two loops never take the last one. */
static bool take_place(http_t *http)
{
    if (atomic_fetch_add_explicit(&http->n_conns, 1, memory_order_relaxed) < http->max_conns)
        return true;
    give_place_back(http);
    return false;
}

static void on_conn_close(void *data)
{
    conn_t *conn = data;
    loop_t *loop = conn->loop;
    h2o_linklist_unlink(&conn->link);
    loop->n_conns--;
    give_place_back(loop->http);
    SSL_CTX_free(conn->tls);
    free(conn);
    if (!loop->accepting && loop->n_listeners > 0 && !is_full(loop->http))
        listeners_resume(loop);
}

static void conn_begin(loop_t *loop, h2o_socket_t *sock)
{
    http_t *http = loop->http;
    conn_t *conn = h2o_mem_alloc(sizeof *conn);
    *conn = (conn_t){.loop = loop, .sock = sock, .tls = loop->accept_ctx.ssl_ctx};
    if (conn->tls != NULL)
        SSL_CTX_up_ref(conn->tls);
    h2o_linklist_insert(&loop->conns, &conn->link);
    loop->n_conns++;
    atomic_fetch_add_explicit(&http->n_accepted, 1, memory_order_relaxed);
    sock->on_close.cb = on_conn_close;
    sock->on_close.data = conn;
    /* h2o has no time-out for a client that does not read its reply; the kernel has. */
    unsigned write_timeout = (unsigned)http->options.conf->write_timeout_ms;
    int fd = h2o_socket_get_fd(sock);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &write_timeout, sizeof write_timeout);
    h2o_accept(&loop->accept_ctx, sock);
}

static void on_accept(h2o_socket_t *listener, const char *err)
{
    loop_t *loop = listener->data;
    if (err != NULL)
        return;
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        if (!take_place(loop->http)) {
            log_warn("as many connections are open as may be: accepting none until one is closed",
                     LOG_INT("connections", loop->http->max_conns));
            listeners_pause(loop);
            return;
        }
        errno = 0;
        h2o_socket_t *sock = h2o_evloop_socket_accept(listener);
        if (sock == NULL) {
            give_place_back(loop->http);
            if (errno == EMFILE ||
                errno == ENFILE) { /* else the loop would spin on a listener that stays readable */
                log_warn("no file descriptor is left to accept a connection");
                listeners_pause(loop);
            }
            return;
        }
        conn_begin(loop, sock);
    }
}

static void conn_cut(conn_t *conn)
{
    shutdown(h2o_socket_get_fd(conn->sock), SHUT_RDWR); /* h2o then sees the end and closes */
}

/* A reply outside of any request, if it can be given (TLS cannot be written here); then cut off. */
static void conn_refuse(conn_t *conn, const char *status_line, err_code_t code)
{
    char reply[512], body[256];
    err_t err = {.code = ERR_NONE};
    err_set(&err, code, NULL);
    int body_bytes =
        snprintf(body, sizeof body, "{\"error_code\":%d,\"message\":\"%s\"}", err_wire(code), err.text);
    int bytes = snprintf(reply, sizeof reply,
                         "HTTP/1.1 %s\r\nconnection: close\r\ncontent-type: application/json\r\n"
                         "content-length: %d\r\n\r\n%s",
                         status_line, body_bytes, body);
    if (conn->sock->ssl == NULL)
        send(h2o_socket_get_fd(conn->sock), reply, (size_t)bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    metrics_request(conn->loop->metrics, SIZE_MAX, err_http(code), 0);
    conn_cut(conn);
}

/* h2o gathers a whole body before anybody is asked. When all that is arriving is more than bodies may hold, the large ones go. */
static void relieve(loop_t *loop, size_t arriving)
{
    http_t *http = loop->http;
    size_t allowed = (size_t)http->options.conf->queue_bytes / http->n_loops;
    for (h2o_linklist_t *at = loop->conns.next, *next; arriving > allowed && at != &loop->conns; at = next) {
        conn_t *conn = H2O_STRUCT_FROM_MEMBER(conn_t, link, at);
        next = at->next;
        if (conn->partial_since == 0 || conn->sock->input->size < LARGE_INPUT)
            continue;
        arriving -= conn->sock->input->size;
        conn_refuse(conn, "503 Service Unavailable", ERR_BUSY);
    }
}

/* Once a second: h2o has one clock for idle connections and slow requests; this one is for the latter. */
static void sweep(h2o_timeout_entry_t *entry)
{
    loop_t *loop = H2O_STRUCT_FROM_MEMBER(loop_t, sweep, entry);
    int64_t now = monotonic_ns(), limit = loop->http->options.conf->request_timeout_ms * 1000000;
    size_t arriving = 0;
    for (h2o_linklist_t *at = loop->conns.next, *next; at != &loop->conns; at = next) {
        conn_t *conn = H2O_STRUCT_FROM_MEMBER(conn_t, link, at);
        next = at->next;
        if (conn->n_requests > 0 || conn->sock->input->size == 0)
            conn->partial_since = 0;
        else if (conn->partial_since == 0)
            conn->partial_since = now;
        else if (now - conn->partial_since > limit)
            conn_refuse(conn, "408 Request Timeout", ERR_TIMEOUT_REQUEST);
        arriving += conn->sock->input->size;
    }
    relieve(loop, arriving);
    if (!loop->accepting && loop->n_listeners > 0 && !is_full(loop->http))
        listeners_resume(loop);
    h2o_timeout_link(loop->ctx.loop, &loop->ctx.one_sec_timeout, &loop->sweep);
}

/* --- life ------------------------------------------------------------------------------------------------------------------ */

static void listeners_shut(loop_t *loop)
{
    listeners_pause(loop);
    for (size_t i = 0; i < loop->n_listeners; i++)
        h2o_socket_close(loop->listeners[i]);
    loop->n_listeners = 0;
}

static void loop_init(loop_t *loop)
{
    http_t *http = loop->http;
    listeners_t *listeners = http->listeners;
    loop->metrics = metrics_block(http->options.metrics, loop->number);
    h2o_context_init(&loop->ctx, h2o_evloop_create(), &http->h2o);
    h2o_linklist_init_anchor(&loop->conns);
    h2o_multithread_register_receiver(loop->ctx.queue, &loop->returned, exchange_on_returned);
    loop->accept_ctx = (h2o_accept_ctx_t){.ctx = &loop->ctx, .hosts = http->h2o.hosts};
    for (size_t i = 0; i < listeners_n(listeners); i++) {
        h2o_socket_t *listener = h2o_evloop_socket_create(
            loop->ctx.loop, listeners_take(listeners, i, loop->number), H2O_SOCKET_FLAG_DONT_READ);
        listener->data = loop;
        loop->listeners[loop->n_listeners++] = listener;
    }
    loop->sweep = (h2o_timeout_entry_t){.cb = sweep};
    h2o_timeout_link(loop->ctx.loop, &loop->ctx.one_sec_timeout, &loop->sweep);
    listeners_resume(loop);
}

void loop_wake(loop_t *loop)
{
    h2o_multithread_send_message(&loop->returned, NULL);
}

/* Each loop holds a reference of its own to the TLS context that it accepts with. */
static void take_tls(loop_t *loop)
{
    http_t *http = loop->http;
    unsigned generation = atomic_load_explicit(&http->tls_generation, memory_order_acquire);
    if (generation == loop->tls_generation)
        return;
    pthread_mutex_lock(&http->lock);
    SSL_CTX *old = loop->accept_ctx.ssl_ctx;
    loop->accept_ctx.ssl_ctx = http->tls;
    SSL_CTX_up_ref(http->tls);
    loop->tls_generation = generation;
    pthread_mutex_unlock(&http->lock);
    SSL_CTX_free(old);
}

static void cut_connections(loop_t *loop, bool idle_only)
{
    for (h2o_linklist_t *at = loop->conns.next, *next; at != &loop->conns; at = next) {
        conn_t *conn = H2O_STRUCT_FROM_MEMBER(conn_t, link, at);
        next = at->next;
        if (!idle_only || (conn->n_requests == 0 && conn->sock->input->size == 0))
            conn_cut(conn);
    }
}

static void drain_step(loop_t *loop)
{
    http_t *http = loop->http;
    int64_t now = monotonic_ns();
    if (loop->draining_since == 0) {
        loop->draining_since = now;
        listeners_shut(loop);
        h2o_context_request_shutdown(&loop->ctx);
    }
    if (atomic_load(&http->cut_off))
        cut_connections(loop, false);
    else if (now - loop->draining_since > DRAIN_GRACE_NS)
        cut_connections(loop, true);
    if (!loop->drained && loop->n_conns == 0 && loop->n_away == 0) {
        loop->drained = true;
        pthread_mutex_lock(&http->lock);
        http->n_drained++;
        pthread_cond_broadcast(&http->changed);
        pthread_mutex_unlock(&http->lock);
    }
}

/* The order matters: h2o asserts what it finds. With connections that would not go, everything is left to the end of the process. */
static void loop_dispose(loop_t *loop)
{
    if (loop->n_conns > 0 || loop->n_away > 0)
        return;
    exchange_free_spare(loop);
    h2o_timeout_unlink(&loop->sweep);
    h2o_multithread_unregister_receiver(loop->ctx.queue, &loop->returned);
    h2o_timeout_unlink(&loop->ctx.http2._graceful_shutdown_timeout);
    h2o_evloop_t *evloop = loop->ctx.loop;
    h2o_evloop_run(evloop, 0);
    h2o_context_dispose(&loop->ctx);
    h2o_evloop_run(evloop, 0);
    h2o_evloop_destroy(evloop);
    SSL_CTX_free(loop->accept_ctx.ssl_ctx);
    loop->disposed = true;
}

static void loop_begin(loop_t *loop)
{
    http_t *http = loop->http;
    char name[16];
    snprintf(name, sizeof name, "loop-%zu", loop->number % 1000);
    pthread_setname_np(pthread_self(), name);
    pthread_mutex_lock(&http->lock);
    loop_init(loop);
    http->n_running++;
    pthread_cond_broadcast(&http->changed);
    pthread_mutex_unlock(&http->lock);
}

void *loop_main(void *arg)
{
    loop_t *loop = arg;
    http_t *http = loop->http;
    loop_begin(loop);
    while (!atomic_load_explicit(&http->finish, memory_order_relaxed)) {
        bool draining = atomic_load_explicit(&http->draining, memory_order_relaxed);
        take_tls(loop);
        if (draining)
            drain_step(loop);
        h2o_evloop_run(loop->ctx.loop, draining ? DRAIN_STEP_MS : INT32_MAX);
    }
    listeners_shut(loop);
    for (int i = 0; loop->n_conns > 0 && i < DISPOSE_STEPS_MAX; i++) {
        cut_connections(loop, false);
        h2o_evloop_run(loop->ctx.loop, DRAIN_STEP_MS);
    }
    loop_dispose(loop);
    return NULL;
}

/* exchange.c - one request on its way: head read, answered from the cache or matched, authenticated, run, replied.
 *
 *     on_request ── in the cache ──────────────────────────────────────────────────────────▶ reply
 *         └─ begin ─ match ─ authenticate ─ admit ─ run on the loop ───────────────────────▶ reply
 *                                │                    └─ worker ─ back to the loop ────────▶ reply
 *                                └─ verifier ─ back to the loop ─ authenticate
 *
 * The path from on_request to the reply of something in the cache is the product's read speed: no malloc but the guard's, no
 * JSON, no decoding.
 *
 * A client may leave while its exchange is on another thread. The guard lives in the request's pool: when the request
 * is disposed it clears exchange->req, and the exchange ends when it comes back. Only the loop's thread looks at ->req.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "catalog/token.h"
#include "compat/core/digest.h"
#include "server/core/log.h"
#include "server/core/loop.h"
#include "server/core/url.h"
#include "server/core/usage.h"

#define FAST_TARGET_MAX 1024
#define CACHE_BODY_MAX  65536 /* larger bodies are not digested on the loop */
#define SPARE_MAX       64
#define SPARE_ARENA_MAX (64 << 10)
#define KEY_HEAD        2

/* What the head of a request says, as views into h2o's memory. */
typedef struct {
    text_t method, target;
    text_t accept, accept_encoding, authorization, content_type, request_id, if_none_match, if_match,
        idempotency_key, session, csrf;
    media_t media;
    profile_t profile;
    bool gzip, head, get, page;
    int64_t started_ns;
} facts_t;

struct exchange {
    worker_call_t work; /* first */
    h2o_multithread_message_t message;
    void (*resume)(exchange_t *x);
    loop_t *loop;
    h2o_req_t *req; /* NULL: the client has gone */
    bool away;      /* another thread has it */
    call_t call;
    route_hit_t hit;
    facts_t facts;    /* its texts in the arena */
    int error_before; /* of route_match, told after authentication only */
    exchange_t *next_spare;
    pool_job_t verification;
    auth_answer_t verified;
};

/* Lives as long as the request. */
typedef struct {
    conn_t *conn;
    exchange_t *exchange;
    const cached_t *cached;
} guard_t;

static void exchange_end(exchange_t *x);

static void guard_dispose(void *data)
{
    guard_t *guard = data;
    guard->conn->n_requests--;
    cached_unref(guard->cached);
    exchange_t *x = guard->exchange;
    if (x == NULL)
        return;
    x->req = NULL;
    if (x->away)
        atomic_store_explicit(&x->work.gone, true, memory_order_relaxed);
    else
        exchange_end(x);
}

static guard_t *guard_new(h2o_req_t *req)
{
    conn_t *conn = req->conn->callbacks->get_socket(req->conn)->on_close.data;
    guard_t *guard = h2o_mem_alloc_shared(&req->pool, sizeof *guard, guard_dispose);
    *guard = (guard_t){.conn = conn};
    conn->n_requests++;
    return guard;
}

static loop_t *loop_of(h2o_req_t *req)
{
    return H2O_STRUCT_FROM_MEMBER(loop_t, ctx, req->conn->ctx);
}

/* --- the head --------------------------------------------------------------------------------------------------------------- */

static text_t text_from_iovec(h2o_iovec_t iovec)
{
    return (text_t){iovec.base, iovec.len};
}

/* Several lines of one header are one list. */
static void add_line(text_t *all, h2o_iovec_t line, h2o_mem_pool_t *pool)
{
    if (all->at == NULL) {
        *all = text_from_iovec(line);
        return;
    }
    h2o_iovec_t joined =
        h2o_concat(pool, h2o_iovec_init(all->at, all->bytes), h2o_iovec_init(H2O_STRLIT(", ")), line);
    *all = text_from_iovec(joined);
}

static bool name_is(const h2o_header_t *header, const char *name, size_t bytes)
{
    return header->name->len == bytes &&
           memcmp(header->name->base, name, bytes) == 0; /* h2o made it lower case */
}

/* "a=1; avow_session=xyz": the value of ours, in the first line that has it. */
static text_t session_of(text_t cookies)
{
    while (cookies.bytes > 0) {
        const char *end = memchr(cookies.at, ';', cookies.bytes);
        size_t bytes = end == NULL ? cookies.bytes : (size_t)(end - cookies.at);
        text_t one = text_trim((text_t){cookies.at, bytes});
        if (text_starts(one, TEXT(SESSION_COOKIE "=")))
            return text_from(one, sizeof SESSION_COOKIE);
        cookies = text_from(cookies, bytes + (end != NULL));
    }
    return TEXT_NONE;
}

static bool read_header(facts_t *facts, const h2o_header_t *header, h2o_mem_pool_t *pool)
{
    const h2o_iovec_t *name = header->name;
    if (name == &H2O_TOKEN_ACCEPT->buf)
        add_line(&facts->accept, header->value, pool);
    else if (name == &H2O_TOKEN_ACCEPT_ENCODING->buf)
        add_line(&facts->accept_encoding, header->value, pool);
    else if (name == &H2O_TOKEN_AUTHORIZATION->buf)
        facts->authorization = text_from_iovec(header->value);
    else if (name == &H2O_TOKEN_CONTENT_TYPE->buf)
        facts->content_type = text_from_iovec(header->value);
    else if (name == &H2O_TOKEN_IF_NONE_MATCH->buf)
        add_line(&facts->if_none_match, header->value, pool);
    else if (name_is(header, H2O_STRLIT("if-match")))
        add_line(&facts->if_match, header->value, pool);
    else if (name_is(header, H2O_STRLIT("idempotency-key")))
        facts->idempotency_key = text_from_iovec(header->value);
    else if (name == &H2O_TOKEN_COOKIE->buf && facts->session.at == NULL)
        facts->session = session_of(text_from_iovec(header->value));
    else if (name_is(header, H2O_STRLIT("x-csrf-token")))
        facts->csrf = text_from_iovec(header->value);
    else if (name_is(header, H2O_STRLIT("x-request-id")))
        facts->request_id = text_from_iovec(header->value);
    else if (name_is(header, H2O_STRLIT("x-requested-with")))
        facts->page = true;
    else if (name_is(header, H2O_STRLIT("confluent-accept-unknown-properties")))
        return text_is_nocase(text_trim(text_from_iovec(header->value)), "true");
    return false;
}

static void read_facts(facts_t *facts, h2o_req_t *req, const conf_t *conf)
{
    bool accepts_unknown = false;
    *facts = (facts_t){.started_ns = monotonic_ns(),
                       .method = text_from_iovec(req->method),
                       .target = text_from_iovec(req->path)};
    for (size_t i = 0; i < req->headers.size; i++)
        accepts_unknown |= read_header(facts, &req->headers.entries[i], &req->pool);
    facts->media = negotiate_accept(facts->accept);
    facts->gzip = facts->accept_encoding.bytes > 0 && conf->gzip_min_bytes > 0 &&
                  negotiate_gzip(facts->accept_encoding);
    facts->head = text_is(facts->method, "HEAD");
    facts->get = facts->head || text_is(facts->method, "GET");
    facts->profile =
        conf->profile == CONF_PROFILE_8 || (conf->profile == CONF_PROFILE_AUTO && accepts_unknown)
            ? PROFILE_8
            : PROFILE_7;
    if (facts->request_id.at != NULL && !request_id_valid(facts->request_id))
        facts->request_id = TEXT_NONE;
}

/* The part of a cache key that is not the target: all that decides the reply besides it. HEAD is GET. */
static void key_head(char head[KEY_HEAD], const facts_t *facts, bool gzip)
{
    head[0] = facts->get ? 'G' : 'P';
    head[1] = (char)(1 + (int)facts->media + 4 * (int)facts->profile + 8 * gzip);
}

/* --- replying ------------------------------------------------------------------------------------------------------------------ */

static const char *reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {303, "See Other"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

static void add_header(h2o_req_t *req, const char *name, text_t value)
{
    h2o_add_header_by_str(&req->pool, &req->res.headers, name, strlen(name), 1, NULL, value.at, value.bytes);
}

static void send_reply(h2o_req_t *req, int status, const char *content_type, text_t body, text_t request_id,
                       bool head)
{
    static h2o_generator_t generator = {NULL, NULL};
    if (loop_of(req)->draining_since != 0) /* h2o decided when the request came */
        req->http1_is_persistent = 0;
    req->res.status = status;
    req->res.reason = reason_of(status);
    if (status != 204 && status != 304)
        req->res.content_length = body.bytes;
    if (body.bytes > 0)
        h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, content_type,
                       strlen(content_type));
    h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("x-request-id"), 0, NULL, request_id.at,
                          request_id.bytes);
    h2o_iovec_t out = h2o_iovec_init(body.at, body.bytes);
    h2o_start_response(req, &generator);
    h2o_send(req, &out, head || body.bytes == 0 ? 0 : 1, H2O_SEND_STATE_FINAL);
}

/* Failures come in floods: so many are logged in a second, and how many were not is told in the next. */
#define FAILURES_A_SECOND 50

static bool failure_is_logged(loop_t *loop)
{
    int64_t second = monotonic_ns() / 1000000000;
    if (second != loop->failures.second) {
        if (loop->failures.left_out > 0)
            log_warn("failed requests were left out of the log",
                     LOG_INT("requests", loop->failures.left_out));
        loop->failures.second = second;
        loop->failures.lines = loop->failures.left_out = 0;
    }
    if (loop->failures.lines == FAILURES_A_SECOND) {
        loop->failures.left_out++;
        return false;
    }
    loop->failures.lines++;
    return true;
}

static bool is_logged(loop_t *loop, int status, bool writes)
{
    switch ((log_requests_t)loop->http->options.conf->log_requests) {
    case LOG_REQUESTS_NONE:
        return false;
    case LOG_REQUESTS_ALL:
        return true;
    case LOG_REQUESTS_CHANGES:
        if (writes && status < 500)
            return true;
        break;
    case LOG_REQUESTS_FAILED:
        break;
    }
    return (status >= 500 || status == 401 || status == 403) && failure_is_logged(loop);
}

static void log_request(h2o_req_t *req, const facts_t *facts, int status, size_t bytes, text_t request_id,
                        const char *actor)
{
    char client[NI_MAXHOST] = "";
    struct sockaddr_storage peer;
    socklen_t peer_bytes = req->conn->callbacks->get_peername(req->conn, (struct sockaddr *)&peer);
    if (peer_bytes > 0) {
        size_t n = h2o_socket_getnumerichost((struct sockaddr *)&peer, peer_bytes, client);
        client[n == SIZE_MAX ? 0 : n] = '\0';
    }
    log_event(status >= 500 ? LOG_WARN : LOG_INFO, "request", LOG_TEXT("method", facts->method),
              LOG_TEXT("target", facts->target), LOG_INT("status", status), LOG_INT("bytes", bytes),
              LOG_INT("us", (monotonic_ns() - facts->started_ns) / 1000), LOG_S("client", client),
              LOG_S("actor", actor), LOG_TEXT("request_id", request_id));
}

/* The client's id, or a new one in the request's pool. */
static text_t request_id_of(h2o_req_t *req, const facts_t *facts)
{
    if (facts->request_id.at != NULL)
        return facts->request_id;
    char *id = h2o_mem_alloc_pool(&req->pool, REQUEST_ID_BYTES);
    request_id_make(id);
    return (text_t){id, REQUEST_ID_BYTES};
}

/* --- from the cache --------------------------------------------------------------------------------------------------------- */

static void reply_cached(h2o_req_t *req, const facts_t *facts, const cached_t *cached, guard_t *guard,
                         const char *actor)
{
    loop_t *loop = loop_of(req);
    text_t request_id = request_id_of(req, facts);
    guard->cached = cached; /* the body is sent from the cache's own memory */
    for (size_t i = 0; i < cached->n_headers; i++)
        add_header(req, cached->headers[i].name, cached->headers[i].value);
    if (is_logged(loop, cached->status, false))
        log_request(req, facts, cached->status, cached->body.bytes, request_id, actor);
    metrics_request(loop->metrics, cached->mark, cached->status, monotonic_ns() - facts->started_ns);
    send_reply(req, cached->status,
               cached->content_type != NULL ? cached->content_type : media_name(facts->media), cached->body,
               request_id, facts->head);
}

/* A client that takes gzip is also served a reply kept for one that does not, when it is too small to be compressed, or
 * when there is no other way to have it. */
static const cached_t *find_cached(loop_t *loop, const facts_t *facts, char *key, size_t key_bytes)
{
    const http_options_t *options = &loop->http->options;
    key_head(key, facts, facts->gzip);
    const cached_t *cached = cache_find(options->cache, (text_t){key, key_bytes});
    if (cached != NULL || !facts->gzip)
        return cached;
    key_head(key, facts, false);
    cached = cache_find(options->cache, (text_t){key, key_bytes});
    if (cached == NULL || cached->body.bytes < (size_t)options->conf->gzip_min_bytes ||
        !workers_database_up(options->workers))
        return cached;
    cached_unref(cached);
    return NULL;
}

static bool may_ask_cache(const loop_t *loop, const facts_t *facts)
{
    return facts->get && facts->media != MEDIA_NONE && facts->target.bytes <= FAST_TARGET_MAX &&
           loop->http->options.conf->cache_bytes > 0;
}

static bool answer_from_cache(loop_t *loop, h2o_req_t *req, const facts_t *facts)
{
    char key[KEY_HEAD + FAST_TARGET_MAX];
    actor_t actor;
    const claim_t claim = {facts->authorization, facts->session};
    if (identify_check(loop->http->options.identify, &claim, &actor) != AUTH_YES)
        return false;
    memcpy(key + KEY_HEAD, facts->target.at, facts->target.bytes);
    const cached_t *cached = find_cached(loop, facts, key, KEY_HEAD + facts->target.bytes);
    if (cached == NULL)
        return false;
    if (cached->status == 200)
        usage_note(loop->http->options.usage, &actor, false, facts->target);
    reply_cached(req, facts, cached, guard_new(req), actor.name);
    return true;
}

/* --- an exchange's life ------------------------------------------------------------------------------------------------------ */

static exchange_t *exchange_take(loop_t *loop)
{
    exchange_t *x = loop->spare;
    if (x != NULL) {
        loop->spare = x->next_spare;
        loop->n_spare--;
        return x;
    }
    x = calloc(1, sizeof *x);
    if (x == NULL)
        abort();
    x->loop = loop;
    x->call.arena = arena_new();
    return x;
}

static void exchange_free(exchange_t *x)
{
    arena_free(x->call.arena);
    free(x);
}

static void exchange_end(exchange_t *x)
{
    loop_t *loop = x->loop;
    json_decref(x->call.body);
    x->call.body = NULL;
    if (loop->n_spare == SPARE_MAX || arena_bytes(x->call.arena) > SPARE_ARENA_MAX) {
        exchange_free(x);
        return;
    }
    arena_reset(x->call.arena);
    x->next_spare = loop->spare;
    loop->spare = x;
    loop->n_spare++;
}

void exchange_free_spare(loop_t *loop)
{
    while (loop->spare != NULL) {
        exchange_t *x = loop->spare;
        loop->spare = x->next_spare;
        exchange_free(x);
    }
    loop->n_spare = 0;
}

static text_t keep(arena_t *arena, text_t text)
{
    return text.at == NULL ? TEXT_NONE : text_copy(arena, text);
}

/* Everything is copied out of h2o's memory: it goes away with the client, and the exchange may be elsewhere then. */
static exchange_t *exchange_new(loop_t *loop, h2o_req_t *req, const facts_t *facts)
{
    exchange_t *x = exchange_take(loop);
    call_t *call = &x->call;
    arena_t *arena = call->arena;
    memset(call, 0, offsetof(call_t, err)); /* err_t is large, and empty when its code says so */
    err_clear(&call->err);
    call->arena = arena;
    x->req = req;
    x->away = false;
    x->facts = *facts;
    x->facts.method = text_copy(arena, facts->method);
    x->facts.target = text_copy(arena, url_target(facts->target));
    x->facts.authorization = keep(arena, facts->authorization);
    x->facts.session = call->session = keep(arena, facts->session);
    x->facts.csrf = keep(arena, facts->csrf);
    x->facts.request_id = text_copy(arena, request_id_of(req, facts));
    x->hit = (route_hit_t){0};
    x->work.call = call;
    x->work.key = TEXT_NONE;
    x->work.gzip = facts->gzip;
    atomic_store_explicit(&x->work.gone, false, memory_order_relaxed);
    call->conf = loop->http->options.conf;
    call->profile = facts->profile;
    call->method = x->facts.method;
    call->path = x->facts.target;
    call->request_id = x->facts.request_id;
    call->accept = keep(arena, facts->accept);
    call->if_none_match = keep(arena, facts->if_none_match);
    call->if_match = keep(arena, facts->if_match);
    call->idempotency_key = keep(arena, facts->idempotency_key);
    call->gzip = facts->accept_encoding.bytes > 0 && negotiate_gzip(facts->accept_encoding);
    snprintf(call->actor.name, sizeof call->actor.name, "anonymous");
    guard_new(req)->exchange = x;
    return x;
}

static void exchange_reply(exchange_t *x)
{
    call_t *call = &x->call;
    h2o_req_t *req = x->req;
    reply_t *reply = &call->reply;
    unsigned flags = x->hit.route == NULL ? 0 : x->hit.route->flags;
    media_t media = x->facts.media == MEDIA_NONE ? MEDIA_V1_JSON : x->facts.media;
    for (size_t i = 0; i < reply->n_headers; i++)
        add_header(req, reply->headers[i].name, reply->headers[i].value);
    if (is_logged(x->loop, reply->status, (flags & R_WRITE) != 0))
        log_request(req, &x->facts, reply->status, reply->body.bytes, call->request_id, call->actor.name);
    metrics_request(x->loop->metrics, x->hit.number, reply->status, monotonic_ns() - x->facts.started_ns);
    if (reply->status == 200 && (x->facts.get || (flags & R_WRITE) != 0))
        usage_note(x->loop->http->options.usage, &call->actor, !x->facts.get, x->facts.target);
    send_reply(req, reply->status, reply->content_type != NULL ? reply->content_type : media_name(media),
               reply->body, call->request_id, x->facts.head);
}

static void exchange_fail(exchange_t *x)
{
    api_fail(x->hit.api, &x->call);
    exchange_reply(x);
}

/* --- to other threads and back -------------------------------------------------------------------------------------------------- */

static void go_away(exchange_t *x, void (*resume)(exchange_t *))
{
    x->resume = resume;
    x->away = true;
    x->loop->n_away++;
}

static void stay(exchange_t *x)
{
    x->away = false;
    x->loop->n_away--;
}

/* On the other thread: the last thing it does with the exchange. */
static void come_back(exchange_t *x)
{
    h2o_multithread_send_message(&x->loop->returned, &x->message);
}

void exchange_on_returned(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    (void)receiver;
    while (!h2o_linklist_is_empty(messages)) {
        exchange_t *x = H2O_STRUCT_FROM_MEMBER(exchange_t, message.link, messages->next);
        h2o_linklist_unlink(&x->message.link);
        stay(x);
        if (x->req == NULL)
            exchange_end(x);
        else
            x->resume(x);
    }
}

static void work_done(worker_call_t *work)
{
    come_back((exchange_t *)work);
}

static void send_to_worker(exchange_t *x)
{
    x->work.api = x->hit.api;
    x->work.done = work_done;
    go_away(x, exchange_reply);
    if (worker_submit(x->loop->http->options.workers, &x->work) == 0)
        return;
    stay(x);
    exchange_fail(x);
}

/* --- running ----------------------------------------------------------------------------------------------------------------- */

/* The key to keep a reply under; one that reads by POST has its body in it. False when it was in the cache and is answered. */
static bool set_key(exchange_t *x)
{
    const route_t *route = x->hit.route;
    facts_t *facts = &x->facts;
    bool by_body = (route->flags & R_CACHE_BODY) != 0 && x->call.body_text.bytes <= CACHE_BODY_MAX;
    if ((!facts->get && !by_body) || x->call.conf->cache_bytes == 0 ||
        facts->target.bytes > FAST_TARGET_MAX || facts->media == MEDIA_NONE)
        return true;
    size_t digest_bytes = by_body ? 32 : 0, bytes = KEY_HEAD + digest_bytes + facts->target.bytes;
    char *key = arena_alloc(x->call.arena, bytes);
    if (by_body)
        digest_sha256(x->call.body_text, (uint8_t *)key + KEY_HEAD);
    memcpy(key + KEY_HEAD + digest_bytes, facts->target.at, facts->target.bytes);
    x->work.key = (text_t){key, bytes};
    const cached_t *cached = by_body ? find_cached(x->loop, facts, key, bytes) : NULL;
    key_head(key, facts, facts->gzip);
    if (cached == NULL)
        return true;
    h2o_req_t *req = x->req;
    if (cached->status == 200)
        usage_note(x->loop->http->options.usage, &x->call.actor, false, facts->target);
    guard_t *guard = guard_new(req); /* a second one: the exchange's own goes on holding it */
    reply_cached(req, facts, cached, guard, x->call.actor.name);
    return false;
}

static void run(exchange_t *x)
{
    call_t *call = &x->call;
    call->route = x->hit.route;
    call->reply.mark = (unsigned)x->hit.number;
    if (call->route->on_loop == NULL) {
        if (set_key(x))
            send_to_worker(x);
        return;
    }
    if (call->route->on_loop(call) != 0)
        exchange_fail(x);
    else
        exchange_reply(x);
}

/* Media types, body and query: what a request must be before a handler sees it. */
static int admit(exchange_t *x)
{
    call_t *call = &x->call;
    const h2o_iovec_t entity = x->req->entity;
    bool takes_body = (x->hit.route->flags & (R_BODY | R_BODY_MAY)) != 0;
    if (x->hit.api->media == MEDIA_REGISTRY && x->facts.media == MEDIA_NONE)
        return err_set(&call->err, ERR_NOT_ACCEPTABLE, NULL);
    if (entity.len > (size_t)call->conf->max_body_bytes)
        return err_set(&call->err, ERR_BODY_TOO_LARGE,
                       "The request body has %zu bytes; this server takes up to %lld", entity.len,
                       (long long)call->conf->max_body_bytes);
    if (takes_body && entity.len > 0 && x->hit.api->media == MEDIA_REGISTRY &&
        !negotiate_content_type(x->facts.content_type))
        return err_set(&call->err, ERR_MEDIA_UNSUPPORTED, NULL);
    const char *question = memchr(x->facts.target.at, '?', x->facts.target.bytes);
    text_t query = TEXT_NONE;
    if (question != NULL)
        query = text_from(x->facts.target, (size_t)(question - x->facts.target.at) + 1);
    if (url_query(query, call->arena, &call->query, &call->n_query, &call->err) != 0)
        return -1;
    if (takes_body && entity.len > 0)
        call->body_text = text_copy(call->arena, text_from_iovec(entity));
    return 0;
}

/* A page elsewhere can make a browser send its cookie, but cannot know what goes with it. */
static int check_csrf(exchange_t *x)
{
    const call_t *call = &x->call;
    text_t wanted = text_of(call->actor.csrf);
    if (!call->actor.by_cookie || x->facts.get || text_is(call->method, "OPTIONS") ||
        (x->facts.csrf.bytes == wanted.bytes &&
         CRYPTO_memcmp(x->facts.csrf.at, wanted.at, wanted.bytes) == 0))
        return 0;
    return err_set(&x->call.err, ERR_FORBIDDEN,
                   "A call by cookie that changes something needs the header X-CSRF-Token, whose value GET "
                   "/api/v1/session tells");
}

/* What a token's scopes say before anybody looks at what its owner may. Deleting and configuring is more than registering. */
static int check_scopes(exchange_t *x)
{
    const call_t *call = &x->call;
    const route_t *route = x->hit.route;
    unsigned scopes = call->actor.scopes, needed = 1u << SCOPE_CATALOG | 1u << SCOPE_ADMIN;
    if (scopes == 0 || x->facts.get || route == NULL || (route->flags & (R_WRITE | R_OPEN)) != R_WRITE)
        return 0;
    if (x->hit.api->prefix != NULL || text_is(call->method, "POST"))
        needed |= 1u << SCOPE_REGISTER;
    if ((scopes & needed) != 0)
        return 0;
    return err_set(&x->call.err, ERR_FORBIDDEN,
                   scopes == 1u << SCOPE_READ ? "This token only reads: its scope is read"
                                              : "This token registers schemas, and has no scope for this");
}

static void authorised(exchange_t *x)
{
    call_t *call = &x->call;
    if (x->error_before != 0 || check_csrf(x) != 0 || check_scopes(x) != 0) {
        exchange_fail(x);
    } else if (x->hit.route == NULL) { /* OPTIONS: `Allow` is there already */
        reply_empty(call, 200);
        exchange_reply(x);
    } else if (admit(x) != 0) {
        exchange_fail(x);
    } else {
        run(x);
    }
}

/* --- authentication ----------------------------------------------------------------------------------------------------------- */

/* Browsers show a window of their own for Basic: the pages have a better one, and their API does not ask for it. */
static void refuse(exchange_t *x)
{
    call_t *call = &x->call;
    const char *refusal = call->actor.refusal;
    bool basic = x->hit.api->prefix == NULL;
    err_clear(&call->err);
    call->reply.n_headers = 0; /* what route_match may have told */
    if (refusal != NULL)
        err_set(&call->err, ERR_UNAUTHENTICATED, "%s", refusal);
    else
        err_set(&call->err, ERR_UNAUTHENTICATED, NULL);
    api_fail(x->hit.api, call);
    reply_header(call, "www-authenticate",
                 text_printf(call->arena, "%s realm=\"%s\"%s", basic ? "Basic" : "Bearer",
                             call->conf->auth_realm, basic ? ", charset=\"UTF-8\"" : ""));
    exchange_reply(x);
}

static bool is_open_route(const exchange_t *x)
{
    return x->hit.route != NULL && (x->hit.route->flags & R_OPEN) != 0;
}

static void answered(exchange_t *x, auth_answer_t answer)
{
    call_t *call = &x->call;
    call->open = identify_is_open(x->loop->http->options.identify);
    if (answer == AUTH_YES) {
        /* Who was let in without a name was let in by an open server, also if it has to ask again by now whether it is. */
        call->open = call->open || call->actor.kind == ACTOR_ANYBODY;
        authorised(x);
    } else if (is_open_route(x)) {
        call->actor = (actor_t){.kind = ACTOR_ANYBODY, .name = "anonymous"};
        authorised(x);
    } else if (answer == AUTH_LATER) {
        err_clear(&call->err);
        err_set(&call->err, ERR_STORE, NULL);
        exchange_fail(x);
    } else {
        refuse(x);
    }
}

static void verified(exchange_t *x)
{
    answered(x, x->verified);
}

static claim_t claim_of(const exchange_t *x)
{
    return (claim_t){x->facts.authorization, x->facts.session};
}

static void verification_run(pool_job_t *job, void *state)
{
    exchange_t *x = H2O_STRUCT_FROM_MEMBER(exchange_t, verification, job);
    const claim_t claim = claim_of(x);
    x->verified = AUTH_NO;
    if (!atomic_load_explicit(&x->work.gone, memory_order_relaxed))
        x->verified = identify_verify(x->loop->http->options.identify, state, &claim, &x->call.actor);
    come_back(x);
}

static void verification_drop(pool_job_t *job)
{
    exchange_t *x = H2O_STRUCT_FROM_MEMBER(exchange_t, verification, job);
    x->verified = AUTH_NO;
    come_back(x);
}

/* Probes and the like, which run on the loop, do not even look at who asks. */
static void authenticate(exchange_t *x)
{
    http_t *http = x->loop->http;
    const claim_t claim = claim_of(x);
    auth_answer_t answer = AUTH_NO;
    bool nameless = is_open_route(x) && x->hit.route->on_loop != NULL;
    if (!nameless)
        answer = identify_check(http->options.identify, &claim, &x->call.actor);
    if (answer != AUTH_ASK) {
        answered(x, answer);
        return;
    }
    x->verification = (pool_job_t){.run = verification_run, .drop = verification_drop};
    go_away(x, verified);
    if (pool_submit(http->verifier, &x->verification))
        return;
    stay(x);
    err_clear(&x->call.err);
    err_set(&x->call.err, ERR_BUSY, NULL);
    exchange_fail(x);
}

/* --- h2o's side ------------------------------------------------------------------------------------------------------------------ */

/* What is wrong with the target is told after authentication only (error_before). */
static void find_route(exchange_t *x)
{
    call_t *call = &x->call;
    const text_t target = x->facts.target;
    const char *question = memchr(target.at, '?', target.bytes);
    if (question != NULL)
        call->path.bytes = (size_t)(question - target.at);
    x->error_before = route_match(x->loop->http->options.routes, call, &x->hit);
}

int exchange_on_request(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    facts_t facts;
    loop_t *loop = loop_of(req);
    read_facts(&facts, req, loop->http->options.conf);
    if (may_ask_cache(loop, &facts) && answer_from_cache(loop, req, &facts))
        return 0;
    exchange_t *x = exchange_new(loop, req, &facts);
    find_route(x);
    authenticate(x);
    return 0;
}

typedef struct {
    h2o_ostream_t super;
    h2o_iovec_t body;
    bool sent;
} error_ostream_t;

static void error_send(h2o_ostream_t *super, h2o_req_t *req, h2o_iovec_t *bufs, size_t n_bufs,
                       h2o_send_state_t state)
{
    (void)bufs, (void)n_bufs;
    error_ostream_t *self = (error_ostream_t *)super;
    bool first = !self->sent;
    self->sent = true;
    h2o_ostream_send_next(&self->super, req, &self->body, first ? 1 : 0, state);
}

void exchange_error_filter(h2o_filter_t *filter, h2o_req_t *req, h2o_ostream_t **slot)
{
    (void)filter;
    char text[160];
    const char *message =
        req->res.status == 413 ? "The request body is too large" : "The request is malformed";
    int bytes =
        snprintf(text, sizeof text, "{\"error_code\":%d,\"message\":\"%s\"}", req->res.status, message);
    error_ostream_t *ostream = (error_ostream_t *)h2o_add_ostream(req, sizeof *ostream, slot);
    ostream->super.do_send = error_send;
    ostream->body = h2o_strdup(&req->pool, text, (size_t)bytes);
    ostream->sent = false;
    req->res.content_length = (size_t)bytes;
    ssize_t at = h2o_find_header(&req->res.headers, H2O_TOKEN_CONTENT_TYPE, -1);
    if (at >= 0) /* text/plain */
        req->res.headers.entries[at].value = h2o_iovec_init(H2O_STRLIT("application/json"));
    loop_t *loop = loop_of(req);
    metrics_request(loop->metrics, SIZE_MAX, req->res.status, 0);
    h2o_setup_next_ostream(req, &ostream->super.next);
}

/* What of a request is read before a handler sees it: target, query, headers, body. The first byte chooses; properties that
 * must hold whatever comes are asserted. */
#include <assert.h>
#include <string.h>

#include "server/core/body.h"
#include "server/core/negotiate.h"
#include "server/core/route.h"
#include "server/core/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static int on_loop(call_t *c)
{
    (void)c;
    return 0;
}

static const route_t routes[] = {
    {"GET", "/", NULL, on_loop, 0},
    {"GET", "/subjects/{subject}/versions/{version}", NULL, on_loop, R_CONTEXT},
    {"POST", "/subjects/{subject}", NULL, on_loop, R_CONTEXT},
    {"GET", "/subjects/{subject}/versions", NULL, on_loop, R_CONTEXT},
    {"DELETE", "/contexts/{context}", NULL, on_loop, 0},
    {"GET", "/a/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}", NULL, on_loop, 0},
};
static const api_t api = {.name = "api", .routes = routes, .n_routes = sizeof routes / sizeof *routes};
static const api_t *const apis[] = {&api};

static void check_text(text_t text)
{
    if (text.at == NULL)
        return;
    assert(text_utf8_valid(text) == text.bytes);
    assert(text.bytes == 0 || memchr(text.at, '\0', text.bytes) == NULL);
}

static void try_path(const route_index_t *index, call_t *call, text_t input)
{
    static const char *const methods[] = {"GET", "POST", "OPTIONS", "HEAD", "BREW"};
    route_hit_t hit;
    call->path = url_target(input);
    call->method = text_of(methods[input.bytes % 5]);
    if (route_match(index, call, &hit) != 0) {
        assert(call->err.code != ERR_NONE && err_text(&call->err).bytes > 0);
        return;
    }
    for (int i = 0; i < CALL_PARAMS_MAX; i++)
        check_text(call->params[i]);
    check_text(call->context);
}

static void try_query(call_t *call, text_t input)
{
    int64_t number;
    if (url_query(input, call->arena, &call->query, &call->n_query, &call->err) != 0)
        return;
    for (size_t i = 0; i < call->n_query; i++) {
        check_text(call->query[i].name);
        check_text(call->query[i].value);
    }
    if (call_query_int(call, "a", 0, &number) == 0)
        assert(number >= INT32_MIN && number <= INT32_MAX);
    call_query_bool(call, "b", true);
}

static void try_headers(text_t input)
{
    media_t media = negotiate_accept(input);
    assert(media >= MEDIA_NONE && media < MEDIA_N);
    negotiate_content_type(input);
    negotiate_gzip(input);
    if (request_id_valid(input))
        check_text(input);
}

static void try_body(call_t *call, text_t input)
{
    call->body_text = input;
    if (body_parse(call, true, 64) == 0) {
        assert(json_is_object(call->body));
        reply_json(call, 200, json_incref(call->body));
        assert(call->reply.status == 200);
        json_decref(call->body);
        return;
    }
    assert(call->err.code != ERR_NONE && call->body == NULL);
    reply_fail(call); /* a message that quotes the body must still be JSON */
    assert(call->reply.status >= 400 && call->reply.status < 500);
    json_t *reply = json_loadb(call->reply.body.at, call->reply.body.bytes, 0, NULL);
    assert(reply != NULL);
    json_decref(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static route_index_t *index;
    static call_t call;
    if (index == NULL)
        index = route_index_new(apis, 1);
    if (bytes == 0)
        return 0;
    memset(&call, 0, sizeof call);
    call.arena = arena_new();
    text_t input = text_copy(call.arena, (text_t){(const char *)data + 1, bytes - 1});
    switch (data[0] % 4) {
    case 0:
        try_path(index, &call, input);
        break;
    case 1:
        try_query(&call, input);
        break;
    case 2:
        try_headers(input);
        break;
    case 3:
        try_body(&call, input);
        break;
    }
    arena_free(call.arena);
    return 0;
}

#include "tests/support/http.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "compat/core/buf.h"

struct http_client {
    CURL *curl;
    char url[256];
};

typedef struct {
    buf_t body;
    http_reply_t *reply;
    arena_t *arena;
} receiver_t;

http_client_t *http_client_new(const char *url)
{
    http_client_t *client = calloc(1, sizeof *client);
    client->curl = curl_easy_init();
    if (client->curl == NULL || strlen(url) >= sizeof client->url)
        abort();
    memcpy(client->url, url, strlen(url) + 1);
    return client;
}

void http_client_free(http_client_t *client)
{
    if (client == NULL)
        return;
    curl_easy_cleanup(client->curl);
    free(client);
}

static size_t on_body(char *at, size_t size, size_t n, void *arg)
{
    receiver_t *receiver = arg;
    buf_add(&receiver->body, (text_t){at, size * n});
    return size * n;
}

static size_t on_header(char *at, size_t size, size_t n, void *arg)
{
    receiver_t *receiver = arg;
    http_reply_t *reply = receiver->reply;
    text_t line = {at, size * n};
    if (text_starts(line, TEXT("HTTP/"))) { /* also what follows "100 Continue": only the last head counts */
        reply->n_headers = 0;
        return line.bytes;
    }
    const char *colon = memchr(at, ':', line.bytes);
    if (colon == NULL || reply->n_headers == HTTP_HEADERS_MAX)
        return line.bytes;
    http_header_t *header = &reply->headers[reply->n_headers++];
    header->name = text_copy(receiver->arena, (text_t){at, (size_t)(colon - at)});
    header->value = text_copy(receiver->arena, text_trim(text_from(line, (size_t)(colon - at) + 1)));
    return line.bytes;
}

static struct curl_slist *header_lines(const http_request_t *request, arena_t *arena)
{
    struct curl_slist *lines = NULL;
    for (size_t i = 0; i < request->n_headers; i++) {
        const http_header_t *header = &request->headers[i];
        /* libcurl: "Name:" takes a header away, "Name;" sends it empty */
        char *line = header->value.at == NULL ? arena_printf(arena, TEXT_FMT ":", TEXT_ARG(header->name))
                                              : arena_printf(arena, TEXT_FMT ": " TEXT_FMT,
                                                             TEXT_ARG(header->name), TEXT_ARG(header->value));
        lines = curl_slist_append(lines, line);
    }
    return lines;
}

static void set_method(CURL *curl, const http_request_t *request)
{
    if (strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else if (request->body.at != NULL) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.bytes);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.at);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

int http_send(http_client_t *client, const http_request_t *request, arena_t *arena, http_reply_t *reply)
{
    CURL *curl = client->curl;
    receiver_t receiver = {.reply = reply, .arena = arena};
    char failure[CURL_ERROR_SIZE] = "";
    *reply = (http_reply_t){0};
    buf_init(&receiver.body, BUF_NO_MAX);

    curl_easy_reset(curl); /* keeps the connection */
    struct curl_slist *lines = header_lines(request, arena);
    set_method(curl, request);
    curl_easy_setopt(curl, CURLOPT_URL, arena_printf(arena, "%s%s", client->url, request->path));
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request->timeout_ms > 0 ? request->timeout_ms : 60000L);
    curl_easy_setopt(curl, CURLOPT_USERPWD, request->user);
    if (request->ca_file != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, failure);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &receiver);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &receiver);

    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME, &reply->seconds);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    curl_slist_free_all(lines);
    reply->body = buf_take(&receiver.body, arena);
    buf_dispose(&receiver.body);
    /* a server may answer and close before it has read a body that is too long: the answer counts */
    if (reply->status != 0 && (code == CURLE_OK || code == CURLE_SEND_ERROR))
        return 0;
    reply->status = 0;
    reply->failure = arena_printf(arena, "%s", failure[0] != '\0' ? failure : curl_easy_strerror(code));
    return -1;
}

long http_call(http_client_t *client, const char *method, const char *path, const char *body, arena_t *arena,
               http_reply_t *reply)
{
    static const http_header_t json = {TEXT("Content-Type"), TEXT("application/vnd.schemaregistry.v1+json")};
    http_request_t request = {.method = method, .path = path, .body = text_of(body)};
    if (body != NULL) {
        request.headers = &json;
        request.n_headers = 1;
    }
    http_send(client, &request, arena, reply);
    return reply->status;
}

text_t http_header(const http_reply_t *reply, const char *name)
{
    for (size_t i = 0; i < reply->n_headers; i++)
        if (text_is_nocase(reply->headers[i].name, name))
            return reply->headers[i].value;
    return TEXT_NONE;
}

long long http_member(const http_reply_t *reply, const char *name)
{
    json_t *json = json_loadb(reply->body.at, reply->body.bytes, JSON_DECODE_ANY, NULL);
    const json_t *member = json_object_get(json, name);
    long long value = json_is_integer(member) ? json_integer_value(member) : -1;
    json_decref(json);
    return value;
}

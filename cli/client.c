#include "cli/client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/buf.h"

#define ANSWER_BYTES_MAX (256u << 20)
#define CONNECT_MS       10000L
#define ANSWER_MS        120000L

struct client {
    CURL *curl;
    struct curl_slist *headers;
    char *server;
    char error[CURL_ERROR_SIZE];
};

client_t *client_new(const client_options_t *options)
{
    client_t *client = calloc(1, sizeof *client);
    if (client == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
        (client->curl = curl_easy_init()) == NULL) {
        free(client);
        return NULL;
    }
    client->server = strdup(options->server);
    for (size_t n = strlen(client->server); n > 0 && client->server[n - 1] == '/'; n--)
        client->server[n - 1] = '\0';
    client->headers = curl_slist_append(NULL, "Content-Type: application/vnd.schemaregistry.v1+json");
    client->headers = curl_slist_append(client->headers,
                                        "Accept: application/vnd.schemaregistry.v1+json, application/json");
    client->headers = curl_slist_append(client->headers, "Confluent-Accept-Unknown-Properties: true");
    client->headers = curl_slist_append(client->headers, "Expect:");
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->error);
    curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, ANSWER_MS);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(client->curl, CURLOPT_USERAGENT, "avow");
    if (options->user != NULL)
        curl_easy_setopt(client->curl, CURLOPT_USERPWD, options->user);
    if (options->token != NULL) {
        curl_easy_setopt(client->curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        curl_easy_setopt(client->curl, CURLOPT_XOAUTH2_BEARER, options->token);
    }
    return client;
}

void client_free(client_t *client)
{
    if (client == NULL)
        return;
    curl_slist_free_all(client->headers);
    curl_easy_cleanup(client->curl);
    free(client->server);
    free(client);
    curl_global_cleanup();
}

static size_t on_bytes(char *at, size_t size, size_t n, void *buf)
{
    buf_add(buf, (text_t){at, size * n});
    return buf_failed(buf) ? 0 : size * n;
}

static void read_answer(client_t *client, const buf_t *bytes, answer_t *answer)
{
    long status = 0;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    answer->status = (int)status;
    text_t text = buf_text(bytes);
    answer->body = json_loadb(text.at, text.bytes, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (answer->status < 300)
        return;
    const char *message = json_string_value(json_object_get(answer->body, "message"));
    if (message == NULL)
        message = json_string_value(json_object_get(answer->body, "detail"));
    if (message != NULL)
        snprintf(answer->message, sizeof answer->message, "%s", message);
    else
        snprintf(answer->message, sizeof answer->message, "the server answered %d", answer->status);
}

answer_t client_ask(client_t *client, const char *method, const char *path, const json_t *body)
{
    answer_t answer = {0};
    size_t url_bytes = strlen(client->server) + strlen(path) + 1;
    char *url = malloc(url_bytes);
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    buf_t bytes;
    buf_init(&bytes, ANSWER_BYTES_MAX);
    if (url == NULL)
        abort();
    snprintf(url, url_bytes, "%s%s", client->server, path);
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, text);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE, text != NULL ? (long)strlen(text) : 0L);
    if (text == NULL)
        curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &bytes);
    client->error[0] = '\0';
    CURLcode code = curl_easy_perform(client->curl);
    if (code == CURLE_OK)
        read_answer(client, &bytes, &answer);
    else
        snprintf(answer.message, sizeof answer.message, "%s: %s", client->server,
                 client->error[0] ? client->error : curl_easy_strerror(code));
    buf_dispose(&bytes);
    free(text);
    free(url);
    return answer;
}

const char *client_segment(arena_t *arena, const char *segment)
{
    char *encoded = curl_easy_escape(NULL, segment, (int)strlen(segment));
    const char *copy = arena_printf(arena, "%s", encoded != NULL ? encoded : "");
    curl_free(encoded);
    return copy;
}

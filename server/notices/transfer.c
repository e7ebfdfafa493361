#include "server/notices/transfer.h"

#include <inttypes.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "server/core/pool.h"
#include "server/notices/signature.h"

#ifndef AVOW_VERSION
#define AVOW_VERSION "unknown"
#endif

/* A receiver has so long to take the connection, and to answer. More than so much of an answer is not read. */
enum { CONNECT_MS = 5000, ANSWER_MS = 15000, READ_MAX = 64 << 10, WAIT_MAX_S = 24 * 60 * 60 };

/* Seconds until the next attempt: about a day in all; the last one is repeated until the day is over. */
static const int32_t waits[] = {5, 15, 45, 120, 300, 900, 1800, 3600, 7200, 14400, 21600};

/* --- libcurl's questions ------------------------------------------------------------------------------------------------------- */

/* The address is the one that will be connected to: a name that leads elsewhere since it was looked at is caught here. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    transfer_t *transfer = arg;
    if (purpose != CURLSOCKTYPE_IPCXN || !address_allowed(transfer->allow, &address->addr, transfer->host)) {
        transfer->address_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Nobody needs the answer's body; a little of it is read so that the connection ends well. */
static size_t drop_body(char *data, size_t size, size_t n, void *arg)
{
    (void)data;
    transfer_t *transfer = arg;
    transfer->read_bytes += size * n;
    return transfer->read_bytes > READ_MAX ? 0 : size * n;
}

static size_t read_header(char *line, size_t size, size_t n, void *arg)
{
    static const char name[] = "webhook-allowed-origin:";
    transfer_t *transfer = arg;
    text_t text = {line, size * n};
    transfer->read_bytes += text.bytes;
    if (transfer->read_bytes > READ_MAX)
        return 0;
    if (text.bytes >= sizeof name && strncasecmp(line, name, sizeof name - 1) == 0)
        transfer->allowed_origin = text_copy(transfer->arena, text_trim(text_from(text, sizeof name - 1)));
    return text.bytes;
}

/* --- making one ------------------------------------------------------------------------------------------------------------------ */

static const char *host_of(const char *text, arena_t *arena)
{
    CURLU *url = curl_url();
    char *host = NULL;
    const char *out = "";
    if (url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        out = arena_copy(arena, host, strlen(host));
    curl_free(host);
    curl_url_cleanup(url);
    return out;
}

transfer_t *transfer_new(const due_t *due, const allow_t *allow, const char *source)
{
    arena_t *arena = arena_new();
    transfer_t *transfer = ARENA_NEW(arena, transfer_t);
    transfer->arena = arena;
    transfer->allow = allow;
    transfer->due = *due;
    text_t *const texts[] = {&transfer->due.webhook,   &transfer->due.url,      &transfer->due.mode,
                             &transfer->due.handshake, &transfer->due.event_id, &transfer->due.type,
                             &transfer->due.body,      &transfer->due.secret};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = text_copy(arena, *texts[i]);
    if (due->older_secret.at != NULL)
        transfer->due.older_secret = text_copy(arena, due->older_secret);
    transfer->host = host_of(transfer->due.url.at, arena);
    transfer->origin = host_of(source, arena);
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL)
        abort();
    return transfer;
}

void transfer_free(transfer_t *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    arena_free(transfer->arena);
}

static void header(transfer_t *transfer, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (longer == NULL)
        abort();
    transfer->headers = longer;
}

static void prepare(transfer_t *transfer)
{
    CURL *easy = transfer->easy;
    curl_easy_reset(easy);
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    transfer->read_bytes = 0;
    transfer->address_refused = false;
    transfer->curl_says[0] = '\0';
    transfer->started_ns = monotonic_ns();
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_URL, transfer->due.url.at);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L); /* a kept connection would not be looked at again */
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)ANSWER_MS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "avow/" AVOW_VERSION);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_says);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, read_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
}

void transfer_ask(transfer_t *transfer)
{
    prepare(transfer);
    transfer->step = TRANSFER_ASKS;
    transfer->allowed_origin = TEXT_NONE;
    header(transfer, arena_printf(transfer->arena, "WebHook-Request-Origin: %s", transfer->origin));
    curl_easy_setopt(transfer->easy, CURLOPT_CUSTOMREQUEST, "OPTIONS");
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

/* --- the delivery itself ---------------------------------------------------------------------------------------------------------- */

/* CloudEvents, HTTP binding, 3.1.3.2: what is not printable ASCII, and space, quotes and percent, is percent-encoded. */
static void attribute(transfer_t *transfer, const char *name, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = strlen(value), used = 0;
    char *out = arena_alloc(transfer->arena, 3 * n + 1);
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)value[i];
        bool plain = byte > ' ' && byte < 0x7f && byte != '"' && byte != '%';
        if (plain) {
            out[used++] = (char)byte;
        } else {
            out[used++] = '%';
            out[used++] = digits[byte >> 4];
            out[used++] = digits[byte & 15];
        }
    }
    header(transfer, arena_printf(transfer->arena, "ce-%s: %s", name, out));
}

/* Binary mode: the attributes are headers, the body is the data alone. */
static text_t binary_body(transfer_t *transfer)
{
    json_t *event = json_loadb(transfer->due.body.at, transfer->due.body.bytes, 0, NULL);
    const char *name;
    json_t *value;
    json_object_foreach(event, name, value)
    {
        if (json_is_string(value) && strcmp(name, "datacontenttype") != 0)
            attribute(transfer, name, json_string_value(value));
    }
    char *data = json_dumps(json_object_get(event, "data"), JSON_COMPACT | JSON_ENCODE_ANY);
    text_t body = text_copy(transfer->arena, text_of(data == NULL ? "null" : data));
    free(data);
    json_decref(event);
    return body;
}

void transfer_send(transfer_t *transfer)
{
    prepare(transfer);
    transfer->step = TRANSFER_SENDS;
    const due_t *due = &transfer->due;
    bool binary = text_is(due->mode, "binary");
    text_t body = binary ? binary_body(transfer) : due->body;
    int64_t now = time(NULL);
    text_t signature =
        signature_make(due->secret, due->older_secret, due->event_id, now, body, transfer->arena);
    header(transfer, binary ? "Content-Type: application/json"
                            : "Content-Type: application/cloudevents+json; charset=utf-8");
    header(transfer, arena_printf(transfer->arena, "WebHook-Request-Origin: %s", transfer->origin));
    header(transfer, arena_printf(transfer->arena, "Webhook-Id: %s", due->event_id.at));
    header(transfer, arena_printf(transfer->arena, "Webhook-Timestamp: %" PRId64, now));
    header(transfer, arena_printf(transfer->arena, "Webhook-Signature: %s", signature.at));
    header(transfer, "Expect:");
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.bytes);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, body.at);
}

/* --- what came of it ---------------------------------------------------------------------------------------------------------------- */

static long status_of(const transfer_t *transfer)
{
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* A list of origins, or "*". */
static bool origin_listed(const transfer_t *transfer)
{
    text_t rest = transfer->allowed_origin;
    while (rest.bytes > 0) {
        const char *comma = memchr(rest.at, ',', rest.bytes);
        size_t bytes = comma == NULL ? rest.bytes : (size_t)(comma - rest.at);
        text_t one = text_trim((text_t){rest.at, bytes});
        if (text_is(one, "*") || text_is_nocase(one, transfer->origin))
            return true;
        rest = text_from(rest, bytes + (comma != NULL));
    }
    return false;
}

asked_t transfer_asked(const transfer_t *transfer, CURLcode code, text_t *words)
{
    long status = status_of(transfer);
    if (code != CURLE_OK || status < 200 || status > 299 || transfer->allowed_origin.at == NULL) {
        *words = code == CURLE_OK
                     ? text_printf(transfer->arena, "answered OPTIONS with %ld and allowed no origin", status)
                     : TEXT("could not be asked");
        return ASKED_NOTHING;
    }
    *words = text_printf(transfer->arena, "allows " TEXT_FMT, TEXT_ARG(transfer->allowed_origin));
    return origin_listed(transfer) ? ASKED_YES : ASKED_NO;
}

/* A fifth more or less, so that receivers which were away together are not called together. */
static int32_t wait_for(int32_t attempts)
{
    size_t last = sizeof waits / sizeof *waits - 1;
    int32_t wait = waits[(size_t)attempts > last ? last : (size_t)attempts];
    return wait - wait / 5 + (int32_t)arc4random_uniform((uint32_t)(2 * (wait / 5) + 1));
}

static text_t error_of(const transfer_t *transfer, CURLcode code, long status)
{
    if (transfer->address_refused)
        return text_printf(transfer->arena, "\"%s\" leads to this machine or into a private network: refused",
                           transfer->host);
    if (status >= 300 && status <= 399)
        return text_printf(transfer->arena, "answered %ld: redirects are not followed", status);
    if (status > 0 && (code == CURLE_OK || code == CURLE_WRITE_ERROR))
        return text_printf(transfer->arena, "answered %ld", status);
    return text_printf(transfer->arena, "%s",
                       transfer->curl_says[0] != '\0' ? transfer->curl_says : curl_easy_strerror(code));
}

attempt_t transfer_attempt(transfer_t *transfer, CURLcode code)
{
    long status = status_of(transfer);
    /* A body that is too long ends the reading, not the delivery: the status was there before it. */
    bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && status > 0);
    attempt_t out = {.status = answered ? (int32_t)status : 0,
                     .ms = (int32_t)((monotonic_ns() - transfer->started_ns) / 1000000)};
    if (answered && status >= 200 && status <= 299)
        return out;
    out.error = error_of(transfer, code, status);
    out.again_s = wait_for(transfer->due.attempts);
    if (status == 410) {
        out.gone = true;
        out.why_disabled = TEXT("The receiver answered 410 Gone");
    }
    curl_off_t asked_s = 0;
    if ((status == 429 || status == 503) &&
        curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &asked_s) == CURLE_OK && asked_s > 0)
        out.again_s = asked_s > WAIT_MAX_S ? WAIT_MAX_S : (int32_t)asked_s;
    return out;
}

/* http.h - one HTTP request as tests make it: libcurl, a connection that is kept, the reply as bytes and headers.
 *
 * Threads  one client belongs to one thread; make as many as there are threads.
 * Memory   replies live in the arena that the caller gives.
 */
#ifndef AVOW_TESTS_SUPPORT_HTTP_H
#define AVOW_TESTS_SUPPORT_HTTP_H

#include "compat/core/arena.h"
#include "compat/core/text.h"

typedef struct http_client http_client_t;

#define HTTP_HEADERS_MAX 32

typedef struct {
    text_t name, value;
} http_header_t;

typedef struct {
    const char *method;
    const char *path; /* sent byte for byte, query included */
    text_t body;      /* TEXT_NONE: no body at all */
    const http_header_t *headers;
    size_t n_headers;
    const char *user;    /* "name:password" for basic auth; NULL: none */
    const char *ca_file; /* trust this certificate; NULL: the system's */
    long timeout_ms;     /* 0: 60 s */
} http_request_t;

typedef struct {
    long status; /* 0: there was no reply, and `failure` says why */
    text_t body;
    http_header_t headers[HTTP_HEADERS_MAX];
    size_t n_headers;
    double seconds;
    const char *failure;
} http_reply_t;

http_client_t *http_client_new(const char *url); /* "http://127.0.0.1:18081"; copied */
void http_client_free(http_client_t *client);    /* NULL is fine */

/* 0 with any reply at all, -1 without one. */
int http_send(http_client_t *client, const http_request_t *request, arena_t *arena, http_reply_t *reply);

/* For the common case: JSON body or none. Returns the status, 0 without a reply. */
long http_call(http_client_t *client, const char *method, const char *path, const char *body, arena_t *arena,
               http_reply_t *reply);

text_t http_header(const http_reply_t *reply, const char *name); /* any case; TEXT_NONE if absent */

/* The integer member `name` of a JSON reply, or -1. */
long long http_member(const http_reply_t *reply, const char *name);

#endif

/* client.h - asks an Avow server, or any registry of the same API: one connection kept open, JSON in and out.
 *
 * Memory   client_new/client_free; an answer's JSON belongs to the caller (json_decref).
 */
#ifndef AVOW_CLI_CLIENT_H
#define AVOW_CLI_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

#include "compat/core/text.h"

typedef struct client client_t;

typedef struct {
    const char *server; /* "http://127.0.0.1:8081"; a path prefix is kept */
    const char *user;   /* "name:password" or NULL */
    const char *token;  /* or NULL */
} client_options_t;

client_t *client_new(const client_options_t *options);
void client_free(client_t *client);

typedef struct {
    int status;         /* 0: no answer; `message` says why */
    json_t *body;       /* NULL if there is none or it is not JSON */
    char message[1024]; /* of an error body, or of the network */
} answer_t;

/* `path` starts with "/" and is encoded already (client_path_encode). `body` is borrowed, NULL for none. */
answer_t client_ask(client_t *client, const char *method, const char *path, const json_t *body);

/* One path segment, percent-encoded, in `arena`. */
const char *client_segment(arena_t *arena, const char *segment);

#endif

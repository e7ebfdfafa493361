/* call.h - one request, as a handler sees it: what came, who asks, where to build the answer.
 *
 * Handlers see neither h2o nor threads. A route is one of two kinds (route.h):
 *   memory call    `bool fn(call_t *)` on the event loop: may not block, may not touch the database
 *   database call  `int fn(call_t *, tx_t *)` on a worker, inside one transaction, may be run again
 * A handler fills the reply (reply.h) or fails (`return -1` after err_set(&c->err, ...)); core turns c->err into the reply of
 * the route's API, and sends a reply only after COMMIT.
 *
 * Memory   everything a handler makes goes into c->arena and dies with the call.
 */
#ifndef AVOW_SERVER_CORE_CALL_H
#define AVOW_SERVER_CORE_CALL_H

#include <jansson.h>

#include "catalog/db/db.h"
#include "catalog/err.h"
#include "compat/core/arena.h"

typedef struct call call_t;
typedef struct route route_t;

#define CALL_PARAMS_MAX 8

/* Which response bodies the client expects (docs: registry API, response profiles). */
typedef enum { PROFILE_7, PROFILE_8 } profile_t;

/* Who asks. Without authentication: kind ACTOR_ANYBODY and the name "anonymous". */
typedef struct {
    enum { ACTOR_ANYBODY, ACTOR_USER, ACTOR_SERVICE } kind;
    char name[128];
    int64_t person_id, service_id, token_id; /* of the catalog; all 0: only the auth file knows them */
    unsigned scopes; /* of the token, a bit for each scope_t (catalog/token.h); 0: all */
    bool by_cookie;  /* a browser's session: what changes something needs `csrf` too */
    char csrf[48];
    const char *refusal; /* why not, where a credential was good once; static, NULL otherwise */
} actor_t;

typedef struct {
    text_t name, value; /* percent-decoded, UTF-8 checked, without NUL */
} query_param_t;

/* What the reply of a read depends on, for the reply cache (cache.h). */
typedef enum {
    DEPENDS_NOT_CACHED = 0,
    DEPENDS_SCHEMA,  /* a schema by id: immutable but for deletes; served while the database is down */
    DEPENDS_SUBJECT, /* one subject (c->reply.subject, qualified), its context's and the global settings */
    DEPENDS_ALL,     /* anything: listings */
} depends_t;

typedef struct {
    int status;               /* 0 until a reply was made */
    text_t body;              /* in c->arena, or static */
    const char *content_type; /* static; NULL takes the negotiated one */
    struct {
        const char *name; /* static, lower case */
        text_t value;
    } headers[8];
    size_t n_headers;
    depends_t depends;
    text_t depends_subject; /* DEPENDS_SUBJECT: qualified subject name; in c->arena */
    unsigned mark;          /* core's own: which route made it; kept with the reply in the cache */
} reply_t;

struct call {
    const route_t *route;
    const struct conf *conf;
    actor_t actor;
    bool open; /* nobody has to say who they are: then ACTOR_ANYBODY may everything */
    profile_t profile;
    text_t method;
    text_t path;    /* as it was sent, without the query */
    text_t context; /* of /contexts/{context}/...: "." or ".name"; TEXT_NONE without such a prefix */
    text_t params[CALL_PARAMS_MAX]; /* segments named in the route, decoded */
    query_param_t *query;
    size_t n_query;
    text_t request_id;
    text_t session; /* value of the session's cookie; TEXT_NONE if absent */
    text_t accept, if_none_match, if_match, idempotency_key; /* headers as they came; TEXT_NONE if absent */
    bool gzip; /* the client takes gzip; core compresses what workers reply by itself */
    text_t body_text;
    json_t *body; /* R_BODY: an object; R_BODY_MAY: that or NULL; borrowed by handlers */
    arena_t *arena;
    void *around; /* what api_t.around keeps of the call while the handler runs */
    reply_t reply;
    err_t err;
};

/* Query parameters. Absent or empty: the default. */
bool call_query_has(const call_t *c, const char *name);
text_t call_query(const call_t *c, const char *name); /* TEXT_NONE if absent */

/* "true" in any case is true, all else false. */
bool call_query_bool(const call_t *c, const char *name, bool absent);

/* -1 and ERR_ROUTE_UNKNOWN when it is no integer of 32 bits. */
int call_query_int(call_t *c, const char *name, int64_t absent, int64_t *out);

/* --- replies --------------------------------------------------------------------------------------------------------- */

/* The body in c->arena or static; the content type static, or NULL for the negotiated one. */
void reply_text(call_t *c, int status, const char *content_type, text_t body);

/* Takes the reference; prints compactly. NULL, or a tree that cannot be printed, is a 500. */
void reply_json(call_t *c, int status, json_t *body);
void reply_empty(call_t *c, int status);
void reply_header(call_t *c, const char *name, text_t value);

/* {"error_code": ..., "message": ...} with the status of c->err: how the registry API says no, and core itself. */
void reply_fail(call_t *c);

/* Lets core serve this reply again from memory until something it depends on changes. */
void reply_depends(call_t *c, depends_t depends, text_t subject);

/* --- reading bodies: the message names the JSON path ---------------------------------------------------------------- */

/* 0 and *out when the member is there and of the type; absent or null: 0 and `absent`; otherwise -1 and ERR_BODY_MALFORMED. */
int jx_text(call_t *c, const json_t *object, const char *name, text_t absent, text_t *out);
int jx_int(call_t *c, const json_t *object, const char *name, int64_t absent, int64_t *out);
int jx_bool(call_t *c, const json_t *object, const char *name, bool absent, bool *out);
int jx_array(call_t *c, const json_t *object, const char *name, const json_t **out);  /* absent: NULL */
int jx_object(call_t *c, const json_t *object, const char *name, const json_t **out); /* absent: NULL */

#endif

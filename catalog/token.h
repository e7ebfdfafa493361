/* token.h - what lets programs and browsers in: tokens and sessions, found by the hash of their secret.
 *
 * A secret is shown once and never kept. It is long and random, so SHA-256 is enough.
 *
 * Owns     tables token, token_use, session, access.
 * Memory   the transaction's arena.
 * Spec     docs/people.md, "Tokens".
 */
#ifndef AVOW_CATALOG_TOKEN_H
#define AVOW_CATALOG_TOKEN_H

#include "catalog/rights.h"

/* XX(name, text) - what a token may be used for. */
#define SCOPE_MAP(XX)        \
    XX(READ, "read")         \
    XX(REGISTER, "register") \
    XX(CATALOG, "catalog")   \
    XX(ADMIN, "admin")

typedef enum {
#define XX(name, text) SCOPE_##name,
    SCOPE_MAP(XX)
#undef XX
        SCOPE_N
} scope_t;

const char *scope_text(scope_t scope);

/* A token or a session that was found. */
typedef struct {
    enum { BEARER_UNKNOWN, BEARER_LIVE, BEARER_EXPIRED, BEARER_REVOKED, BEARER_DISABLED } state;
    int64_t token_id, person_id, service_id;
    text_t name;     /* login or slug */
    text_t csrf;     /* of a session */
    unsigned scopes; /* a bit for each scope_t; 0: all */
    int64_t seconds_left;
} bearer_t;

/* By the secret. Write transactions: both note that they were used. */
int token_find(tx_t *tx, text_t secret, bearer_t *out);
int session_find(tx_t *tx, text_t cookie, bearer_t *out);

/* Whether the server asks for credentials because an administrator has signed in once. */
int access_closed(tx_t *tx, bool *closed);

typedef struct {
    text_t name, login, service; /* one of the two is TEXT_NONE */
    const text_t *scopes;
    size_t n_scopes;
    text_t expires_at; /* TEXT_NONE: never */
    text_t secret, prefix;
} token_new_t;

/* *item: the JSON object that tells of it, without the secret. */
int token_create(tx_t *tx, const who_t *who, const token_new_t *token, text_t *item);
int token_revoke(tx_t *tx, const who_t *who, int64_t id, text_t item);

/* Begins a session of the cookie; the first one of an administrator closes the server. */
int session_begin(tx_t *tx, const who_t *who, int64_t person_id, text_t login, text_t cookie, text_t csrf);
int session_end(tx_t *tx, const who_t *who, text_t login, text_t cookie);

/* Who asks. `name`: of somebody whom only the auth file knows, with both ids 0. */
int principal_get(tx_t *tx, int64_t person_id, int64_t service_id, text_t name, principal_t *out);

/* Whether somebody may register under a subject: once an event owns it, only those who produce it and its team do. ERR_FORBIDDEN names the
 * team. One statement, and a second for subjects that are owned. `scopes` as in bearer_t. */
int rights_register_check(tx_t *tx, const bearer_t *who, text_t qualified_subject, err_t *err);

#endif

/* auth.h - who asks: credentials from a file of hashes.
 *
 *     basic:NAME:HASH     HASH as crypt(5) writes it: yescrypt, bcrypt, scrypt, SHA-512 or SHA-256 crypt
 *     NAME:HASH           the same, as htpasswd -B writes it
 *     bearer:NAME:SHA256  SHA-256 of the token, in hexadecimal
 *
 * Blank lines and lines that begin with "#" are skipped. Several lines may name the same user, so that passwords can be
 * replaced without a gap.
 *
 * A password takes tens of milliseconds to check, on purpose: auth_check answers what it knows at once (bearer tokens, and passwords
 * checked within the last minute, remembered by the SHA-256 of the header) and otherwise says AUTH_ASK; auth_verify does the
 * slow work, on a thread of its own. Secrets are compared in constant time, cleansed after use and never logged.
 *
 * Threads  any.
 */
#ifndef AVOW_SERVER_CORE_AUTH_H
#define AVOW_SERVER_CORE_AUTH_H

#include "server/core/call.h"

typedef struct auth auth_t;

/* NULL and a sentence that names the line when the file cannot be used. */
auth_t *auth_new(const char *path, err_t *err);
void auth_free(auth_t *auth);

/* Reads the file again; what was remembered is forgotten. On -1 the old credentials stay. */
int auth_reload(auth_t *auth, err_t *err);

typedef enum {
    AUTH_YES,
    AUTH_NO,
    AUTH_ASK,   /* it takes a while: ask again on a thread that may wait */
    AUTH_LATER, /* the database does not answer (identify.h) */
} auth_answer_t;

/* `header` is the value of Authorization, TEXT_NONE when there is none. *actor is set with AUTH_YES. */
auth_answer_t auth_check(auth_t *auth, text_t header, actor_t *actor);
auth_answer_t auth_verify(auth_t *auth, text_t header, actor_t *actor); /* slow; never AUTH_ASK */

size_t auth_n_credentials(auth_t *auth);

/* --- the header, for others who know credentials (identify.h) ------------------------------------------------------------- */

#define AUTH_HEADER_MAX 4096

/* The token of "Bearer TOKEN"; TEXT_NONE otherwise. */
text_t auth_bearer(text_t header);
bool auth_is_basic(text_t header);

/* User and password of a Basic header, in `space`, which the caller cleanses; false when it is malformed. */
bool auth_decode_basic(text_t header, char space[AUTH_HEADER_MAX + 4], text_t *user, text_t *password);

#endif

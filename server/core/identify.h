/* identify.h - who asks: by the auth file, by a token, a password or a session of the catalog, or nobody in particular.
 *
 *     Authorization: Bearer cat_…            a token
 *     Authorization: Basic login:password    a user of the catalog, or of the auth file
 *     Authorization: Basic anything:cat_…    a token, for clients that only know Basic
 *     Cookie: avow_session=…                 a browser
 *
 * What the database said is remembered for a minute by the SHA-256 of the credential, and forgotten as soon as anything about people
 * has changed (identify_people_changed: own commits, and other servers' through the follower).
 *
 * Whether somebody has to say who they are is the access: always, never, or (auto) from the moment on that an administrator has signed
 * in once. A server that is open takes everybody; somebody who does say who they are is held to their rights, and a token that is
 * expired or revoked is told so.
 *
 * Threads  any. identify_check never waits.
 */
#ifndef AVOW_SERVER_CORE_IDENTIFY_H
#define AVOW_SERVER_CORE_IDENTIFY_H

#include "server/core/auth.h"

#define SESSION_COOKIE "avow_session"

typedef struct identify identify_t;

typedef enum { ACCESS_AUTO, ACCESS_ON, ACCESS_OFF } access_t;

/* What of a request says who asks: values of Authorization and of the session's cookie. */
typedef struct {
    text_t authorization, session;
} claim_t;

/* `file` is borrowed; NULL: none. With a file, auto is always. */
identify_t *identify_new(auth_t *file, access_t access);
void identify_free(identify_t *identify);

/* *actor is set with AUTH_YES, its `refusal` perhaps with AUTH_NO. */
auth_answer_t identify_check(identify_t *identify, const claim_t *claim, actor_t *actor);
auth_answer_t identify_verify(identify_t *identify, db_t *db, const claim_t *claim, actor_t *actor);

void identify_people_changed(void *identify);
bool identify_is_open(const identify_t *identify);

/* Finds out, if it is not known, whether the server is open: at the start. */
void identify_settle(identify_t *identify, db_t *db);

#endif

/* person.h - users and their passwords.
 *
 * Owns     tables person and person_password.
 * Memory   the transaction's arena.
 * Spec     docs/people.md.
 */
#ifndef AVOW_CATALOG_PERSON_H
#define AVOW_CATALOG_PERSON_H

#include "catalog/thing.h"

typedef struct {
    int64_t id;
    text_t login, hash; /* hash TEXT_NONE: has no password */
    bool temporary;     /* to be replaced before anything else */
    bool used;          /* signed in with it before */
    bool disabled, admin;
} person_credential_t;

/* ERR_NOT_FOUND. */
int person_credential(tx_t *tx, text_t login, person_credential_t *out, err_t *err);

/* `hash` as crypt(5) writes it. Ends the user's sessions. */
int person_set_password(tx_t *tx, const who_t *who, text_t login, text_t hash, bool temporary, err_t *err);

/* After `login` was disabled or lost the role: somebody must be left who administers. ERR_STATE_CONFLICT. */
int person_check_admins(tx_t *tx, text_t login, err_t *err);

/* On the first start: makes the user "admin" with this password hash, to be replaced, unless there is an administrator. */
int person_first_admin(tx_t *tx, text_t hash, bool *made, err_t *err);

#endif

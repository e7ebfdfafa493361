/* thing.h - what making and changing a team, a domain, a service have in common: the statement, the audit entry.
 *
 * What is set comes as a JSON object (`document`) that the caller has checked; the statement takes its members out of it. A member that is
 * not in it stays as it is, one that is null is taken away.
 *
 * Memory   the transaction's arena.
 */
#ifndef AVOW_CATALOG_THING_H
#define AVOW_CATALOG_THING_H

#include "catalog/who.h"

typedef struct {
    const char *what; /* "team": in sentences, and in the object of audit entries */
    stmt_t insert;    /* $1 name $2 document $3 actor; no row when the name is taken */
    stmt_t update;    /* $1 name $2 document $3 actor; column detail: {"from": {...}, "to": {...}} */
    audit_kind_t created, changed;
} thing_t;

extern const thing_t thing_team, thing_user, thing_service, thing_domain, thing_environment;

/* ERR_NAME_TAKEN. */
int thing_create(tx_t *tx, const thing_t *thing, const who_t *who, text_t name, text_t document, err_t *err);
int thing_change(tx_t *tx, const thing_t *thing, const who_t *who, text_t name, text_t document);

/* The audit entry of "what:name". */
int thing_note(tx_t *tx, const char *what, text_t name, const who_t *who, audit_kind_t kind, text_t detail,
               text_t reason);

#endif

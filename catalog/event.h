/* event.h - events: what happened, who owns it, why it exists; found by the name they have or ever had.
 *
 * A name belongs to one event for ever: after a rename the former one leads to the event, and no other event gets it. Ownership changes
 * when both teams said yes: who gives away or takes over asks, a maintainer of the other team confirms by the same call.
 *
 * Inside one write transaction of the catalog (STMT_CATALOG_WRITE came before), event_get excepted.
 *
 * Owns     tables event and event_name.
 * Memory   the transaction's arena.
 * Errors   ERR_NOT_FOUND, ERR_NAME_TAKEN, ERR_NAME_RESERVED, ERR_NAME_PATTERN, ERR_FIELD_INVALID with err.place.
 * Spec     docs/catalog.md, "Events".
 */
#ifndef AVOW_CATALOG_EVENT_H
#define AVOW_CATALOG_EVENT_H

#include "catalog/rights.h"

typedef struct {
    int64_t id;
    text_t name;                /* the one it has now */
    bool former;                /* it was asked for by a name that it had before */
    int64_t team_id, domain_id; /* domain: 0 for none */
    text_t team, domain;        /* slugs; domain TEXT_NONE for none */
    text_t audience, classification;
    int64_t transfer_to; /* the team that is to take it over; 0 */
    text_t managed_by;   /* "api", "ui" or "file:<repo>" */
    int32_t rev;
} event_t;

/* By the name it has or had. ERR_NOT_FOUND. */
int event_get(tx_t *tx, text_t name, event_t *out);

/* What an event says of itself. A text that is TEXT_NONE was not given; the rest is JSON as it goes into the table. */
typedef struct {
    text_t name;          /* creation */
    text_t domain, owner; /* slugs; owner: creation */
    text_t title, summary, description, reason_to_exist, category, audience, replacement;
    text_t contact, oncall, classification, docs, labels; /* JSON */
    text_t tags;                                          /* JSON array of texts */
    text_t managed_by;
} event_draft_t;

/* Checks the name (against the policy's pattern, too), the owner and the right, writes, notes event.created. */
int event_create(tx_t *tx, const principal_t *by, const who_t *who, const event_draft_t *draft, event_t *out);

/* What is given replaces what is there. `force`: also of an event that is kept in a repository. */
int event_change(tx_t *tx, const principal_t *by, const who_t *who, const event_t *event,
                 const event_draft_t *draft, bool force);
int event_rename(tx_t *tx, const principal_t *by, const who_t *who, const event_t *event, text_t name);

/* `to` is the slug of the team that is to own it. *done: both agreed, and it does. */
int event_transfer(tx_t *tx, const principal_t *by, const who_t *who, const event_t *event, text_t to,
                   bool *done);

/* Refuses with ERR_MANAGED_ELSEWHERE what a repository keeps: `managed_by` is "file:<repo>". Nothing else is refused; `force` is for
 * administrators. */
int managed_check(tx_t *tx, const principal_t *by, text_t managed_by, const char *what, bool force);

#endif

/* delivery.h - what is on its way to webhooks: handed over from the outbox, sent by the server (server/notices/notices.h), noted here.
 *
 * One connection of one server leads: it holds a lock of its session, so that another takes over the moment it ends. Every statement
 * of the leader says who it believes to be, and does nothing when that is not so any more. An event becomes deliveries and
 * inbox items exactly once, in the transaction that deletes it from the outbox; a delivery is made at least once.
 *
 * Owns     tables outbox (reading), delivery, delivery_attempt, webhook_health, inbox_item (writing).
 */
#ifndef AVOW_CATALOG_DELIVERY_H
#define AVOW_CATALOG_DELIVERY_H

#include "catalog/who.h"

/* What there is to do; leader 0: another connection leads. */
typedef struct {
    int32_t leader;
    bool outbox, due, unsealed;
    bool subjects; /* some are not found by search yet */
    bool own; /* there is a webhook, and the product's own events are not all in the catalog (own_event.h) */
} duties_t;

/* Becomes the leader if nobody else is. `leader` is what the last call said. */
int notices_lead(tx_t *tx, int32_t leader, duties_t *out);
int notices_leave(tx_t *tx);

/* Hands over at most so many events; *n of them. `source` is the URL of this instance, without a slash at its end. */
int notices_fan_out(tx_t *tx, int32_t leader, int32_t at_most, text_t source, int32_t *n);

typedef struct {
    int64_t id, webhook_id;
    text_t webhook, url, mode, handshake, event_id, type, body, secret, older_secret;
    int32_t attempts;
    bool ask;    /* the receiver is to be asked first */
    bool agreed; /* it has said yes before */
} due_t;

/* What is to be sent now: of each webhook and subject the oldest one. */
int deliveries_due(tx_t *tx, int32_t leader, const int64_t *under_way, size_t n_under_way, int32_t at_most,
                   int32_t at_most_each, due_t **out, size_t *n);

/* What came of an attempt. */
typedef struct {
    int32_t status; /* 0: no answer */
    int32_t ms;
    text_t error;        /* of one that was not taken */
    int32_t again_s;     /* when to try again */
    bool gone;           /* nobody wants it there: no more attempts, and the webhook is disabled */
    text_t why_disabled; /* with `gone` */
} attempt_t;

/* Also begins the notice period of the webhook's team, if the event was news to it. */
int delivery_succeeded(tx_t *tx, const due_t *due, const attempt_t *attempt);

/* After a day of failures the delivery is dead and its webhook paused: *dead. A test is tried once. */
int delivery_failed(tx_t *tx, const due_t *due, const attempt_t *attempt, bool *dead);

typedef enum { ASKED_YES, ASKED_NO, ASKED_NOTHING } asked_t;

/* What the receiver answered to OPTIONS. */
int webhook_asked(tx_t *tx, const due_t *due, asked_t answer, text_t words);

/* Forgets deliveries older than so many days. */
int deliveries_purge(tx_t *tx, int32_t leader, int32_t days);

#endif

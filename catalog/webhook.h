/* webhook.h - who wants to be told by HTTP, of what, and with which secrets it is signed.
 *
 * Whether a URL may be called at all is decided by the server (server/notices/address.h), before it comes here.
 *
 * Owns     tables webhook and webhook_secret.
 * Memory   texts in the transaction's arena.
 * Spec     docs/catalog.md, "Notices".
 */
#ifndef AVOW_CATALOG_WEBHOOK_H
#define AVOW_CATALOG_WEBHOOK_H

#include "catalog/who.h"

typedef struct {
    int64_t id;
    int64_t team_id; /* 0: the whole catalog's, kept by administrators */
    int32_t rev;
    text_t public_id, state, url;
    text_t body; /* as it is shown, JSON */
} webhook_t;

/* What is given of a webhook; TEXT_NONE: not given. */
typedef struct {
    text_t team; /* webhook_create only */
    text_t url, description, filter, mode, handshake;
} webhook_patch_t;

/* ERR_NOT_FOUND when there is none. */
int webhook_get(tx_t *tx, text_t public_id, webhook_t *out);

/* `team_id` 0: none. The secret is given once and never shown again. */
int webhook_create(tx_t *tx, const who_t *who, int64_t team_id, const webhook_patch_t *given,
                   text_t *public_id, text_t *secret);
int webhook_change(tx_t *tx, const who_t *who, const webhook_t *webhook, const webhook_patch_t *given);
int webhook_remove(tx_t *tx, const who_t *who, const webhook_t *webhook);

/* "active", "paused" or "disabled", and why. What waits stays; it goes on when the webhook is active again. */
int webhook_set_state(tx_t *tx, const who_t *who, const webhook_t *webhook, const char *state, text_t why);

/* The secret before it goes on counting for `overlap_s` seconds; its end is in *old_until (TEXT_NONE: it ends now). */
int webhook_secret_rotate(tx_t *tx, const who_t *who, const webhook_t *webhook, int64_t overlap_s,
                          text_t *secret, text_t *old_until);

/* Queues a test.ping for this webhook alone. */
int webhook_test(tx_t *tx, const who_t *who, const webhook_t *webhook);

/* Sends deliveries again: one of them (ERR_NOT_FOUND if it is not this webhook's), or with 0 all that are dead. */
int webhook_redeliver(tx_t *tx, const who_t *who, const webhook_t *webhook, int64_t delivery, int64_t *n);

#endif

/* notices.h - the thread that tells the world: hands events over to webhooks and inboxes, calls the receivers, seals the audit trail.
 *
 * Every server has one; the one whose connection leads (catalog/delivery.h) works, the others wait to take over. It asks the database
 * four times a second what there is to do, and many receivers at a time (libcurl): one that is slow holds up
 * nobody else. No transaction is open while a receiver is waited for.
 *
 * Threads  one of its own; start and stop from one.
 * Spec     CloudEvents 1.0.2 (JSON and HTTP bindings), CloudEvents HTTP 1.1 Web Hooks 1.0.2, Standard Webhooks; docs/catalog.md, "Notices".
 */
#ifndef AVOW_SERVER_NOTICES_NOTICES_H
#define AVOW_SERVER_NOTICES_NOTICES_H

#include "server/notices/address.h"

#include "catalog/settings.h"

typedef struct notices notices_t;

typedef struct {
    const db_options_t *database;
    const allow_t *allow;
    policy_t policy;    /* by which the schemas of the product's own events are registered */
    const char *source; /* URL of this instance, as receivers know it; without a slash at its end */
} notices_options_t;

notices_t *notices_start(const notices_options_t *options);

/* Deliveries under way are given a moment; what is not noted by then is made again by whoever leads next. NULL is fine. */
void notices_stop(notices_t *notices);

#endif

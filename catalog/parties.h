/* parties.h - who still writes and reads a line, when each was last seen, and whether they agreed to its end.
 *
 * Living is judged by the latest of observation, deployment and attestation. Silence alone ends nothing: a consumption that was silent
 * for the age that the policy names, and was reminded as often as it says, is stale; it is told and no longer asked.
 *
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Lifecycle".
 */
#ifndef AVOW_CATALOG_PARTIES_H
#define AVOW_CATALOG_PARTIES_H

#include "catalog/db/db.h"
#include "catalog/policy.h"

typedef struct {
    bool reads; /* a consumption; else a production */
    text_t id, service, team;
    int64_t team_id;
    bool blocking, stale;
    bool own;                  /* of the owner's team, which nobody has to ask */
    bool agreed;               /* to the line's sunset date */
    text_t last_seen, seen_by; /* TEXT_NONE: never */
    text_t item;               /* a JSON object, as replies tell of it */
} party_t;

/* Productions and consumptions that have not ended, in the order of services. */
int parties_get(tx_t *tx, int64_t line_id, const rules_t *rules, party_t **out, size_t *n);

/* Reads of the last rules->sunset_quiet_days that no living consumption explains. */
typedef struct {
    text_t service; /* empty: nobody knows whose it was */
    text_t item;
} stray_read_t;

int stray_reads_get(tx_t *tx, int64_t line_id, const rules_t *rules, stray_read_t **out, size_t *n);

#endif

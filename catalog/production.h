/* production.h - who writes a line.
 *
 * Owns     table production.
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Productions".
 */
#ifndef AVOW_CATALOG_PRODUCTION_H
#define AVOW_CATALOG_PRODUCTION_H

#include "catalog/line.h"

typedef struct {
    text_t service, line;        /* declaration */
    text_t environments, labels; /* JSON; TEXT_NONE: as it is */
    text_t managed_by;
} production_draft_t;

typedef struct {
    int64_t id, service_id, team_id;
    text_t public_id, service, team, managed_by;
    bool ended;
    line_t line;
    int32_t rev;
} production_t;

/* ERR_NOT_FOUND. */
int production_get(tx_t *tx, text_t public_id, production_t *out);

/* ERR_STATE_CONFLICT if it writes the line already; with `again` that is changed instead. */
int production_declare(tx_t *tx, const principal_t *by, const who_t *who, const production_draft_t *draft,
                       bool again, text_t *public_id, bool *created);
int production_change(tx_t *tx, const principal_t *by, const who_t *who, const production_t *it,
                      const production_draft_t *draft);
int production_end(tx_t *tx, const principal_t *by, const who_t *who, const production_t *it, text_t reason);

#endif

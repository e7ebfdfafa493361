/* purge.h - the content of a line that has ended is wiped for good: its schemas in the registry, and what the catalog keeps of them, now and in
 * the past. Names, numbers, dates, decisions and the trail stay.
 *
 * One administrator asks with a reason, another one does the same call and it is done. Nobody does both, and an open server, which knows
 * nobody, does neither.
 *
 * Owns     table purge.
 * Errors   ERR_FORBIDDEN, ERR_STATE_CONFLICT; ERR_REFERENCE_EXISTS where other schemas refer to what would go.
 * Spec     docs/catalog.md, "Lifecycle": purging.
 */
#ifndef AVOW_CATALOG_PURGE_H
#define AVOW_CATALOG_PURGE_H

#include "catalog/line.h"
#include "catalog/rights.h"

typedef struct {
    text_t line, reason, confirm; /* confirm: the line's name once more */
} purge_t;

/* Takes the locks of the line's subjects, then the catalog's. *done: it was the second administrator. */
int line_purge(tx_t *tx, const principal_t *by, const who_t *who, const purge_t *purge, line_t *line,
               bool *done);

#endif

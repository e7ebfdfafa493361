/* readiness.h - what a line lacks of what the policy requires to be documented, and the call that supplies it.
 *
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Readiness".
 */
#ifndef AVOW_CATALOG_READINESS_H
#define AVOW_CATALOG_READINESS_H

#include "catalog/line.h"

/* ERR_DOC_INCOMPLETE with missing, hint and calls in err.extra, unless all is there. `line` is "event@major". */
int readiness_check(tx_t *tx, text_t line, err_t *err);

/* "required_documentation" of what holds for the event, as JSON. 0: what holds where there is no event yet. */
int readiness_required(tx_t *tx, int64_t event_id, text_t *out);

#endif

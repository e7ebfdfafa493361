/* admission.h - whether a service may begin to read or write a line.
 *
 * A line that ends takes nobody new, unless a waiver says so; while a breaking change is open, who begins has to accept it, so that those
 * who have to agree do not become more.
 *
 * Memory   the transaction's arena.
 * Errors   ERR_LINE_DEPRECATED, ERR_LINE_SUNSET, ERR_LINE_REMOVED with replacement, dates, guide and where to ask for a waiver;
 *          ERR_PENDING_BREAKING_CHANGE; ERR_FIELD_INVALID for a service or an environment that is not there.
 * Spec     docs/catalog.md, "Consumptions".
 */
#ifndef AVOW_CATALOG_ADMISSION_H
#define AVOW_CATALOG_ADMISSION_H

#include "catalog/line.h"

typedef struct {
    int64_t service_id, team_id;
    text_t service, team;
    int64_t pending; /* the open breaking change of the line; 0 */
    bool waived;
    text_t live_consumption,
        live_production; /* public ids of what the service has there already; TEXT_NONE */
} admission_t;

/* Who it is, and that who asks may declare for it. `environments`: JSON array of names, or TEXT_NONE. */
int admission_of(tx_t *tx, const principal_t *by, const line_t *line, text_t service, text_t environments,
                 admission_t *out);

int admission_check_line(tx_t *tx, const line_t *line, const admission_t *admission);

/* `accepts`: "CR-1042", or TEXT_NONE. */
int admission_check_pending(tx_t *tx, const line_t *line, const admission_t *admission, text_t accepts);

#endif

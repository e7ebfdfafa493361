/* deployment.h - which version of a service runs in which environment, with which versions of lines.
 *
 * Owns     table deployment.
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Deployments and observations".
 */
#ifndef AVOW_CATALOG_DEPLOYMENT_H
#define AVOW_CATALOG_DEPLOYMENT_H

#include "catalog/rights.h"

typedef struct {
    text_t service, environment, version;
    text_t produces,
        consumes; /* JSON: [{"line", "version"}]; TEXT_NONE: what is declared for the environment */
    bool coexist; /* beside the one before, not in its place */
    text_t at;    /* instant; TEXT_NONE: now */
} deployment_draft_t;

int deployment_record(tx_t *tx, const principal_t *by, const who_t *who, const deployment_draft_t *draft,
                      text_t *public_id);
int deployment_end(tx_t *tx, const principal_t *by, const who_t *who, text_t public_id);

#endif

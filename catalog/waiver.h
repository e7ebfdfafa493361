/* waiver.h - an exception that the owner of a line grants: this service may still begin to read it, until a day, for a reason.
 *
 * Owns     table waiver. Rows are never edited; one that has expired says nothing any more.
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Waivers".
 */
#ifndef AVOW_CATALOG_WAIVER_H
#define AVOW_CATALOG_WAIVER_H

#include "catalog/rights.h"

/* The rule that is waived where none is named: a deprecated line takes no new consumers. */
#define WAIVER_RULE "LINE_DEPRECATED"

typedef struct {
    text_t line, service; /* "event@major", slug */
    text_t rule; /* TEXT_NONE: WAIVER_RULE, which is the only one: no waiver stands for an approval */
    text_t reason;
    text_t expires_at; /* an instant, checked */
} waiver_t;

/* Needs RIGHT_WAIVE for the line's owner. *id comes back. */
int waiver_grant(tx_t *tx, const principal_t *by, const who_t *who, const waiver_t *waiver, int64_t *id,
                 err_t *err);

#endif

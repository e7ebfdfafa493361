/* drift.h - tells of what is declared otherwise than it was seen: drift.detected, once for each difference for as long as it lasts.
 *
 * What the differences are is told by drift_now (migrations/0009_reading.sql), which the page of drift reads as well. The clock looks for them every
 * five minutes: about a second at 10,000 events, without a lock. A mark in due_done says which were told; it goes when the difference is over.
 *
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Drift and health".
 */
#ifndef AVOW_CATALOG_DRIFT_H
#define AVOW_CATALOG_DRIFT_H

#include "catalog/audit.h"
#include "catalog/who.h"

/* Days in which a sight counts as of now. */
#define DRIFT_RECENT_DAYS 30

/* Tells what is new, up to 200 of them; with more it stays due. Takes the catalog's lock when there is something to tell. */
int drift_tell(tx_t *tx, const who_t *who);

#endif

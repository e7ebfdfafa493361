/* own_event.h - the product's own events are events like any other: each kind has a JSON Schema in the registry, under the subject
 * :.avow:<type>-value, and an event of the domain avow with one line that is bound to it. `dataschema` of what is delivered leads there.
 *
 * They are written when the first webhook is there: a registry that tells nobody anything lists nothing of its own.
 *
 * Threads  whoever leads (delivery.h). Doing it again changes nothing.
 */
#ifndef AVOW_CATALOG_OWN_EVENT_H
#define AVOW_CATALOG_OWN_EVENT_H

#include "catalog/register.h"

size_t own_events_n(void);

/* Registers the schema of one of them, 0 to own_events_n() - 1. Commits. */
int own_event_register(tx_t *tx, size_t i, const policy_t *policy);

/* Then all of them become events. Writes one audit entry, if that was news. */
int own_events_catalogue(tx_t *tx);

#endif

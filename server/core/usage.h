/* usage.h - which schemas a service's token reads and registers: positive evidence of who still uses a line.
 *
 * A reply is noted in memory and never waits for anything: what does not fit is not noted. A thread writes what came together into the
 * table observation every other moment, in buckets of a day; while the database is away it keeps it.
 *
 * Only calls with a token of the catalog are noted, reads of a schema by its id or by subject and version, and registrations.
 *
 * Threads  usage_note from any; start and stop on one thread.
 * Spec     docs/catalog.md, "Deployments and observations".
 */
#ifndef AVOW_SERVER_CORE_USAGE_H
#define AVOW_SERVER_CORE_USAGE_H

#include "server/core/call.h"

typedef struct usage usage_t;

usage_t *usage_start(const db_options_t *database);
void usage_stop(usage_t *usage); /* writes what is left; NULL is fine */

/* `target`: path as it was sent. A reply of 200 only. NULL is fine. */
void usage_note(usage_t *usage, const actor_t *actor, bool writes, text_t target);

#endif

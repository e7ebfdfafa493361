/* clock.h - the thread that does what is due (catalog/due.h): every --clock-interval it looks, and does each thing in a transaction of its own.
 *
 * Every server of a database may run one; the catalog's lock lets one at a time act, and what the first has done is not due any more for
 * the second. While the database is away it waits.
 *
 * Threads  start and stop on one thread. One thread and one connection of its own.
 */
#ifndef AVOW_SERVER_CLOCK_H
#define AVOW_SERVER_CLOCK_H

#include "catalog/settings.h"
#include "server/core/follower.h"

typedef struct due_clock due_clock_t;

typedef struct {
    const db_options_t *database; /* copied */
    follower_t *follower;         /* forgets and announces what was done */
    policy_t policy;              /* the operator's, for registrations of changes that apply themselves */
    int64_t interval_ms;          /* 0: none is started */
} clock_options_t;

/* NULL without an interval. */
due_clock_t *clock_start(const clock_options_t *options);
void clock_stop(due_clock_t *clock); /* NULL is fine; what is being done is finished */

#endif

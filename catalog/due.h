/* due.h - what happens in the catalog because time has passed, and nobody did it: sunsets, changes that may be applied or have expired,
 * reminders, escalation, consumers gone silent, owners gone, waivers that are over, what is used otherwise than declared.
 *
 * due_find only reads. Each thing it finds is done in a transaction of its own (due_do), which takes the catalog's lock, looks again, and
 * leaves a mark: a state, a count or a row of due_done. So it happens once, however many servers look, and a clock that is set back neither
 * undoes nor repeats it.
 *
 * Owns     table due_done.
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "The clock".
 */
#ifndef AVOW_CATALOG_DUE_H
#define AVOW_CATALOG_DUE_H

#include "catalog/change.h"

/* XX(name, word of due_find.sql) - in the order in which they are done. */
#define DUE_MAP(XX)          \
    XX(SUNSET, "sunset")     \
    XX(EXPIRE, "expire")     \
    XX(READY, "ready")       \
    XX(APPLY, "apply")       \
    XX(REMIND, "remind")     \
    XX(ESCALATE, "escalate") \
    XX(LINGER, "linger")     \
    XX(ATTEST, "attest")     \
    XX(STALE, "stale")       \
    XX(ALIVE, "alive")       \
    XX(ORPHAN, "orphan")     \
    XX(OWNED, "owned")       \
    XX(WAIVER, "waiver")     \
    XX(DRIFT, "drift")

typedef enum {
#define XX(name, word) DUE_##name,
    DUE_MAP(XX)
#undef XX
        DUE_N
} due_kind_t;

const char *due_word(due_kind_t kind);

typedef struct {
    due_kind_t kind;
    int64_t id;
    text_t name; /* "orders.order_placed@2", "CR-1042", "cns_…" */
} due_t;

int due_find(tx_t *tx, due_t **out, size_t *n);

/* Does it if it is still due. -1: it could not be done, and is found again; nothing of it was written. */
int due_do(tx_t *tx, const who_t *who, const due_t *due, const policy_t *registry);

#endif

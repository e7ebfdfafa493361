/* lifecycle.h - a line goes from one state to the next: who may, what must hold first, what follows.
 *
 * The table of transitions is in lifecycle.c and in docs/catalog.md, "Lifecycle". Dates are judged by catalog_now() alone, and a date
 * that was announced is never moved earlier. Inside one write transaction of the catalog (STMT_CATALOG_WRITE came before).
 *
 * Owns     the columns of line that tell its state and its dates.
 * Memory   the transaction's arena.
 * Errors   ERR_TRANSITION_NOT_ALLOWED with `allowed`; of what must hold, the error of its own, with what to do about it in err.extra.
 */
#ifndef AVOW_CATALOG_LIFECYCLE_H
#define AVOW_CATALOG_LIFECYCLE_H

#include "catalog/rights.h"

/* XX(name, text in the table) */
#define LINE_STATE_MAP(XX)       \
    XX(DRAFT, "draft")           \
    XX(ACTIVE, "active")         \
    XX(DEPRECATED, "deprecated") \
    XX(SUNSET, "sunset")         \
    XX(REMOVED, "removed")       \
    XX(ABANDONED, "abandoned")

typedef enum {
#define XX(name, text) LINE_##name,
    LINE_STATE_MAP(XX)
#undef XX
        LINE_STATE_N
} line_state_t;

const char *line_state_text(line_state_t state);
bool line_state_find(text_t text, line_state_t *out);

/* Where to, and what goes with it. Texts that were not given are TEXT_NONE. */
typedef struct {
    line_state_t to;
    text_t reason;
    text_t sunset_at;       /* an instant or a date as PostgreSQL reads it: api_instant has checked it */
    text_t replacement;     /* "event@major", or "none" */
    text_t migration_guide; /* URL or words */
    bool by_change;         /* an approved change asks for it: those who had to be asked have agreed */
    bool
        override; /* of an administrator: what others have to say does not hold it up; dates and documents do */
    text_t change; /* "CR-1001", for the trail; TEXT_NONE */
} line_target_t;

/* `line` is "event@major". Judges, writes, tells. -1: nothing was written. */
int line_transition(tx_t *tx, const who_t *who, const principal_t *principal, text_t line,
                    const line_target_t *target, err_t *err);

/* As line_transition, without writing: whether it would do. For can-i and for a change that is opened before its time. */
int line_transition_check(tx_t *tx, const principal_t *principal, text_t line, const line_target_t *target,
                          err_t *err);

#endif

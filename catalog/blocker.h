/* blocker.h - what keeps a change from being applied now. Derived from what is true, never stored.
 *
 * The list is made by the SQL function change_blockers (migrations/0006_changes.sql), so that a read of the past, a listing and the
 * decision to apply see the same. Each is an object: code, detail (a sentence), and of `for` (requirements), `teams`, `until`
 * (an instant) those that it has.
 *
 * Memory   the transaction's arena.
 */
#ifndef AVOW_CATALOG_BLOCKER_H
#define AVOW_CATALOG_BLOCKER_H

#include "catalog/db/db.h"

/* XX(name, code, holds a new line back, too) */
#define BLOCKER_MAP(XX)                               \
    XX(CHECKS_FAILED, "checks_failed", true)          \
    XX(NOT_ADOPTED, "not_adopted", true)              \
    XX(CONFLICT, "conflict", true)                    \
    XX(FREEZE_WINDOW, "freeze_window", true)          \
    XX(CHANGES_REQUESTED, "changes_requested", false) \
    XX(APPROVAL_MISSING, "approval_missing", false)   \
    XX(UNDELIVERABLE, "undeliverable", false)         \
    XX(NOTICE_RUNNING, "notice_running", false)       \
    XX(NOT_BEFORE, "not_before", false)               \
    XX(DUAL_PUBLISH_UNMET, "dual_publish_unmet", false)

typedef enum {
#define XX(name, code, hard) BLOCKER_##name,
    BLOCKER_MAP(XX)
#undef XX
        BLOCKER_N
} blocker_t;

const char *blocker_code(blocker_t blocker);

typedef struct {
    text_t json;    /* the array */
    text_t you_can; /* array of sentences: "remind risk", "ask an admin to override" */
    unsigned set;   /* 1 << blocker_t */
    unsigned hard;  /* those of `set` that nobody's agreement takes away */
} blockers_t;

static inline bool blockers_has(const blockers_t *blockers, blocker_t blocker)
{
    return (blockers->set & 1u << blocker) != 0;
}

#endif

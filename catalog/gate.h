/* gate.h - the catalog's word on a registration, whoever asks: what breaks a live consumer, or what a line promises, needs a change that was
 * approved.
 *
 * A subject that is bound to a line is judged in strict mode, against the level of its line and against what each consumer declared;
 * the registry's own level and verdict mode are not asked. What is refused names the consumers, the path and the change to open, or the
 * one that is open. When that change has nothing in its way, the same registration is admitted and applies it.
 *
 * A subject without a line never comes here: subject_states.sql tells.
 *
 * Threads  gate_check takes the lock of the catalog (STMT_CATALOG_WRITE), after those of the registry.
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "The gate".
 */
#ifndef AVOW_CATALOG_GATE_H
#define AVOW_CATALOG_GATE_H

#include "catalog/candidate.h"
#include "catalog/change.h"
#include "catalog/line.h"

typedef struct gate {
    line_t line;
    text_t deprecation; /* headers (deprecation.h); TEXT_NONE: the line does not end */
    impact_t impact;
    bool found;      /* a change with this content is open */
    bool applies;    /* and this registration applies it */
    change_t change; /* with `found`; or the one that was drafted or is in the way */
    err_t refusal;   /* ERR_NONE: admitted */
    text_t advice;   /* the part of the refusal that says what to do */
    text_t link;     /* value of a Link header to the change; TEXT_NONE */
} gate_t;

/* The line and what replies say of it: `line` and `deprecation` alone. gate_open takes the lock of the catalog first. */
int gate_look(tx_t *tx, int64_t line_id, gate_t *out);
int gate_open(tx_t *tx, int64_t line_id, gate_t *out);

/* What would become of it: reads only. -1: it could not be judged. */
int gate_judge(tx_t *tx, int64_t line_id, const subject_name_t *subject, const candidate_t *candidate,
               gate_t *out);

/* Alone with the catalog: judges, and drafts a change where the policy says so (auto_draft_change). */
int gate_check(tx_t *tx, const who_t *who, int64_t line_id, const subject_name_t *subject,
               const candidate_t *candidate, const policy_t *policy, gate_t *out);

/* What was admitted is registered: the version becomes the line's, the change is closed. */
int gate_registered(tx_t *tx, const who_t *who, const gate_t *gate, const subject_name_t *subject,
                    int32_t version, int32_t context_id, int32_t schema_id, const schema_t *schema);

/* One message for each finding and each consumer that it concerns. */
size_t gate_messages(const gate_t *gate, arena_t *arena, text_t **out);

#endif

/* can_i.h - may I? One shape of answer for what people and pipelines ask before they do something.
 *
 *     {"question": "Can orders.order_placed@1 be removed?", "answer": "unknown",
 *      "because": [{"code": "reads_unattributed", "detail": "..."}], "evidence": {...},
 *      "next": [{"do": "...", "href": "..."}], "evaluated_at": "..."}
 *
 * yes       everything that is needed is there, and was seen
 * pending   yes after approvals that are named, or on a date
 * unknown   evidence is missing: its absence never gives yes
 * no        something that is there forbids it
 *
 * Reads only.
 *
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Can I?".
 */
#ifndef AVOW_CATALOG_CAN_I_H
#define AVOW_CATALOG_CAN_I_H

#include "catalog/candidate.h"
#include "catalog/rights.h"

/* Each gives the answer as JSON in *out. -1: it cannot be asked (ERR_NOT_FOUND, ERR_FIELD_INVALID). */

/* A schema on a line (`line`), or on a subject that may belong to none. One of the two is TEXT_NONE. */
int can_i_register(tx_t *tx, text_t line, const subject_name_t *subject, const submission_t *submission,
                   const policy_t *policy, text_t *out, err_t *err);
int can_i_consume(tx_t *tx, text_t line, text_t service, text_t *out, err_t *err);
int can_i_deploy(tx_t *tx, text_t service, text_t version, text_t environment, text_t *out, err_t *err);

/* Whether a line could be ended: who and what still stands against it. `remove` asks for its state, too. */
typedef enum { END_RETIRE, END_REMOVE } end_t;
int can_i_end(tx_t *tx, end_t end, text_t line, text_t *out, err_t *err);

#endif

/* check.h - does a candidate keep what a subject's level promises?
 *
 * Spec     docs/api.md, "Compatibility".
 */
#ifndef AVOW_CATALOG_CHECK_H
#define AVOW_CATALOG_CHECK_H

#include "catalog/state.h"

typedef struct {
    bool compatible;
    bool elsewhere;   /* an alias was followed, or the catalog was asked */
    text_t *messages; /* none when compatible, unless the subject belongs to a line (gate.h) */
    size_t n_messages;
} check_t;

/* Against the live versions in `state`, or `only_version` of them (0: as the level says), at the level that holds. Without
 * `explain` there are no messages. */
int check_candidate(tx_t *tx, const subject_state_t *state, const candidate_t *candidate,
                    int32_t only_version, bool explain, const policy_t *policy, check_t *out);

/* What POST /compatibility/subjects/{subject}/versions[/{version}] asks. `version` 0: what registering would check; -1: the
 * latest. With `explain`, a schema that cannot be read is an incompatible one with the reason as its message. */
int check_submission(tx_t *tx, const subject_name_t *subject, const submission_t *submission, int32_t version,
                     bool explain, const policy_t *policy, check_t *out);

#endif

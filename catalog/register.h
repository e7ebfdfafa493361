/* register.h - a schema becomes a version of a subject.
 *
 * The steps are those of docs/api.md, "Registering", and their order matters. A new version costs two waits for the database: one
 * for the lock and everything the decision rests on, one for the writes and COMMIT.
 *
 * Owns     tables subject, schema, subject_version and schema_reference, with removal.h.
 */
#ifndef AVOW_CATALOG_REGISTER_H
#define AVOW_CATALOG_REGISTER_H

#include "catalog/state.h"

typedef struct {
    subject_name_t subject; /* the one acted on, after its alias was followed */
    int32_t id, version;
    identity_t identity;
    format_id_t format;
    text_t text, references, metadata, rule_set; /* as stored */
    int64_t ts_ms;
    bool added;   /* false: it was there already and nothing was written */
    bool altered; /* what is stored is not what was sent: metadata, rules or text were filled in */
} registered_t;

/* After it returned with out->added, the transaction is committed: nothing may be sent any more. `force` skips the
 * compatibility check. */
int version_register(tx_t *tx, const who_t *who, const subject_name_t *subject,
                     const submission_t *submission, bool force, const policy_t *policy, registered_t *out);

#endif

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
    const struct gate
        *gate; /* of a subject that belongs to a line of the catalog: what the gate found (gate.h); NULL */
} registered_t;

/* After it returned with out->added, the transaction is committed: nothing may be sent any more, unless the subject belongs to a line
 * of the catalog. Then the gate may have refused: out->gate->refusal tells why, and what the gate wrote is to be committed. `force`
 * skips the compatibility check, not the gate. */
int version_register(tx_t *tx, const who_t *who, const subject_name_t *subject,
                     const submission_t *submission, bool force, const policy_t *policy, registered_t *out);

/* One of several registrations that are made together. */
typedef struct {
    who_t who;
    subject_name_t subject;
    submission_t sent;
    bool force;
    err_t *err; /* REGISTER_REFUSED: why */
    registered_t out;
    enum {
        REGISTER_ALONE,   /* nothing was done: version_register has to */
        REGISTER_DONE,    /* see out */
        REGISTER_REFUSED, /* see err */
    } outcome;
} registering_t;

/* Registers what is common enough in one transaction with the waits of one registration, and leaves the rest to be registered
 * alone. Refusing one does not disturb the others. It never waits for a subject that somebody else is writing.
 *
 * After it returned 0 the transaction is committed if anything was written. -1: nothing was done. */
int versions_register(tx_t *tx, registering_t *all, size_t n, const policy_t *policy);

#endif

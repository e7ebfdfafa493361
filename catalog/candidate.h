/* candidate.h - a schema as it is sent for a subject: read, completed, fingerprinted; to be registered, looked up or checked.
 *
 * Memory   a candidate holds one counted schema: candidate_dispose, in every case. All else is in the transaction's arena.
 * Spec     docs/api.md, "Schemas": canonical text, identity, normalize.
 */
#ifndef AVOW_CATALOG_CANDIDATE_H
#define AVOW_CATALOG_CANDIDATE_H

#include "catalog/identity.h"
#include "catalog/settings.h"

/* What a client sent. */
typedef struct {
    text_t text; /* empty or blank: none */
    text_t type; /* empty: AVRO */
    const reference_t *references;
    size_t n_references;
    const metadata_t *metadata;
    const rule_set_t *rule_set;
    int32_t version; /* 0: the next one; -1: the latest */
    int32_t id;      /* -1: none */
    bool normalize;
    bool resolved; /* the answer to a registration has references written out, where the format can */
} submission_t;

#define SUBMISSION_EMPTY ((submission_t){.id = -1})

typedef struct {
    format_id_t format;
    schema_t *schema;
    references_t references;
    const metadata_t *metadata;
    const rule_set_t *rule_set;
    text_t text; /* canonical or normalized */
    text_t references_text, metadata_text, rule_set_text;
    identity_t identity, shape;
    const fault_t *refused; /* why strict reading refuses what lenient reading took; NULL: it does not */
} candidate_t;

bool submission_is_empty(const submission_t *submission); /* has no schema text */

/* Reads it: ERR_SCHEMA_INVALID, ERR_SCHEMA_TOO_LARGE. References are resolved in the context of `of`; `live`: only live versions
 * may be referred to. Asks the database only if there are references. */
int candidate_read(tx_t *tx, const submission_t *submission, const subject_name_t *of, bool live,
                   const policy_t *policy, candidate_t *out);

/* Makes its text the normalized one, its references sorted. */
int candidate_normalize(tx_t *tx, candidate_t *candidate, const policy_t *policy);

/* Replaces metadata and rule set, and with them the identity. */
void candidate_describe(candidate_t *candidate, const metadata_t *metadata, const rule_set_t *rule_set,
                        arena_t *arena);

/* ERR_SCHEMA_INVALID if strict reading refused it. */
int candidate_check_strict(tx_t *tx, const candidate_t *candidate);

void candidate_dispose(candidate_t *candidate);

/* Stored schemas, parsed: from the cache, or read from the database, all of them in one statement. */
typedef struct {
    int32_t context_id, id;
    identity_t identity;
    format_id_t format;
    schema_t *schema; /* a reference for the caller to return */
} stored_schema_t;

int stored_schemas_get(tx_t *tx, stored_schema_t *schemas, size_t n, const policy_t *policy);
void stored_schemas_unref(stored_schema_t *schemas, size_t n);

/* Keeps a schema that was just registered for the next check. */
void stored_schema_keep(int32_t context_id, int32_t id, const identity_t *identity, const schema_t *schema);

#endif

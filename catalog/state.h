/* state.h - what a subject is at this moment, as far as one decision needs it: one statement, for one subject or for many.
 *
 * Under the subject's lock (queued before) it stays true until the transaction ends.
 *
 * Memory   the transaction's arena.
 */
#ifndef AVOW_CATALOG_STATE_H
#define AVOW_CATALOG_STATE_H

#include "catalog/candidate.h"

typedef struct {
    int32_t version, schema_id;
    bool deleted;
    identity_t identity;
    format_id_t format;
    text_t references, metadata, rule_set; /* as stored */
    text_t text;                           /* of versions with the shape that was asked for; TEXT_NONE */
    int64_t ts_ms;                         /* when it was registered */
} state_version_t;

typedef struct {
    subject_name_t name;
    int32_t context_id; /* -1: there is no such context */
    int64_t subject_id; /* 0: there is no such subject yet */
    int64_t line_id;    /* of the catalog's line that it is bound to (gate.h); 0: none */
    bool live;
    int32_t last_version; /* the highest, deleted ones included; 0 */
    int32_t owner_id;     /* the schema that owns the identity in the context; 0 */
    scopes_t scopes;
    config_t config; /* what holds */
    subject_mode_t mode;
    state_version_t
        *versions; /* newest first: the latest live one, all if the level looks at all, those asked for;
                                * deleted ones may be among them */
    size_t n_versions;
} subject_state_t;

typedef struct {
    const candidate_t *candidate; /* its owner and the versions of its shape; may be NULL */
    int32_t version;              /* this version too; 0 */
} state_wanted_t;

/* Queues the lock that makes this transaction the subject's only writer. */
int subject_lock(tx_t *tx, const subject_name_t *name);

/* An alias is followed, once; out->name is then the subject it means. */
int subject_state_get(tx_t *tx, const subject_name_t *name, const state_wanted_t *wanted, bool lock,
                      const policy_t *policy, subject_state_t *out);

/* Several subjects at once, none of them twice. */
typedef struct {
    subject_name_t name;
    const candidate_t *candidate; /* its owner and the versions of its shape; may be NULL */
    /* what comes back */
    subject_state_t state;
    bool locked; /* this transaction is the subject's only writer: if not, the state may be true no longer */
    bool every;  /* all versions were asked for */
    bool enough; /* they are all that the level looks at */
} state_ask_t;

/* Takes the locks that are free and never waits for one; reads the states, in one statement. Aliases are not followed. */
int subject_states_try(tx_t *tx, state_ask_t *asks, size_t n, const policy_t *policy);

const state_version_t *state_latest(const subject_state_t *state); /* NULL if none is live */

/* Is the candidate one of the subject's versions? The newest that is: by identity, or as docs/api.md, "The same version" says.
 * `deleted`: soft deleted ones count. *out is NULL if none is. */
int state_match(tx_t *tx, const subject_state_t *state, const candidate_t *candidate, bool deleted,
                const policy_t *policy, const state_version_t **out);

#endif

/* registration.h - one registration on its way, as register.c and register_group.c share it. Private to these two.
 *
 * Memory   `candidate` holds a counted schema: candidate_dispose, in every case. All else is in the transaction's arena.
 */
#ifndef AVOW_CATALOG_REGISTRATION_H
#define AVOW_CATALOG_REGISTRATION_H

#include "catalog/gate.h"
#include "catalog/register.h"

/* What one registration carries from step to step. */
typedef struct {
    tx_t *tx;
    const who_t *who;
    const policy_t *policy;
    submission_t sent; /* text filled in where none was sent */
    bool force;
    candidate_t candidate;
    subject_state_t state;
    int32_t version;   /* the new one */
    int32_t schema_id; /* to be used again; 0: a new one */
    bool importing, owns_nothing;
    gate_t *gate; /* of a subject that is bound to a line: what was found there; NULL */
    registered_t *out;
} registration_t;

/* With candidate and state read: what becomes of it. 1: it is there already, and r->out tells what; 0: it is to be written;
 * -1: refused, see tx_err. */
int registration_decide(registration_t *r);

/* Once it is to be written: whether registrations_write can. */
bool registration_is_plain(const registration_t *r);

/* Writes plain ones and commits. Puts them in another order. */
int registrations_write(tx_t *tx, registration_t **all, size_t n);

#endif

/* consumption.h - who reads a line, what of it, and how much that is known.
 *
 * requested -> active -> ended, or requested -> rejected. The consumer's team declares it. The owner has to agree where the fields are
 * personal data or the event goes to partners. Evidence is a reader schema, declared fields, or nothing, and nothing counts as affected by
 * all that breaks.
 *
 * Owns     tables consumption and consumption_field.
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Consumptions".
 */
#ifndef AVOW_CATALOG_CONSUMPTION_H
#define AVOW_CATALOG_CONSUMPTION_H

#include "catalog/line.h"

typedef struct {
    text_t path;
    bool required;   /* need */
    bool exhaustive; /* enum_handling: a new symbol breaks it */
    text_t use;
} consumption_field_t;

/* What a service says that it reads. A text that is TEXT_NONE was not given. */
typedef struct {
    text_t service; /* declaration */
    text_t line;    /* declaration */
    text_t version_range, purpose, criticality, managed_by;
    text_t environments, not_relied_on, labels; /* JSON */
    bool reader_given;                          /* without subject and text: there is none any more */
    text_t reader_subject;
    int32_t reader_version;
    text_t reader_format, reader_text;
    bool fields_given;
    const consumption_field_t *fields;
    size_t n_fields;
    text_t accepts_pending; /* "CR-1042" */
} consumption_draft_t;

typedef struct {
    int64_t id;
    text_t public_id;
    bool requested;  /* the owner has to agree first */
    text_t approver; /* who that is; the owner's team */
    text_t why;      /* that: a sentence */
    text_t warnings; /* JSON array: code, path, did_you_mean, detail */
    bool created;    /* false: it was there, and was changed */
} consumption_declared_t;

/* ERR_STATE_CONFLICT if the service reads the line already; with `again` that is changed instead (a repository is synchronised). What a
 * reader schema cannot read of the current version is refused (ERR_INCOMPATIBLE) with a message that proves it. */
int consumption_declare(tx_t *tx, const principal_t *by, const who_t *who, const consumption_draft_t *draft,
                        bool again, consumption_declared_t *out);

typedef struct {
    int64_t id, service_id, team_id, owner_id;
    text_t public_id, service, team, state, managed_by;
    line_t line;
    int32_t rev;
} consumption_place_t;

/* ERR_NOT_FOUND. */
int consumption_get(tx_t *tx, text_t public_id, consumption_place_t *out);

int consumption_change(tx_t *tx, const principal_t *by, const who_t *who, const consumption_place_t *it,
                       const consumption_draft_t *draft, consumption_declared_t *out);
int consumption_attest(tx_t *tx, const principal_t *by, const who_t *who, const consumption_place_t *it);
int consumption_end(tx_t *tx, const principal_t *by, const who_t *who, const consumption_place_t *it,
                    text_t reason);

/* The owner's word on one that is requested. */
int consumption_decide(tx_t *tx, const principal_t *by, const who_t *who, const consumption_place_t *it,
                       bool agreed, text_t reason);

#endif

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

typedef struct {
    int64_t id, service_id, team_id, line_id;
    text_t public_id;     /* "cns_7Q2…" */
    text_t service, team; /* slugs: of the service, and of its team now */
    text_t state;         /* requested, active */
    bool blocking;        /* criticality; else informational */
    format_id_t reader_format;
    text_t reader_text; /* TEXT_NONE: none declared */
    consumption_field_t *fields;
    size_t n_fields;
    const text_t *not_relied_on; /* terms of the contract: "ordering" */
    size_t n_not_relied_on;
    text_t environments; /* JSON array of names */
    const int64_t *accepted_changes;
    size_t n_accepted_changes;
    bool stale;    /* no sign of life for as long as the policy says, and reminded as often */
    bool produces; /* the service writes the line, too */
    text_t
        last_seen; /* JSON object, environment ("" where it is not known) to {"at", "by"}: observation, deployment, attestation */
} consumption_t;

/* Those that have not ended, by service. */
int consumptions_live(tx_t *tx, int64_t line_id, consumption_t **out, size_t *n);

#endif

/* contract.h - what a line promises besides its schema, and how one promise compares with another.
 *
 *     {"ordering": {"scope": "key", "key_fields": ["order_id"]},         none < key < partition < global
 *      "delivery": {"semantics": "at_least_once", "dedup": "event_id"},  at_most_once < at_least_once < exactly_once
 *      "sla": {"freshness": "PT5S", "latency_p99": "PT2S", "availability": 0.999, "support_hours": "24x7"},
 *      "retention": "P7D", "volume": "2M a day",
 *      "envelope": {"kind": "cloudevents-structured", "ce_type": "com.example.placed", "ce_source": "/orders"},
 *      "audience": "company", "classification": {"level": "confidential", "regulations": ["GDPR"]}, "channel": "orders.placed"}
 *
 * A line without a term promises nothing about it: taking one away weakens, adding one strengthens. Weaker is breaking: consumers rely on a
 * promise as on a field. Pure functions of JSON; contracts are rows of the table contract, which are never edited.
 *
 * Owns     table contract.
 * Memory   the arena given, or the transaction's.
 * Spec     docs/catalog.md, "Contracts".
 */
#ifndef AVOW_CATALOG_CONTRACT_H
#define AVOW_CATALOG_CONTRACT_H

#include "catalog/line.h"

/* Reads and completes terms. ERR_FIELD_INVALID with err.place ("contract.ordering.scope"). *out is normalised JSON: same terms, same
 * bytes. "envelope" takes `type` and `source` for ce_type and ce_source, too. */
int contract_read(text_t terms, arena_t *arena, text_t *out, err_t *err);

/* `base` with the terms that `over` names replaced, a null taken away. Both as contract_read made them, or `over` as it was sent. */
int contract_merge(text_t base, text_t over, arena_t *arena, text_t *out, err_t *err);

typedef struct {
    const char *rule; /* "ordering-weakened": static */
    const char *
        attribute; /* what not_relied_on calls it: "ordering", "delivery", "sla", "retention", "envelope", "audience",
                            * "classification", "channel", "volume" */
    finding_class_t class; /* CLASS_BREAKING weaker, CLASS_SAFE stronger, CLASS_DOCUMENTATION words */
    text_t path;           /* "contract.sla.freshness" */
    text_t from, to;       /* JSON; TEXT_NONE: not promised */
    text_t message, hint;
    char fingerprint[17]; /* stable over rule, class and path */
} contract_finding_t;

/* Findings in the order of the terms, breaking ones first. `before` TEXT_NONE: there was no contract, so nothing can be weaker. */
int contract_compare(text_t before, text_t after, arena_t *arena, contract_finding_t **out, size_t *n,
                     err_t *err);

typedef struct {
    int64_t id;
    int32_t n;    /* 0: the line has none */
    text_t terms; /* "{}" then */
} contract_t;

int contract_get(tx_t *tx, int64_t line_id, contract_t *out);

/* The next contract of the line; notes contract.changed. The same terms again write nothing. `change_id` 0: the line is a draft. */
int contract_put(tx_t *tx, const who_t *who, const line_t *line, text_t terms, int64_t change_id,
                 contract_t *out);

#endif

/* rule_set.h - the rules of a data contract: stored, merged and served; clients run them, this server never does.
 *
 * Part of a schema's identity.
 *
 * Memory   as metadata.h. NULL is "none".
 * Spec     docs/api.md, "Rule sets".
 */
#ifndef AVOW_CATALOG_RULE_SET_H
#define AVOW_CATALOG_RULE_SET_H

#include "catalog/metadata.h"

typedef struct {
    text_t name, doc, kind, mode, type, expr, on_success, on_failure; /* TEXT_NONE: absent */
    text_t *tags;
    size_t n_tags;
    text_pair_t *params;
    size_t n_params;
    bool disabled;
} rule_t;

typedef enum { RULES_MIGRATION, RULES_DOMAIN, RULES_ENCODING, RULES_N } rule_list_t;

typedef struct rule_set {
    struct {
        rule_t *rules;
        size_t n;
    } lists[RULES_N];
    text_t enable_at;
} rule_set_t;

/* From JSON: null and TEXT_NONE give NULL. -1: ERR_BODY_MALFORMED with the JSON path when a value is of the wrong kind. */
int rule_set_read(text_t json, const char *at, arena_t *arena, const rule_set_t **out, err_t *err);

/* ERR_RULE_SET_INVALID with the rule's name and what is wrong with it. NULL is fine. */
int rule_set_check(const rule_set_t *set, err_t *err);

text_t rule_set_text(const rule_set_t *set, arena_t *arena); /* TEXT_NONE for NULL */

/* In each list, rules of `over` replace those of the same name and the others come after. */
const rule_set_t *rule_set_merge(const rule_set_t *base, const rule_set_t *over, arena_t *arena);

/* The bytes that it adds to an identity. */
void rule_set_digest(const rule_set_t *set, buf_t *out);

#endif

/* strict_front.h - from schema documents to formulas: the only part of the strict engine that knows about drafts. Private to
 * compat/json/strict*.
 *
 * What cannot be said in the formulas (an asserted format, a reference loop, a malformed keyword, too many combinations of
 * unevaluated branches) becomes an OPAQUE literal with its reason, never a guess.
 *
 * Spec     JSON Schema drafts 4, 6, 7, 2019-09, 2020-12 (core and validation); docs/decisions has the reading of each draft.
 */
#ifndef AVOW_COMPAT_JSON_STRICT_FRONT_H
#define AVOW_COMPAT_JSON_STRICT_FRONT_H

#include "compat/json/resources.h"
#include "compat/json/strict_ir.h"

/* A part of the reader to be read as if it were not there, so that other violations are found: the value of a keyword, an item of
 * `required`, or one name under additionalProperties. */
typedef struct {
    const jv_t *keyword;
    text_t name; /* TEXT_NONE: the whole keyword */
    bool others; /* all names but those of the members of `but`, which may be NULL; `name` is none then */
    const jv_t *but;
} front_blocked_t;

typedef struct {
    bool assert_format;
    const front_blocked_t *blocked;
    size_t n_blocked;
} front_options_t;

/* What the document at the root of `resources` says. Never fails: see OPAQUE, and ir->failed. */
ir_id_t front_read(ir_t *ir, const js_resources_t *resources, const front_options_t *options);

/* --- between strict_front.c, strict_keywords.c and strict_unevaluated.c ----------------------------------------------------- */

typedef struct front front_t;

typedef struct {
    const jv_t *schema;
    const js_resource_t *resource;
} front_at_t;

ir_t *front_ir(front_t *front);
const jv_t *front_keyword(const front_at_t *at,
                          const char *name); /* NULL: absent, or without meaning in this dialect */
ir_id_t front_schema(front_t *front, const jv_t *schema, const js_resource_t *resource);
/* A schema that speaks of something inside the instance: a member, an item, a name. */
ir_id_t front_inner(front_t *front, const front_at_t *at, const jv_t *schema);
ir_id_t front_opaque(front_t *front, unsigned kinds, const char *reason, const jv_t *place);
void front_add(front_t *front, ir_kind_t kind, ir_id_t formula); /* to the schema object being read */
void front_add_schema(front_t *front, ir_id_t schema);
bool front_asserts_formats(const front_t *front);
bool front_is_blocked(const front_t *front, const jv_t *keyword);
/* Without the names that are not to be looked at under `keyword`. */
ir_id_t front_unblocked(front_t *front, const jv_t *keyword, ir_id_t names);
/* All keywords of one schema object. */
void front_read_keywords(front_t *front, const front_at_t *at);

/* The schema that a $ref, $dynamicRef or $recursiveRef of `at` leads to; false where there is none. Leave restores the dynamic scope. */
typedef struct {
    front_at_t at;
    uint32_t scope;
} front_step_t;
bool front_follow(front_t *front, const front_at_t *at, const char *keyword, front_step_t *out);
void front_step_leave(front_t *front, const front_step_t *step);
front_at_t front_enter(front_t *front, const jv_t *schema, const js_resource_t *resource, front_step_t *step);

/* The names that additionalProperties of `at` covers. */
ir_id_t front_other_names(front_t *front, const front_at_t *at);

void front_unevaluated_properties(front_t *front, const front_at_t *at, const jv_t *value);
void front_unevaluated_items(front_t *front, const front_at_t *at, const jv_t *value);

#endif

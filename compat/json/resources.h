/* resources.h - JSON Schema documents as a table of resources: which dialect and base URI a place has, where a reference leads.
 *
 * Everything in compat/json that follows a `$ref` asks here: the validator, the confluent model, the strict engine's front
 * end. Nothing is ever fetched: what was not given (and is not a built-in meta-schema) is a FAULT_REFERENCE that names it.
 *
 * Identifiers are looked for in schema positions only: never inside enum, const, default, examples or unknown keywords.
 * Pointers are resolved on the document, so they may lead anywhere, and what they lead to is then a schema.
 *
 * Memory   lives in the arena it was built in; points into the trees given, which must live as long.
 * Threads  immutable after building.
 * Spec     JSON Schema 2020-12 core sections 8 and 9, 2019-09 core 8, draft-07 core 8, draft-06 core 8, draft-04 core 7;
 *          RFC 3986 (resolution), RFC 6901.
 */
#ifndef AVOW_COMPAT_JSON_RESOURCES_H
#define AVOW_COMPAT_JSON_RESOURCES_H

#include "compat/core/json_text.h"

typedef enum { DIALECT_04, DIALECT_06, DIALECT_07, DIALECT_2019_09, DIALECT_2020_12 } js_dialect_t;
#define DIALECT_N 5

const char *js_dialect_uri(js_dialect_t dialect);  /* the meta-schema's, as in $schema */
const char *js_dialect_name(js_dialect_t dialect); /* "draft-07", "2020-12" */
/* By URI (http or https, with or without a trailing "#") or short name ("4", "draft-07", "2020-12"). */
bool js_dialect_find(text_t uri_or_name, js_dialect_t *out);

typedef struct {
    text_t uri; /* by which others refer to it: absolute, or a bare name */
    const jv_t *tree;
} js_document_t;

/* A schema resource: a document's root, or a sub-schema with an identifier of its own. */
typedef struct {
    text_t uri; /* absolute where it can be; without fragment */
    js_dialect_t dialect;
    unsigned vocabularies; /* JS_VOCABULARY_... */
    const jv_t *root;
    const js_document_t *document;
    bool recursive_anchor; /* 2019-09: $recursiveAnchor: true */
} js_resource_t;

typedef struct js_resources js_resources_t;

/* Which groups of keywords count. A meta-schema of one's own may leave some out ($vocabulary); the published ones have all
 * of them but JS_VOCABULARY_FORMAT_ASSERTION. */
enum {
    JS_VOCABULARY_APPLICATOR = 1 << 0,
    JS_VOCABULARY_UNEVALUATED = 1 << 1,
    JS_VOCABULARY_VALIDATION = 1 << 2,
    JS_VOCABULARY_FORMAT_ASSERTION = 1 << 3,
};

/* A schema that a reference led to. */
typedef struct {
    const jv_t *schema;
    const js_resource_t *resource;
    bool dynamic; /* reached through a $dynamicAnchor: $dynamicRef then looks in the dynamic scope */
    text_t anchor;
} js_place_t;

/* Builds the table of `root` and `others`. `fallback` is the dialect of documents without a known $schema. Two resources of one URI that
 * are not equal, or two anchors of one name in a resource, are a fault. */
int js_resources_build(const js_document_t *root, const js_document_t *others, size_t n_others,
                       js_dialect_t fallback, arena_t *arena, js_resources_t **out, fault_t *fault);

/* The resource that a schema object or boolean of these documents belongs to. A place that is only reachable by pointer belongs to the
 * resource that encloses it. */
const js_resource_t *js_resource_of(const js_resources_t *resources, const jv_t *schema);
const js_resource_t *js_resource_root(const js_resources_t *resources); /* of the root document */

/* Where `reference` (of $ref, or the static part of $dynamicRef) leads from `from`. 0, or -1 and a fault that names it.
 * Thread-safe; scratch memory is taken from `arena`. */
int js_resolve(const js_resources_t *resources, const js_resource_t *from, text_t reference, arena_t *arena,
               js_place_t *out, fault_t *fault);

/* The place of $dynamicAnchor `name` in `resource` itself; NULL if it declares none. */
const jv_t *js_dynamic_anchor(const js_resources_t *resources, const js_resource_t *resource, text_t name);

/* JSON pointer of a schema within its document; TEXT_NONE if it is not in these documents. */
text_t js_pointer(const js_resources_t *resources, const jv_t *schema, arena_t *arena);

#endif

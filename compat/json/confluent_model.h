/* confluent_model.h - a JSON Schema as Confluent's registry sees it: the model that its differences are found on.
 *
 * The model, not the text, decides: every schema becomes one node; a schema with keywords of several kinds becomes an
 * allOf that nobody wrote; drafts 4, 6 and 7 are read one way, 2019-09 and 2020-12 another. Each place in the text has at
 * most one node, however many references lead to it.
 *
 * Memory   lives in the schema's arena, points into the trees, never written once built.
 * Depth    building and walking recurse along the nesting of the text, which jv_read bounds by limits_t.max_depth;
 *          references are followed from a list, never by recursion.
 * Spec     compat/README.md "JSON Schema, confluent mode".
 */
#ifndef AVOW_COMPAT_JSON_CONFLUENT_MODEL_H
#define AVOW_COMPAT_JSON_CONFLUENT_MODEL_H

#include "compat/core/decimal.h"
#include "compat/json/pattern.h"
#include "compat/json/resources.h"

typedef enum {
    CF_EMPTY,
    CF_TRUE,
    CF_FALSE,
    CF_STRING,
    CF_NUMBER, /* integers too */
    CF_BOOLEAN,
    CF_NULL,
    CF_OBJECT,
    CF_ARRAY,
    CF_ENUM,
    CF_CONST,
    CF_NOT,
    CF_COMBINED,
    CF_CONDITIONAL,
    CF_REFERENCE,
} cf_kind_t;
#define CF_KIND_N 15

typedef enum { CF_ALL_OF, CF_ANY_OF, CF_ONE_OF } cf_criterion_t;

const char *cf_criterion_name(cf_criterion_t criterion);

typedef struct cf_node cf_node_t;

/* A limit that may be missing. */
typedef struct {
    bool given;
    int64_t value;
} cf_count_t;

typedef struct {
    bool given;
    double value; /* as Confluent compares */
} cf_bound_t;

typedef struct {
    cf_count_t min_length, max_length;
    const jv_t *pattern; /* a string, or NULL */
    const jv_t
        *format; /* a string that upstream knows, or NULL; never compared, but it tells branches apart */
} cf_string_t;

typedef struct {
    cf_bound_t minimum, maximum, exclusive_minimum, exclusive_maximum;
    const decimal_t *multiple_of; /* NULL if none */
    bool integer;
} cf_number_t;

typedef struct {
    text_t name;
    cf_node_t *node;
    bool required; /* properties only */
} cf_member_t;

/* Schemas by name, in the order of the text. `source` is the object whose members they are, entry i its member i. */
typedef struct {
    const jv_t *source; /* NULL: none */
    cf_member_t *at;
    uint32_t n;
} cf_members_t;

/* dependencies by a list of names: the names sorted, without duplicates. */
typedef struct {
    text_t name;
    text_t *names;
    uint32_t n;
} cf_name_list_t;

typedef struct {
    cf_members_t properties;
    cf_members_t patterns;
    const js_pattern_t **expressions;  /* of the patterns, in their order */
    cf_members_t schema_dependencies;  /* entries without a node are of the other form */
    cf_name_list_t *name_dependencies; /* sorted by name */
    uint32_t n_name_dependencies;
    bool closed;            /* additionalProperties: false */
    cf_node_t *additional;  /* the schema of additional properties, or NULL */
    cf_node_t *unevaluated; /* or NULL */
    cf_count_t min_properties, max_properties;
} cf_object_t;

typedef struct {
    cf_node_t *all_items; /* or NULL */
    cf_node_t **tuple;
    uint32_t n_tuple;
    bool closed;            /* additional items are not permitted */
    cf_node_t *additional;  /* the schema of additional items, or NULL */
    cf_node_t *unevaluated; /* or NULL */
    cf_count_t min_items, max_items, min_contains, max_contains;
    bool unique;
} cf_array_t;

/* A value of an enum, with its hash; the list is sorted by hash and has no value twice. */
typedef struct {
    uint64_t hash;
    const jv_t *value;
} cf_value_t;

typedef struct {
    cf_value_t *at;
    uint32_t n;
} cf_enum_t;

typedef struct {
    cf_criterion_t criterion;
    bool generated; /* by this reader, not by an allOf or anyOf in the text */
    cf_node_t **branches;
    uint32_t n;
    cf_node_t **distinct; /* branches without those that say the same as an earlier one */
    uint32_t n_distinct;
} cf_combined_t;

typedef struct {
    text_t text;
    cf_node_t *target; /* never a reference; NULL: the references lead round in a circle */
} cf_reference_t;

struct cf_node {
    cf_kind_t kind;
    bool annotated;       /* carries the annotations of `at`: a part of a schema does not */
    bool modern;          /* of 2019-09 or later */
    js_dialect_t dialect; /* that it was read in */
    bool typed;           /* by a `type`; else found by its keywords */
    bool connect_bytes;   /* "connect.type": "bytes" */
    uint32_t index;       /* of the node in its model, from 0 */
    uint32_t meaning; /* while building: nodes that say the same have the same number; 0 while nobody asked */
    const jv_t *at;   /* the schema in the text */
    text_t id, title, description; /* .at is NULL where there is none */
    const jv_t *default_value;
    union {
        cf_string_t *string;
        cf_number_t *number;
        cf_object_t *object;
        cf_array_t *array;
        cf_enum_t *enumeration;
        const jv_t *constant;
        cf_node_t *inner; /* CF_NOT */
        cf_combined_t *combined;
        cf_reference_t *reference;
    };
};

typedef struct {
    const cf_node_t *root;
    uint32_t n_nodes;
} cf_model_t;

/* Builds the model of `root`, a document of `resources`. 0, or -1 and a fault: a reference that leads nowhere, a multipleOf
 * of 0, more nodes than `limits` has. Keywords of a wrong type are as good as absent. */
int cf_model_build(const js_resources_t *resources, const jv_t *root, const limits_t *limits, arena_t *arena,
                   const cf_model_t **out, fault_t *fault);

/* The node itself, or what its reference leads to. A reference that leads nowhere but round is returned as it is. */
static inline const cf_node_t *cf_follow(const cf_node_t *node)
{
    return node->kind == CF_REFERENCE && node->reference->target != NULL ? node->reference->target : node;
}

/* The entry of that name, or NULL. */
const cf_member_t *cf_member(const cf_members_t *members, text_t name);
const cf_name_list_t *cf_name_list(const cf_object_t *object, text_t name);

#endif

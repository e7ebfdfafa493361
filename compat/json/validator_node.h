/* validator_node.h - a compiled schema: keywords sorted by what they look at. Private to the validator.
 *
 * One node for each schema that can be reached. A keyword group is NULL where the schema has none of its keywords, so that a
 * value only meets the keywords for its kind.
 */
#ifndef AVOW_COMPAT_JSON_VALIDATOR_NODE_H
#define AVOW_COMPAT_JSON_VALIDATOR_NODE_H

#include "compat/core/decimal.h"
#include "compat/core/number.h"
#include "compat/json/format.h"
#include "compat/json/pattern.h"
#include "compat/json/validator.h"

typedef struct js_node js_node_t;

/* Instance types; a number is INTEGER when its value is whole. */
enum {
    TYPE_NULL = 1 << 0,
    TYPE_BOOLEAN = 1 << 1,
    TYPE_INTEGER = 1 << 2,
    TYPE_FRACTION = 1 << 3,
    TYPE_STRING = 1 << 4,
    TYPE_ARRAY = 1 << 5,
    TYPE_OBJECT = 1 << 6,
    TYPE_ANY = (1 << 7) - 1,
};

/* enum and const: values by hash where there are many. */
typedef struct {
    const jv_t *const_value;
    const jv_t *values; /* of enum, as they stand in the schema */
    uint32_t n;
    uint32_t mask;         /* of slots; 0 where there are few */
    const uint32_t *slots; /* position + 1 by hash */
} js_enum_t;

typedef enum {
    BOUND_MINIMUM,
    BOUND_MAXIMUM,
    BOUND_EXCLUSIVE_MINIMUM,
    BOUND_EXCLUSIVE_MAXIMUM
} js_bound_kind_t;
#define BOUND_N 4

typedef struct {
    js_bound_kind_t kind;
    number_t number;
    number_small_t small; /* where the group says so */
    const jv_t *text;
} js_bound_t;

typedef struct {
    js_bound_t bounds[BOUND_N];
    uint32_t n_bounds;
    bool all_small; /* every bound has a small form */
    const decimal_t *multiple_of;
    int64_t multiple_small; /* the same where it is a small integer; else 0 */
    const jv_t *multiple_text;
} js_number_node_t;

typedef struct {
    uint64_t min, max;
    const js_pattern_t *pattern;
    js_format_check_t *format;
    text_t format_name;
} js_string_node_t;

typedef struct {
    uint64_t min, max;
    bool unique;
    js_node_t **prefix;
    uint32_t n_prefix;
    js_node_t *rest; /* of the items after the prefix; may be NULL */
    const char *prefix_keyword, *rest_keyword;
    js_node_t *contains;
    uint64_t min_contains, max_contains;
    bool contains_evaluates; /* since 2020-12 */
} js_array_node_t;

/* A name that `properties` or `required` mention. */
typedef struct {
    text_t name;
    js_node_t *node; /* NULL: only required */
    bool required;
} js_property_t;

typedef struct {
    const js_pattern_t *pattern;
    js_node_t *node;
} js_pattern_property_t;

typedef struct {
    text_t name;
    const jv_t *required; /* array of names, or NULL */
    js_node_t *node;      /* or NULL */
    const char *keyword;
} js_dependency_t;

typedef struct {
    uint64_t min, max;
    js_property_t *properties;
    uint32_t n_properties, n_required;
    uint32_t mask;         /* of slots; 0 where there are few */
    const uint32_t *slots; /* position + 1 by hash of the name */
    uint64_t seed;
    js_pattern_property_t *patterns;
    uint32_t n_patterns;
    js_node_t *additional; /* may be NULL */
    js_node_t *names;
    js_dependency_t *dependencies;
    uint32_t n_dependencies;
    bool looks_at_all; /* patterns, additional or names: every member must be visited */
} js_object_node_t;

typedef struct {
    js_node_t **nodes;
    uint32_t n;
} js_nodes_t;

/* Keywords that apply schemas to the value itself. */
typedef struct {
    js_node_t *ref;
    js_node_t *dynamic_ref; /* where it leads when the dynamic scope says nothing else */
    uint32_t dynamic_name;  /* position + 1 among js_validator.names; 0: like an ordinary reference */
    const char *dynamic_keyword;
    js_nodes_t all_of, any_of, one_of;
    js_node_t * not, *if_, *then_, *else_;
} js_applied_t;

struct js_node {
    const jv_t *schema;
    const js_resource_t *resource;
    uint8_t types; /* TYPE_... bits that are allowed */
    uint8_t kinds; /* bits by jv_kind_t: those that are allowed whatever the value */
    bool never;    /* the schema false */
    bool leaf;     /* nothing but `types` and `never` */
    bool plain;    /* nothing that applies a schema to the value itself, and nothing unevaluated */
    js_node_t *
        forward; /* where evaluation really happens: of a schema that is only a reference; else the node itself */
    js_enum_t *values;
    js_number_node_t *number;
    js_string_node_t *string;
    js_array_node_t *array;
    js_object_node_t *object;
    js_applied_t *applied;
    js_node_t *unevaluated_items, *unevaluated_properties;
};

/* What a resource declares for one name of dynamic references. */
typedef struct {
    const js_resource_t *resource;
    js_node_t *node;
} js_dynamic_target_t;

/* The anchor that some $dynamicRef asks for; the empty name stands for $recursiveRef. */
typedef struct {
    text_t anchor;
    js_dynamic_target_t *targets;
    uint32_t n_targets;
} js_dynamic_name_t;

struct js_validator {
    const js_resources_t *resources;
    js_node_t *root;
    uint32_t n_nodes;
    js_dynamic_name_t *names;
    uint32_t n_names;
};

#endif

/* confluent_build.h - shared by the files that build confluent mode's model. Private to them. */
#ifndef AVOW_COMPAT_JSON_CONFLUENT_BUILD_H
#define AVOW_COMPAT_JSON_CONFLUENT_BUILD_H

#include "compat/json/confluent_model.h"

/* Keywords that the model looks at, in the order of their bytes, and the kind of node that each belongs to. */
#define CF_KEYWORD_MAP(XX)                                         \
    XX(DYNAMIC_REF, "$dynamicRef", CF_REFERENCE)                   \
    XX(DOLLAR_ID, "$id", CF_EMPTY)                                 \
    XX(RECURSIVE_REF, "$recursiveRef", CF_REFERENCE)               \
    XX(REF, "$ref", CF_REFERENCE)                                  \
    XX(ADDITIONAL_ITEMS, "additionalItems", CF_ARRAY)              \
    XX(ADDITIONAL_PROPERTIES, "additionalProperties", CF_OBJECT)   \
    XX(ALL_OF, "allOf", CF_COMBINED)                               \
    XX(ANY_OF, "anyOf", CF_COMBINED)                               \
    XX(CONNECT_TYPE, "connect.type", CF_EMPTY)                     \
    XX(CONST, "const", CF_CONST)                                   \
    XX(CONTAINS, "contains", CF_ARRAY)                             \
    XX(DEFAULT, "default", CF_EMPTY)                               \
    XX(DEPENDENCIES, "dependencies", CF_OBJECT)                    \
    XX(DEPENDENT_REQUIRED, "dependentRequired", CF_OBJECT)         \
    XX(DEPENDENT_SCHEMAS, "dependentSchemas", CF_OBJECT)           \
    XX(DESCRIPTION, "description", CF_EMPTY)                       \
    XX(ELSE, "else", CF_CONDITIONAL)                               \
    XX(ENUM, "enum", CF_ENUM)                                      \
    XX(EXCLUSIVE_MAXIMUM, "exclusiveMaximum", CF_NUMBER)           \
    XX(EXCLUSIVE_MINIMUM, "exclusiveMinimum", CF_NUMBER)           \
    XX(FORMAT, "format", CF_STRING)                                \
    XX(ID, "id", CF_EMPTY)                                         \
    XX(IF, "if", CF_CONDITIONAL)                                   \
    XX(ITEMS, "items", CF_ARRAY)                                   \
    XX(MAX_CONTAINS, "maxContains", CF_EMPTY)                      \
    XX(MAX_ITEMS, "maxItems", CF_ARRAY)                            \
    XX(MAX_LENGTH, "maxLength", CF_STRING)                         \
    XX(MAX_PROPERTIES, "maxProperties", CF_OBJECT)                 \
    XX(MAXIMUM, "maximum", CF_NUMBER)                              \
    XX(MIN_CONTAINS, "minContains", CF_EMPTY)                      \
    XX(MIN_ITEMS, "minItems", CF_ARRAY)                            \
    XX(MIN_LENGTH, "minLength", CF_STRING)                         \
    XX(MIN_PROPERTIES, "minProperties", CF_OBJECT)                 \
    XX(MINIMUM, "minimum", CF_NUMBER)                              \
    XX(MULTIPLE_OF, "multipleOf", CF_NUMBER)                       \
    XX(NOT, "not", CF_NOT)                                         \
    XX(ONE_OF, "oneOf", CF_COMBINED)                               \
    XX(PATTERN, "pattern", CF_STRING)                              \
    XX(PATTERN_PROPERTIES, "patternProperties", CF_OBJECT)         \
    XX(PREFIX_ITEMS, "prefixItems", CF_ARRAY)                      \
    XX(PROPERTIES, "properties", CF_OBJECT)                        \
    XX(PROPERTY_NAMES, "propertyNames", CF_OBJECT)                 \
    XX(REQUIRED, "required", CF_OBJECT)                            \
    XX(THEN, "then", CF_CONDITIONAL)                               \
    XX(TITLE, "title", CF_EMPTY)                                   \
    XX(TYPE, "type", CF_EMPTY)                                     \
    XX(UNEVALUATED_ITEMS, "unevaluatedItems", CF_ARRAY)            \
    XX(UNEVALUATED_PROPERTIES, "unevaluatedProperties", CF_OBJECT) \
    XX(UNIQUE_ITEMS, "uniqueItems", CF_ARRAY)

typedef enum {
#define XX(name, text, kind) KW_##name,
    CF_KEYWORD_MAP(XX)
#undef XX
        KW_N
} cf_keyword_t;

/* The keywords of one schema object; NULL where it has none of that name. */
typedef struct {
    const jv_t *at[KW_N];
} cf_keywords_t;

typedef struct {
    const js_resources_t *resources;
    const limits_t *limits;
    arena_t *arena;   /* of the model */
    arena_t *scratch; /* of the building */
    fault_t *fault;
    bool modern;          /* the root document is of 2019-09 or later: then all documents are read so */
    js_dialect_t dialect; /* of the schema that is being loaded */
    bool failed;          /* `fault` says why */
    uint32_t n_nodes;

    struct {
        const jv_t **keys;
        cf_node_t **values;
        uint32_t n, room; /* room is a power of two */
    } places;             /* the node of a schema in the text */

    struct {
        cf_node_t **at;
        uint32_t n, room;
    } references, combined; /* references whose target is still to be found; all combined nodes */
} cf_build_t;

/* The keyword of that name, or KW_N. */
cf_keyword_t cf_keyword_find(text_t name);
cf_kind_t cf_keyword_kind(cf_keyword_t keyword);
bool cf_keyword_known(cf_keyword_t keyword, js_dialect_t dialect); /* does the dialect have it? */
cf_keywords_t cf_keywords_of(const jv_t *schema);

/* The node of a schema in the text; made when it is first asked for. Never NULL: what is no schema counts as the empty one. */
cf_node_t *cf_load(cf_build_t *build, const jv_t *schema, js_dialect_t dialect);
cf_node_t *cf_load_old(cf_build_t *build, const jv_t *schema, js_dialect_t dialect);    /* drafts 4, 6, 7 */
cf_node_t *cf_load_modern(cf_build_t *build, const jv_t *schema, js_dialect_t dialect); /* 2019-09, 2020-12 */

cf_node_t *cf_node_new(cf_build_t *build, cf_kind_t kind, const jv_t *at);
cf_node_t *cf_combined_new(cf_build_t *build, const jv_t *at, cf_criterion_t criterion, cf_node_t **branches,
                           uint32_t n);
cf_node_t *cf_reference_new(cf_build_t *build, const jv_t *at, const jv_t *text);

/* The keywords of one kind as a node; the kinds without keywords give a bare node. */
cf_node_t *cf_kind_load(cf_build_t *build, const jv_t *at, const cf_keywords_t *keywords,
                        js_dialect_t dialect, cf_kind_t kind);
bool cf_type_find(text_t type, cf_kind_t *kind);
cf_node_t *cf_enum_new(cf_build_t *build, const jv_t *at, const jv_t *values);
cf_node_t *cf_const_new(cf_build_t *build, const jv_t *at, const jv_t *value);
cf_node_t *cf_not_new(cf_build_t *build, const jv_t *at, const jv_t *inner, js_dialect_t dialect);

/* if, then and else are never compared, but their references must resolve. */
void cf_conditional_load(cf_build_t *build, const cf_keywords_t *keywords, js_dialect_t dialect);

/* Gives the node that stands for the whole schema its id, title, description and default. */
void cf_annotate(cf_node_t *node, const jv_t *at, const cf_keywords_t *keywords, js_dialect_t dialect);

static inline bool cf_is_schema(const jv_t *value)
{
    return value != NULL && (value->kind == JV_OBJECT || value->kind == JV_TRUE || value->kind == JV_FALSE);
}

/* Fills in the distinct branches of all combined nodes. */
void cf_distinct_fill(cf_build_t *build);

#endif

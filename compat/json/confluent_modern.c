/* confluent_modern.c - 2019-09 and 2020-12 into confluent mode's model, as the json-sKema loader and Confluent's translation
 * of it do.
 *
 * Keywords give nodes in the order of the text. Those of one kind become one node (type, properties and required: one
 * object); different kinds make a generated allOf. $ref counts as one kind beside others.
 */
#include "compat/json/confluent_build.h"

#include <string.h>

typedef struct {
    cf_build_t *build;
    const jv_t *at;
    const cf_keywords_t *kw;
    js_dialect_t dialect;
    cf_node_t **parts;
    uint32_t n;
    cf_node_t *by_kind[CF_KIND_N]; /* the string, number, object and array among the parts */
    cf_node_t *any;                /* the node of a type with several names */
} parts_of_t;

static void part_add(parts_of_t *s, cf_node_t *node)
{
    s->parts[s->n++] = node;
}

/* The one part of this kind; a schema's keywords of a kind all end up in it. */
static void gathered_part(parts_of_t *s, cf_kind_t kind)
{
    if (s->by_kind[kind] != NULL)
        return;
    s->by_kind[kind] = cf_kind_load(s->build, s->at, s->kw, s->dialect, kind);
    part_add(s, s->by_kind[kind]);
}

static bool kind_gathers(cf_kind_t kind)
{
    return kind == CF_STRING || kind == CF_NUMBER || kind == CF_OBJECT || kind == CF_ARRAY;
}

static void type_part(parts_of_t *s, const jv_t *type)
{
    cf_kind_t kind;

    if (!cf_type_find(type->text, &kind))
        return;
    if (!kind_gathers(kind)) {
        part_add(s, cf_kind_load(s->build, s->at, s->kw, s->dialect, kind));
        return;
    }
    gathered_part(s, kind);
    s->by_kind[kind]->typed = true;
    if (kind == CF_NUMBER)
        s->by_kind[kind]->number->integer = text_is(type->text, "integer");
}

/* A node of the bare type: keywords join it later. */
static cf_node_t *bare_node(parts_of_t *s, text_t type, cf_kind_t kind)
{
    static const cf_keywords_t none = {{0}};
    cf_node_t *node = cf_kind_load(s->build, s->at, &none, s->dialect, kind);

    node->typed = true;
    if (kind == CF_NUMBER)
        node->number->integer = text_is(type, "integer");
    return node;
}

static void types_part(parts_of_t *s, const jv_t *types)
{
    cf_node_t **branches = ARENA_ARRAY(s->build->arena, cf_node_t *, types->n);
    uint32_t n = 0;
    cf_kind_t kind;

    for (uint32_t i = 0; i < types->n; i++) {
        if (types->items[i].kind == JV_STRING && cf_type_find(types->items[i].text, &kind))
            branches[n++] = bare_node(s, types->items[i].text, kind);
    }
    s->any = cf_combined_new(s->build, s->at, CF_ANY_OF, branches, n);
    s->any->combined->generated = true;
    part_add(s, s->any);
}

static bool is_generated_all(const cf_node_t *node)
{
    return node->kind == CF_COMBINED && node->combined->generated && node->combined->criterion == CF_ALL_OF;
}

/* A branch that became a generated allOf gives its parts to the list it stands in, whatever the list is: so upstream. */
static void combined_part(parts_of_t *s, const jv_t *list, cf_criterion_t criterion)
{
    if (list->kind != JV_ARRAY)
        return;
    cf_node_t **loaded = ARENA_ARRAY(s->build->arena, cf_node_t *, list->n);
    uint32_t n = 0;

    for (uint32_t i = 0; i < list->n; i++) {
        loaded[i] = cf_load(s->build, &list->items[i], s->dialect);
        n += is_generated_all(loaded[i]) ? loaded[i]->combined->n : 1;
    }
    cf_node_t **branches = ARENA_ARRAY(s->build->arena, cf_node_t *, n);
    n = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        if (!is_generated_all(loaded[i])) {
            branches[n++] = loaded[i];
            continue;
        }
        memcpy(branches + n, loaded[i]->combined->branches, sizeof(*branches) * loaded[i]->combined->n);
        n += loaded[i]->combined->n;
    }
    part_add(s, cf_combined_new(s->build, s->at, criterion, branches, n));
}

/* --- a schema ----------------------------------------------------------------------------------------------------------- */

/* Keywords that count only in company of others, or not at all, or whose node comes last. */
static bool keyword_waits(const parts_of_t *s, cf_keyword_t keyword)
{
    switch ((int)keyword) {
    case KW_PROPERTIES:
    case KW_PATTERN_PROPERTIES:
    case KW_UNEVALUATED_ITEMS:
    case KW_UNEVALUATED_PROPERTIES:
    case KW_FORMAT:
    case KW_DEPENDENCIES:
        return true;
    case KW_ADDITIONAL_ITEMS:
        return s->kw->at[KW_ITEMS] == NULL || s->kw->at[KW_ITEMS]->kind != JV_ARRAY;
    default:
        return false;
    }
}

static void keyword_part(parts_of_t *s, cf_keyword_t keyword, const jv_t *value)
{
    if (keyword_waits(s, keyword))
        return;
    if (kind_gathers(cf_keyword_kind(keyword))) {
        gathered_part(s, cf_keyword_kind(keyword));
        return;
    }
    switch ((int)keyword) {
    case KW_REF:
    case KW_DYNAMIC_REF:
    case KW_RECURSIVE_REF:
        part_add(s, cf_reference_new(s->build, s->at, value));
        break;
    case KW_TYPE:
        if (value->kind == JV_STRING)
            type_part(s, value);
        else if (value->kind == JV_ARRAY)
            types_part(s, value);
        break;
    case KW_ALL_OF:
        combined_part(s, value, CF_ALL_OF);
        break;
    case KW_ANY_OF:
        combined_part(s, value, CF_ANY_OF);
        break;
    case KW_ONE_OF:
        combined_part(s, value, CF_ONE_OF);
        break;
    case KW_ENUM:
        if (value->kind == JV_ARRAY)
            part_add(s, cf_enum_new(s->build, s->at, value));
        break;
    case KW_CONST:
        part_add(s, cf_const_new(s->build, s->at, value));
        break;
    case KW_NOT:
        part_add(s, cf_not_new(s->build, s->at, value, s->dialect));
        break;
    case KW_IF:
        cf_conditional_load(s->build, s->kw, s->dialect); /* without `if` there is no condition, only words */
        part_add(s, cf_node_new(s->build, CF_CONDITIONAL, s->at));
        break;
    default:
        break;
    }
}

/* An empty `properties` is nothing here, while the older drafts make it an object. */
static bool has_members(const jv_t *value)
{
    return value != NULL && value->kind == JV_OBJECT && value->n > 0;
}

static void late_parts(parts_of_t *s)
{
    if (has_members(s->kw->at[KW_PROPERTIES]) || has_members(s->kw->at[KW_PATTERN_PROPERTIES]))
        gathered_part(s, CF_OBJECT);
    if (s->kw->at[KW_UNEVALUATED_ITEMS] != NULL)
        gathered_part(s, CF_ARRAY);
    if (s->kw->at[KW_UNEVALUATED_PROPERTIES] != NULL)
        gathered_part(s, CF_OBJECT);
}

static void part_remove(parts_of_t *s, const cf_node_t *node)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < s->n; i++) {
        if (s->parts[i] != node)
            s->parts[kept++] = s->parts[i];
    }
    s->n = kept;
}

/* A gathered part becomes part of the branch of its kind in a type with several names, wherever the two stand. */
static void gathered_into_types(parts_of_t *s)
{
    for (uint32_t i = 0; s->any != NULL && i < s->any->combined->n; i++) {
        cf_node_t *branch = s->any->combined->branches[i];
        cf_node_t *part = s->by_kind[branch->kind];
        if (part == NULL)
            continue;
        part->typed = true;
        if (branch->kind == CF_NUMBER)
            part->number->integer = branch->number->integer;
        part_remove(s, part);
        s->by_kind[branch->kind] = NULL;
        s->any->combined->branches[i] = part;
    }
}

static cf_node_t *parts_join(parts_of_t *s)
{
    if (s->n == 0)
        return cf_node_new(s->build, CF_EMPTY, s->at);
    if (s->n == 1)
        return s->parts[0];
    cf_node_t **branches = ARENA_ARRAY(s->build->arena, cf_node_t *, s->n);
    memcpy(branches, s->parts, sizeof(*branches) * s->n);
    cf_node_t *node = cf_combined_new(s->build, s->at, CF_ALL_OF, branches, s->n);
    node->combined->generated = true;
    return node;
}

cf_node_t *cf_load_modern(cf_build_t *build, const jv_t *schema, js_dialect_t dialect)
{
    cf_keywords_t keywords = cf_keywords_of(schema);
    cf_node_t *parts[KW_N + 1];
    parts_of_t s = {.build = build, .at = schema, .kw = &keywords, .dialect = dialect, .parts = parts};

    for (uint32_t i = 0; i < schema->n; i++) {
        cf_keyword_t keyword = cf_keyword_find(schema->members[i].name);
        if (keyword != KW_N)
            keyword_part(&s, keyword, &schema->members[i].value);
    }
    late_parts(&s);
    gathered_into_types(&s);
    cf_node_t *node = parts_join(&s);
    cf_annotate(node, schema, &keywords, dialect);
    return node;
}

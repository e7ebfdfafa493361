/* confluent_old.c - drafts 4, 6 and 7 into confluent mode's model, as the everit loader does it.
 *
 * A schema is asked for its kinds of keywords in a fixed order; each gives a node, and keywords that the `type` has taken
 * are gone. Several nodes make an allOf. Beside $ref everything but the annotations is ignored.
 */
#include "compat/json/confluent_build.h"

#include <string.h>

/* enum, three combined, not, const, type, and five kinds found by their keywords */
#define PARTS_MAX 12

typedef struct {
    cf_build_t *build;
    const jv_t *at;
    const cf_keywords_t *kw;
    js_dialect_t dialect;
    cf_node_t *parts[PARTS_MAX];
    uint32_t n;
    bool taken[CF_KIND_N]; /* the keywords of this kind belong to a type */
} parts_of_t;

static void part_add(parts_of_t *s, cf_node_t *node)
{
    s->parts[s->n++] = node;
}

static bool has_keyword_of(const parts_of_t *s, cf_kind_t kind)
{
    for (cf_keyword_t keyword = 0; keyword < KW_N; keyword++) {
        if (s->kw->at[keyword] != NULL && cf_keyword_kind(keyword) == kind &&
            cf_keyword_known(keyword, s->dialect))
            return true;
    }
    return false;
}

/* --- parts, in the order in which they are asked for ------------------------------------------------------------------ */

static void enum_part(parts_of_t *s)
{
    const jv_t *values = s->kw->at[KW_ENUM];

    if (values != NULL && values->kind == JV_ARRAY)
        part_add(s, cf_enum_new(s->build, s->at, values));
}

static void combined_parts(parts_of_t *s)
{
    static const cf_keyword_t words[] = {
        [CF_ALL_OF] = KW_ALL_OF, [CF_ANY_OF] = KW_ANY_OF, [CF_ONE_OF] = KW_ONE_OF};

    for (cf_criterion_t criterion = CF_ALL_OF; criterion <= CF_ONE_OF; criterion++) {
        const jv_t *list = s->kw->at[words[criterion]];
        if (list == NULL || list->kind != JV_ARRAY)
            continue;
        cf_node_t **branches = ARENA_ARRAY(s->build->arena, cf_node_t *, list->n);
        for (uint32_t i = 0; i < list->n; i++)
            branches[i] = cf_load(s->build, &list->items[i], s->dialect);
        part_add(s, cf_combined_new(s->build, s->at, criterion, branches, list->n));
    }
}

static void not_part(parts_of_t *s)
{
    if (s->kw->at[KW_NOT] != NULL)
        part_add(s, cf_not_new(s->build, s->at, s->kw->at[KW_NOT], s->dialect));
}

static void const_part(parts_of_t *s)
{
    if (s->dialect != DIALECT_04 && s->kw->at[KW_CONST] != NULL)
        part_add(s, cf_const_new(s->build, s->at, s->kw->at[KW_CONST]));
}

static cf_node_t *type_node(parts_of_t *s, text_t type)
{
    cf_kind_t kind;

    if (!cf_type_find(type, &kind))
        return cf_node_new(s->build, CF_EMPTY, s->at);
    cf_node_t *node = cf_kind_load(s->build, s->at, s->kw, s->dialect, kind);
    s->taken[kind] = true;
    node->typed = true;
    if (kind == CF_NUMBER)
        node->number->integer = text_is(type, "integer");
    return node;
}

static void type_part(parts_of_t *s)
{
    const jv_t *type = s->kw->at[KW_TYPE];

    if (type == NULL || (type->kind != JV_STRING && type->kind != JV_ARRAY))
        return;
    if (type->kind == JV_STRING) {
        part_add(s, type_node(s, type->text));
        return;
    }
    cf_node_t **branches = ARENA_ARRAY(s->build->arena, cf_node_t *, type->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < type->n; i++) {
        if (type->items[i].kind == JV_STRING)
            branches[n++] = type_node(s, type->items[i].text);
    }
    part_add(s, cf_combined_new(s->build, s->at, CF_ANY_OF, branches, n));
}

/* Keywords that no type has taken give a node all the same. */
static void sniffed_parts(parts_of_t *s)
{
    static const cf_kind_t kinds[] = {CF_ARRAY, CF_OBJECT, CF_NUMBER, CF_STRING, CF_CONDITIONAL};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!s->taken[kinds[i]] && has_keyword_of(s, kinds[i]))
            part_add(s, cf_kind_load(s->build, s->at, s->kw, s->dialect, kinds[i]));
    }
    if (s->dialect == DIALECT_07)
        cf_conditional_load(s->build, s->kw, s->dialect);
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

cf_node_t *cf_load_old(cf_build_t *build, const jv_t *schema, js_dialect_t dialect)
{
    cf_keywords_t keywords = cf_keywords_of(schema);
    parts_of_t s = {.build = build, .at = schema, .kw = &keywords, .dialect = dialect};
    cf_node_t *node;

    if (keywords.at[KW_REF] != NULL) {
        node = cf_reference_new(build, schema, keywords.at[KW_REF]);
    } else {
        enum_part(&s);
        combined_parts(&s);
        not_part(&s);
        const_part(&s);
        type_part(&s);
        sniffed_parts(&s);
        node = parts_join(&s);
    }
    cf_annotate(node, schema, &keywords, dialect);
    return node;
}

/* confluent_model.c - builds confluent mode's model: the nodes of a document, and where its references lead. */
#include "compat/json/confluent_build.h"

#include <stdint.h>
#include <string.h>

const char *cf_criterion_name(cf_criterion_t criterion)
{
    static const char *const names[] = {[CF_ALL_OF] = "allOf", [CF_ANY_OF] = "anyOf", [CF_ONE_OF] = "oneOf"};

    return names[criterion];
}

/* --- the node of a place -------------------------------------------------------------------------------------------- */

static uint32_t place_slot(const cf_build_t *build, const jv_t *schema)
{
    uint64_t mixed = (uint64_t)(uintptr_t)schema * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t mask = build->places.room - 1;
    uint32_t slot = (uint32_t)(mixed >> 32) & mask;

    while (build->places.keys[slot] != NULL && build->places.keys[slot] != schema)
        slot = (slot + 1) & mask;
    return slot;
}

static void places_grow(cf_build_t *build)
{
    const jv_t **keys = build->places.keys;
    cf_node_t **values = build->places.values;
    uint32_t room = build->places.room;

    build->places.room = room == 0 ? 64 : room * 2;
    build->places.keys = ARENA_ARRAY(build->scratch, const jv_t *, build->places.room);
    build->places.values = ARENA_ARRAY(build->scratch, cf_node_t *, build->places.room);
    for (uint32_t i = 0; i < room; i++) {
        if (keys[i] != NULL) {
            uint32_t slot = place_slot(build, keys[i]);
            build->places.keys[slot] = keys[i];
            build->places.values[slot] = values[i];
        }
    }
}

static cf_node_t *place_find(const cf_build_t *build, const jv_t *schema)
{
    return build->places.room == 0 ? NULL : build->places.values[place_slot(build, schema)];
}

static void place_add(cf_build_t *build, const jv_t *schema, cf_node_t *node)
{
    if (build->places.n * 2 >= build->places.room)
        places_grow(build);
    uint32_t slot = place_slot(build, schema);
    build->places.keys[slot] = schema;
    build->places.values[slot] = node;
    build->places.n++;
}

/* --- nodes ---------------------------------------------------------------------------------------------------------- */

cf_node_t *cf_node_new(cf_build_t *build, cf_kind_t kind, const jv_t *at)
{
    cf_node_t *node = ARENA_NEW(build->arena, cf_node_t);

    node->kind = kind;
    node->modern = build->modern;
    node->dialect = build->dialect;
    node->at = at;
    node->index = build->n_nodes++;
    return node;
}

#define LIST_ADD(build, list, node)                                              \
    do {                                                                         \
        if ((list).n == (list).room) {                                           \
            uint32_t room_ = (list).room == 0 ? 16 : (list).room * 2;            \
            cf_node_t **at_ = ARENA_ARRAY((build)->scratch, cf_node_t *, room_); \
            if ((list).n > 0)                                                    \
                memcpy(at_, (list).at, sizeof(*at_) * (list).n);                 \
            (list).at = at_;                                                     \
            (list).room = room_;                                                 \
        }                                                                        \
        (list).at[(list).n++] = (node);                                          \
    } while (0)

cf_node_t *cf_combined_new(cf_build_t *build, const jv_t *at, cf_criterion_t criterion, cf_node_t **branches,
                           uint32_t n)
{
    cf_node_t *node = cf_node_new(build, CF_COMBINED, at);

    node->combined = ARENA_NEW(build->arena, cf_combined_t);
    node->combined->criterion = criterion;
    node->combined->branches = branches;
    node->combined->n = n;
    LIST_ADD(build, build->combined, node);
    return node;
}

cf_node_t *cf_reference_new(cf_build_t *build, const jv_t *at, const jv_t *text)
{
    cf_node_t *node;

    if (text->kind != JV_STRING)
        return cf_node_new(build, CF_EMPTY, at);
    node = cf_node_new(build, CF_REFERENCE, at);
    node->reference = ARENA_NEW(build->arena, cf_reference_t);
    node->reference->text = text->text;
    LIST_ADD(build, build->references, node);
    return node;
}

cf_node_t *cf_load(cf_build_t *build, const jv_t *schema, js_dialect_t dialect)
{
    cf_node_t *node = place_find(build, schema);

    if (node != NULL)
        return node;
    build->dialect = dialect;
    if (schema->kind == JV_TRUE || schema->kind == JV_FALSE)
        node = cf_node_new(build, schema->kind == JV_TRUE ? CF_TRUE : CF_FALSE, schema);
    else if (schema->kind != JV_OBJECT)
        node = cf_node_new(build, CF_EMPTY, schema);
    else if (build->modern)
        node = cf_load_modern(build, schema, dialect);
    else
        node = cf_load_old(build, schema, dialect);
    place_add(build, schema, node);
    return node;
}

/* --- references ----------------------------------------------------------------------------------------------------- */

/* Where old drafts keep their definitions, `$defs` finds them too: Confluent shows `definitions` under both names. */
static bool with_definitions(text_t reference, arena_t *arena, text_t *out)
{
    static const char from[] = "#/$defs/";
    const char *hash = reference.bytes > 0 ? memchr(reference.at, '#', reference.bytes) : NULL;
    size_t before = hash != NULL ? (size_t)(hash - reference.at) : 0;

    if (hash == NULL || !text_starts(text_from(reference, before), TEXT("#/$defs/")))
        return false;
    *out = text_printf(arena, TEXT_FMT "#/definitions/" TEXT_FMT, (int)before, reference.at,
                       TEXT_ARG(text_from(reference, before + sizeof(from) - 1)));
    return true;
}

static int place_of(cf_build_t *build, const cf_node_t *node, js_place_t *out)
{
    const js_resource_t *from = js_resource_of(build->resources, node->at);
    text_t reference = node->reference->text, other;
    fault_t fault = {0}, ignored = {0};

    if (from == NULL)
        from = js_resource_root(build->resources);
    if (js_resolve(build->resources, from, reference, build->scratch, out, &fault) == 0 ||
        (with_definitions(reference, build->scratch, &other) &&
         js_resolve(build->resources, from, other, build->scratch, out, &ignored) == 0)) {
        if (cf_is_schema(out->schema))
            return 0;
        return fault_set(build->fault, FAULT_REFERENCE, node->at->line, node->at->column,
                         "reference \"" TEXT_FMT "\" leads to something that is not a schema",
                         TEXT_ARG(reference));
    }
    return fault_set(build->fault, fault.code != FAULT_NONE ? fault.code : FAULT_REFERENCE, node->at->line,
                     node->at->column, "%s", fault.text);
}

static js_dialect_t dialect_read_as(const cf_build_t *build, js_dialect_t dialect)
{
    if (build->modern)
        return dialect >= DIALECT_2019_09 ? dialect : DIALECT_2020_12;
    return dialect <= DIALECT_07 ? dialect : DIALECT_07;
}

/* Finds the targets; loading one may add further references to the list. */
static int references_resolve(cf_build_t *build)
{
    for (uint32_t i = 0; i < build->references.n && !build->failed; i++) {
        cf_node_t *node = build->references.at[i];
        js_place_t place;

        if (place_of(build, node, &place) != 0)
            return -1;
        js_dialect_t dialect = place.resource != NULL ? place.resource->dialect : DIALECT_07;
        node->reference->target = cf_load(build, place.schema, dialect_read_as(build, dialect));
    }
    return build->failed ? -1 : 0;
}

/* A reference may lead to a reference; a node's target is what the last one leads to, or nothing if they lead round. */
static void references_shorten(cf_build_t *build)
{
    for (uint32_t i = 0; i < build->references.n; i++) {
        cf_node_t *end = build->references.at[i]->reference->target;
        uint32_t steps = 0;

        while (end != NULL && end->kind == CF_REFERENCE && steps++ <= build->references.n)
            end = end->reference->target;
        if (end != NULL && end->kind == CF_REFERENCE)
            end = NULL;
        for (cf_node_t *node = build->references.at[i]; node != NULL && node->kind == CF_REFERENCE;) {
            cf_node_t *next = node->reference->target;
            node->reference->target = end;
            node = next;
        }
    }
}

/* --- the model ------------------------------------------------------------------------------------------------------ */

int cf_model_build(const js_resources_t *resources, const jv_t *root, const limits_t *limits, arena_t *arena,
                   const cf_model_t **out, fault_t *fault)
{
    cf_model_t *model = ARENA_NEW(arena, cf_model_t);
    js_dialect_t dialect = js_resource_root(resources)->dialect;
    cf_build_t build = {.resources = resources,
                        .limits = limits,
                        .arena = arena,
                        .scratch = arena_new(),
                        .fault = fault,
                        .modern = dialect >= DIALECT_2019_09};

    model->root = cf_load(&build, root, dialect);
    int result = build.failed ? -1 : references_resolve(&build);
    if (result == 0) {
        references_shorten(&build);
        cf_distinct_fill(&build);
        model->n_nodes = build.n_nodes;
        *out = model;
    }
    arena_free(build.scratch);
    return result;
}

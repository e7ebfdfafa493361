#include "compat/json/validator_compile.h"

#include <stdlib.h>
#include <string.h>

#include "compat/json/keywords.h"

#define PATTERN_WORK \
    1000000 /* steps that may go into tables for patterns; the others are matched by backtracking */
#define FORWARD_MAX 64 /* references in a chain that are followed when compiling */

static void *grow(void *at, uint32_t *room, size_t each)
{
    *room = *room == 0 ? 64 : 2 * *room;
    void *grown = realloc(at, *room * each);
    if (grown == NULL)
        abort();
    return grown;
}

/* --- nodes by schema --------------------------------------------------------------------------------------------- */

static uint32_t slot_of(const compiler_t *c, const jv_t *schema)
{
    uint32_t at =
        (uint32_t)text_hash((text_t){(const char *)&schema, sizeof schema}, 0) & (c->size_slots - 1);
    while (c->slots[at] != NULL && c->slots[at]->schema != schema)
        at = (at + 1) & (c->size_slots - 1);
    return at;
}

static void grow_slots(compiler_t *c)
{
    c->size_slots = c->size_slots == 0 ? 128 : 2 * c->size_slots;
    free(c->slots);
    c->slots = calloc(c->size_slots, sizeof *c->slots);
    if (c->slots == NULL)
        abort();
    for (uint32_t i = 0; i < c->n_nodes; i++)
        c->slots[slot_of(c, c->nodes[i]->schema)] = c->nodes[i];
}

static void note_resource(compiler_t *c, const js_resource_t *resource)
{
    for (uint32_t i = 0; i < c->n_seen; i++)
        if (c->seen[i] == resource)
            return;
    if (c->n_seen == c->room_seen)
        c->seen = grow(c->seen, &c->room_seen, sizeof *c->seen);
    c->seen[c->n_seen++] = resource;
}

js_node_t *compile_place(compiler_t *c, const jv_t *schema, const js_resource_t *resource)
{
    if (2 * (c->n_nodes + 1) > c->size_slots)
        grow_slots(c);
    uint32_t at = slot_of(c, schema);
    if (c->slots[at] != NULL)
        return c->slots[at];
    js_node_t *node = ARENA_NEW(c->arena, js_node_t);
    node->schema = schema;
    node->resource = resource;
    node->types = TYPE_ANY;
    c->slots[at] = node;
    if (c->n_nodes == c->room_nodes)
        c->nodes = grow(c->nodes, &c->room_nodes, sizeof *c->nodes);
    c->nodes[c->n_nodes++] = node;
    if (c->n_seen == 0 || c->seen[c->n_seen - 1] != resource)
        note_resource(c, resource);
    return node;
}

js_node_t *compile_child(compiler_t *c, const js_node_t *parent, const jv_t *schema)
{
    /* Only an identifier starts another resource; most schemas have none. */
    bool may_differ =
        schema->kind == JV_OBJECT && (jv_get(schema, "$id") != NULL || jv_get(schema, "id") != NULL);
    const js_resource_t *resource = may_differ ? js_resource_of(c->resources, schema) : parent->resource;
    return compile_place(c, schema, resource == NULL ? parent->resource : resource);
}

int compile_fail(compiler_t *c, const jv_member_t *keyword, const char *what)
{
    if (c->fault == NULL || c->fault->code != FAULT_NONE)
        return -1;
    fault_set(c->fault, FAULT_SCHEMA, keyword->value.line, keyword->value.column, "\"" TEXT_FMT "\" %s",
              TEXT_ARG(keyword->name), what);
    fault_set_pointer(c->fault, js_pointer(c->resources, &keyword->value, c->arena));
    return -1;
}

/* --- dynamic names ----------------------------------------------------------------------------------------------- */

uint32_t compile_dynamic_name(compiler_t *c, text_t anchor)
{
    for (uint32_t i = 0; i < c->n_names; i++)
        if (text_eq(c->names[i].anchor, anchor))
            return i + 1;
    if (c->n_names == c->room_names)
        c->names = grow(c->names, &c->room_names, sizeof *c->names);
    c->names[c->n_names++] = (js_dynamic_name_t){.anchor = anchor};
    return c->n_names;
}

/* What `resource` itself declares for a name: its place for dynamic references, if any. */
static const jv_t *dynamic_target(const compiler_t *c, const js_resource_t *resource, text_t anchor)
{
    if (anchor.bytes > 0)
        return js_dynamic_anchor(c->resources, resource, anchor);
    return resource->recursive_anchor ? resource->root : NULL;
}

static void add_target(compiler_t *c, js_dynamic_name_t *name, const js_resource_t *resource)
{
    const jv_t *schema = dynamic_target(c, resource, name->anchor);
    if (schema == NULL)
        return;
    js_dynamic_target_t *targets = ARENA_ARRAY(c->arena, js_dynamic_target_t, name->n_targets + 1);
    if (name->n_targets > 0)
        memcpy(targets, name->targets, name->n_targets * sizeof *targets);
    targets[name->n_targets] = (js_dynamic_target_t){resource, compile_place(c, schema, resource)};
    name->targets = targets;
    name->n_targets++;
}

/* Every pair of a name and a resource, each once: both lists grow while nodes are compiled. */
static void add_targets(compiler_t *c)
{
    uint32_t names = c->n_names, seen = c->n_seen;
    for (uint32_t n = 0; n < names; n++)
        for (uint32_t r = n < c->names_done ? c->seen_done : 0; r < seen; r++)
            add_target(c, &c->names[n], c->seen[r]);
    c->names_done = names;
    c->seen_done = seen;
}

/* --- the whole --------------------------------------------------------------------------------------------------- */

/* The kinds that fit whatever the value; a number may fit by its value all the same. */
static uint8_t kinds_of(uint8_t types)
{
    static const uint8_t needed[] = {
        [JV_NULL] = TYPE_NULL,     [JV_FALSE] = TYPE_BOOLEAN,
        [JV_TRUE] = TYPE_BOOLEAN,  [JV_NUMBER] = TYPE_INTEGER | TYPE_FRACTION,
        [JV_STRING] = TYPE_STRING, [JV_ARRAY] = TYPE_ARRAY,
        [JV_OBJECT] = TYPE_OBJECT,
    };
    uint8_t kinds = 0;
    for (jv_kind_t kind = JV_NULL; kind <= JV_OBJECT; kind++)
        if ((types & needed[kind]) == needed[kind])
            kinds |= (uint8_t)(1u << kind);
    return kinds;
}

static bool is_leaf(const js_node_t *node)
{
    return node->values == NULL && node->number == NULL && node->string == NULL && node->array == NULL &&
           node->object == NULL && node->applied == NULL && node->unevaluated_items == NULL &&
           node->unevaluated_properties == NULL;
}

static int compile_node(compiler_t *c, js_node_t *node)
{
    const jv_t *schema = node->schema;
    if (schema->kind == JV_OBJECT) {
        const jv_member_t *ref = jv_member(schema, TEXT("$ref"));
        if (ref != NULL &&
            node->resource->dialect <= DIALECT_07) { /* draft-07 core, 8.3: siblings are ignored */
            if (compile_keyword(c, node, ref) != 0)
                return -1;
        } else {
            for (uint32_t i = 0; i < schema->n; i++)
                if (compile_keyword(c, node, &schema->members[i]) != 0)
                    return -1;
            if (node->object != NULL && compile_properties(c, node) != 0)
                return -1;
        }
    }
    node->never = schema->kind == JV_FALSE;
    node->kinds = kinds_of(node->types);
    node->leaf = is_leaf(node);
    node->plain =
        node->applied == NULL && node->unevaluated_items == NULL && node->unevaluated_properties == NULL;
    for (uint32_t i = 0; node->object != NULL && i < node->object->n_dependencies; i++)
        node->plain &= node->object->dependencies[i].node == NULL;
    return 0;
}

static int compile_all(compiler_t *c)
{
    do {
        while (c->next < c->n_nodes)
            if (compile_node(c, c->nodes[c->next++]) != 0)
                return -1;
        add_targets(c);
    } while (c->next < c->n_nodes);
    return 0;
}

/* Where the schema that is only a reference leads; NULL if it says anything else. */
static js_node_t *only_reference(const js_node_t *node)
{
    const js_applied_t *applied = node->applied;
    bool only = applied != NULL && applied->ref != NULL && applied->dynamic_ref == NULL &&
                applied->all_of.nodes == NULL && applied->any_of.nodes == NULL &&
                applied->one_of.nodes == NULL && applied->not == NULL && applied->if_ == NULL &&
                node->values == NULL && node->number == NULL && node->string == NULL && node->array == NULL &&
                node->object == NULL && node->unevaluated_items == NULL &&
                node->unevaluated_properties == NULL && node->types == TYPE_ANY;
    return only ? applied->ref : NULL;
}

/* Chains of references are followed once, here; not round in a circle, and not where the way there adds to the dynamic scope. */
static void forward(compiler_t *c)
{
    for (uint32_t i = 0; i < c->n_nodes; i++) {
        js_node_t *node = c->nodes[i], *at = node, *next;
        uint32_t steps = 0;
        while (c->n_names == 0 && (next = only_reference(at)) != NULL && steps++ < FORWARD_MAX)
            at = next;
        node->forward = only_reference(at) == NULL ? at : node;
    }
}

int js_validator_compile(const js_resources_t *resources, js_format_t format, const limits_t *limits,
                         arena_t *arena, js_validator_t **out, fault_t *fault)
{
    compiler_t c = {.resources = resources,
                    .limits = limits,
                    .arena = arena,
                    .fault = fault,
                    .format = format,
                    .pattern_work = PATTERN_WORK};
    js_validator_t *validator = ARENA_NEW(arena, js_validator_t);
    const js_resource_t *root = js_resource_root(resources);
    validator->resources = resources;
    validator->root = compile_place(&c, root->root, root);
    int failed = compile_all(&c);
    if (failed == 0) {
        forward(&c);
        validator->root = validator->root->forward;
        validator->n_nodes = c.n_nodes;
        validator->n_names = c.n_names;
        validator->names = ARENA_ARRAY(arena, js_dynamic_name_t, c.n_names);
        if (c.n_names > 0)
            memcpy(validator->names, c.names, c.n_names * sizeof *c.names);
        *out = validator;
    }
    free(c.nodes);
    free(c.slots);
    free(c.seen);
    free(c.names);
    return failed;
}

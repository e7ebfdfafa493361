#include "compat/json/strict_front.h"

#include <stdlib.h>
#include <string.h>

#include "compat/json/strict_table.h"

#define DEPTH_MAX \
    400 /* schemas within schemas, references followed: each takes a few hundred bytes of stack */

/* A schema object in one dynamic scope: being read, or read. */
typedef struct {
    const jv_t *schema;
    uint32_t scope;
    uint32_t level;      /* steps into instances above it while it is read */
    uint32_t definition; /* UINT32_MAX until a cycle needs one */
    bool done;
    ir_id_t result;
} entry_t;

/* The resources that were entered, outermost first, each once: only the first of a resource decides where a dynamic reference leads. */
typedef struct {
    uint32_t outer; /* scope before it; the first scope is its own */
    const js_resource_t *resource;
} scope_t;

typedef struct {
    ir_kind_t kind;
    bool is_schema; /* of all kinds */
    ir_id_t id;
} part_t;

struct front {
    ir_t *ir;
    const js_resources_t *resources;
    front_options_t options;
    entry_t *entries;
    uint32_t n_entries, entry_room;
    ir_table_t table;
    scope_t *scopes;
    uint32_t n_scopes, scope_room, scope;
    part_t *parts; /* of the schema objects being read: a stack */
    uint32_t n_parts, part_room;
    uint32_t level, depth;
    bool tracks_scopes, left_root, met_dynamic;
};

ir_t *front_ir(front_t *front)
{
    return front->ir;
}

bool front_asserts_formats(const front_t *front)
{
    return front->options.assert_format;
}

/* --- collecting what a schema object says ------------------------------------------------------------------------------ */

static void add_part(front_t *front, part_t part)
{
    if (part.id == IR_YES)
        return;
    if (front->n_parts == front->part_room)
        front->parts = table_grow(front->parts, &front->part_room, sizeof *front->parts);
    front->parts[front->n_parts++] = part;
}

void front_add(front_t *front, ir_kind_t kind, ir_id_t formula)
{
    add_part(front, (part_t){.kind = kind, .id = formula});
}

void front_add_schema(front_t *front, ir_id_t schema)
{
    add_part(front, (part_t){.is_schema = true, .id = schema});
}

static ir_id_t collect(front_t *front, uint32_t base)
{
    ir_t *ir = front->ir;
    ir_id_t parts[IR_KINDS];
    if (front->n_parts == base + 1 && front->parts[base].is_schema)
        return front->parts[base].id;
    for (int k = 0; k < IR_KINDS; k++) {
        uint32_t top = ir->stack_n;
        for (uint32_t i = base; i < front->n_parts; i++) {
            const part_t *part = &front->parts[i];
            if (part->is_schema)
                ir_push(ir, ir_part(ir, part->id, (ir_kind_t)k));
            else if (part->kind == (ir_kind_t)k)
                ir_push(ir, part->id);
        }
        parts[k] = ir_and_top(ir, (ir_kind_t)k, top);
    }
    return ir_schema(ir, parts);
}

ir_id_t front_opaque(front_t *front, unsigned kinds, const char *reason, const jv_t *place)
{
    ir_id_t parts[IR_KINDS];
    text_t name = front->scope == 0 ? TEXT_NONE : text_printf(front->ir->arena, "%u", front->scope);
    for (unsigned k = 0; k < IR_KINDS; k++)
        parts[k] = kinds & IR_BIT(k) ? ir_opaque(front->ir, (ir_kind_t)k, reason, place, name) : IR_YES;
    return ir_schema(front->ir, parts);
}

bool front_is_blocked(const front_t *front, const jv_t *keyword)
{
    for (size_t i = 0; i < front->options.n_blocked; i++) {
        const front_blocked_t *blocked = &front->options.blocked[i];
        if (blocked->keyword == keyword && blocked->name.at == NULL && !blocked->others)
            return true;
    }
    return false;
}

ir_id_t front_inner(front_t *front, const front_at_t *at, const jv_t *schema)
{
    front->level++;
    ir_id_t read = front_schema(front, schema, at->resource);
    front->level--;
    return read;
}
/* Without the names that are not to be looked at. */
ir_id_t front_unblocked(front_t *front, const jv_t *keyword, ir_id_t names)
{
    ir_t *ir = front->ir;
    for (size_t i = 0; i < front->options.n_blocked; i++) {
        const front_blocked_t *blocked = &front->options.blocked[i];
        if (blocked->keyword != keyword)
            continue;
        if (blocked->name.at != NULL) {
            names = ir_and2(ir, IR_STRING, names, IR_NOT(ir_string(ir, blocked->name)));
            continue;
        }
        uint32_t n = blocked->but == NULL ? 0 : blocked->but->n;
        uint32_t *kept = ARENA_ARRAY(ir->arena, uint32_t, n);
        for (uint32_t m = 0; m < n; m++)
            kept[m] = ir_text(ir, blocked->but->members[m].name);
        names = ir_and2(ir, IR_STRING, names, ir_strings(ir, kept, n));
    }
    return names;
}

/* --- references --------------------------------------------------------------------------------------------------------------- */

static bool is_in_scope(const front_t *front, const js_resource_t *resource)
{
    for (uint32_t scope = front->scope;; scope = front->scopes[scope].outer) {
        if (front->scopes[scope].resource == resource)
            return true;
        if (front->scopes[scope].outer == scope)
            return false;
    }
}

static uint32_t scope_add(front_t *front, uint32_t outer, const js_resource_t *resource)
{
    if (front->n_scopes == front->scope_room)
        front->scopes = table_grow(front->scopes, &front->scope_room, sizeof *front->scopes);
    front->scopes[front->n_scopes] = (scope_t){outer, resource};
    return front->n_scopes++;
}

static void scope_enter(front_t *front, const js_resource_t *resource)
{
    if (front->scopes[front->scope].resource == resource || is_in_scope(front, resource))
        return;
    front->left_root = true;
    if (!front->tracks_scopes)
        return;
    for (uint32_t i = 1; i < front->n_scopes; i++) {
        if (front->scopes[i].outer == front->scope && front->scopes[i].resource == resource) {
            front->scope = i;
            return;
        }
    }
    front->scope = scope_add(front, front->scope, resource);
}

/* The outermost resource of the dynamic scope that has what is looked for, or NULL. */
static const js_resource_t *outermost(front_t *front, text_t anchor)
{
    const js_resource_t *found = NULL;
    for (uint32_t scope = front->scope;; scope = front->scopes[scope].outer) {
        const js_resource_t *resource = front->scopes[scope].resource;
        if (anchor.at == NULL ? resource->recursive_anchor
                              : js_dynamic_anchor(front->resources, resource, anchor) != NULL)
            found = resource;
        if (front->scopes[scope].outer == scope)
            return found;
    }
}

/* Where the static part of a dynamic reference led may give way to the same anchor further out. */
static void resolve_dynamic(front_t *front, const char *keyword, js_place_t *place)
{
    bool recursive = strcmp(keyword, "$recursiveRef") == 0;
    if (recursive ? !place->resource->recursive_anchor : !place->dynamic)
        return;
    front->met_dynamic = true;
    const js_resource_t *resource = outermost(front, recursive ? TEXT_NONE : place->anchor);
    if (resource == NULL)
        return;
    place->resource = resource;
    place->schema = recursive ? resource->root : js_dynamic_anchor(front->resources, resource, place->anchor);
}

front_at_t front_enter(front_t *front, const jv_t *schema, const js_resource_t *resource, front_step_t *step)
{
    step->scope = front->scope;
    if (schema->kind == JV_OBJECT && jv_get(schema, resource->dialect == DIALECT_04 ? "id" : "$id") != NULL) {
        const js_resource_t *own = js_resource_of(front->resources, schema);
        resource = own != NULL ? own : resource;
    }
    scope_enter(front, resource);
    step->at = (front_at_t){schema, resource};
    return step->at;
}

void front_step_leave(front_t *front, const front_step_t *step)
{
    front->scope = step->scope;
}

bool front_follow(front_t *front, const front_at_t *at, const char *keyword, front_step_t *out)
{
    const jv_t *value = front_keyword(at, keyword);
    js_place_t place;
    if (value == NULL || value->kind != JV_STRING)
        return false;
    if (js_resolve(front->resources, at->resource, value->text, front->ir->arena, &place, NULL) != 0)
        return false;
    if (strcmp(keyword, "$ref") != 0)
        resolve_dynamic(front, keyword, &place);
    front_enter(front, place.schema, place.resource, out);
    return true;
}

/* --- a schema ------------------------------------------------------------------------------------------------------------------- */

static uint32_t find_entry(front_t *front, const jv_t *schema)
{
    uintptr_t address = (uintptr_t)schema;
    uint32_t hash =
        table_mix(table_mix((uint32_t)address, (uint32_t)((uint64_t)address >> 32)), front->scope);
    for (table_probe_t probe = table_probe(&front->table, hash); table_next(&probe);) {
        const entry_t *entry = &front->entries[probe.number];
        if (entry->schema == schema && entry->scope == front->scope)
            return probe.number;
    }
    if (front->n_entries == front->entry_room)
        front->entries = table_grow(front->entries, &front->entry_room, sizeof *front->entries);
    front->entries[front->n_entries] =
        (entry_t){.schema = schema, .scope = front->scope, .definition = UINT32_MAX, .level = UINT32_MAX};
    table_add(&front->table, hash, front->n_entries);
    return front->n_entries++;
}

/* Met again while it is being read: further inside the instance that is recursion, at the same place it means nothing. */
static ir_id_t read_again(front_t *front, entry_t *entry)
{
    if (entry->level == front->level)
        return front_opaque(front, IR_ALL, "reference-loop", entry->schema);
    if (entry->definition == UINT32_MAX)
        entry->definition = ir_definition_new(front->ir);
    return ir_definition(front->ir, entry->definition);
}

static ir_id_t read_object(front_t *front, const front_at_t *at)
{
    uint32_t number = find_entry(front, at->schema), base = front->n_parts;
    if (front->entries[number].done)
        return front->entries[number].result;
    if (front->entries[number].level != UINT32_MAX)
        return read_again(front, &front->entries[number]);
    front->entries[number].level = front->level;
    front_read_keywords(front, at);
    ir_id_t result = front->ir->failed == NULL ? collect(front, base) : IR_NO;
    front->n_parts = base;
    entry_t *entry = &front->entries[number];
    entry->done = true;
    entry->result = result;
    if (entry->definition != UINT32_MAX)
        front->ir->definitions[entry->definition] = result;
    return result;
}

ir_id_t front_schema(front_t *front, const jv_t *schema, const js_resource_t *resource)
{
    if (schema->kind == JV_TRUE)
        return IR_YES;
    if (schema->kind == JV_FALSE)
        return front_is_blocked(front, schema) ? IR_YES : IR_NO;
    if (schema->kind != JV_OBJECT)
        return front_opaque(front, IR_ALL, "keyword", schema);
    if (schema->n == 0)
        return IR_YES;
    if (front->depth >= DEPTH_MAX)
        return front_opaque(front, IR_ALL, "depth", schema);
    if (!ir_spend(front->ir, 1))
        return IR_NO;
    front_step_t step;
    front_at_t at = front_enter(front, schema, resource, &step);
    front->depth++;
    ir_id_t read = read_object(front, &at);
    front->depth--;
    front_step_leave(front, &step);
    return read;
}

static ir_id_t read_document(ir_t *ir, const js_resources_t *resources, const front_options_t *options,
                             bool tracks, bool *again)
{
    const js_resource_t *root = js_resource_root(resources);
    front_t front = {.ir = ir, .resources = resources, .options = *options, .tracks_scopes = tracks};
    scope_add(&front, 0, root);
    ir_id_t read = front_schema(&front, root->root, root);
    *again = !tracks && front.met_dynamic && front.left_root;
    free(front.entries);
    free(front.table.at);
    free(front.scopes);
    free(front.parts);
    return read;
}

/* Dynamic scopes are told apart only where it matters: in documents of several resources that refer dynamically. */
ir_id_t front_read(ir_t *ir, const js_resources_t *resources, const front_options_t *options)
{
    bool again;
    ir_id_t read = read_document(ir, resources, options, false, &again);
    return again ? read_document(ir, resources, options, true, &again) : read;
}

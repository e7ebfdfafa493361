/* unevaluatedProperties and unevaluatedItems, compiled away.
 *
 * A source says: if this condition holds (a branch is valid), then these names (or positions) are evaluated. Each name is then either
 * evaluated by a source whose condition holds, or satisfies the schema:
 *
 *     for every cell of names that the same sources cover:   or(conditions of those sources)  or  EACH(cell, schema)
 *
 * Names that are spelled out are cells of their own, so that only patterns and additionalProperties within branches multiply.
 *
 * Spec     JSON Schema 2019-09 core 9.3.1.3 and 9.3.2.4; 2020-12 core 11 (there, contains evaluates the items it matches).
 */
#include <string.h>

#include "compat/json/strict_front.h"

#define NESTING_MAX  64 /* schemas in place within schemas in place */
#define SOURCES_MAX  512
#define PATTERNS_MAX 8 /* sources that do not spell their names out: 2^8 cells */
#define CONTAINS_MAX 6

typedef struct {
    ir_id_t condition; /* a formula of objects or of arrays */
    ir_id_t names;     /* of members */
    uint32_t items;    /* how many at the front; IR_END: all */
    ir_id_t contains;  /* items that satisfy this schema; IR_NO: none */
} source_t;

typedef struct {
    front_t *front;
    ir_kind_t kind;
    source_t sources[SOURCES_MAX];
    uint32_t n, nesting;
    bool too_many;
} gather_t;

/* --- gathering sources ------------------------------------------------------------------------------------------------- */

static void add_source(gather_t *gather, source_t source)
{
    if (source.condition == IR_NO)
        return;
    if (gather->n == SOURCES_MAX) {
        gather->too_many = true;
        return;
    }
    gather->sources[gather->n++] = source;
}

static void add_names(gather_t *gather, ir_id_t condition, ir_id_t names)
{
    if (names != IR_NO)
        add_source(gather, (source_t){.condition = condition, .names = names, .contains = IR_NO});
}

static void add_items(gather_t *gather, ir_id_t condition, uint32_t items)
{
    if (items > 0)
        add_source(gather, (source_t){.condition = condition, .items = items, .contains = IR_NO});
}

static void gather_names(gather_t *gather, const front_at_t *at, ir_id_t condition)
{
    ir_t *ir = front_ir(gather->front);
    const jv_t *properties = front_keyword(at, "properties");
    const jv_t *patterns = front_keyword(at, "patternProperties");
    if (properties != NULL && properties->kind == JV_OBJECT) {
        uint32_t *names = ARENA_ARRAY(ir->arena, uint32_t, properties->n);
        for (uint32_t i = 0; i < properties->n; i++)
            names[i] = ir_text(ir, properties->members[i].name);
        add_names(gather, condition, ir_strings(ir, names, properties->n));
    }
    for (uint32_t i = 0; patterns != NULL && patterns->kind == JV_OBJECT && i < patterns->n; i++)
        add_names(gather, condition, ir_pattern(ir, patterns->members[i].name));
    if (front_keyword(at, "additionalProperties") != NULL)
        add_names(gather, condition, front_other_names(gather->front, at));
}

static void gather_items(gather_t *gather, const front_at_t *at, ir_id_t condition)
{
    bool newest = at->resource->dialect == DIALECT_2020_12;
    const jv_t *prefix = front_keyword(at, newest ? "prefixItems" : "items");
    const jv_t *rest = front_keyword(at, newest ? "items" : "additionalItems");
    const jv_t *contains = newest ? front_keyword(at, "contains") : NULL;
    if (prefix != NULL && prefix->kind == JV_ARRAY)
        add_items(gather, condition, prefix->n);
    if (newest ? rest != NULL : prefix != NULL && (prefix->kind != JV_ARRAY || rest != NULL))
        add_items(gather, condition, IR_END);
    if (contains != NULL) {
        ir_id_t schema = front_inner(gather->front, at, contains);
        add_source(gather, (source_t){.condition = condition, .contains = schema});
    }
}

static void gather_schema(gather_t *gather, const jv_t *schema, const js_resource_t *resource,
                          ir_id_t condition, bool outermost);

static ir_id_t given(gather_t *gather, const front_at_t *at, const jv_t *branch)
{
    return ir_part(front_ir(gather->front), front_schema(gather->front, branch, at->resource), gather->kind);
}

static void gather_branches(gather_t *gather, const front_at_t *at, const char *keyword, ir_id_t condition)
{
    ir_t *ir = front_ir(gather->front);
    const jv_t *branches = front_keyword(at, keyword);
    bool all = strcmp(keyword, "allOf") == 0;
    for (uint32_t i = 0; branches != NULL && branches->kind == JV_ARRAY && i < branches->n; i++) {
        const jv_t *branch = &branches->items[i];
        ir_id_t holds = all ? condition : ir_and2(ir, gather->kind, condition, given(gather, at, branch));
        gather_schema(gather, branch, at->resource, holds, false);
    }
}

static void gather_condition(gather_t *gather, const front_at_t *at, ir_id_t condition)
{
    ir_t *ir = front_ir(gather->front);
    const jv_t *test = front_keyword(at, "if");
    const jv_t *then = jv_get(at->schema, "then"),
               *otherwise = jv_get(at->schema, "else"); /* as `if` counts */
    if (test == NULL)
        return;
    ir_id_t holds = given(gather, at, test);
    ir_id_t yes = ir_and2(ir, gather->kind, condition, holds);
    gather_schema(gather, test, at->resource, yes, false);
    if (then != NULL)
        gather_schema(gather, then, at->resource, yes, false);
    if (otherwise != NULL)
        gather_schema(gather, otherwise, at->resource, ir_and2(ir, gather->kind, condition, IR_NOT(holds)),
                      false);
}

static void gather_dependent(gather_t *gather, const front_at_t *at, ir_id_t condition)
{
    ir_t *ir = front_ir(gather->front);
    const jv_t *map = front_keyword(at, "dependentSchemas");
    for (uint32_t i = 0; gather->kind == IR_OBJECT && map != NULL && map->kind == JV_OBJECT && i < map->n;
         i++) {
        ir_id_t present = ir_some(ir, ir_string(ir, map->members[i].name), IR_YES);
        gather_schema(gather, &map->members[i].value, at->resource,
                      ir_and2(ir, IR_OBJECT, condition, present), false);
    }
}

static void gather_references(gather_t *gather, const front_at_t *at, ir_id_t condition)
{
    static const char *const keywords[] = {"$ref", "$dynamicRef", "$recursiveRef"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        front_step_t step;
        if (!front_follow(gather->front, at, keywords[i], &step))
            continue;
        gather_schema(gather, step.at.schema, step.at.resource, condition, false);
        front_step_leave(gather->front, &step);
    }
}

static void gather_keywords(gather_t *gather, const front_at_t *at, ir_id_t condition, bool outermost)
{
    gather_references(gather, at, condition);
    if (at->resource->dialect <= DIALECT_07 && front_keyword(at, "$ref") != NULL)
        return;
    if (gather->kind == IR_OBJECT)
        gather_names(gather, at, condition);
    else
        gather_items(gather, at, condition);
    bool objects = gather->kind == IR_OBJECT;
    if (!outermost && front_keyword(at, objects ? "unevaluatedProperties" : "unevaluatedItems") != NULL)
        add_source(gather, (source_t){condition, IR_YES, IR_END, IR_NO});
    gather_branches(gather, at, "allOf", condition);
    gather_branches(gather, at, "anyOf", condition);
    gather_branches(gather, at, "oneOf", condition);
    gather_condition(gather, at, condition);
    gather_dependent(gather, at, condition);
}

static void gather_schema(gather_t *gather, const jv_t *schema, const js_resource_t *resource,
                          ir_id_t condition, bool outermost)
{
    if (schema->kind != JV_OBJECT || condition == IR_NO || !ir_spend(front_ir(gather->front), 1))
        return;
    if (gather->nesting >= NESTING_MAX) {
        gather->too_many = true;
        return;
    }
    front_step_t step;
    front_at_t at = front_enter(gather->front, schema, resource, &step);
    gather->nesting++;
    gather_keywords(gather, &at, condition, outermost);
    gather->nesting--;
    front_step_leave(gather->front, &step);
}

/* --- members ------------------------------------------------------------------------------------------------------------- */

typedef enum { COVERS, MISSES, CANNOT_TELL } covers_t;

static covers_t covers(ir_t *ir, ir_id_t names, ir_id_t name)
{
    ir_id_t both = ir_and2(ir, IR_STRING, names, name);
    return both == name ? COVERS : both == IR_NO ? MISSES : CANNOT_TELL;
}

static void add_cell(gather_t *gather, ir_id_t names, ir_id_t conditions, ir_id_t schema)
{
    ir_t *ir = front_ir(gather->front);
    front_add(gather->front, IR_OBJECT, ir_or2(ir, IR_OBJECT, conditions, ir_each(ir, names, schema)));
}

/* Every name that some source spells out is a cell of its own. They are returned as one set. */
static ir_id_t add_named_cells(gather_t *gather, ir_id_t schema)
{
    ir_t *ir = front_ir(gather->front);
    ir_id_t spelled = IR_NO;
    for (uint32_t i = 0; i < gather->n; i++) {
        ir_id_t names = gather->sources[i].names;
        if (ir_op(ir, names) == IR_OP_STRINGS && !ir_negated(names))
            spelled = ir_or2(ir, IR_STRING, spelled, names);
    }
    const ir_node_t *all = ir_node(ir, spelled);
    for (uint32_t m = 0; spelled != IR_NO && m < all->n; m++) {
        ir_id_t name = ir_strings(ir, &all->kids[m], 1), conditions = IR_NO;
        for (uint32_t i = 0; i < gather->n && conditions != IR_YES; i++) {
            covers_t covered = covers(ir, gather->sources[i].names, name);
            gather->too_many = gather->too_many || covered == CANNOT_TELL;
            if (covered == COVERS)
                conditions = ir_or2(ir, IR_OBJECT, conditions, gather->sources[i].condition);
        }
        add_cell(gather, name, conditions, schema);
    }
    return spelled;
}

static void add_other_cells(gather_t *gather, ir_id_t spelled, ir_id_t schema)
{
    ir_t *ir = front_ir(gather->front);
    ir_id_t rest = IR_NOT(spelled);
    const source_t *open[PATTERNS_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < gather->n; i++) {
        const source_t *source = &gather->sources[i];
        if (ir_and2(ir, IR_STRING, rest, source->names) == IR_NO)
            continue;
        if (source->condition == IR_YES)
            rest = ir_and2(ir, IR_STRING, rest, IR_NOT(source->names));
        else if (n < PATTERNS_MAX)
            open[n++] = source;
        else
            gather->too_many = true;
    }
    for (uint32_t chosen = 0; chosen < 1u << n && !gather->too_many; chosen++) {
        ir_id_t names = rest, conditions = IR_NO;
        for (uint32_t i = 0; i < n && names != IR_NO; i++) {
            bool covered = (chosen >> i & 1u) != 0;
            names = ir_and2(ir, IR_STRING, names, covered ? open[i]->names : IR_NOT(open[i]->names));
            if (covered)
                conditions = ir_or2(ir, IR_OBJECT, conditions, open[i]->condition);
        }
        add_cell(gather, names, conditions, schema);
    }
}

static gather_t *gather_new(front_t *front, ir_kind_t kind, const front_at_t *at)
{
    gather_t *gather = ARENA_NEW(front_ir(front)->arena, gather_t);
    gather->front = front;
    gather->kind = kind;
    gather_schema(gather, at->schema, at->resource, IR_YES, true);
    return gather;
}

void front_unevaluated_properties(front_t *front, const front_at_t *at, const jv_t *value)
{
    ir_id_t schema = front_inner(front, at, value);
    if (schema == IR_YES)
        return;
    gather_t *gather = gather_new(front, IR_OBJECT, at);
    if (!gather->too_many)
        add_other_cells(gather, add_named_cells(gather, schema), schema);
    if (gather->too_many)
        front_add(front, IR_OBJECT,
                  ir_part(front_ir(front), front_opaque(front, IR_ALL, "unevaluated", value), IR_OBJECT));
}

/* --- items --------------------------------------------------------------------------------------------------------------- */

/* Positions lo..hi, which the same sources cover. For each choice of conditional `contains` that may help: unless another one's
 * condition holds too, each item satisfies the schema or one of the chosen. */
static void add_item_cell(gather_t *gather, uint32_t lo, uint32_t hi, ir_id_t schema)
{
    ir_t *ir = front_ir(gather->front);
    const source_t *open[CONTAINS_MAX];
    ir_id_t conditions = IR_NO;
    uint32_t n = 0;
    for (uint32_t i = 0; i < gather->n; i++) {
        const source_t *source = &gather->sources[i];
        if (source->items > lo)
            conditions = ir_or2(ir, IR_ARRAY, conditions, source->condition);
        if (source->contains == IR_NO)
            continue;
        if (source->condition == IR_YES)
            schema = ir_schema_or(ir, schema, source->contains);
        else if (n < CONTAINS_MAX)
            open[n++] = source;
        else
            gather->too_many = true;
    }
    for (uint32_t chosen = 0; chosen < 1u << n && conditions != IR_YES && !gather->too_many; chosen++) {
        ir_id_t item = schema, others = conditions;
        for (uint32_t i = 0; i < n; i++) {
            if (chosen >> i & 1u)
                item = ir_schema_or(ir, item, open[i]->contains);
            else
                others = ir_or2(ir, IR_ARRAY, others, open[i]->condition);
        }
        front_add(gather->front, IR_ARRAY, ir_or2(ir, IR_ARRAY, others, ir_items(ir, lo, hi, item)));
    }
}

void front_unevaluated_items(front_t *front, const front_at_t *at, const jv_t *value)
{
    ir_id_t schema = front_inner(front, at, value);
    if (schema == IR_YES)
        return;
    gather_t *gather = gather_new(front, IR_ARRAY, at);
    for (uint32_t lo = 0; !gather->too_many;) {
        uint32_t next = IR_END;
        for (uint32_t i = 0; i < gather->n; i++) {
            uint32_t end = gather->sources[i].items;
            next = end > lo && end < next ? end : next;
        }
        add_item_cell(gather, lo, next == IR_END ? IR_END : next - 1, schema);
        if (next == IR_END)
            break;
        lo = next;
    }
    if (gather->too_many)
        front_add(front, IR_ARRAY,
                  ir_part(front_ir(front), front_opaque(front, IR_ALL, "unevaluated", value), IR_ARRAY));
}

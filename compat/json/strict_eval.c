/* Does a value satisfy a formula? Used for constants, where there is nothing to search for. */
#include <stdlib.h>

#include "compat/json/strict_search.h"

#define DEPTH_MAX 700 /* values within values, conjunctions within conjunctions */

static sat_t negated_if(sat_t answer, bool negated)
{
    if (answer == SAT_UNKNOWN || !negated)
        return answer;
    return answer == SAT_YES ? SAT_NO : SAT_YES;
}

static sat_t of(bool holds)
{
    return holds ? SAT_YES : SAT_NO;
}

static sat_t all_hold(search_t *search, const ir_node_t *node, const jv_t *value)
{
    sat_t all = SAT_YES;
    for (uint32_t i = 0; i < node->n; i++) {
        sat_t one = search_formula_holds(search, node->kids[i], value);
        if (one == SAT_NO)
            return SAT_NO;
        all = one == SAT_UNKNOWN ? SAT_UNKNOWN : all;
    }
    return all;
}

static sat_t in_range(search_t *search, const ir_node_t *node, const jv_t *value)
{
    ir_t *ir = search->ir;
    if (value->kind == JV_NUMBER) {
        ir_number_t number = ir_number(ir, value->text);
        return number == IR_INFINITE ? SAT_UNKNOWN : of(ir_ranges_hold(ir, node->in, number));
    }
    uint64_t size = value->kind == JV_STRING ? text_code_points(value->text) : value->n;
    return of(ir_ranges_hold_size(ir, node->in, size));
}

static sat_t is_multiple(search_t *search, const ir_node_t *node, const jv_t *value)
{
    ir_number_t number = ir_number(search->ir, value->text);
    return number == IR_INFINITE ? SAT_UNKNOWN : of(ir_number_divides(search->ir, node->a, number));
}

static sat_t is_one_of(search_t *search, const ir_node_t *node, const jv_t *value)
{
    const ir_t *ir = search->ir;
    if (node->op == IR_OP_STRINGS) {
        uint32_t pooled = ir_text_find(ir, value->text);
        return of(pooled != UINT32_MAX && ir_set_has(node, pooled));
    }
    for (uint32_t i = 0; i < node->n; i++) {
        if (jv_equal(ir->values[node->kids[i]], value))
            return SAT_YES;
    }
    return SAT_NO;
}

static sat_t matches(search_t *search, const ir_node_t *node, const jv_t *value)
{
    int matched = words_match(search->words, node->a, value->text);
    return matched < 0 ? search_unknown(search, "regex-unsupported", NULL) : of(matched != 0);
}

static sat_t is_in_opaque(search_t *search, const ir_node_t *node, const jv_t *value)
{
    const struct ir_opaque *opaque = &search->ir->opaques[node->a];
    int holds = value->kind == JV_STRING ? ir_opaque_holds(search->ir, node, value->text) : -1;
    return holds < 0 ? search_unknown(search, opaque->reason, opaque->place) : of(holds != 0);
}

typedef struct {
    uint64_t hash;
    const jv_t *value;
} hashed_t;

static int by_hash(const void *a, const void *b)
{
    uint64_t x = ((const hashed_t *)a)->hash, y = ((const hashed_t *)b)->hash;
    return x < y ? -1 : x > y;
}

static sat_t is_unique(search_t *search, const jv_t *array)
{
    hashed_t *items = ARENA_ARRAY(search->ir->arena, hashed_t, array->n);
    for (uint32_t i = 0; i < array->n; i++)
        items[i] = (hashed_t){jv_hash(&array->items[i]), &array->items[i]};
    qsort(items, array->n, sizeof *items, by_hash);
    for (uint32_t i = 0; i < array->n; i++) {
        for (uint32_t j = i + 1; j < array->n && items[j].hash == items[i].hash; j++) {
            if (jv_equal(items[i].value, items[j].value))
                return SAT_NO;
        }
    }
    return SAT_YES;
}

static sat_t items_hold(search_t *search, const ir_node_t *node, const jv_t *array)
{
    sat_t all = SAT_YES;
    for (uint32_t i = node->a; i < array->n && i <= node->b; i++) {
        sat_t one = search_holds(search, node->c, &array->items[i]);
        if (one == SAT_NO)
            return SAT_NO;
        all = one == SAT_UNKNOWN ? SAT_UNKNOWN : all;
    }
    return all;
}

static sat_t enough_hold(search_t *search, const ir_node_t *node, const jv_t *array)
{
    uint32_t holding = 0, unknown = 0;
    for (uint32_t i = 0; i < array->n; i++) {
        sat_t one = search_holds(search, node->a, &array->items[i]);
        holding += one == SAT_YES;
        unknown += one == SAT_UNKNOWN;
    }
    if (holding >= node->b)
        return SAT_YES;
    return holding + unknown >= node->b ? SAT_UNKNOWN : SAT_NO;
}

static sat_t members_hold(search_t *search, const ir_node_t *node, const jv_t *object)
{
    uint32_t single = ir_single(search->ir, node->a);
    if (single != UINT32_MAX) {
        const jv_t *member = jv_get_text(object, search->ir->texts[single]);
        return member == NULL ? SAT_YES : search_holds(search, node->b, member);
    }
    sat_t all = SAT_YES;
    for (uint32_t i = 0; i < object->n; i++) {
        jv_t name = {.kind = JV_STRING, .text = object->members[i].name};
        sat_t named = search_formula_holds(search, node->a, &name);
        sat_t one = named == SAT_NO ? SAT_YES : search_holds(search, node->b, &object->members[i].value);
        if (one == SAT_NO && named == SAT_YES)
            return SAT_NO;
        all = one != SAT_YES ? SAT_UNKNOWN : all;
    }
    return all;
}

static sat_t unfolded_holds(search_t *search, const ir_node_t *node, const jv_t *value)
{
    ir_id_t definition = search->ir->definitions[node->a];
    if (definition == IR_INFINITE)
        return SAT_UNKNOWN;
    return search_formula_holds(search, ir_part(search->ir, definition, (ir_kind_t)node->kind), value);
}

static sat_t node_holds(search_t *search, const ir_node_t *node, const jv_t *value)
{
    switch ((ir_op_t)node->op) {
    case IR_OP_TRUE:
        return SAT_YES;
    case IR_OP_RANGE:
        return in_range(search, node, value);
    case IR_OP_STRINGS:
    case IR_OP_VALUES:
        return is_one_of(search, node, value);
    case IR_OP_MULTIPLE:
        return is_multiple(search, node, value);
    case IR_OP_PATTERN:
        return matches(search, node, value);
    case IR_OP_OPAQUE:
        return is_in_opaque(search, node, value);
    case IR_OP_UNIQUE:
        return is_unique(search, value);
    case IR_OP_ITEMS:
        return items_hold(search, node, value);
    case IR_OP_COUNT:
        return enough_hold(search, node, value);
    case IR_OP_EACH:
        return members_hold(search, node, value);
    case IR_OP_REF:
        return unfolded_holds(search, node, value);
    case IR_OP_AND:
        return all_hold(search, node, value);
    case IR_OP_SCHEMA: /* no formula: search_holds takes schemas apart */
        break;
    }
    return SAT_UNKNOWN;
}

sat_t search_formula_holds(search_t *search, ir_id_t formula, const jv_t *value)
{
    ir_t *ir = search->ir;
    if (formula <= IR_NO)
        return of(formula == IR_YES);
    if (!ir_spend(ir, 1))
        return search_unknown(search, ir->failed, NULL);
    if (search->eval_depth >= DEPTH_MAX)
        return search_unknown(search, "depth", NULL);
    search->eval_depth++;
    sat_t holds = node_holds(search, ir_node(ir, formula), value);
    search->eval_depth--;
    return negated_if(holds, ir_negated(formula));
}

sat_t search_holds(search_t *search, ir_id_t schema, const jv_t *value)
{
    ir_kind_t kind = ir_kind_of(search->ir, value);
    if (search->ir->failed != NULL)
        return search_unknown(search, search->ir->failed, NULL);
    return search_formula_holds(search, ir_part(search->ir, schema, kind), value);
}

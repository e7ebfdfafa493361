/* Evaluation: one schema at one value, keyword group by keyword group.
 *
 * A first pass only wants the verdict and stops at the first contradiction. If that is a no and errors are wanted, a second
 * pass goes on after each contradiction and describes it.
 *
 * Recursion follows schema and instance together. It is bounded by DEPTH_PER_LEVEL * limits.max_depth; a chain of schemas that
 * comes back to itself at the same value is told apart from mere depth (find_loop). */
#include "compat/json/validator.h"

#include <string.h>

#include "compat/json/validator_run.h"

#define DEPTH_PER_LEVEL 8   /* evaluations for each level of nesting that the limits allow */
#define LOOP_EVERY      128 /* evaluations at one value between two looks for a loop */

/* --- marks ------------------------------------------------------------------------------------------------------- */

static void marks_init(js_vm_t *vm, js_marks_t *marks, uint32_t n)
{
    *marks = (js_marks_t){0};
    if (n > 64)
        marks->more = ARENA_ARRAY(vm->arena, uint64_t, n / 64 + 1);
}

static void marks_merge(js_marks_t *into, const js_marks_t *from, uint32_t n)
{
    into->all |= from->all;
    into->inside |= from->inside;
    for (uint32_t i = 0; into->more != NULL && i <= n / 64; i++)
        into->more[i] |= from->more[i];
}

/* Evaluates a schema whose marks only count if it holds. */
static bool evaluate_branch(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    if (marks == NULL)
        return js_evaluate(vm, node, where, NULL);
    arena_mark_t before = arena_mark(vm->arena);
    uint32_t n = where->instance->n;
    js_marks_t own;
    marks_init(vm, &own, n);
    bool ok = js_evaluate(vm, node, where, &own);
    if (ok)
        marks_merge(marks, &own, n);
    if (!vm->describing)
        arena_rewind(vm->arena, before);
    return ok;
}

/* The same, without a word about why it does not. */
static bool holds(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    bool describing = vm->describing;
    vm->describing = false;
    bool ok = evaluate_branch(vm, node, where, marks);
    vm->describing = describing;
    return ok;
}

/* --- schemas for the value itself -------------------------------------------------------------------------------- */

static bool check_any_of(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_nodes_t *branches = &node->applied->any_of;
    bool ok = true, found = false;
    for (uint32_t i = 0; i < branches->n && (!found || marks != NULL); i++)
        found |= holds(vm, branches->nodes[i], where, marks);
    if (!found) {
        REFUSE(node, where, "anyOf", "is %s, which fits none of the %u alternatives",
               vm_show(vm, where->instance), branches->n);
        vm_describe_nearest(vm, branches, where);
    }
    return ok;
}

static bool check_one_of(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_nodes_t *branches = &node->applied->one_of;
    bool ok = true;
    uint32_t found = 0, first = 0;
    for (uint32_t i = 0; i < branches->n && found < 2; i++) {
        if (!holds(vm, branches->nodes[i], where, marks))
            continue;
        if (found++ == 0)
            first = i;
        else
            REFUSE(node, where, "oneOf",
                   "is %s, which fits two of the alternatives (%u and %u), but must fit just one",
                   vm_show(vm, where->instance), first, i);
    }
    if (found == 0) {
        REFUSE(node, where, "oneOf", "is %s, which fits none of the %u alternatives",
               vm_show(vm, where->instance), branches->n);
        vm_describe_nearest(vm, branches, where);
    }
    return ok;
}

static const js_node_t *dynamic_target(const js_vm_t *vm, const js_applied_t *applied)
{
    if (applied->dynamic_name == 0 || vm->scope == NULL)
        return applied->dynamic_ref;
    const js_node_t *target = vm->scope->targets[applied->dynamic_name - 1];
    return target == NULL ? applied->dynamic_ref : target;
}

static bool check_conditional(js_vm_t *vm, const js_applied_t *applied, js_where_t *where, js_marks_t *marks)
{
    if (applied->then_ == NULL && applied->else_ == NULL && marks == NULL)
        return true;
    const js_node_t *next = holds(vm, applied->if_, where, marks) ? applied->then_ : applied->else_;
    return next == NULL || js_evaluate(vm, next, where, marks);
}

static bool check_applied(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_applied_t *applied = node->applied;
    bool ok = true;
    if (applied->ref != NULL)
        ok &= js_evaluate(vm, applied->ref, where, marks);
    if (applied->dynamic_ref != NULL && (ok || vm->describing))
        ok &= js_evaluate(vm, dynamic_target(vm, applied), where, marks);
    for (uint32_t i = 0; i < applied->all_of.n && (ok || vm->describing); i++)
        ok &= js_evaluate(vm, applied->all_of.nodes[i], where, marks);
    if (applied->any_of.nodes != NULL && (ok || vm->describing))
        ok &= check_any_of(vm, node, where, marks);
    if (applied->one_of.nodes != NULL && (ok || vm->describing))
        ok &= check_one_of(vm, node, where, marks);
    if (applied->not != NULL && (ok || vm->describing) && holds(vm, applied->not, where, NULL))
        REFUSE(node, where, "not", "is %s, which fits the schema that it must not fit",
               vm_show(vm, where->instance));
    if (applied->if_ != NULL && (ok || vm->describing))
        ok &= check_conditional(vm, applied, where, marks);
    return ok;
}

/* --- one schema at one value -------------------------------------------------------------------------------------- */

static bool check_kind(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    switch (where->instance->kind) {
    case JV_NULL:
    case JV_FALSE:
    case JV_TRUE:
        return true;
    case JV_NUMBER:
        return node->number == NULL || js_check_number(vm, node, where, where->instance);
    case JV_STRING:
        return node->string == NULL || js_check_string(vm, node, where, where->instance);
    case JV_ARRAY:
        return node->array == NULL || js_check_array(vm, node, where, marks);
    case JV_OBJECT:
        return node->object == NULL || js_check_object(vm, node, where, marks);
    }
    return false;
}

static bool check_node(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    bool ok = true;
    if (node->never)
        REFUSE(node, where, NULL, "no value is allowed here");
    if (!js_type_fits(node, where->instance))
        REFUSE(node, where, "type", "is %s, but must be %s", vm_show(vm, where->instance),
               vm_show_types(vm, node->types));
    if (node->values != NULL) {
        ok &= js_check_values(vm, node, where, where->instance);
        if (!ok && !vm->describing)
            return false;
    }
    ok &= check_kind(vm, node, where, marks);
    if (node->applied != NULL && (ok || vm->describing))
        ok &= check_applied(vm, node, where, marks);
    return ok;
}

/* With unevaluatedItems or unevaluatedProperties: what this schema itself evaluates, apart from what others around it do. */
static bool check_unevaluated(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    uint32_t n = where->instance->n;
    arena_mark_t before = arena_mark(vm->arena);
    js_marks_t own;
    marks_init(vm, &own, n);
    bool ok = vm_charge(vm, n / 64) && check_node(vm, node, where, &own);
    if (ok && where->instance->kind == JV_OBJECT)
        ok = js_check_unevaluated_properties(vm, node, where, &own);
    else if (ok)
        ok = js_check_unevaluated_items(vm, node, where, &own);
    if (ok && marks != NULL)
        marks->all = true;
    if (!vm->describing)
        arena_rewind(vm->arena, before);
    return ok;
}

static inline bool looks_at_unevaluated(const js_node_t *node, const jv_t *value)
{
    return (node->unevaluated_properties != NULL && value->kind == JV_OBJECT) ||
           (node->unevaluated_items != NULL && value->kind == JV_ARRAY);
}

/* The dynamic scope grows by a resource: names that no outer resource declares may now lead somewhere. */
static const js_scope_t *enter_scope(js_vm_t *vm, const js_resource_t *resource)
{
    const js_validator_t *validator = vm->validator;
    js_scope_t *scope = ARENA_NEW(vm->arena, js_scope_t);
    scope->resource = resource;
    scope->targets = ARENA_ARRAY(vm->arena, js_node_t *, validator->n_names);
    if (vm->scope != NULL)
        memcpy(scope->targets, vm->scope->targets, validator->n_names * sizeof *scope->targets);
    for (uint32_t n = 0; n < validator->n_names; n++)
        for (uint32_t t = 0; scope->targets[n] == NULL && t < validator->names[n].n_targets; t++)
            if (validator->names[n].targets[t].resource == resource)
                scope->targets[n] = validator->names[n].targets[t].node;
    return scope;
}

static bool find_loop(const js_where_t *where, const js_node_t *node)
{
    for (const js_link_t *link = where->links; link != NULL; link = link->up)
        if (link->node == node)
            return true;
    return false;
}

static bool enter(js_vm_t *vm, const js_node_t *node, js_where_t *where)
{
    if (where->in_place > 0 && where->in_place % LOOP_EVERY == 0 && find_loop(where, node))
        return vm_give_up(vm, "reference-loop");
    if (vm->depth >= vm->max_depth)
        return vm_give_up(vm, find_loop(where, node) ? "reference-loop" : "depth");
    return true;
}

/* The general case of `evaluate`. */
static bool evaluate_whole(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    if (!enter(vm, node, where))
        return false;
    js_link_t link = {node, where->links};
    const js_scope_t *outer = vm->scope;
    where->links = &link;
    where->in_place++;
    vm->depth++;
    arena_mark_t before = {0};
    if (vm->validator->n_names > 0 && (outer == NULL || outer->resource != node->resource)) {
        before = arena_mark(vm->arena);
        vm->scope = enter_scope(vm, node->resource);
    }
    bool ok = looks_at_unevaluated(node, where->instance) ? check_unevaluated(vm, node, where, marks)
                                                          : check_node(vm, node, where, marks);
    if (vm->scope != outer && !vm->describing)
        arena_rewind(vm->arena, before);
    vm->scope = outer;
    vm->depth--;
    where->in_place--;
    where->links = link.up;
    return ok;
}

/* A schema that applies nothing to the value itself cannot loop at it, and needs no scope where nothing is dynamic. */
static bool evaluate_plain(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    if (vm->depth >= vm->max_depth)
        return vm_give_up(vm, "depth");
    vm->depth++;
    bool ok = check_node(vm, node, where, marks);
    vm->depth--;
    return ok;
}

static bool evaluate_remembered(js_vm_t *vm, const js_node_t *node, js_where_t *where)
{
    bool ok;
    if (vm_recall(vm, node, where, &ok) && (ok || !vm->describing))
        return ok;
    ok = evaluate_whole(vm, node, where, NULL);
    vm_remember(vm, node, where, ok);
    return ok;
}

bool js_evaluate(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    if (!vm_charge(vm, 1))
        return false;
    node = node->forward;
    if (node->leaf && !vm->describing)
        return !node->never && js_type_fits(node, where->instance);
    if (node->plain && where->instance->kind < JV_ARRAY && !vm->describing)
        return js_scalar_holds(vm, node, where->instance);
    if (vm->steps >= vm->memo_from && marks == NULL)
        return evaluate_remembered(vm, node, where);
    if (node->plain && vm->validator->n_names == 0)
        return evaluate_plain(vm, node, where, marks);
    return evaluate_whole(vm, node, where, marks);
}

/* --- a whole validation -------------------------------------------------------------------------------------------- */

static bool run(js_vm_t *vm, const jv_t *instance)
{
    js_where_t root = {.instance = instance};
    vm->instance = instance;
    vm->max_steps = vm->limits->max_steps;
    vm->depth = 0;
    vm->scope = NULL;
    return js_evaluate(vm, vm->validator->root, &root, NULL);
}

static js_result_t validate(js_vm_t *vm, const jv_t *instance, size_t max_errors)
{
    bool valid = run(vm, instance);
    js_result_t result = {.verdict = vm->reason != NULL ? JS_UNDECIDED
                                     : valid            ? JS_VALID
                                                        : JS_INVALID,
                          .reason = vm->reason,
                          .steps = vm->steps};
    if (result.verdict != JS_INVALID || max_errors == 0)
        return result;
    vm->steps = 0;
    vm->describing = true;
    vm->errors = ARENA_ARRAY(vm->arena, js_error_t, max_errors);
    vm->max_errors = max_errors;
    run(vm, instance);
    result.errors = vm->errors;
    result.n_errors = vm->n_errors;
    return result;
}

js_result_t js_validate(const js_validator_t *validator, const jv_t *instance, size_t max_errors,
                        const limits_t *limits, arena_t *arena)
{
    js_vm_t vm = {.validator = validator,
                  .arena = arena,
                  .limits = limits,
                  .max_depth = DEPTH_PER_LEVEL * limits->max_depth};
    vm_memo_init(&vm);
    js_result_t result = validate(&vm, instance, max_errors);
    arena_free(vm.own);
    return result;
}

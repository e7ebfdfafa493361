/* Keywords for arrays and objects, and for what no other keyword looked at in them. */
#include "compat/json/validator_run.h"

/* Most parts have no parts themselves and a schema that is plain: those need no place. */
static inline bool is_quick(const js_vm_t *vm, const js_node_t *node, const jv_t *value)
{
    return node->plain && value->kind < JV_ARRAY && !vm->describing;
}

/* --- arrays ------------------------------------------------------------------------------------------------------ */

static bool evaluate_item(js_vm_t *vm, const js_node_t *node, js_where_t *array, uint32_t i)
{
    const jv_t *item = &array->instance->items[i];
    node = node->forward;
    if (is_quick(vm, node, item))
        return vm_charge(vm, 1) && js_scalar_holds(vm, node, item);
    js_where_t where = {.up = array, .instance = item, .index = i};
    return js_evaluate(vm, node, &where, NULL);
}

#define UNIQUE_FEW 8 /* items that are compared each with each */

/* Positions of two equal items. */
static bool find_twins(js_vm_t *vm, const jv_t *array, uint32_t *first, uint32_t *second)
{
    uint64_t work = 0;
    if (array->n <= UNIQUE_FEW) {
        for (*second = 1; *second < array->n; ++*second)
            for (*first = 0; *first < *second; ++*first)
                if (jv_equal_counted(&array->items[*first], &array->items[*second], &work))
                    return vm_charge(vm, work);
        vm_charge(vm, work);
        return false;
    }
    uint32_t size = 32;
    while (size < 2 * array->n)
        size *= 2;
    arena_mark_t before = arena_mark(vm->arena);
    uint32_t *slots = ARENA_ARRAY(vm->arena, uint32_t, size);
    uint64_t *hashes = ARENA_ARRAY(vm->arena, uint64_t, array->n);
    bool twins = false;
    for (uint32_t i = 0; i < array->n && !twins && vm_charge(vm, work); i++) {
        work = 1;
        hashes[i] = jv_hash_counted(&array->items[i], &work);
        uint32_t at = (uint32_t)hashes[i] & (size - 1);
        for (; slots[at] != 0 && !twins; at = (at + 1) & (size - 1), work++) {
            *first = slots[at] - 1;
            twins = hashes[*first] == hashes[i] &&
                    jv_equal_counted(&array->items[*first], &array->items[i], &work);
        }
        slots[at] = i + 1;
        *second = i;
    }
    arena_rewind(vm->arena, before);
    return twins;
}

static bool check_size(js_vm_t *vm, const js_node_t *node, const js_where_t *where)
{
    const js_array_node_t *array = node->array;
    const jv_t *value = where->instance;
    bool ok = true;
    uint32_t first, second;
    if (value->n < array->min)
        REFUSE(node, where, "minItems", "has %u items, but must have at least %llu", value->n,
               (unsigned long long)array->min);
    if (value->n > array->max)
        REFUSE(node, where, "maxItems", "has %u items, but must have at most %llu", value->n,
               (unsigned long long)array->max);
    if (array->unique && find_twins(vm, value, &first, &second))
        REFUSE(node, where, "uniqueItems", "has equal items at %u and %u, but its items must differ", first,
               second);
    return ok;
}

static bool check_items(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_array_node_t *array = node->array;
    const jv_t *value = where->instance;
    bool ok = true;
    uint32_t n = array->n_prefix < value->n ? array->n_prefix : value->n;
    for (uint32_t i = 0; i < n; i++) {
        if (marks != NULL)
            js_mark(marks, i);
        if (!evaluate_item(vm, array->prefix[i], where, i)) {
            ok = false;
            if (!vm->describing)
                return false;
        }
    }
    if (array->rest == NULL)
        return ok;
    if (marks != NULL)
        marks->all = true;
    if (array->rest->never && value->n > n) {
        REFUSE(node, where, array->rest_keyword, "has %u items, but must have at most %u", value->n, n);
        return ok;
    }
    for (uint32_t i = n; i < value->n; i++) {
        if (!evaluate_item(vm, array->rest, where, i)) {
            ok = false;
            if (!vm->describing)
                return false;
        }
    }
    return ok;
}

static bool check_contains(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_array_node_t *array = node->array;
    uint64_t found = 0;
    bool ok = true;
    bool marking = marks != NULL && array->contains_evaluates;
    bool describing = vm->describing;
    vm->describing = false;
    for (uint32_t i = 0; i < where->instance->n; i++) {
        if (!marking && found >= array->min_contains && array->max_contains == UINT64_MAX)
            break;
        if (evaluate_item(vm, array->contains, where, i)) {
            found++;
            if (marking)
                js_mark(marks, i);
        }
    }
    vm->describing = describing;
    if (found < array->min_contains)
        REFUSE(node, where, array->min_contains == 1 ? "contains" : "minContains",
               "has %llu items that fit `contains`, but must have at least %llu", (unsigned long long)found,
               (unsigned long long)array->min_contains);
    if (found > array->max_contains)
        REFUSE(node, where, "maxContains", "has %llu items that fit `contains`, but must have at most %llu",
               (unsigned long long)found, (unsigned long long)array->max_contains);
    return ok;
}

bool js_check_array(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    bool ok = check_size(vm, node, where);
    if (!ok && !vm->describing)
        return false;
    ok &= check_items(vm, node, where, marks);
    if (!ok && !vm->describing)
        return false;
    if (node->array->contains != NULL)
        ok &= check_contains(vm, node, where, marks);
    return ok;
}

/* --- objects ----------------------------------------------------------------------------------------------------- */

static bool evaluate_member(js_vm_t *vm, const js_node_t *node, js_where_t *object, const jv_member_t *member)
{
    node = node->forward;
    if (is_quick(vm, node, &member->value))
        return vm_charge(vm, 1) && js_scalar_holds(vm, node, &member->value);
    js_where_t where = {.up = object, .instance = &member->value, .name = &member->name};
    return js_evaluate(vm, node, &where, NULL);
}

/* *next is where the last one was found, plus one: values often have their members in the schema's order. */
static const js_property_t *find_property(const js_object_node_t *object, text_t name, uint32_t *next)
{
    uint32_t i = *next, n = object->n_properties;
    if (i < n && text_eq(object->properties[i].name, name)) {
        *next = i + 1;
        return &object->properties[i];
    }
    if (object->mask == 0) {
        for (i = 0; i < n && !text_eq(object->properties[i].name, name); i++)
            ;
    } else {
        uint32_t at = (uint32_t)text_hash(name, object->seed) & object->mask;
        for (i = n; object->slots[at] != 0 && i == n; at = (at + 1) & object->mask)
            if (text_eq(object->properties[object->slots[at] - 1].name, name))
                i = object->slots[at] - 1;
    }
    if (i == n)
        return NULL;
    *next = i + 1;
    return &object->properties[i];
}

static bool refuse_missing(js_vm_t *vm, const js_node_t *node, const js_where_t *where)
{
    const js_object_node_t *object = node->object;
    bool ok = true;
    if (!vm->describing)
        return false;
    for (uint32_t i = 0; i < object->n_properties; i++)
        if (object->properties[i].required && jv_member(where->instance, object->properties[i].name) == NULL)
            REFUSE(node, where, "required", "lacks the property %s",
                   vm_show_name(vm, object->properties[i].name));
    return ok;
}

/* Every schema that applies to one member; *known says whether properties or patternProperties had one. */
static bool check_member(js_vm_t *vm, const js_node_t *node, js_where_t *where, const jv_member_t *member,
                         const js_property_t *property, bool *known)
{
    const js_object_node_t *object = node->object;
    bool ok = true;
    *known = property != NULL && property->node != NULL;
    if (*known)
        ok = evaluate_member(vm, property->node, where, member);
    for (uint32_t i = 0; i < object->n_patterns && (ok || vm->describing); i++) {
        if (!js_matches(vm, object->patterns[i].pattern, member->name))
            continue;
        *known = true;
        ok &= evaluate_member(vm, object->patterns[i].node, where, member);
    }
    if (object->names != NULL && (ok || vm->describing)) {
        jv_t name = {.kind = JV_STRING, .line = member->line, .column = member->column, .text = member->name};
        js_where_t at = {.up = where, .instance = &name, .name = &member->name, .passing = true};
        ok &= js_evaluate(vm, object->names, &at, NULL);
    }
    return ok;
}

/* Member by member: for patterns, additionalProperties and propertyNames, and for small values. */
static bool check_members(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_object_node_t *object = node->object;
    const jv_t *value = where->instance;
    uint32_t n_required = 0, next = 0;
    bool ok = true;
    for (uint32_t i = 0; i < value->n; i++) {
        const jv_member_t *member = &value->members[i];
        const js_property_t *property = find_property(object, member->name, &next);
        bool known;
        n_required += property != NULL && property->required;
        ok &= check_member(vm, node, where, member, property, &known);
        if (!known && object->additional != NULL) {
            known = true;
            if (object->additional->never) {
                js_where_t at = {.up = where, .instance = &member->value, .name = &member->name};
                REFUSE(node, &at, "additionalProperties", "the property %s is not allowed",
                       vm_show_name(vm, member->name));
            } else if (ok || vm->describing) {
                ok &= evaluate_member(vm, object->additional, where, member);
            }
        }
        if (known && marks != NULL)
            js_mark(marks, i);
        if (!ok && !vm->describing)
            return false;
    }
    if (n_required < object->n_required)
        ok &= refuse_missing(vm, node, where);
    return ok && n_required == object->n_required;
}

/* Property by property, for a few of them in a large value. */
static bool check_properties(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_object_node_t *object = node->object;
    const jv_t *value = where->instance;
    bool ok = true;
    for (uint32_t i = 0; i < object->n_properties; i++) {
        const js_property_t *property = &object->properties[i];
        const jv_member_t *member = jv_member(value, property->name);
        if (member == NULL) {
            if (property->required)
                REFUSE(node, where, "required", "lacks the property %s", vm_show_name(vm, property->name));
            continue;
        }
        if (property->node == NULL)
            continue;
        if (marks != NULL)
            js_mark(marks, (uint32_t)(member - value->members));
        ok &= evaluate_member(vm, property->node, where, member);
        if (!ok && !vm->describing)
            return false;
    }
    return ok;
}

static bool check_dependencies(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_object_node_t *object = node->object;
    const jv_t *value = where->instance;
    bool ok = true;
    for (uint32_t i = 0; i < object->n_dependencies; i++) {
        const js_dependency_t *dependency = &object->dependencies[i];
        if (jv_member(value, dependency->name) == NULL)
            continue;
        if (dependency->node != NULL) {
            ok &= js_evaluate(vm, dependency->node, where, marks);
            if (!ok && !vm->describing)
                return false;
            continue;
        }
        if (!vm_charge(vm, dependency->required->n))
            return false;
        for (uint32_t r = 0; r < dependency->required->n; r++) {
            text_t name = dependency->required->items[r].text;
            if (jv_member(value, name) == NULL)
                REFUSE(node, where, dependency->keyword,
                       "lacks the property %s, which must be there because %s is", vm_show_name(vm, name),
                       vm_show_name(vm, dependency->name));
        }
    }
    return ok;
}

bool js_check_object(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks)
{
    const js_object_node_t *object = node->object;
    const jv_t *value = where->instance;
    bool ok = true;
    if (value->n < object->min)
        REFUSE(node, where, "minProperties", "has %u properties, but must have at least %llu", value->n,
               (unsigned long long)object->min);
    if (value->n > object->max)
        REFUSE(node, where, "maxProperties", "has %u properties, but must have at most %llu", value->n,
               (unsigned long long)object->max);
    bool by_member = object->looks_at_all || value->n <= object->n_properties;
    if (!vm_charge(vm, (by_member ? value->n : object->n_properties) / 4 + object->n_dependencies))
        return false;
    if (by_member)
        ok &= check_members(vm, node, where, marks);
    else
        ok &= check_properties(vm, node, where, marks);
    if (object->n_dependencies > 0 && (ok || vm->describing))
        ok &= check_dependencies(vm, node, where, marks);
    return ok;
}

/* --- what nothing else looked at ---------------------------------------------------------------------------------- */

bool js_check_unevaluated_properties(js_vm_t *vm, const js_node_t *node, js_where_t *where,
                                     const js_marks_t *marks)
{
    const jv_t *value = where->instance;
    bool ok = true;
    for (uint32_t i = 0; i < value->n && !marks->all; i++) {
        const jv_member_t *member = &value->members[i];
        if (js_is_marked(marks, i))
            continue;
        if (node->unevaluated_properties->never) {
            js_where_t at = {.up = where, .instance = &member->value, .name = &member->name};
            REFUSE(node, &at, "unevaluatedProperties", "the property %s is not allowed",
                   vm_show_name(vm, member->name));
        } else if (!evaluate_member(vm, node->unevaluated_properties, where, member)) {
            ok = false;
            if (!vm->describing)
                return false;
        }
    }
    return ok;
}

bool js_check_unevaluated_items(js_vm_t *vm, const js_node_t *node, js_where_t *where,
                                const js_marks_t *marks)
{
    bool ok = true;
    for (uint32_t i = 0; i < where->instance->n && !marks->all; i++) {
        if (js_is_marked(marks, i))
            continue;
        if (!evaluate_item(vm, node->unevaluated_items, where, i)) {
            ok = false;
            if (!vm->describing)
                return false;
        }
    }
    return ok;
}

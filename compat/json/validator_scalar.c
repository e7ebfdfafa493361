/* Keywords for values without parts: enum and const, numbers, strings. */
#include "compat/json/validator_run.h"

/* --- any value --------------------------------------------------------------------------------------------------- */

static inline bool small_of(const jv_t *number, number_small_t *out)
{
    return number_unpack(number->_index, out) || number_small(number->text, out);
}

static bool is_whole(const jv_t *value)
{
    number_small_t small;
    number_t number;
    if (small_of(value, &small))
        return number_small_is_whole(small);
    return number_parse(value->text, &number) &&
           (int64_t)number.digits <= (number.digits == 0 ? 0 : number.exponent);
}

bool js_number_fits(const js_node_t *node, const jv_t *number)
{
    unsigned numbers = node->types & (TYPE_INTEGER | TYPE_FRACTION);
    return numbers != 0 && is_whole(number) == (numbers == TYPE_INTEGER);
}

static bool equals(const jv_t *value, const jv_t *expected, uint64_t *work)
{
    if (value->kind != JV_STRING || expected->kind != JV_STRING)
        return jv_equal_counted(value, expected, work);
    *work += 1 + value->text.bytes / 64;
    return text_eq(value->text, expected->text);
}

static bool in_enum(js_vm_t *vm, const js_enum_t *values, const jv_t *value)
{
    uint64_t work = 0;
    bool found = false;
    if (values->mask == 0) {
        for (uint32_t i = 0; i < values->n && !found; i++)
            found = equals(value, &values->values[i], &work);
    } else {
        uint32_t at = (uint32_t)jv_hash_counted(value, &work) & values->mask;
        for (; values->slots[at] != 0 && !found; at = (at + 1) & values->mask)
            found = jv_equal_counted(value, &values->values[values->slots[at] - 1], &work);
    }
    return vm_charge(vm, work) && found;
}

bool js_check_values(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const jv_t *value)
{
    const js_enum_t *values = node->values;
    bool ok = true;
    if (values->const_value != NULL) {
        uint64_t work = 0;
        bool equal = equals(value, values->const_value, &work);
        if (!vm_charge(vm, work))
            return false;
        if (!equal)
            REFUSE(node, where, "const", "is %s, but must be %s", vm_show(vm, value),
                   vm_show(vm, values->const_value));
    }
    if (values->values != NULL && !in_enum(vm, values, value))
        REFUSE(node, where, "enum", "is %s, which is none of the %u allowed values", vm_show(vm, value),
               values->n);
    return ok;
}

/* --- numbers ----------------------------------------------------------------------------------------------------- */

/* `order` is that of the value and the bound. */
static bool bound_holds(int order, js_bound_kind_t kind)
{
    switch (kind) {
    case BOUND_MINIMUM:
        return order >= 0;
    case BOUND_MAXIMUM:
        return order <= 0;
    case BOUND_EXCLUSIVE_MINIMUM:
        return order > 0;
    case BOUND_EXCLUSIVE_MAXIMUM:
        return order < 0;
    }
    return false;
}

static bool is_multiple(js_vm_t *vm, const js_number_node_t *number, const jv_t *value)
{
    int64_t small;
    if (number->multiple_small != 0 && jv_to_i64(value, &small))
        return small % number->multiple_small == 0;
    const decimal_t *exact;
    bool multiple = false;
    if (!vm_charge(vm, 1 + value->text.bytes * number->multiple_text->text.bytes / 1024))
        return false;
    arena_mark_t before = arena_mark(vm->arena);
    if (!decimal_read(value->text, vm->limits, vm->arena, &exact) ||
        !decimal_is_multiple(exact, number->multiple_of, vm->limits, vm->arena, &multiple))
        vm_give_up(vm, "budget");
    arena_rewind(vm->arena, before);
    return multiple;
}

static bool refuse_bound(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const jv_t *value,
                         const js_bound_t *bound)
{
    static const struct {
        const char *keyword, *old_keyword, *words;
    } bounds[BOUND_N] = {
        [BOUND_MINIMUM] = {"minimum", "minimum", "at least"},
        [BOUND_MAXIMUM] = {"maximum", "maximum", "at most"},
        [BOUND_EXCLUSIVE_MINIMUM] = {"exclusiveMinimum", "minimum", "more than"},
        [BOUND_EXCLUSIVE_MAXIMUM] = {"exclusiveMaximum", "maximum", "less than"},
    };
    const char *keyword =
        node->resource->dialect == DIALECT_04 ? bounds[bound->kind].old_keyword : bounds[bound->kind].keyword;
    return vm_refuse(vm, node, where, keyword, "is %s, but must be %s %s", vm_show(vm, value),
                     bounds[bound->kind].words, vm_show(vm, bound->text));
}

static bool check_bounds(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const jv_t *value)
{
    const js_number_node_t *number = node->number;
    number_small_t small;
    number_t exact = {0};
    bool ok = true;
    bool is_small = number->all_small && small_of(value, &small);
    if (!is_small && !number_parse(value->text, &exact)) { /* NaN and its like have no place in the order */
        REFUSE(node, where, NULL, "is %s, which is not a number of JSON", vm_show(vm, value));
        return ok;
    }
    for (uint32_t i = 0; i < number->n_bounds; i++) {
        const js_bound_t *bound = &number->bounds[i];
        int order =
            is_small ? number_small_compare(small, bound->small) : number_compare(&exact, &bound->number);
        if (bound_holds(order, bound->kind))
            continue;
        ok = false;
        if (!refuse_bound(vm, node, where, value, bound))
            return false;
    }
    return ok;
}

bool js_check_number(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const jv_t *value)
{
    const js_number_node_t *number = node->number;
    if (!vm_charge(vm, value->text.bytes / 64))
        return false;
    bool ok = number->n_bounds == 0 || check_bounds(vm, node, where, value);
    if (!ok && !vm->describing)
        return false;
    if (number->multiple_of != NULL && !is_multiple(vm, number, value))
        REFUSE(node, where, "multipleOf", "is %s, which is not a multiple of %s", vm_show(vm, value),
               vm_show(vm, number->multiple_text));
    return ok;
}

/* --- strings ----------------------------------------------------------------------------------------------------- */

/* Does the pattern match? When that cannot be known, evaluation is given up. */
bool js_matches(js_vm_t *vm, const js_pattern_t *pattern, text_t text)
{
    vm->matcher.arena = vm_own_arena(vm);
    switch (js_pattern_match(pattern, text, &vm->matcher, &vm->steps, vm->max_steps)) {
    case JS_MATCH_YES:
        return true;
    case JS_MATCH_NO:
        return false;
    case JS_MATCH_UNSUPPORTED:
        return vm_give_up(vm, "regex-unsupported");
    case JS_MATCH_BUDGET:
        return vm_give_up(vm, "budget");
    }
    return false;
}

static bool check_length(js_vm_t *vm, const js_node_t *node, const js_where_t *where, text_t text)
{
    const js_string_node_t *string = node->string;
    bool ok = true;
    /* A code point has one to four bytes: often the bytes decide. */
    if (text.bytes <= string->max && text.bytes / 4 >= string->min)
        return true;
    uint64_t length = text_code_points(text);
    if (length < string->min)
        REFUSE(node, where, "minLength", "has %llu characters, but must have at least %llu",
               (unsigned long long)length, (unsigned long long)string->min);
    if (length > string->max)
        REFUSE(node, where, "maxLength", "has %llu characters, but must have at most %llu",
               (unsigned long long)length, (unsigned long long)string->max);
    return ok;
}

bool js_check_string(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const jv_t *value)
{
    const js_string_node_t *string = node->string;
    text_t text = value->text;
    if (!vm_charge(vm, text.bytes / 64))
        return false;
    bool ok = check_length(vm, node, where, text);
    if (!ok && !vm->describing)
        return false;
    if (string->pattern != NULL && !js_matches(vm, string->pattern, text))
        REFUSE(node, where, "pattern", "is %s, which does not match the pattern " TEXT_FMT,
               vm_show(vm, value), TEXT_ARG(js_pattern_source(string->pattern)));
    if (string->format != NULL && !string->format(text))
        REFUSE(node, where, "format", "is %s, which is not of the format " TEXT_FMT, vm_show(vm, value),
               TEXT_ARG(string->format_name));
    return ok;
}

bool js_scalar_holds(js_vm_t *vm, const js_node_t *node, const jv_t *value)
{
    if (node->never || !js_type_fits(node, value))
        return false;
    if (node->values != NULL && !js_check_values(vm, node, NULL, value))
        return false;
    if (value->kind == JV_STRING)
        return node->string == NULL || js_check_string(vm, node, NULL, value);
    return value->kind != JV_NUMBER || node->number == NULL || js_check_number(vm, node, NULL, value);
}

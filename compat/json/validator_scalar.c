/* Keywords for values without parts: enum and const, numbers, strings. */
#include "compat/json/validator_run.h"

/* --- any value --------------------------------------------------------------------------------------------------- */

static uint8_t type_of(const jv_t *value)
{
    number_t number;
    switch (value->kind) {
    case JV_NULL:
        return TYPE_NULL;
    case JV_FALSE:
    case JV_TRUE:
        return TYPE_BOOLEAN;
    case JV_NUMBER:
        if (!number_parse(value->text, &number))
            return 0;
        return (int64_t)number.digits <= (number.digits == 0 ? 0 : number.exponent) ? TYPE_INTEGER
                                                                                    : TYPE_FRACTION;
    case JV_STRING:
        return TYPE_STRING;
    case JV_ARRAY:
        return TYPE_ARRAY;
    case JV_OBJECT:
        return TYPE_OBJECT;
    }
    return 0;
}

bool js_type_fits(const js_node_t *node, const jv_t *value)
{
    if (node->types == TYPE_ANY)
        return true;
    if (value->kind == JV_NUMBER &&
        (node->types & (TYPE_INTEGER | TYPE_FRACTION)) == (TYPE_INTEGER | TYPE_FRACTION))
        return true;
    return (node->types & type_of(value)) != 0;
}

static bool in_enum(js_vm_t *vm, const js_enum_t *values, const jv_t *value)
{
    uint64_t work = 0;
    bool found = false;
    if (values->mask == 0) {
        for (uint32_t i = 0; i < values->n && !found; i++)
            found = jv_equal_counted(value, &values->values[i], &work);
    } else {
        uint32_t at = (uint32_t)jv_hash_counted(value, &work) & values->mask;
        for (; values->slots[at] != 0 && !found; at = (at + 1) & values->mask)
            found = jv_equal_counted(value, &values->values[values->slots[at] - 1], &work);
    }
    return vm_charge(vm, work) && found;
}

bool js_check_values(js_vm_t *vm, const js_node_t *node, const js_where_t *where)
{
    const js_enum_t *values = node->values;
    const jv_t *value = where->instance;
    bool ok = true;
    if (values->const_value != NULL) {
        uint64_t work = 0;
        bool equal = jv_equal_counted(value, values->const_value, &work);
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

static bool bound_holds(const number_t *value, js_bound_kind_t kind, const number_t *bound)
{
    int order = number_compare(value, bound);
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

bool js_check_number(js_vm_t *vm, const js_node_t *node, const js_where_t *where)
{
    static const struct {
        const char *keyword, *old_keyword, *words;
    } bounds[BOUND_N] = {
        [BOUND_MINIMUM] = {"minimum", "minimum", "at least"},
        [BOUND_MAXIMUM] = {"maximum", "maximum", "at most"},
        [BOUND_EXCLUSIVE_MINIMUM] = {"exclusiveMinimum", "minimum", "more than"},
        [BOUND_EXCLUSIVE_MAXIMUM] = {"exclusiveMaximum", "maximum", "less than"},
    };
    const js_number_node_t *number = node->number;
    const jv_t *value = where->instance;
    number_t parsed;
    bool ok = true;
    if (!vm_charge(vm, value->text.bytes / 64))
        return false;
    if (!number_parse(value->text, &parsed)) { /* NaN and its like are not in the order of numbers */
        REFUSE(node, where, NULL, "is %s, which is not a number of JSON", vm_show(vm, value));
        return ok;
    }
    for (js_bound_kind_t kind = 0; kind < BOUND_N; kind++) {
        if (!number->has[kind] || bound_holds(&parsed, kind, &number->bounds[kind]))
            continue;
        const char *keyword =
            node->resource->dialect == DIALECT_04 ? bounds[kind].old_keyword : bounds[kind].keyword;
        REFUSE(node, where, keyword, "is %s, but must be %s %s", vm_show(vm, value), bounds[kind].words,
               vm_show(vm, number->texts[kind]));
    }
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

static bool check_length(js_vm_t *vm, const js_node_t *node, const js_where_t *where)
{
    const js_string_node_t *string = node->string;
    text_t text = where->instance->text;
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

bool js_check_string(js_vm_t *vm, const js_node_t *node, const js_where_t *where)
{
    const js_string_node_t *string = node->string;
    text_t text = where->instance->text;
    if (!vm_charge(vm, text.bytes / 64))
        return false;
    bool ok = check_length(vm, node, where);
    if (!ok && !vm->describing)
        return false;
    if (string->pattern != NULL && !js_matches(vm, string->pattern, text))
        REFUSE(node, where, "pattern", "is %s, which does not match the pattern " TEXT_FMT,
               vm_show(vm, where->instance), TEXT_ARG(js_pattern_source(string->pattern)));
    if (string->format != NULL && !string->format(text))
        REFUSE(node, where, "format", "is %s, which is not of the format " TEXT_FMT,
               vm_show(vm, where->instance), TEXT_ARG(string->format_name));
    return ok;
}

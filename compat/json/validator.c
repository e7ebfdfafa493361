/* Evaluation: one schema at one value, keyword group by keyword group.
 *
 * A first pass only wants the verdict and stops at the first contradiction. If that is a no and errors are wanted, a second
 * pass goes on after each contradiction and describes it.
 *
 * Recursion follows schema and instance together. It is bounded by DEPTH_PER_LEVEL * limits.max_depth; a chain of schemas that
 * comes back to itself at the same value is told apart from mere depth (find_loop). */
#include "compat/json/validator.h"

#include <stdarg.h>
#include <string.h>

#include "compat/json/validator_node.h"

#define DEPTH_PER_LEVEL 4   /* evaluations for each level of nesting that the limits allow */
#define LOOP_EVERY      128 /* evaluations at one value between two looks for a loop */

/* The schemas that are being evaluated at one value, innermost first. */
typedef struct link {
    const js_node_t *node;
    const struct link *up;
} link_t;

/* A value and the way to it. */
typedef struct where {
    const struct where *up;
    const jv_t *instance;
    const text_t *name; /* of the member; NULL: of the item at `index`, or the root */
    uint32_t index;
    uint32_t in_place; /* length of links */
    const link_t *links;
} where_t;

/* Resources that evaluation went through, innermost first, and for each dynamic name where the outermost of them leads. */
typedef struct scope {
    const js_resource_t *resource;
    js_node_t **targets;
} scope_t;

/* Which members or items of one value have been evaluated. */
typedef struct {
    bool all;
    uint64_t inside; /* bits, where 64 are enough */
    uint64_t *more;  /* bits, otherwise */
} marks_t;

typedef struct {
    const js_validator_t *validator;
    arena_t *arena;
    const limits_t *limits;
    uint64_t steps, max_steps; /* max_steps becomes 0 when evaluation is given up */
    const char *reason;        /* why it was given up */
    uint32_t depth, max_depth;
    const scope_t *scope;
    js_matcher_t matcher;
    bool describing; /* second pass: go on after a contradiction and note it */
    js_error_t *errors;
    size_t n_errors, max_errors;
} vm_t;

static bool evaluate(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks);

/* --- giving up, and contradictions -------------------------------------------------------------------------------- */

static bool give_up(vm_t *vm, const char *reason)
{
    if (vm->reason == NULL)
        vm->reason = reason;
    vm->max_steps = 0;
    return false;
}

/* Counts work. False when there is no budget left. */
static inline bool charge(vm_t *vm, uint64_t steps)
{
    vm->steps += steps;
    return vm->steps <= vm->max_steps || give_up(vm, "budget");
}

static void write_pointer(buf_t *out, const where_t *where, arena_t *arena)
{
    size_t depth = 0, i = 0;
    for (const where_t *w = where; w->up != NULL; w = w->up)
        depth++;
    const where_t **path = ARENA_ARRAY(arena, const where_t *, depth + 1);
    for (const where_t *w = where; w->up != NULL; w = w->up)
        path[depth - ++i] = w;
    for (i = 0; i < depth; i++) {
        if (path[i]->name != NULL)
            jv_pointer_add(out, *path[i]->name);
        else
            buf_printf(out, "/%u", path[i]->index);
    }
}

/* Where a keyword stands: `part` (may be NULL) is a member of its value. */
static void describe_place(vm_t *vm, js_error_t *error, const js_node_t *node, const char *keyword)
{
    const jv_member_t *member = keyword == NULL ? NULL : jv_member(node->schema, text_of(keyword));
    error->line = member == NULL ? node->schema->line : member->line;
    error->column = member == NULL ? node->schema->column : member->column;
    text_t pointer = js_pointer(vm->validator->resources, node->schema, vm->arena);
    error->keyword =
        keyword == NULL ? pointer : text_printf(vm->arena, TEXT_FMT "/%s", TEXT_ARG(pointer), keyword);
}

/* Notes a contradiction. True if evaluation should go on to find more. */
__attribute__((format(printf, 5, 6))) static bool
refuse(vm_t *vm, const js_node_t *node, const where_t *where, const char *keyword, const char *fmt, ...)
{
    if (!vm->describing || vm->n_errors == vm->max_errors)
        return false;
    js_error_t *error = &vm->errors[vm->n_errors++];
    buf_t pointer;
    buf_init(&pointer, BUF_NO_MAX);
    write_pointer(&pointer, where, vm->arena);
    error->instance = buf_take(&pointer, vm->arena);
    buf_dispose(&pointer);
    describe_place(vm, error, node, keyword);
    va_list args;
    va_start(args, fmt);
    error->sentence = text_of(arena_vprintf(vm->arena, fmt, args));
    va_end(args);
    return vm->n_errors < vm->max_errors;
}

#define VALUE_SHOWN 60 /* bytes of a value in a sentence */

/* A value as JSON, cut when it is long. */
static const char *show(vm_t *vm, const jv_t *value)
{
    if (!vm->describing)
        return "";
    buf_t out;
    buf_init(&out, 16 * VALUE_SHOWN);
    jv_print(&out, value);
    if (buf_text(&out).bytes > VALUE_SHOWN) {
        size_t end = VALUE_SHOWN;
        while (end > 0 && ((unsigned char)buf_text(&out).at[end] & 0xC0) == 0x80)
            end--;
        buf_cut(&out, end);
        buf_add(&out, TEXT("..."));
    }
    const char *shown = buf_take(&out, vm->arena).at;
    buf_dispose(&out);
    return shown;
}

static const char *show_name(vm_t *vm, text_t name)
{
    return show(vm, &(jv_t){.kind = JV_STRING, .text = name});
}

/* After a contradiction: leave, or note it and go on. */
#define REFUSE(...)                   \
    do {                              \
        if (!refuse(vm, __VA_ARGS__)) \
            return false;             \
        ok = false;                   \
    } while (0)

/* --- marks ------------------------------------------------------------------------------------------------------- */

static void marks_init(vm_t *vm, marks_t *marks, uint32_t n)
{
    *marks = (marks_t){0};
    if (n > 64)
        marks->more = ARENA_ARRAY(vm->arena, uint64_t, n / 64 + 1);
}

static inline void mark(marks_t *marks, uint32_t i)
{
    if (marks->more != NULL)
        marks->more[i / 64] |= (uint64_t)1 << i % 64;
    else
        marks->inside |= (uint64_t)1 << i % 64;
}

static inline bool is_marked(const marks_t *marks, uint32_t i)
{
    return marks->all || ((marks->more != NULL ? marks->more[i / 64] : marks->inside) >> i % 64 & 1) != 0;
}

static void marks_merge(marks_t *into, const marks_t *from, uint32_t n)
{
    into->all |= from->all;
    into->inside |= from->inside;
    for (uint32_t i = 0; into->more != NULL && i <= n / 64; i++)
        into->more[i] |= from->more[i];
}

/* Evaluates a schema whose marks only count if it holds. */
static bool evaluate_branch(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    if (marks == NULL)
        return evaluate(vm, node, where, NULL);
    arena_mark_t before = arena_mark(vm->arena);
    uint32_t n = where->instance->n;
    marks_t own;
    marks_init(vm, &own, n);
    bool ok = evaluate(vm, node, where, &own);
    if (ok)
        marks_merge(marks, &own, n);
    if (!vm->describing)
        arena_rewind(vm->arena, before);
    return ok;
}

/* The same, without a word about why it does not. */
static bool holds(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    bool describing = vm->describing;
    vm->describing = false;
    bool ok = evaluate_branch(vm, node, where, marks);
    vm->describing = describing;
    return ok;
}

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

static inline bool type_fits(const js_node_t *node, const jv_t *value)
{
    if (node->types == TYPE_ANY)
        return true;
    if (value->kind == JV_NUMBER &&
        (node->types & (TYPE_INTEGER | TYPE_FRACTION)) == (TYPE_INTEGER | TYPE_FRACTION))
        return true;
    return (node->types & type_of(value)) != 0;
}

static const char *types_text(vm_t *vm, uint8_t types)
{
    static const struct {
        uint8_t bits;
        const char *name;
    } names[] = {
        {TYPE_NULL, "null"},          {TYPE_BOOLEAN, "a boolean"}, {TYPE_INTEGER | TYPE_FRACTION, "a number"},
        {TYPE_INTEGER, "an integer"}, {TYPE_STRING, "a string"},   {TYPE_ARRAY, "an array"},
        {TYPE_OBJECT, "an object"}};
    if (!vm->describing)
        return "";
    const char *text = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((types & names[i].bits) != names[i].bits)
            continue;
        types &= (uint8_t)~names[i].bits;
        text = text[0] == '\0' ? names[i].name : arena_printf(vm->arena, "%s or %s", text, names[i].name);
    }
    return text;
}

static bool in_enum(vm_t *vm, const js_enum_t *values, const jv_t *value)
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
    return charge(vm, work) && found;
}

static bool check_values(vm_t *vm, const js_node_t *node, const where_t *where)
{
    const js_enum_t *values = node->values;
    const jv_t *value = where->instance;
    bool ok = true;
    if (values->const_value != NULL) {
        uint64_t work = 0;
        bool equal = jv_equal_counted(value, values->const_value, &work);
        if (!charge(vm, work))
            return false;
        if (!equal)
            REFUSE(node, where, "const", "is %s, but must be %s", show(vm, value),
                   show(vm, values->const_value));
    }
    if (values->values != NULL && !in_enum(vm, values, value))
        REFUSE(node, where, "enum", "is %s, which is none of the %u allowed values", show(vm, value),
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

static bool is_multiple(vm_t *vm, const js_number_node_t *number, const jv_t *value)
{
    int64_t small;
    if (number->multiple_small != 0 && jv_to_i64(value, &small))
        return small % number->multiple_small == 0;
    const decimal_t *exact;
    bool multiple = false;
    if (!charge(vm, 1 + value->text.bytes * number->multiple_text->text.bytes / 1024))
        return false;
    arena_mark_t before = arena_mark(vm->arena);
    if (!decimal_read(value->text, vm->limits, vm->arena, &exact) ||
        !decimal_is_multiple(exact, number->multiple_of, vm->limits, vm->arena, &multiple))
        give_up(vm, "budget");
    arena_rewind(vm->arena, before);
    return multiple;
}

static bool check_number(vm_t *vm, const js_node_t *node, const where_t *where)
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
    if (!charge(vm, value->text.bytes / 64))
        return false;
    if (!number_parse(value->text, &parsed)) { /* NaN and its like are not in the order of numbers */
        REFUSE(node, where, NULL, "is %s, which is not a number of JSON", show(vm, value));
        return ok;
    }
    for (js_bound_kind_t kind = 0; kind < BOUND_N; kind++) {
        if (!number->has[kind] || bound_holds(&parsed, kind, &number->bounds[kind]))
            continue;
        const char *keyword =
            node->resource->dialect == DIALECT_04 ? bounds[kind].old_keyword : bounds[kind].keyword;
        REFUSE(node, where, keyword, "is %s, but must be %s %s", show(vm, value), bounds[kind].words,
               show(vm, number->texts[kind]));
    }
    if (number->multiple_of != NULL && !is_multiple(vm, number, value))
        REFUSE(node, where, "multipleOf", "is %s, which is not a multiple of %s", show(vm, value),
               show(vm, number->multiple_text));
    return ok;
}

/* --- strings ----------------------------------------------------------------------------------------------------- */

/* Does the pattern match? When that cannot be known, evaluation is given up. */
static bool matches(vm_t *vm, const js_pattern_t *pattern, text_t text)
{
    if (vm->matcher.arena == NULL)
        vm->matcher.arena = arena_new();
    switch (js_pattern_match(pattern, text, &vm->matcher, &vm->steps, vm->max_steps)) {
    case JS_MATCH_YES:
        return true;
    case JS_MATCH_NO:
        return false;
    case JS_MATCH_UNSUPPORTED:
        return give_up(vm, "regex-unsupported");
    case JS_MATCH_BUDGET:
        return give_up(vm, "budget");
    }
    return false;
}

static bool check_length(vm_t *vm, const js_node_t *node, const where_t *where)
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

static bool check_string(vm_t *vm, const js_node_t *node, const where_t *where)
{
    const js_string_node_t *string = node->string;
    text_t text = where->instance->text;
    if (!charge(vm, text.bytes / 64))
        return false;
    bool ok = check_length(vm, node, where);
    if (!ok && !vm->describing)
        return false;
    if (string->pattern != NULL && !matches(vm, string->pattern, text))
        REFUSE(node, where, "pattern", "is %s, which does not match the pattern " TEXT_FMT,
               show(vm, where->instance), TEXT_ARG(js_pattern_source(string->pattern)));
    if (string->format != NULL && !string->format(text))
        REFUSE(node, where, "format", "is %s, which is not of the format " TEXT_FMT,
               show(vm, where->instance), TEXT_ARG(string->format_name));
    return ok;
}

/* --- arrays ------------------------------------------------------------------------------------------------------ */

static bool evaluate_item(vm_t *vm, const js_node_t *node, where_t *array, uint32_t i)
{
    where_t where = {.up = array, .instance = &array->instance->items[i], .index = i};
    return evaluate(vm, node, &where, NULL);
}

#define UNIQUE_FEW 8 /* items that are compared each with each */

/* Positions of two equal items. */
static bool find_twins(vm_t *vm, const jv_t *array, uint32_t *first, uint32_t *second)
{
    uint64_t work = 0;
    if (array->n <= UNIQUE_FEW) {
        for (*second = 1; *second < array->n; ++*second)
            for (*first = 0; *first < *second; ++*first)
                if (jv_equal_counted(&array->items[*first], &array->items[*second], &work))
                    return charge(vm, work);
        charge(vm, work);
        return false;
    }
    uint32_t size = 32;
    while (size < 2 * array->n)
        size *= 2;
    arena_mark_t before = arena_mark(vm->arena);
    uint32_t *slots = ARENA_ARRAY(vm->arena, uint32_t, size);
    uint64_t *hashes = ARENA_ARRAY(vm->arena, uint64_t, array->n);
    bool twins = false;
    for (uint32_t i = 0; i < array->n && !twins && charge(vm, work); i++) {
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

static bool check_size(vm_t *vm, const js_node_t *node, const where_t *where)
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

static bool check_items(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    const js_array_node_t *array = node->array;
    const jv_t *value = where->instance;
    bool ok = true;
    uint32_t n = array->n_prefix < value->n ? array->n_prefix : value->n;
    for (uint32_t i = 0; i < n; i++) {
        if (marks != NULL)
            mark(marks, i);
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

static bool check_contains(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
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
                mark(marks, i);
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

static bool check_array(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
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

static bool evaluate_member(vm_t *vm, const js_node_t *node, where_t *object, const jv_member_t *member)
{
    where_t where = {.up = object, .instance = &member->value, .name = &member->name};
    return evaluate(vm, node, &where, NULL);
}

static const js_property_t *find_property(const js_object_node_t *object, text_t name)
{
    if (object->mask == 0) {
        for (uint32_t i = 0; i < object->n_properties; i++)
            if (text_eq(object->properties[i].name, name))
                return &object->properties[i];
        return NULL;
    }
    uint32_t at = (uint32_t)text_hash(name, object->seed) & object->mask;
    for (; object->slots[at] != 0; at = (at + 1) & object->mask)
        if (text_eq(object->properties[object->slots[at] - 1].name, name))
            return &object->properties[object->slots[at] - 1];
    return NULL;
}

static bool refuse_missing(vm_t *vm, const js_node_t *node, const where_t *where)
{
    const js_object_node_t *object = node->object;
    bool ok = true;
    if (!vm->describing)
        return false;
    for (uint32_t i = 0; i < object->n_properties; i++)
        if (object->properties[i].required && jv_member(where->instance, object->properties[i].name) == NULL)
            REFUSE(node, where, "required", "lacks the property %s",
                   show_name(vm, object->properties[i].name));
    return ok;
}

/* Every schema that applies to one member; *known says whether properties or patternProperties had one. */
static bool check_member(vm_t *vm, const js_node_t *node, where_t *where, const jv_member_t *member,
                         const js_property_t *property, bool *known)
{
    const js_object_node_t *object = node->object;
    bool ok = true;
    *known = property != NULL && property->node != NULL;
    if (*known)
        ok = evaluate_member(vm, property->node, where, member);
    for (uint32_t i = 0; i < object->n_patterns && (ok || vm->describing); i++) {
        if (!matches(vm, object->patterns[i].pattern, member->name))
            continue;
        *known = true;
        ok &= evaluate_member(vm, object->patterns[i].node, where, member);
    }
    if (object->names != NULL && (ok || vm->describing)) {
        jv_t name = {.kind = JV_STRING, .line = member->line, .column = member->column, .text = member->name};
        ok &= evaluate_member(vm, object->names, where, &(jv_member_t){.name = member->name, .value = name});
    }
    return ok;
}

/* Member by member: for patterns, additionalProperties and propertyNames, and for small values. */
static bool check_members(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    const js_object_node_t *object = node->object;
    const jv_t *value = where->instance;
    uint32_t n_required = 0;
    bool ok = true;
    for (uint32_t i = 0; i < value->n; i++) {
        const jv_member_t *member = &value->members[i];
        const js_property_t *property = find_property(object, member->name);
        bool known;
        n_required += property != NULL && property->required;
        ok &= check_member(vm, node, where, member, property, &known);
        if (!known && object->additional != NULL) {
            known = true;
            if (object->additional->never) {
                where_t at = {.up = where, .instance = &member->value, .name = &member->name};
                REFUSE(node, &at, "additionalProperties", "the property %s is not allowed",
                       show_name(vm, member->name));
            } else if (ok || vm->describing) {
                ok &= evaluate_member(vm, object->additional, where, member);
            }
        }
        if (known && marks != NULL)
            mark(marks, i);
        if (!ok && !vm->describing)
            return false;
    }
    if (n_required < object->n_required)
        ok &= refuse_missing(vm, node, where);
    return ok && n_required == object->n_required;
}

/* Property by property, for a few of them in a large value. */
static bool check_properties(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    const js_object_node_t *object = node->object;
    const jv_t *value = where->instance;
    bool ok = true;
    for (uint32_t i = 0; i < object->n_properties; i++) {
        const js_property_t *property = &object->properties[i];
        const jv_member_t *member = jv_member(value, property->name);
        if (member == NULL) {
            if (property->required)
                REFUSE(node, where, "required", "lacks the property %s", show_name(vm, property->name));
            continue;
        }
        if (property->node == NULL)
            continue;
        if (marks != NULL)
            mark(marks, (uint32_t)(member - value->members));
        ok &= evaluate_member(vm, property->node, where, member);
        if (!ok && !vm->describing)
            return false;
    }
    return ok;
}

static bool check_dependencies(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    const js_object_node_t *object = node->object;
    const jv_t *value = where->instance;
    bool ok = true;
    for (uint32_t i = 0; i < object->n_dependencies; i++) {
        const js_dependency_t *dependency = &object->dependencies[i];
        if (jv_member(value, dependency->name) == NULL)
            continue;
        if (dependency->node != NULL) {
            ok &= evaluate(vm, dependency->node, where, marks);
            if (!ok && !vm->describing)
                return false;
            continue;
        }
        if (!charge(vm, dependency->required->n))
            return false;
        for (uint32_t r = 0; r < dependency->required->n; r++) {
            text_t name = dependency->required->items[r].text;
            if (jv_member(value, name) == NULL)
                REFUSE(node, where, dependency->keyword,
                       "lacks the property %s, which must be there because %s is", show_name(vm, name),
                       show_name(vm, dependency->name));
        }
    }
    return ok;
}

static bool check_object(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
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
    if (!charge(vm, (by_member ? value->n : object->n_properties) / 4 + object->n_dependencies))
        return false;
    if (by_member)
        ok &= check_members(vm, node, where, marks);
    else
        ok &= check_properties(vm, node, where, marks);
    if (object->n_dependencies > 0 && (ok || vm->describing))
        ok &= check_dependencies(vm, node, where, marks);
    return ok;
}

/* --- schemas for the value itself -------------------------------------------------------------------------------- */

static bool check_any_of(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    const js_nodes_t *branches = &node->applied->any_of;
    bool ok = true, found = false;
    for (uint32_t i = 0; i < branches->n && (!found || marks != NULL); i++)
        found |= holds(vm, branches->nodes[i], where, marks);
    if (!found)
        REFUSE(node, where, "anyOf", "is %s, which fits none of the %u alternatives",
               show(vm, where->instance), branches->n);
    return ok;
}

static bool check_one_of(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
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
                   show(vm, where->instance), first, i);
    }
    if (found == 0)
        REFUSE(node, where, "oneOf", "is %s, which fits none of the %u alternatives",
               show(vm, where->instance), branches->n);
    return ok;
}

static const js_node_t *dynamic_target(const vm_t *vm, const js_applied_t *applied)
{
    if (applied->dynamic_name == 0 || vm->scope == NULL)
        return applied->dynamic_ref;
    const js_node_t *target = vm->scope->targets[applied->dynamic_name - 1];
    return target == NULL ? applied->dynamic_ref : target;
}

static bool check_conditional(vm_t *vm, const js_applied_t *applied, where_t *where, marks_t *marks)
{
    if (applied->then_ == NULL && applied->else_ == NULL && marks == NULL)
        return true;
    const js_node_t *next = holds(vm, applied->if_, where, marks) ? applied->then_ : applied->else_;
    return next == NULL || evaluate(vm, next, where, marks);
}

static bool check_applied(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    const js_applied_t *applied = node->applied;
    bool ok = true;
    if (applied->ref != NULL)
        ok &= evaluate(vm, applied->ref, where, marks);
    if (applied->dynamic_ref != NULL && (ok || vm->describing))
        ok &= evaluate(vm, dynamic_target(vm, applied), where, marks);
    for (uint32_t i = 0; i < applied->all_of.n && (ok || vm->describing); i++)
        ok &= evaluate(vm, applied->all_of.nodes[i], where, marks);
    if (applied->any_of.nodes != NULL && (ok || vm->describing))
        ok &= check_any_of(vm, node, where, marks);
    if (applied->one_of.nodes != NULL && (ok || vm->describing))
        ok &= check_one_of(vm, node, where, marks);
    if (applied->not != NULL && (ok || vm->describing) && holds(vm, applied->not, where, NULL))
        REFUSE(node, where, "not", "is %s, which fits the schema that it must not fit",
               show(vm, where->instance));
    if (applied->if_ != NULL && (ok || vm->describing))
        ok &= check_conditional(vm, applied, where, marks);
    return ok;
}

/* --- what nothing else looked at ---------------------------------------------------------------------------------- */

static bool check_unevaluated_properties(vm_t *vm, const js_node_t *node, where_t *where,
                                         const marks_t *marks)
{
    const jv_t *value = where->instance;
    bool ok = true;
    for (uint32_t i = 0; i < value->n && !marks->all; i++) {
        const jv_member_t *member = &value->members[i];
        if (is_marked(marks, i))
            continue;
        if (node->unevaluated_properties->never) {
            where_t at = {.up = where, .instance = &member->value, .name = &member->name};
            REFUSE(node, &at, "unevaluatedProperties", "the property %s is not allowed",
                   show_name(vm, member->name));
        } else if (!evaluate_member(vm, node->unevaluated_properties, where, member)) {
            ok = false;
            if (!vm->describing)
                return false;
        }
    }
    return ok;
}

static bool check_unevaluated_items(vm_t *vm, const js_node_t *node, where_t *where, const marks_t *marks)
{
    bool ok = true;
    for (uint32_t i = 0; i < where->instance->n && !marks->all; i++) {
        if (is_marked(marks, i))
            continue;
        if (!evaluate_item(vm, node->unevaluated_items, where, i)) {
            ok = false;
            if (!vm->describing)
                return false;
        }
    }
    return ok;
}

/* --- one schema at one value -------------------------------------------------------------------------------------- */

static bool check_kind(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    switch (where->instance->kind) {
    case JV_NULL:
    case JV_FALSE:
    case JV_TRUE:
        return true;
    case JV_NUMBER:
        return node->number == NULL || check_number(vm, node, where);
    case JV_STRING:
        return node->string == NULL || check_string(vm, node, where);
    case JV_ARRAY:
        return node->array == NULL || check_array(vm, node, where, marks);
    case JV_OBJECT:
        return node->object == NULL || check_object(vm, node, where, marks);
    }
    return false;
}

static bool check_node(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    bool ok = true;
    if (node->never)
        REFUSE(node, where, NULL, "no value is allowed here");
    if (!type_fits(node, where->instance))
        REFUSE(node, where, "type", "is %s, but must be %s", show(vm, where->instance),
               types_text(vm, node->types));
    if (node->values != NULL) {
        ok &= check_values(vm, node, where);
        if (!ok && !vm->describing)
            return false;
    }
    ok &= check_kind(vm, node, where, marks);
    if (node->applied != NULL && (ok || vm->describing))
        ok &= check_applied(vm, node, where, marks);
    return ok;
}

/* With unevaluatedItems or unevaluatedProperties: what this schema itself evaluates, apart from what others around it do. */
static bool check_unevaluated(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    uint32_t n = where->instance->n;
    arena_mark_t before = arena_mark(vm->arena);
    marks_t own;
    marks_init(vm, &own, n);
    bool ok = charge(vm, n / 64) && check_node(vm, node, where, &own);
    if (ok && where->instance->kind == JV_OBJECT)
        ok = check_unevaluated_properties(vm, node, where, &own);
    else if (ok)
        ok = check_unevaluated_items(vm, node, where, &own);
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
static const scope_t *enter_scope(vm_t *vm, const js_resource_t *resource)
{
    const js_validator_t *validator = vm->validator;
    scope_t *scope = ARENA_NEW(vm->arena, scope_t);
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

static bool find_loop(const where_t *where, const js_node_t *node)
{
    for (const link_t *link = where->links; link != NULL; link = link->up)
        if (link->node == node)
            return true;
    return false;
}

static bool enter(vm_t *vm, const js_node_t *node, where_t *where)
{
    if (where->in_place > 0 && where->in_place % LOOP_EVERY == 0 && find_loop(where, node))
        return give_up(vm, "reference-loop");
    if (vm->depth >= vm->max_depth)
        return give_up(vm, find_loop(where, node) ? "reference-loop" : "depth");
    return true;
}

/* The general case of `evaluate`. */
static bool evaluate_whole(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    if (!enter(vm, node, where))
        return false;
    link_t link = {node, where->links};
    const scope_t *outer = vm->scope;
    where->links = &link;
    where->in_place++;
    vm->depth++;
    arena_mark_t before = arena_mark(vm->arena);
    if (vm->validator->n_names > 0 && (outer == NULL || outer->resource != node->resource))
        vm->scope = enter_scope(vm, node->resource);
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

static bool evaluate(vm_t *vm, const js_node_t *node, where_t *where, marks_t *marks)
{
    if (!charge(vm, 1))
        return false;
    if (node->leaf && !vm->describing)
        return !node->never && type_fits(node, where->instance);
    return evaluate_whole(vm, node, where, marks);
}

/* --- a whole validation -------------------------------------------------------------------------------------------- */

static bool run(vm_t *vm, const jv_t *instance)
{
    where_t root = {.instance = instance};
    vm->max_steps = vm->limits->max_steps;
    vm->depth = 0;
    vm->scope = NULL;
    return evaluate(vm, vm->validator->root, &root, NULL);
}

static js_result_t validate(vm_t *vm, const jv_t *instance, size_t max_errors)
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
    vm_t vm = {.validator = validator,
               .arena = arena,
               .limits = limits,
               .max_depth = DEPTH_PER_LEVEL * limits->max_depth};
    js_result_t result = validate(&vm, instance, max_errors);
    arena_free(vm.matcher.arena);
    return result;
}

int js_meta_validate(const jv_t *schema, js_dialect_t dialect, arena_t *arena, fault_t *fault)
{
    (void)schema;
    (void)dialect;
    (void)arena;
    (void)fault;
    return 0;
}

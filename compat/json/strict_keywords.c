/* What each keyword says, in which drafts: the readers and their table. */
#include <stdlib.h>
#include <string.h>

#include "compat/json/format.h"
#include "compat/json/keywords.h"
#include "compat/json/strict_front.h"

static void add_opaque(front_t *front, unsigned kinds, const char *reason, const jv_t *place)
{
    front_add_schema(front, front_opaque(front, kinds, reason, place));
}

static void malformed(front_t *front, const jv_t *value)
{
    add_opaque(front, IR_ALL, "keyword", value);
}

/* --- any instance ------------------------------------------------------------------------------------------------------- */

typedef void keyword_fn(front_t *front, const front_at_t *at, const jv_t *value);

static const struct {
    const char *name;
    unsigned kinds;
} types[] = {
    {"null", IR_BIT(IR_NULL)},     {"boolean", IR_BOOLEANS},      {"integer", IR_BIT(IR_INTEGER)},
    {"number", IR_NUMBERS},        {"string", IR_BIT(IR_STRING)}, {"array", IR_BIT(IR_ARRAY)},
    {"object", IR_BIT(IR_OBJECT)},
};

static unsigned kinds_of(const jv_t *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (jv_is_string(type, types[i].name))
            return types[i].kinds;
    }
    return 0;
}

static void read_type(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    bool several = value->kind == JV_ARRAY;
    unsigned mask = 0;
    for (uint32_t i = 0; i < (several ? value->n : 1); i++) {
        unsigned kinds = kinds_of(several ? &value->items[i] : value);
        if (kinds == 0) {
            malformed(front, value);
            return;
        }
        mask |= kinds;
    }
    front_add_schema(front, ir_kinds(front_ir(front), mask));
}

static int by_value(const void *a, const void *b, void *context)
{
    return ir_number_compare(context, *(const ir_number_t *)a, *(const ir_number_t *)b);
}

/* Exactly these numbers, which are of one kind. */
static ir_id_t points(front_t *front, ir_kind_t kind, ir_number_t *numbers, uint32_t n)
{
    ir_t *ir = front_ir(front);
    if (n == 0)
        return IR_NO;
    qsort_r(numbers, n, sizeof *numbers, by_value, ir);
    ir_ranges_t *ranges = arena_alloc(ir->arena, sizeof *ranges + n * sizeof(ir_interval_t));
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || numbers[i] != numbers[i - 1])
            ranges->at[ranges->n++] = (ir_interval_t){.lo = numbers[i], .hi = numbers[i]};
    }
    return ir_ranges(ir, kind, ir_ranges_not(ir, kind, ir_ranges_not(ir, kind, ranges)));
}

static void read_enum(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    ir_t *ir = front_ir(front);
    if (value->kind != JV_ARRAY) {
        malformed(front, value);
        return;
    }
    uint32_t *pooled[IR_KINDS], n[IR_KINDS] = {0};
    for (int k = 0; k < IR_KINDS; k++)
        pooled[k] = ARENA_ARRAY(ir->arena, uint32_t, k < IR_INTEGER ? 1 : value->n);
    for (uint32_t i = 0; i < value->n; i++) {
        const jv_t *one = &value->items[i];
        ir_kind_t kind = ir_kind_of(ir, one);
        if (kind == IR_STRING)
            pooled[kind][n[kind]++] = ir_text(ir, one->text);
        else if (kind == IR_ARRAY || kind == IR_OBJECT)
            pooled[kind][n[kind]++] = ir_value(ir, one);
        else if (kind == IR_INTEGER || kind == IR_FRACTION)
            pooled[kind][n[kind]++] = ir_number(ir, one->text);
        else
            n[kind] = 1;
    }
    if (ir->failed != NULL)
        return;
    ir_id_t parts[IR_KINDS] = {n[IR_NULL] ? IR_YES : IR_NO, n[IR_TRUTH] ? IR_YES : IR_NO,
                               n[IR_FALSEHOOD] ? IR_YES : IR_NO};
    parts[IR_INTEGER] = points(front, IR_INTEGER, pooled[IR_INTEGER], n[IR_INTEGER]);
    parts[IR_FRACTION] = points(front, IR_FRACTION, pooled[IR_FRACTION], n[IR_FRACTION]);
    parts[IR_STRING] = ir_strings(ir, pooled[IR_STRING], n[IR_STRING]);
    parts[IR_ARRAY] = ir_values(ir, IR_ARRAY, pooled[IR_ARRAY], n[IR_ARRAY]);
    parts[IR_OBJECT] = ir_values(ir, IR_OBJECT, pooled[IR_OBJECT], n[IR_OBJECT]);
    front_add_schema(front, ir_schema(ir, parts));
}

static void read_const(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    front_add_schema(front, ir_constant(front_ir(front), value));
}

/* --- schemas in place ----------------------------------------------------------------------------------------------------- */

static void read_all_of(front_t *front, const front_at_t *at, const jv_t *value)
{
    if (value->kind != JV_ARRAY) {
        malformed(front, value);
        return;
    }
    for (uint32_t i = 0; i < value->n; i++)
        front_add_schema(front, front_schema(front, &value->items[i], at->resource));
}

static void read_any_of(front_t *front, const front_at_t *at, const jv_t *value)
{
    if (value->kind != JV_ARRAY || value->n == 0) {
        malformed(front, value);
        return;
    }
    ir_t *ir = front_ir(front);
    ir_id_t parts[IR_KINDS];
    ir_id_t *branches = ARENA_ARRAY(ir->arena, ir_id_t, value->n);
    for (uint32_t i = 0; i < value->n; i++)
        branches[i] = front_schema(front, &value->items[i], at->resource);
    for (int k = 0; k < IR_KINDS; k++) {
        uint32_t top = ir->stack_n;
        for (uint32_t i = 0; i < value->n; i++)
            ir_push(ir, IR_NOT(ir_part(ir, branches[i], (ir_kind_t)k)));
        parts[k] = IR_NOT(ir_and_top(ir, (ir_kind_t)k, top));
    }
    front_add_schema(front, ir_schema(ir, parts));
}

/* Of one kind: one branch holds, and no two. Branches that allow nothing of the kind are left out before, and most pairs exclude each
 * other at sight, so that usually nothing but the choice is left. */
static ir_id_t exactly_one(front_t *front, ir_kind_t kind, const ir_id_t *branches, uint32_t n)
{
    ir_t *ir = front_ir(front);
    uint32_t top = ir->stack_n, some = 0;
    for (uint32_t i = 0; i < n; i++) {
        ir_id_t x = ir_part(ir, branches[i], kind);
        if (x == IR_NO)
            continue;
        some++;
        for (uint32_t j = i + 1; j < n; j++) {
            ir_id_t y = ir_part(ir, branches[j], kind);
            ir_id_t both = y == IR_NO ? IR_NO : ir_and2(ir, kind, x, y);
            if (both != IR_NO)
                ir_push(ir, IR_NOT(both));
        }
    }
    if (some == 0) {
        ir->stack_n = top;
        return IR_NO;
    }
    uint32_t list = ir->stack_n;
    for (uint32_t i = 0; i < n; i++)
        ir_push(ir, IR_NOT(ir_part(ir, branches[i], kind)));
    ir_id_t one = IR_NOT(ir_and_top(ir, kind, list));
    ir_push(ir, one);
    return ir_and_top(ir, kind, top);
}

static void read_one_of(front_t *front, const front_at_t *at, const jv_t *value)
{
    if (value->kind != JV_ARRAY || value->n == 0) {
        malformed(front, value);
        return;
    }
    ir_t *ir = front_ir(front);
    ir_id_t parts[IR_KINDS];
    ir_id_t *branches = ARENA_ARRAY(ir->arena, ir_id_t, value->n);
    for (uint32_t i = 0; i < value->n; i++)
        branches[i] = front_schema(front, &value->items[i], at->resource);
    for (int k = 0; k < IR_KINDS && ir->failed == NULL; k++)
        parts[k] = exactly_one(front, (ir_kind_t)k, branches, value->n);
    if (ir->failed == NULL)
        front_add_schema(front, ir_schema(ir, parts));
}

static void read_not(front_t *front, const front_at_t *at, const jv_t *value)
{
    front_add_schema(front, IR_NOT(front_schema(front, value, at->resource)));
}

static void read_if(front_t *front, const front_at_t *at, const jv_t *value)
{
    ir_t *ir = front_ir(front);
    const jv_t *then = jv_get(at->schema, "then"), *otherwise = jv_get(at->schema, "else");
    ir_id_t condition = then == NULL && otherwise == NULL ? IR_YES : front_schema(front, value, at->resource);
    if (then != NULL)
        front_add_schema(front, ir_schema_or(ir, IR_NOT(condition), front_schema(front, then, at->resource)));
    if (otherwise != NULL)
        front_add_schema(front, ir_schema_or(ir, condition, front_schema(front, otherwise, at->resource)));
}

/* --- numbers and lengths --------------------------------------------------------------------------------------------------- */

static bool flag(const front_at_t *at, const char *name)
{
    const jv_t *value = jv_get(at->schema, name);
    return value != NULL && value->kind == JV_TRUE;
}

static void add_bound(front_t *front, const jv_t *value, bool lower, bool open)
{
    ir_t *ir = front_ir(front);
    if (value->kind != JV_NUMBER) {
        malformed(front, value);
        return;
    }
    ir_number_t number = ir_number(ir, value->text);
    for (ir_kind_t kind = IR_INTEGER; kind <= IR_FRACTION && number != IR_INFINITE; kind++)
        front_add(front, kind,
                  lower ? ir_range(ir, kind, number, open, IR_INFINITE, false)
                        : ir_range(ir, kind, IR_INFINITE, false, number, open));
}

static void read_minimum(front_t *front, const front_at_t *at, const jv_t *value)
{
    add_bound(front, value, true, at->resource->dialect == DIALECT_04 && flag(at, "exclusiveMinimum"));
}

static void read_maximum(front_t *front, const front_at_t *at, const jv_t *value)
{
    add_bound(front, value, false, at->resource->dialect == DIALECT_04 && flag(at, "exclusiveMaximum"));
}

static void read_exclusive_minimum(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    add_bound(front, value, true, true);
}

static void read_exclusive_maximum(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    add_bound(front, value, false, true);
}

static void read_multiple_of(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    ir_t *ir = front_ir(front);
    ir_number_t number = value->kind == JV_NUMBER ? ir_number(ir, value->text) : IR_INFINITE;
    if (number == IR_INFINITE || ir_number_compare(ir, number, ir_number_of(ir, 0)) <= 0) {
        malformed(front, value);
        return;
    }
    front_add(front, IR_INTEGER, ir_multiple(ir, IR_INTEGER, number));
    front_add(front, IR_FRACTION, ir_multiple(ir, IR_FRACTION, number));
}

static bool is_size(front_t *front, const jv_t *value, ir_number_t *out)
{
    ir_t *ir = front_ir(front);
    if (value->kind != JV_NUMBER)
        return false;
    *out = ir_number(ir, value->text);
    return *out != IR_INFINITE && ir_number_integral(ir, *out) &&
           ir_number_compare(ir, *out, ir_number_of(ir, 0)) >= 0;
}

static void add_size(front_t *front, ir_kind_t kind, const jv_t *value, bool lower)
{
    ir_number_t size;
    if (!is_size(front, value, &size))
        malformed(front, value);
    else if (lower)
        front_add(front, kind, ir_range(front_ir(front), kind, size, false, IR_INFINITE, false));
    else
        front_add(front, kind, ir_range(front_ir(front), kind, IR_INFINITE, false, size, false));
}

#define SIZE_KEYWORD(function, kind, lower)                                       \
    static void function(front_t *front, const front_at_t *at, const jv_t *value) \
    {                                                                             \
        (void)at;                                                                 \
        add_size(front, kind, value, lower);                                      \
    }
SIZE_KEYWORD(read_min_length, IR_STRING, true)
SIZE_KEYWORD(read_max_length, IR_STRING, false)
SIZE_KEYWORD(read_min_items, IR_ARRAY, true)
SIZE_KEYWORD(read_max_items, IR_ARRAY, false)
SIZE_KEYWORD(read_min_properties, IR_OBJECT, true)
SIZE_KEYWORD(read_max_properties, IR_OBJECT, false)

/* --- strings -------------------------------------------------------------------------------------------------------------- */

static void read_pattern(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    if (value->kind != JV_STRING)
        malformed(front, value);
    else
        front_add(front, IR_STRING, ir_pattern(front_ir(front), value->text));
}

static void read_format(front_t *front, const front_at_t *at, const jv_t *value)
{
    bool asserts =
        front_asserts_formats(front) || (at->resource->vocabularies & JS_VOCABULARY_FORMAT_ASSERTION);
    if (!asserts || value->kind != JV_STRING)
        return;
    /* Formats that nobody knows assert nothing; this one is known, but not to us. */
    bool known = js_format_find(value->text) != NULL || text_is(value->text, "idn-hostname");
    if (known)
        front_add(front, IR_STRING,
                  ir_opaque(front_ir(front), IR_STRING, "format-asserted", NULL, value->text));
}

/* --- arrays ------------------------------------------------------------------------------------------------------------------ */

static uint32_t prefix_length(const front_at_t *at)
{
    const jv_t *prefix =
        front_keyword(at, at->resource->dialect == DIALECT_2020_12 ? "prefixItems" : "items");
    return prefix != NULL && prefix->kind == JV_ARRAY ? prefix->n : 0;
}

static void add_prefix(front_t *front, const front_at_t *at, const jv_t *value)
{
    for (uint32_t i = 0; i < value->n; i++)
        front_add(front, IR_ARRAY, ir_items(front_ir(front), i, i, front_inner(front, at, &value->items[i])));
}

static void read_prefix_items(front_t *front, const front_at_t *at, const jv_t *value)
{
    if (value->kind == JV_ARRAY)
        add_prefix(front, at, value);
    else
        malformed(front, value);
}

static void read_items(front_t *front, const front_at_t *at, const jv_t *value)
{
    if (value->kind == JV_ARRAY && at->resource->dialect != DIALECT_2020_12) {
        add_prefix(front, at, value);
        return;
    }
    front_add(front, IR_ARRAY,
              ir_items(front_ir(front), prefix_length(at), IR_END, front_inner(front, at, value)));
}

static void read_additional_items(front_t *front, const front_at_t *at, const jv_t *value)
{
    const jv_t *items = front_keyword(at, "items");
    if (items != NULL && items->kind == JV_ARRAY)
        front_add(front, IR_ARRAY,
                  ir_items(front_ir(front), items->n, IR_END, front_inner(front, at, value)));
}

static void read_unique_items(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    if (value->kind == JV_TRUE)
        front_add(front, IR_ARRAY, ir_unique(front_ir(front)));
    else if (value->kind != JV_FALSE)
        malformed(front, value);
}

static void read_contains(front_t *front, const front_at_t *at, const jv_t *value)
{
    ir_t *ir = front_ir(front);
    const jv_t *min = front_keyword(at, "minContains"), *max = front_keyword(at, "maxContains");
    ir_id_t schema = front_inner(front, at, value);
    ir_number_t number;
    int64_t at_least = 1, at_most;
    if (min != NULL && !front_is_blocked(front, min) &&
        (!is_size(front, min, &number) || !ir_number_i64(ir, number, &at_least) || at_least > INT32_MAX)) {
        malformed(front, min);
        return;
    }
    front_add(front, IR_ARRAY, ir_count(ir, schema, (uint64_t)at_least));
    if (max == NULL || front_is_blocked(front, max))
        return;
    if (!is_size(front, max, &number) || !ir_number_i64(ir, number, &at_most) || at_most > INT32_MAX)
        malformed(front, max);
    else
        front_add(front, IR_ARRAY, IR_NOT(ir_count(ir, schema, (uint64_t)at_most + 1)));
}

/* --- objects ----------------------------------------------------------------------------------------------------------------- */

static void read_properties(front_t *front, const front_at_t *at, const jv_t *value)
{
    if (value->kind != JV_OBJECT) {
        malformed(front, value);
        return;
    }
    for (uint32_t i = 0; i < value->n; i++) {
        const jv_member_t *member = &value->members[i];
        ir_id_t schema = front_inner(front, at, &member->value);
        if (schema != IR_YES)
            front_add(front, IR_OBJECT,
                      ir_each(front_ir(front), ir_string(front_ir(front), member->name), schema));
    }
}

static void read_pattern_properties(front_t *front, const front_at_t *at, const jv_t *value)
{
    if (value->kind != JV_OBJECT) {
        malformed(front, value);
        return;
    }
    for (uint32_t i = 0; i < value->n; i++) {
        const jv_member_t *member = &value->members[i];
        ir_id_t schema = front_inner(front, at, &member->value);
        if (schema != IR_YES)
            front_add(front, IR_OBJECT,
                      ir_each(front_ir(front), ir_pattern(front_ir(front), member->name), schema));
    }
}

ir_id_t front_other_names(front_t *front, const front_at_t *at)
{
    ir_t *ir = front_ir(front);
    const jv_t *properties = front_keyword(at, "properties");
    const jv_t *patterns = front_keyword(at, "patternProperties");
    uint32_t top = ir->stack_n;
    if (properties != NULL && properties->kind == JV_OBJECT && properties->n > 0) {
        uint32_t *names = ARENA_ARRAY(ir->arena, uint32_t, properties->n);
        for (uint32_t i = 0; i < properties->n; i++)
            names[i] = ir_text(ir, properties->members[i].name);
        ir_push(ir, IR_NOT(ir_strings(ir, names, properties->n)));
    }
    for (uint32_t i = 0; patterns != NULL && patterns->kind == JV_OBJECT && i < patterns->n; i++)
        ir_push(ir, IR_NOT(ir_pattern(ir, patterns->members[i].name)));
    return ir_and_top(ir, IR_STRING, top);
}

static void read_additional_properties(front_t *front, const front_at_t *at, const jv_t *value)
{
    ir_t *ir = front_ir(front);
    ir_id_t schema = front_inner(front, at, value);
    if (schema == IR_YES)
        return;
    ir_id_t names = front_unblocked(front, value, front_other_names(front, at));
    front_add(front, IR_OBJECT, ir_each(ir, names, schema));
}

static void read_property_names(front_t *front, const front_at_t *at, const jv_t *value)
{
    ir_id_t allowed = ir_part(front_ir(front), front_inner(front, at, value), IR_STRING);
    front_add(front, IR_OBJECT, ir_each(front_ir(front), IR_NOT(allowed), IR_NO));
}

static void read_required(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    if (value->kind != JV_ARRAY) {
        malformed(front, value);
        return;
    }
    for (uint32_t i = 0; i < value->n; i++) {
        const jv_t *name = &value->items[i];
        if (name->kind != JV_STRING)
            malformed(front, name);
        else if (!front_is_blocked(front, name))
            front_add(front, IR_OBJECT,
                      ir_some(front_ir(front), ir_string(front_ir(front), name->text), IR_YES));
    }
}

/* No member `name`, or what `then` says. */
static void add_dependency(front_t *front, text_t name, ir_id_t then)
{
    ir_id_t absent = ir_each(front_ir(front), ir_string(front_ir(front), name), IR_NO);
    front_add(front, IR_OBJECT, ir_or2(front_ir(front), IR_OBJECT, absent, then));
}

static bool depends_on_names(front_t *front, const jv_member_t *member)
{
    ir_t *ir = front_ir(front);
    uint32_t top = ir->stack_n;
    for (uint32_t i = 0; i < member->value.n; i++) {
        if (member->value.items[i].kind != JV_STRING) {
            ir->stack_n = top;
            return false;
        }
        ir_push(ir, ir_some(ir, ir_string(ir, member->value.items[i].text), IR_YES));
    }
    add_dependency(front, member->name, ir_and_top(ir, IR_OBJECT, top));
    return true;
}

static void depends_on_schema(front_t *front, const front_at_t *at, const jv_member_t *member)
{
    ir_id_t schema = front_schema(front, &member->value, at->resource);
    add_dependency(front, member->name, ir_part(front_ir(front), schema, IR_OBJECT));
}

static void read_dependencies(front_t *front, const front_at_t *at, const jv_t *value)
{
    bool is_map = value->kind == JV_OBJECT;
    for (uint32_t i = 0; is_map && i < value->n; i++) {
        const jv_member_t *member = &value->members[i];
        if (js_is_schema(&member->value))
            depends_on_schema(front, at, member);
        else if (member->value.kind != JV_ARRAY || !depends_on_names(front, member))
            malformed(front, &member->value);
    }
    if (!is_map)
        malformed(front, value);
}

static void read_dependent_required(front_t *front, const front_at_t *at, const jv_t *value)
{
    (void)at;
    bool is_map = value->kind == JV_OBJECT;
    for (uint32_t i = 0; is_map && i < value->n; i++) {
        if (value->members[i].value.kind != JV_ARRAY || !depends_on_names(front, &value->members[i]))
            malformed(front, &value->members[i].value);
    }
    if (!is_map)
        malformed(front, value);
}

static void read_dependent_schemas(front_t *front, const front_at_t *at, const jv_t *value)
{
    bool is_map = value->kind == JV_OBJECT;
    for (uint32_t i = 0; is_map && i < value->n; i++)
        depends_on_schema(front, at, &value->members[i]);
    if (!is_map)
        malformed(front, value);
}
/* --- references --------------------------------------------------------------------------------------------------------------- */

static void read_reference(front_t *front, const front_at_t *at, const jv_t *value, const char *keyword)
{
    front_step_t step;
    if (!front_follow(front, at, keyword, &step)) {
        add_opaque(front, IR_ALL, "reference", value);
        return;
    }
    front_add_schema(front, front_schema(front, step.at.schema, step.at.resource));
    front_step_leave(front, &step);
}

static void read_ref(front_t *front, const front_at_t *at, const jv_t *value)
{
    read_reference(front, at, value, "$ref");
}

static void read_dynamic_ref(front_t *front, const front_at_t *at, const jv_t *value)
{
    read_reference(front, at, value, "$dynamicRef");
}

static void read_recursive_ref(front_t *front, const front_at_t *at, const jv_t *value)
{
    read_reference(front, at, value, "$recursiveRef");
}
/* --- the table of keywords ------------------------------------------------------------------------------------------------------ */

typedef struct {
    const char *name;
    size_t bytes;
    js_dialect_t first, last;
    unsigned vocabulary; /* 0: core */
    keyword_fn *read;    /* NULL: read beside another keyword */
} keyword_t;

#define KEYWORD(name) name, sizeof name - 1
#define APPLICATOR    JS_VOCABULARY_APPLICATOR
#define VALIDATION    JS_VOCABULARY_VALIDATION
#define UNEVALUATED   JS_VOCABULARY_UNEVALUATED

/* Sorted by length, then by name. Up to draft-07 nothing beside a $ref counts. */
static const keyword_t keywords[] = {
    {KEYWORD("if"), DIALECT_07, DIALECT_2020_12, APPLICATOR, read_if},
    {KEYWORD("not"), DIALECT_04, DIALECT_2020_12, APPLICATOR, read_not},
    {KEYWORD("$ref"), DIALECT_04, DIALECT_2020_12, 0, read_ref},
    {KEYWORD("enum"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_enum},
    {KEYWORD("type"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_type},
    {KEYWORD("allOf"), DIALECT_04, DIALECT_2020_12, APPLICATOR, read_all_of},
    {KEYWORD("anyOf"), DIALECT_04, DIALECT_2020_12, APPLICATOR, read_any_of},
    {KEYWORD("const"), DIALECT_06, DIALECT_2020_12, VALIDATION, read_const},
    {KEYWORD("items"), DIALECT_04, DIALECT_2020_12, APPLICATOR, read_items},
    {KEYWORD("oneOf"), DIALECT_04, DIALECT_2020_12, APPLICATOR, read_one_of},
    {KEYWORD("format"), DIALECT_04, DIALECT_2020_12, 0, read_format},
    {KEYWORD("maximum"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_maximum},
    {KEYWORD("minimum"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_minimum},
    {KEYWORD("pattern"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_pattern},
    {KEYWORD("contains"), DIALECT_06, DIALECT_2020_12, APPLICATOR, read_contains},
    {KEYWORD("maxItems"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_max_items},
    {KEYWORD("minItems"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_min_items},
    {KEYWORD("required"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_required},
    {KEYWORD("maxLength"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_max_length},
    {KEYWORD("minLength"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_min_length},
    {KEYWORD("multipleOf"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_multiple_of},
    {KEYWORD("properties"), DIALECT_04, DIALECT_2020_12, APPLICATOR, read_properties},
    {KEYWORD("$dynamicRef"), DIALECT_2020_12, DIALECT_2020_12, 0, read_dynamic_ref},
    {KEYWORD("maxContains"), DIALECT_2019_09, DIALECT_2020_12, VALIDATION, NULL},
    {KEYWORD("minContains"), DIALECT_2019_09, DIALECT_2020_12, VALIDATION, NULL},
    {KEYWORD("prefixItems"), DIALECT_2020_12, DIALECT_2020_12, APPLICATOR, read_prefix_items},
    {KEYWORD("uniqueItems"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_unique_items},
    {KEYWORD("dependencies"), DIALECT_04, DIALECT_07, APPLICATOR, read_dependencies},
    {KEYWORD("$recursiveRef"), DIALECT_2019_09, DIALECT_2019_09, 0, read_recursive_ref},
    {KEYWORD("maxProperties"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_max_properties},
    {KEYWORD("minProperties"), DIALECT_04, DIALECT_2020_12, VALIDATION, read_min_properties},
    {KEYWORD("propertyNames"), DIALECT_06, DIALECT_2020_12, APPLICATOR, read_property_names},
    {KEYWORD("additionalItems"), DIALECT_04, DIALECT_2019_09, APPLICATOR, read_additional_items},
    {KEYWORD("dependentSchemas"), DIALECT_2019_09, DIALECT_2020_12, APPLICATOR, read_dependent_schemas},
    {KEYWORD("exclusiveMaximum"), DIALECT_06, DIALECT_2020_12, VALIDATION, read_exclusive_maximum},
    {KEYWORD("exclusiveMinimum"), DIALECT_06, DIALECT_2020_12, VALIDATION, read_exclusive_minimum},
    {KEYWORD("unevaluatedItems"), DIALECT_2019_09, DIALECT_2020_12, UNEVALUATED, front_unevaluated_items},
    {KEYWORD("dependentRequired"), DIALECT_2019_09, DIALECT_2020_12, VALIDATION, read_dependent_required},
    {KEYWORD("patternProperties"), DIALECT_04, DIALECT_2020_12, APPLICATOR, read_pattern_properties},
    {KEYWORD("additionalProperties"), DIALECT_04, DIALECT_2020_12, APPLICATOR, read_additional_properties},
    {KEYWORD("unevaluatedProperties"), DIALECT_2019_09, DIALECT_2020_12, UNEVALUATED,
     front_unevaluated_properties},
};

static const keyword_t *find_keyword(text_t name, const js_resource_t *resource)
{
    size_t from = 0, to = sizeof keywords / sizeof *keywords;
    while (from < to) {
        size_t middle = (from + to) / 2;
        const keyword_t *row = &keywords[middle];
        int order = row->bytes != name.bytes ? (row->bytes < name.bytes ? -1 : 1)
                                             : memcmp(row->name, name.at, name.bytes);
        if (order == 0) {
            bool known = resource->dialect >= row->first && resource->dialect <= row->last;
            bool wanted = row->vocabulary == 0 || (resource->vocabularies & row->vocabulary) != 0;
            return known && wanted ? row : NULL;
        }
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

const jv_t *front_keyword(const front_at_t *at, const char *name)
{
    const jv_t *value = jv_get(at->schema, name);
    return value != NULL && find_keyword(text_of(name), at->resource) != NULL ? value : NULL;
}
void front_read_keywords(front_t *front, const front_at_t *at)
{
    const jv_t *ref = jv_get(at->schema, "$ref");
    if (at->resource->dialect <= DIALECT_07 && ref != NULL && ref->kind == JV_STRING) {
        if (!front_is_blocked(front, ref))
            read_ref(front, at, ref);
        return;
    }
    for (uint32_t i = 0; i < at->schema->n && front_ir(front)->failed == NULL; i++) {
        const jv_member_t *member = &at->schema->members[i];
        const keyword_t *keyword = find_keyword(member->name, at->resource);
        if (keyword != NULL && keyword->read != NULL && !front_is_blocked(front, &member->value))
            keyword->read(front, at, &member->value);
    }
}

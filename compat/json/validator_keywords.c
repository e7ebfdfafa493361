/* What each keyword means in a compiled schema, one small function for each, and the table of them by draft. */
#include <stdlib.h>
#include <string.h>

#include "compat/json/keywords.h"
#include "compat/json/validator_compile.h"

typedef int keyword_fn(compiler_t *c, js_node_t *node, const jv_member_t *keyword);

/* --- groups, made when the first of their keywords comes ----------------------------------------------------------- */

static js_number_node_t *number_of(compiler_t *c, js_node_t *node)
{
    if (node->number == NULL)
        node->number = ARENA_NEW(c->arena, js_number_node_t);
    return node->number;
}

static js_string_node_t *string_of(compiler_t *c, js_node_t *node)
{
    if (node->string == NULL) {
        node->string = ARENA_NEW(c->arena, js_string_node_t);
        node->string->max = UINT64_MAX;
    }
    return node->string;
}

static js_array_node_t *array_of(compiler_t *c, js_node_t *node)
{
    if (node->array == NULL) {
        node->array = ARENA_NEW(c->arena, js_array_node_t);
        node->array->max = UINT64_MAX;
    }
    return node->array;
}

static js_object_node_t *object_of(compiler_t *c, js_node_t *node)
{
    if (node->object == NULL) {
        node->object = ARENA_NEW(c->arena, js_object_node_t);
        node->object->max = UINT64_MAX;
    }
    return node->object;
}

static js_applied_t *applied_of(compiler_t *c, js_node_t *node)
{
    if (node->applied == NULL)
        node->applied = ARENA_NEW(c->arena, js_applied_t);
    return node->applied;
}

/* --- values of keywords ------------------------------------------------------------------------------------------ */

/* A whole number that is not negative; one beyond 64 bits is as good as the largest. */
static int read_count(compiler_t *c, const jv_member_t *keyword, uint64_t *out)
{
    number_t number;
    int64_t value;
    if (keyword->value.kind != JV_NUMBER || !number_parse(keyword->value.text, &number) || number.negative ||
        (int64_t)number.digits > (number.digits == 0 ? 0 : number.exponent))
        return compile_fail(c, keyword, "must be a whole number and not negative");
    *out = jv_to_i64(&keyword->value, &value) ? (uint64_t)value : UINT64_MAX;
    return 0;
}

static int read_schema(compiler_t *c, js_node_t *node, const jv_member_t *keyword, js_node_t **out)
{
    if (!js_is_schema(&keyword->value))
        return compile_fail(c, keyword, "must be a schema");
    *out = compile_child(c, node, &keyword->value);
    return 0;
}

static int read_schemas(compiler_t *c, js_node_t *node, const jv_member_t *keyword, js_nodes_t *out)
{
    const jv_t *list = &keyword->value;
    if (list->kind != JV_ARRAY)
        return compile_fail(c, keyword, "must be an array of schemas");
    out->nodes = ARENA_ARRAY(c->arena, js_node_t *, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        if (!js_is_schema(&list->items[i]))
            return compile_fail(c, keyword, "must be an array of schemas");
        out->nodes[out->n++] = compile_child(c, node, &list->items[i]);
    }
    return 0;
}

static bool is_names(const jv_t *value)
{
    if (value->kind != JV_ARRAY)
        return false;
    for (uint32_t i = 0; i < value->n; i++)
        if (value->items[i].kind != JV_STRING)
            return false;
    return true;
}

static bool is_true(const jv_t *value)
{
    return value != NULL && value->kind == JV_TRUE;
}

/* --- references -------------------------------------------------------------------------------------------------- */

static int resolve(compiler_t *c, const js_node_t *node, const jv_member_t *keyword, js_place_t *place)
{
    if (keyword->value.kind != JV_STRING)
        return compile_fail(c, keyword, "must be a string");
    if (js_resolve(c->resources, node->resource, keyword->value.text, c->arena, place, c->fault) == 0)
        return 0;
    if (c->fault != NULL && c->fault->line == 0) {
        c->fault->line = keyword->value.line;
        c->fault->column = keyword->value.column;
        fault_set_pointer(c->fault, js_pointer(c->resources, &keyword->value, c->arena));
    }
    return -1;
}

static int read_ref(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    js_place_t place;
    if (resolve(c, node, keyword, &place) != 0)
        return -1;
    applied_of(c, node)->ref = compile_place(c, place.schema, place.resource);
    return 0;
}

/* 2020-12 core, 8.2.3.2. */
static int read_dynamic_ref(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    js_place_t place;
    if (resolve(c, node, keyword, &place) != 0)
        return -1;
    js_applied_t *applied = applied_of(c, node);
    applied->dynamic_ref = compile_place(c, place.schema, place.resource);
    applied->dynamic_keyword = "$dynamicRef";
    if (place.dynamic)
        applied->dynamic_name = compile_dynamic_name(c, place.anchor);
    return 0;
}

/* 2019-09 core, 8.2.4.2.1. */
static int read_recursive_ref(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    js_place_t place;
    if (resolve(c, node, keyword, &place) != 0)
        return -1;
    js_applied_t *applied = applied_of(c, node);
    applied->dynamic_ref = compile_place(c, place.schema, place.resource);
    applied->dynamic_keyword = "$recursiveRef";
    if (place.schema == place.resource->root && place.resource->recursive_anchor)
        applied->dynamic_name = compile_dynamic_name(c, TEXT(""));
    return 0;
}

/* --- any value --------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint8_t types;
} type_names[] = {
    {"null", TYPE_NULL},       {"boolean", TYPE_BOOLEAN},
    {"integer", TYPE_INTEGER}, {"number", TYPE_INTEGER | TYPE_FRACTION},
    {"string", TYPE_STRING},   {"array", TYPE_ARRAY},
    {"object", TYPE_OBJECT},
};

static uint8_t type_bits(const jv_t *name)
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (jv_is_string(name, type_names[i].name))
            return type_names[i].types;
    return 0;
}

static int read_type(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    static const char expected[] = "must name types: null, boolean, integer, number, string, array, object";
    const jv_t *value = &keyword->value;
    uint8_t types = value->kind == JV_STRING ? type_bits(value) : 0;
    for (uint32_t i = 0; value->kind == JV_ARRAY && i < value->n; i++) {
        uint8_t bits = type_bits(&value->items[i]);
        if (bits == 0)
            return compile_fail(c, keyword, expected);
        types |= bits;
    }
    if (types == 0)
        return compile_fail(c, keyword, expected);
    node->types = types;
    return 0;
}

static js_enum_t *enum_of(compiler_t *c, js_node_t *node)
{
    if (node->values == NULL)
        node->values = ARENA_NEW(c->arena, js_enum_t);
    return node->values;
}

#define PROBES_PER_VALUE 8
#define FEW              8 /* up to here looking at each is faster than a table */

/* A table of twice the size, a power of two; its mask. */
static uint32_t *new_slots(compiler_t *c, uint32_t n, uint32_t *mask)
{
    uint32_t size = 16;
    while (size < 2 * n)
        size *= 2;
    *mask = size - 1;
    return ARENA_ARRAY(c->arena, uint32_t, size);
}

static int read_enum(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    if (keyword->value.kind != JV_ARRAY)
        return compile_fail(c, keyword, "must be an array of values");
    js_enum_t *values = enum_of(c, node);
    values->values = keyword->value.items == NULL ? &keyword->value : keyword->value.items;
    values->n = keyword->value.n;
    if (values->n <= FEW)
        return 0;
    uint32_t *slots = new_slots(c, values->n, &values->mask);
    uint64_t probes = 0;
    for (uint32_t i = 0; i < values->n; i++) {
        uint32_t at = (uint32_t)jv_hash(&values->values[i]) & values->mask;
        for (; slots[at] != 0 && probes <= PROBES_PER_VALUE * values->n; probes++)
            at = (at + 1) & values->mask;
        slots[at] = i + 1;
    }
    if (probes > PROBES_PER_VALUE * values->n)
        values->mask = 0; /* values made to collide: then they are compared one by one, and paid for */
    values->slots = slots;
    return 0;
}

static int read_const(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    enum_of(c, node)->const_value = &keyword->value;
    return 0;
}

/* --- numbers ----------------------------------------------------------------------------------------------------- */

static int read_bound(compiler_t *c, js_node_t *node, const jv_member_t *keyword, js_bound_kind_t kind)
{
    js_number_node_t *number = number_of(c, node);
    js_bound_t *bound = &number->bounds[number->n_bounds];
    *bound = (js_bound_t){.kind = kind, .text = &keyword->value};
    if (keyword->value.kind != JV_NUMBER || !number_parse(keyword->value.text, &bound->number))
        return compile_fail(c, keyword, "must be a number");
    bool small = number_small(keyword->value.text, &bound->small);
    number->all_small = small && (number->all_small || number->n_bounds == 0);
    number->n_bounds++;
    return 0;
}

/* Draft-04 validation, 5.1.2 and 5.1.3: the exclusive keywords are flags of the others. */
static bool is_exclusive(const js_node_t *node, const char *flag)
{
    return node->resource->dialect == DIALECT_04 && is_true(jv_get(node->schema, flag));
}

static int read_minimum(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_bound(c, node, keyword,
                      is_exclusive(node, "exclusiveMinimum") ? BOUND_EXCLUSIVE_MINIMUM : BOUND_MINIMUM);
}

static int read_maximum(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_bound(c, node, keyword,
                      is_exclusive(node, "exclusiveMaximum") ? BOUND_EXCLUSIVE_MAXIMUM : BOUND_MAXIMUM);
}

static int read_exclusive_minimum(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_bound(c, node, keyword, BOUND_EXCLUSIVE_MINIMUM);
}

static int read_exclusive_maximum(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_bound(c, node, keyword, BOUND_EXCLUSIVE_MAXIMUM);
}

static int read_exclusive_flag(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    (void)node; /* minimum and maximum read the flag */
    if (keyword->value.kind != JV_TRUE && keyword->value.kind != JV_FALSE)
        return compile_fail(c, keyword, "must be true or false in draft-04");
    return 0;
}

static int read_multiple_of(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    js_number_node_t *number = number_of(c, node);
    if (keyword->value.kind != JV_NUMBER ||
        !decimal_read(keyword->value.text, c->limits, c->arena, &number->multiple_of) ||
        decimal_sign(number->multiple_of) <= 0)
        return compile_fail(c, keyword, "must be a number above zero");
    number->multiple_text = &keyword->value;
    if (!decimal_to_i64(number->multiple_of, &number->multiple_small))
        number->multiple_small = 0;
    return 0;
}

/* --- strings ----------------------------------------------------------------------------------------------------- */

static int read_min_length(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_count(c, keyword, &string_of(c, node)->min);
}

static int read_max_length(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_count(c, keyword, &string_of(c, node)->max);
}

static int read_pattern(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    if (keyword->value.kind != JV_STRING)
        return compile_fail(c, keyword, "must be a string");
    string_of(c, node)->pattern = js_pattern_compile_within(keyword->value.text, &c->pattern_work, c->arena);
    return 0;
}

static int read_format(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    if (keyword->value.kind != JV_STRING)
        return compile_fail(c, keyword, "must be a string");
    bool asserts = c->format == JS_FORMAT_ASSERTS ||
                   (node->resource->vocabularies & JS_VOCABULARY_FORMAT_ASSERTION) != 0;
    js_format_check_t *check = asserts ? js_format_find(keyword->value.text) : NULL;
    if (check != NULL) {
        string_of(c, node)->format = check;
        string_of(c, node)->format_name = keyword->value.text;
    }
    return 0;
}

/* --- arrays ------------------------------------------------------------------------------------------------------ */

static int read_min_items(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_count(c, keyword, &array_of(c, node)->min);
}

static int read_max_items(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_count(c, keyword, &array_of(c, node)->max);
}

static int read_unique_items(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    if (keyword->value.kind != JV_TRUE && keyword->value.kind != JV_FALSE)
        return compile_fail(c, keyword, "must be true or false");
    array_of(c, node)->unique = keyword->value.kind == JV_TRUE;
    return 0;
}

static int read_prefix(compiler_t *c, js_node_t *node, const jv_member_t *keyword, const char *name)
{
    js_nodes_t prefix = {0};
    if (read_schemas(c, node, keyword, &prefix) != 0)
        return -1;
    js_array_node_t *array = array_of(c, node);
    array->prefix = prefix.nodes;
    array->n_prefix = prefix.n;
    array->prefix_keyword = name;
    return 0;
}

static int read_rest(compiler_t *c, js_node_t *node, const jv_member_t *keyword, const char *name)
{
    array_of(c, node)->rest_keyword = name;
    return read_schema(c, node, keyword, &array_of(c, node)->rest);
}

/* Up to 2019-09: an array of schemas for the first items and additionalItems for the rest, or one schema for all. */
static int read_items_old(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    if (keyword->value.kind != JV_ARRAY)
        return read_rest(c, node, keyword, "items");
    const jv_member_t *additional = jv_member(node->schema, TEXT("additionalItems"));
    if (read_prefix(c, node, keyword, "items") != 0)
        return -1;
    return additional == NULL ? 0 : read_rest(c, node, additional, "additionalItems");
}

static int read_items(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_rest(c, node, keyword, "items");
}

static int read_prefix_items(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_prefix(c, node, keyword, "prefixItems");
}

static int read_contains(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    js_array_node_t *array = array_of(c, node);
    array->min_contains = 1;
    array->max_contains = UINT64_MAX;
    array->contains_evaluates = node->resource->dialect >= DIALECT_2020_12;
    bool counts = node->resource->dialect >= DIALECT_2019_09 &&
                  (node->resource->vocabularies & JS_VOCABULARY_VALIDATION) != 0;
    const jv_member_t *min = counts ? jv_member(node->schema, TEXT("minContains")) : NULL;
    const jv_member_t *max = counts ? jv_member(node->schema, TEXT("maxContains")) : NULL;
    if ((min != NULL && read_count(c, min, &array->min_contains) != 0) ||
        (max != NULL && read_count(c, max, &array->max_contains) != 0))
        return -1;
    return read_schema(c, node, keyword, &array->contains);
}

/* --- objects ----------------------------------------------------------------------------------------------------- */

static int read_min_properties(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_count(c, keyword, &object_of(c, node)->min);
}

static int read_max_properties(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_count(c, keyword, &object_of(c, node)->max);
}

static int read_properties(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    if (keyword->value.kind != JV_OBJECT)
        return compile_fail(c, keyword, "must be an object whose values are schemas");
    for (uint32_t i = 0; i < keyword->value.n; i++)
        if (!js_is_schema(&keyword->value.members[i].value))
            return compile_fail(c, &keyword->value.members[i], "must be a schema");
    object_of(c, node)->n_properties += keyword->value.n;
    return 0;
}

static int read_required(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    if (!is_names(&keyword->value))
        return compile_fail(c, keyword, "must be an array of names");
    object_of(c, node)->n_required += keyword->value.n;
    return 0;
}

static uint32_t property_slot(const js_object_node_t *object, const uint32_t *slots, text_t name)
{
    uint32_t at = (uint32_t)text_hash(name, object->seed) & object->mask;
    while (slots[at] != 0 && !text_eq(object->properties[slots[at] - 1].name, name))
        at = (at + 1) & object->mask;
    return at;
}

/* The entry of `name`, made if there is none. */
static js_property_t *property_of(js_object_node_t *object, uint32_t *slots, text_t name)
{
    if (slots != NULL) {
        uint32_t at = property_slot(object, slots, name);
        if (slots[at] == 0) {
            slots[at] = ++object->n_properties;
            object->properties[slots[at] - 1].name = name;
        }
        return &object->properties[slots[at] - 1];
    }
    for (uint32_t i = 0; i < object->n_properties; i++)
        if (text_eq(object->properties[i].name, name))
            return &object->properties[i];
    object->properties[object->n_properties].name = name;
    return &object->properties[object->n_properties++];
}

int compile_properties(compiler_t *c, js_node_t *node)
{
    js_object_node_t *object = node->object;
    uint32_t room = object->n_properties + object->n_required;
    /* Neither counts where the dialect's vocabulary leaves the keyword out. */
    const jv_t *properties = object->n_properties > 0 ? jv_get(node->schema, "properties") : NULL;
    const jv_t *required = object->n_required > 0 ? jv_get(node->schema, "required") : NULL;
    uint32_t *slots = room > FEW ? new_slots(c, room, &object->mask) : NULL;
    object->seed = (uint64_t)(uintptr_t)object * 0x9E3779B97F4A7C15u;
    object->properties = ARENA_ARRAY(c->arena, js_property_t, room);
    object->n_properties = object->n_required = 0;
    for (uint32_t i = 0; properties != NULL && i < properties->n; i++)
        property_of(object, slots, properties->members[i].name)->node =
            compile_child(c, node, &properties->members[i].value);
    for (uint32_t i = 0; required != NULL && i < required->n; i++) {
        js_property_t *property = property_of(object, slots, required->items[i].text);
        object->n_required += !property->required;
        property->required = true;
    }
    object->slots = slots;
    object->looks_at_all = object->n_patterns > 0 || object->additional != NULL || object->names != NULL;
    return 0;
}

static int read_pattern_properties(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    const jv_t *map = &keyword->value;
    if (map->kind != JV_OBJECT)
        return compile_fail(c, keyword, "must be an object whose values are schemas");
    js_object_node_t *object = object_of(c, node);
    object->patterns = ARENA_ARRAY(c->arena, js_pattern_property_t, map->n);
    for (uint32_t i = 0; i < map->n; i++) {
        if (!js_is_schema(&map->members[i].value))
            return compile_fail(c, &map->members[i], "must be a schema");
        object->patterns[object->n_patterns++] = (js_pattern_property_t){
            js_pattern_compile_within(map->members[i].name, &c->pattern_work, c->arena),
            compile_child(c, node, &map->members[i].value)};
    }
    return 0;
}

static int read_additional_properties(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_schema(c, node, keyword, &object_of(c, node)->additional);
}

static int read_property_names(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_schema(c, node, keyword, &object_of(c, node)->names);
}

/* dependencies and its two successors: what must hold when a property is there. */
static int read_dependencies(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    const jv_t *map = &keyword->value;
    bool names = !text_is(keyword->name, "dependentSchemas"),
         schemas = !text_is(keyword->name, "dependentRequired");
    if (map->kind != JV_OBJECT)
        return compile_fail(c, keyword, "must be an object");
    js_object_node_t *object = object_of(c, node);
    js_dependency_t *all = ARENA_ARRAY(c->arena, js_dependency_t, object->n_dependencies + map->n);
    if (object->n_dependencies > 0)
        memcpy(all, object->dependencies, object->n_dependencies * sizeof *all);
    object->dependencies = all;
    for (uint32_t i = 0; i < map->n; i++) {
        const jv_member_t *member = &map->members[i];
        js_dependency_t *dependency = &all[object->n_dependencies++];
        dependency->name = member->name;
        dependency->keyword = names && schemas ? "dependencies"
                              : names          ? "dependentRequired"
                                               : "dependentSchemas";
        if (names && is_names(&member->value))
            dependency->required = &member->value;
        else if (schemas && js_is_schema(&member->value))
            dependency->node = compile_child(c, node, &member->value);
        else
            return compile_fail(c, member, names ? "must be an array of names" : "must be a schema");
    }
    return 0;
}

/* --- schemas for the value itself -------------------------------------------------------------------------------- */

static int read_all_of(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_schemas(c, node, keyword, &applied_of(c, node)->all_of);
}

static int read_any_of(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_schemas(c, node, keyword, &applied_of(c, node)->any_of);
}

static int read_one_of(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_schemas(c, node, keyword, &applied_of(c, node)->one_of);
}

static int read_not(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_schema(c, node, keyword, &applied_of(c, node)->not );
}

static int read_if(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    js_applied_t *applied = applied_of(c, node);
    const jv_member_t *then_ = jv_member(node->schema, TEXT("then")),
                      *else_ = jv_member(node->schema, TEXT("else"));
    if (read_schema(c, node, keyword, &applied->if_) != 0 ||
        (then_ != NULL && read_schema(c, node, then_, &applied->then_) != 0))
        return -1;
    return else_ == NULL ? 0 : read_schema(c, node, else_, &applied->else_);
}

static int read_unevaluated_items(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_schema(c, node, keyword, &node->unevaluated_items);
}

static int read_unevaluated_properties(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    return read_schema(c, node, keyword, &node->unevaluated_properties);
}

/* --- the table --------------------------------------------------------------------------------------------------- */

#define CORE        0
#define APPLICATOR  JS_VOCABULARY_APPLICATOR
#define UNEVALUATED JS_VOCABULARY_UNEVALUATED
#define VALIDATION  JS_VOCABULARY_VALIDATION

/* Sorted by name. Keywords that others read (then, additionalItems, maxContains, ...) have no row. */
static const struct {
    const char *name;
    js_dialect_t first, last;
    unsigned vocabulary;
    keyword_fn *read;
} rows[] = {
    {"$dynamicRef", DIALECT_2020_12, DIALECT_2020_12, CORE, read_dynamic_ref},
    {"$recursiveRef", DIALECT_2019_09, DIALECT_2019_09, CORE, read_recursive_ref},
    {"$ref", DIALECT_04, DIALECT_2020_12, CORE, read_ref},
    {"additionalProperties", DIALECT_04, DIALECT_2020_12, APPLICATOR, read_additional_properties},
    {"allOf", DIALECT_04, DIALECT_2020_12, APPLICATOR, read_all_of},
    {"anyOf", DIALECT_04, DIALECT_2020_12, APPLICATOR, read_any_of},
    {"const", DIALECT_06, DIALECT_2020_12, VALIDATION, read_const},
    {"contains", DIALECT_06, DIALECT_2020_12, APPLICATOR, read_contains},
    {"dependencies", DIALECT_04, DIALECT_07, APPLICATOR, read_dependencies},
    {"dependentRequired", DIALECT_2019_09, DIALECT_2020_12, VALIDATION, read_dependencies},
    {"dependentSchemas", DIALECT_2019_09, DIALECT_2020_12, APPLICATOR, read_dependencies},
    {"enum", DIALECT_04, DIALECT_2020_12, VALIDATION, read_enum},
    {"exclusiveMaximum", DIALECT_04, DIALECT_04, VALIDATION, read_exclusive_flag},
    {"exclusiveMaximum", DIALECT_06, DIALECT_2020_12, VALIDATION, read_exclusive_maximum},
    {"exclusiveMinimum", DIALECT_04, DIALECT_04, VALIDATION, read_exclusive_flag},
    {"exclusiveMinimum", DIALECT_06, DIALECT_2020_12, VALIDATION, read_exclusive_minimum},
    {"format", DIALECT_04, DIALECT_2020_12, CORE, read_format},
    {"if", DIALECT_07, DIALECT_2020_12, APPLICATOR, read_if},
    {"items", DIALECT_04, DIALECT_2019_09, APPLICATOR, read_items_old},
    {"items", DIALECT_2020_12, DIALECT_2020_12, APPLICATOR, read_items},
    {"maxItems", DIALECT_04, DIALECT_2020_12, VALIDATION, read_max_items},
    {"maxLength", DIALECT_04, DIALECT_2020_12, VALIDATION, read_max_length},
    {"maxProperties", DIALECT_04, DIALECT_2020_12, VALIDATION, read_max_properties},
    {"maximum", DIALECT_04, DIALECT_2020_12, VALIDATION, read_maximum},
    {"minItems", DIALECT_04, DIALECT_2020_12, VALIDATION, read_min_items},
    {"minLength", DIALECT_04, DIALECT_2020_12, VALIDATION, read_min_length},
    {"minProperties", DIALECT_04, DIALECT_2020_12, VALIDATION, read_min_properties},
    {"minimum", DIALECT_04, DIALECT_2020_12, VALIDATION, read_minimum},
    {"multipleOf", DIALECT_04, DIALECT_2020_12, VALIDATION, read_multiple_of},
    {"not", DIALECT_04, DIALECT_2020_12, APPLICATOR, read_not},
    {"oneOf", DIALECT_04, DIALECT_2020_12, APPLICATOR, read_one_of},
    {"pattern", DIALECT_04, DIALECT_2020_12, VALIDATION, read_pattern},
    {"patternProperties", DIALECT_04, DIALECT_2020_12, APPLICATOR, read_pattern_properties},
    {"prefixItems", DIALECT_2020_12, DIALECT_2020_12, APPLICATOR, read_prefix_items},
    {"properties", DIALECT_04, DIALECT_2020_12, APPLICATOR, read_properties},
    {"propertyNames", DIALECT_06, DIALECT_2020_12, APPLICATOR, read_property_names},
    {"required", DIALECT_04, DIALECT_2020_12, VALIDATION, read_required},
    {"type", DIALECT_04, DIALECT_2020_12, VALIDATION, read_type},
    {"unevaluatedItems", DIALECT_2019_09, DIALECT_2020_12, UNEVALUATED, read_unevaluated_items},
    {"unevaluatedProperties", DIALECT_2019_09, DIALECT_2020_12, UNEVALUATED, read_unevaluated_properties},
    {"uniqueItems", DIALECT_04, DIALECT_2020_12, VALIDATION, read_unique_items},
};

int compile_keyword(compiler_t *c, js_node_t *node, const jv_member_t *keyword)
{
    js_dialect_t dialect = node->resource->dialect;
    size_t from = 0, to = sizeof rows / sizeof *rows;
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = text_compare(text_of(rows[middle].name), keyword->name);
        if (order == 0 && dialect > rows[middle].last)
            order = -1;
        else if (order == 0 && dialect < rows[middle].first)
            order = 1;
        if (order == 0) {
            unsigned vocabulary = rows[middle].vocabulary;
            bool counts = (node->resource->vocabularies & vocabulary) == vocabulary;
            return counts ? rows[middle].read(c, node, keyword) : 0;
        }
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return 0;
}

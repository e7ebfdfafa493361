/* confluent_parts.c - from the keywords of a schema to what a node of one kind holds. */
#include "compat/json/confluent_build.h"

#include <stdlib.h>

static const struct {
    text_t name;
    cf_kind_t kind;
} keywords[KW_N] = {
#define XX(name, text, kind) {TEXT(text), kind},
    CF_KEYWORD_MAP(XX)
#undef XX
};

cf_keyword_t cf_keyword_find(text_t name)
{
    unsigned low = 0, high = KW_N;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        int order = text_compare(name, keywords[middle].name);
        if (order == 0)
            return (cf_keyword_t)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return KW_N;
}

cf_kind_t cf_keyword_kind(cf_keyword_t keyword)
{
    return keyword < KW_N ? keywords[keyword].kind : CF_EMPTY;
}

bool cf_keyword_known(cf_keyword_t keyword, js_dialect_t dialect)
{
    static const struct {
        cf_keyword_t keyword;
        js_dialect_t first, last;
    } lives[] = {
        {KW_CONTAINS, DIALECT_06, DIALECT_2020_12},
        {KW_PROPERTY_NAMES, DIALECT_06, DIALECT_2020_12},
        {KW_CONST, DIALECT_06, DIALECT_2020_12},
        {KW_IF, DIALECT_07, DIALECT_2020_12},
        {KW_THEN, DIALECT_07, DIALECT_2020_12},
        {KW_ELSE, DIALECT_07, DIALECT_2020_12},
        {KW_DEPENDENCIES, DIALECT_04, DIALECT_07},
        {KW_DEPENDENT_REQUIRED, DIALECT_2019_09, DIALECT_2020_12},
        {KW_DEPENDENT_SCHEMAS, DIALECT_2019_09, DIALECT_2020_12},
        {KW_PREFIX_ITEMS, DIALECT_2019_09, DIALECT_2020_12},
        {KW_UNEVALUATED_ITEMS, DIALECT_2019_09, DIALECT_2020_12},
        {KW_UNEVALUATED_PROPERTIES, DIALECT_2019_09, DIALECT_2020_12},
        {KW_RECURSIVE_REF, DIALECT_2019_09, DIALECT_2020_12},
        {KW_DYNAMIC_REF, DIALECT_2019_09, DIALECT_2020_12},
    };

    for (size_t i = 0; i < sizeof(lives) / sizeof(*lives); i++) {
        if (lives[i].keyword == keyword)
            return dialect >= lives[i].first && dialect <= lives[i].last;
    }
    return keyword != KW_N;
}

cf_keywords_t cf_keywords_of(const jv_t *schema)
{
    cf_keywords_t found = {{0}};

    for (uint32_t i = 0; i < schema->n; i++) {
        cf_keyword_t keyword = cf_keyword_find(schema->members[i].name);
        if (keyword != KW_N)
            found.at[keyword] = &schema->members[i].value;
    }
    return found;
}

/* --- values --------------------------------------------------------------------------------------------------------- */

static cf_count_t count_load(const jv_t *value)
{
    cf_count_t count = {false, 0};

    count.given = value != NULL && value->kind == JV_NUMBER && jv_to_i64(value, &count.value);
    return count;
}

static cf_bound_t bound_load(cf_build_t *build, const jv_t *value)
{
    if (value == NULL || value->kind != JV_NUMBER)
        return (cf_bound_t){false, 0};
    arena_mark_t mark = arena_mark(build->scratch);
    cf_bound_t bound = {true, strtod(arena_copy(build->scratch, value->text.at, value->text.bytes), NULL)};
    arena_rewind(build->scratch, mark);
    return bound;
}

static int by_bytes(const void *a, const void *b)
{
    return text_compare(*(const text_t *)a, *(const text_t *)b);
}

/* The strings of a JSON array, sorted, each once. */
static text_t *names_load(cf_build_t *build, const jv_t *array, uint32_t *n_out)
{
    text_t *names = ARENA_ARRAY(build->arena, text_t, array->n);
    uint32_t n = 0, kept = 0;

    for (uint32_t i = 0; i < array->n; i++) {
        if (array->items[i].kind == JV_STRING)
            names[n++] = array->items[i].text;
    }
    qsort(names, n, sizeof(*names), by_bytes);
    for (uint32_t i = 0; i < n; i++) {
        if (kept == 0 || !text_eq(names[i], names[kept - 1]))
            names[kept++] = names[i];
    }
    *n_out = kept;
    return names;
}

static int by_hash(const void *a, const void *b)
{
    const cf_value_t *left = a, *right = b;

    return left->hash < right->hash ? -1 : left->hash > right->hash;
}

static void enum_load(cf_build_t *build, const jv_t *values, cf_enum_t *out)
{
    uint32_t kept = 0;

    out->at = ARENA_ARRAY(build->arena, cf_value_t, values->n);
    for (uint32_t i = 0; i < values->n; i++)
        out->at[i] = (cf_value_t){jv_hash(&values->items[i]), &values->items[i]};
    qsort(out->at, values->n, sizeof(*out->at), by_hash);
    for (uint32_t i = 0; i < values->n; i++) {
        bool known = false;
        for (uint32_t j = kept; j > 0 && out->at[j - 1].hash == out->at[i].hash && !known; j--)
            known = jv_equal(out->at[j - 1].value, out->at[i].value);
        if (!known)
            out->at[kept++] = out->at[i];
    }
    out->n = kept;
}

/* --- kinds ---------------------------------------------------------------------------------------------------------- */

/* The formats that upstream's loader has a check for; others it forgets, and those of later drafts all. */
static bool format_known(const jv_t *format, js_dialect_t dialect)
{
    static const struct {
        const char *name;
        js_dialect_t since;
    } known[] = {
        {"date-time", DIALECT_04},
        {"email", DIALECT_04},
        {"hostname", DIALECT_04},
        {"ipv4", DIALECT_04},
        {"ipv6", DIALECT_04},
        {"uri", DIALECT_04},
        {"uri-reference", DIALECT_06},
        {"uri-template", DIALECT_06},
        {"json-pointer", DIALECT_06},
        {"date", DIALECT_07},
        {"time", DIALECT_07},
        {"regex", DIALECT_07},
        {"relative-json-pointer", DIALECT_07},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (jv_is_string(format, known[i].name))
            return dialect >= known[i].since && dialect <= DIALECT_07;
    }
    return false;
}

static void string_load(const cf_keywords_t *kw, js_dialect_t dialect, cf_string_t *out)
{
    const jv_t *pattern = kw->at[KW_PATTERN], *format = kw->at[KW_FORMAT];

    out->min_length = count_load(kw->at[KW_MIN_LENGTH]);
    out->max_length = count_load(kw->at[KW_MAX_LENGTH]);
    out->pattern = pattern != NULL && pattern->kind == JV_STRING ? pattern : NULL;
    out->format = format != NULL && format_known(format, dialect) ? format : NULL;
}

static void number_load(cf_build_t *build, const cf_keywords_t *kw, js_dialect_t dialect, cf_number_t *out)
{
    const jv_t *multiple = kw->at[KW_MULTIPLE_OF];

    out->minimum = bound_load(build, kw->at[KW_MINIMUM]);
    out->maximum = bound_load(build, kw->at[KW_MAXIMUM]);
    if (dialect != DIALECT_04) { /* there they are flags, which are not compared */
        out->exclusive_minimum = bound_load(build, kw->at[KW_EXCLUSIVE_MINIMUM]);
        out->exclusive_maximum = bound_load(build, kw->at[KW_EXCLUSIVE_MAXIMUM]);
    }
    if (multiple == NULL || multiple->kind != JV_NUMBER ||
        !decimal_read(multiple->text, build->limits, build->arena, &out->multiple_of))
        return;
    if (decimal_sign(out->multiple_of) == 0) {
        build->failed = true;
        fault_set(build->fault, FAULT_SCHEMA, multiple->line, multiple->column, "multipleOf must not be 0");
    }
}

static void members_load(cf_build_t *build, const jv_t *source, js_dialect_t dialect, cf_members_t *out)
{
    if (source == NULL || source->kind != JV_OBJECT)
        return;
    out->source = source;
    out->n = source->n;
    out->at = ARENA_ARRAY(build->arena, cf_member_t, source->n);
    for (uint32_t i = 0; i < source->n; i++) {
        out->at[i].name = source->members[i].name;
        if (source->members[i].value.kind != JV_ARRAY) /* a list of names, in dependencies */
            out->at[i].node = cf_load(build, &source->members[i].value, dialect);
    }
}

static void properties_load(cf_build_t *build, const jv_t *source, const jv_t *required, js_dialect_t dialect,
                            cf_members_t *out)
{
    members_load(build, source, dialect, out);
    for (uint32_t i = 0; i < out->n; i++) {
        if (out->at[i].node == NULL)
            out->at[i].node = cf_load(build, &source->members[i].value, dialect);
    }
    if (required == NULL || required->kind != JV_ARRAY)
        return;
    for (uint32_t i = 0; i < required->n; i++) {
        cf_member_t *property = required->items[i].kind == JV_STRING
                                    ? (cf_member_t *)cf_member(out, required->items[i].text)
                                    : NULL;
        if (property != NULL)
            property->required = true;
    }
}

static void patterns_load(cf_build_t *build, const jv_t *source, js_dialect_t dialect, cf_object_t *out)
{
    members_load(build, source, dialect, &out->patterns);
    out->expressions = ARENA_ARRAY(build->arena, const js_pattern_t *, out->patterns.n);
    for (uint32_t i = 0; i < out->patterns.n; i++)
        out->expressions[i] = js_pattern_compile(out->patterns.at[i].name, build->arena);
}

static int by_name(const void *a, const void *b)
{
    return text_compare(((const cf_name_list_t *)a)->name, ((const cf_name_list_t *)b)->name);
}

static void name_dependencies_load(cf_build_t *build, const jv_t *source, cf_object_t *out)
{
    if (source == NULL || source->kind != JV_OBJECT)
        return;
    out->name_dependencies = ARENA_ARRAY(build->arena, cf_name_list_t, source->n);
    for (uint32_t i = 0; i < source->n; i++) {
        cf_name_list_t *list = &out->name_dependencies[out->n_name_dependencies];
        if (source->members[i].value.kind != JV_ARRAY)
            continue;
        list->name = source->members[i].name;
        list->names = names_load(build, &source->members[i].value, &list->n);
        out->n_name_dependencies += list->n > 0; /* an empty list asks for nothing: upstream never sees it */
    }
    qsort(out->name_dependencies, out->n_name_dependencies, sizeof(cf_name_list_t), by_name);
}

static void object_load(cf_build_t *build, const cf_keywords_t *kw, js_dialect_t dialect, cf_object_t *out)
{
    bool modern = build->modern;
    const jv_t *additional = kw->at[KW_ADDITIONAL_PROPERTIES];

    properties_load(build, kw->at[KW_PROPERTIES], kw->at[KW_REQUIRED], dialect, &out->properties);
    patterns_load(build, kw->at[KW_PATTERN_PROPERTIES], dialect, out);
    members_load(build, kw->at[modern ? KW_DEPENDENT_SCHEMAS : KW_DEPENDENCIES], dialect,
                 &out->schema_dependencies);
    name_dependencies_load(build, kw->at[modern ? KW_DEPENDENT_REQUIRED : KW_DEPENDENCIES], out);
    if (additional != NULL && additional->kind == JV_FALSE)
        out->closed = true;
    else if (additional != NULL && additional->kind == JV_OBJECT)
        out->additional = cf_load(build, additional, dialect);
    if (modern && cf_is_schema(kw->at[KW_UNEVALUATED_PROPERTIES]))
        out->unevaluated = cf_load(build, kw->at[KW_UNEVALUATED_PROPERTIES], dialect);
    out->min_properties = count_load(kw->at[KW_MIN_PROPERTIES]);
    out->max_properties = count_load(kw->at[KW_MAX_PROPERTIES]);
    if (dialect != DIALECT_04 &&
        cf_is_schema(kw->at[KW_PROPERTY_NAMES])) /* never compared, but its references must resolve */
        (void)cf_load(build, kw->at[KW_PROPERTY_NAMES], dialect);
}

/* --- arrays --------------------------------------------------------------------------------------------------------- */

static void tuple_load(cf_build_t *build, const jv_t *items, js_dialect_t dialect, cf_array_t *out)
{
    out->n_tuple = items->n;
    out->tuple = ARENA_ARRAY(build->arena, cf_node_t *, items->n);
    for (uint32_t i = 0; i < items->n; i++)
        out->tuple[i] = cf_load(build, &items->items[i], dialect);
}

static void items_load_old(cf_build_t *build, const cf_keywords_t *kw, js_dialect_t dialect, cf_array_t *out)
{
    const jv_t *items = kw->at[KW_ITEMS], *additional = kw->at[KW_ADDITIONAL_ITEMS];

    if (cf_is_schema(items))
        out->all_items = cf_load(build, items, dialect);
    else if (items != NULL && items->kind == JV_ARRAY)
        tuple_load(build, items, dialect, out);
    if (additional != NULL && additional->kind == JV_OBJECT)
        out->additional = cf_load(build, additional, dialect);
    out->closed = additional != NULL && additional->kind == JV_FALSE && out->all_items == NULL;
}

static void items_load_modern(cf_build_t *build, const cf_keywords_t *kw, js_dialect_t dialect,
                              cf_array_t *out)
{
    const jv_t *prefix = kw->at[KW_PREFIX_ITEMS], *rest = kw->at[KW_ITEMS];

    if (rest != NULL && rest->kind == JV_ARRAY) { /* 2019-09 still says it the old way */
        prefix = rest;
        rest = kw->at[KW_ADDITIONAL_ITEMS];
    }
    if (prefix != NULL && prefix->kind == JV_ARRAY)
        tuple_load(build, prefix, dialect, out);
    if (!cf_is_schema(rest) || rest->kind == JV_TRUE)
        return;
    if (rest->kind == JV_FALSE)
        out->closed = true;
    else if (out->n_tuple == 0)
        out->all_items = cf_load(build, rest, dialect);
    else
        out->additional = cf_load(build, rest, dialect);
}

/* What `contains` says is never compared, but its references must resolve; how often it must hold is compared. */
static void contains_load(cf_build_t *build, const cf_keywords_t *kw, js_dialect_t dialect, cf_array_t *out)
{
    if (dialect == DIALECT_04 || !cf_is_schema(kw->at[KW_CONTAINS]))
        return;
    (void)cf_load(build, kw->at[KW_CONTAINS], dialect);
    if (!build->modern)
        return;
    out->max_contains = count_load(kw->at[KW_MAX_CONTAINS]);
    out->min_contains = count_load(kw->at[KW_MIN_CONTAINS]);
    if (!out->min_contains.given)
        out->min_contains = (cf_count_t){true, 1};
}

static void array_load(cf_build_t *build, const cf_keywords_t *kw, js_dialect_t dialect, cf_array_t *out)
{
    const jv_t *unique = kw->at[KW_UNIQUE_ITEMS], *unevaluated = kw->at[KW_UNEVALUATED_ITEMS];

    if (build->modern)
        items_load_modern(build, kw, dialect, out);
    else
        items_load_old(build, kw, dialect, out);
    contains_load(build, kw, dialect, out);
    out->min_items = count_load(kw->at[KW_MIN_ITEMS]);
    out->max_items = count_load(kw->at[KW_MAX_ITEMS]);
    out->unique = unique != NULL && unique->kind == JV_TRUE;
    if (build->modern && cf_is_schema(unevaluated))
        out->unevaluated = cf_load(build, unevaluated, dialect);
}

/* --- nodes ---------------------------------------------------------------------------------------------------------- */

bool cf_type_find(text_t type, cf_kind_t *kind)
{
    static const struct {
        const char *name;
        cf_kind_t kind;
    } types[] = {
        {"string", CF_STRING}, {"integer", CF_NUMBER}, {"number", CF_NUMBER}, {"boolean", CF_BOOLEAN},
        {"null", CF_NULL},     {"array", CF_ARRAY},    {"object", CF_OBJECT},
    };

    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        if (text_is(type, types[i].name)) {
            *kind = types[i].kind;
            return true;
        }
    }
    return false;
}

cf_node_t *cf_kind_load(cf_build_t *build, const jv_t *at, const cf_keywords_t *kw, js_dialect_t dialect,
                        cf_kind_t kind)
{
    cf_node_t *node = cf_node_new(build, kind, at);

    if (kind == CF_STRING) {
        node->string = ARENA_NEW(build->arena, cf_string_t);
        string_load(kw, dialect, node->string);
    } else if (kind == CF_NUMBER) {
        node->number = ARENA_NEW(build->arena, cf_number_t);
        number_load(build, kw, dialect, node->number);
    } else if (kind == CF_OBJECT) {
        node->object = ARENA_NEW(build->arena, cf_object_t);
        object_load(build, kw, dialect, node->object);
    } else if (kind == CF_ARRAY) {
        node->array = ARENA_NEW(build->arena, cf_array_t);
        array_load(build, kw, dialect, node->array);
    }
    return node;
}

cf_node_t *cf_enum_new(cf_build_t *build, const jv_t *at, const jv_t *values)
{
    cf_node_t *node = cf_node_new(build, CF_ENUM, at);

    node->enumeration = ARENA_NEW(build->arena, cf_enum_t);
    enum_load(build, values, node->enumeration);
    return node;
}

cf_node_t *cf_const_new(cf_build_t *build, const jv_t *at, const jv_t *value)
{
    cf_node_t *node = cf_node_new(build, CF_CONST, at);

    node->constant = value;
    return node;
}

cf_node_t *cf_not_new(cf_build_t *build, const jv_t *at, const jv_t *inner, js_dialect_t dialect)
{
    cf_node_t *node = cf_node_new(build, CF_NOT, at);

    node->inner = cf_load(build, inner, dialect);
    return node;
}

void cf_conditional_load(cf_build_t *build, const cf_keywords_t *kw, js_dialect_t dialect)
{
    static const cf_keyword_t words[] = {KW_IF, KW_THEN, KW_ELSE};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (cf_is_schema(kw->at[words[i]]))
            (void)cf_load(build, kw->at[words[i]], dialect);
    }
}

void cf_annotate(cf_node_t *node, const jv_t *at, const cf_keywords_t *kw, js_dialect_t dialect)
{
    const jv_t *id = kw->at[dialect == DIALECT_04 ? KW_ID : KW_DOLLAR_ID];
    const jv_t *title = kw->at[KW_TITLE], *description = kw->at[KW_DESCRIPTION];
    const jv_t *standard = kw->at[KW_DEFAULT], *connect = kw->at[KW_CONNECT_TYPE];

    node->annotated = true;
    node->at = at;
    if (id != NULL && id->kind == JV_STRING)
        node->id = id->text;
    if (title != NULL && title->kind == JV_STRING)
        node->title = title->text;
    if (description != NULL && description->kind == JV_STRING)
        node->description = description->text;
    /* a default of null is one for the older drafts only; a reference keeps none in any */
    if (standard != NULL && node->kind != CF_REFERENCE && !(node->modern && standard->kind == JV_NULL))
        node->default_value = standard;
    node->connect_bytes = connect != NULL && jv_is_string(connect, "bytes");
}

const cf_member_t *cf_member(const cf_members_t *members, text_t name)
{
    const jv_member_t *member = members->source != NULL ? jv_member(members->source, name) : NULL;

    return member != NULL ? &members->at[member - members->source->members] : NULL;
}

const cf_name_list_t *cf_name_list(const cf_object_t *object, text_t name)
{
    cf_name_list_t key = {.name = name};

    if (object->n_name_dependencies == 0)
        return NULL;
    return bsearch(&key, object->name_dependencies, object->n_name_dependencies, sizeof(key), by_name);
}

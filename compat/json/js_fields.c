/* What is said of a place in a message may stand in several sub-schemas at once (the schema itself, what its $ref leads to, allOf): they
 * are gathered first, as the views of the place, and read together. */
#include "compat/json/js_fields.h"

#include <string.h>

#include "compat/json/json_schema.h"

typedef struct open {
    const jv_t *schema;
    const struct open *outer;
} open_t;

typedef struct {
    const js_resources_t *resources;
    field_list_t list;
    text_t wanted;
    js_spot_t *spot; /* where `wanted` is; NULL when nobody asks */
} walk_t;

/* --- views ----------------------------------------------------------------------------------------------------------------- */

static bool is_open(const open_t *open, const jv_t *schema)
{
    for (; open != NULL; open = open->outer)
        if (open->schema == schema)
            return true;
    return false;
}

static bool is_null_only(const jv_t *schema)
{
    const jv_t *type = jv_get(schema, "type");
    return type != NULL && jv_is_string(type, "null");
}

/* The one branch besides null, if that is the shape. */
static const jv_t *only_branch(const jv_t *branches, bool *nullable)
{
    const jv_t *only = NULL;
    for (uint32_t i = 0; branches != NULL && branches->kind == JV_ARRAY && i < branches->n; i++) {
        if (is_null_only(&branches->items[i]))
            *nullable = true;
        else if (only != NULL)
            return NULL;
        else
            only = &branches->items[i];
    }
    return only;
}

static const jv_t *follow(walk_t *walk, const jv_t *schema, const jv_t *reference)
{
    js_place_t place;
    const js_resource_t *from = js_resource_of(walk->resources, schema);
    if (reference == NULL || reference->kind != JV_STRING || from == NULL ||
        js_resolve(walk->resources, from, reference->text, walk->list.arena, &place, NULL) != 0)
        return NULL;
    return place.schema;
}

/* Breadth first: views->at grows while it is read. */
static void gather(walk_t *walk, const open_t *open, js_views_t *views)
{
    static const char *const references[] = {"$ref", "$dynamicRef", "$recursiveRef"};
    static const char *const unions[] = {"anyOf", "oneOf"};
    for (size_t i = 0; i < views->n; i++) {
        const jv_t *schema = views->at[i], *all = jv_get(schema, "allOf");
        const jv_t *more[8 + JS_VIEWS_MAX];
        size_t n = 0;
        for (size_t k = 0; k < sizeof references / sizeof *references; k++)
            more[n++] = follow(walk, schema, jv_get(schema, references[k]));
        for (size_t k = 0; k < sizeof unions / sizeof *unions; k++)
            more[n++] = only_branch(jv_get(schema, unions[k]), &views->nullable);
        for (uint32_t k = 0; all != NULL && all->kind == JV_ARRAY && k < all->n && n < 8 + JS_VIEWS_MAX; k++)
            more[n++] = &all->items[k];
        for (size_t k = 0; k < n; k++) {
            bool known = more[k] == NULL || more[k]->kind != JV_OBJECT || views->n == JS_VIEWS_MAX;
            if (!known && is_open(open, more[k]))
                known = views->recursive = true;
            for (size_t v = 0; !known && v < views->n; v++)
                known = views->at[v] == more[k];
            if (!known)
                views->at[views->n++] = more[k];
        }
    }
}

static const jv_t *first(const js_views_t *views, const char *keyword)
{
    for (size_t i = 0; i < views->n; i++) {
        const jv_t *value = jv_get(views->at[i], keyword);
        if (value != NULL)
            return value;
    }
    return NULL;
}

/* --- types in short ---------------------------------------------------------------------------------------------------------- */

static void print_types(buf_t *out, const jv_t *type)
{
    if (type->kind == JV_STRING)
        buf_add(out, type->text);
    for (uint32_t i = 0; type->kind == JV_ARRAY && i < type->n; i++)
        if (type->items[i].kind == JV_STRING)
            buf_printf(out, "%s" TEXT_FMT, i > 0 ? " | " : "", TEXT_ARG(type->items[i].text));
}

static void print_guess(buf_t *out, const js_views_t *views)
{
    static const struct {
        const char *keyword, *type;
    } guesses[] = {
        {"properties", "object"}, {"required", "object"}, {"items", "array"},
        {"prefixItems", "array"}, {"enum", "enum"},       {"const", "const"},
    };
    for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++)
        if (first(views, guesses[i].keyword) != NULL) {
            buf_add_s(out, guesses[i].type);
            return;
        }
    buf_add_s(out, "any");
}

static const jv_t *branches_of(const js_views_t *views)
{
    const jv_t *any = first(views, "anyOf"), *one = first(views, "oneOf");
    bool nullable;
    if (any != NULL && any->kind == JV_ARRAY && only_branch(any, &nullable) == NULL)
        return any;
    return one != NULL && one->kind == JV_ARRAY && only_branch(one, &nullable) == NULL ? one : NULL;
}

static text_t short_type(walk_t *walk, const js_views_t *views)
{
    const jv_t *type = first(views, "type"), *branches = branches_of(views), *items = first(views, "items");
    buf_t buf;
    buf_init(&buf, 4096);
    if (type != NULL)
        print_types(&buf, type);
    else if (branches == NULL)
        print_guess(&buf, views);
    for (uint32_t i = 0; type == NULL && branches != NULL && i < branches->n; i++) {
        js_views_t branch = {.at = {&branches->items[i]}, .n = 1};
        gather(walk, NULL, &branch);
        buf_add_s(&buf, i > 0 ? " | " : "");
        if (first(&branch, "type") != NULL)
            print_types(&buf, first(&branch, "type"));
        else
            print_guess(&buf, &branch);
    }
    if (type != NULL && jv_is_string(type, "array") && items != NULL && items->kind == JV_OBJECT) {
        js_views_t item = {.at = {items}, .n = 1};
        gather(walk, NULL, &item);
        buf_add_s(&buf, " of ");
        if (first(&item, "type") != NULL)
            print_types(&buf, first(&item, "type"));
        else
            print_guess(&buf, &item);
    }
    if (views->nullable)
        buf_add_s(&buf, " | null");
    text_t text = buf_take(&buf, walk->list.arena);
    buf_dispose(&buf);
    return text;
}

/* --- what the views say ------------------------------------------------------------------------------------------------------ */

static void take_symbols(walk_t *walk, size_t field, const jv_t *symbols)
{
    if (symbols == NULL || symbols->kind != JV_ARRAY)
        return;
    field_t *of = &walk->list.at[field];
    of->symbols = ARENA_ARRAY(walk->list.arena, text_t, symbols->n);
    for (uint32_t i = 0; i < symbols->n; i++)
        of->symbols[of->n_symbols++] = symbols->items[i].kind == JV_STRING
                                           ? symbols->items[i].text
                                           : jv_text(&symbols->items[i], walk->list.arena);
}

static void take_facts(walk_t *walk, size_t field, const js_views_t *views)
{
    static const char *const facts[] = {"minLength",
                                        "maxLength",
                                        "pattern",
                                        "minimum",
                                        "maximum",
                                        "exclusiveMinimum",
                                        "exclusiveMaximum",
                                        "multipleOf",
                                        "minItems",
                                        "maxItems",
                                        "uniqueItems",
                                        "minContains",
                                        "maxContains",
                                        "minProperties",
                                        "maxProperties",
                                        "const",
                                        "contentEncoding",
                                        "contentMediaType",
                                        "propertyNames",
                                        "contains",
                                        "not"};
    static const char *const closers[] = {"additionalProperties", "unevaluatedProperties", "additionalItems"};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const jv_t *value = first(views, facts[i]);
        if (value != NULL)
            field_add_fact(&walk->list, field, facts[i], jv_text(value, walk->list.arena));
    }
    for (size_t i = 0; i < sizeof closers / sizeof *closers; i++) {
        const jv_t *value = first(views, closers[i]);
        if (value != NULL && value->kind == JV_FALSE)
            field_add_fact(&walk->list, field, closers[i], TEXT("false"));
    }
}

static void take_views(walk_t *walk, size_t field, const js_views_t *views)
{
    field_t *of = &walk->list.at[field];
    const jv_t *doc = first(views, "description"), *format = first(views, "format"),
               *fallback = first(views, "default");
    of->type = short_type(walk, views);
    of->recursive = views->recursive;
    of->place.pointer = js_pointer(walk->resources, views->at[0], walk->list.arena);
    of->place.line = views->at[0]->line;
    of->place.column = views->at[0]->column;
    of->anchor = of->place.pointer;
    for (size_t i = 0; i < views->n; i++)
        field_add_pointer(&walk->list, field,
                          i == 0 ? of->place.pointer
                                 : js_pointer(walk->resources, views->at[i], walk->list.arena));
    if (doc == NULL)
        doc = first(views, "title");
    if (doc != NULL && doc->kind == JV_STRING)
        of->doc = doc->text;
    if (format != NULL && format->kind == JV_STRING)
        of->logical = format->text;
    of->has_default = fallback != NULL;
    if (fallback != NULL)
        of->default_json = jv_text(fallback, walk->list.arena);
    take_symbols(walk, field, first(views, "enum"));
    take_facts(walk, field, views);
    for (size_t i = 0; i < views->n; i++)
        for (uint32_t k = 0; views->at[i]->kind == JV_OBJECT && k < views->at[i]->n; k++)
            field_take_meaning(&walk->list, field, views->at[i]->members[k].name,
                               &views->at[i]->members[k].value);
}

/* --- the walk ---------------------------------------------------------------------------------------------------------------- */

static void walk_views(walk_t *walk, js_views_t *views, text_t path, size_t field, const open_t *open,
                       uint32_t depth);

static bool is_required(const js_views_t *views, text_t name)
{
    for (size_t i = 0; i < views->n; i++) {
        const jv_t *required = jv_get(views->at[i], "required");
        for (uint32_t k = 0; required != NULL && required->kind == JV_ARRAY && k < required->n; k++)
            if (required->items[k].kind == JV_STRING && text_eq(required->items[k].text, name))
                return true;
    }
    return false;
}

static void note_spot(walk_t *walk, text_t path, const js_views_t *homes, const js_views_t *views,
                      const js_views_t *owner, text_t name)
{
    if (walk->spot == NULL || walk->spot->found || !text_eq(path, walk->wanted))
        return;
    *walk->spot = (js_spot_t){.homes = *homes, .views = *views, .name = name, .found = true};
    if (owner != NULL)
        walk->spot->owner = *owner;
}

/* Lists the field at `path` and what is below it. */
static void walk_field(walk_t *walk, js_views_t *views, text_t path, size_t parent, bool required,
                       const open_t *open, uint32_t depth)
{
    if (fields_add(&walk->list, path, &walk->list.at[parent]) == NULL)
        return;
    size_t field = walk->list.n - 1;
    take_views(walk, field, views);
    walk->list.at[field].required = required;
    walk_views(walk, views, path, field, open, depth);
}

/* Sub-schemas of one property, from every view that has it. */
static js_views_t property_views(const js_views_t *views, const char *keyword, text_t name)
{
    js_views_t found = {.n = 0};
    for (size_t i = 0; i < views->n; i++) {
        const jv_t *value = jv_get_text(jv_get(views->at[i], keyword), name);
        if (value != NULL)
            found.at[found.n++] = value;
    }
    return found;
}

static void walk_properties(walk_t *walk, const js_views_t *views, text_t path, size_t field,
                            const open_t *open, uint32_t depth)
{
    for (size_t i = 0; i < views->n; i++) {
        const jv_t *properties = jv_get(views->at[i], "properties");
        for (uint32_t k = 0; properties != NULL && properties->kind == JV_OBJECT && k < properties->n; k++) {
            text_t name = properties->members[k].name;
            js_views_t property = property_views(views, "properties", name);
            if (property.n == 0 || property.at[0] != &properties->members[k].value)
                continue; /* listed with an earlier view */
            text_t below = text_printf(walk->list.arena, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(path),
                                       path.bytes > 0 ? "." : "", TEXT_ARG(name));
            js_views_t whole = property;
            gather(walk, open, &whole);
            note_spot(walk, below, &property, &whole, views, name);
            walk_field(walk, &whole, below, field, is_required(views, name), open, depth);
        }
    }
}

/* Items and values are fields of their own where they are no object: else what is below them is listed under the array. */
static void walk_part(walk_t *walk, const jv_t *schema, text_t path, size_t field, const open_t *open,
                      uint32_t depth)
{
    js_views_t views = {.at = {schema}, .n = 1};
    if (schema->kind != JV_OBJECT)
        return;
    gather(walk, open, &views);
    note_spot(walk, path, &(js_views_t){.at = {schema}, .n = 1}, &views, NULL, TEXT_NONE);
    if (first(&views, "properties") == NULL) {
        walk_field(walk, &views, path, field, true, open, depth);
        return;
    }
    for (size_t i = 0; i < views.n; i++)
        fields_add_part(&walk->list, path, js_pointer(walk->resources, views.at[i], walk->list.arena), field);
    walk_views(walk, &views, path, field, open, depth);
}

static void walk_parts(walk_t *walk, const js_views_t *views, text_t path, size_t field, const open_t *open,
                       uint32_t depth)
{
    const jv_t *items = first(views, "items"), *values = first(views, "additionalProperties"),
               *prefix = first(views, "prefixItems");
    const jv_t *patterns = first(views, "patternProperties"), *branches = branches_of(views);
    if (items != NULL && items->kind == JV_OBJECT)
        walk_part(walk, items, text_printf(walk->list.arena, TEXT_FMT "[]", TEXT_ARG(path)), field, open,
                  depth);
    if (items != NULL && items->kind == JV_ARRAY)
        prefix = items;
    for (uint32_t i = 0; prefix != NULL && prefix->kind == JV_ARRAY && i < prefix->n; i++)
        walk_part(walk, &prefix->items[i], text_printf(walk->list.arena, TEXT_FMT "[%u]", TEXT_ARG(path), i),
                  field, open, depth);
    if (values != NULL && values->kind == JV_OBJECT && values->n > 0)
        walk_part(walk, values, text_printf(walk->list.arena, TEXT_FMT "{}", TEXT_ARG(path)), field, open,
                  depth);
    for (uint32_t i = 0; patterns != NULL && patterns->kind == JV_OBJECT && i < patterns->n; i++)
        walk_part(walk, &patterns->members[i].value,
                  text_printf(walk->list.arena, TEXT_FMT "{" TEXT_FMT "}", TEXT_ARG(path),
                              TEXT_ARG(patterns->members[i].name)),
                  field, open, depth);
    for (uint32_t i = 0; branches != NULL && i < branches->n; i++) {
        const jv_t *title = jv_get(&branches->items[i], "title");
        text_t name =
            title != NULL && title->kind == JV_STRING ? title->text : text_printf(walk->list.arena, "%u", i);
        if (!is_null_only(&branches->items[i]))
            walk_part(
                walk, &branches->items[i],
                text_printf(walk->list.arena, TEXT_FMT "<" TEXT_FMT ">", TEXT_ARG(path), TEXT_ARG(name)),
                field, open, depth);
    }
}

static void walk_views(walk_t *walk, js_views_t *views, text_t path, size_t field, const open_t *open,
                       uint32_t depth)
{
    open_t here[JS_VIEWS_MAX];
    if (depth == 0) {
        walk->list.complete = false;
        return;
    }
    for (size_t i = 0; i < views->n; i++)
        here[i] = (open_t){views->at[i], i > 0 ? &here[i - 1] : open};
    const open_t *inner = views->n > 0 ? &here[views->n - 1] : open;
    walk_properties(walk, views, path, field, inner, depth - 1);
    walk_parts(walk, views, path, field, inner, depth - 1);
}

/* Frames of walk_views are about 2 KiB: 128 levels of a message are more than anybody reads. */
#define FIELDS_DEEP 128

static fields_t walk_schema(walk_t *walk, const schema_t *schema, const limits_t *limits, arena_t *arena)
{
    js_views_t root = {.at = {schema->tree}, .n = schema->tree->kind == JV_OBJECT ? 1 : 0}, views = root;
    walk->resources = js_schema_of(schema)->resources;
    walk->list = (field_list_t){.arena = arena, .limits = limits, .complete = true};
    gather(walk, NULL, &views);
    note_spot(walk, TEXT(""), &root, &views, NULL, TEXT_NONE);
    if (fields_add(&walk->list, TEXT(""), NULL) != NULL && views.n > 0) {
        take_views(walk, 0, &views);
        walk->list.at[0].required = true;
        walk_views(walk, &views, TEXT(""), 0, NULL,
                   limits->max_depth < FIELDS_DEEP ? limits->max_depth : FIELDS_DEEP);
    }
    return fields_end(&walk->list);
}

fields_t js_fields(const schema_t *schema, const limits_t *limits, arena_t *arena)
{
    walk_t walk = {.spot = NULL};
    return walk_schema(&walk, schema, limits, arena);
}

bool js_field_at(const schema_t *schema, text_t path, const limits_t *limits, arena_t *arena, js_spot_t *out)
{
    walk_t walk = {.wanted = path, .spot = out};
    *out = (js_spot_t){.found = false};
    walk_schema(&walk, schema, limits, arena);
    return out->found;
}

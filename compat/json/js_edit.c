/* A property may be said in several sub-schemas, and required in another: each edit looks at all the views of its object
 * (js_fields.h) and changes those that have to do with it. */
#include "compat/json/js_edit.h"

#include <string.h>

#include "compat/core/json_edit.h"
#include "compat/edit_job.h"
#include "compat/json/js_fields.h"
#include "compat/json/json_schema.h"

typedef struct {
    edit_job_t *job;
    js_spot_t spot;
} work_t;

#define PATH(work) TEXT_ARG((work)->job->edit->path)

/* --- where -------------------------------------------------------------------------------------------------------------------- */

static text_t pointer_of(const work_t *work, const jv_t *schema)
{
    return js_pointer(js_schema_of(work->job->schema)->resources, schema, work->job->arena);
}

/* The reference that a view is written in; TEXT_NONE for the schema's own text. */
static bool is_foreign(const work_t *work, const jv_t *schema, text_t *reference)
{
    const js_resource_t *resource = js_resource_of(js_schema_of(work->job->schema)->resources, schema);
    if (resource != NULL && resource->document->tree == work->job->schema->tree)
        return false;
    *reference = resource != NULL ? resource->document->uri : TEXT("");
    return true;
}

static int own_views(work_t *work, const js_views_t *views)
{
    text_t reference;
    for (size_t i = 0; i < views->n; i++)
        if (is_foreign(work, views->at[i], &reference))
            return edit_refuse_foreign(work->job, reference);
    return 0;
}

static int find(work_t *work, text_t path)
{
    edit_job_t *job = work->job;
    if (!js_field_at(job->schema, path, &job->schema->given.limits, job->arena, &work->spot))
        return edit_refuse_path(job, path);
    if (work->spot.homes.n == 0)
        return edit_refuse(job, "the schema is %s: it has nothing to edit",
                           job->schema->tree->kind == JV_TRUE ? "true" : "false");
    return own_views(work, &work->spot.homes);
}

static int needs_property(work_t *work)
{
    if (work->spot.owner.n > 0)
        return 0;
    return edit_refuse(work->job, "\"" TEXT_FMT "\" is no property of an object", PATH(work));
}

static int needs_object(work_t *work)
{
    const jv_t *home = work->spot.homes.at[0];
    if (home->kind == JV_OBJECT)
        return 0;
    return edit_refuse(work->job, "what \"" TEXT_FMT "\" may be is just %s: retype it instead", PATH(work),
                       home->kind == JV_TRUE ? "true" : "false");
}

/* The first view that has `keyword` and is written in the schema's own text; NULL if there is none. */
static const jv_t *view_with(work_t *work, const js_views_t *views, const char *keyword)
{
    text_t ignored;
    for (size_t i = 0; i < views->n; i++)
        if (jv_get(views->at[i], keyword) != NULL && !is_foreign(work, views->at[i], &ignored))
            return views->at[i];
    return NULL;
}

/* --- `required` ------------------------------------------------------------------------------------------------------------------ */

static int64_t index_in(const jv_t *list, text_t name)
{
    for (uint32_t i = 0; list != NULL && list->kind == JV_ARRAY && i < list->n; i++)
        if (list->items[i].kind == JV_STRING && text_eq(list->items[i].text, name))
            return i;
    return -1;
}

/* The name under `required` of every view is taken out, or becomes `to`. A list that would be empty goes: draft-04 allows none. */
static int require(work_t *work, const js_views_t *owner, text_t name, const jv_t *to)
{
    edit_job_t *job = work->job;
    text_t reference;
    for (size_t i = 0; i < owner->n; i++) {
        const jv_t *list = jv_get(owner->at[i], "required");
        int64_t at = index_in(list, name);
        if (at < 0)
            continue;
        if (is_foreign(work, owner->at[i], &reference))
            return edit_refuse_foreign(job, reference);
        text_t pointer = edit_below(job, pointer_of(work, owner->at[i]), TEXT("required"));
        if (to != NULL || list->n > 1)
            pointer = text_printf(job->arena, TEXT_FMT "/%lld", TEXT_ARG(pointer), (long long)at);
        edit_set(job, pointer, to);
    }
    return 0;
}

/* --- properties ------------------------------------------------------------------------------------------------------------------- */

static int remove_field(work_t *work)
{
    edit_job_t *job = work->job;
    const js_spot_t *spot = &work->spot;
    if (needs_property(work) != 0 || require(work, &spot->owner, spot->name, NULL) != 0)
        return -1;
    for (size_t i = 0; i < spot->homes.n; i++)
        edit_set(job, pointer_of(work, spot->homes.at[i]), NULL);
    return 0;
}

static int check_name(work_t *work, const js_views_t *owner, text_t name)
{
    for (size_t i = 0; i < owner->n; i++)
        if (jv_get_text(jv_get(owner->at[i], "properties"), name) != NULL)
            return edit_refuse(work->job, "there is a property \"" TEXT_FMT "\" already", TEXT_ARG(name));
    if (name.bytes == 0)
        return edit_refuse(work->job, "a property needs a name");
    return 0;
}

/* The same property in its place, under another name. */
static void rename_in(work_t *work, const jv_t *home, text_t old_name, text_t new_name)
{
    edit_job_t *job = work->job;
    text_t properties = json_pointer_parent(pointer_of(work, home), job->arena, NULL);
    const jv_t *now = jv_at_pointer(job->tree, properties);
    jv_t *renamed = jv_new_object(job->arena, now->n);
    memcpy(renamed->members, now->members, now->n * sizeof *now->members);
    for (uint32_t i = 0; i < now->n; i++)
        if (text_eq(now->members[i].name, old_name))
            renamed->members[i].name = new_name;
    edit_set(job, properties, renamed);
}

static int rename_field(work_t *work)
{
    edit_job_t *job = work->job;
    const js_spot_t *spot = &work->spot;
    text_t name = job->edit->name;
    if (needs_property(work) != 0 || check_name(work, &spot->owner, name) != 0)
        return -1;
    if (job->edit->alias)
        return edit_refuse(job, "JSON Schema has no aliases: rename without one");
    if (require(work, &spot->owner, spot->name, jv_new_string(job->arena, name)) != 0)
        return -1;
    for (size_t i = 0; i < spot->homes.n; i++)
        rename_in(work, spot->homes.at[i], spot->name, name);
    return 0;
}

/* Names of types narrow nothing else; a whole schema says everything. */
static bool is_type_names(const jv_t *type)
{
    return type->kind == JV_STRING || type->kind == JV_ARRAY;
}

static void add_member(jv_t *object, const char *name, const jv_t *value)
{
    for (uint32_t i = 0; i < object->n; i++)
        if (text_is(object->members[i].name, name)) {
            object->members[i].value = *value;
            return;
        }
    object->members[object->n++] = (jv_member_t){.name = text_of(name), .value = *value};
}

/* `base` (NULL: nothing) with a type, words and a default. */
static jv_t *property_schema(work_t *work, const jv_t *base)
{
    const edit_t *edit = work->job->edit;
    jv_t *schema = jv_new_object(work->job->arena, (base != NULL ? base->n : 0) + 3);
    schema->n = 0;
    for (uint32_t i = 0; base != NULL && i < base->n; i++)
        schema->members[schema->n++] = base->members[i];
    if (is_type_names(edit->type))
        add_member(schema, "type", edit->type);
    if (edit->doc.at != NULL)
        add_member(schema, "description", jv_new_string(work->job->arena, edit->doc));
    if (edit->value != NULL)
        add_member(schema, "default", edit->value);
    return schema;
}

static int check_type(work_t *work)
{
    const jv_t *type = work->job->edit->type;
    if (is_type_names(type) || type->kind == JV_OBJECT || type->kind == JV_TRUE || type->kind == JV_FALSE)
        return 0;
    return edit_refuse(work->job, "a \"type\" is a type's name, a list of names, or a schema, not " TEXT_FMT,
                       TEXT_ARG(jv_text(type, work->job->arena)));
}

/* A property that gets another type by name keeps its words and bounds, and loses what lists its values or refers to others. */
static int retype_field(work_t *work)
{
    static const char *const go[] = {"$ref",  "$dynamicRef", "$recursiveRef", "allOf",
                                     "anyOf", "oneOf",       "enum",          "const"};
    edit_job_t *job = work->job;
    const jv_t *type = job->edit->type, *home = work->spot.homes.at[0], *schema = type;
    text_t at = pointer_of(work, home);
    if (check_type(work) != 0)
        return -1;
    if (at.bytes == 0)
        return edit_refuse(job, "a schema cannot be retyped as a whole: name a field");
    if (is_type_names(type) && home->kind == JV_OBJECT)
        schema = property_schema(work, edit_without(job, home, go, sizeof go / sizeof *go));
    else if (is_type_names(type) || type->kind == JV_OBJECT)
        schema = property_schema(work, type->kind == JV_OBJECT ? type : NULL);
    edit_set(job, at, schema);
    return 0;
}

/* The view that new properties go to: one that has some, else the first that may have members of its own. Up to draft-07 nothing counts
 * beside $ref. */
static const jv_t *object_view(work_t *work)
{
    const js_views_t *views = &work->spot.views;
    const jv_t *view = view_with(work, views, "properties");
    text_t ignored;
    for (size_t i = 0; view == NULL && i < views->n; i++)
        if (jv_get(views->at[i], "$ref") == NULL && !is_foreign(work, views->at[i], &ignored))
            view = views->at[i];
    return view;
}

static bool may_be_object(const js_views_t *views)
{
    bool may = true;
    for (size_t i = 0; i < views->n; i++) {
        const jv_t *type = jv_get(views->at[i], "type");
        may = may && (type == NULL || jv_is_string(type, "object") || index_in(type, TEXT("object")) >= 0);
    }
    return may;
}

static int add_field(work_t *work)
{
    edit_job_t *job = work->job;
    const jv_t *view = object_view(work);
    text_t name;
    text_t path = edit_split_path(job->edit->path, &name);
    if (!may_be_object(&work->spot.views))
        return edit_refuse(job, "properties are added to objects, and \"" TEXT_FMT "\" is none",
                           TEXT_ARG(path));
    if (check_name(work, &work->spot.views, name) != 0 || check_type(work) != 0)
        return -1;
    if (view == NULL)
        return own_views(work, &work->spot.views) != 0
                   ? -1
                   : edit_refuse(job, "\"" TEXT_FMT "\" only refers to others", TEXT_ARG(path));
    const jv_t *type = job->edit->type;
    bool whole = type->kind == JV_TRUE || type->kind == JV_FALSE;
    text_t at = pointer_of(work, view), properties = edit_below(job, at, TEXT("properties"));
    if (jv_get(view, "properties") == NULL)
        edit_set(job, properties, jv_new_object(job->arena, 0));
    edit_set(job, edit_below(job, properties, name),
             whole ? type : property_schema(work, type->kind == JV_OBJECT ? type : NULL));
    if (!job->edit->required)
        return 0;
    text_t required = edit_below(job, at, TEXT("required"));
    if (jv_get(view, "required") == NULL)
        edit_set(job, required, jv_new_array(job->arena, 0));
    edit_set(job, edit_below(job, required, TEXT("-")), jv_new_string(job->arena, name));
    return 0;
}

static int set_default(work_t *work);

static int make_optional(work_t *work)
{
    if (needs_property(work) != 0 || require(work, &work->spot.owner, work->spot.name, NULL) != 0)
        return -1;
    return work->job->edit->value != NULL ? set_default(work) : 0;
}

/* --- words, defaults, symbols ------------------------------------------------------------------------------------------------------ */

/* Sets a keyword where it is, or at home; NULL takes it out. */
static int set_keyword(work_t *work, const char *keyword, const jv_t *value)
{
    const jv_t *view = view_with(work, &work->spot.views, keyword);
    if (needs_object(work) != 0)
        return -1;
    edit_set_member(work->job, pointer_of(work, view != NULL ? view : work->spot.homes.at[0]), keyword,
                    value);
    return 0;
}

static int set_doc(work_t *work)
{
    text_t doc = work->job->edit->doc;
    return set_keyword(work, "description", doc.at != NULL ? jv_new_string(work->job->arena, doc) : NULL);
}

static int set_default(work_t *work)
{
    return set_keyword(work, "default", work->job->edit->value);
}

static int find_enum(work_t *work, const jv_t **list, text_t *pointer)
{
    edit_job_t *job = work->job;
    const jv_t *view = view_with(work, &work->spot.views, "enum");
    *list = view != NULL ? jv_get(view, "enum") : NULL;
    if (*list == NULL || (*list)->kind != JV_ARRAY)
        return edit_refuse(job, "\"" TEXT_FMT "\" has no \"enum\"", PATH(work));
    *pointer = edit_below(job, pointer_of(work, view), TEXT("enum"));
    return 0;
}

static int64_t value_in(const jv_t *list, const jv_t *value)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (jv_equal(&list->items[i], value))
            return i;
    return -1;
}

static int add_symbol(work_t *work)
{
    edit_job_t *job = work->job;
    const jv_t *list;
    text_t pointer;
    if (find_enum(work, &list, &pointer) != 0)
        return -1;
    if (value_in(list, job->edit->symbol) >= 0)
        return edit_refuse(job, "\"" TEXT_FMT "\" has the value " TEXT_FMT " already", PATH(work),
                           TEXT_ARG(jv_text(job->edit->symbol, job->arena)));
    edit_set(job, edit_below(job, pointer, TEXT("-")), job->edit->symbol);
    return 0;
}

static int refuse_symbol(work_t *work, const jv_t *list)
{
    const jv_t *symbol = work->job->edit->symbol;
    text_t *known = ARENA_ARRAY(work->job->arena, text_t, list->n);
    for (uint32_t i = 0; i < list->n; i++)
        known[i] = list->items[i].kind == JV_STRING ? list->items[i].text
                                                    : jv_text(&list->items[i], work->job->arena);
    return edit_refuse_symbol(work->job, known, list->n,
                              symbol->kind == JV_STRING ? symbol->text : jv_text(symbol, work->job->arena));
}

static int remove_symbol(work_t *work)
{
    edit_job_t *job = work->job;
    const jv_t *list;
    text_t pointer;
    if (find_enum(work, &list, &pointer) != 0)
        return -1;
    int64_t at = value_in(list, job->edit->symbol);
    if (at < 0)
        return refuse_symbol(work, list);
    if (list->n == 1)
        return edit_refuse(job, "that is the only value that \"" TEXT_FMT "\" may have", PATH(work));
    edit_set(job, text_printf(job->arena, TEXT_FMT "/%lld", TEXT_ARG(pointer), (long long)at), NULL);
    return 0;
}

/* --- one edit ------------------------------------------------------------------------------------------------------------------------ */

static int (*const makers[EDIT_N])(work_t *) = {
    [EDIT_REMOVE_FIELD] = remove_field,   [EDIT_RENAME_FIELD] = rename_field,
    [EDIT_RETYPE_FIELD] = retype_field,   [EDIT_ADD_FIELD] = add_field,
    [EDIT_MAKE_OPTIONAL] = make_optional, [EDIT_SET_DOC] = set_doc,
    [EDIT_SET_DEFAULT] = set_default,     [EDIT_ADD_SYMBOL] = add_symbol,
    [EDIT_REMOVE_SYMBOL] = remove_symbol,
};

int js_edit(edit_job_t *job, schema_t **out)
{
    work_t work = {.job = job};
    text_t path = job->edit->path, name;
    if (job->edit->op == EDIT_ADD_FIELD)
        path = edit_split_path(path, &name);
    return find(&work, path) != 0 || makers[job->edit->op](&work) != 0 ? -1 : edit_finish(job, out);
}

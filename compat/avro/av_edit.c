/* av_edit.c - edits of an Avro schema (compat/edits.h). */
#include <string.h>

#include "compat/avro/av_model.h"
#include "compat/avro/av_parse.h"
#include "compat/edit_job.h"

typedef struct {
    edit_job_t *job;
    const av_schema_t *model;
    av_spot_t spot;
    const av_type_t *type;   /* of the spot's slot; the root's */
    const av_field_t *field; /* NULL where the spot is no field of a record */
    text_t pointer;          /* of the field; else of the slot */
} work_t;

#define PATH(work) TEXT_ARG((work)->job->edit->path)

/* --- where ----------------------------------------------------------------------------------------------------------------- */

static int refuse_foreign(work_t *work, const av_type_t *type)
{
    return edit_refuse_foreign(work->job, work->model->text_names[type->text]);
}

static int find(work_t *work, text_t path)
{
    edit_job_t *job = work->job;
    const limits_t *limits = &job->schema->given.limits;
    if (!av_field_at(job->schema, path, limits, job->arena, &work->spot))
        return edit_refuse_path(job, path);
    const av_type_t *container = work->spot.container;
    work->type = container != NULL ? av_slot_of(container, work->spot.index)->type : work->model->root.type;
    work->pointer = TEXT("");
    if (container == NULL)
        return 0;
    if (container->text != 0)
        return refuse_foreign(work, container);
    work->pointer = av_place_slot(work->model, container, work->spot.index, job->arena).pointer;
    if (container->kind == AV_RECORD) {
        work->field = &container->fields[work->spot.index];
        work->pointer = av_place_field(work->model, container, work->spot.index, NULL, job->arena).pointer;
    }
    return 0;
}

static int needs_field(work_t *work)
{
    if (work->field != NULL)
        return 0;
    return edit_refuse(work->job, "\"" TEXT_FMT "\" is no field of a record", PATH(work));
}

/* --- what an edit takes away and others need ------------------------------------------------------------------------------- */

/* Types that are defined in what goes and named elsewhere are defined there instead, at the first place. A definition that has moved may
 * itself name types that are still in what goes: those follow in the next round. */
#define MOVES_MAX 32

typedef struct {
    text_t from, to; /* pointers */
} move_t;

typedef struct {
    text_t above; /* of what goes */
    move_t at[MOVES_MAX];
    size_t n;
} moves_t;

static bool is_below(text_t pointer, text_t above)
{
    return text_starts(pointer, above) && (pointer.bytes == above.bytes || pointer.at[above.bytes] == '/');
}

/* Where `pointer` is after the moves so far; TEXT_NONE if it goes. */
static text_t stays_at(const work_t *work, const moves_t *moves, text_t pointer)
{
    for (size_t i = moves->n; i > 0; i--) {
        const move_t *move = &moves->at[i - 1];
        if (is_below(pointer, move->from))
            return text_printf(work->job->arena, TEXT_FMT TEXT_FMT, TEXT_ARG(move->to),
                               TEXT_ARG(text_from(pointer, move->from.bytes)));
    }
    return is_below(pointer, moves->above) ? TEXT_NONE : pointer;
}

static bool is_before(const jv_t *a, const jv_t *b)
{
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

typedef struct {
    const jv_t *at;
    text_t pointer;
} use_t;

/* For each type the first place that stays and only names it, by type id. */
static use_t *uses(const work_t *work, const moves_t *moves)
{
    use_t *first = ARENA_ARRAY(work->job->arena, use_t, work->model->n_types);
    for (uint32_t i = 0; i < work->model->n_types; i++) {
        const av_type_t *container = work->model->types[i];
        bool one = container->kind == AV_ARRAY || container->kind == AV_MAP;
        bool many = container->kind == AV_RECORD || container->kind == AV_UNION;
        for (uint32_t k = 0; container->text == 0 && k < (many ? container->n : one); k++) {
            const av_slot_t *slot = av_slot_of(container, k);
            use_t *use = &first[slot->type->id];
            if (!av_is_named(slot->type) || jv_get(slot->at, "name") != NULL ||
                (use->at != NULL && !is_before(slot->at, use->at)))
                continue;
            text_t here = av_place_slot(work->model, container, k, work->job->arena).pointer;
            text_t pointer = stays_at(work, moves, here);
            if (pointer.at != NULL)
                *use = (use_t){slot->at, pointer};
        }
    }
    return first;
}

/* The definition as it may stand anywhere: with a name that says its namespace. */
static const jv_t *definition(const work_t *work, const av_type_t *type)
{
    static const char *const both[] = {"name", "namespace"};
    arena_t *arena = work->job->arena;
    const jv_t *rest = edit_without(work->job, type->at, both, 2);
    jv_t *whole = jv_new_object(arena, rest->n + 2);
    whole->members[0] =
        (jv_member_t){.name = TEXT("name"), .value = *jv_new_string(arena, type->name.simple)};
    whole->members[1] =
        (jv_member_t){.name = TEXT("namespace"), .value = *jv_new_string(arena, type->name.space)};
    memcpy(whole->members + 2, rest->members, rest->n * sizeof *rest->members);
    return whole;
}

static size_t move_round(work_t *work, moves_t *moves)
{
    edit_job_t *job = work->job;
    const use_t *first = uses(work, moves);
    size_t before = moves->n;
    for (uint32_t i = 0; i < work->model->n_types && moves->n < MOVES_MAX; i++) {
        const av_type_t *type = work->model->types[i];
        if (type->text != 0 || !av_is_named(type) || first[i].at == NULL)
            continue;
        text_t pointer = av_pointer(work->model, type, job->arena);
        if (stays_at(work, moves, pointer).at != NULL)
            continue;
        edit_set(job, first[i].pointer, definition(work, type));
        moves->at[moves->n++] = (move_t){pointer, first[i].pointer};
    }
    return moves->n - before;
}

/* Whatever is at `pointer` may go after this. Past MOVES_MAX the schema lacks a definition, and says which. */
static void rescue(work_t *work, text_t pointer)
{
    moves_t moves = {.above = pointer};
    while (moves.n < MOVES_MAX && move_round(work, &moves) > 0)
        continue;
}

/* --- fields ------------------------------------------------------------------------------------------------------------------- */

static int check_name(work_t *work, const av_type_t *record, text_t name)
{
    if (!av_name_ok(name))
        return edit_refuse(work->job,
                           "\"" TEXT_FMT "\" is no name: it must start with a letter or _ and hold letters, "
                           "digits and _",
                           TEXT_ARG(name));
    if (av_field_find(record, name) >= 0)
        return edit_refuse(work->job, "record \"" TEXT_FMT "\" has a field \"" TEXT_FMT "\" already",
                           TEXT_ARG(record->name.full), TEXT_ARG(name));
    return 0;
}

static int remove_field(work_t *work)
{
    if (needs_field(work) != 0)
        return -1;
    rescue(work, work->pointer);
    edit_set(work->job, work->pointer, NULL);
    return 0;
}

/* The aliases that a field has under its new name, or NULL. */
static const jv_t *aliases_after(work_t *work, text_t old_name, text_t new_name, bool keep)
{
    const av_field_t *field = work->field;
    jv_t *aliases = jv_new_array(work->job->arena, field->n_aliases + 1);
    bool has_it = false;
    aliases->n = 0;
    for (uint32_t i = 0; i < field->n_aliases; i++) {
        has_it |= text_eq(field->aliases[i], old_name);
        if (!text_eq(field->aliases[i], new_name))
            aliases->items[aliases->n++] = *jv_new_string(work->job->arena, field->aliases[i]);
    }
    if (keep && !has_it)
        aliases->items[aliases->n++] = *jv_new_string(work->job->arena, old_name);
    return aliases->n > 0 ? aliases : NULL;
}

static int rename_field(work_t *work)
{
    edit_job_t *job = work->job;
    const edit_t *edit = job->edit;
    if (needs_field(work) != 0 || check_name(work, work->spot.container, edit->name) != 0)
        return -1;
    const jv_t *aliases = aliases_after(work, work->field->name, edit->name, edit->alias);
    edit_set_member(job, work->pointer, "name", jv_new_string(job->arena, edit->name));
    edit_set_member(job, work->pointer, "aliases", aliases);
    return 0;
}

static int retype_field(work_t *work)
{
    edit_job_t *job = work->job;
    if (work->spot.container == NULL)
        return edit_refuse(job, "a schema cannot be retyped as a whole: name a field");
    text_t slot = av_place_slot(work->model, work->spot.container, work->spot.index, job->arena).pointer;
    rescue(work, slot);
    edit_set(job, slot, job->edit->type);
    if (job->edit->value == NULL)
        return 0;
    if (needs_field(work) != 0)
        return -1;
    edit_set_member(job, work->pointer, "default", job->edit->value);
    return 0;
}

static int add_field(work_t *work)
{
    edit_job_t *job = work->job;
    const edit_t *edit = job->edit;
    text_t name;
    edit_split_path(edit->path, &name);
    const av_type_t *record = av_without_null(work->type);
    if (record->kind != AV_RECORD)
        return edit_refuse(job, "fields are added to records, and \"" TEXT_FMT "\" would be in " TEXT_FMT,
                           PATH(work), TEXT_ARG(av_type_text(record, job->arena)));
    if (record->text != 0)
        return refuse_foreign(work, record);
    if (check_name(work, record, name) != 0)
        return -1;
    jv_t *field = jv_new_object(job->arena, 4);
    field->n = 0;
    field->members[field->n++] =
        (jv_member_t){.name = TEXT("name"), .value = *jv_new_string(job->arena, name)};
    field->members[field->n++] = (jv_member_t){.name = TEXT("type"), .value = *edit->type};
    if (edit->doc.at != NULL)
        field->members[field->n++] =
            (jv_member_t){.name = TEXT("doc"), .value = *jv_new_string(job->arena, edit->doc)};
    if (edit->value != NULL)
        field->members[field->n++] = (jv_member_t){.name = TEXT("default"), .value = *edit->value};
    text_t fields = edit_below(job, av_pointer(work->model, record, job->arena), TEXT("fields"));
    edit_set(job, edit_below(job, fields, TEXT("-")), field);
    return 0;
}

/* null beside what the slot has: before it where the default is to be null, since older readers want the default to fit the
 * first branch, after it where the field keeps the default it has. */
static const jv_t *with_null(work_t *work, bool first)
{
    arena_t *arena = work->job->arena;
    const jv_t *null = jv_new_string(arena, TEXT("null")), *at = work->field->slot.at;
    bool list = at->kind == JV_ARRAY;
    jv_t *both = jv_new_array(arena, (list ? at->n : 1) + 1);
    both->n = 0;
    if (first)
        both->items[both->n++] = *null;
    for (uint32_t i = 0; i < (list ? at->n : 1); i++) {
        const jv_t *branch = list ? &at->items[i] : at;
        if (!list || work->type->branches[i].type->kind != AV_NULL)
            both->items[both->n++] = *branch;
    }
    if (!first)
        both->items[both->n++] = *null;
    return both;
}

static bool takes_null(const av_type_t *type)
{
    for (uint32_t i = 0; type->kind == AV_UNION && i < type->n; i++)
        if (type->branches[i].type->kind == AV_NULL)
            return true;
    return type->kind == AV_NULL;
}

static int make_optional(work_t *work)
{
    edit_job_t *job = work->job;
    if (needs_field(work) != 0)
        return -1;
    const jv_t *fallback = work->field->fallback;
    if (job->edit->value != NULL) {
        edit_set_member(job, work->pointer, "default", job->edit->value);
        return 0;
    }
    if (fallback != NULL && takes_null(work->type))
        return 0;
    if (work->type->kind != AV_NULL)
        edit_set_member(job, work->pointer, "type", with_null(work, fallback == NULL));
    if (fallback == NULL)
        edit_set_member(job, work->pointer, "default", jv_new(job->arena, JV_NULL));
    return 0;
}

/* --- words, defaults, symbols ---------------------------------------------------------------------------------------------------- */

static int set_doc(work_t *work)
{
    edit_job_t *job = work->job;
    text_t at = work->pointer;
    if (work->field == NULL) {
        if (!av_is_named(work->type))
            return edit_refuse(job, "\"" TEXT_FMT "\" is " TEXT_FMT ", which has no words of its own",
                               PATH(work), TEXT_ARG(av_type_text(work->type, job->arena)));
        if (work->type->text != 0)
            return refuse_foreign(work, work->type);
        at = av_pointer(work->model, work->type, job->arena);
    }
    edit_set_member(job, at, "doc", job->edit->doc.at ? jv_new_string(job->arena, job->edit->doc) : NULL);
    return 0;
}

static int set_default(work_t *work)
{
    if (needs_field(work) != 0)
        return -1;
    edit_set_member(work->job, work->pointer, "default", work->job->edit->value);
    return 0;
}

static int find_enum(work_t *work, const av_type_t **out, text_t *symbols)
{
    edit_job_t *job = work->job;
    const av_type_t *type = av_without_null(work->type);
    if (type->kind != AV_ENUM)
        return edit_refuse(job, "\"" TEXT_FMT "\" is " TEXT_FMT ", no enum", PATH(work),
                           TEXT_ARG(av_type_text(type, job->arena)));
    if (type->text != 0)
        return refuse_foreign(work, type);
    if (job->edit->symbol->kind != JV_STRING || !av_name_ok(job->edit->symbol->text))
        return edit_refuse(job, TEXT_FMT " is no symbol of an Avro enum: they are names",
                           TEXT_ARG(jv_text(job->edit->symbol, job->arena)));
    *out = type;
    *symbols = edit_below(job, av_pointer(work->model, type, job->arena), TEXT("symbols"));
    return 0;
}

static int add_symbol(work_t *work)
{
    edit_job_t *job = work->job;
    const av_type_t *type;
    text_t symbols;
    if (find_enum(work, &type, &symbols) != 0)
        return -1;
    if (av_symbol_find(type, job->edit->symbol->text) >= 0)
        return edit_refuse(job, "enum \"" TEXT_FMT "\" has the symbol " TEXT_FMT " already",
                           TEXT_ARG(type->name.full), TEXT_ARG(job->edit->symbol->text));
    edit_set(job, edit_below(job, symbols, TEXT("-")), job->edit->symbol);
    return 0;
}

static int remove_symbol(work_t *work)
{
    edit_job_t *job = work->job;
    const av_type_t *type;
    text_t symbols;
    if (find_enum(work, &type, &symbols) != 0)
        return -1;
    int32_t at = av_symbol_find(type, job->edit->symbol->text);
    if (at < 0)
        return edit_refuse_symbol(job, type->symbols, type->n, job->edit->symbol->text);
    edit_set(job, text_printf(job->arena, TEXT_FMT "/%d", TEXT_ARG(symbols), (int)at), NULL);
    return 0;
}

/* --- one edit ----------------------------------------------------------------------------------------------------------------------- */

static int (*const makers[EDIT_N])(work_t *) = {
    [EDIT_REMOVE_FIELD] = remove_field,   [EDIT_RENAME_FIELD] = rename_field,
    [EDIT_RETYPE_FIELD] = retype_field,   [EDIT_ADD_FIELD] = add_field,
    [EDIT_MAKE_OPTIONAL] = make_optional, [EDIT_SET_DOC] = set_doc,
    [EDIT_SET_DEFAULT] = set_default,     [EDIT_ADD_SYMBOL] = add_symbol,
    [EDIT_REMOVE_SYMBOL] = remove_symbol,
};

/* Reading takes any default, because old schemas have them; an edit that leaves a wrong one was not meant so. */
static int check_default(edit_job_t *job, const schema_t *edited)
{
    av_spot_t spot;
    const limits_t *limits = &edited->given.limits;
    if (!av_field_at(edited, job->edit->path, limits, job->arena, &spot) || spot.container == NULL ||
        spot.container->kind != AV_RECORD)
        return 0;
    const av_field_t *field = &spot.container->fields[spot.index];
    if (field->fallback == NULL || field->fallback_fits)
        return 0;
    return edit_refuse(job,
                       "the default " TEXT_FMT " of \"" TEXT_FMT "\" would be no value of its type, " TEXT_FMT
                       ": give another \"default\"",
                       TEXT_ARG(jv_text(field->fallback, job->arena)), TEXT_ARG(job->edit->path),
                       TEXT_ARG(av_type_text(field->slot.type, job->arena)));
}

int av_edit(edit_job_t *job, schema_t **out)
{
    work_t work = {.job = job, .model = av_schema_of(job->schema)};
    text_t path = job->edit->path, name;
    if (job->edit->op == EDIT_ADD_FIELD)
        path = edit_split_path(path, &name);
    if (find(&work, path) != 0 || makers[job->edit->op](&work) != 0 || edit_finish(job, out) != 0)
        return -1;
    if (check_default(job, *out) == 0)
        return 0;
    schema_unref(*out);
    *out = NULL;
    return -1;
}

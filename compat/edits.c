#include "compat/edits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/json_edit.h"
#include "compat/edit_job.h"

const char *edit_word(edit_op_t op)
{
    static const char *const words[EDIT_N] = {
#define XX(name, word) [EDIT_##name] = word,
        EDIT_MAP(XX)
#undef XX
    };
    return words[op];
}

/* --- reading ----------------------------------------------------------------------------------------------------------- */

enum { NAME = 1, ALIAS = 2, TYPE = 4, VALUE = 8, REQUIRED = 16, DOC = 32, SYMBOL = 64 };

/* What each operation must be told, and what it may be told besides. */
static const struct {
    unsigned must, may;
} members_of[EDIT_N] = {
    [EDIT_REMOVE_FIELD] = {0, 0},        [EDIT_RENAME_FIELD] = {NAME, ALIAS},
    [EDIT_RETYPE_FIELD] = {TYPE, VALUE}, [EDIT_ADD_FIELD] = {TYPE, VALUE | REQUIRED | DOC},
    [EDIT_MAKE_OPTIONAL] = {0, VALUE},   [EDIT_SET_DOC] = {0, DOC},
    [EDIT_SET_DEFAULT] = {0, VALUE},     [EDIT_ADD_SYMBOL] = {SYMBOL, 0},
    [EDIT_REMOVE_SYMBOL] = {SYMBOL, 0},
};

static const struct {
    const char *name;
    unsigned bit;
} members[] = {
    {"name", NAME},         {"alias", ALIAS}, {"type", TYPE},     {"default", VALUE},
    {"required", REQUIRED}, {"doc", DOC},     {"symbol", SYMBOL},
};
#define MEMBERS_N (sizeof members / sizeof *members)

static int wrong(fault_t *fault, const jv_t *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static int wrong(fault_t *fault, const jv_t *at, const char *fmt, ...)
{
    char sentence[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    return fault_set(fault, FAULT_VALUE, at->line, at->column, "%s", sentence);
}

static int read_op(const jv_t *at, edit_op_t *out, fault_t *fault)
{
    const jv_t *op = jv_get(at, "op");
    char known[256] = "";
    for (int i = 0; i < EDIT_N; i++) {
        size_t used = strlen(known);
        if (op != NULL && jv_is_string(op, edit_word((edit_op_t)i))) {
            *out = (edit_op_t)i;
            return 0;
        }
        snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", edit_word((edit_op_t)i));
    }
    return wrong(fault, op != NULL ? op : at, "the \"op\" of an edit is one of %s", known);
}

static int read_string(const jv_t *value, const char *name, text_t *out, fault_t *fault)
{
    if (value->kind != JV_STRING)
        return wrong(fault, value, "\"%s\" of an edit must be a string", name);
    *out = value->text;
    return 0;
}

static int read_flag(const jv_t *value, const char *name, bool *out, fault_t *fault)
{
    if (value->kind != JV_TRUE && value->kind != JV_FALSE)
        return wrong(fault, value, "\"%s\" of an edit must be true or false", name);
    *out = value->kind == JV_TRUE;
    return 0;
}

static int read_member(const jv_t *value, unsigned bit, const char *name, edit_t *out, fault_t *fault)
{
    switch (bit) {
    case NAME:
        return read_string(value, name, &out->name, fault);
    case DOC:
        return value->kind == JV_NULL ? 0 : read_string(value, name, &out->doc, fault);
    case ALIAS:
        return read_flag(value, name, &out->alias, fault);
    case REQUIRED:
        return read_flag(value, name, &out->required, fault);
    case TYPE:
        out->type = value;
        return 0;
    case VALUE:
        out->value = value;
        return 0;
    default:
        out->symbol = value;
        return 0;
    }
}

static const char *stranger(const jv_t *at, unsigned allowed, arena_t *arena)
{
    for (uint32_t i = 0; i < at->n; i++) {
        text_t name = at->members[i].name;
        bool known = text_is(name, "op") || text_is(name, "path");
        for (size_t k = 0; k < MEMBERS_N && !known; k++)
            known = (allowed & members[k].bit) && text_is(name, members[k].name);
        if (!known)
            return text_copy(arena, name).at;
    }
    return NULL;
}

static int read_edit(const jv_t *at, arena_t *arena, edit_t *out, fault_t *fault)
{
    *out = (edit_t){.doc = TEXT_NONE};
    if (at->kind != JV_OBJECT)
        return wrong(fault, at, "an edit is an object with an \"op\" and a \"path\"");
    if (read_op(at, &out->op, fault) != 0)
        return -1;
    const char *word = edit_word(out->op);
    const jv_t *path = jv_get(at, "path");
    if (path == NULL || path->kind != JV_STRING)
        return wrong(fault, path != NULL ? path : at, "%s needs the \"path\" of a field, a string", word);
    out->path = path->text;
    unsigned must = members_of[out->op].must, allowed = must | members_of[out->op].may;
    const char *strange = stranger(at, allowed, arena);
    if (strange != NULL)
        return wrong(fault, at, "%s knows nothing of \"%s\"", word, strange);
    for (size_t i = 0; i < MEMBERS_N; i++) {
        const jv_t *value = jv_get(at, members[i].name);
        if (value == NULL && (must & members[i].bit) != 0)
            return wrong(fault, at, "%s needs a \"%s\"", word, members[i].name);
        if (value != NULL && read_member(value, members[i].bit, members[i].name, out, fault) != 0)
            return -1;
    }
    return 0;
}

int edits_read(text_t text, const limits_t *limits, arena_t *arena, edit_t **edits, size_t *n, fault_t *fault)
{
    jv_t *value;
    if (jv_read(text, JV_STRICT, limits, arena, &value, fault) != 0)
        return -1;
    bool list = value->kind == JV_ARRAY;
    *n = list ? value->n : 1;
    *edits = ARENA_ARRAY(arena, edit_t, *n);
    for (size_t i = 0; i < *n; i++)
        if (read_edit(list ? &value->items[i] : value, arena, &(*edits)[i], fault) != 0) {
            fault_set_pointer(fault, list ? text_printf(arena, "/%zu", i) : TEXT(""));
            return -1;
        }
    return 0;
}

/* --- changing the tree -------------------------------------------------------------------------------------------------- */

void edit_set(edit_job_t *job, text_t pointer, const jv_t *value)
{
    jv_t *edited = json_edit(job->tree, pointer, value, job->arena);
    if (edited != NULL)
        job->tree = edited;
}

text_t edit_below(const edit_job_t *job, text_t pointer, text_t token)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    buf_add(&buf, pointer);
    jv_pointer_add(&buf, token);
    return buf_end(&buf, job->arena);
}

void edit_set_member(edit_job_t *job, text_t pointer, const char *member, const jv_t *value)
{
    edit_set(job, edit_below(job, pointer, text_of(member)), value);
}

jv_t *edit_without(const edit_job_t *job, const jv_t *object, const char *const *names, size_t n)
{
    jv_t *copy = jv_new_object(job->arena, object->n);
    copy->n = 0;
    for (uint32_t i = 0; i < object->n; i++) {
        bool goes = false;
        for (size_t k = 0; k < n && !goes; k++)
            goes = text_is(object->members[i].name, names[k]);
        if (!goes)
            copy->members[copy->n++] = object->members[i];
    }
    return copy;
}

text_t edit_split_path(text_t path, text_t *name)
{
    size_t at = path.bytes;
    while (at > 0 && path.at[at - 1] != '.')
        at--;
    *name = text_from(path, at);
    return (text_t){path.at, at > 0 ? at - 1 : 0};
}

/* --- refusals ------------------------------------------------------------------------------------------------------------ */

#define SUGGESTIONS_MAX 3

int edit_refuse(edit_job_t *job, const char *fmt, ...)
{
    char sentence[480];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    return fault_set(&job->refusal->fault, FAULT_VALUE, 0, 0, "%s", sentence);
}

/* "; did you mean a, b or c?", or nothing. */
static text_t did_you_mean(edit_job_t *job)
{
    const edit_refusal_t *refusal = job->refusal;
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    for (size_t i = 0; i < refusal->n_suggestions; i++) {
        buf_add_s(&buf, i == 0 ? ": did you mean " : i + 1 < refusal->n_suggestions ? ", " : " or ");
        buf_printf(&buf, "\"" TEXT_FMT "\"", TEXT_ARG(refusal->suggestions[i]));
    }
    if (refusal->n_suggestions > 0)
        buf_add_char(&buf, '?');
    return buf_end(&buf, job->arena);
}

int edit_refuse_path(edit_job_t *job, text_t path)
{
    const field_t *near[SUGGESTIONS_MAX];
    fields_t fields = schema_fields(job->schema, &job->schema->given.limits, job->arena);
    size_t n = fields_suggest(&fields, path, near, SUGGESTIONS_MAX);
    text_t *suggestions = ARENA_ARRAY(job->arena, text_t, n + 1);
    for (size_t i = 0; i < n; i++)
        suggestions[i] = text_copy(job->arena, near[i]->path);
    job->refusal->suggestions = suggestions;
    job->refusal->n_suggestions = n;
    return edit_refuse(job, "there is no field \"" TEXT_FMT "\"" TEXT_FMT, TEXT_ARG(path),
                       TEXT_ARG(did_you_mean(job)));
}

int edit_refuse_symbol(edit_job_t *job, const text_t *symbols, size_t n, text_t symbol)
{
    field_t *as_fields = ARENA_ARRAY(job->arena, field_t, n + 1);
    const field_t *near[SUGGESTIONS_MAX];
    for (size_t i = 0; i < n; i++)
        as_fields[i].path = symbols[i];
    fields_t fields = {.at = as_fields, .n = n, .complete = true};
    size_t found = fields_suggest(&fields, symbol, near, SUGGESTIONS_MAX);
    text_t *suggestions = ARENA_ARRAY(job->arena, text_t, found + 1);
    for (size_t i = 0; i < found; i++)
        suggestions[i] = text_copy(job->arena, near[i]->path);
    job->refusal->suggestions = suggestions;
    job->refusal->n_suggestions = found;
    return edit_refuse(job, "field \"" TEXT_FMT "\" has no symbol " TEXT_FMT TEXT_FMT,
                       TEXT_ARG(job->edit->path), TEXT_ARG(symbol), TEXT_ARG(did_you_mean(job)));
}

int edit_refuse_foreign(edit_job_t *job, text_t reference)
{
    return edit_refuse(job,
                       "what \"" TEXT_FMT "\" names is defined in the reference \"" TEXT_FMT
                       "\": make the edit in that schema",
                       TEXT_ARG(job->edit->path), TEXT_ARG(reference));
}

/* --- applying ------------------------------------------------------------------------------------------------------------ */

int edit_finish(edit_job_t *job, schema_t **out)
{
    schema_source_t source = job->schema->given;
    source.text = jv_text(job->tree, job->arena);
    return schema_parse(&source, out, &job->refusal->fault);
}

int edits_apply(const schema_t *schema, const edit_t *edits, size_t n, arena_t *arena, schema_t **out,
                edit_refusal_t *refusal)
{
    edit_refusal_t ignored;
    if (refusal == NULL)
        refusal = &ignored;
    *refusal = (edit_refusal_t){.edit = 0};
    schema_t *now = schema_ref(schema);
    *out = NULL;
    for (size_t i = 0; i < n; i++) {
        edit_job_t job = {
            .schema = now, .edit = &edits[i], .tree = now->tree, .arena = arena, .refusal = refusal};
        schema_t *next = NULL;
        refusal->edit = i;
        int failed = format_of(now->format)->edit(&job, &next);
        schema_unref(now);
        if (failed != 0)
            return -1;
        now = next;
    }
    *out = now;
    return 0;
}

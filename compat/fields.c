#include "compat/fields.h"

#include <stdlib.h>
#include <string.h>

#include "compat/format.h"

fields_t schema_fields(const schema_t *schema, const limits_t *limits, arena_t *arena)
{
    return format_of(schema->format)->fields(schema, limits, arena);
}

/* --- building ---------------------------------------------------------------------------------------------------------- */

/* The last step of a path: what follows the last ".", or the whole step for items, values and branches. */
static text_t last_step(text_t path, text_t parent)
{
    text_t step = text_from(path, parent.bytes);
    for (size_t i = step.bytes; i > 0; i--)
        if (step.at[i - 1] == '.')
            return text_from(step, i);
    return step;
}

field_t *fields_add(field_list_t *list, text_t path, const field_t *parent)
{
    text_t under = parent != NULL ? parent->path : TEXT("");
    if (list->n >= list->limits->max_nodes) {
        list->complete = false;
        return NULL;
    }
    if (list->n == list->room) {
        size_t room = list->room ? 2 * list->room : 32;
        field_t *grown = ARENA_ARRAY(list->arena, field_t, room);
        if (list->n > 0)
            memcpy(grown, list->at, list->n * sizeof *grown);
        list->at = grown;
        list->room = room;
    }
    field_t *field = &list->at[list->n++];
    *field = (field_t){.path = path, .parent = under, .name = last_step(path, under)};
    return field;
}

void fields_add_part(field_list_t *list, text_t path, text_t pointer, size_t field)
{
    if (list->n_parts >= list->limits->max_nodes) {
        list->complete = false;
        return;
    }
    if (list->n_parts == list->room_parts) {
        size_t room = list->room_parts ? 2 * list->room_parts : 8;
        field_part_t *grown = ARENA_ARRAY(list->arena, field_part_t, room);
        if (list->n_parts > 0)
            memcpy(grown, list->parts, list->n_parts * sizeof *grown);
        list->parts = grown;
        list->room_parts = room;
    }
    list->parts[list->n_parts++] = (field_part_t){path, pointer, field};
}

fields_t fields_end(const field_list_t *list)
{
    return (fields_t){list->at, list->n, list->complete, list->parts, list->n_parts};
}

void field_add_pointer(field_list_t *list, size_t field, text_t pointer)
{
    field_t *of = &list->at[field];
    text_t *pointers = ARENA_ARRAY(list->arena, text_t, of->n_pointers + 1);
    for (size_t i = 0; i < of->n_pointers; i++)
        pointers[i] = of->pointers[i];
    pointers[of->n_pointers++] = pointer;
    of->pointers = pointers;
}

/* Facts and tags of a field are few: each addition copies them. */
void field_add_fact(field_list_t *list, size_t field, const char *name, text_t value)
{
    field_t *of = &list->at[field];
    field_fact_t *facts = ARENA_ARRAY(list->arena, field_fact_t, of->n_facts + 1);
    for (size_t i = 0; i < of->n_facts; i++) {
        if (strcmp(of->facts[i].name, name) == 0)
            return;
        facts[i] = of->facts[i];
    }
    facts[of->n_facts++] = (field_fact_t){name, value};
    of->facts = facts;
}

void field_add_tag(field_list_t *list, size_t field, text_t tag)
{
    field_t *of = &list->at[field];
    text_t *tags = ARENA_ARRAY(list->arena, text_t, of->n_tags + 1);
    for (size_t i = 0; i < of->n_tags; i++) {
        if (text_eq(of->tags[i], tag))
            return;
        tags[i] = of->tags[i];
    }
    tags[of->n_tags++] = tag;
    of->tags = tags;
}

static void take_tags(field_list_t *list, size_t field, text_t name, const jv_t *value)
{
    if (value->kind == JV_STRING)
        field_add_tag(list, field, value->text);
    else if (value->kind == JV_TRUE)
        field_add_tag(list, field, name);
    for (uint32_t i = 0; value->kind == JV_ARRAY && i < value->n; i++)
        if (value->items[i].kind == JV_STRING)
            field_add_tag(list, field, value->items[i].text);
}

bool field_take_meaning(field_list_t *list, size_t field, text_t name, const jv_t *value)
{
    static const char *const tags[] = {"tags",  "x-tags",         "confluent:tags",  "pii",
                                       "x-pii", "classification", "x-classification"};
    if ((text_is(name, "unit") || text_is(name, "x-unit")) && value->kind == JV_STRING) {
        list->at[field].unit = value->text;
        return true;
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (text_is(name, tags[i])) {
            take_tags(list, field, name, value);
            return true;
        }
    return false;
}

/* --- looking up -------------------------------------------------------------------------------------------------------- */

const field_t *fields_find(const fields_t *fields, text_t path)
{
    for (size_t i = 0; i < fields->n; i++)
        if (text_eq(fields->at[i].path, path))
            return &fields->at[i];
    return NULL;
}

/* How many single-byte edits lead from one name to the other; `limit` + 1 when more than `limit`. Names are short: longer ones
 * are cut, which only makes them look more alike. */
#define NAME_MAX_BYTES 128

static unsigned edits(text_t a, text_t b, unsigned limit)
{
    unsigned row[NAME_MAX_BYTES + 1];
    size_t n = b.bytes < NAME_MAX_BYTES ? b.bytes : NAME_MAX_BYTES;
    for (size_t k = 0; k <= n; k++)
        row[k] = (unsigned)k;
    for (size_t i = 0; i < a.bytes && i < NAME_MAX_BYTES; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i + 1;
        for (size_t k = 0; k < n; k++) {
            unsigned change = diagonal + (a.at[i] != b.at[k]);
            unsigned best = row[k] + 1 < row[k + 1] + 1 ? row[k] + 1 : row[k + 1] + 1;
            diagonal = row[k + 1];
            row[k + 1] = best < change ? best : change;
        }
    }
    return row[n] <= limit ? row[n] : limit + 1;
}

typedef struct {
    const field_t *field;
    unsigned distance;
} candidate_t;

static int nearer(const void *a, const void *b)
{
    const candidate_t *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return text_compare(x->field->path, y->field->path);
}

size_t fields_suggest(const fields_t *fields, text_t path, const field_t **out, size_t max)
{
    unsigned limit = (unsigned)(path.bytes / 2 + 1);
    candidate_t *near = calloc(fields->n + 1, sizeof *near);
    size_t n = 0;
    if (near == NULL)
        abort();
    for (size_t i = 0; i < fields->n; i++) {
        unsigned distance = edits(path, fields->at[i].path, limit);
        if (distance <= limit && fields->at[i].path.bytes > 0)
            near[n++] = (candidate_t){&fields->at[i], distance};
    }
    qsort(near, n, sizeof *near, nearer);
    size_t given = n < max ? n : max;
    for (size_t i = 0; i < given; i++)
        out[i] = near[i].field;
    free(near);
    return given;
}

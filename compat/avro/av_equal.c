/* av_equal.c - are two Avro schemas the same?
 *
 * Two measures: that of a subject's versions (6.1b of the registry's rules: properties as maps, aliases as sets, all else in
 * order) and that of Avro Java for a name defined twice (docs and aliases aside). Types are compared pair by pair from a
 * stack; a pair that is met again counts as equal, which is right for cyclic schemas: a difference shows elsewhere.
 */
#include <stdlib.h>

#include "compat/avro/av_pairs.h"
#include "compat/avro/av_parse.h"
#include "compat/avro/av_print.h"

typedef struct {
    const av_type_t *a, *b;
} task_t;

typedef struct {
    bool as_definition; /* Java's measure */
    task_t *tasks;
    size_t n, room;
    pairs_t seen;
} comparison_t;

static void push(comparison_t *c, const av_type_t *a, const av_type_t *b)
{
    if (c->n == c->room) {
        c->room = c->room ? c->room * 2 : 64;
        c->tasks = realloc(c->tasks, c->room * sizeof *c->tasks);
        if (!c->tasks)
            abort();
    }
    c->tasks[c->n++] = (task_t){a, b};
}

/* A property's value as Java compares JSON nodes: members in any order, 1 and 1.0 different. */
static bool values_equal(const jv_t *a, const jv_t *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind)
        return false;
    buf_t x, y;
    buf_init(&x, BUF_NO_MAX);
    buf_init(&y, BUF_NO_MAX);
    av_print_value(&x, a, true);
    av_print_value(&y, b, true);
    bool equal = text_eq(buf_text(&x), buf_text(&y));
    buf_dispose(&x);
    buf_dispose(&y);
    return equal;
}

static bool docs_equal(const jv_t *a, const jv_t *b)
{
    return a && b ? text_eq(a->text, b->text) : a == b;
}

static int by_name(const void *a, const void *b)
{
    return text_compare((*(const jv_member_t *const *)a)->name, (*(const jv_member_t *const *)b)->name);
}

static const jv_member_t **sorted(const jv_member_t *const *props, uint32_t n)
{
    const jv_member_t **list = calloc(n + 1, sizeof(jv_member_t *));
    if (!list)
        abort();
    for (uint32_t i = 0; i < n; i++)
        list[i] = props[i];
    qsort(list, n, sizeof *list, by_name);
    return list;
}

static bool props_equal(const jv_member_t *const *a, uint32_t n_a, const jv_member_t *const *b, uint32_t n_b)
{
    if (n_a != n_b)
        return false;
    if (!n_a)
        return true;
    const jv_member_t **x = sorted(a, n_a), **y = sorted(b, n_b);
    bool equal = true;
    for (uint32_t i = 0; i < n_a && equal; i++)
        equal = text_eq(x[i]->name, y[i]->name) && values_equal(&x[i]->value, &y[i]->value);
    free(x);
    free(y);
    return equal;
}

static int by_text(const void *a, const void *b)
{
    return text_compare(*(const text_t *)a, *(const text_t *)b);
}

/* Both lists are sorted in place. */
static bool sets_equal(text_t *a, text_t *b, uint32_t n)
{
    qsort(a, n, sizeof *a, by_text);
    qsort(b, n, sizeof *b, by_text);
    for (uint32_t i = 0; i < n; i++)
        if (!text_eq(a[i], b[i]))
            return false;
    return true;
}

static bool aliases_equal(const void *a, uint32_t n_a, const void *b, uint32_t n_b, bool of_types)
{
    if (n_a != n_b)
        return false;
    if (!n_a)
        return true;
    text_t *x = calloc(2 * (size_t)n_a, sizeof *x);
    if (!x)
        abort();
    for (uint32_t i = 0; i < n_a; i++) {
        x[i] = of_types ? ((const av_name_t *)a)[i].full : ((const text_t *)a)[i];
        x[n_a + i] = of_types ? ((const av_name_t *)b)[i].full : ((const text_t *)b)[i];
    }
    bool equal = sets_equal(x, x + n_a, n_a);
    free(x);
    return equal;
}

static bool fields_equal(comparison_t *c, const av_field_t *a, const av_field_t *b)
{
    if (!text_eq(a->name, b->name) || a->order != b->order || !values_equal(a->fallback, b->fallback) ||
        !props_equal(a->props, a->n_props, b->props, b->n_props))
        return false;
    if (!c->as_definition && (!docs_equal(a->doc, b->doc) ||
                              !aliases_equal(a->aliases, a->n_aliases, b->aliases, b->n_aliases, false)))
        return false;
    push(c, a->slot.type, b->slot.type);
    return true;
}

static bool named_equal(comparison_t *c, const av_type_t *a, const av_type_t *b)
{
    if (!text_eq(a->name.full, b->name.full))
        return false;
    if (c->as_definition)
        return true;
    return a->is_error == b->is_error && docs_equal(a->doc, b->doc) &&
           aliases_equal(a->aliases, a->n_aliases, b->aliases, b->n_aliases, true);
}

static bool contents_equal(comparison_t *c, const av_type_t *a, const av_type_t *b)
{
    if (a->n != b->n)
        return false;
    if (a->kind == AV_ARRAY || a->kind == AV_MAP)
        push(c, a->item.type, b->item.type);
    for (uint32_t i = 0; i < a->n; i++) {
        if (a->kind == AV_UNION)
            push(c, a->branches[i].type, b->branches[i].type);
        else if (a->kind == AV_RECORD && !fields_equal(c, &a->fields[i], &b->fields[i]))
            return false;
        else if (a->kind == AV_ENUM && !text_eq(a->symbols[i], b->symbols[i]))
            return false;
        else if (a->kind == AV_FIXED)
            break; /* n is the size */
    }
    return c->as_definition || a->kind != AV_ENUM || a->fallback == b->fallback;
}

static bool types_equal(comparison_t *c, const av_type_t *a, const av_type_t *b)
{
    if (!a || !b) /* a name that is not resolved yet equals nothing */
        return false;
    if (a == b)
        return true;
    if (a->kind != b->kind)
        return false;
    if (av_is_named(a)) {
        bool fresh;
        pairs_at(&c->seen, a->id, b->id, &fresh);
        if (!fresh)
            return true;
        if (!named_equal(c, a, b))
            return false;
    }
    return props_equal(a->props, a->n_props, b->props, b->n_props) && contents_equal(c, a, b);
}

static bool run(comparison_t *c, const av_type_t *a, const av_type_t *b)
{
    push(c, a, b);
    bool equal = true;
    while (equal && c->n) {
        task_t task = c->tasks[--c->n];
        equal = types_equal(c, task.a, task.b);
    }
    free(c->tasks);
    pairs_dispose(&c->seen);
    return equal;
}

bool av_type_same_definition(const av_type_t *a, const av_type_t *b)
{
    comparison_t c = {.as_definition = true};
    return run(&c, a, b);
}

bool av_equal(const schema_t *a, const schema_t *b)
{
    const av_schema_t *x = av_schema_of(a), *y = av_schema_of(b);
    if (a == b || (x->n_texts == 1 && y->n_texts == 1 && text_eq(a->canonical, b->canonical)))
        return true;
    comparison_t c = {0};
    return run(&c, x->root.type, y->root.type);
}

/* av_inhabit.c - which types have a value, and how large is the smallest?
 *
 * A record that must hold itself has none, nor has a union or an enum of nothing. A writer without a value breaks nobody, so
 * the strict verdict asks here before it follows an edge. Sizes count roughly bytes and saturate at AV_COST_MAX; they choose
 * the branches of the smallest witness.
 *
 * Least fixed point in order of cost, as Knuth generalised Dijkstra: a type is settled once all that it needs is.
 */
#include <stdlib.h>

#include "compat/avro/av_parse.h"

static uint32_t plus(uint32_t a, uint32_t b)
{
    return a > AV_COST_MAX - b ? AV_COST_MAX : a + b;
}

/* --- a heap of (cost, type) ------------------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t cost, id;
} entry_t;

typedef struct {
    entry_t *at;
    size_t n;
} heap_t;

static bool before(entry_t a, entry_t b)
{
    return a.cost != b.cost ? a.cost < b.cost : a.id < b.id;
}

static void heap_push(heap_t *heap, entry_t entry)
{
    size_t i = heap->n++;
    for (; i && before(entry, heap->at[(i - 1) / 2]); i = (i - 1) / 2)
        heap->at[i] = heap->at[(i - 1) / 2];
    heap->at[i] = entry;
}

static entry_t heap_pop(heap_t *heap)
{
    entry_t top = heap->at[0], last = heap->at[--heap->n];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < heap->n; i = child) {
        if (child + 1 < heap->n && before(heap->at[child + 1], heap->at[child]))
            child++;
        if (!before(heap->at[child], last))
            break;
        heap->at[i] = heap->at[child];
    }
    heap->at[i] = last;
    return top;
}

/* --- who needs whom ----------------------------------------------------------------------------------------------------------- */

typedef struct {
    const av_schema_t *schema;
    uint32_t *first;  /* by type id: where its users start in `users`; one more at the end */
    uint32_t *users;  /* records and unions that hold it, once for each time */
    uint32_t *needed; /* by type id: fields not settled yet */
    heap_t heap;
} settle_t;

static uint32_t n_children(const av_type_t *type)
{
    return type->kind == AV_RECORD || type->kind == AV_UNION ? type->n : 0;
}

static const av_type_t *child_of(const av_type_t *type, uint32_t i)
{
    return type->kind == AV_RECORD ? type->fields[i].slot.type : type->branches[i].type;
}

static void *zeroed(size_t n, size_t size)
{
    void *at = calloc(n + 1, size);
    if (!at)
        abort();
    return at;
}

static void users_build(settle_t *s)
{
    uint32_t n = s->schema->n_types;
    s->first = zeroed(n + 1, sizeof *s->first);
    for (uint32_t t = 0; t < n; t++)
        for (uint32_t i = 0; i < n_children(s->schema->types[t]); i++)
            s->first[child_of(s->schema->types[t], i)->id + 1]++;
    for (uint32_t t = 0; t < n; t++)
        s->first[t + 1] += s->first[t];
    s->users = zeroed(s->first[n], sizeof *s->users);
    uint32_t *next = zeroed(n, sizeof *next);
    for (uint32_t t = 0; t < n; t++)
        for (uint32_t i = 0; i < n_children(s->schema->types[t]); i++) {
            uint32_t child = child_of(s->schema->types[t], i)->id;
            s->users[s->first[child] + next[child]++] = t;
        }
    free(next);
}

/* The smallest value of a type that needs no other: 0 if there is none, UINT32_MAX if it depends. */
static uint32_t cost_alone(const av_type_t *type)
{
    switch (type->kind) {
    case AV_RECORD:
        return type->n ? UINT32_MAX : 1;
    case AV_UNION:
        return type->n ? UINT32_MAX : 0;
    case AV_ENUM:
        return type->n ? 1 : 0;
    case AV_FIXED:
        return 1 + type->n / 16;
    case AV_NULL:
    case AV_BOOLEAN:
    case AV_INT:
    case AV_LONG:
    case AV_FLOAT:
    case AV_DOUBLE:
    case AV_BYTES:
    case AV_STRING:
    case AV_ARRAY:
    case AV_MAP:
        return 1;
    }
    return 1;
}

static void settle(settle_t *s, entry_t entry)
{
    av_type_t *type = s->schema->types[entry.id];
    if (type->cost)
        return; /* settled before, for less */
    type->cost = entry.cost;
    for (uint32_t i = s->first[entry.id]; i < s->first[entry.id + 1]; i++) {
        const av_type_t *user = s->schema->types[s->users[i]];
        if (user->cost)
            continue;
        if (user->kind == AV_UNION) {
            heap_push(&s->heap, (entry_t){plus(1, entry.cost), user->id});
        } else if (--s->needed[user->id] == 0) {
            uint32_t cost = 1;
            for (uint32_t k = 0; k < user->n; k++)
                cost = plus(cost, user->fields[k].slot.type->cost);
            heap_push(&s->heap, (entry_t){cost, user->id});
        }
    }
}

void av_inhabit(const av_schema_t *schema)
{
    settle_t s = {.schema = schema};
    users_build(&s);
    s.needed = zeroed(schema->n_types, sizeof *s.needed);
    s.heap.at = zeroed((size_t)schema->n_types + s.first[schema->n_types], sizeof *s.heap.at);
    for (uint32_t t = 0; t < schema->n_types; t++) {
        const av_type_t *type = schema->types[t];
        uint32_t cost = cost_alone(type);
        if (cost == UINT32_MAX)
            s.needed[t] = type->n;
        else if (cost)
            heap_push(&s.heap, (entry_t){cost, t});
    }
    while (s.heap.n)
        settle(&s, heap_pop(&s.heap));
    free(s.first);
    free(s.users);
    free(s.needed);
    free(s.heap.at);
}

/* Types written before any name was used early have all their parts settled when they are read: no fixed point is needed. */
void av_inhabit_one(av_type_t *type)
{
    uint32_t cost = cost_alone(type);
    if (cost != UINT32_MAX) {
        type->cost = cost;
        return;
    }
    cost = type->kind == AV_RECORD ? 1 : 0;
    for (uint32_t i = 0; i < type->n; i++) {
        const av_type_t *child = child_of(type, i);
        if (type->kind == AV_RECORD && (!child || !child->cost))
            return;
        if (type->kind == AV_RECORD)
            cost = plus(cost, child->cost);
        else if (child && child->cost && (!cost || plus(1, child->cost) < cost))
            cost = plus(1, child->cost);
    }
    type->cost = cost;
}

/* The syntax tree becomes an automaton of steps (Thompson's construction, counts written out), whose sets of possible steps become the
 * states of the table (subset construction). Characters that no set of the pattern tells apart share a column. */
#include "compat/json/pattern_dfa.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_MAX  1500  /* of the automaton */
#define VISITS_MAX 10000 /* of nodes of the pattern */
#define SETS_MAX   200   /* different ones in the pattern */
#define STATES_MAX 400   /* of the table */
#define CELLS_MAX  16000 /* of the table */
#define RANGES_MAX 500   /* that the sets cut the characters into */

#define DEAD     0 /* nothing can match any more */
#define FOUND    1 /* something has matched */
#define NO_STATE UINT16_MAX

struct rx_dfa {
    uint32_t n_columns;
    uint32_t n_ranges;
    const rx_range_t *ranges;      /* of all characters, in order */
    const uint16_t *range_columns; /* by range */
    uint16_t ascii[128];           /* columns of ASCII characters */
    const uint16_t *next;          /* by state and column */
    const bool *ends;              /* by state: a match, if the string ends here */
    uint16_t start;
};

/* --- the automaton ----------------------------------------------------------------------------------------------- */

typedef enum { STEP_SET, STEP_SPLIT, STEP_BEGIN, STEP_END, STEP_MATCH } step_kind_t;

typedef struct {
    step_kind_t kind;
    uint32_t set;         /* STEP_SET: position among the sets */
    uint16_t next, other; /* other: of STEP_SPLIT */
} step_t;

typedef struct {
    arena_t *arena; /* scratch */
    step_t steps[STEPS_MAX];
    uint32_t n_steps;
    const rx_set_t *sets[SETS_MAX];
    uint32_t n_sets;
    uint32_t visits; /* of the pattern's nodes: counts around nothing add no steps */
    bool failed;     /* not of our kind, or too large */
} automaton_t;

static uint16_t add_step(automaton_t *a, step_t step)
{
    if (a->n_steps == STEPS_MAX) {
        a->failed = true;
        return 0;
    }
    a->steps[a->n_steps] = step;
    return (uint16_t)a->n_steps++;
}

static uint16_t add_node(automaton_t *a, const rx_node_t *node, uint16_t next);

static uint16_t add_set(automaton_t *a, const rx_set_t *set, uint16_t next)
{
    uint32_t i = 0;
    while (i < a->n_sets && a->sets[i] != set)
        i++;
    if (i == SETS_MAX) {
        a->failed = true;
        return 0;
    }
    if (i == a->n_sets)
        a->sets[a->n_sets++] = set;
    return add_step(a, (step_t){.kind = STEP_SET, .set = i, .next = next});
}

/* Children from the last to the first: each leads to what comes after it. */
static uint16_t add_sequence(automaton_t *a, const rx_node_t *child, uint16_t next)
{
    uint32_t n = 0;
    for (const rx_node_t *at = child; at != NULL && n <= STEPS_MAX; at = at->next)
        n++;
    if (n > STEPS_MAX) {
        a->failed = true;
        return 0;
    }
    const rx_node_t **children = ARENA_ARRAY(a->arena, const rx_node_t *, n);
    for (uint32_t i = 0; i < n; i++, child = child->next)
        children[i] = child;
    while (n > 0 && !a->failed)
        next = add_node(a, children[--n], next);
    return next;
}

static uint16_t add_alternatives(automaton_t *a, const rx_node_t *child, uint16_t next)
{
    uint16_t chosen = add_node(a, child, next);
    for (child = child->next; child != NULL && !a->failed; child = child->next) {
        uint16_t branch = add_node(a, child, next);
        chosen = add_step(a, (step_t){.kind = STEP_SPLIT, .next = chosen, .other = branch});
    }
    return chosen;
}

static uint16_t add_repeat(automaton_t *a, const rx_node_t *node, uint16_t next)
{
    if (node->min > STEPS_MAX || (node->max != PATTERN_NO_MAX && node->max > STEPS_MAX)) {
        a->failed = true;
        return 0;
    }
    uint16_t at = next;
    if (node->max == PATTERN_NO_MAX) {
        uint16_t loop = add_step(a, (step_t){.kind = STEP_SPLIT, .other = next});
        uint16_t body = add_node(a, node->child, loop);
        a->steps[loop].next = body;
        at = loop;
    } else {
        for (uint32_t i = node->min; i < node->max && !a->failed; i++)
            at = add_step(a,
                          (step_t){.kind = STEP_SPLIT, .next = add_node(a, node->child, at), .other = next});
    }
    for (uint32_t i = 0; i < node->min && !a->failed; i++)
        at = add_node(a, node->child, at);
    return at;
}

/* The steps for `node`, leading to `next`; the first of them. Depth is bounded by PATTERN_DEPTH_MAX. */
static uint16_t add_node(automaton_t *a, const rx_node_t *node, uint16_t next)
{
    a->failed |= ++a->visits > VISITS_MAX;
    if (a->failed)
        return 0;
    switch (node->kind) {
    case RX_EMPTY:
        return next;
    case RX_SET:
        return add_set(a, node->set, next);
    case RX_CAT:
    case RX_GROUP:
        return add_sequence(a, node->child, next);
    case RX_ALT:
        return add_alternatives(a, node->child, next);
    case RX_REPEAT:
        return add_repeat(a, node, next);
    case RX_BEGIN:
        return add_step(a, (step_t){.kind = STEP_BEGIN, .next = next});
    case RX_END:
        return add_step(a, (step_t){.kind = STEP_END, .next = next});
    case RX_LOOK:
    case RX_BOUNDARY:
    case RX_REFERENCE:
        a->failed = true;
        return 0;
    }
    return 0;
}

/* --- columns ----------------------------------------------------------------------------------------------------- */

static bool in_set(const rx_set_t *set, uint32_t c)
{
    for (uint32_t i = 0; i < set->n_ranges && set->ranges[i].from <= c; i++)
        if (c <= set->ranges[i].to)
            return true;
    return false;
}

static int compare_starts(const void *p, const void *q)
{
    uint32_t a = *(const uint32_t *)p, b = *(const uint32_t *)q;
    return (a > b) - (a < b);
}

/* All characters in ranges that no set cuts through. */
static bool make_ranges(rx_dfa_t *dfa, const automaton_t *a, arena_t *arena)
{
    uint32_t n = 1, kept = 0;
    for (uint32_t s = 0; s < a->n_sets; s++)
        n += 2 * a->sets[s]->n_ranges;
    if (n > RANGES_MAX)
        return false;
    uint32_t *starts = ARENA_ARRAY(a->arena, uint32_t, n);
    n = 1;
    for (uint32_t s = 0; s < a->n_sets; s++)
        for (uint32_t i = 0; i < a->sets[s]->n_ranges; i++) {
            starts[n++] = a->sets[s]->ranges[i].from;
            starts[n++] = a->sets[s]->ranges[i].to + 1;
        }
    qsort(starts, n, sizeof *starts, compare_starts);
    rx_range_t *ranges = ARENA_ARRAY(arena, rx_range_t, n);
    for (uint32_t i = 0; i < n; i++)
        if (starts[i] <= 0x10FFFF && (kept == 0 || starts[i] != ranges[kept - 1].from))
            ranges[kept++].from = starts[i];
    for (uint32_t i = 0; i < kept; i++)
        ranges[i].to = i + 1 < kept ? ranges[i + 1].from - 1 : 0x10FFFF;
    dfa->ranges = ranges;
    dfa->n_ranges = kept;
    return true;
}

/* Ranges that are in the same sets share a column: split by one set after the other. */
static void make_columns(rx_dfa_t *dfa, const automaton_t *a, arena_t *arena)
{
    uint16_t *columns = ARENA_ARRAY(arena, uint16_t, dfa->n_ranges);
    dfa->n_columns = 1;
    for (uint32_t s = 0; s < a->n_sets; s++) {
        uint16_t split[RANGES_MAX] = {0}; /* by column: the new one for the set's members; 0: none yet */
        bool stays[RANGES_MAX] = {0};     /* by column: it has others, too */
        for (uint32_t i = 0; i < dfa->n_ranges; i++)
            stays[columns[i]] |= !in_set(a->sets[s], dfa->ranges[i].from);
        for (uint32_t i = 0; i < dfa->n_ranges; i++) {
            uint16_t old = columns[i];
            if (!stays[old] || !in_set(a->sets[s], dfa->ranges[i].from))
                continue;
            if (split[old] == 0)
                split[old] = (uint16_t)dfa->n_columns++;
            columns[i] = split[old];
        }
    }
    dfa->range_columns = columns;
    for (uint32_t i = 0; i < dfa->n_ranges; i++)
        for (uint32_t c = dfa->ranges[i].from; c <= dfa->ranges[i].to && c < 128; c++)
            dfa->ascii[c] = columns[i];
}

static uint16_t column_of(const rx_dfa_t *dfa, uint32_t c)
{
    uint32_t from = 0, to = dfa->n_ranges;
    while (to - from > 1) {
        uint32_t middle = (from + to) / 2;
        if (dfa->ranges[middle].from <= c)
            from = middle;
        else
            to = middle;
    }
    return dfa->range_columns[from];
}

/* --- the table --------------------------------------------------------------------------------------------------- */

#define WORDS     ((STEPS_MAX + 63) / 64)
#define HASH_SIZE 1024
#define START \
    2 /* the first state; sets equal to it but not at the beginning of the string are other states */

typedef struct {
    uint64_t bits[WORDS];
} steps_t;

typedef struct {
    const automaton_t *a;
    rx_dfa_t *dfa;
    uint32_t words;  /* of sets, in use */
    steps_t waits;   /* the steps that wait for a character or the end; the others only lead to them */
    steps_t *states; /* by state */
    uint32_t n_states;
    uint16_t slots[HASH_SIZE]; /* states by hash; 0 is free */
    uint16_t *next;
    bool *ends;
    uint64_t work, max_work;
    uint32_t *representatives; /* by column: a character */
    uint16_t stack[2 * STEPS_MAX];
} builder_t;

static bool has(const steps_t *set, uint32_t step)
{
    return (set->bits[step / 64] >> step % 64 & 1) != 0;
}

static void put(steps_t *set, uint32_t step)
{
    set->bits[step / 64] |= (uint64_t)1 << step % 64;
}

/* Everything that `from` leads to without a character. */
static void add_closure(builder_t *b, steps_t *set, uint16_t from, bool at_begin, bool at_end)
{
    uint32_t n = 0;
    b->stack[n++] = from;
    while (n > 0) {
        uint16_t at = b->stack[--n];
        if (has(set, at))
            continue;
        put(set, at);
        b->work++;
        const step_t *step = &b->a->steps[at];
        if (step->kind == STEP_SPLIT || (step->kind == STEP_BEGIN && at_begin) ||
            (step->kind == STEP_END && at_end))
            b->stack[n++] = step->next;
        if (step->kind == STEP_SPLIT)
            b->stack[n++] = step->other;
    }
}

/* Step 0 is the match. */
static bool matches_at_end(builder_t *b, const steps_t *set, bool at_begin)
{
    steps_t reached = {0};
    for (uint32_t i = 0; i < b->a->n_steps; i++)
        if (has(set, i) && b->a->steps[i].kind == STEP_END)
            add_closure(b, &reached, (uint16_t)i, at_begin, true);
    return has(&reached, 0);
}

static uint16_t new_state(builder_t *b, const steps_t *set, bool at_begin)
{
    if (b->n_states == STATES_MAX || (b->n_states + 1) * b->dfa->n_columns > CELLS_MAX)
        return NO_STATE;
    b->states[b->n_states] = *set;
    b->ends[b->n_states] = matches_at_end(b, set, at_begin);
    return (uint16_t)b->n_states++;
}

/* The state of a set of steps, made if it is new. */
static uint16_t state_of(builder_t *b, const steps_t *reached)
{
    steps_t set = {0};
    uint64_t hash = 0, any = 0;
    if (has(reached, 0))
        return FOUND;
    for (uint32_t w = 0; w < b->words; w++) {
        set.bits[w] = reached->bits[w] & b->waits.bits[w];
        hash = (hash ^ set.bits[w]) * 0x9E3779B97F4A7C15u;
        any |= set.bits[w];
    }
    if (any == 0)
        return DEAD;
    uint32_t slot = (uint32_t)(hash >> 40) % HASH_SIZE;
    for (; b->slots[slot] != 0; slot = (slot + 1) % HASH_SIZE, b->work++)
        if (memcmp(b->states[b->slots[slot]].bits, set.bits, b->words * sizeof set.bits[0]) == 0)
            return b->slots[slot];
    uint16_t state = new_state(b, &set, false);
    if (state != NO_STATE)
        b->slots[slot] = state;
    return state;
}

/* Where a state goes with the characters of a column: the steps that take one, and the start once more, for matches that begin later. */
static uint16_t follow(builder_t *b, uint32_t state, uint32_t column, uint16_t start)
{
    steps_t reached = {0};
    for (uint32_t w = 0; w < b->words; w++) {
        for (uint64_t bits = b->states[state].bits[w]; bits != 0; bits &= bits - 1) {
            const step_t *step = &b->a->steps[w * 64 + (uint32_t)__builtin_ctzll(bits)];
            b->work++;
            if (step->kind == STEP_SET && in_set(b->a->sets[step->set], b->representatives[column]))
                add_closure(b, &reached, step->next, false, false);
        }
    }
    add_closure(b, &reached, start, false, false);
    return state_of(b, &reached);
}

static bool build_table(builder_t *b, uint16_t start)
{
    steps_t first = {0};
    add_closure(b, &first, start, true, false);
    new_state(b, &first, true);
    for (uint32_t s = START; s < b->n_states; s++) {
        for (uint32_t column = 0; column < b->dfa->n_columns; column++) {
            uint16_t next = follow(b, s, column, start);
            if (next == NO_STATE || b->work > b->max_work)
                return false;
            b->next[s * b->dfa->n_columns + column] = next;
        }
    }
    b->dfa->start = has(&first, 0) ? FOUND : START;
    return true;
}

static builder_t *builder_new(const automaton_t *a, rx_dfa_t *dfa, uint64_t max_work, arena_t *scratch)
{
    builder_t *b = arena_take(scratch, sizeof *b);
    memset(b->slots, 0, sizeof b->slots);
    b->a = a;
    b->dfa = dfa;
    b->words = (a->n_steps + 63) / 64;
    b->waits = (steps_t){0};
    for (uint32_t i = 0; i < a->n_steps; i++)
        if (a->steps[i].kind == STEP_SET || a->steps[i].kind == STEP_END)
            put(&b->waits, i);
    b->states = arena_take(scratch, STATES_MAX * sizeof *b->states);
    b->next = arena_take(scratch, CELLS_MAX * sizeof *b->next);
    b->ends = ARENA_ARRAY(scratch, bool, STATES_MAX);
    b->ends[FOUND] = true;
    b->n_states = START;
    b->work = 0;
    b->max_work = max_work;
    b->representatives = ARENA_ARRAY(scratch, uint32_t, dfa->n_columns);
    for (uint32_t i = 0; i < dfa->n_ranges; i++)
        b->representatives[dfa->range_columns[i]] = dfa->ranges[i].from;
    return b;
}

static const rx_dfa_t *build(const automaton_t *a, uint16_t start, uint64_t *work, arena_t *arena)
{
    rx_dfa_t *dfa = ARENA_NEW(arena, rx_dfa_t);
    if (!make_ranges(dfa, a, arena))
        return NULL;
    make_columns(dfa, a, arena);
    builder_t *b = builder_new(a, dfa, *work, a->arena);
    bool built = build_table(b, start);
    uint64_t used = b->work + a->n_sets * dfa->n_ranges / 4;
    *work -= used < *work ? used : *work;
    if (!built)
        return NULL;
    size_t cells = (size_t)b->n_states * dfa->n_columns, unused = (size_t)START * dfa->n_columns;
    uint16_t *next = ARENA_ARRAY(arena, uint16_t, cells);
    memcpy(next + unused, b->next + unused, (cells - unused) * sizeof *next);
    dfa->next = next;
    dfa->ends = memcpy(ARENA_ARRAY(arena, bool, b->n_states), b->ends, b->n_states * sizeof *b->ends);
    return dfa;
}

const rx_dfa_t *rx_dfa_build(const rx_pattern_t *pattern, uint64_t *work, arena_t *arena)
{
    if (pattern->root == NULL || pattern->has_look || pattern->has_reference || pattern->has_property)
        return NULL;
    arena_t *scratch = arena_new();
    arena_mark_t before = arena_mark(arena);
    automaton_t *a = arena_take(scratch, sizeof *a);
    a->arena = scratch;
    a->n_steps = a->n_sets = a->visits = 0;
    a->failed = false;
    uint16_t match = add_step(a, (step_t){.kind = STEP_MATCH});
    uint16_t start = add_node(a, pattern->root, match);
    const rx_dfa_t *dfa = a->failed ? NULL : build(a, start, work, arena);
    if (dfa == NULL)
        arena_rewind(arena, before);
    arena_free(scratch);
    return dfa;
}

/* --- matching ---------------------------------------------------------------------------------------------------- */

bool rx_dfa_match(const rx_dfa_t *dfa, text_t subject)
{
    const char *at = subject.at, *end = at + subject.bytes;
    uint32_t state = dfa->start;
    while (at < end && state > FOUND) {
        unsigned char c = (unsigned char)*at;
        uint16_t column = c < 128 ? dfa->ascii[c] : column_of(dfa, text_code_point(&at));
        at += c < 128;
        state = dfa->next[state * dfa->n_columns + column];
    }
    return dfa->ends[state];
}

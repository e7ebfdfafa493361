/* Arrays: universals (what items at some positions must be), demands (so many items that are ...) and lengths.
 *
 * Positions between two ends that any literal names are alike: a segment. A demand counts the items of its positions that satisfy a
 * schema, from `least` to `most`. At each position every demand is either answered or not; an item that answers must satisfy the
 * schema where answers are needed, one that does not must fail it where answers are limited. Counts, cut off where more makes no
 * difference, are few, so that all counts reachable with 0, 1, 2, ... items can be listed until nothing new comes.
 *
 * "No two equal" then asks for different values for the positions found: greedily, else by matching positions with the values that
 * each can take. "Two equal" asks first for two positions and one value that both allow.
 */
#include <string.h>

#include "compat/json/strict_search.h"

#define DEMANDS_MAX 6
#define STATES_MAX  8192
#define LENGTH_MAX  2048 /* items of a witness */
#define DOMAIN_MAX  64   /* values of one position that are listed for matching */

typedef struct {
    uint32_t lo, hi; /* positions */
    ir_id_t schema;
    uint32_t least, most; /* most UINT32_MAX: no limit */
} demand_t;

/* What one position may be when it answers these demands. */
typedef struct {
    ir_id_t schema;
    const jv_t *value;
    sat_t is;
    bool asked;
} choice_t;

typedef struct {
    uint32_t start;    /* first position; the next segment starts where this one ends */
    ir_id_t all;       /* what every item must satisfy */
    unsigned relevant; /* demands that count here: a bit each */
    choice_t *choices; /* by the demands that are answered */
} segment_t;

/* Counts after so many items, and how they came about. */
typedef struct {
    uint32_t before; /* state one item earlier */
    uint32_t answered;
    uint32_t counts[DEMANDS_MAX];
} state_t;

/* Two positions that hold one value. */
typedef struct {
    bool wanted;
    uint32_t first, second;
    unsigned answered;
    const jv_t *value;
} pair_t;

typedef struct {
    search_t *search;
    const search_list_t *list;
    const ir_ranges_t *sizes;
    demand_t demands[DEMANDS_MAX];
    uint32_t n_demands;
    segment_t *segments;
    uint32_t n_segments;
    bool unique, repeats, unknown;
    state_t *states;
    uint32_t n_states, room;
    pair_t pair;
} arrays_t;

/* --- reading the list -------------------------------------------------------------------------------------------------- */

static bool add_demand(arrays_t *arrays, demand_t demand)
{
    for (uint32_t i = 0; i < arrays->n_demands; i++) {
        demand_t *old = &arrays->demands[i];
        if (old->schema != demand.schema || old->lo != demand.lo || old->hi != demand.hi)
            continue;
        old->least = demand.least > old->least ? demand.least : old->least;
        old->most = demand.most < old->most ? demand.most : old->most;
        return true;
    }
    if (arrays->n_demands == DEMANDS_MAX)
        return false;
    arrays->demands[arrays->n_demands++] = demand;
    return true;
}

static bool read_literal(arrays_t *arrays, ir_id_t id)
{
    const ir_node_t *node = ir_node(arrays->search->ir, id);
    bool negated = ir_negated(id);
    if (node->op == IR_OP_RANGE)
        arrays->sizes = ir_ranges_of(arrays->search->ir, id);
    else if (node->op == IR_OP_UNIQUE && negated)
        arrays->repeats = true;
    else if (node->op == IR_OP_UNIQUE)
        arrays->unique = true;
    else if (node->op == IR_OP_ITEMS && negated)
        return add_demand(arrays, (demand_t){node->a, node->b, IR_NOT(node->c), 1, UINT32_MAX});
    else if (node->op == IR_OP_COUNT && negated)
        return add_demand(arrays, (demand_t){0, IR_END, node->a, 0, node->b - 1});
    else if (node->op == IR_OP_COUNT)
        return add_demand(arrays, (demand_t){0, IR_END, node->a, node->b, UINT32_MAX});
    return true;
}

static void add_cut(uint32_t *cuts, uint32_t *n, uint32_t cut)
{
    uint32_t at = 0;
    while (at < *n && cuts[at] < cut)
        at++;
    if (at < *n && cuts[at] == cut)
        return;
    memmove(cuts + at + 1, cuts + at, (*n - at) * sizeof *cuts);
    cuts[at] = cut;
    (*n)++;
}

static void cut_segments(arrays_t *arrays)
{
    ir_t *ir = arrays->search->ir;
    uint32_t *cuts = ARENA_ARRAY(ir->arena, uint32_t, 2 * arrays->list->n + 1), n = 0;
    add_cut(cuts, &n, 0);
    for (uint32_t i = 0; i < arrays->list->n; i++) {
        const ir_node_t *node = ir_node(ir, arrays->list->at[i]);
        if (node->op != IR_OP_ITEMS)
            continue;
        add_cut(cuts, &n, node->a);
        if (node->b != IR_END)
            add_cut(cuts, &n, node->b + 1);
    }
    ir_spend(ir, n);
    arrays->segments = ARENA_ARRAY(ir->arena, segment_t, n);
    arrays->n_segments = n;
    for (uint32_t s = 0; s < n; s++)
        arrays->segments[s].start = cuts[s];
}

/* Each universal is added to the segments it covers; segments are in order, so the walk starts at its first. */
static void fill_segments(arrays_t *arrays)
{
    ir_t *ir = arrays->search->ir;
    for (uint32_t i = 0; i < arrays->list->n; i++) {
        ir_id_t id = arrays->list->at[i];
        const ir_node_t *node = ir_node(ir, id);
        if (node->op != IR_OP_ITEMS || ir_negated(id))
            continue;
        for (uint32_t s = 0; s < arrays->n_segments && arrays->segments[s].start <= node->b; s++) {
            segment_t *segment = &arrays->segments[s];
            if (segment->start >= node->a)
                segment->all = ir_schema_and(ir, segment->all, node->c);
        }
    }
    for (uint32_t s = 0; s < arrays->n_segments; s++) {
        segment_t *segment = &arrays->segments[s];
        for (uint32_t d = 0; d < arrays->n_demands; d++) {
            if (arrays->demands[d].lo <= segment->start && segment->start <= arrays->demands[d].hi)
                segment->relevant |= 1u << d;
        }
    }
}

static segment_t *segment_at(arrays_t *arrays, uint32_t position)
{
    uint32_t lo = 0, hi = arrays->n_segments;
    while (hi - lo > 1) {
        uint32_t middle = lo + (hi - lo) / 2;
        if (arrays->segments[middle].start <= position)
            lo = middle;
        else
            hi = middle;
    }
    return &arrays->segments[lo];
}

/* --- one position -------------------------------------------------------------------------------------------------------- */

/* What an item must satisfy to answer exactly these of the relevant demands. */
static ir_id_t demanded(arrays_t *arrays, ir_id_t schema, unsigned relevant, unsigned answered)
{
    ir_t *ir = arrays->search->ir;
    for (uint32_t d = 0; d < arrays->n_demands; d++) {
        const demand_t *demand = &arrays->demands[d];
        bool answers = (answered >> d & 1u) != 0;
        if ((relevant >> d & 1u) == 0)
            continue;
        if (answers && demand->least > 0)
            schema = ir_schema_and(ir, schema, demand->schema);
        else if (!answers && demand->most != UINT32_MAX)
            schema = ir_schema_and(ir, schema, IR_NOT(demand->schema));
    }
    return schema;
}

static const choice_t *choose(arrays_t *arrays, segment_t *segment, unsigned answered)
{
    if (segment->choices == NULL)
        segment->choices = ARENA_ARRAY(arrays->search->ir->arena, choice_t, 1u << arrays->n_demands);
    choice_t *choice = &segment->choices[answered];
    if (choice->asked)
        return choice;
    choice->asked = true;
    choice->schema = demanded(arrays, segment->all, segment->relevant, answered);
    choice->is = search_schema(arrays->search, choice->schema, &choice->value);
    arrays->unknown = arrays->unknown || choice->is == SAT_UNKNOWN;
    return choice;
}

/* --- counting ------------------------------------------------------------------------------------------------------------ */

static bool count_up(const arrays_t *arrays, state_t *state, unsigned answered)
{
    for (uint32_t d = 0; d < arrays->n_demands; d++) {
        const demand_t *demand = &arrays->demands[d];
        if ((answered >> d & 1u) == 0)
            continue;
        if (demand->most != UINT32_MAX && state->counts[d] == demand->most)
            return false;
        if (demand->most != UINT32_MAX || state->counts[d] < demand->least)
            state->counts[d]++;
    }
    return true;
}

static bool is_answered(const arrays_t *arrays, const state_t *state)
{
    for (uint32_t d = 0; d < arrays->n_demands; d++) {
        if (state->counts[d] < arrays->demands[d].least)
            return false;
    }
    return true;
}

static bool add_state(arrays_t *arrays, uint32_t layer, const state_t *state)
{
    for (uint32_t i = layer; i < arrays->n_states; i++) {
        if (memcmp(arrays->states[i].counts, state->counts, sizeof state->counts) == 0)
            return true;
    }
    if (arrays->n_states == STATES_MAX)
        return false;
    if (arrays->n_states == arrays->room) {
        uint32_t room = arrays->room == 0 ? 32 : arrays->room * 2;
        state_t *larger = ARENA_ARRAY(arrays->search->ir->arena, state_t, room);
        if (arrays->n_states > 0)
            memcpy(larger, arrays->states, arrays->n_states * sizeof *larger);
        arrays->states = larger;
        arrays->room = room;
    }
    arrays->states[arrays->n_states++] = *state;
    return true;
}

/* All states one item further. False if there are too many. */
static bool next_layer(arrays_t *arrays, uint32_t from, uint32_t to, uint32_t position)
{
    const pair_t *pair = &arrays->pair;
    segment_t *segment = segment_at(arrays, position);
    bool fixed = pair->wanted && (position == pair->first || position == pair->second);
    for (unsigned answered = 0; answered < 1u << arrays->n_demands; answered++) {
        if ((answered & ~segment->relevant) != 0)
            continue;
        if (fixed && answered != (pair->answered & segment->relevant))
            continue;
        if (!fixed && choose(arrays, segment, answered)->is != SAT_YES)
            continue;
        for (uint32_t i = from; i < to; i++) {
            state_t next = arrays->states[i];
            next.before = i;
            next.answered = answered;
            if (!ir_spend(arrays->search->ir, 1))
                return false;
            if (count_up(arrays, &next, answered) && !add_state(arrays, to, &next))
                return false;
        }
    }
    return true;
}

static bool same_layers(const arrays_t *arrays, uint32_t before, uint32_t from, uint32_t to)
{
    if (from - before != to - from)
        return false;
    for (uint32_t i = from; i < to; i++) {
        bool found = false;
        for (uint32_t j = before; j < from && !found; j++)
            found = memcmp(arrays->states[i].counts, arrays->states[j].counts,
                           sizeof arrays->states[i].counts) == 0;
        if (!found)
            return false;
    }
    return true;
}

static bool size_allowed(arrays_t *arrays, uint32_t length, bool *more)
{
    uint64_t next = length;
    *more = arrays->sizes == NULL || ir_ranges_next(arrays->search->ir, arrays->sizes, length, &next);
    return *more && next == length;
}

static sat_t no_more(const arrays_t *arrays)
{
    return arrays->unknown ? SAT_UNKNOWN : SAT_NO;
}

/* The first of some states that answers everything, or UINT32_MAX. */
static uint32_t answered_state(const arrays_t *arrays, uint32_t from, uint32_t to)
{
    while (from < to && !is_answered(arrays, &arrays->states[from]))
        from++;
    return from < to ? from : UINT32_MAX;
}

/* The shortest array that answers everything (one a little longer, when values are to vary): its last state and its length. */
static sat_t count_items(arrays_t *arrays, uint32_t *last, uint32_t *length)
{
    search_t *search = arrays->search;
    uint32_t before = 0, from = 0, to = 1;
    uint32_t needed = arrays->pair.wanted ? arrays->pair.second + 1 : 0;
    uint32_t tail = arrays->segments[arrays->n_segments - 1].start;
    sat_t answer = SAT_NO;
    arrays->n_states = 0;
    add_state(arrays, 0, &(state_t){0});
    tail = tail > needed ? tail : needed;
    for (uint32_t n = 0; n <= LENGTH_MAX; n++) {
        uint32_t good = answered_state(arrays, from, to);
        bool more, fits = size_allowed(arrays, n, &more);
        if (good != UINT32_MAX && fits && n >= needed) {
            *last = good;
            *length = n;
            answer = SAT_YES;
        }
        if (answer == SAT_YES && (!more || from == to || !search_chance(search, 2)))
            return SAT_YES;
        if (!more || from == to ||
            (n > tail + 1 && good == UINT32_MAX && same_layers(arrays, before, from, to)))
            return no_more(arrays);
        if (!next_layer(arrays, from, to, n))
            return answer == SAT_YES ? answer : search_unknown(search, "budget-search", NULL);
        before = from;
        from = to;
        to = arrays->n_states;
    }
    return answer == SAT_YES ? answer : search_unknown(search, "witness-size", NULL);
}

/* --- different values ------------------------------------------------------------------------------------------------------ */

static ir_id_t without(ir_t *ir, ir_id_t schema, const jv_t *const *values, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        schema = ir_schema_and(ir, schema, IR_NOT(ir_constant(ir, values[i])));
    return schema;
}

static sat_t take_in_order(arrays_t *arrays, const ir_id_t *schemas, uint32_t n, const jv_t **values)
{
    for (uint32_t i = 0; i < n; i++) {
        sat_t is =
            search_schema(arrays->search, without(arrays->search->ir, schemas[i], values, i), &values[i]);
        if (is != SAT_YES)
            return is;
    }
    return SAT_YES;
}

typedef struct {
    const jv_t *values[DOMAIN_MAX * 4]; /* all that were listed */
    uint32_t n_values;
    uint8_t *may;     /* position x value */
    uint32_t *holder; /* by value: position + 1 */
    bool *tried;      /* by value */
} matching_t;

static uint32_t matching_value(matching_t *matching, const jv_t *value)
{
    uint32_t i = 0;
    while (i < matching->n_values && !jv_equal(matching->values[i], value))
        i++;
    if (i == matching->n_values && i < DOMAIN_MAX * 4)
        matching->values[matching->n_values++] = value;
    return i;
}

/* Depth is at most the number of positions, which is at most DOMAIN_MAX. */
static bool augment(matching_t *matching, uint32_t position)
{
    for (uint32_t v = 0; v < matching->n_values; v++) {
        if (!matching->may[position * DOMAIN_MAX * 4 + v] || matching->tried[v])
            continue;
        matching->tried[v] = true;
        if (matching->holder[v] == 0 || augment(matching, matching->holder[v] - 1)) {
            matching->holder[v] = position + 1;
            return true;
        }
    }
    return false;
}

/* Up to n values of each position (more never matter), then positions and values are matched. */
static sat_t match_values(arrays_t *arrays, const ir_id_t *schemas, uint32_t n, const jv_t **values)
{
    search_t *search = arrays->search;
    ir_t *ir = search->ir;
    if (n > DOMAIN_MAX)
        return search_unknown(search, "unique-matching", NULL);
    matching_t *matching = ARENA_NEW(ir->arena, matching_t);
    matching->may = ARENA_ARRAY(ir->arena, uint8_t, n * DOMAIN_MAX * 4);
    matching->holder = ARENA_ARRAY(ir->arena, uint32_t, DOMAIN_MAX * 4);
    for (uint32_t i = 0; i < n; i++) {
        const jv_t *listed[DOMAIN_MAX];
        for (uint32_t j = 0; j < n; j++) {
            sat_t is = search_schema(search, without(ir, schemas[i], listed, j), &listed[j]);
            if (is == SAT_UNKNOWN)
                return is;
            if (is == SAT_NO)
                break;
            uint32_t v = matching_value(matching, listed[j]);
            if (v == DOMAIN_MAX * 4)
                return search_unknown(search, "unique-matching", NULL);
            matching->may[i * DOMAIN_MAX * 4 + v] = 1;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        matching->tried = ARENA_ARRAY(ir->arena, bool, DOMAIN_MAX * 4);
        if (!augment(matching, i))
            return SAT_NO;
    }
    for (uint32_t v = 0; v < matching->n_values; v++) {
        if (matching->holder[v] != 0)
            values[matching->holder[v] - 1] = matching->values[v];
    }
    return SAT_YES;
}

static sat_t take_different(arrays_t *arrays, const ir_id_t *schemas, uint32_t n, const jv_t **values)
{
    sat_t is = take_in_order(arrays, schemas, n, values);
    return is == SAT_NO ? match_values(arrays, schemas, n, values) : is;
}

/* Not with the answers chosen. If even without demands no array of this length has different items, no longer one does. */
static sat_t no_different(arrays_t *arrays, uint32_t length)
{
    ir_id_t *schemas = ARENA_ARRAY(arrays->search->ir->arena, ir_id_t, length);
    const jv_t **values = ARENA_ARRAY(arrays->search->ir->arena, const jv_t *, length);
    for (uint32_t i = 0; i < length; i++)
        schemas[i] = segment_at(arrays, i)->all;
    if (arrays->unknown)
        return SAT_UNKNOWN;
    sat_t is = take_different(arrays, schemas, length, values);
    if (is == SAT_NO)
        return SAT_NO;
    return search_unknown(arrays->search, "unique-matching", NULL);
}

/* --- the array --------------------------------------------------------------------------------------------------------------- */

static sat_t build(arrays_t *arrays, uint32_t last, uint32_t length, const jv_t **value)
{
    ir_t *ir = arrays->search->ir;
    ir_id_t *schemas = ARENA_ARRAY(ir->arena, ir_id_t, length);
    const jv_t **values = ARENA_ARRAY(ir->arena, const jv_t *, length);
    uint32_t state = last;
    for (uint32_t i = length; i-- > 0; state = arrays->states[state].before) {
        bool fixed = arrays->pair.wanted && (i == arrays->pair.first || i == arrays->pair.second);
        const choice_t *choice =
            fixed ? NULL : &segment_at(arrays, i)->choices[arrays->states[state].answered];
        schemas[i] = fixed ? IR_YES : choice->schema;
        values[i] = fixed ? arrays->pair.value : choice->value;
    }
    if (arrays->unique) {
        sat_t is = take_different(arrays, schemas, length, values);
        if (is != SAT_YES)
            return is == SAT_NO ? no_different(arrays, length) : is;
    }
    jv_t *array = jv_new_array(ir->arena, length);
    for (uint32_t i = 0; i < length; i++)
        array->items[i] = *values[i];
    *value = array;
    return search_is_practical(array) ? SAT_YES : search_unknown(arrays->search, "witness-size", NULL);
}

static sat_t solve(arrays_t *arrays, const jv_t **value)
{
    uint32_t last = 0, length = 0;
    sat_t is = count_items(arrays, &last, &length);
    return is == SAT_YES ? build(arrays, last, length, value) : is;
}

/* One value for two positions. */
static sat_t solve_pair(arrays_t *arrays, uint32_t first, uint32_t second, const jv_t **value)
{
    ir_t *ir = arrays->search->ir;
    const segment_t *a = segment_at(arrays, first), *b = segment_at(arrays, second);
    unsigned relevant = a->relevant | b->relevant;
    ir_id_t both = ir_schema_and(ir, a->all, b->all);
    sat_t answer = SAT_NO;
    for (unsigned answered = 0; answered < 1u << arrays->n_demands && both != IR_NO; answered++) {
        if ((answered & ~relevant) != 0)
            continue;
        pair_t pair = {.wanted = true, .first = first, .second = second, .answered = answered};
        sat_t is = search_schema(arrays->search, demanded(arrays, both, relevant, answered), &pair.value);
        arrays->pair = pair;
        if (is == SAT_YES)
            is = solve(arrays, value);
        if (is == SAT_YES)
            return SAT_YES;
        answer = is == SAT_UNKNOWN ? SAT_UNKNOWN : answer;
    }
    return answer;
}

/* Positions of a segment are alike: two equal items may as well be its first ones. */
static sat_t solve_repeats(arrays_t *arrays, const jv_t **value)
{
    uint32_t *places = ARENA_ARRAY(arrays->search->ir->arena, uint32_t, 2 * arrays->n_segments), n = 0;
    sat_t answer = SAT_NO;
    for (uint32_t s = 0; s < arrays->n_segments; s++) {
        uint32_t start = arrays->segments[s].start;
        places[n++] = start;
        if (s + 1 == arrays->n_segments || arrays->segments[s + 1].start > start + 1)
            places[n++] = start + 1;
    }
    for (uint32_t j = 1; j < n; j++) {
        for (uint32_t i = 0; i < j; i++) {
            sat_t is = solve_pair(arrays, places[i], places[j], value);
            if (is == SAT_YES)
                return SAT_YES;
            answer = is == SAT_UNKNOWN ? SAT_UNKNOWN : answer;
            if (!ir_spend(arrays->search->ir, 1))
                return SAT_UNKNOWN;
        }
    }
    return answer;
}

sat_t search_array(search_t *search, const search_list_t *list, const jv_t **value)
{
    arrays_t *arrays = ARENA_NEW(search->ir->arena, arrays_t);
    arrays->search = search;
    arrays->list = list;
    for (uint32_t i = 0; i < list->n; i++) {
        if (!read_literal(arrays, list->at[i]))
            return search_unknown(search, "budget-search", NULL);
    }
    cut_segments(arrays);
    fill_segments(arrays);
    return arrays->repeats ? solve_repeats(arrays, value) : solve(arrays, value);
}

/* --- one more literal -------------------------------------------------------------------------------------------------------- */

static bool covers(const ir_node_t *universal, const ir_node_t *items)
{
    return universal->a <= items->a && items->b <= universal->b;
}

/* Looks only at lengths and at universals that cover all the positions the literal speaks of. */
literal_t search_array_literal(search_t *search, const search_list_t *list, ir_id_t literal)
{
    ir_t *ir = search->ir;
    const ir_node_t *node = ir_node(ir, literal);
    ir_id_t known = IR_YES, sizes = IR_YES;
    for (uint32_t i = 0; i < list->n_literals; i++) {
        ir_id_t id = list->at[i];
        const ir_node_t *other = ir_node(ir, id);
        if (id == literal)
            return LITERAL_HOLDS;
        if (id == IR_NOT(literal))
            return LITERAL_FAILS;
        if (other->op == IR_OP_RANGE)
            sizes = id;
        if (node->op == IR_OP_ITEMS && other->op == IR_OP_ITEMS && !ir_negated(id) && covers(other, node))
            known = ir_schema_and(ir, known, other->c);
    }
    if (node->op == IR_OP_ITEMS && ir_schema_and(ir, known, IR_NOT(node->c)) == IR_NO)
        return ir_negated(literal) ? LITERAL_FAILS : LITERAL_HOLDS;
    if (ir_and2(ir, IR_ARRAY, sizes, literal) == IR_NO)
        return LITERAL_FAILS;
    return ir_and2(ir, IR_ARRAY, sizes, IR_NOT(literal)) == IR_NO ? LITERAL_HOLDS : LITERAL_OPEN;
}

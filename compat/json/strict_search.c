#include "compat/json/strict_search.h"

#include <stdlib.h>
#include <string.h>

#include "compat/json/strict_table.h"

#define DEPTH_MAX 500 /* formulas within formulas: each takes about a kilobyte of stack */

#define PARTS_MAX 20000 /* values in a witness */

typedef enum { MEMO_NONE, MEMO_RUNNING, MEMO_YES, MEMO_NO, MEMO_NO_IF, MEMO_UNKNOWN } memo_state_t;

struct search_memo {
    const jv_t *value; /* MEMO_YES */
    uint32_t frame;    /* MEMO_RUNNING: depth. MEMO_NO_IF: number of the frame that must stand */
    uint32_t low;      /* MEMO_NO_IF: lowest depth that was used */
    memo_state_t state;
};

struct search_frame {
    uint32_t number;
    uint32_t low, high; /* depths of the frames whose "no" was assumed; low UINT32_MAX: none */
};

/* What became of a frame: still running, "no" for good, "no" as long as another frame stands, or nothing that others may use. */
struct search_outcome {
    enum { FRAME_RUNNING, FRAME_NO, FRAME_NO_IF, FRAME_GONE } state;
    uint32_t frame, depth;
};

void search_init(search_t *search, ir_t *ir, words_t *words)
{
    memset(search, 0, sizeof *search);
    search->ir = ir;
    search->words = words;
    search->frames = ARENA_ARRAY(ir->arena, search_frame_t, DEPTH_MAX);
}

void search_dispose(search_t *search)
{
    free(search->memo);
    free(search->outcomes);
}

sat_t search_unknown(search_t *search, const char *reason, const jv_t *place)
{
    if (search->reason == NULL) {
        search->reason = reason;
        search->reason_place = place;
    }
    return SAT_UNKNOWN;
}

/* --- chance -------------------------------------------------------------------------------------------------------------- */

static uint64_t next_random(search_t *search)
{
    uint64_t x = search->random += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

bool search_chance(search_t *search, uint32_t one_in)
{
    return search->varies && next_random(search) % one_in == 0;
}

void search_vary(search_t *search, uint64_t seed)
{
    search->varies = true;
    search->random = seed;
    for (uint32_t i = 0; i < search->memo_room; i++) {
        if (search->memo[i].state == MEMO_YES)
            search->memo[i].state = MEMO_NONE;
    }
}

/* Counts parts until there are too many. Nesting is that of the search that made the value. */
static bool count_parts(const jv_t *value, uint32_t *left)
{
    if (*left == 0)
        return false;
    (*left)--;
    bool fits = true;
    for (uint32_t i = 0; value->kind == JV_ARRAY && i < value->n && fits; i++)
        fits = count_parts(&value->items[i], left);
    for (uint32_t i = 0; value->kind == JV_OBJECT && i < value->n && fits; i++)
        fits = count_parts(&value->members[i].value, left);
    return fits;
}

bool search_is_practical(const jv_t *value)
{
    uint32_t left = PARTS_MAX;
    return count_parts(value, &left);
}

/* --- what is known ------------------------------------------------------------------------------------------------------- */

static search_memo_t *memo_of(search_t *search, ir_id_t formula)
{
    if (formula >= search->memo_room) {
        uint32_t room = search->memo_room == 0 ? 512 : search->memo_room;
        while (room <= formula)
            room *= 2;
        search_memo_t *memo = realloc(search->memo, room * sizeof *memo);
        if (memo == NULL)
            abort();
        memset(memo + search->memo_room, 0, (room - search->memo_room) * sizeof *memo);
        search->memo = memo;
        search->memo_room = room;
    }
    return &search->memo[formula];
}

static void use(search_t *search, uint32_t low, uint32_t high)
{
    if (search->depth == 0)
        return;
    search_frame_t *frame = &search->frames[search->depth - 1];
    frame->low = low < frame->low ? low : frame->low;
    frame->high = high > frame->high ? high : frame->high;
}

/* A "no" that was concluded while frame `number` stood: does it hold now? Follows what became of the frame. */
static bool stands(search_t *search, search_memo_t *memo)
{
    search_outcome_t *outcome = &search->outcomes[memo->frame];
    while (outcome->state == FRAME_NO_IF) {
        memo->frame = outcome->frame;
        outcome = &search->outcomes[memo->frame];
    }
    if (outcome->state == FRAME_NO)
        memo->state = MEMO_NO;
    else if (outcome->state == FRAME_GONE)
        memo->state = MEMO_NONE;
    else
        use(search, memo->low, outcome->depth);
    return memo->state != MEMO_NONE;
}

static bool recall(search_t *search, ir_id_t formula, sat_t *answer, const jv_t **value)
{
    search_memo_t *memo = memo_of(search, formula);
    switch (memo->state) {
    case MEMO_NONE:
        return false;
    case MEMO_RUNNING:
        use(search, memo->frame, memo->frame);
        *answer = SAT_NO;
        return true;
    case MEMO_YES:
        *answer = SAT_YES;
        if (value != NULL)
            *value = memo->value;
        return true;
    case MEMO_NO:
        *answer = SAT_NO;
        return true;
    case MEMO_NO_IF:
        *answer = SAT_NO;
        return stands(search, memo);
    case MEMO_UNKNOWN:
        *answer = SAT_UNKNOWN;
        return true;
    }
    return false;
}

static void frame_begin(search_t *search, ir_id_t formula)
{
    if (search->n_outcomes == search->outcome_room)
        search->outcomes = table_grow(search->outcomes, &search->outcome_room, sizeof *search->outcomes);
    uint32_t depth = search->depth++, number = search->n_outcomes++;
    search->outcomes[number] = (search_outcome_t){.state = FRAME_RUNNING, .depth = depth};
    search->frames[depth] = (search_frame_t){.number = number, .low = UINT32_MAX};
    search_memo_t *memo = memo_of(search, formula);
    memo->state = MEMO_RUNNING;
    memo->frame = depth;
}

static void frame_end(search_t *search, ir_id_t formula, sat_t answer, const jv_t *value)
{
    uint32_t depth = --search->depth;
    search_frame_t frame = search->frames[depth];
    search_outcome_t *outcome = &search->outcomes[frame.number];
    search_memo_t *memo = memo_of(search, formula);
    outcome->state = FRAME_GONE;
    if (answer == SAT_YES) {
        memo->state = search->varies ? MEMO_NONE : MEMO_YES;
        memo->value = value;
    } else if (answer == SAT_UNKNOWN) {
        memo->state = MEMO_UNKNOWN;
    } else if (frame.low >= depth) {
        memo->state = MEMO_NO;
        outcome->state = FRAME_NO;
    } else {
        /* It stands as long as the highest frame below that it used; that frame stands only while all lower ones do. */
        uint32_t high = frame.high >= depth ? depth - 1 : frame.high;
        memo->state = MEMO_NO_IF;
        memo->frame = search->frames[high].number;
        memo->low = frame.low;
        outcome->state = FRAME_NO_IF;
        outcome->frame = memo->frame;
        use(search, frame.low, high);
    }
}

/* --- lists --------------------------------------------------------------------------------------------------------------- */

static void find_open(const ir_t *ir, search_list_t *list)
{
    uint32_t n = 0;
    ir_id_t *open = NULL;
    for (uint32_t i = 0; i < list->n_literals; i++) {
        const ir_node_t *node = ir_node(ir, list->at[i]);
        if (node->op != IR_OP_EACH || ir_negated(list->at[i]) || ir_single(ir, node->a) != UINT32_MAX)
            continue;
        if (open == NULL)
            open = ARENA_ARRAY(ir->arena, ir_id_t, list->n_literals - i);
        open[n++] = list->at[i];
    }
    list->open = open;
    list->n_open = n;
}

search_list_t search_list(search_t *search, ir_kind_t kind, ir_id_t formula)
{
    const ir_t *ir = search->ir;
    const ir_node_t *node = ir_node(ir, formula);
    search_list_t list = {.kind = kind};
    if (node->op == IR_OP_AND && !ir_negated(formula)) {
        list.at = node->kids;
        list.n = node->n;
    } else if (formula != IR_YES) {
        ir_id_t *one = ARENA_NEW(ir->arena, ir_id_t);
        *one = formula;
        list.at = one;
        list.n = 1;
    }
    list.n_literals = list.n;
    while (list.n_literals > 0 && ir_op(ir, list.at[list.n_literals - 1]) == IR_OP_AND)
        list.n_literals--;
    if (kind == IR_OBJECT)
        find_open(ir, &list);
    return list;
}

static bool has_op(const ir_t *ir, const search_list_t *list, ir_op_t op)
{
    for (uint32_t i = 0; i < list->n; i++) {
        if (ir_op(ir, list->at[i]) == op)
            return true;
    }
    return false;
}

/* --- rewriting until only literals and clauses are left -------------------------------------------------------------------- */

static ir_id_t unfold(search_t *search, const search_list_t *list)
{
    ir_t *ir = search->ir;
    uint32_t top = ir->stack_n;
    for (uint32_t i = 0; i < list->n; i++) {
        ir_id_t id = list->at[i];
        const ir_node_t *node = ir_node(ir, id);
        if (node->op == IR_OP_REF)
            id = ir_part(ir, ir->definitions[node->a], list->kind) ^ (id & 1u);
        ir_push(ir, id);
    }
    return ir_and_top(ir, list->kind, top);
}

static bool is_readable(const ir_t *ir, const search_list_t *list)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const ir_node_t *node = ir_node(ir, list->at[i]);
        if (node->op == IR_OP_REF && ir->definitions[node->a] == IR_INFINITE)
            return false;
    }
    return true;
}

/* "Is none of these arrays (objects)" becomes what it says of lengths and parts. */
static ir_id_t exclude_apart(search_t *search, const search_list_t *list)
{
    ir_t *ir = search->ir;
    uint32_t top = ir->stack_n;
    for (uint32_t i = 0; i < list->n; i++) {
        const ir_node_t *node = ir_node(ir, list->at[i]);
        if (node->op != IR_OP_VALUES) {
            ir_push(ir, list->at[i]);
            continue;
        }
        for (uint32_t v = 0; v < node->n; v++)
            ir_push(ir, IR_NOT(ir_taken_apart(ir, ir->values[node->kids[v]])));
    }
    return ir_and_top(ir, list->kind, top);
}

static sat_t try_values(search_t *search, ir_id_t formula, const ir_node_t *values, const jv_t **value)
{
    sat_t answer = SAT_NO;
    for (uint32_t i = 0; i < values->n; i++) {
        const jv_t *constant = search->ir->values[values->kids[i]];
        sat_t holds = search_formula_holds(search, formula, constant);
        if (holds == SAT_YES) {
            *value = constant;
            return SAT_YES;
        }
        answer = holds == SAT_UNKNOWN ? SAT_UNKNOWN : answer;
    }
    return answer;
}

/* Formats: a string that happens to do. */
static sat_t try_strings(search_t *search, ir_id_t formula, const jv_t *first, const jv_t **value)
{
    static const char *const samples[] = {"a",
                                          "2024-02-29",
                                          "2024-02-29T12:30:00Z",
                                          "12:30:00Z",
                                          "P1D",
                                          "someone@example.com",
                                          "example.com",
                                          "192.0.2.1",
                                          "2001:db8::1",
                                          "https://example.com/a",
                                          "/a/b",
                                          "0/a",
                                          "^a$",
                                          "123e4567-e89b-12d3-a456-426614174000",
                                          "https://example.com/{a}"};
    for (size_t i = 0; i <= sizeof samples / sizeof *samples; i++) {
        const jv_t *string = i == 0 ? first : jv_new_string(search->ir->arena, text_of(samples[i - 1]));
        if (string != NULL && search_formula_holds(search, formula, string) == SAT_YES) {
            *value = string;
            return SAT_YES;
        }
    }
    return SAT_UNKNOWN;
}

/* Without the parts that cannot be reasoned about: if nothing is possible even so, nothing is. */
static sat_t solve_opaque(search_t *search, const search_list_t *list, ir_id_t formula, const jv_t **value)
{
    ir_t *ir = search->ir;
    uint32_t top = ir->stack_n;
    const struct ir_opaque *opaque = NULL;
    for (uint32_t i = 0; i < list->n; i++) {
        const ir_node_t *node = ir_node(ir, list->at[i]);
        if (node->op == IR_OP_OPAQUE)
            opaque = opaque == NULL ? &ir->opaques[node->a] : opaque;
        else
            ir_push(ir, list->at[i]);
    }
    const char *reason = opaque->reason;
    const jv_t *place = opaque->place;
    const jv_t *first = NULL;
    if (search_formula(search, list->kind, ir_and_top(ir, list->kind, top), &first) == SAT_NO)
        return SAT_NO;
    if (list->kind == IR_STRING && try_strings(search, formula, first, value) == SAT_YES)
        return SAT_YES;
    return search_unknown(search, reason, place);
}

/* --- clauses --------------------------------------------------------------------------------------------------------------- */

static literal_t test_plain(search_t *search, const search_list_t *list, ir_id_t theory, ir_id_t literal)
{
    ir_t *ir = search->ir;
    if (ir_and2(ir, list->kind, theory, literal) == IR_NO)
        return LITERAL_FAILS;
    return ir_and2(ir, list->kind, theory, IR_NOT(literal)) == IR_NO ? LITERAL_HOLDS : LITERAL_OPEN;
}

static literal_t test_one(search_t *search, const search_list_t *list, ir_id_t theory, ir_id_t literal)
{
    if (list->kind == IR_OBJECT)
        return search_object_literal(search, list, literal);
    if (list->kind == IR_ARRAY)
        return search_array_literal(search, list, literal);
    return test_plain(search, list, theory, literal);
}

/* A literal of a clause may be a conjunction. */
static literal_t test(search_t *search, const search_list_t *list, ir_id_t theory, ir_id_t literal)
{
    const ir_node_t *node = ir_node(search->ir, literal);
    if (node->op != IR_OP_AND || ir_negated(literal))
        return test_one(search, list, theory, literal);
    literal_t all = LITERAL_HOLDS;
    for (uint32_t i = 0; i < node->n; i++) {
        ir_id_t part = node->kids[i];
        bool is_clause = ir_op(search->ir, part) == IR_OP_AND;
        literal_t one = is_clause ? LITERAL_OPEN : test_one(search, list, theory, part);
        if (one == LITERAL_FAILS)
            return LITERAL_FAILS;
        all = one == LITERAL_OPEN ? LITERAL_OPEN : all;
    }
    return all;
}

static ir_id_t theory_of(search_t *search, const search_list_t *list)
{
    if (list->kind >= IR_ARRAY)
        return IR_YES;
    return ir_and(search->ir, list->kind, list->at, list->n_literals);
}

/* Clauses without the literals that cannot hold beside the literals of the list, and without clauses that hold anyway. True if anything
 * changed, with the whole formula in `out`. */
static bool reduce_clauses(search_t *search, const search_list_t *list, ir_id_t *out)
{
    ir_t *ir = search->ir;
    ir_id_t theory = theory_of(search, list);
    uint32_t top = ir->stack_n;
    bool changed = false;
    for (uint32_t i = 0; i < list->n_literals; i++)
        ir_push(ir, list->at[i]);
    for (uint32_t i = list->n_literals; i < list->n && ir->failed == NULL; i++) {
        const ir_node_t *clause = ir_node(ir, list->at[i]);
        uint32_t from = ir->stack_n;
        bool holds = false;
        ir_spend(ir, clause->n);
        for (uint32_t j = 0; j < clause->n && !holds; j++) {
            literal_t is = test(search, list, theory, IR_NOT(clause->kids[j]));
            holds = is == LITERAL_HOLDS;
            if (is == LITERAL_OPEN)
                ir_push(ir, clause->kids[j]);
        }
        if (holds) {
            ir->stack_n = from;
            changed = true;
        } else if (ir->stack_n - from != clause->n) {
            ir_id_t less = IR_NOT(ir_and_top(ir, list->kind, from));
            ir_push(ir, less);
            changed = true;
        } else {
            ir->stack_n = from;
            ir_push(ir, list->at[i]);
        }
    }
    *out = ir_and_top(ir, list->kind, top);
    return changed;
}

static uint32_t shortest_clause(const ir_t *ir, const search_list_t *list)
{
    uint32_t best = list->n_literals;
    for (uint32_t i = best + 1; i < list->n; i++) {
        if (ir_node(ir, list->at[i])->n < ir_node(ir, list->at[best])->n)
            best = i;
    }
    return best;
}

#define EXCLUSIVE_MAX 8 /* of a longer clause, later branches do not also deny the earlier ones */

/* The formula with one literal of a clause in place of the clause. */
static ir_id_t choose(search_t *search, const search_list_t *list, uint32_t clause, uint32_t literal)
{
    ir_t *ir = search->ir;
    const ir_node_t *node = ir_node(ir, list->at[clause]);
    uint32_t top = ir->stack_n;
    for (uint32_t i = 0; i < list->n; i++) {
        if (i != clause)
            ir_push(ir, list->at[i]);
    }
    ir_push(ir, IR_NOT(node->kids[literal]));
    for (uint32_t j = 0; j < literal && node->n <= EXCLUSIVE_MAX; j++) {
        if (ir_op(ir, node->kids[j]) != IR_OP_AND)
            ir_push(ir, node->kids[j]);
    }
    return ir_and_top(ir, list->kind, top);
}

static sat_t branch(search_t *search, const search_list_t *list, const jv_t **value)
{
    ir_t *ir = search->ir;
    uint32_t clause = shortest_clause(ir, list), n = ir_node(ir, list->at[clause])->n;
    uint32_t first = search->varies ? (uint32_t)(next_random(search) % n) : 0;
    sat_t answer = SAT_NO;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t literal = (j + first) % n;
        if (!ir_spend(ir, 4))
            return search_unknown(search, ir->failed, NULL);
        ir_id_t chosen = IR_NOT(ir_node(ir, list->at[clause])->kids[literal]);
        if (list->kind == IR_OBJECT && search_object_hope(search, list, chosen) == SAT_NO)
            continue;
        sat_t one = search_formula(search, list->kind, choose(search, list, clause, literal), value);
        if (one == SAT_YES)
            return SAT_YES;
        answer = one == SAT_UNKNOWN ? SAT_UNKNOWN : answer;
    }
    return answer;
}

/* --- one formula ------------------------------------------------------------------------------------------------------------ */

static sat_t solve_literals(search_t *search, const search_list_t *list, const jv_t **value)
{
    switch (list->kind) {
    case IR_NULL:
    case IR_TRUTH:
    case IR_FALSEHOOD:
        return search_unknown(search, "keyword", NULL); /* nothing but opaque literals can be left of these */
    case IR_INTEGER:
    case IR_FRACTION:
        return search_number(search, list, value);
    case IR_STRING:
        return search_string(search, list, value);
    case IR_ARRAY:
        return search_array(search, list, value);
    case IR_OBJECT:
        return search_object(search, list, value);
    }
    return SAT_UNKNOWN;
}

static const ir_node_t *positive_values(const ir_t *ir, const search_list_t *list)
{
    for (uint32_t i = 0; i < list->n_literals; i++) {
        if (ir_op(ir, list->at[i]) == IR_OP_VALUES && !ir_negated(list->at[i]))
            return ir_node(ir, list->at[i]);
    }
    return NULL;
}

static sat_t solve(search_t *search, ir_kind_t kind, ir_id_t formula, const jv_t **value)
{
    ir_t *ir = search->ir;
    search_list_t list = search_list(search, kind, formula);
    const ir_node_t *values = positive_values(ir, &list);
    if (values != NULL)
        return try_values(search, formula, values, value);
    if (has_op(ir, &list, IR_OP_REF)) {
        if (!is_readable(ir, &list))
            return search_unknown(search, "reference-loop", NULL);
        return search_formula(search, kind, unfold(search, &list), value);
    }
    if (has_op(ir, &list, IR_OP_VALUES))
        return search_formula(search, kind, exclude_apart(search, &list), value);
    if (has_op(ir, &list, IR_OP_OPAQUE))
        return solve_opaque(search, &list, formula, value);
    if (list.n_literals < list.n) {
        ir_id_t reduced;
        if (reduce_clauses(search, &list, &reduced))
            return search_formula(search, kind, reduced, value);
        return branch(search, &list, value);
    }
    return solve_literals(search, &list, value);
}

/* Any value of the kind: the plainest, or one of a few when they are to vary. */
static const jv_t *any_value(search_t *search, ir_kind_t kind)
{
    static const jv_kind_t kinds[IR_KINDS] = {JV_NULL,   JV_TRUE,   JV_FALSE, JV_NUMBER,
                                              JV_NUMBER, JV_STRING, JV_ARRAY, JV_OBJECT};
    static const char *const integers[] = {"0", "1", "-7", "12345678901234567890", "3"};
    static const char *const fractions[] = {"0.5", "-1.25", "1e-9", "3.14159", "100.1"};
    static const char *const strings[] = {"", "a", "text", "2024-02-29", "\xc3\xa9\xf0\x9f\x8c\x8d"};
    arena_t *arena = search->ir->arena;
    size_t pick = search->varies ? next_random(search) % 5 : 0;
    if (kinds[kind] == JV_NUMBER)
        return jv_new_number(arena, text_of(kind == IR_INTEGER ? integers[pick] : fractions[pick]));
    if (kinds[kind] == JV_STRING)
        return jv_new_string(arena, text_of(strings[pick]));
    return jv_new(arena, kinds[kind]);
}

sat_t search_formula(search_t *search, ir_kind_t kind, ir_id_t formula, const jv_t **value)
{
    const jv_t *found = NULL;
    sat_t answer;
    if (!ir_spend(search->ir, 2))
        return search_unknown(search, search->ir->failed, NULL);
    if (formula == IR_NO)
        return SAT_NO;
    if (formula == IR_YES) {
        if (value != NULL)
            *value = any_value(search, kind);
        return SAT_YES;
    }
    if (recall(search, formula, &answer, value))
        return answer;
    if (search->depth >= DEPTH_MAX)
        return search_unknown(search, "depth", NULL);
    frame_begin(search, formula);
    answer = solve(search, kind, formula, &found);
    if (search->ir->failed != NULL && answer != SAT_YES)
        answer = search_unknown(search, search->ir->failed, NULL);
    frame_end(search, formula, answer, found);
    if (answer == SAT_YES && value != NULL)
        *value = found;
    return answer;
}

sat_t search_schema(search_t *search, ir_id_t schema, const jv_t **value)
{
    sat_t answer = SAT_NO;
    unsigned first = search->varies ? (unsigned)(next_random(search) % IR_KINDS) : 0;
    for (unsigned k = 0; k < IR_KINDS; k++) {
        ir_kind_t kind = (ir_kind_t)((k + first) % IR_KINDS);
        sat_t one = search_formula(search, kind, ir_part(search->ir, schema, kind), value);
        if (one == SAT_YES)
            return SAT_YES;
        answer = one == SAT_UNKNOWN ? SAT_UNKNOWN : answer;
    }
    return answer;
}

/* Numbers: intervals, one multiple, and multiples that are not wanted.
 *
 * Multiples of M that are not multiples of q1..qn repeat with the period lcm(M, q1..qn): past one period of candidates there is nothing
 * new. Without M (numbers that are no integers), any interval with more than one point has a solution: a decimal inside it with more
 * places than every bound and every q.
 */
#include "compat/json/strict_search.h"

#define CANDIDATES_MAX 4096

typedef struct {
    search_t *search;
    ir_kind_t kind;
    const ir_ranges_t *ranges;
    ir_number_t multiple; /* IR_INFINITE: none */
    const search_list_t *list;
    ir_number_t found;
} numbers_t;

static bool is_wanted(numbers_t *numbers, ir_number_t number)
{
    ir_t *ir = numbers->search->ir;
    ir_spend(ir, 1);
    if (ir_number_integral(ir, number) != (numbers->kind == IR_INTEGER) ||
        !ir_ranges_hold(ir, numbers->ranges, number))
        return false;
    for (uint32_t i = 0; i < numbers->list->n; i++) {
        ir_id_t id = numbers->list->at[i];
        const ir_node_t *node = ir_node(ir, id);
        if (node->op == IR_OP_MULTIPLE && ir_number_divides(ir, node->a, number) == ir_negated(id))
            return false;
    }
    numbers->found = number;
    return true;
}

/* How many multiples of `step` until unwanted ones (and integers, among fractions) repeat; 0: more than can be tried. */
static uint32_t period(numbers_t *numbers, ir_number_t step)
{
    ir_t *ir = numbers->search->ir;
    ir_number_t all = step;
    if (numbers->kind == IR_FRACTION)
        all = ir_number_lcm(ir, all, ir_number_of(ir, 1));
    for (uint32_t i = 0; i < numbers->list->n && all != IR_INFINITE; i++) {
        ir_id_t id = numbers->list->at[i];
        if (ir_op(ir, id) == IR_OP_MULTIPLE && ir_negated(id))
            all = ir_number_lcm(ir, all, ir_node(ir, id)->a);
    }
    int64_t count;
    if (all == IR_INFINITE || !ir_number_i64(ir, ir_number_quotient(ir, all, step), &count) ||
        count > CANDIDATES_MAX)
        return 0;
    return (uint32_t)count;
}

/* Multiples of `step` in one interval, from its end that is finite. */
static sat_t try_multiples(numbers_t *numbers, const ir_interval_t *interval, ir_number_t step,
                           uint32_t repeats)
{
    ir_t *ir = numbers->search->ir;
    bool down = interval->lo == IR_INFINITE && interval->hi != IR_INFINITE;
    ir_number_t from = down ? interval->hi : interval->lo;
    ir_number_t at = ir_number_of(ir, 0);
    if (from != IR_INFINITE)
        at = ir_number_product(ir, ir_number_quotient(ir, from, step), step); /* at or below `from` */
    ir_number_t by = down ? ir_number_product(ir, step, ir_number_of(ir, -1)) : step;
    uint32_t most = (repeats == 0 ? CANDIDATES_MAX : repeats) + 2;
    for (uint32_t i = 0; i < most; i++) {
        if (ir->failed != NULL)
            return search_unknown(numbers->search, ir->failed, NULL);
        if (is_wanted(numbers, at))
            return SAT_YES;
        ir_number_t end = down ? interval->lo : interval->hi;
        if (end != IR_INFINITE &&
            (down ? ir_number_compare(ir, at, end) < 0 : ir_number_compare(ir, at, end) > 0))
            return SAT_NO;
        at = ir_number_sum(ir, at, by);
    }
    return repeats == 0 ? search_unknown(numbers->search, "budget-search", NULL) : SAT_NO;
}

static sat_t find_multiple(numbers_t *numbers)
{
    ir_t *ir = numbers->search->ir;
    ir_number_t step = numbers->multiple == IR_INFINITE ? ir_number_of(ir, 1) : numbers->multiple;
    uint32_t repeats = period(numbers, step);
    sat_t answer = SAT_NO;
    for (uint32_t i = 0; i < numbers->ranges->n; i++) {
        sat_t one = try_multiples(numbers, &numbers->ranges->at[i], step, repeats);
        if (one == SAT_YES)
            return SAT_YES;
        answer = one == SAT_UNKNOWN ? SAT_UNKNOWN : answer;
    }
    return answer;
}

/* --- fractions without a multiple ---------------------------------------------------------------------------------------- */

/* A number smaller than any difference between two numbers with these places. */
static ir_number_t tiny(numbers_t *numbers, const ir_interval_t *interval)
{
    ir_t *ir = numbers->search->ir;
    uint32_t places = 1;
    for (uint32_t i = 0; i < numbers->list->n; i++) {
        const ir_node_t *node = ir_node(ir, numbers->list->at[i]);
        uint32_t more = node->op == IR_OP_MULTIPLE ? ir_number_places(ir, node->a) : 0;
        places = more > places ? more : places;
    }
    uint32_t lo = interval->lo == IR_INFINITE ? 0 : ir_number_places(ir, interval->lo);
    uint32_t hi = interval->hi == IR_INFINITE ? 0 : ir_number_places(ir, interval->hi);
    places = lo > places ? lo : places;
    places = hi > places ? hi : places;
    return ir_number(ir, text_printf(ir->arena, "1e-%u", places + 3));
}

static sat_t try_between(numbers_t *numbers, const ir_interval_t *interval)
{
    ir_t *ir = numbers->search->ir;
    ir_number_t half = ir_number(ir, TEXT("0.5")), minus_half = ir_number(ir, TEXT("-0.5"));
    bool has_lo = interval->lo != IR_INFINITE, has_hi = interval->hi != IR_INFINITE;
    ir_number_t inside = half;
    if (has_lo && has_hi)
        inside = ir_number_product(ir, ir_number_sum(ir, interval->lo, interval->hi), half);
    else if (has_lo)
        inside = ir_number_sum(ir, interval->lo, half);
    else if (has_hi)
        inside = ir_number_sum(ir, interval->hi, minus_half);
    ir_number_t more = tiny(numbers, interval);
    if (ir->failed != NULL)
        return search_unknown(numbers->search, ir->failed, NULL);
    if ((has_lo && is_wanted(numbers, ir_number_sum(ir, interval->lo, half))) ||
        (has_hi && is_wanted(numbers, ir_number_sum(ir, interval->hi, minus_half))) ||
        (has_lo && is_wanted(numbers, interval->lo)) || (has_hi && is_wanted(numbers, interval->hi)) ||
        is_wanted(numbers, inside) || is_wanted(numbers, ir_number_sum(ir, inside, more)))
        return SAT_YES;
    if (has_lo && has_hi && interval->lo == interval->hi)
        return SAT_NO;
    return search_unknown(numbers->search, "number-size", NULL);
}

static sat_t find_between(numbers_t *numbers)
{
    sat_t answer = SAT_NO;
    for (uint32_t i = 0; i < numbers->ranges->n; i++) {
        sat_t one = try_between(numbers, &numbers->ranges->at[i]);
        if (one == SAT_YES)
            return SAT_YES;
        answer = one == SAT_UNKNOWN ? SAT_UNKNOWN : answer;
    }
    return answer;
}

/* --- the numbers of a list ------------------------------------------------------------------------------------------------- */

/* Zero, and the like, where it will do. */
static bool try_plain(numbers_t *numbers)
{
    static const char *const plain[] = {"0", "1", "0.5"};
    static const char *const varied[] = {"7", "42", "-3", "2.5", "1000", "-0.25", "99.99"};
    search_t *search = numbers->search;
    for (size_t i = 0; search->varies && i < sizeof varied / sizeof *varied; i++) {
        if (search_chance(search, 3) && is_wanted(numbers, ir_number(search->ir, text_of(varied[i]))))
            return true;
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (is_wanted(numbers, ir_number(search->ir, text_of(plain[i]))))
            return true;
    }
    return false;
}

sat_t search_number(search_t *search, const search_list_t *list, const jv_t **value)
{
    ir_t *ir = search->ir;
    numbers_t numbers = {.search = search, .kind = list->kind, .list = list, .multiple = IR_INFINITE};
    for (uint32_t i = 0; i < list->n; i++) {
        const ir_node_t *node = ir_node(ir, list->at[i]);
        if (node->op == IR_OP_RANGE)
            numbers.ranges = ir_ranges_of(ir, list->at[i]);
        else if (node->op == IR_OP_MULTIPLE && !ir_negated(list->at[i]))
            numbers.multiple = node->a;
    }
    if (numbers.ranges == NULL)
        numbers.ranges =
            ir_ranges_one(ir, list->kind, (ir_interval_t){IR_INFINITE, IR_INFINITE, false, false});
    sat_t answer = SAT_YES;
    if (!try_plain(&numbers)) {
        bool free = list->kind == IR_FRACTION && numbers.multiple == IR_INFINITE;
        answer = free ? find_between(&numbers) : find_multiple(&numbers);
    }
    if (answer == SAT_YES)
        *value = jv_new_number(ir->arena, ir_number_text(ir, numbers.found));
    return answer;
}

/* Sets of numbers as unions of intervals, in a normal form that depends on what they are sets of: integers, numbers that are
 * no integers, or sizes (0, 1, 2, ...). Two sets are equal exactly when their normal forms are. */
#include "compat/json/strict_ir.h"

#include <string.h>

static bool is_size(ir_kind_t kind)
{
    return kind >= IR_STRING;
}

static bool is_discrete(ir_kind_t kind)
{
    return kind != IR_FRACTION;
}

/* Integers: closed ends that are integers; sizes start at 0 where integers have no end. Fractions: an integer end counts as
 * closed, since it is not in the set anyway. False if nothing is left. */
static bool normalise(ir_t *ir, ir_kind_t kind, ir_interval_t *interval)
{
    if (is_discrete(kind) && interval->lo != IR_INFINITE) {
        ir_number_t floor = ir_number_floor(ir, interval->lo);
        bool up = floor != interval->lo || interval->lo_open;
        interval->lo = up ? ir_number_plus(ir, floor, 1) : floor;
        interval->lo_open = false;
    }
    if (is_discrete(kind) && interval->hi != IR_INFINITE) {
        ir_number_t floor = ir_number_floor(ir, interval->hi);
        bool down = floor == interval->hi && interval->hi_open;
        interval->hi = down ? ir_number_plus(ir, floor, -1) : floor;
        interval->hi_open = false;
    }
    if (is_size(kind) &&
        (interval->lo == IR_INFINITE || ir_number_compare(ir, interval->lo, ir_number_of(ir, 0)) < 0))
        interval->lo = ir_number_of(ir, 0);
    if (kind == IR_FRACTION) {
        interval->lo_open =
            interval->lo != IR_INFINITE && interval->lo_open && !ir_number_integral(ir, interval->lo);
        interval->hi_open =
            interval->hi != IR_INFINITE && interval->hi_open && !ir_number_integral(ir, interval->hi);
    }
    if (interval->lo == IR_INFINITE || interval->hi == IR_INFINITE)
        return true;
    int order = ir_number_compare(ir, interval->lo, interval->hi);
    if (order != 0)
        return order < 0;
    if (kind == IR_FRACTION && ir_number_integral(ir, interval->lo))
        return false;
    return !interval->lo_open && !interval->hi_open;
}

static ir_ranges_t *ranges_new(ir_t *ir, uint32_t room)
{
    ir_spend(ir, 1 + room / 4);
    return arena_alloc(ir->arena, sizeof(ir_ranges_t) + room * sizeof(ir_interval_t));
}

const ir_ranges_t *ir_ranges_one(ir_t *ir, ir_kind_t kind, ir_interval_t interval)
{
    ir_ranges_t *ranges = ranges_new(ir, 1);
    if (normalise(ir, kind, &interval))
        ranges->at[ranges->n++] = interval;
    return ranges;
}

/* Which of two lower (upper) ends leaves less? */
static bool lo_is_tighter(ir_t *ir, const ir_interval_t *a, const ir_interval_t *b)
{
    if (a->lo == IR_INFINITE || b->lo == IR_INFINITE)
        return b->lo == IR_INFINITE;
    int order = ir_number_compare(ir, a->lo, b->lo);
    return order > 0 || (order == 0 && a->lo_open);
}

static bool hi_is_tighter(ir_t *ir, const ir_interval_t *a, const ir_interval_t *b)
{
    if (a->hi == IR_INFINITE || b->hi == IR_INFINITE)
        return b->hi == IR_INFINITE;
    int order = ir_number_compare(ir, a->hi, b->hi);
    return order < 0 || (order == 0 && a->hi_open);
}

const ir_ranges_t *ir_ranges_and(ir_t *ir, ir_kind_t kind, const ir_ranges_t *a, const ir_ranges_t *b)
{
    ir_ranges_t *result = ranges_new(ir, a->n + b->n);
    for (uint32_t i = 0, j = 0; i < a->n && j < b->n;) {
        const ir_interval_t *x = &a->at[i], *y = &b->at[j];
        const ir_interval_t *lo = lo_is_tighter(ir, x, y) ? x : y;
        bool x_ends_first = hi_is_tighter(ir, x, y);
        const ir_interval_t *hi = x_ends_first ? x : y;
        ir_interval_t both = {lo->lo, hi->hi, lo->lo_open, hi->hi_open};
        if (normalise(ir, kind, &both))
            result->at[result->n++] = both;
        if (x_ends_first)
            i++;
        else
            j++;
    }
    return result;
}

const ir_ranges_t *ir_ranges_not(ir_t *ir, ir_kind_t kind, const ir_ranges_t *a)
{
    ir_ranges_t *result = ranges_new(ir, a->n + 1);
    ir_interval_t gap = {.lo = IR_INFINITE};
    for (uint32_t i = 0; i < a->n; i++) {
        gap.hi = a->at[i].lo;
        gap.hi_open = !a->at[i].lo_open;
        ir_interval_t normal = gap;
        if (gap.hi != IR_INFINITE && normalise(ir, kind, &normal))
            result->at[result->n++] = normal;
        gap.lo = a->at[i].hi;
        gap.lo_open = !a->at[i].hi_open;
        if (gap.lo == IR_INFINITE)
            return result;
    }
    gap.hi = IR_INFINITE;
    gap.hi_open = false;
    if (normalise(ir, kind, &gap))
        result->at[result->n++] = gap;
    return result;
}

bool ir_ranges_hold(ir_t *ir, const ir_ranges_t *ranges, ir_number_t number)
{
    for (uint32_t i = 0; i < ranges->n; i++) {
        const ir_interval_t *at = &ranges->at[i];
        int lo = at->lo == IR_INFINITE ? 1 : ir_number_compare(ir, number, at->lo);
        int hi = at->hi == IR_INFINITE ? -1 : ir_number_compare(ir, number, at->hi);
        if (lo < 0)
            return false;
        if ((lo > 0 || !at->lo_open) && (hi < 0 || (hi == 0 && !at->hi_open)))
            return true;
    }
    return false;
}

/* --- sizes ------------------------------------------------------------------------------------------------------------- */

/* Sizes past what fits in 60 bits are all alike: no array gets there. */
static uint64_t size_of(ir_t *ir, ir_number_t number)
{
    int64_t value;
    if (number == IR_INFINITE || !ir_number_i64(ir, number, &value))
        return UINT64_MAX;
    return (uint64_t)value;
}

bool ir_ranges_next(ir_t *ir, const ir_ranges_t *ranges, uint64_t from, uint64_t *out)
{
    for (uint32_t i = 0; i < ranges->n; i++) {
        uint64_t lo = size_of(ir, ranges->at[i].lo), hi = size_of(ir, ranges->at[i].hi);
        if (hi < from)
            continue;
        *out = lo > from ? lo : from;
        return true;
    }
    return false;
}

bool ir_ranges_hold_size(ir_t *ir, const ir_ranges_t *ranges, uint64_t size)
{
    uint64_t next;
    return ir_ranges_next(ir, ranges, size, &next) && next == size;
}

bool ir_ranges_max(ir_t *ir, const ir_ranges_t *ranges, uint64_t *out)
{
    if (ranges->n == 0) {
        *out = 0;
        return true;
    }
    *out = size_of(ir, ranges->at[ranges->n - 1].hi);
    return ranges->at[ranges->n - 1].hi != IR_INFINITE;
}

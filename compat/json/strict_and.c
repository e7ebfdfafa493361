/* Conjunctions in a normal form: flat, sorted, each thing said once. What two literals say of one thing becomes one literal, and what
 * cannot be is IR_NO at once; most of the work of a check is done here, without any search.
 *
 *   lengths and numbers   their ranges meet                     name p       member schemas meet; required and optional become required
 *   constant strings      meet, and are tried against lengths and patterns
 *   x and not x           nothing left                          (x or y)     is dropped beside x, and becomes y beside not x
 */
#include <string.h>

#include "compat/json/strict_ir.h"
#include "compat/json/strict_table.h"

typedef struct ir_item item_t;

/* --- the list being conjoined: ir->items from `base` up --------------------------------------------------------------- */

uint64_t ir_key(const ir_t *ir, ir_id_t id)
{
    const ir_node_t *node = ir_node(ir, id);
    uint64_t key = (uint64_t)node->op << 60;
    if (node->op == IR_OP_EACH)
        return key | (uint64_t)(node->a & 0x3fffffffu) << 30;
    if (node->op == IR_OP_ITEMS)
        return key | (uint64_t)(node->a & 0x3fffffffu) << 30 | (node->b & 0x3fffffffu);
    return key;
}

static bool before(const item_t *a, const item_t *b)
{
    return a->key < b->key || (a->key == b->key && a->id < b->id);
}

static void push(ir_t *ir, ir_id_t id)
{
    if (ir->n_items == ir->item_room)
        ir->items = table_grow(ir->items, &ir->item_room, sizeof *ir->items);
    ir->items[ir->n_items++] = (item_t){ir_key(ir, id), id};
}

/* Conjunctions within are taken apart. False if something allows nothing. */
static bool push_flat(ir_t *ir, const ir_id_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == IR_NO)
            return false;
        if (list[i] == IR_YES)
            continue;
        const ir_node_t *node = ir_node(ir, list[i]);
        if (node->op != IR_OP_AND || ir_negated(list[i])) {
            push(ir, list[i]);
            continue;
        }
        for (uint32_t j = 0; j < node->n; j++)
            push(ir, node->kids[j]);
    }
    return true;
}

static void insertion_sort(item_t *items, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        item_t item = items[i];
        uint32_t j = i;
        for (; j > 0 && before(&item, &items[j - 1]); j--)
            items[j] = items[j - 1];
        items[j] = item;
    }
}

static uint32_t run_end(const item_t *items, uint32_t from, uint32_t n)
{
    while (from + 1 < n && !before(&items[from + 1], &items[from]))
        from++;
    return from + 1 < n ? from + 1 : n;
}

static void merge(const item_t *items, uint32_t from, uint32_t middle, uint32_t end, item_t *out)
{
    for (uint32_t i = from, j = middle, k = from; k < end; k++) {
        bool left = i < middle && (j >= end || !before(&items[j], &items[i]));
        out[k] = left ? items[i++] : items[j++];
    }
}

/* Merges ascending runs pair by pair: linear for a list and a few more, which is the usual case. */
static void sort(ir_t *ir, uint32_t base)
{
    uint32_t n = ir->n_items - base;
    if (run_end(ir->items + base, 0, n) == n)
        return;
    if (n <= 24) {
        insertion_sort(ir->items + base, n);
        return;
    }
    while (ir->n_items + n > ir->item_room)
        ir->items = table_grow(ir->items, &ir->item_room, sizeof *ir->items);
    item_t *from = ir->items + base, *to = ir->items + base + n;
    for (bool sorted = false; !sorted;) {
        sorted = true;
        for (uint32_t at = 0; at < n;) {
            uint32_t middle = run_end(from, at, n);
            uint32_t end = middle < n ? run_end(from, middle, n) : n;
            merge(from, at, middle, end, to);
            sorted = sorted && at == 0 && end == n;
            at = end;
        }
        memcpy(from, to, n * sizeof *from);
    }
}

/* Repeats go; false if something stands beside its negation (which sorts next to it). */
static bool once_each(ir_t *ir, uint32_t base)
{
    uint32_t kept = base;
    for (uint32_t i = base; i < ir->n_items; i++) {
        if (kept > base && ir->items[kept - 1].id >> 1 == ir->items[i].id >> 1) {
            if (ir->items[kept - 1].id != ir->items[i].id)
                return false;
            continue;
        }
        ir->items[kept++] = ir->items[i];
    }
    ir->n_items = kept;
    return true;
}

static bool contains(const ir_t *ir, uint32_t base, uint32_t end, ir_id_t id)
{
    item_t wanted = {ir_key(ir, id), id};
    while (base < end) {
        uint32_t middle = base + (end - base) / 2;
        if (ir->items[middle].id == id)
            return true;
        if (before(&ir->items[middle], &wanted))
            base = middle + 1;
        else
            end = middle;
    }
    return false;
}

/* --- merging what speaks of one thing --------------------------------------------------------------------------------- */

/* Each of these conjoins items from..end, which have one op, and gives what is left through `keep`, in order. `again` tells that
 * something of another op came out, so that the whole is to be done once more. */
typedef struct {
    ir_t *ir;
    ir_kind_t kind;
    uint32_t kept; /* items below are done */
    bool nothing, again;
} merge_t;

static void keep(merge_t *merge, ir_op_t op, ir_id_t id)
{
    ir_t *ir = merge->ir;
    if (id == IR_NO)
        merge->nothing = true;
    if (id <= IR_NO)
        return;
    merge->again = merge->again || ir_op(ir, id) != op;
    ir->items[merge->kept++] = (item_t){ir_key(ir, id), id};
}

static void merge_ranges(merge_t *merge, uint32_t from, uint32_t end)
{
    ir_t *ir = merge->ir;
    ir_id_t first = ir->items[from].id;
    if (end - from == 1) {
        keep(merge, IR_OP_RANGE, first);
        return;
    }
    const ir_ranges_t *all = ir_ranges_of(ir, first);
    for (uint32_t i = from + 1; i < end; i++)
        all = ir_ranges_and(ir, merge->kind, all, ir_ranges_of(ir, ir->items[i].id));
    keep(merge, IR_OP_RANGE, ir_ranges(ir, merge->kind, all));
}

bool ir_set_has(const ir_node_t *set, uint32_t member)
{
    uint32_t lo = 0, hi = set->n;
    while (lo < hi) {
        uint32_t middle = lo + (hi - lo) / 2;
        if (set->kids[middle] == member)
            return true;
        if (set->kids[middle] < member)
            lo = middle + 1;
        else
            hi = middle;
    }
    return false;
}

/* Sets and complements of sets, of strings or of values. */
static void merge_sets(merge_t *merge, uint32_t from, uint32_t end, ir_op_t op)
{
    ir_t *ir = merge->ir;
    uint32_t smallest = UINT32_MAX, total = 0;
    for (uint32_t i = from; i < end; i++) {
        uint32_t n = ir_node(ir, ir->items[i].id)->n;
        bool smaller = smallest == UINT32_MAX || n < ir_node(ir, ir->items[smallest].id)->n;
        if (!ir_negated(ir->items[i].id) && smaller)
            smallest = i;
        total += n;
    }
    if (smallest != UINT32_MAX)
        total = ir_node(ir, ir->items[smallest].id)->n;
    ir_spend(ir, total / 16);
    uint32_t *members = ARENA_ARRAY(ir->arena, uint32_t, total), n = 0;
    if (smallest == UINT32_MAX) { /* only complements: the complement of their union */
        for (uint32_t i = from; i < end; i++) {
            const ir_node_t *set = ir_node(ir, ir->items[i].id);
            memcpy(members + n, set->kids, set->n * sizeof *members);
            n += set->n;
        }
    } else {
        const ir_node_t *set = ir_node(ir, ir->items[smallest].id);
        for (uint32_t m = 0; m < set->n; m++) {
            bool held = true;
            for (uint32_t i = from; i < end && held; i++)
                held = ir_set_has(ir_node(ir, ir->items[i].id), set->kids[m]) != ir_negated(ir->items[i].id);
            if (held)
                members[n++] = set->kids[m];
        }
    }
    ir_id_t made = op == IR_OP_STRINGS ? ir_strings(ir, members, n) : ir_values(ir, merge->kind, members, n);
    keep(merge, op, smallest == UINT32_MAX ? IR_NOT(made) : made);
}

/* Multiples of several numbers are multiples of their least common one. */
static void merge_multiples(merge_t *merge, uint32_t from, uint32_t end)
{
    ir_t *ir = merge->ir;
    ir_number_t all = IR_INFINITE;
    uint32_t positive = 0;
    for (uint32_t i = from; i < end; i++) {
        ir_number_t of = ir_node(ir, ir->items[i].id)->a;
        if (ir_negated(ir->items[i].id))
            continue;
        positive++;
        all = all == IR_INFINITE ? of : ir_number_lcm(ir, all, of);
        if (all == IR_INFINITE) {
            ir_fail(ir, "number-size");
            return;
        }
    }
    for (uint32_t i = from; i < end; i++) {
        item_t item = ir->items[i];
        if (ir_negated(item.id) && positive > 0 && ir_number_divides(ir, ir_node(ir, item.id)->a, all))
            merge->nothing = true;
        if (ir_negated(item.id) || positive == 1)
            ir->items[merge->kept++] = item;
    }
    if (positive > 1) {
        keep(merge, IR_OP_MULTIPLE, ir_multiple(ir, merge->kind, all));
        merge->again = true;
    }
}

/* Items at the same positions. A single position is like a name: at most one item is there. */
static void merge_items(merge_t *merge, uint32_t from, uint32_t end)
{
    ir_t *ir = merge->ir;
    const ir_node_t *node = ir_node(ir, ir->items[from].id);
    uint32_t lo = node->a, hi = node->b, negated = 0;
    ir_id_t all = IR_YES;
    for (uint32_t i = from; i < end; i++) {
        ir_id_t id = ir->items[i].id;
        negated += ir_negated(id);
        if (!ir_negated(id))
            all = ir_schema_and(ir, all, ir_node(ir, id)->c);
        else if (lo == hi)
            all = ir_schema_and(ir, all, IR_NOT(ir_node(ir, id)->c));
    }
    if (lo == hi || negated == 0) {
        keep(merge, IR_OP_ITEMS,
             negated > 0 ? IR_NOT(ir_items(ir, lo, hi, IR_NOT(all))) : ir_items(ir, lo, hi, all));
        return;
    }
    bool several = end - from - negated > 1;
    for (uint32_t i = from; i < end; i++) {
        item_t item = ir->items[i];
        if (ir_negated(item.id) && ir_schema_and(ir, all, IR_NOT(ir_node(ir, item.id)->c)) == IR_NO)
            merge->nothing = true;
        if (ir_negated(item.id) || !several)
            ir->items[merge->kept++] = item;
    }
    if (several) {
        keep(merge, IR_OP_ITEMS, ir_items(ir, lo, hi, all));
        merge->again = true;
    }
}

/* Members with names of the same language. */
static void merge_each(merge_t *merge, uint32_t from, uint32_t end)
{
    ir_t *ir = merge->ir;
    ir_id_t names = ir_node(ir, ir->items[from].id)->a, all = IR_YES;
    bool single = ir_single(ir, names) != UINT32_MAX;
    uint32_t negated = 0;
    if (end - from == 1) {
        ir->items[merge->kept++] = ir->items[from];
        return;
    }
    for (uint32_t i = from; i < end; i++) {
        ir_id_t id = ir->items[i].id;
        negated += ir_negated(id);
        if (!ir_negated(id))
            all = ir_schema_and(ir, all, ir_node(ir, id)->b);
        else if (single)
            all = ir_schema_and(ir, all, IR_NOT(ir_node(ir, id)->b));
    }
    if (single || negated == 0) {
        keep(merge, IR_OP_EACH, negated > 0 ? ir_some(ir, names, all) : ir_each(ir, names, all));
        return;
    }
    bool several = end - from - negated > 1;
    for (uint32_t i = from; i < end; i++) {
        item_t item = ir->items[i];
        if (ir_negated(item.id) && ir_schema_and(ir, all, IR_NOT(ir_node(ir, item.id)->b)) == IR_NO)
            merge->nothing = true;
        if (ir_negated(item.id) || !several)
            ir->items[merge->kept++] = item;
    }
    if (several) {
        keep(merge, IR_OP_EACH, ir_each(ir, names, all));
        merge->again = true;
    }
}

static void merge_group(merge_t *merge, uint32_t from, uint32_t end)
{
    ir_t *ir = merge->ir;
    switch (ir_op(ir, ir->items[from].id)) {
    case IR_OP_RANGE:
        merge_ranges(merge, from, end);
        return;
    case IR_OP_STRINGS:
        merge_sets(merge, from, end, IR_OP_STRINGS);
        return;
    case IR_OP_VALUES:
        merge_sets(merge, from, end, IR_OP_VALUES);
        return;
    case IR_OP_MULTIPLE:
        merge_multiples(merge, from, end);
        return;
    case IR_OP_ITEMS:
        merge_items(merge, from, end);
        return;
    case IR_OP_EACH:
        merge_each(merge, from, end);
        return;
    case IR_OP_TRUE:
    case IR_OP_PATTERN:
    case IR_OP_OPAQUE:
    case IR_OP_UNIQUE:
    case IR_OP_COUNT:
    case IR_OP_REF:
    case IR_OP_AND:
    case IR_OP_SCHEMA:
        break;
    }
    memmove(ir->items + merge->kept, ir->items + from, (end - from) * sizeof *ir->items);
    merge->kept += end - from;
}

static void merge_groups(merge_t *merge, uint32_t base)
{
    ir_t *ir = merge->ir;
    uint32_t n = ir->n_items;
    merge->kept = base;
    for (uint32_t from = base, end; from < n && !merge->nothing; from = end) {
        uint64_t key = ir->items[from].key;
        for (end = from + 1; end < n && ir->items[end].key == key; end++)
            ;
        merge_group(merge, from, end);
    }
    ir->n_items = merge->kept;
}

/* --- across literals --------------------------------------------------------------------------------------------------- */

/* One constant string against the lengths, patterns and formats beside it: 1, 0, or -1 where a pattern cannot be followed. */
static int string_fits(ir_t *ir, uint32_t base, uint32_t end, uint32_t text)
{
    int fits = 1;
    for (uint32_t i = base; i < end; i++) {
        ir_id_t id = ir->items[i].id;
        const ir_node_t *node = ir_node(ir, id);
        int holds = 1;
        if (node->op == IR_OP_RANGE)
            holds = ir_ranges_hold_size(ir, node->in, text_code_points(ir->texts[text])) != ir_negated(id);
        else if (node->op == IR_OP_PATTERN)
            holds = ir->matches == NULL ? -1 : ir->matches(ir->matches_context, node->a, ir->texts[text]);
        else if (node->op == IR_OP_OPAQUE)
            holds = ir_opaque_holds(ir, node, ir->texts[text]);
        if (holds >= 0 && (node->op == IR_OP_PATTERN || node->op == IR_OP_OPAQUE))
            holds = (holds == 1) != ir_negated(id);
        if (holds == 0)
            return 0;
        fits = holds < 0 ? -1 : fits;
    }
    return fits;
}

/* Constant strings are tried; lengths and patterns that all of them meet are no longer needed. Excluded strings that could not occur
 * anyway are forgotten. */
static void settle_strings(merge_t *merge, uint32_t base)
{
    ir_t *ir = merge->ir;
    uint32_t set = base, n = 0, end = ir->n_items;
    while (set < end && ir_op(ir, ir->items[set].id) != IR_OP_STRINGS)
        set++;
    if (set == end || end - base == 1)
        return;
    ir_id_t id = ir->items[set].id;
    const ir_node_t *node = ir_node(ir, id);
    bool told = true;
    uint32_t *members = ARENA_ARRAY(ir->arena, uint32_t, node->n);
    ir_spend(ir, node->n);
    for (uint32_t m = 0; m < node->n; m++) {
        int fits = string_fits(ir, base, end, node->kids[m]);
        told = told && fits >= 0;
        if (fits != 0)
            members[n++] = node->kids[m];
    }
    ir_id_t made = n == node->n ? (id & ~1u) : ir_strings(ir, members, n);
    made ^= id & 1u;
    if (made == IR_NO)
        merge->nothing = true;
    merge->again = merge->again || made != id;
    ir->items[set] = (item_t){ir_key(ir, made), made};
    uint32_t kept = base;
    for (uint32_t i = base; i < end; i++) {
        ir_op_t op = ir_op(ir, ir->items[i].id);
        bool settled =
            !ir_negated(id) && told && (op == IR_OP_RANGE || op == IR_OP_PATTERN || op == IR_OP_OPAQUE);
        if (!settled && ir->items[i].id != IR_YES)
            ir->items[kept++] = ir->items[i];
    }
    ir->n_items = kept;
}

/* What the length of an array says of positions: those past its end hold nothing. */
static void settle_items(merge_t *merge, uint32_t base)
{
    ir_t *ir = merge->ir;
    uint64_t max = UINT64_MAX;
    uint32_t kept = base;
    for (uint32_t i = base; i < ir->n_items; i++) {
        ir_id_t id = ir->items[i].id;
        const ir_node_t *node = ir_node(ir, id);
        if (node->op == IR_OP_RANGE)
            (void)ir_ranges_max(ir, ir_ranges_of(ir, id), &max);
        bool beyond = (node->op == IR_OP_ITEMS && node->a >= max) ||
                      (node->op == IR_OP_COUNT && node->b > max) || (node->op == IR_OP_UNIQUE && max <= 1);
        bool holds = (node->op == IR_OP_COUNT) == ir_negated(id);
        if (!beyond)
            ir->items[kept++] = ir->items[i];
        else if (!holds)
            merge->nothing = true;
    }
    ir->n_items = kept;
}

/* More required names than members allowed. */
static void settle_members(merge_t *merge, uint32_t base)
{
    ir_t *ir = merge->ir;
    uint64_t max = UINT64_MAX, required = 0;
    for (uint32_t i = base; i < ir->n_items; i++) {
        ir_id_t id = ir->items[i].id;
        const ir_node_t *node = ir_node(ir, id);
        if (node->op == IR_OP_RANGE)
            (void)ir_ranges_max(ir, ir_ranges_of(ir, id), &max);
        if (node->op == IR_OP_EACH && ir_negated(id) && ir_single(ir, node->a) != UINT32_MAX)
            required++;
    }
    if (required > max)
        merge->nothing = true;
}

/* Clauses (negated conjunctions): gone where one of their literals holds, shorter where one cannot. */
static void settle_clauses(merge_t *merge, uint32_t base)
{
    ir_t *ir = merge->ir;
    uint32_t end = ir->n_items, kept = base;
    for (uint32_t i = base; i < end && !merge->nothing; i++) {
        ir_id_t id = ir->items[i].id;
        const ir_node_t *node = ir_node(ir, id);
        if (node->op != IR_OP_AND) {
            ir->items[kept++] = ir->items[i];
            continue;
        }
        uint32_t top = ir->stack_n;
        bool holds = false;
        ir_spend(ir, 1 + node->n / 4);
        for (uint32_t j = 0; j < node->n && !holds; j++) {
            holds = contains(ir, base, kept, IR_NOT(node->kids[j]));
            if (!holds && !contains(ir, base, kept, node->kids[j]))
                ir_push(ir, node->kids[j]);
        }
        uint32_t left = ir->stack_n - top;
        if (!holds && left == node->n) {
            ir->items[kept++] = ir->items[i];
        } else if (!holds) {
            ir_id_t less = left == 0   ? IR_YES
                           : left == 1 ? ir->stack[top]
                                       : ir_conjunction(ir, merge->kind, ir->stack + top, left);
            merge->nothing = merge->nothing || left == 0;
            ir->items[kept++] = (item_t){ir_key(ir, less), IR_NOT(less)};
            merge->again = true;
        }
        ir->stack_n = top;
    }
    ir->n_items = kept;
}

/* --- the conjunction ----------------------------------------------------------------------------------------------------- */

static void settle(merge_t *merge, uint32_t base)
{
    sort(merge->ir, base);
    if (!once_each(merge->ir, base)) {
        merge->nothing = true;
        return;
    }
    merge_groups(merge, base);
    if (merge->nothing || merge->again)
        return;
    if (merge->kind == IR_STRING)
        settle_strings(merge, base);
    else if (merge->kind == IR_ARRAY)
        settle_items(merge, base);
    else if (merge->kind == IR_OBJECT)
        settle_members(merge, base);
    if (!merge->nothing && !merge->again)
        settle_clauses(merge, base);
}

/* Moves the items to the stack, flat: what came out may itself be a conjunction. */
static bool reload(ir_t *ir, uint32_t base)
{
    uint32_t top = ir->stack_n;
    for (uint32_t i = base; i < ir->n_items; i++)
        ir_push(ir, ir->items[i].id);
    ir->n_items = base;
    bool some = true;
    for (uint32_t i = top; i < ir->stack_n && some; i++) {
        ir_id_t id = ir->stack[i];
        some = push_flat(ir, &id, 1);
    }
    ir->stack_n = top;
    return some;
}

static ir_id_t finish(ir_t *ir, ir_kind_t kind, uint32_t base)
{
    uint32_t n = ir->n_items - base, top = ir->stack_n;
    if (n == 0)
        return IR_YES;
    if (n == 1)
        return ir->items[base].id;
    for (uint32_t i = 0; i < n; i++)
        ir_push(ir, ir->items[base + i].id);
    ir_id_t made = ir_conjunction(ir, kind, ir->stack + top, n);
    ir->stack_n = top;
    return made;
}

ir_id_t ir_and(ir_t *ir, ir_kind_t kind, const ir_id_t *list, size_t n)
{
    uint32_t base = ir->n_items;
    merge_t merge = {.ir = ir, .kind = kind};
    merge.nothing = !push_flat(ir, list, n);
    do {
        merge.again = false;
        ir_spend(ir, 1 + (ir->n_items - base) / 8);
        if (!merge.nothing && ir->n_items - base > 1)
            settle(&merge, base);
        if (merge.again && !merge.nothing)
            merge.nothing = !reload(ir, base);
    } while (merge.again && !merge.nothing && ir->failed == NULL);
    ir_id_t made = merge.nothing || ir->failed != NULL ? IR_NO : finish(ir, kind, base);
    ir->n_items = base;
    return made;
}

ir_id_t ir_and_top(ir_t *ir, ir_kind_t kind, uint32_t base)
{
    uint32_t n = ir->stack_n - base;
    ir_id_t *list = ARENA_ARRAY(ir->arena, ir_id_t, n);
    if (n > 0)
        memcpy(list, ir->stack + base, n * sizeof *list);
    ir->stack_n = base;
    return ir_and(ir, kind, list, n);
}

ir_id_t ir_and2(ir_t *ir, ir_kind_t kind, ir_id_t a, ir_id_t b)
{
    if (a == b || b == IR_YES)
        return a;
    if (a == IR_YES)
        return b;
    if (a == IR_NO || b == IR_NO || a == IR_NOT(b))
        return IR_NO;
    ir_id_t both[2] = {a < b ? a : b, a < b ? b : a}, result;
    if (ir_cached(ir, both[0], both[1], &result))
        return result;
    result = ir_and(ir, kind, both, 2);
    ir_cache(ir, both[0], both[1], result);
    return result;
}

ir_id_t ir_or2(ir_t *ir, ir_kind_t kind, ir_id_t a, ir_id_t b)
{
    return IR_NOT(ir_and2(ir, kind, IR_NOT(a), IR_NOT(b)));
}

ir_id_t ir_or(ir_t *ir, ir_kind_t kind, const ir_id_t *list, size_t n)
{
    uint32_t base = ir->stack_n;
    for (size_t i = 0; i < n; i++)
        ir_push(ir, IR_NOT(list[i]));
    return IR_NOT(ir_and_top(ir, kind, base));
}

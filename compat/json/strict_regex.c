#include "compat/json/strict_regex.h"

#include <stdlib.h>
#include <string.h>

#include "compat/json/strict_table.h"

#define NODES_MAX  400000
#define SOURCE_MAX 1000 /* bytes of a pattern: bounds the nesting of what is made of it */
#define UNROLL_MAX 40   /* copies of what is repeated and cannot be counted */

typedef enum {
    OP_NOTHING,
    OP_EMPTIED,
    OP_CLASS,
    OP_CAT,  /* a then b */
    OP_ALT,  /* one of the kids */
    OP_AND,  /* all of the kids */
    OP_NOT,  /* a */
    OP_LOOP, /* a, min to max times */
    OP_BEGIN,
    OP_END,
    OP_BOUNDARY,
    OP_INSIDE, /* not a boundary */
} op_t;

struct rx_language {
    op_t op;
    bool looks;    /* anchors or boundaries within */
    bool edges;    /* boundaries within */
    bool nullable; /* where nothing looks: has it the empty word? */
    uint32_t a, b, min, max, n, hash;
    const uint32_t *kids;
    const rx_range_t *ranges; /* CLASS: n of them */
};

/* --- nodes ---------------------------------------------------------------------------------------------------------------- */

static const rx_language_t *at(const regex_t *regex, rx_id_t id)
{
    return &regex->nodes[id];
}

static uint32_t hash_of(const rx_language_t *node)
{
    uint32_t hash = table_mix(node->op, node->n);
    hash = table_mix(table_mix(hash, node->a), node->b);
    hash = table_mix(table_mix(hash, node->min), node->max);
    for (uint32_t i = 0; node->kids != NULL && i < node->n; i++)
        hash = table_mix(hash, node->kids[i]);
    for (uint32_t i = 0; node->ranges != NULL && i < node->n; i++)
        hash = table_mix(table_mix(hash, node->ranges[i].from), node->ranges[i].to);
    return hash;
}

static bool same(const rx_language_t *x, const rx_language_t *y)
{
    return x->op == y->op && x->a == y->a && x->b == y->b && x->min == y->min && x->max == y->max &&
           x->n == y->n && (x->kids == NULL || memcmp(x->kids, y->kids, x->n * sizeof *x->kids) == 0) &&
           (x->ranges == NULL || memcmp(x->ranges, y->ranges, x->n * sizeof *x->ranges) == 0);
}

static void inherit(const regex_t *regex, rx_language_t *node, rx_id_t part)
{
    node->looks = node->looks || at(regex, part)->looks;
    node->edges = node->edges || at(regex, part)->edges;
}

static void describe(const regex_t *regex, rx_language_t *node)
{
    node->looks = node->op >= OP_BEGIN;
    node->edges = node->op >= OP_BOUNDARY;
    if (node->op == OP_CAT || node->op == OP_NOT || node->op == OP_LOOP)
        inherit(regex, node, node->a);
    if (node->op == OP_CAT)
        inherit(regex, node, node->b);
    for (uint32_t i = 0; node->kids != NULL && i < node->n; i++)
        inherit(regex, node, node->kids[i]);
    bool all = true, some = false;
    for (uint32_t i = 0; node->kids != NULL && i < node->n; i++) {
        all = all && at(regex, node->kids[i])->nullable;
        some = some || at(regex, node->kids[i])->nullable;
    }
    node->nullable = node->op == OP_EMPTIED || (node->op == OP_ALT && some) || (node->op == OP_AND && all) ||
                     (node->op == OP_NOT && !at(regex, node->a)->nullable) ||
                     (node->op == OP_LOOP && (node->min == 0 || at(regex, node->a)->nullable)) ||
                     (node->op == OP_CAT && at(regex, node->a)->nullable && at(regex, node->b)->nullable);
}

static rx_id_t intern(regex_t *regex, rx_language_t *wanted)
{
    wanted->hash = hash_of(wanted);
    for (table_probe_t probe = table_probe(&regex->table, wanted->hash); table_next(&probe);) {
        if (same(at(regex, probe.number), wanted))
            return probe.number;
    }
    if (regex->n >= NODES_MAX || !ir_spend(regex->ir, 1 + wanted->n / 8)) {
        regex->failed = true;
        return RX_NOTHING;
    }
    if (regex->n == regex->room)
        regex->nodes = table_grow(regex->nodes, &regex->room, sizeof *regex->nodes);
    if (wanted->kids != NULL) {
        uint32_t *kids = ARENA_ARRAY(regex->arena, uint32_t, wanted->n);
        memcpy(kids, wanted->kids, wanted->n * sizeof *kids);
        wanted->kids = kids;
    }
    if (wanted->ranges != NULL) {
        rx_range_t *ranges = ARENA_ARRAY(regex->arena, rx_range_t, wanted->n);
        memcpy(ranges, wanted->ranges, wanted->n * sizeof *ranges);
        wanted->ranges = ranges;
    }
    describe(regex, wanted);
    regex->nodes[regex->n] = *wanted;
    table_add(&regex->table, wanted->hash, regex->n);
    return regex->n++;
}

static const rx_range_t every_character[] = {{0, 0x10ffff}};

void regex_init(regex_t *regex, ir_t *ir)
{
    memset(regex, 0, sizeof *regex);
    regex->arena = ir->arena;
    regex->ir = ir;
    intern(regex, &(rx_language_t){.op = OP_NOTHING});
    intern(regex, &(rx_language_t){.op = OP_EMPTIED});
    /* RX_ANYTHING repeats the class of all characters, which is made after it: the only node that refers forward. */
    if (regex->n == regex->room)
        regex->nodes = table_grow(regex->nodes, &regex->room, sizeof *regex->nodes);
    rx_language_t anything = {.op = OP_LOOP, .a = RX_ANYTHING + 1, .max = RX_INFINITE, .nullable = true};
    anything.hash = hash_of(&anything);
    regex->nodes[regex->n] = anything;
    table_add(&regex->table, anything.hash, regex->n++);
    intern(regex, &(rx_language_t){.op = OP_CLASS, .n = 1, .ranges = every_character});
}

void regex_dispose(regex_t *regex)
{
    free(regex->nodes);
    free(regex->table.at);
    free(regex->derived);
    free(regex->derived_table.at);
    free(regex->stack);
}

/* --- making, with the laws ------------------------------------------------------------------------------------------------ */

static rx_id_t cat(regex_t *regex, rx_id_t a, rx_id_t b)
{
    if (a == RX_NOTHING || b == RX_NOTHING)
        return RX_NOTHING;
    if (a == RX_EMPTIED)
        return b;
    if (b == RX_EMPTIED)
        return a;
    if (a == RX_ANYTHING && b == RX_ANYTHING)
        return a;
    if (at(regex, a)->op == OP_CAT) { /* to the right */
        rx_id_t first = at(regex, a)->a, rest = at(regex, a)->b;
        return cat(regex, first, cat(regex, rest, b));
    }
    return intern(regex, &(rx_language_t){.op = OP_CAT, .a = a, .b = b});
}

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

static void push(regex_t *regex, rx_id_t id)
{
    if (regex->n_stack == regex->stack_room)
        regex->stack = table_grow(regex->stack, &regex->stack_room, sizeof *regex->stack);
    regex->stack[regex->n_stack++] = id;
}

/* A choice (or, dually, a conjunction) of the stack from `base` up, which is cut off: flat, sorted, each once. `all` swallows everything,
 * `none` says nothing. */
static rx_id_t join(regex_t *regex, op_t op, uint32_t base)
{
    rx_id_t all = op == OP_ALT ? RX_ANYTHING : RX_NOTHING, none = op == OP_ALT ? RX_NOTHING : RX_ANYTHING;
    uint32_t end = regex->n_stack, distinct = 0;
    bool swallowed = false;
    for (uint32_t i = base; i < end; i++) { /* those taken apart go on top, the others stay */
        rx_language_t node = *at(regex, regex->stack[i]);
        swallowed = swallowed || regex->stack[i] == all;
        for (uint32_t j = 0; node.op == op && j < node.n; j++)
            push(regex, node.kids[j]);
        if (node.op != op && regex->stack[i] != none)
            push(regex, regex->stack[i]);
    }
    uint32_t *kids = regex->stack + end, n = regex->n_stack - end;
    regex->n_stack = base;
    if (!ir_spend(regex->ir, 1 + n / 2))
        regex->failed = true;
    if (swallowed)
        return all;
    qsort(kids, n, sizeof *kids, by_number);
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || kids[i] != kids[i - 1])
            kids[distinct++] = kids[i];
    }
    if (distinct <= 1)
        return distinct == 0 ? none : kids[0];
    return intern(regex, &(rx_language_t){.op = op, .n = distinct, .kids = kids});
}

static rx_id_t join2(regex_t *regex, op_t op, rx_id_t a, rx_id_t b)
{
    uint32_t base = regex->n_stack;
    push(regex, a);
    push(regex, b);
    return join(regex, op, base);
}

static rx_id_t alt2(regex_t *regex, rx_id_t a, rx_id_t b)
{
    if (a == b || b == RX_NOTHING)
        return a;
    if (a == RX_NOTHING)
        return b;
    return join2(regex, OP_ALT, a, b);
}

static rx_id_t negate(regex_t *regex, rx_id_t a)
{
    if (at(regex, a)->op == OP_NOT)
        return at(regex, a)->a;
    if (a == RX_NOTHING || a == RX_ANYTHING)
        return a == RX_NOTHING ? RX_ANYTHING : RX_NOTHING;
    return intern(regex, &(rx_language_t){.op = OP_NOT, .a = a});
}

static rx_id_t loop(regex_t *regex, rx_id_t a, uint32_t min, uint32_t max)
{
    if (max == 0 || a == RX_EMPTIED)
        return RX_EMPTIED;
    if (a == RX_NOTHING)
        return min == 0 ? RX_EMPTIED : RX_NOTHING;
    if (min == 1 && max == 1)
        return a;
    if (at(regex, a)->nullable)
        min = 0; /* the empty word fills up what is missing */
    return intern(regex, &(rx_language_t){.op = OP_LOOP, .a = a, .min = min, .max = max});
}

/* --- from the pattern ------------------------------------------------------------------------------------------------------ */

typedef struct {
    regex_t *regex;
    bool unsupported;
} reading_t;

static rx_id_t read_node(reading_t *reading, const rx_node_t *node, rx_id_t then);

/* Children one after the other, then `then`: made from the right, since look-ahead must know all that follows. */
static rx_id_t read_sequence(reading_t *reading, const rx_node_t *first, rx_id_t then)
{
    uint32_t n = 0;
    for (const rx_node_t *child = first; child != NULL; child = child->next)
        n++;
    const rx_node_t **children = ARENA_ARRAY(reading->regex->arena, const rx_node_t *, n);
    n = 0;
    for (const rx_node_t *child = first; child != NULL; child = child->next)
        children[n++] = child;
    while (n > 0)
        then = read_node(reading, children[--n], then);
    return then;
}

static rx_id_t read_choice(reading_t *reading, const rx_node_t *node, rx_id_t then)
{
    rx_id_t all = RX_NOTHING;
    for (const rx_node_t *child = node->child; child != NULL; child = child->next)
        all = alt2(reading->regex, all, read_node(reading, child, then));
    return all;
}

static bool has_look(const rx_node_t *node)
{
    if (node->kind == RX_LOOK)
        return true;
    for (const rx_node_t *child = node->child; child != NULL; child = child->next) {
        if (has_look(child))
            return true;
    }
    return false;
}

static bool may_be_empty(const rx_node_t *node)
{
    bool some = false, all = true;
    for (const rx_node_t *child = node->child; child != NULL; child = child->next) {
        bool empty = may_be_empty(child);
        some = some || empty;
        all = all && empty;
    }
    switch (node->kind) {
    case RX_SET:
        return false;
    case RX_CAT:
    case RX_GROUP:
        return all;
    case RX_ALT:
        return some;
    case RX_REPEAT:
        return node->min == 0 || all;
    case RX_EMPTY:
    case RX_LOOK:
    case RX_BEGIN:
    case RX_END:
    case RX_BOUNDARY:
    case RX_REFERENCE:
        break;
    }
    return true;
}

/* Copies, for what cannot be counted: look-ahead must know what follows, and what is empty only in some places cannot fill up. */
static rx_id_t read_copies(reading_t *reading, const rx_node_t *node, rx_id_t then)
{
    if (node->max > UNROLL_MAX) {
        reading->unsupported = true;
        return RX_NOTHING;
    }
    rx_id_t made = then;
    for (uint32_t i = node->max; i > 0; i--) {
        rx_id_t with = read_node(reading, node->child, made);
        made = i > node->min ? alt2(reading->regex, then, with) : with;
    }
    return made;
}

static rx_id_t read_repeat(reading_t *reading, const rx_node_t *node, rx_id_t then)
{
    regex_t *regex = reading->regex;
    if (has_look(node->child))
        return read_copies(reading, node, then);
    rx_id_t child = read_node(reading, node->child, RX_EMPTIED);
    bool counted = !(at(regex, child)->looks && may_be_empty(node->child));
    if (counted || (node->min == 0 && node->max == PATTERN_NO_MAX))
        return cat(regex, loop(regex, child, node->min, node->max), then);
    return read_copies(reading, node, then);
}

static rx_id_t read_look(reading_t *reading, const rx_node_t *node, rx_id_t then)
{
    regex_t *regex = reading->regex;
    if (node->behind) {
        reading->unsupported = true;
        return RX_NOTHING;
    }
    rx_id_t ahead = read_sequence(reading, node->child, RX_ANYTHING);
    if (node->negated)
        ahead = negate(regex, ahead);
    return join2(regex, OP_AND, ahead, then);
}

static rx_id_t read_class(reading_t *reading, const rx_set_t *set)
{
    if (set->n_properties > 0) {
        reading->unsupported = true;
        return RX_NOTHING;
    }
    if (set->n_ranges == 0)
        return RX_NOTHING;
    return intern(reading->regex,
                  &(rx_language_t){.op = OP_CLASS, .n = set->n_ranges, .ranges = set->ranges});
}

/* The words that the node matches, followed by `then`. Depth is that of the pattern's groups. */
static rx_id_t read_node(reading_t *reading, const rx_node_t *node, rx_id_t then)
{
    regex_t *regex = reading->regex;
    if (reading->unsupported || regex->failed)
        return RX_NOTHING;
    switch (node->kind) {
    case RX_EMPTY:
        return then;
    case RX_SET:
        return cat(regex, read_class(reading, node->set), then);
    case RX_CAT:
    case RX_GROUP:
        return read_sequence(reading, node->child, then);
    case RX_ALT:
        return read_choice(reading, node, then);
    case RX_REPEAT:
        return read_repeat(reading, node, then);
    case RX_LOOK:
        return read_look(reading, node, then);
    case RX_BEGIN:
        return cat(regex, intern(regex, &(rx_language_t){.op = OP_BEGIN}), then);
    case RX_END:
        return cat(regex, intern(regex, &(rx_language_t){.op = OP_END}), then);
    case RX_BOUNDARY:
        return cat(regex, intern(regex, &(rx_language_t){.op = node->negated ? OP_INSIDE : OP_BOUNDARY}),
                   then);
    case RX_REFERENCE:
        break;
    }
    reading->unsupported = true;
    return RX_NOTHING;
}

bool regex_of_pattern(regex_t *regex, text_t source, rx_id_t *out)
{
    rx_pattern_t pattern;
    reading_t reading = {.regex = regex};
    if (source.bytes > SOURCE_MAX)
        return false;
    rx_parse(source, regex->arena, &pattern);
    if (pattern.problem != NULL || pattern.too_deep || pattern.has_reference || pattern.has_behind)
        return false;
    rx_id_t matched = pattern.root == NULL ? RX_ANYTHING : read_node(&reading, pattern.root, RX_ANYTHING);
    *out = cat(regex, RX_ANYTHING, matched);
    return !reading.unsupported && !regex->failed;
}

/* --- questions --------------------------------------------------------------------------------------------------------------- */

#define AROUND_START    1u
#define AROUND_AFTER    2u /* a word character stands before */
#define AROUND_END      4u
#define AROUND_NEXT     8u  /* a word character stands after */
#define AROUND_NULLABLE 16u /* in the table of answers: not a derivative */

static bool is_word(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

rx_before_t regex_after(uint32_t code_point)
{
    return is_word(code_point) ? RX_AFTER_WORD : RX_AFTER_OTHER;
}

static uint32_t before_bits(rx_before_t before)
{
    return before == RX_AT_START ? AROUND_START : before == RX_AFTER_WORD ? AROUND_AFTER : 0;
}

static uint32_t answer_hash(uint32_t node, uint32_t code_point, uint32_t around)
{
    return table_mix(table_mix(node, code_point), around);
}

static bool recall(const regex_t *regex, uint32_t node, uint32_t code_point, uint32_t around,
                   uint32_t *result)
{
    uint32_t hash = answer_hash(node, code_point, around);
    for (table_probe_t probe = table_probe(&regex->derived_table, hash); table_next(&probe);) {
        const struct rx_derived *old = &regex->derived[probe.number];
        if (old->node == node && old->code_point == code_point && old->around == around) {
            *result = old->result;
            return true;
        }
    }
    return false;
}

static void remember(regex_t *regex, uint32_t node, uint32_t code_point, uint32_t around, uint32_t result)
{
    if (regex->n_derived == regex->derived_room)
        regex->derived = table_grow(regex->derived, &regex->derived_room, sizeof *regex->derived);
    regex->derived[regex->n_derived] = (struct rx_derived){node, code_point, around, result};
    table_add(&regex->derived_table, answer_hash(node, code_point, around), regex->n_derived++);
}

static bool nullable(regex_t *regex, rx_id_t id, uint32_t around);

static bool nullable_now(regex_t *regex, const rx_language_t *node, uint32_t around)
{
    bool edge = ((around & AROUND_AFTER) != 0) != ((around & AROUND_NEXT) != 0);
    switch (node->op) {
    case OP_NOTHING:
    case OP_CLASS:
        return false;
    case OP_EMPTIED:
        return true;
    case OP_CAT:
        return nullable(regex, node->a, around) && nullable(regex, node->b, around);
    case OP_ALT:
    case OP_AND:
        for (uint32_t i = 0; i < node->n; i++) {
            if (nullable(regex, node->kids[i], around) == (node->op == OP_ALT))
                return node->op == OP_ALT;
        }
        return node->op == OP_AND;
    case OP_NOT:
        return !nullable(regex, node->a, around);
    case OP_LOOP:
        return node->min == 0 || nullable(regex, node->a, around);
    case OP_BEGIN:
        return (around & AROUND_START) != 0;
    case OP_END:
        return (around & AROUND_END) != 0;
    case OP_BOUNDARY:
        return edge;
    case OP_INSIDE:
        return !edge;
    }
    return false;
}

static bool nullable(regex_t *regex, rx_id_t id, uint32_t around)
{
    rx_language_t node = *at(regex, id);
    uint32_t known;
    if (!node.looks)
        return node.nullable;
    if (recall(regex, id, 0, around | AROUND_NULLABLE, &known))
        return known != 0;
    bool is = nullable_now(regex, &node, around);
    remember(regex, id, 0, around | AROUND_NULLABLE, is);
    return is;
}

bool regex_accepts(regex_t *regex, rx_id_t node, rx_before_t before)
{
    return nullable(regex, node, before_bits(before) | AROUND_END);
}

static bool in_class(const rx_language_t *node, uint32_t c)
{
    uint32_t lo = 0, hi = node->n;
    while (lo < hi) {
        uint32_t middle = lo + (hi - lo) / 2;
        if (c < node->ranges[middle].from)
            hi = middle;
        else if (c > node->ranges[middle].to)
            lo = middle + 1;
        else
            return true;
    }
    return false;
}

static rx_id_t derive(regex_t *regex, rx_id_t id, uint32_t around, uint32_t c);

static rx_id_t derive_kids(regex_t *regex, const rx_language_t *node, uint32_t around, uint32_t c)
{
    uint32_t base = regex->n_stack;
    for (uint32_t i = 0; i < node->n; i++)
        push(regex, derive(regex, node->kids[i], around, c));
    return join(regex, node->op, base);
}

static rx_id_t derive_loop(regex_t *regex, const rx_language_t *node, uint32_t around, uint32_t c)
{
    uint32_t min = node->min == 0 ? 0 : node->min - 1;
    uint32_t max = node->max == RX_INFINITE ? RX_INFINITE : node->max - 1;
    rx_id_t first = derive(regex, node->a, around, c);
    return first == RX_NOTHING ? RX_NOTHING : cat(regex, first, loop(regex, node->a, min, max));
}

static rx_id_t derive_now(regex_t *regex, const rx_language_t *node, uint32_t around, uint32_t c)
{
    switch (node->op) {
    case OP_CLASS:
        return in_class(node, c) ? RX_EMPTIED : RX_NOTHING;
    case OP_CAT: {
        rx_id_t first = cat(regex, derive(regex, node->a, around, c), node->b);
        if (!nullable(regex, node->a, around))
            return first;
        return alt2(regex, first, derive(regex, node->b, around, c));
    }
    case OP_ALT:
    case OP_AND:
        return derive_kids(regex, node, around, c);
    case OP_NOT:
        return negate(regex, derive(regex, node->a, around, c));
    case OP_LOOP:
        return derive_loop(regex, node, around, c);
    case OP_NOTHING:
    case OP_EMPTIED:
    case OP_BEGIN:
    case OP_END:
    case OP_BOUNDARY:
    case OP_INSIDE:
        break;
    }
    return RX_NOTHING;
}

static rx_id_t derive(regex_t *regex, rx_id_t id, uint32_t around, uint32_t c)
{
    rx_language_t node = *at(regex, id);
    uint32_t known;
    if (id == RX_ANYTHING)
        return RX_ANYTHING;
    if (node.op == OP_CLASS || id == RX_NOTHING || id == RX_EMPTIED)
        return derive_now(regex, &node, around, c);
    if (!node.edges)
        around &= node.looks ? AROUND_START : 0;
    if (recall(regex, id, c, around, &known))
        return known;
    if (!ir_spend(regex->ir, 1)) {
        regex->failed = true;
        return RX_NOTHING;
    }
    rx_id_t result = derive_now(regex, &node, around, c);
    remember(regex, id, c, around, result);
    return result;
}

/* Past the first character ^ never holds: without it, expressions that differ only in what ^ guarded are the same. */
static rx_id_t past_start(regex_t *regex, rx_id_t id)
{
    rx_language_t node = *at(regex, id);
    rx_id_t result;
    if (!node.looks)
        return id;
    if (recall(regex, id, UINT32_MAX, 0, &result))
        return result;
    if (node.op == OP_BEGIN) {
        result = RX_NOTHING;
    } else if (node.op == OP_CAT) {
        rx_id_t a = past_start(regex, node.a);
        result = a == RX_NOTHING ? a : cat(regex, a, past_start(regex, node.b));
    } else if (node.op == OP_NOT) {
        result = negate(regex, past_start(regex, node.a));
    } else if (node.op == OP_LOOP) {
        result = loop(regex, past_start(regex, node.a), node.min, node.max);
    } else if (node.op == OP_ALT || node.op == OP_AND) {
        uint32_t base = regex->n_stack;
        for (uint32_t i = 0; i < node.n; i++)
            push(regex, past_start(regex, node.kids[i]));
        result = join(regex, node.op, base);
    } else {
        result = id;
    }
    remember(regex, id, UINT32_MAX, 0, result);
    return result;
}

rx_id_t regex_derive(regex_t *regex, rx_id_t node, rx_before_t before, uint32_t code_point)
{
    uint32_t around = before_bits(before) | (is_word(code_point) ? AROUND_NEXT : 0);
    rx_id_t derived = derive(regex, node, around, code_point);
    return before == RX_AT_START ? past_start(regex, derived) : derived;
}

/* --- classes ------------------------------------------------------------------------------------------------------------------- */

void regex_cut(rx_cuts_t *cuts, uint32_t code_point)
{
    if (cuts->n == cuts->room)
        cuts->at = table_grow(cuts->at, &cuts->room, sizeof *cuts->at);
    cuts->at[cuts->n++] = code_point;
}

/* A node's parts have lower numbers than the node: all of them are seen once, from the top down. */
void regex_cuts(regex_t *regex, rx_id_t id, rx_cuts_t *cuts)
{
    bool *wanted = ARENA_ARRAY(regex->arena, bool, regex->n);
    wanted[id] = true;
    for (uint32_t i = id + 1; i-- > 0;) {
        const rx_language_t *node = at(regex, i);
        if (!wanted[i])
            continue;
        if (node->op == OP_CAT || node->op == OP_NOT || (node->op == OP_LOOP && i != RX_ANYTHING))
            wanted[node->a] = true;
        if (node->op == OP_CAT)
            wanted[node->b] = true;
        for (uint32_t k = 0; node->kids != NULL && k < node->n; k++)
            wanted[node->kids[k]] = true;
        for (uint32_t r = 0; node->ranges != NULL && r < node->n; r++) {
            regex_cut(cuts, node->ranges[r].from);
            regex_cut(cuts, node->ranges[r].to + 1);
        }
    }
}

bool regex_has_edges(const regex_t *regex, rx_id_t node)
{
    return at(regex, node)->edges;
}

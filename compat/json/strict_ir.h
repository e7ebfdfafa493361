/* strict_ir.h - the formulas that strict mode reasons with. Private to compat/json/strict*.
 *
 * A value has one of eight kinds, and a schema is eight formulas, one for each kind: what it says of strings cannot meet
 * what it says of objects, so a choice between types is no choice at all here. Formulas form a DAG: every node is made once
 * and known by its id, in the order of making, so that equal parts are equal numbers and nothing depends on hash order.
 *
 * The lowest bit of an id means "not". There is therefore no OR node (not AND of nots), negation costs nothing, a formula
 * and its negation are recognised at sight, and each literal exists once for both: "some member" is "not every member not".
 *
 *   RANGE     numbers in a union of intervals; length of a string, array or object in one
 *   MULTIPLE  a multiple of a number                       STRINGS   one of finitely many strings
 *   PATTERN   matches a regular expression                 OPAQUE    something that cannot be reasoned about, with a reason
 *   VALUES    one of finitely many arrays or objects       UNIQUE    no two items are equal
 *   ITEMS     every item at positions lo..hi satisfies     COUNT     at least n items satisfy
 *   EACH      every member whose name is in a language (a formula of strings) satisfies
 *   REF       what a definition says of this kind; only where a cycle of $ref needs it
 *
 * Memory   everything lives in the arena given to ir_init, except tables, which ir_dispose frees.
 * Errors   `failed` is set once, to a reason code, when a number or the whole grows past its limit: from then on results mean
 *          nothing, and the check must end undecided.
 */
#ifndef AVOW_COMPAT_JSON_STRICT_IR_H
#define AVOW_COMPAT_JSON_STRICT_IR_H

#include "compat/core/decimal.h"
#include "compat/core/json_text.h"

typedef enum {
    IR_NULL,
    IR_TRUTH,
    IR_FALSEHOOD,
    IR_INTEGER,
    IR_FRACTION,
    IR_STRING,
    IR_ARRAY,
    IR_OBJECT,
} ir_kind_t;
#define IR_KINDS    8
#define IR_ALL      0xffu
#define IR_BIT(k)   (1u << (k))
#define IR_NUMBERS  (IR_BIT(IR_INTEGER) | IR_BIT(IR_FRACTION))
#define IR_BOOLEANS (IR_BIT(IR_TRUTH) | IR_BIT(IR_FALSEHOOD))

typedef enum {
    IR_OP_TRUE,
    IR_OP_RANGE,
    IR_OP_STRINGS,
    IR_OP_MULTIPLE,
    IR_OP_PATTERN,
    IR_OP_OPAQUE,
    IR_OP_VALUES,
    IR_OP_UNIQUE,
    IR_OP_ITEMS,
    IR_OP_COUNT,
    IR_OP_EACH,
    IR_OP_REF,
    IR_OP_AND,
    IR_OP_SCHEMA,
} ir_op_t;

typedef uint32_t ir_id_t; /* node number * 2, plus 1 for "not" */
#define IR_YES     0u     /* every value: a formula of any kind, and a schema */
#define IR_NO      1u     /* no value */
#define IR_NOT(id) ((id) ^ 1u)
#define IR_END     UINT32_MAX /* of ITEMS: no last position */

typedef uint32_t ir_number_t; /* an exact number of the pool */
#define IR_INFINITE UINT32_MAX

typedef struct {
    ir_number_t lo, hi; /* IR_INFINITE: no end on that side */
    bool lo_open, hi_open;
} ir_interval_t;

/* Disjoint, ascending, never touching. */
typedef struct {
    uint32_t n;
    ir_interval_t at[];
} ir_ranges_t;

typedef struct {
    uint8_t op, kind; /* ir_op_t, ir_kind_t; a SCHEMA has no kind */
    uint32_t n;       /* of kids */
    uint32_t hash;
    uint32_t a, b,
        c; /* MULTIPLE: number. PATTERN: text. OPAQUE: its number. ITEMS: lo, hi, schema. COUNT: schema, n. EACH: names,
                         schema. REF: definition. Else 0 */
    const uint32_t
        *kids; /* AND: formulas. SCHEMA: eight formulas. STRINGS, VALUES: pool numbers, ascending */
    const ir_ranges_t *in, *out; /* RANGE: its intervals, and all others */
} ir_node_t;

typedef struct {
    const decimal_t *decimal; /* made when first asked for, if small */
    int64_t value;            /* if small */
    bool small, integral;
} ir_number_entry_t;

typedef struct {
    struct ir_slot {
        uint32_t hash, number; /* pool number + 1; 0 is free */
    } * at;
    uint32_t room, n;
} ir_table_t;

typedef struct {
    ir_id_t a, b, result; /* a and b both 0: free */
} ir_cached_t;

#define IR_CHUNK 256

typedef struct {
    arena_t *arena;
    limits_t limits;
    uint64_t steps;     /* counted work of making */
    const char *failed; /* reason code, or NULL */

    ir_node_t **chunks;
    uint32_t n, room;
    ir_table_t table;

    ir_number_entry_t *numbers;
    uint32_t n_numbers, number_room;
    ir_table_t number_table;

    text_t *texts; /* names, constant strings, patterns */
    uint32_t n_texts, text_room;
    ir_table_t text_table;

    const jv_t **values; /* constant arrays and objects */
    uint32_t n_values, value_room;
    ir_table_t value_table;

    ir_cached_t *cache; /* of conjunctions */
    uint32_t cache_n, cache_room;

    struct ir_opaque {
        const char *reason;
        const jv_t *place; /* keyword in a schema; NULL for what a name alone identifies */
        text_t name;
    } * opaques;
    uint32_t n_opaques, opaque_room;

    ir_id_t *definitions; /* schema of each definition; IR_INFINITE while it is being read */
    uint32_t n_definitions, definition_room;

    struct ir_item {
        uint64_t key; /* what sorts together */
        ir_id_t id;
    } * items; /* scratch of ir_and: used as a stack */
    uint32_t n_items, item_room;
    ir_id_t *stack; /* scratch for lists of ids */
    uint32_t stack_n, stack_room;
    uint32_t depth;
    /* Does the pattern match the text? Asked when constant strings meet patterns: 1, 0, or -1 when it cannot be told. */
    int (*matches)(void *context, uint32_t pattern, text_t text);
    void *matches_context;
} ir_t;

void ir_init(ir_t *ir, const limits_t *limits, arena_t *arena);
void ir_dispose(ir_t *ir);
void ir_fail(ir_t *ir, const char *reason); /* the first reason stays */
bool ir_spend(ir_t *ir, uint64_t steps);    /* false, and failed, when the steps of the limits are used up */

static inline const ir_node_t *ir_node(const ir_t *ir, ir_id_t id)
{
    return &ir->chunks[(id >> 1) / IR_CHUNK][(id >> 1) % IR_CHUNK];
}

static inline ir_op_t ir_op(const ir_t *ir, ir_id_t id)
{
    return (ir_op_t)ir_node(ir, id)->op;
}

static inline bool ir_negated(ir_id_t id)
{
    return (id & 1u) != 0;
}

/* Answers of conjunctions of two, so that shared parts are conjoined once. */
bool ir_cached(const ir_t *ir, ir_id_t a, ir_id_t b, ir_id_t *out);
void ir_cache(ir_t *ir, ir_id_t a, ir_id_t b, ir_id_t result);

/* Scratch: lists are built on top of the stack and cut off again by resetting stack_n. */
void ir_push(ir_t *ir, ir_id_t id);

/* Nesting of makers within makers: false, and failed, when there are too many. ir_leave undoes a true one. */
bool ir_enter(ir_t *ir);
void ir_leave(ir_t *ir);

/* --- formulas (strict_and.c) ------------------------------------------------------------------------------------------ */

/* What conjunctions are sorted by, before ids: op; of EACH the names, of ITEMS the positions. */
uint64_t ir_key(const ir_t *ir, ir_id_t id);
ir_id_t ir_and(ir_t *ir, ir_kind_t kind, const ir_id_t *list, size_t n);
ir_id_t ir_and2(ir_t *ir, ir_kind_t kind, ir_id_t a, ir_id_t b);
ir_id_t ir_and_top(ir_t *ir, ir_kind_t kind,
                   uint32_t base); /* of the stack from `base` up, which is cut off */
ir_id_t ir_or2(ir_t *ir, ir_kind_t kind, ir_id_t a, ir_id_t b);
ir_id_t ir_or(ir_t *ir, ir_kind_t kind, const ir_id_t *list, size_t n);

/* --- literals (strict_ir.c) ------------------------------------------------------------------------------------------- */

ir_id_t ir_range(ir_t *ir, ir_kind_t kind, ir_number_t lo, bool lo_open, ir_number_t hi, bool hi_open);
ir_id_t ir_ranges(ir_t *ir, ir_kind_t kind, const ir_ranges_t *ranges); /* already in normal form */
ir_id_t ir_size(ir_t *ir, ir_kind_t kind, uint64_t lo, uint64_t hi);    /* hi UINT64_MAX: no end */
ir_id_t ir_multiple(ir_t *ir, ir_kind_t kind, ir_number_t of);
ir_id_t ir_strings(ir_t *ir, const uint32_t *texts, uint32_t n); /* any order, repeats allowed */
ir_id_t ir_string(ir_t *ir, text_t text);
ir_id_t ir_pattern(ir_t *ir, text_t text);
/* A set of values of this kind that is fixed but not known: the same `place` and `name` mean the same set. */
ir_id_t ir_opaque(ir_t *ir, ir_kind_t kind, const char *reason, const jv_t *place, text_t name);
/* Of one that has no place (a format): is the string in it? 1, 0, or -1: it cannot be told. */
int ir_opaque_holds(const ir_t *ir, const ir_node_t *node, text_t text);
ir_id_t ir_values(ir_t *ir, ir_kind_t kind, const uint32_t *values, uint32_t n);
ir_id_t ir_unique(ir_t *ir);
ir_id_t ir_items(ir_t *ir, uint32_t lo, uint32_t hi, ir_id_t schema); /* every item at lo..hi */
ir_id_t ir_count(ir_t *ir, ir_id_t schema, uint64_t n);               /* at least n items */
ir_id_t ir_each(ir_t *ir, ir_id_t names, ir_id_t schema);
ir_id_t ir_ref(ir_t *ir, ir_kind_t kind, uint32_t definition);
ir_id_t ir_conjunction(ir_t *ir, ir_kind_t kind, const ir_id_t *list,
                       uint32_t n); /* as it is; ir_and decides what it is */

static inline ir_id_t ir_some(ir_t *ir, ir_id_t names, ir_id_t schema)
{
    return IR_NOT(ir_each(ir, names, IR_NOT(schema)));
}

/* What a RANGE literal, negated or not, allows. */
const ir_ranges_t *ir_ranges_of(const ir_t *ir, ir_id_t id);
bool ir_set_has(const ir_node_t *set, uint32_t member); /* of STRINGS or VALUES, by pool number */
/* The one string of a STRINGS literal with one string, else UINT32_MAX. */
uint32_t ir_single(const ir_t *ir, ir_id_t names);

/* --- schemas ----------------------------------------------------------------------------------------------------------- */

ir_id_t ir_schema(ir_t *ir, const ir_id_t parts[IR_KINDS]);
ir_id_t ir_kinds(ir_t *ir, unsigned mask); /* every value of these kinds */
ir_id_t ir_schema_and(ir_t *ir, ir_id_t a, ir_id_t b);
ir_id_t ir_schema_or(ir_t *ir, ir_id_t a, ir_id_t b);
ir_id_t ir_constant(ir_t *ir, const jv_t *value); /* exactly this value */
ir_id_t ir_definition(ir_t *ir, uint32_t definition);
uint32_t ir_definition_new(ir_t *ir);

static inline ir_id_t ir_part(const ir_t *ir, ir_id_t schema, ir_kind_t kind)
{
    return schema <= IR_NO ? schema : ir_node(ir, schema)->kids[kind] ^ (schema & 1u);
}

/* What "the array or object is exactly `value`" says of its length and its parts: the same without VALUES. */
ir_id_t ir_taken_apart(ir_t *ir, const jv_t *value);

/* --- pools ------------------------------------------------------------------------------------------------------------- */

uint32_t ir_text(ir_t *ir, text_t text);
uint32_t ir_text_find(const ir_t *ir, text_t text); /* UINT32_MAX if it is not in the pool */
uint32_t ir_value(ir_t *ir, const jv_t *value);
ir_kind_t ir_kind_of(ir_t *ir, const jv_t *value);

/* --- numbers (strict_number.c) ---------------------------------------------------------------------------------------- */

ir_number_t ir_number(ir_t *ir, text_t lexeme); /* IR_INFINITE, and failed, when it passes the limits */
ir_number_t ir_number_of(ir_t *ir, int64_t value);
ir_number_t ir_number_from(ir_t *ir, const decimal_t *decimal);
const decimal_t *ir_decimal(ir_t *ir, ir_number_t number);
int ir_number_compare(ir_t *ir, ir_number_t a, ir_number_t b);
bool ir_number_integral(const ir_t *ir, ir_number_t number);
bool ir_number_i64(ir_t *ir, ir_number_t number, int64_t *out);
ir_number_t ir_number_floor(ir_t *ir, ir_number_t number);
ir_number_t ir_number_plus(ir_t *ir, ir_number_t number, int64_t add);
ir_number_t ir_number_sum(ir_t *ir, ir_number_t a, ir_number_t b);
ir_number_t ir_number_product(ir_t *ir, ir_number_t a, ir_number_t b);
ir_number_t ir_number_quotient(ir_t *ir, ir_number_t a, ir_number_t b); /* rounded down */
ir_number_t ir_number_lcm(ir_t *ir, ir_number_t a,
                          ir_number_t b); /* IR_INFINITE, not failed, when too large */
bool ir_number_divides(ir_t *ir, ir_number_t of, ir_number_t number); /* is `number` a multiple of `of`? */
uint32_t ir_number_places(ir_t *ir, ir_number_t number);              /* digits after the point */
text_t ir_number_text(ir_t *ir, ir_number_t number);

/* --- ranges (strict_range.c) ------------------------------------------------------------------------------------------ */

const ir_ranges_t *ir_ranges_and(ir_t *ir, ir_kind_t kind, const ir_ranges_t *a, const ir_ranges_t *b);
const ir_ranges_t *ir_ranges_not(ir_t *ir, ir_kind_t kind, const ir_ranges_t *a);
const ir_ranges_t *ir_ranges_one(ir_t *ir, ir_kind_t kind,
                                 ir_interval_t interval); /* in normal form; may be empty */
bool ir_ranges_hold(ir_t *ir, const ir_ranges_t *ranges, ir_number_t number);
bool ir_ranges_hold_size(ir_t *ir, const ir_ranges_t *ranges, uint64_t size);
/* The smallest size in `ranges` that is at least `from`; false if there is none. */
bool ir_ranges_next(ir_t *ir, const ir_ranges_t *ranges, uint64_t from, uint64_t *out);
bool ir_ranges_max(ir_t *ir, const ir_ranges_t *ranges, uint64_t *out); /* false: no largest */

#endif

/* validator_run.h - the state of one validation, for the files that evaluate keywords. Private to the validator.
 *
 * A check returns whether its keywords hold. While the verdict alone is wanted it returns at the first contradiction; while
 * describing it notes each and goes on (REFUSE).
 */
#ifndef AVOW_COMPAT_JSON_VALIDATOR_RUN_H
#define AVOW_COMPAT_JSON_VALIDATOR_RUN_H

#include "compat/json/validator_node.h"

/* The schemas that are being evaluated at one value, innermost first. */
typedef struct link {
    const js_node_t *node;
    const struct link *up;
} js_link_t;

/* A value and the way to it. */
typedef struct where {
    const struct where *up;
    const jv_t *instance;
    const text_t *name; /* of the member; NULL: of the item at `index`, or the root */
    uint32_t index;
    uint32_t in_place; /* length of links */
    bool passing;      /* a value made in passing (a name as a string) */
    const js_link_t *links;
} js_where_t;

/* Resources that evaluation went through, innermost first, and for each dynamic name where the outermost of them leads. */
typedef struct scope {
    const js_resource_t *resource;
    js_node_t **targets;
} js_scope_t;

/* Which members or items of one value have been evaluated. */
typedef struct {
    bool all;
    uint64_t inside; /* bits, where 64 are enough */
    uint64_t *more;  /* bits, otherwise */
} js_marks_t;

typedef struct js_memo js_memo_t;

typedef struct {
    const js_validator_t *validator;
    const jv_t *instance;
    arena_t *arena; /* the caller's: errors, and scratch that is given back */
    arena_t *own;   /* NULL until needed: what lives as long as this validation and is not the caller's */
    const limits_t *limits;
    uint64_t steps, max_steps; /* max_steps becomes 0 when evaluation is given up */
    const char *reason;        /* why it was given up */
    uint32_t depth, max_depth;
    const js_scope_t *scope;
    js_matcher_t matcher;
    js_memo_t *memo;
    uint64_t memo_from; /* steps from which on it is asked */
    bool describing;    /* second pass: go on after a contradiction and note it */
    bool
        nearest; /* inside a description of the nearest alternative: those within are not described in turn */
    js_error_t *errors;
    size_t n_errors, max_errors;
} js_vm_t;

/* --- giving up, and contradictions: validator_describe.c ------------------------------------------------------------ */

/* Ends the validation without a verdict. Returns false. */
bool vm_give_up(js_vm_t *vm, const char *reason);

/* Counts work. False when there is no budget left. */
static inline bool vm_charge(js_vm_t *vm, uint64_t steps)
{
    vm->steps += steps;
    return vm->steps <= vm->max_steps || vm_give_up(vm, "budget");
}

/* Notes a contradiction to `keyword` (NULL: to the schema as such). True if evaluation should go on to find more. */
bool vm_refuse(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const char *keyword,
               const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* After a contradiction: leave, or note it and go on. Needs a variable `ok`. */
#define REFUSE(...)                      \
    do {                                 \
        if (!vm_refuse(vm, __VA_ARGS__)) \
            return false;                \
        ok = false;                      \
    } while (0)

/* Of alternatives none of which fits: adds what is wrong with the one that is followed deepest into the value, if there is one. */
void vm_describe_nearest(js_vm_t *vm, const js_nodes_t *alternatives, js_where_t *where);

/* For sentences; empty while nothing is described. Long values are cut. */
const char *vm_show(js_vm_t *vm, const jv_t *value);
const char *vm_show_name(js_vm_t *vm, text_t name);
const char *vm_show_types(js_vm_t *vm, uint8_t types);

/* --- remembering: validator_memo.c ----------------------------------------------------------------------------------- */

static inline arena_t *vm_own_arena(js_vm_t *vm)
{
    if (vm->own == NULL)
        vm->own = arena_new();
    return vm->own;
}

void vm_memo_init(js_vm_t *vm);

/* Is the verdict of this pair known? Marks are never remembered: only for callers that want none. */
bool vm_recall(js_vm_t *vm, const js_node_t *node, const js_where_t *where, bool *holds);
void vm_remember(js_vm_t *vm, const js_node_t *node, const js_where_t *where, bool holds);

/* --- values: validator_scalar.c ------------------------------------------------------------------------------------ */

bool js_number_fits(const js_node_t *node,
                    const jv_t *number); /* where only whole ones are allowed, or only others */

static inline bool js_type_fits(const js_node_t *node, const jv_t *value)
{
    if ((node->kinds >> value->kind & 1) != 0)
        return true;
    return value->kind == JV_NUMBER && js_number_fits(node, value);
}

/* `where` is only asked while describing. */
bool js_check_values(js_vm_t *vm, const js_node_t *node, const js_where_t *where,
                     const jv_t *value); /* enum, const */
bool js_check_number(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const jv_t *value);
bool js_check_string(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const jv_t *value);

/* The verdict on a value without parts under a plain node, while only that is wanted. */
bool js_scalar_holds(js_vm_t *vm, const js_node_t *node, const jv_t *value);

/* Does the pattern match? When that cannot be known, evaluation is given up. */
bool js_matches(js_vm_t *vm, const js_pattern_t *pattern, text_t text);

/* --- containers: validator_container.c ------------------------------------------------------------------------------- */

bool js_check_array(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks);
bool js_check_object(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks);
bool js_check_unevaluated_properties(js_vm_t *vm, const js_node_t *node, js_where_t *where,
                                     const js_marks_t *marks);
bool js_check_unevaluated_items(js_vm_t *vm, const js_node_t *node, js_where_t *where,
                                const js_marks_t *marks);

/* --- schemas: validator.c -------------------------------------------------------------------------------------------- */

/* Is the value at `where` valid under `node`? What it evaluates is added to `marks`, if that is not NULL. */
bool js_evaluate(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_marks_t *marks);

static inline void js_mark(js_marks_t *marks, uint32_t i)
{
    if (marks->more != NULL)
        marks->more[i / 64] |= (uint64_t)1 << i % 64;
    else
        marks->inside |= (uint64_t)1 << i % 64;
}

static inline bool js_is_marked(const js_marks_t *marks, uint32_t i)
{
    return marks->all || ((marks->more != NULL ? marks->more[i / 64] : marks->inside) >> i % 64 & 1) != 0;
}

#endif

/* strict_search.h - does a formula allow a value? Finds one, or proves that there is none. Private to compat/json/strict*.
 *
 * Depth first, one kind of value at a time. A formula met again on its own path counts as allowing nothing there: values are finite, so
 * satisfiability is a least fixpoint. What was concluded under such an assumption is kept only as long as the assumption stands; "no"
 * is final only when it used none. "Unknown" is never taken for "no".
 *
 * Threads  a search belongs to one check.
 * Spec     docs/decisions, strict JSON; compat/README.md, "JSON Schema, strict mode".
 */
#ifndef AVOW_COMPAT_JSON_STRICT_SEARCH_H
#define AVOW_COMPAT_JSON_STRICT_SEARCH_H

#include "compat/json/strict_ir.h"
#include "compat/json/strict_words.h"

typedef enum { SAT_NO, SAT_YES, SAT_UNKNOWN } sat_t;

typedef struct search_memo search_memo_t;
typedef struct search_frame search_frame_t;
typedef struct search_outcome search_outcome_t;

typedef struct {
    ir_t *ir;
    words_t *words;
    const char *reason; /* why something was unknown: the first reason */
    const jv_t *reason_place;

    search_memo_t *memo; /* by formula */
    uint32_t memo_room;
    search_frame_t *frames; /* formulas on the path */
    uint32_t depth;
    search_outcome_t *outcomes; /* of all frames there ever were */
    uint32_t n_outcomes, outcome_room;

    uint32_t eval_depth;
    bool varies; /* values are to differ from run to run: choices are made at random, from `random` */
    uint64_t random;
} search_t;

void search_init(search_t *search, ir_t *ir, words_t *words);
void search_dispose(search_t *search);

/* SAT_YES and a value, SAT_NO, or SAT_UNKNOWN and a reason. `value` may be NULL. */
sat_t search_schema(search_t *search, ir_id_t schema, const jv_t **value);
sat_t search_formula(search_t *search, ir_kind_t kind, ir_id_t formula, const jv_t **value);

/* For values of another kind each time: forgets what was found, not what was proved. */
void search_vary(search_t *search, uint64_t seed);

/* Does the value satisfy it? (strict_eval.c) */
sat_t search_holds(search_t *search, ir_id_t schema, const jv_t *value);
sat_t search_formula_holds(search_t *search, ir_id_t formula, const jv_t *value);

/* --- between the parts of the search ----------------------------------------------------------------------------------- */

sat_t search_unknown(search_t *search, const char *reason, const jv_t *place);
bool search_chance(search_t *search, uint32_t one_in); /* never while values do not vary */
bool search_is_practical(
    const jv_t *value); /* not too large to be shown: parts may be shared, but are printed apart */

/* The literals of a conjunction, sorted as ir_and sorts them. */
typedef struct {
    ir_kind_t kind;
    const ir_id_t *at; /* literals, then clauses (negated conjunctions) */
    uint32_t n, n_literals;
    const ir_id_t *open; /* of objects: EACH literals whose names are not a single one */
    uint32_t n_open;
} search_list_t;

search_list_t search_list(search_t *search, ir_kind_t kind, ir_id_t formula);

typedef enum { LITERAL_OPEN, LITERAL_HOLDS, LITERAL_FAILS } literal_t;

/* Conjunctions of literals of one kind, without choices. */
sat_t search_number(search_t *search, const search_list_t *list, const jv_t **value);
sat_t search_string(search_t *search, const search_list_t *list, const jv_t **value);
sat_t search_array(search_t *search, const search_list_t *list, const jv_t **value);
sat_t search_object(search_t *search, const search_list_t *list, const jv_t **value);

/* What the literals say about one more, cheaply. */
literal_t search_array_literal(search_t *search, const search_list_t *list, ir_id_t literal);
literal_t search_object_literal(search_t *search, const search_list_t *list, ir_id_t literal);
/* Can the literal be met at all beside the others? Looks at the one member that it is about; SAT_YES means maybe. */
sat_t search_object_hope(search_t *search, const search_list_t *list, ir_id_t literal);

#endif

/* strict_regex.h - regular languages by derivatives: what may still follow after a character has been read. Private to
 * compat/json/strict*.
 *
 * An expression is a node, made once, known by its number; simple laws (sorted and merged choices, nothing, the empty word) keep
 * the number of different derivatives finite and small. Anchors and word boundaries have no width: whether they hold depends on what stands
 * on both sides, which is given with each question.
 *
 * Memory   nodes live in the arena; regex_dispose frees the tables.
 * Limits   nodes are bounded: past the bound `failed` is set and results mean nothing.
 * Spec     ECMA-262, 22.2 (by code point); Brzozowski 1964 for the derivatives, Owens, Reppy and Turon 2009 for the laws.
 */
#ifndef AVOW_COMPAT_JSON_STRICT_REGEX_H
#define AVOW_COMPAT_JSON_STRICT_REGEX_H

#include "compat/json/pattern_ast.h"
#include "compat/json/strict_ir.h"

typedef uint32_t rx_id_t;
#define RX_NOTHING  0u /* no word */
#define RX_EMPTIED  1u /* the empty word */
#define RX_ANYTHING 2u /* every word */
#define RX_INFINITE UINT32_MAX

typedef struct rx_language rx_language_t; /* a node */

typedef struct {
    arena_t *arena;
    ir_t *ir; /* for counting steps */
    rx_language_t *nodes;
    uint32_t n, room;
    ir_table_t table;
    struct rx_derived {
        uint32_t node, code_point, around, result;
    } * derived; /* answers */
    uint32_t n_derived, derived_room;
    ir_table_t derived_table;
    rx_id_t *stack; /* scratch for lists */
    uint32_t n_stack, stack_room;
    bool failed;
} regex_t;

void regex_init(regex_t *regex, ir_t *ir);
void regex_dispose(regex_t *regex);

/* The words that an unanchored match of the pattern accepts. False if the pattern uses what derivatives cannot follow: a
 * back-reference, look-behind, look-ahead under unbounded repetition, a Unicode property; or is not a pattern. */
bool regex_of_pattern(regex_t *regex, text_t source, rx_id_t *out);

/* What stands before a position. */
typedef enum { RX_AT_START, RX_AFTER_OTHER, RX_AFTER_WORD } rx_before_t;

rx_before_t regex_after(uint32_t code_point);
rx_id_t regex_derive(regex_t *regex, rx_id_t node, rx_before_t before, uint32_t code_point);
bool regex_accepts(regex_t *regex, rx_id_t node, rx_before_t before); /* may the word end here? */

/* Adds the code points at which a class of the node's begins, or stops: between two of them all characters are alike. */
typedef struct {
    uint32_t *at;
    uint32_t n, room;
} rx_cuts_t;
void regex_cuts(regex_t *regex, rx_id_t node, rx_cuts_t *cuts);
void regex_cut(rx_cuts_t *cuts, uint32_t code_point);
bool regex_has_edges(const regex_t *regex,
                     rx_id_t node); /* word boundaries: does `before` matter past the start? */

#endif

/* pattern_dfa.h - patterns as tables: a state for what may still match, one look-up for each character. Private to compat/json.
 *
 * For patterns without look-around, references, word boundaries and Unicode properties, as long as the table stays small. Matching
 * takes time in proportion to the string and nothing else; every other pattern is PCRE2's.
 *
 * Memory   a table lives in the arena it was built in and is never written again.
 */
#ifndef AVOW_COMPAT_JSON_PATTERN_DFA_H
#define AVOW_COMPAT_JSON_PATTERN_DFA_H

#include "compat/json/pattern_ast.h"

typedef struct rx_dfa rx_dfa_t;

/* NULL if the pattern is not of that kind, its table would be large, or building it takes more than *work, from which the work done is
 * taken off. */
const rx_dfa_t *rx_dfa_build(const rx_pattern_t *pattern, uint64_t *work, arena_t *arena);

/* Is there a match anywhere in `subject`, which is well-formed UTF-8? */
bool rx_dfa_match(const rx_dfa_t *dfa, text_t subject);

#endif

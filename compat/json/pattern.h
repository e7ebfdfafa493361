/* pattern.h - patterns of JSON Schema: ECMA-262 expressions, matched anywhere in a string, by code point.
 *
 * Most patterns become a table that takes one look-up for each character (pattern_dfa.h). The others are matched by PCRE2 after
 * translation; what ECMA-262 and PCRE2 understand differently is either rewritten or refused: a pattern that is followed means here what it
 * means in a JavaScript engine with the `u` flag.
 *
 * Memory   a pattern lives in the arena it was compiled in, PCRE2's part included: nothing has to be freed.
 * Threads  a compiled pattern is immutable. A matcher belongs to one call.
 * Spec     ECMA-262, 22.2; JSON Schema 2020-12 core, 6.4.
 */
#ifndef AVOW_COMPAT_JSON_PATTERN_H
#define AVOW_COMPAT_JSON_PATTERN_H

#include "compat/core/text.h"

typedef struct js_pattern js_pattern_t;

/* Never NULL: a pattern that cannot be followed says so when it is used. */
const js_pattern_t *js_pattern_compile(text_t source, arena_t *arena);

/* The same for many patterns of one schema: tables are only built as long as there is *work left for them. */
const js_pattern_t *js_pattern_compile_within(text_t source, uint64_t *work, arena_t *arena);

/* The same without the table, by PCRE2 alone: for tests that let the two judge each other. */
const js_pattern_t *js_pattern_compile_backtracking(text_t source, arena_t *arena);

text_t js_pattern_source(const js_pattern_t *pattern);

/* Why it cannot be followed, one sentence; NULL if it can. */
const char *js_pattern_problem(const js_pattern_t *pattern);

/* Is this a pattern at all (format "regex")? */
bool js_pattern_is_syntax(text_t source);

typedef enum { JS_MATCH_NO, JS_MATCH_YES, JS_MATCH_UNSUPPORTED, JS_MATCH_BUDGET } js_match_t;

/* Scratch for matching, shared by the patterns of one call. Zero it, set the arena; it dies with the arena. */
typedef struct {
    arena_t *arena;
    void *_context, *_limits, *_match;
} js_matcher_t;

/* Is there a match anywhere in `subject`? Work is counted into *steps; past max_steps the answer is JS_MATCH_BUDGET. */
js_match_t js_pattern_match(const js_pattern_t *pattern, text_t subject, js_matcher_t *matcher,
                            uint64_t *steps, uint64_t max_steps);

#endif

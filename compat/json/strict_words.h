/* strict_words.h - regular languages of the strict engine: which strings match these patterns and not those? Private to
 * compat/json/strict*.
 *
 * Threads  a words_t belongs to one check.
 */
#ifndef AVOW_COMPAT_JSON_STRICT_WORDS_H
#define AVOW_COMPAT_JSON_STRICT_WORDS_H

#include "compat/json/strict_ir.h"

typedef struct words words_t;

words_t *words_new(ir_t *ir);
void words_free(words_t *words);

/* Does the string match the pattern (a text of the pool), unanchored as JSON Schema has it? 1, 0, or -1: cannot be followed. */
int words_match(words_t *words, uint32_t pattern, text_t text);

typedef struct {
    const uint32_t *patterns; /* texts of the pool */
    const bool *negated;
    uint32_t n;
    const ir_ranges_t *lengths; /* NULL: any */
    const uint32_t *excluded;   /* texts of the pool that are not wanted */
    uint32_t n_excluded;
    uint32_t skip; /* for variety: so many words are passed over, if there are others */
} words_query_t;

/* A shortest word: 1 and the word, 0 when there is none, -1 and a reason code when it cannot be told. A pattern that cannot be
 * followed may be in the query: without it there may be no word either, or one that a matcher confirms. */
int words_find(words_t *words, const words_query_t *query, text_t *word, const char **reason);

#endif

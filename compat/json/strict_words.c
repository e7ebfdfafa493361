#include "compat/json/strict_words.h"

#include <stdlib.h>
#include <string.h>

#include "compat/json/pattern.h"
#include "compat/json/strict_table.h"

struct words {
    ir_t *ir;
    const js_pattern_t **patterns; /* by text of the pool */
    uint32_t n;
    js_matcher_t matcher;
};

words_t *words_new(ir_t *ir)
{
    words_t *words = ARENA_NEW(ir->arena, words_t);
    words->ir = ir;
    words->matcher.arena = ir->arena;
    return words;
}

void words_free(words_t *words)
{
    free(words->patterns);
}

int words_match(words_t *words, uint32_t pattern, text_t text)
{
    if (pattern >= words->n) {
        uint32_t n = pattern + 64;
        words->patterns = realloc(words->patterns, n * sizeof *words->patterns);
        if (words->patterns == NULL)
            abort();
        memset(words->patterns + words->n, 0, (n - words->n) * sizeof *words->patterns);
        words->n = n;
    }
    if (words->patterns[pattern] == NULL)
        words->patterns[pattern] = js_pattern_compile(words->ir->texts[pattern], words->ir->arena);
    uint64_t steps = 0;
    js_match_t match = js_pattern_match(words->patterns[pattern], text, &words->matcher, &steps, 100000);
    ir_spend(words->ir, 1 + steps);
    return match == JS_MATCH_YES ? 1 : match == JS_MATCH_NO ? 0 : -1;
}

int words_find(words_t *words, const words_query_t *query, text_t *word, const char **reason)
{
    (void)words;
    (void)query;
    (void)word;
    *reason = "regex-unsupported";
    return -1;
}

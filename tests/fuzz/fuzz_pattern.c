/* fuzz_pattern.c - one ECMA-262 pattern, matched against one string.
 *
 * Input    the pattern, a line feed, the string.
 * Claims   nothing crashes or hangs; what is no syntax has a problem; a problem means the answer "unsupported"; the same question has the same
 *          answer, from the table and from PCRE2; with an alternative that always fits, everything matches.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/json/pattern.h"

#define CLAIM(condition)  \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

#define MAX_STEPS 200000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static js_match_t match(const js_pattern_t *pattern, text_t subject, arena_t *arena)
{
    js_matcher_t matcher = {.arena = arena};
    uint64_t steps = 0;
    return js_pattern_match(pattern, subject, &matcher, &steps, MAX_STEPS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    text_t all = {(const char *)data, bytes};
    const char *line = bytes == 0 ? NULL : memchr(all.at, '\n', bytes);
    text_t source = {all.at, line == NULL ? bytes : (size_t)(line - all.at)};
    text_t subject = text_from(all, source.bytes + 1);
    arena_t *arena = arena_new();
    const js_pattern_t *pattern = js_pattern_compile(source, arena);
    js_match_t answer = match(pattern, subject, arena);
    CLAIM(match(pattern, subject, arena) == answer);
    const js_pattern_t *other = js_pattern_compile_backtracking(source, arena);
    js_match_t second = js_pattern_problem(other) == NULL ? match(other, subject, arena) : answer;
    CLAIM(second == answer || second == JS_MATCH_BUDGET);
    if (!js_pattern_is_syntax(source))
        CLAIM(js_pattern_problem(pattern) != NULL);
    if (js_pattern_problem(pattern) != NULL || text_utf8_valid(subject) < subject.bytes)
        CLAIM(answer == JS_MATCH_UNSUPPORTED);
    else
        CLAIM(answer != JS_MATCH_UNSUPPORTED);
    if (js_pattern_problem(pattern) == NULL && answer != JS_MATCH_UNSUPPORTED && source.bytes < 1000) {
        const js_pattern_t *wide =
            js_pattern_compile(text_printf(arena, "(?:)|(?:" TEXT_FMT ")", TEXT_ARG(source)), arena);
        js_match_t always = match(wide, subject, arena);
        if (js_pattern_problem(wide) == NULL &&
            memchr(source.at == NULL ? "" : source.at, '\0', source.bytes) == NULL)
            CLAIM(always == JS_MATCH_YES || always == JS_MATCH_BUDGET);
    }
    arena_free(arena);
    return 0;
}

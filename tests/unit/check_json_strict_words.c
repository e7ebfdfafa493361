/* Words and patterns: membership against the validator's matcher, which is another engine, and words that exist or do not. */
#include <check.h>
#include <stdlib.h>

#include "compat/json/pattern.h"
#include "compat/json/strict_words.h"

static arena_t *arena;
static ir_t ir;
static words_t *words;
static const limits_t limits = LIMITS_DEFAULT;

static void setup(void)
{
    arena = arena_new();
    ir_init(&ir, &limits, arena);
    words = words_new(&ir);
}

static void teardown(void)
{
    words_free(words);
    ir_dispose(&ir);
    arena_free(arena);
}

/* --- membership ------------------------------------------------------------------------------------------------------------ */

static const char *const patterns[] = {
    "a",
    "^a",
    "a$",
    "^a$",
    "^^a$$",
    "^(a|b)*c$",
    "(^a|b)$",
    "a|$",
    "^$",
    "(?:)",
    "^[a-c]+$",
    "[^a]",
    "^.$",
    "^\\d{2,4}$",
    "^\\w+\\s\\w",
    "\\bab\\b",
    "\\Bb",
    "^(?=a).{2}$",
    "^(?!a)..",
    "^(ab?)+$",
    "^(a*)*$",
    "^a{0}$",
    "^(a{2}){2}$",
    "x{2,}",
    "^[\\s\\S]*$",
    "^\\u00e9",
    "^[\\u{1F600}-\\u{1F64F}]$",
    "(a|ab)(c|bc)",
    "^\\S*$",
    "^(?:a|^b)c",
    "(\\b|x)a",
    "^[\\w.-]+@a$",
    "^(?=.*a)(?=.*b)",
    "^-?\\d+(\\.\\d+)?$",
    "a(?!b)",
    "^((?!ab).)*$",
    "^(a|b|ab|ba)*$",
    "^\\x41",
    "[\\b]",
    "\\cA",
    "^(\\^|\\$)$",
    "^[^\\d\\s]$",
    "(a$|b)",
    "^a??b+?$",
    "(a)\\1",
};

static const char *const subjects[] = {
    "",
    "a",
    "b",
    "ab",
    "ba",
    "aa",
    "aaaa",
    "abc",
    "abab",
    "c",
    "cab",
    "ac",
    "bc",
    "12",
    "1234",
    "12345",
    "a b",
    "ab ",
    " ab",
    "x",
    "xx",
    "xxx",
    "A",
    "^",
    "$",
    "\n",
    "a\nb",
    "-1.5",
    "1.",
    "a.b@a",
    "\xc3\xa9",
    "\xf0\x9f\x98\x80",
    "aab",
    "abb",
    "b a",
    "_",
    "\x01",
    "\x08",
    "abcabc",
    "\xc2\xa0",
    "\xe2\x80\xa8",
    "bab",
    "xa",
    "ya",
};

#define PATTERNS (sizeof patterns / sizeof *patterns)
#define SUBJECTS (sizeof subjects / sizeof *subjects)

START_TEST(a_string_matches_exactly_if_the_other_engine_says_so)
{
    const char *source = patterns[_i];
    const js_pattern_t *other = js_pattern_compile(text_of(source), arena);
    uint32_t pooled = ir_text(&ir, text_of(source));
    ck_assert_msg(js_pattern_problem(other) == NULL, "%s", source);
    for (size_t s = 0; s < SUBJECTS; s++) {
        js_matcher_t matcher = {.arena = arena};
        uint64_t steps = 0;
        bool matches =
            js_pattern_match(other, text_of(subjects[s]), &matcher, &steps, 100000) == JS_MATCH_YES;
        ck_assert_msg(words_match(words, pooled, text_of(subjects[s])) == matches, "/%s/ and \"%s\"", source,
                      subjects[s]);
    }
}
END_TEST

/* --- words ------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *patterns[3]; /* "!" before one that must not match */
    int lo, hi;              /* length; hi -1: any */
    const char *excluded[4];
    int found;
    const char *word; /* NULL: any */
} queries[] = {
    {"the shortest word is empty", {"a*"}, 0, -1, {0}, 1, ""},
    {"an anchored pattern", {"^abc$"}, 0, -1, {0}, 1, "abc"},
    {"what may not match", {"^[ab]$", "!a"}, 0, -1, {0}, 1, "b"},
    {"nothing is left", {"^[ab]$", "!a", "!b"}, 0, -1, {0}, 0, NULL},
    {"the same language said twice", {"^\\d+$", "!^[0-9]+$"}, 0, -1, {0}, 0, NULL},
    {"one inside the other", {"^[a-z]{1,4}$", "!^[a-z]{1,8}$"}, 0, -1, {0}, 0, NULL},
    {"one longer than the other", {"^[a-z]{1,8}$", "!^[a-z]{1,4}$"}, 0, -1, {0}, 1, "aaaaa"},
    {"lengths", {"^a*$"}, 3, 5, {0}, 1, "aaa"},
    {"lengths that no word has", {"^(aa)*$"}, 3, 3, {0}, 0, NULL},
    {"lengths past the pattern", {"^a{2}$"}, 3, -1, {0}, 0, NULL},
    {"excluded words", {"^[abc]$"}, 0, -1, {"a", "b"}, 1, "c"},
    {"all words excluded", {"^[abc]$"}, 0, -1, {"a", "b", "c"}, 0, NULL},
    {"excluded words of a longer language", {"^a*$"}, 0, -1, {"", "a", "aa"}, 1, "aaa"},
    {"empty patterns match everything", {"!^$"}, 0, -1, {0}, 1, "a"},
    {"look-ahead meets", {"^(?=.*b)a", "!c"}, 0, -1, {0}, 1, "ab"},
    {"look-ahead excludes", {"^(?!a)[ab]$"}, 0, -1, {0}, 1, "b"},
    {"word boundaries", {"^\\ba\\b.$"}, 0, -1, {0}, 1, NULL},
    {"no boundary within a word", {"^a\\ba$"}, 0, -1, {0}, 0, NULL},
    {"a start that is none", {"a^b"}, 0, -1, {0}, 0, NULL},
    {"an end that is none", {"a$b"}, 0, -1, {0}, 0, NULL},
    {"surrogates are no characters", {"^[\\ud800-\\udfff]$"}, 0, -1, {0}, 0, NULL},
    {"beyond the first plane", {"^[\\u{1F600}]$"}, 1, 1, {0}, 1, "\xf0\x9f\x98\x80"},
    {"a back-reference that a word meets", {"^(a|b)\\1$", "^aa$"}, 0, -1, {0}, 1, "aa"},
    {"a back-reference beside nothing", {"(a)\\1", "!^", "b"}, 0, -1, {0}, 0, NULL},
    {"a back-reference that cannot be told", {"^(a|b)\\1$", "!^(aa|bb)$"}, 0, -1, {0}, -1, NULL},
    {"a count too large to walk", {"^(a{1,300}){1,300}b$"}, 60000, -1, {0}, -1, NULL},
};

#define QUERIES (sizeof queries / sizeof *queries)

START_TEST(words_are_found_exactly_if_they_exist)
{
    uint32_t pooled[3], excluded[4], n = 0, n_excluded = 0;
    bool negated[3];
    for (; n < 3 && queries[_i].patterns[n] != NULL; n++) {
        const char *source = queries[_i].patterns[n];
        negated[n] = source[0] == '!';
        pooled[n] = ir_text(&ir, text_of(source + negated[n]));
    }
    for (; n_excluded < 4 && queries[_i].excluded[n_excluded] != NULL; n_excluded++)
        excluded[n_excluded] = ir_text(&ir, text_of(queries[_i].excluded[n_excluded]));
    ir_number_t lo = ir_number_of(&ir, queries[_i].lo);
    ir_number_t hi = queries[_i].hi < 0 ? IR_INFINITE : ir_number_of(&ir, queries[_i].hi);
    const ir_ranges_t *lengths = ir_ranges_one(&ir, IR_STRING, (ir_interval_t){lo, hi, false, false});
    words_query_t query = {pooled, negated, n, lengths, excluded, n_excluded, 0};
    text_t word = TEXT_NONE;
    const char *reason = NULL;
    int found = words_find(words, &query, &word, &reason);
    ck_assert_msg(found == queries[_i].found, "%s: %d (" TEXT_FMT ")", queries[_i].name, found,
                  TEXT_ARG(word));
    ck_assert_msg(found >= 0 || reason != NULL, "%s: no reason", queries[_i].name);
    if (found == 1 && queries[_i].word != NULL)
        ck_assert_msg(text_is(word, queries[_i].word), "%s: " TEXT_FMT, queries[_i].name, TEXT_ARG(word));
    for (uint32_t i = 0; found == 1 && i < n; i++)
        ck_assert_int_eq(words_match(words, pooled[i], word), !negated[i]);
}
END_TEST

START_TEST(passing_over_words_gives_others)
{
    uint32_t pooled = ir_text(&ir, TEXT("^[ab]{1,2}$"));
    bool negated = false;
    words_query_t query = {&pooled, &negated, 1, NULL, NULL, 0, 0};
    text_t first, second;
    const char *reason;
    ck_assert_int_eq(words_find(words, &query, &first, &reason), 1);
    query.skip = 1;
    ck_assert_int_eq(words_find(words, &query, &second, &reason), 1);
    ck_assert(!text_eq(first, second));
    query.skip = 100;
    ck_assert_int_eq(words_find(words, &query, &second, &reason), 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("json_strict_words");
    TCase *tc = tcase_create("words");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, a_string_matches_exactly_if_the_other_engine_says_so, 0, (int)PATTERNS);
    tcase_add_loop_test(tc, words_are_found_exactly_if_they_exist, 0, (int)QUERIES);
    tcase_add_test(tc, passing_over_words_gives_others);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

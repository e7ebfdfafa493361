/* check_pattern.c - ECMA-262 patterns mean what they mean in JavaScript, or are refused (compat/json/pattern.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/buf.h"
#include "compat/json/pattern.h"

#define BYTES(literal) ((text_t){"" literal "", sizeof(literal) - 1})

static const struct {
    const char *claim, *pattern;
    text_t subject;
    bool matches;
} matches[] = {
    {"anywhere in the string", "b", BYTES("abc"), true},
    {"the empty pattern matches everything", "", BYTES(""), true},
    {"^ is the start", "^b", BYTES("ab"), false},
    {"^ is not the start of a line", "^b", BYTES("a\nb"), false},
    {"$ is the end", "a$", BYTES("ba"), true},
    {"$ is not before a last line feed", "a$", BYTES("a\n"), false},
    {"an anchor inside an alternative", "(^a|b)$", BYTES("xb"), true},
    {". is not a line feed", "^.$", BYTES("\n"), false},
    {". is not a carriage return", "^.$", BYTES("\r"), false},
    {". is not U+2028", "^.$", BYTES("\xE2\x80\xA8"), false},
    {". is a character beyond U+FFFF, once", "^.$", BYTES("\xF0\x9F\x90\xB2"), true},
    {"[^] is any character", "^[^]$", BYTES("\n"), true},
    {"[] is none", "[]", BYTES("a"), false},
    {"\\d is ASCII", "^\\d$", BYTES("\xDF\x80"), false},
    {"\\w is ASCII", "^\\w$", BYTES("\xC3\xA9"), false},
    {"\\W is everything else", "^\\W$", BYTES("\xC3\xA9"), true},
    {"\\s is the no-break space", "^\\s$", BYTES("\xC2\xA0"), true},
    {"\\s is the byte order mark", "^\\s$", BYTES("\xEF\xBB\xBF"), true},
    {"\\s is U+2029", "^\\s$", BYTES("\xE2\x80\xA9"), true},
    {"\\s is not U+180E", "^\\s$", BYTES("\xE1\xA0\x8E"), false},
    {"\\S is not the byte order mark", "^\\S$", BYTES("\xEF\xBB\xBF"), false},
    {"\\b is between a word and another character", "\\bb\\b", BYTES("a b c"), true},
    {"\\b is about ASCII", "\xC3\xA9\\bb",
     BYTES("\xC3\xA9"
           "b"),
     true},
    {"\\B is where \\b is not", "a\\Bb", BYTES("ab"), true},
    {"[\\b] is backspace", "^[\\b]$", BYTES("\b"), true},
    {"\\t\\v\\f\\n\\r", "^\\t\\v\\f\\n\\r$", BYTES("\t\v\f\n\r"), true},
    {"\\cX is a control character", "^\\cC$", BYTES("\x03"), true},
    {"in either case", "^\\cc$", BYTES("\x03"), true},
    {"\\0 is NUL", "^a\\0b$", BYTES("a\0b"), true},
    {"\\x41", "^\\x41$", BYTES("A"), true},
    {"\\u00e9", "^\\u00e9$", BYTES("\xC3\xA9"), true},
    {"\\u{1F432}", "^\\u{1F432}$", BYTES("\xF0\x9F\x90\xB2"), true},
    {"a pair of \\u is one character", "^[\\uD83D\\uDC32]$", BYTES("\xF0\x9F\x90\xB2"), true},
    {"half a pair is none", "^\\uD83D", BYTES("\xF0\x9F\x90\xB2"), false},
    {"a range over the surrogates", "^[\\u0000-\\uFFFF]$", BYTES("\xEF\xBF\xBD"), true},
    {"a range that ends in them", "^[\\u0041-\\uDFFF]$", BYTES("\xEE\x80\x80"), false},
    {"escaped punctuation", "^\\-\\/\\.\\_\\@$", BYTES("-/._@"), true},
    {"a brace that is no count", "^a{,2}$", BYTES("a{,2}"), true},
    {"a closing bracket alone", "^a]}$", BYTES("a]}"), true},
    {"counts", "^a{2,3}$", BYTES("aaaa"), false},
    {"an exact count", "^(ab){2}$", BYTES("abab"), true},
    {"an open count", "^a{2,}$", BYTES("aaaa"), true},
    {"lazy counts mean the same strings", "^a+?$", BYTES("aaa"), true},
    {"a class with a hyphen at its end", "^[\\w-]+$", BYTES("a-b"), true},
    {"a class with a hyphen after a set", "^[\\w-.]+$", BYTES("a-b.c"), true},
    {"a negated class", "^[^a-c]$", BYTES("b"), false},
    {"a negated class is about characters", "^[^a]$", BYTES("\xE2\x82\xAC"), true},
    {"\\D in a class", "^[\\D1]$", BYTES("2"), false},
    {"\\p{L}", "^\\p{L}$", BYTES("\xC3\xA9"), true},
    {"\\p{Letter} is \\p{L}", "^\\p{Letter}+$", BYTES("L\xC3\xA9"), true},
    {"\\P{Lu}", "^\\P{Lu}$", BYTES("A"), false},
    {"\\p{Script=Greek}", "^\\p{Script=Greek}$", BYTES("\xCE\xB1"), true},
    {"\\p{sc=Latin} is not Greek", "^\\p{sc=Latin}$", BYTES("\xCE\xB1"), false},
    {"\\p{gc=Nd}", "^\\p{gc=Nd}$", BYTES("\xDF\x80"), true},
    {"a negated class of properties", "^[^\\p{L}\\d]$", BYTES("-"), true},
    {"\\p{ASCII}", "^\\p{ASCII}$", BYTES("\xC3\xA9"), false},
    {"\\p{Any}", "^\\p{Any}$", BYTES("\xC3\xA9"), true},
    {"\\p{Script_Extensions=Greek}", "^\\p{Script_Extensions=Greek}$", BYTES("\xCE\xB1"), true},
    {"\\p{scx=Greek} is not Latin", "^\\p{scx=Greek}$", BYTES("a"), false},
    {"\\p{General_Category=Uppercase_Letter}", "^\\p{General_Category=Uppercase_Letter}$", BYTES("A"), true},
    {"\\p{Assigned}", "^\\p{Assigned}$", BYTES("A"), true},
    {"many properties in a class", "^[\\p{Lu}\\p{Ll}\\p{Nd}\\p{Sm}\\P{L}]+$", BYTES("aA1+-"), true},
    {"overlapping ranges in a class", "^[a-fc-dx-zb-y]+$", BYTES("abcdefghz"), true},
    {"a class to the last character", "^[^\\u{0}-\\u{10FFFE}]$", BYTES("\xF4\x8F\xBF\xBF"), true},
    {"a set after a hyphen", "^[a-\\d]+$", BYTES("a-1"), true},
    {"a set on both sides of a hyphen", "^[\\d-\\s]+$", BYTES("1- "), true},
    {"\\uDBFF before something else", "^a?\\uDBFF\\u0041", BYTES("A"), false},
    {"\\uD83D before a plain letter", "^a?\\uD83Dx", BYTES("x"), false},
    {"hexadecimal digits of both cases", "^\\xe9\\xE9\\u{e9}$", BYTES("\xC3\xA9\xC3\xA9\xC3\xA9"), true},
    {"\\0 before a letter", "^\\0a$", BYTES("\0a"), true},
    {"two named groups", "^(?<x>a)(?<y>b)\\k<y>\\k<x>$", BYTES("abba"), true},
    {"a reference of two digits", "^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10$", BYTES("abcdefghijj"), true},
    {"an enormous count of nothing", "^(?:){99999999999}$", BYTES(""), true},
    {"look-ahead", "^(?=.*\\d)[a-z0-9]+$", BYTES("abc1"), true},
    {"negative look-ahead", "^(?!foo)", BYTES("foobar"), false},
    {"look-behind", "(?<=\\$)\\d", BYTES("$5"), true},
    {"negative look-behind", "(?<!\\$)5", BYTES("$5"), false},
    {"a back-reference", "^(a|b)\\1$", BYTES("aa"), true},
    {"to something else", "^(a|b)\\1$", BYTES("ab"), false},
    {"a reference to what took no part matches nothing", "^(?:(a)|b)\\1$", BYTES("b"), true},
    {"a reference forward matches nothing", "^\\1(a)$", BYTES("a"), true},
    {"a named group", "^(?<x>a)\\k<x>$", BYTES("aa"), true},
    {"non-capturing groups do not count", "^(?:a)(b)\\1$", BYTES("abb"), true},
    {"what PCRE2 would read as a verb is text", "^a\\(\\*FAIL\\)$", BYTES("a(*FAIL)"), true},
    {"an e-mail address of the usual kind", "^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", BYTES("a.b+c@d-e.org"), true},
};

START_TEST(a_pattern_matches)
{
    arena_t *arena = arena_new();
    js_matcher_t matcher = {.arena = arena};
    uint64_t steps = 0;
    const js_pattern_t *pattern = js_pattern_compile(text_of(matches[_i].pattern), arena);
    if (strstr(matches[_i].pattern, "99999999999") != NULL && js_pattern_problem(pattern) != NULL)
        goto out; /* neither a table nor PCRE2: refused is as good */
    ck_assert_msg(js_pattern_problem(pattern) == NULL, "%s: %s", matches[_i].claim,
                  js_pattern_problem(pattern));
    js_match_t match = js_pattern_match(pattern, matches[_i].subject, &matcher, &steps, 100000);
    ck_assert_msg(match == (matches[_i].matches ? JS_MATCH_YES : JS_MATCH_NO), "%s: %d", matches[_i].claim,
                  match);
    ck_assert_uint_gt(steps, 0);
out:
    arena_free(arena);
}
END_TEST

static const struct {
    const char *pattern;
    bool is_syntax; /* ECMA-262, but it cannot be followed here */
} refused[] = {
    {"(", false},
    {")", false},
    {"a)", false},
    {"[", false},
    {"[z-a]", false},
    {"*", false},
    {"a**", false},
    {"a++", false},
    {"{1}", false},
    {"a{2,1}", false},
    {"\\", false},
    {"\\a", false},
    {"^\\Z", false},
    {"\\A", false},
    {"\\Qx\\E", false},
    {"\\G", false},
    {"\\h", false},
    {"\\1", false},
    {"\\2(a)", false},
    {"\\01", false},
    {"\\k<x>", false},
    {"(?<x>a)(?<x>b)", false},
    {"(?<1>a)", false},
    {"(?P<x>a)", false},
    {"(?i)a", false},
    {"(?#c)a", false},
    {"(?>a)", false},
    {"(?|a)", false},
    {"(*FAIL)", false},
    {"\\u12", false},
    {"\\u{110000}", false},
    {"\\x1", false},
    {"\\c1", false},
    {"\\p", false},
    {"\\p{", false},
    {"\\p{L=x}", false},
    {"\\p{}", false},
    {"\\p{L", false},
    {"\\u{}", false},
    {"\\u{41", false},
    {"\\u{x}", false},
    {"\\c", false},
    {"[\\", false},
    {"[a-\\", false},
    {"(?<>a)", false},
    {"(?<x", false},
    {"(?<x)", false},
    {"(?<x(", false},
    {"\\k", false},
    {"\\k<", false},
    {"\\k<y>(?<x>a)", false},
    {"+", false},
    {"?", false},
    {"a|*", false},
    {"(a|)|)", false},
    {"$+", false},
    {"(?<=a)+", false},
    {"\\1x", false},
    {"\\xg1", false},
    {"(?=a)*", false},
    {"^*", false},
    {"\\b+", false},
    {"[\\x]", false},
    {"a{65536}", true},
    {"(?<=a+)b", true},
    {"\\p{Nonsense}", true},
    {"((a)|b)+\\2", true},
    {"(?<=(a))\\1", true},
    {"((a{1000}){1000}){1000}", true},
};

START_TEST(a_pattern_is_refused_clearly)
{
    arena_t *arena = arena_new();
    js_matcher_t matcher = {.arena = arena};
    uint64_t steps = 0;
    text_t source = text_of(refused[_i].pattern);
    const js_pattern_t *pattern = js_pattern_compile(source, arena);
    ck_assert_msg(js_pattern_problem(pattern) != NULL, "%s", refused[_i].pattern);
    ck_assert_msg(js_pattern_is_syntax(source) == refused[_i].is_syntax, "%s: %s", refused[_i].pattern,
                  js_pattern_problem(pattern));
    ck_assert_int_eq(js_pattern_match(pattern, TEXT("a"), &matcher, &steps, 1000), JS_MATCH_UNSUPPORTED);
    ck_assert(text_eq(js_pattern_source(pattern), source));
    arena_free(arena);
}
END_TEST

START_TEST(deep_nesting_is_refused_and_is_still_a_pattern)
{
    char deep[401];
    memset(deep, '(', 200);
    memset(deep + 200, ')', 200);
    deep[400] = '\0';
    arena_t *arena = arena_new();
    ck_assert_ptr_nonnull(js_pattern_problem(js_pattern_compile(text_of(deep), arena)));
    ck_assert(js_pattern_is_syntax(text_of(deep)));
    arena_free(arena);
}
END_TEST

START_TEST(catastrophic_backtracking_ends_in_a_budget)
{
    arena_t *arena = arena_new();
    js_matcher_t matcher = {.arena = arena};
    uint64_t steps = 0;
    char subject[3000];
    memset(subject, 'a', sizeof subject);
    const js_pattern_t *slow = js_pattern_compile(TEXT("(?=a)(?:a+)+(?=b)"), arena);
    ck_assert_int_eq(js_pattern_match(slow, (text_t){subject, sizeof subject}, &matcher, &steps, 100000),
                     JS_MATCH_BUDGET);
    steps = 0;
    ck_assert_int_eq(js_pattern_match(slow, TEXT("aaab"), &matcher, &steps, 100000), JS_MATCH_YES);
    arena_free(arena);
}
END_TEST

START_TEST(long_strings_are_searched_to_the_end)
{
    arena_t *arena = arena_new();
    js_matcher_t matcher = {.arena = arena};
    uint64_t steps = 0;
    char subject[3001];
    memset(subject, 'a', 3000);
    subject[3000] = 'b';
    const js_pattern_t *pattern = js_pattern_compile(TEXT("b$"), arena);
    ck_assert_int_eq(js_pattern_match(pattern, (text_t){subject, 3001}, &matcher, &steps, 1000000),
                     JS_MATCH_YES);
    ck_assert_int_eq(js_pattern_match(pattern, (text_t){subject, 3000}, &matcher, &steps, 1000000),
                     JS_MATCH_NO);
    arena_free(arena);
}
END_TEST

START_TEST(what_is_not_utf8_is_never_matched)
{
    arena_t *arena = arena_new();
    js_matcher_t matcher = {.arena = arena};
    uint64_t steps = 0;
    ck_assert_ptr_nonnull(js_pattern_problem(js_pattern_compile(BYTES("a\xFF"), arena)));
    const js_pattern_t *pattern = js_pattern_compile(TEXT("a"), arena);
    ck_assert_int_eq(js_pattern_match(pattern, BYTES("a\xFF"), &matcher, &steps, 1000), JS_MATCH_UNSUPPORTED);
    ck_assert_int_eq(js_pattern_match(pattern, TEXT_NONE, &matcher, &steps, 1000), JS_MATCH_NO);
    arena_free(arena);
}
END_TEST

/* --- the table and PCRE2 ------------------------------------------------------------------------------------------- */

static uint32_t dice(uint64_t *seed, uint32_t sides)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % sides;
}

static void random_pattern(buf_t *out, uint64_t *seed, int depth)
{
    static const char *const atoms[] = {"a",        "b",   "c",    ".",    "\\d",
                                        "\\w",      "\\S", "[ab]", "[^a]", "[^\\w\\u00e9]",
                                        "\xC3\xA9", "^",   "$",    "[]",   "[^]"};
    static const char *const counts[] = {"*", "+", "?", "{2}", "{1,3}", "{2,}", "{0}", "*?"};
    for (uint32_t alternatives = 1 + dice(seed, 5) / 4; alternatives > 0; alternatives--) {
        for (uint32_t n = dice(seed, 4); n > 0; n--) {
            bool group = depth > 0 && dice(seed, 4) == 0;
            const char *atom = atoms[dice(seed, sizeof atoms / sizeof *atoms)];
            if (group) {
                buf_add_s(out, "(");
                random_pattern(out, seed, depth - 1);
                atom = ")";
            }
            buf_add_s(out, atom);
            if (atom[0] != '^' && atom[0] != '$' && dice(seed, 3) == 0)
                buf_add_s(out, counts[dice(seed, sizeof counts / sizeof *counts)]);
        }
        if (alternatives > 1)
            buf_add_char(out, '|');
    }
}

START_TEST(the_table_and_pcre2_agree)
{
    static const char *const subjects[] = {"",
                                           "a",
                                           "b",
                                           "ab",
                                           "ba",
                                           "aab",
                                           "abc",
                                           "1",
                                           "a1b",
                                           "\xC3\xA9",
                                           "a\xC3\xA9",
                                           "a\nb",
                                           "\n",
                                           "cccc",
                                           "abababab",
                                           ("\xF0\x9F\x98\x80"
                                            "a")};
    uint64_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        arena_t *arena = arena_new();
        js_matcher_t matcher = {.arena = arena};
        uint64_t steps = 0;
        buf_t source;
        buf_init(&source, BUF_NO_MAX);
        random_pattern(&source, &seed, 3);
        const js_pattern_t *table = js_pattern_compile(buf_text(&source), arena);
        const js_pattern_t *other = js_pattern_compile_backtracking(buf_text(&source), arena);
        ck_assert_msg(js_pattern_problem(table) == NULL, "%s: %s", buf_text(&source).at,
                      js_pattern_problem(table));
        for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
            js_match_t a = js_pattern_match(table, text_of(subjects[i]), &matcher, &steps, 10000000);
            js_match_t b = js_pattern_match(other, text_of(subjects[i]), &matcher, &steps, 10000000);
            ck_assert_msg(a == b, "%s on \"%s\": %d and %d", buf_text(&source).at, subjects[i], a, b);
        }
        buf_dispose(&source);
        arena_free(arena);
    }
}
END_TEST

START_TEST(tables_are_built_as_long_as_there_is_work_left)
{
    arena_t *arena = arena_new();
    js_matcher_t matcher = {.arena = arena};
    uint64_t steps = 0, work = 2000;
    for (int i = 0; i < 100; i++) {
        const js_pattern_t *pattern = js_pattern_compile_within(TEXT("^[a-z]{1,20}$"), &work, arena);
        ck_assert_int_eq(js_pattern_match(pattern, TEXT("abc"), &matcher, &steps, 100000), JS_MATCH_YES);
        ck_assert_int_eq(js_pattern_match(pattern, TEXT("abC"), &matcher, &steps, 100000), JS_MATCH_NO);
    }
    ck_assert_uint_lt(work, 2000);
    arena_free(arena);
}
END_TEST

/* Each would make a large table, or take long to find that out. */
START_TEST(what_makes_no_table_still_matches)
{
    static const struct {
        const char *pattern, *yes, *no;
    } rows[] = {
        {"^[a-z]{1,2000}$", "abc", "abC"},
        {"(a|b)*a(a|b){12}$", "abbbbbbbbbbbb", "bbbbbbbbbbbbb"},
        {"^(?:(?:(?:){1000}){1000}){1000}$", "", "a"},
        {"^((((a{0,9}){0,9}){0,9}){0,9}){0,9}$", "aaaa", "b"},
        {"^\\p{Lu}$", "A", "a"},
    };
    arena_t *arena = arena_new();
    js_matcher_t matcher = {.arena = arena};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t steps = 0;
        const js_pattern_t *pattern = js_pattern_compile(text_of(rows[i].pattern), arena);
        if (js_pattern_problem(pattern) != NULL)
            continue; /* PCRE2 may find it too large as well */
        ck_assert_int_eq(js_pattern_match(pattern, text_of(rows[i].yes), &matcher, &steps, 10000000),
                         JS_MATCH_YES);
        ck_assert_int_eq(js_pattern_match(pattern, text_of(rows[i].no), &matcher, &steps, 10000000),
                         JS_MATCH_NO);
    }
    arena_free(arena);
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("pattern");
    TCase *tcase = tcase_create("patterns");
    tcase_add_loop_test(tcase, a_pattern_matches, 0, COUNT(matches));
    tcase_add_loop_test(tcase, a_pattern_is_refused_clearly, 0, COUNT(refused));
    tcase_add_test(tcase, deep_nesting_is_refused_and_is_still_a_pattern);
    tcase_add_test(tcase, catastrophic_backtracking_ends_in_a_budget);
    tcase_add_test(tcase, long_strings_are_searched_to_the_end);
    tcase_add_test(tcase, what_is_not_utf8_is_never_matched);
    tcase_add_test(tcase, the_table_and_pcre2_agree);
    tcase_add_test(tcase, tables_are_built_as_long_as_there_is_work_left);
    tcase_add_test(tcase, what_makes_no_table_still_matches);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

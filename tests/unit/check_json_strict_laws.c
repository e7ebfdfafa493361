/* Laws that strict verdicts obey whatever the schemas say: on schemas made from seeds, the same ones every time.
 *
 * A verdict may always be `undecided`; it may never contradict another one.
 */
#include <check.h>
#include <stdlib.h>

#include "compat/json/json_schema.h"
#include "compat/json/strict.h"
#include "tests/support/schema_from_bytes.h"

#define SEEDS       60 /* a loop test each: seeds are _i * PER_TEST and on */
#define PER_TEST    12
#define BYTES       96
#define DEPTH       3
#define COMPATIBLE  VERDICT_COMPATIBLE
#define BREAKS      VERDICT_INCOMPATIBLE
#define UNDECIDED_V VERDICT_UNDECIDED

static arena_t *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

/* --- schemas ------------------------------------------------------------------------------------------------------------- */

static uint64_t next(uint64_t *state)
{
    uint64_t x = *state += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static text_t taken(buf_t *buf)
{
    text_t text = buf_take(buf, arena);
    buf_dispose(buf);
    return text;
}

static text_t text_of_seed(uint64_t seed)
{
    uint8_t data[BYTES];
    for (size_t i = 0; i < BYTES; i++)
        data[i] = (uint8_t)next(&seed);
    bytes_t bytes = {.at = data, .n = BYTES, .recursive = false, .modern = true, .patterns = seed % 3 == 0};
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    bytes_schema(&bytes, &out, DEPTH);
    return taken(&out);
}

static schema_t *parse(text_t text)
{
    schema_t *schema = NULL;
    fault_t fault = {0};
    schema_source_t source = {
        .format = FORMAT_JSON, .text = text, .dialect = TEXT("2020-12"), .limits = LIMITS_DEFAULT};
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s: " TEXT_FMT, fault.text, TEXT_ARG(text));
    return schema;
}

static verdict_t check(text_t reader_text, text_t writer_text)
{
    schema_t *reader = parse(reader_text), *writer = parse(writer_text);
    check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT};
    const report_t *report = json_strict_check(reader, writer, &options, arena);
    verdict_t verdict = report->verdict;
    ck_assert_msg(verdict != BREAKS || report->witness != NULL, "no witness: " TEXT_FMT,
                  TEXT_ARG(reader_text));
    ck_assert_msg(verdict != UNDECIDED_V || report->reason != NULL, "no reason: " TEXT_FMT,
                  TEXT_ARG(reader_text));
    schema_unref(reader);
    schema_unref(writer);
    return verdict;
}

static text_t both(const char *keyword, text_t a, text_t b)
{
    return text_printf(arena, "{\"%s\":[" TEXT_FMT "," TEXT_FMT "]}", keyword, TEXT_ARG(a), TEXT_ARG(b));
}

#define FOR_SEEDS(seed) \
    for (uint64_t seed = (uint64_t)_i * PER_TEST; seed < (uint64_t)(_i + 1) * PER_TEST; seed++)

/* Neither says the opposite of what the other one implies. */
static void agree(verdict_t left, verdict_t right, const char *law, text_t a, text_t b)
{
    ck_assert_msg(left == right || left == UNDECIDED_V || right == UNDECIDED_V,
                  "%s: %s and %s, for\n" TEXT_FMT "\n" TEXT_FMT, law, verdict_name(left), verdict_name(right),
                  TEXT_ARG(a), TEXT_ARG(b));
}

/* --- laws ---------------------------------------------------------------------------------------------------------------- */

START_TEST(every_schema_reads_itself)
{
    FOR_SEEDS(seed)
    {
        text_t s = text_of_seed(seed);
        ck_assert_msg(check(s, s) == COMPATIBLE, TEXT_FMT, TEXT_ARG(s));
    }
}
END_TEST

START_TEST(everything_can_be_read_by_true)
{
    FOR_SEEDS(seed)
    {
        text_t s = text_of_seed(seed);
        ck_assert_msg(check(TEXT("true"), s) == COMPATIBLE, TEXT_FMT, TEXT_ARG(s));
    }
}
END_TEST

START_TEST(false_reads_a_schema_exactly_if_it_allows_no_message)
{
    FOR_SEEDS(seed)
    {
        text_t s = text_of_seed(seed);
        schema_t *schema = parse(s);
        check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT};
        const jv_t **samples;
        size_t n = json_strict_sample(schema, 3, &options, arena, &samples);
        verdict_t verdict = check(TEXT("false"), s);
        ck_assert_msg(verdict == UNDECIDED_V || (verdict == BREAKS) == (n > 0),
                      "%s with %zu samples: " TEXT_FMT, verdict_name(verdict), n, TEXT_ARG(s));
        schema_unref(schema);
    }
}
END_TEST

START_TEST(all_of_reads_exactly_what_both_read)
{
    FOR_SEEDS(seed)
    {
        text_t s = text_of_seed(seed), a = text_of_seed(seed + 10007), b = text_of_seed(seed + 20011);
        verdict_t by_a = check(a, s), by_b = check(b, s), by_both = check(both("allOf", a, b), s);
        if (by_a == COMPATIBLE && by_b == COMPATIBLE)
            agree(by_both, COMPATIBLE, "allOf of two that read it", a, s);
        if (by_a == BREAKS || by_b == BREAKS)
            agree(by_both, BREAKS, "allOf of one that does not", both("allOf", a, b), s);
    }
}
END_TEST

START_TEST(any_of_is_read_exactly_by_what_reads_both)
{
    FOR_SEEDS(seed)
    {
        text_t r = text_of_seed(seed), a = text_of_seed(seed + 10007), b = text_of_seed(seed + 20011);
        verdict_t of_a = check(r, a), of_b = check(r, b), of_both = check(r, both("anyOf", a, b));
        if (of_a == COMPATIBLE && of_b == COMPATIBLE)
            agree(of_both, COMPATIBLE, "anyOf of two that are read", r, both("anyOf", a, b));
        if (of_a == BREAKS || of_b == BREAKS)
            agree(of_both, BREAKS, "anyOf of one that is not", r, both("anyOf", a, b));
    }
}
END_TEST

START_TEST(reading_is_transitive)
{
    FOR_SEEDS(seed)
    {
        text_t a = text_of_seed(seed), b = both("anyOf", a, text_of_seed(seed + 10007));
        text_t c = text_of_seed(seed + 20011);
        if (check(c, b) == COMPATIBLE) /* and b reads a */
            agree(check(c, a), COMPATIBLE, "transitivity", c, a);
    }
}
END_TEST

START_TEST(negation_turns_reading_around)
{
    FOR_SEEDS(seed)
    {
        text_t a = text_of_seed(seed), b = text_of_seed(seed + 10007);
        text_t not_a = text_printf(arena, "{\"not\":" TEXT_FMT "}", TEXT_ARG(a));
        text_t not_b = text_printf(arena, "{\"not\":" TEXT_FMT "}", TEXT_ARG(b));
        agree(check(a, b), check(not_b, not_a), "contraposition", a, b);
    }
}
END_TEST

START_TEST(other_words_for_the_same_change_nothing)
{
    static const char *const words[] = {"{\"allOf\":[%s]}",
                                        "{\"anyOf\":[%s,%s]}",
                                        "{\"not\":{\"not\":%s}}",
                                        "{\"oneOf\":[%s,false]}",
                                        "{\"if\":true,\"then\":%s,\"else\":false}",
                                        "{\"$ref\":\"#/$defs/s\",\"$defs\":{\"s\":%s}}"};
    FOR_SEEDS(seed)
    {
        text_t s = text_of_seed(seed);
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            buf_t out;
            buf_init(&out, BUF_NO_MAX);
            for (const char *c = words[i]; *c != '\0'; c++) {
                if (*c == '%')
                    buf_add(&out, s), c++;
                else
                    buf_add_char(&out, *c);
            }
            text_t other = taken(&out);
            ck_assert_msg(check(s, other) != BREAKS && check(other, s) != BREAKS, TEXT_FMT, TEXT_ARG(other));
        }
    }
}
END_TEST

static const jv_t *value_of(bytes_t *bytes)
{
    limits_t limits = LIMITS_DEFAULT;
    jv_t *value;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    bytes_json(bytes, &out, 3);
    ck_assert_int_eq(jv_read(taken(&out), JV_STRICT, &limits, arena, &value, NULL), 0);
    return value;
}

static bool breaks(const schema_t *reader, const schema_t *writer, const jv_t *value, const limits_t *limits)
{
    return js_validate(js_schema_of(writer)->validator, value, 0, limits, arena).verdict == JS_VALID &&
           js_validate(js_schema_of(reader)->validator, value, 0, limits, arena).verdict == JS_INVALID;
}

START_TEST(no_value_of_a_readable_writer_is_refused)
{
    FOR_SEEDS(seed)
    {
        text_t r = text_of_seed(seed), w = text_of_seed(seed + 10007);
        if (check(r, w) != COMPATIBLE)
            continue;
        schema_t *reader = parse(r), *writer = parse(w);
        check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT};
        const jv_t **samples;
        size_t n = json_strict_sample(writer, 30, &options, arena, &samples);
        for (size_t i = 0; i < n; i++) {
            js_result_t result =
                js_validate(js_schema_of(reader)->validator, samples[i], 0, &options.limits, arena);
            ck_assert_msg(result.verdict != JS_INVALID, TEXT_FMT "\n" TEXT_FMT, TEXT_ARG(r), TEXT_ARG(w));
        }
        uint8_t data[BYTES];
        for (uint64_t state = seed, i = 0; i < BYTES; i++)
            data[i] = (uint8_t)next(&state);
        bytes_t bytes = {.at = data, .n = BYTES};
        for (int i = 0; i < 30; i++)
            ck_assert_msg(!breaks(reader, writer, value_of(&bytes), &options.limits), TEXT_FMT "\n" TEXT_FMT,
                          TEXT_ARG(r), TEXT_ARG(w));
        schema_unref(reader);
        schema_unref(writer);
    }
}
END_TEST

START_TEST(the_same_check_gives_the_same_report)
{
    FOR_SEEDS(seed)
    {
        text_t r = text_of_seed(seed), w = text_of_seed(seed + 10007);
        schema_t *reader = parse(r), *writer = parse(w);
        check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 5};
        const report_t *first = json_strict_check(reader, writer, &options, arena);
        const report_t *second = json_strict_check(reader, writer, &options, arena);
        ck_assert_int_eq(first->verdict, second->verdict);
        ck_assert_uint_eq(first->steps, second->steps);
        ck_assert_uint_eq(first->n_findings, second->n_findings);
        for (size_t i = 0; i < first->n_findings; i++)
            ck_assert(text_eq(first->findings[i].sentence, second->findings[i].sentence));
        schema_unref(reader);
        schema_unref(writer);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("json_strict_laws");
    TCase *tc = tcase_create("laws");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, every_schema_reads_itself, 0, SEEDS);
    tcase_add_loop_test(tc, everything_can_be_read_by_true, 0, SEEDS);
    tcase_add_loop_test(tc, false_reads_a_schema_exactly_if_it_allows_no_message, 0, SEEDS);
    tcase_add_loop_test(tc, all_of_reads_exactly_what_both_read, 0, SEEDS);
    tcase_add_loop_test(tc, any_of_is_read_exactly_by_what_reads_both, 0, SEEDS);
    tcase_add_loop_test(tc, reading_is_transitive, 0, SEEDS);
    tcase_add_loop_test(tc, negation_turns_reading_around, 0, SEEDS);
    tcase_add_loop_test(tc, other_words_for_the_same_change_nothing, 0, SEEDS);
    tcase_add_loop_test(tc, no_value_of_a_readable_writer_is_refused, 0, SEEDS);
    tcase_add_loop_test(tc, the_same_check_gives_the_same_report, 0, SEEDS);
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

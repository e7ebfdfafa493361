/* check_json_confluent.c - confluent mode of JSON Schema: differences, verdicts under both policies, places, messages, limits.
 *
 * The cases are tests/data/json-confluent/<topic>.json: each has a writer, a reader, the whole list of differences in order, and the
 * verdict under STRICT and LENIENT.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/compat.h"
#include "compat/json/confluent_difference.h"

static const char *const topics[] = {
    "types",  "strings",  "numbers",    "values",          "objects",           "unevaluated",
    "arrays", "combined", "references", "says_compatible", "says_incompatible", "apart",
    "modern"};
#define N_TOPICS (sizeof(topics) / sizeof(*topics))

static arena_t *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

/* --- helpers ------------------------------------------------------------------------------------------------------------ */

static schema_t *schema_of(text_t text)
{
    schema_source_t source = {.format = FORMAT_JSON, .text = text, .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema = NULL;

    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%.*s: %s", (int)text.bytes, text.at,
                  fault.text);
    return schema;
}

static text_t text_of_tree(const jv_t *tree)
{
    buf_t buf;

    buf_init(&buf, BUF_NO_MAX);
    jv_print(&buf, tree);
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return text;
}

static const report_t *check_texts(text_t writer, text_t reader, json_policy_t policy, limits_t limits)
{
    schema_t *w = schema_of(writer), *r = schema_of(reader);
    check_options_t options = {
        .mode = MODE_CONFLUENT, .policy = policy, .limits = limits, .max_findings = 1000};
    const report_t *report = compat_check(r, w, &options, arena);

    schema_unref(w);
    schema_unref(r);
    return report;
}

static const report_t *check(const char *writer, const char *reader)
{
    return check_texts(text_of(writer), text_of(reader), POLICY_STRICT, LIMITS_DEFAULT);
}

static const jv_t *topic_read(const char *topic)
{
    const char *path = arena_printf(arena, TEST_DATA "/json-confluent/%s.json", topic);
    FILE *file = fopen(path, "rb");
    fault_t fault = {0};
    jv_t *cases;

    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long bytes = ftell(file);
    rewind(file);
    char *text = arena_alloc(arena, (size_t)bytes + 1);
    ck_assert_uint_eq(fread(text, 1, (size_t)bytes, file), (size_t)bytes);
    fclose(file);
    ck_assert_msg(jv_read((text_t){text, (size_t)bytes}, JV_STRICT, &LIMITS_DEFAULT, arena, &cases, &fault) ==
                      0,
                  "%s: %u: %s", path, fault.line, fault.text);
    return cases;
}

static text_t list_text(const report_t *report)
{
    buf_t buf;

    buf_init(&buf, BUF_NO_MAX);
    for (size_t i = 0; i < report->n_findings; i++)
        buf_printf(&buf, "\n  %s %.*s", report->findings[i].rule,
                   TEXT_ARG(report->findings[i].reader.pointer));
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return text;
}

static bool has_finding(const report_t *report, text_t rule_and_path)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        const finding_t *finding = &report->findings[i];
        text_t both = text_printf(arena, "%s %.*s", finding->rule, TEXT_ARG(finding->reader.pointer));
        if (text_eq(both, rule_and_path))
            return true;
    }
    return false;
}

/* --- the cases ---------------------------------------------------------------------------------------------------------- */

static void compare_lists(const char *topic, text_t name, const jv_t *expected, const report_t *report)
{
    ck_assert_msg(report->n_findings == expected->n, "%s/%.*s: %zu differences, not %u:%.*s", topic,
                  TEXT_ARG(name), report->n_findings, expected->n, TEXT_ARG(list_text(report)));
    for (uint32_t i = 0; i < expected->n; i++)
        ck_assert_msg(has_finding(report, expected->items[i].text), "%s/%.*s: \"%.*s\" is missing:%.*s",
                      topic, TEXT_ARG(name), TEXT_ARG(expected->items[i].text), TEXT_ARG(list_text(report)));
}

/* Among those that break, and among the others, the order is upstream's. */
static void compare_order(const char *topic, text_t name, const jv_t *expected, const report_t *report)
{
    uint32_t next = 0;

    for (size_t i = 0; i < report->n_findings; i++) {
        const finding_t *finding = &report->findings[i];
        text_t both = text_printf(arena, "%s %.*s", finding->rule, TEXT_ARG(finding->reader.pointer));
        if (i > 0 && finding->class != CLASS_BREAKING && report->findings[i - 1].class == CLASS_BREAKING)
            next = 0;
        while (next < expected->n && !text_eq(expected->items[next].text, both))
            next++;
        ck_assert_msg(next < expected->n, "%s/%.*s: \"%.*s\" comes too late:%.*s", topic, TEXT_ARG(name),
                      TEXT_ARG(both), TEXT_ARG(list_text(report)));
    }
}

static void run_case(const char *topic, const jv_t *one)
{
    static const struct {
        json_policy_t policy;
        const char *member;
    } policies[] = {
        {POLICY_STRICT, "strict"},
        {POLICY_LENIENT, "lenient"},
    };
    text_t name = jv_get(one, "name")->text;
    text_t writer = text_of_tree(jv_get(one, "writer")), reader = text_of_tree(jv_get(one, "reader"));
    const jv_t *expected = jv_get(one, "differences");

    for (size_t i = 0; i < 2; i++) {
        const report_t *report = check_texts(writer, reader, policies[i].policy, LIMITS_DEFAULT);
        bool compatible = jv_get(one, policies[i].member)->kind == JV_TRUE;
        ck_assert_msg(report->verdict == (compatible ? VERDICT_COMPATIBLE : VERDICT_INCOMPATIBLE),
                      "%s/%.*s: %s is %s:%.*s", topic, TEXT_ARG(name), policies[i].member,
                      verdict_name(report->verdict), TEXT_ARG(list_text(report)));
        compare_lists(topic, name, expected, report);
        if (policies[i].policy == POLICY_STRICT)
            compare_order(topic, name, expected, report);
    }
}

START_TEST(differences_and_verdicts_are_upstreams)
{
    const jv_t *cases = topic_read(topics[_i]);

    ck_assert_uint_gt(cases->n, 0);
    for (uint32_t i = 0; i < cases->n; i++)
        run_case(topics[_i], &cases->items[i]);
}
END_TEST

START_TEST(every_schema_is_compatible_with_itself)
{
    const jv_t *cases = topic_read(topics[_i]);

    for (uint32_t i = 0; i < cases->n; i++) {
        for (int side = 0; side < 2; side++) {
            text_t text = text_of_tree(jv_get(&cases->items[i], side == 0 ? "writer" : "reader"));
            const report_t *report = check_texts(text, text, POLICY_STRICT, LIMITS_DEFAULT);
            ck_assert_msg(report->verdict == VERDICT_COMPATIBLE, "%.*s:%.*s", TEXT_ARG(text),
                          TEXT_ARG(list_text(report)));
        }
    }
}
END_TEST

/* --- the table ---------------------------------------------------------------------------------------------------------- */

/* Written down once more, from the registry's documented behaviour: a change of any row must be deliberate. */
static const char strict_compatible[] =
    " ID_CHANGED TITLE_CHANGED DESCRIPTION_CHANGED DEFAULT_CHANGED SCHEMA_REMOVED TYPE_EXTENDED"
    " MAX_LENGTH_INCREASED MAX_LENGTH_REMOVED MIN_LENGTH_DECREASED MIN_LENGTH_REMOVED PATTERN_REMOVED"
    " MAXIMUM_INCREASED MAXIMUM_REMOVED MINIMUM_DECREASED MINIMUM_REMOVED EXCLUSIVE_MAXIMUM_INCREASED"
    " EXCLUSIVE_MAXIMUM_REMOVED EXCLUSIVE_MINIMUM_DECREASED EXCLUSIVE_MINIMUM_REMOVED MULTIPLE_OF_REDUCED"
    " MULTIPLE_OF_REMOVED REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED REQUIRED_ATTRIBUTE_REMOVED"
    " DEPENDENCY_ARRAY_NARROWED DEPENDENCY_ARRAY_REMOVED DEPENDENCY_SCHEMA_REMOVED MAX_PROPERTIES_INCREASED"
    " MAX_PROPERTIES_REMOVED MIN_PROPERTIES_DECREASED MIN_PROPERTIES_REMOVED ADDITIONAL_PROPERTIES_ADDED"
    " ADDITIONAL_PROPERTIES_EXTENDED UNEVALUATED_PROPERTIES_ADDED UNEVALUATED_PROPERTIES_EXTENDED"
    " PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL"
    " REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL"
    " OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL"
    " PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"
    " PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL MAX_ITEMS_INCREASED MAX_ITEMS_REMOVED"
    " MIN_ITEMS_DECREASED MIN_ITEMS_REMOVED MAX_CONTAINS_INCREASED MAX_CONTAINS_REMOVED "
    "MIN_CONTAINS_DECREASED"
    " MIN_CONTAINS_REMOVED UNIQUE_ITEMS_REMOVED ADDITIONAL_ITEMS_ADDED ADDITIONAL_ITEMS_EXTENDED"
    " UNEVALUATED_ITEMS_ADDED UNEVALUATED_ITEMS_EXTENDED ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL"
    " ITEM_ADDED_TO_CLOSED_CONTENT_MODEL ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL"
    " ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"
    " ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL ENUM_ARRAY_EXTENDED COMBINED_TYPE_EXTENDED"
    " PRODUCT_TYPE_NARROWED SUM_TYPE_EXTENDED NOT_TYPE_NARROWED ";

static const char lenient_compatible_too[] =
    " ADDITIONAL_PROPERTIES_NARROWED ADDITIONAL_PROPERTIES_REMOVED UNEVALUATED_PROPERTIES_NARROWED"
    " UNEVALUATED_PROPERTIES_REMOVED REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL"
    " OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL"
    " PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"
    " PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL ";

static bool is_listed(const char *list, const char *name)
{
    return strstr(list, arena_printf(arena, " %s ", name)) != NULL;
}

START_TEST(each_difference_has_its_verdict)
{
    for (cf_difference_t difference = 0; difference < CF_DIFFERENCE_N; difference++) {
        const char *name = cf_difference_name(difference);
        bool strict = is_listed(strict_compatible, name);
        bool lenient = strict || is_listed(lenient_compatible_too, name);
        ck_assert_msg(cf_difference_compatible(difference, POLICY_STRICT) == strict, "%s, STRICT", name);
        ck_assert_msg(cf_difference_compatible(difference, POLICY_LENIENT) == lenient, "%s, LENIENT", name);
    }
}
END_TEST

static size_t words_of(const char *list)
{
    size_t n = 0;

    for (const char *at = list; at[1] != '\0'; at++)
        n += *at == ' ';
    return n;
}

START_TEST(the_lists_of_verdicts_name_differences_only)
{
    size_t strict = 0, lenient = 0;

    for (cf_difference_t difference = 0; difference < CF_DIFFERENCE_N; difference++) {
        strict += cf_difference_compatible(difference, POLICY_STRICT);
        lenient += cf_difference_compatible(difference, POLICY_LENIENT);
    }
    ck_assert_uint_eq(words_of(strict_compatible), strict);
    ck_assert_uint_eq(words_of(lenient_compatible_too), lenient - strict);
}
END_TEST

static bool is_in_cases(const char *name, const jv_t *const *cases)
{
    text_t prefix = text_printf(arena, "%s #", name);

    for (size_t t = 0; t < N_TOPICS; t++) {
        for (uint32_t i = 0; i < cases[t]->n; i++) {
            const jv_t *expected = jv_get(&cases[t]->items[i], "differences");
            for (uint32_t j = 0; j < expected->n; j++) {
                if (text_starts(expected->items[j].text, prefix))
                    return true;
            }
        }
    }
    return false;
}

/* The two that come from metadata are found by the caller. */
START_TEST(each_difference_has_a_case)
{
    const jv_t *cases[N_TOPICS];

    for (size_t t = 0; t < N_TOPICS; t++)
        cases[t] = topic_read(topics[t]);
    for (cf_difference_t difference = 0; difference < CF_DIFFERENCE_N; difference++) {
        const char *name = cf_difference_name(difference);
        ck_assert_msg(strncmp(name, "RESERVED_", 9) == 0 || is_in_cases(name, cases), "%s", name);
    }
}
END_TEST

/* --- findings and messages ----------------------------------------------------------------------------------------------- */

START_TEST(a_finding_says_where_on_both_sides)
{
    const report_t *report =
        check("{\"properties\": {\n  \"a\": {\"type\": \"string\",\n       \"maxLength\": 5}}}",
              "{\"properties\": {\"a\": {\n    \"maxLength\": 4, \"type\": \"string\"}}}");

    ck_assert_uint_eq(report->n_findings, 1);
    const finding_t *finding = &report->findings[0];
    ck_assert_str_eq(finding->rule, "MAX_LENGTH_DECREASED");
    ck_assert_int_eq(finding->class, CLASS_BREAKING);
    ck_assert(text_is(finding->reader.pointer, "#/properties/a/maxLength"));
    ck_assert(text_is(finding->writer.pointer, "#/properties/a/maxLength"));
    ck_assert_uint_eq(finding->reader.line, 2);
    ck_assert_uint_eq(finding->reader.column, 18);
    ck_assert_uint_eq(finding->writer.line, 3);
    ck_assert_uint_eq(finding->writer.column, 21);
    ck_assert(text_is(finding->sentence,
                      "the value at path '#/properties/a/maxLength' is smaller in the reader "
                      "schema than in the writer schema"));
}
END_TEST

START_TEST(a_side_that_lacks_the_thing_has_no_line)
{
    const report_t *report = check("{\"type\": \"string\"}", "{\"type\": \"string\", \"maxLength\": 4}");

    ck_assert_uint_eq(report->n_findings, 1);
    ck_assert_uint_eq(report->findings[0].writer.line, 0);
    ck_assert_uint_eq(report->findings[0].reader.line, 1);
    ck_assert_uint_eq(report->findings[0].reader.column, 33);
}
END_TEST

START_TEST(breaking_differences_come_first)
{
    const report_t *report = check("{\"title\":\"a\",\"properties\":{\"p\":{\"type\":\"string\","
                                   "\"maxLength\":1},\"q\":{\"type\":\"string\"}}}",
                                   "{\"title\":\"b\",\"properties\":{\"p\":{\"type\":\"string\","
                                   "\"maxLength\":2},\"q\":{\"type\":\"number\"}}}");

    ck_assert_uint_eq(report->n_findings, 3);
    ck_assert_int_eq(report->findings[0].class, CLASS_BREAKING);
    ck_assert_str_eq(report->findings[0].rule, "TYPE_CHANGED");
    ck_assert_int_eq(report->findings[1].class, CLASS_DOCUMENTATION);
    ck_assert_int_eq(report->findings[2].class, CLASS_SAFE);
}
END_TEST

START_TEST(no_more_findings_than_are_wanted)
{
    schema_t *w =
        schema_of(TEXT("{\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}}}"));
    schema_t *r = schema_of(TEXT("{\"properties\":{\"a\":{\"type\":\"null\"},\"b\":{\"type\":\"null\"}}}"));

    for (size_t max = 0; max < 4; max++) {
        check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT, .max_findings = max};
        const report_t *report = compat_check(r, w, &options, arena);
        ck_assert_int_eq(report->verdict, VERDICT_INCOMPATIBLE);
        ck_assert_uint_eq(report->n_findings, max < 2 ? max : 2);
    }
    schema_unref(w);
    schema_unref(r);
}
END_TEST

static text_t only_message(const char *writer, const char *reader, level_t level)
{
    schema_t *w = schema_of(text_of(writer)), *r = schema_of(text_of(reader));
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT, .max_findings = 100};
    earlier_t earlier = {w, 3};
    message_style_t style = {.with_validate_fields = true};
    const level_report_t *report = level_check(level, r, &earlier, 1, &options, &style, arena);

    ck_assert(!report->compatible);
    ck_assert_uint_ge(report->n_messages, 1);
    text_t message = text_copy(arena, report->messages[0]);
    schema_unref(w);
    schema_unref(r);
    return message;
}

START_TEST(a_message_has_the_type_and_names_the_sides)
{
    const char *five = "{\"type\":\"string\",\"maxLength\":5}",
               *four = "{\"type\":\"string\",\"maxLength\":4}";

    ck_assert(text_is(only_message(five, four, LEVEL_BACKWARD),
                      "{errorType:\"MAX_LENGTH_DECREASED\", description:\"the value at path '#/maxLength' is "
                      "smaller in the new schema than in the old schema\"}"));
    ck_assert(text_is(only_message(four, five, LEVEL_FORWARD),
                      "{errorType:\"MAX_LENGTH_DECREASED\", description:\"the value at path '#/maxLength' is "
                      "smaller in the old schema than in the new schema\"}"));
}
END_TEST

START_TEST(each_difference_has_a_sentence)
{
    for (cf_difference_t difference = 0; difference < CF_DIFFERENCE_N; difference++) {
        text_t sentence = cf_difference_sentence(difference, TEXT("#/here"), "R", "W", arena);
        ck_assert_msg(memmem(sentence.at, sentence.bytes, "#/here", 6) != NULL, "%.*s", TEXT_ARG(sentence));
        ck_assert_msg(memchr(sentence.at, '%', sentence.bytes) == NULL, "%.*s", TEXT_ARG(sentence));
    }
}
END_TEST

/* --- limits --------------------------------------------------------------------------------------------------------------- */

/* `n` types, each with two properties that may be any of them: the original's cost is exponential in n. */
static text_t entangled(int n, const char *id)
{
    buf_t buf;

    buf_init(&buf, BUF_NO_MAX);
    buf_add_s(
        &buf,
        "{\"properties\":{\"p\":{\"$ref\":\"#/definitions/any\"}},\"definitions\":{\"any\":{\"oneOf\":[");
    for (int i = 0; i < n; i++)
        buf_printf(&buf, "%s{\"$ref\":\"#/definitions/t%d\"}", i == 0 ? "" : ",", i);
    buf_add_s(&buf, "]}");
    for (int i = 0; i < n; i++)
        buf_printf(&buf,
                   ",\"t%d\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"%s\"},\"x\":{\"$ref\":"
                   "\"#/definitions/any\"},\"y\":{\"$ref\":\"#/definitions/any\"}}}",
                   i, i == n / 2 ? id : "string");
    buf_add_s(&buf, "}}");
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return text;
}

START_TEST(entangled_schemas_end)
{
    text_t text = entangled(40, "string");
    const report_t *report = check_texts(text, text, POLICY_STRICT, LIMITS_DEFAULT);

    ck_assert_int_eq(report->verdict, VERDICT_COMPATIBLE);
    ck_assert_uint_eq(report->n_findings, 0);
    ck_assert_uint_lt(report->steps, 100000);
}
END_TEST

START_TEST(a_difference_deep_within_entangled_schemas_is_seen)
{
    const report_t *report =
        check_texts(entangled(12, "string"), entangled(12, "number"), POLICY_STRICT, LIMITS_DEFAULT);

    ck_assert_int_eq(report->verdict, VERDICT_INCOMPATIBLE);
    ck_assert_uint_ge(report->n_findings, 1);
}
END_TEST

START_TEST(running_out_of_steps_is_no_verdict)
{
    limits_t limits = LIMITS_DEFAULT;
    text_t text = entangled(20, "string");

    limits.max_steps = 300;
    const report_t *report = check_texts(text, text, POLICY_STRICT, limits);
    ck_assert_int_eq(report->verdict, VERDICT_UNDECIDED);
    ck_assert_str_eq(report->reason, "budget-search");
    ck_assert_uint_eq(report->n_findings, 0);
}
END_TEST

/* Every level refers to the next one twice: the differences are as many as the ways to the last, 2^60. */
START_TEST(differences_that_multiply_are_bounded)
{
    text_t texts[2];

    for (int side = 0; side < 2; side++) {
        buf_t buf;
        buf_init(&buf, BUF_NO_MAX);
        buf_add_s(&buf, "{\"$ref\":\"#/definitions/l0\",\"definitions\":{");
        for (int i = 0; i < 60; i++)
            buf_printf(&buf,
                       "\"l%d\":{\"properties\":{\"a\":{\"$ref\":\"#/definitions/l%d\"},\"b\":{\"$ref\":"
                       "\"#/definitions/l%d\"}}},",
                       i, i + 1, i + 1);
        buf_printf(&buf, "\"l60\":{\"type\":\"%s\"}}}", side == 0 ? "string" : "number");
        texts[side] = buf_take(&buf, arena);
        buf_dispose(&buf);
    }
    const report_t *report = check_texts(texts[0], texts[1], POLICY_STRICT, LIMITS_DEFAULT);
    ck_assert_int_eq(report->verdict, VERDICT_INCOMPATIBLE);
    ck_assert_uint_eq(report->n_findings, 1000);
    ck_assert_uint_lt(report->steps, 10000);
}
END_TEST

START_TEST(a_long_chain_of_references_is_not_on_the_stack)
{
    buf_t buf;

    buf_init(&buf, BUF_NO_MAX);
    buf_add_s(&buf, "{\"properties\":{\"n\":{\"$ref\":\"#/definitions/d0\"}},\"definitions\":{");
    for (int i = 0; i < 20000; i++)
        buf_printf(&buf, "\"d%d\":{\"properties\":{\"n\":{\"$ref\":\"#/definitions/d%d\"}}},", i, i + 1);
    buf_add_s(&buf, "\"d20000\":{}}}");
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    const report_t *report = check_texts(text, text, POLICY_STRICT, LIMITS_DEFAULT);
    ck_assert_int_eq(report->verdict, VERDICT_COMPATIBLE);
}
END_TEST

START_TEST(the_same_question_has_the_same_answer)
{
    text_t writer = entangled(6, "string"), reader = entangled(6, "number");
    const report_t *one = check_texts(writer, reader, POLICY_STRICT, LIMITS_DEFAULT);
    const report_t *two = check_texts(writer, reader, POLICY_STRICT, LIMITS_DEFAULT);

    ck_assert_uint_eq(one->steps, two->steps);
    ck_assert(text_eq(list_text(one), list_text(two)));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("json_confluent");
    TCase *cases = tcase_create("cases"), *table = tcase_create("table"), *rest = tcase_create("reports");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_checked_fixture(table, setup, teardown);
    tcase_add_checked_fixture(rest, setup, teardown);
    tcase_set_timeout(cases, 120);
    tcase_set_timeout(table, 120);
    tcase_set_timeout(rest, 120);
    tcase_add_loop_test(cases, differences_and_verdicts_are_upstreams, 0, (int)N_TOPICS);
    tcase_add_loop_test(cases, every_schema_is_compatible_with_itself, 0, (int)N_TOPICS);
    tcase_add_test(table, each_difference_has_its_verdict);
    tcase_add_test(table, each_difference_has_a_case);
    tcase_add_test(table, each_difference_has_a_sentence);
    tcase_add_test(table, the_lists_of_verdicts_name_differences_only);
    tcase_add_test(rest, a_finding_says_where_on_both_sides);
    tcase_add_test(rest, a_side_that_lacks_the_thing_has_no_line);
    tcase_add_test(rest, breaking_differences_come_first);
    tcase_add_test(rest, no_more_findings_than_are_wanted);
    tcase_add_test(rest, a_message_has_the_type_and_names_the_sides);
    tcase_add_test(rest, entangled_schemas_end);
    tcase_add_test(rest, a_difference_deep_within_entangled_schemas_is_seen);
    tcase_add_test(rest, running_out_of_steps_is_no_verdict);
    tcase_add_test(rest, differences_that_multiply_are_bounded);
    tcase_add_test(rest, a_long_chain_of_references_is_not_on_the_stack);
    tcase_add_test(rest, the_same_question_has_the_same_answer);
    suite_add_tcase(s, cases);
    suite_add_tcase(s, table);
    suite_add_tcase(s, rest);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());

    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* check_json_fix.c - what strict mode proposes for a JSON Schema that breaks (compat/json/js_fix.h): the smallest edit of the new schema, applied
 * and checked again. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/compat.h"

static const struct {
    const char *claim, *reader, *writer;
    fix_side_t side;
    const char *fixes[4]; /* of the breaking findings in order; "" where there is none */
    bool whole;           /* the first one alone makes the pair compatible */
} rows[] = {
    {"a name that was not required before is not required",
     "{\"required\":[\"a\",\"b\"]}",
     "{\"required\":[\"a\"]}",
     FIX_READER,
     {"do not require \"b\" at /required"},
     true},
    {"a list that empties goes",
     "{\"type\":\"object\",\"required\":[\"a\"]}",
     "{\"type\":\"object\"}",
     FIX_READER,
     {"do not require \"a\" at /required"},
     true},
    {"values that were allowed are allowed",
     "{\"enum\":[1,2]}",
     "{\"enum\":[1,3,\"x\"]}",
     FIX_READER,
     {"allow 3, \"x\" too at /enum"},
     true},
    {"a type that was allowed is allowed",
     "{\"type\":\"string\"}",
     "{\"type\":[\"string\",\"null\"]}",
     FIX_READER,
     {"allow \"null\" too at /type"},
     true},
    {"a bound goes back",
     "{\"type\":\"string\",\"maxLength\":5}",
     "{\"type\":\"string\",\"maxLength\":9}",
     FIX_READER,
     {"set /maxLength back to 9"},
     true},
    {"a keyword that was not there goes",
     "{\"type\":\"integer\",\"multipleOf\":2}",
     "{\"type\":\"integer\"}",
     FIX_READER,
     {"take out /multipleOf"},
     true},
    {"places deep inside are named",
     "{\"type\":\"object\",\"properties\":{\"a/b\":{\"items\":{\"maximum\":1}}}}",
     "{\"type\":\"object\",\"properties\":{\"a/b\":{\"items\":{\"maximum\":2}}}}",
     FIX_READER,
     {"set /properties/a~1b/items/maximum back to 2"},
     true},
    {"each break has its own",
     "{\"properties\":{\"a\":{\"minimum\":1},\"b\":{\"maxLength\":1}}}",
     "{\"properties\":{\"a\":{\"minimum\":0},\"b\":{\"maxLength\":2}}}",
     FIX_READER,
     {"set /properties/a/minimum back to 0", "set /properties/b/maxLength back to 2"},
     false},
    {"a new writer is given the bound that the reader has",
     "{\"type\":\"string\",\"maxLength\":5}",
     "{\"type\":\"string\",\"maxLength\":9}",
     FIX_WRITER,
     {"set /maxLength to 5"},
     true},
    {"a new writer requires what the reader requires",
     "{\"required\":[\"a\"]}",
     "{\"type\":\"object\"}",
     FIX_WRITER,
     {"set /required to [\"a\"]"},
     true},
    {"an alternative that was there comes back",
     "{\"anyOf\":[{\"type\":\"string\"}]}",
     "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}",
     FIX_READER,
     {"set /anyOf back to [{\"type\":\"string\"},{\"type\":\"null\"}]"},
     true},
    {"who asks for none gets none", "{\"maximum\":1}", "{\"maximum\":2}", FIX_NONE, {""}, false},
    {"nothing is proposed for a reader that is false",
     "false",
     "{\"type\":\"null\"}",
     FIX_READER,
     {""},
     false},
};

static schema_t *parse(text_t text)
{
    schema_source_t source = {.format = FORMAT_JSON, .text = text, .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema = NULL;
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, TEXT_FMT ": %s", TEXT_ARG(text), fault.text);
    return schema;
}

START_TEST(a_fix_is_the_smallest_edit_and_holds)
{
    arena_t *arena = arena_new();
    schema_t *reader = parse(text_of(rows[_i].reader)), *writer = parse(text_of(rows[_i].writer));
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 20, .fix = rows[_i].side};
    const report_t *report = compat_check(reader, writer, &options, arena);
    ck_assert_msg(report->verdict == VERDICT_INCOMPATIBLE, "%s", rows[_i].claim);
    for (size_t i = 0; i < 4 && rows[_i].fixes[i] != NULL; i++) {
        ck_assert_uint_lt(i, report->n_findings);
        ck_assert_msg(text_is(report->findings[i].fix, rows[_i].fixes[i]), "%s: " TEXT_FMT, rows[_i].claim,
                      TEXT_ARG(report->findings[i].fix));
    }
    if (rows[_i].whole) {
        schema_t *fixed = parse(report->findings[0].fixed_text);
        bool of_reader = rows[_i].side == FIX_READER;
        ck_assert_msg(
            compat_check(of_reader ? fixed : reader, of_reader ? writer : fixed, &options, arena)->verdict ==
                VERDICT_COMPATIBLE,
            "%s", rows[_i].claim);
        schema_unref(fixed);
    }
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

/* --- the keyword that refuses names the rule -------------------------------------------------------------------------------- */

/* A reader with the keyword, a writer that allows what it refuses, and the rule that tells of it. */
static const struct {
    const char *rule, *reader, *writer, *draft;
} rules[] = {
    {"type-not-allowed", "{\"type\":\"string\"}", "{\"type\":\"null\"}", "7"},
    {"value-not-allowed", "{\"enum\":[1]}", "{\"enum\":[1,2]}", "7"},
    {"value-not-allowed", "{\"const\":1}", "{\"enum\":[1,2]}", "7"},
    {"out-of-range", "{\"minimum\":1}", "{\"type\":\"integer\"}", "7"},
    {"out-of-range", "{\"maximum\":1}", "{\"type\":\"integer\"}", "7"},
    {"out-of-range", "{\"exclusiveMinimum\":1}", "{\"type\":\"integer\"}", "7"},
    {"out-of-range", "{\"exclusiveMaximum\":1}", "{\"type\":\"integer\"}", "7"},
    {"not-a-multiple", "{\"multipleOf\":2}", "{\"type\":\"integer\"}", "7"},
    {"length-out-of-range", "{\"minLength\":1}", "{\"type\":\"string\"}", "7"},
    {"length-out-of-range", "{\"maxLength\":1}", "{\"type\":\"string\"}", "7"},
    {"pattern-not-matched", "{\"pattern\":\"^a\"}", "{\"type\":\"string\"}", "7"},
    {"items-not-allowed", "{\"minItems\":1}", "{\"type\":\"array\"}", "7"},
    {"items-not-allowed", "{\"maxItems\":0}", "{\"type\":\"array\"}", "7"},
    {"items-not-allowed", "{\"items\":false}", "{\"type\":\"array\"}", "7"},
    {"items-not-allowed", "{\"items\":[{}],\"additionalItems\":false}", "{\"type\":\"array\"}", "7"},
    {"items-not-allowed", "{\"prefixItems\":[{}],\"unevaluatedItems\":false}", "{\"type\":\"array\"}",
     "2020-12"},
    {"items-not-unique", "{\"uniqueItems\":true}", "{\"type\":\"array\"}", "7"},
    {"contains-not-met", "{\"contains\":{\"type\":\"null\"}}", "{\"type\":\"array\"}", "7"},
    {"contains-not-met", "{\"contains\":{\"type\":\"null\"},\"minContains\":2}",
     "{\"type\":\"array\",\"contains\":{\"type\":\"null\"}}", "2020-12"},
    {"contains-not-met", "{\"contains\":{\"type\":\"null\"},\"maxContains\":2}",
     "{\"type\":\"array\",\"contains\":{\"type\":\"null\"}}", "2020-12"},
    {"missing-property", "{\"required\":[\"a\"]}", "{\"type\":\"object\"}", "7"},
    {"missing-dependency", "{\"dependencies\":{\"a\":[\"b\"]}}", "{\"type\":\"object\"}", "7"},
    {"missing-dependency", "{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"type\":\"object\"}", "2020-12"},
    {"property-not-allowed", "{\"additionalProperties\":false}", "{\"type\":\"object\"}", "7"},
    {"property-not-allowed", "{\"unevaluatedProperties\":false}", "{\"type\":\"object\"}", "2020-12"},
    {"name-not-allowed", "{\"propertyNames\":{\"maxLength\":1}}", "{\"type\":\"object\"}", "7"},
    {"properties-count", "{\"minProperties\":1}", "{\"type\":\"object\"}", "7"},
    {"properties-count", "{\"maxProperties\":1}", "{\"type\":\"object\"}", "7"},
    {"no-alternative", "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}", "{\"type\":\"integer\"}",
     "7"},
    {"not-exactly-one", "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}",
     "{\"type\":\"integer\"}", "7"},
    {"excluded", "{\"not\":{\"type\":\"integer\"}}", "{\"type\":\"integer\"}", "7"},
    {"nothing-allowed", "false", "{\"type\":\"integer\"}", "7"},
};

START_TEST(the_keyword_that_refuses_names_the_rule)
{
    arena_t *arena = arena_new();
    const char *texts[] = {rules[_i].reader, rules[_i].writer};
    schema_t *schemas[2];
    for (size_t i = 0; i < 2; i++) {
        schema_source_t source = {.format = FORMAT_JSON,
                                  .text = text_of(texts[i]),
                                  .dialect = text_of(rules[_i].draft),
                                  .limits = LIMITS_DEFAULT};
        ck_assert_int_eq(schema_parse(&source, &schemas[i], NULL), 0);
    }
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 5, .fix = FIX_NONE};
    const report_t *report = compat_check(schemas[0], schemas[1], &options, arena);
    ck_assert_msg(report->verdict == VERDICT_INCOMPATIBLE && report->n_findings > 0, "%s", texts[0]);
    ck_assert_msg(strcmp(report->findings[0].rule, rules[_i].rule) == 0, "%s: %s", texts[0],
                  report->findings[0].rule);
    ck_assert_int_eq(report->findings[0].class, CLASS_BREAKING);
    schema_unref(schemas[0]);
    schema_unref(schemas[1]);
    arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_fix");
    TCase *tc = tcase_create("fixes");
    tcase_add_loop_test(tc, a_fix_is_the_smallest_edit_and_holds, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(tc, the_keyword_that_refuses_names_the_rule, 0, sizeof rules / sizeof *rules);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

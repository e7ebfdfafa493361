/* check_diff.c - the semantic diff says what people would say, for both formats (compat/diff.h, compat/fields.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/diff.h"

#define RECORD(fields) \
    "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":[" fields "]}"
#define OBJECT(rest) "{\"type\":\"object\"," rest "}"

static schema_t *parse(format_id_t format, const char *text)
{
    schema_source_t source = {.format = format, .text = text_of(text), .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema = NULL;
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s: %s", text, fault.text);
    return schema;
}

/* --- what changed ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *claim;
    format_id_t format;
    const char *before, *after;
    const char *says; /* "word path" of each entry, in order, "; " between */
} rows[] = {
    {"equal schemas have no difference", FORMAT_AVRO, RECORD("{\"name\":\"id\",\"type\":\"long\"}"),
     RECORD("{\"name\":\"id\",\"type\":\"long\"}"), ""},
    {"a new field is added", FORMAT_AVRO, RECORD("{\"name\":\"id\",\"type\":\"long\"}"),
     RECORD("{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}"),
     "added note"},
    {"a missing field is removed", FORMAT_AVRO,
     RECORD("{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"n\",\"type\":\"int\"}"),
     RECORD("{\"name\":\"id\",\"type\":\"long\"}"), "removed n"},
    {"an alias makes it a rename", FORMAT_AVRO, RECORD("{\"name\":\"amount\",\"type\":\"long\"}"),
     RECORD("{\"name\":\"total\",\"type\":\"long\",\"aliases\":[\"amount\"]}"), "renamed total"},
    {"without an alias a like name of the same type is likely a rename", FORMAT_AVRO,
     RECORD("{\"name\":\"amount\",\"type\":\"long\"}"),
     RECORD("{\"name\":\"total_amount\",\"type\":\"long\"}"), "likely renamed total_amount"},
    {"names that have nothing in common are not taken for one", FORMAT_AVRO,
     RECORD("{\"name\":\"zip\",\"type\":\"string\"}"), RECORD("{\"name\":\"currency\",\"type\":\"string\"}"),
     "removed zip; added currency"},
    {"a promoted type is retyped", FORMAT_AVRO, RECORD("{\"name\":\"id\",\"type\":\"int\"}"),
     RECORD("{\"name\":\"id\",\"type\":\"long\"}"), "retyped id"},
    {"a field below a renamed one is the same field", FORMAT_AVRO,
     RECORD("{\"name\":\"to\",\"type\":{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"zip\","
            "\"type\":\"string\"}]}}"),
     RECORD("{\"name\":\"address\",\"aliases\":[\"to\"],\"type\":{\"type\":\"record\",\"name\":\"A\","
            "\"fields\":[{\"name\":\"zip\",\"type\":\"bytes\"}]}}"),
     "renamed address; retyped address.zip"},
    {"fields in items of an array have a path of their own", FORMAT_AVRO,
     RECORD("{\"name\":\"lines\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"L\","
            "\"fields\":[{\"name\":\"sku\",\"type\":\"int\"}]}}}"),
     RECORD("{\"name\":\"lines\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"L\","
            "\"fields\":[{\"name\":\"sku\",\"type\":\"long\"}]}}}"),
     "retyped lines[].sku"},
    {"a changed unit is told", FORMAT_AVRO, RECORD("{\"name\":\"a\",\"type\":\"long\",\"unit\":\"cents\"}"),
     RECORD("{\"name\":\"a\",\"type\":\"long\",\"unit\":\"dollars\"}"), "unit changed a"},
    {"a changed logical type is told", FORMAT_AVRO,
     RECORD("{\"name\":\"t\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}"),
     RECORD("{\"name\":\"t\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}}"),
     "logical type changed t"},
    {"a changed scale is told", FORMAT_AVRO,
     RECORD("{\"name\":\"p\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,"
            "\"scale\":2}}"),
     RECORD("{\"name\":\"p\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,"
            "\"scale\":3}}"),
     "changed p"},
    {"symbols are told one by one", FORMAT_AVRO,
     RECORD("{\"name\":\"s\",\"type\":{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"A\",\"B\"]}}"),
     RECORD("{\"name\":\"s\",\"type\":{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"A\",\"C\",\"D\"]}}"),
     "symbol removed s; symbol added s; symbol added s"},
    {"a changed default is told", FORMAT_AVRO, RECORD("{\"name\":\"a\",\"type\":\"int\",\"default\":1}"),
     RECORD("{\"name\":\"a\",\"type\":\"int\",\"default\":2}"), "default changed a"},
    {"a new tag is told", FORMAT_AVRO, RECORD("{\"name\":\"a\",\"type\":\"int\"}"),
     RECORD("{\"name\":\"a\",\"type\":\"int\",\"tags\":[\"PII\"]}"), "tags changed a"},
    {"words are told as words", FORMAT_AVRO, RECORD("{\"name\":\"a\",\"type\":\"int\",\"doc\":\"x\"}"),
     RECORD("{\"name\":\"a\",\"type\":\"int\",\"doc\":\"y\"}"), "documentation changed a"},
    {"a recursive type is listed once", FORMAT_AVRO,
     RECORD("{\"name\":\"next\",\"type\":[\"null\",\"Order\"]}"),
     RECORD("{\"name\":\"next\",\"type\":[\"null\",\"Order\"]},{\"name\":\"v\",\"type\":\"int\"}"),
     "added v"},
    {"a property is added", FORMAT_JSON, OBJECT("\"properties\":{\"a\":{\"type\":\"string\"}}"),
     OBJECT("\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"integer\"}}"), "added b"},
    {"a smaller bound constrains", FORMAT_JSON, OBJECT("\"properties\":{\"a\":{\"maxLength\":9}}"),
     OBJECT("\"properties\":{\"a\":{\"maxLength\":5}}"), "constrained a"},
    {"a larger bound relaxes", FORMAT_JSON, OBJECT("\"properties\":{\"a\":{\"maximum\":9}}"),
     OBJECT("\"properties\":{\"a\":{\"maximum\":9.5}}"), "relaxed a"},
    {"a larger lower bound constrains", FORMAT_JSON, OBJECT("\"properties\":{\"a\":{\"minItems\":1}}"),
     OBJECT("\"properties\":{\"a\":{\"minItems\":2}}"), "constrained a"},
    {"bounds of equal value do not differ by their spelling alone", FORMAT_JSON,
     OBJECT("\"properties\":{\"a\":{\"minItems\":1}}"), OBJECT("\"properties\":{\"a\":{\"minItems\":1}}"),
     ""},
    {"required constrains", FORMAT_JSON, OBJECT("\"properties\":{\"a\":{}}"),
     OBJECT("\"properties\":{\"a\":{}},\"required\":[\"a\"]"), "constrained a"},
    {"a field that was taken out with what was below it is told once", FORMAT_JSON,
     OBJECT("\"properties\":{\"keep\":{},\"gone\":{\"type\":\"object\",\"properties\":{\"x\":{},\"y\":{"
            "\"items\":{}}}}}"),
     OBJECT("\"properties\":{\"keep\":{}}"), "removed gone"},
    {"an optional property became required", FORMAT_JSON,
     OBJECT("\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"b\"]"),
     OBJECT("\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"a\"]"), "constrained a; relaxed b"},
    {"values of an enum are told one by one", FORMAT_JSON,
     OBJECT("\"properties\":{\"a\":{\"enum\":[\"x\",1]}}"),
     OBJECT("\"properties\":{\"a\":{\"enum\":[1,null]}}"), "symbol removed a; symbol added a"},
    {"a list of types is a type", FORMAT_JSON,
     OBJECT("\"properties\":{\"a\":{\"type\":[\"string\",\"null\"]}}"),
     OBJECT("\"properties\":{\"a\":{\"type\":[\"string\",\"integer\"]}}"), "retyped a"},
    {"a branch for null makes it a nullable type", FORMAT_JSON,
     OBJECT("\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}}"),
     OBJECT("\"properties\":{\"a\":{\"type\":\"string\"}}"), "retyped a"},
    {"branches of types have a type together", FORMAT_JSON,
     OBJECT("\"properties\":{\"a\":{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}}"),
     OBJECT("\"properties\":{\"a\":{\"type\":\"string\"}}"), "removed a<0>; removed a<1>; retyped a"},
    {"format, default, unit, tags and words are told", FORMAT_JSON,
     OBJECT("\"properties\":{\"a\":{\"type\":\"string\",\"format\":\"date\",\"default\":\"x\","
            "\"description\":\"d\","
            "\"x-unit\":\"ms\",\"x-tags\":[\"PII\",\"GDPR\"]}}"),
     OBJECT(
         "\"properties\":{\"a\":{\"type\":\"string\",\"format\":\"time\",\"default\":\"y\",\"title\":\"d2\","
         "\"x-unit\":\"s\",\"x-tags\":\"PII\"}}"),
     "logical type changed a; unit changed a; default changed a; documentation changed a; tags changed a"},
    {"a flag for personal data is a tag", FORMAT_JSON, OBJECT("\"properties\":{\"a\":{\"x-pii\":true}}"),
     OBJECT("\"properties\":{\"a\":{\"x-pii\":false}}"), "tags changed a"},
    {"positions, names by pattern and a rest have places", FORMAT_JSON,
     OBJECT("\"properties\":{\"t\":{\"items\":[{\"type\":\"string\"},{\"type\":\"null\"}]}},"
            "\"patternProperties\":{\"^x-\":{"
            "\"type\":\"string\"}}"),
     OBJECT("\"properties\":{\"t\":{\"items\":[{\"type\":\"string\"},{\"type\":\"number\"}]}},"
            "\"patternProperties\":{\"^x-\":{"
            "\"type\":\"integer\"}}"),
     "retyped t[1]; retyped {^x-}"},
    {"a recursive schema is listed once", FORMAT_JSON, OBJECT("\"properties\":{\"next\":{\"$ref\":\"#\"}}"),
     OBJECT("\"properties\":{\"next\":{\"$ref\":\"#\"},\"v\":{\"$ref\":\"#/properties/next\"}}"), "added v"},
    {"a boolean is a schema", FORMAT_JSON, OBJECT("\"properties\":{\"a\":true}"),
     OBJECT("\"properties\":{\"a\":false}"), ""},
    {"size, order, namespace and precision are told", FORMAT_AVRO,
     RECORD("{\"name\":\"f\",\"type\":{\"type\":\"fixed\",\"name\":\"F\",\"size\":4}},{\"name\":\"o\","
            "\"type\":\"int\"}"),
     RECORD("{\"name\":\"f\",\"type\":{\"type\":\"fixed\",\"name\":\"F\",\"size\":8}},{\"name\":\"o\","
            "\"type\":\"int\","
            "\"order\":\"descending\"}"),
     "changed f; changed o"},
    {"the default of an enum is told", FORMAT_AVRO,
     RECORD("{\"name\":\"s\",\"type\":{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"A\",\"B\"],"
            "\"default\":\"A\"}}"),
     RECORD("{\"name\":\"s\",\"type\":{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"A\",\"B\"],"
            "\"default\":\"B\"}}"),
     "changed s"},
    {"a property behind a reference is found", FORMAT_JSON,
     "{\"$ref\":\"#/definitions/"
     "o\",\"definitions\":{\"o\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}",
     "{\"$ref\":\"#/definitions/"
     "o\",\"definitions\":{\"o\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}}}",
     "retyped a"},
    {"closing an object constrains it", FORMAT_JSON, OBJECT("\"properties\":{}"),
     OBJECT("\"properties\":{},\"additionalProperties\":false"), "constrained "},
    {"a changed format is told", FORMAT_JSON, OBJECT("\"properties\":{\"a\":{\"format\":\"date\"}}"),
     OBJECT("\"properties\":{\"a\":{\"format\":\"time\"}}"), "logical type changed a"},
    {"recursive references end", FORMAT_JSON, OBJECT("\"properties\":{\"next\":{\"$ref\":\"#\"}}"),
     OBJECT("\"properties\":{\"next\":{\"$ref\":\"#\"},\"v\":{}}"), "added v"},
};

START_TEST(the_diff_says)
{
    schema_t *before = parse(rows[_i].format, rows[_i].before),
             *after = parse(rows[_i].format, rows[_i].after);
    limits_t limits = LIMITS_DEFAULT;
    arena_t *arena = arena_new();
    diff_t diff = schema_diff(before, after, &limits, arena);
    buf_t said;
    buf_init(&said, 65536);
    for (size_t i = 0; i < diff.n; i++) {
        const field_t *field = diff.entries[i].after != NULL ? diff.entries[i].after : diff.entries[i].before;
        buf_printf(&said, "%s%s " TEXT_FMT, i > 0 ? "; " : "", diff_word(diff.entries[i].kind),
                   TEXT_ARG(field->path));
    }
    ck_assert_msg(text_is(buf_text(&said), rows[_i].says), "%s: says \"%s\", not \"%s\"", rows[_i].claim,
                  buf_text(&said).at, rows[_i].says);
    ck_assert(diff.complete);
    buf_dispose(&said);
    arena_free(arena);
    schema_unref(before);
    schema_unref(after);
}
END_TEST

/* --- what narrows and what widens ---------------------------------------------------------------------------------------- */

/* Each keyword with a value and a stricter one; NULL: its presence alone narrows. */
static const struct {
    const char *keyword, *value, *stricter;
} keywords[] = {
    {"minLength", "1", "2"},
    {"minimum", "1.5", "1.75"},
    {"exclusiveMinimum", "-2", "-1"},
    {"minItems", "1", "10"},
    {"minProperties", "9", "10"},
    {"minContains", "1", "2"},
    {"maxLength", "10", "9"},
    {"maximum", "1e2", "99"},
    {"maxItems", "2", "1"},
    {"exclusiveMaximum", "0", "-0.5"},
    {"maxProperties", "2", "1"},
    {"maxContains", "2", "1"},
    {"pattern", "\"^a\"", NULL},
    {"multipleOf", "3", NULL},
    {"uniqueItems", "true", NULL},
    {"const", "1", NULL},
    {"additionalProperties", "false", NULL},
    {"propertyNames", "{\"maxLength\":3}", NULL},
    {"contains", "{\"type\":\"null\"}", NULL},
    {"not", "{\"type\":\"null\"}", NULL},
    {"unevaluatedProperties", "false", NULL},
    {"additionalItems", "false", NULL},
};

/* The difference that is about the keyword, between two objects whose property "a" has the keyword with these values; NULL: without it. */
static diff_kind_t kind_between(const char *keyword, const char *before, const char *after)
{
    const char *values[] = {before, after};
    schema_t *schemas[2];
    limits_t limits = LIMITS_DEFAULT;
    arena_t *arena = arena_new();
    for (size_t i = 0; i < 2; i++)
        schemas[i] = parse(
            FORMAT_JSON, values[i] == NULL ? OBJECT("\"properties\":{\"a\":{}}")
                                           : arena_printf(arena, OBJECT("\"properties\":{\"a\":{\"%s\":%s}}"),
                                                          keyword, values[i]));
    diff_t diff = schema_diff(schemas[0], schemas[1], &limits, arena);
    diff_kind_t kind = DIFF_N;
    for (size_t i = 0; i < diff.n; i++)
        if (strcmp(diff.entries[i].fact, keyword) == 0)
            kind = diff.entries[i].kind;
    arena_free(arena);
    schema_unref(schemas[0]);
    schema_unref(schemas[1]);
    return kind;
}

START_TEST(a_keyword_constrains_and_its_removal_relaxes)
{
    const char *keyword = keywords[_i].keyword, *value = keywords[_i].value,
               *stricter = keywords[_i].stricter;
    ck_assert_msg(kind_between(keyword, NULL, value) == DIFF_CONSTRAINED, "%s added", keyword);
    ck_assert_msg(kind_between(keyword, value, NULL) == DIFF_RELAXED, "%s removed", keyword);
    if (stricter == NULL)
        return;
    ck_assert_msg(kind_between(keyword, value, stricter) == DIFF_CONSTRAINED, "%s stricter", keyword);
    ck_assert_msg(kind_between(keyword, stricter, value) == DIFF_RELAXED, "%s laxer", keyword);
}
END_TEST

static const struct {
    diff_kind_t kind;
    const char *word;
    finding_class_t class;
} kinds[] = {
    {DIFF_ADDED, "added", CLASS_SAFE},
    {DIFF_REMOVED, "removed", CLASS_SAFE},
    {DIFF_RENAMED, "renamed", CLASS_RISKY},
    {DIFF_MAYBE_RENAMED, "likely renamed", CLASS_RISKY},
    {DIFF_RETYPED, "retyped", CLASS_RISKY},
    {DIFF_CONSTRAINED, "constrained", CLASS_SAFE},
    {DIFF_RELAXED, "relaxed", CLASS_SAFE},
    {DIFF_SYMBOL_ADDED, "symbol added", CLASS_RISKY},
    {DIFF_SYMBOL_REMOVED, "symbol removed", CLASS_RISKY},
    {DIFF_DEFAULT_CHANGED, "default changed", CLASS_RISKY},
    {DIFF_LOGICAL_CHANGED, "logical type changed", CLASS_RISKY},
    {DIFF_UNIT_CHANGED, "unit changed", CLASS_RISKY},
    {DIFF_TAGS_CHANGED, "tags changed", CLASS_RISKY},
    {DIFF_FACT_CHANGED, "changed", CLASS_RISKY},
    {DIFF_DOC_CHANGED, "documentation changed", CLASS_DOCUMENTATION},
};

START_TEST(a_difference_has_its_word_and_class)
{
    ck_assert_str_eq(diff_word(kinds[_i].kind), kinds[_i].word);
    ck_assert_int_eq(diff_class(kinds[_i].kind), kinds[_i].class);
    ck_assert_int_eq((int)(sizeof kinds / sizeof *kinds), DIFF_N);
}
END_TEST

/* --- fields ------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *claim;
    format_id_t format;
    const char *text;
    const char *paths; /* ", " between, the root left out */
} lists[] = {
    {"records, arrays, maps and unions have paths", FORMAT_AVRO,
     RECORD("{\"name\":\"c\",\"type\":{\"type\":\"record\",\"name\":\"C\",\"fields\":[{\"name\":\"zip\","
            "\"type\":\"int\"}]}},"
            "{\"name\":\"l\",\"type\":{\"type\":\"array\",\"items\":\"string\"}},{\"name\":\"m\",\"type\":{"
            "\"type\":\"map\",\"values\":\"C\"}},"
            "{\"name\":\"u\",\"type\":[\"null\",\"int\",\"string\"]}"),
     "c, c.zip, l, l[], m, m{}.zip, u, u<int>, u<string>"},
    {"objects, arrays, maps and unions have paths", FORMAT_JSON,
     OBJECT("\"properties\":{\"c\":{\"properties\":{\"zip\":{}}},\"l\":{\"items\":{\"type\":\"string\"}},"
            "\"m\":{\"additionalProperties\":{\"type\":\"integer\"}},"
            "\"u\":{\"oneOf\":[{\"type\":\"string\"},{\"title\":\"n\",\"type\":\"number\"}]}}"),
     "c, c.zip, l, l[], m, m{}, u, u<0>, u<n>"},
    {"allOf adds its properties to the same place", FORMAT_JSON,
     "{\"allOf\":[{\"properties\":{\"a\":{}}},{\"properties\":{\"b\":{}}}],\"properties\":{\"c\":{}}}",
     "c, a, b"},
};

START_TEST(fields_are_listed)
{
    schema_t *schema = parse(lists[_i].format, lists[_i].text);
    limits_t limits = LIMITS_DEFAULT;
    arena_t *arena = arena_new();
    fields_t fields = schema_fields(schema, &limits, arena);
    buf_t said;
    buf_init(&said, 65536);
    for (size_t i = 1; i < fields.n; i++)
        buf_printf(&said, "%s" TEXT_FMT, i > 1 ? ", " : "", TEXT_ARG(fields.at[i].path));
    ck_assert_msg(text_is(buf_text(&said), lists[_i].paths), "%s: %s", lists[_i].claim, buf_text(&said).at);
    buf_dispose(&said);
    arena_free(arena);
    schema_unref(schema);
}
END_TEST

START_TEST(a_mistyped_path_gets_a_suggestion)
{
    schema_t *schema = parse(
        FORMAT_AVRO,
        RECORD("{\"name\":\"coupon_code\",\"type\":\"string\"},{\"name\":\"currency\",\"type\":\"string\"}"));
    limits_t limits = LIMITS_DEFAULT;
    arena_t *arena = arena_new();
    fields_t fields = schema_fields(schema, &limits, arena);
    const field_t *found[3];
    ck_assert_ptr_null(fields_find(&fields, TEXT("coupon.code")));
    ck_assert_uint_ge(fields_suggest(&fields, TEXT("coupon.code"), found, 3), 1);
    ck_assert(text_is(found[0]->path, "coupon_code"));
    arena_free(arena);
    schema_unref(schema);
}
END_TEST

START_TEST(the_list_stops_at_its_limit_and_says_so)
{
    schema_t *schema =
        parse(FORMAT_AVRO, RECORD("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\"}"));
    limits_t limits = LIMITS_DEFAULT;
    limits.max_nodes = 2;
    arena_t *arena = arena_new();
    fields_t fields = schema_fields(schema, &limits, arena);
    ck_assert_uint_eq(fields.n, 2);
    ck_assert(!fields.complete);
    arena_free(arena);
    schema_unref(schema);
}
END_TEST

/* --- the version number ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *claim;
    verdict_t backward, forward;
    diff_kind_t kind;
    size_t n;
    semver_t step;
} steps[] = {
    {"no difference asks for nothing", VERDICT_COMPATIBLE, VERDICT_COMPATIBLE, DIFF_ADDED, 0, SEMVER_NONE},
    {"words ask for a patch", VERDICT_COMPATIBLE, VERDICT_COMPATIBLE, DIFF_DOC_CHANGED, 1, SEMVER_PATCH},
    {"a structural difference asks for a minor", VERDICT_COMPATIBLE, VERDICT_COMPATIBLE, DIFF_ADDED, 1,
     SEMVER_MINOR},
    {"a break in one direction asks for a major", VERDICT_COMPATIBLE, VERDICT_INCOMPATIBLE, DIFF_ADDED, 1,
     SEMVER_MAJOR},
    {"what is undecided may break", VERDICT_UNDECIDED, VERDICT_COMPATIBLE, DIFF_DOC_CHANGED, 1, SEMVER_MAJOR},
};

START_TEST(the_proposed_version)
{
    report_t backward = {.verdict = steps[_i].backward}, forward = {.verdict = steps[_i].forward};
    diff_entry_t entry = {.kind = steps[_i].kind};
    diff_t diff = {&entry, steps[_i].n, true};
    ck_assert_msg(semver_propose(&diff, &backward, &forward) == steps[_i].step, "%s", steps[_i].claim);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diff");
    TCase *diffs = tcase_create("differences"), *list = tcase_create("fields"),
          *version = tcase_create("version");
    tcase_add_loop_test(diffs, the_diff_says, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(diffs, a_keyword_constrains_and_its_removal_relaxes, 0,
                        sizeof keywords / sizeof *keywords);
    tcase_add_loop_test(diffs, a_difference_has_its_word_and_class, 0, sizeof kinds / sizeof *kinds);
    tcase_add_loop_test(list, fields_are_listed, 0, sizeof lists / sizeof *lists);
    tcase_add_test(list, a_mistyped_path_gets_a_suggestion);
    tcase_add_test(list, the_list_stops_at_its_limit_and_says_so);
    tcase_add_loop_test(version, the_proposed_version, 0, sizeof steps / sizeof *steps);
    suite_add_tcase(suite, diffs);
    suite_add_tcase(suite, list);
    suite_add_tcase(suite, version);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

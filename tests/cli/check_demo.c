/* The company of `avow demo` holds together: schemas that parse, versions that follow each other, fields and services that exist. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/demo/company.h"
#include "cli/demo/shorthand.h"
#include "compat/compat.h"

static json_t *company;

static const char *text_at(const json_t *row, size_t i)
{
    return json_string_value(json_array_get(row, i));
}

static const json_t *event_at(int i)
{
    return json_array_get(json_object_get(company, "events"), (size_t)i);
}

static schema_t *parse(const json_t *record)
{
    char *text = json_dumps(record, JSON_COMPACT);
    fault_t fault = {0};
    schema_t *schema = NULL;
    schema_source_t source = {
        .format = FORMAT_AVRO, .text = text_of(text), .flags = SCHEMA_VALIDATE, .limits = LIMITS_DEFAULT};
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s", text);
    free(text);
    return schema;
}

START_TEST(every_version_reads_the_one_before_it)
{
    const json_t *row = event_at(_i), *step;
    arena_t *arena = arena_new();
    json_t *record = shorthand_record(text_at(row, 0), text_at(row, 3));
    ck_assert_int_eq(shorthand_append(record, text_at(row, 4)), 0);
    schema_t *before = parse(record);
    check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT};
    size_t i;
    json_array_foreach(json_array_get(row, 5), i, step)
    {
        ck_assert_int_eq(shorthand_append(record, json_string_value(step)), 0);
        schema_t *after = parse(record);
        ck_assert_msg(compat_check(after, before, &options, arena)->verdict == VERDICT_COMPATIBLE, "%s: %s",
                      text_at(row, 0), json_string_value(step));
        schema_unref(before);
        before = after;
    }
    schema_unref(before);
    json_decref(record);
    arena_free(arena);
}
END_TEST

static bool has_service(const char *name, size_t bytes)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(company, "services"), i,
                       row) if (strlen(text_at(row, 0)) == bytes &&
                                memcmp(text_at(row, 0), name, bytes) == 0) return true;
    return false;
}

START_TEST(whoever_writes_or_reads_is_a_service)
{
    const json_t *row = event_at(_i), *consumer;
    size_t i;
    ck_assert_msg(has_service(text_at(row, 2), strlen(text_at(row, 2))), "%s", text_at(row, 2));
    json_array_foreach(json_array_get(row, 6), i, consumer)
    {
        const char *text = json_string_value(consumer);
        ck_assert_msg(has_service(text, strcspn(text, "(")), "%s", text);
    }
}
END_TEST

static const struct {
    const char *text, *json;
} rows[] = {
    {"a string", "{\"name\":\"a\",\"type\":\"string\"}"},
    {"a string?", "{\"name\":\"a\",\"type\":[\"null\",\"string\"],\"default\":null}"},
    {"a long {cents} # Sum", "{\"name\":\"a\",\"type\":\"long\",\"doc\":\"Sum\",\"unit\":\"cents\"}"},
    {"a enum(X,Y) = X", "{\"name\":\"a\",\"type\":{\"type\":\"enum\",\"name\":\"A\",\"symbols\":[\"X\",\"Y\"]"
                        "},\"default\":\"X\"}"},
    {"a [int] = []", "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":\"int\"},\"default\":[]}"},
    {"a string @PII", "{\"name\":\"a\",\"type\":\"string\",\"confluent:tags\":[\"PII\"]}"},
};

START_TEST(the_notation_says_what_it_says)
{
    json_t *made = shorthand_field(rows[_i].text), *wanted = json_loads(rows[_i].json, 0, NULL);
    ck_assert_msg(made != NULL && json_equal(made, wanted), "%s", rows[_i].text);
    json_decref(made);
    json_decref(wanted);
}
END_TEST

int main(void)
{
    company = json_loadb(company_json, company_json_bytes, JSON_REJECT_DUPLICATES, NULL);
    int n_events = (int)json_array_size(json_object_get(company, "events"));
    Suite *suite = suite_create("demo");
    TCase *tc = tcase_create("company");
    tcase_add_loop_test(tc, the_notation_says_what_it_says, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(tc, every_version_reads_the_one_before_it, 0, n_events);
    tcase_add_loop_test(tc, whoever_writes_or_reads_is_a_service, 0, n_events);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(company);
    return n_events > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

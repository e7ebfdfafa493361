/* Pairs worth reading: tests/data/avro/<case>/{reader,writer,expect}.json, each with the rule that it shows. */
#include <dirent.h>
#include <stdio.h>

#include "avro_support.h"

#define CASES_MAX 100

static char names[CASES_MAX][64];
static int n_cases;

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void find_cases(void)
{
    DIR *dir = opendir(TEST_DATA "/avro");
    for (struct dirent *entry; dir && (entry = readdir(dir)) && n_cases < CASES_MAX;)
        if (entry->d_name[0] != '.')
            snprintf(names[n_cases++], sizeof names[0], "%.60s", entry->d_name);
    if (dir)
        closedir(dir);
    qsort(names, (size_t)n_cases, sizeof names[0], by_name);
}

static text_t file_of(const char *name, const char *file, arena_t *arena)
{
    text_t path = text_printf(arena, TEST_DATA "/avro/%s/%s.json", name, file);
    FILE *in = fopen(path.at, "rb");
    ck_assert_msg(in != NULL, "%s", path.at);
    char *bytes = arena_alloc(arena, 1 << 16);
    size_t n = fread(bytes, 1, (1 << 16) - 1, in);
    fclose(in);
    return (text_t){bytes, n};
}

static schema_t *schema_in(const char *name, const char *file, arena_t *arena)
{
    schema_source_t source = {
        .format = FORMAT_AVRO, .text = file_of(name, file, arena), .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s/%s: %s", name, file, fault.text);
    return schema;
}

/* The breaking findings as "rule pointer" against a list of such strings. */
static void compare_breaks(const char *name, const report_t *report, const jv_t *expected, arena_t *arena)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_findings; i++) {
        const finding_t *f = &report->findings[i];
        if (f->class != CLASS_BREAKING)
            continue;
        text_t found = text_printf(arena, "%s " TEXT_FMT, f->rule, TEXT_ARG(f->reader.pointer));
        ck_assert_msg(expected && n < expected->n && text_eq(found, expected->items[n].text), "%s: %s", name,
                      found.at);
        n++;
    }
    ck_assert_msg(!expected || n == expected->n, "%s: %zu breaks", name, n);
}

START_TEST(a_case_is_as_it_says)
{
    const char *name = names[_i];
    arena_t *arena = arena_new();
    schema_t *reader = schema_in(name, "reader", arena), *writer = schema_in(name, "writer", arena);
    jv_t *expect;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    ck_assert_int_eq(jv_read(file_of(name, "expect", arena), JV_STRICT, &limits, arena, &expect, &fault), 0);
    check_options_t options = {.mode = MODE_STRICT, .limits = limits, .max_findings = 50};
    const report_t *strict = compat_check(reader, writer, &options, arena);
    options.mode = MODE_CONFLUENT;
    const report_t *confluent = compat_check(reader, writer, &options, arena);
    ck_assert_msg(jv_is_string(jv_get(expect, "strict"), verdict_name(strict->verdict)), "%s, strict", name);
    for (check_mode_t mode = MODE_CONFLUENT; mode <= MODE_STRICT; mode++) {
        check_options_t alone = {.mode = mode, .limits = limits};
        ck_assert_msg(compat_check(reader, writer, &alone, arena)->verdict ==
                          (mode == MODE_STRICT ? strict : confluent)->verdict,
                      "%s: the verdict alone is another one", name);
    }
    ck_assert_msg(jv_is_string(jv_get(expect, "confluent"), verdict_name(confluent->verdict)),
                  "%s, confluent", name);
    ck_assert_msg(jv_get(expect, "why") != NULL, "%s does not say why", name);
    compare_breaks(name, strict, jv_get(expect, "breaks"), arena);
    compare_breaks(name, confluent, jv_get(expect, "differences"), arena);
    const jv_t *message = jv_get(expect, "message");
    ck_assert_int_eq(message != NULL, strict->witness != NULL);
    if (message) {
        jv_t *witness;
        ck_assert_int_eq(jv_read(strict->witness->json, JV_STRICT, &limits, arena, &witness, &fault), 0);
        ck_assert_msg(jv_equal(witness, message), "%s: %s", name, strict->witness->json.at);
    }
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

START_TEST(there_are_cases)
{
    ck_assert_int_ge(n_cases, 15);
}
END_TEST

int main(void)
{
    find_cases();
    Suite *suite = suite_create("avro_cases");
    TCase *tc = tcase_create("cases");
    tcase_add_test(tc, there_are_cases);
    tcase_add_loop_test(tc, a_case_is_as_it_says, 0, n_cases);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

/* check_report.c - reports as people and machines read them (compat/report.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/report.h"

static schema_t *parse(format_id_t format, const char *text)
{
    schema_source_t source = {.format = format, .text = text_of(text), .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema = NULL;
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s: %s", text, fault.text);
    return schema;
}

typedef struct {
    const char *claim;
    format_id_t format;
    const char *reader, *writer;
    check_mode_t mode;
    uint64_t max_steps; /* 0: the default */
    report_style_t style;
    const char *has[6]; /* what the text holds, in this order */
    const char *lacks;
} row_t;

static const row_t rows[] = {
    {"a break shows its rule, places, sentence and message",
     FORMAT_AVRO,
     "{\"type\":\"record\",\"name\":\"R\",\"fields\":[\n  {\"name\":\"a\",\"type\":\"int\"}]}",
     "{\"type\":\"record\",\"name\":\"R\",\"fields\":[\n  {\"name\":\"a\",\"type\":\"string\"}]}",
     MODE_STRICT,
     0,
     {false, 100},
     {"type-mismatch", "\"type\":\"int\"", "{\"a\":\"\"}"},
     "\x1b["},
    {"colours are asked for",
     FORMAT_AVRO,
     "\"int\"",
     "\"string\"",
     MODE_STRICT,
     0,
     {true, 100},
     {"\x1b[", "type-mismatch"},
     NULL},
    {"a narrow terminal shows the part of the line that matters",
     FORMAT_AVRO,
     "{\"type\":\"record\",\"name\":\"WithAVeryLongNameThatFillsTheLine\",\"doc\":\"and a text that goes "
     "on\",\"fields\":["
     "{\"name\":\"id\",\"type\":\"int\"}]}",
     "{\"type\":\"record\",\"name\":\"WithAVeryLongNameThatFillsTheLine\",\"doc\":\"and a text that goes "
     "on\",\"fields\":["
     "{\"name\":\"id\",\"type\":\"string\"}]}",
     MODE_STRICT,
     0,
     {false, 40},
     {"type-mismatch", "id"},
     "and a text that goes on"},
    {"a field that the writer lacks is not there",
     FORMAT_AVRO,
     "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}",
     "{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}",
     MODE_STRICT,
     0,
     {false, 90},
     {"missing-default"},
     NULL},
    {"letters of more than one byte stay whole, control characters are not sent to the terminal",
     FORMAT_JSON,
     "{\"description\":\"gr\xC3\xB6\xC3\x9F"
     "er \xE2\x82\xAC\",\t\"maximum\":1}",
     "{\"description\":\"gr\xC3\xB6\xC3\x9F"
     "er \xE2\x82\xAC\",\t\"type\":\"integer\"}",
     MODE_STRICT,
     0,
     {false, 60},
     {"out-of-range", "\"maximum\":1"},
     "\t"},
    {"differences of confluent mode have no message",
     FORMAT_JSON,
     "{\"type\":\"string\",\"maxLength\":1}",
     "{\"type\":\"string\",\"maxLength\":2}",
     MODE_CONFLUENT,
     0,
     {false, 80},
     {"MAX_LENGTH_DECREASED"},
     NULL},
    {"what is undecided says why",
     FORMAT_JSON,
     "{\"pattern\":\"^(.+)\\\\1$\"}",
     "{\"type\":\"string\",\"pattern\":\"^(aa)+$\"}",
     MODE_STRICT,
     0,
     {false, 80},
     {"UNDECIDED"},
     NULL},
    {"a budget that is spent is said",
     FORMAT_AVRO,
     "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\","
     "\"type\":\"int\"}]}",
     "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"b\",\"type\":\"int\"},{\"name\":\"a\","
     "\"type\":\"int\"}]}",
     MODE_STRICT,
     1,
     {true, 80},
     {"UNDECIDED", "budget"},
     NULL},
    {"a compatible pair says so",
     FORMAT_AVRO,
     "\"long\"",
     "\"int\"",
     MODE_STRICT,
     0,
     {false, 80},
     {"COMPATIBLE", "type-widened"},
     "INCOMPATIBLE"},
};

static const report_t *report_of(const row_t *row, schema_t *reader, schema_t *writer, arena_t *arena)
{
    check_options_t options = {.mode = row->mode, .limits = LIMITS_DEFAULT, .max_findings = 20};
    if (row->max_steps > 0)
        options.limits.max_steps = row->max_steps;
    return compat_check(reader, writer, &options, arena);
}

START_TEST(the_text_is_for_people)
{
    const row_t *row = &rows[_i];
    arena_t *arena = arena_new();
    schema_t *reader = parse(row->format, row->reader), *writer = parse(row->format, row->writer);
    side_t sides[] = {{"new.avsc", "new", text_of(row->reader)}, {"old.avsc", "old", text_of(row->writer)}};
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    report_print_text(&out, report_of(row, reader, writer, arena), &sides[0], &sides[1], &row->style);
    const char *text = buf_text(&out).at, *at = text;
    for (size_t i = 0; i < 6 && row->has[i] != NULL; i++) {
        at = strstr(at, row->has[i]);
        ck_assert_msg(at != NULL, "%s: no %s in\n%s", row->claim, row->has[i], text);
    }
    ck_assert_msg(row->lacks == NULL || strstr(text, row->lacks) == NULL, "%s:\n%s", row->claim, text);
    ck_assert_uint_eq(text_utf8_valid(buf_text(&out)), buf_text(&out).bytes);
    buf_dispose(&out);
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

START_TEST(the_json_is_for_machines)
{
    const row_t *row = &rows[_i];
    arena_t *arena = arena_new();
    schema_t *reader = parse(row->format, row->reader), *writer = parse(row->format, row->writer);
    const report_t *report = report_of(row, reader, writer, arena);
    limits_t limits = LIMITS_DEFAULT;
    fault_t fault = {0};
    jv_t *json;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '{');
    report_print_members(&out, report);
    buf_add_char(&out, '}');
    ck_assert_msg(jv_read(buf_text(&out), JV_STRICT, &limits, arena, &json, &fault) == 0, "%s: %s\n%s",
                  row->claim, fault.text, buf_text(&out).at);
    ck_assert(jv_is_string(jv_get(json, "verdict"), verdict_name(report->verdict)));
    ck_assert_int_eq(jv_get(json, "reason") != NULL, report->reason != NULL);
    ck_assert_uint_eq(jv_get(json, "findings")->n, report->n_findings);
    for (uint32_t i = 0; i < report->n_findings; i++) {
        const jv_t *finding = &jv_get(json, "findings")->items[i];
        ck_assert(jv_is_string(jv_get(finding, "rule"), report->findings[i].rule));
        ck_assert(jv_is_string(jv_get(finding, "class"), finding_class_name(report->findings[i].class)));
    }
    buf_dispose(&out);
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tc = tcase_create("report");
    tcase_add_loop_test(tc, the_text_is_for_people, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(tc, the_json_is_for_machines, 0, sizeof rows / sizeof *rows);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

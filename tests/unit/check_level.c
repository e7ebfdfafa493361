/* The seven levels over the history of a subject, and the messages that go with a refusal. */
#include <stdio.h>

#include "avro_support.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

/* Schemas that differ in what they read: V1 {a}, V2 {a, b with default}, V3 {a, b, c without default}, T another type. */
static const char *const texts[] = {
    "{'type':'record','name':'R','fields':[{'name':'a','type':'int'}]}",
    "{'type':'record','name':'R','fields':[{'name':'a','type':'int'},{'name':'b','type':'int','default':0}]}",
    "{'type':'record','name':'R','fields':[{'name':'a','type':'int'},{'name':'b','type':'int'}]}",
    "{'type':'record','name':'R','fields':[{'name':'a','type':'string'}]}",
};
enum { A, A_B0, A_B, S };

/* `history` is newest first; `version` is the one that fails (the oldest is 1), 0 for none. */
static const struct {
    const char *name;
    level_t level;
    int candidate;
    int history[3];
    int n, version;
} rows[] = {
    {"NONE takes anything", LEVEL_NONE, S, {A}, 1, 0},
    {"NONE asks neither the new one to read", LEVEL_NONE, A_B, {A}, 1, 0},
    {"nor the old one", LEVEL_NONE, A, {A_B}, 1, 0},
    {"no history, no refusal", LEVEL_FULL_TRANSITIVE, A, {0}, 0, 0},
    {"BACKWARD: the new one reads the old one", LEVEL_BACKWARD, A_B0, {A}, 1, 0},
    {"BACKWARD: a field without default", LEVEL_BACKWARD, A_B, {A}, 1, 1},
    {"BACKWARD: a field may go", LEVEL_BACKWARD, A, {A_B}, 1, 0},
    {"BACKWARD looks at the latest only", LEVEL_BACKWARD, A_B, {A_B0, A}, 2, 0},
    {"BACKWARD_TRANSITIVE looks at all", LEVEL_BACKWARD_TRANSITIVE, A_B, {A_B0, A}, 2, 1},
    {"BACKWARD_TRANSITIVE stops at the newest that fails",
     LEVEL_BACKWARD_TRANSITIVE,
     A_B,
     {A_B0, A, S},
     3,
     2},
    {"FORWARD: the old one reads the new one", LEVEL_FORWARD, A_B, {A}, 1, 0},
    {"FORWARD: a field that the old one needs", LEVEL_FORWARD, A, {A_B}, 1, 1},
    {"FORWARD: a field that it has a default for", LEVEL_FORWARD, A, {A_B0}, 1, 0},
    {"FORWARD looks at the latest only", LEVEL_FORWARD, A, {A_B0, A_B}, 2, 0},
    {"FORWARD_TRANSITIVE looks at all", LEVEL_FORWARD_TRANSITIVE, A, {A_B0, A_B}, 2, 1},
    {"FORWARD_TRANSITIVE does not ask the new one to read", LEVEL_FORWARD_TRANSITIVE, A_B, {A}, 1, 0},
    {"BACKWARD_TRANSITIVE does not ask the old ones to read", LEVEL_BACKWARD_TRANSITIVE, A, {A_B}, 1, 0},
    {"FULL: both ways", LEVEL_FULL, A_B0, {A}, 1, 0},
    {"FULL: backward fails", LEVEL_FULL, A_B, {A}, 1, 1},
    {"FULL: forward fails", LEVEL_FULL, A, {A_B}, 1, 1},
    {"FULL looks at the latest only", LEVEL_FULL, A_B, {A_B0, A}, 2, 0},
    {"FULL_TRANSITIVE looks at all", LEVEL_FULL_TRANSITIVE, A_B, {A_B0, A}, 2, 1},
    {"FULL_TRANSITIVE: any of them fails to read", LEVEL_FULL_TRANSITIVE, A, {A_B0, A_B}, 2, 1},
    {"FULL_TRANSITIVE passes when all pass", LEVEL_FULL_TRANSITIVE, A_B0, {A_B, A, A_B0}, 3, 0},
};

static const check_options_t options = {
    .mode = MODE_CONFLUENT,
    .limits = {
        .max_bytes = 1 << 20, .max_depth = 64, .max_nodes = 10000, .max_digits = 100, .max_steps = 10000}};

START_TEST(each_level_asks_its_own_question)
{
    arena_t *arena = arena_new();
    schema_t *candidate = schema_of(texts[rows[_i].candidate]);
    earlier_t earlier[3];
    for (int i = 0; i < rows[_i].n; i++)
        earlier[i] = (earlier_t){schema_of(texts[rows[_i].history[i]]), rows[_i].n - i};
    const level_report_t *report = level_check(rows[_i].level, candidate, earlier, (size_t)rows[_i].n,
                                               &options, &(message_style_t){0}, arena);
    ck_assert_msg(report->version == rows[_i].version, "%s: %d", rows[_i].name, report->version);
    ck_assert_int_eq(report->compatible, rows[_i].version == 0);
    ck_assert_int_eq(report->n_messages == 0, rows[_i].version == 0);
    for (int i = 0; i < rows[_i].n; i++)
        schema_unref(earlier[i].schema);
    schema_unref(candidate);
    arena_free(arena);
}
END_TEST

/* --- names ----------------------------------------------------------------------------------------------------------------- */

START_TEST(levels_have_names_in_any_case)
{
    static const char *const names[] = {"NONE",           "BACKWARD",           "BACKWARD_TRANSITIVE",
                                        "FORWARD",        "FORWARD_TRANSITIVE", "FULL",
                                        "FULL_TRANSITIVE"};
    level_t level;
    ck_assert_str_eq(level_name((level_t)_i), names[_i]);
    ck_assert(level_find(text_of(names[_i]), &level) && (int)level == _i);
    char lower[32];
    snprintf(lower, sizeof lower, "%s", names[_i]);
    lower[0] = (char)(lower[0] + 32);
    ck_assert(level_find(text_of(lower), &level) && (int)level == _i);
    ck_assert_int_eq(level_is_transitive((level_t)_i), strstr(names[_i], "TRANSITIVE") != NULL);
    ck_assert(!level_find(TEXT("BACKWARDS"), &level));
    ck_assert(!level_find(TEXT(""), &level));
}
END_TEST

START_TEST(formats_have_names_and_none_means_avro)
{
    format_id_t id;
    ck_assert(format_find(TEXT(""), &id) && id == FORMAT_AVRO);
    ck_assert(format_find(TEXT("AVRO"), &id) && id == FORMAT_AVRO);
    ck_assert(format_find(TEXT("JSON"), &id) && id == FORMAT_JSON);
    ck_assert(!format_find(TEXT("avro"), &id));
    ck_assert(!format_find(TEXT("PROTOBUF"), &id));
    ck_assert_str_eq(format_name(FORMAT_AVRO), "AVRO");
    ck_assert_str_eq(format_name(FORMAT_JSON), "JSON");
}
END_TEST

/* --- messages --------------------------------------------------------------------------------------------------------------- */

typedef struct {
    arena_t *arena;
    schema_t *candidate, *old;
    const level_report_t *report;
} refusal_t;

static refusal_t refuse(level_t level, int candidate, int old, message_style_t style)
{
    refusal_t r = {
        .arena = arena_new(), .candidate = schema_of(texts[candidate]), .old = schema_of(texts[old])};
    earlier_t earlier = {r.old, 7};
    r.report = level_check(level, r.candidate, &earlier, 1, &options, &style, r.arena);
    ck_assert(!r.report->compatible);
    return r;
}

static void refusal_dispose(refusal_t *r)
{
    schema_unref(r->candidate);
    schema_unref(r->old);
    arena_free(r->arena);
}

START_TEST(a_refusal_ends_with_version_schema_and_level)
{
    refusal_t r = refuse(LEVEL_BACKWARD, A_B, A,
                         (message_style_t){.with_validate_fields = true, .validate_fields = true});
    ck_assert_uint_eq(r.report->n_messages, 4);
    ck_assert(text_starts(r.report->messages[0],
                          TEXT("{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'")));
    ck_assert_str_eq(r.report->messages[1].at, "{oldSchemaVersion: 7}");
    ck_assert_str_eq(
        r.report->messages[2].at,
        "{oldSchema: '{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}'}");
    ck_assert_str_eq(r.report->messages[3].at, "{validateFields: 'true', compatibility: 'BACKWARD'}");
    refusal_dispose(&r);
}
END_TEST

START_TEST(the_trailer_has_two_styles)
{
    refusal_t plain = refuse(LEVEL_FORWARD, A, A_B, (message_style_t){0});
    ck_assert_str_eq(plain.report->messages[3].at, "{compatibility: 'FORWARD'}");
    refusal_t with = refuse(LEVEL_FORWARD, A, A_B, (message_style_t){.with_validate_fields = true});
    ck_assert_str_eq(with.report->messages[3].at, "{validateFields: 'false', compatibility: 'FORWARD'}");
    refusal_dispose(&plain);
    refusal_dispose(&with);
}
END_TEST

START_TEST(full_puts_forward_first_and_leaves_the_schema_out_unless_backward_fails)
{
    refusal_t forward = refuse(LEVEL_FULL, A, A_B, (message_style_t){0});
    ck_assert_uint_eq(forward.report->n_messages, 2);
    ck_assert_str_eq(forward.report->messages[1].at, "{compatibility: 'FULL'}");
    refusal_t backward = refuse(LEVEL_FULL, A_B, A, (message_style_t){0});
    ck_assert_uint_eq(backward.report->n_messages, 4);
    refusal_t both = refuse(LEVEL_FULL, S, A, (message_style_t){0});
    ck_assert_uint_eq(both.report->n_messages, 5);
    ck_assert_ptr_nonnull(strstr(both.report->messages[0].at, "INT not compatible with writer type: STRING"));
    ck_assert_ptr_nonnull(strstr(both.report->messages[0].at, "What the old schema expects"));
    ck_assert_ptr_nonnull(strstr(both.report->messages[1].at, "STRING not compatible with writer type: INT"));
    refusal_dispose(&forward);
    refusal_dispose(&backward);
    refusal_dispose(&both);
}
END_TEST

START_TEST(a_long_old_schema_is_cut_at_a_character)
{
    arena_t *arena = arena_new();
    buf_t text;
    buf_init(&text, BUF_NO_MAX);
    buf_add_s(&text, "{\"type\":\"fixed\",\"name\":\"F\",\"doc\":\"");
    for (int i = 0; i < 20000; i++)
        buf_add_s(&text, "\xC3\xA9");
    buf_add_s(&text, "\",\"size\":1}");
    schema_t *old = schema_of(buf_text(&text).at),
             *candidate = schema_of("{'type':'fixed','name':'F','size':2}");
    earlier_t earlier = {old, 1};
    const level_report_t *report =
        level_check(LEVEL_BACKWARD, candidate, &earlier, 1, &options, &(message_style_t){0}, arena);
    text_t message = report->messages[2];
    ck_assert(text_starts(message, TEXT("{oldSchema: <truncated> '{\"type\":\"fixed\"")));
    ck_assert_uint_eq(text_code_points(message),
                      10240 + sizeof "{oldSchema: <truncated> '" - 1 + sizeof "...'}" - 1);
    ck_assert_uint_eq(text_utf8_valid(message), message.bytes);
    schema_unref(old);
    schema_unref(candidate);
    buf_dispose(&text);
    arena_free(arena);
}
END_TEST

START_TEST(strict_messages_carry_the_rule_and_the_message_that_breaks)
{
    arena_t *arena = arena_new();
    schema_t *candidate = schema_of(texts[A_B]), *old = schema_of(texts[A]);
    check_options_t strict = options;
    strict.mode = MODE_STRICT;
    earlier_t earlier = {old, 3};
    const level_report_t *report =
        level_check(LEVEL_FULL, candidate, &earlier, 1, &strict, &(message_style_t){0}, arena);
    ck_assert_uint_eq(report->n_messages, 4);
    ck_assert(text_starts(report->messages[0], TEXT("{errorType:'missing-default', description:'")));
    ck_assert_ptr_nonnull(strstr(report->messages[0].at, "path '/fields/1'"));
    ck_assert_ptr_nonnull(strstr(report->messages[0].at, "additionalInfo:'{\"a\":0}'"));
    ck_assert_uint_gt(report->backward->findings[0].fix.bytes, 0);
    /* the other way round the candidate is the writer, and it is the candidate that a fix edits */
    earlier.schema = candidate;
    report = level_check(LEVEL_FORWARD, old, &earlier, 1, &strict, &(message_style_t){0}, arena);
    ck_assert_ptr_nonnull(strstr(report->forward->findings[0].fix.at, "keep field \"b\""));
    strict.fix = FIX_NONE;
    report = level_check(LEVEL_FORWARD, old, &earlier, 1, &strict, &(message_style_t){0}, arena);
    ck_assert_uint_eq(report->forward->findings[0].fix.bytes, 0);
    /* out of budget is no pass */
    strict.limits.max_steps = 0;
    report = level_check(LEVEL_FORWARD, old, &earlier, 1, &strict, &(message_style_t){0}, arena);
    ck_assert(!report->compatible);
    schema_unref(candidate);
    schema_unref(old);
    arena_free(arena);
}
END_TEST

START_TEST(a_schema_type_that_changes_is_its_own_message)
{
    arena_t *arena = arena_new();
    schema_t *avro = schema_of("'int'");
    schema_source_t source = {.format = FORMAT_JSON, .text = TEXT("{}"), .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *json;
    ck_assert_int_eq(schema_parse(&source, &json, &fault), 0);
    earlier_t earlier = {json, 1};
    const level_report_t *report =
        level_check(LEVEL_FULL, avro, &earlier, 1, &options, &(message_style_t){0}, arena);
    ck_assert_uint_eq(report->n_messages, 2);
    ck_assert_str_eq(report->messages[0].at, "Incompatible because of different schema type");
    ck_assert_str_eq(report->messages[1].at, "{compatibility: 'FULL'}");
    ck_assert(level_check(LEVEL_NONE, avro, &earlier, 1, &options, &(message_style_t){0}, arena)->compatible);
    ck_assert(!schema_equal(avro, json));
    schema_unref(avro);
    schema_unref(json);
    arena_free(arena);
}
END_TEST

START_TEST(a_counted_schema_lives_until_its_last_holder_lets_go)
{
    schema_t *schema = schema_of("'int'");
    schema_t *second = schema_ref(schema);
    ck_assert_ptr_eq(schema, second);
    schema_unref(schema);
    ck_assert_str_eq(schema_canonical(second).at, "\"int\"");
    ck_assert_uint_gt(schema_bytes(second), 0);
    schema_unref(second);
    schema_unref(NULL);
}
END_TEST

START_TEST(a_text_beyond_max_bytes_is_a_limit)
{
    schema_source_t source = {.format = FORMAT_AVRO, .text = TEXT("\"string\""), .limits = LIMITS_DEFAULT};
    source.limits.max_bytes = 4;
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(schema_parse(&source, &schema, &fault), -1);
    ck_assert_int_eq(fault.code, FAULT_LIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("level");
    TCase *tc = tcase_create("level");
    tcase_add_loop_test(tc, each_level_asks_its_own_question, 0, ROWS(rows));
    tcase_add_loop_test(tc, levels_have_names_in_any_case, 0, LEVEL_N);
    tcase_add_test(tc, formats_have_names_and_none_means_avro);
    tcase_add_test(tc, a_refusal_ends_with_version_schema_and_level);
    tcase_add_test(tc, the_trailer_has_two_styles);
    tcase_add_test(tc, full_puts_forward_first_and_leaves_the_schema_out_unless_backward_fails);
    tcase_add_test(tc, a_long_old_schema_is_cut_at_a_character);
    tcase_add_test(tc, strict_messages_carry_the_rule_and_the_message_that_breaks);
    tcase_add_test(tc, a_schema_type_that_changes_is_its_own_message);
    tcase_add_test(tc, a_counted_schema_lives_until_its_last_holder_lets_go);
    tcase_add_test(tc, a_text_beyond_max_bytes_is_a_limit);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

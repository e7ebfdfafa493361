/* Strict verdicts, told as data: tests/data/json-strict/TOPIC.json is a list of pairs with the verdict, and where it matters the witness,
 * the reason and the findings (rule, place in the reader, place in the writer; in any order). "draft", "assert_format", "max_steps" and
 * "references" (by URI, for both sides) set the scene. Every witness is validated with both schemas. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "compat/json/json_schema.h"

static const char *const topics[] = {
    "kinds",      "numbers",     "strings",         "objects",           "arrays", "choices",
    "references", "unevaluated", "malformed",       "formats",           "limits", "vocabularies",
    "rules",      "constants",   "said-compatible", "said-incompatible",
};

#define TOPICS (sizeof topics / sizeof *topics)

static arena_t *arena;
static const limits_t limits = LIMITS_DEFAULT;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

static jv_t *read_topic(const char *topic)
{
    const char *path = arena_printf(arena, "%s/json-strict/%s.json", TEST_DATA, topic);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    buf_t text;
    char block[8192];
    size_t n;
    buf_init(&text, BUF_NO_MAX);
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&text, (text_t){block, n});
    fclose(file);
    jv_t *cases;
    fault_t fault = {0};
    text_t taken = buf_take(&text, arena);
    buf_dispose(&text);
    ck_assert_msg(jv_read(taken, JV_STRICT, &limits, arena, &cases, &fault) == 0, "%s: %s", path, fault.text);
    return cases;
}

/* "references": {"uri": schema, ...}, given to both sides. */
static void read_references(const jv_t *item, schema_source_t *source)
{
    const jv_t *given = jv_get(item, "references");
    source->n_references = given == NULL ? 0 : given->n;
    schema_reference_t *references = ARENA_ARRAY(arena, schema_reference_t, source->n_references);
    for (size_t i = 0; i < source->n_references; i++) {
        buf_t buf;
        buf_init(&buf, BUF_NO_MAX);
        jv_print(&buf, &given->members[i].value);
        references[i] = (schema_reference_t){given->members[i].name, buf_take(&buf, arena)};
        buf_dispose(&buf);
    }
    source->references = references;
}

static schema_t *parse(const jv_t *item, const char *side)
{
    const jv_t *draft = jv_get(item, "draft");
    buf_t buf;
    schema_t *schema = NULL;
    fault_t fault = {0};
    buf_init(&buf, BUF_NO_MAX);
    jv_print(&buf, jv_get(item, side));
    schema_source_t source = {.format = FORMAT_JSON,
                              .text = buf_take(&buf, arena),
                              .dialect = draft == NULL ? TEXT_NONE : draft->text,
                              .limits = limits};
    buf_dispose(&buf);
    read_references(item, &source);
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s: %s", side, fault.text);
    return schema;
}

static bool place_is(const jv_t *expected, const place_t *place)
{
    return expected == NULL || text_eq(expected->text, place->pointer);
}

/* Each expected finding is met by one of the report's, each of which meets one. */
static void check_findings(const char *name, const jv_t *expected, const report_t *report)
{
    bool *taken = ARENA_ARRAY(arena, bool, report->n_findings);
    for (size_t i = 0; i < report->n_findings; i++)
        ck_assert_msg(report->findings[i].sentence.bytes > 0, "%s: no sentence", name);
    for (uint32_t i = 0; expected != NULL && i < expected->n; i++) {
        const jv_t *want = &expected->items[i];
        bool found = false;
        for (size_t j = 0; j < report->n_findings && !found; j++) {
            const finding_t *have = &report->findings[j];
            found = !taken[j] && jv_is_string(jv_get(want, "rule"), have->rule) &&
                    place_is(jv_get(want, "reader"), &have->reader) &&
                    place_is(jv_get(want, "writer"), &have->writer);
            taken[j] = taken[j] || found;
        }
        ck_assert_msg(found,
                      "%s: no finding " TEXT_FMT " among %zu; the first is %s at " TEXT_FMT " / " TEXT_FMT,
                      name, TEXT_ARG(jv_get(want, "rule")->text), report->n_findings,
                      report->n_findings > 0 ? report->findings[0].rule : "none",
                      TEXT_ARG(report->n_findings > 0 ? report->findings[0].reader.pointer : TEXT("")),
                      TEXT_ARG(report->n_findings > 0 ? report->findings[0].writer.pointer : TEXT("")));
    }
    ck_assert_msg(expected == NULL || expected->n == report->n_findings, "%s: %zu findings", name,
                  report->n_findings);
}

static int judge(const schema_t *schema, bool asserts, const jv_t *value)
{
    js_validator_t *validator;
    int compiled = js_validator_compile(js_schema_of(schema)->resources,
                                        asserts ? JS_FORMAT_ASSERTS : JS_FORMAT_ANNOTATES, &limits, arena,
                                        &validator, NULL);
    ck_assert_int_eq(compiled, 0);
    return js_validate(validator, value, 0, &limits, arena).verdict;
}

static void check_witness(const char *name, const jv_t *expected, bool asserts, const report_t *report,
                          const schema_t *reader, const schema_t *writer)
{
    jv_t *value;
    ck_assert_msg(report->witness != NULL, "%s: no witness", name);
    text_t json = report->witness->json;
    ck_assert_int_eq(jv_read(json, JV_STRICT, &limits, arena, &value, NULL), 0);
    ck_assert_msg(judge(writer, asserts, value) == JS_VALID && judge(reader, asserts, value) == JS_INVALID,
                  "%s: " TEXT_FMT " does not tell", name, TEXT_ARG(json));
    ck_assert_msg(expected == NULL || text_eq(expected->text, json), "%s: witness " TEXT_FMT, name,
                  TEXT_ARG(json));
}

static void check_case(const jv_t *item)
{
    const char *name = text_copy(arena, jv_get(item, "name")->text).at;
    schema_t *reader = parse(item, "reader"), *writer = parse(item, "writer");
    check_options_t options = {.mode = MODE_STRICT, .limits = limits, .max_findings = 20};
    int64_t max_steps;
    options.assert_format = jv_get(item, "assert_format") != NULL;
    if (jv_to_i64(jv_get(item, "max_steps"), &max_steps))
        options.limits.max_steps = (uint64_t)max_steps;
    const report_t *report = compat_check(reader, writer, &options, arena);
    const jv_t *verdict = jv_get(item, "verdict"), *reason = jv_get(item, "reason");
    ck_assert_msg(jv_is_string(verdict, verdict_name(report->verdict)), "%s: %s (%s) %s", name,
                  verdict_name(report->verdict), report->reason == NULL ? "" : report->reason,
                  report->witness == NULL ? "" : report->witness->json.at);
    ck_assert_msg(reason == NULL || jv_is_string(reason, report->reason), "%s: reason %s", name,
                  report->reason);
    ck_assert_msg(report->verdict != VERDICT_UNDECIDED || report->reason_text.bytes > 0, "%s: no reason",
                  name);
    if (report->verdict == VERDICT_INCOMPATIBLE)
        check_witness(name, jv_get(item, "witness"), options.assert_format, report, reader, writer);
    check_findings(name, jv_get(item, "findings"), report);
    schema_unref(reader);
    schema_unref(writer);
}

START_TEST(verdicts_are_as_told)
{
    const jv_t *cases = read_topic(topics[_i]);
    for (uint32_t i = 0; i < cases->n; i++)
        check_case(&cases->items[i]);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("json_strict_cases");
    TCase *tc = tcase_create("cases");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, verdicts_are_as_told, 0, (int)TOPICS);
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

/* What a proposal does to those who read a line: verdicts by evidence, fingerprints, levels, classes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/impact.h"
#include "tests/support/cluster.h"

static char conninfo[256];
static arena_t *arena;
static db_t *db;
static err_t err;

#define BASE                                                                                                 \
    "{\"type\":\"record\",\"name\":\"OrderPlaced\",\"fields\":["                                             \
    "{\"name\":\"order_id\",\"type\":\"string\"},{\"name\":\"amount\",\"type\":\"long\",\"unit\":\"cents\"}" \
    ","                                                                                                      \
    "{\"name\":\"currency\",\"type\":\"string\"},"                                                           \
    "{\"name\":\"status\",\"type\":{\"type\":\"enum\",\"name\":\"Status\",\"symbols\":[\"NEW\",\"PAID\"],"   \
    "\"default\":\"NEW\"}},"                                                                                 \
    "{\"name\":\"address\",\"type\":{\"type\":\"record\",\"name\":\"Address\",\"fields\":["                  \
    "{\"name\":\"zip\",\"type\":\"string\"},{\"name\":\"city\",\"type\":\"string\"}]}},"                     \
    "{\"name\":\"billing\",\"type\":\"Address\"}]}"

static void ask(const char *sql)
{
    cluster_ask(conninfo, sql);
}

__attribute__((format(printf, 1, 2))) static void askf(const char *fmt, ...)
{
    char sql[4096];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sql, sizeof sql, fmt, args);
    va_end(args);
    ask(sql);
}

static void setup(void)
{
    cluster_database(conninfo, sizeof conninfo);
    arena = arena_new();
    err = (err_t){.code = ERR_NONE};
    db_options_t options = {.conninfo = conninfo, .connect_timeout_ms = 3000, .application = "check_impact"};
    db = db_open(&options, &err);
    ck_assert_msg(db != NULL, "%s", err.text);
    ask("INSERT INTO team (slug, name) VALUES ('owner', ''), ('readers', '')");
    ask("INSERT INTO event (name, team_id) VALUES ('orders.order_placed', 1)");
    ask("INSERT INTO line (event_id, major, state) VALUES (1, 1, 'active')");
    ask("INSERT INTO line_subject (line_id, subject) VALUES (1, 'orders-value')");
    ask("INSERT INTO line_version (line_id, semver, major, minor, patch, subject, version, state, format, "
        "text, fingerprint) "
        "VALUES (1, '1.2.0', 1, 2, 0, 'orders-value', 3, 'active', 'AVRO', $t$" BASE "$t$, '')");
}

static void teardown(void)
{
    db_close(db);
    arena_free(arena);
}

static void consumer(const char *service, const char *criticality, const char *reader)
{
    askf("INSERT INTO service (slug, name, team_id) VALUES ('%s', '', 2)", service);
    if (reader == NULL)
        askf("INSERT INTO consumption (public_id, service_id, line_id, state, criticality) "
             "VALUES ('cns_%s', (SELECT id FROM service WHERE slug = '%s'), 1, 'active', '%s')",
             service, service, criticality);
    else
        askf("INSERT INTO consumption (public_id, service_id, line_id, state, criticality, reader_format, "
             "reader_text) "
             "VALUES ('cns_%s', (SELECT id FROM service WHERE slug = '%s'), 1, 'active', '%s', 'AVRO', "
             "$t$%s$t$)",
             service, service, criticality, reader);
}

static void declares(const char *service, const char *path, const char *need, const char *enums)
{
    askf("INSERT INTO consumption_field (consumption_id, path, need, enum_handling) "
         "VALUES ((SELECT id FROM consumption WHERE public_id = 'cns_%s'), '%s', '%s', '%s')",
         service, path, need, enums);
}

typedef struct {
    proposal_t proposal;
    impact_t impact;
    const char *edits;
} question_t;

static int compute(tx_t *tx, void *arg)
{
    question_t *question = arg;
    edit_t *edits;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    if (question->edits != NULL) {
        ck_assert_msg(edits_read(text_of(question->edits), &limits, arena, &edits,
                                 &question->proposal.n_edits, &fault) == 0,
                      "%s", fault.text);
        question->proposal.edits = edits;
    }
    return impact_compute(tx, 1, &question->proposal, &question->impact);
}

static int run(question_t *question)
{
    err_clear(&err);
    return db_run(db, TX_READ, arena, compute, NULL, question, &err);
}

static impact_t impact_of_edits(const char *edits)
{
    question_t question = {.proposal = {.kind = PROPOSAL_SCHEMA}, .edits = edits};
    ck_assert_msg(run(&question) == 0, "%s", err.text);
    return question.impact;
}

static impact_t impact_of_text(const char *text)
{
    question_t question = {
        .proposal = {.kind = PROPOSAL_SCHEMA, .format = FORMAT_AVRO, .text = text_of(text)}};
    ck_assert_msg(run(&question) == 0, "%s", err.text);
    return question.impact;
}

/* "broken,unaffected": verdicts of the rows in the order of the services' names. */
static const char *verdict_of(const impact_t *impact, const char *service)
{
    for (size_t i = 0; i < impact->n_rows; i++)
        if (text_is(impact->rows[i].service, service))
            return impact_verdict_word(impact->rows[i].verdict);
    return "no row";
}

static const impact_row_t *row_of(const impact_t *impact, const char *service)
{
    for (size_t i = 0; i < impact->n_rows; i++)
        if (text_is(impact->rows[i].service, service))
            return &impact->rows[i];
    ck_abort_msg("%s has no row", service);
}

/* --- the table of declared fields ------------------------------------------------------------------------------------------------- */

#define DROP(path)   "[{\"op\":\"remove_field\",\"path\":\"" path "\"}]"
#define RETYPE(path) "[{\"op\":\"retype_field\",\"path\":\"" path "\",\"type\":\"double\"}]"
#define SYMBOL       "[{\"op\":\"add_symbol\",\"path\":\"status\",\"symbol\":\"VOID\"}]"
#define ADD          "[{\"op\":\"add_field\",\"path\":\"note\",\"type\":\"string\",\"default\":\"\"}]"

static const struct {
    const char *name, *edits, *path, *need, *enums, *verdict;
} fields[] = {
    {"a required field that goes breaks its reader", DROP("currency"), "currency", "required", "tolerant",
     "broken"},
    {"an optional one is a risk", DROP("currency"), "currency", "optional", "tolerant", "at_risk"},
    {"another field does not matter", DROP("currency"), "order_id", "required", "tolerant", "unaffected"},
    {"a record that goes breaks who reads a field of it", DROP("billing"), "billing.zip", "required",
     "tolerant", "broken"},
    {"a field of a record breaks who reads all of it", RETYPE("address.zip"), "address", "required",
     "tolerant", "broken"},
    {"a shared type changes in every place", RETYPE("address.zip"), "billing.zip", "required", "tolerant",
     "broken"},
    {"its other fields stay", RETYPE("address.zip"), "billing.city", "required", "tolerant", "unaffected"},
    {"a field whose name only begins alike is another one", DROP("address"), "address2", "required",
     "tolerant", "unaffected"},
    {"an enum that grows breaks who handles every symbol", SYMBOL, "status", "required", "exhaustive",
     "broken"},
    {"also where the field is optional", SYMBOL, "status", "optional", "exhaustive", "broken"},
    {"a default makes it a risk for the tolerant", SYMBOL, "status", "required", "tolerant", "at_risk"},
    {"an addition makes no row but unaffected", ADD, "order_id", "required", "tolerant", "unaffected"},
};

START_TEST(fields_decide)
{
    consumer("one", "blocking", NULL);
    declares("one", fields[_i].path, fields[_i].need, fields[_i].enums);
    impact_t impact = impact_of_edits(fields[_i].edits);
    ck_assert_msg(strcmp(verdict_of(&impact, "one"), fields[_i].verdict) == 0, "%s: %s, not %s",
                  fields[_i].name, verdict_of(&impact, "one"), fields[_i].verdict);
    ck_assert_str_eq(evidence_word(row_of(&impact, "one")->evidence), "declared_fields");
}
END_TEST

/* --- reader schemas ---------------------------------------------------------------------------------------------------------------- */

#define READS(fields) "{\"type\":\"record\",\"name\":\"OrderPlaced\",\"fields\":[" fields "]}"

static const struct {
    const char *name, *edits, *reader, *verdict;
} readers[] = {
    {"a reader without a default for what goes is broken", DROP("currency"),
     READS("{\"name\":\"currency\",\"type\":\"string\"}"), "broken"},
    {"with a default it goes on and makes up values", DROP("currency"),
     READS("{\"name\":\"currency\",\"type\":\"string\",\"default\":\"EUR\"}"), "at_risk"},
    {"who does not read the field does not notice", DROP("currency"),
     READS("{\"name\":\"order_id\",\"type\":\"string\"}"), "unaffected"},
    {"a wider type is read by who reads the wider one", RETYPE("amount"),
     READS("{\"name\":\"amount\",\"type\":\"double\"}"), "unaffected"},
    {"and breaks who reads the narrow one", RETYPE("amount"),
     READS("{\"name\":\"amount\",\"type\":\"long\"}"), "broken"},
    {"an addition breaks nobody", ADD, READS("{\"name\":\"order_id\",\"type\":\"string\"}"), "unaffected"},
    {"what it cannot read today is not held against an addition", ADD,
     READS("{\"name\":\"gone\",\"type\":\"string\"}"), "unaffected"},
    {"nor does it excuse a new break", DROP("currency"),
     READS("{\"name\":\"gone\",\"type\":\"string\"},{\"name\":\"currency\",\"type\":\"string\"}"), "broken"},
};

START_TEST(reader_schemas_decide)
{
    consumer("one", "blocking", readers[_i].reader);
    impact_t impact = impact_of_edits(readers[_i].edits);
    ck_assert_msg(strcmp(verdict_of(&impact, "one"), readers[_i].verdict) == 0, "%s: %s, not %s",
                  readers[_i].name, verdict_of(&impact, "one"), readers[_i].verdict);
    const impact_row_t *row = row_of(&impact, "one");
    if (row->verdict == IMPACT_BROKEN)
        ck_assert(strstr(row->counterexample.at, "\"rejected_by\":\"the reader schema of one\"") != NULL);
    ck_assert((row->verdict == IMPACT_UNAFFECTED) == (row->n_because == 0));
}
END_TEST

/* --- nothing declared, and what is asked ----------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *edits, *criticality, *verdict, *act;
} silent[] = {
    {"what breaks anybody may break it", DROP("currency"), "blocking", "unknown", "approve"},
    {"who is informed only acknowledges", DROP("currency"), "informational", "unknown", "acknowledge"},
    {"a change of meaning is a risk", SYMBOL, "blocking", "at_risk", "acknowledge"},
    {"an addition asks nobody", ADD, "blocking", "unaffected", "none"},
    {"words ask nobody", "[{\"op\":\"set_doc\",\"path\":\"amount\",\"doc\":\"in cents\"}]", "blocking",
     "unaffected", "none"},
};

START_TEST(who_declared_nothing_counts_as_affected)
{
    consumer("one", silent[_i].criticality, NULL);
    impact_t impact = impact_of_edits(silent[_i].edits);
    ck_assert_msg(strcmp(verdict_of(&impact, "one"), silent[_i].verdict) == 0, "%s: %s", silent[_i].name,
                  verdict_of(&impact, "one"));
    ck_assert_str_eq(act_word(row_of(&impact, "one")->act), silent[_i].act);
}
END_TEST

START_TEST(the_stale_are_told_and_not_asked)
{
    consumer("one", "blocking", NULL);
    ask("UPDATE consumption SET attested_at = now() - interval '100 days', reminded = 2");
    impact_t impact = impact_of_edits(DROP("currency"));
    ck_assert(row_of(&impact, "one")->stale);
    ck_assert_str_eq(verdict_of(&impact, "one"), "unknown");
    ck_assert_str_eq(act_word(row_of(&impact, "one")->act), "none");
    ck_assert_uint_eq(impact.n_stale, 1);
    ck_assert_uint_eq(impact.n_of[IMPACT_UNKNOWN], 0);
}
END_TEST

START_TEST(silence_without_reminders_is_not_stale)
{
    consumer("one", "blocking", NULL);
    ask("UPDATE consumption SET attested_at = now() - interval '100 days', reminded = 1");
    impact_t impact = impact_of_edits(DROP("currency"));
    ck_assert(!row_of(&impact, "one")->stale);
}
END_TEST

START_TEST(who_accepted_the_change_when_it_began_is_not_asked_again)
{
    consumer("one", "blocking", NULL);
    ask("UPDATE consumption SET accepted_changes = '{1007}'");
    question_t question = {.proposal = {.kind = PROPOSAL_SCHEMA, .change_id = 1007},
                           .edits = DROP("currency")};
    ck_assert_int_eq(run(&question), 0);
    ck_assert_str_eq(act_word(row_of(&question.impact, "one")->act), "none");
}
END_TEST

/* --- classes and numbers ----------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *edits, *level;
    bool consumed;
    const char *class, *semver;
    bool violates;
} classes[] = {
    {"words are documentation", "[{\"op\":\"set_doc\",\"path\":\"amount\",\"doc\":\"x\"}]", "FULL", true,
     "documentation", "1.2.1", false},
    {"an addition is compatible", ADD, "FULL", true, "compatible", "1.3.0", false},
    {"a break of the level is breaking though nobody reads", DROP("currency"), "FULL", false, "breaking",
     "2.0.0", true},
    {"a level that allows it and no reader: compatible", DROP("currency"), "BACKWARD", false, "compatible",
     "2.0.0", false},
    {"a reader makes it breaking whatever the level says", DROP("currency"), "NONE", true, "breaking",
     "2.0.0", false},
};

START_TEST(class_follows_from_readers_and_level)
{
    askf("UPDATE line SET level = '%s'", classes[_i].level);
    if (classes[_i].consumed)
        consumer("one", "blocking", NULL);
    impact_t impact = impact_of_edits(classes[_i].edits);
    ck_assert_msg(strcmp(impact_class_word(impact.class), classes[_i].class) == 0, "%s: %s", classes[_i].name,
                  impact_class_word(impact.class));
    ck_assert_str_eq(impact.semver_to.at, classes[_i].semver);
    ck_assert(impact.violates_level == classes[_i].violates);
}
END_TEST

static void version(int id, int minor, const char *state, const char *text)
{
    askf("INSERT INTO line_version (id, line_id, semver, major, minor, patch, subject, version, state, "
         "format, text, fingerprint) "
         "OVERRIDING SYSTEM VALUE VALUES (%d, 1, '1.%d.0', 1, %d, 0, 'orders-value', %d, '%s', 'AVRO', "
         "$t$%s$t$, '')",
         id, minor, minor, minor, state, text);
}

START_TEST(transitive_levels_look_back_to_the_checkpoint)
{
    ask("UPDATE line SET level = 'BACKWARD_TRANSITIVE'");
    ask("UPDATE line_version SET state = 'superseded'");
    version(90, 1, "superseded", READS("{\"name\":\"note\",\"type\":\"int\"}"));
    version(91, 9, "active", READS("{\"name\":\"order_id\",\"type\":\"string\"}"));
    const char *next = READS("{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}");
    impact_t impact = impact_of_text(next);
    ck_assert(impact.violates_level);
    ask("UPDATE line SET checkpoint = 91");
    impact = impact_of_text(next);
    ck_assert(!impact.violates_level);
}
END_TEST

/* --- fingerprints ------------------------------------------------------------------------------------------------------------------ */

static text_t fingerprint_at(const impact_t *impact, const char *rule, const char *path)
{
    for (size_t i = 0; i < impact->n_findings; i++)
        if (text_is(impact->findings[i].rule, rule) && text_is(impact->findings[i].path, path))
            return impact->findings[i].fingerprint;
    ck_abort_msg("no finding %s at %s", rule, path);
}

START_TEST(fingerprints_survive_unrelated_edits)
{
    impact_t alone = impact_of_edits(DROP("currency"));
    impact_t more = impact_of_edits("[{\"op\":\"remove_field\",\"path\":\"currency\"},{\"op\":\"add_field\","
                                    "\"path\":\"note\",\"type\":\"string\",\"default\":\"\"},"
                                    "{\"op\":\"set_doc\",\"path\":\"amount\",\"doc\":\"x\"}]");
    text_t a = fingerprint_at(&alone, "missing-default", "currency"),
           b = fingerprint_at(&more, "missing-default", "currency");
    ck_assert_uint_eq(a.bytes, FINGERPRINT_BYTES);
    ck_assert_str_eq(a.at, b.at);
    ck_assert_str_eq(alone.content_hash.at, impact_of_edits(DROP("currency")).content_hash.at);
    ck_assert_str_ne(alone.content_hash.at, more.content_hash.at);
}
END_TEST

START_TEST(fingerprints_tell_paths_apart)
{
    impact_t impact = impact_of_edits(
        "[{\"op\":\"remove_field\",\"path\":\"currency\"},{\"op\":\"remove_field\",\"path\":\"amount\"}]");
    ck_assert_str_ne(fingerprint_at(&impact, "missing-default", "currency").at,
                     fingerprint_at(&impact, "missing-default", "amount").at);
}
END_TEST

/* As the offline check prints it: what is waived there is what is approved here. */
START_TEST(what_old_readers_meet_has_the_engines_fingerprint)
{
    impact_t impact = impact_of_edits(DROP("currency"));
    fault_t fault = {0};
    schema_t *reader, *writer;
    text_t candidate = impact.text;
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 8, .fix = FIX_NONE};
    schema_source_t base = {.format = FORMAT_AVRO, .text = TEXT(BASE), .limits = LIMITS_DEFAULT};
    schema_source_t later = {.format = FORMAT_AVRO, .text = candidate, .limits = LIMITS_DEFAULT};
    ck_assert_int_eq(schema_parse(&base, &reader, &fault), 0);
    ck_assert_int_eq(schema_parse(&later, &writer, &fault), 0);
    const report_t *report = compat_check(reader, writer, &options, arena);
    ck_assert_uint_ge(report->n_findings, 1);
    ck_assert_str_eq(report->findings[0].rule, "missing-default");
    ck_assert(
        text_eq(report->findings[0].fingerprint, fingerprint_at(&impact, "missing-default", "currency")));
    schema_unref(reader);
    schema_unref(writer);
}
END_TEST

START_TEST(a_break_comes_with_a_message_that_was_tried_and_a_way_out)
{
    impact_t impact = impact_of_edits(DROP("currency"));
    ck_assert_str_eq(finding_class_name(impact.findings[0].class), "breaking");
    ck_assert(strstr(impact.findings[0].counterexample.at, "\"verified\":true") != NULL);
    ck_assert(strstr(impact.findings[0].counterexample.at, "\"rejected_by\":\"orders-value#3\"") != NULL);
    ck_assert_str_eq(impact.alternatives[impact.n_alternatives - 1].at,
                     "publish orders.order_placed@2 beside orders.order_placed@1");
}
END_TEST

/* --- contracts, refusals ------------------------------------------------------------------------------------------------------------ */

START_TEST(a_weaker_promise_concerns_all_who_rely_on_it)
{
    consumer("declared", "blocking", NULL);
    declares("declared", "order_id", "required", "tolerant");
    consumer("relaxed", "blocking", NULL);
    ask("UPDATE consumption SET not_relied_on = '{sla,ordering}' WHERE public_id = 'cns_relaxed'");
    consumer("silent", "blocking", NULL);
    ask("INSERT INTO contract (line_id, n, terms) VALUES (1, 1, '{\"ordering\": {\"scope\": \"key\", "
        "\"key_fields\": [\"order_id\"]}}')");
    question_t question = {
        .proposal = {.kind = PROPOSAL_CONTRACT, .terms = TEXT("{\"ordering\": {\"scope\": \"none\"}}")}};
    ck_assert_msg(run(&question) == 0, "%s", err.text);
    ck_assert_str_eq(verdict_of(&question.impact, "declared"), "broken");
    ck_assert_str_eq(verdict_of(&question.impact, "relaxed"), "unaffected");
    ck_assert_str_eq(verdict_of(&question.impact, "silent"), "unknown");
    ck_assert_str_eq(impact_class_word(question.impact.class), "breaking");
}
END_TEST

START_TEST(an_edit_of_a_field_that_is_not_there_says_which)
{
    question_t question = {.proposal = {.kind = PROPOSAL_SCHEMA}, .edits = DROP("curency")};
    ck_assert_int_eq(run(&question), -1);
    ck_assert_int_eq(err.code, ERR_FIELD_INVALID);
    ck_assert_str_eq(err.place, "edits[0]");
    ck_assert(strstr(err.text, "currency") != NULL);
}
END_TEST

START_TEST(a_schema_that_cannot_be_read_is_refused)
{
    question_t question = {
        .proposal = {.kind = PROPOSAL_SCHEMA, .format = FORMAT_AVRO, .text = TEXT("{\"type\":\"recrd\"}")}};
    ck_assert_int_eq(run(&question), -1);
    ck_assert_int_eq(err.code, ERR_SCHEMA_INVALID);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("impact");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, fields_decide, 0, (int)(sizeof fields / sizeof *fields));
    tcase_add_loop_test(tc, reader_schemas_decide, 0, (int)(sizeof readers / sizeof *readers));
    tcase_add_loop_test(tc, who_declared_nothing_counts_as_affected, 0,
                        (int)(sizeof silent / sizeof *silent));
    tcase_add_test(tc, the_stale_are_told_and_not_asked);
    tcase_add_test(tc, silence_without_reminders_is_not_stale);
    tcase_add_test(tc, who_accepted_the_change_when_it_began_is_not_asked_again);
    tcase_add_loop_test(tc, class_follows_from_readers_and_level, 0, (int)(sizeof classes / sizeof *classes));
    tcase_add_test(tc, transitive_levels_look_back_to_the_checkpoint);
    tcase_add_test(tc, fingerprints_survive_unrelated_edits);
    tcase_add_test(tc, fingerprints_tell_paths_apart);
    tcase_add_test(tc, what_old_readers_meet_has_the_engines_fingerprint);
    tcase_add_test(tc, a_break_comes_with_a_message_that_was_tried_and_a_way_out);
    tcase_add_test(tc, a_weaker_promise_concerns_all_who_rely_on_it);
    tcase_add_test(tc, an_edit_of_a_field_that_is_not_there_says_which);
    tcase_add_test(tc, a_schema_that_cannot_be_read_is_refused);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    cluster_start();
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

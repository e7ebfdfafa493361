/* Versions and fields of lines, and what a service's reads leave behind, against a real database (catalog/line.h). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/line.h"
#include "tests/support/cluster.h"

static char conninfo[256];
static db_t *db;
static arena_t *arena;
static const who_t who = {.actor = TEXT("test"), .request_id = TEXT("r")};
static const principal_t anybody = {.kind = PRINCIPAL_ANYBODY, .name = TEXT("test")};

static void setup(void)
{
    err_t err = {.code = ERR_NONE};
    cluster_database(conninfo, sizeof conninfo);
    db = db_open(
        &(db_options_t){.conninfo = conninfo, .connect_timeout_ms = 5000, .application = "check_line"}, &err);
    ck_assert_msg(db != NULL, "%s", err.text);
    arena = arena_new();
    cluster_ask(conninfo, "INSERT INTO team (slug, name) VALUES ('op', 'Order platform')");
    cluster_ask(conninfo, "INSERT INTO service (slug, name, team_id) VALUES ('shop', 'Shop', 1)");
}

static void teardown(void)
{
    arena_free(arena);
    db_close(db);
}

/* --- one transaction each -------------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *text; /* of the schema to add; NULL: the event is made first */
    const char *accepted;
    line_version_t made;
} step_t;

static int make(tx_t *tx)
{
    event_t event;
    line_t line;
    text_t subject = TEXT("orders-value");
    event_draft_t about = {.name = TEXT("orders.placed"), .owner = TEXT("op")};
    line_draft_t draft = {.major = 1, .subjects = &subject, .n_subjects = 1};
    return event_create(tx, &anybody, &who, &about, &event) != 0 ||
                   line_create(tx, &anybody, &who, &event, &draft, &line) != 0
               ? -1
               : 0;
}

static int step(tx_t *tx, void *arg)
{
    step_t *it = arg;
    line_t line;
    fault_t fault = {0};
    schema_t *schema;
    rows_t *rows;
    static int32_t version;
    if (tx_query_args(tx, STMT_CATALOG_WRITE, &rows, NULL, 0) != 0)
        return -1;
    if (it->text == NULL)
        return make(tx);
    schema_source_t source = {.format = FORMAT_AVRO, .text = text_of(it->text), .limits = LIMITS_DEFAULT};
    ck_assert_int_eq(schema_parse(&source, &schema, &fault), 0);
    version++;
    line_version_new_t fresh = {.subject = TEXT("orders-value"),
                                .version = version,
                                .schema_id = 100 + version,
                                .schema = schema,
                                .accepted_break = text_of(it->accepted)};
    int rc = line_get(tx, TEXT("orders.placed@1"), &line) != 0 ||
                     line_version_add(tx, &who, &line, &fresh, &it->made) != 0
                 ? -1
                 : 0;
    schema_unref(schema);
    return rc;
}

static err_code_t run(const char *text, const char *accepted, const char *semver)
{
    step_t it = {.text = text, .accepted = accepted};
    err_t err = {.code = ERR_NONE};
    if (db_run(db, TX_WRITE, arena, step, NULL, &it, &err) != 0)
        return err.code;
    if (semver != NULL)
        ck_assert_str_eq(it.made.semver.at, semver);
    return ERR_NONE;
}

#define RECORD(fields) "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" fields "]}"
#define ID             "{\"name\":\"id\",\"type\":\"string\"}"
#define ID_DOC         "{\"name\":\"id\",\"type\":\"string\",\"doc\":\"Which\"}"
#define N(type)        "{\"name\":\"n\",\"type\":\"" type "\"}"

/* --- tests -------------------------------------------------------------------------------------------------------------------------- */

START_TEST(structure_takes_a_minor_number_and_words_a_patch)
{
    ck_assert_int_eq(run(NULL, NULL, NULL), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID), NULL, "1.0.0"), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID_DOC), NULL, "1.0.1"), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID_DOC "," N("int")), NULL, "1.1.0"), ERR_NONE);
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT string_agg(state, ',' ORDER BY id) FROM line_version"),
                     "superseded,superseded,active");
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT count(*) FROM audit WHERE kind = 'version.registered'"),
                     "3");
}
END_TEST

START_TEST(an_accepted_break_moves_the_checkpoint)
{
    ck_assert_int_eq(run(NULL, NULL, NULL), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID "," N("int")), NULL, "1.0.0"), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID), "{\"basis\":\"approved\"}", "1.1.0"), ERR_NONE);
    ck_assert_str_eq(
        cluster_ask(conninfo, "SELECT v.semver FROM line l JOIN line_version v ON v.id = l.checkpoint"),
        "1.1.0");
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT removed FROM line_field WHERE path = 'n'"), "1.1.0");
}
END_TEST

START_TEST(a_removed_field_comes_back_as_what_it_was_or_wider_and_as_nothing_else)
{
    ck_assert_int_eq(run(NULL, NULL, NULL), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID "," N("int")), NULL, NULL), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID), NULL, NULL), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID "," N("string")), NULL, NULL), ERR_FIELD_NAME_TOMBSTONED);
    ck_assert_int_eq(run(RECORD(ID "," N("long")), NULL, NULL), ERR_NONE);
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT since || ' ' || type || ' ' || coalesce(removed, 'there') "
                                           "FROM line_field WHERE path = 'n'"),
                     "1.0.0 long there");
}
END_TEST

START_TEST(what_was_seen_is_a_sign_of_life_and_undeclared_it_is_drift)
{
    ck_assert_int_eq(run(NULL, NULL, NULL), ERR_NONE);
    ck_assert_int_eq(run(RECORD(ID), NULL, NULL), ERR_NONE);
    const char *seen = "SELECT string_agg(service_id || ':' || count || ':' || source, ' ' ORDER BY "
                       "service_id) FROM observation";
    cluster_ask(conninfo, "INSERT INTO observation (day, service_id, line_id, source, op, count) VALUES "
                          "(current_date, 1, 1, 'fetch', 'read', 2)");
    ck_assert_str_eq(cluster_ask(conninfo, seen), "1:2:fetch");
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT by FROM party_seen(1, 1, 'read')"), "fetch");
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT kind FROM drift_now(30, 90)"), "undeclared_read");
}
END_TEST

int main(void)
{
    cluster_start();
    Suite *suite = suite_create("line");
    TCase *tc = tcase_create("line");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, structure_takes_a_minor_number_and_words_a_patch);
    tcase_add_test(tc, an_accepted_break_moves_the_checkpoint);
    tcase_add_test(tc, a_removed_field_comes_back_as_what_it_was_or_wider_and_as_nothing_else);
    tcase_add_test(tc, what_was_seen_is_a_sign_of_life_and_undeclared_it_is_drift);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    cluster_stop();
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

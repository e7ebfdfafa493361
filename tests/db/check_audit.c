/* What a change leaves behind, and reading changes by position: nothing skipped, nothing twice. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/audit.h"
#include "tests/support/cluster.h"

static char conninfo[256];
static arena_t *arena;
static db_t *db;
static err_t err;

static db_t *connect_now(void)
{
    db_options_t options = {.conninfo = conninfo,
                            .connect_timeout_ms = 3000,
                            .statement_timeout_ms = 5000,
                            .application = "check_audit"};
    db_t *made = db_open(&options, &err);
    ck_assert_msg(made != NULL, "%s", err.text);
    return made;
}

static void setup(void)
{
    cluster_database(conninfo, sizeof conninfo);
    arena = arena_new();
    err = (err_t){.code = ERR_NONE};
    db = connect_now();
}

static void teardown(void)
{
    db_close(db);
    arena_free(arena);
}

/* --- writing -------------------------------------------------------------------------------------------------------------- */

static int note_all(tx_t *tx, void *arg)
{
    for (const audit_t *change = arg; change->actor.at != NULL; change++)
        if (audit_note(tx, change) != 0)
            return -1;
    return 0;
}

static void note(db_t *with, audit_t change)
{
    change.actor = TEXT("anna");
    change.request_id = TEXT("r-1");
    audit_t list[2] = {change, {.actor = TEXT_NONE}};
    arena_t *own = arena_new();
    err_t why = {.code = ERR_NONE};
    ck_assert_msg(db_run(with, TX_WRITE, own, note_all, NULL, list, &why) == 0, "%s", why.text);
    arena_free(own);
}

static void note_subject(db_t *with, const char *subject)
{
    note(with, (audit_t){.kind = AUDIT_SCHEMA_REGISTERED, .context = TEXT("."), .subject = text_of(subject)});
}

START_TEST(a_change_says_who_did_what_to_which_and_when)
{
    note(db, (audit_t){.kind = AUDIT_VERSION_SOFT_DELETED,
                       .context = TEXT(".eu"),
                       .subject = TEXT("orders"),
                       .schema_id = 41,
                       .version = 3,
                       .detail = TEXT("{\"was\":\"x\"}")});
    ck_assert_str_eq(cluster_ask(conninfo,
                                 "SELECT concat_ws('|', kind, context, subject, schema_id, version, detail, "
                                 "actor, request_id, at > now() - interval '1 minute') FROM audit"),
                     "version.soft_deleted|.eu|orders|41|3|{\"was\": \"x\"}|anna|r-1|t");
    ck_assert_str_eq(
        cluster_ask(conninfo, "SELECT concat_ws('|', type, o.subject, outbox_data(o, a) - 'at') FROM outbox "
                              "o JOIN audit a USING (seq)"),
        "io.avow.version.soft_deleted|:.eu:orders|{\"id\": 41, \"actor\": \"anna\", \"detail\": {\"was\": "
        "\"x\"}, \"context\": \".eu\", \"subject\": \"orders\", \"version\": 3}");
}
END_TEST

START_TEST(what_does_not_apply_is_null)
{
    note(db, (audit_t){.kind = AUDIT_CONFIG_SET, .context = TEXT(".")});
    ck_assert_str_eq(
        cluster_ask(conninfo,
                    "SELECT subject IS NULL AND schema_id IS NULL AND version IS NULL AND detail IS "
                    "NULL FROM audit"),
        "t");
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT subject FROM outbox"), ".");
}
END_TEST

START_TEST(kinds_have_one_text_each)
{
    for (int i = 0; i < AUDIT_N; i++) {
        audit_kind_t found = AUDIT_N;
        ck_assert(audit_find(text_of(audit_text((audit_kind_t)i)), &found));
        ck_assert_int_eq(found, i);
    }
    audit_kind_t none;
    ck_assert(!audit_find(TEXT("schema.painted"), &none));
}
END_TEST

/* --- reading by position ---------------------------------------------------------------------------------------------------- */

typedef struct {
    audit_position_t from;
    audit_reading_t reading;
} read_t;

static int read_once(tx_t *tx, void *arg)
{
    read_t *it = arg;
    return audit_since(tx, &it->from, &it->reading);
}

/* The subjects changed since the last call, in order, as "a b". */
static const char *news(read_t *it)
{
    static char text[512];
    ck_assert_msg(db_run(db, TX_READ, arena, read_once, NULL, it, &err) == 0, "%s", err.text);
    it->from = it->reading.position;
    text[0] = '\0';
    for (size_t i = 0; i < it->reading.n_rows; i++) {
        size_t bytes = strlen(text);
        snprintf(text + bytes, sizeof text - bytes, "%s" TEXT_FMT, i == 0 ? "" : " ",
                 TEXT_ARG(it->reading.rows[i].entry.subject));
    }
    return text;
}

START_TEST(the_first_reading_gives_a_place_and_no_changes)
{
    note_subject(db, "a");
    read_t it = {.from = {TEXT_NONE, TEXT_NONE}};
    ck_assert_str_eq(news(&it), "");
    ck_assert(!it.reading.same_history && !it.reading.complete);
    ck_assert_str_eq(news(&it), "");
    ck_assert(it.reading.same_history && it.reading.complete);
}
END_TEST

START_TEST(each_change_is_read_once)
{
    read_t it = {.from = {TEXT_NONE, TEXT_NONE}};
    news(&it);
    note_subject(db, "a");
    note_subject(db, "b");
    ck_assert_str_eq(news(&it), "a b");
    ck_assert_str_eq(news(&it), "");
    note_subject(db, "c");
    ck_assert_str_eq(news(&it), "c");
}
END_TEST

typedef struct {
    db_t *db;
    int ready[2], go[2];
    bool fail;
} late_t;

static int note_late(tx_t *tx, void *arg)
{
    late_t *late = arg;
    audit_t change = {.kind = AUDIT_CONFIG_SET,
                      .context = TEXT("."),
                      .subject = TEXT("late"),
                      .actor = TEXT("anna"),
                      .request_id = TEXT("r")};
    rows_t *rows;
    if (audit_note(tx, &change) != 0 ||
        tx_query(tx, STMT_AUDIT_SINCE, &rows, sql_null(), sql_null(), sql_i64(1)) != 0)
        return -1; /* by now it has its sequence number */
    char byte = 'x';
    ck_assert_int_eq(write(late->ready[1], &byte, 1), 1);
    ck_assert_int_eq(read(late->go[0], &byte, 1), 1);
    return late->fail ? -1 : 0;
}

static void *commit_late(void *arg)
{
    late_t *late = arg;
    arena_t *own = arena_new();
    err_t why = {.code = ERR_NONE};
    db_run(late->db, TX_WRITE, own, note_late, NULL, late, &why);
    arena_free(own);
    return NULL;
}

START_TEST(a_transaction_that_began_early_and_commits_late_is_not_skipped)
{
    read_t it = {.from = {TEXT_NONE, TEXT_NONE}};
    news(&it);
    late_t late = {.db = connect_now(), .fail = _i == 1};
    ck_assert(pipe(late.ready) == 0 && pipe(late.go) == 0);
    pthread_t thread;
    pthread_create(&thread, NULL, commit_late, &late);
    char byte;
    ck_assert_int_eq(read(late.ready[0], &byte, 1), 1);
    note_subject(db, "early"); /* a later number, an earlier commit */
    ck_assert_str_eq(news(&it), "early");
    note_subject(db, "more");
    ck_assert_str_eq(news(&it), "more");
    ck_assert_str_eq(news(&it), "");
    ck_assert_int_eq(write(late.go[1], "x", 1), 1);
    pthread_join(thread, NULL);
    note_subject(db, "after");
    ck_assert_str_eq(news(&it), _i == 1 ? "after" : "late after");
    ck_assert_str_eq(news(&it), "");
    db_close(late.db);
}
END_TEST

START_TEST(a_place_in_another_history_is_no_place)
{
    read_t it = {.from = {TEXT_NONE, TEXT_NONE}};
    news(&it);
    note_subject(db, "a");
    it.from.history = text_printf(arena, TEXT_FMT "0", TEXT_ARG(it.from.history));
    ck_assert_str_eq(news(&it), "");
    ck_assert(!it.reading.same_history && !it.reading.complete);
}
END_TEST

START_TEST(a_kind_from_a_newer_server_makes_a_reading_incomplete)
{
    read_t it = {.from = {TEXT_NONE, TEXT_NONE}};
    news(&it);
    cluster_ask(
        conninfo,
        "INSERT INTO audit (kind, context, actor, request_id) VALUES ('team.renamed', '.', 'a', 'r')");
    note_subject(db, "a");
    ck_assert_str_eq(news(&it), "a");
    ck_assert_uint_eq(it.reading.n_unknown, 1);
    ck_assert(it.reading.same_history && !it.reading.complete);
    news(&it);
    ck_assert(it.reading.complete);
}
END_TEST

START_TEST(a_great_many_changes_are_not_told_apart)
{
    read_t it = {.from = {TEXT_NONE, TEXT_NONE}};
    news(&it);
    cluster_ask(
        conninfo,
        "INSERT INTO audit (kind, context, actor, request_id) SELECT 'config.set', '.', 'a', 'r' FROM "
        "generate_series(1, 5000)");
    news(&it);
    ck_assert(it.reading.same_history && !it.reading.complete);
    ck_assert_uint_le(it.reading.n_rows, 2000);
    note_subject(db, "a");
    ck_assert_str_eq(news(&it), "a");
    ck_assert(it.reading.complete);
}
END_TEST

/* The cost of a reading does not grow with the table. */
START_TEST(a_reading_uses_the_index)
{
    cluster_ask(
        conninfo,
        "INSERT INTO audit (kind, context, actor, request_id) SELECT 'config.set', '.', 'a', 'r' FROM "
        "generate_series(1, 50000)");
    cluster_ask(conninfo, "ANALYZE audit");
    for (int i = 0; i < 12; i++) { /* past the point where PostgreSQL settles on a generic plan */
        read_t it = {.from = {TEXT_NONE, TEXT_NONE}};
        news(&it);
        news(&it);
    }
    cluster_ask(conninfo, "SELECT pg_stat_force_next_flush()");
    note_subject(db, "a");
    usleep(1200000);
    note_subject(db, "b"); /* the counters of a session are written when it is idle for a second */
    ck_assert_str_eq(cluster_ask(conninfo,
                                 "SELECT coalesce(sum(seq_tup_read), 0) < 50000 * 2 FROM pg_stat_user_tables "
                                 "WHERE relname = 'audit'"),
                     "t");
}
END_TEST

static int announce(tx_t *tx, void *arg)
{
    (void)arg;
    return audit_announce(tx);
}

/* Nothing of this takes a superuser. */
START_TEST(an_ordinary_user_writes_follows_and_announces)
{
    cluster_ask(conninfo,
                "DO $$ BEGIN CREATE ROLE plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    cluster_ask(conninfo, "GRANT ALL ON ALL TABLES IN SCHEMA public TO plain");
    size_t bytes = strlen(conninfo);
    snprintf(conninfo + bytes, sizeof conninfo - bytes, " user=plain");
    db_close(db);
    db = connect_now();
    read_t it = {.from = {TEXT_NONE, TEXT_NONE}};
    news(&it);
    note_subject(db, "a");
    ck_assert_str_eq(news(&it), "a");
    ck_assert_int_eq(db_listen(db, AUDIT_CHANNEL, &err), 0);
    ck_assert_msg(db_run(db, TX_WRITE, arena, announce, NULL, NULL, &err) == 0, "%s", err.text);
}
END_TEST

/* --- listening -------------------------------------------------------------------------------------------------------------- */

START_TEST(an_announcement_reaches_the_others_and_not_oneself)
{
    db_t *other = connect_now();
    ck_assert_int_eq(db_listen(db, AUDIT_CHANNEL, &err), 0);
    ck_assert_int_eq(db_listen(other, AUDIT_CHANNEL, &err), 0);
    ck_assert_int_eq(db_wait(db, -1, 20), 0);
    ck_assert_int_eq(db_run(other, TX_WRITE, arena, announce, NULL, NULL, &err), 0);
    ck_assert_int_eq(db_wait(db, -1, 2000), 1);
    ck_assert_int_eq(db_wait(db, -1, 20), 0);
    ck_assert_int_eq(db_wait(other, -1, 20), 0);
    db_close(other);
}
END_TEST

START_TEST(a_reopened_connection_listens_again)
{
    db_t *other = connect_now();
    ck_assert_int_eq(db_listen(db, AUDIT_CHANNEL, &err), 0);
    cluster_ask(
        conninfo,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'check_audit'");
    ck_assert_int_eq(db_wait(db, -1, 2000), -1);
    note_subject(db, "a");
    usleep(50000);
    ck_assert_int_eq(db_run(other, TX_WRITE, arena, announce, NULL, NULL, &err), 0);
    ck_assert_int_eq(db_wait(db, -1, 2000), 1);
    db_close(other);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("audit");
    TCase *written = tcase_create("written");
    tcase_add_checked_fixture(written, setup, teardown);
    tcase_add_test(written, a_change_says_who_did_what_to_which_and_when);
    tcase_add_test(written, what_does_not_apply_is_null);
    tcase_add_test(written, kinds_have_one_text_each);
    suite_add_tcase(s, written);

    TCase *followed = tcase_create("followed");
    tcase_add_checked_fixture(followed, setup, teardown);
    tcase_set_timeout(followed, 30);
    tcase_add_test(followed, the_first_reading_gives_a_place_and_no_changes);
    tcase_add_test(followed, each_change_is_read_once);
    tcase_add_loop_test(followed, a_transaction_that_began_early_and_commits_late_is_not_skipped, 0, 2);
    tcase_add_test(followed, a_place_in_another_history_is_no_place);
    tcase_add_test(followed, a_kind_from_a_newer_server_makes_a_reading_incomplete);
    tcase_add_test(followed, a_great_many_changes_are_not_told_apart);
    tcase_add_test(followed, a_reading_uses_the_index);
    tcase_add_test(followed, an_ordinary_user_writes_follows_and_announces);
    suite_add_tcase(s, followed);

    TCase *listening = tcase_create("listening");
    tcase_add_checked_fixture(listening, setup, teardown);
    tcase_add_test(listening, an_announcement_reaches_the_others_and_not_oneself);
    tcase_add_test(listening, a_reopened_connection_listens_again);
    suite_add_tcase(s, listening);
    return s;
}

int main(void)
{
    cluster_start();
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? 0 : 1;
}

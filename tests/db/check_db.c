/* Transactions, retries and lost connections, against a real PostgreSQL. What a statement meets is arranged with triggers
 * on the table change: the statements themselves are the product's. */
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "catalog/audit.h"
#include "tests/support/cluster.h"

static char conninfo[256];
static arena_t *arena;
static db_t *db;
static err_t err;

static db_options_t options(void)
{
    return (db_options_t){.conninfo = conninfo,
                          .connect_timeout_ms = 3000,
                          .statement_timeout_ms = 2000,
                          .application = "check_db"};
}

static void setup(void)
{
    cluster_database(conninfo, sizeof conninfo);
    arena = arena_new();
    err = (err_t){.code = ERR_NONE};
    db_options_t given = options();
    db = db_open(&given, &err);
    ck_assert_msg(db != NULL, "%s", err.text);
}

static void teardown(void)
{
    db_close(db);
    arena_free(arena);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- things to run --------------------------------------------------------------------------------------------------- */

typedef struct {
    int n_runs, n_again;
    const char *subject;
    text_t text;     /* instead of subject */
    bool fail;       /* the function itself says no */
    bool read_first; /* a wait before the write */
    void (*between)(void);
    size_t n_rows;
} work_t;

static audit_t audit_of(const work_t *work)
{
    return (audit_t){.kind = AUDIT_SCHEMA_REGISTERED,
                     .context = TEXT("."),
                     .subject = work->subject == NULL ? work->text : text_of(work->subject),
                     .schema_id = 7,
                     .version = 1,
                     .detail = TEXT("{\"a\": 1}"),
                     .actor = TEXT("anonymous"),
                     .request_id = TEXT("r1")};
}

static int read_history(tx_t *tx, work_t *work)
{
    rows_t *rows;
    if (tx_query(tx, STMT_AUDIT_SINCE, &rows, sql_null(), sql_null(), sql_i64(10)) != 0)
        return -1;
    work->n_rows = rows_n(rows);
    return 0;
}

static int write_change(tx_t *tx, void *arg)
{
    work_t *work = arg;
    work->n_runs++;
    if (work->read_first && read_history(tx, work) != 0)
        return -1;
    if (work->between != NULL)
        work->between();
    audit_t change = audit_of(work);
    if (audit_note(tx, &change) != 0)
        return -1;
    return work->fail ? err_set(tx_err(tx), ERR_SUBJECT_NOT_FOUND, NULL) : 0;
}

static int read_only(tx_t *tx, void *arg)
{
    return read_history(tx, arg);
}

static void again(void *arg)
{
    ((work_t *)arg)->n_again++;
}

static int run(work_t *work)
{
    return db_run(db, TX_WRITE, arena, write_change, again, work, &err);
}

static int count(const char *table)
{
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return (int)strtol(cluster_ask(conninfo, sql), NULL, 10);
}

/* Before each change is written (or, deferred, when it is committed), this piece of PL/pgSQL runs. */
static void arrange(const char *when, const char *plpgsql)
{
    char sql[2048];
    snprintf(
        sql, sizeof sql,
        "CREATE SEQUENCE times; CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN %s; "
        "RETURN NEW; END $f$; CREATE %s ON audit %s FOR EACH ROW EXECUTE FUNCTION meet()",
        plpgsql,
        strcmp(when, "at once") == 0 ? "TRIGGER meet BEFORE INSERT" : "CONSTRAINT TRIGGER meet AFTER INSERT",
        strcmp(when, "at once") == 0 ? "" : "DEFERRABLE INITIALLY DEFERRED");
    cluster_ask(conninfo, sql);
}

/* --- plain ------------------------------------------------------------------------------------------------------------ */

START_TEST(a_change_is_written_with_its_outbox_row)
{
    work_t work = {.subject = "orders-value"};
    ck_assert_msg(run(&work) == 0, "%s", err.text);
    ck_assert_int_eq(work.n_runs, 1);
    ck_assert_int_eq(count("audit"), 1);
    ck_assert_str_eq(cluster_ask(conninfo,
                                 "SELECT concat_ws(' ', type, o.subject, outbox_data(o, a)->'id', "
                                 "outbox_data(o, a)->'detail'->'a') FROM outbox o JOIN audit a USING (seq)"),
                     "io.avow.schema.registered orders-value 7 1");
    size_t n;
    const audit_t *const *noted = audit_committed(db, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert(text_is(noted[0]->subject, "orders-value"));
}
END_TEST

START_TEST(what_the_function_refuses_is_rolled_back)
{
    work_t work = {.subject = "a", .read_first = _i == 1, .fail = true};
    ck_assert_int_eq(run(&work), -1);
    ck_assert_int_eq(err.code, ERR_SUBJECT_NOT_FOUND);
    ck_assert_int_eq(work.n_runs, 1);
    size_t n;
    audit_committed(db, &n);
    ck_assert_uint_eq(n, 0);
    work = (work_t){.subject = "b"};
    ck_assert_int_eq(run(&work), 0);
    ck_assert_int_eq(count("audit"), 1);
}
END_TEST

START_TEST(a_read_only_transaction_cannot_write)
{
    work_t work = {.subject = "a"};
    ck_assert_int_eq(db_run(db, TX_READ, arena, write_change, NULL, &work, &err), -1);
    ck_assert_int_eq(count("audit"), 0);
}
END_TEST

START_TEST(reads_follow_each_other_although_nobody_waits_for_their_commit)
{
    work_t work = {.n_rows = 0};
    for (int i = 0; i < 200; i++) {
        ck_assert_msg(db_run(db, TX_READ, arena, read_only, NULL, &work, &err) == 0, "%s", err.text);
        ck_assert_uint_eq(work.n_rows, 1);
        arena_reset(arena);
    }
    work = (work_t){.subject = "a"};
    ck_assert_int_eq(run(&work), 0);
    ck_assert_str_eq(cluster_ask(conninfo,
                                 "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'check_db' "
                                 "AND state <> 'idle'"),
                     "0");
}
END_TEST

static int does_nothing(tx_t *tx, void *arg)
{
    (void)tx, (void)arg;
    return 0;
}

START_TEST(a_transaction_without_statements_is_none)
{
    ck_assert_int_eq(db_run(db, TX_WRITE, arena, does_nothing, NULL, NULL, &err), 0);
}
END_TEST

START_TEST(a_text_with_nul_never_reaches_postgresql)
{
    work_t work = {.text = {"a\0b", 3}};
    ck_assert_int_eq(run(&work), -1);
    ck_assert_int_eq(err.code, ERR_BODY_MALFORMED);
    ck_assert(db_is_alive(db));
    ck_assert_int_eq(count("audit"), 0);
}
END_TEST

START_TEST(a_text_that_is_not_utf8_is_the_callers_fault)
{
    work_t work = {.text = {"a\xff", 2}};
    ck_assert_int_eq(run(&work), -1);
    ck_assert_int_eq(err.code, ERR_BODY_MALFORMED);
}
END_TEST

START_TEST(large_texts_go_through_in_both_directions)
{
    size_t bytes = 3 << 20;
    char *text = arena_alloc(arena, bytes);
    memset(text, 'x', bytes);
    work_t work = {.text = {text, bytes}};
    ck_assert_msg(run(&work) == 0, "%s", err.text);
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT length(subject) FROM audit"), "3145728");
}
END_TEST

static int sends_too_few(tx_t *tx, void *arg)
{
    (void)arg;
    return tx_send(tx, STMT_AUDIT_NOTE, sql_i64(1));
}

START_TEST(the_number_of_arguments_is_checked)
{
    ck_assert_int_eq(db_run(db, TX_WRITE, arena, sends_too_few, NULL, NULL, &err), -1);
    ck_assert_int_eq(err.code, ERR_INTERNAL);
    ck_assert_ptr_nonnull(strstr(err.text, "takes 9 arguments, not 1"));
}
END_TEST

/* --- rows ------------------------------------------------------------------------------------------------------------- */

typedef struct {
    audit_position_t from;
    const char *column;
    enum { AS_TEXT, AS_I32, AS_I64, AS_BOOL } as;
    bool before_first;
} look_t;

static int look(tx_t *tx, void *arg)
{
    look_t *it = arg;
    rows_t *rows;
    if (tx_query_last(tx, STMT_AUDIT_SINCE, &rows, sql_text(it->from.snapshot), sql_text(it->from.history),
                      sql_i64(10)) != 0)
        return -1;
    if (!it->before_first && !rows_next(rows))
        return -1;
    switch (it->as) {
    case AS_TEXT:
        row_text(rows, it->column);
        break;
    case AS_I32:
        row_i32(rows, it->column);
        break;
    case AS_I64:
        row_i64(rows, it->column);
        break;
    case AS_BOOL:
        row_bool(rows, it->column);
        break;
    }
    return row_end(rows);
}

static const struct {
    look_t look;
    const char *complaint; /* NULL: none */
} looks[] = {
    {{.column = "kind", .as = AS_TEXT}, NULL},
    {{.column = "seq", .as = AS_I64}, NULL},
    {{.column = "version", .as = AS_I32}, NULL},
    {{.column = "follows", .as = AS_BOOL}, NULL},
    {{.column = "nothing", .as = AS_TEXT}, "nothing of a row from the database is missing"},
    {{.column = "schema_id", .as = AS_I64}, "schema_id of a row from the database is null"},
    {{.column = "kind", .as = AS_I64}, "is not a number that fits"},
    {{.column = "kind", .as = AS_BOOL}, "is not true or false"},
    {{.column = "seq", .as = AS_I32}, "is not a number that fits"},
    {{.column = "seq", .as = AS_I64, .before_first = true}, "before there was a row"},
};

START_TEST(a_row_is_read_by_name_and_its_first_fault_is_kept)
{
    look_t it = looks[_i].look;
    it.from.snapshot = TEXT("1:1:");
    char history[128];
    snprintf(history, sizeof history, "%s",
             cluster_ask(conninfo, "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || "
                                   "left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || '/' || "
                                   "'audit'::regclass::oid"));
    it.from.history = text_of(history);
    cluster_ask(conninfo, "ALTER TABLE audit ALTER seq RESTART 5000000000");
    cluster_ask(conninfo, "INSERT INTO audit (kind, context, version, actor, request_id) "
                          "VALUES ('config.set', '.', 3, 'a', 'r')");
    int status = db_run(db, TX_READ, arena, look, NULL, &it, &err);
    if (looks[_i].complaint == NULL) {
        ck_assert_msg(status == 0, "%s", err.text);
    } else {
        ck_assert_int_eq(status, -1);
        ck_assert_int_eq(err.code, ERR_INTERNAL);
        ck_assert_msg(strstr(err.text, looks[_i].complaint) != NULL, "%s", err.text);
    }
}
END_TEST

START_TEST(arrays_are_quoted)
{
    int64_t numbers[] = {1, INT64_MIN, INT64_MAX};
    text_t texts[] = {TEXT("a"), TEXT(""), TEXT("q\"\\,{}"), TEXT("NULL")};
    ck_assert_str_eq(sql_i64_array(numbers, 3, arena).text.at,
                     "{1,-9223372036854775808,9223372036854775807}");
    ck_assert_str_eq(sql_i64_array(NULL, 0, arena).text.at, "{}");
    ck_assert_str_eq(sql_text_array(texts, 4, arena).text.at, "{\"a\",\"\",\"q\\\"\\\\,{}\",\"NULL\"}");
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT ($a$%s$a$::text[])[3]", sql_text_array(texts, 4, arena).text.at);
    ck_assert_str_eq(cluster_ask(conninfo, sql), "q\"\\,{}");
}
END_TEST

/* --- failures of statements -------------------------------------------------------------------------------------------- */

static const struct {
    const char *when, *state;
    err_code_t code;
    int n_runs;
} failures[] = {
    {"at once", "40001", ERR_BUSY, 10},        {"at once", "40P01", ERR_BUSY, 10},
    {"at once", "23505", ERR_BUSY, 10},        {"at once", "23503", ERR_BUSY, 10},
    {"at commit", "40001", ERR_BUSY, 10},      {"at once", "23514", ERR_INTERNAL, 1},
    {"at commit", "23514", ERR_INTERNAL, 1},   {"at once", "57014", ERR_STORE_TIMEOUT, 1},
    {"at once", "53100", ERR_STORE, 1},        {"at once", "22P05", ERR_BODY_MALFORMED, 1},
    {"at once", "54000", ERR_BODY_INVALID, 1},
};

START_TEST(a_failed_statement_becomes_its_error)
{
    char body[128];
    snprintf(body, sizeof body, "RAISE EXCEPTION 'arranged' USING ERRCODE = '%s'", failures[_i].state);
    arrange(failures[_i].when, body);
    work_t work = {.subject = "a"};
    ck_assert_int_eq(run(&work), -1);
    ck_assert_str_eq(err_name(err.code), err_name(failures[_i].code));
    ck_assert_int_eq(work.n_runs, failures[_i].n_runs);
    ck_assert_int_eq(work.n_again, failures[_i].n_runs - 1);
    ck_assert_int_eq(count("audit"), 0);
    cluster_ask(conninfo, "DROP TRIGGER meet ON audit");
    ck_assert_msg(run(&work) == 0, "%s", err.text); /* the connection is as good as new */
    ck_assert_int_eq(count("audit"), 1);
}
END_TEST

START_TEST(a_race_that_is_lost_twice_is_won_the_third_time)
{
    arrange(_i == 0 ? "at once" : "at commit",
            "IF nextval('times') <= 2 THEN RAISE EXCEPTION 'arranged' USING ERRCODE = '40001'; END IF");
    work_t work = {.subject = "a", .read_first = true};
    ck_assert_msg(run(&work) == 0, "%s", err.text);
    ck_assert_int_eq(err.code, ERR_NONE);
    ck_assert_int_eq(work.n_runs, 3);
    ck_assert_int_eq(work.n_again, 2);
    ck_assert_int_eq(count("audit"), 1);
    size_t n;
    audit_committed(db, &n);
    ck_assert_uint_eq(n, 1); /* what the lost runs noted is gone */
}
END_TEST

/* INSERT ... RETURNING answers happily; only COMMIT finds out. */
START_TEST(a_deferred_constraint_refuses_at_commit)
{
    cluster_ask(conninfo,
                "ALTER TABLE audit ADD CONSTRAINT once UNIQUE (subject) DEFERRABLE INITIALLY DEFERRED");
    work_t work = {.subject = "a"};
    ck_assert_int_eq(run(&work), 0);
    work = (work_t){.subject = "a"};
    ck_assert_int_eq(run(&work), -1);
    ck_assert_int_eq(err.code, ERR_BUSY);
    ck_assert_int_eq(count("audit"), 1);
}
END_TEST

static int sends_after_a_failure(tx_t *tx, void *arg)
{
    work_t *work = arg;
    audit_t change = audit_of(work);
    ck_assert_int_eq(audit_note(tx, &change), 0);
    ck_assert_int_eq(read_history(tx, work), -1); /* the failure of what was queued comes out here */
    ck_assert_int_eq(read_history(tx, work), -1);
    ck_assert_int_eq(audit_note(tx, &change), -1);
    return 0; /* even so */
}

START_TEST(a_failed_statement_poisons_the_transaction)
{
    arrange("at once", "RAISE EXCEPTION 'arranged' USING ERRCODE = '23514'");
    work_t work = {.subject = "a"};
    ck_assert_int_eq(db_run(db, TX_WRITE, arena, sends_after_a_failure, NULL, &work, &err), -1);
    ck_assert_int_eq(err.code, ERR_INTERNAL);
    ck_assert_ptr_nonnull(strstr(err.text, "audit_note: arranged (23514)"));
}
END_TEST

static int queries_after_the_last(tx_t *tx, void *arg)
{
    (void)arg;
    rows_t *rows;
    if (tx_query_last(tx, STMT_AUDIT_SINCE, &rows, sql_null(), sql_null(), sql_i64(1)) != 0)
        return 0;
    ck_assert_int_eq(tx_query(tx, STMT_AUDIT_SINCE, &rows, sql_null(), sql_null(), sql_i64(1)), -1);
    return -1;
}

START_TEST(nothing_comes_after_the_last_statement)
{
    ck_assert_int_eq(db_run(db, TX_WRITE, arena, queries_after_the_last, NULL, NULL, &err), -1);
    ck_assert_int_eq(err.code, ERR_INTERNAL);
    work_t work = {.subject = "a"};
    ck_assert_int_eq(run(&work), 0);
}
END_TEST

/* --- lost connections --------------------------------------------------------------------------------------------------- */

static void end_backend(void)
{
    cluster_ask(conninfo,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'check_db'");
}

START_TEST(a_connection_lost_in_the_middle_is_an_error_and_the_next_call_works)
{
    work_t work = {.subject = "a", .read_first = true, .between = end_backend};
    ck_assert_int_eq(run(&work), -1);
    ck_assert_int_eq(err.code, ERR_STORE);
    ck_assert_int_eq(work.n_runs, 1);
    ck_assert_int_eq(count("audit"), 0);
    work = (work_t){.subject = "b"};
    ck_assert_msg(run(&work) == 0, "%s", err.text);
    ck_assert_int_eq(count("audit"), 1);
}
END_TEST

START_TEST(a_connection_lost_between_calls_is_not_noticed)
{
    for (int i = 0; i < 5; i++) {
        work_t work = {.subject = "a"};
        ck_assert_msg(run(&work) == 0, "%s", err.text);
        end_backend();
        while (strcmp(cluster_ask(conninfo, "SELECT count(*) FROM pg_stat_activity "
                                            "WHERE application_name = 'check_db'"),
                      "0") != 0)
            usleep(1000);
    }
    ck_assert_int_eq(count("audit"), 5);
}
END_TEST

static void *kill_soon(void *arg)
{
    (void)arg;
    usleep(300000);
    cluster_kill();
    return NULL;
}

START_TEST(a_commit_that_nobody_answered_is_never_run_again)
{
    arrange("at commit", "PERFORM nextval('times'); PERFORM pg_sleep(1)");
    pthread_t killer;
    pthread_create(&killer, NULL, kill_soon, NULL);
    work_t work = {.subject = "a"};
    int status = run(&work);
    pthread_join(killer, NULL);
    cluster_start_again();
    ck_assert_int_eq(status, -1);
    ck_assert_int_eq(err.code, ERR_STORE);
    ck_assert_msg(strstr(err.text, "whether it was made is not known") != NULL, "%s", err.text);
    ck_assert_int_eq(work.n_runs, 1);
}
END_TEST

START_TEST(a_database_that_is_away_is_an_error_at_once_and_comes_back_by_itself)
{
    work_t work = {.subject = "a"};
    ck_assert_int_eq(run(&work), 0);
    _i == 0 ? cluster_shut_down() : cluster_kill();
    int64_t start = now_ms();
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(run(&work), -1);
        ck_assert_int_eq(err.code, ERR_STORE);
    }
    ck_assert_int_lt(now_ms() - start, 500);
    ck_assert_str_eq(err.text,
                     "The database is not reachable; the server keeps trying and resumes by itself");
    ck_assert(!db_is_alive(db));
    ck_assert_ptr_nonnull(strstr(db_fault(db), "cannot be reached"));
    cluster_start_again();
    start = now_ms();
    while (run(&work) != 0)
        ck_assert_int_lt(now_ms() - start, 1500);
    ck_assert_int_eq(count("audit"), 2);
}
END_TEST

START_TEST(a_statement_that_takes_too_long_is_cancelled)
{
    arrange("at once", "PERFORM pg_sleep(30)");
    work_t work = {.subject = "a"};
    int64_t start = now_ms();
    ck_assert_int_eq(run(&work), -1);
    ck_assert_int_eq(err.code, ERR_STORE_TIMEOUT);
    ck_assert_int_lt(now_ms() - start, 4000);
    ck_assert(db_is_alive(db));
}
END_TEST

/* A server that is stopped (or a network that swallows everything) answers nothing, not even its own time-out. */
START_TEST(a_server_that_says_nothing_is_given_up)
{
    long pid =
        strtol(cluster_ask(conninfo, "SELECT pid FROM pg_stat_activity WHERE application_name = 'check_db'"),
               NULL, 10);
    kill((pid_t)pid, SIGSTOP);
    work_t work = {.subject = "a"};
    int64_t start = now_ms();
    int status = run(&work);
    kill((pid_t)pid, SIGCONT);
    ck_assert_int_eq(status, -1);
    ck_assert_int_lt(now_ms() - start, 8000);
    ck_assert(!db_is_alive(db));
    ck_assert_msg(run(&work) == 0, "%s", err.text);
}
END_TEST

START_TEST(what_cannot_be_reached_says_why)
{
    db_options_t given = options();
    given.conninfo = _i == 0 ? "host=/nowhere/at/all dbname=x" : "host=";
    given.conninfo = _i == 2 ? "this is no connection string" : given.conninfo;
    err_t why = {.code = ERR_NONE};
    int64_t start = now_ms();
    db_t *none = db_open(&given, &why);
    if (_i != 1)
        ck_assert_ptr_null(none);
    ck_assert_int_lt(now_ms() - start, 3500);
    if (none == NULL)
        ck_assert_msg(why.code == ERR_STORE && strstr(why.text, "cannot be reached: ") != NULL, "%s",
                      why.text);
    db_close(none);
}
END_TEST

START_TEST(two_connections_that_lock_each_other_both_finish)
{
    cluster_ask(conninfo, "CREATE TABLE latch (n int); INSERT INTO latch VALUES (1), (2)");
    arrange("at once", "UPDATE latch SET n = n WHERE n = CASE NEW.subject WHEN 'a' THEN 1 ELSE 2 END; "
                       "IF nextval('times') <= 2 THEN PERFORM pg_sleep(0.2); END IF; "
                       "UPDATE latch SET n = n WHERE n = CASE NEW.subject WHEN 'a' THEN 2 ELSE 1 END");
    db_options_t given = options();
    given.statement_timeout_ms = 20000; /* PostgreSQL looks for deadlocks once a second */
    db_close(db);
    db = db_open(&given, &err);
    ck_assert_ptr_nonnull(db);
    pid_t other = fork();
    if (other == 0) {
        db_t *own = db_open(&given, &err);
        work_t work = {.subject = "b"};
        _exit(own != NULL && db_run(own, TX_WRITE, arena, write_change, again, &work, &err) == 0 ? 0 : 1);
    }
    work_t work = {.subject = "a"};
    ck_assert_msg(run(&work) == 0, "%s", err.text);
    int status;
    ck_assert_int_eq(waitpid(other, &status, 0), other);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(count("audit"), 2);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("db");
    TCase *plain = tcase_create("plain");
    tcase_add_checked_fixture(plain, setup, teardown);
    tcase_add_test(plain, a_change_is_written_with_its_outbox_row);
    tcase_add_loop_test(plain, what_the_function_refuses_is_rolled_back, 0, 2);
    tcase_add_test(plain, a_read_only_transaction_cannot_write);
    tcase_add_test(plain, reads_follow_each_other_although_nobody_waits_for_their_commit);
    tcase_add_test(plain, a_transaction_without_statements_is_none);
    tcase_add_test(plain, a_text_with_nul_never_reaches_postgresql);
    tcase_add_test(plain, a_text_that_is_not_utf8_is_the_callers_fault);
    tcase_add_test(plain, large_texts_go_through_in_both_directions);
    tcase_add_test(plain, the_number_of_arguments_is_checked);
    suite_add_tcase(s, plain);

    TCase *rows = tcase_create("rows");
    tcase_add_checked_fixture(rows, setup, teardown);
    tcase_add_loop_test(rows, a_row_is_read_by_name_and_its_first_fault_is_kept, 0,
                        sizeof looks / sizeof looks[0]);
    tcase_add_test(rows, arrays_are_quoted);
    suite_add_tcase(s, rows);

    TCase *failing = tcase_create("failing");
    tcase_add_checked_fixture(failing, setup, teardown);
    tcase_add_loop_test(failing, a_failed_statement_becomes_its_error, 0,
                        sizeof failures / sizeof failures[0]);
    tcase_add_loop_test(failing, a_race_that_is_lost_twice_is_won_the_third_time, 0, 2);
    tcase_add_test(failing, a_deferred_constraint_refuses_at_commit);
    tcase_add_test(failing, a_failed_statement_poisons_the_transaction);
    tcase_add_test(failing, nothing_comes_after_the_last_statement);
    tcase_add_test(failing, two_connections_that_lock_each_other_both_finish);
    suite_add_tcase(s, failing);

    TCase *lost = tcase_create("lost");
    tcase_add_checked_fixture(lost, setup, teardown);
    tcase_set_timeout(failing, 60);
    tcase_set_timeout(lost, 60);
    tcase_add_test(lost, a_connection_lost_in_the_middle_is_an_error_and_the_next_call_works);
    tcase_add_test(lost, a_connection_lost_between_calls_is_not_noticed);
    tcase_add_test(lost, a_commit_that_nobody_answered_is_never_run_again);
    tcase_add_loop_test(lost, a_database_that_is_away_is_an_error_at_once_and_comes_back_by_itself, 0, 2);
    tcase_add_test(lost, a_statement_that_takes_too_long_is_cancelled);
    tcase_add_test(lost, a_server_that_says_nothing_is_given_up);
    tcase_add_loop_test(lost, what_cannot_be_reached_says_why, 0, 3);
    suite_add_tcase(s, lost);
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

/* Migrations: applied once, in order, whole or not at all; databases that are not ours to go on from. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/db/migrate.h"
#include "tests/support/cluster.h"

static char conninfo[256];
static err_t err;

static void setup(void)
{
    cluster_database_empty(conninfo, sizeof conninfo);
    err = (err_t){.code = ERR_NONE};
}

static db_options_t options(void)
{
    return (db_options_t){.conninfo = conninfo, .connect_timeout_ms = 3000, .application = "check_migrate"};
}

static int run(const migration_t *list, size_t n)
{
    db_options_t given = options();
    int n_applied = -1;
    err_clear(&err);
    return migrate_with(&given, list, n, &n_applied, &err) == 0 ? n_applied : -1;
}

static const migration_t three[] = {
    {1, "one", "CREATE TABLE one (n int); INSERT INTO one VALUES (1);\n"},
    {2, "two", "CREATE TABLE two (n int);\n-- a second statement\nALTER TABLE one ADD m int;\n"},
    {3, "three", "INSERT INTO two VALUES (3)"},
};

START_TEST(migrations_are_applied_once_and_in_order)
{
    ck_assert_int_eq(run(three, 2), 2);
    ck_assert_int_eq(run(three, 2), 0);
    ck_assert_int_eq(run(three, 3), 1);
    ck_assert_str_eq(cluster_ask(conninfo,
                                 "SELECT string_agg(version || ' ' || name || ' ' || length(checksum), ', ' "
                                 "ORDER BY version) FROM schema_migration WHERE applied_at <= now()"),
                     "1 one 64, 2 two 64, 3 three 64");
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT n FROM two"), "3");
}
END_TEST

static const migration_t broken[] = {
    {1, "one", "CREATE TABLE one (n int)"},
    {2, "two", "CREATE TABLE two (n int); INSERT INTO one VALUES ('x')"},
};

START_TEST(a_migration_that_fails_leaves_nothing_of_itself)
{
    ck_assert_int_eq(run(broken, 2), -1);
    ck_assert_int_eq(err.code, ERR_STORE);
    ck_assert_msg(strstr(err.text, "Migration 0002_two failed: invalid input syntax") == err.text, "%s",
                  err.text);
    ck_assert_str_eq(
        cluster_ask(conninfo, "SELECT to_regclass('one') IS NOT NULL AND to_regclass('two') IS NULL"), "t");
    ck_assert_int_eq(run(three, 1), -1); /* another text than was applied */
}
END_TEST

static const migration_t greedy[] = {
    {1, "greedy", "CREATE TABLE one (n int); COMMIT; CREATE TABLE two (n int)"}};

START_TEST(a_migration_does_not_end_its_transaction)
{
    ck_assert_int_eq(run(greedy, 1), -1);
    ck_assert_msg(strstr(err.text, "Migration 0001_greedy ended its transaction") == err.text, "%s",
                  err.text);
}
END_TEST

static const struct {
    const char *name, *sql, *sentence;
    size_t n;
} refused[] = {
    {"a newer database", "", "it has migration 3 (three), and this program knows them up to 2", 2},
    {"an edited migration", "UPDATE schema_migration SET checksum = repeat('0', 64) WHERE version = 2",
     "Migration 2 (two) was applied to this database with another text", 3},
    {"one missing in the middle", "DELETE FROM schema_migration WHERE version = 2",
     "The database has migration 3 (three) but not 2", 3},
    {"newer and edited", "UPDATE schema_migration SET checksum = repeat('0', 64)",
     "it has migration 3 (three), and this program knows them up to 2", 2},
};

START_TEST(a_database_of_another_history_is_refused_with_a_sentence)
{
    ck_assert_int_eq(run(three, 3), 3);
    if (refused[_i].sql[0] != '\0')
        cluster_ask(conninfo, refused[_i].sql);
    ck_assert_int_eq(run(three, refused[_i].n), -1);
    ck_assert_int_eq(err.code, ERR_STORE);
    ck_assert_msg(strstr(err.text, refused[_i].sentence) != NULL, "%s: %s", refused[_i].name, err.text);
}
END_TEST

static const migration_t slow[] = {{1, "slow", "CREATE TABLE one (n int); SELECT pg_sleep(0.3)"}};

START_TEST(servers_that_start_together_apply_everything_once)
{
    enum { N = 6 };
    pid_t pids[N];
    for (int i = 0; i < N; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            int n_applied = run(slow, 1);
            _exit(n_applied < 0 ? 100 : n_applied);
        }
    }
    int sum = 0;
    for (int i = 0; i < N; i++) {
        int status;
        ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
        ck_assert(WIFEXITED(status));
        sum += WEXITSTATUS(status);
    }
    ck_assert_int_eq(sum, 1);
}
END_TEST

START_TEST(the_products_own_are_numbered_from_one_and_apply)
{
    ck_assert_int_eq(migrate_latest(), (int)n_migrations);
    for (size_t i = 0; i < n_migrations; i++)
        ck_assert_int_eq(migrations[i].version, (int)i + 1);
    db_options_t given = options();
    int n_applied;
    ck_assert_msg(migrate(&given, &n_applied, &err) == 0, "%s", err.text);
    ck_assert_int_eq(n_applied, migrate_latest());
}
END_TEST

START_TEST(every_statement_fits_the_tables)
{
    db_options_t given = options();
    ck_assert_int_eq(migrate(&given, NULL, &err), 0);
    db_t *db = db_open(&given, &err); /* prepares them all */
    ck_assert_msg(db != NULL, "%s", err.text);
    db_close(db);
}
END_TEST

START_TEST(an_ordinary_user_can_be_given_a_database)
{
    cluster_ask(conninfo, "CREATE ROLE plain LOGIN");
    char sql[128], plain[512];
    snprintf(sql, sizeof sql, "ALTER DATABASE %s OWNER TO plain",
             strstr(conninfo, "dbname=") + strlen("dbname="));
    cluster_ask(conninfo, sql);
    snprintf(plain, sizeof plain, "%s user=plain", conninfo);
    db_options_t given = options();
    given.conninfo = plain;
    ck_assert_msg(migrate(&given, NULL, &err) == 0, "%s", err.text);
    db_t *db = db_open(&given, &err);
    ck_assert_msg(db != NULL, "%s", err.text);
    db_close(db);
}
END_TEST

START_TEST(a_database_that_cannot_be_reached_is_a_sentence)
{
    db_options_t given = {.conninfo = "host=/nowhere dbname=x", .connect_timeout_ms = 1000};
    ck_assert_int_eq(migrate(&given, NULL, &err), -1);
    ck_assert_int_eq(err.code, ERR_STORE);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot be reached"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("migrate");
    TCase *all = tcase_create("migrate");
    tcase_add_checked_fixture(all, setup, NULL);
    tcase_set_timeout(all, 30);
    tcase_add_test(all, migrations_are_applied_once_and_in_order);
    tcase_add_test(all, a_migration_that_fails_leaves_nothing_of_itself);
    tcase_add_test(all, a_migration_does_not_end_its_transaction);
    tcase_add_loop_test(all, a_database_of_another_history_is_refused_with_a_sentence, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(all, servers_that_start_together_apply_everything_once);
    tcase_add_test(all, the_products_own_are_numbered_from_one_and_apply);
    tcase_add_test(all, every_statement_fits_the_tables);
    tcase_add_test(all, an_ordinary_user_can_be_given_a_database);
    tcase_add_test(all, a_database_that_cannot_be_reached_is_a_sentence);
    suite_add_tcase(s, all);
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

/* catalog/db/statements.awk and migrations.awk: what becomes C, and what fails the build. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/db/db.h"

static char folder[64], said[4096];

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/avow-awk-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

/* Runs the script over the files; what it printed is in `said`. */
static int run(const char *script, const char *files)
{
    char command[512];
    snprintf(command, sizeof command, "LC_ALL=C " AVOW_AWK " -f " AVOW_CATALOG "/db/%s %s > out 2>&1", script,
             files);
    int status = system(command);
    FILE *file = fopen("out", "r");
    ck_assert_ptr_nonnull(file);
    size_t n = fread(said, 1, sizeof said - 1, file);
    said[n] = '\0';
    fclose(file);
    return status;
}

static void teardown(void)
{
    static const char *const names[] = {"a.sql",      "out",        "x/a.sql", "0001_a.sql",
                                        "0002_b.sql", "0003_c.sql", "B.sql"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(names[i]);
    rmdir("x");
    rmdir(folder);
}

static const struct {
    const char *name, *sql, *expected;
} good[] = {
    {"no arguments", "SELECT 1\n", "{\"a\", 0,\n     \"SELECT 1\\n\"}"},
    {"arguments in any order", "SELECT $2::int, $1, $2\n", "{\"a\", 2,\n"},
    {"ten arguments", "SELECT $1,$2,$3,$4,$5,$6,$7,$8,$9,$10\n", "{\"a\", 10,\n"},
    {"comments go", "-- $7; \"x\"\nSELECT 1 -- one\n", "{\"a\", 0,\n     \"SELECT 1\\n\"}"},
    {"a dash is no comment", "SELECT 1 - 1\n", "SELECT 1 - 1\\n"},
    {"texts stay", "SELECT '-- $1; it''s', \"c\"\n",
     "{\"a\", 0,\n     \"SELECT '-- $1; it''s', \\\"c\\\"\\n\"}"},
    {"texts over lines", "SELECT 'a\n\n  -- b'\n",
     "     \"SELECT 'a\\n\"\n     \"\\n\"\n     \"  -- b'\\n\"}"},
    {"backslashes", "SELECT '\\d'\n", "SELECT '\\\\d'\\n"},
    {"a semicolon at the end", "SELECT 1;\n\n-- end\n", "{\"a\", 0,\n     \"SELECT 1\\n\"}"},
    {"no newline at the end", "SELECT 1", "     \"SELECT 1\\n\"}"},
};

START_TEST(a_statement_becomes_a_row)
{
    put("a.sql", good[_i].sql);
    ck_assert_msg(run("statements.awk", "a.sql") == 0, "%s: %s", good[_i].name, said);
    ck_assert_msg(strstr(said, good[_i].expected) != NULL, "%s: %s", good[_i].name, said);
}
END_TEST

static const struct {
    const char *sql, *complaint;
} bad[] = {
    {"SELECT 1; SELECT 2\n", "a second statement begins here: SELECT 2"},
    {"SELECT 1;\nSELECT 2\n", "a second statement begins here: SELECT 2"},
    {"SELECT $1, $3\n", "$2 is left out"},
    {"SELECT 'a\n", "a text in quotes does not end"},
    {"/* x */ SELECT 1\n", "comments begin with --"},
    {"-- nothing\n", "there is no statement in it"},
};

START_TEST(what_would_fail_at_run_time_fails_the_build)
{
    put("a.sql", bad[_i].sql);
    ck_assert_int_ne(run("statements.awk", "a.sql"), 0);
    ck_assert_msg(strstr(said, bad[_i].complaint) != NULL, "%s", said);
    ck_assert_ptr_nonnull(strstr(said, "a.sql: "));
}
END_TEST

START_TEST(names_are_unique_and_simple)
{
    put("a.sql", "SELECT 1\n");
    put("B.sql", "SELECT 1\n");
    ck_assert_int_ne(run("statements.awk", "a.sql ./a.sql"), 0);
    ck_assert_ptr_nonnull(strstr(said, "there is another statement of this name: a.sql"));
    ck_assert_int_ne(run("statements.awk", "B.sql"), 0);
    ck_assert_ptr_nonnull(strstr(said, "small letters"));
}
END_TEST

START_TEST(migrations_are_kept_byte_for_byte)
{
    put("0001_a.sql", "-- \"why\" \\ \n\nCREATE TABLE a ();\n");
    put("0002_b.sql", "SELECT 1\n");
    ck_assert_msg(run("migrations.awk", "0001_a.sql 0002_b.sql") == 0, "%s", said);
    ck_assert_ptr_nonnull(
        strstr(said, "    \"-- \\\"why\\\" \\\\ \\n\"\n    \"\\n\"\n    \"CREATE TABLE a ();\\n\"\n"));
    ck_assert_ptr_nonnull(strstr(said, "{1, \"a\", text_1},\n    {2, \"b\", text_2},"));
    ck_assert_ptr_nonnull(strstr(said, "n_migrations = 2;"));
}
END_TEST

START_TEST(migrations_are_numbered_without_gaps)
{
    put("0001_a.sql", "SELECT 1\n");
    put("0003_c.sql", "SELECT 1\n");
    put("B.sql", "SELECT 1\n");
    ck_assert_int_ne(run("migrations.awk", "0001_a.sql 0003_c.sql"), 0);
    ck_assert_ptr_nonnull(strstr(said, "0003_c.sql: the migration before this one is 1"));
    ck_assert_int_ne(run("migrations.awk", "B.sql"), 0);
    ck_assert_ptr_nonnull(strstr(said, "four digits"));
}
END_TEST

START_TEST(the_products_own_are_all_there)
{
    ck_assert_int_gt(STMT_N, 0);
    for (int i = 0; i < STMT_N; i++) {
        ck_assert_ptr_nonnull(statements[i].name);
        ck_assert_int_ge(statements[i].n_args, 0);
        ck_assert_int_le(statements[i].n_args, 32);
    }
    ck_assert_str_eq(statements[STMT_AUDIT_NOTE].name, "audit_note");
    ck_assert_int_eq(statements[STMT_AUDIT_NOTE].n_args, 9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("statements");
    TCase *all = tcase_create("statements");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_loop_test(all, a_statement_becomes_a_row, 0, sizeof good / sizeof good[0]);
    tcase_add_loop_test(all, what_would_fail_at_run_time_fails_the_build, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(all, names_are_unique_and_simple);
    tcase_add_test(all, migrations_are_kept_byte_for_byte);
    tcase_add_test(all, migrations_are_numbered_without_gaps);
    tcase_add_test(all, the_products_own_are_all_there);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? 0 : 1;
}

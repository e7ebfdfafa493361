/* The embedded PostgreSQL: first start, restarts, everything killed, odd paths, other users. */
#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server/postgres.h"
#include "tests/support/cluster.h"

static char folder[64], dir[128], prototype[128];
static err_t err;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void shell(const char *command)
{
    int status = system(command); /* of our own making, with our own folders */
    ck_assert_msg(status == 0, "%s", command);
}

static bool make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/avow-emb-XXXXXX");
    if (mkdtemp(folder) == NULL || chmod(folder, 0755) != 0)
        return false;
    snprintf(dir, sizeof dir, "%s/data", folder);
    return true;
}

static int unlink_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    remove(path);
    return 0;
}

static void setup(void)
{
    err = (err_t){.code = ERR_NONE};
    ck_assert(make_folder());
}

static void teardown(void)
{
    nftw(folder, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* An initialised data directory without the two seconds that takes. */
static void setup_made(void)
{
    setup();
    char command[512];
    snprintf(command, sizeof command, "cp -a %s %s", prototype, dir);
    shell(command);
}

static postgres_t *start_in(const char *data_dir)
{
    return postgres_start(&(postgres_options_t){.data_dir = data_dir, .max_connections = 10}, &err);
}

static postgres_t *start_ready(const char *data_dir)
{
    postgres_t *postgres = start_in(data_dir);
    ck_assert_msg(postgres != NULL, "%s", err.text);
    postgres_state_t state = postgres_wait(postgres, 60000, &err);
    ck_assert_msg(state == POSTGRES_READY, "%s", err.text);
    return postgres;
}

static const char *ask(postgres_t *postgres, const char *sql)
{
    return cluster_ask(postgres_conninfo(postgres), sql);
}

static bool is_there(const char *name)
{
    char path[256];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return lstat(path, &status) == 0;
}

static bool is_unfinished(void)
{
    char pattern[256];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/postgres.new*", dir);
    int status = glob(pattern, 0, NULL, &found);
    globfree(&found);
    return status == 0;
}

/* A server in a process of its own, so that it can be killed. It writes what it was told to, then waits. */
static pid_t start_elsewhere(const char *sql)
{
    int ready[2];
    ck_assert_int_eq(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        postgres_t *postgres = start_ready(dir);
        ask(postgres, sql);
        if (write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    char byte;
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static void end(pid_t pid, int signal_number)
{
    kill(pid, signal_number);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* --- as it should be ---------------------------------------------------------------------------------------------------------- */

START_TEST(the_first_start_makes_a_private_cluster)
{
    postgres_t *postgres = start_ready(dir);
    ck_assert_str_eq(ask(postgres, "SELECT current_database() || ' ' || current_user"), "avow avow");
    ck_assert_str_eq(ask(postgres, "SELECT concat_ws(' ', current_setting('listen_addresses') = '', "
                                   "current_setting('fsync'), current_setting('synchronous_commit'), "
                                   "current_setting('full_page_writes'), current_setting('data_checksums'), "
                                   "current_setting('jit'), current_setting('server_encoding'))"),
                     "t on on on on off UTF8");
    struct stat sockets, data;
    char path[256];
    snprintf(path, sizeof path, "%s/run", dir);
    ck_assert_str_eq(postgres_socket_dir(postgres), path);
    ck_assert_int_eq(stat(path, &sockets), 0);
    ck_assert_int_eq(sockets.st_mode & 0777, 0700);
    snprintf(path, sizeof path, "%s/postgres", dir);
    ck_assert_int_eq(stat(path, &data), 0);
    ck_assert_int_eq(data.st_mode & 0777, 0700);
    ck_assert_int_ne(data.st_uid, 0);
    ck_assert(is_there("avow.lock") && is_there("postgres/log") && !is_unfinished());
    ck_assert_int_ne(getpgid((pid_t)postgres_pid(postgres)), getpgid(0)); /* Ctrl-C is not for it */
    postgres_stop(postgres);
}
END_TEST

START_TEST(the_second_start_is_quick_and_finds_what_was_written)
{
    postgres_t *postgres = start_ready(dir);
    ask(postgres, "CREATE TABLE t AS SELECT 7 AS n");
    pid_t pid = (pid_t)postgres_pid(postgres);
    postgres_stop(postgres);
    ck_assert_int_ne(kill(pid, 0), 0);
    ck_assert(!is_there("postgres/postmaster.pid"));
    int64_t began = now_ms();
    postgres = start_ready(dir);
    ck_assert_int_lt(now_ms() - began, 3000);
    ck_assert_str_eq(ask(postgres, "SELECT n FROM t"), "7");
    postgres_stop(postgres);
}
END_TEST

START_TEST(stopping_does_not_wait_for_whoever_is_connected)
{
    postgres_t *postgres = start_ready(dir);
    pid_t pid = fork();
    if (pid == 0) {
        /* Ends with its connection. */
        int none = open("/dev/null", O_WRONLY);
        dup2(none, 2);
        cluster_ask(postgres_conninfo(postgres), "SELECT pg_sleep(60)");
        _exit(0);
    }
    usleep(300000);
    int64_t began = now_ms();
    postgres_stop(postgres);
    ck_assert_int_lt(now_ms() - began, 5000);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}
END_TEST

START_TEST(a_second_server_is_refused_with_a_sentence)
{
    pid_t pid = start_elsewhere("SELECT 1");
    ck_assert_ptr_null(start_in(dir));
    char expected[128];
    snprintf(expected, sizeof expected, "is in use by another avow serve (process %ld)", (long)pid);
    ck_assert_msg(strstr(err.text, expected) != NULL, "%s", err.text);
    ck_assert_ptr_nonnull(strstr(err.text, dir));
    end(pid, SIGKILL);
}
END_TEST

/* --- killed --------------------------------------------------------------------------------------------------------------------- */

START_TEST(a_postgresql_that_dies_is_started_again)
{
    postgres_t *postgres = start_ready(dir);
    ask(postgres, "CREATE TABLE t AS SELECT 7 AS n");
    pid_t first = (pid_t)postgres_pid(postgres);
    int64_t began = now_ms();
    kill(first, SIGKILL);
    while (postgres_restarts(postgres) == 0 || !postgres_is_up(postgres)) {
        ck_assert_int_lt(now_ms() - began, 10000);
        usleep(5000);
    }
    ck_assert_int_ne(postgres_pid(postgres), first);
    ck_assert_str_eq(ask(postgres, "SELECT n FROM t"), "7");
    postgres_stop(postgres);
}
END_TEST

START_TEST(a_server_that_is_killed_takes_its_postgresql_along_and_the_next_goes_on)
{
    pid_t pid = start_elsewhere("CREATE TABLE t AS SELECT 7 AS n");
    end(pid, SIGKILL);
    int64_t began = now_ms();
    postgres_t *postgres = start_ready(dir); /* while the other is still shutting down */
    ck_assert_int_lt(now_ms() - began, 10000);
    ck_assert_str_eq(ask(postgres, "SELECT n FROM t"), "7");
    postgres_stop(postgres);
}
END_TEST

static pid_t postmaster_pid(void)
{
    char path[256];
    long pid = 0;
    snprintf(path, sizeof path, "%s/postgres/postmaster.pid", dir);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%ld", &pid) != 1)
        pid = 0;
    fclose(file);
    return (pid_t)pid;
}

START_TEST(both_killed_at_once_lose_nothing)
{
    pid_t pid = start_elsewhere("CREATE TABLE t AS SELECT 7 AS n");
    pid_t postmaster = postmaster_pid();
    ck_assert_int_gt(postmaster, 1);
    kill(postmaster, SIGKILL);
    end(pid, SIGKILL);
    ck_assert(is_there("postgres/postmaster.pid"));
    postgres_t *postgres = start_ready(dir);
    ck_assert_str_eq(ask(postgres, "SELECT n FROM t"), "7");
    postgres_stop(postgres);
}
END_TEST

START_TEST(postgresql_ends_when_its_server_is_killed)
{
    pid_t pid = start_elsewhere("SELECT 1");
    pid_t postmaster = postmaster_pid();
    end(pid, SIGKILL);
    int64_t began = now_ms();
    while (postmaster_pid() == postmaster) {
        ck_assert_int_lt(now_ms() - began, 10000);
        usleep(5000);
    }
}
END_TEST

START_TEST(a_start_that_was_killed_on_the_way_is_begun_anew)
{
    pid_t pid = fork();
    if (pid == 0) {
        start_in(dir);
        for (;;)
            pause();
    }
    int64_t began = now_ms();
    while (!is_unfinished()) {
        ck_assert_int_lt(now_ms() - began, 10000);
        usleep(1000);
    }
    usleep(200000);
    end(pid, SIGKILL);
    postgres_t *postgres = start_ready(dir);
    ck_assert(!is_unfinished());
    ck_assert_str_eq(ask(postgres, "SELECT 1"), "1");
    postgres_stop(postgres);
}
END_TEST

START_TEST(what_an_unfinished_start_left_is_removed)
{
    char command[512];
    snprintf(command, sizeof command,
             "mkdir -p %s/postgres.new.x/a/b && touch %s/postgres.new.x/a/c && ln -s / %s/postgres.new.x/d",
             dir, dir, dir);
    shell(command);
    postgres_t *postgres = start_ready(dir);
    ck_assert(!is_unfinished());
    postgres_stop(postgres);
}
END_TEST

START_TEST(a_stop_during_the_start_is_a_stop)
{
    postgres_t *postgres = start_in(dir);
    ck_assert_ptr_nonnull(postgres);
    usleep((useconds_t)(_i * 40000));
    int64_t began = now_ms();
    postgres_stop(postgres);
    ck_assert_int_lt(now_ms() - began, 10000);
    ck_assert_int_eq(postmaster_pid(), 0);
}
END_TEST

/* After a restart of the machine or of a container, the number in postmaster.pid may belong to anything. */
START_TEST(a_number_that_is_somebody_elses_now_does_not_stop_the_start)
{
    char path[256];
    struct stat data;
    snprintf(path, sizeof path, "%s/postgres", dir);
    ck_assert_int_eq(stat(path, &data), 0);
    pid_t other = fork();
    if (other == 0) {
        if (geteuid() == 0 && (setgid(data.st_gid) != 0 || setuid(data.st_uid) != 0))
            _exit(1);
        for (;;)
            pause();
    }
    usleep(100000);
    snprintf(path, sizeof path, "%s/postgres/postmaster.pid", dir);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "%ld\n%s/postgres\n1700000000\n5432\n\n\n  0 0\nready   \n", (long)other, dir);
    fclose(file);
    postgres_t *postgres = start_ready(dir);
    postgres_stop(postgres);
    end(other, SIGKILL);
}
END_TEST

/* --- odd places ------------------------------------------------------------------------------------------------------------------ */

START_TEST(a_long_path_has_its_socket_elsewhere)
{
    char deep[512];
    snprintf(deep, sizeof deep, "%s/%0100d/data", folder, 0);
    postgres_t *postgres = start_ready(deep);
    ck_assert_ptr_null(strstr(postgres_socket_dir(postgres), folder));
    ck_assert_str_eq(ask(postgres, "SELECT 1"), "1");
    char sockets[256];
    snprintf(sockets, sizeof sockets, "%s", postgres_socket_dir(postgres));
    struct stat status;
    ck_assert_int_eq(stat(sockets, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0700);
    postgres_stop(postgres);
    ck_assert_int_ne(stat(sockets, &status), 0);
}
END_TEST

START_TEST(a_path_may_hold_spaces_quotes_and_commas)
{
    char odd[128];
    snprintf(odd, sizeof odd, "%s/it's, a \"data\" \\dir", folder);
    postgres_t *postgres = start_ready(odd);
    ck_assert_str_eq(ask(postgres, "SELECT 1"), "1");
    postgres_stop(postgres);
}
END_TEST

START_TEST(a_relative_path_works)
{
    ck_assert_int_eq(chdir(folder), 0);
    postgres_t *postgres = start_ready("./data");
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_str_eq(ask(postgres, "SELECT 1"), "1");
    postgres_stop(postgres);
}
END_TEST

/* A checkout under /root, which nobody else may enter. */
START_TEST(root_may_keep_it_where_the_clusters_user_cannot_go)
{
    if (geteuid() != 0)
        return;
    ck_assert_int_eq(chmod(folder, 0700), 0);
    for (int i = 0; i < 2; i++) {
        postgres_t *postgres = start_ready(dir);
        ck_assert_str_eq(ask(postgres, "SELECT 1"), "1");
        kill((pid_t)postgres_pid(postgres), SIGHUP); /* it still finds its files */
        usleep(100000);
        ck_assert_str_eq(ask(postgres, "SELECT count(*) > 0 FROM pg_ls_dir('.')"), "t");
        postgres_stop(postgres);
    }
}
END_TEST

START_TEST(an_ordinary_user_needs_nothing_else)
{
    if (geteuid() != 0)
        return;
    struct passwd *nobody = getpwnam("nobody");
    ck_assert_ptr_nonnull(nobody);
    ck_assert_int_eq(chown(folder, nobody->pw_uid, nobody->pw_gid), 0);
    pid_t pid = fork();
    if (pid == 0) {
        if (setgid(nobody->pw_gid) != 0 || setuid(nobody->pw_uid) != 0)
            _exit(2);
        postgres_t *postgres = start_ready(dir);
        int status = strcmp(ask(postgres, "SELECT 1"), "1") == 0 ? 0 : 3;
        postgres_stop(postgres);
        _exit(status);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    /* And root runs it as its owner, afterwards. */
    postgres_t *postgres = start_ready(dir);
    char path[64];
    struct stat process;
    snprintf(path, sizeof path, "/proc/%ld", (long)postgres_pid(postgres));
    ck_assert_int_eq(stat(path, &process), 0);
    ck_assert_uint_eq(process.st_uid, nobody->pw_uid);
    postgres_stop(postgres);
}
END_TEST

/* --- refused ----------------------------------------------------------------------------------------------------------------------- */

static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void prepare_version(void)
{
    put("postgres/PG_VERSION", "99\n");
}

static void prepare_stranger(void)
{
    char path[256];
    snprintf(path, sizeof path, "%s/postgres/PG_VERSION", dir);
    unlink(path);
}

static void prepare_damage(void)
{
    put("postgres/postgresql.conf", "this is no configuration\n");
}

static const struct {
    void (*prepare)(void);
    const char *bin_dir, *sentence;
} refused[] = {
    {prepare_version, NULL, "was written by PostgreSQL 99, and this machine has"},
    {prepare_stranger, NULL, "is there but is no PostgreSQL cluster: move it away"},
    {prepare_damage, NULL, "Starting PostgreSQL failed: configuration file"},
    {NULL, "/nowhere/bin", "There is no PostgreSQL in /nowhere/bin"},
};

START_TEST(what_cannot_be_started_says_why_at_once)
{
    if (refused[_i].prepare != NULL)
        refused[_i].prepare();
    int64_t began = now_ms();
    postgres_t *postgres = postgres_start(
        &(postgres_options_t){.data_dir = dir, .bin_dir = refused[_i].bin_dir, .max_connections = 10}, &err);
    if (postgres != NULL)
        ck_assert_int_eq(postgres_wait(postgres, 30000, &err), POSTGRES_FAILED);
    ck_assert_int_lt(now_ms() - began, 5000);
    ck_assert_int_eq(err.code, ERR_STORE);
    ck_assert_msg(strstr(err.text, refused[_i].sentence) != NULL, "%s", err.text);
    postgres_stop(postgres);
}
END_TEST

START_TEST(a_folder_of_somebody_else_is_refused)
{
    ck_assert_ptr_null(start_in("/proc/avow"));
    ck_assert_msg(strstr(err.text, "/proc/avow") != NULL, "%s", err.text);
    err_clear(&err);
    ck_assert_ptr_null(start_in(""));
    ck_assert_int_eq(err.code, ERR_STORE);
}
END_TEST

static TCase *add(Suite *s, const char *name, void (*before)(void))
{
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, before, teardown);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(s, tcase);
    return tcase;
}

static Suite *suite(void)
{
    Suite *s = suite_create("postgres");
    TCase *fresh = add(s, "fresh", setup);
    tcase_add_test(fresh, the_first_start_makes_a_private_cluster);
    tcase_add_test(fresh, a_start_that_was_killed_on_the_way_is_begun_anew);
    tcase_add_test(fresh, what_an_unfinished_start_left_is_removed);
    tcase_add_loop_test(fresh, a_stop_during_the_start_is_a_stop, 0, 4);
    tcase_add_test(fresh, a_long_path_has_its_socket_elsewhere);
    tcase_add_test(fresh, a_path_may_hold_spaces_quotes_and_commas);
    tcase_add_test(fresh, a_relative_path_works);
    tcase_add_test(fresh, root_may_keep_it_where_the_clusters_user_cannot_go);
    tcase_add_test(fresh, an_ordinary_user_needs_nothing_else);
    tcase_add_test(fresh, a_folder_of_somebody_else_is_refused);

    TCase *made = add(s, "made", setup_made);
    tcase_add_test(made, the_second_start_is_quick_and_finds_what_was_written);
    tcase_add_test(made, stopping_does_not_wait_for_whoever_is_connected);
    tcase_add_test(made, a_second_server_is_refused_with_a_sentence);
    tcase_add_test(made, a_postgresql_that_dies_is_started_again);
    tcase_add_test(made, a_server_that_is_killed_takes_its_postgresql_along_and_the_next_goes_on);
    tcase_add_test(made, both_killed_at_once_lose_nothing);
    tcase_add_test(made, postgresql_ends_when_its_server_is_killed);
    tcase_add_loop_test(made, a_stop_during_the_start_is_a_stop, 0, 4);
    tcase_add_test(made, a_number_that_is_somebody_elses_now_does_not_stop_the_start);
    tcase_add_loop_test(made, what_cannot_be_started_says_why_at_once, 0, sizeof refused / sizeof refused[0]);
    return s;
}

/* In a child, so that no thread of it is left when Check forks. */
static int make_prototype(void)
{
    if (!make_folder())
        return -1;
    snprintf(prototype, sizeof prototype, "%s", dir);
    pid_t pid = fork();
    if (pid == 0) {
        postgres_t *postgres = start_in(prototype);
        if (postgres == NULL || postgres_wait(postgres, 60000, &err) != POSTGRES_READY) {
            fprintf(stderr, "%s\n", err.text);
            _exit(1);
        }
        postgres_stop(postgres);
        _exit(0);
    }
    int status;
    return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

int main(void)
{
    if (make_prototype() != 0)
        return 1;
    char own[sizeof folder];
    memcpy(own, folder, sizeof own);
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    memcpy(folder, own, sizeof own);
    teardown();
    return n_failed == 0 ? 0 : 1;
}

/* `avow serve` as an operator meets it: options, help, the data directory, stopping, starting again. With the embedded PostgreSQL. */
#include <check.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/http/together.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

static program_t program;

/* `avow serve` with these arguments, to its end. */
static void serve(const char *const *arguments)
{
    const char *argv[16] = {AVOW_BINARY, "serve"};
    for (size_t i = 0; arguments[i] != NULL; i++)
        argv[i + 2] = arguments[i];
    program_run(&program, argv, NULL, 20000);
}

static void expect_refusal(const char *const *arguments, const char *words)
{
    serve(arguments);
    ck_assert_msg(program.code != 0 && program.code < 128, "it ended with %d and said: %s", program.code,
                  program.said);
    ck_assert_msg(strstr(program.said, words) != NULL, "it does not say \"%s\" but: %s", words, program.said);
}

/* --- options ------------------------------------------------------------------------------------------------------------- */

START_TEST(an_unknown_option_stops_the_start_with_a_sentence)
{
    expect_refusal((const char *[]){"--nonsense", "7", NULL}, "nonsense");
}
END_TEST

START_TEST(a_value_that_is_none_stops_the_start_with_a_sentence)
{
    expect_refusal((const char *[]){"--workers", "many", NULL}, "workers");
    expect_refusal((const char *[]){"--workers", "0", NULL}, "workers");
    expect_refusal((const char *[]){"--compatibility", "SIDEWAYS", NULL}, "compatibility");
    expect_refusal((const char *[]){"--max-body", "big", NULL}, "max-body");
    expect_refusal((const char *[]){"--log-level", NULL}, "log-level");
}
END_TEST

START_TEST(a_bad_value_in_the_environment_is_refused_and_the_variable_named)
{
    setenv("AVOW_WORKERS", "many", 1);
    expect_refusal((const char *[]){0}, "AVOW_WORKERS");
}
END_TEST

START_TEST(half_a_certificate_stops_the_start)
{
    expect_refusal((const char *[]){"--tls-cert", "/nonexistent.pem", NULL}, "tls-key");
}
END_TEST

START_TEST(a_file_that_is_not_there_stops_the_start)
{
    expect_refusal((const char *[]){"--config", "/nonexistent.conf", NULL}, "/nonexistent.conf");
    expect_refusal((const char *[]){"--auth-file", "/nonexistent.auth", NULL}, "/nonexistent.auth");
    expect_refusal((const char *[]){"--tls-cert", "/nonexistent.pem", "--tls-key", "/nonexistent.pem", NULL},
                   "/nonexistent.pem");
}
END_TEST

START_TEST(an_address_that_is_none_stops_the_start)
{
    expect_refusal((const char *[]){"--listen", "nowhere", NULL}, "nowhere");
    expect_refusal((const char *[]){"--listen", "127.0.0.1:99999", NULL}, "99999");
}
END_TEST

START_TEST(a_database_that_is_none_stops_the_start)
{
    serve((const char *[]){"--listen", "127.0.0.1:0", "--database", "host=/nonexistent dbname=x",
                           "--connect-timeout", "200ms", NULL});
    ck_assert_msg(program.code == -1 || (program.code != 0 && program.code < 128), "%d", program.code);
    ck_assert_msg(strstr(program.said, "database") != NULL, "%s", program.said);
}
END_TEST

START_TEST(help_lists_every_option_with_a_sentence)
{
    static const char *const some[] = {"--listen",          "--data-dir",      "--database", "--config",
                                       "--max-body",        "--workers",       "--tls-cert", "--auth-file",
                                       "--profile",         "--compatibility", "--queue",    "--threads",
                                       "--max-connections", "--log-level"};
    serve((const char *[]){"--help", NULL});
    ck_assert_int_eq(program.code, 0);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        ck_assert_msg(strstr(program.said, some[i]) != NULL, "help does not name %s", some[i]);
    ck_assert(strstr(program.said, "AVOW_") != NULL);
}
END_TEST

/* The next "--name" at the beginning of a line of help; false at the end. */
static bool next_option(const char **at, char *name, size_t bytes)
{
    while (**at != '\0') {
        const char *line = *at + strspn(*at, " ");
        *at += strcspn(*at, "\n");
        *at += **at == '\n' ? 1 : 0;
        if (strncmp(line, "--", 2) == 0) {
            snprintf(name, bytes, "%.*s", (int)strcspn(line, " =[\n"), line);
            return true;
        }
    }
    return false;
}

START_TEST(every_option_that_help_lists_is_taken)
{
    static program_t help;
    int n = 0;
    char name[64];
    serve((const char *[]){"--help", NULL});
    help = program;
    for (const char *at = help.said; next_option(&at, name, sizeof name);) {
        if (strcmp(name, "--help") == 0)
            continue;
        char wrong[128]; /* what must not be said of this one; the last option makes it end in any case */
        snprintf(wrong, sizeof wrong, "there is no option \"%s\"", name);
        serve((const char *[]){name, "1", "--nonsense", NULL});
        ck_assert_msg(program.code != 0 && strstr(program.said, wrong) == NULL, "%s: %s", name, program.said);
        n++;
    }
    ck_assert_int_gt(n, 10);
}
END_TEST

/* --- the data directory ---------------------------------------------------------------------------------------------------- */

static char folder[128], data[160];

static void make_folder(void)
{
    temporary_folder(folder, sizeof folder);
    snprintf(data, sizeof data, "%s/data", folder);
}

static void drop_folder(void)
{
    remove_folder(folder);
}

static void start(server_t *server, const char *const *arguments)
{
    ck_assert_int_eq(server_start(server, &(server_options_t){.data_dir = data, .args = arguments}), 0);
}

static void register_one(const server_t *server, const char *subject, int number, job_t *job)
{
    char path[128], body[256];
    snprintf(path, sizeof path, "/subjects/%s/versions", subject);
    snprintf(body, sizeof body,
             "{\"schema\": \"{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"F%d\\\",\\\"size\\\":1}\"}",
             number);
    ask(server->url, "POST", path, body, job);
}

static void expect_kept(const server_t *server, const job_t *job, int number)
{
    char path[64], wanted[128];
    job_t reply;
    snprintf(path, sizeof path, "/schemas/ids/%lld", job->id);
    snprintf(wanted, sizeof wanted,
             "{\"schema\":\"{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"F%d\\\",\\\"size\\\":1}\"}", number);
    ck_assert_int_eq(ask(server->url, "GET", path, NULL, &reply), 200);
    ck_assert_str_eq(reply.text, wanted);
}

START_TEST(a_server_makes_its_own_database_and_keeps_everything_over_a_restart)
{
    server_t server;
    job_t job;
    start(&server, NULL);
    register_one(&server, "kept", 1, &job);
    ck_assert_int_eq(job.status, 200);
    ck_assert_int_eq(ask(server.url, "PUT", "/config/kept", "{\"compatibility\": \"FULL\"}", NULL), 200);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);

    start(&server, NULL);
    expect_kept(&server, &job, 1);
    job_t reply;
    ask(server.url, "GET", "/config/kept", NULL, &reply);
    ck_assert_str_eq(reply.text, "{\"compatibilityLevel\":\"FULL\"}");
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

START_TEST(a_second_server_on_the_same_data_directory_is_refused_with_a_sentence)
{
    server_t server;
    start(&server, NULL);
    serve((const char *[]){"--listen", "127.0.0.1:0", "--data-dir", data, NULL});
    ck_assert_msg(program.code != 0 && program.code < 128, "%d %s", program.code, program.said);
    ck_assert_msg(strstr(program.said, data) != NULL, "it does not name the folder: %s", program.said);
    ck_assert_int_eq(ask(server.url, "GET", "/subjects", NULL, NULL), 200);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

START_TEST(a_port_that_is_taken_stops_the_start_with_a_sentence)
{
    server_t server;
    char listen[64], other[200];
    start(&server, NULL);
    snprintf(listen, sizeof listen, "127.0.0.1:%d", server.port);
    snprintf(other, sizeof other, "%s/other", folder);
    expect_refusal((const char *[]){"--listen", listen, "--data-dir", other, NULL}, listen);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

START_TEST(a_data_directory_that_cannot_be_made_stops_the_start_with_a_sentence)
{
    expect_refusal((const char *[]){"--listen", "127.0.0.1:0", "--data-dir", "/proc/avow", NULL},
                   "/proc/avow");
}
END_TEST

START_TEST(the_embedded_database_has_no_tcp_port)
{
    server_t server;
    char command[256];
    start(&server, NULL);
    snprintf(command, sizeof command, "cat %s/postgres/postmaster.opts", data);
    program_run(&program, (const char *[]){"sh", "-c", command, NULL}, NULL, 5000);
    ck_assert_msg(strstr(program.said, "\"--listen_addresses=\"") != NULL, "%s", program.said);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

START_TEST(sigint_stops_like_sigterm)
{
    server_t server;
    start(&server, NULL);
    ck_assert_int_eq(server_stop(&server, SIGINT, 20000), 0);
}
END_TEST

static long postmaster_pid(void)
{
    char path[256];
    long pid = 0;
    snprintf(path, sizeof path, "%s/postgres/postmaster.pid", data);
    FILE *in = fopen(path, "r");
    if (in != NULL) {
        if (fscanf(in, "%ld", &pid) != 1)
            pid = 0;
        fclose(in);
    }
    return pid;
}

START_TEST(stopping_the_server_stops_its_database)
{
    server_t server;
    start(&server, NULL);
    long pid = postmaster_pid();
    ck_assert_int_gt(pid, 1);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
    ck_assert_int_ne(kill((pid_t)pid, 0), 0);
}
END_TEST

START_TEST(kill_9_of_the_server_loses_nothing_and_the_next_start_recovers)
{
    server_t server;
    job_t jobs[20];
    start(&server, NULL);
    for (int i = 0; i < 20; i++)
        register_one(&server, "killed", 100, &jobs[i]);
    for (int i = 0; i < 20; i++) {
        char subject[32];
        snprintf(subject, sizeof subject, "killed-%d", i);
        register_one(&server, subject, 200 + i, &jobs[i]);
        ck_assert_int_eq(jobs[i].status, 200);
    }
    ck_assert_int_eq(server_stop(&server, SIGKILL, 20000), 128 + SIGKILL);
    start(&server, NULL);
    for (int i = 0; i < 20; i++)
        expect_kept(&server, &jobs[i], 200 + i);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

START_TEST(kill_9_of_the_embedded_database_loses_nothing_and_service_resumes)
{
    server_t server;
    job_t jobs[20];
    start(&server, NULL);
    for (int i = 0; i < 20; i++) {
        char subject[32];
        snprintf(subject, sizeof subject, "survivor-%d", i);
        register_one(&server, subject, 300 + i, &jobs[i]);
        ck_assert_int_eq(jobs[i].status, 200);
    }
    ck_assert_int_eq(kill((pid_t)postmaster_pid(), SIGKILL), 0);
    nanosleep(&(struct timespec){0, 500000000}, NULL); /* its backends answer a moment longer */
    job_t after = {0};
    for (int i = 0; i < 150; i++) {
        register_one(&server, "after", 400, &after);
        if (after.status == 200)
            break;
        ck_assert_msg(after.status == 500 && after.error_code / 1000 == 50, "%ld %s", after.status,
                      after.text);
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    ck_assert_msg(after.status == 200, "service does not resume: %ld %s", after.status, after.text);
    for (int i = 0; i < 20; i++)
        expect_kept(&server, &jobs[i], 300 + i);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

START_TEST(kill_9_of_both_loses_nothing)
{
    server_t server;
    job_t job;
    start(&server, NULL);
    register_one(&server, "both", 500, &job);
    long pid = postmaster_pid();
    kill(server.pid, SIGSTOP); /* so that it does not start another one in between */
    kill((pid_t)pid, SIGKILL);
    ck_assert_int_eq(server_stop(&server, SIGKILL, 20000), 128 + SIGKILL);
    start(&server, NULL);
    expect_kept(&server, &job, 500);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

START_TEST(options_come_from_flags_before_the_environment_before_the_file)
{
    server_t server;
    job_t reply;
    char path[200];
    snprintf(path, sizeof path, "%s/avow.conf", folder);
    FILE *out = fopen(path, "w");
    fprintf(out, "# a comment\ncompatibility = FULL\n\nregistry-version = 1.2.3\n");
    fclose(out);
    setenv("AVOW_COMPATIBILITY", "FORWARD", 1);
    start(&server, (const char *[]){"--config", path, NULL});
    ask(server.url, "GET", "/config", NULL, &reply);
    ck_assert_str_eq(reply.text, "{\"compatibilityLevel\":\"FORWARD\"}");
    ask(server.url, "GET", "/v1/metadata/version", NULL, &reply);
    ck_assert_msg(strstr(reply.text, "1.2.3") != NULL, "%s", reply.text);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);

    start(&server, (const char *[]){"--config", path, "--compatibility", "NONE", NULL});
    ask(server.url, "GET", "/config", NULL, &reply);
    ck_assert_str_eq(reply.text, "{\"compatibilityLevel\":\"NONE\"}");
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

START_TEST(health_readiness_and_metrics_are_served)
{
    server_t server;
    job_t reply;
    start(&server, NULL);
    ck_assert_int_eq(ask(server.url, "GET", "/healthz", NULL, &reply), 200);
    ck_assert_int_eq(ask(server.url, "GET", "/readyz", NULL, &reply), 200);
    ck_assert_int_eq(ask(server.url, "GET", "/metrics", NULL, &reply), 200);
    ck_assert_msg(strstr(reply.text, "# HELP ") != NULL && strstr(reply.text, "# TYPE ") != NULL, "%s",
                  reply.text);
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("serve");
    TCase *options = tcase_create("options");
    tcase_set_timeout(options, 120);
    tcase_add_test(options, an_unknown_option_stops_the_start_with_a_sentence);
    tcase_add_test(options, a_value_that_is_none_stops_the_start_with_a_sentence);
    tcase_add_test(options, a_bad_value_in_the_environment_is_refused_and_the_variable_named);
    tcase_add_test(options, half_a_certificate_stops_the_start);
    tcase_add_test(options, a_file_that_is_not_there_stops_the_start);
    tcase_add_test(options, an_address_that_is_none_stops_the_start);
    tcase_add_test(options, a_database_that_is_none_stops_the_start);
    tcase_add_test(options, help_lists_every_option_with_a_sentence);
    tcase_add_test(options, every_option_that_help_lists_is_taken);
    suite_add_tcase(suite, options);

    TCase *embedded = tcase_create("the data directory");
    tcase_set_timeout(embedded, 180);
    tcase_add_checked_fixture(embedded, make_folder, drop_folder);
    tcase_add_test(embedded, a_server_makes_its_own_database_and_keeps_everything_over_a_restart);
    tcase_add_test(embedded, a_second_server_on_the_same_data_directory_is_refused_with_a_sentence);
    tcase_add_test(embedded, a_port_that_is_taken_stops_the_start_with_a_sentence);
    tcase_add_test(embedded, a_data_directory_that_cannot_be_made_stops_the_start_with_a_sentence);
    tcase_add_test(embedded, the_embedded_database_has_no_tcp_port);
    tcase_add_test(embedded, sigint_stops_like_sigterm);
    tcase_add_test(embedded, stopping_the_server_stops_its_database);
    tcase_add_test(embedded, kill_9_of_the_server_loses_nothing_and_the_next_start_recovers);
    tcase_add_test(embedded, kill_9_of_the_embedded_database_loses_nothing_and_service_resumes);
    tcase_add_test(embedded, kill_9_of_both_loses_nothing);
    tcase_add_test(embedded, options_come_from_flags_before_the_environment_before_the_file);
    tcase_add_test(embedded, health_readiness_and_metrics_are_served);
    suite_add_tcase(suite, embedded);
    return suite;
}

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    SRunner *runner = srunner_create(make_suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? 0 : 1;
}

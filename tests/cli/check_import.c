/* `avow import confluent`: everything another registry has, under the same ids and versions, and no more when it is run again. */
#include <check.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cluster.h"
#include "tests/support/http.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

static server_t from, to;
static http_client_t *from_client, *to_client;
static arena_t *arena;

static void fixture_start(void)
{
    char database[1024];
    server_t *servers[] = {&from, &to};
    curl_global_init(CURL_GLOBAL_DEFAULT);
    cluster_start();
    for (size_t i = 0; i < 2; i++) {
        cluster_database(database, sizeof database);
        ck_assert_int_eq(server_start(servers[i], &(server_options_t){.database = database}), 0);
    }
    from_client = http_client_new(from.url);
    to_client = http_client_new(to.url);
    arena = arena_new();
}

static void fixture_stop(void)
{
    http_client_free(from_client);
    http_client_free(to_client);
    arena_free(arena);
    ck_assert_int_eq(server_stop(&from, SIGTERM, 20000), 0);
    ck_assert_int_eq(server_stop(&to, SIGTERM, 20000), 0);
    cluster_stop();
}

/* What the original was given, in this order; gaps in ids and versions included. */
static const struct {
    const char *method, *path, *body;
} history[] = {
    {"POST", "/subjects/left-out/versions", "{\"schema\":\"\\\"bytes\\\"\"}"},
    {"DELETE", "/subjects/left-out", NULL},
    {"DELETE", "/subjects/left-out?permanent=true", NULL},
    {"POST", "/subjects/zz-base/versions",
     "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"B\\\",\\\"fields\\\":[]}\"}"},
    {"POST", "/subjects/aa-user/versions",
     "{\"schema\":\"{\\\"type\\\":\\\"array\\\",\\\"items\\\":\\\"B\\\"}\","
     "\"references\":[{\"name\":\"B\",\"subject\":\"zz-base\",\"version\":1}]}"},
    {"POST", "/subjects/json-value/versions",
     "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"maximum\\\":1.10}\",\"metadata\":{\"properties\":{\"owner\":"
     "\"ann\"}}}"},
    {"PUT", "/config/many", "{\"compatibility\":\"NONE\"}"},
    {"POST", "/subjects/many/versions", "{\"schema\":\"\\\"int\\\"\"}"},
    {"POST", "/subjects/many/versions", "{\"schema\":\"\\\"string\\\"\"}"},
    {"POST", "/subjects/many/versions", "{\"schema\":\"\\\"boolean\\\"\"}"},
    {"DELETE", "/subjects/many/versions/2", NULL},
    {"POST", "/subjects/:.other:many/versions", "{\"schema\":\"\\\"double\\\"\"}"},
    {"POST", "/subjects/twin/versions", "{\"schema\":\"\\\"int\\\"\"}"},
    {"PUT", "/mode/twin", "{\"mode\":\"READONLY\"}"},
    {"PUT", "/config", "{\"compatibility\":\"FULL_TRANSITIVE\"}"},
};

/* What both answer alike afterwards. */
static const char *const questions[] = {
    "/subjects?deleted=true&subjectPrefix=:*:",
    "/subjects?subjectPrefix=:*:",
    "/subjects/many/versions",
    "/subjects/many/versions?deleted=true",
    "/subjects/many/versions/3",
    "/subjects/many/versions/2?deleted=true",
    "/subjects/aa-user/versions/latest",
    "/subjects/json-value/versions/1",
    "/subjects/:.other:many/versions/1",
    "/subjects/zz-base/versions/1/referencedby",
    "/config",
    "/config/many",
    "/config/twin",
    "/mode/twin",
    "/mode/many",
    "/mode",
};

static void import(program_t *program)
{
    const char *argv[] = {AVOW_BINARY, "import",  "confluent", from.url, "--server",
                          to.url,      "--quiet", "--verify",  NULL};
    program_run(program, argv, NULL, 60000);
    ck_assert_msg(program->code == 0, "%s", program->said);
}

START_TEST(a_copy_answers_as_the_original_does)
{
    static program_t program;
    http_reply_t reply, copied;
    for (size_t i = 0; i < sizeof history / sizeof *history; i++)
        ck_assert_msg(
            http_call(from_client, history[i].method, history[i].path, history[i].body, arena, &reply) == 200,
            "%s %s: " TEXT_FMT, history[i].method, history[i].path, TEXT_ARG(reply.body));
    import(&program);
    ck_assert_ptr_nonnull(strstr(program.said, "8 copied, 0 there already, 0 failed, 8 read back"));
    import(&program);
    ck_assert_ptr_nonnull(strstr(program.said, "0 copied, 8 there already, 0 failed"));
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        http_call(from_client, "GET", questions[i], NULL, arena, &reply);
        http_call(to_client, "GET", questions[i], NULL, arena, &copied);
        ck_assert_int_eq(reply.status, copied.status);
        text_t wanted = reply.body, got = copied.body;
        ck_assert_msg(text_eq(wanted, got), "%s: " TEXT_FMT " and " TEXT_FMT, questions[i], TEXT_ARG(wanted),
                      TEXT_ARG(got));
    }
}
END_TEST

START_TEST(what_is_another_version_here_is_left_alone_and_told)
{
    static program_t program;
    http_reply_t reply;
    const char *argv[] = {AVOW_BINARY, "import", "confluent", from.url, "--server", to.url, NULL};
    http_call(from_client, "POST", "/subjects/clash/versions", "{\"schema\":\"\\\"float\\\"\"}", arena,
              &reply);
    http_call(to_client, "POST", "/subjects/clash/versions", "{\"schema\":\"\\\"null\\\"\"}", arena, &reply);
    program_run(&program, argv, NULL, 60000);
    ck_assert_int_eq(program.code, 1);
    ck_assert_ptr_nonnull(strstr(program.said, "clash version 1 is another one here"));
    http_call(to_client, "GET", "/subjects/clash/versions/1/schema", NULL, arena, &reply);
    ck_assert_msg(text_is(reply.body, "\"null\""), TEXT_FMT, TEXT_ARG(reply.body));
}
END_TEST

START_TEST(a_registry_that_does_not_answer_is_named)
{
    static program_t program;
    const char *argv[] = {AVOW_BINARY, "import", "confluent", "http://127.0.0.1:1", "--server", to.url, NULL};
    program_run(&program, argv, NULL, 60000);
    ck_assert_int_eq(program.code, 5);
    ck_assert_ptr_nonnull(strstr(program.said, "http://127.0.0.1:1"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("import");
    TCase *tc = tcase_create("registries");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, fixture_start, fixture_stop);
    tcase_add_test(tc, a_copy_answers_as_the_original_does);
    tcase_add_test(tc, what_is_another_version_here_is_left_alone_and_told);
    tcase_add_test(tc, a_registry_that_does_not_answer_is_named);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

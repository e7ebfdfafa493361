/* Many clients and two servers on one database: ids, versions and decisions as if everything had come one after the other. */
#include <check.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/http/together.h"
#include "tests/support/cluster.h"
#include "tests/support/server.h"

#define N 50

static server_t one, two; /* on the same database */
static char database[1024];

static job_t post_schema(const char *url, const char *subject, const char *schema)
{
    job_t job = {.url = url, .method = "POST"};
    snprintf(job.path, sizeof job.path, "/subjects/%s/versions", subject);
    snprintf(job.body, sizeof job.body, "{\"schema\": \"%s\"}", schema);
    return job;
}

static int by_number(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return x < y ? -1 : x > y;
}

/* All replies are 200; the ids in ascending order. */
static void ids_of(const job_t *jobs, size_t n, long long *ids)
{
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(jobs[i].status == 200, "%ld %s", jobs[i].status, jobs[i].text);
        ids[i] = jobs[i].id;
    }
    qsort(ids, n, sizeof *ids, by_number);
}

static void expect_versions(const char *subject, int n)
{
    char path[128], wanted[1024] = "[";
    for (int v = 1; v <= n; v++)
        snprintf(wanted + strlen(wanted), sizeof wanted - strlen(wanted), "%s%d", v > 1 ? "," : "", v);
    strncat(wanted, "]", sizeof wanted - strlen(wanted) - 1);
    snprintf(path, sizeof path, "/subjects/%s/versions", subject);
    job_t job;
    ask(one.url, "GET", path, NULL, &job);
    ck_assert_str_eq(job.text, wanted);
}

static void everybody_registers_the_same(const char *subject, bool both_servers)
{
    job_t jobs[N];
    long long ids[N];
    char schema[256];
    snprintf(schema, sizeof schema, "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"%s\\\",\\\"fields\\\":[]}",
             subject);
    for (size_t i = 0; i < N; i++)
        jobs[i] = post_schema(both_servers && i % 2 == 1 ? two.url : one.url, subject, schema);
    together(jobs, N);
    ids_of(jobs, N, ids);
    ck_assert_int_eq(ids[0], ids[N - 1]);
    expect_versions(subject, 1);
}

START_TEST(fifty_identical_registrations_give_one_id_and_one_version)
{
    everybody_registers_the_same("identical", false);
}
END_TEST

START_TEST(fifty_identical_registrations_over_two_servers_give_one_id_and_one_version)
{
    everybody_registers_the_same("identical_over_two", true);
}
END_TEST

static void everybody_registers_another(const char *subject, bool both_servers)
{
    job_t jobs[N];
    long long ids[N];
    char path[128], schema[256];
    snprintf(path, sizeof path, "/config/%s", subject);
    ck_assert_int_eq(ask(one.url, "PUT", path, "{\"compatibility\": \"NONE\"}", NULL), 200);
    for (size_t i = 0; i < N; i++) {
        snprintf(schema, sizeof schema,
                 "{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"%s%zu\\\",\\\"size\\\":1}", subject, i);
        jobs[i] = post_schema(both_servers && i % 2 == 1 ? two.url : one.url, subject, schema);
    }
    together(jobs, N);
    ids_of(jobs, N, ids);
    for (size_t i = 1; i < N; i++)
        ck_assert_int_ne(ids[i - 1], ids[i]);
    expect_versions(subject, N);
}

START_TEST(fifty_different_registrations_give_fifty_versions_without_a_gap)
{
    everybody_registers_another("different", false);
}
END_TEST

START_TEST(fifty_different_registrations_over_two_servers_give_fifty_versions_without_a_gap)
{
    everybody_registers_another("different_over_two", true);
}
END_TEST

START_TEST(the_same_schema_in_fifty_subjects_at_once_gets_one_id)
{
    job_t jobs[N];
    long long ids[N];
    char subject[64];
    for (size_t i = 0; i < N; i++) {
        snprintf(subject, sizeof subject, "one_of_fifty_%zu", i);
        jobs[i] = post_schema(i % 2 == 0 ? one.url : two.url, subject,
                              "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"InFifty\\\",\\\"fields\\\":[]}");
    }
    together(jobs, N);
    ids_of(jobs, N, ids);
    ck_assert_int_eq(ids[0], ids[N - 1]);
}
END_TEST

START_TEST(fifty_new_subjects_at_once_get_fifty_ids)
{
    job_t jobs[N];
    long long ids[N];
    char subject[64], schema[256];
    for (size_t i = 0; i < N; i++) {
        snprintf(subject, sizeof subject, "new_%zu", i);
        snprintf(schema, sizeof schema,
                 "{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"New%zu\\\",\\\"size\\\":1}", i);
        jobs[i] = post_schema(i % 2 == 0 ? one.url : two.url, subject, schema);
    }
    together(jobs, N);
    ids_of(jobs, N, ids);
    for (size_t i = 1; i < N; i++)
        ck_assert_int_ne(ids[i - 1], ids[i]);
}
END_TEST

START_TEST(of_two_candidates_that_exclude_each_other_one_is_accepted)
{
    for (int round = 0; round < 10; round++) {
        char subject[64];
        snprintf(subject, sizeof subject, "excluding_%d", round);
        job_t first = post_schema(one.url, subject,
                                  "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[]}");
        together(&first, 1);
        job_t jobs[2] = {
            post_schema(
                one.url, subject,
                "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\","
                "\\\"type\\\":\\\"int\\\",\\\"default\\\":0}]}"),
            post_schema(
                two.url, subject,
                "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\","
                "\\\"type\\\":\\\"boolean\\\",\\\"default\\\":false}]}"),
        };
        together(jobs, 2);
        ck_assert_msg((jobs[0].status == 200) + (jobs[1].status == 200) == 1, "%ld and %ld", jobs[0].status,
                      jobs[1].status);
        ck_assert_msg((jobs[0].status == 409) + (jobs[1].status == 409) == 1, "%ld and %ld", jobs[0].status,
                      jobs[1].status);
        expect_versions(subject, 2);
    }
}
END_TEST

START_TEST(a_level_and_a_registration_at_once_leave_no_version_that_the_level_forbids)
{
    /* FULL is set while an incompatible candidate comes under NONE: whichever is first, the history fits the order */
    for (int round = 0; round < 10; round++) {
        char subject[64], path[128];
        snprintf(subject, sizeof subject, "leveled_%d", round);
        snprintf(path, sizeof path, "/config/%s", subject);
        ck_assert_int_eq(ask(one.url, "PUT", path, "{\"compatibility\": \"NONE\"}", NULL), 200);
        job_t first = post_schema(one.url, subject, "\\\"string\\\"");
        together(&first, 1);
        job_t jobs[2] = {{.url = two.url, .method = "PUT"}, post_schema(one.url, subject, "\\\"int\\\"")};
        snprintf(jobs[0].path, sizeof jobs[0].path, "%s", path);
        snprintf(jobs[0].body, sizeof jobs[0].body, "{\"compatibility\": \"FULL\"}");
        together(jobs, 2);
        ck_assert_int_eq(jobs[0].status, 200);
        ck_assert_msg(jobs[1].status == 200 || jobs[1].status == 409, "%ld %s", jobs[1].status, jobs[1].text);
        job_t after = post_schema(one.url, subject, "\\\"boolean\\\"");
        together(&after, 1);
        ck_assert_int_eq(after.status, 409);
    }
}
END_TEST

START_TEST(registering_and_deleting_at_once_never_answers_500)
{
    job_t jobs[N];
    for (size_t i = 0; i < N; i++) {
        const char *url = i % 2 == 0 ? one.url : two.url;
        if (i % 5 < 2) {
            jobs[i] = post_schema(
                url, "churn", "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Churn\\\",\\\"fields\\\":[]}");
        } else {
            jobs[i] = (job_t){.url = url, .method = "DELETE"};
            snprintf(jobs[i].path, sizeof jobs[i].path,
                     i % 5 == 2   ? "/subjects/churn"
                     : i % 5 == 3 ? "/subjects/churn/versions/latest"
                                  : "/subjects/churn?permanent=true");
        }
    }
    together(jobs, N);
    for (size_t i = 0; i < N; i++)
        ck_assert_msg(jobs[i].status < 500, "%s %s: %ld %s", jobs[i].method, jobs[i].path, jobs[i].status,
                      jobs[i].text);
}
END_TEST

/* A number comes between the two. */
static const struct {
    const char *before, *after;
    long status, error_code;
} kinds[] = {
    {"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Kind\\\",\\\"fields\\\":[{\\\"name\\\":\\\"f",
     "\\\",\\\"type\\\":\\\"int\\\",\\\"default\\\":0}]}", 200, -1},
    {"{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"F", "\\\",\\\"size\\\":1}", 409, 409},
    {"{\\\"type\\\":\\\"no_type_", "\\\"}", 422, 42201},
};

/* One round over both servers: each kind of answer goes to who asked for it. */
static void ask_for_each_kind(int round)
{
    static job_t jobs[N];
    char subject[64], schema[256];
    for (size_t i = 0; i < N; i++) {
        snprintf(subject, sizeof subject, "kinds_%zu", i);
        snprintf(schema, sizeof schema, "%s%zu%s", kinds[i % 3].before, i + (size_t)round * N,
                 kinds[i % 3].after);
        jobs[i] = post_schema(i % 2 == 0 ? one.url : two.url, subject, schema);
    }
    together(jobs, N);
    for (size_t i = 0; i < N; i++)
        ck_assert_msg(jobs[i].status == kinds[i % 3].status && jobs[i].error_code == kinds[i % 3].error_code,
                      "%s: %ld %s", jobs[i].path, jobs[i].status, jobs[i].text);
}

START_TEST(registrations_that_share_a_transaction_are_answered_and_noted_each)
{
    static job_t jobs[N];
    char subject[64], path[128], wanted[64];
    for (size_t i = 0; i < N; i++) {
        snprintf(subject, sizeof subject, "kinds_%zu", i);
        jobs[i] = post_schema(one.url, subject,
                              "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Kind\\\",\\\"fields\\\":[]}");
    }
    together(jobs, N);
    int rounds = 0;
    const char *shared = "0";
    /* who comes together is a matter of moments */
    while (rounds < 40 && strcmp(shared, "0") == 0) {
        ask_for_each_kind(rounds++);
        shared = cluster_ask(database, "SELECT count(*) FROM (SELECT FROM audit WHERE subject LIKE 'kinds%' "
                                       "GROUP BY xid HAVING count(*) > 1) shared");
    }
    ck_assert_str_ne(shared, "0");
    int added = (N + 2) / 3 * rounds;
    snprintf(wanted, sizeof wanted, "%d %d", N + added, N + added);
    ck_assert_str_eq(cluster_ask(database, "SELECT count(*) || ' ' || count(DISTINCT request_id) FROM audit "
                                           "WHERE subject LIKE 'kinds%'"),
                     wanted);
    for (size_t i = 0; i < N; i++) { /* what was remembered of them is forgotten on both */
        job_t job;
        snprintf(path, sizeof path, "/subjects/kinds_%zu/versions/latest", i);
        snprintf(wanted, sizeof wanted, "\"version\":%d,", i % 3 == 0 ? 1 + rounds : 1);
        ask(one.url, "GET", path, NULL, &job);
        ck_assert_msg(strstr(job.text, wanted) != NULL, "%s", job.text);
    }
}
END_TEST

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Asks until the answer begins with `wanted`; the milliseconds it took, or -1 after 5 s. */
static double wait_for(const char *url, const char *path, const char *wanted)
{
    job_t job;
    double start = now();
    while (now() - start < 5) {
        ask(url, "GET", path, NULL, &job);
        if (strncmp(job.text, wanted, strlen(wanted)) == 0)
            return (now() - start) * 1000;
    }
    return -1;
}

static int by_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

START_TEST(a_change_through_one_server_is_seen_by_the_other_within_100_ms)
{
    double took[21];
    for (int round = 0; round < 21; round++) {
        char subject[64], path[128], schema[128], wanted[32];
        snprintf(subject, sizeof subject, "seen_%d", round / 3);
        snprintf(path, sizeof path, "/subjects/%s/versions", subject);
        ask(two.url, "GET", path, NULL, NULL); /* now the second server remembers the old answer */
        snprintf(
            schema, sizeof schema,
            "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"doc\\\":\\\"%d\\\",\\\"fields\\\":[]}",
            round);
        job_t job = post_schema(one.url, subject, schema);
        together(&job, 1);
        ck_assert_msg(job.status == 200, "%ld %s", job.status, job.text);
        snprintf(wanted, sizeof wanted, "%s", round % 3 == 0 ? "[1]" : round % 3 == 1 ? "[1,2]" : "[1,2,3]");
        took[round] = wait_for(two.url, path, wanted);
        ck_assert_msg(took[round] >= 0, "the other server does not see the change");
    }
    qsort(took, 21, sizeof *took, by_double);
    fprintf(stderr, "seen by the other server after %.1f ms (median), %.1f ms (worst)\n", took[10], took[20]);
    ck_assert_msg(took[10] < 100, "median %.1f ms", took[10]);
}
END_TEST

START_TEST(a_change_is_seen_at_once_on_the_server_that_made_it)
{
    char path[128], schema[128];
    for (int round = 0; round < 20; round++) {
        char wanted[16];
        snprintf(path, sizeof path, "/subjects/at_once/versions/latest");
        ask(one.url, "GET", path, NULL, NULL);
        snprintf(
            schema, sizeof schema,
            "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"doc\\\":\\\"%d\\\",\\\"fields\\\":[]}",
            round);
        job_t job = post_schema(one.url, "at_once", schema), reply;
        together(&job, 1);
        ck_assert_int_eq(job.status, 200);
        ck_assert_int_eq(ask(one.url, "GET", path, NULL, &reply), 200);
        ck_assert_int_eq(reply.id, job.id);
        snprintf(wanted, sizeof wanted, "\"version\":%d,", round + 1);
        ck_assert_msg(strstr(reply.text, wanted) != NULL, "%s", reply.text);
    }
}
END_TEST

START_TEST(an_id_registered_on_one_server_is_readable_on_the_other_at_once)
{
    for (int round = 0; round < 20; round++) {
        char path[64], schema[128];
        snprintf(schema, sizeof schema,
                 "{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"Readable%d\\\",\\\"size\\\":1}", round);
        char subject[64];
        snprintf(subject, sizeof subject, "readable_%d", round);
        job_t job = post_schema(one.url, subject, schema);
        together(&job, 1);
        snprintf(path, sizeof path, "/schemas/ids/%lld", job.id);
        ck_assert_int_eq(ask(two.url, "GET", path, NULL, NULL), 200);
    }
}
END_TEST

START_TEST(a_hard_delete_through_one_server_ends_the_other_ones_memory_of_the_id)
{
    job_t job = post_schema(one.url, "forgotten",
                            "{\\\"type\\\":\\\"fixed\\\",\\\"name\\\":\\\"Forgotten\\\",\\\"size\\\":1}");
    together(&job, 1);
    char path[64];
    snprintf(path, sizeof path, "/schemas/ids/%lld", job.id);
    ck_assert_int_eq(ask(two.url, "GET", path, NULL, NULL), 200);
    ck_assert_int_eq(ask(one.url, "DELETE", "/subjects/forgotten", NULL, NULL), 200);
    ck_assert_int_eq(ask(one.url, "DELETE", "/subjects/forgotten?permanent=true", NULL, NULL), 200);
    ck_assert_int_eq(ask(one.url, "GET", path, NULL, NULL), 404);
    ck_assert(wait_for(two.url, path, "{\"error_code\":40403") >= 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("concurrency");
    TCase *tcase = tcase_create("two servers on one database");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, fifty_identical_registrations_give_one_id_and_one_version);
    tcase_add_test(tcase, fifty_identical_registrations_over_two_servers_give_one_id_and_one_version);
    tcase_add_test(tcase, fifty_different_registrations_give_fifty_versions_without_a_gap);
    tcase_add_test(tcase, fifty_different_registrations_over_two_servers_give_fifty_versions_without_a_gap);
    tcase_add_test(tcase, the_same_schema_in_fifty_subjects_at_once_gets_one_id);
    tcase_add_test(tcase, fifty_new_subjects_at_once_get_fifty_ids);
    tcase_add_test(tcase, of_two_candidates_that_exclude_each_other_one_is_accepted);
    tcase_add_test(tcase, a_level_and_a_registration_at_once_leave_no_version_that_the_level_forbids);
    tcase_add_test(tcase, registering_and_deleting_at_once_never_answers_500);
    tcase_add_test(tcase, registrations_that_share_a_transaction_are_answered_and_noted_each);
    tcase_add_test(tcase, a_change_through_one_server_is_seen_by_the_other_within_100_ms);
    tcase_add_test(tcase, a_change_is_seen_at_once_on_the_server_that_made_it);
    tcase_add_test(tcase, an_id_registered_on_one_server_is_readable_on_the_other_at_once);
    tcase_add_test(tcase, a_hard_delete_through_one_server_ends_the_other_ones_memory_of_the_id);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    cluster_start();
    cluster_database(database, sizeof database);
    const server_options_t options = {.database = database};
    if (server_start(&one, &options) != 0 || server_start(&two, &options) != 0)
        return 1;
    SRunner *runner = srunner_create(make_suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    if (n_failed > 0) {
        server_show_log(&one);
        server_show_log(&two);
    }
    int code = server_stop(&one, SIGTERM, 20000) | server_stop(&two, SIGTERM, 20000);
    cluster_stop();
    return n_failed == 0 && code == 0 ? 0 : 1;
}

/* What the calls of tokens tell of who reads and who writes a line: two servers, each of which notes for itself. */
#include <check.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compat/core/arena.h"
#include "tests/support/cluster.h"
#include "tests/support/http.h"
#include "tests/support/server.h"

enum { SERVERS = 2 };

static char conninfo[1024];
static server_t servers[SERVERS];
static arena_t *arena;
static char shop[64], billing[64], ada[64]; /* "Bearer cat_...": of two services and of a person */

static const char *sql(const char *statement)
{
    return cluster_ask(conninfo, statement);
}

static long call(int server, const char *method, const char *path, const char *body, const char *bearer,
                 http_reply_t *reply)
{
    http_reply_t own;
    http_header_t headers[] = {{TEXT("If-Match"), TEXT("*")},
                               {TEXT("Content-Type"), TEXT("application/json")},
                               {TEXT("Authorization"), text_of(bearer)}};
    http_request_t request = {.method = method,
                              .path = path,
                              .body = text_of(body),
                              .headers = headers,
                              .n_headers = bearer == NULL ? 2 : 3};
    http_client_t *client = http_client_new(servers[server].url);
    reply = reply == NULL ? &own : reply;
    http_send(client, &request, arena, reply);
    http_client_free(client);
    return reply->status;
}

static void must(long status, const char *method, const char *path, const char *body, const char *bearer)
{
    static int turn;
    http_reply_t reply;
    long got = call(turn++ % SERVERS, method, path, body, bearer, &reply);
    ck_assert_msg(got == status, "%s %s: %ld in place of %ld: " TEXT_FMT, method, path, got, status,
                  TEXT_ARG(reply.body));
}

static void token(const char *body, char out[64])
{
    http_reply_t reply;
    ck_assert_int_eq(call(0, "POST", "/api/v1/tokens", body, NULL, &reply), 201);
    const char *secret = strstr(reply.body.at, "\"secret\":\"");
    ck_assert_ptr_nonnull(secret);
    snprintf(out, 64, "Bearer %.44s", secret + 10);
}

/* Waits until the statement gives this. */
static void await(const char *statement, const char *wanted)
{
    const struct timespec step = {.tv_nsec = 50000000};
    for (int i = 0; i < 200 && strcmp(sql(statement), wanted) != 0; i++)
        nanosleep(&step, NULL);
    ck_assert_str_eq(sql(statement), wanted);
}

#define V1                                                                                             \
    "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":" \
    "\\\"id\\\","                                                                                      \
    "\\\"type\\\":\\\"string\\\"}]}\"}"

/* Team orders owns the active line placed@1, which its service shop writes; billing is of team payments. */
static void setup(void)
{
    const char *const args[] = {"--clock-interval", "100ms", "--workers", "3", NULL};
    arena = arena_new();
    cluster_database(conninfo, sizeof conninfo);
    for (int i = 0; i < SERVERS; i++)
        ck_assert_int_eq(server_start(&servers[i], &(server_options_t){.database = conninfo, .args = args}),
                         0);
    must(201, "POST", "/api/v1/teams", "{\"slug\":\"orders\"}", NULL);
    must(201, "POST", "/api/v1/teams", "{\"slug\":\"payments\"}", NULL);
    must(201, "POST", "/api/v1/services", "{\"slug\":\"shop\",\"team\":\"orders\"}", NULL);
    must(201, "POST", "/api/v1/services", "{\"slug\":\"billing\",\"team\":\"payments\"}", NULL);
    must(201, "POST", "/api/v1/users", "{\"login\":\"ada\",\"role\":\"editor\"}", NULL);
    must(201, "POST", "/api/v1/events",
         "{\"name\":\"placed\",\"owner\":\"orders\",\"line\":{\"major\":1,\"subjects\":[\"placed-value\"]}}",
         NULL);
    must(200, "PUT", "/api/v1/policies/org", "{\"required_documentation\":[]}", NULL);
    must(201, "POST", "/api/v1/productions", "{\"service\":\"shop\",\"line\":\"placed@1\"}", NULL);
    token("{\"name\":\"s\",\"service\":\"shop\",\"scopes\":[\"register\"]}", shop);
    token("{\"name\":\"b\",\"service\":\"billing\",\"scopes\":[\"read\"]}", billing);
    token("{\"name\":\"a\",\"user\":\"ada\",\"scopes\":[\"read\"]}", ada);
    must(200, "POST", "/subjects/placed-value/versions", V1, shop);
    must(200, "POST", "/api/v1/lines/placed@1/activate", "{}", NULL);
}

static void teardown(void)
{
    for (int i = 0; i < SERVERS; i++)
        ck_assert_int_eq(server_stop(&servers[i], SIGTERM, 20000), 0);
    arena_free(arena);
}

/* Who did what how often, of which schema: "shop write 1 of 1". */
#define SEEN                                                                                               \
    "SELECT coalesce(string_agg(coalesce(s.slug, 'nobody') || ' ' || o.op || ' ' || o.count || ' of ' || " \
    "o.schema_id, ', ' ORDER BY s.slug, o.op), '') FROM observation o LEFT JOIN service s ON s.id = "      \
    "o.service_id"

START_TEST(registering_with_a_services_token_is_its_production_seen)
{
    await(SEEN, "shop write 1 of 1");
    http_reply_t reply;
    ck_assert_int_eq(call(0, "GET", "/api/v1/productions?line=placed@1", NULL, NULL, &reply), 200);
    ck_assert_ptr_nonnull(strstr(reply.body.at, "\"by\": \"register\""));
}
END_TEST

START_TEST(reads_on_every_server_and_on_every_way_are_their_services)
{
    await(SEEN, "shop write 1 of 1");
    for (int i = 0; i < SERVERS; i++) {
        ck_assert_int_eq(call(i, "GET", "/schemas/ids/1", NULL, billing, NULL), 200);
        ck_assert_int_eq(call(i, "GET", "/schemas/ids/1", NULL, billing, NULL), 200); /* from memory */
        ck_assert_int_eq(call(i, "GET", "/schemas/ids/1/schema?x=1", NULL, billing, NULL), 200);
        ck_assert_int_eq(call(i, "GET", "/subjects/placed-value/versions/latest", NULL, billing, NULL), 200);
        ck_assert_int_eq(call(i, "GET", "/subjects/placed-value/versions/1/schema", NULL, billing, NULL),
                         200);
        /* no read of a schema, and none that was answered */
        ck_assert_int_eq(call(i, "GET", "/subjects", NULL, billing, NULL), 200);
        ck_assert_int_eq(call(i, "GET", "/subjects/placed-value/versions", NULL, billing, NULL), 200);
        ck_assert_int_eq(call(i, "GET", "/schemas/ids/99", NULL, billing, NULL), 404);
        ck_assert_int_eq(call(i, "GET", "/schemas/ids/1", NULL, NULL, NULL), 200);
    }
    await(SEEN, "billing read 10 of 1, shop write 1 of 1");
}
END_TEST

START_TEST(a_consumer_is_seen_by_its_reads)
{
    must(201, "POST", "/api/v1/consumptions",
         "{\"service\":\"billing\",\"line\":\"placed@1\",\"purpose\":\"p\",\"fields\":[{\"path\":\"id\"}]}",
         NULL);
    must(200, "GET", "/schemas/ids/1", NULL, billing);
    await(SEEN, "billing read 1 of 1, shop write 1 of 1");
    http_reply_t reply;
    ck_assert_int_eq(call(1, "GET", "/api/v1/lines/placed@1/consumers", NULL, NULL, &reply), 200);
    ck_assert_msg(strstr(reply.body.at, "\"by\": \"fetch\"") != NULL, TEXT_FMT, TEXT_ARG(reply.body));
    ck_assert_str_eq(sql("SELECT count(*) FROM drift_now(30, 90)"), "0");
}
END_TEST

START_TEST(reads_of_a_person_are_nobodys_and_are_named_by_their_token)
{
    must(200, "GET", "/schemas/ids/1", NULL, ada);
    await(SEEN, "shop write 1 of 1, nobody read 1 of 1");
    ck_assert_str_eq(
        sql("SELECT what = (SELECT prefix FROM token WHERE person_id IS NOT NULL) FROM drift_now(30, 90)"),
        "t");
    http_reply_t reply;
    ck_assert_int_eq(call(0, "GET", "/api/v1/can-i/remove?line=placed@1", NULL, NULL, &reply), 200);
    ck_assert_ptr_nonnull(strstr(reply.body.at, "reads_unattributed"));
}
END_TEST

#define DRIFTS                                                                                               \
    "SELECT coalesce(string_agg(concat_ws(' ', detail ->> 'kind', detail ->> 'line', detail ->> 'service', " \
    "detail ->> 'what'), ', ' ORDER BY seq), '') FROM audit WHERE kind = 'drift.detected'"

/* The clock looks every five minutes. */
static void later(int minutes)
{
    char statement[128];
    snprintf(statement, sizeof statement, "UPDATE catalog_clock SET ahead = ahead + interval '%d minutes'",
             minutes);
    sql(statement);
}

START_TEST(drift_is_told_once_for_as_long_as_it_lasts_and_again_when_it_comes_again)
{
    must(200, "GET", "/schemas/ids/1", NULL, billing);
    await(SEEN, "billing read 1 of 1, shop write 1 of 1");
    later(6);
    await(DRIFTS, "undeclared_read placed@1 billing");
    await("SELECT count(*) FROM inbox_item WHERE type LIKE '%drift.detected%' AND team_id IN (1, 2)", "2");
    for (int i = 0; i < 3; i++) {
        later(6);
        nanosleep(&(struct timespec){.tv_nsec = 400000000}, NULL);
    }
    ck_assert_str_eq(sql(DRIFTS), "undeclared_read placed@1 billing");

    /* Now it is declared, with a field that is not there. */
    must(201, "POST", "/api/v1/consumptions",
         "{\"service\":\"billing\",\"line\":\"placed@1\",\"purpose\":\"p\",\"fields\":[{\"path\":\"sum\"}]}",
         NULL);
    later(6);
    await(DRIFTS, "undeclared_read placed@1 billing, unknown_field placed@1 billing sum");
    sql("UPDATE consumption SET state = 'ended', ended_at = now()");
    later(6);
    await(DRIFTS, "undeclared_read placed@1 billing, unknown_field placed@1 billing sum, undeclared_read "
                  "placed@1 billing");
}
END_TEST

START_TEST(who_declared_and_is_never_seen_is_drift_after_the_days_of_silence)
{
    must(201, "POST", "/api/v1/consumptions",
         "{\"service\":\"billing\",\"line\":\"placed@1\",\"purpose\":\"p\",\"fields\":[{\"path\":\"id\"}]}",
         NULL);
    later(60 * 24 * 89);
    nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    ck_assert_str_eq(sql(DRIFTS), "");
    later(60 * 24 * 2);
    await("SELECT count(*) FROM audit WHERE kind = 'drift.detected' AND detail ->> 'kind' = "
          "'unused_declaration' AND "
          "detail ->> 'service' = 'billing'",
          "1");
}
END_TEST

START_TEST(a_read_takes_back_the_reminders_of_a_silent_consumer)
{
    must(201, "POST", "/api/v1/consumptions",
         "{\"service\":\"billing\",\"line\":\"placed@1\",\"purpose\":\"p\",\"fields\":[{\"path\":\"id\"}]}",
         NULL);
    later(60 * 24 * 91);
    await("SELECT reminded FROM consumption", "1");
    later(60 * 24 * 8);
    await("SELECT reminded FROM consumption", "2");
    await("SELECT count(*) FROM audit WHERE kind = 'consumption.stale'", "1");
    must(200, "GET", "/schemas/ids/1", NULL, billing);
    await("SELECT reminded FROM consumption", "0");
    http_reply_t reply;
    ck_assert_int_eq(call(0, "GET", "/api/v1/consumptions?line=placed@1", NULL, NULL, &reply), 200);
    ck_assert_ptr_nonnull(strstr(reply.body.at, "\"stale\": false"));
}
END_TEST

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    cluster_start();
    Suite *suite = suite_create("usage");
    TCase *tc = tcase_create("usage");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, registering_with_a_services_token_is_its_production_seen);
    tcase_add_test(tc, reads_on_every_server_and_on_every_way_are_their_services);
    tcase_add_test(tc, a_consumer_is_seen_by_its_reads);
    tcase_add_test(tc, reads_of_a_person_are_nobodys_and_are_named_by_their_token);
    tcase_add_test(tc, drift_is_told_once_for_as_long_as_it_lasts_and_again_when_it_comes_again);
    tcase_add_test(tc, who_declared_and_is_never_seen_is_drift_after_the_days_of_silence);
    tcase_add_test(tc, a_read_takes_back_the_reminders_of_a_silent_consumer);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    cluster_stop();
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

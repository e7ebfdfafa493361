/* What signing in means for several servers on one database, and for one that starts. */
#include <check.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/core/arena.h"
#include "tests/http/together.h"
#include "tests/support/cluster.h"
#include "tests/support/http.h"
#include "tests/support/server.h"

enum { SERVERS = 2, PATIENCE_MS = 3000, STEP_MS = 20 };

static char database[1024];
static server_t servers[SERVERS];
static arena_t *arena;

static void start(server_t *server)
{
    ck_assert_int_eq(server_start(server, &(server_options_t){.database = database}), 0);
}

static void setup(void)
{
    arena = arena_new();
    cluster_database(database, sizeof database);
    for (int i = 0; i < SERVERS; i++)
        start(&servers[i]);
}

static void teardown(void)
{
    for (int i = 0; i < SERVERS; i++)
        server_stop(&servers[i], SIGTERM, 20000);
    arena_free(arena);
}

static long call(const server_t *server, const char *method, const char *path, const char *body,
                 const char *authorization, http_reply_t *reply)
{
    http_reply_t own;
    http_header_t headers[] = {{TEXT("If-Match"), TEXT("*")},
                               {TEXT("Authorization"), text_of(authorization)}};
    http_request_t request = {.method = method,
                              .path = path,
                              .body = text_of(body),
                              .headers = headers,
                              .n_headers = authorization == NULL ? 1 : 2};
    http_client_t *client = http_client_new(server->url);
    reply = reply == NULL ? &own : reply;
    http_send(client, &request, arena, reply);
    http_client_free(client);
    return reply->status;
}

/* Until the server answers so. Others hear of a change within a poll; this waits longer than any machine needs. */
static long becomes(const server_t *server, const char *path, const char *authorization, long wanted)
{
    long status = 0;
    for (int ms = 0; ms < PATIENCE_MS; ms += STEP_MS) {
        status = call(server, "GET", path, NULL, authorization, NULL);
        if (status == wanted)
            break;
        usleep(STEP_MS * 1000);
    }
    return status;
}

/* "Bearer cat_..." of the reply. */
static void bearer_of(const http_reply_t *reply, char out[64])
{
    const char *secret = strstr(reply->body.at, "\"secret\":\"");
    ck_assert_ptr_nonnull(secret);
    snprintf(out, 64, "Bearer %.44s", secret + 10);
}

START_TEST(a_revoked_token_stops_working_on_every_server)
{
    char bearer[64], path[64];
    http_reply_t reply;
    ck_assert_int_eq(call(&servers[0], "POST", "/api/v1/users", "{\"login\":\"ada\"}", NULL, NULL), 201);
    ck_assert_int_eq(call(&servers[0], "POST", "/api/v1/tokens",
                          "{\"name\":\"t\",\"user\":\"ada\",\"scopes\":[\"read\"]}", NULL, &reply),
                     201);
    bearer_of(&reply, bearer);
    snprintf(path, sizeof path, "/api/v1/tokens/%lld", http_member(&reply, "id"));
    for (int i = 0; i < SERVERS; i++)
        ck_assert_int_eq(call(&servers[i], "GET", "/subjects", NULL, bearer, NULL), 200);
    ck_assert_int_eq(call(&servers[0], "DELETE", path, NULL, NULL, NULL), 204);
    ck_assert_int_eq(call(&servers[0], "GET", "/subjects", NULL, bearer, NULL), 401);
    ck_assert_int_eq(becomes(&servers[1], "/subjects", bearer, 401), 401);
}
END_TEST

START_TEST(a_token_expires_by_the_catalogs_clock)
{
    char bearer[64];
    http_reply_t reply;
    ck_assert_int_eq(call(&servers[0], "POST", "/api/v1/users", "{\"login\":\"ada\"}", NULL, NULL), 201);
    ck_assert_int_eq(
        call(&servers[0], "POST", "/api/v1/tokens",
             "{\"name\":\"t\",\"user\":\"ada\",\"scopes\":[\"read\"],\"expires_at\":\"2099-01-01\"}", NULL,
             &reply),
        201);
    bearer_of(&reply, bearer);
    ck_assert_int_eq(call(&servers[0], "GET", "/subjects", NULL, bearer, NULL), 200);
    cluster_ask(database, "UPDATE catalog_clock SET ahead = interval '100 years' RETURNING 1");
    ck_assert_int_eq(call(&servers[1], "GET", "/subjects", NULL, bearer, &reply), 401);
    ck_assert_ptr_nonnull(strstr(reply.body.at, "expired"));
}
END_TEST

/* The password that a server printed when it made the administrator; false when it printed none. */
static bool printed_password(const server_t *server, char out[32])
{
    char line[512];
    bool found = false;
    FILE *log = fopen(server->log, "r");
    ck_assert_ptr_nonnull(log);
    while (!found && fgets(line, sizeof line, log) != NULL)
        found = sscanf(line, "The administrator's name is admin and the first password %31s", out) == 1;
    fclose(log);
    return found;
}

static bool has_said(const server_t *server, const char *words)
{
    char line[1024];
    bool found = false;
    FILE *log = fopen(server->log, "r");
    ck_assert_ptr_nonnull(log);
    while (!found && fgets(line, sizeof line, log) != NULL)
        found = strstr(line, words) != NULL;
    fclose(log);
    return found;
}

/* It listens a moment before it tells. */
static bool says(const server_t *server, const char *words)
{
    for (int ms = 0; ms < PATIENCE_MS && !has_said(server, words); ms += STEP_MS)
        usleep(STEP_MS * 1000);
    return has_said(server, words);
}

START_TEST(the_first_administrators_password_is_printed_once_and_closes_all_servers)
{
    char first[32] = "", other[32], body[256];
    int printed = printed_password(&servers[0], first) + printed_password(&servers[1], other);
    ck_assert_int_eq(printed, 1);
    ck_assert_uint_eq(strlen(first), 20);
    snprintf(body, sizeof body, "{\"login\":\"admin\",\"password\":\"%s\"}", first);
    ck_assert_int_eq(call(&servers[0], "POST", "/api/v1/session", body, NULL, NULL), 403);
    snprintf(body, sizeof body, "{\"current\":\"%s\",\"password\":\"correct horse\"}", first);
    ck_assert_int_eq(call(&servers[0], "PUT", "/api/v1/users/admin/password", body, NULL, NULL), 204);
    ck_assert_int_eq(call(&servers[0], "GET", "/subjects", NULL, NULL, NULL), 200);
    ck_assert_int_eq(call(&servers[0], "POST", "/api/v1/session",
                          "{\"login\":\"admin\",\"password\":\"correct horse\"}", NULL, NULL),
                     200);
    for (int i = 0; i < SERVERS; i++)
        ck_assert_int_eq(becomes(&servers[i], "/subjects", NULL, 401), 401);
    ck_assert_int_eq(server_stop(&servers[1], SIGTERM, 20000), 0);
    start(&servers[1]);
    ck_assert(!printed_password(&servers[1], other));
    ck_assert(!has_said(&servers[1], "*** OPEN"));
    ck_assert_int_eq(call(&servers[1], "GET", "/subjects", NULL, NULL, NULL), 401);
}
END_TEST

START_TEST(a_server_that_is_open_says_so_where_it_starts_and_in_its_log)
{
    const char *const args[] = {"--auth", "off", NULL};
    ck_assert(says(&servers[0], "*** OPEN: anybody who reaches this server may change anything, until an"));
    ck_assert(says(&servers[0], "the server is open: anybody may change anything"));
    ck_assert_int_eq(server_stop(&servers[1], SIGTERM, 20000), 0);
    ck_assert_int_eq(server_start(&servers[1], &(server_options_t){.database = database, .args = args}), 0);
    ck_assert(says(&servers[1], "(--auth off) ***"));
    ck_assert(says(&servers[1], "\"until\":\"--auth is not off\"") ||
              says(&servers[1], "until=\"--auth is not off\""));
}
END_TEST

/* Each team that is made lets the servers ask anew whether they are open: whoever comes meanwhile is still anybody. */
START_TEST(an_open_server_is_open_while_people_are_made)
{
    enum { AT_ONCE = 8, ROUNDS = 15 };
    static job_t jobs[AT_ONCE];
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < AT_ONCE; i++) {
            jobs[i] = (job_t){.url = servers[i % SERVERS].url, .method = "POST", .path = "/api/v1/teams"};
            snprintf(jobs[i].body, sizeof jobs[i].body, "{\"slug\":\"t%d-%d\"}", round, i);
        }
        together(jobs, AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++)
            ck_assert_msg(jobs[i].status == 201, "%ld: %s", jobs[i].status, jobs[i].text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("people");
    TCase *tc = tcase_create("people");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, a_revoked_token_stops_working_on_every_server);
    tcase_add_test(tc, a_token_expires_by_the_catalogs_clock);
    tcase_add_test(tc, the_first_administrators_password_is_printed_once_and_closes_all_servers);
    tcase_add_test(tc, a_server_that_is_open_says_so_where_it_starts_and_in_its_log);
    tcase_add_test(tc, an_open_server_is_open_while_people_are_made);
    suite_add_tcase(suite, tc);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    cluster_start();
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    cluster_stop();
    curl_global_cleanup();
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

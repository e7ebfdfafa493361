/* TLS, and who is let in. */
#include <check.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cluster.h"
#include "tests/support/http.h"
#include "tests/support/program.h"
#include "tests/support/server.h"

static char database[1024];
static char folder[128], key[160], cert[160], auth_file[160];
static char token[256];
static server_t server;
static program_t program;

static void start(bool tls, const char *const *arguments)
{
    server_options_t options = {.database = database, .args = arguments, .tls = tls};
    ck_assert_int_eq(server_start(&server, &options), 0);
}

static void stop(void)
{
    ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
}

/* --- TLS ------------------------------------------------------------------------------------------------------------------ */

static void make_certificate(void)
{
    snprintf(key, sizeof key, "%s/key.pem", folder);
    snprintf(cert, sizeof cert, "%s/cert.pem", folder);
    program_run(&program,
                (const char *[]){"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                                 "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert,
                                 "-days", "2", "-subj", "/CN=localhost", "-addext",
                                 "subjectAltName=IP:127.0.0.1,DNS:localhost", NULL},
                NULL, 20000);
    if (program.code != 0) {
        fprintf(stderr, "openssl: %s\n", program.said);
        exit(1);
    }
}

static long get(const char *url, const char *path, const char *user, const char *authorization,
                const char *ca, http_reply_t *reply, arena_t *arena)
{
    http_header_t header = {TEXT("Authorization"), text_of(authorization)};
    http_request_t request = {.method = "GET", .path = path, .user = user, .ca_file = ca};
    if (authorization != NULL) {
        request.headers = &header;
        request.n_headers = 1;
    }
    http_client_t *client = http_client_new(url);
    http_send(client, &request, arena, reply);
    http_client_free(client);
    return reply->status;
}

static long status_of(const char *path, const char *user, const char *authorization)
{
    arena_t *arena = arena_new();
    http_reply_t reply;
    long status = get(server.url, path, user, authorization, NULL, &reply, arena);
    arena_free(arena);
    return status;
}

START_TEST(tls_serves_with_a_certificate_that_verifies)
{
    arena_t *arena = arena_new();
    http_reply_t reply;
    start(true, (const char *[]){"--tls-cert", cert, "--tls-key", key, NULL});
    ck_assert_int_eq(get(server.url, "/schemas/types", NULL, NULL, cert, &reply, arena), 200);
    ck_assert_int_eq(get(server.url, "/schemas/types", NULL, NULL, NULL, &reply, arena),
                     0); /* not trusted by the system */
    arena_free(arena);
    stop();
}
END_TEST

START_TEST(plain_http_on_a_tls_port_is_refused)
{
    char url[64];
    arena_t *arena = arena_new();
    http_reply_t reply;
    start(true, (const char *[]){"--tls-cert", cert, "--tls-key", key, NULL});
    snprintf(url, sizeof url, "http://127.0.0.1:%d", server.port);
    ck_assert_int_ne(get(url, "/schemas/types", NULL, NULL, NULL, &reply, arena), 200);
    ck_assert_int_eq(get(server.url, "/schemas/types", NULL, NULL, cert, &reply, arena), 200);
    arena_free(arena);
    stop();
}
END_TEST

static int handshake(const char *version)
{
    char address[64];
    snprintf(address, sizeof address, "127.0.0.1:%d", server.port);
    program_run(&program,
                (const char *[]){"openssl", "s_client", "-connect", address, version, "-cipher",
                                 "ALL:@SECLEVEL=0", NULL},
                "Q\n", 10000);
    return program.code;
}

START_TEST(tls_1_2_and_1_3_are_spoken_and_1_1_is_not)
{
    start(true, (const char *[]){"--tls-cert", cert, "--tls-key", key, NULL});
    ck_assert_int_eq(handshake("-tls1_3"), 0);
    ck_assert_int_eq(handshake("-tls1_2"), 0);
    ck_assert_int_ne(handshake("-tls1_1"), 0);
    stop();
}
END_TEST

START_TEST(http_2_is_not_offered_unless_asked_for)
{
    char address[64];
    start(true, (const char *[]){"--tls-cert", cert, "--tls-key", key, NULL});
    snprintf(address, sizeof address, "127.0.0.1:%d", server.port);
    program_run(&program,
                (const char *[]){"openssl", "s_client", "-connect", address, "-alpn", "h2,http/1.1", NULL},
                "Q\n", 10000);
    ck_assert_msg(strstr(program.said, "ALPN protocol: h2") == NULL, "%s", program.said);
    stop();
}
END_TEST

/* --- who is let in ---------------------------------------------------------------------------------------------------------- */

static void append(const char *path, const char *text)
{
    FILE *out = fopen(path, "a");
    fputs(text, out);
    fclose(out);
}

/* The credentials file is made by the product's own command. */
static void make_credentials(void)
{
    snprintf(auth_file, sizeof auth_file, "%s/auth", folder);
    append(auth_file, "# who may use the registry\n\n");
    program_run(&program, (const char *[]){AVOW_BINARY, "auth", "ada", NULL}, "correct horse\n", 20000);
    append(auth_file, program.said);
    program_run(&program, (const char *[]){AVOW_BINARY, "auth", "--kind", "bearer", "ci", NULL}, NULL, 20000);
    const char *line = strstr(program.said, "bearer:ci:");
    if (line == NULL) {
        fprintf(stderr, "avow auth: %s\n", program.said);
        exit(1);
    }
    char entry[256];
    snprintf(entry, sizeof entry, "%.*s\n", (int)strcspn(line, "\n"), line);
    append(auth_file, entry);
    /* the token is what else was printed: its last word */
    for (char *at = program.said; *at != '\0'; at += strspn(at, " \n")) {
        size_t n = strcspn(at, " \n");
        if (n > 20 && strncmp(at, "bearer:", 7) != 0)
            snprintf(token, sizeof token, "Bearer %.*s", (int)n, at);
        at += n;
    }
}

START_TEST(without_credentials_nobody_is_let_in)
{
    arena_t *arena = arena_new();
    http_reply_t reply;
    start(false, (const char *[]){"--auth-file", auth_file, NULL});
    ck_assert_int_eq(get(server.url, "/subjects", NULL, NULL, NULL, &reply, arena), 401);
    text_t challenge = http_header(&reply, "www-authenticate");
    ck_assert_msg(text_starts(challenge, TEXT("Basic realm=\"")), "%s",
                  challenge.at != NULL ? challenge.at : "none");
    ck_assert(http_member(&reply, "error_code") == 401 || http_member(&reply, "error_code") == 40101);
    arena_free(arena);
    stop();
}
END_TEST

START_TEST(a_name_and_its_password_are_let_in)
{
    start(false, (const char *[]){"--auth-file", auth_file, NULL});
    ck_assert_int_eq(status_of("/subjects", "ada:correct horse", NULL), 200);
    ck_assert_int_eq(status_of("/subjects", "ada:correct horse", NULL), 200); /* remembered */
    ck_assert_int_eq(status_of("/subjects", "ada:wrong horse", NULL), 401);
    ck_assert_int_eq(status_of("/subjects", "bob:correct horse", NULL), 401);
    ck_assert_int_eq(status_of("/subjects", "ada:", NULL), 401);
    ck_assert_int_eq(status_of("/subjects", ":", NULL), 401);
    stop();
}
END_TEST

START_TEST(a_token_is_let_in)
{
    start(false, (const char *[]){"--auth-file", auth_file, NULL});
    ck_assert_msg(token[0] != '\0', "avow auth printed no token");
    ck_assert_int_eq(status_of("/subjects", NULL, token), 200);
    ck_assert_int_eq(status_of("/subjects", NULL, "Bearer nonsense"), 401);
    ck_assert_int_eq(status_of("/subjects", NULL, "Bearer "), 401);
    ck_assert_int_eq(status_of("/subjects", NULL, "Bearer"), 401);
    stop();
}
END_TEST

START_TEST(broken_credentials_are_401_and_not_500)
{
    static const char *const broken[] = {
        "Basic",      "Basic !!!!", "Basic YQ==",     "Basic Og==",
        "Digest a=b", "nonsense",   "Basic \xff\xfe", "basic YWRhOmNvcnJlY3QgaG9yc2Ug"};
    start(false, (const char *[]){"--auth-file", auth_file, NULL});
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        long status = status_of("/subjects", NULL, broken[i]);
        ck_assert_msg(status == 401 || status == 400, "%s: %ld", broken[i], status);
    }
    stop();
}
END_TEST

START_TEST(health_needs_no_credentials)
{
    start(false, (const char *[]){"--auth-file", auth_file, NULL});
    ck_assert_int_eq(status_of("/healthz", NULL, NULL), 200);
    ck_assert_int_eq(status_of("/readyz", NULL, NULL), 200);
    stop();
}
END_TEST

START_TEST(every_registry_route_needs_credentials)
{
    static const char *const paths[] = {"/subjects",
                                        "/subjects/a/versions",
                                        "/schemas",
                                        "/schemas/ids/1",
                                        "/config",
                                        "/mode",
                                        "/contexts",
                                        "/schemas/types",
                                        "/contexts/.x/subjects",
                                        "/subjects/",
                                        "//subjects"};
    start(false, (const char *[]){"--auth-file", auth_file, NULL});
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        long status = status_of(paths[i], NULL, NULL);
        ck_assert_msg(status == 401, "%s: %ld", paths[i], status);
    }
    stop();
}
END_TEST

START_TEST(sighup_reads_the_credentials_again)
{
    char own[192];
    snprintf(own, sizeof own, "%s/auth-again", folder);
    program_run(&program, (const char *[]){"cp", auth_file, own, NULL}, NULL, 5000);
    start(false, (const char *[]){"--auth-file", own, NULL});
    ck_assert_int_eq(status_of("/subjects", "eve:new", NULL), 401);
    program_run(&program, (const char *[]){AVOW_BINARY, "auth", "eve", NULL}, "new\n", 20000);
    append(own, program.said);
    kill(server.pid, SIGHUP);
    long status = 0;
    for (int i = 0; i < 50 && status != 200; i++) {
        status = status_of("/subjects", "eve:new", NULL);
    }
    ck_assert_int_eq(status, 200);
    stop();
}
END_TEST

START_TEST(no_secret_is_in_the_log)
{
    start(false,
          (const char *[]){"--auth-file", auth_file, "--log-level", "debug", "--log-requests", "all", NULL});
    ck_assert_int_eq(status_of("/subjects", "ada:correct horse", NULL), 200);
    ck_assert_int_eq(status_of("/subjects", "ada:wrong-battery", NULL), 401);
    ck_assert_int_eq(status_of("/subjects", NULL, token), 200);
    program_run(
        &program,
        (const char *[]){"grep", "-cE", "correct horse|wrong-battery|YWRhOmNvcnJlY3Q", server.log, NULL},
        NULL, 5000);
    ck_assert_msg(program.code == 1, "%s", program.said);
    program_run(&program, (const char *[]){"grep", "-cF", token + strlen("Bearer "), server.log, NULL}, NULL,
                5000);
    ck_assert_msg(program.code == 1, "%s", program.said);
    program_run(&program, (const char *[]){"grep", "-c", "actor=ada", server.log, NULL}, NULL, 5000);
    ck_assert_msg(program.code == 0, "the log was not read: %s", program.said);
    stop();
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("security");
    TCase *tls = tcase_create("TLS");
    tcase_set_timeout(tls, 120);
    tcase_add_test(tls, tls_serves_with_a_certificate_that_verifies);
    tcase_add_test(tls, plain_http_on_a_tls_port_is_refused);
    tcase_add_test(tls, tls_1_2_and_1_3_are_spoken_and_1_1_is_not);
    tcase_add_test(tls, http_2_is_not_offered_unless_asked_for);
    suite_add_tcase(suite, tls);

    TCase *who = tcase_create("who is let in");
    tcase_set_timeout(who, 120);
    tcase_add_test(who, without_credentials_nobody_is_let_in);
    tcase_add_test(who, a_name_and_its_password_are_let_in);
    tcase_add_test(who, a_token_is_let_in);
    tcase_add_test(who, broken_credentials_are_401_and_not_500);
    tcase_add_test(who, health_needs_no_credentials);
    tcase_add_test(who, every_registry_route_needs_credentials);
    tcase_add_test(who, sighup_reads_the_credentials_again);
    tcase_add_test(who, no_secret_is_in_the_log);
    suite_add_tcase(suite, who);
    return suite;
}

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    temporary_folder(folder, sizeof folder);
    make_certificate();
    make_credentials();
    cluster_start();
    cluster_database(database, sizeof database);
    SRunner *runner = srunner_create(make_suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    cluster_stop();
    remove_folder(folder);
    return n_failed == 0 ? 0 : 1;
}

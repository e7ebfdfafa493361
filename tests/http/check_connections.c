/* Clients that misbehave on the wire: slow, gone, too many, ambiguous; and the end of a server with requests under way. */
#include <arpa/inet.h>
#include <check.h>
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/http/together.h"
#include "tests/support/cluster.h"
#include "tests/support/server.h"

static char database[1024];
static server_t server;

static void start(const char *const *arguments)
{
    ck_assert_int_eq(server_start(&server, &(server_options_t){.database = database, .args = arguments}), 0);
}

static void stop(void)
{
    ck_assert_int_eq(server_stop(&server, SIGTERM, 30000), 0);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void nap(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000L}, NULL);
}

/* --- bytes on a socket ------------------------------------------------------------------------------------------------------- */

static int dial(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)server.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_msg(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect: %s",
                  strerror(errno));
    return fd;
}

/* false when the other side has closed. */
static bool put(int fd, const char *text)
{
    size_t bytes = strlen(text);
    return send(fd, text, bytes, MSG_NOSIGNAL) == (ssize_t)bytes;
}

/* Reads until the other side closes, `until` was read, or the time is over; what came is in `said`. */
static char said[65536];
typedef enum { CLOSED, READ, LATE } ended_t;

static ended_t hear(int fd, const char *until, int timeout_ms)
{
    size_t n = 0;
    said[0] = '\0';
    for (double end = now_ms() + timeout_ms; n + 1 < sizeof said;) {
        int left = (int)(end - now_ms());
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&poll_fd, 1, left) == 0)
            return LATE;
        ssize_t got = recv(fd, said + n, sizeof said - n - 1, 0);
        if (got <= 0)
            return CLOSED;
        n += (size_t)got;
        said[n] = '\0';
        if (until != NULL && strstr(said, until) != NULL)
            return READ;
    }
    return READ;
}

static int status_said(void)
{
    return strncmp(said, "HTTP/1.1 ", 9) == 0 ? (int)strtol(said + 9, NULL, 10) : 0;
}

#define GET_TYPES "GET /schemas/types HTTP/1.1\r\nHost: a\r\n\r\n"

static void expect_alive(void)
{
    ck_assert_int_eq(ask(server.url, "GET", "/schemas/types", NULL, NULL), 200);
}

/* --- slow ---------------------------------------------------------------------------------------------------------------------- */

START_TEST(a_client_that_sends_one_byte_a_second_is_closed)
{
    start((const char *[]){"--request-timeout", "2s", NULL});
    int fd = dial();
    double begin = now_ms();
    const char *request = GET_TYPES;
    bool closed = false;
    for (int i = 0; request[i] != '\0' && now_ms() - begin < 15000 && !closed; i++) {
        closed = !put(fd, (char[]){request[i], '\0'});
        closed = closed || hear(fd, NULL, 1000) == CLOSED;
    }
    double took = now_ms() - begin;
    ck_assert_msg(closed, "still open after %.0f ms", took);
    ck_assert_msg(took < 6000, "closed only after %.0f ms", took);
    close(fd);
    expect_alive();
    stop();
}
END_TEST

START_TEST(a_body_that_comes_one_byte_a_second_is_closed)
{
    start((const char *[]){"--request-timeout", "2s", NULL});
    int fd = dial();
    double begin = now_ms();
    ck_assert(put(fd, "POST /subjects/slow/versions HTTP/1.1\r\nHost: a\r\nContent-Type: "
                      "application/json\r\nContent-Length: 100\r\n\r\n"));
    bool closed = false;
    while (now_ms() - begin < 15000 && !closed) {
        closed = !put(fd, " ");
        closed = closed || hear(fd, NULL, 1000) == CLOSED;
    }
    ck_assert_msg(closed && now_ms() - begin < 6000, "open for %.0f ms", now_ms() - begin);
    close(fd);
    expect_alive();
    stop();
}
END_TEST

START_TEST(a_client_that_says_nothing_is_closed)
{
    start((const char *[]){"--idle-timeout", "2s", "--request-timeout", "1s", NULL});
    int fd = dial();
    double begin = now_ms();
    ck_assert_int_eq(hear(fd, NULL, 10000), CLOSED);
    ck_assert_msg(now_ms() - begin < 6000, "closed only after %.0f ms", now_ms() - begin);
    close(fd);
    stop();
}
END_TEST

START_TEST(slow_clients_do_not_slow_the_others)
{
    int fds[50];
    start(NULL);
    for (int i = 0; i < 50; i++) {
        fds[i] = dial();
        put(fds[i], "GET /schemas/ty");
    }
    double begin = now_ms();
    for (int i = 0; i < 20; i++)
        expect_alive();
    ck_assert_msg(now_ms() - begin < 2000, "20 requests took %.0f ms", now_ms() - begin);
    for (int i = 0; i < 50; i++)
        close(fds[i]);
    stop();
}
END_TEST

START_TEST(a_client_that_never_reads_its_reply_is_closed)
{
    start((const char *[]){"--write-timeout", "2s", NULL});
    char body[1024];
    snprintf(body, sizeof body, "{\"schema\": \"\\\"string\\\"\"}");
    for (int i = 0; i < 50; i++) {
        char path[64];
        snprintf(path, sizeof path, "/subjects/unread-%d/versions", i);
        ck_assert_int_eq(ask(server.url, "POST", path, body, NULL), 200);
    }
    int fd = dial();
    int small = 1024;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    bool closed = false;
    double begin = now_ms();
    while (!closed && now_ms() - begin < 20000) {
        static const char request[] = "GET /schemas HTTP/1.1\r\nHost: a\r\n\r\n";
        ssize_t sent = send(fd, request, sizeof request - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        closed = sent < 0 && errno != EAGAIN;
        nap(sent < 0 ? 20 : 0);
    }
    ck_assert_msg(closed, "still open after %.0f ms", now_ms() - begin);
    close(fd);
    expect_alive();
    stop();
}
END_TEST

/* --- gone ---------------------------------------------------------------------------------------------------------------------- */

START_TEST(clients_that_leave_mid_request_leave_nothing_behind)
{
    static const char *const beginnings[] = {
        "",
        "GET",
        "GET /subjects HTTP/1.1\r\nHo",
        "POST /subjects/gone/versions HTTP/1.1\r\nHost: a\r\nContent-Type: "
        "application/json\r\nContent-Length: 28\r\n\r\n{\"sch",
        "POST /subjects/gone/versions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"s",
        "GET /subjects HTTP/1.1\r\nHost: a\r\n\r\n", /* asked, and gone before the answer */
        "POST /subjects/gone-after/versions HTTP/1.1\r\nHost: a\r\nContent-Type: "
        "application/json\r\nContent-Length: "
        "26\r\n\r\n{\"schema\": \"\\\"string\\\"\"}   ",
    };
    start(NULL);
    for (int round = 0; round < 30; round++) {
        for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
            int fd = dial();
            put(fd, beginnings[i]);
            if (round % 3 == 0) { /* a reset instead of an orderly end */
                struct linger linger = {1, 0};
                setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
            }
            close(fd);
        }
    }
    expect_alive();
    job_t reply;
    ck_assert_int_eq(ask(server.url, "GET", "/subjects/gone/versions", NULL, &reply), 404);
    stop();
}
END_TEST

/* --- many ---------------------------------------------------------------------------------------------------------------------- */

START_TEST(connections_beyond_the_limit_wait_for_their_turn)
{
    int fds[30], n_served = 0, n_later = 0;
    bool served[30];
    start((const char *[]){"--max-connections", "20", NULL});
    for (int i = 0; i < 30; i++)
        fds[i] = dial();
    for (int i = 0; i < 30; i++)
        put(fds[i], GET_TYPES);
    for (int i = 0; i < 30; i++) {
        served[i] = hear(fds[i], "]", n_served < 20 ? 500 : 100) == READ;
        n_served += served[i];
    }
    ck_assert_msg(n_served >= 18 && n_served <= 20, "%d were served",
                  n_served); /* the readiness check may still be open */
    for (int i = 0; i < 30; i++)
        if (served[i])
            close(fds[i]);
    for (int i = 0; i < 30; i++)
        if (!served[i])
            n_later += hear(fds[i], "]", 10000) == READ && status_said() == 200;
    ck_assert_int_eq(n_served + n_later, 30);
    for (int i = 0; i < 30; i++)
        if (!served[i])
            close(fds[i]);
    stop();
}
END_TEST

START_TEST(a_thousand_connections_come_and_go)
{
    start(NULL);
    for (int i = 0; i < 1000; i++) {
        int fd = dial();
        put(fd, GET_TYPES);
        if (i % 2 == 0)
            ck_assert_int_eq(hear(fd, "]", 10000), READ);
        close(fd);
    }
    expect_alive();
    stop();
}
END_TEST

/* --- what HTTP/1.1 lets through --------------------------------------------------------------------------------------------------- */

/* Sends the bytes on a connection of their own and returns the status of the first answer, 0 for none. */
static int answer_to(const char *bytes)
{
    int fd = dial();
    put(fd, bytes);
    hear(fd, "\r\n\r\n", 5000);
    close(fd);
    return status_said();
}

START_TEST(requests_on_one_connection_are_answered_in_order)
{
    start(NULL);
    int fd = dial();
    put(fd, "GET /schemas/types HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\n\r\nGET / "
            "HTTP/1.1\r\nHost: "
            "a\r\nConnection: close\r\n\r\n");
    ck_assert_int_eq(hear(fd, NULL, 10000), CLOSED);
    const char *first = strstr(said, "\"AVRO\""), *second = strstr(said, "HTTP 404"),
               *third = strstr(said, "{}");
    ck_assert_msg(first != NULL && second > first && third > second, "%s", said);
    close(fd);
    stop();
}
END_TEST

START_TEST(ambiguous_framing_is_not_answered_with_success)
{
    start(NULL);
    ck_assert_int_ge(answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3a\r\n\r\n{}"), 400);
    ck_assert_int_ge(answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n{}"), 400);
    ck_assert_int_ge(
        answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n{}"), 400);
    ck_assert_int_ge(
        answer_to("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 400);
    ck_assert_int_ge(answer_to("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"),
                     400);
    expect_alive();
    stop();
}
END_TEST

START_TEST(chunked_bodies_are_bodies)
{
    start(NULL);
    ck_assert_int_eq(
        answer_to("POST /subjects/chunked/versions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                  "Transfer-Encoding: chunked\r\n\r\na\r\n{\"schema\":\r\n10\r\n \"\\\"string\\\"\"}  "
                  "\r\n0\r\n\r\n"),
        200);
    stop();
}
END_TEST

START_TEST(heads_without_measure_are_refused)
{
    static char request[600000];
    start(NULL);
    size_t n = (size_t)snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    memset(request + n, 'x', sizeof request - n - 10);
    memcpy(request + sizeof request - 10, "\r\n\r\n", 5);
    int status = answer_to(request);
    ck_assert_msg(status == 0 || status >= 400, "%d", status);

    n = (size_t)snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 2000; i++)
        n += (size_t)snprintf(request + n, sizeof request - n, "X-%d: y\r\n", i);
    snprintf(request + n, sizeof request - n, "\r\n");
    status = answer_to(request);
    ck_assert_msg(status == 0 || status >= 400, "%d", status);
    expect_alive();
    stop();
}
END_TEST

START_TEST(noise_is_refused)
{
    start(NULL);
    static const char *const noise[] = {"\x16\x03\x01\x02",
                                        "\r\n\r\n\r\n",
                                        "GET\r\n\r\n",
                                        "GET / HTTP/9.9\r\n\r\n",
                                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                                        "G\x01T / HTTP/1.1\r\n\r\n"};
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        int fd = dial();
        put(fd, noise[i]);
        hear(fd, "\r\n\r\n", 300);
        ck_assert_msg(status_said() != 200 || i == 3, "%zu: %s", i, said);
        close(fd);
    }
    expect_alive();
    stop();
}
END_TEST

/* --- the end ---------------------------------------------------------------------------------------------------------------------- */

START_TEST(sigterm_lets_a_request_under_way_finish)
{
    start(NULL);
    int fd = dial();
    ck_assert(put(fd, "POST /subjects/draining/versions HTTP/1.1\r\nHost: a\r\nContent-Type: "
                      "application/json\r\nContent-Length: "
                      "26\r\n\r\n{\"schema\": "));
    nap(300);
    kill(server.pid, SIGTERM);
    nap(300);
    put(fd, "\"\\\"string\\\"\"}  ");
    hear(fd, NULL, 10000);
    ck_assert_msg(status_said() == 200, "%s", said);
    close(fd);
    ck_assert_int_eq(server_stop(&server, 0, 30000), 0);
}
END_TEST

START_TEST(sigterm_closes_idle_connections_and_ends_soon)
{
    int fds[20];
    start(NULL);
    for (int i = 0; i < 20; i++) {
        fds[i] = dial();
        put(fds[i], GET_TYPES);
        ck_assert_int_eq(hear(fds[i], "]", 5000), READ);
    }
    double begin = now_ms();
    ck_assert_int_eq(server_stop(&server, SIGTERM, 30000), 0);
    ck_assert_msg(now_ms() - begin < 8000, "it took %.0f ms", now_ms() - begin);
    for (int i = 0; i < 20; i++)
        close(fds[i]);
}
END_TEST

START_TEST(sigterm_does_not_wait_for_ever)
{
    start((const char *[]){"--drain-timeout", "1s", "--request-timeout", "60s", NULL});
    int fd = dial();
    put(fd, "POST /subjects/never/versions HTTP/1.1\r\nHost: a\r\nContent-Type: "
            "application/json\r\nContent-Length: 26\r\n\r\n{");
    nap(300);
    double begin = now_ms();
    int code = server_stop(&server, SIGTERM, 30000);
    ck_assert_msg(code == 1, "%d", code); /* not 0: somebody was not served */
    ck_assert_msg(now_ms() - begin < 8000, "it took %.0f ms", now_ms() - begin);
    close(fd);
}
END_TEST

START_TEST(a_stopping_server_takes_no_new_connections)
{
    start((const char *[]){"--drain-timeout", "3s", NULL});
    int fd = dial();
    put(fd, "POST /subjects/last/versions HTTP/1.1\r\nHost: a\r\nContent-Type: "
            "application/json\r\nContent-Length: 26\r\n\r\n{");
    nap(300);
    kill(server.pid, SIGTERM);
    nap(1000);
    ck_assert_int_ne(ask(server.url, "GET", "/schemas/types", NULL, NULL), 200);
    close(fd);
    ck_assert_int_eq(server_stop(&server, 0, 30000), 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("connections");
    TCase *tcase = tcase_create("on the wire");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_client_that_sends_one_byte_a_second_is_closed);
    tcase_add_test(tcase, a_body_that_comes_one_byte_a_second_is_closed);
    tcase_add_test(tcase, a_client_that_says_nothing_is_closed);
    tcase_add_test(tcase, slow_clients_do_not_slow_the_others);
    tcase_add_test(tcase, a_client_that_never_reads_its_reply_is_closed);
    tcase_add_test(tcase, clients_that_leave_mid_request_leave_nothing_behind);
    tcase_add_test(tcase, connections_beyond_the_limit_wait_for_their_turn);
    tcase_add_test(tcase, a_thousand_connections_come_and_go);
    tcase_add_test(tcase, requests_on_one_connection_are_answered_in_order);
    tcase_add_test(tcase, ambiguous_framing_is_not_answered_with_success);
    tcase_add_test(tcase, chunked_bodies_are_bodies);
    tcase_add_test(tcase, heads_without_measure_are_refused);
    tcase_add_test(tcase, noise_is_refused);
    tcase_add_test(tcase, sigterm_lets_a_request_under_way_finish);
    tcase_add_test(tcase, sigterm_closes_idle_connections_and_ends_soon);
    tcase_add_test(tcase, sigterm_does_not_wait_for_ever);
    tcase_add_test(tcase, a_stopping_server_takes_no_new_connections);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    cluster_start();
    cluster_database(database, sizeof database);
    SRunner *runner = srunner_create(make_suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    cluster_stop();
    return n_failed == 0 ? 0 : 1;
}

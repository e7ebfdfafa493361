/* The pool of threads, the metrics and the log: what the server runs on besides HTTP. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/core/log.h"
#include "server/core/metrics.h"
#include "server/core/pool.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

/* --- the pool -------------------------------------------------------------------------------------------------------------- */

typedef struct {
    pool_job_t job; /* first */
    atomic_int ran, dropped;
    pthread_mutex_t *gate; /* waits for it when there is one */
    void *state;
} test_job_t;

static void job_run(pool_job_t *job, void *state)
{
    test_job_t *self = (test_job_t *)job;
    if (self->gate != NULL) {
        pthread_mutex_lock(self->gate);
        pthread_mutex_unlock(self->gate);
    }
    self->state = state;
    atomic_fetch_add(&self->ran, 1);
}

static void job_drop(pool_job_t *job)
{
    atomic_fetch_add(&((test_job_t *)job)->dropped, 1);
}

static void jobs_run_together(pool_job_t *const *jobs, size_t n, void *state)
{
    for (size_t i = 0; i < n; i++)
        job_run(jobs[i], state);
}

static atomic_int n_open;

static void *state_open(void *arg, size_t thread)
{
    atomic_fetch_add(&n_open, 1);
    return (char *)arg + thread;
}

static void state_close(void *state)
{
    (void)state;
    atomic_fetch_sub(&n_open, 1);
}

static void wait_for(atomic_int *value, int wanted)
{
    for (int i = 0; i < 5000 && atomic_load(value) != wanted; i++)
        usleep(1000);
    ck_assert_int_eq(atomic_load(value), wanted);
}

/* One thread waits at a gate, so that what is submitted after it stays in line. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static pool_t *closed_pool(test_job_t *first, size_t max_waiting, int64_t max_bytes)
{
    pool_t *pool = pool_start(&(pool_options_t){
        .name = "test", .n_threads = 1, .max_waiting = max_waiting, .max_bytes = max_bytes});
    pthread_mutex_lock(&gate);
    first->gate = &gate;
    ck_assert(pool_submit(pool, &first->job));
    for (int i = 0; i < 5000 && pool_stats(pool).running == 0; i++)
        usleep(1000);
    return pool;
}

#define JOB ((test_job_t){.job = {.run = job_run, .drop = job_drop}})

START_TEST(every_job_is_run_once_by_a_thread_with_its_state)
{
    static test_job_t jobs[2000];
    char states[4];
    pool_t *pool = pool_start(&(pool_options_t){.name = "test",
                                                .n_threads = 4,
                                                .max_waiting = ROWS(jobs),
                                                .open = state_open,
                                                .close = state_close,
                                                .arg = states});
    for (int i = 0; i < ROWS(jobs); i++) {
        jobs[i] = JOB;
        ck_assert(pool_submit(pool, &jobs[i].job));
    }
    for (int i = 0; i < ROWS(jobs); i++)
        wait_for(&jobs[i].ran, 1);
    pool_stop(pool);
    ck_assert_int_eq(atomic_load(&n_open), 0);
    for (int i = 0; i < ROWS(jobs); i++) {
        ck_assert_int_eq(atomic_load(&jobs[i].ran), 1);
        ck_assert(jobs[i].state >= (void *)states && jobs[i].state < (void *)(states + 4));
    }
}
END_TEST

START_TEST(a_full_line_refuses)
{
    test_job_t first = JOB, second = JOB, third = JOB;
    pool_t *pool = closed_pool(&first, 1, 0);
    ck_assert(pool_submit(pool, &second.job));
    ck_assert(!pool_submit(pool, &third.job));
    pool_stats_t stats = pool_stats(pool);
    ck_assert_uint_eq(stats.waiting, 1);
    ck_assert_uint_eq(stats.running, 1);
    ck_assert_uint_eq(stats.refused, 1);
    ck_assert_uint_eq(stats.submitted, 2);
    pthread_mutex_unlock(&gate);
    wait_for(&second.ran, 1);
    ck_assert(pool_submit(pool, &third.job));
    wait_for(&third.ran, 1);
    pool_stop(pool);
}
END_TEST

START_TEST(jobs_that_hold_too_much_are_refused_until_others_are_done)
{
    test_job_t first = JOB, second = JOB, third = JOB;
    first.job.bytes = 60;
    second.job.bytes = 40;
    third.job.bytes = 1;
    pool_t *pool = closed_pool(&first, 10, 100);
    ck_assert(pool_submit(pool, &second.job));
    ck_assert(!pool_submit(pool, &third.job));
    pthread_mutex_unlock(&gate);
    wait_for(&second.ran, 1);
    for (int i = 0; i < 5000 && pool_stats(pool).bytes > 0; i++)
        usleep(1000);
    third.job.bytes = 1000; /* alone, any job is taken: it could never be otherwise */
    ck_assert(pool_submit(pool, &third.job));
    wait_for(&third.ran, 1);
    pool_stop(pool);
}
END_TEST

static void *stop_pool(void *pool)
{
    pool_stop(pool);
    return NULL;
}

START_TEST(stopping_finishes_what_runs_and_drops_what_waits)
{
    test_job_t first = JOB, second = JOB;
    pthread_t stopper;
    pool_t *pool = closed_pool(&first, 10, 0);
    ck_assert(pool_submit(pool, &second.job));
    pthread_create(&stopper, NULL, stop_pool, pool);
    wait_for(&second.dropped, 1);
    ck_assert_int_eq(atomic_load(&first.ran), 0);
    pthread_mutex_unlock(&gate);
    pthread_join(stopper, NULL);
    ck_assert_int_eq(atomic_load(&first.ran), 1);
    ck_assert_int_eq(atomic_load(&second.ran), 0);
}
END_TEST

/* --- jobs that are run together -------------------------------------------------------------------------------------------- */

/* What was run, in order: its letter, and a bar after each time. */
static char ran[64];
static pthread_mutex_t ran_lock = PTHREAD_MUTEX_INITIALIZER;
static pool_t *letters_pool;
static bool puts_back; /* the first job of each group goes back */

typedef struct {
    pool_job_t job; /* first */
    char letter;
} letter_t;

static size_t n_ran(void)
{
    pthread_mutex_lock(&ran_lock);
    size_t n = strlen(ran);
    pthread_mutex_unlock(&ran_lock);
    return n;
}

static void note_letter(char letter)
{
    pthread_mutex_lock(&ran_lock);
    size_t n = strlen(ran);
    ck_assert_uint_lt(n + 1, sizeof ran);
    ran[n] = letter;
    ran[n + 1] = '\0';
    pthread_mutex_unlock(&ran_lock);
}

static void letter_run(pool_job_t *job, void *state)
{
    (void)state;
    note_letter(((letter_t *)job)->letter);
    note_letter('|');
}

static void letters_run(pool_job_t *const *jobs, size_t n, void *state)
{
    (void)state;
    for (size_t i = 0; i < n; i++)
        note_letter(((letter_t *)jobs[i])->letter);
    note_letter('|');
    if (puts_back)
        ck_assert(pool_put_back(letters_pool, jobs[0]));
}

/* A capital letter is a kind of its own, small ones are of no kind. */
static pool_job_t *letter(letter_t *to, char c, size_t bytes)
{
    static const char kinds[26];
    *to =
        (letter_t){.job = {.run = letter_run, .run_together = letters_run, .drop = job_drop, .bytes = bytes},
                   .letter = c};
    if (c >= 'A' && c <= 'Z')
        to->job.kind = &kinds[c - 'A'];
    return &to->job;
}

/* Submits them behind a closed gate to one thread, opens it, and waits until `n` letters were run. */
static void run_letters(const char *all, const size_t *bytes, size_t lanes, const char *expected)
{
    letter_t letters[48];
    test_job_t first = JOB;
    pool_t *pool = pool_start(&(pool_options_t){
        .name = "test", .n_threads = 1, .max_waiting = 48, .lanes = lanes, .max_together_bytes = 100});
    pthread_mutex_lock(&gate);
    first.gate = &gate;
    ran[0] = '\0';
    ck_assert(pool_submit(pool, &first.job));
    for (size_t i = 0; all[i] != '\0'; i++)
        ck_assert(pool_submit(pool, letter(&letters[i], all[i], bytes == NULL ? 1 : bytes[i])));
    letters_pool = pool;
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < 2000 && n_ran() < strlen(expected); i++)
        usleep(1000);
    pool_stop(pool);
    ck_assert_str_eq(ran, expected);
}

START_TEST(jobs_of_a_kind_that_wait_are_run_together_in_their_order)
{
    run_letters("AAbAAcA", NULL, 1, "AAAAA|b|c|");
    run_letters("bAAcA", NULL, 1, "b|AAA|c|");
    run_letters("AABBA", NULL, 1, "AA|BB|A|");
    run_letters("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL, 1, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA|AAAA|");
}
END_TEST

START_TEST(jobs_that_are_run_together_do_not_hold_too_much)
{
    run_letters("AAAA", (size_t[]){40, 60, 1, 99}, 1, "AA|AA|");
    run_letters("AA", (size_t[]){1000, 1}, 1, "A|A|");
}
END_TEST

START_TEST(a_job_that_is_put_back_is_run_alone_before_what_waits)
{
    puts_back = true;
    run_letters("AAAbB", NULL, 1, "AAA|A|b|B|B|");
    puts_back = false;
}
END_TEST

START_TEST(no_more_threads_than_lanes_run_jobs_together)
{
    test_job_t first = JOB, second = JOB, other = JOB;
    pool_t *pool = pool_start(&(pool_options_t){
        .name = "test", .n_threads = 3, .max_waiting = 10, .lanes = 1, .max_together_bytes = 100});
    static const char kind;
    first.job.kind = second.job.kind = &kind;
    first.job.run_together = second.job.run_together = jobs_run_together;
    pthread_mutex_lock(&gate);
    first.gate = &gate;
    ck_assert(pool_submit(pool, &first.job));
    for (int i = 0; i < 5000 && pool_stats(pool).running == 0; i++)
        usleep(1000);
    ck_assert(pool_submit(pool, &second.job));
    ck_assert(pool_submit(pool, &other.job)); /* of no kind: an idle thread runs it */
    wait_for(&other.ran, 1);
    ck_assert_uint_eq(pool_stats(pool).waiting, 1);
    ck_assert_int_eq(atomic_load(&second.ran), 0);
    pthread_mutex_unlock(&gate);
    wait_for(&second.ran, 1);
    pool_stop(pool);
}
END_TEST

/* --- metrics ---------------------------------------------------------------------------------------------------------------- */

static int on_loop(call_t *c)
{
    (void)c;
    return 0;
}

static const route_t routes[] = {{"GET", "/a/{b}", NULL, on_loop, 0}, {"POST", "/c", NULL, on_loop, 0}};
static const api_t api = {.name = "api", .routes = routes, .n_routes = ROWS(routes)};
static const api_t *const apis[] = {&api};

static double seven(void *arg)
{
    return 7 + (arg != NULL);
}

START_TEST(metrics_are_summed_over_the_blocks_and_printed_as_prometheus_reads_them)
{
    static const char *const lines[] = {
        "# TYPE avow_http_requests_total counter\n",
        "avow_http_requests_total{method=\"GET\",route=\"/a/{b}\",status=\"200\"} 3\n",
        "avow_http_requests_total{method=\"GET\",route=\"/a/{b}\",status=\"404\"} 1\n",
        "avow_http_requests_total{method=\"\",route=\"\",status=\"other\"} 1\n",
        "# TYPE avow_http_request_duration_seconds histogram\n",
        "avow_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{b}\",le=\"0.0001\"} 2\n",
        "avow_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{b}\",le=\"0.001\"} 3\n",
        "avow_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{b}\",le=\"10\"} 3\n",
        "avow_http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{b}\",le=\"+Inf\"} 4\n",
        "avow_http_request_duration_seconds_sum{method=\"GET\",route=\"/a/{b}\"} 11.000600000\n",
        "avow_http_request_duration_seconds_count{method=\"GET\",route=\"/a/{b}\"} 4\n",
        "# HELP test_gauge A gauge.\n# TYPE test_gauge gauge\ntest_gauge 7\n",
        "# HELP test_total A counter.\n# TYPE test_total counter\n",
        "# TYPE test_total counter\ntest_total{x=\"1\"} 7\ntest_total{x=\"2\"} 8\n",
        "\nprocess_resident_memory_bytes ",
        "\nprocess_open_fds ",
    };
    route_index_t *index = route_index_new(apis, 1);
    metrics_t *metrics = metrics_new(index, 2);
    metrics_add(metrics, METRIC_GAUGE, "test_gauge", NULL, "A gauge.", seven, NULL);
    metrics_add(metrics, METRIC_COUNTER, "test_total", "x=\"1\"", "A counter.", seven, NULL);
    metrics_add(metrics, METRIC_COUNTER, "test_total", "x=\"2\"", "A counter.", seven, metrics);
    metrics_request(metrics_block(metrics, 0), 0, 200, 50000);
    metrics_request(metrics_block(metrics, 0), 0, 200, 50000);
    metrics_request(metrics_block(metrics, 1), 0, 200, 500000);
    metrics_request(metrics_block(metrics, 1), 0, 404, 11000000000);
    metrics_request(metrics_block(metrics, 1), SIZE_MAX, 299, 0);
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    metrics_render(metrics, &out);
    const char *text = buf_text(&out).at;
    for (int i = 0; i < ROWS(lines); i++)
        ck_assert_msg(strstr(text, lines[i]) != NULL, "%s is not in\n%s", lines[i], text);
    ck_assert_ptr_null(strstr(text, "route=\"/c\"")); /* what was never asked for takes no room */
    buf_dispose(&out);
    metrics_free(metrics);
    route_index_free(index);
}
END_TEST

/* --- the log ----------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *value, *text, *json;
} lines[] = {
    {"a word", "x", "f=x", "\"f\":\"x\""},
    {"a path", "/a/b?c", "f=/a/b?c", "\"f\":\"/a/b?c\""},
    {"nothing", "", "f=\"\"", "\"f\":\"\""},
    {"words", "a b", "f=\"a b\"", "\"f\":\"a b\""},
    {"quotes", "a\"b\\", "f=\"a\\\"b\\\\\"", "\"f\":\"a\\\"b\\\\\""},
    {"an equals sign", "a=b", "f=\"a=b\"", "\"f\":\"a=b\""},
    {"a forged line", "a\nT info b", "f=\"a\\u000aT info b\"", "\"f\":\"a\\u000aT info b\""},
    {"an escape sequence", "\x1b[31m", "f=\"\\u001b[31m\"", "\"f\":\"\\u001b[31m\""},
    {"a C1 control", "\xc2\x9b", "f=\"\\ufffd\\ufffd\"", "\"f\":\"\\ufffd\\ufffd\""},
    {"more than ASCII", "\xe2\x82\xac", "f=\"\xe2\x82\xac\"", "\"f\":\"\xe2\x82\xac\""},
    {"not UTF-8", "\xff!", "f=\"\\ufffd!\"", "\"f\":\"\\ufffd!\""},
};

START_TEST(a_field_cannot_leave_its_line)
{
    char line[256], wanted[256];
    log_field_t fields[] = {
        LOG_S("f", lines[_i].value), LOG_INT("n", -3), LOG_BOOL("b", true), {.name = NULL}};
    size_t n = log_line(line, sizeof line, LOG_FORMAT_TEXT, "T", LOG_WARN, "an event", fields);
    snprintf(wanted, sizeof wanted, "T warn  an event %s n=-3 b=true", lines[_i].text);
    ck_assert_msg(n == strlen(wanted) && memcmp(line, wanted, n) == 0, "%s: %.*s", lines[_i].name, (int)n,
                  line);
    n = log_line(line, sizeof line, LOG_FORMAT_JSON, "T", LOG_WARN, "an event", fields);
    snprintf(wanted, sizeof wanted,
             "{\"time\":\"T\",\"level\":\"warn\",\"event\":\"an event\",%s,\"n\":-3,\"b\":true}",
             lines[_i].json);
    ck_assert_msg(n == strlen(wanted) && memcmp(line, wanted, n) == 0, "%s: %.*s", lines[_i].name, (int)n,
                  line);
}
END_TEST

START_TEST(a_text_that_is_none_leaves_its_field_out)
{
    char line[256];
    log_field_t fields[] = {LOG_TEXT("f", TEXT_NONE), {.name = NULL}};
    size_t n = log_line(line, sizeof line, LOG_FORMAT_TEXT, "T", LOG_INFO, "an event", fields);
    ck_assert(n == 16 && memcmp(line, "T info  an event", 16) == 0);
}
END_TEST

START_TEST(a_line_that_is_too_long_is_cut_and_stays_whole)
{
    char value[1000], line[200];
    memset(value, '\n', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    log_field_t fields[] = {LOG_S("f", value), LOG_S("g", value), {.name = NULL}};
    for (size_t room = 120; room <= sizeof line; room++) {
        size_t n = log_line(line, room, LOG_FORMAT_JSON, "T", LOG_INFO, "an event", fields);
        ck_assert_uint_le(n, room);
        ck_assert_msg(memcmp(line + n - 5, "...\"}", 5) == 0, "%zu: %.*s", room, (int)n, line);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool");
    TCase *threads = tcase_create("pool"), *numbers = tcase_create("metrics"), *events = tcase_create("log");
    tcase_set_timeout(threads, 60);
    tcase_add_test(threads, every_job_is_run_once_by_a_thread_with_its_state);
    tcase_add_test(threads, a_full_line_refuses);
    tcase_add_test(threads, jobs_that_hold_too_much_are_refused_until_others_are_done);
    tcase_add_test(threads, stopping_finishes_what_runs_and_drops_what_waits);
    tcase_add_test(threads, jobs_of_a_kind_that_wait_are_run_together_in_their_order);
    tcase_add_test(threads, jobs_that_are_run_together_do_not_hold_too_much);
    tcase_add_test(threads, a_job_that_is_put_back_is_run_alone_before_what_waits);
    tcase_add_test(threads, no_more_threads_than_lanes_run_jobs_together);
    suite_add_tcase(suite, threads);
    tcase_add_test(numbers, metrics_are_summed_over_the_blocks_and_printed_as_prometheus_reads_them);
    suite_add_tcase(suite, numbers);
    tcase_add_loop_test(events, a_field_cannot_leave_its_line, 0, ROWS(lines));
    tcase_add_test(events, a_text_that_is_none_leaves_its_field_out);
    tcase_add_test(events, a_line_that_is_too_long_is_cut_and_stays_whole);
    suite_add_tcase(suite, events);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

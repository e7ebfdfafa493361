/* Followers: two servers on one database see each other's changes, in time, whatever happens in between. */
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/core/follower.h"
#include "tests/support/cluster.h"

static char conninfo[256];
static db_options_t options;

static void setup(void)
{
    cluster_database(conninfo, sizeof conninfo);
    options = (db_options_t){.conninfo = conninfo,
                             .connect_timeout_ms = 1000,
                             .statement_timeout_ms = 5000,
                             .application = "check_follower"};
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- a server: a cache, a follower, a worker's connection ------------------------------------------------------------------- */

typedef struct {
    cache_t *cache;
    follower_t *follower;
    db_t *db;
    arena_t *arena;
} node_t;

static bool is_live(void *arg)
{
    return follower_is_live(((node_t *)arg)->follower);
}

static bool is_up(void *arg)
{
    return follower_database_up(((node_t *)arg)->follower);
}

static bool is_down(void *arg)
{
    return !is_up(arg);
}

/* How long it took, in ms; fails the test after `most_ms`. */
static int64_t wait_for(bool (*what)(void *), void *arg, int64_t most_ms)
{
    int64_t began = now_ms();
    while (!what(arg)) {
        ck_assert_int_lt(now_ms() - began, most_ms);
        usleep(500);
    }
    return now_ms() - began;
}

static node_t node_start(bool alone)
{
    node_t node = {.cache = cache_new(1 << 20), .arena = arena_new(), .db = db_new(&options)};
    node.follower =
        follower_start(&(follower_options_t){.database = &options, .cache = node.cache, .alone = alone});
    return node;
}

static void node_stop(node_t *node)
{
    follower_stop(node->follower);
    db_close(node->db);
    cache_free(node->cache);
    arena_free(node->arena);
}

static void store(node_t *node, const char *key, depends_t depends, const char *subject)
{
    reply_t reply = {
        .status = 200, .body = TEXT("{}"), .depends = depends, .depends_subject = text_of(subject)};
    cache_store(node->cache, text_of(key), cache_begin(node->cache), &reply, TEXT_NONE);
}

static bool is_found(node_t *node, const char *key)
{
    const cached_t *cached = cache_find(node->cache, text_of(key));
    cached_unref(cached);
    return cached != NULL;
}

typedef struct {
    audit_kind_t kind;
    const char *subject;
} write_t;

static int write_one(tx_t *tx, void *arg)
{
    write_t *it = arg;
    audit_t change = {.kind = it->kind,
                      .context = TEXT("."),
                      .subject = text_of(it->subject),
                      .actor = TEXT("anna"),
                      .request_id = TEXT("r")};
    return audit_note(tx, &change);
}

static void write_change(node_t *node, audit_kind_t kind, const char *subject)
{
    write_t it = {kind, subject};
    err_t err = {.code = ERR_NONE};
    arena_reset(node->arena);
    ck_assert_msg(db_run(node->db, TX_WRITE, node->arena, write_one, NULL, &it, &err) == 0, "%s", err.text);
    follower_committed(node->follower, node->db);
}

static bool is_gone(void *arg)
{
    return !is_found(arg, "s");
}

/* --- with the database ------------------------------------------------------------------------------------------------------- */

START_TEST(a_change_is_seen_by_the_other_server_within_100_ms)
{
    node_t one = node_start(false), two = node_start(false);
    wait_for(is_live, &one, 2000);
    wait_for(is_live, &two, 2000);
    int64_t worst = 0;
    for (int i = 0; i < 40; i++) {
        node_t *writer = i % 2 == 0 ? &one : &two, *other = i % 2 == 0 ? &two : &one;
        store(other, "s", DEPENDS_SUBJECT, "s");
        store(other, "t", DEPENDS_SUBJECT, "t");
        ck_assert(is_found(other, "s"));
        write_change(writer, AUDIT_SCHEMA_REGISTERED, "s");
        int64_t took = wait_for(is_gone, other, 1000);
        worst = took > worst ? took : worst;
        ck_assert(is_found(other, "t")); /* no more than what changed */
        usleep((useconds_t)(rand() % 30000));
    }
    ck_assert_int_lt(worst, 100);
    node_stop(&one);
    node_stop(&two);
}
END_TEST

START_TEST(a_change_is_seen_at_once_by_the_server_that_made_it)
{
    node_t one = node_start(false);
    wait_for(is_live, &one, 2000);
    store(&one, "s", DEPENDS_SUBJECT, "s");
    write_change(&one, AUDIT_SCHEMA_REGISTERED, "s");
    ck_assert(!is_found(&one, "s"));
    node_stop(&one);
}
END_TEST

START_TEST(many_commits_are_announced_together)
{
    node_t one = node_start(false), two = node_start(false);
    wait_for(is_live, &two, 2000);
    int64_t began = now_ms();
    for (int i = 0; i < 500; i++)
        write_change(&one, AUDIT_SCHEMA_REGISTERED, "s");
    int64_t took = now_ms() - began;
    usleep(50000);
    follower_stats_t stats = follower_stats(one.follower);
    ck_assert_uint_ge(stats.announcements, 1);
    ck_assert_uint_le(stats.announcements, (uint64_t)took / 10 + 3);
    wait_for(is_live, &two, 1000);
    while (follower_stats(two.follower).changes_seen < 500)
        ck_assert_int_lt(now_ms() - began, took + 2000);
    usleep(300000);
    ck_assert_uint_eq(follower_stats(two.follower).changes_seen, 500); /* each once */
    ck_assert_int_eq(follower_stats(two.follower).last_seq, 500);
    node_stop(&one);
    node_stop(&two);
}
END_TEST

START_TEST(a_server_alone_announces_nothing_and_still_reads)
{
    node_t one = node_start(true);
    wait_for(is_live, &one, 2000);
    write_change(&one, AUDIT_SCHEMA_REGISTERED, "s");
    usleep(600000);
    follower_stats_t stats = follower_stats(one.follower);
    ck_assert_uint_eq(stats.announcements, 0);
    ck_assert_uint_ge(stats.readings, 2);
    ck_assert_uint_eq(stats.changes_seen, 1);
    node_stop(&one);
}
END_TEST

START_TEST(an_idle_follower_is_quiet)
{
    node_t one = node_start(false);
    wait_for(is_live, &one, 2000);
    uint64_t before = follower_stats(one.follower).readings;
    usleep(1000000);
    uint64_t readings = follower_stats(one.follower).readings - before;
    ck_assert_uint_ge(readings, 2);
    ck_assert_uint_le(readings, 6);
    node_stop(&one);
}
END_TEST

/* A server whose notice never comes (it was killed between COMMIT and NOTIFY) is found out by reading. */
START_TEST(a_change_that_nobody_announced_is_seen_all_the_same)
{
    node_t one = node_start(false);
    wait_for(is_live, &one, 2000);
    store(&one, "s", DEPENDS_SUBJECT, "s");
    cluster_ask(conninfo, "INSERT INTO audit (kind, context, subject, actor, request_id) "
                          "VALUES ('schema.registered', '.', 's', 'a', 'r')");
    wait_for(is_gone, &one, 600);
    node_stop(&one);
}
END_TEST

static void *hold_a_transaction(void *arg)
{
    cluster_ask(arg, "INSERT INTO audit (kind, context, subject, actor, request_id) VALUES "
                     "('schema.registered', '.', 's', "
                     "'a', 'r'); SELECT pg_sleep(1)");
    return NULL;
}

START_TEST(a_late_commit_is_not_skipped)
{
    node_t one = node_start(false), two = node_start(false);
    wait_for(is_live, &two, 2000);
    pthread_t thread;
    pthread_create(&thread, NULL, hold_a_transaction, conninfo);
    usleep(300000);
    for (int i = 0; i < 20; i++) /* later numbers, earlier commits */
        write_change(&one, AUDIT_SCHEMA_REGISTERED, "t");
    usleep(300000);
    store(&two, "s", DEPENDS_SUBJECT, "s");
    ck_assert(is_found(&two, "s")); /* which is right: it is not committed yet */
    pthread_join(thread, NULL);
    wait_for(is_gone, &two, 600);
    node_stop(&one);
    node_stop(&two);
}
END_TEST

/* --- without it ----------------------------------------------------------------------------------------------------------------- */

START_TEST(a_database_that_goes_and_comes_back_is_followed_on)
{
    node_t one = node_start(false), two = node_start(false);
    wait_for(is_live, &one, 2000);
    wait_for(is_live, &two, 2000);
    store(&two, "schema", DEPENDS_SCHEMA, NULL);
    store(&two, "s", DEPENDS_SUBJECT, "s");
    _i == 0 ? cluster_shut_down() : cluster_kill();
    ck_assert_int_lt(wait_for(is_down, &two, 1000), 200);
    usleep(1200000);
    ck_assert(!follower_is_live(two.follower));
    ck_assert(is_found(&two, "schema")); /* by id: still */
    ck_assert(!is_found(&two, "s"));
    cluster_start_again();
    wait_for(is_live, &two, 1500);
    ck_assert(is_found(&two, "schema"));
    ck_assert(is_found(&two, "s")); /* nothing changed meanwhile, and that is known */
    write_change(&one, AUDIT_SCHEMA_REGISTERED, "s");
    wait_for(is_gone, &two, 500);
    ck_assert_uint_eq(follower_stats(two.follower).histories_lost, 0);
    ck_assert_uint_ge(follower_stats(two.follower).reconnects, 1);
    node_stop(&one);
    node_stop(&two);
}
END_TEST

START_TEST(what_changed_while_the_connection_was_lost_is_forgotten)
{
    node_t one = node_start(false);
    wait_for(is_live, &one, 2000);
    store(&one, "s", DEPENDS_SUBJECT, "s");
    store(&one, "t", DEPENDS_SUBJECT, "t");
    cluster_ask(conninfo, "BEGIN; INSERT INTO audit (kind, context, subject, actor, request_id) VALUES "
                          "('schema.registered', '.', 's', 'a', 'r'); SELECT pg_terminate_backend(pid) FROM "
                          "pg_stat_activity WHERE application_name = 'check_follower'; COMMIT");
    wait_for(is_gone, &one, 1000);
    wait_for(is_live, &one, 1000);
    ck_assert(is_found(&one, "t"));
    node_stop(&one);
}
END_TEST

START_TEST(a_database_of_another_history_makes_it_forget_everything)
{
    node_t one = node_start(false);
    wait_for(is_live, &one, 2000);
    store(&one, "schema", DEPENDS_SCHEMA, NULL);
    store(&one, "s", DEPENDS_SUBJECT, "s");
    /* As after a restore: the table is another one. */
    cluster_ask(conninfo, "BEGIN; CREATE TABLE copy (LIKE audit INCLUDING ALL); DROP TABLE audit CASCADE; "
                          "ALTER TABLE copy RENAME TO audit; COMMIT");
    wait_for(is_gone, &one, 1000);
    ck_assert(!is_found(&one, "schema"));
    ck_assert_uint_ge(follower_stats(one.follower).histories_lost, 1);
    node_stop(&one);
}
END_TEST

START_TEST(a_frozen_database_is_not_trusted_for_long)
{
    node_t one = node_start(false);
    wait_for(is_live, &one, 2000);
    store(&one, "s", DEPENDS_SUBJECT, "s");
    long pid = strtol(
        cluster_ask(conninfo, "SELECT pid FROM pg_stat_activity WHERE application_name = 'check_follower'"),
        NULL, 10);
    kill((pid_t)pid, SIGSTOP);
    int64_t took = wait_for(is_gone, &one, 3000);
    ck_assert_int_lt(took, 1500);
    kill((pid_t)pid, SIGCONT);
    wait_for(is_live, &one, 5000);
    ck_assert(is_found(&one, "s"));
    node_stop(&one);
}
END_TEST

START_TEST(it_starts_without_a_database_and_stops_without_one)
{
    db_options_t nowhere = {.conninfo = "host=/nowhere dbname=x", .connect_timeout_ms = 500};
    cache_t *cache = cache_new(1 << 20);
    follower_t *follower = follower_start(&(follower_options_t){.database = &nowhere, .cache = cache});
    usleep(300000);
    ck_assert(!follower_database_up(follower));
    ck_assert_int_eq(follower_stats(follower).last_heard_ms_ago, -1);
    follower_announce(follower);
    int64_t began = now_ms();
    follower_stop(follower);
    ck_assert_int_lt(now_ms() - began, 500);
    cache_free(cache);
}
END_TEST

/* --- many at once ----------------------------------------------------------------------------------------------------------------- */

/* Three servers write, and read how many changes there are through their own caches: 150 ms after a commit was answered,
 * nobody may read what was true before it. */
typedef struct {
    node_t node;
    audit_position_t *start;
    atomic_bool *stop;
    atomic_long *newest; /* commits that were answered, of all servers, and when the last one was */
    atomic_long *newest_at;
    atomic_int *wrong;
    int seed;
} racer_t;

typedef struct {
    audit_position_t *from;
    audit_reading_t reading;
} count_t;

static int read_count(tx_t *tx, void *arg)
{
    count_t *it = arg;
    return audit_since(tx, it->from, &it->reading);
}

static void read_through(racer_t *racer)
{
    int64_t asked = now_ms();
    long known = atomic_load(racer->newest), known_at = atomic_load(racer->newest_at);
    const cached_t *cached = cache_find(racer->node.cache, TEXT("n"));
    if (cached != NULL) {
        if (strtol(cached->body.at, NULL, 10) < known && asked - known_at > 150)
            atomic_fetch_add(racer->wrong, 1);
        cached_unref(cached);
        return;
    }
    cache_time_t begun = cache_begin(racer->node.cache);
    count_t it = {.from = racer->start};
    err_t err = {.code = ERR_NONE};
    arena_reset(racer->node.arena);
    if (db_run(racer->node.db, TX_READ, racer->node.arena, read_count, NULL, &it, &err) != 0)
        return;
    char body[24];
    snprintf(body, sizeof body, "%zu", it.reading.n_rows);
    reply_t reply = {
        .status = 200, .body = text_of(body), .depends = DEPENDS_SUBJECT, .depends_subject = TEXT("s")};
    cache_store(racer->node.cache, TEXT("n"), begun, &reply, TEXT_NONE);
}

static void *race(void *arg)
{
    racer_t *racer = arg;
    unsigned seed = (unsigned)racer->seed;
    while (!atomic_load(racer->stop)) {
        if (rand_r(&seed) % 100 == 0) {
            write_change(&racer->node, AUDIT_SCHEMA_REGISTERED, "s");
            atomic_store(racer->newest_at, (long)now_ms());
            atomic_fetch_add(racer->newest, 1);
            usleep(20000);
        }
        read_through(racer);
    }
    return NULL;
}

START_TEST(servers_that_write_and_read_at_once_stay_true)
{
    enum { N = 3 };
    atomic_bool stop = false;
    atomic_long newest = 0, newest_at = 0;
    atomic_int wrong = 0;
    racer_t racers[N];
    pthread_t threads[N];
    audit_position_t start;
    char snapshot[256], history[256];
    for (int i = 0; i < N; i++) {
        racers[i] = (racer_t){node_start(false), &start, &stop, &newest, &newest_at, &wrong, i + 1};
        wait_for(is_live, &racers[i].node, 2000);
    }
    audit_position_t nowhere = {TEXT_NONE, TEXT_NONE};
    count_t first = {.from = &nowhere};
    err_t err = {.code = ERR_NONE};
    ck_assert_int_eq(db_run(racers[0].node.db, TX_READ, racers[0].node.arena, read_count, NULL, &first, &err),
                     0);
    snprintf(snapshot, sizeof snapshot, "%s", first.reading.position.snapshot.at);
    snprintf(history, sizeof history, "%s", first.reading.position.history.at);
    start = (audit_position_t){text_of(snapshot), text_of(history)};
    for (int i = 0; i < N; i++)
        pthread_create(&threads[i], NULL, race, &racers[i]);
    usleep(3000000);
    atomic_store(&stop, true);
    for (int i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&wrong), 0);
    ck_assert_int_gt(atomic_load(&newest), 20);
    for (int i = 0; i < N; i++) {
        ck_assert_uint_gt(cache_stats(racers[i].node.cache).hits, 100);
        node_stop(&racers[i].node);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("follower");
    TCase *up = tcase_create("up");
    tcase_add_checked_fixture(up, setup, NULL);
    tcase_set_timeout(up, 60);
    tcase_add_test(up, a_change_is_seen_by_the_other_server_within_100_ms);
    tcase_add_test(up, a_change_is_seen_at_once_by_the_server_that_made_it);
    tcase_add_test(up, many_commits_are_announced_together);
    tcase_add_test(up, a_server_alone_announces_nothing_and_still_reads);
    tcase_add_test(up, an_idle_follower_is_quiet);
    tcase_add_test(up, a_change_that_nobody_announced_is_seen_all_the_same);
    tcase_add_test(up, a_late_commit_is_not_skipped);
    tcase_add_test(up, servers_that_write_and_read_at_once_stay_true);
    suite_add_tcase(s, up);

    TCase *away = tcase_create("away");
    tcase_add_checked_fixture(away, setup, NULL);
    tcase_set_timeout(away, 60);
    tcase_add_loop_test(away, a_database_that_goes_and_comes_back_is_followed_on, 0, 2);
    tcase_add_test(away, what_changed_while_the_connection_was_lost_is_forgotten);
    tcase_add_test(away, a_database_of_another_history_makes_it_forget_everything);
    tcase_add_test(away, a_frozen_database_is_not_trusted_for_long);
    tcase_add_test(away, it_starts_without_a_database_and_stops_without_one);
    suite_add_tcase(s, away);
    return s;
}

int main(void)
{
    cluster_start();
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? 0 : 1;
}

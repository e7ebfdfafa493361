/* What happens because time passes, with two servers on one database: each thing once, whoever's clock looks first, and wherever the
 * clocks jump. */
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

static char conninfo[256];
static server_t servers[2];

static void start_two(void)
{
    const char *const args[] = {"--auth", "off", "--clock-interval", "100ms", "--workers", "3", NULL};
    cluster_database(conninfo, sizeof conninfo);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(server_start(&servers[i], &(server_options_t){.database = conninfo, .args = args}),
                         0);
}

static void stop_two(void)
{
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(server_stop(&servers[i], SIGTERM, 20000), 0);
}

static const char *sql(const char *statement)
{
    return cluster_ask(conninfo, statement);
}

/* One request, to the servers in turn. */
static void call(long status, const char *method, const char *path, const char *body)
{
    static int turn;
    job_t job = {0};
    long got = ask(servers[turn++ % 2].url, method, path, body, &job);
    ck_assert_msg(got == status, "%s %s: %ld in place of %ld: %s", method, path, got, status, job.text);
}

/* Waits until the statement gives this. */
static void await(const char *statement, const char *wanted)
{
    const struct timespec step = {.tv_nsec = 50000000};
    for (int i = 0; i < 200 && strcmp(sql(statement), wanted) != 0; i++)
        nanosleep(&step, NULL);
    ck_assert_str_eq(sql(statement), wanted);
}

/* Long enough for both servers to have looked several times. */
static void let_them_look(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 700000000}, NULL);
}

/* How often what happened, once nothing happens any more. */
static void remember_trail(char *out, size_t bytes)
{
    const char *count =
        "SELECT string_agg(kind || ' ' || n, ', ' ORDER BY kind)"
        "  FROM (SELECT kind, count(*) AS n FROM audit WHERE object IS NOT NULL GROUP BY kind) k";
    out[0] = '\0';
    for (int i = 0; i < 20 && strcmp(out, sql(count)) != 0; i++) {
        snprintf(out, bytes, "%s", sql(count));
        let_them_look();
    }
}

static void ahead(const char *interval)
{
    char statement[128];
    snprintf(statement, sizeof statement, "UPDATE catalog_clock SET ahead = interval '%s'", interval);
    sql(statement);
}

static const char *told(const char *kind)
{
    char statement[128];
    snprintf(statement, sizeof statement, "SELECT count(*) FROM audit WHERE kind = '%s'", kind);
    return sql(statement);
}

#define V1                                                                                          \
    "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"id\\\"," \
    "\\\"type\\\":\\\"string\\\"},{\\\"name\\\":\\\"n\\\",\\\"type\\\":\\\"int\\\"}]}"
#define V2                                                                                          \
    "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"id\\\"," \
    "\\\"type\\\":\\\"string\\\"}]}"

/* Team orders owns the active line placed@1; billing, of team payments, reads n of it. */
static void populate(void)
{
    call(201, "POST", "/api/v1/teams", "{\"slug\":\"orders\",\"name\":\"O\"}");
    call(201, "POST", "/api/v1/teams", "{\"slug\":\"chief\",\"name\":\"C\"}");
    call(201, "POST", "/api/v1/teams",
         "{\"slug\":\"payments\",\"name\":\"P\",\"escalation_team\":\"chief\"}");
    call(201, "POST", "/api/v1/services", "{\"slug\":\"billing\",\"team\":\"payments\"}");
    call(201, "POST", "/api/v1/events",
         "{\"name\":\"placed\",\"owner\":\"orders\",\"line\":{\"major\":1,\"compatibility\":\"BACKWARD\","
         "\"subjects\":[\"placed-value\"]}}");
    sql("INSERT INTO policy (scope, settings) VALUES ('event:placed', '{\"required_documentation\": []}') ON "
        "CONFLICT (scope) DO UPDATE SET settings = excluded.settings");
    call(200, "POST", "/subjects/placed-value/versions", "{\"schema\":\"" V1 "\"}");
    call(200, "POST", "/api/v1/lines/placed@1/activate", "{}");
    call(201, "POST", "/api/v1/consumptions",
         "{\"service\":\"billing\",\"line\":\"placed@1\",\"purpose\":\"p\",\"fields\":[{\"path\":\"n\","
         "\"need\":\"required\"}]}");
}

static void deprecate(void)
{
    call(201, "POST", "/api/v1/changes",
         "{\"kind\":\"lifecycle\",\"line\":\"placed@1\",\"title\":\"End\",\"target\":{\"state\":"
         "\"deprecated\",\"reason\":\"Old.\","
         "\"replacement\":\"none\",\"sunset_at\":\"2030-01-01\"}}");
    call(200, "POST", "/api/v1/changes/CR-1001/apply", "{}");
    ck_assert_str_eq(sql("SELECT state FROM line"), "deprecated");
}

static void approve(void)
{
    call(200, "POST", "/api/v1/changes/CR-1001/decisions",
         "{\"requirement\":\"payments\",\"act\":\"approve\"}");
}

START_TEST(a_sunset_that_was_agreed_to_is_reached_once)
{
    populate();
    deprecate();
    approve();
    let_them_look();
    ck_assert_str_eq(sql("SELECT state FROM line"), "deprecated");
    ahead("5 years");
    await("SELECT state FROM line", "sunset");
    let_them_look();
    ck_assert_str_eq(told("line.sunset_reached"), "1");
    ck_assert_str_eq(sql("SELECT DISTINCT actor FROM audit WHERE kind = 'line.sunset_reached'"), "clock");
}
END_TEST

START_TEST(a_sunset_that_was_not_agreed_to_waits_and_those_who_hold_it_back_hear_of_it_once_a_day)
{
    populate();
    deprecate();
    ahead("5 years");
    await("SELECT count(*) FROM audit WHERE kind = 'line.reminder'", "1");
    let_them_look();
    ck_assert_str_eq(sql("SELECT state FROM line"), "deprecated");
    ck_assert_str_eq(told("line.reminder"), "1");
    ahead("5 years 1 day");
    await("SELECT count(*) FROM audit WHERE kind = 'line.reminder'", "2");
    approve();
    await("SELECT state FROM line", "sunset");
    await("SELECT count(*) FROM audit WHERE kind = 'line.reminder'",
          "3"); /* it is still read, after its end */
    let_them_look();
    ck_assert_str_eq(told("line.reminder"), "3");
}
END_TEST

START_TEST(a_clock_that_is_set_back_undoes_nothing_and_repeats_nothing)
{
    populate();
    deprecate();
    approve();
    ahead("5 years");
    await("SELECT state FROM line", "sunset");
    char before[1024];
    remember_trail(before, sizeof before);
    ahead("0");
    let_them_look();
    ck_assert_str_eq(sql("SELECT state FROM line"), "sunset");
    ahead("5 years");
    let_them_look();
    char after[1024];
    remember_trail(after, sizeof after);
    ck_assert_str_eq(after, before);
}
END_TEST

START_TEST(a_line_is_removed_only_when_its_last_reader_has_ended)
{
    populate();
    deprecate();
    approve();
    ahead("5 years");
    await("SELECT state FROM line", "sunset");
    call(409, "POST", "/api/v1/lines/placed@1/remove", "{}");
    call(409, "POST", "/subjects/placed-value/versions", "{\"schema\":\"" V2 "\"}");
    char path[128];
    snprintf(path, sizeof path, "/api/v1/consumptions/%s/end", sql("SELECT public_id FROM consumption"));
    call(200, "POST", path, "{\"reason\":\"Moved.\"}");
    sql("INSERT INTO observation (day, line_id, source, op, last_at) SELECT current_date, id, 'fetch', "
        "'read', catalog_now() FROM line RETURNING 1");
    call(409, "POST", "/api/v1/lines/placed@1/remove",
         "{}"); /* somebody, nobody knows who, has read it today */
    ahead("5 years 20 days");
    call(200, "POST", "/api/v1/lines/placed@1/remove", "{\"reason\":\"Done.\"}");
    call(200, "GET", "/api/v1/lines/placed@1", NULL);
    call(200, "GET", "/schemas/ids/1", NULL);
    call(410, "POST", "/api/v1/consumptions",
         "{\"service\":\"billing\",\"line\":\"placed@1\",\"purpose\":\"p\"}");
    call(410, "POST", "/subjects/placed-value/versions", "{\"schema\":\"" V2 "\"}");
}
END_TEST

START_TEST(who_was_asked_is_reminded_three_times_and_then_it_is_escalated)
{
    populate();
    call(201, "POST", "/api/v1/changes",
         "{\"kind\":\"schema\",\"line\":\"placed@1\",\"title\":\"No "
         "n\",\"schema\":{\"format\":\"avro\",\"text\":\"" V2 "\"}}");
    let_them_look();
    ck_assert_str_eq(told("approval.reminder"), "0");
    ahead("16 days");
    await("SELECT count(*) FROM audit WHERE kind = 'approval.reminder'", "1");
    ahead("25 days");
    await("SELECT count(*) FROM audit WHERE kind = 'approval.reminder'", "2");
    ahead("16 days");
    let_them_look();
    ck_assert_str_eq(told("approval.reminder"), "2");
    ck_assert_str_eq(told("approval.escalated"), "0");
    ahead("31 days");
    await("SELECT count(*) FROM audit WHERE kind = 'approval.escalated'", "1");
    let_them_look();
    ck_assert_str_eq(told("approval.reminder"), "3");
    ck_assert_str_eq(told("approval.escalated"), "1");
    ck_assert_str_eq(sql("SELECT detail ->> 'team' FROM audit WHERE kind = 'approval.escalated'"), "chief");
}
END_TEST

START_TEST(a_change_that_wishes_it_is_applied_once_when_nothing_blocks_it)
{
    populate();
    call(201, "POST", "/api/v1/changes",
         "{\"kind\":\"schema\",\"line\":\"placed@1\",\"title\":\"No "
         "n\",\"auto_apply\":true,\"schema\":{\"format\":\"avro\",\"text\":\"" V2 "\"}}");
    approve();
    let_them_look();
    ck_assert_str_eq(sql("SELECT state FROM change"), "open"); /* notice runs */
    sql("UPDATE notice SET delivered_at = coalesce(delivered_at, now()), delivered_by = "
        "coalesce(delivered_by, 'inbox') RETURNING 1");
    ahead("31 days");
    await("SELECT state FROM change", "applied");
    let_them_look();
    ck_assert_str_eq(told("change.applied"), "1");
    ck_assert_str_eq(sql("SELECT count(*) || ' ' || max(version) FROM line_version"), "2 2");
    ck_assert_str_eq(sql("SELECT accepted_break ->> 'basis' FROM line_version WHERE version = 2"),
                     "approved");
    ck_assert_str_eq(sql("SELECT max(version) FROM subject_version"), "2");
}
END_TEST

START_TEST(a_change_that_nobody_touched_expires_once)
{
    populate();
    call(201, "POST", "/api/v1/changes",
         "{\"kind\":\"schema\",\"line\":\"placed@1\",\"title\":\"No "
         "n\",\"schema\":{\"format\":\"avro\",\"text\":\"" V2 "\"}}");
    ahead("181 days");
    await("SELECT state FROM change", "expired");
    let_them_look();
    ck_assert_str_eq(told("change.expired"), "1");
}
END_TEST

START_TEST(a_silent_consumer_is_asked_twice_and_is_then_stale_until_it_gives_a_sign_of_life)
{
    populate();
    ahead("91 days");
    await("SELECT count(*) FROM audit WHERE kind = 'consumption.attestation_due'", "1");
    let_them_look();
    ck_assert_str_eq(told("consumption.attestation_due"), "1");
    ck_assert_str_eq(told("consumption.stale"), "0");
    ahead("99 days");
    await("SELECT count(*) FROM audit WHERE kind = 'consumption.stale'", "1");
    let_them_look();
    ck_assert_str_eq(told("consumption.attestation_due"), "2");
    ck_assert_str_eq(told("consumption.stale"), "1");
    char path[128];
    snprintf(path, sizeof path, "/api/v1/consumptions/%s/attest", sql("SELECT public_id FROM consumption"));
    call(200, "POST", path, "{}");
    await("SELECT reminded FROM consumption", "0");
    ahead("190 days");
    await("SELECT count(*) FROM audit WHERE kind = 'consumption.attestation_due'", "3");
}
END_TEST

START_TEST(a_waiver_that_is_over_and_an_owner_that_is_gone_are_told_once)
{
    populate();
    await("SELECT count(*) FROM audit WHERE kind = 'event.orphaned'", "1"); /* team orders has no member */
    call(201, "POST", "/api/v1/waivers",
         "{\"line\":\"placed@1\",\"service\":\"billing\",\"reason\":\"r\",\"expires_at\":\"2030-01-01\"}");
    let_them_look();
    ck_assert_str_eq(told("waiver.expired"), "0");
    ahead("5 years");
    await("SELECT count(*) FROM audit WHERE kind = 'waiver.expired'", "1");
    let_them_look();
    ck_assert_str_eq(told("waiver.expired"), "1");
    ck_assert_str_eq(told("event.orphaned"), "1");
}
END_TEST

START_TEST(a_waiver_lets_in_until_it_expires_and_those_who_are_in_stay)
{
    populate();
    call(201, "POST", "/api/v1/services", "{\"slug\":\"late\",\"team\":\"payments\"}");
    deprecate();
    call(409, "POST", "/api/v1/consumptions",
         "{\"service\":\"late\",\"line\":\"placed@1\",\"purpose\":\"p\"}");
    call(201, "POST", "/api/v1/waivers",
         "{\"line\":\"placed@1\",\"service\":\"late\",\"reason\":\"r\",\"expires_at\":\"2028-01-01\"}");
    call(201, "POST", "/api/v1/consumptions",
         "{\"service\":\"late\",\"line\":\"placed@1\",\"purpose\":\"p\"}");
    ahead("2 years");
    await("SELECT count(*) FROM audit WHERE kind = 'waiver.expired'", "1");
    ck_assert_str_eq(sql("SELECT state FROM consumption WHERE service_id = 2"), "active");
    sql("UPDATE consumption SET state = 'ended', ended_at = now() WHERE service_id = 2");
    call(409, "POST", "/api/v1/consumptions",
         "{\"service\":\"late\",\"line\":\"placed@1\",\"purpose\":\"p\"}");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("clock");
    TCase *two = tcase_create("two servers");
    tcase_set_timeout(two, 120);
    tcase_add_checked_fixture(two, start_two, stop_two);
    tcase_add_test(two, a_sunset_that_was_agreed_to_is_reached_once);
    tcase_add_test(two,
                   a_sunset_that_was_not_agreed_to_waits_and_those_who_hold_it_back_hear_of_it_once_a_day);
    tcase_add_test(two, a_clock_that_is_set_back_undoes_nothing_and_repeats_nothing);
    tcase_add_test(two, a_line_is_removed_only_when_its_last_reader_has_ended);
    tcase_add_test(two, who_was_asked_is_reminded_three_times_and_then_it_is_escalated);
    tcase_add_test(two, a_change_that_wishes_it_is_applied_once_when_nothing_blocks_it);
    tcase_add_test(two, a_change_that_nobody_touched_expires_once);
    tcase_add_test(two, a_silent_consumer_is_asked_twice_and_is_then_stale_until_it_gives_a_sign_of_life);
    tcase_add_test(two, a_waiver_lets_in_until_it_expires_and_those_who_are_in_stay);
    tcase_add_test(two, a_waiver_that_is_over_and_an_owner_that_is_gone_are_told_once);
    suite_add_tcase(suite, two);
    return suite;
}

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    cluster_start();
    SRunner *runner = srunner_create(make_suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? 0 : 1;
}

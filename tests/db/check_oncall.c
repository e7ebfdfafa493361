/* Who is on call: turns change at the wall clock of the rota's zone, also when summer time begins and ends. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cluster.h"

static char conninfo[256];

static void setup(void)
{
    cluster_database(conninfo, sizeof conninfo);
}

static const char *ask_oncall(const char *oncall, const char *at, const char *member)
{
    char sql[1024];
    snprintf(sql, sizeof sql, "SELECT coalesce((catalog_oncall('%s', '%s') #>> '{%s}'), '')", oncall, at,
             member);
    return cluster_ask(conninfo, sql);
}

#define WEEKLY(tz)                                                                          \
    "{\"kind\":\"rota\",\"people\":[\"a\",\"b\",\"c\"],\"rotates\":\"weekly\",\"tz\":\"" tz \
    "\",\"since\":\"2026-03-02T09:00\"}"
#define DAILY(tz)                                                                    \
    "{\"kind\":\"rota\",\"people\":[\"a\",\"b\"],\"rotates\":\"daily\",\"tz\":\"" tz \
    "\",\"since\":\"2026-03-27T09:00\"}"

/* In Vienna summer time begins on 2026-03-29 at 02:00 and ends on 2026-10-25 at 03:00; in New York it begins on 2026-03-08. */
static const struct {
    const char *name, *oncall, *at, *who, *until;
} turns[] = {
    {"the first turn", WEEKLY("Europe/Vienna"), "2026-03-02T08:00:00Z", "a", "2026-03-09T08:00:00.000000Z"},
    {"a moment before the second", WEEKLY("Europe/Vienna"), "2026-03-09T07:59:59Z", "a",
     "2026-03-09T08:00:00.000000Z"},
    {"the second", WEEKLY("Europe/Vienna"), "2026-03-09T08:00:00Z", "b", "2026-03-16T08:00:00.000000Z"},
    {"the week in which summer time begins ends an hour earlier in UTC", WEEKLY("Europe/Vienna"),
     "2026-03-28T12:00:00Z", "a", "2026-03-30T07:00:00.000000Z"},
    {"after it, nine in the morning is 7 UTC", WEEKLY("Europe/Vienna"), "2026-03-30T07:00:00Z", "b",
     "2026-04-06T07:00:00.000000Z"},
    {"a second earlier it is still the other's", WEEKLY("Europe/Vienna"), "2026-03-30T06:59:59Z", "a",
     "2026-03-30T07:00:00.000000Z"},
    {"back in winter", WEEKLY("Europe/Vienna"), "2026-10-26T08:00:00Z", "b", "2026-11-02T08:00:00.000000Z"},
    {"another zone has another day", WEEKLY("America/New_York"), "2026-03-09T12:59:59Z", "a",
     "2026-03-09T13:00:00.000000Z"},
    {"a daily turn on the short day", DAILY("Europe/Vienna"), "2026-03-28T08:00:00Z", "b",
     "2026-03-29T07:00:00.000000Z"},
    {"and the day after", DAILY("Europe/Vienna"), "2026-03-29T07:00:00Z", "a", "2026-03-30T07:00:00.000000Z"},
    {"before it begins it is the first one's", DAILY("Europe/Vienna"), "2026-01-01T00:00:00Z", "a",
     "2026-03-28T08:00:00.000000Z"},
    {"zones without summer time", WEEKLY("Asia/Tokyo"), "2026-03-09T00:00:00Z", "b",
     "2026-03-16T00:00:00.000000Z"},
    {"half an hour off", WEEKLY("Asia/Kolkata"), "2026-03-09T03:30:00Z", "b", "2026-03-16T03:30:00.000000Z"},
};

START_TEST(turns_change_at_the_wall_clock)
{
    ck_assert_str_eq(ask_oncall(turns[_i].oncall, turns[_i].at, "people,0"), turns[_i].who);
    ck_assert_str_eq(ask_oncall(turns[_i].oncall, turns[_i].at, "until"), turns[_i].until);
}
END_TEST

START_TEST(an_address_and_a_person_do_not_turn)
{
    ck_assert_str_eq(ask_oncall("{\"kind\":\"url\",\"url\":\"https://x\"}", "2026-01-01", "url"),
                     "https://x");
    ck_assert_str_eq(ask_oncall("{\"kind\":\"static\",\"people\":[\"z\"]}", "2026-01-01", "people,0"), "z");
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT catalog_oncall('{}', now()) IS NULL"), "t");
}
END_TEST

static const struct {
    const char *zone, *known;
} zones[] = {
    {"Europe/Vienna", "t"}, {"UTC", "t"},    {"America/Argentina/Buenos_Aires", "t"},
    {"Mars/Olympus", "f"},  {"", "f"},       {"ABC5", "f"},
    {"+02:00", "f"},        {"vienna", "f"},
};

START_TEST(a_zone_has_a_name)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT catalog_zone_known('%s')", zones[_i].zone);
    ck_assert_str_eq(cluster_ask(conninfo, sql), zones[_i].known);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("oncall");
    TCase *tc = tcase_create("oncall");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, NULL);
    tcase_add_loop_test(tc, turns_change_at_the_wall_clock, 0, sizeof turns / sizeof *turns);
    tcase_add_test(tc, an_address_and_a_person_do_not_turn);
    tcase_add_loop_test(tc, a_zone_has_a_name, 0, sizeof zones / sizeof *zones);
    suite_add_tcase(suite, tc);
    cluster_start();
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    cluster_stop();
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

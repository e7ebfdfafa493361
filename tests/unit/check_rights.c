/* The table of rights: every action by everybody, told as one picture that can be read beside docs/people.md. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalog/rights.h"

enum { PAYMENTS = 1, ORDERS = 2, BILLING = 7, SHOP = 8 };

static const belonging_t member_of_payments[] = {{PAYMENTS, {"payments", 8}, false}};
static const belonging_t maintainer_of_payments[] = {{PAYMENTS, {"payments", 8}, true}};

#define USER(role_, teams_)                                                       \
    {                                                                             \
        .kind = PRINCIPAL_USER, .name = {"x", 1}, .role = role_, .teams = teams_, \
        .n_teams = (teams_) == NULL ? 0 : 1                                       \
    }

/* In the order of the letters below. */
static const principal_t askers[] = {
    {.kind = PRINCIPAL_UNKNOWN},
    USER(ROLE_VIEWER, NULL),
    USER(ROLE_VIEWER, maintainer_of_payments),
    USER(ROLE_EDITOR, NULL),
    USER(ROLE_EDITOR, member_of_payments),
    USER(ROLE_EDITOR, maintainer_of_payments),
    {.kind = PRINCIPAL_SERVICE, .service_id = BILLING, .service_team = PAYMENTS},
    USER(ROLE_ADMIN, NULL),
    USER(ROLE_ADMIN, member_of_payments),
    {.kind = PRINCIPAL_ANYBODY},
    {.kind = PRINCIPAL_CLOCK},
};
enum { N_ASKERS = sizeof askers / sizeof *askers };

/* For the team payments / for the team orders: a letter for each asker, "." where it may not.
 *   u nknown  v iewer  w: viewer who maintains payments  e ditor  m ember  t: maintainer  s ervice  a dmin  b: admin who is a member
 *   o pen server  c lock */
static const struct {
    right_t right;
    const char *own, *others;
} table[] = {
    {RIGHT_READ, "uvwemtsaboc", "uvwemtsaboc"},
    {RIGHT_CREATE_EVENT, "....mt.aboc", ".......aboc"},
    {RIGHT_EDIT_EVENT, "....mt.aboc", ".......aboc"},
    {RIGHT_EDIT_TEAM, ".....t.aboc", ".......aboc"},
    {RIGHT_REGISTER, "....mtsaboc", ".......aboc"},
    {RIGHT_OPEN_CHANGE, "....mtsaboc", ".......aboc"},
    {RIGHT_SUGGEST_CHANGE, "....mt.aboc", "....mt.aboc"},
    {RIGHT_DECIDE, "....mt..boc", ".........oc"},
    {RIGHT_APPLY, "....mtsaboc", ".......aboc"},
    {RIGHT_TRANSITION, ".....t.aboc", ".......aboc"},
    {RIGHT_OVERRIDE, ".......aboc", ".......aboc"},
    {RIGHT_DECLARE, "....mtsaboc", ".......aboc"},
    {RIGHT_AGREE_CONSUMPTION, ".....t.aboc", ".......aboc"},
    {RIGHT_TRANSFER, ".....t.aboc", ".......aboc"},
    {RIGHT_WAIVE, ".....t.aboc", ".......aboc"},
    {RIGHT_HOOKS, ".....t.aboc", ".......aboc"},
    {RIGHT_ADMINISTER, ".......aboc", ".......aboc"},
    {RIGHT_PURGE, ".......aboc", ".......aboc"},
};
enum { ROWS = sizeof table / sizeof *table };

static const char letters[] = "uvwemtsaboc";

static void picture(right_t right, int64_t team, char out[N_ASKERS + 1])
{
    for (size_t i = 0; i < N_ASKERS; i++)
        out[i] = rights_allow(&askers[i], right, team, 0) ? letters[i] : '.';
    out[N_ASKERS] = '\0';
}

START_TEST(the_table_has_a_row_for_each_right)
{
    ck_assert_int_eq(ROWS, RIGHT_N);
    for (int i = 0; i < ROWS; i++)
        ck_assert_int_eq(table[i].right, i);
}
END_TEST

START_TEST(everybody_may_what_their_row_says_and_nothing_else)
{
    char seen[N_ASKERS + 1];
    picture(table[_i].right, PAYMENTS, seen);
    ck_assert_str_eq(seen, table[_i].own);
    picture(table[_i].right, ORDERS, seen);
    ck_assert_str_eq(seen, table[_i].others);
}
END_TEST

START_TEST(a_service_declares_for_itself_only)
{
    const principal_t *billing = &askers[6];
    ck_assert(rights_allow(billing, RIGHT_DECLARE, PAYMENTS, BILLING));
    ck_assert(rights_allow(billing, RIGHT_DECLARE, ORDERS, BILLING)); /* the line is another team's */
    ck_assert(!rights_allow(billing, RIGHT_DECLARE, PAYMENTS, SHOP));
}
END_TEST

/* r ead, g: register, d: declare, h ooks, a dminister, o verride */
static const struct {
    const char *scopes[2], *may;
} scoped[] = {
    {{"read"}, "r....."},  {{"register"}, "rg...."},         {{"catalog"}, "rgdh.."},
    {{"admin"}, "rgdhao"}, {{"read", "register"}, "rg...."}, {{"nonsense"}, "r....."},
};

START_TEST(a_token_may_no_more_than_its_scopes_say)
{
    static const right_t rights[] = {RIGHT_READ,  RIGHT_REGISTER,   RIGHT_DECLARE,
                                     RIGHT_HOOKS, RIGHT_ADMINISTER, RIGHT_OVERRIDE};
    static const char names[] = "rgdhao";
    text_t scopes[2];
    principal_t admin = askers[7];
    admin.scopes = scopes;
    for (int i = 0; i < 2 && scoped[_i].scopes[i] != NULL; i++)
        scopes[admin.n_scopes++] = text_of(scoped[_i].scopes[i]);
    char seen[7] = "......";
    for (int i = 0; i < 6; i++)
        if (rights_allow(&admin, rights[i], PAYMENTS, 0))
            seen[i] = names[i];
    ck_assert_str_eq(seen, scoped[_i].may);
}
END_TEST

START_TEST(what_is_nobodys_is_an_administrators)
{
    char seen[N_ASKERS + 1];
    picture(RIGHT_EDIT_TEAM, 0, seen);
    ck_assert_str_eq(seen, ".......aboc");
    picture(RIGHT_DECLARE, 0, seen);
    ck_assert_str_eq(seen, ".......aboc");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rights");
    TCase *tc = tcase_create("table");
    tcase_add_test(tc, the_table_has_a_row_for_each_right);
    tcase_add_loop_test(tc, everybody_may_what_their_row_says_and_nothing_else, 0, ROWS);
    tcase_add_test(tc, a_service_declares_for_itself_only);
    tcase_add_loop_test(tc, a_token_may_no_more_than_its_scopes_say, 0, sizeof scoped / sizeof *scoped);
    tcase_add_test(tc, what_is_nobodys_is_an_administrators);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

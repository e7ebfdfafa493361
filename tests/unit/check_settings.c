/* What holds where several scopes say something. */
#include <check.h>
#include <stdlib.h>

#include "catalog/settings.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

static const policy_t policy = {.level = LEVEL_FULL};

/* What each scope of a subject says: its own, its context's, everything's. NULL is nothing; a config without a key exists and says
 * nothing about it. */
static const struct {
    const char *says[SCOPES_MAX];
    bool exists[SCOPES_MAX];
    const char *level;  /* what holds if it is the level */
    const char *policy; /* what holds if it is the policy, which is inherited */
    const char *group;  /* likewise */
    const char *alias;  /* of the subject alone */
} rows[] = {
    {{0}, {false}, "FULL", NULL, NULL, NULL},
    {{"NONE"}, {true}, "NONE", "NONE", "NONE", "NONE"},
    {{NULL, "NONE"}, {false, true}, "NONE", "NONE", "NONE", NULL},
    {{NULL, NULL, "NONE"}, {false, false, true}, "NONE", "NONE", "NONE", NULL},
    {{NULL, "NONE"}, {true, true}, "FULL", "NONE", "NONE", NULL},
    {{"FORWARD", "NONE", "BACKWARD"}, {true, true, true}, "FORWARD", "FORWARD", "FORWARD", "FORWARD"},
    {{NULL, NULL, "BACKWARD"}, {false, true, true}, "FULL", "BACKWARD", "BACKWARD", NULL},
};

static scopes_t scopes_with(int row, config_key_t key)
{
    scopes_t scopes = {.n = SCOPES_MAX};
    for (size_t i = 0; i < SCOPES_MAX; i++) {
        scopes.has_config[i] = rows[row].exists[i];
        scopes.config[i].values[key] = text_of(rows[row].says[i]);
    }
    return scopes;
}

static void ck_holds(int row, config_key_t key, const char *expected)
{
    scopes_t scopes = scopes_with(row, key);
    text_t held = config_effective(&scopes, &policy).values[key];
    if (expected == NULL)
        ck_assert_ptr_null(held.at);
    else
        ck_assert_msg(text_is(held, expected), "%s: " TEXT_FMT, config_key(key), TEXT_ARG(held));
}

START_TEST(the_nearest_config_that_exists_gives_the_level)
{
    ck_holds(_i, CONFIG_LEVEL, rows[_i].level);
}
END_TEST

START_TEST(what_is_inherited_comes_from_the_nearest_that_says_it)
{
    ck_holds(_i, CONFIG_POLICY, rows[_i].policy);
    ck_holds(_i, CONFIG_GROUP, rows[_i].group);
}
END_TEST

START_TEST(an_alias_is_the_subjects_own)
{
    ck_holds(_i, CONFIG_ALIAS, rows[_i].alias);
}
END_TEST

START_TEST(the_nearest_mode_holds)
{
    scopes_t scopes = {.n = SCOPES_MAX};
    ck_assert_int_eq(mode_effective(&scopes), MODE_READWRITE);
    for (size_t i = SCOPES_MAX; i > 0; i--) {
        scopes.has_mode[i - 1] = true;
        scopes.mode[i - 1] = (subject_mode_t)i;
        ck_assert_int_eq(mode_effective(&scopes), (int)i);
    }
}
END_TEST

START_TEST(a_boolean_that_nobody_set_is_the_operators)
{
    config_t config = {0};
    ck_assert(!config_is(&config, CONFIG_NORMALIZE));
    ck_assert(config_is_or(&config, CONFIG_NORMALIZE, true));
    config.values[CONFIG_NORMALIZE] = TEXT("false");
    ck_assert(!config_is_or(&config, CONFIG_NORMALIZE, true));
    config.values[CONFIG_NORMALIZE] = TEXT("true");
    ck_assert(config_is(&config, CONFIG_NORMALIZE));
}
END_TEST

START_TEST(a_config_is_printed_with_what_is_set)
{
    arena_t *arena = arena_new();
    config_t config = {0};
    ck_assert(text_is(config_text(&config, "compatibility", arena), "{}"));
    config.values[CONFIG_LEVEL] = TEXT("FULL");
    config.values[CONFIG_NORMALIZE] = TEXT("false");
    config.values[CONFIG_GROUP] = TEXT("a\"b");
    config.values[CONFIG_DEFAULT_METADATA] = TEXT("{\"sensitive\":[\"x\"]}");
    ck_assert(text_is(config_text(&config, "compatibility", arena),
                      "{\"compatibility\":\"FULL\",\"normalize\":false,\"compatibilityGroup\":\"a\\\"b\","
                      "\"defaultMetadata\":{\"sensitive\":[\"x\"]}}"));
    arena_free(arena);
}
END_TEST

START_TEST(modes_have_names_in_any_case)
{
    subject_mode_t mode;
    for (int i = 0; i < MODE_N; i++) {
        ck_assert(mode_find(text_of(mode_name((subject_mode_t)i)), &mode));
        ck_assert_int_eq(mode, i);
    }
    ck_assert(mode_find(TEXT("readOnly"), &mode) && mode == MODE_READONLY);
    ck_assert(!mode_find(TEXT("READ"), &mode));
    ck_assert(!mode_find(TEXT(""), &mode));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings");
    TCase *tcase = tcase_create("settings");
    tcase_add_loop_test(tcase, the_nearest_config_that_exists_gives_the_level, 0, ROWS(rows));
    tcase_add_loop_test(tcase, what_is_inherited_comes_from_the_nearest_that_says_it, 0, ROWS(rows));
    tcase_add_loop_test(tcase, an_alias_is_the_subjects_own, 0, ROWS(rows));
    tcase_add_test(tcase, the_nearest_mode_holds);
    tcase_add_test(tcase, a_boolean_that_nobody_set_is_the_operators);
    tcase_add_test(tcase, a_config_is_printed_with_what_is_set);
    tcase_add_test(tcase, modes_have_names_in_any_case);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

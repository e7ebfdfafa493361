/* The registry's words: sentences that clients and other suites compare, version numbers, and that the manual lists every route. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/refusal.h"
#include "catalog/version.h"
#include "server/registry/registry.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

static arena_t *arena;
static err_t err;

static void setup(void)
{
    arena = arena_new();
    err = (err_t){.code = ERR_NONE};
}

static void teardown(void)
{
    arena_free(arena);
}

static void ck_refused(int rc, int wire, const char *sentence)
{
    ck_assert_int_eq(rc, -1);
    ck_assert_int_eq(err_wire(err.code), wire);
    ck_assert_msg(text_is(err_text(&err), sentence), TEXT_FMT, TEXT_ARG(err_text(&err)));
    err_clear(&err);
}

START_TEST(refusals_are_the_registrys_to_the_letter)
{
    text_t s = TEXT("orders-value");
    subject_name_t name = {TEXT(".eu"), s, TEXT(":.eu:orders-value")};
    ck_refused(refuse_subject_not_found(&err, s), 40401, "Subject 'orders-value' not found.");
    ck_refused(refuse_version_not_found(&err, -1), 40402, "Version -1 not found.");
    ck_refused(refuse_schema_not_found(&err, TEXT_NONE), 40403, "Schema not found");
    ck_refused(refuse_schema_not_found(&err, TEXT("7")), 40403, "Schema 7 not found");
    ck_refused(refuse_subject_soft_deleted(&err, s), 40404,
               "Subject 'orders-value' was soft deleted.Set permanent=true to delete permanently");
    ck_refused(refuse_subject_not_soft_deleted(&err, s), 40405,
               "Subject 'orders-value' was not deleted first before being permanently deleted");
    ck_refused(refuse_version_soft_deleted(&err, s, 3), 40406,
               "Subject 'orders-value' Version 3 was soft deleted.Set permanent=true to delete permanently");
    ck_refused(refuse_version_not_soft_deleted(&err, s, 3), 40407,
               "Subject 'orders-value' Version 3 was not deleted first before being permanently deleted");
    ck_refused(refuse_config_not_set(&err, s), 40408,
               "Subject 'orders-value' does not have subject-level compatibility configured");
    ck_refused(refuse_mode_not_set(&err, s), 40409,
               "Subject 'orders-value' does not have subject-level mode configured");
    ck_refused(
        refuse_version_token(&err, TEXT("x")), 42202,
        "The specified version 'x' is not a valid version id. Allowed values are between [1, 2^31-1] and "
        "the string \"latest\"");
    ck_refused(refuse_reference_exists(&err, s, 2), 42206,
               "One or more references exist to the schema "
               "{magic=1,keytype=SCHEMA,subject=orders-value,version=2}.");
    ck_refused(refuse_context_not_empty(&err, TEXT(".eu")), 42211,
               "The specified context '.eu' is not empty.");
    ck_refused(refuse_in_mode(&err, &name, "in read-only mode", false), 42205,
               "Subject :.eu:orders-value is in read-only mode");
    ck_refused(refuse_in_mode(&err, &name, "not in import mode", true), 42205,
               "Subject :.eu:orders-value in context .eu is not in import mode");
    ck_refused(refuse_overwrite(&err, 5, TEXT("."), false), 42205,
               "Overwrite new schema with id 5 is not permitted.");
    ck_refused(refuse_overwrite(&err, 5, TEXT("."), true), 42205,
               "Overwrite new schema with id 5 in context . is not permitted.");
    ck_refused(refuse_schema_type(&err, TEXT("PROTOBUF")), 42201, "Invalid schema type PROTOBUF");
    text_t messages[] = {TEXT("{a}"), TEXT("{b}")};
    ck_refused(refuse_incompatible(&err, s, messages, 2, arena), 409,
               "Schema being registered is incompatible with an earlier schema for subject \"orders-value\", "
               "details: [{a}, {b}]");
}
END_TEST

START_TEST(a_refused_reference_is_named)
{
    refuse_reference(&err, TEXT("s"), 2);
    ck_assert_int_eq(err_wire(err.code), 42201);
    ck_assert_ptr_nonnull(strstr(err.text, "No schema reference found for subject \"s\" and version 2"));
}
END_TEST

static const struct {
    const char *token;
    int32_t version; /* 0: refused */
} tokens[] = {
    {"1", 1},
    {" 7 ", 7},
    {"007", 7},
    {"2147483647", INT32_MAX},
    {"latest", VERSION_LATEST},
    {"LaTeSt", VERSION_LATEST},
    {" latest ", VERSION_LATEST},
    {"-1", VERSION_LATEST},
    {"0", 0},
    {"-2", 0},
    {"2147483648", 0},
    {"4294967297", 0},
    {"99999999999999999999999", 0},
    {"1.0", 0},
    {"1 2", 0},
    {"x", 0},
    {" ", 0},
    {"", 0},
};

START_TEST(a_version_is_a_number_or_the_latest)
{
    int32_t version;
    int rc = version_token_read(text_of(tokens[_i].token), &version, &err);
    ck_assert_int_eq(rc, tokens[_i].version == 0 ? -1 : 0);
    if (rc == 0)
        ck_assert_int_eq(version, tokens[_i].version);
    else
        ck_assert_int_eq(err.code, ERR_VERSION_INVALID);
}
END_TEST

/* --- the manual ---------------------------------------------------------------------------------------------------------- */

static char manual[1 << 16];

static void read_manual(void)
{
    FILE *in = fopen(DOCS "/api.md", "r");
    ck_assert_ptr_nonnull(in);
    manual[fread(manual, 1, sizeof manual - 1, in)] = '\0';
    fclose(in);
}

static void row_of(const route_t *route, char *row, size_t bytes)
{
    snprintf(row, bytes, "| %s | `%s` |", route->method, route->path);
}

START_TEST(the_manual_has_a_row_for_each_route)
{
    char row[160];
    read_manual();
    for (size_t i = 0; i < registry_api.n_routes; i++) {
        row_of(&registry_api.routes[i], row, sizeof row);
        const char *at = strstr(manual, row);
        ck_assert_msg(at != NULL, "docs/api.md has no row %s", row);
        const char *end = strchr(at, '\n');
        bool says_context = memmem(at, (size_t)(end - at), "| ctx", 5) != NULL;
        bool says_8 = memmem(at, (size_t)(end - at), ", 8 |", 5) != NULL;
        ck_assert_msg(says_context == ((registry_api.routes[i].flags & R_CONTEXT) != 0), "%s", row);
        ck_assert_msg(says_8 == ((registry_api.routes[i].flags & R_PROFILE_8) != 0), "%s", row);
    }
}
END_TEST

START_TEST(the_manual_has_no_other_rows)
{
    size_t n = 0;
    read_manual();
    for (const char *at = manual; (at = strstr(at, " | `/")) != NULL; at++)
        n++;
    ck_assert_uint_eq(n, registry_api.n_routes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("registry");
    TCase *tcase = tcase_create("registry");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, refusals_are_the_registrys_to_the_letter);
    tcase_add_test(tcase, a_refused_reference_is_named);
    tcase_add_loop_test(tcase, a_version_is_a_number_or_the_latest, 0, ROWS(tokens));
    tcase_add_test(tcase, the_manual_has_a_row_for_each_route);
    tcase_add_test(tcase, the_manual_has_no_other_rows);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The table of errors: the sentences, and that the manual knows each row. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/err.h"

static err_t err;

START_TEST(the_first_failure_wins)
{
    err_clear(&err);
    ck_assert_int_eq(err_set(&err, ERR_VERSION_NOT_FOUND, "Version %d not found.", 3), -1);
    ck_assert_int_eq(err_set(&err, ERR_STORE, NULL), -1);
    ck_assert_int_eq(err_set_text(&err, ERR_STORE, TEXT("another")), -1);
    ck_assert_int_eq(err.code, ERR_VERSION_NOT_FOUND);
    ck_assert(text_is(err_text(&err), "Version 3 not found."));
}
END_TEST

START_TEST(without_a_sentence_the_default_is_taken)
{
    err_clear(&err);
    err_set(&err, ERR_ROUTE_UNKNOWN, NULL);
    ck_assert(text_is(err_text(&err), "HTTP 404 Not Found"));
    ck_assert_int_eq(err_http(err.code), 404);
    ck_assert_int_eq(err_wire(err.code), 404);
    ck_assert_str_eq(err_name(err.code), "ROUTE_UNKNOWN");
}
END_TEST

START_TEST(a_long_sentence_is_borrowed_whole)
{
    char text[10000];
    memset(text, 'x', sizeof text);
    err_clear(&err);
    err_set_text(&err, ERR_INCOMPATIBLE, (text_t){text, sizeof text});
    ck_assert_ptr_eq(err_text(&err).at, text);
    ck_assert_uint_eq(err_text(&err).bytes, sizeof text);
}
END_TEST

START_TEST(a_sentence_that_does_not_fit_is_cut_where_a_character_ends)
{
    char text[sizeof err.text + 10];
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 4);
    for (int shift = 0; shift < 3; shift++) {
        err_clear(&err);
        err_set(&err, ERR_BODY_MALFORMED, "%.*s%s", shift, "ab", text);
        text_t cut = err_text(&err);
        ck_assert_uint_eq(text_utf8_valid(cut), cut.bytes);
        ck_assert_uint_ge(cut.bytes, sizeof err.text - 4);
    }
}
END_TEST

START_TEST(the_status_is_the_beginning_of_a_code_of_five_digits)
{
    for (int code = ERR_NONE + 1; code < ERR_N; code++) {
        int http = err_http((err_code_t)code), wire = err_wire((err_code_t)code);
        ck_assert_msg(wire == http || wire / 100 == http, "%s", err_name((err_code_t)code));
        bool taken = code == ERR_PII_APPROVAL_REQUIRED; /* noted, and waiting for somebody's word */
        ck_assert_msg(taken ? http == 202 : http >= 400, "%s", err_name((err_code_t)code));
    }
}
END_TEST

START_TEST(the_manual_has_a_row_for_each_error)
{
    static char manual[1 << 16];
    FILE *in = fopen(DOCS "/errors.md", "r");
    ck_assert_ptr_nonnull(in);
    manual[fread(manual, 1, sizeof manual - 1, in)] = '\0';
    fclose(in);
    for (int code = ERR_NONE + 1; code < ERR_N; code++) {
        char row[96];
        snprintf(row, sizeof row, "| `%s` | %d | %d", err_name((err_code_t)code), err_http((err_code_t)code),
                 err_wire((err_code_t)code));
        ck_assert_msg(strstr(manual, row) != NULL, "docs/errors.md has no row %s", row);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("err");
    TCase *sentences = tcase_create("err");
    tcase_add_test(sentences, the_first_failure_wins);
    tcase_add_test(sentences, without_a_sentence_the_default_is_taken);
    tcase_add_test(sentences, a_long_sentence_is_borrowed_whole);
    tcase_add_test(sentences, a_sentence_that_does_not_fit_is_cut_where_a_character_ends);
    tcase_add_test(sentences, the_status_is_the_beginning_of_a_code_of_five_digits);
    tcase_add_test(sentences, the_manual_has_a_row_for_each_error);
    suite_add_tcase(suite, sentences);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

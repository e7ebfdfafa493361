/* Subjects and contexts by name, the scopes of settings, and where listings look. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/name.h"

#define ROWS(table)   (int)(sizeof(table) / sizeof *(table))
#define ck_text(a, s) ck_assert_msg(text_is((a), (s)), "'" TEXT_FMT "' is not '%s'", TEXT_ARG(a), (s))

static arena_t *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

static const struct {
    const char *given, *context; /* as the client wrote it, and the context of the path */
    const char *in, *subject, *qualified;
} names[] = {
    {"orders", NULL, ".", "orders", "orders"},
    {"orders", ".", ".", "orders", "orders"},
    {"orders", ".eu", ".eu", "orders", ":.eu:orders"},
    {":.eu:orders", NULL, ".eu", "orders", ":.eu:orders"},
    {":.eu:orders", ".us", ".eu", "orders", ":.eu:orders"},
    {":.:orders", NULL, ".", "orders", "orders"},
    {":.:orders", ".us", ".", "orders", "orders"},
    {":.::.eu:orders", NULL, ".eu", "orders", ":.eu:orders"},
    {":.eu:", NULL, ".eu", "", ":.eu:"},
    {":.eu", NULL, ".eu", "", ":.eu:"},
    {":.:", NULL, ".", "", ""},
    {":.", NULL, ".", "", ""},
    {"", ".eu", ".eu", "", ":.eu:"},
    {":.eu:a:b:c", NULL, ".eu", "a:b:c", ":.eu:a:b:c"},
    {":orders", NULL, ".", ":orders", ":orders"},
    {":*:orders", NULL, ".", ":*:orders", ":*:orders"},
    {"a/b c\xc3\xa9", NULL, ".", "a/b c\xc3\xa9", "a/b c\xc3\xa9"},
};

START_TEST(a_name_is_its_context_and_the_rest)
{
    subject_name_t name = subject_name_parse(text_of(names[_i].given), text_of(names[_i].context), arena);
    ck_text(name.context, names[_i].in);
    ck_text(name.subject, names[_i].subject);
    ck_text(name.qualified, names[_i].qualified);
}
END_TEST

START_TEST(a_qualified_name_means_itself)
{
    subject_name_t name = subject_name_parse(text_of(names[_i].given), text_of(names[_i].context), arena);
    subject_name_t again = subject_name_parse(name.qualified, TEXT_NONE, arena);
    ck_assert(text_eq(name.qualified, again.qualified));
    ck_assert(text_eq(name.context, again.context));
}
END_TEST

static const struct {
    const char *name;
    bool good;
} subjects[] = {
    {"orders-value", true},
    {"a/b", true},
    {"with space", true},
    {"\xf0\x9f\x90\x98", true},
    {"*", true},
    {"", true},
    {"__GLOBAL", false},
    {"__EMPTY", false},
    {":.eu:__EMPTY", false},
    {":.__GLOBAL:orders", false},
    {"a\x01", false},
    {"a\nb", false},
    {"a\x7f", false},
    {"a\xc2\x85", false}, /* U+0085, a control of the second kind */
    {"a\xc2\xa0", true},
};

START_TEST(names_without_control_characters_are_subjects)
{
    err_t err = {.code = ERR_NONE};
    subject_name_t name = subject_name_parse(text_of(subjects[_i].name), TEXT_NONE, arena);
    ck_assert_int_eq(subject_name_check(&name, &err), subjects[_i].good ? 0 : -1);
    ck_assert_int_eq(err.code, subjects[_i].good ? ERR_NONE : ERR_SUBJECT_INVALID);
}
END_TEST

START_TEST(a_name_is_bounded)
{
    char long_name[SUBJECT_BYTES_MAX + 2];
    memset(long_name, 'x', sizeof long_name);
    for (size_t bytes = SUBJECT_BYTES_MAX; bytes <= SUBJECT_BYTES_MAX + 1; bytes++) {
        err_t err = {.code = ERR_NONE};
        subject_name_t name = subject_name_parse((text_t){long_name, bytes}, TEXT_NONE, arena);
        ck_assert_int_eq(subject_name_check(&name, &err), bytes <= SUBJECT_BYTES_MAX ? 0 : -1);
        name = subject_name_in((text_t){long_name, bytes - SUBJECT_BYTES_MAX + CONTEXT_BYTES_MAX}, TEXT("a"),
                               arena);
        err_clear(&err);
        ck_assert_int_eq(subject_name_check(&name, &err), bytes <= SUBJECT_BYTES_MAX ? 0 : -1);
    }
}
END_TEST

static const struct {
    const char *name;
    const char *scopes[SCOPES_MAX + 1];
} chains[] = {
    {"orders", {"orders", ":.:", ":.__GLOBAL:"}},
    {":.eu:orders", {":.eu:orders", ":.eu:", ":.__GLOBAL:"}},
    {":.eu:", {":.eu:", ":.__GLOBAL:"}},
    {"", {":.:", ":.__GLOBAL:"}},
    {":.__GLOBAL:", {":.__GLOBAL:"}},
};

START_TEST(settings_come_from_the_subject_its_context_and_everything)
{
    text_t scopes[SCOPES_MAX];
    subject_name_t name = subject_name_parse(text_of(chains[_i].name), TEXT_NONE, arena);
    size_t n = scope_chain(&name, arena, scopes), i = 0;
    for (; chains[_i].scopes[i] != NULL; i++) {
        ck_assert_uint_lt(i, n);
        ck_text(scopes[i], chains[_i].scopes[i]);
    }
    ck_assert_uint_eq(i, n);
}
END_TEST

static bool within(const name_ranges_t *ranges, const char *qualified)
{
    text_t name = text_of(qualified);
    for (int i = 0; i < 2; i++)
        if (text_compare(ranges->from[i], name) <= 0 && text_compare(name, ranges->to[i]) < 0)
            return true;
    return false;
}

static const struct {
    const char *context, *prefix, *name;
    bool in;
} listed[] = {
    {".", "", "orders", true},
    {".", "", "", true},
    {".", "", "0", true},
    {".", "", ":orders", true},
    {".", "", ":*:", true},
    {".", "", ":.eu:orders", false},
    {".", "", ":.:", false},
    {".", "or", "orders", true},
    {".", "or", "or", true},
    {".", "or", "o", false},
    {".", "or", "os", false},
    {".", "or", ":.eu:orders", false},
    {".", "or", "or\xf4\x8f\xbf\xbd", true},
    {".", ":", ":x", true},
    {".", ":", ":.eu:x", false},
    {".eu", "", ":.eu:orders", true},
    {".eu", "", ":.eu:", true},
    {".eu", "", ":.eux:orders", false},
    {".eu", "", "orders", false},
    {".eu", "or", ":.eu:orders", true},
    {".eu", "or", ":.eu:pears", false},
};

START_TEST(a_listing_looks_where_its_names_are)
{
    name_ranges_t ranges = name_ranges(text_of(listed[_i].context), text_of(listed[_i].prefix), arena);
    ck_assert_int_eq(within(&ranges, listed[_i].name), listed[_i].in);
    ck_assert(text_compare(ranges.to[0], ranges.from[1]) <= 0); /* the second comes after the first */
    ranges = name_ranges_everywhere();
    ck_assert(within(&ranges, listed[_i].name));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("name");
    TCase *tcase = tcase_create("name");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, a_name_is_its_context_and_the_rest, 0, ROWS(names));
    tcase_add_loop_test(tcase, a_qualified_name_means_itself, 0, ROWS(names));
    tcase_add_loop_test(tcase, names_without_control_characters_are_subjects, 0, ROWS(subjects));
    tcase_add_test(tcase, a_name_is_bounded);
    tcase_add_loop_test(tcase, settings_come_from_the_subject_its_context_and_everything, 0, ROWS(chains));
    tcase_add_loop_test(tcase, a_listing_looks_where_its_names_are, 0, ROWS(listed));
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

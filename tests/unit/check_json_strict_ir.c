/* Formulas: what means the same is the same number, and what cannot be is nothing, at once. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/json/strict_ir.h"

static arena_t *arena;
static ir_t ir;
static const limits_t limits = LIMITS_DEFAULT;

static void setup(void)
{
    arena = arena_new();
    ir_init(&ir, &limits, arena);
}

static void teardown(void)
{
    ir_dispose(&ir);
    arena_free(arena);
}

/* An interval such as "[1,5)" or "(,3]"; an end that is not written is none. */
static ir_id_t interval(ir_kind_t kind, const char *text)
{
    text_t all = text_of(text);
    const char *comma = strchr(text, ',');
    text_t lo = {text + 1, (size_t)(comma - text - 1)};
    text_t hi = {comma + 1, (size_t)(text + all.bytes - 1 - (comma + 1))};
    return ir_range(&ir, kind, lo.bytes == 0 ? IR_INFINITE : ir_number(&ir, lo), text[0] == '(',
                    hi.bytes == 0 ? IR_INFINITE : ir_number(&ir, hi), text[all.bytes - 1] == ')');
}

/* --- ranges ---------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    ir_kind_t kind;
    const char *a, *b, *both; /* both: NULL is nothing, "" everything */
} meets[] = {
    {"overlapping", IR_INTEGER, "[1,5]", "[3,9]", "[3,5]"},
    {"apart", IR_INTEGER, "[1,2]", "[4,9]", NULL},
    {"an open end of integers", IR_INTEGER, "[1,5)", "(2,9]", "[3,4]"},
    {"fractional ends of integers", IR_INTEGER, "[0.5,]", "[,2.5]", "[1,2]"},
    {"no integer between", IR_INTEGER, "(1,]", "[,2)", NULL},
    {"but a fraction", IR_FRACTION, "(1,]", "[,2)", "[1,2]"},
    {"one integer is no fraction", IR_FRACTION, "[1,]", "[,1]", NULL},
    {"one fraction", IR_FRACTION, "[0.5,]", "[,0.5]", "[0.5,0.5]"},
    {"no fraction", IR_FRACTION, "(0.5,]", "[,0.5]", NULL},
    {"sizes begin at 0", IR_STRING, "[-3,]", "[0,]", ""},
    {"sizes below 0", IR_ARRAY, "[,-1]", "[0,]", NULL},
    {"large numbers", IR_INTEGER, "[1e30,]", "[,1e30]", "[1e30,1e30]"},
};

START_TEST(ranges_meet)
{
    ir_id_t a = interval(meets[_i].kind, meets[_i].a), b = interval(meets[_i].kind, meets[_i].b);
    ir_id_t both = meets[_i].both == NULL      ? IR_NO
                   : meets[_i].both[0] == '\0' ? IR_YES
                                               : interval(meets[_i].kind, meets[_i].both);
    ck_assert_msg(ir_and2(&ir, meets[_i].kind, a, b) == both, "%s", meets[_i].name);
    ck_assert_msg(ir_or2(&ir, meets[_i].kind, IR_NOT(a), IR_NOT(b)) == IR_NOT(both), "%s, turned around",
                  meets[_i].name);
}
END_TEST

START_TEST(neighbouring_integers_are_one_interval)
{
    ir_id_t low = interval(IR_INTEGER, "[1,3]"), high = interval(IR_INTEGER, "[4,9]");
    ck_assert_uint_eq(ir_or2(&ir, IR_INTEGER, low, high), interval(IR_INTEGER, "[1,9]"));
    ir_id_t with_gap = ir_or2(&ir, IR_INTEGER, low, interval(IR_INTEGER, "[5,9]"));
    ck_assert_uint_eq(ir_and2(&ir, IR_INTEGER, with_gap, interval(IR_INTEGER, "[4,4]")), IR_NO);
    ck_assert_uint_eq(ir_ranges_of(&ir, with_gap)->n, 2);
}
END_TEST

START_TEST(fractions_on_both_sides_of_an_integer_are_one_interval)
{
    ir_id_t low = interval(IR_FRACTION, "[0,1)"), high = interval(IR_FRACTION, "(1,2]");
    ck_assert_uint_eq(ir_or2(&ir, IR_FRACTION, low, high), interval(IR_FRACTION, "[0,2]"));
}
END_TEST

START_TEST(the_next_size_in_ranges_is_found)
{
    ir_id_t some = ir_or2(&ir, IR_ARRAY, ir_size(&ir, IR_ARRAY, 2, 3), ir_size(&ir, IR_ARRAY, 7, UINT64_MAX));
    const ir_ranges_t *ranges = ir_ranges_of(&ir, some);
    static const uint64_t from[] = {0, 2, 3, 4, 7, 100}, next[] = {2, 2, 3, 7, 7, 100};
    for (size_t i = 0; i < 6; i++) {
        uint64_t found;
        ck_assert(ir_ranges_next(&ir, ranges, from[i], &found));
        ck_assert_uint_eq(found, next[i]);
    }
    uint64_t most;
    ck_assert(!ir_ranges_max(&ir, ranges, &most));
    ck_assert(ir_ranges_max(&ir, ir_ranges_of(&ir, IR_NOT(some)), &most));
    ck_assert_uint_eq(most, 6);
}
END_TEST

/* --- multiples ------------------------------------------------------------------------------------------------------------- */

START_TEST(multiples_of_several_are_multiples_of_one)
{
    ir_id_t four = ir_multiple(&ir, IR_INTEGER, ir_number_of(&ir, 4)),
            six = ir_multiple(&ir, IR_INTEGER, ir_number_of(&ir, 6));
    ir_id_t twelve = ir_multiple(&ir, IR_INTEGER, ir_number_of(&ir, 12));
    ck_assert_uint_eq(ir_and2(&ir, IR_INTEGER, four, six), twelve);
    ck_assert_uint_eq(ir_and2(&ir, IR_INTEGER, twelve, IR_NOT(six)), IR_NO);
}
END_TEST

START_TEST(a_fraction_is_never_a_multiple_of_an_integer)
{
    ck_assert_uint_eq(ir_multiple(&ir, IR_FRACTION, ir_number_of(&ir, 2)), IR_NO);
    ck_assert_uint_eq(ir_multiple(&ir, IR_INTEGER, ir_number(&ir, TEXT("0.25"))), IR_YES);
    ck_assert_uint_eq(ir_multiple(&ir, IR_INTEGER, ir_number(&ir, TEXT("2.5"))),
                      ir_multiple(&ir, IR_INTEGER, ir_number_of(&ir, 5)));
}
END_TEST

/* --- sets ------------------------------------------------------------------------------------------------------------------- */

static ir_id_t strings(const char *a, const char *b, const char *c)
{
    const char *all[] = {a, b, c};
    uint32_t texts[3], n = 0;
    for (size_t i = 0; i < 3; i++) {
        if (all[i] != NULL)
            texts[n++] = ir_text(&ir, text_of(all[i]));
    }
    return ir_strings(&ir, texts, n);
}

START_TEST(constant_strings_meet_as_sets)
{
    ir_id_t ab = strings("a", "b", NULL), bc = strings("c", "b", NULL);
    ck_assert_uint_eq(ir_and2(&ir, IR_STRING, ab, bc), strings("b", NULL, NULL));
    ck_assert_uint_eq(ir_or2(&ir, IR_STRING, ab, bc), strings("c", "b", "a"));
    ck_assert_uint_eq(ir_and2(&ir, IR_STRING, ab, IR_NOT(bc)), strings("a", NULL, NULL));
    ck_assert_uint_eq(ir_and2(&ir, IR_STRING, IR_NOT(ab), IR_NOT(bc)), IR_NOT(strings("a", "b", "c")));
    ck_assert_uint_eq(ir_strings(&ir, NULL, 0), IR_NO);
}
END_TEST

START_TEST(constant_strings_are_tried_against_lengths)
{
    ir_id_t words = strings("a", "bb", "ccc");
    ck_assert_uint_eq(ir_and2(&ir, IR_STRING, words, ir_size(&ir, IR_STRING, 2, 2)),
                      strings("bb", NULL, NULL));
    ck_assert_uint_eq(ir_and2(&ir, IR_STRING, words, ir_size(&ir, IR_STRING, 4, 9)), IR_NO);
    /* what is excluded and too long anyway need not be excluded */
    ck_assert_uint_eq(
        ir_and2(&ir, IR_STRING, IR_NOT(strings("ccc", NULL, NULL)), ir_size(&ir, IR_STRING, 0, 2)),
        ir_size(&ir, IR_STRING, 0, 2));
}
END_TEST

/* --- members and items --------------------------------------------------------------------------------------------------------- */

START_TEST(what_is_said_of_one_name_is_one_literal)
{
    ir_id_t a = ir_string(&ir, TEXT("a")), text = ir_kinds(&ir, IR_BIT(IR_STRING)),
            number = ir_kinds(&ir, IR_NUMBERS);
    ir_id_t any = ir_kinds(&ir, IR_NUMBERS | IR_BIT(IR_STRING));
    ck_assert_uint_eq(ir_and2(&ir, IR_OBJECT, ir_each(&ir, a, any), ir_each(&ir, a, text)),
                      ir_each(&ir, a, text));
    ck_assert_uint_eq(ir_and2(&ir, IR_OBJECT, ir_some(&ir, a, IR_YES), ir_each(&ir, a, text)),
                      ir_some(&ir, a, text));
    ck_assert_uint_eq(ir_and2(&ir, IR_OBJECT, ir_some(&ir, a, number), ir_each(&ir, a, text)), IR_NO);
    ck_assert_uint_eq(ir_and2(&ir, IR_OBJECT, ir_some(&ir, a, IR_YES), ir_each(&ir, a, IR_NO)), IR_NO);
    ck_assert_uint_eq(ir_or2(&ir, IR_OBJECT, ir_some(&ir, a, text), ir_some(&ir, a, number)),
                      ir_some(&ir, a, any));
}
END_TEST

START_TEST(a_set_of_names_is_its_names)
{
    ir_id_t text = ir_kinds(&ir, IR_BIT(IR_STRING));
    ir_id_t apart = ir_and2(&ir, IR_OBJECT, ir_each(&ir, strings("a", NULL, NULL), text),
                            ir_each(&ir, strings("b", NULL, NULL), text));
    ck_assert_uint_eq(ir_each(&ir, strings("a", "b", NULL), text), apart);
}
END_TEST

START_TEST(more_required_names_than_members_allowed_is_nothing)
{
    ir_id_t list[3] = {ir_some(&ir, ir_string(&ir, TEXT("a")), IR_YES),
                       ir_some(&ir, ir_string(&ir, TEXT("b")), IR_YES), ir_size(&ir, IR_OBJECT, 0, 1)};
    ck_assert_uint_eq(ir_and(&ir, IR_OBJECT, list, 3), IR_NO);
    ck_assert_uint_ne(ir_and(&ir, IR_OBJECT, list + 1, 2), IR_NO);
}
END_TEST

START_TEST(positions_past_the_end_say_nothing)
{
    ir_id_t text = ir_kinds(&ir, IR_BIT(IR_STRING)), two = ir_size(&ir, IR_ARRAY, 0, 2);
    ck_assert_uint_eq(ir_and2(&ir, IR_ARRAY, ir_items(&ir, 2, IR_END, text), two), two);
    ck_assert_uint_eq(ir_and2(&ir, IR_ARRAY, IR_NOT(ir_items(&ir, 2, IR_END, text)), two), IR_NO);
    ck_assert_uint_eq(ir_items(&ir, 2, IR_END, IR_NO), two);
    ck_assert_uint_eq(ir_and2(&ir, IR_ARRAY, ir_count(&ir, text, 3), two), IR_NO);
    ck_assert_uint_eq(ir_and2(&ir, IR_ARRAY, ir_unique(&ir), ir_size(&ir, IR_ARRAY, 0, 1)),
                      ir_size(&ir, IR_ARRAY, 0, 1));
    ck_assert_uint_eq(ir_count(&ir, IR_YES, 3), ir_size(&ir, IR_ARRAY, 3, UINT64_MAX));
    ck_assert_uint_eq(ir_count(&ir, text, 1), IR_NOT(ir_items(&ir, 0, IR_END, IR_NOT(text))));
}
END_TEST

/* --- the laws of conjunctions ------------------------------------------------------------------------------------------------------ */

START_TEST(clauses_meet_the_literals_beside_them)
{
    ir_id_t p = ir_pattern(&ir, TEXT("p")), q = ir_pattern(&ir, TEXT("q")), r = ir_pattern(&ir, TEXT("r"));
    ir_id_t p_or_q = ir_or2(&ir, IR_STRING, p, q);
    ck_assert_uint_eq(ir_and2(&ir, IR_STRING, p, p_or_q), p);
    ck_assert_uint_eq(ir_and2(&ir, IR_STRING, IR_NOT(p), p_or_q), ir_and2(&ir, IR_STRING, IR_NOT(p), q));
    ir_id_t list[] = {IR_NOT(p), IR_NOT(q), p_or_q};
    ck_assert_uint_eq(ir_and(&ir, IR_STRING, list, 3), IR_NO);
    ir_id_t three[] = {p, q, r}, turned[] = {r, q, p, q};
    ck_assert_uint_eq(ir_and(&ir, IR_STRING, three, 3), ir_and(&ir, IR_STRING, turned, 4));
    ck_assert_uint_eq(ir_and2(&ir, IR_STRING, p, IR_NOT(p)), IR_NO);
}
END_TEST

START_TEST(schemas_meet_kind_by_kind)
{
    ir_id_t number = ir_kinds(&ir, IR_NUMBERS), other = ir_kinds(&ir, IR_ALL & ~IR_NUMBERS);
    ck_assert_uint_eq(ir_schema_or(&ir, number, other), IR_YES);
    ck_assert_uint_eq(ir_schema_and(&ir, number, other), IR_NO);
    ck_assert_uint_eq(IR_NOT(number), other);
    ck_assert_uint_eq(ir_kinds(&ir, IR_ALL), IR_YES);
}
END_TEST

START_TEST(too_many_steps_fail_once_and_for_all)
{
    ir.limits.max_steps = ir.steps + 10;
    for (int i = 0; i < 100; i++)
        ir_size(&ir, IR_ARRAY, (uint64_t)i, (uint64_t)i + 5);
    ck_assert_str_eq(ir.failed, "budget-search");
    ir_fail(&ir, "other");
    ck_assert_str_eq(ir.failed, "budget-search");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("json_strict_ir");
    TCase *tc = tcase_create("formulas");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, ranges_meet, 0, (int)(sizeof meets / sizeof *meets));
    tcase_add_test(tc, neighbouring_integers_are_one_interval);
    tcase_add_test(tc, fractions_on_both_sides_of_an_integer_are_one_interval);
    tcase_add_test(tc, the_next_size_in_ranges_is_found);
    tcase_add_test(tc, multiples_of_several_are_multiples_of_one);
    tcase_add_test(tc, a_fraction_is_never_a_multiple_of_an_integer);
    tcase_add_test(tc, constant_strings_meet_as_sets);
    tcase_add_test(tc, constant_strings_are_tried_against_lengths);
    tcase_add_test(tc, what_is_said_of_one_name_is_one_literal);
    tcase_add_test(tc, a_set_of_names_is_its_names);
    tcase_add_test(tc, more_required_names_than_members_allowed_is_nothing);
    tcase_add_test(tc, positions_past_the_end_say_nothing);
    tcase_add_test(tc, clauses_meet_the_literals_beside_them);
    tcase_add_test(tc, schemas_meet_kind_by_kind);
    tcase_add_test(tc, too_many_steps_fail_once_and_for_all);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

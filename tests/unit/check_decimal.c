/* check_decimal.c - exact decimal numbers of any size (compat/core/decimal.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/decimal.h"

static const limits_t limits = LIMITS_DEFAULT;

static const decimal_t *read(const char *text, arena_t *arena)
{
    const decimal_t *value = NULL;
    ck_assert_msg(decimal_read(text_of(text), &limits, arena, &value), "%s", text);
    return value;
}

static const struct {
    const char *read, *printed;
} texts[] = {
    {"0", "0"},
    {"-0.00", "0"},
    {"120", "120"},
    {"1.50", "1.5"},
    {"-0.5", "-0.5"},
    {"0.000001", "0.000001"},
    {"1e-22", "0.0000000000000000000001"},
    {"1e-23", "1e-23"},
    {"1e400", "1e400"},
    {"123e19", "1230000000000000000000"},
    {"1e21", "1000000000000000000000"},
    {"1e22", "1e22"},
    {"999999999999999999", "999999999999999999"},
    {"1000000000000000001", "1000000000000000001"},
    {"-123456789012345678901234567890.5", "-123456789012345678901234567890.5"},
    {"100000000000000000000000000001e5", "10000000000000000000000000000100000"},
};

START_TEST(is_printed_plainly)
{
    arena_t *arena = arena_new();
    ck_assert_str_eq(decimal_text(read(texts[_i].read, arena), arena).at, texts[_i].printed);
    arena_free(arena);
}
END_TEST

static const struct {
    const char *claim;
    char op;
    const char *a, *b, *result; /* NULL: does not fit the limits, or has no answer */
} sums[] = {
    {"small numbers are added", '+', "1.5", "2.25", "3.75"},
    {"a carry leaves the small numbers", '+', "999999999999999999", "1", "1000000000000000000"},
    {"a carry runs through many limbs", '+', "999999999999999999999999999999999999", "1", "1e36"},
    {"what cancels is zero", '+', "-123456789012345678901234567890", "123456789012345678901234567890", "0"},
    {"far apart exponents are added exactly", '+', "1e30", "1e-30",
     "1000000000000000000000000000000.000000000000000000000000000001"},
    {"a sum beyond the limit has no answer", '+', "1e16000", "1e-16000", NULL},
    {"zero does not drag exponents along", '+', "1e16000", "0", "1e16000"},
    {"a borrow runs through many limbs", '-', "1000000000000000000000000000", "1",
     "999999999999999999999999999"},
    {"a larger one is taken away", '-', "1", "1000000000000000000000000000", "-999999999999999999999999999"},
    {"a negative one is taken away", '-', "0.1", "-0.2", "0.3"},
    {"small numbers are multiplied", '*', "-1.5", "4", "-6"},
    {"a product leaves the small numbers", '*', "999999999999", "999999999999", "999999999998000000000001"},
    {"a long product", '*', "123456789012345678901234567890", "-987654321098765432109876543210",
     "-121932631137021795226185032733622923332237463801111263526900"},
    {"zero wins", '*', "123456789012345678901234567890", "0", "0"},
    {"a product beyond the limit has no answer", '*', "1e10000", "1e10000", NULL},
    {"division rounds down", '/', "7", "2", "3"},
    {"also below zero", '/', "-7", "2", "-4"},
    {"also with two signs", '/', "-7", "-2", "3"},
    {"exact division needs no rounding", '/', "-6", "2", "-3"},
    {"of fractions", '/', "1", "0.3", "3"},
    {"of long numbers", '/', "121932631137021795226185032733622923332237463801111263526901",
     "987654321098765432109876543210", "123456789012345678901234567890"},
    {"of long numbers, below zero", '/', "-121932631137021795226185032733622923332237463801111263526901",
     "987654321098765432109876543210", "-123456789012345678901234567891"},
    {"a smaller one by a larger one", '/', "3", "10000000000000000000000000000001", "0"},
    {"by zero there is no answer", '/', "1", "0", NULL},
    {"the trial digit is one too many", '/', "1e27", "1000000000000000001", "999999999"},
    {"the trial digit is one too many, with a scaled divisor", '/', "1e27", "2000000000000000001",
     "499999999"},
    {"the trial digit is corrected", '/', "999999999000000000000000000000000000", "999999999999999999",
     "999999999000000000"},
    {"a common multiple", 'l', "4", "6", "12"},
    {"of fractions", 'l', "0.4", "0.06", "1.2"},
    {"of long numbers", 'l', "1000000000000000000000000000", "3", "3e27"},
    {"of equal numbers", 'l', "123456789012345678901", "123456789012345678901", "123456789012345678901"},
    {"of nothing there is none", 'l', "0", "3", NULL},
};

START_TEST(the_result)
{
    arena_t *arena = arena_new();
    const decimal_t *a = read(sums[_i].a, arena), *b = read(sums[_i].b, arena), *result = NULL;
    bool made = false;
    switch (sums[_i].op) {
    case '+':
        made = decimal_add(a, b, &limits, arena, &result);
        break;
    case '-':
        made = decimal_subtract(a, b, &limits, arena, &result);
        break;
    case '*':
        made = decimal_multiply(a, b, &limits, arena, &result);
        break;
    case '/':
        made = decimal_floor_divide(a, b, &limits, arena, &result);
        break;
    default:
        made = decimal_lcm(a, b, &limits, arena, &result);
    }
    ck_assert_msg(made == (sums[_i].result != NULL), "%s", sums[_i].claim);
    if (made)
        ck_assert_msg(strcmp(decimal_text(result, arena).at, sums[_i].result) == 0, "%s: %s", sums[_i].claim,
                      decimal_text(result, arena).at);
    arena_free(arena);
}
END_TEST

static const struct {
    const char *a, *of;
    bool multiple;
} multiples[] = {
    {"0", "3", true},
    {"9", "3", true},
    {"10", "3", false},
    {"-9", "3", true},
    {"0.0075", "0.0001", true},
    {"0.00751", "0.0001", false},
    {"4.5", "1.5", true},
    {"35", "1.5", false},
    {"1e308", "0.123456789", false},
    {"1e308", "0.0000000625", true},
    {"1e16000", "7", false},
    {"12391239123", "1e-8", true},
    {"3", "1e400", false},
    {"1e401", "1e400", true},
    {"370370367037037036703703703670", "123456789012345678901234567890", true},
    {"370370367037037036703703703671", "123456789012345678901234567890", false},
    {"1e40", "123456789012345678901234567890", false},
};

START_TEST(multiples_are_exact)
{
    arena_t *arena = arena_new();
    bool multiple = !multiples[_i].multiple;
    ck_assert(decimal_is_multiple(read(multiples[_i].a, arena), read(multiples[_i].of, arena), &limits, arena,
                                  &multiple));
    ck_assert_msg(multiple == multiples[_i].multiple, "%s of %s", multiples[_i].a, multiples[_i].of);
    arena_free(arena);
}
END_TEST

/* In ascending order; equal ones share a row. */
static const char *const order[][2] = {
    {"-1e400", "-10e399"},
    {"-1000000000000000000001", "-1000000000000000000001.0"},
    {"-1000000000000000000000", "-1e21"},
    {"-1", "-1.0"},
    {"-1e-400", "-0.1e-399"},
    {"0", "-0"},
    {"1e-400", "1e-400"},
    {"0.5", "5e-1"},
    {"999999999999999999", "999999999999999999"},
    {"1000000000000000000", "1e18"},
    {"9223372036854775807", "9223372036854775807"},
    {"9223372036854775808", "9223372036854775808.0"},
    {"1e400", "1e400"},
};

START_TEST(numbers_are_in_order)
{
    arena_t *arena = arena_new();
    int n = (int)(sizeof order / sizeof *order);
    for (int j = 0; j < n; j++)
        for (int k = 0; k < 4; k++) {
            int expected = (_i > j) - (_i < j);
            const decimal_t *a = read(order[_i][k & 1], arena), *b = read(order[j][k >> 1], arena);
            ck_assert_msg(decimal_compare(a, b) == expected, "%s and %s", order[_i][k & 1], order[j][k >> 1]);
        }
    arena_free(arena);
}
END_TEST

START_TEST(integers_go_both_ways)
{
    static const int64_t values[] = {0,         1,         -1,   999999999999999999, 1000000000000000000,
                                     INT64_MAX, INT64_MIN, -4200};
    arena_t *arena = arena_new();
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        int64_t back = 7;
        const decimal_t *value = decimal_of_i64(values[i], arena);
        ck_assert(decimal_to_i64(value, &back) && back == values[i] && decimal_is_integer(value));
        ck_assert_int_eq(decimal_sign(value), (values[i] > 0) - (values[i] < 0));
        ck_assert_int_eq(
            decimal_compare(value, read(arena_printf(arena, "%lld", (long long)values[i]), arena)), 0);
    }
    int64_t none;
    ck_assert(!decimal_to_i64(read("0.5", arena), &none) && !decimal_is_integer(read("0.5", arena)));
    ck_assert(!decimal_to_i64(read("9223372036854775808", arena), &none));
    ck_assert(!decimal_to_i64(read("1e19", arena), &none));
    ck_assert(!decimal_to_i64(read("1000000000000000001e3", arena), &none));
    ck_assert(decimal_is_integer(read("1e19", arena)));
    arena_free(arena);
}
END_TEST

START_TEST(what_is_no_number_or_too_long_is_not_read)
{
    arena_t *arena = arena_new();
    const decimal_t *value;
    limits_t few = {.max_digits = 5};
    static const char *const none[] = {"", "-", "01", "1.", ".5", "1e", "0x1", "NaN", "1 ", "+1"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(!decimal_read(text_of(none[i]), &limits, arena, &value), "%s", none[i]);
    ck_assert(decimal_read(TEXT("12345"), &few, arena, &value));
    ck_assert(!decimal_read(TEXT("123456"), &few, arena, &value));
    ck_assert(!decimal_read(TEXT("1e5"), &few, arena, &value));
    ck_assert(!decimal_read(TEXT("1e-5"), &few, arena, &value));
    arena_free(arena);
}
END_TEST

/* (a * b + c) / a is b and leaves c, for numbers of all sizes: division, multiplication and addition check each other. */
START_TEST(operations_agree_with_each_other)
{
    uint64_t seed = 42;
    for (int round = 0; round < 2000; round++) {
        arena_t *arena = arena_new();
        char digits[3][200];
        for (int i = 0; i < 3; i++) {
            size_t n = 1 + (size_t)(seed >> 33) % (i == 2 ? 20 : 180);
            for (size_t d = 0; d < n; d++) {
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                unsigned kind = (unsigned)(seed >> 60);
                digits[i][d] = kind < 3 ? '0' : kind < 6 ? '9' : (char)('0' + (seed >> 40) % 10);
            }
            if (digits[i][0] == '0')
                digits[i][0] = '1';
            digits[i][n] = '\0';
        }
        const decimal_t *a = read(digits[0], arena), *b = read(digits[1], arena), *c = read(digits[2], arena);
        const decimal_t *product, *sum, *quotient, *back, *rest;
        if (decimal_compare(c, a) >= 0)
            c = decimal_of_i64(0, arena);
        ck_assert(decimal_multiply(a, b, &limits, arena, &product) &&
                  decimal_add(product, c, &limits, arena, &sum));
        ck_assert(decimal_floor_divide(sum, a, &limits, arena, &quotient));
        ck_assert_msg(decimal_compare(quotient, b) == 0, "%s * %s + %s", digits[0], digits[1], digits[2]);
        ck_assert(decimal_multiply(a, quotient, &limits, arena, &back));
        ck_assert(decimal_subtract(sum, back, &limits, arena, &rest) && decimal_compare(rest, c) == 0);
        bool multiple;
        ck_assert(decimal_is_multiple(sum, a, &limits, arena, &multiple) &&
                  multiple == (decimal_sign(c) == 0));
        arena_free(arena);
    }
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("decimal");
    TCase *tcase = tcase_create("decimals");
    tcase_add_loop_test(tcase, is_printed_plainly, 0, COUNT(texts));
    tcase_add_loop_test(tcase, the_result, 0, COUNT(sums));
    tcase_add_loop_test(tcase, multiples_are_exact, 0, COUNT(multiples));
    tcase_add_loop_test(tcase, numbers_are_in_order, 0, COUNT(order));
    tcase_add_test(tcase, integers_go_both_ways);
    tcase_add_test(tcase, what_is_no_number_or_too_long_is_not_read);
    tcase_add_test(tcase, operations_agree_with_each_other);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

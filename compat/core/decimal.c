/* A value is integer * 10^exponent, the integer without trailing zeros, so that equal values look the same. Small integers
 * are an int64; others are limbs of nine decimal digits, lowest first, which makes reading, printing and powers of ten cheap. */
#include "compat/core/decimal.h"

#include <stdlib.h>
#include <string.h>

#include "compat/core/buf.h"
#include "compat/core/number.h"

#define LIMB        1000000000u
#define LIMB_DIGITS 9
#define SMALL_MAX   999999999999999999 /* two limbs: what fits is always small */

struct decimal {
    int64_t exponent;
    int64_t small;         /* the integer, where limbs is NULL */
    const uint32_t *limbs; /* its magnitude otherwise; the highest is not 0 */
    uint32_t n;
    bool negative; /* of limbs */
};

static const uint64_t powers[19] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
};

static uint64_t small_magnitude(const decimal_t *a)
{
    return (uint64_t)(a->small < 0 ? -a->small : a->small);
}

/* --- making ------------------------------------------------------------------------------------------------------ */

static const decimal_t *make_small(int64_t value, int64_t exponent, arena_t *arena)
{
    while (value != 0 && value % 10 == 0) {
        value /= 10;
        exponent++;
    }
    decimal_t *made = ARENA_NEW(arena, decimal_t);
    made->small = value;
    made->exponent = value == 0 ? 0 : exponent;
    return made;
}

/* Divides limbs by a power of ten below LIMB, in place. */
static void drop_digits(uint32_t *limbs, uint32_t n, unsigned digits)
{
    uint64_t rest = 0;
    for (uint32_t i = n; i-- > 0;) {
        uint64_t value = rest * LIMB + limbs[i];
        limbs[i] = (uint32_t)(value / powers[digits]);
        rest = value % powers[digits];
    }
}

/* From limbs that the result may keep. */
static const decimal_t *make(bool negative, uint32_t *limbs, uint32_t n, int64_t exponent, arena_t *arena)
{
    while (n > 0 && limbs[0] == 0) {
        limbs++;
        n--;
        exponent += LIMB_DIGITS;
    }
    while (n > 0 && limbs[n - 1] == 0)
        n--;
    if (n == 0)
        return make_small(0, 0, arena);
    unsigned zeros = 0;
    while (limbs[0] % powers[zeros + 1] == 0)
        zeros++;
    if (zeros > 0) {
        drop_digits(limbs, n, zeros);
        exponent += zeros;
        n -= limbs[n - 1] == 0;
    }
    uint64_t value = 0;
    for (uint32_t i = n; n <= 2 && i-- > 0;)
        value = value * LIMB + limbs[i];
    if (n <= 2)
        return make_small(negative ? -(int64_t)value : (int64_t)value, exponent, arena);
    decimal_t *made = ARENA_NEW(arena, decimal_t);
    *made = (decimal_t){.exponent = exponent, .limbs = limbs, .n = n, .negative = negative};
    return made;
}

static const decimal_t *from_digits(const number_t *number, arena_t *arena)
{
    uint32_t n = (uint32_t)((number->digits + LIMB_DIGITS - 1) / LIMB_DIGITS);
    uint32_t *limbs = ARENA_ARRAY(arena, uint32_t, n);
    const char *at = number->last;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t limb = 0;
        for (unsigned digit = 0; digit < LIMB_DIGITS && at > number->first; digit++) {
            at--;
            at -= *at == '.';
            limb += (uint32_t)(*at - '0') * (uint32_t)powers[digit];
        }
        limbs[i] = limb;
    }
    return make(number->negative, limbs, n, number->exponent - (int64_t)number->digits, arena);
}

bool decimal_read(text_t lexeme, const limits_t *limits, arena_t *arena, const decimal_t **out)
{
    number_t number;
    if (!number_parse(lexeme, &number) || number_plain_digits(&number) > limits->max_digits)
        return false;
    if (number.digits > 18) {
        *out = from_digits(&number, arena);
        return true;
    }
    int64_t value = 0;
    for (const char *at = number.first; at < number.last; at++)
        if (*at != '.')
            value = value * 10 + (*at - '0');
    *out = make_small(number.negative ? -value : value, number.exponent - (int64_t)number.digits, arena);
    return true;
}

const decimal_t *decimal_of_i64(int64_t value, arena_t *arena)
{
    if (value >= -SMALL_MAX && value <= SMALL_MAX)
        return make_small(value, 0, arena);
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint32_t *limbs = ARENA_ARRAY(arena, uint32_t, 3);
    for (int i = 0; i < 3; i++, left /= LIMB)
        limbs[i] = (uint32_t)(left % LIMB);
    return make(value < 0, limbs, 3, 0, arena);
}

/* --- looking ----------------------------------------------------------------------------------------------------- */

int decimal_sign(const decimal_t *a)
{
    if (a->limbs != NULL)
        return a->negative ? -1 : 1;
    return (a->small > 0) - (a->small < 0);
}

bool decimal_is_integer(const decimal_t *a)
{
    return a->exponent >= 0;
}

static unsigned count_digits(uint64_t value)
{
    unsigned n = 0;
    for (; value != 0; value /= 10)
        n++;
    return n;
}

/* Digits of the integer; 0 of zero. */
static size_t integer_digits(const decimal_t *a)
{
    if (a->limbs == NULL)
        return count_digits(small_magnitude(a));
    return (size_t)(a->n - 1) * LIMB_DIGITS + count_digits(a->limbs[a->n - 1]);
}

/* The digit worth 10^i in the integer. */
static unsigned digit_at(const decimal_t *a, size_t i)
{
    if (a->limbs == NULL)
        return i > 18 ? 0 : (unsigned)(small_magnitude(a) / powers[i] % 10);
    return (unsigned)(a->limbs[i / LIMB_DIGITS] / powers[i % LIMB_DIGITS] % 10);
}

static int compare_magnitudes(const decimal_t *a, const decimal_t *b)
{
    size_t digits_a = integer_digits(a), digits_b = integer_digits(b);
    int64_t top_a = a->exponent + (int64_t)digits_a, top_b = b->exponent + (int64_t)digits_b;
    if (top_a != top_b)
        return top_a < top_b ? -1 : 1;
    while (digits_a > 0 && digits_b > 0) {
        unsigned x = digit_at(a, --digits_a), y = digit_at(b, --digits_b);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (digits_a > 0) - (digits_b > 0);
}

int decimal_compare(const decimal_t *a, const decimal_t *b)
{
    int sign_a = decimal_sign(a), sign_b = decimal_sign(b);
    if (sign_a != sign_b)
        return sign_a < sign_b ? -1 : 1;
    if (sign_a == 0)
        return 0;
    if (a->limbs == NULL && b->limbs == NULL && a->exponent == b->exponent)
        return (a->small > b->small) - (a->small < b->small);
    return sign_a * compare_magnitudes(a, b);
}

bool decimal_to_i64(const decimal_t *a, int64_t *out)
{
    if (a->exponent < 0 || a->exponent > 18 || a->n > 3 || (a->limbs != NULL && a->exponent > 0))
        return false; /* limbs hold at least 19 digits */
    __int128 value = a->small;
    for (uint32_t i = a->n; i-- > 0;)
        value = value * LIMB + a->limbs[i];
    value *= (__int128)(a->negative ? -1 : 1) * (__int128)powers[a->exponent];
    if (value < INT64_MIN || value > INT64_MAX)
        return false;
    *out = (int64_t)value;
    return true;
}

#define MAX_ZEROS 21 /* that are written out to avoid an exponent */

text_t decimal_text(const decimal_t *a, arena_t *arena)
{
    size_t digits = integer_digits(a);
    if (digits == 0)
        return TEXT("0");
    int64_t point =
        (int64_t)digits + a->exponent; /* digits before the decimal point, or minus the zeros after it */
    bool scientific = a->exponent > MAX_ZEROS || point < -MAX_ZEROS;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    if (decimal_sign(a) < 0)
        buf_add_char(&out, '-');
    if (!scientific && point <= 0) {
        buf_add(&out, TEXT("0."));
        for (int64_t i = point; i < 0; i++)
            buf_add_char(&out, '0');
    }
    for (size_t i = digits; i-- > 0;) {
        if (!scientific && a->exponent < 0 && point > 0 && (int64_t)(digits - 1 - i) == point)
            buf_add_char(&out, '.');
        buf_add_char(&out, (char)('0' + digit_at(a, i)));
    }
    for (int64_t i = 0; !scientific && i < a->exponent; i++)
        buf_add_char(&out, '0');
    if (scientific)
        buf_printf(&out, "e%lld", (long long)a->exponent);
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

/* A value is integer * 10^exponent, the integer without trailing zeros, so that equal values look the same. Small integers
 * are an int64; others are limbs of nine decimal digits, lowest first, which makes reading, printing and powers of ten cheap. */
#include "compat/core/decimal.h"

#include <stdlib.h>
#include <string.h>

#include "compat/core/buf.h"
#include "compat/core/limbs.h"
#include "compat/core/number.h"

#define SMALL_MAX 999999999999999999 /* two limbs: what fits is always small */

struct decimal {
    int64_t exponent;
    int64_t small;         /* the integer, where limbs is NULL */
    const uint32_t *limbs; /* its magnitude otherwise; the highest is not 0 */
    uint32_t n;
    bool negative; /* of limbs */
};

static uint64_t power_of_ten(size_t exponent)
{
    return (uint64_t)number_power_of_ten((unsigned)exponent);
}

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
        limbs[i] = (uint32_t)(value / power_of_ten(digits));
        rest = value % power_of_ten(digits);
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
    n = limbs_trim(limbs, n);
    if (n == 0)
        return make_small(0, 0, arena);
    unsigned zeros = 0;
    while (limbs[0] % power_of_ten(zeros + 1) == 0)
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
            limb += (uint32_t)(*at - '0') * (uint32_t)power_of_ten(digit);
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
        return i > 18 ? 0 : (unsigned)(small_magnitude(a) / power_of_ten(i) % 10);
    return (unsigned)(a->limbs[i / LIMB_DIGITS] / power_of_ten(i % LIMB_DIGITS) % 10);
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
    value *= (__int128)(a->negative ? -1 : 1) * (__int128)power_of_ten((size_t)a->exponent);
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

/* --- arithmetic -------------------------------------------------------------------------------------------------- */

/* Digits written without an exponent, zeros included. */
static uint64_t plain_digits(size_t digits, int64_t exponent)
{
    if (exponent >= 0)
        return digits + (uint64_t)exponent;
    uint64_t after = (uint64_t)-exponent;
    return digits > after ? digits : after + 1;
}

static bool fits(const decimal_t *a, const limits_t *limits)
{
    return plain_digits(integer_digits(a), a->exponent) <= limits->max_digits;
}

/* The magnitude times a power of ten, in fresh limbs with one to spare. */
typedef struct {
    uint32_t *limbs, n;
} whole_t;

/* |a| as a multiple of 10^exponent, which is not above a's own. False if that passes `limits`. */
static bool whole_of(const decimal_t *a, int64_t exponent, const limits_t *limits, arena_t *arena,
                     whole_t *out)
{
    uint64_t shift = (uint64_t)(a->exponent - exponent);
    if (integer_digits(a) + shift > (uint64_t)limits->max_digits + LIMB_DIGITS)
        return false;
    uint64_t value = small_magnitude(a);
    uint32_t small[2] = {(uint32_t)(value % LIMB), (uint32_t)(value / LIMB)};
    const uint32_t *limbs = a->limbs == NULL ? small : a->limbs;
    uint32_t n = a->limbs == NULL ? limbs_trim(small, 2) : a->n;
    out->limbs = ARENA_ARRAY(arena, uint32_t, n + shift / LIMB_DIGITS + 2);
    out->n = limbs_shift(out->limbs, limbs, n, shift);
    return true;
}

static bool align(const decimal_t *a, const decimal_t *b, const limits_t *limits, arena_t *arena, whole_t *x,
                  whole_t *y, int64_t *exponent)
{
    /* A zero has no digits to keep: it must not pull the exponent down. */
    *exponent = decimal_sign(a) == 0   ? b->exponent
                : decimal_sign(b) == 0 ? a->exponent
                                       : (a->exponent < b->exponent ? a->exponent : b->exponent);
    if (decimal_sign(a) == 0)
        *x = (whole_t){ARENA_ARRAY(arena, uint32_t, 1), 0};
    else if (!whole_of(a, *exponent, limits, arena, x))
        return false;
    if (decimal_sign(b) == 0)
        *y = (whole_t){ARENA_ARRAY(arena, uint32_t, 1), 0};
    else if (!whole_of(b, *exponent, limits, arena, y))
        return false;
    return true;
}

static bool finish(const decimal_t *made, const limits_t *limits, const decimal_t **out)
{
    if (!fits(made, limits))
        return false;
    *out = made;
    return true;
}

static bool add_signed(const decimal_t *a, const decimal_t *b, bool subtract, const limits_t *limits,
                       arena_t *arena, const decimal_t **out)
{
    if (a->limbs == NULL && b->limbs == NULL && a->exponent == b->exponent) {
        int64_t sum = subtract ? a->small - b->small : a->small + b->small;
        if (sum >= -SMALL_MAX && sum <= SMALL_MAX)
            return finish(make_small(sum, a->exponent, arena), limits, out);
    }
    whole_t x, y;
    int64_t exponent;
    if (!align(a, b, limits, arena, &x, &y, &exponent))
        return false;
    bool negative_a = decimal_sign(a) < 0, negative_b = (decimal_sign(b) < 0) != subtract;
    uint32_t *sum = ARENA_ARRAY(arena, uint32_t, (x.n > y.n ? x.n : y.n) + 1);
    uint32_t n;
    bool negative = negative_a;
    if (negative_a == negative_b) {
        n = limbs_add(sum, x.limbs, x.n, y.limbs, y.n);
    } else if (limbs_compare(x.limbs, x.n, y.limbs, y.n) >= 0) {
        n = limbs_subtract(sum, x.limbs, x.n, y.limbs, y.n);
    } else {
        n = limbs_subtract(sum, y.limbs, y.n, x.limbs, x.n);
        negative = negative_b;
    }
    return finish(make(negative, sum, n, exponent, arena), limits, out);
}

bool decimal_add(const decimal_t *a, const decimal_t *b, const limits_t *limits, arena_t *arena,
                 const decimal_t **out)
{
    return add_signed(a, b, false, limits, arena, out);
}

bool decimal_subtract(const decimal_t *a, const decimal_t *b, const limits_t *limits, arena_t *arena,
                      const decimal_t **out)
{
    return add_signed(a, b, true, limits, arena, out);
}

bool decimal_multiply(const decimal_t *a, const decimal_t *b, const limits_t *limits, arena_t *arena,
                      const decimal_t **out)
{
    int64_t product;
    if (a->limbs == NULL && b->limbs == NULL && !__builtin_mul_overflow(a->small, b->small, &product) &&
        product >= -SMALL_MAX && product <= SMALL_MAX)
        return finish(make_small(product, a->exponent + b->exponent, arena), limits, out);
    whole_t x, y;
    if (!whole_of(a, a->exponent, limits, arena, &x) || !whole_of(b, b->exponent, limits, arena, &y) ||
        integer_digits(a) + integer_digits(b) > (size_t)limits->max_digits + 1)
        return false;
    uint32_t *limbs = ARENA_ARRAY(arena, uint32_t, x.n + y.n);
    uint32_t n = limbs_multiply(limbs, x.limbs, x.n, y.limbs, y.n);
    bool negative = decimal_sign(a) * decimal_sign(b) < 0;
    return finish(make(negative, limbs, n, a->exponent + b->exponent, arena), limits, out);
}

bool decimal_floor_divide(const decimal_t *a, const decimal_t *b, const limits_t *limits, arena_t *arena,
                          const decimal_t **out)
{
    if (decimal_sign(b) == 0)
        return false;
    if (a->limbs == NULL && b->limbs == NULL && a->exponent == b->exponent) {
        int64_t quotient = a->small / b->small;
        if (a->small % b->small != 0 && (a->small < 0) != (b->small < 0))
            quotient--;
        *out = decimal_of_i64(quotient, arena);
        return fits(*out, limits);
    }
    whole_t x, y;
    int64_t exponent;
    if (!align(a, b, limits, arena, &x, &y, &exponent))
        return false;
    uint32_t room = x.n < y.n ? 1 : x.n - y.n + 1;
    uint32_t *quotient = ARENA_ARRAY(arena, uint32_t, room + 1);
    bool negative = decimal_sign(a) * decimal_sign(b) < 0;
    bool rest = limbs_divide(x.limbs, x.n, y.limbs, y.n, quotient) > 0;
    uint32_t n = limbs_trim(quotient, room);
    if (negative && rest) { /* towards minus infinity */
        const uint32_t one[] = {1};
        n = limbs_add(quotient, quotient, n, one, 1);
    }
    return finish(make(negative, quotient, n, 0, arena), limits, out);
}

static uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t modulus)
{
    return (uint64_t)((__uint128_t)a * b % modulus);
}

/* |a| * 10^shift modulo a small number, digits of a's zeros never written out. */
static uint64_t small_remainder(const decimal_t *a, uint64_t shift, uint64_t modulus)
{
    uint64_t rest = small_magnitude(a) % modulus, power = 10 % modulus;
    for (uint32_t i = a->n; i-- > 0;)
        rest = (uint64_t)(((__uint128_t)rest * LIMB + a->limbs[i]) % modulus);
    for (; shift > 0; shift >>= 1) {
        if (shift & 1)
            rest = multiply_modulo(rest, power, modulus);
        power = multiply_modulo(power, power, modulus);
    }
    return rest;
}

bool decimal_is_multiple(const decimal_t *a, const decimal_t *of, const limits_t *limits, arena_t *arena,
                         bool *out)
{
    if (decimal_sign(of) == 0)
        return false;
    /* Integers have no trailing zeros: a can only be a multiple of 10^of->exponent if its own exponent is as high. */
    if (decimal_sign(a) == 0 || a->exponent < of->exponent) {
        *out = decimal_sign(a) == 0;
        return true;
    }
    if (of->limbs == NULL) {
        *out = small_remainder(a, (uint64_t)(a->exponent - of->exponent), small_magnitude(of)) == 0;
        return true;
    }
    whole_t x, y;
    if (!whole_of(a, of->exponent, limits, arena, &x) || !whole_of(of, of->exponent, limits, arena, &y))
        return false;
    *out = limbs_divide(x.limbs, x.n, y.limbs, y.n, NULL) == 0;
    return true;
}

/* The greatest common divisor, by Euclid; both arguments are used up. */
static whole_t common_divisor(whole_t x, whole_t y)
{
    while (y.n > 0) {
        x.n = limbs_divide(x.limbs, x.n, y.limbs, y.n, NULL);
        whole_t swap = x;
        x = y;
        y = swap;
    }
    return x;
}

bool decimal_lcm(const decimal_t *a, const decimal_t *b, const limits_t *limits, arena_t *arena,
                 const decimal_t **out)
{
    whole_t x, y, p, q;
    int64_t exponent;
    if (decimal_sign(a) <= 0 || decimal_sign(b) <= 0 || !align(a, b, limits, arena, &x, &y, &exponent) ||
        !align(a, b, limits, arena, &p, &q, &exponent))
        return false;
    whole_t divisor = common_divisor(p, q);
    uint32_t *quotient = ARENA_ARRAY(arena, uint32_t, x.n - divisor.n + 1);
    uint32_t room = x.n - divisor.n + 1;
    limbs_divide(x.limbs, x.n, divisor.limbs, divisor.n, quotient);
    uint32_t n = limbs_trim(quotient, room);
    if ((uint64_t)(n + y.n) * LIMB_DIGITS > (uint64_t)limits->max_digits + 3 * LIMB_DIGITS)
        return false;
    uint32_t *limbs = ARENA_ARRAY(arena, uint32_t, n + y.n);
    return finish(make(false, limbs, limbs_multiply(limbs, quotient, n, y.limbs, y.n), exponent, arena),
                  limits, out);
}

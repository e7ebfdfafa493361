#include "compat/core/limbs.h"

#include <string.h>

uint32_t limbs_trim(const uint32_t *a, uint32_t n)
{
    while (n > 0 && a[n - 1] == 0)
        n--;
    return n;
}

int limbs_compare(const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m)
{
    if (n != m)
        return n < m ? -1 : 1;
    for (uint32_t i = n; i-- > 0;)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* a = a * factor + carry, in place; returns what does not fit. */
static uint32_t scale(uint32_t *a, uint32_t n, uint32_t factor)
{
    uint64_t carry = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t value = (uint64_t)a[i] * factor + carry;
        a[i] = (uint32_t)(value % LIMB);
        carry = value / LIMB;
    }
    return (uint32_t)carry;
}

/* a = a / divisor, in place; returns the remainder. */
static uint32_t divide_small(uint32_t *a, uint32_t n, uint32_t divisor)
{
    uint64_t rest = 0;
    for (uint32_t i = n; i-- > 0;) {
        uint64_t value = rest * LIMB + a[i];
        a[i] = (uint32_t)(value / divisor);
        rest = value % divisor;
    }
    return (uint32_t)rest;
}

uint32_t limbs_shift(uint32_t *out, const uint32_t *a, uint32_t n, uint64_t digits)
{
    uint32_t whole = (uint32_t)(digits / LIMB_DIGITS), factor = 1;
    if (n == 0)
        return 0;
    for (uint64_t i = digits % LIMB_DIGITS; i > 0; i--)
        factor *= 10;
    memmove(out + whole, a, n * sizeof *a);
    memset(out, 0, whole * sizeof *out);
    out[whole + n] = scale(out + whole, n, factor);
    return limbs_trim(out, whole + n + 1);
}

uint32_t limbs_add(uint32_t *out, const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m)
{
    uint32_t most = n > m ? n : m, carry = 0;
    for (uint32_t i = 0; i < most; i++) {
        uint32_t sum = (i < n ? a[i] : 0) + (i < m ? b[i] : 0) + carry;
        carry = sum >= LIMB;
        out[i] = carry ? sum - LIMB : sum;
    }
    out[most] = carry;
    return limbs_trim(out, most + 1);
}

uint32_t limbs_subtract(uint32_t *out, const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m)
{
    uint32_t borrow = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t take = (i < m ? b[i] : 0) + borrow;
        borrow = a[i] < take;
        out[i] = borrow ? a[i] + LIMB - take : a[i] - take;
    }
    return limbs_trim(out, n);
}

uint32_t limbs_multiply(uint32_t *out, const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m)
{
    memset(out, 0, ((size_t)n + m) * sizeof *out);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t carry = 0;
        for (uint32_t j = 0; j < m; j++) {
            uint64_t value = (uint64_t)a[i] * b[j] + out[i + j] + carry;
            out[i + j] = (uint32_t)(value % LIMB);
            carry = value / LIMB;
        }
        out[i + m] = (uint32_t)carry;
    }
    return limbs_trim(out, n + m);
}

/* a[0..m] -= b * digit; true if that went below zero (and a is then off by one LIMB^(m+1)). */
static int subtract_times(uint32_t *a, const uint32_t *b, uint32_t m, uint64_t digit)
{
    uint64_t carry = 0;
    int64_t borrow = 0;
    for (uint32_t i = 0; i <= m; i++) {
        uint64_t product = (i < m ? b[i] * digit : 0) + carry;
        carry = product / LIMB;
        int64_t left = (int64_t)a[i] - (int64_t)(product % LIMB) - borrow;
        borrow = left < 0;
        a[i] = (uint32_t)(borrow ? left + LIMB : left);
    }
    return borrow != 0;
}

static void add_back(uint32_t *a, const uint32_t *b, uint32_t m)
{
    uint32_t carry = 0;
    for (uint32_t i = 0; i <= m; i++) {
        uint32_t sum = a[i] + (i < m ? b[i] : 0) + carry;
        carry = sum >= LIMB;
        a[i] = carry ? sum - LIMB : sum;
    }
}

/* Long division: Knuth, volume 2, 4.3.1, algorithm D. b's highest limb is at least LIMB / 2, m > 1. */
static void divide_long(uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m, uint32_t *quotient)
{
    for (uint32_t j = n - m + 1; j-- > 0;) {
        uint64_t top = (uint64_t)a[j + m] * LIMB + a[j + m - 1];
        uint64_t digit = top / b[m - 1], rest = top % b[m - 1];
        while (digit >= LIMB || digit * b[m - 2] > rest * LIMB + a[j + m - 2]) {
            digit--;
            rest += b[m - 1];
            if (rest >= LIMB)
                break;
        }
        if (subtract_times(a + j, b, m, digit)) {
            add_back(a + j, b, m);
            digit--;
        }
        if (quotient != NULL)
            quotient[j] = (uint32_t)digit;
    }
}

uint32_t limbs_divide(uint32_t *a, uint32_t n, uint32_t *b, uint32_t m, uint32_t *quotient)
{
    if (n < m) {
        if (quotient != NULL)
            quotient[0] = 0;
        return n;
    }
    if (m == 1) {
        uint32_t rest = divide_small(a, n, b[0]);
        if (quotient != NULL)
            memcpy(quotient, a, n * sizeof *a);
        a[0] = rest;
        return rest != 0;
    }
    uint32_t factor = LIMB / (b[m - 1] + 1);
    a[n] = scale(a, n, factor);
    scale(b, m, factor);
    divide_long(a, n, b, m, quotient);
    divide_small(b, m, factor);
    divide_small(a, m, factor);
    return limbs_trim(a, m);
}

#include "compat/core/number.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits after 'e', sign included. False if there are none. */
static bool read_exponent(const char *at, const char *end, int64_t *out)
{
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    int64_t value = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        if (value < NUMBER_EXPONENT_MAX)
            value = value * 10 + (*at - '0');
    }
    if (value > NUMBER_EXPONENT_MAX)
        value = NUMBER_EXPONENT_MAX;
    *out = negative ? -value : value;
    return true;
}

bool number_parse(text_t lexeme, number_t *out)
{
    const char *at = lexeme.at, *end = lexeme.at + lexeme.bytes;
    bool negative = at < end && *at == '-';
    at += negative;
    const char *whole = at;
    while (at < end && is_digit(*at))
        at++;
    const char *point = at;
    if (point == whole || (*whole == '0' && point - whole > 1))
        return false;
    if (at < end && *at == '.') {
        at++;
        while (at < end && is_digit(*at))
            at++;
        if (at == point + 1)
            return false;
    }
    const char *last = at;
    int64_t exponent = 0;
    if (at < end && ((*at != 'e' && *at != 'E') || !read_exponent(at + 1, end, &exponent)))
        return false;

    const char *first = whole;
    while (first < last && (*first == '0' || *first == '.'))
        first++;
    while (last > first && (last[-1] == '0' || last[-1] == '.'))
        last--;
    *out = (number_t){.first = first, .last = last};
    if (first == last)
        return true;
    out->negative = negative;
    out->digits = (size_t)(last - first) - (first < point && last > point);
    out->exponent = exponent + (first < point ? point - first : point + 1 - first);
    return true;
}

/* Orders the digits of two numbers of one exponent. */
static int compare_digits(const number_t *a, const number_t *b)
{
    const char *p = a->first, *q = b->first;
    while (p < a->last && q < b->last) {
        if (*p == '.')
            p++;
        if (*q == '.')
            q++;
        if (*p != *q)
            return *p < *q ? -1 : 1;
        p++;
        q++;
    }
    return (p < a->last) - (q < b->last);
}

int number_compare(const number_t *a, const number_t *b)
{
    int sign_a = a->digits == 0 ? 0 : a->negative ? -1 : 1;
    int sign_b = b->digits == 0 ? 0 : b->negative ? -1 : 1;
    if (sign_a != sign_b)
        return sign_a < sign_b ? -1 : 1;
    if (sign_a == 0)
        return 0;
    if (a->exponent != b->exponent)
        return a->exponent < b->exponent ? -sign_a : sign_a;
    return sign_a * compare_digits(a, b);
}

uint64_t number_hash(const number_t *number, uint64_t seed)
{
    uint64_t hash = seed ^ (uint64_t)number->exponent ^ (number->negative ? 0x9E3779B97F4A7C15u : 0);
    for (const char *at = number->first; at < number->last; at++)
        if (*at != '.')
            hash = (hash ^ (unsigned char)*at) * 0x100000001B3u;
    return text_hash(TEXT_NONE, hash);
}

uint64_t number_plain_digits(const number_t *number)
{
    if (number->digits == 0)
        return 1;
    int64_t after = (int64_t)number->digits - number->exponent; /* digits after the point, if positive */
    if (number->exponent <= 0)
        return (uint64_t)after + 1;
    return after > 0 ? number->digits : (uint64_t)number->exponent;
}

int64_t number_power_of_ten(unsigned exponent)
{
    static const int64_t powers[19] = {
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
    };
    return powers[exponent];
}

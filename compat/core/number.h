/* number.h - the text of a JSON number taken apart, without arithmetic. Private to compat.
 *
 * Enough to compare and hash numbers of any length exactly and in linear time, with no memory.
 */
#ifndef AVOW_COMPAT_CORE_NUMBER_H
#define AVOW_COMPAT_CORE_NUMBER_H

#include "compat/core/text.h"

/* The value is 0.DDDD * 10^exponent, the first and the last D not zero; no digits at all is zero. */
typedef struct {
    bool negative;     /* never of zero */
    const char *first; /* of the digits; a '.' may stand among them */
    const char *last;  /* one past the last digit */
    size_t digits;
    int64_t exponent; /* within +-NUMBER_EXPONENT_MAX: a larger one is cut, far beyond any max_digits */
} number_t;

#define NUMBER_EXPONENT_MAX ((int64_t)1 << 53)

bool number_parse(text_t lexeme, number_t *out); /* false if it is no JSON number (RFC 8259, section 6) */
int number_compare(const number_t *a, const number_t *b);
uint64_t number_hash(const number_t *number, uint64_t seed);

/* Digits of the number written without an exponent, zeros included. */
uint64_t number_plain_digits(const number_t *number);

/* --- the usual numbers, quickly: up to 18 characters and no exponent ----------------------------------------------- */

/* digits / 10^scale; scale is at most 17. */
typedef struct {
    int64_t digits;
    unsigned scale;
} number_small_t;

/* False for numbers that are not small, and for what is no number. */
static inline bool number_small(text_t lexeme, number_small_t *out)
{
    if (lexeme.bytes == 0 || lexeme.bytes > 18)
        return false;
    const char *at = lexeme.at, *end = at + lexeme.bytes, *point = NULL;
    bool negative = *at == '-';
    at += negative;
    int64_t digits = 0;
    for (; at < end; at++) {
        unsigned digit = (unsigned char)*at - (unsigned)'0';
        if (digit < 10)
            digits = digits * 10 + digit;
        else if (*at == '.' && point == NULL)
            point = at;
        else
            return false;
    }
    out->digits = negative ? -digits : digits;
    out->scale = point == NULL ? 0 : (unsigned)(end - point) - 1;
    return true;
}

/* A small number in a word, as the reader leaves it in jv_t._index: 0 where it does not fit. Whoever gives a number another text
 * must clear the word, unless the value stays. */
static inline const void *number_pack(number_small_t number)
{
    const int64_t most = (int64_t)1 << 57;
    if (number.digits <= -most || number.digits >= most)
        return NULL;
    return (const void *)(uintptr_t)((uint64_t)number.digits << 6 | number.scale << 1 | 1);
}

static inline bool number_unpack(const void *word, number_small_t *out)
{
    uint64_t packed = (uintptr_t)word;
    out->digits = (int64_t)packed >> 6;
    out->scale = packed >> 1 & 31;
    return packed != 0;
}

int64_t number_power_of_ten(unsigned exponent); /* up to 18 */

static inline bool number_small_is_whole(number_small_t number)
{
    return number.scale == 0 || number.digits % number_power_of_ten(number.scale) == 0;
}

static inline int number_small_compare(number_small_t a, number_small_t b)
{
    if (a.scale == b.scale || b.digits == 0)
        return (a.digits > b.digits) - (a.digits < b.digits);
    __int128 x = a.digits, y = b.digits;
    if (a.scale < b.scale)
        x *= number_power_of_ten(b.scale - a.scale);
    else
        y *= number_power_of_ten(a.scale - b.scale);
    return (x > y) - (x < y);
}

#endif

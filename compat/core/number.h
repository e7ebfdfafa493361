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

#endif

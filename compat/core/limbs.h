/* limbs.h - arithmetic on whole numbers as limbs of nine decimal digits, lowest first. Private to compat/core.
 *
 * Counts are of limbs; a number's highest limb is not 0, and zero has none. Callers give room for results.
 */
#ifndef AVOW_COMPAT_CORE_LIMBS_H
#define AVOW_COMPAT_CORE_LIMBS_H

#include <stddef.h>
#include <stdint.h>

#define LIMB        1000000000u
#define LIMB_DIGITS 9

uint32_t limbs_trim(const uint32_t *a, uint32_t n); /* n without the zeros at the top */
int limbs_compare(const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m);

/* out = a * 10^digits; room for n + digits / 9 + 1. */
uint32_t limbs_shift(uint32_t *out, const uint32_t *a, uint32_t n, uint64_t digits);

uint32_t limbs_add(uint32_t *out, const uint32_t *a, uint32_t n, const uint32_t *b,
                   uint32_t m); /* room for max + 1 */
uint32_t limbs_subtract(uint32_t *out, const uint32_t *a, uint32_t n, const uint32_t *b,
                        uint32_t m); /* a >= b */
uint32_t limbs_multiply(uint32_t *out, const uint32_t *a, uint32_t n, const uint32_t *b,
                        uint32_t m); /* room for n + m */

/* a becomes the remainder (its count is returned) and `quotient`, with room for n - m + 1, the quotient: not needed if NULL.
 * a has room for n + 1. b is not zero; it is changed and restored. */
uint32_t limbs_divide(uint32_t *a, uint32_t n, uint32_t *b, uint32_t m, uint32_t *quotient);

#endif

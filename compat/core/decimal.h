/* decimal.h - exact decimal numbers: an integer of any length times a power of ten. Never a double.
 *
 * Memory   values live in an arena; operations make new ones. Small values (up to 18 digits) take a fast path.
 * Limits   digits are bounded by the caller's limits_t.max_digits: past it a function returns false and nothing is made.
 */
#ifndef AVOW_COMPAT_CORE_DECIMAL_H
#define AVOW_COMPAT_CORE_DECIMAL_H

#include "compat/core/arena.h"
#include "compat/core/limits.h"
#include "compat/core/text.h"

typedef struct decimal decimal_t;

/* From a JSON number's text. False if it is none or passes `limits`. */
bool decimal_read(text_t lexeme, const limits_t *limits, arena_t *arena, const decimal_t **out);
const decimal_t *decimal_of_i64(int64_t value, arena_t *arena);

int decimal_compare(const decimal_t *a, const decimal_t *b);
int decimal_sign(const decimal_t *a);
bool decimal_is_integer(const decimal_t *a);
bool decimal_to_i64(const decimal_t *a, int64_t *out); /* true if integral and in range */

bool decimal_add(const decimal_t *a, const decimal_t *b, const limits_t *, arena_t *, const decimal_t **out);
bool decimal_subtract(const decimal_t *a, const decimal_t *b, const limits_t *, arena_t *,
                      const decimal_t **out);
bool decimal_multiply(const decimal_t *a, const decimal_t *b, const limits_t *, arena_t *,
                      const decimal_t **out);
bool decimal_floor_divide(const decimal_t *a, const decimal_t *b, const limits_t *, arena_t *,
                          const decimal_t **out);
bool decimal_is_multiple(const decimal_t *a, const decimal_t *of, const limits_t *, arena_t *,
                         bool *out); /* of > 0 */
bool decimal_lcm(const decimal_t *a, const decimal_t *b, const limits_t *, arena_t *, const decimal_t **out);

/* Shortest plain JSON text: 120, -0.5, 1e400 (an exponent only where zeros would pass 21). */
text_t decimal_text(const decimal_t *a, arena_t *arena);

#endif

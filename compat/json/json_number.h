/* json_number.h - the text of a number in Confluent's canonical JSON. Private to compat/json. */
#ifndef AVOW_COMPAT_JSON_JSON_NUMBER_H
#define AVOW_COMPAT_JSON_JSON_NUMBER_H

#include "compat/core/text.h"

/* The text that Java's BigDecimal (without point and exponent: BigInteger) prints for a JSON number: 1E3 gives 1E+3, 1.10
 * stays, -0 gives 0. `lexeme` must be that of a JSON number. False if its exponent is beyond what a BigDecimal holds. The
 * result is `lexeme` itself where nothing changes, else lives in `arena`. */
bool json_number_text(text_t lexeme, arena_t *arena, text_t *out);

#endif

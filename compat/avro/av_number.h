/* av_number.h - numbers as Java prints them, which is what canonical Avro text holds. Private to compat/avro. */
#ifndef AVOW_COMPAT_AVRO_AV_NUMBER_H
#define AVOW_COMPAT_AVRO_AV_NUMBER_H

#include "compat/core/buf.h"

/* Double.toString: the shortest digits that read back as the value, 1.0E10 style outside [1e-3, 1e7). Not finite: as a JSON
 * string, "NaN" or "Infinity", which is how Jackson writes them. */
void av_number_double(buf_t *out, double value);
void av_number_float(buf_t *out, float value);

/* A JSON number's text: integers as digits, everything else through a double. */
void av_number_json(buf_t *out, text_t lexeme);
bool av_number_is_integer(text_t lexeme); /* neither fraction nor exponent */
double av_number_value(text_t lexeme);    /* also of NaN and the infinities */

#endif

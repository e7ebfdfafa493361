/* format.h - what the values of `format` mean, when they are asserted. Private to compat/json.
 *
 * Spec     JSON Schema 2020-12 validation, 7.3, and the RFCs named at each check.
 */
#ifndef AVOW_COMPAT_JSON_FORMAT_H
#define AVOW_COMPAT_JSON_FORMAT_H

#include "compat/core/text.h"

typedef bool js_format_check_t(text_t text);

/* The check of a format's name; NULL for formats that are not known, which assert nothing. */
js_format_check_t *js_format_find(text_t name);

#endif

/* deprecation.h - what replies of the registry say when a schema's line is on its way out.
 *
 *     Deprecation: @1790000000                                          RFC 9745, when it was deprecated
 *     Sunset: Thu, 31 Dec 2026 00:00:00 GMT                             RFC 8594, when it ends
 *     Link: </api/v1/lines/orders.order_placed@2>; rel="successor-version", <https://wiki.example/v2>; rel="deprecation"
 *
 * The view line_deprecation (migrations/0006_changes.sql) has them as three lines of text. They are kept with replies in the
 * cache, from which a transition of a line drops what it makes untrue (FORGET_LINE).
 */
#ifndef AVOW_CATALOG_DEPRECATION_H
#define AVOW_CATALOG_DEPRECATION_H

#include "compat/core/text.h"

typedef struct {
    const char *name; /* static, lower case */
    text_t value;
} deprecation_header_t;

#define DEPRECATION_HEADERS_MAX 3

/* How many there are; none of TEXT_NONE. The values are parts of `headers`. */
size_t deprecation_headers(text_t headers, deprecation_header_t out[DEPRECATION_HEADERS_MAX]);

#endif

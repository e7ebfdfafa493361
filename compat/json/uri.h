/* uri.h - URI references (RFC 3986) as far as schemas need them: taken apart, and resolved against a base. Private to compat/json.
 *
 * A base may itself be relative or a bare name, as registries use: the result is then relative too.
 */
#ifndef AVOW_COMPAT_JSON_URI_H
#define AVOW_COMPAT_JSON_URI_H

#include "compat/core/text.h"

/* Parts that are absent have `.at` NULL, which is not the same as empty. */
typedef struct {
    text_t scheme, authority, path, query, fragment;
} uri_t;

uri_t uri_split(text_t reference);

/* Section 5.2. The fragment of `reference` is left out. */
text_t uri_resolve(text_t base, text_t reference, arena_t *arena);

text_t uri_without_fragment(text_t uri);

/* Section 2.1. False if a '%' is not followed by two hexadecimal digits or the result is not UTF-8. */
bool uri_percent_decode(text_t text, arena_t *arena, text_t *out);

#endif

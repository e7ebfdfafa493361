/* url.h - percent-decoding, path segments and query strings (RFC 3986).
 *
 * Malformed escapes, NUL and anything that is not UTF-8 are refused with a sentence that names the place: a name that cannot be
 * written down cannot be found again.
 *
 * Memory   a decoded text is a view of the input when nothing had to be decoded, otherwise a copy in the arena.
 */
#ifndef AVOW_SERVER_CORE_URL_H
#define AVOW_SERVER_CORE_URL_H

#include "server/core/call.h"

#define URL_SEGMENTS_MAX 24
#define URL_QUERY_MAX    128
#define URL_BYTES_MAX    32768 /* of a path, and of a query */

typedef enum {
    URL_SEGMENT, /* "+" is a plus */
    URL_QUERY,   /* "+" is a space */
} url_part_t;

/* -1 and ERR_BODY_MALFORMED: `what` and `number` name the part in the sentence ("path segment 2"). */
int url_decode(text_t raw, url_part_t part, const char *what, size_t number, arena_t *arena, text_t *out,
               err_t *err);

/* The segments between slashes, decoded; empty ones are dropped. */
int url_path(text_t path, arena_t *arena, text_t segments[URL_SEGMENTS_MAX], size_t *n, err_t *err);

/* "a=1&b&c=x+y": a name without "=" has an empty value. */
int url_query(text_t raw, arena_t *arena, query_param_t **out, size_t *n, err_t *err);

/* What comes after the authority of an absolute-form target ("http://host/path"); other targets as they are. */
text_t url_target(text_t target);

#endif

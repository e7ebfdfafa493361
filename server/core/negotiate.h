/* negotiate.h - media types, encodings and small header values.
 *
 * Spec     RFC 9110, 12.5 (Accept, Accept-Encoding) and 8.3 (Content-Type); registry API, "Transport, headers, media types".
 */
#ifndef AVOW_SERVER_CORE_NEGOTIATE_H
#define AVOW_SERVER_CORE_NEGOTIATE_H

#include "compat/core/text.h"

/* What the registry API offers, the server's favourite first. */
typedef enum { MEDIA_V1_JSON, MEDIA_JSON_0, MEDIA_JSON, MEDIA_N, MEDIA_NONE = -1 } media_t;

const char *media_name(media_t media);

/* The type that this Accept header prefers, the first when it has no opinion (or none can be read from it), MEDIA_NONE when it
 * takes none of ours. TEXT_NONE is an absent header. Tools that ask for text/plain or text/html are given the favourite. */
media_t negotiate_accept(text_t accept);

/* Whether a body of this Content-Type is read as JSON; parameters are ignored, an absent or empty header is fine. */
bool negotiate_content_type(text_t content_type);

bool negotiate_gzip(text_t accept_encoding);

/* Whether this Accept header names text/html, as a browser does for what it shows. Wildcards do not. */
bool negotiate_html(text_t accept);

/* Whether a request id that came from outside may go into replies and logs as it is. */
bool request_id_valid(text_t id);
#define REQUEST_ID_BYTES 36
void request_id_make(char out[REQUEST_ID_BYTES]); /* UUID version 4; per-thread supply of random bytes */

#endif

/* body.h - request bodies: JSON objects, and their members read with the place in the message.
 *
 * Bodies go through jansson (schema texts inside them go through the library's own exact reader). Refused with a sentence that names line
 * and column: anything that is not JSON, duplicate keys, NUL, invalid UTF-8, nesting beyond the limit. jx_* are in call.h.
 */
#ifndef AVOW_SERVER_CORE_BODY_H
#define AVOW_SERVER_CORE_BODY_H

#include "server/core/call.h"

/* Parses c->body_text into c->body; json_decref it when the call is over. With `required`, an absent or null body is
 * ERR_BODY_INVALID; otherwise it leaves c->body NULL. */
int body_parse(call_t *c, bool required, int64_t max_depth);

#endif

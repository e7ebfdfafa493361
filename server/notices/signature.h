/* signature.h - how a delivery proves where it comes from: the Standard Webhooks scheme.
 *
 * The text signed is "<id>.<timestamp>.<body>", with HMAC-SHA256. A secret is "whsec_" and the key in base64; one that is not is
 * the key itself.
 */
#ifndef AVOW_SERVER_NOTICES_SIGNATURE_H
#define AVOW_SERVER_NOTICES_SIGNATURE_H

#include "compat/core/text.h"

/* "v1,<base64>", and once more after a space for the older secret (TEXT_NONE: there is none). In `arena`. */
text_t signature_make(text_t secret, text_t older_secret, text_t id, int64_t timestamp, text_t body,
                      arena_t *arena);

#endif

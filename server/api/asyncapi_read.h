/* asyncapi_read.h - an AsyncAPI document (2.x or 3.0) as a bundle: each message becomes an event with a draft of line 1.
 *
 * Memory   results are new references.
 */
#ifndef AVOW_SERVER_API_ASYNCAPI_READ_H
#define AVOW_SERVER_API_ASYNCAPI_READ_H

#include <jansson.h>

/* The bundle's events, and the schemas to be registered for them: [{"subject", "schemaType", "schema"}]. `owner` is the team of messages
 * that do not name theirs (x-owner.team); NULL: none. NULL, and a sentence in `why`, when the document cannot be used. */
json_t *asyncapi_read(const json_t *document, const char *owner, json_t **schemas, char why[256]);

#endif

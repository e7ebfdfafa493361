/* request.h - what calls of the registry API have in common, read from them. Private to server/registry.
 *
 * Functions that can fail return -1 with c->err set.
 */
#ifndef AVOW_SERVER_REGISTRY_REQUEST_H
#define AVOW_SERVER_REGISTRY_REQUEST_H

#include "catalog/candidate.h"
#include "catalog/version.h"
#include "server/core/call.h"

policy_t call_policy(const call_t *c);
who_t call_who(const call_t *c);

/* The subject of the path (its first parameter), in the context of the path. Where the route has no subject: that context. */
subject_name_t call_subject(const call_t *c);

int call_page(call_t *c, page_t *out); /* offset and limit, where any limit but a positive one means all */
int call_id(call_t *c, int32_t *out);  /* {id}: no integer of 32 bits is an unknown route */
int call_version(call_t *c, int32_t *out); /* {version}, the path's second parameter */

/* The body of register, lookup and check. */
int call_submission(call_t *c, submission_t *out);

/* Whether the caller may write this subject, or what is set for it: once an event owns it, its producers and its team. On a server that is open,
 * only somebody who says who they are is asked whether they may. ERR_FORBIDDEN. */
int call_owner_check(const call_t *c, tx_t *tx, const subject_name_t *subject);

/* A member as JSON text, for the catalog's own readers; TEXT_NONE if absent or null. */
text_t call_json(const call_t *c, const json_t *object, const char *name);

#endif

/* entity.h - the objects of the registry API, printed straight into a reply. Private to server/registry.
 *
 * What is null, empty text, empty list or empty object is left out, as other registries do. In the 7.x profile the type AVRO and
 * the fields of 8.x are left out too (docs/api.md, "Profiles").
 */
#ifndef AVOW_SERVER_REGISTRY_ENTITY_H
#define AVOW_SERVER_REGISTRY_ENTITY_H

#include "catalog/register.h"
#include "catalog/version.h"
#include "server/core/call.h"

/* An object or array under construction. */
typedef struct {
    buf_t buf;
    profile_t profile;
    bool first;
} out_t;

void out_init(out_t *out, const call_t *c);
void out_begin(out_t *out, char bracket);
void out_end(out_t *out, char bracket);
void out_item(out_t *out);                                 /* the comma before an item of an array */
void out_text(out_t *out, const char *name, text_t value); /* empty: nothing */
void out_int(out_t *out, const char *name, int64_t value);
void out_bool(out_t *out, const char *name, bool value);
void out_raw(out_t *out, const char *name, text_t json); /* none, [] and {}: nothing */

/* Makes it the reply, with status 200. */
void out_reply(out_t *out, call_t *c);

/* A version of a subject, as GET version, lookup and lists show it. */
void out_version(out_t *out, const version_t *version);

/* A schema, as GET by id and guid show it; without the closing bracket. */
void out_schema_open(out_t *out, const version_t *version);

/* The answer to a registration. */
void out_registered(out_t *out, const registered_t *registered);

/* [1,2,3] */
void reply_ints(call_t *c, const int32_t *values, size_t n);
void reply_texts(call_t *c, const text_t *values, size_t n);

/* Before a version is shown: replaces text and references by what format and referenceFormat ask for, and adds the headers that tell that
 * its line ends. */
int version_format(call_t *c, tx_t *tx, version_t *version);

/* The headers of catalog/deprecation.h. */
void reply_deprecation(call_t *c, text_t deprecation);

#endif

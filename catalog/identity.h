/* identity.h - the fingerprint by which a registry knows a schema again, published as its guid.
 *
 * An MD5 of canonical text, references, metadata and rule set, in the order that other registries use, so that one schema has one guid
 * everywhere.
 *
 * Spec     docs/api.md, "Identity".
 */
#ifndef AVOW_CATALOG_IDENTITY_H
#define AVOW_CATALOG_IDENTITY_H

#include "catalog/metadata.h"
#include "catalog/reference.h"
#include "catalog/rule_set.h"

#define UUID_BYTES 36

typedef struct {
    uint8_t bytes[16];
} identity_t;

identity_t identity_of(text_t canonical, const reference_t *references, size_t n_references,
                       const metadata_t *metadata, const rule_set_t *rule_set);

/* MD5 of a text alone. */
identity_t identity_of_text(text_t text);

bool identity_same(const identity_t *a, const identity_t *b);

text_t identity_text(const identity_t *identity, arena_t *arena); /* as a UUID: lower case, with dashes */

/* From a UUID, with or without dashes, in any case. */
bool identity_read(text_t text, identity_t *out);

#endif

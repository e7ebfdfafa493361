/* lookup.h - is this schema a version of a subject?
 *
 * Spec     docs/api.md, "Looking up".
 */
#ifndef AVOW_CATALOG_LOOKUP_H
#define AVOW_CATALOG_LOOKUP_H

#include "catalog/version.h"

/* The newest version that is what was sent; if there is none, the one that is what registering would make of it. An unqualified
 * subject is also looked for in the other contexts. ERR_SUBJECT_NOT_FOUND, ERR_SCHEMA_NOT_FOUND, ERR_SCHEMA_INVALID.
 * `deleted`: soft deleted versions count. */
int version_lookup(tx_t *tx, const subject_name_t *subject, const submission_t *submission, bool deleted,
                   const policy_t *policy, version_t *out, seen_t *seen);

#endif

/* removal.h - versions and subjects go: softly, then for good.
 *
 * A soft deleted version is hidden and can still be read by those who ask for it and by id. What is referred to stays:
 * by live schemas for a soft delete, by any for a hard one.
 *
 * Owns     with register.h: tables subject, schema, subject_version, schema_reference.
 * Spec     docs/api.md, "Deleting".
 */
#ifndef AVOW_CATALOG_REMOVAL_H
#define AVOW_CATALOG_REMOVAL_H

#include "catalog/settings.h"

/* `version` -1: the latest live one. *out: the version that went. */
int version_delete(tx_t *tx, const who_t *who, const subject_name_t *subject, int32_t version, bool permanent,
                   int32_t *out);

/* *out: the versions that went, ascending. */
int subject_delete(tx_t *tx, const who_t *who, const subject_name_t *subject, bool permanent, int32_t **out,
                   size_t *n);

/* Before a scope enters IMPORT mode: refused while there are live subjects in it; soft deleted ones go for good. The caller holds the
 * scope's lock. *purged: the scope is a subject that went, and its settings with it. */
int removal_before_import(tx_t *tx, const who_t *who, const subject_name_t *scope, bool *purged);

#endif

/* mode.h - whether versions of a scope may be registered and deleted: read, set, forget.
 *
 * Modes can be changed in READONLY, or one could never leave it.
 *
 * Owns     table mode.
 * Spec     docs/api.md, "Mode".
 */
#ifndef AVOW_CATALOG_MODE_H
#define AVOW_CATALOG_MODE_H

#include "catalog/settings.h"

/* The scope's own mode, or with `inherited` the one that holds there. ERR_MODE_NOT_SET for a subject without one. */
int mode_get(tx_t *tx, const subject_name_t *name, bool inherited, subject_mode_t *out);

/* Entering IMPORT wants `force` where there are live subjects; else it purges the soft deleted ones. FORWARD is for the
 * global scopes. */
int mode_set(tx_t *tx, const who_t *who, const subject_name_t *name, subject_mode_t mode, bool force,
             const policy_t *policy);

/* Forgets it, if it is set. */
int mode_clear(tx_t *tx, const who_t *who, const subject_name_t *name, const policy_t *policy);

/* `out`: what was set. ERR_SUBJECT_NOT_FOUND if nothing was; the global mode is then READWRITE. With `recursive`, also the
 * modes of the subjects in the context. */
int mode_delete(tx_t *tx, const who_t *who, const subject_name_t *name, bool recursive,
                const policy_t *policy, subject_mode_t *out);

#endif

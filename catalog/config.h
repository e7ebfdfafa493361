/* config.h - compatibility levels and the other settings of a scope: read, set, forget.
 *
 * A scope can be set before there is a subject of its name. What is refused in READONLY is refused here too.
 *
 * Owns     table config.
 * Spec     docs/api.md, "Config".
 */
#ifndef AVOW_CATALOG_CONFIG_H
#define AVOW_CATALOG_CONFIG_H

#include "catalog/settings.h"

/* What to change: keys that are not given keep their value, TEXT_NONE clears. Values are checked and canonical. */
typedef struct {
    config_t config;
    bool given[CONFIG_N];
} config_patch_t;

/* The scope's own config, or with `inherited` what holds there. ERR_CONFIG_NOT_SET for a subject without one; the default
 * context and everything always have a level. */
int config_get(tx_t *tx, const subject_name_t *name, bool inherited, const policy_t *policy, config_t *out);

/* `out`: the scope's config after the change. */
int config_set(tx_t *tx, const who_t *who, const subject_name_t *name, const config_patch_t *patch,
               config_t *out);

/* `out`: what was set. ERR_SUBJECT_NOT_FOUND if nothing was. */
int config_delete(tx_t *tx, const who_t *who, const subject_name_t *name, const policy_t *policy,
                  config_t *out);

#endif

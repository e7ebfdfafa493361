/* inherit.h - metadata and rules that a registered schema gets beyond what was sent: config defaults, those of the previous version
 * where none were sent, config overrides.
 *
 * Spec     docs/api.md, "Registering", step 5.
 */
#ifndef AVOW_CATALOG_INHERIT_H
#define AVOW_CATALOG_INHERIT_H

#include "catalog/state.h"

/* Whether anything can come of it. */
bool inherits_anything(const subject_state_t *state);
bool config_fills_in(const config_t *config);

/* `version` > 0: the property confluent:version is set to it if the previous version has one, or if `numbered`. */
int inherited_metadata(tx_t *tx, const subject_state_t *state, const metadata_t *sent, int32_t version,
                       bool numbered, const metadata_t **out);
int inherited_rules(tx_t *tx, const subject_state_t *state, const rule_set_t *sent, const rule_set_t **out);

#endif

#include "catalog/inherit.h"

bool config_fills_in(const config_t *config)
{
    return config->values[CONFIG_DEFAULT_METADATA].at != NULL ||
           config->values[CONFIG_OVERRIDE_METADATA].at != NULL ||
           config->values[CONFIG_DEFAULT_RULES].at != NULL ||
           config->values[CONFIG_OVERRIDE_RULES].at != NULL;
}

bool inherits_anything(const subject_state_t *state)
{
    const state_version_t *previous = state_latest(state);
    return config_fills_in(&state->config) ||
           (previous != NULL && (previous->metadata.at != NULL || previous->rule_set.at != NULL));
}

static int read_metadata(tx_t *tx, text_t json, const metadata_t **out)
{
    return metadata_read(json, "metadata", tx_arena(tx), out, tx_err(tx));
}

int inherited_metadata(tx_t *tx, const subject_state_t *state, const metadata_t *sent, int32_t version,
                       bool numbered, const metadata_t **out)
{
    arena_t *arena = tx_arena(tx);
    const state_version_t *previous = state_latest(state);
    const text_t *config = state->config.values;
    const metadata_t *before = NULL, *defaults, *overrides;
    if ((previous != NULL && read_metadata(tx, previous->metadata, &before) != 0) ||
        read_metadata(tx, config[CONFIG_DEFAULT_METADATA], &defaults) != 0 ||
        read_metadata(tx, config[CONFIG_OVERRIDE_METADATA], &overrides) != 0)
        return -1;
    const metadata_t *own = sent != NULL ? sent : before;
    *out = metadata_merge(metadata_merge(defaults, own, arena), overrides, arena);
    if (version > 0 && (numbered || metadata_property(before, METADATA_VERSION).at != NULL))
        *out = metadata_with_property(*out, METADATA_VERSION, text_printf(arena, "%d", version), arena);
    return 0;
}

static int read_rules(tx_t *tx, text_t json, const rule_set_t **out)
{
    return rule_set_read(json, "ruleSet", tx_arena(tx), out, tx_err(tx));
}

int inherited_rules(tx_t *tx, const subject_state_t *state, const rule_set_t *sent, const rule_set_t **out)
{
    arena_t *arena = tx_arena(tx);
    const state_version_t *previous = state_latest(state);
    const text_t *config = state->config.values;
    const rule_set_t *before = NULL, *defaults, *overrides;
    if ((previous != NULL && read_rules(tx, previous->rule_set, &before) != 0) ||
        read_rules(tx, config[CONFIG_DEFAULT_RULES], &defaults) != 0 ||
        read_rules(tx, config[CONFIG_OVERRIDE_RULES], &overrides) != 0)
        return -1;
    *out = rule_set_merge(rule_set_merge(defaults, sent != NULL ? sent : before, arena), overrides, arena);
    return rule_set_check(*out, tx_err(tx));
}

#include "server/operator.h"

policy_t conf_policy(const conf_t *conf)
{
    policy_t policy = {
        .level = (level_t)conf->compatibility,
        .normalize = conf->normalize,
        .validate_new_schemas = conf->validate_new_schemas,
        .mode_mutable = conf->mode_mutability,
        .max_schema_bytes = (size_t)conf->max_schema_bytes,
        .public_url = conf->public_url == NULL ? TEXT("") : text_of(conf->public_url),
        .limits = LIMITS_DEFAULT,
    };
    policy.limits.max_bytes = (size_t)conf->max_body_bytes;
    policy.limits.max_depth = (uint32_t)conf->max_depth;
    policy.limits.max_steps = (uint64_t)conf->max_steps;
    return policy;
}

#include "compat/avro/av_walk.h"

#define BREAKING      CLASS_BREAKING
#define RISKY         CLASS_RISKY
#define SAFE          CLASS_SAFE
#define DOCUMENTATION CLASS_DOCUMENTATION

static const struct {
    const char *name;
    finding_class_t class;
    const char *meaning;
} rules[RULE_N] = {
#define RULE(id, name, class, meaning) [RULE_##id] = {name, class, meaning},
#include "compat/rules.def"
#undef RULE
};

const char *rule_name(rule_t rule)
{
    return rules[rule].name;
}

finding_class_t rule_class(rule_t rule)
{
    return rules[rule].class;
}

const char *rule_meaning(rule_t rule)
{
    return rules[rule].meaning;
}

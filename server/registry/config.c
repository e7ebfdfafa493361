#include "catalog/config.h"

#include "catalog/rule_set.h"
#include "server/registry/entity.h"
#include "server/registry/handlers.h"
#include "server/registry/request.h"

/* In bodies of PUT and in their replies the level has another name than in those of GET and DELETE. */
#define LEVEL_IN_PUT "compatibility"

static void reply_config(call_t *c, const config_t *config, const char *level_key)
{
    reply_text(c, 200, NULL, config_text(config, level_key, c->arena));
}

/* GET /config, GET /config/{subject} */
int config_show(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    policy_t policy = call_policy(c);
    config_t config;
    if (config_get(tx, &subject, call_query_bool(c, "defaultToGlobal", false), &policy, &config) != 0)
        return -1;
    reply_config(c, &config, config_key(CONFIG_LEVEL));
    reply_depends(c, subject.subject.bytes > 0 ? DEPENDS_SUBJECT : DEPENDS_ALL, subject.qualified);
    return 0;
}

/* --- PUT ----------------------------------------------------------------------------------------------------------------- */

static int read_bool(call_t *c, const char *name, text_t *out)
{
    bool value;
    if (jx_bool(c, c->body, name, false, &value) != 0)
        return -1;
    *out = value ? TEXT("true") : TEXT("false");
    return 0;
}

static int read_level(call_t *c, const char *name, text_t *out)
{
    level_t level;
    text_t given;
    if (jx_text(c, c->body, name, TEXT_NONE, &given) != 0)
        return -1;
    if (!level_find(given, &level))
        return err_set(&c->err, ERR_LEVEL_INVALID, NULL);
    *out = text_of(level_name(level));
    return 0;
}

/* One of two words, in any case. */
static int read_word(call_t *c, const char *name, const char *what, text_t one, text_t other, text_t *out)
{
    text_t given;
    if (jx_text(c, c->body, name, TEXT_NONE, &given) != 0)
        return -1;
    if (!text_is_nocase(given, one.at) && !text_is_nocase(given, other.at))
        return err_set(&c->err, ERR_LEVEL_INVALID, "Invalid %s. Valid values are %s and %s", what, one.at,
                       other.at);
    *out = text_is_nocase(given, one.at) ? one : other;
    return 0;
}

static int read_policy(call_t *c, const char *name, text_t *out)
{
    return read_word(c, name, "compatibility policy", TEXT("STRICT"), TEXT("LENIENT"), out);
}

static int read_verdict_mode(call_t *c, const char *name, text_t *out)
{
    return read_word(c, name, "verdict mode", TEXT("CONFLUENT"), TEXT("STRICT"), out);
}

static int read_name(call_t *c, const char *name, text_t *out)
{
    if (jx_text(c, c->body, name, TEXT_NONE, out) != 0)
        return -1;
    if (out->bytes == 0)
        *out = TEXT_NONE; /* as good as none */
    return 0;
}

static int read_metadata(call_t *c, const char *name, text_t *out)
{
    const metadata_t *metadata;
    if (metadata_read(call_json(c, c->body, name), arena_printf(c->arena, "/%s", name), c->arena, &metadata,
                      &c->err) != 0)
        return -1;
    *out = metadata_text(metadata, c->arena);
    return 0;
}

static int read_rules(call_t *c, const char *name, text_t *out)
{
    const rule_set_t *rules;
    if (rule_set_read(call_json(c, c->body, name), arena_printf(c->arena, "/%s", name), c->arena, &rules,
                      &c->err) != 0 ||
        rule_set_check(rules, &c->err) != 0)
        return -1;
    *out = rule_set_text(rules, c->arena);
    return 0;
}

typedef int read_fn(call_t *c, const char *name, text_t *out);

static read_fn *const readers[] = {
    [KIND_LEVEL] = read_level,   [KIND_BOOL] = read_bool,
    [KIND_POLICY] = read_policy, [KIND_VERDICT_MODE] = read_verdict_mode,
    [KIND_TEXT] = read_name,     [KIND_METADATA] = read_metadata,
    [KIND_RULES] = read_rules,
};

/* What is null is cleared; what is absent stays. 8.1 called validateNewSchemas validateNames. */
static int read_patch(call_t *c, config_patch_t *patch)
{
    *patch = (config_patch_t){0};
    for (size_t key = 0; key < CONFIG_N; key++) {
        const char *name = key == CONFIG_LEVEL ? LEVEL_IN_PUT : config_key((config_key_t)key);
        if (key == CONFIG_VALIDATE_NEW && json_object_get(c->body, name) == NULL)
            name = "validateNames";
        const json_t *value = json_object_get(c->body, name);
        patch->given[key] = value != NULL;
        if (value != NULL && !json_is_null(value) &&
            readers[config_kind((config_key_t)key)](c, name, &patch->config.values[key]) != 0)
            return -1;
    }
    return 0;
}

/* PUT /config, PUT /config/{subject}. Up to 7.9 the reply says what was sent, since 8.0 what holds after it. */
int config_put(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    who_t who = call_who(c);
    config_patch_t patch;
    config_t merged;
    if (read_patch(c, &patch) != 0 || call_owner_check(c, tx, &subject) != 0 ||
        config_set(tx, &who, &subject, &patch, &merged) != 0)
        return -1;
    reply_config(c, c->profile == PROFILE_8 ? &merged : &patch.config, LEVEL_IN_PUT);
    return 0;
}

/* DELETE /config, DELETE /config/{subject} */
int config_remove(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    who_t who = call_who(c);
    policy_t policy = call_policy(c);
    config_t config;
    if (call_owner_check(c, tx, &subject) != 0 || config_delete(tx, &who, &subject, &policy, &config) != 0)
        return -1;
    reply_config(c, &config, config_key(CONFIG_LEVEL));
    return 0;
}

#include "catalog/config.h"

#include "catalog/line_level.h"
#include "catalog/refusal.h"

/* The global setting is asked for without a subject, and is never "not set". */
static bool is_global(const subject_name_t *name)
{
    return name->subject.bytes == 0 && context_is_default(name->context);
}

int config_get(tx_t *tx, const subject_name_t *name, bool inherited, const policy_t *policy, config_t *out)
{
    scopes_t scopes;
    if (scopes_get(tx, name, &scopes) != 0)
        return -1;
    if (!inherited && !is_global(name)) {
        if (!scopes.has_config[0])
            return refuse_config_not_set(tx_err(tx), name->qualified);
        *out = scopes.config[0];
        return 0;
    }
    *out = config_effective(&scopes, policy);
    return 0;
}

static int read_locked(tx_t *tx, const who_t *who, const subject_name_t *name, scopes_t *scopes)
{
    if (scope_check(name, tx_err(tx)) != 0 || scope_lock(tx, name) != 0 || scopes_get(tx, name, scopes) != 0)
        return -1;
    return mode_check_writable(mode_effective(scopes), name, who, tx_err(tx));
}

/* The scope's mode stays as it is. */
static int put(tx_t *tx, const subject_name_t *name, const scopes_t *scopes, const config_t *config)
{
    return scope_put(tx, name, config, scopes->has_mode[0] ? &scopes->mode[0] : NULL);
}

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, const subject_name_t *name,
                const config_t *before, const config_t *after)
{
    audit_t entry = who_audit(who, kind, name);
    text_t from = config_text(before, config_key(CONFIG_LEVEL), tx_arena(tx));
    text_t to = config_text(after, config_key(CONFIG_LEVEL), tx_arena(tx));
    entry.detail = text_printf(tx_arena(tx), "{\"from\":" TEXT_FMT ",\"to\":" TEXT_FMT "}", TEXT_ARG(from),
                               TEXT_ARG(to));
    return audit_note(tx, &entry);
}

int config_set(tx_t *tx, const who_t *who, const subject_name_t *name, const config_patch_t *patch,
               config_t *out)
{
    scopes_t scopes;
    if (read_locked(tx, who, name, &scopes) != 0)
        return -1;
    bool changed = false;
    *out = scopes.config[0];
    for (size_t key = 0; key < CONFIG_N; key++) {
        if (patch->given[key]) {
            changed |= (out->values[key].at == NULL) != (patch->config.values[key].at == NULL) ||
                       !text_eq(out->values[key], patch->config.values[key]);
            out->values[key] = patch->config.values[key];
        }
    }
    if (!changed)
        return 0;
    if (line_config_check(tx, name, &patch->config) != 0 || put(tx, name, &scopes, out) != 0)
        return -1;
    return note(tx, who, AUDIT_CONFIG_SET, name, &scopes.config[0], out);
}

int config_delete(tx_t *tx, const who_t *who, const subject_name_t *name, const policy_t *policy,
                  config_t *out)
{
    static const config_t nothing;
    scopes_t scopes;
    if (read_locked(tx, who, name, &scopes) != 0)
        return -1;
    if (!scopes.has_config[0] && !is_global(name))
        return refuse_subject_not_found(tx_err(tx), name->qualified);
    *out = is_global(name) ? config_effective(&scopes, policy) : scopes.config[0];
    if (!scopes.has_config[0])
        return 0;
    if (put(tx, name, &scopes, &nothing) != 0)
        return -1;
    return note(tx, who, AUDIT_CONFIG_DELETED, name, &scopes.config[0], &nothing);
}

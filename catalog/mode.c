#include "catalog/mode.h"

#include "catalog/line_level.h"
#include "catalog/refusal.h"
#include "catalog/removal.h"

static bool is_global(const subject_name_t *name)
{
    return name->subject.bytes == 0 && context_is_default(name->context);
}

int mode_get(tx_t *tx, const subject_name_t *name, bool inherited, subject_mode_t *out)
{
    scopes_t scopes;
    if (scopes_get(tx, name, &scopes) != 0)
        return -1;
    if (!inherited && !is_global(name) && !scopes.has_mode[0])
        return refuse_mode_not_set(tx_err(tx), name->qualified);
    *out = mode_effective(&scopes);
    return 0;
}

static int read_locked(tx_t *tx, const subject_name_t *name, const policy_t *policy, scopes_t *scopes)
{
    if (!policy->mode_mutable)
        return err_set(tx_err(tx), ERR_OPERATION_NOT_PERMITTED, "Mode changes are not allowed");
    if (scope_check(name, tx_err(tx)) != 0 || scope_lock(tx, name) != 0)
        return -1;
    return scopes_get(tx, name, scopes);
}

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, const subject_name_t *name,
                const scopes_t *before, const char *after)
{
    audit_t entry = who_audit(who, kind, name);
    const char *from = before->has_mode[0] ? mode_name(before->mode[0]) : NULL;
    entry.detail =
        text_printf(tx_arena(tx), "{\"from\":%s%s%s,\"to\":%s%s%s}", from ? "\"" : "", from ? from : "null",
                    from ? "\"" : "", after ? "\"" : "", after ? after : "null", after ? "\"" : "");
    return audit_note(tx, &entry);
}

int mode_set(tx_t *tx, const who_t *who, const subject_name_t *name, subject_mode_t mode, bool force,
             const policy_t *policy)
{
    static const config_t nothing;
    scopes_t scopes;
    bool purged = false; /* the subject of the scope, and its config with it */
    if (mode == MODE_FORWARD && !is_global(name) && !text_eq(name->qualified, SCOPE_EVERYWHERE))
        return err_set(tx_err(tx), ERR_MODE_INVALID, "Forward mode only supported on global level");
    if (read_locked(tx, name, policy, &scopes) != 0)
        return -1;
    if (mode == MODE_IMPORT && mode_effective(&scopes) != MODE_IMPORT && line_import_check(tx, name) != 0)
        return -1;
    bool purge = mode == MODE_IMPORT && !force && mode_effective(&scopes) != MODE_IMPORT;
    if (purge && removal_before_import(tx, who, name, &purged) != 0)
        return -1;
    if (scopes.has_mode[0] && scopes.mode[0] == mode)
        return 0;
    if (scope_put(tx, name, purged ? &nothing : &scopes.config[0], &mode) != 0)
        return -1;
    return note(tx, who, AUDIT_MODE_SET, name, &scopes, mode_name(mode));
}

int mode_clear(tx_t *tx, const who_t *who, const subject_name_t *name, const policy_t *policy)
{
    scopes_t scopes;
    if (read_locked(tx, name, policy, &scopes) != 0)
        return -1;
    if (!scopes.has_mode[0])
        return 0;
    if (scope_put(tx, name, &scopes.config[0], NULL) != 0)
        return -1;
    return note(tx, who, AUDIT_MODE_DELETED, name, &scopes, NULL);
}

int mode_delete(tx_t *tx, const who_t *who, const subject_name_t *name, bool recursive,
                const policy_t *policy, subject_mode_t *out)
{
    scopes_t scopes;
    if (read_locked(tx, name, policy, &scopes) != 0)
        return -1;
    if (!scopes.has_mode[0] && !is_global(name) && !recursive)
        return refuse_subject_not_found(tx_err(tx), name->qualified);
    *out = scopes.has_mode[0] ? scopes.mode[0] : mode_effective(&scopes);
    if (recursive && name->subject.bytes == 0) {
        name_ranges_t ranges = name_ranges(name->context, TEXT(""), tx_arena(tx));
        if (tx_send(tx, STMT_MODES_CLEAR_BELOW, sql_text(ranges.from[0]), sql_text(ranges.to[0]),
                    sql_text(ranges.from[1]), sql_text(ranges.to[1])) != 0)
            return -1;
    } else if (!scopes.has_mode[0]) {
        return 0;
    }
    if (scopes.has_mode[0] && scope_put(tx, name, &scopes.config[0], NULL) != 0)
        return -1;
    return note(tx, who, AUDIT_MODE_DELETED, name, &scopes, NULL);
}

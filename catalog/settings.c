#include "catalog/settings.h"

#include "catalog/refusal.h"
#include "compat/core/json_text.h"

static const struct {
    const char *key, *column;
    config_kind_t kind;
} keys[CONFIG_N] = {
#define XX(name, key, column, kind) [CONFIG_##name] = {key, column, kind},
    CONFIG_MAP(XX)
#undef XX
};

const char *config_key(config_key_t key)
{
    return keys[key].key;
}

config_kind_t config_kind(config_key_t key)
{
    return keys[key].kind;
}

text_t config_text(const config_t *config, const char *level_key, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '{');
    for (size_t i = 0; i < CONFIG_N; i++) {
        if (config->values[i].at == NULL)
            continue;
        if (buf_text(&out).bytes > 1)
            buf_add_char(&out, ',');
        buf_printf(&out, "\"%s\":", i == CONFIG_LEVEL ? level_key : keys[i].key);
        if (keys[i].kind == KIND_BOOL || keys[i].kind == KIND_METADATA || keys[i].kind == KIND_RULES)
            buf_add(&out, config->values[i]);
        else
            jv_print_string(&out, config->values[i]);
    }
    buf_add_char(&out, '}');
    return buf_end(&out, arena);
}

static const char *const mode_names[MODE_N] = {
    [MODE_READWRITE] = "READWRITE",
    [MODE_READONLY] = "READONLY",
    [MODE_READONLY_OVERRIDE] = "READONLY_OVERRIDE",
    [MODE_IMPORT] = "IMPORT",
    [MODE_FORWARD] = "FORWARD",
};

const char *mode_name(subject_mode_t mode)
{
    return mode_names[mode];
}

bool mode_find(text_t name, subject_mode_t *out)
{
    for (size_t i = 0; i < MODE_N; i++) {
        if (text_is_nocase(name, mode_names[i])) {
            *out = (subject_mode_t)i;
            return true;
        }
    }
    return false;
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

/* Whether there was anything. */
static bool config_read(const jv_t *object, config_t *out)
{
    bool any = false;
    for (size_t i = 0; i < CONFIG_N; i++) {
        const jv_t *value = jv_get(object, keys[i].column);
        if (value == NULL || value->kind == JV_NULL)
            continue;
        any = true;
        if (keys[i].kind == KIND_BOOL)
            out->values[i] = value->kind == JV_TRUE ? TEXT("true") : TEXT("false");
        else if (value->kind == JV_STRING)
            out->values[i] = value->text;
    }
    return any;
}

static size_t scope_index(const jv_t *object, const text_t *scopes, size_t n)
{
    const jv_t *scope = jv_get(object, "scope");
    for (size_t i = 0; scope != NULL && scope->kind == JV_STRING && i < n; i++)
        if (text_eq(scope->text, scopes[i]))
            return i;
    return n;
}

int settings_read(rows_t *rows, arena_t *arena, jv_t **out, err_t *err)
{
    text_t json = row_text_or_none(rows, "settings");
    limits_t limits = LIMITS_DEFAULT;
    limits.max_bytes = SIZE_MAX;
    *out = NULL;
    if (json.at == NULL)
        return 0;
    if (jv_read(json, JV_STRICT, &limits, arena, out, NULL) != 0 || (*out)->kind != JV_ARRAY)
        return err_set(err, ERR_INTERNAL, NULL);
    return 0;
}

void scopes_choose(const jv_t *settings, const subject_name_t *name, arena_t *arena, scopes_t *out)
{
    text_t scopes[SCOPES_MAX];
    *out = (scopes_t){.n = scope_chain(name, arena, scopes)};
    for (uint32_t i = 0; settings != NULL && i < settings->n; i++) {
        const jv_t *row = &settings->items[i];
        size_t at = scope_index(row, scopes, out->n);
        if (at == out->n)
            continue;
        out->has_config[at] = config_read(row, &out->config[at]);
        const jv_t *mode = jv_get(row, "mode"), *alias_of = jv_get(row, "alias_of");
        if (mode != NULL && mode->kind == JV_STRING)
            out->has_mode[at] = mode_find(mode->text, &out->mode[at]);
        if (at == 0 && alias_of != NULL && alias_of->kind == JV_STRING)
            out->alias_of = alias_of->text;
    }
}

int scopes_read(rows_t *rows, const subject_name_t *name, arena_t *arena, scopes_t *out, err_t *err)
{
    jv_t *settings;
    if (settings_read(rows, arena, &settings, err) != 0)
        return -1;
    scopes_choose(settings, name, arena, out);
    return 0;
}

int scopes_get(tx_t *tx, const subject_name_t *name, scopes_t *out)
{
    text_t scopes[SCOPES_MAX];
    size_t n = scope_chain(name, tx_arena(tx), scopes);
    rows_t *rows;
    if (tx_query(tx, STMT_SETTINGS_GET, &rows, sql_text_array(scopes, n, tx_arena(tx))) != 0)
        return -1;
    rows_next(rows);
    if (scopes_read(rows, name, tx_arena(tx), out, tx_err(tx)) != 0)
        return -1;
    return row_end(rows);
}

/* --- writing ------------------------------------------------------------------------------------------------------------- */

int scope_lock(tx_t *tx, const subject_name_t *name)
{
    if (name->subject.bytes > 0)
        return tx_send(tx, STMT_SUBJECT_LOCK, sql_text(name->context), sql_text(name->qualified));
    return tx_send(tx, STMT_CONTEXT_LOCK, sql_text(name->context));
}

int scope_put(tx_t *tx, const subject_name_t *name, const config_t *config, const subject_mode_t *mode)
{
    const text_t *v = config->values;
    text_t scopes[SCOPES_MAX], alias_of = TEXT_NONE;
    bool anything = mode != NULL;
    scope_chain(name, tx_arena(tx), scopes);
    for (size_t key = 0; key < CONFIG_N; key++)
        anything |= v[key].at != NULL;
    if (!anything)
        return tx_send(tx, STMT_SETTING_REMOVE, sql_text(scopes[0]));
    if (v[CONFIG_ALIAS].at != NULL && name->subject.bytes > 0)
        alias_of = subject_name_parse(v[CONFIG_ALIAS], name->context, tx_arena(tx)).qualified;
    return tx_send(tx, STMT_SETTING_PUT, sql_text(scopes[0]),
                   mode == NULL ? sql_null() : sql_text(text_of(mode_name(*mode))),
                   sql_text_or_null(v[CONFIG_LEVEL]), sql_text_or_null(v[CONFIG_NORMALIZE]),
                   sql_text_or_null(v[CONFIG_VALIDATE_FIELDS]), sql_text_or_null(v[CONFIG_VALIDATE_NEW]),
                   sql_text_or_null(v[CONFIG_VALIDATE_RULES]), sql_text_or_null(v[CONFIG_POLICY]),
                   sql_text_or_null(v[CONFIG_VERDICT_MODE]), sql_text_or_null(v[CONFIG_GROUP]),
                   sql_text_or_null(v[CONFIG_ALIAS]), sql_text_or_null(v[CONFIG_DEFAULT_METADATA]),
                   sql_text_or_null(v[CONFIG_OVERRIDE_METADATA]), sql_text_or_null(v[CONFIG_DEFAULT_RULES]),
                   sql_text_or_null(v[CONFIG_OVERRIDE_RULES]), sql_text_or_null(alias_of));
}

/* --- what holds ---------------------------------------------------------------------------------------------------------- */

/* These are not inherited once there is a nearer config. */
static bool of_nearest_only(config_key_t key)
{
    return key == CONFIG_LEVEL || key == CONFIG_ALIAS || keys[key].kind == KIND_METADATA ||
           keys[key].kind == KIND_RULES;
}

config_t config_effective(const scopes_t *scopes, const policy_t *policy)
{
    config_t merged = {0};
    size_t nearest = 0;
    while (nearest < scopes->n && !scopes->has_config[nearest])
        nearest++;
    for (size_t key = 0; key < CONFIG_N; key++)
        for (size_t i = nearest; i < scopes->n && merged.values[key].at == NULL; i++)
            if (i == nearest || !of_nearest_only((config_key_t)key))
                merged.values[key] = scopes->config[i].values[key];
    if (nearest > 0)
        merged.values[CONFIG_ALIAS] = TEXT_NONE; /* a context has none to give */
    if (merged.values[CONFIG_LEVEL].at == NULL)
        merged.values[CONFIG_LEVEL] = text_of(level_name(policy->level));
    return merged;
}

subject_mode_t mode_effective(const scopes_t *scopes)
{
    for (size_t i = 0; i < scopes->n; i++)
        if (scopes->has_mode[i])
            return scopes->mode[i];
    return MODE_READWRITE;
}

bool config_is(const config_t *config, config_key_t key)
{
    return text_is(config->values[key], "true");
}

bool config_is_or(const config_t *config, config_key_t key, bool not_set)
{
    return config->values[key].at == NULL ? not_set : config_is(config, key);
}

level_t config_level(const config_t *config)
{
    level_t level = LEVEL_BACKWARD;
    level_find(config->values[CONFIG_LEVEL], &level);
    return level;
}

int mode_check_writable(subject_mode_t mode, const subject_name_t *name, const who_t *who, err_t *err)
{
    if (mode != MODE_READONLY && mode != MODE_READONLY_OVERRIDE)
        return 0;
    return refuse_in_mode(err, name, "in read-only mode", who->names_context);
}

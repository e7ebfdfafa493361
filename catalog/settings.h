/* settings.h - which settings hold for a subject: its own, its context's, those under everything, the operator's.
 *
 * Rules (docs/api.md, "What is inherited"): the nearest config that exists gives the level, alias, default and override
 * metadata and rules; one without a level means the operator's level. Everything else comes from the nearest config that says
 * it. The nearest mode that exists holds, else READWRITE.
 *
 * Memory   in the arena of the rows they were read from.
 */
#ifndef AVOW_CATALOG_SETTINGS_H
#define AVOW_CATALOG_SETTINGS_H

#include "catalog/db/db.h"
#include "catalog/name.h"
#include "catalog/who.h"
#include "compat/compat.h"

/* XX(name, key in bodies, column, kind). Kinds say how a value is read and printed; it is kept as text in every case. */
#define CONFIG_MAP(XX)                                                            \
    XX(LEVEL, "compatibilityLevel", "level", KIND_LEVEL)                          \
    XX(NORMALIZE, "normalize", "normalize", KIND_BOOL)                            \
    XX(VALIDATE_FIELDS, "validateFields", "validate_fields", KIND_BOOL)           \
    XX(VALIDATE_NEW, "validateNewSchemas", "validate_new_schemas", KIND_BOOL)     \
    XX(VALIDATE_RULES, "validateRules", "validate_rules", KIND_BOOL)              \
    XX(POLICY, "compatibilityPolicy", "policy", KIND_POLICY)                      \
    XX(VERDICT_MODE, "verdictMode", "verdict_mode", KIND_VERDICT_MODE)            \
    XX(GROUP, "compatibilityGroup", "compatibility_group", KIND_TEXT)             \
    XX(ALIAS, "alias", "alias", KIND_TEXT)                                        \
    XX(DEFAULT_METADATA, "defaultMetadata", "default_metadata", KIND_METADATA)    \
    XX(OVERRIDE_METADATA, "overrideMetadata", "override_metadata", KIND_METADATA) \
    XX(DEFAULT_RULES, "defaultRuleSet", "default_rule_set", KIND_RULES)           \
    XX(OVERRIDE_RULES, "overrideRuleSet", "override_rule_set", KIND_RULES)

typedef enum {
#define XX(name, key, column, kind) CONFIG_##name,
    CONFIG_MAP(XX)
#undef XX
        CONFIG_N
} config_key_t;

typedef enum {
    KIND_LEVEL,
    KIND_BOOL,
    KIND_POLICY,
    KIND_VERDICT_MODE,
    KIND_TEXT,
    KIND_METADATA,
    KIND_RULES
} config_kind_t;

const char *config_key(config_key_t key);
config_kind_t config_kind(config_key_t key);

/* One scope's config. TEXT_NONE: not set. Booleans are "true" and "false", metadata and rules JSON. */
typedef struct {
    text_t values[CONFIG_N];
} config_t;

/* {"compatibilityLevel":"FULL",...}: what is set, as it is served. `level_key` is the key of the level. */
text_t config_text(const config_t *config, const char *level_key, arena_t *arena);

typedef enum {
    MODE_READWRITE,
    MODE_READONLY,
    MODE_READONLY_OVERRIDE,
    MODE_IMPORT,
    MODE_FORWARD
} subject_mode_t;
#define MODE_N 5
const char *mode_name(subject_mode_t mode);
bool mode_find(text_t name, subject_mode_t *out); /* any case */

/* What the operator set; the same for every call. */
typedef struct {
    level_t level;
    bool normalize;
    bool validate_new_schemas;
    bool mode_mutable;
    size_t max_schema_bytes; /* 0: as much as arrives */
    text_t public_url;       /* under which people reach this server; empty: paths do */
    limits_t limits;
} policy_t;

typedef struct {
    config_t config[SCOPES_MAX]; /* nearest first */
    bool has_config[SCOPES_MAX];
    subject_mode_t mode[SCOPES_MAX];
    bool has_mode[SCOPES_MAX];
    size_t n;
    text_t alias_of; /* of the nearest scope; TEXT_NONE */
} scopes_t;          /* a scope has a config if anything but its mode is set */

/* From the column settings of the current row: what scope_chain(name) has. */
int scopes_read(rows_t *rows, const subject_name_t *name, arena_t *arena, scopes_t *out, err_t *err);

/* The same in two steps, where one column has the settings of several names. *out is NULL when there are none. */
typedef struct jv jv_t;
int settings_read(rows_t *rows, arena_t *arena, jv_t **out, err_t *err);
void scopes_choose(const jv_t *settings, const subject_name_t *name, arena_t *arena, scopes_t *out);

/* Asks the database (one statement). */
int scopes_get(tx_t *tx, const subject_name_t *name, scopes_t *out);

/* Writes the nearest scope's row, or removes it if nothing is set. Travels with the next query. */
int scope_put(tx_t *tx, const subject_name_t *name, const config_t *config, const subject_mode_t *mode);

/* Alone with the scope: with a subject's own writers, or with every writer of a context. Travels with the next query. */
int scope_lock(tx_t *tx, const subject_name_t *name);

/* What holds, every key merged; the level is always set. */
config_t config_effective(const scopes_t *scopes, const policy_t *policy);
subject_mode_t mode_effective(const scopes_t *scopes);

/* Booleans of a merged config. */
bool config_is(const config_t *config, config_key_t key);
bool config_is_or(const config_t *config, config_key_t key, bool not_set);
level_t config_level(const config_t *config);

/* Refuses writes in READONLY: ERR_OPERATION_NOT_PERMITTED. */
int mode_check_writable(subject_mode_t mode, const subject_name_t *name, const who_t *who, err_t *err);

#endif

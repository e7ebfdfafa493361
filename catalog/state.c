#include "catalog/state.h"

#include <stdatomic.h>
#include <stdlib.h>

int subject_lock(tx_t *tx, const subject_name_t *name)
{
    return tx_send(tx, STMT_SUBJECT_LOCK, sql_text(name->context), sql_text(name->qualified));
}

static int version_read(tx_t *tx, rows_t *rows, state_version_t *out)
{
    out->version = row_i32(rows, "version");
    out->deleted = row_bool(rows, "deleted");
    out->schema_id = row_i32(rows, "schema_id");
    out->references = row_text_or_none(rows, "refs");
    out->metadata = row_text_or_none(rows, "metadata");
    out->rule_set = row_text_or_none(rows, "rule_set");
    out->text = row_text_or_none(rows, "text");
    out->ts_ms = row_i64(rows, "ts");
    if (!identity_read(row_text(rows, "identity"), &out->identity) ||
        !format_find(row_text(rows, "type"), &out->format))
        return err_set(tx_err(tx), ERR_INTERNAL, NULL);
    return 0;
}

static int compare_newest_first(const void *a, const void *b)
{
    const state_version_t *x = a, *y = b;
    return (x->version < y->version) - (x->version > y->version);
}

static void sort_versions(subject_state_t *state)
{
    size_t n = 0;
    if (state->n_versions > 1)
        qsort(state->versions, state->n_versions, sizeof *state->versions, compare_newest_first);
    for (size_t i = 0; i < state->n_versions; i++)
        if (n == 0 || state->versions[n - 1].version != state->versions[i].version)
            state->versions[n++] = state->versions[i];
    state->n_versions = n;
    state->last_version = n > 0 ? state->versions[0].version : 0;
}

static int state_read(tx_t *tx, rows_t *rows, const policy_t *policy, subject_state_t *out)
{
    out->versions = ARENA_ARRAY(tx_arena(tx), state_version_t, rows_n(rows));
    for (bool first = true; rows_next(rows); first = false) {
        if (first) {
            out->context_id = row_is_null(rows, "context_id") ? -1 : row_i32(rows, "context_id");
            out->subject_id = row_is_null(rows, "subject_id") ? 0 : row_i64(rows, "subject_id");
            out->owner_id = row_is_null(rows, "owner_id") ? 0 : row_i32(rows, "owner_id");
            out->live = row_bool(rows, "live");
            if (scopes_read(rows, &out->name, tx_arena(tx), &out->scopes, tx_err(tx)) != 0)
                return -1;
        }
        if (!row_is_null(rows, "version") && version_read(tx, rows, &out->versions[out->n_versions++]) != 0)
            return -1;
    }
    sort_versions(out);
    out->config = config_effective(&out->scopes, policy);
    out->mode = mode_effective(&out->scopes);
    return row_end(rows);
}

static int ask(tx_t *tx, const subject_name_t *name, const candidate_t *candidate, bool all,
               const policy_t *policy, subject_state_t *out)
{
    arena_t *arena = tx_arena(tx);
    text_t scopes[SCOPES_MAX];
    size_t n_scopes = scope_chain(name, arena, scopes);
    sql_arg_t identity = sql_null(), shape = sql_null();
    if (candidate != NULL) {
        identity = sql_text(identity_text(&candidate->identity, arena));
        shape = sql_text(identity_text(&candidate->shape, arena));
    }
    rows_t *rows;
    *out = (subject_state_t){.name = *name};
    if (tx_query(tx, STMT_SUBJECT_STATE, &rows, sql_text(name->context), sql_text(name->qualified),
                 sql_text_array(scopes, n_scopes, arena), identity, shape, sql_bool(all)) != 0)
        return -1;
    return state_read(tx, rows, policy, out);
}

/* The highest version alone does not do. */
static bool needs_all(const subject_state_t *state, const state_wanted_t *wanted)
{
    bool has_wanted = wanted->version <= 0;
    for (size_t i = 0; i < state->n_versions; i++)
        has_wanted |= state->versions[i].version == wanted->version;
    return level_is_transitive(config_level(&state->config)) ||
           state->config.values[CONFIG_GROUP].at != NULL ||
           (state->live && state_latest(state) != &state->versions[0]) || !has_wanted;
}

/* Which subjects needed all their versions last time, by hash: a wrong guess costs a wait or some rows. */
#define HINTS 8192
static atomic_bool hints[HINTS];

static int state_get_once(tx_t *tx, const subject_name_t *name, const state_wanted_t *wanted, bool lock,
                          const policy_t *policy, subject_state_t *out)
{
    atomic_bool *hint = &hints[text_hash(name->qualified, 0) % HINTS];
    bool all = atomic_load_explicit(hint, memory_order_relaxed);
    if (lock && subject_lock(tx, name) != 0)
        return -1;
    if (ask(tx, name, wanted->candidate, all, policy, out) != 0)
        return -1;
    bool needed = out->n_versions > 0 && needs_all(out, wanted);
    if (needed != all && out->n_versions > 0)
        atomic_store_explicit(hint, needed, memory_order_relaxed);
    if (!needed || all)
        return 0;
    return ask(tx, name, wanted->candidate, true, policy, out);
}

int subject_state_get(tx_t *tx, const subject_name_t *name, const state_wanted_t *wanted, bool lock,
                      const policy_t *policy, subject_state_t *out)
{
    if (state_get_once(tx, name, wanted, lock, policy, out) != 0)
        return -1;
    if (out->scopes.alias_of.at == NULL)
        return 0;
    subject_name_t meant = subject_name_parse(out->scopes.alias_of, TEXT_NONE, tx_arena(tx));
    return state_get_once(tx, &meant, wanted, lock, policy, out);
}

const state_version_t *state_latest(const subject_state_t *state)
{
    for (size_t i = 0; i < state->n_versions; i++)
        if (!state->versions[i].deleted)
            return &state->versions[i];
    return NULL;
}

/* --- matching ------------------------------------------------------------------------------------------------------------ */

static bool described_alike(tx_t *tx, const state_version_t *version, const candidate_t *candidate)
{
    const metadata_t *metadata;
    err_t ignored = {0};
    if (!text_eq(version->rule_set, candidate->rule_set_text) ||
        (version->rule_set.at == NULL) != (candidate->rule_set_text.at == NULL))
        return false;
    if (metadata_read(version->metadata, "metadata", tx_arena(tx), &metadata, &ignored) != 0)
        return false;
    return metadata_matches(candidate->metadata, metadata, version->version);
}

/* 1: the same version; 0: not; -1: failed */
static int version_matches(tx_t *tx, const subject_state_t *state, const state_version_t *version,
                           const candidate_t *candidate, const policy_t *policy)
{
    bool refers_alike = text_eq(version->references, candidate->references_text);
    bool sent_inlined = candidate->references.n == 0 && version->references.at != NULL;
    if (version->format != candidate->format || (!refers_alike && !sent_inlined) ||
        !described_alike(tx, version, candidate))
        return 0;
    if (text_eq(version->text, candidate->text) && refers_alike)
        return 1;
    if (version->format != FORMAT_AVRO)
        return text_eq(version->text, candidate->text);
    stored_schema_t stored = {.context_id = state->context_id,
                              .id = version->schema_id,
                              .identity = version->identity,
                              .format = version->format};
    int result = -1;
    if (stored_schemas_get(tx, &stored, 1, policy) == 0)
        result = schema_equal(candidate->schema, stored.schema);
    stored_schemas_unref(&stored, 1);
    return result;
}

int state_match(tx_t *tx, const subject_state_t *state, const candidate_t *candidate, bool deleted,
                const policy_t *policy, const state_version_t **out)
{
    *out = NULL;
    for (size_t i = 0; i < state->n_versions && *out == NULL; i++) {
        const state_version_t *version = &state->versions[i];
        if ((version->deleted && !deleted) || version->text.at == NULL)
            continue;
        int matches = identity_same(&version->identity, &candidate->identity)
                          ? 1
                          : version_matches(tx, state, version, candidate, policy);
        if (matches < 0)
            return -1;
        if (matches)
            *out = version;
    }
    return 0;
}

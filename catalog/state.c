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

static void read_subject(rows_t *rows, subject_state_t *out, state_version_t *versions)
{
    out->context_id = row_is_null(rows, "context_id") ? -1 : row_i32(rows, "context_id");
    out->subject_id = row_is_null(rows, "subject_id") ? 0 : row_i64(rows, "subject_id");
    out->line_id = row_is_null(rows, "line_id") ? 0 : row_i64(rows, "line_id");
    out->live = row_bool(rows, "live");
    out->owner_id = row_is_null(rows, "owner_id") ? 0 : row_i32(rows, "owner_id");
    out->versions = versions;
    out->n_versions = 0;
}

static void settle(subject_state_t *state, const jv_t *settings, arena_t *arena, const policy_t *policy)
{
    sort_versions(state);
    scopes_choose(settings, &state->name, arena, &state->scopes);
    state->config = config_effective(&state->scopes, policy);
    state->mode = mode_effective(&state->scopes);
}

/* The rows come in the order of the asks; each has one at least. */
static int states_read(tx_t *tx, rows_t *rows, state_ask_t *asks, size_t n, const policy_t *policy)
{
    state_version_t *versions = ARENA_ARRAY(tx_arena(tx), state_version_t, rows_n(rows));
    jv_t *settings = NULL;
    size_t at = 0;
    while (rows_next(rows)) {
        size_t i = (size_t)row_i64(rows, "i");
        if (i == at + 1 && i <= n) {
            read_subject(rows, &asks[at].state, versions);
            asks[at].locked = row_bool(rows, "locked");
            if (at == 0 && settings_read(rows, tx_arena(tx), &settings, tx_err(tx)) != 0)
                return -1;
            at++;
        } else if (i != at) {
            break;
        }
        if (row_is_null(rows, "version"))
            continue;
        if (version_read(tx, rows, versions++) != 0)
            return -1;
        asks[at - 1].state.n_versions++;
    }
    if (row_end(rows) != 0)
        return -1;
    if (at != n)
        return err_set(tx_err(tx), ERR_INTERNAL, "The states of %zu subjects were asked for, %zu came", n,
                       at);
    for (size_t i = 0; i < n; i++)
        settle(&asks[i].state, settings, tx_arena(tx), policy);
    return 0;
}

/* Each scope once, but for the subjects' own, which differ anyway. */
static size_t add_scopes(const subject_name_t *name, arena_t *arena, text_t *scopes, size_t n)
{
    text_t chain[SCOPES_MAX];
    size_t n_chain = scope_chain(name, arena, chain), n_before = n;
    for (size_t i = 0; i < n_chain; i++) {
        bool there = false;
        for (size_t k = 0; i > 0 && k < n_before && !there; k++)
            there = text_eq(scopes[k], chain[i]);
        if (!there)
            scopes[n++] = chain[i];
    }
    return n;
}

static int ask(tx_t *tx, state_ask_t *asks, size_t n, const policy_t *policy)
{
    arena_t *arena = tx_arena(tx);
    text_t *contexts = ARENA_ARRAY(arena, text_t, n), *qualified = ARENA_ARRAY(arena, text_t, n);
    text_t *identities = ARENA_ARRAY(arena, text_t, n), *shapes = ARENA_ARRAY(arena, text_t, n);
    text_t *every = ARENA_ARRAY(arena, text_t, n), *scopes = ARENA_ARRAY(arena, text_t, n * SCOPES_MAX);
    size_t n_scopes = 0;
    for (size_t i = 0; i < n; i++) {
        const subject_name_t *name = &asks[i].name;
        const candidate_t *candidate = asks[i].candidate;
        contexts[i] = name->context;
        qualified[i] = name->qualified;
        identities[i] = candidate == NULL ? TEXT_NONE : identity_text(&candidate->identity, arena);
        shapes[i] = candidate == NULL ? TEXT_NONE : identity_text(&candidate->shape, arena);
        every[i] = asks[i].every ? TEXT("t") : TEXT("f");
        n_scopes = add_scopes(name, arena, scopes, n_scopes);
        asks[i].state = (subject_state_t){.name = *name};
    }
    rows_t *rows;
    if (tx_query(tx, STMT_SUBJECT_STATES, &rows, sql_text_array(contexts, n, arena),
                 sql_text_array(qualified, n, arena), sql_text_array(identities, n, arena),
                 sql_text_array(shapes, n, arena), sql_text_array(every, n, arena),
                 sql_text_array(scopes, n_scopes, arena)) != 0)
        return -1;
    return states_read(tx, rows, asks, n, policy);
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

static atomic_bool *hint_of(const subject_name_t *name)
{
    return &hints[text_hash(name->qualified, 0) % HINTS];
}

/* Whether what was asked for is enough. The next one will ask for what was needed this time. */
static bool is_enough(const state_ask_t *asked, const state_wanted_t *wanted)
{
    if (asked->state.n_versions == 0)
        return true;
    bool needed = needs_all(&asked->state, wanted);
    if (needed != asked->every)
        atomic_store_explicit(hint_of(&asked->name), needed, memory_order_relaxed);
    return asked->every || !needed;
}

static int state_get_once(tx_t *tx, const subject_name_t *name, const state_wanted_t *wanted, bool lock,
                          const policy_t *policy, subject_state_t *out)
{
    state_ask_t one = {.name = *name,
                       .candidate = wanted->candidate,
                       .every = atomic_load_explicit(hint_of(name), memory_order_relaxed)};
    if (lock && subject_lock(tx, name) != 0)
        return -1;
    if (ask(tx, &one, 1, policy) != 0)
        return -1;
    if (!is_enough(&one, wanted)) {
        one.every = true;
        if (ask(tx, &one, 1, policy) != 0)
            return -1;
    }
    *out = one.state;
    return 0;
}

int subject_states_try(tx_t *tx, state_ask_t *asks, size_t n, const policy_t *policy)
{
    arena_t *arena = tx_arena(tx);
    text_t *contexts = ARENA_ARRAY(arena, text_t, n), *qualified = ARENA_ARRAY(arena, text_t, n);
    for (size_t i = 0; i < n; i++) {
        contexts[i] = asks[i].name.context;
        qualified[i] = asks[i].name.qualified;
        asks[i].every = atomic_load_explicit(hint_of(&asks[i].name), memory_order_relaxed);
    }
    if (tx_send(tx, STMT_SUBJECTS_TRY_LOCK, sql_text_array(contexts, n, arena),
                sql_text_array(qualified, n, arena)) != 0 ||
        ask(tx, asks, n, policy) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        state_wanted_t wanted = {.candidate = asks[i].candidate};
        asks[i].enough = is_enough(&asks[i], &wanted);
    }
    return 0;
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

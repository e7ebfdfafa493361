#include "catalog/check.h"

#include "catalog/gate.h"
#include "catalog/refusal.h"
#include "compat/json/confluent_difference.h"

#define FINDINGS_MAX 1000

/* --- reserved fields: names that metadata keeps from being used at the top of a schema -------------------------------------- */

static size_t split(text_t list, arena_t *arena, text_t **out)
{
    size_t n = 0, from = 0;
    *out = ARENA_ARRAY(arena, text_t, list.bytes + 1);
    for (size_t i = 0; list.at != NULL && i <= list.bytes; i++) {
        if (i < list.bytes && list.at[i] != ',')
            continue;
        text_t name = text_trim((text_t){list.at + from, i - from});
        if (name.bytes > 0)
            (*out)[n++] = name;
        from = i + 1;
    }
    return n;
}

static bool among(text_t name, const text_t *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text_eq(names[i], name))
            return true;
    return false;
}

static text_t reserved_of(text_t metadata_json, tx_t *tx)
{
    const metadata_t *metadata;
    err_t ignored = {0};
    if (metadata_read(metadata_json, "metadata", tx_arena(tx), &metadata, &ignored) != 0)
        return TEXT_NONE;
    return metadata_property(metadata, METADATA_RESERVED);
}

static text_t reserved_message(cf_difference_t difference, text_t name, arena_t *arena)
{
    text_t sentence = cf_difference_sentence(difference, name, "new", "old", arena);
    return text_printf(arena, "{errorType:\"%s\", description:\"" TEXT_FMT "\"}",
                       cf_difference_name(difference), TEXT_ARG(sentence));
}

static size_t check_reserved(tx_t *tx, const candidate_t *candidate, const state_version_t *latest,
                             text_t **messages)
{
    arena_t *arena = tx_arena(tx);
    text_t *now, *before;
    const text_t *fields;
    size_t n_now = split(metadata_property(candidate->metadata, METADATA_RESERVED), arena, &now);
    size_t n_before = split(latest == NULL ? TEXT_NONE : reserved_of(latest->metadata, tx), arena, &before);
    size_t n_fields = n_now == 0 ? 0 : schema_top_fields(candidate->schema, arena, &fields);
    size_t n = 0;
    *messages = ARENA_ARRAY(arena, text_t, n_now + n_before);
    for (size_t i = 0; i < n_before; i++)
        if (!among(before[i], now, n_now))
            (*messages)[n++] = reserved_message(CF_RESERVED_PROPERTY_REMOVED, before[i], arena);
    for (size_t i = 0; i < n_now; i++)
        if (among(now[i], fields, n_fields))
            (*messages)[n++] = reserved_message(CF_RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY, now[i], arena);
    return n;
}

/* --- levels -------------------------------------------------------------------------------------------------------------- */

static bool in_group(tx_t *tx, text_t group, const candidate_t *candidate, const state_version_t *version)
{
    const metadata_t *metadata;
    err_t ignored = {0};
    if (group.at == NULL)
        return true;
    if (metadata_read(version->metadata, "metadata", tx_arena(tx), &metadata, &ignored) != 0)
        return false;
    text_t a = metadata_property(candidate->metadata, group), b = metadata_property(metadata, group);
    return (a.at == NULL) == (b.at == NULL) && text_eq(a, b);
}

/* The versions that the level looks at, newest first. */
static size_t choose(tx_t *tx, const subject_state_t *state, const candidate_t *candidate,
                     int32_t only_version, const state_version_t **out)
{
    level_t level = config_level(&state->config);
    size_t n = 0;
    for (size_t i = 0; i < state->n_versions && level != LEVEL_NONE; i++) {
        const state_version_t *version = &state->versions[i];
        if (version->deleted || (only_version != 0 && version->version != only_version) ||
            !in_group(tx, state->config.values[CONFIG_GROUP], candidate, version))
            continue;
        out[n++] = version;
        if (!level_is_transitive(level))
            break;
    }
    return n;
}

static int load(tx_t *tx, const subject_state_t *state, const state_version_t *const *versions, size_t n,
                const policy_t *policy, stored_schema_t *stored)
{
    for (size_t i = 0; i < n; i++)
        stored[i] = (stored_schema_t){.context_id = state->context_id,
                                      .id = versions[i]->schema_id,
                                      .identity = versions[i]->identity,
                                      .format = versions[i]->format};
    return stored_schemas_get(tx, stored, n, policy);
}

static void join(tx_t *tx, text_t *first, size_t n_first, const level_report_t *report, bool validate_fields,
                 level_t level, check_t *out)
{
    out->compatible = n_first == 0 && report->compatible;
    if (out->compatible)
        return;
    out->messages = ARENA_ARRAY(tx_arena(tx), text_t, n_first + report->n_messages + 1);
    for (size_t i = 0; i < n_first; i++)
        out->messages[out->n_messages++] = first[i];
    for (size_t i = 0; i < report->n_messages; i++)
        out->messages[out->n_messages++] = report->messages[i];
    if (report->n_messages == 0)
        out->messages[out->n_messages++] =
            text_printf(tx_arena(tx), "{validateFields: '%s', compatibility: '%s'}",
                        validate_fields ? "true" : "false", level_name(level));
}

int check_candidate(tx_t *tx, const subject_state_t *state, const candidate_t *candidate,
                    int32_t only_version, bool explain, const policy_t *policy, check_t *out)
{
    arena_t *arena = tx_arena(tx);
    level_t level = config_level(&state->config);
    bool validate_fields = config_is(&state->config, CONFIG_VALIDATE_FIELDS);
    const state_version_t **versions = ARENA_ARRAY(arena, const state_version_t *, state->n_versions);
    size_t n = choose(tx, state, candidate, only_version, versions);
    stored_schema_t *stored = ARENA_ARRAY(arena, stored_schema_t, n);
    earlier_t *earlier = ARENA_ARRAY(arena, earlier_t, n);
    text_t *reserved = NULL;
    size_t n_reserved = 0;
    int rc = -1;
    *out = (check_t){0};
    if (load(tx, state, versions, n, policy, stored) != 0)
        goto out;
    for (size_t i = 0; i < n; i++)
        earlier[i] = (earlier_t){stored[i].schema, versions[i]->version};
    check_options_t options = {
        .mode = text_is(state->config.values[CONFIG_VERDICT_MODE], "STRICT") ? MODE_STRICT : MODE_CONFLUENT,
        .policy = text_is(state->config.values[CONFIG_POLICY], "LENIENT") ? POLICY_LENIENT : POLICY_STRICT,
        .limits = policy->limits,
        .max_findings = explain ? FINDINGS_MAX : 0,
    };
    message_style_t style = {.with_validate_fields = true, .validate_fields = validate_fields};
    const level_report_t *report = level_check(level, candidate->schema, earlier, n, &options, &style, arena);
    if (validate_fields)
        n_reserved = check_reserved(tx, candidate, n > 0 ? versions[0] : state_latest(state), &reserved);
    join(tx, reserved, n_reserved, report, validate_fields, level, out);
    rc = 0;
out:
    stored_schemas_unref(stored, n);
    return rc;
}

/* --- the endpoint -------------------------------------------------------------------------------------------------------- */

/* ERR_SCHEMA_INVALID becomes the message of an incompatible schema. */
static int explain_refusal(tx_t *tx, bool explain, check_t *out)
{
    err_t *err = tx_err(tx);
    if (!explain || err->code != ERR_SCHEMA_INVALID)
        return -1;
    *out = (check_t){.messages = ARENA_NEW(tx_arena(tx), text_t), .n_messages = 1};
    out->messages[0] = text_copy(tx_arena(tx), err_text(err));
    err_clear(err);
    return 0;
}

static int read_candidate(tx_t *tx, const subject_name_t *subject, const submission_t *submission,
                          const policy_t *policy, candidate_t *candidate)
{
    if (submission_is_empty(submission))
        return err_set(tx_err(tx), ERR_SCHEMA_INVALID, "Invalid schema, details: Empty schema");
    return candidate_read(tx, submission, subject, true, policy, candidate);
}

/* Whether strict reading and `normalize` in the settings apply is known with the state only. */
static int settle(tx_t *tx, const subject_state_t *state, const submission_t *submission,
                  const policy_t *policy, candidate_t *candidate)
{
    if (config_is_or(&state->config, CONFIG_VALIDATE_NEW, policy->validate_new_schemas) &&
        candidate_check_strict(tx, candidate) != 0)
        return -1;
    if (config_is_or(&state->config, CONFIG_NORMALIZE, policy->normalize) && !submission->normalize)
        return candidate_normalize(tx, candidate, policy);
    return 0;
}

/* Of a subject that belongs to a line: what registering would find at the gate, a message for each finding and each consumer. */
static int check_line(tx_t *tx, const subject_state_t *state, const candidate_t *candidate, bool explain,
                      check_t *out)
{
    gate_t gate;
    *out = (check_t){0};
    if (gate_judge(tx, state->line_id, &state->name, candidate, &gate) != 0)
        return -1;
    out->compatible = gate.refusal.code == ERR_NONE;
    if (explain)
        out->n_messages = gate_messages(&gate, tx_arena(tx), &out->messages);
    return 0;
}

int check_submission(tx_t *tx, const subject_name_t *subject, const submission_t *submission, int32_t version,
                     bool explain, const policy_t *policy, check_t *out)
{
    candidate_t candidate = {0};
    subject_state_t state;
    state_wanted_t wanted = {.version = version};
    int rc = -1;
    if (read_candidate(tx, subject, submission, policy, &candidate) != 0) {
        rc = explain_refusal(tx, explain, out);
        goto out;
    }
    if (subject_state_get(tx, subject, &wanted, false, policy, &state) != 0)
        goto out;
    const state_version_t *latest = state_latest(&state);
    int32_t only = version == -1 && latest != NULL ? latest->version : version;
    if (only > 0) {
        bool there = false;
        for (size_t i = 0; i < state.n_versions; i++)
            there |= state.versions[i].version == only && !state.versions[i].deleted;
        if (!there) {
            refuse_version_not_found(tx_err(tx), version);
            goto out;
        }
    }
    if (settle(tx, &state, submission, policy, &candidate) != 0) {
        rc = explain_refusal(tx, explain, out);
        goto out;
    }
    if (state.line_id != 0 && (only <= 0 || only == latest->version))
        rc = check_line(tx, &state, &candidate, explain, out);
    else
        rc = check_candidate(tx, &state, &candidate, only > 0 ? only : 0, explain, policy, out);
    out->elsewhere = state.line_id != 0 || !text_eq(state.name.qualified, subject->qualified);
out:
    candidate_dispose(&candidate);
    return rc;
}

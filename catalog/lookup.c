#include "catalog/lookup.h"

#include "catalog/inherit.h"
#include "catalog/refusal.h"

static void answer_with(const subject_state_t *state, const state_version_t *match, arena_t *arena,
                        version_t *out)
{
    *out = (version_t){
        .subject = state->name.qualified,
        .version = match->version,
        .id = match->schema_id,
        .context_id = state->context_id,
        .context = state->name.context,
        .type = text_of(format_name(match->format)),
        .guid = identity_text(&match->identity, arena),
        .text = match->text,
        .references = match->references,
        .metadata = match->metadata,
        .rule_set = match->rule_set,
        .ts_ms = match->ts_ms,
        .deleted = match->deleted,
    };
}

/* As registering would fill it in. The state holds every version of its shape already. */
static int match_filled_in(tx_t *tx, const subject_state_t *state, const submission_t *submission,
                           candidate_t *candidate, bool deleted, const policy_t *policy,
                           const state_version_t **match)
{
    const metadata_t *metadata;
    const rule_set_t *rules;
    if (!inherits_anything(state))
        return 0;
    if (inherited_metadata(tx, state, submission->metadata, 0, false, &metadata) != 0 ||
        inherited_rules(tx, state, submission->rule_set, &rules) != 0)
        return -1;
    candidate_describe(candidate, metadata, rules, tx_arena(tx));
    int rc = state_match(tx, state, candidate, deleted, policy, match);
    candidate_describe(candidate, submission->metadata, submission->rule_set, tx_arena(tx));
    return rc;
}

/* 1: found; 0: not; -1: failed */
static int look_in(tx_t *tx, const subject_name_t *subject, const submission_t *submission,
                   candidate_t *candidate, bool deleted, const policy_t *policy, version_t *out,
                   bool *visible)
{
    subject_state_t state;
    const state_version_t *match = NULL;
    state_wanted_t wanted = {.candidate = candidate};
    if (subject_state_get(tx, subject, &wanted, false, policy, &state) != 0)
        return -1;
    *visible = state.live || (deleted && state.subject_id != 0);
    if (!submission->normalize && config_is_or(&state.config, CONFIG_NORMALIZE, policy->normalize) &&
        candidate_normalize(tx, candidate, policy) != 0)
        return -1;
    if (state_match(tx, &state, candidate, deleted, policy, &match) != 0 ||
        (match == NULL && match_filled_in(tx, &state, submission, candidate, deleted, policy, &match) != 0))
        return -1;
    if (match == NULL)
        return 0;
    answer_with(&state, match, tx_arena(tx), out);
    return 1;
}

static int look_elsewhere(tx_t *tx, const subject_name_t *subject, const submission_t *submission,
                          candidate_t *candidate, bool deleted, const policy_t *policy, version_t *out)
{
    rows_t *rows;
    bool visible;
    int found = 0;
    if (tx_query(tx, STMT_SUBJECTS_ELSEWHERE, &rows, sql_text(subject->subject)) != 0)
        return -1;
    text_t *contexts = ARENA_ARRAY(tx_arena(tx), text_t, rows_n(rows));
    size_t n = 0;
    while (rows_next(rows))
        contexts[n++] = row_text(rows, "context");
    if (row_end(rows) != 0)
        return -1;
    for (size_t i = 0; i < n && found == 0; i++) {
        subject_name_t there = subject_name_in(contexts[i], subject->subject, tx_arena(tx));
        found = look_in(tx, &there, submission, candidate, deleted, policy, out, &visible);
    }
    return found;
}

int version_lookup(tx_t *tx, const subject_name_t *subject, const submission_t *submission, bool deleted,
                   const policy_t *policy, version_t *out, seen_t *seen)
{
    candidate_t candidate = {0};
    bool visible = false;
    int found = -1;
    *seen = (seen_t){false};
    if (submission_is_empty(submission))
        return err_set(tx_err(tx), ERR_SCHEMA_INVALID, "Invalid schema, details: Empty schema");
    if (candidate_read(tx, submission, subject, false, policy, &candidate) == 0)
        found = look_in(tx, subject, submission, &candidate, deleted, policy, out, &visible);
    if (found == 1)
        seen->elsewhere = !text_eq(out->subject, subject->qualified);
    if (found == 0 && context_is_default(subject->context)) {
        seen->elsewhere = true;
        found = look_elsewhere(tx, subject, submission, &candidate, deleted, policy, out);
    }
    candidate_dispose(&candidate);
    if (found != 0)
        return found > 0 ? 0 : -1;
    return visible ? refuse_schema_not_found(tx_err(tx), TEXT_NONE)
                   : refuse_subject_not_found(tx_err(tx), subject->qualified);
}

#include "catalog/register.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/check.h"
#include "catalog/inherit.h"
#include "catalog/refusal.h"
#include "catalog/registration.h"

static bool is_importing(subject_mode_t mode)
{
    return mode == MODE_IMPORT || mode == MODE_FORWARD;
}

/* --- reading what there is ----------------------------------------------------------------------------------------------- */

static int read_state(registration_t *r, const subject_name_t *subject)
{
    state_wanted_t wanted = {.candidate = r->candidate.schema != NULL ? &r->candidate : NULL};
    return subject_state_get(r->tx, subject, &wanted, true, r->policy, &r->state);
}

static int read_sent(registration_t *r, const subject_name_t *subject)
{
    candidate_dispose(&r->candidate);
    if (r->sent.n_references > 0 &&
        references_hold(r->tx, r->sent.references, r->sent.n_references, subject) != 0)
        return -1;
    return candidate_read(r->tx, &r->sent, subject, true, r->policy, &r->candidate);
}

/* No text was sent: the latest version's, with its type and references. */
static int copy_previous(registration_t *r, const subject_name_t *subject)
{
    if (read_state(r, subject) != 0)
        return -1;
    const state_version_t *previous = state_latest(&r->state);
    if (previous == NULL || is_importing(r->state.mode))
        return err_set(tx_err(r->tx), ERR_SCHEMA_INVALID, "Invalid schema, details: Empty schema");
    stored_text_t stored = {.context_id = r->state.context_id, .id = previous->schema_id};
    reference_t *references;
    if (stored_texts_get(r->tx, &stored, 1) != 0)
        return -1;
    if (references_read(previous->references, tx_arena(r->tx), &references, &r->sent.n_references) != 0)
        return err_set(tx_err(r->tx), ERR_INTERNAL, NULL);
    r->sent.text = stored.text;
    r->sent.type = text_of(format_name(previous->format));
    r->sent.references = references;
    r->out->altered = true;
    return 0;
}

/* The identity is not the one that the state was asked for any more. */
static int ask_owner(registration_t *r)
{
    rows_t *rows;
    text_t identity = identity_text(&r->candidate.identity, tx_arena(r->tx));
    r->state.owner_id = 0;
    if (r->state.context_id < 0)
        return 0;
    if (tx_query(r->tx, STMT_SCHEMA_OWNER, &rows, sql_i64(r->state.context_id), sql_text(identity)) != 0)
        return -1;
    if (rows_next(rows))
        r->state.owner_id = row_i32(rows, "id");
    return row_end(rows);
}

/* `normalize` in the settings is known with the state only, and so is that an import never normalizes. */
static int settle_normalize(registration_t *r)
{
    bool wanted = config_is_or(&r->state.config, CONFIG_NORMALIZE, r->policy->normalize);
    if (r->importing && r->sent.normalize) {
        r->sent.normalize = false;
        subject_name_t subject = r->state.name;
        return read_sent(r, &subject) != 0 ? -1 : read_state(r, &subject);
    }
    if (r->importing || r->sent.normalize || !wanted)
        return 0;
    r->sent.normalize = true;
    return candidate_normalize(r->tx, &r->candidate, r->policy) != 0 ? -1 : ask_owner(r);
}

/* --- answers without a write --------------------------------------------------------------------------------------------- */

static void resolve_text(registration_t *r)
{
    if (r->sent.resolved && r->candidate.references.n > 0)
        r->out->text = schema_resolved(r->candidate.schema, tx_arena(r->tx));
}

static void fill_out(registration_t *r, int32_t id, int32_t version, int64_t ts_ms)
{
    const candidate_t *candidate = &r->candidate;
    *r->out = (registered_t){
        .subject = r->state.name,
        .id = id,
        .version = version,
        .identity = candidate->identity,
        .format = candidate->format,
        .text = text_copy(tx_arena(r->tx), candidate->text),
        .references = candidate->references_text,
        .metadata = candidate->metadata_text,
        .rule_set = candidate->rule_set_text,
        .ts_ms = ts_ms,
        .altered = r->out->altered,
        .gate = r->gate,
    };
    resolve_text(r);
}

static void answer_with(registration_t *r, const state_version_t *match)
{
    fill_out(r, match->schema_id, match->version, match->ts_ms);
    r->out->identity = match->identity;
    r->out->text = match->text;
    r->out->references = match->references;
    r->out->metadata = match->metadata;
    r->out->rule_set = match->rule_set;
    resolve_text(r);
}

/* 1: answered; 0: go on; -1: failed. Comes before the mode is looked at, so that registering again what is there works in
 * READONLY, too. */
static int shortcut(registration_t *r)
{
    const state_version_t *match;
    if (config_fills_in(&r->state.config))
        return 0;
    if (state_match(r->tx, &r->state, &r->candidate, false, r->policy, &match) != 0)
        return -1;
    if (match == NULL || (r->sent.id >= 0 && r->sent.id != match->schema_id))
        return 0;
    bool version_fits = r->sent.version == 0 || (r->sent.version == -1 && match == state_latest(&r->state)) ||
                        (r->importing && r->sent.version == match->version);
    if (!version_fits)
        return 0;
    answer_with(r, match);
    return 1;
}

static int check_mode(registration_t *r)
{
    err_t *err = tx_err(r->tx);
    if (mode_check_writable(r->state.mode, &r->state.name, r->who, err) != 0)
        return -1;
    if (r->sent.id >= 0 && !r->importing)
        return refuse_in_mode(err, &r->state.name, "not in import mode", r->who->names_context);
    if (r->sent.id < 0 && r->state.mode != MODE_READWRITE)
        return refuse_in_mode(err, &r->state.name, "not in read-write mode", r->who->names_context);
    return 0;
}

/* --- filling in ---------------------------------------------------------------------------------------------------------- */

/* Metadata and rules: what the config says by default, what was sent or else the previous version has, what the config insists
 * on. */
static int fill_in(registration_t *r)
{
    bool numbered = r->sent.version != 0;
    const metadata_t *metadata;
    const rule_set_t *rules;
    if (r->importing || (!numbered && !inherits_anything(&r->state)))
        return 0;
    if (inherited_metadata(r->tx, &r->state, r->sent.metadata, r->version, numbered, &metadata) != 0 ||
        inherited_rules(r->tx, &r->state, r->sent.rule_set, &rules) != 0)
        return -1;
    identity_t before = r->candidate.identity;
    candidate_describe(&r->candidate, metadata, rules, tx_arena(r->tx));
    if (identity_same(&before, &r->candidate.identity))
        return 0;
    r->out->altered = true;
    return ask_owner(r);
}

/* 1: answered; 0: go on. What the subject has already, once everything is filled in. */
static int match_again(registration_t *r)
{
    const state_version_t *match;
    if (r->importing)
        return 0;
    if (state_match(r->tx, &r->state, &r->candidate, false, r->policy, &match) != 0)
        return -1;
    if (match == NULL)
        return 0;
    answer_with(r, match);
    return 1;
}

/* 1: refused, as r->out->gate tells. An import is not judged; its versions become the line's all the same. */
static int pass_gate(registration_t *r)
{
    r->out->gate = r->gate = ARENA_NEW(tx_arena(r->tx), gate_t);
    if (r->importing)
        return gate_open(r->tx, r->state.line_id, r->gate);
    if (gate_check(r->tx, r->who, r->state.line_id, &r->state.name, &r->candidate, r->policy, r->gate) != 0)
        return -1;
    return r->gate->refusal.code != ERR_NONE;
}

static int check_compatible(registration_t *r)
{
    check_t check;
    if (r->state.line_id != 0)
        return pass_gate(r);
    if (r->importing || r->force)
        return 0;
    if (check_candidate(r->tx, &r->state, &r->candidate, 0, true, r->policy, &check) != 0)
        return -1;
    if (check.compatible)
        return 0;
    return refuse_incompatible(tx_err(r->tx), r->state.name.qualified, check.messages, check.n_messages,
                               tx_arena(r->tx));
}

static int choose_version(registration_t *r)
{
    if (r->state.last_version == INT32_MAX)
        return err_set(tx_err(r->tx), ERR_SCHEMA_INVALID,
                       "Invalid schema, details: there are no versions left");
    r->version = r->state.last_version + 1;
    if (r->importing && r->sent.version > 0)
        r->version = r->sent.version;
    return 0;
}

static int check_version(const registration_t *r)
{
    if (r->sent.version <= 0 || r->sent.version == r->version)
        return 0;
    return err_set(tx_err(r->tx), ERR_SCHEMA_INVALID,
                   "Invalid schema, details: Version is not one more than previous version");
}

/* --- imports ------------------------------------------------------------------------------------------------------------- */

/* The id was given: it means this schema already, or nothing yet. */
static int place_import(registration_t *r)
{
    rows_t *rows;
    identity_t there;
    err_t *err = tx_err(r->tx);
    if (!r->importing)
        return 0;
    if (tx_query(r->tx, STMT_IMPORT_STATE, &rows, sql_i64(r->state.context_id), sql_i64(r->sent.id),
                 r->state.subject_id == 0 ? sql_null() : sql_i64(r->state.subject_id),
                 sql_i64(r->version)) != 0)
        return -1;
    rows_next(rows);
    bool id_is_used = !row_is_null(rows, "identity");
    if (id_is_used && (!identity_read(row_text(rows, "identity"), &there) ||
                       !identity_same(&there, &r->candidate.identity)))
        return refuse_overwrite(err, r->sent.id, r->state.name.context, r->who->names_context);
    if (!row_is_null(rows, "version_schema_id") && row_i32(rows, "version_schema_id") != r->sent.id)
        return err_set(err, ERR_OPERATION_NOT_PERMITTED,
                       "Version %d of subject " TEXT_FMT " has the id %d; overwriting it is not permitted.",
                       r->version, TEXT_ARG(r->state.name.qualified), row_i32(rows, "version_schema_id"));
    r->schema_id = id_is_used ? r->sent.id : 0;
    r->owns_nothing = r->state.owner_id != 0;
    if (row_end(rows) != 0)
        return -1;
    if (id_is_used)
        return 0;
    return tx_send(r->tx, STMT_SCHEMA_ID_TAKEN, sql_i64(r->state.context_id), sql_i64(r->sent.id));
}

/* --- writing ------------------------------------------------------------------------------------------------------------- */

static int ensure_context(registration_t *r)
{
    rows_t *rows;
    if (r->state.context_id >= 0)
        return 0;
    if (tx_query(r->tx, STMT_CONTEXT_ENSURE, &rows, sql_text(r->state.name.context)) != 0)
        return -1;
    rows_next(rows);
    r->state.context_id = row_i32(rows, "id");
    return row_end(rows);
}

/* The change is written by the statement that makes it: it alone knows the id of a new schema. */
static void note(registration_t *r, audit_t *entry, text_t identity)
{
    *entry = who_audit(r->who, AUDIT_SCHEMA_REGISTERED, &r->state.name);
    entry->subject = r->state.name.subject;
    entry->version = r->version;
    entry->detail = text_printf(tx_arena(r->tx), "{\"type\":\"%s\",\"guid\":\"" TEXT_FMT "\",\"new\":%s}",
                                format_name(r->candidate.format), TEXT_ARG(identity),
                                r->schema_id == 0 ? "true" : "false");
    audit_written(r->tx, entry);
}

/* The transaction does not end with the version: the catalog has more to write. */
static bool goes_on(const registration_t *r)
{
    return r->state.line_id != 0;
}

/* Nearly every registration adds a new schema that refers to nothing, to a subject that is live or to a new one. These have a
 * statement of their own: the general one costs half as much again, for tables that it opens and does not touch. */
bool registration_is_plain(const registration_t *r)
{
    return r->schema_id == 0 && r->sent.id < 0 && r->candidate.references.n == 0 && !goes_on(r) &&
           r->state.context_id >= 0 && (r->state.subject_id == 0 || r->state.live);
}

/* The columns of versions_register.sql. */
typedef struct {
    int64_t *context_ids, *subject_ids, *versions;
    text_t *subjects, *qualified, *shapes, *identities, *types, *texts, *metadata, *rule_sets;
    text_t *contexts, *details, *actors, *request_ids;
} columns_t;

static columns_t columns_new(size_t n, arena_t *arena)
{
    int64_t *numbers = ARENA_ARRAY(arena, int64_t, 3 * n);
    text_t *texts = ARENA_ARRAY(arena, text_t, 12 * n);
    return (columns_t){numbers,       numbers + n,   numbers + 2 * n, texts,          texts + n,
                       texts + 2 * n, texts + 3 * n, texts + 4 * n,   texts + 5 * n,  texts + 6 * n,
                       texts + 7 * n, texts + 8 * n, texts + 9 * n,   texts + 10 * n, texts + 11 * n};
}

static void column_set(columns_t *to, size_t i, registration_t *r)
{
    arena_t *arena = tx_arena(r->tx);
    const candidate_t *candidate = &r->candidate;
    audit_t entry;
    to->identities[i] = identity_text(&candidate->identity, arena);
    note(r, &entry, to->identities[i]);
    to->context_ids[i] = r->state.context_id;
    to->subject_ids[i] = r->state.subject_id;
    to->versions[i] = r->version;
    to->subjects[i] = r->state.name.subject;
    to->qualified[i] = r->state.name.qualified;
    to->shapes[i] = identity_text(&candidate->shape, arena);
    to->types[i] = text_of(format_name(candidate->format));
    to->texts[i] = candidate->text;
    to->metadata[i] = candidate->metadata_text;
    to->rule_sets[i] = candidate->rule_set_text;
    to->contexts[i] = entry.context;
    to->details[i] = entry.detail;
    to->actors[i] = entry.actor;
    to->request_ids[i] = entry.request_id;
}

static void written(registration_t *r, int32_t id, int64_t ts_ms)
{
    fill_out(r, id, r->version, ts_ms);
    r->out->added = true;
    stored_schema_keep(r->state.context_id, id, &r->candidate.identity, r->candidate.schema);
}

static int compare_identities(const void *a, const void *b)
{
    const registration_t *x = *(registration_t *const *)a, *y = *(registration_t *const *)b;
    int order = memcmp(x->candidate.identity.bytes, y->candidate.identity.bytes, sizeof(identity_t));
    return order != 0
               ? order
               : (x->state.context_id > y->state.context_id) - (x->state.context_id < y->state.context_id);
}

int registrations_write(tx_t *tx, registration_t **all, size_t n)
{
    arena_t *arena = tx_arena(tx);
    columns_t to = columns_new(n, arena);
    rows_t *rows;
    qsort(all, n, sizeof *all, compare_identities);
    for (size_t i = 0; i < n; i++)
        column_set(&to, i, all[i]);
    if (tx_query_last(tx, STMT_VERSIONS_REGISTER, &rows, sql_i64_array(to.context_ids, n, arena),
                      sql_text_array(to.subjects, n, arena), sql_text_array(to.qualified, n, arena),
                      sql_i64_array(to.subject_ids, n, arena), sql_i64_array(to.versions, n, arena),
                      sql_text_array(to.shapes, n, arena), sql_text_array(to.identities, n, arena),
                      sql_text_array(to.types, n, arena), sql_text_array(to.texts, n, arena),
                      sql_text_array(to.metadata, n, arena), sql_text_array(to.rule_sets, n, arena),
                      sql_text_array(to.contexts, n, arena), sql_text_array(to.details, n, arena),
                      sql_text_array(to.actors, n, arena), sql_text_array(to.request_ids, n, arena)) != 0)
        return -1;
    while (rows_next(rows)) {
        size_t i = (size_t)row_i64(rows, "i") - 1;
        int32_t id = row_i32(rows, "schema_id");
        int64_t ts_ms = row_i64(rows, "ts");
        if (i < n)
            written(all[i], id, ts_ms);
    }
    return row_end(rows);
}

static int write_any(registration_t *r)
{
    arena_t *arena = tx_arena(r->tx);
    const candidate_t *candidate = &r->candidate;
    const references_t *references = &candidate->references;
    int64_t *versions = ARENA_ARRAY(arena, int64_t, references->n);
    text_t *names = ARENA_ARRAY(arena, text_t, references->n);
    text_t identity = identity_text(&candidate->identity, arena);
    audit_t entry;
    rows_t *rows;
    note(r, &entry, identity);
    for (size_t i = 0; i < references->n; i++) {
        versions[i] = references->items[i].version;
        names[i] = references->items[i].name;
    }
    const sql_arg_t args[] = {sql_i64(r->state.context_id),
                              r->state.subject_id == 0 ? sql_null() : sql_i64(r->state.subject_id),
                              sql_text(r->state.name.subject),
                              sql_text(r->state.name.qualified),
                              sql_i64(r->version),
                              sql_text(identity_text(&candidate->shape, arena)),
                              r->schema_id == 0 ? sql_null() : sql_i64(r->schema_id),
                              r->sent.id >= 0 ? sql_i64(r->sent.id) : sql_null(),
                              sql_text(identity),
                              sql_bool(!r->owns_nothing),
                              sql_text(text_of(format_name(candidate->format))),
                              sql_text(candidate->text),
                              sql_text_or_null(candidate->references_text),
                              sql_text_or_null(candidate->metadata_text),
                              sql_text_or_null(candidate->rule_set_text),
                              sql_i64_array(references->subject_ids, references->n, arena),
                              sql_i64_array(versions, references->n, arena),
                              sql_text_array(names, references->n, arena),
                              sql_text(entry.context),
                              sql_text(entry.detail),
                              sql_text(entry.actor),
                              sql_text(entry.request_id)};
    const size_t n_args = sizeof args / sizeof *args;
    if ((goes_on(r) ? tx_query_args(r->tx, STMT_VERSION_REGISTER, &rows, args, n_args)
                    : tx_query_last_args(r->tx, STMT_VERSION_REGISTER, &rows, args, n_args)) != 0)
        return -1;
    rows_next(rows);
    int32_t id = row_i32(rows, "schema_id");
    int64_t ts_ms = row_i64(rows, "ts");
    if (row_end(rows) != 0)
        return -1;
    written(r, id, ts_ms);
    return r->gate == NULL ? 0
                           : gate_registered(r->tx, r->who, r->gate, &r->state.name, r->version,
                                             r->state.context_id, id, candidate->schema);
}

/* --- the steps ----------------------------------------------------------------------------------------------------------- */

int registration_decide(registration_t *r)
{
    int answered;
    r->importing = is_importing(r->state.mode);
    if (settle_normalize(r) != 0)
        return -1;
    if ((answered = shortcut(r)) != 0)
        return answered;
    if (check_mode(r) != 0 || choose_version(r) != 0 || fill_in(r) != 0)
        return -1;
    if (!r->importing &&
        config_is_or(&r->state.config, CONFIG_VALIDATE_NEW, r->policy->validate_new_schemas) &&
        candidate_check_strict(r->tx, &r->candidate) != 0)
        return -1;
    if ((answered = match_again(r)) != 0)
        return answered;
    if ((answered = check_compatible(r)) != 0)
        return answered;
    if (check_version(r) != 0)
        return -1;
    r->schema_id = r->state.owner_id;
    return 0;
}

static int tell_line(registration_t *r)
{
    r->out->gate = r->gate = ARENA_NEW(tx_arena(r->tx), gate_t);
    return gate_look(r->tx, r->state.line_id, r->gate);
}

static int decide_and_write(registration_t *r)
{
    int answered = registration_decide(r);
    if (answered < 0)
        return -1;
    if (answered > 0) /* what is there already tells that its line ends, too */
        return r->state.line_id == 0 || r->gate != NULL ? 0 : tell_line(r);
    if (ensure_context(r) != 0 || place_import(r) != 0)
        return -1;
    return registration_is_plain(r) ? registrations_write(r->tx, &r, 1) : write_any(r);
}

int version_register(tx_t *tx, const who_t *who, const subject_name_t *subject,
                     const submission_t *submission, bool force, const policy_t *policy, registered_t *out)
{
    registration_t r = {
        .tx = tx, .who = who, .policy = policy, .sent = *submission, .force = force, .out = out};
    int rc = -1;
    *out = (registered_t){0};
    if (rule_set_check(submission->rule_set, tx_err(tx)) != 0 || subject_name_check(subject, tx_err(tx)) != 0)
        return -1;
    /* An import may raise the context's sequence of ids, which it does alone. Before the subject's lock: always this order. */
    if (submission->id >= 0 && tx_send(tx, STMT_CONTEXT_LOCK, sql_text(subject->context)) != 0)
        return -1;
    if (submission_is_empty(submission) && copy_previous(&r, subject) != 0)
        goto out;
    if (read_sent(&r, subject) == 0 && read_state(&r, subject) == 0)
        rc = decide_and_write(&r);
out:
    candidate_dispose(&r.candidate);
    return rc;
}

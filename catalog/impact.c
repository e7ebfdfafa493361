#include "catalog/impact.h"

#include <stdio.h>
#include <stdlib.h>

#include "catalog/contract.h"
#include "catalog/impact_job.h"
#include "compat/core/digest.h"

/* --- words ------------------------------------------------------------------------------------------------------------------- */

#define XX(name, word) word,
static const char *const proposal_words[] = {PROPOSAL_MAP(XX)};
static const char *const direction_words[] = {DIRECTION_MAP(XX)};
static const char *const verdict_words[] = {IMPACT_VERDICT_MAP(XX)};
static const char *const evidence_words[] = {EVIDENCE_MAP(XX)};
static const char *const act_words[] = {ACT_MAP(XX)};
static const char *const class_words[] = {IMPACT_CLASS_MAP(XX)};
#undef XX

const char *proposal_word(proposal_kind_t kind)
{
    return proposal_words[kind];
}

bool proposal_find(text_t word, proposal_kind_t *out)
{
    for (int i = 0; i < PROPOSAL_N; i++)
        if (text_is(word, proposal_words[i])) {
            *out = (proposal_kind_t)i;
            return true;
        }
    return false;
}

const char *direction_word(direction_t direction)
{
    return direction_words[direction];
}

const char *impact_verdict_word(impact_verdict_t verdict)
{
    return verdict_words[verdict];
}

const char *evidence_word(evidence_t evidence)
{
    return evidence_words[evidence];
}

const char *act_word(act_t act)
{
    return act_words[act];
}

const char *impact_class_word(impact_class_t class)
{
    return class_words[class];
}

/* --- hashes ------------------------------------------------------------------------------------------------------------------ */

static text_t hex_of(const uint8_t *bytes, size_t n, arena_t *arena)
{
    char *hex = arena_alloc(arena, 2 * n + 1);
    for (size_t i = 0; i < n; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    return (text_t){hex, 2 * n};
}

static void add_part(buf_t *out, text_t part)
{
    buf_printf(out, "%zu:", part.bytes);
    buf_add(out, part);
}

static text_t hash_of(const text_t *parts, size_t n, size_t bytes, arena_t *arena)
{
    uint8_t digest[32];
    buf_t all;
    buf_init(&all, BUF_NO_MAX);
    for (size_t i = 0; i < n; i++)
        add_part(&all, parts[i]);
    digest_sha256(buf_text(&all), digest);
    buf_dispose(&all);
    return hex_of(digest, bytes, arena);
}

text_t impact_content_hash(const schema_t *schema, text_t references, arena_t *arena)
{
    text_t parts[] = {TEXT("schema"), text_of(format_name(schema_format(schema))),
                      schema_normalized(schema, arena), references};
    return hash_of(parts, sizeof parts / sizeof *parts, 32, arena);
}

/* --- findings ---------------------------------------------------------------------------------------------------------------- */

check_options_t impact_options(fix_side_t fix)
{
    return (check_options_t){
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = IMPACT_FINDINGS_MAX, .fix = fix};
}

static impact_finding_t *finding_new(impact_job_t *job)
{
    impact_t *out = job->out;
    if (out->n_findings == job->findings_room) {
        size_t room = job->findings_room ? 2 * job->findings_room : 64;
        impact_finding_t *grown = ARENA_ARRAY(job->arena, impact_finding_t, room);
        if (out->n_findings > 0)
            memcpy(grown, out->findings, out->n_findings * sizeof *grown);
        out->findings = grown;
        job->findings_room = room;
    }
    return &out->findings[out->n_findings++];
}

/* What the engine finds for old readers is known by the engine's own fingerprint, here as in the offline check: it is what people approve and
 * waive. Everything else (history, contracts, what cannot be told) is known by these parts; `what` tells apart findings of one rule at
 * one path. */
static void identify(impact_finding_t *finding, text_t what, arena_t *arena)
{
    text_t parts[] = {finding->rule, text_of(finding_class_name(finding->class)),
                      text_of(direction_word(finding->direction)), finding->path, what};
    finding->fingerprint = hash_of(parts, sizeof parts / sizeof *parts, FINGERPRINT_BYTES / 2, arena);
}

/* A value that jsonb cannot hold is given as the text that it is. */
static bool jsonb_can_hold(text_t json)
{
    bool in_string = false;
    if (json.bytes > 16384 || memmem(json.at, json.bytes, "\\u0000", 6) != NULL)
        return false;
    for (size_t i = 0; i < json.bytes; i++) {
        char c = json.at[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && c == 'E')
            return false;
        else if (!in_string && c == 'e' && i > 0 && json.at[i - 1] >= '0' && json.at[i - 1] <= '9')
            return false;
    }
    return true;
}

text_t impact_counterexample(impact_job_t *job, const witness_t *witness, text_t rejected_by)
{
    buf_t out;
    if (witness == NULL)
        return TEXT_NONE;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "{\"encoding\":\"%s\",", job->out->format == FORMAT_AVRO ? "avro-json" : "json");
    if (jsonb_can_hold(witness->json)) {
        buf_add_s(&out, "\"value\":");
        buf_add(&out, witness->json);
    } else {
        buf_add_s(&out, "\"text\":");
        jv_print_string(&out, witness->json);
    }
    if (witness->hex.bytes > 0)
        buf_printf(&out, ",\"hex\":\"" TEXT_FMT "\"", TEXT_ARG(witness->hex));
    buf_add_s(&out, ",\"accepted_by\":\"candidate\",\"rejected_by\":");
    jv_print_string(&out, rejected_by);
    buf_add_s(&out, ",\"reader_error\":");
    jv_print_string(&out, witness->refusal);
    buf_add_s(&out, ",\"verified\":true}");
    return buf_end(&out, job->arena);
}

ssize_t impact_same_finding(const impact_job_t *job, const finding_t *finding)
{
    for (size_t i = 0; i < job->out->n_findings; i++) {
        const impact_finding_t *there = &job->out->findings[i];
        if (there->class == finding->class && there->direction != DIRECTION_NEW_READER &&
            there->direction != DIRECTION_CONTRACT && text_is(there->rule, finding->rule) &&
            text_eq(there->path, finding->path))
            return (ssize_t)i;
    }
    return -1;
}

static bool grows_enum(const char *rule)
{
    static const char *const rules[] = {"missing-symbol", "symbol-defaulted", "value-not-allowed"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rule, rules[i]) == 0)
            return true;
    return false;
}

static text_t *copy_paths(const finding_t *finding, arena_t *arena)
{
    text_t *paths = ARENA_ARRAY(arena, text_t, finding->n_paths);
    for (size_t i = 0; i < finding->n_paths; i++)
        paths[i] = text_copy(arena, finding->paths[i]);
    return paths;
}

size_t impact_add_finding(impact_job_t *job, const finding_t *finding, direction_t direction,
                          text_t rejected_by)
{
    arena_t *arena = job->arena;
    const place_t *place = direction == DIRECTION_NEW_READER ? &finding->reader : &finding->writer;
    const place_t *other = direction == DIRECTION_NEW_READER ? &finding->writer : &finding->reader;
    impact_finding_t *added = finding_new(job);
    *added = (impact_finding_t){
        .rule = text_of(finding->rule),
        .class = finding->class,
        .direction = direction,
        .path = text_copy(arena, finding->path),
        .paths = copy_paths(finding, arena),
        .n_paths = finding->n_paths,
        .attribute = TEXT_NONE,
        .message = text_printf(arena, "%s: " TEXT_FMT,
                               direction == DIRECTION_NEW_READER ? "New readers of old messages"
                                                                 : "Old readers of new messages",
                               TEXT_ARG(finding->sentence)),
        .hint = text_copy(arena, finding->fix),
        .line = place->line > 0 ? place->line : other->line,
        .column = place->line > 0 ? place->column : other->column,
        .counterexample = direction == DIRECTION_NEW_READER
                              ? TEXT_NONE
                              : impact_counterexample(job, finding->witness, rejected_by),
        .enum_grew = grows_enum(finding->rule),
    };
    if (direction == DIRECTION_NEW_READER)
        identify(added, finding->fingerprint, arena);
    else
        added->fingerprint = text_copy(arena, finding->fingerprint);
    return job->out->n_findings - 1;
}

/* Budget gone, or something that cannot be told: it may break anybody. */
static void add_undecided(impact_job_t *job, const report_t *report, direction_t direction)
{
    static const text_t whole[] = {{"", 0}};
    impact_finding_t *added = finding_new(job);
    *added = (impact_finding_t){
        .rule = TEXT("undecided"),
        .class = CLASS_BREAKING,
        .direction = direction,
        .path = whole[0],
        .paths = whole,
        .n_paths = 1,
        .undecided = true,
        .message = text_printf(job->arena, "Whether this breaks cannot be told (%s): " TEXT_FMT,
                               report->reason, TEXT_ARG(report->reason_text)),
        .hint = TEXT(""),
    };
    identify(added, text_of(report->reason), job->arena);
}

/* The same thing said of both directions is said once. */
static void add_directions(impact_job_t *job, const report_t *old_reader, const report_t *new_reader)
{
    for (size_t i = 0; i < old_reader->n_findings; i++)
        impact_add_finding(job, &old_reader->findings[i], DIRECTION_OLD_READER, job->base_name);
    if (old_reader->verdict == VERDICT_UNDECIDED)
        add_undecided(job, old_reader, DIRECTION_OLD_READER);
    size_t n_old = job->out->n_findings;
    for (size_t i = 0; i < new_reader->n_findings; i++) {
        const finding_t *finding = &new_reader->findings[i];
        ssize_t same = impact_same_finding(job, finding);
        if (same < 0 || (size_t)same >= n_old) {
            impact_add_finding(job, finding, DIRECTION_NEW_READER, TEXT(""));
            continue;
        }
        impact_finding_t *both = &job->out->findings[same];
        if (both->direction == DIRECTION_OLD_READER)
            both->direction = DIRECTION_BOTH;
    }
    if (new_reader->verdict == VERDICT_UNDECIDED)
        add_undecided(job, new_reader, DIRECTION_NEW_READER);
}

static bool is_told(const impact_job_t *job, text_t path)
{
    for (size_t i = 0; i < job->out->n_findings; i++)
        if (text_eq(job->out->findings[i].path, path))
            return true;
    return false;
}

/* Fields that come and go without breaking anybody, where the engine has nothing to say of them. */
static void add_structure(impact_job_t *job, const diff_t *diff)
{
    for (size_t i = 0; i < diff->n; i++) {
        const diff_entry_t *entry = &diff->entries[i];
        const field_t *field = entry->after != NULL ? entry->after : entry->before;
        if ((entry->kind != DIFF_ADDED && entry->kind != DIFF_REMOVED) || is_told(job, field->path))
            continue;
        impact_finding_t *added = finding_new(job);
        text_t *path = ARENA_NEW(job->arena, text_t);
        *path = text_copy(job->arena, field->path);
        *added = (impact_finding_t){
            .rule = entry->kind == DIFF_ADDED ? TEXT("field-added") : TEXT("field-removed"),
            .class = CLASS_SAFE,
            .direction = DIRECTION_OLD_READER,
            .path = *path,
            .paths = path,
            .n_paths = 1,
            .attribute = TEXT_NONE,
            .message = text_copy(job->arena, entry->sentence),
            .hint = TEXT(""),
            .line = entry->after != NULL ? field->place.line : 0,
            .column = entry->after != NULL ? field->place.column : 0,
        };
        identify(added, TEXT(""), job->arena);
    }
}

/* --- the line ---------------------------------------------------------------------------------------------------------------- */

static int32_t i32_or_zero(rows_t *rows, const char *column)
{
    return row_is_null(rows, column) ? 0 : row_i32(rows, column);
}

static void read_base(impact_job_t *job, rows_t *rows)
{
    impact_t *out = job->out;
    if (row_is_null(rows, "base_id"))
        return;
    out->base_version = row_i64(rows, "base_id");
    out->semver_from = row_text(rows, "base_semver");
    job->base_major = row_i32(rows, "base_major");
    job->base_minor = row_i32(rows, "base_minor");
    job->base_patch = row_i32(rows, "base_patch");
    job->base_text = row_text(rows, "base_text");
    job->base_context = i32_or_zero(rows, "base_context");
    job->base_schema = i32_or_zero(rows, "base_schema");
    format_find(row_text(rows, "base_format"), &job->base_format);
    job->base_name =
        row_is_null(rows, "base_number")
            ? text_printf(job->arena, TEXT_FMT " " TEXT_FMT, TEXT_ARG(out->line), TEXT_ARG(out->semver_from))
            : text_printf(job->arena, TEXT_FMT "#%d", TEXT_ARG(out->subject), row_i32(rows, "base_number"));
}

static int read_line(impact_job_t *job, int64_t line_id)
{
    rows_t *rows;
    impact_t *out = job->out;
    if (tx_query(job->tx, STMT_IMPACT_LINE, &rows, sql_i64(line_id),
                 sql_text_or_null(job->proposal->subject)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(job->tx), ERR_NOT_FOUND, "There is no such line");
    out->line_id = line_id;
    out->event_id = row_i64(rows, "event_id");
    out->owner_id = row_i64(rows, "team_id");
    out->line = row_text(rows, "name");
    out->event = row_text(rows, "event_name");
    out->major = row_i32(rows, "major");
    out->state = row_text(rows, "state");
    out->level = row_text(rows, "level");
    out->subject = row_text_or_none(rows, "subject");
    out->role = row_text_or_none(rows, "role");
    out->base_terms = i32_or_zero(rows, "terms_n");
    job->base_terms = row_text_or_none(rows, "terms");
    job->checkpoint = row_is_null(rows, "checkpoint") ? 0 : row_i64(rows, "checkpoint");
    job->stale_days = row_i64(rows, "stale_days");
    job->reminders = row_i64(rows, "reminders");
    read_base(job, rows);
    return row_end(rows);
}

int impact_line_find(tx_t *tx, text_t name, int64_t *line_id)
{
    rows_t *rows;
    if (tx_query(tx, STMT_IMPACT_LINE_FIND, &rows, sql_text(name)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no line " TEXT_FMT, TEXT_ARG(name));
    *line_id = row_i64(rows, "id");
    return row_end(rows);
}

/* --- the candidate ----------------------------------------------------------------------------------------------------------- */

static int invalid(impact_job_t *job, err_code_t code, const char *place, text_t sentence)
{
    err_t *err = tx_err(job->tx);
    err_set(err, code, TEXT_FMT, TEXT_ARG(sentence));
    err->place = place;
    return -1;
}

static int parse_base(impact_job_t *job)
{
    line_version_t base = {.id = job->out->base_version,
                           .format = job->base_format,
                           .text = job->base_text,
                           .context_id = job->base_context,
                           .schema_id = job->base_schema};
    return base.id == 0 ? 0 : line_version_parse(job->tx, &base, &job->base);
}

static int read_text(impact_job_t *job)
{
    const proposal_t *proposal = job->proposal;
    submission_t sent = SUBMISSION_EMPTY;
    policy_t policy = {.limits = LIMITS_DEFAULT};
    subject_name_t subject = subject_name_parse(
        job->out->subject.at != NULL ? job->out->subject : job->out->event, TEXT_NONE, job->arena);
    sent.text = proposal->text;
    sent.type = text_of(format_name(proposal->format));
    sent.references = proposal->references;
    sent.n_references = proposal->n_references;
    if (candidate_read(job->tx, &sent, &subject, true, &policy, &job->read) != 0) {
        tx_err(job->tx)->place = "schema.text";
        return -1;
    }
    job->candidate = schema_ref(job->read.schema);
    job->out->text = text_copy(job->arena, job->read.text);
    job->out->references = job->read.references_text;
    return 0;
}

static int make_edits(impact_job_t *job)
{
    edit_refusal_t refusal;
    if (job->base == NULL)
        return invalid(job, ERR_FIELD_INVALID, "edits", TEXT("The line has no version that could be edited"));
    if (edits_apply(job->base, job->proposal->edits, job->proposal->n_edits, job->arena, &job->candidate,
                    &refusal) != 0)
        return invalid(job, ERR_FIELD_INVALID, arena_printf(job->arena, "edits[%zu]", refusal.edit),
                       fault_sentence(&refusal.fault, job->arena));
    job->out->text = text_copy(job->arena, schema_canonical(job->candidate));
    job->out->references = TEXT_NONE;
    return 0;
}

static int read_candidate(impact_job_t *job)
{
    const proposal_t *proposal = job->proposal;
    impact_t *out = job->out;
    if (proposal->subject.at != NULL && out->subject.at == NULL)
        return invalid(job, ERR_FIELD_INVALID, "subject",
                       text_printf(job->arena, "Subject " TEXT_FMT " is not bound to " TEXT_FMT,
                                   TEXT_ARG(proposal->subject), TEXT_ARG(out->line)));
    bool by_text = proposal->text.at != NULL;
    out->format = by_text ? proposal->format : job->base_format;
    if (by_text && out->base_version != 0 && proposal->format != job->base_format)
        return invalid(job, ERR_SCHEMA_INVALID, "schema.format",
                       text_printf(job->arena, TEXT_FMT " is %s; another format takes a new line",
                                   TEXT_ARG(out->line), format_name(job->base_format)));
    if (parse_base(job) != 0 || (by_text ? read_text(job) : make_edits(job)) != 0)
        return -1;
    out->content_hash = impact_content_hash(job->candidate, out->references, job->arena);
    return 0;
}

/* --- schema ------------------------------------------------------------------------------------------------------------------ */

static bool breaks(const report_t *report)
{
    return report->verdict != VERDICT_COMPATIBLE;
}

typedef struct {
    bool backward, forward;
} asked_t;

static asked_t asked_by(level_t level)
{
    static const asked_t asked[LEVEL_N] = {
        [LEVEL_BACKWARD] = {true, false}, [LEVEL_BACKWARD_TRANSITIVE] = {true, false},
        [LEVEL_FORWARD] = {false, true},  [LEVEL_FORWARD_TRANSITIVE] = {false, true},
        [LEVEL_FULL] = {true, true},      [LEVEL_FULL_TRANSITIVE] = {true, true},
    };
    return asked[level];
}

/* Transitive levels look at every version since the last break that was accepted. */
static int check_earlier(impact_job_t *job, asked_t asked)
{
    rows_t *rows;
    check_options_t options = impact_options(FIX_NONE);
    options.max_findings = 0;
    if (tx_query(job->tx, STMT_IMPACT_VERSIONS, &rows, sql_i64(job->out->line_id),
                 sql_text(job->out->subject), job->checkpoint == 0 ? sql_null() : sql_i64(job->checkpoint),
                 sql_i64(job->out->base_version)) != 0)
        return -1;
    while (rows_next(rows) && !job->out->violates_level) {
        fault_t fault = {0};
        schema_t *earlier;
        schema_source_t source = {
            .format = job->out->format, .text = row_text(rows, "text"), .limits = LIMITS_DEFAULT};
        if (schema_parse(&source, &earlier, &fault) != 0)
            continue; /* JSON Schema with references: the latest was compared */
        job->out->violates_level =
            (asked.backward && breaks(compat_check(job->candidate, earlier, &options, job->arena))) ||
            (asked.forward && breaks(compat_check(earlier, job->candidate, &options, job->arena)));
        schema_unref(earlier);
    }
    return row_end(rows);
}

static int check_level(impact_job_t *job, const report_t *old_reader, const report_t *new_reader)
{
    level_t level;
    if (!level_find(job->out->level, &level))
        return err_set(tx_err(job->tx), ERR_INTERNAL, NULL);
    asked_t asked = asked_by(level);
    job->out->violates_level =
        (asked.backward && breaks(new_reader)) || (asked.forward && breaks(old_reader));
    return level_is_transitive(level) && !job->out->violates_level ? check_earlier(job, asked) : 0;
}

/* A name that the line used before means what it meant then: nobody's agreement changes that. */
static int check_removed(impact_job_t *job)
{
    line_t line = {.id = job->out->line_id, .event_id = job->out->event_id, .name = job->out->line};
    err_t *err = tx_err(job->tx);
    buf_t out;
    if (job->out->role.at == NULL ||
        line_fields_check(job->tx, &line, job->out->role.at, job->candidate) == 0)
        return 0;
    if (err->code != ERR_FIELD_NAME_TOMBSTONED)
        return -1;
    buf_init(&out, BUF_NO_MAX);
    buf_add_s(&out, "[{\"code\":\"FIELD_NAME_TOMBSTONED\",\"detail\":");
    jv_print_string(&out, err_text(err));
    buf_add_s(&out, "}]");
    job->out->checks = buf_end(&out, job->arena);
    err_clear(err);
    return 0;
}

static void number(impact_job_t *job)
{
    impact_t *out = job->out;
    int32_t major = job->base_major, minor = job->base_minor, patch = job->base_patch;
    if (out->base_version == 0) {
        out->semver_to = out->semver_in_line = text_printf(job->arena, "%d.0.0", out->major);
        return;
    }
    switch (out->step) {
    case SEMVER_NONE:
        break;
    case SEMVER_PATCH:
        patch++;
        break;
    case SEMVER_MINOR:
        minor++, patch = 0;
        break;
    case SEMVER_MAJOR:
        major++, minor = 0, patch = 0;
        break;
    }
    out->semver_to = text_printf(job->arena, "%d.%d.%d", major, minor, patch);
    out->semver_in_line = out->step == SEMVER_MAJOR
                              ? text_printf(job->arena, "%d.%d.0", job->base_major, job->base_minor + 1)
                              : out->semver_to;
}

static void add_alternative(impact_t *out, text_t *all, text_t sentence)
{
    for (size_t i = 0; i < out->n_alternatives; i++)
        if (text_eq(all[i], sentence))
            return;
    all[out->n_alternatives++] = sentence;
}

/* What the engine has tried and found to hold; and the way that breaks nobody. */
static void find_alternatives(impact_job_t *job)
{
    enum { FIXES_MAX = 5 };
    impact_t *out = job->out;
    text_t *all = ARENA_ARRAY(job->arena, text_t, FIXES_MAX + 1);
    bool any = false;
    for (size_t i = 0; i < out->n_findings; i++) {
        const impact_finding_t *finding = &out->findings[i];
        any |= finding->class == CLASS_BREAKING;
        if (finding->class == CLASS_BREAKING && finding->hint.bytes > 0 && out->n_alternatives < FIXES_MAX)
            add_alternative(out, all, finding->hint);
    }
    if (any)
        add_alternative(out, all,
                        text_printf(job->arena, "publish " TEXT_FMT "@%d beside " TEXT_FMT,
                                    TEXT_ARG(out->event), out->major + 1, TEXT_ARG(out->line)));
    out->alternatives = all;
}

static int judge_schema(impact_job_t *job)
{
    impact_t *out = job->out;
    limits_t limits = LIMITS_DEFAULT;
    if (read_candidate(job) != 0 || check_removed(job) != 0)
        return -1;
    if (job->base == NULL) {
        out->step = SEMVER_MAJOR;
        number(job);
        return 0;
    }
    out->same = schema_equal(job->base, job->candidate);
    check_options_t options = impact_options(FIX_WRITER);
    const report_t *old_reader = compat_check(job->base, job->candidate, &options, job->arena);
    options.fix = FIX_READER;
    const report_t *new_reader = compat_check(job->candidate, job->base, &options, job->arena);
    diff_t diff = schema_diff(job->base, job->candidate, &limits, job->arena);
    add_directions(job, old_reader, new_reader);
    add_structure(job, &diff);
    out->step = semver_propose(&diff, new_reader, old_reader);
    number(job);
    return check_level(job, old_reader, new_reader);
}

/* --- contract, lifecycle ----------------------------------------------------------------------------------------------------- */

static void add_term(impact_job_t *job, text_t rule, finding_class_t class, text_t attribute, text_t path,
                     text_t message, text_t what)
{
    impact_finding_t *added = finding_new(job);
    text_t *paths = ARENA_NEW(job->arena, text_t);
    *paths = path;
    *added = (impact_finding_t){.rule = rule,
                                .class = class,
                                .direction = DIRECTION_CONTRACT,
                                .path = path,
                                .paths = paths,
                                .n_paths = 1,
                                .attribute = attribute,
                                .message = message,
                                .hint = TEXT("")};
    identify(added, what, job->arena);
}

/* A contract has no number of its own: semver stays the schema's. */
static int judge_contract(impact_job_t *job)
{
    impact_t *out = job->out;
    contract_finding_t *found;
    size_t n;
    err_t *err = tx_err(job->tx);
    text_t base = job->base_terms.at != NULL ? job->base_terms : TEXT("{}");
    if (contract_merge(base, job->proposal->terms, job->arena, &out->terms, err) != 0 ||
        contract_compare(job->base_terms, out->terms, job->arena, &found, &n, err) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        add_term(job, text_of(found[i].rule), found[i].class, text_of(found[i].attribute), found[i].path,
                 found[i].message, text_of(found[i].fingerprint));
        out->findings[out->n_findings - 1].hint = found[i].hint;
    }
    out->same = n == 0;
    out->step = n == 0 ? SEMVER_NONE : SEMVER_MINOR;
    out->semver_to = out->semver_in_line = out->semver_from;
    text_t parts[] = {TEXT("contract"), out->terms};
    out->content_hash = hash_of(parts, 2, 32, job->arena);
    return 0;
}

/* Ends are told in days; an instant begins with its own. */
static text_t day_of(text_t when)
{
    return (text_t){when.at, when.bytes < 10 ? when.bytes : 10};
}

static int judge_lifecycle(impact_job_t *job)
{
    impact_t *out = job->out;
    jv_t *target;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    if (jv_read(job->proposal->target, JV_STRICT, &limits, job->arena, &target, &fault) != 0 ||
        jv_get(target, "state") == NULL || jv_get(target, "state")->kind != JV_STRING)
        return invalid(job, ERR_FIELD_INVALID, "target.state", TEXT("target must be an object with a state"));
    text_t state = jv_get(target, "state")->text;
    const jv_t *sunset = jv_get(target, "sunset_at");
    text_t when =
        sunset != NULL && sunset->kind == JV_STRING ? day_of(sunset->text) : TEXT("a date to be set");
    bool ends = text_is(state, "deprecated") || text_is(state, "sunset") || text_is(state, "removed");
    text_t message =
        text_is(state, "removed") ? text_printf(job->arena, TEXT_FMT " is removed", TEXT_ARG(out->line))
        : ends ? text_printf(job->arena, TEXT_FMT " ends on " TEXT_FMT, TEXT_ARG(out->line), TEXT_ARG(when))
               : text_printf(job->arena, TEXT_FMT " becomes " TEXT_FMT, TEXT_ARG(out->line), TEXT_ARG(state));
    add_term(job, text_printf(job->arena, "line-" TEXT_FMT, TEXT_ARG(state)),
             ends ? CLASS_BREAKING : CLASS_SAFE, TEXT("lifecycle"), TEXT(""), message, when);
    out->semver_to = out->semver_in_line = out->semver_from;
    out->step = SEMVER_MINOR;
    text_t parts[] = {TEXT("lifecycle"), jv_text(target, job->arena)};
    out->content_hash = hash_of(parts, 2, 32, job->arena);
    return 0;
}

/* --- all of it --------------------------------------------------------------------------------------------------------------- */

static int compare_findings(const void *a, const void *b)
{
    const impact_finding_t *x = a, *y = b;
    if (x->class != y->class)
        return (int)x->class - (int)y->class;
    if (x->direction != y->direction)
        return (x->direction == DIRECTION_NEW_READER) - (y->direction == DIRECTION_NEW_READER);
    return 0;
}

static void sort_findings(impact_job_t *job)
{
    impact_t *out = job->out; /* few, and their order among equals is kept */
    for (size_t i = 1; i < out->n_findings; i++) {
        impact_finding_t moved = out->findings[i];
        size_t at = i;
        for (; at > 0 && compare_findings(&out->findings[at - 1], &moved) > 0; at--)
            out->findings[at] = out->findings[at - 1];
        out->findings[at] = moved;
    }
}

static void classify(impact_t *out)
{
    bool words = out->step <= SEMVER_PATCH && out->base_version != 0;
    for (size_t i = 0; i < out->n_findings; i++)
        words &= out->findings[i].class == CLASS_DOCUMENTATION || out->findings[i].class == CLASS_SAFE;
    out->class = IMPACT_CLASS_COMPATIBLE;
    if (out->n_of[IMPACT_BROKEN] > 0 || out->n_of[IMPACT_UNKNOWN] > 0 || out->violates_level)
        out->class = IMPACT_CLASS_BREAKING;
    else if (words)
        out->class = IMPACT_CLASS_DOCUMENTATION;
}

static void job_dispose(impact_job_t *job)
{
    for (size_t i = 0; i < job->n_readers; i++)
        schema_unref(job->readers[i]);
    schema_unref(job->base);
    schema_unref(job->candidate);
    candidate_dispose(&job->read);
}

int impact_compute(tx_t *tx, int64_t line_id, const proposal_t *proposal, impact_t *out)
{
    static int (*const judges[PROPOSAL_N])(impact_job_t *) = {
        [PROPOSAL_SCHEMA] = judge_schema,
        [PROPOSAL_CONTRACT] = judge_contract,
        [PROPOSAL_LIFECYCLE] = judge_lifecycle,
    };
    impact_job_t job = {.tx = tx, .arena = tx_arena(tx), .proposal = proposal, .out = out};
    *out = (impact_t){.checks = TEXT("[]"), .references = TEXT_NONE};
    int rc =
        read_line(&job, line_id) != 0 || judges[proposal->kind](&job) != 0 || impact_rows(&job) != 0 ? -1 : 0;
    if (rc == 0) {
        sort_findings(&job);
        find_alternatives(&job);
        classify(out);
    }
    job_dispose(&job);
    return rc;
}

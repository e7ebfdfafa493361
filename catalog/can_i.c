#include "catalog/can_i.h"

#include <stdarg.h>
#include <stdio.h>

#include "catalog/answer.h"
#include "catalog/check.h"
#include "catalog/gate.h"
#include "catalog/lifecycle.h"
#include "catalog/parties.h"

/* --- register --------------------------------------------------------------------------------------------------------------- */

static void weigh_row(answer_t *answer, const impact_row_t *row)
{
    static const struct {
        verdict_kind_t gives;
        const char *code, *says;
    } of[IMPACT_VERDICT_N] = {
        [IMPACT_UNAFFECTED] = {ANSWER_YES, "consumer_unaffected", "reads on as before"},
        [IMPACT_AT_RISK] = {ANSWER_YES, "consumer_at_risk", "would read on, with another meaning"},
        [IMPACT_UNKNOWN] = {ANSWER_UNKNOWN, "consumer_unknown", "has not declared what it reads"},
        [IMPACT_BROKEN] = {ANSWER_NO, "consumer_broken", "would break"},
    };
    const bool asked = !row->stale && !row->accepted;
    if (row->verdict == IMPACT_UNAFFECTED)
        return;
    answer_because(answer, asked ? of[row->verdict].gives : ANSWER_YES, of[row->verdict].code,
                   text_printf(answer->arena,
                               "\"service\":\"" TEXT_FMT "\",\"team\":\"" TEXT_FMT
                               "\",\"consumption\":\"" TEXT_FMT "\"",
                               TEXT_ARG(row->service), TEXT_ARG(row->team), TEXT_ARG(row->consumption)),
                   TEXT_FMT " (team " TEXT_FMT ") %s%s", TEXT_ARG(row->service), TEXT_ARG(row->team),
                   of[row->verdict].says, row->stale ? "; it has been silent for long and is not asked" : "");
    if (asked && row->verdict == IMPACT_UNKNOWN)
        answer_next(answer,
                    text_printf(answer->arena, "/api/v1/consumptions/" TEXT_FMT, TEXT_ARG(row->consumption)),
                    "ask " TEXT_FMT " to declare fields or a reader schema", TEXT_ARG(row->team));
}

static void weigh_findings(answer_t *answer, const impact_t *impact)
{
    for (size_t i = 0; i < impact->n_findings; i++) {
        const impact_finding_t *finding = &impact->findings[i];
        if (finding->class != CLASS_BREAKING)
            continue;
        answer_because(answer, ANSWER_YES, "finding",
                       text_printf(answer->arena,
                                   "\"fingerprint\":\"" TEXT_FMT "\",\"rule\":\"" TEXT_FMT "\"",
                                   TEXT_ARG(finding->fingerprint), TEXT_ARG(finding->rule)),
                       TEXT_FMT ": " TEXT_FMT,
                       TEXT_ARG(finding->path.bytes > 0 ? finding->path : TEXT("the whole message")),
                       TEXT_ARG(finding->message));
    }
    if (impact->violates_level)
        answer_because(answer, ANSWER_NO, "level_not_kept", TEXT_NONE, TEXT_FMT " promises " TEXT_FMT,
                       TEXT_ARG(impact->line), TEXT_ARG(impact->level));
}

/* A change that proposes it turns the no into a yes, or a not yet. */
static void weigh_change(answer_t *answer, const gate_t *gate)
{
    if (gate->found && gate->applies) {
        answer->kind = ANSWER_YES;
        answer_because(answer, ANSWER_YES, "change_ready",
                       text_printf(answer->arena, "\"change\":\"" TEXT_FMT "\"", TEXT_ARG(gate->change.name)),
                       TEXT_FMT " proposes it and nothing is in its way: registering it applies the change",
                       TEXT_ARG(gate->change.name));
    } else if (gate->found) {
        answer->kind = ANSWER_PENDING;
        answer_because(answer, ANSWER_PENDING, "change_blocked",
                       text_printf(answer->arena, "\"change\":\"" TEXT_FMT "\"", TEXT_ARG(gate->change.name)),
                       TEXT_FMT, TEXT_ARG(err_text(&gate->refusal)));
        answer_next(answer,
                    text_printf(answer->arena, "/api/v1/changes/" TEXT_FMT, TEXT_ARG(gate->change.name)),
                    "see " TEXT_FMT, TEXT_ARG(gate->change.name));
    } else if (gate->refusal.code != ERR_NONE) {
        if (gate->impact.line_id == 0)
            answer_because(answer, ANSWER_NO, "line_ends", TEXT_NONE, TEXT_FMT,
                           TEXT_ARG(err_text(&gate->refusal)));
        else if (answer->kind == ANSWER_YES)
            answer_because(answer, ANSWER_NO, "refused", TEXT_NONE, TEXT_FMT,
                           TEXT_ARG(err_text(&gate->refusal)));
        answer_next(answer, TEXT("/api/v1/changes"), "open a change, or publish it on a new line");
    }
}

static void register_evidence(answer_t *answer, const impact_t *impact)
{
    size_t by[EVIDENCE_N] = {0};
    for (size_t i = 0; i < impact->n_rows; i++)
        by[impact->rows[i].evidence]++;
    answer->evidence = text_printf(answer->arena,
                                   "{\"class\":\"%s\",\"consumers\":%zu,\"reader_schema\":%zu,\"declared_"
                                   "fields\":%zu,\"none\":%zu,\"stale\":%zu}",
                                   impact_class_word(impact->class), impact->n_rows, by[EVIDENCE_READER],
                                   by[EVIDENCE_FIELDS], by[EVIDENCE_NONE], impact->n_stale);
}

static int ask_line(tx_t *tx, int64_t line_id, const subject_name_t *subject, const candidate_t *candidate,
                    answer_t *answer)
{
    gate_t gate;
    if (gate_judge(tx, line_id, subject, candidate, &gate) != 0)
        return -1;
    answer->question = text_printf(answer->arena, "Can this schema be registered on " TEXT_FMT "?",
                                   TEXT_ARG(gate.line.name));
    if (gate.impact.line_id != 0) {
        weigh_findings(answer, &gate.impact);
        for (size_t i = 0; i < gate.impact.n_rows; i++)
            weigh_row(answer, &gate.impact.rows[i]);
        register_evidence(answer, &gate.impact);
    }
    weigh_change(answer, &gate);
    return 0;
}

static int ask_subject(tx_t *tx, const subject_name_t *subject, const submission_t *submission,
                       const policy_t *policy, answer_t *answer)
{
    check_t check;
    answer->question = text_printf(answer->arena, "Can this schema be registered for subject " TEXT_FMT "?",
                                   TEXT_ARG(subject->qualified));
    if (check_submission(tx, subject, submission, 0, true, policy, &check) != 0)
        return -1;
    answer_because(answer, ANSWER_YES, "uncatalogued", TEXT_NONE,
                   "The subject belongs to no event: nobody is known to read it");
    for (size_t i = 0; i < check.n_messages; i++)
        answer_because(answer, check.compatible ? ANSWER_YES : ANSWER_NO, "incompatible", TEXT_NONE, TEXT_FMT,
                       TEXT_ARG(check.messages[i]));
    return 0;
}

/* A line that was named is asked by the subject that holds its values. */
static int line_subject(tx_t *tx, text_t name, arena_t *arena, int64_t *line_id, subject_name_t *out)
{
    line_t line;
    rows_t *rows;
    if (line_get(tx, name, &line) != 0 || tx_query(tx, STMT_LINE_VALUE_SUBJECT, &rows, sql_i64(line.id)) != 0)
        return -1;
    *line_id = line.id;
    text_t qualified = rows_next(rows) ? row_text(rows, "subject") : TEXT("");
    *out = subject_name_parse(qualified, TEXT_NONE, arena);
    return row_end(rows);
}

int can_i_register(tx_t *tx, text_t line, const subject_name_t *subject, const submission_t *submission,
                   const policy_t *policy, text_t *out, err_t *err)
{
    answer_t answer;
    candidate_t candidate = {0};
    subject_name_t of = subject == NULL ? (subject_name_t){.context = TEXT(".")} : *subject;
    int64_t line_id = 0;
    bool found;
    line_t bound;
    text_t role;
    int rc = -1;
    answer_begin(&answer, tx);
    if (line.at != NULL ? line_subject(tx, line, answer.arena, &line_id, &of) != 0
                        : line_of_subject(tx, of.qualified, &found, &bound, &role) != 0)
        goto out;
    if (line.at == NULL && found)
        line_id = bound.id;
    if (submission_is_empty(submission)) {
        err->place = "schema";
        err_set(err, ERR_FIELD_INVALID, "schema: the text of the schema that is to be registered");
        goto out;
    }
    if (line_id == 0)
        rc = ask_subject(tx, &of, submission, policy, &answer);
    else if (candidate_read(tx, submission, &of, true, policy, &candidate) == 0)
        rc = ask_line(tx, line_id, &of, &candidate, &answer);
    if (rc == 0)
        rc = answer_end(&answer, out);
out:
    candidate_dispose(&candidate);
    if (rc != 0)
        answer_dispose(&answer);
    return rc;
}

/* --- consume ---------------------------------------------------------------------------------------------------------------- */

typedef struct {
    text_t name, state, team, deprecated_at, sunset_at, replacement, guide, audience, consumption, consumes,
        change, personal;
    int64_t event_id, versions;
    bool service, retired, waived;
} wish_t;

static int read_wish(tx_t *tx, text_t line, text_t service, const rules_t *rules, wish_t *out, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CAN_I_CONSUME, &rows, sql_text(line), sql_text(service),
                 sql_text_array(rules->pii_tags, rules->n_pii_tags, tx_arena(tx))) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, "There is no line \"" TEXT_FMT "\"", TEXT_ARG(line));
    *out = (wish_t){
        .name = row_text(rows, "name"),
        .state = row_text(rows, "state"),
        .team = row_text(rows, "team"),
        .deprecated_at = row_text_or_none(rows, "deprecated_at"),
        .sunset_at = row_text_or_none(rows, "sunset_at"),
        .replacement = row_text_or_none(rows, "replacement"),
        .guide = row_text_or_none(rows, "migration_guide"),
        .audience = row_text(rows, "audience"),
        .consumption = row_text_or_none(rows, "consumption"),
        .consumes = row_text_or_none(rows, "consumes"),
        .change = row_text_or_none(rows, "change"),
        .personal = row_text_or_none(rows, "personal"),
        .event_id = row_i64(rows, "event_id"),
        .versions = row_i64(rows, "versions"),
        .service = !row_is_null(rows, "service_id"),
        .retired = row_bool(rows, "retired"),
        .waived = !row_is_null(rows, "waiver"),
    };
    return row_end(rows);
}

static void weigh_state(answer_t *answer, const wish_t *wish)
{
    bool deprecated = text_is(wish->state, "deprecated");
    if (text_is(wish->state, "draft")) {
        answer_because(answer, ANSWER_PENDING, "line_draft", TEXT_NONE,
                       TEXT_FMT " is a draft: it takes consumers once it is active", TEXT_ARG(wish->name));
    } else if (deprecated && wish->waived) {
        answer_because(answer, ANSWER_YES, "waived", TEXT_NONE,
                       TEXT_FMT " is deprecated, and its owner has made an exception", TEXT_ARG(wish->name));
    } else if (!text_is(wish->state, "active")) {
        answer_because(answer, ANSWER_NO,
                       text_printf(answer->arena, "line_" TEXT_FMT, TEXT_ARG(wish->state)).at, TEXT_NONE,
                       TEXT_FMT " is " TEXT_FMT " and takes no new consumers%s" TEXT_FMT,
                       TEXT_ARG(wish->name), TEXT_ARG(wish->state),
                       wish->sunset_at.at != NULL ? "; its sunset is " : "", TEXT_ARG(wish->sunset_at));
        if (wish->replacement.at != NULL && !text_is(wish->replacement, "none"))
            answer_next(answer,
                        text_printf(answer->arena, "/api/v1/lines/" TEXT_FMT, TEXT_ARG(wish->replacement)),
                        "use " TEXT_FMT, TEXT_ARG(wish->replacement));
        if (deprecated)
            answer_next(answer,
                        text_printf(answer->arena, "/api/v1/waivers?for=" TEXT_FMT, TEXT_ARG(wish->name)),
                        "ask " TEXT_FMT " for a waiver", TEXT_ARG(wish->team));
    }
}

static void weigh_wish(answer_t *answer, const wish_t *wish, const rules_t *rules)
{
    if (wish->consumption.at != NULL && text_is(wish->consumes, "active")) {
        answer_because(answer, ANSWER_YES, "consumption_active", TEXT_NONE,
                       "It consumes the line already: " TEXT_FMT, TEXT_ARG(wish->consumption));
        return;
    }
    weigh_state(answer, wish);
    if (wish->consumption.at != NULL)
        answer_because(answer, ANSWER_PENDING, "consumption_requested", TEXT_NONE,
                       "Team " TEXT_FMT " has not agreed yet to " TEXT_FMT, TEXT_ARG(wish->team),
                       TEXT_ARG(wish->consumption));
    if (wish->versions == 0 && !text_is(wish->state, "draft"))
        answer_because(answer, ANSWER_UNKNOWN, "no_version", TEXT_NONE,
                       TEXT_FMT " has no version that could be read", TEXT_ARG(wish->name));
    if (wish->change.at != NULL) {
        answer_because(answer, ANSWER_PENDING, "breaking_change_open", TEXT_NONE,
                       TEXT_FMT " would break it: who begins to read now has to accept that",
                       TEXT_ARG(wish->change));
        answer_next(answer, TEXT("/api/v1/consumptions"),
                    "declare the consumption with \"accepts_pending\": \"" TEXT_FMT "\"",
                    TEXT_ARG(wish->change));
    }
    if (rules->pii_needs_agreement && wish->personal.at != NULL)
        answer_because(answer, ANSWER_YES, "personal_data", TEXT_NONE,
                       "Team " TEXT_FMT " has to agree if it reads personal data: " TEXT_FMT,
                       TEXT_ARG(wish->team), TEXT_ARG(wish->personal));
    if (text_is(wish->audience, "partner"))
        answer_because(answer, ANSWER_PENDING, "partner_audience", TEXT_NONE,
                       "The event goes to partners: team " TEXT_FMT " has to agree", TEXT_ARG(wish->team));
    if (answer->kind == ANSWER_YES)
        answer_next(answer, TEXT("/api/v1/consumptions"), "declare the consumption");
}

int can_i_consume(tx_t *tx, text_t line, text_t service, text_t *out, err_t *err)
{
    answer_t answer;
    line_t of;
    rules_t rules;
    wish_t wish;
    if (line_get(tx, line, &of) != 0 || rules_get(tx, of.event_id, &rules) != 0 ||
        read_wish(tx, line, service, &rules, &wish, err) != 0)
        return -1;
    if (!wish.service)
        return err_set(err, ERR_NOT_FOUND, "There is no service \"" TEXT_FMT "\"", TEXT_ARG(service));
    answer_begin(&answer, tx);
    answer.question = text_printf(answer.arena, "Can " TEXT_FMT " consume " TEXT_FMT "?", TEXT_ARG(service),
                                  TEXT_ARG(wish.name));
    if (wish.retired)
        answer_because(&answer, ANSWER_NO, "service_retired", TEXT_NONE, TEXT_FMT " is retired",
                       TEXT_ARG(service));
    weigh_wish(&answer, &wish, &rules);
    return answer_end(&answer, out);
}

/* --- deploy ----------------------------------------------------------------------------------------------------------------- */

/* One side of the row: "reader", "writer" or "current". */
static line_version_t side_of(rows_t *rows, const char *side, arena_t *arena)
{
    static const char *const parts[] = {"format", "text", "context", "schema"};
    enum { FORMAT, WORDS, CONTEXT, SCHEMA, N_PARTS };
    char column[N_PARTS][32];
    for (size_t i = 0; i < N_PARTS; i++)
        snprintf(column[i], sizeof column[i], "%s_%s", side, parts[i]);
    line_version_t version = {.semver = TEXT("read"),
                              .subject = text_printf(arena, "the %s", side),
                              .text = row_text(rows, column[WORDS])};
    if (!row_is_null(rows, column[SCHEMA])) {
        version.context_id = row_i32(rows, column[CONTEXT]);
        version.schema_id = row_i32(rows, column[SCHEMA]);
    }
    format_find(row_text(rows, column[FORMAT]), &version.format);
    return version;
}

static verdict_kind_t answer_of(const report_t *report)
{
    switch (report->verdict) {
    case VERDICT_COMPATIBLE:
        return ANSWER_YES;
    case VERDICT_INCOMPATIBLE:
        return ANSWER_NO;
    case VERDICT_UNDECIDED:
        break;
    }
    return ANSWER_UNKNOWN;
}

/* A reader schema against what is written: *kind ANSWER_UNKNOWN if that cannot be told. *refusal is a sentence of the engine. */
static int reads(tx_t *tx, const line_version_t *by, const line_version_t *written, verdict_kind_t *kind,
                 text_t *refusal)
{
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 1, .fix = FIX_NONE};
    schema_t *reader = NULL, *writer = NULL;
    int result =
        line_version_parse_if(tx, by, &reader) != 0 || line_version_parse_if(tx, written, &writer) != 0 ? -1
                                                                                                        : 0;
    *kind = ANSWER_UNKNOWN;
    *refusal = TEXT("");
    if (reader != NULL && writer != NULL && by->format == written->format) {
        const report_t *report = compat_check(reader, writer, &options, tx_arena(tx));
        *kind = answer_of(report);
        if (report->n_findings > 0)
            *refusal = text_copy(tx_arena(tx), report->findings[0].sentence);
    }
    schema_unref(reader);
    schema_unref(writer);
    return result;
}

static int weigh_reader(answer_t *answer, tx_t *tx, rows_t *rows, text_t line, text_t environment)
{
    verdict_kind_t kind;
    text_t written = row_text_or_none(rows, "writer"), current = row_text_or_none(rows, "current"), refusal;
    bool deployed = written.at != NULL;
    text_t missing = row_text_or_none(rows, "missing");
    if (missing.at != NULL)
        answer_because(answer, ANSWER_NO, "field_missing", TEXT_NONE,
                       TEXT_FMT " does not have " TEXT_FMT ", which it requires", TEXT_ARG(line),
                       TEXT_ARG(missing));
    if (current.at == NULL) {
        answer_because(answer, ANSWER_UNKNOWN, "no_version", TEXT_NONE, TEXT_FMT " has no version yet",
                       TEXT_ARG(line));
        return 0;
    }
    if (row_is_null(rows, "reader_text")) {
        answer_because(answer, row_i64(rows, "fields") > 0 ? ANSWER_YES : ANSWER_UNKNOWN, "no_reader_schema",
                       TEXT_NONE,
                       row_i64(rows, "fields") > 0 ? "Of " TEXT_FMT " it reads fields that are there"
                                                   : "What it reads of " TEXT_FMT " is not declared",
                       TEXT_ARG(line));
    } else {
        text_t version = deployed ? written : current;
        line_version_t reader = side_of(rows, "reader", answer->arena),
                       writer = side_of(rows, deployed ? "writer" : "current", answer->arena);
        if (reads(tx, &reader, &writer, &kind, &refusal) != 0)
            return -1;
        answer_because(answer, kind,
                       kind == ANSWER_YES  ? "reads"
                       : kind == ANSWER_NO ? "cannot_read"
                                           : "undecided",
                       TEXT_NONE, TEXT_FMT " " TEXT_FMT " is %s by its reader schema. " TEXT_FMT,
                       TEXT_ARG(line), TEXT_ARG(version),
                       kind == ANSWER_YES  ? "read"
                       : kind == ANSWER_NO ? "not read"
                                           : "not known to be read",
                       TEXT_ARG(refusal));
    }
    if (!deployed) {
        answer_because(answer, ANSWER_UNKNOWN, "producer_not_deployed", TEXT_NONE,
                       "No deployment in " TEXT_FMT " tells which version of " TEXT_FMT " is written there",
                       TEXT_ARG(environment), TEXT_ARG(line));
        answer_next(answer, TEXT("/api/v1/deployments"),
                    "record deployments of its producers, with what they produce");
    }
    return 0;
}

static int weigh_party(answer_t *answer, tx_t *tx, rows_t *rows, text_t environment)
{
    text_t line = row_text(rows, "line"), state = row_text(rows, "state");
    bool produces = text_is(row_text(rows, "role"), "production");
    bool ends =
        text_is(state, "removed") || text_is(state, "abandoned") || (produces && text_is(state, "sunset"));
    if (ends)
        answer_because(answer, ANSWER_NO, "line_ended", TEXT_NONE, TEXT_FMT " is " TEXT_FMT, TEXT_ARG(line),
                       TEXT_ARG(state));
    else if (text_is(state, "draft"))
        answer_because(answer, ANSWER_PENDING, "line_draft", TEXT_NONE, TEXT_FMT " is not active yet",
                       TEXT_ARG(line));
    else if (!text_is(state, "active"))
        answer_because(answer, ANSWER_YES, "line_deprecated", TEXT_NONE,
                       TEXT_FMT " is " TEXT_FMT "; its sunset is " TEXT_FMT, TEXT_ARG(line), TEXT_ARG(state),
                       TEXT_ARG(row_text_or_none(rows, "sunset_at")));
    if (text_is(row_text(rows, "stands"), "requested"))
        answer_because(answer, ANSWER_PENDING, "consumption_requested", TEXT_NONE,
                       "Its consumption of " TEXT_FMT " was not agreed to yet", TEXT_ARG(line));
    if (!produces)
        return weigh_reader(answer, tx, rows, line, environment);
    if (row_is_null(rows, "current"))
        answer_because(answer, ANSWER_UNKNOWN, "no_version", TEXT_NONE,
                       TEXT_FMT " has no version that it could write", TEXT_ARG(line));
    else
        answer_because(answer, ANSWER_YES, "writes", TEXT_NONE, "It writes " TEXT_FMT " " TEXT_FMT,
                       TEXT_ARG(line), TEXT_ARG(row_text(rows, "current")));
    return 0;
}

static int check_known(tx_t *tx, text_t service, text_t environment, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CAN_I_KNOWN, &rows, sql_text(service), sql_text(environment)) != 0)
        return -1;
    rows_next(rows);
    bool known = row_bool(rows, "service"), there = row_bool(rows, "environment");
    if (row_end(rows) != 0)
        return -1;
    if (!known)
        return err_set(err, ERR_NOT_FOUND, "There is no service \"" TEXT_FMT "\"", TEXT_ARG(service));
    return there ? 0
                 : err_set(err, ERR_NOT_FOUND, "There is no environment \"" TEXT_FMT "\"",
                           TEXT_ARG(environment));
}

int can_i_deploy(tx_t *tx, text_t service, text_t version, text_t environment, text_t *out, err_t *err)
{
    answer_t answer;
    rows_t *rows;
    size_t n[2] = {0};
    int weighed = 0;
    if (check_known(tx, service, environment, err) != 0 ||
        tx_query(tx, STMT_CAN_I_DEPLOY, &rows, sql_text(service), sql_text(environment)) != 0)
        return -1;
    answer_begin(&answer, tx);
    answer.question = text_printf(answer.arena, "Can " TEXT_FMT "%s" TEXT_FMT " be deployed to " TEXT_FMT "?",
                                  TEXT_ARG(service), version.bytes > 0 ? " " : "", TEXT_ARG(version),
                                  TEXT_ARG(environment));
    while (weighed == 0 && rows_next(rows)) {
        n[text_is(row_text(rows, "role"), "production")]++;
        weighed = weigh_party(&answer, tx, rows, environment);
    }
    if (weighed != 0 || row_end(rows) != 0) {
        answer_dispose(&answer);
        return -1;
    }
    if (n[0] + n[1] == 0) {
        answer_because(&answer, ANSWER_UNKNOWN, "nothing_declared", TEXT_NONE,
                       TEXT_FMT " has declared nothing that it reads or writes in " TEXT_FMT,
                       TEXT_ARG(service), TEXT_ARG(environment));
        answer_next(&answer, TEXT("/api/v1/consumptions"), "declare what it reads and writes");
    }
    answer.evidence = text_printf(answer.arena, "{\"reads\":%zu,\"writes\":%zu}", n[0], n[1]);
    return answer_end(&answer, out);
}

/* --- retire and remove ------------------------------------------------------------------------------------------------------ */

static void weigh_parties(answer_t *answer, const party_t *parties, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const party_t *party = &parties[i];
        if (party->stale) {
            answer_because(answer, ANSWER_YES, "consumption_stale",
                           (text_t){party->item.at + 1, party->item.bytes - 2},
                           TEXT_FMT " was silent since " TEXT_FMT " and reminded: it is not asked any more",
                           TEXT_ARG(party->service), TEXT_ARG(party->last_seen));
            continue;
        }
        answer_because(answer, ANSWER_NO, party->reads ? "consumption_active" : "production_active",
                       (text_t){party->item.at + 1, party->item.bytes - 2},
                       TEXT_FMT " (team " TEXT_FMT ") %s it%s" TEXT_FMT, TEXT_ARG(party->service),
                       TEXT_ARG(party->team), party->reads ? "reads" : "writes",
                       party->last_seen.at != NULL ? "; last seen " : "", TEXT_ARG(party->last_seen));
        answer_next(answer,
                    text_printf(answer->arena, "/api/v1/%s/" TEXT_FMT "/end",
                                party->reads ? "consumptions" : "productions", TEXT_ARG(party->id)),
                    "ask " TEXT_FMT " to %s", TEXT_ARG(party->team),
                    party->reads ? "attest or end" : "end its production");
    }
}

static void weigh_strays(answer_t *answer, const stray_read_t *reads, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool known = reads[i].service.bytes > 0;
        answer_because(answer, ANSWER_UNKNOWN, NULL, (text_t){reads[i].item.at + 1, reads[i].item.bytes - 2},
                       known ? TEXT_FMT " reads it and has not declared that"
                             : TEXT_FMT "Reads that nobody is known to have made",
                       TEXT_ARG(reads[i].service));
        answer_next(answer, known ? TEXT("/api/v1/consumptions") : TEXT("/api/v1/tokens"),
                    known ? "ask " TEXT_FMT " to declare what it reads"
                          : TEXT_FMT "bind the token to a service",
                    TEXT_ARG(reads[i].service));
    }
}

static int weigh_evidence(tx_t *tx, answer_t *answer, const line_t *line, const rules_t *rules,
                          size_t n_parties)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CAN_I_EVIDENCE, &rows, sql_i64(line->id), sql_i64(rules->sunset_quiet_days)) != 0)
        return -1;
    rows_next(rows);
    answer->evidence = row_text(rows, "body");
    bool nothing = !row_bool(rows, "ever") && row_i64(rows, "ended") == 0 && n_parties == 0;
    if (nothing)
        answer_because(answer, ANSWER_UNKNOWN, "no_evidence", TEXT_NONE,
                       "Nobody ever declared to read " TEXT_FMT
                       ", and nothing was ever observed: that nobody reads it is not known",
                       TEXT_ARG(line->name));
    return row_end(rows);
}

static void weigh_end(answer_t *answer, const line_t *line)
{
    if (text_is(line->state, "sunset"))
        return;
    if (text_is(line->state, "removed"))
        answer_because(answer, ANSWER_NO, "line_removed", TEXT_NONE, TEXT_FMT " is removed already",
                       TEXT_ARG(line->name));
    else if (text_is(line->state, "deprecated"))
        answer_because(answer, ANSWER_PENDING, "sunset_to_come", TEXT_NONE,
                       TEXT_FMT " reaches its sunset on " TEXT_FMT, TEXT_ARG(line->name),
                       TEXT_ARG(line->sunset_at));
    else
        answer_because(answer, ANSWER_NO, "not_deprecated", TEXT_NONE,
                       TEXT_FMT " is " TEXT_FMT ": it is deprecated first", TEXT_ARG(line->name),
                       TEXT_ARG(line->state));
}

int can_i_end(tx_t *tx, end_t end, text_t name, text_t *out, err_t *err)
{
    answer_t answer;
    line_t line;
    rules_t rules;
    party_t *parties;
    stray_read_t *reads_seen;
    size_t n_parties, n_reads;
    (void)err;
    if (line_get(tx, name, &line) != 0 || rules_get(tx, line.event_id, &rules) != 0 ||
        parties_get(tx, line.id, &rules, &parties, &n_parties) != 0 ||
        stray_reads_get(tx, line.id, &rules, &reads_seen, &n_reads) != 0)
        return -1;
    answer_begin(&answer, tx);
    answer.question = text_printf(answer.arena, "Can " TEXT_FMT " be %s?", TEXT_ARG(line.name),
                                  end == END_REMOVE ? "removed" : "retired");
    if (end == END_REMOVE || text_is(line.state, "removed"))
        weigh_end(&answer, &line);
    weigh_parties(&answer, parties, n_parties);
    weigh_strays(&answer, reads_seen, n_reads);
    if (weigh_evidence(tx, &answer, &line, &rules, n_parties) != 0) {
        answer_dispose(&answer);
        return -1;
    }
    return answer_end(&answer, out);
}

/* lines.c - /api/v1/lines: an event in one major version, with all that belongs to it. */
#include "catalog/line.h"

#include <stdlib.h>

#include "catalog/contract.h"
#include "catalog/readiness.h"
#include "catalog/state.h"
#include "compat/report.h"
#include "server/api/api.h"
#include "server/api/catalog.h"

enum { REPLY_BYTES_MAX = 64 << 20, FINDINGS_MAX = 64 };

const shape_t line_change_shape[] = {
    {"compatibility", .kind = SHAPE_TEXT},
    {"reason", .kind = SHAPE_TEXT},
    {"migration_guide", .kind = SHAPE_TEXT},
    {0},
};

static const char *const roles[] = {"value", "key", NULL};
const shape_t line_subject_shape[] = {
    {"subject", SHAPE_TEXT, .flags = SHAPE_REQUIRED}, {"role", SHAPE_CHOICE, .choices = roles}, {0}};

/* --- finding -------------------------------------------------------------------------------------------------------------------------- */

/* Reads under a former name are sent on to the one it has now: 1. */
static int find(call_t *c, tx_t *tx, const char *after, line_t *line)
{
    if (line_get(tx, c->params[0], line) != 0)
        return -1;
    if (!line->former)
        return 0;
    api_moved(c, "/api/v1/lines/", line->name, after);
    return 1;
}

static int reply_line(call_t *c, tx_t *tx, int status, const line_t *line)
{
    rows_t *rows;
    text_t required;
    if (readiness_required(tx, line->event_id, &required) != 0 ||
        tx_query(tx, STMT_LINE_READ, &rows, sql_i64(line->id), sql_text(required)) != 0)
        return -1;
    if (status == 201)
        reply_header(c, "location", text_printf(c->arena, "/api/v1/lines/" TEXT_FMT, TEXT_ARG(line->name)));
    return api_reply_row(c, status, rows, "line", line->name);
}

/* A listing of a line: $1 line, $2 key after which to go on, $3 at most so many. */
static int list_of(call_t *c, tx_t *tx, const char *after, stmt_t statement)
{
    line_t line;
    page_t page;
    rows_t *rows;
    int moved = find(c, tx, after, &line);
    if (moved != 0)
        return moved > 0 ? 0 : -1;
    if (api_page(c, &page) != 0 || tx_query(tx, statement, &rows, sql_i64(line.id),
                                            sql_text_or_null(page.after), sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

/* --- reading ------------------------------------------------------------------------------------------------------------------------------ */

int lines_of_event(call_t *c, tx_t *tx)
{
    event_t event;
    page_t page;
    rows_t *rows;
    if (event_get(tx, c->params[0], &event) != 0 || api_page(c, &page) != 0)
        return -1;
    if (event.former)
        return api_moved(c, "/api/v1/events/", event.name, "/lines");
    if (tx_query(tx, STMT_LINES_LIST, &rows, sql_i64(event.id), sql_text_or_null(page.after),
                 sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int line_get_call(call_t *c, tx_t *tx)
{
    line_t line;
    int moved = find(c, tx, "", &line);
    return moved != 0 ? (moved > 0 ? 0 : -1) : reply_line(c, tx, 200, &line);
}

int line_versions_get(call_t *c, tx_t *tx)
{
    return list_of(c, tx, "/versions", STMT_LINE_VERSIONS_LIST);
}

static const char *role_of(const call_t *c)
{
    return text_is(call_query(c, "role"), "key") ? "key" : "value";
}

int line_version_get(call_t *c, tx_t *tx)
{
    line_t line;
    line_version_t version;
    rows_t *rows;
    if (line_get(tx, c->params[0], &line) != 0 ||
        line_version_find(tx, &line, role_of(c), c->params[1], &version) != 0 ||
        tx_query(tx, STMT_LINE_VERSION_READ, &rows, sql_i64(version.id)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "version", c->params[1]);
}

int line_fields_get(call_t *c, tx_t *tx)
{
    line_t line;
    rows_t *rows;
    int moved = find(c, tx, "/fields", &line);
    if (moved != 0)
        return moved > 0 ? 0 : -1;
    if (tx_query(tx, STMT_LINE_FIELDS, &rows, sql_i64(line.id)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "line", line.name);
}

int line_consumers_get(call_t *c, tx_t *tx)
{
    return list_of(c, tx, "/consumers", STMT_LINE_CONSUMERS);
}

int line_producers_get(call_t *c, tx_t *tx)
{
    return list_of(c, tx, "/producers", STMT_LINE_PRODUCERS);
}

int line_timeline_get(call_t *c, tx_t *tx)
{
    return list_of(c, tx, "/timeline", STMT_LINE_TIMELINE);
}

int line_readiness_get(call_t *c, tx_t *tx)
{
    line_t line;
    rows_t *rows;
    text_t required;
    if (line_get(tx, c->params[0], &line) != 0 || readiness_required(tx, line.event_id, &required) != 0 ||
        tx_query(tx, STMT_EVENT_READINESS, &rows, sql_i64(line.id), sql_text(required)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "line", line.name);
}

/* --- what changed between two versions ------------------------------------------------------------------------------------------------------ */

static void print_side(buf_t *out, const char *name, const line_version_t *version, const line_t *line)
{
    buf_printf(out,
               "\"%s\":{\"id\":\"" TEXT_FMT "@" TEXT_FMT "\",\"semver\":\"" TEXT_FMT "\",\"subject\":", name,
               TEXT_ARG(line->event), TEXT_ARG(version->semver), TEXT_ARG(version->semver));
    jv_print_string(out, version->subject);
    buf_printf(out, ",\"version\":%d},", version->version);
}

static text_t print_diff(call_t *c, const line_t *line, const line_version_t versions[2],
                         const schema_t *before, const schema_t *after)
{
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = FINDINGS_MAX, .fix = FIX_NONE};
    const report_t *old_reads_new = compat_check(before, after, &options, c->arena);
    const report_t *new_reads_old = compat_check(after, before, &options, c->arena);
    diff_t diff = schema_diff(before, after, &options.limits, c->arena);
    semver_t step = semver_propose(&diff, new_reads_old, old_reads_new);
    buf_t out;
    buf_init(&out, REPLY_BYTES_MAX);
    buf_printf(&out, "{\"line\":\"" TEXT_FMT "\",", TEXT_ARG(line->name));
    print_side(&out, "from", &versions[0], line);
    print_side(&out, "to", &versions[1], line);
    buf_printf(&out, "\"class\":\"%s\",\"step\":\"%s\",\"old_reader\":{\"compatible\":%s",
               step == SEMVER_MAJOR   ? "breaking"
               : step == SEMVER_MINOR ? "compatible"
                                      : "documentation",
               semver_name(step), old_reads_new->verdict == VERDICT_COMPATIBLE ? "true" : "false");
    report_print_members(&out, old_reads_new);
    buf_printf(&out, "},\"new_reader\":{\"compatible\":%s",
               new_reads_old->verdict == VERDICT_COMPATIBLE ? "true" : "false");
    report_print_members(&out, new_reads_old);
    buf_add_s(&out, "},\"changes\":");
    diff_print_json(&out, &diff);
    buf_add_char(&out, '}');
    return buf_end(&out, c->arena);
}

/* Without `to` the current version, without `from` the one before it. */
static int diff_sides(call_t *c, tx_t *tx, const line_t *line, line_version_t out[2])
{
    text_t from = call_query(c, "from"), to = call_query(c, "to");
    line_version_t *live;
    size_t n, i = 0;
    if (line_version_find(tx, line, role_of(c), to.bytes == 0 ? TEXT("latest") : to, &out[1]) != 0)
        return -1;
    if (from.bytes > 0)
        return line_version_find(tx, line, role_of(c), from, &out[0]);
    if (line_versions_live(tx, line->id, role_of(c), &live, &n) != 0)
        return -1;
    while (i < n && live[i].id >= out[1].id)
        i++;
    if (i == n)
        return api_invalid(c, TEXT("from"), "there is no version before " TEXT_FMT, TEXT_ARG(out[1].semver));
    out[0] = live[i];
    return 0;
}

int line_diff_get(call_t *c, tx_t *tx)
{
    line_t line;
    line_version_t versions[2];
    schema_t *sides[2] = {NULL, NULL};
    if (line_get(tx, c->params[0], &line) != 0 || diff_sides(c, tx, &line, versions) != 0)
        return -1;
    if (versions[0].format != versions[1].format)
        return err_set(&c->err, ERR_STATE_CONFLICT,
                       "Version " TEXT_FMT " is %s and version " TEXT_FMT " is %s: they cannot be compared",
                       TEXT_ARG(versions[0].semver), format_name(versions[0].format),
                       TEXT_ARG(versions[1].semver), format_name(versions[1].format));
    int rc = line_version_parse(tx, &versions[0], &sides[0]) != 0 ||
                     line_version_parse(tx, &versions[1], &sides[1]) != 0
                 ? -1
                 : 0;
    if (rc == 0)
        reply_text(c, 200, "application/json", print_diff(c, &line, versions, sides[0], sides[1]));
    schema_unref(sides[0]);
    schema_unref(sides[1]);
    return rc;
}

/* --- changing ------------------------------------------------------------------------------------------------------------------------------ */

int line_post(call_t *c, tx_t *tx)
{
    text_t document;
    event_t event;
    line_t line;
    line_draft_t draft;
    if (api_shape(c, line_shape, SHAPE_WHOLE, &document) != 0 ||
        api_line_draft(c, tx, c->body, &draft) != 0 || event_get(tx, c->params[0], &event) != 0)
        return -1;
    who_t who = api_who(c);
    if (api_json(c, c->body, "contract", JSON_OBJECT, TEXT_NONE, &draft.terms) != 0 ||
        managed_check(tx, api_principal(c), event.managed_by, "event", call_query_bool(c, "force", false)) !=
            0 ||
        line_create(tx, api_principal(c), &who, &event, &draft, &line) != 0)
        return -1;
    return reply_line(c, tx, 201, &line);
}

static int find_mine(call_t *c, tx_t *tx, line_t *line)
{
    return line_get(tx, c->params[0], line) != 0 ||
                   managed_check(tx, api_principal(c), line->managed_by, "line",
                                 call_query_bool(c, "force", false)) != 0
               ? -1
               : 0;
}

int line_patch(call_t *c, tx_t *tx)
{
    text_t document;
    line_t line;
    who_t who = api_who(c);
    if (api_shape(c, line_change_shape, SHAPE_PATCH, &document) != 0 || find_mine(c, tx, &line) != 0 ||
        api_if_match(c, line.rev) != 0 ||
        line_change(tx, api_principal(c), &who, &line, resource_text(c->body, "compatibility"),
                    resource_text(c->body, "reason"), resource_text(c->body, "migration_guide")) != 0)
        return -1;
    return reply_line(c, tx, 200, &line);
}

int line_subject_post(call_t *c, tx_t *tx)
{
    text_t document, given = resource_text(c->body, "subject"), role = resource_text(c->body, "role");
    line_t line;
    subject_name_t subject = subject_name_parse(given, TEXT_NONE, c->arena);
    if (api_shape(c, line_subject_shape, SHAPE_WHOLE, &document) != 0 ||
        subject_name_check(&subject, &c->err) != 0 || subject_lock(tx, &subject) != 0 ||
        api_write_begin(c, tx) != 0 || find_mine(c, tx, &line) != 0)
        return -1;
    who_t who = api_who(c);
    if (line_bind(tx, api_principal(c), &who, &line, given,
                  role.at == NULL ? api_subject_role(given) : role) != 0)
        return -1;
    return reply_line(c, tx, 200, &line);
}

int line_subject_delete(call_t *c, tx_t *tx)
{
    line_t line;
    subject_name_t subject = subject_name_parse(c->params[1], TEXT_NONE, c->arena);
    if (subject_name_check(&subject, &c->err) != 0 || subject_lock(tx, &subject) != 0 ||
        api_write_begin(c, tx) != 0 || find_mine(c, tx, &line) != 0)
        return -1;
    who_t who = api_who(c);
    if (line_unbind(tx, api_principal(c), &who, &line, c->params[1]) != 0)
        return -1;
    return reply_line(c, tx, 200, &line);
}

/* --- contract --------------------------------------------------------------------------------------------------------------------------------- */

int line_contract_get(call_t *c, tx_t *tx)
{
    line_t line;
    rows_t *rows;
    if (line_get(tx, c->params[0], &line) != 0 ||
        tx_query(tx, STMT_CONTRACT_READ, &rows, sql_i64(line.id)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "line", line.name);
}

/* What weakens a promise that somebody relies on is a change; everything else may be said at once. */
static int contract_allowed(call_t *c, tx_t *tx, const line_t *line, text_t before, text_t terms)
{
    contract_finding_t *findings;
    rows_t *rows;
    size_t n;
    if (contract_compare(before, terms, c->arena, &findings, &n, &c->err) != 0)
        return -1;
    if (n == 0 || findings[0].class != CLASS_BREAKING || text_is(line->state, "draft"))
        return 0;
    if (tx_query(tx, STMT_LINE_READERS, &rows, sql_i64(line->id)) != 0)
        return -1;
    rows_next(rows);
    text_t readers = row_text_or_none(rows, "readers");
    if (row_end(rows) != 0)
        return -1;
    if (readers.at == NULL)
        return 0;
    c->err.place = findings[0].path.at;
    c->err.extra = text_printf(
        c->arena, "{\"do\":\"POST /api/v1/changes\",\"kind\":\"contract\",\"line\":\"" TEXT_FMT "\"}",
        TEXT_ARG(line->name));
    return err_set(&c->err, ERR_CHANGE_REQUIRED,
                   TEXT_FMT " " TEXT_FMT " is read by " TEXT_FMT ": open a change",
                   TEXT_ARG(findings[0].message), TEXT_ARG(line->name), TEXT_ARG(readers));
}

static text_t body_text(call_t *c)
{
    char *printed = json_dumps(c->body, API_PRINTED);
    text_t text = text_copy(c->arena, text_of(printed));
    free(printed);
    return text;
}

int line_contract_put(call_t *c, tx_t *tx)
{
    line_t line;
    contract_t contract;
    text_t terms;
    who_t who = api_who(c);
    if (contract_read(body_text(c), c->arena, &terms, &c->err) != 0 || find_mine(c, tx, &line) != 0 ||
        rights_check(tx, api_principal(c), RIGHT_EDIT_EVENT, line.team_id, 0, &c->err) != 0 ||
        contract_get(tx, line.id, &contract) != 0 || api_if_match_given(c, contract.n) != 0 ||
        contract_allowed(c, tx, &line, contract.n == 0 ? TEXT_NONE : contract.terms, terms) != 0 ||
        contract_put(tx, &who, &line, terms, 0, &contract) != 0)
        return -1;
    return line_contract_get(c, tx);
}

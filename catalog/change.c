#include "catalog/change.h"

#include <stdlib.h>

#include "catalog/change_job.h"
#include "catalog/lifecycle.h"

/* --- finding ------------------------------------------------------------------------------------------------------------------- */

static bool number_of(text_t name, int64_t *out)
{
    text_t digits = text_starts(name, TEXT("CR-")) ? text_from(name, 3) : name;
    *out = 0;
    if (digits.bytes == 0 || digits.bytes > 12)
        return false;
    for (size_t i = 0; i < digits.bytes; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
        *out = *out * 10 + (digits.at[i] - '0');
    }
    return true;
}

static int64_t id_or_zero(rows_t *rows, const char *column)
{
    return row_is_null(rows, column) ? 0 : row_i64(rows, column);
}

/* orders.order_placed-value becomes orders.order_placed.v3-value. */
static text_t subject_of_new_line(const change_t *change, int32_t major, arena_t *arena)
{
    static const text_t roles[] = {{"-value", 6}, {"-key", 4}};
    text_t stem = change->subject.at != NULL ? change->subject : change->event, tail = TEXT("");
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (stem.bytes > roles[i].bytes && text_eq(text_from(stem, stem.bytes - roles[i].bytes), roles[i])) {
            tail = roles[i];
            stem.bytes -= roles[i].bytes;
        }
    return text_printf(arena, TEXT_FMT ".v%d" TEXT_FMT, TEXT_ARG(stem), major, TEXT_ARG(tail));
}

static void read_revision(rows_t *rows, change_t *out)
{
    out->format = FORMAT_AVRO;
    if (!row_is_null(rows, "format"))
        format_find(row_text(rows, "format"), &out->format);
    out->text = row_text_or_none(rows, "text");
    out->references = row_text_or_none(rows, "refs");
    out->terms = row_text_or_none(rows, "terms");
    out->target = row_text_or_none(rows, "target");
    out->content_hash = row_text(rows, "content_hash");
    out->subject = row_text_or_none(rows, "subject");
}

static void read_plan(rows_t *rows, change_t *out, arena_t *arena)
{
    out->new_line = row_bool(rows, "new_line");
    out->new_line_id = id_or_zero(rows, "new_line_id");
    out->new_line_name = row_text_or_none(rows, "new_line_name");
    out->new_line_state = row_text_or_none(rows, "new_line_state");
    out->retire = row_text_or_none(rows, "retire");
    out->sunset_at = row_text_or_none(rows, "sunset_at");
    out->migration_guide = row_text_or_none(rows, "migration_guide");
    out->new_subject = row_text_or_none(rows, "plan_subject");
    if (out->new_subject.at == NULL)
        out->new_subject = subject_of_new_line(out, row_i32(rows, "next_major"), arena);
}

static int read_change(tx_t *tx, rows_t *rows, change_t *out)
{
    *out = (change_t){.id = row_i64(rows, "id")};
    out->name = text_printf(tx_arena(tx), "CR-%lld", (long long)out->id);
    proposal_find(row_text(rows, "kind"), &out->kind);
    out->event_id = row_i64(rows, "event_id");
    out->line_id = row_i64(rows, "line_id");
    out->owner_id = row_i64(rows, "owner_id");
    out->owner = row_text(rows, "owner");
    out->author_team = id_or_zero(rows, "author_team");
    out->revision_id = row_i64(rows, "revision_id");
    out->event = row_text(rows, "event_name");
    out->line = row_text(rows, "line");
    out->line_state = row_text(rows, "line_state");
    out->title = row_text(rows, "title");
    out->author = row_text(rows, "author");
    out->revised_by = row_text(rows, "revised_by");
    out->state = row_text(rows, "state");
    out->class = row_text(rows, "class");
    out->context = row_text_or_none(rows, "context");
    out->suggestion = row_bool(rows, "suggestion");
    out->auto_apply = row_bool(rows, "auto_apply");
    out->overridden = row_bool(rows, "overridden");
    out->told_ready = row_bool(rows, "ready_told");
    out->revision = row_i32(rows, "revision");
    out->applied_version = row_text_or_none(rows, "applied_version");
    read_revision(rows, out);
    read_plan(rows, out, tx_arena(tx));
    return row_end(rows);
}

static int find_id(tx_t *tx, int64_t id, bool *found, change_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CHANGE_FIND, &rows, sql_i64(id)) != 0)
        return -1;
    *found = rows_next(rows);
    return *found ? read_change(tx, rows, out) : 0;
}

int change_find(tx_t *tx, text_t name, change_t *out)
{
    int64_t id;
    bool found = false;
    if (number_of(name, &id) && find_id(tx, id, &found, out) != 0)
        return -1;
    return found ? 0 : err_set(tx_err(tx), ERR_NOT_FOUND, "There is no change " TEXT_FMT, TEXT_ARG(name));
}

static int look_up(tx_t *tx, sql_arg_t event, sql_arg_t line, sql_arg_t context, sql_arg_t content,
                   bool breaking, bool *found, change_t *out)
{
    rows_t *rows;
    *found = false;
    if (tx_query(tx, STMT_CHANGE_LOOK_UP, &rows, event, line, context, content, sql_bool(breaking)) != 0)
        return -1;
    if (!rows_next(rows))
        return 0;
    int64_t id = row_i64(rows, "id");
    return row_end(rows) != 0 ? -1 : find_id(tx, id, found, out);
}

int change_of_content(tx_t *tx, int64_t line_id, text_t content_hash, bool *found, change_t *out)
{
    return look_up(tx, sql_null(), sql_i64(line_id), sql_null(), sql_text(content_hash), false, found, out);
}

int change_breaking_of(tx_t *tx, int64_t line_id, bool *found, change_t *out)
{
    return look_up(tx, sql_null(), sql_i64(line_id), sql_null(), sql_null(), true, found, out);
}

/* --- what all of it says ------------------------------------------------------------------------------------------------------- */

void change_event_begin(buf_t *out, const change_t *change)
{
    buf_printf(out, "{\"change\":\"" TEXT_FMT "\",\"title\":", TEXT_ARG(change->name));
    jv_print_string(out, change->title);
    buf_printf(out,
               ",\"kind\":\"%s\",\"event\":\"" TEXT_FMT "\",\"line\":\"" TEXT_FMT "\",\"class\":\"" TEXT_FMT
               "\",\"revision\":%d,\"owner\":\"" TEXT_FMT "\",\"links\":{\"api\":\"/api/v1/changes/" TEXT_FMT
               "\",\"ui\":\"/ui/changes/" TEXT_FMT "\"}",
               proposal_word(change->kind), TEXT_ARG(change->event), TEXT_ARG(change->line),
               TEXT_ARG(change->class), change->revision, TEXT_ARG(change->owner), TEXT_ARG(change->name),
               TEXT_ARG(change->name));
}

int change_note(tx_t *tx, const who_t *who, const change_t *change, audit_kind_t kind, text_t detail,
                text_t reason)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    change_event_begin(&out, change);
    buf_add_char(&out, detail.at != NULL ? ',' : '}');
    if (detail.at != NULL) /* its members follow: the braces meet */
        buf_add(&out, text_from(detail, 1));
    audit_t entry = {
        .kind = kind,
        .detail = detail,
        .actor = who->actor,
        .request_id = who->request_id,
        .object = text_printf(tx_arena(tx), "change:" TEXT_FMT, TEXT_ARG(change->name)),
        .about = change->line,
        .data = buf_end(&out, tx_arena(tx)),
        .reason = reason,
    };
    return audit_note(tx, &entry);
}

int change_in(tx_t *tx, const change_t *change, bool draft_too)
{
    if (text_is(change->state, "open") || (draft_too && text_is(change->state, "draft")))
        return 0;
    if (text_is(change->state, "draft"))
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       TEXT_FMT " is a draft: open it first, POST /api/v1/changes/" TEXT_FMT "/open",
                       TEXT_ARG(change->name), TEXT_ARG(change->name));
    return err_set(tx_err(tx), ERR_CHANGE_CLOSED, TEXT_FMT " is " TEXT_FMT " and does not change any more",
                   TEXT_ARG(change->name), TEXT_ARG(change->state));
}

int change_may(tx_t *tx, const principal_t *by, right_t right, int64_t team_id)
{
    return rights_check(tx, by, right, team_id, 0, tx_err(tx));
}

/* --- a judged revision ----------------------------------------------------------------------------------------------------------- */

static text_t semver_json(const impact_t *impact, bool new_line, arena_t *arena)
{
    text_t to = new_line ? impact->semver_to : impact->semver_in_line;
    if (impact->semver_from.at == NULL)
        return text_printf(arena, "{\"from\":null,\"to\":\"" TEXT_FMT "\",\"step\":\"%s\"}", TEXT_ARG(to),
                           semver_name(impact->step));
    return text_printf(arena, "{\"from\":\"" TEXT_FMT "\",\"to\":\"" TEXT_FMT "\",\"step\":\"%s\"}",
                       TEXT_ARG(impact->semver_from), TEXT_ARG(to), semver_name(impact->step));
}

static text_t texts_json(const text_t *texts, size_t n, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        jv_print_string(&out, texts[i]);
    }
    buf_add_char(&out, ']');
    return buf_end(&out, arena);
}

static sql_arg_t i64_or_null(int64_t value)
{
    return value == 0 ? sql_null() : sql_i64(value);
}

static int put_revision(tx_t *tx, const who_t *who, int64_t change_id, int32_t n, bool new_line,
                        const proposal_t *proposal, const impact_t *impact)
{
    arena_t *arena = tx_arena(tx);
    bool schema = proposal->kind == PROPOSAL_SCHEMA;
    return tx_send(tx, STMT_REVISION_INSERT, sql_i64(change_id), sql_i64(n),
                   schema ? sql_text(text_of(format_name(impact->format))) : sql_null(),
                   schema ? sql_text(impact->text) : sql_null(),
                   sql_text(impact->references.at != NULL ? impact->references : TEXT("[]")),
                   sql_text_or_null(impact->terms),
                   sql_text_or_null(proposal->kind == PROPOSAL_LIFECYCLE ? proposal->target : TEXT_NONE),
                   i64_or_null(impact->base_version), i64_or_null(impact->base_terms),
                   sql_text(impact->content_hash), sql_text(text_of(impact_class_word(impact->class))),
                   sql_text(new_line || impact->semver_in_line.at == NULL
                                ? impact->semver_to.at != NULL ? impact->semver_to : TEXT("")
                                : impact->semver_in_line),
                   sql_jsonb(texts_json(impact->alternatives, impact->n_alternatives, arena), arena),
                   sql_jsonb(impact->checks, arena), sql_words(impact_sentence(impact, 0, arena), arena),
                   sql_jsonb(impact_findings_json(impact, arena), arena),
                   sql_jsonb(impact_rows_json(impact, arena), arena), sql_text(who->actor),
                   sql_text(semver_json(impact, new_line, arena)));
}

/* Only one breaking change of a line may be open: the second is judged again when the first is done. */
static int check_conflict(tx_t *tx, const impact_t *impact, int64_t but)
{
    bool found;
    change_t other;
    err_t *err = tx_err(tx);
    if (impact->class != IMPACT_CLASS_BREAKING)
        return 0;
    if (change_breaking_of(tx, impact->line_id, &found, &other) != 0)
        return -1;
    if (!found || other.id == but)
        return 0;
    err_set(err, ERR_CHANGE_CONFLICT,
            TEXT_FMT " (" TEXT_FMT ") is open and breaks " TEXT_FMT
                     " already: push this to it, or wait until it is done",
            TEXT_ARG(other.name), TEXT_ARG(other.title), TEXT_ARG(impact->line));
    err->extra = text_printf(
        tx_arena(tx),
        "{\"change\":\"" TEXT_FMT "\",\"links\":{\"change\":\"/api/v1/changes/" TEXT_FMT
        "\",\"rebase\":\"/api/v1/changes/" TEXT_FMT "/revisions\",\"ui\":\"/ui/changes/" TEXT_FMT "\"}}",
        TEXT_ARG(other.name), TEXT_ARG(other.name), TEXT_ARG(other.name), TEXT_ARG(other.name));
    return -1;
}

static text_t text_member(const jv_t *object, const char *name)
{
    const jv_t *value = jv_get(object, name);
    return value != NULL && value->kind == JV_STRING ? value->text : TEXT_NONE;
}

/* {"state": "deprecated", "sunset_at": ...} as lifecycle.h wants it. */
int change_target(tx_t *tx, text_t target, text_t change, line_target_t *out)
{
    jv_t *tree;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    if (jv_read(target, JV_STRICT, &limits, tx_arena(tx), &tree, &fault) != 0)
        return err_set(tx_err(tx), ERR_FIELD_INVALID, "target: %s", fault.text);
    *out = (line_target_t){
        .reason = text_member(tree, "reason"),
        .sunset_at = text_member(tree, "sunset_at"),
        .replacement = text_member(tree, "replacement"),
        .migration_guide = text_member(tree, "migration_guide"),
        .by_change = true,
        .change = change,
    };
    if (line_state_find(text_member(tree, "state"), &out->to))
        return 0;
    tx_err(tx)->place = "target.state";
    return err_set(tx_err(tx), ERR_FIELD_INVALID,
                   "target.state must be one of active, deprecated, sunset, removed");
}

/* What time or others may still bring about does not keep a change from being opened; dates and states that are wrong do. */
static int check_target(tx_t *tx, const principal_t *by, const impact_t *impact, const proposal_t *proposal)
{
    line_target_t target;
    err_t *err = tx_err(tx);
    if (proposal->kind != PROPOSAL_LIFECYCLE)
        return 0;
    if (change_target(tx, proposal->target, TEXT_NONE, &target) != 0)
        return -1;
    if (line_transition_check(tx, by, impact->line, &target, err) == 0)
        return 0;
    if (err->code != ERR_STILL_CONSUMED && err->code != ERR_EVIDENCE_MISSING &&
        err->code != ERR_CHANGE_BLOCKED)
        return -1;
    err_clear(err);
    return 0;
}

/* --- opening --------------------------------------------------------------------------------------------------------------------- */

static int author_team(tx_t *tx, const principal_t *by, int64_t owner, text_t wanted, int64_t *out)
{
    *out = by->kind == PRINCIPAL_SERVICE ? by->service_team : by->n_teams > 0 ? by->teams[0].team_id : 0;
    if (by->kind == PRINCIPAL_ANYBODY || by->kind == PRINCIPAL_CLOCK || principal_is_member(by, owner))
        *out = owner;
    for (size_t i = 0; i < by->n_teams && wanted.at != NULL; i++)
        if (text_eq(by->teams[i].team, wanted)) {
            *out = by->teams[i].team_id;
            return 0;
        }
    if (wanted.at == NULL || by->kind != PRINCIPAL_USER)
        return 0;
    tx_err(tx)->place = "team";
    return err_set(tx_err(tx), ERR_NOT_TEAM_MEMBER, "You are not a member of team " TEXT_FMT,
                   TEXT_ARG(wanted));
}

static int insert(tx_t *tx, const who_t *who, const change_draft_t *draft, const impact_t *impact,
                  bool suggestion, int64_t team, int64_t *id)
{
    rows_t *rows;
    text_t none = TEXT("{}");
    if (tx_query(tx, STMT_CHANGE_INSERT, &rows, sql_text(text_of(proposal_word(draft->proposal.kind))),
                 sql_i64(impact->event_id), sql_i64(impact->line_id), sql_text(draft->title),
                 sql_text(draft->rationale.at != NULL ? draft->rationale : TEXT("")), sql_text(who->actor),
                 i64_or_null(team), sql_bool(suggestion),
                 sql_text(draft->draft ? TEXT("draft") : TEXT("open")),
                 sql_text(text_of(impact_class_word(impact->class))),
                 sql_text(draft->new_line ? TEXT("new_line") : TEXT("in_line")),
                 sql_text(draft->plan.at != NULL ? draft->plan : none),
                 sql_text(draft->source.at != NULL ? draft->source : none), sql_text_or_null(draft->context),
                 sql_text(semver_json(impact, draft->new_line, tx_arena(tx))), sql_bool(draft->auto_apply),
                 sql_text_or_null(draft->effective_not_before),
                 sql_text(draft->labels.at != NULL ? draft->labels : none)) != 0)
        return -1;
    rows_next(rows);
    *id = row_i64(rows, "id");
    return row_end(rows);
}

static text_t detail_of(const change_t *change, const impact_t *impact, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "{\"state\":\"" TEXT_FMT "\",\"revision\":%d,\"class\":\"%s\",\"summary\":",
               TEXT_ARG(change->state), change->revision, impact_class_word(impact->class));
    jv_print_string(&out, impact_sentence(impact, 0, arena));
    buf_add_char(&out, '}');
    return buf_end(&out, arena);
}

static int open_new(tx_t *tx, const principal_t *by, const who_t *who, const change_draft_t *draft,
                    const impact_t *impact, change_opened_t *out)
{
    int64_t team;
    bool found, suggestion = !rights_allow(by, RIGHT_OPEN_CHANGE, impact->owner_id, 0);
    change_t change;
    if (suggestion && change_may(tx, by, RIGHT_SUGGEST_CHANGE, impact->owner_id) != 0)
        return -1;
    if (author_team(tx, by, impact->owner_id, draft->team, &team) != 0)
        return -1;
    if (impact->same)
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       TEXT_FMT " is like that already: there is nothing to change", TEXT_ARG(impact->line));
    if (!draft->draft && !suggestion && check_conflict(tx, impact, 0) != 0)
        return -1;
    if (insert(tx, who, draft, impact, suggestion, team, &out->id) != 0 ||
        put_revision(tx, who, out->id, 1, draft->new_line, &draft->proposal, impact) != 0 ||
        find_id(tx, out->id, &found, &change) != 0)
        return -1;
    *out = (change_opened_t){.id = change.id, .name = change.name, .revision = 1, .created = true};
    if (change_note(tx, who, &change, AUDIT_CHANGE_OPENED, detail_of(&change, impact, tx_arena(tx)),
                    TEXT_NONE) != 0)
        return -1;
    if (draft->draft)
        return 0;
    return suggestion ? suggestion_tell(tx, &change) : requirements_update(tx, who, &change, impact);
}

int change_open(tx_t *tx, const principal_t *by, const who_t *who, const change_draft_t *draft,
                change_opened_t *out)
{
    bool found = false;
    change_t change;
    impact_t impact;
    *out = (change_opened_t){.id = 0};
    if (impact_compute(tx, draft->line_id, &draft->proposal, &impact) != 0)
        return -1;
    if (draft->context.at != NULL &&
        look_up(tx, sql_i64(impact.event_id), sql_null(), sql_text(draft->context), sql_null(), false, &found,
                &change) != 0)
        return -1;
    if (found && change.line_id == draft->line_id && change.kind == draft->proposal.kind)
        return change_revise(tx, by, who, &change, &draft->proposal, out);
    if (found)
        return err_set(tx_err(tx), ERR_CHANGE_CONFLICT,
                       "Context " TEXT_FMT " belongs to " TEXT_FMT ", which is about " TEXT_FMT,
                       TEXT_ARG(draft->context), TEXT_ARG(change.name), TEXT_ARG(change.line));
    if (check_target(tx, by, &impact, &draft->proposal) != 0)
        return -1;
    return open_new(tx, by, who, draft, &impact, out);
}

/* --- revising -------------------------------------------------------------------------------------------------------------------- */

static int says_the_same(tx_t *tx, int64_t change_id, const impact_t *impact, bool *same)
{
    rows_t *rows;
    if (tx_query(tx, STMT_REVISION_SAME, &rows, sql_i64(change_id), sql_text(impact->content_hash),
                 i64_or_null(impact->base_version), i64_or_null(impact->base_terms),
                 sql_text(impact_rows_json(impact, tx_arena(tx))), sql_text(impact->checks)) != 0)
        return -1;
    rows_next(rows);
    *same = row_bool(rows, "same");
    return row_end(rows);
}

/* The author, or whoever may open changes of the event. */
static int may_touch(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change)
{
    if (by->kind != PRINCIPAL_ANYBODY && text_eq(who->actor, change->author))
        return 0;
    return change_may(tx, by, RIGHT_OPEN_CHANGE, change->owner_id);
}

int change_revise(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                  const proposal_t *proposal, change_opened_t *out)
{
    bool same, found;
    impact_t impact;
    proposal_t again = *proposal;
    change_t now;
    again.change_id = change->id;
    *out = (change_opened_t){.id = change->id, .name = change->name, .revision = change->revision};
    if (may_touch(tx, by, who, change) != 0 || change_in(tx, change, true) != 0)
        return -1;
    if (change->new_line_id != 0)
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       TEXT_FMT " has made " TEXT_FMT " already: its content is fixed",
                       TEXT_ARG(change->name), TEXT_ARG(change->new_line_name));
    if (again.kind != change->kind)
        return err_set(tx_err(tx), ERR_STATE_CONFLICT, TEXT_FMT " is of kind %s", TEXT_ARG(change->name),
                       proposal_word(change->kind));
    if (impact_compute(tx, change->line_id, &again, &impact) != 0 ||
        check_target(tx, by, &impact, &again) != 0 || says_the_same(tx, change->id, &impact, &same) != 0)
        return -1;
    out->unchanged = same;
    if (same)
        return 0;
    bool open = text_is(change->state, "open");
    if (open && !change->suggestion && check_conflict(tx, &impact, change->id) != 0)
        return -1;
    out->revision = change->revision + 1;
    if (put_revision(tx, who, change->id, out->revision, change->new_line, &again, &impact) != 0 ||
        find_id(tx, change->id, &found, &now) != 0 ||
        change_note(tx, who, &now, AUDIT_CHANGE_REVISED, detail_of(&now, &impact, tx_arena(tx)), TEXT_NONE) !=
            0)
        return -1;
    return open && !change->suggestion ? requirements_update(tx, who, &now, &impact) : 0;
}

/* What the current revision proposes, to be judged once more. */
static int proposal_again(tx_t *tx, const change_t *change, proposal_t *out)
{
    reference_t *references = NULL;
    size_t n = 0;
    if (change->kind == PROPOSAL_SCHEMA &&
        references_read(change->references, tx_arena(tx), &references, &n) != 0)
        return err_set(tx_err(tx), ERR_INTERNAL, NULL);
    *out = (proposal_t){
        .kind = change->kind,
        .subject = change->kind == PROPOSAL_SCHEMA ? change->subject : TEXT_NONE,
        .format = change->format,
        .text = change->text,
        .references = references,
        .n_references = n,
        .terms = change->terms,
        .target = change->target,
        .change_id = change->id,
    };
    return 0;
}

int change_submit(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change)
{
    bool found;
    proposal_t proposal;
    impact_t impact;
    change_t now;
    if (may_touch(tx, by, who, change) != 0)
        return -1;
    if (!text_is(change->state, "draft"))
        return err_set(tx_err(tx), ERR_STATE_CONFLICT, TEXT_FMT " is " TEXT_FMT ", not a draft",
                       TEXT_ARG(change->name), TEXT_ARG(change->state));
    if (proposal_again(tx, change, &proposal) != 0 ||
        impact_compute(tx, change->line_id, &proposal, &impact) != 0 ||
        (!change->suggestion && check_conflict(tx, &impact, change->id) != 0))
        return -1;
    if (put_revision(tx, who, change->id, change->revision + 1, change->new_line, &proposal, &impact) != 0 ||
        tx_send(tx, STMT_CHANGE_SET_STATE, sql_i64(change->id), sql_text(TEXT("open")),
                sql_bool(change->suggestion), sql_text(who->actor)) != 0 ||
        find_id(tx, change->id, &found, &now) != 0 ||
        change_note(tx, who, &now, AUDIT_CHANGE_OPENED, detail_of(&now, &impact, tx_arena(tx)), TEXT_NONE) !=
            0)
        return -1;
    return now.suggestion ? suggestion_tell(tx, &now) : requirements_update(tx, who, &now, &impact);
}

int change_adopt(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change)
{
    bool found;
    proposal_t proposal;
    impact_t impact;
    change_t now;
    if (change_may(tx, by, RIGHT_OPEN_CHANGE, change->owner_id) != 0 || change_in(tx, change, true) != 0)
        return -1;
    if (!change->suggestion)
        return err_set(tx_err(tx), ERR_STATE_CONFLICT, TEXT_FMT " is no suggestion", TEXT_ARG(change->name));
    if (proposal_again(tx, change, &proposal) != 0 ||
        impact_compute(tx, change->line_id, &proposal, &impact) != 0 ||
        check_conflict(tx, &impact, change->id) != 0)
        return -1;
    if (put_revision(tx, who, change->id, change->revision + 1, change->new_line, &proposal, &impact) != 0 ||
        tx_send(tx, STMT_CHANGE_SET_STATE, sql_i64(change->id), sql_text(TEXT("open")), sql_bool(false),
                sql_text(who->actor)) != 0 ||
        find_id(tx, change->id, &found, &now) != 0 ||
        change_note(tx, who, &now, AUDIT_CHANGE_ADOPTED,
                    TEXT("{\"from\":{\"suggestion\":true},\"to\":{\"suggestion\":false}}"), TEXT_NONE) != 0)
        return -1;
    return requirements_update(tx, who, &now, &impact);
}

/* What people say about a change: decisions, comments, reminders, and that it shall not be. */
#include "catalog/change_job.h"
#include "catalog/notice_given.h"

/* --- decisions ----------------------------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t id, asked, team_id; /* asked: it may have been dissolved since, and team_id follows it */
    text_t team, act, status;
    bool maintainers_only;
} requirement_t;

bool decision_act_is_known(text_t act)
{
    static const char *const acts[] = {"approve", "acknowledge", "request_changes", "reject", "not_affected"};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (text_is(act, acts[i]))
            return true;
    return false;
}

static int find_requirement(tx_t *tx, const change_t *change, text_t name, requirement_t *out)
{
    rows_t *rows;
    err_t *err = tx_err(tx);
    if (tx_query(tx, STMT_REQUIREMENT_FIND, &rows, sql_i64(change->id), sql_text(name)) != 0)
        return -1;
    if (!rows_next(rows)) {
        err->place = "requirement";
        return err_set(err, ERR_NOT_FOUND, TEXT_FMT " asks nobody called " TEXT_FMT, TEXT_ARG(change->name),
                       TEXT_ARG(name));
    }
    *out = (requirement_t){
        .id = row_i64(rows, "id"),
        .asked = row_i64(rows, "asked"),
        .team_id = row_i64(rows, "team_id"),
        .team = row_text(rows, "team"),
        .act = row_text(rows, "act"),
        .status = row_text(rows, "status"),
        .maintainers_only = row_bool(rows, "maintainers_only"),
    };
    return row_end(rows);
}

/* A member of the team, who did not propose it for another one. */
static int may_decide(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                      const requirement_t *requirement)
{
    err_t *err = tx_err(tx);
    if (by->kind == PRINCIPAL_ANYBODY)
        return 0;
    if (by->kind == PRINCIPAL_SERVICE)
        return err_set(err, ERR_NOT_TEAM_MEMBER,
                       "People decide for team " TEXT_FMT "; the token of a service does not",
                       TEXT_ARG(requirement->team));
    bool proposed = text_eq(who->actor, change->author) || text_eq(who->actor, change->revised_by);
    if (proposed && requirement->team_id != change->author_team)
        return err_set(err, ERR_SELF_APPROVAL,
                       "You opened or revised " TEXT_FMT ": somebody else of team " TEXT_FMT " has to decide",
                       TEXT_ARG(change->name), TEXT_ARG(requirement->team));
    if (change_may(tx, by, RIGHT_DECIDE, requirement->team_id) != 0)
        return -1;
    if (requirement->maintainers_only && !principal_is_maintainer(by, requirement->team_id))
        return err_set(err, ERR_NOT_TEAM_MEMBER, "For team " TEXT_FMT " its maintainers decide",
                       TEXT_ARG(requirement->team));
    return 0;
}

static int check_revision(tx_t *tx, const change_t *change, int32_t revision)
{
    rows_t *rows;
    err_t *err = tx_err(tx);
    if (revision == 0 || revision == change->revision)
        return 0;
    if (revision > change->revision) {
        err->place = "revision";
        return err_set(err, ERR_FIELD_INVALID, TEXT_FMT " has %d revisions", TEXT_ARG(change->name),
                       change->revision);
    }
    if (tx_query(tx, STMT_CHANGE_SINCE, &rows, sql_i64(change->id), sql_i64(revision)) != 0)
        return -1;
    rows_next(rows);
    text_t added = row_text(rows, "added"), gone = row_text(rows, "gone");
    if (row_end(rows) != 0)
        return -1;
    err_set(err, ERR_CHANGE_STALE_REVISION, TEXT_FMT " is at revision %d; you looked at %d",
            TEXT_ARG(change->name), change->revision, revision);
    err->extra = text_printf(tx_arena(tx),
                             "{\"revision\":%d,\"added\":" TEXT_FMT ",\"gone\":" TEXT_FMT
                             ",\"links\":{\"change\":\"/api/v1/changes/" TEXT_FMT "\"}}",
                             change->revision, TEXT_ARG(added), TEXT_ARG(gone), TEXT_ARG(change->name));
    return -1;
}

/* The sunset of a line that a change has announced is still agreed to, or not, after the change was carried out. */
static int check_open(tx_t *tx, const change_t *change)
{
    bool announced = text_is(change->state, "applied") &&
                     (change->kind == PROPOSAL_LIFECYCLE || change->retire.at != NULL) &&
                     text_is(change->line_state, "deprecated");
    return announced ? 0 : change_in(tx, change, false);
}

/* Who answers has read the question: notice was given. */
static int has_seen(tx_t *tx, const who_t *who, const change_t *change, int64_t team_id)
{
    told_t told = {.team_id = team_id, .change_id = change->id, .by = TOLD_BY_INBOX};
    return notice_given(tx, who, &told);
}

static text_t decision_detail(const requirement_t *requirement, const decision_t *decision, int32_t revision,
                              arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out,
               "{\"requirement\":\"rq_%lld\",\"team\":\"" TEXT_FMT "\",\"act\":\"" TEXT_FMT
               "\",\"revision\":%d",
               (long long)requirement->id, TEXT_ARG(requirement->team), TEXT_ARG(decision->act), revision);
    if (decision->not_before.at != NULL) {
        buf_add_s(&out, ",\"not_before\":");
        jv_print_string(&out, decision->not_before);
    }
    if (decision->comment.bytes > 0) {
        buf_add_s(&out, ",\"comment\":");
        jv_print_string(&out, decision->comment);
    }
    buf_add_char(&out, '}');
    return buf_end(&out, arena);
}

int change_decide(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                  const decision_t *decision, int64_t *requirement_id)
{
    requirement_t requirement;
    if (find_requirement(tx, change, decision->requirement, &requirement) != 0 ||
        may_decide(tx, by, who, change, &requirement) != 0 || check_open(tx, change) != 0 ||
        check_revision(tx, change, decision->revision) != 0)
        return -1;
    if (change->suggestion)
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       TEXT_FMT " is a suggestion that team " TEXT_FMT " has not adopted",
                       TEXT_ARG(change->name), TEXT_ARG(change->owner));
    if (text_is(requirement.status, "not_needed"))
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       "Nothing of " TEXT_FMT " hits team " TEXT_FMT " any more", TEXT_ARG(change->name),
                       TEXT_ARG(requirement.team));
    *requirement_id = requirement.id;
    if (tx_send(tx, STMT_DECISION_INSERT, sql_i64(requirement.id), sql_i64(change->revision),
                sql_text(who->actor), sql_text(decision->act), sql_text_or_null(decision->not_before),
                sql_text(decision->comment.at != NULL ? decision->comment : TEXT(""))) != 0 ||
        has_seen(tx, who, change, requirement.asked) != 0 ||
        has_seen(tx, who, change, requirement.team_id) != 0 ||
        change_note(tx, who, change, AUDIT_CHANGE_DECIDED,
                    decision_detail(&requirement, decision, change->revision, tx_arena(tx)), TEXT_NONE) != 0)
        return -1;
    return change_tell_ready(tx, change);
}

/* --- comments, reminders --------------------------------------------------------------------------------------------------------- */

int change_remark(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change, text_t body)
{
    buf_t out;
    (void)by; /* whoever may read a change may say something about it */
    if (tx_send(tx, STMT_REMARK_INSERT, sql_i64(change->id), sql_text(who->actor), sql_text(body)) != 0)
        return -1;
    buf_init(&out, BUF_NO_MAX);
    buf_add_s(&out, "{\"body\":");
    jv_print_string(&out, body);
    buf_add_char(&out, '}');
    return change_note(tx, who, change, AUDIT_CHANGE_COMMENTED, buf_end(&out, tx_arena(tx)), TEXT_NONE);
}

int change_remind(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                  size_t *n_reminded)
{
    rows_t *rows;
    buf_t teams;
    *n_reminded = 0;
    if (change_may(tx, by, RIGHT_OPEN_CHANGE, change->owner_id) != 0 || change_in(tx, change, false) != 0 ||
        tx_query(tx, STMT_REQUIREMENTS_WAITING, &rows, sql_i64(change->id), sql_bool(false)) != 0)
        return -1;
    buf_init(&teams, BUF_NO_MAX);
    buf_add_s(&teams, "{\"teams\":[");
    for (; rows_next(rows); ++*n_reminded) {
        tx_send(tx, STMT_REQUIREMENT_REMINDED, sql_i64(row_i64(rows, "id")));
        buf_printf(&teams, "%s\"" TEXT_FMT "\"", *n_reminded > 0 ? "," : "",
                   TEXT_ARG(row_text(rows, "team")));
    }
    buf_add_s(&teams, "]}");
    text_t detail = buf_end(&teams, tx_arena(tx));
    if (row_end(rows) != 0 || *n_reminded == 0)
        return tx_err(tx)->code == ERR_NONE ? 0 : -1;
    return change_note(tx, who, change, AUDIT_APPROVAL_REMINDER, detail, TEXT_NONE);
}

/* --- it shall not be ----------------------------------------------------------------------------------------------------------- */

static int close_change(tx_t *tx, const who_t *who, const change_t *change, const char *state,
                        audit_kind_t kind, text_t reason)
{
    text_t detail =
        text_printf(tx_arena(tx), "{\"from\":{\"state\":\"" TEXT_FMT "\"},\"to\":{\"state\":\"%s\"}}",
                    TEXT_ARG(change->state), state);
    return tx_send(tx, STMT_CHANGE_CLOSE, sql_i64(change->id), sql_text(text_of(state)), sql_text(who->actor),
                   sql_text_or_null(reason), sql_null()) != 0
               ? -1
               : change_note(tx, who, change, kind, detail, reason);
}

int change_withdraw(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change, text_t reason)
{
    bool author = by->kind != PRINCIPAL_ANYBODY && text_eq(who->actor, change->author);
    if ((!author && change_may(tx, by, RIGHT_OPEN_CHANGE, change->owner_id) != 0) ||
        change_in(tx, change, true) != 0)
        return -1;
    return close_change(tx, who, change, "withdrawn", AUDIT_CHANGE_WITHDRAWN, reason);
}

int change_reject(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change, text_t reason)
{
    if (change_may(tx, by, RIGHT_APPLY, change->owner_id) != 0 || change_in(tx, change, true) != 0)
        return -1;
    return close_change(tx, who, change, "rejected", AUDIT_CHANGE_REJECTED, reason);
}

/* --- the clock's ------------------------------------------------------------------------------------------------------------------ */

static int due(tx_t *tx, bool expired, change_t **out, size_t *n)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CHANGES_DUE, &rows, sql_bool(expired)) != 0)
        return -1;
    size_t n_ids = rows_n(rows);
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, n_ids);
    for (size_t i = 0; rows_next(rows); i++)
        ids[i] = row_i64(rows, "id");
    if (row_end(rows) != 0)
        return -1;
    *n = 0;
    *out = ARENA_ARRAY(tx_arena(tx), change_t, n_ids);
    for (size_t i = 0; i < n_ids; i++)
        if (change_find(tx, text_printf(tx_arena(tx), "%lld", (long long)ids[i]), &(*out)[(*n)++]) != 0)
            return -1;
    return 0;
}

int change_expire_due(tx_t *tx, const who_t *who, size_t *n)
{
    change_t *all;
    if (due(tx, true, &all, n) != 0)
        return -1;
    for (size_t i = 0; i < *n; i++)
        if (close_change(tx, who, &all[i], "expired", AUDIT_CHANGE_EXPIRED,
                         TEXT("nobody did anything with it")) != 0)
            return -1;
    return 0;
}

int change_ready(tx_t *tx, const who_t *who, text_t **auto_apply, size_t *n)
{
    change_t *all;
    size_t n_all;
    *n = 0;
    if (due(tx, false, &all, &n_all) != 0)
        return -1;
    *auto_apply = ARENA_ARRAY(tx_arena(tx), text_t, n_all);
    for (size_t i = 0; i < n_all; i++) {
        if (all[i].auto_apply)
            (*auto_apply)[(*n)++] = all[i].name;
        if (!all[i].told_ready &&
            (tx_send(tx, STMT_CHANGE_TOLD_READY, sql_i64(all[i].id)) != 0 ||
             change_note(tx, who, &all[i], AUDIT_CHANGE_READY, TEXT_NONE, TEXT_NONE) != 0))
            return -1;
    }
    return 0;
}

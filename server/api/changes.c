/* changes.c - /api/v1/changes: change requests and what is said about them (catalog/change.h). */
#include "catalog/change.h"

#include "server/api/api.h"
#include "server/api/proposal.h"
#include "server/operator.h"

static const char *const acts[] = {"approve", "acknowledge",  "request_changes",
                                   "reject",  "not_affected", NULL};

const shape_t decision_shape[] = {
    {"requirement", .kind = SHAPE_TEXT},
    {"team", .kind = SHAPE_SLUG},
    {"revision", .kind = SHAPE_INT, .least = 1, .most = INT32_MAX},
    {"act", SHAPE_CHOICE, .flags = SHAPE_REQUIRED, .choices = acts},
    {"not_before", SHAPE_INSTANT, .flags = SHAPE_NULL},
    {"comment", .kind = SHAPE_TEXT},
    {0},
};

/* --- reading --------------------------------------------------------------------------------------------------------------------- */

static int reply_change(call_t *c, tx_t *tx, int status, int64_t id, text_t name)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CHANGE_GET, &rows, sql_i64(id)) != 0)
        return -1;
    if (status == 201)
        reply_header(c, "location", text_printf(c->arena, "/api/v1/changes/" TEXT_FMT, TEXT_ARG(name)));
    return api_reply_row(c, status, rows, "change", name);
}

static int find(call_t *c, tx_t *tx, change_t *out)
{
    return change_find(tx, c->params[0], out);
}

/* GET /api/v1/changes/{id} */
int change_read(call_t *c, tx_t *tx)
{
    change_t change;
    return find(c, tx, &change) != 0 ? -1 : reply_change(c, tx, 200, change.id, change.name);
}

/* The teams of who asks, for ?mine=true. */
static sql_arg_t my_teams(call_t *c)
{
    const principal_t *me = api_principal(c);
    if (!call_query_bool(c, "mine", false))
        return sql_null();
    text_t *teams = ARENA_ARRAY(c->arena, text_t, me->n_teams);
    for (size_t i = 0; i < me->n_teams; i++)
        teams[i] = me->teams[i].team;
    return sql_text_array(teams, me->n_teams, c->arena);
}

/* GET /api/v1/changes?state=&team=&event=&author=&mine= */
int changes_list(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0)
        return -1;
    for (size_t i = 0; i < page.after.bytes; i++)
        if (page.after.at[i] < '0' || page.after.at[i] > '9' || i >= 18)
            return err_set(&c->err, ERR_CURSOR_EXPIRED, NULL);
    if (tx_query(tx, STMT_CHANGES_LIST, &rows, sql_text_or_null(page.after), sql_i64(page.limit + 1),
                 sql_text_or_null(call_query(c, "state")), sql_text_or_null(call_query(c, "team")),
                 sql_text_or_null(call_query(c, "event")), sql_text_or_null(call_query(c, "author")),
                 my_teams(c), sql_text(api_principal(c)->name)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

/* --- opening and revising ---------------------------------------------------------------------------------------------------------- */

static int read_date(call_t *c, const json_t *object, const char *name, const char *place)
{
    text_t at;
    if (object == NULL || api_instant(c, object, name, &at) == 0)
        return 0;
    c->err.place = place;
    return -1;
}

/* {"strategy": "new_line", "retire": "orders.order_placed@2", "dual_publish": {"from", "until"}, "subject", "migration_guide"}. Without a
 * word about it, the line that the new one stands beside is to be retired. */
static int read_plan(call_t *c, int64_t line_id, tx_t *tx, change_draft_t *out)
{
    static const char *const strategies[] = {"in_line", "new_line"};
    const json_t *plan, *dual;
    size_t strategy;
    text_t text;
    int64_t retired;
    if (jx_object(c, c->body, "plan", &plan) != 0)
        return -1;
    if (plan == NULL)
        return 0;
    if (api_choice(c, plan, "strategy", strategies, 2, 0, &strategy) != 0 ||
        jx_object(c, plan, "dual_publish", &dual) != 0 ||
        read_date(c, dual, "from", "plan.dual_publish.from") != 0 ||
        read_date(c, dual, "until", "plan.dual_publish.until") != 0 ||
        jx_text(c, plan, "migration_guide", TEXT_NONE, &text) != 0 ||
        jx_text(c, plan, "subject", TEXT_NONE, &text) != 0 ||
        jx_text(c, plan, "retire", TEXT_NONE, &text) != 0)
        return -1;
    out->new_line = strategy == 1;
    if (out->new_line && out->proposal.kind != PROPOSAL_SCHEMA)
        return api_invalid(c, TEXT("plan.strategy"), "A new line needs a schema");
    if (text.at != NULL && impact_line_find(tx, text, &retired) != 0)
        return -1;
    if (text.at != NULL && retired != line_id)
        return api_invalid(c, TEXT("plan.retire"),
                           "The line that is retired is the one that the change is about, or null");
    return api_json(c, c->body, "plan", JSON_OBJECT, TEXT_NONE, &out->plan);
}

static int read_draft(call_t *c, tx_t *tx, change_draft_t *out)
{
    text_t document;
    if (api_shape(c, change_shape, SHAPE_WHOLE, &document) != 0 || api_proposal(c, &out->proposal) != 0 ||
        api_proposal_line(c, tx, &out->line_id) != 0 ||
        api_required_text(c, c->body, "title", &out->title) != 0 ||
        jx_text(c, c->body, "rationale", TEXT(""), &out->rationale) != 0 ||
        jx_bool(c, c->body, "draft", false, &out->draft) != 0 || read_plan(c, out->line_id, tx, out) != 0 ||
        api_json(c, c->body, "source", JSON_OBJECT, TEXT("{}"), &out->source) != 0 ||
        jx_text(c, c->body, "context", TEXT_NONE, &out->context) != 0 ||
        api_json(c, c->body, "labels", JSON_OBJECT, TEXT("{}"), &out->labels) != 0 ||
        api_instant(c, c->body, "effective_not_before", &out->effective_not_before) != 0 ||
        jx_bool(c, c->body, "auto_apply", false, &out->auto_apply) != 0)
        return -1;
    return jx_text(c, c->body, "team", TEXT_NONE, &out->team);
}

/* POST /api/v1/changes: 201; 200 when the context had a change already. */
int change_create(call_t *c, tx_t *tx)
{
    change_draft_t draft = {.plan = TEXT("{}")};
    change_opened_t opened;
    who_t who = api_who(c);
    if (read_draft(c, tx, &draft) != 0 || change_open(tx, api_principal(c), &who, &draft, &opened) != 0)
        return -1;
    return reply_change(c, tx, opened.created ? 201 : 200, opened.id, opened.name);
}

/* POST and PUT /api/v1/changes/{id}/revisions */
int change_push(call_t *c, tx_t *tx)
{
    change_t change;
    proposal_t proposal;
    change_opened_t opened;
    text_t document;
    who_t who = api_who(c);
    if (api_shape(c, revision_shape, SHAPE_WHOLE, &document) != 0 || api_proposal(c, &proposal) != 0 ||
        find(c, tx, &change) != 0 ||
        change_revise(tx, api_principal(c), &who, &change, &proposal, &opened) != 0)
        return -1;
    return reply_change(c, tx, opened.unchanged ? 200 : 201, change.id, change.name);
}

/* POST /api/v1/changes/{id}/open: a draft. */
int change_open_call(call_t *c, tx_t *tx)
{
    change_t change;
    who_t who = api_who(c);
    if (find(c, tx, &change) != 0 || change_submit(tx, api_principal(c), &who, &change) != 0)
        return -1;
    return reply_change(c, tx, 200, change.id, change.name);
}

/* POST /api/v1/changes/{id}/adopt: a suggestion. */
int change_adopt_call(call_t *c, tx_t *tx)
{
    change_t change;
    who_t who = api_who(c);
    if (find(c, tx, &change) != 0 || change_adopt(tx, api_principal(c), &who, &change) != 0)
        return -1;
    return reply_change(c, tx, 200, change.id, change.name);
}

/* --- saying something -------------------------------------------------------------------------------------------------------------- */

/* POST /api/v1/changes/{id}/decisions */
int change_decide_call(call_t *c, tx_t *tx)
{
    change_t change;
    decision_t decision = {.requirement = TEXT_NONE};
    text_t document, team;
    int64_t revision, requirement;
    rows_t *rows;
    who_t who = api_who(c);
    if (api_shape(c, decision_shape, SHAPE_WHOLE, &document) != 0 ||
        jx_text(c, c->body, "requirement", TEXT_NONE, &decision.requirement) != 0 ||
        jx_text(c, c->body, "team", TEXT_NONE, &team) != 0 ||
        jx_text(c, c->body, "act", TEXT(""), &decision.act) != 0 ||
        jx_int(c, c->body, "revision", 0, &revision) != 0 ||
        api_instant(c, c->body, "not_before", &decision.not_before) != 0 ||
        jx_text(c, c->body, "comment", TEXT(""), &decision.comment) != 0)
        return -1;
    decision.revision = (int32_t)revision;
    if (decision.requirement.at == NULL)
        decision.requirement = team;
    if (decision.requirement.at == NULL)
        return api_invalid(c, TEXT("requirement"),
                           "Say which requirement it answers (rq_12), or for which team");
    if (find(c, tx, &change) != 0 ||
        change_decide(tx, api_principal(c), &who, &change, &decision, &requirement) != 0 ||
        tx_query(tx, STMT_DECISION_REPLY, &rows, sql_i64(change.id), sql_i64(requirement)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "change", change.name);
}

/* POST /api/v1/changes/{id}/comments */
int change_comment(call_t *c, tx_t *tx)
{
    change_t change;
    text_t body;
    who_t who = api_who(c);
    if (api_required_text(c, c->body, "body", &body) != 0 || find(c, tx, &change) != 0 ||
        change_remark(tx, api_principal(c), &who, &change, body) != 0)
        return -1;
    return reply_change(c, tx, 201, change.id, change.name);
}

/* POST /api/v1/changes/{id}/remind */
int change_remind_call(call_t *c, tx_t *tx)
{
    change_t change;
    size_t n;
    who_t who = api_who(c);
    if (find(c, tx, &change) != 0 || change_remind(tx, api_principal(c), &who, &change, &n) != 0)
        return -1;
    reply_text(
        c, 200, "application/json",
        text_printf(c->arena, "{\"change\":\"" TEXT_FMT "\",\"reminded\":%zu}", TEXT_ARG(change.name), n));
    return 0;
}

static int reason_of(call_t *c, text_t *out)
{
    *out = TEXT_NONE;
    return c->body == NULL ? 0 : jx_text(c, c->body, "reason", TEXT_NONE, out);
}

static int close_call(call_t *c, tx_t *tx,
                      int (*close)(tx_t *, const principal_t *, const who_t *, const change_t *, text_t))
{
    change_t change;
    text_t reason;
    who_t who = api_who(c);
    if (reason_of(c, &reason) != 0 || find(c, tx, &change) != 0 ||
        close(tx, api_principal(c), &who, &change, reason) != 0)
        return -1;
    return reply_change(c, tx, 200, change.id, change.name);
}

/* POST /api/v1/changes/{id}/withdraw */
int change_withdraw_call(call_t *c, tx_t *tx)
{
    return close_call(c, tx, change_withdraw);
}

/* POST /api/v1/changes/{id}/reject */
int change_reject_call(call_t *c, tx_t *tx)
{
    return close_call(c, tx, change_reject);
}

/* --- doing it ---------------------------------------------------------------------------------------------------------------------- */

/* POST /api/v1/changes/{id}/apply. The registry's locks come before the catalog's. */
int change_apply_call(call_t *c, tx_t *tx)
{
    change_t change;
    who_t who = api_who(c);
    policy_t registry = conf_policy(c->conf);
    if (change_lock_subject(tx, c->params[0]) != 0 || api_write_begin(c, tx) != 0 ||
        find(c, tx, &change) != 0 || change_apply(tx, api_principal(c), &who, &change, &registry) != 0)
        return -1;
    return reply_change(c, tx, 200, change.id, change.name);
}

/* POST /api/v1/changes/{id}/override */
int change_override_call(call_t *c, tx_t *tx)
{
    change_t change;
    override_t override;
    who_t who = api_who(c);
    policy_t registry = conf_policy(c->conf);
    if (jx_text(c, c->body, "reason", TEXT(""), &override.reason) != 0 ||
        jx_text(c, c->body, "ticket", TEXT_NONE, &override.ticket) != 0 ||
        jx_text(c, c->body, "confirm", TEXT(""), &override.confirm) != 0 ||
        change_lock_subject(tx, c->params[0]) != 0 || api_write_begin(c, tx) != 0 ||
        find(c, tx, &change) != 0 ||
        change_override(tx, api_principal(c), &who, &change, &override, &registry) != 0)
        return -1;
    return reply_change(c, tx, 200, change.id, change.name);
}

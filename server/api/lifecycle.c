/* lifecycle.c - POST /api/v1/lines/{line}/activate and its like: a line goes to its next state at once, where nobody has to be asked.
 *
 * Where somebody has to be, the answer is CHANGE_REQUIRED with the change to open. The rules are in catalog/lifecycle.c.
 */
#include "catalog/lifecycle.h"
#include "catalog/purge.h"

#include "server/api/api.h"
#include "server/api/base.h"
#include "server/api/resource.h"
#include "server/api/shape.h"

static int read_target(call_t *c, line_state_t to, line_target_t *out)
{
    static const char *const members[] = {"reason", "sunset_at", "replacement", "migration_guide",
                                          "override"};
    *out = (line_target_t){.to = to};
    if (c->body == NULL)
        return 0;
    if (api_members(c, c->body, members, sizeof members / sizeof *members) != 0 ||
        jx_text(c, c->body, "reason", TEXT_NONE, &out->reason) != 0 ||
        api_instant(c, c->body, "sunset_at", &out->sunset_at) != 0 ||
        jx_text(c, c->body, "replacement", TEXT_NONE, &out->replacement) != 0 ||
        jx_text(c, c->body, "migration_guide", TEXT_NONE, &out->migration_guide) != 0 ||
        jx_bool(c, c->body, "override", false, &out->override) != 0)
        return -1;
    return 0;
}

static int move(call_t *c, tx_t *tx, line_state_t to)
{
    line_target_t target;
    rows_t *rows;
    who_t who = api_who(c);
    if (read_target(c, to, &target) != 0 ||
        line_transition(tx, &who, api_principal(c), c->params[0], &target, &c->err) != 0 ||
        tx_query(tx, STMT_LINE_MOVED, &rows, sql_text(c->params[0])) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "line", c->params[0]);
}

int line_activate(call_t *c, tx_t *tx)
{
    return move(c, tx, LINE_ACTIVE);
}

int line_abandon(call_t *c, tx_t *tx)
{
    return move(c, tx, LINE_ABANDONED);
}

int line_deprecate(call_t *c, tx_t *tx)
{
    return move(c, tx, LINE_DEPRECATED);
}

int line_reactivate(call_t *c, tx_t *tx)
{
    return move(c, tx, LINE_ACTIVE);
}

/* A later sunset, also of a line that has reached it. */
int line_reschedule(call_t *c, tx_t *tx)
{
    return move(c, tx, LINE_DEPRECATED);
}

int line_sunset(call_t *c, tx_t *tx)
{
    return move(c, tx, LINE_SUNSET);
}

int line_remove(call_t *c, tx_t *tx)
{
    return move(c, tx, LINE_REMOVED);
}

/* --- content ------------------------------------------------------------------------------------------------------------------ */

const shape_t purge_shape[] = {
    {"reason", SHAPE_TEXT, .flags = SHAPE_REQUIRED}, {"confirm", SHAPE_TEXT, .flags = SHAPE_REQUIRED}, {0}};

/* POST /api/v1/lines/{line}/purge: asked by one administrator (202), done by another one (200). */
int line_purge_call(call_t *c, tx_t *tx)
{
    text_t document;
    line_t line;
    rows_t *rows;
    bool done;
    who_t who = api_who(c);
    if (api_shape(c, purge_shape, SHAPE_WHOLE, &document) != 0)
        return -1;
    const purge_t purge = {.line = c->params[0],
                           .reason = resource_text(c->body, "reason"),
                           .confirm = resource_text(c->body, "confirm")};
    if (line_purge(tx, api_principal(c), &who, &purge, &line, &done) != 0 ||
        tx_query(tx, STMT_PURGE_GET, &rows, sql_i64(line.id)) != 0)
        return -1;
    return api_reply_row(c, done ? 200 : 202, rows, "line", line.name);
}

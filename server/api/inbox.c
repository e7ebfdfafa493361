/* inbox.c - /api/v1/inbox: what teams were told (catalog/inbox.h). */
#include "server/api/api.h"

#include "catalog/inbox.h"
#include "server/api/base.h"

/* A look is a write: it may be the moment from which a notice period counts. */
static int note_look(call_t *c, tx_t *tx, const page_t *page, rows_t *rows)
{
    const principal_t *principal = api_principal(c);
    int64_t *items = ARENA_ARRAY(c->arena, int64_t, rows_n(rows));
    who_t who = api_who(c);
    size_t n = 0;
    while (n < (size_t)page->limit && rows_next(rows))
        items[n++] = row_i64(rows, "id");
    if (row_end(rows) != 0)
        return -1;
    return principal->person_id == 0 ? 0 : inbox_look(tx, &who, principal->person_id, items, n);
}

int inbox_list(call_t *c, tx_t *tx)
{
    const principal_t *principal = api_principal(c);
    page_t page;
    bool mine = call_query_bool(c, "mine", false), known = principal->person_id != 0;
    if (api_page(c, &page) != 0)
        return -1;
    const sql_arg_t args[] = {
        sql_text_or_null(call_query(c, "team")),
        mine && known ? sql_i64(principal->person_id) : sql_null(),
        sql_bool(principal->kind == PRINCIPAL_ANYBODY || principal->role == ROLE_ADMIN),
        sql_bool(call_query_bool(c, "waiting", false)),
        sql_text_or_null(page.after),
        sql_i64(page.limit + 1),
        known ? sql_i64(principal->person_id) : sql_null(),
    };
    rows_t *shown, *looked_at;
    if (tx_query_args(tx, STMT_INBOX_LIST, &shown, args, sizeof args / sizeof *args) != 0 ||
        tx_query_args(tx, STMT_INBOX_LIST, &looked_at, args, sizeof args / sizeof *args) != 0 ||
        note_look(c, tx, &page, looked_at) != 0)
        return -1;
    return api_reply_list(c, &page, shown);
}

int inbox_settle(call_t *c, tx_t *tx)
{
    who_t who = api_who(c);
    inbox_item_t item;
    if (inbox_item_get(tx, c->params[0], &item) != 0 ||
        rights_check(tx, api_principal(c), RIGHT_DECIDE, item.team_id, 0, &c->err) != 0 ||
        inbox_done(tx, &who, &item) != 0)
        return -1;
    reply_json(c, 200, json_pack("{s:I, s:b}", "id", (json_int_t)item.id, "waits", 0));
    c->reply.content_type = "application/json";
    return 0;
}

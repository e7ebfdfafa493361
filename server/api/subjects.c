/* subjects.c - the registry's subjects as people look for them. The registry's own API lists names; these list what a page shows of
 * each, in one call. */
#include "server/api/api.h"

#include "catalog/name.h"
#include "server/api/base.h"

static sql_arg_t text_or_null(text_t text)
{
    return text.bytes == 0 ? sql_null() : sql_text(text);
}

/* ?state=live (the default), deleted, all */
static int read_state(call_t *c, sql_arg_t *out)
{
    text_t state = call_query(c, "state");
    *out = sql_bool(true);
    if (state.bytes == 0 || text_is(state, "live"))
        return 0;
    *out = text_is(state, "all") ? sql_null() : sql_bool(false);
    if (text_is(state, "all") || text_is(state, "deleted"))
        return 0;
    return api_invalid(c, TEXT("state"), "state must be one of live, deleted, all");
}

/* GET /api/v1/subjects?q=&context=&state=&format= */
int subjects_browse(call_t *c, tx_t *tx)
{
    page_t page;
    sql_arg_t live;
    rows_t *rows;
    if (api_page(c, &page) != 0 || read_state(c, &live) != 0 ||
        tx_query(tx, STMT_API_SUBJECTS, &rows, text_or_null(call_query(c, "q")),
                 text_or_null(call_query(c, "context")), live, text_or_null(call_query(c, "format")),
                 text_or_null(page.after), sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

/* GET /api/v1/subjects/{subject}/versions */
int subject_versions_browse(call_t *c, tx_t *tx)
{
    subject_name_t subject = subject_name_parse(c->params[0], TEXT_NONE, c->arena);
    rows_t *rows;
    if (tx_query(tx, STMT_API_SUBJECT_VERSIONS, &rows, sql_text(subject.qualified)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "subject", c->params[0]);
}

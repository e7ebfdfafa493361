/* explore.c - /api/v1/facets and /api/v1/fields: what there is to narrow a search down with, and who else has a field. */
#include "server/api/api.h"
#include "server/api/base.h"

static sql_arg_t given(const call_t *c, const char *name)
{
    text_t value = call_query(c, name);
    return value.bytes == 0 ? sql_null() : sql_text(value);
}

/* The filters of GET /api/v1/events; how many events each value of each facet would leave. */
int facets_get(call_t *c, tx_t *tx)
{
    rows_t *rows;
    if (tx_query(tx, STMT_EVENTS_FACETS, &rows, given(c, "q"), given(c, "domain"), given(c, "owner"),
                 given(c, "state"), given(c, "tag"), given(c, "field"), given(c, "format"),
                 given(c, "audience"), given(c, "classification")) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "facets", TEXT("events"));
}

/* ?path= a field's name, or all of its path. */
int fields_get(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    text_t path = call_query(c, "path");
    if (path.bytes == 0)
        return api_invalid(c, TEXT("path"), "must be given: ?path=");
    if (api_page(c, &page) != 0 || tx_query(tx, STMT_FIELDS_LIST, &rows, sql_text(path),
                                            sql_text_or_null(page.after), sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

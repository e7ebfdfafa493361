/* audit.c - /api/v1/audit: the trail of every state change, and whether its chain of seals holds (catalog/audit_chain.h). */
#include "server/api/api.h"

#include "catalog/audit_chain.h"
#include "compat/core/buf.h"
#include "server/api/base.h"

enum { EXPORT_MAX = 100000 };

typedef struct {
    text_t from, to;
} span_t;

static int read_instant(call_t *c, const char *name, text_t *out)
{
    text_t given = call_query(c, name);
    *out = TEXT_NONE;
    if (given.bytes == 0 || api_instant_read(given, c->arena, out))
        return 0;
    return api_invalid(c, text_of(name), "%s must be an instant like 2026-11-21T09:30:00Z, or a date", name);
}

static int query(call_t *c, tx_t *tx, const page_t *page, int64_t limit, rows_t **rows)
{
    span_t span;
    if (read_instant(c, "from", &span.from) != 0 || read_instant(c, "to", &span.to) != 0)
        return -1;
    return tx_query(tx, STMT_AUDIT_LIST, rows, sql_text_or_null(call_query(c, "actor")),
                    sql_text_or_null(call_query(c, "object")), sql_text_or_null(call_query(c, "kind")),
                    sql_text_or_null(span.from), sql_text_or_null(span.to), sql_text_or_null(page->after),
                    sql_i64(limit));
}

int audit_list(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 || query(c, tx, &page, page.limit + 1, &rows) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

/* One entry a line, newest first. What is beyond the limit is asked for with ?to=. */
int audit_export(call_t *c, tx_t *tx)
{
    const page_t page = {.after = TEXT_NONE};
    rows_t *rows;
    buf_t out;
    if (query(c, tx, &page, EXPORT_MAX, &rows) != 0)
        return -1;
    buf_init(&out, BUF_NO_MAX);
    while (rows_next(rows)) {
        buf_add(&out, row_text(rows, "item"));
        buf_add_char(&out, '\n');
    }
    text_t body = buf_end(&out, c->arena);
    if (row_end(rows) != 0)
        return -1;
    reply_text(c, 200, "application/x-ndjson", body);
    return 0;
}

/* The chain as it is stored, for those who recompute it themselves: `entry` is the text that is hashed. */
int audit_chain(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_AUDIT_CHAIN, &rows,
                 page.after.at == NULL ? sql_text(TEXT("0")) : sql_text(page.after),
                 sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int audit_check(call_t *c, tx_t *tx)
{
    chain_report_t report;
    if (audit_verify(tx, &report) != 0)
        return -1;
    json_t *body =
        json_pack("{s:b, s:I, s:I, s:s%}", "intact", report.intact, "entries", (json_int_t)report.entries,
                  "unsealed", (json_int_t)report.unsealed, "head", report.head.at, report.head.bytes);
    if (!report.intact)
        json_object_update_new(body, json_pack("{s:I, s:s%}", "broken_seq", (json_int_t)report.broken_seq,
                                               "reason", report.reason.at, report.reason.bytes));
    reply_json(c, 200, body);
    c->reply.content_type = "application/json";
    return 0;
}

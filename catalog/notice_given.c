#include "catalog/notice_given.h"

int notice_given(tx_t *tx, const who_t *who, const told_t *told)
{
    rows_t *rows;
    const char *by = told->by == TOLD_BY_WEBHOOK ? "webhook" : "inbox";
    if (tx_query(tx, STMT_NOTICE_DELIVERED, &rows, sql_i64(told->team_id),
                 told->change_id == 0 ? sql_null() : sql_i64(told->change_id),
                 told->line_id == 0 ? sql_null() : sql_i64(told->line_id), sql_text(text_of(by))) != 0)
        return -1;
    rows_next(rows);
    int64_t n = row_i64(rows, "n");
    text_t object = row_text(rows, "object"), about = row_text(rows, "about"),
           detail = row_text(rows, "detail");
    if (row_end(rows) != 0 || n == 0)
        return row_end(rows);
    return audit_note(tx, &(audit_t){.kind = AUDIT_NOTICE_DELIVERED,
                                     .actor = who->actor,
                                     .request_id = who->request_id,
                                     .object = object,
                                     .about = about,
                                     .detail = detail});
}

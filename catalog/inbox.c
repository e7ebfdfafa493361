#include "catalog/inbox.h"

#include "catalog/notice_given.h"

enum { DIGITS_MAX = 18 };

static bool read_id(text_t text, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *out = *out * 10 + (text.at[i] - '0');
    }
    return true;
}

int inbox_item_get(tx_t *tx, text_t text, inbox_item_t *out)
{
    int64_t id;
    rows_t *rows;
    if (text.bytes == 0 || text.bytes > DIGITS_MAX || !read_id(text, &id))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no inbox item \"" TEXT_FMT "\"", TEXT_ARG(text));
    if (tx_query(tx, STMT_INBOX_GET, &rows, sql_i64(id)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no inbox item " TEXT_FMT, TEXT_ARG(text));
    *out = (inbox_item_t){
        .id = id,
        .team_id = row_is_null(rows, "team_id") ? 0 : row_i64(rows, "team_id"),
        .done = row_bool(rows, "done"),
        .team = row_text_or_none(rows, "team"),
        .title = row_text(rows, "title"),
    };
    return row_end(rows);
}

int inbox_done(tx_t *tx, const who_t *who, const inbox_item_t *item)
{
    if (item->done)
        return 0;
    if (tx_send(tx, STMT_INBOX_DONE, sql_i64(item->id)) != 0)
        return -1;
    return audit_note(tx, &(audit_t){.kind = AUDIT_INBOX_DONE,
                                     .actor = who->actor,
                                     .request_id = who->request_id,
                                     .object = text_printf(tx_arena(tx), "inbox:%lld", (long long)item->id),
                                     .detail = TEXT("{\"from\":\"waiting\",\"to\":\"done\"}")});
}

int inbox_look(tx_t *tx, const who_t *who, int64_t person_id, const int64_t *items, size_t n)
{
    rows_t *rows;
    if (n == 0)
        return 0;
    if (tx_query(tx, STMT_INBOX_LOOK, &rows, sql_i64(person_id), sql_i64_array(items, n, tx_arena(tx))) != 0)
        return -1;
    while (rows_next(rows)) {
        told_t told = {.team_id = row_i64(rows, "team_id"),
                       .change_id = row_is_null(rows, "change_id") ? 0 : row_i64(rows, "change_id"),
                       .line_id = row_is_null(rows, "line_id") ? 0 : row_i64(rows, "line_id"),
                       .by = TOLD_BY_INBOX};
        if (notice_given(tx, who, &told) != 0)
            return -1;
    }
    return row_end(rows);
}

#include "catalog/delivery.h"

#include "catalog/notice_given.h"
#include "catalog/own_event.h"
#include "catalog/webhook.h"

enum { ASK_AGAIN_S = 24 * 60 * 60 };

#define PING "io.avow.test.ping.v1"

static const who_t the_server = {.actor = {"avow", 4}, .request_id = {"", 0}};

int notices_lead(tx_t *tx, int32_t leader, duties_t *out)
{
    rows_t *rows;
    if (tx_query_last(tx, STMT_NOTICES_LEAD, &rows, sql_i64(leader), sql_i64((int64_t)own_events_n())) != 0)
        return -1;
    rows_next(rows);
    *out = (duties_t){.leader = row_i32(rows, "pid"),
                      .outbox = row_bool(rows, "outbox"),
                      .due = row_bool(rows, "due"),
                      .unsealed = row_bool(rows, "unsealed"),
                      .subjects = row_bool(rows, "subjects"),
                      .own = row_bool(rows, "own")};
    return row_end(rows);
}

int notices_leave(tx_t *tx)
{
    rows_t *rows;
    return tx_query_last(tx, STMT_NOTICES_LEAVE, &rows);
}

int notices_fan_out(tx_t *tx, int32_t leader, int32_t at_most, text_t source, int32_t *n)
{
    rows_t *rows;
    if (tx_query_last(tx, STMT_NOTICES_FAN_OUT, &rows, sql_i64(leader), sql_i64(at_most), sql_text(source)) !=
        0)
        return -1;
    rows_next(rows);
    *n = row_is_null(rows, "n") ? 0 : row_i32(rows, "n");
    return row_end(rows);
}

static int read_due(rows_t *rows, due_t *due)
{
    *due = (due_t){
        .id = row_i64(rows, "id"),
        .webhook_id = row_i64(rows, "webhook_id"),
        .webhook = row_text(rows, "webhook"),
        .url = row_text(rows, "url"),
        .mode = row_text(rows, "mode"),
        .handshake = row_text(rows, "handshake"),
        .event_id = row_text(rows, "event_id"),
        .type = row_text(rows, "type"),
        .body = row_text(rows, "body"),
        .secret = row_text(rows, "secret"),
        .older_secret = row_text_or_none(rows, "older_secret"),
        .attempts = row_i32(rows, "attempts"),
        .ask = row_bool(rows, "ask"),
        .agreed = row_bool(rows, "agreed"),
    };
    return row_end(rows);
}

int deliveries_due(tx_t *tx, int32_t leader, const int64_t *under_way, size_t n_under_way, int32_t at_most,
                   int32_t at_most_each, due_t **out, size_t *n)
{
    rows_t *rows;
    if (tx_query_last(tx, STMT_DELIVERIES_DUE, &rows, sql_i64(leader),
                      sql_i64_array(under_way, n_under_way, tx_arena(tx)), sql_i64(at_most),
                      sql_i64(at_most_each)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), due_t, rows_n(rows));
    for (*n = 0; rows_next(rows); (*n)++)
        if (read_due(rows, &(*out)[*n]) != 0)
            return -1;
    return row_end(rows);
}

int delivery_succeeded(tx_t *tx, const due_t *due, const attempt_t *attempt)
{
    rows_t *rows;
    if (tx_query(tx, STMT_DELIVERY_SUCCEEDED, &rows, sql_i64(due->id), sql_i64(attempt->status),
                 sql_i64(attempt->ms)) != 0)
        return -1;
    if (!rows_next(rows))
        return row_end(rows);
    told_t told = {.team_id = row_i64(rows, "team_id"),
                   .change_id = row_is_null(rows, "change_id") ? 0 : row_i64(rows, "change_id"),
                   .line_id = row_is_null(rows, "line_id") ? 0 : row_i64(rows, "line_id"),
                   .by = TOLD_BY_WEBHOOK};
    return row_end(rows) != 0 ? -1 : notice_given(tx, &the_server, &told);
}

static int stop_webhook(tx_t *tx, const due_t *due, const char *state, text_t why)
{
    webhook_t webhook;
    if (webhook_get(tx, due->webhook, &webhook) != 0)
        return -1;
    bool runs = text_is(webhook.state, "active");
    return runs ? webhook_set_state(tx, &the_server, &webhook, state, why) : 0;
}

int delivery_failed(tx_t *tx, const due_t *due, const attempt_t *attempt, bool *dead)
{
    rows_t *rows;
    bool test = text_is(due->type, PING);
    if (tx_query(tx, STMT_DELIVERY_FAILED, &rows, sql_i64(due->id),
                 attempt->status == 0 ? sql_null() : sql_i64(attempt->status), sql_text(attempt->error),
                 sql_i64(attempt->ms), sql_i64(attempt->again_s), sql_bool(test || attempt->gone)) != 0)
        return -1;
    *dead = rows_next(rows) && row_bool(rows, "dead");
    if (row_end(rows) != 0)
        return -1;
    if (attempt->gone)
        return stop_webhook(tx, due, "disabled", attempt->why_disabled);
    if (*dead && !test)
        return stop_webhook(tx, due, "paused",
                            text_printf(tx_arena(tx),
                                        "A delivery was not taken within a day. The last answer: " TEXT_FMT,
                                        TEXT_ARG(attempt->error)));
    return 0;
}

int webhook_asked(tx_t *tx, const due_t *due, asked_t answer, text_t words)
{
    return tx_send(tx, STMT_WEBHOOK_ASKED, sql_i64(due->webhook_id),
                   answer == ASKED_NOTHING ? sql_null() : sql_bool(answer == ASKED_YES), sql_text(words),
                   answer == ASKED_YES ? sql_null() : sql_i64(ASK_AGAIN_S));
}

int deliveries_purge(tx_t *tx, int32_t leader, int32_t days)
{
    return tx_send(tx, STMT_DELIVERIES_PURGE, sql_i64(leader), sql_i64(days));
}

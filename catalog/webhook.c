#include "catalog/webhook.h"

int webhook_get(tx_t *tx, text_t public_id, webhook_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_WEBHOOK_GET, &rows, sql_text(public_id)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no webhook \"" TEXT_FMT "\"",
                       TEXT_ARG(public_id));
    *out = (webhook_t){
        .id = row_i64(rows, "id"),
        .team_id = row_is_null(rows, "team_id") ? 0 : row_i64(rows, "team_id"),
        .rev = row_i32(rows, "rev"),
        .public_id = public_id,
        .state = row_text(rows, "state"),
        .url = row_text(rows, "url"),
        .body = row_text(rows, "body"),
    };
    return row_end(rows);
}

/* Events about a webhook are told to the team that keeps it. */
static int note(tx_t *tx, const who_t *who, audit_kind_t kind, const webhook_t *webhook, text_t detail)
{
    rows_t *rows;
    if (tx_query(tx, STMT_WEBHOOK_EVENT_DATA, &rows, sql_text(webhook->public_id), sql_text(detail)) != 0)
        return -1;
    text_t data = rows_next(rows) ? row_text(rows, "data") : detail;
    if (row_end(rows) != 0)
        return -1;
    return audit_note(
        tx, &(audit_t){
                .kind = kind,
                .actor = who->actor,
                .request_id = who->request_id,
                .object = text_printf(tx_arena(tx), "webhook:" TEXT_FMT, TEXT_ARG(webhook->public_id)),
                .about = webhook->public_id,
                .detail = detail,
                .data = data,
            });
}

/* What a webhook was and what it is, for the trail. Read again: the database fills in what was not given. */
static int note_change(tx_t *tx, const who_t *who, audit_kind_t kind, const webhook_t *before)
{
    webhook_t after;
    if (webhook_get(tx, before->public_id, &after) != 0)
        return -1;
    text_t detail = text_printf(tx_arena(tx), "{\"from\":" TEXT_FMT ",\"to\":" TEXT_FMT "}",
                                TEXT_ARG(before->body), TEXT_ARG(after.body));
    return note(tx, who, kind, &after, detail);
}

int webhook_create(tx_t *tx, const who_t *who, int64_t team_id, const webhook_patch_t *given,
                   text_t *public_id, text_t *secret)
{
    rows_t *rows;
    if (tx_query(tx, STMT_WEBHOOK_CREATE, &rows, team_id == 0 ? sql_null() : sql_i64(team_id),
                 sql_text(given->url), sql_text(given->description), sql_text(given->filter),
                 sql_text(given->mode), sql_text(given->handshake), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    *public_id = row_text(rows, "public_id");
    *secret = row_text(rows, "secret");
    webhook_t made;
    if (row_end(rows) != 0 || webhook_get(tx, *public_id, &made) != 0)
        return -1;
    return note(tx, who, AUDIT_WEBHOOK_CREATED, &made, made.body);
}

int webhook_change(tx_t *tx, const who_t *who, const webhook_t *webhook, const webhook_patch_t *given)
{
    if (tx_send(tx, STMT_WEBHOOK_CHANGE, sql_i64(webhook->id), sql_text_or_null(given->url),
                sql_text_or_null(given->description), sql_text_or_null(given->filter),
                sql_text_or_null(given->mode), sql_text_or_null(given->handshake), sql_text(who->actor)) != 0)
        return -1;
    return note_change(tx, who, AUDIT_WEBHOOK_CHANGED, webhook);
}

int webhook_remove(tx_t *tx, const who_t *who, const webhook_t *webhook)
{
    if (note(tx, who, AUDIT_WEBHOOK_REMOVED, webhook, webhook->body) != 0)
        return -1;
    return tx_send(tx, STMT_WEBHOOK_REMOVE, sql_i64(webhook->id));
}

int webhook_set_state(tx_t *tx, const who_t *who, const webhook_t *webhook, const char *state, text_t why)
{
    if (text_is(webhook->state, state))
        return err_set(tx_err(tx), ERR_STATE_CONFLICT, "The webhook is %s already", state);
    if (tx_send(tx, STMT_WEBHOOK_SET_STATE, sql_i64(webhook->id), sql_text(text_of(state)), sql_text(why),
                sql_text(who->actor)) != 0)
        return -1;
    bool stops = !text_is(text_of(state), "active");
    return note_change(tx, who, stops ? AUDIT_WEBHOOK_PAUSED : AUDIT_WEBHOOK_CHANGED, webhook);
}

int webhook_secret_rotate(tx_t *tx, const who_t *who, const webhook_t *webhook, int64_t overlap_s,
                          text_t *secret, text_t *old_until)
{
    rows_t *rows;
    if (tx_query(tx, STMT_WEBHOOK_SECRET_ROTATE, &rows, sql_i64(webhook->id), sql_i64(overlap_s)) != 0)
        return -1;
    rows_next(rows);
    *secret = row_text(rows, "secret");
    *old_until = row_text_or_none(rows, "old_until");
    return row_end(rows) != 0
               ? -1
               : note(tx, who, AUDIT_WEBHOOK_CHANGED, webhook, TEXT("{\"secret\":\"replaced\"}"));
}

int webhook_test(tx_t *tx, const who_t *who, const webhook_t *webhook)
{
    return note(tx, who, AUDIT_TEST_PING, webhook,
                text_printf(tx_arena(tx), "{\"webhook\":\"" TEXT_FMT "\"}", TEXT_ARG(webhook->public_id)));
}

int webhook_redeliver(tx_t *tx, const who_t *who, const webhook_t *webhook, int64_t delivery, int64_t *n)
{
    rows_t *rows;
    if (tx_query(tx, STMT_DELIVERIES_REDELIVER, &rows, sql_i64(webhook->id),
                 delivery == 0 ? sql_null() : sql_i64(delivery)) != 0)
        return -1;
    rows_next(rows);
    *n = row_i64(rows, "n");
    if (row_end(rows) != 0)
        return -1;
    if (*n == 0 && delivery != 0)
        return err_set(tx_err(tx), ERR_NOT_FOUND, "The webhook has no delivery %lld", (long long)delivery);
    if (*n == 0)
        return 0;
    return note(tx, who, AUDIT_WEBHOOK_CHANGED, webhook,
                text_printf(tx_arena(tx), "{\"redelivered\":%lld}", (long long)*n));
}

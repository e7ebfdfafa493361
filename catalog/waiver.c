#include "catalog/waiver.h"

#include "compat/core/json_text.h"

typedef struct {
    int64_t line_id, team_id, service_id;
    text_t line;
    bool to_come; /* the expiry is not past */
    text_t state;
} there_t;

static int look(tx_t *tx, const waiver_t *waiver, there_t *out, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_WAIVER_LOOK, &rows, sql_text(waiver->line), sql_text(waiver->service),
                 sql_text(waiver->expires_at)) != 0)
        return -1;
    if (!rows_next(rows)) {
        err->place = "line";
        return err_set(err, ERR_NOT_FOUND, "There is no line \"" TEXT_FMT "\"", TEXT_ARG(waiver->line));
    }
    *out = (there_t){
        .line_id = row_i64(rows, "line_id"),
        .team_id = row_i64(rows, "team_id"),
        .service_id = row_is_null(rows, "service_id") ? 0 : row_i64(rows, "service_id"),
        .line = row_text(rows, "name"),
        .to_come = row_bool(rows, "to_come"),
        .state = row_text(rows, "state"),
    };
    return row_end(rows);
}

static int check(const waiver_t *waiver, const there_t *there, err_t *err)
{
    if (there->service_id == 0) {
        err->place = "service";
        return err_set(err, ERR_NOT_FOUND, "There is no service \"" TEXT_FMT "\"", TEXT_ARG(waiver->service));
    }
    if (waiver->rule.at != NULL && !text_is(waiver->rule, WAIVER_RULE)) {
        err->place = "rule";
        return err_set(err, ERR_FIELD_INVALID,
                       "rule: " WAIVER_RULE
                       " is what can be waived; what breaks a consumer needs its approval");
    }
    if (text_trim(waiver->reason).bytes == 0) {
        err->place = "reason";
        return err_set(err, ERR_FIELD_INVALID, "reason: say why " TEXT_FMT " may do what others may not",
                       TEXT_ARG(waiver->service));
    }
    if (!there->to_come) {
        err->place = "expires_at";
        return err_set(err, ERR_FIELD_INVALID, "expires_at: a waiver ends on a day to come");
    }
    if (text_is(there->state, "removed"))
        return err_set(err, ERR_LINE_REMOVED, TEXT_FMT " is removed: nothing can be waived",
                       TEXT_ARG(there->line));
    return 0;
}

static text_t detail_of(const waiver_t *waiver, const there_t *there, text_t rule, int64_t id, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "{\"waiver\":%lld,\"line\":\"" TEXT_FMT "\",\"service\":\"" TEXT_FMT "\",\"rule\":",
               (long long)id, TEXT_ARG(there->line), TEXT_ARG(waiver->service));
    jv_print_string(&out, rule);
    buf_add_s(&out, ",\"expires_at\":");
    jv_print_string(&out, waiver->expires_at);
    buf_add_char(&out, '}');
    return buf_end(&out, arena);
}

int waiver_grant(tx_t *tx, const principal_t *by, const who_t *who, const waiver_t *waiver, int64_t *id,
                 err_t *err)
{
    there_t there = {0};
    rows_t *rows;
    text_t rule = waiver->rule.at == NULL ? TEXT(WAIVER_RULE) : waiver->rule;
    if (look(tx, waiver, &there, err) != 0 || check(waiver, &there, err) != 0 ||
        rights_check(tx, by, RIGHT_WAIVE, there.team_id, 0, err) != 0 ||
        tx_query(tx, STMT_WAIVER_ADD, &rows, sql_i64(there.line_id), sql_i64(there.service_id),
                 sql_text(rule), sql_text(waiver->reason), sql_text(waiver->expires_at),
                 sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    *id = row_i64(rows, "id");
    if (row_end(rows) != 0)
        return -1;
    audit_t entry = {
        .kind = AUDIT_WAIVER_GRANTED,
        .object = text_printf(tx_arena(tx), "line:" TEXT_FMT, TEXT_ARG(there.line)),
        .about = there.line,
        .detail = detail_of(waiver, &there, rule, *id, tx_arena(tx)),
        .reason = waiver->reason,
        .actor = who->actor,
        .request_id = who->request_id,
    };
    return audit_note(tx, &entry);
}

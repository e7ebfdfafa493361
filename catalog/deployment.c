#include "catalog/deployment.h"

#include "compat/core/json_text.h"

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, text_t public_id, text_t service,
                text_t detail)
{
    return audit_note(
        tx, &(audit_t){.kind = kind,
                       .object = text_printf(tx_arena(tx), "deployment:" TEXT_FMT, TEXT_ARG(public_id)),
                       .about = service,
                       .detail = detail,
                       .actor = who->actor,
                       .request_id = who->request_id});
}

static int invalid(tx_t *tx, const char *place, const char *what, text_t name)
{
    tx_err(tx)->place = place;
    return err_set(tx_err(tx), ERR_FIELD_INVALID, "%s: there is no %s \"" TEXT_FMT "\"", place, what,
                   TEXT_ARG(name));
}

static int check_service(tx_t *tx, const principal_t *by, text_t service)
{
    rows_t *rows;
    if (tx_query(tx, STMT_SERVICE_GET, &rows, sql_text(service)) != 0)
        return -1;
    if (!rows_next(rows))
        return invalid(tx, "service", "service", service);
    int64_t id = row_i64(rows, "id"), team_id = row_i64(rows, "team_id");
    return row_end(rows) != 0 ? -1 : rights_check(tx, by, RIGHT_DECLARE, team_id, id, tx_err(tx));
}

int deployment_record(tx_t *tx, const principal_t *by, const who_t *who, const deployment_draft_t *draft,
                      text_t *public_id)
{
    rows_t *rows;
    buf_t detail;
    if (check_service(tx, by, draft->service) != 0 ||
        tx_query(tx, STMT_DEPLOYMENT_RECORD, &rows, sql_text(draft->service), sql_text(draft->environment),
                 sql_text(draft->version), sql_text_or_null(draft->produces),
                 sql_text_or_null(draft->consumes), sql_bool(draft->coexist), sql_text_or_null(draft->at),
                 sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    text_t unknown = row_text_or_none(rows, "unknown"), replaced = row_text_or_none(rows, "replaced");
    bool somewhere = !row_is_null(rows, "environment_id");
    *public_id = row_text_or_none(rows, "public_id");
    if (row_end(rows) != 0)
        return -1;
    if (!somewhere)
        return invalid(tx, "environment", "environment", draft->environment);
    if (unknown.at != NULL)
        return invalid(tx, "line", "line", unknown);
    buf_init(&detail, BUF_NO_MAX);
    buf_printf(&detail, "{\"service\":\"" TEXT_FMT "\",\"environment\":\"" TEXT_FMT "\",\"version\":",
               TEXT_ARG(draft->service), TEXT_ARG(draft->environment));
    jv_print_string(&detail, draft->version);
    buf_printf(&detail, ",\"replaced\":" TEXT_FMT "}", TEXT_ARG(replaced.at == NULL ? TEXT("[]") : replaced));
    return note(tx, who, AUDIT_DEPLOYMENT_RECORDED, *public_id, draft->service,
                buf_end(&detail, tx_arena(tx)));
}

int deployment_end(tx_t *tx, const principal_t *by, const who_t *who, text_t public_id)
{
    rows_t *rows;
    if (tx_query(tx, STMT_DEPLOYMENT_FIND, &rows, sql_text(public_id)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no deployment \"" TEXT_FMT "\"",
                       TEXT_ARG(public_id));
    int64_t id = row_i64(rows, "id"), service_id = row_i64(rows, "service_id"),
            team_id = row_i64(rows, "team_id");
    text_t service = row_text(rows, "service");
    bool ended = row_bool(rows, "ended");
    if (row_end(rows) != 0 || rights_check(tx, by, RIGHT_DECLARE, team_id, service_id, tx_err(tx)) != 0)
        return -1;
    if (ended)
        return 0;
    if (tx_send(tx, STMT_DEPLOYMENT_END, sql_i64(id)) != 0)
        return -1;
    return note(tx, who, AUDIT_DEPLOYMENT_ENDED, public_id, service,
                text_printf(tx_arena(tx), "{\"service\":\"" TEXT_FMT "\"}", TEXT_ARG(service)));
}

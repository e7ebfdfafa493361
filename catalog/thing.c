#include "catalog/thing.h"

const thing_t thing_team = {"team", STMT_TEAM_INSERT, STMT_TEAM_UPDATE, AUDIT_TEAM_CREATED,
                            AUDIT_TEAM_CHANGED};
const thing_t thing_user = {"user", STMT_USER_INSERT, STMT_USER_UPDATE, AUDIT_USER_CREATED,
                            AUDIT_USER_CHANGED};
const thing_t thing_service = {"service", STMT_SERVICE_INSERT, STMT_SERVICE_UPDATE, AUDIT_SERVICE_CREATED,
                               AUDIT_SERVICE_CHANGED};
const thing_t thing_domain = {"domain", STMT_DOMAIN_INSERT, STMT_DOMAIN_UPDATE, AUDIT_DOMAIN_CREATED,
                              AUDIT_DOMAIN_CHANGED};
const thing_t thing_environment = {"environment", STMT_ENVIRONMENT_INSERT, STMT_ENVIRONMENT_UPDATE,
                                   AUDIT_ENVIRONMENT_CREATED, AUDIT_ENVIRONMENT_CHANGED};

int thing_note(tx_t *tx, const char *what, text_t name, const who_t *who, audit_kind_t kind, text_t detail,
               text_t reason)
{
    return audit_note(tx,
                      &(audit_t){.kind = kind,
                                 .object = text_printf(tx_arena(tx), "%s:" TEXT_FMT, what, TEXT_ARG(name)),
                                 .detail = detail,
                                 .reason = reason,
                                 .actor = who->actor,
                                 .request_id = who->request_id});
}

int thing_create(tx_t *tx, const thing_t *thing, const who_t *who, text_t name, text_t document, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, thing->insert, &rows, sql_text(name), sql_text(document), sql_text(who->actor)) != 0)
        return -1;
    if (rows_n(rows) == 0)
        return err_set(err, ERR_NAME_TAKEN, "There is a %s \"" TEXT_FMT "\" already", thing->what,
                       TEXT_ARG(name));
    return thing_note(tx, thing->what, name, who, thing->created, document, TEXT_NONE);
}

int thing_change(tx_t *tx, const thing_t *thing, const who_t *who, text_t name, text_t document)
{
    rows_t *rows;
    if (tx_query(tx, thing->update, &rows, sql_text(name), sql_text(document), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    text_t detail = row_text(rows, "detail");
    if (row_end(rows) != 0)
        return -1;
    return thing_note(tx, thing->what, name, who, thing->changed, detail, TEXT_NONE);
}

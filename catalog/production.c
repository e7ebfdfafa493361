#include "catalog/production.h"

#include "catalog/admission.h"

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, text_t public_id, const line_t *line,
                text_t service, text_t team, text_t reason)
{
    arena_t *arena = tx_arena(tx);
    return audit_note(
        tx, &(audit_t){.kind = kind,
                       .object = text_printf(arena, "production:" TEXT_FMT, TEXT_ARG(public_id)),
                       .about = line->name,
                       .detail = text_printf(arena,
                                             "{\"line\":\"" TEXT_FMT "\",\"service\":\"" TEXT_FMT
                                             "\",\"team\":\"" TEXT_FMT "\"}",
                                             TEXT_ARG(line->name), TEXT_ARG(service), TEXT_ARG(team)),
                       .reason = reason,
                       .actor = who->actor,
                       .request_id = who->request_id});
}

int production_get(tx_t *tx, text_t public_id, production_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_PRODUCTION_FIND, &rows, sql_text(public_id)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no production \"" TEXT_FMT "\"",
                       TEXT_ARG(public_id));
    *out = (production_t){
        .id = row_i64(rows, "id"),
        .service_id = row_i64(rows, "service_id"),
        .team_id = row_i64(rows, "team_id"),
        .public_id = row_text(rows, "public_id"),
        .service = row_text(rows, "service"),
        .team = row_text(rows, "team"),
        .managed_by = row_text(rows, "managed_by"),
        .ended = row_bool(rows, "ended"),
        .rev = row_i32(rows, "rev"),
    };
    int64_t line_id = row_i64(rows, "line_id");
    return row_end(rows) != 0 ? -1 : line_get_id(tx, line_id, &out->line);
}

int production_declare(tx_t *tx, const principal_t *by, const who_t *who, const production_draft_t *draft,
                       bool again, text_t *public_id, bool *created)
{
    line_t line;
    admission_t admission;
    production_t there;
    rows_t *rows;
    *created = false;
    if (line_get(tx, draft->line, &line) != 0 ||
        admission_of(tx, by, &line, draft->service, draft->environments, &admission) != 0)
        return -1;
    *public_id = admission.live_production;
    if (admission.live_production.at != NULL && again)
        return production_get(tx, *public_id, &there) != 0 ? -1
                                                           : production_change(tx, by, who, &there, draft);
    if (admission.live_production.at != NULL) {
        tx_err(tx)->extra =
            text_printf(tx_arena(tx), "{\"production\":\"" TEXT_FMT "\"}", TEXT_ARG(*public_id));
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       "Service " TEXT_FMT " writes " TEXT_FMT " already: change " TEXT_FMT " instead",
                       TEXT_ARG(admission.service), TEXT_ARG(line.name), TEXT_ARG(*public_id));
    }
    if (admission_check_line(tx, &line, &admission) != 0 ||
        tx_query(tx, STMT_PRODUCTION_ADD, &rows, sql_i64(admission.service_id), sql_i64(line.id),
                 sql_text_or_null(draft->environments), sql_text_or_null(draft->labels),
                 sql_text_or_null(draft->managed_by), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    *public_id = row_text(rows, "public_id");
    *created = true;
    if (row_end(rows) != 0)
        return -1;
    return note(tx, who, AUDIT_PRODUCTION_STARTED, *public_id, &line, admission.service, admission.team,
                TEXT_NONE);
}

static int check_live(tx_t *tx, const production_t *it)
{
    return it->ended ? err_set(tx_err(tx), ERR_STATE_CONFLICT, "Production " TEXT_FMT " has ended",
                               TEXT_ARG(it->public_id))
                     : 0;
}

int production_change(tx_t *tx, const principal_t *by, const who_t *who, const production_t *it,
                      const production_draft_t *draft)
{
    admission_t admission;
    if (admission_of(tx, by, &it->line, it->service, draft->environments, &admission) != 0 ||
        check_live(tx, it) != 0 ||
        tx_send(tx, STMT_PRODUCTION_CHANGE, sql_i64(it->id), sql_text_or_null(draft->environments),
                sql_text_or_null(draft->labels), sql_text_or_null(draft->managed_by),
                sql_text(who->actor)) != 0)
        return -1;
    return note(tx, who, AUDIT_PRODUCTION_CHANGED, it->public_id, &it->line, it->service, it->team,
                TEXT_NONE);
}

int production_end(tx_t *tx, const principal_t *by, const who_t *who, const production_t *it, text_t reason)
{
    if (rights_check(tx, by, RIGHT_DECLARE, it->team_id, it->service_id, tx_err(tx)) != 0)
        return -1;
    if (it->ended)
        return 0;
    if (tx_send(tx, STMT_PRODUCTION_END, sql_i64(it->id), sql_text_or_null(reason), sql_text(who->actor)) !=
        0)
        return -1;
    return note(tx, who, AUDIT_PRODUCTION_ENDED, it->public_id, &it->line, it->service, it->team, reason);
}

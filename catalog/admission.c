#include "catalog/admission.h"

#include <inttypes.h>

static int refuse_environment(tx_t *tx, text_t unknown, text_t known)
{
    tx_err(tx)->place = "environments";
    return err_set(tx_err(tx), ERR_FIELD_INVALID,
                   "environments: there is no environment \"" TEXT_FMT "\"; there are " TEXT_FMT,
                   TEXT_ARG(unknown), TEXT_ARG(known));
}

int admission_of(tx_t *tx, const principal_t *by, const line_t *line, text_t service, text_t environments,
                 admission_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_ADMISSION, &rows, sql_text(service), sql_i64(line->id),
                 sql_text_or_null(environments)) != 0)
        return -1;
    if (!rows_next(rows)) {
        tx_err(tx)->place = "service";
        return err_set(tx_err(tx), ERR_FIELD_INVALID, "service: there is no service \"" TEXT_FMT "\"",
                       TEXT_ARG(service));
    }
    *out = (admission_t){
        .service_id = row_i64(rows, "service_id"),
        .team_id = row_i64(rows, "team_id"),
        .service = row_text(rows, "service"),
        .team = row_text(rows, "team"),
        .pending = row_is_null(rows, "pending") ? 0 : row_i64(rows, "pending"),
        .waived = row_bool(rows, "waived"),
        .live_consumption = row_text_or_none(rows, "live_consumption"),
        .live_production = row_text_or_none(rows, "live_production"),
    };
    text_t unknown = row_text_or_none(rows, "unknown"), known = row_text_or_none(rows, "known");
    bool retired = row_bool(rows, "retired");
    if (row_end(rows) != 0 ||
        rights_check(tx, by, RIGHT_DECLARE, out->team_id, out->service_id, tx_err(tx)) != 0)
        return -1;
    if (unknown.at != NULL)
        return refuse_environment(tx, unknown, known);
    if (retired) {
        tx_err(tx)->place = "service";
        return err_set(tx_err(tx), ERR_STATE_CONFLICT, "Service " TEXT_FMT " is retired", TEXT_ARG(service));
    }
    return 0;
}

static void print_text(buf_t *out, const char *name, text_t value)
{
    buf_printf(out, ",\"%s\":", name);
    if (value.at == NULL)
        buf_add_s(out, "null");
    else
        jv_print_string(out, value);
}

int admission_check_line(tx_t *tx, const line_t *line, const admission_t *admission)
{
    static const struct {
        const char *state;
        err_code_t code;
        bool waivable;
    } rows[] = {{"deprecated", ERR_LINE_DEPRECATED, true},
                {"sunset", ERR_LINE_SUNSET, true},
                {"removed", ERR_LINE_REMOVED, false},
                {"abandoned", ERR_LINE_REMOVED, false}};
    buf_t extra;
    size_t i = 0;
    while (i < sizeof rows / sizeof *rows && !text_is(line->state, rows[i].state))
        i++;
    if (i == sizeof rows / sizeof *rows || (rows[i].waivable && admission->waived))
        return 0;
    buf_init(&extra, BUF_NO_MAX);
    buf_printf(&extra, "{\"line\":\"" TEXT_FMT "\",\"state\":\"" TEXT_FMT "\"", TEXT_ARG(line->name),
               TEXT_ARG(line->state));
    print_text(&extra, "replacement", line->replacement);
    print_text(&extra, "migration_guide", line->migration_guide);
    print_text(&extra, "deprecated_at", line->deprecated_at);
    print_text(&extra, "sunset_at", line->sunset_at);
    if (rows[i].waivable)
        buf_printf(&extra, ",\"waiver\":\"/api/v1/waivers?for=" TEXT_FMT "\"", TEXT_ARG(line->name));
    buf_add_char(&extra, '}');
    tx_err(tx)->extra = buf_end(&extra, tx_arena(tx));
    bool replaced = line->replacement.at != NULL && !text_is(line->replacement, "none");
    return err_set(tx_err(tx), rows[i].code,
                   TEXT_FMT " is " TEXT_FMT " and takes no new consumers or producers%s" TEXT_FMT
                            "%s" TEXT_FMT,
                   TEXT_ARG(line->name), TEXT_ARG(line->state),
                   line->sunset_at.at != NULL ? "; its sunset is " : "", TEXT_ARG(line->sunset_at),
                   replaced ? ". Use " : "", TEXT_ARG(replaced ? line->replacement : TEXT("")));
}

int admission_check_pending(tx_t *tx, const line_t *line, const admission_t *admission, text_t accepts)
{
    arena_t *arena = tx_arena(tx);
    if (admission->pending == 0)
        return 0;
    text_t name = text_printf(arena, "CR-%" PRId64, admission->pending);
    if (text_eq(name, accepts))
        return 0;
    tx_err(tx)->extra = text_printf(arena,
                                    "{\"change\":\"" TEXT_FMT "\",\"accept\":{\"accepts_pending\":\"" TEXT_FMT
                                    "\"},\"href\":\"/api/v1/changes/" TEXT_FMT "\"}",
                                    TEXT_ARG(name), TEXT_ARG(name), TEXT_ARG(name));
    return err_set(tx_err(tx), ERR_PENDING_BREAKING_CHANGE,
                   "The breaking change " TEXT_FMT " of " TEXT_FMT
                   " is open: begin with \"accepts_pending\": \"" TEXT_FMT "\"",
                   TEXT_ARG(name), TEXT_ARG(line->name), TEXT_ARG(name));
}

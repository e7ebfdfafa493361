#include "catalog/readiness.h"

#include "catalog/policy.h"

int readiness_required(tx_t *tx, int64_t event_id, text_t *out)
{
    rules_t rules;
    buf_t words;
    if (rules_get(tx, event_id, &rules) != 0)
        return -1;
    buf_init(&words, BUF_NO_MAX);
    buf_add_char(&words, '[');
    for (size_t i = 0; i < rules.n_required_documentation; i++) {
        buf_add_s(&words, i == 0 ? "" : ",");
        jv_print_string(&words, rules.required_documentation[i]);
    }
    buf_add_char(&words, ']');
    *out = buf_end(&words, tx_arena(tx));
    return 0;
}

int readiness_check(tx_t *tx, text_t line, err_t *err)
{
    line_t of;
    text_t required;
    rows_t *rows;
    if (line_get(tx, line, &of) != 0 || readiness_required(tx, of.event_id, &required) != 0 ||
        tx_query(tx, STMT_EVENT_READINESS, &rows, sql_i64(of.id), sql_text(required)) != 0)
        return -1;
    rows_next(rows);
    bool complete = row_bool(rows, "complete");
    text_t hint = row_text_or_none(rows, "hint"), lacks = row_text(rows, "lacks");
    if (row_end(rows) != 0)
        return -1;
    if (complete)
        return 0;
    err->extra = lacks;
    return err_set(err, ERR_DOC_INCOMPLETE, TEXT_FMT " is not documented as it has to be. " TEXT_FMT,
                   TEXT_ARG(of.name), TEXT_ARG(hint));
}

#include "catalog/context.h"

#include "catalog/refusal.h"

int contexts_list(tx_t *tx, text_t prefix, const page_t *page, text_t **names, size_t *n)
{
    rows_t *rows;
    *n = 0;
    if (tx_query_last(tx, STMT_CONTEXTS_LIST, &rows, sql_text(prefix.at == NULL ? TEXT("") : prefix),
                      sql_i64(page->offset), page->limit < 0 ? sql_null() : sql_i64(page->limit)) != 0)
        return -1;
    *names = ARENA_ARRAY(tx_arena(tx), text_t, rows_n(rows));
    while (rows_next(rows))
        (*names)[(*n)++] = row_text(rows, "name");
    return row_end(rows);
}

int context_delete(tx_t *tx, const who_t *who, text_t context)
{
    subject_name_t name = subject_name_in(context, TEXT(""), tx_arena(tx));
    text_t scopes[SCOPES_MAX];
    scopes_t settings;
    rows_t *rows;
    scope_chain(&name, tx_arena(tx), scopes);
    if (tx_send(tx, STMT_CONTEXT_LOCK, sql_text(name.context)) != 0 ||
        scopes_get(tx, &name, &settings) != 0 ||
        mode_check_writable(mode_effective(&settings), &name, who, tx_err(tx)) != 0 ||
        tx_query(tx, STMT_CONTEXT_STATE, &rows, sql_text(name.context)) != 0)
        return -1;
    bool exists = rows_next(rows);
    if (exists && row_bool(rows, "has_subjects"))
        return refuse_context_not_empty(tx_err(tx), name.context);
    if (row_end(rows) != 0)
        return -1;
    if (!exists || context_is_default(context))
        return 0;
    audit_t entry = who_audit(who, AUDIT_CONTEXT_DELETED, &name);
    if (tx_send(tx, STMT_CONTEXT_DELETE, sql_text(name.context)) != 0 ||
        tx_send(tx, STMT_SETTING_REMOVE, sql_text(scopes[0])) != 0)
        return -1;
    return audit_note(tx, &entry);
}

#include "catalog/purge.h"

#include "catalog/removal.h"
#include "catalog/state.h"

typedef struct {
    text_t name;
    bool live, there;
} bound_t;

/* Reads them twice: to lock them in their order, then as they are under the lock. */
static int read_subjects(tx_t *tx, int64_t line_id, bound_t **out, size_t *n)
{
    rows_t *rows;
    *n = 0;
    if (tx_query(tx, STMT_PURGE_SUBJECTS, &rows, sql_i64(line_id)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), bound_t, rows_n(rows));
    while (rows_next(rows))
        (*out)[(*n)++] = (bound_t){.name = row_text(rows, "subject"),
                                   .live = row_bool(rows, "live"),
                                   .there = row_bool(rows, "there")};
    return row_end(rows);
}

static int lock_subjects(tx_t *tx, int64_t line_id)
{
    bound_t *bound;
    size_t n;
    if (read_subjects(tx, line_id, &bound, &n) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        subject_name_t name = subject_name_parse(bound[i].name, TEXT_NONE, tx_arena(tx));
        if (subject_lock(tx, &name) != 0)
            return -1;
    }
    return 0;
}

static int remove_subjects(tx_t *tx, const who_t *who, int64_t line_id)
{
    bound_t *bound;
    size_t n, n_gone;
    int32_t *gone;
    if (read_subjects(tx, line_id, &bound, &n) != 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        subject_name_t name = subject_name_parse(bound[i].name, TEXT_NONE, tx_arena(tx));
        if ((bound[i].live && subject_delete(tx, who, &name, false, &gone, &n_gone) != 0) ||
            (bound[i].there && subject_delete(tx, who, &name, true, &gone, &n_gone) != 0))
            return -1;
    }
    return 0;
}

static int check(tx_t *tx, const principal_t *by, const purge_t *purge, const line_t *line)
{
    err_t *err = tx_err(tx);
    if (by->kind != PRINCIPAL_USER)
        return err_set(err, ERR_FORBIDDEN,
                       "Content is purged by two administrators, one after the other: say who you are");
    if (rights_check(tx, by, RIGHT_PURGE, 0, 0, err) != 0)
        return -1;
    if (!text_is(line->state, "removed") && !text_is(line->state, "abandoned"))
        return err_set(err, ERR_STATE_CONFLICT,
                       TEXT_FMT " is " TEXT_FMT ": content is purged when a line is removed or abandoned",
                       TEXT_ARG(line->name), TEXT_ARG(line->state));
    if (text_trim(purge->reason).bytes == 0) {
        err->place = "reason";
        return err_set(err, ERR_FIELD_INVALID, "reason: say why it has to go");
    }
    if (!text_eq(purge->confirm, line->name)) {
        err->place = "confirm";
        return err_set(err, ERR_FIELD_INVALID, "confirm: must be the line's name, " TEXT_FMT,
                       TEXT_ARG(line->name));
    }
    return 0;
}

static int read_asked(tx_t *tx, int64_t line_id, text_t *asked_by, bool *done)
{
    rows_t *rows;
    if (tx_query(tx, STMT_PURGE_GET, &rows, sql_i64(line_id)) != 0)
        return -1;
    bool found = rows_next(rows);
    *asked_by = found ? row_text(rows, "asked_by") : TEXT_NONE;
    *done = found && row_bool(rows, "done");
    return row_end(rows);
}

static int note(tx_t *tx, const who_t *who, const line_t *line, text_t reason, text_t asked_by)
{
    return audit_note(
        tx, &(audit_t){.kind = AUDIT_CONTENT_PURGED,
                       .object = text_printf(tx_arena(tx), "line:" TEXT_FMT, TEXT_ARG(line->name)),
                       .about = line->name,
                       .detail = text_printf(tx_arena(tx), "{\"line\":\"" TEXT_FMT "\",\"step\":\"%s\"}",
                                             TEXT_ARG(line->name), asked_by.at == NULL ? "asked" : "done"),
                       .reason = reason,
                       .actor = who->actor,
                       .request_id = who->request_id});
}

int line_purge(tx_t *tx, const principal_t *by, const who_t *who, const purge_t *purge, line_t *line,
               bool *done)
{
    text_t asked_by;
    bool over;
    *done = false;
    if (line_get(tx, purge->line, line) != 0 || lock_subjects(tx, line->id) != 0 ||
        tx_send(tx, STMT_CATALOG_WRITE) != 0 || line_get(tx, purge->line, line) != 0 ||
        check(tx, by, purge, line) != 0 || read_asked(tx, line->id, &asked_by, &over) != 0)
        return -1;
    if (over)
        return err_set(tx_err(tx), ERR_STATE_CONFLICT, "The content of " TEXT_FMT " is purged already",
                       TEXT_ARG(line->name));
    if (asked_by.at == NULL)
        return tx_send(tx, STMT_PURGE_ASK, sql_i64(line->id), sql_text(purge->reason),
                       sql_text(who->actor)) != 0
                   ? -1
                   : note(tx, who, line, purge->reason, asked_by);
    if (text_eq(asked_by, who->actor))
        return err_set(tx_err(tx), ERR_SELF_APPROVAL,
                       "You asked for it: another administrator has to do the same call");
    *done = true;
    if (remove_subjects(tx, who, line->id) != 0 ||
        tx_send(tx, STMT_PURGE_PRESENT, sql_i64(line->id), sql_text(who->actor)) != 0 ||
        tx_send(tx, STMT_PURGE_PAST, sql_i64(line->id)) != 0)
        return -1;
    return note(tx, who, line, purge->reason, asked_by);
}

#include "catalog/change.h"

#include <string.h>

static const struct {
    const char *text;
    forget_t forgets;
} kinds[CHANGE_N] = {
#define XX(name, text, forget) [CHANGE_##name] = {text, forget},
    CHANGE_MAP(XX)
#undef XX
};

const char *change_text(change_kind_t kind)
{
    return kinds[kind].text;
}

bool change_find(text_t text, change_kind_t *out)
{
    for (int i = 0; i < CHANGE_N; i++) {
        if (text_is(text, kinds[i].text)) {
            *out = (change_kind_t)i;
            return true;
        }
    }
    return false;
}

forget_t change_forgets(change_kind_t kind)
{
    return kinds[kind].forgets;
}

text_t change_subject_qualified(const change_t *change, arena_t *arena)
{
    if (change->subject.at == NULL || text_is(change->context, "."))
        return change->subject;
    return text_printf(arena, ":" TEXT_FMT ":" TEXT_FMT, TEXT_ARG(change->context),
                       TEXT_ARG(change->subject));
}

int change_note(tx_t *tx, const change_t *change)
{
    text_t about =
        change->subject.at == NULL ? change->context : change_subject_qualified(change, tx_arena(tx));
    if (tx_send(tx, STMT_CHANGE_NOTE, sql_text(text_of(change_text(change->kind))), sql_text(change->context),
                sql_text_or_null(change->subject),
                change->schema_id == 0 ? sql_null() : sql_i64(change->schema_id),
                change->version == 0 ? sql_null() : sql_i64(change->version),
                sql_text_or_null(change->detail), sql_text(change->actor), sql_text(change->request_id),
                sql_text(about)) != 0)
        return -1;
    change_written(tx, change);
    return 0;
}

void change_written(tx_t *tx, const change_t *change)
{
    change_t *kept = ARENA_NEW(tx_arena(tx), change_t);
    *kept = *change;
    tx_leave(tx, kept);
}

const change_t *const *changes_committed(const db_t *db, size_t *n)
{
    return (const change_t *const *)db_left(db, n);
}

/* --- following ------------------------------------------------------------------------------------------------------- */

/* More than this at once are not worth telling apart: the reader forgets everything. */
enum { ROWS_MAX = 2000 };

/* A kind that this server does not know was written by a newer one: it may concern anything. */
static int read_row(rows_t *rows, change_row_t *row, bool *known)
{
    *known = change_find(row_text(rows, "kind"), &row->change.kind);
    row->seq = row_i64(rows, "seq");
    row->change.context = row_text(rows, "context");
    row->change.subject = row_text_or_none(rows, "subject");
    row->change.schema_id = row_is_null(rows, "schema_id") ? 0 : row_i64(rows, "schema_id");
    row->change.version = row_is_null(rows, "version") ? 0 : row_i32(rows, "version");
    return row_end(rows);
}

int changes_since(tx_t *tx, const change_position_t *from, change_reading_t *out)
{
    *out = (change_reading_t){.complete = false};
    rows_t *rows;
    if (tx_query_last(tx, STMT_CHANGE_SINCE, &rows, sql_text_or_null(from->snapshot),
                      sql_text_or_null(from->history), sql_i64(ROWS_MAX)) != 0)
        return -1;
    out->rows = ARENA_ARRAY(tx_arena(tx), change_row_t, rows_n(rows));
    while (rows_next(rows)) {
        out->position.snapshot = row_text(rows, "snapshot");
        out->position.history = row_text(rows, "history");
        out->same_history = row_bool(rows, "follows");
        if (row_is_null(rows, "seq"))
            break;
        bool known;
        if (read_row(rows, &out->rows[out->n_rows], &known) != 0)
            break;
        out->n_rows += known;
        out->n_unknown += !known;
    }
    out->complete = out->same_history && out->n_unknown == 0 && rows_n(rows) < ROWS_MAX;
    return row_end(rows);
}

int change_announce(tx_t *tx)
{
    rows_t *rows;
    return tx_query_last(tx, STMT_CHANGE_ANNOUNCE, &rows);
}

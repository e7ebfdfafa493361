#include "catalog/audit.h"

#include <string.h>

static const struct {
    const char *text;
    forget_t forgets;
} kinds[AUDIT_N] = {
#define XX(name, text, forget) [AUDIT_##name] = {text, forget},
    AUDIT_MAP(XX)
#undef XX
};

const char *audit_text(audit_kind_t kind)
{
    return kinds[kind].text;
}

bool audit_find(text_t text, audit_kind_t *out)
{
    for (int i = 0; i < AUDIT_N; i++) {
        if (text_is(text, kinds[i].text)) {
            *out = (audit_kind_t)i;
            return true;
        }
    }
    return false;
}

forget_t audit_forgets(audit_kind_t kind)
{
    return kinds[kind].forgets;
}

text_t audit_subject_qualified(const audit_t *entry, arena_t *arena)
{
    if (entry->subject.at == NULL || text_is(entry->context, "."))
        return entry->subject;
    return text_printf(arena, ":" TEXT_FMT ":" TEXT_FMT, TEXT_ARG(entry->context), TEXT_ARG(entry->subject));
}

/* Every entry of the catalog's is in the order of its clock, and its event carries the version of its data's shape. */
static int note_object(tx_t *tx, const audit_t *entry)
{
    text_t about = entry->about.at == NULL ? entry->object : entry->about;
    text_t data = entry->data.at == NULL ? entry->detail : entry->data;
    if (tx_send(tx, STMT_AUDIT_NOTE_OBJECT, sql_text(text_of(audit_text(entry->kind))),
                sql_text(entry->object), sql_text_or_null(entry->detail), sql_text_or_null(entry->reason),
                sql_text(entry->actor), sql_text(entry->request_id), sql_text(about),
                sql_text_or_null(data)) != 0)
        return -1;
    audit_written(tx, entry);
    return 0;
}

int outbox_add(tx_t *tx, const char *type, text_t subject, text_t data)
{
    return tx_send(tx, STMT_OUTBOX_ADD, sql_text(text_of(type)), sql_text(subject), sql_text(data));
}

int audit_note(tx_t *tx, const audit_t *entry)
{
    if (entry->object.at != NULL)
        return note_object(tx, entry);
    text_t about = entry->subject.at == NULL ? entry->context : audit_subject_qualified(entry, tx_arena(tx));
    if (tx_send(tx, STMT_AUDIT_NOTE, sql_text(text_of(audit_text(entry->kind))), sql_text(entry->context),
                sql_text_or_null(entry->subject),
                entry->schema_id == 0 ? sql_null() : sql_i64(entry->schema_id),
                entry->version == 0 ? sql_null() : sql_i64(entry->version), sql_text_or_null(entry->detail),
                sql_text(entry->actor), sql_text(entry->request_id), sql_text(about)) != 0)
        return -1;
    audit_written(tx, entry);
    return 0;
}

void audit_written(tx_t *tx, const audit_t *entry)
{
    audit_t *kept = ARENA_NEW(tx_arena(tx), audit_t);
    *kept = *entry;
    tx_leave(tx, kept);
}

const audit_t *const *audit_committed(const db_t *db, size_t *n)
{
    return (const audit_t *const *)db_left(db, n);
}

/* --- following ------------------------------------------------------------------------------------------------------- */

/* More than this at once are not worth telling apart: the reader forgets everything. */
enum { ROWS_MAX = 2000 };

/* A kind that this server does not know was written by a newer one: it may concern anything. */
static int read_row(rows_t *rows, audit_row_t *row, bool *known)
{
    *known = audit_find(row_text(rows, "kind"), &row->entry.kind);
    row->seq = row_i64(rows, "seq");
    row->entry.context = row_text(rows, "context");
    row->entry.subject = row_text_or_none(rows, "subject");
    row->entry.schema_id = row_is_null(rows, "schema_id") ? 0 : row_i64(rows, "schema_id");
    row->entry.version = row_is_null(rows, "version") ? 0 : row_i32(rows, "version");
    return row_end(rows);
}

int audit_since(tx_t *tx, const audit_position_t *from, audit_reading_t *out)
{
    *out = (audit_reading_t){.complete = false};
    rows_t *rows;
    if (tx_query_last(tx, STMT_AUDIT_SINCE, &rows, sql_text_or_null(from->snapshot),
                      sql_text_or_null(from->history), sql_i64(ROWS_MAX)) != 0)
        return -1;
    out->rows = ARENA_ARRAY(tx_arena(tx), audit_row_t, rows_n(rows));
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

int audit_announce(tx_t *tx)
{
    rows_t *rows;
    return tx_query_last(tx, STMT_AUDIT_ANNOUNCE, &rows);
}

#include "catalog/channel.h"

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, text_t slug, text_t detail)
{
    return audit_note(tx, &(audit_t){.kind = kind,
                                     .object = text_printf(tx_arena(tx), "channel:" TEXT_FMT, TEXT_ARG(slug)),
                                     .detail = detail,
                                     .actor = who->actor,
                                     .request_id = who->request_id});
}

static int find(tx_t *tx, text_t slug, int64_t *id)
{
    rows_t *rows;
    *id = 0;
    if (tx_query(tx, STMT_CHANNEL_GET, &rows, sql_text(slug)) != 0)
        return -1;
    if (rows_next(rows))
        *id = row_i64(rows, "id");
    return row_end(rows);
}

static int set_lines(tx_t *tx, int64_t id, text_t lines)
{
    rows_t *rows;
    if (lines.at == NULL)
        return 0;
    if (tx_query(tx, STMT_CHANNEL_LINES_SET, &rows, sql_i64(id), sql_text(lines)) != 0)
        return -1;
    rows_next(rows);
    text_t unknown = row_text_or_none(rows, "unknown");
    if (row_end(rows) != 0)
        return -1;
    if (unknown.at == NULL)
        return 0;
    tx_err(tx)->place = "lines";
    return err_set(tx_err(tx), ERR_FIELD_INVALID, "lines: there is no line \"" TEXT_FMT "\"",
                   TEXT_ARG(unknown));
}

int channel_put(tx_t *tx, const who_t *who, text_t slug, text_t document, text_t lines, bool fresh)
{
    rows_t *rows;
    int64_t id;
    if (find(tx, slug, &id) != 0)
        return -1;
    if (fresh && id != 0)
        return err_set(tx_err(tx), ERR_NAME_TAKEN, "There is a channel " TEXT_FMT " already", TEXT_ARG(slug));
    if (!fresh && id == 0)
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no channel \"" TEXT_FMT "\"", TEXT_ARG(slug));
    if (tx_query(tx, STMT_CHANNEL_PUT, &rows, sql_text(slug), sql_text(document), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    id = row_i64(rows, "id");
    if (row_end(rows) != 0 || set_lines(tx, id, lines) != 0)
        return -1;
    return note(tx, who, fresh ? AUDIT_CHANNEL_CREATED : AUDIT_CHANNEL_CHANGED, slug,
                text_printf(tx_arena(tx), "{\"to\":" TEXT_FMT "}", TEXT_ARG(document)));
}

int channel_remove(tx_t *tx, const who_t *who, text_t slug)
{
    int64_t id;
    if (find(tx, slug, &id) != 0)
        return -1;
    if (id == 0)
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no channel \"" TEXT_FMT "\"", TEXT_ARG(slug));
    if (tx_send(tx, STMT_CHANNEL_REMOVE, sql_i64(id)) != 0)
        return -1;
    return note(tx, who, AUDIT_CHANNEL_CHANGED, slug, TEXT("{\"removed\":true}"));
}

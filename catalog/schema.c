#include "catalog/schema.h"

#include "catalog/refusal.h"

static text_t id_text(tx_t *tx, int32_t id)
{
    return text_printf(tx_arena(tx), "%d", id);
}

/* Follows the alias of the subject that is named, which may lead to another context. */
static int follow_alias(tx_t *tx, const schema_where_t *where, schema_where_t *out)
{
    scopes_t scopes;
    *out = *where;
    if (where->subject.bytes == 0)
        return 0;
    subject_name_t name = subject_name_in(where->context, where->subject, tx_arena(tx));
    if (scopes_get(tx, &name, &scopes) != 0)
        return -1;
    if (scopes.alias_of.at == NULL)
        return 0;
    name = subject_name_parse(scopes.alias_of, TEXT_NONE, tx_arena(tx));
    *out = (schema_where_t){name.context, name.subject};
    return 0;
}

static sql_arg_t subject_or_null(const schema_where_t *where)
{
    return where->subject.bytes > 0 ? sql_text(where->subject) : sql_null();
}

static text_t context_of(const schema_where_t *where)
{
    return context_is_default(where->context) ? CONTEXT_DEFAULT : where->context;
}

int schema_get(tx_t *tx, int32_t id, const schema_where_t *where, bool with_max_id, schema_found_t *out)
{
    schema_where_t there;
    rows_t *rows;
    *out = (schema_found_t){.first = false};
    if (follow_alias(tx, where, &there) != 0)
        return -1;
    if (tx_query_last(tx, STMT_SCHEMA_GET, &rows, sql_text(context_of(&there)), sql_i64(id),
                      subject_or_null(&there), sql_bool(with_max_id)) != 0)
        return -1;
    if (!rows_next(rows))
        return refuse_schema_not_found(tx_err(tx), id_text(tx, id));
    version_read(rows, &out->version);
    out->version.deprecation = row_text_or_none(rows, "deprecation");
    out->max_id = with_max_id ? row_i32(rows, "max_id") : 0;
    out->first = row_bool(rows, "first");
    out->aliased = !text_eq(there.subject, where->subject) || !text_eq(there.context, where->context);
    return row_end(rows);
}

int schema_uses(tx_t *tx, int32_t id, const schema_where_t *where, bool deleted, bool subjects_only,
                const page_t *page, schema_use_t **out, size_t *n)
{
    schema_where_t there;
    rows_t *rows;
    bool known = false;
    *n = 0;
    if (follow_alias(tx, where, &there) != 0)
        return -1;
    if (tx_query_last(tx, STMT_SCHEMA_USES, &rows, sql_text(context_of(&there)), sql_i64(id),
                      subject_or_null(&there), sql_bool(deleted), sql_bool(subjects_only),
                      sql_i64(page->offset), page->limit < 0 ? sql_null() : sql_i64(page->limit)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), schema_use_t, rows_n(rows));
    while (rows_next(rows)) {
        known = true;
        if (!row_is_null(rows, "subject"))
            (*out)[(*n)++] = (schema_use_t){row_text(rows, "subject"),
                                            row_is_null(rows, "version") ? 0 : row_i32(rows, "version")};
    }
    if (row_end(rows) != 0)
        return -1;
    return known ? 0 : refuse_schema_not_found(tx_err(tx), TEXT_NONE);
}

int schema_get_by_guid(tx_t *tx, text_t guid, version_t *out)
{
    identity_t identity;
    rows_t *rows;
    if (!identity_read(guid, &identity))
        return refuse_schema_not_found(tx_err(tx), guid);
    if (tx_query_last(tx, STMT_SCHEMA_GET_BY_GUID, &rows, sql_text(identity_text(&identity, tx_arena(tx)))) !=
        0)
        return -1;
    if (!rows_next(rows))
        return refuse_schema_not_found(tx_err(tx), guid);
    version_read(rows, out);
    out->deprecation = row_text_or_none(rows, "deprecation");
    return row_end(rows);
}

int schema_ids_of_guid(tx_t *tx, text_t guid, schema_id_t **out, size_t *n)
{
    identity_t identity;
    rows_t *rows;
    *n = 0;
    if (!identity_read(guid, &identity))
        return refuse_schema_not_found(tx_err(tx), guid);
    if (tx_query_last(tx, STMT_SCHEMA_IDS_OF_GUID, &rows, sql_text(identity_text(&identity, tx_arena(tx)))) !=
        0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), schema_id_t, rows_n(rows));
    while (rows_next(rows))
        (*out)[(*n)++] = (schema_id_t){row_text(rows, "context"), row_i32(rows, "id")};
    if (row_end(rows) != 0)
        return -1;
    return *n > 0 ? 0 : refuse_schema_not_found(tx_err(tx), guid);
}

#include "catalog/version.h"

#include "catalog/refusal.h"

int version_read(rows_t *rows, version_t *out)
{
    out->subject = row_text_or_none(rows, "subject");
    out->version = out->subject.at == NULL ? 0 : row_i32(rows, "version");
    out->deleted = out->subject.at != NULL && row_bool(rows, "deleted");
    out->ts_ms = out->subject.at == NULL ? 0 : row_i64(rows, "ts");
    out->context = row_text(rows, "context");
    out->context_id = row_i32(rows, "context_id");
    out->id = row_i32(rows, "schema_id");
    out->guid = row_text(rows, "identity");
    out->type = row_text(rows, "type");
    out->text = row_text(rows, "text");
    out->references = row_text_or_none(rows, "refs");
    out->metadata = row_text_or_none(rows, "metadata");
    out->rule_set = row_text_or_none(rows, "rule_set");
    out->deprecation = TEXT_NONE;
    return 0;
}

int version_token_read(text_t token, int32_t *out, err_t *err)
{
    text_t trimmed = text_trim(token);
    int64_t value = 0;
    *out = VERSION_LATEST;
    if (text_is_nocase(trimmed, "latest") || text_is(trimmed, "-1"))
        return 0;
    for (size_t i = 0; i < trimmed.bytes; i++) {
        if (trimmed.at[i] < '0' || trimmed.at[i] > '9' || value > INT32_MAX)
            return refuse_version_token(err, token);
        value = value * 10 + (trimmed.at[i] - '0');
    }
    if (value < 1 || value > INT32_MAX)
        return refuse_version_token(err, token);
    *out = (int32_t)value;
    return 0;
}

/* Unqualified: other contexts may have it. */
static bool may_be_elsewhere(const subject_name_t *subject)
{
    return context_is_default(subject->context);
}

static bool is_visible(bool live, bool deleted)
{
    return live || deleted; /* a subject without any version has no row */
}

int version_get(tx_t *tx, const subject_name_t *subject, int32_t version, bool deleted, version_t *out,
                seen_t *seen)
{
    rows_t *rows;
    *seen = (seen_t){false};
    if (tx_query(tx, STMT_VERSION_GET, &rows, sql_text(subject->qualified), sql_i64(version),
                 sql_bool(deleted)) != 0)
        return -1;
    bool exists = rows_next(rows), visible = exists && is_visible(row_bool(rows, "live"), deleted);
    if (exists && !row_is_null(rows, "version")) {
        version_read(rows, out);
        out->deprecation = row_text_or_none(rows, "deprecation");
        seen->elsewhere = !text_eq(out->subject, subject->qualified);
        return row_end(rows);
    }
    if (row_end(rows) != 0)
        return -1;
    if (may_be_elsewhere(subject)) {
        seen->elsewhere = true;
        if (tx_query(tx, STMT_VERSION_GET_ELSEWHERE, &rows, sql_text(subject->subject), sql_i64(version),
                     sql_bool(deleted)) != 0)
            return -1;
        if (rows_next(rows)) {
            version_read(rows, out);
            out->deprecation = row_text_or_none(rows, "deprecation");
            return row_end(rows);
        }
    }
    return visible ? refuse_version_not_found(tx_err(tx), version)
                   : refuse_subject_not_found(tx_err(tx), subject->qualified);
}

int versions_list(tx_t *tx, const subject_name_t *subject, list_which_t which, const page_t *page,
                  int32_t **numbers, bool **deleted, size_t *n, seen_t *seen)
{
    rows_t *rows;
    *n = 0;
    if (tx_query_last(tx, STMT_VERSIONS_LIST, &rows, sql_text(subject->qualified),
                      which == LIST_LIVE      ? sql_bool(false)
                      : which == LIST_DELETED ? sql_bool(true)
                                              : sql_null(),
                      sql_i64(page->offset), page->limit < 0 ? sql_null() : sql_i64(page->limit)) != 0)
        return -1;
    *numbers = ARENA_ARRAY(tx_arena(tx), int32_t, rows_n(rows));
    *deleted = ARENA_ARRAY(tx_arena(tx), bool, rows_n(rows));
    bool any = false;
    while (rows_next(rows)) {
        any |= row_bool(rows, "any");
        seen->elsewhere = !text_eq(row_text(rows, "subject"), subject->qualified);
        if (row_is_null(rows, "version"))
            continue;
        (*numbers)[*n] = row_i32(rows, "version");
        (*deleted)[(*n)++] = row_bool(rows, "deleted");
    }
    if (row_end(rows) != 0)
        return -1;
    return any ? 0 : refuse_subject_not_found(tx_err(tx), subject->qualified);
}

int version_referenced_by(tx_t *tx, const subject_name_t *subject, int32_t version, bool deleted,
                          const page_t *page, int32_t **ids, size_t *n)
{
    version_t target;
    seen_t seen;
    rows_t *rows;
    *n = 0;
    if (version_get(tx, subject, version, deleted, &target, &seen) != 0)
        return -1;
    if (tx_query_last(tx, STMT_VERSION_REFERENCED_BY, &rows, sql_text(target.subject),
                      sql_i64(target.version), sql_bool(deleted), sql_i64(page->offset),
                      page->limit < 0 ? sql_null() : sql_i64(page->limit)) != 0)
        return -1;
    *ids = ARENA_ARRAY(tx_arena(tx), int32_t, rows_n(rows));
    while (rows_next(rows))
        (*ids)[(*n)++] = row_i32(rows, "id");
    return row_end(rows);
}

int version_with_metadata(tx_t *tx, const subject_name_t *subject, const text_pair_t *properties, size_t n,
                          bool deleted, version_t *out, seen_t *seen)
{
    rows_t *rows;
    buf_t wanted;
    buf_init(&wanted, BUF_NO_MAX);
    text_map_print(&wanted, properties, n);
    text_t json = buf_end(&wanted, tx_arena(tx));
    if (tx_query_last(tx, STMT_VERSION_WITH_METADATA, &rows, sql_text(subject->qualified), sql_text(json),
                      sql_bool(deleted)) != 0)
        return -1;
    if (!rows_next(rows) || !is_visible(row_bool(rows, "live"), deleted))
        return refuse_subject_not_found(tx_err(tx), subject->qualified);
    if (row_is_null(rows, "version"))
        return refuse_schema_not_found(tx_err(tx), TEXT_NONE);
    version_read(rows, out);
    out->deprecation = row_text_or_none(rows, "deprecation");
    seen->elsewhere = !text_eq(out->subject, subject->qualified);
    return row_end(rows);
}

int version_resolved(tx_t *tx, const version_t *version, const policy_t *policy, text_t *out)
{
    stored_schema_t stored = {.context_id = version->context_id, .id = version->id};
    if (!identity_read(version->guid, &stored.identity) || !format_find(version->type, &stored.format))
        return err_set(tx_err(tx), ERR_INTERNAL, NULL);
    int rc = stored_schemas_get(tx, &stored, 1, policy);
    if (rc == 0)
        *out = schema_resolved(stored.schema, tx_arena(tx));
    stored_schemas_unref(&stored, 1);
    return rc;
}

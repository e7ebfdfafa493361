#include "catalog/subject.h"

subjects_of_t subjects_of(text_t prefix, text_t context, arena_t *arena)
{
    if (text_starts(prefix, NAMES_WILDCARD))
        return (subjects_of_t){true, TEXT_NONE, text_from(prefix, NAMES_WILDCARD.bytes)};
    subject_name_t name = subject_name_parse(prefix.at == NULL ? TEXT("") : prefix, context, arena);
    return (subjects_of_t){false, name.context, name.subject};
}

static name_ranges_t ranges_of(const subjects_of_t *of, arena_t *arena)
{
    return of->everywhere ? name_ranges_everywhere() : name_ranges(of->context, of->prefix, arena);
}

/* In every context, what the ranges leave is filtered by the name without its context. */
static sql_arg_t prefix_of(const subjects_of_t *of)
{
    return of->everywhere && of->prefix.bytes > 0 ? sql_text(of->prefix) : sql_null();
}

static sql_arg_t limit_of(const page_t *page)
{
    return page->limit < 0 ? sql_null() : sql_i64(page->limit);
}

int subjects_list(tx_t *tx, const subjects_of_t *of, list_which_t which, const page_t *page, text_t **names,
                  size_t *n)
{
    name_ranges_t ranges = ranges_of(of, tx_arena(tx));
    rows_t *rows;
    *n = 0;
    if (tx_query_last(tx, STMT_SUBJECTS_LIST, &rows, sql_text(ranges.from[0]), sql_text(ranges.to[0]),
                      sql_text(ranges.from[1]), sql_text(ranges.to[1]), prefix_of(of),
                      which == LIST_ALL ? sql_null() : sql_bool(which == LIST_LIVE), sql_i64(page->offset),
                      limit_of(page)) != 0)
        return -1;
    *names = ARENA_ARRAY(tx_arena(tx), text_t, rows_n(rows));
    while (rows_next(rows))
        (*names)[(*n)++] = row_text(rows, "qualified");
    return row_end(rows);
}

int schemas_list(tx_t *tx, const subjects_of_t *of, bool deleted, bool latest, bool aliases,
                 const page_t *page, listed_t **out, size_t *n)
{
    name_ranges_t ranges = ranges_of(of, tx_arena(tx));
    rows_t *rows;
    *n = 0;
    if (tx_query_last(tx, STMT_SCHEMAS_LIST, &rows, sql_text(ranges.from[0]), sql_text(ranges.to[0]),
                      sql_text(ranges.from[1]), sql_text(ranges.to[1]), prefix_of(of), sql_bool(deleted),
                      sql_bool(latest), sql_bool(aliases), sql_i64(page->offset), limit_of(page)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), listed_t, rows_n(rows));
    while (rows_next(rows)) {
        listed_t *listed = &(*out)[(*n)++];
        version_read(rows, &listed->version);
        listed->aliases = row_text_or_none(rows, "aliases");
    }
    return row_end(rows);
}

#include "catalog/parties.h"

int parties_get(tx_t *tx, int64_t line_id, const rules_t *rules, party_t **out, size_t *n)
{
    rows_t *rows;
    *n = 0;
    if (tx_query(tx, STMT_LINE_PARTIES, &rows, sql_i64(line_id), sql_i64(rules->stale_days),
                 sql_i64(rules->reminders_before_stale), sql_i64(rules->notice_days),
                 sql_bool(rules->silence_consents)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), party_t, rows_n(rows));
    while (rows_next(rows))
        (*out)[(*n)++] = (party_t){
            .reads = text_is(row_text(rows, "role"), "consumption"),
            .id = row_text(rows, "public_id"),
            .service = row_text(rows, "service"),
            .team = row_text(rows, "team"),
            .team_id = row_i64(rows, "team_id"),
            .blocking = row_bool(rows, "blocking"),
            .stale = row_bool(rows, "stale"),
            .own = row_bool(rows, "own"),
            .agreed = row_bool(rows, "agreed"),
            .last_seen = row_text_or_none(rows, "last_seen"),
            .seen_by = row_text_or_none(rows, "seen_by"),
            .item = row_text(rows, "item"),
        };
    return row_end(rows);
}

int stray_reads_get(tx_t *tx, int64_t line_id, const rules_t *rules, stray_read_t **out, size_t *n)
{
    rows_t *rows;
    *n = 0;
    if (tx_query(tx, STMT_LINE_READS, &rows, sql_i64(line_id), sql_i64(rules->sunset_quiet_days)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), stray_read_t, rows_n(rows));
    while (rows_next(rows))
        (*out)[(*n)++] = (stray_read_t){.service = row_text(rows, "service"), .item = row_text(rows, "item")};
    return row_end(rows);
}

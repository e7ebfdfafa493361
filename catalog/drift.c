#include "catalog/drift.h"

#include "catalog/policy.h"

enum { AT_ONCE = 200 }; /* as in drift_news.sql */

typedef struct {
    text_t name, line, data;
    bool mine; /* this transaction tells it */
} news_t;

static int find(tx_t *tx, news_t **out, size_t *n)
{
    rows_t *rows;
    rules_t rules;
    *n = 0;
    if (rules_get(tx, 0, &rules) != 0 ||
        tx_query(tx, STMT_DRIFT_NEWS, &rows, sql_i64(DRIFT_RECENT_DAYS), sql_i64(rules.stale_days)) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), news_t, rows_n(rows));
    while (rows_next(rows))
        (*out)[(*n)++] = (news_t){
            .name = row_text(rows, "name"), .line = row_text(rows, "line"), .data = row_text(rows, "data")};
    return row_end(rows);
}

/* Another server may have found the same before it waited for the lock. */
static int mark(tx_t *tx, news_t *news, size_t n)
{
    text_t *names = ARENA_ARRAY(tx_arena(tx), text_t, n);
    rows_t *rows;
    for (size_t i = 0; i < n; i++)
        names[i] = news[i].name;
    if (tx_send(tx, STMT_CATALOG_WRITE) != 0 ||
        tx_query(tx, STMT_DRIFT_TOLD, &rows, sql_text_array(names, n, tx_arena(tx))) != 0)
        return -1;
    while (rows_next(rows))
        for (size_t i = 0; i < n; i++)
            news[i].mine = news[i].mine || text_eq(news[i].name, row_text(rows, "name"));
    return row_end(rows);
}

static int tell(tx_t *tx, const who_t *who, const news_t *news)
{
    return audit_note(tx,
                      &(audit_t){.kind = AUDIT_DRIFT_DETECTED,
                                 .object = text_printf(tx_arena(tx), "line:" TEXT_FMT, TEXT_ARG(news->line)),
                                 .about = news->line,
                                 .detail = news->data,
                                 .actor = who->actor,
                                 .request_id = who->request_id});
}

int drift_tell(tx_t *tx, const who_t *who)
{
    news_t *news;
    size_t n;
    if (find(tx, &news, &n) != 0 || (n > 0 && mark(tx, news, n) != 0))
        return -1;
    for (size_t i = 0; i < n; i++)
        if (news[i].mine && tell(tx, who, &news[i]) != 0)
            return -1;
    return n == AT_ONCE ? 0 : tx_send(tx, STMT_DRIFT_LOOKED);
}

/* search.c - /api/v1/search and /api/v1/graph: finding things, and what they are connected with. */
#include "server/api/api.h"

#include "server/api/base.h"

enum { HITS = 20, HITS_MAX = 100, WORDS_MAX = 200, DEPTH_MAX = 10, NODES = 400 };

static const char *const kinds[] = {"event", "team", "service", "subject"};

static bool is_kind(text_t given)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text_is(given, kinds[i]))
            return true;
    return false;
}

int search_all(call_t *c, tx_t *tx)
{
    text_t q = text_trim(call_query(c, "q")), kind = call_query(c, "kind");
    int64_t limit;
    rows_t *rows;
    if (call_query_has(c, "as_of"))
        return err_set(&c->err, ERR_AS_OF_OUT_OF_RANGE,
                       "Search knows the present only; listings and pages take as_of");
    if (q.bytes == 0 || q.bytes > WORDS_MAX)
        return api_invalid(c, TEXT("q"), "q takes 1 to %d bytes", WORDS_MAX);
    if (kind.bytes > 0 && !is_kind(kind))
        return api_invalid(c, TEXT("kind"), "kind is event, team, service or subject");
    if (call_query_int(c, "limit", HITS, &limit) != 0)
        return -1;
    if (limit < 1 || limit > HITS_MAX)
        return err_set(&c->err, ERR_LIMIT_TOO_LARGE, "limit must be from 1 to %d", HITS_MAX);
    if (tx_query(tx, STMT_SEARCH, &rows, sql_text(q),
                 kind.bytes == 0 ? sql_null() : sql_text_array(&kind, 1, c->arena), sql_i64(limit)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "search", q);
}

/* --- graph ------------------------------------------------------------------------------------------------------------------------- */

typedef struct {
    text_t kind, name;
} focus_t;

/* "service:billing", "team:payments", "event:orders.order_placed", "line:orders.order_placed@2"; a bare name is an event or a line. */
static focus_t read_focus(text_t given)
{
    static const char *const words[] = {"event", "line", "service", "team"};
    const char *colon = given.bytes == 0 ? NULL : memchr(given.at, ':', given.bytes);
    text_t head = {given.at, colon == NULL ? 0 : (size_t)(colon - given.at)};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_is(head, words[i]))
            return (focus_t){text_of(words[i]), text_from(given, head.bytes + 1)};
    bool line = given.bytes > 0 && memchr(given.at, '@', given.bytes) != NULL;
    return (focus_t){line ? TEXT("line") : TEXT("event"), given};
}

int graph_read(call_t *c, tx_t *tx)
{
    focus_t focus = read_focus(call_query(c, "focus"));
    text_t direction = call_query(c, "direction");
    bool up = text_is(direction, "up"), down = text_is(direction, "down");
    bool both = direction.bytes == 0 || text_is(direction, "both");
    int64_t depth;
    rows_t *rows;
    if (focus.name.bytes == 0)
        return api_invalid(c, TEXT("focus"),
                           "focus names an event, a line (event@1), service:<slug> or team:<slug>");
    if (!up && !down && !both)
        return api_invalid(c, TEXT("direction"), "direction is up, down or both");
    if (call_query_int(c, "depth", 1, &depth) != 0)
        return -1;
    if (depth < 1 || depth > DEPTH_MAX)
        return err_set(&c->err, ERR_LIMIT_TOO_LARGE, "depth must be from 1 to %d", DEPTH_MAX);
    if (tx_query(tx, STMT_GRAPH, &rows, sql_text(focus.kind), sql_text(focus.name), sql_i64(depth),
                 sql_bool(up || both), sql_bool(down || both), sql_i64(NODES)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, focus.kind.at, focus.name);
}

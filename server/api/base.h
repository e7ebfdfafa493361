/* base.h - what every resource of /api/v1 shares, so that a handler is only what it does.
 *
 * Every database call of the API runs inside api_around (the `around` of api_t). Before the handler, it
 *   - of a read (GET): moves into the past for ?as_of= (statements that name their tables without a schema then read asof.*);
 *   - of a write (R_WRITE): begins the catalog's write (STMT_CATALOG_WRITE: one writer at a time, see migrations/0003_time.sql),
 *     and answers a replayed Idempotency-Key with the reply it had;
 *   - reads who asks (api_principal), and checks RIGHT_READ.
 * After it, it keeps only the members that ?fields= names, remembers the reply for the Idempotency-Key, and for ?dry_run=true has the
 * transaction rolled back while the reply goes out as if.
 *
 * Replies are made by SQL: a read is one statement whose column `body` is the JSON, a listing one whose rows have `key` (the cursor) and `item`.
 *
 * Memory   all in c->arena.
 */
#ifndef AVOW_SERVER_API_BASE_H
#define AVOW_SERVER_API_BASE_H

#include "catalog/rights.h"
#include "server/core/route.h"

int api_around(call_t *c, tx_t *tx, int (*handler)(call_t *c, tx_t *tx));

/* Of a route with R_LOCKS, whose handler takes locks of the registry first: begins the catalog's write. Others have begun it. */
int api_write_begin(call_t *c, tx_t *tx);

/* Inside a handler only. */
const principal_t *api_principal(const call_t *c);
who_t api_who(const call_t *c);     /* for audit entries */
text_t api_moment(const call_t *c); /* of a write: its moment; of a read: that of the last write it sees */

/* What a replayed Idempotency-Key answers in place of the reply's body: for a reply that shows a secret once. */
void api_replay_body(call_t *c, text_t body);

/* --- bodies: like jx_* of call.h, and they note the member in c->err.place ----------------------------------------------------- */

/* The text must be one of `choices`; absent takes the default at index `absent`. The message lists them. */
int api_choice(call_t *c, const json_t *object, const char *name, const char *const *choices, size_t n,
               size_t absent, size_t *out);
int api_required_text(call_t *c, const json_t *object, const char *name,
                      text_t *out); /* not empty, at most 64 kB */
/* How a body is printed for PostgreSQL: 0.9 stays 0.9. */
#define API_PRINTED (JSON_COMPACT | JSON_REAL_PRECISION(15))
/* A member as it is, printed, to be given to PostgreSQL as jsonb; absent: `absent`. `kind`: JSON_OBJECT or JSON_ARRAY. */
int api_json(call_t *c, const json_t *object, const char *name, json_type kind, text_t absent, text_t *out);
/* An RFC 3339 instant or a date (00:00 UTC); absent: TEXT_NONE. Checked here, given to PostgreSQL as text. */
int api_instant(call_t *c, const json_t *object, const char *name, text_t *out);
bool api_instant_read(text_t given, arena_t *arena, text_t *out);
/* No members but these: a misspelt one is refused with the nearest known name. */
int api_members(call_t *c, const json_t *object, const char *const *known, size_t n);
/* ERR_FIELD_INVALID at `place` ("fields[2].path"). Returns -1. */
int api_invalid(call_t *c, text_t place, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* --- preconditions ------------------------------------------------------------------------------------------------------------ */

/* Of a change to something whose revision counter is `rev`: 428 without If-Match, 412 (with the current ETag) when it is another.
 * "*" fits all. */
int api_if_match(call_t *c, int32_t rev);
/* The same where If-Match may be left out: what is replaced keeps its earlier versions. */
int api_if_match_given(call_t *c, int32_t rev);
void api_etag(call_t *c, int32_t rev);

/* --- listings ------------------------------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t limit; /* ask the database for one more than this */
    text_t after;  /* the key after which to go on; TEXT_NONE: from the start */
} page_t;

/* ?limit= (1 to 1000, default 100) and ?cursor=. A cursor of another listing is ERR_CURSOR_EXPIRED. */
int api_page(call_t *c, page_t *page);

/* {"items": [...], "next": "cursor" or null} of rows with the columns `key` and `item`, limit + 1 of them asked for. */
int api_reply_list(call_t *c, const page_t *page, rows_t *rows);

/* The column `body` of the one row, with `status`; its column `rev`, if there is one, as ETag. No row: ERR_NOT_FOUND with `what`. */
int api_reply_row(call_t *c, int status, rows_t *rows, const char *what, text_t name);

#endif

#include "server/api/base.h"

#include <stdlib.h>

#include "catalog/token.h"
#include "compat/core/buf.h"
#include "compat/core/digest.h"
#include "server/api/select.h"

enum { KEY_MAX = 255, LIMIT_DEFAULT = 100, LIMIT_MAX = 1000, CURSOR_MAX = 4096, MARK_BYTES = 8 };

/* What api_around keeps of a call. */
typedef struct {
    const principal_t *principal;
    text_t moment;
    text_t request;     /* SHA-256 of method, path, query and body, in hexadecimal; with an Idempotency-Key */
    text_t replay_body; /* TEXT_NONE: the reply's own */
    bool rehearsal;
} around_t;

static around_t *around_of(const call_t *c)
{
    return c->around;
}

const principal_t *api_principal(const call_t *c)
{
    return around_of(c)->principal;
}

who_t api_who(const call_t *c)
{
    return (who_t){.actor = around_of(c)->principal->name, .request_id = c->request_id};
}

text_t api_moment(const call_t *c)
{
    return around_of(c)->moment;
}

void api_replay_body(call_t *c, text_t body)
{
    around_of(c)->replay_body = body;
}

/* --- idempotency ------------------------------------------------------------------------------------------------------------- */

static text_t hex(arena_t *arena, const uint8_t *bytes, size_t n)
{
    char *text = arena_alloc(arena, 2 * n + 1);
    for (size_t i = 0; i < n; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return (text_t){text, 2 * n};
}

/* Of what decides the reply. Members of the query are told apart by bytes that none of them can hold. */
static text_t request_digest(const call_t *c)
{
    uint8_t digest[32];
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    buf_add(&buf, c->method);
    buf_add_char(&buf, ' ');
    buf_add(&buf, c->path);
    for (size_t i = 0; i < c->n_query; i++) {
        buf_add_char(&buf, '\0');
        buf_add(&buf, c->query[i].name);
        buf_add_char(&buf, '\0');
        buf_add(&buf, c->query[i].value);
    }
    buf_add_char(&buf, '\0');
    buf_add(&buf, c->body_text);
    digest_sha256(buf_text(&buf), digest);
    buf_dispose(&buf);
    return hex(c->arena, digest, sizeof digest);
}

static int key_check(call_t *c)
{
    text_t key = c->idempotency_key;
    bool fits = key.bytes > 0 && key.bytes <= KEY_MAX;
    for (size_t i = 0; fits && i < key.bytes; i++)
        fits = key.at[i] > ' ' && key.at[i] < 0x7f;
    return fits ? 0
                : err_set(&c->err, ERR_FIELD_INVALID,
                          "Idempotency-Key takes 1 to %d printable characters without spaces", KEY_MAX);
}

/* 1: the key was used with this request, and its reply is made again. */
static int replay(call_t *c, tx_t *tx)
{
    around_t *around = around_of(c);
    rows_t *rows;
    if (key_check(c) != 0)
        return -1;
    around->request = request_digest(c);
    if (tx_send(tx, STMT_IDEMPOTENCY_FORGET) != 0 ||
        tx_query(tx, STMT_IDEMPOTENCY_GET, &rows, sql_text(around->principal->name),
                 sql_text(c->idempotency_key)) != 0)
        return -1;
    if (!rows_next(rows))
        return 0;
    text_t request = row_text(rows, "request"), body = row_text(rows, "body");
    text_t location = row_text_or_none(rows, "location"), etag = row_text_or_none(rows, "etag");
    int32_t status = row_i32(rows, "status");
    if (row_end(rows) != 0)
        return -1;
    if (!text_eq(request, around->request))
        return err_set(&c->err, ERR_IDEMPOTENCY_MISMATCH,
                       "Idempotency-Key \"" TEXT_FMT "\" was used within a day with another request",
                       TEXT_ARG(c->idempotency_key));
    reply_text(c, status, "application/json", body);
    if (location.at != NULL)
        reply_header(c, "location", location);
    if (etag.at != NULL)
        reply_header(c, "etag", etag);
    reply_header(c, "idempotent-replayed", TEXT("true"));
    return 1;
}

static text_t header_of(const reply_t *reply, const char *name)
{
    for (size_t i = 0; i < reply->n_headers; i++)
        if (text_is(text_of(reply->headers[i].name), name))
            return reply->headers[i].value;
    return TEXT_NONE;
}

static int remember(call_t *c, tx_t *tx)
{
    around_t *around = around_of(c);
    text_t body = around->replay_body.at != NULL ? around->replay_body : c->reply.body;
    return tx_send(tx, STMT_IDEMPOTENCY_PUT, sql_text(around->principal->name), sql_text(c->idempotency_key),
                   sql_text(around->request), sql_i64(c->reply.status),
                   sql_text_or_null(header_of(&c->reply, "location")),
                   sql_text_or_null(header_of(&c->reply, "etag")), sql_text(body));
}

/* --- before the handler ------------------------------------------------------------------------------------------------------- */

static int enter_past(call_t *c, tx_t *tx)
{
    rows_t *rows;
    text_t moment;
    if (!api_instant_read(call_query(c, "as_of"), c->arena, &moment))
        return err_set(&c->err, ERR_AS_OF_OUT_OF_RANGE,
                       "as_of must be an instant like 2026-11-21T09:30:00Z, or a date");
    if (tx_query(tx, STMT_AS_OF_ENTER, &rows, sql_text(moment)) != 0)
        return -1;
    rows_next(rows);
    bool fits = row_bool(rows, "fits");
    text_t began = row_text(rows, "began"), latest = row_text(rows, "latest");
    around_of(c)->moment = row_text(rows, "moment");
    if (row_end(rows) != 0)
        return -1;
    if (fits)
        return 0;
    c->err.extra = text_printf(c->arena, "{\"from\":\"" TEXT_FMT "\",\"to\":\"" TEXT_FMT "\"}",
                               TEXT_ARG(began), TEXT_ARG(latest));
    return err_set(&c->err, ERR_AS_OF_OUT_OF_RANGE, "The catalog is known from " TEXT_FMT " to " TEXT_FMT,
                   TEXT_ARG(began), TEXT_ARG(latest));
}

static int read_moment(call_t *c, tx_t *tx, stmt_t statement)
{
    rows_t *rows;
    if (tx_query_args(tx, statement, &rows, NULL, 0) != 0)
        return -1;
    rows_next(rows);
    around_of(c)->moment = row_text(rows, "moment");
    return row_end(rows);
}

int api_write_begin(call_t *c, tx_t *tx)
{
    return read_moment(c, tx, STMT_CATALOG_WRITE);
}

static int begin_read(call_t *c, tx_t *tx)
{
    if (tx_send(tx, STMT_READ_STEADY) != 0)
        return -1;
    return call_query_has(c, "as_of") ? enter_past(c, tx) : read_moment(c, tx, STMT_CATALOG_MOMENT);
}

static int begin_write(call_t *c, tx_t *tx)
{
    if (call_query_has(c, "as_of"))
        return err_set(&c->err, ERR_AS_OF_OUT_OF_RANGE,
                       "The past is read only: as_of is for calls that change nothing");
    if (around_of(c)->rehearsal)
        tx_rehearse(tx);
    return (c->route->flags & R_LOCKS) != 0 ? 0 : api_write_begin(c, tx);
}

static const text_t *scope_texts(unsigned bits, arena_t *arena, size_t *n)
{
    text_t *texts = ARENA_ARRAY(arena, text_t, SCOPE_N);
    *n = 0;
    for (int i = 0; i < SCOPE_N; i++)
        if ((bits >> i & 1) != 0)
            texts[(*n)++] = text_of(scope_text((scope_t)i));
    return texts;
}

/* Who asks, as this transaction sees them: what was remembered when they were let in may be a moment old. */
static int read_principal(call_t *c, tx_t *tx)
{
    const actor_t *actor = &c->actor;
    principal_t *principal = ARENA_NEW(c->arena, principal_t);
    text_t name = text_of(actor->name);
    around_of(c)->principal = principal;
    if (actor->kind == ACTOR_ANYBODY) {
        principal->kind = c->open ? PRINCIPAL_ANYBODY : PRINCIPAL_UNKNOWN;
        principal->name = name;
        return 0;
    }
    if (principal_get(tx, actor->person_id, actor->service_id, name, principal) != 0)
        return -1;
    if (principal->kind == PRINCIPAL_UNKNOWN && (actor->person_id != 0 || actor->service_id != 0))
        return err_set(&c->err, ERR_FORBIDDEN, "\"" TEXT_FMT "\" is disabled", TEXT_ARG(name));
    principal->token_id = actor->token_id;
    principal->scopes = scope_texts(actor->scopes, c->arena, &principal->n_scopes);
    return 0;
}

/* --- around ---------------------------------------------------------------------------------------------------------------------- */

static int finish(call_t *c, tx_t *tx, bool writes)
{
    const around_t *around = around_of(c);
    bool done = c->reply.status >= 200 && c->reply.status < 300;
    if (writes && done && c->idempotency_key.at != NULL && !around->rehearsal && remember(c, tx) != 0)
        return -1;
    if (done && call_query_has(c, "fields"))
        c->reply.body = select_members(c->reply.body, call_query(c, "fields"), c->arena);
    if (c->reply.content_type == NULL)
        c->reply.content_type = "application/json";
    if (!writes && c->reply.depends == DEPENDS_NOT_CACHED)
        reply_header(c, "x-as-of", around->moment);
    if (around->rehearsal)
        reply_header(c, "x-dry-run", TEXT("true"));
    return 0;
}

int api_around(call_t *c, tx_t *tx, int (*handler)(call_t *c, tx_t *tx))
{
    bool writes = (c->route->flags & R_WRITE) != 0;
    around_t *around = ARENA_NEW(c->arena, around_t);
    c->around = around;
    around->rehearsal = writes && call_query_bool(c, "dry_run", false);
    if ((writes ? begin_write(c, tx) : begin_read(c, tx)) != 0 || read_principal(c, tx) != 0)
        return -1;
    if (writes && c->idempotency_key.at != NULL && !around->rehearsal) {
        int replayed = replay(c, tx);
        if (replayed != 0)
            return replayed > 0 ? 0 : -1;
    }
    return handler(c, tx) != 0 ? -1 : finish(c, tx, writes);
}

/* --- preconditions ------------------------------------------------------------------------------------------------------------- */

static text_t etag_of(const call_t *c, int32_t rev)
{
    return text_printf(c->arena, "\"%d\"", rev);
}

void api_etag(call_t *c, int32_t rev)
{
    reply_header(c, "etag", etag_of(c, rev));
}

/* RFC 9110, 13.1.1: a list of entity tags. A weak one is taken as strong: compressing proxies make them weak. */
static bool list_names(text_t list, text_t etag)
{
    while (list.bytes > 0) {
        const char *comma = memchr(list.at, ',', list.bytes);
        size_t bytes = comma == NULL ? list.bytes : (size_t)(comma - list.at);
        text_t one = text_trim((text_t){list.at, bytes});
        if (text_starts(one, TEXT("W/")))
            one = text_from(one, 2);
        if (text_eq(one, etag) || text_is(one, "*"))
            return true;
        list = text_from(list, bytes + (comma != NULL));
    }
    return false;
}

int api_if_match(call_t *c, int32_t rev)
{
    text_t etag = etag_of(c, rev);
    if (c->if_match.at != NULL && list_names(c->if_match, etag))
        return 0;
    reply_header(c, "etag", etag);
    c->err.extra = text_printf(c->arena, "{\"etag\":\"\\\"%d\\\"\"}", rev);
    return err_set(&c->err, c->if_match.at == NULL ? ERR_PRECONDITION_REQUIRED : ERR_PRECONDITION_FAILED,
                   NULL);
}

int api_if_match_given(call_t *c, int32_t rev)
{
    return c->if_match.at == NULL ? 0 : api_if_match(c, rev);
}

/* --- listings ------------------------------------------------------------------------------------------------------------------ */

/* Which listing a cursor belongs to: path and query, without what may differ from page to page. */
static void listing_mark(const call_t *c, char out[MARK_BYTES + 1])
{
    uint64_t hash = text_hash(c->path, 0);
    for (size_t i = 0; i < c->n_query; i++) {
        text_t name = c->query[i].name;
        if (text_is(name, "cursor") || text_is(name, "limit") || text_is(name, "fields"))
            continue;
        hash = text_hash(c->query[i].value, text_hash(name, hash));
    }
    snprintf(out, MARK_BYTES + 1, "%08x", (unsigned)(hash ^ hash >> 32));
}

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static text_t cursor_make(const call_t *c, text_t key)
{
    char mark[MARK_BYTES + 1];
    listing_mark(c, mark);
    text_t plain = text_printf(c->arena, "%s" TEXT_FMT, mark, TEXT_ARG(key));
    char *out = arena_alloc(c->arena, (plain.bytes + 2) / 3 * 4 + 1);
    size_t n = 0;
    uint32_t bits = 0;
    int n_bits = 0;
    for (size_t i = 0; i < plain.bytes; i++) {
        bits = bits << 8 | (uint8_t)plain.at[i];
        for (n_bits += 8; n_bits >= 6; n_bits -= 6)
            out[n++] = base64url[bits >> (n_bits - 6) & 63];
    }
    if (n_bits > 0)
        out[n++] = base64url[bits << (6 - n_bits) & 63];
    return (text_t){out, n};
}

static bool cursor_read(const call_t *c, text_t cursor, text_t *key)
{
    char mark[MARK_BYTES + 1];
    char *out = arena_alloc(c->arena, cursor.bytes + 1);
    size_t n = 0;
    uint32_t bits = 0;
    int n_bits = 0;
    for (size_t i = 0; i < cursor.bytes; i++) {
        const char *digit = cursor.at[i] == '\0' ? NULL : strchr(base64url, cursor.at[i]);
        if (digit == NULL)
            return false;
        bits = bits << 6 | (uint32_t)(digit - base64url);
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[n++] = (char)(bits >> n_bits);
        }
    }
    listing_mark(c, mark);
    text_t plain = {out, n};
    if (!text_starts(plain, text_of(mark)) || text_utf8_valid(plain) < n || memchr(out, '\0', n) != NULL)
        return false;
    *key = text_from(plain, MARK_BYTES);
    return true;
}

int api_page(call_t *c, page_t *page)
{
    text_t cursor = call_query(c, "cursor");
    *page = (page_t){.after = TEXT_NONE};
    if (call_query_int(c, "limit", LIMIT_DEFAULT, &page->limit) != 0)
        return -1;
    if (page->limit < 1 || page->limit > LIMIT_MAX)
        return err_set(&c->err, ERR_LIMIT_TOO_LARGE, "limit must be from 1 to %d", LIMIT_MAX);
    if (cursor.bytes == 0)
        return 0;
    if (cursor.bytes > CURSOR_MAX || !cursor_read(c, cursor, &page->after))
        return err_set(&c->err, ERR_CURSOR_EXPIRED, NULL);
    return 0;
}

int api_reply_list(call_t *c, const page_t *page, rows_t *rows)
{
    text_t key = TEXT_NONE;
    int64_t n = 0;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_s(&out, "{\"items\":[");
    while (n < page->limit && rows_next(rows)) {
        buf_add_s(&out, n++ == 0 ? "" : ",");
        buf_add(&out, row_text(rows, "item"));
        key = row_text(rows, "key");
    }
    bool more = rows_next(rows);
    buf_add_s(&out, "],\"next\":");
    if (more)
        buf_printf(&out, "\"" TEXT_FMT "\"}", TEXT_ARG(cursor_make(c, key)));
    else
        buf_add_s(&out, "null}");
    text_t body = buf_end(&out, c->arena);
    if (row_end(rows) != 0)
        return -1;
    reply_text(c, 200, "application/json", body);
    return 0;
}

int api_reply_row(call_t *c, int status, rows_t *rows, const char *what, text_t name)
{
    if (!rows_next(rows))
        return err_set(&c->err, ERR_NOT_FOUND, "There is no %s \"" TEXT_FMT "\"", what, TEXT_ARG(name));
    text_t body = row_text(rows, "body");
    if (rows_has(rows, "rev"))
        api_etag(c, row_i32(rows, "rev"));
    if (row_end(rows) != 0)
        return -1;
    reply_text(c, status, "application/json", body);
    return 0;
}

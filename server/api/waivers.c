/* waivers.c - /api/v1/waivers: exceptions that owners of lines grant (catalog/waiver.h). */
#include "catalog/waiver.h"

#include "server/api/api.h"
#include "server/api/shape.h"

const shape_t waiver_shape[] = {
    {"line", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
    {"service", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
    {"rule", SHAPE_TEXT, .flags = 0},
    {"reason", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
    {"expires_at", SHAPE_INSTANT, .flags = SHAPE_REQUIRED},
    {.name = NULL},
};

/* GET /api/v1/waivers?line=&service= */
int waivers_list(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    text_t line = call_query(c, call_query_has(c, "line") ? "line" : "for");
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_WAIVERS_LIST, &rows, sql_text_or_null(page.after), sql_i64(page.limit + 1),
                 sql_text_or_null(line), sql_text_or_null(call_query(c, "service"))) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

static int reply_waiver(call_t *c, tx_t *tx, int status, int64_t id)
{
    rows_t *rows;
    text_t name = text_printf(c->arena, "%lld", (long long)id);
    if (tx_query(tx, STMT_WAIVER_GET, &rows, sql_i64(id)) != 0)
        return -1;
    if (status == 201)
        reply_header(c, "location", text_printf(c->arena, "/api/v1/waivers/" TEXT_FMT, TEXT_ARG(name)));
    return api_reply_row(c, status, rows, "waiver", name);
}

/* GET /api/v1/waivers/{id} */
int waiver_get(call_t *c, tx_t *tx)
{
    int64_t id = 0;
    for (size_t i = 0; i < c->params[0].bytes; i++) {
        const char digit = c->params[0].at[i];
        if (digit < '0' || digit > '9' || i >= 18)
            return err_set(&c->err, ERR_NOT_FOUND, "There is no waiver \"" TEXT_FMT "\"",
                           TEXT_ARG(c->params[0]));
        id = id * 10 + (digit - '0');
    }
    return reply_waiver(c, tx, 200, id);
}

/* POST /api/v1/waivers */
int waiver_create(call_t *c, tx_t *tx)
{
    waiver_t waiver = {.line = TEXT_NONE};
    text_t document;
    int64_t id;
    who_t who = api_who(c);
    if (api_shape(c, waiver_shape, SHAPE_WHOLE, &document) != 0 ||
        jx_text(c, c->body, "line", TEXT(""), &waiver.line) != 0 ||
        jx_text(c, c->body, "service", TEXT(""), &waiver.service) != 0 ||
        jx_text(c, c->body, "rule", TEXT_NONE, &waiver.rule) != 0 ||
        jx_text(c, c->body, "reason", TEXT(""), &waiver.reason) != 0 ||
        api_instant(c, c->body, "expires_at", &waiver.expires_at) != 0 ||
        waiver_grant(tx, api_principal(c), &who, &waiver, &id, &c->err) != 0)
        return -1;
    return reply_waiver(c, tx, 201, id);
}

#include "server/ui/ui.h"

#include <string.h>

#include "server/ui/assets.h"

/* Nothing but our own files, no script and no style in the page itself, and no way to make script out of text. */
#define POLICY                                                                                   \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " \
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "          \
    "require-trusted-types-for 'script'; trusted-types 'none'"

#define FOR_EVER   TEXT("public, max-age=31536000, immutable")
#define EVERY_TIME TEXT("no-cache")

static const asset_t *asset_find(text_t name)
{
    for (size_t i = 0; i < n_assets; i++)
        if (text_is(name, assets[i].name))
            return &assets[i];
    return NULL;
}

/* Whether If-None-Match names the tag; they are weak, and compared as text. */
static bool client_has(const call_t *c, const asset_t *asset)
{
    return c->if_none_match.bytes > 0 &&
           memmem(c->if_none_match.at, c->if_none_match.bytes, asset->etag, strlen(asset->etag)) != NULL;
}

static int reply_asset(call_t *c, const asset_t *asset, text_t cache_control)
{
    reply_header(c, "etag", text_of(asset->etag));
    reply_header(c, "cache-control", cache_control);
    reply_header(c, "vary", TEXT("accept-encoding"));
    reply_header(c, "x-content-type-options", TEXT("nosniff"));
    if (client_has(c, asset)) {
        reply_empty(c, 304);
        return 0;
    }
    bool small = c->gzip && asset->gzip != asset->gzip_end;
    const char *from = small ? asset->gzip : asset->plain, *to = small ? asset->gzip_end : asset->plain_end;
    if (small)
        reply_header(c, "content-encoding", TEXT("gzip"));
    reply_text(c, 200, asset->type, (text_t){from, (size_t)(to - from)});
    return 0;
}

/* GET /ui, /ui/events/orders.order_placed, ... */
static int shell(call_t *c)
{
    const asset_t *asset = asset_find(TEXT("index.html"));
    if (asset == NULL)
        return err_set(&c->err, ERR_ROUTE_UNKNOWN, "This server was built without its pages (AVOW_WEB=OFF)");
    reply_header(c, "content-security-policy", TEXT(POLICY));
    reply_header(c, "referrer-policy", TEXT("same-origin"));
    reply_header(c, "cross-origin-opener-policy", TEXT("same-origin"));
    return reply_asset(c, asset, EVERY_TIME);
}

/* GET /ui/assets/{name} */
static int file(call_t *c)
{
    const asset_t *asset = asset_find(c->params[0]);
    if (asset == NULL)
        return err_set(&c->err, ERR_ROUTE_UNKNOWN, NULL);
    return reply_asset(c, asset, FOR_EVER);
}

static const route_t routes[] = {
    {"GET", "/ui", NULL, shell, R_OPEN},
    {"GET", "/ui/{a}", NULL, shell, R_OPEN},
    {"GET", "/ui/{a}/{b}", NULL, shell, R_OPEN},
    {"GET", "/ui/{a}/{b}/{c}", NULL, shell, R_OPEN},
    {"GET", "/ui/{a}/{b}/{c}/{d}", NULL, shell, R_OPEN},
    {"GET", "/ui/{a}/{b}/{c}/{d}/{e}", NULL, shell, R_OPEN},
    {"GET", "/ui/assets/{name}", NULL, file, R_OPEN},
};

const api_t ui_api = {
    .name = "ui",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .prefix = "/ui",
    .media = MEDIA_OWN,
};

#include "server/api/badge.h"

#include <string.h>

#include "catalog/can_i.h"
#include "server/api/base.h"

enum { CHARACTER = 7, MARGIN = 7, HEIGHT = 20 }; /* pixels */

#define INK      "#33403f"
#define GOOD     "#23632f"
#define WARN     "#8a5600"
#define BAD      "#a02418"
#define MUTE     "#5a6567"
#define SVG_TYPE "image/svg+xml; charset=utf-8"

/* What users named must not end the text that it is put into. */
static text_t escaped(text_t text, arena_t *arena)
{
    static const struct {
        char c;
        const char *as;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    char *out = arena_alloc(arena, text.bytes * 6 + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        const char *as = NULL;
        for (size_t e = 0; e < sizeof entities / sizeof *entities; e++)
            if (text.at[i] == entities[e].c)
                as = entities[e].as;
        if (as == NULL) {
            out[n++] = text.at[i];
            continue;
        }
        memcpy(out + n, as, strlen(as));
        n += strlen(as);
    }
    return (text_t){out, n};
}

/* Two fields beside each other. The widths are set, so that the picture does not depend on anybody's fonts. */
static void reply_badge(call_t *c, int status, text_t left, text_t right, const char *colour)
{
    int a = (int)left.bytes * CHARACTER + 2 * MARGIN, b = (int)right.bytes * CHARACTER + 2 * MARGIN;
    text_t l = escaped(left, c->arena), r = escaped(right, c->arena);
    text_t svg =
        text_printf(c->arena,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" role=\"img\">"
                    "<title>" TEXT_FMT ": " TEXT_FMT "</title>"
                    "<clipPath id=\"r\"><rect width=\"%d\" height=\"%d\" rx=\"4\"/></clipPath>"
                    "<g clip-path=\"url(#r)\"><rect width=\"%d\" height=\"%d\" fill=\"" INK "\"/>"
                    "<rect x=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/></g>"
                    "<g fill=\"#fff\" font-family=\"ui-monospace,Menlo,Consolas,monospace\" font-size=\"11\">"
                    "<text x=\"%d\" y=\"14\" textLength=\"%d\">" TEXT_FMT "</text>"
                    "<text x=\"%d\" y=\"14\" textLength=\"%d\">" TEXT_FMT "</text></g></svg>\n",
                    a + b, HEIGHT, TEXT_ARG(l), TEXT_ARG(r), a + b, HEIGHT, a, HEIGHT, a, b, HEIGHT, colour,
                    MARGIN, a - 2 * MARGIN, TEXT_ARG(l), a + MARGIN, b - 2 * MARGIN, TEXT_ARG(r));
    reply_text(c, status, SVG_TYPE, svg);
    reply_header(c, "cache-control", TEXT("no-cache"));
    reply_header(c, "content-security-policy", TEXT("default-src 'none'"));
    reply_header(c, "x-content-type-options", TEXT("nosniff"));
}

static void fail(call_t *c)
{
    c->reply.depends = DEPENDS_NOT_CACHED;
    if (err_http(c->err.code) == 404)
        reply_badge(c, 404, TEXT("avow"), TEXT("unknown"), MUTE);
    else
        reply_fail(c);
}

/* "name.svg" without its end. */
static int named(call_t *c, text_t segment, text_t *out)
{
    *out = segment;
    if (segment.bytes <= 4 || memcmp(segment.at + segment.bytes - 4, ".svg", 4) != 0)
        return err_set(&c->err, ERR_ROUTE_UNKNOWN, "Badges end in .svg");
    out->bytes -= 4;
    return 0;
}

/* The colour of a word; what is not here is grey. */
static const char *colour_of(text_t word)
{
    static const struct {
        const char *word, *colour;
    } colours[] = {
        {"active", GOOD}, {"deprecated", WARN}, {"sunset", BAD},   {"removed", BAD},
        {"yes", GOOD},    {"pending", WARN},    {"unknown", WARN}, {"no", BAD},
    };
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (text_is(word, colours[i].word))
            return colours[i].colour;
    return MUTE;
}

/* GET /badge/{event}.svg */
static int event_badge(call_t *c, tx_t *tx)
{
    text_t name;
    rows_t *rows;
    if (named(c, c->params[0], &name) != 0 || tx_query(tx, STMT_EVENT_BADGE, &rows, sql_text(name)) != 0)
        return -1;
    bool there = rows_next(rows);
    text_t event = there ? row_text(rows, "name") : TEXT_NONE;
    text_t state = there ? row_text_or_none(rows, "state") : TEXT_NONE;
    text_t semver = there ? row_text_or_none(rows, "semver") : TEXT_NONE;
    if (row_end(rows) != 0)
        return -1;
    if (!there)
        return err_set(&c->err, ERR_NOT_FOUND, NULL);
    if (state.bytes == 0)
        state = TEXT("no line");
    reply_badge(c, 200, event,
                text_printf(c->arena, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(state), semver.bytes > 0 ? " " : "",
                            TEXT_ARG(semver)),
                colour_of(state));
    return 0;
}

/* GET /badge/{service}/can-deploy/{environment}.svg */
static int deploy_badge(call_t *c, tx_t *tx)
{
    text_t environment, body;
    if (named(c, c->params[1], &environment) != 0)
        return -1;
    if (can_i_deploy(tx, c->params[0], TEXT_NONE, environment, &body, &c->err) != 0)
        return -1;
    json_t *answer = json_loadb(body.at, body.bytes, 0, NULL);
    text_t word = text_copy(c->arena, text_of(json_string_value(json_object_get(answer, "answer"))));
    json_decref(answer);
    reply_badge(c, 200, text_printf(c->arena, "deploy to " TEXT_FMT, TEXT_ARG(environment)), word,
                colour_of(word));
    return 0;
}

static const route_t routes[] = {
    {"GET", "/badge/{event}", event_badge, NULL, 0},
    {"GET", "/badge/{service}/can-deploy/{environment}", deploy_badge, NULL, 0},
};

const api_t badge_api = {
    .name = "badges",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .fail = fail,
    .around = api_around,
    .prefix = "/badge",
    .media = MEDIA_OWN,
};

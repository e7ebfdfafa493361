#include "server/api/api.h"

#include "server/api/base.h"

static const route_t routes[] = {
    {"POST", "/api/v1/checks", checks_create, NULL, R_BODY | R_CACHE_BODY},
    {"GET", "/api/v1/subjects", subjects_browse, NULL, 0},
    {"GET", "/api/v1/subjects/{subject}/versions", subject_versions_browse, NULL, 0},
    {"GET", "/api/v1/export/asyncapi", export_asyncapi, NULL, 0},
    {"GET", "/api/v1/export/backstage", export_backstage_entities, NULL, 0},
    {"GET", "/api/v1/export/odcs", export_odcs_contracts, NULL, 0},
    {"GET", "/api/v1/export/bundle", export_bundle, NULL, 0},
};

/* RFC 9457: a stable `code` for programs, `title` for the kind of problem, `detail` for this one. */
static void fail(call_t *c)
{
    text_t detail = err_text(&c->err);
    c->reply.depends = DEPENDS_NOT_CACHED;
    json_t *problem =
        json_pack("{s:s, s:s, s:i, s:s, s:s%, s:s%}", "type", "about:blank", "code", err_name(c->err.code),
                  "status", err_http(c->err.code), "title", err_title(c->err.code), "detail", detail.at,
                  detail.bytes, "request_id", c->request_id.at, c->request_id.bytes);
    if (c->err.place != NULL)
        json_object_set_new(problem, "field", json_string(c->err.place));
    if (c->err.extra.at != NULL) {
        json_t *extra = json_loadb(c->err.extra.at, c->err.extra.bytes, 0, NULL);
        json_object_update_missing(problem, extra);
        json_decref(extra);
    }
    reply_json(c, err_http(c->err.code), problem);
    c->reply.content_type = "application/problem+json";
    if (c->err.code == ERR_BUSY)
        reply_header(c, "retry-after", TEXT("1"));
}

const api_t api_v1 = {
    .name = "api",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .fail = fail,
    .around = api_around,
    .prefix = "/api/v1",
    .media = MEDIA_OWN,
};

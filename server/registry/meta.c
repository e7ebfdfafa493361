#include "server/core/conf.h"
#include "server/core/negotiate.h"
#include "server/registry/entity.h"
#include "server/registry/handlers.h"

/* GET and POST /: many tools ask this to see whether anybody is there. Somebody who follows a link with a browser is sent to the
 * pages. */
int root(call_t *c)
{
    if (!text_is(c->method, "POST") && c->context.at == NULL && negotiate_html(c->accept)) {
        reply_empty(c, 303);
        reply_header(c, "location", TEXT("/ui/"));
        reply_header(c, "vary", TEXT("accept"));
        return 0;
    }
    reply_text(c, 200, NULL, TEXT("{}"));
    return 0;
}

/* GET /schemas/types */
int types_list(call_t *c)
{
    text_t types[FORMAT_N];
    for (size_t i = 0; i < FORMAT_N; i++)
        types[FORMAT_N - 1 - i] = text_of(format_name((format_id_t)i));
    reply_texts(c, types, FORMAT_N);
    return 0;
}

/* GET /v1/metadata/id */
int metadata_id(call_t *c)
{
    out_t out;
    out_init(&out, c);
    buf_add_s(&out.buf, "{\"id\":\"\",\"scope\":{\"path\":[],\"clusters\":");
    buf_add_s(&out.buf, "{\"kafka-cluster\":");
    jv_print_string(&out.buf, text_of(c->conf->kafka_cluster_id));
    buf_add_s(&out.buf, ",\"schema-registry-cluster\":\"schema-registry\"}}}");
    out_reply(&out, c);
    return 0;
}

/* GET /v1/metadata/version: the version of the API, which clients go by, not of this program */
int metadata_version(call_t *c)
{
    out_t out;
    out_init(&out, c);
    out_begin(&out, '{');
    out_text(&out, "version", text_of(c->conf->registry_version));
    out_text(&out, "commitId", TEXT("avow"));
    out_end(&out, '}');
    out_reply(&out, c);
    return 0;
}

/* GET /associations/resources/{namespace}/{name}: current serialisers ask once for each topic which subjects belong to it, and
 * fall back to their naming strategy when there are none. */
int associations_probe(call_t *c)
{
    reply_text(c, 200, NULL, TEXT("[]"));
    return 0;
}

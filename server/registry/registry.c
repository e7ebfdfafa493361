#include "server/registry/registry.h"

#include "server/core/conf.h"

#include "compat/core/json_text.h"
#include "server/registry/handlers.h"

/* Flags that nearly every route has: also under /contexts/{context}. */
#define READ     R_CONTEXT
#define READ_8   (R_CONTEXT | R_PROFILE_8)
#define ASK      (R_CONTEXT | R_BODY | R_CACHE_BODY)
#define CHANGE   (R_CONTEXT | R_WRITE)
#define SEND     (R_CONTEXT | R_WRITE | R_BODY)
#define REGISTER (R_CONTEXT | R_WRITE | R_BODY | R_CACHE_BODY | R_GROUP)

static const route_t routes[] = {
    {"GET", "/", NULL, root, READ | R_OPEN},
    {"POST", "/", NULL, root, READ | R_OPEN},
    {"GET", "/v1/metadata/id", NULL, metadata_id, READ},
    {"GET", "/v1/metadata/version", NULL, metadata_version, READ},
    {"GET", "/associations/resources/{namespace}/{name}", NULL, associations_probe, READ},

    {"GET", "/contexts", contexts_get, NULL, READ},
    {"DELETE", "/contexts/{context}", context_remove, NULL, R_WRITE},

    {"GET", "/subjects", subjects_get, NULL, READ},
    {"POST", "/subjects/{subject}", subject_lookup, NULL, ASK},
    {"DELETE", "/subjects/{subject}", subject_remove, NULL, CHANGE},
    {"GET", "/subjects/{subject}/metadata", subject_with_metadata, NULL, READ},
    {"GET", "/subjects/{subject}/versions", versions_get, NULL, READ},
    {"POST", "/subjects/{subject}/versions", versions_post, NULL, REGISTER},
    {"GET", "/subjects/{subject}/versions/{version}", version_show, NULL, READ},
    {"DELETE", "/subjects/{subject}/versions/{version}", version_remove, NULL, CHANGE},
    {"GET", "/subjects/{subject}/versions/{version}/schema", version_show_text, NULL, READ},
    {"GET", "/subjects/{subject}/versions/{version}/referencedby", version_referrers, NULL, READ},
    {"GET", "/subjects/{subject}/versions/{version}/referencedBy", version_referrers, NULL, READ},

    {"GET", "/schemas", schemas_get, NULL, READ},
    {"GET", "/schemas/types", NULL, types_list, READ},
    {"GET", "/schemas/ids/{id}", schema_show, NULL, READ},
    {"GET", "/schemas/ids/{id}/schema", schema_show_text, NULL, READ},
    {"GET", "/schemas/ids/{id}/subjects", schema_subjects, NULL, READ},
    {"GET", "/schemas/ids/{id}/versions", schema_versions, NULL, READ},
    {"GET", "/schemas/guids/{guid}", guid_show, NULL, READ_8},
    {"GET", "/schemas/guids/{guid}/ids", guid_ids, NULL, READ_8},

    {"POST", "/compatibility/subjects/{subject}/versions", check_versions, NULL, ASK},
    {"POST", "/compatibility/subjects/{subject}/versions/{version}", check_version, NULL, ASK},

    {"GET", "/config", config_show, NULL, READ},
    {"PUT", "/config", config_put, NULL, SEND},
    {"DELETE", "/config", config_remove, NULL, CHANGE},
    {"GET", "/config/{subject}", config_show, NULL, READ},
    {"PUT", "/config/{subject}", config_put, NULL, SEND},
    {"DELETE", "/config/{subject}", config_remove, NULL, CHANGE},

    {"GET", "/mode", mode_show, NULL, READ},
    {"PUT", "/mode", mode_put, NULL, SEND},
    {"DELETE", "/mode", mode_remove, NULL, CHANGE},
    {"GET", "/mode/{subject}", mode_show, NULL, READ},
    {"PUT", "/mode/{subject}", mode_put, NULL, SEND},
    {"DELETE", "/mode/{subject}", mode_remove, NULL, CHANGE},
};

/* Registries since 8.2 have a code of their own for what they refuse as incompatible. Only for those who asked the server for
 * that profile: a client that accepts unknown properties may still compare with 409. */
#define INCOMPATIBLE_SINCE_8 40901

static void fail(call_t *c)
{
    reply_fail(c);
    if (c->err.code != ERR_INCOMPATIBLE || c->conf->profile != CONF_PROFILE_8)
        return;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "{\"error_code\":%d,\"message\":", INCOMPATIBLE_SINCE_8);
    jv_print_string(&out, err_text(&c->err));
    buf_add_char(&out, '}');
    c->reply.body = buf_end(&out, c->arena);
}

const api_t registry_api = {
    .name = "registry",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .fail = fail,
    .on_group = versions_post_group,
    .media = MEDIA_REGISTRY,
};

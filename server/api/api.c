#include "server/api/api.h"

#include "server/api/base.h"

static const route_t routes[] = {
    {"POST", "/api/v1/checks", checks_create, NULL, R_BODY | R_CACHE_BODY},

    {"GET", "/api/v1/teams", teams_list, NULL, 0},
    {"POST", "/api/v1/teams", team_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/teams/{team}", team_read, NULL, 0},
    {"PATCH", "/api/v1/teams/{team}", team_change, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/teams/{team}/dissolve", team_dissolve_call, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/teams/{team}/members", members_list, NULL, 0},
    {"PUT", "/api/v1/teams/{team}/members/{user}", member_set, NULL, R_BODY | R_WRITE},
    {"DELETE", "/api/v1/teams/{team}/members/{user}", member_unset, NULL, R_WRITE},
    {"GET", "/api/v1/users", users_list, NULL, 0},
    {"POST", "/api/v1/users", user_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/users/{user}", user_read, NULL, 0},
    {"PATCH", "/api/v1/users/{user}", user_change, NULL, R_BODY | R_WRITE},
    {"PUT", "/api/v1/users/{user}/password", user_set_password, NULL, R_BODY | R_WRITE | R_LOCKS | R_OPEN},
    {"GET", "/api/v1/services", services_list, NULL, 0},
    {"POST", "/api/v1/services", service_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/services/{service}", service_get, NULL, 0},
    {"PATCH", "/api/v1/services/{service}", service_change, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/domains", domains_list, NULL, 0},
    {"POST", "/api/v1/domains", domain_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/domains/{domain}", domain_get, NULL, 0},
    {"PATCH", "/api/v1/domains/{domain}", domain_change, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/environments", environments_list, NULL, 0},
    {"POST", "/api/v1/environments", environment_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/environments/{environment}", environment_get, NULL, 0},
    {"PATCH", "/api/v1/environments/{environment}", environment_change, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/tokens", tokens_list, NULL, 0},
    {"POST", "/api/v1/tokens", token_make, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/tokens/{token}", token_read, NULL, 0},
    {"DELETE", "/api/v1/tokens/{token}", token_unmake, NULL, R_WRITE},
    {"GET", "/api/v1/session", session_read, NULL, 0},
    {"POST", "/api/v1/session", session_create, NULL, R_BODY | R_WRITE | R_LOCKS | R_OPEN},
    {"DELETE", "/api/v1/session", session_delete, NULL, R_WRITE},
    {"GET", "/api/v1/policies/{scope}", policy_read, NULL, 0},
    {"PUT", "/api/v1/policies/{scope}", policy_set, NULL, R_BODY | R_WRITE},

    {"GET", "/api/v1/events", events_get, NULL, 0},
    {"POST", "/api/v1/events", event_post, NULL, R_BODY | R_WRITE | R_LOCKS},
    {"POST", "/api/v1/events/adopt", event_adopt, NULL, R_BODY | R_WRITE | R_LOCKS},
    {"GET", "/api/v1/events/{event}", event_get_call, NULL, 0},
    {"PATCH", "/api/v1/events/{event}", event_patch, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/events/{event}/names", event_names_get, NULL, 0},
    {"POST", "/api/v1/events/{event}/rename", event_rename_call, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/events/{event}/transfer", event_transfer_call, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/events/{event}/lines", lines_of_event, NULL, 0},
    {"POST", "/api/v1/events/{event}/lines", line_post, NULL, R_BODY | R_WRITE | R_LOCKS},
    {"GET", "/api/v1/uncatalogued", uncatalogued_get, NULL, 0},
    {"GET", "/api/v1/lines/{line}", line_get_call, NULL, 0},
    {"PATCH", "/api/v1/lines/{line}", line_patch, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/lines/{line}/versions", line_versions_get, NULL, 0},
    {"GET", "/api/v1/lines/{line}/versions/{version}", line_version_get, NULL, 0},
    {"GET", "/api/v1/lines/{line}/fields", line_fields_get, NULL, 0},
    {"GET", "/api/v1/lines/{line}/consumers", line_consumers_get, NULL, 0},
    {"GET", "/api/v1/lines/{line}/producers", line_producers_get, NULL, 0},
    {"GET", "/api/v1/lines/{line}/timeline", line_timeline_get, NULL, 0},
    {"GET", "/api/v1/lines/{line}/readiness", line_readiness_get, NULL, 0},
    {"GET", "/api/v1/lines/{line}/diff", line_diff_get, NULL, 0},
    {"POST", "/api/v1/lines/{line}/subjects", line_subject_post, NULL, R_BODY | R_WRITE | R_LOCKS},
    {"DELETE", "/api/v1/lines/{line}/subjects/{subject}", line_subject_delete, NULL, R_WRITE | R_LOCKS},
    {"GET", "/api/v1/lines/{line}/contract", line_contract_get, NULL, 0},
    {"PUT", "/api/v1/lines/{line}/contract", line_contract_put, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/lines/{line}/activate", line_activate, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/lines/{line}/abandon", line_abandon, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/lines/{line}/deprecate", line_deprecate, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/lines/{line}/reactivate", line_reactivate, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/lines/{line}/reschedule", line_reschedule, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/lines/{line}/sunset", line_sunset, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/lines/{line}/remove", line_remove, NULL, R_BODY_MAY | R_WRITE},
    {"GET", "/api/v1/waivers", waivers_list, NULL, 0},
    {"POST", "/api/v1/waivers", waiver_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/waivers/{waiver}", waiver_get, NULL, 0},
    {"POST", "/api/v1/can-i/register", can_register, NULL, R_BODY},
    {"GET", "/api/v1/can-i/consume", can_consume, NULL, 0},
    {"GET", "/api/v1/can-i/deploy", can_deploy, NULL, 0},
    {"GET", "/api/v1/can-i/retire", can_retire, NULL, 0},
    {"GET", "/api/v1/can-i/remove", can_remove, NULL, 0},

    {"POST", "/api/v1/impact", impact_ask, NULL, R_BODY},
    {"GET", "/api/v1/changes", changes_list, NULL, 0},
    {"POST", "/api/v1/changes", change_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/changes/{change}", change_read, NULL, 0},
    {"POST", "/api/v1/changes/{change}/revisions", change_push, NULL, R_BODY | R_WRITE},
    {"PUT", "/api/v1/changes/{change}/revisions", change_push, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/changes/{change}/open", change_open_call, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/changes/{change}/adopt", change_adopt_call, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/changes/{change}/decisions", change_decide_call, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/changes/{change}/comments", change_comment, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/changes/{change}/remind", change_remind_call, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/changes/{change}/apply", change_apply_call, NULL, R_BODY_MAY | R_WRITE | R_LOCKS},
    {"POST", "/api/v1/changes/{change}/override", change_override_call, NULL, R_BODY | R_WRITE | R_LOCKS},
    {"POST", "/api/v1/changes/{change}/withdraw", change_withdraw_call, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/changes/{change}/reject", change_reject_call, NULL, R_BODY_MAY | R_WRITE},

    {"GET", "/api/v1/consumptions", consumptions_get, NULL, 0},
    {"POST", "/api/v1/consumptions", consumption_post, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/consumptions/{consumption}", consumption_get_call, NULL, 0},
    {"PATCH", "/api/v1/consumptions/{consumption}", consumption_patch, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/consumptions/{consumption}/attest", consumption_attest_call, NULL,
     R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/consumptions/{consumption}/end", consumption_end_call, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/consumptions/{consumption}/approve", consumption_approve, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/consumptions/{consumption}/reject", consumption_reject, NULL, R_BODY_MAY | R_WRITE},
    {"GET", "/api/v1/productions", productions_get, NULL, 0},
    {"POST", "/api/v1/productions", production_post, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/productions/{production}", production_get_call, NULL, 0},
    {"PATCH", "/api/v1/productions/{production}", production_patch, NULL, R_BODY | R_WRITE},
    {"POST", "/api/v1/productions/{production}/end", production_end_call, NULL, R_BODY_MAY | R_WRITE},
    {"PUT", "/api/v1/services/{service}/sync", service_sync, NULL, R_BODY | R_WRITE},

    {"GET", "/api/v1/subjects", subjects_browse, NULL, 0},
    {"GET", "/api/v1/subjects/{subject}/versions", subject_versions_browse, NULL, 0},
    {"GET", "/api/v1/export/asyncapi", export_asyncapi, NULL, 0},
    {"GET", "/api/v1/export/backstage", export_backstage_entities, NULL, 0},
    {"GET", "/api/v1/export/odcs", export_odcs_contracts, NULL, 0},
    {"GET", "/api/v1/export/bundle", export_bundle, NULL, 0},
    {"POST", "/api/v1/import", import_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/webhooks", webhooks_list, NULL, 0},
    {"POST", "/api/v1/webhooks", webhooks_create, NULL, R_BODY | R_WRITE},
    {"GET", "/api/v1/webhooks/{webhook}", webhook_read, NULL, 0},
    {"PATCH", "/api/v1/webhooks/{webhook}", webhook_patch, NULL, R_BODY | R_WRITE},
    {"DELETE", "/api/v1/webhooks/{webhook}", webhook_delete, NULL, R_WRITE},
    {"POST", "/api/v1/webhooks/{webhook}/pause", webhook_pause, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/webhooks/{webhook}/resume", webhook_resume, NULL, R_WRITE},
    {"POST", "/api/v1/webhooks/{webhook}/secret", webhook_rotate, NULL, R_BODY_MAY | R_WRITE},
    {"POST", "/api/v1/webhooks/{webhook}/test", webhook_ping, NULL, R_WRITE},
    {"GET", "/api/v1/webhooks/{webhook}/deliveries", webhook_deliveries, NULL, 0},
    {"POST", "/api/v1/webhooks/{webhook}/redeliver", webhook_again, NULL, R_BODY_MAY | R_WRITE},
    {"GET", "/api/v1/inbox", inbox_list, NULL, R_WRITE},
    {"POST", "/api/v1/inbox/{item}/done", inbox_settle, NULL, R_WRITE},
    {"GET", "/api/v1/audit", audit_list, NULL, 0},
    {"GET", "/api/v1/audit/export", audit_export, NULL, 0},
    {"GET", "/api/v1/audit/chain", audit_chain, NULL, 0},
    {"GET", "/api/v1/audit/verify", audit_check, NULL, 0},
    {"GET", "/api/v1/search", search_all, NULL, 0},
    {"GET", "/api/v1/graph", graph_read, NULL, 0},
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

/* api.h - /api/v1: everything that is not the registry's own API. JSON in and out, application/problem+json when it says no.
 *
 * api.c has the table of routes; each resource has a file with its handlers.
 */
#ifndef AVOW_SERVER_API_API_H
#define AVOW_SERVER_API_API_H

#include "server/core/route.h"

extern const api_t api_v1;

/* Handlers, by file. */
int checks_create(call_t *c, tx_t *tx); /* checks.c */
int facets_get(call_t *c, tx_t *tx);    /* explore.c */
int fields_get(call_t *c, tx_t *tx);
int environments_list(call_t *c, tx_t *tx); /* environments.c */
int environment_create(call_t *c, tx_t *tx);
int environment_get(call_t *c, tx_t *tx);
int environment_change(call_t *c, tx_t *tx);
int domains_list(call_t *c, tx_t *tx); /* domains.c */
int domain_create(call_t *c, tx_t *tx);
int domain_get(call_t *c, tx_t *tx);
int domain_change(call_t *c, tx_t *tx);
int services_list(call_t *c, tx_t *tx); /* services.c */
int service_create(call_t *c, tx_t *tx);
int service_get(call_t *c, tx_t *tx);
int service_change(call_t *c, tx_t *tx);
int teams_list(call_t *c, tx_t *tx); /* teams.c */
int team_create(call_t *c, tx_t *tx);
int team_read(call_t *c, tx_t *tx);
int team_change(call_t *c, tx_t *tx);
int team_dissolve_call(call_t *c, tx_t *tx);
int members_list(call_t *c, tx_t *tx);
int member_set(call_t *c, tx_t *tx);
int member_unset(call_t *c, tx_t *tx);
int users_list(call_t *c, tx_t *tx); /* users.c */
int user_create(call_t *c, tx_t *tx);
int user_read(call_t *c, tx_t *tx);
int user_change(call_t *c, tx_t *tx);
int user_set_password(call_t *c, tx_t *tx);
int tokens_list(call_t *c, tx_t *tx); /* tokens.c */
int token_make(call_t *c, tx_t *tx);
int token_read(call_t *c, tx_t *tx);
int token_unmake(call_t *c, tx_t *tx);
int session_read(call_t *c, tx_t *tx); /* session.c */
int session_create(call_t *c, tx_t *tx);
int session_delete(call_t *c, tx_t *tx);
int openapi_get(call_t *c);             /* openapi.c */
int policies_list(call_t *c, tx_t *tx); /* policies.c */
int policy_read(call_t *c, tx_t *tx);
int policy_set(call_t *c, tx_t *tx);
int subjects_browse(call_t *c, tx_t *tx); /* subjects.c */
int subject_versions_browse(call_t *c, tx_t *tx);
int export_asyncapi(call_t *c, tx_t *tx); /* exports.c */
int export_backstage_entities(call_t *c, tx_t *tx);
int export_odcs_contracts(call_t *c, tx_t *tx);
int export_bundle(call_t *c, tx_t *tx);
int import_create(call_t *c, tx_t *tx); /* imports.c */
int webhooks_list(call_t *c, tx_t *tx); /* webhooks.c */
int webhooks_create(call_t *c, tx_t *tx);
int webhook_read(call_t *c, tx_t *tx);
int webhook_patch(call_t *c, tx_t *tx);
int webhook_delete(call_t *c, tx_t *tx);
int webhook_pause(call_t *c, tx_t *tx);
int webhook_resume(call_t *c, tx_t *tx);
int webhook_rotate(call_t *c, tx_t *tx);
int webhook_ping(call_t *c, tx_t *tx);
int webhook_deliveries(call_t *c, tx_t *tx);
int webhook_again(call_t *c, tx_t *tx);
int inbox_list(call_t *c, tx_t *tx); /* inbox.c */
int inbox_settle(call_t *c, tx_t *tx);
int audit_list(call_t *c, tx_t *tx); /* audit.c */
int audit_export(call_t *c, tx_t *tx);
int audit_chain(call_t *c, tx_t *tx);
int audit_check(call_t *c, tx_t *tx);
int search_all(call_t *c, tx_t *tx); /* search.c */
int graph_read(call_t *c, tx_t *tx);

int events_get(call_t *c, tx_t *tx); /* events.c */
int event_post(call_t *c, tx_t *tx);
int event_adopt(call_t *c, tx_t *tx);
int event_get_call(call_t *c, tx_t *tx);
int event_patch(call_t *c, tx_t *tx);
int event_names_get(call_t *c, tx_t *tx);
int event_rename_call(call_t *c, tx_t *tx);
int event_transfer_call(call_t *c, tx_t *tx);
int uncatalogued_get(call_t *c, tx_t *tx);
int lines_of_event(call_t *c, tx_t *tx); /* lines.c */
int line_post(call_t *c, tx_t *tx);
int line_get_call(call_t *c, tx_t *tx);
int line_patch(call_t *c, tx_t *tx);
int line_versions_get(call_t *c, tx_t *tx);
int line_version_get(call_t *c, tx_t *tx);
int line_fields_get(call_t *c, tx_t *tx);
int line_consumers_get(call_t *c, tx_t *tx);
int line_producers_get(call_t *c, tx_t *tx);
int line_timeline_get(call_t *c, tx_t *tx);
int line_readiness_get(call_t *c, tx_t *tx);
int line_diff_get(call_t *c, tx_t *tx);
int line_subject_post(call_t *c, tx_t *tx);
int line_subject_delete(call_t *c, tx_t *tx);
int line_contract_get(call_t *c, tx_t *tx);
int line_contract_put(call_t *c, tx_t *tx);
int line_activate(call_t *c, tx_t *tx); /* lifecycle.c */
int line_abandon(call_t *c, tx_t *tx);
int line_deprecate(call_t *c, tx_t *tx);
int line_reactivate(call_t *c, tx_t *tx);
int line_reschedule(call_t *c, tx_t *tx);
int line_sunset(call_t *c, tx_t *tx);
int line_remove(call_t *c, tx_t *tx);
int line_purge_call(call_t *c, tx_t *tx);
int waivers_list(call_t *c, tx_t *tx); /* waivers.c */
int waiver_get(call_t *c, tx_t *tx);
int waiver_create(call_t *c, tx_t *tx);
int can_register(call_t *c, tx_t *tx); /* can_i.c */
int can_consume(call_t *c, tx_t *tx);
int can_deploy(call_t *c, tx_t *tx);
int can_retire(call_t *c, tx_t *tx);
int can_remove(call_t *c, tx_t *tx);
int impact_ask(call_t *c, tx_t *tx);   /* proposal.c */
int changes_list(call_t *c, tx_t *tx); /* changes.c */
int change_create(call_t *c, tx_t *tx);
int change_read(call_t *c, tx_t *tx);
int change_push(call_t *c, tx_t *tx);
int change_open_call(call_t *c, tx_t *tx);
int change_adopt_call(call_t *c, tx_t *tx);
int change_decide_call(call_t *c, tx_t *tx);
int change_comment(call_t *c, tx_t *tx);
int change_remind_call(call_t *c, tx_t *tx);
int change_apply_call(call_t *c, tx_t *tx);
int change_override_call(call_t *c, tx_t *tx);
int change_withdraw_call(call_t *c, tx_t *tx);
int change_reject_call(call_t *c, tx_t *tx);
int consumptions_get(call_t *c, tx_t *tx); /* parties.c */
int consumption_post(call_t *c, tx_t *tx);
int consumption_get_call(call_t *c, tx_t *tx);
int consumption_patch(call_t *c, tx_t *tx);
int consumption_attest_call(call_t *c, tx_t *tx);
int consumption_end_call(call_t *c, tx_t *tx);
int consumption_approve(call_t *c, tx_t *tx);
int consumption_reject(call_t *c, tx_t *tx);
int productions_get(call_t *c, tx_t *tx);
int production_post(call_t *c, tx_t *tx);
int production_get_call(call_t *c, tx_t *tx);
int production_patch(call_t *c, tx_t *tx);
int production_end_call(call_t *c, tx_t *tx);
int service_sync(call_t *c, tx_t *tx);
int channels_get(call_t *c, tx_t *tx); /* runtime.c */
int channel_post(call_t *c, tx_t *tx);
int channel_get_call(call_t *c, tx_t *tx);
int channel_patch(call_t *c, tx_t *tx);
int channel_delete(call_t *c, tx_t *tx);
int deployments_get(call_t *c, tx_t *tx);
int deployment_post(call_t *c, tx_t *tx);
int deployment_get_call(call_t *c, tx_t *tx);
int deployment_end_call(call_t *c, tx_t *tx);
int observations_get(call_t *c, tx_t *tx);
int observations_post(call_t *c, tx_t *tx);
int drift_get(call_t *c, tx_t *tx);
int health_get(call_t *c, tx_t *tx);

#endif

/* api.h - /api/v1: everything that is not the registry's own API. JSON in and out, application/problem+json when it says no.
 *
 * api.c has the table of routes; each resource has a file with its handlers.
 */
#ifndef AVOW_SERVER_API_API_H
#define AVOW_SERVER_API_API_H

#include "server/core/route.h"

extern const api_t api_v1;

/* Handlers, by file. */
int checks_create(call_t *c, tx_t *tx);     /* checks.c */
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
int policy_read(call_t *c, tx_t *tx); /* policies.c */
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

#endif

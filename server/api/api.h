/* api.h - /api/v1: everything that is not the registry's own API. JSON in and out, application/problem+json when it says no.
 *
 * api.c has the table of routes; each resource has a file with its handlers.
 */
#ifndef AVOW_SERVER_API_API_H
#define AVOW_SERVER_API_API_H

#include "server/core/route.h"

extern const api_t api_v1;

/* Handlers, by file. */
int checks_create(call_t *c, tx_t *tx);   /* checks.c */
int subjects_browse(call_t *c, tx_t *tx); /* subjects.c */
int subject_versions_browse(call_t *c, tx_t *tx);
int export_asyncapi(call_t *c, tx_t *tx); /* exports.c */
int export_backstage_entities(call_t *c, tx_t *tx);
int export_odcs_contracts(call_t *c, tx_t *tx);
int export_bundle(call_t *c, tx_t *tx);

#endif

/* handlers.h - the handlers of the registry API, by resource. Private to server/registry.
 *
 * A handler reads the request (request.h), calls one function of the catalog and writes the reply (entity.h). The rules are
 * the catalog's.
 */
#ifndef AVOW_SERVER_REGISTRY_HANDLERS_H
#define AVOW_SERVER_REGISTRY_HANDLERS_H

#include "server/core/call.h"

/* meta.c */
int root(call_t *c);
int types_list(call_t *c);
int metadata_id(call_t *c);
int metadata_version(call_t *c);
int associations_probe(call_t *c);

/* context.c */
int contexts_get(call_t *c, tx_t *tx);
int context_remove(call_t *c, tx_t *tx);

/* subject.c */
int subjects_get(call_t *c, tx_t *tx);
int subject_lookup(call_t *c, tx_t *tx);
int subject_with_metadata(call_t *c, tx_t *tx);
int subject_remove(call_t *c, tx_t *tx);

/* version.c */
int versions_get(call_t *c, tx_t *tx);
int versions_post(call_t *c, tx_t *tx);
int versions_post_group(call_t *const *calls, size_t n, tx_t *tx); /* several of them (route.h) */
int version_show(call_t *c, tx_t *tx);
int version_show_text(call_t *c, tx_t *tx);
int version_referrers(call_t *c, tx_t *tx);
int version_remove(call_t *c, tx_t *tx);

/* schema.c */
int schemas_get(call_t *c, tx_t *tx);
int schema_show(call_t *c, tx_t *tx);
int schema_show_text(call_t *c, tx_t *tx);
int schema_subjects(call_t *c, tx_t *tx);
int schema_versions(call_t *c, tx_t *tx);
int guid_show(call_t *c, tx_t *tx);
int guid_ids(call_t *c, tx_t *tx);

/* check.c */
int check_version(call_t *c, tx_t *tx);
int check_versions(call_t *c, tx_t *tx);

/* config.c: with and without a subject */
int config_show(call_t *c, tx_t *tx);
int config_put(call_t *c, tx_t *tx);
int config_remove(call_t *c, tx_t *tx);

/* mode.c: with and without a subject */
int mode_show(call_t *c, tx_t *tx);
int mode_put(call_t *c, tx_t *tx);
int mode_remove(call_t *c, tx_t *tx);

#endif

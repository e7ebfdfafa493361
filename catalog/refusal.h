/* refusal.h - the sentences with which the registry says no, each in one place: clients and third-party suites compare them.
 *
 * All return -1, so that callers can `return refuse_...(...)`.
 * Spec     docs/api.md, "Errors".
 */
#ifndef AVOW_CATALOG_REFUSAL_H
#define AVOW_CATALOG_REFUSAL_H

#include "catalog/err.h"
#include "catalog/name.h"
#include "compat/core/fault.h"

int refuse_subject_not_found(err_t *err, text_t subject);
int refuse_version_not_found(err_t *err, int32_t version); /* -1: the latest */
int refuse_schema_not_found(err_t *err, text_t id);        /* TEXT_NONE: by content */
int refuse_subject_soft_deleted(err_t *err, text_t subject);
int refuse_subject_not_soft_deleted(err_t *err, text_t subject);
int refuse_version_soft_deleted(err_t *err, text_t subject, int32_t version);
int refuse_version_not_soft_deleted(err_t *err, text_t subject, int32_t version);
int refuse_config_not_set(err_t *err, text_t subject);
int refuse_mode_not_set(err_t *err, text_t subject);
int refuse_version_token(err_t *err, text_t token);
int refuse_reference_exists(err_t *err, text_t subject, int32_t version);
int refuse_context_not_empty(err_t *err, text_t context);

/* "Subject <s> is in read-only mode", or "Subject <s> in context <c> is ..." as registries say since 8.1. */
int refuse_in_mode(err_t *err, const subject_name_t *name, const char *is, bool names_context);
int refuse_overwrite(err_t *err, int32_t id, text_t context, bool names_context);

int refuse_schema_type(err_t *err, text_t type);
int refuse_schema(err_t *err, const char *type, const fault_t *because, arena_t *arena);
int refuse_reference(err_t *err, text_t subject, int32_t version);
int refuse_incompatible(err_t *err, text_t subject, const text_t *messages, size_t n, arena_t *arena);

/* ERR_SCHEMA_INVALID for what /api/v1 was sent in its member `place`, with the line, the column and the pointer of the fault as members
 * of the problem. */
int refuse_text(err_t *err, const char *place, const fault_t *because, arena_t *arena);

#endif

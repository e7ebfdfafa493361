/* version.h - the versions of a subject, read.
 *
 * Memory   the transaction's arena.
 * Spec     docs/api.md, "Versions".
 */
#ifndef AVOW_CATALOG_VERSION_H
#define AVOW_CATALOG_VERSION_H

#include "catalog/state.h"

#define VERSION_LATEST (-1)

/* One version with its schema, as it is served. */
typedef struct {
    text_t subject; /* qualified; TEXT_NONE: a schema without a version to show */
    int32_t version, id, context_id;
    text_t context;
    text_t type, guid, text;
    text_t references, metadata, rule_set; /* JSON; TEXT_NONE */
    int64_t ts_ms;
    bool deleted;
    text_t
        deprecation; /* by id or number: headers that tell that its line ends (catalog/deprecation.h); TEXT_NONE */
} version_t;

/* The columns that STMT_VERSION_GET and its likes have. */
int version_read(rows_t *rows, version_t *out);

/* "latest" in any case, -1, or 1 to 2^31-1, with blanks around it: ERR_VERSION_INVALID otherwise. */
int version_token_read(text_t token, int32_t *out, err_t *err);

/* What a read went by, for the reply cache. */
typedef struct {
    bool elsewhere; /* an alias or another context had a say: more than the subject that was asked for */
} seen_t;

/* `deleted`: a soft deleted version may be read by its number. An unqualified subject is also looked for in other contexts. */
int version_get(tx_t *tx, const subject_name_t *subject, int32_t version, bool deleted, version_t *out,
                seen_t *seen);

typedef enum { LIST_LIVE, LIST_ALL, LIST_DELETED } list_which_t;

typedef struct {
    int64_t offset, limit; /* limit -1: all */
} page_t;

/* Numbers ascending; `deleted[i]`. ERR_SUBJECT_NOT_FOUND if the subject has no version of that kind. */
int versions_list(tx_t *tx, const subject_name_t *subject, list_which_t which, const page_t *page,
                  int32_t **numbers, bool **deleted, size_t *n, seen_t *seen);

/* Ids of schemas that refer to this version, ascending; of live versions only, or with `deleted` of all. */
int version_referenced_by(tx_t *tx, const subject_name_t *subject, int32_t version, bool deleted,
                          const page_t *page, int32_t **ids, size_t *n);

/* The newest live version (with `deleted`, of all) whose metadata has all these properties. */
int version_with_metadata(tx_t *tx, const subject_name_t *subject, const text_pair_t *properties, size_t n,
                          bool deleted, version_t *out, seen_t *seen);

/* The text with its references written out, where the format can. */
int version_resolved(tx_t *tx, const version_t *version, const policy_t *policy, text_t *out);

#endif

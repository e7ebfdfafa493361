/* schema.h - schemas by id and by guid: what they say and who uses them.
 *
 * Ids count within a context. A call that names no context means the default one, and then any other that has the id.
 *
 * Spec     docs/api.md, "Schemas".
 */
#ifndef AVOW_CATALOG_SCHEMA_H
#define AVOW_CATALOG_SCHEMA_H

#include "catalog/version.h"

/* Where to look. `subject` (TEXT_NONE: none) is unqualified: other contexts count only if they use the id under it. An alias
 * is followed. */
typedef struct {
    text_t context;
    text_t subject;
} schema_where_t;

typedef struct {
    version_t version; /* with the oldest live use of the id, or the oldest use */
    int32_t max_id;    /* highest id of the context, when asked for; 0 */
    bool aliased;      /* an alias was followed */
    bool first; /* found where it was looked for first: registering something else cannot change this */
} schema_found_t;

int schema_get(tx_t *tx, int32_t id, const schema_where_t *where, bool with_max_id, schema_found_t *out);

typedef struct {
    text_t subject; /* qualified */
    int32_t version;
} schema_use_t;

/* By subject, then version. ERR_SCHEMA_NOT_FOUND if there is no such id. */
int schema_uses(tx_t *tx, int32_t id, const schema_where_t *where, bool deleted, bool subjects_only,
                const page_t *page, schema_use_t **out, size_t *n);

int schema_get_by_guid(tx_t *tx, text_t guid, version_t *out);

typedef struct {
    text_t context;
    int32_t id;
} schema_id_t;

int schema_ids_of_guid(tx_t *tx, text_t guid, schema_id_t **out, size_t *n);

#endif

/* reference.h - what schemas refer to: lists of references, and the texts that a schema needs to be parsed.
 *
 * A reference names a version of a subject. What is referred to may refer further; all of it is fetched in one statement and
 * put in the order in which schema_parse wants it: depth first, the first one of a name wins.
 *
 * Owns     table schema_reference (written by register.c, removed by removal.c).
 * Limits   REFERENCES_MAX schemas and the policy's bytes, in all: ERR_SCHEMA_INVALID.
 * Spec     docs/api.md, "References".
 */
#ifndef AVOW_CATALOG_REFERENCE_H
#define AVOW_CATALOG_REFERENCE_H

#include "catalog/db/db.h"
#include "catalog/name.h"
#include "compat/compat.h"

#define REFERENCES_MAX 1000

typedef struct {
    text_t name;     /* the string used inside the schema */
    text_t subject;  /* as it was written */
    int32_t version; /* -1 when it was sent: the latest */
} reference_t;

typedef struct {
    reference_t *items; /* no version is -1 any more */
    int64_t *subject_ids;
    size_t n;
    schema_reference_t *texts; /* for schema_parse */
    size_t n_texts;
} references_t;

/* `[{"name":...,"subject":...,"version":1}]`; TEXT_NONE for none. */
text_t references_text(const reference_t *items, size_t n, arena_t *arena);
int references_read(text_t json, arena_t *arena, reference_t **out,
                    size_t *n); /* of what references_text made */

/* The same with every subject qualified by the context of the subject that refers. */
text_t references_text_qualified(text_t json, const subject_name_t *of, arena_t *arena);

/* By subject, then version; what is there twice goes. What normalize=true does to references. */
size_t references_sort(reference_t *items, size_t n);

/* Holds the versions that are referred to, so that nobody deletes them before this transaction ends. Travels with the next query. */
int references_hold(tx_t *tx, const reference_t *items, size_t n, const subject_name_t *of);

/* Finds them and all their texts. Unqualified subjects are in the context of `of`. `live`: soft deleted ones do not count.
 * ERR_SCHEMA_INVALID for one that is not there. */
int references_resolve(tx_t *tx, const reference_t *items, size_t n, const subject_name_t *of, bool live,
                       references_t *out);

/* A stored schema's text with the texts of what it refers to. */
typedef struct {
    int32_t context_id, id;
    text_t text;
    schema_reference_t *references;
    size_t n_references;
} stored_text_t;

/* Fills `texts` of those whose context_id and id are set. All must exist. */
int stored_texts_get(tx_t *tx, stored_text_t *texts, size_t n);

#endif

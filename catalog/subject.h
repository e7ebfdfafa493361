/* subject.h - lists of subjects, and of everything under them.
 *
 * Spec     docs/api.md, "Subjects" and "Schemas".
 */
#ifndef AVOW_CATALOG_SUBJECT_H
#define AVOW_CATALOG_SUBJECT_H

#include "catalog/version.h"

/* Which subjects: those of one context, or of every context, whose names (without the context) begin with `prefix`. */
typedef struct {
    bool everywhere;
    text_t context;
    text_t prefix;
} subjects_of_t;

/* "" in `context`, ":.ctx:ab", or ":*:ab" for every context. */
subjects_of_t subjects_of(text_t prefix, text_t context, arena_t *arena);

/* Qualified names, ascending. */
int subjects_list(tx_t *tx, const subjects_of_t *of, list_which_t which, const page_t *page, text_t **names,
                  size_t *n);

typedef struct {
    version_t version;
    text_t aliases; /* a JSON array of names that mean this subject; TEXT_NONE */
} listed_t;

/* Versions with their schemas, by subject, then version. `deleted`: soft deleted ones, too; `latest`: one of each subject. */
int schemas_list(tx_t *tx, const subjects_of_t *of, bool deleted, bool latest, bool aliases,
                 const page_t *page, listed_t **out, size_t *n);

#endif

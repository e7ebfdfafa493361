/* name.h - subjects and contexts by name, and the scopes that settings have.
 *
 * A subject lives in a context. Outside the default context "." it is written ":.context:subject"; inside it, "subject".
 * Settings hang on scopes: a subject (by its qualified name), a context (":.context:"), everything in the default context
 * (":.:", which is what /config and /mode without a subject mean) and everything in any context (":.__GLOBAL:").
 *
 * Memory   parts point into what was parsed or into the arena.
 * Spec     docs/api.md, "Contexts" and "Subjects".
 */
#ifndef AVOW_CATALOG_NAME_H
#define AVOW_CATALOG_NAME_H

#include "catalog/err.h"
#include "compat/core/arena.h"

#define CONTEXT_DEFAULT  TEXT(".")
#define CONTEXT_GLOBAL   TEXT(".__GLOBAL")
#define SCOPE_DEFAULT    TEXT(":.:")
#define SCOPE_EVERYWHERE TEXT(":.__GLOBAL:")
#define NAMES_WILDCARD   TEXT(":*:")

#define SUBJECT_BYTES_MAX 2048 /* an index entry must fit a third of a page */
#define CONTEXT_BYTES_MAX 256

typedef struct {
    text_t context;   /* "." or ".name" */
    text_t subject;   /* without its context; empty means the context itself */
    text_t qualified; /* "subject" or ":.name:subject" */
} subject_name_t;

bool context_is_default(text_t context);

/* What a client wrote, in the context that the call is made in (TEXT_NONE is the default one). Never fails: what cannot exist is
 * told by subject_name_check. A name that is qualified already keeps its context. */
subject_name_t subject_name_parse(text_t given, text_t context, arena_t *arena);
subject_name_t subject_name_in(text_t context, text_t subject, arena_t *arena);
bool subject_name_is_qualified(text_t given); /* names a context other than the default one */

/* Whether versions may be registered under it: ERR_SUBJECT_INVALID otherwise. */
int subject_name_check(const subject_name_t *name, err_t *err);

/* Whether settings may hang on it. */
int scope_check(const subject_name_t *name, err_t *err);

/* The keys of config and mode: of the subject (or of the context, when the name has no subject), then of what it inherits
 * from, nearest first. Returns how many there are. */
#define SCOPES_MAX 3
size_t scope_chain(const subject_name_t *name, arena_t *arena, text_t scopes[SCOPES_MAX]);

/* Where in the order of qualified names the subjects of a listing are: [from, to) twice, one after the other. The default
 * context's subjects stand on both sides of all the others. */
typedef struct {
    text_t from[2], to[2];
} name_ranges_t;
name_ranges_t name_ranges(text_t context, text_t prefix, arena_t *arena);
name_ranges_t name_ranges_everywhere(void);
name_ranges_t name_range_of(const subject_name_t *name, arena_t *arena); /* the subject alone */

#endif

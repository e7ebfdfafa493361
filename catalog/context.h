/* context.h - contexts: listed, and removed when nothing is left in them.
 *
 * A context comes into being with the first version registered in it (register.c) and counts its own schema ids.
 *
 * Owns     table context and its sequences.
 * Spec     docs/api.md, "Contexts".
 */
#ifndef AVOW_CATALOG_CONTEXT_H
#define AVOW_CATALOG_CONTEXT_H

#include "catalog/settings.h"
#include "catalog/version.h"

/* The default context first, then by name; those whose name begins with `prefix`. */
int contexts_list(tx_t *tx, text_t prefix, const page_t *page, text_t **names, size_t *n);

/* With its settings. ERR_CONTEXT_NOT_EMPTY while it has a subject, soft deleted ones included. Removing what is not there is fine. */
int context_delete(tx_t *tx, const who_t *who, text_t context);

#endif

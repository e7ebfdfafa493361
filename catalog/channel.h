/* channel.h - topics, queues, exchanges: where the messages of lines go through.
 *
 * Owns     tables channel and channel_line.
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Channels".
 */
#ifndef AVOW_CATALOG_CHANNEL_H
#define AVOW_CATALOG_CHANNEL_H

#include "catalog/rights.h"

/* `document`: broker, address, environments, settings, labels, managed_by; `lines`: JSON array of names, or TEXT_NONE: as they are.
 * `fresh`: it is not there yet (ERR_NAME_TAKEN), or it is (ERR_NOT_FOUND). */
int channel_put(tx_t *tx, const who_t *who, text_t slug, text_t document, text_t lines, bool fresh);
int channel_remove(tx_t *tx, const who_t *who, text_t slug);

#endif

/* audit_chain.h - seals the audit trail: a chain of hashes over its entries, so that none can be altered, taken out or put in between
 * unseen.
 *
 * Entries are sealed after their COMMIT, in batches, by the connection that leads (delivery.h): never a lock in the path of a write. They
 * are sealed in the order of seq among those that a reader can be sure of: entries below the lowest transaction that is still
 * open. One with a lower seq that commits later is sealed after them: position, not seq, is the place in the chain.
 *
 *     hash(n) = SHA-256(hash(n - 1), '\n', entry as text)      hash(0) = 32 zero bytes
 *
 * The text of an entry is a JSON array of its columns, made by audit_entry_text in migrations/0007_notices.sql.
 *
 * Owns     table audit_seal.
 * Memory   in the transaction's arena.
 */
#ifndef AVOW_CATALOG_AUDIT_CHAIN_H
#define AVOW_CATALOG_AUDIT_CHAIN_H

#include "catalog/db/db.h"

typedef struct {
    uint8_t bytes[32];
} seal_t;

/* The chain's next link. */
void seal_next(seal_t *seal, text_t entry);
text_t seal_hex(const seal_t *seal, arena_t *arena);
bool seal_from_hex(text_t hex, seal_t *out);

/* Seals at most so many entries; *n of them. Nothing when `leader` does not lead any more. */
int audit_seal(tx_t *tx, int32_t leader, int32_t at_most, int32_t *n);

typedef struct {
    int64_t entries;  /* sealed ones that were looked at */
    int64_t unsealed; /* too young for the seal */
    bool intact;
    int64_t broken_seq; /* the first entry that does not fit its seal, or is gone; 0 */
    text_t reason;
    text_t head; /* hash of the last sealed entry, hexadecimal */
} chain_report_t;

/* Walks the whole chain, in batches. Linear in the number of entries. */
int audit_verify(tx_t *tx, chain_report_t *out);

#endif

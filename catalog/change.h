/* change.h - what one state change leaves behind besides itself: its audit entry, its outbox row, its place in the sequence.
 *
 * Every function of the catalog that changes state ends with change_note in the same transaction. The row has a sequence number and
 * the transaction's xid8, by which servers follow each other (server/core/follower.h): nothing that commits late is skipped.
 *
 * Owns     tables change and outbox.
 */
#ifndef AVOW_CATALOG_CHANGE_H
#define AVOW_CATALOG_CHANGE_H

#include "catalog/db/db.h"

/* XX(name, text in the table and in event types, what a server forgets from its caches) */
#define CHANGE_MAP(XX)                                                                                                 \
    XX(SCHEMA_REGISTERED, "schema.registered", FORGET_SUBJECT)                                                         \
    XX(VERSION_SOFT_DELETED, "version.soft_deleted", FORGET_SUBJECT)                                                   \
    XX(VERSION_HARD_DELETED, "version.hard_deleted", FORGET_SCHEMAS)                                                   \
    XX(SUBJECT_SOFT_DELETED, "subject.soft_deleted", FORGET_SUBJECT)                                                   \
    XX(SUBJECT_HARD_DELETED, "subject.hard_deleted", FORGET_SCHEMAS)                                                   \
    XX(CONFIG_SET, "config.set", FORGET_SETTINGS)                                                                      \
    XX(CONFIG_DELETED, "config.deleted", FORGET_SETTINGS)                                                              \
    XX(MODE_SET, "mode.set", FORGET_SETTINGS)                                                                          \
    XX(MODE_DELETED, "mode.deleted", FORGET_SETTINGS)                                                                  \
    XX(CONTEXT_DELETED, "context.deleted", FORGET_SETTINGS)

typedef enum {
    FORGET_SUBJECT,  /* replies about this subject, and listings */
    FORGET_SCHEMAS,  /* also schemas by id */
    FORGET_SETTINGS, /* every reply that depends on settings, which is all but schemas by id */
} forget_t;

typedef enum {
#define XX(name, text, forget) CHANGE_##name,
    CHANGE_MAP(XX)
#undef XX
        CHANGE_N
} change_kind_t;

const char *change_text(change_kind_t kind);
bool change_find(text_t text, change_kind_t *out);
forget_t change_forgets(change_kind_t kind);

typedef struct {
    change_kind_t kind;
    text_t context; /* "." or ".name" */
    text_t subject; /* unqualified; TEXT_NONE for a context's or the global setting */
    int64_t schema_id; /* 0: none */
    int32_t version;   /* 0: none */
    text_t detail;     /* a JSON object: what changed, from what to what */
    text_t actor;      /* who did it */
    text_t request_id;
} change_t;

/* Queues the row(s); travels with COMMIT. */
int change_note(tx_t *tx, const change_t *change);

#endif

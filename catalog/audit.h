/* audit.h - what one state change leaves behind besides itself: its audit entry, its outbox row, its place in the sequence.
 *
 * Every function of the catalog that changes state ends with audit_note in the same transaction. The row has a sequence number and
 * the transaction's xid8, by which servers follow each other (server/core/follower.h): nothing that commits late is skipped.
 *
 * Owns     tables audit and outbox.
 */
#ifndef AVOW_CATALOG_AUDIT_H
#define AVOW_CATALOG_AUDIT_H

#include "catalog/db/db.h"

/* XX(name, text in the table and in event types, what a server forgets from its caches) */
#define AUDIT_MAP(XX)                                                \
    XX(SCHEMA_REGISTERED, "schema.registered", FORGET_SUBJECT)       \
    XX(VERSION_SOFT_DELETED, "version.soft_deleted", FORGET_SUBJECT) \
    XX(VERSION_HARD_DELETED, "version.hard_deleted", FORGET_SCHEMAS) \
    XX(SUBJECT_SOFT_DELETED, "subject.soft_deleted", FORGET_SUBJECT) \
    XX(SUBJECT_HARD_DELETED, "subject.hard_deleted", FORGET_SCHEMAS) \
    XX(CONFIG_SET, "config.set", FORGET_SETTINGS)                    \
    XX(CONFIG_DELETED, "config.deleted", FORGET_SETTINGS)            \
    XX(MODE_SET, "mode.set", FORGET_SETTINGS)                        \
    XX(MODE_DELETED, "mode.deleted", FORGET_SETTINGS)                \
    XX(CONTEXT_DELETED, "context.deleted", FORGET_SETTINGS)

typedef enum {
    FORGET_SUBJECT,  /* replies about this subject, and listings */
    FORGET_SCHEMAS,  /* also schemas by id */
    FORGET_SETTINGS, /* every reply that depends on settings, which is all but schemas by id */
} forget_t;

typedef enum {
#define XX(name, text, forget) AUDIT_##name,
    AUDIT_MAP(XX)
#undef XX
        AUDIT_N
} audit_kind_t;

const char *audit_text(audit_kind_t kind);
bool audit_find(text_t text, audit_kind_t *out);
forget_t audit_forgets(audit_kind_t kind);

typedef struct audit {
    audit_kind_t kind;
    text_t context;    /* "." or ".name" */
    text_t subject;    /* unqualified; TEXT_NONE for a context's or the global setting */
    int64_t schema_id; /* 0: none */
    int32_t version;   /* 0: none */
    text_t detail;     /* a JSON object: what changed, from what to what */
    text_t actor;      /* who did it */
    text_t request_id;
} audit_t;

/* Queues the row(s); travels with COMMIT. `entry` is copied; its texts must live as long as the transaction's arena. */
int audit_note(tx_t *tx, const audit_t *entry);

/* As audit_note, where the statement that makes the change writes the row itself (version_register.sql). */
void audit_written(tx_t *tx, const audit_t *entry);

/* What the last committed db_run noted: `const audit_t *` each, valid as long as its arena. For the caches of the server that
 * made the change; others read them from the table. */
const audit_t *const *audit_committed(const db_t *db, size_t *n);

/* "subject", or ":.context:subject". */
text_t audit_subject_qualified(const audit_t *entry, arena_t *arena);

/* --- following (server/core/follower.h) --------------------------------------------------------------------------------- */

/* A place in the history of changes: a snapshot of PostgreSQL, as text. Empty: nowhere yet. */
typedef struct {
    text_t snapshot; /* pg_snapshot */
    text_t history;  /* which database and which of its histories: positions of another one mean nothing */
} audit_position_t;

typedef struct {
    audit_t entry;
    int64_t seq;
} audit_row_t;

typedef struct {
    audit_position_t position; /* where this reading got to; in the transaction's arena */
    bool same_history;         /* `from` was a place in this database's history */
    bool complete;             /* rows are all that was committed since; if not, forget everything */
    audit_row_t *rows;         /* without detail, actor and request id */
    size_t n_rows;
    size_t n_unknown; /* rows of kinds that this server does not know */
} audit_reading_t;

/* Every change that was committed after `from`, whatever its sequence number. One round trip. */
int audit_since(tx_t *tx, const audit_position_t *from, audit_reading_t *out);

/* Tells the followers of all servers that there are changes. Never in a transaction that writes something else. */
int audit_announce(tx_t *tx);
#define AUDIT_CHANNEL "avow_audit"

#endif

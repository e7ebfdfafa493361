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
#define AUDIT_MAP(XX)                                                  \
    XX(SCHEMA_REGISTERED, "schema.registered", FORGET_SUBJECT)         \
    XX(VERSION_SOFT_DELETED, "version.soft_deleted", FORGET_SUBJECT)   \
    XX(VERSION_HARD_DELETED, "version.hard_deleted", FORGET_SCHEMAS)   \
    XX(SUBJECT_SOFT_DELETED, "subject.soft_deleted", FORGET_SUBJECT)   \
    XX(SUBJECT_HARD_DELETED, "subject.hard_deleted", FORGET_SCHEMAS)   \
    XX(CONFIG_SET, "config.set", FORGET_SETTINGS)                      \
    XX(CONFIG_DELETED, "config.deleted", FORGET_SETTINGS)              \
    XX(MODE_SET, "mode.set", FORGET_SETTINGS)                          \
    XX(MODE_DELETED, "mode.deleted", FORGET_SETTINGS)                  \
    XX(CONTEXT_DELETED, "context.deleted", FORGET_SETTINGS)            \
    /* people and rights */                                            \
    XX(USER_CREATED, "user.created", FORGET_PEOPLE)                    \
    XX(USER_CHANGED, "user.changed", FORGET_PEOPLE)                    \
    XX(TEAM_CREATED, "team.created", FORGET_PEOPLE)                    \
    XX(TEAM_CHANGED, "team.changed", FORGET_PEOPLE)                    \
    XX(TEAM_DISSOLVED, "team.dissolved", FORGET_PEOPLE)                \
    XX(MEMBER_ADDED, "member.added", FORGET_PEOPLE)                    \
    XX(MEMBER_CHANGED, "member.changed", FORGET_PEOPLE)                \
    XX(MEMBER_REMOVED, "member.removed", FORGET_PEOPLE)                \
    XX(SERVICE_CREATED, "service.created", FORGET_PEOPLE)              \
    XX(SERVICE_CHANGED, "service.changed", FORGET_PEOPLE)              \
    XX(ENVIRONMENT_CREATED, "environment.created", FORGET_NOTHING)     \
    XX(ENVIRONMENT_CHANGED, "environment.changed", FORGET_NOTHING)     \
    XX(DOMAIN_CREATED, "domain.created", FORGET_NOTHING)               \
    XX(DOMAIN_CHANGED, "domain.changed", FORGET_NOTHING)               \
    XX(POLICY_CHANGED, "policy.changed", FORGET_NOTHING)               \
    XX(TOKEN_CREATED, "token.created", FORGET_PEOPLE)                  \
    XX(TOKEN_REVOKED, "token.revoked", FORGET_PEOPLE)                  \
    /* events and lines */                                             \
    XX(EVENT_CREATED, "event.created", FORGET_SETTINGS)                \
    XX(EVENT_CHANGED, "event.changed", FORGET_NOTHING)                 \
    XX(EVENT_RENAMED, "event.renamed", FORGET_SETTINGS)                \
    XX(EVENT_ORPHANED, "event.orphaned", FORGET_NOTHING)               \
    XX(OWNER_CHANGED, "owner.changed", FORGET_SETTINGS)                \
    XX(OWNER_ASKED, "owner.asked", FORGET_NOTHING)                     \
    XX(LINE_CREATED, "line.created", FORGET_SETTINGS)                  \
    XX(LINE_CHANGED, "line.changed", FORGET_SETTINGS)                  \
    XX(LINE_ABANDONED, "line.abandoned", FORGET_SETTINGS)              \
    XX(LINE_ACTIVATED, "line.activated", FORGET_SETTINGS)              \
    XX(LINE_DEPRECATED, "line.deprecated", FORGET_LINE)                \
    XX(LINE_REACTIVATED, "line.reactivated", FORGET_LINE)              \
    XX(SUNSET_RESCHEDULED, "line.sunset_rescheduled", FORGET_LINE)     \
    XX(SUNSET_REACHED, "line.sunset_reached", FORGET_LINE)             \
    XX(LINE_REMOVED, "line.removed", FORGET_LINE)                      \
    XX(LINE_REMINDER, "line.reminder", FORGET_NOTHING)                 \
    XX(CONTRACT_CHANGED, "contract.changed", FORGET_NOTHING)           \
    XX(VERSION_REGISTERED, "version.registered", FORGET_NOTHING)       \
    XX(VERSION_WITHDRAWN, "version.withdrawn", FORGET_NOTHING)         \
    XX(CHANNEL_CREATED, "channel.created", FORGET_NOTHING)             \
    XX(CHANNEL_CHANGED, "channel.changed", FORGET_NOTHING)             \
    /* parties */                                                      \
    XX(PRODUCTION_STARTED, "production.started", FORGET_PEOPLE)        \
    XX(PRODUCTION_CHANGED, "production.changed", FORGET_PEOPLE)        \
    XX(PRODUCTION_ENDED, "production.ended", FORGET_PEOPLE)            \
    XX(CONSUMPTION_REQUESTED, "consumption.requested", FORGET_NOTHING) \
    XX(CONSUMPTION_ACTIVATED, "consumption.activated", FORGET_NOTHING) \
    XX(CONSUMPTION_CHANGED, "consumption.changed", FORGET_NOTHING)     \
    XX(CONSUMPTION_REJECTED, "consumption.rejected", FORGET_NOTHING)   \
    XX(CONSUMPTION_ATTESTED, "consumption.attested", FORGET_NOTHING)   \
    XX(CONSUMPTION_ENDED, "consumption.ended", FORGET_NOTHING)         \
    XX(CONSUMPTION_STALE, "consumption.stale", FORGET_NOTHING)         \
    XX(ATTESTATION_DUE, "consumption.attestation_due", FORGET_NOTHING) \
    XX(DEPLOYMENT_RECORDED, "deployment.recorded", FORGET_NOTHING)     \
    XX(DEPLOYMENT_ENDED, "deployment.ended", FORGET_NOTHING)           \
    XX(DRIFT_DETECTED, "drift.detected", FORGET_NOTHING)               \
    /* changes */                                                      \
    XX(CHANGE_OPENED, "change.opened", FORGET_NOTHING)                 \
    XX(CHANGE_REVISED, "change.revised", FORGET_NOTHING)               \
    XX(CHANGE_ADOPTED, "change.adopted", FORGET_NOTHING)               \
    XX(CHANGE_DECIDED, "change.decided", FORGET_NOTHING)               \
    XX(CHANGE_READY, "change.ready", FORGET_NOTHING)                   \
    XX(CHANGE_APPLIED, "change.applied", FORGET_SETTINGS)              \
    XX(CHANGE_REJECTED, "change.rejected", FORGET_NOTHING)             \
    XX(CHANGE_WITHDRAWN, "change.withdrawn", FORGET_NOTHING)           \
    XX(CHANGE_EXPIRED, "change.expired", FORGET_NOTHING)               \
    XX(CHANGE_OVERRIDDEN, "change.overridden", FORGET_NOTHING)         \
    XX(CHANGE_COMMENTED, "change.commented", FORGET_NOTHING)           \
    XX(APPROVAL_REMINDER, "approval.reminder", FORGET_NOTHING)         \
    XX(APPROVAL_ESCALATED, "approval.escalated", FORGET_NOTHING)       \
    XX(WAIVER_GRANTED, "waiver.granted", FORGET_NOTHING)               \
    XX(WAIVER_EXPIRED, "waiver.expired", FORGET_NOTHING)               \
    /* operations */                                                   \
    XX(NOTICE_DELIVERED, "notice.delivered", FORGET_NOTHING)           \
    XX(INBOX_DONE, "inbox.done", FORGET_NOTHING)                       \
    XX(WEBHOOK_CREATED, "webhook.created", FORGET_NOTHING)             \
    XX(WEBHOOK_CHANGED, "webhook.changed", FORGET_NOTHING)             \
    XX(WEBHOOK_PAUSED, "webhook.paused", FORGET_NOTHING)               \
    XX(WEBHOOK_REMOVED, "webhook.removed", FORGET_NOTHING)             \
    XX(TEST_PING, "test.ping", FORGET_NOTHING)                         \
    XX(CATALOG_IMPORTED, "catalog.imported", FORGET_SETTINGS)          \
    XX(CONTENT_PURGED, "content.purged", FORGET_SCHEMAS)

typedef enum {
    FORGET_SUBJECT,  /* replies about this subject, and listings */
    FORGET_SCHEMAS,  /* also schemas by id */
    FORGET_SETTINGS, /* every reply that depends on settings, which is all but schemas by id */
    FORGET_LINE,     /* the same, and schemas by id, whose replies tell that their line ends */
    FORGET_PEOPLE,   /* who somebody is and may: credentials that were checked and are remembered */
    FORGET_NOTHING,  /* no reply that is kept tells of it */
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
    text_t context;    /* "." or ".name"; TEXT_NONE for what is not the registry's */
    text_t subject;    /* unqualified; TEXT_NONE for a context's or the global setting */
    int64_t schema_id; /* 0: none */
    int32_t version;   /* 0: none */
    text_t detail;     /* a JSON object: what changed, from what to what */
    text_t actor;      /* who did it */
    text_t request_id;
    text_t
        object; /* of the catalog: "team:payments", "line:orders.order_placed@2", "change:CR-1001"; TEXT_NONE: the registry's */
    text_t
        about; /* with object: the subject of the event that tells of it, an event's or a line's name; TEXT_NONE: the object */
    text_t data;   /* with object: `data` of that event, a JSON object; TEXT_NONE: the detail */
    text_t reason; /* TEXT_NONE where nobody had to give one */
} audit_t;

/* Queues the row(s); travels with COMMIT. `entry` is copied; its texts must live as long as the transaction's arena. */
int audit_note(tx_t *tx, const audit_t *entry);

/* A further event for the entry that was noted last in this transaction: for what several have to be told of, such as
 * ("approval.requested", "orders.order_placed@2", {...}) to each team that is asked. `type` without io.avow. and version. */
int outbox_add(tx_t *tx, const char *type, text_t subject, text_t data);

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

/* line.h - lines: an event in one major version. Compatibility holds inside a line, and states belong to lines.
 *
 * Owns     tables line (states and dates: lifecycle.h), line_subject, line_version, line_field.
 * Memory   the transaction's arena.
 * Spec     docs/catalog.md, "Lines".
 */
#ifndef AVOW_CATALOG_LINE_H
#define AVOW_CATALOG_LINE_H

#include "catalog/event.h"
#include "compat/diff.h"

typedef struct {
    int64_t id, event_id, team_id;
    text_t name, event; /* "orders.order_placed@2", "orders.order_placed": as they are called now */
    bool former;        /* it was asked for by a name that the event had before */
    int32_t major;
    text_t team; /* of the owner */
    text_t state, level;
    /* instants as replies tell them; TEXT_NONE where there is none */
    text_t activated_at, deprecated_at, sunset_at, sunset_reached_at, removed_at;
    text_t replacement, migration_guide, reason; /* TEXT_NONE, TEXT_NONE, "" where there is none */
    int64_t checkpoint;                          /* line_version; 0: every version counts */
    text_t audience;                             /* of the event */
    text_t managed_by;                           /* of the event */
    int32_t rev;
} line_t;

/* "event@n", by any name the event has or had. ERR_NOT_FOUND. */
int line_get(tx_t *tx, text_t name, line_t *out);
int line_get_id(tx_t *tx, int64_t id, line_t *out);

/* The line that a qualified subject belongs to. *found false: to none. */
int line_of_subject(tx_t *tx, text_t subject, bool *found, line_t *out, text_t *role);

typedef struct {
    int64_t id;
    text_t semver;
    int32_t major, minor, patch;
    text_t subject, role;          /* qualified; "key" or "value" */
    int32_t version;               /* of the subject; 0: held back by a change */
    int32_t context_id, schema_id; /* schema_id 0: none yet */
    text_t state;                  /* draft, pending, active, superseded, withdrawn */
    format_id_t format;
    text_t text; /* canonical, references written out where the format can */
    text_t fingerprint;
    int64_t change_id; /* 0 */
} line_version_t;

/* Those that count for what comes next: of the role ("value", "key"), active or superseded, the newest first, back to the checkpoint. The
 * first one is the current version. */
int line_versions_live(tx_t *tx, int64_t line_id, const char *role, line_version_t **out, size_t *n);

/* The current version. *found false: there is none yet. */
int line_version_current(tx_t *tx, int64_t line_id, const char *role, bool *found, line_version_t *out);

/* "2.3.0", "orders.order_placed@2.3.0" or the version of the line's (only) subject, "14". ERR_NOT_FOUND. */
int line_version_find(tx_t *tx, const line_t *line, const char *role, text_t name, line_version_t *out);

/* A version that comes to a line. */
typedef struct {
    text_t subject;                         /* qualified, bound to the line */
    int32_t version, context_id, schema_id; /* of the registry; version 0: held back (state pending) */
    const schema_t *schema;                 /* parsed; borrowed */
    int64_t change_id;                      /* that brought it; 0 */
    text_t
        accepted_break; /* JSON: the mark of a break that stays in the line, which moves the checkpoint; TEXT_NONE */
} line_version_new_t;

/* Writes the version with the number that follows from what changed, the line's fields (since, removed), makes the former current one
 * superseded, and notes version.registered. ERR_FIELD_NAME_TOMBSTONED. */
int line_version_add(tx_t *tx, const who_t *who, const line_t *line, const line_version_new_t *version,
                     line_version_t *out); /* out may be NULL */

/* ERR_FIELD_NAME_TOMBSTONED with when it was removed and the type it had, if the schema brings a field back that the line lost, with a type
 * that could not have been its next one. */
int line_fields_check(tx_t *tx, const line_t *line, const char *role, const schema_t *schema);

/* A stored version, parsed; the caller returns the reference. */
int line_version_parse(tx_t *tx, const line_version_t *version, schema_t **out);

/* The same for a text that may have become unreadable, such as a consumer's reader schema: *out NULL, and no error, where it is. */
int line_version_parse_if(tx_t *tx, const line_version_t *version, schema_t **out);

/* --- what is done to lines (in a write of the catalog) ---------------------------------------------------------------------------- */

typedef struct {
    int32_t major;                  /* 0: the next one */
    text_t level;                   /* TEXT_NONE: FULL */
    const text_t *subjects, *roles; /* qualified; role TEXT_NONE: value */
    size_t n_subjects;
    text_t terms; /* JSON; TEXT_NONE: no contract yet */
    text_t migration_guide, reason;
} line_draft_t;

/* A draft beside the others. Versions that the subjects have already become the line's. */
int line_create(tx_t *tx, const principal_t *by, const who_t *who, const event_t *event,
                const line_draft_t *draft, line_t *out);

/* Level, reason, migration guide of a draft; of others the level changes by a change only. TEXT_NONE stays as it is. */
int line_change(tx_t *tx, const principal_t *by, const who_t *who, const line_t *line, text_t level,
                text_t reason, text_t migration_guide);

int line_bind(tx_t *tx, const principal_t *by, const who_t *who, const line_t *line, text_t subject,
              text_t role);
int line_unbind(tx_t *tx, const principal_t *by, const who_t *who, const line_t *line, text_t subject);

/* --- what the registry calls -------------------------------------------------------------------------------------------------------- */

/* After a version of a subject was written, in its transaction: if the subject belongs to a line, the version becomes the line's, too. */
int line_registered(tx_t *tx, const who_t *who, text_t subject, int32_t version, int32_t context_id,
                    int32_t schema_id, const schema_t *schema, line_version_t *out);

/* Before a version or a subject (version 0) is deleted: ERR_OPERATION_NOT_PERMITTED with a sentence that names who reads the line. */
int line_delete_check(tx_t *tx, text_t subject, int32_t version);

/* After that, in its transaction: the version (0: all of the subject) is the line's no longer. */
int line_versions_deleted(tx_t *tx, const who_t *who, text_t subject, int32_t version);

#endif

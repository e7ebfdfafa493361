/* change_job.h - what the files of change.h share. Private to them. */
#ifndef AVOW_CATALOG_CHANGE_JOB_H
#define AVOW_CATALOG_CHANGE_JOB_H

#include "catalog/change.h"
#include "catalog/lifecycle.h"

/* Notes what became of a change. `detail`: a JSON object that is not empty, or TEXT_NONE; its members are also in the event's data, after
 * those that every event of a change has. */
int change_note(tx_t *tx, const who_t *who, const change_t *change, audit_kind_t kind, text_t detail,
                text_t reason);

/* {"change":"CR-1","title":...,"line":...,"state":...,"links":{...} and no closing brace: members of all events of a change. */
void change_event_begin(buf_t *out, const change_t *change);

/* ERR_CHANGE_CLOSED unless it is open, or a draft where that is allowed, too. */
int change_in(tx_t *tx, const change_t *change, bool draft_too);

/* As rights_check; the clock may do what it does. */
int change_may(tx_t *tx, const principal_t *by, right_t right, int64_t team_id);

/* The target of a lifecycle change, as lifecycle.h wants it. */
int change_target(tx_t *tx, text_t target, text_t change, line_target_t *out);

/* After a revision was judged and noted: requirements, decisions that no longer stand, notices, inboxes, events. */
int requirements_update(tx_t *tx, const who_t *who, const change_t *change, const impact_t *impact);

/* A suggestion waits for the owner alone. */
int suggestion_tell(tx_t *tx, const change_t *change);

/* Tells that nothing blocks the change any more, once. The event belongs to the entry that was noted last. */
int change_tell_ready(tx_t *tx, const change_t *change);

#endif

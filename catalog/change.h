/* change.h - change requests: the only way in which something that breaks happens.
 *
 * draft -> open -> applied, or rejected, withdrawn, expired. A change has revisions; each is judged when it comes (impact.h), and
 * from its impact follow the requirements: one for each team that is hit, with one decision that covers all its consumptions. A
 * decision stands on later revisions as long as what hits the team has not grown. What keeps a change from being applied is
 * derived (blocker.h).
 *
 * All of it runs inside one write transaction of the catalog (STMT_CATALOG_WRITE came before), reads of change_get and change_list excepted.
 *
 * Owns     tables change, revision, finding, impact, requirement, decision, remark; writes notice when a change is opened.
 * Memory   the transaction's arena.
 * Errors   ERR_CHANGE_*, ERR_NOT_TEAM_MEMBER, ERR_SELF_APPROVAL, ERR_STATE_CONFLICT ..., err.extra with blockers and what to do.
 * Spec     docs/catalog.md, "Changes".
 */
#ifndef AVOW_CATALOG_CHANGE_H
#define AVOW_CATALOG_CHANGE_H

#include "catalog/blocker.h"
#include "catalog/impact.h"
#include "catalog/rights.h"
#include "catalog/settings.h"

/* What is opened. Texts that were not given are TEXT_NONE. */
typedef struct {
    int64_t line_id;
    proposal_t proposal;
    text_t title, rationale;
    bool draft;
    bool new_line;  /* the plan: beside the line, or on it */
    text_t plan;    /* JSON object: dual_publish {from, until}, retire, migration_guide, subject */
    text_t source;  /* JSON object: repo, pull, commit */
    text_t context; /* "orders#418": the same context is the same change */
    text_t labels;  /* JSON object */
    text_t effective_not_before;
    bool auto_apply;
    text_t team; /* on whose behalf, where somebody is in several */
} change_draft_t;

typedef struct {
    int64_t id;  /* 1042 */
    text_t name; /* "CR-1042" */
    int32_t revision;
    bool created; /* false: the context had a change, which got a revision or is as it was */
    bool
        unchanged; /* the same content was there already; it was judged again, since consumers may have come or gone */
} change_opened_t;

/* A change as far as rules need it. Texts that it does not have are TEXT_NONE. */
typedef struct {
    int64_t id;
    text_t name; /* CR-1042 */
    proposal_kind_t kind;
    int64_t event_id, line_id, owner_id, author_team, revision_id;
    text_t event, line, line_state, owner; /* names */
    text_t title, author, state, class, context;
    text_t revised_by; /* who brought the current revision: proposes it as the author does */
    bool suggestion, new_line, auto_apply, overridden, told_ready;
    int32_t revision;
    text_t applied_version; /* "orders.order_placed@2.4.0" */

    /* What the current revision proposes. */
    format_id_t format;
    text_t text, references, terms, target, content_hash;
    text_t subject; /* of the line, for SCHEMA */

    /* The plan of a new line. */
    int64_t new_line_id; /* 0: not made yet */
    text_t new_line_name, new_line_state, new_subject, retire, sunset_at, migration_guide;
} change_t;

/* "CR-1042", or just the number. ERR_NOT_FOUND. */
int change_find(tx_t *tx, text_t name, change_t *out);

/* The open change of this line with this content: whose registration applies it. Found: true. */
int change_of_content(tx_t *tx, int64_t line_id, text_t content_hash, bool *found, change_t *out);

/* The open breaking change of a line, if there is one. */
int change_breaking_of(tx_t *tx, int64_t line_id, bool *found, change_t *out);

int change_open(tx_t *tx, const principal_t *by, const who_t *who, const change_draft_t *draft,
                change_opened_t *out);
int change_revise(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                  const proposal_t *proposal, change_opened_t *out);
/* A draft becomes open: judged again, and those concerned are told. */
int change_submit(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change);
/* The owner makes a suggestion its own. */
int change_adopt(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change);

int change_blockers(tx_t *tx, int64_t change_id, blockers_t *out);

typedef struct {
    text_t requirement; /* "rq_12", or the team's slug */
    int32_t revision;   /* 0: the current one */
    text_t act;         /* approve, acknowledge, request_changes, reject, not_affected */
    text_t not_before, comment;
} decision_t;

/* `requirement_id` comes back. */
int change_decide(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                  const decision_t *decision, int64_t *requirement_id);

/* Does what may be done now. ERR_CHANGE_BLOCKED with blockers and you_can when that is nothing. A new line is made as soon as
 * nothing hard is in the way; its change stays open until the old one may be retired. Applying again what was applied does nothing.
 * `registry`: the operator's policy. Locks of the registry come first: change_lock_subject before STMT_CATALOG_WRITE. */
int change_apply(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                 const policy_t *registry);

/* Reads the change and queues the locks that applying it takes in the registry: before the catalog's write. */
int change_lock_subject(tx_t *tx, text_t name);

/* Text of a decision's act; false: it is none. */
bool decision_act_is_known(text_t act);

/* After a registration wrote the content of an open change (the gate has judged that it may): closes the change with that version. */
int change_registered(tx_t *tx, const who_t *who, const change_t *change, int64_t line_version_id);

typedef struct {
    text_t reason, ticket, confirm; /* confirm: the line's name */
} override_t;

int change_override(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                    const override_t *override, const policy_t *registry);

int change_withdraw(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change, text_t reason);
int change_reject(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change, text_t reason);
int change_remind(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                  size_t *n_reminded);
int change_remark(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change, text_t body);

/* For the clock. How many changes were closed because nobody did anything with them for as long as the policy says. */
int change_expire_due(tx_t *tx, const who_t *who, size_t *n);
/* For the clock: open changes that nothing blocks. Tells that they are ready, once; gives the names of those that wish to be applied by
 * themselves, each to be applied in a transaction of its own. */
int change_ready(tx_t *tx, const who_t *who, text_t **auto_apply, size_t *n);

#endif

/* team.h - teams: who is in them, who is on call, who takes over when one is dissolved.
 *
 * Owns     tables team and membership.
 * Memory   the transaction's arena.
 * Spec     docs/people.md.
 */
#ifndef AVOW_CATALOG_TEAM_H
#define AVOW_CATALOG_TEAM_H

#include "catalog/thing.h"

typedef struct {
    int64_t id;
    int32_t rev;
    bool dissolved;
    text_t slug, escalation, successor; /* TEXT_NONE: none */
} team_t;

/* ERR_NOT_FOUND. */
int team_get(tx_t *tx, text_t slug, team_t *out, err_t *err);

/* Of a team named in a body, at `place`: it exists and is not dissolved. ERR_FIELD_INVALID. */
int team_named(tx_t *tx, text_t slug, const char *place, team_t *out, err_t *err);

/* What waits for `slug` may go on to `next` without coming back. ERR_STATE_CONFLICT. */
int team_check_way(tx_t *tx, text_t slug, text_t next, const char *place, err_t *err);

/* Zone and people of an on-call setting are known. `people` of the body; `zone` TEXT_NONE: none. ERR_FIELD_INVALID. */
int team_check_oncall(tx_t *tx, text_t zone, const text_t *people, size_t n, err_t *err);

/* Events, services, domains, open requirements and what is escalated to it go to `successor`. */
int team_dissolve(tx_t *tx, const who_t *who, const team_t *team, const team_t *successor, text_t reason,
                  err_t *err);

/* `role`: "member" or "maintainer". ERR_NOT_FOUND without such a user. *is_new: was not in the team. */
int member_put(tx_t *tx, const who_t *who, text_t team, text_t login, text_t role, bool *is_new, err_t *err);
int member_remove(tx_t *tx, const who_t *who, text_t team, text_t login, err_t *err);

#endif

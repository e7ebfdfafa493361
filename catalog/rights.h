/* rights.h - who asks, and whether they may: the table of rights, in one place. Nothing else decides rights.
 *
 * Spec     docs/people.md: the table of actions and roles that rights.c holds and its test walks through.
 * Memory   a principal lives in the arena it was read into.
 */
#ifndef AVOW_CATALOG_RIGHTS_H
#define AVOW_CATALOG_RIGHTS_H

#include "catalog/db/db.h"
#include "catalog/who.h"

typedef struct {
    int64_t team_id;
    text_t team;
    bool maintainer;
} belonging_t;

/* Who asks, as the catalog knows them in this transaction. */
typedef struct {
    enum {
        PRINCIPAL_ANYBODY, /* nobody in particular: the server is open, and everything is allowed */
        PRINCIPAL_USER,
        PRINCIPAL_SERVICE, /* by a token of a service */
        PRINCIPAL_CLOCK,   /* the server itself, on a due date */
        PRINCIPAL_UNKNOWN, /* credentials of the file that name no user of the catalog: reads, as a viewer */
    } kind;
    text_t name; /* the login or the service's slug: what the audit trail calls them */
    int64_t person_id, service_id, token_id;
    int64_t service_team; /* of the service: what it does is done for this team */
    enum { ROLE_VIEWER, ROLE_EDITOR, ROLE_ADMIN } role;
    const text_t *scopes; /* of the token; none: all */
    size_t n_scopes;
    const belonging_t *teams;
    size_t n_teams;
} principal_t;

/* XX(name, words) - what can be done. The table of rights has a row for each. */
#define RIGHT_MAP(XX)                                                   \
    XX(READ, "read, search, ask what if")                               \
    XX(CREATE_EVENT, "create an event for the team")                    \
    XX(EDIT_EVENT, "edit the documentation of the team's event")        \
    XX(EDIT_TEAM, "edit the team, its members and services")            \
    XX(REGISTER, "register a compatible version of the team's event")   \
    XX(OPEN_CHANGE, "open a change of the team's event")                \
    XX(SUGGEST_CHANGE, "suggest a change of another team's event")      \
    XX(DECIDE, "decide for the team")                                   \
    XX(APPLY, "apply a change of the team's event")                     \
    XX(TRANSITION, "move the team's line through its states")           \
    XX(OVERRIDE, "override what blocks a change")                       \
    XX(DECLARE, "declare what the team's service reads or writes")      \
    XX(AGREE_CONSUMPTION, "agree to a consumption of the team's event") \
    XX(TRANSFER, "give away or take over an event")                     \
    XX(WAIVE, "grant a waiver on the team's line")                      \
    XX(HOOKS, "keep the team's webhooks and tokens")                    \
    XX(ADMINISTER, "keep users, domains, policies, environments")       \
    XX(PURGE, "purge content")

typedef enum {
#define XX(name, words) RIGHT_##name,
    RIGHT_MAP(XX)
#undef XX
        RIGHT_N
} right_t;

/* 0 when `principal` may do it for or to what belongs to `team_id` (0: to nobody's), or -1 and ERR_FORBIDDEN or ERR_NOT_TEAM_MEMBER
 * with a sentence that names the team and who of it could. `service_id`: DECLARE and REGISTER, whose declaration; else 0. */
int rights_check(tx_t *tx, const principal_t *principal, right_t right, int64_t team_id, int64_t service_id,
                 err_t *err);

/* The same as a question, without a sentence. */
bool rights_allow(const principal_t *principal, right_t right, int64_t team_id, int64_t service_id);

/* Whether the token's scopes let it through, whoever it belongs to. */
bool principal_scope_allows(const principal_t *principal, right_t right);

bool principal_is_member(const principal_t *principal, int64_t team_id);
bool principal_is_maintainer(const principal_t *principal, int64_t team_id);

#endif

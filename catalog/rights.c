#include "catalog/rights.h"

#include "compat/core/buf.h"

/* How far a right goes. */
typedef enum {
    NO,
    OWN, /* what belongs to a team of theirs; of a service: to its own team */
    ANY,
} reach_t;

/* The table: one row for each right, one column for each kind of asker. docs/people.md shows it. Viewers have the first column's rights
 * also in the teams they are members of. */
static const struct {
    reach_t viewer, member, maintainer, service, admin;
} rights[RIGHT_N] = {
    /*                            viewer member maintainer service admin */
    [RIGHT_READ] = {ANY, ANY, ANY, ANY, ANY},
    [RIGHT_CREATE_EVENT] = {NO, OWN, OWN, NO, ANY},
    [RIGHT_EDIT_EVENT] = {NO, OWN, OWN, NO, ANY},
    [RIGHT_EDIT_TEAM] = {NO, NO, OWN, NO, ANY},
    [RIGHT_REGISTER] = {NO, OWN, OWN, OWN, ANY},
    [RIGHT_OPEN_CHANGE] = {NO, OWN, OWN, OWN, ANY},
    [RIGHT_SUGGEST_CHANGE] = {NO, ANY, ANY, NO, ANY},
    [RIGHT_DECIDE] = {NO, OWN, OWN, NO, NO},
    [RIGHT_APPLY] = {NO, OWN, OWN, OWN, ANY},
    [RIGHT_TRANSITION] = {NO, NO, OWN, NO, ANY},
    [RIGHT_OVERRIDE] = {NO, NO, NO, NO, ANY},
    [RIGHT_DECLARE] = {NO, OWN, OWN, OWN, ANY},
    [RIGHT_AGREE_CONSUMPTION] = {NO, NO, OWN, NO, ANY},
    [RIGHT_TRANSFER] = {NO, NO, OWN, NO, ANY},
    [RIGHT_WAIVE] = {NO, NO, OWN, NO, ANY},
    [RIGHT_HOOKS] = {NO, NO, OWN, NO, ANY},
    [RIGHT_ADMINISTER] = {NO, NO, NO, NO, ANY},
    [RIGHT_PURGE] = {NO, NO, NO, NO, ANY},
};

static const char *const words[RIGHT_N] = {
#define XX(name, text) [RIGHT_##name] = text,
    RIGHT_MAP(XX)
#undef XX
};

/* What a scope of a token lets through. Everything but reading needs one of them by name. */
static bool scope_allows(text_t scope, right_t right)
{
    if (text_is(scope, "admin"))
        return true;
    if (right == RIGHT_READ)
        return true;
    if (right == RIGHT_REGISTER)
        return text_is(scope, "register") || text_is(scope, "catalog");
    return text_is(scope, "catalog") && right != RIGHT_ADMINISTER && right != RIGHT_PURGE &&
           right != RIGHT_OVERRIDE;
}

bool principal_scope_allows(const principal_t *principal, right_t right)
{
    bool allowed = principal->n_scopes == 0;
    for (size_t i = 0; i < principal->n_scopes && !allowed; i++)
        allowed = scope_allows(principal->scopes[i], right);
    return allowed;
}

bool principal_is_member(const principal_t *principal, int64_t team_id)
{
    for (size_t i = 0; i < principal->n_teams; i++)
        if (principal->teams[i].team_id == team_id)
            return true;
    return false;
}

bool principal_is_maintainer(const principal_t *principal, int64_t team_id)
{
    for (size_t i = 0; i < principal->n_teams; i++)
        if (principal->teams[i].team_id == team_id)
            return principal->teams[i].maintainer;
    return false;
}

static bool reaches(reach_t reach, bool own)
{
    return reach == ANY || (reach == OWN && own);
}

/* A service's own: done for its own team, or by a declaration of its own. */
static bool service_may(const principal_t *principal, right_t right, int64_t team_id, int64_t service_id)
{
    bool own = service_id != 0 ? principal->service_id == service_id : principal->service_team == team_id;
    return reaches(rights[right].service, own && (team_id != 0 || service_id != 0));
}

static bool user_may(const principal_t *principal, right_t right, int64_t team_id)
{
    bool anywhere = principal->n_teams > 0, maintains = false;
    for (size_t i = 0; i < principal->n_teams; i++)
        maintains = maintains || principal->teams[i].maintainer;
    if (reaches(rights[right].viewer, false))
        return true;
    if (principal->role == ROLE_ADMIN && rights[right].admin == ANY)
        return true;
    if (principal->role == ROLE_VIEWER)
        return false;
    return (anywhere && reaches(rights[right].member, principal_is_member(principal, team_id))) ||
           (maintains && reaches(rights[right].maintainer, principal_is_maintainer(principal, team_id)));
}

bool rights_allow(const principal_t *principal, right_t right, int64_t team_id, int64_t service_id)
{
    if (!principal_scope_allows(principal, right))
        return false;
    switch (principal->kind) {
    case PRINCIPAL_ANYBODY:
    case PRINCIPAL_CLOCK:
        return true;
    case PRINCIPAL_USER:
        return user_may(principal, right, team_id);
    case PRINCIPAL_SERVICE:
        return service_may(principal, right, team_id, service_id);
    case PRINCIPAL_UNKNOWN:
        return rights[right].viewer == ANY;
    }
    return false;
}

/* --- saying no ------------------------------------------------------------------------------------------------------------------ */

/* Who of the team could, for the sentence and for programs. */
static int could(tx_t *tx, int64_t team_id, right_t right, text_t *team, text_t *people)
{
    rows_t *rows;
    bool maintainers = rights[right].member == NO;
    *team = *people = TEXT_NONE;
    if (tx_query(tx, STMT_TEAM_PEOPLE, &rows, sql_i64(team_id), sql_bool(maintainers)) != 0)
        return -1;
    if (!rows_next(rows))
        return 0;
    *team = row_text(rows, "team");
    *people = row_text(rows, "people");
    return row_end(rows);
}

static const char *who_may(right_t right)
{
    if (rights[right].member == OWN || rights[right].member == ANY)
        return "members of the team";
    if (rights[right].maintainer == OWN)
        return "maintainers of the team";
    return "administrators";
}

static int refuse(tx_t *tx, const principal_t *principal, right_t right, int64_t team_id, err_t *err)
{
    text_t team, people;
    if (!principal_scope_allows(principal, right))
        return err_set(err, ERR_FORBIDDEN, "This token's scopes do not let it %s", words[right]);
    if (team_id != 0 && could(tx, team_id, right, &team, &people) != 0)
        return -1;
    if (principal->kind == PRINCIPAL_USER && principal->role == ROLE_VIEWER)
        return err_set(err, ERR_FORBIDDEN,
                       "\"" TEXT_FMT "\" has the role viewer, which only reads, also in its own teams; an "
                       "administrator can make it an editor",
                       TEXT_ARG(principal->name));
    if (team_id == 0 || team.at == NULL || rights[right].maintainer == NO)
        return err_set(err, ERR_FORBIDDEN, "Only %s may %s", who_may(right), words[right]);
    err->extra = text_printf(tx_arena(tx), "{\"team\":\"" TEXT_FMT "\",\"who\":" TEXT_FMT "}", TEXT_ARG(team),
                             TEXT_ARG(people));
    return err_set(err, ERR_NOT_TEAM_MEMBER, "Only %s \"" TEXT_FMT "\" may %s", who_may(right),
                   TEXT_ARG(team), words[right]);
}

int rights_check(tx_t *tx, const principal_t *principal, right_t right, int64_t team_id, int64_t service_id,
                 err_t *err)
{
    if (rights_allow(principal, right, team_id, service_id))
        return 0;
    return refuse(tx, principal, right, team_id, err);
}

/* teams.c - /api/v1/teams and their members. */
#include "server/api/api.h"
#include "server/api/resource.h"

static const char *const oncall_kinds[] = {"url", "static", "rota", NULL};
static const char *const rotations[] = {"daily", "weekly", NULL};
static const char *const roles[] = {"member", "maintainer", NULL};

static const shape_t contact_shape[] = {
    {"email", .kind = SHAPE_TEXT}, {"chat_url", .kind = SHAPE_URL}, {"issue_url", .kind = SHAPE_URL}, {0}};

static const shape_t oncall_shape[] = {
    {"kind", SHAPE_CHOICE, .flags = SHAPE_REQUIRED, .choices = oncall_kinds},
    {"url", .kind = SHAPE_URL},
    {"people", .kind = SHAPE_TEXTS},
    {"rotates", SHAPE_CHOICE, .choices = rotations},
    {"tz", .kind = SHAPE_TEXT},
    {"since", .kind = SHAPE_TEXT},
    {0},
};

static const shape_t team_policy_shape[] = {{"members_decide", .kind = SHAPE_BOOL}, {0}};

const shape_t team_shape[] = {
    {"slug", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
    {"name", .kind = SHAPE_TEXT},
    {"description", .kind = SHAPE_TEXT},
    {"contact", SHAPE_OBJECT, .members = contact_shape},
    {"oncall", SHAPE_OBJECT, .flags = SHAPE_NULL, .members = oncall_shape},
    {"policy", SHAPE_OBJECT, .members = team_policy_shape},
    {"escalation_team", SHAPE_SLUG, .flags = SHAPE_NULL},
    {"labels", .kind = SHAPE_LABELS},
    {"managed_by", .kind = SHAPE_TEXT},
    {0},
};

const shape_t dissolve_shape[] = {
    {"successor", SHAPE_SLUG, .flags = SHAPE_REQUIRED}, {"reason", .kind = SHAPE_TEXT}, {0}};

const shape_t member_shape[] = {{"role", SHAPE_CHOICE, .flags = SHAPE_REQUIRED, .choices = roles}, {0}};

static const resource_t team_resource = {&thing_team, "/api/v1/teams/", STMT_TEAM_GET, team_shape};

/* --- on-call -------------------------------------------------------------------------------------------------------------------- */

/* A local time: the zone is the rota's. "2026-03-02" or "2026-03-02T09:00". */
static bool is_local_time(call_t *c, text_t text)
{
    text_t ignored;
    bool timed = text.bytes == 16 && text.at[10] == 'T';
    if (text.bytes != 10 && !timed)
        return false;
    return api_instant_read(timed ? text_printf(c->arena, TEXT_FMT ":00Z", TEXT_ARG(text)) : text, c->arena,
                            &ignored);
}

static int check_rota(call_t *c, const json_t *oncall, size_t n_people)
{
    if (n_people == 0)
        return api_invalid(c, TEXT("oncall.people"),
                           "a rota needs people, in the order in which they take turns");
    if (resource_text(oncall, "tz").at == NULL)
        return api_invalid(c, TEXT("oncall.tz"), "a rota needs the time zone at whose wall clock it turns");
    if (!is_local_time(c, resource_text(oncall, "since")))
        return api_invalid(c, TEXT("oncall.since"),
                           "a rota needs the local time of its first turn, like 2026-03-02T09:00");
    return 0;
}

static int check_oncall(call_t *c, tx_t *tx)
{
    const json_t *oncall = json_object_get(c->body, "oncall"), *people = json_object_get(oncall, "people");
    size_t n = json_array_size(people);
    text_t kind = resource_text(oncall, "kind");
    if (!json_is_object(oncall))
        return 0;
    if (kind.at == NULL)
        return api_invalid(c, TEXT("oncall.kind"), "must be given");
    if (text_is(kind, "url") && resource_text(oncall, "url").at == NULL)
        return api_invalid(c, TEXT("oncall.url"), "must be given");
    if (text_is(kind, "static") && n == 0)
        return api_invalid(c, TEXT("oncall.people"), "must be given");
    if (text_is(kind, "rota") && check_rota(c, oncall, n) != 0)
        return -1;
    text_t *logins = ARENA_ARRAY(c->arena, text_t, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *login = json_array_get(people, i);
        logins[i] = (text_t){json_string_value(login), json_string_length(login)};
    }
    return team_check_oncall(tx, resource_text(oncall, "tz"), logins, n, &c->err);
}

/* --- teams ------------------------------------------------------------------------------------------------------------------------ */

int teams_list(call_t *c, tx_t *tx)
{
    return resource_list(c, tx, STMT_TEAMS_LIST, "user");
}

int team_read(call_t *c, tx_t *tx)
{
    return resource_reply(c, tx, &team_resource, 200, c->params[0]);
}

/* Editors make teams, and are the maintainers of what they make. */
static int may_create(call_t *c)
{
    const principal_t *principal = api_principal(c);
    bool editor = principal->kind == PRINCIPAL_USER && principal->role != ROLE_VIEWER &&
                  principal_scope_allows(principal, RIGHT_EDIT_TEAM);
    if (editor || rights_allow(principal, RIGHT_ADMINISTER, 0, 0))
        return 0;
    return err_set(&c->err, ERR_FORBIDDEN, "Only editors and administrators may make a team");
}

static int make_team(call_t *c, tx_t *tx, text_t document)
{
    who_t who = api_who(c);
    bool is_new;
    text_t slug = resource_text(c->body, "slug");
    const principal_t *principal = api_principal(c);
    if (thing_create(tx, &thing_team, &who, slug, document, &c->err) != 0 ||
        (principal->kind == PRINCIPAL_USER && principal->role == ROLE_EDITOR &&
         member_put(tx, &who, slug, principal->name, TEXT("maintainer"), &is_new, &c->err) != 0))
        return -1;
    return resource_reply(c, tx, &team_resource, 201, slug);
}

int team_create(call_t *c, tx_t *tx)
{
    text_t document;
    team_t escalation;
    if (api_shape(c, team_shape, SHAPE_WHOLE, &document) != 0 || may_create(c) != 0 ||
        resource_team(c, tx, "escalation_team", &escalation) != 0 || check_oncall(c, tx) != 0)
        return -1;
    return make_team(c, tx, document);
}

/* Rights are asked before anything is told about the team's state. */
static int team_of_path(call_t *c, tx_t *tx, right_t right, team_t *team)
{
    return team_get(tx, c->params[0], team, &c->err) != 0
               ? -1
               : rights_check(tx, api_principal(c), right, team->id, 0, &c->err);
}

static int must_exist_still(call_t *c, const team_t *team)
{
    return !team->dissolved ? 0
                            : err_set(&c->err, ERR_STATE_CONFLICT,
                                      "Team \"" TEXT_FMT "\" is dissolved; \"" TEXT_FMT "\" took over",
                                      TEXT_ARG(team->slug), TEXT_ARG(team->successor));
}

int team_change(call_t *c, tx_t *tx)
{
    team_t team, escalation;
    text_t document;
    if (api_shape(c, team_shape + 1, SHAPE_PATCH, &document) != 0 ||
        team_of_path(c, tx, RIGHT_EDIT_TEAM, &team) != 0 || must_exist_still(c, &team) != 0 ||
        resource_team(c, tx, "escalation_team", &escalation) != 0 ||
        (escalation.slug.at != NULL &&
         team_check_way(tx, team.slug, escalation.slug, "escalation_team", &c->err) != 0) ||
        check_oncall(c, tx) != 0)
        return -1;
    return resource_change(c, tx, &team_resource, c->params[0], document);
}

int team_dissolve_call(call_t *c, tx_t *tx)
{
    team_t team, successor;
    text_t document;
    who_t who = api_who(c);
    if (api_shape(c, dissolve_shape, SHAPE_WHOLE, &document) != 0 ||
        team_of_path(c, tx, RIGHT_EDIT_TEAM, &team) != 0 ||
        resource_team(c, tx, "successor", &successor) != 0 ||
        team_dissolve(tx, &who, &team, &successor, resource_text(c->body, "reason"), &c->err) != 0)
        return -1;
    return resource_reply(c, tx, &team_resource, 200, team.slug);
}

/* --- members ---------------------------------------------------------------------------------------------------------------------- */

int members_list(call_t *c, tx_t *tx)
{
    team_t team;
    page_t page;
    rows_t *rows;
    if (team_get(tx, c->params[0], &team, &c->err) != 0 || api_page(c, &page) != 0 ||
        tx_query(tx, STMT_MEMBERS_LIST, &rows, sql_text_or_null(page.after), sql_i64(page.limit + 1),
                 sql_text(team.slug)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int member_set(call_t *c, tx_t *tx)
{
    team_t team;
    text_t document;
    bool is_new = false;
    who_t who = api_who(c);
    text_t role;
    if (api_shape(c, member_shape, SHAPE_WHOLE, &document) != 0 ||
        team_of_path(c, tx, RIGHT_EDIT_TEAM, &team) != 0 || must_exist_still(c, &team) != 0)
        return -1;
    role = resource_text(c->body, "role");
    if (member_put(tx, &who, team.slug, c->params[1], role, &is_new, &c->err) != 0)
        return -1;
    reply_json(c, is_new ? 201 : 200,
               json_pack("{s:s%, s:s%, s:s%, s:{s:s, s:s}}", "team", team.slug.at, team.slug.bytes, "user",
                         c->params[1].at, c->params[1].bytes, "role", role.at, role.bytes, "links", "self",
                         text_printf(c->arena, "/api/v1/teams/" TEXT_FMT "/members/" TEXT_FMT,
                                     TEXT_ARG(team.slug), TEXT_ARG(c->params[1]))
                             .at,
                         "ui", text_printf(c->arena, "/ui/teams/" TEXT_FMT, TEXT_ARG(team.slug)).at));
    c->reply.content_type = "application/json";
    return 0;
}

/* Whoever wants to may leave. */
int member_unset(call_t *c, tx_t *tx)
{
    team_t team;
    who_t who = api_who(c);
    const principal_t *principal = api_principal(c);
    bool leaves = principal->kind == PRINCIPAL_USER && text_eq(principal->name, c->params[1]) &&
                  principal_scope_allows(principal, RIGHT_EDIT_TEAM);
    if (team_get(tx, c->params[0], &team, &c->err) != 0 ||
        (!leaves && rights_check(tx, principal, RIGHT_EDIT_TEAM, team.id, 0, &c->err) != 0) ||
        member_remove(tx, &who, team.slug, c->params[1], &c->err) != 0)
        return -1;
    reply_empty(c, 204);
    return 0;
}

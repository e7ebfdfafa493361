#include "catalog/team.h"

int team_get(tx_t *tx, text_t slug, team_t *out, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_TEAM_FIND, &rows, sql_text(slug)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, "There is no team \"" TEXT_FMT "\"", TEXT_ARG(slug));
    *out = (team_t){.id = row_i64(rows, "id"),
                    .rev = row_i32(rows, "rev"),
                    .dissolved = row_bool(rows, "dissolved"),
                    .slug = slug,
                    .escalation = row_text_or_none(rows, "escalation"),
                    .successor = row_text_or_none(rows, "successor")};
    return row_end(rows);
}

int team_named(tx_t *tx, text_t slug, const char *place, team_t *out, err_t *err)
{
    err_t unknown = {.code = ERR_NONE};
    if (team_get(tx, slug, out, &unknown) != 0) {
        if (unknown.code != ERR_NOT_FOUND)
            return -1;
        err->place = place;
        return err_set(err, ERR_FIELD_INVALID, "%s: there is no team \"" TEXT_FMT "\"", place,
                       TEXT_ARG(slug));
    }
    if (!out->dissolved)
        return 0;
    err->place = place;
    return err_set(err, ERR_FIELD_INVALID,
                   "%s: team \"" TEXT_FMT "\" is dissolved; \"" TEXT_FMT "\" took over", place,
                   TEXT_ARG(slug), TEXT_ARG(out->successor));
}

int team_check_way(tx_t *tx, text_t slug, text_t next, const char *place, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_TEAM_LEADS_TO, &rows, sql_text(next), sql_text(slug)) != 0)
        return -1;
    rows_next(rows);
    bool leads = row_bool(rows, "leads");
    if (row_end(rows) != 0)
        return -1;
    if (!leads)
        return 0;
    err->place = place;
    return err_set(err, ERR_STATE_CONFLICT,
                   "%s: what waits for \"" TEXT_FMT "\" would go round in a circle, because \"" TEXT_FMT
                   "\" hands it on to \"" TEXT_FMT "\"",
                   place, TEXT_ARG(slug), TEXT_ARG(next), TEXT_ARG(slug));
}

int team_check_oncall(tx_t *tx, text_t zone, const text_t *people, size_t n, err_t *err)
{
    rows_t *rows;
    if (zone.at != NULL) {
        if (tx_query(tx, STMT_ZONE_KNOWN, &rows, sql_text(zone)) != 0)
            return -1;
        rows_next(rows);
        bool known = row_bool(rows, "known");
        if (row_end(rows) != 0)
            return -1;
        err->place = known ? NULL : "oncall.tz";
        if (!known)
            return err_set(err, ERR_FIELD_INVALID,
                           "oncall.tz: \"" TEXT_FMT "\" is no time zone; Europe/Vienna is one",
                           TEXT_ARG(zone));
    }
    if (n == 0)
        return 0;
    if (tx_query(tx, STMT_LOGINS_UNKNOWN, &rows, sql_text_array(people, n, tx_arena(tx))) != 0)
        return -1;
    if (!rows_next(rows))
        return 0;
    text_t login = row_text(rows, "login");
    err->place = "oncall.people";
    return err_set(err, ERR_FIELD_INVALID,
                   "oncall.people: there is no user \"" TEXT_FMT "\" who can be called", TEXT_ARG(login));
}

int team_dissolve(tx_t *tx, const who_t *who, const team_t *team, const team_t *successor, text_t reason,
                  err_t *err)
{
    rows_t *rows;
    if (team->dissolved)
        return err_set(err, ERR_STATE_CONFLICT, "Team \"" TEXT_FMT "\" is dissolved already",
                       TEXT_ARG(team->slug));
    if (team_check_way(tx, team->slug, successor->slug, "successor", err) != 0 ||
        tx_query(tx, STMT_TEAM_DISSOLVE, &rows, sql_text(team->slug), sql_text(successor->slug),
                 sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    text_t detail = row_text(rows, "detail");
    if (row_end(rows) != 0 || tx_send(tx, STMT_TEAM_REQUIREMENTS_PASS, sql_text(team->slug)) != 0)
        return -1;
    return thing_note(tx, "team", team->slug, who, AUDIT_TEAM_DISSOLVED, detail, reason);
}

/* --- members ------------------------------------------------------------------------------------------------------------------- */

static text_t member_detail(tx_t *tx, text_t login, text_t was, text_t is_now)
{
    return text_printf(
        tx_arena(tx), "{\"user\":\"" TEXT_FMT "\",\"from\":%s" TEXT_FMT "%s,\"to\":%s" TEXT_FMT "%s}",
        TEXT_ARG(login), was.at == NULL ? "null" : "\"", TEXT_ARG(was), was.at == NULL ? "" : "\"",
        is_now.at == NULL ? "null" : "\"", TEXT_ARG(is_now), is_now.at == NULL ? "" : "\"");
}

int member_put(tx_t *tx, const who_t *who, text_t team, text_t login, text_t role, bool *is_new, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_MEMBER_PUT, &rows, sql_text(team), sql_text(login), sql_text(role),
                 sql_text(who->actor)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, "There is no user \"" TEXT_FMT "\"", TEXT_ARG(login));
    text_t was = row_text_or_none(rows, "was");
    if (row_end(rows) != 0)
        return -1;
    *is_new = was.at == NULL;
    return thing_note(tx, "team", team, who, *is_new ? AUDIT_MEMBER_ADDED : AUDIT_MEMBER_CHANGED,
                      member_detail(tx, login, was, role), TEXT_NONE);
}

int member_remove(tx_t *tx, const who_t *who, text_t team, text_t login, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_MEMBER_REMOVE, &rows, sql_text(team), sql_text(login)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, "\"" TEXT_FMT "\" is not in team \"" TEXT_FMT "\"",
                       TEXT_ARG(login), TEXT_ARG(team));
    text_t was = row_text(rows, "was");
    return row_end(rows) != 0 ? -1
                              : thing_note(tx, "team", team, who, AUDIT_MEMBER_REMOVED,
                                           member_detail(tx, login, was, TEXT_NONE), TEXT_NONE);
}

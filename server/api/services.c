/* services.c - /api/v1/services: what produces and consumes events, each of one team. */
#include "server/api/api.h"
#include "server/api/resource.h"

static const char *const kinds[] = {"service", "job", "connector", "external", "app", NULL};

const shape_t service_shape[] = {
    {"slug", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
    {"team", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
    {"name", .kind = SHAPE_TEXT},
    {"description", .kind = SHAPE_TEXT},
    {"kind", SHAPE_CHOICE, .choices = kinds},
    {"repo", SHAPE_URL, .flags = SHAPE_NULL},
    {"tier", SHAPE_TEXT, .flags = SHAPE_NULL},
    {"labels", .kind = SHAPE_LABELS},
    {"managed_by", .kind = SHAPE_TEXT},
    {"retired", .kind = SHAPE_BOOL},
    {0},
};

static const resource_t service = {&thing_service, "/api/v1/services/", STMT_SERVICE_GET, service_shape};

int services_list(call_t *c, tx_t *tx)
{
    return resource_list(c, tx, STMT_SERVICES_LIST, "team");
}

int service_create(call_t *c, tx_t *tx)
{
    team_t team;
    if (resource_team(c, tx, "team", &team) != 0)
        return -1;
    return resource_create(c, tx, &service, "slug", RIGHT_DECLARE, team.id);
}

int service_get(call_t *c, tx_t *tx)
{
    return resource_reply(c, tx, &service, 200, c->params[0]);
}

/* It goes to another team only when the asker may speak for both. */
int service_change(call_t *c, tx_t *tx)
{
    team_t to;
    text_t document;
    rows_t *rows;
    if (api_shape(c, service_shape + 1, SHAPE_PATCH, &document) != 0 ||
        tx_query(tx, STMT_SERVICE_GET, &rows, sql_text(c->params[0])) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(&c->err, ERR_NOT_FOUND, "There is no service \"" TEXT_FMT "\"",
                       TEXT_ARG(c->params[0]));
    int64_t id = row_i64(rows, "id"), team_id = row_i64(rows, "team_id");
    if (row_end(rows) != 0 || resource_team(c, tx, "team", &to) != 0 ||
        rights_check(tx, api_principal(c), RIGHT_DECLARE, team_id, id, &c->err) != 0 ||
        (to.slug.at != NULL && rights_check(tx, api_principal(c), RIGHT_DECLARE, to.id, 0, &c->err) != 0))
        return -1;
    return resource_change(c, tx, &service, c->params[0], document);
}

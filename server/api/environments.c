/* environments.c - /api/v1/environments: where services run, in the order in which they get there. */
#include "server/api/api.h"
#include "server/api/resource.h"

const shape_t environment_shape[] = {
    {"name", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
    {"position", SHAPE_INT, .least = 0, .most = 1000000},
    {"production", .kind = SHAPE_BOOL},
    {0},
};

static const resource_t environment = {&thing_environment, "/api/v1/environments/", STMT_ENVIRONMENT_GET,
                                       environment_shape};

int environments_list(call_t *c, tx_t *tx)
{
    return resource_list(c, tx, STMT_ENVIRONMENTS_LIST, NULL);
}

int environment_create(call_t *c, tx_t *tx)
{
    return resource_create(c, tx, &environment, "name", RIGHT_ADMINISTER, 0);
}

int environment_get(call_t *c, tx_t *tx)
{
    return resource_reply(c, tx, &environment, 200, c->params[0]);
}

int environment_change(call_t *c, tx_t *tx)
{
    text_t document;
    if (api_shape(c, environment_shape + 1, SHAPE_PATCH, &document) != 0 ||
        rights_check(tx, api_principal(c), RIGHT_ADMINISTER, 0, 0, &c->err) != 0)
        return -1;
    return resource_change(c, tx, &environment, c->params[0], document);
}

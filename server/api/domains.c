/* domains.c - /api/v1/domains: the parts of the business that events belong to. */
#include "server/api/api.h"
#include "server/api/resource.h"

const shape_t domain_shape[] = {
    {"slug", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
    {"name", .kind = SHAPE_TEXT},
    {"description", .kind = SHAPE_TEXT},
    {"team", SHAPE_SLUG, .flags = SHAPE_NULL},
    {"labels", .kind = SHAPE_LABELS},
    {"managed_by", .kind = SHAPE_TEXT},
    {0},
};

static const resource_t domain = {&thing_domain, "/api/v1/domains/", STMT_DOMAIN_GET, domain_shape};

int domains_list(call_t *c, tx_t *tx)
{
    return resource_list(c, tx, STMT_DOMAINS_LIST, NULL);
}

int domain_create(call_t *c, tx_t *tx)
{
    team_t team;
    return resource_team(c, tx, "team", &team) != 0
               ? -1
               : resource_create(c, tx, &domain, "slug", RIGHT_ADMINISTER, 0);
}

int domain_get(call_t *c, tx_t *tx)
{
    return resource_reply(c, tx, &domain, 200, c->params[0]);
}

int domain_change(call_t *c, tx_t *tx)
{
    team_t team;
    text_t document;
    if (api_shape(c, domain_shape + 1, SHAPE_PATCH, &document) != 0 ||
        rights_check(tx, api_principal(c), RIGHT_ADMINISTER, 0, 0, &c->err) != 0 ||
        resource_team(c, tx, "team", &team) != 0)
        return -1;
    return resource_change(c, tx, &domain, c->params[0], document);
}

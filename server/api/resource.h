/* resource.h - what handlers of things that are made, read, listed and changed have in common (catalog/thing.h). */
#ifndef AVOW_SERVER_API_RESOURCE_H
#define AVOW_SERVER_API_RESOURCE_H

#include "catalog/team.h"
#include "server/api/shape.h"

typedef struct {
    const thing_t *thing;
    const char *path; /* "/api/v1/teams/" */
    stmt_t get;       /* $1 name; columns body, rev */
    const shape_t *shape;
} resource_t;

/* The thing as it is now: 200, or 201 with its Location. */
int resource_reply(call_t *c, tx_t *tx, const resource_t *resource, int status, text_t name);

/* The name of a new one (`member` of the body), its other members, and that the asker may make it. */
int resource_create(call_t *c, tx_t *tx, const resource_t *resource, const char *member, right_t right,
                    int64_t team_id);

/* If-Match, then the change. Rights were checked. */
int resource_change(call_t *c, tx_t *tx, const resource_t *resource, text_t name, text_t document);

/* If-Match against what it is now; ERR_NOT_FOUND. */
int resource_match(call_t *c, tx_t *tx, const resource_t *resource, text_t name);

/* A listing whose statement takes $1 key, $2 limit, and $3 the query parameter `filter`, if that is not NULL. */
int resource_list(call_t *c, tx_t *tx, stmt_t statement, const char *filter);

/* The team that the body names at `member`, if it does; it is there and not dissolved. */
int resource_team(call_t *c, tx_t *tx, const char *member, team_t *team);

text_t resource_text(const json_t *object, const char *member); /* TEXT_NONE if absent, null or no text */

#endif

/* inbox.h - what each team was told, and what it has to do about it. Items are written where events are handed over (delivery.h).
 *
 * Owns     tables inbox_seen and inbox_item (done_at).
 */
#ifndef AVOW_CATALOG_INBOX_H
#define AVOW_CATALOG_INBOX_H

#include "catalog/who.h"

typedef struct {
    int64_t id, team_id; /* team 0: the administrators' */
    bool done;
    text_t team, title;
} inbox_item_t;

/* ERR_NOT_FOUND. `id` as it stands in a path. */
int inbox_item_get(tx_t *tx, text_t id, inbox_item_t *out);

/* Somebody has seen to it. Doing it twice is fine. */
int inbox_done(tx_t *tx, const who_t *who, const inbox_item_t *item);

/* A person has looked at these: that begins the notice periods of the teams that the person is a member of. */
int inbox_look(tx_t *tx, const who_t *who, int64_t person_id, const int64_t *items, size_t n);

#endif

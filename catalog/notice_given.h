/* notice_given.h - the moment at which a team counts as told of a change or of the end of a line: its notice period begins.
 *
 * It is the first delivery to a webhook of the team, or the first look of a member into its inbox; what comes later changes nothing.
 *
 * Owns     the columns delivered_at and delivered_by of table notice.
 */
#ifndef AVOW_CATALOG_NOTICE_GIVEN_H
#define AVOW_CATALOG_NOTICE_GIVEN_H

#include "catalog/who.h"

typedef struct {
    int64_t team_id;
    int64_t change_id, line_id; /* 0: none */
    enum { TOLD_BY_WEBHOOK, TOLD_BY_INBOX } by;
} told_t;

/* Writes an audit entry when that was news. */
int notice_given(tx_t *tx, const who_t *who, const told_t *told);

#endif

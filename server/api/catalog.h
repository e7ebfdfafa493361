/* catalog.h - what handlers of events, lines and parties have in common. */
#ifndef AVOW_SERVER_API_CATALOG_H
#define AVOW_SERVER_API_CATALOG_H

#include "catalog/line.h"
#include "server/api/resource.h"

/* 301: the thing is called otherwise now. `before`, `name` and `after` make the path. */
int api_moved(call_t *c, const char *before, text_t name, const char *after);

/* "orders-key" holds keys, all else values. */
text_t api_subject_role(text_t subject);

/* Of a body in the shape of line_shape; locks its subjects and begins the catalog's write. */
int api_line_draft(call_t *c, tx_t *tx, const json_t *line, line_draft_t *out);

extern const shape_t line_shape[];

#endif

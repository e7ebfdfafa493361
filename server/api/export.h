/* export.h - the catalog in the words of others: each format is a function from lines to a document. Pure, tested against the formats' own
 * parsers.
 *
 * `lines` is an array of what export_lines.sql tells, `landscape` what export_landscape.sql does.
 *
 * Memory   the results are new references.
 */
#ifndef AVOW_SERVER_API_EXPORT_H
#define AVOW_SERVER_API_EXPORT_H

#include <jansson.h>

#include "compat/core/buf.h"

typedef struct {
    const char *title; /* of the document */
    const char *base;  /* of links: the server's own URL, or "" */
    const json_t *lines, *landscape;
} export_t;

json_t *export_asyncapi_3(const export_t *export);
json_t *export_asyncapi_2(const export_t *export);

/* A stream of YAML documents, each of them JSON. */
void export_backstage(const export_t *export, buf_t *out);

/* Open Data Contract Standard: one line, one contract. */
json_t *export_odcs(const json_t *line);

/* --- shared by the formats ---------------------------------------------------------------------------------------------------------- */

const char *export_text(const json_t *object, const char *name); /* "" when it is not there */
bool export_is_deprecated(const json_t *line);

/* orders.order_placed@2 as a key that every format takes: orders.order_placed.v2. New reference to a string. */
json_t *export_key(const json_t *line);

/* What every description says of a line besides its schema, for readers. New reference to a string: Markdown. */
json_t *export_description(const json_t *line);

/* The parsed schema of the line's version, or its text where it cannot be held exactly. */
json_t *export_schema(const json_t *line);
const char *export_schema_format(const json_t *line); /* AsyncAPI's name of it */

#endif

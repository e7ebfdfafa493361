/* report.h - a report on a pair, printed: as JSON for machines, as text for people.
 *
 * The JSON form is an interface (docs/cli.md, docs/api.md): `avow check --format json`, `avow check --pairs` and POST /api/v1/checks
 * print the same object.
 */
#ifndef AVOW_COMPAT_REPORT_H
#define AVOW_COMPAT_REPORT_H

#include "compat/compat.h"

/* The members of the report without the braces: "verdict":…,"reason":…,"findings":[…],"witness":…,"steps":… */
void report_print_members(buf_t *out, const report_t *report);

/* What people call the two sides. */
typedef struct {
    const char *name; /* "old.avsc" */
    const char *role; /* "old", "new" */
    text_t text;      /* the source, for showing its lines */
} side_t;

typedef struct {
    bool colour;
    unsigned columns; /* width of the terminal */
} report_style_t;

/* Findings with both places side by side, the sentence, the sample message and the fix. */
void report_print_text(buf_t *out, const report_t *report, const side_t *reader, const side_t *writer,
                       const report_style_t *style);

#endif

/* finding.h - what the findings of strict mode have in common in all formats: which field they are about, how they are known again, what
 * changed its meaning. Private to compat/.
 */
#ifndef AVOW_COMPAT_FINDING_H
#define AVOW_COMPAT_FINDING_H

#include "compat/compat.h"

/* The report with path, paths and fingerprint of every finding, and for JSON Schema with the changes of meaning that break nothing. In
 * `arena`; `report` itself if there is nothing to add. */
const report_t *findings_complete(const report_t *report, const schema_t *reader, const schema_t *writer,
                                  const check_options_t *options, arena_t *arena);

#endif

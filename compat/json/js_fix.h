/* js_fix.h - for each break that strict mode found, the smallest edit of the reader that mends it, tried before it is proposed.
 *
 * A fix is applied to the reader's text, the edited schema is parsed and checked again, and only what then holds is shown: the
 * break is gone and no other has come.
 */
#ifndef AVOW_COMPAT_JSON_JS_FIX_H
#define AVOW_COMPAT_JSON_JS_FIX_H

#include "compat/compat.h"

/* Fills `fix` and `fixed_text` of the breaking findings of an incompatible report. Texts live in `arena`. */
void js_fix_findings(const schema_t *reader, const schema_t *writer, const check_options_t *options,
                     report_t *report, arena_t *arena);

#endif

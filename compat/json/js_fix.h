/* js_fix.h - for each break that strict mode found, the smallest edit of the new schema that mends it, tried before it is
 * proposed.
 *
 * A fix is applied to the text of the side that options->fix names, the edited schema is parsed and checked again, and only what then holds is shown: the
 * break is gone and no other has come.
 */
#ifndef AVOW_COMPAT_JSON_JS_FIX_H
#define AVOW_COMPAT_JSON_JS_FIX_H

#include "compat/compat.h"

/* json_strict_check, and a fix for each break that it explains: the `check` of strict mode in the format's row. Without
 * findings asked for it is json_strict_check and nothing more. */
const report_t *js_check_and_fix(const schema_t *reader, const schema_t *writer,
                                 const check_options_t *options, arena_t *arena);

#endif

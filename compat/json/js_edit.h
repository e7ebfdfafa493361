/* js_edit.h - edits of a JSON Schema (compat/edits.h): the `edit` of the format's row. */
#ifndef AVOW_COMPAT_JSON_JS_EDIT_H
#define AVOW_COMPAT_JSON_JS_EDIT_H

#include "compat/format.h"

int js_edit(edit_job_t *job, schema_t **out);

#endif

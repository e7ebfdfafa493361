/* js_fields.h - a JSON Schema as the list of its fields (compat/fields.h): the `fields` of the format's row. */
#ifndef AVOW_COMPAT_JSON_JS_FIELDS_H
#define AVOW_COMPAT_JSON_JS_FIELDS_H

#include "compat/fields.h"

fields_t js_fields(const schema_t *schema, const limits_t *limits, arena_t *arena);

#endif

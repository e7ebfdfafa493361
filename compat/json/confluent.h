/* confluent.h - the verdict that Confluent's registry gives on a pair of JSON Schemas, and why.
 *
 * The two schemas are brought into the model of confluent_model.h and compared from their roots; every difference has a type, and a
 * table says which types are compatible under the policies STRICT and LENIENT. `reader` is what upstream calls the update,
 * `writer` the original.
 *
 * Reasons  budget-search
 * Memory   the report lives in `arena` and points into both schemas.
 * Threads  none, nothing shared.
 * Spec     compat/README.md "JSON Schema, confluent mode".
 */
#ifndef AVOW_COMPAT_JSON_CONFLUENT_H
#define AVOW_COMPAT_JSON_CONFLUENT_H

#include "compat/compat.h"

const report_t *json_confluent_check(const schema_t *reader, const schema_t *writer,
                                     const check_options_t *options, arena_t *arena);

/* One verbose message: {errorType:"...", description:"..."}. `finding->rule` must be a difference's name. */
text_t json_confluent_message(const finding_t *finding, bool reader_is_new, arena_t *arena);

#endif

/* av_print.h - the texts of an Avro schema that registries store and hash. compat.h says what each is for.
 * Private to compat/avro.
 */
#ifndef AVOW_COMPAT_AVRO_AV_PRINT_H
#define AVOW_COMPAT_AVRO_AV_PRINT_H

#include "compat/avro/av_model.h"

text_t av_normalized(const schema_t *schema, arena_t *arena);
text_t av_resolved(const schema_t *schema, arena_t *arena);

/* `type` of `from` as it may be written into `into`: types of a name that `into` has are named, others written out with their
 * namespace. Empty if it nests too deep. */
text_t av_print_foreign(const av_schema_t *from, const av_type_t *type, const av_schema_t *into,
                        arena_t *arena);

/* A JSON value with numbers as Java prints them; `sorted` orders members by UTF-16 code units at every level. */
void av_print_value(buf_t *out, const jv_t *value, bool sorted);

#endif

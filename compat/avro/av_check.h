/* av_check.h - the two verdicts on a pair of Avro schemas. Private to compat/avro; compat_check is the way in. */
#ifndef AVOW_COMPAT_AVRO_AV_CHECK_H
#define AVOW_COMPAT_AVRO_AV_CHECK_H

#include "compat/avro/av_model.h"

/* As Confluent's registry decides: Avro Java's SchemaCompatibility, its memo order included (compat/README.md). */
const report_t *av_check_confluent(const schema_t *reader, const schema_t *writer,
                                   const check_options_t *options, arena_t *arena);
text_t av_message_confluent(const finding_t *finding, bool reader_is_new, arena_t *arena);

/* The truth: reachability of a break, with a replayed witness for each. */
const report_t *av_check_strict(const schema_t *reader, const schema_t *writer,
                                const check_options_t *options, arena_t *arena);

#endif

/* av_match.h - when a reader's type is meant by a writer's, value by value: the decoder's side of "to match". Private to compat/avro.
 *
 * The walk has its own (walk_match), on purpose: the decoder judges what the walk finds.
 * Spec     Apache Avro 1.12, "Schema Resolution".
 */
#ifndef AVOW_COMPAT_AVRO_AV_MATCH_H
#define AVOW_COMPAT_AVRO_AV_MATCH_H

#include "compat/avro/av_model.h"

bool match_called(const av_type_t *reader,
                  const av_type_t *writer);        /* named types: by simple name or alias */
bool match_promotes(av_kind_t from, av_kind_t to); /* the kind itself included */
bool match_decimal(const av_type_t *reader, const av_type_t *writer);

/* The branch of a reader's union for a writer's type that is no union: the first that matches, or as Avro Java chooses. */
bool match_branch(const av_type_t *reader, const av_type_t *writer, bool full_names_first, uint32_t *out);

/* Does Avro Java hold two unions for the same, so that branches go by position? Takes its work from `steps`. */
bool match_same_union(const av_type_t *reader, const av_type_t *writer, uint64_t *steps);

#endif

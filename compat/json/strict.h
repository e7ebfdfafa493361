/* strict.h - can every JSON value that `writer` allows be read with `reader`? The exact answer, with a proof or a witness.
 *
 * The question is put as a search for a value of (writer and not reader). Finding none, exhaustively, is `compatible`; a
 * value that the validator confirms (valid under the writer, invalid under the reader) is `incompatible`; anything else is
 * `undecided` with a reason code. Nothing is ever `compatible` because a search ran out of steps.
 *
 * Reasons  budget-search, budget-regex, regex-unsupported, format-asserted, names, unevaluated, exclusion, unique-matching,
 *          number-size, witness-size, reference, reference-loop, depth, keyword
 * Memory   the report lives in `arena` and may point into both schemas.
 * Threads  none of its own, nothing shared: a pure function of its arguments.
 * Spec     compat/README.md, "JSON Schema, strict mode".
 */
#ifndef AVOW_COMPAT_JSON_STRICT_H
#define AVOW_COMPAT_JSON_STRICT_H

#include "compat/compat.h"

const report_t *json_strict_check(const schema_t *reader, const schema_t *writer,
                                  const check_options_t *options, arena_t *arena);

/* Values that `schema` accepts, as different from each other as the schema makes easy: up to `n` of them, in `arena`, each
 * confirmed by the validator. The count may be 0: the schema accepts nothing, or none was found within the limits. */
size_t json_strict_sample(const schema_t *schema, size_t n, const check_options_t *options, arena_t *arena,
                          const jv_t ***out);

#endif

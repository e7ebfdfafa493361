/* av_explain.h - what the walk found, said for people: places, sentences, meaning, fixes. Private to compat/avro. */
#ifndef AVOW_COMPAT_AVRO_AV_EXPLAIN_H
#define AVOW_COMPAT_AVRO_AV_EXPLAIN_H

#include "compat/avro/av_walk.h"

typedef struct {
    const schema_t *reader, *writer;
    const walk_t *walk;
    arena_t *arena;
} story_t;

/* The findings of a report, growing up to `max`. */
typedef struct {
    finding_t *at;
    size_t n, room, max;
} findings_t;

/* A new finding of `rule` at the end, or NULL when there is no more room. */
finding_t *findings_add(findings_t *findings, rule_t rule, arena_t *arena);

/* Rule, class, places and sentence of a break. */
void av_explain_break(const story_t *story, const break_t *broken, finding_t *finding);

/* Every pair that was met, compared for what does not break: risky, safe, documentation, in this order. */
void av_explain_meaning(const story_t *story, findings_t *findings);

/* Where a visit stands in the texts: the slots that were compared, before and behind unions. */
const av_slot_t *av_visit_slot(const walk_t *walk, const visit_t *visit, const av_schema_t *schema,
                               bool of_reader, const av_type_t **container, uint32_t *index);

/* For each break the smallest edit of one schema that mends it: applied to the text, parsed and checked again, and shown only if that
 * break is gone and no other has come. `breaks` are those of the first `n` findings. */
void av_fix_findings(const story_t *story, const check_options_t *options, finding_t *findings,
                     const break_t *breaks, size_t n);

#endif

/* av_walk.h - which pairs of types does a message meet, and at which of them does reading break? Private to compat/avro.
 *
 * Nothing in Avro's resolution is a choice: the first branch of a reader's union that matches is taken and never revised. So
 * "some message breaks" is reachability in the graph of (reader type, writer type) pairs, and breadth first finds a break with
 * the fewest steps from the top. Linear in the pairs that are met.
 *
 * Memory   a walk holds a small scratch of its own and grows on the heap; walk_dispose gives it back. Nothing is
 *          allocated for small pairs.
 * Spec     Apache Avro 1.12, "Schema Resolution"; the choices where it is silent are in compat/README.md, "Avro".
 */
#ifndef AVOW_COMPAT_AVRO_AV_WALK_H
#define AVOW_COMPAT_AVRO_AV_WALK_H

#include "compat/avro/av_model.h"
#include "compat/avro/av_pairs.h"

typedef enum {
#define RULE(id, name, class, meaning) RULE_##id,
#include "compat/rules.def"
#undef RULE
    RULE_N
} rule_t;

const char *rule_name(rule_t rule);
finding_class_t rule_class(rule_t rule);
const char *rule_meaning(rule_t rule);

typedef enum { STEP_TOP, STEP_FIELD, STEP_ITEM } step_t;

#define NO_BRANCH UINT32_MAX

/* A pair that some message meets, and how it is reached from the pair before: into the reader's field `reader_field` from the
 * writer's `writer_field`, or into the items; then, where there are unions, the branch that was written and the one taken. */
typedef struct {
    const av_type_t *reader,
        *writer;     /* behind the unions; the reader's union itself where no branch was taken */
    uint32_t parent; /* index of the visit before; at the top its own */
    step_t step;
    uint32_t reader_field, writer_field;
    uint32_t writer_branch, reader_branch; /* or NO_BRANCH */
} visit_t;

typedef struct {
    rule_t rule;
    uint32_t visit;
    uint32_t index; /* the reader's field, or the writer's symbol */
} break_t;

/* Two readings of names, which differ where a type of the writer has the simple name of a reader's and another full name. */
typedef enum {
    CHOICE_SPECIFICATION, /* simple names decide; the first branch of a union that matches */
    CHOICE_FULL_NAME, /* as Avro Java's reader: branches by full name, then structure; field aliases by full name */
} choice_t;

#define WALK_VISITS 32
#define WALK_TYPES  96

typedef struct {
    choice_t choice;
    bool collect; /* all breaks and all pairs, primitives too; else up to the first break */
    bool
        ambiguous; /* out: the reader's union has a branch of the writer's simple name but not its full name */
    bool exhausted; /* out: max_steps is spent */
    uint64_t steps, max_steps;
    visit_t *visits;
    uint32_t n_visits;
    break_t *breaks;
    uint32_t n_breaks;

    const av_schema_t *_reader;
    uint32_t _room_visits, _room_breaks, _room_claims;
    uint32_t *_partner; /* by reader id: the first writer it met, plus one; others are in _pairs */
    uint32_t *_claims;
    pairs_t _pairs;
    visit_t _own_visits[WALK_VISITS];
    break_t _own_breaks[4];
    uint32_t _own_partner[WALK_TYPES];
} walk_t;

/* Walks from the top. The walk may be used again after walk_dispose and walk_init only. */
void walk_init(walk_t *walk, choice_t choice, bool collect, uint64_t max_steps);
void walk_run(walk_t *walk, const av_schema_t *reader, const av_schema_t *writer);
void walk_dispose(walk_t *walk);

/* Do the two match without looking inside: kind, name, size, decimal; promotions included? *rule says why not. */
bool walk_match(const av_type_t *reader, const av_type_t *writer, rule_t *rule);

#endif

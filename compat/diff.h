/* diff.h - what changed between two schemas, in the words of people: the semantic diff.
 *
 * Independent of verdicts: it says what is different (added, removed, renamed, retyped, constrained, relaxed, other meaning), not
 * whether somebody breaks. A change of meaning (unit, logical type, scale, default, enum symbols, tags) is classed risky and a change of
 * words documentation, never silent. The proposed version number follows from the verdicts and from this.
 *
 * Memory   in the arena given; texts may point into the two schemas.
 */
#ifndef AVOW_COMPAT_DIFF_H
#define AVOW_COMPAT_DIFF_H

#include "compat/fields.h"

/* XX(name, word in texts and JSON, class on its own) */
#define DIFF_MAP(XX)                                         \
    XX(ADDED, "added", CLASS_SAFE)                           \
    XX(REMOVED, "removed", CLASS_SAFE)                       \
    XX(RENAMED, "renamed", CLASS_RISKY)                      \
    XX(MAYBE_RENAMED, "likely renamed", CLASS_RISKY)         \
    XX(RETYPED, "retyped", CLASS_RISKY)                      \
    XX(CONSTRAINED, "constrained", CLASS_SAFE)               \
    XX(RELAXED, "relaxed", CLASS_SAFE)                       \
    XX(SYMBOL_ADDED, "symbol added", CLASS_RISKY)            \
    XX(SYMBOL_REMOVED, "symbol removed", CLASS_RISKY)        \
    XX(DEFAULT_CHANGED, "default changed", CLASS_RISKY)      \
    XX(LOGICAL_CHANGED, "logical type changed", CLASS_RISKY) \
    XX(UNIT_CHANGED, "unit changed", CLASS_RISKY)            \
    XX(TAGS_CHANGED, "tags changed", CLASS_RISKY)            \
    XX(FACT_CHANGED, "changed", CLASS_RISKY)                 \
    XX(DOC_CHANGED, "documentation changed", CLASS_DOCUMENTATION)

typedef enum {
#define XX(name, word, finding_class) DIFF_##name,
    DIFF_MAP(XX)
#undef XX
        DIFF_N
} diff_kind_t;

const char *diff_word(diff_kind_t kind);
finding_class_t diff_class(diff_kind_t kind);

typedef struct {
    diff_kind_t kind;
    const field_t *before, *after; /* one is NULL where a field was added or removed */
    const char *fact;              /* what changed: "type", "maxLength", "doc", ... */
    text_t from, to;               /* JSON or plain text, for people */
    text_t sentence;
} diff_entry_t;

typedef struct {
    const diff_entry_t *entries; /* in the order of the new schema; removals where the field was */
    size_t n;
    bool complete;
} diff_t;

diff_t fields_diff(fields_t before, fields_t after, arena_t *arena);
diff_t schema_diff(const schema_t *before, const schema_t *after, const limits_t *limits, arena_t *arena);

/* What a version number should do: a breaking verdict in either direction is major, a structural difference minor, words patch. */
typedef enum { SEMVER_NONE, SEMVER_PATCH, SEMVER_MINOR, SEMVER_MAJOR } semver_t;
const char *semver_name(semver_t step);
semver_t semver_propose(const diff_t *diff, const report_t *new_reads_old, const report_t *old_reads_new);

/* One JSON array of entries; and lines of text for a terminal or a log. */
void diff_print_json(buf_t *out, const diff_t *diff);
void diff_print_text(buf_t *out, const diff_t *diff);

#endif

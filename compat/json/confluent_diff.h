/* confluent_diff.h - the comparison of two models, shared by the files that do it. Private to them.
 *
 * Original and update are upstream's words: the writer and the reader, except within `not`, where they change places.
 *
 * What a reference leads to on either side is compared once for each pair of nodes, and its differences are shown wherever the pair comes
 * up; a pair that comes up within itself is taken to be compatible. If it then turns out not to be, everything is compared
 * again with that known, until nothing new turns up (the greatest fixpoint). Pairs wait on a list of their own: only the nesting
 * of the text is on the C stack.
 */
#ifndef AVOW_COMPAT_JSON_CONFLUENT_DIFF_H
#define AVOW_COMPAT_JSON_CONFLUENT_DIFF_H

#include "compat/json/confluent_difference.h"
#include "compat/json/confluent_model.h"

/* --- paths ---------------------------------------------------------------------------------------------------------- */

/* A step of a path that differences can keep: a word, and a name or a number after it. */
typedef struct cf_step {
    const struct cf_step *up;
    const char *word;
    text_t name;   /* .at is NULL: none */
    int64_t index; /* -1: none */
} cf_step_t;

/* The way to where the comparison stands, on the C stack; kept only if a difference turns up. */
typedef struct cf_path {
    struct cf_path *up;
    cf_step_t step;
    const cf_step_t *kept;
} cf_path_t;

#define CF_AT_WORD(up, word)         (&(cf_path_t){(up), {NULL, (word), {NULL, 0}, -1}, NULL})
#define CF_AT_NAME(up, word, name)   (&(cf_path_t){(up), {NULL, (word), (name), -1}, NULL})
#define CF_AT_INDEX(up, word, index) (&(cf_path_t){(up), {NULL, (word), {NULL, 0}, (index)}, NULL})

/* --- differences ------------------------------------------------------------------------------------------------------ */

typedef struct cf_pair cf_pair_t;

/* A difference, or a pair whose differences belong here. */
typedef struct cf_entry {
    struct cf_entry *next;
    const cf_step_t *path; /* from the pair that the entry belongs to */
    const char *attribute; /* one step more; NULL: none */
    const cf_pair_t *pair; /* NULL: a difference */
    cf_difference_t type;
    const jv_t *original, *update; /* where; NULL: the side lacks it */
} cf_entry_t;

/* What one comparison found. */
typedef struct {
    cf_entry_t *first, *last;
    bool incompatible;
} cf_list_t;

struct cf_pair {
    const cf_node_t *original, *update;
    enum { CF_PAIR_NEW, CF_PAIR_ACTIVE, CF_PAIR_DONE } state;
    bool incompatible_before; /* an earlier round found it so */
    bool relied_on;           /* it came up within itself in this round */
    bool has_breaking,
        has_other; /* differences, its own and those of the pairs among its entries; once it is done */
    cf_list_t found;
};

/* --- a comparison ------------------------------------------------------------------------------------------------------- */

typedef struct {
    json_policy_t policy;
    const limits_t *limits;
    arena_t *arena; /* scratch of the whole comparison */
    uint64_t steps;
    bool exhausted; /* out of steps: nothing that was found counts */
    struct {
        cf_pair_t **slots; /* a power of two */
        uint32_t n, room;
    } pairs;
    struct {
        cf_pair_t **at;
        uint32_t n, room;
    } missing; /* pairs that the pair under way needs and that are not compared yet */
    js_matcher_t matcher;
} cf_diff_t;

/* The pair of the two roots, compared to the end or until the steps ran out (then NULL). */
const cf_pair_t *cf_diff_run(cf_diff_t *diff, const cf_node_t *original, const cf_node_t *update);

/* Compares two nodes, either of which may be NULL, and adds what it finds to `list`. */
void cf_compare(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                const cf_node_t *update);

/* Kinds; both nodes are of the kind. */
void cf_compare_object(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                       const cf_node_t *update);
void cf_compare_array(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                      const cf_node_t *update);
void cf_compare_string(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                       const cf_node_t *update);
void cf_compare_number(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                       const cf_node_t *update);
void cf_compare_enum(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                     const cf_node_t *update);
void cf_compare_const(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                      const cf_node_t *update);
void cf_compare_not(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                    const cf_node_t *update);
void cf_compare_combined(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                         const cf_node_t *update);

/* Counts work. False once the limit is passed. */
bool cf_step(cf_diff_t *diff, uint64_t n);

/* Adds a difference at `path`, found at these two places. */
void cf_add(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, cf_difference_t type, const jv_t *original,
            const jv_t *update);

/* Adds a difference of a keyword that both nodes may have. */
void cf_add_attribute(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, cf_difference_t type,
                      const char *keyword, const cf_node_t *original, const cf_node_t *update);

/* The four differences of a limit, by name. */
typedef struct {
    const char *keyword;
    cf_difference_t added, removed, increased, decreased;
} cf_limit_t;

#define CF_LIMIT(keyword, name)                                                                  \
    (&(const cf_limit_t){keyword, CF_##name##_ADDED, CF_##name##_REMOVED, CF_##name##_INCREASED, \
                         CF_##name##_DECREASED})

void cf_compare_count(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_limit_t *limit,
                      const cf_node_t *original, const cf_node_t *update, cf_count_t before,
                      cf_count_t after);

/* unevaluatedProperties and unevaluatedItems; `path` ends in the keyword. */
typedef struct {
    cf_difference_t added, removed, narrowed, extended;
} cf_unevaluated_t;

void cf_compare_unevaluated(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_unevaluated_t *types,
                            const cf_node_t *original, const cf_node_t *update);

/* Puts the entries of `other` at the end of `list`. */
void cf_list_join(cf_list_t *list, const cf_list_t *other);

static inline bool cf_is_free(const cf_node_t *node) /* upstream: an instance of EmptySchema */
{
    return node->kind == CF_EMPTY || node->kind == CF_TRUE;
}

#endif

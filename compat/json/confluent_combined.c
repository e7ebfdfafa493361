/* confluent_combined.c - differences of two allOf, anyOf or oneOf: as many branches as possible are paired off. */
#include "compat/json/confluent_diff.h"

#include <string.h>

#define NOBODY UINT32_MAX

/* Branches of the original on the left, of the update on the right; a bit for each pair that is compatible. */
typedef struct {
    uint32_t n_left, n_right, words; /* words of one row */
    uint64_t *fits;
    uint32_t *left_of, *right_of; /* the matching */
    /* of one search */
    uint64_t *unseen; /* right branches not reached yet */
    uint32_t *from;   /* by right branch: the left branch that reached it */
    uint32_t *queue;  /* left branches */
} matching_t;

static void matching_init(matching_t *m, uint32_t n_left, uint32_t n_right, arena_t *arena)
{
    m->n_left = n_left;
    m->n_right = n_right;
    m->words = (n_right + 63) / 64;
    m->fits = ARENA_ARRAY(arena, uint64_t, (size_t)n_left * m->words);
    m->unseen = ARENA_ARRAY(arena, uint64_t, m->words);
    m->right_of = ARENA_ARRAY(arena, uint32_t, n_left);
    m->queue = ARENA_ARRAY(arena, uint32_t, n_left);
    m->left_of = ARENA_ARRAY(arena, uint32_t, n_right);
    m->from = ARENA_ARRAY(arena, uint32_t, n_right);
    for (uint32_t i = 0; i < n_left; i++)
        m->right_of[i] = NOBODY;
    for (uint32_t i = 0; i < n_right; i++)
        m->left_of[i] = NOBODY;
}

/* The way back from a free right branch: every left branch on it changes its partner. */
static void matching_turn(matching_t *m, uint32_t right)
{
    while (right != NOBODY) {
        uint32_t left = m->from[right], next = m->right_of[left];
        m->right_of[left] = right;
        m->left_of[right] = left;
        right = next;
    }
}

/* Finds a partner for `start`, if need be by finding others for those that are paired already: breadth first. */
static bool matching_extend(cf_diff_t *diff, matching_t *m, uint32_t start)
{
    uint32_t head = 0, tail = 0;

    memset(m->unseen, 0xff, sizeof(*m->unseen) * m->words);
    m->queue[tail++] = start;
    while (head < tail) {
        uint32_t left = m->queue[head++];
        const uint64_t *row = m->fits + (size_t)left * m->words;
        if (!cf_step(diff, m->words))
            return false;
        for (uint32_t w = 0; w < m->words; w++) {
            for (uint64_t bits = row[w] & m->unseen[w]; bits != 0; bits &= bits - 1) {
                uint32_t right = w * 64 + (uint32_t)__builtin_ctzll(bits);
                m->unseen[w] &= ~(UINT64_C(1) << (right % 64));
                m->from[right] = left;
                if (m->left_of[right] == NOBODY) {
                    matching_turn(m, right);
                    return true;
                }
                m->queue[tail++] = m->left_of[right];
            }
        }
    }
    return false;
}

/* --- criteria ------------------------------------------------------------------------------------------------------------ */

/* True if the comparison may go on. */
static bool compare_criteria(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                             const cf_node_t *update)
{
    const cf_combined_t *before = original->combined, *after = update->combined;

    if (before->criterion == after->criterion)
        return true;
    bool extended = after->criterion == CF_ANY_OF || (before->n == 1 && after->n == 1) ||
                    (before->n == 1 && after->criterion == CF_ONE_OF) ||
                    (after->n == 1 && before->criterion == CF_ALL_OF);
    cf_add(diff, list, path, extended ? CF_COMBINED_TYPE_EXTENDED : CF_COMBINED_TYPE_CHANGED, original->at,
           update->at);
    return extended;
}

static void compare_sizes(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                          const cf_node_t *update)
{
    const cf_combined_t *before = original->combined, *after = update->combined;

    if (before->n_distinct < after->n_distinct)
        cf_add(diff, list, path,
               after->criterion == CF_ALL_OF ? CF_PRODUCT_TYPE_EXTENDED : CF_SUM_TYPE_EXTENDED, original->at,
               update->at);
    else if (before->n_distinct > after->n_distinct)
        cf_add(diff, list, path,
               before->criterion == CF_ALL_OF ? CF_PRODUCT_TYPE_NARROWED : CF_SUM_TYPE_NARROWED, original->at,
               update->at);
}

/* --- branches ------------------------------------------------------------------------------------------------------------ */

/* Compares every branch with every branch; `found` gets what each pair gave. */
static void compare_branches(cf_diff_t *diff, cf_path_t *path, const cf_combined_t *before,
                             const cf_combined_t *after, matching_t *m, cf_list_t *found)
{
    for (uint32_t i = 0; i < m->n_left; i++) {
        cf_path_t *here = CF_AT_INDEX(path, cf_criterion_name(before->criterion), i);
        for (uint32_t j = 0; j < m->n_right && !diff->exhausted; j++) {
            cf_list_t *one = &found[(size_t)i * m->n_right + j];
            cf_compare(diff, one, here, before->distinct[i], after->distinct[j]);
            if (!one->incompatible)
                m->fits[(size_t)i * m->words + j / 64] |= UINT64_C(1) << (j % 64);
        }
    }
}

void cf_compare_combined(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                         const cf_node_t *update)
{
    const cf_combined_t *before = original->combined, *after = update->combined;
    uint32_t matched = 0;
    matching_t m;

    if (!compare_criteria(diff, list, path, original, update))
        return;
    compare_sizes(diff, list, path, original, update);
    uint32_t smaller = before->n_distinct < after->n_distinct ? before->n_distinct : after->n_distinct;
    uint64_t pairs = (uint64_t)before->n_distinct * after->n_distinct;
    if (pairs >
        diff->limits->max_steps - diff->steps) { /* each will cost a step: no memory is taken in vain */
        diff->exhausted = true;
        return;
    }
    matching_init(&m, before->n_distinct, after->n_distinct, diff->arena);
    cf_list_t *found = ARENA_ARRAY(diff->arena, cf_list_t, pairs);
    compare_branches(diff, path, before, after, &m, found);
    for (uint32_t i = 0; i < m.n_left && matched < smaller && !diff->exhausted; i++)
        matched += matching_extend(diff, &m, i);
    for (uint32_t i = 0; i < m.n_left; i++) {
        if (m.right_of[i] != NOBODY)
            cf_list_join(list, &found[(size_t)i * m.n_right + m.right_of[i]]);
    }
    if (matched < smaller)
        cf_add(diff, list, path, CF_COMBINED_TYPE_SUBSCHEMAS_CHANGED, original->at, update->at);
}

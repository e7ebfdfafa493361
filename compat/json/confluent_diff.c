/* confluent_diff.c - compares two models: the general step, pairs that come up again, and the rounds until nothing changes. */
#include "compat/json/confluent_diff.h"

#include <string.h>

/* --- lists ----------------------------------------------------------------------------------------------------------- */

bool cf_step(cf_diff_t *diff, uint64_t n)
{
    diff->steps += n;
    if (diff->steps > diff->limits->max_steps)
        diff->exhausted = true;
    return !diff->exhausted;
}

static const cf_step_t *path_keep(cf_diff_t *diff, cf_path_t *path)
{
    if (path == NULL || path->kept != NULL)
        return path == NULL ? NULL : path->kept;
    cf_step_t *step = ARENA_NEW(diff->arena, cf_step_t);
    *step = path->step;
    step->up = path_keep(diff, path->up);
    path->kept = step;
    return step;
}

static cf_entry_t *entry_add(cf_diff_t *diff, cf_list_t *list, cf_path_t *path)
{
    cf_entry_t *entry = ARENA_NEW(diff->arena, cf_entry_t);

    entry->path = path_keep(diff, path);
    if (list->last == NULL)
        list->first = entry;
    else
        list->last->next = entry;
    list->last = entry;
    return entry;
}

void cf_list_join(cf_list_t *list, const cf_list_t *other)
{
    list->incompatible |= other->incompatible;
    if (other->first == NULL)
        return;
    if (list->last == NULL)
        list->first = other->first;
    else
        list->last->next = other->first;
    list->last = other->last;
}

void cf_add(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, cf_difference_t type, const jv_t *original,
            const jv_t *update)
{
    cf_entry_t *entry = entry_add(diff, list, path);

    entry->type = type;
    entry->original = original;
    entry->update = update;
    if (!cf_difference_compatible(type, diff->policy))
        list->incompatible = true;
}

void cf_add_attribute(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, cf_difference_t type,
                      const char *keyword, const cf_node_t *original, const cf_node_t *update)
{
    cf_add(diff, list, path, type, jv_get(original->at, keyword), jv_get(update->at, keyword));
    list->last->attribute = keyword;
}

void cf_compare_count(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_limit_t *limit,
                      const cf_node_t *original, const cf_node_t *update, cf_count_t before, cf_count_t after)
{
    if (!before.given && !after.given)
        return;
    if (!before.given)
        cf_add_attribute(diff, list, path, limit->added, limit->keyword, original, update);
    else if (!after.given)
        cf_add_attribute(diff, list, path, limit->removed, limit->keyword, original, update);
    else if (before.value < after.value)
        cf_add_attribute(diff, list, path, limit->increased, limit->keyword, original, update);
    else if (before.value > after.value)
        cf_add_attribute(diff, list, path, limit->decreased, limit->keyword, original, update);
}

void cf_compare_unevaluated(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_unevaluated_t *types,
                            const cf_node_t *original, const cf_node_t *update)
{
    const jv_t *before = original != NULL ? original->at : NULL, *after = update != NULL ? update->at : NULL;
    bool was_false = original != NULL && original->kind == CF_FALSE;
    bool is_false = update != NULL && update->kind == CF_FALSE;

    if (original == NULL && update == NULL)
        return;
    if (original == NULL)
        cf_add(diff, list, path, is_false ? types->removed : types->narrowed, before, after);
    else if (update == NULL)
        cf_add(diff, list, path, was_false ? types->added : types->extended, before, after);
    else if (was_false != is_false)
        cf_add(diff, list, path, was_false ? types->added : types->removed, before, after);
    else if (cf_is_free(original) != cf_is_free(update))
        cf_add(diff, list, path, cf_is_free(original) ? types->narrowed : types->extended, before, after);
    else
        cf_compare(diff, list, path, original, update);
}

/* --- pairs ------------------------------------------------------------------------------------------------------------ */

static uint32_t pair_slot(const cf_diff_t *diff, const cf_node_t *original, const cf_node_t *update)
{
    uint64_t mixed = ((uint64_t)original->index << 32 | update->index) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t mask = diff->pairs.room - 1;
    uint32_t slot = (uint32_t)(mixed >> 32) & mask;

    while (diff->pairs.slots[slot] != NULL &&
           (diff->pairs.slots[slot]->original != original || diff->pairs.slots[slot]->update != update))
        slot = (slot + 1) & mask;
    return slot;
}

static void pairs_grow(cf_diff_t *diff)
{
    cf_pair_t **slots = diff->pairs.slots;
    uint32_t room = diff->pairs.room;

    diff->pairs.room = room == 0 ? 32 : room * 2;
    diff->pairs.slots = ARENA_ARRAY(diff->arena, cf_pair_t *, diff->pairs.room);
    for (uint32_t i = 0; i < room; i++) {
        if (slots[i] != NULL)
            diff->pairs.slots[pair_slot(diff, slots[i]->original, slots[i]->update)] = slots[i];
    }
}

static cf_pair_t *pair_get(cf_diff_t *diff, const cf_node_t *original, const cf_node_t *update)
{
    if (diff->pairs.n * 2 >= diff->pairs.room)
        pairs_grow(diff);
    uint32_t slot = pair_slot(diff, original, update);
    if (diff->pairs.slots[slot] == NULL) {
        cf_pair_t *pair = ARENA_NEW(diff->arena, cf_pair_t);
        pair->original = original;
        pair->update = update;
        diff->pairs.slots[slot] = pair;
        diff->pairs.n++;
    }
    return diff->pairs.slots[slot];
}

static void missing_add(cf_diff_t *diff, cf_pair_t *pair)
{
    if (diff->missing.n == diff->missing.room) {
        uint32_t room = diff->missing.room == 0 ? 16 : diff->missing.room * 2;
        cf_pair_t **at = ARENA_ARRAY(diff->arena, cf_pair_t *, room);
        if (diff->missing.n > 0)
            memcpy(at, diff->missing.at, sizeof(*at) * diff->missing.n);
        diff->missing.at = at;
        diff->missing.room = room;
    }
    diff->missing.at[diff->missing.n++] = pair;
}

/* A pair reached by a reference: its differences if it is done; a promise if it is under way; else it must wait. */
static void compare_pair(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                         const cf_node_t *update)
{
    cf_pair_t *pair = pair_get(diff, original, update);

    switch (pair->state) {
    case CF_PAIR_DONE:
        if (pair->found.first != NULL)
            entry_add(diff, list, path)->pair = pair;
        list->incompatible |= pair->found.incompatible;
        break;
    case CF_PAIR_ACTIVE:
        pair->relied_on = true;
        list->incompatible |= pair->incompatible_before;
        break;
    case CF_PAIR_NEW:
        missing_add(diff, pair);
        list->incompatible =
            true; /* so that all alternatives are looked at, and what they need is known at once */
        break;
    }
}

/* --- the general step --------------------------------------------------------------------------------------------------- */

/* Only the update is combined: does the original fit one of its branches? Then that is all there is to say. */
static bool fits_branch(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                        const cf_node_t *update)
{
    const cf_combined_t *combined = update->combined;

    if (combined->n != 1 && combined->criterion == CF_ALL_OF)
        return false;
    for (uint32_t i = 0; i < combined->n && !diff->exhausted; i++) {
        cf_list_t found = {NULL, NULL, false};
        cf_compare(diff, &found, path, original, combined->branches[i]);
        if (found.incompatible)
            continue;
        cf_list_join(list, &found);
        if (combined->n > 1)
            cf_add(diff, list, path, CF_SUM_TYPE_EXTENDED, original->at, update->at);
        return true;
    }
    return false;
}

/* Only the original is combined: does one of its branches fit the update? */
static bool branch_fits(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                        const cf_node_t *update)
{
    const cf_combined_t *combined = original->combined;

    if (combined->n != 1 && combined->criterion != CF_ALL_OF)
        return false;
    for (uint32_t i = 0; i < combined->n && !diff->exhausted; i++) {
        cf_list_t found = {NULL, NULL, false};
        cf_compare(diff, &found, path, combined->branches[i], update);
        if (found.incompatible)
            continue;
        cf_list_join(list, &found);
        if (combined->n > 1)
            cf_add(diff, list, path, CF_PRODUCT_TYPE_NARROWED, original->at, update->at);
        return true;
    }
    return false;
}

static bool same_text(text_t a, text_t b)
{
    return (a.at == NULL) == (b.at == NULL) && text_eq(a, b);
}

static void compare_annotations(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                                const cf_node_t *update)
{
    const jv_t *before = original->default_value, *after = update->default_value;

    if (!same_text(original->id, update->id))
        cf_add(diff, list, path, CF_ID_CHANGED, original->at, update->at);
    if (!same_text(original->title, update->title))
        cf_add(diff, list, path, CF_TITLE_CHANGED, jv_get(original->at, "title"),
               jv_get(update->at, "title"));
    if (!same_text(original->description, update->description))
        cf_add(diff, list, path, CF_DESCRIPTION_CHANGED, jv_get(original->at, "description"),
               jv_get(update->at, "description"));
    if ((before == NULL) != (after == NULL) ||
        (before != NULL && before != after && !jv_equal(before, after)))
        cf_add(diff, list, path, CF_DEFAULT_CHANGED, before, after);
}

typedef void (*compare_fn)(cf_diff_t *, cf_list_t *, cf_path_t *, const cf_node_t *, const cf_node_t *);

/* Kinds that have nothing to compare are absent. */
static const compare_fn by_kind[CF_KIND_N] = {
    [CF_STRING] = cf_compare_string, [CF_NUMBER] = cf_compare_number,     [CF_OBJECT] = cf_compare_object,
    [CF_ARRAY] = cf_compare_array,   [CF_ENUM] = cf_compare_enum,         [CF_CONST] = cf_compare_const,
    [CF_NOT] = cf_compare_not,       [CF_COMBINED] = cf_compare_combined,
};

static void compare_followed(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                             const cf_node_t *update)
{
    if (original->kind != CF_COMBINED && update->kind == CF_COMBINED &&
        fits_branch(diff, list, path, original, update))
        return;
    if (original->kind == CF_COMBINED && update->kind != CF_COMBINED &&
        branch_fits(diff, list, path, original, update))
        return;
    if (original->kind != update->kind) {
        bool allowed = original->kind == CF_FALSE || cf_is_free(update) ||
                       (original->connect_bytes && update->connect_bytes);
        if (!allowed)
            cf_add(diff, list, path, CF_TYPE_CHANGED, original->at, update->at);
        return;
    }
    compare_annotations(diff, list, path, original, update);
    if (by_kind[original->kind] != NULL)
        by_kind[original->kind](diff, list, path, original, update);
}

void cf_compare(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                const cf_node_t *update)
{
    if ((original == NULL && update == NULL) || !cf_step(diff, 1))
        return;
    if (original == NULL || update == NULL) {
        cf_add(diff, list, path, original == NULL ? CF_SCHEMA_ADDED : CF_SCHEMA_REMOVED,
               original != NULL ? original->at : NULL, update != NULL ? update->at : NULL);
        return;
    }
    if (original->kind == CF_REFERENCE || update->kind == CF_REFERENCE)
        compare_pair(diff, list, path, cf_follow(original), cf_follow(update));
    else
        compare_followed(diff, list, path, original, update);
}

/* --- rounds ------------------------------------------------------------------------------------------------------------- */

typedef struct {
    cf_pair_t *pair;
    cf_pair_t **needs;
    uint32_t n, next;
} frame_t;

typedef struct {
    frame_t *at;
    size_t n, room;
} frames_t;

static frame_t *frame_push(cf_diff_t *diff, frames_t *frames, cf_pair_t *pair)
{
    if (frames->n == frames->room) {
        size_t room = frames->room == 0 ? 32 : frames->room * 2;
        frame_t *at = ARENA_ARRAY(diff->arena, frame_t, room);
        if (frames->n > 0)
            memcpy(at, frames->at, sizeof(*at) * frames->n);
        frames->at = at;
        frames->room = room;
    }
    frames->at[frames->n] = (frame_t){pair, NULL, 0, 0};
    pair->state = CF_PAIR_ACTIVE;
    return &frames->at[frames->n++];
}

static void pair_finish(cf_diff_t *diff, cf_pair_t *pair)
{
    for (const cf_entry_t *entry = pair->found.first; entry != NULL; entry = entry->next) {
        bool breaking = entry->pair != NULL ? entry->pair->has_breaking
                                            : !cf_difference_compatible(entry->type, diff->policy);
        bool other = entry->pair != NULL ? entry->pair->has_other : !breaking;
        pair->has_breaking |= breaking;
        pair->has_other |= other;
    }
    pair->state = CF_PAIR_DONE;
}

/* Compares the pair at the top. If others must be compared first they are noted, and it will be compared again. */
static bool frame_run(cf_diff_t *diff, frame_t *frame)
{
    frame->pair->found = (cf_list_t){NULL, NULL, false};
    diff->missing.n = 0;
    compare_followed(diff, &frame->pair->found, NULL, frame->pair->original, frame->pair->update);
    if (diff->missing.n == 0) {
        pair_finish(diff, frame->pair);
        return true;
    }
    frame->needs = ARENA_ARRAY(diff->arena, cf_pair_t *, diff->missing.n);
    memcpy(frame->needs, diff->missing.at, sizeof(*frame->needs) * diff->missing.n);
    frame->n = diff->missing.n;
    frame->next = 0;
    return false;
}

static void round_run(cf_diff_t *diff, cf_pair_t *root)
{
    frames_t frames = {NULL, 0, 0};

    frame_push(diff, &frames, root);
    while (frames.n > 0 && !diff->exhausted) {
        frame_t *top = &frames.at[frames.n - 1];
        if (top->next == top->n) {
            frames.n -= frame_run(diff, top);
            continue;
        }
        cf_pair_t *need = top->needs[top->next++];
        if (need->state == CF_PAIR_NEW)
            frame_push(diff, &frames, need);
    }
}

/* Pairs that were taken to be compatible within themselves and are not: known from now on. True if there are new ones. */
static bool lessons_learn(cf_diff_t *diff)
{
    bool learnt = false;

    for (uint32_t i = 0; i < diff->pairs.room; i++) {
        cf_pair_t *pair = diff->pairs.slots[i];
        if (pair != NULL && pair->relied_on && pair->found.incompatible && !pair->incompatible_before) {
            pair->incompatible_before = true;
            learnt = true;
        }
    }
    return learnt;
}

/* Forgets what was found, not what was learnt. */
static void pairs_reset(cf_diff_t *diff)
{
    for (uint32_t i = 0; i < diff->pairs.room; i++) {
        cf_pair_t *pair = diff->pairs.slots[i];
        if (pair == NULL)
            continue;
        pair->state = CF_PAIR_NEW;
        pair->relied_on = pair->has_breaking = pair->has_other = false;
    }
}

const cf_pair_t *cf_diff_run(cf_diff_t *diff, const cf_node_t *original, const cf_node_t *update)
{
    /* not among the others: a reference to the root is a pair of its own, as it is upstream */
    cf_pair_t *root = ARENA_NEW(diff->arena, cf_pair_t);

    root->original = cf_follow(original);
    root->update = cf_follow(update);
    round_run(diff, root);
    while (!diff->exhausted && lessons_learn(diff)) {
        pairs_reset(diff);
        round_run(diff, root);
    }
    return diff->exhausted ? NULL : root;
}

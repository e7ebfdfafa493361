/* confluent_array.c - differences of two array schemas, in the order in which Confluent looks for them. */
#include "compat/json/confluent_diff.h"

static bool is_open(const cf_array_t *array)
{
    return !array->closed && array->additional == NULL &&
           (array->unevaluated == NULL || cf_is_free(array->unevaluated));
}

/* What an item beyond the tuple must satisfy; NULL if the schema is open or closed. */
static const cf_node_t *covering(const cf_array_t *array)
{
    if (array->additional != NULL || array->closed)
        return array->additional;
    if (array->unevaluated != NULL && !cf_is_free(array->unevaluated) && array->unevaluated->kind != CF_FALSE)
        return array->unevaluated;
    return NULL;
}

static void compare_removed(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *item,
                            const cf_array_t *update)
{
    const cf_node_t *cover = covering(update);

    if (is_open(update)) {
        cf_add(diff, list, path, CF_ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL, item->at, NULL);
        return;
    }
    if (cover == NULL) {
        cf_add(diff, list, path,
               item->kind == CF_FALSE ? CF_ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL
                                      : CF_ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL,
               item->at, NULL);
        return;
    }
    cf_list_t found = {NULL, NULL, false};
    cf_compare(diff, &found, path, item, cover);
    bool covered = !found.incompatible;
    cf_list_join(list, &found);
    cf_add(diff, list, path,
           covered ? CF_ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
                   : CF_ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL,
           item->at, cover->at);
}

static void compare_added(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *item,
                          const cf_array_t *original)
{
    const cf_node_t *cover = covering(original);

    if (is_open(original)) {
        cf_add(diff, list, path,
               cf_is_free(item) ? CF_ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL
                                : CF_ITEM_ADDED_TO_OPEN_CONTENT_MODEL,
               NULL, item->at);
        return;
    }
    if (cover == NULL) {
        cf_add(diff, list, path, CF_ITEM_ADDED_TO_CLOSED_CONTENT_MODEL, NULL, item->at);
        return;
    }
    cf_list_t found = {NULL, NULL, false};
    cf_compare(diff, &found, path, cover, item);
    bool covered = !found.incompatible;
    cf_list_join(list, &found);
    cf_add(diff, list, path,
           covered ? CF_ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
                   : CF_ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL,
           cover->at, item->at);
}

static void compare_tuples(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_array_t *before,
                           const cf_array_t *after)
{
    uint32_t n = before->n_tuple > after->n_tuple ? before->n_tuple : after->n_tuple;

    for (uint32_t i = 0; i < n && cf_step(diff, 1); i++) {
        cf_path_t *here = CF_AT_INDEX(path, "items", i);
        if (i >= after->n_tuple)
            compare_removed(diff, list, here, before->tuple[i], after);
        else if (i >= before->n_tuple)
            compare_added(diff, list, here, after->tuple[i], before);
        else
            cf_compare(diff, list, here, before->tuple[i], after->tuple[i]);
    }
}

static const jv_t *additional_at(const cf_node_t *node)
{
    const jv_t *additional = jv_get(node->at, "additionalItems");

    return additional != NULL || !node->modern ? additional : jv_get(node->at, "items");
}

static void compare_additional(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                               const cf_node_t *update)
{
    const cf_array_t *before = original->array, *after = update->array;
    cf_path_t *here = CF_AT_WORD(path, "additionalItems");
    const jv_t *was = additional_at(original), *is = additional_at(update);

    if (before->closed != after->closed)
        cf_add(diff, list, here, before->closed ? CF_ADDITIONAL_ITEMS_ADDED : CF_ADDITIONAL_ITEMS_REMOVED,
               was, is);
    else if (before->additional == NULL && after->additional != NULL)
        cf_add(diff, list, here, CF_ADDITIONAL_ITEMS_NARROWED, was, is);
    else if (before->additional != NULL && after->additional == NULL)
        cf_add(diff, list, here, CF_ADDITIONAL_ITEMS_EXTENDED, was, is);
    else
        cf_compare(diff, list, here, before->additional, after->additional);
}

static const cf_unevaluated_t unevaluated_types = {
    .added = CF_UNEVALUATED_ITEMS_ADDED,
    .removed = CF_UNEVALUATED_ITEMS_REMOVED,
    .narrowed = CF_UNEVALUATED_ITEMS_NARROWED,
    .extended = CF_UNEVALUATED_ITEMS_EXTENDED,
};

void cf_compare_array(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                      const cf_node_t *update)
{
    const cf_array_t *before = original->array, *after = update->array;

    cf_compare(diff, list, CF_AT_WORD(path, "items"), before->all_items, after->all_items);
    compare_tuples(diff, list, path, before, after);
    compare_additional(diff, list, path, original, update);
    cf_compare_unevaluated(diff, list, CF_AT_WORD(path, "unevaluatedItems"), &unevaluated_types,
                           before->unevaluated, after->unevaluated);
    cf_compare_count(diff, list, path, CF_LIMIT("maxItems", MAX_ITEMS), original, update, before->max_items,
                     after->max_items);
    cf_compare_count(diff, list, path, CF_LIMIT("minItems", MIN_ITEMS), original, update, before->min_items,
                     after->min_items);
    if (before->unique != after->unique)
        cf_add_attribute(diff, list, path, before->unique ? CF_UNIQUE_ITEMS_REMOVED : CF_UNIQUE_ITEMS_ADDED,
                         "uniqueItems", original, update);
    cf_compare_count(diff, list, path, CF_LIMIT("maxContains", MAX_CONTAINS), original, update,
                     before->max_contains, after->max_contains);
    cf_compare_count(diff, list, path, CF_LIMIT("minContains", MIN_CONTAINS), original, update,
                     before->min_contains, after->min_contains);
}

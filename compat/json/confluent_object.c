/* confluent_object.c - differences of two object schemas, in the order in which Confluent looks for them. */
#include "compat/json/confluent_diff.h"

/* --- content models -------------------------------------------------------------------------------------------------- */

/* Open: a property that the schema does not name may be anything. */
static bool is_open(const cf_object_t *object)
{
    return !object->closed && object->additional == NULL && object->patterns.n == 0 &&
           (object->unevaluated == NULL || cf_is_free(object->unevaluated));
}

/* A pattern that cannot be followed finds nothing. */
static bool pattern_finds(cf_diff_t *diff, const js_pattern_t *pattern, text_t name)
{
    js_match_t match = js_pattern_match(pattern, name, &diff->matcher, &diff->steps, diff->limits->max_steps);

    if (match == JS_MATCH_BUDGET)
        diff->exhausted = true;
    return match == JS_MATCH_YES && cf_step(diff, 1);
}

/* What a property that the schema does not name must satisfy; NULL if the schema is open, or closed for it. */
static const cf_node_t *covering(cf_diff_t *diff, const cf_object_t *object, text_t name)
{
    for (uint32_t i = 0; i < object->patterns.n; i++) {
        const cf_node_t *node = object->patterns.at[i].node;
        if (node != NULL && pattern_finds(diff, object->expressions[i], name))
            return node;
    }
    if (object->additional != NULL || object->closed)
        return object->additional;
    if (object->unevaluated != NULL && !cf_is_free(object->unevaluated) &&
        object->unevaluated->kind != CF_FALSE)
        return object->unevaluated;
    return NULL;
}

/* --- properties -------------------------------------------------------------------------------------------------------- */

static void compare_required(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                             const cf_node_t *update)
{
    const cf_members_t *before = &original->object->properties;

    for (uint32_t i = 0; i < before->n && cf_step(diff, 1); i++) {
        const cf_member_t *after = cf_member(&update->object->properties, before->at[i].name);
        if (after == NULL || after->required == before->at[i].required)
            continue;
        cf_difference_t type = !after->required                     ? CF_REQUIRED_ATTRIBUTE_REMOVED
                               : after->node->default_value != NULL ? CF_REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED
                                                                    : CF_REQUIRED_ATTRIBUTE_ADDED;
        cf_add(diff, list, CF_AT_NAME(path, "required", after->name), type,
               before->at[i].required ? jv_get(original->at, "required") : NULL,
               after->required ? jv_get(update->at, "required") : NULL);
    }
}

static void compare_removed(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_member_t *property,
                            const cf_node_t *update)
{
    const cf_object_t *object = update->object;
    const jv_t *at = property->node->at;

    if (is_open(object)) {
        cf_add(diff, list, path, CF_PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL, at, NULL);
        return;
    }
    const cf_node_t *cover = covering(diff, object, property->name);
    if (cover == NULL) {
        cf_add(diff, list, path,
               property->node->kind == CF_FALSE ? CF_PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL
                                                : CF_PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL,
               at, NULL);
        return;
    }
    cf_list_t found = {NULL, NULL, false};
    cf_compare(diff, &found, path, property->node, cover);
    bool covered = !found.incompatible;
    cf_list_join(list, &found);
    cf_add(diff, list, path,
           covered ? CF_PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
                   : CF_PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL,
           at, cover->at);
}

static void added_to_open(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_member_t *property)
{
    cf_difference_t type = CF_OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL;

    if (cf_is_free(property->node))
        type = CF_PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL;
    else if (property->required)
        type = property->node->default_value != NULL
                   ? CF_REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL
                   : CF_REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL;
    cf_add(diff, list, path, type, NULL, property->node->at);
}

static void added_to_unopen(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_member_t *property,
                            const cf_object_t *original)
{
    const cf_node_t *cover = covering(diff, original, property->name);
    cf_difference_t type = CF_OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL;

    if (cover != NULL) {
        cf_list_t found = {NULL, NULL, false};
        cf_compare(diff, &found, path, cover, property->node);
        bool covered = !found.incompatible;
        cf_list_join(list, &found);
        cf_add(diff, list, path,
               covered ? CF_PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
                       : CF_PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL,
               cover->at, property->node->at);
    }
    if (property->required)
        type = property->node->default_value != NULL
                   ? CF_REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL
                   : CF_REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL;
    cf_add(diff, list, path, type, NULL, property->node->at);
}

static void compare_properties(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                               const cf_node_t *update)
{
    const cf_members_t *before = &original->object->properties, *after = &update->object->properties;

    for (uint32_t i = 0; i < before->n && cf_step(diff, 1); i++) {
        const cf_member_t *other = cf_member(after, before->at[i].name);
        cf_path_t *here = CF_AT_NAME(path, "properties", before->at[i].name);
        if (other != NULL)
            cf_compare(diff, list, here, before->at[i].node, other->node);
        else
            compare_removed(diff, list, here, &before->at[i], update);
    }
    bool open = is_open(original->object);
    for (uint32_t i = 0; i < after->n && cf_step(diff, 1); i++) {
        cf_path_t *here = CF_AT_NAME(path, "properties", after->at[i].name);
        if (cf_member(before, after->at[i].name) != NULL)
            continue;
        if (open)
            added_to_open(diff, list, here, &after->at[i]);
        else
            added_to_unopen(diff, list, here, &after->at[i], original->object);
    }
}

/* --- dependencies -------------------------------------------------------------------------------------------------------- */

/* Both lists are sorted. */
static bool has_all(const cf_name_list_t *of, const cf_name_list_t *names)
{
    uint32_t i = 0, j = 0;

    while (i < of->n && j < names->n) {
        int order = text_compare(of->names[i], names->names[j]);
        if (order > 0)
            return false;
        j += order == 0;
        i++;
    }
    return j == names->n;
}

static void compare_name_lists(cf_diff_t *diff, cf_list_t *list, cf_path_t *path,
                               const cf_name_list_t *before, const cf_name_list_t *after, const jv_t *was,
                               const jv_t *is)
{
    bool extended = has_all(after, before), narrowed = has_all(before, after);

    cf_step(diff, (uint64_t)before->n + after->n);
    if (extended && narrowed)
        return;
    cf_add(diff, list, path,
           extended   ? CF_DEPENDENCY_ARRAY_EXTENDED
           : narrowed ? CF_DEPENDENCY_ARRAY_NARROWED
                      : CF_DEPENDENCY_ARRAY_CHANGED,
           was, is);
}

static const jv_t *dependencies_at(const cf_node_t *node)
{
    return jv_get(node->at, node->modern ? "dependentRequired" : "dependencies");
}

static void compare_name_dependencies(cf_diff_t *diff, cf_list_t *list, cf_path_t *path,
                                      const cf_node_t *original, const cf_node_t *update)
{
    const cf_object_t *before = original->object, *after = update->object;
    const jv_t *was = dependencies_at(original), *is = dependencies_at(update);

    for (uint32_t i = 0; i < before->n_name_dependencies && cf_step(diff, 1); i++) {
        const cf_name_list_t *names = &before->name_dependencies[i];
        const cf_name_list_t *other = cf_name_list(after, names->name);
        cf_path_t *here = CF_AT_NAME(path, "dependencies", names->name);
        const jv_t *at = jv_get_text(was, names->name);
        if (other == NULL)
            cf_add(diff, list, here, CF_DEPENDENCY_ARRAY_REMOVED, at, NULL);
        else
            compare_name_lists(diff, list, here, names, other, at, jv_get_text(is, names->name));
    }
    for (uint32_t i = 0; i < after->n_name_dependencies && cf_step(diff, 1); i++) {
        text_t name = after->name_dependencies[i].name;
        if (cf_name_list(before, name) == NULL)
            cf_add(diff, list, CF_AT_NAME(path, "dependencies", name), CF_DEPENDENCY_ARRAY_ADDED, NULL,
                   jv_get_text(is, name));
    }
}

static const cf_node_t *schema_dependency(const cf_members_t *members, text_t name)
{
    const cf_member_t *member = cf_member(members, name);

    return member != NULL ? member->node : NULL;
}

static void compare_schema_dependencies(cf_diff_t *diff, cf_list_t *list, cf_path_t *path,
                                        const cf_node_t *original, const cf_node_t *update)
{
    const cf_members_t *before = &original->object->schema_dependencies;
    const cf_members_t *after = &update->object->schema_dependencies;

    for (uint32_t i = 0; i < before->n && cf_step(diff, 1); i++) {
        const cf_node_t *node = before->at[i].node;
        const cf_node_t *other = schema_dependency(after, before->at[i].name);
        cf_path_t *here = CF_AT_NAME(path, "dependencies", before->at[i].name);
        if (node != NULL && other == NULL)
            cf_add(diff, list, here, CF_DEPENDENCY_SCHEMA_REMOVED, node->at, NULL);
        else if (node != NULL)
            cf_compare(diff, list, here, node, other);
    }
    for (uint32_t i = 0; i < after->n && cf_step(diff, 1); i++) {
        if (after->at[i].node != NULL && schema_dependency(before, after->at[i].name) == NULL)
            cf_add(diff, list, CF_AT_NAME(path, "dependencies", after->at[i].name),
                   CF_DEPENDENCY_SCHEMA_ADDED, NULL, after->at[i].node->at);
    }
}

/* --- the rest ---------------------------------------------------------------------------------------------------------- */

static void compare_additional(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                               const cf_node_t *update)
{
    const cf_object_t *before = original->object, *after = update->object;
    cf_path_t *here = CF_AT_WORD(path, "additionalProperties");
    const jv_t *was = jv_get(original->at, "additionalProperties");
    const jv_t *is = jv_get(update->at, "additionalProperties");

    if (before->closed != after->closed)
        cf_add(diff, list, here,
               before->closed ? CF_ADDITIONAL_PROPERTIES_ADDED : CF_ADDITIONAL_PROPERTIES_REMOVED, was, is);
    else if (before->additional == NULL && after->additional != NULL)
        cf_add(diff, list, here, CF_ADDITIONAL_PROPERTIES_NARROWED, was, is);
    else if (before->additional != NULL && after->additional == NULL)
        cf_add(diff, list, here, CF_ADDITIONAL_PROPERTIES_EXTENDED, was, is);
    else
        cf_compare(diff, list, here, before->additional, after->additional);
}

static const cf_unevaluated_t unevaluated_types = {
    .added = CF_UNEVALUATED_PROPERTIES_ADDED,
    .removed = CF_UNEVALUATED_PROPERTIES_REMOVED,
    .narrowed = CF_UNEVALUATED_PROPERTIES_NARROWED,
    .extended = CF_UNEVALUATED_PROPERTIES_EXTENDED,
};

void cf_compare_object(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                       const cf_node_t *update)
{
    const cf_object_t *before = original->object, *after = update->object;

    compare_required(diff, list, path, original, update);
    compare_properties(diff, list, path, original, update);
    compare_name_dependencies(diff, list, path, original, update);
    compare_schema_dependencies(diff, list, path, original, update);
    compare_additional(diff, list, path, original, update);
    cf_compare_unevaluated(diff, list, CF_AT_WORD(path, "unevaluatedProperties"), &unevaluated_types,
                           before->unevaluated, after->unevaluated);
    cf_compare_count(diff, list, path, CF_LIMIT("maxProperties", MAX_PROPERTIES), original, update,
                     before->max_properties, after->max_properties);
    cf_compare_count(diff, list, path, CF_LIMIT("minProperties", MIN_PROPERTIES), original, update,
                     before->min_properties, after->min_properties);
}

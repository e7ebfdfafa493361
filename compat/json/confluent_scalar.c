/* confluent_scalar.c - differences of strings, numbers, enums, constants and negations. */
#include "compat/json/confluent_diff.h"

void cf_compare_string(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                       const cf_node_t *update)
{
    const cf_string_t *before = original->string, *after = update->string;

    cf_compare_count(diff, list, path, CF_LIMIT("maxLength", MAX_LENGTH), original, update,
                     before->max_length, after->max_length);
    cf_compare_count(diff, list, path, CF_LIMIT("minLength", MIN_LENGTH), original, update,
                     before->min_length, after->min_length);
    if (before->pattern == NULL && after->pattern == NULL)
        return;
    if (before->pattern == NULL || after->pattern == NULL)
        cf_add_attribute(diff, list, path, before->pattern == NULL ? CF_PATTERN_ADDED : CF_PATTERN_REMOVED,
                         "pattern", original, update);
    else if (!text_eq(before->pattern->text, after->pattern->text))
        cf_add_attribute(diff, list, path, CF_PATTERN_CHANGED, "pattern", original, update);
}

/* --- numbers ----------------------------------------------------------------------------------------------------------- */

static void compare_bound(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_limit_t *limit,
                          const cf_node_t *original, const cf_node_t *update, cf_bound_t before,
                          cf_bound_t after)
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

/* Where both have an exclusiveMaximum and it became smaller, upstream compares the original's with the update's maximum;
 * without one it fails. Its answers are kept, and where it has none, the plain one is given. */
static bool smaller_goes_unseen(const cf_number_t *before, const cf_number_t *after)
{
    return before->exclusive_maximum.given && after->exclusive_maximum.given &&
           before->exclusive_maximum.value > after->exclusive_maximum.value && after->maximum.given &&
           before->exclusive_maximum.value <= after->maximum.value;
}

static void compare_multiples(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                              const cf_node_t *update)
{
    const decimal_t *before = original->number->multiple_of, *after = update->number->multiple_of;
    cf_difference_t type = CF_MULTIPLE_OF_CHANGED;
    bool is_multiple = false;

    if (before == NULL && after == NULL)
        return;
    if (before == NULL || after == NULL)
        type = before == NULL ? CF_MULTIPLE_OF_ADDED : CF_MULTIPLE_OF_REMOVED;
    else if (decimal_compare(before, after) == 0)
        return;
    else if (decimal_sign(before) > 0 &&
             decimal_is_multiple(after, before, diff->limits, diff->arena, &is_multiple) && is_multiple)
        type = CF_MULTIPLE_OF_EXPANDED;
    else if (decimal_sign(after) > 0 &&
             decimal_is_multiple(before, after, diff->limits, diff->arena, &is_multiple) && is_multiple)
        type = CF_MULTIPLE_OF_REDUCED;
    cf_add_attribute(diff, list, path, type, "multipleOf", original, update);
}

void cf_compare_number(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                       const cf_node_t *update)
{
    const cf_number_t *before = original->number, *after = update->number;

    compare_bound(diff, list, path, CF_LIMIT("maximum", MAXIMUM), original, update, before->maximum,
                  after->maximum);
    compare_bound(diff, list, path, CF_LIMIT("minimum", MINIMUM), original, update, before->minimum,
                  after->minimum);
    if (!smaller_goes_unseen(before, after))
        compare_bound(diff, list, path, CF_LIMIT("exclusiveMaximum", EXCLUSIVE_MAXIMUM), original, update,
                      before->exclusive_maximum, after->exclusive_maximum);
    compare_bound(diff, list, path, CF_LIMIT("exclusiveMinimum", EXCLUSIVE_MINIMUM), original, update,
                  before->exclusive_minimum, after->exclusive_minimum);
    compare_multiples(diff, list, path, original, update);
    if (before->integer != after->integer)
        cf_add(diff, list, path, before->integer ? CF_TYPE_EXTENDED : CF_TYPE_NARROWED, original->at,
               update->at);
}

/* --- values ------------------------------------------------------------------------------------------------------------- */

/* Is every value of `some` among `values`? Both are sorted by hash. */
static bool has_all(const cf_enum_t *values, const cf_enum_t *some)
{
    uint32_t from = 0;

    for (uint32_t i = 0; i < some->n; i++) {
        while (from < values->n && values->at[from].hash < some->at[i].hash)
            from++;
        bool found = false;
        for (uint32_t j = from; j < values->n && values->at[j].hash == some->at[i].hash && !found; j++)
            found = jv_equal(values->at[j].value, some->at[i].value);
        if (!found)
            return false;
    }
    return true;
}

void cf_compare_enum(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                     const cf_node_t *update)
{
    const cf_enum_t *before = original->enumeration, *after = update->enumeration;

    cf_step(diff, (uint64_t)before->n + after->n);
    bool extended = has_all(after, before), narrowed = has_all(before, after);
    if (extended && narrowed)
        return;
    cf_add_attribute(diff, list, path,
                     extended   ? CF_ENUM_ARRAY_EXTENDED
                     : narrowed ? CF_ENUM_ARRAY_NARROWED
                                : CF_ENUM_ARRAY_CHANGED,
                     "enum", original, update);
}

void cf_compare_const(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                      const cf_node_t *update)
{
    if (!jv_equal(original->constant, update->constant))
        cf_add_attribute(diff, list, path, CF_ENUM_ARRAY_CHANGED, "const", original, update);
}

/* What is forbidden is compared the other way round, and only the verdict counts. */
void cf_compare_not(cf_diff_t *diff, cf_list_t *list, cf_path_t *path, const cf_node_t *original,
                    const cf_node_t *update)
{
    cf_list_t found = {NULL, NULL, false};
    cf_path_t *here = CF_AT_WORD(path, "not");

    cf_compare(diff, &found, here, update->inner, original->inner);
    cf_add(diff, list, here, found.incompatible ? CF_NOT_TYPE_EXTENDED : CF_NOT_TYPE_NARROWED,
           original->inner->at, update->inner->at);
}

/* check_rules.c - names and classes that reports carry: of rules (compat/rules.def) and of Confluent's differences. They are an interface: waivers,
 * docs and other people's programs hold them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/avro/av_walk.h"
#include "compat/json/confluent_difference.h"

static const struct {
    rule_t rule;
    const char *name;
    finding_class_t class;
} rules[] = {
    {RULE_AVRO_TYPE, "type-mismatch", CLASS_BREAKING},
    {RULE_AVRO_NAME, "name-mismatch", CLASS_BREAKING},
    {RULE_AVRO_SIZE, "size-mismatch", CLASS_BREAKING},
    {RULE_AVRO_DECIMAL, "decimal-mismatch", CLASS_BREAKING},
    {RULE_AVRO_NO_BRANCH, "no-branch", CLASS_BREAKING},
    {RULE_AVRO_SYMBOL, "missing-symbol", CLASS_BREAKING},
    {RULE_AVRO_MISSING_DEFAULT, "missing-default", CLASS_BREAKING},
    {RULE_AVRO_BAD_DEFAULT, "bad-default", CLASS_BREAKING},
    {RULE_AVRO_ALIAS_CLASH, "alias-clash", CLASS_BREAKING},
    {RULE_AVRO_ALIAS_COLLIDES, "alias-collides", CLASS_BREAKING},
    {RULE_AVRO_TYPE_ALIAS, "type-alias-collides", CLASS_BREAKING},
    {RULE_AVRO_AMBIGUOUS, "union-name-ambiguous", CLASS_BREAKING},
    {RULE_AVRO_ALIAS_SPACE, "alias-across-namespaces", CLASS_BREAKING},
    {RULE_AVRO_LOSSY, "lossy-promotion", CLASS_RISKY},
    {RULE_AVRO_UTF8, "bytes-to-string", CLASS_RISKY},
    {RULE_AVRO_LOGICAL, "logical-type-changed", CLASS_RISKY},
    {RULE_AVRO_UNIT, "unit-changed", CLASS_RISKY},
    {RULE_AVRO_TAGS, "tags-changed", CLASS_RISKY},
    {RULE_AVRO_DEFAULT_CHANGED, "default-changed", CLASS_RISKY},
    {RULE_AVRO_DEFAULT_REMOVED, "default-removed", CLASS_RISKY},
    {RULE_AVRO_SYMBOL_DEFAULTED, "symbol-defaulted", CLASS_RISKY},
    {RULE_AVRO_ENUM_DEFAULT, "enum-default-changed", CLASS_RISKY},
    {RULE_AVRO_DEFAULT_BRANCH, "default-not-first-branch", CLASS_RISKY},
    {RULE_AVRO_NO_MESSAGE, "writer-has-no-message", CLASS_SAFE},
    {RULE_AVRO_WIDENED, "type-widened", CLASS_SAFE},
    {RULE_AVRO_DROPPED, "field-dropped", CLASS_SAFE},
    {RULE_AVRO_FILLED, "field-filled", CLASS_SAFE},
    {RULE_AVRO_DEFAULT_ADDED, "default-added", CLASS_SAFE},
    {RULE_AVRO_RENAMED, "renamed-by-alias", CLASS_SAFE},
    {RULE_AVRO_SYMBOL_ADDED, "symbol-added", CLASS_SAFE},
    {RULE_AVRO_NAMESPACE, "namespace-changed", CLASS_SAFE},
    {RULE_AVRO_ORDER, "order-changed", CLASS_DOCUMENTATION},
    {RULE_AVRO_DOC, "doc-changed", CLASS_DOCUMENTATION},
    {RULE_JSON_TYPE, "type-not-allowed", CLASS_BREAKING},
    {RULE_JSON_VALUE, "value-not-allowed", CLASS_BREAKING},
    {RULE_JSON_RANGE, "out-of-range", CLASS_BREAKING},
    {RULE_JSON_MULTIPLE, "not-a-multiple", CLASS_BREAKING},
    {RULE_JSON_LENGTH, "length-out-of-range", CLASS_BREAKING},
    {RULE_JSON_PATTERN, "pattern-not-matched", CLASS_BREAKING},
    {RULE_JSON_FORMAT, "format-not-met", CLASS_BREAKING},
    {RULE_JSON_ITEMS, "items-not-allowed", CLASS_BREAKING},
    {RULE_JSON_UNIQUE, "items-not-unique", CLASS_BREAKING},
    {RULE_JSON_CONTAINS, "contains-not-met", CLASS_BREAKING},
    {RULE_JSON_REQUIRED, "missing-property", CLASS_BREAKING},
    {RULE_JSON_DEPENDENCY, "missing-dependency", CLASS_BREAKING},
    {RULE_JSON_PROPERTY, "property-not-allowed", CLASS_BREAKING},
    {RULE_JSON_NAME, "name-not-allowed", CLASS_BREAKING},
    {RULE_JSON_MEMBERS, "properties-count", CLASS_BREAKING},
    {RULE_JSON_ANY_OF, "no-alternative", CLASS_BREAKING},
    {RULE_JSON_ONE_OF, "not-exactly-one", CLASS_BREAKING},
    {RULE_JSON_NOT, "excluded", CLASS_BREAKING},
    {RULE_JSON_NOTHING, "nothing-allowed", CLASS_BREAKING},
};

START_TEST(a_rule_keeps_its_name_and_class)
{
    ck_assert_str_eq(rule_name(rules[_i].rule), rules[_i].name);
    ck_assert_msg(rule_class(rules[_i].rule) == rules[_i].class, "%s", rules[_i].name);
    ck_assert_uint_gt(strlen(rule_meaning(rules[_i].rule)), 10);
}
END_TEST

START_TEST(every_rule_is_told_of_here)
{
    ck_assert_uint_eq(sizeof rules / sizeof *rules, RULE_N);
}
END_TEST

/* A difference of each kind that a policy lets pass, and what it is then. */
static const struct {
    const char *difference;
    json_policy_t policy;
    finding_class_t class;
} passing[] = {
    {"ID_CHANGED", POLICY_STRICT, CLASS_DOCUMENTATION},
    {"DEFAULT_CHANGED", POLICY_STRICT, CLASS_RISKY},
    {"SCHEMA_REMOVED", POLICY_STRICT, CLASS_SAFE},
    {"REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED", POLICY_STRICT, CLASS_RISKY},
    {"PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL", POLICY_STRICT, CLASS_SAFE},
    {"PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL", POLICY_STRICT, CLASS_SAFE},
    {"PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", POLICY_STRICT, CLASS_SAFE},
    {"ADDITIONAL_PROPERTIES_REMOVED", POLICY_LENIENT, CLASS_RISKY},
    {"ADDITIONAL_PROPERTIES_NARROWED", POLICY_LENIENT, CLASS_RISKY},
    {"REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL", POLICY_LENIENT, CLASS_RISKY},
    {"PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL", POLICY_LENIENT, CLASS_RISKY},
    {"PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", POLICY_LENIENT, CLASS_RISKY},
    {"PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", POLICY_LENIENT, CLASS_RISKY},
};

START_TEST(what_passes_is_classed_by_what_it_may_mean)
{
    cf_difference_t difference;
    ck_assert(cf_difference_find(passing[_i].difference, &difference));
    ck_assert(cf_difference_compatible(difference, passing[_i].policy));
    ck_assert_msg(cf_difference_class(difference, passing[_i].policy) == passing[_i].class, "%s",
                  passing[_i].difference);
}
END_TEST

START_TEST(what_does_not_pass_is_breaking)
{
    for (cf_difference_t difference = 0; difference < CF_DIFFERENCE_N; difference++)
        for (json_policy_t policy = POLICY_STRICT; policy <= POLICY_LENIENT; policy++)
            ck_assert_msg((cf_difference_class(difference, policy) == CLASS_BREAKING) ==
                              !cf_difference_compatible(difference, policy),
                          "%s", cf_difference_name(difference));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *tc = tcase_create("rules");
    tcase_add_loop_test(tc, a_rule_keeps_its_name_and_class, 0, sizeof rules / sizeof *rules);
    tcase_add_test(tc, every_rule_is_told_of_here);
    tcase_add_loop_test(tc, what_passes_is_classed_by_what_it_may_mean, 0, sizeof passing / sizeof *passing);
    tcase_add_test(tc, what_does_not_pass_is_breaking);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* check_keywords.c - from which draft to which a keyword counts: in the validator, in strict mode, and where schemas are looked for in a document. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/json/json_schema.h"
#include "compat/json/keywords.h"

static const limits_t limits = LIMITS_DEFAULT;

/* A schema that refuses the value where the keyword counts, and only there. */
static const struct {
    const char *keyword, *schema, *value;
    js_dialect_t first, last;
} rows[] = {
    {"$ref", "{'$ref':'#/definitions/d','definitions':{'d':{'type':'string'}}}", "1", DIALECT_04,
     DIALECT_2020_12},
    {"$dynamicRef", "{'$dynamicRef':'#/$defs/d','$defs':{'d':{'type':'string'}}}", "1", DIALECT_2020_12,
     DIALECT_2020_12},
    {"$recursiveRef", "{'properties':{'a':{'$recursiveRef':'#'}},'required':['b']}", "{'a':{},'b':1}",
     DIALECT_2019_09, DIALECT_2019_09},
    {"additionalItems", "{'items':[{}],'additionalItems':{'type':'string'}}", "[1,1]", DIALECT_04,
     DIALECT_2019_09},
    {"additionalProperties", "{'additionalProperties':{'type':'string'}}", "{'a':1}", DIALECT_04,
     DIALECT_2020_12},
    {"allOf", "{'allOf':[{'type':'string'}]}", "1", DIALECT_04, DIALECT_2020_12},
    {"anyOf", "{'anyOf':[{'type':'string'}]}", "1", DIALECT_04, DIALECT_2020_12},
    {"const", "{'const':2}", "1", DIALECT_06, DIALECT_2020_12},
    {"contains", "{'contains':{'type':'string'}}", "[1]", DIALECT_06, DIALECT_2020_12},
    {"dependencies", "{'dependencies':{'a':['b']}}", "{'a':1}", DIALECT_04, DIALECT_07},
    {"dependentRequired", "{'dependentRequired':{'a':['b']}}", "{'a':1}", DIALECT_2019_09, DIALECT_2020_12},
    {"dependentSchemas", "{'dependentSchemas':{'a':{'type':'string'}}}", "{'a':1}", DIALECT_2019_09,
     DIALECT_2020_12},
    {"else", "{'if':{'type':'string'},'else':{'type':'null'}}", "1", DIALECT_07, DIALECT_2020_12},
    {"enum", "{'enum':[2]}", "1", DIALECT_04, DIALECT_2020_12},
    {"exclusiveMaximum, a flag", "{'maximum':1,'exclusiveMaximum':true}", "1", DIALECT_04, DIALECT_04},
    {"exclusiveMaximum", "{'exclusiveMaximum':1}", "1", DIALECT_06, DIALECT_2020_12},
    {"exclusiveMinimum, a flag", "{'minimum':1,'exclusiveMinimum':true}", "1", DIALECT_04, DIALECT_04},
    {"exclusiveMinimum", "{'exclusiveMinimum':1}", "1", DIALECT_06, DIALECT_2020_12},
    {"items", "{'items':{'type':'string'}}", "[1]", DIALECT_04, DIALECT_2020_12},
    {"items, a list", "{'items':[{'type':'string'}]}", "[1]", DIALECT_04, DIALECT_2019_09},
    {"maxContains", "{'contains':{'type':'integer'},'maxContains':1}", "[1,1]", DIALECT_2019_09,
     DIALECT_2020_12},
    {"maxItems", "{'maxItems':0}", "[1]", DIALECT_04, DIALECT_2020_12},
    {"maxLength", "{'maxLength':0}", "'b'", DIALECT_04, DIALECT_2020_12},
    {"maxProperties", "{'maxProperties':0}", "{'a':1}", DIALECT_04, DIALECT_2020_12},
    {"maximum", "{'maximum':0}", "1", DIALECT_04, DIALECT_2020_12},
    {"minContains", "{'contains':{'type':'integer'},'minContains':2}", "[1]", DIALECT_2019_09,
     DIALECT_2020_12},
    {"minItems", "{'minItems':2}", "[1]", DIALECT_04, DIALECT_2020_12},
    {"minLength", "{'minLength':2}", "'b'", DIALECT_04, DIALECT_2020_12},
    {"minProperties", "{'minProperties':2}", "{'a':1}", DIALECT_04, DIALECT_2020_12},
    {"minimum", "{'minimum':2}", "1", DIALECT_04, DIALECT_2020_12},
    {"multipleOf", "{'multipleOf':2}", "1", DIALECT_04, DIALECT_2020_12},
    {"not", "{'not':{}}", "1", DIALECT_04, DIALECT_2020_12},
    {"oneOf", "{'oneOf':[{'type':'string'}]}", "1", DIALECT_04, DIALECT_2020_12},
    {"pattern", "{'pattern':'^a'}", "'b'", DIALECT_04, DIALECT_2020_12},
    {"patternProperties", "{'patternProperties':{'a':{'type':'string'}}}", "{'a':1}", DIALECT_04,
     DIALECT_2020_12},
    {"prefixItems", "{'prefixItems':[{'type':'string'}]}", "[1]", DIALECT_2020_12, DIALECT_2020_12},
    {"properties", "{'properties':{'a':{'type':'string'}}}", "{'a':1}", DIALECT_04, DIALECT_2020_12},
    {"propertyNames", "{'propertyNames':{'maxLength':0}}", "{'a':1}", DIALECT_06, DIALECT_2020_12},
    {"required", "{'required':['a']}", "{}", DIALECT_04, DIALECT_2020_12},
    {"then", "{'if':{'type':'integer'},'then':{'type':'null'}}", "1", DIALECT_07, DIALECT_2020_12},
    {"type", "{'type':'string'}", "1", DIALECT_04, DIALECT_2020_12},
    {"unevaluatedItems", "{'unevaluatedItems':{'type':'string'}}", "[1]", DIALECT_2019_09, DIALECT_2020_12},
    {"unevaluatedProperties", "{'unevaluatedProperties':{'type':'string'}}", "{'a':1}", DIALECT_2019_09,
     DIALECT_2020_12},
    {"uniqueItems", "{'uniqueItems':true}", "[1,1]", DIALECT_04, DIALECT_2020_12},
};

static text_t quoted(const char *text, arena_t *arena)
{
    char *copy = arena_copy(arena, text, strlen(text));
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    return text_of(copy);
}

static schema_t *parse(text_t text, js_dialect_t dialect)
{
    schema_t *schema = NULL;
    schema_source_t source = {
        .format = FORMAT_JSON, .text = text, .dialect = text_of(js_dialect_name(dialect)), .limits = limits};
    ck_assert_msg(schema_parse(&source, &schema, NULL) == 0, TEXT_FMT, TEXT_ARG(text));
    return schema;
}

/* What a draft does not know, or knows in another form, refuses nothing. */
START_TEST(a_keyword_refuses_in_its_drafts_only)
{
    for (js_dialect_t dialect = 0; dialect < DIALECT_N; dialect++) {
        arena_t *arena = arena_new();
        bool counts = dialect >= rows[_i].first && dialect <= rows[_i].last;
        text_t value = quoted(rows[_i].value, arena);
        schema_t *reader = parse(quoted(rows[_i].schema, arena), dialect);
        schema_t *writer = parse(text_printf(arena, "{\"enum\":[" TEXT_FMT "]}", TEXT_ARG(value)), dialect);
        const js_validator_t *validator = js_schema_of(reader)->validator;
        jv_t *json;
        ck_assert_int_eq(jv_read(value, JV_STRICT, &limits, arena, &json, NULL), 0);
        bool refuses =
            validator != NULL && js_validate(validator, json, 0, &limits, arena).verdict == JS_INVALID;
        ck_assert_msg(refuses == counts, "%s in %s, validator", rows[_i].keyword, js_dialect_name(dialect));
        check_options_t options = {.mode = MODE_STRICT, .limits = limits};
        verdict_t verdict = compat_check(reader, writer, &options, arena)->verdict;
        bool malformed = validator == NULL; /* another draft's form: undecided, or as if it were not there */
        ck_assert_msg(counts      ? verdict == VERDICT_INCOMPATIBLE
                      : malformed ? verdict != VERDICT_INCOMPATIBLE
                                  : verdict == VERDICT_COMPATIBLE,
                      "%s in %s, strict mode: %s", rows[_i].keyword, js_dialect_name(dialect),
                      verdict_name(verdict));
        schema_unref(reader);
        schema_unref(writer);
        arena_free(arena);
    }
}
END_TEST

static const struct {
    const char *keyword;
    js_dialect_t first, last;
} holders[] = {
    {"$defs", DIALECT_2019_09, DIALECT_2020_12},
    {"additionalItems", DIALECT_04, DIALECT_2019_09},
    {"additionalProperties", DIALECT_04, DIALECT_2020_12},
    {"allOf", DIALECT_04, DIALECT_2020_12},
    {"anyOf", DIALECT_04, DIALECT_2020_12},
    {"contains", DIALECT_06, DIALECT_2020_12},
    {"contentSchema", DIALECT_2019_09, DIALECT_2020_12},
    {"definitions", DIALECT_04, DIALECT_2020_12},
    {"dependencies", DIALECT_04, DIALECT_2020_12},
    {"dependentSchemas", DIALECT_2019_09, DIALECT_2020_12},
    {"else", DIALECT_07, DIALECT_2020_12},
    {"if", DIALECT_07, DIALECT_2020_12},
    {"items", DIALECT_04, DIALECT_2020_12},
    {"not", DIALECT_04, DIALECT_2020_12},
    {"oneOf", DIALECT_04, DIALECT_2020_12},
    {"patternProperties", DIALECT_04, DIALECT_2020_12},
    {"prefixItems", DIALECT_2020_12, DIALECT_2020_12},
    {"properties", DIALECT_04, DIALECT_2020_12},
    {"propertyNames", DIALECT_06, DIALECT_2020_12},
    {"then", DIALECT_07, DIALECT_2020_12},
    {"unevaluatedItems", DIALECT_2019_09, DIALECT_2020_12},
    {"unevaluatedProperties", DIALECT_2019_09, DIALECT_2020_12},
};

START_TEST(a_keyword_holds_schemas_in_its_drafts_only)
{
    for (js_dialect_t dialect = 0; dialect < DIALECT_N; dialect++) {
        bool counts = dialect >= holders[_i].first && dialect <= holders[_i].last;
        ck_assert_msg((js_keyword_holds(text_of(holders[_i].keyword), dialect) != 0) == counts, "%s in %s",
                      holders[_i].keyword, js_dialect_name(dialect));
    }
    ck_assert_uint_eq(js_keyword_holds(TEXT("enum"), DIALECT_07), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keywords");
    TCase *tc = tcase_create("drafts");
    tcase_add_loop_test(tc, a_keyword_refuses_in_its_drafts_only, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(tc, a_keyword_holds_schemas_in_its_drafts_only, 0, sizeof holders / sizeof *holders);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

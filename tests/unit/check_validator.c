/* check_validator.c - JSON values against JSON Schemas: verdicts, and what is said about a no (compat/json/validator.h).
 *
 * That every keyword means what the specification says is proved by the official suite (tests/oracles/validator). Here: where
 * drafts differ, what an error says and points to, and what happens to schemas that are broken, hostile or beyond us. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/json/validator.h"

static const limits_t limits = LIMITS_DEFAULT;

static jv_t *read(const char *text, arena_t *arena)
{
    jv_t *tree = NULL;
    fault_t fault = {0};
    ck_assert_msg(jv_read(text_of(text), JV_STRICT, &limits, arena, &tree, &fault) == 0, "%s: %s", text,
                  fault.text);
    return tree;
}

static int compile(const char *schema, js_dialect_t dialect, js_format_t format, arena_t *arena,
                   js_validator_t **out, fault_t *fault)
{
    js_document_t root = {TEXT_NONE, read(schema, arena)};
    js_resources_t *resources;
    if (js_resources_build(&root, NULL, 0, dialect, arena, &resources, fault) != 0)
        return -1;
    return js_validator_compile(resources, format, &limits, arena, out, fault);
}

static js_result_t validate(const char *schema, js_dialect_t dialect, js_format_t format,
                            const char *instance, size_t max_errors, const limits_t *bounds, arena_t *arena)
{
    js_validator_t *validator = NULL;
    fault_t fault = {0};
    ck_assert_msg(compile(schema, dialect, format, arena, &validator, &fault) == 0, "%s: %s", schema,
                  fault.text);
    return js_validate(validator, read(instance, arena), max_errors, bounds, arena);
}

/* --- where drafts differ -------------------------------------------------------------------------------------------- */

static const struct {
    const char *claim, *schema, *instance;
    const char *valid; /* a letter for each draft, 04 06 07 2019 2020: v valid, i invalid, f no schema */
} drafts[] = {
    {"const is new in 06", "{\"const\":1}", "2", "viiii"},
    {"contains is new in 06", "{\"contains\":{\"type\":\"null\"}}", "[1]", "viiii"},
    {"propertyNames is new in 06", "{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "viiii"},
    {"if is new in 07", "{\"if\":true,\"then\":false}", "1", "vviii"},
    {"exclusive bounds were flags", "{\"minimum\":1,\"exclusiveMinimum\":true}", "1", "iffff"},
    {"exclusive bounds are numbers", "{\"exclusiveMinimum\":1}", "1", "fiiii"},
    {"1.0 is an integer, whatever the draft", "{\"type\":\"integer\"}", "1.0", "vvvvv"},
    {"siblings of $ref count since 2019-09",
     "{\"$ref\":\"#/definitions/a\",\"maximum\":1,\"definitions\":{\"a\":{}}}", "2", "vvvii"},
    {"dependencies were split in 2019-09", "{\"dependencies\":{\"a\":[\"b\"]}}", "{\"a\":1}", "iiivv"},
    {"dependentRequired is new in 2019-09", "{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "vvvii"},
    {"dependentSchemas is new in 2019-09", "{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]}}}",
     "{\"a\":1}", "vvvii"},
    {"an array of items was a prefix", "{\"items\":[{\"type\":\"null\"}]}", "[1]", "iiiif"},
    {"prefixItems is new in 2020-12", "{\"prefixItems\":[{\"type\":\"null\"}]}", "[1]", "vvvvi"},
    {"additionalItems went in 2020-12", "{\"items\":[true],\"additionalItems\":false}", "[1,2]", "iiiif"},
    {"additionalItems without a prefix means nothing", "{\"additionalItems\":false}", "[1]", "vvvvv"},
    {"maxContains is new in 2019-09", "{\"contains\":{\"minimum\":0},\"maxContains\":1}", "[1,2]", "vvvii"},
    {"minContains without contains means nothing", "{\"minContains\":3}", "[1]", "vvvvv"},
    {"minContains 0 lifts contains", "{\"contains\":{\"type\":\"null\"},\"minContains\":0}", "[1]", "viivv"},
    {"unevaluatedProperties is new in 2019-09", "{\"unevaluatedProperties\":{\"type\":\"null\"}}",
     "{\"a\":1}", "vvvii"},
    {"contains evaluates since 2020-12", "{\"contains\":{\"const\":1},\"unevaluatedItems\":false}", "[1]",
     "vvviv"},
    {"then without if means nothing", "{\"then\":false}", "1", "vvvvv"},
    {"unknown keywords mean nothing", "{\"tpye\":\"null\",\"x\":{\"type\":\"null\"}}", "1", "vvvvv"},
    {"a boolean is a schema", "{\"properties\":{\"a\":false}}", "{\"a\":1}", "iiiii"},
    {"$dynamicRef is new in 2020-12",
     "{\"$defs\":{\"a\":{\"$dynamicAnchor\":\"a\",\"type\":\"null\"}},\"$dynamicRef\":\"#a\"}", "1", "vvvvi"},
    {"$recursiveRef is of 2019-09", "{\"properties\":{\"a\":{\"$recursiveRef\":\"#\"}},\"type\":\"object\"}",
     "{\"a\":1}", "vvviv"},
};

START_TEST(each_draft_reads_its_own_keywords)
{
    for (js_dialect_t d = 0; d < DIALECT_N; d++) {
        arena_t *arena = arena_new();
        js_validator_t *validator;
        char verdict = 'f';
        if (compile(drafts[_i].schema, d, JS_FORMAT_ANNOTATES, arena, &validator, NULL) == 0) {
            js_result_t result = js_validate(validator, read(drafts[_i].instance, arena), 1, &limits, arena);
            verdict = result.verdict == JS_VALID ? 'v' : result.verdict == JS_INVALID ? 'i' : 'u';
        }
        ck_assert_msg(verdict == drafts[_i].valid[d], "%s: %s says %c", drafts[_i].claim, js_dialect_name(d),
                      verdict);
        arena_free(arena);
    }
}
END_TEST

/* --- what an error says ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *schema, *instance;
    const char *at, *keyword, *sentence; /* of the first error */
} errors[] = {
    {"{\"type\":\"string\"}", "1", "", "/type", "is 1, but must be a string"},
    {"{\"type\":[\"integer\",\"null\"]}", "1.5", "", "/type", "is 1.5, but must be null or an integer"},
    {"{\"type\":[\"number\",\"boolean\",\"array\",\"object\"]}", "\"x\"", "", "/type",
     "is \"x\", but must be a boolean or a number or an array or an object"},
    {"{\"const\":{\"a\":1}}", "{\"a\":2}", "", "/const", "is {\"a\":2}, but must be {\"a\":1}"},
    {"{\"enum\":[1,2,3]}", "4", "", "/enum", "is 4, which is none of the 3 allowed values"},
    {"{\"enum\":[]}", "4", "", "/enum", "is 4, which is none of the 0 allowed values"},
    {"{\"minimum\":1}", "0.5", "", "/minimum", "is 0.5, but must be at least 1"},
    {"{\"maximum\":1}", "2", "", "/maximum", "is 2, but must be at most 1"},
    {"{\"exclusiveMinimum\":1}", "1.0", "", "/exclusiveMinimum", "is 1.0, but must be more than 1"},
    {"{\"exclusiveMaximum\":1}", "1", "", "/exclusiveMaximum", "is 1, but must be less than 1"},
    {"{\"multipleOf\":0.01}", "0.075", "", "/multipleOf", "is 0.075, which is not a multiple of 0.01"},
    {"{\"minLength\":3}", "\"\xC3\xA9\xC3\xA9\"", "", "/minLength",
     "has 2 characters, but must have at least 3"},
    {"{\"maxLength\":1}", "\"\xC3\xA9\xC3\xA9\"", "", "/maxLength",
     "has 2 characters, but must have at most 1"},
    {"{\"pattern\":\"^a\"}", "\"b\"", "", "/pattern", "is \"b\", which does not match the pattern ^a"},
    {"{\"format\":\"date\"}", "\"b\"", "", "/format", "is \"b\", which is not of the format date"},
    {"{\"minItems\":1}", "[]", "", "/minItems", "has 0 items, but must have at least 1"},
    {"{\"maxItems\":1}", "[1,2]", "", "/maxItems", "has 2 items, but must have at most 1"},
    {"{\"uniqueItems\":true}", "[1,\"1\",1.0]", "", "/uniqueItems",
     "has equal items at 0 and 2, but its items must differ"},
    {"{\"uniqueItems\":true}", "[0,1,2,3,4,5,6,7,8,9,{\"a\":[1]},{\"a\":[1e0]}]", "", "/uniqueItems",
     "has equal items at 10 and 11, but its items must differ"},
    {"{\"items\":{\"type\":\"null\"}}", "[null,1]", "/1", "/items/type", "is 1, but must be null"},
    {"{\"items\":[{},{}],\"additionalItems\":false}", "[1,2,3]", "", "/additionalItems",
     "has 3 items, but must have at most 2"},
    {"{\"items\":[{},{\"type\":\"null\"}]}", "[1,2]", "/1", "/items/1/type", "is 2, but must be null"},
    {"{\"contains\":{\"type\":\"null\"}}", "[1]", "", "/contains",
     "has 0 items that fit `contains`, but must have at least 1"},
    {"{\"minProperties\":1}", "{}", "", "/minProperties", "has 0 properties, but must have at least 1"},
    {"{\"maxProperties\":0}", "{\"a\":1}", "", "/maxProperties", "has 1 properties, but must have at most 0"},
    {"{\"required\":[\"a\",\"b/c\"]}", "{\"a\":1}", "", "/required", "lacks the property \"b/c\""},
    {"{\"required\":[\"a\"]}", "{\"b\":1,\"c\":2}", "", "/required", "lacks the property \"a\""},
    {"{\"properties\":{\"a/b\":{\"items\":{\"type\":\"null\"}}}}", "{\"a/b\":[0]}", "/a~1b/0",
     "/properties/a~1b/items/type", "is 0, but must be null"},
    {"{\"additionalProperties\":false}", "{\"x\":1}", "/x", "/additionalProperties",
     "the property \"x\" is not allowed"},
    {"{\"additionalProperties\":{\"type\":\"null\"}}", "{\"x\":1}", "/x", "/additionalProperties/type",
     "is 1, but must be null"},
    {"{\"patternProperties\":{\"^x\":{\"type\":\"null\"}}}", "{\"x\":1}", "/x", "/patternProperties/^x/type",
     "is 1, but must be null"},
    {"{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "/ab", "/propertyNames/maxLength",
     "has 2 characters, but must have at most 1"},
    {"{\"properties\":{\"a\":false}}", "{\"a\":1}", "/a", "/properties/a", "no value is allowed here"},
    {"{\"dependencies\":{\"a\":[\"b\"]}}", "{\"a\":1}", "", "/dependencies",
     "lacks the property \"b\", which must be there because \"a\" is"},
    {"{\"dependencies\":{\"a\":{\"minProperties\":2}}}", "{\"a\":1}", "", "/dependencies/a/minProperties",
     "has 1 properties, but must have at least 2"},
    {"{\"allOf\":[{},{\"type\":\"null\"}]}", "1", "", "/allOf/1/type", "is 1, but must be null"},
    {"{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}", "1", "", "/anyOf",
     "is 1, which fits none of the 2 alternatives"},
    {"{\"oneOf\":[{\"type\":\"null\"}]}", "1", "", "/oneOf", "is 1, which fits none of the 1 alternatives"},
    {"{\"oneOf\":[{\"type\":\"null\"},{\"minimum\":0},{\"maximum\":9}]}", "1", "", "/oneOf",
     "is 1, which fits two of the alternatives (1 and 2), but must fit just one"},
    {"{\"not\":{\"type\":\"integer\"}}", "1", "", "/not", "is 1, which fits the schema that it must not fit"},
    {"{\"if\":{\"minimum\":0},\"then\":{\"maximum\":9},\"else\":{\"minimum\":-9}}", "10", "", "/then/maximum",
     "is 10, but must be at most 9"},
    {"{\"if\":{\"minimum\":0},\"then\":{\"maximum\":9},\"else\":{\"minimum\":-9}}", "-10", "",
     "/else/minimum", "is -10, but must be at least -9"},
    {"{\"properties\":{\"a\":{\"$ref\":\"#/definitions/d\"}},\"definitions\":{\"d\":{\"type\":\"null\"}}}",
     "{\"a\":1}", "/a", "/definitions/d/type", "is 1, but must be null"},
    {"{\"type\":\"null\"}", "\"0123456789012345678901234567890123456789012345678901234567890123456789\"", "",
     "/type", "is \"01234567890123456789012345678901234567890123456789012345678..., but must be null"},
};

START_TEST(an_error_names_place_keyword_and_reason)
{
    arena_t *arena = arena_new();
    js_result_t result =
        validate(errors[_i].schema, DIALECT_07, JS_FORMAT_ASSERTS, errors[_i].instance, 5, &limits, arena);
    ck_assert_msg(result.verdict == JS_INVALID && result.n_errors > 0, "%s", errors[_i].schema);
    const js_error_t *error = &result.errors[0];
    ck_assert_str_eq(error->instance.at, errors[_i].at);
    ck_assert_str_eq(error->keyword.at, errors[_i].keyword);
    ck_assert_str_eq(error->sentence.at, errors[_i].sentence);
    ck_assert_uint_eq(error->line, 1);
    ck_assert_uint_gt(error->column, 0);
    arena_free(arena);
}
END_TEST

START_TEST(an_error_of_the_later_drafts_names_its_keyword)
{
    static const struct {
        const char *schema, *instance, *at, *keyword;
    } rows[] = {
        {"{\"properties\":{\"a\":true},\"unevaluatedProperties\":false}", "{\"a\":1,\"b\":2}", "/b",
         "/unevaluatedProperties"},
        {"{\"unevaluatedProperties\":{\"type\":\"null\"}}", "{\"b\":2}", "/b", "/unevaluatedProperties/type"},
        {"{\"prefixItems\":[true],\"unevaluatedItems\":false}", "[1,2]", "/1", "/unevaluatedItems"},
        {"{\"prefixItems\":[true],\"items\":false}", "[1,2]", "", "/items"},
        {"{\"contains\":{\"const\":1},\"maxContains\":1}", "[1,1]", "", "/maxContains"},
        {"{\"contains\":{\"const\":1},\"minContains\":2}", "[1]", "", "/minContains"},
        {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "", "/dependentRequired"},
        {"{\"$defs\":{\"x\":{\"$dynamicAnchor\":\"d\",\"type\":\"null\"}},\"$dynamicRef\":\"#d\"}", "1", "",
         "/$defs/x/type"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        arena_t *arena = arena_new();
        js_result_t result = validate(rows[i].schema, DIALECT_2020_12, JS_FORMAT_ANNOTATES, rows[i].instance,
                                      5, &limits, arena);
        ck_assert_msg(result.verdict == JS_INVALID && result.n_errors == 1, "%s", rows[i].schema);
        ck_assert_str_eq(result.errors[0].instance.at, rows[i].at);
        ck_assert_str_eq(result.errors[0].keyword.at, rows[i].keyword);
        arena_free(arena);
    }
}
END_TEST

#define THREE_WRONG                                                                                          \
    "{\"required\":[\"a\",\"b\"],\"additionalProperties\":false,\"properties\":{\"c\":{\"type\":\"string\"," \
    "\"minLength\":2},\"d\":{\"allOf\":[{\"minimum\":5},{\"multipleOf\":2}]}}}"

START_TEST(all_errors_are_found_up_to_the_number_asked_for)
{
    static const char *const instance = "{\"c\":\"\",\"d\":3,\"e\":1,\"f\":2}";
    for (size_t max = 0; max < 10; max++) {
        arena_t *arena = arena_new();
        js_result_t result =
            validate(THREE_WRONG, DIALECT_07, JS_FORMAT_ANNOTATES, instance, max, &limits, arena);
        ck_assert_int_eq(result.verdict, JS_INVALID);
        ck_assert_uint_eq(result.n_errors, max < 7 ? max : 7);
        arena_free(arena);
    }
}
END_TEST

START_TEST(the_nearest_alternative_is_told_as_well)
{
    arena_t *arena = arena_new();
    static const char schema[] = "{\"properties\":{\"shape\":{\"oneOf\":[{\"type\":\"null\"},"
                                 "{\"properties\":{\"kind\":{\"const\":\"circle\"},\"radius\":{\"type\":"
                                 "\"number\"}},\"required\":[\"radius\"]},"
                                 "{\"properties\":{\"kind\":{\"const\":\"path\"},\"points\":{\"items\":{"
                                 "\"anyOf\":[{\"required\":[\"x\"]},"
                                 "{\"properties\":{\"y\":{\"minimum\":0}}}]}}}}]}}}";
    js_result_t result =
        validate(schema, DIALECT_07, JS_FORMAT_ANNOTATES,
                 "{\"shape\":{\"kind\":\"path\",\"points\":[{\"x\":1},{\"y\":-1}]}}", 5, &limits, arena);
    ck_assert_uint_eq(result.n_errors, 2);
    ck_assert_str_eq(result.errors[0].keyword.at, "/properties/shape/oneOf");
    ck_assert_str_eq(result.errors[1].instance.at, "/shape/points/1");
    ck_assert_str_eq(result.errors[1].sentence.at, "is {\"y\":-1}, which fits none of the 2 alternatives");
    result = validate(schema, DIALECT_07, JS_FORMAT_ANNOTATES,
                      "{\"shape\":{\"kind\":\"circle\",\"radius\":\"3\"}}", 1, &limits, arena);
    ck_assert_uint_eq(result.n_errors, 1);
    result = validate(schema, DIALECT_07, JS_FORMAT_ANNOTATES,
                      "{\"shape\":{\"kind\":\"circle\",\"radius\":\"3\"}}", 2, &limits, arena);
    ck_assert_uint_eq(result.n_errors, 2);
    ck_assert_str_eq(result.errors[1].sentence.at, "is \"3\", but must be a number");
    result = validate(schema, DIALECT_07, JS_FORMAT_ANNOTATES, "{\"shape\":{}}", 5, &limits, arena);
    ck_assert_int_eq(result.verdict, JS_VALID);
    arena_free(arena);
}
END_TEST

/* Every keyword for the value itself, with everything before it right or wrong: the first pass stops, the second goes on. */
START_TEST(keywords_are_looked_at_one_after_the_other)
{
    static const char *const parts[] = {"\"type\":\"integer\"",
                                        "\"enum\":[1,2]",
                                        "\"maximum\":3",
                                        "\"multipleOf\":3",
                                        "\"allOf\":[{\"maximum\":3}]",
                                        "\"anyOf\":[{\"maximum\":3},{\"maximum\":2}]",
                                        "\"oneOf\":[{\"maximum\":3},false]",
                                        "\"not\":{\"minimum\":3}",
                                        "\"if\":true,\"then\":{\"maximum\":3}",
                                        "\"if\":{\"maximum\":3},\"then\":false,\"else\":{\"const\":7}",
                                        "\"$ref\":\"#/$defs/a\"",
                                        "\"$dynamicRef\":\"#d\""};
    enum { PARTS = sizeof parts / sizeof *parts };
    for (int a = 0; a < PARTS; a++)
        for (int b = 0; b < PARTS; b++) {
            if (a == b || (strncmp(parts[a], "\"if\"", 4) == 0 && strncmp(parts[b], "\"if\"", 4) == 0))
                continue;
            arena_t *arena = arena_new();
            const char *schema =
                arena_printf(arena,
                             "{%s,%s,\"$defs\":{\"a\":{\"maximum\":3},\"d\":{\"$dynamicAnchor\":\"d\","
                             "\"maximum\":3}}}",
                             parts[a], parts[b]);
            js_result_t result =
                validate(schema, DIALECT_2020_12, JS_FORMAT_ANNOTATES, "5", 9, &limits, arena);
            unsigned wrong = (a != 0) + (b != 0); /* 5 is an integer and wrong for all the others */
            ck_assert_msg(result.verdict == JS_INVALID && result.n_errors == wrong, "%s: %zu errors", schema,
                          result.n_errors);
            arena_free(arena);
        }
}
END_TEST

static const struct {
    const char *claim, *schema, *instance;
    bool valid;
} nested[] = {
    {"unevaluated properties see through every way in place",
     "{\"allOf\":[{\"properties\":{\"a\":true}}],\"$ref\":\"#/$defs/b\",\"if\":{\"properties\":{\"c\":true}},"
     "\"dependentSchemas\":{\"a\":{\"properties\":{\"d\":true}}},\"$defs\":{\"b\":{\"properties\":{\"b\":"
     "true}}},"
     "\"unevaluatedProperties\":false}",
     "{\"a\":1,\"b\":1,\"c\":1,\"d\":1}", true},
    {"but not through not",
     "{\"not\":{\"not\":{\"properties\":{\"a\":true}}},\"unevaluatedProperties\":false}", "{\"a\":1}", false},
    {"nor from one branch into its sibling",
     "{\"allOf\":[{\"properties\":{\"a\":true}},{\"unevaluatedProperties\":false}]}", "{\"a\":1}", false},
    {"what a failed if evaluated is forgotten",
     "{\"if\":{\"properties\":{\"a\":{\"const\":1}}},\"else\":true,\"unevaluatedProperties\":false}",
     "{\"a\":2}", false},
    {"additionalProperties evaluates",
     "{\"anyOf\":[{\"additionalProperties\":true}],\"unevaluatedProperties\":false}", "{\"a\":2}", true},
    {"required alone evaluates nothing", "{\"required\":[\"a\"],\"unevaluatedProperties\":false}",
     "{\"a\":2}", false},
    {"items evaluates", "{\"items\":true,\"unevaluatedItems\":false}", "[1,2]", true},
    {"a prefix evaluates its part",
     "{\"allOf\":[{\"prefixItems\":[true,true]}],\"unevaluatedItems\":{\"type\":\"null\"}}", "[1,2,null]",
     true},
    {"and no more", "{\"allOf\":[{\"prefixItems\":[true,true]}],\"unevaluatedItems\":{\"type\":\"null\"}}",
     "[1,2,3]", false},
    {"an unevaluated keyword inside evaluates for those around it",
     "{\"allOf\":[{\"unevaluatedItems\":{\"type\":\"integer\"}}],\"unevaluatedItems\":false}", "[1,2]", true},
    {"unevaluatedItems says nothing of objects", "{\"unevaluatedItems\":false}", "{\"a\":1}", true},
    {"unevaluatedProperties says nothing of arrays", "{\"unevaluatedProperties\":false}", "[1]", true},
    {"a schema that fails beside it decides first", "{\"minProperties\":2,\"unevaluatedProperties\":true}",
     "{\"a\":1}", false},
    {"contains with a maximum counts on", "{\"contains\":{\"const\":1},\"maxContains\":1}", "[1,2,1]", false},
    {"a dynamic reference finds the outermost",
     "{\"$id\":\"http://x/"
     "outer\",\"$ref\":\"list\",\"$defs\":{\"t\":{\"$dynamicAnchor\":\"T\",\"type\":\"string\"},"
     "\"list\":{\"$id\":\"list\",\"items\":{\"$dynamicRef\":\"#T\"},\"$defs\":{\"t\":{\"$dynamicAnchor\":"
     "\"T\"}}}}}",
     "[1]", false},
    {"and the one beside it when there is no other",
     "{\"$id\":\"http://x/outer\",\"$ref\":\"list\",\"$defs\":{"
     "\"list\":{\"$id\":\"list\",\"items\":{\"$dynamicRef\":\"#T\"},\"$defs\":{\"t\":{\"$dynamicAnchor\":"
     "\"T\"}}}}}",
     "[1]", true},
    {"a dynamic reference to a plain anchor is an ordinary one",
     "{\"$defs\":{\"a\":{\"$anchor\":\"A\",\"type\":\"string\"}},\"$dynamicRef\":\"#A\"}", "1", false},
    {"two names are kept apart",
     "{\"$id\":\"http://x/"
     "o\",\"items\":{\"$ref\":\"e\"},\"$defs\":{\"p\":{\"$dynamicAnchor\":\"P\",\"type\":\"integer\"},"
     "\"e\":{\"$id\":\"e\",\"properties\":{\"p\":{\"$dynamicRef\":\"#P\"},\"q\":{\"$dynamicRef\":\"#Q\"}},"
     "\"$defs\":{\"p\":{\"$dynamicAnchor\":\"P\"},\"q\":{\"$dynamicAnchor\":\"Q\",\"type\":\"string\"}}}}}",
     "[{\"p\":1,\"q\":\"a\"},{\"p\":2}]", true},
};

START_TEST(what_was_evaluated_is_known)
{
    arena_t *arena = arena_new();
    js_result_t result = validate(nested[_i].schema, DIALECT_2020_12, JS_FORMAT_ANNOTATES,
                                  nested[_i].instance, 3, &limits, arena);
    ck_assert_msg(result.verdict == (nested[_i].valid ? JS_VALID : JS_INVALID), "%s", nested[_i].claim);
    ck_assert_msg((result.n_errors == 0) == nested[_i].valid, "%s: errors", nested[_i].claim);
    arena_free(arena);
}
END_TEST

START_TEST(what_is_no_number_of_json_fits_no_bound)
{
    arena_t *arena = arena_new();
    js_validator_t *validator;
    jv_t *nan;
    ck_assert_int_eq(jv_read(TEXT("NaN"), JV_NAN, &limits, arena, &nan, NULL), 0);
    static const char *const schemas[] = {"{\"minimum\":0}", "{\"type\":\"integer\"}", "{\"multipleOf\":2}"};
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(compile(schemas[i], DIALECT_07, JS_FORMAT_ANNOTATES, arena, &validator, NULL), 0);
        js_result_t result = js_validate(validator, nan, 1, &limits, arena);
        ck_assert_int_eq(result.verdict, JS_INVALID);
        ck_assert_uint_eq(result.n_errors, 1);
    }
    ck_assert_int_eq(compile(schemas[2], DIALECT_07, JS_FORMAT_ANNOTATES, arena, &validator, NULL), 0);
    ck_assert_int_eq(js_validate(validator, nan, 1, &limits, arena).verdict, JS_UNDECIDED);
    arena_free(arena);
}
END_TEST

/* Numbers made by code have no value noted beside their text. */
START_TEST(numbers_that_were_built_are_read_from_their_text)
{
    arena_t *arena = arena_new();
    js_validator_t *validator;
    ck_assert_int_eq(compile("{\"type\":\"integer\",\"minimum\":2,\"multipleOf\":2}", DIALECT_07,
                             JS_FORMAT_ANNOTATES, arena, &validator, NULL),
                     0);
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {{"2", true},
                {"2.0", true},
                {"2.5", false},
                {"1", false},
                {"3", false},
                {"1e2", true},
                {"20000000000000000000000", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        js_result_t result =
            js_validate(validator, jv_new_number(arena, text_of(rows[i].text)), 1, &limits, arena);
        ck_assert_msg(result.verdict == (rows[i].valid ? JS_VALID : JS_INVALID), "%s", rows[i].text);
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_valid_value_has_no_errors)
{
    arena_t *arena = arena_new();
    js_result_t result =
        validate(THREE_WRONG, DIALECT_07, JS_FORMAT_ANNOTATES, "{\"a\":1}", 5, &limits, arena);
    ck_assert_int_eq(result.verdict, JS_INVALID); /* a is required and not allowed */
    result = validate("{\"anyOf\":[false,{\"not\":{\"type\":\"null\"}}]}", DIALECT_07, JS_FORMAT_ANNOTATES,
                      "1", 5, &limits, arena);
    ck_assert_int_eq(result.verdict, JS_VALID);
    ck_assert_uint_eq(result.n_errors, 0);
    ck_assert_ptr_null(result.reason);
    arena_free(arena);
}
END_TEST

/* --- exactness ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *claim, *schema, *instance;
    bool valid;
} exact[] = {
    {"bounds beyond doubles", "{\"minimum\":9007199254740993}", "9007199254740992", false},
    {"bounds beyond doubles, the other way", "{\"exclusiveMaximum\":9007199254740993}", "9007199254740992",
     true},
    {"a very large number", "{\"maximum\":1e400}", "1e401", false},
    {"0.0075 is a multiple of 0.0001", "{\"multipleOf\":0.0001}", "0.0075", true},
    {"1e308 is no multiple of 0.123456789", "{\"multipleOf\":0.123456789}", "1e308", false},
    {"multiples of long numbers", "{\"multipleOf\":123456789012345678901234567890}",
     "370370367037037036703703703670", true},
    {"1e2 is an integer", "{\"type\":\"integer\"}", "1e2", true},
    {"an integer of any length", "{\"type\":\"integer\"}", "123456789012345678901234567890", true},
    {"enum by value", "{\"enum\":[1.0]}", "1", true},
    {"false is not 0", "{\"enum\":[0]}", "false", false},
    {"false is not 0 inside", "{\"const\":{\"a\":[0]}}", "{\"a\":[false]}", false},
    {"members in any order", "{\"const\":{\"a\":1,\"b\":2}}", "{\"b\":2,\"a\":1}", true},
    {"a large enum", "{\"enum\":[0,1,2,3,4,5,6,7,8,9,10,11,\"x\",[1],{\"a\":1}]}", "{\"a\":1.0}", true},
    {"not in a large enum", "{\"enum\":[0,1,2,3,4,5,6,7,8,9,10,11,\"x\",[1],{\"a\":1}]}", "{\"a\":2}", false},
    {"length counts characters", "{\"maxLength\":2}", "\"\xF0\x9F\x90\xB2\xF0\x9F\x90\xB2\"", true},
    {"an escaped pair is one character", "{\"maxLength\":1}", "\"\\uD83D\\uDC32\"", true},
    {"a limit beyond 64 bits is no limit", "{\"maxLength\":1e30,\"minLength\":0.0}", "\"a\"", true},
    {"a minimum beyond 64 bits cannot be met", "{\"minItems\":1e30}", "[1]", false},
    {"many properties are found",
     "{\"properties\":{\"a\":{},\"b\":{},\"c\":{},\"d\":{},\"e\":{},\"f\":{},\"g\":{},\"h\":{},"
     "\"i\":{\"type\":\"null\"}},\"required\":[\"i\",\"j\",\"i\"]}",
     "{\"i\":null,\"j\":1}", true},
    {"and missed",
     "{\"properties\":{\"a\":{},\"b\":{},\"c\":{},\"d\":{},\"e\":{},\"f\":{},\"g\":{},\"h\":{},"
     "\"i\":{\"type\":\"null\"}},\"required\":[\"i\",\"j\"]}",
     "{\"i\":null,\"k\":1}", false},
    {"few properties of a large value", "{\"properties\":{\"c\":{\"type\":\"null\"}},\"required\":[\"d\"]}",
     "{\"a\":1,\"b\":1,\"c\":null,\"d\":1,\"e\":1}", true},
    {"few properties of a large value, one wrong", "{\"properties\":{\"c\":{\"type\":\"null\"}}}",
     "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1}", false},
    {"a NUL in a name", "{\"required\":[\"a\\u0000b\"]}", "{\"a\\u0000b\":1}", true},
    {"a NUL in a name is not left out", "{\"required\":[\"a\\u0000b\"]}", "{\"ab\":1}", false},
};

START_TEST(values_are_judged_exactly)
{
    arena_t *arena = arena_new();
    js_result_t result =
        validate(exact[_i].schema, DIALECT_07, JS_FORMAT_ANNOTATES, exact[_i].instance, 0, &limits, arena);
    ck_assert_msg(result.verdict == (exact[_i].valid ? JS_VALID : JS_INVALID), "%s", exact[_i].claim);
    arena_free(arena);
}
END_TEST

START_TEST(formats_assert_only_when_asked)
{
    arena_t *arena = arena_new();
    static const char schema[] = "{\"format\":\"ipv4\"}";
    ck_assert_int_eq(validate(schema, DIALECT_07, JS_FORMAT_ANNOTATES, "\"x\"", 0, &limits, arena).verdict,
                     JS_VALID);
    ck_assert_int_eq(validate(schema, DIALECT_07, JS_FORMAT_ASSERTS, "\"x\"", 0, &limits, arena).verdict,
                     JS_INVALID);
    ck_assert_int_eq(validate(schema, DIALECT_07, JS_FORMAT_ASSERTS, "1", 0, &limits, arena).verdict,
                     JS_VALID);
    arena_free(arena);
}
END_TEST

/* Marks of more than 64 members or items, kept and dropped with the branches that made them. */
START_TEST(evaluated_places_are_counted_in_large_values)
{
    arena_t *arena = arena_new();
    buf_t object, array;
    buf_init(&object, BUF_NO_MAX);
    buf_init(&array, BUF_NO_MAX);
    for (int i = 0; i < 200; i++) {
        buf_printf(&object, "%s\"%s%d\":%d", i > 0 ? "," : "{", i % 2 ? "odd" : "even", i, i);
        buf_printf(&array, "%s%d", i > 0 ? "," : "[", i % 2);
    }
    buf_add_char(&object, '}');
    buf_add_char(&array, ']');
    const char *members = buf_text(&object).at, *items = buf_text(&array).at;
    static const struct {
        const char *schema;
        bool object, valid;
    } rows[] = {
        {"{\"anyOf\":[{\"patternProperties\":{\"^odd\":true}},{\"patternProperties\":{\"^even\":true}}],"
         "\"unevaluatedProperties\":false}",
         true, true},
        {"{\"anyOf\":[{\"patternProperties\":{\"^odd\":true}},{\"patternProperties\":{\"^even\":true},"
         "\"required\":[\"x\"]}],"
         "\"unevaluatedProperties\":false}",
         true, false},
        {"{\"if\":{\"patternProperties\":{\"^odd\":true}},\"then\":{\"patternProperties\":{\"^even\":true}},"
         "\"unevaluatedProperties\":false}",
         true, true},
        {"{\"allOf\":[{\"contains\":{\"const\":0}},{\"contains\":{\"const\":1}}],\"unevaluatedItems\":false}",
         false, true},
        {"{\"oneOf\":[{\"contains\":{\"const\":0}},{\"contains\":{\"const\":2}}],\"unevaluatedItems\":false}",
         false, false},
        {"{\"not\":{\"not\":{\"contains\":{}}},\"unevaluatedItems\":false}", false, false},
        {"{\"allOf\":[{\"unevaluatedProperties\":true}],\"unevaluatedProperties\":false}", true, true},
        {"{\"$ref\":\"#/$defs/"
         "a\",\"$defs\":{\"a\":{\"additionalProperties\":true}},\"unevaluatedProperties\":false}",
         true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        js_result_t result = validate(rows[i].schema, DIALECT_2020_12, JS_FORMAT_ANNOTATES,
                                      rows[i].object ? members : items, 3, &limits, arena);
        ck_assert_msg(result.verdict == (rows[i].valid ? JS_VALID : JS_INVALID), "%s", rows[i].schema);
    }
    buf_dispose(&object);
    buf_dispose(&array);
    arena_free(arena);
}
END_TEST

/* --- broken schemas ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *schema;
    fault_code_t code;
    const char *pointer, *words;
} broken[] = {
    {"{\"type\":\"strnig\"}", FAULT_SCHEMA, "/type", "must name types"},
    {"{\"type\":[\"null\",3]}", FAULT_SCHEMA, "/type", "must name types"},
    {"{\"type\":{}}", FAULT_SCHEMA, "/type", "must name types"},
    {"{\"enum\":3}", FAULT_SCHEMA, "/enum", "array of values"},
    {"{\"minimum\":\"1\"}", FAULT_SCHEMA, "/minimum", "must be a number"},
    {"{\"multipleOf\":0}", FAULT_SCHEMA, "/multipleOf", "above zero"},
    {"{\"multipleOf\":-1}", FAULT_SCHEMA, "/multipleOf", "above zero"},
    {"{\"minLength\":-1}", FAULT_SCHEMA, "/minLength", "not negative"},
    {"{\"maxLength\":1.5}", FAULT_SCHEMA, "/maxLength", "whole number"},
    {"{\"maxItems\":\"1\"}", FAULT_SCHEMA, "/maxItems", "whole number"},
    {"{\"pattern\":1}", FAULT_SCHEMA, "/pattern", "a string"},
    {"{\"format\":1}", FAULT_SCHEMA, "/format", "a string"},
    {"{\"uniqueItems\":1}", FAULT_SCHEMA, "/uniqueItems", "true or false"},
    {"{\"items\":1}", FAULT_SCHEMA, "/items", "a schema"},
    {"{\"items\":[1]}", FAULT_SCHEMA, "/items", "array of schemas"},
    {"{\"contains\":[]}", FAULT_SCHEMA, "/contains", "a schema"},
    {"{\"properties\":[]}", FAULT_SCHEMA, "/properties", "an object"},
    {"{\"properties\":{\"a\":{\"properties\":{\"b\":3}}}}", FAULT_SCHEMA, "/properties/a/properties/b",
     "a schema"},
    {"{\"patternProperties\":{\"a\":3}}", FAULT_SCHEMA, "/patternProperties/a", "a schema"},
    {"{\"patternProperties\":3}", FAULT_SCHEMA, "/patternProperties", "an object"},
    {"{\"required\":true}", FAULT_SCHEMA, "/required", "array of names"},
    {"{\"required\":[1]}", FAULT_SCHEMA, "/required", "array of names"},
    {"{\"dependencies\":{\"a\":[1]}}", FAULT_SCHEMA, "/dependencies/a", "array of names"},
    {"{\"dependencies\":3}", FAULT_SCHEMA, "/dependencies", "an object"},
    {"{\"allOf\":{}}", FAULT_SCHEMA, "/allOf", "array of schemas"},
    {"{\"anyOf\":[3]}", FAULT_SCHEMA, "/anyOf", "array of schemas"},
    {"{\"not\":3}", FAULT_SCHEMA, "/not", "a schema"},
    {"{\"if\":3}", FAULT_SCHEMA, "/if", "a schema"},
    {"{\"if\":{},\"else\":3}", FAULT_SCHEMA, "/else", "a schema"},
    {"{\"$ref\":3}", FAULT_SCHEMA, "/$ref", "a string"},
    {"{\"properties\":{\"a\":{\"$ref\":\"other.json\"}}}", FAULT_REFERENCE, "/properties/a/$ref",
     "other.json"},
};

START_TEST(a_broken_keyword_is_a_fault_with_its_place)
{
    arena_t *arena = arena_new();
    js_validator_t *validator;
    fault_t fault = {0};
    ck_assert_msg(compile(broken[_i].schema, DIALECT_07, JS_FORMAT_ANNOTATES, arena, &validator, &fault) ==
                      -1,
                  "%s", broken[_i].schema);
    ck_assert_int_eq(fault.code, broken[_i].code);
    ck_assert_str_eq(fault.pointer, broken[_i].pointer);
    ck_assert_msg(strstr(fault.text, broken[_i].words) != NULL, "%s: %s", broken[_i].schema, fault.text);
    ck_assert_uint_gt(fault.column, 1);
    ck_assert_int_eq(compile(broken[_i].schema, DIALECT_07, JS_FORMAT_ANNOTATES, arena, &validator, NULL),
                     -1);
    arena_free(arena);
}
END_TEST

START_TEST(what_cannot_be_reached_may_be_broken)
{
    arena_t *arena = arena_new();
    static const char schema[] = "{\"definitions\":{\"a\":{\"type\":3,\"$ref\":\"nowhere\"}},\"minimum\":1}";
    ck_assert_int_eq(validate(schema, DIALECT_07, JS_FORMAT_ANNOTATES, "1", 0, &limits, arena).verdict,
                     JS_VALID);
    arena_free(arena);
}
END_TEST

/* --- beyond us, and hostile ------------------------------------------------------------------------------------------- */

static const struct {
    const char *claim, *schema, *instance, *reason; /* NULL: valid */
} hard[] = {
    {"a pattern that cannot be followed", "{\"pattern\":\"(?<=a+)b\"}", "\"ab\"", "regex-unsupported"},
    {"a pattern that is none", "{\"pattern\":\"(\"}", "\"ab\"", "regex-unsupported"},
    {"is not looked at for other types", "{\"pattern\":\"(\"}", "1", NULL},
    {"a property pattern that cannot be followed", "{\"patternProperties\":{\"(\":{}}}", "{\"a\":1}",
     "regex-unsupported"},
    {"negation does not turn it round", "{\"not\":{\"pattern\":\"(\"}}", "\"ab\"", "regex-unsupported"},
    {"a reference to itself", "{\"$ref\":\"#\"}", "1", "reference-loop"},
    {"two references to each other",
     "{\"$ref\":\"#/definitions/a\",\"definitions\":{\"a\":{\"$ref\":\"#/definitions/"
     "b\"},\"b\":{\"$ref\":\"#/definitions/a\"}}}",
     "1", "reference-loop"},
    {"through allOf", "{\"allOf\":[{\"$ref\":\"#\"}]}", "1", "reference-loop"},
    {"through not", "{\"not\":{\"$ref\":\"#\"}}", "1", "reference-loop"},
    {"a chain of references longer than the check for loops is none",
     "{\"allOf\":[{\"allOf\":[{\"$ref\":\"#/definitions/"
     "a\"}]}],\"definitions\":{\"a\":{\"anyOf\":[{\"$ref\":\"#/definitions/b\"}]},"
     "\"b\":{\"minimum\":0}}}",
     "1", NULL},
    {"a loop through a dynamic reference",
     "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$dynamicAnchor\":\"a\","
     "\"$dynamicRef\":\"#a\"}",
     "1", "reference-loop"},
    {"a loop that consumes something is none", "{\"items\":{\"$ref\":\"#\"}}", "[[[[]],[]]]", NULL},
    {"one schema at one value twice is no loop",
     "{\"allOf\":[{\"$ref\":\"#/definitions/a\"},{\"$ref\":\"#/definitions/"
     "a\"}],\"definitions\":{\"a\":{\"minimum\":0}}}",
     "1", NULL},
};

START_TEST(what_cannot_be_decided_says_why)
{
    arena_t *arena = arena_new();
    js_result_t result =
        validate(hard[_i].schema, DIALECT_07, JS_FORMAT_ANNOTATES, hard[_i].instance, 3, &limits, arena);
    ck_assert_msg(result.verdict == (hard[_i].reason == NULL ? JS_VALID : JS_UNDECIDED), "%s: %d",
                  hard[_i].claim, result.verdict);
    if (hard[_i].reason != NULL)
        ck_assert_str_eq(result.reason, hard[_i].reason);
    ck_assert_uint_eq(result.n_errors, 0);
    arena_free(arena);
}
END_TEST

START_TEST(a_budget_ends_long_work)
{
    arena_t *arena = arena_new();
    limits_t few = limits;
    few.max_steps = 10;
    static const char items[] = "[1,2,3,4,5,6,7,8,9,10,11,12]";
    js_result_t result = validate("{\"items\":{\"type\":\"integer\"}}", DIALECT_07, JS_FORMAT_ANNOTATES,
                                  items, 3, &few, arena);
    ck_assert_int_eq(result.verdict, JS_UNDECIDED);
    ck_assert_str_eq(result.reason, "budget");
    few.max_steps = 13;
    result = validate("{\"items\":{\"type\":\"integer\"}}", DIALECT_07, JS_FORMAT_ANNOTATES, items, 3, &few,
                      arena);
    ck_assert_int_eq(result.verdict, JS_VALID);
    ck_assert_uint_eq(result.steps, 13);
    arena_free(arena);
}
END_TEST

/* Whatever the budget: no verdict, or the verdict. Every keyword is met with too little left for it. */
START_TEST(any_budget_gives_the_verdict_or_none)
{
    static const struct {
        js_dialect_t dialect;
        const char *schema, *instance;
    } rows[] = {
        {DIALECT_07, "{\"enum\":[1,[2,3],{\"a\":4}],\"const\":{\"a\":4}}", "{\"a\":4}"},
        {DIALECT_07, "{\"enum\":[1,2,3,4,5,6,7,8,9,[10]]}", "[10]"},
        {DIALECT_07, "{\"multipleOf\":0.1,\"minimum\":1e30}",
         "100000000000000000000000000000000000000000000000000000000000000000.1"},
        {DIALECT_07, "{\"multipleOf\":1234567890123456789012345678901234567890}",
         "1234567890123456789012345678901234567890123456789012345678901234567890"},
        {DIALECT_07, "{\"pattern\":\"^(?=a)a+$\",\"maxLength\":999,\"format\":\"regex\"}",
         "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""},
        {DIALECT_07, "{\"pattern\":\"b\"}",
         "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\""},
        {DIALECT_07, "{\"uniqueItems\":true,\"items\":[{\"type\":\"integer\"}],\"contains\":{\"const\":2}}",
         "[1,2,3]"},
        {DIALECT_07, "{\"uniqueItems\":true}", "[0,1,2,3,4,5,6,7,8,9,10,[11]]"},
        {DIALECT_07, "{\"uniqueItems\":true}", "[0,1,2,3,4,5,6,7,8,9,10,11,10]"},
        {DIALECT_07,
         "{\"dependencies\":{\"a\":[\"b\",\"c\"],\"b\":{\"required\":[\"c\"]}},\"propertyNames\":{"
         "\"maxLength\":1},"
         "\"patternProperties\":{\"^a\":true,\"b\":{\"type\":\"integer\"}},\"additionalProperties\":{"
         "\"minimum\":0}}",
         "{\"a\":1,\"b\":2,\"c\":3}"},
        {DIALECT_07,
         "{\"properties\":{\"a\":{\"properties\":{\"b\":{\"type\":\"null\"}}}},\"required\":[\"c\"]}",
         "{\"a\":{\"b\":null,\"x\":1,\"y\":2},\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1}"},
        {DIALECT_07,
         "{\"allOf\":[{\"minimum\":0},{\"$ref\":\"#/definitions/"
         "a\"}],\"anyOf\":[false,{\"type\":\"integer\"}],\"oneOf\":"
         "[{\"type\":\"null\"},{\"minimum\":1}],\"not\":{\"type\":\"string\"},\"if\":{\"minimum\":3},"
         "\"then\":{\"maximum\":9},"
         "\"definitions\":{\"a\":{\"multipleOf\":1}}}",
         "5"},
        {DIALECT_2020_12,
         "{\"$id\":\"http://x/r\",\"$dynamicAnchor\":\"n\",\"properties\":{\"c\":{\"$ref\":\"http://x/"
         "e\"}},\"$defs\":{\"e\":{\"$id\":"
         "\"http://x/"
         "e\",\"$dynamicAnchor\":\"n\",\"items\":{\"$dynamicRef\":\"#n\"}}},\"unevaluatedProperties\":false}",
         "{\"c\":[{\"c\":[]},{\"d\":1}]}"},
        {DIALECT_2020_12,
         "{\"prefixItems\":[{\"type\":\"integer\"}],\"contains\":{\"const\":2},\"unevaluatedItems\":{"
         "\"type\":\"null\"}}",
         "[1,2,null,null]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        arena_t *arena = arena_new();
        js_validator_t *validator;
        ck_assert_int_eq(compile(rows[i].schema, rows[i].dialect, JS_FORMAT_ASSERTS, arena, &validator, NULL),
                         0);
        const jv_t *instance = read(rows[i].instance, arena);
        js_result_t whole = js_validate(validator, instance, 3, &limits, arena);
        ck_assert_int_ne(whole.verdict, JS_UNDECIDED);
        for (uint64_t steps = 0; steps <= whole.steps; steps++) {
            limits_t few = limits;
            few.max_steps = steps;
            js_result_t result = js_validate(validator, instance, 3, &few, arena);
            if (result.verdict == JS_UNDECIDED)
                ck_assert_str_eq(result.reason, "budget");
            else
                ck_assert_msg(result.verdict == whole.verdict, "%s with %d steps", rows[i].schema,
                              (int)steps);
        }
        arena_free(arena);
    }
}
END_TEST

/* d0 is twice d1, which is twice d2, ... 2^60 evaluations for who does not remember. */
static const char *fan_out(int levels, const char *keyword, const char *last, arena_t *arena)
{
    buf_t schema;
    buf_init(&schema, BUF_NO_MAX);
    buf_add_s(&schema, "{\"definitions\":{");
    for (int i = 0; i < levels; i++)
        buf_printf(&schema,
                   "\"d%d\":{\"%s\":[{\"$ref\":\"#/definitions/d%d\"},{\"$ref\":\"#/definitions/d%d\"}]},", i,
                   keyword, i + 1, i + 1);
    buf_printf(&schema, "\"d%d\":%s},\"$ref\":\"#/definitions/d0\"}", levels, last);
    const char *text = buf_take(&schema, arena).at;
    buf_dispose(&schema);
    return text;
}

START_TEST(references_that_fan_out_do_not_explode)
{
    static const struct {
        const char *keyword, *last, *instance;
        bool valid;
    } rows[] = {
        {"allOf", "{\"type\":\"integer\"}", "1", true},
        {"anyOf", "{\"type\":\"null\"}", "1", false},
        {"oneOf", "{\"type\":\"null\"}", "1", false},
        {"allOf", "{\"propertyNames\":{\"maxLength\":1}}", "{\"a\":1,\"b\":2}", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        arena_t *arena = arena_new();
        js_result_t result = validate(fan_out(60, rows[i].keyword, rows[i].last, arena), DIALECT_07,
                                      JS_FORMAT_ANNOTATES, rows[i].instance, 3, &limits, arena);
        ck_assert_msg(result.verdict == (rows[i].valid ? JS_VALID : JS_INVALID), "%s: %s", rows[i].keyword,
                      result.reason == NULL ? "" : result.reason);
        ck_assert_uint_lt(result.steps, 20000);
        arena_free(arena);
    }
}
END_TEST

START_TEST(many_values_are_remembered)
{
    arena_t *arena = arena_new();
    buf_t instance;
    buf_init(&instance, BUF_NO_MAX);
    for (int i = 0; i < 3000; i++)
        buf_printf(&instance, "%s%d", i > 0 ? "," : "[", i);
    buf_add_char(&instance, ']');
    const char *schema = fan_out(12, "allOf", "{\"items\":{\"$ref\":\"#/definitions/x\"}}", arena);
    schema =
        arena_printf(arena, "{\"definitions\":{\"x\":{\"allOf\":[{\"type\":\"integer\"},{\"minimum\":0}]},%s",
                     schema + strlen("{\"definitions\":{"));
    js_result_t result =
        validate(schema, DIALECT_07, JS_FORMAT_ANNOTATES, buf_text(&instance).at, 3, &limits, arena);
    ck_assert_int_eq(result.verdict, JS_VALID);
    buf_dispose(&instance);
    arena_free(arena);
}
END_TEST

START_TEST(deep_values_meet_deep_schemas)
{
    arena_t *arena = arena_new();
    char deep[1023];
    memset(deep, '[', 511);
    memset(deep + 511, ']', 511);
    deep[1022] = '\0';
    static const char schema[] =
        "{\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/b\"}},\"b\":{\"allOf\":[{\"$ref\":\"#/$defs/c\"}]},"
        "\"c\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"},false]}},\"$ref\":\"#/$defs/a\"}";
    js_result_t result = validate(schema, DIALECT_2020_12, JS_FORMAT_ANNOTATES, deep, 3, &limits, arena);
    ck_assert_int_eq(result.verdict, JS_VALID);
    limits_t shallow = limits;
    shallow.max_depth = 20;
    result = validate(schema, DIALECT_2020_12, JS_FORMAT_ANNOTATES, deep, 3, &shallow, arena);
    ck_assert_int_eq(result.verdict, JS_UNDECIDED);
    ck_assert_str_eq(result.reason, "depth");
    arena_free(arena);
}
END_TEST

START_TEST(the_same_question_has_the_same_answer)
{
    js_result_t first = {0};
    for (int round = 0; round < 3; round++) {
        arena_t *arena = arena_new();
        js_result_t result = validate(THREE_WRONG, DIALECT_07, JS_FORMAT_ANNOTATES,
                                      "{\"c\":\"\",\"d\":3,\"e\":1}", 9, &limits, arena);
        if (round > 0) {
            ck_assert_uint_eq(result.steps, first.steps);
            ck_assert_uint_eq(result.n_errors, first.n_errors);
        }
        first = result;
        arena_free(arena);
    }
}
END_TEST

/* --- schemas as values ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *schema, *drafts; /* a letter for each draft: v a schema, i none */
    const char *pointer;
} metas[] = {
    {"{}", "vvvvv", ""},
    {"true", "ivvvv", ""},
    {"[]", "iiiii", ""},
    {"{\"type\":\"strnig\"}", "iiiii", "/type"},
    {"{\"required\":[]}", "ivvvv", "/required"},
    {"{\"exclusiveMinimum\":true,\"minimum\":1}", "viiii", "/exclusiveMinimum"},
    {"{\"properties\":{\"a\":{\"minLength\":-1}}}", "iiiii", "/properties/a/minLength"},
    {"{\"$defs\":{\"a\":{\"type\":3}}}", "vvvii", "/$defs/a/type"},
    {"{\"items\":[{}]}", "vvvvi", "/items"},
    {"{\"items\":{\"type\":3}}", "iiiii", "/items/type"},
};

START_TEST(a_schema_is_checked_against_its_meta_schema)
{
    for (js_dialect_t d = 0; d < DIALECT_N; d++) {
        arena_t *arena = arena_new();
        fault_t fault = {0};
        bool good = js_meta_validate(read(metas[_i].schema, arena), d, arena, &fault) == 0;
        ck_assert_msg(good == (metas[_i].drafts[d] == 'v'), "%s: %s: %s", js_dialect_name(d),
                      metas[_i].schema, fault.text);
        if (!good) {
            ck_assert_str_eq(fault.pointer, metas[_i].pointer);
            ck_assert_int_eq(fault.code, FAULT_SCHEMA);
            ck_assert_uint_eq(fault.line, 1);
            ck_assert_int_eq(js_meta_validate(read(metas[_i].schema, arena), d, arena, NULL), -1);
        }
        arena_free(arena);
    }
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("validator");
    TCase *verdicts = tcase_create("verdicts"), *said = tcase_create("errors"),
          *limit = tcase_create("limits");
    tcase_add_loop_test(verdicts, each_draft_reads_its_own_keywords, 0, COUNT(drafts));
    tcase_add_loop_test(verdicts, values_are_judged_exactly, 0, COUNT(exact));
    tcase_add_loop_test(verdicts, what_was_evaluated_is_known, 0, COUNT(nested));
    tcase_add_test(verdicts, what_is_no_number_of_json_fits_no_bound);
    tcase_add_test(verdicts, numbers_that_were_built_are_read_from_their_text);
    tcase_add_test(verdicts, formats_assert_only_when_asked);
    tcase_add_test(verdicts, evaluated_places_are_counted_in_large_values);
    tcase_add_loop_test(verdicts, a_schema_is_checked_against_its_meta_schema, 0, COUNT(metas));
    tcase_add_loop_test(said, an_error_names_place_keyword_and_reason, 0, COUNT(errors));
    tcase_add_test(said, an_error_of_the_later_drafts_names_its_keyword);
    tcase_add_test(said, all_errors_are_found_up_to_the_number_asked_for);
    tcase_add_test(said, the_nearest_alternative_is_told_as_well);
    tcase_add_test(said, keywords_are_looked_at_one_after_the_other);
    tcase_add_test(said, a_valid_value_has_no_errors);
    tcase_add_loop_test(said, a_broken_keyword_is_a_fault_with_its_place, 0, COUNT(broken));
    tcase_add_test(said, what_cannot_be_reached_may_be_broken);
    tcase_add_loop_test(limit, what_cannot_be_decided_says_why, 0, COUNT(hard));
    tcase_add_test(limit, a_budget_ends_long_work);
    tcase_add_test(limit, any_budget_gives_the_verdict_or_none);
    tcase_add_test(limit, references_that_fan_out_do_not_explode);
    tcase_add_test(limit, many_values_are_remembered);
    tcase_add_test(limit, deep_values_meet_deep_schemas);
    tcase_add_test(limit, the_same_question_has_the_same_answer);
    suite_add_tcase(suite, verdicts);
    suite_add_tcase(suite, said);
    suite_add_tcase(suite, limit);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

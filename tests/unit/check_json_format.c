/* check_json_format.c - JSON Schema as a format: canonical text, normalized text, equality, names, references, bad input. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/compat.h"
#include "compat/json/json_number.h"

static arena_t *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

static int parse(const char *text, unsigned flags, schema_t **schema, fault_t *fault)
{
    schema_source_t source = {
        .format = FORMAT_JSON, .text = text_of(text), .flags = flags, .limits = LIMITS_DEFAULT};

    memset(fault, 0, sizeof(*fault));
    return schema_parse(&source, schema, fault);
}

static schema_t *parsed(const char *text)
{
    schema_t *schema = NULL;
    fault_t fault;

    ck_assert_msg(parse(text, SCHEMA_LENIENT, &schema, &fault) == 0, "%s: %s", text, fault.text);
    return schema;
}

/* --- numbers ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *written, *printed;
} numbers[] = {
    {"0", "0"},
    {"-0", "0"},
    {"-1", "-1"},
    {"123456789012345678901", "123456789012345678901"},
    {"1.10", "1.10"},
    {"-0.0", "0.0"},
    {"0.000001", "0.000001"},
    {"0.0000001", "1E-7"},
    {"0.00000012", "1.2E-7"},
    {"1E3", "1E+3"},
    {"1e3", "1E+3"},
    {"1e+3", "1E+3"},
    {"12.3E2", "1.23E+3"},
    {"1.0e1", "10"},
    {"1.50e1", "15.0"},
    {"0e5", "0E+5"},
    {"0.00", "0.00"},
    {"-12E-10", "-1.2E-9"},
    {"1e-3", "0.001"},
    {"100e-2", "1.00"},
    {"1e400", "1E+400"},
    {"1e0", "1"},
};

START_TEST(a_number_is_printed_as_a_big_decimal_prints_it)
{
    text_t out;

    ck_assert(json_number_text(text_of(numbers[_i].written), arena, &out));
    ck_assert_msg(text_is(out, numbers[_i].printed), "%s: %.*s", numbers[_i].written, TEXT_ARG(out));
}
END_TEST

START_TEST(printing_a_printed_number_changes_nothing)
{
    text_t out;

    ck_assert(json_number_text(text_of(numbers[_i].printed), arena, &out));
    ck_assert_msg(text_is(out, numbers[_i].printed), "%s: %.*s", numbers[_i].printed, TEXT_ARG(out));
}
END_TEST

START_TEST(an_exponent_beyond_java_is_refused)
{
    text_t out;

    ck_assert(json_number_text(TEXT("1e2147483647"), arena, &out));
    ck_assert(!json_number_text(TEXT("1e2147483648"), arena, &out));
    ck_assert(!json_number_text(TEXT("1e-99999999999999999999"), arena, &out));
}
END_TEST

/* --- texts -------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *source, *canonical, *normalized;
} texts[] = {
    {"white space goes, order stays", " { \"type\" : \"object\" ,\n\"properties\":{ \"b\":{}, \"a\":{}} } ",
     "{\"type\":\"object\",\"properties\":{\"b\":{},\"a\":{}}}",
     "{\"properties\":{\"a\":{},\"b\":{}},\"type\":\"object\"}"},
    {"numbers keep their decimal value", "{\"a\":[1.10,1E3,-0,0.0000001]}", "{\"a\":[1.10,1E+3,0,1E-7]}",
     "{\"a\":[1.10,1E+3,0,1E-7]}"},
    {"the last of two names wins at the first place", "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}",
     "{\"a\":3,\"b\":2}"},
    {"what is no number is a string", "{\"a\":[NaN,Infinity,-Infinity]}",
     "{\"a\":[\"NaN\",\"Infinity\",\"-Infinity\"]}", "{\"a\":[\"NaN\",\"Infinity\",\"-Infinity\"]}"},
    {"characters are raw, controls escaped", "{\"a\":\"\\u00e9\\/\\u0001\\n\\u001f\\ud83d\\ude00\"}",
     "{\"a\":\"\xc3\xa9/\\u0001\\n\\u001F\xf0\x9f\x98\x80\"}",
     "{\"a\":\"\xc3\xa9/\\u0001\\n\\u001F\xf0\x9f\x98\x80\"}"},
    {"names sort by UTF-16 units", "{\"\xef\xbd\x81\":1,\"\xf0\x9f\x98\x80\":2,\"a\":3}",
     "{\"\xef\xbd\x81\":1,\"\xf0\x9f\x98\x80\":2,\"a\":3}",
     "{\"a\":3,\"\xf0\x9f\x98\x80\":2,\"\xef\xbd\x81\":1}"},
    {"lists keep their order", "{\"enum\":[\"b\",\"a\"]}", "{\"enum\":[\"b\",\"a\"]}",
     "{\"enum\":[\"b\",\"a\"]}"},
    {"a NUL stays escaped, in names and in strings", "{\"a\\u0000b\":\"c\\u0000d\"}",
     "{\"a\\u0000b\":\"c\\u0000d\"}", "{\"a\\u0000b\":\"c\\u0000d\"}"},
    {"a boolean is a schema", " true ", "true", "true"},
};

START_TEST(text_is_printed_as_the_registry_prints_it)
{
    schema_t *schema = parsed(texts[_i].source);
    text_t canonical = schema_canonical(schema), normalized = schema_normalized(schema, arena);

    ck_assert(memchr(canonical.at, 0, canonical.bytes) == NULL); /* no text column would take it */
    ck_assert_msg(text_is(canonical, texts[_i].canonical), "%s: %.*s", texts[_i].name, TEXT_ARG(canonical));
    ck_assert_msg(text_is(normalized, texts[_i].normalized), "%s: %.*s", texts[_i].name,
                  TEXT_ARG(normalized));
    ck_assert(text_eq(schema_resolved(schema, arena), canonical));
    schema_unref(schema);
}
END_TEST

START_TEST(canonical_text_is_canonical)
{
    schema_t *schema = parsed(texts[_i].canonical);

    ck_assert(text_is(schema_canonical(schema), texts[_i].canonical));
    schema_unref(schema);
}
END_TEST

START_TEST(equal_means_the_same_canonical_text)
{
    schema_t *a = parsed("{\"type\":\"string\",\"maxLength\":1}");
    schema_t *b = parsed("{ \"type\": \"string\", \"maxLength\": 1 }");
    schema_t *c = parsed("{\"maxLength\":1,\"type\":\"string\"}");
    schema_t *d = parsed("{\"type\":\"string\",\"maxLength\":1.0}");

    ck_assert(schema_equal(a, b));
    ck_assert(!schema_equal(a, c));
    ck_assert(!schema_equal(a, d));
    schema_unref(a);
    schema_unref(b);
    schema_unref(c);
    schema_unref(d);
}
END_TEST

START_TEST(top_fields_are_the_properties_of_the_root)
{
    schema_t *schema = parsed("{\"properties\":{\"b\":{\"properties\":{\"x\":{}}},\"a\":{}},\"allOf\":[{}]}");
    const text_t *names;

    ck_assert_uint_eq(schema_top_fields(schema, arena, &names), 2);
    ck_assert(text_is(names[0], "b"));
    ck_assert(text_is(names[1], "a"));
    schema_unref(schema);
    schema = parsed("true");
    ck_assert_uint_eq(schema_top_fields(schema, arena, &names), 0);
    schema_unref(schema);
}
END_TEST

/* --- bad input ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *text;
    unsigned flags;
    fault_code_t code;
    const char *says;
} bad[] = {
    {"not JSON", "{\"type\":", SCHEMA_LENIENT, FAULT_SYNTAX, ""},
    {"a string", "\"string\"", SCHEMA_LENIENT, FAULT_SCHEMA, "an object or a boolean"},
    {"a list", "[]", SCHEMA_LENIENT, FAULT_SCHEMA, "an object or a boolean"},
    {"null", "null", SCHEMA_LENIENT, FAULT_SCHEMA, "an object or a boolean"},
    {"an exponent beyond all measure", "{\"minimum\":1e99999999999}", SCHEMA_LENIENT, FAULT_LIMIT,
     "exponent"},
    {"a multipleOf of nothing", "{\"multipleOf\":0.0}", SCHEMA_LENIENT, FAULT_SCHEMA, "multipleOf"},
    {"a definition that is missing", "{\"properties\":{\"a\":{\"$ref\":\"#/definitions/b\"}}}",
     SCHEMA_LENIENT, FAULT_REFERENCE, "#/definitions/b"},
    {"a document that is missing", "{\"items\":{\"$ref\":\"other.json\"}}", SCHEMA_LENIENT, FAULT_REFERENCE,
     "other.json"},
    {"something elsewhere that is never fetched", "{\"$ref\":\"http://127.0.0.1:1/x.json\"}", SCHEMA_LENIENT,
     FAULT_REFERENCE, "http://127.0.0.1:1/x.json"},
    {"a reference in what is never compared", "{\"propertyNames\":{\"$ref\":\"#/definitions/b\"}}",
     SCHEMA_LENIENT, FAULT_REFERENCE, "#/definitions/b"},
    {"a reference to a text", "{\"title\":\"x\",\"items\":{\"$ref\":\"#/title\"}}", SCHEMA_LENIENT,
     FAULT_REFERENCE, "#/title"},
    {"a type that is none, in a new schema", "{\"type\":\"text\"}", SCHEMA_VALIDATE, FAULT_SCHEMA, ""},
    {"a bound that is text, in a new schema", "{\"maxLength\":\"5\"}", SCHEMA_VALIDATE, FAULT_SCHEMA, ""},
    {"a reserved name, in a new schema", "{\"properties\":{\"$$id\":{}}}", SCHEMA_VALIDATE, FAULT_SCHEMA,
     "$$id"},
};

START_TEST(bad_input_is_refused_with_its_place)
{
    schema_t *schema = NULL;
    fault_t fault;

    ck_assert_msg(parse(bad[_i].text, bad[_i].flags, &schema, &fault) != 0, "%s", bad[_i].name);
    ck_assert_msg(fault.code == bad[_i].code, "%s: %d %s", bad[_i].name, (int)fault.code, fault.text);
    ck_assert_msg(strstr(fault.text, bad[_i].says) != NULL, "%s: %s", bad[_i].name, fault.text);
    ck_assert_msg(fault.line > 0, "%s: %s", bad[_i].name, fault.text);
}
END_TEST

/* What an earlier registry may have accepted is read: keywords of a wrong type are as good as absent. */
static const char *const tolerated[] = {
    "{\"type\":\"text\"}",
    "{\"type\":[1,\"string\"]}",
    "{\"maxLength\":\"5\",\"minLength\":1.5,\"pattern\":3}",
    "{\"required\":true,\"properties\":[],\"patternProperties\":{\"[\":{}},\"dependencies\":{\"a\":3}}",
    "{\"items\":3,\"additionalItems\":\"x\",\"enum\":{},\"const\":[],\"allOf\":{},\"not\":1}",
    "{\"$ref\":3}",
    "{\"properties\":{\"a\":3,\"$$b\":{}}}",
    "{\"$schema\":\"http://elsewhere.example/schema\",\"$id\":7,\"title\":[],\"description\":{}}",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/"
    "schema\",\"$ref\":3,\"type\":4,\"items\":[],\"if\":2,"
    "\"prefixItems\":{},\"minContains\":2,\"dependentRequired\":{\"a\":3},\"unevaluatedItems\":4}",
};

START_TEST(wrong_keywords_of_stored_schemas_are_read)
{
    schema_t *schema = parsed(tolerated[_i]);
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT, .max_findings = 10};

    ck_assert_int_eq(compat_check(schema, schema, &options, arena)->verdict, VERDICT_COMPATIBLE);
    schema_unref(schema);
}
END_TEST

/* --- references ------------------------------------------------------------------------------------------------------------- */

static verdict_t with_references(const char *text, const schema_reference_t *references, size_t n,
                                 const char *reader)
{
    schema_source_t source = {.format = FORMAT_JSON,
                              .text = text_of(text),
                              .references = references,
                              .n_references = n,
                              .limits = LIMITS_DEFAULT};
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT};
    schema_t *w = NULL, *r = parsed(reader);
    fault_t fault = {0};

    ck_assert_msg(schema_parse(&source, &w, &fault) == 0, "%s: %s", text, fault.text);
    verdict_t verdict = compat_check(r, w, &options, arena)->verdict;
    schema_unref(w);
    schema_unref(r);
    return verdict;
}

#define STRING_READER "{\"properties\":{\"a\":{\"type\":\"string\"}}}"

START_TEST(a_reference_is_found_by_its_name)
{
    schema_reference_t one = {TEXT("other.json"), TEXT("{\"type\":\"string\"}")};
    schema_reference_t absolute = {TEXT("http://x.example/other.json"), TEXT("{\"type\":\"string\"}")};

    ck_assert_int_eq(
        with_references("{\"properties\":{\"a\":{\"$ref\":\"other.json\"}}}", &one, 1, STRING_READER),
        VERDICT_COMPATIBLE);
    ck_assert_int_eq(
        with_references("{\"$id\":\"http://x.example/dir/root.json\",\"properties\":{\"a\":{\"$ref\":"
                        "\"http://x.example/other.json\"}}}",
                        &absolute, 1, STRING_READER),
        VERDICT_COMPATIBLE);
}
END_TEST

START_TEST(a_reference_name_is_resolved_against_the_roots_id)
{
    schema_reference_t one = {TEXT("other.json"), TEXT("{\"type\":\"string\"}")};

    ck_assert_int_eq(
        with_references("{\"$id\":\"http://x.example/dir/root.json\",\"properties\":{\"a\":{\"$ref\":"
                        "\"http://x.example/dir/other.json\"}}}",
                        &one, 1, STRING_READER),
        VERDICT_COMPATIBLE);
}
END_TEST

START_TEST(a_reference_leads_into_the_definitions_of_another_document)
{
    schema_reference_t one = {TEXT("other.json"), TEXT("{\"definitions\":{\"s\":{\"type\":\"string\"}}}")};

    ck_assert_int_eq(with_references("{\"properties\":{\"a\":{\"$ref\":\"other.json#/definitions/s\"}}}",
                                     &one, 1, STRING_READER),
                     VERDICT_COMPATIBLE);
    ck_assert_int_eq(with_references("{\"properties\":{\"a\":{\"$ref\":\"other.json#/$defs/s\"}}}", &one, 1,
                                     STRING_READER),
                     VERDICT_COMPATIBLE);
}
END_TEST

START_TEST(the_first_reference_of_a_name_wins)
{
    schema_reference_t two[] = {
        {TEXT("other.json"), TEXT("{\"type\":\"string\"}")},
        {TEXT("other.json"), TEXT("{\"type\":\"number\"}")},
    };

    ck_assert_int_eq(
        with_references("{\"properties\":{\"a\":{\"$ref\":\"other.json\"}}}", two, 2, STRING_READER),
        VERDICT_COMPATIBLE);
}
END_TEST

START_TEST(references_may_refer_to_each_other_and_back)
{
    schema_reference_t two[] = {
        {TEXT("a.json"), TEXT("{\"properties\":{\"b\":{\"$ref\":\"b.json\"}}}")},
        {TEXT("b.json"), TEXT("{\"properties\":{\"a\":{\"$ref\":\"a.json\"}}}")},
    };

    ck_assert_int_eq(
        with_references("{\"properties\":{\"a\":{\"$ref\":\"a.json\"}}}", two, 2, "{\"properties\":{}}"),
        VERDICT_COMPATIBLE);
}
END_TEST

START_TEST(a_fault_in_a_reference_names_it)
{
    schema_reference_t one = {TEXT("other.json"), TEXT("{\"type\":}")};
    schema_source_t source = {.format = FORMAT_JSON,
                              .text = TEXT("{\"$ref\":\"other.json\"}"),
                              .references = &one,
                              .n_references = 1,
                              .limits = LIMITS_DEFAULT};
    schema_t *schema = NULL;
    fault_t fault = {0};

    ck_assert_int_ne(schema_parse(&source, &schema, &fault), 0);
    ck_assert_int_eq(fault.code, FAULT_SYNTAX);
    ck_assert_msg(strstr(fault.text, "other.json") != NULL, "%s", fault.text);
}
END_TEST

/* --- dialects --------------------------------------------------------------------------------------------------------------- */

static verdict_t in_dialect(const char *dialect, const char *writer, const char *reader)
{
    schema_source_t source = {.format = FORMAT_JSON, .dialect = text_of(dialect), .limits = LIMITS_DEFAULT};
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT};
    schema_t *w = NULL, *r = NULL;
    fault_t fault = {0};

    source.text = text_of(writer);
    ck_assert_msg(schema_parse(&source, &w, &fault) == 0, "%s", fault.text);
    source.text = text_of(reader);
    ck_assert_msg(schema_parse(&source, &r, &fault) == 0, "%s", fault.text);
    verdict_t verdict = compat_check(r, w, &options, arena)->verdict;
    schema_unref(w);
    schema_unref(r);
    return verdict;
}

START_TEST(a_schema_without_a_dialect_is_draft_7_unless_the_caller_says)
{
    const char *one = "{\"prefixItems\":[{\"type\":\"string\"}]}",
               *other = "{\"prefixItems\":[{\"type\":\"null\"}]}";

    ck_assert_int_eq(in_dialect(NULL, one, other), VERDICT_COMPATIBLE);
    ck_assert_int_eq(in_dialect("draft-07", one, other), VERDICT_COMPATIBLE);
    ck_assert_int_eq(in_dialect("2020-12", one, other), VERDICT_INCOMPATIBLE);
}
END_TEST

START_TEST(an_unknown_dialect_of_the_caller_is_a_fault)
{
    schema_source_t source = {
        .format = FORMAT_JSON, .text = TEXT("{}"), .dialect = TEXT("draft-99"), .limits = LIMITS_DEFAULT};
    schema_t *schema = NULL;
    fault_t fault = {0};

    ck_assert_int_ne(schema_parse(&source, &schema, &fault), 0);
    ck_assert_ptr_nonnull(strstr(fault.text, "draft-99"));
}
END_TEST

#define N_OF(array) ((int)(sizeof(array) / sizeof(*(array))))

static Suite *suite(void)
{
    Suite *s = suite_create("json_format");
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, a_number_is_printed_as_a_big_decimal_prints_it, 0, N_OF(numbers));
    tcase_add_loop_test(tc, printing_a_printed_number_changes_nothing, 0, N_OF(numbers));
    tcase_add_test(tc, an_exponent_beyond_java_is_refused);
    tcase_add_loop_test(tc, text_is_printed_as_the_registry_prints_it, 0, N_OF(texts));
    tcase_add_loop_test(tc, canonical_text_is_canonical, 0, N_OF(texts));
    tcase_add_test(tc, equal_means_the_same_canonical_text);
    tcase_add_test(tc, top_fields_are_the_properties_of_the_root);
    tcase_add_loop_test(tc, bad_input_is_refused_with_its_place, 0, N_OF(bad));
    tcase_add_loop_test(tc, wrong_keywords_of_stored_schemas_are_read, 0, N_OF(tolerated));
    tcase_add_test(tc, a_reference_is_found_by_its_name);
    tcase_add_test(tc, a_reference_name_is_resolved_against_the_roots_id);
    tcase_add_test(tc, a_reference_leads_into_the_definitions_of_another_document);
    tcase_add_test(tc, the_first_reference_of_a_name_wins);
    tcase_add_test(tc, references_may_refer_to_each_other_and_back);
    tcase_add_test(tc, a_fault_in_a_reference_names_it);
    tcase_add_test(tc, a_schema_without_a_dialect_is_draft_7_unless_the_caller_says);
    tcase_add_test(tc, an_unknown_dialect_of_the_caller_is_a_fault);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());

    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

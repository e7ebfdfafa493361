/* check_resources.c - identifiers, anchors and references of JSON Schema documents (compat/json/resources.h, uri.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/json/resources.h"
#include "compat/json/uri.h"

static const limits_t limits = LIMITS_DEFAULT;

static jv_t *read(const char *text, arena_t *arena)
{
    jv_t *tree = NULL;
    fault_t fault = {0};
    ck_assert_msg(jv_read(text_of(text), JV_STRICT, &limits, arena, &tree, &fault) == 0, "%s: %s", text,
                  fault.text);
    return tree;
}

static int build(const char *root, const char *uri, const char *other, js_dialect_t dialect, arena_t *arena,
                 js_resources_t **out, fault_t *fault)
{
    js_document_t documents[2] = {{TEXT_NONE, read(root, arena)}};
    if (uri != NULL)
        documents[1] = (js_document_t){text_of(uri), read(other, arena)};
    return js_resources_build(&documents[0], &documents[1], uri != NULL, dialect, arena, out, fault);
}

/* --- URIs: RFC 3986, 5.4, and names that are no URIs --------------------------------------------------------------- */

#define BASE "http://a/b/c/d;p?q"

static const struct {
    const char *base, *reference, *resolved;
} uris[] = {
    {BASE, "g:h", "g:h"},
    {BASE, "g", "http://a/b/c/g"},
    {BASE, "./g", "http://a/b/c/g"},
    {BASE, "g/", "http://a/b/c/g/"},
    {BASE, "/g", "http://a/g"},
    {BASE, "//g", "http://g"},
    {BASE, "?y", "http://a/b/c/d;p?y"},
    {BASE, "g?y", "http://a/b/c/g?y"},
    {BASE, "#s", BASE},
    {BASE, "g#s", "http://a/b/c/g"},
    {BASE, ";x", "http://a/b/c/;x"},
    {BASE, "", BASE},
    {BASE, ".", "http://a/b/c/"},
    {BASE, "./", "http://a/b/c/"},
    {BASE, "..", "http://a/b/"},
    {BASE, "../g", "http://a/b/g"},
    {BASE, "../..", "http://a/"},
    {BASE, "../../g", "http://a/g"},
    {BASE, "../../../g", "http://a/g"},
    {BASE, "/./g", "http://a/g"},
    {BASE, "/../g", "http://a/g"},
    {BASE, "g.", "http://a/b/c/g."},
    {BASE, "..g", "http://a/b/c/..g"},
    {BASE, "./g/.", "http://a/b/c/g/"},
    {BASE, "g/../h", "http://a/b/c/h"},
    {BASE, "g;x=1/../y", "http://a/b/c/y"},
    {BASE, "g?y/../x", "http://a/b/c/g?y/../x"},
    {"http://a", "g", "http://a/g"},
    {"", "common.json", "common.json"},
    {"dir/root.json", "common.json", "dir/common.json"},
    {"dir/root.json", "../common.json", "common.json"},
    {"urn:uuid:1-2", "#x", "urn:uuid:1-2"},
    {"urn:uuid:1-2", "urn:other", "urn:other"},
};

START_TEST(a_reference_is_resolved)
{
    arena_t *arena = arena_new();
    text_t resolved = uri_resolve(text_of(uris[_i].base), text_of(uris[_i].reference), arena);
    ck_assert_msg(text_is(resolved, uris[_i].resolved), "%s + %s = %s", uris[_i].base, uris[_i].reference,
                  resolved.at);
    arena_free(arena);
}
END_TEST

/* --- dialects ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int dialect; /* -1: none */
} dialects[] = {
    {"http://json-schema.org/draft-04/schema#", DIALECT_04},
    {"http://json-schema.org/draft-04/schema", DIALECT_04},
    {"https://json-schema.org/draft-07/schema#", DIALECT_07},
    {"http://json-schema.org/draft/2020-12/schema", DIALECT_2020_12},
    {"4", DIALECT_04},
    {"draft-06", DIALECT_06},
    {"DRAFT7", DIALECT_07},
    {"2019-09", DIALECT_2019_09},
    {"draft2020-12", DIALECT_2020_12},
    {"http://json-schema.org/draft-03/schema#", -1},
    {"http://json-schema.org/schema#", -1},
    {"", -1},
    {"5", -1},
};

START_TEST(a_dialect_is_known_by_name_and_address)
{
    js_dialect_t dialect = DIALECT_N;
    bool found = js_dialect_find(text_of(dialects[_i].name), &dialect);
    ck_assert_msg(found == (dialects[_i].dialect >= 0), "%s", dialects[_i].name);
    if (found)
        ck_assert_int_eq(dialect, dialects[_i].dialect);
}
END_TEST

START_TEST(a_dialect_finds_itself)
{
    for (js_dialect_t d = 0; d < DIALECT_N; d++) {
        js_dialect_t by_uri, by_name;
        ck_assert(js_dialect_find(text_of(js_dialect_uri(d)), &by_uri) && by_uri == d);
        ck_assert(js_dialect_find(text_of(js_dialect_name(d)), &by_name) && by_name == d);
    }
}
END_TEST

/* --- references -------------------------------------------------------------------------------------------------- */

#define ROOT                                                                                             \
    "{\"$id\":\"http://x.org/s/root.json\",\"properties\":{\"p\":{\"$ref\":\"common.json\"}},"           \
    "\"definitions\":{\"a\":{\"title\":\"a\"},\"a b/c%\":{\"title\":\"odd\"},\"n\":3,"                   \
    "\"sub\":{\"$id\":\"nested/sub.json\",\"title\":\"sub\",\"definitions\":{\"q\":{\"title\":\"q\"}}}," \
    "\"hidden\":{\"$ref\":\"#/definitions/a\",\"$id\":\"hidden.json\"},"                                 \
    "\"named\":{\"$id\":\"#name\",\"title\":\"named\"}},"                                                \
    "\"enum\":[{\"$id\":\"in-enum.json\"}],\"const\":{\"$id\":\"in-const.json\"},"                       \
    "\"unknown\":{\"$id\":\"in-unknown.json\",\"title\":\"unknown\"}}"
#define COMMON "{\"title\":\"common\",\"definitions\":{\"z\":{\"title\":\"z\"}}}"

static const struct {
    const char *claim, *reference, *title, *pointer, *resource; /* title NULL: leads nowhere */
} references[] = {
    {"a pointer", "#/definitions/a", "a", "/definitions/a", "http://x.org/s/root.json"},
    {"a pointer with percent signs and escapes", "#/definitions/a%20b~1c%25", "odd", "/definitions/a b~1c%",
     "http://x.org/s/root.json"},
    {"the document by its identifier", "http://x.org/s/root.json#/definitions/a", "a", "/definitions/a",
     "http://x.org/s/root.json"},
    {"relative to the identifier", "root.json#/definitions/a", "a", "/definitions/a",
     "http://x.org/s/root.json"},
    {"an embedded resource", "nested/sub.json", "sub", "/definitions/sub", "http://x.org/s/nested/sub.json"},
    {"a pointer below it", "nested/sub.json#/definitions/q", "q", "/definitions/sub/definitions/q",
     "http://x.org/s/nested/sub.json"},
    {"a pointer that crosses into it", "#/definitions/sub/definitions/q", "q",
     "/definitions/sub/definitions/q", "http://x.org/s/nested/sub.json"},
    {"a name in the document", "#name", "named", "/definitions/named", "http://x.org/s/root.json"},
    {"another document, relative to the root's identifier", "common.json", "common", "", "common.json"},
    {"a pointer into it", "common.json#/definitions/z", "z", "/definitions/z", "common.json"},
    {"an unknown keyword is reached by pointer", "#/unknown", "unknown", "/unknown",
     "http://x.org/s/root.json"},
    {"an identifier in an unknown keyword is none", "in-unknown.json", NULL, NULL, NULL},
    {"an identifier in an enum is none", "in-enum.json", NULL, NULL, NULL},
    {"an identifier in a const is none", "in-const.json", NULL, NULL, NULL},
    {"up to draft-07 an identifier beside $ref is none", "hidden.json", NULL, NULL, NULL},
    {"a pointer to nothing", "#/definitions/zz", NULL, NULL, NULL},
    {"a pointer to what is no schema", "#/definitions/n", NULL, NULL, NULL},
    {"a name that nothing has", "#zz", NULL, NULL, NULL},
    {"a document that was not given", "http://x.org/other.json", NULL, NULL, NULL},
    {"broken percent signs", "#/definitions/%zz", NULL, NULL, NULL},
};

START_TEST(a_reference_leads_to_its_schema)
{
    arena_t *arena = arena_new();
    js_resources_t *resources;
    fault_t fault = {0};
    js_place_t place;
    ck_assert_int_eq(build(ROOT, "common.json", COMMON, DIALECT_07, arena, &resources, &fault), 0);
    int found = js_resolve(resources, js_resource_root(resources), text_of(references[_i].reference), arena,
                           &place, &fault);
    ck_assert_msg((found == 0) == (references[_i].title != NULL), "%s: %s", references[_i].claim, fault.text);
    if (found == 0) {
        ck_assert_msg(jv_is_string(jv_get(place.schema, "title"), references[_i].title), "%s",
                      references[_i].claim);
        ck_assert_str_eq(js_pointer(resources, place.schema, arena).at, references[_i].pointer);
        ck_assert_msg(text_is(place.resource->uri, references[_i].resource), "%s: %s", references[_i].claim,
                      place.resource->uri.at);
        ck_assert_ptr_eq(js_resource_of(resources, place.schema), place.resource);
    } else {
        ck_assert_int_eq(fault.code, FAULT_REFERENCE);
        ck_assert_msg(strstr(fault.text, references[_i].reference) != NULL, "%s", fault.text);
    }
    arena_free(arena);
}
END_TEST

START_TEST(published_meta_schemas_need_not_be_given)
{
    static const char *const uris_of[] = {
        "http://json-schema.org/draft-07/schema#/definitions/nonNegativeInteger",
        "https://json-schema.org/draft/2020-12/meta/core#/$defs/anchorString"};
    for (size_t i = 0; i < 2; i++) {
        arena_t *arena = arena_new();
        js_resources_t *resources;
        fault_t fault = {0};
        js_place_t place;
        const char *root = arena_printf(arena, "{\"$ref\":\"%s\"}", uris_of[i]);
        ck_assert_int_eq(build(root, NULL, NULL, DIALECT_2020_12, arena, &resources, &fault), 0);
        ck_assert_msg(js_resolve(resources, js_resource_root(resources), text_of(uris_of[i]), arena, &place,
                                 &fault) == 0,
                      "%s", fault.text);
        ck_assert_int_eq(place.resource->dialect, i == 0 ? DIALECT_07 : DIALECT_2020_12);
        arena_free(arena);
    }
}
END_TEST

START_TEST(dynamic_anchors_are_told_from_plain_ones)
{
    arena_t *arena = arena_new();
    js_resources_t *resources;
    fault_t fault = {0};
    js_place_t place;
    const char *root =
        "{\"$defs\":{\"a\":{\"$anchor\":\"plain\"},\"b\":{\"$dynamicAnchor\":\"dyn\",\"title\":\"b\"}}}";
    ck_assert_int_eq(build(root, NULL, NULL, DIALECT_2020_12, arena, &resources, &fault), 0);
    const js_resource_t *resource = js_resource_root(resources);
    ck_assert(js_resolve(resources, resource, TEXT("#plain"), arena, &place, &fault) == 0 && !place.dynamic);
    ck_assert(js_resolve(resources, resource, TEXT("#dyn"), arena, &place, &fault) == 0 && place.dynamic);
    ck_assert(text_is(place.anchor, "dyn"));
    ck_assert_ptr_eq(js_dynamic_anchor(resources, resource, TEXT("dyn")), place.schema);
    ck_assert_ptr_null(js_dynamic_anchor(resources, resource, TEXT("plain")));
    ck_assert(js_resolve(resources, resource, TEXT("#/$defs/b"), arena, &place, &fault) == 0 &&
              !place.dynamic);
    arena_free(arena);
}
END_TEST

/* --- what a document says about itself ------------------------------------------------------------------------------ */

static const struct {
    const char *claim, *root, *other;
    js_dialect_t fallback, dialect;
    unsigned vocabularies;
} languages[] = {
    {"without $schema the fallback counts", "{}", NULL, DIALECT_06, DIALECT_06, 7},
    {"$schema counts", "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}", NULL, DIALECT_07,
     DIALECT_04, 7},
    {"an unknown $schema leaves the fallback", "{\"$schema\":\"http://x/meta\"}", NULL, DIALECT_06,
     DIALECT_06, 7},
    {"a meta-schema that was given tells dialect and vocabularies", "{\"$schema\":\"http://x/meta\"}",
     "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$vocabulary\":{"
     "\"https://json-schema.org/draft/2020-12/vocab/core\":true,"
     "\"https://json-schema.org/draft/2020-12/vocab/applicator\":true,"
     "\"https://json-schema.org/draft/2020-12/vocab/format-assertion\":false}}",
     DIALECT_07, DIALECT_2020_12, JS_VOCABULARY_APPLICATOR | JS_VOCABULARY_FORMAT_ASSERTION},
    {"an unknown vocabulary that is not required is passed over", "{\"$schema\":\"http://x/meta\"}",
     "{\"$schema\":\"https://json-schema.org/draft/2019-09/schema\",\"$vocabulary\":{\"http://x/"
     "vocab\":false,"
     "\"https://json-schema.org/draft/2019-09/vocab/format\":false,"
     "\"https://json-schema.org/draft/2019-09/vocab/validation\":true}}",
     DIALECT_07, DIALECT_2019_09, JS_VOCABULARY_VALIDATION},
};

START_TEST(a_document_has_its_dialect)
{
    arena_t *arena = arena_new();
    js_resources_t *resources;
    fault_t fault = {0};
    ck_assert_msg(build(languages[_i].root, languages[_i].other == NULL ? NULL : "http://x/meta",
                        languages[_i].other, languages[_i].fallback, arena, &resources, &fault) == 0,
                  "%s: %s", languages[_i].claim, fault.text);
    ck_assert_msg(js_resource_root(resources)->dialect == languages[_i].dialect, "%s", languages[_i].claim);
    ck_assert_msg(js_resource_root(resources)->vocabularies == languages[_i].vocabularies, "%s",
                  languages[_i].claim);
    arena_free(arena);
}
END_TEST

static const struct {
    const char *claim, *root;
    js_dialect_t dialect;
    uint32_t column; /* 0: no fault */
} twice[] = {
    {"one identifier for two schemas",
     "{\"definitions\":{\"a\":{\"$id\":\"u:x\"},\"b\":{\"$id\":\"u:x\",\"type\":\"null\"}}}", DIALECT_07, 46},
    {"one identifier for two equal schemas is harmless",
     "{\"definitions\":{\"a\":{\"$id\":\"u:x\"},\"b\":{\"$id\":\"u:x\"}}}", DIALECT_07, 0},
    {"one anchor for two schemas",
     "{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\",\"type\":\"null\"}}}", DIALECT_2020_12,
     46},
    {"one anchor in two resources is two anchors",
     "{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$id\":\"u:b\",\"$anchor\":\"x\",\"type\":\"null\"}}}",
     DIALECT_2020_12, 0},
    {"an identifier that is a pointer is none",
     "{\"definitions\":{\"a\":{\"$id\":\"#/a\"},\"b\":{\"$id\":\"#/a\",\"type\":\"null\"}}}", DIALECT_07, 0},
    {"a number is no schema", "3", DIALECT_07, 1},
};

START_TEST(what_is_declared_twice_is_a_fault)
{
    arena_t *arena = arena_new();
    js_resources_t *resources;
    fault_t fault = {0};
    int failed = build(twice[_i].root, NULL, NULL, twice[_i].dialect, arena, &resources, &fault);
    ck_assert_msg((failed != 0) == (twice[_i].column != 0), "%s: %s", twice[_i].claim, fault.text);
    ck_assert_msg(fault.column == twice[_i].column, "%s: column %u", twice[_i].claim, fault.column);
    arena_free(arena);
}
END_TEST

START_TEST(a_required_vocabulary_must_be_known)
{
    arena_t *arena = arena_new();
    js_resources_t *resources;
    fault_t fault = {0};
    ck_assert_int_eq(build("{\"$schema\":\"http://x/meta\"}", "http://x/meta",
                           "{\"$schema\":\"https://json-schema.org/draft/2020-12/"
                           "schema\",\"$vocabulary\":{\"http://x/v\":true}}",
                           DIALECT_07, arena, &resources, &fault),
                     -1);
    ck_assert_msg(strstr(fault.text, "http://x/v") != NULL, "%s", fault.text);
    arena_free(arena);
}
END_TEST

/* Documents that say who they are, and one that is given twice. */
START_TEST(documents_are_told_apart_by_identifier)
{
    static const struct {
        const char *claim, *root, *uri, *other;
        bool good;
    } rows[] = {
        {"two documents with one identifier", "{\"$id\":\"http://x/a\",\"type\":\"null\"}", "b",
         "{\"$id\":\"http://x/a\"}", false},
        {"one document given as its own reference", "{\"$id\":\"http://x/a\"}", "b",
         "{\"$id\":\"http://x/a\"}", true},
        {"a reference without an identifier", "{\"$id\":\"http://x/a\"}", "http://x/a", "{\"type\":\"null\"}",
         false},
        {"an embedded resource that is also given", "{\"definitions\":{\"e\":{\"$id\":\"http://x/e\"}}}",
         "http://x/e", "{\"$id\":\"http://x/e\"}", true},
        {"an embedded resource that differs from what is given",
         "{\"definitions\":{\"e\":{\"$id\":\"http://x/e\",\"type\":\"null\"}}}", "http://x/e",
         "{\"$id\":\"http://x/e\"}", false},
        {"an identifier that is no string", "{\"$id\":3,\"definitions\":{\"a\":{\"$id\":{}}}}", NULL, NULL,
         true},
        {"an identifier that is only a fragment",
         "{\"$id\":\"#root\",\"definitions\":{\"a\":{\"$ref\":\"#root\"}}}", NULL, NULL, true},
        {"a schema that is false", "false", "x", "true", true},
        {"a reference that is no schema", "{}", "x", "[]", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        arena_t *arena = arena_new();
        js_resources_t *resources;
        fault_t fault = {0};
        int failed = build(rows[i].root, rows[i].uri, rows[i].other, DIALECT_07, arena, &resources, &fault);
        ck_assert_msg((failed == 0) == rows[i].good, "%s: %s", rows[i].claim, fault.text);
        ck_assert_int_eq(build(rows[i].root, rows[i].uri, rows[i].other, DIALECT_07, arena, &resources, NULL),
                         failed);
        arena_free(arena);
    }
}
END_TEST

START_TEST(an_embedded_resource_may_have_its_own_dialect)
{
    arena_t *arena = arena_new();
    js_resources_t *resources;
    fault_t fault = {0};
    js_place_t place;
    static const char root[] =
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$defs\":{"
        "\"old\":{\"$id\":\"http://x/old\",\"$schema\":\"http://json-schema.org/draft-07/schema#\"},"
        "\"older\":{\"id\":\"http://x/older\",\"$schema\":\"http://json-schema.org/draft-04/schema#\"},"
        "\"none\":{\"$anchor\":\"n\",\"$schema\":\"http://json-schema.org/draft-04/schema#\"}}}";
    ck_assert_msg(build(root, NULL, NULL, DIALECT_07, arena, &resources, &fault) == 0, "%s", fault.text);
    const js_resource_t *top = js_resource_root(resources);
    ck_assert_int_eq(js_resolve(resources, top, TEXT("http://x/old"), arena, &place, &fault), 0);
    ck_assert_int_eq(place.resource->dialect, DIALECT_07);
    ck_assert_int_eq(js_resolve(resources, top, TEXT("http://x/older"), arena, &place, &fault), 0);
    ck_assert_int_eq(place.resource->dialect, DIALECT_04);
    ck_assert_int_eq(js_resolve(resources, top, TEXT("#n"), arena, &place, &fault), 0);
    ck_assert_int_eq(place.resource->dialect, DIALECT_2020_12); /* only a resource can change its dialect */
    arena_free(arena);
}
END_TEST

START_TEST(a_chain_of_meta_schemas_ends)
{
    arena_t *arena = arena_new();
    js_resources_t *resources;
    fault_t fault = {0};
    ck_assert_int_eq(build("{\"$schema\":\"http://x/meta\"}", "http://x/meta",
                           "{\"$schema\":\"http://x/meta\"}", DIALECT_06, arena, &resources, &fault),
                     0);
    ck_assert_int_eq(js_resource_root(resources)->dialect, DIALECT_06);
    ck_assert_int_eq(build("{\"$schema\":\"http://x/meta\"}", "elsewhere",
                           "{\"$id\":\"http://x/meta\",\"$schema\":\"http://x/none\"}", DIALECT_06, arena,
                           &resources, &fault),
                     0);
    ck_assert_int_eq(build("{\"definitions\":{\"a\":{\"$id\":\"b\",\"$schema\":\"http://x/meta\"}}}",
                           "http://x/meta",
                           "{\"$schema\":\"https://json-schema.org/draft/2020-12/"
                           "schema\",\"$vocabulary\":{\"http://x/v\":true}}",
                           DIALECT_07, arena, &resources, &fault),
                     -1);
    arena_free(arena);
}
END_TEST

START_TEST(many_resources_are_all_found)
{
    arena_t *arena = arena_new();
    buf_t root;
    buf_init(&root, BUF_NO_MAX);
    buf_add_s(&root, "{\"$defs\":{");
    for (int i = 0; i < 500; i++)
        buf_printf(&root, "%s\"d%d\":{\"$id\":\"http://x/%d\",\"$anchor\":\"here\",\"title\":\"%d\"}",
                   i > 0 ? "," : "", i, i, i);
    buf_add_s(&root, "}}");
    js_resources_t *resources;
    fault_t fault = {0};
    ck_assert_int_eq(build(buf_text(&root).at, NULL, NULL, DIALECT_2020_12, arena, &resources, &fault), 0);
    for (int i = 0; i < 500; i++) {
        js_place_t place;
        text_t reference = text_printf(arena, "http://x/%d#here", i);
        ck_assert_int_eq(js_resolve(resources, js_resource_root(resources), reference, arena, &place, &fault),
                         0);
        ck_assert(jv_is_string(jv_get(place.schema, "title"), arena_printf(arena, "%d", i)));
    }
    static const jv_t elsewhere = {.kind = JV_TRUE};
    ck_assert_ptr_null(js_pointer(resources, &elsewhere, arena).at);
    ck_assert_ptr_null(js_resource_of(resources, &elsewhere));
    buf_dispose(&root);
    arena_free(arena);
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("resources");
    TCase *names = tcase_create("names"), *places = tcase_create("places");
    tcase_add_loop_test(names, a_reference_is_resolved, 0, COUNT(uris));
    tcase_add_loop_test(names, a_dialect_is_known_by_name_and_address, 0, COUNT(dialects));
    tcase_add_test(names, a_dialect_finds_itself);
    tcase_add_loop_test(places, a_reference_leads_to_its_schema, 0, COUNT(references));
    tcase_add_test(places, published_meta_schemas_need_not_be_given);
    tcase_add_test(places, dynamic_anchors_are_told_from_plain_ones);
    tcase_add_loop_test(places, a_document_has_its_dialect, 0, COUNT(languages));
    tcase_add_loop_test(places, what_is_declared_twice_is_a_fault, 0, COUNT(twice));
    tcase_add_test(places, a_required_vocabulary_must_be_known);
    tcase_add_test(places, documents_are_told_apart_by_identifier);
    tcase_add_test(places, an_embedded_resource_may_have_its_own_dialect);
    tcase_add_test(places, a_chain_of_meta_schemas_ends);
    tcase_add_test(places, many_resources_are_all_found);
    suite_add_tcase(suite, names);
    suite_add_tcase(suite, places);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* check_finding.c - which fields a finding is about, and how it is known again (compat/compat.h, finding_t). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/compat.h"

#define A(fields)     "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":[" fields "]}"
#define F(name, type) "{\"name\":\"" name "\",\"type\":" type "}"
#define O(properties) "{\"type\":\"object\",\"properties\":{" properties "}}"
#define ADDRESS(more) \
    "{\"type\":\"record\",\"name\":\"Address\",\"fields\":[" F("zip", "\"string\"") more "]}"
#define CITY "," F("city", "\"string\"")
#define LINES(sku)                                                                                    \
    F("lines", "{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Line\",\"fields\":[" F( \
                   "sku", sku) "]}}")
#define MAP(type)                                                                                      \
    F("attributes", "{\"type\":\"map\",\"values\":{\"type\":\"record\",\"name\":\"V\",\"fields\":[" F( \
                        "value", type) "]}}")

static schema_t *parse(format_id_t format, const char *text)
{
    schema_source_t source = {.format = format, .text = text_of(text), .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema = NULL;
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s: %s", text, fault.text);
    return schema;
}

typedef struct {
    schema_t *reader, *writer;
    arena_t *arena;
    const report_t *report;
} checked_t;

static checked_t check(format_id_t format, const char *reader, const char *writer, size_t max_findings)
{
    checked_t c = {parse(format, reader), parse(format, writer), arena_new(), NULL};
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = max_findings, .fix = FIX_NONE};
    c.report = compat_check(c.reader, c.writer, &options, c.arena);
    return c;
}

static void done(checked_t *c)
{
    schema_unref(c->reader);
    schema_unref(c->writer);
    arena_free(c->arena);
}

/* --- paths ------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *claim;
    format_id_t format;
    const char *reader, *writer;
    const char *says; /* "class rule path[ = path...]" of each finding, "; " between */
} rows[] = {
    {"the message itself has the empty path", FORMAT_AVRO, "\"int\"", "\"string\"",
     "breaking type-mismatch "},
    {"a field of the reader that the writer lacks", FORMAT_AVRO, A(F("a", "\"int\"") "," F("b", "\"int\"")),
     A(F("a", "\"int\"")), "breaking missing-default b"},
    {"a field of the writer that the reader skips", FORMAT_AVRO, A(F("a", "\"int\"")),
     A(F("a", "\"int\"") "," F("b", "\"int\"")), "safe field-dropped b"},
    {"a field below a field", FORMAT_AVRO,
     A(F("customer", "{\"type\":\"record\",\"name\":\"C\",\"fields\":[" F("address", ADDRESS(CITY)) "]}")),
     A(F("customer", "{\"type\":\"record\",\"name\":\"C\",\"fields\":[" F("address", ADDRESS("")) "]}")),
     "breaking missing-default customer.address.city"},
    {"a field of items", FORMAT_AVRO, A(LINES("\"int\"")), A(LINES("\"string\"")),
     "breaking type-mismatch lines[].sku"},
    {"a field of values", FORMAT_AVRO, A(MAP("\"int\"")), A(MAP("\"string\"")),
     "breaking type-mismatch attributes{}.value"},
    {"items themselves", FORMAT_AVRO, A(F("a", "{\"type\":\"array\",\"items\":\"int\"}")),
     A(F("a", "{\"type\":\"array\",\"items\":\"string\"}")), "breaking type-mismatch a[]"},
    {"a branch of a union", FORMAT_AVRO, A(F("a", "[\"int\",\"string\"]")),
     A(F("a", "[\"int\",\"string\",\"boolean\"]")), "breaking no-branch a<boolean>"},
    {"a type that two fields share is in both", FORMAT_AVRO,
     A(F("billing", ADDRESS(CITY)) "," F("shipping", "[\"null\",\"Address\"]")),
     A(F("billing", ADDRESS("")) "," F("shipping", "[\"null\",\"Address\"]")),
     "breaking missing-default billing.city = shipping.city"},
    {"and so is what is said of it as a whole", FORMAT_AVRO,
     A(F("billing", ADDRESS("")) "," F("shipping", "{\"type\":\"array\",\"items\":\"Address\"}")),
     A(F("billing", ADDRESS(CITY)) "," F("shipping", "{\"type\":\"array\",\"items\":\"Address\"}")),
     "safe field-dropped billing.city = shipping[].city"},

    {"a property", FORMAT_JSON, O("\"a\":{\"type\":\"integer\"}"), O("\"a\":{\"type\":\"string\"}"),
     "breaking type-not-allowed a"},
    {"a property that must be there", FORMAT_JSON,
     "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"a\",\"b\"]}",
     "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"a\"]}",
     "breaking missing-property b"},
    {"a property of items that must be there", FORMAT_JSON,
     O("\"lines\":{\"type\":\"array\",\"items\":{\"properties\":{\"sku\":{}},\"required\":[\"sku\"]}}"),
     O("\"lines\":{\"type\":\"array\",\"items\":{\"properties\":{\"sku\":{}}}}"),
     "breaking missing-property lines[].sku"},
    {"a property that must not be there", FORMAT_JSON,
     "{\"properties\":{\"a\":{}},\"additionalProperties\":false}",
     "{\"properties\":{\"a\":{},\"b\":{}},\"additionalProperties\":false}",
     "breaking property-not-allowed b"},
    {"properties that nobody lists have no path", FORMAT_JSON,
     "{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"properties\":{\"a\":{}}}",
     "breaking property-not-allowed "},
    {"a definition that two properties refer to is in both", FORMAT_JSON,
     "{\"properties\":{\"x\":{\"$ref\":\"#/definitions/d\"},\"y\":{\"$ref\":\"#/definitions/"
     "d\"}},\"definitions\":{\"d\":{\"maxLength\":3}}}",
     "{\"properties\":{\"x\":{\"$ref\":\"#/definitions/d\"},\"y\":{\"$ref\":\"#/definitions/"
     "d\"}},\"definitions\":{\"d\":{\"maxLength\":4}}}",
     "breaking length-out-of-range x = y"},

    {"meaning: the unit of a property", FORMAT_JSON, O("\"a\":{\"x-unit\":\"ms\"}"),
     O("\"a\":{\"x-unit\":\"s\"}"), "risky unit-changed a"},
    {"meaning: its tags", FORMAT_JSON, O("\"a\":{\"tags\":[\"PII\"]}"), O("\"a\":{}"),
     "risky tags-changed a"},
    {"meaning: its format", FORMAT_JSON, O("\"a\":{\"format\":\"date\"}"), O("\"a\":{\"format\":\"time\"}"),
     "risky logical-type-changed a"},
    {"meaning: its default", FORMAT_JSON, O("\"a\":{\"default\":1}"), O("\"a\":{\"default\":2}"),
     "risky default-changed a"},
    {"meaning: its words, after what is risky", FORMAT_JSON,
     O("\"a\":{\"description\":\"x\"},\"b\":{\"default\":1}"),
     O("\"a\":{\"description\":\"y\"},\"b\":{\"default\":2}"),
     "risky default-changed b; documentation doc-changed a"},
    {"meaning: the words of the whole", FORMAT_JSON, "{\"description\":\"x\"}", "{\"description\":\"y\"}",
     "documentation doc-changed "},
    {"equal schemas have nothing to tell", FORMAT_JSON, O("\"a\":{}"), O("\"a\":{}"), ""},
};

START_TEST(the_paths)
{
    checked_t c = check(rows[_i].format, rows[_i].reader, rows[_i].writer, 20);
    buf_t said;
    buf_init(&said, BUF_NO_MAX);
    for (size_t i = 0; i < c.report->n_findings; i++) {
        const finding_t *finding = &c.report->findings[i];
        buf_printf(&said, "%s%s %s ", i > 0 ? "; " : "", finding_class_name(finding->class), finding->rule);
        for (size_t k = 0; k < finding->n_paths; k++)
            buf_printf(&said, "%s" TEXT_FMT, k > 0 ? " = " : "", TEXT_ARG(finding->paths[k]));
        ck_assert_msg(text_eq(finding->path, finding->paths[0]), "%s", rows[_i].claim);
        ck_assert_uint_eq(finding->fingerprint.bytes, 16);
        for (size_t k = 0; k < i; k++)
            ck_assert_msg(!text_eq(finding->fingerprint, c.report->findings[k].fingerprint),
                          "%s: one fingerprint twice", rows[_i].claim);
    }
    ck_assert_msg(text_is(buf_text(&said), rows[_i].says), "%s: %s", rows[_i].claim, buf_text(&said).at);
    buf_dispose(&said);
    done(&c);
}
END_TEST

/* --- fingerprints -------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *claim;
    format_id_t format;
    const char *reader, *writer, *reader_then, *writer_then;
    bool same;
} twice[] = {
    {"white space and words do not count", FORMAT_AVRO, A(F("a", "\"int\"")), A(F("a", "\"string\"")),
     "{ \"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"doc\":\"new\",\n "
     "\"fields\":[{\"name\":\"a\",\"type\":\"int\",\"doc\":\"x\"}]}",
     A(F("a", "\"string\"")), true},
    {"fields before it do not count", FORMAT_AVRO, A(F("a", "\"int\"")), A(F("a", "\"string\"")),
     A(F("z", "\"int\"") "," F("a", "\"int\"")), A(F("z", "\"int\"") "," F("a", "\"string\"")), true},
    {"nor does another field of a shared type", FORMAT_AVRO, A(F("b", ADDRESS(CITY))), A(F("b", ADDRESS(""))),
     A(F("a", ADDRESS(CITY)) "," F("b", "\"Address\"")), A(F("a", ADDRESS("")) "," F("b", "\"Address\"")),
     true},
    {"another field is another finding", FORMAT_AVRO, A(F("a", "\"int\"")), A(F("a", "\"string\"")),
     A(F("b", "\"int\"")), A(F("b", "\"string\"")), false},
    {"another type is another finding", FORMAT_AVRO, A(F("a", "\"int\"")), A(F("a", "\"string\"")),
     A(F("a", "\"int\"")), A(F("a", "\"bytes\"")), false},
    {"another rule is another finding", FORMAT_AVRO, A(F("a", "\"int\"")), A(F("a", "\"string\"")),
     A(F("a", "\"int\"")), A(""), false},
    {"one more symbol is another finding", FORMAT_AVRO,
     A(F("s", "{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"P\"]}")),
     A(F("s", "{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"P\",\"Q\"]}")),
     A(F("s", "{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"P\"]}")),
     A(F("s", "{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"P\",\"Q\",\"R\"]}")), false},
    {"properties beside it do not count", FORMAT_JSON, O("\"a\":{\"type\":\"integer\"}"),
     O("\"a\":{\"type\":\"string\"}"), O("\"z\":{},\"a\":{\"type\":\"integer\",\"title\":\"x\"}"),
     O("\"z\":{},\"a\":{\"type\":\"string\"}"), true},
    {"another bound is another finding", FORMAT_JSON, O("\"a\":{\"maxLength\":3}"), O("\"a\":{}"),
     O("\"a\":{\"maxLength\":2}"), O("\"a\":{}"), false},
    {"another missing property is another finding", FORMAT_JSON, "{\"type\":\"object\",\"required\":[\"a\"]}",
     "{\"type\":\"object\"}", "{\"type\":\"object\",\"required\":[\"b\"]}", "{\"type\":\"object\"}", false},
};

START_TEST(the_fingerprint)
{
    checked_t once = check(twice[_i].format, twice[_i].reader, twice[_i].writer, 1);
    checked_t then = check(twice[_i].format, twice[_i].reader_then, twice[_i].writer_then, 1);
    ck_assert_uint_eq(once.report->n_findings, 1);
    ck_assert_uint_eq(then.report->n_findings, 1);
    bool same = text_eq(once.report->findings[0].fingerprint, then.report->findings[0].fingerprint);
    ck_assert_msg(same == twice[_i].same, "%s", twice[_i].claim);
    done(&once);
    done(&then);
}
END_TEST

/* What is asked for one place is told in one place: no more findings than wanted, with the ones that break first. */
START_TEST(meaning_takes_the_room_that_is_left)
{
    checked_t c = check(FORMAT_JSON, O("\"a\":{\"type\":\"integer\",\"x-unit\":\"ms\"}"),
                        O("\"a\":{\"type\":\"string\",\"x-unit\":\"s\"}"), 1);
    ck_assert_uint_eq(c.report->n_findings, 1);
    ck_assert_str_eq(c.report->findings[0].rule, "type-not-allowed");
    done(&c);
}
END_TEST

/* A type that thousands of fields share: what is said of it is said of the message, in bounded memory. */
START_TEST(thousands_of_paths_are_the_message)
{
    buf_t reader, writer;
    buf_init(&reader, BUF_NO_MAX);
    buf_init(&writer, BUF_NO_MAX);
    buf_add_s(&reader, "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" F("a", ADDRESS(CITY)));
    buf_add_s(&writer, "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" F("a", ADDRESS("")));
    for (int i = 0; i < 5000; i++) {
        buf_printf(&reader, "," F("f%d", "\"Address\""), i);
        buf_printf(&writer, "," F("f%d", "\"Address\""), i);
    }
    buf_add_s(&reader, "]}");
    buf_add_s(&writer, "]}");
    checked_t c = check(FORMAT_AVRO, buf_text(&reader).at, buf_text(&writer).at, 1);
    ck_assert_uint_eq(c.report->n_findings, 1);
    ck_assert_uint_eq(c.report->findings[0].n_paths, 1);
    ck_assert(text_is(c.report->findings[0].path, ""));
    done(&c);
    buf_dispose(&reader);
    buf_dispose(&writer);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("finding");
    TCase *paths = tcase_create("paths"), *prints = tcase_create("fingerprints");
    tcase_add_loop_test(paths, the_paths, 0, sizeof rows / sizeof *rows);
    tcase_add_test(paths, thousands_of_paths_are_the_message);
    tcase_add_test(paths, meaning_takes_the_room_that_is_left);
    tcase_add_loop_test(prints, the_fingerprint, 0, sizeof twice / sizeof *twice);
    suite_add_tcase(suite, paths);
    suite_add_tcase(suite, prints);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

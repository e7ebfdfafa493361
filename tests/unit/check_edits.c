/* check_edits.c - what-if edits change what they name and nothing else, and refuse what cannot be done (compat/edits.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/edits.h"

static schema_t *parse(format_id_t format, const char *text, const schema_reference_t *references, size_t n)
{
    schema_source_t source = {.format = format,
                              .text = text_of(text),
                              .references = references,
                              .n_references = n,
                              .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema = NULL;
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s: %s", text, fault.text);
    return schema;
}

static size_t read_edits(const char *json, arena_t *arena, edit_t **edits)
{
    limits_t limits = LIMITS_DEFAULT;
    fault_t fault = {0};
    size_t n;
    ck_assert_msg(edits_read(text_of(json), &limits, arena, edits, &n, &fault) == 0, "%s: %s", json,
                  fault.text);
    return n;
}

/* --- what an edit makes ---------------------------------------------------------------------------------------------------------- */

#define A(fields)     "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[" fields "]}"
#define F(name, type) "{\"name\":\"" name "\",\"type\":" type "}"
#define LINES                                                                                         \
    F("lines", "{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Line\",\"fields\":[" F( \
                   "sku", "\"string\"") "]}}")
#define O(properties) "{\"type\":\"object\",\"properties\":{" properties "}}"

static const struct {
    const char *claim;
    format_id_t format;
    const char *schema, *edits, *result;
} rows[] = {
    {"no edit, no change", FORMAT_AVRO, A(F("a", "\"int\"")), "[]", A(F("a", "\"int\""))},
    {"a field is taken out", FORMAT_AVRO, A(F("a", "\"int\"") "," F("b", "\"int\"")),
     "{\"op\":\"remove_field\",\"path\":\"a\"}", A(F("b", "\"int\""))},
    {"a field of items is taken out", FORMAT_AVRO, A(LINES),
     "{\"op\":\"remove_field\",\"path\":\"lines[].sku\"}",
     A(F("lines", "{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Line\",\"fields\":[]}}"))},
    {"a type that goes with a field and is needed elsewhere is defined there", FORMAT_AVRO,
     "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":["
     "{\"name\":\"billing\",\"type\":{\"type\":\"record\",\"name\":\"Address\",\"fields\":[" F(
         "zip", "\"string\"") "]}}," F("shipping", "[\"null\",\"Address\"]") "]}",
     "{\"op\":\"remove_field\",\"path\":\"billing\"}",
     "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":[{\"name\":\"shipping\","
     "\"type\":[\"null\","
     "{\"type\":\"record\",\"name\":\"Address\",\"fields\":[" F("zip", "\"string\"") "]}]}]}"},
    {"so are the types inside it, once", FORMAT_AVRO,
     A(F("a",
         "{\"type\":\"record\",\"name\":\"X\",\"fields\":[" F(
             "e",
             "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"P\"]}") "]}") "," F("b",
                                                                                   "\"E\"") "," F("c",
                                                                                                  "\"X\"")),
     "{\"op\":\"remove_field\",\"path\":\"a\"}",
     A(F("b", "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"P\"]}") "," F(
         "c", "{\"type\":\"record\",\"name\":\"X\",\"fields\":[" F("e", "\"E\"") "]}"))},
    {"a definition that moves takes along what it alone still names", FORMAT_AVRO,
     A(F("a", "{\"type\":\"record\",\"name\":\"W\",\"fields\":[" F(
                  "e", "{\"type\":\"enum\",\"name\":\"E\","
                       "\"symbols\":[\"P\"]}") "," F("x",
                                                     "{\"type\":\"record\",\"name\":\"X\",\"fields\":[" F(
                                                         "e", "\"E\"") "]}") "]}") "," F("c", "\"X\"")),
     "{\"op\":\"remove_field\",\"path\":\"a\"}",
     A(F("c", "{\"type\":\"record\",\"name\":\"X\",\"fields\":[" F(
                  "e", "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"P\"]}") "]}"))},
    {"a field gets another name", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"b\"}", A(F("b", "\"int\""))},
    {"and keeps the old one as an alias", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"b\",\"alias\":true}",
     A("{\"name\":\"b\",\"type\":\"int\",\"aliases\":[\"a\"]}")},
    {"a field that gets back its old name needs no alias of that name", FORMAT_AVRO,
     A("{\"name\":\"b\",\"type\":\"int\",\"aliases\":[\"a\",\"z\"]}"),
     "{\"op\":\"rename_field\",\"path\":\"b\",\"name\":\"a\",\"alias\":true}",
     A("{\"name\":\"a\",\"type\":\"int\",\"aliases\":[\"z\",\"b\"]}")},
    {"a field gets another type", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"retype_field\",\"path\":\"a\",\"type\":[\"null\",\"string\"],\"default\":null}",
     A("{\"name\":\"a\",\"type\":[\"null\",\"string\"],\"default\":null}")},
    {"items get another type", FORMAT_AVRO, A(F("a", "{\"type\":\"array\",\"items\":\"int\"}")),
     "{\"op\":\"retype_field\",\"path\":\"a[]\",\"type\":\"long\"}",
     A(F("a", "{\"type\":\"array\",\"items\":\"long\"}"))},
    {"values get another type", FORMAT_AVRO, A(F("a", "{\"type\":\"map\",\"values\":\"int\"}")),
     "{\"op\":\"retype_field\",\"path\":\"a{}\",\"type\":\"long\"}",
     A(F("a", "{\"type\":\"map\",\"values\":\"long\"}"))},
    {"a branch gets another type", FORMAT_AVRO, A(F("a", "[\"int\",\"string\"]")),
     "{\"op\":\"retype_field\",\"path\":\"a<int>\",\"type\":\"long\"}", A(F("a", "[\"long\",\"string\"]"))},
    {"a field is added at the end", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"add_field\",\"path\":\"b\",\"type\":\"string\",\"default\":\"\",\"doc\":\"words\"}",
     A(F("a", "\"int\"") ",{\"name\":\"b\",\"type\":\"string\",\"doc\":\"words\",\"default\":\"\"}")},
    {"a field is added to items", FORMAT_AVRO,
     A(F("l", "{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"L\",\"fields\":[]}}")),
     "{\"op\":\"add_field\",\"path\":\"l[].n\",\"type\":\"int\"}",
     A(F("l", "{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"L\",\"fields\":[" F(
                  "n", "\"int\"") "]}}"))},
    {"a field is added behind a union with null", FORMAT_AVRO,
     A(F("l", "[\"null\",{\"type\":\"record\",\"name\":\"L\",\"fields\":[]}]")),
     "{\"op\":\"add_field\",\"path\":\"l.n\",\"type\":\"int\"}",
     A(F("l", "[\"null\",{\"type\":\"record\",\"name\":\"L\",\"fields\":[" F("n", "\"int\"") "]}]"))},
    {"optional is a union with null, null by default", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"make_optional\",\"path\":\"a\"}",
     A("{\"name\":\"a\",\"type\":[\"null\",\"int\"],\"default\":null}")},
    {"null comes first where it is the default", FORMAT_AVRO, A(F("a", "[\"int\",\"null\"]")),
     "{\"op\":\"make_optional\",\"path\":\"a\"}",
     A("{\"name\":\"a\",\"type\":[\"null\",\"int\"],\"default\":null}")},
    {"and last where the field keeps its default", FORMAT_AVRO,
     A("{\"name\":\"a\",\"type\":\"int\",\"default\":1}"), "{\"op\":\"make_optional\",\"path\":\"a\"}",
     A("{\"name\":\"a\",\"type\":[\"int\",\"null\"],\"default\":1}")},
    {"what is optional stays as it is", FORMAT_AVRO,
     A("{\"name\":\"a\",\"type\":[\"null\",\"int\"],\"default\":null}"),
     "{\"op\":\"make_optional\",\"path\":\"a\"}",
     A("{\"name\":\"a\",\"type\":[\"null\",\"int\"],\"default\":null}")},
    {"a field of null alone is optional by its default", FORMAT_AVRO, A(F("a", "\"null\"")),
     "{\"op\":\"make_optional\",\"path\":\"a\"}", A("{\"name\":\"a\",\"type\":\"null\",\"default\":null}")},
    {"a default makes optional, too", FORMAT_AVRO, A(F("a", "\"string\"")),
     "{\"op\":\"make_optional\",\"path\":\"a\",\"default\":\"EUR\"}",
     A("{\"name\":\"a\",\"type\":\"string\",\"default\":\"EUR\"}")},
    {"a doc is set", FORMAT_AVRO, A(F("a", "\"int\"")), "{\"op\":\"set_doc\",\"path\":\"a\",\"doc\":\"x\"}",
     A("{\"name\":\"a\",\"type\":\"int\",\"doc\":\"x\"}")},
    {"a doc is taken out", FORMAT_AVRO, A("{\"name\":\"a\",\"type\":\"int\",\"doc\":\"x\"}"),
     "{\"op\":\"set_doc\",\"path\":\"a\",\"doc\":null}", A(F("a", "\"int\""))},
    {"the empty path is the record itself", FORMAT_AVRO,
     "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[]}",
     "{\"op\":\"set_doc\",\"path\":\"\",\"doc\":\"x\"}",
     "{\"type\":\"record\",\"name\":\"Order\",\"doc\":\"x\",\"fields\":[]}"},
    {"a default is set", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"set_default\",\"path\":\"a\",\"default\":7}",
     A("{\"name\":\"a\",\"type\":\"int\",\"default\":7}")},
    {"a default is taken out", FORMAT_AVRO, A("{\"name\":\"a\",\"type\":\"int\",\"default\":7}"),
     "{\"op\":\"set_default\",\"path\":\"a\"}", A(F("a", "\"int\""))},
    {"a symbol is added at the end", FORMAT_AVRO,
     A(F("s", "[\"null\",{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"P\"]}]")),
     "{\"op\":\"add_symbol\",\"path\":\"s\",\"symbol\":\"Q\"}",
     A(F("s", "[\"null\",{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"P\",\"Q\"]}]"))},
    {"a symbol is taken out", FORMAT_AVRO,
     A(F("s", "{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"P\",\"Q\"]}")),
     "{\"op\":\"remove_symbol\",\"path\":\"s\",\"symbol\":\"P\"}",
     A(F("s", "{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"Q\"]}"))},
    {"edits follow one another", FORMAT_AVRO, A(F("a", "\"int\"")),
     "[{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"b\"},{\"op\":\"retype_field\",\"path\":\"b\","
     "\"type\":\"long\"}]",
     A(F("b", "\"long\""))},

    {"a property is taken out, and is no longer required", FORMAT_JSON,
     "{\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"a\",\"b\"]}",
     "{\"op\":\"remove_field\",\"path\":\"a\"}", "{\"properties\":{\"b\":{}},\"required\":[\"b\"]}"},
    {"an empty list of required properties goes", FORMAT_JSON,
     "{\"properties\":{\"a\":{}},\"required\":[\"a\"]}", "{\"op\":\"remove_field\",\"path\":\"a\"}",
     "{\"properties\":{}}"},
    {"a property is taken out wherever it is said", FORMAT_JSON,
     "{\"allOf\":[{\"properties\":{\"a\":{},\"b\":{}}},{\"required\":[\"a\"]},{\"$ref\":\"#/definitions/"
     "d\"}],"
     "\"definitions\":{\"d\":{\"properties\":{\"a\":{\"type\":\"string\"}}}}}",
     "{\"op\":\"remove_field\",\"path\":\"a\"}",
     "{\"allOf\":[{\"properties\":{\"b\":{}}},{},{\"$ref\":\"#/definitions/"
     "d\"}],\"definitions\":{\"d\":{\"properties\":{}}}}"},
    {"a property gets another name, its place kept", FORMAT_JSON,
     "{\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{}},\"required\":[\"a\"]}",
     "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"c/d\"}",
     "{\"properties\":{\"c/d\":{\"type\":\"string\"},\"b\":{}},\"required\":[\"c/d\"]}"},
    {"a property gets another type and keeps its bounds and words", FORMAT_JSON,
     O("\"a\":{\"type\":\"integer\",\"minimum\":0,\"description\":\"x\"}"),
     "{\"op\":\"retype_field\",\"path\":\"a\",\"type\":\"number\"}",
     O("\"a\":{\"type\":\"number\",\"minimum\":0,\"description\":\"x\"}")},
    {"a property that was a reference has a type of its own then", FORMAT_JSON,
     "{\"properties\":{\"a\":{\"$ref\":\"#/definitions/"
     "d\",\"description\":\"x\"}},\"definitions\":{\"d\":{\"type\":\"string\"}}}",
     "{\"op\":\"retype_field\",\"path\":\"a\",\"type\":[\"string\",\"null\"],\"default\":null}",
     "{\"properties\":{\"a\":{\"description\":\"x\",\"type\":[\"string\",\"null\"],\"default\":null}},"
     "\"definitions\":{\"d\":{\"type\":\"string\"}}}"},
    {"a property gets another schema", FORMAT_JSON, O("\"a\":{\"type\":\"integer\"}"),
     "{\"op\":\"retype_field\",\"path\":\"a\",\"type\":{\"enum\":[1,2]}}", O("\"a\":{\"enum\":[1,2]}")},
    {"anything becomes something", FORMAT_JSON, O("\"a\":true"),
     "{\"op\":\"retype_field\",\"path\":\"a\",\"type\":\"string\"}", O("\"a\":{\"type\":\"string\"}")},
    {"items get another type", FORMAT_JSON, O("\"a\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"),
     "{\"op\":\"retype_field\",\"path\":\"a[]\",\"type\":\"number\"}",
     O("\"a\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}")},
    {"a property is added", FORMAT_JSON, O("\"a\":{}"),
     "{\"op\":\"add_field\",\"path\":\"b\",\"type\":\"string\",\"doc\":\"x\",\"default\":\"\"}",
     O("\"a\":{},\"b\":{\"type\":\"string\",\"description\":\"x\",\"default\":\"\"}")},
    {"a required property is added to an object that has none", FORMAT_JSON, "{\"type\":\"object\"}",
     "{\"op\":\"add_field\",\"path\":\"b\",\"type\":{\"enum\":[1]},\"required\":true}",
     "{\"type\":\"object\",\"properties\":{\"b\":{\"enum\":[1]}},\"required\":[\"b\"]}"},
    {"a property that may be anything is added below another", FORMAT_JSON,
     O("\"a\":{\"properties\":{\"x\":{}}}"), "{\"op\":\"add_field\",\"path\":\"a.b\",\"type\":true}",
     O("\"a\":{\"properties\":{\"x\":{},\"b\":true}}")},
    {"a property is added to what items refer to", FORMAT_JSON,
     "{\"properties\":{\"l\":{\"items\":{\"$ref\":\"#/definitions/"
     "d\"}}},\"definitions\":{\"d\":{\"properties\":{\"x\":{}}}}}",
     "{\"op\":\"add_field\",\"path\":\"l[].b\",\"type\":\"null\"}",
     "{\"properties\":{\"l\":{\"items\":{\"$ref\":\"#/definitions/"
     "d\"}}},\"definitions\":{\"d\":{\"properties\":{\"x\":{},\"b\":{\"type\":\"null\"}}}}}"},
    {"an optional property is not required", FORMAT_JSON,
     "{\"allOf\":[{\"required\":[\"a\",\"b\"]}],\"properties\":{\"a\":{}},\"required\":[\"a\"]}",
     "{\"op\":\"make_optional\",\"path\":\"a\",\"default\":1}",
     "{\"allOf\":[{\"required\":[\"b\"]}],\"properties\":{\"a\":{\"default\":1}}}"},
    {"words are set where they are", FORMAT_JSON,
     "{\"properties\":{\"a\":{\"$ref\":\"#/definitions/"
     "d\"}},\"definitions\":{\"d\":{\"description\":\"x\"}}}",
     "{\"op\":\"set_doc\",\"path\":\"a\",\"doc\":\"y\"}",
     "{\"properties\":{\"a\":{\"$ref\":\"#/definitions/"
     "d\"}},\"definitions\":{\"d\":{\"description\":\"y\"}}}"},
    {"words of the whole", FORMAT_JSON, "{}", "{\"op\":\"set_doc\",\"path\":\"\",\"doc\":\"y\"}",
     "{\"description\":\"y\"}"},
    {"a default is taken out", FORMAT_JSON, O("\"a\":{\"default\":1}"),
     "{\"op\":\"set_default\",\"path\":\"a\"}", O("\"a\":{}")},
    {"a value is added to an enum", FORMAT_JSON, O("\"a\":{\"enum\":[\"x\"]}"),
     "{\"op\":\"add_symbol\",\"path\":\"a\",\"symbol\":null}", O("\"a\":{\"enum\":[\"x\",null]}")},
    {"a value is taken out of an enum", FORMAT_JSON, O("\"a\":{\"enum\":[\"x\",10]}"),
     "{\"op\":\"remove_symbol\",\"path\":\"a\",\"symbol\":1e1}", O("\"a\":{\"enum\":[\"x\"]}")},
};

START_TEST(the_edit)
{
    arena_t *arena = arena_new();
    schema_t *schema = parse(rows[_i].format, rows[_i].schema, NULL, 0), *edited = NULL;
    edit_refusal_t refusal;
    edit_t *edits;
    size_t n = read_edits(rows[_i].edits, arena, &edits);
    ck_assert_msg(edits_apply(schema, edits, n, arena, &edited, &refusal) == 0, "%s: %s", rows[_i].claim,
                  refusal.fault.text);
    ck_assert_msg(text_is(schema_canonical(edited), rows[_i].result), "%s: %s", rows[_i].claim,
                  schema_canonical(edited).at);
    schema_unref(edited);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

/* --- what cannot be done ------------------------------------------------------------------------------------------------------------ */

#define ADDRESS "{\"type\":\"record\",\"name\":\"Address\",\"fields\":[" F("zip", "\"string\"") "]}"

static const struct {
    const char *claim;
    format_id_t format;
    const char *schema, *edits, *sentence;
    size_t edit;
    const char *suggestion; /* the first one */
} refused[] = {
    {"a path that is not there, with one that looks like it", FORMAT_AVRO,
     A(F("coupon_code", "\"int\"") "," F("z", "\"int\"")),
     "{\"op\":\"remove_field\",\"path\":\"coupon.code\"}",
     "there is no field \"coupon.code\": did you mean \"coupon_code\"?", 0, "coupon_code"},
    {"items are not their array", FORMAT_AVRO, A(LINES), "{\"op\":\"remove_field\",\"path\":\"lines.sku\"}",
     "there is no field \"lines.sku\": did you mean \"lines[].sku\" or \"lines\"?", 0, "lines[].sku"},
    {"a path that looks like nothing", FORMAT_JSON, O("\"abc\":{}"), "{\"op\":\"set_doc\",\"path\":\"x\"}",
     "there is no field \"x\"", 0, NULL},
    {"the second of two", FORMAT_AVRO, A(F("a", "\"int\"")),
     "[{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"b\"},{\"op\":\"remove_field\",\"path\":\"a\"}]",
     "there is no field \"a\": did you mean \"b\"?", 1, "b"},
    {"a name that is taken", FORMAT_AVRO, A(F("a", "\"int\"") "," F("b", "\"int\"")),
     "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"b\"}", "record \"Order\" has a field \"b\" already",
     0, NULL},
    {"a word that is no name", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"add_field\",\"path\":\"9\",\"type\":\"int\"}",
     "\"9\" is no name: it must start with a letter or _ and hold letters, digits and _", 0, NULL},
    {"items as a field", FORMAT_AVRO, A(LINES), "{\"op\":\"remove_field\",\"path\":\"lines[]\"}",
     "\"lines[]\" is no field of a record", 0, NULL},
    {"another type for the whole", FORMAT_AVRO, A(""),
     "{\"op\":\"retype_field\",\"path\":\"\",\"type\":\"int\"}",
     "a schema cannot be retyped as a whole: name a field", 0, NULL},
    {"a default for items", FORMAT_AVRO, A(F("a", "{\"type\":\"array\",\"items\":\"int\"}")),
     "{\"op\":\"retype_field\",\"path\":\"a[]\",\"type\":\"long\",\"default\":0}",
     "\"a[]\" is no field of a record", 0, NULL},
    {"a type that leaves a wrong default", FORMAT_AVRO, A("{\"name\":\"a\",\"type\":\"int\",\"default\":0}"),
     "{\"op\":\"retype_field\",\"path\":\"a\",\"type\":\"string\"}",
     "the default 0 of \"a\" would be no value of its type, string: give another \"default\"", 0, NULL},
    {"a wrong default", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"set_default\",\"path\":\"a\",\"default\":\"x\"}",
     "the default \"x\" of \"a\" would be no value of its type, int: give another \"default\"", 0, NULL},
    {"a type that nobody knows", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"retype_field\",\"path\":\"a\",\"type\":\"text\"}",
     "Undefined schema: text. Define it in this schema, or send the schema that defines it as a reference", 0,
     NULL},
    {"a field in what is no record", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"add_field\",\"path\":\"a.b\",\"type\":\"int\"}",
     "fields are added to records, and \"a.b\" would be in int", 0, NULL},
    {"a field that is there", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"add_field\",\"path\":\"a\",\"type\":\"int\"}", "record \"Order\" has a field \"a\" already",
     0, NULL},
    {"words for a type without any", FORMAT_AVRO, A(F("a", "{\"type\":\"array\",\"items\":\"int\"}")),
     "{\"op\":\"set_doc\",\"path\":\"a[]\",\"doc\":\"x\"}", "\"a[]\" is int, which has no words of its own",
     0, NULL},
    {"a symbol of what is no enum", FORMAT_AVRO, A(F("a", "\"int\"")),
     "{\"op\":\"add_symbol\",\"path\":\"a\",\"symbol\":\"X\"}", "\"a\" is int, no enum", 0, NULL},
    {"a symbol that is no name", FORMAT_AVRO,
     A(F("a", "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"P\"]}")),
     "{\"op\":\"add_symbol\",\"path\":\"a\",\"symbol\":7}", "7 is no symbol of an Avro enum: they are names",
     0, NULL},
    {"a symbol that is there", FORMAT_AVRO,
     A(F("a", "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"P\"]}")),
     "{\"op\":\"add_symbol\",\"path\":\"a\",\"symbol\":\"P\"}", "enum \"E\" has the symbol P already", 0,
     NULL},
    {"a symbol that is not", FORMAT_AVRO,
     A(F("a", "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"PAID\"]}")),
     "{\"op\":\"remove_symbol\",\"path\":\"a\",\"symbol\":\"PAYD\"}",
     "field \"a\" has no symbol PAYD: did you mean \"PAID\"?", 0, "PAID"},
    {"a symbol that is the field's default", FORMAT_AVRO,
     A("{\"name\":\"a\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"P\",\"Q\"]},\"default\":"
       "\"P\"}"),
     "{\"op\":\"remove_symbol\",\"path\":\"a\",\"symbol\":\"P\"}",
     "the default \"P\" of \"a\" would be no value of its type, enum E: give another \"default\"", 0, NULL},
    {"a symbol that is the enum's default", FORMAT_AVRO,
     A(F("a", "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"P\",\"Q\"],\"default\":\"P\"}")),
     "{\"op\":\"remove_symbol\",\"path\":\"a\",\"symbol\":\"P\"}",
     "the default \"P\" of enum \"E\" is not one of its symbols: add it or choose one of them", 0, NULL},

    {"a property that is taken", FORMAT_JSON, O("\"a\":{},\"b\":{}"),
     "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"b\"}", "there is a property \"b\" already", 0, NULL},
    {"no name", FORMAT_JSON, O("\"a\":{}"), "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"\"}",
     "a property needs a name", 0, NULL},
    {"an alias", FORMAT_JSON, O("\"a\":{}"),
     "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"b\",\"alias\":true}",
     "JSON Schema has no aliases: rename without one", 0, NULL},
    {"items as a property", FORMAT_JSON, O("\"a\":{\"items\":{}}"),
     "{\"op\":\"make_optional\",\"path\":\"a[]\"}", "\"a[]\" is no property of an object", 0, NULL},
    {"a schema of no object", FORMAT_JSON, "true",
     "{\"op\":\"add_field\",\"path\":\"a\",\"type\":\"string\"}",
     "the schema is true: it has nothing to edit", 0, NULL},
    {"a schema that allows nothing", FORMAT_JSON, "false", "{\"op\":\"set_doc\",\"path\":\"\",\"doc\":\"x\"}",
     "the schema is false: it has nothing to edit", 0, NULL},
    {"words for a bare true", FORMAT_JSON, O("\"a\":true"),
     "{\"op\":\"set_doc\",\"path\":\"a\",\"doc\":\"x\"}", "what \"a\" may be is just true: retype it instead",
     0, NULL},
    {"words for a bare false", FORMAT_JSON, O("\"a\":false"),
     "{\"op\":\"set_doc\",\"path\":\"a\",\"doc\":\"x\"}",
     "what \"a\" may be is just false: retype it instead", 0, NULL},
    {"another type for the whole", FORMAT_JSON, "{}",
     "{\"op\":\"retype_field\",\"path\":\"\",\"type\":\"string\"}",
     "a schema cannot be retyped as a whole: name a field", 0, NULL},
    {"a number as a type", FORMAT_JSON, O("\"a\":{}"), "{\"op\":\"retype_field\",\"path\":\"a\",\"type\":7}",
     "a \"type\" is a type's name, a list of names, or a schema, not 7", 0, NULL},
    {"a property of a string", FORMAT_JSON, O("\"a\":{\"type\":\"string\"}"),
     "{\"op\":\"add_field\",\"path\":\"a.b\",\"type\":\"string\"}",
     "properties are added to objects, and \"a\" is none", 0, NULL},
    {"a value of what has no enum", FORMAT_JSON, O("\"a\":{}"),
     "{\"op\":\"add_symbol\",\"path\":\"a\",\"symbol\":1}", "\"a\" has no \"enum\"", 0, NULL},
    {"a value that is there", FORMAT_JSON, O("\"a\":{\"enum\":[1]}"),
     "{\"op\":\"add_symbol\",\"path\":\"a\",\"symbol\":1.0}", "\"a\" has the value 1.0 already", 0, NULL},
    {"a value that is not", FORMAT_JSON, O("\"a\":{\"enum\":[1,\"paid\"]}"),
     "{\"op\":\"remove_symbol\",\"path\":\"a\",\"symbol\":\"payed\"}",
     "field \"a\" has no symbol payed: did you mean \"paid\"?", 0, "paid"},
    {"the only value", FORMAT_JSON, O("\"a\":{\"enum\":[1]}"),
     "{\"op\":\"remove_symbol\",\"path\":\"a\",\"symbol\":1}", "that is the only value that \"a\" may have",
     0, NULL},
};

START_TEST(the_refusal)
{
    arena_t *arena = arena_new();
    schema_t *schema = parse(refused[_i].format, refused[_i].schema, NULL, 0), *edited;
    edit_refusal_t refusal;
    edit_t *edits;
    size_t n = read_edits(refused[_i].edits, arena, &edits);
    ck_assert_msg(edits_apply(schema, edits, n, arena, &edited, &refusal) == -1, "%s", refused[_i].claim);
    ck_assert_ptr_null(edited);
    ck_assert_msg(strcmp(refusal.fault.text, refused[_i].sentence) == 0, "%s: %s", refused[_i].claim,
                  refusal.fault.text);
    ck_assert_uint_eq(refusal.edit, refused[_i].edit);
    ck_assert_msg((refusal.n_suggestions > 0) == (refused[_i].suggestion != NULL), "%s", refused[_i].claim);
    if (refused[_i].suggestion != NULL)
        ck_assert_msg(text_is(refusal.suggestions[0], refused[_i].suggestion), "%s", refused[_i].claim);
    ck_assert_int_eq(edits_apply(schema, edits, n, arena, &edited, NULL), -1); /* the refusal is optional */
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

/* --- references ------------------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *claim;
    format_id_t format;
    const char *schema, *name, *reference, *edits;
    const char *result; /* or the refusal */
    bool made;
} referring[] = {
    {"a field of a referenced type is edited there", FORMAT_AVRO, A(F("to", "\"Address\"")), "Address",
     ADDRESS, "{\"op\":\"remove_field\",\"path\":\"to.zip\"}",
     "what \"to.zip\" names is defined in the reference \"Address\": make the edit in that schema", false},
    {"a field of a referenced record is added there", FORMAT_AVRO, A(F("to", "\"Address\"")), "Address",
     ADDRESS, "{\"op\":\"add_field\",\"path\":\"to.city\",\"type\":\"string\"}",
     "what \"to.city\" names is defined in the reference \"Address\": make the edit in that schema", false},
    {"a field that has a referenced type is one's own", FORMAT_AVRO, A(F("to", "\"Address\"")), "Address",
     ADDRESS, "{\"op\":\"make_optional\",\"path\":\"to\"}",
     A("{\"name\":\"to\",\"type\":[\"null\",\"Address\"],\"default\":null}"), true},
    {"words of referenced items", FORMAT_AVRO, A(F("to", "{\"type\":\"array\",\"items\":\"Address\"}")),
     "Address", ADDRESS, "{\"op\":\"set_doc\",\"path\":\"to[]\",\"doc\":\"x\"}",
     "what \"to[]\" names is defined in the reference \"Address\": make the edit in that schema", false},
    {"symbols of a referenced enum", FORMAT_AVRO, A(F("s", "\"S\"")), "S",
     "{\"type\":\"enum\",\"name\":\"S\",\"symbols\":[\"A\"]}",
     "{\"op\":\"add_symbol\",\"path\":\"s\",\"symbol\":\"B\"}",
     "what \"s\" names is defined in the reference \"S\": make the edit in that schema", false},
    {"a property in a referenced schema", FORMAT_JSON, O("\"to\":{\"$ref\":\"address.json\"}"),
     "address.json", O("\"zip\":{}"), "{\"op\":\"remove_field\",\"path\":\"to.zip\"}",
     "what \"to.zip\" names is defined in the reference \"address.json\": make the edit in that schema",
     false},
    {"a property that refers to one is one's own", FORMAT_JSON, O("\"to\":{\"$ref\":\"address.json\"}"),
     "address.json", O("\"zip\":{}"), "{\"op\":\"remove_field\",\"path\":\"to\"}", O(""), true},
    {"a property added to a referenced schema", FORMAT_JSON, O("\"to\":{\"$ref\":\"address.json\"}"),
     "address.json", O("\"zip\":{}"), "{\"op\":\"add_field\",\"path\":\"to.city\",\"type\":\"string\"}",
     "what \"to.city\" names is defined in the reference \"address.json\": make the edit in that schema",
     false},
    {"what a referenced schema requires", FORMAT_JSON,
     "{\"allOf\":[{\"$ref\":\"base.json\"}],\"properties\":{\"a\":{}}}", "base.json",
     "{\"required\":[\"a\"]}", "{\"op\":\"make_optional\",\"path\":\"a\"}",
     "what \"a\" names is defined in the reference \"base.json\": make the edit in that schema", false},
};

START_TEST(a_reference)
{
    arena_t *arena = arena_new();
    schema_reference_t reference = {text_of(referring[_i].name), text_of(referring[_i].reference)};
    schema_t *schema = parse(referring[_i].format, referring[_i].schema, &reference, 1), *edited = NULL;
    edit_refusal_t refusal;
    edit_t *edits;
    size_t n = read_edits(referring[_i].edits, arena, &edits);
    int made = edits_apply(schema, edits, n, arena, &edited, &refusal);
    ck_assert_msg((made == 0) == referring[_i].made, "%s: %s", referring[_i].claim, refusal.fault.text);
    const char *said = made == 0 ? schema_canonical(edited).at : refusal.fault.text;
    ck_assert_msg(strcmp(said, referring[_i].result) == 0, "%s: %s", referring[_i].claim, said);
    schema_unref(edited);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

/* --- edits as JSON ------------------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *claim, *json, *sentence, *pointer;
} unreadable[] = {
    {"not JSON", "[", NULL, ""},
    {"no object", "[7]", "an edit is an object with an \"op\" and a \"path\"", "/0"},
    {"an operation that nobody knows", "[{\"op\":\"drop\",\"path\":\"a\"}]",
     "the \"op\" of an edit is one of remove_field, rename_field, retype_field, add_field, make_optional, "
     "set_doc, set_default, "
     "add_symbol, remove_symbol",
     "/0"},
    {"no operation", "{\"path\":\"a\"}",
     "the \"op\" of an edit is one of remove_field, rename_field, retype_field, add_field, make_optional, "
     "set_doc, set_default, "
     "add_symbol, remove_symbol",
     ""},
    {"no path", "{\"op\":\"remove_field\"}", "remove_field needs the \"path\" of a field, a string", ""},
    {"a path that is no string", "{\"op\":\"remove_field\",\"path\":1}",
     "remove_field needs the \"path\" of a field, a string", ""},
    {"a member that the operation does not have",
     "[{\"op\":\"set_doc\",\"path\":\"a\"},{\"op\":\"remove_field\",\"path\":\"a\",\"type\":\"int\"}]",
     "remove_field knows nothing of \"type\"", "/1"},
    {"a member that is missing", "{\"op\":\"rename_field\",\"path\":\"a\"}", "rename_field needs a \"name\"",
     ""},
    {"a name that is no string", "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":1}",
     "\"name\" of an edit must be a string", ""},
    {"an alias that is no flag", "{\"op\":\"rename_field\",\"path\":\"a\",\"name\":\"b\",\"alias\":\"x\"}",
     "\"alias\" of an edit must be true or false", ""},
};

START_TEST(the_fault)
{
    arena_t *arena = arena_new();
    limits_t limits = LIMITS_DEFAULT;
    fault_t fault = {0};
    edit_t *edits;
    size_t n;
    ck_assert_msg(edits_read(text_of(unreadable[_i].json), &limits, arena, &edits, &n, &fault) == -1, "%s",
                  unreadable[_i].claim);
    if (unreadable[_i].sentence != NULL)
        ck_assert_msg(strcmp(fault.text, unreadable[_i].sentence) == 0, "%s: %s", unreadable[_i].claim,
                      fault.text);
    ck_assert_msg(strcmp(fault.pointer, unreadable[_i].pointer) == 0, "%s: %s", unreadable[_i].claim,
                  fault.pointer);
    arena_free(arena);
}
END_TEST

/* Dropping a field that defines more types than anybody has, all of them needed elsewhere, ends with a sentence. */
START_TEST(definitions_move_up_to_a_number)
{
    arena_t *arena = arena_new();
    buf_t text;
    buf_init(&text, BUF_NO_MAX);
    buf_add_s(&text, "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":{\"type\":"
                     "\"record\",\"name\":\"A\",\"fields\":[");
    for (int i = 0; i < 40; i++)
        buf_printf(&text, "%s{\"name\":\"f%d\",\"type\":{\"type\":\"fixed\",\"name\":\"X%d\",\"size\":1}}",
                   i ? "," : "", i, i);
    buf_add_s(&text, "]}}");
    for (int i = 0; i < 40; i++)
        buf_printf(&text, ",{\"name\":\"g%d\",\"type\":\"X%d\"}", i, i);
    buf_add_s(&text, "]}");
    schema_t *schema = parse(FORMAT_AVRO, buf_text(&text).at, NULL, 0), *edited;
    edit_t edit = {.op = EDIT_REMOVE_FIELD, .path = TEXT("a")};
    edit_refusal_t refusal;
    ck_assert_int_eq(edits_apply(schema, &edit, 1, arena, &edited, &refusal), -1);
    ck_assert_int_eq(refusal.fault.code, FAULT_REFERENCE);
    schema_unref(schema);
    buf_dispose(&text);
    arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("edits");
    TCase *made = tcase_create("made"), *not_made = tcase_create("refused"), *read = tcase_create("read");
    tcase_add_loop_test(made, the_edit, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(made, a_reference, 0, sizeof referring / sizeof *referring);
    tcase_add_loop_test(not_made, the_refusal, 0, sizeof refused / sizeof *refused);
    tcase_add_test(not_made, definitions_move_up_to_a_number);
    tcase_add_loop_test(read, the_fault, 0, sizeof unreadable / sizeof *unreadable);
    suite_add_tcase(suite, made);
    suite_add_tcase(suite, not_made);
    suite_add_tcase(suite, read);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

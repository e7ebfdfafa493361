/* What is an Avro schema and what is not; where a fault is and what its sentence says. */
#include "avro_support.h"

#include "compat/avro/av_model.h"

/* --- refused ---------------------------------------------------------------------------------------------------------- */

enum { BOTH = 3, NEW_ONLY = 1, STRICT_ONLY = 4 };

static const struct {
    const char *name, *text, *sentence; /* part of it */
    const char *pointer;
    int when;
} refused[] = {
    {"not JSON", "{", "", "", BOTH},
    {"a bare name", "string", "", "", BOTH},
    {"nothing", "", "", "", BOTH},
    {"a number is no schema", "1", "a schema is", "", BOTH},
    {"null is no schema", "null", "a schema is", "", BOTH},
    {"an object needs a type", "{}", "No type", "", BOTH},
    {"a type object's type is a string", "{'type':{'type':'int'}}", "No type", "", BOTH},
    {"text after the schema", "'int' 'int'", "", "", BOTH},
    {"an unknown type", "'Order'", "Undefined schema: Order", "", BOTH},
    {"an unknown type in a namespace is named in full",
     "{'type':'record','name':'R','namespace':'a','fields':[{'name':'x','type':'Order'}]}",
     "Undefined schema: a.Order", "", BOTH},
    {"a record needs a name", "{'type':'record','fields':[]}", "has no name", "", BOTH},
    {"a name is a string", "{'type':'record','name':1,'fields':[]}", "has no name", "", BOTH},
    {"a record needs fields", "{'type':'record','name':'R'}", "has no fields", "", BOTH},
    {"fields are an array", "{'type':'record','name':'R','fields':{}}", "has no fields", "", BOTH},
    {"a field is an object", "{'type':'record','name':'R','fields':['x']}", "must be an object", "/fields/0",
     BOTH},
    {"a field needs a name", "{'type':'record','name':'R','fields':[{'type':'int'}]}", "has no name",
     "/fields/0", BOTH},
    {"a field needs a type", "{'type':'record','name':'R','fields':[{'name':'x'}]}", "has no type",
     "/fields/0", BOTH},
    {"fields have names of their own",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int'},{'name':'x','type':'long'}]}",
     "Duplicate field x", "", BOTH},
    {"an unknown order", "{'type':'record','name':'R','fields':[{'name':'x','type':'int','order':'up'}]}",
     "\"order\" must be", "/fields/0", BOTH},
    {"an order is a string", "{'type':'record','name':'R','fields':[{'name':'x','type':'int','order':1}]}",
     "\"order\" must be", "/fields/0", BOTH},
    {"aliases are an array", "{'type':'record','name':'R','aliases':'S','fields':[]}", "\"aliases\" must be",
     "", BOTH},
    {"an alias is a string", "{'type':'record','name':'R','aliases':[1],'fields':[]}",
     "alias must be a string", "", BOTH},
    {"field aliases are strings",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','aliases':[{}]}]}",
     "alias must be a string", "/fields/0", BOTH},
    {"an enum needs symbols", "{'type':'enum','name':'E'}", "has no symbols", "", BOTH},
    {"a symbol is a string", "{'type':'enum','name':'E','symbols':[1]}", "enum symbol must be", "", BOTH},
    {"symbols are distinct", "{'type':'enum','name':'E','symbols':['A','B','A']}", "Duplicate enum symbol: A",
     "", BOTH},
    {"an enum's default is a symbol", "{'type':'enum','name':'E','symbols':['A'],'default':'B'}",
     "not one of its symbols", "", BOTH},
    {"a fixed needs a size", "{'type':'fixed','name':'F'}", "needs a \"size\"", "", BOTH},
    {"a size is not negative", "{'type':'fixed','name':'F','size':-1}", "needs a \"size\"", "", BOTH},
    {"a size is an integer", "{'type':'fixed','name':'F','size':1.0}", "needs a \"size\"", "", BOTH},
    {"a size fits 32 bits", "{'type':'fixed','name':'F','size':2147483648}", "needs a \"size\"", "", BOTH},
    {"an array needs items", "{'type':'array'}", "give it \"items\"", "", BOTH},
    {"a map needs values", "{'type':'map'}", "give it \"values\"", "", BOTH},
    {"a fault in a map's values", "{'type':'map','values':{'type':'array'}}", "give it \"items\"", "/values",
     BOTH},
    {"a union in a union", "['int',['string']]", "Nested union", "", BOTH},
    {"a type twice in a union", "['int','string','int']", "Duplicate in union: int", "", BOTH},
    {"two arrays in a union", "[{'type':'array','items':'int'},{'type':'array','items':'long'}]",
     "Duplicate in union: array", "", BOTH},
    {"a named type twice in a union", "[{'type':'fixed','name':'F','size':1},'F']", "Duplicate in union: F",
     "", BOTH},
    {"a name used before its definition counts in a union", "['F',{'type':'fixed','name':'F','size':1}]",
     "Duplicate in union: F", "", BOTH},
    {"two definitions of a name",
     "[{'type':'fixed','name':'F','size':1},{'type':'array','items':{'type':'fixed','name':'F','size':2}}]",
     "Can't redefine: F", "/1/items", BOTH},
    {"a type named like a primitive", "{'type':'fixed','name':'int','size':1}",
     "named \"int\" like a primitive", "", BOTH},
    {"a float's default in words",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'float','default':'one'}]}", "not a number",
     "/fields/0", BOTH},
    {"a name with a dash", "{'type':'record','name':'R-1','fields':[]}", "is not a name", "", NEW_ONLY},
    {"a namespace with an empty part", "{'type':'record','name':'a..R','fields':[]}", "is not a name", "",
     NEW_ONLY},
    {"a field name beyond ASCII", "{'type':'record','name':'R','fields':[{'name':'\xC3\xA9','type':'int'}]}",
     "is not a field name", "/fields/0", NEW_ONLY},
    {"a symbol with a space", "{'type':'enum','name':'E','symbols':['A B']}", "enum symbol must be", "",
     NEW_ONLY},
    {"an alias with a dash", "{'type':'record','name':'R','aliases':['S-1'],'fields':[]}", "is not a name",
     "", NEW_ONLY},
    {"a default of another type",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','default':'1'}]}",
     "Invalid default for field x: \"1\" is not a value of int", "/fields/0/default", NEW_ONLY},
    {"an int default beyond 32 bits",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','default':2147483648}]}",
     "Invalid default", "/fields/0/default", NEW_ONLY},
    {"a fraction as int default",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','default':1.0}]}", "Invalid default",
     "/fields/0/default", NEW_ONLY},
    {"a default that no branch takes",
     "{'type':'record','name':'R','fields':[{'name':'x','type':['null','int'],'default':'a'}]}",
     "Invalid default", "/fields/0/default", NEW_ONLY},
    {"a record default without a member that has no default",
     "{'type':'record','name':'R','fields':[{'name':'x','type':{'type':'record','name':'S','fields':[{'name':"
     "'y','type':'int'}]},'default':{}}]}",
     "Invalid default", "/fields/0/default", NEW_ONLY},
    {"a default that would never end",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'R','default':{}}]}", "Invalid default",
     "/fields/0/default", NEW_ONLY},
    {"an enum default that is no symbol",
     "{'type':'record','name':'R','fields':[{'name':'x','type':{'type':'enum','name':'E','symbols':['A']},'"
     "default':'B'}]}",
     "Invalid default", "/fields/0/default", STRICT_ONLY},
    {"a fixed default of another length",
     "{'type':'record','name':'R','fields':[{'name':'x','type':{'type':'fixed','name':'F','size':2},'default'"
     ":'a'}]}",
     "Invalid default", "/fields/0/default", STRICT_ONLY},
    {"a bytes default beyond 255",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'bytes','default':'\xC4\x80'}]}",
     "Invalid default", "/fields/0/default", STRICT_ONLY},
    {"an alias that is another field's name",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int'},{'name':'y','type':'int','aliases':['x'"
     "]}]}",
     "alias-collides", "", STRICT_ONLY},
    {"an alias that is another type's name",
     "[{'type':'fixed','name':'F','size':1},{'type':'fixed','name':'G','size':1,'aliases':['F']}]",
     "alias-collides", "/1", STRICT_ONLY},
    {"a comment", "'int' // whole", "", "", STRICT_ONLY},
    {"a comment that does not end", "'int' /* whole", "", "", BOTH},
    {"a comment that is none", "'int' /*/", "", "", BOTH},
    {"a primitive's name in a namespace", "{'type':'fixed','name':'a.int','size':1}", "like a primitive", "",
     STRICT_ONLY},
    {"a duplicate key", "{'type':'fixed','name':'F','size':1,'size':2}", "", "", STRICT_ONLY},
};

START_TEST(what_is_not_a_schema_is_refused_with_its_place_and_a_sentence)
{
    fault_t fault = {0};
    unsigned flags = refused[_i].when == STRICT_ONLY ? SCHEMA_STRICT : SCHEMA_VALIDATE;
    schema_t *schema = schema_try(refused[_i].text, flags, &fault);
    ck_assert_msg(!schema, "%s", refused[_i].name);
    ck_assert_msg(strstr(fault.text, refused[_i].sentence) != NULL, "%s: %s", refused[_i].name, fault.text);
    if (*refused[_i].pointer)
        ck_assert_str_eq(fault.pointer, refused[_i].pointer);
    if (refused[_i].text[0])
        ck_assert_msg(fault.line == 1 && fault.column > 0, "%s has no place", refused[_i].name);
}
END_TEST

START_TEST(what_only_new_schemas_must_keep_to_is_read_leniently)
{
    fault_t fault = {0};
    unsigned flags = refused[_i].when == STRICT_ONLY ? SCHEMA_VALIDATE : SCHEMA_LENIENT;
    schema_t *schema = schema_try(refused[_i].text, flags, &fault);
    ck_assert_msg((schema != NULL) == (refused[_i].when != BOTH), "%s: %s", refused[_i].name, fault.text);
    schema_unref(schema);
}
END_TEST

START_TEST(a_fault_after_a_comment_keeps_its_place)
{
    fault_t fault = {0};
    schema_t *schema =
        schema_try("/* one\n two */ {'type':'array',\n 'items': /* wh\xC3\xA4t? */ 'Nope'}", 0, &fault);
    ck_assert_ptr_null(schema);
    ck_assert_uint_eq(fault.line, 3);
    ck_assert_uint_eq(fault.column, 23);
}
END_TEST

START_TEST(a_fault_names_line_and_column)
{
    fault_t fault = {0};
    schema_t *schema = schema_try(
        "{'type':'record',\n 'name':'R',\n 'fields':[\n  {'name':'x', 'type':'Nope'}]}", 0, &fault);
    ck_assert_ptr_null(schema);
    ck_assert_uint_eq(fault.line, 4);
    ck_assert_uint_eq(fault.column, 23);
    ck_assert_int_eq(fault.code, FAULT_REFERENCE);
}
END_TEST

/* --- accepted ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *text;
} accepted[] = {
    {"a primitive", "'string'"},
    {"a primitive as an object", "{'type':'string'}"},
    {"an empty union", "[]"},
    {"an empty enum", "{'type':'enum','name':'E','symbols':[]}"},
    {"an empty record", "{'type':'record','name':'R','fields':[]}"},
    {"a record that holds itself", "{'type':'record','name':'R','fields':[{'name':'x','type':'R'}]}"},
    {"types used before they are defined", "{'type':'record','name':'R','fields':[{'name':'x','type':'S'},{'"
                                           "name':'y','type':{'type':'record','name':'S','fields':[]}}]}"},
    {"the same definition twice", "[{'type':'fixed','name':'F','size':1},{'type':'array','items':{'type':'"
                                  "fixed','name':'F','size':1,'doc':'again'}}]"},
    {"a default of a later branch",
     "{'type':'record','name':'R','fields':[{'name':'x','type':['null','int'],'default':7}]}"},
    {"a record default that leans on a member's default",
     "{'type':'record','name':'R','fields':[{'name':'x','type':{'type':'record','name':'S','fields':[{'name':"
     "'y','type':'int','default':1}]},'default':{}}]}"},
    {"a string that is a double",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'double','default':' 1.5e3 '}]}"},
    {"NaN as a default",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'double','default':'NaN'}]}"},
    {"names of kinds may name types", "{'type':'record','name':'map','fields':[]}"},
    {"an error", "{'type':'error','name':'E','fields':[]}"},
    {"an unknown logical type", "{'type':'int','logicalType':'fortnight'}"},
    {"an enum default that is no string is none", "{'type':'enum','name':'E','symbols':['A'],'default':1}"},
    {"a doc that is no string is none", "{'type':'fixed','name':'F','size':1,'doc':{}}"},
    {"the null namespace in a namespace",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':{'type':'fixed','name':'F','namespace':'','"
     "size':1}},{'name':'y','type':'F'}]}"},
};

START_TEST(what_avro_java_accepts_is_accepted)
{
    fault_t fault = {0};
    schema_t *schema = schema_try(accepted[_i].text, SCHEMA_VALIDATE, &fault);
    ck_assert_msg(schema != NULL, "%s: %s", accepted[_i].name, fault.text);
    schema_unref(schema);
}
END_TEST

static const struct {
    const char *text;
    av_logical_t logical;
} logical_types[] = {
    {"{'type':'int','logicalType':'date'}", AV_DATE},
    {"{'type':'long','logicalType':'date'}", AV_PLAIN},
    {"{'type':'int','logicalType':'time-millis'}", AV_TIME_MILLIS},
    {"{'type':'long','logicalType':'time-micros'}", AV_TIME_MICROS},
    {"{'type':'long','logicalType':'timestamp-millis'}", AV_TIMESTAMP_MILLIS},
    {"{'type':'long','logicalType':'timestamp-micros'}", AV_TIMESTAMP_MICROS},
    {"{'type':'long','logicalType':'timestamp-nanos'}", AV_TIMESTAMP_NANOS},
    {"{'type':'long','logicalType':'local-timestamp-millis'}", AV_LOCAL_TIMESTAMP_MILLIS},
    {"{'type':'long','logicalType':'local-timestamp-micros'}", AV_LOCAL_TIMESTAMP_MICROS},
    {"{'type':'long','logicalType':'local-timestamp-nanos'}", AV_LOCAL_TIMESTAMP_NANOS},
    {"{'type':'string','logicalType':'uuid'}", AV_UUID},
    {"{'type':'string','logicalType':'uuid','avro.java.string':'String'}", AV_PLAIN},
    {"{'type':'bytes','logicalType':'big-decimal'}", AV_BIG_DECIMAL},
    {"{'type':'fixed','name':'F','size':16,'logicalType':'uuid'}", AV_UUID},
    {"{'type':'fixed','name':'F','size':15,'logicalType':'uuid'}", AV_PLAIN},
    {"{'type':'fixed','name':'F','size':12,'logicalType':'duration'}", AV_DURATION},
    {"{'type':'fixed','name':'F','size':11,'logicalType':'duration'}", AV_PLAIN},
    {"{'type':'bytes','logicalType':'decimal','precision':9,'scale':2}", AV_DECIMAL},
    {"{'type':'bytes','logicalType':'decimal','precision':9}", AV_DECIMAL},
    {"{'type':'bytes','logicalType':'decimal'}", AV_PLAIN},
    {"{'type':'bytes','logicalType':'decimal','precision':0}", AV_PLAIN},
    {"{'type':'bytes','logicalType':'decimal','precision':2,'scale':3}", AV_PLAIN},
    {"{'type':'bytes','logicalType':'decimal','precision':2,'scale':-1}", AV_PLAIN},
    {"{'type':'bytes','logicalType':'decimal','precision':'9'}", AV_PLAIN},
    {"{'type':'string','logicalType':'decimal','precision':9}", AV_PLAIN},
    {"{'type':'fixed','name':'F','size':4,'logicalType':'decimal','precision':9}", AV_DECIMAL},
    {"{'type':'fixed','name':'F','size':4,'logicalType':'decimal','precision':10}", AV_PLAIN},
    {"{'type':'fixed','name':'F','size':0,'logicalType':'decimal','precision':1}", AV_PLAIN},
};

START_TEST(a_logical_type_counts_only_where_it_is_valid)
{
    schema_t *schema = schema_of(logical_types[_i].text);
    ck_assert_msg(av_schema_of(schema)->root.type->logical == logical_types[_i].logical, "%s",
                  logical_types[_i].text);
    schema_unref(schema);
}
END_TEST

/* --- references ---------------------------------------------------------------------------------------------------------- */

static int parse_with(const char *text, const schema_reference_t *references, size_t n, schema_t **out,
                      fault_t *fault)
{
    schema_source_t source = {.format = FORMAT_AVRO,
                              .text = text_of(text),
                              .references = references,
                              .n_references = n,
                              .flags = SCHEMA_VALIDATE,
                              .limits = LIMITS_DEFAULT};
    return schema_parse(&source, out, fault);
}

static const char customer[] =
    "{\"type\":\"record\",\"name\":\"a.Customer\",\"fields\":[{\"name\":\"id\",\"type\":\"int\"}]}";
static const char order[] =
    "{\"type\":\"record\",\"name\":\"a.Order\",\"fields\":[{\"name\":\"by\",\"type\":\"Customer\"}]}";

START_TEST(a_reference_gives_its_types_and_is_printed_as_a_name)
{
    schema_reference_t references[] = {{TEXT("a.Customer"), text_of(customer)}};
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(parse_with(order, references, 1, &schema, &fault), 0);
    ck_assert_str_eq(schema_canonical(schema).at,
                     "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"a\",\"fields\":[{"
                     "\"name\":\"by\",\"type\":\"Customer\"}]}");
    arena_t *arena = arena_new();
    ck_assert_str_eq(schema_resolved(schema, arena).at,
                     "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"a\",\"fields\":[{\"name\":"
                     "\"by\",\"type\":{\"type\":"
                     "\"record\",\"name\":\"Customer\",\"fields\":[{\"name\":\"id\",\"type\":\"int\"}]}}]}");
    arena_free(arena);
    schema_unref(schema);
}
END_TEST

START_TEST(the_first_reference_of_a_name_wins)
{
    schema_reference_t references[] = {{TEXT("a.Customer"), text_of(customer)},
                                       {TEXT("a.Customer"), TEXT("not even JSON")}};
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(parse_with(order, references, 2, &schema, &fault), 0);
    schema_unref(schema);
}
END_TEST

START_TEST(a_fault_in_a_reference_names_it)
{
    schema_reference_t references[] = {{TEXT("a.Customer"), TEXT("{\"type\":\"record\"}")}};
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(parse_with(order, references, 1, &schema, &fault), -1);
    ck_assert_ptr_nonnull(strstr(fault.text, "in the reference \"a.Customer\""));
    ck_assert_int_eq(parse_with(order, NULL, 0, &schema, &fault), -1);
}
END_TEST

START_TEST(references_see_those_before_them)
{
    schema_reference_t references[] = {{TEXT("a.Customer"), text_of(customer)},
                                       {TEXT("a.Order"), text_of(order)}};
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(parse_with("\"a.Order\"", references, 2, &schema, &fault), 0);
    ck_assert_str_eq(schema_canonical(schema).at, "\"a.Order\"");
    schema_unref(schema);
}
END_TEST

/* --- limits ----------------------------------------------------------------------------------------------------------------- */

START_TEST(nesting_beyond_the_limit_is_a_fault)
{
    buf_t text;
    buf_init(&text, BUF_NO_MAX);
    for (int i = 0; i < 100000; i++)
        buf_add_s(&text, "{\"type\":\"array\",\"items\":");
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(parse_with(buf_text(&text).at, NULL, 0, &schema, &fault), -1);
    ck_assert_int_eq(fault.code, FAULT_LIMIT);
    buf_dispose(&text);
}
END_TEST

/* Each type is written flat, and nested in the one before once it is written where it is first used. */
START_TEST(nesting_that_only_the_canonical_text_has_is_a_fault_too)
{
    buf_t text;
    buf_init(&text, BUF_NO_MAX);
    buf_add_char(&text, '[');
    for (int i = 0; i < 400; i++)
        buf_printf(&text,
                   "%s{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"x\",\"type\":[\"null\","
                   "\"R%d\"]}]}",
                   i ? "," : "", i, i < 399 ? i + 1 : 0);
    buf_add_char(&text, ']');
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(parse_with(buf_text(&text).at, NULL, 0, &schema, &fault), -1);
    ck_assert_int_eq(fault.code, FAULT_LIMIT);
    buf_dispose(&text);
}
END_TEST

/* Every value of the default could be any of the branches, and each branch holds the union again. */
START_TEST(a_default_that_could_be_checked_forever_costs_bounded_work)
{
    buf_t text;
    buf_init(&text, BUF_NO_MAX);
    buf_add_s(&text, "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"u\",\"type\":[");
    for (int i = 0; i < 12; i++) {
        buf_printf(&text, "%s{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"a\",\"type\":[",
                   i ? "," : "", i);
        for (int k = 0; k < 12; k++)
            buf_printf(&text, "%s\"R%d\"", k ? "," : "", k);
        buf_add_s(&text, "]}]}");
    }
    buf_add_s(&text, "],\"default\":");
    for (int i = 0; i < 40; i++)
        buf_add_s(&text, "{\"a\":");
    buf_add_s(&text, "1");
    for (int i = 0; i < 40; i++)
        buf_add_char(&text, '}');
    buf_add_s(&text, "}]}");
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(parse_with(buf_text(&text).at, NULL, 0, &schema, &fault), -1);
    ck_assert_int_eq(fault.code, FAULT_LIMIT);
    buf_dispose(&text);
}
END_TEST

START_TEST(large_records_and_enums_find_their_members)
{
    buf_t text;
    buf_init(&text, BUF_NO_MAX);
    buf_add_s(&text, "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[");
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "%s\"S%d\"", i ? "," : "", i);
    buf_add_s(&text, "]}");
    fault_t fault = {0};
    schema_t *schema;
    ck_assert_int_eq(parse_with(buf_text(&text).at, NULL, 0, &schema, &fault), 0);
    const av_type_t *type = av_schema_of(schema)->root.type;
    ck_assert_int_eq(av_symbol_find(type, TEXT("S0")), 0);
    ck_assert_int_eq(av_symbol_find(type, TEXT("S999")), 999);
    ck_assert_int_eq(av_symbol_find(type, TEXT("S1000")), -1);
    schema_unref(schema);
    buf_dispose(&text);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("avro_parse");
    TCase *tc = tcase_create("parse");
    tcase_add_loop_test(tc, what_is_not_a_schema_is_refused_with_its_place_and_a_sentence, 0, ROWS(refused));
    tcase_add_loop_test(tc, what_only_new_schemas_must_keep_to_is_read_leniently, 0, ROWS(refused));
    tcase_add_loop_test(tc, what_avro_java_accepts_is_accepted, 0, ROWS(accepted));
    tcase_add_loop_test(tc, a_logical_type_counts_only_where_it_is_valid, 0, ROWS(logical_types));
    tcase_add_test(tc, a_fault_names_line_and_column);
    tcase_add_test(tc, a_fault_after_a_comment_keeps_its_place);
    tcase_add_test(tc, a_reference_gives_its_types_and_is_printed_as_a_name);
    tcase_add_test(tc, the_first_reference_of_a_name_wins);
    tcase_add_test(tc, a_fault_in_a_reference_names_it);
    tcase_add_test(tc, references_see_those_before_them);
    tcase_add_test(tc, nesting_beyond_the_limit_is_a_fault);
    tcase_add_test(tc, nesting_that_only_the_canonical_text_has_is_a_fault_too);
    tcase_add_test(tc, a_default_that_could_be_checked_forever_costs_bounded_work);
    tcase_add_test(tc, large_records_and_enums_find_their_members);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

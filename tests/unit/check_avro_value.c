/* Avro data: the two encodings, reading them back, resolving one schema's data into another's, frames. */
#include <stdio.h>

#include "avro_support.h"

#include "compat/avro/av_value.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))
#define REC(fields) "{'type':'record','name':'R','fields':[" fields "]}"

static text_t unhex(const char *hex, arena_t *arena)
{
    size_t n = strlen(hex) / 2;
    char *bytes = arena_alloc(arena, n + 1);
    for (size_t i = 0; i < n; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], 0};
        bytes[i] = (char)strtol(pair, NULL, 16);
    }
    return (text_t){bytes, n};
}

static text_t hex_of(text_t bytes, arena_t *arena)
{
    char *text = arena_alloc(arena, 2 * bytes.bytes + 1);
    for (size_t i = 0; i < bytes.bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", (unsigned char)bytes.at[i]);
    return (text_t){text, 2 * bytes.bytes};
}

static text_t json_of(const av_value_t *value, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    av_encode_json(value, &out);
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

static text_t binary_of(const av_value_t *value, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    av_encode_binary(value, &out);
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

static const decode_options_t plain = {
    .limits = {
        .max_bytes = 1 << 20, .max_depth = 16, .max_nodes = 10000, .max_digits = 400, .max_steps = 10000}};

/* --- one value, two encodings: Avro 1.12, "Binary Encoding" and "JSON Encoding" ------------------------------------------------- */

static const struct {
    const char *schema, *json, *hex;
} pairs[] = {
    {"'null'", "null", ""},
    {"'boolean'", "true", "01"},
    {"'boolean'", "false", "00"},
    {"'int'", "0", "00"},
    {"'int'", "-1", "01"},
    {"'int'", "1", "02"},
    {"'int'", "-64", "7f"},
    {"'int'", "64", "8001"},
    {"'int'", "2147483647", "feffffff0f"},
    {"'int'", "-2147483648", "ffffffff0f"},
    {"'long'", "9223372036854775807", "feffffffffffffffff01"},
    {"'long'", "-9223372036854775808", "ffffffffffffffffff01"},
    {"'float'", "1.5", "0000c03f"},
    {"'float'", "'NaN'", "0000c07f"},
    {"'double'", "-0.0", "0000000000000080"},
    {"'double'", "0.1", "9a9999999999b93f"},
    {"'double'", "'-Infinity'", "000000000000f0ff"},
    {"'string'", "'foo'", "06666f6f"},
    {"'string'", "'\xC3\xA9\\u0000'", "06c3a900"},
    {"'bytes'", "'\\u0000\xC3\xBF\xC2\x80'", "0600ff80"},
    {"{'type':'fixed','name':'F','size':3}", "'ab\xC3\xBF'", "6162ff"},
    {"{'type':'enum','name':'E','symbols':['A','B']}", "'B'", "02"},
    {"{'type':'array','items':'long'}", "[3,27]", "04063600"},
    {"{'type':'array','items':'long'}", "[]", "00"},
    {"{'type':'map','values':'int'}", "{'a':1,'b':2}",
     "040261020262"
     "0400"},
    {"['null','string']", "null", "00"},
    {"['null','string']", "{'string':'a'}", "020261"},
    {"[{'type':'record','name':'a.R','fields':[]},{'type':'map','values':'int'}]", "{'a.R':{}}", "00"},
    {"[{'type':'record','name':'a.R','fields':[]},{'type':'map','values':'int'}]", "{'map':{'x':1}}",
     "020202780200"},
    {REC("{'name':'a','type':'long'},{'name':'b','type':'string'}"), "{'a':27,'b':'foo'}", "3606666f6f"},
    {REC("{'name':'next','type':['null','R']}"), "{'next':{'R':{'next':null}}}", "0200"},
    {"['long','int']", "{'int':1}", "0202"},
};

START_TEST(a_value_has_one_text_and_one_sequence_of_bytes)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_of(pairs[_i].schema);
    const av_schema_t *model = av_schema_of(schema);
    jv_t *json;
    fault_t fault = {0};
    av_value_t *value;
    text_t text = quoted(arena, pairs[_i].json), sentence;
    ck_assert_int_eq(jv_read(text, JV_STRICT, &plain.limits, arena, &json, &fault), 0);
    ck_assert_msg(av_read_json(model->root.type, json, &plain.limits, arena, &value, &fault) == 0, "%s",
                  fault.text);
    ck_assert_str_eq(hex_of(binary_of(value, arena), arena).at, pairs[_i].hex);
    ck_assert(text_eq(json_of(value, arena), text));
    ck_assert_int_eq(av_decode(model, model, unhex(pairs[_i].hex, arena), &plain, arena, &value, &sentence),
                     DECODE_OK);
    ck_assert_msg(text_eq(json_of(value, arena), text), "%s", json_of(value, arena).at);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

/* --- messages that are none ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *schema, *json, *sentence, *pointer;
} unfit[] = {
    {"'int'", "2147483648", "32 bits", ""},
    {"'int'", "1.0", "32 bits", ""},
    {"'long'", "9223372036854775808", "64 bits", ""},
    {"'long'", "'1'", "64 bits", ""},
    {"'null'", "0", "is not a value of null", ""},
    {"'boolean'", "0", "is not a value of boolean", ""},
    {"'double'", "'1'", "needs a number", ""},
    {"'string'", "1", "needs a string", ""},
    {"'bytes'", "'\xC4\x80'", "U+0000 to U+00FF", ""},
    {"'bytes'", "1", "bytes are written as a string", ""},
    {"{'type':'fixed','name':'F','size':2}", "'a'", "another length", ""},
    {"{'type':'enum','name':'E','symbols':['A']}", "'B'", "not one of the symbols", ""},
    {"{'type':'array','items':'int'}", "{}", "needs an array", ""},
    {"{'type':'array','items':'int'}", "[1,'a']", "32 bits", "/1"},
    {"{'type':'map','values':'int'}", "[]", "needs an object", ""},
    {"{'type':'map','values':'int'}", "{'a/b':null}", "32 bits", "/a~1b"},
    {REC("{'name':'x','type':'int'}"), "[]", "needs an object", ""},
    {REC("{'name':'x','type':'int','default':1}"), "{}", "\"x\" of record R is missing", ""},
    {REC("{'name':'x','type':'int'}"), "{'x':1,'y':2}", "has no field \"y\"", ""},
    {"['null','string']", "'a'", "named like the branch", ""},
    {"['null','string']", "{'int':1}", "named like the branch", ""},
    {"['null','string']", "{'string':1}", "needs a string", "/string"},
    {"['int']", "null", "named like the branch", ""},
    {REC("{'name':'x','type':['null','R']}"), "{'x':{'R':{'x':1}}}", "named like the branch", "/x/R/x"},
};

START_TEST(a_message_that_is_no_value_is_refused_with_its_place)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_of(unfit[_i].schema);
    jv_t *json;
    fault_t fault = {0};
    av_value_t *value;
    ck_assert_int_eq(jv_read(quoted(arena, unfit[_i].json), JV_STRICT, &plain.limits, arena, &json, &fault),
                     0);
    ck_assert_int_eq(
        av_read_json(av_schema_of(schema)->root.type, json, &plain.limits, arena, &value, &fault), -1);
    ck_assert_int_eq(fault.code, FAULT_VALUE);
    ck_assert_msg(strstr(fault.text, unfit[_i].sentence) != NULL, "%s", fault.text);
    ck_assert_str_eq(fault.pointer, unfit[_i].pointer);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

/* --- bytes that are none ----------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *schema, *hex, *sentence;
} malformed[] = {
    {"'int'", "", "ends inside a number"},
    {"'int'", "80", "ends inside a number"},
    {"'int'", "feffffffff01", "32 bits"},
    {"'long'", "ffffffffffffffffff02", "64 bits"},
    {"'long'", "80808080808080808080808001", "64 bits"},
    {"'boolean'", "02", "neither 0 nor 1"},
    {"'boolean'", "", "ends before"},
    {"'float'", "0000", "ends before"},
    {"'double'", "00000000000000", "ends before"},
    {"'string'", "0661", "ends before 3 bytes"},
    {"'string'", "01", "negative"},
    {"'string'", "02ff", "not UTF-8"},
    {"'string'", "feffffffffffffffff01", "ends before"},
    {"{'type':'fixed','name':'F','size':2}", "00", "ends before 2 bytes"},
    {"{'type':'enum','name':'E','symbols':['A']}", "02", "no symbol 1"},
    {"{'type':'enum','name':'E','symbols':['A']}", "01", "no symbol -1"},
    {"['null']", "02", "no branch 1"},
    {"{'type':'array','items':'int'}", "02", "ends inside a number"},
    {"{'type':'array','items':'int'}", "ffffffffffffffffff01", "impossible size"},
    {"{'type':'array','items':'int'}", "0101", "impossible size"},
    {"'int'", "0000", "1 bytes are left"},
};

START_TEST(bytes_that_are_no_value_are_told_from_what_is_refused)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_of(malformed[_i].schema);
    const av_schema_t *model = av_schema_of(schema);
    av_value_t *value;
    text_t sentence;
    ck_assert_int_eq(
        av_decode(model, model, unhex(malformed[_i].hex, arena), &plain, arena, &value, &sentence),
        DECODE_MALFORMED);
    ck_assert_msg(strstr(sentence.at, malformed[_i].sentence) != NULL, "%s", sentence.at);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

START_TEST(work_and_nesting_are_bounded)
{
    arena_t *arena = arena_new();
    /* nulls take no bytes: a count alone could keep a reader busy for ever */
    schema_t *nulls = schema_of("{'type':'array','items':'null'}"),
             *list = schema_of(REC("{'name':'next','type':['null','R']}"));
    av_value_t *value;
    text_t sentence;
    const av_schema_t *model = av_schema_of(nulls);
    ck_assert_int_eq(
        av_decode(model, model, unhex("feffffffffffffffff0100", arena), &plain, arena, &value, &sentence),
        DECODE_LIMIT);
    char deep[201];
    memset(deep, '0', sizeof deep);
    for (int i = 0; i < 100; i++)
        deep[2 * i + 1] = '2';
    deep[200] = 0;
    model = av_schema_of(list);
    ck_assert_int_eq(av_decode(model, model, unhex(deep, arena), &plain, arena, &value, &sentence),
                     DECODE_LIMIT);
    schema_unref(nulls);
    schema_unref(list);
    arena_free(arena);
}
END_TEST

/* --- resolution: Avro 1.12, "Schema Resolution" -------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *writer, *hex, *reader, *json; /* json NULL: refused */
} resolutions[] = {
    {"int as long", "'int'", "03", "'long'", "-2"},
    {"int as float", "'int'", "02", "'float'", "1.0"},
    {"long as double", "'long'", "02", "'double'", "1.0"},
    {"float as double", "'float'", "0000c03f", "'double'", "1.5"},
    {"string as bytes", "'string'", "0261", "'bytes'", "'a'"},
    {"bytes as string", "'bytes'", "0261", "'string'", "'a'"},
    {"long as int", "'long'", "02", "'int'", NULL},
    {"double as float", "'double'", "0000000000000000", "'float'", NULL},
    {"string as int", "'string'", "0261", "'int'", NULL},
    {"a branch for a plain reader", "['null','int']", "0202", "'long'", "1"},
    {"a branch that the reader lacks", "['null','int']", "00", "'long'", NULL},
    {"into the first branch that matches", "'int'", "02", "['string','double','int']", "{'double':1.0}"},
    {"into no branch", "'int'", "02", "['string']", NULL},
    {"fields by name", REC("{'name':'a','type':'int'},{'name':'b','type':'int'}"), "0204",
     REC("{'name':'b','type':'int'},{'name':'a','type':'long'}"), "{'b':2,'a':1}"},
    {"a field by alias", REC("{'name':'a','type':'int'}"), "02",
     REC("{'name':'b','type':'int','aliases':['a']}"), "{'b':1}"},
    {"a skipped field of each kind",
     REC("{'name':'a','type':{'type':'array','items':{'type':'map','values':['null','string']}}},{'name':'f',"
         "'type':{'type':'fixed','name':'F','size':2}},"
         "{'name':'r','type':{'type':'record','name':'S','fields':[{'name':'d','type':'double'},{'name':'e','"
         "type':{'type':'enum','name':'E','symbols':['A']}}]}},{'name':'z','type':'int'}"),
     "020202780202610000"
     "6162"
     "0000000000000000"
     "00"
     "02",
     REC("{'name':'z','type':'int'}"), "{'z':1}"},
    {"a default", REC(""), "",
     REC("{'name':'a','type':{'type':'map','values':['null','long',{'type':'array','items':'bytes'}]},'"
         "default':{'x':1,'y':null,'z':['\xC3\xBF']}}"),
     "{'a':{'x':{'long':1},'y':null,'z':{'array':['\xC3\xBF']}}}"},
    {"a default of a record that leans on its members", REC(""), "",
     REC("{'name':'s','type':{'type':'record','name':'S','fields':[{'name':'x','type':'int'},{'name':'y','"
         "type':'float','default':2}]},'default':{'x':1}}"),
     "{'s':{'x':1,'y':2.0}}"},
    {"a default that must not hold itself", REC(""), "",
     REC("{'name':'s','type':['R',{'type':'record','name':'S','fields':[]}],'default':{}}"),
     "{'s':{'S':{}}}"},
    {"a default that never ends", REC(""), "", REC("{'name':'s','type':'R','default':{}}"), NULL},
    {"no default", REC(""), "", REC("{'name':'a','type':'int'}"), NULL},
    {"a default that is none", REC(""), "", REC("{'name':'a','type':'int','default':1.0}"), NULL},
    {"an enum default", "{'type':'enum','name':'E','symbols':['A','B']}", "02",
     "{'type':'enum','name':'E','symbols':['C','A'],'default':'C'}", "'C'"},
    {"a symbol in another place", "{'type':'enum','name':'E','symbols':['A','B']}", "02",
     "{'type':'enum','name':'E','symbols':['B','A']}", "'B'"},
    {"an unknown symbol", "{'type':'enum','name':'E','symbols':['A','B']}", "02",
     "{'type':'enum','name':'E','symbols':['A']}", NULL},
    {"an unknown symbol that was not written", "{'type':'enum','name':'E','symbols':['A','B']}", "00",
     "{'type':'enum','name':'E','symbols':['A']}", "'A'"},
    {"another name", "{'type':'enum','name':'E','symbols':['A']}", "00",
     "{'type':'enum','name':'F','symbols':['A']}", NULL},
    {"a name of another namespace", "{'type':'record','name':'a.R','fields':[]}", "",
     "{'type':'record','name':'b.R','fields':[]}", "{}"},
    {"a name by alias", "{'type':'record','name':'a.Q','fields':[]}", "",
     "{'type':'record','name':'R','aliases':['a.Q'],'fields':[]}", "{}"},
    {"another size", "{'type':'fixed','name':'F','size':1}", "00", "{'type':'fixed','name':'F','size':2}",
     NULL},
    {"another scale", "{'type':'bytes','logicalType':'decimal','precision':4,'scale':1}", "0200",
     "{'type':'bytes','logicalType':'decimal','precision':4,'scale':2}", NULL},
    {"an empty array of the wrong type", "{'type':'array','items':'string'}", "00",
     "{'type':'array','items':'int'}", "[]"},
    {"a full one", "{'type':'array','items':'string'}", "020000", "{'type':'array','items':'int'}", NULL},
    {"blocks with sizes", "{'type':'array','items':'int'}",
     "03040204"
     "010206"
     "00",
     "{'type':'array','items':'int','x':1}", "[1,2,3]"},
    {"two fields for one", REC("{'name':'a','type':'int'},{'name':'b','type':'int'}"), "0204",
     REC("{'name':'a','type':'int','aliases':['b']}"), NULL},
    {"one field for two", REC("{'name':'a','type':'int'}"), "02",
     REC("{'name':'a','type':'int'},{'name':'b','type':'int','aliases':['a']}"), NULL},
};

START_TEST(data_of_one_schema_is_read_as_anothers)
{
    arena_t *arena = arena_new();
    schema_t *writer = schema_flagged(resolutions[_i].writer, SCHEMA_LENIENT),
             *reader = schema_flagged(resolutions[_i].reader, SCHEMA_LENIENT);
    av_value_t *value;
    text_t sentence;
    decode_t result = av_decode(av_schema_of(writer), av_schema_of(reader), unhex(resolutions[_i].hex, arena),
                                &plain, arena, &value, &sentence);
    ck_assert_msg(result == (resolutions[_i].json ? DECODE_OK : DECODE_REFUSED), "%s: %s",
                  resolutions[_i].name, sentence.at);
    if (resolutions[_i].json)
        ck_assert_msg(text_eq(json_of(value, arena), quoted(arena, resolutions[_i].json)), "%s: %s",
                      resolutions[_i].name, json_of(value, arena).at);
    else
        ck_assert_uint_gt(sentence.bytes, 10);
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

START_TEST(full_names_first_is_how_avro_java_chooses)
{
    arena_t *arena = arena_new();
    schema_t *writer = schema_of("{'type':'record','name':'b.R','fields':[]}"),
             *reader = schema_of(
                 "[{'type':'record','name':'a.R','fields':[]},{'type':'record','name':'b.R','fields':[]}]");
    av_value_t *value;
    text_t sentence;
    decode_options_t java = plain;
    java.full_names_first = true;
    ck_assert_int_eq(
        av_decode(av_schema_of(writer), av_schema_of(reader), TEXT(""), &plain, arena, &value, &sentence),
        DECODE_OK);
    ck_assert_str_eq(json_of(value, arena).at, "{\"a.R\":{}}");
    ck_assert_int_eq(
        av_decode(av_schema_of(writer), av_schema_of(reader), TEXT(""), &java, arena, &value, &sentence),
        DECODE_OK);
    ck_assert_str_eq(json_of(value, arena).at, "{\"b.R\":{}}");
    schema_unref(writer);
    schema_unref(reader);
    arena_free(arena);
}
END_TEST

/* Where names are ambiguous the two ways differ; where they are not, equal kinds come before promotions in Java. `java` NULL: refused. */
static const struct {
    const char *name, *writer, *hex, *reader, *plain, *java;
} choices[] = {
    {"an equal kind before a promotion", "'int'", "02", "['long','int']", "{'long':1}", "{'int':1}"},
    {"a promotion where no kind is equal", "'int'", "02", "['string','double']", "{'double':1.0}",
     "{'double':1.0}"},
    {"an enum of another namespace alone", "{'type':'enum','name':'a.E','symbols':['A']}", "00",
     "['null',{'type':'enum','name':'b.E','symbols':['A']}]", "{'b.E':'A'}", NULL},
    {"by alias", "{'type':'enum','name':'a.E','symbols':['A']}", "00",
     "['null',{'type':'enum','name':'b.E','aliases':['a.E'],'symbols':['A']}]", "{'b.E':'A'}", "{'b.E':'A'}"},
    {"unions that are the same but for namespaces",
     "['null',{'type':'enum','name':'a.E','symbols':['A','B']}]", "0202",
     "['null',{'type':'enum','name':'b.E','symbols':['A','B']}]", "{'b.E':'B'}", "{'b.E':'B'}"},
    {"unions that differ in a symbol", "['null',{'type':'enum','name':'a.E','symbols':['A','B']}]", "0202",
     "['null',{'type':'enum','name':'b.E','symbols':['B','A']}]", "{'b.E':'B'}", NULL},
    {"unions that are the same, deeply",
     "[{'type':'array','items':{'type':'record','name':'a.R','fields':[{'name':'f','type':{'type':'fixed','"
     "name':'a.F','size':1}},{'name':'u','type':['null','a.R']}]}}]",
     "00020000"
     "00",
     "[{'type':'array','items':{'type':'record','name':'b.R','fields':[{'name':'f','type':{'type':'fixed','"
     "name':'b.F','size':1}},{'name':'u','type':['null','b.R']}]}}]",
     "{'array':[{'f':'\\u0000','u':null}]}", "{'array':[{'f':'\\u0000','u':null}]}"},
    {"a record by structure, the last of its simple name",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':'int'}]}", "02",
     "[{'type':'record','name':'b.R','fields':[{'name':'y','type':'int'}]},{'type':'record','name':'c.S','"
     "fields':[]},{'type':'record','name':'c.R','fields':[{'name':'x','type':'long'}]}]",
     NULL, "{'c.R':{'x':1}}"},
    {"a record by structure, whatever its name",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':'int'}]}", "02",
     "[{'type':'record','name':'b.R','fields':[{'name':'x','type':'string'}]},{'type':'record','name':'c.S','"
     "fields':[]}]",
     NULL, "{'c.S':{}}"},
    {"structure is looked at through unions",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':{'type':'enum','name':'a.E','symbols':['A']}"
     "}]}",
     "00",
     "[{'type':'record','name':'b.R','fields':[{'name':'x','type':['null','int']}]},{'type':'record','name':'"
     "c.R','fields':[{'name':'x','type':['null',{'type':'enum','name':'a.E','symbols':['A']}]}]}]",
     NULL, "{'c.R':{'x':{'a.E':'A'}}}"},
    {"structure is looked at one record deep",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':{'type':'record','name':'T','fields':[]}}]}",
     "",
     "[{'type':'record','name':'b.R','fields':[{'name':'x','type':{'type':'record','name':'T','fields':[{'"
     "name':'q','type':'int'}]}}]},{'type':'record','name':'c.R','fields':[{'name':'y','type':'int','default'"
     ":1}]}]",
     NULL, "{'c.R':{'y':1}}"},
    {"structure knows names and sizes of fixed",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':{'type':'fixed','name':'F','size':1}}]}",
     "00",
     "[{'type':'record','name':'b.R','fields':[{'name':'x','type':{'type':'fixed','name':'F','size':2}}]},{'"
     "type':'record','name':'c.R','fields':[{'name':'z','type':{'type':'fixed','name':'F2','size':1},'"
     "aliases':['w','x'],'default':'\xC3\xBF'}]}]",
     NULL, NULL},
    {"a fixed of another namespace", "{'type':'fixed','name':'a.F','size':1}", "00",
     "[{'type':'fixed','name':'b.F','size':1}]", "{'b.F':'\\u0000'}", NULL},
    {"a field's alias in another namespace",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':'int'}]}", "02",
     "{'type':'record','name':'b.R','fields':[{'name':'y','type':'int','aliases':['x'],'default':7}]}",
     "{'y':1}", "{'y':7}"},
    {"the name of a record outside unions", "{'type':'record','name':'R','fields':[]}", "",
     "{'type':'record','name':'S','fields':[]}", NULL, "{}"},
};

START_TEST(full_names_first_is_what_avro_java_does)
{
    arena_t *arena = arena_new();
    schema_t *writer = schema_flagged(choices[_i].writer, SCHEMA_LENIENT),
             *reader = schema_flagged(choices[_i].reader, SCHEMA_LENIENT);
    for (int java = 0; java < 2; java++) {
        decode_options_t how = plain;
        how.full_names_first = java;
        const char *expected = java ? choices[_i].java : choices[_i].plain;
        av_value_t *value;
        text_t sentence;
        decode_t result = av_decode(av_schema_of(writer), av_schema_of(reader), unhex(choices[_i].hex, arena),
                                    &how, arena, &value, &sentence);
        ck_assert_msg(result == (expected ? DECODE_OK : DECODE_REFUSED), "%s, %d: %s", choices[_i].name, java,
                      sentence.at);
        if (expected)
            ck_assert_msg(text_eq(json_of(value, arena), quoted(arena, expected)), "%s, %d: %s",
                          choices[_i].name, java, json_of(value, arena).at);
    }
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

/* What is skipped is checked too, and so is what is cut short anywhere. */
START_TEST(data_cut_anywhere_is_malformed)
{
    arena_t *arena = arena_new();
    const char *whole = "0202"
                        "61"
                        "0604"
                        "0261"
                        "0200"
                        "0200"
                        "0000"
                        "c03f"
                        "0000000000000000"
                        "6162"
                        "00"
                        "02"
                        "01";
    schema_t *writer =
        schema_of(REC("{'name':'l','type':'long'},{'name':'s','type':'string'},{'name':'skipped','type':{'"
                      "type':'record','name':'S','fields':["
                      "{'name':'m','type':{'type':'map','values':{'type':'array','items':['null','int']}}},{'"
                      "name':'f','type':'float'},{'name':'d','type':'double'},"
                      "{'name':'x','type':{'type':'fixed','name':'F','size':2}},{'name':'e','type':{'type':'"
                      "enum','name':'E','symbols':['A']}},{'name':'b','type':'boolean'}]}}"));
    schema_t *reader = schema_of(REC("{'name':'s','type':'string'}"));
    text_t bytes = unhex(whole, arena), sentence;
    av_value_t *value;
    for (size_t n = 0; n < bytes.bytes; n++)
        for (int side = 0; side < 2; side++) {
            const av_schema_t *w = av_schema_of(writer), *r = av_schema_of(side ? reader : writer);
            ck_assert_int_ne(av_decode(w, r, (text_t){bytes.at, n}, &plain, arena, &value, &sentence),
                             DECODE_OK);
            ck_assert_int_ne(av_decode(w, r, (text_t){bytes.at, n}, &plain, arena, &value, &sentence),
                             DECODE_REFUSED);
        }
    schema_unref(writer);
    schema_unref(reader);
    arena_free(arena);
}
END_TEST

/* --- the smallest value, frames -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *schema, *json; /* NULL: none */
} smallest[] = {
    {REC("{'name':'x','type':['R','null']}"), "{'x':null}"},
    {REC("{'name':'x','type':'R'}"), NULL},
    {"[]", NULL},
    {"[{'type':'record','name':'A','fields':[{'name':'x','type':'string'},{'name':'y','type':'string'}]},'"
     "long']",
     "{'long':0}"},
    {"{'type':'array','items':[]}", "[]"},
    {"{'type':'fixed','name':'F','size':2}", "'\\u0000\\u0000'"},
    {"{'type':'fixed','name':'F','size':2147483647}", NULL},
    {"{'type':'enum','name':'E','symbols':[]}", NULL},
    {"[{'type':'enum','name':'E','symbols':[]},{'type':'record','name':'A','fields':[{'name':'b','type':{'"
     "type':'record','name':'B','fields':[{'name':'a','type':'A'}]}}]},'null']",
     "null"},
};

START_TEST(the_smallest_value_is_found_or_there_is_none)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_of(smallest[_i].schema);
    av_value_t *value = av_smallest(av_schema_of(schema)->root.type, NULL, &plain.limits, arena);
    ck_assert_int_eq(value != NULL, smallest[_i].json != NULL);
    if (value)
        ck_assert_msg(text_eq(json_of(value, arena), quoted(arena, smallest[_i].json)), "%s",
                      json_of(value, arena).at);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

START_TEST(frames_are_those_of_avro_and_of_confluent)
{
    arena_t *arena = arena_new();
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    av_frame_single(0x7275d51a3f395c8fu, TEXT("\x02"), &out);
    ck_assert_str_eq(hex_of(buf_text(&out), arena).at, "c3018f5c393f1ad5757202");
    uint64_t rabin;
    text_t body;
    ck_assert(av_unframe_single(buf_text(&out), &rabin, &body));
    ck_assert_uint_eq(rabin, 0x7275d51a3f395c8fu);
    ck_assert_uint_eq(body.bytes, 1);
    ck_assert(!av_unframe_single((text_t){buf_text(&out).at, 9}, &rabin, &body));
    buf_clear(&out);
    av_frame_confluent(258, TEXT("\x02"), &out);
    ck_assert_str_eq(hex_of(buf_text(&out), arena).at, "000000010202");
    uint32_t id;
    ck_assert(!av_unframe_single(buf_text(&out), &rabin, &body));
    ck_assert(av_unframe_confluent(buf_text(&out), &id, &body));
    ck_assert_uint_eq(id, 258);
    ck_assert_uint_eq(body.bytes, 1);
    ck_assert(!av_unframe_confluent(TEXT("\1abcdef"), &id, &body));
    ck_assert(!av_unframe_confluent(TEXT(""), &id, &body));
    buf_dispose(&out);
    arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("avro_value");
    TCase *tc = tcase_create("value");
    tcase_add_loop_test(tc, a_value_has_one_text_and_one_sequence_of_bytes, 0, ROWS(pairs));
    tcase_add_loop_test(tc, a_message_that_is_no_value_is_refused_with_its_place, 0, ROWS(unfit));
    tcase_add_loop_test(tc, bytes_that_are_no_value_are_told_from_what_is_refused, 0, ROWS(malformed));
    tcase_add_test(tc, work_and_nesting_are_bounded);
    tcase_add_loop_test(tc, data_of_one_schema_is_read_as_anothers, 0, ROWS(resolutions));
    tcase_add_test(tc, full_names_first_is_how_avro_java_chooses);
    tcase_add_loop_test(tc, full_names_first_is_what_avro_java_does, 0, ROWS(choices));
    tcase_add_test(tc, data_cut_anywhere_is_malformed);
    tcase_add_loop_test(tc, the_smallest_value_is_found_or_there_is_none, 0, ROWS(smallest));
    tcase_add_test(tc, frames_are_those_of_avro_and_of_confluent);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

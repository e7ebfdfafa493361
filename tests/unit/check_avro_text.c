/* The texts of a schema: canonical, normalised, resolved, Parsing Canonical Form; fingerprints; and when two are one. */
#include <stdio.h>

#include "avro_support.h"

#include "compat/avro/av_fingerprint.h"
#include "compat/avro/av_number.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

/* --- canonical text: what Avro Java 1.12.1 prints ------------------------------------------------------------------------- */

static const struct {
    const char *name, *text, *canonical;
} canonicals[] = {
    {"a primitive object without more is its name", "{'type':'string'}", "'string'"},
    {"properties keep a primitive an object", "{'logicalType':'date','type':'int'}",
     "{'type':'int','logicalType':'date'}"},
    {"reserved words in the wrong place are dropped",
     "{'type':'int','doc':'d','size':1,'items':'x','aliases':1}", "'int'"},
    {"a default is no reserved word of an array", "{'type':'array','items':'int','default':[]}",
     "{'type':'array','items':'int','default':[]}"},
    {"keys of a record come in order",
     "{'aliases':['Q'],'zz':1,'fields':[],'doc':'d','namespace':'a','name':'R','type':'record','aa':2}",
     "{'type':'record','name':'R','namespace':'a','doc':'d','fields':[],'zz':1,'aa':2,'aliases':['Q']}"},
    {"keys of a field come in order",
     "{'type':'record','name':'R','fields':[{'z':1,'aliases':['y'],'order':'IGNORE','default':1,'doc':'d','"
     "type':'int','name':'x'}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','doc':'d','default':1,'order':'ignore','"
     "aliases':['y'],'z':1}]}"},
    {"ascending is not printed",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','order':'ascending'}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int'}]}"},
    {"keys of an enum come in order",
     "{'aliases':['F'],'p':1,'default':'A','symbols':['A'],'doc':'d','name':'E','type':'enum'}",
     "{'type':'enum','name':'E','doc':'d','symbols':['A'],'default':'A','p':1,'aliases':['F']}"},
    {"keys of a fixed come in order", "{'size':1,'p':1,'doc':'d','name':'F','type':'fixed','aliases':['G']}",
     "{'type':'fixed','name':'F','doc':'d','size':1,'p':1,'aliases':['G']}"},
    {"a dotted name is split", "{'type':'fixed','name':'a.b.F','namespace':'ignored','size':1}",
     "{'type':'fixed','name':'F','namespace':'a.b','size':1}"},
    {"a namespace is inherited and not repeated",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':{'type':'fixed','name':'F','namespace':'a','"
     "size':1}}]}",
     "{'type':'record','name':'R','namespace':'a','fields':[{'name':'x','type':{'type':'fixed','name':'F','"
     "size':1}}]}"},
    {"the null namespace inside another is printed",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':{'type':'fixed','name':'F','namespace':'','"
     "size':1}},{'name':'y','type':'F'}]}",
     "{'type':'record','name':'R','namespace':'a','fields':[{'name':'x','type':{'type':'fixed','name':'F','"
     "namespace':'','size':1}},{'name':'y','type':'F'}]}"},
    {"a second use is a simple name in the same namespace and a full one elsewhere",
     "{'type':'record','name':'a.R','fields':[{'name':'x','type':{'type':'fixed','name':'F','size':1}},{'"
     "name':'y','type':'a.F'},"
     "{'name':'z','type':{'type':'record','name':'b.S','fields':[{'name':'w','type':'a.F'}]}}]}",
     "{'type':'record','name':'R','namespace':'a','fields':[{'name':'x','type':{'type':'fixed','name':'F','"
     "size':1}},{'name':'y','type':'F'},"
     "{'name':'z','type':{'type':'record','name':'S','namespace':'b','fields':[{'name':'w','type':'a.F'}]}}]"
     "}"},
    {"a type named like a kind keeps its full name",
     "{'type':'record','name':'a.map','fields':[{'name':'x','type':['null','a.map']}]}",
     "{'type':'record','name':'map','namespace':'a','fields':[{'name':'x','type':['null','a.map']}]}"},
    {"a definition is printed where it is first used",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'F'},{'name':'y','type':{'type':'fixed','name'"
     ":'F','size':1}}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':{'type':'fixed','name':'F','size':1}},{'name':"
     "'y','type':'F'}]}"},
    {"an object that names a type loses the rest",
     "[{'type':'fixed','name':'F','size':1},{'type':'array','items':{'type':'F','doc':'x','p':1}}]",
     "[{'type':'fixed','name':'F','size':1},{'type':'array','items':'F'}]"},
    {"aliases are relative to the namespace, in order, once",
     "{'type':'fixed','name':'a.F','size':1,'aliases':['z.G','H','a.I','H']}",
     "{'type':'fixed','name':'F','namespace':'a','size':1,'aliases':['z.G','H','I']}"},
    {"an alias named like a kind is written in full",
     "{'type':'fixed','name':'a.F','size':1,'aliases':['map']}",
     "{'type':'fixed','name':'F','namespace':'a','size':1,'aliases':['a.map']}"},
    {"empty aliases are none", "{'type':'fixed','name':'F','size':1,'aliases':[]}",
     "{'type':'fixed','name':'F','size':1}"},
    {"an error stays one", "{'type':'error','name':'E','fields':[]}",
     "{'type':'error','name':'E','fields':[]}"},
    {"fractions are printed as Java prints doubles",
     "{'type':'int','a':1.10,'b':1e2,'c':1E-7,'d':123456789.0,'e':-0,'f':-0.0,'g':0.00100}",
     "{'type':'int','a':1.1,'b':100.0,'c':1.0E-7,'d':1.23456789E8,'e':0,'f':-0.0,'g':0.001}"},
    {"large integers keep their digits", "{'type':'int','a':123456789012345678901234567890}",
     "{'type':'int','a':123456789012345678901234567890}"},
    {"a fraction beyond doubles is infinite", "{'type':'int','a':1e999}", "{'type':'int','a':'Infinity'}"},
    {"a string default on a double becomes a number",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'double','default':'2'}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'double','default':2.0}]}"},
    {"an integer default on a double stays",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'double','default':2}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'double','default':2}]}"},
    {"a misplaced logical type is kept",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','logicalType':'date'}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','logicalType':'date'}]}"},
    {"white space is lost, order of members is not", " { 'type' : 'int' , 'z' : { 'b' : 1 , 'a' : [ ] } } ",
     "{'type':'int','z':{'b':1,'a':[]}}"},
    {"a NUL stays escaped, in words, defaults and properties",
     "{'type':'record','name':'R','doc':'a\\u0000b','fields':[{'name':'f','type':'string','default':'\\u0000'"
     ","
     "'p\\u0000':'\\u0000'}]}",
     "{'type':'record','name':'R','doc':'a\\u0000b','fields':[{'name':'f','type':'string','default':'\\u0000'"
     ","
     "'p\\u0000':'\\u0000'}]}"},
    {"the last of two equal keys wins", "{'type':'fixed','name':'F','size':1,'size':2}",
     "{'type':'fixed','name':'F','size':2}"},
};

START_TEST(canonical_text_is_that_of_avro_java)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_of(canonicals[_i].text);
    ck_assert_msg(text_eq(schema_canonical(schema), quoted(arena, canonicals[_i].canonical)), "%s: %s",
                  canonicals[_i].name, schema_canonical(schema).at);
    /* and it is a fixed point */
    schema_t *again = schema_of(schema_canonical(schema).at);
    ck_assert_str_eq(schema_canonical(again).at, schema_canonical(schema).at);
    schema_unref(again);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

/* --- normalize=true -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *text, *normalized;
} normals[] = {
    {"properties are sorted, deeply", "{'type':'array','items':'int','z':{'b':1,'a':{'d':1,'c':2}},'a':1}",
     "{'type':'array','items':'int','a':1,'z':{'a':{'c':2,'d':1},'b':1}}"},
    {"a logical type comes first", "{'type':'int','a':1,'logicalType':'date'}",
     "{'type':'int','logicalType':'date','a':1}"},
    {"an unknown one is a property", "{'type':'int','z':1,'logicalType':'x','a':1}",
     "{'type':'int','a':1,'logicalType':'x','z':1}"},
    {"a decimal brings precision and scale",
     "{'type':'bytes','scale':2,'b':1,'precision':9,'logicalType':'decimal'}",
     "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2,'b':1}"},
    {"a scale of nothing goes", "{'type':'bytes','scale':0,'precision':9,'logicalType':'decimal'}",
     "{'type':'bytes','logicalType':'decimal','precision':9}"},
    {"aliases are sorted", "{'type':'fixed','name':'F','size':1,'aliases':['c','a','b']}",
     "{'type':'fixed','name':'F','size':1,'aliases':['a','b','c']}"},
    {"field aliases too",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','aliases':['c','a']}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','aliases':['a','c']}]}"},
    {"an empty type doc goes, an empty field doc stays",
     "{'type':'record','name':'R','doc':'','fields':[{'name':'x','type':'int','doc':''}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','doc':''}]}"},
    {"a doc stays", "{'type':'fixed','name':'F','size':1,'doc':'d'}",
     "{'type':'fixed','name':'F','doc':'d','size':1}"},
    {"defaults become values of their type",
     "{'type':'record','name':'R','fields':[{'name':'d','type':'double','default':1},{'name':'f','type':'"
     "float','default':0.10000000149},"
     "{'name':'u','type':['null','double'],'default':3},{'name':'m','type':{'type':'map','values':'double'},'"
     "default':{'b':1,'a':2}},"
     "{'name':'l','type':{'type':'array','items':'float'},'default':[1,2.5]}]}",
     "{'type':'record','name':'R','fields':[{'name':'d','type':'double','default':1.0},{'name':'f','type':'"
     "float','default':0.1},"
     "{'name':'u','type':['null','double'],'default':3.0},{'name':'m','type':{'type':'map','values':'double'}"
     ",'default':{'a':2.0,'b':1.0}},"
     "{'name':'l','type':{'type':'array','items':'float'},'default':[1.0,2.5]}]}"},
    {"a record default is sorted by key and typed",
     "{'type':'record','name':'R','fields':[{'name':'r','type':{'type':'record','name':'S','fields':[{'name':"
     "'z','type':'double'},{'name':'a','type':'int'}]},'default':{'z':1,'a':2}}]}",
     "{'type':'record','name':'R','fields':[{'name':'r','type':{'type':'record','name':'S','fields':[{'name':"
     "'z','type':'double'},{'name':'a','type':'int'}]},'default':{'a':2,'z':1.0}}]}"},
    {"the order of fields, branches and symbols is kept",
     "[{'type':'enum','name':'E','symbols':['B','A']},'null',{'type':'record','name':'R','fields':[{'name':'"
     "z','type':'int'},{'name':'a','type':'int'}]}]",
     "[{'type':'enum','name':'E','symbols':['B','A']},'null',{'type':'record','name':'R','fields':[{'name':'"
     "z','type':'int'},{'name':'a','type':'int'}]}]"},
};

START_TEST(normalised_text_is_that_of_normalize_true)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_of(normals[_i].text);
    text_t text = schema_normalized(schema, arena);
    ck_assert_msg(text_eq(text, quoted(arena, normals[_i].normalized)), "%s: %s", normals[_i].name, text.at);
    schema_t *again = schema_of(text.at);
    ck_assert_str_eq(schema_canonical(again).at, text.at);
    ck_assert_str_eq(schema_normalized(again, arena).at, text.at);
    schema_unref(again);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

START_TEST(a_default_that_fits_no_branch_disappears_when_normalised)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_flagged(
        "{'type':'record','name':'R','fields':[{'name':'x','type':['null','int'],'default':'a'}]}",
        SCHEMA_LENIENT);
    ck_assert(
        text_eq(schema_normalized(schema, arena),
                quoted(arena, "{'type':'record','name':'R','fields':[{'name':'x','type':['null','int']}]}")));
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

/* --- numbers: Double.toString ------------------------------------------------------------------------------------------------ */

static const struct {
    double value;
    const char *text;
} doubles[] = {
    {0.0, "0.0"},
    {-0.0, "-0.0"},
    {1, "1.0"},
    {100, "100.0"},
    {1234567, "1234567.0"},
    {9999999, "9999999.0"},
    {10000000, "1.0E7"},
    {0.001, "0.001"},
    {0.00099, "9.9E-4"},
    {0.1, "0.1"},
    {1.0 / 3, "0.3333333333333333"},
    {4.9e-324, "4.9E-324"},
    {1.7976931348623157e308, "1.7976931348623157E308"},
    {2e23, "2.0E23"},
    {-1234.5, "-1234.5"},
    {123456789012.0, "1.23456789012E11"},
    {0.010, "0.01"},
};

START_TEST(doubles_are_printed_as_java_prints_them)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    av_number_double(&out, doubles[_i].value);
    ck_assert_str_eq(buf_text(&out).at, doubles[_i].text);
    buf_dispose(&out);
}
END_TEST

/* --- Parsing Canonical Form and fingerprints ------------------------------------------------------------------------------------ */

static const struct {
    const char *text, *form;
    uint64_t rabin;
    const char *md5; /* NULL: not published */
} prints[] = {
    {"'null'", "'null'", 0x63dd24e7cc258f8a, "9b41ef67651c18488a8b08bb67c75699"},
    {"{'type':'int'}", "'int'", 0x7275d51a3f395c8f, "ef524ea1b91e73173d938ade36c1db32"},
    {"{'type':'record','name':'R','namespace':'a','doc':'d','aliases':['Q'],'fields':[{'name':'x','default':"
     "null,'type':['null',{'type':'long'}]}]}",
     "{'name':'a.R','type':'record','fields':[{'name':'x','type':['null','long']}]}", 0x3403aefa80167f66,
     "671981d0f4be3fc9fd8c56e6de4e8018"},
    {"'boolean'", "'boolean'", 0x9f42fc78a4d4f764, NULL},
    {"'long'", "'long'", 0xd054e14493f41db7, NULL},
    {"'float'", "'float'", 0x4d7c02cb3ea8d790, NULL},
    {"'double'", "'double'", 0x8e7535c032ab957e, NULL},
    {"'bytes'", "'bytes'", 0x4fc016dac3201965, NULL},
    {"'string'", "'string'", 0x8f014872634503c7, NULL},
    {"[]", "[]", 0, NULL},
    {"{'type':'array','items':'null','p':1}", "{'type':'array','items':'null'}", 0, NULL},
    {"{'type':'map','values':['int']}", "{'type':'map','values':['int']}", 0, NULL},
    {"{'type':'enum','name':'E','symbols':['A','B'],'default':'A'}",
     "{'name':'E','type':'enum','symbols':['A','B']}", 0, NULL},
    {"[{'type':'fixed','name':'F','size':16},{'type':'error','name':'E','fields':[{'name':'f','type':'F'},{'"
     "name':'g','type':{'type':'array','items':'E'}}]}]",
     "[{'name':'F','type':'fixed','size':16},{'name':'E','type':'record','fields':[{'name':'f','type':'F'},{'"
     "name':'g','type':{'type':'array','items':'E'}}]}]",
     0, NULL},
};

START_TEST(parsing_canonical_form_and_fingerprints_are_those_published)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_of(prints[_i].text);
    text_t form = av_parsing_form(schema, arena);
    ck_assert_str_eq(form.at, quoted(arena, prints[_i].form).at);
    av_fingerprints_t found;
    av_fingerprints(schema, &found);
    if (prints[_i].rabin)
        ck_assert_uint_eq(found.rabin, prints[_i].rabin);
    char md5[33];
    for (int i = 0; i < 16; i++)
        snprintf(md5 + 2 * i, 3, "%02x", found.md5[i]);
    if (prints[_i].md5)
        ck_assert_str_eq(md5, prints[_i].md5);
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

START_TEST(sha256_is_over_the_form)
{
    schema_t *schema = schema_of("{'type':'int','logicalType':'date'}");
    av_fingerprints_t found;
    av_fingerprints(schema, &found);
    static const uint8_t starts[] = {0x3f, 0x2b, 0x87, 0xa9, 0xfe, 0x7c, 0xc9, 0xb1};
    ck_assert_mem_eq(found.sha256, starts, sizeof starts);
    schema_unref(schema);
}
END_TEST

/* --- one version inside a subject -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *a, *b;
    bool equal;
} twins[] = {
    {"white space aside", "{'type':'fixed','name':'F','size':1}", "{ 'size':1, 'name':'F', 'type':'fixed' }",
     true},
    {"properties in another order", "{'type':'int','a':{'x':1,'y':2},'b':1}",
     "{'type':'int','b':1,'a':{'y':2,'x':1}}", true},
    {"another property", "{'type':'int','a':1}", "{'type':'int','a':2}", false},
    {"one property more", "{'type':'int','a':1}", "{'type':'int','a':1,'b':1}", false},
    {"1 is not 1.0", "{'type':'int','a':1}", "{'type':'int','a':1.0}", false},
    {"arrays keep their order", "{'type':'int','a':[1,2]}", "{'type':'int','a':[2,1]}", false},
    {"aliases in another order", "{'type':'fixed','name':'F','size':1,'aliases':['a','b']}",
     "{'type':'fixed','name':'F','size':1,'aliases':['b','a']}", true},
    {"another alias", "{'type':'fixed','name':'F','size':1,'aliases':['a','b']}",
     "{'type':'fixed','name':'F','size':1,'aliases':['b','c']}", false},
    {"another doc", "{'type':'fixed','name':'F','size':1,'doc':'a'}",
     "{'type':'fixed','name':'F','size':1,'doc':'b'}", false},
    {"no doc is not an empty one", "{'type':'fixed','name':'F','size':1,'doc':''}",
     "{'type':'fixed','name':'F','size':1}", false},
    {"another size", "{'type':'fixed','name':'F','size':1}", "{'type':'fixed','name':'F','size':2}", false},
    {"another namespace", "{'type':'fixed','name':'F','size':1}", "{'type':'fixed','name':'a.F','size':1}",
     false},
    {"another enum default", "{'type':'enum','name':'E','symbols':['A','B'],'default':'A'}",
     "{'type':'enum','name':'E','symbols':['A','B'],'default':'B'}", false},
    {"another order of symbols", "{'type':'enum','name':'E','symbols':['A','B']}",
     "{'type':'enum','name':'E','symbols':['B','A']}", false},
    {"another order of fields",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int'},{'name':'y','type':'int'}]}",
     "{'type':'record','name':'R','fields':[{'name':'y','type':'int'},{'name':'x','type':'int'}]}", false},
    {"another default", "{'type':'record','name':'R','fields':[{'name':'x','type':'int','default':1}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','default':2}]}", false},
    {"no default", "{'type':'record','name':'R','fields':[{'name':'x','type':'int','default':1}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int'}]}", false},
    {"another sort order",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','order':'ignore'}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int'}]}", false},
    {"field aliases and properties in another order",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','aliases':['a','b'],'p':1,'q':2}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':'int','aliases':['b','a'],'q':2,'p':1}]}",
     true},
    {"a recursive record",
     "{'type':'record','name':'R','p':1,'q':2,'fields':[{'name':'x','type':['null','R']}]}",
     "{'type':'record','name':'R','q':2,'p':1,'fields':[{'name':'x','type':['null','R']}]}", true},
    {"a difference deep in a recursive record",
     "{'type':'record','name':'R','fields':[{'name':'x','type':['null','R']},{'name':'y','type':{'type':'map'"
     ",'values':'int'}}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':['null','R']},{'name':'y','type':{'type':'map'"
     ",'values':'long'}}]}",
     false},
    {"another branch", "['null','int']", "['null','long']", false},
    {"one branch less", "['null','int']", "['null']", false},
    {"another kind", "'int'", "'long'", false},
};

START_TEST(versions_of_a_subject_are_compared_by_structure)
{
    schema_t *a = schema_of(twins[_i].a), *b = schema_of(twins[_i].b);
    ck_assert_msg(schema_equal(a, b) == twins[_i].equal, "%s", twins[_i].name);
    ck_assert_msg(schema_equal(b, a) == twins[_i].equal, "%s, the other way round", twins[_i].name);
    ck_assert(schema_equal(a, a));
    schema_unref(a);
    schema_unref(b);
}
END_TEST

START_TEST(a_schema_with_a_reference_equals_the_same_written_out)
{
    schema_reference_t reference = {TEXT("F"), TEXT("{\"type\":\"fixed\",\"name\":\"F\",\"size\":1}")};
    schema_source_t source = {.format = FORMAT_AVRO,
                              .text = TEXT("{\"type\":\"array\",\"items\":\"F\"}"),
                              .references = &reference,
                              .n_references = 1,
                              .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema, *same = schema_of("{'type':'array','items':{'type':'fixed','name':'F','size':1}}"),
                      *other = schema_of("{'type':'array','items':{'type':'fixed','name':'F','size':2}}");
    ck_assert_int_eq(schema_parse(&source, &schema, &fault), 0);
    ck_assert(schema_equal(schema, same));
    ck_assert(!schema_equal(schema, other));
    schema_unref(schema);
    schema_unref(same);
    schema_unref(other);
}
END_TEST

START_TEST(top_fields_are_those_of_the_record_at_the_top)
{
    arena_t *arena = arena_new();
    const text_t *names;
    schema_t *record = schema_of(
        "{'type':'record','name':'R','fields':[{'name':'x','type':'int'},{'name':'y','type':'int'}]}");
    ck_assert_uint_eq(schema_top_fields(record, arena, &names), 2);
    ck_assert(text_is(names[1], "y"));
    schema_t *primitive = schema_of("'int'");
    ck_assert_uint_eq(schema_top_fields(primitive, arena, &names), 0);
    schema_unref(record);
    schema_unref(primitive);
    arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("avro_text");
    TCase *tc = tcase_create("text");
    tcase_add_loop_test(tc, canonical_text_is_that_of_avro_java, 0, ROWS(canonicals));
    tcase_add_loop_test(tc, normalised_text_is_that_of_normalize_true, 0, ROWS(normals));
    tcase_add_test(tc, a_default_that_fits_no_branch_disappears_when_normalised);
    tcase_add_loop_test(tc, doubles_are_printed_as_java_prints_them, 0, ROWS(doubles));
    tcase_add_loop_test(tc, parsing_canonical_form_and_fingerprints_are_those_published, 0, ROWS(prints));
    tcase_add_test(tc, sha256_is_over_the_form);
    tcase_add_loop_test(tc, versions_of_a_subject_are_compared_by_structure, 0, ROWS(twins));
    tcase_add_test(tc, a_schema_with_a_reference_equals_the_same_written_out);
    tcase_add_test(tc, top_fields_are_those_of_the_record_at_the_top);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

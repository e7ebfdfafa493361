/* The verdict of Confluent's registry: difference types, pointers and additional information, in Avro Java's order. */
#include <stdio.h>

#include "avro_support.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))
#define REC(fields) "{'type':'record','name':'R','fields':[" fields "]}"
#define INT(name)   "{'name':'" name "','type':'int'}"

/* Differences as "TYPE pointer info", one a line. */
static const struct {
    const char *name, *reader, *writer, *differences;
} cases[] = {
    {"the same", REC(INT("x")), REC(INT("x")), ""},
    {"a field of the writer alone is skipped", REC(INT("x")), REC(INT("x") "," INT("y")), ""},
    {"a field with a default may be missing", REC("{'name':'y','type':'int','default':0}"), REC(""), ""},
    {"a field without one may not", REC(INT("x") "," INT("y")), REC(INT("x")),
     "READER_FIELD_MISSING_DEFAULT_VALUE /fields/1 y\n"},
    {"any default will do", REC("{'name':'y','type':'int','default':'no int'}"), REC(""), ""},
    {"a missing enum with an enum default is compared with the record",
     REC("{'name':'e','type':{'type':'enum','name':'E','symbols':['A'],'default':'A'}}"), REC(""),
     "TYPE_MISMATCH /fields/0/type reader type: ENUM not compatible with writer type: RECORD\n"},
    {"a missing enum without one is a missing default",
     REC("{'name':'e','type':{'type':'enum','name':'E','symbols':['A']}}"), REC(""),
     "READER_FIELD_MISSING_DEFAULT_VALUE /fields/0 e\n"},
    {"another primitive", REC(INT("x")), REC("{'name':'x','type':'string'}"),
     "TYPE_MISMATCH /fields/0/type reader type: INT not compatible with writer type: STRING\n"},
    {"all differences, in the reader's order", REC(INT("a") ",{'name':'b','type':'string'}"),
     REC("{'name':'b','type':'int'},{'name':'a','type':'string'}"),
     "TYPE_MISMATCH /fields/0/type reader type: INT not compatible with writer type: STRING\n"
     "TYPE_MISMATCH /fields/1/type reader type: STRING not compatible with writer type: INT\n"},
    {"a renamed field with an alias", REC("{'name':'y','type':'int','aliases':['x']}"), REC(INT("x")), ""},
    {"a field matched twice fails the check", REC("{'name':'y','type':'int','aliases':['x']}"),
     REC(INT("x") "," INT("y")),
     "UNEXPECTED_EXCEPTION / the reader's field y matches more than one field of the writer's record R\n"},
    {"its own name as an alias counts as twice", REC("{'name':'x','type':'int','aliases':['x']}"),
     REC(INT("x")),
     "UNEXPECTED_EXCEPTION / the reader's field x matches more than one field of the writer's record R\n"},
    {"a renamed record", "{'type':'record','name':'a.S','fields':[]}",
     "{'type':'record','name':'b.R','fields':[]}", "NAME_MISMATCH /name expected: b.R\n"},
    {"a name and a field", "{'type':'record','name':'S','fields':[" INT("x") "]}", REC(""),
     "NAME_MISMATCH /name expected: R\nREADER_FIELD_MISSING_DEFAULT_VALUE /fields/0 x\n"},
    {"another namespace", "{'type':'record','name':'a.R','fields':[]}",
     "{'type':'record','name':'b.R','fields':[]}", ""},
    {"an alias of the type", "{'type':'record','name':'a.S','aliases':['R'],'fields':[]}",
     "{'type':'record','name':'a.R','fields':[]}", ""},
    {"an alias in another namespace", "{'type':'record','name':'a.S','aliases':['R'],'fields':[]}",
     "{'type':'record','name':'b.R','fields':[]}", "NAME_MISMATCH /name expected: b.R\n"},
    {"an alias in the null namespace reaches nobody",
     "{'type':'record','name':'a.S','aliases':['.R'],'fields':[]}", REC(""),
     "NAME_MISMATCH /name expected: R\n"},
    {"a fixed of another size", "{'type':'fixed','name':'F','size':4}",
     "{'type':'fixed','name':'F','size':8}", "FIXED_SIZE_MISMATCH /size expected: 8, found: 4\n"},
    {"a fixed of another name and size", "{'type':'fixed','name':'F','size':4}",
     "{'type':'fixed','name':'G','size':8}",
     "NAME_MISMATCH /name expected: G\nFIXED_SIZE_MISMATCH /size expected: 8, found: 4\n"},
    {"missing symbols are sorted", "{'type':'enum','name':'E','symbols':['M']}",
     "{'type':'enum','name':'E','symbols':['Z','M','A']}", "MISSING_ENUM_SYMBOLS /symbols [A, Z]\n"},
    {"an enum default takes what is missing", "{'type':'enum','name':'E','symbols':['M'],'default':'M'}",
     "{'type':'enum','name':'E','symbols':['Z','M','A']}", ""},
    {"items of an array", "{'type':'array','items':'int'}", "{'type':'array','items':'string'}",
     "TYPE_MISMATCH /items reader type: INT not compatible with writer type: STRING\n"},
    {"values of a map", "{'type':'map','values':{'type':'map','values':'int'}}",
     "{'type':'map','values':{'type':'map','values':'long'}}",
     "TYPE_MISMATCH /values/values reader type: INT not compatible with writer type: LONG\n"},
    {"array and map", "{'type':'array','items':'int'}", "{'type':'map','values':'int'}",
     "TYPE_MISMATCH / reader type: ARRAY not compatible with writer type: MAP\n"},
    {"a union reader lacks a branch", "['null','int']", "'string'",
     "MISSING_UNION_BRANCH / reader union lacking writer type: STRING\n"},
    {"a union writer has one too many", "['null','int']", "['null','string','int']",
     "MISSING_UNION_BRANCH /1 reader union lacking writer type: STRING\n"},
    {"a plain reader of a union writer", "'int'", "['int','null','string']",
     "TYPE_MISMATCH /1 reader type: INT not compatible with writer type: NULL\n"
     "TYPE_MISMATCH /2 reader type: INT not compatible with writer type: STRING\n"},
    {"a branch that promotes", "['null','double']", "'int'", ""},
    {"why a branch fails is dropped", "['null'," REC(INT("x")) "]", REC(""),
     "MISSING_UNION_BRANCH / reader union lacking writer type: RECORD\n"},
    {"any branch of the reader will do",
     "[{'type':'record','name':'a.R','fields':[" INT("x") "]},{'type':'record','name':'b.R','fields':[]}]",
     REC(""), ""},
    {"a union of one and its branch", "['int']", "'int'", ""},
    {"logical types are not looked at", "{'type':'int','logicalType':'date'}",
     "{'type':'int','logicalType':'time-millis'}", ""},
    {"recursion counts as compatible",
     "{'type':'record','name':'R','fields':[{'name':'x','type':['null','R']}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':['null','R']}]}", ""},
    {"a difference found once is reported wherever it is met, with its first pointer",
     REC("{'name':'a','type':{'type':'fixed','name':'F','size':1}},{'name':'b','type':'F'}"),
     REC("{'name':'a','type':{'type':'fixed','name':'F','size':2}},{'name':'b','type':'F'}"),
     "FIXED_SIZE_MISMATCH /fields/0/type/size expected: 2, found: 1\nFIXED_SIZE_MISMATCH /fields/0/type/size "
     "expected: 2, found: 1\n"},
    {"what was assumed in a failing branch stays remembered",
     "[{'type':'record','name':'p.A','fields':[{'name':'b','type':{'type':'record','name':'p.B','fields':[{'"
     "name':'a','type':['null','p.A']}]}},{'name':'x','type':'string'}]},"
     "{'type':'record','name':'q.A','fields':[{'name':'b','type':'p.B'},{'name':'x','type':'int'}]}]",
     "{'type':'record','name':'A','fields':[{'name':'b','type':{'type':'record','name':'B','fields':[{'name':"
     "'a','type':['null','A']}]}},{'name':'x','type':'int'}]}",
     ""},
};

static const report_t *check(const char *reader, const char *writer, size_t max_findings, arena_t *arena)
{
    schema_t *r = schema_flagged(reader, SCHEMA_LENIENT), *w = schema_flagged(writer, SCHEMA_LENIENT);
    check_options_t options = {
        .mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT, .max_findings = max_findings};
    const report_t *report = compat_check(r, w, &options, arena);
    /* names in a report point into the schemas: print what is needed before they go */
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (size_t i = 0; i < report->n_findings; i++)
        buf_printf(&out, "%s " TEXT_FMT " " TEXT_FMT "\n", report->findings[i].rule,
                   TEXT_ARG(report->findings[i].reader.pointer), TEXT_ARG(report->findings[i].info));
    report_t *copy = ARENA_NEW(arena, report_t);
    *copy = *report;
    copy->reason_text = buf_take(&out, arena);
    buf_dispose(&out);
    schema_unref(r);
    schema_unref(w);
    return copy;
}

START_TEST(differences_are_those_of_avro_java)
{
    arena_t *arena = arena_new();
    const report_t *report = check(cases[_i].reader, cases[_i].writer, 100, arena);
    ck_assert_msg(text_is(report->reason_text, cases[_i].differences), "%s:\n%s", cases[_i].name,
                  report->reason_text.at);
    ck_assert_int_eq(report->verdict, *cases[_i].differences ? VERDICT_INCOMPATIBLE : VERDICT_COMPATIBLE);
    const report_t *bare = check(cases[_i].reader, cases[_i].writer, 0, arena);
    ck_assert_int_eq(bare->verdict, report->verdict);
    ck_assert_uint_eq(bare->n_findings, 0);
    arena_free(arena);
}
END_TEST

/* Which of the primitives reads which: Avro 1.12, "Schema Resolution". */
static const char *const primitives[] = {"null",  "boolean", "int",   "long",
                                         "float", "double",  "bytes", "string"};
static const char *const readable_by[] = {
    "null",         "boolean", "int long float double", "long float double",
    "float double", "double",  "bytes string",          "bytes string"};

START_TEST(primitives_promote_as_the_specification_says)
{
    arena_t *arena = arena_new();
    for (int r = 0; r < ROWS(primitives); r++) {
        text_t reader = text_printf(arena, "'%s'", primitives[r]),
               writer = text_printf(arena, "'%s'", primitives[_i]);
        bool expected = false;
        char list[64];
        snprintf(list, sizeof list, " %s ", readable_by[_i]);
        char word[16];
        snprintf(word, sizeof word, " %s ", primitives[r]);
        expected = strstr(list, word) != NULL;
        const report_t *report = check(reader.at, writer.at, 0, arena);
        ck_assert_msg((report->verdict == VERDICT_COMPATIBLE) == expected, "%s reads %s", reader.at,
                      writer.at);
    }
    arena_free(arena);
}
END_TEST

/* --- messages ------------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *reader, *writer, *type, *sentence, *info;
} sentences[] = {
    {REC(INT("x")), REC(""), "READER_FIELD_MISSING_DEFAULT_VALUE", "field 'x' at path '/fields/0'", "x"},
    {"'int'", "'string'", "TYPE_MISMATCH", "path '/'",
     "reader type: INT not compatible with writer type: STRING"},
    {"{'type':'fixed','name':'F','size':1}", "{'type':'fixed','name':'F','size':2}", "FIXED_SIZE_MISMATCH",
     "path '/size'", "expected: 2, found: 1"},
    {"{'type':'fixed','name':'F','size':1}", "{'type':'fixed','name':'G','size':1}", "NAME_MISMATCH",
     "path '/name'", "expected: G"},
    {"{'type':'enum','name':'E','symbols':[]}", "{'type':'enum','name':'E','symbols':['A']}",
     "MISSING_ENUM_SYMBOLS", "[A] at path '/symbols'", "[A]"},
    {"['int']", "['null']", "MISSING_UNION_BRANCH", "path '/0'", "reader union lacking writer type: NULL"},
};

START_TEST(a_message_has_type_sentence_and_information)
{
    arena_t *arena = arena_new();
    schema_t *reader = schema_of(sentences[_i].reader), *writer = schema_of(sentences[_i].writer);
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT};
    message_style_t style = {0};
    for (int forward = 0; forward < 2; forward++) {
        earlier_t earlier = {forward ? reader : writer, 3};
        const level_report_t *report =
            level_check(forward ? LEVEL_FORWARD : LEVEL_BACKWARD, forward ? writer : reader, &earlier, 1,
                        &options, &style, arena);
        ck_assert_uint_eq(report->n_messages, 4);
        const char *message = report->messages[0].at;
        ck_assert_ptr_nonnull(
            strstr(message, text_printf(arena, "{errorType:'%s', description:'", sentences[_i].type).at));
        ck_assert_msg(strstr(message, sentences[_i].sentence) != NULL, "%s", message);
        ck_assert_ptr_nonnull(
            strstr(message, text_printf(arena, "', additionalInfo:'%s'}", sentences[_i].info).at));
        /* the reader is the new schema when going backward, the old one when going forward */
        const char *reader_first = forward ? "The old schema" : "The new schema";
        if (strstr(message, "The old schema") || strstr(message, "The new schema"))
            ck_assert_ptr_nonnull(strstr(message, reader_first));
    }
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

START_TEST(an_exception_is_its_own_message)
{
    arena_t *arena = arena_new();
    schema_t *reader = schema_of(REC("{'name':'y','type':'int','aliases':['x']}")),
             *writer = schema_of(REC(INT("x") "," INT("y")));
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT};
    earlier_t earlier = {writer, 1};
    const level_report_t *report =
        level_check(LEVEL_BACKWARD, reader, &earlier, 1, &options, &(message_style_t){0}, arena);
    ck_assert(text_starts(report->messages[0], TEXT("Unexpected exception during compatibility check: ")));
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

/* --- hostile pairs ------------------------------------------------------------------------------------------------------------- */

/* Each level doubles the list of differences in Java: here it is shared and cut. */
START_TEST(differences_that_double_at_every_level_are_shared)
{
    arena_t *arena = arena_new();
    buf_t text[2];
    for (int side = 0; side < 2; side++) {
        buf_init(&text[side], BUF_NO_MAX);
        buf_add_char(&text[side], '[');
        for (int i = 0; i < 60; i++)
            buf_printf(&text[side],
                       "{'type':'record','name':'R%d','fields':[{'name':'a','type':'R%d'},{'name':'b','type':"
                       "'R%d'}]},",
                       i, i + 1, i + 1);
        buf_printf(&text[side], "{'type':'record','name':'R60','fields':[{'name':'a','type':'%s'}]}]",
                   side ? "int" : "string");
    }
    const report_t *report = check(buf_text(&text[0]).at, buf_text(&text[1]).at, 1000, arena);
    ck_assert_int_eq(report->verdict, VERDICT_INCOMPATIBLE);
    ck_assert_uint_le(report->n_findings, 1000);
    ck_assert_uint_le(report->steps, 100000);
    buf_dispose(&text[0]);
    buf_dispose(&text[1]);
    arena_free(arena);
}
END_TEST

START_TEST(a_walk_beyond_its_budget_is_undecided)
{
    arena_t *arena = arena_new();
    schema_t *schema = schema_of(REC(INT("a") "," INT("b") "," INT("c")));
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT};
    options.limits.max_steps = 3;
    const report_t *report = compat_check(schema, schema, &options, arena);
    ck_assert_int_eq(report->verdict, VERDICT_UNDECIDED);
    ck_assert_str_eq(report->reason, "budget-walk");
    schema_unref(schema);
    arena_free(arena);
}
END_TEST

/* Types chained by name: the way down is thousands of types long although no text nests. */
START_TEST(a_long_chain_of_references_needs_no_stack)
{
    enum { N = 20000 };
    arena_t *arena = arena_new();
    schema_reference_t *references = ARENA_ARRAY(arena, schema_reference_t, N);
    for (int i = 0; i < N; i++) {
        references[i].name = text_printf(arena, "R%d", i);
        references[i].text =
            i ? text_printf(
                    arena,
                    "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"x\",\"type\":\"R%d\"}]}",
                    i, i - 1)
              : TEXT("{\"type\":\"record\",\"name\":\"R0\",\"fields\":[]}");
    }
    schema_source_t source = {.format = FORMAT_AVRO,
                              .text = text_printf(arena, "\"R%d\"", N - 1),
                              .references = references,
                              .n_references = N,
                              .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *schema, *other;
    ck_assert_int_eq(schema_parse(&source, &schema, &fault), 0);
    ck_assert_int_eq(schema_parse(&source, &other, &fault), 0);
    check_options_t options = {.mode = MODE_CONFLUENT, .limits = LIMITS_DEFAULT};
    ck_assert_int_eq(compat_check(schema, other, &options, arena)->verdict, VERDICT_COMPATIBLE);
    ck_assert(schema_equal(schema, other));
    ck_assert_uint_gt(schema_resolved(schema, arena).bytes, 0);
    schema_unref(schema);
    schema_unref(other);
    arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("avro_confluent");
    TCase *tc = tcase_create("confluent");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, differences_are_those_of_avro_java, 0, ROWS(cases));
    tcase_add_loop_test(tc, primitives_promote_as_the_specification_says, 0, ROWS(primitives));
    tcase_add_loop_test(tc, a_message_has_type_sentence_and_information, 0, ROWS(sentences));
    tcase_add_test(tc, an_exception_is_its_own_message);
    tcase_add_test(tc, differences_that_double_at_every_level_are_shared);
    tcase_add_test(tc, a_walk_beyond_its_budget_is_undecided);
    tcase_add_test(tc, a_long_chain_of_references_needs_no_stack);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

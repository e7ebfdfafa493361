/* The strict verdict: what breaks, where, shown by which message; what does not break and is said anyway; what would mend it. */
#include <stdio.h>

#include "avro_support.h"

#include "compat/avro/av_value.h"
#include "compat/avro/av_walk.h"

#define ROWS(table)   (int)(sizeof(table) / sizeof *(table))
#define REC(fields)   "{'type':'record','name':'R','fields':[" fields "]}"
#define FIELD(n, t)   "{'name':'" n "','type':" t "}"
#define ENUM(symbols) "{'type':'enum','name':'E','symbols':[" symbols "]}"
#define DECIMAL(p, s) "{'type':'bytes','logicalType':'decimal','precision':" p ",'scale':" s "}"

typedef struct {
    arena_t *arena;
    schema_t *reader, *writer;
    const report_t *report;
} pair_t;

static pair_t pair_of(const char *reader, const char *writer, size_t max_findings, fix_side_t fix)
{
    pair_t p = {.arena = arena_new(),
                .reader = schema_flagged(reader, SCHEMA_LENIENT),
                .writer = schema_flagged(writer, SCHEMA_LENIENT)};
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = max_findings, .fix = fix};
    p.report = compat_check(p.reader, p.writer, &options, p.arena);
    return p;
}

static void pair_dispose(pair_t *p)
{
    schema_unref(p->reader);
    schema_unref(p->writer);
    arena_free(p->arena);
}

/* Findings of one class as "rule reader-pointer writer-pointer; ", in order. */
static text_t summary(const pair_t *p, bool breaking)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (size_t i = 0; i < p->report->n_findings; i++) {
        const finding_t *f = &p->report->findings[i];
        if ((f->class == CLASS_BREAKING) == breaking)
            buf_printf(&out, "%s%s " TEXT_FMT " " TEXT_FMT, buf_text(&out).bytes ? "; " : "", f->rule,
                       TEXT_ARG(f->reader.pointer), TEXT_ARG(f->writer.pointer));
    }
    text_t text = buf_take(&out, p->arena);
    buf_dispose(&out);
    return text;
}

/* --- breaks -------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *reader, *writer;
    const char *breaks;  /* empty: compatible */
    const char *message; /* the witness of the first */
} verdicts[] = {
    /* every kind reads itself */
    {"null is read as itself", REC(FIELD("x", "'null'")), REC(FIELD("x", "'null'") "," FIELD("y", "'int'")),
     "", NULL},
    {"boolean is read as itself", REC(FIELD("x", "'boolean'")),
     REC(FIELD("x", "'boolean'") "," FIELD("y", "'int'")), "", NULL},
    {"int is read as itself", REC(FIELD("x", "'int'")), REC(FIELD("x", "'int'") "," FIELD("y", "'int'")), "",
     NULL},
    {"long is read as itself", REC(FIELD("x", "'long'")), REC(FIELD("x", "'long'") "," FIELD("y", "'int'")),
     "", NULL},
    {"float is read as itself", REC(FIELD("x", "'float'")),
     REC(FIELD("x", "'float'") "," FIELD("y", "'int'")), "", NULL},
    {"double is read as itself", REC(FIELD("x", "'double'")),
     REC(FIELD("x", "'double'") "," FIELD("y", "'int'")), "", NULL},
    {"bytes is read as itself", REC(FIELD("x", "'bytes'")),
     REC(FIELD("x", "'bytes'") "," FIELD("y", "'int'")), "", NULL},
    {"string is read as itself", REC(FIELD("x", "'string'")),
     REC(FIELD("x", "'string'") "," FIELD("y", "'int'")), "", NULL},
    /* every rule that breaks */
    {"another primitive", REC(FIELD("x", "'int'")), REC(FIELD("x", "'string'")),
     "type-mismatch /fields/0/type /fields/0/type", "{'x':''}"},
    {"another kind", "{'type':'array','items':'int'}", "{'type':'map','values':'int'}", "type-mismatch  ",
     "{}"},
    {"another name", "{'type':'record','name':'S','fields':[]}", REC(""), "name-mismatch  ", "{}"},
    {"another name of an enum", "{'type':'enum','name':'F','symbols':['A']}", ENUM("'A'"), "name-mismatch  ",
     "'A'"},
    {"another size", "{'type':'fixed','name':'F','size':1}", "{'type':'fixed','name':'F','size':2}",
     "size-mismatch  ", "'\\u0000\\u0000'"},
    {"another scale", DECIMAL("9", "2"), DECIMAL("9", "3"), "decimal-mismatch  ", "''"},
    {"another precision", DECIMAL("9", "2"), DECIMAL("8", "2"), "decimal-mismatch  ", "''"},
    {"no branch", REC(FIELD("u", "['null','int']")), REC(FIELD("u", "['null','string']")),
     "no-branch /fields/0/type /fields/0/type/1", "{'u':{'string':''}}"},
    {"an unknown symbol", ENUM("'A'"), ENUM("'A','B'"), "missing-symbol  ", "'B'"},
    {"no default", REC(FIELD("x", "'int'") "," FIELD("y", "'int'")), REC(FIELD("x", "'int'")),
     "missing-default /fields/1 ", "{'x':0}"},
    {"a default that is none", REC("{'name':'x','type':'int','default':'a'}"), REC(""),
     "bad-default /fields/0/default ", "{}"},
    {"a default of another enum", REC("{'name':'x','type':" ENUM("'A'") ",'default':'B'}"), REC(""),
     "bad-default /fields/0/default ", "{}"},
    {"a default too long for its fixed",
     REC("{'name':'x','type':{'type':'fixed','name':'F','size':1},'default':'ab'}"), REC(""),
     "bad-default /fields/0/default ", "{}"},
    {"two fields for one", REC("{'name':'x','type':'int','aliases':['y']}"),
     REC(FIELD("x", "'int'") "," FIELD("y", "'int'")), "alias-clash /fields/0/aliases ", "{'x':0,'y':0}"},
    {"one field for two", REC("{'name':'x','type':'int'},{'name':'y','type':'int','aliases':['x']}"),
     REC(FIELD("x", "'int'")), "alias-collides /fields/1/aliases ", "{'x':0}"},
    {"a type for two",
     "{'type':'record','name':'R','fields':[{'name':'e','type':{'type':'enum','name':'E','symbols':['A'],'"
     "aliases':['R']},'default':'A'}]}",
     REC(""), "type-alias-collides  ", "{}"},
    {"an enum of another namespace in a union", "['null',{'type':'enum','name':'b.E','symbols':['A']}]",
     "{'type':'enum','name':'a.E','symbols':['A']}", "union-name-ambiguous  ", "'A'"},
    {"a field's alias in a record of another namespace",
     "{'type':'record','name':'a.R','fields':[{'name':'y','type':'int','aliases':['x']}]}",
     "{'type':'record','name':'b.R','fields':[{'name':'x','type':'int'}]}",
     "alias-across-namespaces /fields/0/aliases ", "{'x':0}"},
    {"a field's alias in a record of another namespace, by alias of the record",
     "{'type':'record','name':'a.R','aliases':['b.R'],'fields':[{'name':'y','type':'int','aliases':['x']}]}",
     "{'type':'record','name':'b.R','fields':[{'name':'x','type':'int'}]}", "", NULL},
    {"the first of a simple name is taken, not the full name",
     "[{'type':'record','name':'a.R','fields':[" FIELD(
         "x", "'int'") "]},{'type':'record','name':'b.R','fields':[]}]",
     "{'type':'record','name':'b.R','fields':[]}", "missing-default /0/fields/0 ", "{}"},
    /* what does not */
    {"the same", REC(FIELD("x", "'int'")), REC(FIELD("x", "'int'")), "", NULL},
    {"a skipped field", REC(""), REC(FIELD("x", "'int'")), "", NULL},
    {"a filled field", REC("{'name':'x','type':'int','default':1}"), REC(""), "", NULL},
    {"a default of a later branch", REC("{'name':'x','type':['null','int'],'default':1}"), REC(""), "", NULL},
    {"an alias of a field", REC("{'name':'y','type':'int','aliases':['x']}"), REC(FIELD("x", "'int'")), "",
     NULL},
    {"an alias of its own name", REC("{'name':'x','type':'int','aliases':['x']}"),
     REC("{'name':'x','type':'long'}," FIELD("z", "'int'")), "type-mismatch /fields/0/type /fields/0/type",
     "{'x':0,'z':0}"},
    {"an alias of the type", "{'type':'record','name':'S','aliases':['R'],'fields':[]}", REC(""), "", NULL},
    {"an alias in the null namespace", "{'type':'record','name':'a.S','aliases':['.R'],'fields':[]}", REC(""),
     "", NULL},
    {"another namespace", "{'type':'record','name':'a.R','fields':[]}",
     "{'type':'record','name':'b.R','fields':[]}", "", NULL},
    {"a record of another namespace in a union", "['null',{'type':'record','name':'b.R','fields':[]}]",
     "{'type':'record','name':'a.R','fields':[]}", "", NULL},
    {"an enum of another namespace by alias",
     "['null',{'type':'enum','name':'b.E','aliases':['a.E'],'symbols':['A']}]",
     "{'type':'enum','name':'a.E','symbols':['A']}", "", NULL},
    {"an enum default", "{'type':'enum','name':'E','symbols':['A'],'default':'A'}", ENUM("'A','B'"), "",
     NULL},
    {"a union of one and its branch", "['int']", "'int'", "", NULL},
    {"a branch of a union of one", "'int'", "['int']", "", NULL},
    {"a decimal and plain bytes", "'bytes'", DECIMAL("9", "2"), "", NULL},
    {"a recursive type", "{'type':'record','name':'R','fields':[{'name':'x','type':['null','R']}]}",
     "{'type':'record','name':'R','fields':[{'name':'x','type':['null','R']},{'name':'y','type':'int'}]}", "",
     NULL},
    {"branches in another order", "['int','null']", "['null','int']", "", NULL},
    {"a schema and itself, whatever it holds",
     "[{'type':'enum','name':'a.E','symbols':['A']},{'type':'enum','name':'b.E','symbols':['B']}]",
     "[{'type':'enum','name':'a.E','symbols':['A']},{'type':'enum','name':'b.E','symbols':['B']}]", "", NULL},
    /* what no message meets */
    {"an array of what cannot be", "{'type':'array','items':'int'}",
     "{'type':'array','items':{'type':'record','name':'R','fields':[{'name':'x','type':'R'}]}}", "", NULL},
    {"a branch that cannot be", "'int'", "['int',{'type':'enum','name':'E','symbols':[]}]", "", NULL},
    {"a writer without a message", "'int'", "{'type':'record','name':'R','fields':[{'name':'x','type':'R'}]}",
     "", NULL},
    {"a map of an empty union", "{'type':'map','values':'int'}", "{'type':'map','values':[]}", "", NULL},
    /* where it is */
    {"items of an array", "{'type':'array','items':'int'}", "{'type':'array','items':'string'}",
     "type-mismatch /items /items", "['']"},
    {"values of a map", "{'type':'map','values':'int'}", "{'type':'map','values':'string'}",
     "type-mismatch /values /values", "{'key':''}"},
    {"deep", REC(FIELD("a", "{'type':'array','items':['null',{'type':'map','values':" ENUM("'A'") "}]}")),
     REC(FIELD("a", "{'type':'array','items':['null',{'type':'map','values':" ENUM("'A','B'") "}]}")),
     "missing-symbol /fields/0/type/items/1/values /fields/0/type/items/1/values",
     "{'a':[{'map':{'key':'B'}}]}"},
    {"an array inside a union, to the item", "['null',{'type':'array','items':'int'}]",
     "{'type':'array','items':'string'}", "type-mismatch /1/items /items", "['']"},
    {"what the confluent memo forgets",
     "[{'type':'record','name':'p.A','fields':[{'name':'b','type':{'type':'record','name':'p.B','fields':[{'"
     "name':'a','type':['null','p.A']}]}},{'name':'x','type':'string'}]},"
     "{'type':'record','name':'q.A','fields':[{'name':'b','type':'p.B'},{'name':'x','type':'int'}]}]",
     "{'type':'record','name':'A','fields':[{'name':'b','type':{'type':'record','name':'B','fields':[{'name':"
     "'a','type':['null','A']}]}},{'name':'x','type':'int'}]}",
     "type-mismatch /0/fields/1/type /fields/1/type", "{'b':{'a':null},'x':0}"},
    /* all of them, and messages that show one each */
    {"every break once", REC(FIELD("a", "'int'") "," FIELD("b", "'int'") "," FIELD("c", ENUM("'A'"))),
     REC(FIELD("a", "['int','string']") "," FIELD("c", ENUM("'A','B'"))),
     "missing-default /fields/1 ; type-mismatch /fields/0/type /fields/0/type/1; missing-symbol "
     "/fields/2/type /fields/1/type",
     "{'a':{'int':0},'c':'A'}"},
    {"a type used twice breaks once", REC(FIELD("a", ENUM("'A'")) "," FIELD("b", "'E'")),
     REC(FIELD("a", ENUM("'A','B'")) "," FIELD("b", "'E'")), "missing-symbol /fields/0/type /fields/0/type",
     "{'a':'B','b':'A'}"},
};

START_TEST(a_pair_breaks_where_and_as_the_specification_says)
{
    pair_t p = pair_of(verdicts[_i].reader, verdicts[_i].writer, 100, FIX_NONE);
    bool breaks = *verdicts[_i].breaks;
    text_t found = summary(&p, true);
    ck_assert_msg(text_is(found, verdicts[_i].breaks), "%s: %s", verdicts[_i].name, found.at);
    ck_assert_int_eq(p.report->verdict, breaks ? VERDICT_INCOMPATIBLE : VERDICT_COMPATIBLE);
    ck_assert_int_eq(p.report->witness != NULL, breaks);
    if (breaks)
        ck_assert_msg(text_eq(p.report->witness->json, quoted(p.arena, verdicts[_i].message)), "%s: %s",
                      verdicts[_i].name, p.report->witness->json.at);
    /* the bare verdict is the same, and carries a witness too */
    pair_t bare = pair_of(verdicts[_i].reader, verdicts[_i].writer, 0, FIX_READER);
    ck_assert_int_eq(bare.report->verdict, p.report->verdict);
    ck_assert_uint_eq(bare.report->n_findings, 0);
    ck_assert_int_eq(bare.report->witness != NULL, breaks);
    pair_dispose(&bare);
    pair_dispose(&p);
}
END_TEST

/* Which of the primitives reads which: Avro 1.12, "Schema Resolution". Rows are writers. */
static const char *const primitives[] = {"null",  "boolean", "int",   "long",
                                         "float", "double",  "bytes", "string"};
static const char *const read_by[] = {
    "null ",         "boolean ", "int long float double ", "long float double ",
    "float double ", "double ",  "bytes string ",          "bytes string "};

START_TEST(primitives_promote_as_the_specification_says)
{
    for (int r = 0; r < ROWS(primitives); r++) {
        char reader[16], writer[16], word[16];
        snprintf(reader, sizeof reader, "'%s'", primitives[r]);
        snprintf(writer, sizeof writer, "'%s'", primitives[_i]);
        snprintf(word, sizeof word, "%s ", primitives[r]);
        const char *at = strstr(read_by[_i], word);
        for (size_t max = 0; max < 2; max++) {
            pair_t p = pair_of(reader, writer, max, FIX_NONE);
            ck_assert_msg((p.report->verdict == VERDICT_COMPATIBLE) == (at != NULL), "%s reads %s", reader,
                          writer);
            pair_dispose(&p);
        }
    }
}
END_TEST

START_TEST(many_breaks_are_all_told)
{
    buf_t text[2];
    for (int side = 0; side < 2; side++) {
        buf_init(&text[side], BUF_NO_MAX);
        buf_add_s(&text[side], "{'type':'record','name':'R','fields':[");
        for (int i = 0; i < 60; i++)
            buf_printf(&text[side], "%s{'name':'f%d','type':'%s'}", i ? "," : "", i, side ? "string" : "int");
        buf_add_s(&text[side], "]}");
    }
    pair_t p = pair_of(buf_text(&text[0]).at, buf_text(&text[1]).at, 100, FIX_READER);
    ck_assert_uint_eq(p.report->n_findings, 60);
    ck_assert_str_eq(p.report->findings[59].reader.pointer.at, "/fields/59/type");
    ck_assert_uint_gt(p.report->findings[0].fix.bytes, 0);
    ck_assert_uint_eq(p.report->findings[59].fix.bytes, 0); /* each costs a check: not for all */
    pair_dispose(&p);
    buf_dispose(&text[0]);
    buf_dispose(&text[1]);
}
END_TEST

static text_t unhex(text_t hex, arena_t *arena)
{
    char *bytes = arena_alloc(arena, hex.bytes / 2 + 1);
    for (size_t i = 0; i < hex.bytes / 2; i++) {
        char pair[3] = {hex.at[2 * i], hex.at[2 * i + 1], 0};
        bytes[i] = (char)strtol(pair, NULL, 16);
    }
    return (text_t){bytes, hex.bytes / 2};
}

START_TEST(every_witness_is_refused_by_the_decoder_and_is_a_message_of_the_writer)
{
    pair_t p = pair_of(verdicts[_i].reader, verdicts[_i].writer, 100, FIX_NONE);
    for (size_t i = 0; i < p.report->n_findings; i++) {
        const finding_t *f = &p.report->findings[i];
        ck_assert_int_eq(f->witness != NULL, f->class == CLASS_BREAKING);
        if (!f->witness)
            continue;
        const av_schema_t *writer = av_schema_of(p.writer), *reader = av_schema_of(p.reader);
        decode_options_t how = {LIMITS_DEFAULT, strcmp(f->rule, "union-name-ambiguous") == 0 ||
                                                    strcmp(f->rule, "alias-across-namespaces") == 0};
        text_t bytes = unhex(f->witness->hex, p.arena), sentence;
        av_value_t *value;
        ck_assert_int_eq(av_decode(writer, reader, bytes, &how, p.arena, &value, &sentence), DECODE_REFUSED);
        ck_assert(text_eq(sentence, f->witness->refusal));
        ck_assert_int_eq(av_decode(writer, writer, bytes, &how, p.arena, &value, &sentence), DECODE_OK);
        jv_t *json;
        fault_t fault = {0};
        ck_assert_int_eq(jv_read(f->witness->json, JV_STRICT, &how.limits, p.arena, &json, &fault), 0);
        ck_assert_int_eq(av_read_json(writer->root.type, json, &how.limits, p.arena, &value, &fault), 0);
    }
    pair_dispose(&p);
}
END_TEST

START_TEST(a_break_has_places_a_sentence_and_no_fix_unless_asked)
{
    pair_t p = pair_of(verdicts[_i].reader, verdicts[_i].writer, 100, FIX_NONE);
    for (size_t i = 0; i < p.report->n_findings; i++) {
        const finding_t *f = &p.report->findings[i];
        ck_assert_uint_gt(f->sentence.bytes, 20);
        ck_assert(!f->fix.bytes && !f->fixed_text.bytes);
        if (strcmp(f->rule, "writer-has-no-message") != 0)
            ck_assert_msg(f->reader.line == 1 && f->reader.column > 0 && f->writer.line == 1, "%s", f->rule);
    }
    pair_dispose(&p);
}
END_TEST

/* None of these can be avoided, so each message meets all of them; each finding tells of its own. */
START_TEST(each_break_is_refused_for_its_own_reason)
{
    pair_t p = pair_of(REC(FIELD("new", "'int'") "," FIELD("d", DECIMAL("9", "4")) "," FIELD(
                           "n", "'int'") ",{'name':'x','type':'int','aliases':['y']}"),
                       REC(FIELD("d", DECIMAL("9", "2")) "," FIELD("n", "'string'") "," FIELD(
                           "x", "'int'") "," FIELD("y", "'int'")),
                       100, FIX_NONE);
    static const char *const reasons[] = {
        "missing-default",  "field \"new\"", "alias-clash",   "both are the reader's field \"x\"",
        "decimal-mismatch", "decimal(9, 4)", "type-mismatch", "int cannot take string"};
    ck_assert_uint_ge(p.report->n_findings, 4);
    for (int i = 0; i < 4; i++) {
        ck_assert_str_eq(p.report->findings[i].rule, reasons[2 * i]);
        ck_assert_msg(strstr(p.report->findings[i].witness->refusal.at, reasons[2 * i + 1]) != NULL, "%s",
                      p.report->findings[i].witness->refusal.at);
    }
    pair_dispose(&p);
}
END_TEST

/* --- what is said and does not break ---------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *reader, *writer, *findings;
} meanings[] = {
    {"int as float", "'float'", "'int'", "lossy-promotion  "},
    {"long as double", "'double'", "'long'", "lossy-promotion  "},
    {"int as double", "'double'", "'int'", "type-widened  "},
    {"int as long", "'long'", "'int'", "type-widened  "},
    {"string as bytes", "'bytes'", "'string'", "type-widened  "},
    {"bytes as string", "'string'", "'bytes'", "bytes-to-string  "},
    {"another logical type", "{'type':'int','logicalType':'date'}",
     "{'type':'int','logicalType':'time-millis'}", "logical-type-changed  "},
    {"no logical type any more", "'int'", "{'type':'int','logicalType':'date'}", "logical-type-changed  "},
    {"another unknown logical type", "{'type':'int','logicalType':'a'}", "{'type':'int','logicalType':'b'}",
     "logical-type-changed  "},
    {"another unit of a field", REC("{'name':'x','type':'int','unit':'m'}"),
     REC("{'name':'x','type':'int','unit':'ft'}"), "unit-changed /fields/0 /fields/0"},
    {"a unit that moved to the type", REC("{'name':'x','type':{'type':'int','x-unit':'m'}}"),
     REC("{'name':'x','type':'int','x-unit':'m'}"), ""},
    {"another unit of items", "{'type':'array','items':{'type':'int','unit':'m'}}",
     "{'type':'array','items':{'type':'int','unit':'s'}}", "unit-changed /items /items"},
    {"other tags", REC("{'name':'x','type':'string','confluent:tags':['PII']}"), REC(FIELD("x", "'string'")),
     "tags-changed /fields/0 /fields/0"},
    {"another default", REC("{'name':'x','type':'int','default':1}"),
     REC("{'name':'x','type':'int','default':2}"), "default-changed /fields/0/default /fields/0/default"},
    {"a default gone", REC(FIELD("x", "'int'")), REC("{'name':'x','type':'int','default':2}"),
     "default-removed /fields/0 /fields/0"},
    {"a default come", REC("{'name':'x','type':'int','default':2}"), REC(FIELD("x", "'int'")),
     "default-added /fields/0 /fields/0"},
    {"symbols read as the default", "{'type':'enum','name':'E','symbols':['A'],'default':'A'}",
     "{'type':'enum','name':'E','symbols':['A','B'],'default':'A'}", "symbol-defaulted  "},
    {"another enum default", "{'type':'enum','name':'E','symbols':['A','B'],'default':'A'}",
     "{'type':'enum','name':'E','symbols':['A','B'],'default':'B'}", "enum-default-changed  "},
    {"a symbol more", ENUM("'A','B'"), ENUM("'A'"), "symbol-added  "},
    {"a default for newer readers only", REC("{'name':'x','type':['null','int'],'default':1}"), REC(""),
     "default-not-first-branch /fields/0/default ; field-filled /fields/0 "},
    {"a filled field", REC("{'name':'x','type':'int','default':1}"), REC(""), "field-filled /fields/0 "},
    {"a skipped field", REC(""), REC(FIELD("x", "'int'")), "field-dropped  /fields/0"},
    {"a renamed field", REC("{'name':'y','type':'int','aliases':['x']}"), REC(FIELD("x", "'int'")),
     "renamed-by-alias /fields/0 /fields/0"},
    {"a renamed type", "{'type':'record','name':'S','aliases':['R'],'fields':[]}", REC(""),
     "renamed-by-alias  "},
    {"a moved type", "{'type':'record','name':'a.R','fields':[]}", REC(""), "namespace-changed  "},
    {"another order", REC("{'name':'x','type':'int','order':'ignore'}"), REC(FIELD("x", "'int'")),
     "order-changed /fields/0 /fields/0"},
    {"another doc of a type", "{'type':'fixed','name':'F','size':1,'doc':'a'}",
     "{'type':'fixed','name':'F','size':1}", "doc-changed  "},
    {"another doc of a field", REC("{'name':'x','type':'int','doc':'a'}"),
     REC("{'name':'x','type':'int','doc':'b'}"), "doc-changed /fields/0 /fields/0"},
    {"a writer without a message", "'int'", "{'type':'enum','name':'E','symbols':[]}",
     "writer-has-no-message  "},
    {"risky before safe before documentation",
     REC("{'name':'x','type':'long','doc':'a'},{'name':'y','type':'int','unit':'m'}"),
     REC("{'name':'x','type':'int'},{'name':'y','type':'int'}"),
     "unit-changed /fields/1 /fields/1; type-widened /fields/0/type /fields/0/type; doc-changed /fields/0 "
     "/fields/0"},
    {"nothing to say", REC(FIELD("x", "'int'")), REC("{'name':'x','type':'int','z':1}"), ""},
};

START_TEST(a_change_that_breaks_nothing_is_told_by_its_rule)
{
    pair_t p = pair_of(meanings[_i].reader, meanings[_i].writer, 100, FIX_READER);
    ck_assert_int_eq(p.report->verdict, VERDICT_COMPATIBLE);
    ck_assert_msg(text_is(summary(&p, false), meanings[_i].findings), "%s: %s", meanings[_i].name,
                  summary(&p, false).at);
    pair_dispose(&p);
}
END_TEST

/* The classes, said once more: a rule that changes its class changes what people are asked to decide. */
static const char risky[] = " lossy-promotion bytes-to-string logical-type-changed unit-changed tags-changed "
                            "default-changed default-removed "
                            "symbol-defaulted enum-default-changed default-not-first-branch ",
                  safe[] = " writer-has-no-message type-widened field-dropped field-filled default-added "
                           "renamed-by-alias symbol-added "
                           "namespace-changed ",
                  documentation[] = " order-changed doc-changed ";

static finding_class_t class_expected(const char *rule)
{
    char word[64];
    snprintf(word, sizeof word, " %s ", rule);
    return strstr(risky, word)           ? CLASS_RISKY
           : strstr(safe, word)          ? CLASS_SAFE
           : strstr(documentation, word) ? CLASS_DOCUMENTATION
                                         : CLASS_BREAKING;
}

static const char *const rule_ids[] = {
#define RULE(id, name, class, meaning) #id,
#include "compat/rules.def"
#undef RULE
};

/* Every Avro row of rules.def is met by some case above, with the class that it has there. */
START_TEST(every_rule_is_shown_by_a_case)
{
    bool seen[RULE_N] = {false};
    for (int i = 0; i < ROWS(verdicts) + ROWS(meanings); i++) {
        bool breaks = i < ROWS(verdicts);
        pair_t p = breaks ? pair_of(verdicts[i].reader, verdicts[i].writer, 100, FIX_NONE)
                          : pair_of(meanings[i - ROWS(verdicts)].reader, meanings[i - ROWS(verdicts)].writer,
                                    100, FIX_NONE);
        for (size_t k = 0; k < p.report->n_findings; k++)
            for (int rule = 0; rule < RULE_N; rule++)
                if (strcmp(p.report->findings[k].rule, rule_name((rule_t)rule)) == 0) {
                    seen[rule] = true;
                    ck_assert_int_eq(p.report->findings[k].class, rule_class((rule_t)rule));
                }
        pair_dispose(&p);
    }
    for (int rule = 0; rule < RULE_N; rule++) {
        if (strncmp(rule_ids[rule], "AVRO_", 5) == 0)
            ck_assert_int_eq(rule_class((rule_t)rule), class_expected(rule_name((rule_t)rule)));
        if (strncmp(rule_ids[rule], "AVRO_", 5) == 0)
            ck_assert_msg(seen[rule], "no case shows %s", rule_name((rule_t)rule));
        ck_assert_uint_gt(strlen(rule_meaning((rule_t)rule)), 10);
    }
}
END_TEST

/* --- fixes ----------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *reader, *writer;
    fix_side_t side;
    const char *fix; /* part of it */
    const char *fixed;
} fixes[] = {
    {"a default", REC(FIELD("x", "'int'")), REC(""), FIX_READER, "a default, for example 0",
     REC("{'name':'x','type':'int','default':0}")},
    {"null for what may be null", REC(FIELD("x", "['int','null']")), REC(""), FIX_READER,
     "a default, for example null", REC("{'name':'x','type':['int','null'],'default':null}")},
    {"an empty array", REC(FIELD("x", "{'type':'array','items':'int'}")), REC(""), FIX_READER,
     "for example []", REC("{'name':'x','type':{'type':'array','items':'int'},'default':[]}")},
    {"an enum's symbol", REC(FIELD("x", ENUM("'A'"))), REC(""), FIX_READER, "for example \"A\"",
     REC("{'name':'x','type':{'type':'enum','name':'E','symbols':['A']},'default':'A'}")},
    {"optional, where no value says nothing", REC(FIELD("x", "{'type':'fixed','name':'F','size':2}")),
     REC(""), FIX_READER, "optional",
     REC("{'name':'x','type':['null',{'type':'fixed','name':'F','size':2}],'default':null}")},
    {"an alias for what was renamed", REC(FIELD("new", "'int'")), REC(FIELD("old", "'int'")), FIX_READER,
     "add the alias \"old\"", REC("{'name':'new','type':'int','aliases':['old']}")},
    {"a better default", REC("{'name':'x','type':'int','default':'a'}"), REC(""), FIX_READER,
     "change the default", REC("{'name':'x','type':'int','default':0}")},
    {"the type as it was", REC(FIELD("x", "'int'")), REC(FIELD("x", "'long'")), FIX_READER,
     "keep the type long", REC("{'name':'x','type':'long'}")},
    {"a union for what may be null", REC(FIELD("x", "'int'")), REC(FIELD("x", "['null','int']")), FIX_READER,
     "union of int and null", REC("{'name':'x','type':['null','int']}")},
    {"a wider union", "['null','int']", "['null','string']", FIX_READER, "add string to the reader's union",
     "['null','int','string']"},
    {"a named type for the union", "['null']", "['null'," ENUM("'A'") "]", FIX_READER,
     "add enum E to the reader's union",
     "['null',{'type':'enum','name':'E','namespace':'','symbols':['A']}]"},
    {"the symbols", ENUM("'A'"), ENUM("'A','B','C'"), FIX_READER, "add the missing symbols",
     ENUM("'A','B','C'")},
    {"the name as an alias", "{'type':'record','name':'S','fields':[]}", REC(""), FIX_READER,
     "add \"R\" to the aliases", "{'type':'record','name':'S','fields':[],'aliases':['R']}"},
    {"the name of no namespace as an alias", "{'type':'record','name':'a.S','fields':[]}", REC(""),
     FIX_READER, "add \"R\" to the aliases", "{'type':'record','name':'a.S','fields':[],'aliases':['.R']}"},
    {"the full name as an alias", "['null',{'type':'enum','name':'b.E','symbols':['A']}]",
     "{'type':'enum','name':'a.E','symbols':['A']}", FIX_READER, "add \"a.E\" to the aliases",
     "['null',{'type':'enum','name':'b.E','symbols':['A'],'aliases':['a.E']}]"},
    {"the size", "{'type':'fixed','name':'F','size':1}", "{'type':'fixed','name':'F','size':2}", FIX_READER,
     "keep size 2", "{'type':'fixed','name':'F','size':2}"},
    {"the scale", DECIMAL("9", "2"), DECIMAL("9", "3"), FIX_READER, "keep scale 3", DECIMAL("9", "3")},
    {"the precision", DECIMAL("9", "2"), DECIMAL("8", "2"), FIX_READER, "keep precision 8",
     DECIMAL("8", "2")},
    {"no alias", REC("{'name':'x','type':'int','aliases':['y']}"),
     REC(FIELD("x", "'int'") "," FIELD("y", "'int'")), FIX_READER, "drop the alias \"y\"",
     REC("{'name':'x','type':'int','aliases':[]}")},
    {"the full name of a record, for the aliases of its fields",
     "{'type':'record','name':'a.R','fields':[{'name':'y','type':'int','aliases':['x']}]}",
     "{'type':'record','name':'b.R','fields':[{'name':'x','type':'int'}]}", FIX_READER,
     "add \"b.R\" to the aliases",
     "{'type':'record','name':'a.R','fields':[{'name':'y','type':'int','aliases':['x']}],'aliases':['b.R']}"},
    {"no alias of a type",
     "{'type':'record','name':'R','fields':[{'name':'e','type':{'type':'enum','name':'E','symbols':['A'],'"
     "aliases':['R']},'default':'A'}]}",
     REC(""), FIX_READER, "drop the alias \"R\" of enum E",
     "{'type':'record','name':'R','fields':[{'name':'e','type':{'type':'enum','name':'E','symbols':['A'],'"
     "aliases':[]},'default':'A'}]}"},
    {"the field back", REC(FIELD("x", "'int'")), REC(""), FIX_WRITER, "keep field \"x\"",
     REC(FIELD("x", "'int'"))},
    {"no new symbols", ENUM("'A'"), ENUM("'A','B'"), FIX_WRITER, "leave the new symbols out", ENUM("'A'")},
    {"no new branch", "['null','int']", "['null','int','string']", FIX_WRITER, "leave string out",
     "['null','int']"},
    {"the writer's type as it was", REC(FIELD("x", "'int'")), REC(FIELD("x", "'string'")), FIX_WRITER,
     "keep the type int", REC(FIELD("x", "'int'"))},
    {"the writer's name", REC(""), "{'type':'record','name':'S','fields':[]}", FIX_WRITER, "keep the name R",
     REC("")},
    {"the writer's size", "{'type':'fixed','name':'F','size':1}", "{'type':'fixed','name':'F','size':2}",
     FIX_WRITER, "keep size 1", "{'type':'fixed','name':'F','size':1}"},
    {"the writer's scale", DECIMAL("9", "2"), DECIMAL("9", "3"), FIX_WRITER, "keep scale 2",
     DECIMAL("9", "2")},
};

START_TEST(a_fix_is_the_smallest_edit_and_holds)
{
    pair_t p = pair_of(fixes[_i].reader, fixes[_i].writer, 100, fixes[_i].side);
    ck_assert_uint_ge(p.report->n_findings, 1);
    const finding_t *f = &p.report->findings[0];
    ck_assert_msg(f->fix.bytes && strstr(f->fix.at, fixes[_i].fix) != NULL, "%s: %s", fixes[_i].name,
                  f->fix.bytes ? f->fix.at : "no fix");
    ck_assert_msg(text_eq(f->fixed_text, quoted(p.arena, fixes[_i].fixed)), "%s: %s", fixes[_i].name,
                  f->fixed_text.at);
    /* these pairs have one break, so the edited schema gets on with the other */
    schema_t *edited = schema_flagged(f->fixed_text.at, SCHEMA_LENIENT);
    check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT};
    const report_t *again = fixes[_i].side == FIX_READER ? compat_check(edited, p.writer, &options, p.arena)
                                                         : compat_check(p.reader, edited, &options, p.arena);
    ck_assert_int_eq(again->verdict, VERDICT_COMPATIBLE);
    schema_unref(edited);
    pair_dispose(&p);
}
END_TEST

START_TEST(a_fix_of_one_break_leaves_the_others)
{
    pair_t p = pair_of(REC(FIELD("x", "'int'") "," FIELD("y", "'int'")), REC(""), 100, FIX_READER);
    ck_assert_uint_eq(p.report->n_findings, 2);
    ck_assert(text_eq(p.report->findings[0].fixed_text,
                      quoted(p.arena, REC("{'name':'x','type':'int','default':0}," FIELD("y", "'int'")))));
    ck_assert(text_eq(p.report->findings[1].fixed_text,
                      quoted(p.arena, REC(FIELD("x", "'int'") ",{'name':'y','type':'int','default':0}"))));
    pair_dispose(&p);
}
END_TEST

/* A type of a reference cannot be edited here: no fix is better than one that edits nothing. */
START_TEST(what_is_in_a_reference_is_not_edited)
{
    schema_reference_t old = {TEXT("E"), TEXT("{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}")},
                       new = {TEXT("E"),
                              TEXT("{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}")};
    schema_source_t source = {.format = FORMAT_AVRO,
                              .text = TEXT("{\"type\":\"array\",\"items\":\"E\"}"),
                              .references = &old,
                              .n_references = 1,
                              .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *reader, *writer;
    ck_assert_int_eq(schema_parse(&source, &reader, &fault), 0);
    source.references = &new;
    ck_assert_int_eq(schema_parse(&source, &writer, &fault), 0);
    arena_t *arena = arena_new();
    check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 10};
    const report_t *report = compat_check(reader, writer, &options, arena);
    ck_assert_int_eq(report->verdict, VERDICT_INCOMPATIBLE);
    ck_assert_uint_eq(report->findings[0].fix.bytes, 0);
    ck_assert_str_eq(report->findings[0].reader.pointer.at, "/items");
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

/* --- limits ---------------------------------------------------------------------------------------------------------------------- */

/* R0 holds R1 twice, which holds R2 twice, and so on: the smallest message has 2^40 values. */
START_TEST(a_message_too_large_to_build_leaves_the_verdict_open)
{
    enum { N = 40 };
    arena_t *arena = arena_new();
    schema_reference_t references[N];
    for (int i = 0; i < N; i++) {
        text_t part = i ? text_printf(arena, "\"R%d\"", i - 1) : TEXT("\"int\"");
        references[i].name = text_printf(arena, "R%d", i);
        references[i].text =
            text_printf(arena,
                        "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[{\"name\":\"a\",\"type\":" TEXT_FMT
                        "},{\"name\":\"b\",\"type\":" TEXT_FMT "}]}",
                        i, TEXT_ARG(part), TEXT_ARG(part));
    }
    schema_source_t source = {.format = FORMAT_AVRO,
                              .text = quoted(arena, "{'type':'record','name':'T','fields':[{'name':'bad','"
                                                    "type':'int'},{'name':'big','type':'R39'}]}"),
                              .references = references,
                              .n_references = N,
                              .limits = LIMITS_DEFAULT};
    fault_t fault = {0};
    schema_t *writer,
        *reader = schema_of("{'type':'record','name':'T','fields':[{'name':'bad','type':'null'}]}");
    ck_assert_int_eq(schema_parse(&source, &writer, &fault), 0);
    check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT};
    for (size_t max = 0; max < 2; max++) {
        options.max_findings = max * 10;
        const report_t *report = compat_check(reader, writer, &options, arena);
        ck_assert_int_eq(report->verdict, VERDICT_UNDECIDED);
        ck_assert_str_eq(report->reason, "witness-size");
    }
    /* read the other way there is nothing to build */
    ck_assert_int_eq(compat_check(writer, reader, &options, arena)->verdict, VERDICT_INCOMPATIBLE);
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
}
END_TEST

START_TEST(a_walk_beyond_its_budget_is_undecided)
{
    pair_t p = pair_of(REC(FIELD("x", "'int'") "," FIELD("y", "'int'")),
                       REC(FIELD("x", "'int'") "," FIELD("y", "'int'") "," FIELD("z", "'int'")), 0, FIX_NONE);
    check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT};
    options.limits.max_steps = 0;
    const report_t *report = compat_check(p.reader, p.writer, &options, p.arena);
    ck_assert_int_eq(report->verdict, VERDICT_UNDECIDED);
    ck_assert_str_eq(report->reason, "budget-walk");
    pair_dispose(&p);
}
END_TEST

START_TEST(findings_stop_at_the_maximum_and_breaks_come_first)
{
    pair_t p = pair_of(REC(FIELD("x", "'int'") "," FIELD("y", "'int'") "," FIELD("z", "'long'")),
                       REC(FIELD("z", "'int'") "," FIELD("u", "'int'")), 3, FIX_NONE);
    ck_assert_uint_eq(p.report->n_findings, 3);
    ck_assert_int_eq(p.report->findings[1].class, CLASS_BREAKING);
    ck_assert_int_ne(p.report->findings[2].class, CLASS_BREAKING);
    pair_dispose(&p);
}
END_TEST

/* Many pairs, many fields: the scratch grows and gives all back. */
START_TEST(large_schemas_are_walked_in_linear_steps)
{
    buf_t text[2];
    for (int side = 0; side < 2; side++) {
        buf_init(&text[side], BUF_NO_MAX);
        buf_add_s(&text[side], "{'type':'record','name':'R','fields':[");
        for (int i = 0; i < 3000; i++)
            buf_printf(&text[side],
                       "%s{'name':'f%d','type':{'type':'record','name':'S%d','fields':[{'name':'x','type':['"
                       "null','R']},{'name':'y','type':'%s'}]}}",
                       i ? "," : "", side ? 2999 - i : i, side ? 2999 - i : i,
                       i == 1500 && side ? "string" : "int");
        buf_add_s(&text[side], "]}");
    }
    pair_t p = pair_of(buf_text(&text[0]).at, buf_text(&text[1]).at, 100, FIX_NONE);
    ck_assert_str_eq(summary(&p, true).at,
                     "type-mismatch /fields/1499/type/fields/1/type /fields/1500/type/fields/1/type");
    ck_assert_uint_le(p.report->steps, 40000);
    pair_dispose(&p);
    buf_dispose(&text[0]);
    buf_dispose(&text[1]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("avro_strict");
    TCase *tc = tcase_create("strict");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_pair_breaks_where_and_as_the_specification_says, 0, ROWS(verdicts));
    tcase_add_loop_test(tc, every_witness_is_refused_by_the_decoder_and_is_a_message_of_the_writer, 0,
                        ROWS(verdicts));
    tcase_add_loop_test(tc, a_break_has_places_a_sentence_and_no_fix_unless_asked, 0, ROWS(verdicts));
    tcase_add_loop_test(tc, a_change_that_breaks_nothing_is_told_by_its_rule, 0, ROWS(meanings));
    tcase_add_loop_test(tc, primitives_promote_as_the_specification_says, 0, ROWS(primitives));
    tcase_add_test(tc, many_breaks_are_all_told);
    tcase_add_test(tc, each_break_is_refused_for_its_own_reason);
    tcase_add_test(tc, every_rule_is_shown_by_a_case);
    tcase_add_loop_test(tc, a_fix_is_the_smallest_edit_and_holds, 0, ROWS(fixes));
    tcase_add_test(tc, a_fix_of_one_break_leaves_the_others);
    tcase_add_test(tc, what_is_in_a_reference_is_not_edited);
    tcase_add_test(tc, a_message_too_large_to_build_leaves_the_verdict_open);
    tcase_add_test(tc, a_walk_beyond_its_budget_is_undecided);
    tcase_add_test(tc, findings_stop_at_the_maximum_and_breaks_come_first);
    tcase_add_test(tc, large_schemas_are_walked_in_linear_steps);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

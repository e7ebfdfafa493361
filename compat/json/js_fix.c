#include "compat/json/js_fix.h"

#include <string.h>

#include "compat/core/json_edit.h"
#include "compat/format.h"
#include "compat/json/strict.h"

/* Findings that get a fix, and edits tried for one: each costs a whole check. */
#define FIXES_MAX 8
#define EDITS_MAX 6

/* Where dozens of things break at once, looking for fixes must not take longer than finding the breaks. */
#define STEPS_PART 8

typedef struct {
    const schema_t *reader, *writer;
    const schema_t *edited; /* the one of the two that a fix may change */
    check_options_t options;
    size_t n_breaks; /* before any fix */
    uint64_t steps;  /* of all tries: together they may take a part of what a check may */
    arena_t *arena;
} work_t;

/* One edit that may mend a break: the keyword at `pointer` set to `value`, or taken out. */
typedef struct {
    const jv_t *value;
    text_t sentence;
} edit_t;

typedef struct {
    edit_t at[EDITS_MAX];
    size_t n;
} edits_t;

static void propose(edits_t *edits, const jv_t *value, text_t sentence)
{
    if (edits->n < EDITS_MAX)
        edits->at[edits->n++] = (edit_t){value, sentence};
}

/* --- which edits -------------------------------------------------------------------------------------------------- */

static bool holds(const jv_t *array, const jv_t *item)
{
    for (uint32_t i = 0; array != NULL && array->kind == JV_ARRAY && i < array->n; i++)
        if (jv_equal(&array->items[i], item))
            return true;
    return false;
}

/* `required`: without the names that the writer does not require. */
static void propose_required(work_t *work, edits_t *edits, text_t pointer, const jv_t *reader,
                             const jv_t *writer)
{
    jv_t *kept = jv_new_array(work->arena, reader->n);
    buf_t names;
    buf_init(&names, 4096);
    kept->n = 0;
    for (uint32_t i = 0; i < reader->n; i++) {
        if (holds(writer, &reader->items[i])) {
            kept->items[kept->n++] = reader->items[i];
            continue;
        }
        buf_add_s(&names, buf_text(&names).bytes > 0 ? ", " : "");
        jv_print(&names, &reader->items[i]);
    }
    if (kept->n < reader->n)
        propose(edits, kept->n > 0 ? kept : NULL,
                text_printf(work->arena, "do not require " TEXT_FMT " at " TEXT_FMT,
                            TEXT_ARG(buf_text(&names)), TEXT_ARG(pointer)));
    buf_dispose(&names);
}

/* `enum` and `type`: what either of the two allows. A single type stands for a list of one. */
static void propose_union(work_t *work, edits_t *edits, text_t pointer, const jv_t *reader,
                          const jv_t *writer)
{
    uint32_t n_reader = reader->kind == JV_ARRAY ? reader->n : 1,
             n_writer = writer->kind == JV_ARRAY ? writer->n : 1;
    const jv_t *from_reader = reader->kind == JV_ARRAY ? reader->items : reader;
    const jv_t *from_writer = writer->kind == JV_ARRAY ? writer->items : writer;
    jv_t *both = jv_new_array(work->arena, n_reader + n_writer);
    buf_t more;
    buf_init(&more, 4096);
    memcpy(both->items, from_reader, n_reader * sizeof *from_reader);
    both->n = n_reader;
    for (uint32_t i = 0; i < n_writer; i++) {
        if (holds(both, &from_writer[i]))
            continue;
        both->items[both->n++] = from_writer[i];
        buf_add_s(&more, buf_text(&more).bytes > 0 ? ", " : "");
        jv_print(&more, &from_writer[i]);
    }
    if (both->n > n_reader)
        propose(edits, both,
                text_printf(work->arena, "allow " TEXT_FMT " too at " TEXT_FMT, TEXT_ARG(buf_text(&more)),
                            TEXT_ARG(pointer)));
    buf_dispose(&more);
}

/* The keyword as the writer has it, and without it. */
static void propose_restore(work_t *work, edits_t *edits, text_t pointer, const jv_t *reader,
                            const jv_t *writer, bool same_place)
{
    if (writer != NULL && !jv_equal(reader, writer))
        propose(edits, writer,
                text_printf(work->arena, "set " TEXT_FMT " back to " TEXT_FMT, TEXT_ARG(pointer),
                            TEXT_ARG(jv_text(writer, work->arena))));
    if (writer == NULL || !same_place)
        propose(edits, NULL, text_printf(work->arena, "take out " TEXT_FMT, TEXT_ARG(pointer)));
}

/* A writer is mended by what the reader demands: the same keyword at the same place. */
static edits_t edits_of_writer(work_t *work, text_t pointer)
{
    edits_t edits = {.n = 0};
    const jv_t *reader = jv_at_pointer(work->reader->tree, pointer);
    if (reader != NULL)
        propose(&edits, reader,
                text_printf(work->arena, "set " TEXT_FMT " to " TEXT_FMT, TEXT_ARG(pointer),
                            TEXT_ARG(jv_text(reader, work->arena))));
    return edits;
}

static edits_t edits_of_reader(work_t *work, text_t pointer)
{
    edits_t edits = {.n = 0};
    text_t keyword;
    text_t parent = json_pointer_parent(pointer, work->arena, &keyword);
    const jv_t *reader = jv_at_pointer(work->reader->tree, pointer);
    const jv_t *writer = jv_at_pointer(work->writer->tree, pointer);
    if (parent.at == NULL || reader == NULL)
        return edits;
    bool same_place = jv_at_pointer(work->writer->tree, parent) != NULL;
    if (text_is(keyword, "required") && reader->kind == JV_ARRAY)
        propose_required(work, &edits, pointer, reader, writer);
    if ((text_is(keyword, "enum") || text_is(keyword, "type")) && writer != NULL)
        propose_union(work, &edits, pointer, reader, writer);
    propose_restore(work, &edits, pointer, reader, writer, same_place);
    return edits;
}

/* --- trying one -------------------------------------------------------------------------------------------------------- */

static schema_t *parse_again(work_t *work, text_t text)
{
    schema_source_t source = work->edited->given;
    schema_t *schema = NULL;
    source.text = text;
    return schema_parse(&source, &schema, NULL) == 0 ? schema : NULL;
}

static size_t breaks(const report_t *report, text_t at_pointer, bool *still_there)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].class != CLASS_BREAKING)
            continue;
        n++;
        *still_there = *still_there || text_eq(report->findings[i].reader.pointer, at_pointer);
    }
    return n;
}

/* Does the break at `pointer` go away, and does nothing else break instead? */
static bool mends(work_t *work, const schema_t *edited, text_t pointer)
{
    bool still_there = false, of_reader = work->edited == work->reader;
    check_options_t options = work->options;
    options.max_findings = work->n_breaks; /* as many are too many */
    const report_t *report = json_strict_check(of_reader ? edited : work->reader,
                                               of_reader ? work->writer : edited, &options, work->arena);
    work->steps += report->steps;
    if (report->verdict == VERDICT_COMPATIBLE)
        return true;
    return report->verdict == VERDICT_INCOMPATIBLE &&
           breaks(report, pointer, &still_there) < work->n_breaks && !still_there;
}

static void fix_finding(work_t *work, finding_t *finding)
{
    text_t pointer = finding->reader.pointer;
    edits_t edits =
        work->edited == work->reader ? edits_of_reader(work, pointer) : edits_of_writer(work, pointer);
    for (size_t i = 0; i < edits.n && finding->fix.bytes == 0; i++) {
        if (work->steps > work->options.limits.max_steps / STEPS_PART)
            return;
        const jv_t *tree = json_edit(work->edited->tree, pointer, edits.at[i].value, work->arena);
        text_t text = tree != NULL ? jv_text(tree, work->arena) : TEXT_NONE;
        schema_t *edited = tree != NULL ? parse_again(work, text) : NULL;
        if (edited != NULL && mends(work, edited, pointer)) {
            finding->fix = edits.at[i].sentence;
            finding->fixed_text = text;
        }
        schema_unref(edited);
    }
}

static void fix_findings(const schema_t *reader, const schema_t *writer, const check_options_t *options,
                         report_t *report, arena_t *arena)
{
    work_t work = {.reader = reader, .writer = writer, .options = *options, .arena = arena};
    work.edited = options->fix == FIX_READER ? reader : writer;
    bool ignored = false;
    size_t tried = 0;
    work.n_breaks = breaks(report, TEXT_NONE, &ignored);
    for (size_t i = 0; i < report->n_findings && tried < FIXES_MAX; i++)
        if (report->findings[i].class == CLASS_BREAKING && report->findings[i].fix.bytes == 0) {
            fix_finding(&work, &report->findings[i]);
            tried++;
        }
}

const report_t *js_check_and_fix(const schema_t *reader, const schema_t *writer,
                                 const check_options_t *options, arena_t *arena)
{
    const report_t *report = json_strict_check(reader, writer, options, arena);
    if (report->verdict != VERDICT_INCOMPATIBLE || options->max_findings == 0 || options->fix == FIX_NONE)
        return report;
    report_t *fixed = ARENA_NEW(arena, report_t);
    *fixed = *report;
    fix_findings(reader, writer, options, fixed, arena);
    return fixed;
}

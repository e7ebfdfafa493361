/* compat.c - the formats as a table, schemas as counted objects, levels as a table and one loop. */
#include "compat/compat.h"

#include <string.h>

#include "compat/finding.h"
#include "compat/format.h"

/* --- formats -------------------------------------------------------------------------------------------------------------- */

static const format_t *const formats[FORMAT_N] = {
    [FORMAT_AVRO] = &avro_format,
    [FORMAT_JSON] = &json_format,
};

const char *format_name(format_id_t id)
{
    return formats[id]->name;
}

bool format_find(text_t name, format_id_t *out)
{
    if (!name.bytes) {
        *out = FORMAT_AVRO;
        return true;
    }
    for (int i = 0; i < FORMAT_N; i++)
        if (text_is(name, formats[i]->name)) {
            *out = (format_id_t)i;
            return true;
        }
    return false;
}

/* --- schemas -------------------------------------------------------------------------------------------------------------- */

static schema_source_t source_copy(const schema_source_t *source, arena_t *arena)
{
    schema_source_t copy = *source;
    schema_reference_t *references = ARENA_ARRAY(arena, schema_reference_t, source->n_references);
    for (size_t i = 0; i < source->n_references; i++) {
        references[i].name = text_copy(arena, source->references[i].name);
        references[i].text = text_copy(arena, source->references[i].text);
    }
    copy.references = references;
    copy.text = text_copy(arena, source->text);
    copy.dialect = source->dialect.at != NULL ? text_copy(arena, source->dialect) : TEXT_NONE;
    return copy;
}

int schema_parse(const schema_source_t *source, schema_t **out, fault_t *fault)
{
    *out = NULL;
    if (source->text.bytes > source->limits.max_bytes)
        return fault_set(fault, FAULT_LIMIT, 0, 0,
                         "the schema has %zu bytes, more than max_bytes (%zu) allows", source->text.bytes,
                         source->limits.max_bytes);
    arena_t *arena = arena_new();
    schema_t *schema = ARENA_NEW(arena, schema_t);
    schema->arena = arena;
    schema->format = source->format;
    schema->given = source_copy(source, arena);
    schema->source = schema->given.text;
    atomic_init(&schema->references, 1);
    if (formats[source->format]->parse(schema, &schema->given, fault) != 0) {
        arena_free(arena);
        return -1;
    }
    *out = schema;
    return 0;
}

schema_t *schema_ref(const schema_t *schema)
{
    schema_t *counted = (schema_t *)schema; /* the count is the one thing that changes */
    atomic_fetch_add_explicit(&counted->references, 1, memory_order_relaxed);
    return counted;
}

void schema_unref(const schema_t *schema)
{
    if (!schema)
        return;
    schema_t *counted = (schema_t *)schema;
    if (atomic_fetch_sub_explicit(&counted->references, 1, memory_order_acq_rel) == 1)
        arena_free(counted->arena);
}

format_id_t schema_format(const schema_t *schema)
{
    return schema->format;
}

size_t schema_bytes(const schema_t *schema)
{
    return arena_bytes(schema->arena);
}

text_t schema_canonical(const schema_t *schema)
{
    return schema->canonical;
}

text_t schema_normalized(const schema_t *schema, arena_t *arena)
{
    return formats[schema->format]->normalized(schema, arena);
}

text_t schema_resolved(const schema_t *schema, arena_t *arena)
{
    return formats[schema->format]->resolved(schema, arena);
}

bool schema_equal(const schema_t *a, const schema_t *b)
{
    return a->format == b->format && formats[a->format]->equal(a, b);
}

const format_t *format_of(format_id_t id)
{
    return formats[id];
}

size_t schema_top_fields(const schema_t *schema, arena_t *arena, const text_t **names)
{
    return formats[schema->format]->top_fields(schema, arena, names);
}

/* --- reports -------------------------------------------------------------------------------------------------------------- */

const char *verdict_name(verdict_t verdict)
{
    static const char *const names[] = {"compatible", "incompatible", "undecided"};
    return names[verdict];
}

const char *finding_class_name(finding_class_t finding_class)
{
    static const char *const names[] = {"breaking", "risky", "safe", "documentation"};
    return names[finding_class];
}

const report_t *compat_check(const schema_t *reader, const schema_t *writer, const check_options_t *options,
                             arena_t *arena)
{
    const report_t *report = formats[reader->format]->check[options->mode](reader, writer, options, arena);
    return findings_complete(report, reader, writer, options, arena);
}

/* --- levels --------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool backward, forward, transitive;
} levels[LEVEL_N] = {
    [LEVEL_NONE] = {"NONE", false, false, false},
    [LEVEL_BACKWARD] = {"BACKWARD", true, false, false},
    [LEVEL_BACKWARD_TRANSITIVE] = {"BACKWARD_TRANSITIVE", true, false, true},
    [LEVEL_FORWARD] = {"FORWARD", false, true, false},
    [LEVEL_FORWARD_TRANSITIVE] = {"FORWARD_TRANSITIVE", false, true, true},
    [LEVEL_FULL] = {"FULL", true, true, false},
    [LEVEL_FULL_TRANSITIVE] = {"FULL_TRANSITIVE", true, true, true},
};

const char *level_name(level_t level)
{
    return levels[level].name;
}

bool level_find(text_t name, level_t *out)
{
    for (int i = 0; i < LEVEL_N; i++)
        if (text_is_nocase(name, levels[i].name)) {
            *out = (level_t)i;
            return true;
        }
    return false;
}

bool level_is_transitive(level_t level)
{
    return levels[level].transitive;
}

/* Messages about one version are bounded by this many findings a direction, unless the caller says otherwise. */
#define FINDINGS_MAX 1000
/* Confluent cuts the old schema's text here. */
#define OLD_SCHEMA_MAX 10240

typedef struct {
    level_t level;
    const message_style_t *style;
    arena_t *arena;
    level_report_t *report;
    size_t room;
} history_t;

static void message_add(history_t *h, text_t message)
{
    level_report_t *r = h->report;
    if (r->n_messages == h->room) {
        h->room = h->room ? h->room * 2 : 8;
        text_t *more = ARENA_ARRAY(h->arena, text_t, h->room);
        if (r->n_messages)
            memcpy(more, r->messages, r->n_messages * sizeof *more);
        r->messages = more;
    }
    r->messages[r->n_messages++] = message;
}

/* A strict finding in the shape of Confluent's messages: its rule, its sentence, and the message that breaks. */
static text_t strict_message(const finding_t *finding, arena_t *arena)
{
    text_t sample = finding->witness ? finding->witness->json : TEXT("");
    text_t fix = finding->fix.bytes > 0 ? text_printf(arena, ", fix:'" TEXT_FMT "'", TEXT_ARG(finding->fix))
                                        : TEXT("");
    return text_printf(arena,
                       "{errorType:'%s', description:'" TEXT_FMT ", path '" TEXT_FMT
                       "'', additionalInfo:'" TEXT_FMT "'" TEXT_FMT "}",
                       finding->rule, TEXT_ARG(finding->sentence), TEXT_ARG(finding->reader.pointer),
                       TEXT_ARG(sample), TEXT_ARG(fix));
}

static void messages_of(history_t *h, const report_t *report, const format_t *format,
                        const check_options_t *options, bool reader_is_new)
{
    if (report->verdict == VERDICT_COMPATIBLE)
        return;
    if (report->verdict == VERDICT_UNDECIDED)
        message_add(h, text_printf(h->arena,
                                   "{errorType:'UNDECIDED', description:'" TEXT_FMT "', additionalInfo:'%s'}",
                                   TEXT_ARG(report->reason_text), report->reason));
    for (size_t i = 0; i < report->n_findings; i++) {
        const finding_t *finding = &report->findings[i];
        if (finding->class != CLASS_BREAKING)
            continue;
        message_add(h, options->mode == MODE_STRICT ? strict_message(finding, h->arena)
                                                    : format->message(finding, reader_is_new, h->arena));
    }
}

static text_t old_schema_message(const schema_t *schema, arena_t *arena)
{
    text_t text = schema->canonical;
    size_t n = 0, characters = 0;
    for (; n < text.bytes; n++) {
        bool starts = ((unsigned char)text.at[n] & 0xC0) != 0x80;
        if (starts && characters++ == OLD_SCHEMA_MAX)
            return text_printf(arena, "{oldSchema: <truncated> '%.*s...'}", (int)n, text.at);
    }
    return text_printf(arena, "{oldSchema: '" TEXT_FMT "'}", TEXT_ARG(text));
}

static void trailer_add(history_t *h, const earlier_t *earlier, bool with_schema)
{
    const char *name = level_name(h->level);
    if (with_schema) {
        message_add(h, text_printf(h->arena, "{oldSchemaVersion: %d}", earlier->version));
        message_add(h, old_schema_message(earlier->schema, h->arena));
    }
    message_add(h, h->style->with_validate_fields
                       ? text_printf(h->arena, "{validateFields: '%s', compatibility: '%s'}",
                                     h->style->validate_fields ? "true" : "false", name)
                       : text_printf(h->arena, "{compatibility: '%s'}", name));
    h->report->compatible = false;
    h->report->version = earlier->version;
}

static bool fails(const report_t *report)
{
    return report && report->verdict != VERDICT_COMPATIBLE;
}

/* True if the candidate and this earlier version get on; else the report is filled. */
static bool version_check(history_t *h, const schema_t *candidate, const earlier_t *earlier,
                          const check_options_t *options)
{
    if (candidate->format != earlier->schema->format) {
        message_add(h, TEXT("Incompatible because of different schema type"));
        trailer_add(h, earlier, false);
        return false;
    }
    const report_t *forward = NULL, *backward = NULL;
    check_options_t of_direction =
        *options; /* a fix, if wanted, edits the candidate, whichever side it is on */
    bool fixes = options->fix != FIX_NONE;
    of_direction.fix = fixes ? FIX_WRITER : FIX_NONE;
    if (levels[h->level].forward)
        forward = compat_check(earlier->schema, candidate, &of_direction, h->arena);
    of_direction.fix = fixes ? FIX_READER : FIX_NONE;
    if (levels[h->level].backward)
        backward = compat_check(candidate, earlier->schema, &of_direction, h->arena);
    if (!fails(forward) && !fails(backward))
        return true;
    const format_t *format = formats[candidate->format];
    h->report->forward = forward;
    h->report->backward = backward;
    if (forward)
        messages_of(h, forward, format, options, false);
    if (backward)
        messages_of(h, backward, format, options, true);
    bool both = levels[h->level].forward && levels[h->level].backward;
    trailer_add(h, earlier, !both || fails(backward));
    return false;
}

const level_report_t *level_check(level_t level, const schema_t *candidate, const earlier_t *earlier,
                                  size_t n_earlier, const check_options_t *options,
                                  const message_style_t *style, arena_t *arena)
{
    level_report_t *report = ARENA_NEW(arena, level_report_t);
    report->compatible = true;
    if (!levels[level].backward && !levels[level].forward)
        return report;
    check_options_t with_findings = *options;
    if (!with_findings.max_findings)
        with_findings.max_findings = FINDINGS_MAX;
    history_t h = {.level = level, .style = style, .arena = arena, .report = report};
    size_t n = levels[level].transitive || n_earlier == 0 ? n_earlier : 1;
    for (size_t i = 0; i < n; i++) {
        arena_mark_t mark = arena_mark(arena);
        if (!version_check(&h, candidate, &earlier[i], &with_findings))
            return report;
        arena_rewind(arena, mark); /* what a passing comparison left behind */
    }
    return report;
}

#include "compat/finding.h"

#include <stdio.h>
#include <string.h>

#include "compat/core/digest.h"
#include "compat/diff.h"
#include "compat/format.h"

/* --- from a place in the text to fields ------------------------------------------------------------------------------------ */

typedef struct {
    text_t pointer, path;
    uint32_t field, next; /* next of the same pointer, + 1 */
} entry_t;

/* All pointers of all fields of a schema. */
typedef struct {
    fields_t fields;
    entry_t *entries;
    size_t n;
    uint32_t *slots; /* first entry, + 1 */
    size_t mask;
} places_t;

/* Where `pointer` is, or belongs. */
static uint32_t *slot_of(const places_t *places, text_t pointer)
{
    size_t at = text_hash(pointer, 0) & places->mask;
    while (places->slots[at] != 0 && !text_eq(places->entries[places->slots[at] - 1].pointer, pointer))
        at = (at + 1) & places->mask;
    return &places->slots[at];
}

static void add_entry(places_t *places, text_t pointer, text_t path, size_t field)
{
    uint32_t *slot = slot_of(places, pointer);
    places->entries[places->n++] = (entry_t){pointer, path, (uint32_t)field, *slot};
    *slot = (uint32_t)places->n;
}

static places_t places_of(fields_t fields, arena_t *arena)
{
    places_t places = {.fields = fields};
    size_t n = 0, room = 16;
    for (size_t i = 0; i < fields.n; i++)
        n += fields.at[i].n_pointers;
    n += fields.n_parts;
    while (room < 2 * n)
        room *= 2;
    places.entries = ARENA_ARRAY(arena, entry_t, n);
    places.slots = ARENA_ARRAY(arena, uint32_t, room);
    places.mask = room - 1;
    /* Backwards, so that each chain is in the order of the list, and parts come after fields. */
    for (size_t i = fields.n_parts; i > 0; i--)
        add_entry(&places, fields.parts[i - 1].pointer, fields.parts[i - 1].path, fields.parts[i - 1].field);
    for (size_t i = fields.n; i > 0; i--)
        for (size_t k = 0; k < fields.at[i - 1].n_pointers; k++)
            add_entry(&places, fields.at[i - 1].pointers[k], fields.at[i - 1].path, i - 1);
    return places;
}

/* A finding's side: the fields that its pointer is about, and what of the pointer leads further down. */
typedef struct {
    const places_t *places;
    uint32_t first; /* entry, + 1; 0: none */
    text_t rest;
} spot_t;

static spot_t spot_of(const places_t *places, text_t pointer)
{
    for (size_t n = pointer.bytes;; n--) {
        uint32_t first = *slot_of(places, (text_t){pointer.at, n});
        if (first != 0 || n == 0)
            return (spot_t){places, first, text_from(pointer, n)};
        while (n > 1 && pointer.at[n - 1] != '/')
            n--;
    }
}

static const field_t *field_of(const spot_t *spot, uint32_t entry)
{
    return &spot->places->fields.at[spot->places->entries[entry - 1].field];
}

static size_t steps_in(text_t path)
{
    size_t n = 0;
    for (size_t i = 0; i < path.bytes; i++)
        n += i == 0 || strchr(".[{<", path.at[i]) != NULL;
    return n;
}

/* How far down a side leads: by its shortest path, because a record's other paths say nothing of its fields. */
static size_t steps_of(const spot_t *spot)
{
    size_t least = 0;
    for (uint32_t at = spot->first; at != 0; at = spot->places->entries[at - 1].next) {
        size_t n = steps_in(spot->places->entries[at - 1].path);
        least = at == spot->first || n < least ? n : least;
    }
    return least;
}

static text_t with_member(text_t path, text_t member, arena_t *arena)
{
    if (member.at == NULL)
        return path;
    return text_printf(arena, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(path), path.bytes > 0 ? "." : "",
                       TEXT_ARG(member));
}

/* More fields than these share no type in earnest: such a finding is about the message as a whole. */
#define PATHS_MAX 4096

static void set_paths(finding_t *finding, const spot_t *spot, arena_t *arena)
{
    size_t n = 0;
    for (uint32_t at = spot->first; at != 0; at = spot->places->entries[at - 1].next)
        n++;
    bool listed = n > 0 && n <= PATHS_MAX;
    text_t *paths = ARENA_ARRAY(arena, text_t, listed ? n : 1);
    for (uint32_t at = spot->first; listed && at != 0; at = spot->places->entries[at - 1].next) {
        text_t path = with_member(spot->places->entries[at - 1].path, finding->member, arena);
        if (finding->n_paths == 0 || !text_eq(paths[finding->n_paths - 1], path))
            paths[finding->n_paths++] = path;
    }
    if (!listed)
        paths[finding->n_paths++] = n == 0 ? with_member(TEXT(""), finding->member, arena) : TEXT("");
    finding->paths = paths;
    finding->path = paths[0];
}

/* --- fingerprints ----------------------------------------------------------------------------------------------------------- */

static void add_part(buf_t *out, text_t part)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(out, (char)(part.bytes >> shift & 0xff));
    buf_add(out, part);
}

/* What a field says that can make a difference: not its words, and nothing of its neighbours. */
static void add_field(buf_t *out, const spot_t *spot)
{
    add_part(out, spot->rest);
    if (spot->first == 0)
        return;
    const field_t *field = field_of(spot, spot->first);
    add_part(out, field->type);
    add_part(out, field->logical);
    add_part(out, field->unit);
    add_part(out, field->has_default ? field->default_json : TEXT("none"));
    for (size_t i = 0; i < field->n_symbols; i++)
        add_part(out, field->symbols[i]);
    for (size_t i = 0; i < field->n_tags; i++)
        add_part(out, field->tags[i]);
    for (size_t i = 0; i < field->n_facts; i++) {
        add_part(out, text_of(field->facts[i].name));
        add_part(out, field->facts[i].value);
    }
}

/* The first 64 bits of a SHA-256, as 16 hexadecimal digits. `twin` tells apart what is otherwise the same. */
static text_t fingerprint(const finding_t *finding, const spot_t *about, const spot_t *reader,
                          const spot_t *writer, size_t twin, arena_t *arena)
{
    uint8_t digest[32];
    text_t hex = text_copy(arena, TEXT("0123456789abcdef"));
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    add_part(&out, text_of(finding->rule));
    add_part(&out, about->first != 0 ? field_of(about, about->first)->anchor : TEXT(""));
    add_part(&out, finding->member);
    add_field(&out, reader);
    add_field(&out, writer);
    if (twin > 0)
        buf_printf(&out, "#%zu", twin);
    digest_sha256(buf_text(&out), digest);
    buf_dispose(&out);
    for (size_t i = 0; i < 8; i++)
        snprintf((char *)hex.at + 2 * i, 3, "%02x", digest[i]);
    return hex;
}

static bool is_taken(const report_t *report, size_t before, text_t print)
{
    for (size_t i = 0; i < before; i++)
        if (text_eq(report->findings[i].fingerprint, print))
            return true;
    return false;
}

/* A finding is about the field of the side that leads further down; of the reader's, if both do. */
static void identify(report_t *report, size_t i, const places_t *reader, const places_t *writer,
                     arena_t *arena)
{
    finding_t *finding = &report->findings[i];
    spot_t of_reader = spot_of(reader, finding->reader.pointer),
           of_writer = spot_of(writer, finding->writer.pointer);
    bool writers = finding->member.at == NULL && steps_of(&of_writer) > steps_of(&of_reader);
    const spot_t *about = writers ? &of_writer : &of_reader;
    set_paths(finding, about, arena);
    for (size_t twin = 0; finding->fingerprint.bytes == 0; twin++) {
        text_t print = fingerprint(finding, about, &of_reader, &of_writer, twin, arena);
        if (!is_taken(report, i, print))
            finding->fingerprint = print;
    }
}

/* --- meaning ------------------------------------------------------------------------------------------------------------------ */

/* What a changed schema says differently without refusing anything; Avro's checker finds these itself, along its walk. */
static const struct {
    diff_kind_t kind;
    const char *rule, *word;
} meanings[] = {
    {DIFF_UNIT_CHANGED, "unit-changed", "unit"}, {DIFF_LOGICAL_CHANGED, "logical-type-changed", "format"},
    {DIFF_TAGS_CHANGED, "tags-changed", "tags"}, {DIFF_DEFAULT_CHANGED, "default-changed", "default"},
    {DIFF_DOC_CHANGED, "doc-changed", NULL},
};
#define MEANINGS_N (sizeof meanings / sizeof *meanings)

static text_t meaning_sentence(const diff_entry_t *entry, const char *word, arena_t *arena)
{
    text_t path = entry->after->path,
           what = path.bytes > 0 ? text_printf(arena, "field \"" TEXT_FMT "\"", TEXT_ARG(path))
                                 : TEXT("the schema itself");
    if (word == NULL)
        return text_printf(arena, "the documentation of " TEXT_FMT " is another one", TEXT_ARG(what));
    text_t from = entry->from.bytes > 0 ? entry->from : TEXT("none"),
           to = entry->to.bytes > 0 ? entry->to : TEXT("none");
    return text_printf(arena, TEXT_FMT ": the writer's %s is " TEXT_FMT ", the reader's is " TEXT_FMT,
                       TEXT_ARG(what), word, TEXT_ARG(from), TEXT_ARG(to));
}

/* A format that is asserted breaks or does not: it has been told. */
static void add_meaning(report_t *report, const diff_t *diff, finding_class_t wanted,
                        const check_options_t *options, arena_t *arena)
{
    size_t max = options->max_findings;
    for (size_t i = 0; i < diff->n; i++)
        for (size_t k = 0; k < MEANINGS_N && report->n_findings < max; k++) {
            const diff_entry_t *entry = &diff->entries[i];
            if (entry->kind != meanings[k].kind || diff_class(entry->kind) != wanted ||
                (entry->kind == DIFF_LOGICAL_CHANGED && options->assert_format))
                continue;
            report->findings[report->n_findings++] = (finding_t){
                .rule = meanings[k].rule,
                .class = wanted,
                .reader = entry->after->place,
                .writer = entry->before->place,
                .sentence = meaning_sentence(entry, meanings[k].word, arena),
            };
        }
}

/* --- a report ----------------------------------------------------------------------------------------------------------------- */

const report_t *findings_complete(const report_t *report, const schema_t *reader, const schema_t *writer,
                                  const check_options_t *options, arena_t *arena)
{
    bool same = text_eq(reader->canonical, writer->canonical), avro = reader->format == FORMAT_AVRO;
    if (options->mode != MODE_STRICT || options->max_findings == 0 || report->verdict == VERDICT_UNDECIDED ||
        (report->n_findings == 0 && (same || avro)))
        return report;
    fields_t of_reader = schema_fields(reader, &options->limits, arena),
             of_writer = schema_fields(writer, &options->limits, arena);
    report_t *complete = ARENA_NEW(arena, report_t);
    *complete = *report;
    if (!avro && !same) {
        diff_t diff = fields_diff(of_writer, of_reader, arena);
        complete->findings = ARENA_ARRAY(arena, finding_t, report->n_findings + diff.n);
        if (report->n_findings > 0)
            memcpy(complete->findings, report->findings, report->n_findings * sizeof *report->findings);
        add_meaning(complete, &diff, CLASS_RISKY, options, arena);
        add_meaning(complete, &diff, CLASS_DOCUMENTATION, options, arena);
    }
    if (complete->n_findings == 0)
        return complete;
    places_t reader_places = places_of(of_reader, arena), writer_places = places_of(of_writer, arena);
    for (size_t i = 0; i < complete->n_findings; i++)
        identify(complete, i, &reader_places, &writer_places, arena);
    return complete;
}

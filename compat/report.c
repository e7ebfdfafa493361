#include "compat/report.h"

#include <inttypes.h>
#include <string.h>

/* --- JSON ---------------------------------------------------------------------------------------------------------- */

static void print_key(buf_t *out, const char *key)
{
    text_t so_far = buf_text(out);
    char last = so_far.bytes > 0 ? so_far.at[so_far.bytes - 1] : '{';
    if (last != '{' && last != '[')
        buf_add_char(out, ',');
    jv_print_string(out, text_of(key));
    buf_add_char(out, ':');
}

static void print_text(buf_t *out, const char *key, text_t value)
{
    if (value.at == NULL || value.bytes == 0)
        return;
    print_key(out, key);
    jv_print_string(out, value);
}

static void print_place(buf_t *out, const char *key, const place_t *place)
{
    if (place->pointer.at == NULL && place->line == 0)
        return;
    print_key(out, key);
    buf_add_s(out, "{\"pointer\":");
    jv_print_string(out, place->pointer);
    if (place->line > 0)
        buf_printf(out, ",\"line\":%" PRIu32 ",\"column\":%" PRIu32, place->line, place->column);
    buf_add_char(out, '}');
}

static void print_witness(buf_t *out, const char *key, const witness_t *witness)
{
    print_key(out, key);
    if (witness == NULL) {
        buf_add_s(out, "null");
        return;
    }
    /* The message is JSON text already; it is embedded, not quoted. */
    buf_add_s(out, "{\"message\":");
    buf_add(out, witness->json.bytes > 0 ? witness->json : TEXT("null"));
    print_text(out, "hex", witness->hex);
    print_text(out, "refusal", witness->refusal);
    buf_add_s(out, ",\"verified\":true}");
}

static void print_paths(buf_t *out, const finding_t *finding)
{
    if (finding->n_paths == 0)
        return;
    print_key(out, "path");
    jv_print_string(out, finding->path);
    if (finding->n_paths == 1)
        return;
    print_key(out, "paths");
    for (size_t i = 0; i < finding->n_paths; i++) {
        buf_add_char(out, i == 0 ? '[' : ',');
        jv_print_string(out, finding->paths[i]);
    }
    buf_add_char(out, ']');
}

static void print_finding(buf_t *out, const finding_t *finding)
{
    buf_add_char(out, '{');
    print_text(out, "rule", text_of(finding->rule));
    print_text(out, "class", text_of(finding_class_name(finding->class)));
    print_text(out, "fingerprint", finding->fingerprint);
    print_paths(out, finding);
    print_place(out, "reader", &finding->reader);
    print_place(out, "writer", &finding->writer);
    print_text(out, "sentence", finding->sentence);
    print_text(out, "info", finding->info);
    if (finding->witness != NULL)
        print_witness(out, "witness", finding->witness);
    print_text(out, "fix", finding->fix);
    print_text(out, "fixed", finding->fixed_text);
    buf_add_char(out, '}');
}

void report_print_members(buf_t *out, const report_t *report)
{
    print_text(out, "verdict", text_of(verdict_name(report->verdict)));
    if (report->reason != NULL) {
        print_text(out, "reason", text_of(report->reason));
        print_text(out, "reason_text", report->reason_text);
    }
    print_key(out, "findings");
    buf_add_char(out, '[');
    for (size_t i = 0; i < report->n_findings; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        print_finding(out, &report->findings[i]);
    }
    buf_add_char(out, ']');
    print_witness(out, "witness", report->witness);
    print_key(out, "steps");
    buf_printf(out, "%" PRIu64, report->steps);
}

/* --- text ---------------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *mark, *word, *colour;
} class_look_t;

static const class_look_t looks[] = {
    [CLASS_BREAKING] = {"✗", "BREAKING", "\033[1;31m"},
    [CLASS_RISKY] = {"!", "RISKY", "\033[1;33m"},
    [CLASS_SAFE] = {"✓", "safe", "\033[32m"},
    [CLASS_DOCUMENTATION] = {"·", "documentation", "\033[2m"},
};

#define DIM   "\033[2m"
#define BOLD  "\033[1m"
#define RESET "\033[0m"

static void paint(buf_t *out, const report_style_t *style, const char *colour, const char *s)
{
    if (style->colour)
        buf_add_s(out, colour);
    buf_add_s(out, s);
    if (style->colour)
        buf_add_s(out, RESET);
}

/* Line `line` of a text, without the white space around it. */
static text_t line_of(text_t text, uint32_t line)
{
    const char *at = text.at, *end = text.at + text.bytes;
    for (uint32_t i = 1; i < line && at != NULL; i++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at != NULL ? at + 1 : NULL;
    }
    if (line == 0 || at == NULL)
        return TEXT_NONE;
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return text_trim((text_t){at, (size_t)((stop != NULL ? stop : end) - at)});
}

/* At most `columns` code points, "…" where more was cut; padded with spaces when `pad`. Columns are code points: schemas are
 * text of ordinary width. Control characters, which a schema may hold, do not reach the terminal. */
static void print_column(buf_t *out, text_t text, unsigned columns, bool pad)
{
    unsigned shown = 0;
    size_t i = 0;
    while (i < text.bytes && shown < columns) {
        size_t bytes = 1;
        while (i + bytes < text.bytes && ((unsigned char)text.at[i + bytes] & 0xC0) == 0x80)
            bytes++;
        bool cut = shown + 1 == columns && i + bytes < text.bytes;
        if (cut)
            buf_add_s(out, "…");
        else if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7F)
            buf_add_char(out, ' ');
        else
            buf_add(out, (text_t){text.at + i, bytes});
        i += bytes;
        shown++;
    }
    for (; pad && shown < columns; shown++)
        buf_add_char(out, ' ');
}

/* Without its first `n` code points. */
static text_t after_code_points(text_t text, size_t n)
{
    size_t i = 0;
    for (; n > 0 && i < text.bytes; n--)
        do
            i++;
        while (i < text.bytes && ((unsigned char)text.at[i] & 0xC0) == 0x80);
    return text_from(text, i);
}

/* The excerpt of a place: the line it is on, from the place on where the line is too long to be shown whole. */
static text_t excerpt(const side_t *side, const place_t *place, unsigned columns)
{
    text_t line = line_of(side->text, place->line);
    if (line.bytes == 0 || text_code_points(line) <= columns)
        return line;
    size_t indent = 0;
    while (line.at - indent > side->text.at && line.at[-1 - (ptrdiff_t)indent] != '\n')
        indent++;
    text_t rest = after_code_points(line, place->column > indent ? place->column - 1 - indent : 0);
    return rest.bytes > 0 ? rest : line;
}

static void print_head(buf_t *out, const side_t *side, const place_t *place, unsigned columns, bool pad)
{
    buf_t head;
    buf_init(&head, 1024);
    buf_printf(&head, "%s %s", side->role, side->name);
    if (place->line > 0)
        buf_printf(&head, ":%" PRIu32 ":%" PRIu32, place->line, place->column);
    print_column(out, buf_text(&head), columns, pad);
    buf_dispose(&head);
}

static void print_excerpt(buf_t *out, const side_t *side, const place_t *place, unsigned columns, bool pad)
{
    text_t text = excerpt(side, place, columns);
    bool bracket =
        text.bytes == 1 && (text.at[0] == '{' || text.at[0] == '['); /* all that encloses what is missing */
    print_column(out, text.bytes > 0 && !bracket ? text : TEXT("(not there)"), columns, pad);
}

/* writer | reader, the two lines of schema side by side. */
static void print_sides(buf_t *out, const finding_t *finding, const side_t *reader, const side_t *writer,
                        const report_style_t *style)
{
    unsigned half = (style->columns > 48 ? style->columns - 9 : 40) / 2;
    buf_add_s(out, "    ");
    if (style->colour)
        buf_add_s(out, DIM);
    print_head(out, writer, &finding->writer, half, true);
    buf_add_s(out, " │ ");
    print_head(out, reader, &finding->reader, half, false);
    if (style->colour)
        buf_add_s(out, RESET);
    buf_add_s(out, "\n    ");
    print_excerpt(out, writer, &finding->writer, half, true);
    buf_add_s(out, " │ ");
    print_excerpt(out, reader, &finding->reader, half, false);
    buf_add_char(out, '\n');
}

static void print_line(buf_t *out, const report_style_t *style, const char *label, text_t value)
{
    if (value.at == NULL || value.bytes == 0)
        return;
    buf_add_s(out, "    ");
    paint(out, style, DIM, label);
    print_column(out, value, 4096, false);
    buf_add_char(out, '\n');
}

static void print_finding_text(buf_t *out, const finding_t *finding, const side_t *reader,
                               const side_t *writer, const report_style_t *style)
{
    const class_look_t *look = &looks[finding->class];
    buf_add_s(out, "  ");
    paint(out, style, look->colour, look->mark);
    buf_add_char(out, ' ');
    paint(out, style, look->colour, look->word);
    buf_printf(out, "  %s  ", finding->rule);
    text_t pointer = finding->reader.pointer.bytes > 0 ? finding->reader.pointer : finding->writer.pointer;
    buf_add(out, pointer);
    buf_add_s(out, "\n    ");
    buf_add(out, finding->sentence);
    buf_add_char(out, '\n');
    print_sides(out, finding, reader, writer, style);
    if (finding->witness != NULL) {
        print_line(out, style, "message  ", finding->witness->json);
        print_line(out, style, "binary   ", finding->witness->hex);
        print_line(out, style, "reader   ", finding->witness->refusal);
    }
    print_line(out, style, "fix      ", finding->fix);
    buf_add_char(out, '\n');
}

static void print_verdict(buf_t *out, const report_t *report, const side_t *reader, const side_t *writer,
                          const report_style_t *style)
{
    static const struct {
        const char *word, *colour, *tells;
    } verdicts[] = {
        [VERDICT_COMPATIBLE] = {"COMPATIBLE", "\033[1;32m", "reads every message of"},
        [VERDICT_INCOMPATIBLE] = {"INCOMPATIBLE", "\033[1;31m", "cannot read every message of"},
        [VERDICT_UNDECIDED] = {"UNDECIDED", "\033[1;33m", "may or may not read every message of"},
    };
    paint(out, style, verdicts[report->verdict].colour, verdicts[report->verdict].word);
    buf_printf(out, "  %s ", reader->role);
    paint(out, style, BOLD, reader->name);
    buf_printf(out, " %s %s ", verdicts[report->verdict].tells, writer->role);
    paint(out, style, BOLD, writer->name);
    buf_add_s(out, "\n\n");
    if (report->reason != NULL) {
        buf_printf(out, "    %s", report->reason);
        if (report->reason_text.bytes > 0)
            buf_printf(out, ": " TEXT_FMT, TEXT_ARG(report->reason_text));
        buf_add_s(out, "\n\n");
    }
}

void report_print_text(buf_t *out, const report_t *report, const side_t *reader, const side_t *writer,
                       const report_style_t *style)
{
    print_verdict(out, report, reader, writer, style);
    for (size_t i = 0; i < report->n_findings; i++)
        print_finding_text(out, &report->findings[i], reader, writer, style);
    if (report->witness != NULL && report->n_findings == 0) {
        print_line(out, style, "message  ", report->witness->json);
        print_line(out, style, "reader   ", report->witness->refusal);
    }
}

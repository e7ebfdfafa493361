/* driver.c - strict verdicts for a program that judges them with other validators.
 *
 *   verdicts_driver     reads {"draft", "reader", "writer", "values": [...]} a line and answers
 *                       {"verdict", "reason", "witness", "findings", "samples": [...], "breaking": [...]} or {"fault": "sentence"}
 *
 * `samples` are values that strict mode makes from the writer; they and the witness are texts, since JavaScript would change their numbers. `breaking` are the positions of those given values, and (after
 * them) of those samples, that our own validator finds valid under the writer and invalid under the reader.
 */
#include <stdio.h>
#include <stdlib.h>

#include "compat/json/json_schema.h"
#include "compat/json/strict.h"

#define SAMPLES 12

static schema_t *parse(const jv_t *line, const char *side, arena_t *arena, fault_t *fault)
{
    buf_t buf;
    schema_t *schema = NULL;
    buf_init(&buf, BUF_NO_MAX);
    jv_print(&buf, jv_get(line, side));
    schema_source_t source = {.format = FORMAT_JSON,
                              .text = buf_take(&buf, arena),
                              .dialect = jv_get(line, "draft")->text,
                              .limits = LIMITS_DEFAULT};
    buf_dispose(&buf);
    return schema_parse(&source, &schema, fault) == 0 ? schema : NULL;
}

static bool breaks(const schema_t *reader, const schema_t *writer, const jv_t *value, arena_t *arena)
{
    const js_schema_t *r = js_schema_of(reader), *w = js_schema_of(writer);
    limits_t limits = LIMITS_DEFAULT;
    return js_validate(w->validator, value, 0, &limits, arena).verdict == JS_VALID &&
           js_validate(r->validator, value, 0, &limits, arena).verdict == JS_INVALID;
}

static void print_text(buf_t *out, const char *name, text_t text)
{
    buf_printf(out, ",\"%s\":", name);
    if (text.at == NULL)
        buf_add_s(out, "null");
    else
        jv_print_string(out, text);
}

static void print_breaking(buf_t *out, const jv_t *values, const jv_t **samples, size_t n,
                           const schema_t *reader, const schema_t *writer, arena_t *arena)
{
    const char *comma = "";
    uint32_t given = values == NULL || values->kind != JV_ARRAY ? 0 : values->n;
    buf_add_s(out, ",\"breaking\":[");
    for (uint32_t i = 0; i < given + n; i++) {
        if (!breaks(reader, writer, i < given ? &values->items[i] : samples[i - given], arena))
            continue;
        buf_printf(out, "%s%u", comma, i);
        comma = ",";
    }
    buf_add_s(out, "]");
}

static void answer(buf_t *out, const jv_t *line, arena_t *arena)
{
    fault_t fault = {0};
    schema_t *reader = parse(line, "reader", arena, &fault), *writer = parse(line, "writer", arena, &fault);
    if (reader == NULL || writer == NULL) {
        buf_add_s(out, "{\"fault\":");
        jv_print_string(out, text_of(fault.text));
    } else {
        check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 8};
        const report_t *report = compat_check(reader, writer, &options, arena);
        const jv_t **samples;
        size_t n = json_strict_sample(writer, SAMPLES, &options, arena, &samples);
        buf_printf(out, "{\"verdict\":\"%s\"", verdict_name(report->verdict));
        print_text(out, "reason", text_of(report->reason));
        buf_add_s(out, ",\"witness\":");
        if (report->witness == NULL)
            buf_add_s(out, "null");
        else
            jv_print_string(out, report->witness->json);
        buf_printf(out, ",\"findings\":%zu,\"samples\":[", report->n_findings);
        for (size_t i = 0; i < n; i++) {
            buf_t sample;
            buf_init(&sample, BUF_NO_MAX);
            jv_print(&sample, samples[i]);
            buf_add_s(out, i > 0 ? "," : "");
            jv_print_string(out, buf_text(&sample));
            buf_dispose(&sample);
        }
        buf_add_s(out, "]");
        print_breaking(out, jv_get(line, "values"), samples, n, reader, writer, arena);
    }
    buf_add_s(out, "}\n");
    schema_unref(reader);
    schema_unref(writer);
}

int main(void)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t n;
    arena_t *arena = arena_new();
    while ((n = getline(&text, &room, stdin)) > 0) {
        limits_t limits = LIMITS_DEFAULT;
        fault_t fault = {0};
        jv_t *line;
        buf_t out;
        buf_init(&out, BUF_NO_MAX);
        if (jv_read((text_t){text, (size_t)n}, JV_STRICT, &limits, arena, &line, &fault) != 0)
            buf_printf(&out, "{\"fault\":\"the line is not JSON\"}\n");
        else
            answer(&out, line, arena);
        fwrite(buf_text(&out).at, 1, buf_text(&out).bytes, stdout);
        fflush(stdout);
        buf_dispose(&out);
        arena_reset(arena);
    }
    arena_free(arena);
    free(text);
    return 0;
}

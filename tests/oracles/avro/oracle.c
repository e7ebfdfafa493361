/* oracle.c - answers the same lines of JSON as Oracle.java, with the library; run.py compares the two. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/avro/av_fingerprint.h"
#include "compat/compat.h"

typedef struct {
    arena_t *arena;
    const jv_t *request;
    buf_t out;
} turn_t;

static void add_string(turn_t *t, const char *name, text_t value)
{
    buf_printf(&t->out, "%s\"%s\":", buf_text(&t->out).bytes > 1 ? "," : "", name);
    jv_print_string(&t->out, value);
}

static text_t argument(const turn_t *t, const char *name)
{
    const jv_t *value = jv_get(t->request, name);
    return value && value->kind == JV_STRING ? value->text : TEXT("");
}

static bool is_set(const turn_t *t, const char *name)
{
    const jv_t *value = jv_get(t->request, name);
    return value && value->kind == JV_TRUE;
}

static schema_t *parse(turn_t *t, const char *name, unsigned flags)
{
    schema_source_t source = {
        .format = FORMAT_AVRO, .text = argument(t, name), .flags = flags, .limits = LIMITS_DEFAULT};
    schema_t *schema;
    fault_t fault = {0};
    if (schema_parse(&source, &schema, &fault) == 0)
        return schema;
    add_string(t, "error", fault_sentence(&fault, t->arena));
    return NULL;
}

static text_t hex(const uint8_t *bytes, size_t n, arena_t *arena)
{
    char *text = arena_alloc(arena, 2 * n + 1);
    for (size_t i = 0; i < n; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return (text_t){text, 2 * n};
}

static void turn_parse(turn_t *t)
{
    schema_t *schema = parse(t, "schema", is_set(t, "strict") ? SCHEMA_VALIDATE : SCHEMA_LENIENT);
    if (!schema)
        return;
    av_fingerprints_t prints;
    av_fingerprints(schema, &prints);
    add_string(t, "canonical", schema_canonical(schema));
    add_string(t, "normalized", schema_normalized(schema, t->arena));
    add_string(t, "form", av_parsing_form(schema, t->arena));
    add_string(t, "rabin", text_printf(t->arena, "%llx", (unsigned long long)prints.rabin));
    add_string(t, "md5", hex(prints.md5, sizeof prints.md5, t->arena));
    add_string(t, "sha256", hex(prints.sha256, sizeof prints.sha256, t->arena));
    schema_unref(schema);
}

static void turn_check(turn_t *t)
{
    schema_t *reader = parse(t, "reader", SCHEMA_LENIENT);
    schema_t *writer = reader ? parse(t, "writer", SCHEMA_LENIENT) : NULL;
    if (reader && writer) {
        check_options_t options = {.mode = is_set(t, "strict") ? MODE_STRICT : MODE_CONFLUENT,
                                   .limits = LIMITS_DEFAULT,
                                   .max_findings = 200};
        const report_t *report = compat_check(reader, writer, &options, t->arena);
        buf_printf(&t->out, "\"verdict\":\"%s\",\"differences\":[", verdict_name(report->verdict));
        for (size_t i = 0; i < report->n_findings; i++) {
            const finding_t *finding = &report->findings[i];
            buf_printf(&t->out, "%s{\"type\":\"%s\",\"class\":\"%s\",\"pointer\":", i ? "," : "",
                       finding->rule, finding_class_name(finding->class));
            jv_print_string(&t->out, finding->reader.pointer);
            add_string(t, "info", finding->info);
            if (finding->witness) {
                add_string(t, "hex", finding->witness->hex);
                add_string(t, "json", finding->witness->json);
            }
            buf_add_char(&t->out, '}');
        }
        buf_printf(&t->out, "],\"compatible\":%s", report->verdict == VERDICT_COMPATIBLE ? "true" : "false");
    }
    schema_unref(reader);
    schema_unref(writer);
}

static const struct {
    const char *op;
    void (*run)(turn_t *);
} turns[] = {{"parse", turn_parse}, {"check", turn_check}};

static void answer(text_t line)
{
    turn_t t = {.arena = arena_new()};
    buf_init(&t.out, BUF_NO_MAX);
    buf_add_char(&t.out, '{');
    jv_t *request;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    limits.max_bytes = 64u << 20;
    if (jv_read(line, JV_STRICT, &limits, t.arena, &request, &fault) != 0) {
        add_string(&t, "error", fault_sentence(&fault, t.arena));
    } else {
        t.request = request;
        for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
            if (text_is(argument(&t, "op"), turns[i].op))
                turns[i].run(&t);
    }
    buf_add_s(&t.out, "}\n");
    fwrite(buf_text(&t.out).at, 1, buf_text(&t.out).bytes, stdout);
    fflush(stdout);
    buf_dispose(&t.out);
    arena_free(t.arena);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    while ((n = getline(&line, &room, stdin)) > 0)
        answer((text_t){line, (size_t)n});
    free(line);
    return 0;
}

/* pairs.c - `avow check --pairs`: a line, a pair, an answer; for oracles, benches and pipelines. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/check.h"
#include "cli/command.h"
#include "compat/report.h"

#define LINE_BYTES_MAX (64u << 20)

typedef struct {
    const check_arguments_t *arguments;
    check_options_t options;
    arena_t *arena; /* of the line */
    buf_t out;
} bulk_t;

/* A schema may stand in the line as JSON, or as a string that holds its text. An Avro name is a string as well, but never starts
 * like a text does. */
static text_t schema_text(const jv_t *value, arena_t *arena)
{
    if (value->kind == JV_STRING && value->text.bytes > 0 && strchr("{[\" \n\t", value->text.at[0]) != NULL)
        return value->text;
    return jv_text(value, arena);
}

static int parse_side(bulk_t *bulk, const jv_t *line, const char *side, schema_t **out, fault_t *fault)
{
    const jv_t *schema = jv_get(line, side), *format = jv_get(line, "format"), *draft = jv_get(line, "draft");
    schema_source_t source = {.flags = SCHEMA_LENIENT, .limits = bulk->options.limits};
    if (schema == NULL)
        return fault_set(fault, FAULT_SYNTAX, 0, 0, "the line has no \"%s\"", side);
    if (format == NULL || format->kind != JV_STRING || !format_find(format->text, &source.format))
        return fault_set(fault, FAULT_SYNTAX, 0, 0, "\"format\" is AVRO or JSON");
    source.text = schema_text(schema, bulk->arena);
    source.dialect =
        draft != NULL && draft->kind == JV_STRING ? draft->text : text_of(bulk->arguments->draft);
    return schema_parse(&source, out, fault);
}

static double micros_since(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - from->tv_sec) * 1e6 + (double)(now.tv_nsec - from->tv_nsec) / 1e3;
}

static void print_id(buf_t *out, const jv_t *line)
{
    const jv_t *id = line != NULL ? jv_get(line, "id") : NULL;
    buf_add_s(out, "{\"id\":");
    if (id != NULL)
        jv_print(out, id);
    else
        buf_add_s(out, "null");
}

static void print_fault(bulk_t *bulk, const jv_t *line, const char *side, const fault_t *fault)
{
    print_id(&bulk->out, line);
    buf_add_s(&bulk->out, ",\"verdict\":\"undecided\",\"reason\":\"unreadable\",\"reason_text\":");
    jv_print_string(&bulk->out, text_printf(bulk->arena, "%s: " TEXT_FMT, side,
                                            TEXT_ARG(fault_sentence(fault, bulk->arena))));
    buf_add_s(&bulk->out, ",\"findings\":[],\"witness\":null,\"micros\":0}\n");
}

static void answer(bulk_t *bulk, const jv_t *line)
{
    schema_t *reader = NULL, *writer = NULL;
    fault_t fault = {0};
    if (parse_side(bulk, line, "reader", &reader, &fault) != 0) {
        print_fault(bulk, line, "reader", &fault);
    } else if (parse_side(bulk, line, "writer", &writer, &fault) != 0) {
        print_fault(bulk, line, "writer", &fault);
    } else {
        struct timespec started;
        clock_gettime(CLOCK_MONOTONIC, &started);
        const report_t *report = compat_check(reader, writer, &bulk->options, bulk->arena);
        double micros = micros_since(&started);
        print_id(&bulk->out, line);
        report_print_members(&bulk->out, report);
        buf_printf(&bulk->out, ",\"micros\":%.2f}\n", micros);
    }
    schema_unref(reader);
    schema_unref(writer);
}

static void answer_line(bulk_t *bulk, text_t text)
{
    jv_t *line = NULL;
    fault_t fault = {0};
    limits_t limits = bulk->options.limits;
    limits.max_bytes = LINE_BYTES_MAX;
    if (jv_read(text, JV_LAST_WINS, &limits, bulk->arena, &line, &fault) == 0)
        answer(bulk, line);
    else
        print_fault(bulk, NULL, "line", &fault);
    text_t out = buf_text(&bulk->out);
    fwrite(out.at, 1, out.bytes, stdout);
    buf_clear(&bulk->out);
    arena_reset(bulk->arena);
}

int pairs_run(const check_arguments_t *arguments)
{
    FILE *file = strcmp(arguments->pairs, "-") == 0 ? stdin : fopen(arguments->pairs, "rb");
    if (file == NULL)
        return command_usage("check", "%s: cannot be read", arguments->pairs);
    bulk_t bulk = {.arguments = arguments, .options = check_options_of(arguments), .arena = arena_new()};
    buf_init(&bulk.out, LINE_BYTES_MAX);
    char *line = NULL;
    size_t room = 0;
    ssize_t bytes;
    while ((bytes = getline(&line, &room, file)) > 0) {
        text_t text = text_trim((text_t){line, (size_t)bytes});
        if (text.bytes > 0)
            answer_line(&bulk, text);
    }
    free(line);
    buf_dispose(&bulk.out);
    arena_free(bulk.arena);
    if (file != stdin)
        fclose(file);
    return fflush(stdout) == 0 ? EXIT_YES : EXIT_NO_ANSWER;
}

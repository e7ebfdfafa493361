/* validate.c - `avow validate SCHEMA MESSAGE...`: are these messages valid under that schema? Offline, one by one or in bulk. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check.h"
#include "cli/command.h"
#include "cli/file.h"
#include "compat/message.h"

#define LINE_BYTES_MAX (64u << 20)
#define ERRORS_MAX     32

typedef struct {
    check_arguments_t schema; /* type, draft, references, assert_format: what check_read_schema reads */
    const char *format, *lines;
} validate_arguments_t;

#define OPTION(field) offsetof(validate_arguments_t, field)

static const char *const formats[] = {"human", "json", NULL};
static const char *const types[] = {"AVRO", "JSON", NULL};

static const option_t options[] = {
    {"format", OPTION_TEXT, OPTION(format), "human|json", NULL, "human", "what is printed", formats},
    {"type", OPTION_TEXT, OPTION(schema.type), "AVRO|JSON", NULL, NULL,
     "the schema's format; found by name and content when absent", types},
    {"draft", OPTION_TEXT, OPTION(schema.draft), "DRAFT", NULL, NULL,
     "JSON Schema without $schema: 4, 6, 7, 2019-09, 2020-12 [7]", NULL},
    {"references", OPTION_TEXT, OPTION(schema.references), "NAME=FILE,...", NULL, NULL,
     "schemas that the schema refers to, what is needed first", NULL},
    {"assert-format", OPTION_FLAG, OPTION(schema.assert_format), NULL, NULL, NULL,
     "JSON Schema: `format` decides", NULL},
    {"lines", OPTION_TEXT, OPTION(lines), "FILE|-", NULL, NULL,
     "judge many: one JSON object a line, {id, schema, instance, draft?, format?}", NULL},
};

static message_options_t message_options(bool assert_format)
{
    return (message_options_t){
        .limits = LIMITS_DEFAULT, .max_errors = ERRORS_MAX, .assert_format = assert_format};
}

static void print_errors_json(buf_t *out, const message_report_t *report)
{
    buf_printf(out, "\"valid\":%s", report->verdict == MESSAGE_VALID ? "true" : "false");
    if (report->reason != NULL)
        buf_printf(out, ",\"undecided\":\"%s\"", report->reason);
    buf_add_s(out, ",\"errors\":[");
    for (size_t i = 0; i < report->n_errors; i++) {
        buf_add_s(out, i > 0 ? ",{\"instance\":" : "{\"instance\":");
        jv_print_string(out, report->errors[i].instance);
        buf_add_s(out, ",\"keyword\":");
        jv_print_string(out, report->errors[i].keyword);
        buf_add_s(out, ",\"sentence\":");
        jv_print_string(out, report->errors[i].sentence);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void print_human(const char *path, const message_report_t *report)
{
    static const char *const words[] = {[MESSAGE_VALID] = "valid",
                                        [MESSAGE_INVALID] = "invalid",
                                        [MESSAGE_UNDECIDED] = "undecided",
                                        [MESSAGE_UNREADABLE] = "unreadable"};
    printf("%-10s %s%s%s\n", words[report->verdict], path, report->reason ? ": " : "",
           report->reason ? report->reason : "");
    for (size_t i = 0; i < report->n_errors; i++) {
        const message_error_t *error = &report->errors[i];
        printf("           %s" TEXT_FMT, error->instance.bytes > 0 ? "" : "(root)",
               TEXT_ARG(error->instance));
        if (error->line > 0)
            printf(" (line %" PRIu32 ", column %" PRIu32 ")", error->line, error->column);
        printf(": " TEXT_FMT "\n", TEXT_ARG(error->sentence));
    }
}

static int exit_of(const message_report_t *report)
{
    return report->verdict == MESSAGE_VALID        ? EXIT_YES
           : report->verdict == MESSAGE_UNREADABLE ? EXIT_USAGE
                                                   : EXIT_NO;
}

static int validate_file(const validate_arguments_t *arguments, const schema_t *schema, const char *path,
                         arena_t *arena)
{
    text_t text;
    message_options_t how = message_options(arguments->schema.assert_format);
    how.limits.max_bytes = LINE_BYTES_MAX;
    if (file_read("validate", path, arena, &text) != 0)
        return EXIT_USAGE;
    const message_report_t *report = message_validate(schema, text, &how, arena);
    if (strcmp(arguments->format, "json") == 0) {
        buf_t out;
        buf_init(&out, LINE_BYTES_MAX);
        buf_add_s(&out, "{\"file\":");
        jv_print_string(&out, text_of(path));
        buf_add_char(&out, ',');
        print_errors_json(&out, report);
        printf(TEXT_FMT "}\n", TEXT_ARG(buf_text(&out)));
        buf_dispose(&out);
    } else {
        print_human(path, report);
    }
    return exit_of(report);
}

/* --- in bulk ----------------------------------------------------------------------------------------------------------------- */

static void print_fault(buf_t *out, const fault_t *fault, arena_t *arena)
{
    print_errors_json(out, message_unreadable(fault, arena));
}

static void judge(const validate_arguments_t *arguments, const jv_t *line, arena_t *arena, buf_t *out)
{
    const jv_t *schema = jv_get(line, "schema"), *instance = jv_get(line, "instance");
    const jv_t *draft = jv_get(line, "draft"), *format = jv_get(line, "format");
    bool asserts = arguments->schema.assert_format || (format != NULL && jv_is_string(format, "assert"));
    message_options_t how = message_options(asserts);
    fault_t fault = {0};
    schema_t *parsed = NULL;
    if (schema == NULL || instance == NULL) {
        fault_set(&fault, FAULT_SYNTAX, 0, 0, "the line needs \"schema\" and \"instance\"");
        print_fault(out, &fault, arena);
        return;
    }
    schema_source_t source = {.format = FORMAT_JSON, .text = jv_text(schema, arena), .limits = how.limits};
    source.dialect =
        draft != NULL && draft->kind == JV_STRING ? draft->text : text_of(arguments->schema.draft);
    if (arguments->schema.type != NULL)
        format_find(text_of(arguments->schema.type), &source.format);
    if (schema_parse(&source, &parsed, &fault) != 0)
        print_fault(out, &fault, arena);
    else /* printed while the schema lives: the report may point into it */
        print_errors_json(out, message_validate(parsed, jv_text(instance, arena), &how, arena));
    schema_unref(parsed);
}

static void answer_line(const validate_arguments_t *arguments, text_t text, arena_t *arena, buf_t *out)
{
    limits_t limits = LIMITS_DEFAULT;
    jv_t *line = NULL;
    fault_t fault = {0};
    limits.max_bytes = LINE_BYTES_MAX;
    bool readable = jv_read(text, JV_STRICT, &limits, arena, &line, &fault) == 0;
    const jv_t *id = readable ? jv_get(line, "id") : NULL;
    buf_add_s(out, "{\"id\":");
    if (id != NULL)
        jv_print(out, id);
    else
        buf_add_s(out, "null");
    buf_add_char(out, ',');
    if (readable)
        judge(arguments, line, arena, out);
    else
        print_fault(out, &fault, arena);
    buf_add_s(out, "}\n");
    fwrite(buf_text(out).at, 1, buf_text(out).bytes, stdout);
    buf_clear(out);
    arena_reset(arena);
}

static int validate_lines(const validate_arguments_t *arguments)
{
    FILE *file = strcmp(arguments->lines, "-") == 0 ? stdin : fopen(arguments->lines, "rb");
    if (file == NULL)
        return command_usage("validate", "%s: cannot be read", arguments->lines);
    arena_t *arena = arena_new();
    buf_t out;
    buf_init(&out, LINE_BYTES_MAX);
    char *line = NULL;
    size_t room = 0;
    ssize_t bytes;
    while ((bytes = getline(&line, &room, file)) > 0) {
        text_t text = text_trim((text_t){line, (size_t)bytes});
        if (text.bytes > 0)
            answer_line(arguments, text, arena, &out);
    }
    free(line);
    buf_dispose(&out);
    arena_free(arena);
    if (file != stdin)
        fclose(file);
    return fflush(stdout) == 0 ? EXIT_YES : EXIT_NO_ANSWER;
}

static int run_validate(const void *given, int argc, char **argv)
{
    const validate_arguments_t *arguments = given;
    if (arguments->lines != NULL)
        return validate_lines(arguments);
    if (argc < 2)
        return command_usage("validate", "name a schema and at least one message: SCHEMA MESSAGE...");
    arena_t *arena = arena_new();
    schema_t *schema = check_read_schema("validate", argv[0], &arguments->schema, arena, NULL);
    int code = schema != NULL ? EXIT_YES : EXIT_USAGE;
    for (int i = 1; schema != NULL && i < argc; i++) {
        int one = validate_file(arguments, schema, argv[i], arena);
        code = one > code ? one : code;
    }
    schema_unref(schema);
    arena_free(arena);
    return code;
}

const command_t validate_command = {
    .name = "validate",
    .arguments = "SCHEMA MESSAGE...",
    .summary = "say whether messages are valid under a schema",
    .details = "For Avro a message is its JSON encoding. Exit code: 0 all valid, 1 some not, 2 an input "
               "could not be read.\n",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_bytes = sizeof(validate_arguments_t),
    .run = run_validate,
};

/* diff.c - `avow diff OLD NEW`: what changed, in words. Offline. */
#include <stdio.h>
#include <string.h>

#include "cli/check.h"
#include "cli/command.h"
#include "compat/diff.h"

#define OUTPUT_MAX (64u << 20)

static const char *const formats[] = {"human", "json", NULL};
static const char *const types[] = {"AVRO", "JSON", NULL};

static const option_t options[] = {
    {"format", OPTION_TEXT, offsetof(check_arguments_t, format), "human|json", NULL, "human",
     "what is printed", formats},
    {"type", OPTION_TEXT, offsetof(check_arguments_t, type), "AVRO|JSON", NULL, NULL,
     "the schemas' format; found by name and content when absent", types},
    {"draft", OPTION_TEXT, offsetof(check_arguments_t, draft), "DRAFT", NULL, NULL,
     "JSON Schema without $schema: 4, 6, 7, 2019-09, 2020-12 [7]", NULL},
    {"references", OPTION_TEXT, offsetof(check_arguments_t, references), "NAME=FILE,...", NULL, NULL,
     "schemas that the two refer to, what is needed first", NULL},
};

static int diff_schemas(const check_arguments_t *arguments, const schema_t *before, const schema_t *after,
                        arena_t *arena)
{
    limits_t limits = LIMITS_DEFAULT;
    diff_t diff = schema_diff(before, after, &limits, arena);
    buf_t out;
    buf_init(&out, OUTPUT_MAX);
    if (strcmp(arguments->format, "json") == 0) {
        diff_print_json(&out, &diff);
        buf_add_char(&out, '\n');
    } else if (diff.n == 0) {
        buf_add_s(&out, "No difference in fields, types, constraints or words.\n");
    } else {
        diff_print_text(&out, &diff);
    }
    fwrite(buf_text(&out).at, 1, buf_text(&out).bytes, stdout);
    buf_dispose(&out);
    return diff.n == 0 ? EXIT_YES : EXIT_NO;
}

static int run_diff(const void *given, int argc, char **argv)
{
    if (argc != 2)
        return command_usage("diff", "name two files: OLD NEW");
    arena_t *arena = arena_new();
    schema_t *before = check_read_schema("diff", argv[0], given, arena, NULL);
    schema_t *after = check_read_schema("diff", argv[1], given, arena, NULL);
    int code = before != NULL && after != NULL ? diff_schemas(given, before, after, arena) : EXIT_USAGE;
    schema_unref(before);
    schema_unref(after);
    arena_free(arena);
    return code;
}

const command_t diff_command = {
    .name = "diff",
    .arguments = "OLD NEW",
    .summary = "say what changed between two schemas",
    .details = "Exit code: 0 no difference, 1 differences, 2 an input could not be read.\n",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_bytes = sizeof(check_arguments_t),
    .run = run_diff,
};

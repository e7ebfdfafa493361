/* check.c - `avow check OLD NEW`: can readers of one schema read what writers of the other write? Offline. */
#include "cli/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/file.h"
#include "compat/diff.h"
#include "compat/report.h"

#define OPTION(field)  offsetof(check_arguments_t, field)
#define FINDINGS_MAX   64
#define OUTPUT_MAX     (64u << 20)
#define REFERENCES_MAX 256

static const char *const modes[] = {"strict", "confluent", NULL};
static const char *const formats[] = {"human", "json", NULL};
static const char *const types[] = {"AVRO", "JSON", NULL};
static const char *const policies[] = {"strict", "lenient", NULL};

static const option_t options[] = {
    {"mode", OPTION_TEXT, OPTION(mode), "strict|confluent", NULL, "strict",
     "strict: the truth, with counterexamples; confluent: what Confluent's registry says", modes},
    {"level", OPTION_TEXT, OPTION(level), "LEVEL", NULL, "backward",
     "backward: NEW reads OLD; forward: OLD reads NEW; full: both", NULL},
    {"format", OPTION_TEXT, OPTION(format), "human|json", NULL, "human", "what is printed", formats},
    {"type", OPTION_TEXT, OPTION(type), "AVRO|JSON", NULL, NULL,
     "the schemas' format; found by name and content when absent", types},
    {"draft", OPTION_TEXT, OPTION(draft), "DRAFT", NULL, NULL,
     "JSON Schema without $schema: 4, 6, 7, 2019-09, 2020-12 [7]", NULL},
    {"references", OPTION_TEXT, OPTION(references), "NAME=FILE,...", NULL, NULL,
     "schemas that the two refer to, what is needed first", NULL},
    {"policy", OPTION_TEXT, OPTION(policy), "strict|lenient", NULL, "strict",
     "Confluent's policy for JSON Schema, in confluent mode", policies},
    {"assert-format", OPTION_FLAG, OPTION(assert_format), NULL, NULL, NULL, "JSON Schema: `format` decides",
     NULL},
    {"steps", OPTION_TEXT, OPTION(steps), "N", NULL, NULL,
     "work a check may cost before it answers undecided", NULL},
    {"pairs", OPTION_TEXT, OPTION(pairs), "FILE|-", NULL, NULL,
     "check many: one JSON object a line, {id, format, reader, writer, draft?}", NULL},
    {"no-color", OPTION_FLAG, OPTION(no_color), NULL, NULL, NULL, "plain text", NULL},
};

check_options_t check_options_of(const check_arguments_t *arguments)
{
    check_options_t options_of = {
        .mode = strcmp(arguments->mode, "strict") == 0 ? MODE_STRICT : MODE_CONFLUENT,
        .policy = strcmp(arguments->policy, "lenient") == 0 ? POLICY_LENIENT : POLICY_STRICT,
        .limits = LIMITS_DEFAULT,
        .max_findings = FINDINGS_MAX,
        .assert_format = arguments->assert_format,
    };
    if (arguments->steps != NULL)
        options_of.limits.max_steps = strtoull(arguments->steps, NULL, 10);
    return options_of;
}

/* "a.b.C=c.avsc,d.json=d.json" */
static int read_references(const char *command, const char *list, arena_t *arena, schema_reference_t *out,
                           size_t *n)
{
    *n = 0;
    for (const char *at = list; at != NULL && *at != '\0';) {
        const char *comma = strchrnul(at, ','), *equals = memchr(at, '=', (size_t)(comma - at));
        if (equals == NULL || *n == REFERENCES_MAX) {
            command_usage(command, "--references is NAME=FILE,NAME=FILE (at most %d)", REFERENCES_MAX);
            return -1;
        }
        out[*n].name = text_copy(arena, (text_t){at, (size_t)(equals - at)});
        if (file_read(command, arena_copy(arena, equals + 1, (size_t)(comma - equals - 1)), arena,
                      &out[*n].text) != 0)
            return -1;
        (*n)++;
        at = *comma == ',' ? comma + 1 : comma;
    }
    return 0;
}

schema_t *check_read_schema(const char *command, const char *path, const check_arguments_t *arguments,
                            arena_t *arena, text_t *source)
{
    schema_reference_t references[REFERENCES_MAX];
    size_t n;
    text_t text;
    if (file_read(command, path, arena, &text) != 0 ||
        read_references(command, arguments->references, arena, references, &n) != 0)
        return NULL;
    schema_source_t given = {
        .format = file_format(arguments->type, path, text),
        .text = text,
        .references = references,
        .n_references = n,
        .flags = SCHEMA_LENIENT,
        .dialect = text_of(arguments->draft),
        .limits = LIMITS_DEFAULT,
    };
    given.limits.max_bytes = 64u << 20;
    fault_t fault = {0};
    schema_t *schema = NULL;
    if (schema_parse(&given, &schema, &fault) != 0)
        fprintf(stderr, "avow %s: %s: " TEXT_FMT "\n", command, path,
                TEXT_ARG(fault_sentence(&fault, arena)));
    if (source != NULL)
        *source = text;
    return schema;
}

typedef struct {
    const char *path;
    text_t text;
    schema_t *schema;
} input_t;

typedef struct {
    const char *name; /* "backward": NEW reads OLD */
    bool new_reads_old;
} direction_t;

static const direction_t directions[] = {{"backward", true}, {"forward", false}};

static bool level_asks(level_t level, const direction_t *direction)
{
    static const struct {
        bool backward, forward;
    } asks[LEVEL_N] = {
        [LEVEL_NONE] = {false, false},
        [LEVEL_BACKWARD] = {true, false},
        [LEVEL_BACKWARD_TRANSITIVE] = {true, false},
        [LEVEL_FORWARD] = {false, true},
        [LEVEL_FORWARD_TRANSITIVE] = {false, true},
        [LEVEL_FULL] = {true, true},
        [LEVEL_FULL_TRANSITIVE] = {true, true},
    };
    return direction->new_reads_old ? asks[level].backward : asks[level].forward;
}

static report_style_t terminal_style(const check_arguments_t *arguments)
{
    struct winsize size;
    bool terminal = isatty(STDOUT_FILENO);
    unsigned columns =
        terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
    return (report_style_t){.colour = terminal && !arguments->no_color && getenv("NO_COLOR") == NULL,
                            .columns = columns};
}

typedef struct {
    const report_t *reports[2]; /* by direction; NULL where the level does not ask */
    diff_t diff;
    semver_t semver;
    bool compatible;
} outcome_t;

static outcome_t check_pair(const check_arguments_t *arguments, level_t level, const input_t *before,
                            const input_t *after, arena_t *arena)
{
    check_options_t how = check_options_of(arguments);
    outcome_t outcome = {.compatible = true};
    for (size_t i = 0; i < 2; i++) {
        if (!level_asks(level, &directions[i]))
            continue;
        how.fix = directions[i].new_reads_old ? FIX_READER : FIX_WRITER;
        const input_t *reader = directions[i].new_reads_old ? after : before,
                      *writer = directions[i].new_reads_old ? before : after;
        outcome.reports[i] = compat_check(reader->schema, writer->schema, &how, arena);
        outcome.compatible = outcome.compatible && outcome.reports[i]->verdict == VERDICT_COMPATIBLE;
    }
    outcome.diff = schema_diff(before->schema, after->schema, &how.limits, arena);
    outcome.semver = semver_propose(&outcome.diff, outcome.reports[0], outcome.reports[1]);
    return outcome;
}

static void print_json(buf_t *out, const check_arguments_t *arguments, level_t level,
                       const outcome_t *outcome)
{
    buf_printf(out, "{\"compatible\":%s,\"mode\":\"%s\",\"level\":\"%s\",\"semver\":\"%s\",\"directions\":[",
               outcome->compatible ? "true" : "false", arguments->mode, level_name(level),
               semver_name(outcome->semver));
    for (size_t i = 0, shown = 0; i < 2; i++) {
        if (outcome->reports[i] == NULL)
            continue;
        buf_printf(out, "%s{\"direction\":\"%s\",", shown++ > 0 ? "," : "", directions[i].name);
        buf_t members;
        buf_init(&members, OUTPUT_MAX);
        report_print_members(&members, outcome->reports[i]);
        text_t text = buf_text(&members);
        buf_add(out, text.bytes > 0 && text.at[0] == ',' ? text_from(text, 1) : text);
        buf_dispose(&members);
        buf_add_char(out, '}');
    }
    buf_add_s(out, "],\"changes\":");
    diff_print_json(out, &outcome->diff);
    buf_add_s(out, "}\n");
}

static void print_human(buf_t *out, const check_arguments_t *arguments, const outcome_t *outcome,
                        const input_t *before, const input_t *after)
{
    report_style_t style = terminal_style(arguments);
    side_t older = {before->path, "old", before->text}, newer = {after->path, "new", after->text};
    for (size_t i = 0; i < 2; i++)
        if (outcome->reports[i] != NULL)
            report_print_text(out, outcome->reports[i], directions[i].new_reads_old ? &newer : &older,
                              directions[i].new_reads_old ? &older : &newer, &style);
    if (outcome->diff.n > 0) {
        buf_add_s(out, "  What changed\n");
        diff_print_text(out, &outcome->diff);
    }
    if (outcome->semver != SEMVER_NONE)
        buf_printf(out, "\n  Proposed version step: %s\n", semver_name(outcome->semver));
}

static int check_files(const check_arguments_t *arguments, level_t level, input_t *before, input_t *after,
                       arena_t *arena)
{
    before->schema = check_read_schema("check", before->path, arguments, arena, &before->text);
    after->schema = check_read_schema("check", after->path, arguments, arena, &after->text);
    if (before->schema == NULL || after->schema == NULL)
        return EXIT_USAGE;
    if (schema_format(before->schema) != schema_format(after->schema))
        return command_usage("check", "%s is %s and %s is %s: give --type if that is not so", before->path,
                             format_name(schema_format(before->schema)), after->path,
                             format_name(schema_format(after->schema)));
    outcome_t outcome = check_pair(arguments, level, before, after, arena);
    buf_t out;
    buf_init(&out, OUTPUT_MAX);
    if (strcmp(arguments->format, "json") == 0)
        print_json(&out, arguments, level, &outcome);
    else
        print_human(&out, arguments, &outcome, before, after);
    fwrite(buf_text(&out).at, 1, buf_text(&out).bytes, stdout);
    buf_dispose(&out);
    return outcome.compatible ? EXIT_YES : EXIT_NO;
}

static int run_check(const void *given, int argc, char **argv)
{
    const check_arguments_t *arguments = given;
    level_t level;
    if (arguments->pairs != NULL)
        return pairs_run(arguments);
    if (argc != 2)
        return command_usage("check", "name two files: OLD NEW");
    if (!level_find(text_of(arguments->level), &level))
        return command_usage("check", "there is no level \"%s\"", arguments->level);
    arena_t *arena = arena_new();
    input_t before = {.path = argv[0]}, after = {.path = argv[1]};
    int code = check_files(arguments, level, &before, &after, arena);
    schema_unref(before.schema);
    schema_unref(after.schema);
    arena_free(arena);
    return code;
}

const command_t check_command = {
    .name = "check",
    .arguments = "OLD NEW",
    .summary = "compare two schemas: who can read what the other writes",
    .details = "Exit code: 0 compatible, 1 not, 2 an input could not be read.\n",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_bytes = sizeof(check_arguments_t),
    .run = run_check,
};

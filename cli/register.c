/* register.c - `avow register`: schemas from files to subjects, version after version, with a table of what was accepted and
 * what was refused and why. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/client.h"
#include "cli/command.h"
#include "cli/file.h"

typedef struct {
    const char *server, *user, *token;
    const char *subject, *prefix, *type, *level, *format;
    bool normalize, quiet, verify;
} register_options_t;

#define OPTION(field) offsetof(register_options_t, field)

static const char *const formats[] = {"human", "json", NULL};
static const char *const types[] = {"AVRO", "JSON", NULL};

static const option_t options[] = {
    {"server", OPTION_TEXT, OPTION(server), "URL", "AVOW_SERVER", "http://127.0.0.1:8081",
     "the registry to ask", NULL},
    {"user", OPTION_TEXT, OPTION(user), "NAME:PASSWORD", "AVOW_USER", NULL, "basic credentials", NULL},
    {"token", OPTION_TEXT, OPTION(token), "TOKEN", "AVOW_TOKEN", NULL, "bearer token", NULL},
    {"subject", OPTION_TEXT, OPTION(subject), "NAME", NULL, NULL,
     "register every file, in the order given, as a version of this subject", NULL},
    {"prefix", OPTION_TEXT, OPTION(prefix), "TEXT", NULL, NULL,
     "put before the names of subjects made from folders and files", NULL},
    {"type", OPTION_TEXT, OPTION(type), "AVRO|JSON", NULL, NULL,
     "the schemas' format; found by name and content when absent", types},
    {"level", OPTION_TEXT, OPTION(level), "LEVEL", NULL, NULL, "set each subject's compatibility level first",
     NULL},
    {"normalize", OPTION_FLAG, OPTION(normalize), NULL, NULL, NULL, "normalize the schemas", NULL},
    {"verify", OPTION_FLAG, OPTION(verify), NULL, NULL, NULL,
     "read every id back and compare it with the version's text", NULL},
    {"format", OPTION_TEXT, OPTION(format), "human|json", NULL, "human", "what is printed", formats},
    {"quiet", OPTION_FLAG, OPTION(quiet), NULL, NULL, NULL, "print refusals and totals only", NULL},
};

typedef struct {
    const register_options_t *options;
    client_t *client;
    arena_t *arena;
    json_t *rows;
    size_t n_subjects, n_accepted, n_refused, n_incompatible, n_unread, n_verified;
    bool no_answer;
} run_t;

static const char *versions_path(const run_t *run, const char *subject)
{
    return arena_printf(run->arena, "/subjects/%s/versions%s", client_segment(run->arena, subject),
                        run->options->normalize ? "?normalize=true" : "");
}

/* A registry's refusal lists {errorType:'T', description:'...'} for each difference, then the old schema, which is long: the differences are
 * shown a line each. Any other message is shown as it is. */
static void print_refusal(const char *subject, const char *path, const char *refusal)
{
    static const char type_mark[] = "{errorType:", description_mark[] = "description:";
    const char *at = strstr(refusal, type_mark);
    printf("refused   %-44s %s\n", subject, path);
    if (at == NULL)
        printf("          %s\n", refusal);
    for (; at != NULL; at = strstr(at, type_mark)) {
        const char *type = at + sizeof type_mark, *description = strstr(type, description_mark);
        at = description != NULL ? description + sizeof description_mark : type;
        const char *end = strstr(at, "', additionalInfo:");
        if (end == NULL || end > at + strcspn(at, "}"))
            end = at + strcspn(at, "}") - 1;
        printf("          %.*s: %.*s\n", (int)strcspn(type, "'\","), type, (int)(end > at ? end - at : 0),
               at);
    }
}

static void note(run_t *run, const char *subject, const char *path, int64_t id, const char *refusal)
{
    if (strcmp(run->options->format, "json") == 0) {
        json_array_append_new(run->rows,
                              json_pack("{s:s, s:s, s:o*, s:s*}", "subject", subject, "file", path, "id",
                                        id > 0 ? json_integer(id) : NULL, "refused", refusal));
        return;
    }
    if (refusal != NULL)
        print_refusal(subject, path, refusal);
    else if (!run->options->quiet)
        printf("accepted  %-44s %s  id %lld\n", subject, path, (long long)id);
}

/* The id answers with the text of the subject's latest version. */
static const char *verify(run_t *run, const char *subject, int64_t id)
{
    const char *problem = NULL;
    answer_t latest = client_ask(
        run->client, "GET",
        arena_printf(run->arena, "/subjects/%s/versions/latest", client_segment(run->arena, subject)), NULL);
    answer_t by_id =
        client_ask(run->client, "GET", arena_printf(run->arena, "/schemas/ids/%lld", (long long)id), NULL);
    const json_t *a = json_object_get(latest.body, "schema"), *b = json_object_get(by_id.body, "schema");
    if (latest.status != 200 || by_id.status != 200)
        problem = "registered, but not readable afterwards";
    else if (json_integer_value(json_object_get(latest.body, "id")) == id && !json_equal(a, b))
        problem = "registered, but its id answers with another text";
    else
        run->n_verified++;
    json_decref(latest.body);
    json_decref(by_id.body);
    return problem;
}

static void register_text(run_t *run, const char *subject, const char *path, text_t text)
{
    format_id_t format = file_format(run->options->type, path, text);
    json_t *body = json_pack("{s:s%, s:s}", "schema", text.at, text.bytes, "schemaType", format_name(format));
    if (body == NULL) {
        run->n_unread++;
        note(run, subject, path, 0, "the file is not UTF-8 text");
        return;
    }
    answer_t answer = client_ask(run->client, "POST", versions_path(run, subject), body);
    json_decref(body);
    int64_t id = json_integer_value(json_object_get(answer.body, "id"));
    const char *problem = answer.status == 200 && id > 0 ? NULL : answer.message;
    if (problem == NULL && run->options->verify)
        problem = verify(run, subject, id);
    note(run, subject, path, id, problem);
    run->n_accepted += problem == NULL;
    run->n_refused += problem != NULL;
    run->n_incompatible += answer.status == 409;
    run->no_answer = run->no_answer || answer.status == 0 || answer.status >= 500 || answer.status == 401 ||
                     answer.status == 403;
    json_decref(answer.body);
}

static int set_level(run_t *run, const char *subject)
{
    json_t *body = json_pack("{s:s}", "compatibility", run->options->level);
    answer_t answer =
        client_ask(run->client, "PUT",
                   arena_printf(run->arena, "/config/%s", client_segment(run->arena, subject)), body);
    json_decref(body);
    json_decref(answer.body);
    if (answer.status == 200)
        return 0;
    fprintf(stderr, "avow register: %s: %s\n", subject, answer.message);
    return answer.status == 0 ? EXIT_NO_ANSWER : EXIT_USAGE;
}

static int register_subject(run_t *run, const char *name, const char *const *paths, size_t n_paths)
{
    const char *subject =
        arena_printf(run->arena, "%s%s", run->options->prefix ? run->options->prefix : "", name);
    int code = run->options->level != NULL ? set_level(run, subject) : 0;
    run->n_subjects++;
    for (size_t i = 0; code == 0 && i < n_paths && !run->no_answer; i++) {
        arena_mark_t mark = arena_mark(run->arena);
        text_t text;
        if (file_read("register", paths[i], run->arena, &text) != 0)
            return EXIT_USAGE;
        register_text(run, subject, paths[i], text);
        arena_rewind(run->arena, mark);
    }
    return code;
}

static int register_all(run_t *run, int argc, char **argv)
{
    if (run->options->subject != NULL)
        return register_subject(run, run->options->subject, (const char *const *)argv, (size_t)argc);
    for (int i = 0; i < argc; i++) {
        file_subject_t *subjects;
        size_t n;
        if (file_subjects("register", argv[i], run->arena, &subjects, &n) != 0)
            return EXIT_USAGE;
        for (size_t k = 0; k < n; k++) {
            int code = register_subject(run, subjects[k].name, subjects[k].paths, subjects[k].n_paths);
            if (code != 0 || run->no_answer)
                return code;
        }
    }
    return 0;
}

static void print_totals(const run_t *run, double seconds)
{
    if (strcmp(run->options->format, "json") == 0) {
        json_t *all = json_pack("{s:O, s:I, s:I, s:I, s:f}", "versions", run->rows, "subjects",
                                (json_int_t)run->n_subjects, "accepted", (json_int_t)run->n_accepted,
                                "refused", (json_int_t)(run->n_refused + run->n_unread), "seconds", seconds);
        json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        printf("\n");
        json_decref(all);
        return;
    }
    printf("\n%zu versions of %zu subjects in %.2f s: %zu accepted, %zu refused",
           run->n_accepted + run->n_refused + run->n_unread, run->n_subjects, seconds, run->n_accepted,
           run->n_refused + run->n_unread);
    if (run->n_refused + run->n_unread > 0)
        printf(" (%zu incompatible, %zu invalid)", run->n_incompatible,
               run->n_refused + run->n_unread - run->n_incompatible);
    if (run->options->verify)
        printf(", %zu read back by id and equal", run->n_verified);
    printf(".\n");
}

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int run_register(const void *given, int argc, char **argv)
{
    run_t run = {.options = given};
    if (argc == 0)
        return command_usage("register", "name at least one file or folder of schemas");
    client_options_t client = {run.options->server, run.options->user, run.options->token};
    run.client = client_new(&client);
    run.arena = arena_new();
    run.rows = json_array();
    double started = now_seconds();
    int code = run.client == NULL ? EXIT_NO_ANSWER : register_all(&run, argc, argv);
    if (code == 0)
        print_totals(&run, now_seconds() - started);
    if (code == 0 && run.no_answer)
        code = EXIT_NO_ANSWER;
    else if (code == 0 && run.n_refused + run.n_unread > 0)
        code = EXIT_NO;
    json_decref(run.rows);
    arena_free(run.arena);
    client_free(run.client);
    return code;
}

const command_t register_command = {
    .name = "register",
    .arguments = "FILE|FOLDER...",
    .summary = "register schemas with a server, version after version",
    .details = "A file is a version of the subject named after it, or of --subject. In a folder, every "
               "folder that holds schemas\n"
               "(.avsc, .json) is a subject and its files, in natural order, are the versions.\n"
               "Exit code: 0 all accepted, 1 some refused, 2 usage, 5 the server did not answer.\n",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_bytes = sizeof(register_options_t),
    .run = run_register,
};

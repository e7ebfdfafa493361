/* driver.c - the validator for programs that compare it with others.
 *
 *   validator_driver suite DRAFT REMOTES_DIR FILE...   runs files of the official JSON-Schema-Test-Suite, one line each:
 *                                                      "FILE passed failed undecided", and each failure on standard error
 *   validator_driver lines                             reads {"draft", "schema", "instances": [...], "format": bool} a line
 *                                                      and answers {"results": [true, false, "undecided: reason", ...]} or
 *                                                      {"fault": "sentence"}
 *
 * Files are read by our own exact reader: a JavaScript or Python program would change their numbers on the way.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compat/json/validator.h"

#define DOCUMENTS_MAX 512

typedef struct {
    js_document_t documents[DOCUMENTS_MAX];
    size_t n;
} remotes_t;

static const limits_t limits = LIMITS_DEFAULT;

static text_t read_file(const char *path, arena_t *arena)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    buf_t text;
    char block[65536];
    size_t n;
    buf_init(&text, BUF_NO_MAX);
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&text, (text_t){block, n});
    fclose(file);
    text_t taken = buf_take(&text, arena);
    buf_dispose(&text);
    return taken;
}

static jv_t *read_json(const char *path, arena_t *arena)
{
    jv_t *tree;
    fault_t fault = {0};
    if (jv_read(read_file(path, arena), JV_STRICT, &limits, arena, &tree, &fault) != 0) {
        fprintf(stderr, "%s: %s\n", path, fault_sentence(&fault, arena).at);
        exit(2);
    }
    return tree;
}

/* Every document below `dir`, named as the suite's server would serve it. Drafts that are not ours are left out. */
static void load_remotes(remotes_t *remotes, const char *dir, const char *address, arena_t *arena)
{
    struct dirent **entries;
    int n = scandir(dir, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        struct stat about;
        const char *path = arena_printf(arena, "%s/%s", dir, name);
        text_t uri = text_printf(arena, "%s/%s", address, name);
        bool foreign =
            strcmp(name, "draft3") == 0 || strcmp(name, "draft-next") == 0 || strcmp(name, "v1") == 0;
        if (name[0] == '.' || foreign || stat(path, &about) != 0)
            ;
        else if (S_ISDIR(about.st_mode))
            load_remotes(remotes, path, uri.at, arena);
        else if (remotes->n < DOCUMENTS_MAX)
            remotes->documents[remotes->n++] = (js_document_t){uri, read_json(path, arena)};
        free(entries[i]);
    }
    free(entries);
}

static int compile(const jv_t *schema, js_dialect_t dialect, js_format_t format, const remotes_t *remotes,
                   arena_t *arena, js_validator_t **out, fault_t *fault)
{
    js_resources_t *resources;
    js_document_t root = {TEXT_NONE, schema};
    if (js_resources_build(&root, remotes->documents, remotes->n, dialect, arena, &resources, fault) != 0)
        return -1;
    return js_validator_compile(resources, format, &limits, arena, out, fault);
}

/* --- suite ------------------------------------------------------------------------------------------------------- */

typedef struct {
    unsigned passed, failed, undecided;
} totals_t;

static void run_group(const char *path, const jv_t *group, js_dialect_t dialect, js_format_t format,
                      const remotes_t *remotes, totals_t *totals)
{
    arena_t *arena = arena_new();
    js_validator_t *validator = NULL;
    fault_t fault = {0};
    const jv_t *tests = jv_get(group, "tests");
    text_t title = jv_get(group, "description")->text;
    bool compiled =
        compile(jv_get(group, "schema"), dialect, format, remotes, arena, &validator, &fault) == 0;
    if (!compiled)
        fprintf(stderr, "%s: " TEXT_FMT ": %s\n", path, TEXT_ARG(title), fault_sentence(&fault, arena).at);
    for (uint32_t i = 0; i < tests->n; i++) {
        const jv_t *test = &tests->items[i];
        bool valid = jv_get(test, "valid")->kind == JV_TRUE;
        if (!compiled) {
            totals->failed++;
            continue;
        }
        js_result_t result = js_validate(validator, jv_get(test, "data"), 4, &limits, arena);
        if (result.verdict == JS_UNDECIDED)
            totals->undecided++;
        else if ((result.verdict == JS_VALID) == valid && (valid || result.n_errors > 0))
            totals->passed++;
        else
            totals->failed++;
        if (result.verdict == JS_UNDECIDED || (result.verdict == JS_VALID) != valid)
            fprintf(stderr, "%s: " TEXT_FMT ": " TEXT_FMT ": should be %s, is %s\n", path, TEXT_ARG(title),
                    TEXT_ARG(jv_get(test, "description")->text), valid ? "valid" : "invalid",
                    result.verdict == JS_UNDECIDED ? result.reason
                    : valid                        ? "invalid"
                                                   : "valid");
    }
    arena_free(arena);
}

static int run_suite(const char *draft, const char *remotes_dir, char **files, int n_files)
{
    js_dialect_t dialect;
    arena_t *arena = arena_new();
    remotes_t *remotes = ARENA_NEW(arena, remotes_t);
    if (!js_dialect_find(text_of(draft), &dialect)) {
        fprintf(stderr, "%s: not a draft\n", draft);
        return 2;
    }
    load_remotes(remotes, remotes_dir, "http://localhost:1234", arena);
    for (int i = 0; i < n_files; i++) {
        const jv_t *groups = read_json(files[i], arena);
        totals_t totals = {0};
        js_format_t format =
            strstr(files[i], "/optional/format/") != NULL ? JS_FORMAT_ASSERTS : JS_FORMAT_ANNOTATES;
        for (uint32_t g = 0; g < groups->n; g++)
            run_group(files[i], &groups->items[g], dialect, format, remotes, &totals);
        printf("%s %u %u %u\n", files[i], totals.passed, totals.failed, totals.undecided);
    }
    arena_free(arena);
    return 0;
}

/* --- lines ------------------------------------------------------------------------------------------------------- */

static void print_result(buf_t *out, js_result_t result)
{
    if (result.verdict == JS_UNDECIDED)
        buf_printf(out, "\"undecided: %s\"", result.reason);
    else
        buf_add_s(out, result.verdict == JS_VALID ? "true" : "false");
}

static void answer_line(text_t line, buf_t *out)
{
    arena_t *arena = arena_new();
    static const remotes_t none = {.n = 0};
    js_validator_t *validator;
    fault_t fault = {0};
    jv_t *question;
    js_dialect_t dialect = DIALECT_07;
    buf_clear(out);
    if (jv_read(line, JV_STRICT, &limits, arena, &question, &fault) == 0) {
        const jv_t *draft = jv_get(question, "draft"), *format = jv_get(question, "format");
        const jv_t *instances = jv_get(question, "instances");
        if (draft != NULL)
            js_dialect_find(draft->text, &dialect);
        js_format_t asserts =
            format != NULL && format->kind == JV_TRUE ? JS_FORMAT_ASSERTS : JS_FORMAT_ANNOTATES;
        if (compile(jv_get(question, "schema"), dialect, asserts, &none, arena, &validator, &fault) == 0) {
            buf_add_s(out, "{\"results\":[");
            for (uint32_t i = 0; i < instances->n; i++) {
                if (i > 0)
                    buf_add_char(out, ',');
                print_result(out, js_validate(validator, &instances->items[i], 2, &limits, arena));
            }
            buf_add_s(out, "]}");
        }
    }
    if (fault.code != FAULT_NONE) {
        buf_add_s(out, "{\"fault\":");
        jv_print_string(out, fault_sentence(&fault, arena));
        buf_add_char(out, '}');
    }
    puts(buf_text(out).at);
    fflush(stdout);
    arena_free(arena);
}

static int run_lines(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    while ((n = getline(&line, &room, stdin)) > 0)
        answer_line((text_t){line, (size_t)n}, &out);
    buf_dispose(&out);
    free(line);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 4 && strcmp(argv[1], "suite") == 0)
        return run_suite(argv[2], argv[3], argv + 4, argc - 4);
    if (argc == 2 && strcmp(argv[1], "lines") == 0)
        return run_lines();
    fprintf(stderr, "usage: %s suite DRAFT REMOTES_DIR FILE...\n       %s lines\n", argv[0], argv[0]);
    return 2;
}

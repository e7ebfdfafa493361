/* import.c - `avow import`: another registry, copied with its ids and versions; or a bundle that `avow export` wrote.
 *
 * Copying a registry reads everything first, so that references come before what refers to them, and then writes version after version.
 * What is there already, under the same id and version, is passed over: after an interruption the same command goes on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/command.h"
#include "cli/file.h"

typedef struct {
    const char *server, *user, *token, *from_user, *from_token, *prefix;
    bool dry_run, verify, quiet;
} import_options_t;

#define OPTION(field) offsetof(import_options_t, field)

static const option_t options[] = {
    {"server", OPTION_TEXT, OPTION(server), "URL", "AVOW_SERVER", "http://127.0.0.1:8081",
     "the server to fill", NULL},
    {"user", OPTION_TEXT, OPTION(user), "NAME:PASSWORD", "AVOW_USER", NULL, "basic credentials for it", NULL},
    {"token", OPTION_TEXT, OPTION(token), "TOKEN", "AVOW_TOKEN", NULL, "bearer token for it", NULL},
    {"from-user", OPTION_TEXT, OPTION(from_user), "NAME:PASSWORD", "AVOW_FROM_USER", NULL,
     "basic credentials for the registry that is copied", NULL},
    {"from-token", OPTION_TEXT, OPTION(from_token), "TOKEN", "AVOW_FROM_TOKEN", NULL,
     "bearer token for the registry that is copied", NULL},
    {"prefix", OPTION_TEXT, OPTION(prefix), "TEXT", NULL, NULL, "only subjects that begin with this", NULL},
    {"dry-run", OPTION_FLAG, OPTION(dry_run), NULL, NULL, NULL, "say what would be copied and write nothing",
     NULL},
    {"verify", OPTION_FLAG, OPTION(verify), NULL, NULL, NULL,
     "read every id back and compare it with the original", NULL},
    {"quiet", OPTION_FLAG, OPTION(quiet), NULL, NULL, NULL, "print problems and totals only", NULL},
};

/* One version of the registry that is copied. */
typedef struct {
    const char *subject; /* with its context */
    json_int_t version, id;
    json_t *body; /* as the registry told it */
    bool deleted, done;
} item_t;

typedef struct {
    const import_options_t *options;
    client_t *from, *to;
    arena_t *arena;
    item_t *items;
    size_t n_items, room;
    json_t *opened; /* subjects that are in IMPORT mode now */
    size_t n_subjects, n_copied, n_there, n_failed, n_verified;
    bool no_answer;
} run_t;

/* --- asking ------------------------------------------------------------------------------------------------------------- */

/* The body of a 200; NULL otherwise. 404 is an answer like others; no answer at all ends the run. */
static json_t *get(run_t *run, client_t *client, const char *path)
{
    if (run->no_answer)
        return NULL;
    answer_t answer = client_ask(client, "GET", path, NULL);
    if (answer.status == 200)
        return answer.body;
    json_decref(answer.body);
    if (answer.status != 404) {
        fprintf(stderr, "avow import: GET %s: %d %s\n", path, answer.status, answer.message);
        run->no_answer = true;
    }
    return NULL;
}

static bool change(run_t *run, const char *method, const char *path, const json_t *body)
{
    if (run->no_answer)
        return false;
    answer_t answer = client_ask(run->to, method, path, body);
    json_decref(answer.body);
    if (answer.status == 200)
        return true;
    fprintf(stderr, "avow import: %s %s: %d %s\n", method, path, answer.status, answer.message);
    run->no_answer = answer.status == 0 || answer.status == 401 || answer.status == 403;
    return false;
}

static const char *subject_path(const run_t *run, const char *root, const char *subject, const char *rest)
{
    return arena_printf(run->arena, "%s/%s%s", root, client_segment(run->arena, subject), rest);
}

static const char *version_path(const run_t *run, const item_t *item)
{
    return arena_printf(run->arena, "/subjects/%s/versions/%lld?deleted=true",
                        client_segment(run->arena, item->subject), (long long)item->version);
}

/* --- reading what there is to copy ------------------------------------------------------------------------------------------ */

static void add(run_t *run, item_t item)
{
    if (run->n_items == run->room) {
        run->room = run->room == 0 ? 256 : run->room * 2;
        run->items = realloc(run->items, run->room * sizeof *run->items);
        if (run->items == NULL)
            abort();
    }
    run->items[run->n_items++] = item;
}

static bool holds(const json_t *list, const json_t *value)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) if (json_equal(item, value)) return true;
    return false;
}

static void read_subject(run_t *run, const char *subject)
{
    json_t *all = get(run, run->from, subject_path(run, "/subjects", subject, "/versions?deleted=true"));
    json_t *live = get(run, run->from, subject_path(run, "/subjects", subject, "/versions")), *version;
    size_t i;
    json_array_foreach(all, i, version)
    {
        item_t item = {
            .subject = subject, .version = json_integer_value(version), .deleted = !holds(live, version)};
        item.body = get(run, run->from, version_path(run, &item));
        if (item.body == NULL)
            continue;
        item.id = json_integer_value(json_object_get(item.body, "id"));
        add(run, item);
    }
    run->n_subjects++;
    json_decref(all);
    json_decref(live);
}

static int in_order(const void *a, const void *b)
{
    const item_t *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    int names = strcmp(x->subject, y->subject);
    return names != 0 ? names : (x->version > y->version) - (x->version < y->version);
}

static void read_all(run_t *run)
{
    const char *prefix = run->options->prefix != NULL ? run->options->prefix : ":*:";
    json_t *subjects = get(run, run->from,
                           arena_printf(run->arena, "/subjects?deleted=true&subjectPrefix=%s",
                                        client_segment(run->arena, prefix))),
           *subject;
    size_t i;
    json_array_foreach(subjects, i, subject)
        read_subject(run, arena_printf(run->arena, "%s", json_string_value(subject)));
    json_decref(subjects);
    if (run->n_items > 0)
        qsort(run->items, run->n_items, sizeof *run->items, in_order);
}

/* --- writing ---------------------------------------------------------------------------------------------------------------- */

/* IMPORT is the mode in which ids and versions may be given. */
static bool open_subject(run_t *run, const char *subject)
{
    if (json_object_get(run->opened, subject) != NULL)
        return true;
    json_t *mode = json_pack("{s:s}", "mode", "IMPORT");
    bool opened = change(run, "PUT", subject_path(run, "/mode", subject, "?force=true"), mode);
    json_decref(mode);
    if (opened)
        json_object_set_new(run->opened, subject, json_true());
    return opened;
}

static const item_t *find(const run_t *run, const char *subject, json_int_t version)
{
    for (size_t i = 0; i < run->n_items; i++)
        if (run->items[i].version == version && strcmp(run->items[i].subject, subject) == 0)
            return &run->items[i];
    return NULL;
}

/* References to versions that are copied, too, have to be there first; any other is the target's to judge. */
static bool is_ready(const run_t *run, const item_t *item)
{
    size_t i;
    json_t *reference;
    json_array_foreach(json_object_get(item->body, "references"), i, reference)
    {
        const char *subject = json_string_value(json_object_get(reference, "subject"));
        const item_t *target =
            subject == NULL ? NULL
                            : find(run, subject, json_integer_value(json_object_get(reference, "version")));
        if (target != NULL && !target->done)
            return false;
    }
    return true;
}

/* What the target has under this subject and version, or NULL. A registry that lacks an unqualified subject answers with one of
 * that name in another context: that is not it. */
static json_t *get_there(run_t *run, const item_t *item, const char *path)
{
    json_t *there = get(run, run->to, path);
    const char *subject = json_string_value(json_object_get(there, "subject"));
    if (subject != NULL && strcmp(subject, item->subject) == 0)
        return there;
    json_decref(there);
    return NULL;
}

/* 1: the same is there; 0: nothing is; -1: something else is. */
static int is_there(run_t *run, const item_t *item)
{
    json_t *there = get_there(run, item, version_path(run, item));
    if (there == NULL)
        return 0;
    bool same = json_integer_value(json_object_get(there, "id")) == item->id &&
                json_equal(json_object_get(there, "schema"), json_object_get(item->body, "schema"));
    if (!same)
        fprintf(stderr, "avow import: %s version %lld is another one here: id %lld there, %lld here\n",
                item->subject, (long long)item->version, (long long)item->id,
                (long long)json_integer_value(json_object_get(there, "id")));
    json_decref(there);
    return same ? 1 : -1;
}

static void copy(run_t *run, item_t *item)
{
    static const char *const kept[] = {"schema",  "schemaType", "references", "metadata",
                                       "ruleSet", "version",    "id"};
    int there = is_there(run, item);
    item->done = true;
    if (there != 0 || run->no_answer) {
        run->n_there += there > 0;
        run->n_failed += there < 0;
        return;
    }
    if (run->options->dry_run) {
        run->n_copied++;
        return;
    }
    json_t *body = json_object();
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        json_t *value = json_object_get(item->body, kept[i]);
        if (value != NULL && !json_is_null(value))
            json_object_set(body, kept[i], value);
    }
    bool copied = open_subject(run, item->subject) &&
                  change(run, "POST", subject_path(run, "/subjects", item->subject, "/versions"), body);
    json_decref(body);
    run->n_copied += copied;
    run->n_failed += !copied;
    if (copied && !run->options->quiet)
        printf("copied    %s version %lld id %lld\n", item->subject, (long long)item->version,
               (long long)item->id);
}

/* Round after round, until nothing is left that waits for a reference. */
static void copy_all(run_t *run)
{
    bool progress = true;
    for (bool forced = false; !run->no_answer; progress = false) {
        size_t left = 0;
        for (size_t i = 0; i < run->n_items && !run->no_answer; i++) {
            arena_mark_t mark = arena_mark(run->arena);
            if (run->items[i].done)
                continue;
            if (forced || is_ready(run, &run->items[i])) {
                copy(run, &run->items[i]);
                progress = true;
            } else {
                left++;
            }
            arena_rewind(run->arena, mark);
        }
        if (left == 0)
            return;
        forced = !progress; /* a circle: the target says what is wrong with it */
    }
}

/* Last, because a version that something refers to cannot be deleted before it is. */
static void copy_deletions(run_t *run)
{
    for (size_t i = run->n_items; i-- > 0 && !run->options->dry_run && !run->no_answer;) {
        const item_t *item = &run->items[i];
        if (!item->deleted)
            continue;
        const char *path = arena_printf(run->arena, "/subjects/%s/versions/%lld",
                                        client_segment(run->arena, item->subject), (long long)item->version);
        json_t *live = get_there(run, item, path);
        if (live != NULL)
            change(run, "DELETE", path, NULL);
        json_decref(live);
    }
}

/* An IMPORT mode that an interrupted run left behind ends as well. */
static void close_subject(run_t *run, const char *scope)
{
    json_t *mode = get(run, run->to, arena_printf(run->arena, "/mode%s", scope));
    const char *name = json_string_value(json_object_get(mode, "mode"));
    if (name != NULL && strcmp(name, "IMPORT") == 0)
        change(run, "DELETE", arena_printf(run->arena, "/mode%s", scope), NULL);
    json_decref(mode);
}

/* What was set for a scope there is set here, and the IMPORT mode ends. `scope`: "" for everything, or "/subject". */
static void copy_settings(run_t *run, const char *scope)
{
    json_t *config = get(run, run->from, arena_printf(run->arena, "/config%s", scope));
    json_t *mode = get(run, run->from, arena_printf(run->arena, "/mode%s", scope));
    json_t *level = json_object_get(config, "compatibilityLevel");
    if (level != NULL) {
        json_object_set(config, "compatibility", level);
        json_object_del(config, "compatibilityLevel");
        change(run, "PUT", arena_printf(run->arena, "/config%s", scope), config);
    }
    if (mode != NULL && scope[0] != '\0')
        change(run, "PUT", arena_printf(run->arena, "/mode%s?force=true", scope), mode);
    else if (scope[0] != '\0')
        close_subject(run, scope);
    json_decref(config);
    json_decref(mode);
}

static void settle(run_t *run)
{
    json_t *settled = json_object();
    for (size_t i = 0; i < run->n_items && !run->options->dry_run; i++) {
        const char *subject = run->items[i].subject;
        if (json_object_get(settled, subject) != NULL)
            continue;
        copy_settings(run, subject_path(run, "", subject, ""));
        json_object_set_new(settled, subject, json_true());
    }
    json_decref(settled);
    if (run->options->prefix == NULL && !run->options->dry_run)
        copy_settings(run, "");
}

static void verify_all(run_t *run)
{
    for (size_t i = 0; run->options->verify && i < run->n_items && !run->no_answer; i++) {
        int there = is_there(run, &run->items[i]);
        run->n_verified += there > 0;
        run->n_failed += there < 0;
        if (there == 0)
            fprintf(stderr, "avow import: %s version %lld is not there\n", run->items[i].subject,
                    (long long)run->items[i].version);
    }
}

/* --- the command ---------------------------------------------------------------------------------------------------------------- */

static void print_totals(const run_t *run)
{
    printf("%zu versions of %zu subjects: %zu %s, %zu there already, %zu failed", run->n_items,
           run->n_subjects, run->n_copied, run->options->dry_run ? "to be copied" : "copied", run->n_there,
           run->n_failed);
    if (run->options->verify)
        printf(", %zu read back and equal", run->n_verified);
    printf(".\n");
}

static int import_registry(const import_options_t *wanted, const char *url)
{
    run_t run = {
        .options = wanted,
        .arena = arena_new(),
        .opened = json_object(),
        .from = client_new(&(client_options_t){url, wanted->from_user, wanted->from_token}),
        .to = client_new(&(client_options_t){wanted->server, wanted->user, wanted->token}),
    };
    run.no_answer = run.from == NULL || run.to == NULL;
    read_all(&run);
    copy_all(&run);
    copy_deletions(&run);
    settle(&run);
    verify_all(&run);
    print_totals(&run);
    for (size_t i = 0; i < run.n_items; i++)
        json_decref(run.items[i].body);
    free(run.items);
    json_decref(run.opened);
    client_free(run.from);
    client_free(run.to);
    arena_free(run.arena);
    return run.no_answer ? EXIT_NO_ANSWER : run.n_failed > 0 ? EXIT_NO : EXIT_YES;
}

/* --- files -------------------------------------------------------------------------------------------------------------------- */

/* The catalog's part goes to the server in one call, so that all of it is there or nothing. False when it was refused. */
static bool send_document(run_t *run, const char *kind, json_t *document)
{
    json_t *body = json_pack("{s:s, s:O}", "format", kind, "document", document);
    answer_t answer = client_ask(
        run->to, "POST",
        arena_printf(run->arena, "/api/v1/import?dry_run=%s", run->options->dry_run ? "true" : "false"),
        body);
    bool taken = answer.status >= 200 && answer.status < 300;
    if (taken) {
        json_dumpf(answer.body, stdout, JSON_INDENT(2));
        printf("\n");
    } else {
        fprintf(stderr, "avow import: %d %s\n", answer.status, answer.message);
    }
    run->no_answer = answer.status == 0 || answer.status >= 500;
    json_decref(body);
    json_decref(answer.body);
    return taken;
}

static void add_schemas(run_t *run, const json_t *document)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(document, "schemas"), i, row)
        add(run, (item_t){.subject = json_string_value(json_object_get(row, "subject")),
                          .version = json_integer_value(json_object_get(row, "version")),
                          .id = json_integer_value(json_object_get(row, "id")),
                          .body = json_incref(row),
                          .deleted = json_is_true(json_object_get(row, "deleted"))});
    if (run->n_items > 0)
        qsort(run->items, run->n_items, sizeof *run->items, in_order);
}

/* ":.:" is everything, any other scope a subject or a context. */
static void apply_settings(run_t *run, const json_t *document)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(document, "settings"), i, row)
    {
        const char *scope = json_string_value(json_object_get(row, "scope"));
        json_t *config = json_object_get(row, "config"), *mode = json_object_get(row, "mode");
        if (scope == NULL || strcmp(scope, ":.__GLOBAL:") == 0)
            continue;
        const char *path = strcmp(scope, ":.:") == 0 ? "" : subject_path(run, "", scope, "");
        if (json_object_size(config) > 0)
            change(run, "PUT", arena_printf(run->arena, "/config%s", path), config);
        json_t *body = json_pack("{s:O*}", "mode", mode);
        if (mode != NULL)
            change(run, "PUT", arena_printf(run->arena, "/mode%s?force=true", path), body);
        json_decref(body);
    }
}

static void close_opened(run_t *run)
{
    const char *subject;
    json_t *opened;
    json_object_foreach(run->opened, subject, opened) close_subject(run, subject_path(run, "", subject, ""));
}

/* The catalog first: what is registered then becomes a version of its line at once. */
static void import_bundle(run_t *run, json_t *document)
{
    json_t *catalog = json_copy(document);
    json_object_del(catalog, "schemas");
    json_object_del(catalog, "settings");
    bool taken = send_document(run, "bundle", catalog);
    json_decref(catalog);
    run->n_failed += !taken;
    if (!taken)
        return;
    add_schemas(run, document);
    copy_all(run);
    copy_deletions(run);
    close_opened(run);
    if (!run->options->dry_run)
        apply_settings(run, document);
    verify_all(run);
    print_totals(run);
}

static int import_file(const import_options_t *wanted, const char *kind, const char *path)
{
    run_t run = {.options = wanted, .arena = arena_new(), .opened = json_object()};
    text_t text;
    json_error_t error = {.line = 0};
    json_t *document = NULL;
    int code = EXIT_USAGE;
    if (file_read("import", path, run.arena, &text) == 0 &&
        (document = json_loadb(text.at, text.bytes, JSON_REJECT_DUPLICATES, &error)) == NULL)
        fprintf(stderr, "avow import: %s: line %d: %s\n", path, error.line, error.text);
    if (document != NULL) {
        run.to = client_new(&(client_options_t){wanted->server, wanted->user, wanted->token});
        if (strcmp(kind, "bundle") == 0)
            import_bundle(&run, document);
        else if (!send_document(&run, kind, document))
            run.n_failed++;
        code = run.no_answer ? EXIT_NO_ANSWER : run.n_failed > 0 ? EXIT_NO : EXIT_YES;
        client_free(run.to);
    }
    for (size_t i = 0; i < run.n_items; i++)
        json_decref(run.items[i].body);
    free(run.items);
    json_decref(document);
    json_decref(run.opened);
    arena_free(run.arena);
    return code;
}

static int import_run(const void *given, int argc, char **argv)
{
    if (argc != 2)
        return command_usage("import", "name what is imported and where it is: confluent URL, bundle FILE or "
                                       "asyncapi FILE");
    if (strcmp(argv[0], "confluent") == 0)
        return import_registry(given, argv[1]);
    if (strcmp(argv[0], "bundle") == 0 || strcmp(argv[0], "asyncapi") == 0)
        return import_file(given, argv[0], argv[1]);
    return command_usage("import", "\"%s\" is none of confluent, bundle, asyncapi", argv[0]);
}

const command_t import_command = {
    .name = "import",
    .arguments = "confluent URL | bundle FILE | asyncapi FILE",
    .summary = "copy another registry, ids and versions kept; or take in a bundle or an AsyncAPI document",
    .details =
        "A registry is any that speaks Confluent's API. Deleted versions, levels and modes come along. "
        "After an interruption\n"
        "the same command goes on where it was.\n"
        "Exit code: 0 all is here, 1 something is not, 2 usage, 5 one of the two did not answer.\n",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_bytes = sizeof(import_options_t),
    .run = import_run,
};

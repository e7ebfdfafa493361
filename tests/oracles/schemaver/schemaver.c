/* schemaver.c - what the engine says of consecutive versions against what their authors say by SchemaVer numbers.
 *
 *   schemaver [-v] DIRECTORY    or the directory in AVOW_SCHEMAVER; -v: a line for each disagreement
 *
 * DIRECTORY holds VENDOR/NAME/M-R-A.json, JSON Schemas as published. SchemaVer: a new model breaks every reader of older data, a new
 * revision may break some, an addition none; data is older than its reader, so the question is whether the new version reads messages of the
 * old one. A model agrees if some message breaks, an addition if none does, a revision either way. Besides the verdict, the step that
 * is proposed looks at readers that stay behind, too (compat/diff.h), which SchemaVer does not.
 *
 * Prints tables; fails if a schema cannot be read, a verdict is missing, or a break has no message that shows it.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/diff.h"

#define SKIPPED      77
#define VERSIONS_MAX 256
#define STEPS_N      4

typedef enum { MODEL, REVISION, ADDITION, AUTHORS_N } authors_t;
static const char *const authors_name[] = {"model", "revision", "addition"};

typedef struct {
    unsigned number[AUTHORS_N];
    char path[600];
} version_t;

static unsigned verdicts[AUTHORS_N][3]; /* by verdict_t: does the new version read the old one? */
static unsigned behind[AUTHORS_N][3];   /* does the old version read the new one? */
static unsigned steps[AUTHORS_N][STEPS_N];
static unsigned n_faults, n_unproved;
static bool verbose;

static int by_number(const void *a, const void *b)
{
    const version_t *x = a, *y = b;
    for (int i = 0; i < AUTHORS_N; i++)
        if (x->number[i] != y->number[i])
            return x->number[i] < y->number[i] ? -1 : 1;
    return 0;
}

static authors_t step_between(const version_t *before, const version_t *after)
{
    if (before->number[MODEL] != after->number[MODEL])
        return MODEL;
    return before->number[REVISION] != after->number[REVISION] ? REVISION : ADDITION;
}

static schema_t *load(const char *path)
{
    static char text[1 << 22];
    FILE *file = fopen(path, "rb");
    size_t n = file != NULL ? fread(text, 1, sizeof text, file) : 0;
    schema_t *schema = NULL;
    fault_t fault = {0};
    schema_source_t source = {
        .format = FORMAT_JSON, .text = {text, n}, .dialect = TEXT("draft-04"), .limits = LIMITS_DEFAULT};
    if (file != NULL)
        fclose(file);
    if (schema_parse(&source, &schema, &fault) != 0) {
        printf("%s: %s\n", path, fault.text);
        n_faults++;
    }
    return schema;
}

static const report_t *check(const schema_t *reader, const schema_t *writer, arena_t *arena)
{
    check_options_t options = {
        .mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 1, .fix = FIX_NONE};
    const report_t *report = compat_check(reader, writer, &options, arena);
    n_unproved += report->verdict == VERDICT_INCOMPATIBLE && report->witness == NULL;
    return report;
}

static bool agrees(authors_t authors, verdict_t verdict)
{
    if (authors == REVISION || verdict == VERDICT_UNDECIDED)
        return verdict != VERDICT_UNDECIDED;
    return (authors == MODEL) == (verdict == VERDICT_INCOMPATIBLE);
}

#define SHOWN_MAX 120

static void tell_pair(const char *path, authors_t authors, const report_t *report)
{
    printf("%s: %s by its authors, %s", path, authors_name[authors], verdict_name(report->verdict));
    if (report->verdict == VERDICT_INCOMPATIBLE && report->n_findings > 0)
        printf(": " TEXT_FMT " (%.*s)", TEXT_ARG(report->findings[0].sentence),
               (int)(report->witness->json.bytes < SHOWN_MAX ? report->witness->json.bytes : SHOWN_MAX),
               report->witness->json.at);
    putchar('\n');
}

static void compare(const version_t *before, const version_t *after)
{
    schema_t *writer = load(before->path), *reader = load(after->path);
    arena_t *arena = arena_new();
    limits_t limits = LIMITS_DEFAULT;
    if (writer != NULL && reader != NULL) {
        authors_t authors = step_between(before, after);
        const report_t *backward = check(reader, writer, arena), *forward = check(writer, reader, arena);
        diff_t diff = schema_diff(writer, reader, &limits, arena);
        verdicts[authors][backward->verdict]++;
        behind[authors][forward->verdict]++;
        steps[authors][semver_propose(&diff, backward, forward)]++;
        if (verbose && !agrees(authors, backward->verdict))
            tell_pair(after->path, authors, backward);
    }
    arena_free(arena);
    schema_unref(writer);
    schema_unref(reader);
}

static void history(const char *folder)
{
    static version_t versions[VERSIONS_MAX];
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL && n < VERSIONS_MAX;) {
        version_t *version = &versions[n];
        if (sscanf(entry->d_name, "%u-%u-%u.json", &version->number[MODEL], &version->number[REVISION],
                   &version->number[ADDITION]) != 3)
            continue;
        snprintf(version->path, sizeof version->path, "%s/%s", folder, entry->d_name);
        n++;
    }
    if (dir != NULL)
        closedir(dir);
    qsort(versions, n, sizeof *versions, by_number);
    for (size_t i = 1; i < n; i++)
        compare(&versions[i - 1], &versions[i]);
}

static void each(const char *folder, void (*visit)(const char *))
{
    char path[400];
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            visit(path);
    }
    if (dir != NULL)
        closedir(dir);
}

static void vendor(const char *folder)
{
    each(folder, history);
}

static int tell(void)
{
    unsigned n = 0, right = 0, open = 0, undecided = 0;
    printf("%-9s | new reads old: yes   no    ? | old reads new: yes   no    ? | proposed: none patch minor "
           "major\n",
           "authors");
    for (int i = 0; i < AUTHORS_N; i++) {
        printf("%-9s | %18u %4u %4u | %18u %4u %4u | %14u %5u %5u %5u\n", authors_name[i],
               verdicts[i][VERDICT_COMPATIBLE], verdicts[i][VERDICT_INCOMPATIBLE],
               verdicts[i][VERDICT_UNDECIDED], behind[i][VERDICT_COMPATIBLE], behind[i][VERDICT_INCOMPATIBLE],
               behind[i][VERDICT_UNDECIDED], steps[i][SEMVER_NONE], steps[i][SEMVER_PATCH],
               steps[i][SEMVER_MINOR], steps[i][SEMVER_MAJOR]);
        undecided += verdicts[i][VERDICT_UNDECIDED];
        for (int v = 0; v < 3; v++) {
            n += verdicts[i][v];
            right += i != REVISION && agrees((authors_t)i, (verdict_t)v) ? verdicts[i][v] : 0;
            open += i == REVISION ? verdicts[i][v] : 0;
        }
    }
    unsigned judged = n - open;
    printf("%u consecutive pairs; of %u models and additions %u agree (%u %%): %u models break nothing, %u "
           "additions break something; %u undecided\n",
           n, judged, right, judged > 0 ? right * 100 / judged : 0, verdicts[MODEL][VERDICT_COMPATIBLE],
           verdicts[ADDITION][VERDICT_INCOMPATIBLE], undecided);
    if (n_faults > 0 || n_unproved > 0)
        printf("%u schemas could not be read, %u breaks have no message\n", n_faults, n_unproved);
    return n == 0 || n_faults > 0 || n_unproved > 0 || undecided > 0;
}

int main(int argc, char **argv)
{
    verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    const char *folder = argc > 1 + verbose ? argv[1 + verbose] : getenv("AVOW_SCHEMAVER");
    if (folder == NULL) {
        printf("skipped: set AVOW_SCHEMAVER to a folder of VENDOR/NAME/M-R-A.json\n");
        return SKIPPED;
    }
    each(folder, vendor);
    return tell();
}

/* containment.c - the labelled pairs of a containment suite against strict mode.
 *
 *   containment FILE|DIRECTORY...    or the paths in AVOW_CONTAINMENT, separated by ':'
 *   -v   also a line for each pair that is not right
 *
 * Each line of a .jsonl file is {"id", "reader", "writer", "draft", "optional", "expect": "compatible"|"incompatible"}. For each draft it
 * prints how many are right, undecided and wrong, and all reasons of undecided; it fails if any verdict is wrong, if the validator did not
 * agree with a witness ("replay"), or if fewer than CONTAINMENT_RIGHT percent of the main part are right. Labels that do not hold are
 * listed in labels.txt with the reason, and counted apart. Without a path it is skipped.
 *
 * The suite (sdbs-uni-p/json-schema-containment-testsuite) writes `const` in draft-04 schemas and means it: it is read as an enum of one
 * there. Its optional/format part is about formats that are asserted.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "compat/compat.h"

#define CONTAINMENT_RIGHT 99 /* percent */
#define DIALECT_ROWS      5
#define SKIPPED           77
#define REASONS_MAX       32

#define LABELS_MAX 512

typedef struct {
    unsigned n, right, refuted, undecided, wrong_compatible, wrong_incompatible;
} count_t;

static struct {
    char id[80], verdict[16], reason[32];
} labels[LABELS_MAX];
static size_t n_labels;

static count_t counts[DIALECT_ROWS][2];
static struct {
    char name[40];
    unsigned n[2];
} reasons[REASONS_MAX];
static bool verbose;
static uint64_t *nanoseconds;
static size_t n_times, time_room;

/* --- labels that do not hold: labels.txt tells why --------------------------------------------------------------------------- */

static void read_labels(void)
{
    FILE *file = fopen(LABELS, "r");
    char line[256];
    if (file == NULL) {
        perror(LABELS);
        exit(2);
    }
    while (n_labels < LABELS_MAX && fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '#' && sscanf(line, "%79s %15s %31s", labels[n_labels].id, labels[n_labels].verdict,
                                     labels[n_labels].reason) == 3)
            n_labels++;
    }
    fclose(file);
}

static bool is_refuted(text_t id, const char *verdict)
{
    for (size_t i = 0; i < n_labels; i++) {
        if (text_is(id, labels[i].id))
            return strcmp(labels[i].verdict, verdict) == 0;
    }
    return false;
}

/* --- lines ----------------------------------------------------------------------------------------------------------------- */

static bool holds_names(text_t keyword)
{
    static const char *const maps[] = {"properties", "patternProperties", "definitions", "dependencies"};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (text_is(keyword, maps[i]))
            return true;
    }
    return false;
}

/* const X becomes enum [X], where it is a keyword. */
static void rename_const(jv_t *schema, bool names, arena_t *arena)
{
    for (uint32_t i = 0; schema->kind == JV_ARRAY && i < schema->n; i++)
        rename_const(&schema->items[i], false, arena);
    for (uint32_t i = 0; schema->kind == JV_OBJECT && i < schema->n; i++) {
        jv_member_t *member = &schema->members[i];
        if (!names && text_is(member->name, "const")) {
            jv_t *list = jv_new_array(arena, 1);
            list->items[0] = member->value;
            member->name = TEXT("enum");
            member->value = *list;
        } else if (names || !text_is(member->name, "enum")) {
            rename_const(&member->value, !names && holds_names(member->name), arena);
        }
    }
}

static schema_t *parse(const jv_t *line, const char *side, text_t draft, arena_t *arena, fault_t *fault)
{
    jv_t *tree = (jv_t *)jv_get(line, side);
    buf_t buf;
    schema_t *schema = NULL;
    buf_init(&buf, BUF_NO_MAX);
    if (text_is(draft, "4"))
        rename_const(tree, false, arena);
    jv_print(&buf, tree);
    schema_source_t source = {
        .format = FORMAT_JSON, .text = buf_take(&buf, arena), .dialect = draft, .limits = LIMITS_DEFAULT};
    buf_dispose(&buf);
    return schema_parse(&source, &schema, fault) == 0 ? schema : NULL;
}

static bool replay_failed;

static void count_reason(const char *reason, bool optional)
{
    replay_failed |= strcmp(reason, "replay") == 0;
    size_t i = 0;
    while (i < REASONS_MAX - 1 && reasons[i].name[0] != '\0' && strcmp(reasons[i].name, reason) != 0)
        i++;
    snprintf(reasons[i].name, sizeof reasons[i].name, "%s", reason);
    reasons[i].n[optional]++;
}

static void note_time(const struct timespec *from, const struct timespec *to)
{
    if (n_times == time_room) {
        time_room = time_room == 0 ? 4096 : time_room * 2;
        nanoseconds = realloc(nanoseconds, time_room * sizeof *nanoseconds);
        if (nanoseconds == NULL)
            abort();
    }
    nanoseconds[n_times++] =
        (uint64_t)(to->tv_sec - from->tv_sec) * 1000000000u + (uint64_t)to->tv_nsec - (uint64_t)from->tv_nsec;
}

static size_t draft_row(text_t draft)
{
    static const char *const drafts[DIALECT_ROWS] = {"4", "6", "7", "2019-09", "2020-12"};
    for (size_t i = 0; i < DIALECT_ROWS; i++) {
        if (text_is(draft, drafts[i]))
            return i;
    }
    return 0;
}

static void judge(const jv_t *line, const report_t *report, const char *fault)
{
    text_t id = jv_get(line, "id")->text, draft = jv_get(line, "draft")->text;
    bool optional = jv_get(line, "optional")->kind == JV_TRUE;
    bool expect = jv_is_string(jv_get(line, "expect"), "compatible");
    count_t *count = &counts[draft_row(draft)][optional];
    verdict_t verdict = report == NULL ? VERDICT_UNDECIDED : report->verdict;
    const char *reason = fault != NULL ? "fault" : report->reason;
    bool right = verdict == (expect ? VERDICT_COMPATIBLE : VERDICT_INCOMPATIBLE);
    count->n++;
    bool refuted = !right && is_refuted(id, verdict_name(verdict));
    if (right)
        count->right++;
    else if (refuted)
        count->refuted++;
    else if (verdict == VERDICT_UNDECIDED)
        count->undecided++;
    else if (expect)
        count->wrong_incompatible++;
    else
        count->wrong_compatible++;
    if (verdict == VERDICT_UNDECIDED)
        count_reason(reason, optional);
    if (right || refuted || !(verbose || verdict != VERDICT_UNDECIDED))
        return;
    printf("%s " TEXT_FMT ": %s, expected %s%s%s\n", verdict == VERDICT_UNDECIDED ? "    -" : "WRONG",
           TEXT_ARG(id), verdict_name(verdict), expect ? "compatible" : "incompatible",
           verdict == VERDICT_UNDECIDED ? ", " : "",
           fault != NULL                  ? fault
           : verdict == VERDICT_UNDECIDED ? reason
                                          : "");
    if (report != NULL && report->witness != NULL)
        printf("      witness " TEXT_FMT "\n", TEXT_ARG(report->witness->json));
}

static void run_line(text_t text, arena_t *arena)
{
    limits_t limits = LIMITS_DEFAULT;
    fault_t fault = {0};
    jv_t *line;
    if (jv_read(text, JV_STRICT, &limits, arena, &line, &fault) != 0) {
        printf("WRONG line: %s\n", fault.text);
        counts[0][0].wrong_compatible++;
        return;
    }
    text_t draft = jv_get(line, "draft")->text;
    schema_t *reader = parse(line, "reader", draft, arena, &fault);
    schema_t *writer = parse(line, "writer", draft, arena, &fault);
    const report_t *report = NULL;
    if (reader != NULL && writer != NULL) {
        struct timespec from, to;
        bool optional = jv_get(line, "optional")->kind == JV_TRUE;
        bool formats = optional && memmem(jv_get(line, "id")->text.at, jv_get(line, "id")->text.bytes,
                                          "/format/", 8) != NULL;
        check_options_t options = {.mode = MODE_STRICT, .limits = limits, .assert_format = formats};
        clock_gettime(CLOCK_MONOTONIC, &from);
        report = compat_check(reader, writer, &options, arena);
        clock_gettime(CLOCK_MONOTONIC, &to);
        note_time(&from, &to);
    }
    judge(line, report, report == NULL ? fault.text : NULL);
    schema_unref(reader);
    schema_unref(writer);
}

/* --- files ------------------------------------------------------------------------------------------------------------------ */

static void run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0;
    ssize_t n;
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    arena_t *arena = arena_new();
    while ((n = getline(&text, &room, file)) > 0) {
        if (n > 1)
            run_line((text_t){text, (size_t)n}, arena);
        arena_reset(arena);
    }
    arena_free(arena);
    free(text);
    fclose(file);
}

static bool is_jsonl(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > 6 && strcmp(entry->d_name + n - 6, ".jsonl") == 0;
}

static int chosen(const struct dirent *entry)
{
    return is_jsonl(entry);
}

static void run_path(const char *path)
{
    struct dirent **entries;
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
        run_file(path);
        return;
    }
    int n = scandir(path, &entries, chosen, alphasort);
    for (int i = 0; i < n; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        run_file(name);
        free(entries[i]);
    }
    free(entries);
}

/* --- the table --------------------------------------------------------------------------------------------------------------- */

static void print_row(const char *name, const count_t *count)
{
    if (count->n == 0)
        return;
    printf("%-20s %6u  right %6u (%5.1f %%)  label refuted %3u  undecided %4u  WRONG compatible %u  WRONG "
           "incompatible %u\n",
           name, count->n, count->right, 100.0 * count->right / count->n, count->refuted, count->undecided,
           count->wrong_compatible, count->wrong_incompatible);
}

static void add(count_t *to, const count_t *from)
{
    to->n += from->n;
    to->right += from->right;
    to->refuted += from->refuted;
    to->undecided += from->undecided;
    to->wrong_compatible += from->wrong_compatible;
    to->wrong_incompatible += from->wrong_incompatible;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static int print_counts(void)
{
    static const char *const names[DIALECT_ROWS][2] = {{"draft-04", "draft-04 optional"},
                                                       {"draft-06", "draft-06 optional"},
                                                       {"draft-07", "draft-07 optional"},
                                                       {"2019-09", "2019-09 optional"},
                                                       {"2020-12", "2020-12 optional"}};
    count_t sums[2] = {0};
    for (int optional = 0; optional < 2; optional++) {
        for (size_t i = 0; i < DIALECT_ROWS; i++) {
            print_row(names[i][optional], &counts[i][optional]);
            add(&sums[optional], &counts[i][optional]);
        }
        print_row(optional ? "all optional" : "all of the main part", &sums[optional]);
    }
    for (size_t i = 0; i < REASONS_MAX && reasons[i].name[0] != '\0'; i++)
        printf("  undecided: %-20s main %5u  optional %5u\n", reasons[i].name, reasons[i].n[0],
               reasons[i].n[1]);
    if (n_times > 0) {
        qsort(nanoseconds, n_times, sizeof *nanoseconds, by_size);
        printf("  a check: median %.1f us, p99 %.1f us, longest %.1f ms\n",
               (double)nanoseconds[n_times / 2] / 1e3, (double)nanoseconds[n_times * 99 / 100] / 1e3,
               (double)nanoseconds[n_times - 1] / 1e6);
    }
    unsigned wrong = sums[0].wrong_compatible + sums[0].wrong_incompatible + sums[1].wrong_compatible +
                     sums[1].wrong_incompatible;
    bool enough = sums[0].n == 0 || sums[0].right * 100 >= sums[0].n * CONTAINMENT_RIGHT;
    return wrong == 0 && enough && !replay_failed ? 0 : 1;
}

int main(int argc, char **argv)
{
    int first = 1;
    if (argc > first && strcmp(argv[first], "-v") == 0) {
        verbose = true;
        first++;
    }
    const char *given = getenv("AVOW_CONTAINMENT");
    if (argc == first && (given == NULL || given[0] == '\0')) {
        printf("skipped: set AVOW_CONTAINMENT to the suite's files\n");
        return SKIPPED;
    }
    read_labels();
    for (int i = first; i < argc; i++)
        run_path(argv[i]);
    for (const char *at = given; argc == first && *at != '\0';) {
        char path[4096];
        size_t n = strcspn(at, ":");
        snprintf(path, sizeof path, "%.*s", (int)n, at);
        run_path(path);
        at += n + (at[n] == ':');
    }
    int status = print_counts();
    free(nanoseconds);
    return status;
}

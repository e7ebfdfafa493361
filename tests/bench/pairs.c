/* pairs.c - how fast Avro pairs are checked. `bench_pairs [FOLDER]`: the .avsc files of FOLDER/SUBJECT are the versions of SUBJECT in the order
 * of their names (AVOW_BENCH_AVRO names it as well); without a folder, histories are generated.
 *
 * Every consecutive pair, in both directions, under parsed schemas; then parse and check together.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compat/compat.h"

#define SCHEMAS_MAX 20000
#define ROUNDS      30

static struct {
    text_t text;
    schema_t *schema;
    size_t subject;
} schemas[SCHEMAS_MAX];
static size_t n_schemas, n_refused;
static arena_t *texts;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static schema_t *parse(text_t text)
{
    schema_t *schema = NULL;
    fault_t fault = {0};
    schema_source_t source = {
        .format = FORMAT_AVRO, .text = text, .flags = SCHEMA_LENIENT, .limits = LIMITS_DEFAULT};
    return schema_parse(&source, &schema, &fault) == 0 ? schema : NULL;
}

static void add(text_t text, size_t subject)
{
    schema_t *schema = parse(text);
    if (schema == NULL || n_schemas == SCHEMAS_MAX) {
        n_refused++;
        return;
    }
    schemas[n_schemas].text = text;
    schemas[n_schemas].schema = schema;
    schemas[n_schemas++].subject = subject;
}

/* --- where schemas come from --------------------------------------------------------------------------------------------- */

static void add_file(const char *path, size_t subject)
{
    static char bytes[4 << 20];
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        return;
    size_t n = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    add((text_t){arena_copy(texts, bytes, n), n}, subject);
}

static void add_folder(const char *folder)
{
    struct dirent **subjects;
    int n = scandir(folder, &subjects, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        struct dirent **versions;
        char *path = arena_printf(texts, "%s/%s", folder, subjects[i]->d_name);
        int n_versions = subjects[i]->d_name[0] == '.' ? 0 : scandir(path, &versions, NULL, alphasort);
        for (int v = 0; v < n_versions; v++) {
            if (strstr(versions[v]->d_name, ".avsc") != NULL)
                add_file(arena_printf(texts, "%s/%s", path, versions[v]->d_name), (size_t)i);
            free(versions[v]);
        }
        if (n_versions > 0)
            free(versions);
        free(subjects[i]);
    }
    if (n > 0)
        free(subjects);
}

/* Records that grow by a field a version, one in four of them without a default. */
static void generate(void)
{
    static const char *const types[] = {"\"string\"", "\"long\"", "[\"null\",\"double\"]",
                                        "{\"type\":\"array\",\"items\":\"string\"}"};
    static const char *const defaults[] = {"\"\"", "0", "null", "[]"};
    for (size_t subject = 0; subject < 200; subject++) {
        for (size_t n_fields = 5; n_fields < 15; n_fields++) {
            buf_t out;
            buf_init(&out, BUF_NO_MAX);
            buf_printf(&out,
                       "{\"type\":\"record\",\"name\":\"Event%zu\",\"namespace\":\"generated\",\"fields\":[",
                       subject);
            for (size_t f = 0; f < n_fields; f++) {
                buf_printf(&out, "%s{\"name\":\"field_%zu\",\"type\":%s,\"doc\":\"what field %zu means\"",
                           f > 0 ? "," : "", f, types[(f + subject) % 4], f);
                if ((f + subject) % 4 != 3)
                    buf_printf(&out, ",\"default\":%s", defaults[(f + subject) % 4]);
                buf_add_s(&out, "}");
            }
            buf_add_s(&out, "]}");
            add(buf_take(&out, texts), subject);
            buf_dispose(&out);
        }
    }
}

/* --- measuring ----------------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

typedef struct {
    size_t n, compatible;
    double *micros; /* the best of the rounds, for each direction of each pair */
} result_t;

static void check(result_t *result, size_t at, const schema_t *reader, const schema_t *writer,
                  const check_options_t *options, arena_t *arena, bool first)
{
    double start = now();
    const report_t *report = compat_check(reader, writer, options, arena);
    double micros = (now() - start) * 1e6;
    if (first || micros < result->micros[at])
        result->micros[at] = micros;
    if (first && report->verdict == VERDICT_COMPATIBLE)
        result->compatible++;
    arena_reset(arena);
}

static void measure(const char *what, check_mode_t mode, size_t max_findings)
{
    check_options_t options = {.mode = mode, .limits = LIMITS_DEFAULT, .max_findings = max_findings};
    result_t result = {.micros = calloc(2 * n_schemas, sizeof(double))};
    arena_t *arena = arena_new();
    double start = now();
    size_t checks = 0;
    for (int round = 0; round < ROUNDS; round++) {
        result.n = 0;
        for (size_t i = 1; i < n_schemas; i++) {
            if (schemas[i].subject != schemas[i - 1].subject)
                continue;
            check(&result, result.n++, schemas[i].schema, schemas[i - 1].schema, &options, arena, round == 0);
            check(&result, result.n++, schemas[i - 1].schema, schemas[i].schema, &options, arena, round == 0);
        }
        checks += result.n;
    }
    double seconds = now() - start;
    qsort(result.micros, result.n, sizeof(double), by_size);
    printf("  %-34s %9.0f pairs/s   median %6.2f us   p99 %7.2f us   %zu of %zu compatible\n", what,
           (double)checks / seconds, result.n > 0 ? result.micros[result.n / 2] : 0,
           result.n > 0 ? result.micros[result.n * 99 / 100] : 0, result.compatible, result.n);
    arena_free(arena);
    free(result.micros);
}

static void measure_parse(void)
{
    double start = now();
    size_t bytes = 0, n = 0;
    for (int round = 0; round < 5; round++) {
        for (size_t i = 0; i < n_schemas; i++) {
            schema_unref(parse(schemas[i].text));
            bytes += schemas[i].text.bytes;
            n++;
        }
    }
    double seconds = now() - start;
    printf("  %-34s %9.0f schemas/s %6.1f MB/s\n", "parse and canonicalise", (double)n / seconds,
           (double)bytes / seconds / 1e6);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : getenv("AVOW_BENCH_AVRO");
    texts = arena_new();
    if (folder != NULL && folder[0] != '\0')
        add_folder(folder);
    else
        generate();
    printf("Avro, %zu schemas from %s%s\n", n_schemas, folder != NULL ? folder : "generated histories",
           n_refused > 0 ? " (some were refused)" : "");
    measure_parse();
    measure("confluent mode, verdict only", MODE_CONFLUENT, 0);
    measure("confluent mode, all differences", MODE_CONFLUENT, 1000);
    measure("strict mode, verdict only", MODE_STRICT, 0);
    measure("strict mode, explained", MODE_STRICT, 1000);
    for (size_t i = 0; i < n_schemas; i++)
        schema_unref(schemas[i].schema);
    arena_free(texts);
    return 0;
}

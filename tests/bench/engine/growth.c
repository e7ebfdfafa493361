#include "growth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contest.h"
#include "corpus.h"

/* Each family writes a schema of a size; with `newer` it has something more, so that the two are not one text. */
typedef struct {
    const char *name;
    format_id_t format;
    void (*write)(buf_t *out, unsigned size, bool newer);
    unsigned sizes[4];
    double bar; /* how much dearer a part may be in the largest than in the second: 0 is no bar */
} family_t;

static void avro_fields(buf_t *out, unsigned size, bool newer)
{
    static const char *const types[] = {"\"string\",\"default\":\"\"", "\"long\"",
                                        "[\"null\",\"double\"],\"default\":null",
                                        "{\"type\":\"array\",\"items\":\"string\"}"};
    buf_add_s(out, "{\"type\":\"record\",\"name\":\"Wide\",\"fields\":[");
    for (unsigned i = 0; i < size; i++)
        buf_printf(out, "%s{\"name\":\"field_%u\",\"type\":%s}", i > 0 ? "," : "", i, types[i % 4]);
    buf_add_s(out, newer ? ",{\"name\":\"added\",\"type\":\"int\",\"default\":0}]}" : "]}");
}

static void avro_depth(buf_t *out, unsigned size, bool newer)
{
    for (unsigned i = 0; i < size; i++)
        buf_printf(out,
                   "{\"type\":\"record\",\"name\":\"Level%u\",\"fields\":[{\"name\":\"next\",\"type\":", i);
    buf_add_s(out, newer ? "\"long\"" : "\"int\"");
    for (unsigned i = 0; i < size; i++)
        buf_add_s(out, "}]}");
}

static void avro_union(buf_t *out, unsigned size, bool newer)
{
    buf_add_s(out, "[\"null\"");
    for (unsigned i = 0; i < size + newer; i++)
        buf_printf(
            out,
            ",{\"type\":\"record\",\"name\":\"Branch%u\",\"fields\":[{\"name\":\"f\",\"type\":\"long\"}]}",
            i);
    buf_add_s(out, "]");
}

static void json_fields(buf_t *out, unsigned size, bool newer)
{
    static const char *const types[] = {"{\"type\":\"string\",\"maxLength\":99}", "{\"type\":\"integer\"}",
                                        "{\"type\":[\"number\",\"null\"]}",
                                        "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"};
    buf_add_s(out, "{\"type\":\"object\",\"properties\":{");
    for (unsigned i = 0; i < size; i++)
        buf_printf(out, "%s\"field_%u\":%s", i > 0 ? "," : "", i, types[i % 4]);
    buf_add_s(out, newer ? "},\"required\":[\"field_0\"]}" : "},\"required\":[\"field_0\",\"field_1\"]}");
}

static void json_depth(buf_t *out, unsigned size, bool newer)
{
    for (unsigned i = 0; i < size; i++)
        buf_add_s(out, "{\"type\":\"object\",\"properties\":{\"next\":");
    buf_add_s(out, newer ? "{\"type\":\"number\"}" : "{\"type\":\"integer\"}");
    for (unsigned i = 0; i < size; i++)
        buf_add_s(out, "}}");
}

static void json_tagged(buf_t *out, unsigned size, bool newer)
{
    buf_add_s(out, "{\"anyOf\":[");
    for (unsigned i = 0; i < size + newer; i++)
        buf_printf(out,
                   "%s{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":\"k%u\"},\"f%u\":{\"type\":"
                   "\"string\"}},"
                   "\"required\":[\"kind\"]}",
                   i > 0 ? "," : "", i, i);
    buf_add_s(out, "]}");
}

static void json_ranges(buf_t *out, unsigned size, bool newer)
{
    buf_add_s(out, "{\"anyOf\":[");
    for (unsigned i = 0; i < size + newer; i++)
        buf_printf(out, "%s{\"type\":\"integer\",\"minimum\":%u,\"maximum\":%u}", i > 0 ? "," : "", 10 * i,
                   10 * i + 5);
    buf_add_s(out, "]}");
}

static const family_t families[] = {
    {"Avro, fields of a record", FORMAT_AVRO, avro_fields, {10, 100, 1000, 10000}, 4},
    {"Avro, depth of records", FORMAT_AVRO, avro_depth, {10, 40, 80, 160}, 4},
    {"Avro, branches of a union", FORMAT_AVRO, avro_union, {10, 100, 300, 1000}, 0},
    {"JSON Schema, properties", FORMAT_JSON, json_fields, {10, 100, 1000, 10000}, 4},
    {"JSON Schema, depth", FORMAT_JSON, json_depth, {10, 50, 100, 200}, 4},
    {"JSON Schema, anyOf with a tag", FORMAT_JSON, json_tagged, {10, 30, 100, 300}, 0},
    {"JSON Schema, anyOf of ranges", FORMAT_JSON, json_ranges, {10, 30, 100, 300}, 0},
};

static text_t text_for(const family_t *family, unsigned size, bool newer, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    family->write(&out, size, newer);
    return buf_end(&out, arena);
}

typedef struct {
    format_id_t format;
    text_t text;
    schema_t *reader, *writer;
    check_options_t options;
    verdict_t verdict;
} job_t;

static void parse_once(job_t *job)
{
    schema_unref(bench_parse(job->format, job->text));
}

static void check_once(job_t *job)
{
    arena_t *arena = arena_new();
    job->verdict = compat_check(job->reader, job->writer, &job->options, arena)->verdict;
    arena_free(arena);
}

/* The median of some runs, in microseconds. */
static double micros(void (*once)(job_t *), job_t *job)
{
    double runs[11], total = 0;
    size_t n = 0;
    once(job);
    while (n < 3 || (n < 11 && total < 0.2)) {
        unsigned times = 0;
        double start = clock_now(), took;
        do {
            once(job);
            times++;
            took = clock_now() - start;
        } while (took < 0.001);
        total += took;
        runs[n++] = took / times;
    }
    return median_of(runs, n, 0.5) * 1e6;
}

static void family_print(const family_t *family)
{
    static const struct {
        const char *name;
        check_mode_t mode;
        size_t max_findings;
    } checks[] = {
        {"confluent", MODE_CONFLUENT, 0}, {"strict", MODE_STRICT, 0}, {"explained", MODE_STRICT, 100}};
    double per_part[4][4];
    printf("%s\n  %8s %14s %14s %14s %14s   verdict\n", family->name, "size", "parse", checks[0].name,
           checks[1].name, checks[2].name);
    for (size_t s = 0; s < 4; s++) {
        arena_t *arena = arena_new();
        unsigned size = family->sizes[s];
        job_t job = {.format = family->format, .text = text_for(family, size, true, arena)};
        job.reader = bench_parse(family->format, job.text);
        job.writer = bench_parse(family->format, text_for(family, size, false, arena));
        if (job.reader == NULL || job.writer == NULL) {
            printf("  %8u is refused\n", size);
            arena_free(arena);
            continue;
        }
        per_part[s][0] = micros(parse_once, &job) / size;
        for (size_t c = 0; c < 3; c++) {
            job.options = (check_options_t){.mode = checks[c].mode,
                                            .limits = LIMITS_DEFAULT,
                                            .max_findings = checks[c].max_findings,
                                            .fix = FIX_NONE};
            per_part[s][1 + c] = micros(check_once, &job) / size;
        }
        printf("  %8u", size);
        for (size_t c = 0; c < 4; c++)
            printf(" %11.1f us", per_part[s][c] * size);
        printf("   %s\n", verdict_name(job.verdict));
        schema_unref(job.reader);
        schema_unref(job.writer);
        arena_free(arena);
    }
    /* explaining names places, whose pointers grow with the depth: only the others have a bar */
    for (size_t c = 0; family->bar > 0 && c < 3; c++) {
        const char *const names[] = {"parse", "confluent", "strict"};
        char what[80];
        snprintf(what, sizeof what, "%s: a part of %u against one of %u", names[c], family->sizes[3],
                 family->sizes[1]);
        bar_at_most(what, per_part[3][c] / per_part[1][c], family->bar);
    }
}

void growth_print(void)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        family_print(&families[i]);
}

/* fuzz_avro_pair.c - two Avro schemas, compared in both modes, and data to prove the verdict wrong with.
 *
 * Input    reader's schema, a NUL, writer's schema, then perhaps a NUL and bytes for a seed.
 * Claims   nothing crashes; what is compatible reads every value that chance finds, either way of choosing branches; what is
 *          incompatible carries messages that are refused; the bare verdict is the full one; a fix parses and holds; a schema reads itself.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/compat.h"
#include "tests/fuzz/avro_values.h"

#define CLAIM(condition)  \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static const limits_t limits = {
    .max_bytes = 1u << 16, .max_depth = 48, .max_nodes = 20000, .max_digits = 1000, .max_steps = 100000};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static schema_t *parse(text_t text)
{
    schema_source_t source = {.format = FORMAT_AVRO, .text = text, .limits = limits};
    schema_t *schema = NULL;
    return schema_parse(&source, &schema, NULL) == 0 ? schema : NULL;
}

static const report_t *check(const schema_t *reader, const schema_t *writer, check_mode_t mode, size_t max,
                             fix_side_t fix, arena_t *arena)
{
    check_options_t options = {.mode = mode, .limits = limits, .max_findings = max, .fix = fix};
    const report_t *report = compat_check(reader, writer, &options, arena);
    CLAIM(report->n_findings <= max);
    CLAIM(report->verdict != VERDICT_UNDECIDED || report->reason != NULL);
    return report;
}

static decode_t reads(const schema_t *reader, const schema_t *writer, text_t bytes, bool full_names,
                      arena_t *arena)
{
    decode_options_t how = {limits, full_names};
    av_value_t *value;
    text_t sentence;
    return av_decode(av_schema_of(writer), av_schema_of(reader), bytes, &how, arena, &value, &sentence);
}

/* Values of the writer that chance finds: none of them may be refused. */
static void reads_whatever_is_written(const schema_t *reader, const schema_t *writer, uint64_t seed,
                                      arena_t *arena)
{
    const av_type_t *type = av_schema_of(writer)->root.type;
    for (int i = 0; i < 4; i++) {
        av_value_t *value = random_value(type, 4, &seed, arena);
        if (!value)
            return;
        buf_t binary;
        buf_init(&binary, BUF_NO_MAX);
        av_encode_binary(value, &binary);
        CLAIM(reads(reader, writer, buf_text(&binary), false, arena) != DECODE_REFUSED);
        CLAIM(reads(reader, writer, buf_text(&binary), true, arena) != DECODE_REFUSED);
        buf_dispose(&binary);
    }
}

static text_t unhex(text_t hex, arena_t *arena)
{
    char *bytes = arena_alloc(arena, hex.bytes / 2 + 1);
    for (size_t i = 0; i < hex.bytes / 2; i++) {
        char pair[3] = {hex.at[2 * i], hex.at[2 * i + 1], 0};
        bytes[i] = (char)strtol(pair, NULL, 16);
    }
    return (text_t){bytes, hex.bytes / 2};
}

static void witnesses_are_refused(const schema_t *reader, const schema_t *writer, const report_t *report,
                                  arena_t *arena)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        const finding_t *finding = &report->findings[i];
        if (finding->class != CLASS_BREAKING)
            continue;
        CLAIM(finding->witness != NULL && finding->sentence.bytes > 0);
        text_t bytes = unhex(finding->witness->hex, arena);
        CLAIM(reads(reader, writer, bytes, false, arena) == DECODE_REFUSED ||
              reads(reader, writer, bytes, true, arena) == DECODE_REFUSED);
        CLAIM(reads(writer, writer, bytes, false, arena) == DECODE_OK);
        if (finding->fix.bytes) {
            schema_t *fixed = parse(finding->fixed_text);
            CLAIM(fixed != NULL);
            schema_unref(fixed);
        }
    }
}

static void compare(const schema_t *reader, const schema_t *writer, uint64_t seed, arena_t *arena)
{
    const report_t *full = check(reader, writer, MODE_STRICT, 20, seed & 1 ? FIX_READER : FIX_WRITER, arena);
    const report_t *bare = check(reader, writer, MODE_STRICT, 0, FIX_NONE, arena);
    CLAIM(full->verdict == bare->verdict || full->verdict == VERDICT_UNDECIDED ||
          bare->verdict == VERDICT_UNDECIDED);
    CLAIM((full->verdict == VERDICT_INCOMPATIBLE) == (full->witness != NULL));
    if (full->verdict == VERDICT_COMPATIBLE)
        reads_whatever_is_written(reader, writer, seed, arena);
    witnesses_are_refused(reader, writer, full, arena);
    const report_t *confluent = check(reader, writer, MODE_CONFLUENT, 20, FIX_NONE, arena);
    CLAIM(confluent->verdict != VERDICT_INCOMPATIBLE || confluent->n_findings > 0);
    CLAIM(check(writer, writer, MODE_STRICT, 0, FIX_NONE, arena)->verdict == VERDICT_COMPATIBLE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const char *text = (const char *)data;
    const char *nul = bytes ? memchr(text, 0, bytes) : NULL;
    if (!nul)
        return 0;
    size_t first = (size_t)(nul - text), left = bytes - first - 1;
    const char *end = left ? memchr(nul + 1, 0, left) : NULL;
    size_t second = end ? (size_t)(end - nul - 1) : left;
    uint64_t seed = 88172645463325252u;
    for (size_t i = first + 1 + second; i < bytes; i++)
        seed = (seed ^ data[i]) * 1099511628211u;
    schema_t *reader = parse((text_t){text, first}), *writer = parse((text_t){nul + 1, second});
    if (reader && writer) {
        arena_t *arena = arena_new();
        compare(reader, writer, seed, arena);
        compare(writer, reader, seed, arena);
        arena_free(arena);
    }
    schema_unref(reader);
    schema_unref(writer);
    return 0;
}

/* Two schemas and one question: the strict check never crashes, never passes its steps by much, agrees with itself, and a message that the
 * validator knows to break never coexists with `compatible`.
 *
 * The first byte chooses: both schemas made from bytes (so that libFuzzer explores meanings, not syntax), or two texts with a NUL between.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/json/json_schema.h"
#include "compat/json/strict.h"
#include "tests/support/schema_from_bytes.h"

#define STEPS   200000
#define SAMPLES 6
#define VALUES  24

static schema_t *parse(text_t text, arena_t *arena)
{
    schema_t *schema = NULL;
    schema_source_t source = {
        .format = FORMAT_JSON, .text = text, .dialect = TEXT("2020-12"), .limits = LIMITS_DEFAULT};
    source.limits.max_bytes = 64 << 10;
    source.limits.max_depth = 64;
    (void)arena;
    return schema_parse(&source, &schema, NULL) == 0 ? schema : NULL;
}

static text_t made(const uint8_t *data, size_t size, unsigned flags, arena_t *arena)
{
    bytes_t bytes = {
        .at = data, .n = size, .recursive = flags & 1, .modern = flags & 2, .patterns = flags & 4};
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    bytes_schema(&bytes, &out, 4);
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool breaks(const schema_t *reader, const schema_t *writer, const jv_t *value, arena_t *arena)
{
    limits_t limits = LIMITS_DEFAULT;
    const js_validator_t *r = js_schema_of(reader)->validator, *w = js_schema_of(writer)->validator;
    return r != NULL && w != NULL && js_validate(w, value, 0, &limits, arena).verdict == JS_VALID &&
           js_validate(r, value, 0, &limits, arena).verdict == JS_INVALID;
}

/* Values that nobody derived from the schemas. */
static void try_values(const schema_t *reader, const schema_t *writer, const uint8_t *data, size_t size,
                       arena_t *arena)
{
    bytes_t bytes = {.at = data, .n = size};
    limits_t limits = LIMITS_DEFAULT;
    for (int i = 0; i < VALUES; i++) {
        buf_t out;
        jv_t *value;
        buf_init(&out, BUF_NO_MAX);
        bytes_json(&bytes, &out, 3);
        text_t text = buf_take(&out, arena);
        buf_dispose(&out);
        require(jv_read(text, JV_STRICT, &limits, arena, &value, NULL) == 0);
        require(!breaks(reader, writer, value, arena));
    }
}

static void judge(const schema_t *reader, const schema_t *writer, const uint8_t *data, size_t size,
                  arena_t *arena)
{
    check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT, .max_findings = 4};
    options.limits.max_steps = STEPS;
    const report_t *report = json_strict_check(reader, writer, &options, arena);
    require(report->verdict != VERDICT_INCOMPATIBLE || (report->witness != NULL && report->n_findings > 0));
    require(report->verdict != VERDICT_UNDECIDED || report->reason != NULL);
    if (report->verdict == VERDICT_INCOMPATIBLE) {
        jv_t *witness;
        require(jv_read(report->witness->json, JV_STRICT, &options.limits, arena, &witness, NULL) == 0);
        require(breaks(reader, writer, witness, arena));
        return;
    }
    if (report->verdict != VERDICT_COMPATIBLE)
        return;
    try_values(reader, writer, data, size, arena);
    const jv_t **samples;
    size_t n = json_strict_sample(writer, SAMPLES, &options, arena, &samples);
    for (size_t i = 0; i < n; i++)
        require(!breaks(reader, writer, samples[i], arena));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4)
        return 0;
    arena_t *arena = arena_new();
    text_t reader_text, writer_text;
    if (data[0] % 4 != 0) {
        size_t half = 1 + (size - 1) / 2;
        reader_text = made(data + 1, half - 1, data[0], arena);
        writer_text = made(data + half, size - half, data[0], arena);
    } else {
        const uint8_t *nul = memchr(data + 1, 0, size - 1);
        size_t n = nul == NULL ? size - 1 : (size_t)(nul - data - 1);
        reader_text = (text_t){(const char *)data + 1, n};
        writer_text = nul == NULL ? reader_text : (text_t){(const char *)nul + 1, size - n - 2};
    }
    schema_t *reader = parse(reader_text, arena), *writer = parse(writer_text, arena);
    if (reader != NULL && writer != NULL) {
        judge(reader, writer, data, size, arena);
        judge(writer, reader, data, size, arena);
        check_options_t options = {.mode = MODE_STRICT, .limits = LIMITS_DEFAULT};
        options.limits.max_steps = STEPS;
        require(json_strict_check(reader, reader, &options, arena)->verdict != VERDICT_INCOMPATIBLE);
    }
    schema_unref(reader);
    schema_unref(writer);
    arena_free(arena);
    return 0;
}

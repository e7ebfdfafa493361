/* fuzz_json_confluent.c - two JSON Schemas, read and compared in confluent mode.
 *
 * Input    writer, a NUL, reader.
 * Claims   nothing crashes; canonical text is canonical; every schema is compatible with itself; work stays within its steps; the same
 *          question has the same answer; what STRICT allows, LENIENT allows; every finding has a message.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/compat.h"

#define CLAIM(condition)  \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static const limits_t limits = {
    .max_bytes = 1u << 16, .max_depth = 64, .max_nodes = 20000, .max_digits = 1000, .max_steps = 100000};

static schema_t *parse(text_t text)
{
    schema_source_t source = {.format = FORMAT_JSON, .text = text, .limits = limits};
    fault_t fault = {0};
    schema_t *schema = NULL;

    if (schema_parse(&source, &schema, &fault) == 0)
        return schema;
    CLAIM(fault.code != FAULT_NONE && fault.text[0] != '\0');
    return NULL;
}

static const report_t *check(const schema_t *reader, const schema_t *writer, json_policy_t policy,
                             arena_t *arena)
{
    check_options_t options = {
        .mode = MODE_CONFLUENT, .policy = policy, .limits = limits, .max_findings = 20};
    const report_t *report = compat_check(reader, writer, &options, arena);

    CLAIM(report->n_findings <= options.max_findings);
    CLAIM(report->verdict != VERDICT_UNDECIDED || report->reason != NULL);
    CLAIM(report->verdict == VERDICT_UNDECIDED || report->steps <= limits.max_steps);
    return report;
}

static void canonical_is_canonical(const schema_t *schema)
{
    schema_t *again = parse(schema_canonical(schema));

    /* a text that grew past a limit by being printed (an escape, a number) may be refused */
    if (again != NULL)
        CLAIM(schema_equal(schema, again));
    schema_unref(again);
}

static void compare(const schema_t *reader, const schema_t *writer, arena_t *arena)
{
    const report_t *strict = check(reader, writer, POLICY_STRICT, arena);
    const report_t *again = check(reader, writer, POLICY_STRICT, arena);
    const report_t *lenient = check(reader, writer, POLICY_LENIENT, arena);

    CLAIM(strict->verdict == again->verdict && strict->steps == again->steps);
    CLAIM(strict->n_findings == again->n_findings);
    if (strict->verdict == VERDICT_COMPATIBLE)
        CLAIM(lenient->verdict != VERDICT_INCOMPATIBLE);
    for (size_t i = 0; i < strict->n_findings; i++) {
        CLAIM(strict->findings[i].sentence.bytes > 0);
        CLAIM(text_eq(strict->findings[i].reader.pointer, again->findings[i].reader.pointer));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size > 0 ? memchr(data, '\0', size) : NULL;
    size_t first = nul != NULL ? (size_t)(nul - data) : size;
    arena_t *arena = arena_new();
    schema_t *writer = parse((text_t){(const char *)data, first}), *reader = NULL;

    if (nul != NULL)
        reader = parse((text_t){(const char *)nul + 1, size - first - 1});
    if (writer != NULL) {
        canonical_is_canonical(writer);
        CLAIM(check(writer, writer, POLICY_STRICT, arena)->verdict != VERDICT_INCOMPATIBLE);
    }
    if (writer != NULL && reader != NULL) {
        compare(reader, writer, arena);
        compare(writer, reader, arena);
    }
    schema_unref(writer);
    schema_unref(reader);
    arena_free(arena);
    return 0;
}

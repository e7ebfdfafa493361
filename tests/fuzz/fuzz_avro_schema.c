/* fuzz_avro_schema.c - one Avro schema, read in every way and printed in every form.
 *
 * Input    the schema's text.
 * Claims   nothing crashes; a refusal says why; canonical and normalised text read back and print themselves again; the forms that
 *          drop things have the fingerprints of what they keep; a schema equals itself.
 */
#include <stdlib.h>

#include "compat/avro/av_fingerprint.h"
#include "compat/compat.h"

#define CLAIM(condition)  \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static const limits_t limits = {
    .max_bytes = 1u << 16, .max_depth = 64, .max_nodes = 20000, .max_digits = 1000, .max_steps = 100000};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static schema_t *parse(text_t text, unsigned flags)
{
    schema_source_t source = {.format = FORMAT_AVRO, .text = text, .flags = flags, .limits = limits};
    fault_t fault = {0};
    schema_t *schema = NULL;
    if (schema_parse(&source, &schema, &fault) == 0)
        return schema;
    CLAIM(fault.code != FAULT_NONE && fault.text[0] != '\0');
    return NULL;
}

/* What a registry stores must be what it can read; normalising that again changes nothing. (What it was given may: an alias ".b" is
 * printed as "b", as Java does, and then lies in the type's namespace.) */
static void texts_are_stable(const schema_t *schema, arena_t *arena)
{
    schema_t *again = parse(schema_canonical(schema), SCHEMA_LENIENT);
    CLAIM(again != NULL);
    CLAIM(text_eq(schema_canonical(again), schema_canonical(schema)));
    text_t normalized = schema_normalized(again, arena);
    schema_t *normal = normalized.bytes < limits.max_bytes ? parse(normalized, SCHEMA_LENIENT) : NULL;
    if (normal)
        CLAIM(text_eq(schema_normalized(normal, arena), normalized));
    schema_unref(normal);
    schema_unref(again);
}

static void forms_are_stable(const schema_t *schema, arena_t *arena)
{
    av_fingerprints_t prints, again_prints;
    text_t form = av_parsing_form(schema, arena);
    av_fingerprints(schema, &prints);
    schema_t *again = parse(form, SCHEMA_VALIDATE);
    if (!again) /* names that a strict reader refuses are not escaped, as in Java; nesting may pass a limit */
        return;
    CLAIM(text_eq(av_parsing_form(again, arena), form));
    av_fingerprints(again, &again_prints);
    CLAIM(prints.rabin == again_prints.rabin);
    schema_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    text_t text = {(const char *)data, bytes};
    schema_t *lenient = parse(text, SCHEMA_LENIENT), *valid = parse(text, SCHEMA_VALIDATE),
             *strict = parse(text, SCHEMA_STRICT);
    CLAIM(!valid || lenient);
    CLAIM(!strict || valid);
    arena_t *arena = arena_new();
    if (lenient) {
        texts_are_stable(lenient, arena);
        CLAIM(schema_equal(lenient, lenient));
        CLAIM(schema_resolved(lenient, arena).bytes > 0);
    }
    if (valid) {
        CLAIM(text_eq(schema_canonical(valid), schema_canonical(lenient)));
        CLAIM(schema_equal(valid, lenient));
        forms_are_stable(valid, arena);
    }
    arena_free(arena);
    schema_unref(lenient);
    schema_unref(valid);
    schema_unref(strict);
    return 0;
}

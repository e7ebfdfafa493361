/* fuzz_validator.c - a schema and a value, both from the input, under all five drafts.
 *
 * Input    a JSON array: the schema, the value, and perhaps a second document named "other".
 * Claims   nothing crashes or hangs; a refused schema says why; a no has errors that point into the value and into a schema; the same question
 *          has the same answer and cost; wanting errors changes no verdict; a pair of documents that compiles resolves all it reaches.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/json/validator.h"

#define CLAIM(condition)  \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static const limits_t limits = {
    .max_bytes = 1u << 16, .max_depth = 64, .max_nodes = 20000, .max_digits = 500, .max_steps = 50000};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void check_errors(const js_result_t *result, const jv_t *instance)
{
    CLAIM(result->n_errors > 0 && result->n_errors <= 3);
    for (size_t i = 0; i < result->n_errors; i++) {
        const js_error_t *error = &result->errors[i];
        CLAIM(jv_at_pointer(instance, error->instance) != NULL);
        CLAIM(error->sentence.bytes > 0 && text_utf8_valid(error->sentence) == error->sentence.bytes);
        CLAIM(error->line > 0 && error->column > 0);
    }
}

static void check_draft(const jv_t *schema, const jv_t *instance, const jv_t *other, js_dialect_t dialect,
                        js_format_t format)
{
    arena_t *arena = arena_new();
    js_document_t root = {TEXT_NONE, schema}, second = {TEXT("other"), other};
    js_resources_t *resources;
    js_validator_t *validator;
    fault_t fault = {0};
    if (js_resources_build(&root, &second, other != NULL, dialect, arena, &resources, &fault) != 0 ||
        js_validator_compile(resources, format, &limits, arena, &validator, &fault) != 0) {
        CLAIM(fault.code != FAULT_NONE && fault.text[0] != '\0');
    } else {
        js_result_t first = js_validate(validator, instance, 0, &limits, arena);
        js_result_t again = js_validate(validator, instance, 3, &limits, arena);
        CLAIM(first.verdict == again.verdict && first.steps == again.steps && first.n_errors == 0);
        CLAIM((first.reason != NULL) == (first.verdict == JS_UNDECIDED));
        if (again.verdict == JS_INVALID)
            check_errors(&again, instance);
    }
    fault_t meta = {0};
    CLAIM(js_meta_validate(schema, dialect, arena, &meta) == 0 || meta.text[0] != '\0');
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    arena_t *arena = arena_new();
    jv_t *input;
    if (jv_read((text_t){(const char *)data, bytes}, JV_STRICT, &limits, arena, &input, NULL) == 0 &&
        input->kind == JV_ARRAY && input->n >= 2) {
        const jv_t *other = input->n > 2 ? &input->items[2] : NULL;
        for (js_dialect_t d = 0; d < DIALECT_N; d++)
            check_draft(&input->items[0], &input->items[1], other, d,
                        d % 2 ? JS_FORMAT_ASSERTS : JS_FORMAT_ANNOTATES);
    }
    arena_free(arena);
    return 0;
}

/* A schema as an instance of its dialect's meta-schema. */
#include "compat/json/metaschemas.h"
#include "compat/json/validator.h"

#define FILES_MAX 16

/* The validator of a dialect's meta-schema. What is built in is sound: a fault here would be ours. */
static int compile_meta(js_dialect_t dialect, const limits_t *limits, arena_t *arena, js_validator_t **out,
                        fault_t *fault)
{
    const js_metaschema_file_t *files[FILES_MAX];
    js_document_t documents[FILES_MAX];
    size_t n = js_metaschema_of(dialect, files, FILES_MAX);
    js_resources_t *resources;
    for (size_t i = 0; i < n; i++) {
        jv_t *tree;
        if (jv_read(files[i]->text, JV_STRICT, limits, arena, &tree, fault) != 0)
            return -1;
        documents[i] = (js_document_t){js_metaschema_uri(tree), tree};
    }
    if (js_resources_build(&documents[0], documents + 1, n - 1, dialect, arena, &resources, fault) != 0)
        return -1;
    return js_validator_compile(resources, JS_FORMAT_ANNOTATES, limits, arena, out, fault);
}

int js_meta_validate(const jv_t *schema, js_dialect_t dialect, arena_t *arena, fault_t *fault)
{
    const limits_t limits = LIMITS_DEFAULT;
    js_validator_t *validator;
    if (compile_meta(dialect, &limits, arena, &validator, fault) != 0)
        return -1;
    js_result_t result = js_validate(validator, schema, 2, &limits, arena);
    if (result.verdict == JS_VALID)
        return 0;
    if (result.verdict == JS_UNDECIDED)
        return fault_set(fault, FAULT_LIMIT, 0, 0,
                         "the schema is too large to be checked against the meta-schema of %s (%s)",
                         js_dialect_name(dialect), result.reason);
    if (fault == NULL || fault->code != FAULT_NONE)
        return -1;
    const js_error_t *error = &result.errors[0];
    if (result.n_errors == 2 && result.errors[1].instance.bytes > error->instance.bytes &&
        text_starts(result.errors[1].instance, error->instance))
        error++; /* the nearest alternative, further inside */
    const jv_t *at = jv_at_pointer(schema, error->instance);
    fault_set(fault, FAULT_SCHEMA, at == NULL ? 0 : at->line, at == NULL ? 0 : at->column,
              "this is not a schema of %s: it " TEXT_FMT, js_dialect_name(dialect),
              TEXT_ARG(error->sentence));
    fault_set_pointer(fault, error->instance);
    return -1;
}

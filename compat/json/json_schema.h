/* json_schema.h - a parsed JSON Schema: what schema_t.model points to when the format is JSON. Private to compat/json.
 *
 * Memory   lives in the schema's arena and is never written after schema_parse returns, so that threads share it.
 */
#ifndef AVOW_COMPAT_JSON_JSON_SCHEMA_H
#define AVOW_COMPAT_JSON_JSON_SCHEMA_H

#include "compat/format.h"
#include "compat/json/confluent_model.h"
#include "compat/json/resources.h"
#include "compat/json/validator.h"

typedef struct {
    js_resources_t *resources;   /* of the document and all its references */
    const js_resource_t *root;   /* the document's own */
    js_dialect_t dialect;        /* of the root resource */
    const cf_model_t *confluent; /* what confluent mode compares */
    js_validator_t *
        validator; /* formats annotate; NULL when it could not be compiled (an unresolved reference): `strict`
                                   then compiles its own to learn the reason */
} js_schema_t;

static inline const js_schema_t *js_schema_of(const schema_t *schema)
{
    return (const js_schema_t *)schema->model;
}

#endif

/* strict_check.h - one strict check while it runs: what its parts share. Private to compat/json/strict*. */
#ifndef AVOW_COMPAT_JSON_STRICT_CHECK_H
#define AVOW_COMPAT_JSON_STRICT_CHECK_H

#include "compat/json/json_schema.h"
#include "compat/json/strict_front.h"
#include "compat/json/strict_search.h"

typedef struct {
    const schema_t *schema;
    const js_schema_t *json;
    const js_validator_t *validator; /* NULL: it could not be compiled */
    ir_id_t formula;
} strict_side_t;

typedef struct {
    const check_options_t *options;
    arena_t *arena;   /* of the report */
    arena_t *scratch; /* of everything else */
    ir_t ir;
    search_t search;
    words_t *words;
    strict_side_t reader, writer;
    uint64_t validation_steps;
} strict_t;

/* Does the writer allow the value and the reader refuse it? The only way to `incompatible`. */
bool strict_replay(strict_t *check, const jv_t *value);

/* The findings of an incompatible pair, the first of them shown by `value`; fills report->findings and report->witness. */
void strict_explain(strict_t *check, const jv_t *value, report_t *report);

#endif

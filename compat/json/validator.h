/* validator.h - is a JSON value valid under a JSON Schema? Drafts 4, 6, 7, 2019-09 and 2020-12, whole.
 *
 * It evaluates schema documents as the specifications describe them and shares nothing with the checkers, because it judges them:
 * every counterexample is replayed here before it leaves the library.
 *
 * Memory   a js_validator_t lives in the arena it was compiled in. Errors live in the arena of the call.
 * Threads  a compiled validator is immutable; each call has its own arena.
 */
#ifndef AVOW_COMPAT_JSON_VALIDATOR_H
#define AVOW_COMPAT_JSON_VALIDATOR_H

#include "compat/json/resources.h"

typedef struct js_validator js_validator_t;

typedef enum { JS_FORMAT_ANNOTATES, JS_FORMAT_ASSERTS } js_format_t;

typedef struct {
    text_t instance;       /* JSON pointer */
    text_t keyword;        /* JSON pointer into the document that holds the schema */
    uint32_t line, column; /* of the keyword */
    text_t sentence;
} js_error_t;

typedef struct {
    enum {
        JS_VALID,
        JS_INVALID,
        JS_UNDECIDED
    } verdict;          /* undecided: a pattern that cannot be followed, or the budget */
    js_error_t *errors; /* up to max_errors */
    size_t n_errors;
    const char *reason; /* undecided: "regex-unsupported", "budget", "reference-loop" */
    uint64_t steps;
} js_result_t;

int js_validator_compile(const js_resources_t *resources, js_format_t format, const limits_t *limits,
                         arena_t *arena, js_validator_t **out, fault_t *fault);

js_result_t js_validate(const js_validator_t *validator, const jv_t *instance, size_t max_errors,
                        const limits_t *limits, arena_t *arena);

/* Is this document a schema of its dialect? Validates against the dialect's meta-schema, which is built in. */
int js_meta_validate(const jv_t *schema, js_dialect_t dialect, arena_t *arena, fault_t *fault);

#endif

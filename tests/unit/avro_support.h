/* avro_support.h - schemas from literals, for the tests of compat/avro. */
#ifndef AVOW_TESTS_UNIT_AVRO_SUPPORT_H
#define AVOW_TESTS_UNIT_AVRO_SUPPORT_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/compat.h"

/* A schema's text with ' for ", which C literals like better. */
static inline text_t quoted(arena_t *arena, const char *text)
{
    char *copy = arena_copy(arena, text, strlen(text));
    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    return text_of(copy);
}

static inline schema_t *schema_try(const char *text, unsigned flags, fault_t *fault)
{
    arena_t *arena = arena_new();
    schema_source_t source = {
        .format = FORMAT_AVRO, .text = quoted(arena, text), .flags = flags, .limits = LIMITS_DEFAULT};
    schema_t *schema = NULL;
    int code = schema_parse(&source, &schema, fault);
    ck_assert((code == 0) == (schema != NULL));
    ck_assert(code == 0 || fault->code != FAULT_NONE);
    arena_free(arena);
    return schema;
}

static inline schema_t *schema_flagged(const char *text, unsigned flags)
{
    fault_t fault = {0};
    schema_t *schema = schema_try(text, flags, &fault);
    if (!schema)
        ck_abort_msg("%s: %s", text, fault.text);
    return schema;
}

static inline schema_t *schema_of(const char *text)
{
    return schema_flagged(text, SCHEMA_VALIDATE);
}

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif

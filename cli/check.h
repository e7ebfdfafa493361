/* check.h - what `avow check`, its bulk mode and `avow diff` share: options and a pair of schemas read from files. */
#ifndef AVOW_CLI_CHECK_H
#define AVOW_CLI_CHECK_H

#include "compat/compat.h"

typedef struct {
    const char *mode, *level, *format, *type, *policy, *draft, *references, *pairs, *steps;
    bool assert_format, no_color;
} check_arguments_t;

check_options_t check_options_of(const check_arguments_t *arguments);

/* Reads and parses the schema in a file. NULL after saying on stderr, for `command`, what is wrong and where. `source` (may be NULL) gets the
 * file's text. Unref the schema. */
schema_t *check_read_schema(const char *command, const char *path, const check_arguments_t *arguments,
                            arena_t *arena, text_t *source);

/* --pairs: one JSON object a line in, one a line out. An exit code. */
int pairs_run(const check_arguments_t *arguments);

#endif

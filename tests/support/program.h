/* program.h - a program run to its end: what it said, and how it ended. */
#ifndef AVOW_TESTS_SUPPORT_PROGRAM_H
#define AVOW_TESTS_SUPPORT_PROGRAM_H

#include <stddef.h>

typedef struct {
    int code; /* exit code, or 128 + the signal that ended it; -1: it did not end in time and was killed */
    char said[65536]; /* standard output and error, as they came */
} program_t;

/* argv[0] is a path, or a name that is looked for on PATH. `input` may be NULL. */
void program_run(program_t *program, const char *const *argv, const char *input, int timeout_ms);

#endif

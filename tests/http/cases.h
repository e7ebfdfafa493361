/* cases.h - a .test file as it was written: cases, their steps, nothing carried out yet. docs/testing.md has the format.
 *
 * Memory   everything lives in the arena that the caller gives.
 * Errors   a file that cannot be read ends the program with its name and line: it is a mistake in the test.
 */
#ifndef AVOW_TESTS_HTTP_CASES_H
#define AVOW_TESTS_HTTP_CASES_H

#include "compat/core/arena.h"
#include "compat/core/text.h"

typedef enum { STEP_REQUEST, STEP_TEXT, STEP_PAIR } step_kind_t;

/* A line below a step: a header with its value, or the key and value of a `text` or `pair` step. */
typedef struct entry {
    struct entry *next;
    int line;
    text_t key, value;
} entry_t;

typedef struct {
    entry_t *first, *last;
} entries_t;

typedef struct step {
    struct step *next;
    step_kind_t kind;
    int line;
    text_t method, path, body; /* STEP_REQUEST; `body` is TEXT_NONE when there is none */
    entries_t headers;         /* "> Name: value"; an empty value takes the header away */
    text_t expect;             /* "200 {...}" */
    entries_t
        reply_headers; /* "< Name: value", "< Name ~ fragment", "< Name absent": the key is the whole line */
    text_t format;     /* STEP_TEXT, STEP_PAIR: "AVRO", "JSON" */
    entries_t entries;
} step_t;

typedef struct case_ {
    struct case_ *next;
    int line;
    text_t sentence;
    bool own_server; /* it has a `server` line */
    text_t options;  /* of that line */
    step_t *first, *last;
} case_t;

typedef struct {
    const char *name; /* of the file */
    text_t options;   /* of the `server` line before the first case */
    case_t *first, *last;
    int n;
} case_file_t;

void case_file_read(const char *path, arena_t *arena, case_file_t *out);

/* The first entry of this key, or TEXT_NONE. */
text_t entry_value(const entries_t *entries, const char *key);

#endif

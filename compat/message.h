/* message.h - is a message valid under a schema? What people paste, what tests check, what a witness is shown with.
 *
 * JSON Schema: the message is JSON text, judged by the validator. Avro: the message is Avro's JSON encoding of a datum.
 *
 * Memory   in the arena given.
 */
#ifndef AVOW_COMPAT_MESSAGE_H
#define AVOW_COMPAT_MESSAGE_H

#include "compat/compat.h"

typedef struct {
    text_t instance;       /* JSON pointer into the message */
    text_t keyword;        /* JSON pointer into the schema */
    uint32_t line, column; /* in the message where it is known, else 0 */
    text_t sentence;
} message_error_t;

typedef struct {
    enum { MESSAGE_VALID, MESSAGE_INVALID, MESSAGE_UNDECIDED, MESSAGE_UNREADABLE } verdict;
    const char *reason; /* undecided: a code such as "regex-unsupported" */
    message_error_t *errors;
    size_t n_errors;
} message_report_t;

typedef struct {
    limits_t limits;
    size_t max_errors;
    bool assert_format; /* JSON Schema: `format` decides */
} message_options_t;

const message_report_t *message_validate(const schema_t *schema, text_t message,
                                         const message_options_t *options, arena_t *arena);

/* A report of one error, for the formats' own functions. */
const message_report_t *message_unreadable(const fault_t *fault, arena_t *arena);

#endif

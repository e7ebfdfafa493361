/* fault.h - what is wrong with a text that was given to the library, and where.
 *
 * Faults are about input. They are owned by the caller, fixed in size and never on the heap; the first one wins.
 */
#ifndef AVOW_COMPAT_CORE_FAULT_H
#define AVOW_COMPAT_CORE_FAULT_H

#include <stdint.h>

#include "compat/core/text.h"

typedef enum {
    FAULT_NONE,
    FAULT_SYNTAX,    /* not JSON, not UTF-8, a duplicate key, a bad escape */
    FAULT_LIMIT,     /* a limit of limits_t was passed: the sentence names it */
    FAULT_SCHEMA,    /* JSON, but not a schema */
    FAULT_REFERENCE, /* refers to something that was not given */
    FAULT_VALUE,     /* a datum that does not fit its schema */
} fault_code_t;

typedef struct {
    fault_code_t code;
    uint32_t line, column; /* 1-based; 0 when there is no place. Columns count code points */
    char pointer[192];     /* JSON pointer into the text, cut with "..." when longer */
    char text[512];        /* one sentence for people, UTF-8, without the place */
} fault_t;

/* Notes the first fault and returns -1, so that callers can `return fault_set(...)`. `fault` may be NULL. */
int fault_set(fault_t *fault, fault_code_t code, uint32_t line, uint32_t column, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Adds the place as a JSON pointer, cut with "..." when it does not fit; the first one wins. */
void fault_set_pointer(fault_t *fault, text_t pointer);

/* "line 3, column 14 (/fields/2/type): unknown type ..." in `arena`. */
text_t fault_sentence(const fault_t *fault, arena_t *arena);

#endif

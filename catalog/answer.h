/* answer.h - one answer under construction: reasons are added, and each can only make it worse. Private to can_i.c.
 *
 * Memory   the buffers are on the heap: answer_end or answer_dispose. All else is in the transaction's arena.
 */
#ifndef AVOW_CATALOG_ANSWER_H
#define AVOW_CATALOG_ANSWER_H

#include "catalog/db/db.h"
#include "compat/core/buf.h"

/* From good to bad. */
typedef enum { ANSWER_YES, ANSWER_PENDING, ANSWER_UNKNOWN, ANSWER_NO } verdict_kind_t;

typedef struct {
    tx_t *tx;
    arena_t *arena;
    verdict_kind_t kind;
    text_t question;
    text_t evidence; /* JSON object; TEXT_NONE: {} */
    buf_t because, next;
} answer_t;

void answer_begin(answer_t *answer, tx_t *tx);

/* `code` NULL: `members` has it. `members`: further members of the reason, JSON without braces; TEXT_NONE. */
void answer_because(answer_t *answer, verdict_kind_t gives, const char *code, text_t members, const char *fmt,
                    ...) __attribute__((format(printf, 5, 6)));
void answer_next(answer_t *answer, text_t href, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

int answer_end(answer_t *answer, text_t *out);
void answer_dispose(answer_t *answer);

#endif

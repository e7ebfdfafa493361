/* buf.h - a text that grows, up to a maximum given when it is made.
 *
 * A buffer that would pass its maximum stops growing and remembers it: check `buf_failed` once, at the end.
 *
 * Memory   heap; buf_dispose frees. `buf_text` is borrowed until the next call that changes the buffer.
 */
#ifndef AVOW_COMPAT_CORE_BUF_H
#define AVOW_COMPAT_CORE_BUF_H

#include "compat/core/text.h"

typedef struct {
    char *_at;
    size_t _bytes, _room, _max;
    bool _failed;
} buf_t;

#define BUF_NO_MAX SIZE_MAX

void buf_init(buf_t *buf, size_t max_bytes);
void buf_dispose(buf_t *buf);
void buf_clear(buf_t *buf);

void buf_add(buf_t *buf, text_t text);
void buf_add_s(buf_t *buf, const char *s);
void buf_add_char(buf_t *buf, char c);
void buf_add_code_point(buf_t *buf, uint32_t code_point);
void buf_printf(buf_t *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_cut(buf_t *buf, size_t bytes); /* shortens to `bytes` */

bool buf_failed(const buf_t *buf);
text_t buf_text(const buf_t *buf);           /* NUL-terminated, never NULL */
text_t buf_take(buf_t *buf, arena_t *arena); /* a copy in the arena; the buffer is then empty */
text_t buf_end(buf_t *buf, arena_t *arena);  /* the same, and the buffer is disposed */

#endif

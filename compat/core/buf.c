#include "compat/core/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(buf_t *buf, size_t max_bytes)
{
    *buf = (buf_t){._max = max_bytes};
}

void buf_dispose(buf_t *buf)
{
    free(buf->_at);
    *buf = (buf_t){._max = buf->_max};
}

void buf_clear(buf_t *buf)
{
    buf->_bytes = 0;
    buf->_failed = false;
    if (buf->_at != NULL)
        buf->_at[0] = '\0';
}

/* Makes room for `bytes` more and the NUL. False, and the buffer has failed, if that would pass its maximum. */
static bool reserve(buf_t *buf, size_t bytes)
{
    if (buf->_failed || bytes > buf->_max - buf->_bytes) {
        buf->_failed = true;
        return false;
    }
    if (bytes < buf->_room - buf->_bytes)
        return true;
    if (bytes > SIZE_MAX / 4 || buf->_bytes > SIZE_MAX / 4)
        abort();
    size_t room = buf->_room < 64 ? 128 : 2 * buf->_room;
    if (room < buf->_bytes + bytes + 1)
        room = buf->_bytes + bytes + 1;
    char *at = realloc(buf->_at, room);
    if (at == NULL)
        abort();
    buf->_at = at;
    buf->_room = room;
    return true;
}

void buf_add(buf_t *buf, text_t text)
{
    if (!reserve(buf, text.bytes))
        return;
    if (text.bytes > 0)
        memcpy(buf->_at + buf->_bytes, text.at, text.bytes);
    buf->_bytes += text.bytes;
    buf->_at[buf->_bytes] = '\0';
}

void buf_add_s(buf_t *buf, const char *s)
{
    buf_add(buf, text_of(s));
}

void buf_add_char(buf_t *buf, char c)
{
    if (!reserve(buf, 1))
        return;
    buf->_at[buf->_bytes++] = c;
    buf->_at[buf->_bytes] = '\0';
}

void buf_add_code_point(buf_t *buf, uint32_t c)
{
    char utf8[4];
    size_t n = 0;
    if (c < 0x80) {
        utf8[n++] = (char)c;
    } else if (c < 0x800) {
        utf8[n++] = (char)(0xC0 | c >> 6);
        utf8[n++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        utf8[n++] = (char)(0xE0 | c >> 12);
        utf8[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        utf8[n++] = (char)(0x80 | (c & 0x3F));
    } else {
        utf8[n++] = (char)(0xF0 | (c >> 18 & 0x07));
        utf8[n++] = (char)(0x80 | (c >> 12 & 0x3F));
        utf8[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        utf8[n++] = (char)(0x80 | (c & 0x3F));
    }
    buf_add(buf, (text_t){utf8, n});
}

void buf_printf(buf_t *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        abort(); /* only a broken format string does this */
    if (reserve(buf, (size_t)n)) {
        vsnprintf(buf->_at + buf->_bytes, (size_t)n + 1, fmt, again);
        buf->_bytes += (size_t)n;
    }
    va_end(again);
}

void buf_cut(buf_t *buf, size_t bytes)
{
    if (bytes >= buf->_bytes)
        return;
    buf->_bytes = bytes;
    buf->_at[bytes] = '\0';
}

bool buf_failed(const buf_t *buf)
{
    return buf->_failed;
}

text_t buf_text(const buf_t *buf)
{
    return (text_t){buf->_at == NULL ? "" : buf->_at, buf->_bytes};
}

text_t buf_take(buf_t *buf, arena_t *arena)
{
    text_t text = text_copy(arena, buf_text(buf));
    buf_clear(buf);
    return text;
}

text_t buf_end(buf_t *buf, arena_t *arena)
{
    text_t text = buf_take(buf, arena);
    buf_dispose(buf);
    return text;
}

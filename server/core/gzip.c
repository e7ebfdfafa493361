#include "server/core/gzip.h"

#include <string.h>
#include <zlib.h>

/* Level 1: schemas shrink to a fifth at it already, and a worker has other things to do. */
#define LEVEL       1
#define GZIP_WINDOW (15 + 16) /* zlib: the largest window, in gzip's framing */
#define MEMORY      8

/* The compressed text, or TEXT_NONE when it would not be smaller. */
static text_t compress_text(text_t text, arena_t *arena)
{
    z_stream stream = {.zalloc = Z_NULL};
    if (text.bytes > UINT32_MAX / 2 ||
        deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return TEXT_NONE;
    char *out = arena_alloc(arena, text.bytes);
    stream.next_in =
        (Bytef *)(uintptr_t)text.at; /* zlib's input is not const unless asked for, and not written */
    stream.avail_in = (uInt)text.bytes;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)text.bytes - 1;
    int rc = deflate(&stream, Z_FINISH);
    size_t bytes = stream.total_out;
    deflateEnd(&stream);
    return rc == Z_STREAM_END ? (text_t){out, bytes} : TEXT_NONE;
}

void gzip_reply(call_t *c, bool accepted, int64_t min_bytes)
{
    if (min_bytes == 0 || c->reply.body.bytes < (size_t)min_bytes || c->reply.body.bytes == 0)
        return;
    reply_header(c, "vary", TEXT("accept-encoding"));
    if (!accepted)
        return;
    text_t small = compress_text(c->reply.body, c->arena);
    if (small.at == NULL)
        return;
    c->reply.body = small;
    reply_header(c, "content-encoding", TEXT("gzip"));
}

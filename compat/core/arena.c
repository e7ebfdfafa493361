#include "compat/core/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

/* Under AddressSanitizer what was not handed out is poisoned, so that running past an object is seen as on the heap. */
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, bytes)   ASAN_POISON_MEMORY_REGION(at, bytes)
#define UNPOISON(at, bytes) ASAN_UNPOISON_MEMORY_REGION(at, bytes)
#define RED_ZONE            16
#else
#define POISON(at, bytes)   ((void)(at), (void)(bytes))
#define UNPOISON(at, bytes) ((void)(at), (void)(bytes))
#define RED_ZONE            0
#endif

#define ALIGN       alignof(max_align_t)
#define FIRST_BYTES 2048
#define MAX_BYTES   (256u << 10) /* of a chunk; a larger object gets a chunk of its own */

typedef struct chunk chunk_t;
struct chunk {
    chunk_t *before;
    size_t used, room;
    alignas(ALIGN) char at[];
};

struct arena {
    chunk_t *last;
    chunk_t *spare; /* kept by arena_rewind, so that a loop of mark and rewind does not malloc each time */
    size_t bytes;   /* of all chunks, spare included */
    size_t next_room;
    alignas(ALIGN) char first[];
};

static void *system_alloc(size_t bytes)
{
    void *at = malloc(bytes);
    if (at == NULL)
        abort();
    return at;
}

static chunk_t *first_chunk(arena_t *arena)
{
    return (chunk_t *)arena->first;
}

arena_t *arena_new(void)
{
    arena_t *arena = system_alloc(FIRST_BYTES);
    arena->spare = NULL;
    arena->bytes = FIRST_BYTES;
    arena->next_room = 2 * FIRST_BYTES;
    chunk_t *chunk = first_chunk(arena);
    chunk->before = NULL;
    chunk->used = 0;
    chunk->room = FIRST_BYTES - offsetof(arena_t, first) - offsetof(chunk_t, at);
    arena->last = chunk;
    POISON(chunk->at, chunk->room);
    return arena;
}

static void chunk_free(arena_t *arena, chunk_t *chunk)
{
    arena->bytes -= chunk->room + sizeof *chunk;
    UNPOISON(chunk->at, chunk->room);
    free(chunk);
}

/* Gives back every chunk newer than `stop`; an ordinary one stays as the spare. */
static void drop_chunks(arena_t *arena, const chunk_t *stop)
{
    while (arena->last != stop) {
        chunk_t *chunk = arena->last;
        arena->last = chunk->before;
        if (arena->spare == NULL && chunk->room <= MAX_BYTES) {
            POISON(chunk->at, chunk->room);
            arena->spare = chunk;
        } else {
            chunk_free(arena, chunk);
        }
    }
}

void arena_free(arena_t *arena)
{
    if (arena == NULL)
        return;
    drop_chunks(arena, first_chunk(arena));
    if (arena->spare != NULL)
        chunk_free(arena, arena->spare);
    chunk_t *first = first_chunk(arena);
    UNPOISON(first->at, first->room);
    free(arena);
}

void arena_reset(arena_t *arena)
{
    drop_chunks(arena, first_chunk(arena));
    if (arena->spare != NULL) {
        chunk_free(arena, arena->spare);
        arena->spare = NULL;
    }
    arena->next_room = 2 * FIRST_BYTES;
    first_chunk(arena)->used = 0;
    POISON(first_chunk(arena)->at, first_chunk(arena)->room);
}

static chunk_t *add_chunk(arena_t *arena, size_t bytes)
{
    chunk_t *chunk;
    if (arena->spare != NULL && arena->spare->room >= bytes) {
        chunk = arena->spare;
        arena->spare = NULL;
    } else {
        size_t room = arena->next_room > bytes ? arena->next_room : bytes;
        if (arena->next_room < MAX_BYTES)
            arena->next_room *= 2;
        chunk = system_alloc(sizeof *chunk + room);
        chunk->room = room;
        arena->bytes += room + sizeof *chunk;
        POISON(chunk->at, room);
    }
    chunk->used = 0;
    chunk->before = arena->last;
    arena->last = chunk;
    return chunk;
}

static inline void *take(arena_t *arena, size_t bytes, size_t align)
{
    if (bytes > SIZE_MAX / 2)
        abort();
    chunk_t *chunk = arena->last;
    size_t start = (chunk->used + align - 1) & ~(align - 1);
    if (start + bytes + RED_ZONE > chunk->room) {
        chunk = add_chunk(arena, bytes + RED_ZONE);
        start = 0;
    }
    chunk->used = start + bytes + RED_ZONE;
    UNPOISON(chunk->at + start, bytes);
    return chunk->at + start;
}

void *arena_take(arena_t *arena, size_t bytes)
{
    return take(arena, bytes, ALIGN);
}

void *arena_alloc(arena_t *arena, size_t bytes)
{
    return memset(take(arena, bytes, ALIGN), 0, bytes);
}

char *arena_copy(arena_t *arena, const void *at, size_t bytes)
{
    char *copy = take(arena, bytes + 1, 1);
    if (bytes > 0)
        memcpy(copy, at, bytes);
    copy[bytes] = '\0';
    return copy;
}

char *arena_printf(arena_t *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = arena_vprintf(arena, fmt, args);
    va_end(args);
    return text;
}

char *arena_vprintf(arena_t *arena, const char *fmt, va_list args)
{
    char small[256];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, fmt, args);
    if (n < 0)
        abort(); /* only a broken format string does this */
    if ((size_t)n < sizeof small) {
        va_end(again);
        return arena_copy(arena, small, (size_t)n);
    }
    char *text = take(arena, (size_t)n + 1, 1);
    vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

arena_mark_t arena_mark(const arena_t *arena)
{
    return (arena_mark_t){.chunk = arena->last, .used = arena->last->used};
}

void arena_rewind(arena_t *arena, arena_mark_t mark)
{
    drop_chunks(arena, mark.chunk);
    chunk_t *chunk = arena->last;
    POISON(chunk->at + mark.used, chunk->room - mark.used);
    chunk->used = mark.used;
}

size_t arena_bytes(const arena_t *arena)
{
    return arena->bytes;
}

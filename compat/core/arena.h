/* arena.h - memory that is given back all at once.
 *
 * Everything that lives as long as one call, one check or one parsed schema is taken from an arena and dies with it:
 * there is no free of a single object, so there is none to forget.
 *
 * Threads  an arena belongs to one thread at a time.
 * Memory   arena_alloc never returns NULL: a process without memory aborts, as h2o's pools do. Sizes that come from
 *          outside are bounded by limits_t before they arrive here.
 */
#ifndef AVOW_COMPAT_CORE_ARENA_H
#define AVOW_COMPAT_CORE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct arena arena_t;

/* A place in an arena to come back to; see arena_rewind. */
typedef struct {
    void *chunk;
    size_t used;
} arena_mark_t;

arena_t *arena_new(void);
void arena_free(arena_t *arena); /* NULL is fine */

/* Forgets everything and keeps the first chunk for reuse. */
void arena_reset(arena_t *arena);

/* Zeroed memory, aligned for any type. `bytes` may be 0: the result is then a valid pointer to nothing. */
void *arena_alloc(arena_t *arena, size_t bytes) __attribute__((malloc, returns_nonnull));

/* The same without zeroes, for what is written whole at once. */
void *arena_take(arena_t *arena, size_t bytes) __attribute__((malloc, returns_nonnull));

#define ARENA_NEW(arena, type)      ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, n) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(n)))

/* Copies `bytes` bytes (NULs included) and ends them with a NUL. */
char *arena_copy(arena_t *arena, const void *at, size_t bytes);

char *arena_printf(arena_t *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(arena_t *arena, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

/* What was taken since `arena_mark` is given back by `arena_rewind`: scratch space within a longer life. */
arena_mark_t arena_mark(const arena_t *arena);
void arena_rewind(arena_t *arena, arena_mark_t mark);

/* Bytes held from the system, for budgets and metrics. */
size_t arena_bytes(const arena_t *arena);

#endif

/* text.h - a piece of text: where it is and how many bytes it has.
 *
 * A text is borrowed: it owns nothing and lives as long as what it points into (an arena, a buffer, a literal). It may
 * hold NUL bytes. Texts made by this project's functions are followed by a NUL that is not counted, so that `.at` can be
 * printed with %s where the text is known to hold none.
 */
#ifndef AVOW_COMPAT_CORE_TEXT_H
#define AVOW_COMPAT_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "compat/core/arena.h"

typedef struct {
    const char *at;
    size_t bytes;
} text_t;

#define TEXT(literal)  ((text_t){"" literal "", sizeof(literal) - 1})
#define TEXT_NONE      ((text_t){NULL, 0})
#define TEXT_FMT       "%.*s"
#define TEXT_ARG(text) (int)(text).bytes, text_shown((text).at)

static inline const char *text_shown(const char *at) /* for printf, which wants an address even for nothing */
{
    return at != NULL ? at : "";
}

text_t text_of(const char *s); /* NULL gives TEXT_NONE */
text_t text_copy(arena_t *arena, text_t text);
text_t text_printf(arena_t *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline uint64_t text_word_(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* memcmp(...) == 0, faster for the short texts that names are. */
static inline bool text_same_bytes_(const char *a, const char *b, size_t n)
{
    if (n >= 8) {
        for (size_t i = 0; i + 8 < n; i += 8)
            if (text_word_(a + i) != text_word_(b + i))
                return false;
        return text_word_(a + n - 8) == text_word_(b + n - 8); /* the last eight, some of them seen already */
    }
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* TEXT_NONE equals the empty text. */
static inline bool text_eq(text_t a, text_t b)
{
    return a.bytes == b.bytes && text_same_bytes_(a.at, b.at, a.bytes);
}

bool text_is(text_t a, const char *s);
bool text_is_nocase(text_t a, const char *s); /* ASCII letters only */
bool text_starts(text_t text, text_t prefix);
int text_compare(text_t a, text_t b); /* by bytes, which for UTF-8 is by code point */
text_t text_from(text_t text, size_t bytes);
text_t text_trim(text_t text); /* without ASCII white space at both ends */

uint64_t text_hash(text_t text,
                   uint64_t seed); /* for tables in memory, never stored: may change between releases */

size_t text_code_points(text_t utf8);

/* Bytes of the well-formed UTF-8 sequence that starts at `at` (which is before `end`): 1 to 4, or 0 if it is none. */
size_t text_utf8_sequence(const char *at, const char *end);

/* The code point that starts at `*at` of well-formed UTF-8, and moves past it. */
uint32_t text_code_point(const char **at);

/* The position of the first byte that is not part of well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms), or
 * `text.bytes` when all is well. */
size_t text_utf8_valid(text_t text);

#endif

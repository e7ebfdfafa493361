#include "compat/core/text.h"

text_t text_of(const char *s)
{
    return s == NULL ? TEXT_NONE : (text_t){s, strlen(s)};
}

text_t text_copy(arena_t *arena, text_t text)
{
    return (text_t){arena_copy(arena, text.at, text.bytes), text.bytes};
}

text_t text_printf(arena_t *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *at = arena_vprintf(arena, fmt, args);
    va_end(args);
    return text_of(at);
}

bool text_is(text_t a, const char *s)
{
    return text_eq(a, text_of(s));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_is_nocase(text_t a, const char *s)
{
    text_t b = text_of(s);
    if (a.bytes != b.bytes)
        return false;
    for (size_t i = 0; i < a.bytes; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

bool text_starts(text_t text, text_t prefix)
{
    return prefix.bytes <= text.bytes && (prefix.bytes == 0 || memcmp(text.at, prefix.at, prefix.bytes) == 0);
}

int text_compare(text_t a, text_t b)
{
    size_t both = a.bytes < b.bytes ? a.bytes : b.bytes;
    int order = both == 0 ? 0 : memcmp(a.at, b.at, both);
    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a.bytes > b.bytes) - (a.bytes < b.bytes);
}

text_t text_from(text_t text, size_t bytes)
{
    if (bytes >= text.bytes)
        return (text_t){text.at == NULL ? NULL : text.at + text.bytes, 0};
    return (text_t){text.at + bytes, text.bytes - bytes};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

text_t text_trim(text_t text)
{
    while (text.bytes > 0 && is_space(text.at[0]))
        text = text_from(text, 1);
    while (text.bytes > 0 && is_space(text.at[text.bytes - 1]))
        text.bytes--;
    return text;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The seed goes into both factors of every product: whoever does not know it cannot aim for a zero. */
uint64_t text_hash(text_t text, uint64_t seed)
{
    uint64_t hash = seed ^ 0x9E3779B97F4A7C15u;
    uint64_t key = (seed << 32 | seed >> 32) ^ 0xD1B54A32D192ED03u;
    const char *at = text.at;
    size_t left = text.bytes;
    for (; left >= 8; at += 8, left -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = mix(hash ^ word, key ^ word << 1);
    }
    uint64_t tail = 0;
    if (left > 0)
        memcpy(&tail, at, left);
    hash = mix(hash ^ tail, key + text.bytes);
    return mix(hash ^ hash >> 29, 0x9FB21C651E98DF25u);
}

size_t text_code_points(text_t utf8)
{
    const uint64_t ones = 0x0101010101010101u;
    size_t continuations = 0, i = 0;
    for (; i + 8 <= utf8.bytes; i += 8) { /* bytes 10xxxxxx, eight at once */
        uint64_t word;
        memcpy(&word, utf8.at + i, 8);
        continuations += (word >> 7 & ~(word >> 6) & ones) * ones >> 56;
    }
    for (; i < utf8.bytes; i++)
        continuations += ((unsigned char)utf8.at[i] & 0xC0) == 0x80;
    return utf8.bytes - continuations;
}

size_t text_utf8_sequence(const char *at, const char *end)
{
    const unsigned char *c = (const unsigned char *)at;
    size_t room = (size_t)(end - at);
    if (c[0] < 0x80)
        return 1;
    if (c[0] < 0xC2 || c[0] > 0xF4 || room < 2 || (c[1] & 0xC0) != 0x80)
        return 0;
    if (c[0] < 0xE0)
        return 2;
    if (room < 3 || (c[2] & 0xC0) != 0x80)
        return 0;
    if (c[0] < 0xF0) { /* no overlong forms, no surrogates */
        if ((c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xED && c[1] > 0x9F))
            return 0;
        return 3;
    }
    if (room < 4 || (c[3] & 0xC0) != 0x80)
        return 0;
    if ((c[0] == 0xF0 && c[1] < 0x90) || (c[0] == 0xF4 && c[1] > 0x8F))
        return 0;
    return 4;
}

uint32_t text_code_point(const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    if (c[0] < 0x80) {
        *at += 1;
        return c[0];
    }
    if (c[0] < 0xE0) {
        *at += 2;
        return (c[0] & 0x1Fu) << 6 | (c[1] & 0x3Fu);
    }
    if (c[0] < 0xF0) {
        *at += 3;
        return (c[0] & 0x0Fu) << 12 | (c[1] & 0x3Fu) << 6 | (c[2] & 0x3Fu);
    }
    *at += 4;
    return (c[0] & 0x07u) << 18 | (c[1] & 0x3Fu) << 12 | (c[2] & 0x3Fu) << 6 | (c[3] & 0x3Fu);
}

size_t text_utf8_valid(text_t text)
{
    const char *at = text.at, *end = text.at + text.bytes;
    while (at < end) {
        uint64_t word;
        if (end - at >= 8 && (memcpy(&word, at, 8), (word & 0x8080808080808080u) == 0)) {
            at += 8;
            continue;
        }
        size_t bytes = text_utf8_sequence(at, end);
        if (bytes == 0)
            break;
        at += bytes;
    }
    return (size_t)(at - text.at);
}

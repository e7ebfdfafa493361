/* json_number.c - how Java prints an exact decimal: the canonical text of JSON Schema depends on it. */
#include "compat/json/json_number.h"

#include "compat/core/buf.h"

#include <inttypes.h>
#include <string.h>

/* A number taken apart: digits without leading zeros, and how many of them stand after the point. */
typedef struct {
    bool negative;
    bool integer; /* neither point nor exponent */
    char *digits;
    size_t n;
    int64_t scale;
} parts_t;

/* A scale is a Java int; one digit more than it needs is enough to know that it does not fit. */
#define SCALE_MAX ((int64_t)INT32_MAX)

static bool exponent_read(text_t text, int64_t *out)
{
    size_t i = 0;
    bool negative = text.bytes > 0 && text.at[0] == '-';
    int64_t value = 0;

    if (text.bytes > 0 && (text.at[0] == '-' || text.at[0] == '+'))
        i = 1;
    for (; i < text.bytes; i++) {
        value = value * 10 + (text.at[i] - '0');
        if (value > SCALE_MAX)
            return false;
    }
    *out = negative ? -value : value;
    return true;
}

static bool parts_read(text_t lexeme, arena_t *arena, parts_t *parts)
{
    size_t i = 0;
    bool after_point = false;

    memset(parts, 0, sizeof(*parts));
    parts->integer = true;
    parts->digits = arena_alloc(arena, lexeme.bytes + 1);
    if (i < lexeme.bytes && lexeme.at[i] == '-') {
        parts->negative = true;
        i++;
    }
    for (; i < lexeme.bytes && lexeme.at[i] != 'e' && lexeme.at[i] != 'E'; i++) {
        if (lexeme.at[i] == '.') {
            after_point = true;
            parts->integer = false;
            continue;
        }
        if (parts->n > 0 || lexeme.at[i] != '0')
            parts->digits[parts->n++] = lexeme.at[i];
        parts->scale += after_point;
    }
    if (i < lexeme.bytes) {
        int64_t exponent;
        parts->integer = false;
        if (!exponent_read(text_from(lexeme, i + 1), &exponent))
            return false;
        parts->scale -= exponent;
    }
    if (parts->n == 0) {
        parts->digits[parts->n++] = '0';
        parts->negative = false;
    }
    return parts->scale >= -SCALE_MAX && parts->scale <= SCALE_MAX;
}

/* Digits with a point `scale` from the right; the scale is small enough (java.math.BigDecimal.toString). */
static void plain_add(buf_t *out, const parts_t *parts)
{
    size_t scale = (size_t)parts->scale;

    if (scale == 0) {
        buf_add(out, (text_t){parts->digits, parts->n});
    } else if (parts->n > scale) {
        buf_add(out, (text_t){parts->digits, parts->n - scale});
        buf_add_char(out, '.');
        buf_add(out, (text_t){parts->digits + parts->n - scale, scale});
    } else {
        buf_add_s(out, "0.");
        for (size_t i = parts->n; i < scale; i++)
            buf_add_char(out, '0');
        buf_add(out, (text_t){parts->digits, parts->n});
    }
}

static void scientific_add(buf_t *out, const parts_t *parts, int64_t adjusted)
{
    buf_add_char(out, parts->digits[0]);
    if (parts->n > 1) {
        buf_add_char(out, '.');
        buf_add(out, (text_t){parts->digits + 1, parts->n - 1});
    }
    if (adjusted != 0)
        buf_printf(out, "E%+" PRId64, adjusted);
}

/* Nearly all numbers of schemas are, and print as they are. */
static bool is_plain_integer(text_t lexeme)
{
    size_t i = lexeme.bytes > 0 && lexeme.at[0] == '-';

    if (lexeme.bytes == i || (i == 1 && lexeme.at[1] == '0'))
        return false;
    for (; i < lexeme.bytes; i++) {
        if (lexeme.at[i] < '0' || lexeme.at[i] > '9')
            return false;
    }
    return true;
}

bool json_number_text(text_t lexeme, arena_t *arena, text_t *out)
{
    arena_mark_t mark = arena_mark(arena);
    parts_t parts;
    buf_t text;

    if (is_plain_integer(lexeme)) {
        *out = lexeme;
        return true;
    }
    if (!parts_read(lexeme, arena, &parts)) {
        arena_rewind(arena, mark);
        return false;
    }
    int64_t adjusted = (int64_t)parts.n - 1 - parts.scale;
    buf_init(&text, BUF_NO_MAX);
    if (parts.negative)
        buf_add_char(&text, '-');
    if (parts.integer || (parts.scale >= 0 && adjusted >= -6))
        plain_add(&text, &parts);
    else
        scientific_add(&text, &parts, adjusted);
    arena_rewind(arena, mark);
    *out = text_eq(buf_text(&text), lexeme) ? lexeme : text_copy(arena, buf_text(&text));
    buf_dispose(&text);
    return true;
}

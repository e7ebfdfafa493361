#include "compat/avro/av_number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* d.ddd times ten to `exponent`: the shortest of at least two digits that reads back as `value`. Java asks for two. */
typedef struct {
    char digits[24];
    int n, exponent;
} shortest_t;

static bool reads_back(const char *text, double value, bool single)
{
    return single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value;
}

static shortest_t shortest_of(double value, bool single)
{
    char text[40];
    int places = 1;
    for (; places < 17; places++) {
        snprintf(text, sizeof text, "%.*e", places, value);
        if (reads_back(text, value, single))
            break;
    }
    snprintf(text, sizeof text, "%.*e", places, value);
    shortest_t s = {.n = 0};
    const char *c = text;
    for (; *c && *c != 'e'; c++)
        if (*c >= '0' && *c <= '9' && s.n < (int)sizeof s.digits)
            s.digits[s.n++] = *c;
    s.exponent = *c ? (int)strtol(c + 1, NULL, 10) : 0;
    while (s.n > 1 && s.digits[s.n - 1] == '0')
        s.n--;
    return s;
}

static void add_digits(buf_t *out, const shortest_t *s, int from, int to)
{
    for (int i = from; i < to; i++)
        buf_add_char(out, i < s->n ? s->digits[i] : '0');
}

static void print(buf_t *out, double value, bool single)
{
    if (isnan(value) || isinf(value)) {
        buf_add_s(out, isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
        return;
    }
    if (signbit(value))
        buf_add_char(out, '-');
    value = fabs(value);
    if (value == 0) {
        buf_add_s(out, "0.0");
        return;
    }
    shortest_t s = shortest_of(value, single);
    if (s.exponent >= 0 && s.exponent < 7) {
        add_digits(out, &s, 0, s.exponent + 1);
        buf_add_char(out, '.');
        add_digits(out, &s, s.exponent + 1, s.n > s.exponent + 2 ? s.n : s.exponent + 2);
    } else if (s.exponent < 0 && s.exponent >= -3) {
        buf_add_s(out, "0.");
        for (int i = -1; i > s.exponent; i--)
            buf_add_char(out, '0');
        add_digits(out, &s, 0, s.n);
    } else {
        add_digits(out, &s, 0, 1);
        buf_add_char(out, '.');
        add_digits(out, &s, 1, s.n > 2 ? s.n : 2);
        buf_printf(out, "E%d", s.exponent);
    }
}

void av_number_double(buf_t *out, double value)
{
    print(out, value, false);
}

void av_number_float(buf_t *out, float value)
{
    print(out, (double)value, true);
}

bool av_number_is_integer(text_t lexeme)
{
    for (size_t i = 0; i < lexeme.bytes; i++)
        if (lexeme.at[i] != '-' && (lexeme.at[i] < '0' || lexeme.at[i] > '9'))
            return false;
    return lexeme.bytes > 0;
}

/* strtod stops where the number ends: the text that follows a JSON number never continues it. */
double av_number_value(text_t lexeme)
{
    return strtod(lexeme.at, NULL);
}

void av_number_json(buf_t *out, text_t lexeme)
{
    if (!av_number_is_integer(lexeme))
        av_number_double(out, av_number_value(lexeme));
    else if (text_is(lexeme, "-0"))
        buf_add_char(out, '0');
    else
        buf_add(out, lexeme);
}

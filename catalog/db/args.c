#include "catalog/db/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

sql_arg_t sql_i64_array(const int64_t *values, size_t n, arena_t *arena)
{
    enum { ROOM = 21 }; /* "-9223372036854775808" and a comma */
    char *text = arena_alloc(arena, n * ROOM + 3);
    char *to = text;
    *to++ = '{';
    for (size_t i = 0; i < n; i++)
        to += snprintf(to, ROOM + 1, "%s%" PRId64, i == 0 ? "" : ",", values[i]);
    *to++ = '}';
    return sql_text((text_t){text, (size_t)(to - text)});
}

sql_arg_t sql_text_array(const text_t *values, size_t n, arena_t *arena)
{
    size_t room = 3;
    for (size_t i = 0; i < n; i++)
        room += 2 * values[i].bytes + 5; /* every character escaped, two quotes, a comma; or NULL */
    char *text = arena_alloc(arena, room);
    char *to = text;
    *to++ = '{';
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            *to++ = ',';
        if (values[i].at == NULL) {
            memcpy(to, "NULL", 4);
            to += 4;
            continue;
        }
        *to++ = '"';
        for (size_t k = 0; k < values[i].bytes; k++) {
            char c = values[i].at[k];
            if (c == '"' || c == '\\')
                *to++ = '\\';
            *to++ = c;
        }
        *to++ = '"';
    }
    *to++ = '}';
    return sql_text((text_t){text, (size_t)(to - text)});
}

/* An escape is one only where the backslash is not escaped itself. */
sql_arg_t sql_jsonb(text_t json, arena_t *arena)
{
    if (json.at == NULL || memmem(json.at, json.bytes, "\\u0000", 6) == NULL)
        return sql_text_or_null(json);
    char *text = arena_copy(arena, json.at, json.bytes);
    for (size_t i = 0; i + 1 < json.bytes; i++) {
        if (text[i] != '\\')
            continue;
        if (i + 6 <= json.bytes && memcmp(text + i, "\\u0000", 6) == 0)
            memcpy(text + i + 2, "fffd", 4);
        i++;
    }
    return sql_text((text_t){text, json.bytes});
}

sql_arg_t sql_words(text_t words, arena_t *arena)
{
    if (words.at == NULL || memchr(words.at, '\0', words.bytes) == NULL)
        return sql_text_or_null(words);
    char *text = arena_alloc(arena, 3 * words.bytes), *to = text;
    for (size_t i = 0; i < words.bytes; i++) {
        if (words.at[i] != '\0') {
            *to++ = words.at[i];
            continue;
        }
        memcpy(to, "\xef\xbf\xbd", 3);
        to += 3;
    }
    return sql_text((text_t){text, (size_t)(to - text)});
}

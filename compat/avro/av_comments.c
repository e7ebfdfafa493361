/* av_comments.c - JSON with comments. Avro Java's parser reads them, so schemas that have them are stored in registries. */
#include <string.h>

#include "compat/avro/av_parse.h"

/* The end of the comment that starts at `at`, or `at` if none does. One that is not closed runs to the end: that is a fault for the
 * JSON reader to find. */
static size_t comment_end(text_t text, size_t at)
{
    if (at + 1 >= text.bytes || text.at[at] != '/' || (text.at[at + 1] != '/' && text.at[at + 1] != '*'))
        return at;
    bool line = text.at[at + 1] == '/';
    for (size_t i = at + 2; i < text.bytes; i++) {
        if (line && (text.at[i] == '\n' || text.at[i] == '\r'))
            return i;
        if (!line && i > at + 2 && text.at[i] == '/' && text.at[i - 1] == '*')
            return i + 1;
    }
    return line ? text.bytes : at;
}

static size_t string_end(text_t text, size_t at)
{
    for (size_t i = at + 1; i < text.bytes; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == '"')
            return i + 1;
    }
    return text.bytes;
}

text_t av_without_comments(text_t text, arena_t *arena)
{
    char *copy = NULL;
    size_t n =
        0; /* bytes of the copy: a character of a comment becomes one blank, however many bytes it had */
    if (!text.bytes || !memchr(text.at, '/', text.bytes))
        return text;
    for (size_t i = 0, end; i < text.bytes; i = end) {
        end = text.at[i] == '"' ? string_end(text, i) : comment_end(text, i);
        bool is_comment = end > i && text.at[i] == '/';
        if (end == i)
            end = i + 1;
        if (is_comment && !copy) {
            copy = arena_copy(arena, text.at, text.bytes);
            n = i;
        }
        for (size_t k = i; copy && k < end; k++) {
            unsigned char c = (unsigned char)text.at[k];
            bool keep = !is_comment || c == '\n' || c == '\r';
            if (keep || (c & 0xC0) != 0x80)
                copy[n++] = keep ? (char)c : ' ';
        }
    }
    if (!copy)
        return text;
    copy[n] = 0;
    return (text_t){copy, n};
}

#include <stdlib.h>
#include <string.h>

#include "compat/core/json_text.h"

/* --- strings ----------------------------------------------------------------------------------------------------- */

/* As Jackson prints them: what must be escaped and nothing else. */
static void print_escape(buf_t *out, unsigned char c)
{
    static const char short_escapes[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    static const char hex[] = "0123456789ABCDEF";
    if (c == '"' || c == '\\') {
        buf_add_char(out, '\\');
        buf_add_char(out, (char)c);
    } else if (short_escapes[c] != 0) {
        buf_add_char(out, '\\');
        buf_add_char(out, short_escapes[c]);
    } else {
        buf_add(out, TEXT("\\u00"));
        buf_add_char(out, hex[c >> 4]);
        buf_add_char(out, hex[c & 15]);
    }
}

static inline const char *skip_raw(const char *at, const char *end)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
        uint64_t found =
            ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((word - ones * 0x20) & ~word);
        if ((found & highs) != 0)
            break;
        at += 8;
    }
    while (at < end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    return at;
}

void jv_print_string(buf_t *out, text_t string)
{
    const char *at = string.at, *end = string.at + string.bytes;
    buf_add_char(out, '"');
    while (at < end) {
        const char *stop = skip_raw(at, end);
        if (stop > at)
            buf_add(out, (text_t){at, (size_t)(stop - at)});
        if (stop < end)
            print_escape(out, (unsigned char)*stop++);
        at = stop;
    }
    buf_add_char(out, '"');
}

/* --- trees ------------------------------------------------------------------------------------------------------- */

typedef struct {
    const jv_t *value;
    const jv_member_t **sorted; /* NULL: source order */
    uint32_t next;
} open_t;

#define OPEN_INSIDE 32

typedef struct {
    buf_t *out;
    arena_t *scratch; /* NULL: source order; else holds the sorted members of what is open */
    open_t *open;
    size_t n, room;
    open_t inside[OPEN_INSIDE];
} printer_t;

/* Java compares UTF-16 units: there, characters beyond U+FFFF (F0.. in UTF-8) come before U+E000 to U+FFFF (EE, EF). */
static int utf16_rank(unsigned char c)
{
    return c >= 0xF0 ? c - 2 : c >= 0xEE ? c + 0x10 : c;
}

static int compare_names(const void *p, const void *q)
{
    text_t a = (*(const jv_member_t *const *)p)->name, b = (*(const jv_member_t *const *)q)->name;
    size_t both = a.bytes < b.bytes ? a.bytes : b.bytes;
    for (size_t i = 0; i < both; i++)
        if (a.at[i] != b.at[i])
            return utf16_rank((unsigned char)a.at[i]) - utf16_rank((unsigned char)b.at[i]);
    return (a.bytes > b.bytes) - (a.bytes < b.bytes);
}

static const jv_member_t **sort_members(const jv_t *object, arena_t *scratch)
{
    const jv_member_t **sorted = ARENA_ARRAY(scratch, const jv_member_t *, object->n);
    for (uint32_t i = 0; i < object->n; i++)
        sorted[i] = &object->members[i];
    qsort(sorted, object->n, sizeof *sorted, compare_names);
    return sorted;
}

static void open_push(printer_t *p, const jv_t *value)
{
    if (p->n == p->room) {
        open_t *open = malloc(2 * p->room * sizeof *open);
        if (open == NULL)
            abort();
        memcpy(open, p->open, p->n * sizeof *open);
        if (p->open != p->inside)
            free(p->open);
        p->open = open;
        p->room *= 2;
    }
    const jv_member_t **sorted =
        p->scratch != NULL && value->kind == JV_OBJECT ? sort_members(value, p->scratch) : NULL;
    p->open[p->n++] = (open_t){.value = value, .sorted = sorted};
}

/* Prints a scalar, or opens a container. */
static void print_head(printer_t *p, const jv_t *value)
{
    switch (value->kind) {
    case JV_NULL:
        buf_add(p->out, TEXT("null"));
        return;
    case JV_FALSE:
        buf_add(p->out, TEXT("false"));
        return;
    case JV_TRUE:
        buf_add(p->out, TEXT("true"));
        return;
    case JV_NUMBER:
        buf_add(p->out, value->text);
        return;
    case JV_STRING:
        jv_print_string(p->out, value->text);
        return;
    case JV_ARRAY:
    case JV_OBJECT:
        buf_add_char(p->out, value->kind == JV_ARRAY ? '[' : '{');
        open_push(p, value);
        return;
    }
}

static void print_next(printer_t *p)
{
    open_t *top = &p->open[p->n - 1];
    if (top->next == top->value->n) {
        buf_add_char(p->out, top->value->kind == JV_ARRAY ? ']' : '}');
        p->n--;
        return;
    }
    uint32_t i = top->next++;
    if (i > 0)
        buf_add_char(p->out, ',');
    if (top->value->kind == JV_ARRAY) {
        print_head(p, &top->value->items[i]);
        return;
    }
    const jv_member_t *member = top->sorted != NULL ? top->sorted[i] : &top->value->members[i];
    jv_print_string(p->out, member->name);
    buf_add_char(p->out, ':');
    print_head(p, &member->value);
}

static void print(buf_t *out, const jv_t *value, arena_t *scratch)
{
    printer_t p = {.out = out, .scratch = scratch, .room = OPEN_INSIDE};
    p.open = p.inside;
    print_head(&p, value);
    while (p.n > 0 && !buf_failed(out))
        print_next(&p);
    if (p.open != p.inside)
        free(p.open);
}

void jv_print(buf_t *out, const jv_t *value)
{
    print(out, value, NULL);
}

void jv_print_sorted(buf_t *out, const jv_t *value)
{
    arena_t *scratch = arena_new();
    print(out, value, scratch);
    arena_free(scratch);
}

text_t jv_text(const jv_t *value, arena_t *arena)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    jv_print(&buf, value);
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return text;
}

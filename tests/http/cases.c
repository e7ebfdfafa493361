#include "tests/http/cases.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an indented line continues. */
typedef enum { PART_NONE, PART_BODY, PART_EXPECT, PART_ENTRY } part_t;

typedef struct {
    arena_t *arena;
    case_file_t *file;
    const char *path;
    int line;
    part_t part;
} reader_t;

static _Noreturn void bad(const reader_t *reader, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", reader->path, reader->line, what);
    exit(2);
}

static text_t read_file(const char *path, arena_t *arena)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        perror(path);
        exit(2);
    }
    fseek(in, 0, SEEK_END);
    size_t bytes = (size_t)ftell(in);
    rewind(in);
    char *at = arena_alloc(arena, bytes + 1);
    if (fread(at, 1, bytes, in) != bytes) {
        perror(path);
        exit(2);
    }
    fclose(in);
    return (text_t){at, bytes};
}

static size_t word_bytes(text_t text)
{
    size_t n = 0;
    while (n < text.bytes && text.at[n] != ' ')
        n++;
    return n;
}

/* Splits off the first word. */
static text_t next_word(text_t *text)
{
    size_t n = word_bytes(*text);
    text_t word = {text->at, n};
    *text = text_trim(text_from(*text, n));
    return word;
}

static text_t append_line(arena_t *arena, text_t text, text_t line)
{
    if (text.at == NULL || text.bytes == 0)
        return text_copy(arena, line);
    return text_printf(arena, TEXT_FMT "\n" TEXT_FMT, TEXT_ARG(text), TEXT_ARG(line));
}

static void add_entry(reader_t *reader, entries_t *entries, text_t key, text_t value)
{
    entry_t *entry = ARENA_NEW(reader->arena, entry_t);
    *entry = (entry_t){.line = reader->line, .key = key, .value = value};
    if (entries->last != NULL)
        entries->last->next = entry;
    else
        entries->first = entry;
    entries->last = entry;
}

static step_t *current_step(const reader_t *reader)
{
    step_t *step = reader->file->last != NULL ? reader->file->last->last : NULL;
    if (step == NULL)
        bad(reader, "this line belongs to no step");
    return step;
}

static step_t *add_step(reader_t *reader, step_kind_t kind)
{
    case_t *at = reader->file->last;
    if (at == NULL)
        bad(reader, "a step before the first case");
    if (at->last != NULL && at->last->kind == STEP_REQUEST && at->last->expect.at == NULL)
        bad(reader, "the request above says nothing about its reply");
    step_t *step = ARENA_NEW(reader->arena, step_t);
    step->kind = kind;
    step->line = reader->line;
    if (at->last != NULL)
        at->last->next = step;
    else
        at->first = step;
    at->last = step;
    return step;
}

static void read_case(reader_t *reader, text_t line)
{
    case_t *new = ARENA_NEW(reader->arena, case_t);
    new->line = reader->line;
    new->sentence = text_trim(text_from(line, 2));
    case_t *last = reader->file->last;
    if (last != NULL && last->last != NULL && last->last->kind == STEP_REQUEST &&
        last->last->expect.at == NULL)
        bad(reader, "the request above says nothing about its reply");
    if (last != NULL)
        last->next = new;
    else
        reader->file->first = new;
    reader->file->last = new;
    reader->file->n++;
    reader->part = PART_NONE;
}

static void read_request(reader_t *reader, text_t line)
{
    step_t *step = add_step(reader, STEP_REQUEST);
    step->method = next_word(&line);
    step->path = next_word(&line);
    step->body = line.bytes > 0 ? line : TEXT_NONE;
    if (step->path.bytes == 0 || step->path.at[0] != '/')
        bad(reader, "a request is METHOD /path [body]");
    reader->part = PART_BODY;
}

static void read_request_header(reader_t *reader, text_t line)
{
    text_t rest = text_trim(text_from(line, 1));
    const char *colon = memchr(rest.at, ':', rest.bytes);
    if (colon == NULL)
        bad(reader, "a request header is > Name: value");
    size_t n = (size_t)(colon - rest.at);
    text_t value = text_trim(text_from(rest, n + 1));
    add_entry(reader, &current_step(reader)->headers, (text_t){rest.at, n},
              value.bytes > 0 ? value : TEXT_NONE);
}

static void read_indented(reader_t *reader, text_t line)
{
    step_t *step = current_step(reader);
    size_t indent = 0;
    while (indent < line.bytes && line.at[indent] == ' ')
        indent++;
    text_t rest = text_from(line, indent);
    if (step->kind != STEP_REQUEST && indent < 4) {
        text_t key = next_word(&rest);
        add_entry(reader, &step->entries, key, rest);
        reader->part = PART_ENTRY;
    } else if (reader->part == PART_ENTRY) {
        entry_t *entry = step->entries.last;
        entry->value = append_line(reader->arena, entry->value, rest);
    } else if (reader->part == PART_BODY) {
        step->body = append_line(reader->arena, step->body, rest);
    } else if (reader->part == PART_EXPECT) {
        step->expect = append_line(reader->arena, step->expect, rest);
    } else {
        bad(reader, "this indented line continues nothing");
    }
}

static void read_options(reader_t *reader, text_t line)
{
    next_word(&line);
    if (reader->file->last == NULL) {
        reader->file->options = line;
    } else {
        reader->file->last->own_server = true;
        reader->file->last->options = line;
    }
}

static void read_line(reader_t *reader, text_t line)
{
    text_t rest = line;
    text_t word = next_word(&rest);
    if (text_trim(line).bytes == 0)
        return;
    if (line.at[0] == ' ')
        read_indented(reader, line);
    else if (text_is(word, "##"))
        read_case(reader, line);
    else if (line.at[0] == '#')
        return;
    else if (text_is(word, ">"))
        read_request_header(reader, line);
    else if (text_is(word, "<"))
        add_entry(reader, &current_step(reader)->reply_headers, rest, TEXT_NONE);
    else if (text_is(word, "server"))
        read_options(reader, line);
    else if (text_is(word, "text") || text_is(word, "pair")) {
        step_t *step = add_step(reader, text_is(word, "text") ? STEP_TEXT : STEP_PAIR);
        step->format = rest;
    } else if (isdigit((unsigned char)line.at[0]) || text_is(word, "xxx")) {
        current_step(reader)->expect = text_trim(line);
        reader->part = PART_EXPECT;
    } else if (isupper((unsigned char)line.at[0]))
        read_request(reader, line);
    else
        bad(reader, "neither a case, nor a step, nor part of one");
}

void case_file_read(const char *path, arena_t *arena, case_file_t *out)
{
    const char *slash = strrchr(path, '/');
    text_t rest = read_file(path, arena);
    *out = (case_file_t){.name = slash != NULL ? slash + 1 : path};
    reader_t reader = {.arena = arena, .file = out, .path = path};
    while (rest.bytes > 0) {
        const char *end = memchr(rest.at, '\n', rest.bytes);
        size_t n = end != NULL ? (size_t)(end - rest.at) : rest.bytes;
        reader.line++;
        read_line(&reader, (text_t){rest.at, n});
        rest = text_from(rest, end != NULL ? n + 1 : n);
    }
    if (out->last == NULL)
        bad(&reader, "a file without a case");
}

text_t entry_value(const entries_t *entries, const char *key)
{
    for (const entry_t *entry = entries->first; entry != NULL; entry = entry->next)
        if (text_is(entry->key, key))
            return entry->value;
    return TEXT_NONE;
}

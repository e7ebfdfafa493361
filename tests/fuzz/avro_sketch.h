/* avro_sketch.h - random Avro schemas and changed copies of them, as text. */
#ifndef AVOW_TESTS_FUZZ_AVRO_SKETCH_H
#define AVOW_TESTS_FUZZ_AVRO_SKETCH_H

#include <stdio.h>
#include <string.h>

#include "tests/fuzz/avro_values.h"

/* A schema is a function of its seed, node by node; a copy is printed from the same seed with changes strewn in, so that the rest
 * stays as it was. */
typedef struct {
    buf_t *out;
    uint64_t changes;  /* 0: none */
    char names[8][24]; /* records on the way down, to be used again inside themselves */
    int n_names;
} sketch_t;

static inline uint64_t mixed(uint64_t seed, uint64_t with)
{
    uint64_t x = (seed ^ (with + 0x9E3779B97F4A7C15u)) * 0xBF58476D1CE4E5B9u;
    return x ^ (x >> 29);
}

/* One time in `odds`, in a changed copy. */
static inline bool changes(sketch_t *s, unsigned odds)
{
    return s->changes && draw(&s->changes) % odds == 0;
}

static inline void sketch(sketch_t *s, uint64_t seed, int depth, bool in_union);

static inline void sketch_primitive(sketch_t *s, uint64_t seed)
{
    static const char *const kinds[] = {"null",  "boolean", "int",   "long",
                                        "float", "double",  "bytes", "string"};
    const char *kind = changes(s, 6) ? kinds[draw(&s->changes) % 8] : kinds[seed % 8];
    if (changes(s, 10))
        buf_printf(s->out, "[\"null\",{\"type\":\"%s\"}]", strcmp(kind, "null") ? kind : "int");
    else if (seed % 11 == 0)
        buf_printf(s->out, "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":%d,\"scale\":%d}",
                   changes(s, 3) ? 5 : 6, changes(s, 3));
    else
        buf_printf(s->out, "\"%s\"", kind);
}

/* "name":..., with aliases now and then. */
static inline void sketch_name(sketch_t *s, uint64_t seed, char kind)
{
    static const char *const spaces[] = {"", "a.", "b."};
    bool renamed = changes(s, 12);
    buf_printf(s->out, "\"name\":\"%s%c%x\"", spaces[changes(s, 8) ? draw(&s->changes) % 3 : seed / 7 % 3],
               renamed ? 'Z' : kind, (unsigned)(seed % 97));
    if (renamed && changes(s, 2))
        buf_printf(s->out, ",\"aliases\":[\"%s%c%x\"]", spaces[seed / 7 % 3], kind, (unsigned)(seed % 97));
    else if (changes(s, 25))
        buf_printf(s->out, ",\"aliases\":[\"a.%c%x\"]", "REF"[draw(&s->changes) % 3],
                   (unsigned)(draw(&s->changes) % 97));
}

static inline void sketch_enum(sketch_t *s, uint64_t seed)
{
    buf_add_s(s->out, "{\"type\":\"enum\",");
    sketch_name(s, seed, 'E');
    buf_add_s(s->out, ",\"symbols\":[\"A\"");
    for (unsigned i = 0; i < 3; i++)
        if ((seed >> i & 1) != changes(s, 6))
            buf_printf(s->out, ",\"%c\"", 'B' + (int)i);
    buf_add_s(s->out, changes(s, 4) ? "],\"default\":\"A\"}" : "]}");
}

static inline void sketch_union(sketch_t *s, uint64_t seed, int depth)
{
    bool first = true;
    buf_add_char(s->out, '[');
    for (unsigned i = 0; i < 1 + seed % 4; i++) {
        if (changes(s, 8))
            continue;
        if (!first)
            buf_add_char(s->out, ',');
        first = false;
        sketch(s, mixed(seed, i), depth - 1, true);
    }
    if (changes(s, 8))
        buf_add_s(s->out, first ? "\"string\"" : ",\"string\"");
    buf_add_char(s->out, ']');
}

/* A default that fits often: empty, null, zero; sometimes of a later branch, sometimes of none. */
static inline void sketch_default(sketch_t *s)
{
    static const char *const values[] = {"null", "0", "\"\"", "{}", "[]", "true", "\"A\"", "1.5"};
    buf_printf(s->out, ",\"default\":%s", values[draw(&s->changes) % 8]);
}

static inline void sketch_field(sketch_t *s, uint64_t seed, unsigned i, int depth)
{
    bool renamed = changes(s, 10);
    buf_printf(s->out, "{\"name\":\"%s%c\",\"type\":", renamed ? "new_" : "", 'a' + (int)i);
    sketch(s, mixed(seed, 100 + i), depth - 1, false);
    if (renamed ? changes(s, 2) : changes(s, 25))
        buf_printf(s->out, ",\"aliases\":[\"%c\"]",
                   renamed ? 'a' + (int)i : 'a' + (int)(draw(&s->changes) % 4));
    if (changes(s, 5))
        sketch_default(s);
    buf_add_char(s->out, '}');
}

static inline void sketch_record(sketch_t *s, uint64_t seed, int depth)
{
    buf_add_s(s->out, "{\"type\":\"record\",");
    size_t from = buf_text(s->out).bytes + sizeof "\"name\":\"" - 1;
    sketch_name(s, seed, 'R');
    const char *name = buf_text(s->out).at + from;
    snprintf(s->names[s->n_names++ % 8], sizeof s->names[0], "%.*s", (int)(strchr(name, '"') - name), name);
    buf_add_s(s->out, ",\"fields\":[");
    bool first = true;
    for (unsigned i = 0; i < seed / 3 % 5; i++) {
        if (changes(s, 9))
            continue;
        buf_add_s(s->out, first ? "" : ",");
        first = false;
        sketch_field(s, seed, i, depth);
    }
    if (changes(s, 9))
        buf_printf(s->out, "%s{\"name\":\"z\",\"type\":\"int\"}", first ? "" : ",");
    buf_add_s(s->out, "]}");
    s->n_names--;
}

static inline void sketch(sketch_t *s, uint64_t seed, int depth, bool in_union)
{
    unsigned shape = seed / 13 % 10;
    if (s->n_names && seed % 23 == 0)
        buf_printf(s->out, "\"%s\"", s->names[(unsigned)(s->n_names - 1) % 8]);
    else if (depth <= 0 || shape < 3)
        sketch_primitive(s, seed);
    else if (shape == 3)
        sketch_enum(s, seed);
    else if (shape == 4) {
        buf_add_s(s->out, "{\"type\":\"fixed\",");
        sketch_name(s, seed, 'F');
        buf_printf(s->out, ",\"size\":%d}", 2 + changes(s, 5));
    } else if (shape == 5 || shape == 6) {
        bool array = (shape == 5) != changes(s, 20);
        buf_add_s(s->out, array ? "{\"type\":\"array\",\"items\":" : "{\"type\":\"map\",\"values\":");
        sketch(s, mixed(seed, 50), depth - 1, false);
        buf_add_char(s->out, '}');
    } else if (shape == 7 && !in_union)
        sketch_union(s, seed, depth);
    else
        sketch_record(s, seed, depth);
}

#endif

#include "corpus.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define VERSIONS_MAX 100000

uint64_t bench_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint32_t bench_below(uint64_t *state, uint32_t n)
{
    return (uint32_t)(bench_random(state) % n);
}

schema_t *bench_parse(format_id_t format, text_t text)
{
    schema_t *schema = NULL;
    fault_t fault = {0};
    schema_source_t source = {
        .format = format, .text = text, .flags = SCHEMA_LENIENT, .limits = LIMITS_DEFAULT};
    return schema_parse(&source, &schema, &fault) == 0 ? schema : NULL;
}

static corpus_t *corpus_new(format_id_t format, const char *from)
{
    arena_t *arena = arena_new();
    corpus_t *corpus = ARENA_NEW(arena, corpus_t);
    *corpus = (corpus_t){.from = from, .format = format, .arena = arena};
    corpus->at = ARENA_ARRAY(arena, version_t, VERSIONS_MAX);
    return corpus;
}

static void add(corpus_t *corpus, text_t text)
{
    schema_t *schema = bench_parse(corpus->format, text);
    if (schema == NULL || corpus->n == VERSIONS_MAX) {
        corpus->n_refused++;
        schema_unref(schema);
        return;
    }
    corpus->at[corpus->n++] = (version_t){text, schema, corpus->n_subjects};
    corpus->bytes += text.bytes;
}

static corpus_t *with_pairs(corpus_t *corpus)
{
    corpus->pairs = ARENA_ARRAY(corpus->arena, pair_t, 2 * corpus->n);
    corpus->n_pairs = 0;
    for (uint32_t i = 1; i < corpus->n; i++) {
        if (corpus->at[i].subject != corpus->at[i - 1].subject)
            continue;
        corpus->pairs[corpus->n_pairs++] = (pair_t){i, i - 1};
        corpus->pairs[corpus->n_pairs++] = (pair_t){i - 1, i};
    }
    return corpus;
}

void corpus_drop(corpus_t *corpus, const bool *refused)
{
    size_t kept = 0;
    corpus->bytes = 0;
    for (size_t i = 0; i < corpus->n; i++) {
        if (refused[i]) {
            schema_unref(corpus->at[i].schema);
            corpus->n_refused++;
            continue;
        }
        corpus->bytes += corpus->at[i].text.bytes;
        corpus->at[kept++] = corpus->at[i];
    }
    corpus->n = kept;
    with_pairs(corpus);
}

void corpus_free(corpus_t *corpus)
{
    for (size_t i = 0; i < corpus->n; i++)
        schema_unref(corpus->at[i].schema);
    arena_free(corpus->arena);
}

/* --- from a folder --------------------------------------------------------------------------------------------------------- */

static void add_file(corpus_t *corpus, const char *path)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        return;
    buf_t text;
    char block[65536];
    size_t n;
    buf_init(&text, BUF_NO_MAX);
    while ((n = fread(block, 1, sizeof block, in)) > 0)
        buf_add(&text, (text_t){block, n});
    fclose(in);
    add(corpus, buf_end(&text, corpus->arena));
}

static void add_folder(corpus_t *corpus, const char *folder)
{
    struct dirent **entries;
    const char *ending = corpus->format == FORMAT_AVRO ? ".avsc" : ".json";
    int n = scandir(folder, &entries, NULL, versionsort);
    corpus->n_subjects++;
    for (int i = 0; i < n; i++) {
        const char *path = arena_printf(corpus->arena, "%s/%s", folder, entries[i]->d_name);
        const char *dot = strrchr(entries[i]->d_name, '.');
        struct stat about;
        if (entries[i]->d_name[0] == '.' || stat(path, &about) != 0)
            ;
        else if (S_ISDIR(about.st_mode))
            add_folder(corpus, path);
        else if (dot != NULL && strcmp(dot, ending) == 0)
            add_file(corpus, path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

corpus_t *corpus_load(format_id_t format, const char *folder)
{
    corpus_t *corpus = corpus_new(format, folder);
    add_folder(corpus, folder);
    return with_pairs(corpus);
}

/* --- generated ------------------------------------------------------------------------------------------------------------- */

/* A field of an event, which prints as Avro and as JSON Schema alike. */
typedef enum {
    S_TEXT,
    S_INT,
    S_LONG,
    S_DOUBLE,
    S_BOOLEAN,
    S_ENUM,
    S_TIME,
    S_LIST,
    S_RECORD,
    S_CHOICE
} kind_t;
#define PARTS_MAX 48

typedef struct shape shape_t;
struct shape {
    kind_t kind;
    unsigned id; /* names it */
    unsigned n_symbols;
    bool optional, defaulted;
    shape_t *parts[PARTS_MAX]; /* fields of a record, the item of a list, the records of a choice */
    unsigned n;
};

typedef struct {
    uint64_t random;
    unsigned next_id;
    arena_t *arena;
} author_t;

static const char *const nouns[] = {"order",   "customer", "total",   "currency", "device",   "session",
                                    "payment", "address",  "country", "quantity", "campaign", "language"};
static const char *const aspects[] = {"id",     "name", "kind", "count",    "state",
                                      "source", "at",   "by",   "reference"};

static void name_write(buf_t *out, unsigned id)
{
    buf_printf(out, "%s_%s_%u", nouns[id % 12], aspects[id / 12 % 9], id);
}

static shape_t *shape_new(author_t *author, unsigned depth)
{
    static const kind_t often[] = {S_TEXT, S_TEXT, S_TEXT,    S_INT,  S_LONG,   S_LONG,
                                   S_TIME, S_ENUM, S_BOOLEAN, S_LIST, S_RECORD, S_CHOICE};
    shape_t *shape = ARENA_NEW(author->arena, shape_t);
    shape->kind = often[bench_below(&author->random, depth < 2 ? 12 : 9)];
    shape->id = author->next_id++;
    shape->n_symbols = 3 + bench_below(&author->random, 6);
    shape->optional = bench_below(&author->random, 3) == 0;
    shape->defaulted = shape->optional || bench_below(&author->random, 3) == 0;
    if (shape->kind == S_LIST)
        shape->parts[shape->n++] = shape_new(author, depth + 1);
    unsigned fields = shape->kind == S_RECORD ? 2 + bench_below(&author->random, 6) : 0;
    for (unsigned i = 0; i < fields; i++)
        shape->parts[shape->n++] = shape_new(author, depth + 1);
    for (unsigned i = 0; shape->kind == S_CHOICE && i < 3; i++) {
        shape_t *branch = ARENA_NEW(author->arena, shape_t);
        *branch = (shape_t){.kind = S_RECORD, .id = author->next_id++};
        for (unsigned k = 0; k < 2; k++)
            branch->parts[branch->n++] = shape_new(author, 2);
        shape->parts[shape->n++] = branch;
    }
    return shape;
}

/* What people do to schemas: mostly they add a field. */
static void shape_change(author_t *author, shape_t *record)
{
    shape_t *picked = record->parts[bench_below(&author->random, record->n)];
    unsigned what = bench_below(&author->random, 20);
    if (picked->kind == S_RECORD && what % 3 == 0) {
        shape_change(author, picked);
    } else if (what < 13 && record->n < PARTS_MAX) {
        shape_t *added = shape_new(author, 1);
        added->defaulted = added->defaulted || what < 10;
        record->parts[record->n++] = added;
    } else if (what < 15 && record->n > 3) {
        unsigned i = bench_below(&author->random, record->n--);
        memmove(&record->parts[i], &record->parts[i + 1], (record->n - i) * sizeof *record->parts);
    } else if (what < 17) {
        picked->n_symbols++;
    } else if (what < 19) {
        picked->kind = picked->kind == S_INT ? S_LONG : picked->kind;
    } else {
        picked->optional = !picked->optional;
        picked->defaulted = picked->defaulted || picked->optional;
    }
}

static void symbols_write(buf_t *out, const shape_t *shape)
{
    for (unsigned i = 0; i < shape->n_symbols; i++)
        buf_printf(out, "%s\"%s_%u\"", i > 0 ? "," : "", nouns[(shape->id + i) % 12], i);
}

static void avro_write(buf_t *out, const shape_t *shape);

static void avro_record_write(buf_t *out, const shape_t *shape)
{
    buf_printf(out, "{\"type\":\"record\",\"name\":\"R%u\",\"doc\":\"What is known about it.\",\"fields\":[",
               shape->id);
    for (unsigned i = 0; i < shape->n; i++) {
        const shape_t *field = shape->parts[i];
        buf_add_s(out, i > 0 ? ",{\"name\":\"" : "{\"name\":\"");
        name_write(out, field->id);
        buf_printf(out, "\",\"doc\":\"Field %u, as the source system tells it.\",\"type\":", field->id);
        buf_add_s(out, field->optional && field->kind != S_CHOICE ? "[\"null\"," : "");
        avro_write(out, field);
        buf_add_s(out, field->optional && field->kind != S_CHOICE ? "],\"default\":null}" : "");
        if (field->optional && field->kind != S_CHOICE)
            continue;
        bool plain = field->defaulted && field->kind <= S_LONG;
        buf_add_s(out, !plain ? "}" : field->kind == S_TEXT ? ",\"default\":\"\"}" : ",\"default\":0}");
    }
    buf_add_s(out, "]}");
}

static void avro_write(buf_t *out, const shape_t *shape)
{
    switch (shape->kind) {
    case S_TEXT:
        buf_add_s(out, "\"string\"");
        break;
    case S_INT:
        buf_add_s(out, "\"int\"");
        break;
    case S_LONG:
        buf_add_s(out, "\"long\"");
        break;
    case S_DOUBLE:
        buf_add_s(out, "\"double\"");
        break;
    case S_BOOLEAN:
        buf_add_s(out, "\"boolean\"");
        break;
    case S_TIME:
        buf_add_s(out, "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}");
        break;
    case S_ENUM:
        buf_printf(out, "{\"type\":\"enum\",\"name\":\"E%u\",\"symbols\":[", shape->id);
        symbols_write(out, shape);
        buf_add_s(out, "]}");
        break;
    case S_LIST:
        buf_add_s(out, "{\"type\":\"array\",\"items\":");
        avro_write(out, shape->parts[0]);
        buf_add_s(out, "}");
        break;
    case S_RECORD:
        avro_record_write(out, shape);
        break;
    case S_CHOICE:
        buf_add_s(out, "[\"null\"");
        for (unsigned i = 0; i < shape->n; i++) {
            buf_add_s(out, ",");
            avro_record_write(out, shape->parts[i]);
        }
        buf_add_s(out, "]");
        break;
    }
}

static void json_write(buf_t *out, const shape_t *shape);

/* `tag`: the value of a member that tells branches apart, or NULL. */
static void json_record_write(buf_t *out, const shape_t *shape, const char *tag)
{
    buf_add_s(out, "{\"type\":\"object\",\"description\":\"What is known about it.\",\"properties\":{");
    if (tag != NULL)
        buf_printf(out, "\"kind\":{\"const\":\"%s\"}%s", tag, shape->n > 0 ? "," : "");
    for (unsigned i = 0; i < shape->n; i++) {
        buf_add_s(out, i > 0 ? ",\"" : "\"");
        name_write(out, shape->parts[i]->id);
        buf_add_s(out, "\":");
        json_write(out, shape->parts[i]);
    }
    buf_add_s(out, "},\"required\":[");
    const char *comma = "";
    if (tag != NULL) {
        buf_add_s(out, "\"kind\"");
        comma = ",";
    }
    for (unsigned i = 0; i < shape->n; i++) {
        if (shape->parts[i]->defaulted)
            continue;
        buf_printf(out, "%s\"", comma);
        name_write(out, shape->parts[i]->id);
        buf_add_s(out, "\"");
        comma = ",";
    }
    buf_printf(out, "],\"additionalProperties\":%s}", shape->id % 3 == 0 ? "true" : "false");
}

static void json_write(buf_t *out, const shape_t *shape)
{
    static const char *const plain[] = {
        [S_TEXT] =
            "{\"description\":\"As the source system tells it.\",\"type\":\"string\",\"maxLength\":255}",
        [S_INT] = "{\"type\":\"integer\",\"minimum\":0,\"maximum\":32767}",
        [S_LONG] = "{\"type\":\"integer\",\"minimum\":0,\"maximum\":2147483647}",
        [S_DOUBLE] = "{\"type\":\"number\"}",
        [S_BOOLEAN] = "{\"type\":\"boolean\"}",
        [S_TIME] = "{\"type\":\"string\",\"format\":\"date-time\"}",
    };
    switch (shape->kind) {
    case S_TEXT:
    case S_INT:
    case S_LONG:
    case S_DOUBLE:
    case S_BOOLEAN:
    case S_TIME:
        if (shape->kind == S_TEXT && shape->id % 7 == 0)
            buf_add_s(out, "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]+$\"}");
        else
            buf_add_s(out, plain[shape->kind]);
        break;
    case S_ENUM:
        buf_add_s(out, "{\"type\":\"string\",\"enum\":[");
        symbols_write(out, shape);
        buf_add_s(out, "]}");
        break;
    case S_LIST:
        buf_add_s(out, "{\"type\":\"array\",\"items\":");
        json_write(out, shape->parts[0]);
        buf_add_s(out, "}");
        break;
    case S_RECORD:
        json_record_write(out, shape, NULL);
        break;
    case S_CHOICE:
        buf_add_s(out, "{\"oneOf\":[");
        for (unsigned i = 0; i < shape->n; i++) {
            buf_add_s(out, i > 0 ? "," : "");
            json_record_write(out, shape->parts[i], nouns[i]);
        }
        buf_add_s(out, "]}");
        break;
    }
}

corpus_t *corpus_generate(format_id_t format, size_t n_subjects, size_t n_versions)
{
    corpus_t *corpus = corpus_new(format, "generated histories");
    for (size_t subject = 0; subject < n_subjects; subject++) {
        author_t author = {.random = subject * 2654435761u + 1, .arena = corpus->arena};
        shape_t *event = ARENA_NEW(corpus->arena, shape_t);
        *event = (shape_t){.kind = S_RECORD, .id = author.next_id++};
        unsigned n_fields =
            3 +
            bench_below(&author.random, 6); /* sized like public event schemas: half have less than 1.5 kB */
        for (unsigned i = 0; i < n_fields; i++)
            event->parts[event->n++] = shape_new(&author, 0);
        corpus->n_subjects++;
        for (size_t version = 0; version < n_versions; version++) {
            buf_t out;
            buf_init(&out, BUF_NO_MAX);
            if (format == FORMAT_AVRO)
                avro_write(&out, event);
            else
                json_write(&out, event);
            add(corpus, buf_end(&out, corpus->arena));
            shape_change(&author, event);
        }
    }
    return with_pairs(corpus);
}

/* av_model.h - an Avro schema as the library holds it: a graph of types that forgets nothing of its text.
 *
 * A schema is an array of types, numbered in the order in which they are met. A named type is one node however often it is
 * named; an unnamed one is a node wherever it is written, so that node identity is what Avro Java's is after parsing (the
 * memo of the `confluent` verdict is keyed by it). Unions are nodes too. The graph may be cyclic through records.
 *
 * Memory   all in the arena of the schema_t; texts and JSON values point into it.
 * Threads  never written after av_parse returns.
 * Spec     Apache Avro 1.12, "Schema Declaration" and "Names"; compat/README.md, "Avro", for what is read leniently.
 */
#ifndef AVOW_COMPAT_AVRO_AV_MODEL_H
#define AVOW_COMPAT_AVRO_AV_MODEL_H

#include <string.h>

#include "compat/format.h"

typedef enum {
    AV_NULL,
    AV_BOOLEAN,
    AV_INT,
    AV_LONG,
    AV_FLOAT,
    AV_DOUBLE,
    AV_BYTES,
    AV_STRING,
    AV_FIXED,
    AV_ENUM,
    AV_ARRAY,
    AV_MAP,
    AV_RECORD,
    AV_UNION,
} av_kind_t;
#define AV_KIND_N 14

/* The logical types of Avro 1.12 that are valid where they stand; others are properties like any other. */
typedef enum {
    AV_PLAIN,
    AV_DECIMAL,
    AV_BIG_DECIMAL,
    AV_UUID,
    AV_DATE,
    AV_TIME_MILLIS,
    AV_TIME_MICROS,
    AV_TIMESTAMP_MILLIS,
    AV_TIMESTAMP_MICROS,
    AV_TIMESTAMP_NANOS,
    AV_LOCAL_TIMESTAMP_MILLIS,
    AV_LOCAL_TIMESTAMP_MICROS,
    AV_LOCAL_TIMESTAMP_NANOS,
    AV_DURATION,
} av_logical_t;
#define AV_LOGICAL_N 14

typedef enum { AV_ASCENDING, AV_DESCENDING, AV_IGNORE } av_order_t;

typedef struct av_type av_type_t;

/* `space` is empty in the null namespace; `simple` has no dots; `full` is both, dotted. */
typedef struct {
    text_t full, space, simple;
} av_name_t;

/* A place where a type is written or named. */
typedef struct {
    av_type_t *type;
    const jv_t *at;
} av_slot_t;

typedef struct {
    text_t name;
    av_slot_t slot;
    const jv_t *at;       /* the field's object */
    const jv_t *doc;      /* a string, or NULL */
    const jv_t *fallback; /* its default; NULL if it has none */
    bool fallback_fits;   /* the default is a value of the field's type, by the specification */
    av_order_t order;
    text_t *aliases;
    uint32_t n_aliases, n_props;
    const jv_member_t **props; /* what is neither reserved nor known, in source order */
} av_field_t;

struct av_type {
    av_kind_t kind;
    av_logical_t logical;
    uint32_t id;              /* index in av_schema_t.types */
    uint32_t text;            /* which text it was written in: 0 the schema's own, n the n-th reference */
    int32_t precision, scale; /* AV_DECIMAL */
    uint32_t cost;            /* about the bytes of its smallest value; 0: it has none. See av_inhabit.c */
    bool is_error;            /* AV_RECORD written as "error" */
    bool has_aliases;         /* AV_RECORD: of some field */
    const jv_t *at;
    const jv_t *doc; /* named types: a string, or NULL */
    av_name_t name;  /* named types */
    av_name_t *aliases;
    const jv_member_t **props;
    uint32_t n_aliases, n_props;
    uint32_t n; /* fields, symbols, branches; the size of a fixed */
    union {
        av_field_t *fields;  /* AV_RECORD */
        text_t *symbols;     /* AV_ENUM */
        av_slot_t *branches; /* AV_UNION */
        av_slot_t item;      /* AV_ARRAY, AV_MAP */
    };
    int32_t fallback;   /* AV_ENUM: index of the default symbol, or -1 */
    const void *_names; /* field or symbol names to index, of large types; see av_field_find */

    /* Where it was written, for pointers: the container and the position in it; NULL at the top of a text. */
    const av_type_t *within;
    uint32_t within_index;
};

/* An alias of a type, and whose. */
typedef struct {
    text_t full;
    const av_type_t *type;
} av_alias_t;

typedef struct {
    av_slot_t root;
    av_type_t **types;
    uint32_t n_types;
    av_alias_t *aliases; /* of all types */
    uint32_t n_aliases;
    text_t canonical;
    uint32_t n_texts;         /* 1 + references */
    const text_t *text_names; /* of the references, by av_type_t.text; [0] is empty */
    limits_t limits;
    unsigned flags;
} av_schema_t;

static inline const av_schema_t *av_schema_of(const schema_t *schema)
{
    return schema->model;
}

static inline bool av_is_named(const av_type_t *type)
{
    return type->kind == AV_RECORD || type->kind == AV_ENUM || type->kind == AV_FIXED;
}

static inline bool av_is_primitive(const av_type_t *type)
{
    return type->kind <= AV_STRING;
}

/* A cost that stands for "this or more". */
#define AV_COST_MAX 0x3FFFFFFFu

static inline bool av_inhabited(const av_type_t *type)
{
    return type->cost != 0;
}

/* text_eq, inline: names are compared in every loop. */
static inline bool av_same(text_t a, text_t b)
{
    return a.bytes == b.bytes && (a.at == b.at || memcmp(a.at, b.at, a.bytes) == 0);
}

/* Are they one schema, so that a reader resolves nothing? Sure when it says yes: what has references is not looked into. */
static inline bool av_is_same_schema(const av_schema_t *a, const av_schema_t *b)
{
    return a == b || (a->n_texts == 1 && b->n_texts == 1 && av_same(a->canonical, b->canonical));
}

const char *av_kind_name(av_kind_t kind);          /* "record" */
const char *av_kind_name_upper(av_kind_t kind);    /* "RECORD", as Confluent's messages have it */
bool av_kind_find(text_t name, av_kind_t *out);    /* "union" included, "error" not */
const char *av_logical_name(av_logical_t logical); /* "timestamp-millis"; "" for AV_PLAIN */

/* What a person would call the type: `long`, `record com.acme.Order`, `array of string`, `union`. */
text_t av_type_text(const av_type_t *type, arena_t *arena);

/* Index of a field or symbol by name, or -1. Constant time. */
int32_t av_field_find(const av_type_t *record, text_t name);
int32_t av_symbol_find(const av_type_t *enumeration, text_t name);

/* Is `value` a default of `type`? Avro 1.12, "Complex Types": a union default may fit any branch, members that a record
 * default leaves out need defaults that fit. av_default_java is what Avro Java checks at parse, which is wider for strings;
 * it takes its work from `steps` and says no when they are spent. */
bool av_default_fits(const av_type_t *type, const jv_t *value, uint32_t max_depth);
bool av_default_java(const av_type_t *type, const jv_t *value, uint32_t max_depth, uint64_t *steps);

/* Pointer and place of a type's, slot's or field's text. Pointers into a reference's text start with the reference's name and #. */
text_t av_pointer(const av_schema_t *schema, const av_type_t *type, arena_t *arena);
place_t av_place_type(const av_schema_t *schema, const av_type_t *type, arena_t *arena);
place_t av_place_field(const av_schema_t *schema, const av_type_t *record, uint32_t field, const char *member,
                       arena_t *arena);
place_t av_place_slot(const av_schema_t *schema, const av_type_t *container, uint32_t index, arena_t *arena);

/* avro.c: the row of the format table is made of these. */
int av_parse(schema_t *schema, const schema_source_t *source, fault_t *fault);
bool av_equal(const schema_t *a, const schema_t *b);
int av_edit(edit_job_t *job, schema_t **out); /* av_edit.c */

/* av_fields.c: the list, and where in the graph a path of it leads: to the `index`-th field, branch or item of a container;
 * none for the empty path, the root. Paths of items, values and branches lead somewhere even where the list leaves them out. */
typedef struct {
    const av_type_t *container;
    uint32_t index;
} av_spot_t;

fields_t av_fields(const schema_t *schema, const limits_t *limits, arena_t *arena);
bool av_field_at(const schema_t *schema, text_t path, const limits_t *limits, arena_t *arena, av_spot_t *out);

/* The only branch of a union that is not null, or the type itself. */
const av_type_t *av_without_null(const av_type_t *type);

/* The slot of a container: a field's, a branch's, the item's. */
const av_slot_t *av_slot_of(const av_type_t *container, uint32_t index);

#endif

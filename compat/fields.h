/* fields.h - a schema as the list of its fields, the same for every format: what people, diffs and the catalog talk about.
 *
 * A field's path is written as in docs and declarations: `customer.address.zip`, `lines[].sku` (items of an array),
 * `attributes{}.value` (values of a map), `payment<card>.last4` (a branch of a union that has several). The schema's own root is the
 * empty path. Recursive types are listed once; where they come round again the field is marked and not entered.
 *
 * Memory   in the arena given; texts may point into the schema.
 */
#ifndef AVOW_COMPAT_FIELDS_H
#define AVOW_COMPAT_FIELDS_H

#include "compat/compat.h"

/* Something a schema says of a field besides its type, as name and value: "maxLength" 40, "scale" 2, "symbols" [...]. */
typedef struct {
    const char *name; /* static */
    text_t value;     /* JSON text */
} field_fact_t;

typedef struct {
    text_t path;
    text_t type;   /* "string", "long", "order.Status", "string | null": short, for people */
    text_t name;   /* last step of the path: the field's own name */
    text_t parent; /* path of the field it is listed under: `lines` for `lines[].sku` */
    text_t *aliases;
    size_t n_aliases;
    text_t *symbols; /* of an enum, in order: Avro names, JSON values as JSON text */
    size_t n_symbols;
    text_t *tags; /* PII and the like: confluent:tags, tags, x-tags, x-pii */
    size_t n_tags;
    bool required;  /* a message must have it (Avro: always present; here: has no default) */
    bool recursive; /* its type is being listed already */
    bool has_default;
    text_t default_json;
    text_t logical;      /* Avro logicalType, JSON Schema format; TEXT_NONE */
    text_t unit;         /* unit, x-unit; TEXT_NONE */
    text_t doc;          /* doc, description; TEXT_NONE */
    field_fact_t *facts; /* constraints and parameters, by name */
    size_t n_facts;
    place_t place;

    /* By these a finding's place is found to be about this field: where it is written, and what it refers to. */
    text_t *pointers;
    size_t n_pointers;
    text_t
        anchor; /* where it is written, in names where there are some: "shop.Address.zip"; the pointer, in JSON Schema */
} field_t;

/* Items, values and branches that are records or objects: not fields of their own, but places all the same. */
typedef struct {
    text_t path, pointer;
    size_t field; /* that they are listed under */
} field_part_t;

typedef struct {
    const field_t *at; /* in the order of the schema */
    size_t n;
    bool complete; /* false: the limit on nodes was reached and the rest is missing */
    const field_part_t *parts;
    size_t n_parts;
} fields_t;

fields_t schema_fields(const schema_t *schema, const limits_t *limits, arena_t *arena);

/* For the formats, which fill the list (the row of format.h): appends a field, with its name and parent worked out of `path`, and gives
 * it to be filled in. NULL when the limit on nodes is reached: the list is then marked incomplete. */
typedef struct {
    arena_t *arena;
    const limits_t *limits;
    field_t *at;
    size_t n, room;
    bool complete;
    field_part_t *parts;
    size_t n_parts, room_parts;
} field_list_t;

fields_t fields_end(const field_list_t *list);

field_t *fields_add(field_list_t *list, text_t path, const field_t *parent);
void fields_add_part(field_list_t *list, text_t path, text_t pointer, size_t field);
void field_add_pointer(field_list_t *list, size_t field, text_t pointer);
void field_add_fact(field_list_t *list, size_t field, const char *name, text_t value);
void field_add_tag(field_list_t *list, size_t field, text_t tag);

/* Takes unit and tags from a property that carries them (`unit`, `x-unit`, `tags`, `confluent:tags`, `x-pii`, ...); false for
 * any other. */
bool field_take_meaning(field_list_t *list, size_t field, text_t name, const jv_t *value);

/* The field of a path, or NULL. */
const field_t *fields_find(const fields_t *fields, text_t path);

/* The nearest existing paths to one that does not exist, best first, at most `max`: "did you mean". */
size_t fields_suggest(const fields_t *fields, text_t path, const field_t **out, size_t max);

#endif

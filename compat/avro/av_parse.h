/* av_parse.h - between the files that read an Avro schema: av_parse.c drives, av_names.c knows names, av_default.c defaults.
 * Private to compat/avro.
 */
#ifndef AVOW_COMPAT_AVRO_AV_PARSE_H
#define AVOW_COMPAT_AVRO_AV_PARSE_H

#include "compat/avro/av_model.h"

/* Named types by full name: open addressing, in the arena, never shrinks. */
typedef struct {
    av_type_t **slots;
    uint32_t n, room; /* room is a power of two */
} av_names_t;

av_type_t *av_names_get(const av_names_t *names, text_t full);
void av_names_put(av_names_t *names, av_type_t *type, arena_t *arena); /* not yet in the table */

/* `text` as a name in `space`, as Avro Java splits it: at the last dot, the name's own dots before `space`. */
av_name_t av_name_make(text_t text, text_t space, arena_t *arena);
bool av_name_ok(text_t name);                           /* [A-Za-z_][A-Za-z0-9_]* */
bool av_name_full_ok(const av_name_t *name);            /* every part of it */
text_t av_name_in(const av_name_t *name, text_t space); /* how it is written where `space` is enclosing */

/* Sets `logical`, and precision and scale, from the properties of a type that is otherwise read. */
void av_logical_read(av_type_t *type);

/* An integer as JSON has it, no fraction, no exponent, of 32 bits. `value` may be NULL. */
bool av_int32(const jv_t *value, int32_t *out);

/* The text with Java's comments blanked out, places kept; the text itself if it has none. */
text_t av_without_comments(text_t text, arena_t *arena);

/* Builds the lookup tables of a large record or enum. */
void av_index_build(av_type_t *type, arena_t *arena);

/* Decides fallback_fits of every field: the least fixed point, because a record default may lean on the defaults of its
 * members. False if that took more than `max_steps`. */
bool av_defaults_decide(const av_schema_t *schema, uint64_t max_steps);

/* Sets av_type_t.cost: of all types, or of one whose parts are settled already. */
void av_inhabit(const av_schema_t *schema);
void av_inhabit_one(av_type_t *type);

/* Equality of two types as Avro Java has it for redefinitions: docs and aliases aside. Unresolved names are never equal. */
bool av_type_same_definition(const av_type_t *a, const av_type_t *b);

/* av_print.c: canonical text; false if nested deeper than max_depth. */
bool av_print_canonical(const av_schema_t *schema, buf_t *out);

#endif

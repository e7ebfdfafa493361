/* metadata.h - the metadata of a schema: tags by path, properties, names of sensitive properties.
 *
 * Part of a schema's identity. Always sorted: maps by key, sets by value.
 *
 * Memory   values live in the arena they were read into and may point into the text they were read from. NULL is "none", which
 *          is not the same as empty.
 * Spec     docs/api.md, "Metadata".
 */
#ifndef AVOW_CATALOG_METADATA_H
#define AVOW_CATALOG_METADATA_H

#include "catalog/err.h"
#include "compat/core/json_text.h"

typedef struct {
    text_t key;
    text_t *values;
    size_t n;
} text_set_entry_t;

typedef struct {
    text_t key, value;
} text_pair_t;

typedef struct metadata {
    text_set_entry_t *tags;
    size_t n_tags;
    text_pair_t *properties;
    size_t n_properties;
    text_t *sensitive;
    size_t n_sensitive;
} metadata_t;

/* From JSON: null and TEXT_NONE give NULL. -1 and ERR_BODY_MALFORMED with the JSON path; `at` is where the value stands. */
int metadata_read(text_t json, const char *at, arena_t *arena, const metadata_t **out, err_t *err);

/* As it is stored and served; TEXT_NONE for NULL. */
text_t metadata_text(const metadata_t *metadata, arena_t *arena);

/* Keys of `over` replace those of `base`; sensitive names are joined. Either may be NULL; NULL if both are. */
const metadata_t *metadata_merge(const metadata_t *base, const metadata_t *over, arena_t *arena);

/* TEXT_NONE if there is none. */
text_t metadata_property(const metadata_t *metadata, text_t name);
const metadata_t *metadata_with_property(const metadata_t *metadata, text_t name, text_t value,
                                         arena_t *arena);

#define METADATA_VERSION  TEXT("confluent:version")
#define METADATA_RESERVED TEXT("confluent:reserved")

/* Is what was sent the metadata of stored version `version`? Equal, where a property confluent:version that only one side
 * has does not count; if only the sent one has it, it must be that version's number. */
bool metadata_matches(const metadata_t *sent, const metadata_t *stored, int32_t version);

/* The bytes that it adds to an identity (docs/api.md, "Identity"). */
void metadata_digest(const metadata_t *metadata, buf_t *out);

/* --- shared with rule_set.c: reading and printing of sets and maps of strings -------------------------------------------- */

int text_set_read(const jv_t *array, const char *at, arena_t *arena, text_t **out, size_t *n, err_t *err);
int text_map_read(const jv_t *object, const char *at, arena_t *arena, text_pair_t **out, size_t *n,
                  err_t *err);
void text_set_print(buf_t *out, const text_t *values, size_t n);
void text_map_print(buf_t *out, const text_pair_t *pairs, size_t n);

#endif

/* av_value.h - Avro data: a value of a schema, its two encodings, and reading them back, by another schema if need be.
 *
 * Memory   values live in the arena they were made in and point into schemas and inputs, which must live as long.
 * Limits   nesting is bounded by limits_t.max_depth (records, arrays and maps count), work by max_steps; lengths in binary
 *          data are believed only as far as the bytes go.
 * Spec     Apache Avro 1.12, "Data Serialization", "Schema Resolution", "Single-object encoding".
 */
#ifndef AVOW_COMPAT_AVRO_AV_VALUE_H
#define AVOW_COMPAT_AVRO_AV_VALUE_H

#include "compat/avro/av_model.h"

typedef struct av_value av_value_t;

struct av_value {
    const av_type_t *type; /* of a union: the union; the branch is in `branch`, its value in items[0] */
    union {
        bool boolean;
        int64_t integer; /* int, long; of an enum the symbol's index */
        double real;     /* float, double */
        text_t bytes;    /* bytes, string, fixed */
        struct {
            av_value_t **items; /* fields of a record, items of an array, values of a map */
            text_t *keys;       /* of a map */
            uint32_t n, branch;
        };
    };
};

/* --- writing --------------------------------------------------------------------------------------------------------------- */

void av_encode_binary(const av_value_t *value, buf_t *out);
void av_encode_json(const av_value_t *value, buf_t *out); /* Avro's JSON encoding, on one line */

/* The smallest value of a type, by av_type_t.cost: NULL if there is none, if it costs more than AV_SMALLEST_MAX or nests too
 * deep. `avoid` may be NULL, or tells by type id: 1 for a type that is not wanted as a branch of a union if there is another; for an enum
 * 1 plus the symbol to take. */
#define AV_SMALLEST_MAX (1u << 18)
av_value_t *av_smallest(const av_type_t *type, const uint32_t *avoid, const limits_t *limits, arena_t *arena);

/* A zero, whose parts are still to come. */
av_value_t *av_value_new(const av_type_t *type, arena_t *arena);

/* --- reading --------------------------------------------------------------------------------------------------------------- */

/* Avro's JSON encoding of a value of `type`. 0, or -1 and a fault with its place in the message. */
int av_read_json(const av_type_t *type, const jv_t *json, const limits_t *limits, arena_t *arena,
                 av_value_t **out, fault_t *fault);

typedef enum {
    DECODE_OK,
    DECODE_REFUSED,   /* good data that the reader's schema cannot take */
    DECODE_MALFORMED, /* not data of the writer's schema */
    DECODE_LIMIT,
} decode_t;

typedef struct {
    limits_t limits;
    bool
        full_names_first; /* choose branches as Avro Java does: full names and equal kinds before what else matches */
} decode_options_t;

/* Reads a value that was written with `writer` as a value of `reader`; if that is the same schema, nothing is resolved. Shares no code with the verdict: it resolves value by
 * value, as a consumer would. `sentence` says what was wrong, in `arena`. */
decode_t av_decode(const av_schema_t *writer, const av_schema_t *reader, text_t bytes,
                   const decode_options_t *options, arena_t *arena, av_value_t **out, text_t *sentence);

/* One thing that the reader's schema cannot take, and where: a type of the reader's, of a record perhaps one field. */
#define NO_FIELD UINT32_MAX
typedef struct refusal {
    const av_type_t *reader;
    uint32_t field;
    text_t sentence;
    struct refusal *next;
} refusal_t;

/* As av_decode, for all that is refused instead of the first: what cannot be taken is skipped. The list is in order. */
decode_t av_refusals(const av_schema_t *writer, const av_schema_t *reader, text_t bytes,
                     const decode_options_t *options, arena_t *arena, const refusal_t **out);

/* --- frames ---------------------------------------------------------------------------------------------------------------- */

/* Single-object encoding: C3 01, the Rabin fingerprint little-endian, the value. */
void av_frame_single(uint64_t rabin, text_t body, buf_t *out);
bool av_unframe_single(text_t message, uint64_t *rabin, text_t *body);

/* Confluent's wire format: 00, the schema id in four bytes big-endian, the value. */
void av_frame_confluent(uint32_t id, text_t body, buf_t *out);
bool av_unframe_confluent(text_t message, uint32_t *id, text_t *body);

#endif

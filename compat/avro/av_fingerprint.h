/* av_fingerprint.h - Parsing Canonical Form and the fingerprints over it.
 *
 * Equal forms mean "the same bytes on the wire", not "the same reader": aliases, defaults, logical types, order and docs are
 * gone. Never an identity of the registry.
 * Spec     Apache Avro 1.12, "Transforming into Parsing Canonical Form" and "Schema Fingerprints".
 */
#ifndef AVOW_COMPAT_AVRO_AV_FINGERPRINT_H
#define AVOW_COMPAT_AVRO_AV_FINGERPRINT_H

#include "compat/compat.h"

/* `schema` is of FORMAT_AVRO. What came from references is written out. */
text_t av_parsing_form(const schema_t *schema, arena_t *arena);

typedef struct {
    uint64_t rabin; /* CRC-64-AVRO as a number; little-endian on the wire */
    uint8_t md5[16];
    uint8_t sha256[32];
} av_fingerprints_t;

void av_fingerprints(const schema_t *schema, av_fingerprints_t *out);

#endif

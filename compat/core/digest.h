/* digest.h - the fingerprints that registries and Avro use. */
#ifndef AVOW_COMPAT_CORE_DIGEST_H
#define AVOW_COMPAT_CORE_DIGEST_H

#include "compat/core/text.h"

void digest_md5(text_t text, uint8_t out[16]);
void digest_sha256(text_t text, uint8_t out[32]);
uint64_t digest_crc64_avro(text_t text); /* Avro 1.12, Schema Fingerprints: CRC-64-AVRO (Rabin) */

#endif

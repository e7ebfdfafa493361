#include "compat/core/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

static void digest(text_t text, const EVP_MD *type, uint8_t *out)
{
    if (EVP_Digest(text.at == NULL ? "" : text.at, text.bytes, out, NULL, type, NULL) != 1)
        abort(); /* no memory, or a library built without the digests that registries need */
}

void digest_md5(text_t text, uint8_t out[16])
{
    digest(text, EVP_md5(), out);
}

void digest_sha256(text_t text, uint8_t out[32])
{
    digest(text, EVP_sha256(), out);
}

#define AVRO_EMPTY 0xC15D213AA4D7A795u /* fingerprint of the empty text, and the polynomial */

/* What four shifts make of the low four bits. */
static uint64_t nibble(uint64_t bits)
{
    for (int i = 0; i < 4; i++)
        bits = bits >> 1 ^ (AVRO_EMPTY & -(bits & 1));
    return bits;
}

uint64_t digest_crc64_avro(text_t text)
{
    uint64_t table[16];
    for (uint64_t i = 0; i < 16; i++)
        table[i] = nibble(i);
    uint64_t crc = AVRO_EMPTY;
    for (size_t i = 0; i < text.bytes; i++) {
        crc ^= (unsigned char)text.at[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return crc;
}

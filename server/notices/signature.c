#include "server/notices/signature.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

enum { KEY_MAX = 128, MAC_BYTES = 32, MAC_TEXT = 45 };

/* The key's bytes, or the secret's own when it is not written as one of ours. */
static text_t key_of(text_t secret, uint8_t room[KEY_MAX])
{
    const text_t prefix = TEXT("whsec_");
    if (!text_starts(secret, prefix))
        return secret;
    text_t encoded = text_from(secret, prefix.bytes);
    if (encoded.bytes == 0 || encoded.bytes % 4 != 0 || encoded.bytes / 4 * 3 > KEY_MAX)
        return secret;
    int n = EVP_DecodeBlock(room, (const unsigned char *)encoded.at, (int)encoded.bytes);
    if (n < 0)
        return secret;
    for (size_t i = encoded.bytes; i > 0 && encoded.at[i - 1] == '='; i--)
        n--; /* EVP_DecodeBlock counts the padding */
    return (text_t){(const char *)room, (size_t)n};
}

static void sign(text_t secret, text_t signed_text, char out[MAC_TEXT])
{
    uint8_t room[KEY_MAX], mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    text_t key = key_of(secret, room);
    if (HMAC(EVP_sha256(), key.at, (int)key.bytes, (const unsigned char *)signed_text.at, signed_text.bytes,
             mac, &n) == NULL)
        abort();
    EVP_EncodeBlock((unsigned char *)out, mac, MAC_BYTES);
}

text_t signature_make(text_t secret, text_t older_secret, text_t id, int64_t timestamp, text_t body,
                      arena_t *arena)
{
    char first[MAC_TEXT], second[MAC_TEXT];
    text_t signed_text =
        text_printf(arena, TEXT_FMT ".%" PRId64 "." TEXT_FMT, TEXT_ARG(id), timestamp, TEXT_ARG(body));
    sign(secret, signed_text, first);
    if (older_secret.at == NULL)
        return text_printf(arena, "v1,%s", first);
    sign(older_secret, signed_text, second);
    return text_printf(arena, "v1,%s v1,%s", first, second);
}

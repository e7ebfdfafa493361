#include "catalog/identity.h"

#include <string.h>

#include "compat/core/digest.h"

static void add_i32(buf_t *out, int32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(out, (char)((uint32_t)value >> shift & 0xff));
}

identity_t identity_of(text_t canonical, const reference_t *references, size_t n_references,
                       const metadata_t *metadata, const rule_set_t *rule_set)
{
    identity_t identity;
    if (n_references == 0 && metadata == NULL && rule_set == NULL) {
        digest_md5(canonical, identity.bytes);
        return identity;
    }
    buf_t all;
    buf_init(&all, BUF_NO_MAX);
    buf_add(&all, canonical);
    for (size_t i = 0; i < n_references; i++) {
        buf_add(&all, references[i].name);
        buf_add(&all, references[i].subject);
        add_i32(&all, references[i].version);
    }
    metadata_digest(metadata, &all);
    rule_set_digest(rule_set, &all);
    digest_md5(buf_text(&all), identity.bytes);
    buf_dispose(&all);
    return identity;
}

identity_t identity_of_text(text_t text)
{
    identity_t identity;
    digest_md5(text, identity.bytes);
    return identity;
}

bool identity_same(const identity_t *a, const identity_t *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

text_t identity_text(const identity_t *identity, arena_t *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(arena, UUID_BYTES + 1);
    char *at = out;
    for (size_t i = 0; i < sizeof identity->bytes; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[identity->bytes[i] >> 4];
        *at++ = digits[identity->bytes[i] & 15];
    }
    return (text_t){out, UUID_BYTES};
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool identity_read(text_t text, identity_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.bytes == UUID_BYTES && (i == 8 || i == 13 || i == 18 || i == 23)) {
            if (text.at[i] != '-')
                return false;
            continue;
        }
        int value = digit(text.at[i]);
        if (value < 0 || n == 32)
            return false;
        uint8_t *byte = &out->bytes[n++ / 2];
        *byte = (uint8_t)(*byte << 4 | value);
    }
    return n == 32;
}

#include "server/core/password.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdlib.h>

#define METHOD "$y$"

/* What a password is compared with when there is none: the hash of nothing that anybody can type. */
static const char nobody[] = "$y$j9T$xOqzlmbBg42a1xuPOIGBa0$kEkIrO/pQUMMmNGtL0W8FR1.qhaPj5dqtQRb0GiBeP.";

static struct crypt_data *space_new(void)
{
    struct crypt_data *space = calloc(1, sizeof *space);
    if (space == NULL)
        abort();
    return space;
}

static void space_free(struct crypt_data *space)
{
    OPENSSL_cleanse(space, sizeof *space);
    free(space);
}

/* crypt wants a text that ends with NUL and holds none. */
static bool copy_out(text_t password, char out[PASSWORD_MOST + 1])
{
    if (password.bytes > PASSWORD_MOST || memchr(password.at, '\0', password.bytes) != NULL)
        return false;
    memcpy(out, password.at, password.bytes);
    out[password.bytes] = '\0';
    return true;
}

int password_hash(text_t password, arena_t *arena, text_t *hash)
{
    char salt[CRYPT_GENSALT_OUTPUT_SIZE], plain[PASSWORD_MOST + 1];
    if (!copy_out(password, plain) || crypt_gensalt_rn(METHOD, 0, NULL, 0, salt, sizeof salt) == NULL)
        return -1;
    struct crypt_data *space = space_new();
    const char *made = crypt_r(plain, salt, space);
    bool done = made != NULL && made[0] != '*';
    *hash = done ? text_copy(arena, text_of(made)) : TEXT_NONE;
    OPENSSL_cleanse(plain, sizeof plain);
    space_free(space);
    return done ? 0 : -1;
}

bool password_fits(text_t password, text_t hash)
{
    char plain[PASSWORD_MOST + 1];
    if (!copy_out(password, plain))
        return false;
    struct crypt_data *space = space_new();
    const char *wanted = hash.at == NULL ? nobody : hash.at;
    const char *made = crypt_r(plain, wanted, space);
    size_t bytes = strlen(wanted);
    bool fits =
        made != NULL && made[0] != '*' && strlen(made) == bytes && CRYPTO_memcmp(made, wanted, bytes) == 0;
    OPENSSL_cleanse(plain, sizeof plain);
    space_free(space);
    return fits && hash.at != NULL;
}

void secret_make(char *out, size_t n)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    enum { BASE = 62, FAIR = 248 }; /* 4 x 62: bytes from there on would favour the first letters */
    for (size_t i = 0; i < n;) {
        unsigned char byte;
        if (RAND_bytes(&byte, 1) != 1)
            abort(); /* a secret that can be guessed is worse than no server */
        if (byte < FAIR)
            out[i++] = letters[byte % BASE];
    }
    out[n] = '\0';
}

#include "server/core/auth.h"

#include <crypt.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compat/core/digest.h"
#include "server/core/log.h"
#include "server/core/pool.h"

#define NAME_BYTES   128 /* as actor_t */
#define HEADER_MAX   AUTH_HEADER_MAX
#define REMEMBERED   1024
#define REMEMBER_YES (60 * 1000000000LL)
#define REMEMBER_NO  (5 * 1000000000LL) /* a client with a wrong password asks again and again */
#define SHA256_BYTES 32

typedef struct {
    bool bearer;
    char name[NAME_BYTES];
    char hash[CRYPT_OUTPUT_SIZE];
    uint8_t digest[SHA256_BYTES];
} credential_t;

/* What one reading of the file gave: immutable, counted. */
typedef struct {
    atomic_int references;
    size_t n;
    credential_t list[];
} credentials_t;

typedef struct {
    uint8_t digest[SHA256_BYTES]; /* of the header */
    int64_t until_ns;
    bool yes;
    actor_t actor;
} remembered_t;

struct auth {
    char *path;
    pthread_mutex_t lock; /* of what follows */
    credentials_t *credentials;
    unsigned generation; /* a verification that began before a reload is not remembered */
    remembered_t remembered[REMEMBERED];
};

/* --- the file ------------------------------------------------------------------------------------------------------------ */

static bool read_hex(text_t text, uint8_t out[SHA256_BYTES])
{
    if (text.bytes != 2 * SHA256_BYTES)
        return false;
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];
        int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (value < 0)
            return false;
        out[i / 2] = (uint8_t)(i % 2 == 0 ? value << 4 : out[i / 2] | value);
    }
    return true;
}

static const char *hash_complaint(const char *hash)
{
    switch (crypt_checksalt(hash)) {
    case CRYPT_SALT_OK:
        return NULL;
    case CRYPT_SALT_METHOD_LEGACY:
        return "the hash is of a kind too weak to keep a password; use avow auth or htpasswd -B";
    case CRYPT_SALT_TOO_CHEAP:
        return "the hash is too cheap to keep a password; use avow auth or htpasswd -B";
    default:
        return "this system's crypt(3) does not know the hash; use avow auth or htpasswd -B";
    }
}

/* What is wrong with a line, or NULL. */
static const char *read_credential(text_t line, credential_t *out)
{
    const char *colon = memchr(line.at, ':', line.bytes);
    if (colon == NULL)
        return "a line is basic:NAME:HASH or bearer:NAME:SHA256";
    text_t word = {line.at, (size_t)(colon - line.at)}, name = word;
    text_t rest = text_from(line, word.bytes + 1);
    bool plain = rest.bytes > 0 && rest.at[0] == '$';
    out->bearer = !plain && text_is(word, "bearer");
    if (!plain && !out->bearer && !text_is(word, "basic"))
        return "a line is basic:NAME:HASH or bearer:NAME:SHA256";
    if (!plain) {
        colon = memchr(rest.at, ':', rest.bytes);
        if (colon == NULL)
            return "a line is basic:NAME:HASH or bearer:NAME:SHA256";
        name = (text_t){rest.at, (size_t)(colon - rest.at)};
        rest = text_from(rest, name.bytes + 1);
    }
    if (name.bytes == 0 || name.bytes >= sizeof out->name)
        return "a name has 1 to 127 bytes";
    snprintf(out->name, sizeof out->name, TEXT_FMT, TEXT_ARG(name));
    if (out->bearer)
        return read_hex(rest, out->digest) ? NULL : "a token's SHA-256 has 64 hexadecimal digits";
    if (rest.bytes >= sizeof out->hash)
        return "the hash is too long";
    snprintf(out->hash, sizeof out->hash, TEXT_FMT, TEXT_ARG(rest));
    return hash_complaint(out->hash);
}

static credentials_t *credentials_add(credentials_t *credentials, size_t *room)
{
    if (credentials == NULL || credentials->n == *room) {
        *room = *room == 0 ? 16 : 2 * *room;
        bool fresh = credentials == NULL;
        credentials = realloc(credentials, sizeof *credentials + *room * sizeof(credential_t));
        if (credentials == NULL)
            abort();
        if (fresh)
            credentials->n = 0;
    }
    memset(&credentials->list[credentials->n++], 0, sizeof(credential_t));
    return credentials;
}

static void warn_if_open(const char *path, FILE *file)
{
    struct stat stat;
    if (fstat(fileno(file), &stat) == 0 && (stat.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0)
        log_warn("auth-file can be read or written by others: chmod 600 it", LOG_S("path", path));
}

static credentials_t *read_file(const char *path, err_t *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        err_set(err, ERR_INTERNAL, "auth-file: %.200s cannot be read: %s", path, strerror(errno));
        return NULL;
    }
    warn_if_open(path, file);
    size_t room = 0, line_room = 0;
    credentials_t *credentials = NULL;
    char *line = NULL;
    ssize_t bytes;
    const char *complaint = NULL;
    for (int number = 1; complaint == NULL && (bytes = getline(&line, &line_room, file)) >= 0; number++) {
        text_t text = text_trim((text_t){line, (size_t)bytes});
        if (text.bytes == 0 || text.at[0] == '#')
            continue;
        credentials = credentials_add(credentials, &room);
        complaint = read_credential(text, &credentials->list[credentials->n - 1]);
        if (complaint != NULL)
            err_set(err, ERR_INTERNAL, "auth-file: %.200s, line %d: %s", path, number, complaint);
    }
    if (line != NULL)
        OPENSSL_cleanse(line, line_room);
    free(line);
    fclose(file);
    if (complaint == NULL && credentials == NULL)
        err_set(err, ERR_INTERNAL, "auth-file: %.200s names nobody, so that nobody could get in", path);
    if (err->code != ERR_NONE) {
        free(credentials);
        return NULL;
    }
    atomic_init(&credentials->references, 1);
    return credentials;
}

static void credentials_unref(credentials_t *credentials)
{
    if (atomic_fetch_sub(&credentials->references, 1) == 1) {
        OPENSSL_cleanse(credentials->list, credentials->n * sizeof(credential_t));
        free(credentials);
    }
}

static credentials_t *credentials_ref(auth_t *auth, unsigned *generation)
{
    pthread_mutex_lock(&auth->lock);
    credentials_t *credentials = auth->credentials;
    atomic_fetch_add(&credentials->references, 1);
    *generation = auth->generation;
    pthread_mutex_unlock(&auth->lock);
    return credentials;
}

auth_t *auth_new(const char *path, err_t *err)
{
    credentials_t *credentials = read_file(path, err);
    if (credentials == NULL)
        return NULL;
    auth_t *auth = calloc(1, sizeof *auth);
    if (auth == NULL || (auth->path = strdup(path)) == NULL)
        abort();
    auth->credentials = credentials;
    pthread_mutex_init(&auth->lock, NULL);
    return auth;
}

void auth_free(auth_t *auth)
{
    if (auth == NULL)
        return;
    credentials_unref(auth->credentials);
    pthread_mutex_destroy(&auth->lock);
    free(auth->path);
    free(auth);
}

int auth_reload(auth_t *auth, err_t *err)
{
    credentials_t *fresh = read_file(auth->path, err);
    if (fresh == NULL)
        return -1;
    pthread_mutex_lock(&auth->lock);
    credentials_t *old = auth->credentials;
    auth->credentials = fresh;
    auth->generation++;
    memset(auth->remembered, 0, sizeof auth->remembered);
    pthread_mutex_unlock(&auth->lock);
    credentials_unref(old);
    return 0;
}

size_t auth_n_credentials(auth_t *auth)
{
    unsigned generation;
    credentials_t *credentials = credentials_ref(auth, &generation);
    size_t n = credentials->n;
    credentials_unref(credentials);
    return n;
}

/* --- headers ---------------------------------------------------------------------------------------------------------------- */

typedef enum { SCHEME_NONE, SCHEME_BASIC, SCHEME_BEARER } scheme_t;

/* Splits "Basic dXNlcjpwYXNz": what follows the scheme in *rest. */
static scheme_t scheme_of(text_t header, text_t *rest)
{
    header = text_trim(header);
    const char *space =
        header.bytes == 0 || header.bytes > HEADER_MAX ? NULL : memchr(header.at, ' ', header.bytes);
    if (space == NULL)
        return SCHEME_NONE;
    text_t word = {header.at, (size_t)(space - header.at)};
    *rest = text_trim(text_from(header, word.bytes));
    if (text_is_nocase(word, "basic"))
        return SCHEME_BASIC;
    return text_is_nocase(word, "bearer") ? SCHEME_BEARER : SCHEME_NONE;
}

static void actor_set(actor_t *actor, const credential_t *credential)
{
    actor->kind = credential->bearer ? ACTOR_SERVICE : ACTOR_USER;
    memcpy(actor->name, credential->name, sizeof actor->name);
}

/* Every token is compared, so that the time says nothing about which one is near. */
static auth_answer_t check_bearer(const credentials_t *credentials, text_t token, actor_t *actor)
{
    uint8_t digest[SHA256_BYTES];
    auth_answer_t answer = AUTH_NO;
    digest_sha256(token, digest);
    for (size_t i = 0; i < credentials->n; i++) {
        const credential_t *credential = &credentials->list[i];
        if (credential->bearer && CRYPTO_memcmp(credential->digest, digest, sizeof digest) == 0) {
            actor_set(actor, credential);
            answer = AUTH_YES;
        }
    }
    return answer;
}

static auth_answer_t recall(auth_t *auth, const uint8_t digest[SHA256_BYTES], actor_t *actor)
{
    size_t slot = (digest[0] | (size_t)digest[1] << 8) % REMEMBERED;
    const remembered_t *remembered = &auth->remembered[slot];
    auth_answer_t answer = AUTH_ASK;
    pthread_mutex_lock(&auth->lock);
    if (remembered->until_ns > monotonic_ns() &&
        CRYPTO_memcmp(remembered->digest, digest, SHA256_BYTES) == 0) {
        answer = remembered->yes ? AUTH_YES : AUTH_NO;
        if (remembered->yes)
            *actor = remembered->actor;
    }
    pthread_mutex_unlock(&auth->lock);
    return answer;
}

static void remember(auth_t *auth, unsigned generation, const uint8_t digest[SHA256_BYTES], bool yes,
                     const actor_t *actor)
{
    size_t slot = (digest[0] | (size_t)digest[1] << 8) % REMEMBERED;
    pthread_mutex_lock(&auth->lock);
    if (generation == auth->generation) {
        remembered_t *remembered = &auth->remembered[slot];
        memcpy(remembered->digest, digest, SHA256_BYTES);
        remembered->until_ns = monotonic_ns() + (yes ? REMEMBER_YES : REMEMBER_NO);
        remembered->yes = yes;
        if (yes)
            remembered->actor = *actor;
    }
    pthread_mutex_unlock(&auth->lock);
}

auth_answer_t auth_check(auth_t *auth, text_t header, actor_t *actor)
{
    text_t rest = TEXT_NONE;
    uint8_t digest[SHA256_BYTES];
    unsigned generation;
    switch (scheme_of(header, &rest)) {
    case SCHEME_NONE:
        return AUTH_NO;
    case SCHEME_BASIC:
        digest_sha256(header, digest);
        return recall(auth, digest, actor);
    case SCHEME_BEARER:
        break;
    }
    credentials_t *credentials = credentials_ref(auth, &generation);
    auth_answer_t answer = check_bearer(credentials, rest, actor);
    credentials_unref(credentials);
    return answer;
}

/* --- passwords ---------------------------------------------------------------------------------------------------------- */

/* "user:password" of a Basic header, NUL-terminated; false when it is malformed. */
static bool decode_basic(text_t encoded, char out[HEADER_MAX + 4], text_t *user, const char **password)
{
    if (encoded.bytes == 0 || encoded.bytes % 4 != 0 || encoded.bytes > HEADER_MAX)
        return false;
    int n = EVP_DecodeBlock((unsigned char *)out, (const unsigned char *)encoded.at, (int)encoded.bytes);
    if (n < 0)
        return false;
    for (size_t i = encoded.bytes; i > encoded.bytes - 2 && encoded.at[i - 1] == '='; i--)
        n--; /* EVP_DecodeBlock counts the padding */
    out[n] = '\0';
    char *colon = memchr(out, ':', (size_t)n);
    if (colon == NULL || strlen(out) != (size_t)n)
        return false;
    *colon = '\0';
    *user = text_of(out);
    *password = colon + 1;
    return true;
}

static bool password_fits(const char *password, const char *hash, struct crypt_data *data)
{
    const char *made = crypt_r(password, hash, data);
    size_t bytes = strlen(hash);
    return made != NULL && made[0] != '*' && strlen(made) == bytes && CRYPTO_memcmp(made, hash, bytes) == 0;
}

/* An unknown user costs as much time as a known one with a wrong password. */
static bool check_password(const credentials_t *credentials, text_t user, const char *password,
                           actor_t *actor)
{
    struct crypt_data *data = calloc(1, sizeof *data);
    const credential_t *any = NULL;
    bool tried = false, yes = false;
    if (data == NULL)
        abort();
    for (size_t i = 0; i < credentials->n && !yes; i++) {
        const credential_t *credential = &credentials->list[i];
        if (credential->bearer)
            continue;
        any = credential;
        if (!text_is(user, credential->name))
            continue;
        tried = true;
        yes = password_fits(password, credential->hash, data);
        if (yes)
            actor_set(actor, credential);
    }
    if (!tried && any != NULL)
        password_fits(password, any->hash, data);
    OPENSSL_cleanse(data, sizeof *data);
    free(data);
    return yes;
}

auth_answer_t auth_verify(auth_t *auth, text_t header, actor_t *actor)
{
    text_t rest = TEXT_NONE, user;
    const char *password;
    char decoded[HEADER_MAX + 4];
    uint8_t digest[SHA256_BYTES];
    unsigned generation;
    auth_answer_t known =
        auth_check(auth, header, actor); /* somebody with the same password may have been first */
    if (known != AUTH_ASK)
        return known;
    if (scheme_of(header, &rest) != SCHEME_BASIC)
        return AUTH_NO;
    credentials_t *credentials = credentials_ref(auth, &generation);
    bool yes =
        decode_basic(rest, decoded, &user, &password) && check_password(credentials, user, password, actor);
    OPENSSL_cleanse(decoded, sizeof decoded);
    credentials_unref(credentials);
    digest_sha256(header, digest);
    remember(auth, generation, digest, yes, actor);
    return yes ? AUTH_YES : AUTH_NO;
}

/* --- for others ------------------------------------------------------------------------------------------------------------ */

text_t auth_bearer(text_t header)
{
    text_t rest = TEXT_NONE;
    return scheme_of(header, &rest) == SCHEME_BEARER ? rest : TEXT_NONE;
}

bool auth_is_basic(text_t header)
{
    text_t rest = TEXT_NONE;
    return scheme_of(header, &rest) == SCHEME_BASIC;
}

bool auth_decode_basic(text_t header, char space[AUTH_HEADER_MAX + 4], text_t *user, text_t *password)
{
    text_t rest = TEXT_NONE;
    const char *secret;
    if (scheme_of(header, &rest) != SCHEME_BASIC || !decode_basic(rest, space, user, &secret))
        return false;
    *password = text_of(secret);
    return true;
}

/* Credentials: the file, the headers, what is remembered. */
#include <check.h>
#include <crypt.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/core/digest.h"
#include "server/core/auth.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

static char file[64];
static err_t err;
static auth_t *auth;
static actor_t actor;

static const char *hash_of(const char *password, const char *prefix, unsigned long cost)
{
    static struct crypt_data data;
    char salt[CRYPT_GENSALT_OUTPUT_SIZE];
    ck_assert_ptr_nonnull(crypt_gensalt_rn(prefix, cost, NULL, 0, salt, sizeof salt));
    return crypt_r(password, salt, &data);
}

static void write_file(const char *text)
{
    FILE *out = fopen(file, "w");
    fputs(text, out);
    fclose(out);
}

/* ada has a password in bcrypt, as htpasswd -B writes it; bob one in yescrypt; ci a token. */
static void write_three(const char *password_of_bob)
{
    uint8_t digest[32];
    digest_sha256(TEXT("token-of-ci"), digest);
    FILE *out = fopen(file, "w");
    fprintf(out, "# who may come in\n\nada:%s\n", hash_of("lovelace", "$2b$", 4));
    fprintf(out, "  basic:bob:%s  \nbearer:ci:", hash_of(password_of_bob, "$y$", 1));
    for (int i = 0; i < 32; i++)
        fprintf(out, "%02X", digest[i]);
    fputs("\r\n", out);
    fclose(out);
}

static void setup(void)
{
    err_clear(&err);
    memset(&actor, 0, sizeof actor);
    snprintf(file, sizeof file, "/tmp/check_auth.XXXXXX");
    int fd = mkstemp(file);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void setup_three(void)
{
    setup();
    write_three("builder");
    auth = auth_new(file, &err);
    ck_assert_msg(auth != NULL, "%s", err.text);
}

static void teardown(void)
{
    auth_free(auth);
    auth = NULL;
    unlink(file);
}

static text_t basic(const char *scheme, const char *pair, size_t bytes)
{
    static char header[512];
    size_t n = (size_t)snprintf(header, sizeof header, "%s ", scheme);
    n += (size_t)EVP_EncodeBlock((unsigned char *)header + n, (const unsigned char *)pair, (int)bytes);
    return (text_t){header, n};
}

static const struct {
    const char *name, *header; /* NULL: Basic of `pair` */
    const char *pair;
    size_t pair_bytes;
    auth_answer_t answer;
    const char *actor;
    int kind;
} headers[] = {
    {"the right password in bcrypt", NULL, "ada:lovelace", 12, AUTH_YES, "ada", ACTOR_USER},
    {"the right password in yescrypt", NULL, "bob:builder", 11, AUTH_YES, "bob", ACTOR_USER},
    {"the right token", "Bearer token-of-ci", NULL, 0, AUTH_YES, "ci", ACTOR_SERVICE},
    {"schemes in any case", "bEARER   token-of-ci ", NULL, 0, AUTH_YES, "ci", ACTOR_SERVICE},
    {"a wrong password", NULL, "ada:byron", 9, AUTH_NO, NULL, 0},
    {"another's password", NULL, "bob:lovelace", 12, AUTH_NO, NULL, 0},
    {"the beginning of the password", NULL, "ada:love", 8, AUTH_NO, NULL, 0},
    {"no password", NULL, "ada:", 4, AUTH_NO, NULL, 0},
    {"no colon", NULL, "ada", 3, AUTH_NO, NULL, 0},
    {"a NUL and the right password before it", NULL, "ada:lovelace\0x", 14, AUTH_NO, NULL, 0},
    {"an unknown user", NULL, "eve:lovelace", 12, AUTH_NO, NULL, 0},
    {"a token as a password", NULL, "ci:token-of-ci", 14, AUTH_NO, NULL, 0},
    {"a wrong token", "Bearer token-of-c", NULL, 0, AUTH_NO, NULL, 0},
    {"an empty token", "Bearer ", NULL, 0, AUTH_NO, NULL, 0},
    {"no header", "", NULL, 0, AUTH_NO, NULL, 0},
    {"no scheme", "token-of-ci", NULL, 0, AUTH_NO, NULL, 0},
    {"another scheme", "Digest token-of-ci", NULL, 0, AUTH_NO, NULL, 0},
    {"no base64", "Basic %%%%", NULL, 0, AUTH_NO, NULL, 0},
    {"half a base64 group", "Basic YWRh0", NULL, 0, AUTH_NO, NULL, 0},
    {"padding alone", "Basic ====", NULL, 0, AUTH_NO, NULL, 0},
};

START_TEST(the_right_secret_and_nothing_else_lets_in)
{
    text_t header = headers[_i].header != NULL ? text_of(headers[_i].header)
                                               : basic("Basic", headers[_i].pair, headers[_i].pair_bytes);
    ck_assert_msg(auth_verify(auth, header, &actor) == headers[_i].answer, "%s", headers[_i].name);
    if (headers[_i].answer != AUTH_YES)
        return;
    ck_assert_str_eq(actor.name, headers[_i].actor);
    ck_assert_int_eq((int)actor.kind, headers[_i].kind);
}
END_TEST

START_TEST(a_password_is_checked_once_and_then_remembered)
{
    text_t header = basic("Basic", "ada:lovelace", 12);
    ck_assert_int_eq(auth_check(auth, header, &actor), AUTH_ASK);
    ck_assert_int_eq(auth_verify(auth, header, &actor), AUTH_YES);
    memset(&actor, 0, sizeof actor);
    ck_assert_int_eq(auth_check(auth, header, &actor), AUTH_YES);
    ck_assert_str_eq(actor.name, "ada");
}
END_TEST

START_TEST(a_wrong_password_is_remembered_too)
{
    text_t header = basic("Basic", "ada:byron", 9);
    ck_assert_int_eq(auth_verify(auth, header, &actor), AUTH_NO);
    ck_assert_int_eq(auth_check(auth, header, &actor), AUTH_NO);
}
END_TEST

START_TEST(a_token_is_answered_at_once)
{
    ck_assert_int_eq(auth_check(auth, TEXT("Bearer token-of-ci"), &actor), AUTH_YES);
    ck_assert_int_eq(auth_check(auth, TEXT("Bearer nonsense"), &actor), AUTH_NO);
}
END_TEST

START_TEST(reading_the_file_again_forgets_what_was_remembered)
{
    char before[512];
    text_t header = basic("Basic", "bob:builder", 11);
    memcpy(before, header.at, header.bytes);
    header.at = before;
    ck_assert_int_eq(auth_verify(auth, header, &actor), AUTH_YES);
    write_three("changed");
    ck_assert_int_eq(auth_reload(auth, &err), 0);
    ck_assert_int_eq(auth_check(auth, header, &actor), AUTH_ASK);
    ck_assert_int_eq(auth_verify(auth, header, &actor), AUTH_NO);
    ck_assert_int_eq(auth_verify(auth, basic("Basic", "bob:changed", 11), &actor), AUTH_YES);
}
END_TEST

START_TEST(a_bad_file_leaves_the_old_credentials)
{
    write_file("nonsense\n");
    ck_assert_int_eq(auth_reload(auth, &err), -1);
    ck_assert_uint_eq(auth_n_credentials(auth), 3);
    ck_assert_int_eq(auth_check(auth, TEXT("Bearer token-of-ci"), &actor), AUTH_YES);
}
END_TEST

START_TEST(a_user_may_have_two_passwords)
{
    FILE *out = fopen(file, "a");
    fprintf(out, "basic:ada:%s\n", hash_of("byron", "$y$", 1));
    fclose(out);
    ck_assert_int_eq(auth_reload(auth, &err), 0);
    ck_assert_int_eq(auth_verify(auth, basic("Basic", "ada:byron", 9), &actor), AUTH_YES);
    ck_assert_int_eq(auth_verify(auth, basic("Basic", "ada:lovelace", 12), &actor), AUTH_YES);
}
END_TEST

#define DIGITS_63 "000000000000000000000000000000000000000000000000000000000000000"

static const struct {
    const char *text, *sentence;
} files[] = {
    {"", "names nobody, so that nobody could get in"},
    {"# only a comment\n", "names nobody, so that nobody could get in"},
    {"\nada\n", "line 2: a line is basic:NAME:HASH or bearer:NAME:SHA256"},
    {"ada:secret\n", "line 1: a line is basic:NAME:HASH or bearer:NAME:SHA256"},
    {"basic:ada\n", "line 1: a line is basic:NAME:HASH or bearer:NAME:SHA256"},
    {"bearer::" DIGITS_63 "0\n", "line 1: a name has 1 to 127 bytes"},
    {"bearer:ci:" DIGITS_63 "\n", "line 1: a token's SHA-256 has 64 hexadecimal digits"},
    {"bearer:ci:" DIGITS_63 "g\n", "line 1: a token's SHA-256 has 64 hexadecimal digits"},
    {"basic:ada:$secret\n",
     "line 1: this system's crypt(3) does not know the hash; use avow auth or htpasswd -B"},
    {"ada:$1$abcdefgh$0123456789012345678901\n",
     "line 1: the hash is of a kind too weak to keep a password; use avow auth or htpasswd -B"},
};

START_TEST(a_file_that_cannot_be_used_is_refused_with_its_line)
{
    write_file(files[_i].text);
    ck_assert_ptr_null(auth_new(file, &err));
    ck_assert_msg(strstr(err.text, file) != NULL && strstr(err.text, files[_i].sentence) != NULL, "%s",
                  err.text);
    ck_assert_ptr_null(strstr(err.text, "secret"));
}
END_TEST

START_TEST(a_file_that_is_not_there_is_refused)
{
    ck_assert_ptr_null(auth_new("/nonexistent", &err));
    ck_assert_str_eq(err.text, "auth-file: /nonexistent cannot be read: No such file or directory");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("auth");
    TCase *answers = tcase_create("answers"), *reading = tcase_create("the file");
    tcase_add_checked_fixture(answers, setup_three, teardown);
    tcase_add_loop_test(answers, the_right_secret_and_nothing_else_lets_in, 0, ROWS(headers));
    tcase_add_test(answers, a_password_is_checked_once_and_then_remembered);
    tcase_add_test(answers, a_wrong_password_is_remembered_too);
    tcase_add_test(answers, a_token_is_answered_at_once);
    tcase_add_test(answers, reading_the_file_again_forgets_what_was_remembered);
    tcase_add_test(answers, a_bad_file_leaves_the_old_credentials);
    tcase_add_test(answers, a_user_may_have_two_passwords);
    suite_add_tcase(suite, answers);
    tcase_add_checked_fixture(reading, setup, teardown);
    tcase_add_loop_test(reading, a_file_that_cannot_be_used_is_refused_with_its_line, 0, ROWS(files));
    tcase_add_test(reading, a_file_that_is_not_there_is_refused);
    suite_add_tcase(suite, reading);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

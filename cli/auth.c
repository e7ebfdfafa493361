/* auth.c - `avow auth`: lines for the server's --auth-file. Passwords and tokens are never taken from the command line, where other
 * users of the machine could read them. */
#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/command.h"
#include "compat/core/digest.h"

typedef struct {
    const char *kind;
} auth_arguments_t;

static const char *const kinds[] = {"basic", "bearer", NULL};

static const option_t options[] = {
    {"kind", OPTION_TEXT, offsetof(auth_arguments_t, kind), "basic|bearer", NULL, "basic",
     "basic: asks for a password; bearer: makes a new token and prints it once on stderr", kinds},
};

#define SECRET_MAX 256

static int read_password(char *into, size_t room)
{
    struct termios shown, hidden;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        fprintf(stderr, "Password: ");
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    char *line = fgets(into, (int)room, stdin);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fprintf(stderr, "\n");
    }
    if (line == NULL)
        return -1;
    line[strcspn(line, "\r\n")] = '\0';
    return line[0] != '\0' ? 0 : -1;
}

static int print_basic(const char *name)
{
    char password[SECRET_MAX], salt[CRYPT_GENSALT_OUTPUT_SIZE];
    struct crypt_data *data = calloc(1, sizeof *data);
    int code = EXIT_USAGE;
    if (data == NULL || read_password(password, sizeof password) != 0)
        command_usage("auth", "there is no password on standard input");
    else if (crypt_gensalt_rn("$y$", 0, NULL, 0, salt, sizeof salt) == NULL ||
             crypt_r(password, salt, data) == NULL || data->output[0] == '*')
        command_usage("auth", "this system's crypt(3) cannot hash with yescrypt");
    else
        code = printf("basic:%s:%s\n", name, data->output) > 0 ? EXIT_YES : EXIT_NO_ANSWER;
    OPENSSL_cleanse(password, sizeof password);
    free(data);
    return code;
}

static void print_hex(FILE *out, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%02x", bytes[i]);
}

static int print_bearer(const char *name)
{
    uint8_t random[24], hash[32];
    char token[8 + 2 * sizeof random] = "avow_";
    if (RAND_bytes(random, sizeof random) != 1)
        return command_usage("auth", "no randomness to be had");
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(token + strlen(token), 3, "%02x", random[i]);
    digest_sha256(text_of(token), hash);
    fprintf(stderr, "Token, shown only now: %s\n", token);
    printf("bearer:%s:", name);
    print_hex(stdout, hash, sizeof hash);
    printf("\n");
    return EXIT_YES;
}

static int run_auth(const void *given, int argc, char **argv)
{
    const auth_arguments_t *arguments = given;
    if (argc != 1 || argv[0][0] == '\0' || strpbrk(argv[0], ":\r\n") != NULL)
        return command_usage("auth", "name one user, without \":\"");
    return strcmp(arguments->kind, "basic") == 0 ? print_basic(argv[0]) : print_bearer(argv[0]);
}

const command_t auth_command = {
    .name = "auth",
    .arguments = "NAME",
    .summary = "print a line for the server's --auth-file",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_bytes = sizeof(auth_arguments_t),
    .run = run_auth,
};

/* main.c - the front door of the one binary: `avow serve` is the server, every other word a client or an offline tool. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "server/serve.h"

#ifndef AVOW_VERSION
#define AVOW_VERSION "unknown"
#endif

static const command_t *const commands[] = {
    &register_command, &check_command, &diff_command, &validate_command,
    &auth_command,     &audit_command, &demo_command, &import_command,
};

static int help(FILE *out, int code)
{
    fprintf(out,
            "avow - schema registry and event catalog\n\n"
            "Usage: avow COMMAND [options] [arguments]\n\n"
            "  %-10s %s\n",
            "serve", "run the server; `avow serve --help` lists its options");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "  %-10s %s\n\n`avow COMMAND --help` tells more.\n", "version", "print the version");
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return help(stderr, EXIT_USAGE);
    const char *word = argv[1];
    if (strcmp(word, "serve") == 0)
        return serve_main(argc - 1, argv + 1);
    if (strcmp(word, "version") == 0 || strcmp(word, "--version") == 0) {
        printf("avow %s\n", AVOW_VERSION);
        return EXIT_YES;
    }
    if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0)
        return help(stdout, EXIT_YES);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(word, commands[i]->name) == 0)
            return command_run(commands[i], argc - 1, argv + 1);
    fprintf(stderr, "avow: there is no command \"%s\"\n\n", word);
    return help(stderr, EXIT_USAGE);
}

#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_usage(const char *command, const char *fmt, ...)
{
    va_list args;
    fprintf(stderr, "avow %s: ", command);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fprintf(stderr, "\nTry `avow %s --help`.\n", command);
    return EXIT_USAGE;
}

static void option_help(const option_t *option)
{
    char left[64];
    snprintf(left, sizeof left, "--%s%s%s", option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
    printf("  %-26s %s", left, option->help);
    if (option->fallback != NULL)
        printf(" [%s]", option->fallback);
    if (option->env != NULL)
        printf(" ($%s)", option->env);
    printf("\n");
}

static void command_help(const command_t *command)
{
    printf("Usage: avow %s [options] %s\n\n%s\n", command->name, command->arguments, command->summary);
    if (command->details != NULL)
        printf("\n%s", command->details);
    printf("\nOptions:\n");
    for (size_t i = 0; i < command->n_options; i++)
        option_help(&command->options[i]);
    printf("  %-26s %s\n", "--help", "show this page");
}

static bool choice_is_known(const option_t *option, const char *value)
{
    if (option->choices == NULL)
        return true;
    for (const char *const *choice = option->choices; *choice != NULL; choice++)
        if (strcmp(*choice, value) == 0)
            return true;
    return false;
}

static int option_set(const command_t *command, const option_t *option, void *into, const char *value)
{
    if (!choice_is_known(option, value))
        return command_usage(command->name, "--%s does not take \"%s\"; it is one of %s", option->name, value,
                             option->argument);
    *(const char **)((char *)into + option->offset) = value;
    return 0;
}

static const option_t *option_find(const command_t *command, const char *name, size_t bytes)
{
    for (size_t i = 0; i < command->n_options; i++)
        if (strlen(command->options[i].name) == bytes && strncmp(command->options[i].name, name, bytes) == 0)
            return &command->options[i];
    return NULL;
}

/* Environment and defaults first: what the command line says then replaces them. */
static int options_preset(const command_t *command, void *into)
{
    for (size_t i = 0; i < command->n_options; i++) {
        const option_t *option = &command->options[i];
        const char *value = option->env != NULL ? getenv(option->env) : NULL;
        if (value == NULL || value[0] == '\0')
            value = option->fallback;
        if (option->kind == OPTION_TEXT && value != NULL && option_set(command, option, into, value) != 0)
            return EXIT_USAGE;
    }
    return 0;
}

/* Reads one "--name", "--name=value" or "--name value" at argv[*i]. */
static int option_read(const command_t *command, int argc, char **argv, int *i, void *into)
{
    const char *name = argv[*i] + 2;
    const char *equals = strchr(name, '=');
    const option_t *option = option_find(command, name, equals ? (size_t)(equals - name) : strlen(name));
    if (option == NULL)
        return command_usage(command->name, "there is no option %s", argv[*i]);
    if (option->kind == OPTION_FLAG) {
        if (equals != NULL)
            return command_usage(command->name, "--%s takes no value", option->name);
        *(bool *)((char *)into + option->offset) = true;
        return 0;
    }
    if (equals == NULL && *i + 1 >= argc)
        return command_usage(command->name, "--%s needs a value: %s", option->name, option->argument);
    return option_set(command, option, into, equals != NULL ? equals + 1 : argv[++*i]);
}

int command_run(const command_t *command, int argc, char **argv)
{
    void *into = calloc(1, command->options_bytes + 1);
    char **rest = calloc((size_t)argc + 1, sizeof *rest);
    int n_rest = 0;
    bool only_arguments = false;
    int code = into == NULL || rest == NULL ? EXIT_USAGE : options_preset(command, into);
    for (int i = 1; code == 0 && i < argc; i++) {
        if (only_arguments || strncmp(argv[i], "--", 2) != 0) {
            rest[n_rest++] = argv[i];
        } else if (strcmp(argv[i], "--help") == 0) {
            command_help(command);
            goto out;
        } else if (argv[i][2] == '\0') {
            only_arguments = true;
        } else {
            code = option_read(command, argc, argv, &i, into);
        }
    }
    if (code == 0)
        code = command->run(into, n_rest, rest);
out:
    free(into);
    free(rest);
    return code;
}

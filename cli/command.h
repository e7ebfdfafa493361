/* command.h - what a subcommand of `avow` is: a name, a sentence, a table of options and a function.
 *
 * Help is printed from the tables and nothing else. A command gets its options parsed into a struct of its own and the
 * remaining arguments as they came.
 */
#ifndef AVOW_CLI_COMMAND_H
#define AVOW_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/* Exit codes are an interface (docs/cli.md). */
typedef enum {
    EXIT_YES = 0,       /* compatible, valid, everything accepted */
    EXIT_NO = 1,        /* a finding, a refusal */
    EXIT_USAGE = 2,     /* the command line or an input could not be read */
    EXIT_PENDING = 3,   /* approvals or dates outstanding */
    EXIT_UNKNOWN = 4,   /* evidence missing */
    EXIT_NO_ANSWER = 5, /* network, credentials, server error */
} exit_code_t;

typedef enum { OPTION_FLAG, OPTION_TEXT } option_kind_t;

typedef struct {
    const char *name; /* without the dashes */
    option_kind_t kind;
    size_t offset;        /* of a bool or a const char * in the command's struct */
    const char *argument; /* shown in help: "URL" */
    const char *env;      /* read when the option is absent; NULL: none */
    const char *fallback; /* NULL: none */
    const char *help;
    const char *const *choices; /* NULL: any text; else NULL-terminated */
} option_t;

typedef struct {
    const char *name;
    const char *arguments; /* "OLD NEW" */
    const char *summary;   /* one line */
    const char *details;   /* shown by `avow NAME --help`; may be NULL */
    const option_t *options;
    size_t n_options;
    size_t options_bytes; /* size of the struct that the options are read into */
    int (*run)(const void *options, int argc, char **argv); /* arguments only, without the command's name */
} command_t;

/* Parses and runs; returns the exit code. `argv[0]` is the command's name. */
int command_run(const command_t *command, int argc, char **argv);

/* "avow check: ..." on stderr; returns EXIT_USAGE. */
int command_usage(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

extern const command_t register_command, check_command, diff_command, validate_command, auth_command,
    audit_command, demo_command, import_command;

#endif

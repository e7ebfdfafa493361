/* file.h - schemas and messages on disk: read whole, listed in order, their format guessed from the name.
 *
 * Memory   everything returned lives in the arena.
 */
#ifndef AVOW_CLI_FILE_H
#define AVOW_CLI_FILE_H

#include "compat/compat.h"

/* "-" is standard input. 0, or -1 after saying on stderr, for `command`, what is wrong. */
int file_read(const char *command, const char *path, arena_t *arena, text_t *out);

/* A subject to be: its name and the files that are its versions, oldest first. */
typedef struct {
    const char *name;
    const char **paths;
    size_t n_paths;
} file_subject_t;

/* `path` is a file (a subject of one version, named after it) or a folder: each folder below that holds schemas is a
 * subject named after its path within `path`, its files in natural order (2 before 10). -1 after saying what is wrong. */
int file_subjects(const char *command, const char *path, arena_t *arena, file_subject_t **out, size_t *n);

/* Which format a schema is in: by `type` if given, else by the file's ending (.avsc), else by what its text says. */
format_id_t file_format(const char *type, const char *path, text_t text);

#endif

/* peer.h - a program of somebody else's that does the same work, in rounds that take turns with ours.
 *
 * It is started with one argument, a folder, and talks in lines: it reads FOLDER/schemas.txt (one a line), answers `refused I J K`; on
 * `load` it reads FOLDER/cases.txt, warms up and answers `ready` and a character for each case ('1' yes, '0' no); on `round N` it does all the
 * cases N times and answers how many nanoseconds of CPU time that took. The end of its input ends it.
 */
#ifndef AVOW_TESTS_BENCH_ENGINE_PEER_H
#define AVOW_TESTS_BENCH_ENGINE_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

typedef struct {
    const char *name;
    pid_t pid;
    FILE *to, *from;
    char *line, *answers;
    size_t room;
} peer_t;

/* False, with a word on standard output, if it cannot be started. `command` is run by the shell with the folder as $1. */
bool peer_start(peer_t *peer, const char *name, const char *command, const char *folder);
bool peer_refused(peer_t *peer, bool *refused, size_t n); /* marks what it cannot read */
const char *peer_load(peer_t *peer);             /* its answers, good until peer_end; NULL if it died */
double peer_round(peer_t *peer, unsigned times); /* seconds; negative if it died */
void peer_end(peer_t *peer);

#endif

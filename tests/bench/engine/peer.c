#include "peer.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool line_read(peer_t *peer)
{
    ssize_t n = getline(&peer->line, &peer->room, peer->from);
    if (n <= 0)
        return false;
    peer->line[strcspn(peer->line, "\n")] = '\0';
    return true;
}

bool peer_start(peer_t *peer, const char *name, const char *command, const char *folder)
{
    int to[2], from[2];
    *peer = (peer_t){.name = name};
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
        return false;
    peer->pid = fork();
    if (peer->pid == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        execl("/bin/sh", "sh", "-c", command, "sh", folder, (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    peer->to = fdopen(to[1], "w");
    peer->from = fdopen(from[0], "r");
    signal(SIGPIPE, SIG_IGN);
    return peer->pid > 0;
}

bool peer_refused(peer_t *peer, bool *refused, size_t n)
{
    if (!line_read(peer) || strncmp(peer->line, "refused", 7) != 0) {
        printf("  %s did not start\n", peer->name);
        return false;
    }
    char *at = peer->line + 7, *end;
    for (;; at = end) {
        unsigned long i = strtoul(at, &end, 10);
        if (end == at)
            return true;
        if (i < n)
            refused[i] = true;
    }
}

const char *peer_load(peer_t *peer)
{
    fprintf(peer->to, "load\n");
    fflush(peer->to);
    if (!line_read(peer) || strncmp(peer->line, "ready ", 6) != 0)
        return NULL;
    peer->answers = strdup(peer->line + 6);
    return peer->answers;
}

double peer_round(peer_t *peer, unsigned times)
{
    fprintf(peer->to, "round %u\n", times);
    fflush(peer->to);
    return line_read(peer) ? strtod(peer->line, NULL) / 1e9 : -1;
}

void peer_end(peer_t *peer)
{
    fclose(peer->to);
    fclose(peer->from);
    waitpid(peer->pid, NULL, 0);
    free(peer->line);
    free(peer->answers);
}

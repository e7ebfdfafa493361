/* with_server COMMAND...  runs the command with a registry of its own (a throw-away cluster, the binary just built) at
 * $REGISTRY_URL, the binary at $AVOW_BINARY, and ends with its exit code. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/cluster.h"
#include "tests/support/server.h"

int main(int argc, char **argv)
{
    char database[1024];
    server_t server;
    int status = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: with_server COMMAND...\n");
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    cluster_start();
    cluster_database(database, sizeof database);
    if (server_start(&server, &(server_options_t){.database = database}) != 0)
        return 1;
    setenv("REGISTRY_URL", server.url, 1);
    setenv("AVOW_BINARY", AVOW_BINARY, 1);
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code != 0 && code != 77)
        server_show_log(&server);
    int ended = server_stop(&server, SIGTERM, 20000);
    if (ended != 0)
        fprintf(stderr, "the server ended with %d\n", ended);
    cluster_stop();
    return code != 0 ? code : ended;
}

/* server.h - the real `avow serve`, started and stopped by a test: on a port of its own, in a folder of its own.
 *
 * The program is the one just built (AVOW_BINARY); what it prints goes to <folder>/server.log and is shown when a test fails.
 * A server that is still there when the test program ends is killed with it.
 */
#ifndef AVOW_TESTS_SUPPORT_SERVER_H
#define AVOW_TESTS_SUPPORT_SERVER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#define SERVER_ARGS_MAX 32

typedef struct {
    pid_t pid; /* 0: not running */
    int port;
    char url[64];
    char log[PATH_MAX];
    bool log_is_ours; /* gone when the server ends with 0 */
} server_t;

typedef struct {
    const char *database;    /* --database; NULL: the server embeds PostgreSQL in `data_dir` */
    const char *data_dir;    /* --data-dir; NULL: none is given */
    const char *log;         /* file; NULL: one in the temporary folder */
    const char *const *args; /* more options, NULL-terminated; may be NULL */
    int port;                /* 0: a free one */
    bool no_wait;            /* return before it is ready */
    bool tls;                /* readiness is asked over https, unverified */
} server_options_t;

/* 0 when it answers; -1, with the log shown on stderr, when it ended or did not answer in time. */
int server_start(server_t *server, const server_options_t *options);

/* Waits until /readyz says 200; 0 or -1. */
int server_wait_ready(const server_t *server, bool tls, int timeout_ms);

/* Sends the signal (0: none) and waits for the end: the exit code, or 128 + the signal that ended it; -1 when it did not
 * end in time (it is killed then). */
int server_stop(server_t *server, int signal, int timeout_ms);

void server_show_log(const server_t *server); /* its last lines, on stderr */

int free_port(void);

/* A folder that everybody may enter, gone when the program ends. The result is static per call site; copy it. */
void temporary_folder(char *path, size_t bytes);
void remove_folder(const char *path);

#endif

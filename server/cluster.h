/* cluster.h - the files and processes of an embedded PostgreSQL: what postgres.c supervises. Private to postgres.c.
 *
 * As root, everything that touches the cluster is done by a child that has become the cluster's user. Where that user
 * cannot walk the path to the cluster (a checkout under /root), the child is given the open folder before it changes user, and
 * PostgreSQL is told that its data is in /proc/self/fd/3.
 *
 * Threads  one at a time; cluster_spawn's children die with the thread that spawned them.
 */
#ifndef AVOW_SERVER_CLUSTER_H
#define AVOW_SERVER_CLUSTER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "server/postgres.h"

enum { CLUSTER_PATH_MAX = PATH_MAX + 64 };

typedef struct {
    char dir[PATH_MAX];             /* absolute */
    char data[CLUSTER_PATH_MAX];    /* dir/postgres */
    char fresh[CLUSTER_PATH_MAX];   /* dir/postgres.new.*: a cluster that is not finished */
    char sockets[CLUSTER_PATH_MAX]; /* the folder of the socket */
    char bin[CLUSTER_PATH_MAX];
    int lock_fd;
    uid_t uid;
    gid_t gid;
    bool drop;        /* started as root: children become uid */
    bool own_sockets; /* the folder is ours alone, outside dir: remove it at the end */
    int max_connections;
    int64_t shared_buffers_mb;
} cluster_t;

/* Makes the folders, takes the lock, finds the user, the binaries and the place of the socket. */
int cluster_open(cluster_t *cluster, const postgres_options_t *options, err_t *err);
void cluster_close(cluster_t *cluster);

bool cluster_exists(const cluster_t *cluster);

/* Children. What they say goes to `said` (a file descriptor) and is shown by cluster_last_words. */
int cluster_words_fd(void);
void cluster_last_words(const cluster_t *cluster, int fd, char *text, size_t bytes); /* the reason it gave */

/* A step of making a cluster: 0 initdb in a new folder, 1 the database in it. -1: no child. */
pid_t cluster_spawn_step(cluster_t *cluster, int step, int words_fd, err_t *err);
enum { CLUSTER_STEPS = 2 };
int cluster_finish_making(const cluster_t *cluster, err_t *err);
void cluster_forget_unfinished(const cluster_t *cluster);

pid_t cluster_spawn_postgres(const cluster_t *cluster, int words_fd, err_t *err);

/* What postmaster.pid says. */
typedef struct {
    pid_t pid;  /* 0: there is none */
    bool ready; /* takes connections */
    bool alive; /* there is such a process, and it works in this cluster */
} cluster_status_t;
cluster_status_t cluster_status(const cluster_t *cluster);

/* Removes what names the process of a PostgreSQL that is no more, where the number now belongs to something else (or to what
 * is left of it, when nobody takes note of its end). */
void cluster_remove_stale(const cluster_t *cluster);

#endif

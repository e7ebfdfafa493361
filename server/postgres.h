/* postgres.h - the private PostgreSQL of a server that was given no --database: made, started, watched and stopped.
 *
 *     DIR/avow.lock   held (flock) by the one server that uses DIR; holds its pid
 *     DIR/postgres    the cluster; its log is DIR/postgres/log
 *     DIR/run         the folder of its Unix socket; when that path would be too long or the cluster's user cannot
 *                     reach it, a folder in the system's run or temporary folder instead (postgres_socket_dir)
 *
 * There is never a TCP port. The socket's folder is closed to others (0700), which is what "trust" rests on. Started as root, the
 * cluster runs as the user `postgres`, or as the owner of an existing cluster.
 *
 * A thread of its own makes the cluster if there is none, starts PostgreSQL, starts it again when it dies, and stops it with
 * the server. When the server is killed, the kernel tells PostgreSQL to shut down; the next start waits for that.
 *
 * Owns     DIR, and the PostgreSQL process.
 * Threads  start and stop on one thread; the rest from any.
 * Errors   a sentence for the operator that names the folder and what to do (ERR_STORE).
 */
#ifndef AVOW_SERVER_POSTGRES_H
#define AVOW_SERVER_POSTGRES_H

#include "catalog/err.h"

typedef struct postgres postgres_t;

typedef struct {
    const char *data_dir; /* made when missing */
    const char
        *bin_dir; /* where `postgres` and `initdb` are; NULL: the right version in /usr/lib/postgresql */
    int max_connections;       /* what the server will open, without reserve; 0: 64 */
    int64_t shared_buffers_mb; /* 0: 128 */
} postgres_options_t;

/* Takes DIR and starts the thread; returns before PostgreSQL is ready. NULL and a sentence when DIR is used by another server or
 * cannot be used at all. */
postgres_t *postgres_start(const postgres_options_t *options, err_t *err);

typedef enum { POSTGRES_READY, POSTGRES_NOT_YET, POSTGRES_FAILED } postgres_state_t;

/* Waits up to timeout_ms for the first start. POSTGRES_FAILED: *err says why, and nothing more will be tried. A start that
 * takes long (recovery after a crash) is POSTGRES_NOT_YET as long as it goes on. */
postgres_state_t postgres_wait(postgres_t *postgres, int timeout_ms, err_t *err);

/* For db_options_t. Valid from postgres_start until postgres_stop. */
const char *postgres_conninfo(const postgres_t *postgres);
const char *postgres_socket_dir(const postgres_t *postgres);

bool postgres_is_up(const postgres_t *postgres);
int64_t postgres_restarts(const postgres_t *postgres); /* since postgres_start, for metrics */
int64_t postgres_pid(postgres_t *postgres);            /* 0: not running */

/* Fast shutdown (open transactions are rolled back), waits for it, gives DIR back. NULL is fine. */
void postgres_stop(postgres_t *postgres);

#endif

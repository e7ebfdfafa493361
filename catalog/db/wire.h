/* wire.h - one connection to PostgreSQL in pipeline mode: what db.c and migrate.c are built on. Private to catalog/db.
 *
 * Statements are queued (wire_send); wire_wait marks the end of the queue (Sync), sends all of it and reads until PostgreSQL
 * has answered the mark. Only then is anything known to be durable. wire_leave does the same without reading: what was
 * left is read and dropped by the next wait.
 *
 * Threads  one. A wire_t that is open does not move: libpq holds its address.
 */
#ifndef AVOW_CATALOG_DB_WIRE_H
#define AVOW_CATALOG_DB_WIRE_H

#include <libpq-fe.h>

#include "catalog/db/db.h"

typedef struct {
    PGconn *pg;     /* NULL: not connected */
    int n_queued;   /* statements since the last mark */
    int n_marks;    /* marks that were sent and not answered yet */
    int timeout_ms; /* longest wait for an answer; 0: for ever */
    bool dying;     /* PostgreSQL has said that it closes the connection */
    bool timed_out; /* the last wait ended so; the connection is then closed */
} wire_t;

/* Connects, within options->connect_timeout_ms, and sets the session up. With `prepare`, every statement is prepared: all in
 * one pipeline. */
int wire_open(wire_t *wire, const db_options_t *options, bool prepare, err_t *err);
void wire_close(wire_t *wire);

/* False when the other side has closed. Reads what has arrived; never waits. */
bool wire_check(wire_t *wire);

/* Queues. -1: the connection is lost. */
int wire_send(wire_t *wire, const char *prepared_name, int n, const char *const *values);
int wire_send_text(wire_t *wire, const char *sql, int n, const char *const *values);

typedef struct {
    PGresult *rows;    /* of statement `want` of the queue, or NULL; the caller clears it */
    PGresult *failure; /* the first that failed, or NULL; the caller clears it */
    int failed;        /* which one that was */
} wire_answer_t;

/* 0: every answer of the queue was read (one of them may be a failure). -1: the connection is lost. `want` -1: no rows. */
int wire_wait(wire_t *wire, int want, wire_answer_t *answer);
int wire_leave(wire_t *wire);

/* The rows of a result, copied into the transaction's arena (rows.c). */
rows_t *rows_of(tx_t *tx, const PGresult *result);

/* Fills *err from a failed statement; `name` is for people. */
void wire_refused(const PGresult *failure, const char *name, err_t *err);

typedef enum {
    WIRE_FAILED,    /* the statement's own fault */
    WIRE_LOST_RACE, /* another transaction was first: run it again */
    WIRE_GONE,      /* the database is going or not what it should be: open another connection */
} wire_failure_t;
wire_failure_t wire_classify(const PGresult *failure);

/* What wire_open prepares besides the statements of catalog/sql. */
#define WIRE_BEGIN_WRITE "avow_begin_write"
#define WIRE_BEGIN_READ  "avow_begin_read"
#define WIRE_COMMIT      "avow_commit"
#define WIRE_ROLLBACK    "avow_rollback"

int64_t wire_now_ms(void); /* monotonic */

#endif

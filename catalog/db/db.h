/* db.h - PostgreSQL as straight-line code: one connection, one transaction, named statements, rows by column name.
 *
 * A transaction is a tx_t. It hides the pipeline: BEGIN travels with the first statement that is waited for and COMMIT with the
 * last, so that a write that reads once and then writes costs two waits for the database.
 *
 *     int subject_rename(tx_t *tx, ...)
 *     {
 *         rows_t *rows;
 *         tx_send(tx, STMT_SUBJECT_LOCK, sql_text(name));                        // travels with what comes next
 *         if (tx_query(tx, STMT_SUBJECT_GET, &rows, sql_text(name)) != 0)        // waits
 *             return -1;
 *         ...
 *         return tx_send(tx, STMT_SUBJECT_RENAME, sql_i64(id), sql_text(to));    // travels with COMMIT
 *     }
 *
 * Statements are the files of catalog/sql: name.sql gives STMT_NAME, prepared on every connection when it opens. SQL is never put
 * together in C.
 *
 * The function that runs in a transaction may be run again (db_run, after a serialization failure, a deadlock or a
 * unique violation that lost a race), so it has no effect outside the transaction and its arena.
 *
 * Owns     the libpq connection. Only catalog/db includes libpq.
 * Threads  a db_t and its transaction belong to one thread.
 * Memory   rows, and the texts read from them, live in the transaction's arena (tx_arena), which its caller gives.
 * Errors   a failed statement poisons the transaction: every later call returns -1, the first failure stays in tx_err.
 *          Database down is ERR_STORE at once, never a wait. A connection that is lost while COMMIT is under way is ERR_STORE too,
 *          with a sentence that says that the outcome is unknown; it is never run again.
 *          A text with a NUL never reaches PostgreSQL: ERR_BODY_MALFORMED.
 */
#ifndef AVOW_CATALOG_DB_DB_H
#define AVOW_CATALOG_DB_DB_H

#include "catalog/err.h"
#include "compat/core/arena.h"
#include "compat/core/text.h"
#include "catalog/db/statements.h" /* generated from catalog/sql: enum stmt_t */

typedef struct db db_t;
typedef struct tx tx_t;
typedef struct rows rows_t;

/* --- arguments ----------------------------------------------------------------------------------------------------- */

typedef struct {
    enum { SQL_NULL, SQL_TEXT, SQL_I64, SQL_BOOL } kind;
    text_t text;
    int64_t i64;
} sql_arg_t;

static inline sql_arg_t sql_null(void)
{
    return (sql_arg_t){.kind = SQL_NULL};
}
static inline sql_arg_t sql_text(text_t text)
{
    return (sql_arg_t){.kind = SQL_TEXT, .text = text};
}
static inline sql_arg_t sql_text_or_null(text_t text)
{
    return text.at == NULL ? sql_null() : sql_text(text);
}
static inline sql_arg_t sql_i64(int64_t value)
{
    return (sql_arg_t){.kind = SQL_I64, .i64 = value};
}
static inline sql_arg_t sql_bool(bool value)
{
    return (sql_arg_t){.kind = SQL_BOOL, .i64 = value};
}

/* PostgreSQL array literals for $n::int[] and $n::text[], made in `arena`. TEXT_NONE is null. */
sql_arg_t sql_i64_array(const int64_t *values, size_t n, arena_t *arena);
sql_arg_t sql_text_array(const text_t *values, size_t n, arena_t *arena);

/* What schemas say may hold U+0000, which neither text nor jsonb can: U+FFFD stands for it. The first takes JSON, the second words. */
sql_arg_t sql_jsonb(text_t json, arena_t *arena);
sql_arg_t sql_words(text_t words, arena_t *arena);

/* --- connection and transaction -------------------------------------------------------------------------------------- */

typedef struct {
    const char *conninfo; /* libpq's keyword string or URL */
    int connect_timeout_ms;
    int statement_timeout_ms; /* 0: none */
    const char *application;  /* shown in pg_stat_activity */
} db_options_t;

/* Opens and prepares every statement. NULL and an error when the database cannot be reached. */
db_t *db_open(const db_options_t *options, err_t *err);

/* Whether the database answers: connects, and hangs up again. -1 and why when it does not. */
int db_reach(const db_options_t *options, err_t *err);

/* As db_open, but connects with the first db_run: never fails. For a server that starts while the database is down. */
db_t *db_new(const db_options_t *options);
void db_close(db_t *db); /* NULL is fine */

/* Whether there is a connection, as far as is known without asking. db_run opens a lost one again by itself; after a failed
 * attempt it fails at once for a moment (up to half a second) before it tries the next. */
bool db_is_alive(const db_t *db);
const char *db_fault(const db_t *db); /* why the last attempt to connect failed, for the log; "" */

typedef int tx_fn(tx_t *tx, void *arg);

typedef enum { TX_WRITE, TX_READ } tx_kind_t; /* TX_READ: READ ONLY; may go to a replica one day */

/* Runs `fn` in one transaction and commits if it returns 0 and noted no error; rolls back otherwise. Runs it again, a bounded
 * number of times, when PostgreSQL says that another transaction was first; `again` (may be NULL) is called before each
 * further run to forget what the last one built. The arena is not rewound between runs. 0 after COMMIT was acknowledged; -1
 * and *err otherwise. tx_err is `err`: a handler's own error may be noted there, too. */
int db_run(db_t *db, tx_kind_t kind, arena_t *arena, tx_fn *fn, void (*again)(void *arg), void *arg,
           err_t *err);

arena_t *tx_arena(tx_t *tx);
err_t *tx_err(tx_t *tx);

/* Before anything was sent: all of it is carried out and then rolled back, also when it goes well. db_run returns 0 and nothing is left. */
void tx_rehearse(tx_t *tx);

/* Queues a statement whose rows nobody needs. It is sent with the next tx_query, or with COMMIT. */
#define tx_send(tx, stmt, ...)                             \
    tx_send_args((tx), (stmt), (sql_arg_t[]){__VA_ARGS__}, \
                 sizeof((sql_arg_t[]){__VA_ARGS__}) / sizeof(sql_arg_t))
int tx_send_args(tx_t *tx, stmt_t stmt, const sql_arg_t *args, size_t n);

/* Sends what is queued and this statement, waits, and gives its rows. */
#define tx_query(tx, stmt, rows, ...)                               \
    tx_query_args((tx), (stmt), (rows), (sql_arg_t[]){__VA_ARGS__}, \
                  sizeof((sql_arg_t[]){__VA_ARGS__}) / sizeof(sql_arg_t))
int tx_query_args(tx_t *tx, stmt_t stmt, rows_t **rows, const sql_arg_t *args, size_t n);

/* As tx_query, and COMMIT travels with it: the rows are given when the commit is durable. Nothing may be sent after it. */
#define tx_query_last(tx, stmt, rows, ...)                               \
    tx_query_last_args((tx), (stmt), (rows), (sql_arg_t[]){__VA_ARGS__}, \
                       sizeof((sql_arg_t[]){__VA_ARGS__}) / sizeof(sql_arg_t))
int tx_query_last_args(tx_t *tx, stmt_t stmt, rows_t **rows, const sql_arg_t *args, size_t n);

/* Things that the transaction leaves to whoever ran it (catalog/audit.h): pointers into the arena, in order. They are
 * dropped when the transaction fails or is run again. db_left: those of the last db_run that committed. */
void tx_leave(tx_t *tx, const void *thing);
const void *const *db_left(const db_t *db, size_t *n);

/* --- listening, for the follower ------------------------------------------------------------------------------------ */

/* LISTEN on this connection, and again whenever it is reopened. */
int db_listen(db_t *db, const char *channel, err_t *err);

/* Waits until another connection notified, `wake_fd` (or -1) is readable, or timeout_ms passed. 1: notified, 0: not,
 * -1: the connection is lost. Never longer than asked. */
int db_wait(db_t *db, int wake_fd, int timeout_ms);

/* --- rows ---------------------------------------------------------------------------------------------------------- */

size_t rows_n(const rows_t *rows);
bool rows_has(const rows_t *rows, const char *column);
bool rows_next(rows_t *rows); /* to the first row, then the next; false after the last */

/* Columns of the current row, by name. A missing column or an unexpected NULL poisons the rows: check row_end once, after
 * mapping. Texts live in the transaction's arena and are NUL-terminated. */
bool row_is_null(rows_t *rows, const char *column);
int32_t row_i32(rows_t *rows, const char *column);
int64_t row_i64(rows_t *rows, const char *column);
bool row_bool(rows_t *rows, const char *column);
text_t row_text(rows_t *rows, const char *column);
text_t row_text_or_none(rows_t *rows, const char *column); /* NULL gives TEXT_NONE */
int row_end(rows_t *rows); /* 0, or -1 with ERR_INTERNAL noted in the transaction */

#endif

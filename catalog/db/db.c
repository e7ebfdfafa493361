#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <poll.h>

#include "catalog/db/wire.h"

/* A race is lost to somebody who has committed, so that a second run mostly succeeds; many in a row mean a crowd. */
enum { RUNS_MAX = 10, ARGS_MAX = 32, NAMES_MAX = 64, RETRY_AFTER_MS = 20, RETRY_AFTER_MAX_MS = 500 };

/* How far a transaction is. */
typedef enum {
    STAGE_NEW,     /* nothing was queued */
    STAGE_OPEN,    /* BEGIN was */
    STAGE_LAST,    /* COMMIT was */
    STAGE_DURABLE, /* and was acknowledged */
    STAGE_OVER,    /* PostgreSQL has given it up, or the connection is gone */
} stage_t;

struct tx {
    db_t *db;
    tx_kind_t kind;
    arena_t *arena;
    err_t *err;
    stage_t stage;
    bool poisoned, lost_race;
    bool rehearsal;               /* never committed */
    int n_queued;                 /* since the last wait */
    const char *names[NAMES_MAX]; /* of what is queued, for messages */
    const void **left;
    size_t n_left, room_left;
};

struct db {
    db_options_t options; /* copies */
    wire_t wire;
    tx_t tx;
    char *channel;       /* listened to; NULL: none */
    int64_t retry_at_ms; /* not connecting again before */
    int retry_after_ms;  /* how long the next failure puts it off */
    err_t fault;         /* why the last attempt failed */
};

/* --- the connection -------------------------------------------------------------------------------------------------- */

static char *copy(const char *s)
{
    char *made = s == NULL ? NULL : strdup(s);
    if (s != NULL && made == NULL)
        abort();
    return made;
}

db_t *db_new(const db_options_t *options)
{
    db_t *db = calloc(1, sizeof *db);
    if (db == NULL)
        abort();
    db->options = *options;
    db->options.conninfo = copy(options->conninfo);
    db->options.application = copy(options->application);
    db->retry_after_ms = RETRY_AFTER_MS;
    return db;
}

void db_close(db_t *db)
{
    if (db == NULL)
        return;
    wire_close(&db->wire);
    free((char *)db->options.conninfo);
    free((char *)db->options.application);
    free(db->channel);
    free(db);
}

int db_reach(const db_options_t *options, err_t *err)
{
    wire_t wire = {.pg = NULL};
    int status = wire_open(&wire, options, false, err);
    wire_close(&wire);
    return status;
}

bool db_is_alive(const db_t *db)
{
    return db->wire.pg != NULL;
}

const char *db_fault(const db_t *db)
{
    return db->fault.text;
}

/* One statement, or several without arguments, outside any transaction of ours. */
static int run_plain(db_t *db, const char *sql, err_t *err)
{
    wire_answer_t answer = {0};
    if (wire_send_text(&db->wire, sql, 0, NULL) != 0 || wire_wait(&db->wire, -1, &answer) != 0) {
        PQclear(answer.failure); /* the last words of the backend */
        wire_close(&db->wire);
        return err_set(err, ERR_STORE, NULL);
    }
    if (answer.failure == NULL)
        return 0;
    wire_refused(answer.failure, sql, err);
    PQclear(answer.failure);
    return -1;
}

static int listen_again(db_t *db, err_t *err)
{
    if (db->channel == NULL)
        return 0;
    char sql[128];
    snprintf(sql, sizeof sql, "LISTEN %s", db->channel);
    if (run_plain(db, sql, err) == 0)
        return 0;
    wire_close(&db->wire);
    return -1;
}

/* Opens a connection. After a failure it is not tried again for a moment, so that calls fail at once while the database
 * is away. */
static int connect_now(db_t *db, err_t *err)
{
    if (wire_now_ms() < db->retry_at_ms)
        return err_set(err, ERR_STORE, NULL);
    err_clear(&db->fault);
    if (wire_open(&db->wire, &db->options, true, &db->fault) == 0 && listen_again(db, &db->fault) == 0) {
        db->retry_after_ms = RETRY_AFTER_MS;
        return 0;
    }
    db->retry_at_ms = wire_now_ms() + db->retry_after_ms;
    db->retry_after_ms *= 2;
    if (db->retry_after_ms > RETRY_AFTER_MAX_MS)
        db->retry_after_ms = RETRY_AFTER_MAX_MS;
    return err_set(err, ERR_STORE, NULL);
}

db_t *db_open(const db_options_t *options, err_t *err)
{
    db_t *db = db_new(options);
    err_t ignored = {.code = ERR_NONE};
    if (connect_now(db, &ignored) == 0)
        return db;
    err_set(err, db->fault.code, "%s", db->fault.text);
    db_close(db);
    return NULL;
}

/* --- one statement --------------------------------------------------------------------------------------------------- */

arena_t *tx_arena(tx_t *tx)
{
    return tx->arena;
}

err_t *tx_err(tx_t *tx)
{
    return tx->err;
}

void tx_rehearse(tx_t *tx)
{
    tx->rehearsal = true;
}

static int poison(tx_t *tx)
{
    tx->poisoned = true;
    return -1;
}

/* The connection is gone. Whether COMMIT was carried out is known only if something before it had failed. */
static int lose(tx_t *tx, bool failed_before)
{
    bool unknown = tx->stage == STAGE_LAST && tx->kind == TX_WRITE && !failed_before;
    bool timed_out = tx->db->wire.timed_out;
    wire_close(&tx->db->wire);
    tx->stage = STAGE_OVER;
    if (unknown)
        err_set(tx->err, ERR_STORE,
                "The connection to the database was lost while the change was being committed: whether it "
                "was made "
                "is not known");
    else
        err_set(tx->err, timed_out ? ERR_STORE_TIMEOUT : ERR_STORE, NULL);
    return poison(tx);
}

static int queue(tx_t *tx, const char *name, int n, const char *const *values)
{
    if (wire_send(&tx->db->wire, name, n, values) != 0)
        return lose(tx, true); /* COMMIT cannot have been sent */
    if (tx->n_queued < NAMES_MAX)
        tx->names[tx->n_queued] = name;
    tx->n_queued++;
    return 0;
}

/* The text form of one argument; NULL is SQL null. False when it holds a NUL byte, which no text in PostgreSQL may. */
static bool value_of(const sql_arg_t *arg, arena_t *arena, const char **value)
{
    *value = NULL;
    switch (arg->kind) {
    case SQL_NULL:
        return true;
    case SQL_BOOL:
        *value = arg->i64 ? "t" : "f";
        return true;
    case SQL_I64:
        *value = arena_printf(arena, "%lld", (long long)arg->i64);
        return true;
    case SQL_TEXT:
        if (arg->text.bytes > 0 && memchr(arg->text.at, '\0', arg->text.bytes) != NULL)
            return false;
        *value = arg->text.bytes == 0 ? "" : arena_copy(arena, arg->text.at, arg->text.bytes);
        return true;
    }
    return false;
}

static int queue_statement(tx_t *tx, stmt_t stmt, const sql_arg_t *args, size_t n)
{
    const statement_t *statement = &statements[stmt];
    if (tx->poisoned)
        return -1;
    if (tx->stage > STAGE_OPEN) {
        err_set(tx->err, ERR_INTERNAL, "The statement %s came after COMMIT", statement->name);
        return poison(tx);
    }
    if (n != (size_t)statement->n_args || n > ARGS_MAX) {
        err_set(tx->err, ERR_INTERNAL, "The statement %s takes %d arguments, not %zu", statement->name,
                statement->n_args, n);
        return poison(tx);
    }
    const char *values[ARGS_MAX];
    for (size_t i = 0; i < n; i++) {
        if (!value_of(&args[i], tx->arena, &values[i])) {
            err_set(tx->err, ERR_BODY_MALFORMED, "A text holds the character U+0000, which cannot be stored");
            return poison(tx);
        }
    }
    if (tx->stage == STAGE_NEW) {
        if (queue(tx, tx->kind == TX_READ ? WIRE_BEGIN_READ : WIRE_BEGIN_WRITE, 0, NULL) != 0)
            return -1;
        tx->stage = STAGE_OPEN;
    }
    return queue(tx, statement->name, (int)n, values);
}

static const char *name_of(const tx_t *tx, int i)
{
    return i < tx->n_queued && i < NAMES_MAX ? tx->names[i] : "in the queue";
}

/* Sends what is queued and waits. The rows of statement `want` (-1: none) go to *rows. */
static int wait(tx_t *tx, int want, rows_t **rows)
{
    wire_answer_t answer;
    int status = wire_wait(&tx->db->wire, want, &answer);
    int n_queued = tx->n_queued;
    if (answer.failure != NULL) {
        wire_failure_t failure = wire_classify(answer.failure);
        if (answer.failed < n_queued)
            wire_refused(answer.failure, name_of(tx, answer.failed), tx->err);
        tx->lost_race = failure == WIRE_LOST_RACE && status == 0;
        /* COMMIT's own failure ends the transaction; any other leaves it to be rolled back. */
        if (tx->stage == STAGE_LAST && answer.failed == n_queued - 1)
            tx->stage = STAGE_OVER;
        PQclear(answer.failure);
        PQclear(answer.rows);
        if (failure == WIRE_GONE || status != 0)
            return lose(tx, answer.failed < n_queued);
        tx->n_queued = 0;
        return poison(tx);
    }
    tx->n_queued = 0;
    if (status != 0)
        return lose(tx, false);
    if (tx->stage == STAGE_LAST)
        tx->stage = STAGE_DURABLE;
    if (rows != NULL)
        *rows = rows_of(tx, answer.rows);
    PQclear(answer.rows);
    return 0;
}

int tx_send_args(tx_t *tx, stmt_t stmt, const sql_arg_t *args, size_t n)
{
    return queue_statement(tx, stmt, args, n);
}

int tx_query_args(tx_t *tx, stmt_t stmt, rows_t **rows, const sql_arg_t *args, size_t n)
{
    if (queue_statement(tx, stmt, args, n) != 0)
        return -1;
    return wait(tx, tx->n_queued - 1, rows);
}

static int queue_commit(tx_t *tx)
{
    if (queue(tx, WIRE_COMMIT, 0, NULL) != 0)
        return -1;
    tx->stage = STAGE_LAST;
    return 0;
}

int tx_query_last_args(tx_t *tx, stmt_t stmt, rows_t **rows, const sql_arg_t *args, size_t n)
{
    if (tx->rehearsal)
        return tx_query_args(tx, stmt, rows, args, n);
    if (queue_statement(tx, stmt, args, n) != 0 || queue_commit(tx) != 0)
        return -1;
    return wait(tx, tx->n_queued - 2, rows);
}

/* --- one transaction ------------------------------------------------------------------------------------------------- */

void tx_leave(tx_t *tx, const void *thing)
{
    if (tx->n_left == tx->room_left) {
        size_t room = tx->room_left == 0 ? 4 : 2 * tx->room_left;
        const void **left = ARENA_ARRAY(tx->arena, const void *, room);
        if (tx->n_left > 0)
            memcpy(left, tx->left, tx->n_left * sizeof *left);
        tx->left = left;
        tx->room_left = room;
    }
    tx->left[tx->n_left++] = thing;
}

const void *const *db_left(const db_t *db, size_t *n)
{
    *n = db->tx.n_left;
    return db->tx.left;
}

/* What is not committed is rolled back. Nobody waits for that: the answer is dropped before the next transaction's. */
static void give_up(tx_t *tx)
{
    tx->n_left = 0;
    if (tx->stage != STAGE_OPEN && tx->stage != STAGE_LAST)
        return;
    tx->stage = STAGE_OVER;
    if (wire_send(&tx->db->wire, WIRE_ROLLBACK, 0, NULL) != 0 || wire_leave(&tx->db->wire) != 0)
        wire_close(&tx->db->wire);
}

static int commit(tx_t *tx)
{
    if (tx->stage == STAGE_NEW || tx->stage == STAGE_DURABLE)
        return 0;
    if (queue_commit(tx) != 0)
        return -1;
    if (tx->kind == TX_WRITE || tx->n_queued > 1)
        return wait(tx, -1, NULL);
    /* Every answer of a read is here: nothing depends on how its COMMIT ends. */
    tx->stage = STAGE_DURABLE;
    wire_leave(&tx->db->wire);
    return 0;
}

/* What is queued is carried out, so that it fails here if it would have failed. */
static int rehearse(tx_t *tx)
{
    if (tx->n_queued > 0 && wait(tx, -1, NULL) != 0)
        return -1;
    give_up(tx);
    return 0;
}

static int run_once(tx_t *tx, tx_fn *fn, void *arg)
{
    int status = fn(tx, arg);
    if (status != 0 && tx->err->code == ERR_NONE)
        err_set(tx->err, ERR_INTERNAL, NULL);
    if (status == 0 && !tx->poisoned && tx->err->code == ERR_NONE &&
        (tx->rehearsal ? rehearse(tx) : commit(tx)) == 0)
        return 0;
    give_up(tx);
    return -1;
}

/* Losers of a race that run again at the same moment meet again: each waits for a time of its own. */
static void step_back(int run)
{
    if (run == 1)
        return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long most_us = 1000L << (run < 6 ? run : 6);
    long us = (now.tv_nsec * 2654435761L >> 8) % most_us;
    nanosleep(&(struct timespec){.tv_nsec = (us < 0 ? -us : us) * 1000}, NULL);
}

int db_run(db_t *db, tx_kind_t kind, arena_t *arena, tx_fn *fn, void (*again)(void *arg), void *arg,
           err_t *err)
{
    err_clear(err);
    db->tx = (tx_t){.n_left = 0};
    if (!wire_check(&db->wire) && connect_now(db, err) != 0)
        return -1;
    for (int run = 1;; run++) {
        db->tx = (tx_t){.db = db, .kind = kind, .arena = arena, .err = err};
        if (run_once(&db->tx, fn, arg) == 0)
            return 0;
        if (!db->tx.lost_race)
            return -1;
        err_clear(err);
        if (run == RUNS_MAX)
            return err_set(err, ERR_BUSY,
                           "Other changes were first, %d times in a row; try again in a moment", run);
        step_back(run);
        if (again != NULL)
            again(arg);
    }
}

/* --- listening ------------------------------------------------------------------------------------------------------- */

int db_listen(db_t *db, const char *channel, err_t *err)
{
    free(db->channel);
    db->channel = copy(channel);
    if (!wire_check(&db->wire))
        return connect_now(db, err);
    return listen_again(db, err);
}

/* Takes the notifications that have arrived: whether one was somebody else's. */
static bool was_notified(PGconn *pg)
{
    bool by_other = false;
    for (PGnotify *notify; (notify = PQnotifies(pg)) != NULL; PQfreemem(notify))
        by_other = by_other || notify->be_pid != PQbackendPID(pg);
    return by_other;
}

int db_wait(db_t *db, int wake_fd, int timeout_ms)
{
    int64_t until = wire_now_ms() + timeout_ms;
    for (;;) {
        if (!wire_check(&db->wire))
            return -1;
        if (was_notified(db->wire.pg))
            return 1;
        struct pollfd fds[2] = {{.fd = PQsocket(db->wire.pg), .events = POLLIN},
                                {.fd = wake_fd, .events = POLLIN}};
        int64_t left = until - wire_now_ms();
        int ready = poll(fds, 2, left < 0 ? 0 : (int)left);
        if (fds[0].revents == 0 && (ready != -1 || left <= 0))
            return 0;
    }
}

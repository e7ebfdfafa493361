#include "catalog/db/wire.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t wire_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What is left until `deadline`, for poll; -1 is for ever. */
static int left_ms(int64_t deadline)
{
    if (deadline == INT64_MAX)
        return -1;
    int64_t left = deadline - wire_now_ms();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* 1: the socket is ready; 0: the time is over. */
static int wait_for(const wire_t *wire, short events, int64_t deadline)
{
    for (;;) {
        struct pollfd fd = {.fd = PQsocket(wire->pg), .events = events};
        int ready = poll(&fd, 1, left_ms(deadline));
        if (ready > 0)
            return 1;
        if (ready == 0)
            return 0;
        if (errno != EINTR)
            return 1; /* libpq will find out what is wrong */
    }
}

/* --- opening --------------------------------------------------------------------------------------------------------- */

static int refuse(wire_t *wire, const char *why, err_t *err)
{
    /* libpq puts one reason on a line, for each host it tried: the first is enough. */
    size_t bytes = strcspn(why, "\n");
    err_set(err, ERR_STORE, "The database cannot be reached: %.*s", (int)bytes, why);
    wire_close(wire);
    return -1;
}

static int connect_within(wire_t *wire, const db_options_t *options, err_t *err)
{
    const char *names[] = {"dbname", "application_name", "client_encoding", NULL};
    const char *values[] = {options->conninfo, options->application, "UTF8", NULL};
    int64_t deadline =
        options->connect_timeout_ms > 0 ? wire_now_ms() + options->connect_timeout_ms : INT64_MAX;
    wire->pg = PQconnectStartParams(names, values, 1);
    if (wire->pg == NULL)
        return refuse(wire, "out of memory", err);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (PQstatus(wire->pg) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
           state != PGRES_POLLING_FAILED) {
        if (!wait_for(wire, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline))
            return refuse(wire, "it did not answer in time", err);
        state = PQconnectPoll(wire->pg);
    }
    if (PQstatus(wire->pg) != CONNECTION_OK)
        return refuse(wire, PQerrorMessage(wire->pg), err);
    return 0;
}

/* Notices are nobody's business. To an idle connection, though, the last words of a backend that ends come as one. */
static void hear(void *arg, const PGresult *notice)
{
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != NULL && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0))
        ((wire_t *)arg)->dying = true;
}

/* What every session of this product rests on, whatever the server, the database or the user was configured to.
 *
 * Every statement is written for one plan: indexes, joined by nested loops. That plan is made once for a session (making it
 * costs more than running most of them), and without knowing the arguments or what the tables will hold; left to itself
 * the planner takes a page of a listing for three thousandths of the table, and reads and sorts all of it. */
static int set_up(wire_t *wire, const db_options_t *options)
{
    char timeout[24];
    snprintf(timeout, sizeof timeout, "%d", options->statement_timeout_ms);
    const char *values[] = {timeout};
    return wire_send_text(wire,
                          "SELECT set_config('statement_timeout', $1, false),"
                          " set_config('idle_in_transaction_session_timeout', '60s', false),"
                          " set_config('TimeZone', 'UTC', false),"
                          " set_config('DateStyle', 'ISO, YMD', false),"
                          " set_config('jit', 'off', false),"
                          " set_config('plan_cache_mode', 'force_generic_plan', false),"
                          " set_config('max_parallel_workers_per_gather', '0', false),"
                          " set_config('enable_seqscan', 'off', false),"
                          " set_config('enable_bitmapscan', 'off', false),"
                          " set_config('enable_hashjoin', 'off', false),"
                          " set_config('enable_mergejoin', 'off', false),"
                          " set_config('enable_memoize', 'off', false),"
                          " CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')"
                          "      THEN set_config('synchronous_commit', 'on', false) END",
                          1, values);
}

static int prepare(wire_t *wire, const char *name, const char *sql)
{
    if (PQsendPrepare(wire->pg, name, sql, 0, NULL) != 1)
        return -1;
    wire->n_queued++;
    return 0;
}

/* The transaction's own statements first, then catalog/sql: the n-th is what failed if answer n failed. */
static const struct {
    const char *name, *sql;
} own[] = {
    {WIRE_BEGIN_WRITE, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"},
    {WIRE_BEGIN_READ, "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"},
    {WIRE_COMMIT, "COMMIT"},
    {WIRE_ROLLBACK, "ROLLBACK"},
};
enum { N_OWN = sizeof own / sizeof own[0] };

static int prepare_all(wire_t *wire)
{
    for (int i = 0; i < N_OWN; i++)
        if (prepare(wire, own[i].name, own[i].sql) != 0)
            return -1;
    for (int i = 0; i < STMT_N; i++)
        if (prepare(wire, statements[i].name, statements[i].sql) != 0)
            return -1;
    return 0;
}

static const char *name_of_prepared(int i)
{
    return i < 1 ? "session" : i < 1 + N_OWN ? own[i - 1].name : statements[i - 1 - N_OWN].name;
}

int wire_open(wire_t *wire, const db_options_t *options, bool prepared, err_t *err)
{
    /* A statement_timeout is the server's to keep; this one is for a server that does not answer at all. */
    *wire = (wire_t){.timeout_ms =
                         options->statement_timeout_ms > 0 ? 2 * options->statement_timeout_ms + 1000 : 0};
    if (connect_within(wire, options, err) != 0)
        return -1;
    PQsetNoticeReceiver(wire->pg, hear, wire);
    if (PQserverVersion(wire->pg) < 150000)
        return refuse(wire, "it is older than PostgreSQL 15", err);
    wire_answer_t answer = {0};
    if (PQsetnonblocking(wire->pg, 1) != 0 || PQenterPipelineMode(wire->pg) != 1 ||
        set_up(wire, options) != 0 || (prepared && prepare_all(wire) != 0) ||
        wire_wait(wire, -1, &answer) != 0) {
        PQclear(answer.failure); /* the last words of the backend */
        return refuse(wire, "the connection was lost while it was being set up", err);
    }
    if (answer.failure != NULL) {
        wire_refused(answer.failure, name_of_prepared(answer.failed), err);
        PQclear(answer.failure);
        wire_close(wire);
        return -1;
    }
    return 0;
}

void wire_close(wire_t *wire)
{
    PQfinish(wire->pg);
    wire->pg = NULL;
    wire->n_queued = wire->n_marks = 0;
}

/* --- sending and reading --------------------------------------------------------------------------------------------- */

int wire_send(wire_t *wire, const char *prepared_name, int n, const char *const *values)
{
    if (wire->pg == NULL || PQsendQueryPrepared(wire->pg, prepared_name, n, values, NULL, NULL, 0) != 1)
        return -1;
    wire->n_queued++;
    return 0;
}

int wire_send_text(wire_t *wire, const char *sql, int n, const char *const *values)
{
    if (wire->pg == NULL || PQsendQueryParams(wire->pg, sql, n, NULL, values, NULL, NULL, 0) != 1)
        return -1;
    wire->n_queued++;
    return 0;
}

static bool is_failure(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR;
}

/* Of libpq's own making: it says that the connection is lost, and nothing about a statement. */
static bool is_loss(const PGresult *result)
{
    return is_failure(result) && PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL;
}

/* Files one result of the queue that is being waited for, or clears it. */
static void file(PGresult *result, int i, int want, wire_answer_t *answer)
{
    if (is_failure(result) && answer->failure == NULL) {
        answer->failure = result;
        answer->failed = i;
    } else if (i == want && PQresultStatus(result) == PGRES_TUPLES_OK) {
        answer->rows = result;
    } else {
        PQclear(result);
    }
}

/* Reads what has arrived, until `n_marks` marks are still out. 1: so it is; 0: more must come first; -1: lost. The results
 * before the last mark go to *answer (NULL: nowhere). */
static int take(wire_t *wire, int n_marks, int want, wire_answer_t *answer, int *i)
{
    bool was_null = false;
    while (wire->n_marks > n_marks) {
        if (PQisBusy(wire->pg))
            return 0;
        PGresult *result = PQgetResult(wire->pg);
        if (result == NULL) {
            if (was_null || PQstatus(wire->pg) == CONNECTION_BAD)
                return -1; /* twice in a row: libpq expects nothing more */
            was_null = true;
            continue;
        }
        was_null = false;
        if (is_loss(result)) {
            PQclear(result);
            return -1;
        }
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            wire->n_marks--;
        } else if (answer != NULL && wire->n_marks == 1) {
            file(result, (*i)++, want, answer);
        } else {
            PQclear(result);
        }
        if (PQstatus(wire->pg) == CONNECTION_BAD)
            return -1;
    }
    return 1;
}

/* Sends and reads until every mark was answered. */
static int finish(wire_t *wire, int want, wire_answer_t *answer)
{
    int64_t deadline = wire->timeout_ms > 0 ? wire_now_ms() + wire->timeout_ms : INT64_MAX;
    int i = 0;
    for (;;) {
        int flushed = PQflush(wire->pg);
        int taken = take(wire, 0, want, answer, &i);
        if (taken > 0)
            return 0;
        if (flushed < 0 || taken < 0)
            return -1;
        if (!wait_for(wire, (short)(POLLIN | (flushed > 0 ? POLLOUT : 0)), deadline)) {
            wire->timed_out = true;
            return -1;
        }
        if (PQconsumeInput(wire->pg) != 1 && take(wire, 0, want, answer, &i) <= 0)
            return -1;
    }
}

int wire_wait(wire_t *wire, int want, wire_answer_t *answer)
{
    *answer = (wire_answer_t){0};
    wire->timed_out = false;
    wire->n_queued = 0;
    if (wire->pg == NULL)
        return -1;
    if (PQpipelineSync(wire->pg) == 1) {
        wire->n_marks++;
        if (finish(wire, want, answer) == 0)
            return 0;
    }
    PQclear(answer->rows);
    answer->rows = NULL;
    wire_close(wire);
    return -1;
}

int wire_leave(wire_t *wire)
{
    wire->n_queued = 0;
    if (wire->pg == NULL)
        return -1;
    if (PQpipelineSync(wire->pg) == 1) {
        wire->n_marks++;
        int flushed = PQflush(wire->pg);
        if (flushed == 0)
            return 0;
        wire_answer_t dropped = {0};
        if (flushed > 0 && finish(wire, -1, &dropped) == 0) { /* the socket is full: see it through */
            PQclear(dropped.failure);
            return 0;
        }
        PQclear(dropped.failure);
    }
    wire_close(wire);
    return -1;
}

bool wire_check(wire_t *wire)
{
    if (wire->pg == NULL)
        return false;
    /* Each round takes what is there; a connection that was closed stays readable. */
    for (int round = 0; round < 4; round++) {
        struct pollfd fd = {.fd = PQsocket(wire->pg), .events = POLLIN | POLLRDHUP};
        int ready = poll(&fd, 1, 0);
        if (ready == 0)
            return true;
        int i = 0;
        if (ready < 0 || (fd.revents & (POLLHUP | POLLRDHUP | POLLERR | POLLNVAL)) != 0 ||
            PQconsumeInput(wire->pg) != 1 || take(wire, 0, -1, NULL, &i) < 0)
            break;
        PQisBusy(wire->pg); /* looks at what came */
        if (wire->dying)
            break;
    }
    wire_close(wire);
    return false;
}

/* --- failures -------------------------------------------------------------------------------------------------------- */

/* By SQLSTATE, or by its class (two characters). The first that fits counts. A NULL text is the code's default sentence. */
static const struct {
    const char *state;
    wire_failure_t failure;
    err_code_t code;
    const char *text;
} states[] = {
    {"40001", WIRE_LOST_RACE, ERR_BUSY, NULL},       /* serialization */
    {"40P01", WIRE_LOST_RACE, ERR_BUSY, NULL},       /* deadlock */
    {"23505", WIRE_LOST_RACE, ERR_BUSY, NULL},       /* unique */
    {"23503", WIRE_LOST_RACE, ERR_BUSY, NULL},       /* foreign key */
    {"57014", WIRE_FAILED, ERR_STORE_TIMEOUT, NULL}, /* cancelled */
    {"55P03", WIRE_FAILED, ERR_STORE_TIMEOUT, NULL}, /* lock */
    {"25P03", WIRE_GONE, ERR_STORE_TIMEOUT, NULL},   /* idle in tx */
    {"22021", WIRE_FAILED, ERR_BODY_MALFORMED, "A text is not valid UTF-8"},
    {"22P05", WIRE_FAILED, ERR_BODY_MALFORMED, "A text holds a character that cannot be stored"},
    {"54", WIRE_FAILED, ERR_BODY_INVALID, "A text is too long to be stored"},
    {"25006", WIRE_GONE, ERR_STORE, "The database takes no changes: it is a standby"},
    {"53", WIRE_FAILED, ERR_STORE, "The database has run out of a resource"},
    {"58", WIRE_FAILED, ERR_STORE, "The database has trouble with its files"},
    {"XX001", WIRE_FAILED, ERR_STORE, "The database has trouble with its files"},
    {"XX002", WIRE_FAILED, ERR_STORE, "The database has trouble with its files"},
    {"57P", WIRE_GONE, ERR_STORE, NULL}, /* going down */
    {"08", WIRE_GONE, ERR_STORE, NULL},  /* connection */
};

static int find_state(const PGresult *failure)
{
    const char *state = PQresultErrorField(failure, PG_DIAG_SQLSTATE);
    if (state == NULL)
        return -1;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strncmp(state, states[i].state, strlen(states[i].state)) == 0)
            return (int)i;
    return -1;
}

wire_failure_t wire_classify(const PGresult *failure)
{
    int i = find_state(failure);
    return i < 0 ? WIRE_FAILED : states[i].failure;
}

static const char *field(const PGresult *failure, int code, const char *otherwise)
{
    const char *value = PQresultErrorField(failure, code);
    return value == NULL ? otherwise : value;
}

void wire_refused(const PGresult *failure, const char *name, err_t *err)
{
    int i = find_state(failure);
    if (i < 0)
        err_set(err, ERR_INTERNAL, "The database refused the statement %s: %s (%s)", name,
                field(failure, PG_DIAG_MESSAGE_PRIMARY, "no reason given"),
                field(failure, PG_DIAG_SQLSTATE, "no state"));
    else if (states[i].code == ERR_STORE && states[i].text != NULL)
        err_set(err, ERR_STORE, "%s: %s", states[i].text,
                field(failure, PG_DIAG_MESSAGE_PRIMARY, "no reason given"));
    else if (states[i].text != NULL)
        err_set(err, states[i].code, "%s", states[i].text);
    else
        err_set(err, states[i].code, NULL);
}

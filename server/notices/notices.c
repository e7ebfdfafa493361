#include "server/notices/notices.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "catalog/audit_chain.h"
#include "catalog/delivery.h"
#include "catalog/own_event.h"
#include "server/core/log.h"
#include "server/core/pool.h"
#include "server/notices/transfer.h"

/* POLL_MS: how often the database is asked. A receiver gets at most EACH_MAX calls at a time, all of them together ALL_MAX. */
enum {
    POLL_MS = 200,
    AWAY_MS = 500,
    ALL_MAX = 64,
    EACH_MAX = 8,
    FAN_OUT_ROWS = 200,
    FAN_OUT_ROUNDS = 10,
    SUBJECT_ROWS = 500,
    SEAL_ROWS = 1000,
    SEAL_ROUNDS = 10,
    KEEP_DAYS = 30,
    PURGE_EVERY_S = 3600,
    STOP_MS = 2000,
};

struct notices {
    db_t *db;
    const allow_t *allow;
    policy_t policy;
    char *source;
    CURLM *multi;
    arena_t *arena;
    pthread_t thread;
    transfer_t *first; /* under way */
    size_t n_under_way;
    int32_t leader;
    int64_t purged_ns;
    bool own_tried;
    bool told; /* the log was told that the database is away */
    atomic_bool stopping;
};

/* --- one transaction after another ------------------------------------------------------------------------------------------------ */

typedef struct {
    notices_t *notices;
    union {
        duties_t duties;
        int32_t n;
        struct {
            due_t *at;
            size_t n;
        } due;
    };
    const transfer_t *transfer;
    attempt_t attempt;
    asked_t asked;
    text_t words;
    bool dead;
} job_t;

static int run(notices_t *self, tx_fn *fn, job_t *job)
{
    err_t err = {.code = ERR_NONE};
    job->notices = self;
    arena_reset(self->arena);
    if (db_run(self->db, TX_WRITE, self->arena, fn, NULL, job, &err) == 0) {
        self->told = false;
        return 0;
    }
    self->leader = 0; /* asked again: the connection may be another one */
    if (!self->told && !atomic_load(&self->stopping))
        log_error("notices wait: the database did not do what they need", LOG_S("reason", err.text));
    self->told = true;
    return -1;
}

static int lead(tx_t *tx, void *arg)
{
    job_t *job = arg;
    return notices_lead(tx, job->notices->leader, &job->duties);
}

static int fan_out(tx_t *tx, void *arg)
{
    job_t *job = arg;
    return notices_fan_out(tx, job->notices->leader, FAN_OUT_ROWS, text_of(job->notices->source), &job->n);
}

static int register_own(tx_t *tx, void *arg)
{
    job_t *job = arg;
    return own_event_register(tx, (size_t)job->n, &job->notices->policy);
}

static int catalogue_own(tx_t *tx, void *arg)
{
    (void)arg;
    return own_events_catalogue(tx);
}

static int seal(tx_t *tx, void *arg)
{
    job_t *job = arg;
    return audit_seal(tx, job->notices->leader, SEAL_ROWS, &job->n);
}

static int find_subjects(tx_t *tx, void *arg)
{
    job_t *job = arg;
    rows_t *rows;
    if (tx_query_last(tx, STMT_SEARCH_FOLLOW_SUBJECTS, &rows, sql_i64(job->notices->leader),
                      sql_i64(SUBJECT_ROWS)) != 0)
        return -1;
    rows_next(rows);
    job->n = (int32_t)row_i64(rows, "n");
    return row_end(rows);
}

static int purge(tx_t *tx, void *arg)
{
    job_t *job = arg;
    return deliveries_purge(tx, job->notices->leader, KEEP_DAYS);
}

static int find_due(tx_t *tx, void *arg)
{
    job_t *job = arg;
    notices_t *self = job->notices;
    int64_t under_way[ALL_MAX];
    size_t n = 0;
    for (const transfer_t *transfer = self->first; transfer != NULL; transfer = transfer->next)
        under_way[n++] = transfer->due.id;
    return deliveries_due(tx, self->leader, under_way, n, (int32_t)(ALL_MAX - n), EACH_MAX, &job->due.at,
                          &job->due.n);
}

static int note_asked(tx_t *tx, void *arg)
{
    job_t *job = arg;
    return webhook_asked(tx, &job->transfer->due, job->asked, job->words);
}

static int note_attempt(tx_t *tx, void *arg)
{
    job_t *job = arg;
    if (job->words.at != NULL && webhook_asked(tx, &job->transfer->due, job->asked, job->words) != 0)
        return -1;
    return job->attempt.error.at == NULL
               ? delivery_succeeded(tx, &job->transfer->due, &job->attempt)
               : delivery_failed(tx, &job->transfer->due, &job->attempt, &job->dead);
}

static int leave(tx_t *tx, void *arg)
{
    (void)arg;
    return notices_leave(tx);
}

/* --- transfers ---------------------------------------------------------------------------------------------------------------------- */

static void begin(notices_t *self, transfer_t *transfer)
{
    if (transfer->due.ask && transfer->step == TRANSFER_ASKS)
        transfer_ask(transfer);
    else
        transfer_send(transfer);
    if (curl_multi_add_handle(self->multi, transfer->easy) != CURLM_OK)
        abort();
}

static bool is_asking(const notices_t *self, int64_t webhook_id)
{
    for (const transfer_t *transfer = self->first; transfer != NULL; transfer = transfer->next)
        if (transfer->due.webhook_id == webhook_id && transfer->step == TRANSFER_ASKS)
            return true;
    return false;
}

static void start_due(notices_t *self)
{
    job_t job = {.transfer = NULL};
    if (self->n_under_way >= ALL_MAX || run(self, find_due, &job) != 0)
        return;
    for (size_t i = 0; i < job.due.n; i++) {
        const due_t *due = &job.due.at[i];
        if (is_asking(self, due->webhook_id))
            continue; /* its answer may be no */
        transfer_t *transfer = transfer_new(due, self->allow, self->source);
        transfer->step = due->ask ? TRANSFER_ASKS : TRANSFER_SENDS;
        transfer->next = self->first;
        self->first = transfer;
        self->n_under_way++;
        begin(self, transfer);
    }
}

static void end(notices_t *self, transfer_t *transfer)
{
    transfer_t **at = &self->first;
    while (*at != transfer)
        at = &(*at)->next;
    *at = transfer->next;
    self->n_under_way--;
    transfer_free(transfer);
}

static void log_attempt(const transfer_t *transfer, const job_t *job)
{
    if (job->attempt.error.at == NULL)
        log_debug("event delivered", LOG_TEXT("webhook", transfer->due.webhook),
                  LOG_TEXT("event", transfer->due.event_id), LOG_INT("ms", job->attempt.ms));
    else
        log_warn("an event was not taken by its receiver", LOG_TEXT("webhook", transfer->due.webhook),
                 LOG_TEXT("event", transfer->due.event_id), LOG_TEXT("reason", job->attempt.error),
                 LOG_BOOL("given_up", job->dead || job->attempt.gone));
}

/* What came of it cannot be noted: it is made again, with the same id. */
static void note_and_end(notices_t *self, transfer_t *transfer, job_t *job)
{
    if (run(self, note_attempt, job) == 0)
        log_attempt(transfer, job);
    end(self, transfer);
}

/* A receiver that says no gets nothing; one that says nothing does, unless its webhook asks for a yes. */
static void on_asked(notices_t *self, transfer_t *transfer, CURLcode code)
{
    job_t job = {.transfer = transfer};
    job.asked = transfer_asked(transfer, code, &job.words);
    bool required = text_is(transfer->due.handshake, "required");
    bool unreachable = code != CURLE_OK;
    if (unreachable) { /* an attempt like any other */
        job.words = TEXT_NONE;
        job.attempt = transfer_attempt(transfer, code);
        note_and_end(self, transfer, &job);
    } else if (job.asked == ASKED_NO || (job.asked == ASKED_NOTHING && required)) {
        job.attempt = transfer_attempt(transfer, code);
        job.attempt.error = job.words;
        job.attempt.gone = true;
        job.attempt.why_disabled =
            text_printf(transfer->arena, "The receiver does not take events from %s: it " TEXT_FMT,
                        transfer->origin, TEXT_ARG(job.words));
        note_and_end(self, transfer, &job);
    } else if (run(self, note_asked, &job) != 0) {
        end(self, transfer);
    } else {
        transfer->step = TRANSFER_SENDS;
        begin(self, transfer);
    }
}

static void finish(notices_t *self, transfer_t *transfer, CURLcode code)
{
    curl_multi_remove_handle(self->multi, transfer->easy);
    if (transfer->step == TRANSFER_ASKS) {
        on_asked(self, transfer, code);
        return;
    }
    job_t job = {.transfer = transfer, .attempt = transfer_attempt(transfer, code)};
    note_and_end(self, transfer, &job);
}

static bool collect(notices_t *self)
{
    int running, left;
    bool any = false;
    curl_multi_perform(self->multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(self->multi, &left)) != NULL;) {
        transfer_t *transfer = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        finish(self, transfer, message->data.result);
        any = true;
    }
    return any;
}

/* --- the thread ------------------------------------------------------------------------------------------------------------------------ */

/* Until there is nothing more to do, within reason: deliveries must not wait for a long backlog. */
static void repeat(notices_t *self, tx_fn *fn, int rounds, int32_t full)
{
    job_t job = {.n = full};
    for (int i = 0; i < rounds && self->leader != 0 && job.n >= full && !atomic_load(&self->stopping); i++)
        if (run(self, fn, &job) != 0)
            return;
}

/* Once in a server's life: where it cannot be done (a registry in READONLY) events go out without `dataschema`. */
static void tell_of_own(notices_t *self)
{
    job_t job = {.n = 0};
    self->own_tried = true;
    for (; job.n < (int32_t)own_events_n(); job.n++)
        if (run(self, register_own, &job) != 0)
            return;
    run(self, catalogue_own, &job);
}

static bool work(notices_t *self)
{
    job_t job = {.transfer = NULL};
    if (run(self, lead, &job) != 0)
        return false;
    if (job.duties.leader != 0 && self->leader == 0)
        log_debug("this server leads: it delivers and seals");
    self->leader = job.duties.leader;
    if (self->leader == 0)
        return true;
    if (job.duties.own && !self->own_tried)
        tell_of_own(self);
    if (job.duties.outbox)
        repeat(self, fan_out, FAN_OUT_ROUNDS, 1);
    if (job.duties.unsealed)
        repeat(self, seal, SEAL_ROUNDS, SEAL_ROWS);
    if (job.duties.outbox || job.duties.due)
        start_due(self);
    if (!job.duties.outbox && job.duties.subjects)
        run(self, find_subjects, &job);
    if (monotonic_ns() - self->purged_ns > PURGE_EVERY_S * 1000000000LL) {
        self->purged_ns = monotonic_ns();
        run(self, purge, &job);
    }
    return true;
}

static void *tell(void *arg)
{
    notices_t *self = arg;
    int64_t asked_ns = 0;
    bool at_once = true;
    while (!atomic_load(&self->stopping)) {
        int64_t since_ms = (monotonic_ns() - asked_ns) / 1000000;
        if (at_once || since_ms >= POLL_MS) {
            bool up = work(self);
            asked_ns = monotonic_ns() + (up ? 0 : (AWAY_MS - POLL_MS) * 1000000LL);
            since_ms = 0;
        }
        int wait_ms = (int)(POLL_MS - since_ms);
        curl_multi_poll(self->multi, NULL, 0, wait_ms > 1 ? wait_ms : 1, NULL);
        at_once = collect(self) && self->leader != 0; /* the next event about the same thing may be waiting */
    }
    for (int64_t stop_ns = monotonic_ns();
         self->first != NULL && monotonic_ns() - stop_ns < STOP_MS * 1000000LL;) {
        curl_multi_poll(self->multi, NULL, 0, 50, NULL);
        collect(self);
    }
    job_t job = {.transfer = NULL};
    if (self->leader != 0)
        run(self, leave, &job);
    return NULL;
}

notices_t *notices_start(const notices_options_t *options)
{
    notices_t *self = calloc(1, sizeof *self);
    if (self == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
    self->db = db_new(options->database);
    self->allow = options->allow;
    self->policy = options->policy;
    self->source = strdup(options->source);
    self->multi = curl_multi_init();
    self->arena = arena_new();
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for other threads */
    if (self->source == NULL || self->multi == NULL || pthread_create(&self->thread, NULL, tell, self) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return self;
}

void notices_stop(notices_t *self)
{
    if (self == NULL)
        return;
    atomic_store(&self->stopping, true);
    curl_multi_wakeup(self->multi);
    pthread_join(self->thread, NULL);
    while (self->first != NULL) {
        curl_multi_remove_handle(self->multi, self->first->easy);
        end(self, self->first);
    }
    curl_multi_cleanup(self->multi);
    db_close(self->db);
    arena_free(self->arena);
    free(self->source);
    free(self);
}

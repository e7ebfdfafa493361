#include "server/core/follower.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "server/core/log.h"

/* Announcements are at least this far apart, and so are readings, however often others announce. While the database is away,
 * db_run is asked again this often (it decides by itself when to connect). */
enum { POLL_MS = 250, LIVE_MS = 1000, ANNOUNCE_MS = 10, READ_MS = 5, AWAY_MS = 20, STATEMENT_MS = 1000 };

struct follower {
    follower_options_t options;
    db_t *db; /* the thread's, as is all that is not atomic below */
    arena_t *arena;
    pthread_t thread;
    int wake_fd;
    char *snapshot, *history; /* the position; NULL: nowhere yet */
    int64_t read_at_ms, announced_at_ms;
    bool told; /* the log was told that the database is away */

    atomic_bool stopping, announce, up;
    _Atomic int64_t heard_ns, last_seq;
    _Atomic uint64_t readings, changes_seen, announcements, reconnects, histories_lost;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t now_ms(void)
{
    return now_ns() / 1000000;
}

static void wake(follower_t *follower)
{
    uint64_t one = 1;
    while (write(follower->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

/* --- reading --------------------------------------------------------------------------------------------------------- */

typedef struct {
    audit_position_t from;
    audit_reading_t reading;
} read_t;

static int read_changes(tx_t *tx, void *arg)
{
    read_t *it = arg;
    return audit_since(tx, &it->from, &it->reading);
}

static void keep_position(follower_t *follower, const audit_position_t *position)
{
    free(follower->snapshot);
    free(follower->history);
    follower->snapshot = strndup(position->snapshot.at, position->snapshot.bytes);
    follower->history = strndup(position->history.at, position->history.bytes);
    if (follower->snapshot == NULL || follower->history == NULL)
        abort();
}

static void forget_people(const follower_t *follower)
{
    if (follower->options.people_changed != NULL)
        follower->options.people_changed(follower->options.people);
}

static void apply(follower_t *follower, const audit_reading_t *reading)
{
    int64_t last = atomic_load(&follower->last_seq);
    bool people = !reading->complete;
    if (!reading->complete)
        cache_forget_all(follower->options.cache);
    for (size_t i = 0; i < reading->n_rows; i++) {
        people = people || audit_forgets(reading->rows[i].entry.kind) == FORGET_PEOPLE;
        if (reading->complete)
            cache_forget(follower->options.cache, &reading->rows[i].entry);
        if (reading->rows[i].seq > last)
            last = reading->rows[i].seq;
    }
    if (people)
        forget_people(follower);
    if (!reading->same_history && follower->snapshot != NULL) {
        atomic_fetch_add(&follower->histories_lost, 1);
        log_warn(
            "the database is another one than before, or was taken back to an earlier state: everything is "
            "forgotten");
        last = 0;
    }
    atomic_store(&follower->last_seq, last);
    atomic_fetch_add(&follower->changes_seen, reading->n_rows + reading->n_unknown);
}

static void heard(follower_t *follower, int64_t asked_ns)
{
    atomic_store(&follower->heard_ns, asked_ns);
    if (!atomic_exchange(&follower->up, true) && follower->told) {
        follower->told = false;
        atomic_fetch_add(&follower->reconnects, 1);
        log_info("the database is back");
    }
}

static void lost(follower_t *follower, const err_t *err)
{
    atomic_store(&follower->up, false);
    if (!follower->told && !atomic_load(&follower->stopping)) {
        follower->told = true;
        const char *fault = db_fault(follower->db);
        log_error("the database is not reachable", LOG_S("reason", fault[0] != '\0' ? fault : err->text));
    }
}

static bool read_once(follower_t *follower)
{
    int64_t asked_ns = now_ns(); /* what was committed by now is in the snapshot */
    follower->read_at_ms = asked_ns / 1000000;
    read_t it = {.from = {text_of(follower->snapshot), text_of(follower->history)}};
    err_t err = {.code = ERR_NONE};
    arena_reset(follower->arena);
    if (db_run(follower->db, TX_READ, follower->arena, read_changes, NULL, &it, &err) != 0) {
        lost(follower, &err);
        return false;
    }
    apply(follower, &it.reading);
    keep_position(follower, &it.reading.position);
    /* In this order: nothing is live before what is no longer true was forgotten. */
    cache_live_until(follower->options.cache, asked_ns + (int64_t)follower->options.live_ms * 1000000);
    atomic_fetch_add(&follower->readings, 1);
    heard(follower, asked_ns);
    return true;
}

/* --- announcing ------------------------------------------------------------------------------------------------------ */

static int announce(tx_t *tx, void *arg)
{
    (void)arg;
    return audit_announce(tx);
}

static void announce_once(follower_t *follower)
{
    atomic_store(&follower->announce, false); /* what is asked for from now on is announced again */
    follower->announced_at_ms = now_ms();
    err_t err = {.code = ERR_NONE};
    arena_reset(follower->arena);
    if (db_run(follower->db, TX_WRITE, follower->arena, announce, NULL, NULL, &err) == 0)
        atomic_fetch_add(&follower->announcements, 1);
    else
        lost(follower, &err); /* the others read without being told */
}

/* --- the thread ------------------------------------------------------------------------------------------------------ */

static void sleep_unless_woken(follower_t *follower, int ms)
{
    struct pollfd fd = {.fd = follower->wake_fd, .events = POLLIN};
    poll(&fd, 1, ms);
}

static void drain_wakes(const follower_t *follower)
{
    uint64_t n;
    while (read(follower->wake_fd, &n, sizeof n) < 0 && errno == EINTR)
        continue;
}

/* One turn: what is due, then a wait for what comes next. An announcement that was asked for too early waits for its time
 * without listening to the wake-up that asked for it. */
static void turn(follower_t *follower, bool *notified)
{
    drain_wakes(follower); /* before looking at what they are for */
    int64_t now = now_ms();
    bool wanted = atomic_load(&follower->announce);
    if (wanted && now >= follower->announced_at_ms + ANNOUNCE_MS) {
        announce_once(follower);
        wanted = atomic_load(&follower->announce);
        now = now_ms();
    }
    int64_t read_due = follower->read_at_ms + (*notified ? READ_MS : follower->options.poll_ms);
    if (now >= read_due || !atomic_load(&follower->up)) {
        *notified = false;
        if (!read_once(follower)) {
            sleep_unless_woken(follower, AWAY_MS);
            return;
        }
        now = now_ms();
        read_due = follower->read_at_ms + follower->options.poll_ms;
    }
    int64_t due = read_due;
    if (wanted && follower->announced_at_ms + ANNOUNCE_MS < due)
        due = follower->announced_at_ms + ANNOUNCE_MS;
    int status = db_wait(follower->db, wanted ? -1 : follower->wake_fd, due > now ? (int)(due - now) : 0);
    *notified = *notified || status == 1;
    if (status < 0)
        atomic_store(&follower->up,
                     false); /* read at once: that connects, and says so in the log if it cannot */
}

static void *follow(void *arg)
{
    follower_t *follower = arg;
    bool notified = false;
    err_t err = {.code = ERR_NONE};
    db_listen(follower->db, AUDIT_CHANNEL, &err); /* also at every later connection */
    while (!atomic_load(&follower->stopping))
        turn(follower, &notified);
    return NULL;
}

follower_t *follower_start(const follower_options_t *options)
{
    follower_t *follower = calloc(1, sizeof *follower);
    if (follower == NULL)
        abort();
    follower->options = *options;
    if (follower->options.poll_ms <= 0)
        follower->options.poll_ms = POLL_MS;
    if (follower->options.live_ms <= 0)
        follower->options.live_ms = LIVE_MS;
    follower->options.database = NULL; /* not kept: db_new has its copy */
    db_options_t database = *options->database;
    if (database.statement_timeout_ms <= 0 || database.statement_timeout_ms > STATEMENT_MS)
        database.statement_timeout_ms = STATEMENT_MS;
    follower->db = db_new(&database);
    follower->arena = arena_new();
    follower->announced_at_ms = follower->read_at_ms = INT64_MIN / 2;
    follower->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for other threads */
    if (follower->wake_fd < 0 || pthread_create(&follower->thread, NULL, follow, follower) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return follower;
}

void follower_stop(follower_t *follower)
{
    if (follower == NULL)
        return;
    atomic_store(&follower->stopping, true);
    wake(follower);
    pthread_join(follower->thread, NULL);
    cache_live_until(follower->options.cache, 0);
    db_close(follower->db);
    arena_free(follower->arena);
    close(follower->wake_fd);
    free(follower->snapshot);
    free(follower->history);
    free(follower);
}

void follower_announce(follower_t *follower)
{
    if (!follower->options.alone && !atomic_exchange(&follower->announce, true))
        wake(follower);
}

void follower_committed(follower_t *follower, const db_t *db)
{
    size_t n;
    bool people = false;
    const audit_t *const *changes = audit_committed(db, &n);
    for (size_t i = 0; i < n; i++) {
        cache_forget(follower->options.cache, changes[i]);
        people = people || audit_forgets(changes[i]->kind) == FORGET_PEOPLE;
    }
    if (people)
        forget_people(follower);
    if (n > 0)
        follower_announce(follower);
}

bool follower_database_up(const follower_t *follower)
{
    return atomic_load(&follower->up);
}

bool follower_is_live(const follower_t *follower)
{
    int64_t heard_ns = atomic_load(&follower->heard_ns);
    return heard_ns != 0 && now_ns() - heard_ns <= (int64_t)follower->options.live_ms * 1000000;
}

follower_stats_t follower_stats(const follower_t *follower)
{
    int64_t heard_ns = atomic_load(&follower->heard_ns);
    return (follower_stats_t){
        .database_up = follower_database_up(follower),
        .live = follower_is_live(follower),
        .readings = atomic_load(&follower->readings),
        .changes_seen = atomic_load(&follower->changes_seen),
        .announcements = atomic_load(&follower->announcements),
        .reconnects = atomic_load(&follower->reconnects),
        .histories_lost = atomic_load(&follower->histories_lost),
        .last_heard_ms_ago = heard_ns == 0 ? -1 : (now_ns() - heard_ns) / 1000000,
        .last_seq = atomic_load(&follower->last_seq),
    };
}

/* follower.h - keeps the reply cache true to what other servers commit, and tells them what this one did.
 *
 * One thread, one connection. It reads the audit table by position: its position is a snapshot of PostgreSQL, and the
 * next reading takes exactly the rows that the last snapshot did not show. A transaction that drew its sequence number
 * early and committed late is therefore not skipped, and nothing is read twice. It reads when another server says so (LISTEN), and
 * several times a second anyway.
 *
 * Commits of this server are announced after the fact, by a NOTIFY of the follower's own: at once when nothing was
 * announced lately, else together with others, at most a hundred times a second.
 *
 * After a lost connection it goes on from its position if it is the same database with the same history (system
 * identifier, time line, table); otherwise everything is forgotten.
 *
 * It is also what knows whether the database is there: follower_database_up.
 *
 * Threads  start and stop on one thread; everything else from any.
 */
#ifndef AVOW_SERVER_CORE_FOLLOWER_H
#define AVOW_SERVER_CORE_FOLLOWER_H

#include "server/core/cache.h"

typedef struct follower follower_t;

typedef struct {
    const db_options_t *database; /* copied */
    cache_t *cache;
    bool alone; /* no other server uses this database: nothing is announced */
    void (*people_changed)(
        void *arg); /* credentials that are remembered may not hold any more; NULL: nobody remembers any */
    void *people;   /* its argument */
    int poll_ms;    /* how often to read without being told; 0: 250 */
    int live_ms;    /* how long what was read counts as current; 0: 1000 */
} follower_options_t;

follower_t *follower_start(const follower_options_t *options);
void follower_stop(follower_t *follower); /* NULL is fine */

/* After a COMMIT that noted changes, once they are forgotten here. Never waits. */
void follower_announce(follower_t *follower);

/* After db_run: forgets what the changes noted in the committed transaction make untrue and announces them. */
void follower_committed(follower_t *follower, const db_t *db);

/* Whether the database answered the last time it was asked. A worker that was told ERR_STORE may ask here before it tries
 * again. */
bool follower_database_up(const follower_t *follower);
bool follower_is_live(const follower_t *follower); /* caught up within live_ms */

typedef struct {
    bool database_up, live;
    uint64_t readings, changes_seen, announcements, reconnects, histories_lost;
    int64_t last_heard_ms_ago; /* -1: never */
    int64_t last_seq;          /* highest change number seen */
} follower_stats_t;
follower_stats_t follower_stats(const follower_t *follower);

#endif

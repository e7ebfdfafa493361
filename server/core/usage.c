#include "server/core/usage.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "catalog/name.h"
#include "server/core/log.h"
#include "server/core/url.h"

enum { SLOTS = 2048, FULL = 1536, TARGET_MAX = 240, PERIOD_S = 2 };

/* One thing that one token asked for; the same one again is counted. */
typedef struct {
    int64_t token_id, service_id, count; /* token_id 0: free */
    bool writes;
    uint16_t bytes;
    char target[TARGET_MAX];
} slot_t;

typedef struct {
    slot_t *slots;
    size_t n;
} table_t;

struct usage {
    table_t noted; /* under lock */
    bool stopping; /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    table_t writing; /* the thread's */
    db_t *db;
    arena_t *arena;
};

/* --- noting -------------------------------------------------------------------------------------------------------------------- */

/* Of what tells of a schema: ".../schemas/ids/12", ".../subjects/s/versions/3"; and ".../subjects/s/versions" where it is written. */
static bool tells_of_schema(text_t target, bool writes)
{
    bool by_id = memmem(target.at, target.bytes, "/schemas/ids/", 13) != NULL;
    bool by_subject = memmem(target.at, target.bytes, "/subjects/", 10) != NULL &&
                      memmem(target.at, target.bytes, "/versions", 9) != NULL;
    return memmem(target.at, target.bytes, "/api/v1/", 8) == NULL && (by_subject || (by_id && !writes));
}

static void table_add(table_t *table, const actor_t *actor, bool writes, text_t target, int64_t count)
{
    size_t at = text_hash(target, (uint64_t)actor->token_id * 2 + writes) % SLOTS;
    for (;; at = (at + 1) % SLOTS) {
        slot_t *slot = &table->slots[at];
        if (slot->token_id == 0)
            break;
        if (slot->token_id == actor->token_id && slot->writes == writes &&
            text_eq((text_t){slot->target, slot->bytes}, target)) {
            slot->count += count;
            return;
        }
    }
    if (table->n >= FULL)
        return;
    slot_t *slot = &table->slots[at];
    *slot = (slot_t){.token_id = actor->token_id,
                     .service_id = actor->service_id,
                     .count = count,
                     .writes = writes,
                     .bytes = (uint16_t)target.bytes};
    memcpy(slot->target, target.at, target.bytes);
    table->n++;
}

void usage_note(usage_t *usage, const actor_t *actor, bool writes, text_t target)
{
    if (usage == NULL || actor->token_id == 0)
        return;
    const char *query = memchr(target.at, '?', target.bytes);
    if (query != NULL)
        target.bytes = (size_t)(query - target.at);
    if (target.bytes > TARGET_MAX || !tells_of_schema(target, writes))
        return;
    pthread_mutex_lock(&usage->lock);
    table_add(&usage->noted, actor, writes, target, 1);
    pthread_mutex_unlock(&usage->lock);
}

/* --- writing --------------------------------------------------------------------------------------------------------------------- */

typedef struct {
    int64_t *services, *tokens, *schemas, *counts;
    text_t *contexts, *subjects, *versions;
    size_t n;
} columns_t;

static int32_t number_of(text_t text)
{
    int64_t number = 0;
    for (size_t i = 0; i < text.bytes && i < 10; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return 0;
        number = number * 10 + (text.at[i] - '0');
    }
    return text.bytes <= 10 && number <= INT32_MAX ? (int32_t)number : 0;
}

/* False: it is about no schema after all. */
static bool column_add(columns_t *to, const slot_t *slot, arena_t *arena)
{
    text_t parts[URL_SEGMENTS_MAX], context = CONTEXT_DEFAULT;
    size_t n, i = 0, at = to->n;
    err_t err = {.code = ERR_NONE};
    if (url_path((text_t){slot->target, slot->bytes}, arena, parts, &n, &err) != 0)
        return false;
    if (n > 2 && text_is(parts[0], "contexts")) {
        context = parts[1];
        i = 2;
    }
    to->schemas[at] = 0;
    to->subjects[at] = to->versions[at] = TEXT("");
    if (n >= i + 3 && text_is(parts[i], "schemas") && text_is(parts[i + 1], "ids")) {
        to->schemas[at] = number_of(parts[i + 2]);
        if (to->schemas[at] == 0)
            return false;
    } else if (n >= i + 3 && text_is(parts[i], "subjects") && text_is(parts[i + 2], "versions")) {
        if (!slot->writes && n < i + 4)
            return false; /* a listing */
        to->subjects[at] = subject_name_parse(parts[i + 1], context, arena).qualified;
        to->versions[at] = n > i + 3 ? parts[i + 3] : TEXT("latest");
    } else {
        return false;
    }
    to->contexts[at] = context;
    to->services[at] = slot->service_id;
    to->tokens[at] = slot->token_id;
    to->counts[at] = slot->count;
    to->n++;
    return true;
}

static int write_one_kind(tx_t *tx, const table_t *table, bool writes)
{
    arena_t *arena = tx_arena(tx);
    int64_t *numbers = ARENA_ARRAY(arena, int64_t, 4 * table->n);
    text_t *texts = ARENA_ARRAY(arena, text_t, 3 * table->n);
    columns_t to = {.services = numbers,
                    .tokens = numbers + table->n,
                    .schemas = numbers + 2 * table->n,
                    .counts = numbers + 3 * table->n,
                    .contexts = texts,
                    .subjects = texts + table->n,
                    .versions = texts + 2 * table->n};
    for (size_t i = 0; i < SLOTS; i++)
        if (table->slots[i].token_id != 0 && table->slots[i].writes == writes)
            column_add(&to, &table->slots[i], arena);
    if (to.n == 0)
        return 0;
    return tx_send(tx, STMT_USAGE_ADD, sql_i64_array(to.services, to.n, arena),
                   sql_i64_array(to.tokens, to.n, arena), sql_text_array(to.contexts, to.n, arena),
                   sql_i64_array(to.schemas, to.n, arena), sql_text_array(to.subjects, to.n, arena),
                   sql_text_array(to.versions, to.n, arena), sql_i64_array(to.counts, to.n, arena),
                   sql_text(writes ? TEXT("write") : TEXT("read")));
}

static int write_all(tx_t *tx, void *arg)
{
    const table_t *table = arg;
    return write_one_kind(tx, table, false) != 0 ? -1 : write_one_kind(tx, table, true);
}

static void table_clear(table_t *table)
{
    memset(table->slots, 0, SLOTS * sizeof *table->slots);
    table->n = 0;
}

/* What could not be written is noted again, to be written later. */
static void note_again(usage_t *usage)
{
    pthread_mutex_lock(&usage->lock);
    for (size_t i = 0; i < SLOTS; i++) {
        const slot_t *slot = &usage->writing.slots[i];
        actor_t actor = {.token_id = slot->token_id, .service_id = slot->service_id};
        if (slot->token_id != 0)
            table_add(&usage->noted, &actor, slot->writes, (text_t){slot->target, slot->bytes}, slot->count);
    }
    pthread_mutex_unlock(&usage->lock);
}

static void flush(usage_t *usage)
{
    err_t err = {.code = ERR_NONE};
    pthread_mutex_lock(&usage->lock);
    table_t noted = usage->noted;
    usage->noted = usage->writing;
    usage->writing = noted;
    pthread_mutex_unlock(&usage->lock);
    if (usage->writing.n == 0)
        return;
    arena_reset(usage->arena);
    if (db_run(usage->db, TX_WRITE, usage->arena, write_all, NULL, &usage->writing, &err) != 0) {
        if (err.code == ERR_STORE)
            note_again(usage);
        else
            log_warn("who read what could not be noted", LOG_TEXT("reason", err_text(&err)));
    }
    table_clear(&usage->writing);
}

static bool rest(usage_t *usage)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PERIOD_S;
    pthread_mutex_lock(&usage->lock);
    if (!usage->stopping)
        pthread_cond_timedwait(&usage->wake, &usage->lock, &until);
    bool goes_on = !usage->stopping;
    pthread_mutex_unlock(&usage->lock);
    return goes_on;
}

static void *run(void *arg)
{
    while (rest(arg))
        flush(arg);
    flush(arg);
    return NULL;
}

/* --- life --------------------------------------------------------------------------------------------------------------------------- */

static void table_init(table_t *table)
{
    table->slots = calloc(SLOTS, sizeof *table->slots);
    if (table->slots == NULL)
        abort();
}

usage_t *usage_start(const db_options_t *database)
{
    usage_t *usage = calloc(1, sizeof *usage);
    if (usage == NULL)
        abort();
    table_init(&usage->noted);
    table_init(&usage->writing);
    usage->db = db_new(database);
    usage->arena = arena_new();
    pthread_mutex_init(&usage->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&usage->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for other threads */
    if (pthread_create(&usage->thread, NULL, run, usage) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return usage;
}

void usage_stop(usage_t *usage)
{
    if (usage == NULL)
        return;
    pthread_mutex_lock(&usage->lock);
    usage->stopping = true;
    pthread_cond_signal(&usage->wake);
    pthread_mutex_unlock(&usage->lock);
    pthread_join(usage->thread, NULL);
    pthread_mutex_destroy(&usage->lock);
    pthread_cond_destroy(&usage->wake);
    db_close(usage->db);
    arena_free(usage->arena);
    free(usage->noted.slots);
    free(usage->writing.slots);
    free(usage);
}

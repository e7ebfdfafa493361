#include "server/core/identify.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalog/person.h"
#include "catalog/token.h"
#include "compat/core/digest.h"
#include "server/core/log.h"
#include "server/core/password.h"
#include "server/core/pool.h"
#include "server/core/throttle.h"

#define REMEMBERED   4096
#define REMEMBER_YES 60LL /* seconds */
#define REMEMBER_NO  5LL
#define SECOND_NS    1000000000LL
#define TOKEN_PREFIX TEXT("cat_")
#define SECRET_MAX   512

enum { GATE_READINGS = 20 };

/* Whether anonymous calls are taken. */
typedef enum { GATE_OPEN, GATE_CLOSED, GATE_TO_BE_ASKED } gate_t;

typedef struct {
    uint8_t digest[32];
    int64_t until_ns;
    bool yes;
    actor_t actor;
} remembered_t;

struct identify {
    auth_t *file;
    atomic_int gate;
    bool fixed;           /* the gate never moves */
    pthread_mutex_t lock; /* of what follows */
    unsigned generation;  /* what was looked up before a change is not remembered after it */
    remembered_t remembered[REMEMBERED];
};

identify_t *identify_new(auth_t *file, access_t access)
{
    identify_t *identify = calloc(1, sizeof *identify);
    if (identify == NULL)
        abort();
    identify->file = file;
    identify->fixed = access != ACCESS_AUTO || file != NULL;
    gate_t gate = access == ACCESS_OFF ? GATE_OPEN : identify->fixed ? GATE_CLOSED : GATE_TO_BE_ASKED;
    atomic_init(&identify->gate, (int)gate);
    pthread_mutex_init(&identify->lock, NULL);
    return identify;
}

void identify_free(identify_t *identify)
{
    if (identify == NULL)
        return;
    pthread_mutex_destroy(&identify->lock);
    free(identify);
}

bool identify_is_open(const identify_t *identify)
{
    return atomic_load_explicit(&identify->gate, memory_order_relaxed) == (int)GATE_OPEN;
}

void identify_people_changed(void *state)
{
    identify_t *identify = state;
    int open = (int)GATE_OPEN;
    pthread_mutex_lock(&identify->lock);
    identify->generation++;
    for (size_t i = 0; i < REMEMBERED; i++)
        identify->remembered[i].until_ns = 0;
    pthread_mutex_unlock(&identify->lock);
    if (!identify->fixed)
        atomic_compare_exchange_strong(&identify->gate, &open, (int)GATE_TO_BE_ASKED);
}

/* --- what is remembered ---------------------------------------------------------------------------------------------------------- */

static size_t slot_of(const uint8_t digest[32])
{
    return (digest[0] | (size_t)digest[1] << 8) % REMEMBERED;
}

static auth_answer_t recall(identify_t *identify, const uint8_t digest[32], actor_t *actor)
{
    const remembered_t *remembered = &identify->remembered[slot_of(digest)];
    auth_answer_t answer = AUTH_ASK;
    pthread_mutex_lock(&identify->lock);
    if (remembered->until_ns > monotonic_ns() && CRYPTO_memcmp(remembered->digest, digest, 32) == 0) {
        answer = remembered->yes ? AUTH_YES : AUTH_NO;
        *actor = remembered->actor;
    }
    pthread_mutex_unlock(&identify->lock);
    return answer;
}

static void remember(identify_t *identify, unsigned generation, const uint8_t digest[32], bool yes,
                     const actor_t *actor, int64_t seconds)
{
    pthread_mutex_lock(&identify->lock);
    if (generation == identify->generation) {
        remembered_t *remembered = &identify->remembered[slot_of(digest)];
        memcpy(remembered->digest, digest, 32);
        remembered->until_ns = monotonic_ns() + seconds * SECOND_NS;
        remembered->yes = yes;
        remembered->actor = *actor;
    }
    pthread_mutex_unlock(&identify->lock);
}

static unsigned generation_now(identify_t *identify)
{
    pthread_mutex_lock(&identify->lock);
    unsigned generation = identify->generation;
    pthread_mutex_unlock(&identify->lock);
    return generation;
}

/* --- on the loop ------------------------------------------------------------------------------------------------------------------ */

static auth_answer_t anonymous(const identify_t *identify, actor_t *actor)
{
    switch ((gate_t)atomic_load_explicit(&identify->gate, memory_order_relaxed)) {
    case GATE_OPEN:
        *actor = (actor_t){.kind = ACTOR_ANYBODY, .name = "anonymous"};
        return AUTH_YES;
    case GATE_CLOSED:
        return AUTH_NO;
    case GATE_TO_BE_ASKED:
        return AUTH_ASK;
    }
    return AUTH_NO;
}

/* What the credential is known by; false when it is of no kind that the catalog knows. */
static bool digest_claim(const claim_t *claim, uint8_t digest[32])
{
    text_t secret = claim->authorization;
    if (secret.at == NULL)
        secret = claim->session;
    else if (!text_starts(auth_bearer(secret), TOKEN_PREFIX) && !auth_is_basic(secret))
        return false;
    if (secret.bytes == 0 || secret.bytes > AUTH_HEADER_MAX)
        return false;
    digest_sha256(secret, digest);
    return true;
}

/* An open server takes whoever it cannot make out; a token that was good once is told what became of it. */
static auth_answer_t settle(const identify_t *identify, auth_answer_t answer, actor_t *actor)
{
    return answer == AUTH_NO && actor->refusal == NULL ? anonymous(identify, actor) : answer;
}

auth_answer_t identify_check(identify_t *identify, const claim_t *claim, actor_t *actor)
{
    uint8_t digest[32];
    if (claim->authorization.at == NULL && claim->session.at == NULL)
        return anonymous(identify, actor);
    if (claim->authorization.at != NULL && identify->file != NULL &&
        auth_check(identify->file, claim->authorization, actor) == AUTH_YES)
        return AUTH_YES;
    actor->refusal = NULL;
    if (!digest_claim(claim, digest))
        return settle(identify, AUTH_NO, actor);
    return settle(identify, recall(identify, digest, actor), actor);
}

/* --- looking up ------------------------------------------------------------------------------------------------------------------- */

typedef enum { LOOK_TOKEN, LOOK_SESSION, LOOK_PASSWORD, LOOK_GATE } look_kind_t;

typedef struct {
    look_kind_t kind;
    text_t secret, login;
    bearer_t bearer;
    person_credential_t person;
    bool person_known, closed;
} look_t;

static int look(tx_t *tx, void *arg)
{
    look_t *it = arg;
    err_t unknown = {.code = ERR_NONE};
    switch (it->kind) {
    case LOOK_TOKEN:
        return token_find(tx, it->secret, &it->bearer);
    case LOOK_SESSION:
        return session_find(tx, it->secret, &it->bearer);
    case LOOK_PASSWORD:
        it->person_known = person_credential(tx, it->login, &it->person, &unknown) == 0;
        return it->person_known || unknown.code == ERR_NOT_FOUND ? 0 : -1;
    case LOOK_GATE:
        return access_closed(tx, &it->closed);
    }
    return -1;
}

static void set_name(actor_t *actor, text_t name)
{
    snprintf(actor->name, sizeof actor->name, TEXT_FMT, TEXT_ARG(name));
}

static auth_answer_t judge_bearer(const look_t *it, actor_t *actor, int64_t *seconds)
{
    static const char *const refusals[] = {
        [BEARER_EXPIRED] = "This token has expired; make another one",
        [BEARER_REVOKED] = "This token was revoked",
        [BEARER_DISABLED] = "This token's owner is disabled",
        [BEARER_LIVE] = NULL,
        [BEARER_UNKNOWN] = NULL,
    };
    const bearer_t *bearer = &it->bearer;
    *actor = (actor_t){.kind = bearer->service_id != 0 ? ACTOR_SERVICE : ACTOR_USER,
                       .person_id = bearer->person_id,
                       .service_id = bearer->service_id,
                       .token_id = bearer->token_id,
                       .scopes = bearer->scopes,
                       .by_cookie = it->kind == LOOK_SESSION,
                       .refusal = refusals[bearer->state]};
    if (bearer->state != BEARER_LIVE) {
        if (it->kind == LOOK_TOKEN && bearer->state == BEARER_UNKNOWN)
            actor->refusal = "There is no such token";
        return AUTH_NO;
    }
    set_name(actor, bearer->name);
    snprintf(actor->csrf, sizeof actor->csrf, TEXT_FMT, TEXT_ARG(bearer->csrf));
    *seconds = bearer->seconds_left < REMEMBER_YES ? bearer->seconds_left : REMEMBER_YES;
    return AUTH_YES;
}

static auth_answer_t judge_password(const look_t *it, actor_t *actor)
{
    const person_credential_t *person = &it->person;
    bool fits = password_fits(it->secret, it->person_known ? person->hash : TEXT_NONE);
    *actor = (actor_t){.kind = ACTOR_USER};
    if (!fits) {
        throttle_failed(it->login);
        return AUTH_NO;
    }
    throttle_forget(it->login);
    if (person->disabled || person->temporary) {
        actor->refusal = person->disabled ? "This user is disabled"
                                          : "This password is to be replaced first: PUT "
                                            "/api/v1/users/{user}/password with current and password";
        return AUTH_NO;
    }
    actor->person_id = person->id;
    set_name(actor, person->login);
    return AUTH_YES;
}

/* What the claim asks the database for; false when it cannot be read. */
static bool read_claim(const claim_t *claim, char space[AUTH_HEADER_MAX + 4], look_t *it)
{
    text_t bearer = claim->authorization.at == NULL ? TEXT_NONE : auth_bearer(claim->authorization);
    *it = (look_t){.kind = LOOK_TOKEN, .secret = bearer};
    if (bearer.at == NULL && claim->authorization.at != NULL) {
        if (!auth_decode_basic(claim->authorization, space, &it->login, &it->secret))
            return false;
        it->kind = text_starts(it->secret, TOKEN_PREFIX) ? LOOK_TOKEN : LOOK_PASSWORD;
    } else if (bearer.at == NULL) {
        it->kind = LOOK_SESSION;
        it->secret = claim->session;
    }
    return it->secret.bytes > 0 && it->secret.bytes <= SECRET_MAX && it->login.bytes <= 127;
}

static bool run_look(db_t *db, arena_t *arena, look_t *it)
{
    err_t err = {.code = ERR_NONE};
    if (db_run(db, TX_WRITE, arena, look, NULL, it, &err) == 0)
        return true;
    if (err.code != ERR_STORE)
        log_error("credentials could not be looked up", LOG_S("reason", err.text));
    return false;
}

static auth_answer_t verify_people(identify_t *identify, db_t *db, const claim_t *claim, actor_t *actor)
{
    uint8_t digest[32];
    char space[AUTH_HEADER_MAX + 4] = "";
    look_t it;
    int64_t seconds = REMEMBER_YES;
    unsigned generation = generation_now(identify);
    err_t err = {.code = ERR_NONE};
    auth_answer_t answer = AUTH_NO;
    if (!digest_claim(claim, digest) || !read_claim(claim, space, &it))
        return AUTH_NO;
    arena_t *arena = arena_new();
    if (it.kind == LOOK_PASSWORD && throttle_check(it.login, &err) != 0) {
        actor->refusal = "Too many attempts with a wrong password; wait a moment";
    } else if (!run_look(db, arena, &it)) {
        answer = AUTH_LATER;
    } else {
        answer = it.kind == LOOK_PASSWORD ? judge_password(&it, actor) : judge_bearer(&it, actor, &seconds);
        remember(identify, generation, digest, answer == AUTH_YES, actor,
                 answer == AUTH_YES ? seconds : REMEMBER_NO);
    }
    OPENSSL_cleanse(space, sizeof space);
    arena_free(arena);
    return answer;
}

/* What was read while somebody changed something is read again: the gate must not open on yesterday's word. */
static void ask_gate(identify_t *identify, db_t *db)
{
    arena_t *arena = arena_new();
    for (int i = 0; i < GATE_READINGS; i++) {
        look_t it = {.kind = LOOK_GATE};
        int asked = (int)GATE_TO_BE_ASKED;
        unsigned generation = generation_now(identify);
        if (!run_look(db, arena, &it))
            break;
        if (!it.closed && generation != generation_now(identify))
            continue;
        atomic_compare_exchange_strong(&identify->gate, &asked, (int)(it.closed ? GATE_CLOSED : GATE_OPEN));
        break;
    }
    arena_free(arena);
}

void identify_settle(identify_t *identify, db_t *db)
{
    if (atomic_load(&identify->gate) == (int)GATE_TO_BE_ASKED)
        ask_gate(identify, db);
}

auth_answer_t identify_verify(identify_t *identify, db_t *db, const claim_t *claim, actor_t *actor)
{
    identify_settle(identify, db);
    auth_answer_t answer = identify_check(identify, claim, actor); /* somebody may have been first */
    if (answer != AUTH_ASK)
        return answer;
    if (claim->authorization.at == NULL && claim->session.at == NULL)
        return AUTH_LATER; /* the database did not say */
    if (identify->file != NULL && claim->authorization.at != NULL &&
        auth_verify(identify->file, claim->authorization, actor) == AUTH_YES)
        return AUTH_YES;
    actor->refusal = NULL;
    answer = settle(identify, verify_people(identify, db, claim, actor), actor);
    return answer == AUTH_ASK ? AUTH_LATER : answer;
}

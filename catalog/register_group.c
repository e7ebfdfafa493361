/* Registrations that come at the same time, in one transaction. One alone spends most of its time on what does not depend on it:
 * waits, plans made ready, a commit. See docs/decisions, "Registrations in groups". */
#include <stdatomic.h>
#include <time.h>

#include "catalog/inherit.h"
#include "catalog/registration.h"

typedef struct {
    registration_t r;
    registering_t *of;
    state_ask_t *asked;
} member_t;

typedef struct {
    tx_t *tx;
    const policy_t *policy;
    member_t *members;
    size_t n;
} group_t;

/* --- standing aside ------------------------------------------------------------------------------------------------------ */

/* Subjects that would only hold up a group, by hash: for how many more registrations they stand aside before they are tried
 * again. A wrong guess costs a wait. */
enum { ASIDE = 8192, ASIDE_FOR = 32 };
static atomic_uchar aside[ASIDE];

static atomic_uchar *aside_of(const subject_name_t *name)
{
    return &aside[text_hash(name->qualified, 0) % ASIDE];
}

static void stand_aside(const subject_name_t *name)
{
    atomic_store_explicit(aside_of(name), ASIDE_FOR, memory_order_relaxed);
}

static bool stands_aside(const subject_name_t *name)
{
    atomic_uchar *left = aside_of(name);
    unsigned char n = atomic_load_explicit(left, memory_order_relaxed);
    if (n > 0)
        atomic_store_explicit(left, n - 1, memory_order_relaxed);
    return n > 0;
}

/* --- who may be in a group ----------------------------------------------------------------------------------------------- */

/* By what was sent: nothing that has to be locked or read beyond the subject's state. */
static bool may_join(const registering_t *of)
{
    const submission_t *sent = &of->sent;
    return !submission_is_empty(sent) && sent->n_references == 0 && sent->id < 0 && sent->version == 0 &&
           !stands_aside(&of->subject);
}

/* By the subject as it is: the state that was read decides, and what it says holds for the next one, too. */
static bool may_stay(const member_t *member)
{
    const subject_state_t *state = &member->asked->state;
    bool normalizes = config_is_or(&state->config, CONFIG_NORMALIZE, member->r.policy->normalize);
    return member->asked->enough && state->line_id == 0 && state->scopes.alias_of.at == NULL &&
           state->context_id >= 0 && state->mode != MODE_IMPORT && state->mode != MODE_FORWARD &&
           !inherits_anything(state) && (member->r.sent.normalize || !normalizes);
}

/* One subject and one schema are in a group once: who comes later rests on what becomes of who was first. */
static bool is_second(const group_t *group, const registration_t *r, const subject_name_t *subject)
{
    for (size_t i = 0; i < group->n; i++) {
        const member_t *other = &group->members[i];
        if (text_eq(other->of->subject.qualified, subject->qualified) ||
            (identity_same(&other->r.candidate.identity, &r->candidate.identity) &&
             text_eq(other->of->subject.context, subject->context)))
            return true;
    }
    return false;
}

/* --- the steps ----------------------------------------------------------------------------------------------------------- */

/* The reason moves from the transaction, which goes on, to the registration. */
static void refuse(group_t *group, registering_t *of)
{
    *of->err = *tx_err(group->tx);
    err_clear(tx_err(group->tx));
    of->outcome = REGISTER_REFUSED;
}

static void join(group_t *group, registering_t *of)
{
    member_t *member = &group->members[group->n];
    of->outcome = REGISTER_ALONE;
    of->out = (registered_t){0};
    if (!may_join(of))
        return;
    *member = (member_t){.of = of,
                         .r = {.tx = group->tx,
                               .who = &of->who,
                               .policy = group->policy,
                               .sent = of->sent,
                               .force = of->force,
                               .out = &of->out}};
    registration_t *r = &member->r;
    r->sent.normalize |= group->policy->normalize; /* a config may say otherwise: may_stay */
    if (rule_set_check(of->sent.rule_set, tx_err(group->tx)) != 0 ||
        subject_name_check(&of->subject, tx_err(group->tx)) != 0 ||
        candidate_read(group->tx, &r->sent, &of->subject, true, group->policy, &r->candidate) != 0)
        refuse(group, of);
    else if (!is_second(group, r, &of->subject)) {
        group->n++;
        return;
    }
    candidate_dispose(&r->candidate);
}

/* Who is not its subject's only writer now, or needs more than there is, leaves. */
static int read_states(group_t *group)
{
    state_ask_t *asks = ARENA_ARRAY(tx_arena(group->tx), state_ask_t, group->n);
    size_t n = 0;
    for (size_t i = 0; i < group->n; i++)
        asks[i] =
            (state_ask_t){.name = group->members[i].of->subject, .candidate = &group->members[i].r.candidate};
    if (subject_states_try(group->tx, asks, group->n, group->policy) != 0)
        return -1;
    for (size_t i = 0; i < group->n; i++) {
        member_t *member = &group->members[i];
        member->asked = &asks[i];
        bool stays = asks[i].locked && may_stay(member);
        if (asks[i].locked && !stays && asks[i].enough)
            stand_aside(&asks[i].name);
        if (!stays) {
            candidate_dispose(&member->r.candidate);
            continue;
        }
        member->r.state = asks[i].state;
        group->members[n++] = *member;
    }
    group->n = n;
    return 0;
}

/* Has the schemas that nearly every level compares with at hand, those that are not cached by one statement. */
static int warm(group_t *group, stored_schema_t *schemas, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < group->n; i++) {
        const subject_state_t *state = &group->members[i].r.state;
        const state_version_t *latest = state_latest(state);
        if (latest == NULL || config_level(&state->config) == LEVEL_NONE)
            continue;
        schemas[(*n)++] = (stored_schema_t){.context_id = state->context_id,
                                            .id = latest->schema_id,
                                            .identity = latest->identity,
                                            .format = latest->format};
    }
    return stored_schemas_get(group->tx, schemas, *n, group->policy);
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A verdict that takes long holds up the others: its subject stands aside next time, and after a while the rest goes alone. */
enum { SLOW_US = 2000, PATIENCE_US = 10000 };

/* Those that are to be written, in *out. */
static size_t decide(group_t *group, registration_t **out)
{
    size_t n = 0;
    int64_t begun = now_us(), before = begun, now;
    for (size_t i = 0; i < group->n && before - begun < PATIENCE_US; i++, before = now) {
        member_t *member = &group->members[i];
        int decided = registration_decide(&member->r);
        if (decided < 0) {
            refuse(group, member->of);
        } else if (decided > 0) {
            member->of->outcome = REGISTER_DONE;
        } else if (registration_is_plain(&member->r)) {
            member->of->outcome = REGISTER_DONE;
            out[n++] = &member->r;
        }
        now = now_us();
        if (now - before > SLOW_US)
            stand_aside(&member->of->subject);
    }
    return n;
}

int versions_register(tx_t *tx, registering_t *all, size_t n, const policy_t *policy)
{
    arena_t *arena = tx_arena(tx);
    group_t group = {.tx = tx, .policy = policy, .members = ARENA_ARRAY(arena, member_t, n)};
    stored_schema_t *schemas = ARENA_ARRAY(arena, stored_schema_t, n);
    registration_t **plain = ARENA_ARRAY(arena, registration_t *, n);
    size_t n_schemas = 0, n_plain;
    int rc = 0;
    for (size_t i = 0; i < n; i++)
        join(&group, &all[i]);
    if (group.n > 0) {
        rc = read_states(&group);
        if (rc == 0)
            rc = warm(&group, schemas, &n_schemas);
        if (rc == 0 && (n_plain = decide(&group, plain)) > 0)
            rc = registrations_write(tx, plain, n_plain);
    }
    stored_schemas_unref(schemas, n_schemas);
    for (size_t i = 0; i < group.n; i++)
        candidate_dispose(&group.members[i].r.candidate);
    return rc;
}

/* Laws of the registry's tables under random concurrent use: whatever several servers do at once, afterwards every invariant
 * holds and nothing failed in a way that is not a plain refusal. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/config.h"
#include "catalog/context.h"
#include "catalog/lookup.h"
#include "catalog/mode.h"
#include "catalog/register.h"
#include "catalog/removal.h"
#include "catalog/schema_cache.h"
#include "tests/support/cluster.h"

static char conninfo[256];

static const policy_t policy = {
    .level = LEVEL_BACKWARD,
    .validate_new_schemas = true,
    .mode_mutable = true,
    .limits = LIMITS_DEFAULT,
};
static const who_t who = {.actor = TEXT("test"), .request_id = TEXT("r")};

static void setup(void)
{
    cluster_database(conninfo, sizeof conninfo);
    schema_cache_clear();
}

static db_t *connect_now(void)
{
    err_t err = {.code = ERR_NONE};
    db_options_t options = {.conninfo = conninfo,
                            .connect_timeout_ms = 5000,
                            .statement_timeout_ms = 30000,
                            .application = "check_laws"};
    db_t *db = db_open(&options, &err);
    ck_assert_msg(db != NULL, "%s", err.text);
    return db;
}

/* Asks on a connection of its own, in a thread of its own. */
static void *ask_apart(void *sql)
{
    cluster_ask(conninfo, sql);
    return NULL;
}

/* --- one operation ------------------------------------------------------------------------------------------------------- */

typedef enum {
    OP_REGISTER,
    OP_IMPORT,
    OP_LOOKUP,
    OP_DELETE_VERSION,
    OP_DELETE_SUBJECT,
    OP_CONFIG,
    OP_MODE,
    OP_DELETE_CONTEXT,
} op_kind_t;

typedef struct {
    op_kind_t kind;
    char subject[64];
    char text[256];
    reference_t reference;
    char reference_subject[64];
    bool refers, permanent;
    int32_t version, id;
    int32_t got_id, got_version;
} op_t;

/* The reference points into the operation, which was copied. */
static submission_t submission_of(op_t *op)
{
    submission_t submission = SUBMISSION_EMPTY;
    submission.text = text_of(op->text);
    if (op->refers) {
        op->reference.subject = text_of(op->reference_subject);
        submission.references = &op->reference;
        submission.n_references = 1;
    }
    return submission;
}

static int register_op(tx_t *tx, op_t *op, const subject_name_t *subject)
{
    submission_t submission = submission_of(op);
    registered_t registered;
    if (op->kind == OP_IMPORT) {
        submission.id = op->id;
        submission.version = op->version;
    }
    if (version_register(tx, &who, subject, &submission, false, &policy, &registered) != 0)
        return -1;
    op->got_id = registered.id;
    op->got_version = registered.version;
    return 0;
}

static int run_op(tx_t *tx, void *arg)
{
    op_t *op = arg;
    arena_t *arena = tx_arena(tx);
    subject_name_t subject = subject_name_parse(text_of(op->subject), TEXT_NONE, arena);
    config_patch_t patch = {.given = {[CONFIG_LEVEL] = true}};
    config_t config;
    version_t version;
    seen_t seen;
    int32_t gone, *all_gone;
    size_t n;
    submission_t submission = submission_of(op);
    switch (op->kind) {
    case OP_REGISTER:
    case OP_IMPORT:
        return register_op(tx, op, &subject);
    case OP_LOOKUP:
        return version_lookup(tx, &subject, &submission, op->permanent, &policy, &version, &seen);
    case OP_DELETE_VERSION:
        return version_delete(tx, &who, &subject, op->version, op->permanent, &gone);
    case OP_DELETE_SUBJECT:
        return subject_delete(tx, &who, &subject, op->permanent, &all_gone, &n);
    case OP_CONFIG:
        patch.config.values[CONFIG_LEVEL] = op->version == 1   ? TEXT("FULL_TRANSITIVE")
                                            : op->version == 2 ? TEXT("NONE")
                                                               : TEXT_NONE;
        return config_set(tx, &who, &subject, &patch, &config);
    case OP_MODE:
        return mode_set(tx, &who, &subject,
                        op->version == 1   ? MODE_IMPORT
                        : op->version == 9 ? MODE_READONLY
                                           : MODE_READWRITE,
                        op->permanent, &policy);
    case OP_DELETE_CONTEXT:
        return context_delete(tx, &who, subject.context);
    }
    return -1;
}

static err_code_t run(db_t *db, op_t *op, char *why, size_t bytes)
{
    arena_t *arena = arena_new();
    err_t err = {.code = ERR_NONE};
    bool reads = op->kind == OP_LOOKUP;
    if (db_run(db, reads ? TX_READ : TX_WRITE, arena, run_op, NULL, op, &err) != 0 && why != NULL)
        snprintf(why, bytes, TEXT_FMT, TEXT_ARG(err_text(&err)));
    arena_free(arena);
    return err.code;
}

/* --- several registrations in one transaction ------------------------------------------------------------------------------ */

enum { GROUP_MAX = 16 };

typedef struct {
    op_t *ops;
    size_t n;
    registering_t all[GROUP_MAX];
    err_t errs[GROUP_MAX];
    char request_ids[GROUP_MAX][32];
} group_t;

static int run_group(tx_t *tx, void *arg)
{
    group_t *group = arg;
    for (size_t i = 0; i < group->n; i++) {
        op_t *op = &group->ops[i];
        err_clear(&group->errs[i]);
        group->all[i] = (registering_t){
            .who = {.actor = TEXT("group"), .request_id = text_of(group->request_ids[i])},
            .subject = subject_name_parse(text_of(op->subject), TEXT_NONE, tx_arena(tx)),
            .sent = submission_of(op),
            .err = &group->errs[i],
        };
        if (op->kind == OP_IMPORT) {
            group->all[i].sent.id = op->id;
            group->all[i].sent.version = op->version;
        }
    }
    return versions_register(tx, group->all, group->n, &policy);
}

/* Together what can be, then each of the rest alone, as a server does. The codes; what was left alone is counted. */
static size_t run_together(db_t *db, op_t *ops, size_t n, err_code_t *codes)
{
    static _Atomic unsigned number;
    arena_t *arena = arena_new();
    group_t *group = calloc(1, sizeof *group);
    err_t err = {.code = ERR_NONE};
    size_t n_alone = 0;
    group->ops = ops;
    group->n = n;
    for (size_t i = 0; i < n; i++)
        snprintf(group->request_ids[i], sizeof group->request_ids[i], "group-%u", number++);
    bool failed = db_run(db, TX_WRITE, arena, run_group, NULL, group, &err) != 0;
    for (size_t i = 0; i < n; i++) {
        const registering_t *it = &group->all[i];
        codes[i] = it->outcome == REGISTER_REFUSED ? group->errs[i].code : ERR_NONE;
        if (failed || it->outcome == REGISTER_ALONE) {
            n_alone++;
            codes[i] = run(db, &ops[i], NULL, 0);
        } else if (it->outcome == REGISTER_DONE) {
            ops[i].got_id = it->out.id;
            ops[i].got_version = it->out.version;
        }
    }
    free(group);
    arena_free(arena);
    return n_alone;
}

/* --- laws ---------------------------------------------------------------------------------------------------------------- */

/* Each counts the rows that break it. */
static const struct {
    const char *law, *sql;
} laws[] = {
    {"a subject is live if and only if it has a live version",
     "SELECT count(*) FROM subject s WHERE live <> EXISTS (SELECT FROM subject_version v WHERE v.subject_id "
     "= s.id "
     "AND deleted_at IS NULL)"},
    {"a subject has a version",
     "SELECT count(*) FROM subject s WHERE NOT EXISTS (SELECT FROM subject_version v "
     "WHERE v.subject_id = s.id)"},
    {"a version has a subject, and its context",
     "SELECT count(*) FROM subject_version v LEFT JOIN subject s ON s.id = v.subject_id "
     "WHERE s.context_id IS DISTINCT FROM v.context_id"},
    {"a version has a schema",
     "SELECT count(*) FROM subject_version v LEFT JOIN schema sc ON (sc.context_id, sc.id) = (v.context_id, "
     "v.schema_id) WHERE sc.id IS NULL"},
    {"a schema is used",
     "SELECT count(*) FROM schema sc WHERE NOT EXISTS (SELECT FROM subject_version v WHERE (v.context_id, "
     "v.schema_id) = (sc.context_id, sc.id))"},
    {"an identity has one owner in a context", "SELECT count(*) FROM (SELECT FROM schema GROUP BY "
                                               "context_id, identity HAVING count(*) FILTER (WHERE owner) "
                                               "<> 1) broken"},
    {"a reference leads to a version", "SELECT count(*) FROM schema_reference r WHERE NOT EXISTS (SELECT "
                                       "FROM subject_version v WHERE (v.subject_id, "
                                       "v.version) = (r.target_subject_id, r.version))"},
    {"what a live schema refers to is live",
     "SELECT count(*) FROM schema_reference r JOIN subject_version t ON (t.subject_id, t.version) = "
     "(r.target_subject_id, r.version) WHERE t.deleted_at IS NOT NULL AND EXISTS (SELECT FROM "
     "subject_version u "
     "WHERE (u.context_id, u.schema_id) = (r.context_id, r.schema_id) AND u.deleted_at IS NULL)"},
    {"a subject is in a context that exists", "SELECT count(*) FROM subject s LEFT JOIN context c ON c.id = "
                                              "s.context_id WHERE c.id IS NULL OR c.deleted_at "
                                              "IS NOT NULL"},
    {"no id is above its sequence",
     "SELECT count(*) FROM schema WHERE id > pg_sequence_last_value(('schema_id_' || context_id)::regclass)"},
    {"a live version is once in a subject, but for imports",
     "SELECT count(*) FROM (SELECT FROM subject_version v JOIN subject s ON s.id = v.subject_id WHERE "
     "deleted_at IS "
     "NULL AND s.name NOT LIKE 'i%' GROUP BY subject_id, schema_id HAVING count(*) > 1) broken"},
    {"every registration is among the changes",
     "SELECT count(*) FROM subject_version v JOIN subject s ON s.id = v.subject_id WHERE NOT EXISTS (SELECT "
     "FROM "
     "audit c WHERE c.kind = 'schema.registered' AND c.subject = s.name AND c.version = v.version AND "
     "c.schema_id = v.schema_id)"},
    {"of what groups did, each has its own request",
     "SELECT count(*) FROM (SELECT FROM audit WHERE actor = 'group' GROUP BY request_id HAVING count(*) > 1) "
     "broken"},
    {"what waits for delivery is a change",
     "SELECT count(*) FROM outbox o FULL JOIN audit c USING (seq) WHERE o.seq IS NULL OR c.seq IS NULL"},
};

static void ck_laws(void)
{
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++)
        ck_assert_msg(strcmp(cluster_ask(conninfo, laws[i].sql), "0") == 0, "broken: %s", laws[i].law);
}

/* --- random use ---------------------------------------------------------------------------------------------------------- */

static void random_text(op_t *op, unsigned *seed)
{
    static const char *const fields[] = {
        "{\"name\":\"a\",\"type\":\"int\",\"default\":1}",
        "{\"name\":\"b\",\"type\":\"string\",\"default\":\"\"}",
        "{\"name\":\"c\",\"type\":\"long\",\"default\":0}",
        "{\"name\":\"a\",\"type\":\"string\",\"default\":\"\"}",
    };
    unsigned n = (unsigned)rand_r(seed);
    op->refers = n % 8 == 0;
    if (op->refers) {
        snprintf(op->reference_subject, sizeof op->reference_subject, "s%u", n / 8 % 4);
        op->reference = (reference_t){TEXT("R"), text_of(op->reference_subject), n / 32 % 2 ? -1 : 1};
        snprintf(op->text, sizeof op->text,
                 "{\"type\":\"record\",\"name\":\"Q\",\"fields\":[{\"name\":\"r\",\"type\":\"R\"}]}");
        return;
    }
    snprintf(op->text, sizeof op->text, "{\"type\":\"record\",\"name\":\"R\",\"fields\":[%s%s%s]}",
             fields[n / 8 % 4], n / 32 % 2 ? "," : "", n / 32 % 2 ? fields[1 + (n / 8 % 4 == 1)] : "");
}

static op_t random_op(unsigned *seed)
{
    static const char *const contexts[] = {"", "", "", ":.x:", ":.y:"};
    unsigned n = (unsigned)rand_r(seed) % 100;
    op_t op = {
        .kind = n < 50   ? OP_REGISTER
                : n < 60 ? OP_IMPORT
                : n < 66 ? OP_LOOKUP
                : n < 80 ? OP_DELETE_VERSION
                : n < 88 ? OP_DELETE_SUBJECT
                : n < 92 ? OP_CONFIG
                : n < 98 ? OP_MODE
                         : OP_DELETE_CONTEXT,
        .permanent = rand_r(seed) % 2,
        .version = 1 + rand_r(seed) % 3,
        .id = 1 + rand_r(seed) % 40,
    };
    bool imports = op.kind == OP_IMPORT || op.kind == OP_MODE || rand_r(seed) % 8 == 0;
    snprintf(op.subject, sizeof op.subject, "%s%c%d", contexts[rand_r(seed) % 5], imports ? 'i' : 's',
             rand_r(seed) % 4);
    random_text(&op, seed);
    return op;
}

typedef struct {
    unsigned seed;
    char failure[512];
    int done[2]; /* refused, done */
    bool in_groups;
    size_t grouped, alone;
} user_t;

static bool is_fault(err_code_t code)
{
    return code == ERR_INTERNAL || code == ERR_STORE || code == ERR_STORE_TIMEOUT ||
           code == ERR_BODY_MALFORMED;
}

static void use_group(user_t *user, db_t *db)
{
    op_t ops[GROUP_MAX];
    err_code_t codes[GROUP_MAX];
    size_t n = 0, wanted = 2 + (size_t)rand_r(&user->seed) % (GROUP_MAX - 1);
    while (n < wanted) {
        ops[n] = random_op(&user->seed);
        n += ops[n].kind == OP_REGISTER || ops[n].kind == OP_IMPORT;
    }
    user->grouped += n;
    user->alone += run_together(db, ops, n, codes);
    for (size_t i = 0; i < n; i++) {
        if (is_fault(codes[i]))
            snprintf(user->failure, sizeof user->failure, "in a group, on %s: %s", ops[i].subject,
                     err_name(codes[i]));
        user->done[codes[i] == ERR_NONE]++;
    }
}

static void *use(void *arg)
{
    user_t *user = arg;
    db_t *db = connect_now();
    for (int i = 0; i < 400 && user->failure[0] == '\0'; i++) {
        op_t op = random_op(&user->seed);
        char why[400] = "";
        if (user->in_groups && i % 2 == 0) {
            use_group(user, db);
            continue;
        }
        err_code_t code = run(db, &op, why, sizeof why);
        if (is_fault(code))
            snprintf(user->failure, sizeof user->failure, "operation %d on %s: %s: %s", op.kind, op.subject,
                     err_name(code), why);
        user->done[code == ERR_NONE]++;
    }
    db_close(db);
    return NULL;
}

enum { USERS = 6 };

static void use_by_many(user_t users[USERS], unsigned seed, bool in_groups)
{
    pthread_t threads[USERS];
    for (int i = 0; i < USERS; i++) {
        users[i] = (user_t){.seed = seed * 100 + (unsigned)i + 1, .in_groups = in_groups};
        pthread_create(&threads[i], NULL, use, &users[i]);
    }
    int refused = 0, done = 0;
    for (int i = 0; i < USERS; i++) {
        pthread_join(threads[i], NULL);
        refused += users[i].done[0];
        done += users[i].done[1];
    }
    for (int i = 0; i < USERS; i++)
        ck_assert_msg(users[i].failure[0] == '\0', "%s", users[i].failure);
    ck_assert_int_gt(done, 300);
    ck_assert_int_gt(refused, 100);
    ck_laws();
}

START_TEST(the_laws_hold_after_random_use_by_many)
{
    user_t users[USERS];
    use_by_many(users, (unsigned)_i, false);
}
END_TEST

START_TEST(the_laws_hold_after_random_use_in_groups)
{
    user_t users[USERS];
    size_t grouped = 0, alone = 0;
    use_by_many(users, 50 + (unsigned)_i, true);
    for (int i = 0; i < USERS; i++) {
        grouped += users[i].grouped;
        alone += users[i].alone;
    }
    ck_assert_uint_gt(grouped - alone, 100);
    ck_assert_uint_gt(alone, 100);
}
END_TEST

/* --- races with one right outcome ---------------------------------------------------------------------------------------- */

typedef struct {
    op_t op;
    err_code_t code;
    char why[400];
    pthread_barrier_t *start;
} racer_t;

static void *race(void *arg)
{
    racer_t *racer = arg;
    db_t *db = connect_now();
    pthread_barrier_wait(racer->start);
    racer->code = run(db, &racer->op, racer->why, sizeof racer->why);
    db_close(db);
    return NULL;
}

enum { RACERS = 12 };

static void run_race(racer_t racers[RACERS])
{
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, RACERS);
    for (int i = 0; i < RACERS; i++) {
        racers[i].start = &start;
        pthread_create(&threads[i], NULL, race, &racers[i]);
    }
    for (int i = 0; i < RACERS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
}

START_TEST(one_schema_under_many_subjects_at_once_gets_one_id)
{
    racer_t racers[RACERS] = {0};
    for (int i = 0; i < RACERS; i++) {
        racers[i].op.kind = OP_REGISTER;
        snprintf(racers[i].op.subject, sizeof racers[i].op.subject, ":.new:s%d", i);
        snprintf(racers[i].op.text, sizeof racers[i].op.text, "\"string\"");
    }
    run_race(racers); /* they make the context, too */
    for (int i = 0; i < RACERS; i++) {
        ck_assert_msg(racers[i].code == ERR_NONE, "%s", racers[i].why);
        ck_assert_int_eq(racers[i].op.got_id, racers[0].op.got_id);
        ck_assert_int_eq(racers[i].op.got_version, 1);
    }
    ck_laws();
}
END_TEST

START_TEST(different_schemas_in_one_subject_at_once_get_consecutive_versions)
{
    racer_t racers[RACERS] = {0};
    bool seen[RACERS + 1] = {false};
    for (int i = 0; i < RACERS; i++) {
        racers[i].op.kind = OP_REGISTER;
        snprintf(racers[i].op.subject, sizeof racers[i].op.subject, "s");
        snprintf(racers[i].op.text, sizeof racers[i].op.text,
                 "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f%d\",\"type\":\"int\","
                 "\"default\":0}]}",
                 i);
    }
    run_race(racers);
    for (int i = 0; i < RACERS; i++) {
        ck_assert_msg(racers[i].code == ERR_NONE, "%s", racers[i].why);
        ck_assert_int_le(racers[i].op.got_version, RACERS);
        ck_assert(!seen[racers[i].op.got_version]);
        seen[racers[i].op.got_version] = true;
    }
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT count(*) || ' ' || max(id) FROM schema"), "12 12");
    ck_laws();
}
END_TEST

/* Half of them would each be the first to break the other half. */
START_TEST(no_verdict_rests_on_a_history_that_is_over)
{
    racer_t racers[RACERS] = {0};
    int done = 0;
    for (int i = 0; i < RACERS; i++) {
        racers[i].op.kind = OP_REGISTER;
        snprintf(racers[i].op.subject, sizeof racers[i].op.subject, "s");
        snprintf(racers[i].op.text, sizeof racers[i].op.text,
                 "{\"type\":\"fixed\",\"name\":\"F\",\"size\":%d}", i + 1);
    }
    run_race(racers);
    for (int i = 0; i < RACERS; i++) {
        done += racers[i].code == ERR_NONE;
        ck_assert_msg(racers[i].code == ERR_NONE || racers[i].code == ERR_INCOMPATIBLE, "%s", racers[i].why);
    }
    ck_assert_int_eq(done, 1);
    ck_laws();
}
END_TEST

START_TEST(a_delete_and_a_reference_to_it_do_not_both_succeed)
{
    for (int round = 0; round < 6; round++) {
        db_t *db = connect_now();
        op_t target = {.kind = OP_REGISTER, .text = "{\"type\":\"fixed\",\"name\":\"R\",\"size\":1}"};
        snprintf(target.subject, sizeof target.subject, "target%d", round);
        ck_assert_int_eq(run(db, &target, NULL, 0), ERR_NONE);
        db_close(db);
        racer_t racers[RACERS] = {0};
        for (int i = 0; i < RACERS; i++) {
            op_t *op = &racers[i].op;
            if (i % 4 == 0) {
                *op = (op_t){.kind = OP_DELETE_VERSION, .version = 1};
                snprintf(op->subject, sizeof op->subject, "target%d", round);
                continue;
            }
            *op = (op_t){.kind = OP_REGISTER, .refers = true};
            snprintf(op->subject, sizeof op->subject, "r%d-%d", round, i);
            snprintf(op->text, sizeof op->text,
                     "{\"type\":\"record\",\"name\":\"Q%d\",\"fields\":[{\"name\":\"r\",\"type\":\"R\"}]}",
                     i);
            snprintf(op->reference_subject, sizeof op->reference_subject, "target%d", round);
            op->reference = (reference_t){TEXT("R"), text_of(op->reference_subject), -1};
        }
        run_race(racers);
        for (int i = 0; i < RACERS; i++)
            ck_assert_msg(racers[i].code == ERR_NONE || racers[i].code == ERR_REFERENCE_EXISTS ||
                              racers[i].code == ERR_SCHEMA_INVALID ||
                              racers[i].code == ERR_VERSION_SOFT_DELETED,
                          "%s", racers[i].why);
        ck_laws();
    }
}
END_TEST

/* --- groups -------------------------------------------------------------------------------------------------------------- */

#define RECORD(fields) "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" fields "]}"
#define FIELD(name)    "{\"name\":\"" name "\",\"type\":\"int\",\"default\":0}"

/* One group of them all, in this order. version: the one it got, in the group or after it; 0: refused. */
static const struct {
    const char *name, *subject, *text;
    bool alone;
    err_code_t code;
    int version;
} mixed[] = {
    {"a new subject", "new", RECORD(FIELD("n")), false, ERR_NONE, 1},
    {"the next version", "there", RECORD(FIELD("a") "," FIELD("b")), false, ERR_NONE, 2},
    {"what is there already", "same", RECORD(FIELD("s")), false, ERR_NONE, 1},
    {"what breaks readers", "strict", "\"int\"", false, ERR_INCOMPATIBLE, 0},
    {"no schema", "bad", "{\"type\":\"nothing\"}", false, ERR_SCHEMA_INVALID, 0},
    {"a name that cannot be", "a\x01", "\"long\"", false, ERR_SUBJECT_INVALID, 0},
    {"a subject that takes no versions", "closed", "\"long\"", false, ERR_OPERATION_NOT_PERMITTED, 0},
    {"a subject that looks at every version", "transitive", RECORD(FIELD("t3")), false, ERR_NONE, 3},
    {"the same subject again", "new", RECORD(FIELD("n") "," FIELD("o")), true, ERR_NONE, 2},
    {"the same schema again", "newer", RECORD(FIELD("n")), true, ERR_NONE, 1},
    {"a subject without live versions", "gone", "\"double\"", true, ERR_NONE, 2},
    {"a schema that another subject has", "other", RECORD(FIELD("s")), true, ERR_NONE, 1},
    {"a context that is not there", ":.none:s", "\"float\"", true, ERR_NONE, 1},
};
enum { MIXED = sizeof mixed / sizeof *mixed };

static void prepare_mixed(db_t *db)
{
    op_t before[] = {
        {.kind = OP_REGISTER, .subject = "there", .text = RECORD(FIELD("a"))},
        {.kind = OP_REGISTER, .subject = "same", .text = RECORD(FIELD("s"))},
        {.kind = OP_REGISTER, .subject = "strict", .text = "\"string\""},
        {.kind = OP_REGISTER, .subject = "transitive", .text = RECORD(FIELD("t1"))},
        {.kind = OP_REGISTER, .subject = "transitive", .text = RECORD(FIELD("t2"))},
        {.kind = OP_CONFIG, .subject = "transitive", .version = 1},
        {.kind = OP_REGISTER, .subject = "gone", .text = "\"bytes\""},
        {.kind = OP_DELETE_SUBJECT, .subject = "gone"},
        {.kind = OP_MODE, .subject = "closed", .version = 9},
    };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        ck_assert_int_eq(run(db, &before[i], NULL, 0), ERR_NONE);
    op_t again = {.kind = OP_REGISTER, .subject = "transitive", .text = RECORD(FIELD("t2"))};
    ck_assert_int_eq(run(db, &again, NULL, 0),
                     ERR_NONE); /* it is known now that all its versions are needed */
}

START_TEST(a_group_decides_as_if_each_had_come_alone)
{
    db_t *db = connect_now();
    op_t ops[MIXED];
    err_code_t codes[MIXED];
    size_t n_alone = 0;
    prepare_mixed(db);
    for (int i = 0; i < MIXED; i++) {
        ops[i] = (op_t){.kind = OP_REGISTER};
        snprintf(ops[i].subject, sizeof ops[i].subject, "%s", mixed[i].subject);
        snprintf(ops[i].text, sizeof ops[i].text, "%s", mixed[i].text);
        n_alone += mixed[i].alone;
    }
    ck_assert_uint_eq(run_together(db, ops, MIXED, codes), n_alone);
    for (int i = 0; i < MIXED; i++) {
        ck_assert_msg(codes[i] == mixed[i].code, "%s: %s", mixed[i].name, err_name(codes[i]));
        ck_assert_msg(ops[i].got_version == mixed[i].version, "%s: version %d", mixed[i].name,
                      ops[i].got_version);
    }
    /* in the group: one transaction, three changes, each with its own place, request and event */
    ck_assert_str_eq(cluster_ask(conninfo,
                                 "SELECT count(DISTINCT xid) || ' ' || count(DISTINCT seq) || ' ' || "
                                 "count(DISTINCT request_id) FROM audit WHERE actor = 'group'"),
                     "1 3 3");
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT string_agg(o.subject, ' ' ORDER BY o.subject) "
                                           "FROM outbox o JOIN audit USING (seq) WHERE actor = 'group'"),
                     "new there transitive");
    db_close(db);
    ck_laws();
}
END_TEST

START_TEST(a_group_does_not_wait_for_a_subject_that_somebody_else_writes)
{
    db_t *db = connect_now();
    pthread_t holder;
    char hold[400];
    snprintf(hold, sizeof hold, "SELECT pg_advisory_lock(hashtextextended('busy', 2)), pg_sleep(1)");
    pthread_create(&holder, NULL, ask_apart, hold);
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT pg_sleep(0.3)"), "");
    op_t ops[3] = {
        {.kind = OP_REGISTER, .subject = "first", .text = "\"int\""},
        {.kind = OP_REGISTER, .subject = "busy", .text = "\"string\""},
        {.kind = OP_REGISTER, .subject = "last", .text = "\"long\""},
    };
    err_code_t codes[3];
    ck_assert_uint_eq(run_together(db, ops, 3, codes), 1);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(codes[i], ERR_NONE);
    ck_assert_str_eq(cluster_ask(conninfo, "SELECT subject FROM audit ORDER BY seq DESC LIMIT 1"), "busy");
    pthread_join(holder, NULL);
    db_close(db);
    ck_laws();
}
END_TEST

enum { CROWD = 8 };

typedef struct {
    int number;
    bool same_schemas;
    op_t ops[GROUP_MAX];
    err_code_t codes[GROUP_MAX];
    pthread_barrier_t *start;
} crowd_t;

/* Every group has the same subjects, each in another order. */
static void *join_crowd(void *arg)
{
    crowd_t *it = arg;
    db_t *db = connect_now();
    for (int i = 0; i < GROUP_MAX; i++) {
        int subject = (i * (2 * it->number + 1) + it->number) % GROUP_MAX;
        it->ops[i] = (op_t){.kind = OP_REGISTER};
        snprintf(it->ops[i].subject, sizeof it->ops[i].subject, "crowd-%d", subject);
        snprintf(it->ops[i].text, sizeof it->ops[i].text,
                 RECORD("{\"name\":\"f%d\",\"type\":\"int\",\"default\":%d}"),
                 it->same_schemas ? 0 : it->number, it->same_schemas ? subject / 2 : subject);
    }
    pthread_barrier_wait(it->start);
    run_together(db, it->ops, GROUP_MAX, it->codes);
    db_close(db);
    return NULL;
}

static void run_crowd(crowd_t crowd[CROWD], bool same_schemas)
{
    pthread_t threads[CROWD];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, CROWD);
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = (crowd_t){.number = i, .same_schemas = same_schemas, .start = &start};
        pthread_create(&threads[i], NULL, join_crowd, &crowd[i]);
    }
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    for (int i = 0; i < CROWD; i++)
        for (int k = 0; k < GROUP_MAX; k++)
            ck_assert_msg(crowd[i].codes[k] == ERR_NONE, "%s: %s", crowd[i].ops[k].subject,
                          err_name(crowd[i].codes[k]));
}

START_TEST(groups_with_the_same_subjects_at_once_leave_no_gap)
{
    static crowd_t crowd[CROWD];
    run_crowd(crowd, false);
    ck_assert_str_eq(cluster_ask(conninfo,
                                 "SELECT count(*) || ' ' || min(n) || ' ' || max(n) || ' ' || max(top) FROM "
                                 "(SELECT count(*) n, max(version) top FROM subject_version GROUP BY "
                                 "subject_id) counted"),
                     "16 8 8 8");
    ck_laws();
}
END_TEST

/* Two subjects have one schema, and all groups bring all of them. */
START_TEST(groups_with_the_same_schemas_at_once_give_each_one_id)
{
    static crowd_t crowd[CROWD];
    run_crowd(crowd, true);
    ck_assert_str_eq(cluster_ask(conninfo,
                                 "SELECT (SELECT count(*) FROM schema) || ' ' || count(*) || ' ' || "
                                 "max(version) FROM subject_version"),
                     "8 16 1");
    ck_laws();
}
END_TEST

/* --- ids ----------------------------------------------------------------------------------------------------------------- */

START_TEST(refused_and_repeated_registrations_use_no_ids)
{
    db_t *db = connect_now();
    op_t good = {.kind = OP_REGISTER, .subject = "s", .text = "\"string\""};
    op_t bad = {.kind = OP_REGISTER, .subject = "s", .text = "\"int\""};
    op_t other = {.kind = OP_REGISTER, .subject = "t", .text = "\"long\""};
    ck_assert_int_eq(run(db, &good, NULL, 0), ERR_NONE);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(run(db, &good, NULL, 0), ERR_NONE);
        ck_assert_int_eq(run(db, &bad, NULL, 0), ERR_INCOMPATIBLE);
    }
    ck_assert_int_eq(run(db, &other, NULL, 0), ERR_NONE);
    ck_assert_int_eq(other.got_id, good.got_id + 1);
    db_close(db);
}
END_TEST

START_TEST(an_id_is_never_given_twice)
{
    db_t *db = connect_now();
    op_t put = {.kind = OP_REGISTER, .subject = ":.c:s", .text = "\"string\""};
    op_t hide = {.kind = OP_DELETE_SUBJECT, .subject = ":.c:s"};
    op_t remove = {.kind = OP_DELETE_SUBJECT, .subject = ":.c:s", .permanent = true};
    op_t forget = {.kind = OP_DELETE_CONTEXT, .subject = ":.c:"};
    for (int i = 1; i <= 3; i++) {
        ck_assert_int_eq(run(db, &put, NULL, 0), ERR_NONE);
        ck_assert_int_eq(put.got_id, i);
        ck_assert_int_eq(run(db, &forget, NULL, 0), ERR_CONTEXT_NOT_EMPTY);
        ck_assert_int_eq(run(db, &hide, NULL, 0), ERR_NONE);
        ck_assert_int_eq(run(db, &remove, NULL, 0), ERR_NONE);
        ck_assert_int_eq(run(db, &forget, NULL, 0), ERR_NONE);
    }
    db_close(db);
    ck_laws();
}
END_TEST

START_TEST(an_identity_passes_to_its_other_id)
{
    db_t *db = connect_now();
    op_t mode = {.kind = OP_MODE, .subject = "i", .version = 1};
    op_t first = {.kind = OP_IMPORT, .subject = "i", .text = "\"string\"", .id = 10, .version = 1};
    op_t second = {.kind = OP_IMPORT, .subject = "i", .text = "\"string\"", .id = 20, .version = 2};
    op_t hide = {.kind = OP_DELETE_VERSION, .subject = "i", .version = 1};
    op_t remove = {.kind = OP_DELETE_VERSION, .subject = "i", .version = 1, .permanent = true};
    op_t again = {.kind = OP_REGISTER, .subject = "s", .text = "\"string\""};
    op_t other = {.kind = OP_REGISTER, .subject = "t", .text = "\"string\""};
    ck_assert_int_eq(run(db, &mode, NULL, 0), ERR_NONE);
    ck_assert_int_eq(run(db, &first, NULL, 0), ERR_NONE);
    ck_assert_int_eq(run(db, &second, NULL, 0), ERR_NONE);
    ck_assert_int_eq(run(db, &again, NULL, 0), ERR_NONE);
    ck_assert_int_eq(again.got_id, 10);
    op_t hide_again = {.kind = OP_DELETE_VERSION, .subject = "s", .version = 1};
    op_t remove_again = {.kind = OP_DELETE_VERSION, .subject = "s", .version = 1, .permanent = true};
    ck_assert_int_eq(run(db, &hide_again, NULL, 0), ERR_NONE);
    ck_assert_int_eq(run(db, &remove_again, NULL, 0), ERR_NONE);
    ck_assert_int_eq(run(db, &hide, NULL, 0), ERR_NONE);
    ck_assert_int_eq(run(db, &remove, NULL, 0), ERR_NONE);
    ck_laws();
    ck_assert_int_eq(run(db, &other, NULL, 0), ERR_NONE);
    ck_assert_int_eq(other.got_id, 20);
    db_close(db);
}
END_TEST

int main(void)
{
    cluster_start();
    Suite *suite = suite_create("laws");
    TCase *tcase = tcase_create("laws");
    tcase_set_timeout(tcase, 300);
    tcase_add_checked_fixture(tcase, setup, schema_cache_clear);
    tcase_add_loop_test(tcase, the_laws_hold_after_random_use_by_many, 0, 4);
    tcase_add_loop_test(tcase, the_laws_hold_after_random_use_in_groups, 0, 4);
    tcase_add_test(tcase, a_group_decides_as_if_each_had_come_alone);
    tcase_add_test(tcase, a_group_does_not_wait_for_a_subject_that_somebody_else_writes);
    tcase_add_loop_test(tcase, groups_with_the_same_subjects_at_once_leave_no_gap, 0, 4);
    tcase_add_loop_test(tcase, groups_with_the_same_schemas_at_once_give_each_one_id, 0, 4);
    tcase_add_test(tcase, one_schema_under_many_subjects_at_once_gets_one_id);
    tcase_add_test(tcase, different_schemas_in_one_subject_at_once_get_consecutive_versions);
    tcase_add_test(tcase, no_verdict_rests_on_a_history_that_is_over);
    tcase_add_test(tcase, a_delete_and_a_reference_to_it_do_not_both_succeed);
    tcase_add_test(tcase, refused_and_repeated_registrations_use_no_ids);
    tcase_add_test(tcase, an_id_is_never_given_twice);
    tcase_add_test(tcase, an_identity_passes_to_its_other_id);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    cluster_stop();
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

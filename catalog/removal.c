#include "catalog/removal.h"

#include "catalog/line.h"
#include "catalog/refusal.h"
#include "catalog/state.h"

typedef enum { REFERRED_NOT, REFERRED_BY_DELETED, REFERRED_BY_LIVE } referred_t;

typedef struct {
    int32_t version, schema_id;
    bool deleted;
    text_t identity;
    referred_t referred;
} doomed_t;

/* A subject and those of its versions that a delete is about. */
typedef struct {
    subject_name_t name;
    int32_t context_id;
    int64_t subject_id; /* 0: there is none */
    bool live;
    scopes_t scopes;
    doomed_t *versions; /* ascending */
    size_t n;
} target_t;

enum { ALL_VERSIONS = 0 };

/* --- reading ------------------------------------------------------------------------------------------------------------- */

static int target_read(tx_t *tx, rows_t *rows, target_t *out)
{
    out->versions = ARENA_ARRAY(tx_arena(tx), doomed_t, rows_n(rows));
    for (bool first = true; rows_next(rows); first = false) {
        if (first) {
            out->subject_id = row_is_null(rows, "subject_id") ? 0 : row_i64(rows, "subject_id");
            out->context_id = row_is_null(rows, "context_id") ? 0 : row_i32(rows, "context_id");
            out->live = row_bool(rows, "live");
            if (scopes_read(rows, &out->name, tx_arena(tx), &out->scopes, tx_err(tx)) != 0)
                return -1;
        }
        if (row_is_null(rows, "version"))
            continue;
        out->versions[out->n++] = (doomed_t){
            .version = row_i32(rows, "version"),
            .schema_id = row_i32(rows, "schema_id"),
            .deleted = row_bool(rows, "deleted"),
            .identity = row_text(rows, "identity"),
            .referred = row_is_null(rows, "referred_live") ? REFERRED_NOT
                        : row_bool(rows, "referred_live")  ? REFERRED_BY_LIVE
                                                           : REFERRED_BY_DELETED,
        };
    }
    return row_end(rows);
}

/* Locks the subject, then the rows, so that nobody begins to refer to them; then reads. A version delete counts references from the
 * subject's own other versions, a subject delete does not. */
static int target_get_once(tx_t *tx, const subject_name_t *name, int32_t version, target_t *out)
{
    text_t scopes[SCOPES_MAX];
    size_t n_scopes = scope_chain(name, tx_arena(tx), scopes);
    sql_arg_t which = version == ALL_VERSIONS ? sql_null() : sql_i64(version);
    rows_t *rows;
    *out = (target_t){.name = *name};
    if (subject_lock(tx, name) != 0 ||
        tx_send(tx, STMT_VERSIONS_LOCK, sql_text(name->qualified), which) != 0 ||
        tx_query(tx, STMT_VERSIONS_DOOMED, &rows, sql_text(name->qualified),
                 sql_text_array(scopes, n_scopes, tx_arena(tx)), which,
                 sql_bool(version != ALL_VERSIONS)) != 0)
        return -1;
    return target_read(tx, rows, out);
}

static int target_get(tx_t *tx, const subject_name_t *name, int32_t version, target_t *out)
{
    if (target_get_once(tx, name, version, out) != 0)
        return -1;
    if (out->scopes.alias_of.at == NULL)
        return 0;
    subject_name_t meant = subject_name_parse(out->scopes.alias_of, TEXT_NONE, tx_arena(tx));
    return target_get_once(tx, &meant, version, out);
}

static int check_writable(tx_t *tx, const who_t *who, const target_t *target)
{
    return mode_check_writable(mode_effective(&target->scopes), &target->name, who, tx_err(tx));
}

static int check_references(tx_t *tx, const target_t *target, bool permanent)
{
    for (size_t i = 0; i < target->n; i++) {
        referred_t referred = target->versions[i].referred;
        if (referred == REFERRED_BY_LIVE || (permanent && referred == REFERRED_BY_DELETED))
            return refuse_reference_exists(tx_err(tx), target->name.qualified, target->versions[i].version);
    }
    return 0;
}

/* --- writing ------------------------------------------------------------------------------------------------------------- */

static sql_arg_t versions_array(const target_t *target, arena_t *arena)
{
    int64_t *versions = ARENA_ARRAY(arena, int64_t, target->n);
    for (size_t i = 0; i < target->n; i++)
        versions[i] = target->versions[i].version;
    return sql_i64_array(versions, target->n, arena);
}

/* What the catalog's consumers read is not deleted; what is, its line loses, too. */
static int soften(tx_t *tx, const who_t *who, const target_t *target, int32_t version)
{
    if (line_delete_check(tx, target->name.qualified, version) != 0 ||
        line_versions_deleted(tx, who, target->name.qualified, version) != 0)
        return -1;
    if (tx_send(tx, STMT_VERSIONS_SOFT_DELETE, sql_i64(target->subject_id),
                versions_array(target, tx_arena(tx))) != 0)
        return -1;
    return tx_send(tx, STMT_SUBJECT_SETTLE, sql_i64(target->subject_id));
}

/* References that go with their schemas first, or they would hold versions of the same subject; then versions, schemas that
 * no version uses any more, and the subject with its settings if nothing is left of it. */
static int remove_for_good(tx_t *tx, const target_t *target)
{
    arena_t *arena = tx_arena(tx);
    text_t scopes[SCOPES_MAX];
    int64_t *ids = ARENA_ARRAY(arena, int64_t, target->n);
    text_t *identities = ARENA_ARRAY(arena, text_t, target->n);
    for (size_t i = 0; i < target->n; i++) {
        ids[i] = target->versions[i].schema_id;
        identities[i] = target->versions[i].identity;
    }
    sql_arg_t context = sql_i64(target->context_id), subject = sql_i64(target->subject_id);
    sql_arg_t versions = versions_array(target, arena), schemas = sql_i64_array(ids, target->n, arena);
    scope_chain(&target->name, arena, scopes);
    if (tx_send(tx, STMT_REFERENCE_FORGET, context, schemas, subject, versions) != 0 ||
        tx_send(tx, STMT_VERSIONS_REMOVE, subject, versions) != 0 ||
        tx_send(tx, STMT_SCHEMAS_REMOVE, context, schemas) != 0 ||
        tx_send(tx, STMT_SCHEMA_OWNER_PASS, context, sql_text_array(identities, target->n, arena)) != 0)
        return -1;
    return tx_send(tx, STMT_SUBJECT_REMOVE, subject, sql_text(scopes[0]));
}

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, const target_t *target, const doomed_t *one)
{
    audit_t entry = who_audit(who, kind, &target->name);
    entry.subject = target->name.subject;
    if (one != NULL) {
        entry.version = one->version;
        entry.schema_id = one->schema_id;
        return audit_note(tx, &entry);
    }
    buf_t detail;
    buf_init(&detail, BUF_NO_MAX);
    buf_add_s(&detail, "{\"versions\":[");
    for (size_t i = 0; i < target->n; i++)
        buf_printf(&detail, "%s%d", i == 0 ? "" : ",", target->versions[i].version);
    buf_add_s(&detail, "]}");
    entry.detail = buf_end(&detail, tx_arena(tx));
    return audit_note(tx, &entry);
}

/* --- what is asked ------------------------------------------------------------------------------------------------------- */

int version_delete(tx_t *tx, const who_t *who, const subject_name_t *subject, int32_t version, bool permanent,
                   int32_t *out)
{
    target_t target;
    err_t *err = tx_err(tx);
    if (target_get(tx, subject, version, &target) != 0)
        return -1;
    const doomed_t *doomed = target.n > 0 ? &target.versions[0] : NULL;
    if (doomed != NULL && doomed->deleted && !permanent)
        return refuse_version_soft_deleted(err, target.name.qualified, doomed->version);
    if (target.subject_id == 0)
        return refuse_subject_not_found(err, target.name.qualified);
    if (doomed == NULL)
        return refuse_version_not_found(err, version);
    if (check_writable(tx, who, &target) != 0 || check_references(tx, &target, permanent) != 0)
        return -1;
    if (permanent && !doomed->deleted)
        return refuse_version_not_soft_deleted(err, target.name.qualified, doomed->version);
    *out = doomed->version;
    if ((permanent ? remove_for_good(tx, &target) : soften(tx, who, &target, doomed->version)) != 0)
        return -1;
    return note(tx, who, permanent ? AUDIT_VERSION_HARD_DELETED : AUDIT_VERSION_SOFT_DELETED, &target,
                doomed);
}

/* A soft delete is about the live versions only. */
static void keep_live(target_t *target)
{
    size_t n = 0;
    for (size_t i = 0; i < target->n; i++)
        if (!target->versions[i].deleted)
            target->versions[n++] = target->versions[i];
    target->n = n;
}

int subject_delete(tx_t *tx, const who_t *who, const subject_name_t *subject, bool permanent, int32_t **out,
                   size_t *n)
{
    target_t target;
    err_t *err = tx_err(tx);
    if (target_get(tx, subject, ALL_VERSIONS, &target) != 0)
        return -1;
    if (target.subject_id == 0)
        return refuse_subject_not_found(err, target.name.qualified);
    if (!target.live && !permanent)
        return refuse_subject_soft_deleted(err, target.name.qualified);
    if (!permanent)
        keep_live(&target);
    if (check_writable(tx, who, &target) != 0 || check_references(tx, &target, permanent) != 0)
        return -1;
    if (permanent && target.live)
        return refuse_subject_not_soft_deleted(err, target.name.qualified);
    *out = ARENA_ARRAY(tx_arena(tx), int32_t, target.n);
    for (*n = 0; *n < target.n; ++*n)
        (*out)[*n] = target.versions[*n].version;
    if ((permanent ? remove_for_good(tx, &target) : soften(tx, who, &target, ALL_VERSIONS)) != 0)
        return -1;
    return note(tx, who, permanent ? AUDIT_SUBJECT_HARD_DELETED : AUDIT_SUBJECT_SOFT_DELETED, &target, NULL);
}

/* --- before an import ---------------------------------------------------------------------------------------------------- */

/* 1: gone; 0: something outside refers to it; -1: failed */
static int purge(tx_t *tx, const who_t *who, const subject_name_t *name, target_t *target)
{
    if (target_get_once(tx, name, ALL_VERSIONS, target) != 0)
        return -1;
    if (target->subject_id == 0)
        return 1;
    for (size_t i = 0; i < target->n; i++)
        if (target->versions[i].referred != REFERRED_NOT)
            return 0;
    if (remove_for_good(tx, target) != 0)
        return -1;
    return note(tx, who, AUDIT_SUBJECT_HARD_DELETED, target, NULL) == 0 ? 1 : -1;
}

int removal_before_import(tx_t *tx, const who_t *who, const subject_name_t *scope, bool *purged)
{
    arena_t *arena = tx_arena(tx);
    rows_t *rows;
    name_ranges_t ranges = scope->subject.bytes > 0 ? name_range_of(scope, arena)
                           : text_eq(scope->context, CONTEXT_GLOBAL)
                               ? name_ranges_everywhere()
                               : name_ranges(scope->context, TEXT(""), arena);
    if (tx_query(tx, STMT_SCOPE_SUBJECTS, &rows, sql_text(ranges.from[0]), sql_text(ranges.to[0]),
                 sql_text(ranges.from[1]), sql_text(ranges.to[1])) != 0)
        return -1;
    text_t *left = ARENA_ARRAY(arena, text_t, rows_n(rows));
    size_t n = 0;
    while (rows_next(rows)) {
        if (row_bool(rows, "live"))
            return err_set(tx_err(tx), ERR_OPERATION_NOT_PERMITTED,
                           "Cannot import since found existing subjects");
        left[n++] = row_text(rows, "qualified");
    }
    if (row_end(rows) != 0)
        return -1;
    *purged = n > 0 && scope->subject.bytes > 0;
    /* Those that the others refer to go last: round by round, until a round moves nothing. */
    while (n > 0) {
        size_t kept = 0;
        target_t target = {0}, blocked = {0};
        for (size_t i = 0; i < n; i++) {
            subject_name_t name = subject_name_parse(left[i], TEXT_NONE, arena);
            int gone = purge(tx, who, &name, &target);
            if (gone < 0)
                return -1;
            if (gone == 0) {
                left[kept++] = left[i];
                blocked = target;
            }
        }
        if (kept == n)
            return check_references(tx, &blocked, true);
        n = kept;
    }
    return 0;
}

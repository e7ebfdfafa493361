#include "catalog/due.h"

#include "catalog/drift.h"
#include "catalog/lifecycle.h"

static const char *const words[DUE_N] = {
#define XX(name, word) [DUE_##name] = word,
    DUE_MAP(XX)
#undef XX
};

static const principal_t clock_itself = {.kind = PRINCIPAL_CLOCK, .name = TEXT("clock")};

const char *due_word(due_kind_t kind)
{
    return words[kind];
}

static bool find_word(text_t word, due_kind_t *out)
{
    for (int i = 0; i < DUE_N; i++)
        if (text_is(word, words[i])) {
            *out = (due_kind_t)i;
            return true;
        }
    return false;
}

int due_find(tx_t *tx, due_t **out, size_t *n)
{
    rows_t *rows;
    *n = 0;
    if (tx_query_last(tx, STMT_DUE_FIND, &rows) != 0)
        return -1;
    *out = ARENA_ARRAY(tx_arena(tx), due_t, rows_n(rows));
    while (rows_next(rows)) {
        due_t *due = &(*out)[*n];
        *due = (due_t){.id = row_i64(rows, "id"), .name = row_text(rows, "name")};
        *n += find_word(row_text(rows, "kind"), &due->kind);
    }
    return row_end(rows);
}

/* --- what is told -------------------------------------------------------------------------------------------------------- */

typedef struct {
    stmt_t statement;   /* marks it; a row tells of it, none: it is not due any more */
    const char *object; /* of the audit entry: what its name follows */
    const char *named;  /* the column with that name */
    const char *about;  /* the column with what the event is about */
    audit_kind_t kind;
} told_t;

static int tell(tx_t *tx, const who_t *who, const told_t *told, rows_t *rows)
{
    if (!rows_next(rows))
        return row_end(rows);
    audit_t entry = {
        .kind = told->kind,
        .object =
            text_printf(tx_arena(tx), "%s:" TEXT_FMT, told->object, TEXT_ARG(row_text(rows, told->named))),
        .about = row_text(rows, told->about),
        .detail = row_text(rows, "data"),
        .actor = who->actor,
        .request_id = who->request_id,
    };
    return row_end(rows) != 0 ? -1 : audit_note(tx, &entry);
}

static int tell_lingering(tx_t *tx, const who_t *who, int64_t line_id, const char *mark)
{
    static const told_t told = {STMT_DUE_LINGER, "line", "line", "line", AUDIT_LINE_REMINDER};
    rows_t *rows;
    return tx_query(tx, told.statement, &rows, sql_i64(line_id), sql_text(text_of(mark))) != 0
               ? -1
               : tell(tx, who, &told, rows);
}

/* --- lines and changes ----------------------------------------------------------------------------------------------------- */

/* Whether a sunset waits for others who were told so today: then there is nothing to write, and nobody's lock to take. */
static int is_held_back(tx_t *tx, const due_t *due, bool *held)
{
    const line_target_t target = {.to = LINE_SUNSET};
    err_t err = {.code = ERR_NONE};
    rows_t *rows;
    *held = line_transition_check(tx, &clock_itself, due->name, &target, &err) != 0 &&
            err.code == ERR_CHANGE_BLOCKED;
    if (!*held)
        return tx_err(tx)->code == ERR_NONE ? 0 : -1;
    if (tx_query(tx, STMT_DUE_TOLD, &rows, sql_i64(due->id)) != 0)
        return -1;
    rows_next(rows);
    *held = row_bool(rows, "told");
    return row_end(rows);
}

/* A date that those concerned did not agree to holds the line back, and they hear of it once a day. */
static int do_sunset(tx_t *tx, const who_t *who, const due_t *due)
{
    const line_target_t target = {.to = LINE_SUNSET};
    err_t err = {.code = ERR_NONE};
    if (line_transition(tx, who, &clock_itself, due->name, &target, &err) == 0)
        return 0;
    if (err.code == ERR_CHANGE_BLOCKED)
        return tell_lingering(tx, who, due->id, "unagreed");
    if (err.code == ERR_TRANSITION_NOT_ALLOWED ||
        err.code == ERR_STATE_CONFLICT) /* somebody was faster, or moved the date */
        return 0;
    if (tx_err(tx)->code == ERR_NONE)
        *tx_err(tx) = err;
    return -1;
}

static int do_expire(tx_t *tx, const who_t *who)
{
    size_t n;
    return change_expire_due(tx, who, &n);
}

static int do_ready(tx_t *tx, const who_t *who)
{
    text_t *names;
    size_t n;
    return change_ready(tx, who, &names, &n);
}

static int do_apply(tx_t *tx, const who_t *who, const due_t *due, const policy_t *registry)
{
    change_t change;
    if (change_find(tx, due->name, &change) != 0)
        return -1;
    return text_is(change.state, "open") ? change_apply(tx, &clock_itself, who, &change, registry) : 0;
}

/* --- doing ------------------------------------------------------------------------------------------------------------------- */

static const told_t tells[DUE_N] = {
    [DUE_REMIND] = {STMT_DUE_REMIND, "change", "change", "line", AUDIT_APPROVAL_REMINDER},
    [DUE_ESCALATE] = {STMT_DUE_ESCALATE, "change", "change", "line", AUDIT_APPROVAL_ESCALATED},
    [DUE_ATTEST] = {STMT_DUE_ATTEST, "consumption", "public_id", "line", AUDIT_ATTESTATION_DUE},
    [DUE_STALE] = {STMT_DUE_STALE, "consumption", "public_id", "line", AUDIT_CONSUMPTION_STALE},
    [DUE_ORPHAN] = {STMT_DUE_ORPHAN, "event", "name", "name", AUDIT_EVENT_ORPHANED},
    [DUE_WAIVER] = {STMT_DUE_WAIVER, "line", "line", "line", AUDIT_WAIVER_EXPIRED},
};

static int do_told(tx_t *tx, const who_t *who, const due_t *due)
{
    const told_t *told = &tells[due->kind];
    rows_t *rows;
    return tx_query(tx, told->statement, &rows, sql_i64(due->id)) != 0 ? -1 : tell(tx, who, told, rows);
}

int due_do(tx_t *tx, const who_t *who, const due_t *due, const policy_t *registry)
{
    bool held = false;
    if (due->kind == DUE_SUNSET && is_held_back(tx, due, &held) != 0)
        return -1;
    if (held)
        return 0;
    if (due->kind == DUE_DRIFT) /* it looks long, and takes the lock only to write */
        return drift_tell(tx, who);
    /* Locks of the registry come before the catalog's. */
    if ((due->kind == DUE_APPLY && change_lock_subject(tx, due->name) != 0) ||
        tx_send(tx, STMT_CATALOG_WRITE) != 0)
        return -1;
    switch (due->kind) {
    case DUE_SUNSET:
        return do_sunset(tx, who, due);
    case DUE_EXPIRE:
        return do_expire(tx, who);
    case DUE_READY:
        return do_ready(tx, who);
    case DUE_APPLY:
        return do_apply(tx, who, due, registry);
    case DUE_LINGER:
        return tell_lingering(tx, who, due->id, "linger");
    case DUE_ALIVE:
        return tx_send(tx, STMT_DUE_ALIVE, sql_i64(due->id));
    case DUE_OWNED:
        return tx_send(tx, STMT_DUE_OWNED, sql_i64(due->id));
    case DUE_REMIND:
    case DUE_ESCALATE:
    case DUE_ATTEST:
    case DUE_STALE:
    case DUE_ORPHAN:
    case DUE_WAIVER:
        return do_told(tx, who, due);
    case DUE_DRIFT:
    case DUE_N:
        break;
    }
    return err_set(tx_err(tx), ERR_INTERNAL, NULL);
}

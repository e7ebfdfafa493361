/* A change becomes true: registered, promised, made or ended, in the transaction that closes it. */
#include "catalog/change_job.h"
#include "catalog/contract.h"
#include "catalog/gate.h"
#include "catalog/policy.h"
#include "catalog/register.h"

/* Rights are checked once, at the door: what follows is the change's doing, whoever carries it out. */
static principal_t on_behalf(const principal_t *by)
{
    return by->kind == PRINCIPAL_ANYBODY ? *by : (principal_t){.kind = PRINCIPAL_CLOCK, .name = by->name};
}

/* --- closing ----------------------------------------------------------------------------------------------------------------- */

static int close_applied(tx_t *tx, const who_t *who, const change_t *change, int64_t version_id)
{
    arena_t *arena = tx_arena(tx);
    change_t now;
    if (tx_send(tx, STMT_CHANGE_CLOSE, sql_i64(change->id), sql_text(TEXT("applied")), sql_text(who->actor),
                sql_null(), version_id == 0 ? sql_null() : sql_i64(version_id)) != 0 ||
        change_find(tx, change->name, &now) != 0)
        return -1;
    text_t detail = now.applied_version.at != NULL
                        ? text_printf(arena, "{\"revision\":%d,\"version\":\"" TEXT_FMT "\"}", now.revision,
                                      TEXT_ARG(now.applied_version))
                        : text_printf(arena, "{\"revision\":%d}", now.revision);
    return change_note(tx, who, &now, AUDIT_CHANGE_APPLIED, detail, TEXT_NONE);
}

int change_registered(tx_t *tx, const who_t *who, const change_t *change, int64_t line_version_id)
{
    return close_applied(tx, who, change, line_version_id);
}

static int refuse_blocked(tx_t *tx, const change_t *change, const blockers_t *blockers)
{
    err_t *err = tx_err(tx);
    err_set(err, ERR_CHANGE_BLOCKED, TEXT_FMT " cannot be applied yet; `blockers` says what is in the way",
            TEXT_ARG(change->name));
    err->extra = text_printf(tx_arena(tx),
                             "{\"blockers\":" TEXT_FMT ",\"you_can\":" TEXT_FMT
                             ",\"links\":{\"change\":\"/api/v1/changes/" TEXT_FMT
                             "\",\"ui\":\"/ui/changes/" TEXT_FMT "\"}}",
                             TEXT_ARG(blockers->json), TEXT_ARG(blockers->you_can), TEXT_ARG(change->name),
                             TEXT_ARG(change->name));
    return -1;
}

/* --- the registry ------------------------------------------------------------------------------------------------------------ */

int change_lock_subject(tx_t *tx, text_t name)
{
    change_t change;
    if (change_find(tx, name, &change) != 0)
        return -1;
    bool makes_line = change.new_line && change.new_line_id == 0;
    if (change.kind != PROPOSAL_SCHEMA || !text_is(change.state, "open") || (change.new_line && !makes_line))
        return 0;
    text_t given = makes_line ? change.new_subject : change.subject;
    if (given.at == NULL)
        return 0;
    subject_name_t subject = subject_name_parse(given, TEXT_NONE, tx_arena(tx));
    return subject_lock(tx, &subject);
}

/* The subject's own level is not asked: what was decided about the line stands. */
static int register_on(tx_t *tx, const who_t *who, const change_t *change, text_t qualified,
                       const policy_t *registry)
{
    registered_t out;
    reference_t *references = NULL;
    submission_t sent = SUBMISSION_EMPTY;
    subject_name_t subject = subject_name_parse(qualified, TEXT_NONE, tx_arena(tx));
    if (references_read(change->references, tx_arena(tx), &references, &sent.n_references) != 0)
        return err_set(tx_err(tx), ERR_INTERNAL, NULL);
    sent.text = change->text;
    sent.type = text_of(format_name(change->format));
    sent.references = references;
    if (version_register(tx, who, &subject, &sent, true, registry, &out) != 0)
        return -1;
    if (out.gate == NULL || out.gate->refusal.code == ERR_NONE)
        return 0;
    *tx_err(tx) = out.gate->refusal;
    return -1;
}

/* The gate finds the change by its content, marks the version and closes the change. Where the subject has had this very schema before,
 * nothing is registered and there is nothing to mark. */
static int apply_schema(tx_t *tx, const who_t *who, const change_t *change, const policy_t *registry)
{
    change_t now;
    if (change->subject.at == NULL)
        return err_set(tx_err(tx), ERR_STATE_CONFLICT,
                       TEXT_FMT " has no subject to register under: bind one first", TEXT_ARG(change->line));
    if (register_on(tx, who, change, change->subject, registry) != 0 ||
        change_find(tx, change->name, &now) != 0)
        return -1;
    return text_is(now.state, "applied") ? 0 : close_applied(tx, who, change, 0);
}

/* --- a new line beside the old one --------------------------------------------------------------------------------------------- */

static int current_version(tx_t *tx, int64_t line_id, int64_t *out)
{
    bool found;
    line_version_t version;
    *out = 0;
    if (line_version_current(tx, line_id, "value", &found, &version) != 0)
        return -1;
    *out = found ? version.id : 0;
    return 0;
}

static int make_line(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                     const policy_t *registry, line_t *line)
{
    event_t event;
    line_t old;
    contract_t contract;
    int64_t version;
    principal_t clock = on_behalf(by);
    if (event_get(tx, change->event, &event) != 0 || line_get_id(tx, change->line_id, &old) != 0 ||
        contract_get(tx, change->line_id, &contract) != 0)
        return -1;
    line_draft_t draft = {
        .level = old.level,
        .subjects = &change->new_subject,
        .n_subjects = 1,
        .terms = contract.n > 0 ? contract.terms : TEXT_NONE,
        .migration_guide = TEXT_NONE,
        .reason = change->title,
    };
    if (line_create(tx, &clock, who, &event, &draft, line) != 0 ||
        tx_send(tx, STMT_CHANGE_SET_LINE, sql_i64(change->id), sql_i64(line->id), sql_null(),
                sql_text(who->actor)) != 0 ||
        register_on(tx, who, change, change->new_subject, registry) != 0 ||
        current_version(tx, line->id, &version) != 0)
        return -1;
    return tx_send(tx, STMT_CHANGE_SET_LINE, sql_i64(change->id), sql_i64(line->id),
                   version == 0 ? sql_null() : sql_i64(version), sql_text(who->actor));
}

static int activate(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change, text_t line)
{
    principal_t clock = on_behalf(by);
    line_target_t target = {.to = LINE_ACTIVE,
                            .reason = change->title,
                            .by_change = true,
                            .override = change->overridden,
                            .change = change->name};
    return line_transition(tx, who, &clock, line, &target, tx_err(tx));
}

static int retire(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change, text_t new_line)
{
    principal_t clock = on_behalf(by);
    line_target_t target = {
        .to = LINE_DEPRECATED,
        .reason = change->title,
        .sunset_at = change->sunset_at,
        .replacement = new_line,
        .migration_guide = change->migration_guide.at != NULL
                               ? change->migration_guide
                               : text_printf(tx_arena(tx), "/ui/changes/" TEXT_FMT, TEXT_ARG(change->name)),
        .by_change = true,
        .override = change->overridden,
        .change = change->name,
    };
    return line_transition(tx, who, &clock, change->retire, &target, tx_err(tx));
}

/* The new line comes as soon as nothing hard is in the way: it breaks nobody. What others have to agree to is the end of the old one. */
static int apply_new_line(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                          const policy_t *registry)
{
    blockers_t blockers;
    line_t line = {.name = change->new_line_name, .state = change->new_line_state};
    change_t now;
    if (change_blockers(tx, change->id, &blockers) != 0)
        return -1;
    if (blockers.hard != 0)
        return refuse_blocked(tx, change, &blockers);
    if (change->new_line_id == 0 && make_line(tx, by, who, change, registry, &line) != 0)
        return -1;
    if (text_is(line.state, "draft") && activate(tx, by, who, change, line.name) != 0)
        return -1;
    if (change->retire.at == NULL)
        return close_applied(tx, who, change, 0);
    if (change_blockers(tx, change->id, &blockers) != 0)
        return -1;
    if (blockers.set != 0)
        return 0;
    return change_find(tx, change->name, &now) != 0 || retire(tx, by, who, &now, line.name) != 0 ||
                   close_applied(tx, who, &now, 0) != 0
               ? -1
               : 0;
}

/* --- contract, lifecycle ------------------------------------------------------------------------------------------------------- */

static int apply_contract(tx_t *tx, const who_t *who, const change_t *change)
{
    line_t line;
    contract_t contract;
    if (line_get_id(tx, change->line_id, &line) != 0 ||
        contract_put(tx, who, &line, change->terms, change->id, &contract) != 0)
        return -1;
    return close_applied(tx, who, change, 0);
}

static int apply_lifecycle(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change)
{
    line_target_t target;
    principal_t clock = on_behalf(by);
    if (change_target(tx, change->target, change->name, &target) != 0)
        return -1;
    target.override = change->overridden;
    if (target.reason.at == NULL)
        target.reason = change->title;
    return line_transition(tx, who, &clock, change->line, &target, tx_err(tx)) != 0
               ? -1
               : close_applied(tx, who, change, 0);
}

/* --- applying ------------------------------------------------------------------------------------------------------------------ */

static int carry_out(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                     const policy_t *registry)
{
    blockers_t blockers;
    if (change->new_line)
        return apply_new_line(tx, by, who, change, registry);
    if (change_blockers(tx, change->id, &blockers) != 0)
        return -1;
    if (blockers.set != 0)
        return refuse_blocked(tx, change, &blockers);
    switch (change->kind) {
    case PROPOSAL_SCHEMA:
        return apply_schema(tx, who, change, registry);
    case PROPOSAL_CONTRACT:
        return apply_contract(tx, who, change);
    case PROPOSAL_LIFECYCLE:
        return apply_lifecycle(tx, by, who, change);
    case PROPOSAL_N:
        break;
    }
    return err_set(tx_err(tx), ERR_INTERNAL, NULL);
}

int change_apply(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                 const policy_t *registry)
{
    if (change_may(tx, by, RIGHT_APPLY, change->owner_id) != 0)
        return -1;
    if (text_is(change->state, "applied"))
        return 0;
    return change_in(tx, change, false) != 0 ? -1 : carry_out(tx, by, who, change, registry);
}

/* --- overriding ---------------------------------------------------------------------------------------------------------------- */

/* Administrators, and whom the policy names besides. */
static int may_override(tx_t *tx, const principal_t *by, const change_t *change)
{
    rules_t rules;
    if (rules_get(tx, change->event_id, &rules) != 0)
        return -1;
    if (rules_lists(rules.override_roles, rules.n_override_roles, TEXT("maintainer")) &&
        principal_is_maintainer(by, change->owner_id))
        return 0;
    return change_may(tx, by, RIGHT_OVERRIDE, change->owner_id);
}

static int check_override(tx_t *tx, const change_t *change, const override_t *override)
{
    err_t *err = tx_err(tx);
    blockers_t blockers;
    if (text_trim(override->reason).bytes == 0) {
        err->place = "reason";
        return err_set(err, ERR_OVERRIDE_REASON_REQUIRED, NULL);
    }
    if (!text_eq(override->confirm, change->line)) {
        err->place = "confirm";
        return err_set(err, ERR_FIELD_INVALID, "confirm must be the name of the line, " TEXT_FMT,
                       TEXT_ARG(change->line));
    }
    if (change_blockers(tx, change->id, &blockers) != 0)
        return -1;
    return (blockers.hard & ~(1u << BLOCKER_FREEZE_WINDOW)) != 0 ? refuse_blocked(tx, change, &blockers) : 0;
}

int change_override(tx_t *tx, const principal_t *by, const who_t *who, const change_t *change,
                    const override_t *override, const policy_t *registry)
{
    rows_t *rows;
    change_t now;
    if (may_override(tx, by, change) != 0 || change_in(tx, change, false) != 0 ||
        check_override(tx, change, override) != 0 ||
        tx_query(tx, STMT_CHANGE_OVERRIDDEN, &rows, sql_i64(change->id), sql_text(who->actor),
                 sql_text(override->reason), sql_text_or_null(override->ticket)) != 0)
        return -1;
    rows_next(rows);
    text_t mark = row_text(rows, "override");
    if (row_end(rows) != 0 || change_find(tx, change->name, &now) != 0 ||
        change_note(tx, who, &now, AUDIT_CHANGE_OVERRIDDEN, mark, override->reason) != 0)
        return -1;
    return carry_out(tx, by, who, &now, registry);
}

#include "catalog/lifecycle.h"

#include "catalog/parties.h"
#include "catalog/readiness.h"
#include "compat/core/json_text.h"

static const char *const state_texts[LINE_STATE_N] = {
#define XX(name, text) [LINE_##name] = text,
    LINE_STATE_MAP(XX)
#undef XX
};

const char *line_state_text(line_state_t state)
{
    return state_texts[state];
}

bool line_state_find(text_t text, line_state_t *out)
{
    for (int i = 0; i < LINE_STATE_N; i++)
        if (text_is(text, state_texts[i])) {
            *out = (line_state_t)i;
            return true;
        }
    return false;
}

/* What one transition carries from condition to condition. */
typedef struct {
    tx_t *tx;
    const principal_t *principal;
    const line_target_t *target;
    err_t *err;
    rules_t rules;
    /* the line as it is */
    int64_t id, event_id, team_id;
    line_state_t from;
    text_t name, event, team, deprecated_at, sunset_at, replacement, migration_guide, asked_at, today,
        replacement_state;
    bool due, later, to_come;
    int32_t days_off;
    int64_t n_versions, n_members;
    party_t *parties;
    size_t n_parties;
    bool parties_read;
} move_t;

/* --- the line ------------------------------------------------------------------------------------------------------------ */

static int map_line(move_t *move, rows_t *rows)
{
    move->id = row_i64(rows, "id");
    move->event_id = row_i64(rows, "event_id");
    move->team_id = row_i64(rows, "team_id");
    move->name = row_text(rows, "name");
    move->event = row_text(rows, "event");
    move->team = row_text(rows, "team");
    move->deprecated_at = row_text_or_none(rows, "deprecated_at");
    move->sunset_at = row_text_or_none(rows, "sunset_at");
    move->replacement = row_text_or_none(rows, "replacement");
    move->migration_guide = row_text_or_none(rows, "migration_guide");
    move->asked_at = row_text_or_none(rows, "asked_at");
    move->today = row_text(rows, "today");
    move->replacement_state = row_text_or_none(rows, "in_use");
    move->due = row_bool(rows, "due");
    move->later = row_bool(rows, "later");
    move->to_come = row_bool(rows, "to_come");
    move->days_off = row_i32(rows, "days_off");
    move->n_versions = row_i64(rows, "versions");
    move->n_members = row_i64(rows, "members");
    if (!line_state_find(row_text(rows, "state"), &move->from))
        return err_set(move->err, ERR_INTERNAL, NULL);
    return row_end(rows);
}

/* "orders.order_placed@2"; anything else is no line. */
static bool split_name(text_t line, text_t *event, int64_t *major)
{
    size_t at = line.bytes;
    while (at > 0 && line.at[at - 1] != '@')
        at--;
    if (at == 0 || line.bytes - at < 1 || line.bytes - at > 9)
        return false;
    *event = (text_t){line.at, at - 1};
    *major = 0;
    for (size_t i = at; i < line.bytes; i++) {
        if (line.at[i] < '0' || line.at[i] > '9')
            return false;
        *major = *major * 10 + (line.at[i] - '0');
    }
    return true;
}

static int read_line(move_t *move, text_t line)
{
    rows_t *rows;
    text_t event;
    int64_t major;
    if (!split_name(line, &event, &major))
        return err_set(move->err, ERR_NOT_FOUND,
                       "There is no line \"" TEXT_FMT "\": lines are named event@major", TEXT_ARG(line));
    if (tx_query(move->tx, STMT_LINE_LIFECYCLE, &rows, sql_text(event), sql_i64(major),
                 sql_text_or_null(move->target->sunset_at), sql_text_or_null(move->target->replacement)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(move->err, ERR_NOT_FOUND, "There is no line \"" TEXT_FMT "\"", TEXT_ARG(line));
    return map_line(move, rows) != 0 || rules_get(move->tx, move->event_id, &move->rules) != 0 ? -1 : 0;
}

static int read_parties(move_t *move)
{
    if (move->parties_read)
        return 0;
    move->parties_read = true;
    return parties_get(move->tx, move->id, &move->rules, &move->parties, &move->n_parties);
}

/* --- saying no ------------------------------------------------------------------------------------------------------------ */

static int refuse(move_t *move, err_code_t code, text_t extra, text_t sentence)
{
    move->err->extra = extra;
    return err_set_text(move->err, code, sentence);
}

/* {"name": [items of the parties that `counts` takes]}; how many in *n. */
static text_t list_parties(move_t *move, const char *name, bool (*counts)(const party_t *party), size_t *n)
{
    buf_t out;
    *n = 0;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "{\"line\":\"" TEXT_FMT "\",\"%s\":[", TEXT_ARG(move->name), name);
    for (size_t i = 0; i < move->n_parties; i++) {
        if (!counts(&move->parties[i]))
            continue;
        if ((*n)++ > 0)
            buf_add_char(&out, ',');
        buf_add(&out, move->parties[i].item);
    }
    buf_add_s(&out, "]}");
    return buf_end(&out, tx_arena(move->tx));
}

/* "billing-service (payments), fraud-scorer (risk)" */
static text_t name_parties(move_t *move, bool (*counts)(const party_t *party))
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    for (size_t i = 0; i < move->n_parties; i++) {
        const party_t *party = &move->parties[i];
        if (!counts(party))
            continue;
        if (buf_text(&out).bytes > 0)
            buf_add_s(&out, ", ");
        buf_printf(&out, TEXT_FMT " (" TEXT_FMT ")", TEXT_ARG(party->service), TEXT_ARG(party->team));
    }
    return buf_end(&out, tx_arena(move->tx));
}

/* --- what must hold --------------------------------------------------------------------------------------------------------- */

/* While nobody signs in, teams are names, and the clock will tell once they are not (event.orphaned). */
static int owner_is_active(move_t *move)
{
    if (move->n_members > 0 || move->principal->kind == PRINCIPAL_ANYBODY)
        return 0;
    return refuse(move, ERR_OWNER_INACTIVE,
                  text_printf(tx_arena(move->tx), "{\"transfer\":\"/api/v1/events/" TEXT_FMT "/transfer\"}",
                              TEXT_ARG(move->event)),
                  text_printf(tx_arena(move->tx),
                              "Team " TEXT_FMT ", which owns " TEXT_FMT
                              ", has no active member: add one, or transfer the event",
                              TEXT_ARG(move->team), TEXT_ARG(move->name)));
}

static int is_documented(move_t *move)
{
    return readiness_check(move->tx, move->name, move->err);
}

static int has_version(move_t *move)
{
    if (move->n_versions > 0)
        return 0;
    return refuse(move, ERR_DOC_INCOMPLETE,
                  text_printf(tx_arena(move->tx),
                              "{\"missing\":[{\"what\":\"schema\",\"do\":\"register a "
                              "version\",\"href\":\"/api/v1/lines/" TEXT_FMT "/versions\"}]}",
                              TEXT_ARG(move->name)),
                  text_printf(tx_arena(move->tx),
                              TEXT_FMT " has no version yet: register one on a subject that is bound to it",
                              TEXT_ARG(move->name)));
}

static int has_reason(move_t *move)
{
    if (text_trim(move->target->reason).bytes > 0)
        return 0;
    move->err->place = "reason";
    return err_set(move->err, ERR_FIELD_INVALID, "reason: say why, for those who depend on " TEXT_FMT,
                   TEXT_ARG(move->name));
}

static int names_replacement(move_t *move)
{
    text_t replacement = move->target->replacement;
    bool in_use = text_is(move->replacement_state, "active") || text_is(move->replacement_state, "draft");
    if (text_is(replacement, "none") || in_use)
        return 0;
    move->err->place = "replacement";
    if (replacement.at == NULL)
        return err_set(move->err, ERR_FIELD_INVALID,
                       "replacement: name the line to use in place of " TEXT_FMT ", or say \"none\"",
                       TEXT_ARG(move->name));
    if (move->replacement_state.at == NULL)
        return err_set(move->err, ERR_FIELD_INVALID, "replacement: there is no other line \"" TEXT_FMT "\"",
                       TEXT_ARG(replacement));
    return err_set(move->err, ERR_FIELD_INVALID, "replacement: " TEXT_FMT " is " TEXT_FMT " itself",
                   TEXT_ARG(replacement), TEXT_ARG(move->replacement_state));
}

static int has_guide(move_t *move)
{
    if (text_is(move->target->replacement, "none") || text_trim(move->target->migration_guide).bytes > 0)
        return 0;
    move->err->place = "migration_guide";
    return err_set(move->err, ERR_FIELD_INVALID, "migration_guide: say how to move to " TEXT_FMT,
                   TEXT_ARG(move->target->replacement));
}

static int sunset_is_given(move_t *move)
{
    if (move->target->sunset_at.at != NULL)
        return 0;
    move->err->place = "sunset_at";
    return err_set(move->err, ERR_FIELD_INVALID,
                   "sunset_at: the day from which " TEXT_FMT " is not to be relied on", TEXT_ARG(move->name));
}

/* The earliest day is `days` from today; a day begins at 00:00 UTC. */
static int sunset_is_far_enough(move_t *move)
{
    rows_t *rows;
    if (sunset_is_given(move) != 0)
        return -1;
    if (move->days_off >= move->rules.deprecation_min_days)
        return 0;
    if (tx_query(move->tx, STMT_LINE_EARLIEST, &rows, sql_i64(move->rules.deprecation_min_days)) != 0)
        return -1;
    rows_next(rows);
    text_t earliest = row_text(rows, "earliest");
    if (row_end(rows) != 0)
        return -1;
    move->err->place = "sunset_at";
    return refuse(move, ERR_SUNSET_TOO_SOON,
                  text_printf(tx_arena(move->tx), "{\"earliest\":\"" TEXT_FMT "\",\"days\":%d}",
                              TEXT_ARG(earliest), (int)move->rules.deprecation_min_days),
                  text_printf(tx_arena(move->tx),
                              "sunset_at: those who use " TEXT_FMT
                              " are given at least %d days: the earliest date is " TEXT_FMT,
                              TEXT_ARG(move->name), (int)move->rules.deprecation_min_days,
                              TEXT_ARG(earliest)));
}

static int sunset_is_later(move_t *move)
{
    if (sunset_is_given(move) != 0)
        return -1;
    if (move->later && move->to_come)
        return 0;
    move->err->place = "sunset_at";
    return refuse(
        move, ERR_SUNSET_SHORTENED,
        text_printf(tx_arena(move->tx), "{\"earliest\":\"" TEXT_FMT "\",\"sunset_at\":\"" TEXT_FMT "\"}",
                    TEXT_ARG(move->to_come ? move->sunset_at : move->today), TEXT_ARG(move->sunset_at)),
        text_printf(tx_arena(move->tx),
                    "sunset_at: the sunset of " TEXT_FMT " is announced for " TEXT_FMT
                    "; it can be moved to a later date, never to an earlier one, nor to one that is past",
                    TEXT_ARG(move->name), TEXT_ARG(move->sunset_at)));
}

static int sunset_is_due(move_t *move)
{
    if (move->due)
        return 0;
    return refuse(
        move, ERR_STATE_CONFLICT,
        text_printf(tx_arena(move->tx), "{\"sunset_at\":\"" TEXT_FMT "\"}", TEXT_ARG(move->sunset_at)),
        text_printf(tx_arena(move->tx), TEXT_FMT " reaches its sunset on " TEXT_FMT ", not before",
                    TEXT_ARG(move->name), TEXT_ARG(move->sunset_at)));
}

static bool has_to_agree(const party_t *party)
{
    return party->reads && party->blocking && !party->stale && !party->own && !party->agreed;
}

static int date_is_agreed(move_t *move)
{
    size_t n;
    if (move->target->override)
        return 0;
    if (read_parties(move) != 0)
        return -1;
    text_t waiting = list_parties(move, "waiting_for", has_to_agree, &n);
    if (n == 0)
        return 0;
    return refuse(move, ERR_CHANGE_BLOCKED, waiting,
                  text_printf(tx_arena(move->tx),
                              "The sunset date of " TEXT_FMT " was not agreed to by " TEXT_FMT
                              ": remind them, move it to a later date, or ask an administrator to override",
                              TEXT_ARG(move->name), TEXT_ARG(name_parties(move, has_to_agree))));
}

static bool has_to_be_asked(const party_t *party)
{
    return party->reads && party->blocking && !party->stale && !party->own;
}

static void add_member(buf_t *out, const char *name, text_t value)
{
    if (value.at == NULL)
        return;
    buf_printf(out, ",\"%s\":", name);
    jv_print_string(out, value);
}

/* {"line": ..., "ask": [...], "open": the call that asks them}: `list` with the change that would do it. */
static text_t change_to_open(move_t *move, text_t list)
{
    const line_target_t *target = move->target;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add(&out, (text_t){list.at, list.bytes - 1});
    buf_printf(&out,
               ",\"open\":{\"method\":\"POST\",\"href\":\"/api/v1/"
               "changes\",\"body\":{\"kind\":\"lifecycle\",\"line\":\"" TEXT_FMT "\",\"title\":\"" TEXT_FMT
               " %s\",\"target\":{\"state\":\"%s\"",
               TEXT_ARG(move->name), TEXT_ARG(move->name), line_state_text(target->to),
               line_state_text(target->to));
    add_member(&out, "reason", target->reason);
    add_member(&out, "sunset_at", target->sunset_at);
    add_member(&out, "replacement", target->replacement);
    add_member(&out, "migration_guide", target->migration_guide);
    buf_add_s(&out, "}}}}");
    return buf_end(&out, tx_arena(move->tx));
}

/* Where others depend on the line, its end is a change that they answer to. */
static int nobody_to_ask(move_t *move)
{
    size_t n;
    if (move->target->by_change || move->target->override)
        return 0;
    if (read_parties(move) != 0)
        return -1;
    text_t list = list_parties(move, "ask", has_to_be_asked, &n);
    if (n == 0)
        return 0;
    return refuse(move, ERR_CHANGE_REQUIRED, change_to_open(move, list),
                  text_printf(tx_arena(move->tx),
                              TEXT_FMT
                              " is read by " TEXT_FMT
                              ", who have to be asked: open a change (POST /api/v1/changes, kind lifecycle)",
                              TEXT_ARG(move->name), TEXT_ARG(name_parties(move, has_to_be_asked))));
}

static bool still_uses(const party_t *party)
{
    return !party->stale;
}

static int nobody_uses_it(move_t *move)
{
    size_t n;
    if (move->target->override)
        return 0;
    if (read_parties(move) != 0)
        return -1;
    text_t list = list_parties(move, "still", still_uses, &n);
    if (n == 0)
        return 0;
    return refuse(move, ERR_STILL_CONSUMED, list,
                  text_printf(tx_arena(move->tx),
                              TEXT_FMT " is still used by " TEXT_FMT
                                       ": they end what they declared (POST /api/v1/consumptions/{id}/end), "
                                       "or stop counting once they are stale",
                              TEXT_ARG(move->name), TEXT_ARG(name_parties(move, still_uses))));
}

static int reads_are_explained(move_t *move)
{
    stray_read_t *reads;
    size_t n;
    buf_t out;
    if (move->target->override)
        return 0;
    if (stray_reads_get(move->tx, move->id, &move->rules, &reads, &n) != 0)
        return -1;
    if (n == 0)
        return 0;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "{\"line\":\"" TEXT_FMT "\",\"days\":%d,\"reads\":[", TEXT_ARG(move->name),
               (int)move->rules.sunset_quiet_days);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        buf_add(&out, reads[i].item);
    }
    buf_add_s(&out, "]}");
    return refuse(move, ERR_EVIDENCE_MISSING, buf_end(&out, tx_arena(move->tx)),
                  text_printf(tx_arena(move->tx),
                              TEXT_FMT " was read in the last %d days by readers that nothing declared "
                                       "explains: find out whose they are, "
                                       "or wait until they have stopped",
                              TEXT_ARG(move->name), (int)move->rules.sunset_quiet_days));
}

/* --- the table ---------------------------------------------------------------------------------------------------------------- */

typedef int condition_fn(move_t *move);

/* docs/catalog.md, "Lifecycle", has the same rows. A row from a state to itself gives it another date. */
static const struct {
    line_state_t from, to;
    audit_kind_t kind;
    bool by_clock, told; /* the clock may; every consumer's notice begins */
    condition_fn *conditions[6];
} rows_of_table[] = {
    {LINE_DRAFT,
     LINE_ACTIVE,
     AUDIT_LINE_ACTIVATED,
     false,
     false,
     {owner_is_active, is_documented, has_version}},
    {LINE_DRAFT, LINE_ABANDONED, AUDIT_LINE_ABANDONED, false, false, {0}},
    {LINE_ACTIVE,
     LINE_DEPRECATED,
     AUDIT_LINE_DEPRECATED,
     false,
     true,
     {has_reason, names_replacement, has_guide, sunset_is_far_enough, nobody_to_ask}},
    {LINE_DEPRECATED, LINE_ACTIVE, AUDIT_LINE_REACTIVATED, false, true, {has_reason}},
    {LINE_DEPRECATED, LINE_DEPRECATED, AUDIT_SUNSET_RESCHEDULED, false, true, {sunset_is_later}},
    {LINE_DEPRECATED, LINE_SUNSET, AUDIT_SUNSET_REACHED, true, false, {sunset_is_due, date_is_agreed}},
    {LINE_SUNSET, LINE_DEPRECATED, AUDIT_SUNSET_RESCHEDULED, false, true, {sunset_is_later}},
    {LINE_SUNSET, LINE_REMOVED, AUDIT_LINE_REMOVED, false, false, {nobody_uses_it, reads_are_explained}},
};
#define N_ROWS (sizeof rows_of_table / sizeof *rows_of_table)

static int refuse_transition(move_t *move)
{
    buf_t allowed, words;
    buf_init(&allowed, BUF_NO_MAX);
    buf_init(&words, BUF_NO_MAX);
    for (size_t i = 0; i < N_ROWS; i++) {
        if (rows_of_table[i].from != move->from || rows_of_table[i].to == move->from)
            continue;
        const char *state = line_state_text(rows_of_table[i].to);
        buf_printf(&allowed, "%s\"%s\"", buf_text(&allowed).bytes > 0 ? "," : "", state);
        buf_printf(&words, "%s%s", buf_text(&words).bytes > 0 ? " or " : "", state);
    }
    text_t list = buf_end(&allowed, tx_arena(move->tx)), sentence = buf_end(&words, tx_arena(move->tx));
    return refuse(move, ERR_TRANSITION_NOT_ALLOWED,
                  text_printf(tx_arena(move->tx), "{\"state\":\"%s\",\"allowed\":[" TEXT_FMT "]}",
                              line_state_text(move->from), TEXT_ARG(list)),
                  text_printf(tx_arena(move->tx), TEXT_FMT " is %s and cannot become %s%s" TEXT_FMT,
                              TEXT_ARG(move->name), line_state_text(move->from),
                              line_state_text(move->target->to),
                              list.bytes > 0 ? "; it can become " : ": that is final", TEXT_ARG(sentence)));
}

static int check_right(move_t *move, bool by_clock)
{
    const right_t right = move->target->by_change ? RIGHT_APPLY : RIGHT_TRANSITION;
    if (move->principal->kind == PRINCIPAL_CLOCK && (by_clock || move->target->by_change))
        return 0;
    if (rights_check(move->tx, move->principal, right, move->team_id, 0, move->err) != 0)
        return -1;
    if (!move->target->override || move->target->by_change)
        return 0;
    if (text_trim(move->target->reason).bytes == 0)
        return err_set(move->err, ERR_OVERRIDE_REASON_REQUIRED, NULL);
    return rights_check(move->tx, move->principal, RIGHT_OVERRIDE, move->team_id, 0, move->err);
}

/* The row of the table that was found fit in *row. */
static int judge(move_t *move, text_t line, size_t *row)
{
    if (read_line(move, line) != 0)
        return -1;
    for (*row = 0; *row < N_ROWS; ++*row)
        if (rows_of_table[*row].from == move->from && rows_of_table[*row].to == move->target->to)
            break;
    if (*row == N_ROWS)
        return refuse_transition(move);
    if (check_right(move, rows_of_table[*row].by_clock) != 0)
        return -1;
    condition_fn *const *conditions = rows_of_table[*row].conditions;
    for (size_t i = 0; i < sizeof rows_of_table->conditions / sizeof *conditions && conditions[i] != NULL;
         i++)
        if (conditions[i](move) != 0)
            return -1;
    return 0;
}

/* --- moving ---------------------------------------------------------------------------------------------------------------- */

static text_t detail_of(const move_t *move)
{
    const line_target_t *target = move->target;
    const bool reactivated = target->to == LINE_ACTIVE;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "{\"line\":\"" TEXT_FMT "\",\"from\":\"%s\",\"to\":\"%s\"", TEXT_ARG(move->name),
               line_state_text(move->from), line_state_text(target->to));
    add_member(&out, "sunset_at",
               reactivated                 ? TEXT_NONE
               : move->asked_at.at != NULL ? move->asked_at
                                           : move->sunset_at);
    add_member(&out, "sunset_was", move->asked_at.at != NULL ? move->sunset_at : TEXT_NONE);
    add_member(&out, "replacement", target->replacement.at != NULL ? target->replacement : move->replacement);
    add_member(&out, "migration_guide",
               target->migration_guide.at != NULL ? target->migration_guide : move->migration_guide);
    add_member(&out, "change", target->change);
    if (target->override)
        buf_add_s(&out, ",\"override\":true");
    buf_printf(&out,
               ",\"links\":{\"self\":\"/api/v1/lines/" TEXT_FMT "\",\"ui\":\"/ui/events/" TEXT_FMT "\"}}",
               TEXT_ARG(move->name), TEXT_ARG(move->event));
    return buf_end(&out, tx_arena(move->tx));
}

static int write_move(move_t *move, const who_t *who, size_t row)
{
    const line_target_t *target = move->target;
    audit_t entry = {
        .kind = rows_of_table[row].kind,
        .object = text_printf(tx_arena(move->tx), "line:" TEXT_FMT, TEXT_ARG(move->name)),
        .about = move->name,
        .detail = detail_of(move),
        .reason = target->reason,
        .actor = who->actor,
        .request_id = who->request_id,
    };
    if (tx_send(move->tx, STMT_LINE_MOVE, sql_i64(move->id), sql_text(text_of(line_state_text(target->to))),
                sql_text_or_null(target->sunset_at), sql_text_or_null(target->reason),
                sql_text_or_null(target->replacement), sql_text_or_null(target->migration_guide),
                sql_text(who->actor)) != 0 ||
        audit_note(move->tx, &entry) != 0)
        return -1;
    return rows_of_table[row].told ? tx_send(move->tx, STMT_LINE_NOTICE, sql_i64(move->id)) : 0;
}

int line_transition(tx_t *tx, const who_t *who, const principal_t *principal, text_t line,
                    const line_target_t *target, err_t *err)
{
    move_t move = {.tx = tx, .principal = principal, .target = target, .err = err};
    size_t row;
    return judge(&move, line, &row) != 0 ? -1 : write_move(&move, who, row);
}

int line_transition_check(tx_t *tx, const principal_t *principal, text_t line, const line_target_t *target,
                          err_t *err)
{
    move_t move = {.tx = tx, .principal = principal, .target = target, .err = err};
    size_t row;
    return judge(&move, line, &row);
}

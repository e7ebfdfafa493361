#include "catalog/event.h"

#include "catalog/contract.h"
#include "catalog/policy.h"

/* --- reading --------------------------------------------------------------------------------------------------------------------- */

static int event_row(rows_t *rows, event_t *out)
{
    *out = (event_t){
        .id = row_i64(rows, "id"),
        .name = row_text(rows, "name"),
        .former = row_bool(rows, "former"),
        .team_id = row_i64(rows, "team_id"),
        .domain_id = row_is_null(rows, "domain_id") ? 0 : row_i64(rows, "domain_id"),
        .team = row_text(rows, "team"),
        .domain = row_text_or_none(rows, "domain"),
        .audience = row_text(rows, "audience"),
        .classification = row_text(rows, "classification"),
        .transfer_to = row_is_null(rows, "transfer_to") ? 0 : row_i64(rows, "transfer_to"),
        .managed_by = row_text(rows, "managed_by"),
        .rev = row_i32(rows, "rev"),
    };
    return row_end(rows);
}

int event_get(tx_t *tx, text_t name, event_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_EVENT_GET, &rows, sql_text(name)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(tx_err(tx), ERR_NOT_FOUND, "There is no event \"" TEXT_FMT "\"", TEXT_ARG(name));
    return event_row(rows, out);
}

int managed_check(tx_t *tx, const principal_t *by, text_t managed_by, const char *what, bool force)
{
    arena_t *arena = tx_arena(tx);
    if (!text_starts(managed_by, TEXT("file:")) ||
        (force && (by->kind == PRINCIPAL_ANYBODY || by->role == ROLE_ADMIN)))
        return 0;
    buf_t extra;
    buf_init(&extra, BUF_NO_MAX);
    buf_add_s(&extra, "{\"repo\":");
    jv_print_string(&extra, text_from(managed_by, 5));
    buf_add_s(&extra, ",\"force\":\"administrators may add ?force=true\"}");
    tx_err(tx)->extra = buf_end(&extra, arena);
    return err_set(tx_err(tx), ERR_MANAGED_ELSEWHERE, "This %s is kept in " TEXT_FMT ": change it there",
                   what, TEXT_ARG(text_from(managed_by, 5)));
}

/* --- what it says of itself -------------------------------------------------------------------------------------------------------- */

static void add_text(buf_t *out, const char *name, text_t value)
{
    if (value.at == NULL)
        return;
    buf_printf(out, "%s\"%s\":", buf_text(out).bytes > 1 ? "," : "", name);
    jv_print_string(out, value);
}

static void add_json(buf_t *out, const char *name, text_t value)
{
    if (value.at != NULL)
        buf_printf(out, "%s\"%s\":" TEXT_FMT, buf_text(out).bytes > 1 ? "," : "", name, TEXT_ARG(value));
}

static text_t draft_json(const event_draft_t *draft, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_add_char(&out, '{');
    add_text(&out, "title", draft->title);
    add_text(&out, "summary", draft->summary);
    add_text(&out, "description", draft->description);
    add_text(&out, "reason_to_exist", draft->reason_to_exist);
    add_text(&out, "category", draft->category);
    add_text(&out, "audience", draft->audience);
    add_text(&out, "replacement", draft->replacement);
    add_text(&out, "managed_by", draft->managed_by);
    add_json(&out, "contact", draft->contact);
    add_json(&out, "oncall", draft->oncall);
    add_json(&out, "classification", draft->classification);
    add_json(&out, "docs", draft->docs);
    add_json(&out, "labels", draft->labels);
    add_json(&out, "tags", draft->tags);
    buf_add_char(&out, '}');
    return buf_end(&out, arena);
}

/* Audience and classification are words of a contract: read as such. */
static int words_check(tx_t *tx, text_t audience, text_t classification)
{
    arena_t *arena = tx_arena(tx);
    err_t *err = tx_err(tx);
    text_t ignored;
    if (audience.at != NULL &&
        contract_read(text_printf(arena, "{\"audience\":\"" TEXT_FMT "\"}", TEXT_ARG(audience)), arena,
                      &ignored, err) != 0)
        return -1;
    return classification.at == NULL ? 0
                                     : contract_read(text_printf(arena, "{\"classification\":" TEXT_FMT "}",
                                                                 TEXT_ARG(classification)),
                                                     arena, &ignored, err);
}

static int refuse_place(tx_t *tx, const char *place, err_code_t code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static int refuse_place(tx_t *tx, const char *place, err_code_t code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    text_t sentence = text_of(arena_vprintf(tx_arena(tx), fmt, args));
    va_end(args);
    tx_err(tx)->place = place;
    return err_set_text(tx_err(tx), code, sentence);
}

typedef struct {
    int64_t team_id, domain_id;
} words_t;

/* Names and slugs of a draft, found or refused. `self`: the event that is renamed may take a name back that it had. */
static int words_find(tx_t *tx, text_t name, text_t team, text_t domain, const event_t *self, words_t *out)
{
    rules_t rules;
    rows_t *rows;
    if (rules_get(tx, self == NULL ? 0 : self->id, &rules) != 0 ||
        tx_query(tx, STMT_EVENT_WORDS, &rows, sql_text_or_null(name), sql_text_or_null(team),
                 sql_text_or_null(domain), sql_text_or_null(rules.name_pattern)) != 0)
        return -1;
    rows_next(rows);
    text_t taken = row_text_or_none(rows, "taken"), reserved = row_text_or_none(rows, "reserved");
    text_t taken_by = row_text_or_none(rows, "taken_by");
    bool shaped = row_bool(rows, "shaped"), fits = row_bool(rows, "fits"),
         dissolved = row_bool(rows, "dissolved");
    out->team_id = row_is_null(rows, "team_id") ? 0 : row_i64(rows, "team_id");
    out->domain_id = row_is_null(rows, "domain_id") ? 0 : row_i64(rows, "domain_id");
    if (row_end(rows) != 0)
        return -1;
    if (!shaped)
        return refuse_place(tx, "name", ERR_NAME_PATTERN,
                            "\"" TEXT_FMT
                            "\" is no name of an event: lower case words that begin with a letter, with dots "
                            "between, like orders.order_placed",
                            TEXT_ARG(name));
    if (!fits)
        return refuse_place(tx, "name", ERR_NAME_PATTERN,
                            "\"" TEXT_FMT "\" does not fit the pattern of this catalog: " TEXT_FMT,
                            TEXT_ARG(name), TEXT_ARG(rules.name_pattern));
    if (taken.at != NULL)
        return refuse_place(tx, "name", ERR_NAME_TAKEN,
                            "There is an event " TEXT_FMT " already; team " TEXT_FMT " owns it",
                            TEXT_ARG(name), TEXT_ARG(taken_by));
    if (reserved.at != NULL && (self == NULL || !text_eq(reserved, self->name)))
        return refuse_place(tx, "name", ERR_NAME_RESERVED,
                            TEXT_FMT " is a former name of the event " TEXT_FMT, TEXT_ARG(name),
                            TEXT_ARG(reserved));
    if (team.at != NULL && out->team_id == 0)
        return refuse_place(tx, "owner", ERR_FIELD_INVALID, "owner: there is no team \"" TEXT_FMT "\"",
                            TEXT_ARG(team));
    if (team.at != NULL && dissolved)
        return refuse_place(tx, "owner", ERR_FIELD_INVALID, "owner: team " TEXT_FMT " is dissolved",
                            TEXT_ARG(team));
    if (domain.at != NULL && out->domain_id == 0)
        return refuse_place(tx, "domain", ERR_FIELD_INVALID, "domain: there is no domain \"" TEXT_FMT "\"",
                            TEXT_ARG(domain));
    return 0;
}

static int note(tx_t *tx, const who_t *who, audit_kind_t kind, text_t name, text_t detail)
{
    return audit_note(tx, &(audit_t){.kind = kind,
                                     .object = text_printf(tx_arena(tx), "event:" TEXT_FMT, TEXT_ARG(name)),
                                     .about = name,
                                     .detail = detail,
                                     .actor = who->actor,
                                     .request_id = who->request_id});
}

int event_create(tx_t *tx, const principal_t *by, const who_t *who, const event_draft_t *draft, event_t *out)
{
    words_t words;
    rows_t *rows;
    arena_t *arena = tx_arena(tx);
    text_t json = draft_json(draft, arena);
    if (words_check(tx, draft->audience, draft->classification) != 0 ||
        words_find(tx, draft->name, draft->owner, draft->domain, NULL, &words) != 0 ||
        rights_check(tx, by, RIGHT_CREATE_EVENT, words.team_id, 0, tx_err(tx)) != 0 ||
        tx_query(tx, STMT_EVENT_CREATE, &rows, sql_text(draft->name), sql_i64(words.team_id),
                 words.domain_id == 0 ? sql_null() : sql_i64(words.domain_id), sql_text(json),
                 sql_text(who->actor)) != 0 ||
        event_get(tx, draft->name, out) != 0)
        return -1;
    return note(
        tx, who, AUDIT_EVENT_CREATED, out->name,
        text_printf(arena, "{\"event\":\"" TEXT_FMT "\",\"owner\":\"" TEXT_FMT "\",\"created\":" TEXT_FMT "}",
                    TEXT_ARG(out->name), TEXT_ARG(out->team), TEXT_ARG(json)));
}

/* --- changing ------------------------------------------------------------------------------------------------------------------------ */

static text_t promise_of(text_t audience, text_t classification, arena_t *arena)
{
    return text_printf(arena, "{\"audience\":\"" TEXT_FMT "\",\"classification\":" TEXT_FMT "}",
                       TEXT_ARG(audience), TEXT_ARG(classification));
}

/* A narrower audience or a higher classification is what consumers have to agree to, as soon as there are some. */
static int promise_check(tx_t *tx, const event_t *event, const event_draft_t *draft)
{
    arena_t *arena = tx_arena(tx);
    contract_finding_t *findings;
    rows_t *rows;
    size_t n;
    text_t audience = draft->audience.at != NULL ? draft->audience : event->audience;
    text_t classification = draft->classification.at != NULL ? draft->classification : event->classification;
    if (words_check(tx, draft->audience, draft->classification) != 0)
        return -1;
    if (contract_compare(promise_of(event->audience, event->classification, arena),
                         promise_of(audience, classification, arena), arena, &findings, &n, tx_err(tx)) != 0)
        return -1;
    if (n == 0 || findings[0].class != CLASS_BREAKING)
        return 0;
    if (tx_query(tx, STMT_EVENT_READERS, &rows, sql_i64(event->id)) != 0)
        return -1;
    rows_next(rows);
    text_t readers = row_text_or_none(rows, "readers"), line = row_text_or_none(rows, "line");
    if (row_end(rows) != 0)
        return -1;
    if (readers.at == NULL)
        return 0;
    tx_err(tx)->place = findings[0].attribute;
    tx_err(tx)->extra = text_printf(
        arena, "{\"do\":\"POST /api/v1/changes\",\"kind\":\"contract\",\"line\":\"" TEXT_FMT "\"}",
        TEXT_ARG(line));
    return err_set(tx_err(tx), ERR_CHANGE_REQUIRED,
                   TEXT_FMT " It is read by " TEXT_FMT ": open a change of the contract of " TEXT_FMT,
                   TEXT_ARG(findings[0].message), TEXT_ARG(readers), TEXT_ARG(line));
}

int event_change(tx_t *tx, const principal_t *by, const who_t *who, const event_t *event,
                 const event_draft_t *draft, bool force)
{
    words_t words;
    text_t json = draft_json(draft, tx_arena(tx));
    if (rights_check(tx, by, RIGHT_EDIT_EVENT, event->team_id, 0, tx_err(tx)) != 0 ||
        managed_check(tx, by, event->managed_by, "event", force) != 0 ||
        words_find(tx, TEXT_NONE, TEXT_NONE, draft->domain, event, &words) != 0 ||
        promise_check(tx, event, draft) != 0 ||
        tx_send(tx, STMT_EVENT_CHANGE, sql_i64(event->id),
                words.domain_id == 0 ? sql_null() : sql_i64(words.domain_id), sql_text(json),
                sql_text(who->actor)) != 0)
        return -1;
    return note(tx, who, AUDIT_EVENT_CHANGED, event->name,
                text_printf(tx_arena(tx), "{\"to\":" TEXT_FMT "}", TEXT_ARG(json)));
}

int event_rename(tx_t *tx, const principal_t *by, const who_t *who, const event_t *event, text_t name)
{
    words_t words;
    arena_t *arena = tx_arena(tx);
    if (rights_check(tx, by, RIGHT_EDIT_EVENT, event->team_id, 0, tx_err(tx)) != 0 ||
        words_find(tx, name, TEXT_NONE, TEXT_NONE, event, &words) != 0 ||
        tx_send(tx, STMT_EVENT_RENAME, sql_i64(event->id), sql_text(name), sql_text(who->actor)) != 0)
        return -1;
    return note(tx, who, AUDIT_EVENT_RENAMED, name,
                text_printf(arena, "{\"from\":\"" TEXT_FMT "\",\"to\":\"" TEXT_FMT "\"}",
                            TEXT_ARG(event->name), TEXT_ARG(name)));
}

/* Whoever may speak for a team: of the open server, anybody for both. */
static bool speaks_for(const principal_t *by, int64_t team_id)
{
    return by->kind == PRINCIPAL_ANYBODY || (by->kind == PRINCIPAL_USER && by->role == ROLE_ADMIN) ||
           principal_is_maintainer(by, team_id);
}

static int hand_over(tx_t *tx, const who_t *who, const event_t *event, int64_t to_id, text_t to)
{
    if (tx_send(tx, STMT_EVENT_OWNER, sql_i64(event->id), sql_i64(to_id), sql_null(), sql_text(who->actor)) !=
        0)
        return -1;
    return note(tx, who, AUDIT_OWNER_CHANGED, event->name,
                text_printf(tx_arena(tx),
                            "{\"from\":\"" TEXT_FMT "\",\"to\":\"" TEXT_FMT "\",\"teams\":[\"" TEXT_FMT
                            "\",\"" TEXT_FMT "\"]}",
                            TEXT_ARG(event->team), TEXT_ARG(to), TEXT_ARG(event->team), TEXT_ARG(to)));
}

int event_transfer(tx_t *tx, const principal_t *by, const who_t *who, const event_t *event, text_t to,
                   bool *done)
{
    words_t words;
    arena_t *arena = tx_arena(tx);
    *done = false;
    if (words_find(tx, TEXT_NONE, to, TEXT_NONE, event, &words) != 0)
        return -1;
    if (words.team_id == event->team_id)
        return refuse_place(tx, "to", ERR_STATE_CONFLICT, "Team " TEXT_FMT " owns " TEXT_FMT " already",
                            TEXT_ARG(to), TEXT_ARG(event->name));
    bool giving = speaks_for(by, event->team_id), taking = speaks_for(by, words.team_id);
    if (!giving && !taking)
        return rights_check(tx, by, RIGHT_TRANSFER, event->team_id, 0, tx_err(tx)) != 0
                   ? -1
                   : refuse_place(tx, "to", ERR_NOT_TEAM_MEMBER,
                                  "Only maintainers of " TEXT_FMT " or " TEXT_FMT " may do this",
                                  TEXT_ARG(event->team), TEXT_ARG(to));
    bool asked = event->transfer_to == words.team_id;
    if (asked && taking) {
        *done = true;
        return hand_over(tx, who, event, words.team_id, to);
    }
    if (!giving)
        return refuse_place(tx, "to", ERR_NOT_TEAM_MEMBER,
                            "Team " TEXT_FMT " has not offered the event to " TEXT_FMT, TEXT_ARG(event->team),
                            TEXT_ARG(to));
    if (asked)
        return refuse_place(tx, "to", ERR_STATE_CONFLICT,
                            "Team " TEXT_FMT " was asked already to take over " TEXT_FMT
                            "; one of its maintainers confirms with the same call",
                            TEXT_ARG(to), TEXT_ARG(event->name));
    if (tx_send(tx, STMT_EVENT_OWNER, sql_i64(event->id), sql_null(), sql_i64(words.team_id),
                sql_text(who->actor)) != 0)
        return -1;
    return note(tx, who, AUDIT_OWNER_ASKED, event->name,
                text_printf(arena,
                            "{\"from\":\"" TEXT_FMT "\",\"to\":\"" TEXT_FMT "\",\"team\":\"" TEXT_FMT "\"}",
                            TEXT_ARG(event->team), TEXT_ARG(to), TEXT_ARG(to)));
}

/* events.c - /api/v1/events: what happens in the company, who owns it, why it exists. */
#include "catalog/event.h"

#include <stdlib.h>

#include "catalog/contract.h"
#include "catalog/line.h"
#include "catalog/readiness.h"
#include "catalog/state.h"
#include "server/api/api.h"
#include "server/api/catalog.h"

static const char *const categories[] = {"fact", "state-change", "command", NULL};
static const char *const audiences[] = {"team", "domain", "company", "partner", "public", NULL};
static const char *const classes[] = {"public", "internal", "confidential", "restricted", NULL};

static const shape_t classification_shape[] = {
    {"level", SHAPE_CHOICE, .choices = classes}, {"regulations", .kind = SHAPE_TEXTS}, {0}};
static const shape_t doc_shape[] = {
    {"title", .kind = SHAPE_TEXT}, {"url", SHAPE_URL, .flags = SHAPE_REQUIRED}, {0}};
static const shape_t contact_shape[] = {
    {"email", .kind = SHAPE_TEXT}, {"chat_url", .kind = SHAPE_URL}, {"issue_url", .kind = SHAPE_URL}, {0}};

const shape_t line_shape[] = {
    {"major", SHAPE_INT, .least = 1, .most = 1000000},
    {"compatibility", .kind = SHAPE_TEXT},
    {"subjects", .kind = SHAPE_TEXTS},
    {"contract", .kind = SHAPE_OBJECT},
    {"migration_guide", .kind = SHAPE_TEXT},
    {"reason", .kind = SHAPE_TEXT},
    {0},
};

const shape_t event_shape[] = {
    {"name", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
    {"owner", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
    {"contract", .kind = SHAPE_OBJECT},
    {"line", SHAPE_OBJECT, .members = line_shape},
    /* from here on it may be changed, too */
    {"domain", .kind = SHAPE_SLUG},
    {"title", .kind = SHAPE_TEXT},
    {"summary", .kind = SHAPE_TEXT},
    {"description", .kind = SHAPE_TEXT},
    {"reason_to_exist", .kind = SHAPE_TEXT},
    {"category", SHAPE_CHOICE, .choices = categories},
    {"audience", SHAPE_CHOICE, .choices = audiences},
    {"classification", SHAPE_OBJECT, .members = classification_shape},
    {"contact", SHAPE_OBJECT, .members = contact_shape},
    {"oncall", .kind = SHAPE_OBJECT},
    {"tags", .kind = SHAPE_TEXTS},
    {"docs", SHAPE_LIST, .members = doc_shape},
    {"replacement", .kind = SHAPE_TEXT},
    {"labels", .kind = SHAPE_LABELS},
    {"managed_by", .kind = SHAPE_TEXT},
    {0},
};
#define EVENT_SHAPE_LATER (event_shape + 4)

const shape_t adopt_shape[] = {
    {"subject", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
    {"owner", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
    {"name", .kind = SHAPE_TEXT},
    {"title", .kind = SHAPE_TEXT},
    {"domain", .kind = SHAPE_SLUG},
    {"reason_to_exist", .kind = SHAPE_TEXT},
    {"summary", .kind = SHAPE_TEXT},
    {"contract", .kind = SHAPE_OBJECT},
    {"compatibility", .kind = SHAPE_TEXT},
    {0},
};

const shape_t rename_shape[] = {{"name", SHAPE_TEXT, .flags = SHAPE_REQUIRED}, {0}};
const shape_t transfer_shape[] = {{"to", SHAPE_SLUG, .flags = SHAPE_REQUIRED}, {0}};

/* --- replying ----------------------------------------------------------------------------------------------------------------------- */

int api_moved(call_t *c, const char *before, text_t name, const char *after)
{
    reply_empty(c, 301);
    reply_header(c, "location", text_printf(c->arena, "%s" TEXT_FMT "%s", before, TEXT_ARG(name), after));
    return 0;
}

static int reply_event(call_t *c, tx_t *tx, int status, const event_t *event)
{
    rows_t *rows;
    text_t required;
    if (readiness_required(tx, event->id, &required) != 0 ||
        tx_query(tx, STMT_EVENT_READ, &rows, sql_i64(event->id), sql_text(required)) != 0)
        return -1;
    if (status == 201)
        reply_header(c, "location", text_printf(c->arena, "/api/v1/events/" TEXT_FMT, TEXT_ARG(event->name)));
    return api_reply_row(c, status, rows, "event", event->name);
}

/* --- reading a body -------------------------------------------------------------------------------------------------------------------- */

static text_t json_of(call_t *c, const char *member)
{
    const json_t *value = json_object_get(c->body, member);
    if (value == NULL || json_is_null(value))
        return TEXT_NONE;
    char *printed = json_dumps(value, API_PRINTED | JSON_ENCODE_ANY);
    text_t text = text_copy(c->arena, text_of(printed));
    free(printed);
    return text;
}

static event_draft_t read_draft(call_t *c)
{
    const json_t *body = c->body;
    return (event_draft_t){
        .name = resource_text(body, "name"),
        .domain = resource_text(body, "domain"),
        .owner = resource_text(body, "owner"),
        .title = resource_text(body, "title"),
        .summary = resource_text(body, "summary"),
        .description = resource_text(body, "description"),
        .reason_to_exist = resource_text(body, "reason_to_exist"),
        .category = resource_text(body, "category"),
        .audience = resource_text(body, "audience"),
        .replacement = resource_text(body, "replacement"),
        .contact = json_of(c, "contact"),
        .oncall = json_of(c, "oncall"),
        .classification = json_of(c, "classification"),
        .docs = json_of(c, "docs"),
        .labels = json_of(c, "labels"),
        .tags = json_of(c, "tags"),
        .managed_by = resource_text(body, "managed_by"),
    };
}

text_t api_subject_role(text_t subject)
{
    bool key = subject.bytes > 4 && text_is(text_from(subject, subject.bytes - 4), "-key");
    return key ? TEXT("key") : TEXT("value");
}

/* Locks of the registry come before the catalog's: no version arrives while a subject changes hands. */
static int lock_subjects(call_t *c, tx_t *tx, const text_t *subjects, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        subject_name_t name = subject_name_parse(subjects[i], TEXT_NONE, c->arena);
        if (subject_name_check(&name, &c->err) != 0 || subject_lock(tx, &name) != 0)
            return -1;
    }
    return api_write_begin(c, tx);
}

int api_line_draft(call_t *c, tx_t *tx, const json_t *line, line_draft_t *out)
{
    const json_t *subjects = json_object_get(line, "subjects"), *major = json_object_get(line, "major");
    size_t n = json_array_size(subjects);
    text_t *names = ARENA_ARRAY(c->arena, text_t, n), *roles = ARENA_ARRAY(c->arena, text_t, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(subjects, i);
        names[i] = (text_t){json_string_value(one), json_string_length(one)};
        roles[i] = api_subject_role(names[i]);
    }
    *out = (line_draft_t){
        .major = major == NULL ? 0 : (int32_t)json_integer_value(major),
        .level = resource_text(line, "compatibility"),
        .subjects = names,
        .roles = roles,
        .n_subjects = n,
        .migration_guide = resource_text(line, "migration_guide"),
        .reason = resource_text(line, "reason"),
    };
    return lock_subjects(c, tx, names, n);
}

/* --- handlers ------------------------------------------------------------------------------------------------------------------------------ */

int event_post(call_t *c, tx_t *tx)
{
    text_t document;
    line_draft_t draft;
    event_t event;
    line_t line;
    who_t who;
    const json_t *given = json_object_get(c->body, "line");
    if (api_shape(c, event_shape, SHAPE_WHOLE, &document) != 0 || api_line_draft(c, tx, given, &draft) != 0)
        return -1;
    event_draft_t about = read_draft(c);
    who = api_who(c);
    draft.terms = json_of(c, "contract");
    draft.major = draft.major == 0 ? 1 : draft.major;
    if (event_create(tx, api_principal(c), &who, &about, &event) != 0 ||
        line_create(tx, api_principal(c), &who, &event, &draft, &line) != 0)
        return -1;
    return reply_event(c, tx, 201, &event);
}

int event_get_call(call_t *c, tx_t *tx)
{
    event_t event;
    if (event_get(tx, c->params[0], &event) != 0)
        return -1;
    return event.former ? api_moved(c, "/api/v1/events/", event.name, "") : reply_event(c, tx, 200, &event);
}

int event_patch(call_t *c, tx_t *tx)
{
    text_t document;
    event_t event;
    who_t who = api_who(c);
    if (api_shape(c, EVENT_SHAPE_LATER, SHAPE_PATCH, &document) != 0 ||
        event_get(tx, c->params[0], &event) != 0 || api_if_match(c, event.rev) != 0)
        return -1;
    event_draft_t about = read_draft(c);
    if (event_change(tx, api_principal(c), &who, &event, &about, call_query_bool(c, "force", false)) != 0)
        return -1;
    return reply_event(c, tx, 200, &event);
}

int event_names_get(call_t *c, tx_t *tx)
{
    event_t event;
    rows_t *rows;
    if (event_get(tx, c->params[0], &event) != 0 ||
        tx_query(tx, STMT_EVENT_NAMES, &rows, sql_i64(event.id)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "event", event.name);
}

int event_rename_call(call_t *c, tx_t *tx)
{
    text_t document, name = resource_text(c->body, "name");
    event_t event;
    who_t who = api_who(c);
    if (api_shape(c, rename_shape, SHAPE_WHOLE, &document) != 0 || event_get(tx, c->params[0], &event) != 0 ||
        api_if_match(c, event.rev) != 0 || event_rename(tx, api_principal(c), &who, &event, name) != 0 ||
        event_get(tx, name, &event) != 0)
        return -1;
    return reply_event(c, tx, 200, &event);
}

int event_transfer_call(call_t *c, tx_t *tx)
{
    text_t document;
    event_t event;
    bool done;
    who_t who = api_who(c);
    if (api_shape(c, transfer_shape, SHAPE_WHOLE, &document) != 0 ||
        event_get(tx, c->params[0], &event) != 0 ||
        event_transfer(tx, api_principal(c), &who, &event, resource_text(c->body, "to"), &done) != 0)
        return -1;
    return reply_event(c, tx, done ? 200 : 202, &event);
}

int events_get(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    text_t sort = call_query(c, "sort");
    if (api_page(c, &page) != 0)
        return -1;
    if (sort.bytes > 0 && !text_is(sort, "name") && !text_is(sort, "-updated"))
        return api_invalid(c, TEXT("sort"), "must be name or -updated");
#define GIVEN(name) (call_query(c, name).bytes == 0 ? sql_null() : sql_text(call_query(c, name)))
    if (tx_query(tx, STMT_EVENTS_LIST, &rows, GIVEN("q"), GIVEN("domain"), GIVEN("owner"), GIVEN("state"),
                 GIVEN("tag"), GIVEN("field"), GIVEN("format"), GIVEN("audience"), GIVEN("classification"),
                 sql_bool(text_is(sort, "-updated")), sql_text_or_null(page.after),
                 sql_i64(page.limit + 1)) != 0)
        return -1;
#undef GIVEN
    return api_reply_list(c, &page, rows);
}

/* --- what has no event yet ------------------------------------------------------------------------------------------------------------------ */

int uncatalogued_get(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    text_t prefix = call_query(c, "subjectPrefix");
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_UNCATALOGUED_LIST, &rows, sql_text_or_null(page.after), sql_i64(page.limit + 1),
                 prefix.bytes == 0 ? sql_null() : sql_text(prefix)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

/* One call: the event, its first line, and a version of it for each of the subject's. */
int event_adopt(call_t *c, tx_t *tx)
{
    text_t document, subject = resource_text(c->body, "subject");
    event_t event;
    line_t line;
    rows_t *rows;
    if (api_shape(c, adopt_shape, SHAPE_WHOLE, &document) != 0 || lock_subjects(c, tx, &subject, 1) != 0)
        return -1;
    who_t who = api_who(c);
    subject_name_t name = subject_name_parse(subject, TEXT_NONE, c->arena);
    if (tx_query(tx, STMT_SUBJECT_GUESS, &rows, sql_text(name.qualified)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(&c->err, ERR_SUBJECT_NOT_FOUND, "Subject \"" TEXT_FMT "\" has no version",
                       TEXT_ARG(subject));
    text_t guess = row_text_or_none(rows, "guess"), level = row_text(rows, "level");
    if (row_end(rows) != 0)
        return -1;
    event_draft_t about = read_draft(c);
    about.name = about.name.at != NULL ? about.name : guess;
    if (about.name.at == NULL)
        return api_invalid(c, TEXT("name"),
                           "is missing: the subject's name is none that an event could have");
    text_t role = api_subject_role(subject), chosen = resource_text(c->body, "compatibility");
    line_draft_t draft = {.major = 1,
                          .level = chosen.at != NULL ? chosen : level,
                          .subjects = &name.qualified,
                          .roles = &role,
                          .n_subjects = 1,
                          .terms = json_of(c, "contract")};
    if (event_create(tx, api_principal(c), &who, &about, &event) != 0 ||
        line_create(tx, api_principal(c), &who, &event, &draft, &line) != 0)
        return -1;
    return reply_event(c, tx, 201, &event);
}

#include "catalog/own_event.h"

#include <string.h>

#include "compat/core/buf.h"

#define CONTEXT ".avow"

static const who_t the_server = {.actor = {"avow", 4}, .request_id = {"", 0}};

/* Told with an entry of the trail of another kind. */
static const char *const others[] = {"approval.requested", "approval.reset"};
enum { N_OTHERS = sizeof others / sizeof *others };

/* Every event may have these; what it has besides is told by the part that sends it. */
static const struct {
    const char *name, *schema;
} members[] = {
    {"actor", "{\"type\":\"string\",\"description\":\"who did it\"}"},
    {"at", "{\"type\":\"string\",\"format\":\"date-time\"}"},
    {"change", "{\"type\":\"string\",\"pattern\":\"^CR-[0-9]+$\"}"},
    {"class", "{\"type\":\"string\",\"description\":\"breaking, compatible or documentation\"}"},
    {"context", "{\"type\":\"string\",\"description\":\"of the subject: . or .name\"}"},
    {"detail", "{\"description\":\"what was made, or what changed from what to what\"}"},
    {"line", "{\"type\":\"string\",\"description\":\"event@major\"}"},
    {"object", "{\"type\":\"string\",\"description\":\"what it is about, as in the audit trail\"}"},
    {"reason", "{\"type\":\"string\"}"},
    {"summary", "{\"type\":\"string\",\"description\":\"one sentence for people\"}"},
    {"team", "{\"type\":\"string\",\"description\":\"the team that is told\"}"},
    {"teams", "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"},
    {"title", "{\"type\":\"string\"}"},
};

/* What is told by one of them alone. */
static const struct {
    const char *kind, *members;
} more[] = {
    {"drift.detected",
     ",\"kind\":{\"enum\":[\"undeclared_read\",\"undeclared_write\",\"unused_declaration\",\"wrong_version\","
     "\"unknown_field\"]},\"service\":{\"type\":\"string\"},\"owner\":{\"type\":\"string\"},"
     "\"what\":{\"type\":\"string\",\"description\":\"the client, declaration, version or field\"},"
     "\"last_seen\":{\"type\":\"string\",\"format\":\"date-time\"},\"next\":{\"type\":\"string\"}"},
};

size_t own_events_n(void)
{
    return AUDIT_N + N_OTHERS;
}

static const char *kind_of(size_t i)
{
    return i < AUDIT_N ? audit_text((audit_kind_t)i) : others[i - AUDIT_N];
}

static text_t schema_of(const char *kind, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(
        &out,
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"title\":\"io.avow.%s\","
        "\"description\":\"data of the CloudEvent io.avow.%s.v1\",\"type\":\"object\",\"properties\":{",
        kind, kind);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        buf_printf(&out, "%s\"%s\":%s", i == 0 ? "" : ",", members[i].name, members[i].schema);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (strcmp(more[i].kind, kind) == 0)
            buf_add_s(&out, more[i].members);
    buf_add_s(&out, "},\"required\":[\"actor\",\"at\"]}");
    return buf_end(&out, arena);
}

int own_event_register(tx_t *tx, size_t i, const policy_t *policy)
{
    arena_t *arena = tx_arena(tx);
    submission_t sent = SUBMISSION_EMPTY;
    registered_t out;
    sent.type = TEXT("JSON");
    sent.text = schema_of(kind_of(i), arena);
    subject_name_t subject =
        subject_name_in(TEXT(CONTEXT), text_printf(arena, "io.avow.%s-value", kind_of(i)), arena);
    return version_register(tx, &the_server, &subject, &sent, false, policy, &out);
}

int own_events_catalogue(tx_t *tx)
{
    arena_t *arena = tx_arena(tx);
    size_t n = own_events_n();
    text_t *kinds = ARENA_ARRAY(arena, text_t, n);
    for (size_t i = 0; i < n; i++)
        kinds[i] = text_of(kind_of(i));
    rows_t *rows;
    if (tx_query(tx, STMT_OWN_EVENTS_PUT, &rows, sql_text_array(kinds, n, arena)) != 0)
        return -1;
    rows_next(rows);
    int64_t added = row_i64(rows, "n");
    if (row_end(rows) != 0 || added == 0)
        return row_end(rows);
    return audit_note(tx, &(audit_t){.kind = AUDIT_CATALOG_IMPORTED,
                                     .actor = the_server.actor,
                                     .request_id = the_server.request_id,
                                     .object = TEXT("domain:avow"),
                                     .detail = text_printf(arena, "{\"events\":%lld}", (long long)added)});
}

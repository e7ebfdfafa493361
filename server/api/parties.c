/* parties.c - /api/v1/consumptions, /api/v1/productions and PUT /api/v1/services/{service}/sync: who reads and who writes what. */
#include "catalog/consumption.h"
#include "catalog/production.h"
#include "server/api/api.h"
#include "server/api/catalog.h"

static const char *const criticalities[] = {"blocking", "informational", NULL};
static const char *const needs[] = {"required", "optional", NULL};
static const char *const handlings[] = {"tolerant", "exhaustive", NULL};
static const char *const formats[] = {"AVRO", "JSON", NULL};
static const char *const terms[] = {"ordering", "delivery", "sla",      "retention",
                                    "volume",   "envelope", "audience", "classification",
                                    "channel",  NULL};

static const shape_t reader_shape[] = {{"subject", .kind = SHAPE_TEXT},
                                       {"version", SHAPE_INT, .least = 1, .most = INT32_MAX},
                                       {"schema", .kind = SHAPE_TEXT},
                                       {"text", .kind = SHAPE_TEXT},
                                       {"format", SHAPE_CHOICE, .choices = formats},
                                       {0}};
static const shape_t field_shape[] = {{"path", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                                      {"need", SHAPE_CHOICE, .choices = needs},
                                      {"enum_handling", SHAPE_CHOICE, .choices = handlings},
                                      {"use", .kind = SHAPE_TEXT},
                                      {0}};

#define CONSUMPTION_MEMBERS                                                                               \
    {"version_range", .kind = SHAPE_TEXT}, {"environments", .kind = SHAPE_TEXTS},                         \
        {"purpose", .kind = SHAPE_TEXT}, {"criticality", SHAPE_CHOICE, .choices = criticalities},         \
        {"reader", SHAPE_OBJECT, .flags = SHAPE_NULL, .members = reader_shape},                           \
        {"fields", SHAPE_LIST, .members = field_shape}, {"not_relied_on", SHAPE_TEXTS, .choices = terms}, \
        {"labels", .kind = SHAPE_LABELS}, {"managed_by", .kind = SHAPE_TEXT},                             \
        {"accepts_pending", .kind = SHAPE_TEXT},                                                          \
    {                                                                                                     \
        0                                                                                                 \
    }

const shape_t consumption_shape[] = {{"service", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
                                     {"line", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                                     CONSUMPTION_MEMBERS};
#define CONSUMPTION_SHAPE_LATER (consumption_shape + 2)
const shape_t production_shape[] = {{"service", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
                                    {"line", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                                    {"environments", .kind = SHAPE_TEXTS},
                                    {"labels", .kind = SHAPE_LABELS},
                                    {"managed_by", .kind = SHAPE_TEXT},
                                    {0}};
#define PRODUCTION_SHAPE_LATER (production_shape + 2)

static const shape_t sync_consumes_shape[] = {{"line", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                                              CONSUMPTION_MEMBERS};
static const shape_t sync_produces_shape[] = {
    {"line", SHAPE_TEXT, .flags = SHAPE_REQUIRED}, {"environments", .kind = SHAPE_TEXTS}, {0}};
const shape_t sync_shape[] = {{"repo", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                              {"produces", SHAPE_LIST, .members = sync_produces_shape},
                              {"consumes", SHAPE_LIST, .members = sync_consumes_shape},
                              {0}};
const shape_t reason_shape[] = {{"reason", .kind = SHAPE_TEXT}, {0}};

/* --- reading bodies ---------------------------------------------------------------------------------------------------------------------- */

static text_t member_json(call_t *c, const json_t *object, const char *name, json_type kind)
{
    text_t text = TEXT_NONE;
    const json_t *value = json_object_get(object, name);
    if (value != NULL && json_typeof(value) == kind)
        api_json(c, object, name, kind, TEXT_NONE, &text);
    return text;
}

static void read_fields(call_t *c, const json_t *list, consumption_draft_t *out)
{
    consumption_field_t *fields = ARENA_ARRAY(c->arena, consumption_field_t, json_array_size(list));
    out->fields_given = json_is_array(list);
    out->n_fields = json_array_size(list);
    for (size_t i = 0; i < out->n_fields; i++) {
        const json_t *one = json_array_get(list, i);
        fields[i] = (consumption_field_t){
            .path = resource_text(one, "path"),
            .required = !text_is(resource_text(one, "need"), "optional"),
            .exhaustive = text_is(resource_text(one, "enum_handling"), "exhaustive"),
            .use = resource_text(one, "use"),
        };
    }
    out->fields = fields;
}

static consumption_draft_t read_consumption(call_t *c, const json_t *from)
{
    const json_t *reader = json_object_get(from, "reader");
    text_t text = resource_text(reader, "schema");
    consumption_draft_t draft = {
        .service = resource_text(from, "service"),
        .line = resource_text(from, "line"),
        .version_range = resource_text(from, "version_range"),
        .purpose = resource_text(from, "purpose"),
        .criticality = resource_text(from, "criticality"),
        .managed_by = resource_text(from, "managed_by"),
        .environments = member_json(c, from, "environments", JSON_ARRAY),
        .not_relied_on = member_json(c, from, "not_relied_on", JSON_ARRAY),
        .labels = member_json(c, from, "labels", JSON_OBJECT),
        .reader_given = reader != NULL,
        .reader_subject = resource_text(reader, "subject"),
        .reader_version = (int32_t)json_integer_value(json_object_get(reader, "version")),
        .reader_format = resource_text(reader, "format"),
        .reader_text = text.at != NULL ? text : resource_text(reader, "text"),
        .accepts_pending = resource_text(from, "accepts_pending"),
    };
    read_fields(c, json_object_get(from, "fields"), &draft);
    return draft;
}

static production_draft_t read_production(call_t *c, const json_t *from)
{
    return (production_draft_t){
        .service = resource_text(from, "service"),
        .line = resource_text(from, "line"),
        .environments = member_json(c, from, "environments", JSON_ARRAY),
        .labels = member_json(c, from, "labels", JSON_OBJECT),
        .managed_by = resource_text(from, "managed_by"),
    };
}

/* --- consumptions --------------------------------------------------------------------------------------------------------------------------- */

static int reply_consumption(call_t *c, tx_t *tx, int status, text_t public_id,
                             const consumption_declared_t *declared)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CONSUMPTION_READ, &rows, sql_text(public_id),
                 declared == NULL ? sql_null() : sql_text(declared->warnings),
                 declared != NULL && declared->requested ? sql_text(declared->approver) : sql_null()) != 0)
        return -1;
    if (status == 201 || status == 202)
        reply_header(c, "location",
                     text_printf(c->arena, "/api/v1/consumptions/" TEXT_FMT, TEXT_ARG(public_id)));
    return api_reply_row(c, status, rows, "consumption", public_id);
}

static sql_arg_t given(const call_t *c, const char *name)
{
    text_t value = call_query(c, name);
    return value.bytes == 0 ? sql_null() : sql_text(value);
}

int consumptions_get(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_CONSUMPTIONS_LIST, &rows, given(c, "service"), given(c, "team"), given(c, "line"),
                 given(c, "state"), given(c, "field"), given(c, "environment"), sql_text_or_null(page.after),
                 sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int consumption_post(call_t *c, tx_t *tx)
{
    text_t document;
    consumption_declared_t declared;
    who_t who = api_who(c);
    if (api_shape(c, consumption_shape, SHAPE_WHOLE, &document) != 0)
        return -1;
    consumption_draft_t draft = read_consumption(c, c->body);
    if (consumption_declare(tx, api_principal(c), &who, &draft, false, &declared) != 0)
        return -1;
    return reply_consumption(c, tx, declared.requested ? 202 : 201, declared.public_id, &declared);
}

int consumption_get_call(call_t *c, tx_t *tx)
{
    return reply_consumption(c, tx, 200, c->params[0], NULL);
}

static int mine(call_t *c, tx_t *tx, consumption_place_t *it)
{
    return consumption_get(tx, c->params[0], it) != 0 ||
                   managed_check(tx, api_principal(c), it->managed_by, "consumption",
                                 call_query_bool(c, "force", false)) != 0
               ? -1
               : 0;
}

int consumption_patch(call_t *c, tx_t *tx)
{
    text_t document;
    consumption_place_t it;
    consumption_declared_t declared;
    who_t who = api_who(c);
    if (api_shape(c, CONSUMPTION_SHAPE_LATER, SHAPE_PATCH, &document) != 0 || mine(c, tx, &it) != 0 ||
        api_if_match(c, it.rev) != 0)
        return -1;
    consumption_draft_t draft = read_consumption(c, c->body);
    if (consumption_change(tx, api_principal(c), &who, &it, &draft, &declared) != 0)
        return -1;
    return reply_consumption(c, tx, declared.requested ? 202 : 200, it.public_id, &declared);
}

int consumption_attest_call(call_t *c, tx_t *tx)
{
    consumption_place_t it;
    who_t who = api_who(c);
    if (consumption_get(tx, c->params[0], &it) != 0 ||
        consumption_attest(tx, api_principal(c), &who, &it) != 0)
        return -1;
    return reply_consumption(c, tx, 200, it.public_id, NULL);
}

/* {"reason": "..."}, or nothing. */
static int read_reason(call_t *c, text_t *out)
{
    text_t document;
    *out = TEXT_NONE;
    if (c->body == NULL)
        return 0;
    *out = resource_text(c->body, "reason");
    return api_shape(c, reason_shape, SHAPE_PATCH, &document);
}

int consumption_end_call(call_t *c, tx_t *tx)
{
    consumption_place_t it;
    text_t reason;
    who_t who = api_who(c);
    if (read_reason(c, &reason) != 0 || mine(c, tx, &it) != 0 ||
        consumption_end(tx, api_principal(c), &who, &it, reason) != 0)
        return -1;
    return reply_consumption(c, tx, 200, it.public_id, NULL);
}

static int decide(call_t *c, tx_t *tx, bool agreed)
{
    consumption_place_t it;
    text_t reason;
    who_t who = api_who(c);
    if (read_reason(c, &reason) != 0 || consumption_get(tx, c->params[0], &it) != 0 ||
        consumption_decide(tx, api_principal(c), &who, &it, agreed, reason) != 0)
        return -1;
    return reply_consumption(c, tx, 200, it.public_id, NULL);
}

int consumption_approve(call_t *c, tx_t *tx)
{
    return decide(c, tx, true);
}

int consumption_reject(call_t *c, tx_t *tx)
{
    return decide(c, tx, false);
}

/* --- productions ------------------------------------------------------------------------------------------------------------------------------- */

static int reply_production(call_t *c, tx_t *tx, int status, text_t public_id)
{
    rows_t *rows;
    if (tx_query(tx, STMT_PRODUCTION_READ, &rows, sql_text(public_id)) != 0)
        return -1;
    if (status == 201)
        reply_header(c, "location",
                     text_printf(c->arena, "/api/v1/productions/" TEXT_FMT, TEXT_ARG(public_id)));
    return api_reply_row(c, status, rows, "production", public_id);
}

int productions_get(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_PRODUCTIONS_LIST, &rows, given(c, "service"), given(c, "team"), given(c, "line"),
                 sql_bool(call_query_bool(c, "ended", false)), sql_text_or_null(page.after),
                 sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int production_post(call_t *c, tx_t *tx)
{
    text_t document, public_id;
    bool created;
    who_t who = api_who(c);
    if (api_shape(c, production_shape, SHAPE_WHOLE, &document) != 0)
        return -1;
    production_draft_t draft = read_production(c, c->body);
    if (production_declare(tx, api_principal(c), &who, &draft, false, &public_id, &created) != 0)
        return -1;
    return reply_production(c, tx, 201, public_id);
}

int production_get_call(call_t *c, tx_t *tx)
{
    return reply_production(c, tx, 200, c->params[0]);
}

static int my_production(call_t *c, tx_t *tx, production_t *it)
{
    return production_get(tx, c->params[0], it) != 0 ||
                   managed_check(tx, api_principal(c), it->managed_by, "production",
                                 call_query_bool(c, "force", false)) != 0
               ? -1
               : 0;
}

int production_patch(call_t *c, tx_t *tx)
{
    text_t document;
    production_t it;
    who_t who = api_who(c);
    if (api_shape(c, PRODUCTION_SHAPE_LATER, SHAPE_PATCH, &document) != 0 || my_production(c, tx, &it) != 0 ||
        api_if_match(c, it.rev) != 0)
        return -1;
    production_draft_t draft = read_production(c, c->body);
    if (production_change(tx, api_principal(c), &who, &it, &draft) != 0)
        return -1;
    return reply_production(c, tx, 200, it.public_id);
}

int production_end_call(call_t *c, tx_t *tx)
{
    production_t it;
    text_t reason;
    who_t who = api_who(c);
    if (read_reason(c, &reason) != 0 || my_production(c, tx, &it) != 0 ||
        production_end(tx, api_principal(c), &who, &it, reason) != 0)
        return -1;
    return reply_production(c, tx, 200, it.public_id);
}

/* --- what a repository says of its service -------------------------------------------------------------------------------------------------- */

typedef struct {
    text_t service, managed_by;
    text_t *named; /* public ids */
    size_t n_named, n_created, n_changed, n_ended;
    buf_t warnings;
} sync_t;

static void count(sync_t *sync, text_t public_id, bool created)
{
    sync->named[sync->n_named++] = public_id;
    *(created ? &sync->n_created : &sync->n_changed) += 1;
}

/* What is wrong is told with the place in the whole list. */
static int misplaced(call_t *c, tx_t *tx, const char *list, size_t i)
{
    err_t *err = tx_err(tx);
    if (err->place != NULL)
        err->place = arena_printf(c->arena, "%s[%zu].%s", list, i, err->place);
    return -1;
}

static int sync_consumes(call_t *c, tx_t *tx, const who_t *who, sync_t *sync, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        consumption_declared_t declared;
        consumption_draft_t draft = read_consumption(c, json_array_get(list, i));
        draft.service = sync->service;
        draft.managed_by = sync->managed_by;
        draft.reader_given = draft.fields_given = true;
        if (consumption_declare(tx, api_principal(c), who, &draft, true, &declared) != 0)
            return misplaced(c, tx, "consumes", i);
        count(sync, declared.public_id, declared.created);
        if (declared.warnings.bytes > 2) {
            buf_add_s(&sync->warnings, buf_text(&sync->warnings).bytes > 1 ? "," : "");
            buf_add(&sync->warnings, (text_t){declared.warnings.at + 1, declared.warnings.bytes - 2});
        }
    }
    return 0;
}

static int sync_produces(call_t *c, tx_t *tx, const who_t *who, sync_t *sync, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        text_t public_id;
        bool created;
        production_draft_t draft = read_production(c, json_array_get(list, i));
        draft.service = sync->service;
        draft.managed_by = sync->managed_by;
        if (production_declare(tx, api_principal(c), who, &draft, true, &public_id, &created) != 0)
            return misplaced(c, tx, "produces", i);
        count(sync, public_id, created);
    }
    return 0;
}

static int sync_end_rest(call_t *c, tx_t *tx, const who_t *who, sync_t *sync, int64_t service_id)
{
    rows_t *rows;
    const text_t reason = TEXT("the repository names it no longer");
    if (tx_query(tx, STMT_PARTY_SYNC_LEFT, &rows, sql_i64(service_id),
                 sql_text_array(sync->named, sync->n_named, c->arena)) != 0)
        return -1;
    while (rows_next(rows)) {
        text_t public_id = row_text(rows, "public_id");
        consumption_place_t reads;
        production_t writes;
        int rc = text_is(row_text(rows, "kind"), "consumption")
                     ? consumption_get(tx, public_id, &reads) != 0 ||
                           consumption_end(tx, api_principal(c), who, &reads, reason) != 0
                     : production_get(tx, public_id, &writes) != 0 ||
                           production_end(tx, api_principal(c), who, &writes, reason) != 0;
        if (rc != 0)
            return -1;
        sync->n_ended++;
    }
    return row_end(rows);
}

static int sync_run(call_t *c, tx_t *tx, sync_t *sync, int64_t service_id)
{
    who_t who = api_who(c);
    const json_t *produces = json_object_get(c->body, "produces"),
                 *consumes = json_object_get(c->body, "consumes");
    sync->named = ARENA_ARRAY(c->arena, text_t, json_array_size(produces) + json_array_size(consumes));
    if (sync_produces(c, tx, &who, sync, produces) != 0 || sync_consumes(c, tx, &who, sync, consumes) != 0 ||
        sync_end_rest(c, tx, &who, sync, service_id) != 0)
        return -1;
    buf_add_char(&sync->warnings, ']');
    reply_text(c, 200, "application/json",
               text_printf(c->arena,
                           "{\"service\":\"" TEXT_FMT
                           "\",\"created\":%zu,\"changed\":%zu,\"ended\":%zu,\"warnings\":" TEXT_FMT
                           ",\"links\":{\"self\":\"/api/v1/services/" TEXT_FMT
                           "\",\"ui\":\"/ui/services/" TEXT_FMT "\"}}",
                           TEXT_ARG(sync->service), sync->n_created, sync->n_changed, sync->n_ended,
                           TEXT_ARG(buf_text(&sync->warnings)), TEXT_ARG(sync->service),
                           TEXT_ARG(sync->service)));
    return 0;
}

int service_sync(call_t *c, tx_t *tx)
{
    text_t document;
    rows_t *rows;
    sync_t sync = {.service = c->params[0]};
    if (api_shape(c, sync_shape, SHAPE_WHOLE, &document) != 0 ||
        tx_query(tx, STMT_SERVICE_GET, &rows, sql_text(sync.service)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(&c->err, ERR_NOT_FOUND, "There is no service \"" TEXT_FMT "\"",
                       TEXT_ARG(sync.service));
    int64_t id = row_i64(rows, "id"), team_id = row_i64(rows, "team_id");
    if (row_end(rows) != 0 || rights_check(tx, api_principal(c), RIGHT_DECLARE, team_id, id, &c->err) != 0)
        return -1;
    sync.managed_by = text_printf(c->arena, "file:" TEXT_FMT, TEXT_ARG(resource_text(c->body, "repo")));
    buf_init(&sync.warnings, BUF_NO_MAX);
    buf_add_char(&sync.warnings, '[');
    int rc = sync_run(c, tx, &sync, id);
    buf_dispose(&sync.warnings);
    return rc;
}

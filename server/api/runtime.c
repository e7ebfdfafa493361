/* runtime.c - what goes on outside: /api/v1/channels, /deployments, /observations, and what follows from them: /drift, /health. */
#include "catalog/channel.h"
#include "catalog/deployment.h"
#include "catalog/drift.h"
#include "catalog/policy.h"
#include "catalog/readiness.h"
#include "server/api/api.h"
#include "server/api/catalog.h"

enum { OBSERVATIONS_MAX = 5000 };

static const shape_t channel_settings_shape[] = {{"partitions", SHAPE_INT, .least = 1, .most = 1000000},
                                                 {"retention", .kind = SHAPE_TEXT},
                                                 {"cleanup", .kind = SHAPE_TEXT},
                                                 {"key_serializer", .kind = SHAPE_TEXT},
                                                 {0}};
const shape_t channel_shape[] = {{"slug", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                                 {"broker", .kind = SHAPE_TEXT},
                                 {"address", .kind = SHAPE_TEXT},
                                 {"environments", .kind = SHAPE_TEXTS},
                                 {"settings", SHAPE_OBJECT, .members = channel_settings_shape},
                                 {"lines", .kind = SHAPE_TEXTS},
                                 {"labels", .kind = SHAPE_LABELS},
                                 {"managed_by", .kind = SHAPE_TEXT},
                                 {0}};

static const shape_t runs_shape[] = {
    {"line", SHAPE_TEXT, .flags = SHAPE_REQUIRED}, {"version", .kind = SHAPE_TEXT}, {0}};
const shape_t deployment_shape[] = {{"service", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
                                    {"version", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                                    {"environment", SHAPE_SLUG, .flags = SHAPE_REQUIRED},
                                    {"produces", SHAPE_LIST, .members = runs_shape},
                                    {"consumes", SHAPE_LIST, .members = runs_shape},
                                    {"coexist", .kind = SHAPE_BOOL},
                                    {"at", .kind = SHAPE_INSTANT},
                                    {0}};

static const char *const ops[] = {"read", "write", NULL};
static const char *const sources[] = {"consumer_group", "heartbeat", NULL};
static const shape_t observation_shape[] = {{"line", .kind = SHAPE_TEXT},
                                            {"subject", .kind = SHAPE_TEXT},
                                            {"channel", .kind = SHAPE_TEXT},
                                            {"service", .kind = SHAPE_SLUG},
                                            {"client", .kind = SHAPE_TEXT},
                                            {"environment", .kind = SHAPE_SLUG},
                                            {"op", SHAPE_CHOICE, .choices = ops},
                                            {"source", SHAPE_CHOICE, .choices = sources},
                                            {"at", .kind = SHAPE_INSTANT},
                                            {"count", SHAPE_INT, .least = 1, .most = 1000000000},
                                            {0}};
const shape_t observations_shape[] = {
    {"observations", SHAPE_LIST, .flags = SHAPE_REQUIRED, .members = observation_shape}, {0}};

static sql_arg_t given(const call_t *c, const char *name)
{
    text_t value = call_query(c, name);
    return value.bytes == 0 ? sql_null() : sql_text(value);
}

static text_t list_of(call_t *c, const char *name)
{
    text_t text = TEXT_NONE;
    if (json_is_array(json_object_get(c->body, name)))
        api_json(c, c->body, name, JSON_ARRAY, TEXT_NONE, &text);
    return text;
}

/* --- channels -------------------------------------------------------------------------------------------------------------------------- */

static int reply_channel(call_t *c, tx_t *tx, int status, text_t slug)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CHANNEL_GET, &rows, sql_text(slug)) != 0)
        return -1;
    if (status == 201)
        reply_header(c, "location", text_printf(c->arena, "/api/v1/channels/" TEXT_FMT, TEXT_ARG(slug)));
    return api_reply_row(c, status, rows, "channel", slug);
}

int channels_get(call_t *c, tx_t *tx)
{
    return resource_list(c, tx, STMT_CHANNELS_LIST, "line");
}

int channel_get_call(call_t *c, tx_t *tx)
{
    return reply_channel(c, tx, 200, c->params[0]);
}

/* As the table's check says; told here, so that it is a sentence. */
static int check_slug(call_t *c, text_t slug)
{
    bool fits = slug.bytes > 0 && slug.bytes <= 249 && strchr("._-", slug.at[0]) == NULL;
    for (size_t i = 0; fits && i < slug.bytes; i++)
        fits = (slug.at[i] >= '0' && slug.at[i] <= '9') ||
               ((slug.at[i] | 32) >= 'a' && (slug.at[i] | 32) <= 'z') || slug.at[i] == '.' ||
               slug.at[i] == '_' || slug.at[i] == '-';
    return fits ? 0
                : api_invalid(c, TEXT("slug"),
                              "must be letters, digits, dots, dashes and underscores, at most 249, and begin "
                              "with a letter or digit");
}

int channel_post(call_t *c, tx_t *tx)
{
    text_t document, slug = resource_text(c->body, "slug");
    who_t who = api_who(c);
    if (api_shape(c, channel_shape, SHAPE_WHOLE, &document) != 0 || check_slug(c, slug) != 0 ||
        rights_check(tx, api_principal(c), RIGHT_CREATE_EVENT, 0, 0, &c->err) != 0 ||
        channel_put(tx, &who, slug, document, list_of(c, "lines"), true) != 0)
        return -1;
    return reply_channel(c, tx, 201, slug);
}

static int match_channel(call_t *c, tx_t *tx)
{
    rows_t *rows;
    if (tx_query(tx, STMT_CHANNEL_GET, &rows, sql_text(c->params[0])) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(&c->err, ERR_NOT_FOUND, "There is no channel \"" TEXT_FMT "\"",
                       TEXT_ARG(c->params[0]));
    int32_t rev = row_i32(rows, "rev");
    text_t managed_by = row_text(rows, "managed_by");
    if (row_end(rows) != 0 || rights_check(tx, api_principal(c), RIGHT_CREATE_EVENT, 0, 0, &c->err) != 0 ||
        managed_check(tx, api_principal(c), managed_by, "channel", call_query_bool(c, "force", false)) != 0)
        return -1;
    return api_if_match(c, rev);
}

int channel_patch(call_t *c, tx_t *tx)
{
    text_t document;
    who_t who = api_who(c);
    if (api_shape(c, channel_shape + 1, SHAPE_PATCH, &document) != 0 || match_channel(c, tx) != 0 ||
        channel_put(tx, &who, c->params[0], document, list_of(c, "lines"), false) != 0)
        return -1;
    return reply_channel(c, tx, 200, c->params[0]);
}

int channel_delete(call_t *c, tx_t *tx)
{
    who_t who = api_who(c);
    if (match_channel(c, tx) != 0 || channel_remove(tx, &who, c->params[0]) != 0)
        return -1;
    reply_empty(c, 204);
    return 0;
}

/* --- deployments ------------------------------------------------------------------------------------------------------------------------- */

static int reply_deployment(call_t *c, tx_t *tx, int status, text_t public_id)
{
    rows_t *rows;
    if (tx_query(tx, STMT_DEPLOYMENT_READ, &rows, sql_text(public_id)) != 0)
        return -1;
    if (status == 201)
        reply_header(c, "location",
                     text_printf(c->arena, "/api/v1/deployments/" TEXT_FMT, TEXT_ARG(public_id)));
    return api_reply_row(c, status, rows, "deployment", public_id);
}

int deployments_get(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_DEPLOYMENTS_LIST, &rows, given(c, "service"), given(c, "environment"),
                 given(c, "line"), sql_bool(call_query_bool(c, "ended", false)), sql_text_or_null(page.after),
                 sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int deployment_post(call_t *c, tx_t *tx)
{
    text_t document, public_id, at;
    who_t who = api_who(c);
    if (api_shape(c, deployment_shape, SHAPE_WHOLE, &document) != 0 ||
        api_instant(c, c->body, "at", &at) != 0)
        return -1;
    deployment_draft_t draft = {
        .service = resource_text(c->body, "service"),
        .environment = resource_text(c->body, "environment"),
        .version = resource_text(c->body, "version"),
        .produces = list_of(c, "produces"),
        .consumes = list_of(c, "consumes"),
        .coexist = json_is_true(json_object_get(c->body, "coexist")),
        .at = at,
    };
    if (deployment_record(tx, api_principal(c), &who, &draft, &public_id) != 0)
        return -1;
    return reply_deployment(c, tx, 201, public_id);
}

int deployment_get_call(call_t *c, tx_t *tx)
{
    return reply_deployment(c, tx, 200, c->params[0]);
}

int deployment_end_call(call_t *c, tx_t *tx)
{
    who_t who = api_who(c);
    if (deployment_end(tx, api_principal(c), &who, c->params[0]) != 0)
        return -1;
    return reply_deployment(c, tx, 200, c->params[0]);
}

/* --- observations --------------------------------------------------------------------------------------------------------------------------- */

/* Each names one thing that was seen, and an environment that there is. */
static int check_observations(call_t *c)
{
    const json_t *list = json_object_get(c->body, "observations");
    if (json_array_size(list) > OBSERVATIONS_MAX)
        return api_invalid(c, TEXT("observations"), "at most %d at once", OBSERVATIONS_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if ((resource_text(one, "line").at != NULL) + (resource_text(one, "subject").at != NULL) +
                (resource_text(one, "channel").at != NULL) !=
            1)
            return api_invalid(c, text_printf(c->arena, "observations[%zu]", i),
                               "must name one of line, subject, channel");
    }
    return 0;
}

/* Evidence, no state of the catalog: it goes beside its clock and leaves no audit entry. A service may tell of what it sees; the rest is for
 * those who keep the catalog. */
int observations_post(call_t *c, tx_t *tx)
{
    text_t document, list;
    rows_t *rows;
    const principal_t *by = api_principal(c);
    bool may = by->kind == PRINCIPAL_SERVICE && principal_scope_allows(by, RIGHT_DECLARE);
    if (api_shape(c, observations_shape, SHAPE_WHOLE, &document) != 0 || check_observations(c) != 0 ||
        (!may && rights_check(tx, by, RIGHT_ADMINISTER, 0, 0, &c->err) != 0) ||
        api_json(c, c->body, "observations", JSON_ARRAY, TEXT("[]"), &list) != 0 ||
        tx_query(tx, STMT_OBSERVATIONS_ADD, &rows, sql_text(list)) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "observation", TEXT(""));
}

int observations_get(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_OBSERVATIONS_LIST, &rows, given(c, "line"), given(c, "service"),
                 sql_text_or_null(page.after), sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

/* --- what follows ------------------------------------------------------------------------------------------------------------------------------ */

int drift_get(call_t *c, tx_t *tx)
{
    static const char *const kinds[] = {"undeclared_read", "undeclared_write", "unused_declaration",
                                        "wrong_version", "unknown_field"};
    page_t page;
    rows_t *rows;
    rules_t rules;
    text_t kind = call_query(c, "kind");
    bool known = kind.bytes == 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        known = known || text_is(kind, kinds[i]);
    if (!known)
        return api_invalid(
            c, TEXT("kind"),
            "must be undeclared_read, undeclared_write, unused_declaration, wrong_version or unknown_field");
    if (api_page(c, &page) != 0 || rules_get(tx, 0, &rules) != 0 ||
        tx_query(tx, STMT_DRIFT_LIST, &rows, given(c, "kind"), given(c, "team"), given(c, "line"),
                 sql_text_or_null(page.after), sql_i64(page.limit + 1), sql_i64(DRIFT_RECENT_DAYS),
                 sql_i64(rules.stale_days)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int health_get(call_t *c, tx_t *tx)
{
    rows_t *rows;
    rules_t rules;
    text_t required;
    if (rules_get(tx, 0, &rules) != 0 || readiness_required(tx, 0, &required) != 0 ||
        tx_query(tx, STMT_HEALTH_READ, &rows, sql_text(required), sql_i64(DRIFT_RECENT_DAYS),
                 sql_i64(rules.stale_days), given(c, "team")) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "report", TEXT("health"));
}

/* webhooks.c - /api/v1/webhooks: who is told by HTTP (catalog/webhook.h). */
#include "server/api/api.h"

#include "catalog/team.h"
#include "catalog/webhook.h"
#include "server/api/base.h"
#include "server/notices/address.h"

enum { OVERLAP_HOURS = 24, OVERLAP_HOURS_MAX = 24 * 30, FILTER_VALUES_MAX = 100 };

static const char *const modes[] = {"structured", "binary"};
static const char *const handshakes[] = {"optional", "required"};
static const char *const filters[] = {"types", "domains", "events", "teams", "classes"};

/* --- what is given ------------------------------------------------------------------------------------------------------------- */

static int check_filter_list(call_t *c, const char *name, const json_t *list)
{
    if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > FILTER_VALUES_MAX)
        return api_invalid(c, text_printf(c->arena, "filter.%s", name),
                           "filter.%s is a list of 1 to %d texts; leave it out to take all", name,
                           FILTER_VALUES_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *value = json_array_get(list, i);
        if (!json_is_string(value) || json_string_length(value) == 0)
            return api_invalid(c, text_printf(c->arena, "filter.%s[%zu]", name, i),
                               "filter.%s holds something that is not a text", name);
    }
    return 0;
}

static int read_filter(call_t *c, text_t absent, text_t *out)
{
    const json_t *filter;
    if (jx_object(c, c->body, "filter", &filter) != 0)
        return -1;
    size_t known = 0;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        const json_t *list = json_object_get(filter, filters[i]);
        known += list != NULL;
        if (list != NULL && check_filter_list(c, filters[i], list) != 0)
            return -1;
    }
    if (filter != NULL && json_object_size(filter) != known)
        return api_invalid(c, TEXT("filter"), "filter knows types, domains, events, teams and classes");
    return api_json(c, c->body, "filter", JSON_OBJECT, absent, out);
}

static int read_choice(call_t *c, const char *name, const char *const *choices, text_t absent, text_t *out)
{
    size_t i;
    *out = absent;
    if (json_object_get(c->body, name) == NULL)
        return 0;
    if (api_choice(c, c->body, name, choices, 2, 0, &i) != 0)
        return -1;
    *out = text_of(choices[i]);
    return 0;
}

static int read_url(call_t *c, bool needed, text_t *out)
{
    if (needed ? api_required_text(c, c->body, "url", out) : jx_text(c, c->body, "url", TEXT_NONE, out) != 0)
        return -1;
    if (out->at == NULL || address_check_url(address_allow(), out->at, &c->err) == 0)
        return 0;
    c->err.place = "url";
    return -1;
}

/* `fresh`: what is not given takes its default; else it is left as it is. */
static int read_patch(call_t *c, bool fresh, webhook_patch_t *out)
{
    *out = (webhook_patch_t){.team = TEXT_NONE};
    if (read_url(c, fresh, &out->url) != 0 ||
        jx_text(c, c->body, "description", fresh ? TEXT("") : TEXT_NONE, &out->description) != 0 ||
        read_filter(c, fresh ? TEXT("{}") : TEXT_NONE, &out->filter) != 0 ||
        read_choice(c, "mode", modes, fresh ? TEXT("structured") : TEXT_NONE, &out->mode) != 0)
        return -1;
    return read_choice(c, "handshake", handshakes, fresh ? TEXT("optional") : TEXT_NONE, &out->handshake);
}

/* The webhook of the path, which the caller may keep. */
static int own_webhook(call_t *c, tx_t *tx, webhook_t *out)
{
    if (webhook_get(tx, c->params[0], out) != 0)
        return -1;
    return rights_check(tx, api_principal(c), RIGHT_HOOKS, out->team_id, 0, &c->err);
}

static int reply_webhook(call_t *c, tx_t *tx, int status, text_t public_id)
{
    rows_t *rows;
    if (tx_query(tx, STMT_WEBHOOK_GET, &rows, sql_text(public_id)) != 0)
        return -1;
    return api_reply_row(c, status, rows, "webhook", public_id);
}

/* The webhook with a secret in it, once; a replayed Idempotency-Key gets it without. */
static int reply_with_secret(call_t *c, tx_t *tx, int status, text_t public_id, text_t secret)
{
    if (reply_webhook(c, tx, status, public_id) != 0)
        return -1;
    text_t shown = c->reply.body;
    api_replay_body(c, shown);
    c->reply.body = text_printf(c->arena, "{\"secret\":\"" TEXT_FMT "\"," TEXT_FMT, TEXT_ARG(secret),
                                TEXT_ARG(text_from(shown, 1)));
    return 0;
}

/* --- CRUD ------------------------------------------------------------------------------------------------------------------------- */

int webhooks_list(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_WEBHOOKS_LIST, &rows, sql_text_or_null(call_query(c, "team")),
                 sql_text_or_null(page.after), sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int webhooks_create(call_t *c, tx_t *tx)
{
    static const char *const known[] = {"team", "url", "description", "filter", "mode", "handshake"};
    webhook_patch_t given;
    text_t slug, public_id, secret;
    team_t team = {.id = 0};
    who_t who = api_who(c);
    if (api_members(c, c->body, known, sizeof known / sizeof *known) != 0 ||
        jx_text(c, c->body, "team", TEXT_NONE, &slug) != 0 || read_patch(c, true, &given) != 0 ||
        (slug.at != NULL && team_named(tx, slug, "team", &team, &c->err) != 0) ||
        rights_check(tx, api_principal(c), RIGHT_HOOKS, team.id, 0, &c->err) != 0 ||
        webhook_create(tx, &who, team.id, &given, &public_id, &secret) != 0 ||
        reply_with_secret(c, tx, 201, public_id, secret) != 0)
        return -1;
    reply_header(c, "location", text_printf(c->arena, "/api/v1/webhooks/" TEXT_FMT, TEXT_ARG(public_id)));
    return 0;
}

int webhook_read(call_t *c, tx_t *tx)
{
    return reply_webhook(c, tx, 200, c->params[0]);
}

int webhook_patch(call_t *c, tx_t *tx)
{
    static const char *const known[] = {"url", "description", "filter", "mode", "handshake"};
    webhook_t webhook;
    webhook_patch_t given;
    who_t who = api_who(c);
    if (api_members(c, c->body, known, sizeof known / sizeof *known) != 0 ||
        read_patch(c, false, &given) != 0 || own_webhook(c, tx, &webhook) != 0 ||
        api_if_match(c, webhook.rev) != 0 || webhook_change(tx, &who, &webhook, &given) != 0)
        return -1;
    return reply_webhook(c, tx, 200, webhook.public_id);
}

int webhook_delete(call_t *c, tx_t *tx)
{
    webhook_t webhook;
    who_t who = api_who(c);
    if (own_webhook(c, tx, &webhook) != 0 || api_if_match(c, webhook.rev) != 0 ||
        webhook_remove(tx, &who, &webhook) != 0)
        return -1;
    reply_empty(c, 204);
    return 0;
}

/* --- what is done with one ---------------------------------------------------------------------------------------------------------- */

static int set_state(call_t *c, tx_t *tx, const char *state, text_t why)
{
    webhook_t webhook;
    who_t who = api_who(c);
    if (own_webhook(c, tx, &webhook) != 0 || webhook_set_state(tx, &who, &webhook, state, why) != 0)
        return -1;
    return reply_webhook(c, tx, 200, webhook.public_id);
}

int webhook_pause(call_t *c, tx_t *tx)
{
    text_t reason;
    if (jx_text(c, c->body, "reason", TEXT_NONE, &reason) != 0)
        return -1;
    if (reason.bytes == 0)
        reason = text_printf(c->arena, "Paused by " TEXT_FMT, TEXT_ARG(api_who(c).actor));
    return set_state(c, tx, "paused", reason);
}

int webhook_resume(call_t *c, tx_t *tx)
{
    return set_state(c, tx, "active", TEXT(""));
}

int webhook_rotate(call_t *c, tx_t *tx)
{
    webhook_t webhook;
    int64_t hours;
    text_t secret, old_until;
    who_t who = api_who(c);
    if (jx_int(c, c->body, "overlap_hours", OVERLAP_HOURS, &hours) != 0)
        return -1;
    if (hours < 0 || hours > OVERLAP_HOURS_MAX)
        return api_invalid(c, TEXT("overlap_hours"), "overlap_hours is from 0 to %d", OVERLAP_HOURS_MAX);
    if (own_webhook(c, tx, &webhook) != 0 ||
        webhook_secret_rotate(tx, &who, &webhook, hours * 3600, &secret, &old_until) != 0)
        return -1;
    return reply_with_secret(c, tx, 200, webhook.public_id, secret);
}

int webhook_ping(call_t *c, tx_t *tx)
{
    webhook_t webhook;
    who_t who = api_who(c);
    if (own_webhook(c, tx, &webhook) != 0 || webhook_test(tx, &who, &webhook) != 0)
        return -1;
    reply_json(c, 202,
               json_pack("{s:s, s:{s:s}}", "type", "io.avow.test.ping.v1", "links", "deliveries",
                         text_printf(c->arena, "/api/v1/webhooks/" TEXT_FMT "/deliveries",
                                     TEXT_ARG(webhook.public_id))
                             .at));
    c->reply.content_type = "application/json";
    return 0;
}

int webhook_deliveries(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    webhook_t webhook;
    text_t state = call_query(c, "state");
    if (state.bytes > 0 && !text_is(state, "waiting") && !text_is(state, "delivered") &&
        !text_is(state, "dead"))
        return api_invalid(c, TEXT("state"), "state is waiting, delivered or dead");
    if (api_page(c, &page) != 0 || webhook_get(tx, c->params[0], &webhook) != 0 ||
        tx_query(tx, STMT_DELIVERIES_LIST, &rows, sql_i64(webhook.id), sql_text_or_null(state),
                 sql_text_or_null(page.after), sql_i64(page.limit + 1)) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

/* {"delivery": 17}, or nothing: all that are dead. */
int webhook_again(call_t *c, tx_t *tx)
{
    webhook_t webhook;
    int64_t delivery, n;
    who_t who = api_who(c);
    if (jx_int(c, c->body, "delivery", 0, &delivery) != 0 || own_webhook(c, tx, &webhook) != 0 ||
        webhook_redeliver(tx, &who, &webhook, delivery, &n) != 0)
        return -1;
    reply_json(c, 202, json_pack("{s:I}", "redelivered", (json_int_t)n));
    c->reply.content_type = "application/json";
    return 0;
}

/* tokens.c - /api/v1/tokens: what lets programs in, for a service or for a user. */
#include "catalog/token.h"
#include "server/api/api.h"
#include "server/api/resource.h"
#include "server/core/password.h"

enum { SECRET_CHARACTERS = 40, PREFIX_CHARACTERS = 8 };

static const char *const scopes[] = {
#define XX(name, text) text,
    SCOPE_MAP(XX)
#undef XX
        NULL};

const shape_t token_shape[] = {
    {"name", .kind = SHAPE_TEXT, .flags = SHAPE_REQUIRED},
    {"service", .kind = SHAPE_SLUG},
    {"user", .kind = SHAPE_LOGIN},
    {"scopes", .kind = SHAPE_TEXTS, .flags = SHAPE_REQUIRED, .choices = scopes},
    {"expires_at", .kind = SHAPE_INSTANT, .flags = SHAPE_NULL},
    {0},
};

int tokens_list(call_t *c, tx_t *tx)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0 ||
        tx_query(tx, STMT_TOKENS_LIST, &rows, sql_text_or_null(page.after), sql_i64(page.limit + 1),
                 sql_text_or_null(call_query(c, "user")), sql_text_or_null(call_query(c, "service"))) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

/* A token of a service is its team's; one of a user is that user's alone. Nobody makes one that may more than they may. */
static int may_keep(call_t *c, tx_t *tx, text_t login, int64_t team_id)
{
    const principal_t *principal = api_principal(c);
    bool own = login.at != NULL && principal->kind == PRINCIPAL_USER && text_eq(principal->name, login) &&
               principal_scope_allows(principal, RIGHT_HOOKS);
    if (own)
        return 0;
    return rights_check(tx, principal, login.at != NULL ? RIGHT_ADMINISTER : RIGHT_HOOKS, team_id, 0,
                        &c->err);
}

static int find_owner(call_t *c, tx_t *tx, token_new_t *token, int64_t *team_id)
{
    rows_t *rows;
    bool of_service = token->service.at != NULL;
    *team_id = 0;
    if ((token->login.at == NULL) == !of_service)
        return api_invalid(c, TEXT("service"), "a token is of a service or of a user: name one of the two");
    if (tx_query(tx, of_service ? STMT_SERVICE_GET : STMT_USER_GET, &rows,
                 sql_text(of_service ? token->service : token->login)) != 0)
        return -1;
    if (!rows_next(rows))
        return api_invalid(c, of_service ? TEXT("service") : TEXT("user"), "there is none of this name");
    if (of_service)
        *team_id = row_i64(rows, "team_id");
    return row_end(rows);
}

static int read_scopes(call_t *c, token_new_t *token)
{
    const json_t *list = json_object_get(c->body, "scopes");
    text_t *texts = ARENA_ARRAY(c->arena, text_t, json_array_size(list));
    token->n_scopes = json_array_size(list);
    token->scopes = texts;
    if (token->n_scopes == 0)
        return api_invalid(c, TEXT("scopes"), "names at least one of read, register, catalog and admin");
    for (size_t i = 0; i < token->n_scopes; i++) {
        const json_t *scope = json_array_get(list, i);
        texts[i] = (text_t){json_string_value(scope), json_string_length(scope)};
        if (text_is(texts[i], "admin") && !rights_allow(api_principal(c), RIGHT_ADMINISTER, 0, 0))
            return err_set(&c->err, ERR_FORBIDDEN, "Only administrators make tokens of the scope admin");
    }
    return 0;
}

/* The secret is in this one reply: a replay of it has none. */
static void reply_secret(call_t *c, text_t item, const char *secret)
{
    text_t rest = text_from(item, 1);
    text_t body = text_printf(c->arena, "{\"secret\":\"%s\"," TEXT_FMT, secret, TEXT_ARG(rest));
    reply_text(c, 201, "application/json", body);
    reply_header(c, "cache-control", TEXT("no-store"));
    api_replay_body(c, item);
}

int token_make(call_t *c, tx_t *tx)
{
    char secret[sizeof "cat_" + SECRET_CHARACTERS] = "cat_";
    text_t document, item, expires;
    int64_t team_id;
    const who_t who = api_who(c);
    if (api_shape(c, token_shape, SHAPE_WHOLE, &document) != 0 ||
        api_instant(c, c->body, "expires_at", &expires) != 0)
        return -1;
    token_new_t token = {.name = resource_text(c->body, "name"),
                         .login = resource_text(c->body, "user"),
                         .service = resource_text(c->body, "service"),
                         .expires_at = expires};
    if (find_owner(c, tx, &token, &team_id) != 0 || may_keep(c, tx, token.login, team_id) != 0 ||
        read_scopes(c, &token) != 0)
        return -1;
    secret_make(secret + 4, SECRET_CHARACTERS);
    token.secret = text_of(secret);
    token.prefix = (text_t){secret, PREFIX_CHARACTERS};
    if (token_create(tx, &who, &token, &item) != 0)
        return -1;
    reply_secret(c, item, secret);
    return 0;
}

static int find_token(call_t *c, tx_t *tx, rows_t **rows, int64_t *id)
{
    *id = 0;
    text_t number = c->params[0];
    for (size_t i = 0; i < number.bytes && i < 18 && number.at[i] >= '0' && number.at[i] <= '9'; i++)
        *id = *id * 10 + (number.at[i] - '0');
    if (!text_eq(text_printf(c->arena, "%lld", (long long)*id), number))
        *id = 0;
    return tx_query(tx, STMT_TOKEN_GET, rows, sql_i64(*id));
}

int token_read(call_t *c, tx_t *tx)
{
    rows_t *rows;
    int64_t id;
    return find_token(c, tx, &rows, &id) != 0 ? -1 : api_reply_row(c, 200, rows, "token", c->params[0]);
}

int token_unmake(call_t *c, tx_t *tx)
{
    rows_t *rows;
    int64_t id;
    const who_t who = api_who(c);
    if (find_token(c, tx, &rows, &id) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(&c->err, ERR_NOT_FOUND, "There is no token \"" TEXT_FMT "\"", TEXT_ARG(c->params[0]));
    text_t login = row_text_or_none(rows, "login"), item = row_text(rows, "body");
    int64_t team_id = row_is_null(rows, "team_id") ? 0 : row_i64(rows, "team_id");
    bool revoked = row_bool(rows, "revoked");
    if (row_end(rows) != 0 || may_keep(c, tx, login, team_id) != 0)
        return -1;
    if (!revoked && token_revoke(tx, &who, id, item) != 0)
        return -1;
    reply_empty(c, 204);
    return 0;
}

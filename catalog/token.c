#include "catalog/token.h"

#include <stdio.h>

#include "catalog/thing.h"
#include "compat/core/digest.h"

static const char *const scopes[SCOPE_N] = {
#define XX(name, text) [SCOPE_##name] = text,
    SCOPE_MAP(XX)
#undef XX
};

const char *scope_text(scope_t scope)
{
    return scopes[scope];
}

static text_t digest_hex(text_t secret, arena_t *arena)
{
    uint8_t digest[32];
    char *hex = arena_alloc(arena, 2 * sizeof digest + 1);
    digest_sha256(secret, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return (text_t){hex, 2 * sizeof digest};
}

static unsigned scope_bits(text_t words)
{
    unsigned bits = 0;
    while (words.bytes > 0) {
        const char *end = memchr(words.at, ' ', words.bytes);
        size_t bytes = end == NULL ? words.bytes : (size_t)(end - words.at);
        for (int i = 0; i < SCOPE_N; i++)
            bits |= (unsigned)text_is((text_t){words.at, bytes}, scopes[i]) << i;
        words = text_from(words, bytes + (end != NULL));
    }
    return bits;
}

int token_find(tx_t *tx, text_t secret, bearer_t *out)
{
    rows_t *rows;
    *out = (bearer_t){.state = BEARER_UNKNOWN};
    if (tx_query(tx, STMT_TOKEN_FIND, &rows, sql_text(digest_hex(secret, tx_arena(tx)))) != 0)
        return -1;
    if (!rows_next(rows))
        return 0;
    out->token_id = row_i64(rows, "id");
    out->person_id = row_is_null(rows, "person_id") ? 0 : row_i64(rows, "person_id");
    out->service_id = row_is_null(rows, "service_id") ? 0 : row_i64(rows, "service_id");
    out->name = row_text(rows, "name");
    out->scopes = scope_bits(row_text(rows, "scopes"));
    out->seconds_left = row_i64(rows, "seconds_left");
    out->state = row_bool(rows, "revoked")    ? BEARER_REVOKED
                 : row_bool(rows, "expired")  ? BEARER_EXPIRED
                 : row_bool(rows, "disabled") ? BEARER_DISABLED
                                              : BEARER_LIVE;
    return row_end(rows);
}

int session_find(tx_t *tx, text_t cookie, bearer_t *out)
{
    rows_t *rows;
    *out = (bearer_t){.state = BEARER_UNKNOWN};
    if (tx_query(tx, STMT_SESSION_FIND, &rows, sql_text(digest_hex(cookie, tx_arena(tx)))) != 0)
        return -1;
    if (!rows_next(rows))
        return 0;
    *out = (bearer_t){.state = BEARER_LIVE,
                      .person_id = row_i64(rows, "person_id"),
                      .name = row_text(rows, "login"),
                      .csrf = row_text(rows, "csrf"),
                      .seconds_left = 3600};
    return row_end(rows);
}

int access_closed(tx_t *tx, bool *closed)
{
    rows_t *rows;
    if (tx_query(tx, STMT_ACCESS_GET, &rows) != 0)
        return -1;
    rows_next(rows);
    *closed = row_bool(rows, "closed");
    return row_end(rows);
}

int token_create(tx_t *tx, const who_t *who, const token_new_t *token, text_t *item)
{
    rows_t *rows;
    arena_t *arena = tx_arena(tx);
    if (tx_query(tx, STMT_TOKEN_INSERT, &rows, sql_text(token->name), sql_text_or_null(token->login),
                 sql_text_or_null(token->service), sql_text_array(token->scopes, token->n_scopes, arena),
                 sql_text(token->prefix), sql_text(digest_hex(token->secret, arena)),
                 sql_text_or_null(token->expires_at), sql_text(who->actor)) != 0)
        return -1;
    rows_next(rows);
    text_t id = row_text(rows, "id");
    *item = row_text(rows, "item");
    return row_end(rows) != 0 ? -1 : thing_note(tx, "token", id, who, AUDIT_TOKEN_CREATED, *item, TEXT_NONE);
}

int token_revoke(tx_t *tx, const who_t *who, int64_t id, text_t item)
{
    text_t name = text_printf(tx_arena(tx), "%lld", (long long)id);
    return tx_send(tx, STMT_TOKEN_REVOKE, sql_i64(id)) != 0
               ? -1
               : thing_note(tx, "token", name, who, AUDIT_TOKEN_REVOKED, item, TEXT_NONE);
}

int session_begin(tx_t *tx, const who_t *who, int64_t person_id, text_t login, text_t cookie, text_t csrf)
{
    if (tx_send(tx, STMT_SESSIONS_FORGET) != 0 ||
        tx_send(tx, STMT_SESSION_BEGIN, sql_text(digest_hex(cookie, tx_arena(tx))), sql_i64(person_id),
                sql_text(csrf)) != 0 ||
        tx_send(tx, STMT_PERSON_SIGNED_IN, sql_i64(person_id)) != 0)
        return -1;
    return thing_note(tx, "user", login, who, AUDIT_USER_CHANGED, TEXT("{\"to\":{\"session\":\"begun\"}}"),
                      TEXT_NONE);
}

int session_end(tx_t *tx, const who_t *who, text_t login, text_t cookie)
{
    if (tx_send(tx, STMT_SESSION_END, sql_text(digest_hex(cookie, tx_arena(tx)))) != 0)
        return -1;
    return thing_note(tx, "user", login, who, AUDIT_USER_CHANGED, TEXT("{\"to\":{\"session\":\"ended\"}}"),
                      TEXT_NONE);
}

/* --- who asks -------------------------------------------------------------------------------------------------------------------- */

/* "12 maintainer payments", a line for each team. */
static void read_teams(principal_t *principal, text_t lines, arena_t *arena)
{
    size_t n = lines.bytes > 0;
    for (size_t i = 0; i < lines.bytes; i++)
        n += lines.at[i] == '\n';
    belonging_t *teams = ARENA_ARRAY(arena, belonging_t, n);
    for (size_t i = 0; i < n; i++) {
        const char *end = memchr(lines.at, '\n', lines.bytes);
        size_t bytes = end == NULL ? lines.bytes : (size_t)(end - lines.at);
        text_t line = {lines.at, bytes};
        for (; line.bytes > 0 && line.at[0] != ' '; line = text_from(line, 1))
            teams[i].team_id = teams[i].team_id * 10 + (line.at[0] - '0');
        line = text_from(line, 1);
        teams[i].maintainer = text_starts(line, TEXT("maintainer "));
        teams[i].team = text_from(line, sizeof "member " - 1 + (teams[i].maintainer ? 4 : 0));
        lines = text_from(lines, bytes + (end != NULL));
    }
    principal->teams = teams;
    principal->n_teams = n;
}

int principal_get(tx_t *tx, int64_t person_id, int64_t service_id, text_t name, principal_t *out)
{
    rows_t *rows;
    if (tx_query(tx, STMT_PRINCIPAL_GET, &rows, person_id == 0 ? sql_null() : sql_i64(person_id),
                 service_id == 0 ? sql_null() : sql_i64(service_id),
                 person_id == 0 && service_id == 0 ? sql_text(name) : sql_null()) != 0)
        return -1;
    rows_next(rows);
    *out = (principal_t){.kind = PRINCIPAL_UNKNOWN, .name = name, .role = ROLE_VIEWER};
    if (!row_is_null(rows, "person_id") && !row_bool(rows, "disabled")) {
        text_t role = row_text(rows, "role");
        out->kind = PRINCIPAL_USER;
        out->person_id = row_i64(rows, "person_id");
        out->name = row_text(rows, "login");
        out->role = text_is(role, "admin") ? ROLE_ADMIN : text_is(role, "editor") ? ROLE_EDITOR : ROLE_VIEWER;
        read_teams(out, row_text_or_none(rows, "teams"), tx_arena(tx));
    } else if (!row_is_null(rows, "service_id")) {
        out->kind = PRINCIPAL_SERVICE;
        out->service_id = row_i64(rows, "service_id");
        out->service_team = row_i64(rows, "service_team");
        out->name = row_text(rows, "slug");
    }
    return row_end(rows);
}

/* --- subjects that are owned -------------------------------------------------------------------------------------------------------- */

int rights_register_check(tx_t *tx, const bearer_t *who, text_t qualified_subject, err_t *err)
{
    rows_t *rows;
    principal_t principal;
    if (tx_query(tx, STMT_REGISTER_OWNER, &rows, sql_text(qualified_subject),
                 who->service_id == 0 ? sql_null() : sql_i64(who->service_id)) != 0)
        return -1;
    if (!rows_next(rows))
        return 0;
    int64_t team_id = row_i64(rows, "team_id");
    text_t team = row_text(rows, "team"), event = row_text(rows, "event");
    bool produces = row_bool(rows, "produces");
    if (row_end(rows) != 0 || principal_get(tx, who->person_id, who->service_id, who->name, &principal) != 0)
        return -1;
    if (principal.kind == PRINCIPAL_SERVICE ? produces : rights_allow(&principal, RIGHT_REGISTER, team_id, 0))
        return 0;
    return err_set(err, ERR_FORBIDDEN,
                   "Subject \"" TEXT_FMT "\" belongs to event " TEXT_FMT " of team " TEXT_FMT
                   ": its producers and members of the team register there, and \"" TEXT_FMT "\" is neither",
                   TEXT_ARG(qualified_subject), TEXT_ARG(event), TEXT_ARG(team), TEXT_ARG(who->name));
}

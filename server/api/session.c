/* session.c - /api/v1/session: signing in with a password, for browsers.
 *
 * The cookie is HttpOnly and SameSite=Lax; what changes something needs the csrf value, too, which only our own pages can read.
 */
#include "catalog/person.h"
#include "catalog/token.h"
#include "server/api/api.h"
#include "server/api/resource.h"
#include "server/core/conf.h"
#include "server/core/identify.h"
#include "server/core/password.h"
#include "server/core/throttle.h"

enum { COOKIE_CHARACTERS = 40, CSRF_CHARACTERS = 32 };

const shape_t session_shape[] = {{"login", .kind = SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                                 {"password", .kind = SHAPE_TEXT, .flags = SHAPE_REQUIRED},
                                 {0}};

static void set_cookie(call_t *c, const char *value, const char *more)
{
    reply_header(c, "set-cookie",
                 text_printf(c->arena, SESSION_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax%s%s", value,
                             c->conf->tls_cert != NULL ? "; Secure" : "", more));
    reply_header(c, "cache-control", TEXT("no-store"));
}

static int reply_session(call_t *c, tx_t *tx, int64_t person_id, text_t csrf)
{
    rows_t *rows;
    text_t person = TEXT("null");
    if (person_id != 0) {
        if (tx_query(tx, STMT_SESSION_GET, &rows, sql_i64(person_id)) != 0)
            return -1;
        if (rows_next(rows))
            person = row_text(rows, "person");
        if (row_end(rows) != 0)
            return -1;
    }
    reply_text(c, 200, "application/json",
               text_printf(c->arena, "{\"user\":" TEXT_FMT ",\"csrf\":%s" TEXT_FMT "%s,\"open\":%s}",
                           TEXT_ARG(person), csrf.bytes > 0 ? "\"" : "null", TEXT_ARG(csrf),
                           csrf.bytes > 0 ? "\"" : "", c->open ? "true" : "false"));
    return 0;
}

/* Somebody unknown, somebody disabled and a wrong password are told alike. */
static int check_password(call_t *c, tx_t *tx, text_t login, text_t password, person_credential_t *person)
{
    err_t unknown = {.code = ERR_NONE};
    if (throttle_check(login, &c->err) != 0)
        return -1;
    if (person_credential(tx, login, person, &unknown) != 0 && unknown.code != ERR_NOT_FOUND)
        return -1;
    bool known = unknown.code == ERR_NONE && !person->disabled;
    if (password_fits(password, known ? person->hash : TEXT_NONE)) {
        throttle_forget(login);
        return 0;
    }
    throttle_failed(login);
    return err_set(&c->err, ERR_UNAUTHENTICATED, "Login and password do not fit together");
}

int session_create(call_t *c, tx_t *tx)
{
    text_t document, login, password;
    person_credential_t person = {.id = 0};
    char cookie[COOKIE_CHARACTERS + 1], csrf[CSRF_CHARACTERS + 1];
    if (api_shape(c, session_shape, SHAPE_WHOLE, &document) != 0)
        return -1;
    login = resource_text(c->body, "login");
    password = resource_text(c->body, "password");
    if (check_password(c, tx, login, password, &person) != 0)
        return -1;
    if (person.temporary) {
        c->err.extra =
            text_printf(c->arena,
                        "{\"password_change_required\":true,\"links\":{\"password\":\"/api/v1/users/" TEXT_FMT
                        "/password\"}}",
                        TEXT_ARG(person.login));
        return err_set(&c->err, ERR_PASSWORD_CHANGE_REQUIRED, NULL);
    }
    const who_t who = {.actor = person.login, .request_id = c->request_id};
    secret_make(cookie, COOKIE_CHARACTERS);
    secret_make(csrf, CSRF_CHARACTERS);
    if (api_write_begin(c, tx) != 0 ||
        session_begin(tx, &who, person.id, person.login, text_of(cookie), text_of(csrf)) != 0)
        return -1;
    c->open = c->open && !(person.admin && c->conf->auth == ACCESS_AUTO);
    set_cookie(c, cookie, "");
    return reply_session(c, tx, person.id, text_copy(c->arena, text_of(csrf)));
}

int session_read(call_t *c, tx_t *tx)
{
    reply_header(c, "cache-control", TEXT("no-store"));
    return reply_session(c, tx, c->actor.person_id, text_of(c->actor.csrf));
}

int session_delete(call_t *c, tx_t *tx)
{
    const who_t who = api_who(c);
    if (c->session.bytes > 0 && c->actor.by_cookie &&
        session_end(tx, &who, text_of(c->actor.name), c->session) != 0)
        return -1;
    set_cookie(c, "", "; Max-Age=0");
    reply_empty(c, 204);
    return 0;
}

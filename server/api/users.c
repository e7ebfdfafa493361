/* users.c - /api/v1/users and their passwords. */
#include "catalog/person.h"
#include "server/api/api.h"
#include "server/api/resource.h"
#include "server/core/throttle.h"
#include "server/core/password.h"

static const char *const roles[] = {"viewer", "editor", "admin", NULL};

/* The password is the last member: it is no part of what is stored and told. */
const shape_t user_shape[] = {
    {"login", SHAPE_LOGIN, .flags = SHAPE_REQUIRED},
    {"name", .kind = SHAPE_TEXT},
    {"email", SHAPE_TEXT, .flags = SHAPE_NULL},
    {"role", SHAPE_CHOICE, .choices = roles},
    {"disabled", .kind = SHAPE_BOOL},
    {"labels", .kind = SHAPE_LABELS},
    {"managed_by", .kind = SHAPE_TEXT},
    {0},
};

const shape_t password_shape[] = {
    {"password", SHAPE_TEXT, .flags = SHAPE_REQUIRED}, {"current", .kind = SHAPE_TEXT}, {0}};

static const resource_t user = {&thing_user, "/api/v1/users/", STMT_USER_GET, user_shape};

int users_list(call_t *c, tx_t *tx)
{
    return resource_list(c, tx, STMT_USERS_LIST, NULL);
}

int user_create(call_t *c, tx_t *tx)
{
    return resource_create(c, tx, &user, "login", RIGHT_ADMINISTER, 0);
}

int user_read(call_t *c, tx_t *tx)
{
    return resource_reply(c, tx, &user, 200, c->params[0]);
}

/* Everybody may say what they are called. What they may do, administrators say. */
static int may_change(call_t *c, tx_t *tx)
{
    const principal_t *principal = api_principal(c);
    bool own = principal->kind == PRINCIPAL_USER && text_eq(principal->name, c->params[0]) &&
               principal_scope_allows(principal, RIGHT_EDIT_TEAM);
    for (size_t i = 1; own && user_shape[i].name != NULL; i++)
        own = json_object_get(c->body, user_shape[i].name) == NULL || i <= 2;
    return own ? 0 : rights_check(tx, principal, RIGHT_ADMINISTER, 0, 0, &c->err);
}

int user_change(call_t *c, tx_t *tx)
{
    text_t document, role;
    if (api_shape(c, user_shape + 1, SHAPE_PATCH, &document) != 0 || may_change(c, tx) != 0)
        return -1;
    role = resource_text(c->body, "role");
    bool falls =
        json_is_true(json_object_get(c->body, "disabled")) || (role.at != NULL && !text_is(role, "admin"));
    if (falls && person_check_admins(tx, c->params[0], &c->err) != 0)
        return -1;
    return resource_change(c, tx, &user, c->params[0], document);
}

/* --- passwords ---------------------------------------------------------------------------------------------------------------------- */

static int check_new(call_t *c, text_t password)
{
    if (text_code_points(password) >= PASSWORD_LEAST && password.bytes <= PASSWORD_MOST)
        return 0;
    return api_invalid(c, TEXT("password"), "takes at least %d characters and at most %d bytes",
                       PASSWORD_LEAST, PASSWORD_MOST);
}

/* Whoever knows the password replaces it, signed in or not. Administrators set one without knowing it: then it is temporary. */
static int may_set(call_t *c, tx_t *tx, text_t current, bool *temporary)
{
    person_credential_t credential;
    text_t login = c->params[0];
    *temporary = current.at == NULL;
    if (*temporary)
        return rights_check(tx, api_principal(c), RIGHT_ADMINISTER, 0, 0, &c->err);
    if (throttle_check(login, &c->err) != 0)
        return -1;
    err_t unknown = {.code = ERR_NONE};
    if (person_credential(tx, login, &credential, &unknown) != 0 && unknown.code != ERR_NOT_FOUND)
        return -1;
    text_t hash = unknown.code == ERR_NOT_FOUND ? TEXT_NONE : credential.hash;
    if (password_fits(current, hash) && !credential.disabled) {
        throttle_forget(login);
        return 0;
    }
    throttle_failed(login);
    return err_set(&c->err, ERR_FORBIDDEN, "The current password is not right");
}

/* Hashing takes its time: the catalog's write begins after it. */
int user_set_password(call_t *c, tx_t *tx)
{
    text_t document, password, current, hash;
    bool temporary;
    who_t who = api_who(c);
    if (api_shape(c, password_shape, SHAPE_WHOLE, &document) != 0)
        return -1;
    password = resource_text(c->body, "password");
    current = resource_text(c->body, "current");
    if (check_new(c, password) != 0 || may_set(c, tx, current, &temporary) != 0)
        return -1;
    if (text_eq(password, current))
        return api_invalid(c, TEXT("password"), "must be another one than the current one");
    if (password_hash(password, c->arena, &hash) != 0)
        return err_set(&c->err, ERR_INTERNAL, "The password could not be hashed");
    if (!temporary)
        who.actor = c->params[0];
    if (api_write_begin(c, tx) != 0 ||
        person_set_password(tx, &who, c->params[0], hash, temporary, &c->err) != 0)
        return -1;
    reply_empty(c, 204);
    return 0;
}

#include "catalog/person.h"

int person_credential(tx_t *tx, text_t login, person_credential_t *out, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_PERSON_CREDENTIAL, &rows, sql_text(login)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(err, ERR_NOT_FOUND, "There is no user \"" TEXT_FMT "\"", TEXT_ARG(login));
    *out = (person_credential_t){.id = row_i64(rows, "id"),
                                 .login = row_text(rows, "login"),
                                 .hash = row_text_or_none(rows, "hash"),
                                 .temporary = row_bool(rows, "temporary"),
                                 .used = row_bool(rows, "used"),
                                 .disabled = row_bool(rows, "disabled"),
                                 .admin = row_bool(rows, "admin")};
    return row_end(rows);
}

int person_set_password(tx_t *tx, const who_t *who, text_t login, text_t hash, bool temporary, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_PERSON_PASSWORD_PUT, &rows, sql_text(login), sql_text(hash), sql_bool(temporary)) !=
        0)
        return -1;
    if (rows_n(rows) == 0)
        return err_set(err, ERR_NOT_FOUND, "There is no user \"" TEXT_FMT "\"", TEXT_ARG(login));
    if (tx_send(tx, STMT_SESSIONS_END, sql_text(login)) != 0)
        return -1;
    return thing_note(tx, "user", login, who, AUDIT_USER_CHANGED,
                      temporary ? TEXT("{\"to\":{\"password\":\"temporary\"}}")
                                : TEXT("{\"to\":{\"password\":\"replaced\"}}"),
                      TEXT_NONE);
}

int person_check_admins(tx_t *tx, text_t login, err_t *err)
{
    rows_t *rows;
    if (tx_query(tx, STMT_ADMINS_LEFT, &rows, sql_text(login)) != 0)
        return -1;
    rows_next(rows);
    int64_t n = row_i64(rows, "n");
    if (row_end(rows) != 0)
        return -1;
    return n > 0 ? 0
                 : err_set(err, ERR_STATE_CONFLICT,
                           "\"" TEXT_FMT "\" is the last administrator: make another one first",
                           TEXT_ARG(login));
}

int person_first_admin(tx_t *tx, text_t hash, bool *made, err_t *err)
{
    rows_t *rows;
    const who_t who = {.actor = TEXT("avow"), .request_id = TEXT("")};
    *made = false;
    if (tx_query(tx, STMT_CATALOG_WRITE, &rows) != 0 ||
        tx_query(tx, STMT_ADMINS_LEFT, &rows, sql_text(TEXT(""))) != 0)
        return -1;
    rows_next(rows);
    int64_t n = row_i64(rows, "n");
    if (row_end(rows) != 0 || n > 0)
        return n > 0 ? 0 : -1;
    if (thing_create(tx, &thing_user, &who, TEXT("admin"),
                     TEXT("{\"role\":\"admin\",\"name\":\"Administrator\"}"), err) != 0)
        return -1;
    *made = true;
    return person_set_password(tx, &who, TEXT("admin"), hash, true, err);
}

#include "catalog/mode.h"

#include "server/registry/entity.h"
#include "server/registry/handlers.h"
#include "server/registry/request.h"

static void reply_mode(call_t *c, subject_mode_t mode)
{
    reply_text(c, 200, NULL, text_printf(c->arena, "{\"mode\":\"%s\"}", mode_name(mode)));
}

/* GET /mode, GET /mode/{subject} */
int mode_show(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    subject_mode_t mode;
    if (mode_get(tx, &subject, call_query_bool(c, "defaultToGlobal", false), &mode) != 0)
        return -1;
    reply_mode(c, mode);
    reply_depends(c, subject.subject.bytes > 0 ? DEPENDS_SUBJECT : DEPENDS_ALL, subject.qualified);
    return 0;
}

static int invalid(call_t *c)
{
    return err_set(&c->err, ERR_MODE_INVALID,
                   c->profile == PROFILE_8
                       ? "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD."
                       : "Invalid mode. Valid values are READWRITE, READONLY, and IMPORT.");
}

/* PUT /mode, PUT /mode/{subject}; a mode that is null is forgotten */
int mode_put(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    policy_t policy = call_policy(c);
    who_t who = call_who(c);
    subject_mode_t mode;
    text_t given;
    const json_t *value = json_object_get(c->body, "mode");
    if (call_owner_check(c, tx, &subject) != 0)
        return -1;
    if (value != NULL && json_is_null(value)) {
        if (mode_clear(tx, &who, &subject, &policy) != 0)
            return -1;
        reply_text(c, 200, NULL, TEXT("{}"));
        return 0;
    }
    if (jx_text(c, c->body, "mode", TEXT(""), &given) != 0)
        return -1;
    if (!mode_find(given, &mode))
        return invalid(c);
    if (mode_set(tx, &who, &subject, mode, call_query_bool(c, "force", false), &policy) != 0)
        return -1;
    reply_mode(c, mode);
    return 0;
}

/* DELETE /mode, DELETE /mode/{subject} */
int mode_remove(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    policy_t policy = call_policy(c);
    who_t who = call_who(c);
    subject_mode_t mode;
    if (call_owner_check(c, tx, &subject) != 0 ||
        mode_delete(tx, &who, &subject, call_query_bool(c, "recursive", false), &policy, &mode) != 0)
        return -1;
    reply_mode(c, mode);
    return 0;
}

#include "catalog/version.h"

#include "catalog/gate.h"
#include "catalog/register.h"
#include "catalog/removal.h"
#include "server/registry/entity.h"
#include "server/registry/handlers.h"
#include "server/registry/registry.h"
#include "server/registry/request.h"

static void depends_on(call_t *c, const subject_name_t *subject, const seen_t *seen)
{
    reply_depends(c, seen->elsewhere ? DEPENDS_ALL : DEPENDS_SUBJECT, subject->qualified);
}

/* GET /subjects/{subject}/versions */
int versions_get(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    page_t page;
    seen_t seen = {false};
    int32_t *numbers;
    bool *deleted;
    size_t n;
    bool as_negative = call_query_bool(c, "deletedAsNegative", false);
    list_which_t which = call_query_bool(c, "deletedOnly", false)              ? LIST_DELETED
                         : call_query_bool(c, "deleted", false) || as_negative ? LIST_ALL
                                                                               : LIST_LIVE;
    if (call_page(c, &page) != 0 ||
        versions_list(tx, &subject, which, &page, &numbers, &deleted, &n, &seen) != 0)
        return -1;
    for (size_t i = 0; i < n && as_negative; i++)
        if (deleted[i])
            numbers[i] = -numbers[i];
    reply_ints(c, numbers, n);
    depends_on(c, &subject, &seen);
    return 0;
}

static int read_registration(call_t *c, registering_t *out)
{
    *out = (registering_t){.who = call_who(c), .subject = call_subject(c), .err = &c->err};
    if (call_submission(c, &out->sent) != 0)
        return -1;
    out->sent.resolved = text_is(call_query(c, "format"), "resolved");
    out->force = call_query_bool(c, "force", false);
    return 0;
}

/* What the gate wrote on the way, a drafted change, is committed although the answer is no. */
static void reply_refused(call_t *c, const gate_t *gate)
{
    c->err = gate->refusal;
    registry_api.fail(c);
    if (gate->link.at != NULL)
        reply_header(c, "link", gate->link);
    err_clear(&c->err);
}

/* A registration of what is there already writes nothing, and its reply can be given again from memory. */
static void reply_registered(call_t *c, const registering_t *it)
{
    out_t out;
    if (it->out.gate != NULL && it->out.gate->refusal.code != ERR_NONE) {
        reply_refused(c, it->out.gate);
        return;
    }
    if (it->out.gate != NULL)
        reply_deprecation(c, it->out.gate->deprecation);
    out_init(&out, c);
    out_registered(&out, &it->out);
    out_reply(&out, c);
    bool of_others = it->sent.n_references > 0 || !text_eq(it->out.subject.qualified, it->subject.qualified);
    if (!it->out.added)
        reply_depends(c, of_others ? DEPENDS_ALL : DEPENDS_SUBJECT, it->subject.qualified);
}

/* POST /subjects/{subject}/versions */
int versions_post(call_t *c, tx_t *tx)
{
    policy_t policy = call_policy(c);
    registering_t it;
    if (read_registration(c, &it) != 0 || call_owner_check(c, tx, &it.subject) != 0 ||
        version_register(tx, &it.who, &it.subject, &it.sent, it.force, &policy, &it.out) != 0)
        return -1;
    reply_registered(c, &it);
    return 0;
}

int versions_post_group(call_t *const *calls, size_t n, tx_t *tx)
{
    policy_t policy = call_policy(calls[0]); /* the operator's: the same for all */
    registering_t *all = ARENA_ARRAY(tx_arena(tx), registering_t, n);
    call_t **of = ARENA_ARRAY(tx_arena(tx), call_t *, n);
    size_t n_read = 0;
    for (size_t i = 0; i < n; i++) {
        of[n_read] = calls[i];
        n_read += read_registration(calls[i], &all[n_read]) == 0;
    }
    if (versions_register(tx, all, n_read, &policy) != 0)
        return -1;
    for (size_t i = 0; i < n_read; i++)
        if (all[i].outcome == REGISTER_DONE)
            reply_registered(of[i], &all[i]);
    return 0;
}

static int find(call_t *c, tx_t *tx, const subject_name_t *subject, version_t *version, seen_t *seen)
{
    int32_t number;
    if (call_version(c, &number) != 0 ||
        version_get(tx, subject, number, call_query_bool(c, "deleted", false), version, seen) != 0)
        return -1;
    return version_format(c, tx, version);
}

/* GET /subjects/{subject}/versions/{version} */
int version_show(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    version_t version;
    seen_t seen;
    if (find(c, tx, &subject, &version, &seen) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_version(&out, &version);
    out_reply(&out, c);
    depends_on(c, &subject, &seen);
    return 0;
}

/* GET /subjects/{subject}/versions/{version}/schema */
int version_show_text(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    version_t version;
    seen_t seen;
    if (find(c, tx, &subject, &version, &seen) != 0)
        return -1;
    reply_text(c, 200, NULL, version.text);
    depends_on(c, &subject, &seen);
    return 0;
}

/* GET /subjects/{subject}/versions/{version}/referencedby */
int version_referrers(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    page_t page;
    int32_t number, *ids;
    size_t n;
    if (call_version(c, &number) != 0 || call_page(c, &page) != 0 ||
        version_referenced_by(tx, &subject, number, call_query_bool(c, "deleted", false), &page, &ids, &n) !=
            0)
        return -1;
    reply_ints(c, ids, n);
    reply_depends(c, DEPENDS_ALL, TEXT_NONE);
    return 0;
}

/* DELETE /subjects/{subject}/versions/{version} */
int version_remove(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    who_t who = call_who(c);
    int32_t number, gone;
    if (call_version(c, &number) != 0 || call_owner_check(c, tx, &subject) != 0 ||
        version_delete(tx, &who, &subject, number, call_query_bool(c, "permanent", false), &gone) != 0)
        return -1;
    reply_text(c, 200, NULL, text_printf(c->arena, "%d", gone));
    return 0;
}

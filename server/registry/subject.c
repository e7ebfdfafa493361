#include "catalog/subject.h"

#include "catalog/lookup.h"
#include "catalog/removal.h"
#include "server/registry/entity.h"
#include "server/registry/handlers.h"
#include "server/registry/request.h"

/* GET /subjects */
int subjects_get(call_t *c, tx_t *tx)
{
    page_t page;
    text_t *names;
    size_t n;
    list_which_t which = call_query_bool(c, "deletedOnly", false) ? LIST_DELETED
                         : call_query_bool(c, "deleted", false)   ? LIST_ALL
                                                                  : LIST_LIVE;
    /* Without the parameter every context is listed, as upstream's default prefix says; an empty one is the default context. */
    bool has_prefix = call_query_has(c, "subjectPrefix") || c->context.at != NULL;
    text_t prefix = has_prefix ? call_query(c, "subjectPrefix") : NAMES_WILDCARD;
    subjects_of_t of = subjects_of(prefix, c->context, c->arena);
    if (call_page(c, &page) != 0 || subjects_list(tx, &of, which, &page, &names, &n) != 0)
        return -1;
    reply_texts(c, names, n);
    reply_depends(c, DEPENDS_ALL, TEXT_NONE);
    return 0;
}

/* POST /subjects/{subject} */
int subject_lookup(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    policy_t policy = call_policy(c);
    submission_t submission;
    version_t version;
    seen_t seen;
    if (call_submission(c, &submission) != 0 ||
        version_lookup(tx, &subject, &submission, call_query_bool(c, "deleted", false), &policy, &version,
                       &seen) != 0 ||
        version_format(c, tx, &version) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_version(&out, &version);
    out_reply(&out, c);
    bool of_others = seen.elsewhere || submission.n_references > 0;
    reply_depends(c, of_others ? DEPENDS_ALL : DEPENDS_SUBJECT, subject.qualified);
    return 0;
}

static size_t read_pairs(const call_t *c, text_pair_t *pairs)
{
    size_t n_keys = 0, n_values = 0;
    for (size_t i = 0; i < c->n_query; i++) {
        if (text_is(c->query[i].name, "key"))
            pairs[n_keys++].key = c->query[i].value;
        else if (text_is(c->query[i].name, "value"))
            pairs[n_values++].value = c->query[i].value;
    }
    return n_keys < n_values ? n_keys : n_values;
}

/* GET /subjects/{subject}/metadata */
int subject_with_metadata(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    version_t version;
    seen_t seen;
    text_pair_t *pairs = ARENA_ARRAY(c->arena, text_pair_t, c->n_query);
    size_t n = read_pairs(c, pairs);
    if (version_with_metadata(tx, &subject, pairs, n, call_query_bool(c, "deleted", false), &version,
                              &seen) != 0 ||
        version_format(c, tx, &version) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_version(&out, &version);
    out_reply(&out, c);
    reply_depends(c, seen.elsewhere ? DEPENDS_ALL : DEPENDS_SUBJECT, subject.qualified);
    return 0;
}

/* DELETE /subjects/{subject} */
int subject_remove(call_t *c, tx_t *tx)
{
    subject_name_t subject = call_subject(c);
    who_t who = call_who(c);
    int32_t *versions;
    size_t n;
    if (call_owner_check(c, tx, &subject) != 0 ||
        subject_delete(tx, &who, &subject, call_query_bool(c, "permanent", false), &versions, &n) != 0)
        return -1;
    reply_ints(c, versions, n);
    return 0;
}

#include "catalog/check.h"

#include "server/registry/entity.h"
#include "server/registry/handlers.h"
#include "server/registry/request.h"

static int check(call_t *c, tx_t *tx, int32_t version)
{
    subject_name_t subject = call_subject(c);
    policy_t policy = call_policy(c);
    bool verbose = call_query_bool(c, "verbose", false);
    submission_t submission;
    check_t result;
    if (call_submission(c, &submission) != 0 ||
        check_submission(tx, &subject, &submission, version, verbose, &policy, &result) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_begin(&out, '{');
    out_bool(&out, "is_compatible", result.compatible);
    if (verbose) {
        buf_add_s(&out.buf, ",\"messages\":");
        text_set_print(&out.buf, result.messages, result.n_messages);
    }
    out_end(&out, '}');
    out_reply(&out, c);
    bool of_others = result.elsewhere || submission.n_references > 0;
    reply_depends(c, of_others ? DEPENDS_ALL : DEPENDS_SUBJECT, subject.qualified);
    return 0;
}

/* POST /compatibility/subjects/{subject}/versions/{version} */
int check_version(call_t *c, tx_t *tx)
{
    int32_t version;
    return call_version(c, &version) != 0 ? -1 : check(c, tx, version);
}

/* POST /compatibility/subjects/{subject}/versions */
int check_versions(call_t *c, tx_t *tx)
{
    return check(c, tx, 0);
}

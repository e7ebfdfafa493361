/* can_i.c - /api/v1/can-i: questions before something is done (catalog/can_i.h). */
#include "catalog/can_i.h"

#include "server/api/api.h"
#include "server/api/base.h"
#include "server/operator.h"

/* A query parameter that has to be there. */
static int parameter(call_t *c, const char *name, text_t *out)
{
    *out = call_query(c, name);
    if (out->bytes > 0)
        return 0;
    return api_invalid(c, text_of(name), "must be given: ?%s=", name);
}

static int answer(call_t *c, int rc, text_t body)
{
    if (rc != 0)
        return -1;
    reply_text(c, 200, "application/json", body);
    return 0;
}

static int read_references(call_t *c, const json_t *of, submission_t *out)
{
    const json_t *list;
    int64_t version;
    if (jx_array(c, of, "references", &list) != 0)
        return -1;
    out->n_references = json_array_size(list);
    if (out->n_references > REFERENCES_MAX)
        return api_invalid(c, TEXT("references"), "at most %d", REFERENCES_MAX);
    reference_t *references = ARENA_ARRAY(c->arena, reference_t, out->n_references);
    for (size_t i = 0; i < out->n_references; i++) {
        const json_t *one = json_array_get(list, i);
        if (!json_is_object(one))
            return api_invalid(c, TEXT("references"), "must be objects: name, subject, version");
        if (jx_text(c, one, "name", TEXT(""), &references[i].name) != 0 ||
            jx_text(c, one, "subject", TEXT(""), &references[i].subject) != 0 ||
            jx_int(c, one, "version", -1, &version) != 0)
            return -1;
        if (version < -1 || version > INT32_MAX)
            return api_invalid(c, TEXT("references"), "has a version that is no version");
        references[i].version = (int32_t)version;
    }
    out->references = references;
    return 0;
}

/* {"schema": "text", "schemaType": "AVRO"} as registrations have it, or {"schema": {"format": "avro", "text": "..."}} as changes do. */
static int read_schema(call_t *c, submission_t *out)
{
    const json_t *schema = json_object_get(c->body, "schema");
    const bool whole = json_is_object(schema);
    const json_t *of = whole ? schema : c->body;
    text_t format;
    *out = SUBMISSION_EMPTY;
    if (schema != NULL && !whole && !json_is_string(schema))
        return api_invalid(c, TEXT("schema"), "must be the schema's text, or an object with format and text");
    if (jx_text(c, of, whole ? "text" : "schema", TEXT(""), &out->text) != 0 ||
        jx_text(c, of, whole ? "format" : "schemaType", TEXT("AVRO"), &format) != 0 ||
        read_references(c, of, out) != 0)
        return -1;
    out->type = text_is_nocase(format, "json")   ? TEXT("JSON")
                : text_is_nocase(format, "avro") ? TEXT("AVRO")
                                                 : format;
    return 0;
}

/* POST /api/v1/can-i/register {"line" or "subject", "schema"} */
int can_register(call_t *c, tx_t *tx)
{
    text_t line, subject, body = TEXT_NONE;
    submission_t submission;
    policy_t policy = conf_policy(c->conf);
    if (jx_text(c, c->body, "line", TEXT_NONE, &line) != 0 ||
        jx_text(c, c->body, "subject", TEXT_NONE, &subject) != 0 || read_schema(c, &submission) != 0)
        return -1;
    if ((line.bytes > 0) == (subject.bytes > 0))
        return api_invalid(c, TEXT("line"), "must be given, or subject");
    subject_name_t name = subject_name_parse(subject.bytes > 0 ? subject : TEXT(""), TEXT_NONE, c->arena);
    int rc = can_i_register(tx, line.bytes > 0 ? line : TEXT_NONE, line.bytes > 0 ? NULL : &name, &submission,
                            &policy, &body, &c->err);
    return answer(c, rc, body);
}

/* GET /api/v1/can-i/consume?line=&service= */
int can_consume(call_t *c, tx_t *tx)
{
    text_t line, service, body = TEXT_NONE;
    if (parameter(c, "line", &line) != 0 || parameter(c, "service", &service) != 0)
        return -1;
    int rc = can_i_consume(tx, line, service, &body, &c->err);
    return answer(c, rc, body);
}

/* GET /api/v1/can-i/deploy?service=&version=&environment= */
int can_deploy(call_t *c, tx_t *tx)
{
    text_t service, environment, body = TEXT_NONE;
    if (parameter(c, "service", &service) != 0 || parameter(c, "environment", &environment) != 0)
        return -1;
    int rc = can_i_deploy(tx, service, call_query(c, "version"), environment, &body, &c->err);
    return answer(c, rc, body);
}

static int can_end(call_t *c, tx_t *tx, end_t end)
{
    text_t line, body = TEXT_NONE;
    if (parameter(c, "line", &line) != 0)
        return -1;
    int rc = can_i_end(tx, end, line, &body, &c->err);
    return answer(c, rc, body);
}

/* GET /api/v1/can-i/retire?line= */
int can_retire(call_t *c, tx_t *tx)
{
    return can_end(c, tx, END_RETIRE);
}

/* GET /api/v1/can-i/remove?line= */
int can_remove(call_t *c, tx_t *tx)
{
    return can_end(c, tx, END_REMOVE);
}

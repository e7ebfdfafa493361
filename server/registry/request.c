#include "server/registry/request.h"

#include "catalog/token.h"
#include "server/core/conf.h"
#include "server/core/route.h"
#include "server/operator.h"

policy_t call_policy(const call_t *c)
{
    return conf_policy(c->conf);
}

who_t call_who(const call_t *c)
{
    return (who_t){
        .actor = text_of(c->actor.name),
        .request_id = c->request_id,
        .names_context = c->profile == PROFILE_8,
    };
}

subject_name_t call_subject(const call_t *c)
{
    text_t subject = c->params[0].at == NULL ? TEXT("") : c->params[0];
    return subject_name_parse(subject, c->context, c->arena);
}

int call_page(call_t *c, page_t *out)
{
    if (call_query_int(c, "offset", 0, &out->offset) != 0 || call_query_int(c, "limit", -1, &out->limit) != 0)
        return -1;
    if (out->offset < 0)
        out->offset = 0;
    if (out->limit <= 0)
        out->limit = -1;
    return 0;
}

int call_id(call_t *c, int32_t *out)
{
    text_t text = c->params[0];
    bool negative = text.bytes > 0 && text.at[0] == '-';
    int64_t value = 0;
    for (size_t i = negative; i < text.bytes; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || value > INT32_MAX)
            return err_set(&c->err, ERR_ROUTE_UNKNOWN, NULL);
        value = value * 10 + (text.at[i] - '0');
    }
    if (text.bytes == negative || value > INT32_MAX)
        return err_set(&c->err, ERR_ROUTE_UNKNOWN, NULL);
    *out = (int32_t)(negative ? -value : value);
    return 0;
}

int call_version(call_t *c, int32_t *out)
{
    return version_token_read(c->params[1], out, &c->err);
}

text_t call_json(const call_t *c, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (value == NULL || json_is_null(value))
        return TEXT_NONE;
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t bytes = json_dumpb(value, NULL, 0, flags);
    char *at = arena_alloc(c->arena, bytes + 1);
    json_dumpb(value, at, bytes, flags);
    return (text_t){at, bytes};
}

/* --- the body of register, lookup and check ------------------------------------------------------------------------------ */

static int wrong_number(call_t *c, const char *name)
{
    return err_set(&c->err, ERR_BODY_MALFORMED, "/%s: an integer of 32 bits is expected", name);
}

static int read_i32(call_t *c, const json_t *object, const char *name, int32_t absent, int32_t *out)
{
    int64_t value;
    if (jx_int(c, object, name, absent, &value) != 0)
        return -1;
    if (value < INT32_MIN || value > INT32_MAX)
        return wrong_number(c, name);
    *out = (int32_t)value;
    return 0;
}

static int read_reference(call_t *c, const json_t *item, reference_t *out)
{
    if (!json_is_object(item))
        return err_set(&c->err, ERR_BODY_MALFORMED, "/references: an array of objects is expected");
    if (jx_text(c, item, "name", TEXT_NONE, &out->name) != 0 ||
        jx_text(c, item, "subject", TEXT_NONE, &out->subject) != 0 ||
        read_i32(c, item, "version", 0, &out->version) != 0)
        return -1;
    if (out->name.at == NULL || out->subject.at == NULL || (out->version < 1 && out->version != -1))
        return err_set(&c->err, ERR_SCHEMA_INVALID,
                       "Invalid schema, details: a reference has a name, a subject and a version");
    return 0;
}

static int read_references(call_t *c, submission_t *out)
{
    const json_t *array;
    if (jx_array(c, c->body, "references", &array) != 0)
        return -1;
    if (array == NULL)
        return 0;
    if (json_array_size(array) > REFERENCES_MAX)
        return err_set(&c->err, ERR_SCHEMA_INVALID,
                       "Invalid schema, details: there are %zu references; at most %d are taken",
                       json_array_size(array), REFERENCES_MAX);
    reference_t *items = ARENA_ARRAY(c->arena, reference_t, json_array_size(array));
    for (size_t i = 0; i < json_array_size(array); i++)
        if (read_reference(c, json_array_get(array, i), &items[i]) != 0)
            return -1;
    out->references = items;
    out->n_references = json_array_size(array);
    return 0;
}

int call_submission(call_t *c, submission_t *out)
{
    *out = SUBMISSION_EMPTY;
    out->normalize = call_query_bool(c, "normalize", false);
    if (jx_text(c, c->body, "schema", TEXT_NONE, &out->text) != 0 ||
        jx_text(c, c->body, "schemaType", TEXT_NONE, &out->type) != 0 ||
        read_i32(c, c->body, "version", 0, &out->version) != 0 ||
        read_i32(c, c->body, "id", -1, &out->id) != 0 || read_references(c, out) != 0)
        return -1;
    if (metadata_read(call_json(c, c->body, "metadata"), "/metadata", c->arena, &out->metadata, &c->err) != 0)
        return -1;
    return rule_set_read(call_json(c, c->body, "ruleSet"), "/ruleSet", c->arena, &out->rule_set, &c->err);
}

/* Registrations that share a transaction need no such question: subjects that are owned are registered alone. */
int call_owner_check(const call_t *c, tx_t *tx, const subject_name_t *subject)
{
    const actor_t *actor = &c->actor;
    if (actor->kind == ACTOR_ANYBODY || subject->subject.bytes == 0)
        return 0;
    const bearer_t who = {
        .person_id = actor->person_id, .service_id = actor->service_id, .name = text_of(actor->name)};
    return rights_register_check(tx, &who, subject->qualified, tx_err(tx));
}

#include "server/api/proposal.h"

#include "server/api/api.h"

#define EDITS_MAX 200

static const char *const kinds[] = {"schema", "contract", "lifecycle", NULL};

#define PROPOSAL_MEMBERS                                                                                     \
    {"kind", .kind = SHAPE_CHOICE, .choices = kinds}, {"subject", .kind = SHAPE_TEXT},                       \
        {"schema", .kind = SHAPE_OBJECT}, {"edits", .kind = SHAPE_LIST}, {"contract", .kind = SHAPE_OBJECT}, \
    {                                                                                                        \
        "target", .kind = SHAPE_OBJECT                                                                       \
    }

const shape_t impact_shape[] = {
    {"line", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
    PROPOSAL_MEMBERS,
    {0},
};

const shape_t change_shape[] = {
    {"line", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
    {"title", SHAPE_TEXT, .flags = SHAPE_REQUIRED},
    PROPOSAL_MEMBERS,
    {"rationale", .kind = SHAPE_TEXT},
    {"draft", .kind = SHAPE_BOOL},
    {"plan", .kind = SHAPE_OBJECT},
    {"source", .kind = SHAPE_OBJECT},
    {"context", .kind = SHAPE_TEXT},
    {"labels", .kind = SHAPE_LABELS},
    {"effective_not_before", .kind = SHAPE_INSTANT},
    {"auto_apply", .kind = SHAPE_BOOL},
    {"team", .kind = SHAPE_SLUG},
    {0},
};

const shape_t revision_shape[] = {PROPOSAL_MEMBERS, {0}};

static int read_references(call_t *c, const json_t *schema, proposal_t *out)
{
    const json_t *list;
    if (jx_array(c, schema, "references", &list) != 0)
        return -1;
    out->n_references = json_array_size(list);
    if (out->n_references > REFERENCES_MAX)
        return api_invalid(c, TEXT("schema.references"), "At most %d references", REFERENCES_MAX);
    reference_t *references = ARENA_ARRAY(c->arena, reference_t, out->n_references);
    for (size_t i = 0; i < out->n_references; i++) {
        const json_t *item = json_array_get(list, i);
        int64_t version;
        if (!json_is_object(item))
            return api_invalid(c, text_printf(c->arena, "schema.references[%zu]", i),
                               "An object: name, subject, version");
        if (jx_text(c, item, "name", TEXT(""), &references[i].name) != 0 ||
            jx_text(c, item, "subject", TEXT(""), &references[i].subject) != 0 ||
            jx_int(c, item, "version", -1, &version) != 0)
            return -1;
        references[i].version = version < -1 || version > INT32_MAX ? 0 : (int32_t)version;
    }
    out->references = references;
    return 0;
}

static int read_schema(call_t *c, const json_t *schema, proposal_t *out)
{
    static const char *const members[] = {"format", "text", "references"};
    text_t format;
    const json_t *text = json_object_get(schema, "text");
    if (api_members(c, schema, members, sizeof members / sizeof *members) != 0 ||
        jx_text(c, schema, "format", TEXT("AVRO"), &format) != 0)
        return -1;
    if (!text_is_nocase(format, "avro") && !text_is_nocase(format, "json"))
        return api_invalid(c, TEXT("schema.format"), "\"" TEXT_FMT "\" is not one of avro, json",
                           TEXT_ARG(format));
    out->format = text_is_nocase(format, "avro") ? FORMAT_AVRO : FORMAT_JSON;
    if (!json_is_string(text))
        return api_invalid(c, TEXT("schema.text"),
                           "A string that holds the schema's text, so that its numbers and order are kept");
    out->text = (text_t){json_string_value(text), json_string_length(text)};
    return read_references(c, schema, out);
}

static int read_edits(call_t *c, proposal_t *out)
{
    text_t text;
    edit_t *edits;
    fault_t fault = {0};
    limits_t limits = LIMITS_DEFAULT;
    if (api_json(c, c->body, "edits", JSON_ARRAY, TEXT_NONE, &text) != 0)
        return -1;
    if (edits_read(text, &limits, c->arena, &edits, &out->n_edits, &fault) != 0)
        return api_invalid(c, TEXT("edits"), "%s", fault.text);
    if (out->n_edits == 0 || out->n_edits > EDITS_MAX)
        return api_invalid(c, TEXT("edits"), "One to %d edits", EDITS_MAX);
    out->edits = edits;
    return 0;
}

/* {"state", "sunset_at", "reason", "replacement", "migration_guide"}: which state it may be is the line's to say. */
static int read_target(call_t *c, proposal_t *out)
{
    static const char *const members[] = {"state", "sunset_at", "reason", "replacement", "migration_guide"};
    const json_t *target;
    text_t text;
    if (jx_object(c, c->body, "target", &target) != 0 ||
        api_members(c, target, members, sizeof members / sizeof *members) != 0)
        return -1;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (i != 1 && jx_text(c, target, members[i], TEXT_NONE, &text) != 0) {
            c->err.place = arena_printf(c->arena, "target.%s", members[i]);
            return -1;
        }
    if (api_instant(c, target, "sunset_at", &text) != 0) {
        c->err.place = "target.sunset_at";
        return -1;
    }
    return api_json(c, c->body, "target", JSON_OBJECT, TEXT_NONE, &out->target);
}

/* Exactly one of the members that say what is wanted. */
static int choose(call_t *c, proposal_kind_t *kind, const char **which)
{
    static const struct {
        const char *member;
        proposal_kind_t kind;
    } members[] = {{"schema", PROPOSAL_SCHEMA},
                   {"edits", PROPOSAL_SCHEMA},
                   {"contract", PROPOSAL_CONTRACT},
                   {"target", PROPOSAL_LIFECYCLE}};
    *which = NULL;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *value = json_object_get(c->body, members[i].member);
        if (value == NULL || json_is_null(value))
            continue;
        if (*which != NULL)
            return api_invalid(c, text_of(members[i].member), "Give %s or %s, not both", *which,
                               members[i].member);
        *which = members[i].member;
        *kind = members[i].kind;
    }
    if (*which == NULL)
        return api_invalid(c, TEXT("schema"), "Say what is to change: schema, edits, contract or target");
    return 0;
}

int api_proposal(call_t *c, proposal_t *out)
{
    const char *which;
    const json_t *schema;
    text_t kind;
    *out = (proposal_t){.subject = TEXT_NONE, .text = TEXT_NONE, .terms = TEXT_NONE, .target = TEXT_NONE};
    if (choose(c, &out->kind, &which) != 0 || jx_text(c, c->body, "kind", TEXT_NONE, &kind) != 0 ||
        jx_text(c, c->body, "subject", TEXT_NONE, &out->subject) != 0 ||
        jx_object(c, c->body, "schema", &schema) != 0)
        return -1;
    if (kind.at != NULL && !text_is(kind, proposal_word(out->kind)))
        return api_invalid(c, TEXT("kind"), "%s makes it a change of kind %s", which,
                           proposal_word(out->kind));
    if (out->kind == PROPOSAL_CONTRACT)
        return api_json(c, c->body, "contract", JSON_OBJECT, TEXT_NONE, &out->terms);
    if (out->kind == PROPOSAL_LIFECYCLE)
        return read_target(c, out);
    return schema != NULL ? read_schema(c, schema, out) : read_edits(c, out);
}

int api_proposal_line(call_t *c, tx_t *tx, int64_t *line_id)
{
    text_t name;
    if (api_required_text(c, c->body, "line", &name) != 0)
        return -1;
    if (impact_line_find(tx, name, line_id) == 0)
        return 0;
    tx_err(tx)->place = "line";
    return -1;
}

/* POST /api/v1/impact: what would happen; nothing is stored. */
int impact_ask(call_t *c, tx_t *tx)
{
    int64_t line;
    proposal_t proposal;
    impact_t impact;
    text_t document;
    if (api_shape(c, impact_shape, SHAPE_WHOLE, &document) != 0 || api_proposal(c, &proposal) != 0 ||
        api_proposal_line(c, tx, &line) != 0 || impact_compute(tx, line, &proposal, &impact) != 0)
        return -1;
    reply_text(c, 200, "application/json", impact_json(&impact, c->arena));
    return 0;
}

/* checks.c - POST /api/v1/checks: the full report on a pair of schemas. Nothing is stored.
 *
 *     {"format": "AVRO", "mode": "strict", "reader": {"schema": "..."}, "writer": {"schema": "..."}}
 *
 * A side is the text of a schema with its references, or a registered version: {"subject": "...", "version": 3}, where the version may be
 * "latest". The reply is the report as `avow check` prints it, with what changed from the writer to the
 * reader and the step of the version number that it asks for.
 */
#include "server/api/api.h"

#include "catalog/candidate.h"
#include "catalog/refusal.h"
#include "catalog/version.h"
#include "compat/diff.h"
#include "compat/report.h"

#define REPLY_BYTES_MAX (64u << 20)
#define FINDINGS_MAX    64
#define REFERENCES_MAX  1000

typedef struct {
    format_id_t format;
    bool format_given; /* in the body, or by a registered side */
    text_t draft;
    check_options_t options;
    const char *mode;
} question_t;

/* --- reading the question ------------------------------------------------------------------------------------------------ */

static int choice(call_t *c, const char *name, const char *const *choices, size_t n, size_t *out)
{
    text_t given;
    *out = 0;
    if (jx_text(c, c->body, name, TEXT_NONE, &given) != 0)
        return -1;
    for (size_t i = 0; given.at != NULL && i < n; i++)
        if (text_is_nocase(given, choices[i])) {
            *out = i;
            return 0;
        }
    if (given.at == NULL)
        return 0;
    return err_set(&c->err, ERR_BODY_INVALID, "%s: \"" TEXT_FMT "\" is not one of %s, %s", name,
                   TEXT_ARG(given), choices[0], choices[1]);
}

static int read_question(call_t *c, question_t *question)
{
    static const char *const formats[] = {"AVRO", "JSON"}, *const modes[] = {"strict", "confluent"},
                             *const policies[] = {"strict", "lenient"};
    static const check_mode_t mode_of[] = {MODE_STRICT, MODE_CONFLUENT};
    size_t format, mode, policy;
    bool assert_format;
    if (choice(c, "format", formats, 2, &format) != 0 || choice(c, "mode", modes, 2, &mode) != 0 ||
        choice(c, "policy", policies, 2, &policy) != 0 ||
        jx_text(c, c->body, "draft", TEXT_NONE, &question->draft) != 0 ||
        jx_bool(c, c->body, "assert_format", false, &assert_format) != 0)
        return -1;
    question->format = format == 0 ? FORMAT_AVRO : FORMAT_JSON;
    question->format_given = json_object_get(c->body, "format") != NULL;
    question->mode = modes[mode];
    question->options = (check_options_t){
        .mode = mode_of[mode],
        .policy = policy == 0 ? POLICY_STRICT : POLICY_LENIENT,
        .limits = LIMITS_DEFAULT,
        .max_findings = FINDINGS_MAX,
        .assert_format = assert_format,
    };
    return 0;
}

static int schema_text(call_t *c, const json_t *side, const char *name, text_t *out)
{
    const json_t *schema = json_object_get(side, "schema");
    if (schema == NULL)
        return err_set(&c->err, ERR_BODY_INVALID, "%s.schema is missing: the text of the schema", name);
    if (json_is_string(schema)) {
        *out = (text_t){json_string_value(schema), json_string_length(schema)};
        return 0;
    }
    return err_set(
        &c->err, ERR_BODY_INVALID,
        "%s.schema must be a string that holds the schema's text, so that its numbers and order are kept",
        name);
}

static int read_references(call_t *c, const json_t *side, const char *name, schema_reference_t **out,
                           size_t *n)
{
    const json_t *list;
    if (jx_array(c, side, "references", &list) != 0)
        return -1;
    *n = json_array_size(list);
    if (*n > REFERENCES_MAX)
        return err_set(&c->err, ERR_BODY_INVALID, "%s.references: at most %d", name, REFERENCES_MAX);
    *out = ARENA_ARRAY(c->arena, schema_reference_t, *n);
    for (size_t i = 0; i < *n; i++) {
        const json_t *reference = json_array_get(list, i);
        if (!json_is_object(reference))
            return err_set(&c->err, ERR_BODY_INVALID, "%s.references[%zu] must be an object: name and schema",
                           name, i);
        if (jx_text(c, reference, "name", TEXT(""), &(*out)[i].name) != 0 ||
            jx_text(c, reference, "schema", TEXT(""), &(*out)[i].text) != 0)
            return -1;
    }
    return 0;
}

/* A number, or what version_token_read takes. */
static int read_version(call_t *c, const json_t *side, int32_t *out)
{
    const json_t *version = json_object_get(side, "version");
    text_t token = TEXT("latest");
    if (json_is_integer(version))
        token = text_printf(c->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(version));
    else if (jx_text(c, side, "version", token, &token) != 0)
        return -1;
    return version_token_read(token, out, &c->err);
}

static int read_registered(call_t *c, tx_t *tx, question_t *question, const json_t *side, const char *name,
                           schema_t **out)
{
    text_t given;
    int32_t number;
    version_t version;
    seen_t seen;
    policy_t policy = {.limits = question->options.limits};
    stored_schema_t stored;
    if (jx_text(c, side, "subject", TEXT_NONE, &given) != 0 || read_version(c, side, &number) != 0)
        return -1;
    subject_name_t subject = subject_name_parse(given, TEXT_NONE, c->arena);
    if (version_get(tx, &subject, number, true, &version, &seen) != 0)
        return -1;
    stored = (stored_schema_t){.context_id = version.context_id, .id = version.id};
    format_find(version.type, &stored.format);
    identity_read(version.guid, &stored.identity);
    if (question->format_given && stored.format != question->format)
        return err_set(&c->err, ERR_BODY_INVALID, "%s: version %d of subject \"" TEXT_FMT "\" is " TEXT_FMT,
                       name, version.version, TEXT_ARG(given), TEXT_ARG(version.type));
    question->format = stored.format;
    question->format_given = true;
    if (stored_schemas_get(tx, &stored, 1, &policy) != 0)
        return -1;
    *out = stored.schema;
    return 0;
}

static int read_side(call_t *c, tx_t *tx, question_t *question, const char *name, schema_t **out)
{
    const json_t *side;
    schema_source_t source = {
        .format = question->format, .dialect = question->draft, .limits = question->options.limits};
    schema_reference_t *references = NULL;
    fault_t fault = {0};
    if (jx_object(c, c->body, name, &side) != 0)
        return -1;
    if (side == NULL)
        return err_set(&c->err, ERR_BODY_INVALID, "%s is missing: an object with the schema of the %s", name,
                       name);
    if (json_object_get(side, "subject") != NULL)
        return read_registered(c, tx, question, side, name, out);
    if (schema_text(c, side, name, &source.text) != 0 ||
        read_references(c, side, name, &references, &source.n_references) != 0)
        return -1;
    source.references = references;
    if (schema_parse(&source, out, &fault) != 0)
        return refuse_text(&c->err, name, &fault, c->arena);
    return 0;
}

/* --- answering ---------------------------------------------------------------------------------------------------------- */

/* A reader that is the newer one reads history; the version step looks at both directions. */
static text_t answer(call_t *c, const question_t *question, const schema_t *reader, const schema_t *writer)
{
    const report_t *report = compat_check(reader, writer, &question->options, c->arena);
    diff_t diff = schema_diff(writer, reader, &question->options.limits, c->arena);
    buf_t out;
    buf_init(&out, REPLY_BYTES_MAX);
    buf_printf(&out, "{\"mode\":\"%s\",\"compatible\":%s", question->mode,
               report->verdict == VERDICT_COMPATIBLE ? "true" : "false");
    report_print_members(&out, report);
    buf_add_s(&out, ",\"changes\":");
    diff_print_json(&out, &diff);
    buf_add_char(&out, '}');
    text_t text = buf_take(&out, c->arena);
    buf_dispose(&out);
    return text;
}

/* A registered side is read first: it decides the format where the body does not say it. */
static int read_sides(call_t *c, tx_t *tx, question_t *question, schema_t *sides[2])
{
    static const char *const names[] = {"reader", "writer"};
    size_t first = json_object_get(json_object_get(c->body, names[1]), "subject") != NULL;
    return read_side(c, tx, question, names[first], &sides[first]) != 0 ||
                   read_side(c, tx, question, names[!first], &sides[!first]) != 0
               ? -1
               : 0;
}

int checks_create(call_t *c, tx_t *tx)
{
    question_t question;
    schema_t *sides[2] = {NULL, NULL};
    int rc = read_question(c, &question) != 0 || read_sides(c, tx, &question, sides) != 0 ? -1 : 0;
    if (rc == 0)
        reply_text(c, 200, "application/json", answer(c, &question, sides[0], sides[1]));
    schema_unref(sides[0]);
    schema_unref(sides[1]);
    return rc;
}

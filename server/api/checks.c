/* checks.c - POST /api/v1/checks: the full report on a pair of schemas. Nothing is stored.
 *
 *     {"format": "AVRO", "mode": "strict", "reader": {"schema": "..."}, "writer": {"schema": "..."}}
 *
 * A side is a text (or JSON) with its references. The reply is the report as `avow check` prints it, with what changed from the writer to the
 * reader and the step of the version number that it asks for.
 */
#include "server/api/api.h"



#include "compat/diff.h"
#include "compat/report.h"

#define REPLY_BYTES_MAX (64u << 20)
#define FINDINGS_MAX    64
#define REFERENCES_MAX  1000

typedef struct {
    format_id_t format;
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

static int read_side(call_t *c, const question_t *question, const char *name, schema_t **out)
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
    if (schema_text(c, side, name, &source.text) != 0 ||
        read_references(c, side, name, &references, &source.n_references) != 0)
        return -1;
    source.references = references;
    if (schema_parse(&source, out, &fault) != 0)
        return err_set(&c->err, ERR_SCHEMA_INVALID, "%s: " TEXT_FMT, name,
                       TEXT_ARG(fault_sentence(&fault, c->arena)));
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

int checks_create(call_t *c, tx_t *tx)
{
    question_t question;
    schema_t *reader = NULL, *writer = NULL;
    (void)tx;
    int failed = read_question(c, &question) != 0 || read_side(c, &question, "reader", &reader) != 0 ||
                 read_side(c, &question, "writer", &writer) != 0;
    if (!failed)
        reply_text(c, 200, "application/json", answer(c, &question, reader, writer));
    schema_unref(reader);
    schema_unref(writer);
    return failed ? -1 : 0;
}

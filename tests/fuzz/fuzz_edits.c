/* fuzz_edits.c - what-if edits of whatever is a schema, and the report on what they changed.
 *
 * Input    a byte: even is Avro; bytes for choices, then a NUL, then a schema's text.
 * Claims   nothing crashes; an edited schema has a canonical text that can be read again; what is refused says why; findings have a
 *          path and a fingerprint of their own, the same when asked again; edits as JSON are read or
 *          refused.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/edits.h"

#define CLAIM(condition)  \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static const limits_t limits = {
    .max_bytes = 1u << 16, .max_depth = 48, .max_nodes = 20000, .max_digits = 1000, .max_steps = 20000};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static schema_t *parse(format_id_t format, text_t text)
{
    schema_source_t source = {.format = format, .text = text, .limits = limits};
    schema_t *schema = NULL;
    return schema_parse(&source, &schema, NULL) == 0 ? schema : NULL;
}

static const jv_t *json(const char *text, arena_t *arena)
{
    jv_t *value = NULL;
    CLAIM(jv_read(text_of(text), JV_STRICT, &limits, arena, &value, NULL) == 0);
    return value;
}

/* An edit of some field, made out of two bytes. */
static edit_t edit_of(const schema_t *schema, uint8_t what, uint8_t where, arena_t *arena)
{
    static const char *const types[] = {"\"string\"", "[\"null\",\"long\"]",
                                        "{\"type\":\"array\",\"items\":\"int\"}", "true", "7"};
    static const char *const values[] = {"null", "0", "\"x\"", "[]", "{}"};
    fields_t fields = schema_fields(schema, &limits, arena);
    const field_t *field = fields.n > 0 ? &fields.at[where % fields.n] : NULL;
    edit_t edit = {.op = (edit_op_t)(what % EDIT_N),
                   .path = field != NULL ? text_copy(arena, field->path) : TEXT("a"),
                   .name = TEXT("renamed")};
    edit.alias = where & 1;
    edit.required = where & 2;
    edit.type = json(types[where % 5], arena);
    edit.value = what & 16 ? json(values[where % 5], arena) : NULL;
    edit.doc = what & 32 ? TEXT("words") : TEXT_NONE;
    edit.symbol = json(where & 4 ? "\"A\"" : "\"NEW\"", arena);
    if (field != NULL && field->n_symbols > 0 && (where & 8))
        edit.symbol = jv_new_string(arena, text_copy(arena, field->symbols[where % field->n_symbols]));
    if (edit.op == EDIT_ADD_FIELD)
        edit.path =
            text_printf(arena, TEXT_FMT "%sadded", TEXT_ARG(edit.path), edit.path.bytes > 0 ? "." : "");
    return edit;
}

static void compare(const schema_t *reader, const schema_t *writer, arena_t *arena)
{
    check_options_t options = {.mode = MODE_STRICT, .limits = limits, .max_findings = 20, .fix = FIX_NONE};
    const report_t *report = compat_check(reader, writer, &options, arena),
                   *again = compat_check(reader, writer, &options, arena);
    CLAIM(report->n_findings == again->n_findings);
    for (size_t i = 0; i < report->n_findings; i++) {
        CLAIM(report->findings[i].n_paths > 0 && report->findings[i].fingerprint.bytes == 16);
        CLAIM(text_eq(report->findings[i].fingerprint, again->findings[i].fingerprint));
        for (size_t k = 0; k < i; k++)
            CLAIM(!text_eq(report->findings[i].fingerprint, report->findings[k].fingerprint));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const uint8_t *end = bytes > 0 ? memchr(data, 0, bytes) : NULL;
    if (end == NULL || end == data)
        return 0;
    format_id_t format = data[0] & 1 ? FORMAT_JSON : FORMAT_AVRO;
    text_t text = {(const char *)end + 1, bytes - (size_t)(end - data) - 1};
    arena_t *arena = arena_new();
    edit_t *read;
    size_t n;
    edits_read(text, &limits, arena, &read, &n, NULL);
    schema_t *schema = parse(format, text);
    for (const uint8_t *at = data + 1; schema != NULL && at + 1 < end && at < data + 9; at += 2) {
        edit_t edit = edit_of(schema, at[0], at[1], arena);
        edit_refusal_t refusal;
        schema_t *edited = NULL;
        if (edits_apply(schema, &edit, 1, arena, &edited, &refusal) != 0) {
            CLAIM(edited == NULL && refusal.fault.text[0] != '\0');
            continue;
        }
        schema_t *same = parse(format, schema_canonical(edited));
        CLAIM(same != NULL);
        schema_unref(same);
        compare(edited, schema, arena);
        schema_unref(schema);
        schema = edited;
    }
    schema_unref(schema);
    arena_free(arena);
    return 0;
}

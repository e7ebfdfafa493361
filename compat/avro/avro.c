/* avro.c - Avro's row of the format table. */
#include "compat/avro/av_check.h"
#include "compat/avro/av_model.h"
#include "compat/avro/av_print.h"
#include "compat/avro/av_value.h"

static size_t top_fields(const schema_t *schema, arena_t *arena, const text_t **names)
{
    const av_type_t *root = av_schema_of(schema)->root.type;
    size_t n = root->kind == AV_RECORD ? root->n : 0;
    text_t *list = ARENA_ARRAY(arena, text_t, n);
    for (size_t i = 0; i < n; i++)
        list[i] = root->fields[i].name;
    *names = list;
    return n;
}

/* A message as people paste it: Avro's JSON encoding of a datum. */
static const message_report_t *validate(const schema_t *schema, const jv_t *message,
                                        const message_options_t *options, arena_t *arena)
{
    av_value_t *value;
    fault_t fault = {0};
    message_report_t *report = ARENA_NEW(arena, message_report_t);
    if (av_read_json(av_schema_of(schema)->root.type, message, &options->limits, arena, &value, &fault) == 0)
        return report; /* MESSAGE_VALID */
    if (fault.code != FAULT_LIMIT)
        return message_unreadable(&fault, arena);
    report->verdict = MESSAGE_UNDECIDED;
    report->reason = "budget";
    return report;
}

const format_t avro_format = {
    .name = "AVRO",
    .parse = av_parse,
    .normalized = av_normalized,
    .resolved = av_resolved,
    .equal = av_equal,
    .top_fields = top_fields,
    .validate = validate,
    .fields = av_fields,
    .edit = av_edit,
    .check = {[MODE_CONFLUENT] = av_check_confluent, [MODE_STRICT] = av_check_strict},
    .message = av_message_confluent,
};

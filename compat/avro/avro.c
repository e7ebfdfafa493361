/* avro.c - Avro's row of the format table. */
#include "compat/avro/av_check.h"
#include "compat/avro/av_model.h"
#include "compat/avro/av_print.h"

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

const format_t avro_format = {
    .name = "AVRO",
    .parse = av_parse,
    .normalized = av_normalized,
    .resolved = av_resolved,
    .equal = av_equal,
    .top_fields = top_fields,
    .fields = av_fields,
    .check = {[MODE_CONFLUENT] = av_check_confluent},
    .message = av_message_confluent,
};

#include "compat/message.h"

#include "compat/format.h"

const message_report_t *message_unreadable(const fault_t *fault, arena_t *arena)
{
    message_report_t *report = ARENA_NEW(arena, message_report_t);
    report->verdict = fault->code == FAULT_VALUE ? MESSAGE_INVALID : MESSAGE_UNREADABLE;
    report->errors = ARENA_NEW(arena, message_error_t);
    report->n_errors = 1;
    report->errors[0] = (message_error_t){
        .instance = text_copy(arena, text_of(fault->pointer)),
        .line = fault->line,
        .column = fault->column,
        .sentence = text_copy(arena, text_of(fault->text)),
    };
    return report;
}

const message_report_t *message_validate(const schema_t *schema, text_t message,
                                         const message_options_t *options, arena_t *arena)
{
    jv_t *value;
    fault_t fault = {0};
    if (jv_read(message, JV_STRICT, &options->limits, arena, &value, &fault) != 0)
        return message_unreadable(&fault, arena);
    return format_of(schema->format)->validate(schema, value, options, arena);
}

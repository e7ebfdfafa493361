/* js_message.c - the `validate` of the JSON Schema row: a message judged by the validator. */
#include "compat/json/js_message.h"

#include "compat/json/json_schema.h"

static int compiled(const js_schema_t *schema, const message_options_t *options, arena_t *arena,
                    const js_validator_t **out, fault_t *fault)
{
    js_validator_t *own;
    *out = schema->validator;
    if (*out != NULL && !options->assert_format)
        return 0;
    if (js_validator_compile(schema->resources,
                             options->assert_format ? JS_FORMAT_ASSERTS : JS_FORMAT_ANNOTATES,
                             &options->limits, arena, &own, fault) != 0)
        return -1;
    *out = own;
    return 0;
}

const message_report_t *js_message_validate(const schema_t *schema, const jv_t *message,
                                            const message_options_t *options, arena_t *arena)
{
    static const int verdicts[] = {
        [JS_VALID] = MESSAGE_VALID, [JS_INVALID] = MESSAGE_INVALID, [JS_UNDECIDED] = MESSAGE_UNDECIDED};
    const js_validator_t *validator;
    fault_t fault = {0};
    if (compiled(js_schema_of(schema), options, arena, &validator, &fault) != 0)
        return message_unreadable(&fault, arena);
    js_result_t result = js_validate(validator, message, options->max_errors, &options->limits, arena);
    message_report_t *report = ARENA_NEW(arena, message_report_t);
    report->verdict = verdicts[result.verdict];
    report->reason = result.reason;
    report->errors = ARENA_ARRAY(arena, message_error_t, result.n_errors);
    for (size_t i = 0; i < result.n_errors; i++)
        report->errors[report->n_errors++] = (message_error_t){
            .instance = result.errors[i].instance,
            .keyword = result.errors[i].keyword,
            .sentence = result.errors[i].sentence,
        };
    return report;
}

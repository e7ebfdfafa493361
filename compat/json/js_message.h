/* js_message.h - the `validate` of the JSON Schema row (compat/message.h). */
#ifndef AVOW_COMPAT_JSON_JS_MESSAGE_H
#define AVOW_COMPAT_JSON_JS_MESSAGE_H

#include "compat/message.h"

const message_report_t *js_message_validate(const schema_t *schema, const jv_t *message,
                                            const message_options_t *options, arena_t *arena);

#endif

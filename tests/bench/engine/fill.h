/* fill.h - messages that look like what a JSON Schema describes: most are valid, some have one mistake. */
#ifndef AVOW_TESTS_BENCH_ENGINE_FILL_H
#define AVOW_TESTS_BENCH_ENGINE_FILL_H

#include "compat/core/json_text.h"

/* One message for the schema document `root`, in `arena`. The same `random` gives the same message. */
text_t fill_message(const jv_t *root, uint64_t random, arena_t *arena);

#endif

/* confluent_difference.h - the types of difference of confluent mode, as a table (confluent_differences.def). */
#ifndef AVOW_COMPAT_JSON_CONFLUENT_DIFFERENCE_H
#define AVOW_COMPAT_JSON_CONFLUENT_DIFFERENCE_H

#include "compat/compat.h"

typedef enum {
#define DIFFERENCE(name, strict, lenient, sentence) CF_##name,
#include "compat/json/confluent_differences.def"
    CF_DIFFERENCE_N
} cf_difference_t;

const char *cf_difference_name(cf_difference_t difference);
bool cf_difference_find(const char *name, cf_difference_t *out);
bool cf_difference_compatible(cf_difference_t difference, json_policy_t policy);
finding_class_t cf_difference_class(cf_difference_t difference, json_policy_t policy);

/* The sentence of a difference; the sides are called `reader` and `writer` in it. */
text_t cf_difference_sentence(cf_difference_t difference, text_t path, const char *reader, const char *writer,
                              arena_t *arena);

#endif

/* keywords.h - which keywords hold schemas, in which drafts. Private to compat/json. */
#ifndef AVOW_COMPAT_JSON_KEYWORDS_H
#define AVOW_COMPAT_JSON_KEYWORDS_H

#include "compat/json/resources.h"

typedef enum {
    HOLDS_NOTHING = 0,
    HOLDS_SCHEMA = 1 << 0, /* its value may be a schema */
    HOLDS_ARRAY = 1 << 1,  /* may be an array of schemas */
    HOLDS_MAP = 1 << 2,    /* may be an object whose values are schemas */
} js_holds_t;

/* What the value of keyword `name` may hold in `dialect`; unknown keywords hold nothing. */
unsigned js_keyword_holds(text_t name, js_dialect_t dialect);

/* An object, true or false: the only things that can be a schema. */
bool js_is_schema(const jv_t *value);

#endif

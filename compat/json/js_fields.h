/* js_fields.h - a JSON Schema as the list of its fields (compat/fields.h): the `fields` of the format's row. */
#ifndef AVOW_COMPAT_JSON_JS_FIELDS_H
#define AVOW_COMPAT_JSON_JS_FIELDS_H

#include "compat/fields.h"

fields_t js_fields(const schema_t *schema, const limits_t *limits, arena_t *arena);

/* What is said of one place in a message may stand in several sub-schemas at once. */
#define JS_VIEWS_MAX 32

typedef struct {
    const jv_t *at[JS_VIEWS_MAX];
    size_t n;
    bool nullable;  /* anyOf/oneOf with a branch that is just null */
    bool recursive; /* a reference leads back to a place on the way here */
} js_views_t;

/* Where a path leads. */
typedef struct {
    js_views_t
        homes; /* the sub-schemas that are written where the path leads: under "properties", "items", ... */
    js_views_t views; /* those, what their references lead to, and the parts of allOf */
    js_views_t owner; /* views of the object whose property it is; none for items, values and branches */
    text_t name;      /* of the property */
    bool found;
} js_spot_t;

/* False if no path of the schema is this one. Paths of items, values and branches lead somewhere even where the list leaves them
 * out. */
bool js_field_at(const schema_t *schema, text_t path, const limits_t *limits, arena_t *arena, js_spot_t *out);

#endif

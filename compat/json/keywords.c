#include "compat/json/keywords.h"

#include <string.h>

typedef struct {
    const char *name;
    js_dialect_t first, last;
    unsigned holds;
} row_t;

/* Sorted by name. `definitions` and `dependencies` stay in the meta-schemas of the later drafts, for what was written before. */
static const row_t rows[] = {
    {"$defs", DIALECT_2019_09, DIALECT_2020_12, HOLDS_MAP},
    {"additionalItems", DIALECT_04, DIALECT_2019_09, HOLDS_SCHEMA},
    {"additionalProperties", DIALECT_04, DIALECT_2020_12, HOLDS_SCHEMA},
    {"allOf", DIALECT_04, DIALECT_2020_12, HOLDS_ARRAY},
    {"anyOf", DIALECT_04, DIALECT_2020_12, HOLDS_ARRAY},
    {"contains", DIALECT_06, DIALECT_2020_12, HOLDS_SCHEMA},
    {"contentSchema", DIALECT_2019_09, DIALECT_2020_12, HOLDS_SCHEMA},
    {"definitions", DIALECT_04, DIALECT_2020_12, HOLDS_MAP},
    {"dependencies", DIALECT_04, DIALECT_2020_12, HOLDS_MAP},
    {"dependentSchemas", DIALECT_2019_09, DIALECT_2020_12, HOLDS_MAP},
    {"else", DIALECT_07, DIALECT_2020_12, HOLDS_SCHEMA},
    {"if", DIALECT_07, DIALECT_2020_12, HOLDS_SCHEMA},
    {"items", DIALECT_04, DIALECT_2019_09, HOLDS_SCHEMA | HOLDS_ARRAY},
    {"items", DIALECT_2020_12, DIALECT_2020_12, HOLDS_SCHEMA},
    {"not", DIALECT_04, DIALECT_2020_12, HOLDS_SCHEMA},
    {"oneOf", DIALECT_04, DIALECT_2020_12, HOLDS_ARRAY},
    {"patternProperties", DIALECT_04, DIALECT_2020_12, HOLDS_MAP},
    {"prefixItems", DIALECT_2020_12, DIALECT_2020_12, HOLDS_ARRAY},
    {"properties", DIALECT_04, DIALECT_2020_12, HOLDS_MAP},
    {"propertyNames", DIALECT_06, DIALECT_2020_12, HOLDS_SCHEMA},
    {"then", DIALECT_07, DIALECT_2020_12, HOLDS_SCHEMA},
    {"unevaluatedItems", DIALECT_2019_09, DIALECT_2020_12, HOLDS_SCHEMA},
    {"unevaluatedProperties", DIALECT_2019_09, DIALECT_2020_12, HOLDS_SCHEMA},
};

unsigned js_keyword_holds(text_t name, js_dialect_t dialect)
{
    size_t from = 0, to = sizeof rows / sizeof *rows;
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = text_compare(text_of(rows[middle].name), name);
        if (order == 0 && dialect > rows[middle].last)
            order = -1;
        else if (order == 0 && dialect < rows[middle].first)
            order = 1;
        if (order == 0)
            return rows[middle].holds;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return HOLDS_NOTHING;
}

bool js_is_schema(const jv_t *value)
{
    return value->kind == JV_OBJECT || value->kind == JV_TRUE || value->kind == JV_FALSE;
}

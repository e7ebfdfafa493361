#include "cli/demo/shorthand.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* order_placed gives OrderPlaced. */
static void camel(const char *name, char *out, size_t room)
{
    bool upper = true;
    size_t n = 0;
    for (; *name != '\0' && n + 1 < room; name++) {
        if (*name == '_' || *name == '-') {
            upper = true;
            continue;
        }
        out[n++] = (char)(upper ? toupper((unsigned char)*name) : *name);
        upper = false;
    }
    out[n] = '\0';
}

/* --- types ------------------------------------------------------------------------------------------------------------------ */

static json_t *make_type(const char *text, const char *field);

static json_t *make_enum(const char *inside, const char *field)
{
    char name[96];
    camel(field, name, sizeof name);
    json_t *symbols = json_array();
    for (const char *at = inside; *at != '\0';) {
        size_t bytes = strcspn(at, ",");
        json_array_append_new(symbols, json_stringn(at, bytes));
        at += bytes + (at[bytes] == ',');
    }
    return json_pack("{s:s, s:s, s:o}", "type", "enum", "name", name, "symbols", symbols);
}

static json_t *make_decimal(const char *inside, const char *field)
{
    int precision = 0, scale = 0;
    (void)field;
    if (sscanf(inside, "%d,%d", &precision, &scale) != 2)
        return NULL;
    return json_pack("{s:s, s:s, s:i, s:i}", "type", "bytes", "logicalType", "decimal", "precision",
                     precision, "scale", scale);
}

static json_t *make_array(const char *inside, const char *field)
{
    return json_pack("{s:s, s:o}", "type", "array", "items", make_type(inside, field));
}

static json_t *make_map(const char *inside, const char *field)
{
    return json_pack("{s:s, s:o}", "type", "map", "values", make_type(inside, field));
}

static json_t *make_nullable(const char *inside, const char *field)
{
    return json_pack("[s, o]", "null", make_type(inside, field));
}

static const struct {
    const char *before, *after;
    json_t *(*make)(const char *inside, const char *field);
} forms[] = {
    {"", "?", make_nullable}, {"enum(", ")", make_enum}, {"decimal(", ")", make_decimal},
    {"[", "]", make_array},   {"{", "}", make_map},
};

static const struct {
    const char *word, *type, *logical;
} logical_types[] = {{"timestamp", "long", "timestamp-millis"}, {"date", "int", "date"}};

static json_t *make_type(const char *text, const char *field)
{
    size_t bytes = strlen(text);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t before = strlen(forms[i].before), after = strlen(forms[i].after);
        char inside[256];
        if (bytes < before + after || strncmp(text, forms[i].before, before) != 0 ||
            strcmp(text + bytes - after, forms[i].after) != 0)
            continue;
        snprintf(inside, sizeof inside, "%.*s", (int)(bytes - before - after), text + before);
        return forms[i].make(inside, field);
    }
    for (size_t i = 0; i < sizeof logical_types / sizeof *logical_types; i++)
        if (strcmp(text, logical_types[i].word) == 0)
            return json_pack("{s:s, s:s}", "type", logical_types[i].type, "logicalType",
                             logical_types[i].logical);
    return json_string(text);
}

/* --- fields ----------------------------------------------------------------------------------------------------------------- */

/* JSON where it is JSON, else a symbol. */
static json_t *make_default(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    return value != NULL ? value : json_string(text);
}

/* Cuts `text` at `mark`; what follows it, without blanks around. NULL when the mark is not there. */
static char *cut(char *text, const char *mark)
{
    char *at = strstr(text, mark);
    if (at == NULL)
        return NULL;
    *at = '\0';
    at += strlen(mark);
    at += strspn(at, " ");
    for (size_t n = strlen(at); n > 0 && at[n - 1] == ' '; n--)
        at[n - 1] = '\0';
    return at;
}

json_t *shorthand_field(const char *text)
{
    char line[512], name[64], type[256], unit[64] = "";
    snprintf(line, sizeof line, "%s", text);
    char *tag = cut(line, " @"), *doc = cut(line, " # "), *absent = cut(line, " = ");
    if (sscanf(line, " %63[a-z0-9_] %255s {%63[^}]}", name, type, unit) < 2)
        return NULL;
    json_t *field = json_pack("{s:s, s:o}", "name", name, "type", make_type(type, name));
    if (field == NULL)
        return NULL;
    if (absent != NULL)
        json_object_set_new(field, "default", make_default(absent));
    else if (type[strlen(type) - 1] == '?')
        json_object_set_new(field, "default", json_null());
    if (doc != NULL)
        json_object_set_new(field, "doc", json_string(doc));
    if (unit[0] != '\0')
        json_object_set_new(field, "unit", json_string(unit));
    if (tag != NULL)
        json_object_set_new(field, "confluent:tags", json_pack("[s]", tag));
    return field;
}

json_t *shorthand_record(const char *event, const char *doc)
{
    char name[128];
    const char *dot = strrchr(event, '.');
    camel(dot != NULL ? dot + 1 : event, name, sizeof name);
    json_t *record = json_pack("{s:s, s:s, s:s, s:[]}", "type", "record", "name", name, "doc", doc, "fields");
    if (dot != NULL)
        json_object_set_new(record, "namespace", json_stringn(event, (size_t)(dot - event)));
    return record;
}

int shorthand_append(json_t *record, const char *fields)
{
    char one[512];
    while (*fields != '\0') {
        size_t bytes = strcspn(fields, ";");
        snprintf(one, sizeof one, "%.*s", (int)bytes, fields);
        json_t *field = shorthand_field(one);
        if (field == NULL)
            return -1;
        json_array_append_new(json_object_get(record, "fields"), field);
        fields += bytes + (fields[bytes] == ';');
    }
    return 0;
}

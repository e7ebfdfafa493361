/* export_odcs.c - a line as a data contract of the Open Data Contract Standard.
 *
 * Spec     ODCS v3.0.2 (Bitol): fundamentals, schema, support, team, SLA.
 */
#include <string.h>

#include "server/api/export.h"

static const struct {
    const char *ours, *theirs;
} states[] = {{"draft", "draft"},
              {"active", "active"},
              {"deprecated", "deprecated"},
              {"sunset", "retired"},
              {"removed", "retired"}};

static const char *status(const json_t *line)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(export_text(line, "state"), states[i].ours) == 0)
            return states[i].theirs;
    return "draft";
}

/* Its logical types: string, date, timestamp, number, integer, object, array, boolean. */
static const struct {
    const char *begins, *theirs;
} types[] = {
    {"int", "integer"},   {"long", "integer"},   {"number", "number"},   {"float", "number"},
    {"double", "number"}, {"decimal", "number"}, {"boolean", "boolean"}, {"array", "array"},
    {"map", "object"},    {"object", "object"},  {"date", "date"},       {"timestamp", "timestamp"},
};

static const char *logical_type(const json_t *field)
{
    const char *words[] = {export_text(field, "logical"), export_text(field, "type")};
    for (size_t w = 0; w < 2; w++)
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            if (strncmp(words[w], types[i].begins, strlen(types[i].begins)) == 0)
                return types[i].theirs;
    return "string";
}

/* Fields below others keep their path as a name: the contract stays one list. */
static json_t *properties(const json_t *line)
{
    json_t *list = json_array(), *field;
    size_t i;
    json_array_foreach(json_object_get(line, "fields"), i, field)
    {
        if (export_text(field, "path")[0] == '\0')
            continue;
        json_t *property =
            json_pack("{s:O, s:s, s:O, s:O, s:O}", "name", json_object_get(field, "path"), "logicalType",
                      logical_type(field), "physicalType", json_object_get(field, "type"), "required",
                      json_object_get(field, "required"), "tags", json_object_get(field, "tags"));
        if (export_text(field, "doc")[0] != '\0')
            json_object_set(property, "description", json_object_get(field, "doc"));
        json_array_append_new(list, property);
    }
    return list;
}

static void add_term(json_t *list, const char *property, const json_t *value)
{
    if (json_is_string(value) || json_is_number(value))
        json_array_append_new(list, json_pack("{s:s, s:O}", "property", property, "value", value));
}

static json_t *sla(const json_t *line)
{
    const json_t *terms = json_object_get(line, "contract"), *promised = json_object_get(terms, "sla");
    json_t *list = json_array();
    add_term(list, "latency", json_object_get(promised, "freshness"));
    add_term(list, "generalAvailability", json_object_get(line, "activated_at"));
    add_term(list, "availability", json_object_get(promised, "availability"));
    add_term(list, "timeOfAvailability", json_object_get(promised, "support_hours"));
    add_term(list, "retention", json_object_get(terms, "retention"));
    add_term(list, "endOfSupport", json_object_get(line, "sunset_at"));
    add_term(list, "endOfLife", json_object_get(line, "removed_at"));
    return list;
}

static json_t *support(const json_t *line)
{
    static const struct {
        const char *ours, *tool;
    } channels[] = {{"email", "email"}, {"chat_url", "slack"}, {"issue_url", "ticket"}};
    const json_t *contact = json_object_get(line, "contact");
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        const char *value = export_text(contact, channels[i].ours);
        if (value[0] == '\0')
            continue;
        json_array_append_new(list, json_pack("{s:s, s:o, s:s}", "channel", value, "url",
                                              json_sprintf("%s%s", i == 0 ? "mailto:" : "", value), "tool",
                                              channels[i].tool));
    }
    return list;
}

json_t *export_odcs(const json_t *line)
{
    const json_t *version = json_object_get(line, "version");
    json_t *schema =
        json_pack("{s:O, s:s, s:s, s:O, s:o}", "name", json_object_get(line, "event"), "physicalType",
                  export_text(version, "format"), "logicalType", "object", "description",
                  json_object_get(line, "reason"), "properties", properties(line));
    json_t *contract = json_pack(
        "{s:s, s:s, s:o, s:O, s:s, s:s, s:{s:s, s:s}, s:[o], s:o, s:o, s:O}", "apiVersion", "v3.0.2", "kind",
        "DataContract", "id", json_sprintf("urn:avow:%s", export_text(line, "name")), "name",
        json_object_get(line, "title"), "version",
        export_text(version, "semver")[0] != '\0' ? export_text(version, "semver") : "0.0.0", "status",
        status(line), "description", "purpose", export_text(line, "reason"), "usage",
        export_text(line, "description"), "schema", schema, "slaProperties", sla(line), "support",
        support(line), "tags", json_object_get(line, "tags"));
    if (export_text(line, "domain")[0] != '\0')
        json_object_set(contract, "domain", json_object_get(line, "domain"));
    return contract;
}

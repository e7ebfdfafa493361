/* export_asyncapi.c - lines as an AsyncAPI document: 3.0 with operations from the services' side, 2.6 with verbs from their clients'.
 *
 * Spec     AsyncAPI 3.0.0 and 2.6.0; tests/oracles runs its own parser over what comes out.
 */
#include <string.h>

#include "server/api/export.h"

/* The id in the head of a document: a URN. */
#define CATALOG_ID "urn:avow:catalog"

static json_t *info(const export_t *export)
{
    return json_pack("{s:s, s:s, s:s}", "title", export->title, "version", "1.0.0", "description",
                     "Events of the catalog, with their owners, promises, producers and consumers.");
}

/* What AsyncAPI has no words for. */
static void add_extensions(json_t *message, const json_t *line)
{
    static const char *const dates[] = {"activated_at", "deprecated_at", "sunset_at", "removed_at"};
    json_t *lifecycle = json_pack("{s:O}", "state", json_object_get(line, "state"));
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (json_is_string(json_object_get(line, dates[i])))
            json_object_set(lifecycle, dates[i], json_object_get(line, dates[i]));
    if (json_is_string(json_object_get(line, "replacement")))
        json_object_set(lifecycle, "replacement", json_object_get(line, "replacement"));
    json_object_set_new(message, "x-lifecycle", lifecycle);
    json_object_set_new(message, "x-owner",
                        json_pack("{s:O, s:O}", "team", json_object_get(line, "team"), "contact",
                                  json_object_get(line, "contact")));
    json_object_set(message, "x-contract", json_object_get(line, "contract"));
    json_object_set(message, "x-classification", json_object_get(line, "classification"));
}

static json_t *tags(const json_t *line)
{
    json_t *list = json_array(), *tag;
    size_t i;
    if (json_is_string(json_object_get(line, "domain")))
        json_array_append_new(list, json_pack("{s:O}", "name", json_object_get(line, "domain")));
    if (export_is_deprecated(line))
        json_array_append_new(list, json_pack("{s:s}", "name", "deprecated"));
    json_array_foreach(json_object_get(line, "tags"), i, tag)
        json_array_append_new(list, json_pack("{s:O}", "name", tag));
    return list;
}

static const char *content_type(const json_t *line)
{
    return strcmp(export_text(json_object_get(line, "version"), "format"), "AVRO") == 0
               ? "application/vnd.apache.avro"
               : "application/json";
}

static json_t *message(const json_t *line)
{
    return json_pack("{s:o, s:O, s:s, s:o, s:s, s:o}", "name", export_key(line), "title",
                     json_object_get(line, "title"), "summary", export_text(line, "summary"), "description",
                     export_description(line), "contentType", content_type(line), "tags", tags(line));
}

/* The table of formats that every tool reads has Avro and draft-07. A schema in another draft goes along under a name of its own: calling it
 * something that it is not would have tools misread it, and calling it what it is makes them refuse the whole document. */
static bool add_foreign_payload(json_t *message, const json_t *line)
{
    const char *format = export_schema_format(line);
    if (strstr(format, "avro") != NULL || strstr(format, "draft-07") != NULL)
        return false;
    json_object_set_new(message, "payload", json_object());
    json_object_set_new(message, "x-payload",
                        json_pack("{s:s, s:o}", "schemaFormat", format, "schema", export_schema(line)));
    return true;
}

/* Where it flows: the channel's address, or the subject's name without what says that it is the value. */
static json_t *address(const json_t *line)
{
    const json_t *channel = json_array_get(json_object_get(line, "channels"), 0);
    if (channel != NULL)
        return json_incref(json_object_get(channel, "address"));
    const char *subject = export_text(json_object_get(line, "version"), "subject");
    size_t bytes = strlen(subject);
    if (bytes > 6 && strcmp(subject + bytes - 6, "-value") == 0)
        bytes -= 6;
    return json_stringn(subject, bytes);
}

static json_t *reference(const char *to, const char *key)
{
    return json_pack("{s:o}", "$ref", json_sprintf("%s%s", to, key));
}

/* --- 3.0 ---------------------------------------------------------------------------------------------------------------------- */

static void add_operations(json_t *operations, const json_t *line, const char *key, const char *list,
                           const char *action)
{
    size_t i;
    json_t *service;
    json_array_foreach(json_object_get(line, list), i, service)
    {
        json_t *name = json_sprintf("%s.%s.%s", json_string_value(service), action, key);
        json_t *operation =
            json_pack("{s:s, s:o, s:o, s:[o]}", "action", action, "channel", reference("#/channels/", key),
                      "summary", json_sprintf("%s %ss it", json_string_value(service), action), "messages",
                      json_pack("{s:o}", "$ref", json_sprintf("#/channels/%s/messages/%s", key, key)));
        json_object_set_new(operations, json_string_value(name), operation);
        json_decref(name);
    }
}

json_t *export_asyncapi_3(const export_t *export)
{
    json_t *channels = json_object(), *operations = json_object(), *messages = json_object(), *line;
    size_t i;
    json_array_foreach(export->lines, i, line)
    {
        json_t *key = export_key(line), *one = message(line);
        const char *name = json_string_value(key);
        if (!add_foreign_payload(one, line))
            json_object_set_new(one, "payload",
                                json_pack("{s:s, s:o}", "schemaFormat", export_schema_format(line), "schema",
                                          export_schema(line)));
        add_extensions(one, line);
        json_object_set_new(messages, name, one);
        json_object_set_new(channels, name,
                            json_pack("{s:o, s:O, s:{s:o}}", "address", address(line), "title",
                                      json_object_get(line, "title"), "messages", name,
                                      reference("#/components/messages/", name)));
        add_operations(operations, line, name, "producers", "send");
        add_operations(operations, line, name, "consumers", "receive");
        json_decref(key);
    }
    return json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:{s:o}}", "asyncapi", "3.0.0", "id", CATALOG_ID, "info",
                     info(export), "defaultContentType", "application/vnd.apache.avro", "channels", channels,
                     "operations", operations, "components", "messages", messages);
}

/* --- 2.6 ---------------------------------------------------------------------------------------------------------------------- */

/* In 2.x a producer's channel is one that others may subscribe to. Two lines may share an address: a choice of messages. */
static void add_message(json_t *channels, const json_t *line, const char *key)
{
    json_t *where = address(line), *added = reference("#/components/messages/", key);
    json_t *channel = json_object_get(channels, json_string_value(where));
    if (channel == NULL) {
        json_object_set_new(channels, json_string_value(where),
                            json_pack("{s:O, s:{s:o, s:{s:[o]}}}", "description",
                                      json_object_get(line, "title"), "subscribe", "operationId",
                                      json_sprintf("subscribe.%s", key), "message", "oneOf", added));
    } else {
        json_t *message = json_object_get(json_object_get(channel, "subscribe"), "message");
        json_array_append_new(json_object_get(message, "oneOf"), added);
    }
    json_decref(where);
}

json_t *export_asyncapi_2(const export_t *export)
{
    json_t *channels = json_object(), *messages = json_object(), *line;
    size_t i;
    json_array_foreach(export->lines, i, line)
    {
        json_t *key = export_key(line), *one = message(line);
        if (!add_foreign_payload(one, line)) {
            json_object_set_new(one, "schemaFormat", json_string(export_schema_format(line)));
            json_object_set_new(one, "payload", export_schema(line));
        }
        add_extensions(one, line);
        json_object_set_new(messages, json_string_value(key), one);
        add_message(channels, line, json_string_value(key));
        json_decref(key);
    }
    return json_pack("{s:s, s:s, s:o, s:s, s:o, s:{s:o}}", "asyncapi", "2.6.0", "id", CATALOG_ID, "info",
                     info(export), "defaultContentType", "application/vnd.apache.avro", "channels", channels,
                     "components", "messages", messages);
}

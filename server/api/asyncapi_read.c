#include "server/api/asyncapi_read.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/export.h"

enum { REFERENCES_MAX = 16, NAME_MAX_BYTES = 200 };

typedef struct {
    const json_t *document;
    const char *owner;
    json_t *events, *schemas;
    char *why;
    bool failed;
} reading_t;

static void fail(reading_t *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void fail(reading_t *r, const char *fmt, ...)
{
    va_list args;
    if (r->failed)
        return;
    r->failed = true;
    va_start(args, fmt);
    vsnprintf(r->why, 256, fmt, args);
    va_end(args);
}

/* Follows "#/a/b", chains of them included; anything outside the document is left out. */
static const json_t *resolve(const reading_t *r, const json_t *value)
{
    for (int i = 0; i < REFERENCES_MAX; i++) {
        const char *reference = json_string_value(json_object_get(value, "$ref"));
        if (reference == NULL)
            return value;
        if (strncmp(reference, "#/", 2) != 0)
            return NULL;
        value = r->document;
        for (const char *at = reference + 2; value != NULL && at[-1] != '\0';) {
            size_t bytes = strcspn(at, "/"), n = 0;
            char step[256];
            for (size_t k = 0; k < bytes && n + 1 < sizeof step; k++) {
                bool escaped = at[k] == '~' && k + 1 < bytes;
                step[n++] = escaped ? (at[k + 1] == '1' ? '/' : '~') : at[k];
                k += escaped;
            }
            step[n] = '\0';
            value = json_object_get(value, step);
            at += bytes + 1;
        }
    }
    return NULL;
}

/* "Order Placed.v1" gives order_placed.v1: what an event may be called. */
static void event_name(const char *from, char out[NAME_MAX_BYTES + 1])
{
    size_t n = 0;
    bool start = true;
    for (; *from != '\0' && n < NAME_MAX_BYTES; from++) {
        unsigned char c = (unsigned char)*from;
        char low = (char)tolower(c);
        if (start && !isalpha(c))
            continue;
        if (*from == '.' || *from == '/') {
            out[n++] = '.';
            start = true;
            continue;
        }
        out[n++] = isalnum(c) || c == '-' ? low : '_';
        start = false;
    }
    while (n > 0 && (out[n - 1] == '.' || out[n - 1] == '_'))
        n--;
    out[n] = '\0';
}

static const char *schema_type(const char *format)
{
    return strstr(format, "avro") != NULL ? "AVRO" : "JSON";
}

static void add_schema(reading_t *r, const char *subject, const json_t *message)
{
    const json_t *payload = resolve(r, json_object_get(message, "payload"));
    const char *format = export_text(message, "schemaFormat");
    if (json_is_string(json_object_get(payload, "schemaFormat"))) { /* 3.0 */
        format = export_text(payload, "schemaFormat");
        payload = resolve(r, json_object_get(payload, "schema"));
    }
    if (payload == NULL)
        return;
    char *text = json_is_string(payload) ? strdup(json_string_value(payload))
                                         : json_dumps(payload, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text != NULL)
        json_array_append_new(r->schemas, json_pack("{s:s, s:s, s:s}", "subject", subject, "schemaType",
                                                    schema_type(format), "schema", text));
    free(text);
}

static void add_message(reading_t *r, const char *key, const char *address, const json_t *given)
{
    const json_t *message = resolve(r, given);
    char name[NAME_MAX_BYTES + 1];
    if (message == NULL) {
        fail(r, "the message %.100s refers to something that is not in the document", key);
        return;
    }
    const char *called = export_text(message, "name"),
               *team = export_text(json_object_get(message, "x-owner"), "team");
    event_name(called[0] != '\0' ? called : key, name);
    if (team[0] == '\0' && r->owner == NULL) {
        fail(r, "the message %.100s names no owner: send \"owner\", or x-owner.team in the message", key);
        return;
    }
    if (name[0] == '\0') {
        fail(r, "the message \"%.100s\" has no name that an event can have", key);
        return;
    }
    json_t *subject = json_sprintf("%s-value", address[0] != '\0' ? address : name);
    const json_t *terms = json_object_get(message, "x-contract");
    json_array_append_new(r->events,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:[{s:i, s:s, s:O*, s:[{s:O, s:s}]}]}", "name",
                                    name, "title", export_text(message, "title"), "summary",
                                    export_text(message, "summary"), "description",
                                    export_text(message, "description"), "owner",
                                    team[0] != '\0' ? team : r->owner, "lines", "major", 1, "state", "draft",
                                    "contract", terms, "subjects", "subject", subject, "role", "value"));
    add_schema(r, json_string_value(subject), message);
    json_decref(subject);
}

/* 3.0: channels have messages by name. */
static void read_channel_3(reading_t *r, const char *key, const json_t *channel)
{
    const char *name, *address = export_text(channel, "address");
    json_t *message;
    json_object_foreach((json_t *)json_object_get(channel, "messages"), name, message)
        add_message(r, name, address[0] != '\0' ? address : key, message);
}

/* 2.x: the channel's key is the address, and each verb has one message or several. */
static void read_channel_2(reading_t *r, const char *key, const json_t *channel)
{
    static const char *const verbs[] = {"subscribe", "publish"};
    for (size_t v = 0; v < 2; v++) {
        const json_t *message = json_object_get(json_object_get(channel, verbs[v]), "message");
        const json_t *several = json_object_get(message, "oneOf");
        if (message == NULL)
            continue;
        for (size_t i = 0; i < json_array_size(several); i++)
            add_message(r, key, key, json_array_get(several, i));
        if (several == NULL)
            add_message(r, key, key, message);
        return; /* the same message under both verbs is one event */
    }
}

json_t *asyncapi_read(const json_t *document, const char *owner, json_t **schemas, char why[256])
{
    reading_t r = {
        .document = document, .owner = owner, .events = json_array(), .schemas = json_array(), .why = why};
    const char *version = export_text(document, "asyncapi"), *key;
    const json_t *given;
    if (strncmp(version, "2.", 2) != 0 && strncmp(version, "3.", 2) != 0)
        fail(&r, "asyncapi must be 2.x or 3.x, not \"%.20s\"", version);
    json_object_foreach((json_t *)json_object_get(document, "channels"), key, given)
    {
        const json_t *channel = resolve(&r, given);
        if (version[0] == '3')
            read_channel_3(&r, key, channel);
        else
            read_channel_2(&r, key, channel);
    }
    if (!r.failed && json_array_size(r.events) == 0)
        fail(&r, "the document has no messages");
    if (r.failed) {
        json_decref(r.events);
        json_decref(r.schemas);
        return NULL;
    }
    *schemas = r.schemas;
    return json_pack("{s:o}", "events", r.events);
}

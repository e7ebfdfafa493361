/* export_backstage.c - the catalog as entities of a Backstage: Domain, Group, User, Component, API.
 *
 * Spec     Backstage's descriptor format, backstage.io/v1alpha1. A location can point at the URL of this export.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/export.h"

/* Names there: letters, digits, - _ and dots, at most 63. */
static json_t *entity_name(const char *name)
{
    char out[64];
    size_t n = 0;
    for (; *name != '\0' && n < sizeof out - 1; name++)
        out[n++] = (char)(isalnum((unsigned char)*name) || strchr("-_.", *name) != NULL ? *name : '-');
    return json_stringn(out, n);
}

static void add(buf_t *out, json_t *entity)
{
    char *text = json_dumps(entity, JSON_COMPACT | JSON_REAL_PRECISION(15));
    buf_add_s(out, "---\n");
    buf_add_s(out, text != NULL ? text : "{}");
    buf_add_s(out, "\n");
    free(text);
    json_decref(entity);
}

static json_t *entity(const char *kind, json_t *name, const char *title, const char *description,
                      json_t *spec)
{
    json_t *metadata = json_pack("{s:o, s:s}", "name", name, "title", title[0] != '\0' ? title : kind);
    if (description[0] != '\0')
        json_object_set_new(metadata, "description", json_string(description));
    return json_pack("{s:s, s:s, s:o, s:o}", "apiVersion", "backstage.io/v1alpha1", "kind", kind, "metadata",
                     metadata, "spec", spec);
}

static json_t *owner(const json_t *object)
{
    const char *team = export_text(object, "team");
    return team[0] != '\0' ? json_sprintf("group:default/%s", team) : json_string("unknown");
}

static void add_people(const export_t *export, buf_t *out)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(export->landscape, "domains"), i, row)
        add(out, entity("Domain", entity_name(export_text(row, "slug")), export_text(row, "name"),
                        export_text(row, "description"), json_pack("{s:o}", "owner", owner(row))));
    json_array_foreach(json_object_get(export->landscape, "teams"), i, row)
    {
        const json_t *email = json_object_get(json_object_get(row, "contact"), "email");
        json_t *spec = json_pack("{s:s, s:{s:O}, s:[]}", "type", "team", "profile", "displayName",
                                 json_object_get(row, "name"), "children");
        if (json_is_string(email))
            json_object_set(json_object_get(spec, "profile"), "email", (json_t *)email);
        add(out, entity("Group", entity_name(export_text(row, "slug")), export_text(row, "name"),
                        export_text(row, "description"), spec));
    }
    json_array_foreach(json_object_get(export->landscape, "users"), i, row)
    {
        json_t *teams = json_object_get(row, "teams");
        add(out, entity("User", entity_name(export_text(row, "login")), export_text(row, "name"), "",
                        json_pack("{s:{s:s}, s:o}", "profile", "displayName", export_text(row, "name"),
                                  "memberOf", json_is_array(teams) ? json_incref(teams) : json_array())));
    }
}

/* Which lines the service writes or reads. */
static json_t *apis_of(const export_t *export, const char *service, const char *list)
{
    json_t *apis = json_array(), *line, *name;
    size_t i, j;
    json_array_foreach(export->lines, i, line)
    {
        json_t *key = export_key(line);
        json_array_foreach(json_object_get(line, list), j,
                           name) if (strcmp(json_string_value(name), service) == 0)
            json_array_append_new(apis, json_sprintf("api:default/%s", json_string_value(key)));
        json_decref(key);
    }
    return apis;
}

static void add_services(const export_t *export, buf_t *out)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(export->landscape, "services"), i, row)
    {
        const char *slug = export_text(row, "slug");
        add(out,
            entity("Component", entity_name(slug), export_text(row, "name"), export_text(row, "description"),
                   json_pack("{s:s, s:s, s:o, s:o, s:o}", "type", export_text(row, "kind"), "lifecycle",
                             "production", "owner", owner(row), "providesApis",
                             apis_of(export, slug, "producers"), "consumesApis",
                             apis_of(export, slug, "consumers"))));
    }
}

/* Each line is an API whose definition is its AsyncAPI document. */
static void add_lines(const export_t *export, buf_t *out)
{
    size_t i;
    json_t *line;
    json_array_foreach(export->lines, i, line)
    {
        json_t *key = export_key(line), *alone = json_pack("[O]", line);
        export_t one = {export_text(line, "title"), export->base, alone, export->landscape};
        json_t *document = export_asyncapi_3(&one);
        char *definition = json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(15));
        add(out, entity("API", entity_name(json_string_value(key)), export_text(line, "title"),
                        export_text(line, "reason"),
                        json_pack("{s:s, s:s, s:o, s:s}", "type", "asyncapi", "lifecycle",
                                  export_is_deprecated(line) ? "deprecated" : "production", "owner",
                                  owner(line), "definition", definition)));
        free(definition);
        json_decref(document);
        json_decref(alone);
        json_decref(key);
    }
}

void export_backstage(const export_t *export, buf_t *out)
{
    add_people(export, out);
    add_services(export, out);
    add_lines(export, out);
}

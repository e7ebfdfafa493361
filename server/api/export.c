#include "server/api/export.h"

#include <string.h>

const char *export_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

bool export_is_deprecated(const json_t *line)
{
    const char *state = export_text(line, "state");
    return strcmp(state, "deprecated") == 0 || strcmp(state, "sunset") == 0 || strcmp(state, "removed") == 0;
}

json_t *export_key(const json_t *line)
{
    return json_sprintf("%s.v%lld", export_text(line, "event"),
                        (long long)json_integer_value(json_object_get(line, "major")));
}

json_t *export_description(const json_t *line)
{
    buf_t out;
    buf_init(&out, 1 << 20);
    const char *reason = export_text(line, "reason"), *words = export_text(line, "description"),
               *replacement = export_text(line, "replacement"), *guide = export_text(line, "migration_guide");
    if (export_is_deprecated(line)) {
        buf_printf(&out, "**%s**, to end on %.10s.", export_text(line, "state"),
                   export_text(line, "sunset_at"));
        if (replacement[0] != '\0' && strcmp(replacement, "none") != 0)
            buf_printf(&out, " Use %s instead.", replacement);
        if (guide[0] != '\0')
            buf_printf(&out, " Migration guide: %s", guide);
        buf_add_s(&out, "\n\n");
    }
    buf_add_s(&out, reason);
    if (words[0] != '\0')
        buf_printf(&out, "\n\n%s", words);
    text_t text = buf_text(&out);
    json_t *string = json_stringn(text.bytes > 0 ? text.at : "", text.bytes);
    buf_dispose(&out);
    return string;
}

json_t *export_schema(const json_t *line)
{
    const char *text = export_text(json_object_get(line, "version"), "text");
    json_t *schema = json_loads(text, JSON_DECODE_ANY, NULL);
    return schema != NULL ? schema : json_string(text);
}

static const struct {
    const char *mark, *format;
} drafts[] = {
    {"draft-04", "application/schema+json;version=draft-04"},
    {"draft-06", "application/schema+json;version=draft-06"},
    {"2019-09", "application/schema+json;version=2019-09"},
    {"2020-12", "application/schema+json;version=2020-12"},
};

const char *export_schema_format(const json_t *line)
{
    const json_t *version = json_object_get(line, "version");
    if (strcmp(export_text(version, "format"), "AVRO") == 0)
        return "application/vnd.apache.avro;version=1.9.0";
    const char *dialect = strstr(export_text(version, "text"), "\"$schema\"");
    for (size_t i = 0; dialect != NULL && i < sizeof drafts / sizeof *drafts; i++) {
        const char *found = strstr(dialect, drafts[i].mark);
        if (found != NULL && found - dialect < 80)
            return drafts[i].format;
    }
    return "application/schema+json;version=draft-07";
}

#include "compat/json/metaschemas.h"

size_t js_metaschema_of(js_dialect_t dialect, const js_metaschema_file_t *files[], size_t room)
{
    text_t name = text_of(js_dialect_name(dialect));
    size_t n = 0;
    for (const js_metaschema_file_t *file = js_metaschema_files; file->name != NULL && n < room; file++) {
        text_t rest = text_of(file->name);
        if (!text_starts(rest, name))
            continue;
        files[n++] = file;
        rest = text_from(rest, name.bytes);
        if (text_is(rest, ".json")) { /* the meta-schema itself, not one of its vocabularies */
            files[n - 1] = files[0];
            files[0] = file;
        }
    }
    return n;
}

text_t js_metaschema_uri(const jv_t *tree)
{
    const jv_t *id = jv_get(tree, "$id");
    if (id == NULL)
        id = jv_get(tree, "id");
    text_t uri = id->text;
    if (uri.bytes > 0 && uri.at[uri.bytes - 1] == '#')
        uri.bytes--;
    return uri;
}

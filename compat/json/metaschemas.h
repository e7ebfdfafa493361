/* metaschemas.h - the built-in meta-schemas, as text. Private to compat/json. */
#ifndef AVOW_COMPAT_JSON_METASCHEMAS_H
#define AVOW_COMPAT_JSON_METASCHEMAS_H

#include "compat/json/resources.h"

typedef struct {
    const char *name; /* of the file: "draft-07.json", "2020-12-core.json" */
    text_t text;
} js_metaschema_file_t;

extern const js_metaschema_file_t js_metaschema_files[]; /* made by the build; ends with a name of NULL */

/* Files that the meta-schema of `dialect` consists of, its own first. Returns how many were written. */
size_t js_metaschema_of(js_dialect_t dialect, const js_metaschema_file_t *files[], size_t room);

/* The identifier a meta-schema document declares. */
text_t js_metaschema_uri(const jv_t *tree);

#endif

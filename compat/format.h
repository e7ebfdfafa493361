/* format.h - what a schema format is to the library: one row of functions. Private to compat/.
 *
 * compat.c holds the table; avro/avro.c and json/json.c fill their rows. A new format is a new row.
 */
#ifndef AVOW_COMPAT_FORMAT_H
#define AVOW_COMPAT_FORMAT_H

#include <stdatomic.h>

#include "compat/compat.h"
#include "compat/fields.h"
#include "compat/message.h"

struct schema {
    atomic_uint references;
    format_id_t format;
    arena_t *arena;   /* holds the schema itself and everything below it */
    text_t source;    /* the text as given */
    const jv_t *tree; /* the text as read, for places and for fixes */
    text_t canonical;
    void *model; /* the format's own: av_schema_t, js_schema_t */

    /* As it was given, copied: an edited text is parsed again with the same references and flags. */
    schema_source_t given;
};

typedef struct edit_job edit_job_t; /* edit_job.h */

typedef struct {
    const char *name;
    /* Fills canonical and model of a schema whose arena, source and format are set; reads the tree itself. */
    int (*parse)(schema_t *schema, const schema_source_t *source, fault_t *fault);
    text_t (*normalized)(const schema_t *schema, arena_t *arena);
    text_t (*resolved)(const schema_t *schema, arena_t *arena);
    bool (*equal)(const schema_t *a, const schema_t *b);
    size_t (*top_fields)(const schema_t *schema, arena_t *arena, const text_t **names);
    const message_report_t *(*validate)(const schema_t *schema, const jv_t *message,
                                        const message_options_t *options, arena_t *arena);
    fields_t (*fields)(const schema_t *schema, const limits_t *limits, arena_t *arena);
    /* Makes one edit; 0 and the edited schema, or -1 and job->refusal is filled in. */
    int (*edit)(edit_job_t *job, schema_t **out);
    const report_t *(*check[2])(const schema_t *reader, const schema_t *writer,
                                const check_options_t *options, arena_t *arena); /* by check_mode_t */
    /* Confluent's sentence for one finding of MODE_CONFLUENT; `reader_is_new` tells which side to call "new". */
    text_t (*message)(const finding_t *finding, bool reader_is_new, arena_t *arena);
} format_t;

const format_t *format_of(format_id_t id); /* compat.c */

extern const format_t avro_format; /* compat/avro/avro.c */
extern const format_t json_format; /* compat/json/json.c */

#endif

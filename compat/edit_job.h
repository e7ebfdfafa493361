/* edit_job.h - one edit while it is made: what the formats share. Private to compat/.
 *
 * A format finds out where the edit goes, changes job->tree there, place by place, and ends with edit_finish. Whatever cannot be done
 * ends with one of the refusals, which return -1.
 */
#ifndef AVOW_COMPAT_EDIT_JOB_H
#define AVOW_COMPAT_EDIT_JOB_H

#include "compat/edits.h"
#include "compat/format.h"

struct edit_job {
    const schema_t *schema;
    const edit_t *edit;
    const jv_t *tree; /* as far as it is edited */
    arena_t *arena;
    edit_refusal_t *refusal; /* never NULL */
};

/* Sets what is at `pointer`, or below it as `member`, to `value`; NULL takes it out if it is there. */
void edit_set(edit_job_t *job, text_t pointer, const jv_t *value);
void edit_set_member(edit_job_t *job, text_t pointer, const char *member, const jv_t *value);
text_t edit_below(const edit_job_t *job, text_t pointer, text_t token); /* the pointer one step further */

/* `object` without some members. */
jv_t *edit_without(const edit_job_t *job, const jv_t *object, const char *const *names, size_t n);

/* The path of ADD_FIELD in two: where, and what. A path without a "." is at the top. */
text_t edit_split_path(text_t path, text_t *name);

int edit_refuse(edit_job_t *job, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int edit_refuse_path(edit_job_t *job, text_t path); /* no such field; suggests some */
int edit_refuse_symbol(edit_job_t *job, const text_t *symbols, size_t n, text_t symbol);
int edit_refuse_foreign(edit_job_t *job, text_t reference); /* it is in a reference's text */

/* Reads job->tree as a schema. 0, or -1: the fault of the edited schema is the refusal. */
int edit_finish(edit_job_t *job, schema_t **out);

#endif

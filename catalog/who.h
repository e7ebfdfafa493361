/* who.h - on whose behalf something is changed, for the change that is noted. */
#ifndef AVOW_CATALOG_WHO_H
#define AVOW_CATALOG_WHO_H

#include "catalog/audit.h"
#include "catalog/name.h"

typedef struct {
    text_t actor;       /* "anonymous" without authentication */
    text_t request_id;  /* of the call; empty for the clock's own doings */
    bool names_context; /* refusals say in which context, as registries since 8.1 do */
} who_t;

/* A change of `name` by `who`, to be completed and noted. */
static inline audit_t who_audit(const who_t *who, audit_kind_t kind, const subject_name_t *name)
{
    return (audit_t){
        .kind = kind,
        .context = name->context,
        .subject = name->subject.bytes > 0 ? name->subject : TEXT_NONE,
        .actor = who->actor,
        .request_id = who->request_id,
    };
}

#endif

/* shape.h - what a body may hold, as a table: one loop checks it, and the OpenAPI description is printed from it.
 *
 *    static const shape_t domain_shape[] = {
 *         {"name", .kind = SHAPE_TEXT},
 *         {"team", SHAPE_SLUG, .flags = SHAPE_NULL},
 *         {0},
 *     };
 */
#ifndef AVOW_SERVER_API_SHAPE_H
#define AVOW_SERVER_API_SHAPE_H

#include "server/api/base.h"

typedef enum {
    SHAPE_TEXT,
    SHAPE_SLUG,   /* [a-z][a-z0-9_-]*, at most 63 */
    SHAPE_LOGIN,  /* [a-z0-9][a-z0-9._@+-]*, at most 127 */
    SHAPE_URL,    /* http: or https: */
    SHAPE_CHOICE, /* one of `choices` */
    SHAPE_INSTANT,
    SHAPE_BOOL,
    SHAPE_INT,
    SHAPE_TEXTS,  /* a list of texts; of `choices` if there are */
    SHAPE_LABELS, /* an object whose members are texts */
    SHAPE_OBJECT, /* `members`; NULL: whatever there is */
    SHAPE_LIST,   /* a list of objects of `members`; NULL: of whatever */
} shape_kind_t;

typedef enum {
    SHAPE_REQUIRED = 1, /* when it is made; later it may be left out */
    SHAPE_NULL = 2,     /* null takes it away */
} shape_flags_t;

typedef struct shape shape_t;
struct shape {
    const char *name; /* NULL ends the table */
    shape_kind_t kind;
    unsigned flags;
    const char *const *choices; /* NULL-terminated */
    const shape_t *members;
    int32_t least, most; /* SHAPE_INT */
};

typedef enum { SHAPE_WHOLE, SHAPE_PATCH } shape_use_t;

/* Checks c->body; *document is the body, printed, to be given to PostgreSQL. ERR_FIELD_INVALID names the place. */
int api_shape(call_t *c, const shape_t *members, shape_use_t use, text_t *document);

#endif

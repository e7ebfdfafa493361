/* edits.h - what if: a schema with a few things changed, said in the words of fields.h ("take out currency").
 *
 * An edit names a field by its path and what shall become of it. It is made on the exact JSON tree, so that everything else stays as it
 * was, and the result is read again with the references and the flags of the schema it came from: what comes back is a
 * schema like any other, ready to be checked, compared and registered.
 *
 *     edits_read(TEXT("[{\"op\":\"remove_field\",\"path\":\"lines[].sku\"}]"), &limits, arena, &edits, &n, &fault)
 *     edits_apply(schema, edits, n, arena, &edited, &refusal)
 *
 * A type that several fields share is one type: an edit below one of them is an edit below all. What an edit takes away and others still
 * need (an Avro type that is defined there and named elsewhere) moves to where it is needed. A schema's own text is edited,
 * never a reference's: that is refused and says whose it is.
 *
 * Memory   edits and refusals in the arena given; the edited schema is the caller's, to be unref'd.
 */
#ifndef AVOW_COMPAT_EDITS_H
#define AVOW_COMPAT_EDITS_H

#include "compat/fields.h"

/* XX(name, word in JSON) */
#define EDIT_MAP(XX)                   \
    XX(REMOVE_FIELD, "remove_field")   \
    XX(RENAME_FIELD, "rename_field")   \
    XX(RETYPE_FIELD, "retype_field")   \
    XX(ADD_FIELD, "add_field")         \
    XX(MAKE_OPTIONAL, "make_optional") \
    XX(SET_DOC, "set_doc")             \
    XX(SET_DEFAULT, "set_default")     \
    XX(ADD_SYMBOL, "add_symbol")       \
    XX(REMOVE_SYMBOL, "remove_symbol")

typedef enum {
#define XX(name, word) EDIT_##name,
    EDIT_MAP(XX)
#undef XX
        EDIT_N
} edit_op_t;

const char *edit_word(edit_op_t op);

/* Members that an operation does not name are ignored. In JSON they have the names that stand in quotes. */
typedef struct {
    edit_op_t op; /* "op" */

    /* "path": the field. ADD_FIELD: the new field's, below a record or an object that is there. */
    text_t path;

    /* RENAME_FIELD. "name": the field's new name, without the path before it; "alias": the old one stays as an alias (Avro
     * only). */
    text_t name;
    bool alias;

    /* "type", RETYPE_FIELD and ADD_FIELD: as it stands in a schema, "long", ["null","string"], {...}. JSON Schema: the names of
     * types, or a whole schema. */
    const jv_t *type;

    /* "default": SET_DEFAULT, ADD_FIELD, RETYPE_FIELD, MAKE_OPTIONAL. NULL is none: SET_DEFAULT then takes it out, MAKE_OPTIONAL
     * makes a union with null (Avro). */
    const jv_t *value;

    /* "required", ADD_FIELD: messages must have it (JSON Schema only). */
    bool required;

    /* "doc": SET_DOC, ADD_FIELD. TEXT_NONE is none: SET_DOC then takes it out. */
    text_t doc;

    /* "symbol": ADD_SYMBOL (at the end), REMOVE_SYMBOL. Avro: a string. */
    const jv_t *symbol;
} edit_t;

/* Edits as JSON, one object or a list of them, the members named as above. 0, or -1 and a fault that says which is wrong. `text` must
 * live as long as the edits. */
int edits_read(text_t text, const limits_t *limits, arena_t *arena, edit_t **edits, size_t *n,
               fault_t *fault);

/* Why an edit was not made. */
typedef struct {
    /* FAULT_VALUE: there is no such field or symbol, or it cannot be done to it. Any other: of the edited schema. */
    fault_t fault;
    size_t edit; /* which of them */

    /* Paths or symbols that are there and look like what is not, best first. The fault's sentence has them too. */
    const text_t *suggestions;
    size_t n_suggestions;
} edit_refusal_t;

/* The schema after all edits, one after the other. 0 and a schema to be unref'd, or -1 and the refusal (which may be NULL) of the first
 * one that cannot be made. The text of the result is its canonical text. */
int edits_apply(const schema_t *schema, const edit_t *edits, size_t n, arena_t *arena, schema_t **out,
                edit_refusal_t *refusal);

#endif

/* json_text.h - JSON, exactly: read from text into a tree that forgets nothing, and print it again.
 *
 * Order of members, the place of every value, the source text of every number: all are kept. jansson keeps none of them,
 * which is why schemas and messages go through here. No recursion: depth never lives on the C stack.
 *
 * Memory   a tree lives in the arena it was read into; it may point into the text it was read from, which must live as
 *          long (jv_read copies nothing that needs no unescaping).
 * Threads  a finished tree is never written again and can be shared.
 * Spec     RFC 8259; RFC 6901 (pointers).
 */
#ifndef AVOW_COMPAT_CORE_JSON_TEXT_H
#define AVOW_COMPAT_CORE_JSON_TEXT_H

#include "compat/core/buf.h"
#include "compat/core/fault.h"
#include "compat/core/limits.h"
#include "compat/core/text.h"

typedef enum { JV_NULL, JV_FALSE, JV_TRUE, JV_NUMBER, JV_STRING, JV_ARRAY, JV_OBJECT } jv_kind_t;

typedef struct jv jv_t;
typedef struct jv_member jv_member_t;

struct jv {
    jv_kind_t kind;
    uint32_t line, column; /* of the first character; 1-based */
    uint32_t n;            /* items of an array, members of an object */
    union {
        text_t text;          /* JV_STRING: decoded UTF-8 (may hold NUL); JV_NUMBER: as it was written */
        jv_t *items;          /* JV_ARRAY: n values, contiguous */
        jv_member_t *members; /* JV_OBJECT: n members in source order, contiguous */
    };
    const void *_index; /* of large objects; of small numbers their value (number.h) */
};

struct jv_member {
    text_t name;
    uint32_t line, column; /* of the name */
    jv_t value;
};

typedef enum {
    JV_STRICT = 0,
    JV_LAST_WINS =
        1 << 0, /* a duplicate name replaces the value at the first position, as Jackson does; else a fault */
    JV_NAN = 1 << 1, /* NaN, Infinity and -Infinity are numbers */
} jv_flags_t;

/* Reads one JSON value and nothing after it. 0, or -1 and a fault with its place. */
int jv_read(text_t text, unsigned flags, const limits_t *limits, arena_t *arena, jv_t **out, fault_t *fault);

const jv_t *jv_get(const jv_t *object, const char *name); /* NULL if absent or `object` is none */
const jv_t *jv_get_text(const jv_t *object, text_t name);
const jv_member_t *jv_member(const jv_t *object, text_t name);
bool jv_is_string(const jv_t *value, const char *s);
bool jv_to_i64(const jv_t *value, int64_t *out); /* true if the number is an integer by value and fits */

/* RFC 6901. NULL if it leads nowhere. */
const jv_t *jv_at_pointer(const jv_t *root, text_t pointer);

/* Adds "/" and `token` with ~ and / escaped. */
void jv_pointer_add(buf_t *pointer, text_t token);

/* Prints without white space. Strings as Jackson prints them: non-ASCII raw, "/" as is, \b \t \n \f \r, other controls as
 * \u00XX with upper-case digits. Numbers as they were written. */
void jv_print(buf_t *out, const jv_t *value);
void jv_print_string(buf_t *out, text_t string);
text_t jv_text(const jv_t *value, arena_t *arena); /* as jv_print, in the arena */

/* As jv_print with members sorted by name (UTF-16 code units, as Java sorts) at every level. */
void jv_print_sorted(buf_t *out, const jv_t *value);

/* Equality of JSON values: numbers by value, objects as maps, false is not 0. */
bool jv_equal(const jv_t *a, const jv_t *b);
uint64_t jv_hash(const jv_t *value); /* equal values have equal hashes */

/* The same, adding to *work how many values were looked at (a long text counts for several). */
bool jv_equal_counted(const jv_t *a, const jv_t *b, uint64_t *work);
uint64_t jv_hash_counted(const jv_t *value, uint64_t *work);

/* Building, for code that makes JSON of its own (witnesses, fixes, samples). All parts are borrowed, not copied. */
jv_t *jv_new(arena_t *arena, jv_kind_t kind);
jv_t *jv_new_string(arena_t *arena, text_t text);
jv_t *jv_new_number(arena_t *arena, text_t lexeme);
jv_t *jv_new_array(arena_t *arena, uint32_t n);  /* n nulls, to be filled in */
jv_t *jv_new_object(arena_t *arena, uint32_t n); /* n members, to be filled in */

#endif

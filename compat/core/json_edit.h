/* json_edit.h - a JSON tree with one place changed: the rest is shared with the tree it came from, which stays as it was.
 *
 * Memory   new nodes along the way to the place are made in the arena; everything else is borrowed from the old tree and the
 *          new value, which must live as long.
 */
#ifndef AVOW_COMPAT_CORE_JSON_EDIT_H
#define AVOW_COMPAT_CORE_JSON_EDIT_H

#include "compat/core/json_text.h"

/* The tree with the value at `pointer` (RFC 6901) replaced by `value`, or taken out if `value` is NULL. A member that is not there is
 * added at the end of its object; an item "-" at the end of its array. NULL if the pointer's parent is not there, or if there is
 * nothing to take out. The root cannot be taken out. */
jv_t *json_edit(const jv_t *root, text_t pointer, const jv_t *value, arena_t *arena);

/* The pointer without its last token; TEXT_NONE for the root. The last token, unescaped, is in *token (may be NULL). */
text_t json_pointer_parent(text_t pointer, arena_t *arena, text_t *token);

#endif

/* json_index.h - finding a member of an object by its name. Private to compat/core.
 *
 * Small objects are searched from the front; larger ones have a table of positions. The table is seeded with its own
 * address, so that nobody can prepare names that collide; no result depends on it.
 */
#ifndef AVOW_COMPAT_CORE_JSON_INDEX_H
#define AVOW_COMPAT_CORE_JSON_INDEX_H

#include "compat/core/json_text.h"

typedef struct json_index json_index_t;

json_index_t *json_index_new(arena_t *arena, uint32_t n); /* NULL where n is small */

/* The member named `name` among the first `n`; those must have been added if there is an index. */
jv_member_t *json_index_find(const json_index_t *index, jv_member_t *members, uint32_t n, text_t name);
void json_index_add(json_index_t *index, const jv_member_t *members, uint32_t i);

#endif

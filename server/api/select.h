/* select.h - ?fields=: of a JSON object, only the members that are named.
 *
 * Works on the text, so that numbers stay as they were printed. The text is our own reply and is valid JSON.
 */
#ifndef AVOW_SERVER_API_SELECT_H
#define AVOW_SERVER_API_SELECT_H

#include "compat/core/text.h"

/* `names` are separated by commas. A listing ({"items": [...]}) keeps its own members: the choice is for its items. */
text_t select_members(text_t object, text_t names, arena_t *arena);

#endif

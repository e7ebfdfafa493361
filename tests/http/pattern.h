/* pattern.h - what a .test file says about a value: names that stand for values, and patterns that a JSON value must fit.
 *
 * In every text of a step `{name}` stands for the value of a known name. In a pattern, outside of strings:
 *     $name      a value: remembered when it is seen first, the same again afterwards
 *     _          anything, but there
 *     absent     not there
 *     int text bool uuid   anything of that kind
 *     ~"words"   a string that contains them
 *     ..         in an array: any number of elements
 *     `text`     the string `text`, with nothing to escape
 * Objects may have members that a pattern does not name, unless the pattern is exact.
 */
#ifndef AVOW_TESTS_HTTP_PATTERN_H
#define AVOW_TESTS_HTTP_PATTERN_H

#include <jansson.h>

#include "compat/core/arena.h"
#include "compat/core/text.h"

#define NAMES_MAX 64

typedef struct {
    text_t name;
    text_t text; /* as it stands in a path or body */
    text_t json; /* as JSON */
} name_t;

typedef struct {
    arena_t *arena;
    name_t list[NAMES_MAX];
    size_t n;
} names_t;

void names_set(names_t *names, text_t name, text_t value);
void names_set_json(names_t *names, text_t name, const json_t *value);
const name_t *names_find(const names_t *names, text_t name);

/* `text` with every known {name} replaced. */
text_t names_expand(const names_t *names, text_t text);

/* `text` expanded, with every `...` turned into a JSON string. */
text_t json_of_text(const names_t *names, text_t text);

/* NULL when `actual` fits the pattern, else one sentence that names the place. */
const char *pattern_match(names_t *names, text_t pattern, const json_t *actual, bool exact);

#endif

/* pattern_ast.h - ECMA-262 patterns taken apart. Private to compat/json: one parser for all who read patterns.
 *
 * Meaning: by code point (the `u` flag), unanchored, no other flags. Beyond the grammar of `u` it takes what schemas in the
 * world contain and every engine reads alike: escaped punctuation, a '{' or ']' that stands for itself, [\w-.].
 *
 * Memory   nodes live in the arena given.
 * Limits   groups nest to PATTERN_DEPTH_MAX; the pattern's length bounds everything else.
 * Spec     ECMA-262, 22.2.1 (Patterns), 22.2.2 (semantics), B.1.2 (what the web tolerates).
 */
#ifndef AVOW_COMPAT_JSON_PATTERN_AST_H
#define AVOW_COMPAT_JSON_PATTERN_AST_H

#include "compat/core/text.h"

#define PATTERN_DEPTH_MAX 100
#define PATTERN_NO_MAX    UINT32_MAX

/* Code points from..to, sorted and apart; and Unicode properties, which have no list here. */
typedef struct {
    uint32_t from, to;
} rx_range_t;

typedef struct {
    text_t name; /* as PCRE2 writes it: "L", "Greek", "scx:Grek" */
    bool negated;
} rx_property_t;

typedef struct {
    rx_range_t *ranges;
    uint32_t n_ranges;
    rx_property_t *properties;
    uint32_t n_properties;
    bool negated; /* of the whole set; only where there are properties, else the ranges are turned over */
} rx_set_t;

typedef enum {
    RX_EMPTY,
    RX_SET,
    RX_CAT,       /* children one after the other */
    RX_ALT,       /* one of the children */
    RX_REPEAT,    /* the child, min to max times */
    RX_GROUP,     /* the child, captured as `group` */
    RX_LOOK,      /* the child, looked at only */
    RX_BEGIN,     /* ^ */
    RX_END,       /* $ */
    RX_BOUNDARY,  /* \b, \B when negated */
    RX_REFERENCE, /* what `group` captured */
} rx_kind_t;

typedef struct rx_node rx_node_t;
struct rx_node {
    rx_kind_t kind;
    bool negated;      /* RX_LOOK, RX_BOUNDARY */
    bool behind;       /* RX_LOOK */
    bool lazy;         /* RX_REPEAT */
    uint32_t min, max; /* RX_REPEAT; PATTERN_NO_MAX */
    uint32_t group;    /* RX_GROUP, RX_REFERENCE */
    rx_set_t *set;
    rx_node_t *child, *next; /* the first child; the next sibling */
};

typedef struct {
    rx_node_t *root;
    uint32_t n_groups;
    bool has_look, has_behind, has_reference, has_property;
    const char *problem; /* not NULL: not a pattern of ECMA-262, or beyond PATTERN_DEPTH_MAX; one sentence */
    bool too_deep;
} rx_pattern_t;

void rx_parse(text_t source, arena_t *arena, rx_pattern_t *out);

#endif

/* validator_compile.h - what the files of the schema compiler share. Private to the validator. */
#ifndef AVOW_COMPAT_JSON_VALIDATOR_COMPILE_H
#define AVOW_COMPAT_JSON_VALIDATOR_COMPILE_H

#include "compat/json/validator_node.h"

typedef struct {
    const js_resources_t *resources;
    const limits_t *limits;
    arena_t *arena;
    fault_t *fault;
    js_format_t format;
    uint64_t pattern_work; /* left for tables of patterns */
    js_node_t **nodes;     /* heap: all that were asked for; those from `next` on are still to be compiled */
    uint32_t n_nodes, room_nodes, next;
    js_node_t **slots; /* heap: the same by address of their schema */
    uint32_t size_slots;
    const js_resource_t **seen; /* heap: resources of the nodes */
    uint32_t n_seen, room_seen;
    js_dynamic_name_t *names;
    uint32_t n_names, room_names;
    uint32_t names_done, seen_done; /* pairs of name and resource that have been looked at */
} compiler_t;

/* The node of a schema that stands in `parent` (or is named by it): made if it is new, compiled later. */
js_node_t *compile_child(compiler_t *c, const js_node_t *parent, const jv_t *schema);
js_node_t *compile_place(compiler_t *c, const jv_t *schema, const js_resource_t *resource);

/* A fault at a keyword. Returns -1. */
int compile_fail(compiler_t *c, const jv_member_t *keyword, const char *what);

/* Reads one keyword of `node`, if it means something in the schema's dialect and vocabularies. */
int compile_keyword(compiler_t *c, js_node_t *node, const jv_member_t *keyword);

/* Position + 1 of a dynamic name; noted if new. */
uint32_t compile_dynamic_name(compiler_t *c, text_t anchor);

/* The names that `properties` and `required` mention, in one table; called when all keywords of the node were read. */
int compile_properties(compiler_t *c, js_node_t *node);

#endif

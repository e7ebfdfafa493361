#include "compat/core/json_index.h"

#define INDEX_FROM 9 /* members; below, looking at each is faster */

struct json_index {
    uint64_t seed;
    uint32_t mask;
    uint32_t slots[]; /* position + 1; 0 is free */
};

json_index_t *json_index_new(arena_t *arena, uint32_t n)
{
    if (n < INDEX_FROM)
        return NULL;
    uint32_t size = 16;
    while (size < n + n / 2)
        size *= 2;
    json_index_t *index = arena_alloc(arena, sizeof *index + size * sizeof index->slots[0]);
    index->seed = (uint64_t)(uintptr_t)index * 0x9E3779B97F4A7C15u;
    index->mask = size - 1;
    return index;
}

jv_member_t *json_index_find(const json_index_t *index, jv_member_t *members, uint32_t n, text_t name)
{
    if (index == NULL) {
        for (uint32_t i = 0; i < n; i++)
            if (text_eq(members[i].name, name))
                return &members[i];
        return NULL;
    }
    uint32_t at = (uint32_t)text_hash(name, index->seed) & index->mask;
    for (; index->slots[at] != 0; at = (at + 1) & index->mask)
        if (text_eq(members[index->slots[at] - 1].name, name))
            return &members[index->slots[at] - 1];
    return NULL;
}

void json_index_add(json_index_t *index, const jv_member_t *members, uint32_t i)
{
    if (index == NULL)
        return;
    uint32_t at = (uint32_t)text_hash(members[i].name, index->seed) & index->mask;
    while (index->slots[at] != 0)
        at = (at + 1) & index->mask;
    index->slots[at] = i + 1;
}

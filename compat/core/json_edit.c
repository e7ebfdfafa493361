#include "compat/core/json_edit.h"

text_t json_pointer_parent(text_t pointer, arena_t *arena, text_t *token)
{
    size_t at = pointer.bytes;
    while (at > 0 && pointer.at[at - 1] != '/')
        at--;
    if (at == 0)
        return TEXT_NONE;
    if (token != NULL) {
        buf_t plain;
        buf_init(&plain, BUF_NO_MAX);
        for (size_t i = at; i < pointer.bytes; i++) {
            bool escape = pointer.at[i] == '~' && i + 1 < pointer.bytes;
            buf_add_char(&plain, !escape ? pointer.at[i] : pointer.at[++i] == '1' ? '/' : '~');
        }
        *token = buf_take(&plain, arena);
        buf_dispose(&plain);
    }
    return text_copy(arena, (text_t){pointer.at, at - 1});
}

static bool index_of(text_t token, uint32_t n, uint32_t *out)
{
    uint64_t index = 0;
    if (text_is(token, "-")) {
        *out = n;
        return true;
    }
    for (size_t i = 0; i < token.bytes; i++) {
        if (token.at[i] < '0' || token.at[i] > '9' || index > UINT32_MAX)
            return false;
        index = index * 10 + (uint64_t)(token.at[i] - '0');
    }
    *out = (uint32_t)index;
    return token.bytes > 0 && index < n;
}

/* A copy of `container` with `index` replaced, taken out, or added when it is one past the end. */
static jv_t *with_item(const jv_t *array, uint32_t index, const jv_t *value, arena_t *arena)
{
    if (value == NULL && index == array->n)
        return NULL;
    jv_t *copy = jv_new_array(arena, array->n + (value == NULL ? -1u : index == array->n ? 1u : 0u));
    copy->line = array->line;
    copy->column = array->column;
    for (uint32_t from = 0, to = 0; from < array->n; from++)
        if (from != index || value != NULL)
            copy->items[to++] = array->items[from];
    if (value != NULL)
        copy->items[index] = *value;
    return copy;
}

static jv_t *with_member(const jv_t *object, text_t name, const jv_t *value, arena_t *arena)
{
    uint32_t index = 0;
    while (index < object->n && !text_eq(object->members[index].name, name))
        index++;
    if (value == NULL && index == object->n)
        return NULL;
    jv_t *copy = jv_new_object(arena, object->n + (value == NULL ? -1u : index == object->n ? 1u : 0u));
    copy->line = object->line;
    copy->column = object->column;
    for (uint32_t from = 0, to = 0; from < object->n; from++)
        if (from != index || value != NULL)
            copy->members[to++] = object->members[from];
    if (value != NULL) {
        copy->members[index].name = name;
        copy->members[index].value = *value;
    }
    return copy;
}

/* From the place up to the root: each step makes one new container that holds the one below. */
jv_t *json_edit(const jv_t *root, text_t pointer, const jv_t *value, arena_t *arena)
{
    text_t token, up = json_pointer_parent(pointer, arena, &token);
    if (up.at == NULL) {
        if (value == NULL)
            return NULL;
        jv_t *copy = jv_new(arena, value->kind);
        *copy = *value;
        return copy;
    }
    for (;;) {
        const jv_t *container = jv_at_pointer(root, up);
        uint32_t index;
        jv_t *changed = NULL;
        if (container != NULL && container->kind == JV_OBJECT)
            changed = with_member(container, token, value, arena);
        else if (container != NULL && container->kind == JV_ARRAY && index_of(token, container->n, &index))
            changed = with_item(container, index, value, arena);
        if (changed == NULL || up.bytes == 0)
            return changed;
        value = changed;
        up = json_pointer_parent(up, arena, &token);
    }
}

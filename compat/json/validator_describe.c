/* Describing contradictions: where, against which keyword, in which words. */
#include <stdarg.h>

#include "compat/json/validator_run.h"

bool vm_give_up(js_vm_t *vm, const char *reason)
{
    if (vm->reason == NULL)
        vm->reason = reason;
    vm->max_steps = 0;
    return false;
}

static void write_pointer(buf_t *out, const js_where_t *where, arena_t *arena)
{
    size_t depth = 0, i = 0;
    for (const js_where_t *w = where; w->up != NULL; w = w->up)
        depth++;
    const js_where_t **path = ARENA_ARRAY(arena, const js_where_t *, depth + 1);
    for (const js_where_t *w = where; w->up != NULL; w = w->up)
        path[depth - ++i] = w;
    for (i = 0; i < depth; i++) {
        if (path[i]->name != NULL)
            jv_pointer_add(out, *path[i]->name);
        else
            buf_printf(out, "/%u", path[i]->index);
    }
}

/* Where a keyword stands: `part` (may be NULL) is a member of its value. */
static void describe_place(js_vm_t *vm, js_error_t *error, const js_node_t *node, const char *keyword)
{
    const jv_member_t *member = keyword == NULL ? NULL : jv_member(node->schema, text_of(keyword));
    error->line = member == NULL ? node->schema->line : member->line;
    error->column = member == NULL ? node->schema->column : member->column;
    text_t pointer = js_pointer(vm->validator->resources, node->schema, vm->arena);
    error->keyword =
        keyword == NULL ? pointer : text_printf(vm->arena, TEXT_FMT "/%s", TEXT_ARG(pointer), keyword);
}

/* Notes a contradiction. True if evaluation should go on to find more. */
bool vm_refuse(js_vm_t *vm, const js_node_t *node, const js_where_t *where, const char *keyword,
               const char *fmt, ...)
{
    if (!vm->describing || vm->n_errors == vm->max_errors)
        return false;
    js_error_t *error = &vm->errors[vm->n_errors++];
    buf_t pointer;
    buf_init(&pointer, BUF_NO_MAX);
    write_pointer(&pointer, where, vm->arena);
    error->instance = buf_take(&pointer, vm->arena);
    buf_dispose(&pointer);
    describe_place(vm, error, node, keyword);
    va_list args;
    va_start(args, fmt);
    error->sentence = text_of(arena_vprintf(vm->arena, fmt, args));
    va_end(args);
    return vm->n_errors < vm->max_errors;
}

static size_t pointer_depth(text_t pointer)
{
    size_t depth = 0;
    for (size_t i = 0; i < pointer.bytes; i++)
        depth += pointer.at[i] == '/';
    return depth;
}

/* The first contradiction to one alternative. False if there is none to tell. */
static bool first_error(js_vm_t *vm, const js_node_t *node, js_where_t *where, js_error_t *out)
{
    js_error_t *errors = vm->errors, room[1];
    size_t n_errors = vm->n_errors, max_errors = vm->max_errors;
    vm->errors = room;
    vm->n_errors = 0;
    vm->max_errors = 1;
    js_evaluate(vm, node, where, NULL);
    bool told = vm->n_errors == 1;
    if (told)
        *out = room[0];
    vm->errors = errors;
    vm->n_errors = n_errors;
    vm->max_errors = max_errors;
    return told;
}

void vm_describe_nearest(js_vm_t *vm, const js_nodes_t *alternatives, js_where_t *where)
{
    js_error_t error, nearest = {0};
    size_t deepest = 0;
    if (!vm->describing || vm->nearest || vm->n_errors == vm->max_errors)
        return;
    for (const js_where_t *w = where; w->up != NULL; w = w->up)
        deepest++; /* only what is wrong further inside tells more */
    size_t here = deepest;
    vm->nearest = true;
    for (uint32_t i = 0; i < alternatives->n; i++) {
        if (first_error(vm, alternatives->nodes[i], where, &error) &&
            pointer_depth(error.instance) > deepest) {
            deepest = pointer_depth(error.instance);
            nearest = error;
        }
    }
    vm->nearest = false;
    if (deepest > here)
        vm->errors[vm->n_errors++] = nearest;
}

#define VALUE_SHOWN 60 /* bytes of a value in a sentence */

/* A value as JSON, cut when it is long. */
const char *vm_show(js_vm_t *vm, const jv_t *value)
{
    if (!vm->describing)
        return "";
    buf_t out;
    buf_init(&out, 16 * VALUE_SHOWN);
    jv_print(&out, value);
    if (buf_text(&out).bytes > VALUE_SHOWN) {
        size_t end = VALUE_SHOWN;
        while (end > 0 && ((unsigned char)buf_text(&out).at[end] & 0xC0) == 0x80)
            end--;
        buf_cut(&out, end);
        buf_add(&out, TEXT("..."));
    }
    const char *shown = buf_take(&out, vm->arena).at;
    buf_dispose(&out);
    return shown;
}

const char *vm_show_name(js_vm_t *vm, text_t name)
{
    return vm_show(vm, &(jv_t){.kind = JV_STRING, .text = name});
}

const char *vm_show_types(js_vm_t *vm, uint8_t types)
{
    static const struct {
        uint8_t bits;
        const char *name;
    } names[] = {
        {TYPE_NULL, "null"},          {TYPE_BOOLEAN, "a boolean"}, {TYPE_INTEGER | TYPE_FRACTION, "a number"},
        {TYPE_INTEGER, "an integer"}, {TYPE_STRING, "a string"},   {TYPE_ARRAY, "an array"},
        {TYPE_OBJECT, "an object"}};
    if (!vm->describing)
        return "";
    const char *text = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((types & names[i].bits) != names[i].bits)
            continue;
        types &= (uint8_t)~names[i].bits;
        text = text[0] == '\0' ? names[i].name : arena_printf(vm->arena, "%s or %s", text, names[i].name);
    }
    return text;
}

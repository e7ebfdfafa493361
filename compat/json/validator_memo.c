/* Remembering verdicts of one schema at one value, for schemas whose references fan out: without it two references a level are
 * 2^depth evaluations.
 *
 * Ordinary validations never get here: it starts when a value has cost far more than its size explains. */
#include <string.h>

#include "compat/json/validator_run.h"

#define MEMO_STEPS    4096u      /* before which nobody asks */
#define MEMO_PER_NODE 32u        /* steps for each part of the value that are nothing unusual */
#define MEMO_MAX      (1u << 18) /* entries */

typedef struct {
    const js_node_t *node;
    const jv_t *instance;
    bool holds;
} entry_t;

struct js_memo {
    entry_t *slots;
    uint32_t n, size;
};

/* Parts of a value, itself included; stops counting at `enough`. */
static uint64_t count_parts(js_vm_t *vm, const jv_t *value, uint64_t enough)
{
    typedef struct todo {
        const jv_t *value;
        struct todo *next;
    } todo_t;
    arena_mark_t before = arena_mark(vm->arena);
    todo_t *todo = ARENA_NEW(vm->arena, todo_t);
    uint64_t n = 0;
    todo->value = value;
    while (todo != NULL && n < enough) {
        const jv_t *at = todo->value;
        todo = todo->next;
        n++;
        for (uint32_t i = 0; (at->kind == JV_ARRAY || at->kind == JV_OBJECT) && i < at->n; i++) {
            todo_t *more = ARENA_NEW(vm->arena, todo_t);
            *more = (todo_t){at->kind == JV_ARRAY ? &at->items[i] : &at->members[i].value, todo};
            todo = more;
        }
    }
    arena_rewind(vm->arena, before);
    return n;
}

void vm_memo_init(js_vm_t *vm)
{
    vm->memo_from = MEMO_STEPS;
}

/* Called when vm->steps has reached vm->memo_from. */
static bool is_unusual(js_vm_t *vm)
{
    if (vm->memo == NULL) {
        uint64_t usual = MEMO_PER_NODE * count_parts(vm, vm->instance, vm->max_steps / MEMO_PER_NODE + 1);
        vm->memo = ARENA_NEW(vm_own_arena(vm), js_memo_t);
        if (usual > vm->memo_from)
            vm->memo_from = usual;
    }
    return vm->steps >= vm->memo_from;
}

static uint32_t slot_of(const js_memo_t *memo, const js_node_t *node, const jv_t *instance)
{
    const void *key[2] = {node, instance};
    uint32_t at = (uint32_t)text_hash((text_t){(const char *)key, sizeof key}, 0) & (memo->size - 1);
    while (memo->slots[at].node != NULL &&
           (memo->slots[at].node != node || memo->slots[at].instance != instance))
        at = (at + 1) & (memo->size - 1);
    return at;
}

/* What is remembered of a value depends on nothing but the pair: not on the dynamic scope, not on a value made in passing. */
static bool may_remember(js_vm_t *vm, const js_where_t *where)
{
    return vm->validator->n_names == 0 && !where->passing && is_unusual(vm);
}

bool vm_recall(js_vm_t *vm, const js_node_t *node, const js_where_t *where, bool *holds)
{
    if (!may_remember(vm, where) || vm->memo->size == 0)
        return false;
    const entry_t *entry = &vm->memo->slots[slot_of(vm->memo, node, where->instance)];
    *holds = entry->holds;
    return entry->node != NULL;
}

void vm_remember(js_vm_t *vm, const js_node_t *node, const js_where_t *where, bool holds)
{
    if (vm->reason != NULL || !may_remember(vm, where))
        return;
    js_memo_t *memo = vm->memo;
    if (2 * (memo->n + 1) > memo->size) {
        js_memo_t old = *memo;
        if (old.size == MEMO_MAX)
            return;
        memo->size = old.size == 0 ? 1024 : 2 * old.size;
        memo->slots = ARENA_ARRAY(vm_own_arena(vm), entry_t, memo->size);
        for (uint32_t i = 0; i < old.size; i++)
            if (old.slots[i].node != NULL)
                memo->slots[slot_of(memo, old.slots[i].node, old.slots[i].instance)] = old.slots[i];
    }
    uint32_t at = slot_of(memo, node, where->instance);
    memo->n += memo->slots[at].node == NULL;
    memo->slots[at] = (entry_t){node, where->instance, holds};
}

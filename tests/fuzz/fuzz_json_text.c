/* fuzz_json_text.c - one text, read as JSON, printed, and read again; its numbers taken through decimal arithmetic.
 *
 * Input    the text.
 * Claims   nothing crashes; a refusal has a place within the text and a sentence; what was printed reads as an equal tree and prints the same;
 *          every value is found by its pointer; a number's plain text is the number.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/core/decimal.h"
#include "compat/core/json_text.h"

#define CLAIM(condition)  \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static const limits_t limits = {
    .max_bytes = 1u << 16, .max_depth = 200, .max_nodes = 20000, .max_digits = 500, .max_steps = 100000};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static jv_t *read(text_t text, unsigned flags, arena_t *arena)
{
    fault_t fault = {0};
    jv_t *tree = NULL;
    if (jv_read(text, flags, &limits, arena, &tree, &fault) == 0)
        return tree;
    CLAIM(fault.code == FAULT_SYNTAX || fault.code == FAULT_LIMIT);
    CLAIM(fault.text[0] != '\0' && text_utf8_valid(text_of(fault.text)) == strlen(fault.text));
    CLAIM(fault.line > 0 || fault.code == FAULT_LIMIT);
    CLAIM(fault.column <= text.bytes + 1);
    return NULL;
}

static text_t print(const jv_t *tree, bool sorted, arena_t *arena)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    if (sorted)
        jv_print_sorted(&buf, tree);
    else
        jv_print(&buf, tree);
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return text;
}

static void check_number(const jv_t *value, arena_t *arena)
{
    const decimal_t *number, *again, *twice, *back;
    int64_t as_json, as_decimal;
    bool multiple;
    CLAIM(decimal_read(value->text, &limits, arena, &number));
    text_t plain = decimal_text(number, arena);
    CLAIM(decimal_read(plain, &limits, arena, &again) && decimal_compare(number, again) == 0);
    CLAIM(jv_to_i64(value, &as_json) == decimal_to_i64(number, &as_decimal));
    CLAIM(!jv_to_i64(value, &as_json) || as_json == as_decimal);
    CLAIM(jv_equal(value, jv_new_number(arena, plain)));
    if (decimal_add(number, number, &limits, arena, &twice) &&
        decimal_subtract(twice, number, &limits, arena, &back))
        CLAIM(decimal_compare(back, number) == 0);
    if (decimal_sign(number) > 0 && decimal_is_multiple(number, number, &limits, arena, &multiple))
        CLAIM(multiple);
}

/* Depth is bounded by the limits above. */
static void check_values(const jv_t *root, const jv_t *value, buf_t *pointer, arena_t *arena)
{
    CLAIM(jv_at_pointer(root, buf_text(pointer)) == value);
    CLAIM(value->line > 0 && value->column > 0);
    if (value->kind == JV_NUMBER)
        check_number(value, arena);
    size_t bytes = buf_text(pointer).bytes;
    for (uint32_t i = 0; value->kind == JV_ARRAY && i < value->n; i++) {
        buf_printf(pointer, "/%u", i);
        check_values(root, &value->items[i], pointer, arena);
        buf_cut(pointer, bytes);
    }
    for (uint32_t i = 0; value->kind == JV_OBJECT && i < value->n; i++) {
        jv_pointer_add(pointer, value->members[i].name);
        check_values(root, &value->members[i].value, pointer, arena);
        buf_cut(pointer, bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    text_t text = {(const char *)data, bytes};
    arena_t *arena = arena_new();
    jv_t *tree = read(text, JV_STRICT, arena);
    if (tree != NULL) {
        text_t printed = print(tree, false, arena), sorted = print(tree, true, arena);
        jv_t *again = read(printed, JV_STRICT, arena), *other = read(sorted, JV_STRICT, arena);
        CLAIM(again != NULL && jv_equal(tree, again) && jv_hash(tree) == jv_hash(again));
        CLAIM(other != NULL && jv_equal(tree, other) && jv_hash(tree) == jv_hash(other));
        CLAIM(text_eq(print(again, false, arena), printed) && text_eq(print(other, true, arena), sorted));
        buf_t pointer;
        buf_init(&pointer, BUF_NO_MAX);
        check_values(tree, tree, &pointer, arena);
        buf_dispose(&pointer);
    }
    jv_t *loose = read(text, JV_LAST_WINS | JV_NAN, arena);
    CLAIM(tree == NULL || (loose != NULL && jv_equal(tree, loose)));
    if (loose != NULL)
        CLAIM(read(print(loose, false, arena), JV_NAN, arena) != NULL);
    arena_free(arena);
    return 0;
}

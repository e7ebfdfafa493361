/* check_json_edit.c - one place of a tree changes and nothing else does. */
#include <check.h>
#include <stdlib.h>

#include "compat/core/json_edit.h"

static const struct {
    const char *claim, *tree, *pointer, *value, *result; /* value NULL: take out; result NULL: refused */
} rows[] = {
    {"a member is replaced in its place", "{\"a\":1,\"b\":2,\"c\":3}", "/b", "9",
     "{\"a\":1,\"b\":9,\"c\":3}"},
    {"a member is added at the end", "{\"a\":1}", "/b", "[]", "{\"a\":1,\"b\":[]}"},
    {"a member is taken out", "{\"a\":1,\"b\":2}", "/a", NULL, "{\"b\":2}"},
    {"the last member is taken out", "{\"a\":1}", "/a", NULL, "{}"},
    {"an item is replaced", "[1,2,3]", "/1", "\"x\"", "[1,\"x\",3]"},
    {"an item is added at the end", "[1]", "/-", "2", "[1,2]"},
    {"an item is taken out", "[1,2,3]", "/0", NULL, "[2,3]"},
    {"a deep place is reached", "{\"a\":[{\"b\":{\"c\":1}}],\"d\":1}", "/a/0/b/c", "2",
     "{\"a\":[{\"b\":{\"c\":2}}],\"d\":1}"},
    {"tokens are unescaped", "{\"a/b\":{\"~\":1}}", "/a~1b/~0", "2", "{\"a/b\":{\"~\":2}}"},
    {"the root is replaced", "{\"a\":1}", "", "true", "true"},
    {"the root cannot be taken out", "{\"a\":1}", "", NULL, NULL},
    {"what is not there cannot be taken out", "{\"a\":1}", "/b", NULL, NULL},
    {"nothing is added below what is not there", "{\"a\":1}", "/b/c", "1", NULL},
    {"a number has no members", "{\"a\":1}", "/a/b", "1", NULL},
    {"an index past the end is refused", "[1]", "/2", "1", NULL},
    {"a word is no index", "[1]", "/x", "1", NULL},
};

static jv_t *read(const char *text, arena_t *arena)
{
    limits_t limits = LIMITS_DEFAULT;
    jv_t *value;
    ck_assert_int_eq(jv_read(text_of(text), JV_STRICT, &limits, arena, &value, NULL), 0);
    return value;
}

static text_t print(const jv_t *value, arena_t *arena)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    jv_print(&buf, value);
    text_t text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return text;
}

START_TEST(the_edit)
{
    arena_t *arena = arena_new();
    jv_t *tree = read(rows[_i].tree, arena),
         *value = rows[_i].value != NULL ? read(rows[_i].value, arena) : NULL;
    jv_t *edited = json_edit(tree, text_of(rows[_i].pointer), value, arena);
    ck_assert_msg((edited == NULL) == (rows[_i].result == NULL), "%s", rows[_i].claim);
    if (edited != NULL)
        ck_assert_msg(text_is(print(edited, arena), rows[_i].result), "%s: %s", rows[_i].claim,
                      print(edited, arena).at);
    ck_assert_msg(text_is(print(tree, arena), rows[_i].tree), "%s: the old tree changed", rows[_i].claim);
    arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_edit");
    TCase *edits = tcase_create("edits");
    tcase_add_loop_test(edits, the_edit, 0, sizeof rows / sizeof *rows);
    suite_add_tcase(suite, edits);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

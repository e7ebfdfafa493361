/* check_json_text.c - JSON is read exactly, printed as it was, and refused with its place (compat/core/json_text.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/json_text.h"

#define BYTES(literal) ((text_t){"" literal "", sizeof(literal) - 1})

/* The text is copied to the heap without a NUL at its end: reading past it is seen by AddressSanitizer. */
static int read(text_t text, unsigned flags, const limits_t *limits, arena_t *arena, jv_t **out,
                fault_t *fault)
{
    char *exact = malloc(text.bytes == 0 ? 1 : text.bytes);
    memcpy(exact, text.at, text.bytes);
    text_t kept = {exact, text.bytes};
    int result = jv_read(kept, flags, limits, arena, out, fault);
    if (result == 0) { /* the tree points into its text */
        text_t copy = text_copy(arena, text);
        result = jv_read(copy, flags, limits, arena, out, fault);
    }
    free(exact);
    return result;
}

static jv_t *tree_of(const char *text, arena_t *arena)
{
    limits_t limits = LIMITS_DEFAULT;
    fault_t fault = {0};
    jv_t *tree = NULL;
    ck_assert_msg(read(text_of(text), JV_STRICT, &limits, arena, &tree, &fault) == 0, "%s: %s", text,
                  fault.text);
    return tree;
}

static const char *printed(const jv_t *tree, arena_t *arena)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    jv_print(&buf, tree);
    const char *text = buf_take(&buf, arena).at;
    buf_dispose(&buf);
    return text;
}

static const char *sorted(const jv_t *tree, arena_t *arena)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    jv_print_sorted(&buf, tree);
    const char *text = buf_take(&buf, arena).at;
    buf_dispose(&buf);
    return text;
}

/* --- reading and printing ------------------------------------------------------------------------------------------ */

static const struct {
    const char *claim;
    text_t text;
    unsigned flags;
    const char *printed;
} good[] = {
    {"null", BYTES("null"), 0, "null"},
    {"true", BYTES(" true\n"), 0, "true"},
    {"false", BYTES("\tfalse\r\n"), 0, "false"},
    {"a number is kept as it was written", BYTES("1.50e+007"), 0, "1.50e+007"},
    {"minus zero is kept", BYTES("-0.0"), 0, "-0.0"},
    {"a number of any length is kept", BYTES("123456789012345678901234567890.12345678901234567890"), 0,
     "123456789012345678901234567890.12345678901234567890"},
    {"the empty string", BYTES("\"\""), 0, "\"\""},
    {"simple escapes", BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), 0, "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
    {"an escaped letter is that letter", BYTES("\"\\u0041\\u00e9\\u20AC\""), 0, "\"A\xC3\xA9\xE2\x82\xAC\""},
    {"two escaped surrogates are one character", BYTES("\"\\uD83D\\uDE00\""), 0, "\"\xF0\x9F\x98\x80\""},
    {"hexadecimal digits of both cases", BYTES("\"\\u00eF\\u00Ef\""), 0, "\"\xC3\xAF\xC3\xAF\""},
    {"an escaped character of two bytes", BYTES("\"\\u07ff\""), 0, "\"\xDF\xBF\""},
    {"an exponent with either sign", BYTES("[1e+2,1E-2,1e2]"), 0, "[1e+2,1E-2,1e2]"},
    {"an escaped NUL survives", BYTES("[\"a\\u0000b\"]"), 0, "[\"a\\u0000b\"]"},
    {"other controls are printed with upper-case digits", BYTES("\"\\u001f\\u007f\""), 0, "\"\\u001F\x7F\""},
    {"non-ASCII stays raw", BYTES("\"\xC3\xA9\""), 0, "\"\xC3\xA9\""},
    {"an empty object", BYTES("{ }"), 0, "{}"},
    {"an empty array", BYTES("[ ]"), 0, "[]"},
    {"order of members is kept", BYTES("{\"b\":1 ,\"a\":2}"), 0, "{\"b\":1,\"a\":2}"},
    {"containers in containers", BYTES("[[],{},[{\"a\":[1,[2]]}]]"), 0, "[[],{},[{\"a\":[1,[2]]}]]"},
    {"the last of two equal names wins, at the first one's place, if asked",
     BYTES("{\"a\":1,\"b\":2,\"a\":[3]}"), JV_LAST_WINS, "{\"a\":[3],\"b\":2}"},
    {"among many members as well",
     BYTES("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"c\":11,\"k\":"
           "12}"),
     JV_LAST_WINS,
     "{\"a\":1,\"b\":2,\"c\":11,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"k\":12}"},
    {"names are compared after unescaping", BYTES("{\"a\":1,\"\\u0061\":2}"), JV_LAST_WINS, "{\"a\":2}"},
    {"NaN and infinities are numbers, if asked", BYTES("[NaN,Infinity,-Infinity]"), JV_NAN,
     "[NaN,Infinity,-Infinity]"},
};

START_TEST(is_read_and_printed)
{
    arena_t *arena = arena_new();
    limits_t limits = LIMITS_DEFAULT;
    fault_t fault = {0};
    jv_t *tree = NULL;
    ck_assert_msg(read(good[_i].text, good[_i].flags, &limits, arena, &tree, &fault) == 0, "%s: %s",
                  good[_i].claim, fault.text);
    ck_assert_msg(strcmp(printed(tree, arena), good[_i].printed) == 0, "%s: %s", good[_i].claim,
                  printed(tree, arena));
    arena_free(arena);
}
END_TEST

static const struct {
    const char *claim;
    text_t text;
    uint32_t line, column;
    const char *pointer, *words; /* somewhere in the sentence */
} bad[] = {
    {"nothing", BYTES(""), 1, 1, "", "the text ends here"},
    {"only space", BYTES(" \n "), 2, 2, "", "the text ends here"},
    {"two values", BYTES("1 2"), 1, 3, "", "the end of the text"},
    {"a word that is none", BYTES("[nul]"), 1, 2, "", "a JSON value"},
    {"NaN without being asked", BYTES("NaN"), 1, 1, "", "a JSON value"},
    {"a number that begins with zero", BYTES("{\"a\":01}"), 1, 6, "", "zero"},
    {"a number without digits", BYTES("-"), 1, 2, "", "a digit"},
    {"a number that begins with a plus", BYTES("+1"), 1, 1, "", "a JSON value"},
    {"a fraction without digits", BYTES("1."), 1, 3, "", "decimal point"},
    {"an exponent without digits", BYTES("1e+"), 1, 4, "", "exponent"},
    {"a comma too many", BYTES("[1,]"), 1, 4, "", "a JSON value"},
    {"a comma too many in an object", BYTES("{\"a\":1,}"), 1, 8, "", "a name in quotes"},
    {"no comma", BYTES("[1\n 2]"), 2, 2, "", "',' or ']'"},
    {"no colon", BYTES("{\"a\" 1}"), 1, 6, "", "':'"},
    {"a name that is no string", BYTES("{a:1}"), 1, 2, "", "a name in quotes, or '}'"},
    {"the wrong bracket", BYTES("[1}"), 1, 3, "", "',' or ']'"},
    {"an open array", BYTES("{\"x\":[1"), 1, 8, "/x", "the text ends here"},
    {"an open string", BYTES("\"abc"), 1, 5, "", "closing quote"},
    {"an open escape", BYTES("\"abc\\"), 1, 6, "", "an escape"},
    {"an unknown escape", BYTES("\"a\\x41\""), 1, 3, "", "no escape"},
    {"a short unicode escape", BYTES("\"\\u12\""), 1, 2, "", "four hexadecimal"},
    {"a lone high surrogate", BYTES("[\"\\ud800\"]"), 1, 3, "", "lone surrogate"},
    {"a lone low surrogate", BYTES("[\"ab\\udc00\"]"), 1, 5, "", "lone surrogate"},
    {"a high surrogate before something else", BYTES("\"\\ud800\\u0041\""), 1, 2, "", "lone surrogate"},
    {"a high surrogate at the end", BYTES("\"\\uDBFF\""), 1, 2, "", "lone surrogate"},
    {"a high surrogate before an escape", BYTES("\"\\uD800\\n12345\""), 1, 2, "", "lone surrogate"},
    {"a high surrogate before half an escape", BYTES("\"\\uD800\\uDC0\""), 1, 2, "", "lone surrogate"},
    {"two high surrogates", BYTES("\"\\uD800\\uD800\""), 1, 2, "", "lone surrogate"},
    {"an escape of a character beyond ASCII", BYTES("\"a\\\xC3\xA9\""), 1, 3, "", "no escape"},
    {"digits that are not hexadecimal", BYTES("\"\\u00g0\""), 1, 2, "", "four hexadecimal"},
    {"a name that ends the text", BYTES("{\"a"), 1, 4, "", "closing quote"},
    {"a text that ends after a name", BYTES("{\"a\""), 1, 5, "", "':'"},
    {"a text that ends after a comma", BYTES("{\"a\":1,"), 1, 8, "", "a name in quotes"},
    {"a text that ends after a bracket", BYTES("[1,{"), 1, 5, "/1", "a name in quotes, or '}'"},
    {"an unfinished word", BYTES("[fals]"), 1, 2, "", "a JSON value"},
    {"a delete character", BYTES("[\x7F]"), 1, 2, "", "U+007F"},
    {"a name with a bad escape", BYTES("{\"\\x\":1}"), 1, 3, "", "no escape"},
    {"a raw control character", BYTES("\"a\nb\""), 1, 3, "", "control character"},
    {"a raw NUL", BYTES("\"a\0b\""), 1, 3, "", "control character"},
    {"a NUL outside strings", BYTES("[\0]"), 1, 2, "", "U+0000"},
    {"bad UTF-8 in a string", BYTES("\"\xC3\xA9\xFF\""), 1, 3, "", "not UTF-8"},
    {"an encoded surrogate", BYTES("\"\xED\xA0\x80\""), 1, 2, "", "not UTF-8"},
    {"bad UTF-8 outside strings", BYTES("[1]\xFF"), 1, 4, "", "0xFF"},
    {"a byte order mark", BYTES("\xEF\xBB\xBF{}"), 1, 1, "", "a JSON value"},
    {"a name twice", BYTES("{\"a\":{\"b\":1,\n\"b\":2}}"), 2, 1, "/a", "\"b\" appears twice"},
    {"a name twice, once with an escape", BYTES("{\"ab\":1,\"a\\u0062\":2}"), 1, 9, "", "appears twice"},
    {"a name twice among many",
     BYTES("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"b\":0}"), 1,
     63, "", "\"b\" appears twice"},
    {"columns count characters, not bytes", BYTES("[\"\xF0\x9F\x98\x80\xC3\xA9\", x]"), 1, 8, "",
     "found 'x'"},
    {"columns after escapes too", BYTES("[\"\xC3\xA9\\n\xC3\xA9\", x]"), 1, 10, "", "found 'x'"},
    {"the place is told as a pointer", BYTES("{\"a/b\":[0,{\"~\":[tru]}]}"), 1, 17, "/a~1b/1/~0",
     "a JSON value"},
};

START_TEST(is_refused_with_its_place)
{
    arena_t *arena = arena_new();
    limits_t limits = LIMITS_DEFAULT;
    fault_t fault = {0};
    jv_t *tree = NULL;
    ck_assert_msg(read(bad[_i].text, JV_STRICT, &limits, arena, &tree, &fault) == -1, "%s is read",
                  bad[_i].claim);
    ck_assert_msg(fault.code == FAULT_SYNTAX, "%s: code %d", bad[_i].claim, fault.code);
    ck_assert_msg(fault.line == bad[_i].line && fault.column == bad[_i].column, "%s: line %u, column %u: %s",
                  bad[_i].claim, fault.line, fault.column, fault.text);
    ck_assert_msg(strcmp(fault.pointer, bad[_i].pointer) == 0, "%s: %s", bad[_i].claim, fault.pointer);
    ck_assert_msg(strstr(fault.text, bad[_i].words) != NULL, "%s: %s", bad[_i].claim, fault.text);
    ck_assert_int_eq(read(bad[_i].text, JV_STRICT, &limits, arena, &tree, NULL), -1);
    arena_free(arena);
}
END_TEST

/* --- limits ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *claim, *text;
    limits_t limits;
    bool reads;
} limited[] = {
    {"a text of just the size",
     "[1]",
     {.max_bytes = 3, .max_depth = 9, .max_nodes = 9, .max_digits = 9},
     true},
    {"a text larger than the limit",
     "[1] ",
     {.max_bytes = 3, .max_depth = 9, .max_nodes = 9, .max_digits = 9},
     false},
    {"nesting to the limit",
     "[[[]]]",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 9, .max_digits = 9},
     true},
    {"nesting beyond the limit",
     "[[[[]]]]",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 9, .max_digits = 9},
     false},
    {"as many values as the limit",
     "[1,2]",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 9},
     true},
    {"one value more", "[1,2,3]", {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 9}, false},
    {"digits to the limit",
     "123.45",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 6},
     true},
    {"digits beyond the limit",
     "1234.5678",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 6},
     false},
    {"an exponent counts as the zeros it stands for",
     "1e6",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 6},
     false},
    {"to the limit", "1e5", {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 6}, true},
    {"a small number has zeros, too",
     "1e-6",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 6},
     false},
    {"an absurd exponent",
     "1e99999999999999999999",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 6},
     false},
    {"zero has one digit whatever its exponent",
     "0e999",
     {.max_bytes = 99, .max_depth = 3, .max_nodes = 3, .max_digits = 6},
     true},
};

START_TEST(limits_are_kept)
{
    arena_t *arena = arena_new();
    fault_t fault = {0};
    jv_t *tree;
    bool reads = read(text_of(limited[_i].text), JV_STRICT, &limited[_i].limits, arena, &tree, &fault) == 0;
    ck_assert_msg(reads == limited[_i].reads, "%s: %s", limited[_i].claim, fault.text);
    ck_assert_msg(reads || fault.code == FAULT_LIMIT, "%s: %s", limited[_i].claim, fault.text);
    arena_free(arena);
}
END_TEST

START_TEST(depth_does_not_live_on_the_stack)
{
    enum { DEPTH = 500000 };
    limits_t limits = {.max_bytes = 4 * DEPTH, .max_depth = DEPTH, .max_nodes = 2 * DEPTH, .max_digits = 9};
    char *text = malloc(2 * DEPTH + 1);
    memset(text, '[', DEPTH);
    memset(text + DEPTH, ']', DEPTH);
    text[2 * DEPTH] = '\0';
    arena_t *arena = arena_new();
    jv_t *a, *b;
    ck_assert_int_eq(jv_read(text_of(text), JV_STRICT, &limits, arena, &a, NULL), 0);
    ck_assert_int_eq(jv_read(text_of(text), JV_STRICT, &limits, arena, &b, NULL), 0);
    ck_assert(jv_equal(a, b));
    ck_assert_uint_eq(jv_hash(a), jv_hash(b));
    ck_assert_str_eq(printed(a, arena), text);
    ck_assert_str_eq(sorted(a, arena), text);
    free(text);
    arena_free(arena);
}
END_TEST

/* --- looking ----------------------------------------------------------------------------------------------------- */

START_TEST(every_value_knows_its_place)
{
    arena_t *arena = arena_new();
    const jv_t *tree = tree_of("{\n  \"\xC3\xA9\": [1,\n    {\"b\": true}]\n}", arena);
    ck_assert_uint_eq(tree->line, 1);
    ck_assert_uint_eq(tree->column, 1);
    ck_assert_uint_eq(tree->members[0].line, 2);
    ck_assert_uint_eq(tree->members[0].column, 3);
    const jv_t *list = jv_get(tree, "\xC3\xA9");
    ck_assert_uint_eq(list->column, 8);
    const jv_t *leaf = jv_at_pointer(tree, TEXT("/\xC3\xA9/1/b"));
    ck_assert_uint_eq(leaf->line, 3);
    ck_assert_uint_eq(leaf->column, 11);
    arena_free(arena);
}
END_TEST

START_TEST(members_are_found_in_objects_of_any_size)
{
    for (int n = 0; n < 300; n += 7) {
        arena_t *arena = arena_new();
        buf_t text;
        buf_init(&text, BUF_NO_MAX);
        buf_add_char(&text, '{');
        for (int i = 0; i < n; i++)
            buf_printf(&text, "%s\"name%d\":%d", i > 0 ? "," : "", i, i);
        buf_add_char(&text, '}');
        const jv_t *tree = tree_of(buf_text(&text).at, arena);
        for (int i = 0; i < n; i++) {
            int64_t value;
            const jv_t *found = jv_get_text(tree, text_printf(arena, "name%d", i));
            ck_assert(jv_to_i64(found, &value) && value == i);
        }
        ck_assert_ptr_null(jv_get(tree, "name"));
        ck_assert_ptr_null(jv_get(tree, ""));
        buf_dispose(&text);
        arena_free(arena);
    }
    ck_assert_ptr_null(jv_get(NULL, "a"));
}
END_TEST

static const struct {
    const char *claim, *pointer, *value; /* NULL: leads nowhere */
} pointers[] = {
    {"the empty pointer is the whole", "",
     "{\"a\":[1,{\"b\":2}],\"\":3,\"x/y\":4,\"m~n\":5,\"~1\":6,\"0\":7}"},
    {"an item", "/a/0", "1"},
    {"a member of an item", "/a/1/b", "2"},
    {"the empty name", "/", "3"},
    {"~1 is a slash", "/x~1y", "4"},
    {"~0 is a tilde", "/m~0n", "5"},
    {"~01 is ~1", "/~01", "6"},
    {"digits name members of objects", "/0", "7"},
    {"an index past the end", "/a/2", NULL},
    {"a huge index", "/a/4294967296", NULL},
    {"an index with a leading zero", "/a/00", NULL},
    {"no index", "/a/x", NULL},
    {"the place after the last item", "/a/-", NULL},
    {"an unknown member", "/b", NULL},
    {"below a number", "/a/0/x", NULL},
    {"without a slash", "a", NULL},
    {"a tilde alone", "/m~n", NULL},
    {"a tilde at the end", "/m~", NULL},
};

START_TEST(pointers_lead)
{
    arena_t *arena = arena_new();
    const jv_t *tree = tree_of("{\"a\":[1,{\"b\":2}],\"\":3,\"x/y\":4,\"m~n\":5,\"~1\":6,\"0\":7}", arena);
    const jv_t *found = jv_at_pointer(tree, text_of(pointers[_i].pointer));
    ck_assert_msg((found == NULL) == (pointers[_i].value == NULL), "%s", pointers[_i].claim);
    if (found != NULL)
        ck_assert_msg(strcmp(printed(found, arena), pointers[_i].value) == 0, "%s: %s", pointers[_i].claim,
                      printed(found, arena));
    arena_free(arena);
}
END_TEST

static const struct {
    const char *claim, *a, *b;
    bool equal;
} equals[] = {
    {"1 is 1.0", "1", "1.0", true},
    {"100 is 1e2", "100", "1e2", true},
    {"0.001 is 1E-3", "0.001", "1E-3", true},
    {"0 is -0.0", "0", "-0.0", true},
    {"0 is 0e9", "0", "0e9", true},
    {"12.34 is 0.1234e2", "12.34", "0.1234e2", true},
    {"1 is not -1", "1", "-1", false},
    {"numbers beyond doubles differ in their last digit", "9007199254740993", "9007199254740992", false},
    {"and after the point", "0.10000000000000000001", "0.1", false},
    {"1 is not true", "1", "true", false},
    {"0 is not false", "0", "false", false},
    {"null is not false", "null", "false", false},
    {"the string 1 is not the number", "\"1\"", "1", false},
    {"strings are equal after unescaping", "\"\\u0061\"", "\"a\"", true},
    {"order of members does not matter", "{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", true},
    {"order of items does", "[1,2]", "[2,1]", false},
    {"a member more", "{\"a\":1}", "{\"a\":1,\"b\":1}", false},
    {"another name", "{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", false},
    {"an item more", "[1]", "[1,1]", false},
    {"deep inside", "{\"a\":[{\"b\":[1,{\"c\":3}]}]}", "{\"a\":[{\"b\":[1,{\"c\":3e0}]}]}", true},
    {"deep inside they differ", "{\"a\":[{\"b\":[1,{\"c\":3}]}]}", "{\"a\":[{\"b\":[1,{\"c\":4}]}]}", false},
    {"an empty array is no empty object", "[]", "{}", false},
};

START_TEST(values_are_compared)
{
    arena_t *arena = arena_new();
    const jv_t *a = tree_of(equals[_i].a, arena), *b = tree_of(equals[_i].b, arena);
    ck_assert_msg(jv_equal(a, b) == equals[_i].equal && jv_equal(b, a) == equals[_i].equal, "%s",
                  equals[_i].claim);
    ck_assert_msg((jv_hash(a) == jv_hash(b)) == equals[_i].equal, "%s: hashes", equals[_i].claim);
    arena_free(arena);
}
END_TEST

static const struct {
    const char *text;
    bool fits;
    int64_t value;
} integers[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"0.0e5", true, 0},
    {"42", true, 42},
    {"-42.00", true, -42},
    {"1.5e1", true, 15},
    {"1200e-2", true, 12},
    {"1e18", true, 1000000000000000000},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", true, INT64_MIN},
    {"9223372036854775808", false, 0},
    {"-9223372036854775809", false, 0},
    {"1e19", false, 0},
    {"1e400", false, 0},
    {"0.5", false, 0},
    {"1e-1", false, 0},
    {"true", false, 0},
    {"\"1\"", false, 0},
};

START_TEST(integers_are_read_by_value)
{
    arena_t *arena = arena_new();
    int64_t value = 0;
    bool fits = jv_to_i64(tree_of(integers[_i].text, arena), &value);
    ck_assert_msg(fits == integers[_i].fits && value == integers[_i].value, "%s", integers[_i].text);
    arena_free(arena);
}
END_TEST

START_TEST(members_are_sorted_as_java_sorts_them)
{
    arena_t *arena = arena_new();
    /* U+FF5E comes after U+1F600, whose first UTF-16 unit is D83D. */
    const jv_t *tree = tree_of(
        "{\"\xEF\xBD\x9E\":1,\"\xF0\x9F\x98\x80\":2,\"b\":{\"z\":[],\"y\":0},\"a\":3,\"ab\":4,\"\":5}",
        arena);
    ck_assert_str_eq(
        sorted(tree, arena),
        "{\"\":5,\"a\":3,\"ab\":4,\"b\":{\"y\":0,\"z\":[]},\"\xF0\x9F\x98\x80\":2,\"\xEF\xBD\x9E\":1}");
    arena_free(arena);
}
END_TEST

START_TEST(trees_can_be_built)
{
    arena_t *arena = arena_new();
    jv_t *object = jv_new_object(arena, 2);
    object->members[0] = (jv_member_t){.name = TEXT("a"), .value = *jv_new_string(arena, TEXT("x\"y"))};
    object->members[1] = (jv_member_t){.name = TEXT("b"), .value = *jv_new_array(arena, 2)};
    object->members[1].value.items[1] = *jv_new_number(arena, TEXT("1e2"));
    ck_assert_str_eq(printed(object, arena), "{\"a\":\"x\\\"y\",\"b\":[null,1e2]}");
    ck_assert(jv_is_string(jv_get(object, "a"), "x\"y"));
    ck_assert(jv_equal(object, tree_of("{\"b\":[null,100],\"a\":\"x\\u0022y\"}", arena)));
    arena_free(arena);
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("json_text");
    TCase *reading = tcase_create("reading"), *looking = tcase_create("looking");
    tcase_add_loop_test(reading, is_read_and_printed, 0, COUNT(good));
    tcase_add_loop_test(reading, is_refused_with_its_place, 0, COUNT(bad));
    tcase_add_loop_test(reading, limits_are_kept, 0, COUNT(limited));
    tcase_add_test(reading, depth_does_not_live_on_the_stack);
    tcase_add_test(looking, every_value_knows_its_place);
    tcase_add_test(looking, members_are_found_in_objects_of_any_size);
    tcase_add_loop_test(looking, pointers_lead, 0, COUNT(pointers));
    tcase_add_loop_test(looking, values_are_compared, 0, COUNT(equals));
    tcase_add_loop_test(looking, integers_are_read_by_value, 0, COUNT(integers));
    tcase_add_test(looking, members_are_sorted_as_java_sorts_them);
    tcase_add_test(looking, trees_can_be_built);
    tcase_set_timeout(reading, 60);
    suite_add_tcase(suite, reading);
    suite_add_tcase(suite, looking);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

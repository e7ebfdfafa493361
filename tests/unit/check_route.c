/* Paths, query strings and the route tree. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "server/core/route.h"
#include "server/core/url.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

static int on_loop(call_t *c)
{
    (void)c;
    return 0;
}

static const route_t first_routes[] = {
    {"GET", "/", NULL, on_loop, 0},
    {"GET", "/subjects", NULL, on_loop, R_CONTEXT},
    {"GET", "/subjects/{subject}/versions", NULL, on_loop, R_CONTEXT},
    {"POST", "/subjects/{subject}/versions", NULL, on_loop, R_CONTEXT},
    {"GET", "/subjects/{subject}/versions/{version}", NULL, on_loop, R_CONTEXT},
    {"GET", "/subjects/{subject}/metadata", NULL, on_loop, R_CONTEXT},
    {"POST", "/subjects/{subject}", NULL, on_loop, R_CONTEXT},
    {"GET", "/schemas/ids/{id}", NULL, on_loop, R_CONTEXT},
    {"GET", "/schemas/types", NULL, on_loop, 0},
    {"GET", "/schemas/{kind}/{value}/deep", NULL, on_loop, 0},
    {"GET", "/schemas/guids/{guid}", NULL, on_loop, R_PROFILE_8},
    {"GET", "/contexts", NULL, on_loop, 0},
    {"DELETE", "/contexts/{context}", NULL, on_loop, 0},
};
static const route_t second_routes[] = {
    {"PATCH", "/api/v1/things/{thing}", NULL, on_loop, 0},
};
static const api_t first = {.name = "first", .routes = first_routes, .n_routes = ROWS(first_routes)};
static const api_t second = {
    .name = "second", .routes = second_routes, .n_routes = ROWS(second_routes), .prefix = "/api/v1"};
static const api_t *const apis[] = {&first, &second};

static route_index_t *routes;
static call_t call;

static void setup(void)
{
    routes = route_index_new(apis, 2);
    memset(&call, 0, sizeof call);
    call.arena = arena_new();
}

static void teardown(void)
{
    arena_free(call.arena);
    route_index_free(routes);
}

static int match(const char *method, const char *path, profile_t profile, route_hit_t *hit)
{
    call.method = text_of(method);
    call.path = text_of(path);
    call.profile = profile;
    return route_match(routes, &call, hit);
}

static const struct {
    const char *name, *method, *path, *route, *first_param, *second_param, *context;
} found[] = {
    {"the root", "GET", "/", "/", NULL, NULL, NULL},
    {"an empty path is the root", "GET", "", "/", NULL, NULL, NULL},
    {"a plain path", "GET", "/subjects", "/subjects", NULL, NULL, NULL},
    {"a trailing slash", "GET", "/subjects/", "/subjects", NULL, NULL, NULL},
    {"doubled slashes", "GET", "//subjects//a///versions//", "/subjects/{subject}/versions", "a", NULL, NULL},
    {"a slash in a segment", "GET", "/subjects/a%2Fb/versions/1", "/subjects/{subject}/versions/{version}",
     "a/b", "1", NULL},
    {"a small hexadecimal digit", "GET", "/subjects/a%2fb/versions/1",
     "/subjects/{subject}/versions/{version}", "a/b", "1", NULL},
    {"a colon, encoded", "POST", "/subjects/%3A.c%3As", "/subjects/{subject}", ":.c:s", NULL, NULL},
    {"a plus stays a plus", "POST", "/subjects/a+b", "/subjects/{subject}", "a+b", NULL, NULL},
    {"a space and more than ASCII", "POST", "/subjects/a%20%E2%82%AC", "/subjects/{subject}",
     "a \xe2\x82\xac", NULL, NULL},
    {"more than ASCII, not encoded", "POST", "/subjects/\xe2\x82\xac", "/subjects/{subject}", "\xe2\x82\xac",
     NULL, NULL},
    {"dots are a name", "POST", "/subjects/..", "/subjects/{subject}", "..", NULL, NULL},
    {"a name like a literal", "POST", "/subjects/versions/versions", "/subjects/{subject}/versions",
     "versions", NULL, NULL},
    {"a literal wins over a name", "GET", "/schemas/ids/7", "/schemas/ids/{id}", "7", NULL, NULL},
    {"a name is tried when the literal leads nowhere", "GET", "/schemas/ids/7/deep",
     "/schemas/{kind}/{value}/deep", "ids", "7", NULL},
    {"HEAD is GET", "HEAD", "/subjects", "/subjects", NULL, NULL, NULL},
    {"a context", "GET", "/contexts/c/subjects", "/subjects", NULL, NULL, ".c"},
    {"a context with its dot", "GET", "/contexts/.c/subjects/s/versions", "/subjects/{subject}/versions", "s",
     NULL, ".c"},
    {"the default context", "GET", "/contexts/./subjects", "/subjects", NULL, NULL, "."},
    {"a context as subjects write it", "GET", "/contexts/:.c:/subjects", "/subjects", NULL, NULL, ".c"},
    {"a context itself", "DELETE", "/contexts/c", "/contexts/{context}", "c", NULL, NULL},
    {"another API", "PATCH", "/api/v1/things/t", "/api/v1/things/{thing}", "t", NULL, NULL},
};

START_TEST(a_path_finds_its_route_and_its_names)
{
    route_hit_t hit;
    const char *const params[] = {found[_i].first_param, found[_i].second_param};
    ck_assert_msg(match(found[_i].method, found[_i].path, PROFILE_7, &hit) == 0, "%s: %s", found[_i].name,
                  call.err.text);
    ck_assert_msg(strcmp(hit.route->path, found[_i].route) == 0, "%s: %s", found[_i].name, hit.route->path);
    ck_assert_ptr_eq(route_index_at(routes, hit.number), hit.route);
    for (int i = 0; i < 2; i++)
        ck_assert_msg(params[i] == NULL || text_is(call.params[i], params[i]), "%s: " TEXT_FMT,
                      found[_i].name, TEXT_ARG(call.params[i]));
    if (found[_i].context == NULL)
        ck_assert_msg(call.context.at == NULL, "%s: " TEXT_FMT, found[_i].name, TEXT_ARG(call.context));
    else
        ck_assert_msg(text_is(call.context, found[_i].context), "%s: " TEXT_FMT, found[_i].name,
                      TEXT_ARG(call.context));
}
END_TEST

static const struct {
    const char *name, *method, *path;
    err_code_t code;
    const char *text, *allow;
} refused[] = {
    {"an unknown path", "GET", "/nowhere", ERR_ROUTE_UNKNOWN, "HTTP 404 Not Found", NULL},
    {"a path that goes on", "GET", "/subjects/a/versions/1/2", ERR_ROUTE_UNKNOWN, NULL, NULL},
    {"a path that stops early", "GET", "/schemas", ERR_ROUTE_UNKNOWN, NULL, NULL},
    {"paths know capitals", "GET", "/Subjects", ERR_ROUTE_UNKNOWN, NULL, NULL},
    {"a route without contexts", "GET", "/contexts/c/schemas/types", ERR_ROUTE_UNKNOWN, NULL, NULL},
    {"more segments than any route has", "GET", "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a",
     ERR_ROUTE_UNKNOWN, NULL, NULL},
    {"another method", "DELETE", "/subjects", ERR_METHOD_NOT_ALLOWED, "HTTP 405 Method Not Allowed",
     "GET, HEAD, OPTIONS"},
    {"another method of two", "PUT", "/subjects/a/versions", ERR_METHOD_NOT_ALLOWED, NULL,
     "GET, HEAD, POST, OPTIONS"},
    {"a method nobody knows", "BREW", "/subjects", ERR_METHOD_NOT_ALLOWED, NULL, "GET, HEAD, OPTIONS"},
    {"methods know capitals", "get", "/subjects", ERR_METHOD_NOT_ALLOWED, NULL, "GET, HEAD, OPTIONS"},
    {"another method in a context", "PUT", "/contexts/c/subjects", ERR_METHOD_NOT_ALLOWED, NULL,
     "GET, HEAD, OPTIONS"},
    {"half an escape", "GET", "/subjects/a%2/versions", ERR_BODY_MALFORMED,
     "path segment 2: \"%\" without two hexadecimal digits at byte 2", NULL},
    {"no escape", "GET", "/subjects/%zz/versions", ERR_BODY_MALFORMED, NULL, NULL},
    {"an escape at the end", "GET", "/subjects/a%", ERR_BODY_MALFORMED, NULL, NULL},
    {"a NUL", "GET", "/subjects/a%00b/versions", ERR_BODY_MALFORMED,
     "path segment 2: a NUL character at byte 2", NULL},
    {"half a character", "GET", "/subjects/%E2%82/versions", ERR_BODY_MALFORMED,
     "path segment 2: not UTF-8 at byte 1", NULL},
    {"bytes that are no characters", "GET", "/subjects/\xff/versions", ERR_BODY_MALFORMED, NULL, NULL},
    {"an overlong slash", "GET", "/subjects/a%C0%AFb/versions", ERR_BODY_MALFORMED, NULL, NULL},
};

START_TEST(what_no_route_takes_is_refused_with_a_sentence)
{
    route_hit_t hit;
    ck_assert_msg(match(refused[_i].method, refused[_i].path, PROFILE_8, &hit) == -1, "%s", refused[_i].name);
    ck_assert_msg(call.err.code == refused[_i].code, "%s: %s", refused[_i].name, err_name(call.err.code));
    ck_assert_ptr_eq(hit.api, &first);
    ck_assert_uint_eq(hit.number, route_index_n(routes));
    if (refused[_i].text != NULL)
        ck_assert_str_eq(call.err.text, refused[_i].text);
    if (refused[_i].allow != NULL) {
        ck_assert_uint_eq(call.reply.n_headers, 1);
        ck_assert_str_eq(call.reply.headers[0].name, "allow");
        ck_assert_msg(text_is(call.reply.headers[0].value, refused[_i].allow), "%s: " TEXT_FMT,
                      refused[_i].name, TEXT_ARG(call.reply.headers[0].value));
    }
}
END_TEST

START_TEST(a_path_or_query_without_end_is_refused)
{
    static char text[URL_BYTES_MAX + 2];
    route_hit_t hit;
    memset(text, '/', URL_BYTES_MAX + 1);
    ck_assert_int_eq(match("GET", text, PROFILE_7, &hit), -1);
    ck_assert_str_eq(call.err.text, "the path has 32769 bytes; this server takes up to 32768");
    err_clear(&call.err);
    ck_assert_int_eq(url_query(text_of(text), call.arena, &call.query, &call.n_query, &call.err), -1);
    ck_assert_str_eq(call.err.text, "the query has 32769 bytes; this server takes up to 32768");
    err_clear(&call.err);
    text[URL_BYTES_MAX] = '\0';
    ck_assert_int_eq(match("GET", text, PROFILE_7, &hit), 0);
}
END_TEST

START_TEST(a_route_of_profile_8_is_unknown_in_profile_7)
{
    route_hit_t hit;
    ck_assert_int_eq(match("GET", "/schemas/guids/g", PROFILE_8, &hit), 0);
    ck_assert_int_eq(match("GET", "/schemas/guids/g", PROFILE_7, &hit), -1);
    ck_assert_int_eq(call.err.code, ERR_ROUTE_UNKNOWN);
}
END_TEST

START_TEST(unknown_paths_below_a_prefix_are_refused_by_their_api)
{
    route_hit_t hit;
    ck_assert_int_eq(match("GET", "/api/v1/nowhere", PROFILE_7, &hit), -1);
    ck_assert_ptr_eq(hit.api, &second);
    err_clear(&call.err);
    ck_assert_int_eq(match("GET", "/api/v10", PROFILE_7, &hit), -1);
    ck_assert_ptr_eq(hit.api, &first);
}
END_TEST

START_TEST(options_tells_the_methods)
{
    route_hit_t hit;
    ck_assert_int_eq(match("OPTIONS", "/subjects/a/versions", PROFILE_7, &hit), 0);
    ck_assert_ptr_null(hit.route);
    ck_assert(text_is(call.reply.headers[0].value, "GET, HEAD, POST, OPTIONS"));
    call.reply.n_headers = 0;
    ck_assert_int_eq(match("OPTIONS", "*", PROFILE_7, &hit), 0);
    ck_assert_uint_eq(call.reply.n_headers, 1);
    ck_assert_int_eq(match("OPTIONS", "/nowhere", PROFILE_7, &hit), -1);
    ck_assert_int_eq(call.err.code, ERR_ROUTE_UNKNOWN);
}
END_TEST

/* --- query strings -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *raw;
    size_t n;
    const char *key, *value; /* of the last one */
} queries[] = {
    {"nothing", "", 0, NULL, NULL},
    {"one", "a=1", 1, "a", "1"},
    {"two", "a=1&b=2", 2, "b", "2"},
    {"no value", "a", 1, "a", ""},
    {"an empty value", "a=", 1, "a", ""},
    {"a plus is a space", "a=x+y", 1, "a", "x y"},
    {"an encoded plus is a plus", "a=x%2By", 1, "a", "x+y"},
    {"an encoded ampersand", "a=x%26y", 1, "a", "x&y"},
    {"an equals sign in the value", "a=x=y", 1, "a", "x=y"},
    {"ampersands without parameters", "&&a=1&&", 1, "a", "1"},
    {"an encoded name", "%61=1", 1, "a", "1"},
    {"no name", "=1", 1, "", "1"},
};

START_TEST(a_query_gives_its_parameters)
{
    ck_assert_int_eq(url_query(text_of(queries[_i].raw), call.arena, &call.query, &call.n_query, &call.err),
                     0);
    ck_assert_msg(call.n_query == queries[_i].n, "%s: %zu", queries[_i].name, call.n_query);
    if (call.n_query == 0)
        return;
    const query_param_t *last = &call.query[call.n_query - 1];
    ck_assert_msg(text_is(last->name, queries[_i].key), "%s: " TEXT_FMT, queries[_i].name,
                  TEXT_ARG(last->name));
    ck_assert_msg(text_is(last->value, queries[_i].value), "%s: " TEXT_FMT, queries[_i].name,
                  TEXT_ARG(last->value));
}
END_TEST

START_TEST(a_query_that_cannot_be_read_names_the_place)
{
    ck_assert_int_eq(url_query(text_of("a=1&b=%zz"), call.arena, &call.query, &call.n_query, &call.err), -1);
    ck_assert_str_eq(call.err.text,
                     "value of query parameter 2: \"%\" without two hexadecimal digits at byte 1");
    err_clear(&call.err);
    ck_assert_int_eq(url_query(text_of("a%00=1"), call.arena, &call.query, &call.n_query, &call.err), -1);
    ck_assert_str_eq(call.err.text, "name of query parameter 1: a NUL character at byte 2");
}
END_TEST

START_TEST(a_query_with_very_many_parameters_is_refused)
{
    char raw[2 * (URL_QUERY_MAX + 2)];
    for (size_t i = 0; i < sizeof raw; i += 2)
        memcpy(raw + i, "a&", 2);
    text_t fits = {raw, 2 * URL_QUERY_MAX - 1}, more = {raw, 2 * URL_QUERY_MAX + 1};
    ck_assert_int_eq(url_query(fits, call.arena, &call.query, &call.n_query, &call.err), 0);
    ck_assert_uint_eq(call.n_query, URL_QUERY_MAX);
    ck_assert_int_eq(url_query(more, call.arena, &call.query, &call.n_query, &call.err), -1);
    ck_assert_int_eq(call.err.code, ERR_BODY_MALFORMED);
}
END_TEST

static const struct {
    const char *raw;
    bool absent, value;
} booleans[] = {
    {"x=true", false, true},
    {"x=True", false, true},
    {"x=TRUE", false, true},
    {"x=false", true, false},
    {"x=1", true, false},
    {"x=yes", true, false},
    {"x=", true, false},
    {"x", true, false},
    {"y=true", false, false},
    {"y=true", true, true},
    {"x=true&x=false", false, true},
};

START_TEST(true_in_any_case_is_true_and_all_else_is_false)
{
    ck_assert_int_eq(url_query(text_of(booleans[_i].raw), call.arena, &call.query, &call.n_query, &call.err),
                     0);
    ck_assert_msg(call_query_bool(&call, "x", booleans[_i].absent) == booleans[_i].value, "%s",
                  booleans[_i].raw);
}
END_TEST

static const struct {
    const char *raw;
    int rc;
    int64_t value;
} integers[] = {
    {"x=7", 0, 7},
    {"x=-1", 0, -1},
    {"x=%2B5", 0, 5},
    {"y=7", 0, 42},
    {"x=", 0, 42},
    {"x=a", -1, 42},
    {"x=+5", -1, 42},
    {"x=7.0", -1, 42},
    {"x=2147483647", 0, INT32_MAX},
    {"x=2147483648", -1, 42},
    {"x=-2147483648", 0, INT32_MIN},
    {"x=99999999999999999999", -1, 42},
    {"x=-", -1, 42},
};

START_TEST(an_integer_of_32_bits_is_read_and_anything_else_is_unknown)
{
    int64_t value;
    ck_assert_int_eq(url_query(text_of(integers[_i].raw), call.arena, &call.query, &call.n_query, &call.err),
                     0);
    ck_assert_msg(call_query_int(&call, "x", 42, &value) == integers[_i].rc, "%s", integers[_i].raw);
    ck_assert_msg(value == integers[_i].value, "%s: %lld", integers[_i].raw, (long long)value);
    if (integers[_i].rc != 0)
        ck_assert_int_eq(call.err.code, ERR_ROUTE_UNKNOWN);
}
END_TEST

static const struct {
    const char *target, *path;
} targets[] = {
    {"/a?b", "/a?b"},
    {"http://host/a?b", "/a?b"},
    {"https://host:1/a/b", "/a/b"},
    {"http://host", "/"},
    {"*", "*"},
    {"", ""},
};

START_TEST(an_absolute_target_is_its_path)
{
    text_t path = url_target(text_of(targets[_i].target));
    ck_assert_msg(text_is(path, targets[_i].path), "%s: " TEXT_FMT, targets[_i].target, TEXT_ARG(path));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("route");
    TCase *paths = tcase_create("paths"), *parameters = tcase_create("queries");
    tcase_add_checked_fixture(paths, setup, teardown);
    tcase_add_loop_test(paths, a_path_finds_its_route_and_its_names, 0, ROWS(found));
    tcase_add_loop_test(paths, what_no_route_takes_is_refused_with_a_sentence, 0, ROWS(refused));
    tcase_add_test(paths, a_path_or_query_without_end_is_refused);
    tcase_add_test(paths, a_route_of_profile_8_is_unknown_in_profile_7);
    tcase_add_test(paths, unknown_paths_below_a_prefix_are_refused_by_their_api);
    tcase_add_test(paths, options_tells_the_methods);
    suite_add_tcase(suite, paths);
    tcase_add_checked_fixture(parameters, setup, teardown);
    tcase_add_loop_test(parameters, a_query_gives_its_parameters, 0, ROWS(queries));
    tcase_add_test(parameters, a_query_that_cannot_be_read_names_the_place);
    tcase_add_test(parameters, a_query_with_very_many_parameters_is_refused);
    tcase_add_loop_test(parameters, true_in_any_case_is_true_and_all_else_is_false, 0, ROWS(booleans));
    tcase_add_loop_test(parameters, an_integer_of_32_bits_is_read_and_anything_else_is_unknown, 0,
                        ROWS(integers));
    tcase_add_loop_test(parameters, an_absolute_target_is_its_path, 0, ROWS(targets));
    suite_add_tcase(suite, parameters);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

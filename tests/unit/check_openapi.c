/* The description of /api/v1 against its table of routes, both ways. */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/api/api.h"
#include "server/api/openapi.h"

static json_t *description;

static void setup(void)
{
    buf_t out;
    json_error_t error;
    buf_init(&out, BUF_NO_MAX);
    openapi_print(&out, api_v1.routes, api_v1.n_routes);
    text_t text = buf_text(&out);
    description = json_loadb(text.at, text.bytes, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(description != NULL, "%s at %d", error.text, error.position);
    buf_dispose(&out);
}

static void teardown(void)
{
    json_decref(description);
}

static void lower(const char *method, char out[16])
{
    size_t i = 0;
    for (; method[i] != '\0' && i < 15; i++)
        out[i] = (char)tolower((unsigned char)method[i]);
    out[i] = '\0';
}

static const json_t *operation_of(const route_t *route)
{
    char method[16];
    lower(route->method, method);
    return json_object_get(json_object_get(json_object_get(description, "paths"), route->path), method);
}

START_TEST(every_route_is_described)
{
    for (size_t i = 0; i < api_v1.n_routes; i++)
        ck_assert_msg(operation_of(&api_v1.routes[i]) != NULL, "%s %s", api_v1.routes[i].method,
                      api_v1.routes[i].path);
}
END_TEST

START_TEST(nothing_is_described_that_is_no_route)
{
    const char *path, *method;
    json_t *operations, *operation;
    size_t n = 0;
    json_object_foreach(json_object_get(description, "paths"), path, operations)
        json_object_foreach(operations, method, operation) n++;
    ck_assert_uint_eq(n, api_v1.n_routes);
}
END_TEST

START_TEST(operations_have_names_of_their_own)
{
    json_t *seen = json_object();
    for (size_t i = 0; i < api_v1.n_routes; i++) {
        const char *name = json_string_value(json_object_get(operation_of(&api_v1.routes[i]), "operationId"));
        ck_assert_msg(json_object_get(seen, name) == NULL, "%s twice", name);
        json_object_set_new(seen, name, json_true());
    }
    json_decref(seen);
}
END_TEST

START_TEST(segments_with_a_name_are_parameters)
{
    for (size_t i = 0; i < api_v1.n_routes; i++) {
        size_t segments = 0, parameters = 0, k;
        json_t *parameter;
        for (const char *at = api_v1.routes[i].path; *at != '\0'; at++)
            segments += *at == '{';
        json_array_foreach(json_object_get(operation_of(&api_v1.routes[i]), "parameters"), k, parameter)
            parameters += strcmp(json_string_value(json_object_get(parameter, "in")), "path") == 0;
        ck_assert_msg(segments == parameters, "%s", api_v1.routes[i].path);
    }
}
END_TEST

START_TEST(a_body_is_described_where_one_is_taken_and_by_its_shape)
{
    for (size_t i = 0; i < api_v1.n_routes; i++) {
        const route_t *route = &api_v1.routes[i];
        const json_t *body = json_object_get(operation_of(route), "requestBody");
        bool takes = (route->flags & (R_BODY | R_BODY_MAY)) != 0;
        shape_use_t use;
        const shape_t *shape = openapi_shape(route, &use);
        ck_assert_msg(takes == (body != NULL), "%s %s", route->method, route->path);
        ck_assert_msg(takes || shape == NULL, "%s %s takes no body", route->method, route->path);
        if (shape == NULL)
            continue;
        const json_t *schema =
            json_object_get(json_object_get(json_object_get(body, "content"), "application/json"), "schema");
        for (; shape->name != NULL; shape++)
            ck_assert_msg(json_object_get(json_object_get(schema, "properties"), shape->name) != NULL,
                          "%s %s", route->path, shape->name);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("openapi");
    TCase *tc = tcase_create("description");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, every_route_is_described);
    tcase_add_test(tc, nothing_is_described_that_is_no_route);
    tcase_add_test(tc, operations_have_names_of_their_own);
    tcase_add_test(tc, segments_with_a_name_are_parameters);
    tcase_add_test(tc, a_body_is_described_where_one_is_taken_and_by_its_shape);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

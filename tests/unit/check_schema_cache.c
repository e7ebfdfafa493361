/* Parsed schemas kept in memory: found by id and identity, bounded, shared by threads. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/schema_cache.h"

static schema_t *parse(const char *text)
{
    schema_source_t source = {.format = FORMAT_AVRO, .text = text_of(text), .limits = LIMITS_DEFAULT};
    schema_t *schema;
    fault_t fault = {0};
    ck_assert_msg(schema_parse(&source, &schema, &fault) == 0, "%s", fault.text);
    return schema;
}

static schema_key_t key(int32_t context, int32_t id, uint8_t identity)
{
    schema_key_t made = {.context_id = context, .id = id};
    memset(made.identity, identity, sizeof made.identity);
    return made;
}

static void setup(void)
{
    schema_cache_clear();
    schema_cache_limit(SCHEMA_CACHE_BYTES);
}

static bool holds(const schema_key_t *wanted, const schema_t *schema)
{
    schema_t *found = schema_cache_get(wanted);
    bool same = found == schema;
    schema_unref(found);
    return same;
}

START_TEST(a_schema_is_found_by_context_id_and_identity)
{
    schema_t *schema = parse("\"string\"");
    schema_key_t kept = key(1, 7, 3);
    schema_cache_put(&kept, schema);
    ck_assert(holds(&kept, schema));
    schema_key_t others[] = {key(2, 7, 3), key(1, 8, 3), key(1, 7, 4)};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert(holds(&others[i], NULL));
    schema_unref(schema);
}
END_TEST

START_TEST(what_is_kept_twice_is_there_once)
{
    schema_t *first = parse("\"string\""), *second = parse("\"string\"");
    schema_key_t kept = key(0, 1, 1);
    schema_cache_put(&kept, first);
    schema_cache_put(&kept, second);
    ck_assert_uint_eq(schema_cache_stats().entries, 1);
    ck_assert(holds(&kept, first));
    schema_unref(first);
    schema_unref(second);
}
END_TEST

START_TEST(a_schema_in_use_outlives_its_place)
{
    schema_t *schema = parse("\"bytes\"");
    schema_key_t kept = key(0, 1, 1);
    schema_cache_put(&kept, schema);
    schema_unref(schema);
    schema_t *used = schema_cache_get(&kept);
    schema_cache_clear();
    ck_assert(holds(&kept, NULL));
    ck_assert(text_is(schema_canonical(used), "\"bytes\""));
    schema_unref(used);
}
END_TEST

START_TEST(memory_is_bounded_and_what_is_used_stays)
{
    enum { MANY = 4000 };
    schema_t *schema = parse("\"long\"");
    size_t most = 400 * (schema_bytes(schema) + 200);
    schema_cache_limit(most);
    schema_key_t used = key(0, 0, 0);
    schema_cache_put(&used, schema);
    int found = 0;
    for (int i = 1; i <= MANY; i++) {
        schema_key_t next = key(0, i, (uint8_t)i);
        schema_cache_put(&next, schema);
        found += holds(&used, schema);
        ck_assert_uint_le(schema_cache_stats().bytes, most);
    }
    ck_assert_int_eq(found, MANY);
    ck_assert_uint_gt(schema_cache_stats().evictions, MANY / 2);
    schema_cache_limit(0);
    ck_assert_uint_eq(schema_cache_stats().entries, 0);
    schema_cache_put(&used, schema);
    ck_assert(holds(&used, NULL));
    schema_unref(schema);
}
END_TEST

static schema_t *shared[64];

static void *use_cache(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg;
    for (int i = 0; i < 20000; i++) {
        unsigned n = (unsigned)rand_r(&seed) % 64;
        schema_key_t wanted = key(0, (int32_t)n, (uint8_t)n);
        schema_t *found = schema_cache_get(&wanted);
        if (found == NULL)
            schema_cache_put(&wanted, shared[n]);
        else if (found != shared[n])
            return arg;
        schema_unref(found);
    }
    return NULL;
}

START_TEST(threads_share_it)
{
    char text[64];
    for (int i = 0; i < 64; i++) {
        snprintf(text, sizeof text, "{\"type\":\"fixed\",\"name\":\"F%d\",\"size\":%d}", i, i + 1);
        shared[i] = parse(text);
    }
    schema_cache_limit(16 * 4 * (schema_bytes(shared[0]) + 200));
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, use_cache, (void *)(uintptr_t)(i + 1));
    for (size_t i = 0; i < 4; i++) {
        void *mistaken;
        pthread_join(threads[i], &mistaken);
        ck_assert_ptr_null(mistaken);
    }
    for (int i = 0; i < 64; i++)
        schema_unref(shared[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("schema_cache");
    TCase *tcase = tcase_create("schema_cache");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, schema_cache_clear);
    tcase_add_test(tcase, a_schema_is_found_by_context_id_and_identity);
    tcase_add_test(tcase, what_is_kept_twice_is_there_once);
    tcase_add_test(tcase, a_schema_in_use_outlives_its_place);
    tcase_add_test(tcase, memory_is_bounded_and_what_is_used_stays);
    tcase_add_test(tcase, threads_share_it);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

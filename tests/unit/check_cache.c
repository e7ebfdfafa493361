/* The reply cache: what each change makes untrue, races, the bound on memory. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/core/cache.h"

enum { MIB = 1 << 20 };

static cache_t *cache;

static void setup(void)
{
    cache = cache_new(16 * MIB);
    cache_live_until(cache, INT64_MAX);
}

static void teardown(void)
{
    cache_free(cache);
}

static reply_t reply_of(depends_t depends, const char *subject, text_t body)
{
    return (reply_t){.status = 200,
                     .body = body,
                     .content_type = "application/json",
                     .depends = depends,
                     .depends_subject = text_of(subject)};
}

static void store(const char *key, depends_t depends, const char *subject)
{
    reply_t reply = reply_of(depends, subject, TEXT("{}"));
    cache_store(cache, text_of(key), cache_begin(cache), &reply, TEXT_NONE);
}

static bool is_found(const char *key)
{
    const cached_t *cached = cache_find(cache, text_of(key));
    cached_unref(cached);
    return cached != NULL;
}

static void forget(audit_kind_t kind, const char *context, const char *subject)
{
    audit_t change = {.kind = kind, .context = text_of(context), .subject = text_of(subject)};
    cache_forget(cache, &change);
}

/* --- what is kept --------------------------------------------------------------------------------------------------------- */

START_TEST(a_reply_is_found_as_it_was_stored)
{
    char body[] = "{\"id\":1}", etag[] = "\"x\"", value[] = "v";
    reply_t reply = reply_of(DEPENDS_SCHEMA, NULL, text_of(body));
    reply.headers[0].name = "x-name";
    reply.headers[0].value = text_of(value);
    reply.n_headers = 1;
    cache_store(cache, TEXT("k"), cache_begin(cache), &reply, text_of(etag));
    memset(body, '?', sizeof body - 1); /* it is a copy */
    memset(etag, '?', sizeof etag - 1);
    value[0] = '?';
    const cached_t *cached = cache_find(cache, TEXT("k"));
    ck_assert_ptr_nonnull(cached);
    ck_assert_int_eq(cached->status, 200);
    ck_assert_str_eq(cached->content_type, "application/json");
    ck_assert(text_is(cached->body, "{\"id\":1}"));
    ck_assert(text_is(cached->etag, "\"x\""));
    ck_assert_uint_eq(cached->n_headers, 1);
    ck_assert_str_eq(cached->headers[0].name, "x-name");
    ck_assert(text_is(cached->headers[0].value, "v"));
    cached_unref(cached);
}
END_TEST

START_TEST(keys_are_bytes)
{
    reply_t reply = reply_of(DEPENDS_SCHEMA, NULL, TEXT("1"));
    cache_store(cache, (text_t){"a\0b", 3}, cache_begin(cache), &reply, TEXT_NONE);
    ck_assert(!is_found("a"));
    const cached_t *cached = cache_find(cache, (text_t){"a\0b", 3});
    ck_assert_ptr_nonnull(cached);
    cached_unref(cached);
    ck_assert_ptr_null(cache_find(cache, (text_t){"a\0c", 3}));
}
END_TEST

START_TEST(the_last_reply_of_a_key_counts)
{
    reply_t one = reply_of(DEPENDS_SCHEMA, NULL, TEXT("1")), two = reply_of(DEPENDS_SCHEMA, NULL, TEXT("2"));
    cache_store(cache, TEXT("k"), cache_begin(cache), &one, TEXT_NONE);
    cache_store(cache, TEXT("k"), cache_begin(cache), &two, TEXT_NONE);
    const cached_t *cached = cache_find(cache, TEXT("k"));
    ck_assert(text_is(cached->body, "2"));
    cached_unref(cached);
    ck_assert_uint_eq(cache_stats(cache).entries, 1);
}
END_TEST

static const struct {
    const char *name;
    depends_t depends;
    const char *subject;
    int status;
    bool kept;
} stored[] = {
    {"not asked to be kept", DEPENDS_NOT_CACHED, NULL, 200, false},
    {"no reply yet", DEPENDS_ALL, NULL, 0, false},
    {"a schema", DEPENDS_SCHEMA, NULL, 200, true},
    {"a schema that is not there", DEPENDS_SCHEMA, NULL, 404, false},
    {"a subject without its name", DEPENDS_SUBJECT, NULL, 200, false},
    {"a subject that is not there", DEPENDS_SUBJECT, "s", 404, true},
    {"a list", DEPENDS_ALL, NULL, 200, true},
};

START_TEST(only_what_can_be_forgotten_again_is_kept)
{
    reply_t reply = reply_of(stored[_i].depends, stored[_i].subject, TEXT("{}"));
    reply.status = stored[_i].status;
    cache_store(cache, TEXT("k"), cache_begin(cache), &reply, TEXT_NONE);
    ck_assert_msg(is_found("k") == stored[_i].kept, "%s", stored[_i].name);
}
END_TEST

/* --- what is forgotten ---------------------------------------------------------------------------------------------------- */

typedef struct {
    audit_kind_t kind;
    const char *context, *subject;
    /* what is still found: a schema, a schema shown with subject s, one with ":.c:s", subject s, ":.c:s", a list */
    const char *left;
} forgotten_t;

static const forgotten_t forgotten[] = {
    {AUDIT_SCHEMA_REGISTERED, ".", "s", "schema schema-cs cs"},
    {AUDIT_SCHEMA_REGISTERED, ".c", "s", "schema schema-s s"},
    {AUDIT_SCHEMA_REGISTERED, ".", "t", "schema schema-s schema-cs s cs"},
    {AUDIT_VERSION_SOFT_DELETED, ".", "s", "schema schema-cs cs"},
    {AUDIT_SUBJECT_SOFT_DELETED, ".c", "s", "schema schema-s s"},
    {AUDIT_VERSION_HARD_DELETED, ".", "t", ""},
    {AUDIT_SUBJECT_HARD_DELETED, ".", "t", ""},
    {AUDIT_CONFIG_SET, ".", "t", "schema schema-s schema-cs"},
    {AUDIT_CONFIG_SET, ".", NULL, "schema schema-s schema-cs"},
    {AUDIT_CONFIG_SET, ".", "s", "schema schema-cs"},
    {AUDIT_MODE_DELETED, ".c", NULL, "schema schema-s schema-cs"},
    {AUDIT_CONTEXT_DELETED, ".c", NULL, "schema schema-s schema-cs"},
};

START_TEST(a_change_forgets_what_it_makes_untrue)
{
    const forgotten_t *row = &forgotten[_i];
    store("schema", DEPENDS_SCHEMA, NULL);
    store("schema-s", DEPENDS_SCHEMA, "s");
    store("schema-cs", DEPENDS_SCHEMA, ":.c:s");
    store("s", DEPENDS_SUBJECT, "s");
    store("cs", DEPENDS_SUBJECT, ":.c:s");
    store("list", DEPENDS_ALL, NULL);
    forget(row->kind, row->context, row->subject);
    char left[128] = "";
    static const char *const keys[] = {"schema", "schema-s", "schema-cs", "s", "cs", "list"};
    for (size_t i = 0; i < 6; i++) {
        if (is_found(keys[i])) {
            size_t bytes = strlen(left);
            snprintf(left + bytes, sizeof left - bytes, "%s%s", bytes > 0 ? " " : "", keys[i]);
        }
    }
    ck_assert_msg(strcmp(left, row->left) == 0, "%s of %s %s left: %s, not: %s", audit_text(row->kind),
                  row->context, row->subject == NULL ? "all" : row->subject, left, row->left);
}
END_TEST

START_TEST(everything_can_be_forgotten)
{
    store("schema", DEPENDS_SCHEMA, NULL);
    store("s", DEPENDS_SUBJECT, "s");
    store("list", DEPENDS_ALL, NULL);
    cache_forget_all(cache);
    ck_assert(!is_found("schema") && !is_found("s") && !is_found("list"));
    ck_assert_uint_eq(cache_stats(cache).entries, 0); /* found out of date, taken out */
    store("s", DEPENDS_SUBJECT, "s");
    ck_assert(is_found("s"));
}
END_TEST

START_TEST(a_reply_made_before_a_change_and_stored_after_it_is_never_found)
{
    cache_time_t before = cache_begin(cache);
    forget(AUDIT_SCHEMA_REGISTERED, ".", "s");
    reply_t reply = reply_of(DEPENDS_SUBJECT, "s", TEXT("old"));
    cache_store(cache, TEXT("k"), before, &reply, TEXT_NONE);
    ck_assert(!is_found("k"));
    cache_time_t after = cache_begin(cache);
    cache_store(cache, TEXT("k"), after, &reply, TEXT_NONE);
    ck_assert(is_found("k"));
}
END_TEST

START_TEST(an_old_reply_does_not_come_back_over_a_new_one)
{
    reply_t old = reply_of(DEPENDS_ALL, NULL, TEXT("old")), new = reply_of(DEPENDS_ALL, NULL, TEXT("new"));
    cache_time_t before = cache_begin(cache);
    forget(AUDIT_CONFIG_SET, ".", NULL);
    cache_store(cache, TEXT("k"), cache_begin(cache), &new, TEXT_NONE);
    cache_store(cache, TEXT("k"), before, &old, TEXT_NONE);
    const cached_t *cached = cache_find(cache, TEXT("k"));
    ck_assert(text_is(cached->body, "new"));
    cached_unref(cached);
}
END_TEST

START_TEST(without_news_only_schemas_by_id_are_found)
{
    store("schema", DEPENDS_SCHEMA, NULL);
    store("s", DEPENDS_SUBJECT, "s");
    store("list", DEPENDS_ALL, NULL);
    cache_live_until(cache, 1);
    ck_assert(is_found("schema") && !is_found("s") && !is_found("list"));
    cache_live_until(cache, INT64_MAX); /* news: nothing happened meanwhile */
    ck_assert(is_found("schema") && is_found("s") && is_found("list"));
}
END_TEST

START_TEST(a_new_cache_waits_for_news)
{
    cache_t *fresh = cache_new(MIB);
    reply_t reply = reply_of(DEPENDS_ALL, NULL, TEXT("{}"));
    cache_store(fresh, TEXT("k"), cache_begin(fresh), &reply, TEXT_NONE);
    ck_assert_ptr_null(cache_find(fresh, TEXT("k")));
    cache_free(fresh);
}
END_TEST

/* --- memory --------------------------------------------------------------------------------------------------------------- */

static void store_large(cache_t *to, int i, size_t bytes)
{
    static char body[MIB];
    char key[32];
    snprintf(key, sizeof key, "key %d", i);
    reply_t reply = reply_of(DEPENDS_SCHEMA, NULL, (text_t){body, bytes});
    cache_store(to, text_of(key), cache_begin(to), &reply, TEXT_NONE);
}

START_TEST(memory_is_bounded_whatever_comes)
{
    for (int i = 0; i < 40000; i++)
        store_large(cache, i, (size_t)(i % 7) * 700);
    cache_stats_t stats = cache_stats(cache);
    ck_assert_uint_le(stats.bytes, 16 * MIB);
    ck_assert_uint_ge(stats.bytes, 14 * MIB); /* and is used */
    ck_assert_uint_gt(stats.evictions, 10000);
    ck_assert_uint_eq(stats.stores - stats.evictions, stats.entries);
}
END_TEST

START_TEST(what_is_asked_for_stays)
{
    store("hot", DEPENDS_SCHEMA, NULL);
    for (int i = 0; i < 60000; i++) {
        store_large(cache, i, 2000);
        if (i % 100 == 0)
            ck_assert_msg(is_found("hot"), "after %d", i);
    }
    ck_assert_uint_gt(cache_stats(cache).evictions, 40000);
}
END_TEST

START_TEST(what_is_too_large_is_not_kept)
{
    store_large(cache, 1, MIB); /* a shard has 1 MiB */
    store_large(cache, 2, MIB / 4);
    ck_assert(!is_found("key 1"));
    ck_assert(is_found("key 2"));
}
END_TEST

START_TEST(a_cache_without_room_keeps_nothing)
{
    cache_t *none = cache_new(0);
    reply_t reply = reply_of(DEPENDS_SCHEMA, NULL, TEXT("{}"));
    cache_store(none, TEXT("k"), cache_begin(none), &reply, TEXT_NONE);
    ck_assert_ptr_null(cache_find(none, TEXT("k")));
    cache_free(none);
}
END_TEST

START_TEST(a_reference_outlives_everything)
{
    store("k", DEPENDS_SCHEMA, NULL);
    const cached_t *cached = cache_find(cache, TEXT("k"));
    cached_ref(cached);
    cached_unref(cached);
    cache_forget_all(cache);
    ck_assert(!is_found("k"));
    for (int i = 0; i < 20000; i++)
        store_large(cache, i, 2000);
    ck_assert(text_is(cached->body, "{}"));
    cached_unref(cached);
}
END_TEST

/* --- many threads ---------------------------------------------------------------------------------------------------------- */

/* A database of one number. A writer raises it, then forgets, then says which number is known to be forgotten: from then on
 * nobody may find a smaller one. */
static struct {
    atomic_long committed, forgotten;
    atomic_bool stop, wrong;
    atomic_long found;
} world;

static void *write_numbers(void *arg)
{
    (void)arg;
    for (long n = 1; !atomic_load(&world.stop); n++) {
        atomic_store(&world.committed, n);
        forget(AUDIT_SCHEMA_REGISTERED, ".", "s");
        atomic_store(&world.forgotten, n);
        nanosleep(&(struct timespec){.tv_nsec = 1000 * (n % 64)}, NULL);
    }
    return NULL;
}

static void *read_numbers(void *arg)
{
    unsigned seed = (unsigned)(size_t)arg;
    while (!atomic_load(&world.stop)) {
        long least = atomic_load(&world.forgotten);
        const cached_t *cached = cache_find(cache, TEXT("number"));
        if (cached != NULL) {
            if (strtol(cached->body.at, NULL, 10) < least)
                atomic_store(&world.wrong, true);
            atomic_fetch_add(&world.found, 1);
            cached_unref(cached);
            if (rand_r(&seed) % 4 != 0)
                continue;
        }
        cache_time_t begun = cache_begin(cache);
        char body[24];
        snprintf(body, sizeof body, "%ld", atomic_load(&world.committed));
        if (rand_r(&seed) % 2 == 0)
            nanosleep(&(struct timespec){.tv_nsec = rand_r(&seed) % 50000}, NULL);
        reply_t reply = reply_of(DEPENDS_SUBJECT, "s", text_of(body));
        cache_store(cache, TEXT("number"), begun, &reply, TEXT_NONE);
    }
    return NULL;
}

START_TEST(nobody_finds_what_was_forgotten_before_they_asked)
{
    enum { N = 4 };
    pthread_t threads[N];
    for (size_t i = 0; i < N; i++)
        pthread_create(&threads[i], NULL, i == 0 ? write_numbers : read_numbers, (void *)(i + 1));
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 500000000}, NULL);
    atomic_store(&world.stop, true);
    for (size_t i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
    ck_assert(!atomic_load(&world.wrong));
    ck_assert_int_gt(atomic_load(&world.found), 1000);
    ck_assert_int_gt(atomic_load(&world.committed), 100);
}
END_TEST

static void *churn(void *arg)
{
    unsigned seed = (unsigned)(size_t)arg;
    for (int i = 0; i < 20000; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %d", rand_r(&seed) % 500);
        if (rand_r(&seed) % 3 == 0) {
            reply_t reply = reply_of(rand_r(&seed) % 2 ? DEPENDS_SCHEMA : DEPENDS_ALL, NULL, text_of(key));
            cache_store(cache, text_of(key), cache_begin(cache), &reply, TEXT_NONE);
        } else {
            const cached_t *cached = cache_find(cache, text_of(key));
            if (cached != NULL && !text_is(cached->body, key))
                atomic_store(&world.wrong, true);
            cached_unref(cached);
        }
        if (rand_r(&seed) % 200 == 0)
            forget(AUDIT_SUBJECT_HARD_DELETED, ".", "s");
    }
    return NULL;
}

START_TEST(threads_may_do_anything_at_once)
{
    cache_free(cache);
    cache = cache_new(256 * 1024); /* so that they also evict */
    cache_live_until(cache, INT64_MAX);
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, churn, (void *)(i + 1));
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    ck_assert(!atomic_load(&world.wrong));
    ck_assert_uint_le(cache_stats(cache).bytes, 256 * 1024);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("cache");
    TCase *kept = tcase_create("kept");
    tcase_add_checked_fixture(kept, setup, teardown);
    tcase_add_test(kept, a_reply_is_found_as_it_was_stored);
    tcase_add_test(kept, keys_are_bytes);
    tcase_add_test(kept, the_last_reply_of_a_key_counts);
    tcase_add_loop_test(kept, only_what_can_be_forgotten_again_is_kept, 0, sizeof stored / sizeof stored[0]);
    suite_add_tcase(s, kept);

    TCase *forgets = tcase_create("forgets");
    tcase_add_checked_fixture(forgets, setup, teardown);
    tcase_add_loop_test(forgets, a_change_forgets_what_it_makes_untrue, 0,
                        sizeof forgotten / sizeof forgotten[0]);
    tcase_add_test(forgets, everything_can_be_forgotten);
    tcase_add_test(forgets, a_reply_made_before_a_change_and_stored_after_it_is_never_found);
    tcase_add_test(forgets, an_old_reply_does_not_come_back_over_a_new_one);
    tcase_add_test(forgets, without_news_only_schemas_by_id_are_found);
    tcase_add_test(forgets, a_new_cache_waits_for_news);
    suite_add_tcase(s, forgets);

    TCase *memory = tcase_create("memory");
    tcase_add_checked_fixture(memory, setup, teardown);
    tcase_set_timeout(memory, 60);
    tcase_add_test(memory, memory_is_bounded_whatever_comes);
    tcase_add_test(memory, what_is_asked_for_stays);
    tcase_add_test(memory, what_is_too_large_is_not_kept);
    tcase_add_test(memory, a_cache_without_room_keeps_nothing);
    tcase_add_test(memory, a_reference_outlives_everything);
    suite_add_tcase(s, memory);

    TCase *threads = tcase_create("threads");
    tcase_add_checked_fixture(threads, setup, teardown);
    tcase_set_timeout(threads, 60);
    tcase_add_test(threads, nobody_finds_what_was_forgotten_before_they_asked);
    tcase_add_test(threads, threads_may_do_anything_at_once);
    suite_add_tcase(s, threads);
    return s;
}

int main(void)
{
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? 0 : 1;
}

/* Random pairs: a schema and a changed copy of it, judged by the claims of the fuzzer (tests/fuzz/fuzz_avro_pair.c): what is
 * compatible reads every value that chance finds, what is not carries messages that are refused. */
#include "avro_support.h"

#include "tests/fuzz/avro_sketch.h"
#include "tests/fuzz/fuzz_avro_pair.c"

#define PAIRS_A_TEST 400

START_TEST(no_message_proves_a_verdict_wrong)
{
    for (uint64_t i = 0; i < PAIRS_A_TEST; i++) {
        uint64_t seed = mixed((uint64_t)_i * PAIRS_A_TEST + i, 4711);
        buf_t input;
        buf_init(&input, BUF_NO_MAX);
        sketch_t reader = {.out = &input, .changes = seed | 1}, writer = {.out = &input};
        sketch(&reader, seed, 5, false);
        buf_add_char(&input, 0);
        sketch(&writer, seed, 5, false);
        buf_printf(&input, "%c%llu", 0, (unsigned long long)i);
        LLVMFuzzerTestOneInput((const uint8_t *)buf_text(&input).at, buf_text(&input).bytes);
        buf_dispose(&input);
    }
}
END_TEST

/* The pairs are worth the time only if both verdicts come up. */
START_TEST(random_pairs_are_of_both_kinds)
{
    int n[3] = {0}, parsed = 0;
    for (uint64_t i = 0; i < 300; i++) {
        uint64_t seed = mixed(i, 99);
        buf_t text[2];
        schema_t *schema[2];
        for (int side = 0; side < 2; side++) {
            buf_init(&text[side], BUF_NO_MAX);
            sketch_t s = {.out = &text[side], .changes = side ? seed | 1 : 0};
            sketch(&s, seed, 4, false);
            schema[side] = parse(buf_text(&text[side]));
            buf_dispose(&text[side]);
        }
        if (schema[0] && schema[1]) {
            arena_t *arena = arena_new();
            n[check(schema[0], schema[1], MODE_STRICT, 0, FIX_NONE, arena)->verdict]++;
            parsed++;
            arena_free(arena);
        }
        schema_unref(schema[0]);
        schema_unref(schema[1]);
    }
    ck_assert_msg(parsed > 150 && n[VERDICT_COMPATIBLE] > 30 && n[VERDICT_INCOMPATIBLE] > 30,
                  "%d parsed, %d compatible, %d not", parsed, n[VERDICT_COMPATIBLE], n[VERDICT_INCOMPATIBLE]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("avro_random");
    TCase *tc = tcase_create("random");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, no_message_proves_a_verdict_wrong, 0, 12);
    tcase_add_test(tc, random_pairs_are_of_both_kinds);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}

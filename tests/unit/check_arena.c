/* check_arena.c - memory that is given back all at once (compat/core/arena.h), and texts that grow (buf.h). */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/buf.h"

START_TEST(memory_is_zeroed_even_after_it_was_used)
{
    arena_t *arena = arena_new();
    arena_mark_t mark = arena_mark(arena);
    memset(arena_alloc(arena, 1000), 0xFF, 1000);
    arena_rewind(arena, mark);
    const unsigned char *again = arena_alloc(arena, 1000);
    for (size_t i = 0; i < 1000; i++)
        ck_assert_uint_eq(again[i], 0);
    arena_free(arena);
}
END_TEST

START_TEST(memory_is_aligned_for_any_type)
{
    arena_t *arena = arena_new();
    for (size_t bytes = 0; bytes < 40; bytes++) {
        arena_copy(arena, "x", 1); /* copies are not aligned: the next object must be all the same */
        ck_assert_uint_eq((uintptr_t)arena_alloc(arena, bytes) % _Alignof(max_align_t), 0);
    }
    arena_free(arena);
}
END_TEST

START_TEST(objects_do_not_overlap_across_chunks)
{
    arena_t *arena = arena_new();
    unsigned char *objects[400];
    for (size_t i = 0; i < 400; i++)
        objects[i] = memset(arena_alloc(arena, i * 7), (int)(i & 0xFF), i * 7);
    for (size_t i = 0; i < 400; i++)
        for (size_t b = 0; b < i * 7; b++)
            ck_assert_uint_eq(objects[i][b], i & 0xFF);
    arena_free(arena);
}
END_TEST

START_TEST(an_object_larger_than_a_chunk_is_served)
{
    arena_t *arena = arena_new();
    char *large = arena_alloc(arena, 5u << 20), *small = arena_alloc(arena, 10);
    large[(5u << 20) - 1] = 'x';
    small[9] = 'y';
    ck_assert_uint_ge(arena_bytes(arena), 5u << 20);
    arena_free(arena);
}
END_TEST

START_TEST(rewinding_gives_back_what_came_after_the_mark_and_keeps_what_came_before)
{
    arena_t *arena = arena_new();
    char *before = arena_copy(arena, "kept", 4);
    size_t bytes = arena_bytes(arena);
    for (int round = 0; round < 50; round++) {
        arena_mark_t mark = arena_mark(arena);
        for (int i = 0; i < 100; i++)
            arena_alloc(arena, 4000);
        arena_rewind(arena, mark);
    }
    ck_assert_str_eq(before, "kept");
    ck_assert_uint_le(arena_bytes(arena),
                      bytes + (512u << 10)); /* one spare chunk, not fifty rounds of them */
    arena_free(arena);
}
END_TEST

START_TEST(a_reset_arena_starts_small_again)
{
    arena_t *arena = arena_new();
    size_t bytes = arena_bytes(arena);
    arena_alloc(arena, 1u << 20);
    arena_reset(arena);
    ck_assert_uint_eq(arena_bytes(arena), bytes);
    ck_assert_str_eq(arena_printf(arena, "%d-%s", 7, "x"), "7-x");
    arena_free(arena);
    arena_free(NULL);
}
END_TEST

START_TEST(a_copy_keeps_nuls_and_ends_with_one)
{
    arena_t *arena = arena_new();
    const char *copy = arena_copy(arena, "a\0b", 3);
    ck_assert_int_eq(memcmp(copy, "a\0b", 4), 0);
    ck_assert_str_eq(arena_copy(arena, NULL, 0), "");
    arena_free(arena);
}
END_TEST

START_TEST(long_formatted_texts_are_whole)
{
    arena_t *arena = arena_new();
    const char *text = arena_printf(arena, "%0*d|", 3000, 5);
    ck_assert_uint_eq(strlen(text), 3001);
    ck_assert_str_eq(text + 2998, "05|");
    arena_free(arena);
}
END_TEST

/* --- buffers ----------------------------------------------------------------------------------------------------- */

START_TEST(a_buffer_grows_to_its_maximum_and_says_when_it_would_pass_it)
{
    buf_t buf;
    buf_init(&buf, 5);
    ck_assert_str_eq(buf_text(&buf).at, "");
    buf_add_s(&buf, "abc");
    buf_add_char(&buf, 'd');
    ck_assert(!buf_failed(&buf));
    buf_add_s(&buf, "ef");
    ck_assert(buf_failed(&buf));
    buf_add_char(&buf, 'e'); /* fits, but a buffer that has failed stays as it was */
    ck_assert_str_eq(buf_text(&buf).at, "abcd");
    buf_clear(&buf);
    ck_assert(!buf_failed(&buf));
    buf_printf(&buf, "%d", 12345);
    ck_assert_str_eq(buf_text(&buf).at, "12345");
    buf_dispose(&buf);
}
END_TEST

START_TEST(a_taken_buffer_is_empty)
{
    arena_t *arena = arena_new();
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    for (int i = 0; i < 1000; i++)
        buf_printf(&buf, "%d,", i % 10);
    buf_cut(&buf, 4);
    text_t taken = buf_take(&buf, arena);
    ck_assert_str_eq(taken.at, "0,1,");
    ck_assert_uint_eq(buf_text(&buf).bytes, 0);
    buf_dispose(&buf);
    ck_assert_str_eq(taken.at, "0,1,");
    arena_free(arena);
}
END_TEST

START_TEST(code_points_are_written_as_utf8)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    static const uint32_t code_points[] = {'A', 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF};
    for (size_t i = 0; i < sizeof code_points / sizeof *code_points; i++)
        buf_add_code_point(&buf, code_points[i]);
    ck_assert_str_eq(buf_text(&buf).at,
                     "A\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
    const char *at = buf_text(&buf).at;
    for (size_t i = 0; i < sizeof code_points / sizeof *code_points; i++)
        ck_assert_uint_eq(text_code_point(&at), code_points[i]);
    ck_assert_uint_eq(text_code_points(buf_text(&buf)), 8);
    buf_dispose(&buf);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arena");
    TCase *arenas = tcase_create("arenas"), *buffers = tcase_create("buffers");
    tcase_add_test(arenas, memory_is_zeroed_even_after_it_was_used);
    tcase_add_test(arenas, memory_is_aligned_for_any_type);
    tcase_add_test(arenas, objects_do_not_overlap_across_chunks);
    tcase_add_test(arenas, an_object_larger_than_a_chunk_is_served);
    tcase_add_test(arenas, rewinding_gives_back_what_came_after_the_mark_and_keeps_what_came_before);
    tcase_add_test(arenas, a_reset_arena_starts_small_again);
    tcase_add_test(arenas, a_copy_keeps_nuls_and_ends_with_one);
    tcase_add_test(arenas, long_formatted_texts_are_whole);
    tcase_add_test(buffers, a_buffer_grows_to_its_maximum_and_says_when_it_would_pass_it);
    tcase_add_test(buffers, a_taken_buffer_is_empty);
    tcase_add_test(buffers, code_points_are_written_as_utf8);
    suite_add_tcase(suite, arenas);
    suite_add_tcase(suite, buffers);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

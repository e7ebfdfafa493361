/* check_text.c - texts, UTF-8, faults and fingerprints (compat/core/text.h, fault.h, digest.h). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/digest.h"
#include "compat/core/fault.h"

#define BYTES(literal) ((text_t){"" literal "", sizeof(literal) - 1})

static const struct {
    const char *claim;
    text_t text;
    size_t good; /* bytes before the first that is wrong */
} utf8[] = {
    {"the empty text is UTF-8", BYTES(""), 0},
    {"ASCII is UTF-8", BYTES("abc"), 3},
    {"sequences of two, three and four bytes are UTF-8", BYTES("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), 9},
    {"NUL is a character", BYTES("a\0b"), 3},
    {"the last code point is U+10FFFF", BYTES("\xF4\x8F\xBF\xBF"), 4},
    {"there is none after it", BYTES("a\xF4\x90\x80\x80"), 1},
    {"surrogates are none", BYTES("a\xED\xA0\x80"), 1},
    {"what surrounds surrogates is", BYTES("\xED\x9F\xBF\xEE\x80\x80"), 6},
    {"a slash in two bytes is overlong", BYTES("\xC0\xAF"), 0},
    {"a slash in three bytes is overlong", BYTES("\xE0\x80\xAF"), 0},
    {"a character of three bytes in four is overlong", BYTES("\xF0\x82\x82\xAC"), 0},
    {"a continuation byte cannot come first", BYTES("abcdefgh\x80"), 8},
    {"a sequence must be whole", BYTES("ab\xE2\x82"), 2},
    {"a sequence must not be broken off", BYTES("ab\xE2\x82X"), 2},
    {"0xFE is nothing", BYTES("\xFE"), 0},
    {"a bad byte after long ASCII is found", BYTES("0123456789abcdef0123456789\xFF.."), 26},
};

START_TEST(the_first_bad_byte_is_found)
{
    ck_assert_msg(text_utf8_valid(utf8[_i].text) == utf8[_i].good, "%s: %zu", utf8[_i].claim,
                  text_utf8_valid(utf8[_i].text));
}
END_TEST

START_TEST(texts_compare_by_bytes)
{
    ck_assert(text_eq(TEXT("a"), TEXT("a")) && !text_eq(TEXT("a"), TEXT("b")) &&
              !text_eq(TEXT("a"), TEXT("ab")));
    ck_assert(text_eq(TEXT_NONE, TEXT("")));
    ck_assert(text_is(TEXT("abc"), "abc") && !text_is(BYTES("abc\0"), "abc"));
    ck_assert(text_is_nocase(TEXT("Full_Transitive"), "FULL_TRANSITIVE") && !text_is_nocase(TEXT("["), "{"));
    ck_assert_int_lt(text_compare(TEXT("a"), TEXT("b")), 0);
    ck_assert_int_lt(text_compare(TEXT("a"), TEXT("aa")), 0);
    ck_assert_int_gt(text_compare(TEXT("\xC3\xA9"), TEXT("z")), 0);
    ck_assert_int_eq(text_compare(TEXT_NONE, TEXT("")), 0);
    ck_assert(text_starts(TEXT("abc"), TEXT("ab")) && !text_starts(TEXT("a"), TEXT("ab")));
}
END_TEST

START_TEST(texts_are_cut)
{
    ck_assert(text_is(text_from(TEXT("abc"), 1), "bc"));
    ck_assert(text_is(text_from(TEXT("abc"), 9), ""));
    ck_assert(text_is(text_trim(TEXT(" \t\r\n a b \n")), "a b"));
    ck_assert(text_is(text_trim(TEXT("   ")), ""));
}
END_TEST

START_TEST(hashes_depend_on_every_byte_and_on_the_seed)
{
    char text[40] = {0};
    uint64_t plain = text_hash((text_t){text, sizeof text}, 1);
    ck_assert_uint_ne(plain, text_hash((text_t){text, sizeof text}, 2));
    ck_assert_uint_ne(plain, text_hash((text_t){text, sizeof text - 1}, 1));
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = 1;
        ck_assert_uint_ne(plain, text_hash((text_t){text, sizeof text}, 1));
        text[i] = 0;
    }
}
END_TEST

START_TEST(the_first_fault_wins)
{
    fault_t fault = {0};
    ck_assert_int_eq(fault_set(&fault, FAULT_SCHEMA, 3, 14, "unknown type \"%s\"", "int32"), -1);
    fault_set_pointer(&fault, TEXT("/fields/2/type"));
    fault_set(&fault, FAULT_SYNTAX, 1, 1, "later");
    fault_set_pointer(&fault, TEXT("/later"));
    ck_assert_int_eq(fault.code, FAULT_SCHEMA);
    arena_t *arena = arena_new();
    ck_assert_str_eq(fault_sentence(&fault, arena).at,
                     "line 3, column 14 (/fields/2/type): unknown type \"int32\"");
    arena_free(arena);
    ck_assert_int_eq(fault_set(NULL, FAULT_SYNTAX, 1, 1, "nobody listens"), -1);
}
END_TEST

START_TEST(a_fault_without_a_place_is_only_its_sentence)
{
    arena_t *arena = arena_new();
    fault_t fault = {0};
    fault_set(&fault, FAULT_LIMIT, 0, 0, "too large");
    ck_assert_str_eq(fault_sentence(&fault, arena).at, "too large");
    fault_set_pointer(&fault, TEXT("/a"));
    ck_assert_str_eq(fault_sentence(&fault, arena).at, "/a: too large");
    arena_free(arena);
}
END_TEST

START_TEST(long_sentences_are_cut_at_a_whole_character)
{
    for (int pad = 0; pad < 4; pad++) {
        fault_t fault = {0};
        char text[1000] = "";
        size_t n = (size_t)pad;
        memset(text, 'x', n);
        for (; n + 3 < sizeof text - 3; n += 3)
            memcpy(text + n, "\xE2\x82\xAC", 3);
        fault_set(&fault, FAULT_SYNTAX, 1, 1, "%s", text);
        fault_set_pointer(&fault, text_of(text));
        ck_assert_str_eq(fault.text + strlen(fault.text) - 3, "...");
        ck_assert_uint_eq(text_utf8_valid(text_of(fault.text)), strlen(fault.text));
        ck_assert_uint_eq(text_utf8_valid(text_of(fault.pointer)), strlen(fault.pointer));
    }
}
END_TEST

static const struct {
    const char *claim, *text, *md5, *sha256;
    uint64_t crc64;
} digests[] = {
    {"of the empty text", "", "d41d8cd98f00b204e9800998ecf8427e",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0xC15D213AA4D7A795u},
    {"of Avro's int", "\"int\"", "ef524ea1b91e73173d938ade36c1db32",
     "3f2b87a9fe7cc9b13835598c3981cd45e3e355309e5090aa0933d7becb6fba45", 0x7275D51A3F395C8Fu},
};

static void hex(const uint8_t *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

START_TEST(fingerprints_are_those_of_the_world)
{
    uint8_t md5[16], sha256[32];
    char out[65];
    digest_md5(text_of(digests[_i].text), md5);
    hex(md5, 16, out);
    ck_assert_str_eq(out, digests[_i].md5);
    digest_sha256(text_of(digests[_i].text), sha256);
    hex(sha256, 32, out);
    ck_assert_str_eq(out, digests[_i].sha256);
    ck_assert_uint_eq(digest_crc64_avro(text_of(digests[_i].text)), digests[_i].crc64);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *texts = tcase_create("texts"), *faults = tcase_create("faults"),
          *prints = tcase_create("fingerprints");
    tcase_add_loop_test(texts, the_first_bad_byte_is_found, 0, sizeof utf8 / sizeof *utf8);
    tcase_add_test(texts, texts_compare_by_bytes);
    tcase_add_test(texts, texts_are_cut);
    tcase_add_test(texts, hashes_depend_on_every_byte_and_on_the_seed);
    tcase_add_test(faults, the_first_fault_wins);
    tcase_add_test(faults, a_fault_without_a_place_is_only_its_sentence);
    tcase_add_test(faults, long_sentences_are_cut_at_a_whole_character);
    tcase_add_loop_test(prints, fingerprints_are_those_of_the_world, 0, sizeof digests / sizeof *digests);
    suite_add_tcase(suite, texts);
    suite_add_tcase(suite, faults);
    suite_add_tcase(suite, prints);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Request bodies, members by type, and replies. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "server/core/body.h"
#include "server/core/gzip.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

static call_t call;

static void setup(void)
{
    memset(&call, 0, sizeof call);
    call.arena = arena_new();
}

static void teardown(void)
{
    json_decref(call.body);
    arena_free(call.arena);
}

static int parse(const char *at, size_t bytes, bool required)
{
    call.body_text = (text_t){at, bytes};
    return body_parse(&call, required, 8);
}

#define BODY(literal) literal, sizeof(literal) - 1

static const struct {
    const char *name, *at;
    size_t bytes;
    err_code_t code;
    const char *sentence;
} refused[] = {
    {"no body", BODY(""), ERR_BODY_INVALID, "The request body is missing"},
    {"blanks", BODY(" \r\n\t "), ERR_BODY_INVALID, "The request body is missing"},
    {"null", BODY(" null "), ERR_BODY_INVALID, "The request body is null"},
    {"a list", BODY("[1]"), ERR_BODY_MALFORMED, "The request body must be a JSON object"},
    {"a text", BODY("\"x\""), ERR_BODY_MALFORMED, "The request body must be a JSON object"},
    {"no JSON", BODY("hello"), ERR_BODY_MALFORMED, "Malformed JSON at line 1, column "},
    {"an open object", BODY("{\"a\":1"), ERR_BODY_MALFORMED, "Malformed JSON at line 1, column "},
    {"the second line", BODY("{\n\"a\" 1}"), ERR_BODY_MALFORMED, "Malformed JSON at line 2, column "},
    {"text after it", BODY("{} x"), ERR_BODY_MALFORMED, "Malformed JSON at line 1, column "},
    {"a key twice", BODY("{\"a\":1,\"a\":1}"), ERR_BODY_MALFORMED, "Malformed JSON at line 1, column "},
    {"a key twice within", BODY("{\"o\":{\"a\":1,\"a\":1}}"), ERR_BODY_MALFORMED,
     "Malformed JSON at line 1, column "},
    {"a NUL", BODY("{\"a\":\n\"x\0y\"}"), ERR_BODY_MALFORMED,
     "Malformed JSON at line 2, column 3: a NUL byte"},
    {"an escaped NUL", BODY("{\"a\":\"\\u0000\"}"), ERR_BODY_MALFORMED, "Malformed JSON at line 1, column "},
    {"a byte that is no character", BODY("{\"a\":\"\xff\"}"), ERR_BODY_MALFORMED,
     "Malformed JSON at line 1, column 7: not UTF-8"},
    {"a surrogate in UTF-8", BODY("{\"a\":\"\xed\xa0\x80\"}"), ERR_BODY_MALFORMED,
     "Malformed JSON at line 1, column 7: not UTF-8"},
    {"half a surrogate pair", BODY("{\"a\":\"\\ud800\"}"), ERR_BODY_MALFORMED,
     "Malformed JSON at line 1, column "},
    {"a number beyond 64 bits", BODY("{\"a\":99999999999999999999}"), ERR_BODY_MALFORMED,
     "Malformed JSON at line 1, column "},
    {"nine levels", BODY("{\"a\":[[[[[[[[]]]]]]]]}"), ERR_BODY_MALFORMED,
     "Malformed JSON at line 1, column 13: nested deeper than 8 levels"},
};

START_TEST(a_body_that_cannot_be_read_is_refused_with_its_place)
{
    ck_assert_msg(parse(refused[_i].at, refused[_i].bytes, true) == -1, "%s", refused[_i].name);
    ck_assert_msg(call.err.code == refused[_i].code, "%s: %s", refused[_i].name, err_name(call.err.code));
    ck_assert_msg(strncmp(call.err.text, refused[_i].sentence, strlen(refused[_i].sentence)) == 0, "%s: %s",
                  refused[_i].name, call.err.text);
    ck_assert_ptr_null(call.body);
}
END_TEST

START_TEST(brackets_in_texts_are_not_nesting)
{
    ck_assert_int_eq(parse(BODY("{\"a\":\"[[[[[[[[[[[[\\\"[[[[[\\\\\"}"), true), 0);
    ck_assert_ptr_nonnull(call.body);
}
END_TEST

START_TEST(eight_levels_are_fine_when_eight_are_allowed)
{
    ck_assert_int_eq(parse(BODY("{\"a\":[[[[[[[]]]]]]],\"b\":[[[[[[[]]]]]]]}"), true), 0);
}
END_TEST

START_TEST(a_body_that_may_be_missing_may_be_missing)
{
    ck_assert_int_eq(parse(BODY(""), false), 0);
    ck_assert_ptr_null(call.body);
    ck_assert_int_eq(parse(BODY("null"), false), 0);
    ck_assert_ptr_null(call.body);
    ck_assert_int_eq(parse(BODY("[]"), false), -1);
}
END_TEST

START_TEST(members_are_read_by_type_and_absent_or_null_is_the_default)
{
    text_t text;
    int64_t number;
    bool flag;
    const json_t *inner;
    ck_assert_int_eq(parse(BODY("{\"t\":\"x\",\"i\":-5,\"b\":true,\"l\":[1],\"o\":{},\"n\":null}"), true), 0);
    ck_assert(jx_text(&call, call.body, "t", TEXT("d"), &text) == 0 && text_is(text, "x"));
    ck_assert(jx_int(&call, call.body, "i", 7, &number) == 0 && number == -5);
    ck_assert(jx_bool(&call, call.body, "b", false, &flag) == 0 && flag);
    ck_assert(jx_array(&call, call.body, "l", &inner) == 0 && json_array_size(inner) == 1);
    ck_assert(jx_object(&call, call.body, "o", &inner) == 0 && inner != NULL);
    for (int i = 0; i < 2; i++) {
        const char *name = i == 0 ? "n" : "absent";
        ck_assert(jx_text(&call, call.body, name, TEXT("d"), &text) == 0 && text_is(text, "d"));
        ck_assert(jx_int(&call, call.body, name, 7, &number) == 0 && number == 7);
        ck_assert(jx_bool(&call, call.body, name, true, &flag) == 0 && flag);
        ck_assert(jx_array(&call, call.body, name, &inner) == 0 && inner == NULL);
        ck_assert(jx_object(&call, call.body, name, &inner) == 0 && inner == NULL);
    }
}
END_TEST

START_TEST(a_member_of_another_type_is_named)
{
    text_t text;
    int64_t number;
    ck_assert_int_eq(parse(BODY("{\"schema\":{},\"version\":1.5}"), true), 0);
    ck_assert_int_eq(jx_text(&call, call.body, "schema", TEXT_NONE, &text), -1);
    ck_assert_int_eq(call.err.code, ERR_BODY_MALFORMED);
    ck_assert_str_eq(call.err.text, "\"schema\" must be a string, not an object");
    err_clear(&call.err);
    ck_assert_int_eq(jx_int(&call, call.body, "version", 0, &number), -1);
    ck_assert_str_eq(call.err.text, "\"version\" must be an integer, not a number");
}
END_TEST

/* --- replies --------------------------------------------------------------------------------------------------------------- */

START_TEST(a_json_reply_is_printed_compactly)
{
    reply_json(&call, 200, json_pack("{s:[i,i],s:s}", "a", 1, 2, "b", "\xe2\x82\xac/"));
    ck_assert_int_eq(call.reply.status, 200);
    ck_assert(text_is(call.reply.body, "{\"a\":[1,2],\"b\":\"\xe2\x82\xac/\"}"));
}
END_TEST

START_TEST(a_bare_value_is_a_json_reply_too)
{
    reply_json(&call, 200, json_integer(7));
    ck_assert(text_is(call.reply.body, "7"));
}
END_TEST

START_TEST(a_reply_that_could_not_be_made_is_500)
{
    reply_json(&call, 200, NULL);
    ck_assert_int_eq(call.reply.status, 500);
    ck_assert(text_is(call.reply.body, "{\"error_code\":500,\"message\":\"Internal Server Error\"}"));
}
END_TEST

START_TEST(a_failure_has_code_and_message_and_nothing_else)
{
    reply_depends(&call, DEPENDS_ALL, TEXT_NONE);
    err_set(&call.err, ERR_VERSION_NOT_FOUND, "Version %d not found.", 7);
    reply_fail(&call);
    ck_assert_int_eq(call.reply.status, 404);
    ck_assert_int_eq(call.reply.depends, DEPENDS_NOT_CACHED);
    ck_assert(text_is(call.reply.body, "{\"error_code\":40402,\"message\":\"Version 7 not found.\"}"));
}
END_TEST

START_TEST(a_message_that_is_not_utf8_is_made_so)
{
    err_set(&call.err, ERR_BODY_MALFORMED, "near \xff\xfe!");
    reply_fail(&call);
    ck_assert(
        text_is(call.reply.body, "{\"error_code\":400,\"message\":\"near \xef\xbf\xbd\xef\xbf\xbd!\"}"));
}
END_TEST

START_TEST(a_busy_server_says_when_to_come_back)
{
    err_set(&call.err, ERR_BUSY, NULL);
    reply_fail(&call);
    ck_assert_int_eq(call.reply.status, 503);
    ck_assert_str_eq(call.reply.headers[0].name, "retry-after");
}
END_TEST

START_TEST(more_headers_than_there_is_room_for_are_dropped)
{
    for (int i = 0; i < 20; i++)
        reply_header(&call, "x", TEXT("y"));
    ck_assert_uint_eq(call.reply.n_headers, 8);
}
END_TEST

/* --- compression ----------------------------------------------------------------------------------------------------------- */

static text_t inflated(text_t text)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)text.at, .avail_in = (uInt)text.bytes};
    char *out = arena_alloc(call.arena, 100000);
    ck_assert_int_eq(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_out = (Bytef *)out;
    stream.avail_out = 100000;
    ck_assert_int_eq(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return (text_t){out, stream.total_out};
}

static text_t compressible(size_t bytes)
{
    char *at = arena_alloc(call.arena, bytes);
    memset(at, 'x', bytes);
    return (text_t){at, bytes};
}

START_TEST(a_long_reply_is_compressed_for_those_who_take_it)
{
    text_t body = compressible(50000);
    reply_text(&call, 200, NULL, body);
    gzip_reply(&call, true, 1000);
    ck_assert_uint_lt(call.reply.body.bytes, 1000);
    ck_assert(text_eq(inflated(call.reply.body), body));
    ck_assert_uint_eq(call.reply.n_headers, 2);
    ck_assert_str_eq(call.reply.headers[0].name, "vary");
    ck_assert_str_eq(call.reply.headers[1].name, "content-encoding");
}
END_TEST

START_TEST(a_long_reply_stays_as_it_is_for_others_and_says_that_it_varies)
{
    reply_text(&call, 200, NULL, compressible(50000));
    gzip_reply(&call, false, 1000);
    ck_assert_uint_eq(call.reply.body.bytes, 50000);
    ck_assert_uint_eq(call.reply.n_headers, 1);
    ck_assert_str_eq(call.reply.headers[0].name, "vary");
}
END_TEST

START_TEST(a_short_reply_is_never_compressed)
{
    reply_text(&call, 200, NULL, compressible(999));
    gzip_reply(&call, true, 1000);
    gzip_reply(&call, true, 0);
    ck_assert_uint_eq(call.reply.body.bytes, 999);
    ck_assert_uint_eq(call.reply.n_headers, 0);
}
END_TEST

START_TEST(a_reply_that_does_not_shrink_stays_as_it_is)
{
    char *noise = arena_alloc(call.arena, 4096);
    uint32_t state = 1;
    for (int i = 0; i < 4096; i++)
        noise[i] = (char)((state = state * 1664525u + 1013904223u) >> 24);
    reply_text(&call, 200, NULL, (text_t){noise, 4096});
    gzip_reply(&call, true, 1000);
    ck_assert_ptr_eq(call.reply.body.at, noise);
    ck_assert_uint_eq(call.reply.n_headers, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("body");
    TCase *bodies = tcase_create("bodies"), *replies = tcase_create("replies");
    tcase_add_checked_fixture(bodies, setup, teardown);
    tcase_add_loop_test(bodies, a_body_that_cannot_be_read_is_refused_with_its_place, 0, ROWS(refused));
    tcase_add_test(bodies, brackets_in_texts_are_not_nesting);
    tcase_add_test(bodies, eight_levels_are_fine_when_eight_are_allowed);
    tcase_add_test(bodies, a_body_that_may_be_missing_may_be_missing);
    tcase_add_test(bodies, members_are_read_by_type_and_absent_or_null_is_the_default);
    tcase_add_test(bodies, a_member_of_another_type_is_named);
    suite_add_tcase(suite, bodies);
    tcase_add_checked_fixture(replies, setup, teardown);
    tcase_add_test(replies, a_json_reply_is_printed_compactly);
    tcase_add_test(replies, a_bare_value_is_a_json_reply_too);
    tcase_add_test(replies, a_reply_that_could_not_be_made_is_500);
    tcase_add_test(replies, a_failure_has_code_and_message_and_nothing_else);
    tcase_add_test(replies, a_message_that_is_not_utf8_is_made_so);
    tcase_add_test(replies, a_busy_server_says_when_to_come_back);
    tcase_add_test(replies, more_headers_than_there_is_room_for_are_dropped);
    tcase_add_test(replies, a_long_reply_is_compressed_for_those_who_take_it);
    tcase_add_test(replies, a_long_reply_stays_as_it_is_for_others_and_says_that_it_varies);
    tcase_add_test(replies, a_short_reply_is_never_compressed);
    tcase_add_test(replies, a_reply_that_does_not_shrink_stays_as_it_is);
    suite_add_tcase(suite, replies);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

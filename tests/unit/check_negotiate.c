/* Media types, encodings, request ids. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "server/core/negotiate.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))
#define V1          "application/vnd.schemaregistry.v1+json"
#define V0          "application/vnd.schemaregistry+json"
#define JSON        "application/json"

static const struct {
    const char *name, *accept;
    media_t media;
} accepts[] = {
    {"absent", NULL, MEDIA_V1_JSON},
    {"empty", "", MEDIA_V1_JSON},
    {"anything", "*/*", MEDIA_V1_JSON},
    {"any application", "application/*", MEDIA_V1_JSON},
    {"the first", V1, MEDIA_V1_JSON},
    {"the second", V0, MEDIA_JSON_0},
    {"the third", JSON, MEDIA_JSON},
    {"in capitals", "APPLICATION/JSON", MEDIA_JSON},
    {"with a parameter", "application/json; charset=utf-8", MEDIA_JSON},
    {"Python's list", V1 ", " V0 "; q=0.9, " JSON "; q=0.5", MEDIA_V1_JSON},
    {"the same backwards", JSON "; q=0.5, " V0 "; q=0.9, " V1, MEDIA_V1_JSON},
    {"a weight against our order", V1 ";q=0.1, " JSON, MEDIA_JSON},
    {"a weight of three digits", V1 ";q=0.998, " JSON ";q=0.999", MEDIA_JSON},
    {"Java's default", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", MEDIA_V1_JSON},
    {"what is named wins over a wildcard of the same weight", "application/json, text/plain, */*",
     MEDIA_JSON},
    {"a wildcard wins when it weighs more", JSON ";q=0.5, */*", MEDIA_V1_JSON},
    {"not this one", V1 ";q=0, " JSON, MEDIA_JSON},
    {"not this one but any other", V1 ";q=0, */*", MEDIA_JSON_0},
    {"none of ours", "image/png", MEDIA_NONE},
    {"none of ours and all refused", "image/png, */*;q=0", MEDIA_NONE},
    {"a page", "text/html", MEDIA_V1_JSON},
    {"plain text", "text/plain;q=0.5", MEDIA_V1_JSON},
    {"a page is refused", "text/html;q=0", MEDIA_NONE},
    {"a weight that is none counts as one", JSON ";q=high, " V1 ";q=0.5", MEDIA_JSON},
    {"a weight above one is one", V1 ";q=9.9, " JSON ";q=1", MEDIA_V1_JSON},
    {"commas alone", ",,,", MEDIA_V1_JSON},
    {"nonsense", ";;;,,,q=;/", MEDIA_V1_JSON},
    {"nonsense and none of ours", "nonsense, image/png", MEDIA_NONE},
    {"spaces around", "  " JSON "  ;  q = 1 ", MEDIA_JSON},
};

START_TEST(an_accept_header_gives_the_type_it_prefers)
{
    media_t media = negotiate_accept(text_of(accepts[_i].accept));
    ck_assert_msg(media == accepts[_i].media, "%s: %d", accepts[_i].name, media);
}
END_TEST

static const struct {
    const char *type;
    bool taken;
} types[] = {
    {NULL, true},
    {"", true},
    {V1, true},
    {V0, true},
    {JSON, true},
    {"Application/Json;charset=UTF-8", true},
    {"application/octet-stream", true},
    {"text/plain", false},
    {"application/x-www-form-urlencoded", false},
    {"application/jsonx", false},
    {"application/json, text/plain", false},
};

START_TEST(bodies_of_the_known_types_are_taken)
{
    ck_assert_msg(negotiate_content_type(text_of(types[_i].type)) == types[_i].taken, "%s", types[_i].type);
}
END_TEST

static const struct {
    const char *accept;
    bool gzip;
} encodings[] = {
    {"gzip", true},      {"gzip, deflate, br", true}, {"deflate, GZIP;q=0.5", true},
    {"gzip;q=0", false}, {"identity", false},         {"*", true},
    {"*;q=0", false},    {"gzip;q=0, *", false},      {"deflate, br", false},
    {"", false},         {"gzipped", false},          {"x-gzip", true},
};

START_TEST(gzip_is_used_when_it_is_accepted)
{
    ck_assert_msg(negotiate_gzip(text_of(encodings[_i].accept)) == encodings[_i].gzip, "%s",
                  encodings[_i].accept);
}
END_TEST

static const struct {
    const char *accept;
    bool html;
} wishes[] = {
    {"text/html", true},
    {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true},
    {"application/json, TEXT/HTML;q=0.1", true},
    {"text/html;q=0, */*", false},
    {"*/*", false},
    {"text/*", false},
    {"application/json", false},
    {"text/html2", false},
    {"", false},
};

START_TEST(pages_are_for_those_who_name_html)
{
    ck_assert_msg(negotiate_html(text_of(wishes[_i].accept)) == wishes[_i].html, "%s", wishes[_i].accept);
}
END_TEST

START_TEST(a_request_id_from_outside_is_short_and_plain)
{
    char longest[130];
    memset(longest, 'a', sizeof longest);
    ck_assert(request_id_valid(text_of("0f3c-A_b.c:d/e+f=@,")));
    ck_assert(request_id_valid((text_t){longest, 128}));
    ck_assert(!request_id_valid((text_t){longest, 129}));
    ck_assert(!request_id_valid(text_of("")));
    ck_assert(!request_id_valid(text_of("a b")));
    ck_assert(!request_id_valid(text_of("a\nb")));
    ck_assert(!request_id_valid(text_of("a\"b")));
    ck_assert(!request_id_valid(text_of("\xc3\xa9")));
    ck_assert(!request_id_valid((text_t){"a\0b", 3}));
}
END_TEST

START_TEST(request_ids_made_here_are_uuids_and_differ)
{
    char ids[300][REQUEST_ID_BYTES]; /* more than one supply of random bytes */
    for (int i = 0; i < 300; i++) {
        request_id_make(ids[i]);
        for (int at = 0; at < REQUEST_ID_BYTES; at++) {
            bool dash = at == 8 || at == 13 || at == 18 || at == 23;
            ck_assert(dash ? ids[i][at] == '-' : strchr("0123456789abcdef", ids[i][at]) != NULL);
        }
        ck_assert_int_eq(ids[i][14], '4');
        ck_assert_ptr_nonnull(strchr("89ab", ids[i][19]));
        for (int j = 0; j < i; j++)
            ck_assert_int_ne(memcmp(ids[i], ids[j], REQUEST_ID_BYTES), 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("negotiate");
    TCase *headers = tcase_create("headers");
    tcase_add_loop_test(headers, an_accept_header_gives_the_type_it_prefers, 0, ROWS(accepts));
    tcase_add_loop_test(headers, bodies_of_the_known_types_are_taken, 0, ROWS(types));
    tcase_add_loop_test(headers, gzip_is_used_when_it_is_accepted, 0, ROWS(encodings));
    tcase_add_loop_test(headers, pages_are_for_those_who_name_html, 0, ROWS(wishes));
    tcase_add_test(headers, a_request_id_from_outside_is_short_and_plain);
    tcase_add_test(headers, request_ids_made_here_are_uuids_and_differ);
    suite_add_tcase(suite, headers);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

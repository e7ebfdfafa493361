/* check_format.c - what `format` accepts when it is asserted (compat/json/format.h). The official suite has hundreds more cases; these
 * are the edges. */
#include <check.h>
#include <stdlib.h>

#include "compat/json/format.h"

static const struct {
    const char *format, *text;
    bool valid;
} rows[] = {
    {"date", "2024-02-29", true},
    {"date", "2023-02-29", false},
    {"date", "1900-02-29", false},
    {"date", "2000-02-29", true},
    {"date", "2024-13-01", false},
    {"date", "2024-04-31", false},
    {"date", "2024-4-3", false},
    {"date", "2024-04-03Z", false},
    {"time", "08:30:06Z", true},
    {"time", "08:30:06.283185Z", true},
    {"time", "08:30:06.Z", false},
    {"time", "08:30:06", false},
    {"time", "23:59:60Z", true},
    {"time", "22:59:60Z", false},
    {"time", "01:29:60+01:30", true},
    {"time", "15:59:60-08:00", true},
    {"time", "15:59:60-07:00", false},
    {"time", "24:00:00Z", false},
    {"time", "08:30:06+24:00", false},
    {"time", "08:30:06 PST", false},
    {"date-time", "1963-06-19T08:30:06.283185Z", true},
    {"date-time", "1963-06-19t08:30:06z", true},
    {"date-time", "1963-06-19 08:30:06Z", false},
    {"date-time", "1998-12-31T23:59:60Z", true},
    {"duration", "P4DT12H30M5S", true},
    {"duration", "P1W", true},
    {"duration", "P1W2D", false},
    {"duration", "PT", false},
    {"duration", "P", false},
    {"duration", "P1Y2D", false},
    {"duration", "P1D2H", false},
    {"duration", "P2D1Y", false},
    {"duration", "PT1H2S", false},
    {"duration", "P1", false},
    {"email", "joe.bloggs@example.com", true},
    {"email", "\"joe bloggs\"@example.com", true},
    {"email", "\"joe\\\"bloggs\"@example.com", true},
    {"email", "\"joe\"bloggs\"@example.com", false},
    {"email", "joe@[127.0.0.1]", true},
    {"email", "joe@[IPv6:::1]", true},
    {"email", "joe@[nonsense]", false},
    {"email", ".joe@example.com", false},
    {"email", "joe..x@example.com", false},
    {"email", "joe", false},
    {"email", "@example.com", false},
    {"idn-email", "\xEC\x8B\xA4\xEB\xA1\x80@\xEC\x8B\xA4\xEB\xA1\x80.\xED\x85\x8C\xEC\x8A\xA4\xED\x8A\xB8",
     true},
    {"email", "\xEC\x8B\xA4@example.com", false},
    {"hostname", "www.example.com", true},
    {"hostname", "xn--4gbwdl.xn--wgbh1c", true},
    {"hostname", "a--b.example", true},
    {"hostname", "ab--c.example", false},
    {"hostname", "-a.example", false},
    {"hostname", "a-.example", false},
    {"hostname", "a_b", false},
    {"hostname", "a..b", false},
    {"hostname", "", false},
    {"ipv4", "192.168.0.1", true},
    {"ipv4", "256.0.0.1", false},
    {"ipv4", "1.2.3", false},
    {"ipv4", "01.2.3.4", false},
    {"ipv4", "1.2.3.4.", false},
    {"ipv6", "::1", true},
    {"ipv6", "::", true},
    {"ipv6", "1:2:3:4:5:6:7:8", true},
    {"ipv6", "1:2:3:4:5:6:7::", true},
    {"ipv6", "1::3:4:5:6:7:8", true},
    {"ipv6", "::ffff:192.168.0.1", true},
    {"ipv6", "1:2:3:4:5:6:1.2.3.4", true},
    {"ipv6", "1:2:3:4:5:6:7:1.2.3.4", false},
    {"ipv6", "1:2:3:4:5:6:7:8:9", false},
    {"ipv6", "1::2::3", false},
    {"ipv6", ":::1", false},
    {"ipv6", ":1", false},
    {"ipv6", "1:", false},
    {"ipv6", "12345::", false},
    {"ipv6", "fe80::a%eth1", false},
    {"ipv6", "", false},
    {"uri", "http://user:pw@example.com:80/a/b?q=1#f", true},
    {"uri", "urn:oasis:names", true},
    {"uri", "mailto:a@b.c", true},
    {"uri", "http://[::1]:80/", true},
    {"uri", "http://[v1.a:b]/", true},
    {"uri", "http://[::1/", false},
    {"uri", "http://[nonsense]/", false},
    {"uri", "http://a:b/", false},
    {"uri", "//example.com", false},
    {"uri", "a b:c", false},
    {"uri", "http://example.com/%zz", false},
    {"uri", "http://example.com/\xC3\xA9", false},
    {"uri", "http://example.com/<>", false},
    {"uri", "1http://example.com", false},
    {"iri", "http://example.com/\xC3\xA9", true},
    {"iri", "http://\xC3\xA9.example/?\xEE\x80\x80", true},
    {"iri", "http://example.com/\xEE\x80\x80", false},
    {"uri-reference", "/abc", true},
    {"uri-reference", "//host/path", true},
    {"uri-reference", "a/b:c", true},
    {"uri-reference", "1:b", false},
    {"uri-reference", "#frag", true},
    {"uri-reference", "#fr\\ag", false},
    {"uri-reference", "", true},
    {"iri-reference", "#\xC6\x92r\xC3\xA4g", true},
    {"uri-template", "http://example.com/{+path}/{x,y*}{?q:3}", true},
    {"uri-template", "http://example.com/{x", false},
    {"uri-template", "http://example.com/x}", false},
    {"uri-template", "{}", false},
    {"uri-template", "{a..b}", false},
    {"uri-template", "{a:0}", false},
    {"uri-template", "{a:}", false},
    {"uri-template", "{%41b}", true},
    {"uuid", "2EB8AA08-aa98-11EA-B4Aa-73B441D16380", true},
    {"uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d1638", false},
    {"uuid", "2eb8aa08aa98-11ea-b4aa-73b441d16380-", false},
    {"json-pointer", "", true},
    {"json-pointer", "/a~1b/~0", true},
    {"json-pointer", "a", false},
    {"json-pointer", "/~2", false},
    {"json-pointer", "/~", false},
    {"relative-json-pointer", "1/a", true},
    {"relative-json-pointer", "0#", true},
    {"relative-json-pointer", "0+1/a", true},
    {"relative-json-pointer", "01/a", false},
    {"relative-json-pointer", "/a", false},
    {"relative-json-pointer", "0##", false},
    {"regex", "([abc])+\\s+$", true},
    {"regex", "^(abc]", false},
};

START_TEST(a_format_accepts)
{
    js_format_check_t *check = js_format_find(text_of(rows[_i].format));
    ck_assert_msg(check != NULL, "%s", rows[_i].format);
    ck_assert_msg(check(text_of(rows[_i].text)) == rows[_i].valid, "%s: %s", rows[_i].format, rows[_i].text);
}
END_TEST

START_TEST(unknown_formats_assert_nothing)
{
    ck_assert_ptr_null(js_format_find(TEXT("colour")));
    ck_assert_ptr_null(js_format_find(TEXT("")));
    ck_assert_ptr_null(js_format_find(TEXT("Date")));
}
END_TEST

START_TEST(a_nul_is_in_no_format)
{
    static const char *const formats[] = {"date",          "time",
                                          "date-time",     "duration",
                                          "email",         "hostname",
                                          "ipv4",          "ipv6",
                                          "uri",           "iri",
                                          "uri-reference", "iri-reference",
                                          "uuid",          "relative-json-pointer",
                                          "uri-template"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        ck_assert_msg(!js_format_find(text_of(formats[i]))((text_t){"\0", 1}), "%s", formats[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("format");
    TCase *tcase = tcase_create("formats");
    tcase_add_loop_test(tcase, a_format_accepts, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tcase, unknown_formats_assert_nothing);
    tcase_add_test(tcase, a_nul_is_in_no_format);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Where a webhook may lead, in every spelling; and how a delivery is signed. */
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "server/notices/address.h"
#include "server/notices/signature.h"

static const struct {
    const char *url;
    bool fine;
} urls[] = {
    {"https://hooks.example/avow", true},
    {"http://8.8.8.8:8080/x", true},
    {"http://[2a00:1450:4001:82a::200e]/", true},
    {"http://1.1.1.1", true},
    {"http://127.0.0.1/", false},
    {"http://127.1/", false},
    {"http://2130706433/", false},
    {"http://0x7f000001/", false},
    {"http://0177.0.0.1/", false},
    {"http://10.255.255.255/", false},
    {"http://11.0.0.0/", true},
    {"http://172.15.255.255/", true},
    {"http://172.16.0.0/", false},
    {"http://172.31.255.255/", false},
    {"http://172.32.0.0/", true},
    {"http://192.168.1.1/", false},
    {"http://169.254.169.254/latest/meta-data", false},
    {"http://100.64.0.1/", false},
    {"http://100.128.0.1/", true},
    {"http://0.0.0.0/", false},
    {"http://255.255.255.255/", false},
    {"http://224.0.0.1/", false},
    {"http://[::]/", false},
    {"http://[::1]/", false},
    {"http://[::ffff:127.0.0.1]/", false},
    {"http://[::ffff:8.8.8.8]/", true},
    {"http://[::127.0.0.1]/", false},
    {"http://[64:ff9b::a00:1]/", false},
    {"http://[64:ff9b::808:808]/", true},
    {"http://[2002:7f00:1::]/", false},
    {"http://[2002:808:808::]/", true},
    {"http://[fe80::1]/", false},
    {"http://[fd12:3456::1]/", false},
    {"http://[ff02::1]/", false},
    {"http://[2001:db8::1]/", false},
    {"http://localhost/", false},
    {"http://LocalHost:80/", false},
    {"http://localhost./", false},
    {"http://db.internal/", false},
    {"http://metadata/", false},
    {"http://printer.local/", false},
    {"http://localhost.example.com/", true},
    {"ftp://hooks.example/", false},
    {"file:///etc/passwd", false},
    {"http://user@hooks.example/", false},
    {"http://hooks.example/#x", false},
    {"//hooks.example/", false},
    {"hooks.example", false},
    {"", false},
    {"http://", false},
};

START_TEST(a_url_leads_out_or_is_refused)
{
    err_t err = {.code = ERR_NONE};
    allow_t *allow = allow_new(NULL, &err);
    int status = address_check_url(allow, urls[_i].url, &err);
    ck_assert_msg((status == 0) == urls[_i].fine, "%s: %s", urls[_i].url, err.text);
    ck_assert_int_eq(err.code, urls[_i].fine ? ERR_NONE : ERR_FIELD_INVALID);
    allow_free(allow);
}
END_TEST

static bool connects(const allow_t *allow, const char *address, const char *host)
{
    struct sockaddr_storage room = {.ss_family = AF_UNSPEC};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&room;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&room;
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1)
        room.ss_family = AF_INET;
    else if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1)
        room.ss_family = AF_INET6;
    return address_allowed(allow, (struct sockaddr *)&room, host);
}

START_TEST(an_operator_allows_addresses_blocks_and_hosts_and_nothing_more)
{
    err_t err = {.code = ERR_NONE};
    allow_t *allow = allow_new("127.0.0.1, 10.1.0.0/16,fd00:1::/32 hooks.internal", &err);
    ck_assert_msg(allow != NULL, "%s", err.text);
    ck_assert(connects(allow, "127.0.0.1", "a.example"));
    ck_assert(connects(allow, "::ffff:127.0.0.1", "a.example"));
    ck_assert(!connects(allow, "127.0.0.2", "a.example"));
    ck_assert(connects(allow, "10.1.255.255", "a.example"));
    ck_assert(!connects(allow, "10.2.0.0", "a.example"));
    ck_assert(connects(allow, "fd00:1::9", "a.example"));
    ck_assert(!connects(allow, "fd00:2::9", "a.example"));
    ck_assert(connects(allow, "192.168.0.1", "Hooks.Internal"));
    ck_assert(!connects(allow, "192.168.0.1", "other.internal"));
    ck_assert(connects(allow, "8.8.8.8", "a.example"));
    ck_assert(!connects(allow, "not an address", "hooks.internal"));
    ck_assert_int_eq(address_check_url(allow, "http://hooks.internal/", &err), 0);
    allow_free(allow);
}
END_TEST

START_TEST(an_allow_list_that_cannot_be_read_stops_the_start)
{
    static const char *const lists[] = {"10.0.0.0/33", "10.0.0.0/x", "10.0.0/8/8",
                                        "fd00::/129",  "1.2.3.4.5",  "::zz"};
    err_t err = {.code = ERR_NONE};
    ck_assert_ptr_null(allow_new(lists[_i], &err));
    ck_assert_int_eq(err.code, ERR_INTERNAL);
    ck_assert_ptr_nonnull(strstr(err.text, "webhook-allow"));
}
END_TEST

/* The numbers are those of OpenSSL's command line: openssl dgst -sha256 -mac HMAC. */
START_TEST(a_delivery_is_signed_with_every_secret_that_counts)
{
    arena_t *arena = arena_new();
    text_t secret = TEXT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    text_t body = TEXT("{\"test\": 2432232314}"), id = TEXT("msg_p5jXN8AQM9LWM0D4loKWxJek");
    text_t one = signature_make(secret, TEXT_NONE, id, 1614265330, body, arena);
    ck_assert_str_eq(one.at, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    text_t two = signature_make(TEXT("whsec_AAAA"), secret, id, 1614265330, body, arena);
    ck_assert_ptr_nonnull(strstr(two.at, " v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    text_t plain = signature_make(TEXT("not base64!"), TEXT_NONE, id, 1614265330, body, arena);
    ck_assert_int_eq((int)plain.bytes, 3 + 44);
    arena_free(arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("address");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, a_url_leads_out_or_is_refused, 0, (int)(sizeof urls / sizeof *urls));
    tcase_add_test(all, an_operator_allows_addresses_blocks_and_hosts_and_nothing_more);
    tcase_add_loop_test(all, an_allow_list_that_cannot_be_read_stops_the_start, 0, 6);
    tcase_add_test(all, a_delivery_is_signed_with_every_secret_that_counts);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* What a line promises besides its schema (catalog/contract.h): read, merged, compared. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/contract.h"

static arena_t *arena;
static err_t err;

static void setup(void)
{
    arena = arena_new();
    err = (err_t){.code = ERR_NONE};
}

static void teardown(void)
{
    arena_free(arena);
}

/* --- comparing ------------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *before, *after;
    const char *rule; /* of the first finding; NULL: there is none */
    finding_class_t class;
} compared[] = {
    {"the same terms", "{\"retention\":\"P7D\"}", "{\"retention\":\"P7D\"}", NULL, CLASS_SAFE},
    {"the same duration, written otherwise", "{\"retention\":\"P7D\"}", "{\"retention\":\"P1W\"}", NULL,
     CLASS_SAFE},
    {"order of all to order by key", "{\"ordering\":{\"scope\":\"global\"}}",
     "{\"ordering\":{\"scope\":\"key\"}}", "ordering-weakened", CLASS_BREAKING},
    {"order by key to order of partitions", "{\"ordering\":{\"scope\":\"key\"}}",
     "{\"ordering\":{\"scope\":\"partition\"}}", "ordering-weakened", CLASS_SAFE},
    {"another key", "{\"ordering\":{\"key_fields\":[\"a\"]}}", "{\"ordering\":{\"key_fields\":[\"b\"]}}",
     "ordering-key-changed", CLASS_BREAKING},
    {"the key's fields in another order", "{\"ordering\":{\"key_fields\":[\"a\",\"b\"]}}",
     "{\"ordering\":{\"key_fields\":[\"b\",\"a\"]}}", NULL, CLASS_SAFE},
    {"exactly once to at least once", "{\"delivery\":{\"semantics\":\"exactly_once\"}}",
     "{\"delivery\":{\"semantics\":\"at_least_once\"}}", "delivery-weakened", CLASS_BREAKING},
    {"at most once to at least once", "{\"delivery\":{\"semantics\":\"at_most_once\"}}",
     "{\"delivery\":{\"semantics\":\"at_least_once\"}}", "delivery-weakened", CLASS_SAFE},
    {"no key of duplicates any more", "{\"delivery\":{\"dedup\":\"id\"}}", "{}", "dedup-key-changed",
     CLASS_BREAKING},
    {"later data", "{\"sla\":{\"freshness\":\"PT5S\"}}", "{\"sla\":{\"freshness\":\"PT1M\"}}",
     "freshness-weakened", CLASS_BREAKING},
    {"sooner data", "{\"sla\":{\"freshness\":\"PT1M\"}}", "{\"sla\":{\"freshness\":\"PT5S\"}}",
     "freshness-weakened", CLASS_SAFE},
    {"more latency, by its other name", "{\"sla\":{\"latency\":\"PT1S\"}}",
     "{\"sla\":{\"latency_p99\":\"PT2S\"}}", "latency-weakened", CLASS_BREAKING},
    {"less availability", "{\"sla\":{\"availability\":0.999}}", "{\"sla\":{\"availability\":0.99}}",
     "availability-weakened", CLASS_BREAKING},
    {"other hours of support", "{\"sla\":{\"support\":\"24x7\"}}", "{\"sla\":{\"support\":\"office\"}}",
     "support-changed", CLASS_RISKY},
    {"kept for ever to kept for a year", "{\"retention\":\"forever\"}", "{\"retention\":\"P1Y\"}",
     "retention-shortened", CLASS_BREAKING},
    {"another type of CloudEvents", "{\"envelope\":{\"type\":\"a\"}}", "{\"envelope\":{\"ce_type\":\"b\"}}",
     "ce-type-changed", CLASS_BREAKING},
    {"another envelope", "{\"envelope\":{\"kind\":\"none\"}}",
     "{\"envelope\":{\"kind\":\"cloudevents-binary\"}}", "envelope-changed", CLASS_BREAKING},
    {"for fewer", "{\"audience\":\"company\"}", "{\"audience\":\"team\"}", "audience-narrowed",
     CLASS_BREAKING},
    {"for more", "{\"audience\":\"company\"}", "{\"audience\":\"public\"}", "audience-narrowed", CLASS_SAFE},
    {"more secret", "{\"classification\":{\"level\":\"internal\"}}",
     "{\"classification\":{\"level\":\"restricted\"}}", "classification-raised", CLASS_BREAKING},
    {"secret at all", "{}", "{\"classification\":{\"level\":\"restricted\"}}", "classification-raised",
     CLASS_RISKY},
    {"another regulation", "{\"classification\":{\"regulations\":[\"GDPR\"]}}",
     "{\"classification\":{\"regulations\":[\"GDPR\",\"PCI\"]}}", "regulation-added", CLASS_BREAKING},
    {"another channel", "{\"channel\":\"a\"}", "{\"channel\":\"b\"}", "channel-moved", CLASS_BREAKING},
    {"a promise that was none before", "{}", "{\"retention\":\"P7D\"}", "retention-shortened", CLASS_SAFE},
    {"more messages", "{\"volume\":\"1 a day\"}", "{\"volume\":\"9 a day\"}", "volume-changed",
     CLASS_DOCUMENTATION},
};

START_TEST(weaker_promises_break_and_stronger_ones_do_not)
{
    contract_finding_t *found;
    size_t n;
    ck_assert_int_eq(
        contract_compare(text_of(compared[_i].before), text_of(compared[_i].after), arena, &found, &n, &err),
        0);
    if (compared[_i].rule == NULL) {
        ck_assert_msg(n == 0, "%s", compared[_i].name);
        return;
    }
    ck_assert_msg(n == 1, "%s: %zu findings", compared[_i].name, n);
    ck_assert_msg(strcmp(found[0].rule, compared[_i].rule) == 0, "%s: %s", compared[_i].name, found[0].rule);
    ck_assert_msg(found[0].class == compared[_i].class, "%s: %s", compared[_i].name,
                  finding_class_name(found[0].class));
    ck_assert_uint_eq(strlen(found[0].fingerprint), 16);
}
END_TEST

START_TEST(what_breaks_comes_first_and_keeps_its_fingerprint)
{
    contract_finding_t *one, *two;
    size_t n;
    ck_assert_int_eq(contract_compare(TEXT("{\"sla\":{\"freshness\":\"PT5S\"},\"retention\":\"P7D\"}"),
                                      TEXT("{\"sla\":{\"freshness\":\"PT1S\"},\"retention\":\"P1D\"}"), arena,
                                      &one, &n, &err),
                     0);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(one[0].rule, "retention-shortened");
    ck_assert_int_eq(contract_compare(TEXT("{\"retention\":\"P9D\"}"), TEXT("{\"retention\":\"P2D\"}"), arena,
                                      &two, &n, &err),
                     0);
    ck_assert_str_eq(one[0].fingerprint, two[0].fingerprint);
}
END_TEST

START_TEST(a_first_contract_weakens_nothing)
{
    contract_finding_t *found;
    size_t n;
    ck_assert_int_eq(contract_compare(TEXT_NONE, TEXT("{\"classification\":{\"level\":\"restricted\"}}"),
                                      arena, &found, &n, &err),
                     0);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(found[0].class, CLASS_SAFE);
}
END_TEST

/* --- reading ---------------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *terms, *place;
} refused[] = {
    {"[]", "contract"},
    {"{", "contract"},
    {"{\"ordering\":\"key\"}", "contract.ordering"},
    {"{\"ordering\":{\"scope\":\"some\"}}", "contract.ordering.scope"},
    {"{\"ordering\":{\"key_fields\":[1]}}", "contract.ordering.key_fields"},
    {"{\"ordering\":{\"colour\":1}}", "contract.ordering.colour"},
    {"{\"sla\":{\"freshness\":\"5s\"}}", "contract.sla.freshness"},
    {"{\"sla\":{\"freshness\":\"P\"}}", "contract.sla.freshness"},
    {"{\"sla\":{\"freshness\":\"PT\"}}", "contract.sla.freshness"},
    {"{\"sla\":{\"freshness\":\"PT5S5S\"}}", "contract.sla.freshness"},
    {"{\"sla\":{\"availability\":7}}", "contract.sla.availability"},
    {"{\"weather\":1}", "contract.weather"},
    {"{\"channel\":\"\"}", "contract.channel"},
};

START_TEST(a_wrong_term_is_named_with_its_place)
{
    text_t read;
    ck_assert_int_eq(contract_read(text_of(refused[_i].terms), arena, &read, &err), -1);
    ck_assert_int_eq(err.code, ERR_FIELD_INVALID);
    ck_assert_str_eq(err.place, refused[_i].place);
}
END_TEST

START_TEST(the_same_terms_are_the_same_bytes)
{
    text_t one, two;
    ck_assert_int_eq(
        contract_read(TEXT("{\"retention\":\"P7D\",\"sla\":{\"support\":\"x\"},\"channel\":null}"), arena,
                      &one, &err),
        0);
    ck_assert_int_eq(contract_read(TEXT("{ \"sla\": {\"support_hours\": \"x\"}, \"retention\": \"P7D\" }"),
                                   arena, &two, &err),
                     0);
    ck_assert_str_eq(one.at, two.at);
    ck_assert_str_eq(one.at, "{\"sla\":{\"support_hours\":\"x\"},\"retention\":\"P7D\"}");
}
END_TEST

START_TEST(merging_replaces_what_is_named_and_null_takes_away)
{
    text_t merged;
    ck_assert_int_eq(
        contract_merge(TEXT("{\"sla\":{\"freshness\":\"PT5S\"},\"retention\":\"P7D\",\"channel\":\"a\"}"),
                       TEXT("{\"retention\":\"P1D\",\"channel\":null}"), arena, &merged, &err),
        0);
    ck_assert_str_eq(merged.at, "{\"sla\":{\"freshness\":\"PT5S\"},\"retention\":\"P1D\"}");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("terms");
    TCase *tc = tcase_create("terms");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, weaker_promises_break_and_stronger_ones_do_not, 0,
                        sizeof compared / sizeof *compared);
    tcase_add_test(tc, what_breaks_comes_first_and_keeps_its_fingerprint);
    tcase_add_test(tc, a_first_contract_weakens_nothing);
    tcase_add_loop_test(tc, a_wrong_term_is_named_with_its_place, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tc, the_same_terms_are_the_same_bytes);
    tcase_add_test(tc, merging_replaces_what_is_named_and_null_takes_away);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

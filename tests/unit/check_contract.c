/* Metadata and rule sets: read, sorted, merged, compared; and the identity that they are part of. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/identity.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

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

static const metadata_t *metadata(const char *json)
{
    const metadata_t *read;
    ck_assert_msg(metadata_read(text_of(json), "/metadata", arena, &read, &err) == 0, "%s", err.text);
    return read;
}

static const rule_set_t *rules(const char *json)
{
    const rule_set_t *read;
    ck_assert_msg(rule_set_read(text_of(json), "/ruleSet", arena, &read, &err) == 0, "%s", err.text);
    return read;
}

static void ck_same(text_t text, const char *expected)
{
    if (expected == NULL)
        ck_assert_ptr_null(text.at);
    else
        ck_assert_msg(text_is(text, expected), "got " TEXT_FMT "\nnot %s", TEXT_ARG(text), expected);
}

/* --- metadata ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *given, *stored;
} texts[] = {
    {"null", NULL},
    {"{}", "{}"},
    {"{\"properties\":{\"b\":\"2\",\"a\":\"1\"}}", "{\"properties\":{\"a\":\"1\",\"b\":\"2\"}}"},
    {"{\"sensitive\":[\"b\",\"a\",\"b\"]}", "{\"sensitive\":[\"a\",\"b\"]}"},
    {"{\"tags\":{\"z\":[\"P\",\"A\"],\"**.ssn\":[\"PII\"]}}",
     "{\"tags\":{\"**.ssn\":[\"PII\"],\"z\":[\"A\",\"P\"]}}"},
    {"{\"sensitive\":[\"s\"],\"tags\":{\"t\":[]},\"properties\":{\"p\":\"\\u00e9\\n\"},\"unknown\":1}",
     "{\"tags\":{\"t\":[]},\"properties\":{\"p\":\"\xc3\xa9\\n\"},\"sensitive\":[\"s\"]}"},
};

START_TEST(metadata_are_stored_sorted)
{
    ck_same(metadata_text(metadata(texts[_i].given), arena), texts[_i].stored);
}
END_TEST

START_TEST(what_was_stored_is_read_as_the_same)
{
    text_t once = metadata_text(metadata(texts[_i].given), arena);
    const metadata_t *again;
    ck_assert_int_eq(metadata_read(once, "/metadata", arena, &again, &err), 0);
    ck_assert(text_eq(metadata_text(again, arena), once));
}
END_TEST

static const struct {
    const char *given, *complaint;
} wrong[] = {
    {"[]", "/metadata: an object is expected"},
    {"{\"properties\":{\"a\":1}}", "/metadata/properties/a: a string is expected"},
    {"{\"properties\":[]}", "/metadata/properties: an object of strings is expected"},
    {"{\"sensitive\":\"a\"}", "/metadata/sensitive: an array of strings is expected"},
    {"{\"sensitive\":[1]}", "/metadata/sensitive: an array of strings is expected"},
    {"{\"tags\":[]}", "/metadata/tags: an object of arrays of strings is expected"},
    {"{\"tags\":{\"a\":\"PII\"}}", "/metadata/tags: an array of strings is expected"},
};

START_TEST(a_value_of_another_kind_is_refused_with_its_place)
{
    const metadata_t *read;
    ck_assert_int_eq(metadata_read(text_of(wrong[_i].given), "/metadata", arena, &read, &err), -1);
    ck_assert_int_eq(err.code, ERR_BODY_MALFORMED);
    ck_assert_str_eq(err.text, wrong[_i].complaint);
}
END_TEST

static const struct {
    const char *base, *over, *merged;
} merges[] = {
    {"null", "null", NULL},
    {"{}", "null", "{}"},
    {"null", "{\"properties\":{\"a\":\"1\"}}", "{\"properties\":{\"a\":\"1\"}}"},
    {"{\"properties\":{\"a\":\"1\",\"c\":\"3\"}}", "{\"properties\":{\"b\":\"2\",\"c\":\"4\"}}",
     "{\"properties\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"4\"}}"},
    {"{\"sensitive\":[\"a\",\"c\"]}", "{\"sensitive\":[\"b\",\"c\"]}", "{\"sensitive\":[\"a\",\"b\",\"c\"]}"},
    {"{\"tags\":{\"x\":[\"A\"]}}", "{\"tags\":{\"x\":[\"B\"],\"w\":[\"C\"]}}",
     "{\"tags\":{\"w\":[\"C\"],\"x\":[\"B\"]}}"},
};

START_TEST(merging_replaces_by_key_and_joins_what_is_sensitive)
{
    const metadata_t *merged = metadata_merge(metadata(merges[_i].base), metadata(merges[_i].over), arena);
    ck_same(metadata_text(merged, arena), merges[_i].merged);
}
END_TEST

START_TEST(a_property_is_set_among_the_others)
{
    const metadata_t *with = metadata_with_property(metadata("{\"properties\":{\"a\":\"1\",\"z\":\"2\"}}"),
                                                    METADATA_VERSION, TEXT("7"), arena);
    ck_same(metadata_text(with, arena),
            "{\"properties\":{\"a\":\"1\",\"confluent:version\":\"7\",\"z\":\"2\"}}");
    ck_same(metadata_property(with, METADATA_VERSION), "7");
    ck_assert_ptr_null(metadata_property(NULL, METADATA_VERSION).at);
    ck_assert_ptr_null(metadata_property(with, TEXT("b")).at);
}
END_TEST

#define VERSIONED(n) "{\"properties\":{\"confluent:version\":\"" n "\"}}"

static const struct {
    const char *sent, *stored;
    int32_t version;
    bool matches;
} matching[] = {
    {"null", "null", 1, true},
    {"{}", "null", 1, false},
    {"null", "{}", 1, false},
    {"{\"properties\":{\"a\":\"1\"}}", "{\"properties\":{\"a\":\"1\"}}", 1, true},
    {"{\"properties\":{\"a\":\"1\"}}", "{\"properties\":{\"a\":\"2\"}}", 1, false},
    {"{\"properties\":{\"a\":\"1\"}}", "{\"properties\":{\"a\":\"1\",\"b\":\"1\"}}", 1, false},
    {"{\"tags\":{\"a\":[\"P\"]}}", "{\"tags\":{\"a\":[\"Q\"]}}", 1, false},
    {"{\"sensitive\":[\"a\"]}", "null", 1, false},
    {"null", VERSIONED("3"), 3, true},
    {"null", VERSIONED("3"), 4, true},
    {VERSIONED("3"), "null", 3, true},
    {VERSIONED("3"), "null", 4, false},
    {VERSIONED("3"), VERSIONED("3"), 9, true},
    {VERSIONED("3"), VERSIONED("4"), 4, false},
    {"{\"properties\":{\"a\":\"1\",\"confluent:version\":\"2\"}}", "{\"properties\":{\"a\":\"1\"}}", 2, true},
};

START_TEST(a_version_that_only_one_side_has_does_not_count)
{
    ck_assert_int_eq(
        metadata_matches(metadata(matching[_i].sent), metadata(matching[_i].stored), matching[_i].version),
        matching[_i].matches);
}
END_TEST

/* --- rule sets ----------------------------------------------------------------------------------------------------------- */

#define RULE(rest) "{\"domainRules\":[{" rest "}]}"
#define GOOD       "\"name\":\"r\",\"type\":\"CEL\""

START_TEST(a_rule_is_printed_with_what_it_is_by_default)
{
    ck_same(rule_set_text(rules("null"), arena), NULL);
    ck_same(rule_set_text(rules("{}"), arena), "{}");
    ck_same(rule_set_text(rules(RULE(GOOD)), arena),
            RULE("\"name\":\"r\",\"kind\":\"TRANSFORM\",\"mode\":\"WRITEREAD\",\"type\":\"CEL\",\"disabled\":"
                 "false"));
    ck_same(
        rule_set_text(rules("{\"enableAt\":\"PRE\",\"migrationRules\":[{\"expr\":\"e\",\"onFailure\":\"f\","
                            "\"onSuccess\":\"s\",\"params\":{\"b\":\"2\",\"a\":\"1\"},\"tags\":[\"y\",\"x\"],"
                            "\"type\":\"JSONATA\",\"mode\":\"UPGRADE\",\"kind\":\"CONDITION\",\"doc\":\"d\","
                            "\"name\":\"m\",\"disabled\":true}],\"domainRules\":[]}"),
                      arena),
        "{\"migrationRules\":[{\"name\":\"m\",\"doc\":\"d\",\"kind\":\"CONDITION\",\"mode\":\"UPGRADE\","
        "\"type\":\"JSONATA\",\"tags\":[\"x\",\"y\"],\"params\":{\"a\":\"1\",\"b\":\"2\"},\"expr\":\"e\","
        "\"onSuccess\":\"s\",\"onFailure\":\"f\",\"disabled\":true}],\"enableAt\":\"PRE\"}");
}
END_TEST

static const struct {
    const char *json, *complaint; /* a part of it; NULL: it is good */
} checked[] = {
    {"null", NULL},
    {RULE(GOOD), NULL},
    {RULE("\"name\":\"_a-1\",\"type\":\"CEL\",\"mode\":\"WRITE\",\"onFailure\":\"NONE\""), NULL},
    {RULE(GOOD ",\"onSuccess\":\"NONE,ERROR\""), NULL},
    {"{\"migrationRules\":[{" GOOD ",\"mode\":\"UPDOWN\",\"onFailure\":\"a,b\"}]}", NULL},
    {"{\"encodingRules\":[{" GOOD ",\"mode\":\"READ\"}]}", NULL},
    {RULE("\"type\":\"CEL\""), "Rule name ''"},
    {RULE("\"name\":\"1a\",\"type\":\"CEL\""), "Rule name '1a'"},
    {RULE("\"name\":\"a b\",\"type\":\"CEL\""), "Rule name 'a b'"},
    {RULE("\"name\":\"a\""), "has no type"},
    {RULE(GOOD ",\"kind\":\"OTHER\""), "is of kind 'OTHER'"},
    {RULE(GOOD ",\"mode\":\"UPGRADE\""), "domain and encoding rules"},
    {RULE(GOOD ",\"mode\":\"OTHER\""), "domain and encoding rules"},
    {"{\"migrationRules\":[{" GOOD "}]}", "migration rules"},
    {RULE(GOOD ",\"mode\":\"WRITE\",\"onSuccess\":\"a,b\""), "more actions"},
    {RULE(GOOD ",\"onFailure\":\"a,b,c\""), "more actions"},
    {"{\"domainRules\":[{" GOOD "},{" GOOD "}]}", "two rules named 'r'"},
    {"{\"domainRules\":[{" GOOD "}],\"encodingRules\":[{" GOOD "}]}", "two rules named 'r'"},
};

START_TEST(rules_are_checked_where_they_stand)
{
    const rule_set_t *set = rules(checked[_i].json);
    ck_assert_int_eq(rule_set_check(set, &err), checked[_i].complaint == NULL ? 0 : -1);
    if (checked[_i].complaint == NULL)
        return;
    ck_assert_int_eq(err.code, ERR_RULE_SET_INVALID);
    ck_assert_msg(strstr(err.text, checked[_i].complaint) != NULL, "%s", err.text);
}
END_TEST

START_TEST(a_name_has_at_most_256_characters)
{
    char json[512];
    for (int n = 256; n <= 257; n++) {
        char name[258];
        memset(name, 'a', sizeof name);
        name[n] = '\0';
        snprintf(json, sizeof json, RULE("\"name\":\"%s\",\"type\":\"CEL\""), name);
        err_clear(&err);
        ck_assert_int_eq(rule_set_check(rules(json), &err), n == 256 ? 0 : -1);
    }
}
END_TEST

START_TEST(later_rules_replace_those_of_the_same_name_and_come_last)
{
    const rule_set_t *merged = rule_set_merge(
        rules("{\"domainRules\":[{\"name\":\"a\",\"type\":\"1\"},{\"name\":\"b\",\"type\":\"1\"}],"
              "\"enableAt\":\"X\"}"),
        rules("{\"domainRules\":[{\"name\":\"a\",\"type\":\"2\"},{\"name\":\"c\",\"type\":\"2\"}]}"), arena);
    const rule_t *list = merged->lists[RULES_DOMAIN].rules;
    ck_assert_uint_eq(merged->lists[RULES_DOMAIN].n, 3);
    ck_same(list[0].name, "b");
    ck_same(list[1].name, "a");
    ck_same(list[1].type, "2");
    ck_same(list[2].name, "c");
    ck_same(merged->enable_at, "X");
    ck_assert_ptr_null(rule_set_merge(NULL, NULL, arena));
    ck_assert_ptr_eq(rule_set_merge(merged, NULL, arena), merged);
}
END_TEST

/* --- identity ------------------------------------------------------------------------------------------------------------ */

/* The bytes are written out, so that the order of what is digested cannot change unseen. */
static void ck_identity(const reference_t *references, size_t n, const char *metadata_json,
                        const char *rules_json, const char *bytes, size_t n_bytes)
{
    identity_t identity =
        identity_of(TEXT("\"string\""), references, n, metadata(metadata_json), rules(rules_json));
    identity_t expected = identity_of_text((text_t){bytes, n_bytes});
    ck_assert(identity_same(&identity, &expected));
}

#define BYTES(s) (s), sizeof(s) - 1

START_TEST(an_identity_is_the_md5_of_everything_in_order)
{
    const reference_t references[] = {{TEXT("N"), TEXT("sub"), 258}, {TEXT("M"), TEXT("t"), 1}};
    ck_identity(NULL, 0, "null", "null", BYTES("\"string\""));
    ck_identity(references, 2, "null", "null", BYTES("\"string\"Nsub\0\0\1\2Mt\0\0\0\1"));
    ck_identity(NULL, 0, "{}", "null", BYTES("\"string\"\1"));
    ck_identity(
        NULL, 0,
        "{\"properties\":{\"b\":\"2\",\"a\":\"1\"},\"sensitive\":[\"s\"],\"tags\":{\"t\":[\"y\",\"x\"]}}",
        "null", BYTES("\"string\"\1txya1b2s"));
    ck_identity(NULL, 0, "null", RULE(GOOD), BYTES("\"string\"\1rTRANSFORMWRITEREADCEL"));
    ck_identity(NULL, 0, "{}",
                RULE(GOOD ",\"disabled\":true,\"expr\":\"e\",\"params\":{\"k\":\"v\"},\"tags\":[\"t\"]"),
                BYTES("\"string\"\1\1rTRANSFORMWRITEREADCELtkve\1"));
}
END_TEST

START_TEST(a_guid_is_sixteen_bytes_as_a_uuid)
{
    identity_t identity = identity_of_text(TEXT("\"string\"")), read;
    text_t text = identity_text(&identity, arena);
    ck_same(text, "095d71cf-1255-6b9d-5e33-0ad575b3df5d");
    ck_assert(identity_read(text, &read) && identity_same(&identity, &read));
}
END_TEST

static const struct {
    const char *text;
    bool good;
} guids[] = {
    {"0123ABCD-89ab-cdef-0123-456789abcdef", true},
    {"0123abcd89abcdef0123456789ABCDEF", true},
    {"0123abcd89abcdef0123456789abcde", false},
    {"0123abcd89abcdef0123456789abcdef0", false},
    {"0123abcd-89ab-cdef-0123-456789abcdeg", false},
    {"0123abcd089ab-cdef-0123-456789abcdef", false},
    {"", false},
};

START_TEST(a_guid_is_read_with_and_without_dashes)
{
    identity_t identity;
    ck_assert_int_eq(identity_read(text_of(guids[_i].text), &identity), guids[_i].good);
    if (guids[_i].good)
        ck_same(identity_text(&identity, arena), "0123abcd-89ab-cdef-0123-456789abcdef");
}
END_TEST

/* --- references ---------------------------------------------------------------------------------------------------------- */

START_TEST(references_are_sorted_by_subject_then_version_and_keep_their_order_else)
{
    reference_t items[] = {
        {TEXT("c"), TEXT("s2"), 1}, {TEXT("b"), TEXT("s1"), 10}, {TEXT("z"), TEXT("s1"), 2},
        {TEXT("y"), TEXT("s1"), 2}, {TEXT("z"), TEXT("s1"), 2},
    };
    size_t n = references_sort(items, ROWS(items));
    ck_same(references_text(items, n, arena), "[{\"name\":\"z\",\"subject\":\"s1\",\"version\":2},{\"name\":"
                                              "\"y\",\"subject\":\"s1\",\"version\":2},"
                                              "{\"name\":\"b\",\"subject\":\"s1\",\"version\":10},{\"name\":"
                                              "\"c\",\"subject\":\"s2\",\"version\":1}]");
    ck_same(references_text(items, 0, arena), NULL);
}
END_TEST

START_TEST(references_are_qualified_by_who_refers)
{
    subject_name_t of = subject_name_in(TEXT(".eu"), TEXT("x"), arena);
    text_t json =
        TEXT("[{\"name\":\"a\",\"subject\":\"s\",\"version\":1},{\"name\":\"b\",\"subject\":\":.us:s\","
             "\"version\":2}]");
    ck_same(references_text_qualified(json, &of, arena),
            "[{\"name\":\"a\",\"subject\":\":.eu:s\",\"version\":1},{\"name\":\"b\",\"subject\":\":.us:s\","
            "\"version\":2}]");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("contract");
    TCase *tcase = tcase_create("contract");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, metadata_are_stored_sorted, 0, ROWS(texts));
    tcase_add_loop_test(tcase, what_was_stored_is_read_as_the_same, 0, ROWS(texts));
    tcase_add_loop_test(tcase, a_value_of_another_kind_is_refused_with_its_place, 0, ROWS(wrong));
    tcase_add_loop_test(tcase, merging_replaces_by_key_and_joins_what_is_sensitive, 0, ROWS(merges));
    tcase_add_test(tcase, a_property_is_set_among_the_others);
    tcase_add_loop_test(tcase, a_version_that_only_one_side_has_does_not_count, 0, ROWS(matching));
    tcase_add_test(tcase, a_rule_is_printed_with_what_it_is_by_default);
    tcase_add_loop_test(tcase, rules_are_checked_where_they_stand, 0, ROWS(checked));
    tcase_add_test(tcase, a_name_has_at_most_256_characters);
    tcase_add_test(tcase, later_rules_replace_those_of_the_same_name_and_come_last);
    tcase_add_test(tcase, an_identity_is_the_md5_of_everything_in_order);
    tcase_add_test(tcase, a_guid_is_sixteen_bytes_as_a_uuid);
    tcase_add_loop_test(tcase, a_guid_is_read_with_and_without_dashes, 0, ROWS(guids));
    tcase_add_test(tcase, references_are_sorted_by_subject_then_version_and_keep_their_order_else);
    tcase_add_test(tcase, references_are_qualified_by_who_refers);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

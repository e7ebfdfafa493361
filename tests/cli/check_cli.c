/* check_cli.c - the offline commands as a user runs them: exit codes, what is printed, what is refused and how. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ORDER(fields) "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[" fields "]}"
#define ID            "{\"name\":\"id\",\"type\":\"string\"}"
#define CURRENCY      "{\"name\":\"currency\",\"type\":\"string\"}"
#define WITH_DEFAULT  "{\"name\":\"currency\",\"type\":\"string\",\"default\":\"EUR\"}"
#define CLOSED(max)                                                                     \
    "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"maximum\":" max \
    "}},\"required\":[\"n\"]}"

/* Files that the rows below name. */
static const struct {
    const char *name, *text;
} files[] = {
    {"id.avsc", ORDER(ID)},
    {"id-currency.avsc", ORDER(ID "," CURRENCY)},
    {"id-currency-default.avsc", ORDER(ID "," WITH_DEFAULT)},
    {"broken.avsc", "{\"type\":\"record\",\n  \"name\":\"Order\"\n"},
    {"no-type.avsc", "{\"name\":\"Order\"}"},
    {"ten.json", CLOSED("10")},
    {"five.json", CLOSED("5")},
    {"seven.message", "{\"n\":7}"},
    {"text.message", "{\"n\":\"seven\"}"},
    {"torn.message", "{\"n\":"},
    {"order.message", "{\"id\":\"o-1\"}"},
    {"order-without-id.message", "{}"},
    {"pairs.jsonl",
     "{\"id\":1,\"format\":\"JSON\",\"reader\":{\"type\":\"integer\"},\"writer\":{\"type\":\"number\"}}\n"
     "{\"id\":\"b\",\"format\":\"AVRO\",\"reader\":\"long\",\"writer\":\"int\"}\n"
     "not json\n"
     "{\"id\":3,\"format\":\"XML\",\"reader\":{},\"writer\":{}}\n"},
    {"lines.jsonl", "{\"id\":1,\"schema\":{\"type\":\"integer\"},\"instance\":1}\n"
                    "{\"id\":2,\"schema\":{\"type\":\"integer\"},\"instance\":1.5}\n"
                    "{\"id\":3,\"schema\":{\"format\":\"ipv4\"},\"instance\":\"x\",\"format\":\"assert\"}\n"},
};

static const struct {
    const char *claim;
    const char *arguments;
    int exit_code;
    const char *says[4]; /* all of these, in standard output and error together */
} rows[] = {
    {"without a command the help is shown", "", 2, {"Usage: avow", "serve", "check"}},
    {"an unknown command is named", "chekc a b", 2, {"no command \"chekc\""}},
    {"version prints one", "version", 0, {"avow "}},
    {"help of a command lists its options",
     "check --help",
     0,
     {"--mode strict|confluent", "--level", "Exit code"}},
    {"an unknown option is named", "check --modus strict a b", 2, {"no option --modus", "avow check --help"}},
    {"a value that is no choice is refused",
     "check --mode stric id.avsc id.avsc",
     2,
     {"does not take \"stric\""}},
    {"an unknown level is refused", "check --level sideways id.avsc id.avsc", 2, {"no level \"sideways\""}},
    {"a missing file is named", "check id.avsc nowhere.avsc", 2, {"nowhere.avsc", "No such file"}},
    {"an unreadable schema tells line and column", "check broken.avsc id.avsc", 2, {"broken.avsc", "line 3"}},
    {"JSON that is no schema is refused", "check no-type.avsc id.avsc", 2, {"no-type.avsc"}},
    {"a schema can read itself", "check id.avsc id.avsc", 0, {"COMPATIBLE"}},
    {"a field with a default may be added",
     "check id.avsc id-currency-default.avsc",
     0,
     {"COMPATIBLE", "currency", "minor"}},
    {"a field without one may not",
     "check id.avsc id-currency.avsc",
     1,
     {"INCOMPATIBLE", "currency", "message", "fix"}},
    {"forward asks the other way round", "check --level forward id.avsc id-currency.avsc", 0, {"COMPATIBLE"}},
    {"full asks both ways", "check --level full id.avsc id-currency.avsc", 1, {"INCOMPATIBLE"}},
    {"none asks nothing", "check --level none id.avsc id-currency.avsc", 0, {0}},
    {"confluent mode answers with its types",
     "check --mode confluent id.avsc id-currency.avsc",
     1,
     {"READER_FIELD_MISSING_DEFAULT_VALUE"}},
    {"the machine's form has verdict and witness",
     "check --format json id.avsc id-currency.avsc",
     1,
     {"\"verdict\":\"incompatible\"", "\"witness\"", "\"semver\":\"major\""}},
    {"a lower maximum refuses a message that is shown",
     "check ten.json five.json",
     1,
     {"INCOMPATIBLE", "maximum", "\"n\""}},
    {"a higher one does not", "check five.json ten.json", 0, {"COMPATIBLE"}},
    {"two formats are not compared", "check id.avsc ten.json", 2, {"--type"}},
    {"pairs answer a line each, whatever the line",
     "check --pairs pairs.jsonl",
     0,
     {"{\"id\":1,\"verdict\":\"incompatible\"", "{\"id\":\"b\",\"verdict\":\"compatible\"", "{\"id\":null,",
      "\"format\\\" is AVRO or JSON"}},
    {"diff says what changed",
     "diff id.avsc id-currency-default.avsc",
     1,
     {"currency (string, optional) was added"}},
    {"diff of equal schemas says so", "diff id.avsc id.avsc", 0, {"No difference"}},
    {"diff prints data as well",
     "diff --format json id.avsc id-currency-default.avsc",
     1,
     {"\"change\":\"added\"", "\"path\":\"currency\""}},
    {"a valid message is valid", "validate ten.json seven.message", 0, {"valid", "seven.message"}},
    {"an invalid one tells where", "validate five.json seven.message", 1, {"invalid", "/n"}},
    {"several messages are judged one by one",
     "validate ten.json seven.message text.message",
     1,
     {"valid      seven.message", "invalid    text.message"}},
    {"a message that is no JSON is unreadable", "validate ten.json torn.message", 2, {"unreadable"}},
    {"an Avro message is its JSON encoding", "validate id.avsc order.message", 0, {"valid"}},
    {"an Avro message without a field is invalid",
     "validate id.avsc order-without-id.message",
     1,
     {"invalid", "id"}},
    {"lines are judged one by one",
     "validate --lines lines.jsonl",
     0,
     {"{\"id\":1,\"valid\":true", "{\"id\":2,\"valid\":false", "{\"id\":3,\"valid\":false"}},
    {"a bearer line has a token and its hash", "auth --kind bearer ci", 0, {"bearer:ci:", "avow_"}},
    {"a password comes from standard input", "auth alice < order.message", 0, {"basic:alice:$y$"}},
    {"a name with a colon is refused", "auth a:b", 2, {"without \":\""}},
    {"a server that is not there is named",
     "register --server http://127.0.0.1:1 id.avsc",
     5,
     {"127.0.0.1:1"}},
};

static char folder[] = "/tmp/avow-cli-XXXXXX";

static void write_files(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        FILE *file = fopen(files[i].name, "wb");
        ck_assert_ptr_nonnull(file);
        fputs(files[i].text, file);
        fclose(file);
    }
}

static void remove_files(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(files[i].name);
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(folder);
}

static char *run(const char *arguments, int *exit_code)
{
    char command[2048], *said = calloc(1, 1 << 16);
    snprintf(command, sizeof command, "%s %s 2>&1 %s", AVOW_BINARY, arguments,
             strchr(arguments, '<') ? "" : "</dev/null");
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    size_t n = fread(said, 1, (1 << 16) - 1, pipe);
    said[n] = '\0';
    int status = pclose(pipe);
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return said;
}

START_TEST(the_command)
{
    int exit_code;
    char *said = run(rows[_i].arguments, &exit_code);
    ck_assert_msg(exit_code == rows[_i].exit_code, "%s: exit %d, not %d:\n%s", rows[_i].claim, exit_code,
                  rows[_i].exit_code, said);
    for (size_t i = 0; i < 4 && rows[_i].says[i] != NULL; i++)
        ck_assert_msg(strstr(said, rows[_i].says[i]) != NULL, "%s: does not say \"%s\":\n%s", rows[_i].claim,
                      rows[_i].says[i], said);
    free(said);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli");
    TCase *commands = tcase_create("commands");
    tcase_add_unchecked_fixture(commands, write_files, remove_files);
    tcase_add_loop_test(commands, the_command, 0, sizeof rows / sizeof *rows);
    tcase_set_timeout(commands, 60);
    suite_add_tcase(suite, commands);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

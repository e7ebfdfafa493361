/* Options from flags, environment and file. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/core/conf.h"
#include "server/core/log.h"

#define ROWS(table) (int)(sizeof(table) / sizeof *(table))

static conf_t conf;
static err_t err;
static char file[64];
static const char *variables[8][2];

static const char *environment(const char *name)
{
    for (int i = 0; i < 8 && variables[i][0] != NULL; i++)
        if (strcmp(variables[i][0], name) == 0)
            return variables[i][1];
    return NULL;
}

static void setup(void)
{
    memset(&conf, 0, sizeof conf);
    memset(variables, 0, sizeof variables);
    err_clear(&err);
    snprintf(file, sizeof file, "/tmp/check_conf.XXXXXX");
    int fd = mkstemp(file);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void teardown(void)
{
    conf_dispose(&conf);
    unlink(file);
}

static void write_file(const char *text, size_t bytes)
{
    FILE *out = fopen(file, "w");
    ck_assert_uint_eq(fwrite(text, 1, bytes, out), bytes);
    fclose(out);
}

/* Arguments in one string, separated by spaces; "FILE" is the file. */
static conf_result_t read_arguments(const char *arguments)
{
    static char copy[512];
    char *argv[32] = {"serve"};
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", arguments);
    char *saved = NULL;
    for (char *word = strtok_r(copy, " ", &saved); word != NULL; word = strtok_r(NULL, " ", &saved))
        argv[argc++] = strcmp(word, "FILE") == 0 ? file : word;
    return conf_read(&conf, argc, argv, environment, &err);
}

START_TEST(without_anything_the_defaults_hold)
{
    ck_assert_int_eq(read_arguments(""), CONF_OK);
    ck_assert_str_eq(conf.listen, "127.0.0.1:8081");
    ck_assert_str_eq(conf.data_dir, "./data");
    ck_assert_ptr_null(conf.database);
    ck_assert_int_eq(conf.max_body_bytes, 4 << 20);
    ck_assert_int_eq(conf.compatibility, LEVEL_BACKWARD);
    ck_assert_int_eq(conf.profile, CONF_PROFILE_AUTO);
    ck_assert_int_eq(conf.workers, 16);
    ck_assert(!conf.http2);
    ck_assert(conf.mode_mutability);
}
END_TEST

START_TEST(a_flag_wins_over_the_environment_and_that_over_the_file)
{
    const char text[] =
        "workers = 3\nqueue = 30\n  # a comment\n\n\tcompatibility=full_transitive  \nhttp2 = yes\n";
    write_file(text, sizeof text - 1);
    variables[0][0] = "AVOW_WORKERS";
    variables[0][1] = "4";
    variables[1][0] = "AVOW_COMPATIBILITY";
    variables[1][1] = "forward";
    ck_assert_msg(read_arguments("--config FILE --workers 5") == CONF_OK, "%s", err.text);
    ck_assert_int_eq(conf.workers, 5);
    ck_assert_int_eq(conf.compatibility, LEVEL_FORWARD);
    ck_assert_int_eq(conf.queue, 30);
    ck_assert(conf.http2);
}
END_TEST

START_TEST(the_environment_can_name_the_file)
{
    write_file("workers = 3", 11);
    variables[0][0] = "AVOW_CONFIG";
    variables[0][1] = file;
    ck_assert_int_eq(read_arguments(""), CONF_OK);
    ck_assert_int_eq(conf.workers, 3);
}
END_TEST

START_TEST(variables_that_are_no_options_are_not_ours)
{
    variables[0][0] = "AVOW_PORT"; /* as an orchestrator sets for a service of that name */
    variables[0][1] = "tcp://10.0.0.1:8081";
    ck_assert_int_eq(read_arguments(""), CONF_OK);
}
END_TEST

static const struct {
    const char *name, *arguments;
    int64_t body_bytes, idle_ms;
} units[] = {
    {"bytes and seconds", "--max-body 65536 --idle-timeout 10s", 65536, 10000},
    {"kibibytes and milliseconds", "--max-body 64KiB --idle-timeout 250ms", 65536, 250},
    {"capitals do not matter", "--max-body 1mib --idle-timeout 5M", 1 << 20, 300000},
    {"a letter will do", "--max-body 2K --idle-timeout 1h", 2048, 3600000},
    {"an equals sign", "--max-body=8M --idle-timeout=1m", 8 << 20, 60000},
};

START_TEST(numbers_have_units)
{
    ck_assert_msg(read_arguments(units[_i].arguments) == CONF_OK, "%s: %s", units[_i].name, err.text);
    ck_assert_int_eq(conf.max_body_bytes, units[_i].body_bytes);
    ck_assert_int_eq(conf.idle_timeout_ms, units[_i].idle_ms);
}
END_TEST

static const struct {
    const char *arguments;
    bool http2, normalize;
} switches[] = {
    {"--http2", true, false},
    {"--http2 --normalize", true, true},
    {"--http2 on --normalize off", true, false},
    {"--http2=true --normalize=NO", true, false},
    {"--http2 1 --normalize 1", true, true},
    {"--normalize --workers 2", false, true},
};

START_TEST(a_switch_needs_no_value)
{
    ck_assert_msg(read_arguments(switches[_i].arguments) == CONF_OK, "%s: %s", switches[_i].arguments,
                  err.text);
    ck_assert_msg(conf.http2 == switches[_i].http2 && conf.normalize == switches[_i].normalize, "%s",
                  switches[_i].arguments);
}
END_TEST

static const struct {
    const char *arguments, *sentence;
} refused[] = {
    {"--nonsense 1", "there is no option \"--nonsense\"; avow serve --help lists them"},
    {"nonsense", "there is no option \"nonsense\"; avow serve --help lists them"},
    {"-w 3", "there is no option \"-w\"; avow serve --help lists them"},
    {"--workers", "--workers needs a value"},
    {"--workers many", "--workers: \"many\" is not a whole number for workers"},
    {"--workers -1", "--workers: \"-1\" is not a whole number for workers"},
    {"--workers 3.5", "--workers: \"3.5\" is not a whole number for workers"},
    {"--workers 0", "--workers: workers must be between 1 and 256, not 0"},
    {"--workers 99999999999999999999",
     "--workers: \"99999999999999999999\" is not a whole number for workers"},
    {"--max-body big",
     "--max-body: \"big\" is not a number of bytes (such as 65536, 64KiB or 4MiB) for max-body"},
    {"--max-body 99999999999G",
     "--max-body: \"99999999999G\" is not a number of bytes (such as 65536, 64KiB or 4MiB) for max-body"},
    {"--max-body 1", "--max-body: max-body must be between 1KiB and 1GiB, not 1"},
    {"--idle-timeout 10",
     "--idle-timeout: \"10\" is not a duration (such as 250ms, 10s, 5m or 1h) for idle-timeout"},
    {"--http2 perhaps", "--http2: http2 is on or off, not \"perhaps\""},
    {"--profile 9", "--profile: profile is one of auto 7 8, not \"9\""},
    {"--tls-cert x", "tls-cert and tls-key go together: tls-key is missing"},
    {"--tls-key x", "tls-cert and tls-key go together: tls-cert is missing"},
    {"--max-schema 8MiB", "max-schema is larger than max-body, which is what a request may hold"},
    {"--config /nonexistent", "config: /nonexistent cannot be read: No such file or directory"},
};

START_TEST(what_cannot_be_is_refused_with_a_sentence)
{
    ck_assert_msg(read_arguments(refused[_i].arguments) == CONF_BAD, "%s", refused[_i].arguments);
    ck_assert_str_eq(err.text, refused[_i].sentence);
}
END_TEST

static const struct {
    const char *text;
    size_t bytes;
    const char *sentence;
} files[] = {
    {"workers = 3\nnonsense = 1\n", 25,
     "line 2: there is no option \"nonsense\"; avow serve --help lists them"},
    {"workers\n", 8, "line 1: a line is `option = value`, not \"workers\""},
    {"workers = many\n", 15, "line 1: \"many\" is not a whole number for workers"},
    {"config = other\n", 15, "line 1: there is no option \"config\"; avow serve --help lists them"},
    {"workers = 3\0 4\n", 15, "line 1: a NUL byte"},
};

START_TEST(a_bad_line_of_the_file_is_named)
{
    write_file(files[_i].text, files[_i].bytes);
    ck_assert_int_eq(read_arguments("--config FILE"), CONF_BAD);
    ck_assert_msg(strstr(err.text, file) == err.text, "%s", err.text);
    ck_assert_str_eq(err.text + strlen(file) + 2, files[_i].sentence);
}
END_TEST

START_TEST(a_bad_variable_is_named)
{
    variables[0][0] = "AVOW_LOG_LEVEL";
    variables[0][1] = "loud";
    ck_assert_int_eq(read_arguments(""), CONF_BAD);
    ck_assert_str_eq(err.text, "AVOW_LOG_LEVEL: log-level is one of debug info warn error, not \"loud\"");
}
END_TEST

START_TEST(help_wins_over_everything_before_it)
{
    ck_assert_int_eq(read_arguments("--workers 3 --help"), CONF_HELP);
    conf_dispose(&conf);
    ck_assert_int_eq(read_arguments("-h"), CONF_HELP);
    conf_dispose(&conf);
    ck_assert_int_eq(read_arguments("--sample-config"), CONF_SAMPLE);
}
END_TEST

static char *printed(void (*print)(FILE *))
{
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    print(out);
    fclose(out);
    return text;
}

START_TEST(help_names_every_option)
{
    char *text = printed(conf_help);
    for (size_t i = 0; i < conf_n_options(); i++) {
        char flag[64];
        snprintf(flag, sizeof flag, "  --%s ", conf_option_name(i));
        ck_assert_msg(strstr(text, flag) != NULL, "%s", flag);
    }
    free(text);
}
END_TEST

START_TEST(the_sample_file_without_its_comment_signs_is_the_default)
{
    char *text = printed(conf_sample), *to = text;
    for (const char *from = text; *from != '\0';
         from++) /* "#name = value" lines count, "# sentence" lines do not */
        if (!(*from == '#' && from[1] != ' '))
            *to++ = *from;
    *to = '\0';
    write_file(text, strlen(text));
    free(text);
    ck_assert_msg(read_arguments("--config FILE") == CONF_OK, "%s", err.text);
    ck_assert_int_eq(conf.workers, 16);
    ck_assert_int_eq(conf.max_body_bytes, 4 << 20);
    ck_assert_ptr_null(conf.database); /* nothing is no text */
    ck_assert_ptr_null(conf.tls_cert);
}
END_TEST

START_TEST(the_dump_hides_secrets_and_leaves_out_defaults)
{
    int ends[2];
    char line[4096];
    ck_assert_int_eq(pipe(ends), 0);
    log_setup(LOG_INFO, LOG_FORMAT_TEXT, ends[1]);
    ck_assert_int_eq(read_arguments("--database postgres://u:geheim@h/d --workers 16 --queue 7"), CONF_OK);
    conf_log(&conf);
    ssize_t bytes = read(ends[0], line, sizeof line - 1);
    ck_assert_int_gt(bytes, 0);
    line[bytes] = '\0';
    ck_assert_ptr_null(strstr(line, "geheim"));
    ck_assert_ptr_nonnull(strstr(line, "database=(hidden)"));
    ck_assert_ptr_nonnull(strstr(line, "queue=7"));
    ck_assert_ptr_null(strstr(line, "workers"));
}
END_TEST

START_TEST(the_manual_names_every_option)
{
    FILE *in = fopen(DOCS "/operations.md", "r");
    ck_assert_ptr_nonnull(in);
    static char manual[1 << 18];
    size_t bytes = fread(manual, 1, sizeof manual - 1, in);
    fclose(in);
    manual[bytes] = '\0';
    for (size_t i = 0; i < conf_n_options(); i++) {
        char row[64];
        snprintf(row, sizeof row, "| `%s` |", conf_option_name(i));
        ck_assert_msg(strstr(manual, row) != NULL, "docs/operations.md has no row for %s",
                      conf_option_name(i));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("conf");
    TCase *options = tcase_create("options");
    tcase_add_checked_fixture(options, setup, teardown);
    tcase_add_test(options, without_anything_the_defaults_hold);
    tcase_add_test(options, a_flag_wins_over_the_environment_and_that_over_the_file);
    tcase_add_test(options, the_environment_can_name_the_file);
    tcase_add_test(options, variables_that_are_no_options_are_not_ours);
    tcase_add_loop_test(options, numbers_have_units, 0, ROWS(units));
    tcase_add_loop_test(options, a_switch_needs_no_value, 0, ROWS(switches));
    tcase_add_loop_test(options, what_cannot_be_is_refused_with_a_sentence, 0, ROWS(refused));
    tcase_add_loop_test(options, a_bad_line_of_the_file_is_named, 0, ROWS(files));
    tcase_add_test(options, a_bad_variable_is_named);
    tcase_add_test(options, help_wins_over_everything_before_it);
    tcase_add_test(options, help_names_every_option);
    tcase_add_test(options, the_sample_file_without_its_comment_signs_is_the_default);
    tcase_add_test(options, the_dump_hides_secrets_and_leaves_out_defaults);
    tcase_add_test(options, the_manual_names_every_option);
    suite_add_tcase(suite, options);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#include "server/core/conf.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/core/log.h"

typedef enum { KIND_TEXT, KIND_BOOL, KIND_INT, KIND_BYTES, KIND_MS, KIND_CHOICE } kind_t;

typedef struct {
    const char *name; /* the flag and the line in the file; AVOW_NAME is the variable */
    kind_t kind;
    size_t offset;        /* of the member of conf_t */
    const char *fallback; /* written as an operator would; NULL leaves a text unset */
    int64_t min, max;     /* of numbers, in the unit of the member */
    const char *choices;  /* of KIND_CHOICE, in the order of the enum */
    bool secret;
    const char *help;
} option_t;

#define AT(member) offsetof(conf_t, member)
#define KIB        1024LL
#define MIB        (1024 * KIB)
#define GIB        (1024 * MIB)
#define SECOND     1000LL
#define HOUR       (3600 * SECOND)

/* clang-format off */
static const option_t options[] = {
    {"config", KIND_TEXT, AT(config), NULL, 0, 0, NULL, false,
     "file of `option = value` lines; `#` begins a comment"},
    {"listen", KIND_TEXT, AT(listen), "127.0.0.1:8081", 0, 0, NULL, false,
     "address:port to serve, several separated by commas; port 0 takes a free one"},
    {"data-dir", KIND_TEXT, AT(data_dir), "./data", 0, 0, NULL, false,
     "where the embedded PostgreSQL lives"},
    {"database", KIND_TEXT, AT(database), NULL, 0, 0, NULL, true,
     "use this PostgreSQL (URL or keywords) in place of the embedded one"},

    {"threads", KIND_INT, AT(threads), "0", 0, 256, NULL, false,
     "event loops; 0 is one for each CPU"},
    {"workers", KIND_INT, AT(workers), "16", 1, 256, NULL, false,
     "calls in the database at once; each worker owns one connection"},
    {"queue", KIND_INT, AT(queue), "1024", 1, 1000000, NULL, false,
     "calls waiting for a worker; more are refused with 503"},
    {"queue-bytes", KIND_BYTES, AT(queue_bytes), "256MiB", MIB, 1024 * GIB, NULL, false,
     "request bodies held for calls that wait or run; more are refused with 503"},
    {"queue-timeout", KIND_MS, AT(queue_timeout_ms), "15s", 10, HOUR, NULL, false,
     "longest wait for a worker before the call is refused with 503"},
    {"max-connections", KIND_INT, AT(max_connections), "10000", 1, 1000000, NULL, false,
     "open client connections; further ones wait to be accepted"},
    {"cache-bytes", KIND_BYTES, AT(cache_bytes), "64MiB", 0, 1024 * GIB, NULL, false,
     "memory for replies that can be served again; 0 is none"},

    {"max-body", KIND_BYTES, AT(max_body_bytes), "4MiB", KIB, GIB, NULL, false,
     "largest request body; more is refused with 413"},
    {"max-depth", KIND_INT, AT(max_depth), "512", 8, 2000, NULL, false,
     "deepest nesting of arrays and objects in bodies and schemas"},
    {"max-schema", KIND_BYTES, AT(max_schema_bytes), "0", 0, GIB, NULL, false,
     "largest schema text that can be registered; 0 is whatever max-body lets in"},
    {"max-page", KIND_INT, AT(max_page), "1000", 1, 1000000, NULL, false,
     "items in one page of GET /schemas"},
    {"max-steps", KIND_INT, AT(max_steps), "2000000", 1000, 1000000000000LL, NULL, false,
     "counted work of one compatibility check or validation"},

    {"request-timeout", KIND_MS, AT(request_timeout_ms), "15s", 100, HOUR, NULL, false,
     "from the first byte of a request to its last; slower ones are closed"},
    {"idle-timeout", KIND_MS, AT(idle_timeout_ms), "75s", 100, 24 * HOUR, NULL, false,
     "how long a connection may wait for its next request"},
    {"write-timeout", KIND_MS, AT(write_timeout_ms), "20s", 100, HOUR, NULL, false,
     "how long a client may leave a reply unread"},
    {"statement-timeout", KIND_MS, AT(statement_timeout_ms), "15s", 0, HOUR, NULL, false,
     "longest statement in the database; 0 is no limit"},
    {"connect-timeout", KIND_MS, AT(connect_timeout_ms), "3s", 100, HOUR, NULL, false,
     "for one attempt to reach the database"},
    {"drain-timeout", KIND_MS, AT(drain_timeout_ms), "20s", 0, HOUR, NULL, false,
     "how long SIGTERM waits for calls under way"},

    {"tls-cert", KIND_TEXT, AT(tls_cert), NULL, 0, 0, NULL, false,
     "certificate chain (PEM); with tls-key turns TLS on (1.2 and later); read again at SIGHUP"},
    {"tls-key", KIND_TEXT, AT(tls_key), NULL, 0, 0, NULL, false,
     "private key (PEM) of tls-cert"},
    {"http2", KIND_BOOL, AT(http2), "off", 0, 0, NULL, false,
     "serve HTTP/2 as well; see the manual for what that exposes"},
    {"gzip-min", KIND_BYTES, AT(gzip_min_bytes), "1400", 0, GIB, NULL, false,
     "smallest reply that is compressed for clients that accept gzip; 0 is never"},

    {"auth", KIND_CHOICE, AT(auth), "auto", 0, 0, "auto on off", false,
     "whether credentials are asked for; auto is once an administrator has signed in, or with auth-file"},
    {"auth-file", KIND_TEXT, AT(auth_file), NULL, 0, 0, NULL, false,
     "hashed credentials beside those of the catalog; read again at SIGHUP"},
    {"auth-realm", KIND_TEXT, AT(auth_realm), "avow", 0, 0, NULL, false,
     "name shown by clients that ask for credentials"},

    {"profile", KIND_CHOICE, AT(profile), "auto", 0, 0, "auto 7 8", false,
     "response bodies of the registry API; auto is 8 for clients that say they accept unknown properties"},
    {"compatibility", KIND_CHOICE, AT(compatibility), "BACKWARD", 0, 0,
     "NONE BACKWARD BACKWARD_TRANSITIVE FORWARD FORWARD_TRANSITIVE FULL FULL_TRANSITIVE", false,
     "level where neither subject nor context nor the global config sets one"},
    {"normalize", KIND_BOOL, AT(normalize), "off", 0, 0, NULL, false,
     "normalise schemas where no config says otherwise"},
    {"validate-new-schemas", KIND_BOOL, AT(validate_new_schemas), "on", 0, 0, NULL, false,
     "strict names and defaults in new schemas where no config says otherwise"},
    {"mode-mutability", KIND_BOOL, AT(mode_mutability), "on", 0, 0, NULL, false,
     "whether modes can be changed"},
    {"registry-version", KIND_TEXT, AT(registry_version), "7.9.0", 0, 0, NULL, false,
     "version that GET /v1/metadata/version tells clients"},
    {"kafka-cluster-id", KIND_TEXT, AT(kafka_cluster_id), "avow", 0, 0, NULL, false,
     "cluster that GET /v1/metadata/id tells clients"},

    {"public-url", KIND_TEXT, AT(public_url), NULL, 0, 0, NULL, false,
     "under which people reach this server, without a slash at the end: for links in messages"},
    {"clock-interval", KIND_MS, AT(clock_interval_ms), "5s", 0, HOUR, NULL, false,
     "how often due dates of the catalog are looked for; 0 leaves them to other servers of the same database"},

    {"webhook-allow", KIND_TEXT, AT(webhook_allow), NULL, 0, 0, NULL, false,
     "private addresses, blocks (10.0.0.0/8) and hosts that webhooks may lead to, separated by commas"},

    {"log-level", KIND_CHOICE, AT(log_level), "info", 0, 0, "debug info warn error", false,
     "least important event that is logged"},
    {"log-format", KIND_CHOICE, AT(log_format), "text", 0, 0, "text json", false,
     "how a line of the log looks"},
    {"log-requests", KIND_CHOICE, AT(log_requests), "changes", 0, 0, "none failed changes all", false,
     "requests that are logged: failed are 5xx, 401 and 403; changes are those and all that write"},
};
/* clang-format on */
#define N_OPTIONS (sizeof options / sizeof *options)

struct conf_text {
    struct conf_text *next;
    char at[];
};

static const char *conf_keep(conf_t *conf, const char *text)
{
    size_t bytes = strlen(text) + 1;
    struct conf_text *copy = malloc(sizeof *copy + bytes);
    if (copy == NULL)
        abort();
    memcpy(copy->at, text, bytes);
    copy->next = conf->_texts;
    conf->_texts = copy;
    return copy->at;
}

void conf_dispose(conf_t *conf)
{
    while (conf->_texts != NULL) {
        struct conf_text *text = conf->_texts;
        conf->_texts = text->next;
        free(text);
    }
}

size_t conf_n_options(void)
{
    return N_OPTIONS;
}

const char *conf_option_name(size_t i)
{
    return options[i].name;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static bool read_bool(const char *text, bool *out)
{
    static const char *const yes[] = {"on", "true", "yes", "1"}, *const no[] = {"off", "false", "no", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
            *out = strcasecmp(text, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

typedef struct {
    const char *suffix;
    int64_t factor;
} unit_t;

static const unit_t no_units[] = {{"", 1}, {NULL, 0}};
static const unit_t byte_units[] = {{"", 1},      {"B", 1},   {"K", KIB},   {"KiB", KIB}, {"M", MIB},
                                    {"MiB", MIB}, {"G", GIB}, {"GiB", GIB}, {NULL, 0}};
static const unit_t time_units[] = {{"ms", 1}, {"s", SECOND}, {"m", 60 * SECOND}, {"h", HOUR}, {NULL, 0}};

static bool read_number(const char *text, const unit_t *units, int64_t *out)
{
    char *end;
    errno = 0;
    if (*text < '0' || *text > '9') /* strtoll would skip blanks and take a sign */
        return false;
    long long number = strtoll(text, &end, 10);
    if (errno != 0)
        return false;
    if (number == 0 && *end == '\0') {
        *out = 0; /* nothing needs no unit */
        return true;
    }
    for (const unit_t *unit = units; unit->suffix != NULL; unit++)
        if (strcasecmp(end, unit->suffix) == 0)
            return !__builtin_mul_overflow(number, unit->factor, out);
    return false;
}

static bool read_choice(const char *text, const char *choices, int64_t *out)
{
    size_t bytes = strlen(text);
    int64_t index = 0;
    for (const char *at = choices; *at != '\0'; index++) {
        size_t word = strcspn(at, " ");
        if (word == bytes && strncasecmp(at, text, bytes) == 0) {
            *out = index;
            return true;
        }
        at += word + strspn(at + word, " ");
    }
    return false;
}

static text_t choice_name(const char *choices, int64_t index)
{
    const char *at = choices;
    while (index-- > 0)
        at += strcspn(at, " ") + 1;
    return (text_t){at, strcspn(at, " ")};
}

/* `text` prints a number of the option's unit as its help would. */
static const char *number_text(const option_t *option, int64_t number, char *out, size_t room)
{
    static const unit_t down_bytes[] = {{"GiB", GIB}, {"MiB", MIB}, {"KiB", KIB}, {"", 1}};
    static const unit_t down_time[] = {{"h", HOUR}, {"m", 60 * SECOND}, {"s", SECOND}, {"ms", 1}};
    const unit_t *unit = option->kind == KIND_BYTES ? down_bytes
                         : option->kind == KIND_MS  ? down_time
                                                    : no_units;
    while (unit->factor > 1 && (number == 0 || number % unit->factor != 0))
        unit++;
    snprintf(out, room, "%" PRId64 "%s", number / unit->factor, number == 0 ? "" : unit->suffix);
    return out;
}

static int set_number(conf_t *conf, const option_t *option, const char *text, const char *where, err_t *err)
{
    int64_t number;
    const unit_t *units = option->kind == KIND_BYTES ? byte_units
                          : option->kind == KIND_MS  ? time_units
                                                     : no_units;
    if (!read_number(text, units, &number))
        return err_set(err, ERR_INTERNAL, "%s: \"%.80s\" is not %s for %s", where, text,
                       option->kind == KIND_BYTES ? "a number of bytes (such as 65536, 64KiB or 4MiB)"
                       : option->kind == KIND_MS  ? "a duration (such as 250ms, 10s, 5m or 1h)"
                                                  : "a whole number",
                       option->name);
    if (number < option->min || number > option->max) {
        char low[40], high[40];
        return err_set(err, ERR_INTERNAL, "%s: %s must be between %s and %s, not %.80s", where, option->name,
                       number_text(option, option->min, low, sizeof low),
                       number_text(option, option->max, high, sizeof high), text);
    }
    memcpy((char *)conf + option->offset, &number, sizeof number);
    return 0;
}

static int option_set(conf_t *conf, const option_t *option, const char *text, const char *where, err_t *err)
{
    char *member = (char *)conf + option->offset;
    int64_t choice;
    bool on;
    const char *copy;
    switch (option->kind) {
    case KIND_TEXT: /* an empty variable unsets what has no default */
        copy = *text == '\0' && option->fallback == NULL ? NULL : conf_keep(conf, text);
        memcpy(member, &copy, sizeof copy);
        return 0;
    case KIND_BOOL:
        if (!read_bool(text, &on))
            return err_set(err, ERR_INTERNAL, "%s: %s is on or off, not \"%.80s\"", where, option->name,
                           text);
        memcpy(member, &on, sizeof on);
        return 0;
    case KIND_CHOICE:
        if (!read_choice(text, option->choices, &choice))
            return err_set(err, ERR_INTERNAL, "%s: %s is one of %s, not \"%.80s\"", where, option->name,
                           option->choices, text);
        memcpy(member, &choice, sizeof choice);
        return 0;
    case KIND_INT:
    case KIND_BYTES:
    case KIND_MS:
        return set_number(conf, option, text, where, err);
    }
    return 0;
}

/* --- sources ----------------------------------------------------------------------------------------------------- */

static const option_t *option_find(const char *name, size_t bytes)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (strlen(options[i].name) == bytes && memcmp(options[i].name, name, bytes) == 0)
            return &options[i];
    return NULL;
}

static void option_variable(const option_t *option, char out[64])
{
    size_t n = (size_t)snprintf(out, 64, "AVOW_%s", option->name);
    for (size_t i = 5; i < n; i++)
        out[i] = out[i] == '-' ? '_' : out[i] >= 'a' && out[i] <= 'z' ? (char)(out[i] - 32) : out[i];
}

static int read_environment(conf_t *conf, conf_env_fn *env, err_t *err)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        char variable[64];
        option_variable(&options[i], variable);
        const char *text = env(variable);
        if (text != NULL && option_set(conf, &options[i], text, variable, err) != 0)
            return -1;
    }
    return 0;
}

static char *trimmed(char *text)
{
    text += strspn(text, " \t\r\n");
    size_t bytes = strlen(text);
    while (bytes > 0 && strchr(" \t\r\n", text[bytes - 1]) != NULL)
        text[--bytes] = '\0';
    return text;
}

static int read_line(conf_t *conf, char *line, const char *where, err_t *err)
{
    char *name = trimmed(line);
    if (*name == '\0' || *name == '#')
        return 0;
    char *equals = strchr(name, '=');
    if (equals == NULL)
        return err_set(err, ERR_INTERNAL, "%s: a line is `option = value`, not \"%.80s\"", where, name);
    *equals = '\0';
    name = trimmed(name);
    const option_t *option = option_find(name, strlen(name));
    if (option == NULL || option->offset == AT(config))
        return err_set(err, ERR_INTERNAL, "%s: there is no option \"%.80s\"; avow serve --help lists them",
                       where, name);
    return option_set(conf, option, trimmed(equals + 1), where, err);
}

static int read_file(conf_t *conf, const char *path, err_t *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return err_set(err, ERR_INTERNAL, "config: %.200s cannot be read: %s", path, strerror(errno));
    char *line = NULL, where[320];
    size_t room = 0;
    ssize_t bytes;
    int number = 0, rc = 0;
    while (rc == 0 && (bytes = getline(&line, &room, file)) >= 0) {
        snprintf(where, sizeof where, "%.200s, line %d", path, ++number);
        if (strlen(line) != (size_t)bytes)
            rc = err_set(err, ERR_INTERNAL, "%s: a NUL byte", where);
        else
            rc = read_line(conf, line, where, err);
    }
    if (rc == 0 && ferror(file))
        rc = err_set(err, ERR_INTERNAL, "config: %.200s cannot be read: %s", path, strerror(errno));
    free(line);
    fclose(file);
    return rc;
}

/* Sets what each flag says; CONF_HELP or CONF_SAMPLE (both above 0) when only that was asked for, -1 when one is wrong. */
static int read_flags(conf_t *conf, int argc, char *const *argv, bool only_config, err_t *err)
{
    for (int i = 1; i < argc; i++) {
        const char *flag = argv[i];
        if (strcmp(flag, "--help") == 0 || strcmp(flag, "-h") == 0)
            return CONF_HELP;
        if (strcmp(flag, "--sample-config") == 0)
            return CONF_SAMPLE;
        const char *name = strncmp(flag, "--", 2) == 0 ? flag + 2 : "";
        size_t bytes = strcspn(name, "=");
        const option_t *option = option_find(name, bytes);
        if (option == NULL)
            return err_set(err, ERR_INTERNAL, "there is no option \"%.80s\"; avow serve --help lists them",
                           flag);
        const char *value = name[bytes] == '=' ? name + bytes + 1 : NULL;
        if (value == NULL && option->kind == KIND_BOOL && (i + 1 == argc || argv[i + 1][0] == '-'))
            value = "on";
        if (value == NULL && i + 1 < argc)
            value = argv[++i];
        if (value == NULL)
            return err_set(err, ERR_INTERNAL, "--%s needs a value", option->name);
        char where[80];
        snprintf(where, sizeof where, "--%s", option->name);
        if (only_config && option->offset != AT(config))
            continue;
        if (option_set(conf, option, value, where, err) != 0)
            return -1;
    }
    return 0;
}

static int check_together(const conf_t *conf, err_t *err)
{
    if ((conf->tls_cert == NULL) != (conf->tls_key == NULL))
        return err_set(err, ERR_INTERNAL, "tls-cert and tls-key go together: %s is missing",
                       conf->tls_cert == NULL ? "tls-cert" : "tls-key");
    if (conf->max_schema_bytes > conf->max_body_bytes)
        return err_set(err, ERR_INTERNAL,
                       "max-schema is larger than max-body, which is what a request may hold");
    return 0;
}

conf_result_t conf_read(conf_t *conf, int argc, char *const *argv, conf_env_fn *env, err_t *err)
{
    memset(conf, 0, sizeof *conf);
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (options[i].fallback != NULL &&
            option_set(conf, &options[i], options[i].fallback, "default", err) != 0)
            return CONF_BAD;
    int flags = read_flags(conf, argc, argv, true, err);
    if (flags != 0)
        return flags > 0 ? (conf_result_t)flags : CONF_BAD;
    const char *file = conf->config != NULL ? conf->config : env("AVOW_CONFIG");
    if (file != NULL && read_file(conf, file, err) != 0)
        return CONF_BAD;
    if (read_environment(conf, env, err) != 0 || read_flags(conf, argc, argv, false, err) != 0)
        return CONF_BAD;
    return check_together(conf, err) == 0 ? CONF_OK : CONF_BAD;
}

/* --- help and dump ------------------------------------------------------------------------------------------------- */

static const char *value_shape(const option_t *option)
{
    switch (option->kind) {
    case KIND_TEXT:
        return "TEXT";
    case KIND_BOOL:
        return "on|off";
    case KIND_INT:
        return "N";
    case KIND_BYTES:
        return "BYTES";
    case KIND_MS:
        return "TIME";
    case KIND_CHOICE:
        return "WORD";
    }
    return "";
}

void conf_help(FILE *out)
{
    fprintf(
        out,
        "avow serve - run the schema registry and event catalog\n\n"
        "Usage: avow serve [--OPTION VALUE]...\n\n"
        "Every option is also an environment variable (--data-dir is AVOW_DATA_DIR) and a line of the file\n"
        "named by --config. A flag wins over the environment, the environment over the file.\n\n");
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const option_t *option = &options[i];
        char flag[64];
        snprintf(flag, sizeof flag, "--%s %s", option->name, value_shape(option));
        fprintf(out, "  %-28s %s\n", flag, option->help);
        if (option->choices != NULL)
            fprintf(out, "  %-28s one of %s\n", "", option->choices);
        if (option->fallback != NULL && *option->fallback != '\0')
            fprintf(out, "  %-28s default %s\n", "", option->fallback);
    }
    fprintf(out,
            "\navow serve --sample-config prints a file for --config with every default.\n\n"
            "SIGTERM and SIGINT finish the calls under way and stop. SIGHUP reads auth-file, tls-cert and\n"
            "tls-key again.\n");
}

void conf_sample(FILE *out)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (options[i].offset != AT(config))
            fprintf(out, "# %s\n#%s = %s\n\n", options[i].help, options[i].name,
                    options[i].fallback == NULL ? "" : options[i].fallback);
}

static bool value_text(const conf_t *conf, const option_t *option, char *out, size_t room)
{
    const char *member = (const char *)conf + option->offset;
    const char *text;
    int64_t number;
    switch (option->kind) {
    case KIND_TEXT:
        memcpy(&text, member, sizeof text);
        if (text == NULL)
            return false;
        snprintf(out, room, "%s", option->secret ? "(hidden)" : text);
        break;
    case KIND_BOOL:
        snprintf(out, room, "%s", *(const bool *)member ? "on" : "off");
        break;
    case KIND_CHOICE:
        memcpy(&number, member, sizeof number);
        snprintf(out, room, TEXT_FMT, TEXT_ARG(choice_name(option->choices, number)));
        break;
    case KIND_INT:
    case KIND_BYTES:
    case KIND_MS:
        memcpy(&number, member, sizeof number);
        number_text(option, number, out, room);
        break;
    }
    return true;
}

void conf_log(const conf_t *conf)
{
    log_field_t fields[N_OPTIONS + 1];
    char values[N_OPTIONS][128];
    size_t n = 0;
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (!value_text(conf, &options[i], values[n], sizeof values[n]))
            continue;
        if (options[i].fallback != NULL && strcasecmp(values[n], options[i].fallback) == 0)
            continue;
        fields[n] = LOG_S(options[i].name, values[n]);
        n++;
    }
    fields[n].name = NULL;
    if (log_is_on(LOG_INFO))
        log_write(LOG_INFO, "options that are not at their default", fields);
}

/* conf.h - what an operator can set: one table of options gives the flags, the environment variables, the file, the help and
 * the start-up dump.
 *
 * An option `data-dir` is the flag --data-dir, the variable AVOW_DATA_DIR and the line `data-dir = ...` of the file named
 * by --config. A flag wins over the environment, the environment over the file, the file over the default.
 *
 * Memory   texts of a conf_t live until conf_dispose. After start-up a conf_t is read only and shared by all threads.
 */
#ifndef AVOW_SERVER_CORE_CONF_H
#define AVOW_SERVER_CORE_CONF_H

#include <stdio.h>

#include "catalog/err.h"
#include "compat/compat.h"

typedef enum { CONF_PROFILE_AUTO, CONF_PROFILE_7, CONF_PROFILE_8 } conf_profile_t;
typedef enum {
    LOG_REQUESTS_NONE,
    LOG_REQUESTS_FAILED,
    LOG_REQUESTS_CHANGES,
    LOG_REQUESTS_ALL
} log_requests_t;

typedef struct conf {
    /* where */
    const char *listen;   /* "127.0.0.1:8081,[::1]:8081" */
    const char *data_dir; /* the embedded PostgreSQL */
    const char *database; /* NULL: embedded */
    const char *config;

    /* how much at once */
    int64_t threads; /* event loops; 0 is one for each CPU */
    int64_t workers;
    int64_t queue;
    int64_t queue_bytes;
    int64_t queue_timeout_ms;
    int64_t max_connections;
    int64_t cache_bytes;

    /* what is refused */
    int64_t max_body_bytes;
    int64_t max_depth;
    int64_t max_schema_bytes; /* 0: whatever the body may hold */
    int64_t max_page;         /* items in one page of GET /schemas */
    int64_t max_steps;        /* counted work of one check */

    /* how long */
    int64_t request_timeout_ms;
    int64_t idle_timeout_ms;
    int64_t write_timeout_ms;
    int64_t statement_timeout_ms;
    int64_t connect_timeout_ms;
    int64_t drain_timeout_ms;

    /* the wire */
    const char *tls_cert, *tls_key;
    bool http2;
    int64_t gzip_min_bytes; /* 0: never */

    /* who */
    int64_t auth; /* access_t */
    const char *auth_file;
    const char *auth_realm;

    /* the registry */
    int64_t profile;       /* conf_profile_t */
    int64_t compatibility; /* level_t */
    bool normalize;
    bool validate_new_schemas;
    bool mode_mutability;
    const char *registry_version;
    const char *kafka_cluster_id;

    /* the catalog */
    const char *public_url;    /* NULL: replies name paths */
    int64_t clock_interval_ms; /* 0: this server leaves due dates to others */

    const char *webhook_allow; /* private addresses that webhooks may lead to; NULL: none */

    /* the log */
    int64_t log_level;    /* log_level_t */
    int64_t log_format;   /* log_format_t */
    int64_t log_requests; /* log_requests_t */

    struct conf_text *_texts; /* copies to be freed */
} conf_t;

typedef const char *conf_env_fn(const char *name); /* as getenv */

typedef enum { CONF_OK, CONF_HELP, CONF_SAMPLE, CONF_BAD } conf_result_t;

/* Fills *conf from the defaults, the file, the environment and the flags argv[1..]. CONF_BAD leaves a sentence in *err that
 * names the option and where it was set. `conf` must be disposed in every case. */
conf_result_t conf_read(conf_t *conf, int argc, char *const *argv, conf_env_fn *env, err_t *err);
void conf_dispose(conf_t *conf);

void conf_help(FILE *out);
void conf_sample(FILE *out); /* a file for --config with every default as a comment */

/* Every option that is not at its default, secrets masked, one log line. */
void conf_log(const conf_t *conf);

size_t conf_n_options(void);
const char *conf_option_name(size_t i); /* for the test that docs/operations.md names each */

#endif

#include "server/core/ops.h"

#ifndef AVOW_VERSION
#define AVOW_VERSION "unknown"
#endif

/* One server in a process. */
static struct {
    ops_t parts;
    _Atomic(http_t *) http;
} server;

void ops_setup(const ops_t *ops)
{
    server.parts = *ops;
}

void ops_serving(http_t *http)
{
    atomic_store(&server.http, http);
}

/* --- health ------------------------------------------------------------------------------------------------------------------- */

static int healthz(call_t *c)
{
    reply_text(c, 200, "application/json", TEXT("{\"status\":\"alive\"}"));
    return 0;
}

static int readyz(call_t *c)
{
    http_t *http = atomic_load(&server.http);
    bool up = follower_database_up(server.parts.follower);
    bool draining = http != NULL && http_is_draining(http);
    bool ready = up && server.parts.migrated && !draining;
    json_t *body = json_pack("{s:b, s:{s:s, s:s, s:s}}", "ready", ready, "checks", "database",
                             up ? "reachable" : "not reachable; retrying", "migrations",
                             server.parts.migrated ? "applied" : "not applied", "listener",
                             draining ? "draining" : "serving");
    reply_json(c, ready ? 200 : 503, body);
    c->reply.content_type = "application/json";
    return 0;
}

/* --- metrics ------------------------------------------------------------------------------------------------------------------ */

static int metrics_text(call_t *c)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    metrics_render(server.parts.metrics, &out);
    reply_text(c, 200, "text/plain; version=0.0.4; charset=utf-8", buf_take(&out, c->arena));
    buf_dispose(&out);
    return 0;
}

#define READS(name, expression)           \
    static double read_##name(void *arg)  \
    {                                     \
        (void)arg;                        \
        const ops_t *ops = &server.parts; \
        (void)ops;                        \
        return (double)(expression);      \
    }

static size_t n_connections(void)
{
    http_t *http = atomic_load(&server.http);
    return http == NULL ? 0 : http_n_connections(http);
}

static uint64_t n_accepted(void)
{
    http_t *http = atomic_load(&server.http);
    return http == NULL ? 0 : http_n_accepted(http);
}

READS(one, 1)
READS(connections, n_connections())
READS(accepted, n_accepted())
READS(waiting, workers_stats(ops->workers).waiting)
READS(running, workers_stats(ops->workers).running)
READS(held_bytes, workers_stats(ops->workers).bytes)
READS(submitted, workers_stats(ops->workers).submitted)
READS(refused, workers_stats(ops->workers).refused)
READS(groups, workers_stats(ops->workers).groups)
READS(grouped, workers_stats(ops->workers).grouped)
READS(database_up, follower_database_up(ops->follower))
READS(db_connections, follower_database_up(ops->follower) ? workers_connected(ops->workers) : 0)
READS(cache_hits, cache_stats(ops->cache).hits)
READS(cache_misses, cache_stats(ops->cache).misses)
READS(cache_stale, cache_stats(ops->cache).stale)
READS(cache_stores, cache_stats(ops->cache).stores)
READS(cache_evictions, cache_stats(ops->cache).evictions)
READS(cache_entries, cache_stats(ops->cache).entries)
READS(cache_bytes, cache_stats(ops->cache).bytes)
READS(cache_max_bytes, cache_stats(ops->cache).max_bytes)
READS(follower_live, follower_stats(ops->follower).live)
READS(follower_changes, follower_stats(ops->follower).changes_seen)
READS(follower_readings, follower_stats(ops->follower).readings)
READS(follower_reconnects, follower_stats(ops->follower).reconnects)

void ops_add_metrics(metrics_t *metrics)
{
    static const struct {
        metric_kind_t kind;
        const char *name, *labels, *help;
        metric_read_fn *read;
    } rows[] = {
        {METRIC_GAUGE, "avow_build_info", "version=\"" AVOW_VERSION "\"",
         "Always 1; the label tells the version.", read_one},
        {METRIC_GAUGE, "avow_http_connections", NULL, "Open client connections.", read_connections},
        {METRIC_COUNTER, "avow_http_connections_accepted_total", NULL, "Client connections accepted.",
         read_accepted},
        {METRIC_GAUGE, "avow_worker_queue_depth", NULL, "Calls waiting for a worker.", read_waiting},
        {METRIC_GAUGE, "avow_worker_busy", NULL, "Calls that workers are running.", read_running},
        {METRIC_GAUGE, "avow_worker_held_bytes", NULL, "Request bodies held for calls that wait or run.",
         read_held_bytes},
        {METRIC_COUNTER, "avow_worker_calls_total", NULL, "Calls taken for a worker.", read_submitted},
        {METRIC_COUNTER, "avow_worker_refused_total", NULL, "Calls refused because the queue was full.",
         read_refused},
        {METRIC_COUNTER, "avow_worker_groups_total", NULL,
         "Times that registrations that waited together were tried in one transaction.", read_groups},
        {METRIC_COUNTER, "avow_worker_grouped_total", NULL, "Registrations in those groups.", read_grouped},
        {METRIC_GAUGE, "avow_database_up", NULL, "1 when the database answered the last time it was asked.",
         read_database_up},
        {METRIC_GAUGE, "avow_db_connections", NULL, "Workers with a connection to the database.",
         read_db_connections},
        {METRIC_COUNTER, "avow_cache_hits_total", NULL, "Replies found in the cache.", read_cache_hits},
        {METRIC_COUNTER, "avow_cache_misses_total", NULL, "Replies not found in the cache.",
         read_cache_misses},
        {METRIC_COUNTER, "avow_cache_stale_total", NULL, "Replies found that were out of date.",
         read_cache_stale},
        {METRIC_COUNTER, "avow_cache_stores_total", NULL, "Replies put into the cache.", read_cache_stores},
        {METRIC_COUNTER, "avow_cache_evictions_total", NULL, "Replies dropped to make room.",
         read_cache_evictions},
        {METRIC_GAUGE, "avow_cache_entries", NULL, "Replies in the cache.", read_cache_entries},
        {METRIC_GAUGE, "avow_cache_bytes", NULL, "Memory of the cache in use.", read_cache_bytes},
        {METRIC_GAUGE, "avow_cache_max_bytes", NULL, "Memory the cache may use.", read_cache_max_bytes},
        {METRIC_GAUGE, "avow_follower_live", NULL,
         "1 while the changes of other servers are known up to now.", read_follower_live},
        {METRIC_COUNTER, "avow_follower_changes_total", NULL, "Changes seen in the database.",
         read_follower_changes},
        {METRIC_COUNTER, "avow_follower_readings_total", NULL, "Times the changes were read.",
         read_follower_readings},
        {METRIC_COUNTER, "avow_follower_reconnects_total", NULL,
         "Times the follower's connection was opened again.", read_follower_reconnects},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        metrics_add(metrics, rows[i].kind, rows[i].name, rows[i].labels, rows[i].help, rows[i].read, NULL);
}

static const route_t routes[] = {
    {"GET", "/healthz", NULL, healthz, R_OPEN},
    {"GET", "/readyz", NULL, readyz, R_OPEN},
    {"GET", "/metrics", NULL, metrics_text, R_OPEN},
};

const api_t ops_api = {
    .name = "ops",
    .routes = routes,
    .n_routes = sizeof routes / sizeof *routes,
    .media = MEDIA_OWN,
};

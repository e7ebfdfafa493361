#include "server/core/metrics.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Statuses that are counted by name; others share the last slot. */
static const int statuses[] = {200, 204, 304, 400, 401, 403, 404, 405, 406, 408,
                               409, 412, 413, 415, 422, 428, 429, 500, 503, 0};
#define N_STATUSES (sizeof statuses / sizeof *statuses)

static const struct {
    int64_t ns;
    const char *le;
} buckets[] = {
    {100000, "0.0001"},  {250000, "0.00025"}, {500000, "0.0005"},  {1000000, "0.001"},
    {2500000, "0.0025"}, {5000000, "0.005"},  {10000000, "0.01"},  {25000000, "0.025"},
    {50000000, "0.05"},  {100000000, "0.1"},  {250000000, "0.25"}, {500000000, "0.5"},
    {1000000000, "1"},   {2500000000, "2.5"}, {5000000000, "5"},   {10000000000, "10"},
};
#define N_BUCKETS (sizeof buckets / sizeof *buckets)

/* Written by one thread, read by any: relaxed loads and stores, which cost what plain ones do. */
typedef _Atomic uint64_t counter_t;

static void count_add(counter_t *counter, uint64_t n)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

typedef struct {
    counter_t by_status[N_STATUSES];
    counter_t by_bucket[N_BUCKETS + 1];
    counter_t total_ns;
} route_counts_t;

struct metrics_block {
    size_t n_routes;
    route_counts_t *routes; /* one more than there are routes */
};

#define METRICS_MAX 64

typedef struct {
    metric_kind_t kind;
    const char *name, *labels, *help;
    metric_read_fn *read;
    void *arg;
} metric_t;

struct metrics {
    const route_index_t *routes;
    size_t n_blocks;
    metrics_block_t *blocks;
    metric_t added[METRICS_MAX];
    size_t n_added;
    double started;
};

metrics_t *metrics_new(const route_index_t *routes, size_t n_blocks)
{
    metrics_t *metrics = calloc(1, sizeof *metrics);
    metrics_block_t *blocks = calloc(n_blocks, sizeof *blocks);
    if (metrics == NULL || blocks == NULL)
        abort();
    for (size_t i = 0; i < n_blocks; i++) {
        blocks[i].n_routes = route_index_n(routes);
        blocks[i].routes = calloc(blocks[i].n_routes + 1, sizeof *blocks[i].routes);
        if (blocks[i].routes == NULL)
            abort();
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *metrics = (metrics_t){.routes = routes, .n_blocks = n_blocks, .blocks = blocks};
    metrics->started = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    return metrics;
}

void metrics_free(metrics_t *metrics)
{
    if (metrics == NULL)
        return;
    for (size_t i = 0; i < metrics->n_blocks; i++)
        free(metrics->blocks[i].routes);
    free(metrics->blocks);
    free(metrics);
}

metrics_block_t *metrics_block(metrics_t *metrics, size_t i)
{
    return &metrics->blocks[i];
}

static size_t status_slot(int status)
{
    size_t slot = 0;
    while (slot + 1 < N_STATUSES && statuses[slot] != status)
        slot++;
    return slot;
}

void metrics_request(metrics_block_t *block, size_t number, int status, int64_t duration_ns)
{
    route_counts_t *counts = &block->routes[number < block->n_routes ? number : block->n_routes];
    size_t bucket = 0;
    while (bucket < N_BUCKETS && duration_ns > buckets[bucket].ns)
        bucket++;
    count_add(&counts->by_status[status_slot(status)], 1);
    count_add(&counts->by_bucket[bucket], 1);
    count_add(&counts->total_ns, (uint64_t)(duration_ns > 0 ? duration_ns : 0));
}

void metrics_add(metrics_t *metrics, metric_kind_t kind, const char *name, const char *labels,
                 const char *help, metric_read_fn *read, void *arg)
{
    if (metrics->n_added == METRICS_MAX)
        abort(); /* a mistake of ours, seen at the first start */
    metrics->added[metrics->n_added++] = (metric_t){kind, name, labels, help, read, arg};
}

/* --- rendering ------------------------------------------------------------------------------------------------------- */

static void head(buf_t *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static uint64_t sum(const metrics_t *metrics, size_t number, size_t offset)
{
    uint64_t total = 0;
    for (size_t i = 0; i < metrics->n_blocks; i++) {
        const char *counts = (const char *)&metrics->blocks[i].routes[number];
        total += atomic_load_explicit((const counter_t *)(counts + offset), memory_order_relaxed);
    }
    return total;
}

static void route_labels(const metrics_t *metrics, size_t number, char *out, size_t room)
{
    if (number == route_index_n(metrics->routes)) {
        snprintf(out, room, "method=\"\",route=\"\"");
        return;
    }
    const route_t *route = route_index_at(metrics->routes, number);
    snprintf(out, room, "method=\"%s\",route=\"%s\"", route->method, route->path);
}

static void render_requests(const metrics_t *metrics, buf_t *out)
{
    const char *name = "avow_http_requests_total";
    head(out, name, "counter", "Requests answered, by route and status.");
    for (size_t number = 0; number <= route_index_n(metrics->routes); number++) {
        char labels[256];
        route_labels(metrics, number, labels, sizeof labels);
        for (size_t slot = 0; slot < N_STATUSES; slot++) {
            uint64_t n = sum(metrics, number, offsetof(route_counts_t, by_status) + slot * sizeof(counter_t));
            if (n == 0)
                continue;
            if (statuses[slot] == 0)
                buf_printf(out, "%s{%s,status=\"other\"} %" PRIu64 "\n", name, labels, n);
            else
                buf_printf(out, "%s{%s,status=\"%d\"} %" PRIu64 "\n", name, labels, statuses[slot], n);
        }
    }
}

static void render_durations(const metrics_t *metrics, buf_t *out)
{
    const char *name = "avow_http_request_duration_seconds";
    head(out, name, "histogram", "From a whole request to its reply being handed to the network.");
    for (size_t number = 0; number <= route_index_n(metrics->routes); number++) {
        char labels[256];
        uint64_t cumulated[N_BUCKETS + 1], n = 0;
        for (size_t bucket = 0; bucket <= N_BUCKETS; bucket++) {
            n += sum(metrics, number, offsetof(route_counts_t, by_bucket) + bucket * sizeof(counter_t));
            cumulated[bucket] = n;
        }
        if (n == 0)
            continue;
        route_labels(metrics, number, labels, sizeof labels);
        for (size_t bucket = 0; bucket < N_BUCKETS; bucket++)
            buf_printf(out, "%s_bucket{%s,le=\"%s\"} %" PRIu64 "\n", name, labels, buckets[bucket].le,
                       cumulated[bucket]);
        buf_printf(out, "%s_bucket{%s,le=\"+Inf\"} %" PRIu64 "\n", name, labels, n);
        buf_printf(out, "%s_sum{%s} %.9f\n", name, labels,
                   (double)sum(metrics, number, offsetof(route_counts_t, total_ns)) / 1e9);
        buf_printf(out, "%s_count{%s} %" PRIu64 "\n", name, labels, n);
    }
}

static void render_added(const metrics_t *metrics, buf_t *out)
{
    for (size_t i = 0; i < metrics->n_added; i++) {
        const metric_t *metric = &metrics->added[i];
        if (i == 0 || strcmp(metric->name, metrics->added[i - 1].name) != 0)
            head(out, metric->name, metric->kind == METRIC_COUNTER ? "counter" : "gauge", metric->help);
        const char *labels = metric->labels;
        buf_printf(out, "%s%s%s%s %.15g\n", metric->name, labels ? "{" : "", labels ? labels : "",
                   labels ? "}" : "", metric->read(metric->arg));
    }
}

static void gauge(buf_t *out, const char *name, const char *type, const char *help, double value)
{
    head(out, name, type, help);
    buf_printf(out, "%s %.15g\n", name, value);
}

static double open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    if (dir == NULL)
        return 0;
    double n = -3; /* ".", ".." and this folder itself */
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n;
}

/* The names that Prometheus' own client libraries give to these. */
static void render_process(const metrics_t *metrics, buf_t *out)
{
    struct rusage used;
    struct rlimit files;
    unsigned long long pages = 0, resident = 0;
    getrusage(RUSAGE_SELF, &used);
    getrlimit(RLIMIT_NOFILE, &files);
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm != NULL) {
        if (fscanf(statm, "%llu %llu", &pages, &resident) != 2)
            pages = resident = 0;
        fclose(statm);
    }
    double page = (double)sysconf(_SC_PAGESIZE);
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    gauge(out, "process_cpu_seconds_total", "counter", "User and system time spent.", cpu);
    gauge(out, "process_resident_memory_bytes", "gauge", "Resident memory.", (double)resident * page);
    gauge(out, "process_virtual_memory_bytes", "gauge", "Virtual memory.", (double)pages * page);
    gauge(out, "process_open_fds", "gauge", "Open file descriptors.", open_files());
    gauge(out, "process_max_fds", "gauge", "Most file descriptors that can be open.", (double)files.rlim_cur);
    gauge(out, "process_start_time_seconds", "gauge", "Start of the process since the epoch.",
          metrics->started);
}

void metrics_render(metrics_t *metrics, buf_t *out)
{
    render_requests(metrics, out);
    render_durations(metrics, out);
    render_added(metrics, out);
    render_process(metrics, out);
}

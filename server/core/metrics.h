/* metrics.h - counters and histograms, as Prometheus reads them (text format 0.0.4).
 *
 * Requests are counted by the event loops, each in a block of its own, so that counting is an add without a lock; a scrape sums
 * the blocks. Everything else is read when asked for: metrics_add registers who tells it.
 *
 * Threads  metrics_request: the loop that owns the block. metrics_add: before the loops start. metrics_render: any.
 */
#ifndef AVOW_SERVER_CORE_METRICS_H
#define AVOW_SERVER_CORE_METRICS_H

#include "compat/core/buf.h"
#include "server/core/route.h"

typedef struct metrics metrics_t;
typedef struct metrics_block metrics_block_t;

metrics_t *metrics_new(const route_index_t *routes, size_t n_blocks);
void metrics_free(metrics_t *metrics);

metrics_block_t *metrics_block(metrics_t *metrics, size_t i);

/* `number` as in route_hit_t: what matched no route is counted as route="". */
void metrics_request(metrics_block_t *block, size_t number, int status, int64_t duration_ns);

typedef enum { METRIC_COUNTER, METRIC_GAUGE } metric_kind_t;
typedef double metric_read_fn(void *arg);

/* `labels` such as `state="idle"`, or NULL. Metrics of one name are added one after the other. All texts static. */
void metrics_add(metrics_t *metrics, metric_kind_t kind, const char *name, const char *labels,
                 const char *help, metric_read_fn *read, void *arg);

void metrics_render(metrics_t *metrics, buf_t *out);

#endif

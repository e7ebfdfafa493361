/* ops.h - what an operator's tools ask: /healthz, /readyz, /metrics. Memory calls, open to everybody. */
#ifndef AVOW_SERVER_CORE_OPS_H
#define AVOW_SERVER_CORE_OPS_H

#include "server/core/http.h"

extern const api_t ops_api;

typedef struct {
    metrics_t *metrics;
    cache_t *cache;
    follower_t *follower;
    workers_t *workers;
    bool migrated;
} ops_t;

/* What the handlers look at; copied. Before the loops start. */
void ops_setup(const ops_t *ops);
void ops_serving(http_t *http); /* once they have */

/* Registers what /metrics tells besides requests. Once. */
void ops_add_metrics(metrics_t *metrics);

#endif

/* registry.h - the registry API: the one that Kafka clients of Confluent's registry speak, unmodified.
 *
 * Spec     docs/api.md.
 */
#ifndef AVOW_SERVER_REGISTRY_REGISTRY_H
#define AVOW_SERVER_REGISTRY_REGISTRY_H

#include "server/core/route.h"

extern const api_t registry_api;

#endif

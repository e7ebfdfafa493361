/* openapi.h - GET /api/v1/openapi.json: OpenAPI 3.1, printed from the table of routes and from the shapes that bodies are checked by. */
#ifndef AVOW_SERVER_API_OPENAPI_H
#define AVOW_SERVER_API_OPENAPI_H

#include "compat/core/buf.h"
#include "server/api/shape.h"

void openapi_print(buf_t *out, const route_t *routes, size_t n);

/* The shape of the body of a route, or NULL; *use: whether its required members have to be there. */
const shape_t *openapi_shape(const route_t *route, shape_use_t *use);

#endif

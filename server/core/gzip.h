/* gzip.h - compressing replies for clients that accept it. */
#ifndef AVOW_SERVER_CORE_GZIP_H
#define AVOW_SERVER_CORE_GZIP_H

#include "server/core/call.h"

/* A reply of at least min_bytes (0: never) is compressed into the arena when the client takes gzip, and says that it varies
 * either way. A reply that does not become smaller stays as it is. */
void gzip_reply(call_t *c, bool accepted, int64_t min_bytes);

#endif

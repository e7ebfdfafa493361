/* listen.h - the addresses that are served: "127.0.0.1:8081,[::1]:8081", "localhost:0", ":8081" for every address.
 *
 * Each event loop has a socket of its own on each address (SO_REUSEPORT). Because that would let two servers share a port
 * without noticing, each address is first bound without it.
 */
#ifndef AVOW_SERVER_CORE_LISTEN_H
#define AVOW_SERVER_CORE_LISTEN_H

#include "catalog/err.h"

#define LISTEN_MAX 16

typedef struct listeners listeners_t;

/* Binds, and does not listen yet: connections are refused until listeners_take. NULL and a sentence that names the address. */
listeners_t *listeners_open(const char *addresses, size_t n_loops, err_t *err);
void listeners_close(listeners_t *listeners); /* those not taken; NULL is fine */

size_t listeners_n(const listeners_t *listeners);

/* The i-th address's socket for a loop: listening, owned by the caller from then on. */
int listeners_take(listeners_t *listeners, size_t i, size_t loop);

/* "127.0.0.1:8081", with the port that was really taken. */
const char *listeners_name(const listeners_t *listeners, size_t i);

#endif

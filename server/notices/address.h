/* address.h - where a webhook may lead: the guard against requests that somebody makes this server send into its own network.
 *
 * Private, loopback, link-local, metadata, multicast and reserved addresses are refused, as IPv4, IPv6 and IPv4 within IPv6, unless
 * the operator allows them (--webhook-allow). A URL is looked at when it is given, and every address once more when it is connected to:
 * a name may lead elsewhere by then.
 *
 * Threads  an allow-list is made once and only read after.
 */
#ifndef AVOW_SERVER_NOTICES_ADDRESS_H
#define AVOW_SERVER_NOTICES_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#include "catalog/err.h"

typedef struct allow allow_t;

/* A list like "127.0.0.1, 10.1.0.0/16, fd00::/8, hooks.internal", or NULL: nothing. NULL and a sentence when it cannot be read. */
allow_t *allow_new(const char *list, err_t *err);
void allow_free(allow_t *allow); /* NULL is fine */

/* Whether `address` may be connected to for the sake of `host` (as it is in the URL). */
bool address_allowed(const allow_t *allow, const struct sockaddr *address, const char *host);

/* Whether a URL may be a webhook's, as far as can be told without asking the network: http or https, a host, no user or fragment; an
 * address, in whatever spelling, or a name that means this machine or its network is refused. ERR_FIELD_INVALID and why. */
int address_check_url(const allow_t *allow, const char *url, err_t *err);

/* The allow-list of this process, for handlers; set once, at the start. */
void address_setup(const allow_t *allow);
const allow_t *address_allow(void);

#endif

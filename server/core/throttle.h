/* throttle.h - guessing passwords is slow: after some failures in a row a login has to wait, longer each time.
 *
 * Kept in memory, by login, in a fixed table: two logins that share a place wait for each other's failures, which costs patience, never
 * safety. Other logins, and whoever is signed in, are not held up.
 *
 * Threads  any.
 */
#ifndef AVOW_SERVER_CORE_THROTTLE_H
#define AVOW_SERVER_CORE_THROTTLE_H

#include "catalog/err.h"

/* ERR_RATE_LIMITED, with how many seconds to wait in the sentence. */
int throttle_check(text_t login, err_t *err);
void throttle_failed(text_t login);
void throttle_forget(text_t login); /* it was right */

#endif

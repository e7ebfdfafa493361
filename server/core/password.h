/* password.h - passwords and secrets: hashed, compared, made up.
 *
 * Hashing takes tens of milliseconds, on purpose: never on an event loop, never while a lock of the catalog is held.
 */
#ifndef AVOW_SERVER_CORE_PASSWORD_H
#define AVOW_SERVER_CORE_PASSWORD_H

#include "catalog/err.h"

enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 256 };

/* As crypt(5) writes it, by yescrypt. -1: the system gives no salt. */
int password_hash(text_t password, arena_t *arena, text_t *hash);

/* Takes the same time for a hash that is TEXT_NONE (nobody of that name) as for a wrong password. */
bool password_fits(text_t password, text_t hash);

/* `n` random characters of 0-9, A-Z, a-z at `out`, and a NUL. */
void secret_make(char *out, size_t n);

#endif

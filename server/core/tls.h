/* tls.h - the server's certificate as OpenSSL wants it. */
#ifndef AVOW_SERVER_CORE_TLS_H
#define AVOW_SERVER_CORE_TLS_H

#include <openssl/ssl.h>

#include "catalog/err.h"

/* TLS 1.2 and later. NULL and a sentence when the files cannot be read or do not belong together. SSL_CTX_free it. */
SSL_CTX *tls_context(const char *cert_path, const char *key_path, bool http2, err_t *err);

#endif

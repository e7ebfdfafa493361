#include "server/core/tls.h"

#include <h2o.h>
#include <openssl/err.h>

static const char *why(void)
{
    unsigned long code = ERR_get_error();
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason == NULL ? "unknown reason" : reason;
}

static int load(SSL_CTX *ctx, const char *cert_path, const char *key_path, err_t *err)
{
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(ctx, cert_path) != 1)
        return err_set(err, ERR_INTERNAL, "tls-cert: %.200s is no certificate chain in PEM: %s", cert_path,
                       why());
    if (SSL_CTX_use_PrivateKey_file(ctx, key_path, SSL_FILETYPE_PEM) != 1)
        return err_set(err, ERR_INTERNAL, "tls-key: %.200s is no private key in PEM for %.200s: %s", key_path,
                       cert_path, why());
    if (SSL_CTX_check_private_key(ctx) != 1)
        return err_set(err, ERR_INTERNAL, "tls-key: %.200s does not belong to %.200s", key_path, cert_path);
    return 0;
}

SSL_CTX *tls_context(const char *cert_path, const char *key_path, bool http2, err_t *err)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (ctx == NULL) {
        err_set(err, ERR_INTERNAL, "TLS cannot be set up: %s", why());
        return NULL;
    }
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_options(ctx,
                        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"avow", 4);
    if (load(ctx, cert_path, key_path, err) != 0) {
        SSL_CTX_free(ctx);
        return NULL;
    }
    if (http2)
        h2o_ssl_register_alpn_protocols(ctx, h2o_http2_alpn_protocols);
    return ctx;
}

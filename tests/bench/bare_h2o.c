/* bare_h2o.c - what h2o alone serves: the bytes of one file for every request, on one thread. `bench_bare_h2o PORT FILE TYPE`.
 *
 * The yardstick for the registry's reads: the same library, the same bytes, the same headers, and nothing else.
 */
#include <arpa/inet.h>
#include <h2o.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static h2o_iovec_t body, type;
static h2o_generator_t generator = {NULL, NULL};
static h2o_context_t context;
static h2o_accept_ctx_t accept_context;

static int answer(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    req->res.status = 200;
    req->res.reason = "OK";
    req->res.content_length = body.len;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type.base, type.len);
    h2o_start_response(req, &generator);
    h2o_send(req, &body, 1, H2O_SEND_STATE_FINAL);
    return 0;
}

static void on_accept(h2o_socket_t *listener, const char *err)
{
    if (err != NULL)
        return;
    for (int i = 0; i < 16; i++) {
        h2o_socket_t *sock = h2o_evloop_socket_accept(listener);
        if (sock == NULL)
            return;
        h2o_accept(&accept_context, sock);
    }
}

static int listen_on(int port)
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1024) != 0) {
        perror("listen");
        exit(1);
    }
    return fd;
}

static h2o_iovec_t read_file(const char *path)
{
    static char bytes[1 << 20];
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        perror(path);
        exit(1);
    }
    size_t n = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    return h2o_iovec_init(bytes, n);
}

int main(int argc, char **argv)
{
    h2o_globalconf_t conf;
    if (argc != 4) {
        fprintf(stderr, "usage: bench_bare_h2o PORT FILE TYPE\n");
        return 2;
    }
    body = read_file(argv[2]);
    type = h2o_iovec_init(argv[3], strlen(argv[3]));
    h2o_config_init(&conf);
    conf.http1.upgrade_to_http2 = 0;
    conf.server_name = h2o_iovec_init("", 0);
    h2o_hostconf_t *host = h2o_config_register_host(&conf, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_create_handler(h2o_config_register_path(host, "/", 0), sizeof(h2o_handler_t))->on_req = answer;
    h2o_context_init(&context, h2o_evloop_create(), &conf);
    accept_context.ctx = &context;
    accept_context.hosts = conf.hosts;
    h2o_socket_t *listener = h2o_evloop_socket_create(context.loop, listen_on((int)strtol(argv[1], NULL, 10)),
                                                      H2O_SOCKET_FLAG_DONT_READ);
    h2o_socket_read_start(listener, on_accept);
    for (;;)
        h2o_evloop_run(context.loop, INT32_MAX);
}

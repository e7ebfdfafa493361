#include "server/core/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 4096

typedef struct {
    struct sockaddr_storage at;
    socklen_t bytes;
    char name[NI_MAXHOST + 16];
    int *fds; /* one for each loop; -1: taken */
} listener_t;

struct listeners {
    size_t n_loops, n;
    listener_t list[LISTEN_MAX];
};

/* --- addresses ------------------------------------------------------------------------------------------------------------- */

/* Splits "host:port"; the host may be in brackets, empty or "*". */
static bool split(const char *text, char *host, size_t room, const char **port)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon[1] == '\0' || strlen(colon + 1) > 5 ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return false;
    size_t bytes = (size_t)(colon - text);
    bool brackets = bytes >= 2 && text[0] == '[' && text[bytes - 1] == ']';
    if (brackets) {
        text++;
        bytes -= 2;
    } else if (memchr(text, ':', bytes) != NULL) {
        return false; /* an IPv6 address needs brackets */
    }
    if (bytes >= room)
        return false;
    memcpy(host, text, bytes);
    host[bytes] = '\0';
    *port = colon + 1;
    return strtol(*port, NULL, 10) <= 65535;
}

static int add_addresses(listeners_t *listeners, const char *text, err_t *err)
{
    char host[NI_MAXHOST];
    const char *port;
    if (!split(text, host, sizeof host, &port))
        return err_set(err, ERR_INTERNAL,
                       "listen: \"%.100s\" is not address:port (such as 127.0.0.1:8081 or [::1]:8081)", text);
    bool any = host[0] == '\0' || strcmp(host, "*") == 0;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
    int rc = getaddrinfo(any ? NULL : host, port, &hints, &found);
    if (rc != 0)
        return err_set(err, ERR_INTERNAL, "listen: \"%.100s\" cannot be resolved: %s", text,
                       gai_strerror(rc));
    for (struct addrinfo *info = found; info != NULL; info = info->ai_next) {
        if (listeners->n == LISTEN_MAX) {
            freeaddrinfo(found);
            return err_set(err, ERR_INTERNAL, "listen: more than %d addresses", LISTEN_MAX);
        }
        listener_t *listener = &listeners->list[listeners->n++];
        memcpy(&listener->at, info->ai_addr, info->ai_addrlen);
        listener->bytes = info->ai_addrlen;
    }
    freeaddrinfo(found);
    return 0;
}

static void set_name(listener_t *listener)
{
    char host[NI_MAXHOST], port[8];
    if (getnameinfo((struct sockaddr *)&listener->at, listener->bytes, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(listener->name, sizeof listener->name, "?");
    else
        snprintf(listener->name, sizeof listener->name,
                 listener->at.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

/* --- sockets ---------------------------------------------------------------------------------------------------------------- */

static int bound_socket(const listener_t *listener, bool shared)
{
    const int on = 1;
    int fd = socket(listener->at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (shared)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (listener->at.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&listener->at, listener->bytes) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

static int cannot_bind(listener_t *listener, err_t *err)
{
    int why = errno;
    set_name(listener);
    return err_set(err, ERR_INTERNAL, "listen: %s: %s", listener->name,
                   why == EADDRINUSE ? "another process is already served there" : strerror(why));
}

static int open_sockets(listeners_t *listeners, listener_t *listener, err_t *err)
{
    int alone = bound_socket(listener, false);
    if (alone < 0)
        return cannot_bind(listener, err);
    getsockname(alone, (struct sockaddr *)&listener->at, &listener->bytes); /* the port, when it was 0 */
    close(alone);
    set_name(listener);
    for (size_t i = 0; i < listeners->n_loops; i++) {
        listener->fds[i] = bound_socket(listener, true);
        if (listener->fds[i] < 0)
            return cannot_bind(listener, err);
    }
    return 0;
}

listeners_t *listeners_open(const char *addresses, size_t n_loops, err_t *err)
{
    listeners_t *listeners = calloc(1, sizeof *listeners);
    if (listeners == NULL)
        abort();
    listeners->n_loops = n_loops;
    int rc = 0;
    for (const char *at = addresses; rc == 0 && *at != '\0';) {
        char one[NI_MAXHOST + 16];
        size_t bytes = strcspn(at, ",");
        snprintf(one, sizeof one, "%.*s", (int)(bytes < sizeof one ? bytes : sizeof one - 1), at);
        rc = add_addresses(listeners, one + strspn(one, " "), err);
        at += bytes + (at[bytes] == ',');
    }
    if (rc == 0 && listeners->n == 0)
        rc = err_set(err, ERR_INTERNAL, "listen: no address is given");
    for (size_t i = 0; i < listeners->n; i++) {
        listeners->list[i].fds = malloc(n_loops * sizeof(int));
        if (listeners->list[i].fds == NULL)
            abort();
        for (size_t j = 0; j < n_loops; j++)
            listeners->list[i].fds[j] = -1;
    }
    for (size_t i = 0; rc == 0 && i < listeners->n; i++)
        rc = open_sockets(listeners, &listeners->list[i], err);
    if (rc == 0)
        return listeners;
    listeners_close(listeners);
    return NULL;
}

void listeners_close(listeners_t *listeners)
{
    if (listeners == NULL)
        return;
    for (size_t i = 0; i < listeners->n; i++) {
        for (size_t j = 0; j < listeners->n_loops; j++)
            if (listeners->list[i].fds[j] >= 0)
                close(listeners->list[i].fds[j]);
        free(listeners->list[i].fds);
    }
    free(listeners);
}

size_t listeners_n(const listeners_t *listeners)
{
    return listeners->n;
}

int listeners_take(listeners_t *listeners, size_t i, size_t loop)
{
    int fd = listeners->list[i].fds[loop];
    listeners->list[i].fds[loop] = -1;
    listen(fd, BACKLOG); /* of a bound socket; the kernel clips the backlog */
    return fd;
}

const char *listeners_name(const listeners_t *listeners, size_t i)
{
    return listeners->list[i].name;
}

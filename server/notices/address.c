#include "server/notices/address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Every address is looked at as one of 16 bytes; IPv4 is ::ffff:a.b.c.d. */
typedef struct {
    uint8_t bytes[16];
} address_t;

typedef struct {
    address_t address;
    unsigned bits;
} block_t;

struct allow {
    block_t *blocks;
    size_t n_blocks;
    char **hosts;
    size_t n_hosts;
};

/* IANA's special-purpose registries (RFC 6890 and what came after), as IPv6 with IPv4 mapped: 96 bits more. */
static const struct {
    const char *network;
    unsigned bits;
} refused[] = {
    {"0.0.0.0", 8},       /* this network */
    {"10.0.0.0", 8},      /* private */
    {"100.64.0.0", 10},   /* carrier NAT; metadata of one cloud */
    {"127.0.0.0", 8},     /* loopback */
    {"169.254.0.0", 16},  /* link-local; metadata of most clouds */
    {"172.16.0.0", 12},   /* private */
    {"192.0.0.0", 24},    /* protocol assignments; metadata of one cloud */
    {"192.0.2.0", 24},    /* documentation */
    {"192.88.99.0", 24},  /* 6to4 relays */
    {"192.168.0.0", 16},  /* private */
    {"198.18.0.0", 15},   /* benchmarks */
    {"198.51.100.0", 24}, /* documentation */
    {"203.0.113.0", 24},  /* documentation */
    {"224.0.0.0", 4},     /* multicast */
    {"240.0.0.0", 4},     /* reserved, broadcast */
    {"::", 96},           /* unspecified, loopback, IPv4-compatible */
    {"64:ff9b:1::", 48},  /* translation, local */
    {"100::", 64},        /* discard */
    {"2001::", 23},       /* Teredo and other protocol assignments */
    {"2001:db8::", 32},   /* documentation */
    {"3fff::", 20},       /* documentation */
    {"5f00::", 16},       /* segment routing */
    {"fc00::", 7},        /* unique local; metadata of one cloud */
    {"fe80::", 10},       /* link-local */
    {"fec0::", 10},       /* site-local */
    {"ff00::", 8},        /* multicast */
};

/* Networks that carry an IPv4 address in theirs, from this byte on: it is judged as that address. */
static const struct {
    const char *network;
    unsigned bits, at;
} carriers[] = {
    {"64:ff9b::", 96, 12}, /* NAT64, RFC 6052 */
    {"2002::", 16, 2},     /* 6to4, RFC 3056 */
};

static const char *const local_names[] = {"localhost", "localhost.localdomain", "ip6-localhost", "metadata",
                                          "metadata.google.internal"};
static const char *const local_endings[] = {".localhost", ".local",     ".internal",
                                            ".lan",       ".home.arpa", ".localdomain"};

static const allow_t *process_allow;

/* --- addresses --------------------------------------------------------------------------------------------------------------- */

static address_t from_v4(const uint8_t v4[4])
{
    address_t out = {.bytes = {[10] = 0xff, [11] = 0xff}};
    memcpy(out.bytes + 12, v4, 4);
    return out;
}

static bool parse(const char *text, address_t *out)
{
    uint8_t v4[4];
    if (inet_pton(AF_INET, text, v4) == 1) {
        *out = from_v4(v4);
        return true;
    }
    return inet_pton(AF_INET6, text, out->bytes) == 1;
}

static bool is_v4(const address_t *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

static bool within(const address_t *address, const address_t *network, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(address->bytes, network->bytes, whole) != 0)
        return false;
    return rest == 0 || (address->bytes[whole] ^ network->bytes[whole]) >> (8 - rest) == 0;
}

static bool in_network(const address_t *address, const char *text, unsigned bits)
{
    address_t network;
    if (!parse(text, &network))
        return true; /* a mistake in a table refuses */
    bool v4 = is_v4(&network);
    return v4 == is_v4(address) && within(address, &network, v4 ? bits + 96 : bits);
}

static bool is_refused(const address_t *address)
{
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++) {
        if (in_network(address, carriers[i].network, carriers[i].bits)) {
            address_t carried = from_v4(address->bytes + carriers[i].at);
            return is_refused(&carried); /* an IPv4 address is within no carrier: this ends */
        }
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (in_network(address, refused[i].network, refused[i].bits))
            return true;
    return false;
}

static bool from_sockaddr(const struct sockaddr *sockaddr, address_t *out)
{
    if (sockaddr->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, sockaddr, sizeof v4);
        uint8_t bytes[4];
        memcpy(bytes, &v4.sin_addr, sizeof bytes);
        *out = from_v4(bytes);
        return true;
    }
    if (sockaddr->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 v6;
    memcpy(&v6, sockaddr, sizeof v6);
    memcpy(out->bytes, &v6.sin6_addr, sizeof out->bytes);
    return true;
}

/* --- what the operator allows --------------------------------------------------------------------------------------------------- */

/* "10.0.0.0/8" or an address alone. */
static bool parse_block(char *text, block_t *out)
{
    char *slash = strchr(text, '/');
    if (slash != NULL)
        *slash = '\0';
    if (!parse(text, &out->address))
        return false;
    bool v4 = strchr(text, ':') == NULL;
    unsigned max = v4 ? 32 : 128, bits = max;
    if (slash != NULL) {
        char *end;
        unsigned long given = strtoul(slash + 1, &end, 10);
        if (end == slash + 1 || *end != '\0' || given > max)
            return false;
        bits = (unsigned)given;
    }
    out->bits = v4 ? bits + 96 : bits;
    return true;
}

static bool looks_like_address(const char *text)
{
    return strchr(text, '/') != NULL || strchr(text, ':') != NULL ||
           text[strspn(text, "0123456789.")] == '\0';
}

static int add(allow_t *allow, char *item, err_t *err)
{
    if (!looks_like_address(item)) {
        allow->hosts[allow->n_hosts] = strdup(item);
        if (allow->hosts[allow->n_hosts++] == NULL)
            abort();
        return 0;
    }
    char shown[128];
    snprintf(shown, sizeof shown, "%s", item);
    if (parse_block(item, &allow->blocks[allow->n_blocks])) {
        allow->n_blocks++;
        return 0;
    }
    return err_set(err, ERR_INTERNAL,
                   "webhook-allow: \"%s\" is neither an address, a block like 10.0.0.0/8, nor a host", shown);
}

allow_t *allow_new(const char *list, err_t *err)
{
    static const char separators[] = ", \t";
    allow_t *allow = calloc(1, sizeof *allow);
    char *copy = strdup(list == NULL ? "" : list);
    size_t room = list == NULL ? 1 : strlen(list) + 1;
    if (allow == NULL || copy == NULL)
        abort();
    allow->blocks = calloc(room, sizeof *allow->blocks);
    allow->hosts = calloc(room, sizeof *allow->hosts);
    if (allow->blocks == NULL || allow->hosts == NULL)
        abort();
    int status = 0;
    for (char *rest = NULL, *item = strtok_r(copy, separators, &rest); item != NULL && status == 0;
         item = strtok_r(NULL, separators, &rest))
        status = add(allow, item, err);
    free(copy);
    if (status == 0)
        return allow;
    allow_free(allow);
    return NULL;
}

void allow_free(allow_t *allow)
{
    if (allow == NULL)
        return;
    for (size_t i = 0; i < allow->n_hosts; i++)
        free(allow->hosts[i]);
    free(allow->hosts);
    free(allow->blocks);
    free(allow);
}

static bool host_allowed(const allow_t *allow, const char *host)
{
    for (size_t i = 0; allow != NULL && i < allow->n_hosts; i++)
        if (strcasecmp(allow->hosts[i], host) == 0)
            return true;
    return false;
}

static bool allowed(const allow_t *allow, const address_t *address, const char *host)
{
    if (!is_refused(address) || host_allowed(allow, host))
        return true;
    for (size_t i = 0; allow != NULL && i < allow->n_blocks; i++)
        if (within(address, &allow->blocks[i].address, allow->blocks[i].bits))
            return true;
    return false;
}

bool address_allowed(const allow_t *allow, const struct sockaddr *address, const char *host)
{
    address_t it;
    return from_sockaddr(address, &it) && allowed(allow, &it, host);
}

/* --- URLs --------------------------------------------------------------------------------------------------------------------------- */

static int refuse(err_t *err, const char *host)
{
    return err_set(err, ERR_FIELD_INVALID,
                   "The webhook leads to \"%s\", which is an address of this machine or of a private "
                   "network. An operator can "
                   "allow it with --webhook-allow",
                   host);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n >= m && strcasecmp(text + n - m, ending) == 0;
}

static bool is_local_name(const char *host)
{
    for (size_t i = 0; i < sizeof local_names / sizeof *local_names; i++)
        if (strcasecmp(host, local_names[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof local_endings / sizeof *local_endings; i++)
        if (ends_with(host, local_endings[i]))
            return true;
    return false;
}

/* Numbers in every spelling that a resolver takes: 127.1, 0x7f000001, 2130706433. No question leaves the machine. */
static int check_host(const allow_t *allow, char *host, err_t *err)
{
    size_t n = strlen(host);
    if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
        memmove(host, host + 1, n - 2);
        host[n - 2] = '\0';
    } else if (n > 1 && host[n - 1] == '.') {
        host[n - 1] = '\0';
    }
    if (is_local_name(host) && !host_allowed(allow, host))
        return refuse(err, host);
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return 0; /* a name: looked up when it is connected to */
    bool fine = address_allowed(allow, found->ai_addr, host);
    freeaddrinfo(found);
    return fine ? 0 : refuse(err, host);
}

static char *part(CURLU *url, CURLUPart which)
{
    char *text = NULL;
    return curl_url_get(url, which, &text, 0) == CURLUE_OK ? text : NULL;
}

int address_check_url(const allow_t *allow, const char *text, err_t *err)
{
    CURLU *url = curl_url();
    int status = -1;
    char *scheme = NULL, *host = NULL, *user = NULL, *fragment = NULL;
    if (url == NULL)
        abort();
    if (strlen(text) > 2048 ||
        curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        err_set(err, ERR_FIELD_INVALID, "This is not a URL that can be called");
        goto out;
    }
    scheme = part(url, CURLUPART_SCHEME);
    host = part(url, CURLUPART_HOST);
    user = part(url, CURLUPART_USER);
    fragment = part(url, CURLUPART_FRAGMENT);
    if (scheme == NULL || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
        err_set(err, ERR_FIELD_INVALID, "A webhook's URL begins with https:// or http://");
    else if (host == NULL || host[0] == '\0')
        err_set(err, ERR_FIELD_INVALID, "A webhook's URL names a host");
    else if (user != NULL || fragment != NULL)
        err_set(err, ERR_FIELD_INVALID,
                "A webhook's URL holds neither a user nor a fragment: deliveries are signed");
    else
        status = check_host(allow, host, err);
out:
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(fragment);
    curl_url_cleanup(url);
    return status;
}

void address_setup(const allow_t *allow)
{
    process_allow = allow;
}

const allow_t *address_allow(void)
{
    return process_allow;
}

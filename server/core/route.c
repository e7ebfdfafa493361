#include "server/core/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/core/url.h"

/* One tree for all APIs: a level for each segment. The methods of a path hang on the node where it ends. */
typedef enum { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_N } method_t;

static const char *const method_names[METHOD_N] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

typedef struct {
    const api_t *api;
    const route_t *route;
    size_t number;
} entry_t;

typedef struct node node_t;
struct node {
    text_t literal;
    node_t *children; /* literal ones, as a list */
    node_t *next;     /* in that list */
    node_t *any;      /* {name} */
    entry_t entries[METHOD_N];
};

struct route_index {
    arena_t *arena;
    const api_t *const *apis;
    size_t n_apis;
    const route_t **routes;
    size_t n_routes;
    node_t root;
};

static method_t method_find(text_t method)
{
    if (text_is(method, "HEAD"))
        return METHOD_GET;
    int m = 0;
    while (m < METHOD_N && !text_is(method, method_names[m]))
        m++;
    return (method_t)m;
}

/* --- building ------------------------------------------------------------------------------------------------------ */

static node_t *child_make(route_index_t *index, node_t *node, text_t segment)
{
    if (segment.at[0] == '{') {
        if (node->any == NULL)
            node->any = ARENA_NEW(index->arena, node_t);
        return node->any;
    }
    for (node_t *child = node->children; child != NULL; child = child->next)
        if (text_eq(child->literal, segment))
            return child;
    node_t *child = ARENA_NEW(index->arena, node_t);
    child->literal = segment;
    child->next = node->children;
    return node->children = child;
}

static void route_add(route_index_t *index, const api_t *api, const route_t *route)
{
    node_t *node = &index->root;
    size_t n_params = 0;
    for (const char *at = route->path; *at != '\0';) {
        size_t bytes = strcspn(at, "/");
        if (bytes > 0) {
            n_params += *at == '{';
            node = child_make(index, node, (text_t){at, bytes});
        }
        at += bytes + (at[bytes] == '/');
    }
    method_t method = method_find(text_of(route->method));
    bool one_handler = (route->on_worker == NULL) != (route->on_loop == NULL);
    bool body_on_loop = route->on_loop != NULL && (route->flags & (R_BODY | R_BODY_MAY)) != 0;
    if (method == METHOD_N || !one_handler || body_on_loop || n_params > CALL_PARAMS_MAX ||
        node->entries[method].route != NULL) {
        fprintf(stderr, "avow: the route %s %s cannot be served as it is declared\n", route->method,
                route->path);
        abort();
    }
    node->entries[method] = (entry_t){api, route, index->n_routes};
    index->routes[index->n_routes++] = route;
}

route_index_t *route_index_new(const api_t *const *apis, size_t n_apis)
{
    size_t n = 0;
    for (size_t i = 0; i < n_apis; i++)
        n += apis[i]->n_routes;
    arena_t *arena = arena_new();
    route_index_t *index = ARENA_NEW(arena, route_index_t);
    index->arena = arena;
    index->apis = apis;
    index->n_apis = n_apis;
    index->routes = ARENA_ARRAY(arena, const route_t *, n);
    for (size_t i = 0; i < n_apis; i++)
        for (size_t j = 0; j < apis[i]->n_routes; j++)
            route_add(index, apis[i], &apis[i]->routes[j]);
    return index;
}

void route_index_free(route_index_t *index)
{
    if (index != NULL)
        arena_free(index->arena);
}

size_t route_index_n(const route_index_t *index)
{
    return index->n_routes;
}

const route_t *route_index_at(const route_index_t *index, size_t number)
{
    return index->routes[number];
}

/* --- matching ------------------------------------------------------------------------------------------------------ */

/* One walk through the tree. Literal segments win over {name}; when that leads nowhere, {name} is tried. */
typedef struct {
    const text_t *segments;
    size_t n_segments;
    method_t method;
    profile_t profile;
    unsigned required;              /* flags the route must have */
    size_t params[CALL_PARAMS_MAX]; /* indexes of segments */
    size_t n_params;
    unsigned allowed; /* bit for each method of paths that matched */
    const entry_t *found;
} walk_t;

static bool entry_serves(const entry_t *entry, const walk_t *walk)
{
    return entry->route != NULL && (entry->route->flags & walk->required) == walk->required &&
           ((entry->route->flags & R_PROFILE_8) == 0 || walk->profile == PROFILE_8);
}

/* Recursion is bounded by the longest declared path. */
static void walk_from(walk_t *walk, const node_t *node, size_t depth)
{
    if (depth == walk->n_segments) {
        for (int m = 0; m < METHOD_N; m++)
            if (entry_serves(&node->entries[m], walk))
                walk->allowed |= 1u << m;
        if (walk->method < METHOD_N && (walk->allowed & 1u << walk->method) != 0)
            walk->found = &node->entries[walk->method];
        return;
    }
    text_t segment = walk->segments[depth];
    for (const node_t *child = node->children; child != NULL; child = child->next) {
        if (child->literal.bytes == segment.bytes &&
            memcmp(child->literal.at, segment.at, segment.bytes) == 0) {
            walk_from(walk, child, depth + 1);
            break;
        }
    }
    if (walk->found == NULL && node->any != NULL) {
        walk->params[walk->n_params++] = depth;
        walk_from(walk, node->any, depth + 1);
        if (walk->found == NULL)
            walk->n_params--;
    }
}

/* "x", ".x" and ":.x:" name the same context. */
static text_t context_name(text_t segment, arena_t *arena)
{
    if (segment.bytes >= 2 && segment.at[0] == ':' && segment.at[segment.bytes - 1] == ':')
        segment = (text_t){segment.at + 1, segment.bytes - 2};
    if (segment.bytes > 0 && segment.at[0] == '.')
        return segment;
    return text_printf(arena, "." TEXT_FMT, TEXT_ARG(segment));
}

static bool below_prefix(const char *prefix, const text_t *segments, size_t n)
{
    for (size_t i = 0; *prefix != '\0'; i++) {
        prefix += *prefix == '/';
        size_t bytes = strcspn(prefix, "/");
        if (i == n || !text_eq(segments[i], (text_t){prefix, bytes}))
            return false;
        prefix += bytes;
    }
    return true;
}

static const api_t *api_of_path(const route_index_t *index, const text_t *segments, size_t n)
{
    for (size_t i = 0; i < index->n_apis; i++)
        if (index->apis[i]->prefix != NULL && below_prefix(index->apis[i]->prefix, segments, n))
            return index->apis[i];
    return index->apis[0];
}

static void allow(call_t *c, unsigned allowed)
{
    char names[64] = "";
    size_t n = 0;
    for (int m = 0; m < METHOD_N; m++)
        if ((allowed & 1u << m) != 0)
            n += (size_t)snprintf(names + n, sizeof names - n, "%s%s, ", method_names[m],
                                  m == METHOD_GET ? ", HEAD" : "");
    snprintf(names + n, sizeof names - n, "OPTIONS");
    reply_header(c, "allow", text_copy(c->arena, text_of(names)));
}

int route_match(const route_index_t *index, call_t *c, route_hit_t *hit)
{
    text_t segments[URL_SEGMENTS_MAX];
    size_t n = 0;
    *hit = (route_hit_t){.api = index->apis[0], .number = index->n_routes};
    if (text_is(c->path, "*") && text_is(c->method, "OPTIONS")) {
        allow(c, (1u << METHOD_N) - 1);
        return 0;
    }
    /* A path that cannot be read fails in the words of the API that its beginning belongs to. */
    int rc = url_path(c->path, c->arena, segments, &n, &c->err);
    hit->api = api_of_path(index, segments, n);
    if (rc != 0)
        return -1;
    walk_t direct = {
        .segments = segments, .n_segments = n, .method = method_find(c->method), .profile = c->profile};
    walk_t *walk = &direct;
    walk_from(walk, &index->root, 0);
    walk_t inside = direct;
    c->context = TEXT_NONE;
    if (walk->found == NULL && n >= 2 && text_is(segments[0], "contexts")) {
        inside.segments += 2;
        inside.n_segments -= 2;
        inside.required = R_CONTEXT;
        walk_from(&inside, &index->root, 0);
        if (inside.found != NULL || direct.allowed == 0) {
            walk = &inside;
            c->context = context_name(segments[1], c->arena);
        }
    }
    if (walk->found != NULL) {
        for (size_t i = 0; i < walk->n_params; i++)
            c->params[i] = walk->segments[walk->params[i]];
        *hit = (route_hit_t){walk->found->api, walk->found->route, walk->found->number};
        return 0;
    }
    unsigned allowed = direct.allowed | inside.allowed;
    if (allowed == 0)
        return err_set(&c->err, ERR_ROUTE_UNKNOWN, NULL);
    allow(c, allowed);
    return text_is(c->method, "OPTIONS") ? 0 : err_set(&c->err, ERR_METHOD_NOT_ALLOWED, NULL);
}

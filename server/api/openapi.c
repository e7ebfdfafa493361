#include "server/api/openapi.h"

#include <ctype.h>
#include <stdlib.h>

#include "server/api/api.h"
#include "server/api/catalog.h"
#include "server/api/proposal.h"

/* Shapes live beside the handlers that check bodies by them. */
extern const shape_t adopt_shape[], channel_shape[], consumption_shape[], deployment_shape[],
    dissolve_shape[], domain_shape[], environment_shape[], event_shape[], line_change_shape[],
    line_subject_shape[], member_shape[], observations_shape[], password_shape[], policy_shape[],
    production_shape[], reason_shape[], rename_shape[], service_shape[], session_shape[], sync_shape[],
    purge_shape[], team_shape[], token_shape[], transfer_shape[], user_shape[], waiver_shape[];

static const struct {
    const char *method, *path; /* behind /api/v1 */
    const shape_t *shape;
    shape_use_t use;
} bodies[] = {
    {"POST", "/teams", team_shape, SHAPE_WHOLE},
    {"PATCH", "/teams/{team}", team_shape + 1, SHAPE_PATCH},
    {"POST", "/teams/{team}/dissolve", dissolve_shape, SHAPE_WHOLE},
    {"PUT", "/teams/{team}/members/{user}", member_shape, SHAPE_WHOLE},
    {"POST", "/users", user_shape, SHAPE_WHOLE},
    {"PATCH", "/users/{user}", user_shape + 1, SHAPE_PATCH},
    {"PUT", "/users/{user}/password", password_shape, SHAPE_WHOLE},
    {"POST", "/services", service_shape, SHAPE_WHOLE},
    {"PATCH", "/services/{service}", service_shape + 1, SHAPE_PATCH},
    {"PUT", "/services/{service}/sync", sync_shape, SHAPE_WHOLE},
    {"POST", "/domains", domain_shape, SHAPE_WHOLE},
    {"PATCH", "/domains/{domain}", domain_shape + 1, SHAPE_PATCH},
    {"POST", "/environments", environment_shape, SHAPE_WHOLE},
    {"PATCH", "/environments/{environment}", environment_shape + 1, SHAPE_PATCH},
    {"POST", "/tokens", token_shape, SHAPE_WHOLE},
    {"POST", "/session", session_shape, SHAPE_WHOLE},
    {"PUT", "/policies/{scope}", policy_shape, SHAPE_PATCH},
    {"POST", "/events", event_shape, SHAPE_WHOLE},
    {"PATCH", "/events/{event}", event_shape + 4, SHAPE_PATCH},
    {"POST", "/events/adopt", adopt_shape, SHAPE_WHOLE},
    {"POST", "/events/{event}/rename", rename_shape, SHAPE_WHOLE},
    {"POST", "/events/{event}/transfer", transfer_shape, SHAPE_WHOLE},
    {"POST", "/events/{event}/lines", line_shape, SHAPE_WHOLE},
    {"PATCH", "/lines/{line}", line_change_shape, SHAPE_PATCH},
    {"POST", "/lines/{line}/purge", purge_shape, SHAPE_WHOLE},
    {"POST", "/lines/{line}/subjects", line_subject_shape, SHAPE_WHOLE},
    {"POST", "/consumptions", consumption_shape, SHAPE_WHOLE},
    {"PATCH", "/consumptions/{consumption}", consumption_shape + 2, SHAPE_PATCH},
    {"POST", "/consumptions/{consumption}/end", reason_shape, SHAPE_PATCH},
    {"POST", "/consumptions/{consumption}/reject", reason_shape, SHAPE_PATCH},
    {"POST", "/productions", production_shape, SHAPE_WHOLE},
    {"PATCH", "/productions/{production}", production_shape + 2, SHAPE_PATCH},
    {"POST", "/productions/{production}/end", reason_shape, SHAPE_PATCH},
    {"POST", "/channels", channel_shape, SHAPE_WHOLE},
    {"PATCH", "/channels/{channel}", channel_shape + 1, SHAPE_PATCH},
    {"POST", "/deployments", deployment_shape, SHAPE_WHOLE},
    {"POST", "/observations", observations_shape, SHAPE_WHOLE},
    {"POST", "/impact", impact_shape, SHAPE_WHOLE},
    {"POST", "/changes", change_shape, SHAPE_WHOLE},
    {"POST", "/changes/{change}/revisions", revision_shape, SHAPE_WHOLE},
    {"PUT", "/changes/{change}/revisions", revision_shape, SHAPE_WHOLE},
    {"POST", "/changes/{change}/decisions", decision_shape, SHAPE_WHOLE},
    {"POST", "/waivers", waiver_shape, SHAPE_WHOLE},
};

/* What is asked for besides what every route takes. */
static const struct {
    const char *path;
    const char *names; /* separated by blanks */
} queries[] = {
    {"/teams", "user"},
    {"/services", "team"},
    {"/tokens", "user service"},
    {"/events", "q domain owner state tag field sort"},
    {"/changes", "state team event author mine"},
    {"/consumptions", "service line state ended"},
    {"/productions", "service line ended"},
    {"/deployments", "service environment ended"},
    {"/observations", "line service environment"},
    {"/fields", "path"},
    {"/lines/{line}/diff", "from to role"},
    {"/lines/{line}/fields", "role"},
    {"/can-i/consume", "service line"},
    {"/can-i/deploy", "service version environment"},
    {"/can-i/retire", "line"},
    {"/can-i/remove", "line"},
    {"/waivers", "line service"},
    {"/subjects", "q context state format"},
    {"/health", "team"},
    {"/drift", "kind team line"},
    {"/search", "q kind limit"},
    {"/graph", "focus depth direction"},
    {"/audit", "actor kind object"},
    {"/inbox", "team mine waiting"},
    {"/webhooks", "team state"},
    {"/export/asyncapi", "event version"},
    {"/export/odcs", "event major"},
};

static const char prefix[] = "/api/v1";

static const char *below_prefix(const route_t *route)
{
    size_t bytes = sizeof prefix - 1;
    return strncmp(route->path, prefix, bytes) == 0 ? route->path + bytes : route->path;
}

const shape_t *openapi_shape(const route_t *route, shape_use_t *use)
{
    *use = SHAPE_PATCH;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (strcmp(bodies[i].method, route->method) == 0 &&
            strcmp(bodies[i].path, below_prefix(route)) == 0) {
            *use = bodies[i].use;
            return bodies[i].shape;
        }
    return NULL;
}

/* --- bodies ------------------------------------------------------------------------------------------------------------------------- */

static void print_members(buf_t *out, const shape_t *members, shape_use_t use);

static void print_choices(buf_t *out, const char *const *choices)
{
    buf_add_s(out, ",\"enum\":[");
    for (size_t i = 0; choices[i] != NULL; i++)
        buf_printf(out, "%s\"%s\"", i == 0 ? "" : ",", choices[i]);
    buf_add_char(out, ']');
}

static void print_plain(buf_t *out, const shape_t *shape, shape_use_t use)
{
    switch (shape->kind) {
    case SHAPE_TEXT:
        buf_add_s(out, "\"type\":\"string\"");
        break;
    case SHAPE_SLUG:
        buf_add_s(out, "\"type\":\"string\",\"pattern\":\"^[a-z][a-z0-9_-]{0,62}$\"");
        break;
    case SHAPE_LOGIN:
        buf_add_s(out, "\"type\":\"string\",\"pattern\":\"^[a-z0-9][a-z0-9._@+-]{0,126}$\"");
        break;
    case SHAPE_URL:
        buf_add_s(out, "\"type\":\"string\",\"pattern\":\"^https?://[^\\\\s<>\\\"]+$\",\"maxLength\":2000");
        break;
    case SHAPE_CHOICE:
        buf_add_s(out, "\"type\":\"string\"");
        print_choices(out, shape->choices);
        break;
    case SHAPE_INSTANT:
        buf_add_s(out, "\"type\":\"string\",\"description\":\"an RFC 3339 instant, or a date (00:00 UTC)\","
                       "\"examples\":[\"2027-01-15T00:00:00Z\"]");
        break;
    case SHAPE_BOOL:
        buf_add_s(out, "\"type\":\"boolean\"");
        break;
    case SHAPE_INT:
        buf_printf(out, "\"type\":\"integer\",\"minimum\":%d,\"maximum\":%d", shape->least, shape->most);
        break;
    case SHAPE_TEXTS:
        buf_add_s(out, "\"type\":\"array\",\"maxItems\":1000,\"items\":{\"type\":\"string\",\"minLength\":1");
        if (shape->choices != NULL)
            print_choices(out, shape->choices);
        buf_add_char(out, '}');
        break;
    case SHAPE_LABELS:
        buf_add_s(out,
                  "\"type\":\"object\",\"maxProperties\":64,\"additionalProperties\":{\"type\":\"string\"}");
        break;
    case SHAPE_OBJECT:
        print_members(out, shape->members, use);
        break;
    case SHAPE_LIST:
        buf_add_s(out, "\"type\":\"array\",\"maxItems\":1000,\"items\":{");
        print_members(out, shape->members, use);
        buf_add_char(out, '}');
        break;
    }
}

static void print_required(buf_t *out, const shape_t *members)
{
    bool first = true;
    for (size_t i = 0; members[i].name != NULL; i++) {
        if ((members[i].flags & SHAPE_REQUIRED) == 0)
            continue;
        buf_printf(out, "%s\"%s\"", first ? ",\"required\":[" : ",", members[i].name);
        first = false;
    }
    buf_add_s(out, first ? "" : "]");
}

/* Recursion is bounded by the tables. */
static void print_members(buf_t *out, const shape_t *members, shape_use_t use)
{
    buf_add_s(out, "\"type\":\"object\"");
    if (members == NULL)
        return;
    buf_add_s(out, ",\"additionalProperties\":false,\"properties\":{");
    for (size_t i = 0; members[i].name != NULL; i++) {
        bool may_be_null = (members[i].flags & SHAPE_NULL) != 0;
        buf_printf(out, "%s\"%s\":{%s", i == 0 ? "" : ",", members[i].name,
                   may_be_null ? "\"anyOf\":[{\"type\":\"null\"},{" : "");
        print_plain(out, &members[i], use);
        buf_add_s(out, may_be_null ? "}]}" : "}");
    }
    buf_add_char(out, '}');
    if (use == SHAPE_WHOLE)
        print_required(out, members);
}

static void print_body(buf_t *out, const route_t *route)
{
    shape_use_t use;
    if ((route->flags & (R_BODY | R_BODY_MAY)) == 0)
        return;
    buf_printf(out, ",\"requestBody\":{\"required\":%s,\"content\":{\"application/json\":{\"schema\":{",
               (route->flags & R_BODY) != 0 ? "true" : "false");
    const shape_t *shape = openapi_shape(route, &use);
    print_members(out, shape, use);
    buf_add_s(out, "}}}}");
}

/* --- operations --------------------------------------------------------------------------------------------------------------------- */

static void print_parameter(buf_t *out, bool *first, const char *name, size_t bytes, const char *in,
                            const char *schema)
{
    buf_printf(out, "%s{\"name\":\"%.*s\",\"in\":\"%s\",\"required\":%s,\"schema\":{%s}}", *first ? "" : ",",
               (int)bytes, name, in, in[0] == 'p' ? "true" : "false", schema);
    *first = false;
}

#define STRING "\"type\":\"string\""

static void print_path_parameters(buf_t *out, bool *first, const char *path)
{
    for (const char *at = path; (at = strchr(at, '{')) != NULL; at++)
        print_parameter(out, first, at + 1, strcspn(at + 1, "}"), "path", STRING ",\"minLength\":1");
}

static void print_queries(buf_t *out, bool *first, const route_t *route)
{
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        if (strcmp(queries[i].path, below_prefix(route)) != 0)
            continue;
        for (const char *at = queries[i].names; *at != '\0';) {
            size_t bytes = strcspn(at, " ");
            bool known = (bytes == 5 && strncmp(at, "limit", bytes) == 0);
            if (!known)
                print_parameter(out, first, at, bytes, "query", STRING);
            at += bytes + (at[bytes] == ' ');
        }
    }
}

static void print_parameters(buf_t *out, const route_t *route)
{
    bool first = true, writes = (route->flags & R_WRITE) != 0, is_get = strcmp(route->method, "GET") == 0;
    buf_add_s(out, "\"parameters\":[");
    print_path_parameters(out, &first, route->path);
    if (is_get)
        print_queries(out, &first, route);
    print_parameter(out, &first, "fields", 6, "query", STRING);
    if (writes && !is_get)
        print_parameter(out, &first, "dry_run", 7, "query", "\"type\":\"boolean\"");
    if (!writes)
        print_parameter(out, &first, "as_of", 5, "query", STRING);
    if (is_get) {
        print_parameter(out, &first, "limit", 5, "query",
                        "\"type\":\"integer\",\"minimum\":1,\"maximum\":1000");
        print_parameter(out, &first, "cursor", 6, "query", STRING);
    }
    if (writes && strcmp(route->method, "POST") == 0)
        print_parameter(out, &first, "Idempotency-Key", 15, "header",
                        STRING ",\"pattern\":\"^[!-~]{1,255}$\"");
    if (strcmp(route->method, "PATCH") == 0 || strcmp(route->method, "PUT") == 0)
        print_parameter(out, &first, "If-Match", 8, "header", STRING ",\"examples\":[\"*\"]");
    buf_add_char(out, ']');
}

/* What is no JSON of ours. */
static const struct {
    const char *path, *types; /* separated by blanks */
} media[] = {
    {"/audit/export", "application/x-ndjson"},
    {"/export/asyncapi", "application/vnd.aai.asyncapi+json application/vnd.aai.asyncapi+json;version=3.0.0 "
                         "application/vnd.aai.asyncapi+json;version=2.6.0"},
    {"/export/backstage", "application/yaml"},
};

static void print_done(buf_t *out, const route_t *route)
{
    for (size_t i = 0; i < sizeof media / sizeof *media; i++) {
        if (strcmp(media[i].path, below_prefix(route)) != 0)
            continue;
        buf_add_s(out, "\"2XX\":{\"description\":\"Done\",\"content\":{\"application/json\":{}");
        for (const char *at = media[i].types; *at != '\0';) {
            size_t bytes = strcspn(at, " ");
            buf_printf(out, ",\"%.*s\":{}", (int)bytes, at);
            at += bytes + (at[bytes] == ' ');
        }
        buf_add_s(out, "}}");
        return;
    }
    buf_add_s(out, "\"2XX\":{\"$ref\":\"#/components/responses/Done\"}");
}

/* "get_teams_team_members" of GET /api/v1/teams/{team}/members. */
static void print_name(buf_t *out, const route_t *route)
{
    for (const char *at = route->method; *at != '\0'; at++)
        buf_add_char(out, (char)tolower((unsigned char)*at));
    bool gap = true;
    for (const char *at = below_prefix(route); *at != '\0'; at++) {
        bool letter = isalnum((unsigned char)*at) != 0;
        if (letter && gap)
            buf_add_char(out, '_');
        if (letter)
            buf_add_char(out, *at);
        gap = !letter;
    }
}

static void print_operation(buf_t *out, const route_t *route)
{
    const char *resource = below_prefix(route) + 1;
    buf_add_char(out, '"');
    for (const char *at = route->method; *at != '\0'; at++)
        buf_add_char(out, (char)tolower((unsigned char)*at));
    buf_add_s(out, "\":{\"operationId\":\"");
    print_name(out, route);
    buf_printf(out, "\",\"tags\":[\"%.*s\"],", (int)strcspn(resource, "/"), resource);
    if ((route->flags & R_OPEN) != 0)
        buf_add_s(out, "\"security\":[],");
    print_parameters(out, route);
    print_body(out, route);
    buf_add_s(out, ",\"responses\":{");
    print_done(out, route);
    buf_add_s(out, ",\"204\":{\"description\":\"Done, and nothing to tell\"},"
                   "\"4XX\":{\"$ref\":\"#/components/responses/Problem\"},"
                   "\"5XX\":{\"$ref\":\"#/components/responses/Problem\"}}}");
}

static const char head[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Avow\",\"version\":\"" AVOW_VERSION
    "\",\"description\":\"The catalog: events, who produces and consumes them, and how they change.\"},"
    "\"servers\":[{\"url\":\"/\"}],\"security\":[{},{\"token\":[]},{\"password\":[]},{\"session\":[]}],"
    "\"components\":{\"securitySchemes\":{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
    "\"password\":{\"type\":\"http\",\"scheme\":\"basic\"},"
    "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"avow_session\"}},"
    "\"responses\":{\"Done\":{\"description\":\"Done\",\"content\":{\"application/json\":{\"schema\":"
    "{\"type\":\"object\"}}}},\"Problem\":{\"description\":\"Why not\",\"content\":"
    "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}},"
    "\"schemas\":{\"Problem\":{\"type\":\"object\",\"description\":\"RFC "
    "9457\",\"required\":[\"type\",\"code\","
    "\"status\",\"title\",\"detail\",\"request_id\"],\"properties\":{\"type\":{\"type\":\"string\"},"
    "\"code\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"title\":{\"type\":\"string\"},"
    "\"detail\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"},"
    "\"line\":{\"type\":\"integer\",\"description\":\"of a schema's text, from "
    "1\"},\"column\":{\"type\":\"integer\"},"
    "\"pointer\":{\"type\":\"string\",\"description\":\"JSON Pointer into a schema's text\"}}}}"
    "},"
    "\"paths\":{";

/* Methods of one path belong together, wherever they stand in the table. */
void openapi_print(buf_t *out, const route_t *routes, size_t n)
{
    bool first = true;
    buf_add_s(out, head);
    for (size_t i = 0; i < n; i++) {
        size_t before = 0;
        while (strcmp(routes[before].path, routes[i].path) != 0)
            before++;
        if (before < i)
            continue;
        buf_printf(out, "%s\"%s\":{", first ? "" : ",", routes[i].path);
        first = false;
        for (size_t k = i; k < n; k++) {
            if (strcmp(routes[k].path, routes[i].path) != 0)
                continue;
            buf_add_s(out, k == i ? "" : ",");
            print_operation(out, &routes[k]);
        }
        buf_add_char(out, '}');
    }
    buf_add_s(out, "}}");
}

int openapi_get(call_t *c)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    openapi_print(&out, api_v1.routes, api_v1.n_routes);
    reply_text(c, 200, "application/json", buf_end(&out, c->arena));
    return 0;
}

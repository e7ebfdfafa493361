/* http_cases.c - carries out the cases of one .test file against a running server: `http_cases FILE.test`.
 *
 * One cluster and one server for the file; a case with a `server` line gets a server and a database of its own. Every case is a
 * test of Check, named by its sentence, in a process of its own.
 */
#include <check.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/core/buf.h"
#include "tests/http/cases.h"
#include "tests/http/pattern.h"
#include "tests/support/cluster.h"
#include "tests/support/http.h"
#include "tests/support/server.h"

#define REGISTRY_TYPE "application/vnd.schemaregistry.v1+json"

static case_file_t file;
static case_t **cases; /* by index */
static server_t file_server;

/* One case being carried out. */
typedef struct {
    const case_t *at;
    const step_t *step;
    arena_t *arena;
    http_client_t *client;
    names_t names;
    http_request_t request; /* the last one, and what came back: for the report of a failure */
    http_reply_t reply;
} run_t;

/* --- failing --------------------------------------------------------------------------------------------------------------- */

static _Noreturn void fail_case(run_t *run, int line, const char *why)
{
    static char text[16384]; /* outlives the arena, so that nothing leaks on the way out */
    const http_request_t *request = &run->request;
    const http_reply_t *reply = &run->reply;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    buf_printf(&out, "%s:%d: %s\n", file.name, line, why);
    if (request->method != NULL) {
        buf_printf(&out, "    request   %s %s\n", request->method, request->path);
        for (size_t i = 0; i < request->n_headers; i++)
            buf_printf(&out, "              " TEXT_FMT ": " TEXT_FMT "\n", TEXT_ARG(request->headers[i].name),
                       TEXT_ARG(request->headers[i].value));
        if (request->body.at != NULL)
            buf_printf(&out, "              %.2000s\n", request->body.at);
        buf_printf(&out, "    reply     %ld %s\n", reply->status,
                   reply->failure != NULL ? reply->failure : "");
        for (size_t i = 0; i < reply->n_headers; i++)
            buf_printf(&out, "              " TEXT_FMT ": " TEXT_FMT "\n", TEXT_ARG(reply->headers[i].name),
                       TEXT_ARG(reply->headers[i].value));
        buf_printf(&out, "              %.2000s\n", reply->body.at != NULL ? reply->body.at : "");
    }
    if (run->step->expect.at != NULL)
        buf_printf(&out, "    expected  " TEXT_FMT "\n", TEXT_ARG(run->step->expect));
    snprintf(text, sizeof text, "%s", buf_text(&out).at);
    buf_dispose(&out);
    http_client_free(run->client);
    arena_free(run->arena);
    ck_abort_msg("%s", text);
    abort(); /* not reached */
}

/* --- sending --------------------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* Bytes as they stand, but for \xNN. */
static void add_raw(buf_t *out, text_t text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        if (i + 3 < text.bytes && text.at[i] == '\\' && text.at[i + 1] == 'x' &&
            hex_digit(text.at[i + 2]) >= 0 && hex_digit(text.at[i + 3]) >= 0) {
            buf_add_char(out, (char)(hex_digit(text.at[i + 2]) * 16 + hex_digit(text.at[i + 3])));
            i += 3;
        } else {
            buf_add_char(out, text.at[i]);
        }
    }
}

static text_t cut_word(text_t *text)
{
    size_t n = 0;
    while (n < text->bytes && text->at[n] != ' ')
        n++;
    text_t word = {text->at, n};
    *text = text_from(*text, n < text->bytes ? n + 1 : n);
    return word;
}

/* "@raw TEXT" and "@times N TEXT" lines, one after the other with nothing between. */
static text_t raw_body(run_t *run, text_t lines)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    while (lines.bytes > 0) {
        const char *end = memchr(lines.at, '\n', lines.bytes);
        size_t n = end != NULL ? (size_t)(end - lines.at) : lines.bytes;
        text_t line = {lines.at, n};
        lines = text_from(lines, end != NULL ? n + 1 : n);
        text_t word = cut_word(&line);
        long times = 1;
        if (text_is(word, "@times")) {
            text_t count = cut_word(&line);
            times = strtol(text_copy(run->arena, count).at, NULL, 10);
        } else if (!text_is(word, "@raw")) {
            fail_case(run, run->step->line, "a raw body has lines of @raw and @times only");
        }
        while (times-- > 0)
            add_raw(&out, line);
    }
    text_t result = buf_take(&out, run->arena);
    buf_dispose(&out);
    return result;
}

static text_t body_of(run_t *run, text_t body)
{
    if (body.at == NULL)
        return TEXT_NONE;
    text_t expanded = names_expand(&run->names, body);
    return body.at[0] == '@' ? raw_body(run, expanded) : json_of_text(&run->names, body);
}

static void send_request(run_t *run, const char *method, const char *path, text_t body,
                         const entries_t *headers)
{
    http_header_t *list = ARENA_ARRAY(run->arena, http_header_t, 32);
    size_t n = 0;
    bool typed = false;
    for (const entry_t *entry = headers != NULL ? headers->first : NULL; entry != NULL && n < 31;
         entry = entry->next) {
        list[n++] = (http_header_t){
            entry->key, entry->value.at != NULL ? names_expand(&run->names, entry->value) : TEXT_NONE};
        typed = typed || text_is_nocase(entry->key, "content-type");
    }
    if (!typed && body.at != NULL)
        list[n++] = (http_header_t){TEXT("Content-Type"), TEXT(REGISTRY_TYPE)};
    run->request =
        (http_request_t){.method = method, .path = path, .body = body, .headers = list, .n_headers = n};
    run->reply = (http_reply_t){0};
    http_send(run->client, &run->request, run->arena, &run->reply);
}

/* --- checking the reply ------------------------------------------------------------------------------------------------------ */

/* /api/v1 answers JSON, and problems as RFC 9457 has them. */
static const char *always_api(const http_reply_t *reply)
{
    text_t type = http_header(reply, "content-type");
    if (reply->body.bytes == 0 ||
        text_is(type, reply->status < 400 ? "application/json" : "application/problem+json"))
        return NULL;
    return "the content type is neither JSON nor, for a problem, problem+json";
}

/* What holds for every reply of the registry API, whether a case asks or not. */
static const char *always(const run_t *run)
{
    const http_reply_t *reply = &run->reply;
    const char *path = run->request.path;
    if (strncmp(path, "/api/v1/", 8) == 0)
        return always_api(reply);
    if (strncmp(path, "/metrics", 8) == 0 || strncmp(path, "/badge/", 7) == 0 ||
        strcmp(path, "/healthz") == 0 || strcmp(path, "/readyz") == 0)
        return NULL;
    if (strcmp(run->request.method, "HEAD") == 0)
        return reply->body.bytes == 0 ? NULL : "the reply to HEAD has a body";
    if (reply->body.bytes > 0) {
        text_t type = http_header(reply, "content-type");
        bool known = text_is(type, REGISTRY_TYPE) || text_is(type, "application/vnd.schemaregistry+json") ||
                     text_is(type, "application/json");
        for (size_t i = 0; i < run->request.n_headers; i++)
            if (text_is_nocase(run->request.headers[i].name, "accept"))
                return known ? NULL : "the content type is none of the registry's three";
        if (!text_is(type, REGISTRY_TYPE))
            return "the content type is not " REGISTRY_TYPE;
    }
    return NULL;
}

static const char *check_error_shape(const run_t *run, const json_t *body)
{
    long long code = json_integer_value(json_object_get(body, "error_code"));
    const char *message = json_string_value(json_object_get(body, "message"));
    if (json_object_size(body) != 2 || message == NULL || message[0] == '\0')
        return "an error is {\"error_code\": <int>, \"message\": <text>} and nothing else";
    long long status = code >= 10000 ? code / 100 : code;
    if (status != run->reply.status)
        return arena_printf(run->arena, "error_code %lld does not go with status %ld", code,
                            run->reply.status);
    return NULL;
}

/* "40401", "40401 the whole message", "42201 ~ a fragment of it". */
static const char *check_error(run_t *run, text_t expected, const json_t *body)
{
    const char *why = check_error_shape(run, body);
    if (why != NULL || expected.bytes == 0)
        return why;
    text_t rest = names_expand(&run->names, expected);
    text_t code = cut_word(&rest);
    long long actual = json_integer_value(json_object_get(body, "error_code"));
    const char *message = json_string_value(json_object_get(body, "message"));
    if (strtoll(text_copy(run->arena, code).at, NULL, 10) != actual)
        return arena_printf(run->arena, "expected error_code " TEXT_FMT ", got %lld", TEXT_ARG(code), actual);
    if (rest.bytes == 0)
        return NULL;
    if (text_starts(rest, TEXT("~"))) {
        text_t fragment = text_copy(run->arena, text_trim(text_from(rest, 1)));
        return strstr(message, fragment.at) != NULL ? NULL : "the message does not contain the words";
    }
    return text_is(rest, message) ? NULL : "the message is another one";
}

static const char *check_body_text(run_t *run, text_t expected)
{
    text_t rest = text_from(expected, strlen("body"));
    rest = text_from(rest, rest.bytes > 0 ? 1 : 0);
    rest = names_expand(&run->names, rest);
    const http_reply_t *reply = &run->reply;
    if (text_starts(rest, TEXT("~ "))) {
        text_t fragment = text_copy(run->arena, text_from(rest, 2));
        return strstr(reply->body.at, fragment.at) != NULL ? NULL : "the body does not contain the words";
    }
    return text_eq(rest, reply->body) ? NULL : "the body is another one, byte for byte";
}

static const char *check_body_json(run_t *run, text_t expected)
{
    json_error_t error;
    json_t *body =
        json_loadb(run->reply.body.at, run->reply.body.bytes, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    const char *why = NULL;
    bool is_error =
        run->reply.status >= 400 && (expected.bytes == 0 || (expected.at[0] >= '0' && expected.at[0] <= '9'));
    if (body == NULL)
        why = arena_printf(run->arena, "the body is no JSON: %s", error.text);
    else if (is_error)
        why = check_error(run, expected, body);
    else if (text_starts(expected, TEXT("==")))
        why = pattern_match(&run->names, text_from(expected, 2), body, true);
    else
        why = pattern_match(&run->names, expected, body, false);
    json_decref(body);
    return why;
}

/* "Name: value", "Name ~ fragment", "Name absent", "Name: $name". */
static const char *check_header(run_t *run, text_t line)
{
    text_t rest = names_expand(&run->names, line);
    size_t n = 0;
    while (n < rest.bytes && rest.at[n] != ':' && rest.at[n] != ' ')
        n++;
    const char *name = text_copy(run->arena, (text_t){rest.at, n}).at;
    bool exactly = n < rest.bytes && rest.at[n] == ':';
    text_t value = text_trim(text_from(rest, n + (exactly ? 1 : 0)));
    text_t actual = http_header(&run->reply, name);
    if (!exactly && text_is(value, "absent"))
        return actual.at == NULL ? NULL : arena_printf(run->arena, "there is a header %s", name);
    if (actual.at == NULL)
        return arena_printf(run->arena, "there is no header %s", name);
    if (exactly && text_starts(value, TEXT("$"))) {
        names_set(&run->names, text_from(value, 1), actual);
        return NULL;
    }
    if (!exactly && text_starts(value, TEXT("~"))) {
        text_t fragment = text_copy(run->arena, text_trim(text_from(value, 1)));
        return strstr(actual.at, fragment.at) != NULL
                   ? NULL
                   : arena_printf(run->arena, "header %s lacks the words", name);
    }
    return text_eq(value, actual) ? NULL : arena_printf(run->arena, "header %s is another one", name);
}

/* "200", "4xx" for any of its hundred, "xxx" for any answer that is not the server's failure. */
static bool status_fits(text_t wanted, long status)
{
    if (text_is(wanted, "xxx"))
        return status < 500;
    char digits[4];
    snprintf(digits, sizeof digits, "%ld", status);
    return wanted.bytes == 3 && wanted.at[0] == digits[0] &&
           (memcmp(wanted.at + 1, "xx", 2) == 0 || memcmp(wanted.at, digits, 3) == 0);
}

static const char *check_reply(run_t *run, text_t expected)
{
    text_t rest = expected;
    text_t status = cut_word(&rest);
    if (run->reply.status == 0)
        return "there was no reply";
    if (!status_fits(status, run->reply.status))
        return arena_printf(run->arena, "expected status " TEXT_FMT ", got %ld", TEXT_ARG(status),
                            run->reply.status);
    const char *why = always(run);
    bool bodiless = strcmp(run->request.method, "HEAD") == 0;
    if (why == NULL && text_starts(rest, TEXT("body")))
        why = check_body_text(run, rest);
    else if (why == NULL && !bodiless && (rest.bytes > 0 || run->reply.status >= 400))
        why = check_body_json(run, rest);
    return why;
}

/* --- steps ------------------------------------------------------------------------------------------------------------------- */

static void run_request(run_t *run)
{
    const step_t *step = run->step;
    text_t path = names_expand(&run->names, step->path);
    if (memchr(path.at, '{', path.bytes) != NULL)
        fail_case(run, step->line, "the path has a name that nothing gave a value");
    send_request(run, text_copy(run->arena, step->method).at, path.at, body_of(run, step->body),
                 &step->headers);
    const char *why = check_reply(run, step->expect);
    for (const entry_t *entry = step->reply_headers.first; why == NULL && entry != NULL; entry = entry->next)
        why = check_header(run, entry->key);
    if (why != NULL)
        fail_case(run, step->line, why);
}

/* A request of a `text` or `pair` step; fails unless the status is the expected one. */
static void call(run_t *run, int line, const char *method, const char *path, const char *body, long status)
{
    send_request(run, method, path, text_of(body), NULL);
    if (run->reply.status != status)
        fail_case(run, line,
                  arena_printf(run->arena, "expected status %ld, got %ld", status, run->reply.status));
}

static const char *schema_body(run_t *run, text_t schema)
{
    const step_t *step = run->step;
    text_t refs = entry_value(&step->entries, "refs");
    json_t *json = json_object();
    schema = names_expand(&run->names, schema);
    json_object_set_new(json, "schema", json_stringn(schema.at, schema.bytes));
    json_object_set_new(json, "schemaType", json_stringn(step->format.at, step->format.bytes));
    if (refs.at != NULL) {
        refs = json_of_text(&run->names, refs);
        json_t *list = json_loadb(refs.at, refs.bytes, 0, NULL);
        if (list == NULL)
            fail_case(run, step->line, "refs is no JSON");
        json_object_set_new(json, "references", list);
    }
    char *text = json_dumps(json, JSON_COMPACT);
    char *copy = text != NULL ? arena_printf(run->arena, "%s", text) : NULL;
    free(text);
    json_decref(json);
    if (copy == NULL)
        fail_case(run, step->line, "the schema is no UTF-8");
    return copy;
}

static const char *fresh_subject(run_t *run)
{
    static int number;
    return arena_printf(run->arena, "case%d-line%d-%d", run->at->line, run->step->line, ++number);
}

static void check_text(run_t *run, const entry_t *entry, text_t in, const char *query)
{
    const char *subject = fresh_subject(run);
    text_t wanted = names_expand(&run->names, entry->value);
    call(run, entry->line, "POST", arena_printf(run->arena, "/subjects/%s/versions%s", subject, query),
         schema_body(run, in), 200);
    call(run, entry->line, "GET", arena_printf(run->arena, "/subjects/%s/versions/1/schema", subject), NULL,
         200);
    if (!text_eq(run->reply.body, wanted))
        fail_case(run, entry->line,
                  arena_printf(run->arena, "expected the text " TEXT_FMT, TEXT_ARG(wanted)));
}

/* in TEXT; then out TEXT, normalized TEXT, refused FRAGMENT, each of a registration of its own. */
static void run_text(run_t *run)
{
    text_t in = TEXT_NONE;
    for (const entry_t *entry = run->step->entries.first; entry != NULL; entry = entry->next) {
        if (text_is(entry->key, "in"))
            in = entry->value;
        else if (text_is(entry->key, "out"))
            check_text(run, entry, in, "");
        else if (text_is(entry->key, "normalized"))
            check_text(run, entry, in, "?normalize=true");
        else if (text_is(entry->key, "refused")) {
            const char *path = arena_printf(run->arena, "/subjects/%s/versions", fresh_subject(run));
            call(run, entry->line, "POST", path, schema_body(run, in), 422);
            const char *fragment = text_copy(run->arena, entry->value).at;
            if (http_member(&run->reply, "error_code") != 42201)
                fail_case(run, entry->line, "expected error_code 42201");
            if (strstr(run->reply.body.at, fragment) == NULL)
                fail_case(run, entry->line,
                          arena_printf(run->arena, "the message lacks the words %s", fragment));
        } else if (!text_is(entry->key, "refs"))
            fail_case(run, entry->line, "a text step has in, out, normalized, refused and refs");
    }
}

/* The differences among verbose messages: everything before the trailer. */
static size_t n_differences(const json_t *messages)
{
    size_t n = 0;
    while (n < json_array_size(messages) &&
           strncmp(json_string_value(json_array_get(messages, n)), "{errorType:", 11) == 0)
        n++;
    return n;
}

/* One wanted difference: "TYPE at POINTER" or "TYPE", or "version N" of the trailer. */
static const char *check_difference(run_t *run, text_t wanted, const json_t *messages, size_t *at)
{
    arena_t *arena = run->arena;
    text_t rest = text_trim(wanted);
    text_t word = cut_word(&rest);
    if (text_is(word, "version")) {
        const char *trailer =
            arena_printf(arena, "{oldSchemaVersion: " TEXT_FMT "}", TEXT_ARG(text_trim(rest)));
        for (size_t i = 0; i < json_array_size(messages); i++)
            if (strcmp(json_string_value(json_array_get(messages, i)), trailer) == 0)
                return NULL;
        return arena_printf(arena, "no message is %s", trailer);
    }
    const char *message = json_string_value(json_array_get(messages, *at));
    if (*at >= n_differences(messages))
        return arena_printf(arena, "no difference " TEXT_FMT, TEXT_ARG(wanted));
    ++*at;
    const char *single = arena_printf(arena, "{errorType:'" TEXT_FMT "'", TEXT_ARG(word));
    const char *twofold = arena_printf(arena, "{errorType:\"" TEXT_FMT "\"", TEXT_ARG(word));
    if (strncmp(message, single, strlen(single)) != 0 && strncmp(message, twofold, strlen(twofold)) != 0)
        return arena_printf(arena, "difference %zu is no " TEXT_FMT, *at, TEXT_ARG(word));
    if (text_starts(rest, TEXT("at "))) {
        const char *place = arena_printf(arena, "'" TEXT_FMT "'", TEXT_ARG(text_trim(text_from(rest, 3))));
        if (strstr(message, place) == NULL)
            return arena_printf(arena, "difference %zu is not at %s", *at, place);
    }
    return NULL;
}

static const char *check_verdict(run_t *run, const entry_t *entry, const json_t *body)
{
    text_t rest = entry->value;
    text_t word = cut_word(&rest);
    bool wanted = text_is(word, "compatible");
    const json_t *messages = json_object_get(body, "messages");
    if (!wanted && !text_is(word, "incompatible"))
        return "a level says compatible or incompatible";
    if (!json_is_boolean(json_object_get(body, "is_compatible")))
        return "there is no verdict";
    if (json_is_true(json_object_get(body, "is_compatible")) != wanted)
        return arena_printf(run->arena, "expected " TEXT_FMT, TEXT_ARG(word));
    if (!json_is_array(messages))
        return "verbose=true without messages";
    if (wanted)
        return json_array_size(messages) == 0 ? NULL : "compatible, and yet there are messages";
    size_t at = 0;
    bool listed = rest.bytes > 0;
    while (rest.bytes > 0) {
        const char *end = memchr(rest.at, ';', rest.bytes);
        size_t n = end != NULL ? (size_t)(end - rest.at) : rest.bytes;
        const char *why = check_difference(run, (text_t){rest.at, n}, messages, &at);
        if (why != NULL)
            return why;
        rest = text_from(rest, end != NULL ? n + 1 : n);
    }
    if (at > 0 && listed && at != n_differences(messages))
        return arena_printf(run->arena, "%zu differences instead of %zu", n_differences(messages), at);
    return NULL;
}

static void check_level(run_t *run, const entry_t *entry, const char *subject, text_t candidate)
{
    arena_t *arena = run->arena;
    const char *body = schema_body(run, candidate);
    call(run, entry->line, "PUT", arena_printf(arena, "/config/%s", subject),
         arena_printf(arena, "{\"compatibility\": \"" TEXT_FMT "\"}", TEXT_ARG(entry->key)), 200);
    call(run, entry->line, "POST",
         arena_printf(arena, "/compatibility/subjects/%s/versions?verbose=true", subject), body, 200);
    json_t *json = json_loadb(run->reply.body.at, run->reply.body.bytes, 0, NULL);
    const char *why = check_verdict(run, entry, json);
    json_decref(json);
    if (why != NULL)
        fail_case(run, entry->line, why);
    if (text_starts(entry->value, TEXT("compatible")))
        return;
    call(run, entry->line, "POST", arena_printf(arena, "/subjects/%s/versions", subject), body, 409);
    if (http_member(&run->reply, "error_code") != 409)
        fail_case(run, entry->line, "expected error_code 409");
}

/* old TEXT, in the order of the versions; new TEXT; then LEVEL compatible | incompatible [difference; ...]. */
static void run_pair(run_t *run)
{
    const char *subject = fresh_subject(run);
    text_t candidate = TEXT_NONE;
    call(run, run->step->line, "PUT", arena_printf(run->arena, "/config/%s", subject),
         "{\"compatibility\": \"NONE\"}", 200);
    for (const entry_t *entry = run->step->entries.first; entry != NULL; entry = entry->next) {
        if (text_is(entry->key, "old"))
            call(run, entry->line, "POST", arena_printf(run->arena, "/subjects/%s/versions", subject),
                 schema_body(run, entry->value), 200);
        else if (text_is(entry->key, "new"))
            candidate = entry->value;
        else if (!text_is(entry->key, "refs"))
            check_level(run, entry, subject, candidate);
    }
}

/* --- cases ------------------------------------------------------------------------------------------------------------------- */

/* Splits at blanks; the options of a `server` line need no more. */
static const char *const *split_options(text_t options, arena_t *arena)
{
    const char **list = ARENA_ARRAY(arena, const char *, SERVER_ARGS_MAX + 1);
    size_t n = 0;
    options = text_trim(options);
    while (options.bytes > 0 && n < SERVER_ARGS_MAX) {
        list[n++] = text_copy(arena, cut_word(&options)).at;
        options = text_trim(options);
    }
    return list;
}

static int start_server(server_t *server, text_t options, arena_t *arena)
{
    char database[1024];
    cluster_database(database, sizeof database);
    return server_start(server,
                        &(server_options_t){.database = database, .args = split_options(options, arena)});
}

static void give_names(run_t *run)
{
    static const char *const subjects[] = {"s", "t", "u", "w"};
    static const char *const contexts[] = {"ctx", "ctx2"};
    char long_name[1025] = "";
    memset(long_name, 'n', sizeof long_name - 1);
    int line = run->at->line;
    run->names.arena = run->arena;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        names_set(&run->names, text_of(subjects[i]), text_printf(run->arena, "case%d-%s", line, subjects[i]));
    names_set(&run->names, TEXT("long"), text_of(long_name));
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
        names_set(&run->names, text_of(contexts[i]), text_printf(run->arena, "%s%d", contexts[i], line));
}

START_TEST(run_case)
{
    const case_t *at = cases[_i];
    server_t server = file_server;
    run_t run = {.at = at, .step = at->first, .arena = arena_new()};
    give_names(&run);
    if (at->own_server)
        ck_assert_msg(start_server(&server, at->options, run.arena) == 0,
                      "the server of this case did not start");
    run.client = http_client_new(server.url);
    for (const step_t *step = at->first; step != NULL; step = step->next) {
        run.step = step;
        if (step->kind == STEP_REQUEST)
            run_request(&run);
        else if (step->kind == STEP_TEXT)
            run_text(&run);
        else
            run_pair(&run);
    }
    http_client_free(run.client);
    if (at->own_server)
        ck_assert_int_eq(server_stop(&server, SIGTERM, 20000), 0);
    arena_free(run.arena);
}
END_TEST

static SRunner *make_runner(arena_t *arena)
{
    Suite *suite = suite_create(file.name);
    cases = ARENA_ARRAY(arena, case_t *, file.n);
    int n = 0;
    for (case_t *at = file.first; at != NULL; at = at->next) {
        TCase *tcase = tcase_create(text_copy(arena, at->sentence).at);
        cases[n] = at;
        tcase_set_timeout(tcase, 120);
        tcase_add_loop_test(tcase, run_case, n, n + 1);
        suite_add_tcase(suite, tcase);
        n++;
    }
    return srunner_create(suite);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: http_cases FILE.test\n");
        return 2;
    }
    arena_t *arena = arena_new();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    case_file_read(argv[1], arena, &file);
    cluster_start();
    if (start_server(&file_server, file.options, arena) != 0)
        return 1;
    SRunner *runner = make_runner(arena);
    srunner_run_all(runner, CK_ENV);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    int code = server_stop(&file_server, SIGTERM, 20000);
    if (code != 0) {
        fprintf(stderr, "the server ended with %d\n", code);
        server_show_log(&file_server);
    }
    cluster_stop();
    curl_global_cleanup();
    arena_free(arena);
    return n_failed == 0 && code == 0 ? 0 : 1;
}

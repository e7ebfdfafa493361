/* demo.c - `avow demo`: fills a fresh server with a believable company (demo/company.json), over HTTP, as its people would.
 *
 * It may be run again: what is there already is left alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/client.h"
#include "cli/command.h"
#include "cli/demo/company.h"
#include "cli/demo/shorthand.h"
#include "compat/core/arena.h"

typedef struct {
    const char *server, *user, *token;
    bool wait;
} demo_options_t;

#define OPTION(field) offsetof(demo_options_t, field)

static const option_t options[] = {
    {"server", OPTION_TEXT, OPTION(server), "URL", "AVOW_SERVER", "http://127.0.0.1:8081",
     "the server to fill", NULL},
    {"user", OPTION_TEXT, OPTION(user), "NAME:PASSWORD", "AVOW_USER", NULL, "an administrator's credentials",
     NULL},
    {"token", OPTION_TEXT, OPTION(token), "TOKEN", "AVOW_TOKEN", NULL, "bearer token", NULL},
    {"wait", OPTION_FLAG, OPTION(wait), NULL, NULL, NULL, "wait until the server is ready, up to a minute",
     NULL},
};

typedef struct {
    client_t *client;
    arena_t *arena;
    const json_t *company;
    size_t n_made, n_there, n_failed;
    bool no_answer;
} run_t;

/* --- asking ------------------------------------------------------------------------------------------------------------- */

/* The body of the reply, or NULL; takes `body`. A conflict means that it is there already. */
static json_t *ask(run_t *run, const char *method, const char *path, json_t *body)
{
    if (run->no_answer) {
        json_decref(body);
        return NULL;
    }
    answer_t answer = client_ask(run->client, method, path, body);
    json_decref(body);
    if (answer.status >= 200 && answer.status < 300) {
        run->n_made++;
        return answer.body;
    }
    if (answer.status == 409) {
        run->n_there++;
    } else {
        fprintf(stderr, "avow demo: %s %s: %d %s\n", method, path, answer.status, answer.message);
        run->n_failed++;
        run->no_answer = answer.status == 0 || answer.status == 401;
    }
    json_decref(answer.body);
    return NULL;
}

static void make(run_t *run, const char *path, json_t *body)
{
    json_decref(ask(run, "POST", path, body));
}

static const char *text_at(const json_t *row, size_t i)
{
    return json_string_value(json_array_get(row, i));
}

static json_t *find_row(const run_t *run, const char *list, const char *name)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(run->company, list), i,
                       row) if (strcmp(text_at(row, 0), name) == 0) return row;
    return NULL;
}

static const char *team_of(const run_t *run, const char *service)
{
    return text_at(find_row(run, "services", service), 1);
}

/* --- people --------------------------------------------------------------------------------------------------------------- */

static void make_teams(run_t *run)
{
    size_t i, j;
    json_t *row, *person;
    json_array_foreach(json_object_get(run->company, "teams"), i, row)
    {
        const char *team = text_at(row, 0);
        json_array_foreach(json_array_get(row, 3), j, person)
        {
            const char *login = json_string_value(person);
            char name[64];
            snprintf(name, sizeof name, "%c%s", login[0] - 'a' + 'A', login + 1);
            make(run, "/api/v1/users",
                 json_pack("{s:s, s:s, s:s, s:o}", "login", login, "name", name, "role", "editor", "email",
                           json_sprintf("%s@demo.example", login)));
        }
        make(run, "/api/v1/teams",
             json_pack("{s:s, s:s, s:s, s:{s:o, s:o}, s:{s:s, s:O, s:s, s:s, s:s}}", "slug", team, "name",
                       text_at(row, 1), "description", text_at(row, 2), "contact", "email",
                       json_sprintf("%s@demo.example", team), "chat_url",
                       json_sprintf("https://chat.demo.example/%s", team), "oncall", "kind", "rota", "people",
                       json_array_get(row, 3), "rotates", "weekly", "tz", "Europe/Berlin", "since",
                       "2026-01-05T09:00"));
        json_array_foreach(json_array_get(row, 3), j, person) json_decref(
            ask(run, "PUT",
                arena_printf(run->arena, "/api/v1/teams/%s/members/%s", team, json_string_value(person)),
                json_pack("{s:s}", "role", j == 0 ? "maintainer" : "member")));
    }
}

static void make_landscape(run_t *run)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(run->company, "domains"), i, row)
        make(run, "/api/v1/domains",
             json_pack("{s:s, s:s, s:s}", "slug", text_at(row, 0), "name", text_at(row, 1), "team",
                       text_at(row, 2)));
    json_array_foreach(json_object_get(run->company, "services"), i, row)
        make(run, "/api/v1/services",
             json_pack("{s:s, s:s, s:s, s:s}", "slug", text_at(row, 0), "name", text_at(row, 0), "team",
                       text_at(row, 1), "kind", text_at(row, 2)));
}

/* --- events --------------------------------------------------------------------------------------------------------------- */

static void register_text(run_t *run, const char *subject, const json_t *record)
{
    char *text = json_dumps(record, JSON_COMPACT);
    make(run, arena_printf(run->arena, "/subjects/%s/versions", client_segment(run->arena, subject)),
         json_pack("{s:s}", "schema", text));
    free(text);
}

static json_t *contract(const char *key)
{
    return json_pack("{s:{s:s, s:[s]}, s:{s:s, s:s}, s:{s:s, s:f, s:s}, s:s}", "ordering", "scope", "key",
                     "key_fields", key, "delivery", "semantics", "at_least_once", "dedup", key, "sla",
                     "freshness", "PT10S", "availability", 0.999, "support_hours", "office hours",
                     "retention", "P14D");
}

/* "stock-keeper(order_id!, items)": the service and what it reads of the event. */
static void make_consumption(run_t *run, const char *line, const char *text)
{
    char service[64], path[64];
    size_t bytes = strcspn(text, "(");
    snprintf(service, sizeof service, "%.*s", (int)bytes, text);
    json_t *fields = json_array();
    for (const char *at = text + bytes + 1; *at != '\0' && *at != ')'; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ",)");
        bool required = at[length - 1] == '!';
        snprintf(path, sizeof path, "%.*s", (int)(length - required), at);
        json_array_append_new(
            fields, json_pack("{s:s, s:s}", "path", path, "need", required ? "required" : "optional"));
        at += length;
    }
    make(run, "/api/v1/consumptions",
         json_pack("{s:s, s:s, s:[s, s], s:o, s:o}", "service", service, "line", line, "environments",
                   "staging", "production", "purpose", json_sprintf("What %s does with it", service),
                   "fields", fields));
}

static bool line_is(run_t *run, const char *line, const char *state)
{
    if (run->no_answer)
        return false;
    answer_t answer =
        client_ask(run->client, "GET", arena_printf(run->arena, "/api/v1/lines/%s", line), NULL);
    const char *is = json_string_value(json_object_get(answer.body, "state"));
    bool so = is != NULL && strcmp(is, state) == 0;
    json_decref(answer.body);
    return so;
}

static void make_event(run_t *run, const json_t *row)
{
    const char *name = text_at(row, 0), *title = text_at(row, 1), *producer = text_at(row, 2),
               *reason = text_at(row, 3);
    const char *subject = arena_printf(run->arena, "%s-value", name),
               *line = arena_printf(run->arena, "%s@1", name);
    json_t *record = shorthand_record(name, reason), *step, *consumer;
    size_t i;
    if (shorthand_append(record, text_at(row, 4)) != 0) {
        fprintf(stderr, "avow demo: company.json: the fields of %s\n", name);
        run->n_failed++;
    }
    const char *key =
        json_string_value(json_object_get(json_array_get(json_object_get(record, "fields"), 0), "name"));
    make(run, "/api/v1/events",
         json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:{s:s}, s:o, s:{s:i, s:s, s:[s]}}", "name", name, "title",
                   title, "domain", json_stringn(name, strcspn(name, ".")), "owner", team_of(run, producer),
                   "reason_to_exist", reason, "summary", reason, "classification", "level",
                   strstr(text_at(row, 4), "@PII") != NULL ? "confidential" : "internal", "contract",
                   contract(key), "line", "major", 1, "compatibility", "BACKWARD", "subjects", subject));
    make(run, "/api/v1/productions",
         json_pack("{s:s, s:s, s:[s, s]}", "service", producer, "line", line, "environments", "staging",
                   "production"));
    register_text(run, subject, record);
    json_array_foreach(json_array_get(row, 5), i, step)
    {
        shorthand_append(record, json_string_value(step));
        register_text(run, subject, record);
    }
    json_decref(record);
    make(run, "/api/v1/channels",
         json_pack("{s:s, s:s, s:o, s:[s, s], s:[s]}", "slug", name, "broker", "kafka", "address",
                   json_sprintf("kafka.demo.example/%s", name), "environments", "staging", "production",
                   "lines", line));
    if (line_is(run, line, "draft"))
        make(run, arena_printf(run->arena, "/api/v1/lines/%s/activate", line), json_object());
    json_array_foreach(json_array_get(row, 6), i, consumer)
        make_consumption(run, line, json_string_value(consumer));
}

/* --- what is under way ------------------------------------------------------------------------------------------------------ */

static const char *name_of(const json_t *field)
{
    return json_string_value(json_object_get(field, "name"));
}

/* The event's latest schema with fields dropped, renamed and added. */
static json_t *candidate(const run_t *run, const json_t *change)
{
    const json_t *row = find_row(run, "events", json_string_value(json_object_get(change, "event"))), *step;
    json_t *record = shorthand_record(text_at(row, 0), text_at(row, 3)), *dropped, *to;
    size_t i, j;
    shorthand_append(record, text_at(row, 4));
    json_array_foreach(json_array_get(row, 5), i, step) shorthand_append(record, json_string_value(step));
    json_t *fields = json_object_get(record, "fields");
    json_array_foreach(json_object_get(change, "drop"), i,
                       dropped) for (j = json_array_size(fields);
                                     j-- > 0;) if (strcmp(name_of(json_array_get(fields, j)),
                                                          json_string_value(dropped)) == 0)
        json_array_remove(fields, j);
    for (j = 0; j < json_array_size(fields); j++)
        if ((to = json_object_get(json_object_get(change, "rename"), name_of(json_array_get(fields, j)))) !=
            NULL)
            json_object_set(json_array_get(fields, j), "name", to);
    json_array_foreach(json_object_get(change, "add"), i, step)
        shorthand_append(record, json_string_value(step));
    return record;
}

/* What people said about the change, and which teams agreed. */
static void discuss(run_t *run, const char *id, const json_t *row)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(row, "remarks"), i, one) make(
        run, arena_printf(run->arena, "/api/v1/changes/%s/comments", id), json_pack("{s:O}", "body", one));
    json_array_foreach(json_object_get(row, "decisions"), i, one)
        make(run, arena_printf(run->arena, "/api/v1/changes/%s/decisions", id),
             json_pack("{s:s, s:s, s:s}", "team", text_at(one, 0), "act", text_at(one, 1), "comment",
                       text_at(one, 2)));
}

static void open_change(run_t *run, const json_t *row)
{
    json_t *record = candidate(run, row);
    char *text = json_dumps(record, JSON_COMPACT);
    json_t *change =
        ask(run, "POST", "/api/v1/changes",
            json_pack("{s:s, s:o, s:O, s:O, s:O, s:{s:s, s:s}, s:{s:O}}", "kind", "schema", "line",
                      json_sprintf("%s@1", json_string_value(json_object_get(row, "event"))), "title",
                      json_object_get(row, "title"), "rationale", json_object_get(row, "rationale"),
                      "context", json_object_get(row, "context"), "schema", "format", "AVRO", "text", text,
                      "plan", "strategy", json_object_get(row, "strategy")));
    if (change != NULL && json_array_size(json_object_get(change, "comments")) == 0)
        discuss(run, json_string_value(json_object_get(change, "id")), row);
    json_decref(change);
    json_decref(record);
    free(text);
}

/* A change that asks the readers; the end is announced at once, and they agree to it while time passes. */
static void deprecate(run_t *run, const json_t *row)
{
    char day[16];
    time_t until = time(NULL) + 86400 * (time_t)json_integer_value(json_object_get(row, "days"));
    struct tm date;
    gmtime_r(&until, &date);
    strftime(day, sizeof day, "%Y-%m-%d", &date);
    const char *event = json_string_value(json_object_get(row, "event"));
    if (!line_is(run, arena_printf(run->arena, "%s@1", event), "active"))
        return;
    json_t *reason = json_object_get(row, "reason");
    json_t *change = ask(run, "POST", "/api/v1/changes",
                         json_pack("{s:s, s:o, s:o, s:O, s:{s:s, s:O, s:O, s:s}}", "kind", "lifecycle",
                                   "line", json_sprintf("%s@1", event), "title",
                                   json_sprintf("\"%s\" ends", text_at(find_row(run, "events", event), 1)),
                                   "rationale", reason, "target", "state", "deprecated", "reason", reason,
                                   "replacement", json_object_get(row, "replacement"), "sunset_at", day));
    if (change != NULL)
        make(run,
             arena_printf(run->arena, "/api/v1/changes/%s/apply",
                          json_string_value(json_object_get(change, "id"))),
             json_object());
    json_decref(change);
}

static void register_uncatalogued(run_t *run)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(run->company, "uncatalogued"), i, row)
    {
        json_t *record = shorthand_record("record", "");
        shorthand_append(record, text_at(row, 1));
        register_text(run, text_at(row, 0), record);
        json_decref(record);
    }
}

static void record_deployments(run_t *run)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(run->company, "services"), i, row)
        make(run, "/api/v1/deployments",
             json_pack("{s:s, s:o, s:s}", "service", text_at(row, 0), "version",
                       json_sprintf("1.%zu.0", i % 7), "environment", "production"));
}

/* What is not as it should be: a catalog in which everything is in order shows little. */
static void leave_loose_ends(run_t *run)
{
    size_t i;
    json_t *draft;
    json_array_foreach(json_object_get(run->company, "drafts"), i, draft)
        make(run, "/api/v1/events", json_incref(draft));
    make(run, "/api/v1/observations",
         json_pack("{s:O}", "observations", json_object_get(run->company, "seen")));
}

/* Asks ten times a second. */
static void wait_for(client_t *client)
{
    for (int i = 0; i < 600; i++) {
        answer_t answer = client_ask(client, "GET", "/readyz", NULL);
        json_decref(answer.body);
        if (answer.status == 200)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
}

/* --- the command ---------------------------------------------------------------------------------------------------------------- */

static int demo_run(const void *given, int argc, char **argv)
{
    const demo_options_t *wanted = given;
    if (argc > 0)
        return command_usage("demo", "no arguments are wanted, got \"%s\"", argv[0]);
    json_t *company = json_loadb(company_json, company_json_bytes, 0, NULL);
    run_t run = {
        .client = client_new(
            &(client_options_t){.server = wanted->server, .user = wanted->user, .token = wanted->token}),
        .arena = arena_new(),
        .company = company,
    };
    size_t i;
    json_t *row;
    if (wanted->wait)
        wait_for(run.client);
    make_teams(&run);
    make_landscape(&run);
    json_array_foreach(json_object_get(company, "events"), i, row) make_event(&run, row);
    register_uncatalogued(&run);
    record_deployments(&run);
    leave_loose_ends(&run);
    json_array_foreach(json_object_get(company, "changes"), i, row) open_change(&run, row);
    json_array_foreach(json_object_get(company, "deprecations"), i, row) deprecate(&run, row);
    if (!run.no_answer)
        printf("%zu calls made the company, %zu things were there already, %zu failed.\nLook at it: %s/ui/\n",
               run.n_made, run.n_there, run.n_failed, wanted->server);
    int code = run.no_answer ? EXIT_NO_ANSWER : run.n_failed > 0 ? EXIT_NO : EXIT_YES;
    arena_free(run.arena);
    client_free(run.client);
    json_decref(company);
    return code;
}

const command_t demo_command = {
    .name = "demo",
    .arguments = "",
    .summary = "fill a fresh server with a believable company",
    .details = "Eight teams, thirty services and sixty events with their histories, open changes and a "
               "deprecation under way.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_bytes = sizeof(demo_options_t),
    .run = demo_run,
};

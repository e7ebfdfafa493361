/* audit.c - `avow audit verify`: reads the chain of the audit trail from a server and computes every hash again, so that the server's word
 * is not needed (docs/catalog.md, "The audit trail"). */
#include <stdio.h>
#include <string.h>

#include "cli/client.h"
#include "cli/command.h"
#include "compat/core/buf.h"
#include "compat/core/digest.h"

typedef struct {
    const char *server, *user, *token, *head;
} audit_options_t;

#define OPTION(field) offsetof(audit_options_t, field)

static const option_t options[] = {
    {"server", OPTION_TEXT, OPTION(server), "URL", "AVOW_SERVER", "http://127.0.0.1:8081",
     "the server to ask", NULL},
    {"user", OPTION_TEXT, OPTION(user), "NAME:PASSWORD", "AVOW_USER", NULL, "basic credentials", NULL},
    {"token", OPTION_TEXT, OPTION(token), "TOKEN", "AVOW_TOKEN", NULL, "bearer token", NULL},
    {"head", OPTION_TEXT, OPTION(head), "HASH", NULL, NULL,
     "a hash that was printed earlier: it must still be in the chain", NULL},
};

enum { HASH_BYTES = 32, HASH_TEXT = 2 * HASH_BYTES + 1 };

typedef struct {
    uint8_t hash[HASH_BYTES];
    char text[HASH_TEXT]; /* the same, hexadecimal */
    long long entries, broken_seq;
    const char *reason;
    bool head_seen;
} chain_t;

static void next_hash(chain_t *chain, const char *entry)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    buf_add(&buf, (text_t){(const char *)chain->hash, HASH_BYTES});
    buf_add_char(&buf, '\n');
    buf_add_s(&buf, entry);
    digest_sha256(buf_text(&buf), chain->hash);
    buf_dispose(&buf);
    for (size_t i = 0; i < HASH_BYTES; i++)
        snprintf(chain->text + 2 * i, 3, "%02x", chain->hash[i]);
}

/* False at the first link that does not hold. */
static bool take(chain_t *chain, const json_t *item, const char *head)
{
    const char *entry = json_string_value(json_object_get(item, "entry"));
    const char *hash = json_string_value(json_object_get(item, "hash"));
    chain->broken_seq = json_integer_value(json_object_get(item, "seq"));
    if (json_integer_value(json_object_get(item, "position")) != chain->entries + 1)
        chain->reason = "a seal before this entry is missing";
    else if (entry == NULL)
        chain->reason = "the entry is gone";
    else {
        next_hash(chain, entry);
        if (hash == NULL || strcmp(hash, chain->text) != 0)
            chain->reason = "the entry is not what was sealed";
    }
    if (chain->reason != NULL)
        return false;
    chain->entries++;
    chain->head_seen |= head != NULL && strcmp(head, chain->text) == 0;
    return true;
}

static int tell(const chain_t *chain, const char *head)
{
    if (chain->reason != NULL) {
        printf("broken at seq %lld: %s\n%lld entries before it are intact\n", chain->broken_seq,
               chain->reason, chain->entries);
        return EXIT_NO;
    }
    if (head != NULL && !chain->head_seen) {
        printf("broken: the chain no longer holds %s\n", head);
        return EXIT_NO;
    }
    printf("intact: %lld entries\nhead %s\n", chain->entries, chain->text);
    return EXIT_YES;
}

/* Pages of the chain, until there are no more or a link does not hold. */
static int walk(client_t *client, arena_t *arena, const char *head)
{
    chain_t chain = {.reason = NULL};
    const char *cursor = NULL;
    bool holds = true;
    do {
        const char *path = cursor == NULL
                               ? "/api/v1/audit/chain?limit=1000"
                               : arena_printf(arena, "/api/v1/audit/chain?limit=1000&cursor=%s", cursor);
        answer_t answer = client_ask(client, "GET", path, NULL);
        if (answer.status != 200 || !json_is_array(json_object_get(answer.body, "items"))) {
            fprintf(stderr, "avow audit: %s\n",
                    answer.message[0] != '\0' ? answer.message : "not an answer of Avow");
            json_decref(answer.body);
            return EXIT_NO_ANSWER;
        }
        size_t i;
        const json_t *item;
        json_array_foreach(json_object_get(answer.body, "items"), i, item)
        {
            if (!(holds = take(&chain, item, head)))
                break;
        }
        const char *next = json_string_value(json_object_get(answer.body, "next"));
        arena_reset(arena);
        cursor = next == NULL ? NULL : arena_copy(arena, next, strlen(next));
        json_decref(answer.body);
    } while (holds && cursor != NULL);
    return tell(&chain, head);
}

static int run(const void *given, int argc, char **argv)
{
    const audit_options_t *audit = given;
    if (argc != 1 || strcmp(argv[0], "verify") != 0)
        return command_usage("audit", "what is known is: avow audit verify");
    client_t *client =
        client_new(&(client_options_t){.server = audit->server, .user = audit->user, .token = audit->token});
    arena_t *arena = arena_new();
    int code = walk(client, arena, audit->head);
    arena_free(arena);
    client_free(client);
    return code;
}

const command_t audit_command = {
    .name = "audit",
    .arguments = "verify",
    .summary = "check that the audit trail is what was sealed",
    .details = "Reads the whole chain and computes each hash again. Keep the head that it prints: with "
               "--head, a later run\n"
               "also tells whether the chain was made anew from the start.\n",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_bytes = sizeof(audit_options_t),
    .run = run,
};

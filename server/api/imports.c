/* imports.c - POST /api/v1/import: a bundle, or an AsyncAPI document, becomes part of the catalog, all of it or nothing.
 *
 *     {"format": "bundle" | "asyncapi", "document": {...}, "owner": "team"}
 *
 * Only what the catalog lacks is added. Schemas are the registry's to take, one after the other: the reply lists those that an AsyncAPI
 * document holds under `register`, and `avow import` sends them.
 */
#include <stdlib.h>

#include "server/api/api.h"
#include "server/api/asyncapi_read.h"
#include "server/api/base.h"

static const char *const formats[] = {"bundle", "asyncapi"};

/* The bundle to take in; a new reference. NULL: refused. */
static json_t *read_bundle(call_t *c, json_t **schemas)
{
    static const char *const known[] = {"format", "document", "owner"};
    size_t format;
    const json_t *document;
    text_t owner;
    char why[256];
    if (api_members(c, c->body, known, 3) != 0 ||
        api_choice(c, c->body, "format", formats, 2, 0, &format) != 0 ||
        jx_object(c, c->body, "document", &document) != 0 ||
        jx_text(c, c->body, "owner", TEXT_NONE, &owner) != 0)
        return NULL;
    if (document == NULL) {
        api_invalid(c, TEXT("document"), "document is missing: what is to be imported, a JSON object");
        return NULL;
    }
    if (format == 0)
        return json_incref((json_t *)document);
    json_t *bundle = asyncapi_read(
        document, owner.at == NULL ? NULL : arena_copy(c->arena, owner.at, owner.bytes), schemas, why);
    if (bundle == NULL)
        api_invalid(c, TEXT("document"), "%s", why);
    return bundle;
}

static int take_in(call_t *c, tx_t *tx, const json_t *bundle, text_t *added)
{
    rows_t *rows;
    who_t who = api_who(c);
    char *printed = json_dumps(bundle, API_PRINTED);
    text_t document = text_copy(c->arena, text_of(printed));
    free(printed);
    if (tx_query(tx, STMT_IMPORT_BUNDLE, &rows, sql_text(document), sql_text(who.actor)) != 0)
        return -1;
    rows_next(rows);
    *added = row_text(rows, "added");
    text_t refused = row_text_or_none(rows, "refused");
    if (row_end(rows) != 0)
        return -1;
    if (refused.at != NULL)
        return api_invalid(c, TEXT("document"), "the document was refused: " TEXT_FMT, TEXT_ARG(refused));
    return audit_note(tx, &(audit_t){.kind = AUDIT_CATALOG_IMPORTED,
                                     .object = TEXT("catalog"),
                                     .detail = *added,
                                     .actor = who.actor,
                                     .request_id = who.request_id});
}

int import_create(call_t *c, tx_t *tx)
{
    json_t *schemas = NULL;
    text_t added;
    if (rights_check(tx, api_principal(c), RIGHT_ADMINISTER, 0, 0, &c->err) != 0)
        return -1;
    json_t *bundle = read_bundle(c, &schemas);
    if (bundle == NULL)
        return -1;
    int rc = take_in(c, tx, bundle, &added);
    if (rc == 0)
        reply_json(c, 200,
                   json_pack("{s:o, s:o}", "added", json_loadb(added.at, added.bytes, 0, NULL), "register",
                             schemas != NULL ? json_incref(schemas) : json_array()));
    json_decref(schemas);
    json_decref(bundle);
    return rc;
}

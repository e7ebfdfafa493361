/* exports.c - GET /api/v1/export/...: the catalog for other tools. ?event=, ?domain= and ?team= choose. */
#include "server/api/api.h"

#include "server/api/base.h"
#include "server/api/export.h"

enum { DOCUMENT_BYTES_MAX = 256 << 20 };

static sql_arg_t chosen(const call_t *c, const char *name)
{
    text_t text = call_query(c, name);
    return text.bytes == 0 ? sql_null() : sql_text(text);
}

static json_t *parse(text_t text)
{
    return json_loadb(text.at, text.bytes, JSON_DECODE_ANY, NULL);
}

static int read_lines(call_t *c, tx_t *tx, export_t *export)
{
    rows_t *rows;
    json_t *lines = json_array(), *landscape = NULL;
    if (tx_query(tx, STMT_EXPORT_LINES, &rows, chosen(c, "event"), chosen(c, "domain"), chosen(c, "team"),
                 sql_bool(false)) != 0)
        goto failed;
    while (rows_next(rows))
        json_array_append_new(lines, parse(row_text(rows, "item")));
    if (row_end(rows) != 0 || tx_query(tx, STMT_EXPORT_LANDSCAPE, &rows) != 0)
        goto failed;
    rows_next(rows);
    landscape = parse(row_text(rows, "body"));
    if (row_end(rows) != 0)
        goto failed;
    *export = (export_t){.title = "Event catalog", .base = "", .lines = lines, .landscape = landscape};
    return 0;
failed:
    json_decref(lines);
    json_decref(landscape);
    return -1;
}

static void dispose(export_t *export)
{
    json_decref((json_t *)export->lines);
    json_decref((json_t *)export->landscape);
}

/* GET /api/v1/export/asyncapi?version=3.0|2.6 */
int export_asyncapi(call_t *c, tx_t *tx)
{
    export_t export;
    text_t version = call_query(c, "version");
    bool two = text_is(version, "2.6");
    if (version.bytes > 0 && !two && !text_is(version, "3.0"))
        return api_invalid(c, TEXT("version"), "version must be one of 3.0, 2.6");
    if (read_lines(c, tx, &export) != 0)
        return -1;
    reply_json(c, 200, two ? export_asyncapi_2(&export) : export_asyncapi_3(&export));
    dispose(&export);
    return 0;
}

/* GET /api/v1/export/backstage */
int export_backstage_entities(call_t *c, tx_t *tx)
{
    export_t export;
    buf_t out;
    if (read_lines(c, tx, &export) != 0)
        return -1;
    buf_init(&out, DOCUMENT_BYTES_MAX);
    export_backstage(&export, &out);
    reply_text(c, 200, "application/yaml", buf_take(&out, c->arena));
    buf_dispose(&out);
    dispose(&export);
    return 0;
}

/* GET /api/v1/export/odcs: {"contracts": [...]}; of one line (?event= and ?major=) the contract itself. */
int export_odcs_contracts(call_t *c, tx_t *tx)
{
    export_t export;
    int64_t major;
    size_t i;
    json_t *line;
    if (call_query_int(c, "major", 0, &major) != 0 || read_lines(c, tx, &export) != 0)
        return -1;
    json_t *contracts = json_array();
    json_array_foreach(export.lines, i,
                       line) if (major == 0 || json_integer_value(json_object_get(line, "major")) == major)
        json_array_append_new(contracts, export_odcs(line));
    dispose(&export);
    if (major != 0 && call_query_has(c, "event") && json_array_size(contracts) == 1)
        reply_json(c, 200, json_incref(json_array_get(contracts, 0)));
    else
        reply_json(c, 200, json_pack("{s:O}", "contracts", contracts));
    json_decref(contracts);
    return 0;
}

/* GET /api/v1/export/bundle */
int export_bundle(call_t *c, tx_t *tx)
{
    rows_t *rows;
    if (tx_query(tx, STMT_EXPORT_BUNDLE, &rows) != 0)
        return -1;
    return api_reply_row(c, 200, rows, "bundle", TEXT("bundle"));
}

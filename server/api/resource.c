#include "server/api/resource.h"

text_t resource_text(const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);
    return json_is_string(value) ? (text_t){json_string_value(value), json_string_length(value)} : TEXT_NONE;
}

int resource_reply(call_t *c, tx_t *tx, const resource_t *resource, int status, text_t name)
{
    rows_t *rows;
    if (tx_query(tx, resource->get, &rows, sql_text(name)) != 0)
        return -1;
    if (status == 201)
        reply_header(c, "location", text_printf(c->arena, "%s" TEXT_FMT, resource->path, TEXT_ARG(name)));
    return api_reply_row(c, status, rows, resource->thing->what, name);
}

int resource_create(call_t *c, tx_t *tx, const resource_t *resource, const char *member, right_t right,
                    int64_t team_id)
{
    text_t document, name;
    who_t who = api_who(c);
    if (api_shape(c, resource->shape, SHAPE_WHOLE, &document) != 0 ||
        rights_check(tx, api_principal(c), right, team_id, 0, &c->err) != 0)
        return -1;
    name = resource_text(c->body, member);
    return thing_create(tx, resource->thing, &who, name, document, &c->err) != 0
               ? -1
               : resource_reply(c, tx, resource, 201, name);
}

int resource_match(call_t *c, tx_t *tx, const resource_t *resource, text_t name)
{
    rows_t *rows;
    if (tx_query(tx, resource->get, &rows, sql_text(name)) != 0)
        return -1;
    if (!rows_next(rows))
        return err_set(&c->err, ERR_NOT_FOUND, "There is no %s \"" TEXT_FMT "\"", resource->thing->what,
                       TEXT_ARG(name));
    int32_t rev = row_i32(rows, "rev");
    return row_end(rows) != 0 ? -1 : api_if_match(c, rev);
}

int resource_change(call_t *c, tx_t *tx, const resource_t *resource, text_t name, text_t document)
{
    who_t who = api_who(c);
    if (resource_match(c, tx, resource, name) != 0 ||
        thing_change(tx, resource->thing, &who, name, document) != 0)
        return -1;
    return resource_reply(c, tx, resource, 200, name);
}

int resource_list(call_t *c, tx_t *tx, stmt_t statement, const char *filter)
{
    page_t page;
    rows_t *rows;
    if (api_page(c, &page) != 0)
        return -1;
    text_t value = filter == NULL ? TEXT_NONE : call_query(c, filter);
    sql_arg_t args[] = {sql_text_or_null(page.after), sql_i64(page.limit + 1), sql_text_or_null(value)};
    if (tx_query_args(tx, statement, &rows, args, filter == NULL ? 2 : 3) != 0)
        return -1;
    return api_reply_list(c, &page, rows);
}

int resource_team(call_t *c, tx_t *tx, const char *member, team_t *team)
{
    text_t slug = resource_text(c->body, member);
    *team = (team_t){.slug = TEXT_NONE};
    return slug.at == NULL ? 0 : team_named(tx, slug, member, team, &c->err);
}

#include "catalog/schema.h"

#include "catalog/subject.h"
#include "server/core/conf.h"
#include "server/registry/entity.h"
#include "server/registry/handlers.h"
#include "server/registry/request.h"

/* --- GET /schemas -------------------------------------------------------------------------------------------------------- */

static void out_listed(out_t *out, const listed_t *listed)
{
    out_item(out);
    out_version(out, &listed->version);
    if (listed->aliases.at == NULL)
        return;
    buf_cut(&out->buf, buf_text(&out->buf).bytes - 1); /* the closing bracket */
    out_raw(out, "aliases", listed->aliases);
    out_end(out, '}');
}

int schemas_get(call_t *c, tx_t *tx)
{
    page_t page;
    listed_t *list;
    size_t n;
    subjects_of_t of = subjects_of(call_query(c, "subjectPrefix"), c->context, c->arena);
    if (call_page(c, &page) != 0)
        return -1;
    if (page.limit < 0 || page.limit > c->conf->max_page)
        page.limit = c->conf->max_page;
    if (schemas_list(tx, &of, call_query_bool(c, "deleted", false), call_query_bool(c, "latestOnly", false),
                     call_query_bool(c, "aliases", false), &page, &list, &n) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_begin(&out, '[');
    for (size_t i = 0; i < n; i++)
        out_listed(&out, &list[i]);
    out_end(&out, ']');
    out_reply(&out, c);
    reply_depends(c, DEPENDS_ALL, TEXT_NONE);
    return 0;
}

/* --- by id --------------------------------------------------------------------------------------------------------------- */

/* A qualified subject says in which context to look, and nothing else. */
static schema_where_t where_of(const call_t *c)
{
    text_t given = call_query(c, "subject");
    subject_name_t name = subject_name_parse(given.at == NULL ? TEXT("") : given, c->context, c->arena);
    return (schema_where_t){name.context, name.subject};
}

static int find(call_t *c, tx_t *tx, const schema_where_t *where, bool with_max_id, schema_found_t *found)
{
    int32_t id;
    if (call_id(c, &id) != 0 || schema_get(tx, id, where, with_max_id, found) != 0)
        return -1;
    return version_format(c, tx, &found->version);
}

/* The id is for ever the schema's. What else the reply says can change: the version shown, which a change of its subject tells; the
 * alias of the subject that was named. One subject can be watched, not two. */
static void depends_on(call_t *c, const schema_found_t *found, const schema_where_t *where)
{
    const version_t *version = &found->version;
    text_t named = where->subject.bytes == 0
                       ? TEXT_NONE
                       : subject_name_in(where->context, where->subject, c->arena).qualified;
    text_t shown = c->profile == PROFILE_8 ? version->subject : TEXT_NONE;
    bool shown_may_move = c->profile == PROFILE_8 && (version->subject.at == NULL || version->deleted);
    bool two = named.at != NULL && shown.at != NULL && !text_eq(named, shown);
    if (!found->first || found->max_id > 0 || found->aliased || shown_may_move || two)
        reply_depends(c, DEPENDS_ALL, TEXT_NONE);
    else
        reply_depends(c, DEPENDS_SCHEMA, shown.at != NULL ? shown : named);
}

/* GET /schemas/ids/{id} */
int schema_show(call_t *c, tx_t *tx)
{
    schema_found_t found;
    schema_where_t where = where_of(c);
    bool with_max_id = call_query_bool(c, "fetchMaxId", false);
    if (find(c, tx, &where, with_max_id, &found) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_schema_open(&out, &found.version);
    if (with_max_id)
        out_int(&out, "maxId", found.max_id);
    out_end(&out, '}');
    out_reply(&out, c);
    depends_on(c, &found, &where);
    return 0;
}

/* GET /schemas/ids/{id}/schema */
int schema_show_text(call_t *c, tx_t *tx)
{
    schema_found_t found;
    schema_where_t where = where_of(c);
    if (find(c, tx, &where, false, &found) != 0)
        return -1;
    reply_text(c, 200, NULL, found.version.text);
    depends_on(c, &found, &where);
    return 0;
}

static int find_uses(call_t *c, tx_t *tx, bool subjects_only, schema_use_t **uses, size_t *n)
{
    schema_where_t where = where_of(c);
    page_t page;
    int32_t id;
    if (call_id(c, &id) != 0 || call_page(c, &page) != 0)
        return -1;
    reply_depends(c, DEPENDS_ALL, TEXT_NONE);
    return schema_uses(tx, id, &where, call_query_bool(c, "deleted", false), subjects_only, &page, uses, n);
}

/* GET /schemas/ids/{id}/subjects */
int schema_subjects(call_t *c, tx_t *tx)
{
    schema_use_t *uses;
    size_t n;
    if (find_uses(c, tx, true, &uses, &n) != 0)
        return -1;
    text_t *names = ARENA_ARRAY(c->arena, text_t, n);
    for (size_t i = 0; i < n; i++)
        names[i] = uses[i].subject;
    reply_texts(c, names, n);
    return 0;
}

/* GET /schemas/ids/{id}/versions */
int schema_versions(call_t *c, tx_t *tx)
{
    schema_use_t *uses;
    size_t n;
    if (find_uses(c, tx, false, &uses, &n) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_begin(&out, '[');
    for (size_t i = 0; i < n; i++) {
        out_item(&out);
        out_begin(&out, '{');
        out_text(&out, "subject", uses[i].subject);
        out_int(&out, "version", uses[i].version);
        out_end(&out, '}');
    }
    out_end(&out, ']');
    out_reply(&out, c);
    return 0;
}

/* --- by guid ------------------------------------------------------------------------------------------------------------- */

/* GET /schemas/guids/{guid} */
int guid_show(call_t *c, tx_t *tx)
{
    version_t version;
    if (schema_get_by_guid(tx, c->params[0], &version) != 0 || version_format(c, tx, &version) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_schema_open(&out, &version);
    out_end(&out, '}');
    out_reply(&out, c);
    /* A guid in the default context, still used there: only a delete can change what is shown. */
    if (context_is_default(version.context) && version.subject.at != NULL && !version.deleted)
        reply_depends(c, DEPENDS_SCHEMA, version.subject);
    else
        reply_depends(c, DEPENDS_ALL, TEXT_NONE);
    return 0;
}

/* GET /schemas/guids/{guid}/ids */
int guid_ids(call_t *c, tx_t *tx)
{
    schema_id_t *ids;
    size_t n;
    if (schema_ids_of_guid(tx, c->params[0], &ids, &n) != 0)
        return -1;
    out_t out;
    out_init(&out, c);
    out_begin(&out, '[');
    for (size_t i = 0; i < n; i++) {
        out_item(&out);
        out_begin(&out, '{');
        out_text(&out, "context", ids[i].context);
        out_int(&out, "id", ids[i].id);
        out_end(&out, '}');
    }
    out_end(&out, ']');
    out_reply(&out, c);
    reply_depends(c, DEPENDS_ALL, TEXT_NONE);
    return 0;
}

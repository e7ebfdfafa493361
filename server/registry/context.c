#include "catalog/context.h"

#include "server/registry/entity.h"
#include "server/registry/handlers.h"
#include "server/registry/request.h"

/* GET /contexts */
int contexts_get(call_t *c, tx_t *tx)
{
    page_t page;
    text_t *names;
    size_t n;
    if (call_page(c, &page) != 0 || contexts_list(tx, call_query(c, "contextPrefix"), &page, &names, &n) != 0)
        return -1;
    reply_texts(c, names, n);
    reply_depends(c, DEPENDS_ALL, TEXT_NONE);
    return 0;
}

/* DELETE /contexts/{context} */
int context_remove(call_t *c, tx_t *tx)
{
    who_t who = call_who(c);
    text_t given = c->params[0];
    if (!text_starts(given, TEXT(".")) && !text_starts(given, TEXT(":.")))
        given = text_printf(c->arena, "." TEXT_FMT, TEXT_ARG(given));
    if (text_starts(given, TEXT(".")))
        given = text_printf(c->arena, ":" TEXT_FMT ":", TEXT_ARG(given));
    subject_name_t name = subject_name_parse(given, TEXT_NONE, c->arena);
    if (context_delete(tx, &who, name.context) != 0)
        return -1;
    reply_empty(c, 204);
    return 0;
}

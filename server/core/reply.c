/* reply.c - what handlers build their answers with (call.h). */
#include <string.h>

#include "compat/core/buf.h"
#include "server/core/call.h"

void reply_text(call_t *c, int status, const char *content_type, text_t body)
{
    c->reply.status = status;
    c->reply.content_type = content_type;
    c->reply.body = body.at == NULL ? TEXT("") : body;
}

void reply_empty(call_t *c, int status)
{
    reply_text(c, status, NULL, TEXT(""));
}

/* One pass for the size, one for the text: no buffer grows, and the body is in the arena at once. */
void reply_json(call_t *c, int status, json_t *body)
{
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t bytes = body == NULL ? 0 : json_dumpb(body, NULL, 0, flags);
    if (bytes == 0) {
        err_set(&c->err, ERR_INTERNAL, NULL);
        reply_fail(c);
    } else {
        char *at = arena_alloc(c->arena, bytes + 1);
        json_dumpb(body, at, bytes, flags);
        reply_text(c, status, NULL, (text_t){at, bytes});
    }
    json_decref(body);
}

void reply_header(call_t *c, const char *name, text_t value)
{
    const size_t room = sizeof c->reply.headers / sizeof *c->reply.headers;
    if (c->reply.n_headers < room) {
        c->reply.headers[c->reply.n_headers].name = name;
        c->reply.headers[c->reply.n_headers++].value = value;
    }
}

void reply_depends(call_t *c, depends_t depends, text_t subject)
{
    c->reply.depends = depends;
    c->reply.depends_subject = subject;
}

/* A message may quote what the client sent: it is made UTF-8 here, once. */
static text_t utf8_text(text_t text, arena_t *arena)
{
    size_t valid = text_utf8_valid(text);
    if (valid == text.bytes)
        return text;
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    while (text.bytes > 0) {
        valid = text_utf8_valid(text);
        buf_add(&buf, (text_t){text.at, valid});
        if (valid < text.bytes)
            buf_add_code_point(&buf, 0xfffd);
        text = text_from(text, valid < text.bytes ? valid + 1 : valid);
    }
    text = buf_take(&buf, arena);
    buf_dispose(&buf);
    return text;
}

void reply_fail(call_t *c)
{
    text_t message = utf8_text(err_text(&c->err), c->arena);
    c->reply.depends = DEPENDS_NOT_CACHED;
    json_t *body = json_pack("{s:i, s:o}", "error_code", err_wire(c->err.code), "message",
                             json_stringn(message.at, message.bytes));
    if (body == NULL)
        reply_text(c, 500, NULL, TEXT("{\"error_code\":500,\"message\":\"Internal Server Error\"}"));
    else
        reply_json(c, err_http(c->err.code), body);
    if (c->err.code == ERR_BUSY)
        reply_header(c, "retry-after", TEXT("1"));
}

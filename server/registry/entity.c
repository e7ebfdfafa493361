#include "server/registry/entity.h"

#include "catalog/deprecation.h"
#include "server/registry/request.h"

void out_init(out_t *out, const call_t *c)
{
    *out = (out_t){.profile = c->profile};
    buf_init(&out->buf, BUF_NO_MAX);
}

void out_begin(out_t *out, char bracket)
{
    buf_add_char(&out->buf, bracket);
    out->first = true;
}

void out_end(out_t *out, char bracket)
{
    buf_add_char(&out->buf, bracket);
    out->first = false;
}

void out_item(out_t *out)
{
    if (!out->first)
        buf_add_char(&out->buf, ',');
    out->first = false;
}

static void key(out_t *out, const char *name)
{
    out_item(out);
    buf_printf(&out->buf, "\"%s\":", name);
}

void out_text(out_t *out, const char *name, text_t value)
{
    if (value.bytes == 0)
        return;
    key(out, name);
    jv_print_string(&out->buf, value);
}

void out_int(out_t *out, const char *name, int64_t value)
{
    key(out, name);
    buf_printf(&out->buf, "%lld", (long long)value);
}

void out_bool(out_t *out, const char *name, bool value)
{
    key(out, name);
    buf_add_s(&out->buf, value ? "true" : "false");
}

void out_raw(out_t *out, const char *name, text_t json)
{
    if (json.bytes == 0 || text_is(json, "{}") || text_is(json, "[]"))
        return;
    key(out, name);
    buf_add(&out->buf, json);
}

void out_reply(out_t *out, call_t *c)
{
    text_t body = buf_end(&out->buf, c->arena);
    reply_text(c, 200, NULL, body);
}

/* --- entities ------------------------------------------------------------------------------------------------------------ */

static void out_type(out_t *out, text_t type)
{
    if (out->profile == PROFILE_8 || !text_is(type, "AVRO"))
        out_text(out, "schemaType", type);
}

static void out_contents(out_t *out, const version_t *version)
{
    out_type(out, version->type);
    out_raw(out, "references", version->references);
    out_raw(out, "metadata", version->metadata);
    out_raw(out, "ruleSet", version->rule_set);
    out_text(out, "schema", version->text);
}

static void out_since_8(out_t *out, const version_t *version)
{
    if (out->profile != PROFILE_8)
        return;
    out_text(out, "guid", version->guid);
    if (version->subject.at == NULL)
        return;
    out_int(out, "ts", version->ts_ms);
    out_bool(out, "deleted", version->deleted);
}

void out_version(out_t *out, const version_t *version)
{
    out_begin(out, '{');
    out_text(out, "subject", version->subject);
    out_int(out, "version", version->version);
    out_int(out, "id", version->id);
    out_contents(out, version);
    out_since_8(out, version);
    out_end(out, '}');
}

void out_schema_open(out_t *out, const version_t *version)
{
    out_begin(out, '{');
    if (out->profile == PROFILE_8 && version->subject.at != NULL) {
        out_text(out, "subject", version->subject);
        out_int(out, "version", version->version);
    }
    out_contents(out, version);
    out_since_8(out, version);
}

void out_registered(out_t *out, const registered_t *registered)
{
    arena_t *arena = arena_new();
    out_begin(out, '{');
    out_int(out, "id", registered->id);
    if (out->profile == PROFILE_8 || registered->altered) {
        version_t version = {
            .subject = registered->subject.qualified,
            .guid = identity_text(&registered->identity, arena),
            .type = text_of(format_name(registered->format)),
            .text = registered->text,
            .references = registered->references,
            .metadata = registered->metadata,
            .rule_set = registered->rule_set,
            .ts_ms = registered->ts_ms,
        };
        out_int(out, "version", registered->version);
        out_contents(out, &version);
        out_since_8(out, &version);
    }
    out_end(out, '}');
    arena_free(arena);
}

/* --- lists --------------------------------------------------------------------------------------------------------------- */

void reply_ints(call_t *c, const int32_t *values, size_t n)
{
    out_t out;
    out_init(&out, c);
    out_begin(&out, '[');
    for (size_t i = 0; i < n; i++) {
        out_item(&out);
        buf_printf(&out.buf, "%d", values[i]);
    }
    out_end(&out, ']');
    out_reply(&out, c);
}

void reply_texts(call_t *c, const text_t *values, size_t n)
{
    out_t out;
    out_init(&out, c);
    out_begin(&out, '[');
    for (size_t i = 0; i < n; i++) {
        out_item(&out);
        jv_print_string(&out.buf, values[i]);
    }
    out_end(&out, ']');
    out_reply(&out, c);
}

/* --- formats ------------------------------------------------------------------------------------------------------------- */

/* A format that is not known is as good as none. */
void reply_deprecation(call_t *c, text_t deprecation)
{
    deprecation_header_t headers[DEPRECATION_HEADERS_MAX];
    size_t n = deprecation_headers(deprecation, headers);
    for (size_t i = 0; i < n; i++)
        reply_header(c, headers[i].name, headers[i].value);
}

int version_format(call_t *c, tx_t *tx, version_t *version)
{
    policy_t policy = call_policy(c);
    reply_deprecation(c, version->deprecation);
    if (text_is(call_query(c, "format"), "resolved") && version->references.at != NULL &&
        version_resolved(tx, version, &policy, &version->text) != 0)
        return -1;
    if (text_is(call_query(c, "referenceFormat"), "qualified") && version->references.at != NULL) {
        subject_name_t of = subject_name_in(version->context, TEXT(""), c->arena);
        version->references = references_text_qualified(version->references, &of, c->arena);
    }
    return 0;
}

#include "compat/avro/av_fingerprint.h"

#include <stdlib.h>

#include "compat/avro/av_model.h"
#include "compat/core/digest.h"

typedef struct {
    const av_type_t *type;
    uint32_t i; /* next child */
} frame_t;

/* Types that came from references may nest without a limit, so the way down is kept here. */
typedef struct {
    buf_t *out;
    uint8_t *printed;
    frame_t *stack;
    size_t n, room;
} form_t;

static void quote(form_t *f, text_t name)
{
    buf_add_char(f->out, '"');
    buf_add(f->out, name); /* nothing in a name needs escaping, and Java escapes nothing here */
    buf_add_char(f->out, '"');
}

static void push(form_t *f, const av_type_t *type)
{
    if (f->n == f->room) {
        f->room = f->room ? f->room * 2 : 32;
        f->stack = realloc(f->stack, f->room * sizeof *f->stack);
        if (!f->stack)
            abort();
    }
    f->stack[f->n++] = (frame_t){type, 0};
}

static void open_named(form_t *f, const av_type_t *type)
{
    if (f->printed[type->id]) {
        quote(f, type->name.full);
        return;
    }
    f->printed[type->id] = 1;
    buf_add_s(f->out, "{\"name\":");
    quote(f, type->name.full);
    buf_printf(f->out, ",\"type\":\"%s\"", av_kind_name(type->kind));
    if (type->kind == AV_FIXED) {
        buf_printf(f->out, ",\"size\":%u}", type->n);
    } else if (type->kind == AV_ENUM) {
        buf_add_s(f->out, ",\"symbols\":[");
        for (uint32_t i = 0; i < type->n; i++) {
            if (i)
                buf_add_char(f->out, ',');
            quote(f, type->symbols[i]);
        }
        buf_add_s(f->out, "]}");
    } else {
        buf_add_s(f->out, ",\"fields\":[");
        push(f, type);
    }
}

static void open_type(form_t *f, const av_type_t *type)
{
    if (av_is_named(type)) {
        open_named(f, type);
    } else if (type->kind == AV_UNION) {
        buf_add_char(f->out, '[');
        push(f, type);
    } else if (type->kind == AV_ARRAY || type->kind == AV_MAP) {
        buf_add_s(f->out, type->kind == AV_ARRAY ? "{\"type\":\"array\",\"items\":"
                                                 : "{\"type\":\"map\",\"values\":");
        push(f, type);
    } else {
        quote(f, text_of(av_kind_name(type->kind)));
    }
}

static void step(form_t *f)
{
    frame_t *top = &f->stack[f->n - 1];
    const av_type_t *type = top->type;
    uint32_t i = top->i++;
    bool single = type->kind == AV_ARRAY || type->kind == AV_MAP;
    if (type->kind == AV_RECORD && i)
        buf_add_char(f->out, '}'); /* of the field before */
    if (i == (single ? 1 : type->n)) {
        buf_add_s(f->out, type->kind == AV_RECORD ? "]}" : type->kind == AV_UNION ? "]" : "}");
        f->n--;
        return;
    }
    if (i)
        buf_add_char(f->out, ',');
    if (single) {
        open_type(f, type->item.type);
    } else if (type->kind == AV_UNION) {
        open_type(f, type->branches[i].type);
    } else {
        buf_add_s(f->out, "{\"name\":");
        quote(f, type->fields[i].name);
        buf_add_s(f->out, ",\"type\":");
        open_type(f, type->fields[i].slot.type);
    }
}

static void form(const schema_t *schema, buf_t *out)
{
    const av_schema_t *model = av_schema_of(schema);
    form_t f = {.out = out, .printed = calloc(model->n_types + 1, 1)};
    if (!f.printed)
        abort();
    open_type(&f, model->root.type);
    while (f.n)
        step(&f);
    free(f.printed);
    free(f.stack);
}

text_t av_parsing_form(const schema_t *schema, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    form(schema, &out);
    text_t text = buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

void av_fingerprints(const schema_t *schema, av_fingerprints_t *out)
{
    buf_t text;
    buf_init(&text, BUF_NO_MAX);
    form(schema, &text);
    out->rabin = digest_crc64_avro(buf_text(&text));
    digest_md5(buf_text(&text), out->md5);
    digest_sha256(buf_text(&text), out->sha256);
    buf_dispose(&text);
}

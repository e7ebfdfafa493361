/* av_print.c - canonical, normalised and resolved text.
 *
 * The order of keys is that of Avro Java's Schema.toString, the normalised form that of Confluent's normalize=true; both
 * are listed in compat/README.md, "Avro". A named type is written out where it is met first and named from then on.
 */
#include "compat/avro/av_print.h"

#include <stdlib.h>
#include <string.h>

#include "compat/avro/av_number.h"
#include "compat/avro/av_parse.h"

typedef struct {
    buf_t *out;
    bool normalize;         /* Confluent's normalize=true */
    bool inline_references; /* write out what came from references */
    bool too_deep;
    uint32_t depth, max_depth;
    uint8_t *printed; /* by type id: already written out */
    const av_schema_t
        *into; /* names of this schema stand for themselves, and nothing is relative to a namespace */
} printer_t;

/* --- JSON values ---------------------------------------------------------------------------------------------------------- */

/* As Java compares strings: surrogates (U+10000 and up) sort before U+E000. In UTF-8 only the lead byte shows it. */
static int compare_utf16(text_t a, text_t b)
{
    size_t n = a.bytes < b.bytes ? a.bytes : b.bytes;
    for (size_t i = 0; i < n; i++) {
        unsigned char x = (unsigned char)a.at[i], y = (unsigned char)b.at[i];
        if (x == y)
            continue;
        if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0))
            return x >= 0xF0 ? -1 : 1;
        return x < y ? -1 : 1;
    }
    return a.bytes < b.bytes ? -1 : a.bytes > b.bytes;
}

static int by_name(const void *a, const void *b)
{
    const jv_member_t *const *x = a, *const *y = b;
    return compare_utf16((*x)->name, (*y)->name);
}

static int by_text(const void *a, const void *b)
{
    return compare_utf16(*(const text_t *)a, *(const text_t *)b);
}

/* The members of an object in order of name; free() the result. */
static const jv_member_t **members_sorted(const jv_t *object)
{
    const jv_member_t **list = calloc(object->n + 1, sizeof(jv_member_t *));
    if (!list)
        abort();
    for (uint32_t i = 0; i < object->n; i++)
        list[i] = &object->members[i];
    qsort(list, object->n, sizeof *list, by_name);
    return list;
}

static void print_object(buf_t *out, const jv_t *value, bool sorted)
{
    const jv_member_t **list = sorted ? members_sorted(value) : NULL;
    buf_add_char(out, '{');
    for (uint32_t i = 0; i < value->n; i++) {
        const jv_member_t *member = list ? list[i] : &value->members[i];
        if (i)
            buf_add_char(out, ',');
        jv_print_string(out, member->name);
        buf_add_char(out, ':');
        av_print_value(out, &member->value, sorted);
    }
    buf_add_char(out, '}');
    free(list);
}

void av_print_value(buf_t *out, const jv_t *value, bool sorted)
{
    switch (value->kind) {
    case JV_NULL:
        buf_add_s(out, "null");
        return;
    case JV_FALSE:
        buf_add_s(out, "false");
        return;
    case JV_TRUE:
        buf_add_s(out, "true");
        return;
    case JV_NUMBER:
        av_number_json(out, value->text);
        return;
    case JV_STRING:
        jv_print_string(out, value->text);
        return;
    case JV_ARRAY:
        buf_add_char(out, '[');
        for (uint32_t i = 0; i < value->n; i++) {
            if (i)
                buf_add_char(out, ',');
            av_print_value(out, &value->items[i], sorted);
        }
        buf_add_char(out, ']');
        return;
    case JV_OBJECT:
        print_object(out, value, sorted);
        return;
    }
}

/* --- defaults, normalised ------------------------------------------------------------------------------------------------- */

/* Does the JSON kind of `value` suit `type`? Finer questions are av_default.c's. */
static bool kind_suits(const av_type_t *type, const jv_t *value)
{
    switch (type->kind) {
    case AV_NULL:
        return value->kind == JV_NULL;
    case AV_BOOLEAN:
        return value->kind == JV_TRUE || value->kind == JV_FALSE;
    case AV_INT:
    case AV_LONG:
        return value->kind == JV_NUMBER && av_number_is_integer(value->text);
    case AV_FLOAT:
    case AV_DOUBLE:
        return value->kind == JV_NUMBER;
    case AV_BYTES:
    case AV_STRING:
    case AV_FIXED:
    case AV_ENUM:
        return value->kind == JV_STRING;
    case AV_ARRAY:
        return value->kind == JV_ARRAY;
    case AV_MAP:
    case AV_RECORD:
        return value->kind == JV_OBJECT;
    case AV_UNION:
        for (uint32_t i = 0; i < type->n; i++)
            if (kind_suits(type->branches[i].type, value))
                return true;
        return false;
    }
    return false;
}

static const av_type_t *branch_for(const av_type_t *type, const jv_t *value)
{
    if (type->kind != AV_UNION)
        return type;
    for (uint32_t i = 0; i < type->n; i++)
        if (kind_suits(type->branches[i].type, value))
            return type->branches[i].type;
    return type;
}

static void print_default(buf_t *out, const av_type_t *type, const jv_t *value);

static void print_default_object(buf_t *out, const av_type_t *type, const jv_t *value)
{
    const jv_member_t **list = members_sorted(value);
    buf_add_char(out, '{');
    for (uint32_t i = 0; i < value->n; i++) {
        if (i)
            buf_add_char(out, ',');
        jv_print_string(out, list[i]->name);
        buf_add_char(out, ':');
        int32_t field = type->kind == AV_RECORD ? av_field_find(type, list[i]->name) : -1;
        if (type->kind == AV_MAP)
            print_default(out, type->item.type, &list[i]->value);
        else if (field >= 0)
            print_default(out, type->fields[field].slot.type, &list[i]->value);
        else
            av_print_value(out, &list[i]->value, true);
    }
    buf_add_char(out, '}');
    free(list);
}

/* A default as a value of its type: 1 on a double is 1.0, on a float 0.1 stays 0.1. Depth is that of the value. */
static void print_default(buf_t *out, const av_type_t *union_or_type, const jv_t *value)
{
    const av_type_t *type = branch_for(union_or_type, value);
    if (value->kind == JV_NUMBER && type->kind == AV_FLOAT)
        av_number_float(out, (float)av_number_value(value->text));
    else if (value->kind == JV_NUMBER && type->kind == AV_DOUBLE)
        av_number_double(out, av_number_value(value->text));
    else if (value->kind == JV_OBJECT && (type->kind == AV_MAP || type->kind == AV_RECORD))
        print_default_object(out, type, value);
    else if (value->kind == JV_ARRAY && type->kind == AV_ARRAY) {
        buf_add_char(out, '[');
        for (uint32_t i = 0; i < value->n; i++) {
            if (i)
                buf_add_char(out, ',');
            print_default(out, type->item.type, &value->items[i]);
        }
        buf_add_char(out, ']');
    } else
        av_print_value(out, value, true);
}

/* --- schemas ---------------------------------------------------------------------------------------------------------------- */

static void print_type(printer_t *p, const av_type_t *type, text_t space);

static void key(printer_t *p, const char *name)
{
    buf_printf(p->out, ",\"%s\":", name);
}

static bool enter(printer_t *p, char c)
{
    buf_add_char(p->out, c);
    if (++p->depth > p->max_depth)
        p->too_deep = true;
    return !p->too_deep;
}

static void leave(printer_t *p, char c)
{
    p->depth--;
    buf_add_char(p->out, c);
}

static uint32_t value_depth(const jv_t *value)
{
    uint32_t deepest = 0;
    if (value->kind != JV_ARRAY && value->kind != JV_OBJECT)
        return 0;
    for (uint32_t i = 0; i < value->n; i++) {
        uint32_t depth = value_depth(value->kind == JV_ARRAY ? &value->items[i] : &value->members[i].value);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

/* The text must be readable again, so what hangs off a type counts too. */
static void note_depth(printer_t *p, const jv_t *value)
{
    if (p->depth + value_depth(value) > p->max_depth)
        p->too_deep = true;
}

/* `first` properties are printed already: the members of a recognised logical type. */
static bool is_logical_member(const av_type_t *type, text_t name)
{
    if (!type || type->logical == AV_PLAIN)
        return false;
    return text_is(name, "logicalType") ||
           (type->logical == AV_DECIMAL && (text_is(name, "precision") || text_is(name, "scale")));
}

static void print_properties_sorted(printer_t *p, const jv_member_t *const *props, uint32_t n,
                                    const av_type_t *type)
{
    if (type && type->logical != AV_PLAIN) {
        buf_printf(p->out, ",\"logicalType\":\"%s\"", av_logical_name(type->logical));
        if (type->logical == AV_DECIMAL)
            buf_printf(p->out, ",\"precision\":%d", type->precision);
        if (type->logical == AV_DECIMAL && type->scale)
            buf_printf(p->out, ",\"scale\":%d", type->scale);
    }
    const jv_member_t **list = calloc(n + 1, sizeof(jv_member_t *));
    if (!list)
        abort();
    memcpy(list, props, n * sizeof *list);
    qsort(list, n, sizeof *list, by_name);
    for (uint32_t i = 0; i < n; i++) {
        if (is_logical_member(type, list[i]->name))
            continue;
        buf_add_char(p->out, ',');
        jv_print_string(p->out, list[i]->name);
        buf_add_char(p->out, ':');
        av_print_value(p->out, &list[i]->value, true);
    }
    free(list);
}

static void print_properties(printer_t *p, const jv_member_t *const *props, uint32_t n, const av_type_t *type)
{
    if (p->normalize && n) {
        print_properties_sorted(p, props, n, type);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        note_depth(p, &props[i]->value);
        buf_add_char(p->out, ',');
        jv_print_string(p->out, props[i]->name);
        buf_add_char(p->out, ':');
        av_print_value(p->out, &props[i]->value, false);
    }
}

static void print_aliases(printer_t *p, const text_t *list, uint32_t n)
{
    if (!n)
        return;
    key(p, "aliases");
    buf_add_char(p->out, '[');
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            buf_add_char(p->out, ',');
        jv_print_string(p->out, list[i]);
    }
    buf_add_char(p->out, ']');
}

static int by_full_name(const void *a, const void *b)
{
    return compare_utf16(((const av_name_t *)a)->full, ((const av_name_t *)b)->full);
}

/* Sorted by full name, written relative to the type's namespace. */
static void print_type_aliases(printer_t *p, const av_type_t *type)
{
    uint32_t n = type->n_aliases;
    if (!n)
        return;
    av_name_t *names = calloc(n, sizeof *names);
    text_t *list = calloc(n, sizeof *list);
    if (!names || !list)
        abort();
    memcpy(names, type->aliases, n * sizeof *names);
    if (p->normalize)
        qsort(names, n, sizeof *names, by_full_name);
    for (uint32_t i = 0; i < n; i++)
        list[i] = av_name_in(&names[i], type->name.space);
    print_aliases(p, list, n);
    free(names);
    free(list);
}

static void print_field(printer_t *p, const av_field_t *field, text_t space)
{
    if (!enter(p, '{'))
        return;
    buf_add_s(p->out, "\"name\":");
    jv_print_string(p->out, field->name);
    key(p, "type");
    print_type(p, field->slot.type, space);
    if (field->doc) {
        key(p, "doc");
        jv_print_string(p->out, field->doc->text);
    }
    if (field->fallback && (!p->normalize || kind_suits(field->slot.type, field->fallback))) {
        note_depth(p, field->fallback);
        key(p, "default");
        if (p->normalize)
            print_default(p->out, field->slot.type, field->fallback);
        else
            av_print_value(p->out, field->fallback, false);
    }
    if (field->order != AV_ASCENDING) {
        key(p, "order");
        buf_add_s(p->out, field->order == AV_DESCENDING ? "\"descending\"" : "\"ignore\"");
    }
    text_t *aliases = calloc(field->n_aliases + 1, sizeof *aliases);
    if (!aliases)
        abort();
    if (field->n_aliases)
        memcpy(aliases, field->aliases, field->n_aliases * sizeof *aliases);
    if (p->normalize)
        qsort(aliases, field->n_aliases, sizeof *aliases, by_text);
    print_aliases(p, aliases, field->n_aliases);
    free(aliases);
    print_properties(p, field->props, field->n_props, NULL);
    leave(p, '}');
}

static void print_body(printer_t *p, const av_type_t *type)
{
    if (type->kind == AV_FIXED) {
        key(p, "size");
        buf_printf(p->out, "%u", type->n);
        return;
    }
    key(p, type->kind == AV_RECORD ? "fields" : "symbols");
    if (!enter(p, '['))
        return;
    for (uint32_t i = 0; i < type->n && !p->too_deep; i++) {
        if (i)
            buf_add_char(p->out, ',');
        if (type->kind == AV_RECORD)
            print_field(p, &type->fields[i], type->name.space);
        else
            jv_print_string(p->out, type->symbols[i]);
    }
    leave(p, ']');
    if (type->kind == AV_ENUM && type->fallback >= 0) {
        key(p, "default");
        jv_print_string(p->out, type->symbols[type->fallback]);
    }
}

/* Has the schema that is written into a type of this name? */
static bool foreign_is_known(const printer_t *p, const av_type_t *type)
{
    for (uint32_t i = 0; i < p->into->n_types; i++)
        if (av_is_named(p->into->types[i]) && text_eq(p->into->types[i]->name.full, type->name.full))
            return true;
    return false;
}

static void print_named(printer_t *p, const av_type_t *type, text_t space)
{
    bool elsewhere = p->into ? foreign_is_known(p, type) : type->text && !p->inline_references;
    if (p->printed[type->id] || elsewhere) {
        jv_print_string(p->out, p->into ? type->name.full : av_name_in(&type->name, space));
        return;
    }
    p->printed[type->id] = 1;
    if (!enter(p, '{'))
        return;
    buf_printf(p->out, "\"type\":\"%s\",\"name\":", type->is_error ? "error" : av_kind_name(type->kind));
    jv_print_string(p->out, type->name.simple);
    if (p->into || !text_eq(type->name.space, space)) {
        key(p, "namespace");
        jv_print_string(p->out, type->name.space);
    }
    if (type->doc && (!p->normalize || type->doc->text.bytes)) {
        key(p, "doc");
        jv_print_string(p->out, type->doc->text);
    }
    print_body(p, type);
    print_properties(p, type->props, type->n_props, type);
    print_type_aliases(p, type);
    leave(p, '}');
}

static void print_unnamed(printer_t *p, const av_type_t *type, text_t space)
{
    if (type->kind == AV_UNION) {
        if (!enter(p, '['))
            return;
        for (uint32_t i = 0; i < type->n && !p->too_deep; i++) {
            if (i)
                buf_add_char(p->out, ',');
            print_type(p, type->branches[i].type, space);
        }
        leave(p, ']');
        return;
    }
    bool container = type->kind == AV_ARRAY || type->kind == AV_MAP;
    if (!container && !type->n_props) {
        buf_printf(p->out, "\"%s\"", av_kind_name(type->kind));
        return;
    }
    if (!enter(p, '{'))
        return;
    buf_printf(p->out, "\"type\":\"%s\"", av_kind_name(type->kind));
    if (container) {
        key(p, type->kind == AV_ARRAY ? "items" : "values");
        print_type(p, type->item.type, space);
    }
    print_properties(p, type->props, type->n_props, type);
    leave(p, '}');
}

/* Nesting is checked by `enter`, so that this recursion is bounded by max_depth. */
static void print_type(printer_t *p, const av_type_t *type, text_t space)
{
    if (p->too_deep)
        return;
    if (av_is_named(type))
        print_named(p, type, space);
    else
        print_unnamed(p, type, space);
}

static bool print_schema(const av_schema_t *schema, printer_t *p)
{
    p->max_depth = schema->limits.max_depth;
    p->printed = calloc(schema->n_types + 1, 1);
    if (!p->printed)
        abort();
    print_type(p, schema->root.type, TEXT(""));
    free(p->printed);
    return !p->too_deep;
}

bool av_print_canonical(const av_schema_t *schema, buf_t *out)
{
    printer_t p = {.out = out};
    return print_schema(schema, &p);
}

/* One of the other forms; the canonical text where the form would be too deep to be read again. */
static text_t print_form(const schema_t *schema, arena_t *arena, bool normalize)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    printer_t p = {.out = &out, .normalize = normalize, .inline_references = !normalize};
    text_t text = print_schema(av_schema_of(schema), &p) ? buf_take(&out, arena) : schema->canonical;
    buf_dispose(&out);
    return text;
}

text_t av_normalized(const schema_t *schema, arena_t *arena)
{
    return print_form(schema, arena, true);
}

text_t av_resolved(const schema_t *schema, arena_t *arena)
{
    return print_form(schema, arena, false);
}

text_t av_print_foreign(const av_schema_t *from, const av_type_t *type, const av_schema_t *into,
                        arena_t *arena)
{
    buf_t out;
    buf_init(&out, into->limits.max_bytes);
    printer_t p = {.out = &out,
                   .into = into,
                   .max_depth = into->limits.max_depth,
                   .printed = calloc(from->n_types + 1, 1)};
    if (!p.printed)
        abort();
    print_type(&p, type, TEXT(""));
    free(p.printed);
    text_t text = p.too_deep || buf_failed(&out) ? TEXT("") : buf_take(&out, arena);
    buf_dispose(&out);
    return text;
}

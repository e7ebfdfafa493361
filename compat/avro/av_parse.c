/* av_parse.c - from JSON to types, by the rules of Avro Java 1.12, which every registry inherits.
 *
 * A named type counts as defined when its definition has been read to the end; a name met before that is kept as a debt and
 * paid when the text ends. That is how Java does it, and it decides which redefinitions are accepted.
 *
 * Recursion follows the nesting of the JSON text, which jv_read has bounded by limits_t.max_depth.
 */
#include "compat/avro/av_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The way from the top of the text to the value being read; lives on the C stack, for the pointer of a fault. */
typedef struct trail {
    const struct trail *up;
    const char *token; /* NULL: `index` counts */
    uint32_t index;
} trail_t;

/* A name used before its type was defined. */
typedef struct {
    av_slot_t *slot;
    text_t full;
    uint32_t text;
    const av_type_t *within;
    uint32_t within_index;
} debt_t;

typedef struct {
    arena_t *arena;
    av_schema_t *schema;
    av_names_t names;
    av_type_t **types;
    uint32_t n_types, room_types;
    debt_t *debts;
    uint32_t n_debts, room_debts;
    bool had_debts;
    uint32_t text; /* being read */
    unsigned flags;
    uint64_t steps; /* left for checking defaults as Java does */
    fault_t *fault;
} parser_t;

typedef struct {
    text_t space;            /* enclosing namespace */
    const av_type_t *within; /* container of the type being read */
    uint32_t index;          /* and the position in it */
    const trail_t *trail;
} scope_t;

#define ON(kind)   (1u << (kind))
#define SHOWN_MAX  120
#define SHOW(text) shown_bytes(text), text_shown((text).at)

static int shown_bytes(text_t text)
{
    return (int)(text.bytes < SHOWN_MAX ? text.bytes : SHOWN_MAX);
}

static void *grown(arena_t *arena, const void *old, uint32_t n, uint32_t *room, size_t size)
{
    uint32_t more = *room ? *room * 2 : 16;
    void *fresh = arena_alloc(arena, size * more);
    if (n)
        memcpy(fresh, old, size * n);
    *room = more;
    return fresh;
}

/* --- faults -------------------------------------------------------------------------------------------------------- */

static size_t trail_write(const trail_t *trail, char *out, size_t room, size_t at)
{
    if (!trail)
        return at;
    at = trail_write(trail->up, out, room, at);
    int n = trail->token ? snprintf(out + at, room - at, "/%s", trail->token)
                         : snprintf(out + at, room - at, "/%u", trail->index);
    return at + (size_t)n >= room ? room - 1 : at + (size_t)n;
}

__attribute__((format(printf, 5, 6))) static int fail(parser_t *p, fault_code_t code, const jv_t *at,
                                                      const trail_t *trail, const char *fmt, ...)
{
    char sentence[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    if (!p->fault || p->fault->code != FAULT_NONE)
        return -1;
    uint32_t line = at ? at->line : 0, column = at ? at->column : 0;
    if (p->text == 0)
        fault_set(p->fault, code, line, column, "%s", sentence);
    else
        fault_set(p->fault, code, line, column, "in the reference \"%.*s\": %s",
                  SHOW(p->schema->text_names[p->text]), sentence);
    trail_write(trail, p->fault->pointer, sizeof p->fault->pointer, 0);
    return -1;
}

/* --- small readers --------------------------------------------------------------------------------------------------- */

static bool validating(const parser_t *p)
{
    return p->flags & (SCHEMA_VALIDATE | SCHEMA_STRICT);
}

/* The string at `name`; TEXT_NONE if absent or not a string, which Avro Java does not tell apart. */
static text_t string_of(const jv_t *object, const char *name)
{
    const jv_t *value = jv_get(object, name);
    return value && value->kind == JV_STRING ? value->text : TEXT_NONE;
}

static const jv_t *doc_of(const jv_t *object)
{
    const jv_t *doc = jv_get(object, "doc");
    return doc && doc->kind == JV_STRING ? doc : NULL;
}

static const char *const reserved_on_types[] = {"doc",  "fields",  "items",  "name", "namespace",
                                                "size", "symbols", "values", "type", "aliases"};
static const char *const reserved_on_fields[] = {"default", "doc", "name", "order", "type", "aliases"};

static bool is_one_of(text_t name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(name, list[i]))
            return true;
    return false;
}

static bool is_property(text_t name, bool of_field, bool of_enum)
{
    if (of_field)
        return !is_one_of(name, reserved_on_fields, sizeof reserved_on_fields / sizeof *reserved_on_fields);
    if (of_enum && text_is(name, "default"))
        return false;
    return !is_one_of(name, reserved_on_types, sizeof reserved_on_types / sizeof *reserved_on_types);
}

static uint32_t properties_of(parser_t *p, const jv_t *object, bool of_field, bool of_enum,
                              const jv_member_t ***out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < object->n; i++)
        n += is_property(object->members[i].name, of_field, of_enum);
    if (!n)
        return 0;
    *out = ARENA_ARRAY(p->arena, const jv_member_t *, n);
    n = 0;
    for (uint32_t i = 0; i < object->n; i++)
        if (is_property(object->members[i].name, of_field, of_enum))
            (*out)[n++] = &object->members[i];
    return n;
}

/* The array of strings at "aliases", duplicates dropped. -1 after a fault. */
static int aliases_of(parser_t *p, const jv_t *object, const trail_t *trail, text_t **out, uint32_t *n_out)
{
    const jv_t *list = jv_get(object, "aliases");
    *n_out = 0;
    if (!list)
        return 0;
    if (list->kind != JV_ARRAY)
        return fail(p, FAULT_SCHEMA, list, trail, "\"aliases\" must be an array of names");
    *out = ARENA_ARRAY(p->arena, text_t, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        const jv_t *alias = &list->items[i];
        if (alias->kind != JV_STRING)
            return fail(p, FAULT_SCHEMA, alias, trail, "every alias must be a string");
        bool seen = false;
        for (uint32_t k = 0; k < *n_out && !seen; k++)
            seen = text_eq((*out)[k], alias->text);
        if (!seen)
            (*out)[(*n_out)++] = alias->text;
    }
    return 0;
}

/* --- types ------------------------------------------------------------------------------------------------------------- */

static int read_type(parser_t *p, const jv_t *at, const scope_t *scope, av_slot_t *out);

static av_type_t *type_new(parser_t *p, av_kind_t kind, const jv_t *at, const scope_t *scope)
{
    av_type_t *type = ARENA_NEW(p->arena, av_type_t);
    type->kind = kind;
    type->id = p->n_types;
    type->text = p->text;
    type->at = at;
    type->within = scope->within;
    type->within_index = scope->index;
    type->fallback = -1;
    if (p->n_types == p->room_types)
        p->types = grown(p->arena, p->types, p->n_types, &p->room_types, sizeof *p->types);
    p->types[p->n_types++] = type;
    return type;
}

static int read_name(parser_t *p, const jv_t *at, const scope_t *scope, av_type_t *type)
{
    text_t text = string_of(at, "name"), space = string_of(at, "namespace");
    const jv_t *name_at = jv_get(at, "name");
    if (!text.at)
        return fail(p, FAULT_SCHEMA, name_at ? name_at : at, scope->trail,
                    "this %s has no name: give it a \"name\"", av_kind_name(type->kind));
    type->name = av_name_make(text, space.at ? space : scope->space, p->arena);
    if (validating(p) && !av_name_full_ok(&type->name))
        return fail(p, FAULT_SCHEMA, name_at, scope->trail,
                    "\"%.*s\" is not a name: each part of a name starts with a letter or _ and holds "
                    "letters, digits and _",
                    SHOW(type->name.full));
    av_kind_t kind;
    text_t tested = p->flags & SCHEMA_STRICT ? type->name.simple : type->name.full;
    if (av_kind_find(tested, &kind) && kind <= AV_STRING)
        return fail(p, FAULT_SCHEMA, name_at, scope->trail,
                    "a type may not be named \"%.*s\" like a primitive type: choose another name",
                    SHOW(tested));
    return 0;
}

static int read_type_aliases(parser_t *p, const jv_t *at, const scope_t *scope, av_type_t *type)
{
    text_t *texts = NULL;
    uint32_t n;
    if (aliases_of(p, at, scope->trail, &texts, &n) != 0)
        return -1;
    if (!n)
        return 0;
    type->aliases = ARENA_ARRAY(p->arena, av_name_t, n);
    for (uint32_t i = 0; i < n; i++) {
        av_name_t alias = av_name_make(texts[i], type->name.space, p->arena);
        if (validating(p) && !av_name_ok(alias.simple))
            return fail(p, FAULT_SCHEMA, jv_get(at, "aliases"), scope->trail,
                        "the alias \"%.*s\" is not a name: a name starts with a letter or _ and holds "
                        "letters, digits and _",
                        SHOW(alias.full));
        bool seen = false;
        for (uint32_t k = 0; k < type->n_aliases && !seen; k++)
            seen = text_eq(type->aliases[k].full, alias.full);
        if (!seen)
            type->aliases[type->n_aliases++] = alias;
    }
    return 0;
}

/* Puts a finished definition under its name. An equal one was there: that one is the type from now on. */
static int define(parser_t *p, av_type_t *type, const scope_t *scope, av_slot_t *out)
{
    av_type_t *known = av_names_get(&p->names, type->name.full);
    if (!known) {
        av_names_put(&p->names, type, p->arena);
        out->type = type;
        return 0;
    }
    if (!av_type_same_definition(known, type))
        return fail(p, FAULT_SCHEMA, type->at, scope->trail,
                    "Can't redefine: %.*s. It is defined differently at line %u: rename one of them",
                    SHOW(type->name.full), known->at->line);
    out->type = known;
    return 0;
}

static int finish_named(parser_t *p, av_type_t *type, const scope_t *scope, av_slot_t *out)
{
    if (read_type_aliases(p, type->at, scope, type) != 0)
        return -1;
    av_logical_read(type);
    av_index_build(type, p->arena);
    av_inhabit_one(type);
    return define(p, type, scope, out);
}

static int read_order(parser_t *p, const jv_t *at, const trail_t *trail, av_order_t *out)
{
    const jv_t *order = jv_get(at, "order");
    *out = AV_ASCENDING;
    if (!order)
        return 0;
    if (order->kind == JV_STRING) {
        static const char *const names[] = {"ascending", "descending", "ignore"};
        for (int i = 0; i < 3; i++)
            if (text_is_nocase(order->text, names[i])) {
                *out = (av_order_t)i;
                return 0;
            }
    }
    return fail(p, FAULT_SCHEMA, order, trail,
                "\"order\" must be \"ascending\", \"descending\" or \"ignore\"");
}

/* A string on a float or double is what Java's parser makes of it: a number. */
static int read_default(parser_t *p, const jv_t *at, const trail_t *trail, av_field_t *field)
{
    field->fallback = jv_get(at, "default");
    const av_type_t *type = field->slot.type;
    if (!field->fallback || field->fallback->kind != JV_STRING || !type ||
        (type->kind != AV_FLOAT && type->kind != AV_DOUBLE))
        return 0;
    text_t text = text_copy(p->arena, text_trim(field->fallback->text));
    char *end = NULL;
    double value = text.bytes && text.bytes < 400 ? strtod(text.at, &end) : 0;
    if (end && end != text.at && (*end == 'f' || *end == 'F' || *end == 'd' || *end == 'D'))
        end++; /* Java's literals */
    if (!end || end == text.at || (size_t)(end - text.at) != text.bytes)
        return fail(p, FAULT_SCHEMA, field->fallback, trail,
                    "the default \"%.*s\" is not a number: write the number itself",
                    SHOW(field->fallback->text));
    char number[64];
    snprintf(number, sizeof number, "%.17g", value);
    bool finite = number[0] != 'n' && number[0] != 'i' && number[1] != 'n' && number[1] != 'i';
    jv_t *converted = jv_new_number(p->arena, finite ? text_of(arena_copy(p->arena, number, strlen(number)))
                                              : value > 0 ? TEXT("Infinity")
                                              : value < 0 ? TEXT("-Infinity")
                                                          : TEXT("NaN"));
    if (finite && !strpbrk(number, ".e")) /* a double, also where it is whole */
        converted->text = text_printf(p->arena, "%s.0", number);
    converted->line = field->fallback->line;
    converted->column = field->fallback->column;
    field->fallback = converted;
    return 0;
}

static int read_field(parser_t *p, const jv_t *at, const scope_t *scope, av_field_t *field)
{
    const trail_t *trail = scope->trail;
    if (at->kind != JV_OBJECT)
        return fail(p, FAULT_SCHEMA, at, trail, "a field must be an object with a \"name\" and a \"type\"");
    field->at = at;
    field->name = string_of(at, "name");
    if (!field->name.at)
        return fail(p, FAULT_SCHEMA, at, trail, "this field has no name: give it a \"name\"");
    if (validating(p) && !av_name_ok(field->name))
        return fail(
            p, FAULT_SCHEMA, jv_get(at, "name"), trail,
            "\"%.*s\" is not a field name: a name starts with a letter or _ and holds letters, digits and _",
            SHOW(field->name));
    const jv_t *type = jv_get(at, "type");
    if (!type)
        return fail(p, FAULT_SCHEMA, at, trail, "the field \"%.*s\" has no type: give it a \"type\"",
                    SHOW(field->name));
    trail_t down = {trail, "type", 0};
    scope_t inner = *scope;
    inner.trail = &down;
    if (read_type(p, type, &inner, &field->slot) != 0 || read_order(p, at, trail, &field->order) != 0 ||
        read_default(p, at, trail, field) != 0 ||
        aliases_of(p, at, trail, &field->aliases, &field->n_aliases) != 0)
        return -1;
    field->doc = doc_of(at);
    field->n_props = properties_of(p, at, true, false, &field->props);
    return 0;
}

/* A record's field names are unique; in strict reading its aliases too. */
static int check_field_names(parser_t *p, const av_type_t *type, const trail_t *trail)
{
    for (uint32_t i = 0; i < type->n; i++) {
        const av_field_t *field = &type->fields[i];
        int32_t first = av_field_find(type, field->name);
        if (first != (int32_t)i)
            return fail(p, FAULT_SCHEMA, field->at, trail,
                        "Duplicate field %.*s in record %.*s: rename one of the two", SHOW(field->name),
                        SHOW(type->name.full));
        for (uint32_t k = 0; p->flags & SCHEMA_STRICT && k < field->n_aliases; k++)
            if (av_field_find(type, field->aliases[k]) >= 0)
                return fail(p, FAULT_SCHEMA, field->at, trail,
                            "alias-collides: the alias \"%.*s\" of field \"%.*s\" is the name of a field of "
                            "the same record: "
                            "drop the alias",
                            SHOW(field->aliases[k]), SHOW(field->name));
    }
    return 0;
}

static int read_record(parser_t *p, const jv_t *at, const scope_t *scope, av_slot_t *out, bool is_error)
{
    av_type_t *type = type_new(p, AV_RECORD, at, scope);
    type->is_error = is_error;
    if (read_name(p, at, scope, type) != 0)
        return -1;
    const jv_t *fields = jv_get(at, "fields");
    if (!fields || fields->kind != JV_ARRAY)
        return fail(p, FAULT_SCHEMA, fields ? fields : at, scope->trail,
                    "the record \"%.*s\" has no fields: give it a \"fields\" array, which may be empty",
                    SHOW(type->name.full));
    type->n = fields->n;
    type->fields = ARENA_ARRAY(p->arena, av_field_t, fields->n);
    trail_t list = {scope->trail, "fields", 0};
    for (uint32_t i = 0; i < fields->n; i++) {
        trail_t step = {&list, NULL, i};
        scope_t inner = {type->name.space, type, i, &step};
        if (read_field(p, &fields->items[i], &inner, &type->fields[i]) != 0)
            return -1;
        type->has_aliases |= type->fields[i].n_aliases > 0;
    }
    type->doc = doc_of(at);
    type->n_props = properties_of(p, at, false, false, &type->props);
    av_index_build(type, p->arena);
    if (check_field_names(p, type, scope->trail) != 0)
        return -1;
    return finish_named(p, type, scope, out);
}

static int read_enum_default(parser_t *p, const scope_t *scope, av_type_t *type)
{
    const jv_t *symbol = jv_get(type->at, "default");
    if (!symbol || symbol->kind != JV_STRING)
        return 0; /* Java's parser takes anything but a string for no default */
    type->fallback = av_symbol_find(type, symbol->text);
    if (type->fallback < 0)
        return fail(
            p, FAULT_SCHEMA, symbol, scope->trail,
            "the default \"%.*s\" of enum \"%.*s\" is not one of its symbols: add it or choose one of them",
            SHOW(symbol->text), SHOW(type->name.full));
    return 0;
}

static int read_enum(parser_t *p, const jv_t *at, const scope_t *scope, av_slot_t *out)
{
    av_type_t *type = type_new(p, AV_ENUM, at, scope);
    if (read_name(p, at, scope, type) != 0)
        return -1;
    const jv_t *symbols = jv_get(at, "symbols");
    if (!symbols || symbols->kind != JV_ARRAY)
        return fail(p, FAULT_SCHEMA, symbols ? symbols : at, scope->trail,
                    "the enum \"%.*s\" has no symbols: give it a \"symbols\" array of names",
                    SHOW(type->name.full));
    type->n = symbols->n;
    type->symbols = ARENA_ARRAY(p->arena, text_t, symbols->n);
    for (uint32_t i = 0; i < symbols->n; i++) {
        const jv_t *symbol = &symbols->items[i];
        if (symbol->kind != JV_STRING || (validating(p) && !av_name_ok(symbol->text)))
            return fail(p, FAULT_SCHEMA, symbol, scope->trail,
                        "an enum symbol must be a string that starts with a letter or _ and holds letters, "
                        "digits and _");
        type->symbols[i] = symbol->text;
    }
    av_index_build(type, p->arena);
    for (uint32_t i = 0; i < type->n; i++)
        if (av_symbol_find(type, type->symbols[i]) != (int32_t)i)
            return fail(p, FAULT_SCHEMA, &symbols->items[i], scope->trail,
                        "Duplicate enum symbol: %.*s. Remove one of the two", SHOW(type->symbols[i]));
    type->doc = doc_of(at);
    type->n_props = properties_of(p, at, false, true, &type->props);
    if (read_enum_default(p, scope, type) != 0)
        return -1;
    return finish_named(p, type, scope, out);
}

static int read_fixed(parser_t *p, const jv_t *at, const scope_t *scope, av_slot_t *out)
{
    av_type_t *type = type_new(p, AV_FIXED, at, scope);
    if (read_name(p, at, scope, type) != 0)
        return -1;
    const jv_t *size = jv_get(at, "size");
    int32_t n;
    if (!av_int32(size, &n) || n < 0)
        return fail(p, FAULT_SCHEMA, size ? size : at, scope->trail,
                    "the fixed \"%.*s\" needs a \"size\": a whole number of bytes from 0 to 2147483647",
                    SHOW(type->name.full));
    type->n = (uint32_t)n;
    type->doc = doc_of(at);
    type->n_props = properties_of(p, at, false, false, &type->props);
    return finish_named(p, type, scope, out);
}

static int read_container(parser_t *p, const jv_t *at, const scope_t *scope, av_slot_t *out, av_kind_t kind)
{
    const char *member = kind == AV_ARRAY ? "items" : "values";
    av_type_t *type = type_new(p, kind, at, scope);
    const jv_t *item = jv_get(at, member);
    if (!item)
        return fail(p, FAULT_SCHEMA, at, scope->trail,
                    "this %s says nothing of what it holds: give it \"%s\"", av_kind_name(kind), member);
    trail_t down = {scope->trail, member, 0};
    scope_t inner = {scope->space, type, 0, &down};
    if (read_type(p, item, &inner, &type->item) != 0)
        return -1;
    type->n_props = properties_of(p, at, false, false, &type->props);
    av_inhabit_one(type);
    out->type = type;
    return 0;
}

static int read_union(parser_t *p, const jv_t *at, const scope_t *scope, av_slot_t *out)
{
    av_type_t *type = type_new(p, AV_UNION, at, scope);
    type->n = at->n;
    type->branches = ARENA_ARRAY(p->arena, av_slot_t, at->n);
    for (uint32_t i = 0; i < at->n; i++) {
        trail_t step = {scope->trail, NULL, i};
        scope_t inner = {scope->space, type, i, &step};
        if (read_type(p, &at->items[i], &inner, &type->branches[i]) != 0)
            return -1;
    }
    av_inhabit_one(type);
    out->type = type;
    return 0;
}

/* A primitive's name, the name of a defined type, or a debt. */
static int read_reference(parser_t *p, text_t name, const jv_t *at, const scope_t *scope, av_slot_t *out)
{
    av_kind_t kind;
    if (av_kind_find(name, &kind) && kind <= AV_STRING) {
        out->type = type_new(p, kind, at, scope);
        av_inhabit_one(out->type);
        return 0;
    }
    text_t full = name;
    if (scope->space.bytes && !memchr(name.at, '.', name.bytes))
        full = text_printf(p->arena, TEXT_FMT "." TEXT_FMT, TEXT_ARG(scope->space), TEXT_ARG(name));
    out->type = av_names_get(&p->names, full);
    if (!out->type)
        out->type = av_names_get(&p->names, name);
    if (out->type)
        return 0;
    if (p->n_debts == p->room_debts)
        p->debts = grown(p->arena, p->debts, p->n_debts, &p->room_debts, sizeof *p->debts);
    p->had_debts = true;
    p->debts[p->n_debts++] = (debt_t){out, full, p->text, scope->within, scope->index};
    return 0;
}

static int read_type(parser_t *p, const jv_t *at, const scope_t *scope, av_slot_t *out)
{
    out->at = at;
    if (at->kind == JV_STRING)
        return read_reference(p, at->text, at, scope, out);
    if (at->kind == JV_ARRAY)
        return read_union(p, at, scope, out);
    if (at->kind != JV_OBJECT)
        return fail(p, FAULT_SCHEMA, at, scope->trail,
                    "a schema is a type's name, an object with a \"type\", or an array of types (a union)");
    text_t type = string_of(at, "type");
    if (!type.at)
        return fail(p, FAULT_SCHEMA, at, scope->trail,
                    "No type: an object that stands for a type needs a \"type\" that is a string");
    av_kind_t kind;
    bool is_error = text_is(type, "error");
    if (is_error)
        return read_record(p, at, scope, out, true);
    if (!av_kind_find(type, &kind) || kind == AV_UNION)
        return read_reference(p, type, at, scope, out);
    if (kind == AV_RECORD)
        return read_record(p, at, scope, out, false);
    if (kind == AV_ENUM)
        return read_enum(p, at, scope, out);
    if (kind == AV_FIXED)
        return read_fixed(p, at, scope, out);
    if (kind == AV_ARRAY || kind == AV_MAP)
        return read_container(p, at, scope, out, kind);
    out->type = type_new(p, kind, at, scope);
    out->type->n_props = properties_of(p, at, false, false, &out->type->props);
    av_logical_read(out->type);
    av_inhabit_one(out->type);
    return 0;
}

/* --- the end of a text ---------------------------------------------------------------------------------------------------- */

/* The pointer of a type, for faults found after the trail has gone. */
static int fail_at(parser_t *p, const av_type_t *type, fault_code_t code, const jv_t *at,
                   const char *sentence)
{
    if (fail(p, code, at, NULL, "%s", sentence) != 0 && p->fault && type) {
        arena_mark_t mark = arena_mark(p->arena);
        text_t pointer = av_pointer(p->schema, type, p->arena);
        if (!p->fault->pointer[0])
            snprintf(p->fault->pointer, sizeof p->fault->pointer, "%s", pointer.at);
        arena_rewind(p->arena, mark);
    }
    return -1;
}

static int pay_debts(parser_t *p)
{
    for (uint32_t i = 0; i < p->n_debts; i++) {
        debt_t *debt = &p->debts[i];
        debt->slot->type = av_names_get(&p->names, debt->full);
        if (!debt->slot->type)
            return fail_at(
                p, debt->within, FAULT_REFERENCE, debt->slot->at,
                text_printf(
                    p->arena,
                    "Undefined schema: %.*s. Define it in this schema, or send the schema that defines it "
                    "as a reference",
                    SHOW(debt->full))
                    .at);
    }
    p->n_debts = 0;
    return 0;
}

static text_t branch_name(const av_type_t *type)
{
    return av_is_named(type) ? type->name.full : text_of(av_kind_name(type->kind));
}

/* Avro 1.12, "Unions": no union directly inside another, one branch of each unnamed kind, named ones by full name. */
static int check_union(parser_t *p, const av_type_t *type)
{
    av_names_t seen = {0};
    unsigned kinds = 0;
    for (uint32_t i = 0; i < type->n; i++) {
        av_type_t *branch = type->branches[i].type;
        if (branch->kind == AV_UNION)
            return fail_at(p, type, FAULT_SCHEMA, type->branches[i].at,
                           "Nested union: a union may not hold a union directly; list its branches here");
        bool named = av_is_named(branch);
        if (named ? av_names_get(&seen, branch->name.full) != NULL : (kinds & ON(branch->kind)) != 0)
            return fail_at(p, type, FAULT_SCHEMA, type->branches[i].at,
                           text_printf(p->arena,
                                       "Duplicate in union: %.*s. A union holds each type once: remove one",
                                       SHOW(branch_name(branch)))
                               .at);
        if (named)
            av_names_put(&seen, branch, p->arena);
        else
            kinds |= ON(branch->kind);
    }
    return 0;
}

static int check_default(parser_t *p, const av_type_t *type, uint32_t i)
{
    const av_field_t *field = &type->fields[i];
    if (!field->fallback)
        return 0;
    bool strict = p->flags & SCHEMA_STRICT;
    if (strict ? field->fallback_fits
               : field->fallback_fits || av_default_java(field->slot.type, field->fallback,
                                                         p->schema->limits.max_depth, &p->steps))
        return 0;
    buf_t shown;
    buf_init(&shown, 120);
    jv_print(&shown, field->fallback);
    text_t what = av_type_text(field->slot.type, p->arena);
    text_t sentence = text_printf(
        p->arena,
        "Invalid default for field %.*s: %.*s%s is not a value of %.*s. Change the default or the type",
        SHOW(field->name), SHOW(buf_text(&shown)), buf_failed(&shown) ? "..." : "", SHOW(what));
    buf_dispose(&shown);
    fail_at(p, type, FAULT_SCHEMA, field->fallback, sentence.at);
    if (p->fault && p->text == 0) {
        size_t n = strlen(p->fault->pointer);
        snprintf(p->fault->pointer + n, sizeof p->fault->pointer - n, "/fields/%u/default", i);
    }
    return -1;
}

static int read_text(parser_t *p, text_t text, av_slot_t *root, const jv_t **tree)
{
    unsigned how = p->flags & SCHEMA_STRICT ? JV_STRICT : JV_LAST_WINS;
    jv_t *value;
    fault_t fault = {0};
    if (!(p->flags & SCHEMA_STRICT))
        text = av_without_comments(text, p->arena);
    if (jv_read(text, how, &p->schema->limits, p->arena, &value, &fault) != 0) {
        if (p->fault && p->fault->code == FAULT_NONE) {
            if (p->text == 0)
                *p->fault = fault;
            else
                fault_set(p->fault, fault.code, fault.line, fault.column, "in the reference \"%.*s\": %s",
                          SHOW(p->schema->text_names[p->text]), fault.text);
        }
        return -1;
    }
    *tree = value;
    uint32_t first = p->n_types;
    scope_t top = {TEXT_NONE, NULL, 0, NULL};
    if (read_type(p, value, &top, root) != 0 || pay_debts(p) != 0)
        return -1;
    for (uint32_t i = first; i < p->n_types; i++)
        if (p->types[i]->kind == AV_UNION && check_union(p, p->types[i]) != 0)
            return -1;
    return 0;
}

/* Is `name` new among the first names of the references? `table` has room for twice as many. */
static bool reference_is_new(const text_t *names, uint32_t *table, uint32_t mask, text_t name, uint32_t n)
{
    uint32_t at = (uint32_t)text_hash(name, 0) & mask;
    for (; table[at]; at = (at + 1) & mask)
        if (text_eq(names[table[at]], name))
            return false;
    table[at] = n;
    return true;
}

static int read_references(parser_t *p, const schema_source_t *source)
{
    text_t *names = ARENA_ARRAY(p->arena, text_t, source->n_references + 1);
    p->schema->text_names = names;
    p->schema->n_texts = 1;
    uint32_t room = 4;
    while (room < 2 * source->n_references)
        room *= 2;
    uint32_t *table = source->n_references ? ARENA_ARRAY(p->arena, uint32_t, room) : NULL;
    for (size_t i = 0; i < source->n_references; i++) {
        const schema_reference_t *reference = &source->references[i];
        if (!reference_is_new(names, table, room - 1, reference->name, p->schema->n_texts))
            continue; /* the first of a name wins */
        p->text = p->schema->n_texts++;
        names[p->text] = reference->name;
        const jv_t *tree;
        av_slot_t *root = ARENA_NEW(p->arena, av_slot_t);
        if (read_text(p, reference->text, root, &tree) != 0)
            return -1;
    }
    p->text = 0;
    return 0;
}

/* All aliases of types in one list, because a writer's type may be claimed by several types of a reader. */
static void list_aliases(av_schema_t *schema, arena_t *arena)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < schema->n_types; i++)
        n += schema->types[i]->n_aliases;
    schema->aliases = n ? ARENA_ARRAY(arena, av_alias_t, n) : NULL;
    for (uint32_t i = 0; n && i < schema->n_types; i++)
        for (uint32_t k = 0; k < schema->types[i]->n_aliases; k++)
            schema->aliases[schema->n_aliases++] =
                (av_alias_t){schema->types[i]->aliases[k].full, schema->types[i]};
}

/* An alias is as unique as a name; only strict reading insists. */
static int check_aliases(parser_t *p)
{
    const av_schema_t *schema = p->schema;
    for (uint32_t i = 0; p->flags & SCHEMA_STRICT && i < schema->n_aliases; i++) {
        const av_type_t *named = av_names_get(&p->names, schema->aliases[i].full),
                        *type = schema->aliases[i].type;
        if (named && named != type && av_names_get(&p->names, type->name.full) == type)
            return fail_at(
                p, type, FAULT_SCHEMA, type->at,
                text_printf(p->arena,
                            "alias-collides: the alias \"%.*s\" of %.*s is the name of another type: drop it",
                            SHOW(schema->aliases[i].full), SHOW(type->name.full))
                    .at);
    }
    return 0;
}

static int check_defaults(parser_t *p, uint32_t first)
{
    if (!av_defaults_decide(p->schema, p->schema->limits.max_steps))
        return fail(p, FAULT_LIMIT, p->schema->root.at, NULL,
                    "checking the defaults of this schema takes more than max_steps (%llu): make its unions "
                    "or defaults smaller",
                    (unsigned long long)p->schema->limits.max_steps);
    if (!validating(p))
        return 0;
    for (uint32_t i = first; i < p->n_types; i++)
        for (uint32_t k = 0; p->types[i]->kind == AV_RECORD && k < p->types[i]->n; k++)
            if (check_default(p, p->types[i], k) != 0)
                return -1;
    return 0;
}

int av_parse(schema_t *schema, const schema_source_t *source, fault_t *fault)
{
    av_schema_t *model = ARENA_NEW(schema->arena, av_schema_t);
    model->limits = source->limits;
    model->flags = source->flags;
    /* Referenced schemas are stored ones: only the text itself is new. */
    parser_t p = {.arena = schema->arena,
                  .schema = model,
                  .flags = SCHEMA_LENIENT,
                  .fault = fault,
                  .steps = source->limits.max_steps};
    if (read_references(&p, source) != 0)
        return -1;
    p.flags = source->flags;
    uint32_t first = p.n_types;
    if (read_text(&p, schema->source, &model->root, &schema->tree) != 0)
        return -1;
    model->types = p.types;
    model->n_types = p.n_types;
    for (uint32_t i = 0; p.had_debts && i < p.n_types; i++)
        p.types[i]->cost = 0;
    if (p.had_debts)
        av_inhabit(model);
    list_aliases(model, schema->arena);
    if (check_aliases(&p) != 0 || check_defaults(&p, first) != 0)
        return -1;
    schema->model = model;
    buf_t canonical;
    buf_init(&canonical, source->limits.max_bytes); /* it must be readable again */
    bool shallow = av_print_canonical(model, &canonical);
    bool fits = !buf_failed(&canonical);
    if (shallow && fits)
        schema->canonical = model->canonical = buf_take(&canonical, schema->arena);
    buf_dispose(&canonical);
    if (!shallow)
        return fail(&p, FAULT_LIMIT, model->root.at, NULL,
                    "the types of this schema nest deeper than max_depth (%u) when each is written where it "
                    "is first used",
                    source->limits.max_depth);
    if (!fits)
        return fail(&p, FAULT_LIMIT, model->root.at, NULL,
                    "the canonical text of this schema is larger than max_bytes allows");
    return 0;
}

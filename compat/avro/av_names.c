/* av_names.c - names: how they are split, compared, printed and found. */
#include "compat/avro/av_parse.h"

#include <string.h>

/* --- kinds ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *upper;
} kinds[AV_KIND_N] = {
    [AV_NULL] = {"null", "NULL"},       [AV_BOOLEAN] = {"boolean", "BOOLEAN"},
    [AV_INT] = {"int", "INT"},          [AV_LONG] = {"long", "LONG"},
    [AV_FLOAT] = {"float", "FLOAT"},    [AV_DOUBLE] = {"double", "DOUBLE"},
    [AV_BYTES] = {"bytes", "BYTES"},    [AV_STRING] = {"string", "STRING"},
    [AV_FIXED] = {"fixed", "FIXED"},    [AV_ENUM] = {"enum", "ENUM"},
    [AV_ARRAY] = {"array", "ARRAY"},    [AV_MAP] = {"map", "MAP"},
    [AV_RECORD] = {"record", "RECORD"}, [AV_UNION] = {"union", "UNION"},
};

const char *av_kind_name(av_kind_t kind)
{
    return kinds[kind].name;
}

const char *av_kind_name_upper(av_kind_t kind)
{
    return kinds[kind].upper;
}

bool av_kind_find(text_t name, av_kind_t *out)
{
    for (int i = 0; i < AV_KIND_N; i++)
        if (text_is(name, kinds[i].name)) {
            *out = (av_kind_t)i;
            return true;
        }
    return false;
}

/* Names of a union's branches, at most this many. */
#define BRANCHES_SHOWN 4

static text_t short_text(const av_type_t *type, arena_t *arena)
{
    if (type->kind == AV_UNION)
        return TEXT("union");
    if (av_is_named(type))
        return text_printf(arena, "%s " TEXT_FMT, type->is_error ? "error" : av_kind_name(type->kind),
                           TEXT_ARG(type->name.full));
    if (type->logical != AV_PLAIN)
        return text_printf(arena, "%s (%s)", av_kind_name(type->kind), av_logical_name(type->logical));
    return text_of(av_kind_name(type->kind));
}

text_t av_type_text(const av_type_t *type, arena_t *arena)
{
    if (type->kind == AV_ARRAY || type->kind == AV_MAP)
        return text_printf(arena, "%s of " TEXT_FMT, av_kind_name(type->kind),
                           TEXT_ARG(short_text(type->item.type, arena)));
    if (type->kind != AV_UNION)
        return short_text(type, arena);
    text_t list = TEXT("");
    for (uint32_t i = 0; i < type->n && i < BRANCHES_SHOWN; i++)
        list = text_printf(arena, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(list), i ? ", " : "",
                           TEXT_ARG(short_text(type->branches[i].type, arena)));
    if (type->n > BRANCHES_SHOWN)
        return text_printf(arena, "union of " TEXT_FMT " and %u more", TEXT_ARG(list),
                           type->n - BRANCHES_SHOWN);
    return text_printf(arena, "union of [" TEXT_FMT "]", TEXT_ARG(list));
}

/* --- names ---------------------------------------------------------------------------------------------------------------- */

av_name_t av_name_make(text_t text, text_t space, arena_t *arena)
{
    const char *dot = text.bytes ? memrchr(text.at, '.', text.bytes) : NULL;
    av_name_t name = {.simple = text, .space = space};
    if (dot) {
        size_t before = (size_t)(dot - text.at);
        name.space = (text_t){text.at, before};
        name.simple = text_from(text, before + 1);
    }
    if (!name.space.bytes) {
        name.space = TEXT("");
        name.full = name.simple;
    } else if (dot) {
        name.full = text;
    } else {
        name.full = text_printf(arena, TEXT_FMT "." TEXT_FMT, TEXT_ARG(name.space), TEXT_ARG(name.simple));
    }
    return name;
}

bool av_name_ok(text_t name)
{
    for (size_t i = 0; i < name.bytes; i++) {
        char c = name.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return name.bytes > 0;
}

bool av_name_full_ok(const av_name_t *name)
{
    text_t rest = name->full;
    for (;;) {
        const char *dot = rest.bytes ? memchr(rest.at, '.', rest.bytes) : NULL;
        if (!dot)
            return av_name_ok(rest);
        size_t part = (size_t)(dot - rest.at);
        if (!av_name_ok((text_t){rest.at, part}))
            return false;
        rest = text_from(rest, part + 1);
    }
}

text_t av_name_in(const av_name_t *name, text_t space)
{
    av_kind_t kind;
    if (!name->space.bytes || !av_same(name->space, space) || av_kind_find(name->simple, &kind))
        return name->full;
    return name->simple;
}

/* --- named types by full name ------------------------------------------------------------------------------------------------ */

static uint32_t names_slot(const av_names_t *names, text_t full)
{
    uint32_t at = (uint32_t)text_hash(full, 0) & (names->room - 1);
    while (names->slots[at] && !av_same(names->slots[at]->name.full, full))
        at = (at + 1) & (names->room - 1);
    return at;
}

av_type_t *av_names_get(const av_names_t *names, text_t full)
{
    return names->n ? names->slots[names_slot(names, full)] : NULL;
}

void av_names_put(av_names_t *names, av_type_t *type, arena_t *arena)
{
    if ((names->n + 1) * 2 > names->room) {
        av_names_t bigger = {.room = names->room ? names->room * 2 : 8};
        bigger.slots = ARENA_ARRAY(arena, av_type_t *, bigger.room);
        for (uint32_t i = 0; i < names->room; i++)
            if (names->slots[i])
                bigger.slots[names_slot(&bigger, names->slots[i]->name.full)] = names->slots[i];
        bigger.n = names->n;
        *names = bigger;
    }
    names->slots[names_slot(names, type->name.full)] = type;
    names->n++;
}

/* --- fields and symbols by name ------------------------------------------------------------------------------------------------- */

/* Up to this many a scan is as fast as a table. */
#define SCAN_MAX 8

typedef struct {
    uint32_t mask;
    uint32_t at[]; /* index + 1; 0 is free */
} index_t;

static text_t member_name(const av_type_t *type, uint32_t i)
{
    return type->kind == AV_RECORD ? type->fields[i].name : type->symbols[i];
}

/* The first of a name wins, so that a duplicate finds another index than its own. */
void av_index_build(av_type_t *type, arena_t *arena)
{
    if ((type->kind != AV_RECORD && type->kind != AV_ENUM) || type->n <= SCAN_MAX || type->_names)
        return;
    uint32_t room = 16;
    while (room < type->n * 2)
        room *= 2;
    index_t *index = arena_alloc(arena, sizeof *index + room * sizeof index->at[0]);
    index->mask = room - 1;
    for (uint32_t i = 0; i < type->n; i++) {
        text_t name = member_name(type, i);
        uint32_t at = (uint32_t)text_hash(name, 0) & index->mask;
        while (index->at[at] && !av_same(member_name(type, index->at[at] - 1), name))
            at = (at + 1) & index->mask;
        if (!index->at[at])
            index->at[at] = i + 1;
    }
    type->_names = index;
}

static int32_t index_find(const av_type_t *type, text_t name)
{
    const index_t *index = type->_names;
    uint32_t at = (uint32_t)text_hash(name, 0) & index->mask;
    while (index->at[at] && !av_same(member_name(type, index->at[at] - 1), name))
        at = (at + 1) & index->mask;
    return (int32_t)index->at[at] - 1;
}

int32_t av_field_find(const av_type_t *record, text_t name)
{
    if (record->_names)
        return index_find(record, name);
    for (uint32_t i = 0; i < record->n; i++)
        if (av_same(record->fields[i].name, name))
            return (int32_t)i;
    return -1;
}

int32_t av_symbol_find(const av_type_t *enumeration, text_t name)
{
    if (enumeration->_names)
        return index_find(enumeration, name);
    for (uint32_t i = 0; i < enumeration->n; i++)
        if (av_same(enumeration->symbols[i], name))
            return (int32_t)i;
    return -1;
}

/* --- places ------------------------------------------------------------------------------------------------------------------------ */

/* The steps from `type`'s container to it, as a JSON pointer. */
static void step_add(buf_t *out, const av_type_t *container, uint32_t index)
{
    switch (container->kind) {
    case AV_RECORD:
        buf_printf(out, "/fields/%u/type", index);
        return;
    case AV_UNION:
        buf_printf(out, "/%u", index);
        return;
    case AV_ARRAY:
        buf_add_s(out, "/items");
        return;
    case AV_MAP:
        buf_add_s(out, "/values");
        return;
    case AV_NULL:
    case AV_BOOLEAN:
    case AV_INT:
    case AV_LONG:
    case AV_FLOAT:
    case AV_DOUBLE:
    case AV_BYTES:
    case AV_STRING:
    case AV_FIXED:
    case AV_ENUM:
        return;
    }
}

/* Nesting is bounded by limits_t.max_depth, which bounds this recursion too. */
static void pointer_add(buf_t *out, const av_schema_t *schema, const av_type_t *type)
{
    if (type->within) {
        pointer_add(out, schema, type->within);
        step_add(out, type->within, type->within_index);
    } else if (type->text) {
        buf_add(out, schema->text_names[type->text]);
        buf_add_char(out, '#');
    }
}

text_t av_pointer(const av_schema_t *schema, const av_type_t *type, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    pointer_add(&out, schema, type);
    text_t pointer = buf_take(&out, arena);
    buf_dispose(&out);
    return pointer;
}

place_t av_place_type(const av_schema_t *schema, const av_type_t *type, arena_t *arena)
{
    return (place_t){av_pointer(schema, type, arena), type->at->line, type->at->column};
}

place_t av_place_field(const av_schema_t *schema, const av_type_t *record, uint32_t field, const char *member,
                       arena_t *arena)
{
    const av_field_t *f = &record->fields[field];
    text_t pointer = av_pointer(schema, record, arena);
    const jv_member_t *at = member ? jv_member(f->at, text_of(member)) : NULL;
    if (member && at)
        return (place_t){text_printf(arena, TEXT_FMT "/fields/%u/%s", TEXT_ARG(pointer), field, member),
                         at->value.line, at->value.column};
    return (place_t){text_printf(arena, TEXT_FMT "/fields/%u", TEXT_ARG(pointer), field), f->at->line,
                     f->at->column};
}

const av_slot_t *av_slot_of(const av_type_t *container, uint32_t index)
{
    if (container->kind == AV_RECORD)
        return &container->fields[index].slot;
    return container->kind == AV_UNION ? &container->branches[index] : &container->item;
}

place_t av_place_slot(const av_schema_t *schema, const av_type_t *container, uint32_t index, arena_t *arena)
{
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    pointer_add(&out, schema, container);
    step_add(&out, container, index);
    text_t pointer = buf_take(&out, arena);
    buf_dispose(&out);
    const jv_t *at = av_slot_of(container, index)->at;
    return (place_t){pointer, at->line, at->column};
}

/* av_fields.c - an Avro schema as the list of its fields (fields.h). */
#include <string.h>

#include "compat/avro/av_model.h"

typedef struct {
    const av_schema_t *schema;
    field_list_t list;
    bool *open; /* by type id: on the way from the root, so that coming round again is seen */
    text_t wanted;
    av_spot_t *spot; /* where `wanted` is; NULL when nobody asks */
} walk_t;

static void walk_type(walk_t *walk, const av_type_t *type, text_t path, size_t field, uint32_t depth);

/* --- types in short, for people ------------------------------------------------------------------------------------------ */

#define TYPE_TEXT_DEPTH 8

static void print_type(buf_t *out, const av_type_t *type, unsigned depth)
{
    if (depth == 0) {
        buf_add_s(out, "…");
        return;
    }
    if (type->kind == AV_UNION) {
        for (uint32_t i = 0; i < type->n; i++) {
            buf_add_s(out, i > 0 ? " | " : "");
            print_type(out, type->branches[i].type, depth - 1);
        }
        return;
    }
    buf_add_s(out, av_kind_name(type->kind));
    if (av_is_named(type))
        buf_printf(out, " " TEXT_FMT, TEXT_ARG(type->name.simple));
    if (type->kind == AV_ARRAY || type->kind == AV_MAP) {
        buf_add_s(out, " of ");
        print_type(out, type->item.type, depth - 1);
    }
}

static text_t short_type(walk_t *walk, const av_type_t *type)
{
    buf_t buf;
    buf_init(&buf, 4096);
    print_type(&buf, type, TYPE_TEXT_DEPTH);
    text_t text = buf_take(&buf, walk->list.arena);
    buf_dispose(&buf);
    return text;
}

/* --- what a type and a field say ----------------------------------------------------------------------------------------- */

/* The only branch of a union that is not null, or the type itself. */
const av_type_t *av_without_null(const av_type_t *type)
{
    const av_type_t *only = NULL;
    if (type->kind != AV_UNION)
        return type;
    for (uint32_t i = 0; i < type->n; i++) {
        if (type->branches[i].type->kind == AV_NULL)
            continue;
        if (only != NULL)
            return type;
        only = type->branches[i].type;
    }
    return only != NULL ? only : type;
}

static void take_props(walk_t *walk, size_t field, const jv_member_t *const *props, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        field_take_meaning(&walk->list, field, props[i]->name, &props[i]->value);
}

static void add_number(walk_t *walk, size_t field, const char *name, int64_t value)
{
    field_add_fact(&walk->list, field, name, text_printf(walk->list.arena, "%lld", (long long)value));
}

/* Meaning that hangs on the type: it is the field's, because a message has fields and no types. */
static void take_type(walk_t *walk, size_t field, const av_type_t *type)
{
    field_t *of = &walk->list.at[field];
    if (type->logical != AV_PLAIN)
        of->logical = text_of(av_logical_name(type->logical));
    if (type->doc != NULL && of->doc.at == NULL)
        of->doc = type->doc->text;
    if (type->kind == AV_ENUM) {
        of->symbols = type->symbols;
        of->n_symbols = type->n;
        if (type->fallback >= 0)
            field_add_fact(&walk->list, field, "enum default", type->symbols[type->fallback]);
    }
    if (type->kind == AV_FIXED)
        add_number(walk, field, "size", type->n);
    if (type->logical == AV_DECIMAL) {
        add_number(walk, field, "precision", type->precision);
        add_number(walk, field, "scale", type->scale);
    }
    if (av_is_named(type) && type->name.space.bytes > 0)
        field_add_fact(&walk->list, field, "namespace", type->name.space);
    take_props(walk, field, type->props, type->n_props);
}

/* A field's own pointer and that of the named type which it holds, which may be written elsewhere. */
static void take_pointers(walk_t *walk, size_t at, const av_type_t *type)
{
    field_add_pointer(&walk->list, at, walk->list.at[at].place.pointer);
    type = av_without_null(type);
    if (av_is_named(type))
        field_add_pointer(&walk->list, at, av_pointer(walk->schema, type, walk->list.arena));
}

static void take_field(walk_t *walk, size_t at, const av_type_t *record, uint32_t index)
{
    static const char *const orders[] = {
        [AV_ASCENDING] = "ascending", [AV_DESCENDING] = "descending", [AV_IGNORE] = "ignore"};
    const av_field_t *field = &record->fields[index];
    field_t *of = &walk->list.at[at];
    of->type = short_type(walk, field->slot.type);
    of->aliases = field->aliases;
    of->n_aliases = field->n_aliases;
    of->required = field->fallback == NULL;
    of->has_default = field->fallback != NULL;
    if (field->fallback != NULL)
        of->default_json = jv_text(field->fallback, walk->list.arena);
    if (field->doc != NULL)
        of->doc = field->doc->text;
    of->place = av_place_field(walk->schema, record, index, NULL, walk->list.arena);
    of->anchor = text_printf(walk->list.arena, TEXT_FMT "." TEXT_FMT, TEXT_ARG(record->name.full),
                             TEXT_ARG(field->name));
    take_pointers(walk, at, field->slot.type);
    if (field->order != AV_ASCENDING)
        field_add_fact(&walk->list, at, "order", text_of(orders[field->order]));
    take_props(walk, at, field->props, field->n_props);
    take_type(walk, at, av_without_null(field->slot.type));
}

/* --- the walk -------------------------------------------------------------------------------------------------------------- */

static void note_spot(walk_t *walk, text_t path, const av_type_t *container, uint32_t index)
{
    if (walk->spot == NULL || walk->spot->container != NULL || !text_eq(path, walk->wanted))
        return;
    walk->spot->container = container;
    walk->spot->index = index;
}

static text_t join(walk_t *walk, text_t path, const char *between, text_t step)
{
    return text_printf(walk->list.arena, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(path),
                       path.bytes > 0 || between[0] != '.' ? between : "", TEXT_ARG(step));
}

static void walk_record(walk_t *walk, const av_type_t *type, text_t path, size_t field, uint32_t depth)
{
    if (walk->open[type->id]) {
        walk->list.at[field].recursive = true;
        return;
    }
    walk->open[type->id] = true;
    for (uint32_t i = 0; i < type->n; i++) {
        text_t below = join(walk, path, ".", type->fields[i].name);
        note_spot(walk, below, type, i);
        if (fields_add(&walk->list, below, &walk->list.at[field]) == NULL)
            break;
        size_t at = walk->list.n - 1;
        take_field(walk, at, type, i);
        walk_type(walk, type->fields[i].slot.type, below, at, depth);
    }
    walk->open[type->id] = false;
}

/* Items of arrays, values of maps and branches of unions are fields of their own where they are no record: their meaning has to
 * be told somewhere. */
static void walk_part(walk_t *walk, const av_type_t *container, uint32_t index, text_t path, size_t field,
                      uint32_t depth)
{
    const av_type_t *type =
        container->kind == AV_UNION ? container->branches[index].type : container->item.type;
    const av_type_t *inner = av_without_null(type);
    note_spot(walk, path, container, index);
    if (inner->kind == AV_RECORD) {
        fields_add_part(&walk->list, path,
                        av_place_slot(walk->schema, container, index, walk->list.arena).pointer, field);
        fields_add_part(&walk->list, path, av_pointer(walk->schema, inner, walk->list.arena), field);
        walk_type(walk, type, path, field, depth);
        return;
    }
    if (fields_add(&walk->list, path, &walk->list.at[field]) == NULL)
        return;
    size_t at = walk->list.n - 1;
    walk->list.at[at].type = short_type(walk, type);
    walk->list.at[at].required = true;
    walk->list.at[at].place = av_place_slot(walk->schema, container, index, walk->list.arena);
    walk->list.at[at].anchor =
        text_printf(walk->list.arena, TEXT_FMT TEXT_FMT, TEXT_ARG(walk->list.at[field].anchor),
                    TEXT_ARG(text_from(path, walk->list.at[field].path.bytes)));
    take_pointers(walk, at, type);
    take_type(walk, at, inner);
    walk_type(walk, type, path, at, depth);
}

static void walk_union(walk_t *walk, const av_type_t *type, text_t path, size_t field, uint32_t depth)
{
    const av_type_t *only = av_without_null(type);
    if (only != type) {
        walk_type(walk, only, path, field, depth);
        return;
    }
    for (uint32_t i = 0; i < type->n; i++) {
        const av_type_t *branch = type->branches[i].type;
        text_t name = av_is_named(branch) ? branch->name.simple : text_of(av_kind_name(branch->kind));
        if (branch->kind == AV_NULL)
            continue;
        walk_part(walk, type, i,
                  text_printf(walk->list.arena, TEXT_FMT "<" TEXT_FMT ">", TEXT_ARG(path), TEXT_ARG(name)),
                  field, depth);
    }
}

static void walk_type(walk_t *walk, const av_type_t *type, text_t path, size_t field, uint32_t depth)
{
    if (depth == 0) {
        walk->list.complete = false;
        return;
    }
    if (type->kind == AV_RECORD)
        walk_record(walk, type, path, field, depth - 1);
    else if (type->kind == AV_UNION)
        walk_union(walk, type, path, field, depth - 1);
    else if (type->kind == AV_ARRAY)
        walk_part(walk, type, 0, join(walk, path, "[]", TEXT("")), field, depth - 1);
    else if (type->kind == AV_MAP)
        walk_part(walk, type, 0, join(walk, path, "{}", TEXT("")), field, depth - 1);
}

static fields_t walk_schema(walk_t *walk, const limits_t *limits, arena_t *arena)
{
    const av_type_t *root = walk->schema->root.type;
    walk->list = (field_list_t){.arena = arena, .limits = limits, .complete = true};
    walk->open = ARENA_ARRAY(arena, bool, walk->schema->n_types);
    if (fields_add(&walk->list, TEXT(""), NULL) != NULL) {
        walk->list.at[0].type = short_type(walk, root);
        walk->list.at[0].required = true;
        walk->list.at[0].place = av_place_type(walk->schema, root, arena);
        take_pointers(walk, 0, root);
        take_type(walk, 0, av_without_null(root));
        walk_type(walk, root, TEXT(""), 0, limits->max_depth);
    }
    return fields_end(&walk->list);
}

fields_t av_fields(const schema_t *schema, const limits_t *limits, arena_t *arena)
{
    walk_t walk = {.schema = av_schema_of(schema)};
    return walk_schema(&walk, limits, arena);
}

bool av_field_at(const schema_t *schema, text_t path, const limits_t *limits, arena_t *arena, av_spot_t *out)
{
    walk_t walk = {.schema = av_schema_of(schema), .wanted = path, .spot = out};
    *out = (av_spot_t){.container = NULL};
    if (path.bytes > 0)
        walk_schema(&walk, limits, arena);
    return path.bytes == 0 || out->container != NULL;
}

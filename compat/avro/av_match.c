/* av_match.c - when a reader's type is meant by a writer's, for the decoder. Written apart from the walk, which it judges. */
#include "compat/avro/av_match.h"

#include "compat/avro/av_pairs.h"

bool match_called(const av_type_t *reader, const av_type_t *writer)
{
    if (text_eq(reader->name.simple, writer->name.simple))
        return true;
    for (uint32_t i = 0; i < reader->n_aliases; i++)
        if (text_eq(reader->aliases[i].full, writer->name.full))
            return true;
    return false;
}

bool match_promotes(av_kind_t from, av_kind_t to)
{
    if (from == to)
        return true;
    if (from >= AV_INT && from <= AV_FLOAT)
        return to > from && to <= AV_DOUBLE; /* int, long, float, double in this order */
    return (from == AV_STRING && to == AV_BYTES) || (from == AV_BYTES && to == AV_STRING);
}

bool match_decimal(const av_type_t *reader, const av_type_t *writer)
{
    return reader->logical != AV_DECIMAL || writer->logical != AV_DECIMAL ||
           (reader->precision == writer->precision && reader->scale == writer->scale);
}

/* What "to match" means for a branch of a union. */
static bool match_belongs(const av_type_t *reader, const av_type_t *writer)
{
    if (reader->kind <= AV_STRING && writer->kind <= AV_STRING)
        return match_promotes(writer->kind, reader->kind) && match_decimal(reader, writer);
    if (reader->kind != writer->kind)
        return false;
    if (reader->kind == AV_ARRAY || reader->kind == AV_MAP)
        return true;
    return match_called(reader, writer) &&
           (reader->kind != AV_FIXED || (reader->n == writer->n && match_decimal(reader, writer)));
}

/* --- full names first: how Avro Java's reader goes about it -------------------------------------------------------------------------- */

static bool has_field_for(const av_type_t *writer, const av_field_t *field, const av_type_t **type)
{
    int32_t at = av_field_find(writer, field->name);
    for (uint32_t i = 0; at < 0 && i < field->n_aliases; i++)
        at = av_field_find(writer, field->aliases[i]);
    *type = at < 0 ? NULL : writer->fields[at].slot.type;
    return at >= 0;
}

static bool looks_like(const av_type_t *reader, const av_type_t *writer, unsigned depth);

/* What Java's resolver refuses before any data: it looks one level into a record, and through a reader's union. */
static bool hopeless(const av_type_t *reader, const av_type_t *writer, unsigned depth)
{
    const av_type_t *ignored;
    if (writer->kind == AV_UNION || !depth)
        return false;
    if (reader->kind == AV_UNION) {
        for (uint32_t i = 0; i < reader->n; i++) {
            const av_type_t *branch = reader->branches[i].type;
            if (!av_is_named(writer)
                    ? match_belongs(branch, writer)
                    : branch->kind == writer->kind &&
                          (text_eq(branch->name.full, writer->name.full) ||
                           (match_called(branch, writer) &&
                            !text_eq(branch->name.simple, writer->name.simple)) ||
                           (writer->kind == AV_RECORD && looks_like(branch, writer, depth - 1))))
                return false;
        }
        return true;
    }
    if (reader->kind == AV_RECORD && writer->kind == AV_RECORD) {
        for (uint32_t i = 0; i < reader->n; i++)
            if (!has_field_for(writer, &reader->fields[i], &ignored) && !reader->fields[i].fallback)
                return true;
        return false;
    }
    if (av_is_named(reader) && reader->kind == writer->kind)
        return !match_called(reader, writer) || (reader->kind == AV_FIXED && reader->n != writer->n);
    return reader->kind != writer->kind && !match_promotes(writer->kind, reader->kind);
}

static bool looks_like(const av_type_t *reader, const av_type_t *writer, unsigned depth)
{
    const av_type_t *from;
    for (uint32_t i = 0; i < reader->n; i++) {
        const av_field_t *field = &reader->fields[i];
        if (has_field_for(writer, field, &from) ? hopeless(field->slot.type, from, depth) : !field->fallback)
            return false;
    }
    return true;
}

#define LOOKS_DEPTH 4

static bool full_name_branch(const av_type_t *reader, const av_type_t *writer, uint32_t *out)
{
    uint32_t by_structure = UINT32_MAX;
    for (uint32_t i = 0; i < reader->n; i++) {
        const av_type_t *branch = reader->branches[i].type;
        if (branch->kind != writer->kind)
            continue;
        bool alias = false;
        for (uint32_t k = 0; k < branch->n_aliases; k++)
            alias |= text_eq(branch->aliases[k].full, writer->name.full);
        if (alias || text_eq(branch->name.full, writer->name.full)) {
            *out = i;
            return true;
        }
        if (writer->kind == AV_RECORD && looks_like(branch, writer, LOOKS_DEPTH) &&
            (by_structure == UINT32_MAX || text_eq(branch->name.simple, writer->name.simple)))
            by_structure = i;
    }
    *out = by_structure;
    return by_structure != UINT32_MAX;
}

static bool several_of_one_name(const av_type_t *reader, const av_type_t *writer)
{
    if (!av_is_named(writer))
        return false;
    for (uint32_t i = 0; i < reader->n; i++) {
        const av_type_t *branch = reader->branches[i].type;
        if (branch->kind == writer->kind && text_eq(branch->name.simple, writer->name.simple) &&
            !text_eq(branch->name.full, writer->name.full))
            return true;
    }
    return false;
}

/* Two unions that Java holds for the same: then branches go by position. Namespaces and whatever does not shape data aside. A pair
 * of named types that comes round again looks the same. */
static bool looks_same(uint64_t *steps, pairs_t *met, const av_type_t *reader, const av_type_t *writer,
                       unsigned depth)
{
    bool fresh;
    if (reader->kind != writer->kind || !depth || !*steps)
        return false;
    --*steps;
    if (reader->kind <= AV_STRING)
        return true;
    if (reader->kind == AV_ARRAY || reader->kind == AV_MAP)
        return looks_same(steps, met, reader->item.type, writer->item.type, depth - 1);
    if (reader->n != writer->n ||
        (reader->kind != AV_UNION && !text_eq(reader->name.simple, writer->name.simple)))
        return false;
    pairs_at(met, reader->id, writer->id, &fresh);
    for (uint32_t i = 0; fresh && reader->kind != AV_FIXED && i < reader->n; i++) {
        if (reader->kind == AV_ENUM ? !text_eq(reader->symbols[i], writer->symbols[i])
            : reader->kind == AV_UNION
                ? !looks_same(steps, met, reader->branches[i].type, writer->branches[i].type, depth - 1)
                : !text_eq(reader->fields[i].name, writer->fields[i].name) ||
                      !looks_same(steps, met, reader->fields[i].slot.type, writer->fields[i].slot.type,
                                  depth - 1))
            return false;
    }
    return true;
}

#define SAME_DEPTH 100

bool match_same_union(const av_type_t *reader, const av_type_t *writer, uint64_t *steps)
{
    pairs_t met = PAIRS_EMPTY;
    bool same = looks_same(steps, &met, reader, writer, SAME_DEPTH);
    pairs_dispose(&met);
    return same;
}

bool match_branch(const av_type_t *reader, const av_type_t *writer, bool full_names_first, uint32_t *out)
{
    bool found = false;
    if (full_names_first && several_of_one_name(reader, writer))
        return full_name_branch(reader, writer, out);
    for (uint32_t i = 0; full_names_first && i < reader->n && !found; i++) {
        const av_type_t *branch = reader->branches[i].type;
        found = branch->kind == writer->kind && match_belongs(branch, writer);
        *out = i;
    }
    for (uint32_t i = 0; i < reader->n && !found; i++) {
        found = match_belongs(reader->branches[i].type, writer);
        *out = i;
    }
    return found;
}

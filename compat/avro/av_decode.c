/* av_decode.c - a consumer: reads bytes that were written with one schema as a value of another, as the specification says.
 *
 * It judges the verdict's witnesses, so it is written on its own: it includes nothing of the walk and decides value by value.
 * Where the specification and Avro Java differ on which branch of a union is meant, it can do either.
 *
 * Recursion follows the data; records, arrays and maps count against max_depth.
 * Spec     Apache Avro 1.12, "Data Serialization" and "Schema Resolution".
 */
#include <stdarg.h>
#include <string.h>

#include "compat/avro/av_match.h"
#include "compat/avro/av_number.h"
#include "compat/avro/av_pairs.h"
#include "compat/avro/av_value.h"

/* The fields whose defaults are being made, innermost first; on the C stack. */
typedef struct filling {
    const struct filling *up;
    const av_field_t *field;
} filling_t;

typedef struct {
    const unsigned char *at, *end;
    const filling_t *filling;
    const decode_options_t *options;
    const av_schema_t *reader; /* NULL where nothing is resolved */
    uint64_t steps;
    uint32_t depth;
    bool list; /* refusals are listed from `last` on, and reading goes on behind them */
    refusal_t **last;
    pairs_t unions; /* of reader and writer, and whether they are taken for the same */
    arena_t *arena;
    decode_t result;
    text_t sentence;
} decoder_t;

__attribute__((format(printf, 3, 4))) static bool stop(decoder_t *d, decode_t result, const char *fmt, ...)
{
    if (d->result != DECODE_OK)
        return false;
    va_list args;
    va_start(args, fmt);
    d->sentence = text_of(arena_vprintf(d->arena, fmt, args));
    va_end(args);
    d->result = result;
    return false;
}

#define NAMED(type) TEXT_ARG(av_type_text((type), d->arena))

/* What the reader cannot take: the end, or, if all refusals are wanted, one more in the list. */
__attribute__((format(printf, 4, 5))) static bool refuse(decoder_t *d, const av_type_t *reader,
                                                         uint32_t field, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    text_t sentence = text_of(arena_vprintf(d->arena, fmt, args));
    va_end(args);
    if (!d->list)
        return stop(d, DECODE_REFUSED, "%s", sentence.at);
    refusal_t *refusal = ARENA_NEW(d->arena, refusal_t);
    *refusal = (refusal_t){reader, field, sentence, NULL};
    *d->last = refusal;
    d->last = &refusal->next;
    return false;
}

/* After a refusal that is only listed, reading goes on. */
static bool goes_on(const decoder_t *d)
{
    return d->list && d->result == DECODE_OK;
}

/* --- bytes ------------------------------------------------------------------------------------------------------------------- */

static bool take_long(decoder_t *d, int64_t *out)
{
    uint64_t n = 0;
    *out = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (d->at == d->end)
            return stop(d, DECODE_MALFORMED, "the data ends inside a number");
        uint64_t byte = *d->at++;
        if (shift == 63 && (byte & 0x7f) > 1)
            break;
        n |= (byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
            return true;
        }
    }
    return stop(d, DECODE_MALFORMED, "a number has more than 64 bits");
}

static bool take_raw(decoder_t *d, uint64_t n, text_t *out)
{
    if (n > (uint64_t)(d->end - d->at))
        return stop(d, DECODE_MALFORMED, "the data ends before %llu bytes that it announced",
                    (unsigned long long)n);
    *out = (text_t){(const char *)d->at, (size_t)n};
    d->at += n;
    return true;
}

static bool take_bytes(decoder_t *d, text_t *out)
{
    int64_t n;
    if (!take_long(d, &n))
        return false;
    if (n < 0)
        return stop(d, DECODE_MALFORMED, "a length is negative");
    return take_raw(d, (uint64_t)n, out);
}

static bool take_index(decoder_t *d, uint32_t n, const char *what, uint32_t *out)
{
    int64_t index;
    if (!take_long(d, &index))
        return false;
    if (index < 0 || index >= n)
        return stop(d, DECODE_MALFORMED, "there is no %s %lld", what, (long long)index);
    *out = (uint32_t)index;
    return true;
}

static bool take_fixed_bits(decoder_t *d, int n, uint64_t *out)
{
    text_t raw = TEXT("");
    if (!take_raw(d, (uint64_t)n, &raw))
        return false;
    *out = 0;
    for (int i = 0; i < n; i++)
        *out |= (uint64_t)(unsigned char)raw.at[i] << (8 * i);
    return true;
}

/* One more value: its work, and its nesting if it nests. */
static bool enter(decoder_t *d, bool nests)
{
    if (!d->steps)
        return stop(d, DECODE_LIMIT, "the data takes more than max_steps to read");
    d->steps--;
    if (nests && d->depth == d->options->limits.max_depth)
        return stop(d, DECODE_LIMIT, "the data nests deeper than max_depth (%u)", d->depth);
    d->depth += nests;
    return true;
}

/* --- a value of the writer, as such: read into `into`, or skipped when that is NULL --------------------------------------------- */

typedef struct {
    int64_t integer;
    double real;
    text_t bytes;
} scalar_t;

static bool take_scalar(decoder_t *d, const av_type_t *writer, scalar_t *out)
{
    uint64_t bits;
    switch (writer->kind) {
    case AV_NULL:
        return true;
    case AV_BOOLEAN:
        if (d->at == d->end)
            return stop(d, DECODE_MALFORMED, "the data ends before a boolean");
        out->integer = *d->at++;
        return out->integer <= 1 || stop(d, DECODE_MALFORMED, "a boolean is neither 0 nor 1");
    case AV_INT:
        if (!take_long(d, &out->integer))
            return false;
        return (out->integer >= INT32_MIN && out->integer <= INT32_MAX) ||
               stop(d, DECODE_MALFORMED, "an int has more than 32 bits");
    case AV_LONG:
        return take_long(d, &out->integer);
    case AV_FLOAT: {
        float single;
        if (!take_fixed_bits(d, 4, &bits))
            return false;
        uint32_t low = (uint32_t)bits;
        memcpy(&single, &low, sizeof single);
        out->real = (double)single;
        return true;
    }
    case AV_DOUBLE:
        if (!take_fixed_bits(d, 8, &bits))
            return false;
        memcpy(&out->real, &bits, sizeof out->real);
        return true;
    case AV_STRING:
        if (!take_bytes(d, &out->bytes))
            return false;
        return text_utf8_valid(out->bytes) == out->bytes.bytes ||
               stop(d, DECODE_MALFORMED, "a string is not UTF-8");
    case AV_BYTES:
        return take_bytes(d, &out->bytes);
    case AV_FIXED:
        return take_raw(d, writer->n, &out->bytes);
    case AV_ENUM: {
        uint32_t index = 0;
        bool ok = take_index(d, writer->n, "symbol", &index);
        out->integer = index;
        return ok;
    }
    case AV_ARRAY:
    case AV_MAP:
    case AV_RECORD:
    case AV_UNION:
        break;
    }
    return stop(d, DECODE_MALFORMED, "not a scalar");
}

/* The next block of an array or map: how many items, 0 at the end. */
static bool take_block(decoder_t *d, uint64_t *n)
{
    int64_t count, bytes;
    if (!take_long(d, &count))
        return false;
    if (count >= 0) {
        *n = (uint64_t)count;
        return true;
    }
    if (count == INT64_MIN || !take_long(d, &bytes) || bytes < 0)
        return stop(d, DECODE_MALFORMED, "a block has an impossible size");
    *n = (uint64_t)-count;
    return true;
}

static bool skip(decoder_t *d, const av_type_t *writer);

static bool skip_items(decoder_t *d, const av_type_t *writer)
{
    uint64_t n;
    text_t key;
    while (take_block(d, &n) && n) {
        for (; n; n--)
            if ((writer->kind == AV_MAP && !take_bytes(d, &key)) || !skip(d, writer->item.type))
                return false;
    }
    return d->result == DECODE_OK;
}

static bool skip(decoder_t *d, const av_type_t *writer)
{
    bool nests = writer->kind == AV_RECORD || writer->kind == AV_ARRAY || writer->kind == AV_MAP;
    scalar_t ignored = {0};
    uint32_t branch = 0;
    bool ok = enter(d, nests);
    if (!ok)
        return false;
    if (writer->kind == AV_RECORD) {
        for (uint32_t i = 0; ok && i < writer->n; i++)
            ok = skip(d, writer->fields[i].slot.type);
    } else if (writer->kind == AV_ARRAY || writer->kind == AV_MAP) {
        ok = skip_items(d, writer);
    } else if (writer->kind == AV_UNION) {
        ok = take_index(d, writer->n, "branch", &branch) && skip(d, writer->branches[branch].type);
    } else {
        ok = take_scalar(d, writer, &ignored);
    }
    d->depth -= nests;
    return ok;
}

/* --- branches ---------------------------------------------------------------------------------------------------------------- */

/* Asked at every value of the union, answered once. */
static bool is_same_union(decoder_t *d, const av_type_t *reader, const av_type_t *writer)
{
    if (!d->options->full_names_first || reader->kind != AV_UNION || writer->kind != AV_UNION)
        return reader == writer;
    bool fresh;
    uint32_t *answer = pairs_at(&d->unions, reader->id, writer->id, &fresh);
    if (fresh)
        *answer = match_same_union(reader, writer, &d->steps);
    return *answer;
}

static bool find_branch(decoder_t *d, const av_type_t *reader, const av_type_t *writer, uint32_t *out)
{
    return match_branch(reader, writer, d->options->full_names_first, out) ||
           refuse(d, reader, NO_FIELD, "no branch of the reader's " TEXT_FMT " takes " TEXT_FMT,
                  NAMED(reader), NAMED(writer));
}

/* --- defaults ------------------------------------------------------------------------------------------------------------------------ */

static bool fill(decoder_t *d, const av_type_t *type, const jv_t *json, av_value_t **out);

static bool fill_bytes(decoder_t *d, const av_type_t *type, const jv_t *json, av_value_t *value)
{
    if (json->kind != JV_STRING)
        return false;
    char *bytes = arena_alloc(d->arena, json->text.bytes + 1);
    size_t n = 0;
    for (size_t i = 0; i < json->text.bytes; i++) {
        unsigned c = (unsigned char)json->text.at[i];
        if (c >= 0x80) {
            if (c != 0xC2 && c != 0xC3)
                return false;
            c = (c & 3) << 6 | ((unsigned char)json->text.at[++i] & 0x3F);
        }
        bytes[n++] = (char)c;
    }
    value->bytes = (text_t){bytes, n};
    return type->kind != AV_FIXED || n == type->n;
}

static bool fill_items(decoder_t *d, const av_type_t *type, const jv_t *json, av_value_t *value)
{
    if (json->kind != (type->kind == AV_ARRAY ? JV_ARRAY : JV_OBJECT))
        return false;
    value->n = json->n;
    value->items = ARENA_ARRAY(d->arena, av_value_t *, json->n);
    value->keys = ARENA_ARRAY(d->arena, text_t, json->n);
    for (uint32_t i = 0; i < json->n; i++) {
        if (type->kind == AV_MAP)
            value->keys[i] = json->members[i].name;
        if (!fill(d, type->item.type, type->kind == AV_ARRAY ? &json->items[i] : &json->members[i].value,
                  &value->items[i]))
            return false;
    }
    return true;
}

/* A field's own default, unless it is being made already: a default that holds itself would never end. */
static bool fill_from_default(decoder_t *d, const av_field_t *field, av_value_t **out)
{
    filling_t here = {d->filling, field};
    for (const filling_t *f = d->filling; f; f = f->up)
        if (f->field == field)
            return false;
    d->filling = &here;
    bool ok = fill(d, field->slot.type, field->fallback, out);
    d->filling = here.up;
    return ok;
}

static bool fill_record(decoder_t *d, const av_type_t *type, const jv_t *json, av_value_t *value)
{
    if (json->kind != JV_OBJECT)
        return false;
    for (uint32_t i = 0; i < type->n; i++) {
        const av_field_t *field = &type->fields[i];
        const jv_t *member = jv_get_text(json, field->name);
        if (member ? !fill(d, field->slot.type, member, &value->items[i])
                   : !field->fallback || !fill_from_default(d, field, &value->items[i]))
            return false;
    }
    return true;
}

/* Avro 1.12: the default of a union may be a value of any branch. */
static bool fill_branch(decoder_t *d, const av_type_t *type, const jv_t *json, av_value_t *value)
{
    for (uint32_t i = 0; i < type->n && d->result == DECODE_OK; i++)
        if (fill(d, type->branches[i].type, json, &value->items[0])) {
            value->branch = i;
            return true;
        }
    return false;
}

static bool fill_number(const av_type_t *type, const jv_t *json, av_value_t *value)
{
    if (json->kind != JV_NUMBER)
        return false;
    if (type->kind == AV_FLOAT || type->kind == AV_DOUBLE) {
        value->real = av_number_value(json->text);
        if (type->kind == AV_FLOAT)
            value->real = (double)(float)value->real;
        return true;
    }
    return av_number_is_integer(json->text) && jv_to_i64(json, &value->integer) &&
           (type->kind == AV_LONG || value->integer == (int32_t)value->integer);
}

/* A default, made a value. False if it is none, with nothing said: the caller knows whose default it was. */
static bool fill(decoder_t *d, const av_type_t *type, const jv_t *json, av_value_t **out)
{
    bool nests = type->kind == AV_RECORD || type->kind == AV_ARRAY || type->kind == AV_MAP, ok = false;
    if (!enter(d, nests))
        return false;
    av_value_t *value = *out = av_value_new(type, d->arena);
    switch (type->kind) {
    case AV_NULL:
        ok = json->kind == JV_NULL;
        break;
    case AV_BOOLEAN:
        value->boolean = json->kind == JV_TRUE;
        ok = json->kind == JV_TRUE || json->kind == JV_FALSE;
        break;
    case AV_INT:
    case AV_LONG:
    case AV_FLOAT:
    case AV_DOUBLE:
        ok = fill_number(type, json, value);
        break;
    case AV_STRING:
        ok = json->kind == JV_STRING;
        value->bytes = ok ? json->text : TEXT("");
        break;
    case AV_BYTES:
    case AV_FIXED:
        ok = fill_bytes(d, type, json, value);
        break;
    case AV_ENUM:
        value->integer = json->kind == JV_STRING ? av_symbol_find(type, json->text) : -1;
        ok = value->integer >= 0;
        break;
    case AV_ARRAY:
    case AV_MAP:
        ok = fill_items(d, type, json, value);
        break;
    case AV_RECORD:
        ok = fill_record(d, type, json, value);
        break;
    case AV_UNION:
        ok = fill_branch(d, type, json, value);
        break;
    }
    d->depth -= nests;
    return ok;
}

/* --- resolution ---------------------------------------------------------------------------------------------------------------------- */

static bool resolve(decoder_t *d, const av_type_t *reader, const av_type_t *writer, av_value_t **out);

static bool resolve_primitive(decoder_t *d, const av_type_t *reader, const av_type_t *writer,
                              av_value_t *value)
{
    if (!match_promotes(writer->kind, reader->kind))
        return refuse(d, reader, NO_FIELD, "the reader's " TEXT_FMT " cannot take " TEXT_FMT, NAMED(reader),
                      NAMED(writer));
    if (!match_decimal(reader, writer))
        return refuse(d, reader, NO_FIELD, "the reader's decimal(%d, %d) cannot take decimal(%d, %d)",
                      reader->precision, reader->scale, writer->precision, writer->scale);
    scalar_t scalar = {.bytes = TEXT("")};
    if (!take_scalar(d, writer, &scalar))
        return false;
    bool was_integer = writer->kind == AV_INT || writer->kind == AV_LONG;
    if (reader->kind == AV_BOOLEAN)
        value->boolean = scalar.integer != 0;
    else if (reader->kind == AV_INT || reader->kind == AV_LONG)
        value->integer = scalar.integer;
    else if (reader->kind == AV_FLOAT)
        value->real = was_integer ? (double)(float)scalar.integer : scalar.real;
    else if (reader->kind == AV_DOUBLE)
        value->real = was_integer ? (double)scalar.integer : scalar.real;
    else if (reader->kind != AV_NULL)
        value->bytes = scalar.bytes;
    return true;
}

static bool resolve_fixed(decoder_t *d, const av_type_t *reader, const av_type_t *writer, av_value_t *value)
{
    if (!match_called(reader, writer))
        return refuse(d, reader, NO_FIELD, "the reader's " TEXT_FMT " is not the writer's " TEXT_FMT,
                      NAMED(reader), NAMED(writer));
    if (reader->n != writer->n)
        return refuse(d, reader, NO_FIELD, "the reader's " TEXT_FMT " has %u bytes and the writer's %u",
                      NAMED(reader), reader->n, writer->n);
    if (!match_decimal(reader, writer))
        return refuse(d, reader, NO_FIELD, "the reader's decimal(%d, %d) cannot take decimal(%d, %d)",
                      reader->precision, reader->scale, writer->precision, writer->scale);
    return take_raw(d, writer->n, &value->bytes);
}

static bool resolve_enum(decoder_t *d, const av_type_t *reader, const av_type_t *writer, av_value_t *value)
{
    uint32_t index = 0;
    if (!match_called(reader, writer))
        return refuse(d, reader, NO_FIELD, "the reader's " TEXT_FMT " is not the writer's " TEXT_FMT,
                      NAMED(reader), NAMED(writer));
    if (!take_index(d, writer->n, "symbol", &index))
        return false;
    value->integer = av_symbol_find(reader, writer->symbols[index]);
    if (value->integer < 0)
        value->integer = reader->fallback;
    return value->integer >= 0 ||
           refuse(d, reader, NO_FIELD,
                  "the reader's " TEXT_FMT " has no symbol \"" TEXT_FMT "\" and no default", NAMED(reader),
                  TEXT_ARG(writer->symbols[index]));
}

typedef struct {
    av_value_t **items;
    text_t *keys;
    uint32_t n, room;
} list_t;

static void list_grow(decoder_t *d, list_t *list)
{
    uint32_t room = list->room ? list->room * 2 : 4;
    av_value_t **items = ARENA_ARRAY(d->arena, av_value_t *, room);
    text_t *keys = ARENA_ARRAY(d->arena, text_t, room);
    if (list->n) {
        memcpy(items, list->items, list->n * sizeof *items);
        memcpy(keys, list->keys, list->n * sizeof *keys);
    }
    *list = (list_t){items, keys, list->n, room};
}

static bool resolve_items(decoder_t *d, const av_type_t *reader, const av_type_t *writer, av_value_t *value)
{
    list_t list = {0};
    uint64_t n;
    while (take_block(d, &n) && n) {
        for (; n; n--) {
            if (list.n == list.room)
                list_grow(d, &list);
            if (writer->kind == AV_MAP && !take_bytes(d, &list.keys[list.n]))
                return false;
            if (!resolve(d, reader->item.type, writer->item.type, &list.items[list.n]))
                return false;
            list.n++;
        }
    }
    value->items = list.items;
    value->keys = list.keys;
    value->n = list.n;
    return d->result == DECODE_OK;
}

/* One field of the reader for two of the writer (`first` is the writer's), or the other way round (`first` is the reader's). */
static bool refuse_field(decoder_t *d, const av_type_t *reader, const av_type_t *writer, uint32_t i,
                         int32_t first, int32_t at, bool two_sources)
{
    if (two_sources)
        return refuse(d, reader, i,
                      "the writer's fields \"" TEXT_FMT "\" and \"" TEXT_FMT
                      "\" both are the reader's field \"" TEXT_FMT "\"",
                      TEXT_ARG(writer->fields[first].name), TEXT_ARG(writer->fields[at].name),
                      TEXT_ARG(reader->fields[i].name));
    return refuse(d, reader, i,
                  "the writer's field \"" TEXT_FMT "\" is both the reader's \"" TEXT_FMT
                  "\" and its \"" TEXT_FMT "\"",
                  TEXT_ARG(writer->fields[at].name), TEXT_ARG(reader->fields[first].name),
                  TEXT_ARG(reader->fields[i].name));
}

/* For each field of the writer the field of the reader that it becomes, by name or alias; -1 for none. Avro Java knows aliases of
 * fields by the full name of their record. */
static bool assign_fields(decoder_t *d, const av_type_t *reader, const av_type_t *writer, int32_t *becomes,
                          av_value_t *value)
{
    bool with_aliases = !d->options->full_names_first || text_eq(reader->name.full, writer->name.full),
         good = true;
    for (uint32_t i = 0; i < reader->n_aliases; i++)
        with_aliases |= text_eq(reader->aliases[i].full, writer->name.full);
    for (uint32_t i = 0; i < reader->n && (good || goes_on(d)); i++) {
        const av_field_t *field = &reader->fields[i];
        int32_t taken = -1;
        for (uint32_t k = 0; k <= (with_aliases ? field->n_aliases : 0); k++) {
            int32_t at = av_field_find(writer, k ? field->aliases[k - 1] : field->name);
            if (at < 0 || at == taken)
                continue;
            if (taken >= 0 || becomes[at] >= 0) {
                good = refuse_field(d, reader, writer, i, taken >= 0 ? taken : becomes[at], at, taken >= 0);
                value->items[i] = av_value_new(field->slot.type, d->arena); /* it is not missing */
                break;
            }
            becomes[at] = (int32_t)i;
            taken = at;
        }
    }
    return good || goes_on(d);
}

static bool fill_field(decoder_t *d, const av_type_t *reader, uint32_t i, av_value_t *value)
{
    const av_field_t *field = &reader->fields[i];
    if (!field->fallback)
        return refuse(d, reader, i,
                      "the reader's field \"" TEXT_FMT "\" of " TEXT_FMT
                      " is not in the data and has no default",
                      TEXT_ARG(field->name), NAMED(reader));
    if (fill_from_default(d, field, &value->items[i]))
        return true;
    return refuse(d, reader, i,
                  "the default of the reader's field \"" TEXT_FMT "\" of " TEXT_FMT
                  " is not a value of " TEXT_FMT,
                  TEXT_ARG(field->name), NAMED(reader), NAMED(field->slot.type));
}

static bool resolve_record(decoder_t *d, const av_type_t *reader, const av_type_t *writer, av_value_t *value)
{
    if (!d->options->full_names_first &&
        !match_called(reader, writer)) /* Java's reader does not look at record names */
        return refuse(d, reader, NO_FIELD, "the reader's " TEXT_FMT " is not the writer's " TEXT_FMT,
                      NAMED(reader), NAMED(writer));
    int32_t *becomes = ARENA_ARRAY(d->arena, int32_t, writer->n);
    for (uint32_t i = 0; i < writer->n; i++)
        becomes[i] = reader == writer ? (int32_t)i : -1;
    if (reader != writer && !assign_fields(d, reader, writer, becomes, value))
        return false;
    for (uint32_t i = 0; i < writer->n; i++) {
        const av_type_t *from = writer->fields[i].slot.type;
        if (becomes[i] < 0
                ? !skip(d, from)
                : !resolve(d, reader->fields[becomes[i]].slot.type, from, &value->items[becomes[i]]))
            return false;
    }
    for (uint32_t i = 0; i < reader->n; i++)
        if (!value->items[i] && !fill_field(d, reader, i, value) && !goes_on(d))
            return false;
    return true;
}

/* A type of the writer has one type of the reader: an alias of a second one makes it nobody's. */
static bool is_wanted_twice(decoder_t *d, const av_type_t *reader, const av_type_t *writer)
{
    for (uint32_t i = 0; d->reader && i < d->reader->n_aliases; i++) {
        const av_alias_t *alias = &d->reader->aliases[i];
        if (text_eq(alias->full, writer->name.full) && !text_eq(alias->type->name.full, reader->name.full)) {
            refuse(d, reader, NO_FIELD,
                   "the writer's " TEXT_FMT " is the reader's " TEXT_FMT " and, by an alias, its " TEXT_FMT,
                   NAMED(writer), NAMED(reader), NAMED(alias->type));
            return true;
        }
    }
    return false;
}

static bool resolve_plain(decoder_t *d, const av_type_t *reader, const av_type_t *writer, av_value_t *value)
{
    if (writer->kind <= AV_STRING && reader->kind <= AV_STRING)
        return resolve_primitive(d, reader, writer, value);
    if (reader->kind != writer->kind)
        return refuse(d, reader, NO_FIELD, "the reader's " TEXT_FMT " cannot take " TEXT_FMT, NAMED(reader),
                      NAMED(writer));
    if (av_is_named(reader) && match_called(reader, writer) && is_wanted_twice(d, reader, writer))
        return false;
    if (reader->kind == AV_FIXED)
        return resolve_fixed(d, reader, writer, value);
    if (reader->kind == AV_ENUM)
        return resolve_enum(d, reader, writer, value);
    if (reader->kind == AV_RECORD)
        return resolve_record(d, reader, writer, value);
    return resolve_items(d, reader, writer, value);
}

/* One value. A writer's union says which branch comes; a reader's union takes its first branch that belongs to it, or, where
 * reader and writer are one schema and nothing is to be resolved, the branch that was written. */
static bool resolve(decoder_t *d, const av_type_t *reader, const av_type_t *writer, av_value_t **out)
{
    uint32_t branch = 0;
    bool same_union = is_same_union(d, reader, writer);
    if (writer->kind == AV_UNION) {
        if (!take_index(d, writer->n, "branch", &branch))
            return false;
        writer = writer->branches[branch].type;
    }
    bool nests = writer->kind == AV_RECORD || writer->kind == AV_ARRAY || writer->kind == AV_MAP, ok = true;
    if (!enter(d, nests))
        return false;
    const unsigned char *start = d->at;
    av_value_t *value = *out = av_value_new(reader, d->arena);
    if (reader->kind == AV_UNION) {
        value->branch = branch;
        ok = same_union || find_branch(d, reader, writer, &value->branch);
        reader = ok ? reader->branches[value->branch].type : reader;
        value = value->items[0] = ok ? av_value_new(reader, d->arena) : NULL;
    }
    ok = ok && resolve_plain(d, reader, writer, value);
    d->depth -= nests;
    if (ok || !goes_on(d))
        return ok;
    d->at = start;
    return skip(d, writer);
}

static decode_t decode(decoder_t *d, const av_schema_t *writer, const av_schema_t *reader, text_t bytes,
                       av_value_t **out)
{
    d->at = (const unsigned char *)bytes.at;
    d->end = d->at + bytes.bytes;
    d->steps = d->options->limits.max_steps;
    d->sentence = TEXT("");
    if (av_is_same_schema(reader, writer))
        writer = reader;
    d->reader = reader == writer ? NULL : reader;
    if (resolve(d, reader->root.type, writer->root.type, out) && d->at != d->end)
        stop(d, DECODE_MALFORMED, "%zu bytes are left after the value", (size_t)(d->end - d->at));
    pairs_dispose(&d->unions);
    return d->result;
}

decode_t av_decode(const av_schema_t *writer, const av_schema_t *reader, text_t bytes,
                   const decode_options_t *options, arena_t *arena, av_value_t **out, text_t *sentence)
{
    decoder_t d = {.options = options, .arena = arena};
    decode_t result = decode(&d, writer, reader, bytes, out);
    *sentence = d.sentence;
    return result;
}

decode_t av_refusals(const av_schema_t *writer, const av_schema_t *reader, text_t bytes,
                     const decode_options_t *options, arena_t *arena, const refusal_t **out)
{
    refusal_t *first = NULL;
    av_value_t *ignored;
    decoder_t d = {.options = options, .arena = arena, .list = true, .last = &first};
    decode_t result = decode(&d, writer, reader, bytes, &ignored);
    *out = first;
    return result == DECODE_OK && first ? DECODE_REFUSED : result;
}

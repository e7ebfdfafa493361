#include "compat/json/strict_ir.h"

#include <stdlib.h>
#include <string.h>

#include "compat/json/format.h"
#include "compat/json/strict_table.h"

/* --- tables ------------------------------------------------------------------------------------------------------------ */

void *table_grow(void *array, uint32_t *room, size_t item_bytes)
{
    *room = *room == 0 ? 64 : *room * 2;
    void *grown = realloc(array, *room * item_bytes);
    if (grown == NULL)
        abort();
    return grown;
}

static void table_put(ir_table_t *table, uint32_t hash, uint32_t number)
{
    uint32_t at = hash;
    while (table->at[at & (table->room - 1)].number != 0)
        at++;
    table->at[at & (table->room - 1)] = (struct ir_slot){hash, number + 1};
}

void table_add(ir_table_t *table, uint32_t hash, uint32_t number)
{
    if (table->n * 2 >= table->room) {
        ir_table_t larger = {.room = table->room == 0 ? 128 : table->room * 2};
        larger.at = calloc(larger.room, sizeof *larger.at);
        if (larger.at == NULL)
            abort();
        for (uint32_t i = 0; i < table->room; i++) {
            if (table->at[i].number != 0)
                table_put(&larger, table->at[i].hash, table->at[i].number - 1);
        }
        free(table->at);
        larger.n = table->n;
        *table = larger;
    }
    table_put(table, hash, number);
    table->n++;
}

/* --- the whole ----------------------------------------------------------------------------------------------------------- */

static ir_node_t *node_new(ir_t *ir, ir_id_t *id)
{
    if (ir->n == ir->room) {
        if (ir->room / IR_CHUNK % 16 == 0) {
            size_t chunks = ir->room / IR_CHUNK;
            ir_node_t **grown = realloc(ir->chunks, (chunks + 16) * sizeof *grown);
            if (grown == NULL)
                abort();
            ir->chunks = grown;
        }
        ir->chunks[ir->room / IR_CHUNK] = ARENA_ARRAY(ir->arena, ir_node_t, IR_CHUNK);
        ir->room += IR_CHUNK;
    }
    *id = ir->n++ << 1;
    return &ir->chunks[(*id >> 1) / IR_CHUNK][(*id >> 1) % IR_CHUNK];
}

void ir_init(ir_t *ir, const limits_t *limits, arena_t *arena)
{
    memset(ir, 0, sizeof *ir);
    ir->arena = arena;
    ir->limits = *limits;
    ir_id_t yes;
    node_new(ir, &yes)->op = IR_OP_TRUE;
}

void ir_dispose(ir_t *ir)
{
    free(ir->chunks);
    free(ir->table.at);
    free(ir->numbers);
    free(ir->number_table.at);
    free(ir->texts);
    free(ir->text_table.at);
    free(ir->values);
    free(ir->value_table.at);
    free(ir->cache);
    free(ir->opaques);
    free(ir->definitions);
    free(ir->items);
    free(ir->stack);
}

void ir_push(ir_t *ir, ir_id_t id)
{
    if (ir->stack_n == ir->stack_room)
        ir->stack = table_grow(ir->stack, &ir->stack_room, sizeof *ir->stack);
    ir->stack[ir->stack_n++] = id;
}

void ir_fail(ir_t *ir, const char *reason)
{
    if (ir->failed == NULL)
        ir->failed = reason;
}

bool ir_spend(ir_t *ir, uint64_t steps)
{
    ir->steps += steps;
    if (ir->steps > ir->limits.max_steps)
        ir_fail(ir, "budget-search");
    return ir->failed == NULL;
}

#define DEPTH_MAX 400 /* makers within makers: each takes less than a kilobyte of stack */

bool ir_enter(ir_t *ir)
{
    if (ir->depth >= DEPTH_MAX) {
        ir_fail(ir, "depth");
        return false;
    }
    ir->depth++;
    return true;
}

void ir_leave(ir_t *ir)
{
    ir->depth--;
}

static ir_cached_t *cache_slot(const ir_cached_t *cache, uint32_t room, ir_id_t a, ir_id_t b)
{
    uint32_t at = table_mix(a, b);
    for (;; at++) {
        const ir_cached_t *slot = &cache[at & (room - 1)];
        if ((slot->a == a && slot->b == b) || (slot->a == 0 && slot->b == 0))
            return (ir_cached_t *)slot;
    }
}

bool ir_cached(const ir_t *ir, ir_id_t a, ir_id_t b, ir_id_t *out)
{
    if (ir->cache_room == 0)
        return false;
    const ir_cached_t *slot = cache_slot(ir->cache, ir->cache_room, a, b);
    *out = slot->result;
    return slot->a != 0 || slot->b != 0;
}

void ir_cache(ir_t *ir, ir_id_t a, ir_id_t b, ir_id_t result)
{
    if (ir->cache_n * 2 >= ir->cache_room) {
        uint32_t room = ir->cache_room == 0 ? 256 : ir->cache_room * 2;
        ir_cached_t *larger = calloc(room, sizeof *larger);
        if (larger == NULL)
            abort();
        for (uint32_t i = 0; i < ir->cache_room; i++) {
            const ir_cached_t *old = &ir->cache[i];
            if (old->a != 0 || old->b != 0)
                *cache_slot(larger, room, old->a, old->b) = *old;
        }
        free(ir->cache);
        ir->cache = larger;
        ir->cache_room = room;
    }
    *cache_slot(ir->cache, ir->cache_room, a, b) = (ir_cached_t){a, b, result};
    ir->cache_n++;
}

/* --- making a node once ------------------------------------------------------------------------------------------------ */

static bool same_ranges(const ir_ranges_t *a, const ir_ranges_t *b)
{
    if (a == b)
        return true;
    if (a == NULL || b == NULL || a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++) {
        const ir_interval_t *x = &a->at[i], *y = &b->at[i];
        if (x->lo != y->lo || x->hi != y->hi || x->lo_open != y->lo_open || x->hi_open != y->hi_open)
            return false;
    }
    return true;
}

static inline uint64_t stir(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 32);
}

static uint32_t node_hash(const ir_node_t *node)
{
    uint64_t hash = stir(node->op * 8u + node->kind, (uint64_t)node->n << 32 | node->a);
    hash = stir(hash, (uint64_t)node->b << 32 | node->c);
    for (uint32_t i = 0; i + 1 < node->n; i += 2)
        hash = stir(hash, (uint64_t)node->kids[i] << 32 | node->kids[i + 1]);
    if (node->n % 2 != 0)
        hash = stir(hash, node->kids[node->n - 1]);
    for (uint32_t i = 0; node->in != NULL && i < node->in->n; i++) {
        const ir_interval_t *at = &node->in->at[i];
        hash = stir(hash, (uint64_t)at->lo << 32 | at->hi);
        hash = stir(hash, at->lo_open * 2u + at->hi_open);
    }
    return (uint32_t)(hash ^ (hash >> 29));
}

static bool same_node(const ir_node_t *a, const ir_node_t *b)
{
    return a->op == b->op && a->kind == b->kind && a->n == b->n && a->a == b->a && a->b == b->b &&
           a->c == b->c && (a->n == 0 || memcmp(a->kids, b->kids, a->n * sizeof *a->kids) == 0) &&
           same_ranges(a->in, b->in);
}

/* The node like `wanted`, made if need be; its kids are copied then. */
static ir_id_t intern(ir_t *ir, ir_node_t *wanted)
{
    ir_spend(ir, 1 + wanted->n / 16);
    wanted->hash = node_hash(wanted);
    for (table_probe_t probe = table_probe(&ir->table, wanted->hash); table_next(&probe);) {
        if (same_node(ir_node(ir, probe.number << 1), wanted))
            return probe.number << 1;
    }
    ir_id_t id;
    ir_node_t *made = node_new(ir, &id);
    *made = *wanted;
    if (wanted->n > 0) {
        uint32_t *kids = ARENA_ARRAY(ir->arena, uint32_t, wanted->n);
        memcpy(kids, wanted->kids, wanted->n * sizeof *kids);
        made->kids = kids;
    }
    table_add(&ir->table, wanted->hash, id >> 1);
    return id;
}

/* --- literals ------------------------------------------------------------------------------------------------------------ */

static bool starts_at_the_beginning(ir_t *ir, ir_kind_t kind, const ir_ranges_t *ranges)
{
    int64_t lo;
    if (ranges->at[0].lo == IR_INFINITE)
        return true;
    return kind >= IR_STRING && ir_number_i64(ir, ranges->at[0].lo, &lo) && lo == 0;
}

ir_id_t ir_ranges(ir_t *ir, ir_kind_t kind, const ir_ranges_t *ranges)
{
    if (ranges->n == 0)
        return IR_NO;
    const ir_ranges_t *others = ir_ranges_not(ir, kind, ranges);
    if (others->n == 0)
        return IR_YES;
    bool turned = starts_at_the_beginning(ir, kind, ranges); /* of a set and its complement, one does */
    ir_node_t node = {
        .op = IR_OP_RANGE, .kind = kind, .in = turned ? others : ranges, .out = turned ? ranges : others};
    return intern(ir, &node) ^ (turned ? 1u : 0u);
}

ir_id_t ir_range(ir_t *ir, ir_kind_t kind, ir_number_t lo, bool lo_open, ir_number_t hi, bool hi_open)
{
    return ir_ranges(ir, kind, ir_ranges_one(ir, kind, (ir_interval_t){lo, hi, lo_open, hi_open}));
}

ir_id_t ir_size(ir_t *ir, ir_kind_t kind, uint64_t lo, uint64_t hi)
{
    return ir_range(ir, kind, ir_number_of(ir, (int64_t)lo), false,
                    hi == UINT64_MAX ? IR_INFINITE : ir_number_of(ir, (int64_t)hi), false);
}

const ir_ranges_t *ir_ranges_of(const ir_t *ir, ir_id_t id)
{
    const ir_node_t *node = ir_node(ir, id);
    return ir_negated(id) ? node->out : node->in;
}

/* An integer is a multiple of a/10^k exactly if it is one of that fraction's numerator in lowest terms. */
static ir_number_t integer_part_of_multiple(ir_t *ir, ir_number_t of)
{
    if (ir_number_integral(ir, of))
        return of;
    return ir_number_lcm(ir, of, ir_number_of(ir, 1));
}

ir_id_t ir_multiple(ir_t *ir, ir_kind_t kind, ir_number_t of)
{
    if (kind == IR_INTEGER) {
        of = integer_part_of_multiple(ir, of);
        int64_t value;
        if (of == IR_INFINITE) {
            ir_fail(ir, "number-size");
            return IR_YES;
        }
        if (ir_number_i64(ir, of, &value) && value == 1)
            return IR_YES;
    } else if (ir_number_integral(ir, of)) {
        return IR_NO;
    }
    ir_node_t node = {.op = IR_OP_MULTIPLE, .kind = kind, .a = of};
    return intern(ir, &node);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static ir_id_t set_of(ir_t *ir, ir_op_t op, ir_kind_t kind, const uint32_t *members, uint32_t n)
{
    if (n == 0)
        return IR_NO;
    if (n == 1) {
        ir_node_t single = {.op = op, .kind = kind, .n = 1, .kids = members};
        return intern(ir, &single);
    }
    uint32_t *sorted = ARENA_ARRAY(ir->arena, uint32_t, n);
    memcpy(sorted, members, n * sizeof *sorted);
    bool ascending = true;
    for (uint32_t i = 1; i < n && ascending; i++)
        ascending = sorted[i - 1] < sorted[i];
    if (!ascending)
        qsort(sorted, n, sizeof *sorted, by_number);
    uint32_t distinct = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1])
            sorted[distinct++] = sorted[i];
    }
    ir_node_t node = {.op = op, .kind = kind, .n = distinct, .kids = sorted};
    return intern(ir, &node);
}

ir_id_t ir_strings(ir_t *ir, const uint32_t *texts, uint32_t n)
{
    return set_of(ir, IR_OP_STRINGS, IR_STRING, texts, n);
}

ir_id_t ir_string(ir_t *ir, text_t text)
{
    uint32_t number = ir_text(ir, text);
    return ir_strings(ir, &number, 1);
}

ir_id_t ir_values(ir_t *ir, ir_kind_t kind, const uint32_t *values, uint32_t n)
{
    return set_of(ir, IR_OP_VALUES, kind, values, n);
}

ir_id_t ir_pattern(ir_t *ir, text_t text)
{
    ir_node_t node = {.op = IR_OP_PATTERN, .kind = IR_STRING, .a = ir_text(ir, text)};
    return intern(ir, &node);
}

ir_id_t ir_opaque(ir_t *ir, ir_kind_t kind, const char *reason, const jv_t *place, text_t name)
{
    uint32_t number = 0;
    while (number < ir->n_opaques &&
           (ir->opaques[number].place != place || !text_eq(ir->opaques[number].name, name)))
        number++;
    if (number == ir->n_opaques) {
        if (number == ir->opaque_room)
            ir->opaques = table_grow(ir->opaques, &ir->opaque_room, sizeof *ir->opaques);
        ir->opaques[ir->n_opaques++] = (struct ir_opaque){reason, place, name};
    }
    ir_node_t node = {.op = IR_OP_OPAQUE, .kind = kind, .a = number};
    return intern(ir, &node);
}

int ir_opaque_holds(const ir_t *ir, const ir_node_t *node, text_t text)
{
    const struct ir_opaque *opaque = &ir->opaques[node->a];
    js_format_check_t *check = opaque->place == NULL ? js_format_find(opaque->name) : NULL;
    return check == NULL ? -1 : check(text);
}

ir_id_t ir_unique(ir_t *ir)
{
    ir_node_t node = {.op = IR_OP_UNIQUE, .kind = IR_ARRAY};
    return intern(ir, &node);
}

ir_id_t ir_items(ir_t *ir, uint32_t lo, uint32_t hi, ir_id_t schema)
{
    if (schema == IR_YES || lo > hi)
        return IR_YES;
    if (schema == IR_NO) /* no position lo: positions have no gaps */
        return ir_size(ir, IR_ARRAY, 0, lo);
    ir_node_t node = {.op = IR_OP_ITEMS, .kind = IR_ARRAY, .a = lo, .b = hi, .c = schema};
    return intern(ir, &node);
}

ir_id_t ir_count(ir_t *ir, ir_id_t schema, uint64_t n)
{
    if (n == 0)
        return IR_YES;
    if (schema == IR_NO)
        return IR_NO;
    if (schema == IR_YES)
        return ir_size(ir, IR_ARRAY, n, UINT64_MAX);
    if (n == 1)
        return IR_NOT(ir_items(ir, 0, IR_END, IR_NOT(schema)));
    if (n >= UINT32_MAX) {
        ir_fail(ir, "number-size");
        return IR_YES;
    }
    ir_node_t node = {.op = IR_OP_COUNT, .kind = IR_ARRAY, .a = schema, .b = (uint32_t)n};
    return intern(ir, &node);
}

uint32_t ir_single(const ir_t *ir, ir_id_t names)
{
    const ir_node_t *node = ir_node(ir, names);
    return node->op == IR_OP_STRINGS && node->n == 1 && !ir_negated(names) ? node->kids[0] : UINT32_MAX;
}

/* A finite set of names is taken apart: a name of its own meets others of the same name when conjunctions are made. */
static ir_id_t each_of_several(ir_t *ir, const ir_node_t *names, ir_id_t schema)
{
    uint32_t base = ir->stack_n;
    for (uint32_t i = 0; i < names->n; i++)
        ir_push(ir, ir_each(ir, ir_strings(ir, &names->kids[i], 1), schema));
    return ir_and_top(ir, IR_OBJECT, base);
}

ir_id_t ir_each(ir_t *ir, ir_id_t names, ir_id_t schema)
{
    if (schema == IR_YES || names == IR_NO)
        return IR_YES;
    if (schema == IR_NO && names == IR_YES)
        return ir_size(ir, IR_OBJECT, 0, 0);
    const ir_node_t *node = ir_node(ir, names);
    if (node->op == IR_OP_STRINGS && node->n > 1 && !ir_negated(names))
        return each_of_several(ir, node, schema);
    ir_node_t each = {.op = IR_OP_EACH, .kind = IR_OBJECT, .a = names, .b = schema};
    return intern(ir, &each);
}

ir_id_t ir_ref(ir_t *ir, ir_kind_t kind, uint32_t definition)
{
    ir_node_t node = {.op = IR_OP_REF, .kind = kind, .a = definition};
    return intern(ir, &node);
}

ir_id_t ir_conjunction(ir_t *ir, ir_kind_t kind, const ir_id_t *list, uint32_t n)
{
    ir_node_t node = {.op = IR_OP_AND, .kind = kind, .n = n, .kids = list};
    return intern(ir, &node);
}

/* --- schemas ------------------------------------------------------------------------------------------------------------- */

/* Of a schema and its negation, the one with a first formula that is not negated is stored. */
ir_id_t ir_schema(ir_t *ir, const ir_id_t parts[IR_KINDS])
{
    ir_id_t turned = parts[0] & 1u;
    ir_id_t kids[IR_KINDS];
    bool constant = true;
    for (int k = 0; k < IR_KINDS; k++) {
        kids[k] = parts[k] ^ turned;
        constant = constant && kids[k] == IR_YES;
    }
    if (constant)
        return IR_YES ^ turned;
    ir_node_t node = {.op = IR_OP_SCHEMA, .n = IR_KINDS, .kids = kids};
    return intern(ir, &node) ^ turned;
}

ir_id_t ir_kinds(ir_t *ir, unsigned mask)
{
    ir_id_t parts[IR_KINDS];
    for (unsigned k = 0; k < IR_KINDS; k++)
        parts[k] = mask & IR_BIT(k) ? IR_YES : IR_NO;
    return ir_schema(ir, parts);
}

static ir_id_t schema_and(ir_t *ir, ir_id_t a, ir_id_t b)
{
    ir_id_t parts[IR_KINDS];
    for (int k = 0; k < IR_KINDS; k++)
        parts[k] = ir_and2(ir, (ir_kind_t)k, ir_part(ir, a, (ir_kind_t)k), ir_part(ir, b, (ir_kind_t)k));
    return ir_schema(ir, parts);
}

ir_id_t ir_schema_and(ir_t *ir, ir_id_t a, ir_id_t b)
{
    if (a == b || b == IR_YES)
        return a;
    if (a == IR_YES)
        return b;
    if (a == IR_NO || b == IR_NO || a == IR_NOT(b))
        return IR_NO;
    ir_id_t result;
    if (a > b) {
        ir_id_t swap = a;
        a = b;
        b = swap;
    }
    if (ir_cached(ir, a, b, &result))
        return result;
    if (ir->failed != NULL || !ir_enter(ir))
        return IR_NO;
    result = schema_and(ir, a, b);
    ir_leave(ir);
    ir_cache(ir, a, b, result);
    return result;
}

ir_id_t ir_schema_or(ir_t *ir, ir_id_t a, ir_id_t b)
{
    return IR_NOT(ir_schema_and(ir, IR_NOT(a), IR_NOT(b)));
}

uint32_t ir_definition_new(ir_t *ir)
{
    if (ir->n_definitions == ir->definition_room)
        ir->definitions = table_grow(ir->definitions, &ir->definition_room, sizeof *ir->definitions);
    ir->definitions[ir->n_definitions] = IR_INFINITE;
    return ir->n_definitions++;
}

ir_id_t ir_definition(ir_t *ir, uint32_t definition)
{
    ir_id_t parts[IR_KINDS];
    for (int k = 0; k < IR_KINDS; k++)
        parts[k] = ir_ref(ir, (ir_kind_t)k, definition);
    return ir_schema(ir, parts);
}

/* --- constants ----------------------------------------------------------------------------------------------------------- */

ir_kind_t ir_kind_of(ir_t *ir, const jv_t *value)
{
    switch (value->kind) {
    case JV_NULL:
        return IR_NULL;
    case JV_TRUE:
        return IR_TRUTH;
    case JV_FALSE:
        return IR_FALSEHOOD;
    case JV_NUMBER: {
        ir_number_t number = ir_number(ir, value->text);
        return number == IR_INFINITE || ir_number_integral(ir, number) ? IR_INTEGER : IR_FRACTION;
    }
    case JV_STRING:
        return IR_STRING;
    case JV_ARRAY:
        return IR_ARRAY;
    case JV_OBJECT:
        return IR_OBJECT;
    }
    return IR_NULL;
}

ir_id_t ir_constant(ir_t *ir, const jv_t *value)
{
    ir_kind_t kind = ir_kind_of(ir, value);
    ir_id_t parts[IR_KINDS];
    for (int k = 0; k < IR_KINDS; k++)
        parts[k] = IR_NO;
    parts[kind] = IR_YES;
    if (kind == IR_STRING) {
        parts[kind] = ir_string(ir, value->text);
    } else if (kind == IR_INTEGER || kind == IR_FRACTION) {
        ir_number_t number = ir_number(ir, value->text);
        parts[kind] = number == IR_INFINITE ? IR_YES : ir_range(ir, kind, number, false, number, false);
    } else if (kind == IR_ARRAY || kind == IR_OBJECT) {
        uint32_t pooled = ir_value(ir, value);
        parts[kind] = ir_values(ir, kind, &pooled, 1);
    }
    return ir_schema(ir, parts);
}

ir_id_t ir_taken_apart(ir_t *ir, const jv_t *value)
{
    bool is_array = value->kind == JV_ARRAY;
    ir_id_t *list = ARENA_ARRAY(ir->arena, ir_id_t, value->n + 1);
    for (uint32_t i = 0; i < value->n; i++) {
        if (is_array)
            list[i] = IR_NOT(ir_items(ir, i, i, IR_NOT(ir_constant(ir, &value->items[i]))));
        else
            list[i] =
                ir_some(ir, ir_string(ir, value->members[i].name), ir_constant(ir, &value->members[i].value));
    }
    list[value->n] = ir_size(ir, is_array ? IR_ARRAY : IR_OBJECT, value->n, value->n);
    return ir_and(ir, is_array ? IR_ARRAY : IR_OBJECT, list, value->n + 1);
}

/* --- pools --------------------------------------------------------------------------------------------------------------- */

static uint32_t text_hash32(text_t text)
{
    uint64_t wide = text_hash(text, 0);
    return (uint32_t)(wide ^ (wide >> 32));
}

uint32_t ir_text_find(const ir_t *ir, text_t text)
{
    for (table_probe_t probe = table_probe(&ir->text_table, text_hash32(text)); table_next(&probe);) {
        if (text_eq(ir->texts[probe.number], text))
            return probe.number;
    }
    return UINT32_MAX;
}

uint32_t ir_text(ir_t *ir, text_t text)
{
    uint32_t found = ir_text_find(ir, text);
    if (found != UINT32_MAX)
        return found;
    if (ir->n_texts == ir->text_room)
        ir->texts = table_grow(ir->texts, &ir->text_room, sizeof *ir->texts);
    ir->texts[ir->n_texts] = text;
    table_add(&ir->text_table, text_hash32(text), ir->n_texts);
    return ir->n_texts++;
}

uint32_t ir_value(ir_t *ir, const jv_t *value)
{
    uint64_t wide = jv_hash(value);
    uint32_t hash = (uint32_t)(wide ^ (wide >> 32));
    for (table_probe_t probe = table_probe(&ir->value_table, hash); table_next(&probe);) {
        if (jv_equal(ir->values[probe.number], value))
            return probe.number;
    }
    if (ir->n_values == ir->value_room)
        ir->values = table_grow(ir->values, &ir->value_room, sizeof *ir->values);
    ir->values[ir->n_values] = value;
    table_add(&ir->value_table, hash, ir->n_values);
    return ir->n_values++;
}

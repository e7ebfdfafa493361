/* Objects: members with names of their own, and languages of names.
 *
 * A member must satisfy what is said of its name and of every language that has its name. Names that nobody spells out are told apart
 * only by the languages they are in: a class. Demands ("some member with a name in L satisfies T") are met one after another by a member
 * that is there already, by one whose name is spelled out, or by a new name of some class; then the object is filled up to a size that is
 * allowed. All ways are tried before the answer is no.
 */
#include <string.h>

#include "compat/json/strict_search.h"

#define CLASSES_MAX 256
#define MEMBERS_MAX 1024 /* of a witness */
#define DEMANDS_MAX 32

typedef struct {
    uint32_t name; /* text of the pool */
    ir_id_t schema;
    const jv_t *value;
} member_t;

/* A name that a literal spells out. */
typedef struct {
    uint32_t name;
    ir_id_t own; /* what is said of it, languages apart */
    bool required, there;
} named_t;

typedef struct {
    ir_id_t names, schema;
} class_t; /* also a demand */

typedef struct {
    search_t *search;
    const search_list_t *list;
    const ir_ranges_t *sizes;
    named_t *named;
    uint32_t n_named;
    class_t demands[DEMANDS_MAX];
    uint32_t n_demands;
    class_t *classes;
    uint32_t n_classes;
    bool classed, unknown;
    member_t *members;
    uint32_t n_members, member_room;
    const jv_t **value;
} objects_t;

/* --- names ------------------------------------------------------------------------------------------------------------- */

static sat_t has_name(search_t *search, ir_id_t names, uint32_t name)
{
    jv_t value = {.kind = JV_STRING, .text = search->ir->texts[name]};
    return search_formula_holds(search, names, &value);
}

/* What a member of this name must satisfy; `unsure` if it cannot be told whether a language has it (what is told then still holds). */
static ir_id_t member_schema(search_t *search, const search_list_t *list, uint32_t name, ir_id_t own,
                             bool *unsure)
{
    ir_t *ir = search->ir;
    for (uint32_t i = 0; i < list->n_open; i++) {
        const ir_node_t *node = ir_node(ir, list->open[i]);
        sat_t has = has_name(search, node->a, name);
        if (has == SAT_YES)
            own = ir_schema_and(ir, own, node->b);
        *unsure = *unsure || has == SAT_UNKNOWN;
    }
    return own;
}

static ir_id_t schema_of(objects_t *objects, const named_t *named)
{
    return member_schema(objects->search, objects->list, named->name, named->own, &objects->unknown);
}

/* --- reading the list ---------------------------------------------------------------------------------------------------- */

static bool read_list(objects_t *objects)
{
    ir_t *ir = objects->search->ir;
    const search_list_t *list = objects->list;
    objects->named = ARENA_ARRAY(ir->arena, named_t, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        ir_id_t id = list->at[i];
        const ir_node_t *node = ir_node(ir, id);
        if (node->op == IR_OP_RANGE)
            objects->sizes = ir_ranges_of(ir, id);
        if (node->op != IR_OP_EACH)
            continue;
        uint32_t name = ir_single(ir, node->a);
        ir_id_t schema = ir_negated(id) ? IR_NOT(node->b) : node->b;
        if (name != UINT32_MAX)
            objects->named[objects->n_named++] = (named_t){name, schema, ir_negated(id), false};
        else if (ir_negated(id) && objects->n_demands == DEMANDS_MAX)
            return false;
        else if (ir_negated(id))
            objects->demands[objects->n_demands++] = (class_t){node->a, schema};
    }
    return true;
}

/* Splits names by the languages from `next` on. What must satisfy nothing at all is left out. */
static void split(objects_t *objects, uint32_t next, ir_id_t names, ir_id_t schema)
{
    ir_t *ir = objects->search->ir;
    if (names == IR_NO || schema == IR_NO || ir->failed != NULL)
        return;
    if (next == objects->list->n_open) {
        if (objects->n_classes < CLASSES_MAX)
            objects->classes[objects->n_classes++] = (class_t){names, schema};
        else
            objects->unknown = true;
        return;
    }
    const ir_node_t *node = ir_node(ir, objects->list->open[next]);
    ir_id_t within = node->a, more = node->b;
    split(objects, next + 1, ir_and2(ir, IR_STRING, names, IR_NOT(within)), schema);
    split(objects, next + 1, ir_and2(ir, IR_STRING, names, within), ir_schema_and(ir, schema, more));
}

static void classify(objects_t *objects)
{
    ir_t *ir = objects->search->ir;
    if (objects->classed)
        return;
    objects->classed = true;
    uint32_t *names = ARENA_ARRAY(ir->arena, uint32_t, objects->n_named);
    for (uint32_t i = 0; i < objects->n_named; i++)
        names[i] = objects->named[i].name;
    objects->classes = ARENA_ARRAY(ir->arena, class_t, CLASSES_MAX);
    if (objects->list->n_open > 12)
        objects->unknown = true;
    else
        split(objects, 0, IR_NOT(ir_strings(ir, names, objects->n_named)), IR_YES);
}

/* --- members ------------------------------------------------------------------------------------------------------------- */

static sat_t ask(objects_t *objects, ir_id_t schema, const jv_t **value)
{
    sat_t is = search_schema(objects->search, schema, value);
    objects->unknown = objects->unknown || is == SAT_UNKNOWN;
    return is;
}

static bool add_member(objects_t *objects, uint32_t name, ir_id_t schema, const jv_t *value)
{
    if (objects->n_members == MEMBERS_MAX) {
        search_unknown(objects->search, "witness-size", NULL);
        objects->unknown = true;
        return false;
    }
    if (objects->n_members == objects->member_room) {
        uint32_t room = objects->member_room == 0 ? 8 : objects->member_room * 2;
        member_t *larger = ARENA_ARRAY(objects->search->ir->arena, member_t, room);
        if (objects->n_members > 0)
            memcpy(larger, objects->members, objects->n_members * sizeof *larger);
        objects->members = larger;
        objects->member_room = room;
    }
    objects->members[objects->n_members++] = (member_t){name, schema, value};
    return true;
}

static bool has_member(const objects_t *objects, uint32_t name)
{
    uint32_t i = 0;
    while (i < objects->n_members && objects->members[i].name != name)
        i++;
    return i < objects->n_members;
}

/* Names that read well in a message, where one of them will do. */
static bool plain_name(objects_t *objects, ir_id_t names, uint32_t *name)
{
    static const char *const plain[] = {"newField", "other", "x"};
    ir_t *ir = objects->search->ir;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        jv_t word = {.kind = JV_STRING, .text = text_of(plain[i])};
        if (search_formula_holds(objects->search, names, &word) != SAT_YES)
            continue;
        *name = ir_text(ir, word.text);
        return true;
    }
    return false;
}

/* A name of the class, in a language too, that no member has yet. */
static bool new_name(objects_t *objects, const class_t *class, ir_id_t language, uint32_t *name)
{
    search_t *search = objects->search;
    ir_t *ir = search->ir;
    uint32_t *used = ARENA_ARRAY(ir->arena, uint32_t, objects->n_members), n = 0;
    for (uint32_t i = 0; i < objects->n_members; i++)
        used[n++] = objects->members[i].name;
    ir_id_t names = ir_and2(ir, IR_STRING, class->names, language);
    names = ir_and2(ir, IR_STRING, names, IR_NOT(ir_strings(ir, used, n)));
    const jv_t *word;
    if (plain_name(objects, names, name))
        return true;
    sat_t is = search_formula(search, IR_STRING, names, &word);
    objects->unknown = objects->unknown || is == SAT_UNKNOWN;
    if (is == SAT_YES)
        *name = ir_text(ir, word->text);
    return is == SAT_YES;
}

static sat_t add_required(objects_t *objects)
{
    sat_t all = SAT_YES;
    for (uint32_t i = 0; i < objects->n_named; i++) {
        named_t *named = &objects->named[i];
        const jv_t *value;
        if (!named->required)
            continue;
        ir_id_t schema = schema_of(objects, named);
        sat_t is = search_schema(objects->search, schema, &value);
        if (is == SAT_NO)
            return SAT_NO; /* nothing else can help */
        if (is == SAT_UNKNOWN || !add_member(objects, named->name, schema, value))
            all = SAT_UNKNOWN;
        named->there = true;
    }
    return all;
}

/* --- sizes --------------------------------------------------------------------------------------------------------------- */

static bool is_allowed(objects_t *objects, uint64_t size)
{
    return objects->sizes == NULL || ir_ranges_hold_size(objects->search->ir, objects->sizes, size);
}

/* Adds members that nobody asked for until there are `size`; false if there are not so many. */
static bool fill(objects_t *objects, uint64_t size)
{
    const jv_t *value;
    for (uint32_t i = 0; i < objects->n_named && objects->n_members < size; i++) {
        named_t *named = &objects->named[i];
        if (named->required || named->there)
            continue;
        ir_id_t schema = schema_of(objects, named);
        if (ask(objects, schema, &value) == SAT_YES && !add_member(objects, named->name, schema, value))
            return false;
    }
    if (objects->n_members < size)
        classify(objects);
    for (uint32_t c = 0; c < objects->n_classes && objects->n_members < size; c++) {
        uint32_t name;
        if (ask(objects, objects->classes[c].schema, &value) != SAT_YES)
            continue;
        while (objects->n_members < size && new_name(objects, &objects->classes[c], IR_YES, &name)) {
            if (!add_member(objects, name, objects->classes[c].schema, value))
                return false;
        }
    }
    return objects->n_members >= size;
}

/* A few more, when values are to vary. */
static void decorate(objects_t *objects)
{
    search_t *search = objects->search;
    const jv_t *value;
    uint32_t one_in = 2 + search->depth / 4, name; /* less and less on the way down, so that it ends */
    if (!search->varies)
        return;
    for (uint32_t i = 0; i < objects->n_named; i++) {
        named_t *named = &objects->named[i];
        if (named->required || has_member(objects, named->name) || !search_chance(search, one_in))
            continue;
        ir_id_t schema = schema_of(objects, named);
        if (is_allowed(objects, objects->n_members + 1) && search_schema(search, schema, &value) == SAT_YES)
            add_member(objects, named->name, schema, value);
    }
    if (!search_chance(search, 2 * one_in))
        return;
    classify(objects);
    for (uint32_t c = 0; c < objects->n_classes; c++) {
        if (is_allowed(objects, objects->n_members + 1) && search_chance(search, 2) &&
            search_schema(search, objects->classes[c].schema, &value) == SAT_YES &&
            new_name(objects, &objects->classes[c], IR_YES, &name))
            add_member(objects, name, objects->classes[c].schema, value);
    }
}

static sat_t finish(objects_t *objects)
{
    ir_t *ir = objects->search->ir;
    uint32_t before = objects->n_members;
    uint64_t size = before;
    if (objects->unknown && objects->n_members == MEMBERS_MAX)
        return SAT_UNKNOWN;
    if (objects->sizes != NULL && !ir_ranges_next(ir, objects->sizes, before, &size))
        return SAT_NO;
    if (size > MEMBERS_MAX)
        return search_unknown(objects->search, "witness-size", NULL);
    bool filled = fill(objects, size);
    if (filled) {
        decorate(objects);
        jv_t *object = jv_new_object(ir->arena, objects->n_members);
        for (uint32_t i = 0; i < objects->n_members; i++)
            object->members[i] = (jv_member_t){.name = ir->texts[objects->members[i].name],
                                               .value = *objects->members[i].value};
        *objects->value = object;
        if (!search_is_practical(object))
            return search_unknown(objects->search, "witness-size", NULL);
    }
    objects->n_members = before;
    return filled ? SAT_YES : SAT_NO;
}

/* --- demands --------------------------------------------------------------------------------------------------------------- */

static sat_t meet(objects_t *objects, uint32_t next);

static sat_t meet_by_member(objects_t *objects, uint32_t next)
{
    ir_t *ir = objects->search->ir;
    const class_t *demand = &objects->demands[next];
    for (uint32_t i = 0; i < objects->n_members; i++) {
        member_t before = objects->members[i];
        const jv_t *value;
        sat_t has = has_name(objects->search, demand->names, before.name);
        objects->unknown = objects->unknown || has == SAT_UNKNOWN;
        ir_id_t schema = has == SAT_YES ? ir_schema_and(ir, before.schema, demand->schema) : IR_NO;
        if (schema == IR_NO || ask(objects, schema, &value) != SAT_YES)
            continue;
        objects->members[i] = (member_t){before.name, schema, value};
        if (meet(objects, next + 1) == SAT_YES)
            return SAT_YES;
        objects->members[i] = before;
    }
    return SAT_NO;
}

static sat_t meet_with(objects_t *objects, uint32_t next, uint32_t name, ir_id_t schema)
{
    const jv_t *value;
    if (schema == IR_NO || ask(objects, schema, &value) != SAT_YES)
        return SAT_NO;
    uint32_t before = objects->n_members;
    if (!add_member(objects, name, schema, value))
        return SAT_NO;
    sat_t is = meet(objects, next + 1);
    objects->n_members = before;
    return is;
}

static sat_t meet_by_named(objects_t *objects, uint32_t next)
{
    ir_t *ir = objects->search->ir;
    const class_t *demand = &objects->demands[next];
    for (uint32_t i = 0; i < objects->n_named; i++) {
        named_t *named = &objects->named[i];
        if (named->there || named->required)
            continue;
        sat_t has = has_name(objects->search, demand->names, named->name);
        objects->unknown = objects->unknown || has == SAT_UNKNOWN;
        if (has != SAT_YES)
            continue;
        named->there = true;
        ir_id_t schema = ir_schema_and(ir, schema_of(objects, named), demand->schema);
        sat_t is = meet_with(objects, next, named->name, schema);
        named->there = false;
        if (is == SAT_YES)
            return SAT_YES;
    }
    return SAT_NO;
}

static sat_t meet_by_class(objects_t *objects, uint32_t next)
{
    ir_t *ir = objects->search->ir;
    const class_t *demand = &objects->demands[next];
    classify(objects);
    for (uint32_t c = 0; c < objects->n_classes; c++) {
        ir_id_t schema = ir_schema_and(ir, objects->classes[c].schema, demand->schema);
        uint32_t name;
        if (schema == IR_NO || !new_name(objects, &objects->classes[c], demand->names, &name))
            continue;
        if (meet_with(objects, next, name, schema) == SAT_YES)
            return SAT_YES;
    }
    return SAT_NO;
}

/* Demands from `next` on. Depth is at most DEMANDS_MAX. What is not SAT_YES may be `unknown` as well as no. */
static sat_t meet(objects_t *objects, uint32_t next)
{
    if (!ir_spend(objects->search->ir, 4)) {
        objects->unknown = true;
        return SAT_NO;
    }
    if (next == objects->n_demands) {
        sat_t is = finish(objects);
        objects->unknown = objects->unknown || is == SAT_UNKNOWN;
        return is;
    }
    if (meet_by_member(objects, next) == SAT_YES || meet_by_named(objects, next) == SAT_YES ||
        meet_by_class(objects, next) == SAT_YES)
        return SAT_YES;
    return SAT_NO;
}

/* Where it could not be told whether a language has a name, a yes is only a guess; the replay judges it. */
sat_t search_object(search_t *search, const search_list_t *list, const jv_t **value)
{
    objects_t *objects = ARENA_NEW(search->ir->arena, objects_t);
    objects->search = search;
    objects->list = list;
    objects->value = value;
    if (!read_list(objects))
        return search_unknown(search, "budget-search", NULL);
    sat_t is = add_required(objects);
    if (is == SAT_YES)
        is = meet(objects, 0);
    if (is == SAT_NO && objects->unknown)
        return search_unknown(search, "names", NULL);
    return is;
}

/* --- one more literal ------------------------------------------------------------------------------------------------------ */

/* What the list says of a name, languages apart. */
static ir_id_t find_named(search_t *search, const search_list_t *list, ir_id_t names, bool *required)
{
    const ir_t *ir = search->ir;
    uint64_t key = (uint64_t)IR_OP_EACH << 60 | (uint64_t)(names & 0x3fffffffu) << 30;
    uint32_t lo = 0, hi = list->n_literals;
    while (lo < hi) {
        uint32_t middle = lo + (hi - lo) / 2;
        if (ir_key(ir, list->at[middle]) < key)
            lo = middle + 1;
        else
            hi = middle;
    }
    *required = false;
    if (lo == list->n_literals || ir_op(ir, list->at[lo]) != IR_OP_EACH ||
        ir_node(ir, list->at[lo])->a != names)
        return IR_YES;
    *required = ir_negated(list->at[lo]);
    ir_id_t schema = ir_node(ir, list->at[lo])->b;
    return *required ? IR_NOT(schema) : schema;
}

/* "Every member named p satisfies S", or its negation, beside what is known of p. */
static literal_t test_named(search_t *search, const search_list_t *list, ir_id_t literal, uint32_t name)
{
    ir_t *ir = search->ir;
    const ir_node_t *node = ir_node(ir, literal);
    ir_id_t schema = node->b;
    bool required, unsure = false;
    ir_id_t own = find_named(search, list, node->a, &required);
    ir_id_t known = member_schema(search, list, name, own, &unsure);
    bool holds = ir_schema_and(ir, known, IR_NOT(schema)) == IR_NO;
    if (holds)
        return ir_negated(literal) ? LITERAL_FAILS : LITERAL_HOLDS;
    if (required && ir_schema_and(ir, known, schema) == IR_NO)
        return ir_negated(literal) ? LITERAL_HOLDS : LITERAL_FAILS;
    return LITERAL_OPEN;
}

static literal_t test_language(search_t *search, const search_list_t *list, ir_id_t literal)
{
    ir_t *ir = search->ir;
    const ir_node_t *node = ir_node(ir, literal);
    ir_id_t names = node->a, known = IR_YES;
    for (uint32_t i = 0; i < list->n_open; i++) {
        const ir_node_t *other = ir_node(ir, list->open[i]);
        if (ir_and2(ir, IR_STRING, names, IR_NOT(other->a)) == IR_NO)
            known = ir_schema_and(ir, known, other->b);
    }
    if (ir_schema_and(ir, known, IR_NOT(node->b)) == IR_NO)
        return ir_negated(literal) ? LITERAL_FAILS : LITERAL_HOLDS;
    return LITERAL_OPEN;
}

literal_t search_object_literal(search_t *search, const search_list_t *list, ir_id_t literal)
{
    ir_t *ir = search->ir;
    const ir_node_t *node = ir_node(ir, literal);
    if (node->op == IR_OP_EACH) {
        uint32_t name = ir_single(ir, node->a);
        return name != UINT32_MAX ? test_named(search, list, literal, name)
                                  : test_language(search, list, literal);
    }
    for (uint32_t i = 0; i < list->n_literals && ir_op(ir, list->at[i]) <= (ir_op_t)node->op; i++) {
        if (list->at[i] == literal)
            return LITERAL_HOLDS;
        if (ir_op(ir, list->at[i]) != (ir_op_t)node->op)
            continue;
        if (ir_and2(ir, IR_OBJECT, list->at[i], literal) == IR_NO)
            return LITERAL_FAILS;
        if (ir_and2(ir, IR_OBJECT, list->at[i], IR_NOT(literal)) == IR_NO)
            return LITERAL_HOLDS;
    }
    return LITERAL_OPEN;
}

sat_t search_object_hope(search_t *search, const search_list_t *list, ir_id_t literal)
{
    ir_t *ir = search->ir;
    const ir_node_t *node = ir_node(ir, literal);
    uint32_t name = node->op == IR_OP_EACH && ir_negated(literal) ? ir_single(ir, node->a) : UINT32_MAX;
    bool required, unsure = false;
    if (name == UINT32_MAX)
        return SAT_YES;
    ir_id_t own = find_named(search, list, node->a, &required);
    ir_id_t known = member_schema(search, list, name, own, &unsure);
    return search_schema(search, ir_schema_and(ir, known, IR_NOT(node->b)), NULL);
}

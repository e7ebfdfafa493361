#include "compat/avro/av_walk.h"

#include <stdlib.h>
#include <string.h>

/* --- matching two types ------------------------------------------------------------------------------------------------------ */

#define ON(kind) (1u << (kind))

/* By the reader's kind: the writer's kinds that it takes. Avro 1.12, "Schema Resolution": promotions, and the kind itself. */
static const uint16_t takes[AV_KIND_N] = {
    [AV_NULL] = ON(AV_NULL),
    [AV_BOOLEAN] = ON(AV_BOOLEAN),
    [AV_INT] = ON(AV_INT),
    [AV_LONG] = ON(AV_LONG) | ON(AV_INT),
    [AV_FLOAT] = ON(AV_FLOAT) | ON(AV_INT) | ON(AV_LONG),
    [AV_DOUBLE] = ON(AV_DOUBLE) | ON(AV_INT) | ON(AV_LONG) | ON(AV_FLOAT),
    [AV_BYTES] = ON(AV_BYTES) | ON(AV_STRING),
    [AV_STRING] = ON(AV_STRING) | ON(AV_BYTES),
    [AV_FIXED] = ON(AV_FIXED),
    [AV_ENUM] = ON(AV_ENUM),
    [AV_ARRAY] = ON(AV_ARRAY),
    [AV_MAP] = ON(AV_MAP),
    [AV_RECORD] = ON(AV_RECORD),
};

/* Equal simple names, or the writer's full name among the reader's aliases. */
static bool names_match(const av_type_t *reader, const av_type_t *writer)
{
    if (av_same(reader->name.simple, writer->name.simple))
        return true;
    for (uint32_t i = 0; i < reader->n_aliases; i++)
        if (av_same(reader->aliases[i].full, writer->name.full))
            return true;
    return false;
}

bool walk_match(const av_type_t *reader, const av_type_t *writer, rule_t *rule)
{
    if (!(takes[reader->kind] & ON(writer->kind))) {
        *rule = RULE_AVRO_TYPE;
        return false;
    }
    if (reader->kind <= AV_STRING && reader->logical != AV_DECIMAL)
        return true;
    if (av_is_named(reader) && !names_match(reader, writer)) {
        *rule = RULE_AVRO_NAME;
        return false;
    }
    if (reader->kind == AV_FIXED && reader->n != writer->n) {
        *rule = RULE_AVRO_SIZE;
        return false;
    }
    /* "Decimal": the only logical type that takes part in resolution */
    if (reader->logical == AV_DECIMAL && writer->logical == AV_DECIMAL &&
        (reader->precision != writer->precision || reader->scale != writer->scale)) {
        *rule = RULE_AVRO_DECIMAL;
        return false;
    }
    return true;
}

/* --- Avro Java's reader, where names are ambiguous ------------------------------------------------------------------------------ */

static uint32_t choose_by_full_name(const av_type_t *reader, const av_type_t *writer, unsigned depth);

static bool has_alias(const av_type_t *reader, text_t full)
{
    for (uint32_t i = 0; i < reader->n_aliases; i++)
        if (av_same(reader->aliases[i].full, full))
            return true;
    return false;
}

static int32_t field_for(const av_type_t *writer, const av_field_t *field)
{
    int32_t found = av_field_find(writer, field->name);
    for (uint32_t i = 0; found < 0 && i < field->n_aliases; i++)
        found = av_field_find(writer, field->aliases[i]);
    return found;
}

static bool lacks_field(const av_type_t *reader, const av_type_t *writer)
{
    for (uint32_t i = 0; i < reader->n; i++)
        if (field_for(writer, &reader->fields[i]) < 0 && !reader->fields[i].fallback)
            return true;
    return false;
}

/* Would Java see at once, without looking inside, that these two do not go together? */
static bool fails_at_once(const av_type_t *reader, const av_type_t *writer, unsigned depth)
{
    if (writer->kind == AV_UNION || depth == 0)
        return false;
    if (reader->kind == AV_UNION)
        return choose_by_full_name(reader, writer, depth - 1) == NO_BRANCH;
    if (!(takes[reader->kind] & ON(writer->kind)))
        return true;
    if (reader->kind == AV_RECORD)
        return lacks_field(reader, writer);
    return (reader->kind == AV_ENUM || reader->kind == AV_FIXED) &&
           (!names_match(reader, writer) || (reader->kind == AV_FIXED && reader->n != writer->n));
}

static bool structure_fits(const av_type_t *reader, const av_type_t *writer, unsigned depth)
{
    if (lacks_field(reader, writer))
        return false;
    for (uint32_t i = 0; i < reader->n; i++) {
        int32_t from = field_for(writer, &reader->fields[i]);
        if (from >= 0 && fails_at_once(reader->fields[i].slot.type, writer->fields[from].slot.type, depth))
            return false;
    }
    return true;
}

/* The full name; else, for records, the last branch that fits by structure and simple name, or the first that fits at all. */
static uint32_t choose_by_full_name(const av_type_t *reader, const av_type_t *writer, unsigned depth)
{
    uint32_t chosen = NO_BRANCH;
    for (uint32_t i = 0; i < reader->n; i++) {
        const av_type_t *branch = reader->branches[i].type;
        if (branch->kind != writer->kind)
            continue;
        if (!av_is_named(writer) || av_same(branch->name.full, writer->name.full) ||
            has_alias(branch, writer->name.full))
            return i;
        if (writer->kind != AV_RECORD || !structure_fits(branch, writer, depth))
            continue;
        if (chosen == NO_BRANCH || av_same(branch->name.simple, writer->name.simple))
            chosen = i;
    }
    for (uint32_t i = 0; chosen == NO_BRANCH && i < reader->n; i++)
        if (av_is_primitive(writer) && takes[reader->branches[i].type->kind] & ON(writer->kind))
            chosen = i;
    return chosen;
}

typedef struct {
    pairs_t met;
    uint64_t steps;
} likeness_t;

#define LIKENESS_DEPTH 100
#define LIKENESS_STEPS 10000

static bool alike(likeness_t *l, const av_type_t *reader, const av_type_t *writer, unsigned depth);

static bool parts_alike(likeness_t *l, const av_type_t *reader, const av_type_t *writer, unsigned depth)
{
    for (uint32_t i = 0; i < reader->n; i++) {
        if (reader->kind == AV_RECORD &&
            (!av_same(reader->fields[i].name, writer->fields[i].name) ||
             !alike(l, reader->fields[i].slot.type, writer->fields[i].slot.type, depth)))
            return false;
        if (reader->kind == AV_UNION && !alike(l, reader->branches[i].type, writer->branches[i].type, depth))
            return false;
        if (reader->kind == AV_ENUM && !av_same(reader->symbols[i], writer->symbols[i]))
            return false;
    }
    return true;
}

/* Equal but for namespaces, docs, defaults and all that, part by part: Java then takes the branches of two unions as they come. */
static bool alike(likeness_t *l, const av_type_t *reader, const av_type_t *writer, unsigned depth)
{
    bool fresh;
    if (reader->kind != writer->kind || !depth || ++l->steps > LIKENESS_STEPS)
        return false;
    if (reader->kind <= AV_STRING)
        return true;
    if (reader->kind == AV_ARRAY || reader->kind == AV_MAP)
        return alike(l, reader->item.type, writer->item.type, depth - 1);
    if (reader->n != writer->n || (av_is_named(reader) && !av_same(reader->name.simple, writer->name.simple)))
        return false;
    if (reader->kind == AV_FIXED)
        return true;
    pairs_at(&l->met, reader->id, writer->id, &fresh);
    return !fresh || parts_alike(l, reader, writer, depth - 1);
}

static bool unions_alike(const av_type_t *reader, const av_type_t *writer)
{
    likeness_t l = {.met = PAIRS_EMPTY};
    bool answer = alike(&l, reader, writer, LIKENESS_DEPTH);
    pairs_dispose(&l.met);
    return answer;
}

/* How deep Java's look at structure is followed. */
#define STRUCTURE_DEPTH 4

static uint32_t choose(walk_t *w, const av_type_t *reader, const av_type_t *writer)
{
    rule_t rule;
    uint32_t chosen = NO_BRANCH;
    bool ambiguous = false;
    for (uint32_t i = 0; i < reader->n; i++) {
        const av_type_t *branch = reader->branches[i].type;
        if (branch->kind != writer->kind && chosen != NO_BRANCH)
            continue;
        if (chosen == NO_BRANCH && walk_match(branch, writer, &rule)) {
            chosen = i;
            if (!av_is_named(writer))
                break;
        }
        if (branch->kind == writer->kind && av_is_named(writer) &&
            av_same(branch->name.simple, writer->name.simple) &&
            !av_same(branch->name.full, writer->name.full))
            ambiguous = true;
    }
    w->steps += reader->n;
    if (!ambiguous)
        return chosen;
    w->ambiguous = true;
    return w->choice == CHOICE_FULL_NAME ? choose_by_full_name(reader, writer, STRUCTURE_DEPTH) : chosen;
}

/* --- the walk ------------------------------------------------------------------------------------------------------------------ */

/* Has this pair been met before? It has now. */
static bool met_before(walk_t *w, const av_type_t *reader, const av_type_t *writer)
{
    uint32_t *partner = &w->_partner[reader->id];
    if (!*partner) {
        *partner = writer->id + 1;
        return false;
    }
    if (*partner == writer->id + 1)
        return true;
    bool fresh;
    pairs_at(&w->_pairs, reader->id, writer->id, &fresh);
    return !fresh;
}

static uint32_t visit_add(walk_t *w, const visit_t *visit)
{
    if (w->n_visits == w->_room_visits) {
        uint32_t room = w->_room_visits * 2;
        visit_t *more = w->visits == w->_own_visits ? malloc(room * sizeof *more)
                                                    : realloc(w->visits, room * sizeof *more);
        if (!more)
            abort();
        if (w->visits == w->_own_visits)
            memcpy(more, w->visits, w->n_visits * sizeof *more);
        w->visits = more;
        w->_room_visits = room;
    }
    w->visits[w->n_visits] = *visit;
    return w->n_visits++;
}

static void break_add(walk_t *w, rule_t rule, uint32_t visit, uint32_t index)
{
    if (w->n_breaks == w->_room_breaks) {
        uint32_t room = w->_room_breaks * 2;
        break_t *more = w->breaks == w->_own_breaks ? malloc(room * sizeof *more)
                                                    : realloc(w->breaks, room * sizeof *more);
        if (!more)
            abort();
        if (w->breaks == w->_own_breaks)
            memcpy(more, w->breaks, w->n_breaks * sizeof *more);
        w->breaks = more;
        w->_room_breaks = room;
    }
    w->breaks[w->n_breaks++] = (break_t){rule, visit, index};
}

/* A pair behind the unions. Pairs of primitives are decided here, so that most fields cost one look at a table. */
static void meet(walk_t *w, const visit_t *visit)
{
    const av_type_t *reader = visit->reader, *writer = visit->writer;
    if (!w->collect && writer->kind <= AV_STRING && reader->kind <= AV_STRING) {
        rule_t rule;
        if (!walk_match(reader, writer, &rule))
            break_add(w, rule, visit_add(w, visit), 0);
        return;
    }
    if (!met_before(w, reader, writer))
        visit_add(w, visit);
}

static void take_branch(walk_t *w, const visit_t *visit)
{
    if (visit->reader->kind != AV_UNION) {
        meet(w, visit);
        return;
    }
    uint32_t chosen = choose(w, visit->reader, visit->writer);
    if (chosen == NO_BRANCH) {
        break_add(w, RULE_AVRO_NO_BRANCH, visit_add(w, visit), 0);
        return;
    }
    visit_t taken = *visit;
    taken.reader = visit->reader->branches[chosen].type;
    taken.reader_branch = chosen;
    meet(w, &taken);
}

/* Goes to a pair: once for each branch that the writer can write. */
static void go(walk_t *w, const visit_t *visit)
{
    const av_type_t *writer = visit->writer;
    if (writer->kind != AV_UNION) {
        if (av_inhabited(writer))
            take_branch(w, visit);
        return;
    }
    bool in_order = w->choice == CHOICE_FULL_NAME && visit->reader->kind == AV_UNION &&
                    unions_alike(visit->reader, writer);
    for (uint32_t i = 0; i < writer->n; i++) {
        visit_t branch = *visit;
        branch.writer = writer->branches[i].type;
        branch.writer_branch = i;
        if (!av_inhabited(branch.writer))
            continue;
        if (!in_order) {
            take_branch(w, &branch);
            continue;
        }
        branch.reader = visit->reader->branches[i].type;
        branch.reader_branch = i;
        meet(w, &branch);
    }
    w->steps += writer->n;
}

static void go_field(walk_t *w, uint32_t from, uint32_t reader_field, uint32_t writer_field)
{
    const visit_t *at = &w->visits[from];
    visit_t visit = {.reader = at->reader->fields[reader_field].slot.type,
                     .writer = at->writer->fields[writer_field].slot.type,
                     .parent = from,
                     .step = STEP_FIELD,
                     .reader_field = reader_field,
                     .writer_field = writer_field,
                     .writer_branch = NO_BRANCH,
                     .reader_branch = NO_BRANCH};
    go(w, &visit);
}

static void go_item(walk_t *w, uint32_t from)
{
    const visit_t *at = &w->visits[from];
    visit_t visit = {.reader = at->reader->item.type,
                     .writer = at->writer->item.type,
                     .parent = from,
                     .step = STEP_ITEM,
                     .writer_branch = NO_BRANCH,
                     .reader_branch = NO_BRANCH};
    go(w, &visit);
}

static void fill(walk_t *w, uint32_t from, const av_field_t *field, uint32_t i)
{
    if (!field->fallback)
        break_add(w, RULE_AVRO_MISSING_DEFAULT, from, i);
    else if (!field->fallback_fits)
        break_add(w, RULE_AVRO_BAD_DEFAULT, from, i);
}

static void visit_plain_record(walk_t *w, uint32_t from)
{
    const av_type_t *reader = w->visits[from].reader, *writer = w->visits[from].writer;
    for (uint32_t i = 0; i < reader->n && (w->collect || !w->n_breaks); i++) {
        const av_field_t *field = &reader->fields[i];
        /* most fields stand where they stood */
        int32_t found = i < writer->n && av_same(writer->fields[i].name, field->name)
                            ? (int32_t)i
                            : av_field_find(writer, field->name);
        if (found < 0)
            fill(w, from, field, i);
        else
            go_field(w, from, i, (uint32_t)found);
    }
}

/* The writer's fields that carry the reader's field's name or one of its aliases: how many, and the last. */
static uint32_t matches_of(const av_type_t *writer, const av_field_t *field, int32_t *found)
{
    *found = av_field_find(writer, field->name);
    uint32_t n = *found >= 0;
    for (uint32_t i = 0; i < field->n_aliases; i++) {
        int32_t by_alias = av_field_find(writer, field->aliases[i]);
        if (by_alias >= 0 && by_alias != *found) {
            *found = by_alias;
            n++;
        }
    }
    return n;
}

static void claims_reset(walk_t *w, uint32_t n)
{
    if (n > w->_room_claims) {
        free(w->_claims);
        w->_claims = malloc(n * sizeof *w->_claims);
        if (!w->_claims)
            abort();
        w->_room_claims = n;
    }
    if (n)
        memset(w->_claims, 0, n * sizeof *w->_claims);
}

/* Avro Java ties the aliases of fields to the full name of their record, or to one of its aliases. */
static bool aliases_reach(walk_t *w, const av_type_t *reader, const av_type_t *writer)
{
    if (av_same(reader->name.full, writer->name.full) || has_alias(reader, writer->name.full))
        return true;
    w->ambiguous = true;
    return w->choice == CHOICE_SPECIFICATION;
}

/* With aliases, a field of the writer may be wanted twice, and a field of the reader may be offered twice. Either way
 * implementations differ: the specification forbids such schemas, and messages break. */
static void visit_aliased_record(walk_t *w, uint32_t from)
{
    const av_type_t *reader = w->visits[from].reader, *writer = w->visits[from].writer;
    claims_reset(w, writer->n);
    for (uint32_t i = 0; i < reader->n && (w->collect || !w->n_breaks); i++) {
        int32_t found;
        uint32_t n = matches_of(writer, &reader->fields[i], &found);
        w->steps += 1 + reader->fields[i].n_aliases;
        if (n > 1)
            break_add(w, RULE_AVRO_ALIAS_CLASH, from, i);
        else if (n == 0)
            fill(w, from, &reader->fields[i], i);
        else if (w->_claims[found]++)
            break_add(w, RULE_AVRO_ALIAS_COLLIDES, from, i);
        else
            go_field(w, from, i, (uint32_t)found);
    }
}

static void visit_enum(walk_t *w, uint32_t at)
{
    const av_type_t *reader = w->visits[at].reader, *writer = w->visits[at].writer;
    if (reader->fallback >= 0)
        return;
    w->steps += writer->n;
    for (uint32_t i = 0; i < writer->n; i++) {
        if (i < reader->n && av_same(reader->symbols[i], writer->symbols[i]))
            continue;
        if (av_symbol_find(reader, writer->symbols[i]) < 0) {
            break_add(w, RULE_AVRO_SYMBOL, at, i);
            return;
        }
    }
}

/* Does another type of the reader call itself the writer's type, by an alias? */
static bool is_claimed_elsewhere(walk_t *w, const av_type_t *reader, const av_type_t *writer)
{
    const av_schema_t *schema = w->_reader;
    if (!av_is_named(reader))
        return false;
    w->steps += schema->n_aliases;
    for (uint32_t i = 0; i < schema->n_aliases; i++)
        if (schema->aliases[i].type != reader && av_same(schema->aliases[i].full, writer->name.full) &&
            !av_same(schema->aliases[i].type->name.full, reader->name.full))
            return true;
    return false;
}

static void visit(walk_t *w, uint32_t at)
{
    const av_type_t *reader = w->visits[at].reader, *writer = w->visits[at].writer;
    rule_t rule;
    if (reader->kind == AV_UNION)
        return; /* no branch: it has been noted */
    if (!walk_match(reader, writer, &rule)) {
        break_add(w, rule, at, 0);
        return;
    }
    if (is_claimed_elsewhere(w, reader, writer)) {
        break_add(w, RULE_AVRO_TYPE_ALIAS, at, 0);
        return;
    }
    if (reader->kind == AV_RECORD) {
        w->steps += reader->n;
        if (reader->has_aliases && aliases_reach(w, reader, writer))
            visit_aliased_record(w, at);
        else
            visit_plain_record(w, at);
    } else if (reader->kind == AV_ENUM) {
        visit_enum(w, at);
    } else if (reader->kind == AV_ARRAY || reader->kind == AV_MAP) {
        go_item(w, at);
    }
}

void walk_init(walk_t *walk, choice_t choice, bool collect, uint64_t max_steps)
{
    walk->choice = choice;
    walk->collect = collect;
    walk->ambiguous = walk->exhausted = false;
    walk->steps = 0;
    walk->max_steps = max_steps;
    walk->visits = walk->_own_visits;
    walk->n_visits = 0;
    walk->_room_visits = WALK_VISITS;
    walk->breaks = walk->_own_breaks;
    walk->n_breaks = 0;
    walk->_room_breaks = sizeof walk->_own_breaks / sizeof *walk->_own_breaks;
    walk->_claims = NULL;
    walk->_room_claims = 0;
    walk->_partner = walk->_own_partner;
    walk->_pairs = PAIRS_EMPTY;
}

void walk_run(walk_t *walk, const av_schema_t *reader, const av_schema_t *writer)
{
    if (reader->n_types > WALK_TYPES) {
        walk->_partner = calloc(reader->n_types, sizeof *walk->_partner);
        if (!walk->_partner)
            abort();
    } else {
        memset(walk->_own_partner, 0, reader->n_types * sizeof *walk->_partner);
    }
    walk->_reader = reader;
    visit_t top = {.reader = reader->root.type,
                   .writer = writer->root.type,
                   .writer_branch = NO_BRANCH,
                   .reader_branch = NO_BRANCH};
    go(walk, &top);
    for (uint32_t at = 0; at < walk->n_visits; at++) {
        if (walk->n_breaks && !walk->collect)
            return;
        if (++walk->steps > walk->max_steps) {
            walk->exhausted = true;
            return;
        }
        visit(walk, at);
    }
}

void walk_dispose(walk_t *walk)
{
    if (walk->visits != walk->_own_visits)
        free(walk->visits);
    if (walk->breaks != walk->_own_breaks)
        free(walk->breaks);
    if (walk->_partner != walk->_own_partner)
        free(walk->_partner);
    free(walk->_claims);
    if (walk->_pairs._room)
        pairs_dispose(&walk->_pairs);
}

/* av_strict.c - the verdict that is true: a break that can be reached, shown by a message that was really refused.
 *
 * The walk only proposes. Each break is turned into the smallest message that meets it, written with the writer's schema and
 * read by the separately written decoder; only what it refuses is a finding. What cannot be replayed (a message too large or
 * too deep to build) makes the verdict undecided, never incompatible and never compatible.
 */
#include <string.h>

#include "compat/avro/av_check.h"
#include "compat/avro/av_explain.h"
#include "compat/avro/av_value.h"

typedef struct {
    const schema_t *reader, *writer;
    const check_options_t *options;
    arena_t *arena;
    report_t *report;
    findings_t findings;
    break_t *breaks; /* of the findings, for the fixes */
    uint32_t *
        avoid; /* by the writer's type id: what breaks anyway, so that a message shows one break and not another */
    uint64_t shown; /* bytes of witnesses so far */
} check_t;

/* All witnesses of a report together. */
#define SHOWN_MAX (8u << 20)

/* --- the smallest message that meets a break ---------------------------------------------------------------------------------- */

static const av_type_t *written_as(const walk_t *walk, const av_schema_t *writer, const visit_t *visit)
{
    const av_type_t *parent = walk->visits[visit->parent].writer;
    if (visit->step == STEP_TOP)
        return writer->root.type;
    return visit->step == STEP_ITEM ? parent->item.type : parent->fields[visit->writer_field].slot.type;
}

static av_value_t *in_branch(const av_type_t *type, uint32_t branch, av_value_t *value, arena_t *arena)
{
    av_value_t *wrapped = av_value_new(type, arena);
    wrapped->branch = branch;
    wrapped->items[0] = value;
    return wrapped;
}

static av_value_t *in_container(const av_type_t *type, av_value_t *value, arena_t *arena)
{
    av_value_t *wrapped = av_value_new(type, arena);
    wrapped->n = 1;
    wrapped->items = ARENA_ARRAY(arena, av_value_t *, 1);
    wrapped->keys = ARENA_ARRAY(arena, text_t, 1);
    wrapped->keys[0] = TEXT("key");
    wrapped->items[0] = value;
    return wrapped;
}

static av_value_t *in_record(const check_t *c, const av_type_t *type, uint32_t field, av_value_t *value)
{
    av_value_t *wrapped = av_value_new(type, c->arena);
    for (uint32_t i = 0; i < type->n; i++) {
        wrapped->items[i] =
            i == field ? value
                       : av_smallest(type->fields[i].slot.type, c->avoid, &c->options->limits, c->arena);
        if (!wrapped->items[i])
            return NULL;
    }
    return wrapped;
}

/* Built outwards from the break. NULL if it would be too large or too deep. */
static av_value_t *message_for(const check_t *c, const walk_t *walk, const break_t *broken)
{
    const av_schema_t *writer = av_schema_of(c->writer);
    const limits_t *limits = &c->options->limits;
    const visit_t *visit = &walk->visits[broken->visit];
    av_value_t *value = av_smallest(visit->writer, c->avoid, limits, c->arena);
    uint64_t cost = visit->writer->cost;
    if (value && broken->rule == RULE_AVRO_SYMBOL)
        value->integer = broken->index;
    for (uint32_t depth = 0; value; depth++) {
        if (visit->writer_branch != NO_BRANCH)
            value = in_branch(written_as(walk, writer, visit), visit->writer_branch, value, c->arena);
        if (visit->step == STEP_TOP)
            return value;
        const visit_t *parent = &walk->visits[visit->parent];
        cost += parent->writer->cost;
        if (cost > AV_SMALLEST_MAX || depth >= limits->max_depth)
            return NULL;
        value = visit->step == STEP_ITEM ? in_container(parent->writer, value, c->arena)
                                         : in_record(c, parent->writer, visit->writer_field, value);
        visit = parent;
    }
    return NULL;
}

static text_t hex_of(text_t bytes, arena_t *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * bytes.bytes + 1);
    for (size_t i = 0; i < bytes.bytes; i++) {
        text[2 * i] = digits[(unsigned char)bytes.at[i] >> 4];
        text[2 * i + 1] = digits[(unsigned char)bytes.at[i] & 15];
    }
    return (text_t){text, 2 * bytes.bytes};
}

/* Is this what the break says: the same type of the reader, and of a record the same field? */
static bool is_about(const refusal_t *refusal, const walk_t *walk, const break_t *broken)
{
    const visit_t *visit = &walk->visits[broken->visit];
    bool of_field = broken->rule == RULE_AVRO_MISSING_DEFAULT || broken->rule == RULE_AVRO_BAD_DEFAULT ||
                    broken->rule == RULE_AVRO_ALIAS_CLASH || broken->rule == RULE_AVRO_ALIAS_COLLIDES;
    return refusal->reader == visit->reader && refusal->field == (of_field ? broken->index : NO_FIELD);
}

/* The message, if a consumer really refuses it, for this reason and not just for another; else NULL. */
static witness_t *replay(check_t *c, const walk_t *walk, const break_t *broken)
{
    arena_mark_t mark = arena_mark(c->arena);
    av_value_t *value = message_for(c, walk, broken);
    if (!value) {
        arena_rewind(c->arena, mark);
        return NULL;
    }
    buf_t binary, json;
    buf_init(&binary, BUF_NO_MAX);
    buf_init(&json, BUF_NO_MAX);
    av_encode_binary(value, &binary);
    av_encode_json(value, &json);
    arena_rewind(c->arena, mark);
    witness_t *witness = ARENA_NEW(c->arena, witness_t);
    decode_options_t how = {c->options->limits, walk->choice == CHOICE_FULL_NAME};
    mark = arena_mark(c->arena);
    const refusal_t *refusal;
    decode_t result = av_refusals(av_schema_of(c->writer), av_schema_of(c->reader), buf_text(&binary), &how,
                                  c->arena, &refusal);
    while (result == DECODE_REFUSED && refusal && !is_about(refusal, walk, broken))
        refusal = refusal->next;
    if (result == DECODE_REFUSED && refusal) {
        witness->hex = hex_of(buf_text(&binary), c->arena);
        witness->json = buf_take(&json, c->arena);
        witness->refusal = refusal->sentence;
        c->shown += witness->json.bytes + witness->hex.bytes;
    } else {
        arena_rewind(c->arena, mark);
        witness = NULL;
    }
    buf_dispose(&binary);
    buf_dispose(&json);
    return witness;
}

/* --- the verdict ----------------------------------------------------------------------------------------------------------------- */

/* Did a field go missing because its alias was not looked at? */
static bool is_alias_out_of_reach(const walk_t *walk, const break_t *broken)
{
    const visit_t *visit = &walk->visits[broken->visit];
    if (broken->rule != RULE_AVRO_MISSING_DEFAULT && broken->rule != RULE_AVRO_BAD_DEFAULT)
        return false;
    const av_field_t *field = &visit->reader->fields[broken->index];
    for (uint32_t i = 0; i < field->n_aliases; i++)
        if (av_field_find(visit->writer, field->aliases[i]) >= 0)
            return true;
    return false;
}

static void keep_break(check_t *c, const walk_t *walk, const break_t *broken, const witness_t *witness)
{
    c->report->verdict = VERDICT_INCOMPATIBLE;
    if (!c->report->witness)
        c->report->witness = witness;
    break_t named = *broken;
    if (walk->choice == CHOICE_FULL_NAME)
        named.rule = is_alias_out_of_reach(walk, broken) ? RULE_AVRO_ALIAS_SPACE : RULE_AVRO_AMBIGUOUS;
    finding_t *finding = findings_add(&c->findings, named.rule, c->arena);
    if (!finding)
        return;
    story_t story = {c->reader, c->writer, walk, c->arena};
    av_explain_break(&story, &named, finding);
    finding->witness = witness;
    c->breaks[c->findings.n - 1] = named;
}

/* What other fields of a witness had better not hold. */
static void avoid_breaks(check_t *c, const walk_t *walk)
{
    c->avoid = ARENA_ARRAY(c->arena, uint32_t, av_schema_of(c->writer)->n_types);
    for (uint32_t i = 0; i < walk->n_breaks; i++) {
        const visit_t *visit = &walk->visits[walk->breaks[i].visit];
        uint32_t known = 0;
        if (walk->breaks[i].rule == RULE_AVRO_SYMBOL)
            while (known < visit->writer->n &&
                   av_symbol_find(visit->reader, visit->writer->symbols[known]) < 0)
                known++;
        if (visit->writer->kind != AV_ENUM || known < visit->writer->n)
            c->avoid[visit->writer->id] = 1 + known;
    }
}

/* Replays the breaks of a walk, in the order in which they were met. False if there were some and none could be replayed. */
static bool replay_breaks(check_t *c, const walk_t *walk)
{
    size_t before = c->findings.n;
    bool replayed = false;
    size_t room = before + walk->n_breaks;
    room = room < c->options->max_findings ? room : c->options->max_findings;
    c->breaks = ARENA_ARRAY(c->arena, break_t, room);
    if (walk->n_breaks > 1)
        avoid_breaks(c, walk);
    for (uint32_t i = 0; i < walk->n_breaks; i++) {
        if (replayed && (c->findings.n >= c->findings.max || c->shown > SHOWN_MAX))
            break;
        const witness_t *witness = replay(c, walk, &walk->breaks[i]);
        if (!witness)
            continue;
        replayed = true;
        keep_break(c, walk, &walk->breaks[i], witness);
    }
    return replayed || !walk->n_breaks;
}

static void undecided(check_t *c, const char *reason, const char *text)
{
    c->report->verdict = VERDICT_UNDECIDED;
    c->report->reason = reason;
    c->report->reason_text = text_of(text);
}

/* One walk and what follows from it; true if it settles the verdict. */
static bool decide(check_t *c, walk_t *walk, choice_t choice, bool collect)
{
    walk_init(walk, choice, collect, c->options->limits.max_steps);
    walk_run(walk, av_schema_of(c->reader), av_schema_of(c->writer));
    c->report->steps += walk->steps;
    if (!replay_breaks(c, walk)) {
        undecided(
            c, "witness-size",
            "reading breaks, but the smallest message that shows it is too large or too deep to be built");
        return true;
    }
    if (c->report->verdict == VERDICT_INCOMPATIBLE)
        return true;
    if (walk->exhausted) {
        undecided(c, "budget-walk", "comparing the two schemas takes more than max_steps");
        return true;
    }
    return false;
}

static void say_no_message(check_t *c)
{
    finding_t *finding = findings_add(&c->findings, RULE_AVRO_NO_MESSAGE, c->arena);
    if (!finding)
        return;
    finding->sentence = TEXT("the writer allows no message at all, so none can break");
    finding->writer = av_place_type(av_schema_of(c->writer), av_schema_of(c->writer)->root.type, c->arena);
    finding->reader = (place_t){TEXT(""), 0, 0};
}

static void explain(check_t *c, const walk_t *walk)
{
    story_t story = {c->reader, c->writer, walk, c->arena};
    size_t n_breaks = c->report->verdict == VERDICT_INCOMPATIBLE ? c->findings.n : 0;
    if (n_breaks && c->options->fix != FIX_NONE)
        av_fix_findings(&story, c->options, c->findings.at, c->breaks, n_breaks);
    av_explain_meaning(&story, &c->findings);
    if (!av_inhabited(av_schema_of(c->writer)->root.type))
        say_no_message(c);
}

const report_t *av_check_strict(const schema_t *reader, const schema_t *writer,
                                const check_options_t *options, arena_t *arena)
{
    check_t c = {.reader = reader, .writer = writer, .options = options, .arena = arena};
    c.report = ARENA_NEW(arena, report_t);
    c.findings.max = options->max_findings;
    walk_t walk;
    bool collect = options->max_findings > 0;
    if (av_is_same_schema(av_schema_of(reader), av_schema_of(writer))) {
        /* readers resolve nothing then: aliases and the order of branches play no part */
        if (collect && !av_inhabited(av_schema_of(writer)->root.type))
            say_no_message(&c);
        c.report->findings = c.findings.at;
        c.report->n_findings = c.findings.n;
        return c.report;
    }
    bool decided = decide(&c, &walk, CHOICE_SPECIFICATION, collect);
    if (decided && c.report->verdict == VERDICT_UNDECIDED && !collect) {
        /* the first break could not be shown; another may */
        walk_dispose(&walk);
        c.report->reason = NULL;
        c.report->verdict = VERDICT_COMPATIBLE;
        decided = decide(&c, &walk, CHOICE_SPECIFICATION, true);
    }
    if (!decided && walk.ambiguous) {
        walk_dispose(&walk);
        decide(&c, &walk, CHOICE_FULL_NAME, collect);
    }
    if (collect)
        explain(&c, &walk);
    walk_dispose(&walk);
    c.report->findings = c.findings.at;
    c.report->n_findings = c.findings.n;
    return c.report;
}

/* Why a pair is incompatible, in findings.
 *
 * The validator that replays a witness also says which keyword of the reader refused it and where: that is the finding. Then the
 * reader is read again as if that keyword (that one required name, that one member) were not there, and the search goes on for a message that
 * breaks something else. What is left out only makes the reader allow more, so that every further witness is one for the reader
 * itself too, and it is replayed against the reader itself.
 */
#include <stdlib.h>
#include <string.h>

#include "compat/json/pattern.h"
#include "compat/json/strict_check.h"

#define ERRORS_MAX  16 /* contradictions that one witness may show */
#define BLOCKED_MAX 256
#define WALK_MAX    64 /* schemas in place that are looked into for one step of the way to the writer's place */

enum {
#define RULE(id, name, class, meaning) RULE_##id,
#include "compat/rules.def"
#undef RULE
};

static const char *const rule_names[] = {
#define RULE(id, name, class, meaning) [RULE_##id] = name,
#include "compat/rules.def"
#undef RULE
};

static const struct {
    const char *keyword;
    unsigned rule;
} rules[] = {
    {"type", RULE_JSON_TYPE},
    {"enum", RULE_JSON_VALUE},
    {"const", RULE_JSON_VALUE},
    {"minimum", RULE_JSON_RANGE},
    {"maximum", RULE_JSON_RANGE},
    {"exclusiveMinimum", RULE_JSON_RANGE},
    {"exclusiveMaximum", RULE_JSON_RANGE},
    {"multipleOf", RULE_JSON_MULTIPLE},
    {"minLength", RULE_JSON_LENGTH},
    {"maxLength", RULE_JSON_LENGTH},
    {"pattern", RULE_JSON_PATTERN},
    {"format", RULE_JSON_FORMAT},
    {"minItems", RULE_JSON_ITEMS},
    {"maxItems", RULE_JSON_ITEMS},
    {"items", RULE_JSON_ITEMS},
    {"additionalItems", RULE_JSON_ITEMS},
    {"uniqueItems", RULE_JSON_UNIQUE},
    {"contains", RULE_JSON_CONTAINS},
    {"minContains", RULE_JSON_CONTAINS},
    {"maxContains", RULE_JSON_CONTAINS},
    {"required", RULE_JSON_REQUIRED},
    {"dependencies", RULE_JSON_DEPENDENCY},
    {"dependentRequired", RULE_JSON_DEPENDENCY},
    {"additionalProperties", RULE_JSON_PROPERTY},
    {"unevaluatedProperties", RULE_JSON_PROPERTY},
    {"minProperties", RULE_JSON_MEMBERS},
    {"maxProperties", RULE_JSON_MEMBERS},
    {"anyOf", RULE_JSON_ANY_OF},
    {"oneOf", RULE_JSON_ONE_OF},
    {"not", RULE_JSON_NOT},
};

typedef struct {
    strict_t *check;
    report_t *report;
    front_blocked_t blocked[BLOCKED_MAX];
    size_t n_blocked, max_findings;
    finding_t *findings;
    size_t n_findings, room;
    witness_t *witness; /* of the value at hand */
    const jv_t *value;
} explain_t;

/* --- places ---------------------------------------------------------------------------------------------------------------- */

/* The last step of a pointer, unescaped. */
static text_t last_token(text_t pointer, arena_t *arena)
{
    size_t at = pointer.bytes;
    while (at > 0 && pointer.at[at - 1] != '/')
        at--;
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    for (size_t i = at; i < pointer.bytes; i++) {
        bool escaped = pointer.at[i] == '~' && i + 1 < pointer.bytes;
        if (escaped)
            i++;
        buf_add_char(&buf, escaped ? (pointer.at[i] == '1' ? '/' : '~') : pointer.at[i]);
    }
    text_t token = buf_take(&buf, arena);
    buf_dispose(&buf);
    return token;
}

static text_t parent_of(text_t pointer)
{
    while (pointer.bytes > 0 && pointer.at[pointer.bytes - 1] != '/')
        pointer.bytes--;
    if (pointer.bytes > 0)
        pointer.bytes--;
    return pointer;
}

/* The way through the writer's schemas along the witness. */
typedef struct {
    explain_t *explain;
    front_at_t at;
    uint32_t budget;
} walk_t;

static bool walk_resolved(walk_t *walk, front_at_t at, front_at_t *out)
{
    const js_resources_t *resources = walk->explain->check->writer.json->resources;
    const js_resource_t *own = js_resource_of(resources, at.schema);
    if (own != NULL)
        at.resource = own;
    const jv_t *ref = jv_get(at.schema, "$ref");
    js_place_t place;
    *out = at;
    if (ref == NULL || ref->kind != JV_STRING ||
        js_resolve(resources, at.resource, ref->text, walk->explain->check->scratch, &place, NULL) != 0)
        return false;
    *out = (front_at_t){place.schema, place.resource};
    return true;
}

static const jv_t *member_schema(const front_at_t *at, text_t name, arena_t *arena)
{
    const jv_t *found = jv_get_text(front_keyword(at, "properties"), name);
    const jv_t *patterns = front_keyword(at, "patternProperties");
    if (found != NULL)
        return found;
    for (uint32_t i = 0; patterns != NULL && patterns->kind == JV_OBJECT && i < patterns->n; i++) {
        js_matcher_t matcher = {.arena = arena};
        uint64_t steps = 0;
        const js_pattern_t *pattern = js_pattern_compile(patterns->members[i].name, arena);
        if (js_pattern_match(pattern, name, &matcher, &steps, 10000) == JS_MATCH_YES)
            return &patterns->members[i].value;
    }
    return front_keyword(at, "additionalProperties");
}

static const jv_t *item_schema(const front_at_t *at, text_t token)
{
    const jv_t *prefix = front_keyword(at, "prefixItems"), *items = front_keyword(at, "items");
    uint64_t index = strtoull(token.at, NULL, 10);
    if (prefix == NULL && items != NULL && items->kind == JV_ARRAY) {
        prefix = items;
        items = front_keyword(at, "additionalItems");
    }
    if (prefix != NULL && prefix->kind == JV_ARRAY && index < prefix->n)
        return &prefix->items[index];
    return items;
}

/* One step into a member or an item, through references and schemas in place. */
static bool walk_step(walk_t *walk, front_at_t at, text_t token, bool into_array)
{
    static const char *const in_place[] = {"allOf", "anyOf", "oneOf"};
    arena_t *scratch = walk->explain->check->scratch;
    front_at_t target;
    if (at.schema->kind != JV_OBJECT || walk->budget == 0)
        return false;
    walk->budget--;
    bool refers = walk_resolved(walk, at, &target);
    if (!refers)
        at = target;
    const jv_t *found = into_array ? item_schema(&at, token) : member_schema(&at, token, scratch);
    if (found != NULL && (found->kind == JV_OBJECT || found->kind == JV_TRUE || found->kind == JV_FALSE)) {
        walk->at = (front_at_t){found, at.resource};
        return true;
    }
    if (refers && walk_step(walk, target, token, into_array))
        return true;
    for (size_t i = 0; i < sizeof in_place / sizeof *in_place; i++) {
        const jv_t *branches = front_keyword(&at, in_place[i]);
        for (uint32_t b = 0; branches != NULL && branches->kind == JV_ARRAY && b < branches->n; b++) {
            if (walk_step(walk, (front_at_t){&branches->items[b], at.resource}, token, into_array))
                return true;
        }
    }
    return false;
}

static place_t place_at(explain_t *explain, const front_at_t *at, const char *keyword)
{
    strict_t *check = explain->check;
    const jv_member_t *member = keyword == NULL ? NULL : jv_member(at->schema, text_of(keyword));
    text_t pointer = js_pointer(check->writer.json->resources, at->schema, check->arena);
    place_t place = {pointer, at->schema->line, at->schema->column};
    if (member != NULL) {
        place.pointer = text_printf(check->arena, TEXT_FMT "/%s", TEXT_ARG(pointer), keyword);
        place.line = member->line;
        place.column = member->column;
    }
    return place;
}

/* The writer's schema for the place of the instance, followed through references until one has the keyword; or the last schema on the way,
 * and false in `whole`. */
static front_at_t writer_schema(explain_t *explain, text_t instance, const char *keyword, bool *whole)
{
    const js_resource_t *root = explain->check->writer.json->root;
    walk_t walk = {.explain = explain, .at = {root->root, root}};
    *whole = true;
    for (size_t i = 0; i < instance.bytes;) {
        size_t end = i + 1;
        while (end < instance.bytes && instance.at[end] != '/')
            end++;
        const jv_t *value = jv_at_pointer(explain->value, (text_t){instance.at, i});
        text_t token = last_token((text_t){instance.at, end}, explain->check->scratch);
        walk.budget = WALK_MAX;
        if (!walk_step(&walk, walk.at, token, value != NULL && value->kind == JV_ARRAY)) {
            *whole = false;
            return walk.at;
        }
        i = end;
    }
    for (int hop = 0; hop < 8; hop++) {
        front_at_t target;
        if (jv_get(walk.at.schema, keyword == NULL ? "" : keyword) != NULL ||
            !walk_resolved(&walk, walk.at, &target))
            break;
        walk.at = target;
    }
    return walk.at;
}

/* What the writer says about the place of the instance: the same keyword if it has it, else the schema. */
static place_t writer_place(explain_t *explain, text_t instance, const char *keyword)
{
    bool whole;
    front_at_t at = writer_schema(explain, instance, keyword, &whole);
    return place_at(explain, &at, whole ? keyword : NULL);
}

/* --- one contradiction -------------------------------------------------------------------------------------------------------- */

/* A keyword of the reader that refused the witness. */
typedef struct {
    const js_error_t *error;
    const char *keyword; /* NULL: a schema that allows nothing */
    unsigned rule;
    const jv_t *
        value; /* of the keyword; of the schema where there is no keyword; NULL when it is not in the main document */
    text_t name;          /* of a member that is refused as such */
    const jv_t *declared; /* what the writer's `properties` declare beside that member */
    bool required;
} refusal_t;

static bool is_blocked(const explain_t *explain, const jv_t *keyword, text_t name)
{
    for (size_t i = 0; i < explain->n_blocked; i++) {
        const front_blocked_t *blocked = &explain->blocked[i];
        if (blocked->keyword != keyword)
            continue;
        if (blocked->others ? jv_get_text(blocked->but, name) == NULL
                            : blocked->name.at == NULL || (name.at != NULL && text_eq(blocked->name, name)))
            return true;
    }
    return false;
}

/* The first required name that the witness lacks and that is not a finding yet. */
static const jv_t *lacking(explain_t *explain, const refusal_t *refusal)
{
    const jv_t *object = jv_at_pointer(explain->value, refusal->error->instance);
    for (uint32_t i = 0; refusal->value->kind == JV_ARRAY && i < refusal->value->n; i++) {
        const jv_t *name = &refusal->value->items[i];
        if (name->kind == JV_STRING && jv_get_text(object, name->text) == NULL &&
            !is_blocked(explain, name, TEXT_NONE))
            return name;
    }
    return NULL;
}

/* Is the schema of the error below `keyword`, which then is one and not a property of that name? */
static bool is_under(text_t pointer, const char *keyword, arena_t *scratch)
{
    for (; pointer.bytes > 0; pointer = parent_of(pointer)) {
        text_t before = last_token(parent_of(pointer), scratch);
        if (text_is(last_token(pointer, scratch), keyword) && !text_is(before, "properties") &&
            !text_is(before, "patternProperties"))
            return true;
    }
    return false;
}

/* Of a schema that is false: what it is that the reader does not allow there. */
static unsigned rule_of_nothing(text_t last, text_t before)
{
    static const char *const of_items[] = {"items", "prefixItems", "additionalItems", "unevaluatedItems"};
    if (text_is(before, "properties") || text_is(before, "patternProperties"))
        return RULE_JSON_PROPERTY;
    for (size_t i = 0; i < sizeof of_items / sizeof *of_items; i++) {
        if (text_is(last, of_items[i]) || text_is(before, of_items[i]))
            return RULE_JSON_ITEMS;
    }
    return RULE_JSON_NOTHING;
}

static unsigned rule_of(const refusal_t *refusal, arena_t *scratch)
{
    text_t pointer = refusal->error->keyword;
    if (is_under(pointer, "propertyNames", scratch))
        return RULE_JSON_NAME;
    if (refusal->keyword == NULL)
        return rule_of_nothing(last_token(pointer, scratch), last_token(parent_of(pointer), scratch));
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(rules[i].keyword, refusal->keyword) == 0)
            return rules[i].rule;
    }
    return RULE_JSON_NOTHING;
}

static refusal_t refusal_of(explain_t *explain, const js_error_t *error)
{
    strict_t *check = explain->check;
    refusal_t refusal = {.error = error};
    const jv_t *tree = check->reader.schema->tree, *at = jv_at_pointer(tree, error->keyword);
    text_t token = last_token(error->keyword, check->scratch);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (text_is(token, rules[i].keyword))
            refusal.keyword = rules[i].keyword;
    }
    const jv_t *parent = refusal.keyword == NULL ? NULL : jv_at_pointer(tree, parent_of(error->keyword));
    const jv_member_t *member = parent == NULL ? NULL : jv_member(parent, token);
    if (member != NULL && member->line == error->line && member->column == error->column) {
        refusal.value = at;
    } else if (at != NULL && at->line == error->line && at->column == error->column) {
        refusal.keyword = NULL; /* the schema itself, under a name like a keyword's */
        refusal.value = at;
    }
    refusal.rule = rule_of(&refusal, check->scratch);
    if (refusal.value == NULL || refusal.keyword == NULL)
        return refusal;
    if (strcmp(refusal.keyword, "additionalProperties") == 0 && refusal.value->kind == JV_FALSE) {
        bool whole;
        front_at_t at_member = writer_schema(explain, parent_of(error->instance), "properties", &whole);
        refusal.name = last_token(error->instance, check->arena);
        refusal.declared = front_keyword(&at_member, "properties");
    }
    refusal.required = strcmp(refusal.keyword, "required") == 0;
    return refusal;
}

static text_t sentence_of(explain_t *explain, const refusal_t *refusal, text_t name)
{
    arena_t *arena = explain->check->arena;
    text_t where = refusal->error->instance, last = last_token(where, explain->check->scratch);
    bool of_member = refusal->rule == RULE_JSON_PROPERTY || refusal->rule == RULE_JSON_NAME;
    if (of_member)
        where = parent_of(where);
    text_t in =
        where.bytes == 0 ? TEXT("a message") : text_printf(arena, "a value at " TEXT_FMT, TEXT_ARG(where));
    if (name.at != NULL && refusal->required)
        return text_printf(arena,
                           "the writer allows " TEXT_FMT " without the property \"" TEXT_FMT
                           "\", which the reader requires",
                           TEXT_ARG(in), TEXT_ARG(name));
    if (refusal->rule == RULE_JSON_PROPERTY && refusal->name.at != NULL &&
        jv_get_text(refusal->declared, refusal->name) == NULL)
        return text_printf(arena,
                           "the writer allows " TEXT_FMT
                           " with properties that it does not list, such as \"" TEXT_FMT
                           "\", which the reader does not allow",
                           TEXT_ARG(in), TEXT_ARG(refusal->name));
    if (refusal->rule == RULE_JSON_PROPERTY)
        return text_printf(arena,
                           "the writer allows " TEXT_FMT " with the property \"" TEXT_FMT
                           "\", which the reader does not allow",
                           TEXT_ARG(in), TEXT_ARG(last));
    if (refusal->rule == RULE_JSON_NAME)
        return text_printf(arena,
                           "the writer allows " TEXT_FMT " with a property called \"" TEXT_FMT
                           "\", and the reader no such name: it " TEXT_FMT,
                           TEXT_ARG(in), TEXT_ARG(last),
                           refusal->keyword == NULL ? 14 : (int)refusal->error->sentence.bytes,
                           refusal->keyword == NULL ? "allows no name" : refusal->error->sentence.at);
    if (refusal->keyword == NULL)
        return text_printf(arena, "the writer allows " TEXT_FMT "; the reader allows nothing there",
                           TEXT_ARG(in));
    return text_printf(arena, "the writer allows " TEXT_FMT " that the reader refuses: it " TEXT_FMT,
                       TEXT_ARG(in), TEXT_ARG(refusal->error->sentence));
}

/* The property that is missing, or one too many; none where the reader takes none that it does not list. */
static text_t member_of(explain_t *explain, const refusal_t *refusal, text_t name)
{
    arena_t *arena = explain->check->arena;
    if (refusal->required)
        return name.at != NULL ? text_copy(arena, name) : TEXT_NONE;
    if (refusal->rule != RULE_JSON_PROPERTY || refusal->keyword == NULL || refusal->name.at == NULL)
        return TEXT_NONE;
    return jv_get_text(refusal->declared, refusal->name) != NULL ? refusal->name : TEXT_NONE;
}

static void make_room(explain_t *explain)
{
    size_t room = explain->room > 0 ? 2 * explain->room : 4;
    finding_t *more = ARENA_ARRAY(explain->check->arena, finding_t, room);
    if (explain->n_findings > 0)
        memcpy(more, explain->findings, explain->n_findings * sizeof *more);
    explain->findings = more;
    explain->room = room;
}

static void add_finding(explain_t *explain, const refusal_t *refusal, text_t name)
{
    if (explain->n_findings == explain->room)
        make_room(explain);
    finding_t *finding = &explain->findings[explain->n_findings++];
    const js_error_t *error = refusal->error;
    text_t instance = error->instance;
    finding->rule = rule_names[refusal->rule];
    finding->class = CLASS_BREAKING;
    finding->reader = (place_t){text_copy(explain->check->arena, error->keyword), error->line, error->column};
    finding->writer = writer_place(explain, instance, refusal->keyword);
    finding->sentence = sentence_of(explain, refusal, name);
    finding->member = member_of(explain, refusal, name);
    finding->witness = explain->witness;
}

/* --- one witness ------------------------------------------------------------------------------------------------------------- */

static void block(explain_t *explain, front_blocked_t blocked)
{
    if (explain->n_blocked < BLOCKED_MAX)
        explain->blocked[explain->n_blocked++] = blocked;
}

/* False if it is nothing new. */
static bool take_refusal(explain_t *explain, const js_error_t *error)
{
    refusal_t refusal = refusal_of(explain, error);
    if (refusal.value == NULL) {
        add_finding(explain, &refusal, TEXT_NONE);
        return false; /* elsewhere than in the main document: nothing to leave out */
    }
    if (is_blocked(explain, refusal.value, refusal.name))
        return false;
    if (refusal.required) {
        const jv_t *name = lacking(explain, &refusal);
        if (name == NULL)
            return false;
        add_finding(explain, &refusal, name->text);
        block(explain, (front_blocked_t){.keyword = name});
        return true;
    }
    add_finding(explain, &refusal, refusal.name);
    if (refusal.name.at != NULL && jv_get_text(refusal.declared, refusal.name) == NULL)
        block(explain, (front_blocked_t){.keyword = refusal.value, .others = true, .but = refusal.declared});
    else
        block(explain, (front_blocked_t){.keyword = refusal.value, .name = refusal.name});
    return true;
}

static witness_t *show(explain_t *explain, const jv_t *value)
{
    witness_t *witness = ARENA_NEW(explain->check->arena, witness_t);
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    jv_print(&buf, value);
    witness->json = buf_take(&buf, explain->check->arena);
    buf_dispose(&buf);
    return witness;
}

/* Every contradiction of one message is a finding. False if there was nothing new. */
static bool take_witness(explain_t *explain, const jv_t *value)
{
    strict_t *check = explain->check;
    js_result_t result =
        js_validate(check->reader.validator, value, ERRORS_MAX, &check->options->limits, check->scratch);
    bool new = false;
    explain->value = value;
    explain->witness = show(explain, value);
    if (result.n_errors > 0)
        explain->witness->refusal = text_copy(check->arena, result.errors[0].sentence);
    if (explain->report->witness == NULL)
        explain->report->witness = explain->witness;
    for (size_t i = 0; i < result.n_errors && explain->n_findings < explain->max_findings; i++)
        new = take_refusal(explain, &result.errors[i]) || new;
    return new;
}

/* A message that breaks something else than what was found already. */
static const jv_t *next_witness(explain_t *explain)
{
    strict_t *check = explain->check;
    front_options_t options = {check->options->assert_format, explain->blocked, explain->n_blocked};
    ir_id_t less = front_read(&check->ir, check->reader.json->resources, &options);
    ir_id_t wanted = ir_schema_and(&check->ir, check->writer.formula, IR_NOT(less));
    const jv_t *value;
    if (check->ir.failed != NULL || search_schema(&check->search, wanted, &value) != SAT_YES)
        return NULL;
    return strict_replay(check, value) ? value : NULL;
}

void strict_explain(strict_t *check, const jv_t *value, report_t *report)
{
    explain_t *explain = ARENA_NEW(check->scratch, explain_t);
    explain->check = check;
    explain->report = report;
    explain->max_findings = check->options->max_findings;
    check->search.varies = false;
    if (explain->max_findings == 0) {
        report->witness = show(explain, value);
        return;
    }
    for (bool new = true; new &&value != NULL;) {
        new = take_witness(explain, value) && explain->n_findings < explain->max_findings;
        value = new ? next_witness(explain) : NULL;
    }
    report->findings = explain->findings;
    report->n_findings = explain->n_findings;
}

/* confluent_same.c - which branches of a combined schema say the same: Confluent counts them once.
 *
 * Upstream prints both and compares the texts. Here every node gets a number by what it says, from the leaves up: two nodes
 * that say the same have the same number, and each is described once.
 */
#include "compat/json/confluent_build.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    text_t *texts;  /* by number - 1 */
    uint64_t *seen; /* by number - 1: the round that saw it last */
    uint32_t n, room;
    uint32_t *slots;  /* numbers; 0 is free */
    uint32_t n_slots; /* a power of two */
} meanings_t;

typedef struct {
    cf_build_t *build;
    meanings_t meanings;
    buf_t text;     /* the descriptions under way, one after the other */
    uint64_t round; /* of looking through a list of branches */
} same_t;

static uint32_t meaning_slot(const meanings_t *meanings, text_t text)
{
    uint32_t slot = (uint32_t)text_hash(text, 0) & (meanings->n_slots - 1);

    while (meanings->slots[slot] != 0 && !text_eq(meanings->texts[meanings->slots[slot] - 1], text))
        slot = (slot + 1) & (meanings->n_slots - 1);
    return slot;
}

static void meanings_grow(meanings_t *meanings, arena_t *scratch)
{
    uint32_t room = meanings->room == 0 ? 64 : meanings->room * 2;
    text_t *texts = ARENA_ARRAY(scratch, text_t, room);
    uint64_t *seen = ARENA_ARRAY(scratch, uint64_t, room);

    if (meanings->n > 0) {
        memcpy(texts, meanings->texts, sizeof(*texts) * meanings->n);
        memcpy(seen, meanings->seen, sizeof(*seen) * meanings->n);
    }
    meanings->texts = texts;
    meanings->seen = seen;
    meanings->room = room;
    meanings->n_slots = room * 2;
    meanings->slots = ARENA_ARRAY(scratch, uint32_t, meanings->n_slots);
    for (uint32_t i = 0; i < meanings->n; i++)
        meanings->slots[meaning_slot(meanings, texts[i])] = i + 1;
}

static uint32_t meaning_number(meanings_t *meanings, text_t text, arena_t *scratch)
{
    if (meanings->n == meanings->room)
        meanings_grow(meanings, scratch);
    uint32_t slot = meaning_slot(meanings, text);
    if (meanings->slots[slot] == 0) {
        meanings->texts[meanings->n] = text_copy(scratch, text);
        meanings->slots[slot] = ++meanings->n;
    }
    return meanings->slots[slot];
}

/* --- descriptions ---------------------------------------------------------------------------------------------------- */

static uint32_t meaning_of(same_t *same, cf_node_t *node);

static void node_add(same_t *same, const char *tag, cf_node_t *node)
{
    if (node != NULL)
        buf_printf(&same->text, "%s %" PRIu32, tag, node->meaning);
}

static void count_add(same_t *same, const char *tag, cf_count_t count)
{
    if (count.given)
        buf_printf(&same->text, "%s %" PRId64, tag, count.value);
}

static void bound_add(same_t *same, const char *tag, cf_bound_t bound)
{
    if (bound.given)
        buf_printf(&same->text, "%s %a", tag, bound.value);
}

static void members_add(same_t *same, const char *tag, const cf_members_t *members)
{
    for (uint32_t i = 0; i < members->n; i++) {
        if (members->at[i].node == NULL)
            continue;
        buf_add_s(&same->text, tag);
        jv_print_string(&same->text, members->at[i].name);
        buf_printf(&same->text, "%" PRIu32 "%s", members->at[i].node->meaning,
                   members->at[i].required ? "!" : "");
    }
}

/* A keyword that the model leaves out, as it was written. */
static void keyword_add(same_t *same, const cf_node_t *node, const char *keyword)
{
    const jv_t *value = jv_get(node->at, keyword);

    if (value == NULL || !cf_keyword_known(cf_keyword_find(text_of(keyword)), node->dialect))
        return;
    buf_add_s(&same->text, keyword);
    jv_print_sorted(&same->text, value);
}

static void object_add(same_t *same, const cf_node_t *node)
{
    const cf_object_t *object = node->object;
    const jv_t *required = jv_get(node->at, "required");

    members_add(same, "properties", &object->properties);
    members_add(same, "patternProperties", &object->patterns);
    members_add(same, "dependencies", &object->schema_dependencies);
    if (required != NULL && required->n > 0)
        keyword_add(same, node, "required");
    for (uint32_t i = 0; i < object->n_name_dependencies; i++) {
        jv_print_string(&same->text, object->name_dependencies[i].name);
        for (uint32_t j = 0; j < object->name_dependencies[i].n; j++)
            jv_print_string(&same->text, object->name_dependencies[i].names[j]);
    }
    keyword_add(same, node, "propertyNames");
    buf_add_s(&same->text, object->closed ? "closed" : "");
    node_add(same, "additionalProperties", object->additional);
    node_add(same, "unevaluatedProperties", object->unevaluated);
    count_add(same, "minProperties", object->min_properties);
    count_add(same, "maxProperties", object->max_properties);
}

static void array_add(same_t *same, const cf_node_t *node)
{
    const cf_array_t *array = node->array;

    node_add(same, "items", array->all_items);
    for (uint32_t i = 0; i < array->n_tuple; i++)
        node_add(same, "item", array->tuple[i]);
    keyword_add(same, node, "contains");
    buf_add_s(&same->text, array->closed ? "only" : "");
    buf_add_s(&same->text, array->unique ? "unique" : "");
    node_add(same, "additionalItems", array->additional);
    node_add(same, "unevaluatedItems", array->unevaluated);
    count_add(same, "minItems", array->min_items);
    count_add(same, "maxItems", array->max_items);
    count_add(same, "minContains", array->min_contains);
    count_add(same, "maxContains", array->max_contains);
}

/* Draft 4's exclusive flags. */
static void flag_add(same_t *same, const cf_node_t *node, const char *keyword)
{
    const jv_t *flag = jv_get(node->at, keyword);

    if (flag != NULL && flag->kind == JV_TRUE)
        buf_add_s(&same->text, keyword);
}

static void number_add(same_t *same, const cf_node_t *node)
{
    const cf_number_t *number = node->number;

    buf_add_s(&same->text, number->integer ? "integer" : "");
    bound_add(same, "minimum", number->minimum);
    bound_add(same, "maximum", number->maximum);
    bound_add(same, "exclusiveMinimum", number->exclusive_minimum);
    bound_add(same, "exclusiveMaximum", number->exclusive_maximum);
    if (number->multiple_of != NULL)
        buf_printf(&same->text, "*" TEXT_FMT,
                   TEXT_ARG(decimal_text(number->multiple_of, same->build->scratch)));
    flag_add(same, node, "exclusiveMinimum");
    flag_add(same, node, "exclusiveMaximum");
}

static void string_add(same_t *same, const cf_node_t *node)
{
    const cf_string_t *string = node->string;

    count_add(same, "minLength", string->min_length);
    count_add(same, "maxLength", string->max_length);
    if (string->pattern != NULL)
        jv_print(&same->text, string->pattern);
    if (string->format != NULL)
        jv_print(&same->text, string->format);
}

/* An allOf that nobody wrote prints as its parts do, one after the other (in the later drafts: like any other). */
static void combined_add(same_t *same, const cf_node_t *node)
{
    const cf_combined_t *combined = node->combined;
    bool inlined = combined->generated && !node->modern;

    if (!inlined)
        buf_add_s(&same->text, cf_criterion_name(combined->criterion));
    for (uint32_t i = 0; i < combined->n; i++) {
        if (inlined)
            buf_add(&same->text, same->meanings.texts[combined->branches[i]->meaning - 1]);
        else
            node_add(same, "branch", combined->branches[i]);
    }
}

/* The kinds that are found by their keywords are not named: without any they print as the empty schema does. */
static void kind_add(same_t *same, const cf_node_t *node)
{
    bool found = node->kind == CF_STRING || node->kind == CF_NUMBER || node->kind == CF_OBJECT ||
                 node->kind == CF_ARRAY || node->kind == CF_EMPTY || node->kind == CF_COMBINED;

    if (node->typed || !found)
        buf_printf(&same->text, "%d", (int)node->kind);
}

static void content_add(same_t *same, const cf_node_t *node)
{
    switch (node->kind) {
    case CF_STRING:
        string_add(same, node);
        break;
    case CF_NUMBER:
        number_add(same, node);
        break;
    case CF_OBJECT:
        object_add(same, node);
        break;
    case CF_ARRAY:
        array_add(same, node);
        break;
    case CF_ENUM:
        for (uint32_t i = 0; i < node->enumeration->n; i++) {
            buf_add_char(&same->text, 'v');
            jv_print_sorted(&same->text, node->enumeration->at[i].value);
        }
        break;
    case CF_CONST:
        jv_print_sorted(&same->text, node->constant);
        break;
    case CF_NOT:
        node_add(same, "not", node->inner);
        break;
    case CF_COMBINED:
        combined_add(same, node);
        break;
    case CF_REFERENCE:
        jv_print_string(&same->text, node->reference->text);
        break;
    case CF_CONDITIONAL: /* not in the model: as written */
        for (int i = 0; i < 3; i++) {
            static const char *const words[] = {"if", "then", "else"};
            keyword_add(same, node, words[i]);
        }
        break;
    case CF_EMPTY:
    case CF_TRUE:
    case CF_FALSE:
    case CF_BOOLEAN:
    case CF_NULL:
        break;
    }
}

static int by_name(const void *a, const void *b)
{
    return text_compare((*(const jv_member_t *const *)a)->name, (*(const jv_member_t *const *)b)->name);
}

/* Annotations, and keywords that the dialect does not know: they are printed too, in no order. */
static void annotations_add(same_t *same, const cf_node_t *node)
{
    arena_t *scratch = same->build->scratch;
    arena_mark_t mark = arena_mark(scratch);
    uint32_t n = 0;

    if (!node->annotated || node->at->kind != JV_OBJECT)
        return;
    const jv_member_t **members = ARENA_ARRAY(scratch, const jv_member_t *, node->at->n);
    for (uint32_t i = 0; i < node->at->n; i++) {
        cf_keyword_t keyword = cf_keyword_find(node->at->members[i].name);
        bool of_a_kind = cf_keyword_kind(keyword) != CF_EMPTY || keyword == KW_TYPE;
        if (!of_a_kind || !cf_keyword_known(keyword, node->dialect))
            members[n++] = &node->at->members[i];
    }
    qsort(members, n, sizeof(*members), by_name);
    for (uint32_t i = 0; i < n; i++) {
        jv_print_string(&same->text, members[i]->name);
        jv_print_sorted(&same->text, &members[i]->value);
    }
    arena_rewind(scratch, mark);
}

/* --- numbers --------------------------------------------------------------------------------------------------------- */

static void members_mean(same_t *same, const cf_members_t *members)
{
    for (uint32_t i = 0; i < members->n; i++) {
        if (members->at[i].node != NULL)
            (void)meaning_of(same, members->at[i].node);
    }
}

static void one_means(same_t *same, cf_node_t *node)
{
    if (node != NULL)
        (void)meaning_of(same, node);
}

static void children_mean(same_t *same, const cf_node_t *node)
{
    if (node->kind == CF_OBJECT) {
        members_mean(same, &node->object->properties);
        members_mean(same, &node->object->patterns);
        members_mean(same, &node->object->schema_dependencies);
        one_means(same, node->object->additional);
        one_means(same, node->object->unevaluated);
    } else if (node->kind == CF_ARRAY) {
        one_means(same, node->array->all_items);
        one_means(same, node->array->additional);
        one_means(same, node->array->unevaluated);
        for (uint32_t i = 0; i < node->array->n_tuple; i++)
            one_means(same, node->array->tuple[i]);
    } else if (node->kind == CF_COMBINED) {
        for (uint32_t i = 0; i < node->combined->n; i++)
            one_means(same, node->combined->branches[i]);
    } else if (node->kind == CF_NOT) {
        one_means(same, node->inner);
    }
}

static uint32_t meaning_of(same_t *same, cf_node_t *node)
{
    if (node->meaning != 0)
        return node->meaning;
    children_mean(same, node);
    size_t from = buf_text(&same->text).bytes;
    kind_add(same, node);
    content_add(same, node);
    annotations_add(same, node);
    node->meaning =
        meaning_number(&same->meanings, text_from(buf_text(&same->text), from), same->build->scratch);
    buf_cut(&same->text, from);
    return node->meaning;
}

static bool first_time(same_t *same, const cf_node_t *branch)
{
    uint64_t *seen = &same->meanings.seen[branch->meaning - 1];
    bool first = *seen != same->round;

    *seen = same->round;
    return first;
}

static void distinct_fill(same_t *same, cf_combined_t *combined)
{
    uint32_t n = 0;

    combined->distinct = combined->branches;
    combined->n_distinct = combined->n;
    if (combined->n < 2)
        return;
    for (uint32_t i = 0; i < combined->n; i++)
        (void)meaning_of(same, combined->branches[i]);
    same->round++;
    for (uint32_t i = 0; i < combined->n; i++)
        n += first_time(same, combined->branches[i]);
    if (n == combined->n)
        return;
    combined->distinct = ARENA_ARRAY(same->build->arena, cf_node_t *, n);
    combined->n_distinct = 0;
    same->round++;
    for (uint32_t i = 0; i < combined->n; i++) {
        if (first_time(same, combined->branches[i]))
            combined->distinct[combined->n_distinct++] = combined->branches[i];
    }
}

void cf_distinct_fill(cf_build_t *build)
{
    same_t same = {.build = build};

    buf_init(&same.text, BUF_NO_MAX);
    for (uint32_t i = 0; i < build->combined.n; i++)
        distinct_fill(&same, build->combined.at[i]->combined);
    buf_dispose(&same.text);
}

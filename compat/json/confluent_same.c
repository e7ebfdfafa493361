/* confluent_same.c - which branches of a combined schema say the same: Confluent counts them once.
 *
 * Upstream prints both and compares the texts. Here every node gets a number by what it says, from the leaves up: two nodes
 * that say the same have the same number, and each is described once.
 */
#include "compat/json/confluent_build.h"

#include <inttypes.h>
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

static void node_add(same_t *same, char tag, cf_node_t *node)
{
    if (node != NULL)
        buf_printf(&same->text, "%c%" PRIu32, tag, node->meaning);
}

static void count_add(same_t *same, char tag, cf_count_t count)
{
    if (count.given)
        buf_printf(&same->text, "%c%" PRId64, tag, count.value);
}

static void bound_add(same_t *same, char tag, cf_bound_t bound)
{
    if (bound.given)
        buf_printf(&same->text, "%c%a", tag, bound.value);
}

static void members_add(same_t *same, char tag, const cf_members_t *members)
{
    for (uint32_t i = 0; i < members->n; i++) {
        if (members->at[i].node == NULL)
            continue;
        buf_add_char(&same->text, tag);
        jv_print_string(&same->text, members->at[i].name);
        buf_printf(&same->text, "%" PRIu32 "%s", members->at[i].node->meaning,
                   members->at[i].required ? "!" : "");
    }
}

static void object_add(same_t *same, const cf_node_t *node)
{
    const cf_object_t *object = node->object;
    const jv_t *required = node->at->kind == JV_OBJECT ? jv_get(node->at, "required") : NULL;

    members_add(same, 'p', &object->properties);
    members_add(same, 't', &object->patterns);
    members_add(same, 's', &object->schema_dependencies);
    if (required != NULL)
        jv_print(&same->text, required);
    for (uint32_t i = 0; i < object->n_name_dependencies; i++) {
        jv_print_string(&same->text, object->name_dependencies[i].name);
        for (uint32_t j = 0; j < object->name_dependencies[i].n; j++)
            jv_print_string(&same->text, object->name_dependencies[i].names[j]);
    }
    buf_add_char(&same->text, object->closed ? 'c' : 'o');
    node_add(same, 'a', object->additional);
    node_add(same, 'u', object->unevaluated);
    count_add(same, '>', object->min_properties);
    count_add(same, '<', object->max_properties);
}

static void array_add(same_t *same, const cf_array_t *array)
{
    node_add(same, 'i', array->all_items);
    for (uint32_t i = 0; i < array->n_tuple; i++)
        node_add(same, 't', array->tuple[i]);
    buf_add_s(&same->text, array->closed ? "c" : "o");
    buf_add_s(&same->text, array->unique ? "q" : "");
    node_add(same, 'a', array->additional);
    node_add(same, 'u', array->unevaluated);
    count_add(same, '>', array->min_items);
    count_add(same, '<', array->max_items);
    count_add(same, '+', array->min_contains);
    count_add(same, '-', array->max_contains);
}

static void number_add(same_t *same, const cf_number_t *number)
{
    buf_add_s(&same->text, number->integer ? "i" : "n");
    bound_add(same, '>', number->minimum);
    bound_add(same, '<', number->maximum);
    bound_add(same, '+', number->exclusive_minimum);
    bound_add(same, '-', number->exclusive_maximum);
    if (number->multiple_of != NULL)
        buf_printf(&same->text, "*" TEXT_FMT,
                   TEXT_ARG(decimal_text(number->multiple_of, same->build->scratch)));
}

static void string_add(same_t *same, const cf_string_t *string)
{
    count_add(same, '>', string->min_length);
    count_add(same, '<', string->max_length);
    if (string->pattern != NULL)
        jv_print(&same->text, string->pattern);
}

static void kind_add(same_t *same, const cf_node_t *node)
{
    switch (node->kind) {
    case CF_STRING:
        string_add(same, node->string);
        break;
    case CF_NUMBER:
        number_add(same, node->number);
        break;
    case CF_OBJECT:
        object_add(same, node);
        break;
    case CF_ARRAY:
        array_add(same, node->array);
        break;
    case CF_ENUM:
        jv_print_sorted(&same->text, jv_get(node->at, "enum"));
        break;
    case CF_CONST:
        jv_print_sorted(&same->text, node->constant);
        break;
    case CF_NOT:
        node_add(same, 'n', node->inner);
        break;
    case CF_COMBINED:
        buf_add_s(&same->text, cf_criterion_name(node->combined->criterion));
        for (uint32_t i = 0; i < node->combined->n; i++)
            node_add(same, 'b', node->combined->branches[i]);
        break;
    case CF_REFERENCE:
        jv_print_string(&same->text, node->reference->text);
        break;
    case CF_CONDITIONAL: /* not in the model: as written */
        for (int i = 0; i < 3; i++) {
            static const char *const words[] = {"if", "then", "else"};
            const jv_t *word = jv_get(node->at, words[i]);
            buf_add_char(&same->text, "ite"[i]);
            if (word != NULL)
                jv_print_sorted(&same->text, word);
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

/* Annotations, and keywords that the model does not know: they are printed too. */
static void annotations_add(same_t *same, const cf_node_t *node)
{
    if (!node->annotated || node->at->kind != JV_OBJECT)
        return;
    for (uint32_t i = 0; i < node->at->n; i++) {
        const jv_member_t *member = &node->at->members[i];
        cf_keyword_t keyword = cf_keyword_find(member->name);
        bool definitions = text_is(member->name, "definitions") || text_is(member->name, "$defs");
        bool kept =
            keyword == KW_N ? !definitions : cf_keyword_kind(keyword) == CF_EMPTY && keyword != KW_TYPE;
        if (keyword == KW_FORMAT) /* the later drafts' translation drops it */
            kept = !node->modern;
        if (!kept)
            continue;
        jv_print_string(&same->text, member->name);
        jv_print_sorted(&same->text, &member->value);
    }
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
    buf_printf(&same->text, "%d", (int)node->kind);
    kind_add(same, node);
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

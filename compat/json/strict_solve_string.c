/* Strings: constants are tried one by one; lengths alone are a matter of counting; patterns are a matter for strict_words. */
#include <string.h>

#include "compat/json/strict_search.h"

#define LENGTH_MAX 65536 /* code points of a witness */

typedef struct {
    search_t *search;
    const search_list_t *list;
    const ir_ranges_t *lengths;
    const ir_node_t *constants, *excluded;
    uint32_t n_patterns;
} strings_t;

static strings_t read_list(search_t *search, const search_list_t *list)
{
    const ir_t *ir = search->ir;
    strings_t strings = {.search = search, .list = list};
    for (uint32_t i = 0; i < list->n; i++) {
        ir_id_t id = list->at[i];
        const ir_node_t *node = ir_node(ir, id);
        if (node->op == IR_OP_RANGE)
            strings.lengths = ir_ranges_of(ir, id);
        else if (node->op == IR_OP_STRINGS && ir_negated(id))
            strings.excluded = node;
        else if (node->op == IR_OP_STRINGS)
            strings.constants = node;
        else if (node->op == IR_OP_PATTERN)
            strings.n_patterns++;
    }
    return strings;
}

/* Lengths and patterns have been tried on constants already (ir_and); what is left could not be told, or nothing is left. */
static sat_t try_constants(strings_t *strings, const jv_t **value)
{
    search_t *search = strings->search;
    const ir_t *ir = search->ir;
    sat_t answer = SAT_NO;
    for (uint32_t m = 0; m < strings->constants->n; m++) {
        sat_t all = SAT_YES;
        jv_t *constant = jv_new_string(ir->arena, ir->texts[strings->constants->kids[m]]);
        for (uint32_t i = 0; i < strings->list->n && all != SAT_NO; i++) {
            sat_t one = search_formula_holds(search, strings->list->at[i], constant);
            all = one == SAT_YES ? all : one;
        }
        if (all == SAT_YES) {
            *value = constant;
            return SAT_YES;
        }
        answer = all == SAT_UNKNOWN ? SAT_UNKNOWN : answer;
    }
    return answer;
}

static bool is_excluded(const strings_t *strings, text_t text)
{
    uint32_t pooled = strings->excluded == NULL ? UINT32_MAX : ir_text_find(strings->search->ir, text);
    return pooled != UINT32_MAX && ir_set_has(strings->excluded, pooled);
}

/* --- lengths alone ------------------------------------------------------------------------------------------------------ */

#define LETTERS 45000u /* how many different characters words are made of: 'a'..'z', then others */

static uint32_t letter(uint32_t number)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    return number < sizeof plain - 1 ? (uint32_t)plain[number] : 0xc0u + number;
}

/* The word number `number` of this length: "aaa", "aab", ... */
static text_t word(strings_t *strings, uint64_t length, uint32_t number)
{
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    for (uint64_t i = 1; i < length; i++)
        buf_add_char(&buf, 'a');
    if (length > 0)
        buf_add_code_point(&buf, letter(number));
    text_t made = buf_take(&buf, strings->search->ir->arena);
    buf_dispose(&buf);
    return made;
}

static sat_t find_by_length(strings_t *strings, const jv_t **value)
{
    search_t *search = strings->search;
    ir_t *ir = search->ir;
    uint64_t length = 0;
    uint32_t excluded = strings->excluded == NULL ? 0 : strings->excluded->n;
    while (strings->lengths == NULL || ir_ranges_next(ir, strings->lengths, length, &length)) {
        uint32_t words = length == 0 ? 1 : LETTERS < excluded + 1 ? LETTERS : excluded + 1;
        if (length > LENGTH_MAX)
            return search_unknown(search, "witness-size", NULL);
        uint32_t first = length > 0 && search_chance(search, 2) ? (uint32_t)(search->random % 26) : 0;
        for (uint32_t i = first; i < first + words; i++) {
            text_t made = word(strings, length, i);
            if (!ir_spend(ir, 1 + length / 64))
                return search_unknown(search, ir->failed, NULL);
            if (!is_excluded(strings, made)) {
                *value = jv_new_string(ir->arena, made);
                return SAT_YES;
            }
        }
        if (length > 0)
            return search_unknown(search, "exclusion", NULL);
        length++;
    }
    return SAT_NO;
}

/* --- patterns ------------------------------------------------------------------------------------------------------------ */

static sat_t find_by_pattern(strings_t *strings, const jv_t **value)
{
    search_t *search = strings->search;
    ir_t *ir = search->ir;
    uint32_t *patterns = ARENA_ARRAY(ir->arena, uint32_t, strings->n_patterns);
    bool *negated = ARENA_ARRAY(ir->arena, bool, strings->n_patterns);
    words_query_t query = {.patterns = patterns, .negated = negated, .lengths = strings->lengths};
    for (uint32_t i = 0; i < strings->list->n; i++) {
        ir_id_t id = strings->list->at[i];
        if (ir_op(ir, id) != IR_OP_PATTERN)
            continue;
        patterns[query.n] = ir_node(ir, id)->a;
        negated[query.n++] = ir_negated(id);
    }
    if (strings->excluded != NULL) {
        query.excluded = strings->excluded->kids;
        query.n_excluded = strings->excluded->n;
    }
    while (query.skip < 4 && search_chance(search, 2))
        query.skip++;
    text_t found;
    const char *reason = NULL;
    int answer = words_find(search->words, &query, &found, &reason);
    if (answer < 0)
        return search_unknown(search, reason, NULL);
    if (answer > 0)
        *value = jv_new_string(ir->arena, found);
    return answer > 0 ? SAT_YES : SAT_NO;
}

sat_t search_string(search_t *search, const search_list_t *list, const jv_t **value)
{
    strings_t strings = read_list(search, list);
    if (strings.constants != NULL)
        return try_constants(&strings, value);
    return strings.n_patterns > 0 ? find_by_pattern(&strings, value) : find_by_length(&strings, value);
}

/* Words of conjunctions of patterns: a breadth-first walk through what all patterns may still match, character by character. */
#include "compat/json/strict_words.h"

#include <stdlib.h>
#include <string.h>

#include "compat/json/pattern.h"
#include "compat/json/strict_regex.h"
#include "compat/json/strict_table.h"

#define PATTERNS_MAX 24    /* of one query */
#define STATES_MAX   50000 /* of one walk */
#define LETTERS_MAX  4096
#define TRIES_MAX    48 /* words offered to a pattern that only a matcher can follow */
#define ALIKE_MAX    6  /* words of one state that are looked at for the sake of such a pattern */
#define MATCH_STEPS  100000

typedef struct {
    bool read, followed;
    rx_id_t node;
    const js_pattern_t *matcher; /* compiled when first needed */
} pattern_t;

struct words {
    ir_t *ir;
    regex_t regex;
    bool has_regex;
    pattern_t *patterns; /* by text of the pool */
    uint32_t n;
    js_matcher_t matcher;
};

words_t *words_new(ir_t *ir)
{
    words_t *words = ARENA_NEW(ir->arena, words_t);
    words->ir = ir;
    words->matcher.arena = ir->arena;
    return words;
}

void words_free(words_t *words)
{
    free(words->patterns);
    if (words->has_regex)
        regex_dispose(&words->regex);
}

/* --- patterns -------------------------------------------------------------------------------------------------------------- */

static pattern_t *pattern_of(words_t *words, uint32_t number)
{
    if (number >= words->n) {
        uint32_t n = number + 64;
        words->patterns = realloc(words->patterns, n * sizeof *words->patterns);
        if (words->patterns == NULL)
            abort();
        memset(words->patterns + words->n, 0, (n - words->n) * sizeof *words->patterns);
        words->n = n;
    }
    pattern_t *pattern = &words->patterns[number];
    if (!pattern->read) {
        if (!words->has_regex)
            regex_init(&words->regex, words->ir);
        words->has_regex = true;
        pattern->read = true;
        pattern->followed = regex_of_pattern(&words->regex, words->ir->texts[number], &pattern->node);
    }
    return pattern;
}

/* By a matcher of the validator, for what derivatives cannot follow. */
static int match_outside(words_t *words, pattern_t *pattern, uint32_t number, text_t text)
{
    uint64_t steps = 0;
    if (pattern->matcher == NULL)
        pattern->matcher = js_pattern_compile(words->ir->texts[number], words->ir->arena);
    js_match_t match = js_pattern_match(pattern->matcher, text, &words->matcher, &steps, MATCH_STEPS);
    ir_spend(words->ir, 1 + steps);
    return match == JS_MATCH_YES ? 1 : match == JS_MATCH_NO ? 0 : -1;
}

/* The code point at `at`, which is moved past it. The text is well-formed UTF-8. */
static uint32_t next_code_point(text_t text, size_t *at)
{
    unsigned char first = (unsigned char)text.at[(*at)++];
    if (first < 0x80)
        return first;
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    uint32_t code_point = first & (0x3fu >> more);
    for (; more > 0 && *at < text.bytes; more--)
        code_point = code_point << 6 | ((unsigned char)text.at[(*at)++] & 0x3fu);
    return code_point;
}

int words_match(words_t *words, uint32_t number, text_t text)
{
    pattern_t *pattern = pattern_of(words, number);
    regex_t *regex = &words->regex;
    if (!pattern->followed)
        return match_outside(words, pattern, number, text);
    rx_id_t node = pattern->node;
    rx_before_t before = RX_AT_START;
    for (size_t i = 0; i < text.bytes && node != RX_NOTHING && node != RX_ANYTHING;) {
        uint32_t c = next_code_point(text, &i);
        node = regex_derive(regex, node, before, c);
        before = regex_after(c);
        ir_spend(words->ir, 1);
    }
    bool accepts = regex_accepts(regex, node, before);
    return regex->failed ? match_outside(words, pattern, number, text) : accepts;
}

/* --- letters: one for all characters that no pattern of the query tells apart ------------------------------------------------- */

typedef struct {
    words_t *words;
    const words_query_t *query;
    rx_id_t start[PATTERNS_MAX];
    bool negated[PATTERNS_MAX];
    uint32_t n; /* patterns that are followed */
    bool looks; /* does it matter whether a word character stands before? */
    uint32_t *letters;
    uint32_t n_letters;
    struct state *states;
    uint32_t n_states, room;
    ir_table_t table;
    uint64_t last; /* past this length the shortest word of a state is as good as any longer one */
    uint32_t tries, skipped;
    text_t spare; /* a word that was skipped */
} walk_t;

static int by_code_point(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* How readable: lower is better. */
static uint32_t rank(uint32_t c)
{
    if (c >= 'a' && c <= 'z')
        return 0;
    if (c >= '0' && c <= '9')
        return 1;
    if (c >= 'A' && c <= 'Z')
        return 2;
    if (c > ' ' && c < 0x7f)
        return 3;
    if (c == ' ')
        return 4;
    return c > 0xa0 ? 5 : 6;
}

static int by_rank(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return rank(x) != rank(y) ? (rank(x) < rank(y) ? -1 : 1) : by_code_point(a, b);
}

static bool add_letter(walk_t *walk, uint32_t from, uint32_t to)
{
    if (from >= 0xd800 && from < 0xe000)
        from = 0xe000; /* past the surrogates, which are no characters */
    if (from >= to)
        return true;
    static const uint32_t wished[] = {'a', '0', 'A', '-', ' ', 0xe9};
    uint32_t letter = from;
    for (size_t i = 0; i < sizeof wished / sizeof *wished; i++) {
        if (wished[i] >= from && wished[i] < to) {
            letter = wished[i];
            break;
        }
    }
    if (walk->n_letters == LETTERS_MAX)
        return false;
    walk->letters[walk->n_letters++] = letter;
    return true;
}

/* Code points between two cuts are alike. */
static bool find_letters(walk_t *walk, bool single)
{
    static const uint32_t words_begin_and_end[] = {'0', '9' + 1, 'A', 'Z' + 1, '_', '_' + 1, 'a', 'z' + 1};
    words_t *words = walk->words;
    rx_cuts_t cuts = {0};
    regex_cut(&cuts, 0);
    regex_cut(&cuts, 0x110000);
    for (size_t i = 0; walk->looks && i < sizeof words_begin_and_end / sizeof *words_begin_and_end; i++)
        regex_cut(&cuts, words_begin_and_end[i]);
    for (uint32_t i = 0; i < walk->n; i++)
        regex_cuts(&words->regex, walk->start[i], &cuts);
    for (uint32_t i = 0; single && i < walk->query->n_excluded; i++) {
        text_t text = words->ir->texts[walk->query->excluded[i]];
        for (size_t at = 0; at < text.bytes;) {
            uint32_t c = next_code_point(text, &at);
            regex_cut(&cuts, c);
            regex_cut(&cuts, c + 1);
        }
    }
    qsort(cuts.at, cuts.n, sizeof *cuts.at, by_code_point);
    walk->letters = ARENA_ARRAY(words->ir->arena, uint32_t, LETTERS_MAX);
    walk->n_letters = 0;
    bool room = ir_spend(words->ir, cuts.n);
    for (uint32_t i = 0; i + 1 < cuts.n && room; i++) {
        uint32_t from = cuts.at[i], to = cuts.at[i + 1];
        if (from < 0x110000)
            room = add_letter(walk, from, to);
    }
    free(cuts.at);
    qsort(walk->letters, walk->n_letters, sizeof *walk->letters, by_rank);
    return room;
}

/* --- states ------------------------------------------------------------------------------------------------------------------- */

typedef struct state {
    uint32_t before; /* state one character earlier */
    uint32_t letter;
    uint32_t length; /* of the word so far */
    uint32_t prefix; /* of excluded words: a set number; 0: of none */
    rx_before_t stands;
    const rx_id_t *nodes;
} state_t;

/* Positions of excluded words that a word so far is a prefix of, as a trie of its own. */
typedef struct {
    uint32_t parent, letter;
    bool ends;
} prefix_t;

typedef struct {
    prefix_t *at;
    uint32_t n, room;
    ir_table_t table;
} prefixes_t;

static uint32_t prefix_find(const prefixes_t *prefixes, uint32_t parent, uint32_t letter)
{
    for (table_probe_t probe = table_probe(&prefixes->table, table_mix(parent, letter));
         table_next(&probe);) {
        const prefix_t *prefix = &prefixes->at[probe.number];
        if (prefix->parent == parent && prefix->letter == letter)
            return probe.number;
    }
    return 0;
}

/* Number 0 is "none", number 1 the empty prefix. */
static void prefixes_build(prefixes_t *prefixes, const walk_t *walk)
{
    const words_query_t *query = walk->query;
    const ir_t *ir = walk->words->ir;
    memset(prefixes, 0, sizeof *prefixes);
    for (uint32_t i = 0; i < query->n_excluded + 2; i++) {
        if (prefixes->n + 1 >= prefixes->room)
            prefixes->at = table_grow(prefixes->at, &prefixes->room, sizeof *prefixes->at);
        if (i < 2) {
            prefixes->at[prefixes->n++] = (prefix_t){0};
            continue;
        }
        text_t text = ir->texts[query->excluded[i - 2]];
        uint32_t at = 1;
        for (size_t b = 0; b < text.bytes;) {
            uint32_t c = next_code_point(text, &b), next = prefix_find(prefixes, at, c);
            if (next == 0) {
                if (prefixes->n == prefixes->room)
                    prefixes->at = table_grow(prefixes->at, &prefixes->room, sizeof *prefixes->at);
                next = prefixes->n++;
                prefixes->at[next] = (prefix_t){at, c, false};
                table_add(&prefixes->table, table_mix(at, c), next);
            }
            at = next;
        }
        prefixes->at[at].ends = true;
    }
}

static uint32_t state_hash(const walk_t *walk, const state_t *state, uint32_t length)
{
    uint32_t hash = table_mix(table_mix(state->prefix, (uint32_t)state->stands), length);
    for (uint32_t i = 0; i < walk->n; i++)
        hash = table_mix(hash, state->nodes[i]);
    return hash;
}

static uint32_t length_class(const walk_t *walk, const state_t *state)
{
    return state->length > walk->last ? (uint32_t)walk->last + 1 : state->length;
}

/* False if there are too many. */
static bool add_state(walk_t *walk, state_t state)
{
    if (!walk->looks && state.stands == RX_AFTER_WORD)
        state.stands = RX_AFTER_OTHER;
    uint32_t length = length_class(walk, &state), hash = state_hash(walk, &state, length), alike = 0;
    uint32_t wanted = walk->n < walk->query->n ? ALIKE_MAX : 1;
    for (table_probe_t probe = table_probe(&walk->table, hash); table_next(&probe);) {
        const state_t *old = &walk->states[probe.number];
        if (old->prefix == state.prefix && old->stands == state.stands && length_class(walk, old) == length &&
            memcmp(old->nodes, state.nodes, walk->n * sizeof *state.nodes) == 0 && ++alike == wanted)
            return true;
    }
    if (walk->n_states == STATES_MAX || !ir_spend(walk->words->ir, 1))
        return false;
    if (walk->n_states == walk->room)
        walk->states = table_grow(walk->states, &walk->room, sizeof *walk->states);
    rx_id_t *nodes = ARENA_ARRAY(walk->words->ir->arena, rx_id_t, walk->n);
    memcpy(nodes, state.nodes, walk->n * sizeof *nodes);
    state.nodes = nodes;
    walk->states[walk->n_states] = state;
    table_add(&walk->table, hash, walk->n_states++);
    return true;
}

/* No continuation will do: a pattern that must match cannot any more, or one that must not match always will. */
static bool is_dead(const walk_t *walk, const rx_id_t *nodes)
{
    for (uint32_t i = 0; i < walk->n; i++) {
        if (nodes[i] == (walk->negated[i] ? RX_ANYTHING : RX_NOTHING))
            return true;
    }
    return false;
}

static bool is_word(walk_t *walk, const state_t *state, const prefixes_t *prefixes)
{
    words_t *words = walk->words;
    if (walk->query->lengths != NULL && !ir_ranges_hold_size(words->ir, walk->query->lengths, state->length))
        return false;
    if (prefixes != NULL && prefixes->at[state->prefix].ends)
        return false;
    for (uint32_t i = 0; i < walk->n; i++) {
        if (regex_accepts(&words->regex, state->nodes[i], state->stands) == walk->negated[i])
            return false;
    }
    return true;
}

static text_t spell(const walk_t *walk, uint32_t number)
{
    arena_t *arena = walk->words->ir->arena;
    uint32_t n = walk->states[number].length;
    uint32_t *letters = ARENA_ARRAY(arena, uint32_t, n);
    for (uint32_t i = n; i-- > 0; number = walk->states[number].before)
        letters[i] = walk->states[number].letter;
    buf_t buf;
    buf_init(&buf, BUF_NO_MAX);
    for (uint32_t i = 0; i < n; i++)
        buf_add_code_point(&buf, letters[i]);
    text_t word = buf_take(&buf, arena);
    buf_dispose(&buf);
    return word;
}

/* Does the word also satisfy the patterns that the walk does not follow? */
static int confirmed(walk_t *walk, text_t word)
{
    const words_query_t *query = walk->query;
    int all = 1;
    for (uint32_t i = 0; i < query->n && all != 0; i++) {
        if (pattern_of(walk->words, query->patterns[i])->followed)
            continue;
        int match = words_match(walk->words, query->patterns[i], word);
        all = match < 0 ? -1 : (match == 1) == query->negated[i] ? 0 : all;
    }
    return all;
}

static bool is_excluded(const words_query_t *query, const ir_t *ir, text_t word)
{
    uint32_t pooled = ir_text_find(ir, word);
    for (uint32_t i = 0; pooled != UINT32_MAX && i < query->n_excluded; i++) {
        if (query->excluded[i] == pooled)
            return true;
    }
    return false;
}

typedef enum { WALK_NONE, WALK_FOUND, WALK_EXCLUDED, WALK_UNSURE, WALK_TOO_MUCH } walked_t;

/* A state whose word will do. With prefixes, excluded words are known on the way; without, meeting one ends the walk. */
static walked_t offer(walk_t *walk, uint32_t number, const prefixes_t *prefixes, text_t *word)
{
    if (!is_word(walk, &walk->states[number], prefixes))
        return WALK_NONE;
    *word = spell(walk, number);
    if (prefixes == NULL && is_excluded(walk->query, walk->words->ir, *word))
        return WALK_EXCLUDED;
    if (walk->n < walk->query->n && confirmed(walk, *word) != 1)
        return ++walk->tries >= TRIES_MAX ? WALK_UNSURE : WALK_NONE;
    walk->spare = *word;
    return walk->skipped++ < walk->query->skip ? WALK_NONE : WALK_FOUND;
}

static bool expand(walk_t *walk, uint32_t number, const prefixes_t *prefixes)
{
    regex_t *regex = &walk->words->regex;
    rx_id_t nodes[PATTERNS_MAX];
    for (uint32_t l = 0; l < walk->n_letters; l++) {
        const state_t from = walk->states[number];
        uint32_t c = walk->letters[l];
        for (uint32_t i = 0; i < walk->n; i++)
            nodes[i] = regex_derive(regex, from.nodes[i], from.stands, c);
        if (regex->failed)
            return false;
        if (is_dead(walk, nodes))
            continue;
        uint32_t prefix = prefixes == NULL || from.prefix == 0 ? 0 : prefix_find(prefixes, from.prefix, c);
        state_t next = {number, c, from.length + 1, prefix, regex_after(c), nodes};
        if (!add_state(walk, next))
            return false;
    }
    return true;
}

static walked_t walk_states(walk_t *walk, const prefixes_t *prefixes, text_t *word)
{
    ir_t *ir = walk->words->ir;
    const ir_ranges_t *lengths = walk->query->lengths;
    walk->n_states = 0;
    walk->tries = walk->skipped = 0;
    walk->spare = TEXT_NONE;
    free(walk->table.at);
    walk->table = (ir_table_t){0};
    if (is_dead(walk, walk->start))
        return WALK_NONE;
    state_t start = {.prefix = prefixes != NULL ? 1 : 0, .stands = RX_AT_START, .nodes = walk->start};
    bool room = add_state(walk, start);
    for (uint32_t i = 0; i < walk->n_states && room; i++) {
        walked_t offered = offer(walk, i, prefixes, word);
        uint64_t next;
        if (offered == WALK_UNSURE)
            break;
        if (offered != WALK_NONE)
            return offered;
        if (lengths != NULL && !ir_ranges_next(ir, lengths, (uint64_t)walk->states[i].length + 1, &next))
            continue;
        room = expand(walk, i, prefixes);
    }
    *word = walk->spare;
    if (walk->spare.at != NULL)
        return WALK_FOUND;
    if (!room)
        return WALK_TOO_MUCH;
    return walk->tries > 0 ? WALK_UNSURE : WALK_NONE;
}

/* --- the query --------------------------------------------------------------------------------------------------------------- */

static bool walk_init(walk_t *walk, words_t *words, const words_query_t *query)
{
    ir_t *ir = words->ir;
    *walk = (walk_t){.words = words, .query = query};
    for (uint32_t i = 0; i < query->n; i++) {
        const pattern_t *pattern = pattern_of(words, query->patterns[i]);
        if (!pattern->followed)
            continue;
        if (walk->n == PATTERNS_MAX)
            return false;
        walk->looks = walk->looks || regex_has_edges(&words->regex, pattern->node);
        walk->start[walk->n] = pattern->node;
        walk->negated[walk->n++] = query->negated[i];
    }
    if (query->lengths != NULL && query->lengths->n > 0) {
        int64_t last;
        if (!ir_number_i64(ir, query->lengths->at[query->lengths->n - 1].lo, &last) || last > STATES_MAX)
            return false;
        walk->last = (uint64_t)last;
    }
    return true;
}

static walked_t walk_twice(walk_t *walk, text_t *word)
{
    if (!find_letters(walk, false))
        return WALK_TOO_MUCH;
    walked_t walked = walk_states(walk, NULL, word);
    if (walked != WALK_EXCLUDED)
        return walked;
    prefixes_t prefixes;
    if (!find_letters(walk, true))
        return WALK_TOO_MUCH;
    prefixes_build(&prefixes, walk);
    walked = walk_states(walk, &prefixes, word);
    free(prefixes.at);
    free(prefixes.table.at);
    return walked;
}

int words_find(words_t *words, const words_query_t *query, text_t *word, const char **reason)
{
    walk_t walk;
    *reason = "budget-regex";
    if (!walk_init(&walk, words, query))
        return -1;
    walked_t walked = walk_twice(&walk, word);
    free(walk.states);
    free(walk.table.at);
    switch (walked) {
    case WALK_FOUND:
        return 1;
    case WALK_NONE:
        return 0;
    case WALK_UNSURE:
        *reason = "regex-unsupported";
        return -1;
    case WALK_EXCLUDED:
    case WALK_TOO_MUCH:
        break;
    }
    return -1;
}

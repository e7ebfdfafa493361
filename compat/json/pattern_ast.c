#include "compat/json/pattern_ast.h"

#include <string.h>

#include "compat/core/buf.h"

#define MAX_CODE_POINT 0x10FFFF

typedef struct {
    const char *at, *end;
    arena_t *arena;
    rx_pattern_t *out;
    uint32_t depth;
    text_t *names;          /* of groups, by number; n_groups of them */
    uint32_t groups_before; /* opened so far */
} parser_t;

/* --- sets -------------------------------------------------------------------------------------------------------- */

/* Ranges and properties as they are read; put in order at the end. */
typedef struct {
    arena_t *arena;
    rx_range_t *ranges;
    uint32_t n, room;
    rx_property_t *properties;
    uint32_t n_properties, room_properties;
} draft_t;

static void draft_range(draft_t *draft, uint32_t from, uint32_t to)
{
    if (draft->n == draft->room) {
        uint32_t room = draft->room == 0 ? 8 : 2 * draft->room;
        rx_range_t *ranges = ARENA_ARRAY(draft->arena, rx_range_t, room);
        if (draft->n > 0)
            memcpy(ranges, draft->ranges, draft->n * sizeof *ranges);
        draft->ranges = ranges;
        draft->room = room;
    }
    draft->ranges[draft->n++] = (rx_range_t){from, to};
}

static void draft_property(draft_t *draft, rx_property_t property)
{
    if (draft->n_properties == draft->room_properties) {
        uint32_t room = draft->room_properties == 0 ? 4 : 2 * draft->room_properties;
        rx_property_t *properties = ARENA_ARRAY(draft->arena, rx_property_t, room);
        if (draft->n_properties > 0)
            memcpy(properties, draft->properties, draft->n_properties * sizeof *properties);
        draft->properties = properties;
        draft->room_properties = room;
    }
    draft->properties[draft->n_properties++] = property;
}

static void sort_ranges(rx_range_t *ranges, uint32_t n)
{
    for (uint32_t gap = n / 2; gap > 0; gap /= 2) { /* Shell's: short lists, no recursion */
        for (uint32_t i = gap; i < n; i++) {
            rx_range_t moved = ranges[i];
            uint32_t j = i;
            for (; j >= gap && ranges[j - gap].from > moved.from; j -= gap)
                ranges[j] = ranges[j - gap];
            ranges[j] = moved;
        }
    }
}

static uint32_t join_ranges(rx_range_t *ranges, uint32_t n)
{
    uint32_t kept = 0;
    sort_ranges(ranges, n);
    for (uint32_t i = 0; i < n; i++) {
        if (kept > 0 && ranges[i].from <= ranges[kept - 1].to + 1) {
            if (ranges[i].to > ranges[kept - 1].to)
                ranges[kept - 1].to = ranges[i].to;
        } else {
            ranges[kept++] = ranges[i];
        }
    }
    return kept;
}

/* The code points that are in none of the sorted ranges. */
static void draft_complement(draft_t *draft, const rx_range_t *ranges, uint32_t n)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (ranges[i].from > next)
            draft_range(draft, next, ranges[i].from - 1);
        next = ranges[i].to + 1;
    }
    if (next <= MAX_CODE_POINT)
        draft_range(draft, next, MAX_CODE_POINT);
}

static rx_set_t *draft_finish(draft_t *draft, bool negated)
{
    rx_set_t *set = ARENA_NEW(draft->arena, rx_set_t);
    draft->n = join_ranges(draft->ranges, draft->n);
    if (negated && draft->n_properties == 0) {
        draft_t turned = {.arena = draft->arena};
        draft_complement(&turned, draft->ranges, draft->n);
        *set = (rx_set_t){.ranges = turned.ranges, .n_ranges = turned.n};
        return set;
    }
    *set = (rx_set_t){.ranges = draft->ranges,
                      .n_ranges = draft->n,
                      .properties = draft->properties,
                      .n_properties = draft->n_properties,
                      .negated = negated};
    return set;
}

/* ECMA-262, 22.2.2.9: digits and word characters are ASCII; white space is WhiteSpace and LineTerminator. */
static const rx_range_t digit_ranges[] = {{'0', '9'}};
static const rx_range_t word_ranges[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const rx_range_t space_ranges[] = {
    {0x09, 0x0D},     {0x20, 0x20},     {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
static const rx_range_t line_ranges[] = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};

#define RANGES(list) (list), sizeof(list) / sizeof *(list)

static void draft_ranges(draft_t *draft, const rx_range_t *ranges, uint32_t n, bool negated)
{
    if (negated) {
        draft_complement(draft, ranges, n);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        draft_range(draft, ranges[i].from, ranges[i].to);
}

/* \d \D \w \W \s \S. False if `letter` is none of them. */
static bool draft_class_escape(draft_t *draft, char letter)
{
    bool negated = letter >= 'A' && letter <= 'Z';
    switch (letter | 0x20) {
    case 'd':
        draft_ranges(draft, RANGES(digit_ranges), negated);
        return true;
    case 'w':
        draft_ranges(draft, RANGES(word_ranges), negated);
        return true;
    case 's':
        draft_ranges(draft, RANGES(space_ranges), negated);
        return true;
    default:
        return false;
    }
}

/* Lone surrogates are no characters of a JSON text: what is left of a range without them. */
static void draft_characters(draft_t *draft, uint32_t from, uint32_t to)
{
    if (from >= 0xD800 && from <= 0xDFFF)
        from = 0xE000;
    if (to >= 0xD800 && to <= 0xDFFF)
        to = 0xD7FF;
    if (from <= to)
        draft_range(draft, from, to);
}

/* --- the parser -------------------------------------------------------------------------------------------------- */

/* The first problem is the one that is told. Returns NULL: no node. */
static void *problem(parser_t *p, const char *sentence)
{
    if (p->out->problem == NULL)
        p->out->problem = sentence;
    return NULL;
}

static bool refuse(parser_t *p, const char *sentence)
{
    problem(p, sentence);
    return false;
}

static rx_node_t *node_new(parser_t *p, rx_kind_t kind)
{
    rx_node_t *node = ARENA_NEW(p->arena, rx_node_t);
    node->kind = kind;
    return node;
}

static bool more(const parser_t *p)
{
    return p->at < p->end;
}

static bool next_is(const parser_t *p, const char *s)
{
    return text_starts((text_t){p->at, (size_t)(p->end - p->at)}, text_of(s));
}

static bool skip(parser_t *p, const char *s)
{
    if (!next_is(p, s))
        return false;
    p->at += strlen(s);
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* `n` hexadecimal digits at p->at; the place stays if there are fewer. */
static bool read_hex(parser_t *p, int n, uint32_t *out)
{
    uint32_t value = 0;
    if (p->end - p->at < n)
        return false;
    for (int i = 0; i < n; i++) {
        int digit = hex_value(p->at[i]);
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    p->at += n;
    *out = value;
    return true;
}

/* After "\u": four digits, a pair of them, or {digits}. */
static bool read_unicode(parser_t *p, uint32_t *out)
{
    uint32_t low;
    if (skip(p, "{")) {
        uint32_t value = 0;
        const char *start = p->at;
        while (more(p) && hex_value(*p->at) >= 0 && value <= MAX_CODE_POINT)
            value = value << 4 | (uint32_t)hex_value(*p->at++);
        if (p->at == start || value > MAX_CODE_POINT || !skip(p, "}"))
            return refuse(p, "\\u{...} needs the hexadecimal number of a character");
        *out = value;
        return true;
    }
    if (!read_hex(p, 4, out))
        return refuse(p, "\\u needs four hexadecimal digits");
    const char *after = p->at;
    if (*out >= 0xD800 && *out <= 0xDBFF && skip(p, "\\u")) {
        if (read_hex(p, 4, &low) && low >= 0xDC00 && low <= 0xDFFF)
            *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
        else
            p->at = after;
    }
    return true;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* After '\': an escape that stands for one character. */
static bool read_character_escape(parser_t *p, uint32_t *out)
{
    static const char controls[] = "tnvfr", values[] = "\t\n\v\f\r";
    char c = *p->at;
    const char *control = strchr(controls, c);
    if (c != '\0' && control != NULL) {
        p->at++;
        *out = (uint32_t)values[control - controls];
        return true;
    }
    if (skip(p, "c")) {
        if (!more(p) || !is_ascii_letter(*p->at))
            return refuse(p, "\\c needs a letter");
        *out = (uint32_t)*p->at++ & 31;
        return true;
    }
    if (skip(p, "x"))
        return read_hex(p, 2, out) || refuse(p, "\\x needs two hexadecimal digits");
    if (skip(p, "u"))
        return read_unicode(p, out);
    if (skip(p, "0")) {
        *out = 0;
        return (!more(p) || !is_digit(*p->at)) || refuse(p, "octal escapes are no part of ECMA-262 patterns");
    }
    if (is_ascii_letter(c) || is_digit(c))
        return refuse(p, "a backslash before this letter or digit means nothing in ECMA-262");
    *out = text_code_point(&p->at);
    return true;
}

/* Long names of general categories (and aliases) by their short ones, which is what PCRE2 knows. */
static const char *const categories[][2] = {
    {"Cased_Letter", "L&"},
    {"LC", "L&"},
    {"Close_Punctuation", "Pe"},
    {"Combining_Mark", "M"},
    {"Connector_Punctuation", "Pc"},
    {"Control", "Cc"},
    {"Currency_Symbol", "Sc"},
    {"Dash_Punctuation", "Pd"},
    {"Decimal_Number", "Nd"},
    {"Enclosing_Mark", "Me"},
    {"Final_Punctuation", "Pf"},
    {"Format", "Cf"},
    {"Initial_Punctuation", "Pi"},
    {"Letter", "L"},
    {"Letter_Number", "Nl"},
    {"Line_Separator", "Zl"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Math_Symbol", "Sm"},
    {"Modifier_Letter", "Lm"},
    {"Modifier_Symbol", "Sk"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Open_Punctuation", "Ps"},
    {"Other", "C"},
    {"Other_Letter", "Lo"},
    {"Other_Number", "No"},
    {"Other_Punctuation", "Po"},
    {"Other_Symbol", "So"},
    {"Paragraph_Separator", "Zp"},
    {"Private_Use", "Co"},
    {"Punctuation", "P"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Spacing_Mark", "Mc"},
    {"Surrogate", "Cs"},
    {"Symbol", "S"},
    {"Titlecase_Letter", "Lt"},
    {"Unassigned", "Cn"},
    {"Uppercase_Letter", "Lu"},
    {"cntrl", "Cc"},
    {"digit", "Nd"},
    {"punct", "P"},
};

static text_t category_name(text_t name)
{
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
        if (text_is(name, categories[i][0]))
            return text_of(categories[i][1]);
    return name;
}

/* PCRE2's word for the property `name` or `name=value`. */
static text_t property_name(parser_t *p, text_t name)
{
    const char *equals = memchr(name.at, '=', name.bytes);
    if (equals == NULL)
        return category_name(name);
    text_t key = {name.at, (size_t)(equals - name.at)}, value = text_from(name, key.bytes + 1);
    if (text_is(key, "General_Category") || text_is(key, "gc"))
        return category_name(value);
    if (text_is(key, "Script") || text_is(key, "sc"))
        return text_printf(p->arena, "sc:" TEXT_FMT, TEXT_ARG(value));
    if (text_is(key, "Script_Extensions") || text_is(key, "scx"))
        return text_printf(p->arena, "scx:" TEXT_FMT, TEXT_ARG(value));
    problem(p, "this Unicode property has no such key: General_Category, Script and Script_Extensions do");
    return TEXT_NONE;
}

/* After "\p" or "\P". */
static bool read_property(parser_t *p, draft_t *draft, bool negated)
{
    if (!skip(p, "{"))
        return refuse(p, "\\p needs a Unicode property in braces");
    const char *start = p->at;
    while (more(p) && (is_ascii_letter(*p->at) || is_digit(*p->at) || *p->at == '_' || *p->at == '='))
        p->at++;
    text_t name = {start, (size_t)(p->at - start)};
    if (name.bytes == 0 || !skip(p, "}"))
        return refuse(p, "\\p needs a Unicode property in braces");
    static const rx_range_t ascii[] = {{0, 0x7F}}, any[] = {{0, MAX_CODE_POINT}};
    if (text_is(name, "ASCII")) {
        draft_ranges(draft, RANGES(ascii), negated);
    } else if (text_is(name, "Any")) {
        draft_ranges(draft, RANGES(any), negated);
    } else if (text_is(name, "Assigned")) {
        p->out->has_property = true;
        draft_property(draft, (rx_property_t){TEXT("Cn"), !negated});
    } else {
        p->out->has_property = true;
        draft_property(draft, (rx_property_t){property_name(p, name), negated});
    }
    return p->out->problem == NULL;
}

/* One member of a class: a character in *out, or a set that goes to the draft (*is_set). */
static bool read_class_atom(parser_t *p, draft_t *draft, bool *is_set, uint32_t *out)
{
    *is_set = false;
    if (!skip(p, "\\")) {
        *out = text_code_point(&p->at);
        return true;
    }
    if (!more(p))
        return refuse(p, "the pattern ends in a backslash");
    *is_set = draft_class_escape(draft, *p->at);
    if (*is_set) {
        p->at++;
        return true;
    }
    if (next_is(p, "p") || next_is(p, "P")) {
        *is_set = true;
        return read_property(p, draft, *p->at++ == 'P');
    }
    if (skip(p, "b")) {
        *out = '\b';
        return true;
    }
    return read_character_escape(p, out);
}

/* After '['. */
static rx_node_t *parse_class(parser_t *p)
{
    draft_t draft = {.arena = p->arena};
    bool negated = skip(p, "^");
    while (more(p) && *p->at != ']') {
        bool is_set, to_set;
        uint32_t from, to;
        if (!read_class_atom(p, &draft, &is_set, &from))
            return NULL;
        if (!next_is(p, "-") || p->end - p->at < 2 || p->at[1] == ']') {
            if (!is_set)
                draft_characters(&draft, from, from);
            continue;
        }
        p->at++;
        if (!read_class_atom(p, &draft, &to_set, &to))
            return NULL;
        if (is_set || to_set) { /* no range: a set, '-' and what follows (ECMA-262, B.1.2.8.1) */
            draft_range(&draft, '-', '-');
            if (!is_set)
                draft_characters(&draft, from, from);
            if (!to_set)
                draft_characters(&draft, to, to);
            continue;
        }
        if (from > to)
            return problem(p, "a range in a class goes backwards");
        draft_characters(&draft, from, to);
    }
    if (!skip(p, "]"))
        return problem(p, "a class is not closed: a ']' is missing");
    rx_node_t *node = node_new(p, RX_SET);
    node->set = draft_finish(&draft, negated);
    return node;
}

static rx_node_t *set_node(parser_t *p, draft_t *draft, bool negated)
{
    rx_node_t *node = node_new(p, RX_SET);
    node->set = draft_finish(draft, negated);
    return node;
}

static rx_node_t *character_node(parser_t *p, uint32_t c)
{
    draft_t draft = {.arena = p->arena};
    draft_characters(&draft, c, c);
    return set_node(p, &draft, false);
}

static bool read_group_name(parser_t *p, text_t *out)
{
    const char *start = p->at;
    while (more(p) && *p->at != '>' && *p->at != ')' && *p->at != '(' && *p->at != '\\')
        p->at++;
    *out = (text_t){start, (size_t)(p->at - start)};
    return out->bytes > 0 && !is_digit(*start) && skip(p, ">");
}

/* After "\k". The groups' names are known already. */
static rx_node_t *parse_named_reference(parser_t *p)
{
    text_t name;
    if (!skip(p, "<") || !read_group_name(p, &name))
        return problem(p, "\\k needs the name of a group: \\k<name>");
    for (uint32_t i = 1; i <= p->out->n_groups; i++) {
        if (text_eq(p->names[i], name)) {
            rx_node_t *node = node_new(p, RX_REFERENCE);
            node->group = i;
            p->out->has_reference = true;
            return node;
        }
    }
    return problem(p, "\\k names a group that does not exist");
}

static rx_node_t *parse_numbered_reference(parser_t *p)
{
    uint32_t number = 0;
    while (more(p) && is_digit(*p->at) && number <= p->out->n_groups)
        number = number * 10 + (uint32_t)(*p->at++ - '0');
    if (number > p->out->n_groups)
        return problem(p, "a reference names a group that does not exist");
    rx_node_t *node = node_new(p, RX_REFERENCE);
    node->group = number;
    p->out->has_reference = true;
    return node;
}

/* After '\', outside classes. */
static rx_node_t *parse_escape(parser_t *p)
{
    draft_t draft = {.arena = p->arena};
    uint32_t c;
    if (!more(p))
        return problem(p, "the pattern ends in a backslash");
    if (next_is(p, "b") || next_is(p, "B")) {
        rx_node_t *node = node_new(p, RX_BOUNDARY);
        node->negated = *p->at++ == 'B';
        return node;
    }
    if (*p->at >= '1' && *p->at <= '9')
        return parse_numbered_reference(p);
    if (skip(p, "k"))
        return parse_named_reference(p);
    if (draft_class_escape(&draft, *p->at)) {
        p->at++;
        return set_node(p, &draft, false);
    }
    if (next_is(p, "p") || next_is(p, "P"))
        return read_property(p, &draft, *p->at++ == 'P') ? set_node(p, &draft, false) : NULL;
    return read_character_escape(p, &c) ? character_node(p, c) : NULL;
}

static rx_node_t *parse_alternatives(parser_t *p);

/* What kind of group starts after '('. */
static rx_node_t *group_head(parser_t *p)
{
    static const struct {
        const char *head;
        bool behind, negated;
    } looks[] = {{"?=", false, false}, {"?!", false, true}, {"?<=", true, false}, {"?<!", true, true}};
    text_t name;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        if (!skip(p, looks[i].head))
            continue;
        rx_node_t *look = node_new(p, RX_LOOK);
        look->behind = looks[i].behind;
        look->negated = looks[i].negated;
        p->out->has_look = true;
        p->out->has_behind |= look->behind;
        return look;
    }
    if (skip(p, "?:"))
        return node_new(p, RX_CAT);
    rx_node_t *group = node_new(p, RX_GROUP);
    group->group = ++p->groups_before;
    if (skip(p, "?<"))
        return read_group_name(p, &name) ? group : problem(p, "a group's name is not closed by '>'");
    if (next_is(p, "?") || next_is(p, "*"))
        return problem(p, "this kind of group is no part of ECMA-262");
    return group;
}

/* After '('. */
static rx_node_t *parse_group(parser_t *p)
{
    rx_node_t *head = group_head(p);
    if (head == NULL)
        return NULL;
    if (p->depth == PATTERN_DEPTH_MAX) {
        p->out->too_deep = true;
        return problem(p, "groups are nested too deeply");
    }
    p->depth++;
    head->child = parse_alternatives(p);
    p->depth--;
    if (head->child == NULL)
        return NULL;
    return skip(p, ")") ? head : problem(p, "a group is not closed: a ')' is missing");
}

static rx_node_t *parse_atom(parser_t *p)
{
    draft_t draft = {.arena = p->arena};
    if (skip(p, "("))
        return parse_group(p);
    if (skip(p, "["))
        return parse_class(p);
    if (skip(p, "\\"))
        return parse_escape(p);
    if (skip(p, "^"))
        return node_new(p, RX_BEGIN);
    if (skip(p, "$"))
        return node_new(p, RX_END);
    if (skip(p, ".")) {
        draft_ranges(&draft, RANGES(line_ranges), true);
        return set_node(p, &draft, false);
    }
    if (next_is(p, "*") || next_is(p, "+") || next_is(p, "?"))
        return problem(p, "there is nothing to repeat before '*', '+' or '?'");
    return character_node(p, text_code_point(&p->at));
}

static bool read_count(parser_t *p, uint32_t *out)
{
    const char *start = p->at;
    uint32_t value = 0;
    for (; more(p) && is_digit(*p->at); p->at++)
        if (value < PATTERN_NO_MAX / 16)
            value = value * 10 + (uint32_t)(*p->at - '0');
    *out = value;
    return p->at > start;
}

/* {n}, {n,} or {n,m} at p->at; the place stays, and '{' stands for itself, if it is none. */
static bool read_braces(parser_t *p, uint32_t *min, uint32_t *max)
{
    const char *start = p->at;
    if (skip(p, "{") && read_count(p, min)) {
        *max = *min;
        if (skip(p, ",") && !read_count(p, max))
            *max = PATTERN_NO_MAX;
        if (skip(p, "}"))
            return true;
    }
    p->at = start;
    return false;
}

static bool read_quantifier(parser_t *p, uint32_t *min, uint32_t *max)
{
    *min = 0;
    *max = PATTERN_NO_MAX;
    if (skip(p, "*"))
        return true;
    if (skip(p, "+")) {
        *min = 1;
        return true;
    }
    if (skip(p, "?")) {
        *max = 1;
        return true;
    }
    return read_braces(p, min, max);
}

static bool repeatable(const rx_node_t *atom)
{
    return atom->kind != RX_BEGIN && atom->kind != RX_END && atom->kind != RX_BOUNDARY &&
           atom->kind != RX_LOOK;
}

static rx_node_t *parse_term(parser_t *p)
{
    uint32_t min, max;
    const char *start = p->at;
    if (read_braces(p, &min, &max)) {
        p->at = start;
        return problem(p, "there is nothing to repeat before '{'");
    }
    rx_node_t *atom = parse_atom(p);
    if (atom == NULL || !read_quantifier(p, &min, &max))
        return atom;
    if (!repeatable(atom))
        return problem(p, "a look-around, '^', '$' or '\\b' cannot be repeated");
    if (min > max)
        return problem(p, "a repetition's bounds are in the wrong order");
    rx_node_t *repeat = node_new(p, RX_REPEAT);
    *repeat = (rx_node_t){.kind = RX_REPEAT, .min = min, .max = max, .lazy = skip(p, "?"), .child = atom};
    return repeat;
}

static rx_node_t *parse_sequence(parser_t *p)
{
    rx_node_t *sequence = node_new(p, RX_CAT), **last = &sequence->child;
    while (more(p) && *p->at != '|' && *p->at != ')') {
        *last = parse_term(p);
        if (*last == NULL)
            return NULL;
        last = &(*last)->next;
    }
    return sequence;
}

static rx_node_t *parse_alternatives(parser_t *p)
{
    rx_node_t *first = parse_sequence(p);
    if (first == NULL || !next_is(p, "|"))
        return first;
    rx_node_t *alternatives = node_new(p, RX_ALT), **last = &first->next;
    alternatives->child = first;
    while (skip(p, "|")) {
        *last = parse_sequence(p);
        if (*last == NULL)
            return NULL;
        last = &(*last)->next;
    }
    return alternatives;
}

/* Counts the groups and notes their names: references may stand before them. */
static void find_groups(parser_t *p, bool *duplicate)
{
    uint32_t room = 1;
    for (const char *at = p->at; at < p->end; at++)
        room += *at == '(';
    p->names = ARENA_ARRAY(p->arena, text_t, room);
    bool in_class = false;
    parser_t scan = *p;
    for (; more(&scan); scan.at++) {
        if (*scan.at == '\\') {
            scan.at += scan.end - scan.at > 1;
        } else if (in_class) {
            in_class = *scan.at != ']';
        } else if (*scan.at == '[') {
            in_class = true;
        } else if (*scan.at == '(') {
            text_t name = TEXT_NONE;
            parser_t ahead = scan;
            ahead.at++;
            bool named = next_is(&ahead, "?<") && !next_is(&ahead, "?<=") && !next_is(&ahead, "?<!");
            if (next_is(&ahead, "?") && !named)
                continue;
            if (named) {
                ahead.at += 2;
                read_group_name(&ahead, &name);
            }
            for (uint32_t i = 1; name.bytes > 0 && i <= p->out->n_groups; i++)
                *duplicate |= text_eq(p->names[i], name);
            p->names[++p->out->n_groups] = name;
        }
    }
}

void rx_parse(text_t source, arena_t *arena, rx_pattern_t *out)
{
    *out = (rx_pattern_t){0};
    parser_t p = {.at = source.at, .end = source.at + source.bytes, .arena = arena, .out = out};
    bool duplicate = false;
    if (source.bytes > 0 && text_utf8_valid(source) < source.bytes) {
        problem(&p, "the pattern is not UTF-8");
        return;
    }
    find_groups(&p, &duplicate);
    if (duplicate)
        problem(&p, "two groups have one name");
    out->root = parse_alternatives(&p);
    if (out->root != NULL && more(&p))
        problem(&p, "a ')' closes no group");
    if (out->problem != NULL)
        out->root = NULL;
}

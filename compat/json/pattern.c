#define PCRE2_CODE_UNIT_WIDTH 8
#include "compat/json/pattern.h"

#include <pcre2.h>

#include "compat/core/buf.h"
#include "compat/json/pattern_dfa.h"

struct js_pattern {
    text_t source;
    const char *problem;
    const rx_dfa_t *dfa; /* NULL: PCRE2's */
    pcre2_code *code;
    bool anchored; /* a match can only begin at the start */
};

#define TRANSLATED_MAX (256u << 10) /* bytes of PCRE2's pattern; its own limit is near */
#define TABLE_WORK     100000       /* steps that may go into building the table of one pattern */
#define REPEAT_MAX     65535        /* PCRE2's */

/* --- translation ------------------------------------------------------------------------------------------------- */

typedef struct {
    buf_t *out;
    const rx_pattern_t *pattern;
    const char *problem;
} writer_t;

static void write_character(buf_t *out, uint32_t c)
{
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain)
        buf_add_char(out, (char)c);
    else
        buf_printf(out, "\\x{%X}", c);
}

/* Ranges around the surrogates, which PCRE2 does not let one name. */
static void write_range(buf_t *out, rx_range_t range)
{
    if (range.from >= 0xD800 && range.from <= 0xDFFF)
        range.from = 0xE000;
    if (range.to >= 0xD800 && range.to <= 0xDFFF)
        range.to = 0xD7FF;
    if (range.from > range.to)
        return;
    write_character(out, range.from);
    if (range.to > range.from) {
        buf_add_char(out, '-');
        write_character(out, range.to);
    }
}

static void write_set(buf_t *out, const rx_set_t *set)
{
    if (set->n_properties == 0 && set->n_ranges == 1 && set->ranges[0].from == set->ranges[0].to) {
        write_character(out, set->ranges[0].from);
        return;
    }
    if (set->n_properties == 0 && set->n_ranges == 0) {
        buf_add(out, TEXT("(?!)"));
        return;
    }
    buf_add_s(out, set->negated ? "[^" : "[");
    for (uint32_t i = 0; i < set->n_ranges; i++)
        write_range(out, set->ranges[i]);
    for (uint32_t i = 0; i < set->n_properties; i++)
        buf_printf(out, "\\%c{" TEXT_FMT "}", set->properties[i].negated ? 'P' : 'p',
                   TEXT_ARG(set->properties[i].name));
    buf_add_char(out, ']');
}

static void write_repeat(writer_t *w, const rx_node_t *node)
{
    if (node->min > REPEAT_MAX || (node->max != PATTERN_NO_MAX && node->max > REPEAT_MAX)) {
        w->problem = "it repeats something more than 65535 times";
        return;
    }
    if (node->max == PATTERN_NO_MAX)
        buf_printf(w->out, "{%u,}", node->min);
    else
        buf_printf(w->out, "{%u,%u}", node->min, node->max);
    if (node->lazy)
        buf_add_char(w->out, '?');
}

static const char *look_head(const rx_node_t *node)
{
    if (node->behind)
        return node->negated ? "(?<!" : "(?<=";
    return node->negated ? "(?!" : "(?=";
}

/* Depth is bounded by PATTERN_DEPTH_MAX: a group adds at most four nodes to the path. */
static void write_node(writer_t *w, const rx_node_t *node)
{
    switch (node->kind) {
    case RX_EMPTY:
        return;
    case RX_SET:
        write_set(w->out, node->set);
        return;
    case RX_CAT:
        buf_add(w->out, TEXT("(?:"));
        for (const rx_node_t *child = node->child; child != NULL; child = child->next)
            write_node(w, child);
        buf_add_char(w->out, ')');
        return;
    case RX_ALT:
        buf_add(w->out, TEXT("(?:"));
        for (const rx_node_t *child = node->child; child != NULL; child = child->next) {
            if (child != node->child)
                buf_add_char(w->out, '|');
            write_node(w, child);
        }
        buf_add_char(w->out, ')');
        return;
    case RX_REPEAT:
        write_node(w, node->child);
        write_repeat(w, node);
        return;
    case RX_GROUP:
        /* What a group captured only matters to references. */
        buf_add_s(w->out, w->pattern->has_reference ? "(" : "(?:");
        write_node(w, node->child);
        buf_add_char(w->out, ')');
        return;
    case RX_LOOK:
        buf_add_s(w->out, look_head(node));
        write_node(w, node->child);
        buf_add_char(w->out, ')');
        return;
    case RX_BEGIN:
        buf_add_char(w->out, '^');
        return;
    case RX_END:
        buf_add_char(w->out, '$');
        return;
    case RX_BOUNDARY:
        buf_add_s(w->out, node->negated ? "\\B" : "\\b");
        return;
    case RX_REFERENCE:
        buf_printf(w->out, "\\g{%u}", node->group);
        return;
    }
}

/* Is a captured group inside something that may repeat? ECMA-262 forgets captures at each turn, PCRE2 does not. */
static bool captures_in_repeat(const rx_node_t *node, bool repeated)
{
    if (node->kind == RX_GROUP && repeated)
        return true;
    repeated |= node->kind == RX_REPEAT && node->max > 1;
    for (const rx_node_t *child = node->child; child != NULL; child = child->next)
        if (captures_in_repeat(child, repeated))
            return true;
    return false;
}

/* Does every match begin at the start? */
static bool is_anchored(const rx_node_t *node)
{
    switch (node->kind) {
    case RX_BEGIN:
        return true;
    case RX_CAT:
    case RX_GROUP:
        return node->child != NULL && is_anchored(node->child);
    case RX_ALT:
        for (const rx_node_t *child = node->child; child != NULL; child = child->next)
            if (!is_anchored(child))
                return false;
        return true;
    case RX_EMPTY:
    case RX_SET:
    case RX_REPEAT:
    case RX_LOOK:
    case RX_END:
    case RX_BOUNDARY:
    case RX_REFERENCE:
        return false;
    }
    return false;
}

static const char *translate(const rx_pattern_t *parsed, buf_t *out)
{
    writer_t w = {.out = out, .pattern = parsed};
    if (parsed->has_reference && parsed->has_behind)
        return "it uses back-references together with look-behind";
    if (parsed->has_reference && captures_in_repeat(parsed->root, false))
        return "it uses back-references to groups that repeat";
    write_node(&w, parsed->root);
    if (buf_failed(out))
        return "it is too long";
    return w.problem;
}

/* --- PCRE2 on arenas --------------------------------------------------------------------------------------------- */

static void *take_from_arena(PCRE2_SIZE bytes, void *arena)
{
    return arena_take(arena, bytes);
}

static void leave_to_arena(void *block, void *arena)
{
    (void)block;
    (void)arena;
}

#define COMPILE_OPTIONS                                                                       \
    (PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C | \
     PCRE2_NO_UTF_CHECK)

static const char *compile(js_pattern_t *pattern, text_t translated, arena_t *arena)
{
    int code;
    PCRE2_SIZE offset;
    pcre2_general_context *general = pcre2_general_context_create(take_from_arena, leave_to_arena, arena);
    pcre2_compile_context *context = pcre2_compile_context_create(general);
    pattern->code =
        pcre2_compile((PCRE2_SPTR)translated.at, translated.bytes, COMPILE_OPTIONS, &code, &offset, context);
    if (pattern->code != NULL)
        return NULL;
    PCRE2_UCHAR message[128];
    pcre2_get_error_message(code, message, sizeof message);
    return arena_printf(arena, "the matcher cannot follow it (%s)", (const char *)message);
}

static void compile_backtracking(js_pattern_t *pattern, const rx_pattern_t *parsed, arena_t *arena)
{
    buf_t translated;
    buf_init(&translated, TRANSLATED_MAX);
    pattern->problem = translate(parsed, &translated);
    pattern->anchored = is_anchored(parsed->root);
    if (pattern->problem == NULL)
        pattern->problem = compile(pattern, buf_text(&translated), arena);
    buf_dispose(&translated);
}

/* `work` is NULL where no table is wanted. */
static const js_pattern_t *compile_pattern(text_t source, uint64_t *work, arena_t *arena)
{
    js_pattern_t *pattern = ARENA_NEW(arena, js_pattern_t);
    arena_t *scratch = arena_new();
    rx_pattern_t parsed;
    rx_parse(source, scratch, &parsed);
    pattern->source = source;
    pattern->problem = parsed.problem;
    if (parsed.problem == NULL && work != NULL)
        pattern->dfa = rx_dfa_build(&parsed, work, arena);
    if (parsed.problem == NULL && pattern->dfa == NULL)
        compile_backtracking(pattern, &parsed, arena);
    arena_free(scratch);
    return pattern;
}

const js_pattern_t *js_pattern_compile(text_t source, arena_t *arena)
{
    uint64_t work = TABLE_WORK;
    return compile_pattern(source, &work, arena);
}

const js_pattern_t *js_pattern_compile_within(text_t source, uint64_t *work, arena_t *arena)
{
    uint64_t share = *work < TABLE_WORK ? *work : TABLE_WORK, left = share;
    const js_pattern_t *pattern = compile_pattern(source, &left, arena);
    *work -= share - left;
    return pattern;
}

const js_pattern_t *js_pattern_compile_backtracking(text_t source, arena_t *arena)
{
    return compile_pattern(source, NULL, arena);
}

text_t js_pattern_source(const js_pattern_t *pattern)
{
    return pattern->source;
}

const char *js_pattern_problem(const js_pattern_t *pattern)
{
    return pattern->problem;
}

bool js_pattern_is_syntax(text_t source)
{
    arena_t *scratch = arena_new();
    rx_pattern_t parsed;
    rx_parse(source, scratch, &parsed);
    bool syntax = parsed.problem == NULL || parsed.too_deep;
    arena_free(scratch);
    return syntax;
}

/* --- matching ---------------------------------------------------------------------------------------------------- */

#define FIRST_LIMIT 1000        /* of PCRE2's count of backtracking, per start; grows as it is paid for */
#define HEAP_KIB    (16u << 10) /* that PCRE2 may use for backtracking */
#define SHORT_BYTES 256         /* up to here all starts are tried in one call */

static void prepare(js_matcher_t *matcher)
{
    pcre2_general_context *general =
        pcre2_general_context_create(take_from_arena, leave_to_arena, matcher->arena);
    matcher->_context = general;
    matcher->_limits = pcre2_match_context_create(general);
    matcher->_match = pcre2_match_data_create(1, general);
    pcre2_set_heap_limit(matcher->_limits, HEAP_KIB);
}

/* One call, its limit doubled while the budget pays for it. `cost` is charged for each start that is tried. */
static int match_paid(const js_pattern_t *pattern, text_t subject, size_t start, uint32_t options,
                      js_matcher_t *matcher, uint64_t cost, uint64_t *steps, uint64_t max_steps)
{
    uint64_t limit = FIRST_LIMIT;
    *steps += cost;
    for (;;) {
        if (*steps > max_steps)
            return PCRE2_ERROR_MATCHLIMIT;
        pcre2_set_match_limit(matcher->_limits, (uint32_t)limit);
        int result = pcre2_match(pattern->code, (PCRE2_SPTR)subject.at, subject.bytes, start,
                                 options | PCRE2_NO_UTF_CHECK, matcher->_match, matcher->_limits);
        if (result != PCRE2_ERROR_MATCHLIMIT)
            return result;
        *steps += limit;
        limit *= 4;
        if (limit > max_steps)
            return PCRE2_ERROR_MATCHLIMIT;
    }
}

/* A long subject is tried start by start: PCRE2 counts for each start anew, and we want to know. */
static int match_long(const js_pattern_t *pattern, text_t subject, js_matcher_t *matcher, uint64_t *steps,
                      uint64_t max_steps)
{
    const char *at = subject.at, *end = subject.at + subject.bytes;
    for (;;) {
        size_t start = (size_t)(at - subject.at);
        int result = match_paid(pattern, subject, start, PCRE2_ANCHORED, matcher,
                                1 + (subject.bytes - start) / 1024, steps, max_steps);
        if (result != PCRE2_ERROR_NOMATCH || at == end)
            return result;
        at += text_utf8_sequence(at, end);
    }
}

static js_match_t match_table(const rx_dfa_t *dfa, text_t subject, uint64_t *steps, uint64_t max_steps)
{
    *steps += 1 + subject.bytes / 64;
    if (*steps > max_steps)
        return JS_MATCH_BUDGET;
    return rx_dfa_match(dfa, subject) ? JS_MATCH_YES : JS_MATCH_NO;
}

js_match_t js_pattern_match(const js_pattern_t *pattern, text_t subject, js_matcher_t *matcher,
                            uint64_t *steps, uint64_t max_steps)
{
    if (subject.at == NULL)
        subject.at = "";
    if (pattern->problem != NULL || text_utf8_valid(subject) < subject.bytes)
        return JS_MATCH_UNSUPPORTED;
    if (pattern->dfa != NULL)
        return match_table(pattern->dfa, subject, steps, max_steps);
    if (matcher->_match == NULL)
        prepare(matcher);
    int result;
    if (subject.bytes <= SHORT_BYTES || pattern->anchored)
        result = match_paid(pattern, subject, 0, pattern->anchored ? PCRE2_ANCHORED : 0, matcher,
                            1 + subject.bytes / 8, steps, max_steps);
    else
        result = match_long(pattern, subject, matcher, steps, max_steps);
    if (result >= 0)
        return JS_MATCH_YES;
    return result == PCRE2_ERROR_NOMATCH ? JS_MATCH_NO : JS_MATCH_BUDGET;
}

/* Reading. One loop over three states; what is open is a chain through the stack of values not yet placed:
 *
 *   stack:  [document]  or, inside {"a": [1, 2
 *           0: object (open)   1: "a": array (open)   2: 1   3: 2
 *
 * An open container keeps the position of the one around it where its children will be. When it closes, the entries after it
 * are its children: they move to the arena in one piece. */
#include "compat/core/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "compat/core/json_index.h"
#include "compat/core/number.h"

#define NO_FRAME SIZE_MAX

typedef struct {
    const char *at, *end;
    const char *line_start;
    uint32_t line;
    uint32_t continuations; /* UTF-8 continuation bytes since line_start: columns count code points */
    unsigned flags;
    const limits_t *limits;
    arena_t *arena;
    fault_t *fault;
    jv_member_t *stack;
    size_t n_stack, room;
    size_t frame; /* the innermost open container, or NO_FRAME */
    uint32_t depth, nodes;
} reader_t;

static uint32_t column_of(const reader_t *r, const char *at)
{
    return (uint32_t)(at - r->line_start) - r->continuations + 1;
}

/* --- faults ------------------------------------------------------------------------------------------------------ */

/* Frames from the outside in: the position of each open container's predecessor is in its value. */
static size_t frame_before(const reader_t *r, size_t frame)
{
    return r->stack[frame].value.text.bytes;
}

/* The path to the innermost open container. */
static void note_pointer(reader_t *r)
{
    size_t depth = 0;
    for (size_t f = r->frame; f != NO_FRAME; f = frame_before(r, f))
        depth++;
    size_t *path = calloc(depth + 1, sizeof *path);
    if (path == NULL)
        abort();
    size_t n = depth;
    for (size_t f = r->frame; f != NO_FRAME; f = frame_before(r, f))
        path[--n] = f;
    buf_t pointer;
    buf_init(&pointer, 4 * sizeof r->fault->pointer);
    for (size_t i = 1; i < depth; i++) {
        const jv_member_t *parent = &r->stack[path[i - 1]], *child = &r->stack[path[i]];
        if (parent->value.kind == JV_OBJECT) {
            jv_pointer_add(&pointer, child->name);
        } else {
            buf_printf(&pointer, "/%zu", path[i] - path[i - 1] - 1);
        }
    }
    fault_set_pointer(r->fault, buf_text(&pointer));
    buf_dispose(&pointer);
    free(path);
}

static int fail_at(reader_t *r, const char *at, const char *sentence)
{
    if (r->fault != NULL && r->fault->code == FAULT_NONE) {
        fault_set(r->fault, FAULT_SYNTAX, r->line, column_of(r, at), "%s", sentence);
        note_pointer(r);
    }
    return -1;
}

static int fail_limit(reader_t *r, const char *at, const char *what, unsigned long long limit)
{
    if (r->fault != NULL && r->fault->code == FAULT_NONE) {
        fault_set(r->fault, FAULT_LIMIT, r->line, column_of(r, at),
                  "the text has more than %llu %s, which is the limit", limit, what);
        note_pointer(r);
    }
    return -1;
}

/* What stands at r->at, which is not `expected`. */
static int fail_expected(reader_t *r, const char *expected)
{
    if (r->fault == NULL || r->fault->code != FAULT_NONE)
        return -1;
    size_t bytes = r->at < r->end ? text_utf8_sequence(r->at, r->end) : 0;
    uint32_t column = column_of(r, r->at);
    if (r->at == r->end)
        fault_set(r->fault, FAULT_SYNTAX, r->line, column, "expected %s, but the text ends here", expected);
    else if (bytes == 0)
        fault_set(r->fault, FAULT_SYNTAX, r->line, column,
                  "expected %s, found a byte that is not UTF-8 (0x%02X)", expected, (unsigned char)*r->at);
    else if ((unsigned char)*r->at < 0x20 || *r->at == 0x7F)
        fault_set(r->fault, FAULT_SYNTAX, r->line, column, "expected %s, found the control character U+%04X",
                  expected, (unsigned char)*r->at);
    else
        fault_set(r->fault, FAULT_SYNTAX, r->line, column, "expected %s, found '%.*s'", expected, (int)bytes,
                  r->at);
    note_pointer(r);
    return -1;
}

/* --- white space and scalars ------------------------------------------------------------------------------------- */

static inline void skip_space(reader_t *r)
{
    const char *at = r->at, *end = r->end;
    while (at < end) {
        char c = *at;
        if (c == '\n') {
            r->line++;
            r->line_start = at + 1;
            r->continuations = 0;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            break;
        }
        at++;
    }
    r->at = at;
}

/* A word of eight bytes with a high bit set in each byte that ends a plain run: quote, backslash, control, non-ASCII. */
static inline uint64_t special_bytes(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
    return ((quote - ones) | (backslash - ones) | (word - ones * 0x20) | word) & highs;
}

static inline const char *skip_plain(const char *at, const char *end)
{
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        if (special_bytes(word) != 0)
            break;
        at += 8;
    }
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' && *at != '\\')
        at++;
    return at;
}

static int hex4(const char *at, const char *end, uint32_t *out)
{
    if (end - at < 4)
        return -1;
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (uint32_t)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            digit = (uint32_t)(c - 'A' + 10);
        else
            return -1;
        value = value << 4 | digit;
    }
    *out = value;
    return 0;
}

/* After "\u": one code point, of two escapes where it is a pair. */
static int read_unicode_escape(reader_t *r, const char **at, uint32_t *out)
{
    uint32_t high, low;
    if (hex4(*at, r->end, &high) != 0)
        return fail_at(r, *at - 2, "\\u must be followed by four hexadecimal digits");
    *at += 4;
    *out = high;
    if (high < 0xD800 || high > 0xDFFF)
        return 0;
    if (high > 0xDBFF || r->end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u' ||
        hex4(*at + 2, r->end, &low) != 0 || low < 0xDC00 || low > 0xDFFF)
        return fail_at(r, *at - 6, "a lone surrogate is not a character: it needs its other half");
    *at += 6;
    *out = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return 0;
}

static const char simple_escapes[128] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static size_t encode_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* Finds the closing quote of the string whose text starts at r->at, checking everything but what escapes mean. */
static int scan_string(reader_t *r, const char **close, bool *escaped)
{
    const char *at = r->at;
    uint32_t continuations = r->continuations;
    for (;;) {
        at = skip_plain(at, r->end);
        if (at == r->end) {
            r->at = at;
            return fail_expected(r, "the closing quote of a string");
        }
        if (*at == '"')
            break;
        if (*at == '\\') {
            *escaped = true;
            if (r->end - at < 2) {
                r->at = r->end;
                return fail_expected(r, "an escape");
            }
            at += 1 + ((unsigned char)at[1] < 0x80 && (unsigned char)at[1] >= 0x20);
            continue;
        }
        size_t bytes = (unsigned char)*at < 0x20 ? 0 : text_utf8_sequence(at, r->end);
        if (bytes == 0) {
            return fail_at(r, at,
                           (unsigned char)*at < 0x20
                               ? "a control character in a string must be written as an escape"
                               : "this byte is not UTF-8");
        }
        at += bytes;
        r->continuations += (uint32_t)bytes - 1;
    }
    /* Unescaping goes through the string once more and counts for its faults. */
    if (*escaped)
        r->continuations = continuations;
    *close = at;
    return 0;
}

/* The text between r->at and `close` into the arena. Escapes only shrink. */
static int unescape(reader_t *r, const char *close, text_t *out)
{
    char *text = arena_take(r->arena, (size_t)(close - r->at) + 1);
    size_t n = 0;
    for (const char *at = r->at; at < close;) {
        if (*at != '\\') {
            r->continuations += ((unsigned char)*at & 0xC0) == 0x80;
            text[n++] = *at++;
            continue;
        }
        unsigned char kind = (unsigned char)at[1];
        at += 2;
        if (kind == 'u') {
            uint32_t c = 0;
            if (read_unicode_escape(r, &at, &c) != 0)
                return -1;
            n += encode_utf8(c, text + n);
        } else if (kind < 128 && simple_escapes[kind] != 0) {
            text[n++] = simple_escapes[kind];
        } else {
            return fail_at(r, at - 2,
                           "this is no escape of JSON: \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX are");
        }
    }
    text[n] = '\0';
    *out = (text_t){text, n};
    return 0;
}

/* A string whose opening quote is at r->at. */
static int read_string(reader_t *r, text_t *out)
{
    const char *close = NULL;
    bool escaped = false;
    r->at++;
    if (scan_string(r, &close, &escaped) != 0)
        return -1;
    if (!escaped)
        *out = (text_t){r->at, (size_t)(close - r->at)};
    else if (unescape(r, close, out) != 0)
        return -1;
    r->at = close + 1;
    return 0;
}

static inline const char *skip_digits(const char *at, const char *end)
{
    while (at < end && (unsigned char)(*at - '0') < 10)
        at++;
    return at;
}

static int check_digits(reader_t *r, text_t lexeme, bool has_exponent)
{
    number_t number;
    if (!has_exponent && lexeme.bytes <= r->limits->max_digits)
        return 0;
    if (number_parse(lexeme, &number) && number_plain_digits(&number) > r->limits->max_digits)
        return fail_limit(r, lexeme.at, "digits in a number, its exponent written out",
                          r->limits->max_digits);
    return 0;
}

static int read_word(reader_t *r, jv_t *value, jv_kind_t kind, text_t word)
{
    if (!text_starts((text_t){r->at, (size_t)(r->end - r->at)}, word))
        return fail_expected(r, "a JSON value");
    value->kind = kind;
    value->text = (text_t){r->at, word.bytes};
    r->at += word.bytes;
    return 0;
}

static int read_number(reader_t *r, jv_t *value)
{
    const char *start = r->at, *at = start;
    at += *at == '-';
    if (at < r->end && *at == 'I' && (r->flags & JV_NAN))
        return read_word(r, value, JV_NUMBER, TEXT("-Infinity"));
    const char *whole = at;
    at = skip_digits(at, r->end);
    if (at == whole) {
        r->at = at;
        return fail_expected(r, "a digit");
    }
    if (*whole == '0' && at - whole > 1)
        return fail_at(r, start, "a number must not begin with a zero that is followed by digits");
    if (at < r->end && *at == '.') {
        const char *fraction = at + 1;
        at = skip_digits(fraction, r->end);
        if (at == fraction) {
            r->at = at;
            return fail_expected(r, "a digit after the decimal point");
        }
    }
    bool has_exponent = at < r->end && (*at == 'e' || *at == 'E');
    if (has_exponent) {
        at++;
        at += at < r->end && (*at == '+' || *at == '-');
        const char *exponent = at;
        at = skip_digits(at, r->end);
        if (at == exponent) {
            r->at = at;
            return fail_expected(r, "a digit of the exponent");
        }
    }
    value->kind = JV_NUMBER;
    value->text = (text_t){start, (size_t)(at - start)};
    r->at = at;
    number_small_t small;
    if (number_small(value->text, &small))
        value->_index = number_pack(small);
    return check_digits(r, value->text, has_exponent);
}

/* --- containers -------------------------------------------------------------------------------------------------- */

static jv_member_t *slot(reader_t *r)
{
    if (r->n_stack == r->room) {
        r->room = r->room == 0 ? 128 : 2 * r->room;
        jv_member_t *stack = realloc(r->stack, r->room * sizeof *stack);
        if (stack == NULL)
            abort();
        r->stack = stack;
    }
    return &r->stack[r->n_stack];
}

static int open_container(reader_t *r, jv_t *value, jv_kind_t kind)
{
    if (++r->depth > r->limits->max_depth)
        return fail_limit(r, r->at, "levels of nesting", r->limits->max_depth);
    value->kind = kind;
    value->text = (text_t){NULL, r->frame};
    r->frame = r->n_stack - 1;
    r->at++;
    return 0;
}

static int fail_duplicate(reader_t *r, const jv_member_t *member)
{
    if (r->fault != NULL && r->fault->code == FAULT_NONE) {
        fault_set(r->fault, FAULT_SYNTAX, member->line, member->column,
                  "the name \"" TEXT_FMT "\" appears twice in one object",
                  member->name.bytes > 200 ? 200 : (int)member->name.bytes, member->name.at);
        note_pointer(r);
    }
    return -1;
}

/* Moves the members to the arena; a name that was there already is a fault, or takes the first one's place. */
static int place_members(reader_t *r, jv_t *object, const jv_member_t *from, uint32_t n)
{
    jv_member_t *members = arena_take(r->arena, n * sizeof *members);
    json_index_t *index = json_index_new(r->arena, n);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        jv_member_t *seen = json_index_find(index, members, kept, from[i].name);
        if (seen != NULL) {
            if (!(r->flags & JV_LAST_WINS))
                return fail_duplicate(r, &from[i]);
            seen->value = from[i].value;
            continue;
        }
        members[kept] = from[i];
        json_index_add(index, members, kept);
        kept++;
    }
    object->n = kept;
    object->members = members;
    object->_index = index;
    return 0;
}

static int close_container(reader_t *r)
{
    jv_t *value = &r->stack[r->frame].value;
    const jv_member_t *from = &r->stack[r->frame + 1];
    uint32_t n = (uint32_t)(r->n_stack - r->frame - 1);
    size_t before = value->text.bytes;
    if (value->kind == JV_ARRAY) {
        jv_t *items = arena_take(r->arena, n * sizeof *items);
        for (uint32_t i = 0; i < n; i++)
            items[i] = from[i].value;
        value->n = n;
        value->items = items;
    } else if (place_members(r, value, from, n) != 0) {
        return -1;
    }
    r->n_stack = r->frame + 1;
    r->frame = before;
    r->depth--;
    r->at++;
    return 0;
}

/* --- the loop ---------------------------------------------------------------------------------------------------- */

typedef enum { AT_VALUE, AT_FIRST, AT_NEXT } state_t; /* a value; after an opening bracket; after a value */

static int begin_value(reader_t *r, state_t *state)
{
    jv_member_t *member = slot(r);
    jv_t *value = &member->value;
    if (r->at == r->end)
        return fail_expected(r, "a JSON value");
    if (++r->nodes > r->limits->max_nodes)
        return fail_limit(r, r->at, "JSON values", r->limits->max_nodes);
    *value = (jv_t){.line = r->line, .column = column_of(r, r->at)};
    *state = AT_NEXT;
    char c = *r->at;
    switch (c) {
    case '"':
        value->kind = JV_STRING;
        if (read_string(r, &value->text) != 0)
            return -1;
        break;
    case '{':
    case '[':
        r->n_stack++;
        *state = AT_FIRST;
        return open_container(r, value, c == '{' ? JV_OBJECT : JV_ARRAY);
    case 't':
        if (read_word(r, value, JV_TRUE, TEXT("true")) != 0)
            return -1;
        break;
    case 'f':
        if (read_word(r, value, JV_FALSE, TEXT("false")) != 0)
            return -1;
        break;
    case 'n':
        if (read_word(r, value, JV_NULL, TEXT("null")) != 0)
            return -1;
        break;
    default:
        if ((c == 'N' || c == 'I') && (r->flags & JV_NAN)) {
            if (read_word(r, value, JV_NUMBER, c == 'N' ? TEXT("NaN") : TEXT("Infinity")) != 0)
                return -1;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            if (read_number(r, value) != 0)
                return -1;
        } else {
            return fail_expected(r, "a JSON value");
        }
    }
    r->n_stack++;
    return 0;
}

/* "name" : of the next member. */
static int read_name(reader_t *r, const char *expected)
{
    jv_member_t *member = slot(r);
    if (r->at == r->end || *r->at != '"')
        return fail_expected(r, expected);
    member->line = r->line;
    member->column = column_of(r, r->at);
    if (read_string(r, &member->name) != 0)
        return -1;
    skip_space(r);
    if (r->at == r->end || *r->at != ':')
        return fail_expected(r, "':' after the name");
    r->at++;
    skip_space(r);
    return 0;
}

static int after_opening(reader_t *r, state_t *state)
{
    bool object = r->stack[r->frame].value.kind == JV_OBJECT;
    if (r->at < r->end && *r->at == (object ? '}' : ']')) {
        *state = AT_NEXT;
        return close_container(r);
    }
    *state = AT_VALUE;
    return object ? read_name(r, "a name in quotes, or '}'") : 0;
}

static int after_value(reader_t *r, state_t *state)
{
    bool object = r->stack[r->frame].value.kind == JV_OBJECT;
    char c = r->at < r->end ? *r->at : '\0';
    if (c == ',') {
        r->at++;
        skip_space(r);
        *state = AT_VALUE;
        return object ? read_name(r, "a name in quotes") : 0;
    }
    if (c == (object ? '}' : ']'))
        return close_container(r);
    return fail_expected(r, object ? "',' or '}'" : "',' or ']'");
}

static int read_document(reader_t *r)
{
    state_t state = AT_VALUE;
    skip_space(r);
    do {
        int failed = 0;
        switch (state) {
        case AT_VALUE:
            failed = begin_value(r, &state);
            break;
        case AT_FIRST:
            failed = after_opening(r, &state);
            break;
        case AT_NEXT:
            failed = after_value(r, &state);
            break;
        }
        if (failed != 0)
            return -1;
        skip_space(r);
    } while (r->frame != NO_FRAME);
    return r->at == r->end ? 0 : fail_expected(r, "the end of the text");
}

int jv_read(text_t text, unsigned flags, const limits_t *limits, arena_t *arena, jv_t **out, fault_t *fault)
{
    reader_t r = {.at = text.at == NULL ? "" : text.at,
                  .line = 1,
                  .flags = flags,
                  .limits = limits,
                  .arena = arena,
                  .fault = fault,
                  .frame = NO_FRAME};
    r.end = r.at + text.bytes;
    r.line_start = r.at;
    if (text.bytes > limits->max_bytes || text.bytes > UINT32_MAX)
        return fault_set(fault, FAULT_LIMIT, 0, 0, "the text has %zu bytes; the limit is %zu", text.bytes,
                         limits->max_bytes);
    int result = read_document(&r);
    if (result == 0) {
        *out = arena_take(arena, sizeof **out);
        **out = r.stack[0].value;
    }
    free(r.stack);
    return result;
}

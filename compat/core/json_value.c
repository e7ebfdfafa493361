/* Looking at trees: members, pointers, equality, hashes; and building them. */
#include <stdlib.h>
#include <string.h>

#include "compat/core/json_index.h"
#include "compat/core/json_text.h"
#include "compat/core/number.h"

const jv_member_t *jv_member(const jv_t *object, text_t name)
{
    if (object == NULL || object->kind != JV_OBJECT)
        return NULL;
    return json_index_find(object->_index, object->members, object->n, name);
}

const jv_t *jv_get_text(const jv_t *object, text_t name)
{
    const jv_member_t *member = jv_member(object, name);
    return member == NULL ? NULL : &member->value;
}

const jv_t *jv_get(const jv_t *object, const char *name)
{
    return jv_get_text(object, text_of(name));
}

bool jv_is_string(const jv_t *value, const char *s)
{
    return value != NULL && value->kind == JV_STRING && text_is(value->text, s);
}

bool jv_to_i64(const jv_t *value, int64_t *out)
{
    number_t number;
    if (value == NULL || value->kind != JV_NUMBER || !number_parse(value->text, &number))
        return false;
    if (number.digits > 19 || number.exponent > 19 ||
        (int64_t)number.digits > (number.digits == 0 ? 0 : number.exponent))
        return false;
    uint64_t magnitude = 0;
    const char *at = number.first;
    for (int64_t i = 0; i < (number.digits == 0 ? 0 : number.exponent); i++) {
        if (at < number.last && *at == '.')
            at++;
        uint64_t digit = at < number.last ? (uint64_t)(*at++ - '0') : 0;
        if (__builtin_mul_overflow(magnitude, 10, &magnitude) ||
            __builtin_add_overflow(magnitude, digit, &magnitude))
            return false;
    }
    if (magnitude > (uint64_t)INT64_MAX + number.negative)
        return false;
    *out = (int64_t)(number.negative ? 0 - magnitude : magnitude);
    return true;
}

/* --- pointers ---------------------------------------------------------------------------------------------------- */

/* RFC 6901, section 4: digits without a leading zero. */
static bool array_position(text_t token, uint32_t n, uint32_t *out)
{
    if (token.bytes == 0 || token.bytes > 10 || (token.at[0] == '0' && token.bytes > 1))
        return false;
    uint64_t position = 0;
    for (size_t i = 0; i < token.bytes; i++) {
        if (token.at[i] < '0' || token.at[i] > '9')
            return false;
        position = position * 10 + (uint64_t)(token.at[i] - '0');
    }
    if (position >= n)
        return false;
    *out = (uint32_t)position;
    return true;
}

/* False if a '~' is not followed by 0 or 1. */
static bool unescape_token(text_t token, buf_t *out)
{
    buf_clear(out);
    for (size_t i = 0; i < token.bytes; i++) {
        if (token.at[i] != '~') {
            buf_add_char(out, token.at[i]);
            continue;
        }
        if (++i == token.bytes || (token.at[i] != '0' && token.at[i] != '1'))
            return false;
        buf_add_char(out, token.at[i] == '0' ? '~' : '/');
    }
    return true;
}

static const jv_t *step_into(const jv_t *value, text_t token, buf_t *scratch)
{
    uint32_t i;
    if (value->kind == JV_ARRAY)
        return array_position(token, value->n, &i) ? &value->items[i] : NULL;
    if (value->kind != JV_OBJECT)
        return NULL;
    if (memchr(token.at, '~', token.bytes) == NULL)
        return jv_get_text(value, token);
    return unescape_token(token, scratch) ? jv_get_text(value, buf_text(scratch)) : NULL;
}

const jv_t *jv_at_pointer(const jv_t *root, text_t pointer)
{
    const jv_t *value = root;
    buf_t scratch;
    buf_init(&scratch, BUF_NO_MAX);
    while (value != NULL && pointer.bytes > 0) {
        if (pointer.at[0] != '/') {
            value = NULL;
            break;
        }
        pointer = text_from(pointer, 1);
        const char *slash = pointer.bytes == 0 ? NULL : memchr(pointer.at, '/', pointer.bytes);
        size_t bytes = slash == NULL ? pointer.bytes : (size_t)(slash - pointer.at);
        value = step_into(value, (text_t){pointer.at, bytes}, &scratch);
        pointer = text_from(pointer, bytes);
    }
    buf_dispose(&scratch);
    return value;
}

void jv_pointer_add(buf_t *pointer, text_t token)
{
    buf_add_char(pointer, '/');
    for (size_t i = 0; i < token.bytes; i++) {
        if (token.at[i] == '~')
            buf_add(pointer, TEXT("~0"));
        else if (token.at[i] == '/')
            buf_add(pointer, TEXT("~1"));
        else
            buf_add_char(pointer, token.at[i]);
    }
}

/* --- equality and hashes: explicit stacks, because trees may be deep ----------------------------------------------- */

typedef struct {
    const jv_t *a, *b;
    uint32_t next;
    uint64_t sum; /* hashes of the children so far */
} visit_t;

#define VISITS_INSIDE 24

typedef struct {
    visit_t *at;
    size_t n, room;
    visit_t inside[VISITS_INSIDE];
} visits_t;

static void visits_init(visits_t *visits)
{
    visits->at = visits->inside;
    visits->n = 0;
    visits->room = VISITS_INSIDE;
}

static void visits_dispose(visits_t *visits)
{
    if (visits->at != visits->inside)
        free(visits->at);
}

static void visits_push(visits_t *visits, const jv_t *a, const jv_t *b)
{
    if (visits->n == visits->room) {
        visit_t *at = malloc(2 * visits->room * sizeof *at);
        if (at == NULL)
            abort();
        memcpy(at, visits->at, visits->n * sizeof *at);
        visits_dispose(visits);
        visits->at = at;
        visits->room *= 2;
    }
    visits->at[visits->n++] = (visit_t){.a = a, .b = b};
}

/* Numbers by value; what only JV_NAN admits by its text. */
static bool equal_numbers(text_t a, text_t b)
{
    number_t x, y;
    if (text_eq(a, b))
        return true;
    return number_parse(a, &x) && number_parse(b, &y) && number_compare(&x, &y) == 0;
}

/* Everything but the children. */
static bool equal_heads(const jv_t *a, const jv_t *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case JV_NULL:
    case JV_FALSE:
    case JV_TRUE:
        return true;
    case JV_NUMBER:
        return equal_numbers(a->text, b->text);
    case JV_STRING:
        return text_eq(a->text, b->text);
    case JV_ARRAY:
    case JV_OBJECT:
        return a->n == b->n;
    }
    return false;
}

static bool is_container(const jv_t *value)
{
    return value->kind == JV_ARRAY || value->kind == JV_OBJECT;
}

/* What looking at one value costs. */
static uint64_t weight(const jv_t *value)
{
    return 1 + (is_container(value) ? 0 : value->text.bytes / 64);
}

bool jv_equal(const jv_t *a, const jv_t *b)
{
    uint64_t work = 0;
    return jv_equal_counted(a, b, &work);
}

bool jv_equal_counted(const jv_t *a, const jv_t *b, uint64_t *work)
{
    *work += weight(a);
    if (!equal_heads(a, b))
        return false;
    if (!is_container(a))
        return true;
    visits_t visits;
    visits_init(&visits);
    visits_push(&visits, a, b);
    bool equal = true;
    while (equal && visits.n > 0) {
        visit_t *top = &visits.at[visits.n - 1];
        if (top->next == top->a->n) {
            visits.n--;
            continue;
        }
        uint32_t i = top->next++;
        const jv_t *x, *y;
        if (top->a->kind == JV_ARRAY) {
            x = &top->a->items[i];
            y = &top->b->items[i];
        } else {
            x = &top->a->members[i].value;
            y = jv_get_text(top->b, top->a->members[i].name);
        }
        *work += weight(x);
        equal = y != NULL && equal_heads(x, y);
        if (equal && is_container(x))
            visits_push(&visits, x, y);
    }
    visits_dispose(&visits);
    return equal;
}

static uint64_t hash_scalar(const jv_t *value)
{
    number_t number;
    uint64_t seed = (uint64_t)value->kind + 1;
    if (value->kind == JV_NUMBER && number_parse(value->text, &number))
        return number_hash(&number, seed);
    return text_hash(value->kind == JV_STRING || value->kind == JV_NUMBER ? value->text : TEXT_NONE, seed);
}

static uint64_t hash_pair(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t)(a ^ 0xA0761D6478BD642Fu) * (b ^ 0xE7037ED1A0B428DBu);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Adds a finished child to its container: by position in arrays, in any order in objects. */
static void hash_add(visit_t *container, uint64_t child)
{
    if (container->a->kind == JV_ARRAY)
        container->sum = hash_pair(container->sum, child);
    else
        container->sum += hash_pair(text_hash(container->a->members[container->next - 1].name, 0), child);
}

uint64_t jv_hash(const jv_t *value)
{
    uint64_t work = 0;
    return jv_hash_counted(value, &work);
}

uint64_t jv_hash_counted(const jv_t *value, uint64_t *work)
{
    *work += weight(value);
    if (!is_container(value))
        return hash_scalar(value);
    visits_t visits;
    visits_init(&visits);
    visits_push(&visits, value, NULL);
    uint64_t hash = 0;
    while (visits.n > 0) {
        visit_t *top = &visits.at[visits.n - 1];
        if (top->next < top->a->n) {
            uint32_t i = top->next++;
            const jv_t *child = top->a->kind == JV_ARRAY ? &top->a->items[i] : &top->a->members[i].value;
            *work += weight(child);
            if (is_container(child))
                visits_push(&visits, child, NULL);
            else
                hash_add(top, hash_scalar(child));
            continue;
        }
        hash = hash_pair(top->sum + top->a->n, top->a->kind == JV_ARRAY ? 1 : 2);
        if (--visits.n > 0)
            hash_add(&visits.at[visits.n - 1], hash);
    }
    visits_dispose(&visits);
    return hash;
}

/* --- building ---------------------------------------------------------------------------------------------------- */

jv_t *jv_new(arena_t *arena, jv_kind_t kind)
{
    jv_t *value = ARENA_NEW(arena, jv_t);
    value->kind = kind;
    return value;
}

jv_t *jv_new_string(arena_t *arena, text_t text)
{
    jv_t *value = jv_new(arena, JV_STRING);
    value->text = text;
    return value;
}

jv_t *jv_new_number(arena_t *arena, text_t lexeme)
{
    jv_t *value = jv_new(arena, JV_NUMBER);
    value->text = lexeme;
    return value;
}

jv_t *jv_new_array(arena_t *arena, uint32_t n)
{
    jv_t *value = jv_new(arena, JV_ARRAY);
    value->n = n;
    value->items = ARENA_ARRAY(arena, jv_t, n);
    return value;
}

jv_t *jv_new_object(arena_t *arena, uint32_t n)
{
    jv_t *value = jv_new(arena, JV_OBJECT);
    value->n = n;
    value->members = ARENA_ARRAY(arena, jv_member_t, n);
    return value;
}

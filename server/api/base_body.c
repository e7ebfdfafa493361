/* base_body.c - members of bodies, each refused with its place (base.h). */
#include "server/api/base.h"

#include "compat/core/buf.h"

enum { TEXT_MAX = 64 << 10, NAME_MAX_BYTES = 64 };

/* The readers of call.h say which member it is; here it is noted for programs, too. */
static int placed(call_t *c, const char *name, int status)
{
    if (status != 0 && c->err.place == NULL)
        c->err.place = arena_copy(c->arena, name, strlen(name));
    return status;
}

int api_invalid(call_t *c, text_t place, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    text_t sentence = text_of(arena_vprintf(c->arena, fmt, args));
    va_end(args);
    c->err.place = arena_copy(c->arena, place.at, place.bytes);
    return err_set(&c->err, ERR_FIELD_INVALID, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(place), TEXT_ARG(sentence));
}

int api_choice(call_t *c, const json_t *object, const char *name, const char *const *choices, size_t n,
               size_t absent, size_t *out)
{
    text_t given;
    *out = absent;
    if (placed(c, name, jx_text(c, object, name, TEXT_NONE, &given)) != 0)
        return -1;
    if (given.at == NULL)
        return 0;
    for (*out = 0; *out < n; ++*out)
        if (text_is(given, choices[*out]))
            return 0;
    buf_t list;
    buf_init(&list, BUF_NO_MAX);
    for (size_t i = 0; i < n; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", choices[i]);
    text_t known = buf_end(&list, c->arena);
    return api_invalid(c, text_of(name), "\"" TEXT_FMT "\" is not one of " TEXT_FMT, TEXT_ARG(given),
                       TEXT_ARG(known));
}

int api_required_text(call_t *c, const json_t *object, const char *name, text_t *out)
{
    if (placed(c, name, jx_text(c, object, name, TEXT_NONE, out)) != 0)
        return -1;
    if (text_trim(*out).bytes == 0)
        return api_invalid(c, text_of(name), "must be given, and not be empty");
    if (out->bytes > TEXT_MAX)
        return api_invalid(c, text_of(name), "takes at most %d bytes", TEXT_MAX);
    return 0;
}

int api_json(call_t *c, const json_t *object, const char *name, json_type kind, text_t absent, text_t *out)
{
    const json_t *value;
    int status = kind == JSON_ARRAY ? jx_array(c, object, name, &value) : jx_object(c, object, name, &value);
    *out = absent;
    if (placed(c, name, status) != 0 || value == NULL)
        return status;
    char *text = json_dumps(value, API_PRINTED);
    if (text == NULL)
        return api_invalid(c, text_of(name), "cannot be printed");
    *out = text_copy(c->arena, text_of(text));
    free(text);
    return 0;
}

/* --- instants --------------------------------------------------------------------------------------------------------------- */

/* `n` digits at `at`, as a number from `least` to `most`; -1 otherwise. */
static int digits(text_t text, size_t at, size_t n, int least, int most)
{
    int value = 0;
    if (at + n > text.bytes)
        return -1;
    for (size_t i = at; i < at + n; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return -1;
        value = value * 10 + (text.at[i] - '0');
    }
    return value >= least && value <= most ? value : -1;
}

static bool is_at(text_t text, size_t at, const char *any)
{
    return at < text.bytes && text.at[at] != '\0' && strchr(any, text.at[at]) != NULL;
}

static bool read_date(text_t text)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = digits(text, 0, 4, 1, 9999), month = digits(text, 5, 2, 1, 12);
    if (year < 0 || month < 0 || !is_at(text, 4, "-") || !is_at(text, 7, "-"))
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return digits(text, 8, 2, 1, days[month - 1] + (month == 2 && leap)) > 0;
}

/* RFC 3339, 5.6, without leap seconds, which PostgreSQL does not know. In a query "+" has become a blank. */
bool api_instant_read(text_t given, arena_t *arena, text_t *out)
{
    if (!read_date(given))
        return false;
    if (given.bytes == 10) {
        *out = text_printf(arena, TEXT_FMT "T00:00:00Z", TEXT_ARG(given));
        return true;
    }
    if (!is_at(given, 10, "Tt ") || digits(given, 11, 2, 0, 23) < 0 || !is_at(given, 13, ":") ||
        digits(given, 14, 2, 0, 59) < 0 || !is_at(given, 16, ":") || digits(given, 17, 2, 0, 59) < 0)
        return false;
    size_t at = 19;
    if (is_at(given, at, "."))
        for (at++; digits(given, at, 1, 0, 9) >= 0; at++)
            continue;
    if (at == 20 || at > 29)
        return false;
    text_t time = {given.at + 11, at - 11}, date = {given.at, 10};
    if (is_at(given, at, "Zz") && at + 1 == given.bytes) {
        *out = text_printf(arena, TEXT_FMT "T" TEXT_FMT "Z", TEXT_ARG(date), TEXT_ARG(time));
        return true;
    }
    int hours = digits(given, at + 1, 2, 0, 14), minutes = digits(given, at + 4, 2, 0, 59);
    if (!is_at(given, at, "+- ") || hours < 0 || !is_at(given, at + 3, ":") || minutes < 0 ||
        at + 6 != given.bytes)
        return false;
    *out = text_printf(arena, TEXT_FMT "T" TEXT_FMT "%c%02d:%02d", TEXT_ARG(date), TEXT_ARG(time),
                       given.at[at] == '-' ? '-' : '+', hours, minutes);
    return true;
}

int api_instant(call_t *c, const json_t *object, const char *name, text_t *out)
{
    text_t given;
    *out = TEXT_NONE;
    if (placed(c, name, jx_text(c, object, name, TEXT_NONE, &given)) != 0)
        return -1;
    if (given.at == NULL || api_instant_read(given, c->arena, out))
        return 0;
    return api_invalid(c, text_of(name),
                       "must be an instant like 2026-11-21T09:30:00Z, or a date like 2026-11-21");
}

/* --- known members ------------------------------------------------------------------------------------------------------------- */

/* How many edits lead from one name to the other. Longer names are cut, which only makes them look more alike. */
static unsigned edits(text_t a, text_t b)
{
    unsigned row[NAME_MAX_BYTES + 1];
    size_t n = b.bytes < NAME_MAX_BYTES ? b.bytes : NAME_MAX_BYTES;
    for (size_t k = 0; k <= n; k++)
        row[k] = (unsigned)k;
    for (size_t i = 0; i < a.bytes && i < NAME_MAX_BYTES; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i + 1;
        for (size_t k = 0; k < n; k++) {
            unsigned best = row[k] < row[k + 1] ? row[k] + 1 : row[k + 1] + 1;
            unsigned change = diagonal + (a.at[i] != b.at[k]);
            diagonal = row[k + 1];
            row[k + 1] = best < change ? best : change;
        }
    }
    return row[n];
}

static int unknown_member(call_t *c, text_t name, const char *const *known, size_t n)
{
    const char *nearest = NULL;
    unsigned least = (unsigned)name.bytes / 2 + 1;
    for (size_t i = 0; i < n; i++) {
        unsigned distance = edits(name, text_of(known[i]));
        if (distance < least) {
            least = distance;
            nearest = known[i];
        }
    }
    if (nearest == NULL)
        return api_invalid(c, name, "there is no such member");
    c->err.extra = text_printf(c->arena, "{\"did_you_mean\":[\"%s\"]}", nearest);
    return api_invalid(c, name, "there is no such member; did you mean %s?", nearest);
}

int api_members(call_t *c, const json_t *object, const char *const *known, size_t n)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        size_t i = 0;
        while (i < n && strcmp(key, known[i]) != 0)
            i++;
        if (i == n)
            return unknown_member(c, text_of(key), known, n);
    }
    return 0;
}

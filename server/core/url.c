#include "server/core/url.h"

#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static int malformed(err_t *err, const char *what, size_t number, const char *complaint, size_t byte)
{
    return err_set(err, ERR_BODY_MALFORMED, "%s %zu: %s at byte %zu", what, number, complaint, byte + 1);
}

static bool has_escapes(text_t raw, url_part_t part)
{
    return raw.bytes > 0 && (memchr(raw.at, '%', raw.bytes) != NULL ||
                             (part == URL_QUERY && memchr(raw.at, '+', raw.bytes) != NULL));
}

int url_decode(text_t raw, url_part_t part, const char *what, size_t number, arena_t *arena, text_t *out,
               err_t *err)
{
    if (!has_escapes(raw, part)) {
        *out = raw;
    } else {
        char *to = arena_alloc(arena, raw.bytes + 1);
        size_t n = 0;
        for (size_t i = 0; i < raw.bytes; i++) {
            char c = raw.at[i];
            if (c == '+' && part == URL_QUERY)
                c = ' ';
            if (c != '%') {
                to[n++] = c;
                continue;
            }
            int high = i + 2 < raw.bytes ? hex_value(raw.at[i + 1]) : -1;
            int low = i + 2 < raw.bytes ? hex_value(raw.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return malformed(err, what, number, "\"%\" without two hexadecimal digits", i);
            to[n++] = (char)(high * 16 + low);
            i += 2;
        }
        *out = (text_t){to, n};
    }
    size_t valid = text_utf8_valid(*out);
    if (valid < out->bytes)
        return malformed(err, what, number, "not UTF-8", valid);
    const char *nul = out->bytes == 0 ? NULL : memchr(out->at, '\0', out->bytes);
    if (nul != NULL)
        return malformed(err, what, number, "a NUL character", (size_t)(nul - out->at));
    return 0;
}

static int too_long(err_t *err, const char *what, text_t text)
{
    return err_set(err, ERR_BODY_MALFORMED, "the %s has %zu bytes; this server takes up to %d", what,
                   text.bytes, URL_BYTES_MAX);
}

int url_path(text_t path, arena_t *arena, text_t segments[URL_SEGMENTS_MAX], size_t *n, err_t *err)
{
    *n = 0;
    if (path.bytes > URL_BYTES_MAX)
        return too_long(err, "path", path);
    for (size_t at = 0; at < path.bytes;) {
        const char *slash = memchr(path.at + at, '/', path.bytes - at);
        size_t end = slash == NULL ? path.bytes : (size_t)(slash - path.at);
        if (end > at) {
            if (*n == URL_SEGMENTS_MAX)
                return err_set(err, ERR_ROUTE_UNKNOWN, NULL);
            text_t raw = {path.at + at, end - at};
            if (url_decode(raw, URL_SEGMENT, "path segment", *n + 1, arena, &segments[*n], err) != 0)
                return -1;
            ++*n;
        }
        at = end + 1;
    }
    return 0;
}

static size_t count(text_t text, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < text.bytes; i++)
        n += text.at[i] == c;
    return n;
}

int url_query(text_t raw, arena_t *arena, query_param_t **out, size_t *n, err_t *err)
{
    *n = 0;
    *out = NULL;
    if (raw.bytes > URL_BYTES_MAX)
        return too_long(err, "query", raw);
    size_t most = raw.bytes == 0 ? 0 : count(raw, '&') + 1;
    if (most > URL_QUERY_MAX)
        return err_set(err, ERR_BODY_MALFORMED, "the query has more than %d parameters", URL_QUERY_MAX);
    query_param_t *params = ARENA_ARRAY(arena, query_param_t, most);
    for (size_t at = 0; at < raw.bytes;) {
        const char *ampersand = memchr(raw.at + at, '&', raw.bytes - at);
        size_t end = ampersand == NULL ? raw.bytes : (size_t)(ampersand - raw.at);
        text_t pair = {raw.at + at, end - at};
        at = end + 1;
        if (pair.bytes == 0)
            continue;
        const char *equals = memchr(pair.at, '=', pair.bytes);
        size_t name_bytes = equals == NULL ? pair.bytes : (size_t)(equals - pair.at);
        text_t name = {pair.at, name_bytes};
        text_t value = equals == NULL ? TEXT("") : text_from(pair, name_bytes + 1);
        query_param_t *param = &params[*n];
        if (url_decode(name, URL_QUERY, "name of query parameter", *n + 1, arena, &param->name, err) != 0 ||
            url_decode(value, URL_QUERY, "value of query parameter", *n + 1, arena, &param->value, err) != 0)
            return -1;
        ++*n;
    }
    *out = params;
    return 0;
}

text_t url_target(text_t target)
{
    if (target.bytes == 0 || target.at[0] == '/')
        return target;
    const char *scheme_end = memmem(target.at, target.bytes, "://", 3);
    if (scheme_end == NULL)
        return target;
    text_t rest = text_from(target, (size_t)(scheme_end - target.at) + 3);
    const char *slash = rest.bytes == 0 ? NULL : memchr(rest.at, '/', rest.bytes);
    return slash == NULL ? TEXT("/") : text_from(rest, (size_t)(slash - rest.at));
}

/* --- query parameters, as handlers ask for them (call.h) ----------------------------------------------------------- */

static const query_param_t *query_find(const call_t *c, const char *name)
{
    for (size_t i = 0; i < c->n_query; i++)
        if (text_is(c->query[i].name, name))
            return &c->query[i];
    return NULL;
}

bool call_query_has(const call_t *c, const char *name)
{
    return query_find(c, name) != NULL;
}

text_t call_query(const call_t *c, const char *name)
{
    const query_param_t *param = query_find(c, name);
    return param == NULL ? TEXT_NONE : param->value;
}

bool call_query_bool(const call_t *c, const char *name, bool absent)
{
    const query_param_t *param = query_find(c, name);
    return param == NULL ? absent : text_is_nocase(param->value, "true");
}

int call_query_int(call_t *c, const char *name, int64_t absent, int64_t *out)
{
    *out = absent;
    const query_param_t *param = query_find(c, name);
    if (param == NULL || param->value.bytes == 0)
        return 0;
    text_t digits = param->value;
    bool negative = digits.at[0] == '-';
    if (negative || digits.at[0] == '+')
        digits = text_from(digits, 1);
    int64_t value = 0;
    for (size_t i = 0; i < digits.bytes; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9' || i >= 18)
            return err_set(&c->err, ERR_ROUTE_UNKNOWN, NULL);
        value = value * 10 + (digits.at[i] - '0');
    }
    value = negative ? -value : value;
    if (digits.bytes == 0 || value < INT32_MIN ||
        value > INT32_MAX) /* clients know these as 32-bit integers */
        return err_set(&c->err, ERR_ROUTE_UNKNOWN, NULL);
    *out = value;
    return 0;
}

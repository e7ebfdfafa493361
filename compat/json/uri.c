#include "compat/json/uri.h"

#include <string.h>

#include "compat/core/buf.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_scheme_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* Cuts what comes before the first of `stops` off `rest`. */
static text_t cut_before(text_t *rest, const char *stops)
{
    size_t n = 0;
    while (n < rest->bytes && (rest->at[n] == '\0' || strchr(stops, rest->at[n]) == NULL))
        n++;
    text_t part = {rest->at, n};
    *rest = text_from(*rest, n);
    return part;
}

uri_t uri_split(text_t reference)
{
    uri_t uri = {0};
    text_t rest = reference.at == NULL ? TEXT("") : reference;
    size_t n = 0;
    while (n < rest.bytes && is_scheme_char(rest.at[n]))
        n++;
    if (n > 0 && n < rest.bytes && rest.at[n] == ':' && is_letter(rest.at[0])) {
        uri.scheme = (text_t){rest.at, n};
        rest = text_from(rest, n + 1);
    }
    if (text_starts(rest, TEXT("//"))) {
        rest = text_from(rest, 2);
        uri.authority = cut_before(&rest, "/?#");
    }
    uri.path = cut_before(&rest, "?#");
    if (rest.bytes > 0 && rest.at[0] == '?') {
        rest = text_from(rest, 1);
        uri.query = cut_before(&rest, "#");
    }
    if (rest.bytes > 0)
        uri.fragment = text_from(rest, 1);
    return uri;
}

text_t uri_without_fragment(text_t uri)
{
    const char *hash = uri.bytes == 0 ? NULL : memchr(uri.at, '#', uri.bytes);
    return hash == NULL ? uri : (text_t){uri.at, (size_t)(hash - uri.at)};
}

/* Drops the last segment of a path under construction that begins at `start`, its '/' kept. */
static void drop_segment(buf_t *path, size_t start)
{
    text_t text = buf_text(path);
    size_t n = text.bytes;
    if (n > start)
        n--; /* the '/' at the end */
    while (n > start && text.at[n - 1] != '/')
        n--;
    buf_cut(path, n);
}

/* Section 5.2.4, segment by segment, so that it also serves paths that begin with none. */
static void add_without_dots(buf_t *out, text_t path)
{
    if (path.bytes > 0 && path.at[0] == '/') {
        buf_add_char(out, '/');
        path = text_from(path, 1);
    }
    size_t start = buf_text(out).bytes;
    while (path.bytes > 0) {
        text_t segment = cut_before(&path, "/");
        bool last = path.bytes == 0;
        path = text_from(path, 1);
        if (text_is(segment, ".."))
            drop_segment(out, start);
        else if (!text_is(segment, ".")) {
            buf_add(out, segment);
            if (!last)
                buf_add_char(out, '/');
        }
    }
}

/* Section 5.2.3. */
static void add_merged(buf_t *out, const uri_t *base, text_t path, arena_t *arena)
{
    size_t keep = base->path.bytes;
    while (keep > 0 && base->path.at[keep - 1] != '/')
        keep--;
    if (base->authority.at != NULL && base->path.bytes == 0)
        add_without_dots(out, text_printf(arena, "/" TEXT_FMT, TEXT_ARG(path)));
    else
        add_without_dots(out,
                         text_printf(arena, TEXT_FMT TEXT_FMT, (int)keep, base->path.at, TEXT_ARG(path)));
}

text_t uri_resolve(text_t base_text, text_t reference, arena_t *arena)
{
    uri_t base = uri_split(base_text), ref = uri_split(reference);
    bool own_root = ref.scheme.at != NULL || ref.authority.at != NULL;
    text_t scheme = ref.scheme.at != NULL ? ref.scheme : base.scheme;
    text_t authority = own_root ? ref.authority : base.authority;
    text_t query = own_root || ref.path.bytes > 0 || ref.query.at != NULL ? ref.query : base.query;
    buf_t out;
    buf_init(&out, BUF_NO_MAX);
    if (scheme.at != NULL) {
        buf_add(&out, scheme);
        buf_add_char(&out, ':');
    }
    if (authority.at != NULL) {
        buf_add(&out, TEXT("//"));
        buf_add(&out, authority);
    }
    if (own_root || (ref.path.bytes > 0 && ref.path.at[0] == '/'))
        add_without_dots(&out, ref.path);
    else if (ref.path.bytes == 0)
        buf_add(&out, base.path);
    else
        add_merged(&out, &base, ref.path, arena);
    if (query.at != NULL) {
        buf_add_char(&out, '?');
        buf_add(&out, query);
    }
    text_t resolved = buf_take(&out, arena);
    buf_dispose(&out);
    return resolved;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool uri_percent_decode(text_t text, arena_t *arena, text_t *out)
{
    if (text.bytes == 0 || memchr(text.at, '%', text.bytes) == NULL) {
        *out = text;
        return true;
    }
    char *decoded = arena_take(arena, text.bytes + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] != '%') {
            decoded[n++] = text.at[i];
            continue;
        }
        if (text.bytes - i < 3 || hex_digit(text.at[i + 1]) < 0 || hex_digit(text.at[i + 2]) < 0)
            return false;
        decoded[n++] = (char)(hex_digit(text.at[i + 1]) << 4 | hex_digit(text.at[i + 2]));
        i += 2;
    }
    decoded[n] = '\0';
    *out = (text_t){decoded, n};
    return text_utf8_valid(*out) == n;
}
